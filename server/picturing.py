"""A level drawn for staff: walls, doors and names, and what may be clicked."""

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from exporter.drawing import Sheet, View, draw_floor, fit, look, middle_of
from exporter.lettering import width_em
from navkit.venue import Space, Venue, name_in

WIDE_PX = 1000.0
MARGIN_PX = 16.0
LABEL_PT = 7.0
MOST_PX_PER_M = 40.0


@dataclass(frozen=True)
class Spot:
    """Something on a level that can be clicked: a path for SVG, in pixels of the picture."""

    id: str
    path: str


@dataclass(frozen=True)
class Picture:
    """How a level lies on its picture."""

    level: str
    view: View
    height_px: float

    def metres(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Where in the venue a pixel is."""
        left, top = self.view.origin
        scale = self.view.scale
        return (round((x_px - left) / scale, 2), round((top - y_px) / scale, 2))


def _spaces(venue: Venue, level: str) -> list[Space]:
    return [space for space in venue.spaces if space.level == level]


def picture_of(venue: Venue, level: str) -> Picture:
    """The whole level, as wide as the picture; of an empty level a blank."""
    spaces = _spaces(venue, level)
    points = [point for path in venue.paths if level in path.levels for point in path.points]
    shapes = [space.outline for space in spaces] + [shapely.Point(p) for p in points]
    bounds = shapely.union_all(shapes).bounds if shapes else (0.0, 0.0, 10.0, 5.0)
    left, bottom, right, top = (float(side) for side in bounds)
    scale = min(MOST_PX_PER_M, (WIDE_PX - 2 * MARGIN_PX) / max(right - left, 1.0))
    tall = min(max((top - bottom) * scale, 60.0), 2 * WIDE_PX) + 2 * MARGIN_PX
    box = (0.0, 0.0, WIDE_PX, tall)
    view = fit([(left, bottom), (right, top)], bounds, box, MARGIN_PX, MOST_PX_PER_M)
    return Picture(level, view, tall)


def level_svg(venue: Venue, level: str, language: str, chosen: frozenset[str]) -> str:
    """The level with the names that fit into their rooms; `chosen` spaces are marked."""
    picture, style = picture_of(venue, level), look("screen")
    title = venue.level_by_id[level].label
    sheet = Sheet(WIDE_PX, round(picture.height_px), "px", style.paints["page"], title, language)
    draw_floor(sheet, venue, level, picture.view, style, chosen)
    em_px = LABEL_PT * sheet.pt
    for space in _spaces(venue, level):
        said = space.ref or name_in(space.names, language)
        shape = picture.view.shape(space.outline)
        left, top, right, bottom = shape.bounds
        if said and width_em(said) * em_px < right - left - 2 and bottom - top > 1.3 * em_px:
            at = picture.view.point(middle_of(space))
            ink = style.paints["ink"]
            sheet.text_in([said], at, LABEL_PT, fill=ink)
    return sheet.svg()


def spots(venue: Venue, level: str) -> Iterable[Spot]:
    """Spaces, then doors, so that a door lies over its rooms."""
    view = picture_of(venue, level).view
    for space in _spaces(venue, level):
        shape = view.shape(space.outline)
        ring = getattr(shape, "exterior", None)
        if ring is not None:
            yield Spot(space.id, _path(ring.coords[:-1]) + "Z")
    for door in venue.doors:
        if any(side and venue.space_by_id[side].level == level for side in door.spaces):
            yield Spot(door.id, _path(view.point(end) for end in door.line))


def _path(points: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{point[0]:.1f} {point[1]:.1f}" for point in points)
