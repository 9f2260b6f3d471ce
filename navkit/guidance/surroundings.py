"""What guidance often needs from a network, computed once."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar, cast

from navkit.guidance.rules import rules
from navkit.network.network import Kind, Network
from navkit.plan.plan import Arrow
from navkit.venue.venue import Space

_KEPT = 32_768
"""Of so many stretches is remembered what was found: about as many as the routes of a hospital
share."""

T = TypeVar("T")


@dataclass(frozen=True)
class Landmark:
    """A place seen from the way to a turn."""

    place: int
    side: int
    """-1 left of the way, 1 right, 0 ahead."""


@dataclass(frozen=True)
class Opening:
    """A gap in the wall beside an edge."""

    at_dm: int
    """Where its middle is, from the edge's first node."""
    wide_dm: int
    side: int
    """-1 left, 1 right, for who walks from the edge's first node."""
    looks: int
    """0 if it leads on, 1 if it is open to this side only."""


Form = Literal["crossroads", "tee"]
"""What a place where corridors meet looks like."""
Dart = tuple[int, int]
"""A node, and the one from which people come to it."""


@dataclass(frozen=True)
class Formed:
    """The form of the floor, and how far back along the straight way nothing looks like it."""

    form: Form
    clear_cm: int


@dataclass(frozen=True)
class Led:
    """Where a board points, and what it leads to."""

    arrow: Arrow
    places: tuple[int, ...]
    things: tuple[int, ...]
    """Spaces and connectors, by their numbers among the network's things."""


@dataclass(frozen=True)
class Along:
    """A stretch of a stripe that an edge runs along: from the edge's a to its b."""

    stripe: int
    from_cm: int
    to_cm: int


@dataclass(frozen=True)
class Sights:
    """What people see where more than one way leads on, by (node, previous node)."""

    landmarks: Mapping[Dart, Sequence[Landmark]] = field(default_factory=dict)
    """The best first."""
    plain: Mapping[Dart, Sequence[int]] = field(default_factory=dict)
    """Rooms beside a turn that are no landmarks, the nearest first."""
    past: Mapping[Dart, int] = field(default_factory=dict)
    """A place straight on that is not to be read before the turn."""
    ends: frozenset[Dart] = frozenset()
    """Where the floor ends straight ahead, or a drawn path."""
    doors: frozenset[tuple[int, int]] = frozenset()
    """(node, node before the door of a room or shaft) from which that door is in plain sight."""
    side_ways: frozenset[int] = frozenset()
    """Nodes at doors at the end of a side corridor: what people see is the corridor."""
    jogs: frozenset[tuple[int, int]] = frozenset()
    """(first bend, second bend) that one walks past without a word."""
    mouths: frozenset[int] = frozenset()
    """Nodes before a passage without a leaf that looks like an opening in a wall from there."""
    openings: Mapping[int, Sequence[Opening]] = field(default_factory=dict)
    """By edge."""
    alike: Mapping[int, int] = field(default_factory=dict)
    """For each place that shares its name, the number of the first of that name."""
    unsaid: frozenset[int] = frozenset()
    """Places that are never named on the way."""
    forms: Mapping[Dart, Formed] = field(default_factory=dict)
    """The form of the floor there, to who comes by that dart."""
    boards: Mapping[Dart, Sequence[int]] = field(default_factory=dict)
    """Boards that are read on the way there, the nearest first."""
    led: Sequence[Led] = ()
    """Of each board."""
    along: Mapping[int, Sequence[Along]] = field(default_factory=dict)
    """By edge, the stripes that it runs along."""
    stripe_cm: Sequence[int] = ()
    """The length of each stripe."""


