"""Where people can walk: nodes and edges over all levels, on a grid of whole centimetres.

Everything is integers, so that the phone's runtime computes the same lengths, costs and
turns. A door is an edge between two nodes, one on each side of it; a lift has one node per stop
(the cabin) with an edge to its landing, where people wait, and edges between the stops.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely.ops
from shapely import LineString, Point

from navkit.network.passage import clear_widths
from navkit.network.walkable import local_paths
from navkit.plan.kinds import kinds
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import Connector, Door, DrawnPath, Space, Venue

if TYPE_CHECKING:
    import networkx as nx

STOREY_M = 4.0
"""Rise of a storey if elevations are unknown. A guess; the clinic's are 4.6 and 4.7 m."""

ACROSS_M = (1.0, 6.0)
"""Open passages this far apart are joined straight across a corridor. A guess."""

INSETS_CM = (20, 10, 5, 30, 45, 70)
"""Distances of a door's two nodes from its middle; the first that lies inside is used."""

VESTIBULE_M2 = 40.0
"""The largest room without a name, between an entrance and circulation, that people only pass
through. A guess; a draught lobby with two pairs of doors has 10 to 20 m²."""

HALL_INSET_CM = 42
"""In a hall a door's node is where people walk freely, 0.4 m clear of the wall."""


class Kind(IntEnum):
    """What kind of way an edge is; profiles name kinds in lower case."""

    CORRIDOR = 0
    HALL = 1
    ROOM = 2
    OUTDOOR = 3
    DOOR = 4
    STAIRS = 5
    BOARD = 6
    """From a landing into the cabin (a to b), where people wait; and out again (b to a)."""
    RIDE = 7
    ESCALATOR = 8
    RAMP = 9
    FOOTWAY = 10


def _edges(table: str) -> dict[str, Kind]:
    rows = kinds()[table]
    return {kind: Kind[row["edge"].upper()] for kind, row in rows.items() if "edge" in row}


SPACE_EDGE = _edges("spaces")
"""The kind of edge inside a space; cabins are entered by `BOARD` edges instead."""

CONNECTOR_EDGE = _edges("connectors")

Corner = tuple[int, int]
"""Of drawn paths, in whole centimetres: they meet where it is the same."""

Thing = Space | Door | Connector | DrawnPath
"""The owner of an edge: the source of its access, step-freeness, slope and closures."""


