"""Outlines that staff cut in two, put together or cut something out of: geometry alone."""

from collections.abc import Sequence

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as cut

Spot = tuple[float, float]

BEYOND_M = 0.6
"""A cut may end so far inside the walls: somebody has drawn it by hand. A guess."""
SLIVER_M2 = 0.05
"""Smaller pieces are left over by walls that are not quite straight."""
GAPS_M = (0.01, 0.1, 0.3, 0.6)
"""How far apart outlines that are put together may be, the nearest first: from a mistake in
drawing to a thick wall."""


def longer(line: Sequence[Spot]) -> LineString:
    """A line that goes on a little at both of its ends."""
    (x0, y0), (x1, y1) = line[0], line[1]
    (x2, y2), (x3, y3) = line[-2], line[-1]
    first, last = (max(Point(a).distance(Point(b)), 1e-9) for a, b in (line[:2], line[-2:]))
    start = (x0 + (x0 - x1) / first * BEYOND_M, y0 + (y0 - y1) / first * BEYOND_M)
    end = (x3 + (x3 - x2) / last * BEYOND_M, y3 + (y3 - y2) / last * BEYOND_M)
    return LineString([start, *line, end])


def halves(
    outline: Polygon, line: Sequence[Spot], keeps: Spot | None = None
) -> tuple[Polygon, Polygon] | None:
    """The two parts of an outline, the one that keeps its name first: the one at `keeps`, or else
    the larger. None if the line does not cross it from edge to edge, or cuts it in more."""
    if len({*line}) < 2:
        return None
    parts = [p for p in shapely.get_parts(cut(outline, longer(line))) if p.area > SLIVER_M2]
    if len(parts) != 2:
        return None
    if keeps is None:
        parts.sort(key=lambda part: -part.area)
    else:
        parts.sort(key=lambda part: part.distance(Point(keeps)))
    return parts[0], parts[1]


def together(outlines: Sequence[Polygon]) -> Polygon | None:
    """One outline of several side by side, and of the walls between them; None if one stands
    apart."""
    union = shapely.union_all(outlines)
    for gap_m in GAPS_M:
        grown = union.buffer(gap_m / 2 + 0.001, join_style="mitre")
        closed = grown.buffer(-gap_m / 2 - 0.001, join_style="mitre").union(union)
        if isinstance(closed, Polygon):
            return _without_slivers(closed)
    return None


def seam(outlines: Sequence[Polygon], whole: Polygon) -> BaseGeometry:
    """Where the walls were between outlines that were put together."""
    edges = [outline.boundary.buffer(GAPS_M[-1]) for outline in outlines]
    twice = [a.intersection(b) for n, a in enumerate(edges) for b in edges[n + 1 :]]
    return shapely.union_all(twice).intersection(whole.buffer(-GAPS_M[-1] / 2))


def lines_of(shape: BaseGeometry) -> list[LineString]:
    """The lines in a shape, each as long as it goes on."""
    lines = [one for one in shapely.get_parts(shape) if isinstance(one, LineString)]
    return list(shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))) if lines else []


def without(outline: Polygon, hole: Sequence[Spot]) -> Polygon | None:
    """What is left of an outline; None if nothing is taken, or if the rest falls apart."""
    inner = Polygon(hole)
    if outline.intersection(inner).area <= SLIVER_M2:
        return None
    left = [p for p in shapely.get_parts(outline.difference(inner)) if p.area > SLIVER_M2]
    return left[0] if len(left) == 1 else None


def around(outline: Polygon, ring: Sequence[Spot]) -> Polygon:
    """Another ring around what is cut out of an outline."""
    shell = Polygon(ring)
    holes = [hole for hole in outline.interiors if shell.contains(Polygon(hole))]
    return Polygon(ring, holes)


def _without_slivers(outline: Polygon) -> Polygon:
    holes = [hole for hole in outline.interiors if Polygon(hole).area > SLIVER_M2]
    return Polygon(outline.exterior, holes)
