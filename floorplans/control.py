"""Control points: where two or more spots of a drawing are on Earth, as staff say beside it.

A similarity (turned, scaled and moved, never mirrored) is fitted by least squares, and what is left
over at each point is told.
"""

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import numpy as np
import shapely
from numpy.typing import NDArray

from floorplans.limits import MAX_EXTENT_M, MIN_EXTENT_M
from floorplans.sheet import Json, Sheet, as_list, as_number, as_object, as_text
from navkit.plan.frame import Frame, Grid, grid_of
from navkit.plan.moved import moved
from navkit.plan.plan import Plan
from navkit.words.findings import Finding, PlanError

OFF_M = 1.0
"""A point that is left over by more is told as a mistake: people stand at the next door."""
_EQUAL_M = 0.05
"""Two points that are nearer say nothing of the direction."""
_ALIKE = 1.02
"""A scale that differs by more contradicts the drawing's own."""
_MIRRORED = 0.5
"""A drawing is mirrored if it fits so much better that way. A guess."""
_DEGREES = "OGC:CRS84"

Xy = tuple[float, float]
Locate = Callable[[str, Xy], Xy]
"""From the stem of a file and a spot in its own numbers to where the plan has that spot."""


@dataclass(frozen=True)
class Point:
    """A spot of the drawing, and where it is on Earth."""

    number: int
    """As it is counted in the file, from 1."""
    file: str
    """The stem of the drawing's file in small letters; "" if the file does not say."""
    drawn: Xy
    lonlat_deg: Xy


