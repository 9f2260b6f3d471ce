"""A drawing by CAD: lines, closed lines, arcs and texts on layers, in its own unit.

Every reader of a CAD format makes one, and `cad_plan` makes a plan of it.
"""

import math
from dataclasses import dataclass

from shapely import LineString, Polygon

from navkit.words.findings import Finding

Xy = tuple[float, float]

_ARC_STEP_DEG = 15.0
"""Arcs become lines with a corner this often."""
_XREF = "$0$"


def own_layer(name: str) -> str:
    """A layer's name without that of a bound external reference: ``plan$0$A-WALL`` is A-WALL."""
    return name.rpartition(_XREF)[2]


@dataclass(frozen=True)
class Shape:
    """An open line, or the area in a closed one."""

    layer: str
    drawn: LineString | Polygon
    block: int = 0
    """The number of the block that it was inserted with, 0 for none: its shapes belong together."""
    name: str = ""
    """What the file calls it: often the number of a room, and on a door of the room behind it."""


@dataclass(frozen=True)
class Arc:
    """A part of a circle; a quarter of one on a layer of doors is the swing of a leaf."""

    layer: str
    centre: Xy
    radius: float
    from_deg: float
    to_deg: float
    """Counterclockwise from `from_deg`."""
    block: int = 0

    @property
    def turn_deg(self) -> float:
        """How far it turns, up to 360 degrees."""
        return (self.to_deg - self.from_deg) % 360 or 360.0

    def points(self) -> list[Xy]:
        """Corners along it."""
        count = max(2, math.ceil(self.turn_deg / _ARC_STEP_DEG) + 1)
        turns = (
            math.radians(self.from_deg + self.turn_deg * i / (count - 1)) for i in range(count)
        )
        x, y = self.centre
        return [(x + self.radius * math.cos(a), y + self.radius * math.sin(a)) for a in turns]

    def sector(self) -> Polygon:
        """The area between the arc and its centre."""
        return Polygon([self.centre, *self.points()])


@dataclass(frozen=True)
class Words:
    """A text, at the middle of its box."""

    layer: str
    at: Xy
    text: str
    """Lines are separated by ``\\n``."""


@dataclass(frozen=True)
class Drawing:
    """One file, or one model space of it."""

    sheet: str
    shapes: tuple[Shape, ...]
    arcs: tuple[Arc, ...]
    words: tuple[Words, ...]
    unit_m: float | None
    """Metres of a unit as the file says; None if it says nothing."""
    findings: tuple[Finding, ...] = ()
    on_paper: bool = False
    """Whether units are those of a sheet or a screen, so that they say nothing of the building
    without a scale."""
    is_down: bool = False
    """Whether the file counts y downwards; here it grows upwards."""
    storey: str = ""
    """What a title on it says, if the file draws several storeys: ``2F``."""
