"""Which storeys meet where: for things of OpenStreetMap that do not say on which they are."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.osm_shapes import Corner

LANDING_M = 1.5
"""A floor this near to a lift, or to the end of steps, is where people get on. A guess."""


class Landings:
    """Floors that have a storey: the outlines of spaces, and flat lines."""

    def __init__(self) -> None:
        self._outlines: dict[Corner, list[tuple[float, str, str]]] = {}
        """By corner: (storey, level, key) of the spaces whose outline it is on."""
        self._lines: dict[Corner, list[tuple[str, tuple[float, ...]]]] = {}
        """By corner: the flat lines through it, as (key, storeys)."""
        self._floors: list[tuple[float, BaseGeometry]] = []

    def add_outline(
        self, storey: float, level: str, key: str, corners: Iterable[Corner], outline: BaseGeometry
    ) -> None:
        for corner in dict.fromkeys(corners):
            self._outlines.setdefault(corner, []).append((storey, level, key))
        self._floors.append((storey, outline))

    def add_line(self, key: str, storeys: tuple[float, ...], corners: list[Corner]) -> None:
        for corner in dict.fromkeys(corners):
            self._lines.setdefault(corner, []).append((key, storeys))
        if len(set(corners)) > 1:
            self._floors += [(storey, LineString(corners)) for storey in storeys]

    def is_on_outline(self, corner: Corner) -> bool:
        return corner in self._outlines

    def spaces_at(self, corner: Corner, level: str) -> tuple[str, ...]:
        """Keys of the spaces of a level whose outline a corner is on."""
        here = (key for _, at, key in self._outlines.get(corner, ()) if at == level)
        return tuple(dict.fromkeys(here))

    def touched(self, corner: Corner) -> list[float]:
        """Storeys of the outlines that a corner is on; if there are none, of its flat lines."""
        on_outlines = {storey for storey, _, _ in self._outlines.get(corner, ())}
        on_lines = {storey for _, at in self._lines.get(corner, ()) for storey in at}
        return sorted(on_outlines or on_lines)

    def shared(self, key: str, corner: Corner) -> set[float]:
        """Storeys of the areas and of the other flat lines that share a corner of line `key`."""
        lines = (at for other, at in self._lines.get(corner, ()) if other != key and len(at) == 1)
        outlines = (storey for storey, _, _ in self._outlines.get(corner, ()))
        return {*(storey for at in lines for storey in at), *outlines}

    def beside(self, shape: BaseGeometry) -> list[float]:
        """Storeys that have a floor within `LANDING_M` of a shape."""
        if not self._floors:
            return []
        distance_m = shapely.distance(np.array([f for _, f in self._floors], dtype=object), shape)
        near = zip(self._floors, distance_m, strict=True)
        return sorted({storey for (storey, _), away_m in near if away_m <= LANDING_M})


def flights(first: Iterable[float], last: Iterable[float], climb: int) -> list[tuple[float, float]]:
    """How steps may lead from one of the first storeys to one of the last.

    `climb` is 1 if they lead up, -1 if they lead down, 0 if that is not known.
    """
    return sorted(
        (low, high)
        for low in set(first)
        for high in set(last)
        if low != high and (high - low) * climb >= 0
    )
