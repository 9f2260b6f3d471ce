"""Drafts: the drawings, directory, corrections and photos that a hospital is working on.

Each source has versions, and nothing that was ever stored is lost. A change names the
version that its author saw; if somebody else was faster, `ConflictError` has both.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from exporter.paper import verdicts
from floorplans.reading import TAKEN
from floorplans.unread import by_name
from navkit.venue import corrections, directory, echo, edits, sheets
from navkit.venue.places import naming
from navkit.venue.spreadsheet import as_csv, as_text, from_text
from navkit.venue.venue import Venue
from navkit.venue.workbook import is_workbook
from navkit.words.findings import Finding, NavkitError
from server.builds import answering, offload
from server.data.files import Files
from server.data.rows import Row, Rows, one, value_of
from server.staff import audit
from server.staff.deed import Deed

DIRECTORY = "directory.csv"
CORRECTIONS = "corrections.json"

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "drawing": TAKEN,
    "directory": (".xlsx", ".csv", ".txt"),
    "corrections": (".json",),
    "photo": (".jpg", ".jpeg", ".png", ".webp"),
    "verdicts": (".xlsx", ".csv", ".json"),
}
"""Permitted suffixes, by kind. Whether a drawing can be read is found by the build."""

MOST_BYTES: Mapping[str, int] = dict.fromkeys(("directory", "corrections", "verdicts"), 4 * 2**20)
"""For sources that are checked while somebody waits."""

MOST_ROWS: Mapping[str, int] = {
    "directory": 10_000,
    "corrections": 10_000,
    "verdicts": verdicts.MOST,
}
"""Places of a directory, corrections, and sentences that were read: five times what a large
hospital has. A guess."""

_ONLY = {"directory": DIRECTORY, "corrections": CORRECTIONS, "verdicts": verdicts.FILE}
"""Kinds of which a hospital has one."""

_LONGEST_NAME = 120

_TO_FULL_WIDTH = 0xFEE0
"""From an ASCII sign to the same one in full width."""


Cells = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One version of one source from staff."""

    kind: str
    name: str
    version: int
    sha256: str
    """Empty if this version says that it was removed."""
    bytes: int
    person: str
    at_ms: int


class ConflictError(NavkitError):
    """Somebody else has changed the same thing since it was read."""

    def __init__(self, theirs: Source, mine: str) -> None:
        super().__init__("changed-meanwhile", theirs.name, person=theirs.person)
        self.theirs = theirs
        self.mine = mine
        """Hash of the content that was not stored as a version; it is kept."""


class RowConflictError(ConflictError):
    """Somebody else has changed the same row of the directory."""

    def __init__(
        self,
        now: Source,
        headings: Sequence[str],
        read: tuple[Cells, Cells | None, Cells],
        number: int,
    ) -> None:
        super().__init__(now, "")
        self.headings = tuple(headings)
        self.seen, self.other, self.own = read
        """As it was read, as it is now (None if it is gone), and as it was meant."""
        self.number = number
        """Where the row is now, or a new one would be."""


class ChangeConflictError(ConflictError):
    """Somebody else has made corrections of the same things."""

    def __init__(
        self, now: Source, others: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]
    ) -> None:
        super().__init__(now, "")
        self.others, self.own = tuple(others), tuple(own)


def _source(row: Row) -> Source:
    return value_of(Source, row)


def current(rows: Rows, hospital: str) -> tuple[Source, ...]:
    """The sources of the next build, by kind and name."""
    found = rows.all(
        "SELECT * FROM sources s WHERE hospital = ? AND sha256 <> '' AND version ="
        " (SELECT MAX(version) FROM sources t WHERE t.hospital = s.hospital"
        "  AND t.kind = s.kind AND t.name = s.name) ORDER BY kind, name",
        hospital,
    )
    return tuple(map(_source, found))


def latest(rows: Rows, hospital: str, kind: str, name: str) -> Source:
    """The newest version of a source; version 0 if it never existed."""
    row = one(
        rows,
        "SELECT * FROM sources WHERE hospital = ? AND kind = ? AND name = ?"
        " ORDER BY version DESC LIMIT 1",
        *(hospital, kind, name),
    )
    return _source(row) if row else Source(kind, name, 0, "", 0, "", 0)