@dataclass(frozen=True)
class Network:
    """Columns of nodes and edges; an edge's ends are node numbers, `thing` its owner's."""

    venue: Venue
    level: tuple[int, ...]
    """For each node, the number of its level in `venue.levels`."""
    x_cm: tuple[int, ...]
    y_cm: tuple[int, ...]
    a: tuple[int, ...]
    b: tuple[int, ...]
    kind: tuple[int, ...]
    thing: tuple[int, ...]
    """Number in `things`: spaces, then doors, connectors and paths, in the venue's order."""
    length_cm: tuple[int, ...]
    width_cm: tuple[int, ...]
    """Clear width; 0 is unknown."""
    rise_cm: tuple[int, ...]
    """Height of b above a."""
    oneway: tuple[int, ...]
    """1: walked from a to b only; 2: from b to a only."""
    door_nodes: tuple[tuple[int, int], ...]
    """For each door, its node in the first and in the second space; -1 if there is none."""
    place_nodes: tuple[tuple[int, ...], ...]
    """For each place, the nodes at which people arrive."""
    anchor_nodes: tuple[int, ...]
    space_of_node: tuple[int, ...]
    """Number of the space that contains a node; -1 on drawn paths."""

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        v = self.venue
        return (*v.spaces, *v.doors, *v.connectors, *v.paths)

    @cached_property
    def edges_at(self) -> tuple[tuple[int, ...], ...]:
        """For each node, its edges in order of number."""
        at: list[list[int]] = [[] for _ in self.level]
        for edge, (a, b) in enumerate(zip(self.a, self.b, strict=True)):
            at[a].append(edge)
            at[b].append(edge)
        return tuple(tuple(edges) for edges in at)

    @cached_property
    def building_of_node(self) -> tuple[str | None, ...]:
        """For each node the building that it is in, None outdoors: in such a space, or on a path of
        a level of no building where others are of one."""
        levels, spaces = self.venue.levels, self.venue.spaces
        outdoors = None if any(level.building for level in levels) else ""
        buildings = []
        for number, space in zip(self.level, self.space_of_node, strict=True):
            is_out = space >= 0 and spaces[space].kind == "outdoor"
            building = levels[number].building
            buildings.append(None if is_out else building or ("" if space >= 0 else outdoors))
        return tuple(buildings)

    def ends(self, dart: int) -> tuple[int, int]:
        """The nodes a dart leads from and to: ``2 * edge`` from a to b, ``2 * edge + 1`` back."""
        a, b = self.a[dart >> 1], self.b[dart >> 1]
        return (b, a) if dart & 1 else (a, b)

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """For each dart the node that it leads to."""
        return tuple(node for ends in zip(self.b, self.a, strict=True) for node in ends)

    def entered(self, dart: int) -> int:
        """The number of the space that a dart leads into from elsewhere; -1 if it enters none."""
        start, end = self.ends(dart)
        space = self.space_of_node[end]
        return space if space != self.space_of_node[start] else -1

    def other(self, edge: int, node: int) -> int:
        """The end of `edge` that is not `node`."""
        return self.b[edge] if self.a[edge] == node else self.a[edge]

    def floors_c(self, edge: int) -> int:
        """Storeys that an edge goes up or down, in hundredths."""
        levels = self.venue.levels
        a, b = levels[self.level[self.a[edge]]], levels[self.level[self.b[edge]]]
        return round(abs(a.ordinal - b.ordinal) * 100)

    def to_networkx(self) -> "nx.MultiDiGraph[int]":
        """The same graph for networkx: nodes with `level`, `x_m`, `y_m`; an edge each way with
        `number`, `kind`, `length_m`, `width_m` (None: unknown), `rise_m` and `thing` (an id).
        """
        import networkx as nx

        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        for node, level in enumerate(self.level):
            graph.add_node(
                node,
                level=self.venue.levels[level].id,
                x_m=self.x_cm[node] / 100,
                y_m=self.y_cm[node] / 100,
            )
        for number in range(len(self.a)):
            common = {
                "number": number,
                "kind": Kind(self.kind[number]).name.lower(),
                "length_m": self.length_cm[number] / 100,
                "width_m": self.width_cm[number] / 100 or None,
                "thing": self.things[self.thing[number]].id,
            }
            a, b, rise_m = self.a[number], self.b[number], self.rise_cm[number] / 100
            if self.oneway[number] != 2:
                graph.add_edge(a, b, rise_m=rise_m, **common)
            if self.oneway[number] != 1:
                graph.add_edge(b, a, rise_m=-rise_m, **common)
        return graph


def build(venue: Venue) -> Network:
    """The network of a venue. The same venue gives the same numbers."""
    builder = _Builder(venue)
    builder.add_spaces()
    builder.add_paths()
    builder.add_doors()
    builder.add_connectors()
    return builder.network()


