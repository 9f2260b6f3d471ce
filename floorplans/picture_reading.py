"""One picture, taken apart: words, rooms, places and doors, in dots."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.picture_colours import Mask, painted
from floorplans.picture_doors import Gap, gaps, walls_but
from floorplans.picture_file import Dots, dots_of
from floorplans.picture_places import Places, places_of
from floorplans.picture_rooms import rooms_of
from floorplans.picture_words import Word, words_on
from floorplans.sheet import Sheet
from navkit.words.findings import PlanError

_MOST_SIDE = 1600
"""Dots of the longer side in which walls are looked for; a larger picture is made smaller."""


@dataclass(frozen=True)
class Floor:
    """What one picture shows, in dots, y downwards."""

    sheet: str
    words: tuple[Word, ...]
    places: Places
    gaps: tuple[Gap, ...]
    walls: BaseGeometry
    inside: frozenset[Word]
    """Those of the words that are on the building."""
    left: float
    top: float
    width: float
    """Of the building, and where it begins."""
    file_dots: float = 1.0
    """Dots of the file that are one of these."""

    def from_file(self, x: float, y: float) -> tuple[float, float]:
        """A spot of the file, in dots of this."""
        return x / self.file_dots, y / self.file_dots


def floor_of(sheet: Sheet) -> Floor:
    """A `PlanError` if there is no building to be seen, or no word on it."""
    # The process that reads has one or two cores to itself, and every thread takes memory.
    cv2.setNumThreads(1)
    dots = dots_of(sheet)
    smaller = _smaller(dots)
    return replace(taken_apart(smaller, sheet.name), file_dots=dots.shape[1] / smaller.shape[1])


def _smaller(dots: Dots) -> Dots:
    factor = _MOST_SIDE / max(dots.shape[:2])
    if factor >= 1:
        return dots
    smaller: Dots = cv2.resize(dots, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return smaller


def taken_apart(dots: Dots, name: str) -> Floor:
    """Words first: what they cover is no wall."""
    words = words_on(dots)
    picture = painted(dots, words)
    if picture is None:
        raise PlanError("picture-no-building", name)
    rooms = rooms_of(picture)
    if not rooms.outlines:
        raise PlanError("picture-no-building", name)
    places = places_of(picture, rooms, words)
    inner = gaps(rooms.number, picture.wall)
    open_at: list[LineString] = [gap.line for gap in inner]
    columns = np.flatnonzero(picture.building.any(axis=0))
    return Floor(
        sheet=name,
        words=tuple(words),
        places=places,
        gaps=tuple(gaps(places.number, picture.wall)),
        walls=walls_but(rooms.outlines, open_at),
        inside=frozenset(word for word in words if _covers(picture.building, word)),
        left=float(columns[0]),
        top=float(np.flatnonzero(picture.building.any(axis=1))[0]),
        width=float(columns[-1] - columns[0] + 1),
    )


def _covers(building: Mask, word: Word) -> bool:
    x, y = (round(at) for at in word.middle)
    inside = 0 <= y < building.shape[0] and 0 <= x < building.shape[1]
    return bool(inside and building[y, x])
