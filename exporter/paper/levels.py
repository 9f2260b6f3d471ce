"""A whole level on a sheet of its own: where it is there, and which rooms have their names on it.

For pages that staff read, on a screen or printed; `drawing.py` draws the floor itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import Box, Look, Sheet, View, fit, look, middle_of
from exporter.paper.lettering import width_em
from navkit.venue.venue import Door, Space, Venue, name_in

WIDE_PX = 1000.0
"""Width of the sheet, unless another is asked for."""
MARGIN_PX = 16.0
MOST_PX_PER_M = 40.0
LEAST_TALL_PX = 60.0


@dataclass(frozen=True)
class Picture:
    """The position of a level on its picture."""

    level: str
    view: View
    height_px: float
    width_px: float = WIDE_PX

    def metres(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Where in the venue a pixel is."""
        left, top = self.view.origin
        scale = self.view.scale
        return (round((x_px - left) / scale, 2), round((top - y_px) / scale, 2))


def spaces_on(venue: Venue, level: str) -> list[Space]:
    """The spaces of a level."""
    return [space for space in venue.spaces if space.level == level]


def doors_on(venue: Venue, level: str) -> Iterator[Door]:
    """The doors with a side on a level."""
    for door in venue.doors:
        if any(side and venue.space_by_id[side].level == level for side in door.spaces):
            yield door


def picture_of(
    venue: Venue,
    level: str,
    width_px: float = WIDE_PX,
    bounds: Box | None = None,
) -> Picture:
    """The whole level, as wide as the picture; for an empty level a blank.

    `bounds` are left, bottom, right and top in metres, if more than the level is to be shown.
    """
    left, bottom, right, top = bounds or bounds_of(venue, level) or (0.0, 0.0, 10.0, 5.0)
    scale = min(MOST_PX_PER_M, (width_px - 2 * MARGIN_PX) / max(right - left, 1.0))
    tall = min(max((top - bottom) * scale, LEAST_TALL_PX), 2 * width_px) + 2 * MARGIN_PX
    box = (0.0, 0.0, width_px, tall)
    view = fit(
        [(left, bottom), (right, top)], (left, bottom, right, top), box, MARGIN_PX, MOST_PX_PER_M
    )
    return Picture(level, view, tall, width_px)


def bounds_of(venue: Venue, level: str) -> Box | None:
    """Left, bottom, right and top of a level in metres; None if nothing is on it."""
    points = [point for path in venue.paths if level in path.levels for point in path.points]
    shapes = [space.outline for space in spaces_on(venue, level)]
    things = [*shapes, *map(shapely.Point, points)]
    if not things:
        return None
    left, bottom, right, top = (float(side) for side in shapely.total_bounds(np.array(things)))
    return (left, bottom, right, top)


def sheet_of(venue: Venue, picture: Picture, language: str) -> Sheet:
    """A blank sheet for the picture, called by the level's label."""
    title, page = venue.level_by_id[picture.level].label, look("screen").paints["page"]
    return Sheet(picture.width_px, round(picture.height_px), "px", page, title, language)


def name_rooms(
    sheet: Sheet,
    venue: Venue,
    picture: Picture,
    language: str,
    size_pt: float,
    style: Look,
    icons: Iterable[Box] = (),
) -> None:
    """The number of each room, or its name, where it has space for that; below an icon, if one
    of `icons` is in the middle."""
    em_px = size_pt * sheet.pt
    drawn = [shapely.box(*icon) for icon in icons]
    for space in spaces_on(venue, picture.level):
        said = space.ref or name_in(space.names, language)
        left, top, right, bottom = picture.view.shape(space.outline).bounds
        if said and width_em(said) * em_px < right - left - 2 and bottom - top > 1.3 * em_px:
            x, y = picture.view.point(middle_of(space))
            here = shapely.box(*sheet.text_box([said], (x, y), size_pt))
            below = [icon.bounds[3] for icon in drawn if icon.intersects(here)]
            y = max([y, *(edge + 0.7 * em_px for edge in below)])
            if y + 0.6 * em_px < bottom:
                sheet.text_in([said], (x, y), size_pt, fill=style.paints["ink"])


