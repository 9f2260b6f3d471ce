"""One picture, taken apart: words, rooms, places and doors, in dots."""

from dataclasses import dataclass

import cv2
import numpy as np
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.picture_colours import painted
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
    width: float
    """Of the building."""
    height: float
    """Of the picture."""


def floor_of(sheet: Sheet) -> Floor:
    """A `PlanError` if there is no building to be seen, or no word on it."""
    # The process that reads has one or two cores to itself, and every thread takes memory.
    cv2.setNumThreads(1)
    return taken_apart(_smaller(dots_of(sheet)), sheet.name)


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
        width=float(columns[-1] - columns[0] + 1),
        height=float(dots.shape[0]),
    )
