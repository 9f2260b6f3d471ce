"""Shapes of building models, as triangles in metres: what they cover, and how a plane cuts them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

_FLAT_M2 = 1e-6
"""Triangles that cover less, seen from above, stand upright."""
_GRID_M = 1e-4
"""Ends of cuts that are nearer are one."""
_SPECK_M2 = 1e-3


@dataclass(frozen=True)
class Mesh:
    """Triangles of one thing, in metres of the model: x, y, and z upwards."""

    points: NDArray[np.float64]
    """One row a corner: x, y, z."""
    triangles: NDArray[np.int_]
    """One row a triangle: three rows of `points`."""

    @cached_property
    def low_m(self) -> float:
        return float(self.points[:, 2].min())

    @cached_property
    def high_m(self) -> float:
        return float(self.points[:, 2].max())

    def scaled(self, factor: float) -> "Mesh":
        return Mesh(self.points * factor, self.triangles)

    def shadow(self) -> BaseGeometry:
        """What it covers, seen from above."""
        corners = self.points[self.triangles][:, :, :2]
        flat = np.asarray(shapely.polygons(corners))
        return cleaned(shapely.union_all(flat[shapely.area(flat) > _FLAT_M2], grid_size=_GRID_M))

    def section(self, height_m: float) -> BaseGeometry:
        """What is inside it at a height, empty if the cut does not close."""
        corners = self.points[self.triangles]
        above = corners[:, :, 2] > height_m
        cut = corners[above.any(axis=1) & ~above.all(axis=1)]
        ends = []
        for first, second in ((0, 1), (1, 2), (2, 0)):
            a, b = cut[:, first], cut[:, second]
            crosses = (a[:, 2] > height_m) != (b[:, 2] > height_m)
            with np.errstate(divide="ignore", invalid="ignore"):
                part = (height_m - a[:, 2]) / (b[:, 2] - a[:, 2])
                at = a[:, :2] + part[:, None] * (b[:, :2] - a[:, :2])
            ends.append(np.where(crosses[:, None], at, np.nan))
        # Each cut triangle is crossed on two of its three sides.
        pairs = np.stack(ends, axis=1)
        pairs = pairs[~np.isnan(pairs[:, :, 0])].reshape(-1, 2, 2)
        return inside_of(shapely.linestrings(pairs).tolist()) if len(pairs) else MultiPolygon()

    def top_near(self, height_m: float, reach_m: float) -> Point | None:
        """The middle of its corners within `reach_m` of a height that have none above them: of
        stairs, the treads there."""
        columns, of = np.unique(np.round(self.points[:, :2], 2), axis=0, return_inverse=True)
        tops_m = np.full(len(columns), -np.inf)
        np.maximum.at(tops_m, of.ravel(), self.points[:, 2])
        here = columns[np.abs(tops_m - height_m) <= reach_m]
        return Point(here.mean(axis=0)) if len(here) else None


def together(meshes: Iterable[Mesh]) -> Mesh:
    """Several as one."""
    several = list(meshes)
    starts = np.cumsum([0, *(len(one.points) for one in several)])
    triangles = [one.triangles + start for one, start in zip(several, starts[:-1], strict=True)]
    return Mesh(np.concatenate([one.points for one in several]), np.concatenate(triangles))


def inside_of(lines: Iterable[BaseGeometry]) -> BaseGeometry:
    """What lines enclose; an outline in an outline is a hole."""
    noded = shapely.union_all(list(lines), grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(list(shapely.get_parts(noded))))
    rings = [Polygon(face.exterior) for face in faces]
    kept = []
    for face in faces:
        at = face.representative_point()
        if sum(ring.contains(at) for ring in rings) % 2:
            kept.append(face)
    return cleaned(_together(kept)) if kept else MultiPolygon()


def cleaned(shape: BaseGeometry) -> BaseGeometry:
    """Its areas without specks and without corners that turn nothing."""
    parts = [
        part
        for part in shapely.get_parts(shapely.make_valid(shape))
        if isinstance(part, Polygon) and part.area > _SPECK_M2
    ]
    return shapely.simplify(_together(parts), _GRID_M * 10) if parts else MultiPolygon()


def _together(areas: list[Polygon]) -> BaseGeometry:
    """Several areas as one; most things are one area."""
    return areas[0] if len(areas) == 1 else shapely.union_all(areas)
