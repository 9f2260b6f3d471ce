"""Rooms where no outline of them is drawn: what walls, windows and closed doors shut in.

Walls may be single lines, two lines with a hollow between them, or areas. The free floor between
them falls into pieces; the piece that reaches the edge of the sheet is outside. Nothing is made up
where walls do not close: that floor is then outside, or one room with its neighbour.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.cad import Arc

LINE_M = 0.02
"""Half the thickness of a wall that is drawn as a line."""
HOLLOW_M = 0.5
"""What is narrower is the hollow of a wall, or a shaft for pipes. A guess."""
LEAST_ROOM_M2 = 1.2
_AROUND_M = 5.0
_END_M = (0.05, 0.6)
"""The ends of walls are as long as walls are thick."""
_COLUMN = 2.0
"""A longer area is a wall. A guess."""
_HOLE_M = (0.6, 2.0)
"""A narrower hole is a niche, a wider one parts no rooms. A guess."""
_SIDE_M = 0.1
"""How far the sides of a wall go on behind its end at least."""
_ALIKE_M = 0.03
_SLANT = 0.05
_INSIDE = 0.5
"""The part of a hole's depth that must be free."""
_PANE = (0.3, 0.85)
"""A pane that slides is from this share of its door to that one long. A guess."""
_OVERLAP = 0.02
"""The share of a door by which two panes overlap at least when it is closed. A guess."""
_JAMB_M = 0.15
"""A closed leaf ends this near to a wall."""


def rooms(shut: Sequence[BaseGeometry], closed: Sequence[BaseGeometry]) -> list[Polygon]:
    """The pieces of floor between walls and windows, the largest first; `closed` are the lines of
    closed doors. All in metres."""
    if not shut:
        return []
    walls = shapely.union_all(shapely.buffer([*shut, *closed], LINE_M, cap_style="square"))
    left, low, right, high = walls.bounds
    sheet = shapely.box(left - _AROUND_M, low - _AROUND_M, right + _AROUND_M, high + _AROUND_M)
    free: BaseGeometry = sheet.difference(walls)
    # Hollows of walls are too narrow to stand in; what is left keeps its corners.
    core = free.buffer(-HOLLOW_M / 2, join_style="mitre")
    wide = core.buffer(HOLLOW_M / 2, join_style="mitre").intersection(free)
    inside = [
        piece
        for piece in shapely.get_parts(wide)
        if isinstance(piece, Polygon)
        and piece.area >= LEAST_ROOM_M2
        and not piece.intersects(sheet.exterior)
    ]
    return sorted(inside, key=lambda piece: (-piece.area, piece.bounds))


def holes(walls: Sequence[BaseGeometry], filled: Sequence[BaseGeometry]) -> list[LineString]:
    """The middle lines of holes in walls that are drawn as two lines: between two ends of walls
    that face each other, with neither a wall nor anything that is `filled` between. In metres."""
    pieces = _segments(walls)
    ends = _segments([wall for wall in walls if not _is_column(wall)])
    ends = [one for one in ends if _END_M[0] <= one.length <= _END_M[1]]
    if not ends:
        return []
    shut = shapely.STRtree([*pieces, *filled])
    every = shut.geometries
    near = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=_HOLE_M[1])
    found = []
    for i, j in sorted(pair for pair in near.T.tolist() if pair[0] < pair[1]):
        line = _between(ends[i], ends[j])
        if line is None or not (_goes_on(ends[i], line, shut) and _goes_on(ends[j], line, shut)):
            continue
        free: BaseGeometry = line.buffer(_INSIDE * ends[i].length / 2, cap_style="flat")
        free = free.intersection(
            line.interpolate(0.5, normalized=True).buffer(line.length / 2 - LINE_M)
        )
        sides = line.buffer(ends[i].length / 2, cap_style="flat").boundary
        along = shapely.union_all(every[shut.query(sides, predicate="dwithin", distance=LINE_M)])
        is_wall = sides.intersection(along.buffer(LINE_M)).length > sides.length - line.length
        if not is_wall and not len(shut.query(free, predicate="intersects")):
            found.append(line)
    return found


