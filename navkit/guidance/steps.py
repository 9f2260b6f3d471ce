"""What to do along a route, without words: the steps that a person takes.

`line` finds the turns, `beside` what is next to them; here cues are chosen from both. Words come
later (`navkit.guidance.guidance`), so that every language has the same steps. The phone's
runtime does the same arithmetic on the same integers, in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from navkit.guidance.beside import Beside
from navkit.guidance.boards import Boards
from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.foresight import Foresight
from navkit.guidance.line import (
    SIDES,
    How,
    Leg,
    Line,
    Turn,
    leaves_at_once,
    legs_of,
    side_of,
    turn_between,
)
from navkit.guidance.overview import transfer
from navkit.guidance.rules import Rules
from navkit.guidance.surroundings import Surroundings
from navkit.guidance.waypoints import Waypoint, waypoint
from navkit.network.network import Kind, Thing
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.route.routing import Route
from navkit.route.weights import KIND_NAMES
from navkit.venue.venue import Door, DrawnPath


@dataclass(frozen=True)
class Step:
    """What to do next: cues in order, over `nodes[first:last + 1]` of the route."""

    cues: tuple[Cue, ...]
    first: int
    last: int
    turn_deg: int
    """Right is positive; for a goal or a lift beside the walker, the turn towards it."""


def steps_of(route: Route, around: Surroundings) -> tuple[Step, ...]:
    """The steps of a route, one action each, in walking order; they cover it without gaps."""
    return dressed(route, around, actions_of(route, around))


def dressed(route: Route, around: Surroundings, steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps with what lies on their way, steps and ramps, what nobody has verified; and without
    what their walker is not told."""
    doubts = _Doubts(route)
    whole = (doubts.told_on(_with_floor(route, around, step)) for step in steps)
    return tuple(_for_walker(route, step) for step in whole)


def actions_of(route: Route, around: Surroundings) -> tuple[Step, ...]:
    """The steps with nothing but where to walk and turn."""
    account = _Account(_start(route))
    for leg in legs_of(route):
        known = _told_by_leg(route, around, leg, account)
        account.add(around.once("leg", known, partial(_tell, route, around, leg, account)), leg)
        if leg.how:
            account.carried = [transfer(route, leg, around.rules)]
            if route.profile.lift_side and Line(route, around, leg).opens_opposite():
                account.carried.append(Cue(CueKind.LIFT_THROUGH))
            account.entered = "" if leg.how == "cross" else leg.how
    return tuple(account.told)


def _tell(route: Route, around: Surroundings, leg: Leg, before: "_Account") -> tuple[Step, ...]:
    """The steps that end on a leg, with nodes counted from its first one. Where the first of them
    begins says `before`, what has been said so far."""
    account = _Account(before.carried)
    account.entered, account.begin = before.entered, leg.first
    telling = _Telling(Line(route, around, leg))
    if not leg.first:
        telling.set_out(account)
    telling.tell_turns(account)
    telling.tell_end(account)
    return tuple(
        replace(step, first=step.first - leg.first, last=step.last - leg.first)
        for step in account.told
    )


def _told_by_leg(
    route: Route, around: Surroundings, leg: Leg, before: "_Account"
) -> tuple[object, ...]:
    """What the steps of a leg depend on, in one network, after what was told `before`: most legs
    are part of many routes."""
    network, (start, goal) = route.network, (route.start, route.goal)
    level, walked = network.level[route.nodes[leg.first]], route.nodes[leg.first : leg.after + 1]
    there = slice(max(0, leg.first - 1), leg.after + 1)
    ends = (place for place in (*start.places, *goal.places) if around.is_on(place, level))
    return (
        route.nodes[there],
        route.darts[there],
        leg.how,
        leg.thing,
        None if leg.first else start,
        None if leg.how and not network.venue.boards else (goal, route.way_in),
        tuple(ends),
        # Where else on the level the route leads: nobody passes by that.
        around.spaces_on(level)
        & route.spaces.difference(map(network.space_of_node.__getitem__, walked)),
        route.profile.sighted,
        before.entered,
        tuple((cue.kind, *cue.slots.values()) for cue in before.carried),
    )


