"""The unit of a drawing: never believed, but weighed by what people build.

A leaf of a door is 0.55 to 1.5 m wide, half of all rooms have 3 to 500 m², a floor is 5 m to
1.5 km wide. Units of CAD are a factor of 2.5 or more apart, so seldom do two fit.
"""

from collections.abc import Mapping, Sequence
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
