"""Levels as parts of a page for staff: each drawn once, with marks that links lead to."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from shapely import LineString
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import Box, draw_floor, level_name, look
from exporter.paper.hypertext import tag
from exporter.paper.levels import (
    Mark,
    draw_marks,
    draw_shape,
    middle_of_shape,
    name_rooms,
    picture_of,
    sheet_of,
)
from navkit.venue.venue import Venue
from tools.terminal import own_language, words

WIDE_PX = 1400.0
"""Width of a drawn level: most rooms then have space for their number in letters that staff can
read; a narrow screen scrolls."""
LABEL_PT = 10.5
CROSS_M = 0.5
"""Half the width of the cross on a space that is out of reach."""


def anchor_of(venue: Venue, level: str, of: str = "level") -> str:
    """The id that links to a level as a whole lead to; `of` begins it, if a page has levels of two
    venues."""
    return f"{of}-{[*venue.level_by_id].index(level) + 1}"


class Plate:
    """A level being drawn: the floor first, then whatever is drawn on it, in this order."""

    def __init__(self, venue: Venue, level: str, bounds: Box | None) -> None:
        self._venue, self._level = venue, level
        self._picture = picture_of(venue, level, WIDE_PX, bounds)
        self._style = look("screen")
        self._sheet = sheet_of(venue, self._picture, own_language())
        self._icons = draw_floor(self._sheet, venue, level, self._picture.view, self._style)

    def draw(self, shape: BaseGeometry, look_of: str) -> None:
        """A shape in metres, in a class of `hypertext.css`."""
        draw_shape(self._sheet, self._picture, shape, look_of)

    def draw_lines(self, lines: Iterable[LineString], look_of: str) -> None:
        """Lines in metres as one shape, in a class of `hypertext.css`."""
        drawn = [[self._picture.view.point((x, y)) for x, y, *_ in one.coords] for one in lines]
        if drawn:
            self._sheet.lines(drawn, class_=look_of)

    def cross_out(self, shape: BaseGeometry) -> None:
        """A shape as out of reach: coloured, and with a cross for whoever sees no colours."""
        self.draw(shape, "unreachable")
        x, y = middle_of_shape(shape)
        for up in (-CROSS_M, CROSS_M):
            self.draw(LineString([(x - CROSS_M, y - up), (x + CROSS_M, y + up)]), "unreachable")

    def section(self, marks: Iterable[Mark], caption: str, back: str, anchor: str = "") -> Element:
        """The level as a part of the page; `back` is the id of what its links came from, `anchor`
        its own, if that is not `anchor_of`."""
        venue, language = self._venue, own_language()
        name = level_name(venue, [*venue.level_by_id].index(self._level), language)
        name_rooms(self._sheet, venue, self._picture, language, LABEL_PT, self._style, self._icons)
        draw_marks(self._sheet, self._picture, marks)
        drawn = tag(
            "div", self._sheet.element(), class_="sheet", tabindex=0, role="region", aria_label=name
        )
        return tag(
            "section",
            tag("h3", name),
            tag("figure", tag("figcaption", caption), drawn),
            tag("p", tag("a", words("page-back"), href=f"#{back}"), class_="back"),
            id=anchor or anchor_of(venue, self._level),
            class_="level",
        )


def contents(venue: Venue) -> Element:
    """Links to all levels."""
    rows = [
        tag("li", tag("a", level_name(venue, number, own_language()), href=f"#level-{number + 1}"))
        for number in range(len(venue.levels))
    ]
    return tag("nav", tag("ul", *rows, class_="row"), aria_label=words("page-levels"))


def swatch(text: str, **paint: object) -> Element:
    """A row of a legend."""
    box = tag("rect", x=2, y=2, width=24, height=14, **paint)
    return tag("li", tag("svg", box, width=28, height=18, aria_hidden="true"), text)