class _Builder:
    """Nodes and edges under construction, and where the venue's parts have theirs."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.level_number = {level.id: i for i, level in enumerate(venue.levels)}
        self.space_number = {space.id: i for i, space in enumerate(venue.spaces)}
        things: Sequence[Thing] = (*venue.spaces, *venue.doors, *venue.connectors, *venue.paths)
        # A door may have the id of a space or connector: number by kind and id.
        self.thing_number = {(type(t), t.id): i for i, t in enumerate(things)}
        self.nodes: list[tuple[int, int, int, int]] = []
        self.edges: list[tuple[int, int, Kind, int, int, int, int, int]] = []
        self.side_node: dict[tuple[str, int], int] = {}
        self.middle_node: dict[str, int] = {}
        self.spot_node: dict[tuple[str, str], int] = {}
        self.path_nodes: dict[tuple[str, int, int], int] = {}
        self.path_steps: dict[str, list[int]] = {}
        self.sides = _sides_by_space(venue.doors)
        self.spots = _spots_by_space(venue)

    def node(self, level: int, x_m: float, y_m: float, space: int) -> int:
        self.nodes.append((level, _cm(x_m), _cm(y_m), space))
        return len(self.nodes) - 1

    def edge(
        self,
        a: int,
        b: int,
        kind: Kind,
        thing: Thing,
        width_m: float = 0.0,
        rise_m: float = 0.0,
        length_m: float | None = None,
        oneway: int = 0,
    ) -> None:
        if length_m is None:
            (_, ax, ay, _), (_, bx, by, _) = self.nodes[a], self.nodes[b]
            length_cm = max(1, math.floor(math.sqrt((bx - ax) ** 2 + (by - ay) ** 2) + 0.5))
        else:
            length_cm = _cm(length_m)
        if isinstance(thing, Space):
            oneway = _along(thing, self._xy(a), self._xy(b))
        number = self.thing_number[type(thing), thing.id]
        self.edges.append((a, b, kind, number, length_cm, _cm(width_m), _cm(rise_m), int(oneway)))

    def add_spaces(self) -> None:
        for number, space in enumerate(self.venue.spaces):
            if space.kind != "closed":
                self._add_space(number, space)

    def _add_space(self, number: int, space: Space) -> None:
        """The nodes at a space's doors and spots, and the paths between them."""
        sides = self.sides.get(space.id, [])
        spots = self.spots.get(space.id, [])
        portals = [_beside(door, side, space) for door, side in sides]
        portals += [_inside(space, point) for _, point in spots]
        connector = self._connector_by_stop.get(space.id)
        # A flight, an escalator or a ramp leads from its one door below to its one door above.
        wants_middle = connector is not None or space.kind in CIRCULATION
        wants_middle = wants_middle and not (connector and len(portals) == 1)
        if not portals and not wants_middle:
            portals = [_inside(space, space.outline.representative_point())]
        level = self.level_number[space.level]
        if space.kind == "elevator":
            centre = _inside(space, space.outline.representative_point())
            nodes = [self.node(level, x, y, number) for x, y in (*portals, centre)]
            assert connector
            for node in nodes[:-1]:
                self.edge(node, nodes[-1], Kind.BOARD, connector)
            self.middle_node[space.id] = nodes[-1]
        else:
            local = local_paths(
                space.outline,
                np.array(portals).reshape(-1, 2),
                middle=wants_middle,
                straight=space.kind == "room",
            )
            # Inner points from left to right: neighbours in the list are next to each other.
            count = len(portals)
            inner = sorted(range(count, len(local.points)), key=lambda i: tuple(local.points[i]))
            nodes = [-1] * len(local.points)
            standing: dict[tuple[int, int], int] = {}
            for i in (*range(count), *inner):
                x, y = (float(v) for v in local.points[i])
                here = (_cm(x), _cm(y))
                # An inner point on the same centimetre as a door's node is that node.
                if i < count or here not in standing:
                    nodes[i] = self.node(level, x, y, number)
                    standing.setdefault(here, nodes[i])
                else:
                    nodes[i] = standing[here]
            kind = self._edge_inside(space, connector)
            rows: dict[tuple[int, int], float] = defaultdict(float)
            for (i, j), width_m in zip(local.edges, local.width_m, strict=True):
                if nodes[i] != nodes[j]:
                    ends = min(nodes[i], nodes[j]), max(nodes[i], nodes[j])
                    rows[ends] = max(rows[ends], float(width_m))
            for (a, b), width_m in sorted(rows.items()):
                self.edge(a, b, kind, space, _clear_m(width_m))
            if not local.open_area:
                self._cut_across(space, sides, nodes, kind)
            self.middle_node[space.id] = nodes[local.middle]
        for (door, side), node in zip(sides, nodes, strict=False):
            self.side_node[door.id, side] = node
        for (spot, _), node in zip(spots, nodes[len(sides) :], strict=False):
            self.spot_node[space.id, spot] = node

    def _edge_inside(self, space: Space, connector: Connector | None) -> Kind:
        """Landings are level; steps that lead to no other storey are steps from door to door."""
        if self._is_vestibule(space):
            return Kind.CORRIDOR
        if connector is None or space.kind not in SHAFTS:
            return SPACE_EDGE[space.kind]
        storeys = {self.venue.space_by_id[stop].level for stop in connector.stops}
        return CONNECTOR_EDGE[space.kind] if len(storeys) < 2 else SPACE_EDGE[space.kind]

    def _is_vestibule(self, space: Space) -> bool:
        """Whether a room is there to be passed through: small, without a name, with an entrance
        from outside and a public way on into the building."""
        if space.kind != "room" or any(space.names.values()) or space.outline.area > VESTIBULE_M2:
            return False
        doors = [(door, door.spaces[1 - side]) for door, side in self.sides.get(space.id, [])]
        beyond = {door.id: self.venue.space_by_id[other].kind for door, other in doors if other}
        enters = any(door.entrance or beyond.get(door.id) == "outdoor" for door, _ in doors)
        return enters and any(
            door.access == "public" and beyond.get(door.id) in ("corridor", "hall")
            for door, _ in doors
        )

    def _cut_across(
        self, space: Space, sides: Sequence[tuple[Door, int]], nodes: Sequence[int], kind: Kind
    ) -> None:
        """Join open passages on a corridor's two sides straight, if one can be seen from the other.

        Along the centre line the route would have a few sideways steps, which nobody walks.
        """
        passages = [
            (n, np.subtract(self._xy(n), door.middle))
            for (door, _), n in zip(sides, nodes, strict=False)
            if door.kind == "open"
        ]
        inner = space.outline.buffer(1e-6)
        for i, (a, into_a) in enumerate(passages):
            for b, into_b in passages[i + 1 :]:
                way = np.subtract(self._xy(b), self._xy(a))
                length_m = float(np.hypot(*way))
                # Square enough to both passages, or the path would brush along the wall.
                square = min(
                    into_a @ way / float(np.hypot(*into_a) or 1),
                    -(into_b @ way) / float(np.hypot(*into_b) or 1),
                )
                if (
                    ACROSS_M[0] < length_m < ACROSS_M[1]
                    and square >= length_m * 0.7
                    and inner.covers(LineString([self._xy(a), self._xy(b)]))
                ):
                    ends = np.array([self._xy(a), self._xy(b)])
                    (width_m,) = clear_widths(space.outline, ends, np.array([[0, 1]]), 2)
                    self.edge(a, b, kind, space, _clear_m(float(width_m)))

    def _xy(self, node: int) -> tuple[float, float]:
        return self.nodes[node][1] / 100, self.nodes[node][2] / 100

    @cached_property
    def _connector_by_stop(self) -> dict[str, Connector]:
        return {stop: c for c in self.venue.connectors for stop in c.stops}

    def add_paths(self) -> None:
        """Drawn footways: they meet where points coincide; doors on them become points too."""
        self._on_floors()
        stations: dict[str, list[tuple[float, tuple[float, float]]]] = defaultdict(list)
        for door in self.venue.doors:
            if door.path:
                path = next(p for p in self.venue.paths if p.id == door.path)
                along = LineString(path.points).project(Point(door.middle))
                at = LineString(path.points).interpolate(along)
                stations[path.id].append((along, (at.x, at.y)))
        for path in self.venue.paths:
            kind = Kind.FOOTWAY if path.kind == "footway" else CONNECTOR_EDGE[path.kind]
            levels = [self.level_number[level] for level in path.levels]
            if len(set(levels)) > 1:
                ends = (path.points[0], path.points[-1])
                nodes = [
                    self._path_node(lv, *p)
                    for lv, p in zip((levels[0], levels[-1]), ends, strict=True)
                ]
                rise_m = self._rise(levels[0], levels[-1])
                self.edge(
                    nodes[0],
                    nodes[1],
                    kind,
                    path,
                    path.width_m or 0.0,
                    rise_m,
                    LineString(path.points).length,
                    path.oneway,
                )
                self.path_steps[path.id] = nodes
                continue
            line = LineString(path.points)
            points = [(line.project(Point(p)), p) for p in path.points[1:-1]]
            stops = sorted([*points, *stations[path.id]])
            route = [path.points[0], *(p for _, p in stops), path.points[-1]]
            nodes = [self._path_node(levels[0], *p) for p in route]
            nodes = [n for i, n in enumerate(nodes) if i == 0 or n != nodes[i - 1]]
            for a, b in pairwise(nodes):
                self.edge(a, b, kind, path, path.width_m or 0.0, oneway=path.oneway)
            self.path_steps[path.id] = nodes
        self._join_loose_ends()

    def _on_floors(self) -> None:
        """Corners of paths that lead over a floor are spots of it: who comes off a path there need
        not go on to its end, and back."""
        for space, corner in _corners_inside(self.venue):
            spot = self.spot_node[space.id, _corner_spot(corner)]
            self.path_nodes[space.level, *corner] = spot

    def _join_loose_ends(self) -> None:
        for path, end, space in _loose_ends(self.venue):
            level = self.level_number[path.levels[end]]
            step = self._path_node(level, *path.points[end])
            spot = self.spot_node[space.id, f"path:{path.id}:{end}"]
            self.edge(spot, step, Kind.FOOTWAY, path)

    def _path_node(self, level: int, x: float, y: float) -> int:
        key = (self.venue.levels[level].id, _cm(x), _cm(y))
        if key not in self.path_nodes:
            self.path_nodes[key] = self.node(level, x, y, -1)
        return self.path_nodes[key]

    def add_doors(self) -> None:
        for door in self.venue.doors:
            near = self.side_node.get((door.id, 0), -1)
            far = self.side_node.get((door.id, 1), -1)
            if door.path and near >= 0:
                far = self._nearest_step(door, self.nodes[near][0])
            if near >= 0 and far >= 0:
                self.edge(near, far, Kind.DOOR, door, door.width_m or 0.0, oneway=passage(door))

    def _nearest_step(self, door: Door, level: int) -> int:
        x, y = (_cm(v) for v in door.middle)
        every = self.path_steps[door.path]
        # An entrance may lead to a footway outside, which is on a level of its own.
        steps = [n for n in every if self.nodes[n][0] == level] or every
        return min(
            steps, key=lambda n: ((self.nodes[n][1] - x) ** 2 + (self.nodes[n][2] - y) ** 2, n)
        )

    def _rise(self, low: int, high: int) -> float:
        a, b = self.venue.levels[low], self.venue.levels[high]
        if a.elevation_m is not None and b.elevation_m is not None:
            return b.elevation_m - a.elevation_m
        return (b.ordinal - a.ordinal) * STOREY_M

    def add_connectors(self) -> None:
        """Edges between the stops of a shaft, each to the next above."""
        for connector in self.venue.connectors:
            kind = CONNECTOR_EDGE[connector.kind]
            stops = [s for s in connector.stops if s in self.middle_node]
            for low, high in pairwise(stops):
                a, b = self.middle_node[low], self.middle_node[high]
                rise_m = self._rise(self.nodes[a][0], self.nodes[b][0])
                going = {"down": (b, a, -rise_m)}.get(connector.direction, (a, b, rise_m))
                self.edge(
                    going[0],
                    going[1],
                    kind,
                    connector,
                    rise_m=going[2],
                    length_m=self._length(connector, a, b, rise_m),
                    oneway=connector.direction != "both",
                )

    def _length(self, connector: Connector, a: int, b: int, rise_m: float) -> float:
        """Metres walked between two stops: none in a lift, the run of a ramp, a flight."""
        if connector.kind == "elevator":
            return 0.0
        (_, ax, ay, _), (_, bx, by, _) = self.nodes[a], self.nodes[b]
        plan_m = math.sqrt((bx - ax) ** 2 + (by - ay) ** 2) / 100
        slopes = [s.slope for s in (self.venue.space_by_id[i] for i in connector.stops) if s.slope]
        if connector.kind == "ramp":
            return max(plan_m, abs(rise_m) / max(slopes, default=1 / 12))
        # A stair of 15 cm by 30 cm runs two metres for each metre it climbs.
        return max(plan_m, abs(rise_m) * math.sqrt(5.0))

    def network(self) -> Network:
        level, x_cm, y_cm, space = _columns(self.nodes, 4)
        a, b, kind, thing, length, width, rise, oneway = _columns(self.edges, 8)
        return Network(
            venue=self.venue,
            level=level,
            x_cm=x_cm,
            y_cm=y_cm,
            a=a,
            b=b,
            kind=kind,
            thing=thing,
            length_cm=length,
            width_cm=width,
            rise_cm=rise,
            oneway=oneway,
            door_nodes=tuple(
                (self.side_node.get((d.id, 0), -1), self.side_node.get((d.id, 1), -1))
                for d in self.venue.doors
            ),
            place_nodes=tuple(tuple(self._nodes_of(p.id)) for p in self.venue.places),
            anchor_nodes=tuple(
                self.spot_node[a.space, f"anchor:{a.id}"] for a in self.venue.anchors
            ),
            space_of_node=space,
        )

    def _inside_of(self, entrance: str) -> list[int]:
        """The node inside a door: not outdoors, if one of its sides is not."""
        door = self.venue.door_by_id[entrance]
        nodes = [
            (self.venue.space_by_id[space].kind == "outdoor", side)
            for side, space in enumerate(door.spaces)
            if space and (entrance, side) in self.side_node
        ]
        return [self.side_node[entrance, min(nodes)[1]]] if nodes else []

    def _nodes_of(self, place_id: str) -> Iterable[int]:
        """Where people arrive: inside an entrance and every door of a room or hall, in the middle
        of a corridor."""
        place = self.venue.place_by_id[place_id]
        if place.door:
            return self._inside_of(place.door)
        if place.point:
            return [self.spot_node[place.point[0], f"place:{place.id}"]]
        nodes = []
        for space_id in place.spaces:
            space = self.venue.space_by_id[space_id]
            sides = [
                self.side_node[door.id, side]
                for door, side in self.sides.get(space_id, [])
                if (door.id, side) in self.side_node
            ]
            if space.kind in ("corridor", "ramp") or not sides:
                nodes.append(self.middle_node[space_id])
            else:
                nodes += sides
        return nodes


