"""What a closure does to people's routes, before anybody signs it.

From the entrances to every public place, on foot and by wheelchair, with the closure and without:
how many places are farther now, by how much, and to which no way leads.
"""

import heapq
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from statistics import median
from typing import Any

from navkit.network.network import Kind, Network, build
from navkit.route.profiles import Profile, profiles
from navkit.route.sparing import asks_less, avoiding, unasked
from navkit.route.weights import BLOCKED, Moment, Weights, moment, weigh
from server.builds.venues import venue_of
from server.data.files import Files

PROFILES = ("walk", "wheelchair")
MOST_STARTS = 8
"""Entrances from which is measured: a guess. The largest hospital we know has eight."""
LONGER_MS = 30_000
"""Less than this is no detour that people notice. A guess."""
LIMIT_S = 2.0

_BEHIND = 1_000
"""Cost factor of a door at which visitors ask: no way leads through it if another one does."""


@dataclass(frozen=True)
class Effect:
    """What a closure does to one kind of walkers. Places are numbers in the venue."""

    profile: str
    longer: tuple[int, ...]
    """Places to which the way from any of the entrances is longer, the longest first."""
    extra_ms: int
    """How much longer it is for the middle one of them."""
    most_ms: int
    cut: tuple[int, ...]
    """Places to which a way led, and leads from no entrance any more."""


@dataclass(frozen=True)
class Impact:
    """What it does to everybody."""

    effects: tuple[Effect, ...]
    places: int
    """To how many public places ways were measured."""
    starts: int
    """From how many entrances."""
    all_starts: int
    """How many there are."""

    @property
    def is_short(self) -> bool:
        """Whether not all was measured."""
        return self.starts < self.all_starts

    @property
    def is_none(self) -> bool:
        return not any(effect.longer or effect.cut for effect in self.effects)


