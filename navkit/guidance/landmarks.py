"""What people see on the way to a turn, computed from the plan.

Landmarks, where the floor ends, and what tells somebody that the turn has been missed.

A landmark is within 4 m of the turn and in plain sight, both from the turn and from the way
there: the line to its door crosses no wall and no closed door (rule R2 of the guidance reference).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import combinations, product

import numpy as np
import shapely
from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.guidance.forms import forms
from navkit.guidance.jogs import Jogs
from navkit.guidance.line import side_of, turn_between
from navkit.guidance.merit import PLAIN, merit
from navkit.guidance.openings import Beside
from navkit.guidance.sights import Rays, floors_seen_over
from navkit.guidance.surroundings import Formed, Landmark, Opening, Sights, Surroundings
from navkit.guidance.waymarks import boards_read, edges_along, leads_to, lengths_cm
from navkit.network.network import Kind, Network
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import Door

Dart = tuple[int, int]
"""A node, and the one from which people come to it."""
Point2 = tuple[float, float]
Names = frozenset[tuple[str, str]]
"""Of a place: language and name, without regard to capitals."""
_WITH_ENDS = (Kind.CORRIDOR, Kind.FOOTWAY)
MOST_PLAIN = 1
"""How many rooms that are no landmarks are kept for a turn."""


def sights(network: Network, levels: Container[int] | None = None) -> Sights:
    """All that people see, on all levels; or, for somebody who goes nowhere else, on some."""
    merits = [merit(place) for place in network.venue.places]
    unsaid = frozenset(number for number, one in enumerate(merits) if one is None)
    alike = _alike(network)
    around = Surroundings(network, Sights(unsaid=unsaid, alike=alike))
    landmarks: dict[Dart, tuple[Landmark, ...]] = {}
    plain: dict[Dart, tuple[int, ...]] = {}
    past: dict[Dart, int] = {}
    ends: set[Dart] = set(_path_ends(around))
    doors: set[tuple[int, int]] = set()
    side_ways: set[int] = set()
    jogs: set[tuple[int, int]] = set()
    mouths: set[int] = set()
    boards: dict[Dart, tuple[int, ...]] = {}
    shapes: dict[Dart, Formed] = {}
    openings: dict[int, tuple[Opening, ...]] = {}
    for level, floor in floors_seen_over(network, levels).items():
        on = _Storey(network, around, level, floor, merits)
        darts = list(on.darts())
        on_paths = {dart for dart in ends if network.level[dart[0]] == level and on.floor_at(dart)}
        ends -= on_paths
        ends.update(on.ends([*darts, *sorted(on_paths)]))
        doors.update(on.doors_in_sight())
        side_ways.update(on.side_ways())
        jogs.update(Jogs(around, floor, on.way_to).found(darts))
        mouths.update(on.mouths())
        shapes.update(forms(around, floor, darts, on.way_to))
        boards |= boards_read(network, level, floor, darts, on.way_to)
        openings.update(Beside(network, around, level, floor).openings())
        for dart in darts:
            seen = on.seen(dart)
            if told := tuple(mark for mark, is_plain in seen if not is_plain):
                landmarks[dart] = told
            rooms = tuple(mark.place for mark, is_plain in seen if is_plain)
            if rooms and on.leads_aside(dart):
                plain[dart] = rooms[:MOST_PLAIN]
            if (missed := on.past(dart)) >= 0:
                past[dart] = missed
    return Sights(
        landmarks,
        plain,
        past,
        frozenset(ends),
        frozenset(doors),
        frozenset(side_ways),
        openings=openings,
        alike=alike,
        unsaid=unsaid,
        jogs=frozenset(jogs),
        mouths=frozenset(mouths),
        forms=shapes,
        boards=boards,
        led=leads_to(network),
        along=edges_along(network),
        stripe_cm=lengths_cm(network),
    )


def _alike(network: Network) -> dict[int, int]:
    """For each place that is called like another one: the number of the first such place. In all
    languages in which both have a name it is the same."""
    by_names: dict[Names, list[int]] = defaultdict(list)
    for number, place in enumerate(network.venue.places):
        by_names[frozenset((tag, name.casefold()) for tag, name in place.names.items())] += [number]
    same = {names: {names} for names in by_names}
    for one, other in _of_other_languages(by_names):
        if same[one] is not same[other] and _agree(dict(one), dict(other)):
            joined = same[one] | same[other]
            same |= dict.fromkeys(joined, joined)
    found: dict[int, int] = {}
    for names, numbers in by_names.items():
        alike = [number for others in same[names] for number in by_names[others]]
        if len(alike) > 1:
            found |= dict.fromkeys(numbers, min(alike))
    return found


def _of_other_languages(some: Iterable[Names]) -> Iterator[tuple[Names, Names]]:
    """Pairs that share a name, of which one has names in languages that the other has not."""
    having: dict[tuple[str, str], dict[frozenset[str], list[Names]]] = {}
    for names in some:
        tags = frozenset(tag for tag, _ in names)
        for name in names:
            having.setdefault(name, {}).setdefault(tags, []).append(names)
    for by_tags in having.values():
        for ones, others in combinations(by_tags.values(), 2):
            yield from product(ones, others)


def _agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two places have one name in every language in which both have one."""
    return all(one[tag] == other[tag] for tag in one.keys() & other.keys())