def versions(rows: Rows, hospital: str, kind: str, name: str) -> tuple[Source, ...]:
    """All versions of a source, the newest first."""
    found = rows.all(
        "SELECT * FROM sources WHERE hospital = ? AND kind = ? AND name = ? ORDER BY version DESC",
        *(hospital, kind, name),
    )
    return tuple(map(_source, found))


def removed(rows: Rows, hospital: str) -> tuple[Source, ...]:
    """Sources that existed and were removed, by kind and name."""
    found = rows.all(
        "SELECT * FROM sources s WHERE hospital = ? AND sha256 = '' AND version ="
        " (SELECT MAX(version) FROM sources t WHERE t.hospital = s.hospital"
        "  AND t.kind = s.kind AND t.name = s.name) ORDER BY kind, name",
        hospital,
    )
    return tuple(map(_source, found))


def version_of(rows: Rows, hospital: str, kind: str, name: str, version: int) -> Source:
    """An older version of a source; version 0 if there is none."""
    row = one(
        rows,
        "SELECT * FROM sources WHERE hospital = ? AND kind = ? AND name = ? AND version = ?",
        *(hospital, kind, name, version),
    )
    return _source(row) if row else Source(kind, name, 0, "", 0, "", 0)


def shown_name(given: str) -> str:
    """A file's own name, as its owner knows it, without characters that no name should have.

    Signs that a shell or an address would read are in full width, so that two names stay two.
    """
    name = PurePosixPath(given.replace("\\", "/")).name
    name = re.sub(
        r"[!#$%&'*,:;=?@\[\]^`{|}~]", lambda sign: chr(ord(sign[0]) + _TO_FULL_WIDTH), name
    )
    seen = ("_" if c in '"<>' or not c.isprintable() else c for c in name)
    return "".join(seen).strip(". ")


def clean_name(kind: str, given: str) -> str:
    """The name under which an uploaded file is stored; `NavkitError` if its kind is not read."""
    name = shown_name(given)
    suffixes = SUFFIXES.get(kind, ())
    if kind == "drawing" and not name.lower().endswith(suffixes) and (known := by_name(name)):
        raise known.refusal(name[:_LONGEST_NAME])
    if len(name) > _LONGEST_NAME:
        raise NavkitError("upload-name-long", name[:20] + "…", limit=str(_LONGEST_NAME))
    if not name.lower().endswith(suffixes):
        raise NavkitError("upload-not-taken", name[:_LONGEST_NAME], formats=" ".join(suffixes))
    return _ONLY.get(kind, name)


def check_content(kind: str, name: str, content: bytes) -> tuple[bytes, list[Finding]]:
    """The content as it is stored, and what was noticed; small files with obvious mistakes are
    refused at once. Drawings are read separately, by the build."""
    if not content:
        raise NavkitError("upload-empty", name)
    if len(content) > MOST_BYTES.get(kind, len(content)):
        raise NavkitError("upload-too-large", name)
    if kind not in MOST_ROWS:
        return content, []
    # A workbook of 20 kB can be 60 MB of XML: it never is unpacked where pages are served.
    do = offload.apart if is_workbook(content) else offload.do
    return do(_checked_sheet, kind, name, content)


def _checked_sheet(kind: str, name: str, content: bytes) -> tuple[bytes, list[Finding]]:
    findings: list[Finding] = []
    if kind == "directory":
        tables, findings = sheets.tables_of(content, name, directory.is_heading)
        content = _one_sheet(content, tables)
        count = len(directory.read_content(content, name).entries)
    elif kind == "verdicts":
        content, count, findings = _read_verdicts(name, content)
    else:
        data = corrections.decode(content, name)
        count = len(corrections.parse(data, name, corrections.change_lines(content)))
    if count > MOST_ROWS[kind]:
        raise NavkitError("too-many-rows", name, count=str(count), limit=str(MOST_ROWS[kind]))
    return content, findings


