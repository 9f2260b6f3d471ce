"""Pictures that lie under floors while staff draw: which, and where, in versions.

A picture is laid by where its four corners are, so that it can be moved, turned, scaled and
straightened. None of it is in a bundle.
"""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from shapely import Polygon

from floorplans.child import under_apart
from floorplans.under import SUFFIXES
from navkit.words.findings import NavkitError
from server.builds import drafts
from server.data.files import Files
from server.data.rows import Row, Rows, one
from server.staff import audit
from server.staff.deed import Deed

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]
"""Where the corners of a picture are, in metres: upper left, upper right, lower right, lower
left."""

WIDE_M = 40.0
"""How wide a picture lies before anybody has said its scale. A guess."""
PERCENT = 70
"""How opaque a picture is at first: rooms can be told under it."""
MOST_M = 1e5
"""Nothing of a hospital is further away than this."""
LEAST_M2 = 0.01
"""A picture that covers less was laid by mistake."""


@dataclass(frozen=True)
class Underlay:
    """One version of what lies under a floor."""

    level: str
    version: int = 0
    name: str = ""
    """The file's own."""
    sha256: str = ""
    """Of the picture, a WebP; empty if there is none, or none any more."""
    width_px: int = 0
    height_px: int = 0
    corners: Corners = ((0.0, 0.0),) * 4
    percent: int = PERCENT
    """How opaque it is."""
    person: str = ""
    at_ms: int = 0


def _underlay(row: Row) -> Underlay:
    said = {name: row[name] for name in Underlay.__dataclass_fields__}
    points = [(float(x), float(y)) for x, y in json.loads(row["corners"])]
    return Underlay(**{**said, "corners": tuple(points)})


def latest(rows: Rows, hospital: str, level: str) -> Underlay:
    """What lies under a floor now; version 0 if nothing ever did."""
    row = one(
        rows,
        "SELECT * FROM underlays WHERE hospital = ? AND level = ? ORDER BY version DESC LIMIT 1",
        *(hospital, level),
    )
    return _underlay(row) if row else Underlay(level)


def version_of(rows: Rows, hospital: str, level: str, version: int) -> Underlay:
    """An older version; `NavkitError` if there is none."""
    row = one(
        rows,
        "SELECT * FROM underlays WHERE hospital = ? AND level = ? AND version = ?",
        *(hospital, level, version),
    )
    if not row:
        raise NavkitError("request-refused", status="400")
    return _underlay(row)


def is_known(rows: Rows, hospital: str, level: str, sha256: str) -> bool:
    """Whether that picture lies or lay under the floor."""
    found = one(
        rows,
        "SELECT id FROM underlays WHERE hospital = ? AND level = ? AND sha256 = ?",
        *(hospital, level, sha256),
    )
    return bool(sha256) and found is not None


def _others(rows: Rows, hospital: str, level: str) -> list[Underlay]:
    """What lies under the other floors now, the last laid first."""
    found = rows.all(
        "SELECT * FROM underlays u WHERE hospital = ? AND level <> ? AND sha256 <> '' AND version ="
        " (SELECT MAX(version) FROM underlays v WHERE v.hospital = u.hospital"
        "  AND v.level = u.level) ORDER BY at_ms DESC, id DESC",
        *(hospital, level),
    )
    return [*map(_underlay, found)]


def opened(files: Files, name: str, content: bytes, page: int) -> dict[str, Any]:
    """A picture, or a page of a PDF, as it is kept: decoded in a child process, with nothing in it
    but the picture."""
    name = drafts.shown_name(name)[:120]
    if not name.lower().endswith(SUFFIXES):
        raise NavkitError("upload-not-taken", name, formats=" ".join(SUFFIXES))
    if not content:
        raise NavkitError("upload-empty", name)
    with TemporaryDirectory(dir=files.work) as folder:
        place = Path(folder) / f"under{Path(name).suffix.lower()}"
        place.write_bytes(content)
        try:
            found = under_apart(place, page)
        except NavkitError as error:
            raise NavkitError(error.finding.code, name, **error.finding.slots) from error
    return {
        "name": name,
        "sha256": files.keep(base64.b64decode(found.content)),
        "width_px": found.width_px,
        "height_px": found.height_px,
    }


