"""Doors between spaces and drawn footways: OpenStreetMap often gives lines, not areas."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Point, STRtree
from shapely.ops import nearest_points

from navkit.plan.plan import CIRCULATION
from navkit.venue.matching import DEFAULT_DOOR_M, Matched, along_wall, mm
from navkit.venue.venue import Door, DrawnPath, Space
from navkit.words.findings import Finding

ON_PATH_M = 0.5
"""A door this near to a footway is on it: mappers share the node, or miss it by a little."""

BESIDE_M = 6.0
"""A shop without a door this near to a footway is entered from there. A guess."""


def doors_on_paths(
    spaces: Sequence[Space], doors: Sequence[Door], paths: Sequence[DrawnPath]
) -> Matched:
    """All `doors`, those with one space joined to the footway they are on, and new ones
    where a footway crosses the outline of a space that has no door.
    """
    lines = _by_level(paths)
    level_of = {space.id: space.level for space in spaces}
    settled = [_onto_path(door, lines[level_of[door.spaces[0]]]) for door in doors]
    findings = [
        Finding(
            "door-touches-one-space",
            f"{level_of[door.spaces[0]]}, {door.id}",
            {"space": door.spaces[0]},
        )
        for door in settled
        if not (door.spaces[1] or door.entrance or door.path)
    ]
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
        obstacles = STRtree(
            [s.outline for s in here if s.kind not in CIRCULATION] + list(walls.get(level, ()))
        )
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
                way = LineString([inside, outside])
                blocked = [
                    i
                    for i in obstacles.query(way, predicate="intersects")
                    if obstacles.geometries[i].intersection(way).length > 0.05
                ]
                if not blocked:
                    guessed.append(_door_at(space, inside, path, 1))
                    findings.append(Finding("door-guessed-to-path", f"{space.level}, {space.id}"))
                    break
    return Matched(tuple(guessed), tuple(findings))


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
