"""The hospital as a designer of signs draws it: an SVG of every storey at 1:200, groups by name."""

from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import shapely
from layout import Hospital
from shapely import Polygon
from shown import Storey, frame, storeys, texts_of

LANGUAGE = "en"
MM_PER_M = 5.0
"""The scale is 1:200."""

Place = Callable[[Sequence[float]], tuple[float, float]]


def write_svg(hospital: Hospital, folder: Path) -> None:
    left, low, right, high = frame(hospital)
    wide, tall = (right - left) * MM_PER_M, (high - low) * MM_PER_M

    def placed(xy: Sequence[float]) -> tuple[float, float]:
        return round((xy[0] - left) * MM_PER_M, 3), round((high - xy[1]) * MM_PER_M, 3)

    for storey in storeys(hospital):
        parts = [*_storey(storey, placed), _text(10, tall - 10, "1:200", 8)]
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}mm" height="{tall:g}mm" '
            f'viewBox="0 0 {wide:g} {tall:g}">'
        )
        text = "\n".join(['<?xml version="1.0"?>', head, *parts, "</svg>", ""])
        path = folder / storey.building / f"{storey.level.label}.svg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def _storey(storey: Storey, placed: Place) -> list[str]:
    rooms, texts = [], []
    for space in storey.rooms:
        rooms.append(_area(space.outline, placed))
        x, y = placed(space.outline.representative_point().coords[0])
        said = texts_of(space, LANGUAGE)
        texts += [_text(x, y + 2 * row, one, 1.5) for row, one in enumerate(said)]
    walls = [_area(part, placed) for part in shapely.get_parts(storey.walls)]
    doors = []
    for number, door in enumerate(one for one in storey.doors if one.kind != "open"):
        (x1, y1), (x2, y2) = (placed(xy) for xy in (door.line.coords[0], door.line.coords[-1]))
        doors.append(f'<line id="D{number}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>')
    return [
        _group("Rooms", rooms, 'fill="#fff4e0"'),
        _group("Walls", walls, 'fill="#404040"'),
        _group("Doors", doors, 'stroke="black"'),
        _group("Labels", texts, 'text-anchor="middle"'),
    ]


def _group(name: str, parts: Sequence[str], look: str) -> str:
    return "\n".join([f'<g id="{name}" {look}>', *parts, "</g>"])


def _area(area: Polygon, placed: Place) -> str:
    rings = (area.exterior, *area.interiors)
    corners = ([f"{x:g},{y:g}" for x, y in map(placed, ring.coords[:-1])] for ring in rings)
    return '<path d="' + " ".join(f"M{' '.join(ring)}Z" for ring in corners) + '"/>'


def _text(x: float, y: float, text: str, size: float) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}">{escape(text)}</text>'
