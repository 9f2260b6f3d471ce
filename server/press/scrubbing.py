"""Checks that files are still as they were written. A damaged file is rewritten from its copy; if
there is none, an alarm stays on until there is.

A blob has a copy in what phones read, and what phones read is made of blobs. A file without either
may be in a backup: `navkit heal`. A path here is relative to the data folder.
"""

import gzip
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from exporter.bundle.bundle import zip_bundle
from exporter.site.site import offered, page_names
from navkit.words.findings import NavkitError
from server.builds.building import read_bundle
from server.data.alone import alone
from server.data.files import path_of
from server.data.lasting import write_lasting
from server.data.rows import Row, Rows, count, one
from server.press import closures, publishing, trust
from server.press.leading import fits, is_for_good, is_hashed, leads
from server.press.press import Press, packed, packed_name, unpacks
from server.staff import audit
from server.staff.deed import Deed
from server.staff.roles import NOBODY

CHANGED, MISSING = "changed", "missing"
DAY_MS = 24 * 3600_000
BYTES_A_S = 16 * 2**20
"""Maximum read rate while a server serves: a terabyte in a day. A guess: a tenth of what a
slow disk can do."""
LOCK = "work/scrubbing"

WHOLE, HEALED, DAMAGED = "whole", "healed", "damaged"
"""The state of a file after it was checked."""

Content = Callable[[], bytes]

log = logging.getLogger("navkit.server")


@dataclass(frozen=True)
class Scrubbed:
    """The result of one check of everything."""

    files: int
    bytes: int
    healed: tuple[str, ...]
    damaged: tuple[str, ...]


# --------------------------------------------------------------------- alarms


def alarm(rows: Rows, now_ms: int, path: str, why: str) -> None:
    """Something is damaged: monitors and administrators see it until it is healed."""
    with rows.write():
        if one(rows, "SELECT path FROM damages WHERE path = ?", path):
            return
        rows.run("INSERT INTO damages (path, why, found_ms) VALUES (?, ?, ?)", path, why, now_ms)
        audit.note(_by_itself(rows, now_ms, path), "find-damage", path=path, why=why)
    log.error(json.dumps({"damaged": path, "why": why}))


def _settle(rows: Rows, now_ms: int, path: str, *, is_healed: bool) -> None:
    with rows.write():
        was_known = rows.run("DELETE FROM damages WHERE path = ?", path)
        if is_healed or was_known:
            audit.note(_by_itself(rows, now_ms, path), "heal", path=path)
            log.warning(json.dumps({"healed": path}))


def _by_itself(rows: Rows, now_ms: int, path: str) -> Deed:
    """What the server does about a file by itself."""
    return Deed(rows, now_ms, NOBODY, _hospital(path))


def damages(rows: Rows) -> list[Row]:
    """What is damaged and could not be healed, the oldest first."""
    return rows.all("SELECT * FROM damages ORDER BY found_ms, path")


def count_damages(rows: Rows) -> int:
    """How many files that is."""
    return count(rows, "SELECT COUNT(*) AS n FROM damages")


def last_scrub_ms(rows: Rows) -> int:
    """When everything was last checked, 0 for never."""
    return count(rows, "SELECT MAX(ended_ms) AS n FROM scrubs")


def _hospital(path: str) -> str:
    parts = path.split("/")
    return parts[2] if parts[:2] == ["public", "h"] else ""


# ------------------------------------------------------------------ what there is to be


def _blobs(rows: Rows) -> dict[str, Mapping[str, object]]:
    """Hashes that rows name; for a zip also what its build has made, to make it again."""
    found: dict[str, Mapping[str, object]] = {
        row["sha256"]: {}
        for table in ("sources", "underlays")
        for row in rows.all(f"SELECT DISTINCT sha256 FROM {table}")
    }
    for row in rows.all("SELECT result FROM jobs WHERE state = 'done'"):
        made = json.loads(row["result"])
        kept = [made["venue"], made["review"], *(sha256 for _, _, sha256 in made["parts"])]
        # Older builds stored neither pages of findings nor drawings.
        kept += [page for pages in made.get("findings", {}).values() for page in pages]
        drawn = made.get("drawings", {}).values()
        kept += [sha256 for by_tag in drawn for sha256, _ in by_tag.values()]
        found |= {sha256: {} for sha256 in kept} | {made["zip"]: made}
    found.pop("", None)
    return found