def slides(hole: LineString, panes: Sequence[BaseGeometry]) -> bool:
    """Whether what is drawn in a hole are the panes of a sliding door: two, each shorter than the
    hole, that overlap. The lines of a window are as long as its hole, or end where others begin."""
    lines = [line for line in _segments(panes) if line.length >= _PANE[0] * hole.length]
    if any(line.length > _PANE[1] * hole.length for line in lines):
        return False
    spans = [sorted(hole.project(Point(xy)) for xy in line.coords) for line in lines]
    least_m = _OVERLAP * hole.length
    left = [high for low, high in spans if low <= least_m]
    right = [low for low, high in spans if high >= hole.length - least_m]
    return bool(left and right) and max(left) - min(right) >= least_m


def _is_column(wall: BaseGeometry) -> bool:
    """Whether it is an area about as long as it is wide."""
    if not wall.area:
        return False
    corners = list(wall.minimum_rotated_rectangle.boundary.coords)
    first, second = (LineString(corners[i : i + 2]).length for i in (0, 1))
    return max(first, second) < _COLUMN * min(first, second)


def _segments(walls: Sequence[BaseGeometry]) -> list[LineString]:
    found = []
    for wall in walls:
        for part in shapely.get_parts(shapely.boundary(wall) if wall.area else wall):
            corners = list(part.coords)
            found += [LineString(pair) for pair in pairwise(corners) if pair[0] != pair[1]]
    return found


def _between(one: LineString, other: LineString) -> LineString | None:
    """From the middle of an end of a wall to that of another that faces it; None if it does not."""
    a, b = (end.interpolate(0.5, normalized=True) for end in (one, other))
    line = LineString([a, b])
    least, most = _HOLE_M
    if not least <= line.length <= most or abs(one.length - other.length) > _ALIKE_M:
        return None
    across = [_along(end, line) for end in (one, other)]
    return line if max(across) <= _SLANT else None


def _goes_on(end: LineString, hole: LineString, walls: shapely.STRtree) -> bool:
    """Whether the two sides of a wall begin at its end, away from the hole."""
    (ax, ay), (bx, by) = hole.coords
    to = 1 if Point(ax, ay).distance(end) < Point(bx, by).distance(end) else -1
    dx, dy = (to * (a - b) / hole.length * _SIDE_M for a, b in ((ax, bx), (ay, by)))
    for x, y in end.coords:
        side = LineString([(x + dx * 0.2, y + dy * 0.2), (x + dx, y + dy)])
        near = walls.geometries[walls.query(side, predicate="dwithin", distance=LINE_M)]
        if not shapely.union_all(shapely.buffer(near, LINE_M * 1.01)).covers(side):
            return False
    return True


def _along(one: LineString, other: LineString) -> float:
    """How far two lines are from a right angle: 0 if they are at one, 1 if they are parallel."""
    (ax, ay), (bx, by) = one.coords
    (cx, cy), (dx, dy) = other.coords
    across = (bx - ax) * (dx - cx) + (by - ay) * (dy - cy)
    return abs(across) / (one.length * other.length)


def leaf_line(swing: Arc, walls: Sequence[BaseGeometry]) -> LineString:
    """The leaf of a door when it is closed: from the hinge to the end of its swing that is at a
    wall, and of two such ends to the one that crosses the gap. In metres."""
    near = [wall for wall in walls if wall.distance(Point(swing.centre)) <= 2 * swing.radius]
    ends = (swing.points()[0], swing.points()[-1])
    lines = [LineString([swing.centre, end]) for end in ends]

    def openness(line: LineString) -> tuple[bool, float]:
        end, middle = Point(line.coords[1]), line.interpolate(0.5, normalized=True)
        return _distance(near, end) <= _JAMB_M, _distance(near, middle)

    return max(lines, key=openness)


def _distance(walls: Sequence[BaseGeometry], point: Point) -> float:
    return min((wall.distance(point) for wall in walls), default=math.inf)
