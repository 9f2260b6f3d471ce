"""A level drawn for staff: walls, doors and names, and the parts that can be clicked.

Levels are drawn once, by the build: a full floor takes longer than a page may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import View, draw_floor, look, paint_of
from exporter.paper.levels import doors_on, name_rooms, picture_of, sheet_of, spaces_on
from navkit.venue.venue import Door, Space, Venue

LABEL_PT = 7.0

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
class Drawing:
    """A level as SVG. A simplified one has no walls between spaces of a kind, no doors and no
    names."""

    svg: str
    is_simplified: bool


def drawings(venue: Venue, level: str, languages: Sequence[str]) -> dict[str, Drawing]:
    """A level with the names that fit into their rooms, by language."""
    if len(spaces_on(venue, level)) + len([*doors_on(venue, level)]) <= MOST_SHAPES:
        whole = {tag: _drawn(venue, level, tag) for tag in languages}
        if max(len(svg.encode()) for svg in whole.values()) <= MOST_BYTES:
            return {tag: Drawing(svg, is_simplified=False) for tag, svg in whole.items()}
    svg, tolerance_px = "", COARSE_PX
    while not svg or len(svg.encode()) > MOST_BYTES:
        svg, tolerance_px = _simplified(venue, level, languages[0], tolerance_px), 2 * tolerance_px
    return dict.fromkeys(languages, Drawing(svg, is_simplified=True))


def _drawn(venue: Venue, level: str, language: str) -> str:
    picture, style = picture_of(venue, level), look("screen")
    sheet = sheet_of(venue, picture, language)
    draw_floor(sheet, venue, level, picture.view, style)
    name_rooms(sheet, venue, picture, language, LABEL_PT, style)
    return sheet.svg()


def _simplified(venue: Venue, level: str, language: str, tolerance_px: float) -> str:
    """Spaces of a colour as one shape; anything too small to be seen is left out."""
    picture, style = picture_of(venue, level), look("screen")
    sheet = sheet_of(venue, picture, language)
    by_paint: dict[str, list[BaseGeometry]] = {}
    for space in spaces_on(venue, level):
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


def spots(venue: Venue, level: str) -> Iterable[Spot]:
    """Spaces, then doors, so that a door is above its rooms."""
    view = picture_of(venue, level).view
    things: tuple[Space | Door, ...] = (*spaces_on(venue, level), *doors_on(venue, level))
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