@dataclass(frozen=True)
class Fit:
    """How numbers become metres of a frame: as complex numbers, times `turn`, then plus `shift`."""

    turn: complex
    shift: complex
    left_m: tuple[float, ...]
    """At each point, how far it is from where it should be."""

    @property
    def scale(self) -> float:
        return abs(self.turn)

    @property
    def turned_deg(self) -> float:
        """Counterclockwise."""
        return math.degrees(math.atan2(self.turn.imag, self.turn.real))

    def __call__(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        there = _complex(xy) * self.turn + self.shift
        return np.column_stack([there.real, there.imag]).astype(np.float64).round(4)


@dataclass(frozen=True)
class Control:
    """All points of one building."""

    points: tuple[Point, ...]
    where: str
    """The file that says them."""

    @property
    def frame(self) -> Frame:
        lon, lat = np.mean([one.lonlat_deg for one in self.points], axis=0)
        return Frame.near(float(lon), float(lat))

    def fit(self, locate: Locate) -> Fit:
        """Of where the plan has the points. A `PlanError` if two are at one spot, or if the drawing
        is mirrored."""
        here = _complex(np.array([locate(one.file, one.drawn) for one in self.points]))
        there = _complex(self.frame.to_metres(np.array([one.lonlat_deg for one in self.points])))
        for a, one in enumerate(self.points):
            for b, other in enumerate(self.points[:a]):
                if here[a] == here[b] or abs(there[a] - there[b]) < _EQUAL_M:
                    numbers = {"one": str(other.number), "other": str(one.number)}
                    raise PlanError("georeference-points-equal", self.where, **numbers)
        found, mirrored = _fitted(here, there), _fitted(here.conj(), there)
        off = max(found.left_m)
        if off > OFF_M and max(mirrored.left_m) < _MIRRORED * off:
            slots = {"off": f"{off:.1f}", "mirrored": f"{max(mirrored.left_m):.1f}"}
            raise PlanError("georeference-mirrored", self.where, **slots)
        return found

    def findings(self, fit: Fit) -> Iterator[Finding]:
        """How well the points agree, and the worst if it is far off."""
        left = [f"{p.number}: {m:.2f} m" for p, m in zip(self.points, fit.left_m, strict=True)]
        lon, lat = self.points[0].lonlat_deg
        slots = {
            "count": str(len(left)),
            "left": ", ".join(left),
            "turned": f"{fit.turned_deg:.1f}",
            "lon": f"{lon:.5f}",
            "lat": f"{lat:.5f}",
        }
        yield Finding("georeferenced", self.where, slots)
        worst = max(range(len(left)), key=lambda n: fit.left_m[n])
        if fit.left_m[worst] > OFF_M:
            point = self.points[worst]
            x, y = point.drawn
            said = {"number": str(point.number), "x": f"{x:g}", "y": f"{y:g}"}
            off = {"off": f"{fit.left_m[worst]:.1f}", "left": slots["left"]}
            yield Finding("georeference-off", self.where, said | off)


def _complex(xy: NDArray[np.float64]) -> NDArray[np.complex128]:
    return np.asarray(xy[:, 0] + 1j * xy[:, 1], dtype=np.complex128)


def _fitted(here: NDArray[np.complex128], there: NDArray[np.complex128]) -> Fit:
    middle, aim = here.mean(), there.mean()
    off, away = here - middle, there - aim
    turn = complex((off.conj() * away).sum() / (abs(off) ** 2).sum())
    shift = complex(aim - turn * middle)
    left = abs(here * turn + shift - there)
    return Fit(turn, shift, tuple(float(one) for one in left))


def read_control(beside: Sheet | None) -> Control | None:
    """What `[georeference]` of a `mapping.toml` says; None if there is none. A `PlanError` says
    what of it cannot be used."""
    if beside is None or beside.suffix != ".toml":
        return None
    try:
        said = tomllib.loads(beside.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError("mapping-broken", beside.name, why=str(error)[:120]) from error
    if "georeference" not in said:
        return None
    table = as_object(said["georeference"])
    crs = table.get("crs", _DEGREES)
    grid = grid_of(f"EPSG:{crs}" if isinstance(crs, int) else as_text(crs))
    if grid is None or grid.is_local:
        raise PlanError("georeference-crs-unknown", beside.name, crs=str(crs)[:60])
    rows = as_list(table.get("points"))
    points = [_point(n, as_object(raw), grid, beside.name) for n, raw in enumerate(rows, start=1)]
    if len(points) < 2:
        raise PlanError("georeference-points-few", beside.name, count=str(len(points)))
    return Control(tuple(points), beside.name)


def _point(number: int, raw: Mapping[str, Json], grid: Grid, where: str) -> Point:
    drawn, world = _pair(raw.get("drawing")), _pair(raw.get("world"))
    on_earth = _on_earth(world, grid) if world else None
    if drawn is None or on_earth is None:
        raise PlanError("georeference-point-unread", where, number=str(number))
    file = PurePosixPath(as_text(raw.get("file"))).stem.casefold()
    return Point(number, file, drawn, on_earth)


def _pair(raw: Json) -> Xy | None:
    numbers = [as_number(one) for one in as_list(raw)]
    if len(numbers) != 2 or any(n is None or not math.isfinite(n) for n in numbers):
        return None
    return float(numbers[0] or 0), float(numbers[1] or 0)


def _on_earth(world: Xy, grid: Grid) -> Xy | None:
    """In degrees. Of a grid in its own order of axes, else in the other: x of some goes north."""
    for one in (grid,) if grid.is_degrees else (grid, replace(grid, swapped=True)):
        lon, lat = (float(n) for n in one.to_degrees(np.array([world]))[0])
        if abs(lon) <= 180 and abs(lat) < 90 and one.covers(lon, lat):
            return lon, lat
    return None


def on_earth(plan: Plan, control: Control | None, locate: Locate) -> Plan:
    """`plan`, in metres of its own, where its control points say that it is."""
    if control is None or plan.frame is not None:
        return plan
    fit = control.fit(locate)
    findings = [*control.findings(fit)]
    if max(fit.scale, 1 / fit.scale) > _ALIKE:
        slots = {"factor": f"{fit.scale:.3f}", "percent": f"{abs(fit.scale - 1):.0%}"}
        findings.append(Finding("georeference-scale", control.where, slots))
    plan = moved(plan, fit)
    _must_be_a_building(plan, control.where)
    turned = fit.turned_deg
    return replace(
        plan,
        frame=control.frame,
        doors=tuple(replace(d, width_m=_times(d.width_m, fit.scale)) for d in plan.doors),
        paths=tuple(replace(p, width_m=_times(p.width_m, fit.scale)) for p in plan.paths),
        anchors=tuple(
            replace(
                a, bearing_deg=None if a.bearing_deg is None else (a.bearing_deg - turned) % 360
            )
            for a in plan.anchors
        ),
        findings=(*plan.findings, *findings),
    )


def _must_be_a_building(plan: Plan, where: str) -> None:
    """One wrong digit makes a county of it."""
    drawn = [*(one.outline for one in plan.spaces), *(one.points for one in plan.paths)]
    left, low, right, high = shapely.total_bounds(np.array(drawn, dtype=object))
    extent_m = max(right - left, high - low)
    if extent_m > MAX_EXTENT_M:
        raise PlanError("building-too-large", where, extent=f"{extent_m / 1000:.0f}")
    if extent_m < MIN_EXTENT_M:
        raise PlanError("building-too-small", where, extent=f"{extent_m:.3g}")


def _times(width_m: float | None, factor: float) -> float | None:
    return None if width_m is None else round(width_m * factor, 3)


def one_file(control: Control, stems: Sequence[str]) -> str:
    """The file of all points, where each of several files has numbers of its own. A `PlanError` if
    they do not name one that is there."""
    named = {point.file for point in control.points}
    if len(stems) == 1 and named <= {"", stems[0]}:
        return stems[0]
    if len(named) != 1 or not named <= {*stems}:
        raise PlanError("georeference-file", control.where, known=", ".join(stems[:12]))
    return named.pop()
