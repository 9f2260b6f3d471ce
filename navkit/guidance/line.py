"""The line walked on one level: its corners, which of them are turns, how it ends.

A drawn line bends more often than a walker turns. Here bends become turns, without those
that nobody notices: wobbles, spurs, jogs, the drift to the middle of a passage.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Kind, Network
from navkit.plan.plan import SHAFTS
from navkit.route.routing import Route
from navkit.venue.venue import Door

NOWHERE = -2
"""No space: -1 means a drawn path."""

SIDES = {-1: "left", 0: "ahead", 1: "right"}
"""Sides by their sign, named like the forms of cues."""

How = Literal["lift", "stairs", "escalator", "ramp", "cross", ""]
"""What ends a leg: `cross` is a bridge to another building's floor, empty the goal."""

_HOW: dict[Kind, How] = {
    Kind.RIDE: "lift",
    Kind.STAIRS: "stairs",
    Kind.ESCALATOR: "escalator",
    Kind.RAMP: "ramp",
}


@dataclass(frozen=True)
class Leg:
    """A walk on one level, `nodes[first:last + 1]`, then by `how` to the next leg."""

    first: int
    last: int
    how: How
    thing: int
    after: int
    """Where the next leg starts."""


@dataclass(frozen=True)
class Turn:
    """A turn at `nodes[at]`; for several bends taken as one, from `at` to `until`."""

    at: int
    until: int
    deg: int


def turn_between(before: float, after: float) -> int:
    """Whole degrees turned from one heading to another: right positive, back is 180."""
    degrees = (before - after) * 180 / math.pi
    while degrees <= -180:
        degrees += 360
    while degrees > 180:
        degrees -= 360
    whole = math.floor(degrees + 0.5)
    return 180 if whole == -180 else whole


def side_of(turn_deg: int, straight_deg: int) -> int:
    """-1 left, 1 right, 0 straight on."""
    return 0 if abs(turn_deg) < straight_deg else (1 if turn_deg > 0 else -1)


def legs_of(route: Route) -> list[Leg]:
    """Cut a route where it changes level."""
    network = route.network
    legs: list[Leg] = []
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
        legs.append(Leg(first, i, how, network.thing[edge], end))
        first = i = end
    legs.append(Leg(first, count, "", -1, count))
    return legs


def leaves_at_once(route: Route) -> bool:
    """Whether a walk from an entrance begins by going out through it."""
    things = route.network.things
    doors = {route.network.venue.places[place].door for place in route.start.places}
    return bool(route.darts) and things[route.network.thing[route.darts[0] >> 1]].id in doors


