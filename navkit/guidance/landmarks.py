"""Which places people see on the way to a turn, computed from the plan.

A landmark is within 4 m of the turn and in plain sight, both from the turn and from the way
there: the line to its door crosses no wall (rule R2 of the guidance reference).
"""

from collections import defaultdict

import shapely
from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.guidance.line import side_of, turn_between
from navkit.guidance.surroundings import Landmark, Surroundings
from navkit.network.network import Kind, Network
from navkit.plan.categories import categories
from navkit.plan.plan import CIRCULATION

Seen = dict[tuple[int, int], tuple[Landmark, ...]]


def landmarks(network: Network) -> Seen:
    """By (node of a turn, previous node), the landmarks seen, the nearest first."""
    around = Surroundings(network, {})
    doors = _landmark_doors(network, around)
    floors = floors_seen_over(network)
    found: Seen = {}
    for level, here in doors.items():
        points = [Point(network.x_cm[n] / 100, network.y_cm[n] / 100) for n, _ in here]
        tree = STRtree(points)
        for node in _turning_nodes(network, around, level):
            at = Point(network.x_cm[node] / 100, network.y_cm[node] / 100)
            near = sorted(
                (round(points[i].distance(at), 2), here[i][1], here[i][0])
                for i in tree.query(at, predicate="dwithin", distance=around.rules.landmark_near_m)
                if here[i][0] != node
            )
            if not near:
                continue
            for edge in network.edges_at[node]:
                before = network.other(edge, node)
                if network.level[before] != level or network.kind[edge] > Kind.OUTDOOR:
                    continue
                seen = _seen(network, around, floors[level], node, before, near)
                if seen:
                    found[node, before] = seen
    return found


def _landmark_doors(network: Network, around: Surroundings) -> dict[int, list[tuple[int, int]]]:
    """By level: (node before the door, place) of every landmark."""
    venue = network.venue
    doors: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for node, (door, side) in around.door_of_node.items():
        space = network.space_of_node[node]
        place = around.place_of_space.get(around.space_beyond(door, side))
        if place is None or venue.spaces[space].kind not in CIRCULATION:
            continue
        marked = venue.places[place]
        if marked.landmark or _is_noticed(marked.category):
            doors[network.level[node]].append((node, place))
    for number, (place_, nodes) in enumerate(zip(venue.places, network.place_nodes, strict=True)):
        if place_.point and (place_.landmark or _is_noticed(place_.category)):
            doors[network.level[nodes[0]]].append((nodes[0], number))
    return doors


def _is_noticed(category: str) -> bool:
    """Whether people notice it in passing. Any other place is a landmark if staff say so."""
    return bool(categories().get(category, {}).get("landmark"))


def floors_seen_over(network: Network) -> dict[int, BaseGeometry]:
    """By level number, the floor across which people can see: circulation, and nothing else."""
    outlines: dict[int, list[shapely.Polygon]] = defaultdict(list)
    numbers = {level.id: i for i, level in enumerate(network.venue.levels)}
    for space in network.venue.spaces:
        if space.kind in CIRCULATION:
            outlines[numbers[space.level]].append(space.outline.buffer(0.05))
    floors = {level: shapely.union_all(parts) for level, parts in outlines.items()}
    for floor in floors.values():
        shapely.prepare(floor)
    return floors


def _turning_nodes(network: Network, around: Surroundings, level: int) -> list[int]:
    """Nodes of a level where more than one way leads on."""
    nodes = []
    for node, at in enumerate(network.level):
        space = network.space_of_node[node]
        if at != level or space < 0 or network.venue.spaces[space].kind not in CIRCULATION:
            continue
        ways = [
            edge
            for edge in network.edges_at[node]
            if network.kind[edge] == Kind.DOOR or not _is_room_stub(network, around, edge, node)
        ]
        if len(ways) >= 2:
            nodes.append(node)
    return nodes


def _is_room_stub(network: Network, around: Surroundings, edge: int, node: int) -> bool:
    """Whether an edge leads to the door of a room and nowhere else."""
    door, side = around.door_of_node.get(network.other(edge, node), (-1, 0))
    if door < 0:
        return False
    beyond = around.space_beyond(door, side)
    return beyond < 0 or network.venue.spaces[beyond].kind == "room"


def _seen(
    network: Network,
    around: Surroundings,
    floor: BaseGeometry,
    node: int,
    before: int,
    near: list[tuple[float, int, int]],
) -> tuple[Landmark, ...]:
    """Landmarks in sight of both the turn and the way to it, one entry per place."""
    back = _approach(network, around, node, before)
    seen: dict[int, Landmark] = {}
    for _, place, door_node in near:
        if place in seen or door_node == before:
            continue
        if not _faces(network, around, node, door_node):
            continue
        sights = [LineString([_xy(network, n), _xy(network, door_node)]) for n in (node, back)]
        if all(floor.covers(sight) for sight in sights):
            deg = turn_between(around.heading(before, node), around.heading(node, door_node))
            seen[place] = Landmark(place, side_of(deg, around.rules.straight_deg))
    return tuple(seen.values())


def _faces(network: Network, around: Surroundings, node: int, door_node: int) -> bool:
    """Whether the front of a landmark's door is visible from a node, not its edge.

    A landmark without a door, such as a desk, has no front.
    """
    door, side = around.door_of_node.get(door_node, (-1, 0))
    beyond = network.door_nodes[door][1 - side] if door >= 0 else -1
    if beyond < 0:
        return True
    inwards = around.heading(door_node, beyond)
    return (
        abs(turn_between(around.heading(node, door_node), inwards))
        <= around.rules.landmark_edge_on_deg
    )


def _approach(network: Network, around: Surroundings, node: int, before: int) -> int:
    """A node some metres back on the way that comes to `node` from `before`."""
    straight_deg = around.rules.landmark_straight_deg
    walked = around.distance_cm(node, before)
    while walked < around.rules.landmark_approach_cm:
        into = around.heading(node, before)
        onward = [
            other
            for edge in network.edges_at[before]
            if network.kind[edge] <= Kind.OUTDOOR
            and (other := network.other(edge, before)) != node
            and abs(turn_between(into, around.heading(before, other))) < straight_deg
        ]
        if not onward:
            break
        walked += around.distance_cm(before, onward[0])
        node, before = before, onward[0]
    return before


def _xy(network: Network, node: int) -> tuple[float, float]:
    return network.x_cm[node] / 100, network.y_cm[node] / 100
