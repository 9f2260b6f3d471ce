"""A small floor painted in the manner of wall pictures, whose rooms and doors are known.

White sheet, title and floor number on top, a band at the bottom; a colour for each department,
pale grey corridors, thin dark walls with gaps where doors are.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Dots = NDArray[np.uint8]
Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]

SIZE = (1000, 1000)
GREY, PALE, WALL = (159, 160, 160), (220, 221, 221), (110, 110, 110)
GREEN, BLUE, YELLOW = (0, 155, 80), (0, 174, 239), (255, 212, 0)
TEAL, TAN, PINK, ORANGE, LIME = (
    (95, 193, 209), (205, 146, 108), (245, 178, 208), (240, 132, 24), (171, 205, 32),
)  # fmt: skip
DOOR = 14
"""Dots of the gap of a door."""
CORRIDOR = (100, 430, 900, 470)


@dataclass(frozen=True)
class Room:
    """A fill with a name in it."""

    name: str
    box: Box
    colour: Colour
    door: int = 0
    """Where on the corridor's side the middle of its door is; 0 for none."""
    inner: Sequence[Box] = ()
    """Walls within it."""


FLOOR = (
    Room("LIFT", (100, 250, 150, 430), GREEN, 125),
    Room("STAIRS", (150, 250, 220, 430), GREY, 185),
    Room("X-RAY", (220, 250, 400, 430), BLUE, 300, [(300, 250, 300, 330), (220, 330, 280, 330)]),
    Room("PHARMACY", (400, 250, 600, 430), TAN, 450),
    Room("TOILET", (600, 250, 690, 430), YELLOW, 640),
    Room("EMERGENCY", (690, 250, 900, 430), TEAL, 800, [(800, 250, 800, 350)]),
    Room("LABORATORY", (100, 470, 350, 650), PINK, 200),
    Room("LIFT", (350, 470, 410, 650), GREEN, 380),
    Room("SURGERY", (410, 470, 680, 650), ORANGE, 500, [(560, 560, 560, 650)]),
    Room("STAIRS", (680, 470, 760, 650), GREY, 720),
    Room("CARDIOLOGY", (760, 470, 900, 650), LIME, 820),
)
"""A lift and stairs at each end, and seven places."""

UPSTAIRS = (
    *(room for room in FLOOR if room.name in ("LIFT", "STAIRS")),
    Room("WARD 5", (220, 250, 690, 430), BLUE, 300, [(300, 250, 300, 330), (500, 250, 500, 430)]),
    Room("TOILET", (690, 250, 900, 430), YELLOW, 800),
    Room("DIALYSIS", (100, 470, 350, 650), PINK, 200),
    Room("OPHTHALMOLOGY", (410, 470, 680, 650), ORANGE, 500),
    Room("NEUROLOGY", (760, 470, 900, 650), LIME, 820),
)


def painted(rooms: Iterable[Room] = FLOOR, number: str = "1F") -> Image.Image:
    """The picture of one floor; the corridor has an entrance on its left."""
    image = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(image)
    _write(pen, (250, 90), "FLOOR PLAN", 40, "black", "white")
    _write(pen, (850, 110), number, 120, (34, 126, 135), "white")
    pen.rectangle((0, 900, SIZE[0], SIZE[1]), fill=(34, 126, 135))
    pen.rectangle(CORRIDOR, fill=PALE)
    rooms = list(rooms)
    for room in rooms:
        pen.rectangle(room.box, fill=room.colour)
    for room in rooms:
        for wall in room.inner:
            pen.line(wall, fill=WALL, width=3)
        pen.rectangle((*room.box[:2], room.box[2] + 1, room.box[3] + 1), outline=WALL, width=3)
    left, top, right, bottom = CORRIDOR
    pen.line((right, top, right, bottom), fill=WALL, width=3)
    pen.line((left, top, left, top + 10), fill=WALL, width=3)
    pen.line((left, bottom - 10, left, bottom), fill=WALL, width=3)
    for room in rooms:
        if room.door:
            row = bottom if room.box[1] == bottom else top
            gap = (room.door - DOOR // 2, row - 3, room.door + DOOR // 2, row + 3)
            half = (gap[0], row, *gap[2:]) if row == bottom else (*gap[:3], row)
            pen.rectangle(gap, fill=PALE)
            pen.rectangle(half, fill=room.colour)
        left, top_of, right, bottom_of = room.box
        # Names beside each other would be read as one.
        low = 50 if room.colour == GREY else 20
        middle = ((left + right) // 2, (top_of + bottom_of) // 2 + low)
        size = 20 if right - left > 100 else 16
        _write(pen, middle, room.name, size, "white", (60, 60, 60))
    return image


def _write(
    pen: ImageDraw.ImageDraw,
    middle: tuple[int, int],
    text: str,
    size: int,
    ink: str | Colour,
    rim: str | Colour,
) -> None:
    font = ImageFont.load_default(size)
    width = 1 if size < 30 else 0
    pen.text(middle, text, ink, font, anchor="mm", stroke_width=width, stroke_fill=rim)


def file_of(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **({"quality": 92} if kind == "JPEG" else {}) | options)
    return stream.getvalue()


def moved(image: Image.Image, factor: float, shift: tuple[int, int]) -> Image.Image:
    """The same sheet, with all on it smaller and elsewhere."""
    sheet = Image.new("RGB", image.size, "white")
    smaller = image.crop((0, 0, SIZE[0], 880))
    size = (round(smaller.width * factor), round(smaller.height * factor))
    sheet.paste(smaller.resize(size, Image.Resampling.LANCZOS), shift)
    return sheet


def photo_of(
    image: Image.Image,
    tilt: float = 0.04,
    blur: float = 0.5,
    shade: float = 0.2,
    glare: float = 0.0,
) -> Image.Image:
    """As a phone sees it on a wall: in perspective, not quite sharp, lit from one side.

    `tilt` is how far corners move, in widths of the picture; `blur` in dots; `shade` how much
    darker the dark side is; `glare` how white the reflection of a lamp is.
    """
    dots = np.asarray(image, dtype=np.uint8)
    rows, columns = dots.shape[:2]
    room = round(0.08 * columns)
    wide, high = columns + 2 * room, rows + 2 * room
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float32)
    move = tilt * columns
    seen = corners + room
    seen += np.array([[move, 0], [0, move / 2], [-move / 2, 0], [0, -move / 3]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    wall = np.full((high, wide, 3), (96, 88, 80), dtype=np.uint8)
    photo = cv2.warpPerspective(
        dots,
        matrix,
        (wide, high),
        dst=wall,
        borderMode=cv2.BORDER_TRANSPARENT,
        flags=cv2.INTER_AREA,
    ).astype(np.float32)
    if blur:
        photo = cv2.GaussianBlur(photo, (0, 0), blur)
    light = 1 - shade * np.linspace(0, 1, wide, dtype=np.float32)[None, :, None]
    photo *= light
    if glare:
        y, x = np.mgrid[:high, :wide].astype(np.float32)
        away = ((x - 0.7 * wide) ** 2 + (y - 0.25 * high) ** 2) / (0.12 * wide) ** 2
        photo += (glare * 255 * np.exp(-away))[..., None]
    grain = np.random.default_rng(5).normal(0, 2, photo.shape)
    return Image.fromarray(np.clip(photo + grain, 0, 255).astype(np.uint8))
