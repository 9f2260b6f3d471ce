"""Rooms of a picture: areas of one colour, cut by walls, that together cover the building.

Outlines follow the edges between dots, so that neighbours share them exactly, and are then
simplified all at once, which keeps them shared.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from shapely import LineString, Polygon

from floorplans.picture_colours import LEAST_ROOM, Mask, Painted

Numbers = NDArray[np.int32]

_PROLONGED = 16
"""Dots by which a loose end of a wall is prolonged to the next wall: a door is not wider."""
_END = 9
"""Dots that a wall runs straight on before its end."""
_LEAST_SIDE = 5
"""Dots that a room is wide somewhere; what is narrower is the rim of a line."""
_SIMPLIFIED = 1.0


@dataclass(frozen=True)
class Rooms:
    """`number` says of each dot in which room it is, 0 for outside; rooms count from 1."""

    number: Numbers
    outlines: tuple[Polygon, ...]
    """In dots, y downwards; the first is that of room 1."""
    colours: tuple[int, ...]
    """Of each room the index into the palette."""


def rooms_of(picture: Painted) -> Rooms:
    """Rooms of at least a few dots; what is smaller belongs to the nearest."""
    prolonged = _prolonged(picture.wall)
    number = np.zeros(picture.colour.shape, dtype=np.int32)
    colours: list[int] = []
    for colour in range(len(picture.palette)):
        shut = picture.wall if colour == picture.circulation else picture.wall | prolonged
        mask = ((picture.colour == colour) & ~shut).astype(np.uint8)
        wide = cv2.erode(mask, np.ones((_LEAST_SIDE, _LEAST_SIDE), np.uint8)) > 0
        _, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        for part in np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= LEAST_ROOM) + 1:
            here = parts == part
            if (wide & here).any():
                colours.append(colour)
                number[here] = len(colours)
    if not colours:
        return Rooms(number, (), ())
    number = _spread(number, picture.building)
    number = _spread(_largest_parts(number), picture.building)
    outlines = _outlines(number)
    kept = sorted(outlines)
    renumbered = np.zeros(len(colours) + 1, dtype=np.int32)
    renumbered[kept] = np.arange(1, len(kept) + 1)
    simple = shapely.coverage_simplify([outlines[one] for one in kept], _SIMPLIFIED)
    return Rooms(renumbered[number], tuple(simple), tuple(colours[one - 1] for one in kept))


def _prolonged(wall: Mask) -> Mask:
    """Lines from loose ends of upright and level walls to the wall that they aim at."""
    found = np.zeros_like(wall)
    _prolong_level(wall, found)
    _prolong_level(wall.T, found.T)
    return found


def _prolong_level(wall: Mask, found: Mask) -> None:
    kernel = np.ones((1, _END), np.uint8)
    level = cv2.morphologyEx(wall.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, _, stats, _ = cv2.connectedComponentsWithStats(level, connectivity=8)
    columns = wall.shape[1]
    for left, top, width, height, _ in stats[1:].tolist():
        row = top + height // 2
        beside: Mask = np.logical_or.reduce(wall[max(0, row - 1) : row + 2], axis=0)
        for at, step in ((left - 1, -1), (left + width, 1)):
            ahead = [c for c in range(at, at + step * _PROLONGED, step) if 0 <= c < columns]
            free = next((n for n, column in enumerate(ahead) if beside[column]), 0)
            if free > 1:
                found[row, ahead[: free + 1]] = True


def _spread(number: Numbers, building: Mask) -> Numbers:
    """Every dot of the building in the nearest room."""
    nearest = ndimage.distance_transform_edt(
        number == 0, return_distances=False, return_indices=True
    )
    spread: Numbers = np.where(building, number[tuple(nearest)], 0).astype(np.int32)
    return spread


def _largest_parts(number: Numbers) -> Numbers:
    """Of each room its largest part; the others are of no room."""
    kept = np.zeros_like(number)
    for room, box in enumerate(ndimage.find_objects(number), start=1):
        if box is None:
            continue
        mask = (number[box] == room).astype(np.uint8)
        _, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        kept[box][parts == largest] = room
    return kept


def _outlines(number: Numbers) -> dict[int, Polygon]:
    """By room; a room's parts that are apart would be one of them only, the largest."""
    padded = np.pad(number, 1)
    lines = [*_level_lines(padded), *(line[:, ::-1] for line in _level_lines(padded.T))]
    edges = [LineString(line) for line in np.array(lines, dtype=np.float64) - 1]
    faces = shapely.get_parts(shapely.polygonize(edges))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    found: dict[int, Polygon] = {}
    for face, (x, y) in zip(faces, inside, strict=True):
        room = int(number[int(y), int(x)])
        if room and (room not in found or face.area > found[room].area):
            found[room] = face
    return found


def _level_lines(number: Numbers) -> list[NDArray[np.int64]]:
    """Level edges between two rooms, as long as both are the same: pairs of x and y."""
    above, below = number[:-1], number[1:]
    differs = above != below
    pair = np.where(differs, above.astype(np.int64) * (1 << 32) + below, -1)
    lines = []
    for row, pairs in enumerate(pair, start=1):
        turns = np.flatnonzero(np.diff(pairs, prepend=-2, append=-2))
        for start, end in pairwise(turns):
            if pairs[start] != -1:
                lines.append(np.array([[start, row], [end, row]]))
    return lines
