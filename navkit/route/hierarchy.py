"""The contraction hierarchy: dead ends, chains and minor junctions folded away in order.

Nodes are ranked so that rooms behind doors come first, then corridors between junctions,
then small junctions; what is left on top joins wings and floors. Contracting
a node joins its higher neighbours with each other, so that any least-cost walk climbs to
one node and descends from it. A search visits only the ancestors of its two ends.

Ranks depend on the network only (a customizable contraction hierarchy: J. Dibbelt, B.
Strasser, D. Wagner, "Customizable contraction hierarchies", ACM JEA 2016). Profiles and
closures change costs, so one hierarchy serves them all. Ties are broken by the smaller number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from navkit.network.network import Network
from navkit.route.weights import BLOCKED, Weights


@dataclass(frozen=True)
class Hierarchy:
    """How a network is contracted. An arc is a node and an index into its `up`."""

    order: tuple[int, ...]
    """Nodes, the first contracted first."""
    rank: tuple[int, ...]
    """For each node, its index in `order`."""
    up: tuple[tuple[int, ...], ...]
    """For each node, its higher neighbours when it was contracted, the lowest first."""
    place: tuple[dict[int, int], ...]
    """For each node, the index of each neighbour in its `up`."""
    sides: tuple[tuple[int, ...], ...]
    """For each node and each pair (i < j) in its `up`: the index of the j-th at the i-th."""


def contract(network: Network) -> Hierarchy:
    """Rank and contract all nodes, those with the fewest neighbours first."""
    near: list[set[int]] = [set() for _ in network.level]
    for a, b in zip(network.a, network.b, strict=True):
        if a != b:
            near[a].add(b)
            near[b].add(a)
    order: list[int] = []
    rank = [-1] * len(near)
    heap = [(len(others), node) for node, others in enumerate(near)]
    heapify(heap)
    while heap:
        count, node = heappop(heap)
        if rank[node] >= 0 or count != len(near[node]):
            continue
        rank[node] = len(order)
        order.append(node)
        others = sorted(near[node])
        for other in others:
            near[other].update(others)
            near[other] -= {node, other}
            heappush(heap, (len(near[other]), other))
    up = tuple(tuple(sorted(others, key=rank.__getitem__)) for others in near)
    place = tuple({other: i for i, other in enumerate(others)} for others in up)
    sides = tuple(
        tuple(place[a][b] for i, a in enumerate(others) for b in others[i + 1 :]) for others in up
    )
    return Hierarchy(tuple(order), tuple(rank), up, place, sides)


@dataclass(frozen=True)
class Walk:
    """Darts from the start to the goal, and their cost.

    A dart is a directed edge: ``2 * edge`` from a to b, ``2 * edge + 1`` from b to a.
    """

    start: int
    goal: int
    darts: tuple[int, ...]
    cost_ms: int


class Router:
    """Least-cost walks over one network with one set of weights."""

    def __init__(self, network: Network, hierarchy: Hierarchy, weights: Weights) -> None:
        self._hierarchy = hierarchy
        up = hierarchy.up
        # Costs of arcs upwards and downwards, and what each stands for: a dart, or the
        # lower node ``~middle`` across which it was joined.
        self._rise = [[BLOCKED] * len(others) for others in up]
        self._fall = [[BLOCKED] * len(others) for others in up]
        self._rise_by = [[0] * len(others) for others in up]
        self._fall_by = [[0] * len(others) for others in up]
        self._take_edges(network, weights)
        self._join_across()
        self._risers = self._passable(self._rise)
        self._fallers = self._passable(self._fall)
        # From one start to many goals: the half that does not change is cached.
        self._last: tuple[tuple[int, ...], dict[int, int], dict[int, int]] = ((), {}, {})
        # What the arcs of walks found so far stand for: most walks share those of corridors.
        self._known: dict[tuple[int, int, bool], tuple[int, ...]] = {}

    def _take_edges(self, network: Network, weights: Weights) -> None:
        rank, place = self._hierarchy.rank, self._hierarchy.place
        for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
            if a == b:
                continue
            rising = 2 * edge + (rank[a] > rank[b])
            low, high = (a, b) if rank[a] < rank[b] else (b, a)
            i = place[low][high]
            if weights.cost_ms[rising] < self._rise[low][i]:
                self._rise[low][i] = weights.cost_ms[rising]
                self._rise_by[low][i] = rising
            if weights.cost_ms[rising ^ 1] < self._fall[low][i]:
                self._fall[low][i] = weights.cost_ms[rising ^ 1]
                self._fall_by[low][i] = rising ^ 1

    def _join_across(self) -> None:
        """Lower every arc to the least cost over a node contracted before its ends."""
        up, sides = self._hierarchy.up, self._hierarchy.sides
        for node in self._hierarchy.order:
            others, rise, fall = up[node], self._rise[node], self._fall[node]
            at = 0
            for i, low in enumerate(others):
                to_node, from_node = fall[i], rise[i]
                low_rise, low_fall = self._rise[low], self._fall[low]
                for j in range(i + 1, len(others)):
                    k = sides[node][at]
                    at += 1
                    if to_node + rise[j] < low_rise[k]:
                        low_rise[k] = to_node + rise[j]
                        self._rise_by[low][k] = ~node
                    if fall[j] + from_node < low_fall[k]:
                        low_fall[k] = fall[j] + from_node
                        self._fall_by[low][k] = ~node

    def _passable(self, costs: list[list[int]]) -> list[list[tuple[int, int]]]:
        """For each node, (higher neighbour, cost) of the arcs that are not blocked."""
        return [
            [(other, cost) for other, cost in zip(others, row, strict=True) if cost < BLOCKED]
            for others, row in zip(self._hierarchy.up, costs, strict=True)
        ]

    def find(self, starts: Sequence[int], goals: Sequence[int]) -> Walk | None:
        """The least-cost walk from any start to any goal, or None if there is none."""
        if self._last[0] != tuple(starts):
            self._last = (tuple(starts), *self._risen(starts))
        _, rising, came = self._last
        falling: dict[int, int] = dict.fromkeys(goals, 0)
        goes: dict[int, int] = {}
        least, top = BLOCKED, -1
        for node in self._ancestors(goals):
            cost = falling.get(node)
            if cost is None or cost >= least:
                continue
            if node in rising and rising[node] + cost < least:
                least, top = rising[node] + cost, node
            for other, arc_ms in self._fallers[node]:
                total = cost + arc_ms
                if other not in falling or total < falling[other]:
                    falling[other] = total
                    goes[other] = node
        if top < 0:
            return None
        arcs: list[tuple[int, int, bool]] = []
        start = goal = top
        while start in came:
            arcs.append((came[start], start, True))
            start = came[start]
        arcs.reverse()
        while goal in goes:
            arcs.append((goes[goal], goal, False))
            goal = goes[goal]
        return Walk(start, goal, self._unfolded(arcs), least)

    def _risen(self, starts: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
        """Costs upwards from the starts, and the lower node from which each was reached."""
        rising: dict[int, int] = dict.fromkeys(starts, 0)
        came: dict[int, int] = {}
        for node in self._ancestors(starts):
            cost = rising.get(node)
            if cost is None:
                continue
            for other, arc_ms in self._risers[node]:
                total = cost + arc_ms
                if other not in rising or total < rising[other]:
                    rising[other] = total
                    came[other] = node
        return rising, came

    def _ancestors(self, nodes: Sequence[int]) -> Iterable[int]:
        """The nodes, and everything reachable from them upwards, lowest first."""
        up = self._hierarchy.up
        if len(nodes) == 1:
            node = nodes[0]
            yield node
            while up[node]:
                node = up[node][0]
                yield node
            return
        found: set[int] = set()
        for node in nodes:
            while node not in found:
                found.add(node)
                if not up[node]:
                    break
                node = up[node][0]
        yield from sorted(found, key=self._hierarchy.rank.__getitem__)

    def _unfolded(self, arcs: Sequence[tuple[int, int, bool]]) -> tuple[int, ...]:
        """The darts that arcs (lower node, higher node, whether upwards) stand for."""
        known, darts = self._known, list[int]()
        for arc in arcs:
            if arc not in known:
                known[arc] = self._darts(arc)
            darts += known[arc]
        return tuple(darts)

    def _darts(self, arc: tuple[int, int, bool]) -> tuple[int, ...]:
        """The darts that one arc stands for."""
        darts: list[int] = []
        waiting = [arc]
        while waiting:
            low, high, upwards = waiting.pop()
            by = (self._rise_by if upwards else self._fall_by)[low]
            what = by[self._hierarchy.place[low][high]]
            if what >= 0:
                darts.append(what)
            else:
                first, last = (low, high) if upwards else (high, low)
                waiting += [(~what, last, True), (~what, first, False)]
        return tuple(darts)
