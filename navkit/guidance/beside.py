"""What is beside a line: branches, doors, landmarks, places along the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from navkit.guidance.line import Line, Turn, side_of, turn_between
from navkit.guidance.surroundings import Form
from navkit.network.network import Kind
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import Door

Branch = Literal["way", "door", "hall", "staff", "guess"]
"""What leads off a way: a corridor, the door of a room, an open hall, a door that is not for
visitors, a door that is not drawn."""

UNSAFE: dict[Branch, tuple[Branch, ...]] = {"way": ("hall", "guess"), "door": ("staff", "guess")}
"""Branches that people cannot tell from those being counted."""


@dataclass(frozen=True)
class Aim:
    """What a leg leads to, and which turns need be told until it is in sight."""

    told: tuple[Turn, ...]
    end: int
    """The last node of the route that is told: there one turns to the aim, or stands before it."""
    deg: int
    """The turn to the aim."""
    turn: Turn | None
    """That turn as a turn of the line; None if the aim is ahead."""
    towards: bool
    """Whether one walks towards it once the turns are done."""


class Beside:
    """What is beside the line of one leg."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.around = line.around
        self.network = line.network
        self.rules = line.rules
        self.nodes = line.nodes
        route = line.route
        self._ends_of_route = frozenset((*route.start.places, *route.goal.places))
        """Start and goal: neither serves as a landmark on the way to itself."""
        self._spaces_walked = route.spaces
        """Spaces the route leads through: people do not pass by them."""
        self._names_met = frozenset(map(self.around.named, self._met()))
        """Names of what the leg begins or ends at or leads through: another place of such a name
        would be taken for it."""
        self._reached: dict[int, frozenset[int]] = {}

    def _met(self) -> Iterator[int]:
        """The ends of the route, and the places at the spaces that the leg leads through."""
        yield from self._ends_of_route
        leg = self.line.leg
        for node in self.nodes[leg.first : leg.last + 1]:
            place = self.around.place_at(self.network.space_of_node[node])
            if place >= 0:
                yield place

    # -- at a turn

    def landmarks(self, since: int, turn: Turn, side: int) -> list[int]:
        """The landmarks at a turn, first those on its side, then those ahead.

        None whose name people have read already on this leg, and none that is in reach where they
        turned last: they would turn there again.
        """
        said = [
            mark
            for mark in self.around.landmarks(self.nodes[turn.at], self.nodes[turn.at - 1])
            if self._is_new(mark.place, since, turn)
        ]
        return [mark.place for wanted in (side, 0, -side) for mark in said if mark.side == wanted]

    def plain(self, since: int, turn: Turn) -> Iterator[int]:
        """Rooms beside a turn that are no landmarks, whose names people have not read yet."""
        for place in self.around.plain(self.nodes[turn.at], self.nodes[turn.at - 1]):
            if self._is_new(place, since, turn):
                yield place

    def _is_new(self, place: int, since: int, turn: Turn) -> bool:
        name = self.around.named(place)
        is_known = self._is_used(place) or self._is_read(place, turn.at)
        return not is_known and name not in self._names_reached(since)

    def _names_reached(self, since: int) -> frozenset[int]:
        """Names of what is in reach where the way to a turn begins, which is the turn before it or
        a waypoint; of nothing where the leg begins."""
        if since not in self._reached:
            self._reached[since] = frozenset(map(self.around.named, self._in_reach(since)))
        return self._reached[since]

    def _in_reach(self, since: int) -> Iterator[int]:
        if since == self.line.leg.first:
            return
        yield from self.places_beside(since)
        for turn in self.line.turns:
            if turn.until == since:
                dart = self.nodes[turn.at], self.nodes[turn.at - 1]
                yield from (mark.place for mark in self.around.landmarks(*dart))
                yield from self.around.plain(*dart)

    def _is_read(self, place: int, at: int) -> bool:
        """Whether a place's name is read on the leg before it comes to its node `at`: there, or
        at another place of that name."""
        named = self.around.named
        for i in range(self.line.leg.first, at):
            is_before = self.line.length_cm(i, at) > self.rules.past_cm
            if is_before and any(named(one) == named(place) for one in self.places_beside(i)):
                return True
        return False

    def _is_used(self, place: int) -> bool:
        """Whether the route itself starts, ends or leads there, or the leg to a place of that name:
        then it is no landmark."""
        return self.around.named(place) in self._names_met or any(
            space in self._spaces_walked for space in self.around.place_spaces(place)
        )

    def hall_entered(self, i: int) -> int:
        """The place whose hall is entered by the door before the route's node i, or -1."""
        space = self.network.space_of_node[self.nodes[i]]
        if space < 0 or self.network.venue.spaces[space].kind != "hall":
            return -1
        place = self.around.place_at(space)
        return -1 if place in self._ends_of_route else place

    def is_end(self, turn: Turn) -> bool:
        """Whether a corridor ends at a turn, apart from doors: its floor and what leads on."""
        node, before = self.nodes[turn.at], self.nodes[turn.at - 1]
        return self.around.ends(node, before) and not self._goes_on(turn.at)

    def form(self, since: int, turn: Turn) -> Form | None:
        """The form of the floor at a turn, if nothing on the way there looks like it, past the spot
        where the way begins."""
        found = self.around.form(self.nodes[turn.at], self.nodes[turn.at - 1])
        if found is None or turn.at != turn.until or abs(turn.deg) > self.rules.back_deg:
            return None
        if not {*self.line.kinds[since : turn.at]} <= {Kind.CORRIDOR, Kind.DOOR}:
            return None
        from_cm = self.line.length_cm(since, turn.at) - self.rules.one_turn_cm
        return found.form if from_cm <= found.clear_cm else None

    def _goes_on(self, i: int) -> bool:
        """Whether a way that the route does not take leads straight on at its node i."""
        before, node, after = self.nodes[i - 1], self.nodes[i], self.nodes[i + 1]
        into = self.around.heading(before, node)
        for edge in self.network.edges_at[node]:
            other = self.network.other(edge, node)
            if other in (before, after):
                continue
            deg = turn_between(into, self.around.heading(node, other))
            what = self._leads_to(node, other)
            if abs(deg) <= self.rules.goes_on_deg and what in ("way", "hall"):
                return True
        return False

    def is_fork(self, turn: Turn) -> bool:
        """Whether corridors or drawn paths part at a turn, and one of them leads straight on."""
        at = turn.at
        kinds = {*self.line.kinds[at - 1 : at + 1]}
        return at == turn.until and kinds <= {Kind.CORRIDOR, Kind.FOOTWAY} and self._goes_on(at)

    def counted(self, since: int, turn: Turn, side: int) -> tuple[Branch, int] | None:
        """The nth junction or door on the side of the turn, None if counting is not safe."""
        if turn.at != turn.until or abs(turn.deg) > self.rules.back_deg:
            return None
        target = self._leads_to(*self.nodes[turn.at : turn.at + 2])
        if target not in UNSAFE:
            return None
        if not {*self.line.kinds[since : turn.at]} <= {Kind.CORRIDOR, Kind.DOOR}:
            return None
        count = 1
        for i in range(since + 1, turn.at):
            branches = self._branches(i, side)
            if any(what in UNSAFE[target] for what in branches):
                return None
            if target in branches:
                count += 1
        return None if count > self.rules.most_counted else (target, count)

    def _branches(self, i: int, side: int) -> list[Branch]:
        """Ways off the route at its node i on one side, as people see them."""
        node = self.nodes[i]
        into = self.around.heading(self.nodes[i - 1], node)
        straight_deg = self.rules.straight_deg
        beside = {self.nodes[i - 1], self.nodes[i + 1]}
        found = []
        for edge in self.network.edges_at[node]:
            other = self.network.other(edge, node)
            if other in beside or self.network.kind[edge] == Kind.DOOR:
                continue
            deg = turn_between(into, self.around.heading(node, other))
            if abs(deg) <= 180 - straight_deg and side_of(deg, straight_deg) == side:
                found.append(self._leads_to(node, other))
        door, here = self.around.door_of_node.get(node, (-1, 0))
        if door >= 0 and self.network.door_nodes[door][1 - here] not in beside:
            # The way leads along the very sill of a door, maybe of one that leads outside.
            deg = turn_between(into, self.around.outwards(node))
            if side_of(deg, straight_deg) == side:
                found.append(self._leads_to(node, node))
        return found

    def _leads_to(self, node: int, other: int) -> Branch:
        """What leads from a node to the next one, as people see it."""
        door, side = self.around.door_of_node.get(other, (-1, 0))
        if door < 0 or (node != other and self.around.is_side_way(other)):
            return "way"
        leaf = self.network.venue.doors[door]
        beyond = self.around.space_beyond(door, side)
        space = self.network.venue.spaces[beyond] if beyond >= 0 else None
        if leaf.guessed and leaf.kind != "open":
            return "guess"
        if leaf.access != "public" or (space and space.access != "public"):
            return "staff"
        if leaf.kind == "open":
            return "way" if space and space.kind == "corridor" else "hall"
        return "door"

    def too_far(self, since: int, turn: Turn) -> int:
        """A place past the turn, straight on, or -1: anybody who sees it has gone too far.

        Not one that people have read before, or will yet: its name would tell them nothing.
        """
        by = self.rules
        place = self.around.past(self.nodes[turn.at], self.nodes[turn.at - 1])
        side = side_of(turn.deg, by.straight_deg)
        if (
            place < 0
            or not by.slight_deg <= abs(turn.deg) <= by.back_deg
            or self._is_used(place)
            or self.landmarks(since, turn, side)
            or self._is_read(place, turn.at)
        ):
            return -1
        named = self.around.named
        later = (self.places_beside(i) for i in range(turn.at + 1, self.line.leg.last))
        return -1 if any(named(place) in map(named, some) for some in later) else place

    # -- at the end

    def aim(self) -> Aim:
        """The first spot of the leg from which its aim is in plain sight; else its end.

        A walker who sees it needs no more turns. What is a few steps aside, such as a lift in its
        lobby, is told as on that side.
        """
        line, nodes = self.line, self.nodes
        turns, door = line.turns, nodes[line.end]
        turn = line.last_turn
        turned = turns[-1].until if turns else line.leg.first
        end = max(turn.until if turn else line.end, turned)
        at_door = turn if turn and turn.until == end else None
        at_end = Aim(turns, end, line.side_at_end(), at_door, towards=False)
        if line.leg.how == "cross" or line.end == line.leg.last or not turns:
            return at_end
        return self._in_sight(turns, door) or at_end

    def _in_sight(self, turns: Sequence[Turn], door: int) -> Aim | None:
        """The aim as it is told from the first spot that sees it, None if none does."""
        line, nodes, around = self.line, self.nodes, self.around
        # One turn out of a lift is soon told; who stands in the open has no side to turn to.
        is_lost = not line.leg.first and line.looking is None
        if (is_lost or len(turns) > 1) and around.sees(nodes[self._first_stop()], door):
            return self._ahead(())
        for number, turn in enumerate(turns):
            if deg := self._aside(turn, door):
                return Aim(tuple(turns[:number]), turn.at, deg, turn, towards=False)
            if number + 1 < len(turns) and around.sees(nodes[turn.until], door):
                return self._ahead(turns[: number + 1])
        return None

    def _ahead(self, told: Sequence[Turn]) -> Aim:
        return Aim(tuple(told), self.line.end, 0, None, towards=True)

    def _aside(self, turn: Turn, door: int) -> int:
        """The turn to a lift or stairs a few steps aside of a turn, 0 if there is none in sight. In
        a lobby people go farther aside than off a path over open floor."""
        by, around, here = self.rules, self.around, self.nodes[turn.at]
        if not self.line.leg.how or not around.sees(here, door):
            return 0
        is_path = self.network.space_of_node[door] < 0
        if around.distance_cm(here, door) > (by.within_reach_cm if is_path else by.beside_cm):
            return 0
        into = around.heading(self.nodes[turn.at - 1], here)
        deg = turn_between(into, around.heading(here, door))
        return deg if by.ahead_deg < abs(deg) <= by.back_deg else 0

    def _first_stop(self) -> int:
        """The first node of the leg where one may look around: outside a lift, or at a start whose
        direction nobody knows; its first node if there is none."""
        first, line = self.line.leg.first, self.line
        if first:
            return min(first + 1, line.end)
        return max(0, line.aimless()) if line.looking is None else 0

    # -- on the way

    def door(self, i: int) -> Door | None:
        """The door or passage on the route's i-th dart."""
        thing = self.network.things[self.network.thing[self.line.route.darts[i] >> 1]]
        return thing if isinstance(thing, Door) else None

    def leaf(self, i: int) -> Door | None:
        """The door on the route's i-th dart, if it has a leaf that must be opened; the door of a
        lift or a staircase belongs to it."""
        door, from_space = self.door(i), self.network.space_of_node[self.nodes[i]]
        if from_space >= 0 and self.network.venue.spaces[from_space].kind in SHAFTS:
            return None
        return door if door and door.kind != "open" and not door.guessed else None

    def leaves(self, since: int, until: int) -> list[str]:
        """Kinds of the doors to open on the way."""
        doors = (self.leaf(i) for i in range(since, until))
        kinds: list[str] = [door.kind for door in doors if door]
        # Leaving the room where the walk starts needs no mention, but for who has just come in.
        is_anywhere = self.line.route.start.anchor < 0 and not self.line.comes_in()
        if kinds and since == 0 and is_anywhere:
            inside = self.network.space_of_node[self.nodes[0]]
            if inside >= 0 and self.network.venue.spaces[inside].kind == "room":
                kinds = kinds[1:]
        return kinds

    def opens_in_front(self) -> bool:
        """Whether the first door on the way has no leaf: a place that is open in front."""
        first = self.line.kinds.index(Kind.DOOR)
        return self.line.is_open_door(self.line.route.darts[first] >> 1)

    def passed(self, since: int, until: int) -> list[int]:
        """The places whose doors are nearest to the middle of a stretch, or to every third or
        fourth of a very long one; none too far from there."""
        by = self.rules
        length_cm = self.line.length_cm(since, until)
        count = min(by.most_passed, max(1, length_cm // by.passed_every_cm))
        apart_cm = length_cm / (count + 1)
        found: list[int] = []
        for number in range(1, count + 1):
            best, best_off_cm = -1, apart_cm * by.passed_share
            walked_cm = 0
            for i in range(since + 1, until):
                walked_cm += self.network.length_cm[self.line.route.darts[i - 1] >> 1]
                off_cm = abs(walked_cm - number * apart_cm)
                if off_cm >= best_off_cm:
                    continue
                place = next((one for one in self.places_beside(i) if one not in found), -1)
                if place >= 0:
                    best, best_off_cm = place, off_cm
            if best >= 0:
                found.append(best)
        return found

    def places_beside(self, i: int) -> list[int]:
        """Places behind doors near the route's node i, in the order of edges."""
        return [
            place
            for place, space in self.around.places_near(self.nodes[i])
            if not self._is_on_route(place, space)
        ]

    def neighbour(self) -> int:
        """A place with a name of its own that the line comes by at its end or just before, or that
        is beside the middle of the corridor to which it leads; -1 if there is none."""
        leg, inside = self.line.leg, self.network.space_of_node[self.nodes[self.line.leg.last]]
        is_way = inside >= 0 and self.network.venue.spaces[inside].kind in CIRCULATION
        end = leg.last if is_way else self.line.end
        level = self.network.level[self.nodes[end]]
        for i in range(end, leg.first - 1, -1):
            if self.line.length_cm(i, end) > self.rules.past_cm:
                return -1
            for place in self.places_beside(i):
                if not self.around.is_shared(place, level):
                    return place
        return -1

    def towards(self, first: int, last: int) -> int:
        """The first place along the way that is in the direction of setting out, or -1."""
        for i in range(first + 1, last):
            for edge in self.network.edges_at[self.nodes[i]]:
                there = self.network.other(edge, self.nodes[i])
                place = self._place_behind(there)
                if place >= 0 and self.lies_onward(first, last, there):
                    return place
        return -1

    def lies_onward(self, first: int, last: int, node: int) -> bool:
        """Whether a node is roughly in the direction of `last`, seen from node `first`."""
        here, heading = self.nodes[first], self.around.heading
        apart = turn_between(heading(here, self.nodes[last]), heading(here, node))
        return abs(apart) <= self.rules.towards_deg

    def _place_behind(self, node: int) -> int:
        """The public place behind the door at `node`, if it is not an end of the route; or -1."""
        place, space = self.around.place_behind(node)
        return -1 if self._is_on_route(place, space) else place

    def _is_on_route(self, place: int, space: int) -> bool:
        """Whether a place behind a door is an end of the route, or the route leads through its
        space."""
        return space in self._spaces_walked or place in self._ends_of_route
