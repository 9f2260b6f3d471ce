"""A walk straight on, as a reader sees it: the points of it, and what leads off it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from navkit.walk.floor import Part
from navkit.walk.said import Point


@dataclass(frozen=True)
class State:
    """Where a reader stands, and which way they face; None: they do not know."""

    level: int
    here: Point
    heading: float | None
    node: int = -1
    """The network's node, for the reader who follows its lines."""


@dataclass(frozen=True)
class Glance:
    """One moment of a walk."""

    walked_m: float
    here: Point
    heading: float
    part: Part | None


@dataclass(frozen=True)
class Opening:
    """A way off the walk on one side."""

    side: int
    """-1 left, 1 right."""
    walked_m: float
    """Where its middle is passed."""
    width_m: float
    then: State
    """Where the reader stands and looks who has turned into it."""
    looks: str
    """`way`, `doorway`, `door` or `shaft`."""
    door: int = -1


@dataclass(frozen=True)
class Stroll:
    """A walk straight on until the floor ends."""

    glances: Sequence[Glance]
    openings: Sequence[Opening]
    first_end_m: float
    """Where the way straight on ends first: by a wall, or a bend that all must take."""
    passed: Sequence[tuple[float, int]] = field(default=())
    """Closed doors gone through: after how many metres, and which."""

    @property
    def length_m(self) -> float:
        return self.glances[-1].walked_m if self.glances else 0.0

    def at(self, walked_m: float) -> Glance:
        """The moment nearest to a distance."""
        return min(self.glances, key=lambda one: abs(one.walked_m - walked_m))

    def until(self, walked_m: float) -> Sequence[Glance]:
        return [one for one in self.glances if one.walked_m <= walked_m + 0.26]


def side_heading(heading: float, side: int) -> float:
    """The direction a quarter turn to one side."""
    return heading - side * math.pi / 2
