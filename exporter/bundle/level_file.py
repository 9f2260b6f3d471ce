"""The file of one level: outlines to draw. It does not say which level it is, so
identical storeys share a file.
"""

from collections.abc import Sequence
from typing import Any

from shapely import Polygon

from exporter.bundle.columns import deltas, sparse
from navkit.venue.venue import Space

GRID_CM = 5
"""Outlines are drawn to 5 cm; the network keeps whole centimetres."""


def level_file(spaces: Sequence[Space]) -> dict[str, Any]:
    """Outlines of one level.

    Rings by their corner counts, 0 being an upright rectangle; the first corner is relative to
    the right edge of the previous space.
    """
    corners: list[int] = []
    xs: list[int] = []
    ys: list[int] = []
    rings: list[int] = []
    right = base = 0
    for space in spaces:
        space_rings = _rings(space.outline)
        rings.append(len(space_rings))
        for ring in space_rings:
            (x0, y0), *rest = ring
            xs.append(x0 - right)
            ys.append(y0 - base)
            box = _as_box(ring)
            if box:
                corners.append(0)
                xs.append(box[0])
                ys.append(box[1])
            else:
                corners.append(len(ring))
                xs += deltas([x - x0 for x, _ in rest])
                ys += deltas([y - y0 for _, y in rest])
            right, base = max(x for x, _ in ring), y0
    return {
        "grid_cm": GRID_CM,
        "rings": sparse(rings, 1),
        "corners": corners,
        "x": xs,
        "y": ys,
    }


def _rings(outline: Polygon) -> list[list[tuple[int, int]]]:
    """Rings on the grid, each from its lowest-left corner, outlines anti-clockwise."""
    rings = []
    for ring in (outline.exterior, *outline.interiors):
        points = [(_grid(x), _grid(y)) for x, y, *_ in ring.coords[:-1]]
        points = [p for i, p in enumerate(points) if p != points[i - 1]]
        if not ring.is_ccw:
            points.reverse()
        if len(points) >= 3:
            start = points.index(min(points))
            rings.append(points[start:] + points[:start])
    return rings or [[(_grid(outline.centroid.x), _grid(outline.centroid.y))] * 3]


def _grid(metres: float) -> int:
    return int((metres * 100 / GRID_CM + 0.5) // 1)


def _as_box(ring: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Width and height of an upright rectangle that starts at its lower left."""
    if len(ring) != 4:
        return None
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ring
    upright = (y1, x2, y3, x3) == (y0, x1, y2, x0)
    return (x1 - x0, y2 - y0) if upright else None
