"""The unit of a drawing: never believed, but weighed by what people build.

A leaf of a door is 0.55 to 1.5 m wide, half of all rooms have 3 to 500 m², a floor is 5 m to
1.5 km wide. Units of CAD are a factor of 2.5 or more apart, so seldom do two fit.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from navkit.words.findings import Finding, PlanError

UNITS_M: Mapping[str, float] = {
    "mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "in": 0.0254, "ft": 0.3048,
}  # fmt: skip

_LEAF_M = (0.55, 1.5)
_ROOM_M2 = (3.0, 500.0)
_FLOOR_M = (5.0, 1500.0)
_USUAL_LEAF_M = 0.9


@dataclass(frozen=True)
class Measures:
    """In the drawing's own unit."""

    floor: float
    """The longer side of the box of all that is built."""
    leaves: Sequence[float] = ()
    """Widths of door leaves."""
    rooms: Sequence[float] = ()
    """Areas of rooms."""

    def fits(self, unit_m: float) -> bool:
        """Whether people build like that, if this is the unit."""
        return all(
            least <= value <= most
            for value, (least, most) in (
                (self.floor * unit_m, _FLOOR_M),
                *([(median(self.leaves) * unit_m, _LEAF_M)] if self.leaves else []),
                *([(median(self.rooms) * unit_m**2, _ROOM_M2)] if self.rooms else []),
            )
        )

    def strangeness(self, unit_m: float) -> float:
        """How far the leaves, or else the rooms, are from usual ones."""
        if self.leaves:
            return max(ratio := median(self.leaves) * unit_m / _USUAL_LEAF_M, 1 / ratio)
        area = median(self.rooms) * unit_m**2 / 20 if self.rooms else self.floor * unit_m / 60
        return max(area, 1 / area)


def decide(measures: Measures, said_m: float | None, where: str) -> tuple[float, list[Finding]]:
    """Metres of the unit. What the file says holds if it fits; else the likeliest that does, with
    a finding that shows both readings. A `PlanError` if no unit makes a building."""
    fitting = {name: m for name, m in UNITS_M.items() if measures.fits(m)}
    if said_m is not None and any(abs(m / said_m - 1) < 1e-6 for m in fitting.values()):
        return said_m, []
    if not fitting:
        shown = ", ".join(f"{measures.floor * m:.3g} m ({name})" for name, m in UNITS_M.items())
        raise PlanError("unit-unclear", where, sizes=shown)
    name = min(fitting, key=lambda one: measures.strangeness(fitting[one]))
    unit_m = fitting[name]
    slots = {
        "unit": name,
        "wide": f"{measures.floor * unit_m:.0f}",
        "door": f"{median(measures.leaves) * unit_m:.2f}" if measures.leaves else "-",
        "said": next((n for n, m in UNITS_M.items() if m == said_m), "-"),
        "else": f"{measures.floor * said_m:.3g}" if said_m else "-",
    }
    return unit_m, [Finding("unit-from-sizes", where, slots)]


_SCALES = (1, 10, 20, 25, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 750, 1000, 1250, 2000)
"""What 1 stands for on paper."""
_NEAR_SCALE = 1.12
"""Doors this near to a usual scale are drawn to it."""
_WRITTEN = re.compile(r"(?<![\d.:/])1\s*[:：/]\s*(\d{1,4})(?![\d:])")


def written(texts: Iterable[str]) -> float | None:
    """What 1 stands for by a text such as ``1:100``; None if none or several are there."""
    found = {int(one) for text in texts for one in _WRITTEN.findall(text)} & set(_SCALES)
    return float(found.pop()) if len(found) == 1 else None


def decide_on_paper(
    measures: Measures, paper_m: float | None, ratio: float | None, where: str
) -> tuple[float, list[Finding]]:
    """Metres of the unit of a drawing on paper or a screen: `paper_m` are those of the sheet, if
    it has any, and `ratio` is the scale that is written on it. Both hold if doors and rooms have
    usual sizes then; else doors of usual width give the scale, within a quarter, and a finding
    says so. A `PlanError` if there is neither."""
    if paper_m and measures.fits(paper_m):
        return paper_m, []
    said = f"1:{ratio:g}" if ratio else "-"
    slots = {"leaves": str(len(measures.leaves)), "scale": said, "written": said}
    if paper_m and ratio and measures.fits(paper_m * ratio):
        slots["wide"] = f"{measures.floor * paper_m * ratio:.0f}"
        return paper_m * ratio, [Finding("scale-as-written", where, slots)]
    if not measures.leaves:
        raise PlanError("scale-unknown", where, wide=f"{measures.floor:.4g}")
    unit_m = _USUAL_LEAF_M / median(measures.leaves)
    slots["scale"] = f"1:{unit_m / paper_m:.0f}" if paper_m else "-"
    if paper_m:
        near = min(_SCALES, key=lambda one: abs(math.log(one * paper_m / unit_m)))
        if max(off := near * paper_m / unit_m, 1 / off) <= _NEAR_SCALE:
            unit_m, slots["scale"] = near * paper_m, f"1:{near}"
    if not measures.fits(unit_m):
        raise PlanError("scale-unknown", where, wide=f"{measures.floor:.4g}")
    slots |= {"unit": f"{unit_m:.4g}", "wide": f"{measures.floor * unit_m:.1f}"}
    return unit_m, [Finding("scale-from-doors", where, slots)]
