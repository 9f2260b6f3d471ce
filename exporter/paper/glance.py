"""A route at a glance: its floors as boxes in a row, with the lift or stairs that lead to each."""

from collections.abc import Iterator
from dataclasses import dataclass

from exporter.paper.drawing import Look, Sheet, draw_icon, level_name
from exporter.paper.lettering import width_em
from navkit.guidance.overview import Stop, stops
from navkit.guidance.rules import rules
from navkit.route.routing import Route
from navkit.venue.venue import Point, name_in

_GAP_EM = 0.45
"""Between the parts of the row, and inside a box beside its text."""
_ROW_EM = 2.1
_ARROW = "→"


@dataclass(frozen=True)
class _Part:
    """One floor with what leads to it, from `left` on, in ems; `row` counts from 0."""

    floor: str
    icon: str
    by: str
    left: float
    row: int


class Glance:
    """The picture in a column `wide` ems wide. Nothing if the route is on one floor."""

    def __init__(self, route: Route, language: str, wide: float) -> None:
        self._route, self._language = route, language
        self._parts = tuple(self._laid(stops(route, rules()), wide))
        self.tall = _ROW_EM * (self._parts[-1].row + 1) if self._parts else 0.0
        """Height in ems."""

    def _laid(self, floors: tuple[Stop, ...], wide: float) -> Iterator[_Part]:
        left, row = 0.0, 0
        for stop in floors:
            icon, by = self._way_to(stop)
            floor = level_name(self._route.network.venue, stop.level, self._language)
            part = _Part(floor, icon, by, left, row)
            if left and left + _width(part) > wide:
                part = _Part(floor, icon, by, 0.0, row := row + 1)
            yield part
            left = part.left + _width(part) + _GAP_EM

    def _way_to(self, stop: Stop) -> tuple[str, str]:
        """The icon and the name of what leads to a floor."""
        if stop.thing < 0:
            return (_ARROW if stop.how else "", "")
        shaft = self._route.network.things[stop.thing]
        return shaft.kind, name_in(shaft.names, self._language)

    def draw(self, sheet: Sheet, corner: Point, style: Look) -> None:
        """With its left upper corner there, in the size of the smallest text."""
        size_pt, paints = style.foot_pt, style.paints
        em = size_pt * sheet.pt
        for part in self._parts:
            x = corner[0] + part.left * em
            top = corner[1] + (0.3 + part.row * _ROW_EM) * em
            line = top + 1.1 * em
            if part.icon == _ARROW:
                sheet.text(_ARROW, (x, line), size_pt, fill=paints["ink"])
            elif part.icon:
                draw_icon(sheet, part.icon, (x + 0.5 * em, top + 0.75 * em), em, paints["ink"])
            x += (1.0 + _GAP_EM) * em if part.icon else 0.0
            if part.by:
                sheet.text(part.by, (x, line), size_pt, fill=paints["ink"])
                x += (width_em(part.by) + _GAP_EM) * em
            box = (x, top, x + (width_em(part.floor) + 2 * _GAP_EM) * em, top + 1.5 * em)
            sheet.rect(box, 0.3 * em, fill="none", stroke=paints["route"], stroke_width=em / 8)
            at = ((box[0] + box[2]) / 2, line)
            sheet.text(
                part.floor,
                at,
                size_pt,
                "middle",
                fill=paints["ink"],
                font_weight="bold",
                class_="floor",
            )


def _width(part: _Part) -> float:
    before = (1.0 + _GAP_EM if part.icon else 0.0) + (
        width_em(part.by) + _GAP_EM if part.by else 0.0
    )
    return before + width_em(part.floor) + 2 * _GAP_EM
