"""Whether a reader who does what was said is where the route is, step by step."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely import LineString

from navkit.network.network import Kind, Network
from navkit.walk.floor import Floors, through
from navkit.walk.lines import Lines
from navkit.walk.marks import Marks
from navkit.walk.meanings import MEANINGS, unsure
from navkit.walk.rays import Rays, shifted
from navkit.walk.reader import Reading, Walker
from navkit.walk.said import Account, Told, heading, spot_of, turned
from navkit.walk.stroll import State, Stroll

OFF_M = 3.0
"""Who is no farther from the line than this is on it. A guess."""

OFF_DEG = 55
"""Who looks no farther aside than this looks along it. A guess."""

SHIFTED_RIGHT = 2
"""Of three shifted starts, how many must lead a reader right."""


@dataclass(frozen=True)
class Outcome:
    """What became of one reader in one step."""

    failed: str
    """The kind of clause that led astray; empty if the step is right."""
    ends: tuple[State, ...] = ()
    unjudged: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        return not self.failed


@dataclass(frozen=True)
class Verdict:
    """One step by both readers."""

    by_lines: Outcome
    by_rays: Outcome
    robust: bool

    @property
    def is_right(self) -> bool:
        """By either reader."""
        return self.by_lines.is_right or self.by_rays.is_right

    @property
    def failed(self) -> str:
        """The kind of clause that led both astray, by the one who walks over the floor."""
        return "" if self.is_right else self.by_rays.failed

    @property
    def unjudged(self) -> tuple[str, ...]:
        return self.by_rays.unjudged


class Judge:
    """Reads the steps of routes through one network."""

    def __init__(self, network: Network) -> None:
        self.floors = Floors(network)
        self.marks = Marks(self.floors)
        self.lines = Lines(self.floors)
        self.rays = Rays(self.floors)
        self._known: dict[tuple[object, ...], Verdict] = {}

    def verdicts(self, account: Account) -> list[Verdict]:
        """One for each step."""
        return [self._kept(account, step) for step in account.told]

    def _kept(self, account: Account, step: Told) -> Verdict:
        """Many routes have steps in common: each is read once."""
        said = tuple((one.kind, *one.slots.items()) for one in step.said)
        key = (
            said,
            account.nodes[max(0, step.first - 1) : step.last + 8],
            step is account.told[0],
            step.last == len(account.nodes) - 1,
            account.anchor if step is account.told[0] else -1,
        )
        if key not in self._known:
            self._known[key] = self._verdict(account, step)
        return self._known[key]

    def _verdict(self, account: Account, step: Told) -> Verdict:
        starts = self._starts(account, step)
        by_lines = self._read(self.lines, account, step, starts)
        by_rays = self._read(self.rays, account, step, starts)
        robust = by_lines.is_right or self._is_robust(account, step, starts)
        return Verdict(by_lines, by_rays, robust)

    def _is_robust(self, account: Account, step: Told, starts: Sequence[State]) -> bool:
        moved = [shifted(state) for state in starts]
        right = sum(
            self._read(self.rays, account, step, [three[i] for three in moved]).is_right
            for i in range(3)
        )
        return right >= SHIFTED_RIGHT

    # -- where a step begins

    def _starts(self, account: Account, step: Told) -> list[State]:
        """The true state: at the step's first node, looking along the line; at the very start
        nobody knows how the reader stands, unless they come through a door."""
        network = account.network
        node = account.nodes[step.first]
        level, here = network.level[node], account.point(step.first)
        if step is not account.told[0]:
            return [State(level, here, account.onward(step.first), node)]
        inwards = self._coming_in(account)
        door = self._first_door(account)
        if inwards is None and door >= 0:
            beyond = account.nodes[1]
            looking = through(network.venue.doors[door], here)
            return [State(network.level[beyond], account.point(1), looking, beyond)]
        return [State(level, here, inwards, node)]

    def _first_door(self, account: Account) -> int:
        """The door by which the walk leaves the place where it starts, or -1."""
        network = account.network
        if not account.darts or network.kind[account.darts[0] >> 1] != Kind.DOOR:
            return -1
        a, b = account.nodes[:2]
        if account.anchor >= 0 or network.level[a] != network.level[b]:
            return -1
        return self.floors.side_of_node.get(a, (-1, 0))[0]

    def _coming_in(self, account: Account) -> float | None:
        """The direction of who comes in by the entrance where the walk starts."""
        network, node = account.network, account.nodes[0]
        door, _ = self.floors.side_of_node.get(node, (-1, 0))
        place = network.venue.place_by_id.get(account.start)
        if door < 0 or place is None or not place.door:
            return None
        return heading(network.venue.doors[door].middle, spot_of(network, node))

    # -- reading

    def _read(
        self, walker: Walker, account: Account, step: Told, starts: Sequence[State]
    ) -> Outcome:
        reading = Reading(walker, self.marks, account, step, list(starts))
        reading.is_out = step is account.told[0]
        reading.guessed = any(MEANINGS.get(one.kind) is unsure for one in step.said)
        for said in step.said:
            meaning = MEANINGS.get(said.kind)
            if meaning is None:
                reading.unjudged.append(said.kind)
            else:
                meaning(reading, said)
        unjudged = tuple(reading.unjudged)
        if reading.failed:
            return Outcome(reading.failed, tuple(reading.states), unjudged)
        if not reading.arrived:
            failed = self._where(account, step, reading)
            return Outcome(failed, tuple(reading.states), unjudged)
        return Outcome("", (), unjudged)

    def _where(self, account: Account, step: Told, reading: Reading) -> str:
        """The clause that led elsewhere; empty if every end is on the line."""
        acted = [one.kind for one in step.said if MEANINGS.get(one.kind) is not None]
        name = _blamed(acted)
        if reading.onward or reading.passing or reading.metres or reading.doors or reading.aim:
            strolls = [stroll for _, stroll in reading.strolls()]
            is_there = strolls and all(_comes_by(account, step, one) for one in strolls)
            return "" if is_there else name
        if not reading.states or not all(_is_right(account, step, s) for s in reading.states):
            return name
        return ""


def _blamed(kinds: Sequence[str]) -> str:
    """Of a step's clauses, the one that says where to act, else the one that acts."""
    for begins in ("at-", "keep", "turn", "cross", "come", "go-out", "straight"):
        for kind in kinds:
            if kind.startswith(begins):
                return kind
    return kinds[-1] if kinds else "nothing"


