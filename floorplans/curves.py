"""Paths of lines and curves as areas, open lines and arcs: what SVG and PDF draw."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely import LineString, Polygon

from floorplans.cad import Arc, Shape, Xy

Segment = tuple[Xy, ...]
"""Two points are a line, four a cubic Bézier curve with its two handles."""

_STEPS = 8
"""Corners of a curve."""
_ROUND = 0.02
"""How far a curve that is a part of a circle may be from it, as a share of the radius."""
_LEAST_TURN_DEG = 20.0
_CORNERS = 6
"""So many corners of lines on a circle are an arc: a hexagon is closed, and no arc."""
_MOST_STEP_DEG = 31.0
_WHOLE_TURN_DEG = 350.0
_MISSED = 0.002
"""A line that ends this near to where it begins, as a share of its size, is closed."""
_FARTHEST = 1e15
"""Numbers beyond it, and what is no number, are mistakes."""


@dataclass(frozen=True)
class Subpath:
    """Segments that are joined."""

    segments: Sequence[Segment]
    is_closed: bool

    def points(self) -> list[Xy]:
        """Its corners, each once; empty if a number is none or beyond all drawings."""
        found: list[Xy] = [self.segments[0][0]] if self.segments else []
        for segment in self.segments:
            found += [segment[1]] if len(segment) == 2 else _flat(segment)
        if not all(abs(n) <= _FARTHEST for xy in found for n in xy):
            return []
        return [one for i, one in enumerate(found) if i == 0 or one != found[i - 1]]


@dataclass(frozen=True)
class Pen:
    """What all that is drawn with one path has: layer, block, and what the file calls it."""

    layer: str
    block: int = 0
    name: str = ""


def drawn(pen: Pen, subpaths: Sequence[Subpath], *, filled: bool) -> tuple[list[Shape], list[Arc]]:
    """Areas of closed or filled subpaths, those in others as holes; other ones as lines; and the
    parts of circles in any of them."""
    rings: list[Polygon] = []
    shapes: list[Shape] = []
    arcs: list[Arc] = []
    for one in subpaths:
        points = one.points()
        if len(set(points)) < 2:
            continue
        arcs += _arcs(pen, one.segments)
        if (one.is_closed or filled or _meets(points)) and len(set(points)) > 2:
            rings.append(Polygon(points))
        else:
            shapes.append(Shape(pen.layer, LineString(points), pen.block, pen.name))
    shapes += (Shape(pen.layer, area, pen.block, pen.name) for area in areas(rings))
    return shapes, arcs


def _meets(points: Sequence[Xy]) -> bool:
    """Whether a line ends where it begins; programs that write steps in whole numbers miss it by a
    few."""
    xs, ys = zip(*points, strict=True)
    size = max(max(xs) - min(xs), max(ys) - min(ys))
    return bool(math.dist(points[0], points[-1]) <= _MISSED * size)


def areas(rings: Sequence[Polygon]) -> list[Polygon]:
    """Rings of one path as areas: each ring in a ring is a hole of it, and one in that an area
    again."""
    sound = [ring for ring in rings if ring.is_valid]
    if len(sound) < 2:
        return list(rings)
    around: list[list[int]] = [[] for _ in sound]
    # Of rings that touch, each corner may be beside the other by rounding.
    middles = [ring.representative_point() for ring in sound]
    for inner, outer in shapely.STRtree(sound).query(middles, predicate="within").T.tolist():
        if inner != outer and sound[inner].area < sound[outer].area:
            around[inner].append(outer)
    holes: dict[int, list[int]] = {}
    for number, outers in enumerate(around):
        if len(outers) % 2:
            holes.setdefault(min(outers, key=lambda i: sound[i].area), []).append(number)
    whole = [
        Polygon(ring.exterior, [sound[i].exterior for i in holes.get(number, ())])
        for number, ring in enumerate(sound)
        if len(around[number]) % 2 == 0
    ]
    return [*whole, *(ring for ring in rings if not ring.is_valid)]


def _flat(curve: Segment) -> list[Xy]:
    return [_at(curve, step / _STEPS) for step in range(1, _STEPS + 1)]


def _at(curve: Segment, t: float) -> Xy:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x = sum(w * p[0] for w, p in zip(weights, curve, strict=True))
    return x, sum(w * p[1] for w, p in zip(weights, curve, strict=True))


@dataclass
class _Turn:
    """A part of a circle; `turn_deg` is positive counterclockwise."""

    centre: Xy
    radius: float
    from_deg: float
    turn_deg: float

    def goes_on(self, other: "_Turn") -> bool:
        apart = math.dist(self.centre, other.centre) + abs(self.radius - other.radius)
        return apart <= 2 * _ROUND * self.radius and self.turn_deg * other.turn_deg > 0


def _arcs(pen: Pen, segments: Sequence[Segment]) -> Iterator[Arc]:
    """Curves that are a part of one circle together; whole circles are none."""
    turns: list[_Turn] = []
    follows = False
    for segment in segments:
        turn = _turn_of(segment) if len(segment) == 4 else None
        if turn and follows and turns[-1].goes_on(turn):
            turns[-1].turn_deg += turn.turn_deg
        elif turn:
            turns.append(turn)
        follows = turn is not None
    if not turns and (turn := _turn_of_lines(segments)):
        turns.append(turn)
    for one in turns:
        if _LEAST_TURN_DEG <= abs(one.turn_deg) <= _WHOLE_TURN_DEG:
            start, end = sorted((one.from_deg, one.from_deg + one.turn_deg))
            yield Arc(pen.layer, one.centre, one.radius, start, end, pen.block)


def _turn_of(curve: Segment) -> _Turn | None:
    """None if it is no part of a circle."""
    seen = [_at(curve, t) for t in (0.0, 0.25, 0.5, 0.75, 1.0)]
    if not all(abs(n) <= _FARTHEST for xy in seen for n in xy):
        return None
    centre = centre_of(seen[0], seen[2], seen[4])
    if centre is None:
        return None
    radius = math.dist(centre, seen[0])
    if any(abs(math.dist(centre, one) - radius) > _ROUND * radius for one in seen):
        return None
    angles = [math.degrees(math.atan2(y - centre[1], x - centre[0])) for x, y in seen]
    turn = sum((b - a + 180) % 360 - 180 for a, b in pairwise(angles))
    return _Turn(centre, radius, angles[0], turn)


def _turn_of_lines(segments: Sequence[Segment]) -> _Turn | None:
    """The arc that many short lines are, as some programs plot it, with or without the leaf of the
    door at one of its ends; None if they are none."""
    points = [segments[0][0], *(one[-1] for one in segments)] if segments else []
    for some in (points, points[1:], points[:-1]):
        if len(some) >= _CORNERS and (turn := _turn_through(some)):
            return turn
    return None


def _turn_through(points: Sequence[Xy]) -> _Turn | None:
    centre = centre_of(points[0], points[len(points) // 2], points[-1])
    if centre is None or not all(map(math.isfinite, centre)):
        return None
    radius = math.dist(centre, points[0])
    if any(abs(math.dist(centre, one) - radius) > _ROUND * radius for one in points):
        return None
    angles = [math.degrees(math.atan2(y - centre[1], x - centre[0])) for x, y in points]
    steps = [(b - a + 180) % 360 - 180 for a, b in pairwise(angles)]
    one_way = all(step > 0 for step in steps) or all(step < 0 for step in steps)
    if not one_way or max(map(abs, steps)) > _MOST_STEP_DEG:
        return None
    return _Turn(centre, radius, angles[0], sum(steps))


def centre_of(a: Xy, b: Xy, c: Xy) -> Xy | None:
    """The centre of the circle through three points; None if they are on one line."""
    (bx, by), (cx, cy) = (b[0] - a[0], b[1] - a[1]), (c[0] - a[0], c[1] - a[1])
    twice = 2 * (bx * cy - by * cx)
    if abs(twice) <= 1e-12 * (bx * bx + by * by + cx * cx + cy * cy):
        return None
    bb, cc = bx * bx + by * by, cx * cx + cy * cy
    return a[0] + (cy * bb - by * cc) / twice, a[1] + (bx * cc - cx * bb) / twice
