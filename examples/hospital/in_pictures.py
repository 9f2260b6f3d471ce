"""The hospital on its walls: a painted picture of every floor, with a colour for each department,
pale corridors, thin walls with gaps where doors are, the numbers of rooms, lifts and stairs.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from layout import Door, Hospital, Space
from PIL import Image, ImageDraw, ImageFont
from shapely import Point, Polygon
from shown import Storey, frame, storeys

DOTS_PER_M = 22
MARGIN, TITLE = 40, 150
"""Dots of paper around the building, and of the band above it."""
DOOR_DOTS = 14
"""As wide every door is painted, however wide it is."""
PALE, WALL, VOID, BAND = (220, 221, 221), (110, 110, 110), (150, 140, 130), (34, 126, 135)
LIFT, STAIRS, TOILET = (0, 155, 80), (159, 160, 160), (255, 212, 0)
DEPARTMENTS = (
    (95, 193, 209), (205, 146, 108), (245, 178, 208), (240, 132, 24), (171, 205, 32),
    (0, 174, 239), (186, 148, 200), (120, 160, 235),
)  # fmt: skip
"""Colours, in turn."""
OPEN = frozenset({"corridor", "hall", "ramp"})
CALLED = {"elevator": "LIFT", "stairs": "STAIRS", "escalator": "ESCALATOR"}

Dot = tuple[float, float]
Placed = Callable[[Sequence[float]], Dot]


def write_pictures(hospital: Hospital, folder: Path) -> None:
    """One for every floor of a building, and a `mapping.toml` that says how large a dot is."""
    left, _, right, high = frame(hospital)
    low = frame(hospital)[1]
    size = (
        round((right - left) * DOTS_PER_M) + 2 * MARGIN,
        round((high - low) * DOTS_PER_M) + 2 * MARGIN + TITLE,
    )

    def placed(xy: Sequence[float]) -> Dot:
        x, y = (xy[0] - left) * DOTS_PER_M, (high - xy[1]) * DOTS_PER_M
        return MARGIN + x, MARGIN + TITLE + y

    scales: dict[str, list[str]] = {}
    for storey in storeys(hospital):
        name = f"{storey.level.label}.png"
        path = folder / storey.building / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _painted(storey, size, placed).save(path)
        scales.setdefault(storey.building, []).append(f'"{name}" = {{ scale = {1 / DOTS_PER_M} }}')
    for building, rows in scales.items():
        text = "\n".join(["[pictures]", *rows, ""])
        (folder / building / "mapping.toml").write_text(text, encoding="utf-8", newline="\n")


def _painted(
    storey: Storey, size: tuple[int, int], placed: Callable[[Sequence[float]], Dot]
) -> Image.Image:
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    _write(pen, (size[0] * 0.3, TITLE / 2), "FLOOR PLAN", 40, "black", "white")
    _write(pen, (size[0] * 0.8, TITLE / 2), storey.level.label, 100, BAND, "white")
    spaces = [one for one in storey.spaces if one.kind != "outdoor"]
    departments = sorted({one.department for one in spaces if one.department})
    for space in spaces:
        corners = [placed(xy) for xy in space.outline.exterior.coords]
        pen.polygon(corners, fill=_colour(space, departments))
        for ring in space.outline.interiors:
            pen.polygon([placed(xy) for xy in ring.coords], fill="white")
    inner = {one.id for one in spaces if one.outline.interiors}
    for space in spaces:
        if space.id not in inner:
            corners = [placed(xy) for xy in space.outline.exterior.coords]
            pen.polygon(corners, fill=_colour(space, departments))
    for space in spaces:
        for ring in (space.outline.exterior, *space.outline.interiors):
            pen.line([placed(xy) for xy in ring.coords], fill=WALL, width=3)
    for door in storey.doors:
        for way in (-1, 1):
            at = _beside(door, way)
            behind = next((one for one in spaces if one.outline.contains(Point(at))), None)
            colour = _colour(behind, departments) if behind else (255, 255, 255)
            ends = _gap(door, way)
            pen.line([placed(xy) for xy in ends], fill=colour, width=3)
    for space in spaces:
        if label := label_of(space):
            middle = placed(_middle(space.outline))
            _write(pen, middle, label, 16, "white", (60, 60, 60))
    return image


def label_of(space: Space) -> str:
    """What is written in it; on open floor nothing."""
    return CALLED.get(space.kind, "" if space.kind in OPEN else space.ref)


def _colour(space: Space, departments: Sequence[str]) -> tuple[int, int, int]:
    if space.kind in OPEN:
        return PALE
    if space.kind == "closed":
        return VOID
    if space.kind in ("elevator", "escalator"):
        return LIFT
    if space.kind == "stairs":
        return STAIRS
    if space.category.startswith("toilet"):
        return TOILET
    at = departments.index(space.department) if space.department else len(departments)
    return DEPARTMENTS[at % len(DEPARTMENTS)]


def _middle(outline: Polygon) -> Dot:
    inside = outline.centroid if outline.contains(outline.centroid) else None
    point = inside or outline.representative_point()
    return point.x, point.y


def _gap(door: Door, way: int) -> list[Dot]:
    """One half of the gap in a wall, beside its line."""
    (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
    length = door.line.length
    wide = length if door.kind == "open" else min(length, DOOR_DOTS / DOTS_PER_M)
    x, y = (bx - ax) / length, (by - ay) / length
    off = way / DOTS_PER_M
    return [
        (ax + at * x - off * y, ay + at * y + off * x)
        for at in ((length - wide) / 2, (length + wide) / 2)
    ]


def _beside(door: Door, way: int) -> Dot:
    """A point in what is on one side of it."""
    (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
    off = way * 0.2 / door.line.length
    return (ax + bx) / 2 - off * (by - ay), (ay + by) / 2 + off * (bx - ax)


def _write(
    pen: ImageDraw.ImageDraw,
    middle: Dot,
    text: str,
    size: int,
    ink: str | tuple[int, int, int],
    rim: str | tuple[int, int, int],
) -> None:
    font = ImageFont.load_default(size)
    width = 1 if size < 30 else 0
    pen.text(middle, text, ink, font, anchor="mm", stroke_width=width, stroke_fill=rim)
