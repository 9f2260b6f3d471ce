"""Photos of the made-up hospital, drawn, because nobody can take them."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

SIZE_PX = (1600, 1200)
WALL, FLOOR, CEILING, FAR = "#e8ecef", "#b8c4cb", "#f7f8f9", "#d4dce1"
OPENING, DOOR, FRAME = "#8fa7b5", "#c8a77a", "#7d6748"


def write_photos(photos: list[dict[str, Any]], folder: Path) -> None:
    """A JPEG for each of `photos`: its `file`, the side of the `opening`, the `board`'s colour."""
    folder.mkdir(parents=True, exist_ok=True)
    for photo in photos:
        _corridor(photo["opening"], photo["board"]).save(folder / photo["file"], quality=88)


def _corridor(opening: str, board: str) -> Image.Image:
    """A corridor as a visitor sees it, its end in the middle, with a board above the opening."""
    image = Image.new("RGB", SIZE_PX, WALL)
    draw = ImageDraw.Draw(image)
    width, height = SIZE_PX
    left, right, top, bottom = 0.36 * width, 0.64 * width, 0.36 * height, 0.62 * height
    draw.polygon([(0, height), (width, height), (right, bottom), (left, bottom)], FLOOR)
    draw.polygon([(0, 0), (width, 0), (right, top), (left, top)], CEILING)
    draw.rectangle((left, top, right, bottom), FAR)
    for x in (0.06, 0.16):
        _door(draw, x * width, (x + 0.06) * width, height)
        _door(draw, (1 - x - 0.06) * width, (1 - x) * width, height)
    if opening == "ahead":
        draw.rectangle((0.44 * width, 0.42 * height, 0.56 * width, bottom), DOOR, FRAME, 6)
    else:
        mirrored = -1 if opening == "left" else 1
        draw.polygon(
            [
                (width / 2 + mirrored * x * width, y * height)
                for x, y in ((0.17, 0.39), (0.24, 0.34), (0.24, 0.73), (0.17, 0.65))
            ],
            OPENING,
        )
    draw.rectangle((0.42 * width, 0.24 * height, 0.58 * width, 0.31 * height), board)
    _arrow(draw, opening, width / 2, 0.275 * height, 0.02 * height)
    return image


def _door(draw: ImageDraw.ImageDraw, x0: float, x1: float, height: int) -> None:
    draw.rectangle((x0, 0.42 * height, x1, 0.88 * height), DOOR, FRAME, 6)


def _arrow(draw: ImageDraw.ImageDraw, way: str, x: float, y: float, size: float) -> None:
    along, aside = {
        "left": ((-1, 0), (0, 1)),
        "right": ((1, 0), (0, 1)),
        "ahead": ((0, -1), (1, 0)),
    }[way]
    points = [
        (x + size * (a * along[0] + b * aside[0]), y + size * (a * along[1] + b * aside[1]))
        for a, b in ((2, 0), (0, 1.5), (0, 0.5), (-2, 0.5), (-2, -0.5), (0, -0.5), (0, -1.5))
    ]
    draw.polygon(points, "white")
