"""OpenStreetMap's doors: nodes that outlines share, and ways."""

from collections.abc import Sequence

from shapely import LineString, Point

from floorplans.labels import tagged_names
from floorplans.osm_draft import OsmDraft
from floorplans.osm_shapes import opening
from floorplans.osm_tags import door_kind, is_entrance
from floorplans.osmfile import Node, Tags, Way
from floorplans.restrictions import Restricted
from navkit.plan.plan import PlanDoor


def add_door(on: OsmDraft, node: Node) -> None:
    _door_at(on, node.key, node.tags, Point(on.xy[node.id]), _door_levels(on, node))


def _door_levels(on: OsmDraft, node: Node) -> Sequence[float]:
    """Its own; else those of the outlines it is on. An entrance is on one storey only."""
    tags, at = node.tags, on.xy[node.id]
    levels: Sequence[float] = on.levels(tags)
    if levels:
        return levels
    levels = on.landings.touched(at)
    entrance = tags.get("entrance", "no") != "no"
    if len(levels) > 1 and entrance:
        on.draft.tally("entrance-storey-assumed", node.key)
        # The ground floor, or the storey next to it; above it if there are two.
        return [min(levels, key=lambda storey: (abs(storey), -storey))]
    if levels:
        on.draft.tally("level-from-neighbours", node.key)
    elif entrance and not tags.get("level") and on.near.covers(Point(at)):
        on.draft.tally("level-taken-as-ground", node.key)
        levels = [0.0]
    else:
        on.say_no_level(node.key, tags)
    return levels


def add_doorway(on: OsmDraft, way: Way) -> None:
    """A door that is drawn as a line, or as the outline of an opening in a wall."""
    corners = on.corners(way.nodes)
    levels: Sequence[float] = on.levels(way.tags)
    if len(set(corners)) < 2:
        on.draft.say("line-too-short", on.where(way.key))
        return
    if not levels:
        on.say_no_level(way.key, way.tags)
    line = opening(corners) if way.closed else LineString(corners)
    _door_at(on, way.key, way.tags, line, levels)


def _door_at(
    on: OsmDraft, key: str, tags: Tags, line: Point | LineString, levels: Sequence[float]
) -> None:
    limits = on.restricted(key, tags, "door") if levels else Restricted()
    for ordinal in levels:
        level = on.use(ordinal)
        spaces: tuple[str, ...] = ()
        if isinstance(line, Point):
            spaces = on.landings.spaces_at((line.x, line.y), level)
        on.draft.doors.append(
            PlanDoor(
                key=key,
                level=level,
                line=line,
                kind=door_kind(tags),
                width_m=limits.width_m,
                spaces=spaces,
                entrance=is_entrance(tags),
                names=tagged_names(dict(tags), ("name", "entrance:name")),
                **limits.use,
            )
        )
