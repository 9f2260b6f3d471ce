"""What to do along a route, without words: the steps that a person takes.

Decides where one turns, what stands there, and how a leg ends. Words come afterwards
(`navkit.guidance.guidance`), so that every language tells the same steps. The phone's runtime does
the same arithmetic on the same integers, in the same order.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from navkit.network.network import Kind, Network
from navkit.route.routing import Route
from navkit.venue.venue import Door

STRAIGHT_DEG = 25
"""Less than this is no turn. People over-rotate by about 17°: reference rule R4."""
BACK_DEG = 135
"""More than this is going back."""
AHEAD_DEG = 30
"""A goal within this of the way walked is ahead, not at a side: R8."""
WOBBLE_CM = 35
"""A path that leaves its straight line by less than this goes straight on."""
ONE_TURN_CM = 250
"""Bends nearer to each other than this are one turn, or one jog. A guess."""
BEND_DEG = 60
"""Two opposite bends below this are a jog of the corridor, no turns. A guess."""
NOWHERE = -2
"""No space: -1 is taken by drawn paths."""
ASIDE_CM = 100
"""A step this far aside is no turn: one sees past it."""
DRIFT_CM = 60
"""How far beside a passage one may come up to it and still walk through without a turn."""
SPUR_CM = 200
"""Going this far and back again is drawing noise: nobody turns round for a step. A guess."""
SLIGHT_DEG = 45
"""A bend below this belongs to the next one the same way: nobody notices it alone. A guess."""
TOWARDS_DEG = 45
"""Who is told to walk towards something looks at it: so far beside may it lie. A guess."""
JOG_CM = 500
"""How far apart slight bends may be that are told as one. A guess."""
EXIT_CM = 600
"""A turn this soon after a door, a lift or stairs is told as leaving them. A guess."""
NEAR_CM = 250
"""What is nearer than this needs no distance: one stands before it. A guess."""
SOON_CM = 500
"""A turn this soon after another is "a few steps on". A guess."""
TOLD_CM = 1000
"""Shorter ways are not told in metres: M6."""
LONG_CM = 2500
"""A leg longer than this wants a cue on the way: R9."""
TOO_FAR_CM = 1500
"""How far past a turn a place is looked for that tells one has missed it. A guess."""
MOST_COUNTED = 3
"""Nobody counts further than this: R3."""

Slots = Mapping[str, int]


@dataclass(frozen=True)
class Cue:
    """One thing to say: a kind, and numbers or names to put in."""

    kind: str
    slots: Slots = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What to do next: cues in order, over `nodes[first:last + 1]` of the route."""

    cues: tuple[Cue, ...]
    first: int
    last: int
    turn_deg: int
    """Right is positive; of a goal or a lift at one's side, the turn towards it."""


@dataclass(frozen=True)
class Landmark:
    """A place seen from the way to a turn."""

    place: int
    side: int
    """-1 left of the way, 1 right, 0 ahead."""


class Surroundings:
    """What guidance asks of a network again and again, looked up once."""

    def __init__(
        self, network: Network, landmarks: Mapping[tuple[int, int], Sequence[Landmark]]
    ) -> None:
        self.network = network
        self.landmarks = landmarks
        """By (node of the turn, node one comes from), the nearest first."""

    @cached_property
    def door_of_node(self) -> dict[int, tuple[int, int]]:
        """(door, side) of the nodes that stand at doors."""
        return {
            node: (door, side)
            for door, nodes in enumerate(self.network.door_nodes)
            for side, node in enumerate(nodes)
            if node >= 0
        }

    @cached_property
    def space_number(self) -> dict[str, int]:
        return {space.id: i for i, space in enumerate(self.network.venue.spaces)}

    @cached_property
    def place_of_space(self) -> dict[int, int]:
        """The first place that stands at a space, public ones only."""
        numbers = self.space_number
        found: dict[int, int] = {}
        for number, place in enumerate(self.network.venue.places):
            if place.access == "public":
                for space in place.spaces:
                    found.setdefault(numbers[space], number)
        return found

    def door(self, number: int) -> Door:
        return self.network.venue.doors[number]

    def space_beyond(self, door: int, side: int) -> int:
        """The space on the other side of a door, -1 where that is outside."""
        node = self.network.door_nodes[door][1 - side]
        return -1 if node < 0 else self.network.space_of_node[node]

    def heading(self, a: int, b: int) -> float:
        """Direction from node a to node b in radians, as atan2 gives it."""
        n = self.network
        return math.atan2(n.y_cm[b] - n.y_cm[a], n.x_cm[b] - n.x_cm[a])

    def distance_cm(self, a: int, b: int) -> float:
        n = self.network
        dx, dy = n.x_cm[b] - n.x_cm[a], n.y_cm[b] - n.y_cm[a]
        return math.sqrt(dx * dx + dy * dy)


