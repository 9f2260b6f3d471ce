"""Drawings in SVG: a small ward."""

from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

Xy = tuple[float, float]

WARD_BOX = 'width="400" height="160" viewBox="0 0 400 160"'
"""The ward is 20 m by 8 m, at 20 units a metre."""


def svg(*parts: str, box: str = WARD_BOX, head: str = "") -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    tools = 'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
    inside = "\n".join(parts)
    return f'<?xml version="1.0"?>{head}\n<svg {space} {tools} {box}>\n{inside}\n</svg>'.encode()


def group(name: str, *parts: str, **attributes: str) -> str:
    return f"<g {_said({'id': name, **attributes})}>\n" + "\n".join(parts) + "\n</g>"


def _said(attributes: Mapping[str, str]) -> str:
    return " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items() if value)


def box(left: float, top: float, right: float, low: float, name: str = "") -> str:
    at = {"x": left, "y": top, "width": right - left, "height": low - top}
    return f"<rect {_said({'id': name, **{k: f'{v:g}' for k, v in at.items()}})}/>"


def line(start: Xy, end: Xy, name: str = "") -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line {_said({"id": name})} x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'


def words(at: Xy, text: str, size: float = 8) -> str:
    middle = 'text-anchor="middle"' if size < 8 else ""
    place = f'x="{at[0]:g}" y="{at[1]:g}" font-size="{size:g}" {middle}'
    return f"<text {place}>{escape(text)}</text>"


def ward(scale: float = 20.0, *, swings: bool = False) -> list[str]:
    """Four rooms along a corridor, at `scale` units a metre, y down; a door into each room, as a
    line that is called after it or with the swing of its leaf."""
    rooms = [box(0, 0, 20 * scale, 3 * scale)]
    doors, walls, texts = [], [], [words((9 * scale, 1.5 * scale), "Corridor")]
    for number in range(4):
        left, name = 5 * scale * number, f"10{number + 1}"
        rooms.append(box(left, 3 * scale, left + 5 * scale, 8 * scale, f"_{name}"))
        hinge, latch = left + 2 * scale, left + 2.9 * scale
        if swings:
            r = 0.9 * scale
            swing = f"M{hinge:g} {3 * scale:g} v{r:g} a{r:g} {r:g} 0 0 0 {r:g} -{r:g}"
            doors.append(f'<path fill="none" d="{swing}"/>')
        else:
            doors.append(line((hinge, 3 * scale), (latch, 3 * scale), f"_{name}_1_"))
        walls += [
            line((left, 3 * scale), (hinge, 3 * scale)),
            line((latch, 3 * scale), (left + 5 * scale, 3 * scale)),
            line((left, 3 * scale), (left, 8 * scale)),
        ]
    return [
        group("rooms", *rooms),
        group("walls", *walls, stroke="black"),
        group("doors", *doors),
        group("labels", *texts),
    ]
