"""Which spaces each drawn door joins.

Geometry decides; what the drawing says about a door (`PlanDoor.spaces`) breaks ties and joins
levels.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point, Polygon, STRtree

from navkit.plan.entrances import is_entrance_by_name
from navkit.plan.plan import CIRCULATION, PlanDoor
from navkit.venue.edges import TOUCH_M, straight_lines, wall_m
from navkit.venue.venue import Door, Level, Space
from navkit.words.findings import Finding

REACH_M = (0.1, 0.25, 0.45, 0.7)
"""How far from a door its spaces are searched: half a wall, from none to 1.4 m thick."""

ABOUT_AS_GOOD = 0.8
"""A wall covered by a door's shape this much as the best one may be the one with the door."""

MIN_LEAF_M = 0.3
"""A shape that covers less of a wall meets it with its end: a leaf that stands open."""

DEFAULT_DOOR_M = 0.9
"""Width drawn for a door that is given only as a point."""


@dataclass(frozen=True)
class Matched:
    """Doors with their spaces, and findings."""

    doors: tuple[Door, ...]
    findings: tuple[Finding, ...]


def match_doors(
    spaces: Sequence[Space],
    doors: Sequence[tuple[str, PlanDoor]],
    space_of_key: Mapping[str, str],
    levels: Mapping[str, Level],
) -> Matched:
    """Join every drawn door to its spaces.

    `doors` are (id, door) with levels already the venue's; `space_of_key` maps the keys that
    doors mention to ids of spaces.
    """
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    found: dict[str, tuple[str, str]] = {}
    lines: dict[str, LineString] = {}
    for level in sorted({door.level for _, door in doors}):
        here = [(door_id, door) for door_id, door in doors if door.level == level]
        hints = [_hints(door, space_of_key) for _, door in here]
        level_lines, sides = _read([door for _, door in here], hints, by_level[level])
        for (door_id, _), line, pair in zip(here, level_lines, sides, strict=True):
            found[door_id], lines[door_id] = pair, line
    by_id = {space.id: space for space in spaces}
    matched: list[Door] = []
    findings: list[Finding] = []
    for door_id, door in doors:
        first, second = found[door_id]
        if first and not second:
            second = _bridged(lines[door_id], by_id[first], door, space_of_key, by_id, levels)
        if not first or first == second:
            where = f"{door.level}, {door_id}"
            inside = Finding("door-inside-space", where)
            findings.append(inside if first else _off(lines[door_id], by_level[door.level], where))
            continue
        start, *_, end = lines[door_id].coords
        leads_out = not second or "outdoor" in (by_id[first].kind, by_id[second].kind)
        if leads_out and not door.entrance and _is_called_entrance(door):
            findings.append(Finding("entrance-by-name", f"{door.level}, {door_id}"))
            door = replace(door, entrance=True)
        matched.append(
            Door(
                id=door_id,
                spaces=(first, second),
                line=(mm(start), mm(end)),
                guessed=door.guessed,
                **door.facts(),
            )
        )
    return Matched(tuple(matched), tuple(findings))


def _is_called_entrance(door: PlanDoor) -> bool:
    return door.access == "public" and is_entrance_by_name(door.names)


def _off(line: LineString, spaces: Sequence[Space], where: str) -> Finding:
    """What is said of a door that touches nothing: which space is nearest, and how far off."""
    gaps = ((round(space.outline.distance(line), 1), space.id) for space in spaces)
    gap_m, near = min(gaps, default=(0.0, ""))
    if not near:
        return Finding("door-touches-no-space", where)
    return Finding("door-off", where, {"near": near, "gap": f"{gap_m:.1f}"})


def _bridged(
    line: LineString,
    near: Space,
    door: PlanDoor,
    space_of_key: Mapping[str, str],
    by_id: Mapping[str, Space],
    levels: Mapping[str, Level],
) -> str:
    """The space of another building's floor that the drawing says a door leads to.

    The geometry of one level does not show it; it must at least be next to the door.
    """
    building = levels[near.level].building
    for hint in _hints(door, space_of_key):
        beyond = by_id.get(hint)
        if (
            beyond
            and levels[beyond.level].building != building
            and beyond.outline.distance(line.centroid) <= REACH_M[-1]
        ):
            return hint
    return ""


