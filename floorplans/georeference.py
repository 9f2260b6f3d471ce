"""Whether numbers are degrees or metres, and the frame in which they are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from floorplans.limits import MAX_EXTENT_M, MIN_EXTENT_M
from navkit.plan.frame import Frame
from navkit.words.findings import Finding, PlanError

Unit = Literal["deg", "m"]

_M_PER_DEG = 111_320.0
"""Metres of one degree of latitude, and of longitude at the equator."""
_FAR_M = 100_000.0
"""Local metres further from their origin than this belong to a national or world grid."""
_CLUSTER_SHARE = 0.9
"""Share of the features that must be close together before the rest is left out as stray."""


@dataclass(frozen=True)
class Georeference:
    """How to read a drawing's numbers."""

    frame: Frame | None
    stray: frozenset[int] = frozenset()
    """Indices of geometries that are kilometres away from all others."""
    findings: tuple[Finding, ...] = field(default=())

    def to_metres(self, drawn: BaseGeometry) -> BaseGeometry:
        """In the frame, to 0.1 mm: neighbours that shared a point still do."""
        frame = self.frame
        if frame is None:
            return drawn
        return shapely.transform(drawn, lambda xy: np.round(frame.to_metres(xy), 4))


def decide(
    geometries: Sequence[BaseGeometry], *, said: Unit | None, crs: str, where: str
) -> Georeference:
    """Read `geometries` as degrees or metres: as `said`, else as whatever makes a building.

    A building is 5 m to 5 km wide, so 40 m read as degrees would be 4,000 km and
    0.0004° read as metres 0.4 mm: never both. `crs` is what a GeoJSON `crs` member
    names, ``""`` if there is none; it is used only if the numbers agree.
    """
    bounds = shapely.bounds(np.array(geometries, dtype=object)).reshape(-1, 4)
    if not len(bounds) or np.isnan(bounds).all():
        raise PlanError("nothing-drawn", where)
    readings: dict[Unit, _Reading] = {"deg": _as_degrees(bounds), "m": _as_metres(bounds)}
    findings: list[Finding] = []
    if said is None and crs:
        declared: Unit | None = _unit_of_crs(crs)
        if declared is None:
            if not readings["deg"].plausible:
                raise PlanError("crs-not-read", where, crs=crs)
            findings.append(Finding("crs-contradicts-numbers", where, {"crs": crs}))
        elif not readings[declared].plausible and readings["m"].plausible:
            findings.append(Finding("crs-contradicts-numbers", where, {"crs": crs}))
    unit: Unit = said or ("deg" if readings["deg"].plausible else "m")
    reading = readings[unit]
    if not reading.plausible:
        _refuse(readings, unit if said else None, bounds, where)
    if reading.stray:
        findings.append(Finding("stray-left-out", where, {"count": str(len(reading.stray))}))
    if unit == "m":
        reach_m = float(np.nanmax(np.abs(bounds)))
        if reach_m > _FAR_M:
            findings.append(Finding("metres-of-a-grid", where, {"far": f"{reach_m / 1000:.0f}"}))
        return Georeference(None, reading.stray, tuple(findings))
    kept = np.delete(bounds, sorted(reading.stray), axis=0)
    lon, lat = _middle(kept)
    return Georeference(Frame.near(lon, lat), reading.stray, tuple(findings))


@dataclass(frozen=True)
class _Reading:
    plausible: bool
    extent_m: float
    stray: frozenset[int] = frozenset()


def _middle(bounds: NDArray[np.float64]) -> tuple[float, float]:
    return (
        float((np.nanmin(bounds[:, 0]) + np.nanmax(bounds[:, 2])) / 2),
        float((np.nanmin(bounds[:, 1]) + np.nanmax(bounds[:, 3])) / 2),
    )


def _as_degrees(bounds: NDArray[np.float64]) -> _Reading:
    inside = np.nanmax(np.abs(bounds[:, [0, 2]])) <= 180 and (
        np.nanmax(np.abs(bounds[:, [1, 3]])) <= 90
    )
    if not inside:
        return _Reading(False, float("inf"))
    middle = np.nanmedian(bounds[:, [1, 3]])
    across = _M_PER_DEG * max(0.01, float(np.cos(np.radians(middle))))
    return _as_metres(bounds * np.array([across, _M_PER_DEG, across, _M_PER_DEG]))


def _as_metres(bounds: NDArray[np.float64]) -> _Reading:
    extent_m = _extent(bounds)
    if extent_m <= MAX_EXTENT_M:
        return _Reading(extent_m >= MIN_EXTENT_M, extent_m)
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    off = np.abs(centres - np.nanmedian(centres, axis=0)).max(axis=1)
    far = ~(off <= MAX_EXTENT_M / 2)
    kept = bounds[~far]
    if len(kept) < _CLUSTER_SHARE * len(bounds) or not MIN_EXTENT_M <= _extent(kept) <= (
        MAX_EXTENT_M
    ):
        return _Reading(False, extent_m)
    return _Reading(True, _extent(kept), frozenset(int(i) for i in np.flatnonzero(far)))


def _extent(bounds: NDArray[np.float64]) -> float:
    wide = np.nanmax(bounds[:, 2]) - np.nanmin(bounds[:, 0])
    high = np.nanmax(bounds[:, 3]) - np.nanmin(bounds[:, 1])
    return float(max(wide, high))


def _unit_of_crs(crs: str) -> Unit | None:
    name = crs.upper().replace(" ", "")
    if name.endswith(("CRS84", "4326", "4490", "CRS84H", "4979")):
        return "deg"
    return "m" if "LOCAL" in name or "ENGINEERING" in name else None


def _refuse(
    readings: dict[Unit, _Reading], said: Unit | None, bounds: NDArray[np.float64], where: str
) -> None:
    """Raise the most likely mistake in numbers that make no building."""
    metres_m, degrees_m = readings["m"].extent_m, readings["deg"].extent_m
    if said == "deg" and readings["m"].plausible:
        raise PlanError("metres-as-degrees", where, extent=f"{metres_m:.0f}")
    if said == "m" and readings["deg"].plausible:
        raise PlanError("degrees-as-metres", where)
    swapped = bounds[:, [1, 0, 3, 2]]
    if said != "m" and np.nanmax(np.abs(bounds[:, 1])) > 90 and _as_degrees(swapped).plausible:
        raise PlanError("axes-swapped", where)
    if MIN_EXTENT_M <= metres_m / 1000 <= MAX_EXTENT_M and said != "deg":
        raise PlanError("drawn-in-millimetres", where, extent=f"{metres_m / 1000:.0f}")
    if said == "deg" and degrees_m == float("inf"):
        raise PlanError("degrees-out-of-range", where)
    extent_m = degrees_m if said == "deg" else metres_m
    if extent_m < MIN_EXTENT_M:
        raise PlanError("building-too-small", where, extent=f"{extent_m:.3g}")
    raise PlanError("building-too-large", where, extent=f"{extent_m / 1000:.0f}")