def told_by(route: Route, around: Surroundings) -> tuple[object, ...]:
    """What the actions of a route depend on, in one network: routes that are equal in it have the
    same, whoever walks them and however fast."""
    who = route.profile
    legs = legs_of(route) if who.lift_side and Kind.RIDE in route.kinds else []
    sides = any(Line(route, around, leg).opens_opposite() for leg in legs)
    return route.start, route.goal, route.nodes, route.darts, route.way_in, who.sighted, sides


def _for_walker(route: Route, step: Step) -> Step:
    """The step without what its walker is not told, unless nothing would be left."""
    if not route.profile.untold:
        return step
    cues = tuple(cue for cue in step.cues if cue.kind not in route.profile.untold)
    return replace(step, cues=cues) if cues else step


_AT_A_DOOR = frozenset(
    {
        "leave",
        "arrive",
        "way-in",
        "next",
        "find",
        "towards-shaft",
        "at-door",
        "sign",
        "enter",
    }
)
"""Families of cues that lead to or through the door that a doubt is about."""


class _Doubts:
    """What nobody has verified on a route: guessed doors, restrictions that could not be read.

    Of guessed doors it is said in full at the first one and at the goal's; at others in few words,
    or only that there is a door, if nothing else says so.
    """

    def __init__(self, route: Route) -> None:
        self.route, self.network = route, route.network
        self.is_told = False
        """Whether people know that there are doors which nobody has verified."""
        led = [*route.darts, *([route.way_in] if route.way_in >= 0 else [])]
        doors = [one for one in map(self._thing, led) if isinstance(one, Door)]
        self._ends: Sequence[Door] = (doors[0], doors[-1]) if doors else ()

    def _thing(self, dart: int) -> Thing:
        return self.network.things[self.network.thing[dart >> 1]]

    def told_on(self, step: Step) -> Step:
        """The step, and what is doubtful on it: doors on the way before what there is to do,
        restrictions and the door that it leads to after that."""
        darts = [*self.route.darts[step.first : step.last]]
        if step.last == len(self.route.darts) and self.route.way_in >= 0:
            darts.append(self.route.way_in)
        met = [self._thing(dart) for dart in dict.fromkeys(darts)]
        nodes = self.route.nodes[step.first : step.last + 1]
        spaces = [self.network.space_of_node[node] for node in nodes]
        cues = self._with_doors(step, met)
        if any(one.unverified for one in met) or any(
            self.network.venue.spaces[space].unverified for space in spaces if space >= 0
        ):
            cues.append(Cue(CueKind.UNSURE_LIMIT))
        return replace(step, cues=tuple(cues)) if len(cues) > len(step.cues) else step

    def _with_doors(self, step: Step, met: Sequence[Thing]) -> list[Cue]:
        """The cues of a step, and what is said of its guessed doors."""
        doors = {one.id: one for one in met if isinstance(one, Door) and one.guessed}
        guessed = [one for one in doors.values() if one.kind != "open"]
        if not guessed:
            return [*step.cues]
        is_named = any(cue.kind.family in _AT_A_DOOR for cue in step.cues)
        passed = [one for one in guessed if not (is_named and self._is_end(one))]
        is_first = not self.is_told or self._ends[-1] in guessed
        self.is_told = True
        if len(guessed if is_first else passed) > 1:
            return [*step.cues, Cue(CueKind.UNSURE_DOORS)]
        if not passed:
            kind = CueKind.UNSURE_DOOR if is_first else CueKind.UNSURE_DOOR_AGAIN
            return [*step.cues, Cue(kind)]
        kind = CueKind.UNSURE_DOOR_ON_WAY if is_first else CueKind.UNSURE_ON_WAY_AGAIN
        return _on_the_way(step, Cue(kind))

    def _is_end(self, door: Door) -> bool:
        """Whether a door is one that people look for or leave by: of the start, of the goal, or of
        a lift or stairs."""
        spaces = (self.network.venue.space_by_id[space] for space in door.spaces if space)
        return door in self._ends or any(one.kind in SHAFTS for one in spaces)


