"""What on a sheet is the building, and what are legends, frames and title blocks around it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

APART_M = 2.5
"""What is nearer is one building: rooms on both sides of a corridor. A guess."""
_LEAST = 0.1
"""A cluster whose lines are shorter, as a share of those of the largest, is no building."""
_ACROSS = 0.9
"""What reaches over so much of the sheet may be a frame, and joins nothing."""
_FRAME = 0.95
"""The part of its box that a frame encloses at least; a corridor, or walls, enclose less. A
guess."""
_BESIDE, _SAMPLES = 0.25, 200
"""The share of a line that is near to what is built, if it is no frame, by so many points."""


def of_building(drawn: Sequence[BaseGeometry]) -> list[bool]:
    """Of each shape, whether it belongs to a building: to a cluster of shapes with nearly as much
    line as the largest has, or within the box of all such. In metres."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not drawn:
        return []
    lines = np.array([shapely.boundary(one) if one.area else one for one in drawn], dtype=object)
    bounds = shapely.bounds(lines)
    whole = shapely.total_bounds(lines)
    sizes, most = bounds[:, 2:] - bounds[:, :2], whole[2:] - whole[:2]
    frames = np.any(sizes > _ACROSS * most, axis=1) & np.array(
        [_may_be_frame(one) for one in drawn]
    )
    joining = np.flatnonzero(~frames)
    if not len(joining):
        return [True] * len(lines)
    first, second = shapely.STRtree(lines[joining]).query(
        lines[joining], "dwithin", distance=APART_M
    )
    near = coo_array((np.ones(len(first)), (first, second)), shape=(len(joining),) * 2)
    _, cluster = connected_components(near, directed=False)
    lengths = np.bincount(cluster, weights=shapely.length(lines[joining]))
    large = np.flatnonzero(lengths >= _LEAST * lengths.max())
    boxes = [shapely.box(*shapely.total_bounds(lines[joining[cluster == n]])) for n in large]
    box = shapely.box(*shapely.total_bounds(np.array(boxes, dtype=object))).buffer(APART_M)
    kept = shapely.covers(box, lines)
    across = np.setdiff1d(np.arange(len(lines)), joining)
    kept[across] = [_is_beside(one, lines[joining[kept[joining]]]) for one in lines[across]]
    return [bool(one) for one in kept]


def _may_be_frame(shape: BaseGeometry) -> bool:
    """Whether it is a line, or encloses nearly all of its box."""
    if not isinstance(shape, Polygon):
        return True
    return bool(Polygon(shape.exterior).area >= _FRAME * shape.envelope.area)


def _is_beside(line: Any, built: "np.typing.NDArray[np.object_]") -> bool:
    """Whether it runs along what is built, as a corridor or an outline does, and no frame."""
    along = shapely.line_interpolate_point(line, np.linspace(0, 1, _SAMPLES), normalized=True)
    near, _ = shapely.STRtree(built).query(along, "dwithin", distance=APART_M)
    return len(np.unique(near)) >= _BESIDE * _SAMPLES
