"""Codes to hang on walls: a QR code for each anchor, ready to print and cut out."""

import re
from collections.abc import Sequence
from urllib.parse import quote

import segno

from exporter.paper.drawing import A4_MM, Box, Look, Sheet, level_name, look, words
from exporter.paper.lettering import breaks, evenly
from navkit.venue.venue import Anchor, Venue, name_in
from navkit.words.findings import NavkitError

COLUMNS, ROWS = 2, 3
MARGIN_MM = 12.0
QR_MM = 50.0
"""Phones read it from about half a metre: ten times its width. A rule of thumb."""
QUIET_MODULES = 4
"""The white border that a QR code needs, in modules. Source: ISO/IEC 18004."""


def code_of(anchor: Anchor) -> str:
    """The text printed under the code, which people may type instead of scanning."""
    return anchor.code or anchor.id


def content(anchor: Anchor, base_url: str | None) -> str:
    """The content of the code: ``navkit:CODE``, or an address that opens the venue there."""
    if base_url is None:
        return f"navkit:{code_of(anchor)}"
    return f"{base_url}#a={quote(code_of(anchor), safe='')}"


def modules(text: str) -> list[list[bool]]:
    """The dark modules of a QR code, row by row, without its quiet zone.

    A quarter of it may be scratched or covered, as posters in corridors often are.
    """
    code = segno.make(text, error="q", micro=False, boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def anchor_sheet(venue: Venue, language: str, base_url: str | None) -> list[tuple[str, str]]:
    """Pages of A4, (file name, SVG), with the codes of all anchors, floor by floor.

    `NavkitError` if the venue has no anchors.
    """
    if not venue.anchors:
        raise NavkitError("no-anchors")
    order = {level.id: number for number, level in enumerate(venue.levels)}
    level_of = {a.id: order[venue.space_by_id[a.space].level] for a in venue.anchors}
    anchors = sorted(venue.anchors, key=lambda a: (level_of[a.id], code_of(a), a.id))
    style = look("card")
    pages = []
    for first in range(0, len(anchors), COLUMNS * ROWS):
        number = first // (COLUMNS * ROWS) + 1
        sheet = Sheet(
            *A4_MM,
            "mm",
            style.paints["page"],
            f"{name_in(venue.names, language)} {number}",
            language,
        )
        for place, anchor in enumerate(anchors[first : first + COLUMNS * ROWS]):
            lines = [
                level_name(venue, level_of[anchor.id], language),
                name_in(anchor.names, language),
            ]
            hint = words(language)["scan-app" if base_url is None else "scan-web"]
            _draw_label(sheet, anchor, content(anchor, base_url), lines, hint, _cell(place), style)
        pages.append((f"anchors-{number:02}.svg", sheet.svg()))
    return pages


def _cell(place: int) -> Box:
    wide = (A4_MM[0] - 2 * MARGIN_MM) / COLUMNS
    tall = (A4_MM[1] - 2 * MARGIN_MM) / ROWS
    left = MARGIN_MM + place % COLUMNS * wide
    top = MARGIN_MM + place // COLUMNS * tall
    return (left, top, left + wide, top + tall)


_CODE_PT = 34.0
_LEVEL_PT = 18.0


def _draw_label(
    sheet: Sheet,
    anchor: Anchor,
    text: str,
    lines: Sequence[str],
    hint: str,
    cell: Box,
    style: Look,
) -> None:
    """One code: cutting frame, QR, short code, floor and name, and what to do."""
    left, top, right, bottom = cell
    paints, middle = style.paints, (left + right) / 2
    sheet.rect(
        cell,
        fill="none",
        stroke=paints["rule"],
        stroke_width=0.3,
        stroke_dasharray="2 1.5",
        class_="cut",
    )
    leave = sheet.group(class_="anchor", data_code=code_of(anchor), data_content=text)
    draw_code(sheet, modules(text), (middle - QR_MM / 2, top + 3.0), QR_MM)
    wide_pt = (right - left - 8.0) / sheet.pt
    y = top + QR_MM + 4.0
    for line, size_pt, bold in _fitted(
        [
            (code_of(anchor), _CODE_PT, True),
            (lines[0], _LEVEL_PT, True),
            (lines[1], style.step_pt, False),
            (hint, style.foot_pt, False),
        ],
        wide_pt,
        (bottom - 3.0 - y) / sheet.pt,
    ):
        em = size_pt * sheet.pt
        weight = "bold" if bold else "normal"
        at = (middle, y + 0.95 * em)
        sheet.text(line, at, size_pt, "middle", fill=paints["ink"], font_weight=weight)
        y += _LEADING * em
    leave()


_LEADING = 1.2
"""For signs: they are read line by line."""


def _fitted(
    lines: Sequence[tuple[str, float, bool]], wide_pt: float, tall_pt: float
) -> list[tuple[str, float, bool]]:
    """Lines of (text, size in points, bold), wrapped and reduced in size until they fit."""
    shrink = 1.0
    while True:
        rows = [
            (row, size_pt * shrink, bold)
            for line, size_pt, bold in lines
            if line
            for row in evenly(line, wide_pt / (size_pt * shrink))
        ]
        tall = sum(_LEADING * size_pt for _, size_pt, _ in rows)
        cut = any(breaks(line, wide_pt / (size_pt * shrink)) for line, size_pt, _ in lines)
        if tall <= tall_pt and (not cut or shrink < 0.4):
            return rows
        shrink *= 0.92


def draw_code(
    sheet: Sheet, rows: Sequence[Sequence[bool]], corner: tuple[float, float], side: float
) -> None:
    """A QR code with its quiet zone in a square, each run of dark modules as one bar."""
    size = side / (len(rows) + 2 * QUIET_MODULES)
    left, top = (value + QUIET_MODULES * size for value in corner)
    bars = []
    for y, row in enumerate(rows):
        for run in re.finditer("1+", "".join("01"[dark] for dark in row)):
            x0, x1 = left + run.start() * size, left + run.end() * size
            y0, y1 = top + y * size, top + (y + 1) * size
            bars.append([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    sheet.area(bars, fill="#000000", class_="qr", data_modules=str(len(rows)))
