"""Outlines on a grid, the edges that they share, and what is on an edge."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shapely import LineString, Polygon
from shapely.geometry.polygon import orient

GRID_M = 0.05
"""Every coordinate is a multiple of this."""
TOUCH_M = 1e-6

Xy = tuple[float, float]
Edge = tuple[Xy, Xy]


def snap(value_m: float) -> float:
    return round(round(value_m / GRID_M) * GRID_M, 2) + 0.0


def snapped(outline: Polygon) -> Polygon:
    rings = [
        [(snap(x), snap(y)) for x, y in ring.coords]
        for ring in [outline.exterior, *outline.interiors]
    ]
    return orient(Polygon(rings[0], rings[1:]))


def segments(outline: Polygon) -> Iterator[tuple[Xy, Xy]]:
    for ring in [outline.exterior, *outline.interiors]:
        points = [(x, y) for x, y in ring.coords]
        yield from pairwise(points)


def shared_edges(one: Polygon, other: Polygon) -> list[Edge]:
    """The straight edges that two outlines have in common, in the direction of `one`."""
    found = []
    for (ax, ay), (bx, by) in segments(one):
        length = math.hypot(bx - ax, by - ay)
        ux, uy = (bx - ax) / length, (by - ay) / length
        for (cx, cy), (dx, dy) in segments(other):
            off = [abs((x - ax) * uy - (y - ay) * ux) for x, y in ((cx, cy), (dx, dy))]
            if max(off) > TOUCH_M:
                continue
            along = sorted((x - ax) * ux + (y - ay) * uy for x, y in ((cx, cy), (dx, dy)))
            start, end = max(along[0], 0.0), min(along[1], length)
            if end - start > GRID_M / 2:
                ends = [(snap(ax + ux * s), snap(ay + uy * s)) for s in (start, end)]
                found.append((ends[0], ends[1]))
    return found


def longest_m(edges: Sequence[Edge]) -> float:
    return max((math.dist(*edge) for edge in edges), default=0.0)


def cut_evenly(edge: Edge, part_m: float) -> Iterator[LineString]:
    """An edge in equal parts of at most `part_m`, their ends on the grid."""
    (ax, ay), (bx, by) = edge
    count = math.ceil(math.dist(*edge) / part_m - TOUCH_M)
    ends = [
        (snap(ax + (bx - ax) * i / count), snap(ay + (by - ay) * i / count))
        for i in range(count + 1)
    ]
    yield from (LineString(pair) for pair in pairwise(ends))


def beside(edge: Edge, doors: Sequence[LineString]) -> Iterator[LineString]:
    """What is left of an edge besides its doors."""
    (ax, ay), (bx, by) = edge
    length = math.dist(*edge)
    ux, uy = (bx - ax) / length, (by - ay) / length
    gaps = []
    for door in doors:
        off = max(abs((x - ax) * uy - (y - ay) * ux) for x, y in door.coords)
        if off < TOUCH_M:
            gaps.append(sorted((x - ax) * ux + (y - ay) * uy for x, y in door.coords))
    at = 0.0
    for low, high in [*sorted(gaps), [length, length]]:
        if low - at > GRID_M / 2:
            yield LineString(
                [(snap(ax + ux * s), snap(ay + uy * s)) for s in (at, min(low, length))]
            )
        at = max(at, high)


def side_of(edge: Edge) -> str:
    """The side of its own outline (anticlockwise) that an edge is: N, E, S or W."""
    (ax, ay), (bx, by) = edge
    if abs(bx - ax) >= abs(by - ay):
        return "S" if bx > ax else "N"
    return "E" if by > ay else "W"