def _path_ends(around: Surroundings) -> Iterator[Dart]:
    """Where a drawn path ends for who comes along it: others lead aside, and none leads on."""
    network, heading = around.network, around.heading
    for node, edges in enumerate(network.edges_at):
        if network.space_of_node[node] >= 0 or len(edges) <= 2:
            continue
        others = [network.other(edge, node) for edge in edges]
        for edge, before in zip(edges, others, strict=True):
            if network.kind[edge] != Kind.FOOTWAY:
                continue
            into = heading(before, node)
            if not any(
                abs(turn_between(into, heading(node, other))) <= around.rules.goes_on_deg
                for other in others
                if other != before
            ):
                yield node, before


FRONT_M = 0.3
"""A door on a drawn path is seen from this far before it: the path comes through the wall."""


def _onwards(point: Point2, heading: float, length_m: float) -> Point2:
    return point[0] + length_m * math.cos(heading), point[1] + length_m * math.sin(heading)


class _Storey:
    """What is seen on one level."""

    def __init__(
        self,
        network: Network,
        around: Surroundings,
        level: int,
        floor: BaseGeometry,
        merits: list[int | None],
    ) -> None:
        self.network, self.around, self.rules = network, around, around.rules
        self.level, self.floor, self.merits = level, floor, merits

    def darts(self) -> Iterator[Dart]:
        """Where more than one way leads on: each node with each from which people come."""
        network = self.network
        for node, at in enumerate(network.level):
            if at != self.level or not self._is_open(node):
                continue
            ways = [
                edge
                for edge in network.edges_at[node]
                if network.kind[edge] == Kind.DOOR or not self._is_room_stub(edge, node)
            ]
            if len(ways) < 2:
                continue
            for edge in network.edges_at[node]:
                before = network.other(edge, node)
                if network.level[before] == at and network.kind[edge] <= Kind.OUTDOOR:
                    yield node, before

    def _is_open(self, node: int) -> bool:
        """Whether a node is on the floor across which people see."""
        space = self.network.space_of_node[node]
        return space >= 0 and self.network.venue.spaces[space].kind in CIRCULATION

    def _is_room_stub(self, edge: int, node: int) -> bool:
        """Whether an edge leads to the door of a room and nowhere else."""
        door, side = self.around.door_of_node.get(self.network.other(edge, node), (-1, 0))
        if door < 0:
            return False
        beyond = self.around.space_beyond(door, side)
        return beyond < 0 or self.network.venue.spaces[beyond].kind == "room"

    def leads_aside(self, dart: Dart) -> bool:
        """Whether people may turn there into anything but the door of a room in a wall."""
        (node, before), network, heading = dart, self.network, self.around.heading
        stub_cm = self.rules.stub_cm
        into = heading(before, node)
        return any(
            other != before
            and abs(turn_between(into, heading(node, other))) >= self.rules.straight_deg
            and (network.length_cm[edge] > stub_cm or not self._is_room_stub(edge, node))
            for edge in network.edges_at[node]
            for other in [network.other(edge, node)]
        )

    # -- landmarks

    @cached_property
    def _named_doors(self) -> tuple[list[tuple[int, int]], STRtree]:
        """(node before the door, place) of all that may be named, and where they are."""
        doors = []
        for node, (door, side) in self.around.door_of_node.items():
            if self.network.level[node] != self.level or not self._is_open(node):
                continue
            place = self.around.place_at(self.around.space_beyond(door, side))
            if place >= 0 and self._is_known(door):
                doors.append((node, place))
        for number, (place_, nodes) in enumerate(
            zip(self.network.venue.places, self.network.place_nodes, strict=True)
        ):
            at_point = place_.point and self.network.level[nodes[0]] == self.level
            if at_point and self.merits[number] is not None:
                doors.append((nodes[0], number))
        return doors, STRtree([Point(self._xy(node)) for node, _ in doors])

    def _is_known(self, number: int) -> bool:
        """Whether people may go through a door, and it is where the drawing has it."""
        door = self.network.venue.doors[number]
        return door.access == "public" and (door.kind == "open" or not door.guessed)

    def seen(self, dart: Dart) -> list[tuple[Landmark, bool]]:
        """What is in sight of both the turn and the way to it, the best first, then the nearest;
        and whether it is only a room. One entry per place, none of which two are in sight."""
        node, _ = dart
        doors, tree = self._named_doors
        at = Point(self._xy(node))
        near = sorted(
            (self._merit(place), round(at.distance(Point(self._xy(door))), 2), place, door)
            for place, door in (
                (doors[i][1], doors[i][0])
                for i in tree.query(at, predicate="dwithin", distance=self.rules.landmark_near_m)
            )
            if door not in dart and (self._merit(place) < PLAIN or self._place(door) == place)
        )
        seen: dict[int, Landmark] = {}
        points = self.way_to(dart) if near else []
        for _, _, place, door in near:
            if place in seen or not self._faces(self._xy(node), door):
                continue
            if all(self._sees(point, door) for point in points) and not self._twins(place, points):
                deg = turn_between(self._heading(dart), self.around.heading(node, door))
                seen[place] = Landmark(place, side_of(deg, self.rules.straight_deg))
        return [(mark, self._merit(place) >= PLAIN) for place, mark in seen.items()]

    def _merit(self, place: int) -> int:
        found = self.merits[place]
        return PLAIN if found is None else found

    def _twins(self, place: int, points: Iterable[Point2]) -> bool:
        """Whether another place of the same name is in sight too."""
        alike = self._doors_by_name[self.around.named(place)]
        others = [node for node, other in alike if other != place]
        return any(self._sees(point, node) for point in points for node in others)

    @cached_property
    def _doors_by_name(self) -> dict[int, list[tuple[int, int]]]:
        """All that may be named, by the first place of that name."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for node, place in self._named_doors[0]:
            found[self.around.named(place)].append((node, place))
        return found

    def _sees(self, point: Point2, door: int) -> bool:
        return bool(self.floor.covers(LineString([point, self._xy(door)])))

    def _faces(self, point: Point2, door_node: int) -> bool:
        """Whether the front of a door is visible from a point, not its edge.

        What has no door, such as a desk, has no front.
        """
        door, side = self.around.door_of_node.get(door_node, (-1, 0))
        beyond = self.network.door_nodes[door][1 - side] if door >= 0 else -1
        if beyond < 0:
            return True
        x, y = self._xy(door_node)
        if (x, y) == point:
            return True
        inwards = self.around.heading(door_node, beyond)
        looking = math.atan2(y - point[1], x - point[0])
        return abs(turn_between(looking, inwards)) <= self.rules.landmark_edge_on_deg

    def way_to(self, dart: Dart, far_cm: int = 0) -> Sequence[Point2]:
        """Points of the straight way to a turn, from it backwards: as far as a landmark must be
        seen, or farther."""
        return self._way_to(dart, far_cm or self.rules.landmark_approach_cm)

    @cached_property
    def _way_to(self) -> Callable[[Dart, int], Sequence[Point2]]:
        return cache(self._straight_way)

    def _straight_way(self, dart: Dart, far_cm: int) -> Sequence[Point2]:
        line = LineString([self._xy(node) for node in self._back(dart, far_cm)])
        far_m = min(line.length, far_cm / 100)
        count = max(2, math.ceil(far_cm / self.rules.landmark_every_cm))
        along_m = [far_m * i / count for i in range(count + 1)]
        found = shapely.get_coordinates(shapely.line_interpolate_point(line, along_m))
        return [(x, y) for x, y in found.tolist()]

    def _back(self, dart: Dart, far_cm: int) -> list[int]:
        """The nodes of the straight way that comes to a node from another, backwards."""
        (node, before), network, around = dart, self.network, self.around
        nodes = [node, before]
        walked_cm = around.distance_cm(node, before)
        while walked_cm < far_cm:
            into = around.heading(node, before)
            onward = [
                other
                for edge in network.edges_at[before]
                if self._is_seen_through(edge)
                and (other := network.other(edge, before)) != node
                and abs(turn_between(into, around.heading(before, other)))
                < self.rules.landmark_straight_deg
            ]
            if not onward:
                break
            walked_cm += around.distance_cm(before, onward[0])
            node, before = before, onward[0]
            nodes.append(before)
        return nodes

    def _is_seen_through(self, edge: int) -> bool:
        """Whether an edge leads over open floor, also through a passage without a leaf."""
        if self.network.kind[edge] == Kind.DOOR:
            door = self.network.things[self.network.thing[edge]]
            return isinstance(door, Door) and door.kind == "open"
        return self.network.kind[edge] <= Kind.OUTDOOR

    def _heading(self, dart: Dart) -> float:
        """The direction of walking at a turn: of the last metres, since the last edge may be a
        step aside."""
        (x, y), (from_x, from_y) = (self.way_to(dart)[i] for i in (0, -1))
        return math.atan2(y - from_y, x - from_x)

    # -- where the floor ends

    def ends(self, darts: Iterable[Dart]) -> Iterator[Dart]:
        """Where the floor ends straight ahead, as far as people care: a few steps on there is a
        wall or a closed door, also a little left and right of the way."""
        by = self.rules
        narrow = [d for d in darts if self.network.kind[self._edge(*d)] in _WITH_ENDS]
        if not narrow:
            return
        aside = np.radians([-by.ends_aside_deg, 0, by.ends_aside_deg])
        headings = np.array([self._heading(dart) for dart in narrow])[:, None] + aside
        starts = np.repeat(np.array([self._xy(node) for node, _ in narrow]), len(aside), axis=0)
        most_m = by.ends_cm / 100
        free_m = Rays(self.floor).free_m(starts, headings.ravel(), most_m).reshape(-1, len(aside))
        yield from (dart for dart, free in zip(narrow, free_m, strict=True) if max(free) < most_m)

    def floor_at(self, dart: Dart) -> bool:
        """Whether a drawn path leads over a floor, or up to one: then the floor is what ends."""
        (x, y), towards = self._xy(dart[0]), self.around.heading(dart[1], dart[0])
        far_m = self.rules.ends_cm / 100
        there = x + far_m * math.cos(towards), y + far_m * math.sin(towards)
        return bool(self.floor.intersects(LineString([(x, y), there])))

    def _edge(self, node: int, before: int) -> int:
        network = self.network
        return next(e for e in network.edges_at[node] if network.other(e, node) == before)

    def side_ways(self) -> Iterator[int]:
        """Nodes at doors at the end of a side corridor: a door that is far from the middle of the
        floor, with walls close on both sides of the way there."""
        stubs = [
            (node, network.other(edge, node))
            for network in (self.network,)
            for node in self.around.door_of_node
            if network.level[node] == self.level and self._is_open(node)
            for edge in network.edges_at[node]
            if network.kind[edge] == Kind.CORRIDOR and network.length_cm[edge] > self.rules.stub_cm
        ]
        if not stubs:
            return
        inwards = np.array([self.around.heading(node, other) for node, other in stubs])
        along = np.stack([np.cos(inwards), np.sin(inwards)], axis=1)
        starts = np.array([self._xy(node) for node, _ in stubs]) + along
        wide_m, rays = self.rules.side_way_cm / 100, Rays(self.floor)
        free_m = [rays.free_m(starts, inwards + aside, wide_m) for aside in np.radians((90, -90))]
        for (node, _), *free in zip(stubs, *free_m, strict=True):
            if max(free) < wide_m:
                yield node

    def mouths(self) -> Iterator[int]:
        """Nodes before a passage without a leaf from one floor to another that is no wider than
        people take for an opening, and narrower than the floor before it, on both sides: who comes
        that way sees an opening in a wall."""
        network, door_of = self.network, self.around.door_of_node
        nodes = [
            node
            for node, (door, side) in door_of.items()
            if network.level[node] == self.level and self._is_open(node)
            if network.venue.doors[door].kind == "open"
            and LineString(network.venue.doors[door].line).length
            and (beyond := network.door_nodes[door][1 - side]) >= 0
            and self._is_open(beyond)
        ]
        if not nodes:
            return
        lines = np.array([network.venue.doors[door_of[node][0]].line for node in nodes])
        middles, across = lines.mean(axis=1), lines[:, 1] - lines[:, 0]
        wide_m = np.hypot(across[:, 0], across[:, 1])
        along = np.stack([-across[:, 1], across[:, 0]], axis=1) / wide_m[:, None]
        came = middles - np.array([self._xy(node) for node in nodes])
        along *= np.sign((along * came).sum(axis=1))[:, None]
        before = middles - along * self.rules.mouth_before_cm / 100
        headings, rays = np.arctan2(across[:, 1], across[:, 0]), Rays(self.floor)
        most_m = self.rules.looks_aside_m
        free_m = [rays.free_m(before, headings + way, most_m) for way in (0, math.pi)]
        jamb_m = self.rules.mouth_jamb_cm / 100
        least_m, most_wide_m = wide_m / 2 + jamb_m, self.rules.wide_cm / 100 / 2 + jamb_m
        for node, least, *free in zip(nodes, least_m, *free_m, strict=True):
            if min(free) >= least and least <= most_wide_m:
                yield node

    # -- too far

    def past(self, dart: Dart) -> int:
        """The first place past a turn, straight on, that nobody could read before it; or -1:
        whoever sees it has gone too far."""
        node, before = dart
        points = self.way_to(dart, self.rules.too_far_cm)
        into = self._heading(dart)
        walked_cm = 0.0
        while walked_cm < self.rules.too_far_cm:
            onward = -1
            for edge in self.network.edges_at[node]:
                other = self.network.other(edge, node)
                if other == before or self.network.kind[edge] != Kind.CORRIDOR:
                    continue
                is_beside = self.around.distance_cm(node, other) <= self.rules.stub_cm
                if walked_cm >= self.rules.past_cm and is_beside and self._tells(other, points):
                    return self._place(other)
                deg = turn_between(into, self.around.heading(node, other))
                if abs(deg) < self.rules.straight_deg and onward < 0:
                    onward = other
            if onward < 0:
                return -1
            walked_cm += self.around.distance_cm(node, onward)
            before, node = node, onward
        return -1

    def _place(self, node: int) -> int:
        """The public place behind the door of a room at a node, or -1."""
        door, side = self.around.door_of_node.get(node, (-1, 0))
        if door < 0 or not self._is_known(door):
            return -1
        beyond = self.around.space_beyond(door, side)
        is_room = beyond >= 0 and self.network.venue.spaces[beyond].kind == "room"
        return self.around.place_at(beyond) if is_room else -1

    def _tells(self, node: int, points: Iterable[Point2]) -> bool:
        """Whether a place was not to be read before the turn, at none of its doors, and none of
        its name."""
        place = self._place(node)
        if place < 0:
            return False
        doors = [door for door, _ in self._doors_by_name[self.around.named(place)]]
        return not any(
            self._sees(at, door) and self._faces(at, door) for at in points for door in doors
        )

    # -- doors in sight

    def doors_in_sight(self) -> Iterator[tuple[int, int]]:
        """From each node where people may turn or set out, the nodes before those doors of rooms
        and shafts that are in plain sight, and not edge-on."""
        doors = [*self._aims()]
        if not doors:
            return
        tree = STRtree([Point(front) for _, front, _ in doors])
        for node, level in enumerate(self.network.level):
            if level != self.level or not self._is_afoot(node) or not self._is_stop(node):
                continue
            here = self._xy(node)
            near = tree.query(Point(here), predicate="dwithin", distance=self.rules.in_sight_m)
            for door, front, inwards in sorted(doors[i] for i in near):
                if door == node or not self._is_before(here, front, inwards):
                    continue
                if self.floor.covers(LineString([here, front])):
                    yield node, door

    def _aims(self) -> Iterator[tuple[int, Point2, float]]:
        """(node before it, what one sees of it, direction through it) of the doors by which people
        find a room or a shaft, also where a drawn path leads up to one."""
        network, heading = self.network, self.around.heading
        for node, (door, side) in self.around.door_of_node.items():
            if self._is_aim(node):
                beyond = network.door_nodes[door][1 - side]
                yield node, self._xy(node), heading(node, beyond)
        for edge in range(len(network.kind)):
            if network.kind[edge] == Kind.DOOR:
                for node in (network.a[edge], network.b[edge]):
                    if self._is_aim_of_path(node, edge):
                        inwards = heading(node, network.other(edge, node))
                        yield node, _onwards(self._xy(node), inwards, -FRONT_M), inwards

    def _is_before(self, point: Point2, front: Point2, inwards: float) -> bool:
        """Whether who looks from a point towards a door sees its front, not its edge."""
        if front == point:
            return True
        looking = math.atan2(front[1] - point[1], front[0] - point[0])
        return abs(turn_between(looking, inwards)) <= self.rules.landmark_edge_on_deg

    def _is_stop(self, node: int) -> bool:
        """Whether people turn at a node or set out from it: not at the door of a room."""
        door, side = self.around.door_of_node.get(node, (-1, 0))
        beyond = self.around.space_beyond(door, side) if door >= 0 else -1
        return beyond < 0 or self.network.venue.spaces[beyond].kind in SHAFTS

    def _is_aim(self, node: int) -> bool:
        """Whether there is a room or a shaft behind the door at a node."""
        if self.network.level[node] != self.level or not self._is_open(node):
            return False
        door, side = self.around.door_of_node[node]
        return self._is_found(self.around.space_beyond(door, side), door)

    def _is_aim_of_path(self, node: int, edge: int) -> bool:
        """Whether a drawn path leads by an edge through the door of a room or a shaft."""
        network = self.network
        if network.level[node] != self.level or network.space_of_node[node] >= 0:
            return False
        space, door = network.space_of_node[network.other(edge, node)], network.thing[edge]
        return self._is_found(space, door - len(network.venue.spaces))

    def _is_found(self, space: int, door: int) -> bool:
        """Whether a room or a shaft behind a door is found by its name: it has no more doors than
        people tell apart. A lift is seen wherever its door is."""
        kind = self.network.venue.spaces[space].kind if space >= 0 else ""
        is_seen = kind in SHAFTS and self.network.venue.doors[door].access == "public"
        is_known = is_seen or (kind == "room" and self._is_known(door))
        return is_known and self._doors_of_space[space] <= self.rules.most_doors

    def _is_afoot(self, node: int) -> bool:
        """Whether a node is on the floor across which people see, or on a path drawn over it."""
        if self.network.space_of_node[node] >= 0:
            return self._is_open(node)
        return bool(shapely.intersects_xy(self.floor, *self._xy(node)))

    @cached_property
    def _doors_of_space(self) -> Counter[int]:
        nodes = self.around.door_of_node
        return Counter(self.network.space_of_node[node] for node in nodes)

    def _xy(self, node: int) -> Point2:
        return self.network.x_cm[node] / 100, self.network.y_cm[node] / 100