def laid(now: Underlay, others: Sequence[Underlay], width_px: int, height_px: int) -> Corners:
    """Where a new picture lies at first: where one of the same size lies on this floor, or on
    another one, for floors are scanned and plotted alike; else upright from the origin on."""
    for other in ([now] if now.sha256 else []) + [*others]:
        if (other.width_px, other.height_px) == (width_px, height_px):
            return other.corners
    high_m = round(WIDE_M * height_px / width_px, 3)
    return ((0.0, high_m), (WIDE_M, high_m), (WIDE_M, 0.0), (0.0, 0.0))


def put(deed: Deed, level: str, picture: dict[str, Any], seen: int) -> Underlay:
    """Lay a picture that was `opened` under a floor, by somebody who saw version `seen`."""
    now = latest(deed.rows, deed.hospital, level)
    others = _others(deed.rows, deed.hospital, level)
    corners = laid(now, others, picture["width_px"], picture["height_px"])
    return _add(deed, replace(now, **picture, corners=corners), seen)


def place(deed: Deed, level: str, corners: Any, percent: Any, seen: int) -> Underlay:
    """Lay the picture of a floor elsewhere, or make it more or less opaque; None for as it is."""
    now = latest(deed.rows, deed.hospital, level)
    if not now.sha256:
        raise NavkitError("no-underlay")
    if corners is not None:
        now = replace(now, corners=checked(corners))
    if percent is not None:
        if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= 100:
            raise NavkitError("request-refused", status="400")
        now = replace(now, percent=percent)
    return _add(deed, now, seen)


def remove(deed: Deed, level: str, seen: int) -> Underlay:
    """Take the picture away; its versions stay."""
    return _add(deed, replace(latest(deed.rows, deed.hospital, level), sha256=""), seen)


def restore(deed: Deed, level: str, version: int, seen: int) -> Underlay:
    """An older version again, as a new one; 0 is nothing at all."""
    if not version:
        return remove(deed, level, seen)
    return _add(deed, version_of(deed.rows, deed.hospital, level, version), seen)


def checked(corners: Any) -> Corners:
    """The corners as a browser sends them; `NavkitError` if nothing can lie so."""
    try:
        points = [(round(float(x), 3), round(float(y), 3)) for x, y in corners]
    except (TypeError, ValueError, OverflowError):
        raise NavkitError("request-refused", status="400") from None
    if len(points) != 4 or not all(
        math.isfinite(m) and abs(m) <= MOST_M for p in points for m in p
    ):
        raise NavkitError("underlay-folded")
    area = Polygon(points)
    # Seen from above it is not mirrored: clockwise, as it is read.
    if not area.is_valid or area.area < LEAST_M2 or area.exterior.is_ccw or not _is_convex(points):
        raise NavkitError("underlay-folded")
    first, second, third, fourth = points
    return (first, second, third, fourth)


def _is_convex(points: Sequence[Point]) -> bool:
    return Polygon(points).convex_hull.area <= Polygon(points).area * (1 + 1e-9)


def _add(deed: Deed, meant: Underlay, seen: int) -> Underlay:
    rows = deed.rows
    with rows.write():
        now = latest(rows, deed.hospital, meant.level)
        if now.version != seen:
            raise NavkitError("underlay-changed-meanwhile", person=now.person)
        new = replace(meant, version=now.version + 1, person=deed.person.name, at_ms=deed.now_ms)
        said = {**vars(new), "corners": json.dumps(new.corners)}
        names = ", ".join(said)
        rows.run(
            f"INSERT INTO underlays (hospital, {names}) VALUES (?, {', '.join('?' * len(said))})",
            deed.hospital,
            *said.values(),
        )
        did = {"level": new.level, "name": new.name, "version": new.version}
        audit.note(deed, "put-underlay" if new.sha256 else "remove-underlay", **did)
    return new