def passage(door: Door) -> int:
    """Whether a door is passed from its first space to its second only (1), back only (2), or
    both ways (0)."""
    if door.passage == "both":
        return 0
    is_into_first = (door.passage == "in") == (door.passage_of in ("", door.spaces[0]))
    return 2 if is_into_first else 1


def _along(space: Space, a: tuple[float, float], b: tuple[float, float]) -> int:
    """Whether an edge in a space is walked from a to b only (1), back only (2), or both ways (0):
    along the line of the space, if there is one, but not across it."""
    if len(space.oneway) < 2:
        return 0
    line = LineString(space.oneway)
    ahead_m = line.project(Point(b)) - line.project(Point(a))
    if abs(ahead_m) <= math.dist(a, b) / 2:
        return 0
    return 1 if ahead_m > 0 else 2


def _columns(rows: Sequence[tuple[int, ...]], count: int) -> list[tuple[int, ...]]:
    return [tuple(int(row[i]) for row in rows) for i in range(count)]


def _clear_m(width_m: float) -> float:
    """A measured width in whole tenths, as bundles have it; drawings are no finer than 1 cm, so
    0.795 m counts as 0.8. Never 0, which is unknown: nobody fits through a pinch."""
    return max(0.1, math.floor((width_m + 0.005) * 10) / 10)


