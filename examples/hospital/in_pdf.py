"""The hospital as a program for building plots it: a PDF of every storey at 1:200, layers kept."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import shapely
from layout import Hospital
from shapely import Polygon
from shown import Storey, frame, storeys, texts_of

LANGUAGE = "en"
POINTS_PER_M = 5 * 72 / 25.4
"""The scale is 1:200."""
LAYERS = ("A-ROOM", "A-WALL", "A-DOOR", "A-IDEN-NAME")
JAMB_M = 0.06
"""A leaf ends this far from its jambs."""

Place = Callable[[Sequence[float]], tuple[float, float]]


def write_pdf(hospital: Hospital, folder: Path) -> None:
    left, low, right, high = frame(hospital)
    size = ((right - left) * POINTS_PER_M, (high - low) * POINTS_PER_M)

    def placed(xy: Sequence[float]) -> tuple[float, float]:
        return (xy[0] - left) * POINTS_PER_M, (xy[1] - low) * POINTS_PER_M

    for storey in storeys(hospital):
        drawn = "\n".join([*_storey(storey, placed), _text(9, 9, "1:200", 8)])
        path = folder / storey.building / f"{storey.level.label}.pdf"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_file(drawn, size))


def _storey(storey: Storey, placed: Place) -> list[str]:
    rooms, texts = [], []
    for space in storey.rooms:
        rooms.append(f"{_rings(space.outline, placed)} f*")
        x, y = placed(space.outline.representative_point().coords[0])
        for row, one in enumerate(texts_of(space, LANGUAGE)):
            texts.append(_text(x - 0.25 * len(one), y - 2 * row, one, 1))
    walls = [f"{_rings(part, placed)} f*" for part in shapely.get_parts(storey.walls)]
    doors = []
    for door in (one for one in storey.doors if one.kind != "open"):
        ends = (door.line.interpolate(at) for at in (JAMB_M, door.line.length - JAMB_M))
        (ax, ay), (bx, by) = (placed(end.coords[0]) for end in ends)
        doors.append(f"{ax:.4f} {ay:.4f} m {bx:.4f} {by:.4f} l S")
    looks = ("1 0.9 0.75 rg", "0.2 g", "1 0 0 RG 0.5 w", "0 g")
    return [
        "\n".join([f"/OC /L{number} BDC", f"q {look}", *parts, "Q", "EMC"])
        for number, (look, parts) in enumerate(
            zip(looks, (rooms, walls, doors, texts), strict=True)
        )
    ]


def _rings(area: Polygon, placed: Place) -> str:
    return " ".join(
        _ring(map(placed, ring.coords[:-1])) for ring in (area.exterior, *area.interiors)
    )


def _ring(points: Iterable[tuple[float, float]]) -> str:
    first, *others = (f"{x:.4f} {y:.4f}" for x, y in points)
    return f"{first} m " + " ".join(f"{one} l" for one in others) + " h"


def _text(x: float, y: float, text: str, size: float) -> str:
    letters = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size:g} Tf 1 0 0 1 {x:.4f} {y:.4f} Tm ({letters}) Tj ET"


def _file(drawn: str, size: tuple[float, float]) -> bytes:
    """One page."""
    kept = " ".join(f"/L{number} {6 + number} 0 R" for number in range(len(LAYERS)))
    resources = f"/Font << /F1 3 0 R >> /Properties << {kept} >>"
    content = drawn.encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]:g} {size[1]:g}] "
        f"/Resources << {resources} >> /Contents 5 0 R >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *(f"<< /Type /OCG /Name ({name}) >>".encode() for name in LAYERS),
    ]
    whole, starts = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, 1):
        starts.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    count = len(objects) + 1
    end = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(whole)}\n%%EOF\n"
    return whole + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode()