def mm(point: tuple[float, ...]) -> tuple[float, float]:
    return (round(float(point[0]), 3), round(float(point[1]), 3))


def _hints(door: PlanDoor, space_of_key: Mapping[str, str]) -> list[str]:
    return [space_of_key.get(key, key) for key in door.spaces]


Pair = tuple[str, str]
"""The spaces on the two sides of a door: the second is empty at an outer wall, both if there is
none."""


def _read(
    doors: Sequence[PlanDoor], hints: Sequence[Sequence[str]], spaces: Sequence[Space]
) -> tuple[list[LineString], list[Pair]]:
    """The opening of each door of a level, and what it joins.

    A door that joins nothing as it is drawn (inside a room, beside a thick wall) is read again as
    a shape that lies along a wall.
    """
    level = Walls(spaces)
    lines = as_lines(doors, level)
    sides = _sides(lines, level, hints)
    for number, (door, pair) in enumerate(zip(doors, sides, strict=True)):
        if level.is_plain(lines[number], pair):
            continue
        again = level.openings(door.line, door.width_m or DEFAULT_DOOR_M)
        read = _sides(again, level, [hints[number]] * len(again))
        for line, other in zip(again, read, strict=True):
            if _joins(other) or (door.entrance and other[0] and not other[1]):
                lines[number], sides[number] = line, other
                break
    return lines, sides


def _joins(pair: Pair) -> bool:
    return bool(pair[0] and pair[1]) and pair[0] != pair[1]


class Walls:
    """The edges of a level's spaces, and how thick the walls between them are drawn."""

    def __init__(self, spaces: Sequence[Space]) -> None:
        self.spaces = spaces
        self.wall_m = wall_m(spaces) if spaces else 0.0
        self.outlines = STRtree([space.outline for space in spaces])
        self.boundaries = STRtree([space.outline.boundary for space in spaces])

    @property
    def reach_m(self) -> tuple[float, ...]:
        """How far from a door its spaces are searched."""
        beyond = self.wall_m + TOUCH_M
        return (*REACH_M, beyond) if beyond > REACH_M[-1] else REACH_M

    def is_plain(self, line: LineString, pair: Pair) -> bool:
        """Whether a door leads from one space to another, or out through the edge it is on."""
        first, second = pair
        if not first or second:
            return _joins(pair)
        inside = next(space.outline for space in self.spaces if space.id == first)
        middle = line.centroid
        return not (inside.contains(middle) and inside.boundary.distance(middle) > REACH_M[1])

    def nearest(self, at: Point) -> LineString | MultiLineString:
        """The edge of the nearest space; empty if there is none."""
        if not self.spaces:
            return LineString()
        return self.spaces[int(self.boundaries.nearest(at))].outline.boundary

    def openings(self, shape: LineString | Point | Polygon, width_m: float) -> list[LineString]:
        """Where a door of that shape may be in the walls beside it, the best place first.

        The nearest walls come first; of those, the one of which most is covered. Of walls that are
        about as good, such as those of a corner that a leaf swings in, one at a corridor comes
        first.
        """
        found: list[LineString] = []
        for reach_m in self.reach_m:
            around = shape.buffer(reach_m)
            pieces = [
                (piece.intersection(around).length, self.spaces[i].kind in CIRCULATION, piece)
                for i in self.outlines.query(shape, predicate="dwithin", distance=reach_m)
                for piece in straight_lines(self.spaces[i].outline.boundary)
                if piece.intersects(around)
            ]
            most = max((covered for covered, _, _ in pieces), default=0.0)
            good = [row for row in pieces if row[0] >= ABOUT_AS_GOOD * most]
            good.sort(key=lambda row: (-row[1], -row[0]))
            found += [_on_wall(piece, shape, width_m) for _, _, piece in good]
        return found


