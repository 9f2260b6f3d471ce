"""One picture, taken apart: words, rooms, places and doors, in dots."""

from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.picture_colours import Mask, building_on, painted
from floorplans.picture_doors import Gap, gaps, walls_but
from floorplans.picture_file import Dots, dots_of
from floorplans.picture_places import Places, places_of
from floorplans.picture_rooms import rooms_of
from floorplans.picture_sheet import straightened
from floorplans.picture_words import Word, blur_of, words_on
from floorplans.sheet import Sheet
from navkit.plan.storeys import label_in_name
from navkit.words.findings import PlanError

_MOST_SIDE = 1600
"""Dots of the longer side in which walls are looked for; a larger picture is made smaller."""
_MOST_BLUR = 0.044
"""Share of the height of a letter's box; above it a tenth of all names is misread."""
_LEAST_GLYPH = 14.0
"""Dots of a letter's box, which is half as high again as the letter."""
_LEAST_NAMED = 0.2
_MARGIN = 12
"""Dots around the building in which words are read too: a name may hang over."""
_GRAIN = (9, 40.0, 5.0)
"""Dots across, difference of colours and distance within which a photo is smoothed."""


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
    matrix: NDArray[np.float64]
    """Three by three: from dots of the file to dots of this."""
    is_photo: bool
    blur: float
    """How far its letters are blurred, as a share of their height."""

    def from_file(self, x: float, y: float) -> tuple[float, float]:
        """A spot of the file, in dots of this."""
        ((found,),) = cv2.perspectiveTransform(np.array([[[x, y]]], dtype=np.float64), self.matrix)
        return float(found[0]), float(found[1])

    @property
    def is_blurred(self) -> bool:
        """Whether names and doors on it cannot be believed: its letters are blurred or small, or
        it is a photo on which hardly a name can be read."""
        small = median(word.glyph for word in self.inside) < _LEAST_GLYPH
        few = len(self.inside) < _LEAST_NAMED * len(self.places.places)
        return self.blur > _MOST_BLUR or small or (self.is_photo and few)

    @property
    def file_dots(self) -> float:
        """Dots of the file that are one of these, in the middle of the building."""
        x, y = self.left + self.width / 2, self.top + self.width / 4
        back = np.linalg.inv(self.matrix)
        ends = cv2.perspectiveTransform(np.array([[[x, y], [x + 1, y]]]), back)[0]
        return float(np.linalg.norm(ends[1] - ends[0]))


def floor_of(sheet: Sheet) -> Floor:
    """A `PlanError` if there is no building to be seen, or no word on it."""
    # The process that reads has one or two cores to itself, and every thread takes memory.
    cv2.setNumThreads(1)
    straight = straightened(dots_of(sheet))
    smaller = _smaller(straight.dots)
    factor = smaller.shape[1] / straight.dots.shape[1]
    matrix = np.diag([factor, factor, 1.0]) @ straight.matrix
    return taken_apart(smaller, sheet.name, matrix, is_photo=straight.is_photo)


def _smaller(dots: Dots) -> Dots:
    factor = _MOST_SIDE / max(dots.shape[:2])
    if factor >= 1:
        return dots
    smaller: Dots = cv2.resize(dots, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return smaller


def taken_apart(dots: Dots, name: str, matrix: NDArray[np.float64], *, is_photo: bool) -> Floor:
    """The building first: only there words are read, if the file's name says the storey. What they
    cover is no wall."""
    # The grain of a camera would be many colours.
    smooth = cv2.bilateralFilter(dots, *_GRAIN) if is_photo else dots
    building = building_on(smooth, may_be_cut=not is_photo)
    if building is None:
        raise PlanError("picture-no-building", name)
    rows, columns = (np.flatnonzero(building.any(axis=axis)) for axis in (1, 0))
    around = [slice(max(0, int(at[0]) - _MARGIN), int(at[-1]) + _MARGIN) for at in (rows, columns)]
    words = words_on(dots, *around)
    if not label_in_name(name):
        words += [word for word in words_on(dots) if not _covers(building, word)]
    picture = painted(smooth, building, words)
    if picture is None:
        raise PlanError("picture-no-building", name)
    rooms = rooms_of(picture)
    if not rooms.outlines:
        raise PlanError("picture-no-building", name)
    places = places_of(picture, rooms, words)
    inner = gaps(rooms.number, picture.wall)
    open_at: list[LineString] = [gap.line for gap in inner]
    inside = [word for word in words if _covers(picture.building, word)]
    if not inside:
        raise PlanError("picture-without-names", name)
    return Floor(
        sheet=name,
        words=tuple(words),
        places=places,
        gaps=tuple(gaps(places.number, picture.wall)),
        walls=walls_but(rooms.outlines, open_at),
        inside=frozenset(inside),
        left=float(columns[0]),
        top=float(rows[0]),
        width=float(columns[-1] - columns[0] + 1),
        matrix=matrix,
        is_photo=is_photo,
        blur=blur_of(dots, inside),
    )


def _covers(building: Mask, word: Word) -> bool:
    x, y = (round(at) for at in word.middle)
    inside = 0 <= y < building.shape[0] and 0 <= x < building.shape[1]
    return bool(inside and building[y, x])
