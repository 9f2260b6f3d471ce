"""The floors of a venue as people see them: walls, closed leaves, and what is in sight.

Outlines are narrowed by two centimetres, so that two rooms that share a wall do not see each
other; strips join them where an open passage is. Closed leaves and walls are opaque.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.network.network import Kind, Network
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import Door, Space
from navkit.walk.said import Point, spot_of

NARROWED_M = 0.02
"""How much outlines are narrowed, so that a shared wall is a wall."""

PATH_WIDTH_M = 2.0
"""Width of a drawn path's floor where the drawing does not say. A guess."""

DOORWAY_M = 1.6
"""An open passage to a room that is no wider looks like a doorway, not like a way. A guess."""

FAR_M = 60.0
"""Nobody looks farther."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Leaf:
    """A door that looks closed, or a doorway, from one of its sides."""

    door: int
    node: int
    beyond: int
    """The node on the other side, -1 if there is none."""
    front: Point
    """Before it, on the floor."""
    inwards: float
    """The direction through it."""
    kind: str
    """`door`, `doorway` (no leaf), or `shaft` (of a lift, stairs, an escalator)."""
    guessed: bool


class Part:
    """A floor that hangs together without opening a door."""

    def __init__(self, shape: Polygon) -> None:
        self.shape = shape
        rings = [shape.exterior, *shape.interiors]
        pieces = [np.asarray(ring.coords, dtype=float)[:, :2] for ring in rings]
        self._from: Floats = np.concatenate([piece[:-1] for piece in pieces])
        self._along: Floats = np.concatenate([np.diff(piece, axis=0) for piece in pieces])
        self._middles: Floats = self._from + self._along / 2
        self._halves: Floats = np.hypot(self._along[:, 0], self._along[:, 1]) / 2
        self.leaves: list[Leaf] = []
        self.doorways: list[Leaf] = []

    def free_m(self, points: Floats, headings: Floats) -> Floats:
        """For each ray, the metres to the first wall, at most `FAR_M`."""
        ways = np.column_stack([np.cos(headings), np.sin(headings)])
        found = np.empty(len(points))
        # In portions, so that rays times walls fit into the processor's cache.
        for first in range(0, len(points), 64):
            rows = slice(first, first + 64)
            found[rows] = self._free_m(points[rows], ways[rows])
        return found

    def _free_m(self, points: Floats, ways: Floats) -> Floats:
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        around_m = FAR_M + float(np.hypot(*(points - middle).T).max())
        is_near = np.hypot(*(self._middles - middle).T) < around_m + self._halves
        starts, along_wall = self._from[is_near], self._along[is_near]
        if not len(starts):
            return np.full(len(points), FAR_M)
        wx, wy = along_wall[:, 0], along_wall[:, 1]
        dx = starts[:, 0] - points[:, :1]
        dy = starts[:, 1] - points[:, 1:]
        ux, uy = ways[:, :1], ways[:, 1:]
        cross = ux * wy - uy * wx
        with np.errstate(divide="ignore", invalid="ignore"):
            along = (dx * wy - dy * wx) / cross
            share = (dx * uy - dy * ux) / cross
        hit = (along > 1e-9) & (share >= -1e-9) & (share <= 1 + 1e-9)
        free: Floats = np.where(hit, along, FAR_M).min(axis=1)
        return np.minimum(free, FAR_M)

    def look(self, here: Point, headings: Sequence[float]) -> Floats:
        """The metres to the first wall in several directions from one point."""
        return self.free_m(np.array([here] * len(headings), dtype=float), np.array(headings))

    def sees(self, here: Point, there: Point) -> bool:
        """Whether no wall stands between two points; the last 25 cm before a wall do not count."""
        apart_m = math.dist(here, there)
        if apart_m < 0.3:
            return True
        towards = math.atan2(there[1] - here[1], there[0] - here[0])
        return bool(self.look(here, [towards])[0] >= apart_m - 0.25)


class Floors:
    """The floors of all levels of a network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.venue = network.venue
        self._shaft_stops = {
            stop for c in self.venue.connectors if len(c.stops) > 1 for stop in c.stops
        }
        self._parts: dict[int, list[Part]] = {}

    def parts(self, level: int) -> list[Part]:
        """The parts of a level's floor."""
        if level not in self._parts:
            found = [Part(shape) for shape in _polygons(self._shape(level))]
            self._parts[level] = found
            for leaf in self._leaves(level):
                part = _part_at(found, leaf.front)
                if part:
                    (part.doorways if leaf.kind == "doorway" else part.leaves).append(leaf)
        return self._parts[level]

    def part_at(self, level: int, here: Point) -> Part | None:
        """The part of the floor at a point, or within a step of it."""
        return _part_at(self.parts(level), here)

    def lies_in(self, space: int, here: Point) -> bool:
        """Whether a point is in a space, by its number."""
        return bool(self.venue.spaces[space].outline.contains(shapely.Point(here)))

    def looks_at(self, level: int, here: Point) -> str:
        """What the floor at a point looks like to who passes it: a `way`, or a `bay`."""
        at = shapely.Point(here)
        inside = [n for n in self._bays.get(level, ()) if self.venue.spaces[n].outline.contains(at)]
        return "bay" if inside else "way"

    @cached_property
    def _bays(self) -> dict[int, list[int]]:
        """Numbers of the spaces that lead nowhere but through closed doors, by level."""
        numbers = {space.id: i for i, space in enumerate(self.venue.spaces)}
        levels = {level.id: i for i, level in enumerate(self.venue.levels)}
        beside: dict[int, set[int]] = {}
        for number, door in enumerate(self.venue.doors):
            ends = [numbers[space] for space in door.spaces if space]
            if len(ends) == 2 and not self.is_closed(number):
                beside.setdefault(ends[0], set()).add(ends[1])
                beside.setdefault(ends[1], set()).add(ends[0])
        found: dict[int, list[int]] = {}
        for number, others in beside.items():
            space = self.venue.spaces[number]
            if len(others) == 1 and space.kind in ("hall", "room") and not space.connector:
                found.setdefault(levels[space.level], []).append(number)
        return found

    def is_bay(self, space: int) -> bool:
        return any(space in numbers for numbers in self._bays.values())

    def passages(self, level: int) -> list[LineString]:
        """The lines of passages without a leaf from floor to floor, on a level."""
        name = self.venue.levels[level].id
        found = []
        for number, door in enumerate(self.venue.doors):
            both = [self.venue.space_by_id[space] for space in door.spaces if space]
            floors = [one for one in both if one.level == name and one.kind in CIRCULATION]
            if len(floors) == 2 and not self.is_closed(number) and math.dist(*door.line) > 0.3:
                found.append(LineString(door.line))
        return found

    # -- doors

    @cached_property
    def side_of_node(self) -> dict[int, tuple[int, int]]:
        """(door, side) of the nodes at doors."""
        sides = enumerate(self.network.door_nodes)
        return {n: (door, i) for door, nodes in sides for i, n in enumerate(nodes) if n >= 0}

    @cached_property
    def path_node(self) -> dict[int, int]:
        """Of doors onto a drawn path, the node on the path."""
        network, first = self.network, len(self.venue.spaces)
        found = {}
        for edge, kind in enumerate(network.kind):
            door = network.thing[edge] - first
            if kind == Kind.DOOR and self.venue.doors[door].path:
                inside = network.door_nodes[door]
                found[door] = next(n for n in (network.a[edge], network.b[edge]) if n not in inside)
        return found

    def front(self, door: int) -> Point:
        """Before a door on a drawn path, on the side of the path."""
        inside = next(n for n in self.network.door_nodes[door] if n >= 0)
        out = through(self.venue.doors[door], spot_of(self.network, inside))
        x, y = self.venue.doors[door].middle
        return x + 0.3 * math.cos(out), y + 0.3 * math.sin(out)

    def space_beyond(self, door: int, side: int) -> Space | None:
        node = self.network.door_nodes[door][1 - side]
        number = self.network.space_of_node[node] if node >= 0 else -1
        return self.venue.spaces[number] if number >= 0 else None

    def is_shaft(self, space: Space | None) -> bool:
        """Whether a space is a lift's cabin, or a flight or escalator to another storey."""
        return space is not None and space.kind in SHAFTS and space.id in self._shaft_stops

    def looks(self, door: int, side: int) -> str:
        """What a door looks like from one side: `way`, `doorway`, `door` or `shaft`. The door of
        stairs is a door; a lift's is not what people call one, and a flight is seen."""
        one, beyond = self.venue.doors[door], self.space_beyond(door, side)
        if beyond is not None and self.is_shaft(beyond):
            is_leaf = beyond.kind == "stairs" and one.kind != "open"
            return "door" if is_leaf else "shaft"
        if one.kind != "open":
            return "door"
        is_room = beyond is not None and beyond.kind not in CIRCULATION
        if is_room and math.dist(*one.line) <= DOORWAY_M:
            return "doorway"
        return "way"

    def is_closed(self, door: int) -> bool:
        """Whether nobody sees through a door: it has a leaf, or belongs to a shaft."""
        kinds = {self.looks(door, side) for side in (0, 1)}
        return bool(kinds & {"door", "shaft"})

    def _leaves(self, level: int) -> list[Leaf]:
        found = list(self._leaves_on_paths(level))
        for number, nodes in enumerate(self.network.door_nodes):
            for side, node in enumerate(nodes):
                if node < 0 or self.network.level[node] != level:
                    continue
                kind = self.looks(number, side)
                # From inside a shaft its door looks like any door.
                kind = "door" if kind in ("way", "doorway") and self.is_closed(number) else kind
                if kind == "way":
                    continue
                door = self.venue.doors[number]
                front = spot_of(self.network, node)
                beyond = nodes[1 - side] if nodes[1 - side] >= 0 else self.path_node.get(number, -1)
                found.append(
                    Leaf(number, node, beyond, front, through(door, front), kind, door.guessed)
                )
        return found

    def _leaves_on_paths(self, level: int) -> Iterator[Leaf]:
        """Doors seen from a drawn path."""
        network = self.network
        for number, node in self.path_node.items():
            sides = network.door_nodes[number]
            side = 0 if sides[0] >= 0 else 1
            if network.level[node] == network.level[sides[side]] == level:
                kind, front = self.looks(number, 1 - side), self.front(number)
                door = self.venue.doors[number]
                if kind != "way":
                    inwards = through(door, front)
                    yield Leaf(number, node, sides[side], front, inwards, kind, door.guessed)

    # -- shapes

    def _shape(self, level: int) -> BaseGeometry:
        name = self.venue.levels[level].id
        spaces = [s for s in self.venue.spaces if s.level == name and s.kind != "closed"]
        narrowed = [space.outline.buffer(-NARROWED_M) for space in spaces]
        strips = []
        for number, door in enumerate(self.venue.doors):
            known = [self.venue.space_by_id[s] for s in door.spaces if s in self.venue.space_by_id]
            if any(s.level == name for s in known) and not self.is_closed(number):
                strip = _strip(door, [s for s in known if s.level == name])
                others = [
                    s for s in spaces if s.id not in door.spaces and strip.intersects(s.outline)
                ]
                strips.append(strip.difference(shapely.union_all([s.outline for s in others])))
        return shapely.union_all([*narrowed, *strips, *self._paths(name, spaces)])

    def _paths(self, level: str, spaces: Sequence[Space]) -> list[BaseGeometry]:
        """The floor of drawn paths, without the rooms they pass."""
        lines = [
            LineString(path.points).buffer((path.width_m or PATH_WIDTH_M) / 2)
            for path in self.venue.paths
            if set(path.levels) == {level} and path.kind == "footway"
        ]
        if not lines:
            return []
        rooms = [s.outline for s in spaces if s.kind not in CIRCULATION]
        return [shapely.union_all(lines).difference(shapely.union_all(rooms))]


def through(door: Door, front: Point) -> float:
    """The direction through a door for who stands before it."""
    (ax, ay), (bx, by) = door.line
    mx, my = door.middle
    nx, ny = -(by - ay), bx - ax
    if nx == ny == 0:
        nx, ny = mx - front[0], my - front[1]
    elif nx * (mx - front[0]) + ny * (my - front[1]) < 0:
        nx, ny = -nx, -ny
    return math.atan2(ny, nx)


def _strip(door: Door, spaces: Sequence[Space]) -> BaseGeometry:
    """The floor in an open passage, as deep as the wall is."""
    line = LineString(door.line)
    gap_m = max((space.outline.distance(line) for space in spaces), default=0.0)
    return line.buffer(gap_m + 3 * NARROWED_M, cap_style="flat")


def _polygons(shape: BaseGeometry) -> list[Polygon]:
    pieces = getattr(shape, "geoms", [shape])
    return [piece for piece in pieces if isinstance(piece, Polygon) and not piece.is_empty]


def _part_at(parts: Sequence[Part], here: Point) -> Part | None:
    at = shapely.Point(here)
    near = min(parts, key=lambda part: part.shape.distance(at), default=None)
    return near if near is not None and near.shape.distance(at) < 1.0 else None