def _cm(metres: float) -> int:
    """Whole centimetres, halves up: as the phone's runtime rounds."""
    return math.floor(metres * 100 + 0.5)


def _sides_by_space(doors: Iterable[Door]) -> dict[str, list[tuple[Door, int]]]:
    sides: dict[str, list[tuple[Door, int]]] = defaultdict(list)
    for door in doors:
        for side, space_id in enumerate(door.spaces):
            if space_id:
                sides[space_id].append((door, side))
    return sides


def _spots_by_space(venue: Venue) -> dict[str, list[tuple[str, Point]]]:
    """Anchors, and places at a point, by the space they are in."""
    spots: dict[str, list[tuple[str, Point]]] = defaultdict(list)
    for anchor in venue.anchors:
        spots[anchor.space].append((f"anchor:{anchor.id}", Point(anchor.point)))
    for place in venue.places:
        if place.point:
            space_id, x, y = place.point
            spots[space_id].append((f"place:{place.id}", Point(x, y)))
    for path, end, space in _loose_ends(venue):
        spots[space.id].append((f"path:{path.id}:{end}", Point(path.points[end])))
    for space, corner in _corners_inside(venue):
        spots[space.id].append((_corner_spot(corner), _point(corner)))
    return spots


def _corner_spot(corner: Corner) -> str:
    """What the spot at a corner of drawn paths is called."""
    return f"corner:{corner[0]}:{corner[1]}"