def _read_verdicts(name: str, content: bytes) -> tuple[bytes, int, list[Finding]]:
    """What staff wrote into the sheet for review, as a file of verdicts."""
    if content.lstrip().startswith(b"{"):
        return content, len(verdicts.decode(content, name)), []
    said, unread = verdicts.filled_in(content, name)
    return verdicts.encode(said), len(said), unread


def _one_sheet(content: bytes, tables: Sequence[sheets.Table]) -> bytes:
    """A directory as the console keeps it: a CSV with headings in its first row. Rows of several
    sheets are under the headings of all."""
    if not is_workbook(content) and tables[0].first_row == 2:
        return content
    headings: dict[str, str] = {}
    rows: list[dict[str, str]] = []
    for table in tables:
        fields = directory.fields_of(table.headings)
        names = [
            field or heading.strip() or f"#{number}"
            for number, (field, heading) in enumerate(zip(fields, table.headings, strict=True))
        ]
        for name, heading in zip(names, table.headings, strict=True):
            headings.setdefault(name, from_text(heading.strip()))
        here = {"sheet": table.title} if table.title else {}
        rows += [
            {**here, **dict(zip(names, map(from_text, row), strict=False))}
            for row in table.rows
            if any(row)
        ]
        headings |= dict.fromkeys(here, "sheet") if "sheet" not in headings else {}
    cells = tuple(tuple(row.get(name, "") for name in headings) for row in rows)
    return table_file(Table(tuple(headings.values()), cells))


def put(deed: Deed, files: Files, kind: str, name: str, content: bytes | None, seen: int) -> Source:
    """A new version, by somebody who saw version `seen`; `content` None removes the source."""
    rows, hospital = deed.rows, deed.hospital
    sha256 = files.keep(content) if content is not None else ""
    size = len(content or b"")
    # Before the lock is taken: a long file takes a while, and the result is cached.
    _altered(files, latest(rows, hospital, kind, name), kind, sha256, size)
    with rows.write():
        before = latest(rows, hospital, kind, name)
        if before.sha256 == sha256:
            return before
        if before.version != seen and before.sha256:
            raise ConflictError(before, sha256)
        return _add(deed, files, before, sha256, size)


def _add(deed: Deed, files: Files, before: Source, sha256: str, size: int) -> Source:
    """The next version, and its line in the log; inside `rows.write()`."""
    kind, name, person = before.kind, before.name, deed.person.name
    new = Source(kind, name, before.version + 1, sha256, size, person, deed.now_ms)
    deed.rows.run(
        "INSERT INTO sources (hospital, kind, name, version, sha256, bytes, person, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(deed.hospital, kind, name, new.version, sha256, size, person, deed.now_ms),
    )
    said = {"kind": kind, "name": name, "version": new.version, "sha256": sha256}
    said |= _altered(files, before, kind, sha256, size)
    audit.note(deed, "put" if sha256 else "remove", **said)
    return new


MOST_TOLD = 20
"""Rows or corrections of one change that the log lists; the rest is counted."""


def _altered(files: Files, before: Source, kind: str, sha256: str, size: int) -> dict[str, Any]:
    """What a new version adds and removes, for the log; for drawings and photos their size."""
    if kind not in _PARTS or not sha256:
        return {"changed": {"bytes": [before.bytes, size]}}
    return _told(files, kind, before.sha256, sha256)


@lru_cache(maxsize=32)
def _told(files: Files, kind: str, before: str, after: str) -> dict[str, Any]:
    old = files.read(before) if before else b""
    return offload.do(_told_of, kind, old, files.read(after))


def _told_of(kind: str, before: bytes, after: bytes) -> dict[str, Any]:
    told = _PARTS[kind](before, after)
    more = sum(len(some[MOST_TOLD:]) for some in told.values())
    cut = {name: some[:MOST_TOLD] for name, some in told.items()}
    return cut | ({"more": more} if more else {})


def _changes_told(before: bytes, after: bytes) -> dict[str, list[Any]]:
    old, new = (changes_of(content) if content else [] for content in (before, after))
    kept = set(map(_text, old)) & set(map(_text, new))
    return {
        "removed": [one for one in old if _text(one) not in kept],
        "added": [one for one in new if _text(one) not in kept],
    }


