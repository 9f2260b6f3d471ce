"""The floor across which people see, from the plan's outlines.

A wall and a closed door are opaque, also where two spaces share their outline; an open passage is
not. Automatic doors count as closed: they are, for whoever is still some metres away.
"""

from collections import defaultdict
from collections.abc import Container

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.network.network import Network
from navkit.plan.plan import CIRCULATION
from navkit.venue.venue import Door

WITHIN_WALL_M = 0.02
"""By how much outlines shrink, so that neighbours that share a wall do not become one floor."""

Points = NDArray[np.float64]


def floors_seen_over(
    network: Network, levels: Container[int] | None = None
) -> dict[int, BaseGeometry]:
    """By level number, the floor across which people can see: circulation, joined where it is open,
    and nothing else; of all levels, or of some."""
    venue = network.venue
    numbers = {level.id: i for i, level in enumerate(venue.levels)}
    parts: dict[int, list[BaseGeometry]] = defaultdict(list)
    narrowed: dict[str, BaseGeometry] = {}
    for space in venue.spaces:
        if space.kind not in CIRCULATION or not (levels is None or numbers[space.level] in levels):
            continue
        # On their grid of millimetres, GEOS leaves nothing of some that stand at an angle.
        outline = shapely.set_precision(space.outline, 0)
        open_floor = outline.buffer(-WITHIN_WALL_M, join_style="mitre")
        if not open_floor.is_empty:  # A sliver of a drawing has no floor left.
            narrowed[space.id] = open_floor
            parts[numbers[space.level]].append(open_floor)
    for door in venue.doors:
        both = [narrowed[space] for space in door.spaces if space in narrowed]
        if door.kind == "open" and len(both) == 2:
            level = numbers[venue.space_by_id[door.spaces[0]].level]
            parts[level].append(_passage(door, both))
    floors = {level: shapely.union_all(some) for level, some in parts.items()}
    for floor in floors.values():
        shapely.prepare(floor)
    return floors


def _passage(door: Door, sides: list[BaseGeometry]) -> BaseGeometry:
    """The floor of a passage, through the wall and just into both spaces."""
    line = LineString(door.line)
    deep_m = max(side.distance(line) for side in sides) + WITHIN_WALL_M
    return line.buffer(deep_m, cap_style="flat")


class Rays:
    """How far a floor goes on."""

    def __init__(self, floor: BaseGeometry) -> None:
        rings = [
            shapely.get_coordinates(ring)
            for part in shapely.get_parts(floor)
            if isinstance(part, Polygon)
            for ring in (part.exterior, *part.interiors)
        ]
        self._from = np.vstack([ring[:-1] for ring in rings])
        self._to = np.vstack([ring[1:] for ring in rings])
        walls = np.stack([self._from, self._to], axis=1)
        self._walls = STRtree([LineString(wall) for wall in walls])

    def free_m(self, starts: Points, headings: Points, most_m: float) -> Points:
        """Metres from each start to the first wall in its heading (radians), at most `most_m`."""
        along = np.stack([np.cos(headings), np.sin(headings)], axis=1)
        sights = shapely.linestrings(np.stack([starts, starts + most_m * along], axis=1))
        ray, wall = self._walls.query(sights, predicate="intersects")
        a, b = self._from[wall] - starts[ray], self._to[wall] - self._from[wall]
        across = along[ray, 0] * b[:, 1] - along[ray, 1] * b[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            hit_m = np.nan_to_num((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / across)
        # Between the ends of the wall, also where the ray runs along it.
        ends_m = np.stack([(a * along[ray]).sum(axis=1), ((a + b) * along[ray]).sum(axis=1)])
        hit_m = np.maximum(np.clip(hit_m, ends_m.min(axis=0), ends_m.max(axis=0)), 0.0)
        free_m = np.full(len(starts), most_m)
        np.minimum.at(free_m, ray, hit_m)
        return free_m
