"""The dots of a picture file, whatever its colours and however its camera was held.

Everything is checked before a picture is unpacked: a small file may hold a huge picture.
"""

import io
import warnings

import numpy as np
from numpy.typing import NDArray

from floorplans.sheet import Sheet
from navkit.words.findings import PlanError

Dots = NDArray[np.uint8]
"""Rows, columns, and red, green and blue of each."""

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_DOTS = 40_000_000
MOST_SIDE = 20_000
LEAST_SIDE = 300
"""A floor with names on it is never smaller."""

_QUALITY = 85
"""Of a WebP: thin lines of a plan stay sharp. A guess."""
_BEGINS = (b"\x89PNG", b"\xff\xd8\xff")
_WIDE = 256
"""Steps of a channel of 16 bits in one of 8."""


def is_picture(content: bytes) -> bool:
    """Whether a file begins like a PNG, JPEG or WebP."""
    return content.startswith(_BEGINS) or is_webp(content)


def is_webp(content: bytes) -> bool:
    """Whether a file begins like a WebP."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def dots_of(sheet: Sheet) -> Dots:
    """The picture as a camera's owner would hold it; what is transparent is white.

    A `PlanError` if it is broken, moves, or is too small or too large. Needs Pillow.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(sheet.content), formats=FORMATS) as image:
                _check_size(image.size, sheet.name)
                if getattr(image, "n_frames", 1) > 1:
                    raise PlanError("picture-moves", sheet.name)
                image.load()
                upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise _too_large("?", "?", sheet.name) from error
    except (
        UnidentifiedImageError, OSError, SyntaxError, ValueError,
        KeyError, IndexError, EOFError, OverflowError, ZeroDivisionError, TypeError,
    ) as error:  # fmt: skip
        raise PlanError("picture-broken", sheet.name) from error
    if upright.mode.startswith("I"):
        deep = np.asarray(upright, dtype=np.int64) // _WIDE
        upright = Image.fromarray(np.clip(deep, 0, 255).astype(np.uint8))
    if "A" in upright.getbands() or "transparency" in upright.info:
        over = upright.convert("RGBA")
        white = Image.new("RGBA", over.size, "white")
        upright = Image.alpha_composite(white, over)
    return np.ascontiguousarray(np.asarray(upright.convert("RGB"), dtype=np.uint8))


def shrunk(dots: Dots, longest: int) -> tuple[bytes, tuple[int, int]]:
    """A WebP with no side longer than that many dots, and its width and height. Needs Pillow."""
    from PIL import Image

    picture = Image.fromarray(dots)
    picture.thumbnail((longest, longest))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue(), picture.size


def _check_size(size: tuple[int, int], where: str) -> None:
    width, height = map(str, size)
    if max(size) > MOST_SIDE or size[0] * size[1] > MOST_DOTS:
        raise _too_large(width, height, where)
    if min(size) < LEAST_SIDE:
        slots = {"width": width, "height": height, "limit": str(LEAST_SIDE)}
        raise PlanError("picture-too-small", where, **slots)


def _too_large(width: str, height: str, where: str) -> PlanError:
    slots = {"width": width, "height": height, "limit": str(MOST_DOTS // 10**6)}
    return PlanError("picture-too-large", where, **slots)
