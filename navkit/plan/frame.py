"""From degrees and the grids of maps to metres: the only module that knows map projections."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Points = NDArray[np.float64]
"""Shape (n, 2)."""


@dataclass(frozen=True)
class Frame:
    """A local frame in metres, x east and y north, around an origin in degrees (WGS 84).

    A transverse Mercator with scale 1 at the origin: lengths are true to
    1 part in 10 million within 3 km, which is larger than any hospital.
    """

    origin_lon_deg: float
    origin_lat_deg: float

    @classmethod
    def near(cls, lon_deg: float, lat_deg: float) -> "Frame":
        """The frame whose origin is rounded to 0.01°, so a drawing redrawn keeps its frame."""
        return cls(round(lon_deg, 2), round(lat_deg, 2))

    def to_metres(self, lonlat_deg: Points) -> Points:
        """Shape (n, 2) in degrees, longitude first, to metres in this frame."""
        x, y = _transformer(self).transform(lonlat_deg[:, 0], lonlat_deg[:, 1])
        return np.column_stack([x, y])

    def to_degrees(self, xy_m: Points) -> Points:
        """Shape (n, 2) in metres to degrees, longitude first."""
        lon, lat = _transformer(self).transform(xy_m[:, 0], xy_m[:, 1], direction="INVERSE")
        return np.column_stack([lon, lat])


@dataclass(frozen=True)
class Grid:
    """The coordinate system of a map, in which a drawing's numbers may be."""

    definition: str
    """As a drawing names it: ``"EPSG:4547"``, ``"urn:ogc:def:crs:EPSG::32650"``, a name, WKT."""
    swapped: bool = False
    """Whether the second number of a point goes east; usually the first does."""

    @property
    def is_degrees(self) -> bool:
        return bool(_crs(self.definition).is_geographic)

    @property
    def is_local(self) -> bool:
        """Whether it has metres, and no place on Earth."""
        crs = _crs(self.definition)
        return not (crs.is_geographic or crs.is_projected)

    @property
    def name(self) -> str:
        return str(_crs(self.definition).name)

    def to_degrees(self, xy: Points) -> Points:
        """Shape (n, 2) in the grid's own unit to degrees, longitude first; infinite if the grid
        has no such point."""
        x, y = (xy[:, 1], xy[:, 0]) if self.swapped else (xy[:, 0], xy[:, 1])
        return np.column_stack(_to_degrees(self.definition).transform(x, y))

    def covers(self, lon_deg: float, lat_deg: float) -> bool:
        """Whether a point is where this grid is used, or within a degree of it."""
        area = _crs(self.definition).area_of_use
        if area is None:
            return abs(lat_deg) <= 90
        inside = area.west - 1 <= lon_deg <= area.east + 1 or area.west > area.east
        return bool(inside and area.south - 1 <= lat_deg <= area.north + 1)


def grid_of(definition: str) -> Grid | None:
    """The coordinate system that a text means; None if it means none."""
    from pyproj.exceptions import CRSError

    try:
        _crs(definition)
    except CRSError:
        return None
    return Grid(definition)


@cache
def _crs(definition: str) -> "CRS":
    from pyproj import CRS

    return CRS.from_user_input(definition)


@cache
def _to_degrees(definition: str) -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_crs(_crs(definition), "OGC:CRS84", always_xy=True)


@cache
def _transformer(frame: Frame) -> "Transformer":
    # Imported here: most programs query a venue, and read no drawing.
    from pyproj import CRS, Transformer

    local = CRS.from_proj4(
        f"+proj=tmerc +lon_0={frame.origin_lon_deg} +lat_0={frame.origin_lat_deg} "
        "+k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
    )
    return Transformer.from_crs("OGC:CRS84", local, always_xy=True)
