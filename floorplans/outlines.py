"""From drawn rings to polygons that can be walked on, repaired where they cross themselves."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from floorplans.limits import MAX_AREA_CHANGE, MIN_AREA_M2, Limits
from navkit.words.findings import Finding

_CHUNK = 16
"""Segments tested against all others at a time: few, so that a bomb is noticed early."""


@dataclass(frozen=True)
class Outlines:
    """The result for one drawn outline: no parts if it is hopeless."""

    parts: tuple[Polygon, ...]
    """Largest first."""
    finding: Finding | None = None


def mend(drawn: BaseGeometry, where: str, limits: Limits) -> Outlines:
    """The polygons of `drawn` (metres), each valid; parts that touch nothing stay separate."""
    if isinstance(drawn, shapely.MultiPolygon):
        pieces = [mend(piece, where, limits) for piece in drawn.geoms]
        parts = tuple(part for piece in pieces for part in piece.parts)
        finding = next((piece.finding for piece in pieces if piece.finding), None)
        return Outlines(_by_size(parts), finding)
    if not isinstance(drawn, Polygon):
        return Outlines((), Finding("invalid-outline", where, {"reason": drawn.geom_type}))
    if drawn.is_valid:
        if drawn.area < MIN_AREA_M2:
            return Outlines((), Finding("outline-too-small", where, {"area": f"{drawn.area:.4f}"}))
        return Outlines((drawn,))
    if (
        count_returns(drawn) > limits.crossings
        or count_crossings(drawn, limits.crossings) > limits.crossings
    ):
        return Outlines((), Finding("outline-tangled", where, {"limit": str(limits.crossings)}))
    mended = shapely.make_valid(drawn, method="structure", keep_collapsed=False)
    parts = tuple(
        part
        for part in shapely.get_parts(mended)
        if isinstance(part, Polygon) and part.area >= MIN_AREA_M2
    )
    if not parts:
        return Outlines((), Finding("invalid-outline", where, {"reason": "no area"}))
    area_m2, drawn_m2 = sum(part.area for part in parts), abs(drawn.area)
    change = abs(area_m2 - drawn_m2) / area_m2
    if change <= MAX_AREA_CHANGE:
        return Outlines(_by_size(parts))
    slots = {"percent": f"{100 * change:.1f}", "area": f"{area_m2:.1f}"}
    return Outlines(_by_size(parts), Finding("outline-repaired", where, slots))


def _by_size(parts: tuple[Polygon, ...]) -> tuple[Polygon, ...]:
    return tuple(sorted(parts, key=lambda part: -part.area))


def count_returns(polygon: Polygon) -> int:
    """How often rings return to a corner they have visited; standing still does not count."""
    returns = 0
    for ring in (polygon.exterior, *polygon.interiors):
        corners = shapely.get_coordinates(ring)[:-1]
        moved = np.any(corners != np.roll(corners, 1, axis=0), axis=1)
        returns += int(moved.sum()) - len(np.unique(corners[moved], axis=0))
    return returns


def count_crossings(polygon: Polygon, enough: int) -> int:
    """How often rings cross themselves or each other; stops counting soon after `enough`."""
    segments = np.concatenate(
        [
            shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
            for xy in map(shapely.get_coordinates, [polygon.exterior, *polygon.interiors])
            if len(xy) > 1
        ]
    )
    tree = STRtree(segments)
    pairs = 0
    for start in range(0, len(segments), _CHUNK):
        found = tree.query(segments[start : start + _CHUNK], predicate="crosses")
        pairs += found.shape[1]
        if pairs > 2 * enough:
            break
    return pairs // 2