class Measure:
    """Measures ways in one network as routes are told; keeps those of the last states."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._starts = _starts(network)
        self._goals = [
            number
            for number, place in enumerate(network.venue.places)
            if place.access == "public" and network.place_nodes[number]
        ]
        self._chosen = _chosen(network)
        self._weights = lru_cache(maxsize=32)(self._weigh)
        self._ways = lru_cache(maxsize=8 * MOST_STARTS)(self._measured)

    def impact(
        self, before: Collection[str], after: Collection[str], limit_s: float = LIMIT_S
    ) -> Impact:
        """The effect of closing `after` where `before` is closed. It measures from one entrance
        after the other for `limit_s` seconds, but from one in any case."""
        until_s = time.monotonic() + limit_s
        always = moment(self._network.venue.closures).closed
        states = always.union(before), always.union(before, after)
        ways: list[list[list[tuple[int, int]]]] = [[[] for _ in self._goals] for _ in PROFILES]
        done = 0
        for start in range(len(self._starts[:MOST_STARTS])):
            if done and time.monotonic() > until_s:
                break
            for found, key in zip(ways, PROFILES, strict=True):
                was, now = (self._ways(key, closed, start) for closed in states)
                for pairs, pair in zip(found, zip(was, now, strict=True), strict=True):
                    pairs.append(pair)
            done += 1
        effects = (
            _effect(key, dict(zip(self._goals, found, strict=True)))
            for key, found in zip(PROFILES, ways, strict=True)
        )
        return Impact(tuple(effects), len(self._goals), done, len(self._starts))

    def _weigh(self, key: str, closed: frozenset[str], avoided: tuple[str, ...]) -> Weights:
        profile = profiles()[key]
        asked = avoiding(profile, avoided) if avoided else profile
        return weigh(self._network, asked, Moment(closed=closed))

    def _measured(self, key: str, closed: frozenset[str], start: int) -> list[int]:
        """For each goal the time of the way that is told, in milliseconds; -1 if there is none."""
        profile = profiles()[key]

        @cache
        def spread(avoided: tuple[str, ...]) -> Tree:
            weights = self._weights(key, closed, avoided)
            return Tree(self._network, weights, self._starts[start], self._chosen)

        said = []
        for goal in self._goals:
            tree = spread(())
            node = tree.arrival(goal)
            if node < 0:
                said.append(-1)
                continue
            asked = tree.unasked(node, profile)
            time_ms = tree.times_ms[node]
            if asked:
                # What people are spared, if there is another way: as the navigator decides.
                other = spread(tuple(asked))
                around = other.arrival(goal)
                if asks_less(other.unasked(around, profile), asked):
                    time_ms = other.times_ms[around]
            said.append(time_ms)
        return said


@lru_cache(maxsize=2)
def measure_of(files: Files, sha256: str) -> Measure | None:
    """For the stored venue with that hash, None for no hash."""
    venue = venue_of(files, sha256)
    return Measure(build(venue)) if venue else None


def _effect(profile: str, ways: dict[int, list[tuple[int, int]]]) -> Effect:
    """From the milliseconds before and after, -1 where no way leads, from each start."""
    extra: dict[int, int] = {}
    cut = []
    for goal, pairs in ways.items():
        led = [(was, now) for was, now in pairs if was >= 0]
        if led and all(now < 0 for _, now in led):
            cut.append(goal)
            continue
        most = max((now - was for was, now in led if now >= 0), default=0)
        if most >= LONGER_MS:
            extra[goal] = most
    longer = tuple(sorted(extra, key=lambda goal: (-extra[goal], goal)))
    middle = round(median(extra.values())) if extra else 0
    return Effect(profile, longer, middle, max(extra.values(), default=0), tuple(cut))


def _starts(network: Network) -> list[Sequence[int]]:
    """The nodes of each public entrance; of a venue without any, those of its codes, or else of
    its first place."""
    venue = network.venue
    doors = [
        nodes
        for place, nodes in zip(venue.places, network.place_nodes, strict=True)
        if place.door and place.access == "public" and nodes
    ]
    codes = [(node,) for node in network.anchor_nodes if node >= 0]
    return [*(doors or codes or [nodes for nodes in network.place_nodes if nodes][:1])]


Chain = tuple[int, Any] | None
"""Darts of a way, the last one first."""


class Tree:
    """Dijkstra's ways from some nodes to all others."""

    def __init__(
        self, network: Network, weights: Weights, starts: Sequence[int], chosen: Sequence[bool]
    ) -> None:
        self._network = network
        count = len(network.level)
        self.costs_ms, self.times_ms = [-1] * count, [-1] * count
        self._choices: list[Chain] = [None] * count
        heap: list[tuple[int, int, int, int, Chain]] = [(0, n, 0, -1, None) for n in {*starts}]
        paid, heads = [*_paid(weights)], network.heads
        while heap:
            cost, node, spent, by, before = heapq.heappop(heap)
            if self.costs_ms[node] >= 0:
                continue
            self.costs_ms[node], self.times_ms[node] = cost, spent
            self._choices[node] = choices = (by, before) if by >= 0 and chosen[by] else before
            for edge in network.edges_at[node]:
                dart = 2 * edge + (network.a[edge] != node)
                other = heads[dart]
                if self.costs_ms[other] < 0 and paid[dart] < BLOCKED:
                    spent_too = spent + weights.duration_ms[dart]
                    heapq.heappush(heap, (cost + paid[dart], other, spent_too, dart, choices))

    def arrival(self, place: int) -> int:
        """The node at which one arrives at a place, -1 if no way leads there."""
        nodes = [node for node in self._network.place_nodes[place] if self.costs_ms[node] >= 0]
        return min(nodes, key=lambda node: (self.costs_ms[node], node), default=-1)

    def unasked(self, node: int, profile: Profile) -> dict[str, float]:
        """What people would have to ask for on the way to a node, and how much of it."""
        darts, chain = [], self._choices[node]
        while chain:
            dart, chain = chain
            darts.append(dart)
        return unasked(self._network, darts[::-1], profile) if darts else {}


def _chosen(network: Network) -> list[bool]:
    """The darts on which it depends what people have to ask for: over stairs, or out of doors."""
    building = network.building_of_node
    return [
        network.kind[dart >> 1] == Kind.STAIRS or None in {building[n] for n in network.ends(dart)}
        for dart in range(2 * len(network.a))
    ]


def _paid(weights: Weights) -> Iterator[int]:
    """By dart what it costs, as if visitors were let in where they ask."""
    for cost_ms, duration_ms, reason in zip(
        weights.cost_ms, weights.duration_ms, weights.reason, strict=True
    ):
        yield duration_ms * _BEHIND if reason == "access" else cost_ms