def turn_between(before: float, after: float) -> int:
    """Whole degrees turned from one heading to another: right positive, back is 180."""
    degrees = (before - after) * 180 / math.pi
    while degrees <= -180:
        degrees += 360
    while degrees > 180:
        degrees -= 360
    whole = math.floor(degrees + 0.5)
    return 180 if whole == -180 else whole


def side_of(turn_deg: int, straight_deg: int = STRAIGHT_DEG) -> int:
    """-1 left, 1 right, 0 straight on."""
    return 0 if abs(turn_deg) < straight_deg else (1 if turn_deg > 0 else -1)


SIDES = {-1: "left", 0: "ahead", 1: "right"}


@dataclass(frozen=True)
class _Leg:
    """Walked on one level, `nodes[first:last + 1]`, then by `how` to the next leg."""

    first: int
    last: int
    how: str
    """`lift`, `stairs`, `escalator`, `ramp`, `cross` (a bridge to another building's floor),
    or empty at the goal."""
    thing: int
    after: int
    """Where the next leg starts."""


@dataclass(frozen=True)
class _Turn:
    """A turn at `nodes[at]`; of bends taken as one, from `at` to `until`."""

    at: int
    until: int
    deg: int


def steps(route: Route, around: Surroundings) -> tuple[Step, ...]:
    """The steps of a route, in walking order; they cover it without gaps."""
    told: list[Step] = []
    legs = _legs(route)
    carried: tuple[Cue, ...] = tuple(_start(route))
    entered = ""
    begin = 0
    for number, leg in enumerate(legs):
        is_last = number == len(legs) - 1
        walk = _Walk(route, around, leg)
        ends = list(walk.turns)
        if number == 0:
            cues, deg, set_out = walk.setting_out()
            carried = (*carried, *cues)
            if deg:
                told.append(Step(carried, 0, set_out, deg))
                carried, begin = (), set_out
        for i, turn in enumerate(ends):
            since = ends[i - 1].until if i else leg.first
            exit_soon = i == 0 and walk.metres_cm(leg.first, turn.at) <= EXIT_CM
            if exit_soon and entered:
                cues = [Cue(f"leave-{entered}")]
            elif exit_soon and number == 0 and walk.leaves_door(leg.first, turn.at):
                cues = [Cue(walk.leaving())]
            else:
                cues = walk.at(since, turn)
                if entered:
                    # The first turn is far: say that one walks straight on till then (R7).
                    onward = [] if _says_to_walk(cues) else [Cue("straight")]
                    cues = [Cue(f"leave-{entered}"), *onward, *cues]
            cues.append(_turn_cue(turn.deg))
            if not (exit_soon and entered):
                cues += walk.too_far(turn)
            told.append(Step((*carried, *cues), begin, turn.until, turn.deg))
            carried, begin = (), turn.until
            entered = ""
        since = ends[-1].until if ends else leg.first
        straight: tuple[Cue, ...] = ()
        if entered and carried:
            # Nothing to turn at after the lift: say so, people look for a direction there.
            carried = (*carried, Cue(f"leave-{entered}"))
            straight = (Cue("straight"),)
        cues, deg = walk.arrival(since) if is_last else walk.to_transfer(since)
        if straight and not _says_to_walk(cues):
            cues = [*straight, *cues]
        if is_last:
            told.append(Step((*carried, *cues), begin, leg.last, deg))
            return tuple(told)
        if cues or carried:
            if not cues and (number or walk.end > leg.first):
                cues = [Cue("straight")]
            told.append(Step((*carried, *cues), begin, leg.last, deg))
            begin = leg.last
        carried = (walk.transfer(),)
        entered = leg.how if leg.how in ("lift", "stairs", "escalator", "ramp") else ""
    raise AssertionError("a route ends with a leg that has no transfer")


_WALKING = frozenset(
    {"go-distance", "go-short", "on-distance", "on-passing", "at-distance", "at-short"}
)
"""Cues that say to walk on themselves."""


def _says_to_walk(cues: Sequence[Cue]) -> bool:
    return any(cue.kind in _WALKING for cue in cues)


def _distance(kind: str, cm: int) -> Cue:
    """How far: no metres below ten (M6)."""
    return Cue(f"{kind}-short") if cm < TOLD_CM else Cue(f"{kind}-distance", {"cm": cm})


def _turn_cue(deg: int) -> Cue:
    if abs(deg) > BACK_DEG:
        return Cue("turn-back")
    how = "turn" if abs(deg) >= SLIGHT_DEG else "keep"
    return Cue(f"{how}-{SIDES[side_of(deg)]}")


