"""Photos as a phone keeps them: small, upright, and with no data but the picture.

Cameras write the time, the place and their owner's name into a file; all of it is removed.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exporter.bundle.columns import deltas
from navkit.guidance.photos import photos_on_the_way
from navkit.guide import Guide
from navkit.venue.venue import Photo, name_in
from navkit.words.findings import Finding, NavkitError

MOST_BYTES = 30_000
"""Per photo: a phone keeps dozens of them beside the map."""
LONGEST_PX = (960, 800, 640, 480, 320)
"""Limits for the longer side; the largest that fits is used."""
QUALITIES = (80, 65, 50, 35)
MOST_PIXELS = 150_000_000
"""More than nearly all phone cameras take, and less than fills a small machine's memory; Pillow
opens nothing of more than 178 million."""


@dataclass(frozen=True)
class Picture:
    """A photo as WebP."""

    content: bytes
    width_px: int
    height_px: int


def shrunk(
    photos: Sequence[Photo], folder: Path | None
) -> tuple[dict[str, Picture], tuple[Finding, ...]]:
    """Pictures by file name; and, for photos that are left out, the reason."""
    pictures: dict[str, Picture] = {}
    findings = []
    for name in dict.fromkeys(photo.file for photo in photos):
        try:
            pictures[name] = shrink(_read(name, folder))
        except NavkitError as error:
            findings.append(Finding(error.finding.code, name, error.finding.slots))
    return pictures, tuple(findings)


def _read(name: str, folder: Path | None) -> bytes:
    if folder is None:
        raise NavkitError("photo-folder-missing")
    try:
        return (folder / name).read_bytes()
    except OSError:
        raise NavkitError("photo-missing", folder=str(folder)) from None


def shrink(content: bytes) -> Picture:
    """A photo of at most `MOST_BYTES`, the same bytes on one machine.

    `NavkitError` if this is not a picture, or one that no camera can have taken.
    """
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise NavkitError("photo-no-pillow") from error
    try:
        photo: Any = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
        if photo.width * photo.height > MOST_PIXELS:
            raise _too_large(f"{photo.width} × {photo.height}")
        upright = ImageOps.exif_transpose(photo).convert("RGB")
        return _smallest(upright)
    except NavkitError:
        raise
    except Image.DecompressionBombError as error:
        # Pillow refuses by itself what is larger still, and does not say how large it is.
        raise _too_large("?") from error
    except Exception as error:
        # Parsers of foreign files fail in many ways; one bad photo must not stop the build.
        raise NavkitError("photo-unreadable") from error


def _too_large(pixels: str) -> NavkitError:
    return NavkitError("photo-too-large", pixels=pixels)


def _smallest(upright: Any) -> Picture:
    for longest in LONGEST_PX:
        upright.thumbnail((longest, longest))
        for quality in QUALITIES:
            out = io.BytesIO()
            upright.save(out, "WEBP", quality=quality)
            if out.tell() <= MOST_BYTES:
                return Picture(out.getvalue(), *upright.size)
    raise NavkitError("photo-unreadable")


def photos_file(
    guide: Guide, languages: Sequence[str], pictures: dict[str, tuple[str, Picture]]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Which photo is shown where; `pictures` are the names in the bundle, by file."""
    venue = guide.venue
    numbers = {place.id: number for number, place in enumerate(venue.places)}
    kept = [number for number, photo in enumerate(venue.photos) if photo.file in pictures]
    row_of = {number: row for row, number in enumerate(kept)}
    turns = [
        (node, before, row_of[number])
        for (node, before), number in sorted(photos_on_the_way(guide.network, guide.around).items())
        if number in row_of
    ]
    seen = {row for _, _, row in turns}
    nowhere = tuple(
        Finding("photo-nowhere", venue.photos[number].file)
        for number in kept
        if not venue.photos[number].place and row_of[number] not in seen
    )
    file = {
        "photos": [
            {
                "file": pictures[venue.photos[number].file][0],
                "width_px": pictures[venue.photos[number].file][1].width_px,
                "height_px": pictures[venue.photos[number].file][1].height_px,
                "names": {tag: name_in(venue.photos[number].names, tag) for tag in languages},
            }
            for number in kept
        ],
        "node": deltas([node for node, _, _ in turns]),
        "before": [before - node for node, before, _ in turns],
        "photo": [row for _, _, row in turns],
        "places": [
            [numbers[venue.photos[number].place], row_of[number]]
            for number in kept
            if venue.photos[number].place
        ],
    }
    return file, nowhere
