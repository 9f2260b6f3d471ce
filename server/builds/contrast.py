"""Two versions of a level on one picture, for staff: what is new is green, what is gone is red.

The newer level is drawn as it is, with what differs over it. Decides on two venues.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import Box, Sheet, View, draw_floor, look
from exporter.paper.levels import bounds_of, name_rooms, picture_of, sheet_of
from navkit.venue.comparing import (
    Difference,
    Thing,
    are_comparable,
    differences,
    in_frame,
    shape_of,
)
from navkit.venue.venue import (
    Connector,
    Door,
    DrawnPath,
    Level,
    Place,
    Venue,
)
from server.builds.picturing import LABEL_PT

HOWS = ("new", "gone", "moved", "renamed", "changed")
"""In this order they are listed."""

LOOKS: Mapping[str, Mapping[str, object]] = {
    "new": {"fill": "#14691f", "fill_opacity": 0.3, "stroke": "#14691f", "stroke_width": 3.0},
    "gone": {
        **{"fill": "#b3261e", "fill_opacity": 0.1, "stroke": "#b3261e", "stroke_width": 3.0},
        "stroke_dasharray": "9 5",
    },
    "moved": {"fill": "#0b57c4", "fill_opacity": 0.2, "stroke": "#0b57c4", "stroke_width": 3.0},
    "before": {
        **{"fill": "none", "stroke": "#0b57c4", "stroke_width": 2.5},
        "stroke_dasharray": "3 4",
    },
    "renamed": {"fill": "#8a5a00", "fill_opacity": 0.2, "stroke": "#8a5a00", "stroke_width": 2.0},
}
"""How a shape is drawn; lines differ in their dashes too, for whoever sees no colours."""


@dataclass(frozen=True)
class Contrast:
    """Two venues in one frame, and what differs between them."""

    old: Venue
    new: Venue
    found: tuple[Difference, ...]

    @property
    def levels(self) -> dict[str, Venue]:
        """Levels by id, with the venue that has them: those that are gone come last."""
        gone = {
            level: self.old for level in self.old.level_by_id if level not in self.new.level_by_id
        }
        return {**dict.fromkeys(self.new.level_by_id, self.new), **gone}

    def on(self, level: str) -> list[Difference]:
        """What differs on a level, in the order of `HOWS`."""
        found = [one for one in self.found if level in levels_of(one, self.old, self.new)]
        return sorted(found, key=lambda one: HOWS.index(one.how))


def contrast(old: Venue, new: Venue) -> Contrast:
    """What differs between two venues."""
    return Contrast(in_frame(old, new.frame), new, tuple(differences(old, new)))


def levels_of(one: Difference, old: Venue, new: Venue) -> set[str]:
    """The levels that a difference is on."""
    found: set[str] = set()
    for thing, venue in ((one.old, old), (one.new, new)):
        if thing is not None:
            found |= set(_levels(thing, venue))
    return found


def _levels(thing: Thing, venue: Venue) -> Iterable[str]:
    spaces: Sequence[str] = ()
    match thing:
        case Level():
            return [thing.id]
        case DrawnPath():
            return thing.levels
        case Door():
            spaces = [side for side in thing.spaces if side]
        case Connector():
            spaces = thing.stops
        case Place():
            spaces = [*thing.spaces, *(thing.point[:1] if thing.point else ())]
        case _:
            return (
                [venue.space_by_id[thing.space].level] if hasattr(thing, "space") else [thing.level]
            )
    return [venue.space_by_id[one].level for one in spaces if one in venue.space_by_id]


def picture(made: Contrast, level: str, language: str) -> str:
    """The level as SVG, wide enough for both versions."""
    shown = made.levels[level]
    both = _both(*(bounds_of(v, level) for v in (made.old, made.new) if level in v.level_by_id))
    frame, style = picture_of(shown, level, bounds=both), look("screen")
    sheet = sheet_of(shown, frame, language)
    icons = draw_floor(sheet, shown, level, frame.view, style)
    is_placed = are_comparable(made.old, made.new)
    for one in made.on(level):
        if one.old is not None and one.how in ("gone", "moved") and is_placed:
            _draw(sheet, frame.view, one.old, "gone" if one.how == "gone" else "before")
        if one.new is not None and one.how in LOOKS:
            _draw(sheet, frame.view, one.new, one.how)
    name_rooms(sheet, shown, frame, language, LABEL_PT, style, icons)
    return sheet.svg()


def _draw(sheet: Sheet, view: View, thing: Thing, how: str) -> None:
    shape = shape_of(thing)
    if shape is not None:
        for part in _parts(view.shape(shape)):
            if isinstance(part, Polygon):
                rings = [ring.coords[:-1] for ring in (part.exterior, *part.interiors)]
                sheet.area(rings, **LOOKS[how])
            elif isinstance(part, Point):
                sheet.circle((part.x, part.y), 5.0, **LOOKS[how])
            else:
                ends = [(x, y) for x, y, *_ in part.coords]
                sheet.line(ends, **{**LOOKS[how], "fill": "none", "stroke_width": 5.0})


def _parts(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    return getattr(shape, "geoms", [shape])


def _both(*boxes: Box | None) -> Box | None:
    known = [box for box in boxes if box is not None]
    if not known:
        return None
    left, bottom, right, top = zip(*known, strict=True)
    return (min(left), min(bottom), max(right), max(top))
