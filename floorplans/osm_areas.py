"""OpenStreetMap's areas: rooms, corridors and shafts."""

from collections.abc import Iterable, Sequence

from shapely.geometry.base import BaseGeometry

from floorplans.classify import Class
from floorplans.draft import UNDRAWN
from floorplans.osm_draft import OsmDraft
from floorplans.osm_tags import class_of, is_platform, names_of_tags, phone_of, ref_of
from floorplans.osmfile import Tags
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import SHAFTS, PlanSpace


def add_area(
    on: OsmDraft, key: str, tags: Tags, outline: BaseGeometry | None, nodes: Iterable[int]
) -> None:
    known = class_of(tags, names_of_tags(tags))
    levels = on.levels(tags)
    if outline is None:
        on.draft.say("outline-not-closed", on.where(key))
        return
    if not levels and (known.kind == "outdoor" or is_platform(tags)):
        on.draft.tally("level-taken-as-ground", key)
        levels = (0.0,)
    if not levels and known.kind in SHAFTS and not tags.get("level"):
        on.waiting.append((key, tags, outline, list(nodes)))
    elif not levels:
        on.say_no_level(key, tags)
    else:
        _area_on(on, key, tags, known, levels, outline, nodes)


def add_waiting(
    on: OsmDraft, key: str, tags: Tags, outline: BaseGeometry, nodes: Sequence[int]
) -> None:
    """On the storeys of the floors beside it, if they are two: then it can join no others."""
    storeys = on.landings.beside(outline)
    if len(storeys) != 2:
        on.ask_storeys(key, storeys)
        return
    on.draft.tally("level-from-neighbours", key)
    known = class_of(tags, names_of_tags(tags))
    _area_on(on, key, tags, known, storeys, outline, nodes)


def _area_on(
    on: OsmDraft,
    key: str,
    tags: Tags,
    known: Class,
    levels: Sequence[float],
    outline: BaseGeometry,
    nodes: Iterable[int],
) -> None:
    names, ref = names_of_tags(tags), ref_of(tags)
    limits = on.restricted(key, tags, "lift" if known.kind == "elevator" else "space")
    connector = ""
    if len(levels) > 1:
        connector = on.add_connector(key, known.kind, names, ref, limits)
    if limits.cabin_m and not connector:
        on.draft.tally("restriction-unread", key, tag="width", value=tags.get("width", ""))
    # Hours of a shop are told to people who go there; those of a way keep them out.
    serves = known.kind == "room"
    use = {**limits.use, "hours": ALWAYS} if serves else limits.use
    for ordinal in levels:
        space = PlanSpace(
            key=key,
            level=on.use(ordinal),
            outline=UNDRAWN,
            kind=known.kind,
            category=known.category,
            names=names,
            ref=ref,
            connector=connector,
            slope=limits.slope,
            service_hours=limits.service_hours if serves else ALWAYS,
            phone=phone_of(tags),
            **use,
        )
        drawn = len(on.draft.spaces)
        on.draft.add_outline(space, outline, on.where(key))
        if len(on.draft.spaces) > drawn:
            corners = on.corners(nodes)
            on.landings.add_outline(ordinal, space.level, key, corners, outline)
