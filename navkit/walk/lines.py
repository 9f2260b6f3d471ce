"""A reader who follows the network's lines, as if they were painted on the floor."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from navkit.network.network import Kind, Network
from navkit.walk.floor import Floors, through
from navkit.walk.said import heading, onwards, spot_of, turned
from navkit.walk.stroll import Glance, Opening, State, Stroll

AHEAD_DEG = 45
SIDE_DEG = 25
BACK_DEG = 150
SAME_DEG = 20
"""Two lines straight on are a fork, if they are no nearer to each other."""

LOOK_M = 2.0
"""How far along a line its direction is taken."""

DOOR_DEG = 75
"""A door to go through is no farther aside than this."""

STUB_M = 1.5
"""A line that ends after less than this leads nowhere. A guess."""

PACE_M = 0.5


@dataclass(frozen=True)
class _Branch:
    edge: int
    other: int
    heading: float
    looks: str
    """`way`, `doorway`, `door` or `shaft`."""
    door: int


class Lines:
    """Walks along the edges of a network."""

    def __init__(self, floors: Floors) -> None:
        self.floors = floors
        self.network: Network = floors.network
        self._known: dict[int, tuple[_Branch, ...]] = {}

    def turned_state(self, glance: Glance, level: int, side: int) -> State:
        """A line turns at its nodes only: nowhere else."""
        return State(level, glance.here, None)

    def stroll(self, start: State, doors: int, limit_m: float, guessed: bool) -> Stroll:
        walk = _Walk(self, start, doors, guessed)
        while walk.walked_m < limit_m and walk.goes_on():
            pass
        end_m = walk.walked_m if walk.first_end_m is None else walk.first_end_m
        return Stroll(walk.glances, walk.openings, end_m, walk.passed)

    def branches(self, node: int) -> tuple[_Branch, ...]:
        """What leads off a node on its floor."""
        if node not in self._known:
            self._known[node] = tuple(self._branches(node))
        return self._known[node]

    def _branches(self, node: int) -> Iterator[_Branch]:
        network = self.network
        for edge in network.edges_at[node]:
            other = network.other(edge, node)
            if network.level[other] != network.level[node] or network.kind[edge] == Kind.BOARD:
                continue
            towards = self._direction(node, edge)
            if network.kind[edge] == Kind.DOOR:
                door, side = self.floors.side_of_node.get(node, (-1, 0))
                looks = self.floors.looks(door, side) if door >= 0 else "way"
                yield _Branch(edge, other, towards, looks, door)
                continue
            door, side = self.floors.side_of_node.get(other, (-1, 0))
            if door < 0:
                if not self._is_stub(node, edge):
                    yield _Branch(edge, other, towards, "way", -1)
            elif network.door_nodes[door][1 - side] >= 0 or self._leads_on(other, edge):
                looks = self.floors.looks(door, side)
                beyond = network.door_nodes[door][1 - side]
                if looks == "way" and beyond >= 0:
                    space = network.space_of_node[beyond]
                    looks = "bay" if self.floors.is_bay(space) else "way"
                yield _Branch(edge, other, towards, looks, door)

    def _leads_on(self, node: int, edge: int) -> bool:
        return any(e != edge for e in self.network.edges_at[node])

    def _is_stub(self, node: int, edge: int) -> bool:
        """Whether a line ends in nothing after a step."""
        other, length_m = self.network.other(edge, node), self.network.length_cm[edge] / 100
        while length_m < STUB_M:
            onward = [e for e in self.network.edges_at[other] if e != edge]
            if len(onward) != 1:
                return not onward
            edge = onward[0]
            if self.network.kind[edge] == Kind.DOOR:
                return False
            other = self.network.other(edge, other)
            length_m += self.network.length_cm[edge] / 100
        return False

    def _onward(self, edge: int, node: int) -> list[int]:
        """The edges by which a line goes on; one that came to a door goes through it."""
        onward = [e for e in self.network.edges_at[node] if e != edge]
        through_it = [e for e in onward if self.network.kind[e] == Kind.DOOR]
        is_inside = self.network.kind[edge] != Kind.DOOR
        return through_it if through_it and is_inside else onward

    def _direction(self, node: int, edge: int) -> float:
        """The direction of a line, a few steps along the straightest of its edges."""
        network = self.network
        begun = spot_of(network, node)
        walked_m, here = 0.0, node
        while True:
            other = network.other(edge, here)
            walked_m += network.length_cm[edge] / 100
            towards = heading(spot_of(network, here), spot_of(network, other))
            if walked_m >= LOOK_M:
                break
            onward = [
                (abs(turned(towards, heading(spot_of(network, other), spot_of(network, far)))), e)
                for e in self._onward(edge, other)
                for far in [network.other(e, other)]
                if network.level[far] == network.level[other]
            ]
            best = min(onward, default=None)
            if best is None or best[0] > AHEAD_DEG:
                break
            here, edge = other, best[1]
        return heading(begun, spot_of(network, other))


class _Walk:
    def __init__(self, lines: Lines, start: State, doors: int, guessed: bool) -> None:
        self.lines, self.network, self.level = lines, lines.network, start.level
        self.node, self.heading = start.node, start.heading or 0.0
        self.doors, self.guessed = doors, guessed
        self.walked_m = 0.0
        self.first_end_m: float | None = None
        self.glances: list[Glance] = []
        self.openings: list[Opening] = []
        self.passed: list[tuple[float, int]] = []
        self._came = -1
        self._seen: set[int] = set()
        if self.node >= 0:
            self._note(spot_of(self.network, self.node))

    def _note(self, here: tuple[float, float]) -> None:
        part = self.lines.floors.part_at(self.level, here)
        self.glances.append(Glance(self.walked_m, here, self.heading, part))

    def goes_on(self) -> bool:
        if self.node < 0 or self.node in self._seen:
            return False
        self._seen.add(self.node)
        branches = [b for b in self.lines.branches(self.node) if b.edge != self._came]
        beside = [(turned(self.heading, branch.heading), branch) for branch in branches]
        beside = [(off, branch) for off, branch in beside if SIDE_DEG <= abs(off) <= BACK_DEG]
        for off, branch in beside:
            # Of two that lead off one spot, people take the squarer one.
            squarest = min(
                abs(abs(o) - 90)
                for o, b in beside
                if (o > 0) == (off > 0) and b.looks == branch.looks
            )
            if abs(abs(off) - 90) <= squarest + SAME_DEG:
                self._open(branch, off)
        chosen = self._straight_on(branches)
        if chosen is None:
            return False
        self._step(chosen)
        return True

    def _open(self, branch: _Branch, off: float) -> None:
        here = spot_of(self.network, self.node)
        towards = branch.heading
        if branch.door >= 0 and branch.looks != "way":
            towards = through(self.lines.floors.venue.doors[branch.door], here)
        then = State(self.level, here, towards, branch.other)
        side = 1 if off > 0 else -1
        self.openings.append(Opening(side, self.walked_m, 1.5, then, branch.looks, branch.door))

    def _straight_on(self, branches: list[_Branch]) -> _Branch | None:
        """The one way straight on; where there is none, the only way there is."""
        ways = [b for b in branches if b.looks in ("way", "bay", "doorway")]
        ahead = sorted(
            (b for b in ways if abs(turned(self.heading, b.heading)) <= AHEAD_DEG),
            key=lambda b: (abs(turned(self.heading, b.heading)), b.edge),
        )
        door = self._door_ahead(branches)
        if ahead:
            best = ahead[0]
            off = abs(turned(self.heading, best.heading))
            if door is not None and abs(turned(self.heading, door.heading)) < off:
                return door
            rivals = [
                b
                for b in ahead[1:]
                if b.looks == best.looks and abs(turned(best.heading, b.heading)) > SAME_DEG
            ]
            if off > SIDE_DEG and rivals:
                return None
            return best
        if door is not None:
            return door
        if self.first_end_m is None:
            self.first_end_m = self.walked_m
        onward = [
            b for b in ways if b.looks == "way" and abs(turned(self.heading, b.heading)) <= BACK_DEG
        ]
        return onward[0] if len(onward) == 1 else None

    def _door_ahead(self, branches: list[_Branch]) -> _Branch | None:
        """The closed door ahead, if there was word of one."""
        doors = [
            b
            for b in branches
            if b.looks == "door" and self._leads_on(b) and self._may_pass(b.door)
        ]
        return min(doors, key=lambda b: abs(turned(self.heading, b.heading)), default=None)

    def _leads_on(self, branch: _Branch) -> bool:
        """Whether a door is ahead, or beside the end of the way but leads on as it did."""
        off = abs(turned(self.heading, branch.heading))
        door = self.lines.floors.venue.doors[branch.door]
        square = abs(turned(self.heading, through(door, spot_of(self.network, self.node))))
        return off <= AHEAD_DEG or (off <= DOOR_DEG and square <= AHEAD_DEG)

    def _may_pass(self, door: int) -> bool:
        is_guessed = self.lines.floors.venue.doors[door].guessed
        return self.doors > 0 or (self.guessed and is_guessed)

    def _step(self, branch: _Branch) -> None:
        here, there = spot_of(self.network, self.node), spot_of(self.network, branch.other)
        length_m = math.dist(here, there)
        if length_m > 0.05:
            towards = heading(here, there)
            # A short piece is noise of the drawing: the reader does not look round for it.
            share = min(1.0, length_m / 1.0)
            self.heading -= math.radians(turned(self.heading, towards)) * share
            paces = max(1, round(length_m / PACE_M))
            begun_m = self.walked_m
            for i in range(1, paces + 1):
                self.walked_m = begun_m + length_m * i / paces
                self._note(onwards(here, towards, length_m * i / paces))
        if self.network.kind[branch.edge] == Kind.DOOR and branch.looks == "door":
            self.doors -= not self.lines.floors.venue.doors[branch.door].guessed
            self.passed.append((self.walked_m, branch.door))
            self.heading = through(self.lines.floors.venue.doors[branch.door], here)
        self._came, self.node = branch.edge, branch.other