def _wanted(rows: Rows, press: Press, now_ms: int, hospital: Row) -> dict[str, Content]:
    """Everything that phones of a hospital may read except the signed files, by path in the public
    folder, and how its content is made; files that refer to others come last."""
    found: dict[str, Content] = {}
    base, now = f"h/{hospital['id']}", publishing.shown(rows, hospital["id"])
    for name, sha256 in publishing.still_read(rows, now_ms, hospital["id"]).items():
        for path in (f"bundle/{name}", f"stick/{name}.js"):
            found[f"{base}/{path}"] = partial(_offered, press, name, sha256, path)
    if now and not _is_lost(press):
        # Made once for all of them, and only if it is needed.
        pages = cache(partial(publishing.pages_of, press, now, now_ms))
        for name in page_names():
            found[f"{base}/{name}"] = partial(_page, pages, f"{base}/{name}")
    for path in [*found]:
        if name := packed_name(path):
            found[name] = partial(_packed, found[path])
    if now or hospital["number"]:
        closed = partial(_closures, rows, press, hospital["id"], now_ms)
        found[f"{base}/{closures.NAME}"] = closed
    return dict(sorted(found.items(), key=lambda item: leads(item[0])))


def _offered(press: Press, name: str, sha256: str, path: str) -> bytes:
    return offered(name, press.files.read(sha256))[path]


def _page(pages: Callable[[], Mapping[str, bytes]], path: str) -> bytes:
    return pages()[path]


def _closures(rows: Rows, press: Press, hospital: str, now_ms: int) -> bytes:
    return closures.file(rows, hospital, _written_ms(press, hospital, now_ms))


def _written_ms(press: Press, hospital: str, now_ms: int) -> int:
    """When the closures were last written; closures that had ended by then are left out."""
    with suppress(OSError):
        return (press.folder(hospital) / closures.NAME).stat().st_mtime_ns // 1_000_000
    return now_ms


def _packed(content: Content) -> bytes:
    return packed(content())


def _unsigned(press: Press) -> list[str]:
    """Signed files that are missing or altered; the pointer if everything signed is lost."""
    lost = [trust.POINTER] if _is_lost(press) else []
    return trust.damaged(press.public) or lost


def _is_lost(press: Press) -> bool:
    """Whether it is unknown what was signed: a page that trusts nobody must not replace one
    that trusts a hospital."""
    try:
        return press.signer.is_lost
    except NavkitError:
        return False


# ---------------------------------------------------------------------- looking


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size
    return 0


def _why_not(press: Press, path: str, content: Content) -> str:
    """What is wrong with a file that phones read, empty if nothing is."""
    file = press.public / path
    try:
        there = file.read_bytes()
    except FileNotFoundError:
        return MISSING
    except OSError:
        return CHANGED
    if is_hashed(path):
        return "" if fits(path, there) else CHANGED
    try:
        meant = content()
    except NavkitError:
        # Its own damage is reported elsewhere; so are files that are not signed yet.
        return ""
    if path.endswith(".gz"):
        return "" if unpacks(there, gzip.decompress(meant)) else CHANGED
    return "" if there == meant else CHANGED


def _look(rows: Rows, press: Press, now_ms: int) -> Iterator[tuple[str, int, str]]:
    """Every file that must be there: its path, its size, and what is wrong with it."""
    files = press.files
    named = set(_blobs(rows))
    for sha256 in sorted(named | set(files.hashes())):
        file = files.path(sha256)
        whole = files.is_whole(sha256)
        yield path_of(sha256), _size(file), "" if whole else CHANGED if file.exists() else MISSING
    for hospital in publishing.hospitals(rows):
        for path, content in _wanted(rows, press, now_ms, hospital).items():
            yield f"public/{path}", _size(press.public / path), _why_not(press, path, content)
    for path in _unsigned(press):
        why = CHANGED if (press.public / path).exists() else MISSING
        yield f"public/{path}", 0, why


# ---------------------------------------------------------------------- healing


def _heal(rows: Rows, press: Press, now_ms: int, path: str, spare: Path | None) -> str:
    """`WHOLE`, `HEALED` or `DAMAGED`. Written beside it, then put in place: if the disk is full,
    the existing file stays."""
    top, _, rest = path.partition("/")
    if top == "blobs":
        return _heal_blob(rows, press, path.rpartition("/")[2], spare)
    # The expected content may have changed since the check.
    with rows.write():
        hospital = publishing.hospital_of(rows, _hospital(path))
        wanted = _wanted(rows, press, now_ms, hospital) if hospital else {}
        if rest in wanted:
            return _heal_public(press, rest, wanted[rest])
        if rest not in _unsigned(press):
            return WHOLE
        written_ms = _written_ms(press, _hospital(path), now_ms)
        closed = partial(closures.signed, rows, press, _hospital(path), written_ms)
        return _heal_signed(press, rest, wanted, closed, spare)


