"""What is true of OpenStreetMap's building and of its whole storeys."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import shapely
from shapely import STRtree
from shapely.geometry.base import BaseGeometry

from floorplans.labels import tagged_names
from floorplans.osm_draft import OsmDraft
from floorplans.osm_shapes import polygon
from floorplans.osm_tags import codes_as_names
from floorplans.osmfile import Tags, Way
from floorplans.restrictions import Restricted
from floorplans.storeys import level_key
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import PlanLevel, PlanPath, PlanSpace, strictest

Walked = TypeVar("Walked", PlanSpace, PlanPath)


def building_names(on: OsmDraft) -> dict[str, str]:
    """The names of the building that contains most of the indoor objects; the first of ties."""
    inside = [shapely.point_on_surface(space.outline) for space in on.draft.spaces]
    inside += [path.points.centroid for path in on.draft.paths]
    tree = STRtree(inside)
    best: tuple[int, dict[str, str]] = (0, {})
    outlines: list[tuple[BaseGeometry | None, Tags]] = [
        (polygon(on.corners(way.nodes)), way.tags)
        for way in sorted(on.data.ways.values(), key=lambda way: way.id)
        if way.closed and "building" in way.tags
    ]
    outlines += [
        (on.multipolygon(relation)[0], relation.tags)
        for relation in sorted(on.data.relations.values(), key=lambda r: r.id)
        if relation.tags.get("type") == "multipolygon" and "building" in relation.tags
    ]
    for outline, tags in outlines:
        names = tagged_names(dict(tags), ("name",))
        if names and outline is not None and outline.is_valid:
            count = len(tree.query(outline, predicate="covers"))
            if count > best[0]:
                best = (count, names)
    return best[1]


def say_codes(on: OsmDraft) -> None:
    data = on.data
    tagged = [(node.key, node.tags) for node in data.nodes.values() if node.tags]
    tagged += [(way.key, way.tags) for way in data.ways.values()]
    tagged += [(relation.key, relation.tags) for relation in data.relations.values()]
    for key, tags in tagged:
        for code in codes_as_names(tags):
            on.draft.tally("code-as-name", f"{key} ({code[:60]})")


def post_labels(on: OsmDraft, ways: Iterable[Way]) -> None:
    """Labels on a storey's walls, from its outline or anything that is on it alone."""
    for way in ways:
        outline = way.tags.get("indoor") == "level"
        label = way.tags.get("level:ref") or (
            way.tags.get("ref") or way.tags.get("name") if outline else None
        )
        levels = on.levels(way.tags)
        if label and len(levels) == 1:
            key = level_key(levels[0])
            if key in on.draft.levels and not on.draft.levels[key].label:
                on.draft.levels[key] = PlanLevel(key, levels[0], label.strip()[:40])


def limit_storeys(on: OsmDraft, way: Way) -> None:
    """What restricts a whole storey restricts all that is on it."""
    limits = on.restricted(way.key, way.tags, "space")
    here = {level_key(level) for level in on.levels(way.tags)}
    if not limits.stops_somebody:
        return
    on.draft.spaces = [
        _limited(space, limits) if space.level in here else space for space in on.draft.spaces
    ]
    on.draft.paths = [
        _limited(path, limits) if here.issuperset(path.levels) else path for path in on.draft.paths
    ]


def _limited(thing: Walked, limits: Restricted) -> Walked:
    """A space or path that is also subject to what restricts its storey."""
    return replace(
        thing,
        access=strictest([thing.access, limits.access]),
        hours=limits.hours if thing.hours == ALWAYS else thing.hours,
        step_free=False if limits.step_free is False else thing.step_free,
        unverified=thing.unverified or bool(limits.unread),
    )
