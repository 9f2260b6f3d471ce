"""A reader who walks over the floor by what is in sight, and knows no lines."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from navkit.walk.floor import Floats, Floors, Leaf, Part
from navkit.walk.said import Point, heading, onwards, turned
from navkit.walk.stroll import Glance, Opening, State, Stroll, side_heading

PACE_M = 0.5
BODY_M = 0.4
"""How near to a wall one walks up to it."""

CLEAR_M = 2.0
"""A floor that is free for less than this leads nowhere. A guess."""

DEEP_M = 2.0
"""An opening is this much deeper than the wall beside it. A guess."""

WIDE_M = 4.0
"""A side without a wall within this is an open area. A guess."""

WINDOW_M = 4.0
"""The wall beside an opening is seen within this. A guess."""

AHEAD_DEG = 30
"""Straight on is within this, where a wall or pillar stands in the way."""

FAN_DEG = 5

ALIGNED_M = 3.0
"""A wall ahead that is nearer than this makes people look where the way leads. A guess."""

RUN_M = 1.5
"""How often they look."""

DOOR_M, DOOR_DEG, SQUARE_DEG = 4.0, 75, 50
"""A door to go through is within this of where the floor ends, and leads on. A guess."""

NEAR_DOOR_M, NEAR_DOOR_DEG = 3.5, 25
"""Who is told of a door takes one that is this straight ahead. A guess."""


class Rays:
    """Walks by rays over the floors of a venue."""

    def __init__(self, floors: Floors) -> None:
        self.floors = floors

    def stroll(self, start: State, doors: int, limit_m: float, guessed: bool) -> Stroll:
        """Straight on from `start`, through at most that many closed doors (guessed ones besides,
        if they were mentioned)."""
        walk = _Walk(self.floors, start, doors, limit_m, guessed)
        while walk.goes_on():
            pass
        openings = [o for side in (-1, 1) for o in self._openings(start.level, walk.glances, side)]
        openings += _doors_beside(start.level, walk.glances)
        openings.sort(key=lambda one: one.walked_m)
        end_m = walk.walked_m if walk.first_end_m is None else walk.first_end_m
        return Stroll(walk.glances, openings, end_m, walk.passed)

    def turned_state(self, glance: Glance, level: int, side: int) -> State:
        """Where somebody looks who turns to a side here: along the freest floor there."""
        towards = side_heading(glance.heading, side)
        if glance.part is not None:
            towards = freest(glance.part, glance.here, towards, 50)[0]
        return State(level, glance.here, towards)

    def _openings(self, level: int, glances: Sequence[Glance], side: int) -> Iterator[Opening]:
        """Gaps in the wall on one side."""
        free = _free_beside(glances, side)
        is_open = [
            depth_m >= _wall_m(free, i) + DEEP_M and depth_m > CLEAR_M
            for i, depth_m in enumerate(free)
        ]
        for opened, group in groupby(range(len(glances)), key=lambda i: is_open[i]):
            if not opened:
                continue
            ids = list(group)
            middle = glances[ids[len(ids) // 2]]
            state = self.turned_state(middle, level, side)
            width_m = len(ids) * PACE_M
            leaf = _doorway_in(middle, side) if width_m <= 2 else None
            inside = onwards(
                middle.here, side_heading(middle.heading, side), _wall_m(free, ids[0]) + 1.0
            )
            looks = "doorway" if leaf else self.floors.looks_at(level, inside)
            door = leaf.door if leaf else -1
            yield Opening(side, middle.walked_m, width_m, state, looks, door)


def _free_beside(glances: Sequence[Glance], side: int) -> Floats:
    """How deep the floor is on one side, at each moment of a walk."""
    free = np.zeros(len(glances))
    for part, group in groupby(range(len(glances)), key=lambda i: glances[i].part):
        if part is None:
            continue
        ids = list(group)
        points = np.array([glances[i].here for i in ids])
        ways = np.array([side_heading(glances[i].heading, side) for i in ids])
        free[ids] = part.free_m(points, ways)
    return free


def _wall_m(free: Floats, i: int) -> float:
    """How far the wall is near the i-th moment; 0 where the side is open all along, for a short
    walk at a crossing."""
    reach = int(WINDOW_M / PACE_M)
    return float(free[max(0, i - reach) : i + reach + 1].min())


def _doorway_in(glance: Glance, side: int) -> Leaf | None:
    """The doorway through which a look to one side goes."""
    if glance.part is None:
        return None
    towards = side_heading(glance.heading, side)
    for leaf in glance.part.doorways:
        apart_m = math.dist(glance.here, leaf.front)
        off = abs(turned(towards, heading(glance.here, leaf.front)))
        if apart_m < 6 and apart_m * math.sin(math.radians(min(off, 90))) < 0.8 and off < 60:
            return leaf
    return None


BESIDE_M = 5.0
"""A door this far beside the way is one of its doors. A guess."""


def _doors_beside(level: int, glances: Sequence[Glance]) -> Iterator[Opening]:
    """Closed doors on both sides, each where the walk passes it."""
    for part, group in groupby(glances, key=lambda one: one.part):
        if part is None:
            continue
        seen = list(group)
        points = np.array([one.here for one in seen])
        for leaf in part.leaves:
            apart = np.hypot(points[:, 0] - leaf.front[0], points[:, 1] - leaf.front[1])
            near = seen[int(apart.argmin())]
            if apart.min() > BESIDE_M:
                continue
            off = turned(near.heading, heading(near.here, leaf.front))
            inwards = turned(near.heading, leaf.inwards)
            # Who passes a door looks across the way into it.
            if not (40 <= abs(inwards) <= 140) or not _is_beside(apart.min(), off, inwards):
                continue
            if part.sees(near.here, leaf.front):
                side = 1 if inwards > 0 else -1
                then = State(level, leaf.front, leaf.inwards, leaf.node)
                yield Opening(side, near.walked_m, 1.0, then, leaf.kind, leaf.door)


def _is_beside(apart_m: float, off_deg: float, inwards_deg: float) -> bool:
    """Whether a door is on the side that it opens to, seen from the nearest point of the walk."""
    return apart_m < 1.0 or (off_deg > 0) == (inwards_deg > 0)


def freest(part: Part, here: Point, towards: float, within_deg: int) -> tuple[float, float]:
    """The direction nearest to `towards` in which the floor is about as free as it gets within
    some degrees; and how free."""
    offs = sorted(range(-within_deg, within_deg + 1, FAN_DEG), key=abs)
    free = part.look(here, [towards - math.radians(off) for off in offs])
    enough = 0.6 * float(free.max())
    best = next(i for i, metres in enumerate(free) if metres >= enough)
    return towards - math.radians(offs[best]), float(free[best])


class _Walk:
    """A walk in progress."""

    def __init__(
        self, floors: Floors, start: State, doors: int, limit_m: float, guessed: bool
    ) -> None:
        self.floors, self.level = floors, start.level
        self.here = start.here
        self.heading = start.heading or 0.0
        self.doors, self.limit_m, self.guessed = doors, limit_m, guessed
        self.part = floors.part_at(start.level, start.here)
        self.walked_m = 0.0
        self.first_end_m: float | None = None
        self.glances: list[Glance] = []
        self.passed: list[tuple[float, int]] = []
        self._forced = 0
        self._note()

    def _note(self) -> None:
        self.glances.append(Glance(self.walked_m, self.here, self.heading, self.part))

    def goes_on(self) -> bool:
        """Walk until something is in the way, then around it; False at the end of the floor."""
        if self.part is None or self.walked_m >= self.limit_m:
            return False
        if self.doors > 0 and self._through(NEAR_DOOR_M, NEAR_DOOR_DEG, NEAR_DOOR_DEG):
            return True
        free_m = float(self.part.look(self.here, [self.heading])[0])
        if free_m < ALIGNED_M:
            # People who come into a corridor aslant walk along it, not into its wall.
            towards, along_m = freest(self.part, self.here, self.heading, AHEAD_DEG)
            if along_m > max(2 * free_m, CLEAR_M + 0.5) and self._forced <= 40:
                self._forced += 1
                self.heading, free_m = towards, along_m
        if free_m > 1.5:
            self._walk(self.heading, min(free_m - BODY_M, RUN_M))
            return True
        return self._through(DOOR_M, DOOR_DEG, SQUARE_DEG) or self._bend()

    def _walk(self, towards: float, length_m: float) -> None:
        length_m = min(length_m, self.limit_m - self.walked_m + PACE_M)
        begun, walked = self.here, 0.0
        while walked < length_m:
            pace = min(PACE_M, length_m - walked)
            walked += pace
            self.walked_m += pace
            self.here = onwards(begun, towards, walked)
            if pace > PACE_M / 2:
                self._note()

    def _through(self, within_m: float, within_deg: float, square_deg: float) -> bool:
        """Through the closed door ahead, if there was word of one and there is only one."""
        assert self.part is not None
        ahead = []
        for leaf in self.part.leaves:
            apart_m = math.dist(self.here, leaf.front)
            off = abs(turned(self.heading, heading(self.here, leaf.front))) if apart_m > 0.7 else 0
            square = abs(turned(self.heading, leaf.inwards))
            is_ahead = off <= within_deg and square <= square_deg
            if apart_m <= within_m and is_ahead and leaf.beyond >= 0:
                ahead.append((apart_m, leaf))
        here = self.here
        behind = {door for _, door in self.passed}
        known = [
            (apart_m, leaf)
            for apart_m, leaf in ahead
            if leaf.kind == "door" and leaf.door not in behind
            if self._may_pass(leaf) and self.part.sees(here, leaf.front)
        ]
        if not known:
            return False
        apart_m, leaf = min(known, key=lambda one: (one[0], one[1].door))
        network = self.floors.network
        if network.level[leaf.beyond] != self.level:
            return False
        self.doors -= not leaf.guessed
        beyond = (network.x_cm[leaf.beyond] / 100, network.y_cm[leaf.beyond] / 100)
        self.walked_m += apart_m + math.dist(leaf.front, beyond)
        self.passed.append((self.walked_m, leaf.door))
        self.here, self.heading = beyond, leaf.inwards
        self.part = self.floors.part_at(self.level, beyond)
        self._note()
        return True

    def _may_pass(self, leaf: Leaf) -> bool:
        return self.doors > 0 or (self.guessed and leaf.guessed)

    def _bend(self) -> bool:
        """Where the floor leads one way only, everybody takes it."""
        assert self.part is not None
        if self.first_end_m is None:
            self.first_end_m = self.walked_m
        ways = self._ways()
        if len(ways) != 1 or self._forced > 20:
            return False
        self._forced += 1
        self.heading = ways[0]
        free_m = float(self.part.look(self.here, [self.heading])[0])
        self._walk(self.heading, min(free_m - BODY_M, 1.0))
        return True

    def _ways(self) -> list[float]:
        """Directions of the ways that lead on from where the floor ends."""
        assert self.part is not None
        offs = [*range(-135, -AHEAD_DEG, FAN_DEG), *range(AHEAD_DEG + 5, 136, FAN_DEG)]
        free = self.part.look(self.here, [self.heading - math.radians(off) for off in offs])
        found = []
        for (is_free, _), group in groupby(
            range(len(offs)), key=lambda i: (free[i] > CLEAR_M + 0.5, offs[i] > 0)
        ):
            ids = list(group)
            if is_free and len(ids) > 1:
                best = max(ids, key=lambda i: free[i])
                found.append(self.heading - math.radians(offs[best]))
        return found


def shifted(state: State) -> list[State]:
    """The same start three times, a little off each: nobody stands on a point."""
    if state.heading is None:
        return [state] * 3
    return [
        replace(
            state,
            here=onwards(state.here, state.heading + math.pi / 2, side_m),
            heading=state.heading + math.radians(deg),
        )
        for side_m, deg in ((0.3, -5), (-0.3, 5), (0.0, 8))
    ]