_SETTING_OUT = frozenset({"start", "start-anchor", "start-entrance", "face", "again", "leave"})
"""Families of cues that come before the way is walked."""


def _with_floor(route: Route, around: Surroundings, step: Step) -> Step:
    """The step with the steps and ramps that keep the storey: everybody is told of those they may
    use, so that nobody looks for steps who is on the ramp beside them."""
    darts, forbidden = route.darts[step.first : step.last], route.profile.forbidden
    kinds = {kind for dart in darts for kind in around.over.get(dart >> 1, ())}
    over = [
        _steps_on(route, around, darts) if kind == Kind.STAIRS else Cue(cue)
        for kind, cue in _OVER.items()
        if kind in kinds and KIND_NAMES[kind] not in forbidden
    ]
    return replace(step, cues=tuple(_on_the_way(step, *over))) if over else step


def _on_the_way(step: Step, *over: Cue) -> list[Cue]:
    """The cues of a step with what lies on its way: behind where it sets out, before what there is
    to do."""
    told = (i for i, cue in enumerate(step.cues) if cue.kind.family not in _SETTING_OUT)
    at = next(told, len(step.cues))
    return [*step.cues[:at], *over, *step.cues[at:]]


def _steps_on(route: Route, around: Surroundings, darts: Sequence[int]) -> Cue:
    """The steps that are walked over: how many, up or down, if the drawing says so of all of
    them."""
    network = route.network
    walked = [
        dart
        for dart in darts
        if dart >> 1 in around.over and network.kind[dart >> 1] == Kind.STAIRS
    ]
    things = {network.thing[dart >> 1] for dart in walked}
    flight = network.things[min(things)] if len(things) == 1 else None
    if not isinstance(flight, DrawnPath) or not 0 < flight.step_count <= around.rules.most_steps:
        return Cue(CueKind.OVER_STEPS)
    if len(walked) != around.flight(min(things)):
        return Cue(CueKind.OVER_STEPS)
    if flight.step_count == 1:
        return Cue(CueKind.OVER_STEP)
    rises = {-flight.climbs if dart & 1 else flight.climbs for dart in walked}
    form = {1: "up", -1: "down"}.get(sum(rises), "counted")
    return Cue(kind_of("over", form), {"count": flight.step_count})


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
        self.told.append(Step(_said_once((*self.carried, *cues)), self.begin, last, turn_deg))
        self.carried = []
        self.begin = last

    def add(self, steps: Sequence[Step], leg: Leg) -> None:
        """Steps with nodes counted from the first one of a leg."""
        for step in steps:
            last = leg.first + step.last
            self.told.append(replace(step, first=self.begin, last=last))
            self.begin = last


_WALKING = frozenset(
    {
        CueKind.GO_DISTANCE,
        CueKind.ON_DISTANCE,
        CueKind.AT_DISTANCE,
    }
)
"""Cues that already tell people to walk on."""


def _says_to_walk(cues: Sequence[Cue]) -> bool:
    return any(cue.kind in _WALKING for cue in cues)


_ON = frozenset({CueKind.GO_DISTANCE, CueKind.ON_DISTANCE})
_TOWARDS = frozenset({CueKind.TOWARDS, CueKind.TOWARDS_SHAFT, CueKind.TOWARDS_ANCHOR})