def _rows_told(before: bytes, after: bytes) -> dict[str, list[Any]]:
    """Rows that are new or gone, and each cell that has changed, with the name in its row."""
    old, new = (table_of(content) if content else Table((), ()) for content in (before, after))
    found = edits.edits(old, new)
    fields = edits.columns(new.headings)
    whole = {
        how: [" | ".join(filter(None, one.row)) for one in found if one.how == how]
        for how in ("removed", "added")
    }
    cells = [
        {
            "row": one.row[fields.index("name")],
            "column": fields[one.column],
            "cells": [one.before, one.after],
        }
        for one in found
        if one.how == "changed"
    ]
    return {**whole, "rewritten": cells}


def apart(
    now: Sequence[Source], wanted: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Kind, name and hash of everything to be stored, so that a draft has exactly what is
    wanted; for sources to be removed the hash is empty."""
    has = {(source.kind, source.name): source.sha256 for source in now}
    wants = {(kind, name): sha256 for kind, name, sha256 in wanted}
    return [
        (*key, wants.get(key, ""))
        for key in sorted(has.keys() | wants.keys())
        if has.get(key, "") != wants.get(key, "")
    ]


def restore(
    deed: Deed, files: Files, wanted: Sequence[tuple[str, str, str]], seen: Mapping[str, int]
) -> int:
    """Restore the sources of an older version; returns how many sources changed. The
    caller has `seen` a version of each, by kind and name; nothing is changed if any is newer."""
    rows, hospital = deed.rows, deed.hospital
    with rows.write():
        changes = apart(current(rows, hospital), wanted)
        for kind, name, sha256 in changes:
            before = latest(rows, hospital, kind, name)
            if before.sha256 and before.version != seen.get(f"{kind}/{name}", 0):
                raise ConflictError(before, "")
            known = one(
                rows,
                "SELECT bytes FROM sources WHERE hospital = ? AND sha256 = ? LIMIT 1",
                *(hospital, sha256),
            )
            size = int(known["bytes"]) if known and sha256 else 0
            _add(deed, files, before, sha256, size)
    return len(changes)


def revise(
    deed: Deed, files: Files, kind: str, name: str, decide: Callable[[Source], bytes]
) -> Source:
    """A new version, decided on the newest one; retried if somebody was faster in between."""
    while True:
        now = latest(deed.rows, deed.hospital, kind, name)
        content = decide(now)
        try:
            return put(deed, files, kind, name, content, now.version)
        except ConflictError:
            continue


# ------------------------------------------------------------------- corrections


def changes_of(content: bytes) -> list[dict[str, Any]]:
    """The changes in a stored file of corrections, each as it is there: changes that an older
    server accepted and this one would not are included, so that they can be removed."""
    changes: list[dict[str, Any]] = corrections.decode(content, CORRECTIONS)["changes"]
    return changes


def corrections_file(changes: Sequence[Mapping[str, Any]]) -> bytes:
    """A file of corrections, one change per line, as `navkit import` reads it."""
    lines = ",\n".join(f"  {json.dumps(change, ensure_ascii=False)}" for change in changes)
    return f'{{"navkit-corrections": 1, "changes": [\n{lines}\n]}}\n'.encode()


def targets(change: Mapping[str, Any]) -> frozenset[str]:
    """Ids that a change refers to."""
    return frozenset(filter(None, [change.get("id", ""), *change.get("spaces", ())]))


def add_correction(
    deed: Deed,
    files: Files,
    change: Mapping[str, Any],
    seen: int,
    instead: Sequence[Mapping[str, Any]] = (),
) -> Source:
    """Add one change, as `add_corrections`."""
    return add_corrections(deed, files, [change], seen, instead)


def add_corrections(
    deed: Deed,
    files: Files,
    changes: Sequence[Mapping[str, Any]],
    seen: int,
    instead: Sequence[Mapping[str, Any]] = (),
) -> Source:
    """Add changes that belong together: all of them, in one version, or none. Two people may add
    changes to different things at once; if somebody has made a correction of the same thing since
    version `seen`, it is a conflict. `instead` are changes that are replaced."""
    said = [dict(change) for change in changes]
    corrections.parse({"navkit-corrections": 1, "changes": said}, CORRECTIONS)

    def decide(now: Source) -> bytes:
        before = None
        if now.version != seen:
            old = version_of(deed.rows, deed.hospital, now.kind, now.name, seen)
            before = content_of(files, old)
        content, same = offload.do(_added, content_of(files, now), before, said, tuple(instead))
        if same:
            raise ChangeConflictError(now, same, said)
        return content

    return revise(deed, files, "corrections", CORRECTIONS, decide)


def effect(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change without its notes."""
    return {k: v for k, v in change.items() if k == "do" or k not in corrections.NOTES}


def remove_answers(deed: Deed, files: Files, keys: frozenset[str]) -> Source:
    """Remove the changes that answer one of these findings."""

    def decide(now: Source) -> bytes:
        return offload.do(_unanswered, content_of(files, now), keys)

    return revise(deed, files, "corrections", CORRECTIONS, decide)


def _unanswered(known: bytes, keys: frozenset[str]) -> bytes:
    changes = changes_of(known) if known else []
    return corrections_file([one for one in changes if not keys & answering.keys_of(one)])


def turn_back(deed: Deed, files: Files, made: int, back: int) -> Source:
    """Take back what version `made` of the corrections changed in version `back`: an undo; a
    redo with both exchanged. What others have changed since stays; `ConflictError` if what is to be
    taken back is there no more."""
    after, before = (_version(deed, files, one) for one in (made, back))

    def decide(now: Source) -> bytes:
        known = content_of(files, now)
        if known == after:
            return before or corrections_file(())
        content = offload.do(_turned_back, known, after, before)
        if content is None:
            raise ConflictError(now, "")
        return content

    return revise(deed, files, "corrections", CORRECTIONS, decide)


def _version(deed: Deed, files: Files, number: int) -> bytes:
    """The corrections of a version; before the first there were none."""
    found = version_of(deed.rows, deed.hospital, "corrections", CORRECTIONS, number)
    if found.version != number:
        raise NavkitError("request-refused", status="400")
    return content_of(files, found)


def changes_at(deed: Deed, files: Files, number: int) -> list[dict[str, Any]]:
    """The changes of a version of the corrections."""
    content = _version(deed, files, number)
    return changes_of(content) if content else []


def _turned_back(known: bytes, after: bytes, before: bytes) -> bytes | None:
    """The changes of `known` without those that `after` added to `before`, and with those that it
    removed; None if some are there no more."""
    now, made, back = (changes_of(file) if file else [] for file in (known, after, before))
    for change in made:
        if change not in back and change not in now:
            return None
        if change not in back:
            now.remove(change)
    return corrections_file([*now, *(change for change in back if change not in made)])


def count_of(content: bytes, ids: frozenset[str]) -> int:
    """How many changes of a file refer to one of these."""
    return sum(bool(targets(change) & ids) for change in changes_of(content))


def content_of(files: Files, source: Source) -> bytes:
    """The stored content, empty if there is none."""
    return files.read(source.sha256) if source.sha256 else b""


def _added(
    known: bytes,
    before: bytes | None,
    added: Sequence[Mapping[str, Any]],
    instead: Sequence[Mapping[str, Any]],
) -> tuple[bytes, list[dict[str, Any]]]:
    """The file with more changes; or empty, and the corrections that others have made of the
    same things since `before`."""
    changes = changes_of(known) if known else []
    if before is not None:
        seen = {_text(one) for one in (changes_of(before) if before else [])}
        ids = frozenset().union(*map(targets, added))
        others = [one for one in changes if _text(one) not in seen and one not in instead]
        if same := [one for one in others if targets(one) & ids]:
            return b"", same
    kept = [one for one in changes if one not in instead]
    if len(kept) + len(added) > MOST_ROWS["corrections"]:
        limit, count = str(MOST_ROWS["corrections"]), str(len(kept) + len(added))
        raise NavkitError("too-many-rows", CORRECTIONS, count=count, limit=limit)
    return corrections_file([*kept, *added]), []


def _text(change: Mapping[str, Any]) -> str:
    return json.dumps(change, sort_keys=True)


def changes_part(content: bytes, first: int, most: int) -> tuple[list[dict[str, Any]], int]:
    """Some of the changes in a file of corrections, and how many there are."""
    return offload.do(_changes_part, content, first, most) if content else ([], 0)


def _changes_part(content: bytes, first: int, most: int) -> tuple[list[dict[str, Any]], int]:
    changes = changes_of(content)
    return changes[first : first + most], len(changes)


def remove_correction(deed: Deed, files: Files, number: int, seen: int) -> Source:
    """Remove the change with that number, counted from 0, in version `seen`. Other changes made
    meanwhile stay; if somebody else has removed it already, there is nothing to do."""
    rows, hospital = deed.rows, deed.hospital
    old = version_of(rows, hospital, "corrections", CORRECTIONS, seen)
    meant, _ = changes_part(content_of(files, old), number, 1)
    if not meant:
        raise ConflictError(latest(rows, hospital, "corrections", CORRECTIONS), "")

    def decide(now: Source) -> bytes:
        return offload.do(_without, content_of(files, now), meant[0], number)

    return revise(deed, files, "corrections", CORRECTIONS, decide)


def _without(known: bytes, meant: Mapping[str, Any], number: int) -> bytes:
    """The file without that change, the one nearest to that number if there are several."""
    changes = changes_of(known) if known else []
    same = [n for n, change in enumerate(changes) if change == meant]
    gone = min(same, key=lambda n: abs(n - number), default=None)
    return corrections_file([one for n, one in enumerate(changes) if n != gone])


# ------------------------------------------------------------------- the directory


@dataclass(frozen=True)
class Table:
    """The directory as staff see it: headings, and rows with as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _sheet_of(content: bytes) -> sheets.Table:
    (found,), _ = sheets.tables_of(content, DIRECTORY, directory.is_heading)
    return found


def table_of(content: bytes) -> Table:
    """The cells of a directory."""
    found = _sheet_of(content)
    wide = len(found.headings)
    rows = (list(map(from_text, row)) for row in found.rows)
    padded = tuple(tuple((row + [""] * wide)[:wide]) for row in rows)
    return Table(tuple(map(from_text, found.headings)), padded)


@dataclass(frozen=True)
class TablePart:
    """Some rows of the directory, each with its number counted from 0, and how many fit."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, Cells], ...]
    count: int


def table_part(content: bytes, asked: str, first: int, most: int) -> TablePart:
    """Some of the rows that contain the query."""
    return offload.do(_table_part, content, asked, first, most) if content else TablePart((), (), 0)


def _table_part(content: bytes, asked: str, first: int, most: int) -> TablePart:
    table = table_of(content)
    fits = [(n, row) for n, row in enumerate(table.rows) if asked in " ".join(row).casefold()]
    return TablePart(table.headings, tuple(fits[first : first + most]), len(fits))


def table_row(content: bytes, number: int) -> Table:
    """The headings, and the row with that number if there is one."""
    return offload.do(_table_row, content, number) if content else Table((), ())


def _table_row(content: bytes, number: int) -> Table:
    table = table_of(content)
    return Table(table.headings, table.rows[number : number + 1])


def rows_naming(content: bytes, venue: Venue, thing: str) -> list[directory.Entry]:
    """Rows of a directory that give a space of a venue its name."""
    return offload.do(_rows_naming, content, venue, thing)


def _rows_naming(content: bytes, venue: Venue, thing: str) -> list[directory.Entry]:
    return naming(directory.read_content(content, DIRECTORY), venue, thing)


def echoed(content: bytes, venue: Venue, language: str) -> Sequence[Cells]:
    """How a directory is understood with the rooms of a venue: the headings, then rows that need
    somebody's eye, then the others."""
    # Without anything that it does not need: it may go to another process.
    rooms = replace(
        venue, doors=(), connectors=(), paths=(), places=(), anchors=(), closures=(), photos=(),
        findings=(),
    )  # fmt: skip
    return offload.do(_echoed, content, rooms, language)


def _echoed(content: bytes, venue: Venue, language: str) -> Sequence[Cells]:
    headings, *found = echo.echo(directory.read_content(content, DIRECTORY), venue, language)
    why = echo.COLUMNS.index("why")
    return [headings, *sorted(found, key=lambda row: not row[why])]


def opened_by_people(kind: str, content: bytes) -> bytes:
    """A file as it is downloaded: in a directory no cell is a formula, whoever uploaded it."""
    return offload.do(_as_sheet, content) if kind == "directory" else content


def _as_sheet(content: bytes) -> bytes:
    found = _sheet_of(content)
    cells = (cell for row in (found.headings, *found.rows) for cell in row)
    if all(as_text(from_text(cell)) == cell for cell in cells):
        return content
    return table_file(table_of(content))


def table_file(table: Table) -> bytes:
    """A directory as a spreadsheet opens it."""
    return as_csv((table.headings, *table.rows))


def wrong_rows(content: bytes) -> list[Finding]:
    """What the next build would report about a directory's rows."""
    return list(directory.read_content(content, DIRECTORY).findings)


def check_row(content: bytes, headings: Sequence[str], number: int) -> None:
    """Refuse a row that the next build would report as wrong, naming the cell."""
    said = directory.read_content(content, DIRECTORY).findings
    at = f"{DIRECTORY}:{number + 2}"
    for finding in said:
        if finding.severity != "note" and finding.where.split(", ")[0] == at:
            column = directory.fields_of(headings).index(str(finding.slots["field"]))
            raise NavkitError(finding.code, "", **{**finding.slots, "field": f"cell#{column}"})


def row_at(table: Table, number: int, seen: Cells) -> int | None:
    """Where the row that was seen is now, the nearest to its old place; None if it is gone."""
    wanted = _in_lines(seen)
    same = (n for n, row in enumerate(table.rows) if row == seen or _in_lines(row) == wanted)
    return min(same, key=lambda n: abs(n - number), default=None)


def _in_lines(row: Sequence[str]) -> list[str]:
    """Cells with one kind of line break: browsers know no other."""
    return [cell.replace("\r\n", "\n") for cell in row]


def edit_row(
    deed: Deed,
    files: Files,
    number: int,
    seen: Sequence[str],
    cells: Sequence[str],
    headings: Cells = (),
) -> Source:
    """Change the row that was `seen` at that number, counted from 0, wherever it is now; add
    one if none was seen. `headings` are those of a directory that does not exist yet."""

    def decide(now: Source) -> bytes:
        known = content_of(files, now) or table_file(Table(headings, ()))
        content, conflict = offload.do(_edited, known, number, tuple(seen), tuple(cells))
        if conflict:
            raise RowConflictError(now, *conflict)
        return content

    return revise(deed, files, "directory", DIRECTORY, decide)


def _edited(
    known: bytes, number: int, seen: Cells, cells: Cells
) -> tuple[bytes, tuple[Cells, tuple[Cells, Cells | None, Cells], int] | None]:
    """The directory with that row; or empty, and the content of a `RowConflictError`."""
    table = table_of(known)
    if len(cells) != len(table.headings):
        raise NavkitError("form-field", "")
    if not any(cell.strip() for cell in cells):
        # A build skips an empty row: its content would be lost silently.
        raise NavkitError("directory-row-empty", "", field="cell#0")
    at = row_at(table, number, seen) if seen else len(table.rows)
    if at is None:
        there = edits.row_of(table, number, seen)
        other = None if there is None else table.rows[there]
        where = len(table.rows) if there is None else there
        return b"", (table.headings, (seen, other, cells), where)
    changed = (*table.rows[:at], cells, *table.rows[at + 1 :])
    content = table_file(Table(table.headings, changed))
    check_row(content, table.headings, at)
    return content, None


_PARTS: Mapping[str, Callable[[bytes, bytes], dict[str, list[Any]]]] = {
    "directory": _rows_told,
    "corrections": _changes_told,
}
"""For files whose parts staff edit at the console: what has changed in which list of the log."""
