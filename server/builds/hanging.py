"""Where codes should hang: at each entrance, where a floor is arrived at, and near everything.

Whoever is lost walks to a code. So along the ways of visitors none is farther than `NEAR_M` from
one, on the same level. The codes that there are count first; the others are chosen greedily, each
time the spot that is near to most of what is left.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from navkit.network.network import Network, build
from navkit.plan.plan import CIRCULATION, SHAFTS, Names
from navkit.route.profiles import profiles
from navkit.route.weights import Moment, weigh
from navkit.venue.codes import facing_deg
from navkit.venue.lookup import folded
from navkit.venue.venue import Level, Point, Venue
from server.builds.venues import venue_of
from server.data.files import Files

NEAR_M = 25.0
AT_HAND_M = 10.0
"""From an entrance, a lift or stairs: a code within sight. A guess."""
_PIECE_M = 4.0
"""Longer ways are looked at in pieces of this length."""
_APART_M = 3.0
"""Candidates are this far apart at least."""
_NAMED_M = 20.0
"""A code is named after a place that is no farther. A guess."""


@dataclass(frozen=True)
class Proposal:
    """A code that should hang somewhere."""

    id: str
    code: str
    level: str
    space: str
    point: Point
    """Where its reader stands."""
    bearing_deg: int | None
    """Where its reader looks; None if no wall is near."""
    why: str
    """``entrance``, ``arrival`` or ``near``."""
    names: Names
    """Of the place that it is beside; empty if none is near."""

    @property
    def change(self) -> dict[str, object]:
        """The correction that hangs it."""
        said = {"do": "add-anchor", "id": self.id, "code": self.code, "space": self.space}
        change: dict[str, object] = {**said, "point": list(self.point)}
        change |= {} if self.bearing_deg is None else {"bearing_deg": self.bearing_deg}
        return change | ({"names": dict(self.names)} if self.names else {})


@dataclass(frozen=True)
class _Spot:
    """A node of the network, or a point on one of its edges."""

    level: int
    space: int
    point: Point


class _Ways:
    """The ways of visitors on each level, in pieces; spots are numbers."""

    def __init__(self, network: Network) -> None:
        self.network = network
        weights = weigh(network, profiles()["walk"], Moment())
        self.spots: list[_Spot] = []
        self.at: dict[int, int] = {}
        """By node its spot."""
        self.beside: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
            is_open = not (weights.reason[2 * edge] and weights.reason[2 * edge + 1])
            if is_open and network.level[a] == network.level[b] and self._walks(a, b):
                self._lay(a, b, network.length_cm[edge] / 100)

    def _walks(self, a: int, b: int) -> bool:
        """Whether visitors walk there and may look for a code."""
        spaces = self.network.venue.spaces
        sides = [self.network.space_of_node[node] for node in (a, b)]
        return all(
            side < 0 or (spaces[side].access == "public" and spaces[side].kind not in SHAFTS)
            for side in sides
        )

    def _spot(self, node: int) -> int:
        if node not in self.at:
            network = self.network
            point = (network.x_cm[node] / 100, network.y_cm[node] / 100)
            self.at[node] = len(self.spots)
            self.spots.append(_Spot(network.level[node], network.space_of_node[node], point))
        return self.at[node]

    def _lay(self, a: int, b: int, length_m: float) -> None:
        ends, count = (self._spot(a), self._spot(b)), max(1, -int(-length_m // _PIECE_M))
        (ax, ay), (bx, by) = (self.spots[end].point for end in ends)
        before = ends[0]
        for piece in range(1, count + 1):
            there = ends[1]
            if piece < count:
                part = piece / count
                point = (round(ax + (bx - ax) * part, 2), round(ay + (by - ay) * part, 2))
                there = len(self.spots)
                space = self.network.space_of_node[a if part < 0.5 else b]
                self.spots.append(_Spot(self.network.level[a], space, point))
            self.beside[before].append((there, length_m / count))
            self.beside[there].append((before, length_m / count))
            before = there

    def within(self, start: int, most_m: float) -> dict[int, float]:
        """The spots within so many metres of walking, and how far each is."""
        found: dict[int, float] = {}
        heap = [(0.0, start)]
        while heap:
            far, spot = heapq.heappop(heap)
            if spot in found:
                continue
            found[spot] = far
            for other, length_m in self.beside[spot]:
                if other not in found and far + length_m <= most_m:
                    heapq.heappush(heap, (far + length_m, other))
        return found

    def arrivals(self) -> Iterator[tuple[int, str]]:
        """Spots inside entrances, and before lifts and stairs, and which of both."""
        network, venue = self.network, self.network.venue
        shafts = {s.id for s in venue.spaces if s.kind in SHAFTS}
        for door, nodes in zip(venue.doors, network.door_nodes, strict=True):
            sides = {s for s in door.spaces if s}
            for side, node in zip(door.spaces, nodes, strict=True):
                if node not in self.at or side in shafts:
                    continue
                is_out = venue.space_by_id[side].kind == "outdoor"
                if door.entrance and not is_out:
                    yield self.at[node], "entrance"
                elif sides & shafts and len(sides) > 1:
                    yield self.at[node], "arrival"


def proposals(network: Network) -> tuple[Proposal, ...]:
    """The codes that are missing, level by level; none if those that there are do."""
    ways = _Ways(network)
    anchors = [ways.at[node] for node in network.anchor_nodes if node in ways.at]
    # A spot that an arrival needs is another thing to cover than the spot itself.
    wanted: dict[int, str] = {}
    for spot, why in ways.arrivals():
        wanted[spot] = min(why, wanted.get(spot, why), key=_ORDER.index)
    left = {*range(len(ways.spots))} | {-1 - spot for spot in wanted}
    for spot in anchors:
        left -= _covered(ways, spot, wanted)
    chosen: list[tuple[int, str]] = []
    for is_open in (True, False):  # In a room only what no code outside is near to.
        spots = [one for one in _candidates(ways, is_open=is_open) if is_open or one in left]
        covers = {spot: _covered(ways, spot, wanted) for spot in spots}
        chosen += [(spot, _why(new, wanted)) for spot, new in _greedy(covers, left)]
    return _made(ways, chosen)


_ORDER = ("entrance", "arrival", "near")


def _covered(ways: _Ways, spot: int, wanted: Mapping[int, str]) -> frozenset[int]:
    """What a code at a spot is near to; an arrival is written as a negative number."""
    found = ways.within(spot, NEAR_M - _PIECE_M / 2)
    near = (-1 - other for other, far in found.items() if far <= AT_HAND_M and other in wanted)
    return frozenset((*found, *near))


def _candidates(ways: _Ways, *, is_open: bool) -> Iterator[int]:
    """Spots on open floor or in rooms, not too near to each other."""
    spaces = ways.network.venue.spaces
    taken: set[tuple[int, ...]] = set()
    for number, spot in enumerate(ways.spots):
        if spot.space < 0 or (spaces[spot.space].kind in CIRCULATION) != is_open:
            continue
        x, y = (round(value / _APART_M) for value in spot.point)
        if (spot.space, x, y) not in taken:
            taken.add((spot.space, x, y))
            yield number


def _greedy(
    covers: Mapping[int, frozenset[int]], left: set[int]
) -> Iterator[tuple[int, frozenset[int]]]:
    """The spots chosen, and what each adds. Lazy: what a spot adds only ever becomes less."""
    heap = [(-len(found & left), spot) for spot, found in sorted(covers.items())]
    heapq.heapify(heap)
    while heap and left:
        gain, spot = heapq.heappop(heap)
        new = covers[spot] & left
        if len(new) < -gain:
            if new:
                heapq.heappush(heap, (-len(new), spot))
            continue
        if not new:
            break
        left -= new
        yield spot, new


def _why(new: frozenset[int], wanted: Mapping[int, str]) -> str:
    arrivals = [wanted[-1 - one] for one in new if one < 0]
    return min(arrivals, key=_ORDER.index, default="near")


def _made(ways: _Ways, chosen: Sequence[tuple[int, str]]) -> tuple[Proposal, ...]:
    venue = ways.network.venue
    taken = {folded(text) for one in venue.anchors for text in (one.id, one.code)}
    ids = {*venue.space_by_id, *venue.door_by_id, *venue.place_by_id}
    made, named = [], _named(ways)
    for spot, why in sorted(chosen, key=lambda one: (ways.spots[one[0]].level, one[0])):
        here = ways.spots[spot]
        level, space = venue.levels[here.level], venue.spaces[here.space]
        code = free_code(venue, level, taken)
        id_ = f"{level.id}-{code}"
        while id_ in ids:
            id_ += "-code"
        bearing = facing_deg(here.point, space, venue.doors)
        names = _beside(ways, spot, named)
        made.append(Proposal(id_, code, level.id, space.id, here.point, bearing, why, names))
    return tuple(made)


def free_code(venue: Venue, level: Level, taken: set[str]) -> str:
    """A short code that people can type: the building's letter, the level, a number; it is taken
    then."""
    buildings = [*dict.fromkeys(one.building for one in venue.levels)]
    letter = _letter(buildings.index(level.building))
    storey = "".join(
        c for c in level.label.upper().removesuffix("F") if c.isascii() and c.isalnum()
    )
    number = 1
    while folded(code := f"{letter}{storey or round(level.ordinal)}-{number:02}") in taken:
        number += 1
    taken.add(folded(code))
    return code


def _letter(number: int) -> str:
    """A, B … Z, AA, AB …"""
    first, last = divmod(number, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + last)


def _named(ways: _Ways) -> dict[int, int]:
    """By spot the first public place at which one arrives there."""
    return {
        ways.at[node]: number
        for number, nodes in reversed([*enumerate(ways.network.place_nodes)])
        for node in nodes
        if node in ways.at and ways.network.venue.places[number].access == "public"
    }


def _beside(ways: _Ways, spot: int, named: Mapping[int, int]) -> Names:
    """The names of the nearest public place; empty if none is near."""
    found = ways.within(spot, _NAMED_M)
    near = min(((found[one], named[one]) for one in found.keys() & named.keys()), default=None)
    return ways.network.venue.places[near[1]].names if near else {}


@lru_cache(maxsize=4)
def proposals_for(files: Files, sha256: str) -> tuple[Proposal, ...]:
    """For the stored venue with that hash."""
    venue = venue_of(files, sha256)
    return proposals(build(venue)) if venue else ()
