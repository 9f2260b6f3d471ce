"""How many people's ways a thing is part of: from each entrance to each public place, on foot.

A way counts wherever its cheapest walk passes. One tree of ways is followed from each entrance, so
that a large hospital takes seconds where its routes, one by one, would take minutes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from navkit.network.network import Network
from navkit.route.profiles import Profile
from navkit.route.weights import BLOCKED, moment, weigh

MOST_STARTS = 24
"""Ways are followed from so many starts at most. A guess: more change the order little."""


@dataclass(frozen=True)
class Trodden:
    """Counts of ways."""

    ways: int
    """All that are asked for: starts times public places."""
    by_thing: Mapping[str, int]
    """By the id of a space, door, shaft, path, level or place: the ways that lead over it, and
    those that should lead there and do not exist."""
    by_node: Sequence[int]
    starts: int


def trodden(network: Network, profile: Profile) -> Trodden:
    """The ways from the entrances, or where none is marked from places spread over the venue."""
    places = network.venue.places
    goals = [n for n, one in enumerate(places) if one.access == "public" and not one.door]
    doors = [n for n, one in enumerate(places) if one.access == "public" and one.door]
    starts = _spread(doors or goals, MOST_STARTS)
    nodes, things = np.zeros(len(network.level), dtype=np.int64), Counter[str]()
    if goals and starts:
        trees = _Trees(network, profile)
        for start in starts:
            trees.follow(start, goals, nodes, things)
    return Trodden(len(starts) * len(goals), things, nodes.tolist(), len(starts))


def _spread(numbers: Sequence[int], most: int) -> list[int]:
    step = max(1, -(-len(numbers) // most))
    return list(numbers[::step])


class _Trees:
    """The cheapest ways from one start to all others, one start after the other."""

    def __init__(self, network: Network, profile: Profile) -> None:
        from scipy.sparse import csr_array

        self.network = network
        costs = weigh(network, profile, moment(network.venue.closures)).cost_ms
        dart_of: dict[tuple[int, int], int] = {}
        for dart, cost in enumerate(costs):
            ends = network.ends(dart)
            if cost < BLOCKED and (ends not in dart_of or cost < costs[dart_of[ends]]):
                dart_of[ends] = dart
        self.dart_of = dart_of
        size = len(network.level)
        rows, columns = ([ends[side] for ends in dart_of] for side in (0, 1))
        values = [float(costs[dart]) for dart in dart_of.values()]
        self.graph = csr_array((values, (rows, columns)), shape=(size, size))

    def follow(
        self, start: int, goals: Sequence[int], nodes: np.ndarray, things: Counter[str]
    ) -> None:
        """Count the ways from one place to the others."""
        from scipy.sparse.csgraph import dijkstra

        network, venue = self.network, self.network.venue
        sources = list(network.place_nodes[start])
        if not sources:
            return
        far, before, _ = dijkstra(
            self.graph, indices=sources, min_only=True, return_predecessors=True
        )
        passing = np.zeros(len(far), dtype=np.int64)
        for goal in goals:
            ends = [node for node in network.place_nodes[goal] if np.isfinite(far[node])]
            if ends:
                passing[min(ends, key=lambda node: far[node])] += 1
            elif goal != start:
                things.update(self._missed(goal))
        for node in np.argsort(far)[::-1]:
            last = int(before[node])
            if passing[node] and last >= 0:
                passing[last] += passing[node]
                self._count((int(before[last]), last, int(node)), int(passing[node]), things)
        here = {network.space_of_node[node] for node in sources} - {-1}
        whole = int(sum(passing[node] for node in sources))
        for space in here:
            things[venue.spaces[space].id] += whole
            things[venue.spaces[space].level] += whole
        nodes += passing

    def _missed(self, goal: int) -> list[str]:
        """What a way that does not exist would lead to: the place, its spaces and their levels."""
        place, venue = self.network.venue.places[goal], self.network.venue
        levels = dict.fromkeys(venue.space_by_id[one].level for one in place.spaces)
        return [place.id, *(one for one in place.spaces if one != place.id), *levels]

    def _count(self, way: tuple[int, int, int], ways: int, things: Counter[str]) -> None:
        """Count the ways over the last two of three nodes: for the space and the level that they
        enter there, and for the door, shaft or path that they begin to use."""
        network, venue = self.network, self.network.venue
        before, start, end = way
        owner = self._owner(start, end)
        space = network.entered(self.dart_of[start, end])
        if space >= 0:
            things[venue.spaces[space].id] += ways
        if network.level[start] != network.level[end]:
            things[venue.levels[network.level[end]].id] += ways
        if owner >= len(venue.spaces) and (before < 0 or self._owner(before, start) != owner):
            things[network.things[owner].id] += ways

    def _owner(self, start: int, end: int) -> int:
        return self.network.thing[self.dart_of[start, end] >> 1]
