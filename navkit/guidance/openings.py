"""What opens beside the ways, as people see it who walk along them, computed from the plan.

The network says where ways lead; people see gaps in walls. Here one walks along the network's lines
as far as they go straight on, looks to both sides at every pace, and notes each gap: where it is,
how wide, and whether it leads on. Doors with a leaf are not gaps: the network knows where they are.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from navkit.guidance.line import turn_between
from navkit.guidance.rules import rules
from navkit.guidance.sights import Rays
from navkit.guidance.surroundings import Opening, Surroundings
from navkit.network.network import Kind, Network
from navkit.plan.plan import CIRCULATION
from navkit.venue.venue import Door

Floats = NDArray[np.float64]
Run = list[int]
"""Nodes in a row, straight on."""

WALKED_OVER = frozenset({Kind.CORRIDOR, Kind.HALL, Kind.OUTDOOR})

PACE_CM = 50
"""How often one looks to both sides."""
GRAIN_DM = PACE_CM // 10
"""Where a gap is, is known no better."""


class Beside:
    """The gaps beside the ways of one level."""

    def __init__(self, network: Network, around: Surroundings, level: int, floor: BaseGeometry):
        self.network, self.around, self.rules = network, around, rules()
        self.level, self.floor = level, floor

    def openings(self) -> dict[int, tuple[Opening, ...]]:
        """By edge, in the order from its first node."""
        runs = list(self._runs())
        if not runs:
            return {}
        found: dict[int, list[Opening]] = defaultdict(list)
        for run, edges, *walked in self._walked(runs):
            for side, free in ((-1, walked[2]), (1, walked[3])):
                self._note(found, edges, run, side, walked[0], walked[1], free)
        return {edge: tuple(sorted(some, key=lambda o: o.at_dm)) for edge, some in found.items()}

    # -- ways straight on

    def _runs(self) -> Iterator[Run]:
        """Ways straight on: each edge of the floor is in one of them."""
        partner = self._partners()
        done: set[int] = set()
        for edge in self._edges:
            if edge in done:
                continue
            first, back = self._to_the_end(edge, self.network.a[edge], partner)
            run = [first, self.network.other(back, first)]
            done.add(back)
            while (onward := partner.get((run[-1], back))) is not None and onward not in done:
                back = onward
                done.add(back)
                run.append(self.network.other(back, run[-1]))
            yield run

    def _to_the_end(
        self, edge: int, node: int, partner: dict[tuple[int, int], int]
    ) -> tuple[int, int]:
        """The end of a run beyond a node, and its last edge there."""
        begun = edge
        while (onward := partner.get((node, edge))) is not None and onward != begun:
            edge, node = onward, self.network.other(onward, node)
        return node, edge

    @cached_property
    def _edges(self) -> list[int]:
        """The edges over the floor of a level, also through its open passages."""
        network, found = self.network, []
        for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
            if network.level[a] != self.level or network.level[b] != self.level:
                continue
            if self._is_open(a) and self._is_open(b) and self._is_walked_over(edge):
                found.append(edge)
        return found

    def _is_open(self, node: int) -> bool:
        space = self.network.space_of_node[node]
        return space >= 0 and self.network.venue.spaces[space].kind in CIRCULATION

    def _is_walked_over(self, edge: int) -> bool:
        if self.network.kind[edge] == Kind.DOOR:
            door = self.network.things[self.network.thing[edge]]
            return isinstance(door, Door) and door.kind == "open"
        return self.network.kind[edge] in WALKED_OVER

    def _partners(self) -> dict[tuple[int, int], int]:
        """By (node, edge) the edge that goes straight on: of several the straightest."""
        at: dict[int, list[int]] = defaultdict(list)
        for edge in self._edges:
            at[self.network.a[edge]].append(edge)
            at[self.network.b[edge]].append(edge)
        found: dict[tuple[int, int], int] = {}
        heading = self.around.heading
        for node, edges in at.items():
            into = {edge: heading(self.network.other(edge, node), node) for edge in edges}
            pairs = sorted(
                (abs(turn_between(into[one], into[other] + math.pi)), one, other)
                for i, one in enumerate(edges)
                for other in edges[i + 1 :]
            )
            for deg, one, other in pairs:
                if (
                    deg < self.rules.straight_deg
                    and not {(node, one), (node, other)} & found.keys()
                ):
                    found[node, one], found[node, other] = other, one
        return found

    # -- looking to both sides

    def _walked(
        self, runs: Sequence[Run]
    ) -> Iterator[tuple[Run, list[int], Floats, Floats, Floats, Floats]]:
        """Per run: its nodes, edges, the centimetres walked at each pace, the headings, and how
        free it is to the left and right."""
        spots, ways, walked = [], [], []
        for run in runs:
            at, here, headings = self._paces(run)
            walked.append(at)
            spots.append(here)
            ways.append(headings)
        starts, headings = np.vstack(spots), np.concatenate(ways)
        rays, far_m = Rays(self.floor), self.rules.looks_aside_m
        left = rays.free_m(starts, headings + math.pi / 2, far_m)
        right = rays.free_m(starts, headings - math.pi / 2, far_m)
        ends = np.cumsum([len(at) for at in walked])
        for run, at, way, end in zip(runs, walked, ways, ends, strict=True):
            rows = slice(end - len(at), end)
            edges = [self._edge_between[pair] for pair in pairwise(run)]
            yield run, edges, at, way, left[rows], right[rows]

    @cached_property
    def _edge_between(self) -> dict[tuple[int, int], int]:
        found = {}
        for edge in self._edges:
            a, b = self.network.a[edge], self.network.b[edge]
            found[a, b] = found[b, a] = edge
        return found

    def _paces(self, run: Run) -> tuple[Floats, Floats, Floats]:
        """Centimetres walked, points in metres, headings: at every pace of a run."""
        corners = np.array([self._xy(node) for node in run])
        pieces = np.diff(corners, axis=0)
        lengths = np.hypot(*pieces.T) * 100
        reached = np.concatenate([[0.0], np.cumsum(lengths)])
        at = np.arange(0.0, reached[-1] + 1, PACE_CM)
        which = np.clip(np.searchsorted(reached, at, side="right") - 1, 0, len(pieces) - 1)
        share = (at - reached[which]) / np.maximum(lengths[which], 1.0)
        points = corners[which] + pieces[which] * np.minimum(share, 1.0)[:, None]
        return at, points, np.arctan2(pieces[:, 1], pieces[:, 0])[which]

    def _xy(self, node: int) -> tuple[float, float]:
        return self.network.x_cm[node] / 100, self.network.y_cm[node] / 100

    def _note(
        self,
        found: dict[int, list[Opening]],
        edges: Sequence[int],
        run: Run,
        side: int,
        at: Floats,
        headings: Floats,
        free_m: Floats,
    ) -> None:
        """The gaps on one side of a run, each with the edge at its middle."""
        network = self.network
        lengths = [network.length_cm[edge] for edge in edges]
        reached = np.concatenate([[0], np.cumsum(lengths)])
        for first, last, wall_m in _gaps(
            free_m, self.rules.opening_deep_m, self.rules.opening_wall_cm
        ):
            middle = float(at[first] + at[last]) / 2
            i = min(int(np.searchsorted(reached, middle, side="right")) - 1, len(edges) - 1)
            along = middle - float(reached[i])
            is_from_a = network.a[edges[i]] == run[i]
            looks = self._looks(run, i, along, (first + last) // 2, side, headings, wall_m)
            along = along if is_from_a else lengths[i] - along
            found[edges[i]].append(
                Opening(
                    GRAIN_DM * round(max(0.0, along) / PACE_CM),
                    round((float(at[last] - at[first]) + PACE_CM) / 10),
                    side if is_from_a else -side,
                    looks,
                )
            )

    def _looks(
        self, run: Run, i: int, along: float, pace: int, side: int, headings: Floats, wall_m: float
    ) -> int:
        """Whether a gap leads on (0), or into what only has closed doors besides (1)."""
        (ax, ay), heading = self._xy(run[i]), float(headings[pace])
        x = ax + math.cos(heading) * along / 100
        y = ay + math.sin(heading) * along / 100
        deep_m, aside = wall_m + 1.0, heading - side * math.pi / 2
        point = shapely.Point(x + math.cos(aside) * deep_m, y + math.sin(aside) * deep_m)
        return int(any(bay.contains(point) for bay in self._bays))

    @cached_property
    def _bays(self) -> list[BaseGeometry]:
        """Halls and waiting areas that are open to one side only."""
        venue = self.network.venue
        level = venue.levels[self.level].id
        beside: dict[str, set[str]] = defaultdict(set)
        for door in venue.doors:
            one, other = door.spaces
            if door.kind == "open" and one and other:
                beside[one].add(other)
                beside[other].add(one)
        spaces = (venue.space_by_id[name] for name, others in beside.items() if len(others) == 1)
        return [
            one.outline for one in spaces if one.level == level and one.kind in ("hall", "room")
        ]


def _gaps(free_m: Floats, deep_m: float, wall_cm: int) -> Iterator[tuple[int, int, float]]:
    """First and last pace of each gap of a wall, and how far the wall is: where the floor goes on
    much farther than the nearest wall of some paces around."""
    reach = wall_cm // PACE_CM
    walls = [float(free_m[max(0, i - reach) : i + reach + 1].min()) for i in range(len(free_m))]
    first = -1
    for i, free in enumerate([*free_m, 0.0]):
        is_open = i < len(free_m) and free >= walls[i] + deep_m
        if is_open and first < 0:
            first = i
        elif not is_open and first >= 0:
            yield first, i - 1, walls[first]
            first = -1
