"""Which photo helps at the end of a step, computed from the plan.

A photo taken on the way belongs to every turn that is near and in plain sight of it, for
people who walk in the direction in which the photographer looked.
"""

import math
from collections import defaultdict

from shapely import LineString, Point

from navkit.guidance.line import turn_between
from navkit.guidance.sights import floors_seen_over
from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Kind, Network

Shown = dict[tuple[int, int], int]


def photos_on_the_way(network: Network, around: Surroundings) -> Shown:
    """By (node at the end of a step, previous node), the number of the nearest photo."""
    venue = network.venue
    levels = {level.id: number for number, level in enumerate(venue.levels)}
    space_of_id = {space.id: space for space in venue.spaces}
    found: dict[tuple[int, int], tuple[float, int]] = {}
    on_way = [(n, photo.point, photo) for n, photo in enumerate(venue.photos) if photo.point]
    floors = floors_seen_over(network) if on_way else {}
    nodes = _nodes_by_level(network)
    for number, point, photo in on_way:
        level = levels[space_of_id[photo.space].level]
        stood = Point(point)
        # Without a corridor nobody passes.
        for node in nodes[level] if level in floors else ():
            at = Point(network.x_cm[node] / 100, network.y_cm[node] / 100)
            apart_m = at.distance(stood)
            if apart_m > around.rules.photo_near_m or not floors[level].covers(
                LineString([stood, at])
            ):
                continue
            for edge in network.edges_at[node]:
                before = network.other(edge, node)
                if network.level[before] != level or network.kind[edge] > Kind.DOOR:
                    continue
                apart_deg = _apart_deg(photo.bearing_deg, around.heading(before, node))
                if apart_deg <= around.rules.photo_same_way_deg:
                    nearest = found.get((node, before), (math.inf, 0))
                    found[node, before] = min(nearest, (apart_m, number))
    return {turn: number for turn, (_, number) in found.items()}


def _nodes_by_level(network: Network) -> dict[int, list[int]]:
    nodes: dict[int, list[int]] = defaultdict(list)
    for node, level in enumerate(network.level):
        nodes[level].append(node)
    return nodes


def _apart_deg(bearing_deg: float | None, heading: float) -> int:
    """Angle between the walking direction and the direction in which the photographer looked; 0 if
    that is unknown."""
    if bearing_deg is None:
        return 0
    looked = math.pi / 2 - math.radians(bearing_deg)
    return abs(turn_between(looked, heading))