class Surroundings:
    """A network with what people see, and the rules by which routes through it are described."""

    def __init__(self, network: Network, sights: Sights) -> None:
        self.network = network
        self.rules = rules()
        self._sights = sights
        self._found: dict[tuple[str, tuple[object, ...]], object] = {}
        self._near: dict[int, tuple[tuple[int, int], ...]] = {}

    def once(self, what: str, stretch: tuple[object, ...], find: Callable[[], T]) -> T:
        """What `find` finds for a stretch of a way, computed once for all routes that walk there:
        it may depend on the network and on what describes that stretch alone."""
        found = self._found.get((what, stretch))
        if found is None:
            if len(self._found) >= _KEPT:
                self._found.clear()
            found = self._found[what, stretch] = find()
        return cast(T, found)

    @cached_property
    def door_of_node(self) -> dict[int, tuple[int, int]]:
        """(door, side) of the nodes at doors."""
        return {
            node: (door, side)
            for door, nodes in enumerate(self.network.door_nodes)
            for side, node in enumerate(nodes)
            if node >= 0
        }

    @cached_property
    def over(self) -> Mapping[int, frozenset[int]]:
        """By edge that keeps the storey, the kinds of steps and ramps on it, and beside it: people
        see the steps beside a ramp too. Edges without any are absent."""
        n = self.network
        stops = {stop for c in n.venue.connectors for stop in c.stops if len(c.stops) > 1}
        between: dict[frozenset[int], set[int]] = {}
        for a, b, kind in zip(n.a, n.b, n.kind, strict=True):
            if kind in (Kind.STAIRS, Kind.RAMP) and n.level[a] == n.level[b]:
                between.setdefault(frozenset((a, b)), set()).add(kind)
        found: dict[int, frozenset[int]] = {}
        for edge, ends in enumerate(map(frozenset, zip(n.a, n.b, strict=True))):
            thing = n.things[n.thing[edge]]
            if ends in between and not (isinstance(thing, Space) and thing.id in stops):
                found[edge] = frozenset(between[ends])
        return found

    def flight(self, thing: int) -> int:
        """How many edges the steps of a thing have that keep the storey."""
        n = self.network
        return sum(n.thing[edge] == thing and n.kind[edge] == Kind.STAIRS for edge in self.over)

    @cached_property
    def _space_number(self) -> dict[str, int]:
        return {space.id: i for i, space in enumerate(self.network.venue.spaces)}

    def place_spaces(self, place: int) -> list[int]:
        """Numbers of the spaces of a place."""
        return [self._space_number[space] for space in self.network.venue.places[place].spaces]

    @cached_property
    def place_of_space(self) -> dict[int, int]:
        """The first place at a space that may be named on the way."""
        found: dict[int, int] = {}
        for number in range(len(self.network.venue.places)):
            if number not in self._sights.unsaid:
                for space in self.place_spaces(number):
                    found.setdefault(space, number)
        return found

    def place_at(self, space: int) -> int:
        """The first place at a space that may be named on the way, or -1."""
        return self.place_of_space.get(space, -1)

    @cached_property
    def _behind(self) -> dict[int, tuple[int, int]]:
        found = {}
        for node, (door, side) in self.door_of_node.items():
            space = self.space_beyond(door, side)
            place = self.place_at(space)
            if place >= 0 and self.network.venue.doors[door].access == "public":
                found[node] = place, space
        return found

    def place_behind(self, node: int) -> tuple[int, int]:
        """The place behind the public door at a node, and its space there; (-1, -2) if there is
        none."""
        return self._behind.get(node, (-1, -2))

    def places_near(self, node: int) -> Sequence[tuple[int, int]]:
        """The same of the doors near a node that have a place, in the order of edges."""
        if node not in self._near:
            n = self.network
            edges = (e for e in n.edges_at[node] if n.length_cm[e] <= self.rules.passed_near_cm)
            behind = (self.place_behind(n.other(edge, node)) for edge in edges)
            self._near[node] = tuple(pair for pair in behind if pair[0] >= 0)
        return self._near[node]

    def landmarks(self, node: int, before: int) -> Sequence[Landmark]:
        """Landmarks seen at `node` when coming from `before`, the best first."""
        return self._sights.landmarks.get((node, before), ())

    def past(self, node: int, before: int) -> int:
        """A place straight on past `node` that is not to be read before it, or -1."""
        return self._sights.past.get((node, before), -1)

    def ends(self, node: int, before: int) -> bool:
        """Whether the floor ends straight ahead at `node`, coming from `before`."""
        return (node, before) in self._sights.ends

    def form(self, node: int, before: int) -> Formed | None:
        """The form of the floor at `node`, to who comes from `before`; None if it has no name."""
        return self._sights.forms.get((node, before))

    def sees(self, node: int, door_node: int) -> bool:
        """Whether the door of a room or shaft is in plain sight from `node`; of few nodes this is
        known."""
        return (node, door_node) in self._sights.doors

    def is_side_way(self, door_node: int) -> bool:
        """Whether the door at a node is at the end of a side corridor."""
        return door_node in self._sights.side_ways

    def is_jog(self, first: int, second: int) -> bool:
        """Whether two nodes are the bends of a jog that one walks past without a word."""
        return (first, second) in self._sights.jogs

    def is_mouth(self, door_node: int) -> bool:
        """Whether the passage at a node looks like an opening in a wall from there."""
        return door_node in self._sights.mouths

    def boards(self, node: int, before: int) -> Sequence[int]:
        """Boards read on the way to `node` from `before`, the nearest first."""
        return self._sights.boards.get((node, before), ())

    def led(self, board: int) -> Led:
        """Where a board points, and what it leads to."""
        return self._sights.led[board]

    def along(self, edge: int) -> Sequence[Along]:
        """The stripes on the floor that an edge runs along."""
        return self._sights.along.get(edge, ())

    def stripe_cm(self, stripe: int) -> int:
        """The length of a stripe."""
        return self._sights.stripe_cm[stripe]

    def openings(self, edge: int) -> Sequence[Opening]:
        """The gaps in the walls beside an edge, from its first node."""
        return self._sights.openings.get(edge, ())

    @cached_property
    def _marks(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = {}
        for node in sorted(self.door_of_node):
            door, side = self.door_of_node[node]
            behind = self.place_at(self.space_beyond(door, side))
            if behind >= 0:
                found.setdefault(self.named(behind), []).append((node, behind))
        for number, place in enumerate(self.network.venue.places):
            is_point = not place.spaces and not place.door
            if is_point and number not in self._sights.unsaid:
                at = self.network.place_nodes[number][0]
                found.setdefault(self.named(number), []).append((at, number))
        return found

    def marks_named(self, name: int) -> Sequence[tuple[int, int]]:
        """By what places of a name are recognised: (node, place), doors first."""
        return self._marks.get(name, ())

    def is_shared(self, place: int, level: int) -> bool:
        """Whether people may see another place of the name of this one on a level."""
        marks = self.marks_named(self.named(place))
        return any(one != place and self.network.level[node] == level for node, one in marks)

    def plain(self, node: int, before: int) -> Sequence[int]:
        """Rooms seen at `node` when coming from `before` that are no landmarks, the nearest
        first."""
        return self._sights.plain.get((node, before), ())

    def named(self, place: int) -> int:
        """The first place of the name that a place has."""
        return self._sights.alike.get(place, place)

    def is_on(self, place: int, level: int) -> bool:
        """Whether a place, or another one of its name, is on a level."""
        return level in self._levels_of_name.get(self.named(place), ())

    @cached_property
    def _levels_of_name(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for place, nodes in enumerate(self.network.place_nodes):
            levels = (self.network.level[node] for node in nodes)
            found.setdefault(self.named(place), set()).update(levels)
        return found

    def spaces_on(self, level: int) -> frozenset[int]:
        """Numbers of the spaces on a level."""
        return self._spaces_on[level]

    @cached_property
    def _spaces_on(self) -> list[frozenset[int]]:
        venue = self.network.venue
        return [
            frozenset(n for n, space in enumerate(venue.spaces) if space.level == level.id)
            for level in venue.levels
        ]

    def outwards(self, node: int) -> float:
        """The direction from a node at a door through that door, in radians."""
        x, y = self.network.venue.doors[self.door_of_node[node][0]].middle
        # In whole centimetres, as in a bundle.
        x_cm, y_cm = math.floor(x * 100 + 0.5), math.floor(y * 100 + 0.5)
        return math.atan2(y_cm - self.network.y_cm[node], x_cm - self.network.x_cm[node])

    def space_beyond(self, door: int, side: int) -> int:
        """The space on the other side of a door, -1 if that is outside."""
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