def _heal_blob(rows: Rows, press: Press, sha256: str, spare: Path | None) -> str:
    if press.files.is_whole(sha256):
        return WHOLE
    if press.files.heal(sha256, spare):
        return HEALED
    made = _blobs(rows).get(sha256)
    if made and press.files.keep(zip_bundle(read_bundle(press.files, made))) == sha256:
        return HEALED
    return DAMAGED


def _heal_public(press: Press, path: str, content: Content) -> str:
    if not _why_not(press, path, content):
        return WHOLE
    write_lasting(press.public / path, content())
    return HEALED


def _heal_signed(
    press: Press,
    path: str,
    wanted: Mapping[str, Content],
    closed: Content,
    spare: Path | None,
) -> str:
    """A signed file has a copy in a backup, or is made from the rows."""
    found = _copies(path, wanted, closed, spare)
    content = next((c for c in found if trust.is_as_signed(press.public, path, c)), None)
    if content is None:
        return DAMAGED
    write_lasting(press.public / path, content)
    return HEALED


def _copies(
    path: str, wanted: Mapping[str, Content], closed: Content, spare: Path | None
) -> Iterator[bytes]:
    # Only immutable files: phones would refuse an older timestamp.
    if spare and is_for_good(path):
        with suppress(OSError):
            yield (spare / "public" / path).read_bytes()
    if is_hashed(path):
        releases = (make for name, make in wanted.items() if name.endswith("bundle/release.json"))
        for make in (closed, *releases):
            yield make()


def _treat(
    rows: Rows, press: Press, now_ms: int, path: str, why: str, spare: Path | None = None
) -> str:
    """Heal it, else raise an alarm."""
    try:
        outcome = _heal(rows, press, now_ms, path, spare)
    except (NavkitError, OSError) as error:
        said = error.finding.code if isinstance(error, NavkitError) else str(error.strerror)
        log.error(json.dumps({"healing": path, "failed": said}))
        outcome = DAMAGED
    if outcome == DAMAGED:
        alarm(rows, now_ms, path, why)
    else:
        _settle(rows, now_ms, path, is_healed=outcome == HEALED)
    return outcome


def scrub(
    rows: Rows,
    press: Press,
    now_ms: int,
    spare: Path | None = None,
    rest: Callable[[int], None] = lambda bytes_: None,
    tell: Callable[[str, str], None] = lambda act, path: None,
) -> Scrubbed:
    """Check everything, heal what can be healed, and report the rest. `rest` is called after each
    file with its size; `tell` gets `HEALED` or `DAMAGED` and the path. `NavkitError` if another
    process is doing it."""
    files, size = 0, 0
    found: dict[str, list[str]] = {WHOLE: [], HEALED: [], DAMAGED: []}
    try:
        with alone(press.files.folder / LOCK, 0):
            for path, bytes_, why in _look(rows, press, now_ms):
                files, size = files + 1, size + bytes_
                if why:
                    outcome = _treat(rows, press, now_ms, path, why, spare)
                    found[outcome].append(path)
                    tell(outcome, path)
                rest(bytes_)
            for row in damages(rows):
                if row["path"] not in found[DAMAGED]:
                    _treat(rows, press, now_ms, row["path"], row["why"], spare)
            with rows.write():
                rows.run("DELETE FROM scrubs")
                rows.run(
                    "INSERT INTO scrubs (ended_ms, files, bytes, damaged) VALUES (?, ?, ?, ?)",
                    *(now_ms, files, size, len(found[DAMAGED])),
                )
    except TimeoutError:
        raise NavkitError("scrub-busy", str(press.files.folder)) from None
    return Scrubbed(files, size, tuple(found[HEALED]), tuple(found[DAMAGED]))


def watch(rows: Rows, press: Press, now_ms: int) -> None:
    """A quick check: restore missing files for phones, and retry healing files
    that are known to be damaged."""
    bad = {row["path"]: row["why"] for row in damages(rows)}
    for hospital in publishing.hospitals(rows):
        for path in _wanted(rows, press, now_ms, hospital):
            if not (press.public / path).exists():
                bad[f"public/{path}"] = MISSING
    bad |= {f"public/{path}": CHANGED for path in _unsigned(press)}
    for path, why in bad.items():
        _treat(rows, press, now_ms, path, why)
