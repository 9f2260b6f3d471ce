"""Whether numbers are degrees or metres, and the frame in which they are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from floorplans.limits import MAX_EXTENT_M, MIN_EXTENT_M
from navkit.plan.frame import Frame, Grid, grid_of
from navkit.words.findings import Finding, PlanError

Unit = Literal["deg", "m"]

_M_PER_DEG = 111_320.0
"""Metres of one degree of latitude, and of longitude at the equator."""
_FAR_M = 100_000.0
"""Local metres further from their origin than this belong to a national or world grid."""
_HAND_M = 0.1
_MOST_PLACES = 20
"""More groups than this are no sites, but numbers that mean something else."""
_CLUSTER_SHARE = 0.9
"""Share of the features that must be close together before the rest is left out as stray."""


@dataclass(frozen=True)
class Georeference:
    """How to read a drawing's numbers."""

    frame: Frame | None
    stray: frozenset[int] = frozenset()
    """Indices of geometries that are kilometres away from all others."""
    findings: tuple[Finding, ...] = field(default=())
    grid: Grid | None = None
    """The grid of a map in which the numbers are; None for degrees and local metres."""

    def to_metres(self, drawn: BaseGeometry) -> BaseGeometry:
        """In the frame, to 0.1 mm: neighbours that shared a point still do."""
        frame, grid = self.frame, self.grid
        if frame is None:
            return drawn

        def placed(xy: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.round(frame.to_metres(grid.to_degrees(xy) if grid else xy), 4)

        return shapely.transform(drawn, placed)


def decide(
    geometries: Sequence[BaseGeometry], *, said: Unit | None, crs: str, where: str
) -> Georeference:
    """Read `geometries` as degrees or metres: as `said`, else as whatever makes a building.

    A building is 5 m to 5 km wide, so 40 m read as degrees would be 4,000 km and
    0.0004° read as metres 0.4 mm: never both. `crs` is what a GeoJSON `crs` member, or a
    ``.prj`` beside it, names, ``""`` if there is none; it is used only if the numbers agree.
    """
    bounds = shapely.bounds(np.array(geometries, dtype=object)).reshape(-1, 4)
    if not len(bounds) or np.isnan(bounds).all():
        raise PlanError("nothing-drawn", where)
    if said != "deg" and crs and (found := _in_grid(bounds, crs, where)):
        return found
    metres = _Reading(False, _extent(bounds)) if _is_tiny(bounds) else _as_metres(bounds)
    readings: dict[Unit, _Reading] = {"deg": _as_degrees(bounds), "m": metres}
    findings: list[Finding] = []
    if said is None and crs:
        declared = _unit_of_crs(crs)
        if declared is None:
            if not readings["deg"].plausible and not (grid_of(crs) and readings["m"].plausible):
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


def _is_tiny(bounds: NDArray[np.float64]) -> bool:
    """Whether most things that have a size would be smaller than a hand in metres."""
    sizes = np.max(bounds[:, 2:] - bounds[:, :2], axis=1)
    sizes = sizes[sizes > 0]
    return bool(len(sizes) and np.median(sizes) < _HAND_M)


def _extent(bounds: NDArray[np.float64]) -> float:
    wide = np.nanmax(bounds[:, 2]) - np.nanmin(bounds[:, 0])
    high = np.nanmax(bounds[:, 3]) - np.nanmin(bounds[:, 1])
    return float(max(wide, high))


def _unit_of_crs(crs: str) -> Unit | None:
    """Of a grid None, because its numbers are metres only where the grid is known."""
    grid = grid_of(crs)
    if grid is None:
        name = crs.upper()
        return "m" if "LOCAL" in name or "ENGINEERING" in name else None
    return "deg" if grid.is_degrees else "m" if grid.is_local else None


def _in_grid(bounds: NDArray[np.float64], crs: str, where: str) -> Georeference | None:
    """The numbers as those of a map's grid: in its own order of axes, else in the other, where
    the building is then where the grid is used. None if it is neither, or `crs` is no grid."""
    grid = grid_of(crs)
    if grid is None or grid.is_degrees or grid.is_local or _as_degrees(bounds).plausible:
        return None
    for one in (grid, Grid(crs, swapped=True)):
        corners = np.hstack([one.to_degrees(bounds[:, :2]), one.to_degrees(bounds[:, 2:])])
        corners[~np.isfinite(corners)] = np.nan
        boxed = np.hstack(
            [np.fmin(corners[:, :2], corners[:, 2:]), np.fmax(corners[:, :2], corners[:, 2:])]
        )
        if np.isnan(boxed).all():
            continue
        reading = _as_degrees(boxed)
        lon, lat = _middle(np.delete(boxed, sorted(reading.stray), axis=0))
        if reading.plausible and one.covers(lon, lat):
            slots = {"crs": one.name, "lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}
            findings = [Finding("grid-read", where, slots)]
            if reading.stray:
                count = str(len(reading.stray))
                findings.append(Finding("stray-left-out", where, {"count": count}))
            return Georeference(Frame.near(lon, lat), reading.stray, tuple(findings), one)
        if one.covers(lon, lat) and np.isfinite(reading.extent_m):
            _refuse_several(boxed, where)
    return None


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
    _refuse_several(bounds, where)
    extent_m = degrees_m if said == "deg" else metres_m
    if extent_m < MIN_EXTENT_M:
        raise PlanError("building-too-small", where, extent=f"{extent_m:.3g}")
    raise PlanError("building-too-large", where, extent=f"{extent_m / 1000:.0f}")


def _refuse_several(bounds: NDArray[np.float64], where: str) -> None:
    """Raise if the numbers are several groups of things, each of the size of a building."""
    is_degrees = np.nanmax(np.abs(bounds)) <= 180
    near = 1_000 / _M_PER_DEG if is_degrees else 1_000.0
    known = bounds[np.max(bounds[:, 2:] - bounds[:, :2], axis=1) > 0]
    if not len(known):
        return
    boxes = shapely.box(*(known + np.array([-near, -near, near, near])).T)
    groups = shapely.get_parts(shapely.union_all(boxes))
    if not 1 < len(groups) <= _MOST_PLACES:
        return
    found = []
    for group in groups:
        inside = known[shapely.intersects(boxes, group)]
        if not (_as_degrees if is_degrees else _as_metres)(inside).plausible:
            return
        x, y = _middle(inside)
        found.append((-len(inside), f"{x:.5f}, {y:.5f} ({len(inside)})"))
    places = "; ".join(text for _, text in sorted(found))
    raise PlanError("several-sites", where, count=str(len(groups)), places=places)