def _start(route: Route) -> list[Cue]:
    if route.start.node >= 0:
        return []
    if route.start.anchor >= 0:
        return [Cue("start-anchor", {"anchor": route.start.anchor})]
    start = route.nodes[0]
    place = next(p for p in route.start.places if start in route.network.place_nodes[p])
    kind = "start-entrance" if route.network.venue.places[place].door else "start"
    return [Cue(kind, {"place": place})]


_HOW = {
    Kind.RIDE: "lift",
    Kind.STAIRS: "stairs",
    Kind.ESCALATOR: "escalator",
    Kind.RAMP: "ramp",
}


def _legs(route: Route) -> list[_Leg]:
    """Cut a route where it changes level."""
    network = route.network
    legs: list[_Leg] = []
    first = i = 0
    count = len(route.darts)
    while i < count:
        if network.level[route.nodes[i]] == network.level[route.nodes[i + 1]]:
            i += 1
            continue
        edge = route.darts[i] >> 1
        how = _HOW.get(Kind(network.kind[edge]), "cross")
        end = i + 1
        while end < count and how != "cross":
            following = route.darts[end] >> 1
            if network.thing[following] != network.thing[edge]:
                break
            if network.kind[following] != network.kind[edge]:
                break
            end += 1
        legs.append(_Leg(first, i, how, network.thing[edge], end))
        first = i = end
    legs.append(_Leg(first, count, "", -1, count))
    return legs


