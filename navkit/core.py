"""The junction core: dead ends and chains folded away, so that routing looks at few nodes.

Folding depends on the network alone. Forbidding only removes edges, so one core serves all
profiles and closures: a folded chain is blocked where any of its edges is.

A node is one of three: a core node; on a chain between two core nodes; or in a tree that
hangs on either by one edge (rooms behind doors). Ties break on the smaller number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush

from navkit.network import Network
from navkit.weights import BLOCKED, Weights


@dataclass(frozen=True)
class Chain:
    """A walk from core node `nodes[0]` to core node `nodes[-1]` over `darts`."""

    nodes: tuple[int, ...]
    darts: tuple[int, ...]
    """Directed edges: ``2 * edge``, or ``2 * edge + 1`` where it is walked from b to a."""


@dataclass(frozen=True)
class Core:
    """How a network folds."""

    is_core: tuple[bool, ...]
    chains: tuple[Chain, ...]
    on_chain: tuple[tuple[int, int], ...]
    """Of each node that stands on a chain, (chain, position); else (-1, 0)."""
    up: tuple[int, ...]
    """Of each node in a tree, the dart towards its root; else -1."""


def dart(network: Network, edge: int, start: int) -> int:
    """The edge as walked from `start`."""
    return 2 * edge + (network.a[edge] != start)


def fold(network: Network) -> Core:
    """Fold a network. Loops that touch no junction keep their smallest node as core."""
    count = len(network.level)
    alive = [True] * len(network.a)
    degree = [len(edges) for edges in network.edges_at]
    up = [-1] * count
    leaves = [node for node in range(count) if degree[node] == 1]
    while leaves:
        node = leaves.pop()
        edge = next((e for e in network.edges_at[node] if alive[e]), -1)
        if edge < 0:
            continue  # The last node of a component that is a tree: its root.
        alive[edge] = False
        up[node] = dart(network, edge, node)
        root = network.other(edge, node)
        degree[node] -= 1
        degree[root] -= 1
        if degree[root] == 1:
            leaves.append(root)
    is_core = [up[node] < 0 and degree[node] != 2 for node in range(count)]
    chains: list[Chain] = []
    on_chain = [(-1, 0)] * count
    used = [False] * len(network.a)
    # Junctions first; what is left then are rings, each opened at its smallest node.
    for ring in (False, True):
        for start in range(count):
            if ring and up[start] < 0 and not is_core[start] and on_chain[start][0] < 0:
                is_core[start] = True
            if not is_core[start]:
                continue
            for first in network.edges_at[start]:
                if not alive[first] or used[first]:
                    continue
                nodes, darts, edge = [start], [], first
                while True:
                    used[edge] = True
                    darts.append(dart(network, edge, nodes[-1]))
                    nodes.append(network.other(edge, nodes[-1]))
                    if is_core[nodes[-1]]:
                        break
                    on_chain[nodes[-1]] = (len(chains), len(nodes) - 1)
                    edge = next(e for e in network.edges_at[nodes[-1]] if alive[e] and not used[e])
                chains.append(Chain(tuple(nodes), tuple(darts)))
    return Core(tuple(is_core), tuple(chains), tuple(on_chain), tuple(up))


@dataclass(frozen=True)
class Walk:
    """Darts from the start to the goal, and their cost."""

    start: int
    goal: int
    darts: tuple[int, ...]
    cost_ms: int


class Router:
    """Least-cost walks over one network with one set of weights."""

    def __init__(self, network: Network, core: Core, weights: Weights) -> None:
        self._network = network
        self._core = core
        self._cost = weights.cost_ms
        self._arcs = self._core_arcs()

    def _core_arcs(self) -> dict[int, list[tuple[int, int, int]]]:
        """From each core node: (cost, core node, arc), an arc being ``2 * chain + backwards``."""
        cost = self._cost
        arcs: dict[int, list[tuple[int, int, int]]] = {
            node: [] for node, is_core in enumerate(self._core.is_core) if is_core
        }
        for number, chain in enumerate(self._core.chains):
            first, last = chain.nodes[0], chain.nodes[-1]
            if first == last:
                continue
            there = sum([cost[d] for d in chain.darts])
            back = sum([cost[d ^ 1] for d in chain.darts])
            if there < BLOCKED:
                arcs[first].append((there, last, 2 * number))
            if back < BLOCKED:
                arcs[last].append((back, first, 2 * number + 1))
        return arcs

    def find(self, starts: Sequence[int], goals: Sequence[int]) -> Walk | None:
        """The least-cost walk from any start to any goal, or None where there is none."""
        best: tuple[int, tuple[int, ...], int, int] | None = None
        ends: dict[int, tuple[int, int]] = {}
        for number, goal in enumerate(goals):
            for node, cost, _ in self._arms(goal, 1):
                if node not in ends or cost < ends[node][0]:
                    ends[node] = (cost, number)
        heap: list[tuple[int, int]] = []
        reached: dict[int, int] = {}
        came: dict[int, tuple[int, int]] = {}
        for number, start in enumerate(starts):
            for goal_number, goal in enumerate(goals):
                direct = self._direct(start, goal)
                if direct and (best is None or direct[0] < best[0]):
                    best = (*direct, number, goal_number)
            for node, cost, _ in self._arms(start, 0):
                if node not in reached or cost < reached[node]:
                    reached[node] = cost
                    came[node] = (-1, number)
                    heappush(heap, (cost, node))
        limit = best[0] if best else BLOCKED
        meeting = -1
        arcs = self._arcs
        while heap:
            cost, node = heappop(heap)
            if cost >= limit:
                break
            if cost > reached[node]:
                continue
            if node in ends and cost + ends[node][0] < limit:
                limit = cost + ends[node][0]
                meeting = node
            for arc_cost, target, arc in arcs[node]:
                total = cost + arc_cost
                if total < limit and (target not in reached or total < reached[target]):
                    reached[target] = total
                    came[target] = (node, arc)
                    heappush(heap, (total, target))
        if meeting < 0:
            if best is None:
                return None
            return Walk(starts[best[2]], goals[best[3]], best[1], best[0])
        return self._expand(starts, goals, meeting, ends[meeting][1], came, limit)

    def _expand(
        self,
        starts: Sequence[int],
        goals: Sequence[int],
        meeting: int,
        goal_number: int,
        came: dict[int, tuple[int, int]],
        cost_ms: int,
    ) -> Walk:
        pieces: list[tuple[int, ...]] = []
        node = meeting
        while came[node][0] >= 0:
            before, arc = came[node]
            darts = self._core.chains[arc >> 1].darts
            pieces.append(_reversed(darts) if arc & 1 else darts)
            node = before
        start, goal = starts[came[node][1]], goals[goal_number]
        head = next(d for n, _, d in self._cheapest(start, 0) if n == node)
        tail = next(d for n, _, d in self._cheapest(goal, 1) if n == meeting)
        darts = (*head, *(d for piece in reversed(pieces) for d in piece), *_reversed(tail))
        return Walk(start, goal, darts, cost_ms)

    def _cheapest(self, node: int, back: int) -> list[tuple[int, int, tuple[int, ...]]]:
        """The arms of a node, cheapest first; both ends of a loop may be one core node."""
        return sorted(self._arms(node, back), key=lambda arm: arm[1])

    def _climb(self, node: int, back: int) -> list[tuple[int, int, int]]:
        """From a node up to its root: (node, cost so far, dart taken to get there or -1).

        `back` = 1 counts the cost of coming from the root instead.
        """
        cost, network, up = self._cost, self._network, self._core.up
        steps = [(node, 0, -1)]
        total = 0
        while up[node] >= 0:
            taken = up[node]
            total += cost[taken ^ back]
            node = network.a[taken >> 1] if taken & 1 else network.b[taken >> 1]
            steps.append((node, total, taken))
        return steps

    def _arms(self, node: int, back: int) -> Iterable[tuple[int, int, tuple[int, ...]]]:
        """The core nodes a node reaches without passing another: (core node, cost, darts).

        Darts lead away from `node`; with `back` = 1 the cost is that of coming from there.
        """
        steps = self._climb(node, back)
        root, climbed, _ = steps[-1]
        if climbed >= BLOCKED:
            return
        head = tuple(step[2] for step in steps[1:])
        if self._core.is_core[root]:
            yield root, climbed, head
            return
        number, position = self._core.on_chain[root]
        chain = self._core.chains[number]
        cost = self._cost
        first = _reversed(chain.darts[:position])
        to_first = climbed + sum([cost[d ^ back] for d in first])
        if to_first < BLOCKED:
            yield chain.nodes[0], to_first, head + first
        last = chain.darts[position:]
        to_last = climbed + sum([cost[d ^ back] for d in last])
        if to_last < BLOCKED:
            yield chain.nodes[-1], to_last, head + last

    def _direct(self, start: int, goal: int) -> tuple[int, tuple[int, ...]] | None:
        """The walk that passes no core node: within one tree, or along one chain."""
        rising, falling = self._climb(start, 0), self._climb(goal, 1)
        level_with = {node: i for i, (node, _, _) in enumerate(falling)}
        for i, (node, climbed, _) in enumerate(rising):
            if node in level_with:
                j = level_with[node]
                total = climbed + falling[j][1]
                up = tuple(step[2] for step in rising[1 : i + 1])
                down = _reversed(tuple(step[2] for step in falling[1 : j + 1]))
                return (total, up + down) if total < BLOCKED else None
        chain_s, at_s = self._core.on_chain[rising[-1][0]]
        chain_g, at_g = self._core.on_chain[falling[-1][0]]
        if chain_s < 0 or chain_s != chain_g:
            return None
        darts = self._core.chains[chain_s].darts
        along = darts[at_s:at_g] if at_s < at_g else _reversed(darts[at_g:at_s])
        total = rising[-1][1] + sum([self._cost[d] for d in along]) + falling[-1][1]
        if total >= BLOCKED:
            return None
        up = tuple(step[2] for step in rising[1:])
        return total, up + along + _reversed(tuple(step[2] for step in falling[1:]))

    @cached_property
    def arc_count(self) -> int:
        """How many arcs the core has for these weights."""
        return sum(len(arcs) for arcs in self._arcs.values())


def _reversed(darts: tuple[int, ...]) -> tuple[int, ...]:
    """The same walk the other way."""
    return tuple(d ^ 1 for d in reversed(darts))