def _loose_ends(venue: Venue) -> Iterator[tuple[DrawnPath, int, Space]]:
    """Ends of drawn paths that meet no other path but lie in a hall or corridor.

    Steps are drawn from edge to edge, and the floor between them as an area. Ends are
    0 and -1, first and last.
    """
    meeting: Counter[tuple[str, int, int]] = Counter()
    for path in venue.paths:
        last = path.points[-1]
        corners = [(path.levels[0], p) for p in path.points[:-1]] + [(path.levels[-1], last)]
        meeting.update((level, _cm(x), _cm(y)) for level, (x, y) in corners)
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in venue.spaces:
        if space.kind in CIRCULATION:
            by_level[space.level].append(space)
    for path in venue.paths:
        for end in (0, -1):
            level, (x, y) = path.levels[end], path.points[end]
            if meeting[level, _cm(x), _cm(y)] > 1:
                continue
            around = [s for s in by_level[level] if s.outline.buffer(0.3).contains(Point(x, y))]
            if around:
                yield path, end, min(around, key=lambda s: (s.outline.area, s.id))


def _corners_inside(venue: Venue) -> Iterator[tuple[Space, Corner]]:
    """Corners of drawn paths over the floor in which one of their loose ends lies, where people
    come onto that floor or choose between paths."""
    onward = _onward(venue)
    taken: set[tuple[str, Corner]] = set()
    for path, end, space in _loose_ends(venue):
        if space.access != "public":  # A path across it may be open to all.
            continue
        floor, loose = space.outline.buffer(0.3), _corner(path.points[end])
        found, ahead = {loose}, [loose]
        while ahead:
            here = ahead.pop()
            others = onward[space.level, here]
            over = {one for one in others if one and floor.covers(_straight(here, one))}
            ahead += sorted(over - found)
            found |= over
            is_choice = here != loose and (len(others) != 2 or len(over) < 2)
            if is_choice and (space.level, here) not in taken:
                taken.add((space.level, here))
                if space.outline.contains(_point(here)):
                    yield space, here