def _on_wall(wall: LineString, shape: shapely.Geometry, width_m: float) -> LineString:
    """The part of a straight wall that `shape` lies along; at least `width_m` of it."""
    along = [wall.project(Point(xy)) for xy in shapely.get_coordinates(shape)]
    low, high = min(along), max(along)
    if high - low < MIN_LEAF_M:
        middle = (low + high) / 2
        low, high = middle - width_m / 2, middle + width_m / 2
    low, high = max(0.0, low), min(wall.length, high)
    return LineString([wall.interpolate(low), wall.interpolate(high)])


def as_lines(doors: Sequence[PlanDoor], walls: Walls) -> list[LineString]:
    """Doors as lines along the nearest wall."""
    lines = []
    for door in doors:
        if isinstance(door.line, LineString) and door.line.length > 0.05:
            lines.append(LineString([door.line.coords[0], door.line.coords[-1]]))
            continue
        width_m = door.width_m or DEFAULT_DOOR_M
        if isinstance(door.line, Polygon) and (found := walls.openings(door.line, width_m)):
            lines.append(found[0])
            continue
        middle = door.line.centroid
        lines.append(along_wall(walls.nearest(middle), middle, width_m))
    return lines


def along_wall(wall: LineString | MultiLineString, at: Point, width_m: float) -> LineString:
    """A straight opening of `width_m` centred on `at`, along the piece of `wall` next to it."""
    along = _tangent(wall, at)
    half = width_m / 2
    return LineString(
        [
            (at.x - along[0] * half, at.y - along[1] * half),
            (at.x + along[0] * half, at.y + along[1] * half),
        ]
    )


def _tangent(wall: LineString | MultiLineString, at: Point) -> tuple[float, float]:
    """Unit direction of the straight piece of `wall` nearest to `at`."""
    pieces = [
        LineString(pair)
        for part in getattr(wall, "geoms", [wall])
        for pair in zip(part.coords[:-1], part.coords[1:], strict=True)
    ]
    if not pieces:
        return (1.0, 0.0)
    nearest = min(pieces, key=lambda piece: (round(piece.distance(at), 3), -piece.length))
    (ax, ay), (bx, by) = nearest.coords[0][:2], nearest.coords[1][:2]
    length = math.hypot(bx - ax, by - ay)
    return ((bx - ax) / length, (by - ay) / length) if length else (1.0, 0.0)


def _sides(lines: Sequence[LineString], walls: Walls, hints: Sequence[Sequence[str]]) -> list[Pair]:
    """The space on either side of each line, by probing outwards along its normal."""
    if not walls.spaces or not lines:
        return [("", "") for _ in lines]
    ends = np.array([[line.coords[0][:2], line.coords[-1][:2]] for line in lines], dtype=float)
    middle = ends.mean(axis=1)
    along = ends[:, 1] - ends[:, 0]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    left = _probe(walls, middle, normal, hints)
    right = _probe(walls, middle, -normal, hints)
    return [(a, b) if a else (b, a) for a, b in zip(left, right, strict=True)]


def _probe(
    walls: Walls,
    middle: NDArray[np.float64],
    normal: NDArray[np.float64],
    hints: Sequence[Sequence[str]],
) -> list[str]:
    """The first space met along `normal`; of several, a hinted one, then the smallest."""
    found = [""] * len(middle)
    for reach_m in walls.reach_m:
        probes = shapely.points(middle + normal * reach_m)
        hits: dict[int, list[Space]] = defaultdict(list)
        for door, space in walls.outlines.query(probes, predicate="intersects").T:
            hits[int(door)].append(walls.spaces[int(space)])
        for door, candidates in hits.items():
            if not found[door]:
                best = min(
                    candidates, key=lambda s: (s.id not in hints[door], s.outline.area, s.id)
                )
                found[door] = best.id
    return found


def overlaps(spaces: Sequence[Space], min_m2: float = 0.5) -> list[tuple[str, str, float]]:
    """Pairs of walkable spaces of a level that overlap by more than `min_m2`, with the area.

    A space inside another (a booth in a hall) is reported too.
    """
    found = []
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    for here in by_level.values():
        outlines: list[Polygon] = [space.outline for space in here]
        for i, j in STRtree(outlines).query(outlines, predicate="intersects").T:
            if i < j:
                area = outlines[i].intersection(outlines[j]).area
                if area > min_m2:
                    found.append((here[i].id, here[j].id, round(area, 2)))
    return found
