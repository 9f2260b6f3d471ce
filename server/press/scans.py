"""Codes that somebody has scanned where they hang: only those count as hung."""

from dataclasses import dataclass

from navkit.venue.lookup import folded
from navkit.venue.venue import Anchor, Venue
from navkit.words.findings import NavkitError
from server.data.rows import Rows
from server.staff import audit
from server.staff.deed import Deed


@dataclass(frozen=True)
class Scan:
    """Who found a code where the map has it, and when last."""

    code: str
    person: str
    at_ms: int


def code_in(text: str) -> str:
    """The code in what a camera read or somebody typed: an address, ``navkit:CODE``, or itself."""
    text = text.strip()
    for mark in ("#a=", "&a=", "navkit:"):
        text = text.partition(mark)[2] or text
    return text.partition("&")[0]


def scan(deed: Deed, venue: Venue, text: str) -> Anchor:
    """Somebody stands before a code. `NavkitError` if the map has no such code."""
    wanted = folded(code_in(text))
    found = [one for one in venue.anchors if wanted in (folded(one.code), folded(one.id))]
    if not wanted or len(found) != 1:
        raise NavkitError("code-unknown", code_in(text)[:40], field="code")
    anchor = found[0]
    with deed.rows.write():
        deed.rows.run(
            "INSERT INTO scans (hospital, code, hangs, person, at_ms) VALUES (?, ?, ?, ?, ?)",
            *(deed.hospital, anchor.id, _hangs(anchor), deed.person.name, deed.now_ms),
        )
        audit.note(deed, "scan-code", code=anchor.code or anchor.id)
    return anchor


def scanned(rows: Rows, hospital: str, venue: Venue) -> dict[str, Scan]:
    """By anchor, its last scan. One that hangs elsewhere now does not count any more."""
    hangs = {one.id: _hangs(one) for one in venue.anchors}
    found = rows.all("SELECT * FROM scans WHERE hospital = ? ORDER BY id", hospital)
    return {
        row["code"]: Scan(row["code"], row["person"], row["at_ms"])
        for row in found
        if hangs.get(row["code"]) == row["hangs"]
    }


def _hangs(anchor: Anchor) -> str:
    x, y = anchor.point
    return f"{anchor.space} {x:.1f} {y:.1f}"
