"""What to do along a route, without words: the steps that a person takes.

`line` finds the turns, `beside` what is next to them; here cues are chosen from both. Words come
later (`navkit.guidance.guidance`), so that every language has the same steps. The phone's
runtime does the same arithmetic on the same integers, in the same order.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from navkit.guidance.beside import Beside
from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.line import SIDES, How, Leg, Line, Turn, legs_of, side_of, turn_between
from navkit.guidance.rules import Rules
from navkit.guidance.surroundings import Surroundings
from navkit.route.routing import Route


@dataclass(frozen=True)
class Step:
    """What to do next: cues in order, over `nodes[first:last + 1]` of the route."""

    cues: tuple[Cue, ...]
    first: int
    last: int
    turn_deg: int
    """Right is positive; for a goal or a lift beside the walker, the turn towards it."""


def steps_of(route: Route, around: Surroundings) -> tuple[Step, ...]:
    """The steps of a route, in walking order; they cover it without gaps."""
    account = _Account(_start(route))
    for leg in legs_of(route):
        telling = _Telling(Line(route, around, leg))
        if not leg.first:
            telling.set_out(account)
        telling.tell_turns(account)
        telling.tell_end(account)
    return tuple(account.told)


class _Account:
    """What has been said about a route so far, and how the next step begins."""

    def __init__(self, carried: Sequence[Cue]) -> None:
        self.told: list[Step] = []
        self.carried = [*carried]
        self.entered: How = ""
        """The shaft the walker is in, until leaving it has been mentioned."""
        self.begin = 0

    def close(self, cues: Sequence[Cue], last: int, turn_deg: int) -> None:
        """End a step at the route's node `last`."""
        self.told.append(Step((*self.carried, *cues), self.begin, last, turn_deg))
        self.carried = []
        self.begin = last


_WALKING = frozenset(
    {
        CueKind.GO_DISTANCE,
        CueKind.GO_SHORT,
        CueKind.ON_DISTANCE,
        CueKind.ON_PASSING,
        CueKind.AT_DISTANCE,
        CueKind.AT_SHORT,
    }
)
"""Cues that already tell people to walk on."""


def _says_to_walk(cues: Sequence[Cue]) -> bool:
    return any(cue.kind in _WALKING for cue in cues)


def _distance(family: str, cm: int, by: Rules) -> Cue:
    """How far: no metres below ten."""
    if cm < by.told_cm:
        return Cue(kind_of(family, "short"))
    return Cue(kind_of(family, "distance"), {"cm": cm})


def _turn_cue(deg: int, by: Rules) -> Cue:
    if abs(deg) > by.back_deg:
        return Cue(CueKind.TURN_BACK)
    family = "turn" if abs(deg) >= by.slight_deg else "keep"
    return Cue(kind_of(family, SIDES[side_of(deg, by.straight_deg)]))


def _start(route: Route) -> list[Cue]:
    if route.start.node >= 0:
        return []
    if route.start.anchor >= 0:
        return [Cue(CueKind.START_ANCHOR, {"anchor": route.start.anchor})]
    start = route.nodes[0]
    place = next(p for p in route.start.places if start in route.network.place_nodes[p])
    is_entrance = route.network.venue.places[place].door
    return [Cue(CueKind.START_ENTRANCE if is_entrance else CueKind.START, {"place": place})]


