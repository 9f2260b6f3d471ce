"""A level drawn for staff: walls, doors and names, and the parts that can be clicked.

Levels are drawn once, by the build: a full floor takes longer than a page may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import Sheet, View, draw_floor, fit, look, middle_of, paint_of
from exporter.paper.lettering import width_em
from navkit.venue.venue import Door, Space, Venue, name_in

WIDE_PX = 1000.0
MARGIN_PX = 16.0
LABEL_PT = 7.0
MOST_PX_PER_M = 40.0

MOST_SHAPES = 2_500
"""Spaces and doors of a level above which they are too small to be distinguished: the level is
drawn with fewer lines. A guess."""
MOST_BYTES = 2**20
"""Of a drawing."""
COARSE_PX = 0.5
"""The initial tolerance of a line in a drawing with fewer lines."""


@dataclass(frozen=True)
class Spot:
    """Something on a level that can be clicked: a path for SVG, in pixels of the picture."""

    id: str
    path: str


@dataclass(frozen=True)
class Picture:
    """The position of a level on its picture."""

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
    """The whole level, as wide as the picture; for an empty level a blank."""
    spaces = _spaces(venue, level)
    points = [point for path in venue.paths if level in path.levels for point in path.points]
    shapes = [space.outline for space in spaces] + [shapely.Point(p) for p in points]
    bounds = shapely.total_bounds(np.array(shapes)) if shapes else (0.0, 0.0, 10.0, 5.0)
    left, bottom, right, top = (float(side) for side in bounds)
    scale = min(MOST_PX_PER_M, (WIDE_PX - 2 * MARGIN_PX) / max(right - left, 1.0))
    tall = min(max((top - bottom) * scale, 60.0), 2 * WIDE_PX) + 2 * MARGIN_PX
    box = (0.0, 0.0, WIDE_PX, tall)
    view = fit(
        [(left, bottom), (right, top)], (left, bottom, right, top), box, MARGIN_PX, MOST_PX_PER_M
    )
    return Picture(level, view, tall)


@dataclass(frozen=True)
class Drawing:
    """A level as SVG. A simplified one has no walls between spaces of a kind, no doors and no
    names."""

    svg: str
    is_simplified: bool


def drawings(venue: Venue, level: str, languages: Sequence[str]) -> dict[str, Drawing]:
    """A level with the names that fit into their rooms, by language."""
    if len(_spaces(venue, level)) + len(_doors(venue, level)) <= MOST_SHAPES:
        whole = {tag: _drawn(venue, level, tag) for tag in languages}
        if max(len(svg.encode()) for svg in whole.values()) <= MOST_BYTES:
            return {tag: Drawing(svg, is_simplified=False) for tag, svg in whole.items()}
    svg, tolerance_px = "", COARSE_PX
    while not svg or len(svg.encode()) > MOST_BYTES:
        svg, tolerance_px = _simplified(venue, level, languages[0], tolerance_px), 2 * tolerance_px
    return dict.fromkeys(languages, Drawing(svg, is_simplified=True))


def _sheet(venue: Venue, picture: Picture, language: str) -> Sheet:
    title, page = venue.level_by_id[picture.level].label, look("screen").paints["page"]
    return Sheet(WIDE_PX, round(picture.height_px), "px", page, title, language)


def _drawn(venue: Venue, level: str, language: str) -> str:
    picture, style = picture_of(venue, level), look("screen")
    sheet = _sheet(venue, picture, language)
    draw_floor(sheet, venue, level, picture.view, style)
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


def _simplified(venue: Venue, level: str, language: str, tolerance_px: float) -> str:
    """Spaces of a colour as one shape; anything too small to be seen is left out."""
    picture, style = picture_of(venue, level), look("screen")
    sheet = _sheet(venue, picture, language)
    by_paint: dict[str, list[BaseGeometry]] = {}
    for space in _spaces(venue, level):
        shape = picture.view.shape(space.outline)
        by_paint.setdefault(paint_of(space), []).append(shape)
    for paint, shapes in sorted(by_paint.items()):
        # Shapes closer than the tolerance are merged.
        near = shapely.union_all([shape.buffer(tolerance_px, quad_segs=1) for shape in shapes])
        whole = near.buffer(-tolerance_px, quad_segs=1).simplify(tolerance_px)
        rings = [
            ring.coords[:-1]
            for part in shapely.get_parts(whole)
            if isinstance(part, Polygon) and part.area > tolerance_px**2
            for ring in (part.exterior, *part.interiors)
        ]
        if rings:
            wall = style.wall_pt * sheet.pt
            fill, stroke = style.paints[paint], style.paints["wall"]
            sheet.area(rings, fill=fill, stroke=stroke, stroke_width=wall)
    return sheet.svg()


def spots_within(venue: Venue, level: str, most: int, most_bytes: int) -> list[Spot]:
    """Everything that can be clicked; empty if that is more than a page can hold."""
    found, size = [], 0
    for spot in spots(venue, level):
        size += len(spot.path)
        found.append(spot)
        if len(found) > most or size > most_bytes:
            return []
    return found


def _doors(venue: Venue, level: str) -> list[Door]:
    return [
        door
        for door in venue.doors
        if any(side and venue.space_by_id[side].level == level for side in door.spaces)
    ]


def spots(venue: Venue, level: str) -> Iterable[Spot]:
    """Spaces, then doors, so that a door is above its rooms."""
    view = picture_of(venue, level).view
    things: tuple[Space | Door, ...] = (*_spaces(venue, level), *_doors(venue, level))
    return (found for thing in things if (found := _spot(view, thing)))


def spot_of(venue: Venue, level: str, thing: str) -> Spot | None:
    """One thing that can be clicked, None if it cannot."""
    found: Space | Door | None = venue.space_by_id.get(thing) or venue.door_by_id.get(thing)
    return _spot(picture_of(venue, level).view, found) if found else None


def _spot(view: View, thing: Space | Door) -> Spot | None:
    if isinstance(thing, Door):
        return Spot(thing.id, _path(view.point(end) for end in thing.line))
    ring = getattr(view.shape(thing.outline).simplify(COARSE_PX), "exterior", None)
    return Spot(thing.id, _path(ring.coords[:-1]) + "Z") if ring is not None else None


def _path(points: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{point[0]:.1f} {point[1]:.1f}" for point in points)
