"""Doors of a picture: gaps in the walls between two places, and in the outer wall."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.picture_colours import Mask
from floorplans.picture_rooms import Numbers

LEAST_GAP = 5.0
"""Dots of a gap; less is dirt."""
MOST_DOOR = 26.0
"""Dots of a door; a wider gap is an opening, or a wall that the painter left out."""
_BESIDE = 2
"""Dots within which a wall is on an edge."""


@dataclass(frozen=True)
class Gap:
    """A piece of an edge between two places along which no wall is painted, in dots."""

    places: tuple[int, int]
    """The first is 0 where the gap leads out of the building."""
    line: LineString

    @property
    def is_door(self) -> bool:
        return bool(self.line.length <= MOST_DOOR)


def gaps(number: Numbers, wall: Mask) -> list[Gap]:
    """All gaps that are wide enough to be meant."""
    # A building may reach the edge of its picture.
    number, wall = np.pad(number, 1), np.pad(wall, 1)
    size = 2 * _BESIDE + 1
    near = cv2.dilate(wall.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    middles: dict[tuple[int, int], list[NDArray[np.float64]]] = defaultdict(list)
    for down in (True, False):
        for pair, points in _open_edges(number, near, down=down).items():
            middles[pair].append(points)
    found = []
    for pair in sorted(middles):
        for points in _runs(np.concatenate(middles[pair]) - 1):
            line = _line(points)
            if line.length >= LEAST_GAP:
                found.append(Gap(pair, line))
    return found


def _open_edges(
    number: Numbers, near: Mask, *, down: bool
) -> Mapping[tuple[int, int], NDArray[np.float64]]:
    """Middles of the edges between dots of two places, away from walls, by pair."""
    if not down:
        number, near = number.T, near.T
    one, other = number[:-1], number[1:]
    is_open = (one != other) & ~(near[:-1] | near[1:])
    rows, columns = np.nonzero(is_open)
    # Dot r, c covers c to c + 1 and r to r + 1.
    points = np.stack([columns + 0.5, rows + 1.0], axis=1)
    if not down:
        points = points[:, ::-1]
    pairs = np.sort(np.stack([one[is_open], other[is_open]], axis=1), axis=1)
    unique, which = np.unique(pairs, axis=0, return_inverse=True)
    which = which.ravel()
    return {(int(a), int(b)): points[which == k] for k, (a, b) in enumerate(unique)}


def _runs(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Points that are next to each other, together."""
    cells = np.floor(points * 2).astype(int)
    cells -= cells.min(axis=0) - 2
    mask = np.zeros(cells.max(axis=0)[::-1] + 3, dtype=np.uint8)
    mask[cells[:, 1], cells[:, 0]] = 1
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    count, numbers = cv2.connectedComponents(mask)
    which = numbers[cells[:, 1], cells[:, 0]]
    return [points[which == k] for k in range(1, count)]


def _line(points: NDArray[np.float64]) -> LineString:
    """From end to end; the walls on which it ends hide a little of it."""
    box = points.max(axis=0) - points.min(axis=0)
    # The middle of an upright edge is between two rows.
    along = int(box[1] > box[0] or (len(points) == 1 and points[0, 1] % 1 > 0))
    order = np.lexsort((points[:, 1 - along], points[:, along]))
    start, end = points[order[0]], points[order[-1]]
    length = hypot(*(end - start))
    course = (end - start) / length if length else np.eye(2)[along]
    more = course * (_BESIDE + 0.5)
    return LineString([start - more, end + more])


def walls_but(outlines: Sequence[BaseGeometry], open_at: Sequence[LineString]) -> BaseGeometry:
    """Edges of rooms without the gaps in them."""
    edges = shapely.union_all([outline.boundary for outline in outlines])
    if not open_at:
        return edges
    free = shapely.union_all(shapely.buffer(list(open_at), 2.0, cap_style="flat"))
    return edges.difference(free)