class _Walk:
    """One leg of a route and the questions asked about it."""

    def __init__(self, route: Route, around: Surroundings, leg: _Leg) -> None:
        self.route = route
        self.around = around
        self.network = route.network
        self.leg = leg
        self.nodes = route.nodes
        self.end = self._end()

    def _end(self) -> int:
        """The last node before the door of the goal or of the shaft, where the way along ends."""
        leg = self.leg
        if leg.how == "cross":
            return leg.last
        inside = self._inside()
        if inside == NOWHERE:
            return leg.last
        for i in range(leg.last, leg.first, -1):
            if self.network.space_of_node[self.nodes[i - 1]] != inside:
                return i - 1
        return leg.last

    def _inside(self) -> int:
        """The space that is the leg's aim: its entry is what one looks for, not its middle.

        `NOWHERE` where there is none: a goal in a corridor, at a point, or where one starts.
        """
        last = self.nodes[self.leg.last]
        space = self.network.space_of_node[last]
        if self.leg.how or space < 0:
            return space
        if self.route.way_in >= 0:
            return NOWHERE
        if any(self.network.venue.places[place].door for place in self.route.goal.places):
            return NOWHERE
        if self.network.venue.spaces[space].kind not in ("corridor", "ramp"):
            return (
                space
                if self.network.space_of_node[self.nodes[self.leg.first]] != space
                else NOWHERE
            )
        return NOWHERE

    def metres_cm(self, i: int, j: int) -> int:
        """Length of the route between its nodes i and j in centimetres."""
        total = 0
        for dart in self.route.darts[i:j]:
            total += self.network.length_cm[dart >> 1]
        return total

    @cached_property
    def _corners(self) -> list[int]:
        """Corners of the line walked, its ends among them, noise of the drawing left out."""
        found = _straightened(self.network, self.nodes, self.leg.first, self.end)
        return self._without_spurs(found)

    @cached_property
    def _all_turns(self) -> tuple[_Turn, ...]:
        """Turns between the leg's first node and `end`, bends of one turn taken together."""
        raw: list[_Turn] = []
        corners = self._corners
        aimless = self._aimless()
        for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
            if here <= aimless:
                continue
            heading = self.around.heading
            deg = turn_between(
                heading(self.nodes[before], self.nodes[here]),
                heading(self.nodes[here], self.nodes[after]),
            )
            last = raw[-1] if raw else None
            apart_cm = self.metres_cm(last.until, here) if last else 0
            if last and (
                _is_one(last.deg, deg, apart_cm) or self._is_drift(last, deg, here, apart_cm)
            ):
                raw[-1] = _Turn(last.at, here, last.deg + deg)
            else:
                raw.append(_Turn(here, here, deg))
        return tuple(turn for turn in raw if abs(turn.deg) >= STRAIGHT_DEG)

    def _aimless(self) -> int:
        """The node up to which the direction means nothing: a few steps from a start in the
        open onto the way, in a direction in which nobody looks. -1 where there are none.
        """
        is_out_of_a_room = self.leaves_door(0, min(2, self.end))
        if self.leg.first or (is_out_of_a_room and self._looking is None):
            return -1
        corners = [0] if is_out_of_a_room else self._corners
        if len(corners) > 2 and self.metres_cm(0, corners[1]) <= NEAR_CM:
            before, here, after = (self.nodes[i] for i in corners[:3])
            heading = self.around.heading
            if abs(turn_between(heading(before, here), heading(here, after))) >= BEND_DEG:
                return corners[1]
        return 0

    def setting_out(self) -> tuple[list[Cue], int, int]:
        """Which way to set out from a start in the open: cues, the turn, and up to which node.

        From a code by how its reader stands, from an entrance by how one comes in, back on a way
        by where one comes from, else towards something that lies in that direction.
        """
        aimless = self._aimless()
        onward = next((k for k in self._corners if k > aimless), -1)
        if onward < 0 and self.route.start.back_from >= 0:
            return [Cue("again-here")], 0, 0
        if aimless < 0 or onward < 0:
            return [], 0, 0
        heading = self.around.heading(self.nodes[aimless], self.nodes[onward])
        if self._looking is None:
            return self._towards(aimless, onward), 0, aimless
        deg = turn_between(self._looking, heading)
        start = self.route.start
        if start.anchor >= 0 or start.node >= 0:
            stands = "face" if start.anchor >= 0 else "again"
            side = "back" if abs(deg) > BACK_DEG else SIDES[side_of(deg, SLIGHT_DEG)]
            return [Cue(f"{stands}-{side}")], deg if side != "ahead" else 0, aimless
        if abs(deg) < STRAIGHT_DEG:
            return [], 0, 0
        return [_turn_cue(deg)], deg, aimless

    @cached_property
    def _looking(self) -> float | None:
        """The heading of one who reads the code, comes in by the entrance, or comes back on a way,
        at the start."""
        venue, start = self.network.venue, self.route.start
        if start.anchor >= 0:
            bearing = venue.anchors[start.anchor].bearing_deg
            return None if bearing is None else (90 - bearing) * math.pi / 180
        if start.node >= 0:
            is_known = start.back_from >= 0 and self.around.distance_cm(start.back_from, start.node)
            return self.around.heading(start.back_from, start.node) if is_known else None
        door, _ = self.around.door_of_node.get(self.nodes[0], (-1, 0))
        if door < 0 or not venue.doors[door].entrance:
            return None
        x_cm, y_cm = _middle_cm(venue.doors[door])
        n, node = self.network, self.nodes[0]
        return math.atan2(n.y_cm[node] - y_cm, n.x_cm[node] - x_cm)

    def _towards(self, first: int, last: int) -> list[Cue]:
        """The first place one comes by, else the lift or the goal itself; none of them where it
        does not lie in the direction in which one sets out."""
        nodes, network, goal = self.nodes, self.network, self.route.goal
        for i in range(first + 1, last):
            for edge in network.edges_at[nodes[i]]:
                there = network.other(edge, nodes[i])
                place = self._place_at(there)
                if place is not None and self._lies_onward(first, last, there):
                    return [Cue("towards", {"place": place})]
        if not self._lies_onward(first, last, nodes[self.leg.last]):
            return []
        if self.leg.how not in ("", "cross"):
            return [Cue("towards-shaft", {"connector": self.leg.thing})]
        if self.leg.how:
            return []
        if goal.anchor >= 0:
            return [Cue("towards-anchor", {"anchor": goal.anchor})]
        return [Cue("towards", {"place": goal.places[0]})]

    def _lies_onward(self, first: int, last: int, node: int) -> bool:
        """Whether a node is seen, from the first of two of the route, about where the last is."""
        here, heading = self.nodes[first], self.around.heading
        apart = turn_between(heading(here, self.nodes[last]), heading(here, node))
        return abs(apart) <= TOWARDS_DEG

    def _without_spurs(self, corners: list[int]) -> list[int]:
        """Corners without those where the line goes a step too far and comes back."""
        k = 1
        while k < len(corners) - 1:
            before, here, after = (self.nodes[i] for i in corners[k - 1 : k + 2])
            deg = turn_between(self.around.heading(before, here), self.around.heading(here, after))
            short_cm = min(
                self.around.distance_cm(before, here), self.around.distance_cm(here, after)
            )
            if abs(deg) > BACK_DEG and short_cm <= SPUR_CM:
                del corners[k]
                k = max(1, k - 1)
            else:
                k += 1
        return corners

    def _is_drift(self, last: _Turn, deg: int, here: int, apart_cm: int) -> bool:
        """Whether two turns only bring one to the middle of a wide passage straight on.

        The line goes through the middle; who walks straight on comes through as well.
        """
        if apart_cm > ONE_TURN_CM or abs(last.deg + deg) >= STRAIGHT_DEG:
            return False
        if apart_cm <= ASIDE_CM:
            return True
        walked = 0
        for dart in self.route.darts[here : self.end]:
            edge = dart >> 1
            if self.network.kind[edge] == Kind.DOOR:
                is_open = self._is_open_door(edge)
                return is_open and apart_cm <= self.network.width_cm[edge] // 2 + DRIFT_CM
            walked += self.network.length_cm[edge]
            if walked > ONE_TURN_CM:
                return False
        return False

    def _is_open_door(self, edge: int) -> bool:
        thing = self.network.things[self.network.thing[edge]]
        return isinstance(thing, Door) and thing.kind == "open"

    def _goes_on(self, i: int) -> bool:
        """Whether a way the route does not take leads straight on at its node i."""
        before, node, after = self.nodes[i - 1], self.nodes[i], self.nodes[i + 1]
        into = self.around.heading(before, node)
        for edge in self.network.edges_at[node]:
            other = self.network.other(edge, node)
            if other in (before, after):
                continue
            deg = turn_between(into, self.around.heading(node, other))
            if abs(deg) <= 45 and self._leads_to(other) in ("way", "hall"):
                return True
        return False

    @cached_property
    def last_turn(self) -> _Turn | None:
        """The turn that brings one to the door of the goal or the shaft: told as its side."""
        turn = self._all_turns[-1] if self._all_turns else None
        if turn is None or self.leg.how == "cross" or abs(turn.deg) > BACK_DEG:
            return None
        return turn if self.metres_cm(turn.until, self.end) <= NEAR_CM else None

    @property
    def turns(self) -> tuple[_Turn, ...]:
        """The turns to be told as such."""
        return self._all_turns[:-1] if self.last_turn else self._all_turns

    def leaves_door(self, i: int, j: int) -> bool:
        """Whether a door is passed between two nodes of the route."""
        return any(self.network.kind[d >> 1] == Kind.DOOR for d in self.route.darts[i:j])

    def leaving(self) -> str:
        """The cue for leaving the start: by a door, or a place that is open in front."""
        edge = next(d >> 1 for d in self.route.darts if self.network.kind[d >> 1] == Kind.DOOR)
        door = self.network.things[self.network.thing[edge]]
        is_open = isinstance(door, Door) and door.kind == "open"
        return "leave-open" if is_open else "leave-room"

    def at(self, since: int, turn: _Turn) -> list[Cue]:
        """What is at a turn: landmark, end of the corridor, nth opening, door, distance."""
        cues = self.on_the_way(since, turn.at)
        side = side_of(turn.deg)
        landmark = self._landmark(turn, side)
        if landmark is not None:
            return [*cues, Cue("at-place", {"place": landmark})]
        entered = self._entered(since, turn.at)
        if entered is not None:
            # A door just passed is told already: last of all, for there one turns.
            doors = [cue for cue in cues if cue.kind.startswith("through-")]
            if entered.kind == "at-door" and doors:
                return [cue for cue in cues if cue not in doors] + doors
            return [*cues, entered]
        if since > self.leg.first and self.metres_cm(since, turn.at) <= SOON_CM:
            return [*cues, Cue("at-soon")]
        if self._ends(turn):
            return [*cues, Cue("at-end")]
        counted = self._counted(since, turn, side)
        if counted is not None:
            return [*cues, counted]
        passing = [Cue("and-passing", cue.slots) for cue in cues if cue.kind == "on-passing"]
        cues = [cue for cue in cues if not cue.kind.startswith("on-")]
        return [*cues, _distance("at", self.metres_cm(since, turn.at)), *passing]

    def on_the_way(self, since: int, until: int) -> list[Cue]:
        """Doors to go through, and on a long leg what one passes."""
        cues = self.doors(since, until)
        if self.metres_cm(since, until) > LONG_CM:
            passed = self._passed(since, until)
            if passed is not None:
                cues.append(Cue("on-passing", {"place": passed}))
            else:
                cues.append(Cue("on-distance", {"cm": self.metres_cm(since, until)}))
        return cues

    def doors(self, since: int, until: int) -> list[Cue]:
        """The door leaves on the way, the last kind named, with their number."""
        kinds = []
        for i in range(since, until):
            edge = self.route.darts[i] >> 1
            thing = self.network.things[self.network.thing[edge]]
            if isinstance(thing, Door) and thing.kind != "open" and not thing.guessed:
                kinds.append(thing.kind)
        # Leaving the room one starts in is no news.
        if kinds and since == 0 and self.route.start.anchor < 0:
            start = self.network.space_of_node[self.nodes[0]]
            if start >= 0 and self.network.venue.spaces[start].kind == "room":
                kinds = kinds[1:]
        if not kinds:
            return []
        kind = "automatic" if all(k == "automatic" for k in kinds) else "any"
        if len(kinds) == 1:
            return [Cue(f"through-{kind}-one")]
        return [Cue(f"through-{kind}-more", {"count": len(kinds)})]

    def _landmark(self, turn: _Turn, side: int) -> int | None:
        for i in range(turn.at, turn.until + 1):
            seen = self.around.landmarks.get((self.nodes[i], self.nodes[i - 1]), ())
            said = [mark for mark in seen if not self._is_used(mark.place)]
            for wanted in (side, 0, -side):
                for mark in said:
                    if mark.side == wanted:
                        return mark.place
        return None

    def _is_used(self, place: int) -> bool:
        """Whether the route itself starts, ends or leads there: no landmark then."""
        spaces = self.network.venue.places[place].spaces
        numbers = self.around.space_number
        return place in self._ends_of_route or any(
            numbers[space] in self._spaces_walked for space in spaces
        )

    @cached_property
    def _ends_of_route(self) -> frozenset[int]:
        """Start and goal: neither serves as a landmark on the way to itself."""
        return frozenset((*self.route.start.places, *self.route.goal.places))

    @cached_property
    def _spaces_walked(self) -> frozenset[int]:
        """Spaces the route leads through: one does not pass by them."""
        return frozenset(self.network.space_of_node[node] for node in self.nodes)

    def _entered(self, since: int, until: int) -> Cue | None:
        """The named hall or the door that was entered just before a turn."""
        for i in range(until, since, -1):
            if self.metres_cm(i, until) > ONE_TURN_CM:
                return None
            edge = self.route.darts[i - 1] >> 1
            thing = self.network.things[self.network.thing[edge]]
            if isinstance(thing, Door):
                space = self.network.space_of_node[self.nodes[i]]
                place = self.around.place_of_space.get(space, -1)
                is_hall = space >= 0 and self.network.venue.spaces[space].kind == "hall"
                if is_hall and place >= 0 and place not in self._ends_of_route:
                    return Cue("at-entering", {"place": place})
                if thing.kind != "open" and not thing.guessed:
                    return Cue("at-door")
        return None

    def _branches(self, i: int) -> list[tuple[int, str]]:
        """Ways off the route at its node i: (side, `way`, `door`, `staff` or `hall`)."""
        node = self.nodes[i]
        into = self.around.heading(self.nodes[i - 1], node)
        beside = {self.nodes[i - 1], self.nodes[i + 1]}
        found = []
        for edge in self.network.edges_at[node]:
            other = self.network.other(edge, node)
            if other in beside or self.network.kind[edge] == Kind.DOOR:
                continue
            deg = turn_between(into, self.around.heading(node, other))
            if STRAIGHT_DEG <= abs(deg) <= 180 - STRAIGHT_DEG:
                found.append((side_of(deg), self._leads_to(other)))
        return found

    def _leads_to(self, node: int) -> str:
        door, side = self.around.door_of_node.get(node, (-1, 0))
        if door < 0:
            return "way"
        leaf = self.around.door(door)
        beyond = self.around.space_beyond(door, side)
        kind = self.network.venue.spaces[beyond].kind if beyond >= 0 else "room"
        if leaf.guessed and leaf.kind != "open":
            return "guess"
        if leaf.access != "public" or (
            beyond >= 0 and self.network.venue.spaces[beyond].access != "public"
        ):
            return "staff"
        if leaf.kind == "open":
            return "way" if kind == "corridor" else "hall"
        return "door"

    def _ends(self, turn: _Turn) -> bool:
        """Whether a corridor comes to its end at a turn, doors aside."""
        if self.network.kind[self.route.darts[turn.at - 1] >> 1] != Kind.CORRIDOR:
            return False
        return not self._goes_on(turn.at)

    def _counted(self, since: int, turn: _Turn, side: int) -> Cue | None:
        """The nth junction or door on the side one turns to, where counting is safe."""
        if turn.at != turn.until or abs(turn.deg) > BACK_DEG:
            return None
        target = self._leads_to(self.nodes[turn.at + 1])
        if target not in ("way", "door"):
            return None
        count = 1
        kinds = {self.network.kind[d >> 1] for d in self.route.darts[since : turn.at]}
        if not kinds <= {Kind.CORRIDOR, Kind.DOOR}:
            return None
        for i in range(since + 1, turn.at):
            branches = [what for at, what in self._branches(i) if at == side]
            if target == "way" and any(what in ("hall", "guess") for what in branches):
                return None
            if target == "door" and any(what in ("staff", "guess") for what in branches):
                return None
            if target in branches:
                count += 1
        if count > MOST_COUNTED:
            return None
        return Cue(f"at-nth-{target}-{SIDES[side]}", {"nth": count})

    def _passed(self, since: int, until: int) -> int | None:
        """The place whose door is nearest to the middle of a stretch, not too near its ends."""
        half = self.metres_cm(since, until) / 2
        best: tuple[float, int] | None = None
        walked = 0
        for i in range(since + 1, until):
            walked += self.network.length_cm[self.route.darts[i - 1] >> 1]
            for edge in self.network.edges_at[self.nodes[i]]:
                other = self.network.other(edge, self.nodes[i])
                place = self._place_at(other)
                off = abs(walked - half)
                if place is not None and off < half * 0.6 and (best is None or off < best[0]):
                    best = (off, place)
        return best[1] if best else None

    def _place_at(self, node: int) -> int | None:
        """The public place behind the door that `node` stands at, if it is not an end."""
        door, side = self.around.door_of_node.get(node, (-1, 0))
        if door < 0 or self.around.door(door).access != "public":
            return None
        beyond = self.around.space_beyond(door, side)
        place = self.around.place_of_space.get(beyond)
        return None if beyond in self._spaces_walked or place in self._ends_of_route else place

    def _is_room_door(self, node: int) -> bool:
        """Whether a room is behind the door at `node`: a hall may be seen long before."""
        door, side = self.around.door_of_node[node]
        beyond = self.around.space_beyond(door, side)
        return self.network.venue.spaces[beyond].kind == "room"

    def too_far(self, turn: _Turn) -> list[Cue]:
        """A place just past the turn, straight on: who sees it has gone too far."""
        node, before = self.nodes[turn.at], self.nodes[turn.at - 1]
        into = self.around.heading(before, node)
        if abs(turn.deg) > BACK_DEG or self._landmark(turn, side_of(turn.deg)) is not None:
            return []
        walked = 0
        seen = {before, self.nodes[turn.at + 1]}
        while walked < TOO_FAR_CM:
            onward = -1
            for edge in self.network.edges_at[node]:
                other = self.network.other(edge, node)
                if other in seen or self.network.kind[edge] != Kind.CORRIDOR:
                    continue
                deg = turn_between(into, self.around.heading(node, other))
                place = self._place_at(other)
                if place is not None and walked > 0 and self._is_room_door(other):
                    return [Cue("too-far", {"place": place})]
                if abs(deg) < STRAIGHT_DEG and onward < 0:
                    onward = edge
            if onward < 0:
                return []
            seen.add(node)
            walked += self.network.length_cm[onward]
            node = self.network.other(onward, node)
        return []

    def _side_at_end(self) -> int:
        """Degrees from the way walked to the way in, 0 where one walks straight in (R8)."""
        if self.leg.how == "cross":
            return 0
        turn = self.last_turn
        arrived = self.end
        if turn:
            before = self._corner_before(turn.until)
            into = self.around.heading(self.nodes[before], self.nodes[turn.until])
        elif arrived > self.leg.first:
            before = self._corner_before(arrived)
            into = self.around.heading(self.nodes[before], self.nodes[arrived])
        else:
            return 0
        inwards = self._inwards()
        deg = turn_between(into, inwards) if inwards is not None else (turn.deg if turn else 0)
        return deg if AHEAD_DEG < abs(deg) <= BACK_DEG else 0

    def _corner_before(self, i: int) -> int:
        """The corner of the straightened line that one comes from to node i."""
        return max(k for k in self._corners if k < i)

    def _inwards(self) -> float | None:
        """The heading of one who goes through the door of the aim, None where it has none."""
        node = self.nodes[self.end]
        if self.end < self.leg.last:
            return self.around.heading(node, self.nodes[self.end + 1])
        if self.route.way_in >= 0 and not self.leg.how:
            return self.around.heading(*self.network.ends(self.route.way_in))
        door, _ = self.around.door_of_node.get(node, (-1, 0))
        is_entrance = any(self.network.venue.places[p].door for p in self.route.goal.places)
        if self.leg.how or door < 0 or not is_entrance:
            return None
        # An entrance as goal: out of the building, from the node inside to the door.
        x_cm, y_cm = _middle_cm(self.around.door(door))
        n = self.network
        return math.atan2(y_cm - n.y_cm[node], x_cm - n.x_cm[node])

    @property
    def _aside(self) -> int:
        """The node where one turns towards the aim, or stands before it."""
        return self.last_turn.until if self.last_turn else self.end

    def _to_the_end(self, since: int, deg: int) -> list[Cue]:
        """How far to the goal or the lift: the nth door on its side, or metres."""
        end = max(self._aside, since)
        cues = self.on_the_way(since, end)
        if self.metres_cm(since, end) <= NEAR_CM:
            return cues
        side = side_of(deg, AHEAD_DEG)
        if side and self.last_turn and since > self.leg.first:
            counted = self._counted(since, self.last_turn, side)
            if counted is not None and counted.kind.startswith("at-nth-door"):
                return [*(cue for cue in cues if cue.kind != "on-distance"), counted]
        if not any(cue.kind in ("on-distance", "on-passing") for cue in cues):
            cues.append(_distance("go", self.metres_cm(since, end)))
        return cues

    def arrival(self, since: int) -> tuple[list[Cue], int]:
        """The last step's cues and the turn towards the goal."""
        deg = self._side_at_end()
        cues = self._to_the_end(since, deg)
        side = SIDES[side_of(deg, AHEAD_DEG)]
        if self.route.goal.anchor >= 0:
            cues.append(Cue(f"arrive-anchor-{side}", {"anchor": self.route.goal.anchor}))
            return cues, deg
        place = self.route.goal.places[0]
        if self.route.way_in >= 0:
            cues.append(Cue(f"way-in-{side}", {"place": place}))
            is_told = bool(self.network.venue.places[place].entry)
            cues.append(Cue("enter", {"entry": place}) if is_told else Cue("ask"))
            return cues, deg
        cues.append(Cue(f"arrive-{side}", {"place": place}))
        if self.network.venue.places[place].on_door:
            cues.append(Cue("sign", {"sign": place}))
        return cues, deg

    def to_transfer(self, since: int) -> tuple[list[Cue], int]:
        """The way to a lift, stairs or bridge, and the turn towards it."""
        if self.leg.how == "cross":
            return self.on_the_way(since, self.leg.last), 0
        deg = self._side_at_end()
        cues = self._to_the_end(since, deg)
        if not cues and not deg and self.leg.first == since:
            return [], 0
        side = SIDES[side_of(deg, AHEAD_DEG)]
        cues.append(Cue(f"find-{side}", {"connector": self.leg.thing}))
        return cues, deg

    def transfer(self) -> Cue:
        """Riding, climbing or crossing to the next level."""
        levels = self.network.venue.levels
        here = levels[self.network.level[self.nodes[self.leg.last]]]
        number = self.network.level[self.nodes[self.leg.after]]
        there = levels[number]
        if self.leg.how == "cross":
            return Cue("cross", {"floor": number})
        way = "up" if there.ordinal > here.ordinal else "down"
        floors = math.floor(abs(there.ordinal - here.ordinal) + 0.5)
        slots = {"level": number, "connector": self.leg.thing, "floors": floors}
        suffix = ""
        if self.leg.how == "stairs" and floors <= 1:
            # Half a floor is no floor: a few steps.
            suffix = "-one" if abs(there.ordinal - here.ordinal) > 0.75 else "-few"
        return Cue(f"{self.leg.how}-{way}{suffix}", slots)


