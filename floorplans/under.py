"""A picture to draw over: a photo, a scan or a page of a PDF, as one picture that browsers show.

Reads like the readers of drawings, in the child of `floorplans.child`.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from floorplans import pdf, picture_file
from floorplans.limits import Limits
from floorplans.sheet import Sheet
from navkit.words.findings import PlanError

LONGEST_PX = 4_000
"""Of the longer side: a floor of 100 m then has 2.5 cm a dot. A guess: phones show it smoothly."""
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
SUFFIXES = (*PICTURES, ".pdf")


@dataclass(frozen=True)
class Under:
    """A WebP without data about who made it, in base64."""

    content: str
    width_px: int
    height_px: int
    pages: int
    """How many pages its file has."""


def read(paths: Sequence[Path], limits: Limits, page: int) -> Under:
    """The picture in a file; of a PDF the page with that number, counted from 1.

    A `PlanError` if it cannot be opened, is too large, or has no such page.
    """
    (path,) = paths
    if path.stat().st_size > limits.file_bytes:
        raise PlanError("file-too-large", path.name, limit=str(limits.file_bytes // 2**20))
    sheet = Sheet(path.name, path.read_bytes(), limits)
    if pdf.is_pdf(sheet.content):
        dots, pages = pdf.dots_of(sheet, page, LONGEST_PX)
    else:
        dots, pages = picture_file.dots_of(sheet), 1
    content, (width, height) = picture_file.shrunk(dots, LONGEST_PX)
    return Under(base64.b64encode(content).decode(), width, height, pages)
