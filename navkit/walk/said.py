"""What was said along a route, as plain data, beside the line really walked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from navkit.network.network import Network

Point = tuple[float, float]
"""x, y in metres."""

ONWARD_M = 2.0
"""How far along the line its direction is taken: shorter pieces are noise of the drawing."""


@dataclass(frozen=True)
class Said:
    """One clause: the key of its phrase, and the numbers in its slots."""

    kind: str
    slots: Mapping[str, int]


@dataclass(frozen=True)
class Told:
    """One step: clauses in order, over `nodes[first:last + 1]` of the route."""

    said: tuple[Said, ...]
    first: int
    last: int


@dataclass(frozen=True)
class Account:
    """A route as it was told, with the line walked as the truth to compare with."""

    network: Network
    start: str
    goal: str
    profile: str
    nodes: tuple[int, ...]
    darts: tuple[int, ...]
    told: tuple[Told, ...]
    anchor: int = -1
    """The code at which the walk starts; -1 if it starts elsewhere."""

    def point(self, i: int) -> Point:
        return spot_of(self.network, self.nodes[i])

    @cached_property
    def _levels(self) -> tuple[int, ...]:
        return tuple(self.network.level[node] for node in self.nodes)

    def onward(self, i: int, reach_m: float = ONWARD_M) -> float | None:
        """The direction from node i of the route to the point of the line `reach_m` on; None where
        the line ends or leaves the level at once."""
        return self._direction(i, reach_m, 1)

    def arriving(self, i: int, reach_m: float = ONWARD_M) -> float | None:
        """The direction in which the line comes to node i, None at its start."""
        back = self._direction(i, reach_m, -1)
        return None if back is None else back + math.pi

    def ahead(self, i: int, reach_m: float, by: int = 1) -> Point:
        """The point of the line `reach_m` past node i (before it, if `by` is -1), on its level."""
        here, left_m = self.point(i), reach_m
        while 0 <= i + by < len(self.nodes) and self._levels[i + by] == self._levels[i]:
            there = self.point(i + by)
            piece_m = math.dist(here, there)
            if piece_m >= left_m:
                share = left_m / piece_m
                return (
                    here[0] + (there[0] - here[0]) * share,
                    here[1] + (there[1] - here[1]) * share,
                )
            here, left_m, i = there, left_m - piece_m, i + by
        return here

    def _direction(self, i: int, reach_m: float, by: int) -> float | None:
        here, there = self.point(i), self.ahead(i, reach_m, by)
        return heading(here, there) if math.dist(here, there) > 0.05 else None


def spot_of(network: Network, node: int) -> Point:
    return network.x_cm[node] / 100, network.y_cm[node] / 100


def heading(a: Point, b: Point) -> float:
    """Direction from a to b in radians, counter-clockwise from the x axis."""
    return math.atan2(b[1] - a[1], b[0] - a[0])


def turned(before: float, after: float) -> float:
    """Degrees turned from one direction to another: right is positive, back is 180."""
    degrees = math.degrees(before - after) % 360
    return degrees - 360 if degrees > 180 else degrees


def onwards(here: Point, towards: float, length_m: float) -> Point:
    return here[0] + math.cos(towards) * length_m, here[1] + math.sin(towards) * length_m
