"""Which public places lead to which: for every ordered pair the answer of a route, found at once.

Searching a million routes takes minutes. Whether there is one depends only on which parts of the
network lead to which, so that each part is followed once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from navkit.network.network import Network
from navkit.route.profiles import Profile
from navkit.route.routing import Navigator
from navkit.route.weights import BLOCKED, Moment, Weights
from navkit.venue.lookup import Spot

Dart = tuple[int, int]
"""The nodes that it leads from and to."""


@dataclass(frozen=True)
class Pairs:
    """For one profile, which of the places that visitors may ask for lead to which."""

    places: tuple[int, ...]
    """Numbers in `venue.places`."""
    led_to: tuple[int, ...]
    """For each of them a set of bits: bit `i` is set if a way leads to `places[i]`, or it is the
    place itself."""
    single: int
    """As bits, the places all of whose spots lead to the same: no escalator, which stands on two
    levels, is one."""

    @property
    def share(self) -> float:
        """The share of ordered pairs of different places that have a way; of one place 1, of
        none 0."""
        count = len(self.places)
        if count < 2:
            return float(count)
        return (sum(row.bit_count() for row in self.led_to) - count) / (count * (count - 1))

    @cached_property
    def main(self) -> int:
        """The index of the place that leads to and is reached from the most others, the first of
        several; -1 if there are no places. It is a single one if there is any."""
        if not self.places:
            return -1
        reached_from = np.zeros(len(self.places), dtype=np.int64)
        for row, count in Counter(self.led_to).items():
            reached_from += np.int64(count) * _flags(row, len(self.places))
        both = reached_from + [row.bit_count() for row in self.led_to]
        if self.single:
            both *= _flags(self.single, len(self.places))
        return int(np.argmax(both))

    @property
    def reached(self) -> frozenset[int]:
        """Numbers of the places that a way leads to from the main one, which is one of them."""
        if not self.places:
            return frozenset()
        row = self.led_to[self.main]
        return frozenset(place for i, place in enumerate(self.places) if row >> i & 1)

    @property
    def returning(self) -> frozenset[int]:
        """Numbers of the places from which a way leads to the main one."""
        return frozenset(
            place
            for place, row in zip(self.places, self.led_to, strict=True)
            if row >> self.main & 1
        )


def _flags(row: int, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    octets = row.to_bytes(count // 8 + 1, "little")
    return np.unpackbits(np.frombuffer(octets, dtype=np.uint8), bitorder="little")[:count]


def pairs(
    navigator: Navigator, profile: Profile, at: Moment, without: Collection[int] = ()
) -> Pairs:
    """Which public places lead to which, at doors that a visitor may ask at too.

    Places that are numbered in `without` do not count.
    """
    network = navigator.network
    numbers = [
        i
        for i, place in enumerate(network.venue.places)
        if place.access == "public" and i not in without
    ]
    weights, _ = navigator.router(profile, at)
    own = [0] * len(network.level)
    for bit, place in enumerate(numbers):
        for node in network.place_nodes[place]:
            own[node] |= 1 << bit
    walked = _spread([*open_darts(network, weights)], own)
    asked = _spread([*open_darts(network, weights, ASKING)], own)
    doors = _Doors(navigator, profile, weights, numbers)
    rows, single = [], 0
    for bit, place in enumerate(numbers):
        row = _united(walked, network.place_nodes[place]) | 1 << bit
        behind = _united(asked, network.place_nodes[place]) & ~row
        row |= doors.led_to(place, behind)
        for other in _bits(behind & doors.unclear(place)):
            ends = Spot((place,)), Spot((numbers[other],))
            row |= (navigator.try_route(*ends, profile, at) is not None) << other
        rows.append(row)
        single |= (len({walked[node] for node in network.place_nodes[place]}) == 1) << bit
    return Pairs(tuple(numbers), tuple(rows), single)


ASKING = ("access",)
"""What does not stop those who ask at a door."""


def open_darts(network: Network, weights: Weights, lifted: Collection[str] = ()) -> Iterable[Dart]:
    """What can be walked, also where one of the rules that are `lifted` forbids it."""
    for dart, cost_ms in enumerate(weights.cost_ms):
        if cost_ms < BLOCKED or weights.reason[dart] in lifted:
            yield network.ends(dart)


class _Doors:
    """Who is led to a door to ask there, by the rules of `Navigator`: whoever is where everybody
    may walk, or gets there first, to what lies elsewhere. Other cases depend on which way is the
    shortest."""

    def __init__(
        self, navigator: Navigator, profile: Profile, weights: Weights, places: Sequence[int]
    ) -> None:
        self._nodes = navigator.network.place_nodes
        self._part = navigator.open_parts(profile.access)
        self._every = (1 << len(places)) - 1
        self._within: dict[int, int] = {}
        """Of each open part, and of -1 for all that is no open part, the places all within it."""
        for bit, place in enumerate(places):
            if len(parts := self._parts_of(place)) == 1:
                part = next(iter(parts))
                self._within[part] = self._within.get(part, 0) | 1 << bit
        self._deeper = self._leading_deeper(navigator, weights)

    def _parts_of(self, place: int) -> set[int]:
        return {self._part[node] for node in self._nodes[place]}

    def _leading_deeper(self, navigator: Navigator, weights: Weights) -> list[int]:
        """For each node 1 if one can walk to a door from one space for staff into another, else
        0: whoever starts there may be led past that door, and is then not led at all."""
        own = [0] * len(self._part)
        free = set()
        asked = open_darts(navigator.network, weights, ASKING)
        walked = set(open_darts(navigator.network, weights))
        for here, there in asked:
            if self._part[here] < 0 and self._part[there] < 0:
                if (here, there) in walked:
                    free.add((here, there))
                else:
                    own[here] = 1
        return _spread(sorted(free), own)

    def led_to(self, place: int, behind: int) -> int:
        """Of the places behind doors, those at whose door a walker from `place` arrives."""
        return behind & self._clear(place) & ~self._own_part(place)

    def unclear(self, place: int) -> int:
        """The places to which only the shortest way says whether there is a door to ask at."""
        return self._every & ~self._clear(place)

    def _own_part(self, place: int) -> int:
        parts = self._parts_of(place) - {-1}
        return self._within.get(next(iter(parts)), 0) if parts else 0

    def _clear(self, place: int) -> int:
        parts = self._parts_of(place)
        if len(parts) != 1:
            return 0
        if -1 not in parts:
            return sum(self._within.values())
        return 0 if _united(self._deeper, self._nodes[place]) else self._within.get(-1, 0)


def _united(rows: Sequence[int], nodes: Iterable[int]) -> int:
    united = 0
    for node in nodes:
        united |= rows[node]
    return united


def _bits(row: int) -> Iterable[int]:
    while row:
        low = row & -row
        yield low.bit_length() - 1
        row ^= low


def _spread(darts: Sequence[Dart], own: Sequence[int]) -> list[int]:
    """For each node, what it and all nodes that it leads to have of their own, as bits."""
    labels = joined(len(own), darts, strong=True)
    held = [0] * (max(labels, default=-1) + 1)
    for label, bits in zip(labels, own, strict=True):
        held[label] |= bits
    following: list[set[int]] = [set() for _ in held]
    ahead = [0] * len(held)
    for a, b in darts:
        here, there = labels[a], labels[b]
        if here != there and there not in following[here]:
            following[here].add(there)
            ahead[there] += 1
    # Each part after those that lead to it; backwards, each after those that it leads to.
    order = [label for label, count in enumerate(ahead) if not count]
    for label in order:
        for other in following[label]:
            ahead[other] -= 1
            if not ahead[other]:
                order.append(other)
    for label in reversed(order):
        for other in following[label]:
            held[label] |= held[other]
    return [held[label] for label in labels]


def joined(count: int, darts: Sequence[Dart], *, strong: bool = False) -> list[int]:
    """For each of `count` nodes the number of its part: nodes that darts join, either way or, if
    `strong`, there and back."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    tails, heads = zip(*darts, strict=True) if darts else ((), ())
    ones = np.ones(len(darts), dtype=np.int8)
    table = coo_array((ones, (tails, heads)), shape=(count, count)).tocsr()
    _, labels = connected_components(table, connection="strong" if strong else "weak")
    return [int(label) for label in labels]
