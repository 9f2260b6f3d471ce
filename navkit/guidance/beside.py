"""What is beside a line: branches, doors, landmarks, places along the way."""

from typing import Literal

from navkit.guidance.line import Line, Turn, side_of, turn_between
from navkit.network.network import Kind
from navkit.venue.venue import Door

Branch = Literal["way", "door", "hall", "staff", "guess"]
"""What leads off a way: a corridor, the door of a room, an open hall, a door that is not for
visitors, a door that is not drawn."""

UNSAFE: dict[Branch, tuple[Branch, ...]] = {"way": ("hall", "guess"), "door": ("staff", "guess")}
"""Branches that people cannot tell from those being counted."""


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
        self._spaces_walked = frozenset(self.network.space_of_node[node] for node in self.nodes)
        """Spaces the route leads through: people do not pass by them."""

    # -- at a turn

    def landmark(self, turn: Turn, side: int) -> int:
        """The landmark to turn at, or -1: first one on the side of the turn, then one ahead."""
        for i in range(turn.at, turn.until + 1):
            seen = self.around.landmarks.get((self.nodes[i], self.nodes[i - 1]), ())
            said = [mark for mark in seen if not self._is_used(mark.place)]
            for wanted in (side, 0, -side):
                for mark in said:
                    if mark.side == wanted:
                        return mark.place
        return -1

    def _is_used(self, place: int) -> bool:
        """Whether the route itself starts, ends or leads there: then it is no landmark."""
        return place in self._ends_of_route or any(
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
        """Whether a corridor ends at a turn, apart from doors."""
        return self.line.kinds[turn.at - 1] == Kind.CORRIDOR and not self._goes_on(turn.at)

    def _goes_on(self, i: int) -> bool:
        """Whether a way that the route does not take leads straight on at its node i."""
        before, node, after = self.nodes[i - 1], self.nodes[i], self.nodes[i + 1]
        into = self.around.heading(before, node)
        for edge in self.network.edges_at[node]:
            other = self.network.other(edge, node)
            if other in (before, after):
                continue
            deg = turn_between(into, self.around.heading(node, other))
            if abs(deg) <= self.rules.goes_on_deg and self._leads_to(other) in ("way", "hall"):
                return True
        return False

    def counted(self, since: int, turn: Turn, side: int) -> tuple[Branch, int] | None:
        """The nth junction or door on the side of the turn, None if counting is not safe."""
        if turn.at != turn.until or abs(turn.deg) > self.rules.back_deg:
            return None
        target = self._leads_to(self.nodes[turn.at + 1])
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
        """Ways off the route at its node i on one side."""
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
                found.append(self._leads_to(other))
        return found

    def _leads_to(self, node: int) -> Branch:
        door, side = self.around.door_of_node.get(node, (-1, 0))
        if door < 0:
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

    def too_far(self, turn: Turn) -> int:
        """A place just past the turn, straight on, or -1: anybody who sees it has gone too far."""
        by = self.rules
        node, before = self.nodes[turn.at], self.nodes[turn.at - 1]
        into = self.around.heading(before, node)
        if (
            abs(turn.deg) > by.back_deg
            or self.landmark(turn, side_of(turn.deg, by.straight_deg)) >= 0
        ):
            return -1
        walked_cm = 0
        seen = {before, self.nodes[turn.at + 1]}
        while walked_cm < by.too_far_cm:
            onward = -1
            for edge in self.network.edges_at[node]:
                other = self.network.other(edge, node)
                if other in seen or self.network.kind[edge] != Kind.CORRIDOR:
                    continue
                place = self._place_behind(other)
                if place >= 0 and walked_cm > 0 and self._is_room_door(other):
                    return place
                deg = turn_between(into, self.around.heading(node, other))
                if abs(deg) < by.straight_deg and onward < 0:
                    onward = edge
            if onward < 0:
                return -1
            seen.add(node)
            walked_cm += self.network.length_cm[onward]
            node = self.network.other(onward, node)
        return -1

    # -- on the way

    def door(self, i: int) -> Door | None:
        """The door or passage on the route's i-th dart."""
        thing = self.network.things[self.network.thing[self.line.route.darts[i] >> 1]]
        return thing if isinstance(thing, Door) else None

    def leaf(self, i: int) -> Door | None:
        """The door on the route's i-th dart, if it has a leaf that must be opened."""
        door = self.door(i)
        return door if door and door.kind != "open" and not door.guessed else None

    def leaves(self, since: int, until: int) -> list[str]:
        """Kinds of the doors to open on the way."""
        doors = (self.leaf(i) for i in range(since, until))
        kinds: list[str] = [door.kind for door in doors if door]
        # Leaving the room where the walk starts needs no mention.
        if kinds and since == 0 and self.line.route.start.anchor < 0:
            start = self.network.space_of_node[self.nodes[0]]
            if start >= 0 and self.network.venue.spaces[start].kind == "room":
                kinds = kinds[1:]
        return kinds

    def opens_in_front(self) -> bool:
        """Whether the first door on the way has no leaf: a place that is open in front."""
        first = self.line.kinds.index(Kind.DOOR)
        return self.line.is_open_door(self.line.route.darts[first] >> 1)

    def passed(self, since: int, until: int) -> int:
        """The place whose door is nearest to the middle of a stretch, not too near its ends; or
        -1."""
        half_cm = self.line.length_cm(since, until) / 2
        best, best_off_cm = -1, half_cm * self.rules.passed_share
        walked_cm = 0
        for i in range(since + 1, until):
            walked_cm += self.network.length_cm[self.line.route.darts[i - 1] >> 1]
            off_cm = abs(walked_cm - half_cm)
            if off_cm >= best_off_cm:
                continue
            place = next(iter(self._places_beside(i)), -1)
            if place >= 0:
                best, best_off_cm = place, off_cm
        return best

    def _places_beside(self, i: int) -> list[int]:
        """Places behind doors at the route's node i, in the order of edges."""
        node = self.nodes[i]
        others = (self.network.other(edge, node) for edge in self.network.edges_at[node])
        return [place for other in others if (place := self._place_behind(other)) >= 0]

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
        door, side = self.around.door_of_node.get(node, (-1, 0))
        if door < 0 or self.network.venue.doors[door].access != "public":
            return -1
        beyond = self.around.space_beyond(door, side)
        place = self.around.place_at(beyond)
        return -1 if beyond in self._spaces_walked or place in self._ends_of_route else place

    def _is_room_door(self, node: int) -> bool:
        """Whether there is a room behind the door at `node`: a hall may be seen long before."""
        door, side = self.around.door_of_node[node]
        beyond = self.around.space_beyond(door, side)
        return self.network.venue.spaces[beyond].kind == "room"
