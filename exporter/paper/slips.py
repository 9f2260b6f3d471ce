"""Slips for appointments: a link and its code for one place, for a thermal printer of 80 mm.

Scanned or typed, the link opens the venue's page with that place as the goal.
"""

from urllib.parse import quote

from exporter.paper.anchors import draw_code, modules
from exporter.paper.drawing import Sheet, level_name, look, words
from exporter.paper.lettering import evenly
from navkit.venue.naming import place_called
from navkit.venue.venue import Place, Venue, name_in

WIDE_MM = 72.0
"""What printers of 80 mm print on."""
EDGE_MM = 2.0
QR_MM = 40.0
"""Phones read it from 40 cm."""

_TITLE_PT, _NAME_PT, _LINE_PT, _LINK_PT = 13.0, 20.0, 12.0, 8.0
_LEADING = 1.25


def link(address: str, place: str) -> str:
    """The address that opens the venue's page with a place as the goal."""
    return f"{address.partition('#')[0]}#to={quote(place, safe='')}"


def slip(venue: Venue, place: Place, language: str, address: str) -> str:
    """The slip as SVG, black on white: the hospital, the place, where it is, the code, the link."""
    to, wide = link(address, place.id), WIDE_MM - 2 * EDGE_MM
    name = place_called(place, venue.speaker(language)).text or place.id
    order = {level.id: number for number, level in enumerate(venue.levels)}
    on = dict.fromkeys(order[venue.space_by_id[one].level] for one in place.spaces)
    where = " / ".join(level_name(venue, number, language) for number in on)
    above = [
        (name_in(venue.names, language), _TITLE_PT, False),
        (name, _NAME_PT, True),
        (" · ".join(filter(None, (where, place.ref))), _LINE_PT, False),
    ]
    below = [(words(language)["scan-slip"], _LINE_PT, False), (to, _LINK_PT, False)]
    tall = sum(_tall(line, size, wide) for line, size, _ in (*above, *below))
    sheet = Sheet(WIDE_MM, round(tall + QR_MM + 4 * EDGE_MM, 1), "mm", "#ffffff", name, language)
    y = _write(sheet, above, EDGE_MM, wide)
    draw_code(sheet, modules(to), ((WIDE_MM - QR_MM) / 2, y + EDGE_MM), QR_MM)
    _write(sheet, below, y + QR_MM + 2 * EDGE_MM, wide)
    return sheet.svg()


def _rows(line: str, size_pt: float, wide: float) -> list[str]:
    em = size_pt * 25.4 / 72
    return evenly(line, wide / em) if line else []


def _tall(line: str, size_pt: float, wide: float) -> float:
    return len(_rows(line, size_pt, wide)) * _LEADING * size_pt * 25.4 / 72


def _write(sheet: Sheet, lines: list[tuple[str, float, bool]], y: float, wide: float) -> float:
    """Lines under each other, centred; returns where they end."""
    for line, size_pt, bold in lines:
        em = size_pt * sheet.pt
        for row in _rows(line, size_pt, wide):
            weight = "bold" if bold else "normal"
            ink = look("large").paints["ink"]
            at = (WIDE_MM / 2, y + 0.95 * em)
            sheet.text(row, at, size_pt, "middle", fill=ink, font_weight=weight)
            y += _LEADING * em
    return y
