"""Drawings in SVG: a small ward, and any plan as somebody draws it who names groups and ids."""

from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from redrawn_plans import name_of

from navkit.plan.plan import Plan

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


_MM = 1000 / 200
"""The example is drawn in millimetres of paper at 1:200."""


def storeys(plan: Plan) -> dict[str, bytes]:
    """Each storey as a file of its building's folder; all have one frame."""
    houses = {key: names["zh-Hans"] for key, names in plan.building_names.items()}
    shapes = [*(s.outline for s in plan.spaces), *(d.line for d in plan.doors)]
    bounds = [one.bounds for one in shapes if not one.is_empty]
    left, right = min(b[0] for b in bounds) - 5, max(b[2] for b in bounds) + 5
    low, top = min(b[1] for b in bounds) - 5, max(b[3] for b in bounds) + 5

    def placed(xy: Sequence[float]) -> Xy:
        return round((xy[0] - left) * _MM, 3), round((top - xy[1]) * _MM, 3)

    wide, high = (right - left) * _MM, (top - low) * _MM
    frame = f'width="{wide:g}mm" height="{high:g}mm" viewBox="0 0 {wide:g} {high:g}"'
    return {
        f"{houses[level.building]}/{level.label}.svg": svg(
            *_storey(plan, level.key, placed), words((10, high - 10), "1:200"), box=frame
        )
        for level in plan.levels
    }


def _storey(plan: Plan, level: str, placed: Callable[[Sequence[float]], Xy]) -> list[str]:
    rooms, texts, doors = [], [], []
    for space in (one for one in plan.spaces if one.level == level and one.kind != "closed"):
        rings = (space.outline.exterior, *space.outline.interiors)
        corners = ([f"{x:g},{y:g}" for x, y in map(placed, ring.coords[:-1])] for ring in rings)
        rooms.append('<path d="' + " ".join(f"M{' '.join(ring)}Z" for ring in corners) + '"/>')
        said = filter(None, (space.ref, name_of(space)))
        x, y = placed(space.outline.representative_point().coords[0])
        texts += [words((x, y + 2 * row), one, 1.5) for row, one in enumerate(said)]
    for number, door in enumerate(one for one in plan.doors if one.level == level):
        ends = [placed(xy) for xy in door.line.coords]
        doors.append(line(ends[0], ends[-1], f"D{number}"))
    return [
        group("Rooms", *rooms),
        group("Doors", *doors, stroke="black"),
        group("Labels", *texts),
    ]
