"""Doors between spaces and drawn footways: OpenStreetMap often gives lines, not areas."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Point, STRtree
from shapely.ops import nearest_points

from navkit.plan.plan import CIRCULATION
from navkit.venue.matching import DEFAULT_DOOR_M, Matched, along_wall, mm
from navkit.venue.venue import Door, DrawnPath, Level, Space
from navkit.words.findings import Finding

ON_PATH_M = 0.5
"""A door this near to a footway is on it: mappers share the node, or miss it by a little."""

BESIDE_M = 6.0
"""A shop without a door this near to a footway is entered from there. A guess."""


def doors_on_paths(
    spaces: Sequence[Space],
    doors: Sequence[Door],
    paths: Sequence[DrawnPath],
    levels: Mapping[str, Level],
) -> Matched:
    """All `doors`, those with one space joined to the footway they are on, and new ones
    where a footway crosses the outline of a space that has no door.

    An entrance of a building may be on a footway of a level that belongs to no building: that
    is the ground outside, on whatever storey the entrance is.
    """
    lines = _by_level(paths)
    level_of = {space.id: space.level for space in spaces}
    outside = [line for key, near in lines.items() if not levels[key].building for line in near]

    def beside(door: Door) -> Sequence[tuple[DrawnPath, LineString]]:
        level = levels[level_of[door.spaces[0]]]
        return [*lines[level.id], *(outside if door.entrance and level.building else ())]

    settled = [_onto_path(door, beside(door)) for door in doors]
    findings: list[Finding] = []
    with_door = {space_id for door in doors for space_id in door.spaces}
    for space in spaces:
        if space.kind == "closed" or space.id in with_door:
            continue
        for path, line in lines[space.level]:
            if line.crosses(space.outline):
                crossing = line.intersection(space.outline.boundary)
                for number, spot in enumerate(shapely.get_parts(crossing), start=1):
                    settled.append(_door_at(space, spot.centroid, path, number))
                findings.append(Finding("door-where-path-enters", f"{space.level}, {space.id}"))
    return Matched(tuple(settled), tuple(findings))


def doors_near_paths(
    spaces: Sequence[Space],
    doors: Sequence[Door],
    paths: Sequence[DrawnPath],
    walls: Mapping[str, Sequence[LineString]],
) -> Matched:
    """Guessed doors from spaces that still have none to a footway in plain view."""
    lines = _by_level(paths)
    with_door = {space_id for door in doors for space_id in door.spaces}
    guessed: list[Door] = []
    findings: list[Finding] = []
    for level, near in lines.items():
        here = [s for s in spaces if s.level == level and s.kind != "closed"]
        obstacles = _obstacles(here, walls.get(level, ()))
        for space in here:
            if space.id in with_door:
                continue
            options = [
                (round(line.distance(space.outline), 2), path.id, path, line)
                for path, line in near
                if line.distance(space.outline) <= BESIDE_M
            ]
            for _, _, path, line in sorted(options, key=lambda o: o[:2]):
                inside, outside = nearest_points(space.outline, line)
                if _in_view(obstacles, inside, outside):
                    guessed.append(_door_at(space, inside, path, 1))
                    findings.append(Finding("door-guessed-to-path", f"{space.level}, {space.id}"))
                    break
    return Matched(tuple(guessed), tuple(findings))


def entrances_near_paths(
    spaces: Sequence[Space],
    doors: Sequence[Door],
    paths: Sequence[DrawnPath],
    walls: Mapping[str, Sequence[LineString]],
) -> Matched:
    """All `doors`, entrances from an outside that is not drawn joined to a footway in plain view.

    The door is drawn; that people walk from it to the footway is a guess.
    """
    lines = _by_level(paths)
    by_id = {space.id: space for space in spaces}
    settled: list[Door] = []
    findings: list[Finding] = []
    for door in doors:
        space = by_id[door.spaces[0]]
        is_alone = door.entrance and not door.spaces[1] and not door.path
        near = lines[space.level] if is_alone else ()
        at = Point(door.middle)
        ways = [(line.distance(at), path.id, line) for path, line in near]
        for distance_m, path_id, line in sorted(ways, key=lambda way: way[:2])[:1]:
            here = [s for s in spaces if s.level == space.level and s.kind != "closed"]
            obstacles = _obstacles(here, walls.get(space.level, ()))
            if distance_m <= BESIDE_M and _in_view(obstacles, *nearest_points(at, line)):
                door = replace(door, path=path_id)
                slots = {"path": path_id, "distance": f"{distance_m:.1f}"}
                where = f"{space.level}, {door.id}"
                findings.append(Finding("entrance-joined-to-path", where, slots))
        settled.append(door)
    return Matched(tuple(settled), tuple(findings))


def _obstacles(here: Sequence[Space], walls: Sequence[LineString]) -> STRtree:
    return STRtree([s.outline for s in here if s.kind not in CIRCULATION] + list(walls))


def _in_view(obstacles: STRtree, start: Point, end: Point) -> bool:
    """Whether the straight way between two points crosses no room and no drawn wall."""
    way = LineString([start, end])
    crossed = obstacles.geometries.take(obstacles.query(way, predicate="intersects"))
    return all(one.intersection(way).length <= 0.05 for one in crossed)


def _by_level(paths: Sequence[DrawnPath]) -> dict[str, list[tuple[DrawnPath, LineString]]]:
    """Footways that stay on a level, and steps at both of their levels, as lines."""
    lines: dict[str, list[tuple[DrawnPath, LineString]]] = defaultdict(list)
    for path in paths:
        for level in dict.fromkeys(path.levels):
            lines[level].append((path, LineString(_on(path, level))))
    return lines


def _on(path: DrawnPath, level: str) -> Iterator[tuple[float, float]]:
    """The part of a path that a space of `level` can meet: all of it, or the near end."""
    if len(set(path.levels)) == 1:
        yield from path.points
    else:
        near, beyond = (0, 1) if path.levels[0] == level else (-1, -2)
        yield path.points[near]
        (x0, y0), (x1, y1) = path.points[near], path.points[beyond]
        yield (x0 + (x1 - x0) * 0.01, y0 + (y1 - y0) * 0.01)


def _onto_path(door: Door, lines: Sequence[tuple[DrawnPath, LineString]]) -> Door:
    if door.spaces[1]:
        return door
    middle = Point(door.middle)
    near = [(round(line.distance(middle), 3), path.id) for path, line in lines]
    distance, path_id = min(near, default=(ON_PATH_M + 1, ""))
    return replace(door, path=path_id) if distance <= ON_PATH_M else door


def _door_at(space: Space, at: Point, path: DrawnPath, number: int) -> Door:
    line = along_wall(space.outline.boundary, at, DEFAULT_DOOR_M)
    return Door(
        id=f"guess:{space.id}~{path.id}" + (f"#{number}" if number > 1 else ""),
        spaces=(space.id, ""),
        line=(mm(line.coords[0]), mm(line.coords[1])),
        guessed=True,
        path=path.id,
    )