@dataclass(frozen=True)
class Mark:
    """Something on a level that a page points at: links lead to it by its id."""

    id: str
    look: str
    """Its class: how it looks is said by `hypertext.css`."""
    title: str
    shape: BaseGeometry
    """In metres."""


PIN_PX = 7.0
"""Half the size of a pin."""
PIN_OFF_PX = 18.0
"""How far a pin is from the middle of an area, where its name is."""
RING_PX = 26.0
"""Radius of the ring around the mark that a link has led to."""
_PINS = {
    "error": [(0.0, -1.4), (1.4, 0.0), (0.0, 1.4), (-1.4, 0.0)],
    "warning": [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
    "new": [
        (-0.4, -0.4),
        (-0.4, -1.4),
        (0.4, -1.4),
        (0.4, -0.4),
        (1.4, -0.4),
        (1.4, 0.4),
        (0.4, 0.4),
        (0.4, 1.4),
        (-0.4, 1.4),
        (-0.4, 0.4),
        (-1.4, 0.4),
        (-1.4, -0.4),
    ],
    "gone": [(-1.4, -0.45), (1.4, -0.45), (1.4, 0.45), (-1.4, 0.45)],
    "moved": [(-1.0, -1.2), (1.2, 0.0), (-1.0, 1.2)],
}
"""Corners of a pin, so that no colour has to be told apart; other pins are round."""


def draw_marks(sheet: Sheet, picture: Picture, marks: Iterable[Mark]) -> None:
    """Each mark as a group with its outline, a pin in it, and a ring that is shown when a link
    leads there. It can take the focus, so that a keyboard and a screen reader follow the link."""
    for mark in marks:
        leave = sheet.group(
            title=mark.title, id=mark.id, class_=f"mark {mark.look}", tabindex="-1", role="img"
        )
        draw_shape(sheet, picture, mark.shape, "shape")
        x, y = _pin(picture, mark.shape)
        sheet.circle((x, y), RING_PX, class_="ring")
        if corners := _PINS.get(mark.look):
            pin = [(x + PIN_PX * dx, y + PIN_PX * dy) for dx, dy in corners]
            sheet.area([pin], class_="pin")
        else:
            sheet.circle((x, y), PIN_PX, class_="pin")
        leave()


def draw_shape(sheet: Sheet, picture: Picture, shape: BaseGeometry, look_of: str) -> None:
    """A shape in metres as areas and lines of one class; a point has neither."""
    for part in getattr(picture.view.shape(shape), "geoms", [picture.view.shape(shape)]):
        if isinstance(part, Polygon):
            rings = [ring.coords[:-1] for ring in (part.exterior, *part.interiors)]
            sheet.area(rings, class_=look_of)
        elif isinstance(part, LineString):
            sheet.line([(x, y) for x, y in part.coords], class_=look_of)


def _pin(picture: Picture, shape: BaseGeometry) -> tuple[float, float]:
    """Where the pin of a shape is on the sheet: above the name in its middle, if it is so tall."""
    x, y = picture.view.point(middle_of_shape(shape))
    drawn = picture.view.shape(shape)
    spots = ((x, y + off) for off in (-PIN_OFF_PX, PIN_OFF_PX))
    return next((spot for spot in spots if drawn.contains(shapely.Point(spot))), (x, y))


def middle_of_shape(shape: BaseGeometry) -> tuple[float, float]:
    """The middle of a line, the roomiest point of an area, in metres."""
    if isinstance(shape, LineString):
        middle = shape.interpolate(0.5, normalized=True)
    elif isinstance(shape, Polygon):
        middle = shapely.Point(shapely.maximum_inscribed_circle(shape, tolerance=0.1).coords[0])
    else:
        middle = shape.representative_point()
    return (float(middle.x), float(middle.y))
