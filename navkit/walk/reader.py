"""Does what a step says, and nothing else.

A step is read clause by clause. Most clauses only say how to walk (through a door, past a place) or
where to stop; one that acts (a turn, an arrival, a ride) uses them up. Wherever two continuations
fit the words, both are kept: `verdict` calls a step right only if all of them are.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from shapely import LineString

from navkit.walk.floor import Floors, through
from navkit.walk.marks import Mark, Marks
from navkit.walk.rays import freest
from navkit.walk.said import Account, Said, Told, heading, onwards, turned
from navkit.walk.stroll import Glance, Opening, State, Stroll, side_heading

LEEWAY, GRAIN_M = 0.35, 2.5
"""Metres are believed to this share, and to half of the five metres by which they are said."""

SOON_M = 5.0
"""What "a few steps" may be at most, before the leeway."""

REACH_M = 6.0
"""Who is nearer than this to what they look for is there. A guess."""

AHEAD_REACH_M = 12.0
"""What is straight ahead is seen from farther."""

ASIDE_DEG = 45
"""What is no farther aside than this is ahead, and one walks towards it. A guess."""

AT_ONCE_M = 6.0
"""Who is told to turn and not where does it at the first chance, within this. A guess."""

THERE_M = 8.0
"""What needs no metres is within this. A guess."""

BEFORE_DOOR_M = 1.5
"""Who is no farther from a door stands before it. A guess."""

ALL_ALONG_M = 150.0

WIDE_M = 4.0
"""Into an opening that is wider than this, one turns anywhere. A guess."""

JAMB_BEFORE_M, JAMB_M = 1.0, 0.5
"""What is narrower than the floor this far before it, by this on both sides, is an opening in a
wall. A guess."""

LEGIBLE_M = 10.0
"""From how far the name on a door is read. A guess."""


class Walker(Protocol):
    """What a reader needs of those who walk by lines or by rays."""

    def stroll(self, start: State, doors: int, limit_m: float, guessed: bool) -> Stroll: ...
    def turned_state(self, glance: Glance, level: int, side: int) -> State: ...


Reached = tuple[float, State]
"""After how many metres, and where."""


@dataclass
class Reading:
    """A step half read."""

    walker: Walker
    marks: Marks
    account: Account
    step: Told
    states: list[State]
    guessed: bool = False
    is_out: bool = False
    """Whether the reader stands before the door of the room or shaft that they leave."""
    doors: int = 0
    where: "Where | None" = None
    where_kind: str = ""
    metres: float = 0.0
    onward: bool = False
    """Whether to walk on for as long as it takes."""
    passing: list[int] = field(default_factory=list)
    checks: "list[tuple[str, Check]]" = field(default_factory=list)
    """By the kind of clause, what else must be true of the walk up to the next act."""
    aim: tuple[Mark, ...] = ()
    arrived: bool = False
    failed: str = ""
    unjudged: list[str] = field(default_factory=list)
    turned_at: list[tuple[Stroll, float]] = field(default_factory=list)

    @property
    def floors(self) -> Floors:
        return self.marks.floors

    def fail(self, kind: str) -> None:
        self.failed = self.failed or kind

    def use_up(self) -> None:
        """After an act, what was said of the way to it is done with."""
        self.doors, self.where, self.where_kind, self.metres = 0, None, "", 0.0
        self.onward, self.passing, self.aim, self.checks = False, [], (), []

    def strolls(self, limit_m: float = ALL_ALONG_M) -> Iterator[tuple[State, Stroll]]:
        for state in self.states:
            if state.heading is not None:
                yield state, self.walker.stroll(state, self.doors, limit_m, self.guessed)


Where = Callable[[Reading, State, Stroll, int], list[Reached]]
"""The spots at which a turn to a side may be meant."""
Check = Callable[[Reading, State, Stroll, float], bool]
"""Whether something is true of a walk of that many metres."""


# -- what is off the walk


def ways(
    stroll: Stroll, side: int, first_m: float, last_m: float, *, ahead: bool = False
) -> list[Opening]:
    """Openings on a side: ways; where there is none, alcoves, doorways, doors. `ahead`: without
    those beside which the walk begins."""
    near = [
        one
        for one in stroll.openings
        if one.side == side and first_m <= one.walked_m <= last_m and (is_ahead(one) or not ahead)
    ]
    for looks in ("way", "bay", "doorway", "door"):
        found = [one for one in near if one.looks == looks]
        if found:
            return found
    return []


def believed(metres: float) -> tuple[float, float]:
    """The least and the most that somebody takes said metres for."""
    slack_m = max(LEEWAY * metres, GRAIN_M)
    return metres - slack_m, metres + slack_m


def is_ahead(opening: Opening) -> bool:
    """Whether it lies before the reader, not beside where they stand."""
    return opening.walked_m - min(opening.width_m, 4.0) / 2 > 0.3


def reached(
    reading: Reading, state: State, stroll: Stroll, found: Sequence[Opening], wanted_m: float
) -> list[Reached]:
    """Where the reader turns into each opening: in its middle, or into a wide one as soon as they
    are at `wanted_m`."""
    spots = []
    for one in found:
        if one.width_m <= WIDE_M:
            spots.append((one.walked_m, one.then))
            continue
        half_m = one.width_m / 2 - 1.0
        at_m = min(max(wanted_m, one.walked_m - half_m), one.walked_m + half_m)
        glance = stroll.at(at_m)
        spots.append((at_m, reading.walker.turned_state(glance, state.level, one.side)))
    return spots


def in_the_open(
    reading: Reading, state: State, stroll: Stroll, side: int, at_m: float
) -> list[Reached]:
    """A turn where the floor is open on that side, and no opening says where; straight on (0) one
    looks as before."""
    if not stroll.glances:
        return []
    glance = stroll.at(at_m)
    if glance.part is None:
        return []
    free_m = glance.part.look(glance.here, [side_heading(glance.heading, side)])[0]
    then = State(state.level, glance.here, glance.heading)
    if side:
        then = reading.walker.turned_state(glance, state.level, side)
    return [(glance.walked_m, then)] if free_m >= 2.5 and then.heading is not None else []


def nearest(found: Sequence[Opening], at_m: float, rival_m: float) -> list[Opening]:
    """The opening nearest to a spot, and those hardly farther."""
    if not found:
        return []
    off_m = {id(one): max(0.0, abs(one.walked_m - at_m) - one.width_m / 2) for one in found}
    best = min(off_m.values())
    return [one for one in found if off_m[id(one)] <= best + rival_m]


# -- where to turn


def at_marks(marks: Sequence[Mark]) -> Where:
    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        seen_m = first_within_reach(marks, state.level, stroll, REACH_M)
        if seen_m is None:
            return []
        near_m = seen_m - REACH_M, seen_m + REACH_M
        ahead = ways(stroll, side, *near_m, ahead=True) or ways(stroll, side, *near_m)
        near = nearest(ahead, seen_m, 1.0)
        return reached(reading, state, stroll, near, seen_m) or in_the_open(
            reading, state, stroll, side, seen_m
        )

    return where


def first_within_reach(
    marks: Sequence[Mark], level: int, stroll: Stroll, reach_m: float
) -> float | None:
    """After how many metres a reader who looks for one of the marks is nearest to the first that
    they see within reach."""
    best: tuple[float, float] | None = None
    for glance, mark in seen(marks, level, stroll.glances, reach_m):
        apart_m = math.dist(glance.here, mark.at)
        if best is not None and glance.walked_m > best[1] + reach_m:
            break
        if best is None or apart_m < best[0]:
            best = apart_m, glance.walked_m
    return None if best is None else best[1]


def seen(
    marks: Sequence[Mark], level: int, glances: Sequence[Glance], reach_m: float
) -> Iterator[tuple[Glance, Mark]]:
    """What is seen within reach, in the order of walking."""
    here = [mark for mark in marks if mark.level == level]
    for glance in glances:
        for mark in here:
            if math.dist(glance.here, mark.at) > reach_m or glance.part is None:
                continue
            if glance.part.sees(glance.here, mark.at):
                yield glance, mark


def at_end(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
    """Where the floor ends straight ahead. A floor that visibly goes on does not end."""
    end_m = stroll.first_end_m
    if not stroll.glances:
        return []
    glance = stroll.at(end_m)
    if glance.part is None or glance.part.look(glance.here, [glance.heading])[0] > 5.0:
        return []
    found = ways(stroll, side, end_m - 6.0, end_m + 0.6)
    near = [one for one in found if end_m - one.walked_m <= one.width_m / 2 + 1.6]
    found = nearest(near, end_m, 0.0)
    return reached(reading, state, stroll, found, end_m) or in_the_open(
        reading, state, stroll, side, end_m - 0.5
    )


def at_nth(target: str, nth: int) -> Where:
    """At the nth of what looks like a way, or like a door, counted in each way that the words
    allow."""
    readings = {
        "way": (("way",), ("way", "bay"), ("way", "bay", "doorway")),
        "door": (("door",), ("door", "doorway"), ("door", "shaft"), ("door", "doorway", "shaft")),
    }[target]

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        beside = [o for o in stroll.openings if o.side == side and is_ahead(o)]
        found: list[Reached] = []
        for looks in readings:
            counted = [one for one in beside if one.looks in looks]
            if len(counted) >= nth:
                found += reached(reading, state, stroll, [counted[nth - 1]], 0.0)
        return found

    return where


def at_metres(metres: float) -> Where:
    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        near = ways(stroll, side, *believed(metres), ahead=True)
        return reached(reading, state, stroll, near, metres) or in_the_open(
            reading, state, stroll, side, metres
        )

    return where


def within(most_m: float, *, first: bool) -> Where:
    """A way that is not told in metres: the `first` opening, or any within what the words allow."""

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        near = ways(stroll, side, 0.0, believed(most_m)[1], ahead=True)
        near = near[:1] if first else near
        found = reached(reading, state, stroll, near, most_m / 2)
        return found or in_the_open(reading, state, stroll, side, most_m / 2)

    return where


def past(first_m: Callable[[Reading, State, Stroll], float | None]) -> Where:
    """At the first chance past a spot: a door, the entrance of a hall, the start."""

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        from_m = first_m(reading, state, stroll)
        if from_m is None:
            return []
        for glance in stroll.glances:
            if from_m - 0.3 <= glance.walked_m <= from_m + AT_ONCE_M:
                # The middle of a corridor that one comes into is a step on.
                open_m = min(glance.walked_m + 1.0, (glance.walked_m + stroll.first_end_m) / 2)
                found = in_the_open(reading, state, stroll, side, max(open_m, glance.walked_m))
                if found:
                    return found
        near = ways(stroll, side, from_m - 0.6, from_m + AT_ONCE_M)
        return reached(reading, state, stroll, near[:1], from_m + 1.0)

    return where


def last_door(reading: Reading, state: State, stroll: Stroll) -> float | None:
    return stroll.passed[-1][0] if stroll.passed else None


def first_opening(reading: Reading, state: State, stroll: Stroll) -> float | None:
    """After how many metres the first opening in a wall is gone through: a passage without a leaf
    between jambs that one sees on both sides from the floor before it."""
    doors = reading.floors.passages(state.level)
    for before, here in pairwise(stroll.glances):
        step = LineString([before.here, here.here])
        met = [line for line in doors if step.length > 0.01 and step.intersects(line)]
        if any(_has_jambs(before, line) for line in met):
            return here.walked_m
    return None


def _has_jambs(glance: Glance, line: LineString) -> bool:
    """Whether the floor a step before a passage is wider than the passage on both sides."""
    if glance.part is None or line.length > WIDE_M:
        return False
    (ax, ay), (bx, by) = line.coords
    middle = (ax + bx) / 2, (ay + by) / 2
    across = math.atan2(by - ay, bx - ax)
    back = across + math.pi / 2
    if abs(turned(back, glance.heading)) < 90:
        back += math.pi
    before = onwards(middle, back, JAMB_BEFORE_M)
    half_m = line.length / 2 + JAMB_M
    free_m = glance.part.look(before, [across, across + math.pi])
    return bool(min(free_m) >= half_m)


def at_once(reading: Reading, state: State, stroll: Stroll) -> float | None:
    return 0.0


def entering(marks: Sequence[Mark], spaces: frozenset[int]) -> Where:
    """Where the reader comes into a hall by its name; who sees it a little aside walks there."""

    def inside_m(reading: Reading, state: State, stroll: Stroll) -> float | None:
        for glance in stroll.glances:
            if any(reading.floors.lies_in(space, glance.here) for space in spaces):
                return glance.walked_m
        return None

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        if inside_m(reading, state, stroll) is not None:
            return past(inside_m)(reading, state, stroll, side)
        for glance, mark in seen(marks, state.level, stroll.glances, AHEAD_REACH_M):
            there = heading(glance.here, mark.at)
            if abs(turned(glance.heading, there)) <= ASIDE_DEG and mark.door >= 0:
                door = reading.floors.venue.doors[mark.door]
                then = State(state.level, mark.at, through(door, glance.here), -1)
                onward = reading.walker.stroll(then, 0, AT_ONCE_M, reading.guessed)
                walked_m = glance.walked_m + math.dist(glance.here, mark.at)
                found = past(at_once)(reading, then, onward, side)
                return [(walked_m + one_m, one) for one_m, one in found]
        return []

    return where


# -- acts


def turn(reading: Reading, said: Said, side: int) -> None:
    """Turn to a side where it was said, else at the first chance."""
    where = reading.where or _where_by_the_way(reading)
    limit_m = _limit_m(reading)
    found: list[State] = []
    reading.turned_at = []
    for state, stroll in reading.strolls(limit_m):
        for walked_m, then in _by_metres(reading, where(reading, state, stroll, side)):
            if _passes(reading, state, stroll, walked_m):
                found.append(then)
                reading.turned_at.append((stroll, walked_m))
    if not found:
        reading.fail(_walk_kind(reading, said))
    reading.states = found
    reading.use_up()


def _where_by_the_way(reading: Reading) -> Where:
    """Where to act if no clause says so: after the metres told, or past the doors, or at once."""
    if reading.metres:
        return at_metres(reading.metres)
    return past(last_door if reading.doors else at_once)


def _walk_kind(reading: Reading, said: Said) -> str:
    return reading.where_kind or said.kind


def _limit_m(reading: Reading) -> float:
    if reading.metres and reading.where_kind.startswith("at-distance"):
        return believed(reading.metres)[1] + AT_ONCE_M
    if reading.where_kind == "at-soon" or not (reading.where or reading.doors or reading.metres):
        return believed(SOON_M)[1] + AT_ONCE_M
    # Who is told that it is farther walks farther.
    return max(ALL_ALONG_M, believed(reading.metres)[1] + AT_ONCE_M)


def _by_metres(reading: Reading, found: list[Reached]) -> list[Reached]:
    """Of several spots, those that fit the metres that were also said."""
    if not reading.metres:
        return found
    low_m, high_m = believed(reading.metres)
    return [one for one in found if low_m <= one[0] <= high_m] or found


def _passes(reading: Reading, state: State, stroll: Stroll, until_m: float) -> bool:
    """Whether the reader comes by what they were told they pass."""
    for place in reading.passing:
        marks = reading.marks.of_place(place)
        way = stroll.until(until_m + 1.0)
        if not any(True for _ in seen(marks, state.level, way, 8.0)):
            reading.fail("passing")
            return False
    for kind, is_true in reading.checks:
        if not is_true(reading, state, stroll, until_m):
            reading.fail(kind)
            return False
    return True


def keep(reading: Reading, said: Said, side: int) -> None:
    """Take the branch on one side of a fork."""
    found: list[State] = []
    reading.turned_at = []
    for state, stroll in reading.strolls(_limit_m(reading)):
        at_m = _fork_m(reading, state, stroll, side)
        if at_m is None or not stroll.glances:
            continue
        glance = stroll.at(at_m)
        if glance.part is not None:
            towards = glance.heading - side * math.radians(35)
            then, _ = freest(glance.part, glance.here, towards, 30)
            found.append(State(state.level, glance.here, then))
            reading.turned_at.append((stroll, at_m))
    if not found:
        reading.fail(_walk_kind(reading, said))
    reading.states = found
    reading.use_up()


def keep_on(reading: Reading, said: Said) -> None:
    """Walk to where it was said, and look straight on: there must be a way on."""
    where, found = reading.where or _where_by_the_way(reading), []
    for state, stroll in reading.strolls(_limit_m(reading)):
        for walked_m, _ in _by_metres(reading, where(reading, state, stroll, 0)):
            onward = in_the_open(reading, state, stroll, 0, walked_m)
            if not onward:
                reading.fail(said.kind)
            elif _passes(reading, state, stroll, walked_m):
                found += [then for _, then in onward]
    if not found:
        reading.fail(_walk_kind(reading, said))
    reading.states = found
    reading.use_up()


def _fork_m(reading: Reading, state: State, stroll: Stroll, side: int) -> float | None:
    """Where a fork may be meant."""
    if reading.where_kind.startswith("at-distance"):
        return min(reading.metres, stroll.length_m)
    if reading.where is None:
        return 0.0
    found = reading.where(reading, state, stroll, side)
    if found:
        return found[0][0]
    return min(SOON_M / 2, stroll.length_m)


def back(reading: Reading, said: Said) -> None:
    """Turn round where it was said, else at once."""
    found = []
    for state, stroll in reading.strolls(_limit_m(reading)):
        spots = (
            [(0.0, state)] if reading.where is None else reading.where(reading, state, stroll, 1)
        )
        spots = spots or (reading.where(reading, state, stroll, -1) if reading.where else [])
        for walked_m, _ in spots:
            glance = stroll.at(walked_m)
            found.append(State(state.level, glance.here, glance.heading + math.pi))
    if not found:
        reading.fail(_walk_kind(reading, said))
    reading.states = found
    reading.use_up()


def arrive(reading: Reading, said: Said, side: int, marks: Sequence[Mark]) -> None:
    """Walk on until what is looked for is seen on the side that was said."""
    first_m, last_m = _window(reading)
    found = failed = False
    for state in reading.states:
        if state.heading is None:
            failed |= not _is_here(reading, state, marks)
            found |= not failed
            continue
        stroll = reading.walker.stroll(state, reading.doors, last_m + 1.0, reading.guessed)
        met = _met(reading, state, stroll, side, marks, first_m, last_m)
        if met is None or not met[1].own or not _passes(reading, state, stroll, met[0]):
            failed = True
        else:
            found = True
    if failed or not found:
        kind = reading.where_kind or said.kind
        reading.fail(kind)
    reading.arrived = True
    reading.use_up()


def _is_here(reading: Reading, state: State, marks: Sequence[Mark]) -> bool:
    """Whether somebody who looks round sees it."""
    part = reading.floors.part_at(state.level, state.here)
    here = [Glance(0.0, state.here, 0.0, part)]
    return any(mark.own for _, mark in seen(marks, state.level, here, AHEAD_REACH_M))


def _window(reading: Reading) -> tuple[float, float]:
    """Between how many metres the end of the walk may be."""
    if reading.metres:
        return believed(reading.metres)
    if reading.onward or reading.passing or reading.where is not None or reading.doors:
        return 0.0, ALL_ALONG_M
    return 0.0, THERE_M


def _met(
    reading: Reading,
    state: State,
    stroll: Stroll,
    side: int,
    marks: Sequence[Mark],
    first_m: float,
    last_m: float,
) -> tuple[float, Mark] | None:
    """The first of the marks that is seen where it should be."""
    if reading.where is not None and side:
        doors = {mark.door for mark in marks if mark.own and mark.door >= 0}
        spots = reading.where(reading, state, stroll, side)
        beside = [_door_at(stroll, walked_m, side) for walked_m, _ in spots]
        if not beside or not all(at & doors for at in beside):
            return None
        return spots[0][0], Mark(state.level, spots[0][1].here)
    reach_m = REACH_M if side else AHEAD_REACH_M
    met: tuple[float, Mark] | None = None
    for glance, mark in seen(marks, state.level, stroll.until(last_m), reach_m):
        # What is ahead is still to be walked to; what is at a side is passed.
        left_m = math.dist(glance.here, mark.at) if side == 0 else 0.0
        if not first_m <= glance.walked_m + left_m <= last_m:
            continue
        if met is not None and glance.walked_m > met[0]:
            break
        if is_on_side(reading, glance, mark, side) and (met is None or mark.own):
            met = glance.walked_m, mark
    return met


def _door_at(stroll: Stroll, walked_m: float, side: int) -> set[int]:
    return {
        one.door
        for one in stroll.openings
        if one.side == side and abs(one.walked_m - walked_m) < 0.3 and one.door >= 0
    }


def is_on_side(reading: Reading, glance: Glance, mark: Mark, side: int) -> bool:
    """Whether something is on that side of the walker, or ahead (0). Who stands before a door goes
    by the way it opens."""
    apart_m = math.dist(glance.here, mark.at)
    offs = [turned(glance.heading, heading(glance.here, mark.at))]
    if apart_m < BEFORE_DOOR_M and mark.door >= 0:
        inwards = through(reading.floors.venue.doors[mark.door], mark.at)
        offs.append(turned(glance.heading, inwards))
    if side == 0:
        return any(abs(off) <= 40 for off in offs)
    return any(25 <= off * side <= 150 for off in offs)


def towards(reading: Reading, said: Said, marks: Sequence[Mark]) -> None:
    """Look for it, and walk there."""
    found = []
    for state in reading.states:
        part = reading.floors.part_at(state.level, state.here)
        here = [Glance(0.0, state.here, 0.0, part)]
        in_sight = [
            (math.dist(state.here, mark.at), mark)
            for _, mark in seen(marks, state.level, here, 40.0)
        ]
        if in_sight:
            _, mark = min(in_sight, key=lambda one: one[0])
            found.append(State(state.level, state.here, heading(state.here, mark.at), state.node))
    if not found:
        reading.fail(said.kind)
    reading.states = found
    reading.aim = tuple(marks)


def face(reading: Reading, said: Said, turn_deg: int) -> None:
    """Stand before the code as its reader does, then turn."""
    anchor = reading.floors.venue.anchors[reading.account.anchor]
    if anchor.bearing_deg is None:
        reading.fail(said.kind)
        return
    looking = math.radians(90 - anchor.bearing_deg - turn_deg)
    reading.states = [
        State(state.level, state.here, looking, state.node) for state in reading.states
    ]