def _said_once(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """Cues without what walking towards something has said already: that one walks, and that it is
    ahead."""
    found: list[Cue] = []
    for cue in cues:
        if found and found[-1].kind in _TOWARDS and cue.kind in _ON:
            found.append(Cue(CueKind.FOR_DISTANCE, cue.slots))
        elif cue.kind != CueKind.FIND_AHEAD or Cue(CueKind.TOWARDS_SHAFT, cue.slots) not in found:
            found.append(cue)
    return tuple(found)


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
    # Nobody who walks out by an entrance has to come in by it first.
    comes_in = route.network.venue.places[place].door and not leaves_at_once(route)
    return [Cue(CueKind.START_ENTRANCE if comes_in else CueKind.START, {"place": place})]


@dataclass(frozen=True)
class Where:
    """What is said of the way to a turn."""

    cues: list[Cue]
    is_sure: bool = True
    """Whether nothing but this turn can be meant, as far as guidance foresees."""


class _Telling:
    """The description of one leg of a route."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.beside = Beside(line)
        self._known: dict[tuple[int, int], Where] = {}
        self.boards = Boards(line)
        self.route = line.route
        self.leg: Leg = line.leg
        self.venue = line.network.venue
        self.rules = line.rules
        self.aim = self.beside.aim()
        told = self.aim.told
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
            if not (self.aim.towards and not self.aim.told):
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
        return self._towards_aim() if is_there and self.leg.how != "cross" else []

    def _towards_aim(self) -> list[Cue]:
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
        for turn in self.aim.told:
            point = self._waypoint(since, turn)
            if point is not None:
                account.close(self._to_waypoint(since, point, account.entered), point.at, 0)
                account.entered, since = "", point.at
            cues = self._to_turn(since, turn, account.entered)
            account.close(cues, turn.until, turn.deg)
            account.entered = ""
            since = turn.until

    def _waypoint(self, since: int, turn: Turn) -> Waypoint | None:
        """Where to go straight on first, if nothing that is said of the whole way means this turn
        only, and something does from there."""
        if self.line.length_cm(since, turn.at) <= self.rules.exit_cm:
            return None
        if self._at(since, turn).is_sure or self.boards.marks(since, turn):
            return None
        ahead = Foresight(self.line, since, turn)
        return waypoint(self.beside, ahead, lambda at: self._at(at, turn).is_sure)

    def _to_waypoint(self, since: int, point: Waypoint, entered: How) -> list[Cue]:
        """The way to a waypoint, and straight on."""
        cues = self.boards.to_end(self._doors_and_metres(since, point.at), since, point.at)
        left = [Cue(kind_of("leave", entered)), Cue(CueKind.STRAIGHT)] if entered else []
        return [*left, *_told_first(cues, point.cue), Cue(CueKind.KEEP_AHEAD)]

    def _to_turn(self, since: int, turn: Turn, entered: How) -> list[Cue]:
        """The way to a turn, and the turn itself."""
        first = self.leg.first
        is_first = turn is self.aim.told[0]
        exit_soon = is_first and self.line.length_cm(first, turn.at) <= self.rules.exit_cm
        turned = self._turned(turn)
        if exit_soon and entered:
            return [*self.boards.leaving(Cue(kind_of("leave", entered)), turn), turned]
        cues = self._leaving(turn.at) if exit_soon else []
        if not cues:
            cues = self.boards.at_turn(self._at(since, turn).cues, since, turn)
            if entered:
                # The first turn is far away: say to walk straight on until then.
                onward = [] if _says_to_walk(cues) else [Cue(CueKind.STRAIGHT)]
                cues = [Cue(kind_of("leave", entered)), *onward, *cues]
        # What one passes on the way tells as well that one is right.
        is_sure = any(cue.kind.family == "passing" for cue in cues)
        missed = -1 if is_sure else self.beside.too_far(since, turn)
        return [*cues, turned, *([Cue(CueKind.TOO_FAR, {"place": missed})] if missed >= 0 else [])]

    def _turned(self, turn: Turn) -> Cue:
        """The turn itself: a side to bear to, or which way to take where another leads on."""
        cue = _turn_cue(turn.deg, self.rules)
        is_fork = cue.kind.family == "keep" and self.beside.is_fork(turn)
        return Cue(kind_of("fork", cue.kind.form)) if is_fork else cue

    def _at(self, since: int, turn: Turn) -> Where:
        """What is at a turn: landmark, end of the corridor, nth opening, door, distance."""
        key = since, turn.at
        if key not in self._known:
            self._known[key] = self._where(since, turn)
        return self._known[key]

    def _where(self, since: int, turn: Turn) -> Where:
        line, beside = self.line, self.beside
        cues = self._on_the_way(since, turn.at)
        side = side_of(turn.deg, self.rules.straight_deg)
        ahead = Foresight(line, since, turn)
        landmarks = beside.landmarks(since, turn, side)
        landmark = next(filter(ahead.tells_place, landmarks), -1)
        if landmark >= 0:
            return Where([*cues, Cue(CueKind.AT_PLACE, {"place": landmark})])
        entered = self._entered(since, turn.at)
        if entered is not None:
            doors = [cue for cue in cues if cue.kind in _THROUGH]
            if entered.kind == CueKind.AT_DOOR and doors:
                # The door has been mentioned. Move it to the end: that is where people turn.
                return Where([*(cue for cue in cues if cue not in doors), *doors])
            return Where([*cues, entered])
        return self._by_the_floor(cues, ahead, landmarks)

    def _by_the_floor(self, cues: list[Cue], ahead: Foresight, landmarks: Sequence[int]) -> Where:
        """Where to turn if nothing well-known is there: the first of what can mean this turn only,
        else how far it is."""
        since, turn, by = ahead.since, ahead.turn, self.rules
        if ahead.turn_cm <= (by.soon_cm if since > self.leg.first else by.near_cm):
            soon = Where([*cues, Cue(CueKind.AT_SOON)], ahead.tells_soon())
            if soon.is_sure:
                return soon
            return self._marked(cues, ahead, landmarks) or soon
        form = self.beside.form(since, turn)
        if form is not None:
            return Where(_told_first(cues, Cue(kind_of("at-form", form))))
        if structure := self._by_structure(cues, ahead):
            return structure
        if opened := self._opened(cues, ahead):
            return opened
        is_sure = ahead.tells_distance()
        if not is_sure:
            if marked := self._marked(cues, ahead, landmarks):
                return marked
            counted = ahead.counted()
            if counted is not None:
                return Where(_counted(cues, counted, ahead.side))
        passing = [cue for cue in cues if cue.kind.family == "passing"]
        doors = [cue for cue in cues if cue.kind in _THROUGH]
        return Where([*doors, Cue(CueKind.AT_DISTANCE, {"cm": ahead.turn_cm}), *passing], is_sure)

    def _by_structure(self, cues: list[Cue], ahead: Foresight) -> Where | None:
        """At the door to which one turns, else where the corridor ends, else at the nth opening;
        None if people may not agree on what that is."""
        since, turn, counted = ahead.since, ahead.turn, ahead.counted()
        is_agreed = counted == self.beside.counted(since, turn, ahead.side)
        if counted is not None and is_agreed and counted[0] == "door":
            return Where(_counted(cues, counted, ahead.side))
        if self.beside.is_end(turn) and ahead.keeps_on():
            return Where([*cues, Cue(CueKind.AT_END)])
        if counted is None or not (is_agreed or ahead.is_narrow_in_hall()):
            return None
        return Where(_counted(cues, counted, ahead.side))

    def _opened(self, cues: list[Cue], ahead: Foresight) -> Where | None:
        """Right behind an opening in a wall, if it is straight ahead, and the first that one goes
        through."""
        line, turn, around = self.line, ahead.turn, self.line.around
        passed = [i for i in range(ahead.since, turn.at) if around.is_mouth(line.nodes[i])]
        passed = [i for i in passed if line.kinds[i] == Kind.DOOR]
        if len(passed) != 1 or line.length_cm(passed[0], turn.at) > self.rules.one_turn_cm:
            return None
        if not line.lies_ahead(ahead.since, passed[0]):
            return None
        return Where([*cues, Cue(CueKind.AT_OPENING)])

    def _marked(self, cues: list[Cue], ahead: Foresight, landmarks: Sequence[int]) -> Where | None:
        """At a room that means this turn only, else at a landmark that may mean another; None if
        there is neither."""
        room = next(filter(ahead.tells_place, self.beside.plain(ahead.since, ahead.turn)), -1)
        place = room if room >= 0 or not landmarks else landmarks[0]
        if place < 0:
            return None
        return Where([*cues, Cue(CueKind.AT_PLACE, {"place": place})], room >= 0)

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
        """Doors to go through; on a long leg how far it is, and what people pass."""
        cues = self._doors_and_metres(since, until)
        if any(cue.kind == CueKind.ON_DISTANCE for cue in cues):
            for number, place in enumerate(self.beside.passed(since, until)):
                kind = CueKind.THEN_PASSING if number else CueKind.AND_PASSING
                cues.append(Cue(kind, {"place": place}))
        return cues

    def _doors_and_metres(self, since: int, until: int) -> list[Cue]:
        """Doors to go through; on a long leg how far it is."""
        cues = self._doors(since, until)
        length_cm = self.line.length_cm(since, until)
        if length_cm > self.rules.long_cm:
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
            if not (self.aim.towards or _says_to_walk(cues)):
                cues = [Cue(CueKind.STRAIGHT), *cues]
        if not self.leg.how:
            account.close(cues, self.leg.last, deg)
            return
        if cues or account.carried:
            is_there = not self.leg.first and self.line.end == self.leg.first
            if not cues and not is_there:
                cues = [Cue(CueKind.STRAIGHT)]
            account.close(cues, self.leg.last, deg)

    def _to_the_end(self) -> list[Cue]:
        """How far to the goal or the lift: towards it, the nth door on its side, or metres."""
        aim = self.aim
        cues = self._on_the_way(self.since, aim.end)
        length_cm = self.line.length_cm(self.since, aim.end)
        if aim.towards:
            cues = [*self._towards_aim(), *cues]
        side = side_of(aim.deg, self.rules.ahead_deg)
        if length_cm <= self.rules.near_cm:
            return [*self._leaving(aim.end), *cues] if side and not aim.told else cues
        if side and aim.turn and self.since > self.leg.first:
            counted = self.beside.counted(self.since, aim.turn, side)
            foreseen = Foresight(self.line, self.since, aim.turn).counted()
            if counted is not None and counted[0] == "door" and foreseen == counted:
                return _counted(cues, counted, side)
        if not _says_to_walk(cues):
            cues.append(Cue(CueKind.GO_DISTANCE, {"cm": length_cm}))
        return cues

    def _leaving(self, until: int) -> list[Cue]:
        """Out of the room where the route starts: what is at a side is so outside its door."""
        if self.leg.first or not self.line.leaves_door(0, until):
            return []
        if self.line.comes_in():
            return self._doors(0, until)
        return [Cue(CueKind.LEAVE_OPEN if self.beside.opens_in_front() else CueKind.LEAVE_ROOM)]

    def _arrival(self) -> tuple[list[Cue], int]:
        """The last step's cues and the turn towards the goal."""
        deg = self.aim.deg
        cues = self.boards.to_end(self._to_the_end(), self.since, self.aim.end)
        side = SIDES[side_of(deg, self.rules.ahead_deg)]
        goal = self.route.goal
        if goal.anchor >= 0:
            return [*cues, Cue(kind_of("arrive-anchor", side), {"anchor": goal.anchor})], deg
        number = goal.places[0]
        place = self.venue.places[number]
        after: list[Cue] = []
        if self.route.way_in >= 0:
            after = [Cue(CueKind.ENTER, {"entry": number}) if place.entry else Cue(CueKind.ASK)]
        elif place.on_door:
            after = [Cue(CueKind.SIGN, {"sign": number})]
        elif not any(cue.kind.family in _TOLD_MORE for cue in cues):
            after = self._near(number)
        next_door = self._next_door()
        if next_door:
            return [Cue(kind_of("next", next_door), {"place": number}), *after], 0
        family = "way-in" if self.route.way_in >= 0 else "arrive"
        return [*cues, Cue(kind_of(family, side), {"place": number}), *after], deg

    def _near(self, goal: int) -> list[Cue]:
        """What a goal that shares its name on its floor is near, if that has a name of its own.
        Who has just come up or down hears enough."""
        has_ridden = self.leg.first and not self.aim.told
        level = self.line.network.level[self.line.nodes[self.leg.last]]
        is_shared = not has_ridden and self.line.around.is_shared(goal, level)
        near = self.beside.neighbour() if is_shared else -1
        return [Cue(CueKind.NEAR, {"place": near})] if near >= 0 else []

    def _next_door(self) -> str:
        """How the goal is entered if it is right behind a door of where the walk starts, with no
        step to go before: from `room` to room, `in` from a hall, `out` of a room, or `open` for a
        passage without a leaf."""
        way_in, network = self.route.way_in, self.route.network
        darts = [*self.route.darts, *([way_in] if way_in >= 0 else [])]
        if len(darts) != 1 or not self.route.start.places or self.line.leads_out():
            return ""
        door = network.things[network.thing[darts[0] >> 1]]
        here, beyond = (network.space_of_node[node] for node in network.ends(darts[0]))
        if not isinstance(door, Door) or here < 0 or beyond < 0:
            return ""
        if door.kind == "open":
            return "open"
        before, behind = (network.venue.spaces[space].kind for space in (here, beyond))
        if before in CIRCULATION and behind != "outdoor":
            return "in"
        return "out" if behind in CIRCULATION else "room"

    def _to_transfer(self) -> tuple[list[Cue], int]:
        """The way to a lift, stairs or bridge, and the turn towards it."""
        if self.leg.how == "cross":
            return self._on_the_way(self.since, self.leg.last), 0
        deg = self.aim.deg
        cues = self.boards.to_end(self._to_the_end(), self.since, self.aim.end)
        if not cues and not deg and self.leg.first == self.since:
            return [], 0
        side = SIDES[side_of(deg, self.rules.ahead_deg)]
        return [*cues, Cue(kind_of("find", side), {"connector": self.leg.thing})], deg


_TOLD_MORE = frozenset({"passing", "at-nth-door", "through-one", "through-more"})
"""Families of cues by which the goal is known from others, or that leave no room for more."""

_OVER = {Kind.STAIRS: CueKind.OVER_STEPS, Kind.RAMP: CueKind.OVER_RAMP}
_THROUGH = frozenset(kind for kind in CueKind if kind.family in ("through-one", "through-more"))


def _counted(cues: Sequence[Cue], counted: tuple[str, int], side: int) -> list[Cue]:
    """The nth opening on the way."""
    target, nth = counted
    family = "at-nth-door" if target == "door" else "at-nth-way"
    return _told_first(cues, Cue(kind_of(family, SIDES[side]), {"nth": nth}))


def _told_first(cues: Sequence[Cue], at: Cue) -> list[Cue]:
    """What one looks out for, then how far it is: metres before it would say where looking for it
    begins."""
    before = [cue for cue in cues if cue.kind != CueKind.ON_DISTANCE]
    about = [Cue(CueKind.ABOUT_DISTANCE, cue.slots) for cue in cues if cue not in before]
    return [*before, at, *about]