def _middle_cm(door: Door) -> tuple[int, int]:
    """The middle of a door in whole centimetres, as a bundle has it."""
    x, y = door.middle
    return math.floor(x * 100 + 0.5), math.floor(y * 100 + 0.5)


def _is_one(first_deg: int, second_deg: int, apart_cm: int) -> bool:
    """Whether two bends are one turn, or one jog that is no turn at all."""
    if (first_deg > 0) == (second_deg > 0):
        slight = min(abs(first_deg), abs(second_deg)) < SLIGHT_DEG
        near = apart_cm <= (JOG_CM if slight else ONE_TURN_CM)
        return near and abs(first_deg + second_deg) <= BACK_DEG
    if max(abs(first_deg), abs(second_deg)) < BEND_DEG:
        return apart_cm <= JOG_CM
    return apart_cm <= ONE_TURN_CM and min(abs(first_deg), abs(second_deg)) < SLIGHT_DEG


def _straightened(network: Network, nodes: Sequence[int], first: int, last: int) -> list[int]:
    """Indices of the corners of a path, first and last among them (Douglas and Peucker).

    A corner is kept where the path leaves the straight line by more than `WOBBLE_CM`; of
    several as far off, the first.
    """
    keep = {first, last}
    spans = [(first, last)]
    while spans:
        i, j = spans.pop()
        ax, ay = network.x_cm[nodes[i]], network.y_cm[nodes[i]]
        bx, by = network.x_cm[nodes[j]], network.y_cm[nodes[j]]
        dx, dy = bx - ax, by - ay
        length = math.sqrt(dx * dx + dy * dy)
        worst, far = -1, float(WOBBLE_CM)
        for k in range(i + 1, j):
            px, py = network.x_cm[nodes[k]] - ax, network.y_cm[nodes[k]] - ay
            along = 0.0 if length == 0 else (px * dx + py * dy) / length
            if along <= 0 or along >= length:
                end = 0 if along <= 0 else 1
                qx, qy = px - end * dx, py - end * dy
                off = math.sqrt(qx * qx + qy * qy)
            else:
                off = abs(px * dy - py * dx) / length
            if off > far:
                worst, far = k, off
        if worst >= 0:
            keep.add(worst)
            spans += [(i, worst), (worst, j)]
    return sorted(keep)
