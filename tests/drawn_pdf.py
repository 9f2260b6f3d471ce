"""Plotted PDFs, written by hand: a small ward."""

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

Xy = tuple[float, float]

POINTS = 72 / 25.4
"""Points of a millimetre."""
A3 = (1191.0, 842.0)
_FORM = "/Type /XObject /Subtype /Form /BBox [-9000 -9000 9000 9000]"


def pdf(
    *pages: str,
    size: Xy = A3,
    layers: Sequence[str] = (),
    page: str = "",
    trailer: str = "",
    forms: Sequence[str] = (),
) -> bytes:
    """A file of these contents. Texts have the fonts F1 (Latin) and F2 (Chinese); what `layered`
    draws is on a layer by its place in `layers`; `forms` are drawn by ``/X0 Do``."""
    fonts = "/F1 3 0 R /F2 4 0 R"
    first_form = 7 + len(layers)
    kept = " ".join(f"/L{n} {7 + n} 0 R" for n in range(len(layers)))
    used = " ".join(f"/X{n} {first_form + n} 0 R" for n in range(len(forms)))
    resources = f"/Font << {fonts} >> /Properties << {kept} >> /XObject << {used} >>"
    first_page = first_form + len(forms)
    kids = " ".join(f"{first_page + 2 * n} 0 R" for n in range(len(pages)))
    frame = f"/MediaBox [0 0 {size[0]:g} {size[1]:g}] {page}"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [5 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo"
        " << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 6 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /Ascent 880 /Descent -120"
        " /FontBBox [0 -200 1000 900] /ItalicAngle 0 /CapHeight 700 /StemV 90 >>",
        *(f"<< /Type /OCG /Name ({name}) >>" for name in layers),
        *(
            _stream(
                form,
                f"{_FORM} /Resources << {resources} >>",
            )
            for form in forms
        ),
    ]
    for number, content in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R {frame} /Resources << {resources} >>"
            f" /Contents {first_page + 2 * number + 1} 0 R >>"
        )
        objects.append(_stream(content))
    return _written(objects, trailer)


def _stream(content: str, said: str = "") -> str:
    return f"<< {said} /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream"


def _written(objects: Sequence[str], trailer: str) -> bytes:
    whole, starts = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, start=1):
        starts.append(len(whole))
        whole += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{len(whole)}\n%%EOF\n"
    return whole + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("latin-1")


def layered(number: int, *parts: str) -> str:
    return f"/OC /L{number} BDC\n" + "\n".join(parts) + "\nEMC"


def styled(style: str, *parts: str) -> str:
    """``1 0 0 RG 2 w`` strokes red lines 2 points wide."""
    return f"q {style}\n" + "\n".join(parts) + "\nQ"


def box(left: float, low: float, right: float, top: float, paint: str = "S") -> str:
    return f"{left:.4f} {low:.4f} {right - left:.4f} {top - low:.4f} re {paint}"


def line(*points: Xy) -> str:
    first, *others = (f"{x:.4f} {y:.4f}" for x, y in points)
    return f"{first} m " + " ".join(f"{one} l" for one in others) + " S"


def words(at: Xy, text: str, size: float = 8, turn: str = "1 0 0 1") -> str:
    place = f"{turn} {at[0]:.4f} {at[1]:.4f} Tm"
    with suppress(UnicodeEncodeError):
        letters = re.sub(r"([()\\\\])", r"\\\1", text.encode("cp1252").decode("latin-1"))
        return f"BT /F1 {size:g} Tf {place} ({letters}) Tj ET"
    return f"BT /F2 {size:g} Tf {place} <{text.encode('utf-16-be').hex()}> Tj ET"


ROOM, WALL, DOOR = "1 0.9 0.75 rg", "0 G 1.5 w", "1 0 0 RG 0.5 w"
MAPPING = """[layers]
"fill #ffe6bf" = "room"
"stroke #000000 1.5" = "wall"
"stroke #ff0000 0.5" = "door"
"""
"""The mapping that staff tick for the ward."""


def ward(per_m: float = 10 * POINTS, *, right: float = 60.0, polyline: bool = False) -> str:
    """Four rooms along a corridor, at 1:100 unless told otherwise, `right` points from the edge:
    rooms filled, walls as black lines, each door as the swing of its leaf in red, as a curve or
    as many short lines."""

    def at(x: float, y: float) -> Xy:
        return right + x * per_m, 100 + y * per_m

    rooms, walls = [box(*at(0, 5), *at(20, 8), paint="f")], []
    doors, texts = [], [words(at(9, 6.5), "Corridor")]
    for number in range(4):
        left = 5.0 * number
        rooms.append(box(*at(left, 0), *at(left + 5, 5), paint="f"))
        walls += [
            line(at(left, 5), at(left + 2, 5)),
            line(at(left + 2.9, 5), at(left + 5, 5)),
            line(at(left, 0), at(left, 5)),
        ]
        doors.append(_swing(at, left + 2, polyline))
        texts.append(words(at(left + 2, 2), f"10{number + 1}"))
    return "\n".join(
        [styled(ROOM, *rooms), styled(WALL, *walls), styled(DOOR, *doors), styled("0 g", *texts)]
    )


def _swing(at: Callable[[float, float], Xy], hinge: float, polyline: bool) -> str:
    """A leaf of 0.9 m that is open at a right angle, and the arc that it leaves."""
    if polyline:
        turns = (math.radians(-90 + 90 * step / 16) for step in range(17))
        arc = [at(hinge + 0.9 * math.cos(a), 5 + 0.9 * math.sin(a)) for a in turns]
        return line(at(hinge, 5), *arc)
    k = 0.9 * 0.5523
    handles = at(hinge + k, 4.1), at(hinge + 0.9, 5 - k), at(hinge + 0.9, 5)
    curve = " ".join(f"{x:.4f} {y:.4f}" for x, y in handles)
    (ax, ay), (bx, by) = at(hinge, 5), at(hinge, 4.1)
    return f"{ax:.4f} {ay:.4f} m {bx:.4f} {by:.4f} l {curve} c S"


LAYERS = ("A-ROOM", "A-DOOR", "A-IDEN-NAME", "A-WALL")


def layered_ward() -> str:
    """The ward as a program of CAD plots it that keeps its layers."""
    rooms, walls, doors, texts = re.findall(r"(?s)q .*?\nQ", ward())
    parts = ((0, rooms), (3, walls), (1, doors), (2, texts))
    return "\n".join(layered(number, part) for number, part in parts)
