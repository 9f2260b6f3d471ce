"""OpenStreetMap's lifts that have no outline: points, and lines."""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Point

from floorplans.draft import UNDRAWN
from floorplans.osm_draft import OsmDraft
from floorplans.osm_lines import in_walking_order, levels_by_ends
from floorplans.osm_shapes import BIT_M, LIFT_M, lift_boxes
from floorplans.osm_tags import names_of_tags, ref_of
from floorplans.osmfile import Node, Way
from navkit.plan.plan import PlanSpace


def add_lift(on: OsmDraft, node: Node) -> None:
    """A lift that is only a point is drawn as a square, unless its outline exists too."""
    tags, key = node.tags, node.key
    levels: Sequence[float] = on.levels(tags)
    if not levels:
        levels = _lift_levels(on, node)
        if not levels:
            return
        on.draft.tally("level-from-neighbours", key)
    if len(levels) < 2:
        on.draft.say("lift-on-one-level", on.where(key))
    names, ref = names_of_tags(tags), ref_of(tags)
    limits = on.restricted(key, tags, "lift")
    connector = on.add_connector(key, "elevator", names, ref, limits)
    x, y = on.xy[node.id]
    half = LIFT_M / 2
    drawn = 0
    for ordinal in levels:
        level = on.use(ordinal)
        found = _lift_outline(on, level, Point(x, y))
        if found is not None:
            space = on.draft.spaces[found]
            on.draft.spaces[found] = replace(
                space,
                connector=connector,
                names=space.names or names,
                ref=space.ref or ref,
                step_free=limits.step_free if space.step_free is None else space.step_free,
            )
            continue
        drawn += 1
        space = PlanSpace(
            key=key,
            level=level,
            outline=UNDRAWN,
            kind="elevator",
            category="elevator",
            names=names,
            ref=ref,
            connector=connector,
            **limits.use,
        )
        square = shapely.box(x - half, y - half, x + half, y + half)
        on.draft.add_outline(space, square, on.where(key))
    if drawn:
        on.draft.say("lift-drawn-as-point", on.where(key))


def _lift_levels(on: OsmDraft, node: Node) -> Sequence[float]:
    """Storeys of a lift that says none; empty, and asked, if more than one reading is left."""
    at = on.xy[node.id]
    storeys = on.landings.touched(at)
    if node.tags.get("level"):
        on.say_no_level(node.key, node.tags)
        return ()
    if len(storeys) < 2:
        storeys = on.landings.beside(Point(at))
        if len(storeys) != 2:
            on.ask_storeys(node.key, storeys)
            return ()
    return storeys


def add_lift_line(on: OsmDraft, way: Way) -> None:
    """A lift that is an open way, which may slope: a box on each storey along it."""
    tags, key = way.tags, way.key
    line = LineString(on.corners(way.nodes)) if len(way.nodes) > 1 else LineString()
    levels = on.levels(tags) or levels_by_ends(on, way)
    if line.length < 2 * BIT_M or not levels:
        on.say_no_level(key, tags)
        return
    if len(levels) < 2:
        on.draft.say("lift-on-one-level", on.where(key))
    low, high = in_walking_order(on, way, levels)
    names, ref = names_of_tags(tags), ref_of(tags)
    limits = on.restricted(key, tags, "lift")
    connector = on.add_connector(key, "elevator", names, ref, limits)
    climbing = sorted(levels, reverse=low > high)
    for ordinal, box in zip(climbing, lift_boxes(line, len(levels)), strict=True):
        space = PlanSpace(
            key=key,
            level=on.use(ordinal),
            outline=UNDRAWN,
            kind="elevator",
            category="elevator",
            names=names,
            ref=ref,
            connector=connector,
            **limits.use,
        )
        on.draft.add_outline(space, box, on.where(key))
    on.draft.say("lift-drawn-as-line", on.where(key))


def _lift_outline(on: OsmDraft, level: str, here: Point) -> int | None:
    """The lift drawn around `here`, unless another lift that is a point has taken it."""
    for index, space in enumerate(on.draft.spaces):
        if (
            space.kind == "elevator"
            and space.level == level
            and not space.connector.startswith("node/")
            and shapely.buffer(space.outline, 0.3).covers(here)
        ):
            return index
    return None