class Line:
    """The line of one leg of a route."""

    def __init__(self, route: Route, around: Surroundings, leg: Leg) -> None:
        self.route = route
        self.around = around
        self.network = route.network
        self.rules = around.rules
        self.leg = leg
        self.nodes = route.nodes
        self.kinds = route.kinds
        self.end = self._end()
        """The last node before the door of the goal or of the shaft, where the line ends."""

    def _end(self) -> int:
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
        """The space that the leg leads to: people look for its entrance, not its middle.

        `NOWHERE` if there is none: stairs on a drawn path, a goal at a point, or where the walk
        starts.
        """
        last = self.nodes[self.leg.last]
        space = self.network.space_of_node[last]
        if space < 0:
            return NOWHERE
        if self.leg.how:
            return space
        if self.route.way_in >= 0 or self.leads_out():
            return NOWHERE
        if not any(space in self.around.place_spaces(place) for place in self.route.goal.places):
            return NOWHERE
        starts_in = self.network.space_of_node[self.nodes[self.leg.first]]
        return space if starts_in != space else NOWHERE

    def leads_out(self) -> bool:
        """Whether the goal is an entrance."""
        return any(self.network.venue.places[place].door for place in self.route.goal.places)

    def length_cm(self, i: int, j: int) -> int:
        """Length of the route between its nodes i and j."""
        walked_cm = self.route.walked_cm
        return walked_cm[j] - walked_cm[i] if i < j else 0

    def leaves_door(self, i: int, j: int) -> bool:
        """Whether a door is passed between two nodes of the route."""
        return Kind.DOOR in self.kinds[i:j]

    def lies_ahead(self, first: int, i: int) -> bool:
        """Whether who sets out at the route's node `first` and goes straight on comes by its node
        i."""
        network, nodes, by = self.network, self.nodes, self.rules
        here = nodes[first]
        onward = next(
            (
                k
                for k in range(first + 1, i)
                if self.around.distance_cm(here, nodes[k]) >= by.own_cm
            ),
            i,
        )
        ux, uy = (axis[nodes[onward]] - axis[here] for axis in (network.x_cm, network.y_cm))
        dx, dy = (axis[nodes[i]] - axis[here] for axis in (network.x_cm, network.y_cm))
        length = math.sqrt(ux * ux + uy * uy)
        is_on = dx * ux + dy * uy >= 0
        return is_on and (length == 0 or abs(dx * uy - dy * ux) / length <= by.aside_cm)

    # -- corners and turns

    @cached_property
    def corners(self) -> list[int]:
        """Corners of the line walked, including its ends, without noise of the drawing."""
        begin = self._begin()
        walked = self.nodes[begin : self.end + 1]
        return [begin + k for k in self.around.once("corners", walked, self._corners)]

    def _corners(self) -> list[int]:
        """The same, counted from the first node from which people walk."""
        begin, wobble_cm = self._begin(), self.rules.wobble_cm
        found = _straightened(self.network, self.nodes, begin, self.end, wobble_cm)
        return [k - begin for k in self._without_spurs(found)]

    def _begin(self) -> int:
        """The first node from which people walk: inside the door of the shaft that they leave. They
        look out of it, wherever they stood."""
        first = self.leg.first
        inside = self.network.space_of_node[self.nodes[first]]
        if not first or inside < 0 or self.network.venue.spaces[inside].kind not in SHAFTS:
            return first
        for i in range(first, self.end):
            if self.network.space_of_node[self.nodes[i + 1]] != inside:
                return i
        return first

    def _turn_deg(self, before: int, here: int, after: int) -> int:
        """Degrees turned at the middle one of three nodes of the route."""
        heading, nodes = self.around.heading, self.nodes
        return turn_between(heading(nodes[before], nodes[here]), heading(nodes[here], nodes[after]))

    def _without_spurs(self, corners: list[int]) -> list[int]:
        """Corners without those where the line goes a step too far and comes back."""
        k = 1
        apart_cm = self.around.distance_cm
        while k < len(corners) - 1:
            before, here, after = (self.nodes[i] for i in corners[k - 1 : k + 2])
            deg = self._turn_deg(*corners[k - 1 : k + 2])
            short_cm = min(apart_cm(before, here), apart_cm(here, after))
            if abs(deg) > self.rules.back_deg and short_cm <= self.rules.spur_cm:
                del corners[k]
                k = max(1, k - 1)
            else:
                k += 1
        return corners

    @cached_property
    def _all_turns(self) -> tuple[Turn, ...]:
        """Turns between the leg's first node and `end`, with the bends of one turn merged."""
        raw: list[Turn] = []
        corners = self.corners
        aimless = self.aimless()
        for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
            if here <= aimless:
                continue
            deg = self._turn_deg(before, here, after)
            last = raw[-1] if raw else None
            apart_cm = self.length_cm(last.until, here) if last else 0
            # People stop at the leaf of a door, and look for the way again behind it.
            if (
                last
                and not self._passes_leaf(last.until, here)
                and (
                    self._is_one(last.deg, deg, apart_cm)
                    or self._is_drift(last, deg, here, apart_cm)
                    or self._is_seen_past(last, deg, here)
                )
            ):
                raw[-1] = Turn(last.at, here, last.deg + deg)
            else:
                raw.append(Turn(here, here, deg))
        return tuple(turn for turn in raw if abs(turn.deg) >= self.rules.straight_deg)

    def _is_one(self, first_deg: int, second_deg: int, apart_cm: int) -> bool:
        """Whether two bends are one turn, or one jog that is not a turn at all."""
        by = self.rules
        slighter, sharper = sorted((abs(first_deg), abs(second_deg)))
        if (first_deg > 0) == (second_deg > 0):
            near = apart_cm <= (by.jog_cm if slighter < by.slight_deg else by.one_turn_cm)
            return near and abs(first_deg + second_deg) <= by.back_deg
        if sharper < by.bend_deg:
            return apart_cm <= by.jog_cm
        return apart_cm <= by.one_turn_cm and slighter < by.slight_deg

    def _is_drift(self, last: Turn, deg: int, here: int, apart_cm: int) -> bool:
        """Whether two turns only lead to the middle of a wide passage straight ahead.

        The line goes through the middle; a walker who goes straight on gets through as well.
        """
        by = self.rules
        if apart_cm > by.one_turn_cm or abs(last.deg + deg) >= by.straight_deg:
            return False
        if apart_cm <= by.aside_cm:
            return True
        walked_cm = 0
        for dart in self.route.darts[here : self.end]:
            edge = dart >> 1
            if self.network.kind[edge] == Kind.DOOR:
                half_cm = self.network.width_cm[edge] // 2
                return self.is_open_door(edge) and apart_cm <= half_cm + by.drift_cm
            walked_cm += self.network.length_cm[edge]
            if walked_cm > by.one_turn_cm:
                return False
        return False

    def _is_seen_past(self, last: Turn, deg: int, here: int) -> bool:
        """Whether two bends are a jog past which one sees the way on, hardly aside. Who comes out
        of a room is told which way to go all the same."""
        at_door = self.length_cm(0, last.at) <= self.rules.exit_cm and self.leaves_door(0, last.at)
        if abs(last.deg + deg) >= self.rules.straight_deg or (not self.leg.first and at_door):
            return False
        if not self.around.is_jog(self.nodes[last.at], self.nodes[here]):
            return False
        # The same two bends lead elsewhere for who comes from another side, or from near by.
        before = max(k for k in self.corners if k < last.at)
        after = min(k for k in self.corners if k > here)
        heading, nodes = self.around.heading, self.nodes
        came, past = heading(nodes[before], nodes[last.at]), heading(nodes[before], nodes[after])
        return abs(turn_between(came, past)) < self.rules.straight_deg

    def _passes_leaf(self, i: int, j: int) -> bool:
        """Whether a door has to be opened between two nodes of the route."""
        edges = (dart >> 1 for dart in self.route.darts[i:j])
        return any(self.network.kind[e] == Kind.DOOR and not self.is_open_door(e) for e in edges)

    def is_open_door(self, edge: int) -> bool:
        """Whether an edge leads through a passage with no door leaf."""
        thing = self.network.things[self.network.thing[edge]]
        return isinstance(thing, Door) and thing.kind == "open"

    @cached_property
    def last_turn(self) -> Turn | None:
        """The turn to the door of the goal or the shaft: reported as its side."""
        turn = self._all_turns[-1] if self._all_turns else None
        if turn is None or self.leg.how == "cross" or abs(turn.deg) > self.rules.back_deg:
            return None
        if self.length_cm(turn.until, self.end) > self.rules.near_cm:
            return None
        # What would be behind the walker is at a side once that turn is made.
        return turn if abs(self._deg_at_end(turn)) <= self.rules.back_deg else None

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The turns to be reported as such."""
        told = self._all_turns[:-1] if self.last_turn else self._all_turns
        return tuple(sorted([*told, *self._forks()], key=lambda turn: turn.at))

    def _forks(self) -> Iterator[Turn]:
        """Where a straighter path leads elsewhere: who is told nothing there takes that."""
        near_cm, least_deg = self.rules.one_turn_cm, self.rules.straight_deg
        for i in range(max(self.leg.first, self.aimless()) + 1, self.end):
            deg = self._deg_aside(i)
            is_apart = all(
                self._apart_cm(i, turn.at, turn.until) > near_cm for turn in self._all_turns
            )
            if deg and is_apart:
                yield Turn(i, i, max(deg, least_deg) if deg > 0 else min(deg, -least_deg))

    def _apart_cm(self, i: int, first: int, last: int) -> int:
        """How far along the route a node is from a stretch of it."""
        return max(self.length_cm(i, first), self.length_cm(last, i))

    def _deg_aside(self, i: int) -> int:
        """How far the route bends at its node i on a drawn path, if a straighter path leads
        elsewhere; else 0."""
        node, before, around, by = self.nodes[i], self.nodes[i - 1], self.around, self.rules
        if self.network.space_of_node[node] >= 0:
            return 0
        own, into = self._turn_deg(i - 1, i, i + 1), around.heading(before, node)
        if abs(own) > by.goes_on_deg:
            return 0
        others = (self.network.other(edge, node) for edge in self.network.edges_at[node])
        degs = [turn_between(into, around.heading(node, other)) for other in others]
        is_forked = any(abs(d) < abs(own) and abs(d - own) > by.straight_deg for d in degs)
        return own if is_forked else 0

    # -- where it begins

    def aimless(self) -> int:
        """The node up to which the direction means nothing: a few steps from a start in the
        open onto the way, in a direction that says nothing about the route. -1 if there are none.
        """
        is_out_of_a_room = self.leaves_door(0, min(2, self.end))
        if self.leg.first or (is_out_of_a_room and self.looking is None):
            return -1
        corners = [0] if is_out_of_a_room else self.corners
        if len(corners) < 3 or self.length_cm(0, corners[1]) > self.rules.near_cm:
            return 0
        # Who comes in by an entrance sees a goal two steps on, and at which side it is.
        is_two_steps_on = len(corners) == 3 and self.length_cm(*corners[1:]) <= self.rules.near_cm
        if is_two_steps_on and self.route.start.places and self.looking is not None:
            return 0
        return corners[1] if abs(self._turn_deg(*corners[:3])) >= self.rules.bend_deg else 0

    def onward(self, aimless: int) -> int:
        """The first corner after that node, -1 if there is none."""
        return next((k for k in self.corners if k > aimless), -1)

    @cached_property
    def looking(self) -> float | None:
        """The direction a walker faces at the start: reading the code, entering the building or
        coming back on the way; None: unknown."""
        venue, start = self.network.venue, self.route.start
        if start.anchor >= 0:
            bearing = venue.anchors[start.anchor].bearing_deg
            return None if bearing is None else (90 - bearing) * math.pi / 180
        if start.node >= 0:
            is_known = start.back_from >= 0 and self.around.distance_cm(start.back_from, start.node)
            return self.around.heading(start.back_from, start.node) if is_known else None
        door, _ = self.around.door_of_node.get(self.nodes[0], (-1, 0))
        # Who starts in a room that has an entrance may look anywhere, and so may who leaves by one.
        is_entrance = any(venue.places[place].door for place in start.places)
        if door < 0 or not is_entrance or leaves_at_once(self.route):
            return None
        return self.around.outwards(self.nodes[0]) + math.pi

    def comes_in(self) -> bool:
        """Whether the route begins by coming in by an entrance."""
        return bool(self.route.start.places) and self.looking is not None

    # -- where it ends

    def opens_opposite(self) -> bool:
        """Whether the lift that ends the leg is left by a door across from the one entered by."""
        into, out = self._door_before(self.leg.last), self._door_after(self.leg.after)
        if self.leg.how != "lift" or min(into, out) < 0:
            return False
        ways = (self.around.heading(self.nodes[i], self.nodes[i + 1]) for i in (into, out))
        return abs(turn_between(*ways)) < self.rules.bend_deg

    def _door_before(self, node: int) -> int:
        """The last drawn door before a node of the route, -1 if there is none on the leg."""
        return next((i for i in range(node - 1, self.leg.first - 1, -1) if self._is_drawn(i)), -1)

    def _door_after(self, node: int) -> int:
        """The first drawn door after a node of the route, -1 if there is none."""
        return next((i for i in range(node, len(self.kinds)) if self._is_drawn(i)), -1)

    def _is_drawn(self, i: int) -> bool:
        door = self.network.things[self.network.thing[self.route.darts[i] >> 1]]
        return self.kinds[i] == Kind.DOOR and isinstance(door, Door) and not door.guessed

    def side_at_end(self) -> int:
        """Degrees from the walking direction to the way in, 0 if it is straight ahead."""
        if self.leg.how == "cross" or (not self.last_turn and self.end <= self.leg.first):
            return 0
        deg = self._deg_at_end(self.last_turn)
        return deg if abs(deg) > self.rules.ahead_deg else 0

    def _deg_at_end(self, turn: Turn | None) -> int:
        """Degrees from the direction walked before the last turn to the way in."""
        arrived = turn.at if turn else self.end
        before = max(k for k in self.corners if k < arrived)
        into = self.around.heading(self.nodes[before], self.nodes[arrived])
        inwards = self._inwards()
        if inwards is None:
            return turn.deg if turn else 0
        return turn_between(into, inwards)

    def _inwards(self) -> float | None:
        """The heading through the door of the leg's aim, None if it has none."""
        node = self.nodes[self.end]
        if self.end < self.leg.last:
            return self.around.heading(node, self.nodes[self.end + 1])
        if self.route.way_in >= 0 and not self.leg.how:
            return self.around.heading(*self.network.ends(self.route.way_in))
        door, _ = self.around.door_of_node.get(node, (-1, 0))
        if self.leg.how or door < 0 or not self.leads_out():
            return None
        # An entrance as goal: out of the building, from the node inside to the door.
        return self.around.outwards(node)


def _straightened(
    network: Network, nodes: Sequence[int], first: int, last: int, wobble_cm: int
) -> list[int]:
    """Indices of the corners of a path, including first and last (Douglas and Peucker).

    A corner is kept if the path leaves the straight line by more than `wobble_cm`; of
    several equally far off, the first.
    """
    keep = {first, last}
    spans = [(first, last)]
    while spans:
        i, j = spans.pop()
        ax, ay = network.x_cm[nodes[i]], network.y_cm[nodes[i]]
        bx, by = network.x_cm[nodes[j]], network.y_cm[nodes[j]]
        dx, dy = bx - ax, by - ay
        length = math.sqrt(dx * dx + dy * dy)
        worst, far = -1, float(wobble_cm)
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
