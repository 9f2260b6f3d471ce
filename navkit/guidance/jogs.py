"""Jogs of the floor that people walk past without a word.

Two opposite bends a few steps apart are one if the floor ends straight ahead at the first, and the
way on past the second is in plain sight, hardly aside.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from navkit.guidance.line import turn_between
from navkit.guidance.sights import Rays
from navkit.guidance.surroundings import Dart, Surroundings
from navkit.network.network import Kind

Jog = tuple[int, int]
"""The nodes of its first and its second bend."""

Way = Callable[[Dart, int], Sequence[tuple[float, float]]]
"""Points of the straight way to a turn, from it backwards, as many centimetres as are asked for."""

BODY_M = 0.1
"""How far beside the line walked the floor must be free. A guess: corners are rounded."""


class Jogs:
    """Finds the jogs of one level."""

    def __init__(self, around: Surroundings, floor: BaseGeometry, to: Way) -> None:
        self.around, self.network, self.floor, self.to = around, around.network, floor, to
        self.rules = around.rules

    def found(self, darts: Iterable[Dart]) -> Iterator[Jog]:
        """Those that begin at the end of a dart."""
        ending = [*self._ending([*darts])]
        for node, before in ending:
            for there, onward in self._across(node, before):
                if self._is_seen_past(node, before, there, onward):
                    yield node, there

    def _ending(self, darts: list[Dart]) -> Iterator[Dart]:
        """The darts at whose end the floor ends straight ahead."""
        if not darts:
            return
        heading = np.array([self.around.heading(before, node) for node, before in darts])
        starts = np.array([self._xy(node) for node, _ in darts])
        most_m = self.rules.ends_cm / 100
        free_m = Rays(self.floor).free_m(starts, heading, most_m)
        yield from (dart for dart, free in zip(darts, free_m, strict=True) if free < most_m)

    def _across(self, node: int, before: int) -> Iterator[Dart]:
        """(node, onward) of the second bends that one comes to from a first one at a node: what
        leads on from there leads on as one came."""
        network, around, by = self.network, self.around, self.rules
        came = around.heading(before, node)
        for edge in network.edges_at[node]:
            here, last = network.other(edge, node), node
            bend = turn_between(came, around.heading(node, here))
            if here == before or not by.straight_deg <= abs(bend) <= by.back_deg:
                continue
            aside_cm = network.length_cm[edge]
            while aside_cm <= by.jog_cm and self._is_open(edge):
                for onward in self._others(here, last):
                    off = turn_between(came, around.heading(here, onward))
                    if abs(off) < by.straight_deg:
                        yield here, onward
                on = [
                    one
                    for one in self._others(here, last)
                    if abs(turn_between(around.heading(last, here), around.heading(here, one)))
                    < by.straight_deg
                ]
                if not on:
                    break
                edge = self._edge(here, on[0])
                last, here = here, on[0]
                aside_cm += network.length_cm[edge]

    def _is_seen_past(self, node: int, before: int, there: int, onward: int) -> bool:
        """Whether one line, hardly aside, leads from before the first bend to past the second."""
        far_cm = self.rules.stub_cm
        a, b = self.to((node, before), far_cm)[-1], self.to((there, onward), far_cm)[-1]
        came = self.around.heading(before, node)
        if a == b:
            return False
        way = LineString([a, b])
        off = turn_between(came, math.atan2(b[1] - a[1], b[0] - a[0]))
        if abs(off) >= self.rules.straight_deg:
            return False
        return bool(self.floor.covers(way.buffer(BODY_M, cap_style="flat")))

    def _others(self, node: int, but: int) -> list[int]:
        edges = self.network.edges_at[node]
        found = (self.network.other(edge, node) for edge in edges if self._is_open(edge))
        return [one for one in found if one != but]

    def _edge(self, a: int, b: int) -> int:
        return next(e for e in self.network.edges_at[a] if self.network.other(e, a) == b)

    def _is_open(self, edge: int) -> bool:
        return self.network.kind[edge] in (Kind.CORRIDOR, Kind.HALL, Kind.OUTDOOR, Kind.FOOTWAY)

    def _xy(self, node: int) -> tuple[float, float]:
        return self.network.x_cm[node] / 100, self.network.y_cm[node] / 100
