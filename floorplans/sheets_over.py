"""Storeys that were drawn on sheets of their own, laid over each other by stairs and lifts.

Each sheet has its own corner and sometimes its own scale. What lies in place is left alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from floorplans.picture_shafts import Fit, Shaft, fit, fit_of_pairs
from navkit.plan.plan import SHAFTS, Plan, PlanLevel
from navkit.words.findings import Finding

_Drawn = TypeVar("_Drawn", bound=BaseGeometry)

_IN_PLACE_M = 1.5
"""Shafts of two floors that are this near are one, as drawings of one frame have them."""
_LEAST_IN_PLACE = 0.5
"""The share of a floor's shafts that lie over others', if the floor is in place. A guess."""
_MOST_TRIED = 3
"""Floors onto which one is tried to be laid, the nearest first."""
_OFF_M = 1.0
"""How far named shafts may be off when they are laid on those of the same names."""
_FACTORS = (0.75, 1.34)
"""Scales that are guessed by doors differ by less."""


@dataclass(frozen=True)
class _Floor:
    level: PlanLevel
    shafts: Sequence[Shaft]
    names: Sequence[str]
    """Of the shafts, by their `place`."""
    width: float

    def share_over(self, others: Sequence["_Floor"]) -> float:
        """The share of its shafts that lie over those of other floors."""
        near = [
            any(
                one.kind == other.kind and hypot(one.x - other.x, one.y - other.y) <= _IN_PLACE_M
                for floor in others
                if floor is not self
                for other in floor.shafts
            )
            for one in self.shafts
        ]
        return sum(near) / len(near) if near else 1.0

    def moved(self, fitted: Fit) -> "_Floor":
        places = [fitted.moved(one.x, one.y) for one in self.shafts]
        moved = [replace(one, x=x, y=y) for one, (x, y) in zip(self.shafts, places, strict=True)]
        return replace(self, shafts=moved)


def laid_over(plan: Plan, stays: str = "") -> Plan:
    """`plan` in metres with each storey over the others of its building; findings say which were
    moved, and which lie apart because too few shafts agree. The level `stays` is not moved."""
    findings: list[Finding] = []
    for building in sorted({level.building for level in plan.levels}):
        floors = [_floor(plan, one) for one in plan.levels if one.building == building]
        for level, fitted in _fits(floors, plan.source, findings, stays):
            plan = _moved(plan, level, fitted)
    return replace(plan, findings=(*plan.findings, *findings))


def _floor(plan: Plan, level: PlanLevel) -> _Floor:
    here = [one for one in plan.spaces if one.level == level.key]
    shafts = [one for one in here if one.kind in SHAFTS]
    left, _, right, _ = shapely.total_bounds(np.array([s.outline for s in here], dtype=object))
    middles = [one.outline.centroid for one in shafts]
    return _Floor(
        level,
        [Shaft(n, s.kind, m.x, m.y) for n, (s, m) in enumerate(zip(shafts, middles, strict=True))],
        [one.names.get("", "") or one.ref for one in shafts],
        float(right - left),
    )


def _fits(
    floors: Sequence[_Floor], source: str, findings: list[Finding], stays: str
) -> list[tuple[str, Fit]]:
    """The floors that are not in place, each with how it is laid over one that is."""
    floors = [one for one in floors if one.shafts]
    fixed = [one for one in floors if one.level.key == stays]
    over = fixed or floors
    placed = [one for one in floors if one in fixed or one.share_over(over) >= _LEAST_IN_PLACE]
    waiting = [one for one in floors if one not in placed]
    if waiting and not placed:
        placed.append(waiting.pop(waiting.index(max(waiting, key=lambda one: len(one.shafts)))))
    found: list[tuple[str, Fit]] = []
    for floor in waiting:
        label = floor.level.label or floor.level.key
        near = sorted(placed, key=lambda one: abs(one.level.ordinal - floor.level.ordinal))
        tried = ((other, _fit(floor, other)) for other in near[:_MOST_TRIED])
        other, fitted = next(((o, f) for o, f in tried if f), (near[0], None))
        slots = {"level": label, "other": other.level.label or other.level.key}
        if fitted is None:
            findings.append(Finding("sheet-lies-apart", source, slots))
            continue
        placed.append(floor.moved(fitted))
        found.append((floor.level.key, fitted))
        slots |= {"count": str(len(fitted.pairs)), "factor": f"{fitted.factor:.3f}"}
        findings.append(Finding("sheet-laid-over", source, slots))
    return found


def _fit(floor: _Floor, other: _Floor) -> Fit | None:
    """By shafts of the same names, else by how all lie."""
    theirs = {name: s for name, s in zip(other.names, other.shafts, strict=True) if name}
    pairs = [
        (one, theirs[name])
        for name, one in zip(floor.names, floor.shafts, strict=True)
        if name in theirs and floor.names.count(name) == other.names.count(name) == 1
    ]
    found = None
    if len(pairs) >= 2:
        by_name = fit_of_pairs([(a.x, a.y, b.x, b.y) for a, b in pairs])
        off = max(hypot(x - b.x, y - b.y) for a, b in pairs for x, y in [by_name.moved(a.x, a.y)])
        if off <= _OFF_M:
            found = replace(by_name, pairs=tuple((a.place, b.place) for a, b in pairs))
    found = found or fit(floor.shafts, other.shafts, other.width)
    least, most = _FACTORS
    return found if found and least <= found.factor <= most else None


def _moved(plan: Plan, level: str, fitted: Fit) -> Plan:
    """`plan` with all of one storey moved."""

    def over(drawn: _Drawn) -> _Drawn:
        by = np.array([fitted.dx, fitted.dy])
        return shapely.transform(drawn, lambda xy: xy * fitted.factor + by)

    return replace(
        plan,
        spaces=tuple(
            replace(one, outline=over(one.outline)) if one.level == level else one
            for one in plan.spaces
        ),
        doors=tuple(
            replace(one, line=over(one.line)) if one.level == level else one for one in plan.doors
        ),
        paths=tuple(
            replace(one, points=over(one.points)) if one.levels == (level,) else one
            for one in plan.paths
        ),
        walls=tuple((key, over(one) if key == level else one) for key, one in plan.walls),
        floors=tuple((key, over(one) if key == level else one) for key, one in plan.floors),
        points=tuple(
            replace(one, point=over(one.point)) if one.level == level else one
            for one in plan.points
        ),
    )