def _onward(venue: Venue) -> Mapping[tuple[str, Corner], list[Corner | None]]:
    """The corners of drawn paths next to each; None for the other end of what changes the level."""
    onward: dict[tuple[str, Corner], list[Corner | None]] = defaultdict(list)
    for path in venue.paths:
        corners = [_corner(point) for point in path.points]
        if len(set(path.levels)) > 1:
            for end in (0, -1):
                onward[path.levels[end], corners[end]].append(None)
            continue
        for one, other in pairwise(corners):
            onward[path.levels[0], one].append(other)
            onward[path.levels[0], other].append(one)
    return onward


def _corner(point: tuple[float, float]) -> Corner:
    return _cm(point[0]), _cm(point[1])


def _point(corner: Corner) -> Point:
    return Point(corner[0] / 100, corner[1] / 100)


def _straight(one: Corner, other: Corner) -> LineString:
    return LineString([_point(one), _point(other)])


def _beside(door: Door, side: int, space: Space) -> tuple[float, float]:
    """The point just inside `space` at a door, in whole centimetres.

    It is on the normal through the middle of the door, so that a path through it is
    square to the wall; if the space is too shallow for that, the nearest point inside.
    """
    (ax, ay), (bx, by) = door.line
    mx, my = door.middle
    length = math.hypot(bx - ax, by - ay) or 1.0
    nx_, ny = -(by - ay) / length, (bx - ax) / length
    insets_cm = (HALL_INSET_CM, *INSETS_CM) if space.kind in ("hall", "outdoor") else INSETS_CM
    for inset_cm in insets_cm:
        for sign in (1, -1):
            x = _cm(mx + sign * nx_ * inset_cm / 100) / 100
            y = _cm(my + sign * ny * inset_cm / 100) / 100
            if space.outline.contains(Point(x, y)):
                return x, y
    return _inside(space, Point(mx, my))


def _inside(space: Space, point: Point) -> tuple[float, float]:
    """`point`, moved into the space and off its walls if necessary, in whole centimetres."""
    for margin_m in (0.3, 0.2, 0.1, 0.03):
        inner = space.outline.buffer(-margin_m)
        if not inner.is_empty:
            near = shapely.ops.nearest_points(inner, point)[0]
            return _cm(near.x) / 100, _cm(near.y) / 100
    centre = space.outline.representative_point()
    return _cm(centre.x) / 100, _cm(centre.y) / 100