class _Telling:
    """The description of one leg of a route."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.beside = Beside(line)
        self.route = line.route
        self.leg: Leg = line.leg
        self.venue = line.network.venue
        self.rules = line.rules
        told = line.turns
        self.since = told[-1].until if told else line.leg.first
        """Where the way to the leg's end begins."""

    # -- the beginning

    def set_out(self, account: _Account) -> None:
        """Which way to set out from a start in the open.

        From a code relative to its reader, from an entrance relative to walking in, back on a route
        relative to where the walker came from, else towards something in that direction.
        """
        line, start = self.line, self.route.start
        aimless = line.aimless()
        onward = line.onward(aimless)
        if onward < 0 and start.back_from >= 0:
            account.carried.append(Cue(CueKind.AGAIN_HERE))
        if aimless < 0 or onward < 0:
            return
        if line.looking is None:
            account.carried += self._towards(aimless, onward)
            return
        nodes = line.nodes
        deg = turn_between(line.looking, line.around.heading(nodes[aimless], nodes[onward]))
        if start.anchor >= 0 or start.node >= 0:
            is_back = abs(deg) > self.rules.back_deg
            side = "back" if is_back else SIDES[side_of(deg, self.rules.slight_deg)]
            account.carried.append(Cue(kind_of("face" if start.anchor >= 0 else "again", side)))
            turns = side != "ahead"
        else:
            turns = abs(deg) >= self.rules.straight_deg
            account.carried += [_turn_cue(deg, self.rules)] if turns else []
        if turns:
            account.close((), aimless, deg)

    def _towards(self, first: int, last: int) -> list[Cue]:
        """The first place along the way, else the lift or the goal itself; none of them if it is
        not in the direction of setting out."""
        place = self.beside.towards(first, last)
        if place >= 0:
            return [Cue(CueKind.TOWARDS, {"place": place})]
        is_there = self.beside.lies_onward(first, last, self.line.nodes[self.leg.last])
        if not is_there or self.leg.how == "cross":
            return []
        if self.leg.how:
            return [Cue(CueKind.TOWARDS_SHAFT, {"connector": self.leg.thing})]
        goal = self.route.goal
        if goal.anchor >= 0:
            return [Cue(CueKind.TOWARDS_ANCHOR, {"anchor": goal.anchor})]
        return [Cue(CueKind.TOWARDS, {"place": goal.places[0]})]

    # -- turns

    def tell_turns(self, account: _Account) -> None:
        """A step for each turn of the leg."""
        since = self.leg.first
        for turn in self.line.turns:
            cues = self._to_turn(since, turn, account.entered)
            account.close(cues, turn.until, turn.deg)
            account.entered = ""
            since = turn.until

    def _to_turn(self, since: int, turn: Turn, entered: How) -> list[Cue]:
        """The way to a turn, and the turn itself."""
        first = self.leg.first
        is_first = turn is self.line.turns[0]
        exit_soon = is_first and self.line.length_cm(first, turn.at) <= self.rules.exit_cm
        turned = _turn_cue(turn.deg, self.rules)
        if exit_soon and entered:
            return [Cue(kind_of("leave", entered)), turned]
        if exit_soon and not first and self.line.leaves_door(first, turn.at):
            is_open = self.beside.opens_in_front()
            cues = [Cue(CueKind.LEAVE_OPEN if is_open else CueKind.LEAVE_ROOM)]
        else:
            cues = self._at(since, turn)
            if entered:
                # The first turn is far away: say to walk straight on until then.
                onward = [] if _says_to_walk(cues) else [Cue(CueKind.STRAIGHT)]
                cues = [Cue(kind_of("leave", entered)), *onward, *cues]
        missed = self.beside.too_far(turn)
        return [*cues, turned, *([Cue(CueKind.TOO_FAR, {"place": missed})] if missed >= 0 else [])]

    def _at(self, since: int, turn: Turn) -> list[Cue]:
        """What is at a turn: landmark, end of the corridor, nth opening, door, distance."""
        line, beside = self.line, self.beside
        cues = self._on_the_way(since, turn.at)
        side = side_of(turn.deg, self.rules.straight_deg)
        landmark = beside.landmark(turn, side)
        if landmark >= 0:
            return [*cues, Cue(CueKind.AT_PLACE, {"place": landmark})]
        entered = self._entered(since, turn.at)
        if entered is not None:
            doors = [cue for cue in cues if cue.kind in _THROUGH]
            if entered.kind == CueKind.AT_DOOR and doors:
                # The door has been mentioned. Move it to the end: that is where people turn.
                return [*(cue for cue in cues if cue not in doors), *doors]
            return [*cues, entered]
        if since > self.leg.first and line.length_cm(since, turn.at) <= self.rules.soon_cm:
            return [*cues, Cue(CueKind.AT_SOON)]
        if beside.is_end(turn):
            return [*cues, Cue(CueKind.AT_END)]
        counted = beside.counted(since, turn, side)
        if counted is not None:
            return [*cues, _nth(counted, side)]
        passing = [
            Cue(CueKind.AND_PASSING, cue.slots) for cue in cues if cue.kind == CueKind.ON_PASSING
        ]
        cues = [cue for cue in cues if cue.kind.family != "on"]
        return [*cues, _distance("at", line.length_cm(since, turn.at), self.rules), *passing]

    def _entered(self, since: int, until: int) -> Cue | None:
        """The named hall or the door that was entered just before a turn."""
        for i in range(until, since, -1):
            if self.line.length_cm(i, until) > self.rules.one_turn_cm:
                return None
            if self.beside.door(i - 1) is None:
                continue
            place = self.beside.hall_entered(i)
            if place >= 0:
                return Cue(CueKind.AT_ENTERING, {"place": place})
            if self.beside.leaf(i - 1):
                return Cue(CueKind.AT_DOOR)
        return None

    # -- on the way

    def _on_the_way(self, since: int, until: int) -> list[Cue]:
        """Doors to go through, and on a long leg what people pass."""
        cues = self._doors(since, until)
        length_cm = self.line.length_cm(since, until)
        if length_cm > self.rules.long_cm:
            passed = self.beside.passed(since, until)
            if passed >= 0:
                cues.append(Cue(CueKind.ON_PASSING, {"place": passed}))
            else:
                cues.append(Cue(CueKind.ON_DISTANCE, {"cm": length_cm}))
        return cues

    def _doors(self, since: int, until: int) -> list[Cue]:
        """The number of door leaves on the way, with their kind if all are automatic."""
        kinds = self.beside.leaves(since, until)
        if not kinds:
            return []
        kind = "automatic" if all(k == "automatic" for k in kinds) else "any"
        if len(kinds) == 1:
            return [Cue(kind_of("through-one", kind))]
        return [Cue(kind_of("through-more", kind), {"count": len(kinds)})]

    # -- the end

    def tell_end(self, account: _Account) -> None:
        """The way to the goal, or to what leads to the next leg; then on to that."""
        cues, deg = self._to_transfer() if self.leg.how else self._arrival()
        if account.entered and account.carried:
            # Nothing to turn at after the lift: say so, people look for a direction there.
            account.carried.append(Cue(kind_of("leave", account.entered)))
            if not _says_to_walk(cues):
                cues = [Cue(CueKind.STRAIGHT), *cues]
        if not self.leg.how:
            account.close(cues, self.leg.last, deg)
            return
        if cues or account.carried:
            is_there = not self.leg.first and self.line.end == self.leg.first
            if not cues and not is_there:
                cues = [Cue(CueKind.STRAIGHT)]
            account.close(cues, self.leg.last, deg)
        account.carried = [self._transfer()]
        account.entered = "" if self.leg.how == "cross" else self.leg.how

    def _to_the_end(self, deg: int) -> list[Cue]:
        """How far to the goal or the lift: the nth door on its side, or metres."""
        turn = self.line.last_turn
        # Where the walker turns towards the aim, or stands before it.
        end = max(turn.until if turn else self.line.end, self.since)
        cues = self._on_the_way(self.since, end)
        length_cm = self.line.length_cm(self.since, end)
        if length_cm <= self.rules.near_cm:
            return cues
        side = side_of(deg, self.rules.ahead_deg)
        if side and turn and self.since > self.leg.first:
            counted = self.beside.counted(self.since, turn, side)
            if counted is not None and counted[0] == "door":
                others = [cue for cue in cues if cue.kind != CueKind.ON_DISTANCE]
                return [*others, _nth(counted, side)]
        if not any(cue.kind.family == "on" for cue in cues):
            cues.append(_distance("go", length_cm, self.rules))
        return cues

    def _arrival(self) -> tuple[list[Cue], int]:
        """The last step's cues and the turn towards the goal."""
        deg = self.line.side_at_end()
        cues = self._to_the_end(deg)
        side = SIDES[side_of(deg, self.rules.ahead_deg)]
        goal = self.route.goal
        if goal.anchor >= 0:
            return [*cues, Cue(kind_of("arrive-anchor", side), {"anchor": goal.anchor})], deg
        number = goal.places[0]
        place = self.venue.places[number]
        if self.route.way_in >= 0:
            enter = Cue(CueKind.ENTER, {"entry": number}) if place.entry else Cue(CueKind.ASK)
            return [*cues, Cue(kind_of("way-in", side), {"place": number}), enter], deg
        sign = [Cue(CueKind.SIGN, {"sign": number})] if place.on_door else []
        return [*cues, Cue(kind_of("arrive", side), {"place": number}), *sign], deg

    def _to_transfer(self) -> tuple[list[Cue], int]:
        """The way to a lift, stairs or bridge, and the turn towards it."""
        if self.leg.how == "cross":
            return self._on_the_way(self.since, self.leg.last), 0
        deg = self.line.side_at_end()
        cues = self._to_the_end(deg)
        if not cues and not deg and self.leg.first == self.since:
            return [], 0
        side = SIDES[side_of(deg, self.rules.ahead_deg)]
        return [*cues, Cue(kind_of("find", side), {"connector": self.leg.thing})], deg

    def _transfer(self) -> Cue:
        """Riding, climbing or crossing to the next level."""
        levels, level = self.venue.levels, self.route.network.level
        here = levels[level[self.line.nodes[self.leg.last]]]
        number = level[self.line.nodes[self.leg.after]]
        if self.leg.how == "cross":
            return Cue(CueKind.CROSS, {"floor": number})
        rise = levels[number].ordinal - here.ordinal
        floors = math.floor(abs(rise) + 0.5)
        family: str = self.leg.how
        if family == "stairs" and floors <= 1:
            # Half a floor is not a floor: a few steps.
            family = "stairs-one" if abs(rise) > self.rules.one_floor else "stairs-few"
        slots = {"level": number, "connector": self.leg.thing, "floors": floors}
        return Cue(kind_of(family, "up" if rise > 0 else "down"), slots)


_THROUGH = frozenset(kind for kind in CueKind if kind.family in ("through-one", "through-more"))


def _nth(counted: tuple[str, int], side: int) -> Cue:
    target, nth = counted
    family = "at-nth-door" if target == "door" else "at-nth-way"
    return Cue(kind_of(family, SIDES[side]), {"nth": nth})
