"""From degrees to metres and back: the only module that knows map projections."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pyproj import Transformer

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


@cache
def _transformer(frame: Frame) -> "Transformer":
    from pyproj import (
        CRS,
        Transformer,
    )  # Imported here: most programs query a venue, and read no drawing.

    local = CRS.from_proj4(
        f"+proj=tmerc +lon_0={frame.origin_lon_deg} +lat_0={frame.origin_lat_deg} "
        "+k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
    )
    return Transformer.from_crs("OGC:CRS84", local, always_xy=True)