def _is_right(account: Account, step: Told, state: State) -> bool:
    """Whether a reader who ends there is on the line and looks along it."""
    network, last = account.network, step.last
    if network.level[account.nodes[last]] != state.level:
        return False
    piece = [account.ahead(last, 5.0, -1), account.point(last), account.ahead(last, 2.0)]
    if LineString(piece).distance(shapely.Point(state.here)) > OFF_M:
        return False
    if state.node in account.nodes[max(step.first + 1, last - 2) : last + 3]:
        # A line that leads along the route is the right one, however it bends at first.
        return True
    onward = account.onward(last)
    if onward is None or state.heading is None:
        return state.heading is None or onward is None
    if abs(turned(state.heading, onward)) <= OFF_DEG:
        return True
    there = account.ahead(last, 4.0)
    return abs(turned(state.heading, heading(state.here, there))) <= OFF_DEG / 2


def _comes_by(account: Account, step: Told, stroll: Stroll) -> bool:
    """Whether a walk straight on comes by the step's end."""
    there = account.point(step.last)
    return any(math.dist(one.here, there) <= OFF_M for one in stroll.glances)


@dataclass(frozen=True)
class Tally:
    """Shares over routes and steps, as `navkit check --walk` has them."""

    routes: int
    steps: int
    routes_right: float
    steps_right: float
    robust: float
    lines_alone: float
    rays_alone: float
    kinds: dict[str, int]
    unjudged: dict[str, int]


def tally(read: Iterable[Sequence[Verdict]]) -> Tally:
    """The shares, and how often each kind of clause failed."""
    routes = steps = routes_right = steps_right = robust = lines = rays = 0
    kinds: dict[str, int] = {}
    unjudged: dict[str, int] = {}
    for verdicts in read:
        routes += 1
        steps += len(verdicts)
        routes_right += all(one.is_right for one in verdicts)
        robust += all(one.robust for one in verdicts)
        lines += all(one.by_lines.is_right for one in verdicts)
        rays += all(one.by_rays.is_right for one in verdicts)
        for one in verdicts:
            steps_right += one.is_right
            if one.failed:
                kinds[one.failed] = kinds.get(one.failed, 0) + 1
            for kind in one.unjudged:
                unjudged[kind] = unjudged.get(kind, 0) + 1
    return Tally(
        routes,
        steps,
        routes_right / max(1, routes),
        steps_right / max(1, steps),
        robust / max(1, routes),
        lines / max(1, routes),
        rays / max(1, routes),
        dict(sorted(kinds.items(), key=lambda one: (-one[1], one[0]))),
        dict(sorted(unjudged.items())),
    )
