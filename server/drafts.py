"""Drafts: the drawings, directory, corrections and photos that a hospital is working on.

Each source has versions, and nothing that was ever put in is lost. Who changes a source says
which version they saw; where somebody else was faster, `ConflictError` carries both.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from floorplans.unread import by_name
from navkit import corrections as corrections_
from navkit import directory as directory_
from navkit.findings import NavkitError
from server import audit
from server.files import Files
from server.rows import Row, Rows, one

DIRECTORY = "directory.csv"
CORRECTIONS = "corrections.json"

SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "drawing": (".geojson", ".json", ".osm", ".xml", ".osm.pbf", ".pbf", ".zip"),
    "directory": (".csv", ".txt"),
    "corrections": (".json",),
    "photo": (".jpg", ".jpeg", ".png", ".webp"),
}
"""What may be put in, by kind. Whether a drawing can be read is told by the build."""

MOST_BYTES: Mapping[str, int] = {"directory": directory_.MAX_BYTES, "corrections": 4 * 2**20}
"""Of what is looked at while it is uploaded. Corrections of 4 MB are 30,000 of them. A guess."""

_ONLY = {"directory": DIRECTORY, "corrections": CORRECTIONS}
"""Kinds of which a hospital has one."""

_LONGEST_NAME = 120


Cells = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One version of one thing that staff have put in."""

    kind: str
    name: str
    version: int
    sha256: str
    """Empty where this version says that it was removed."""
    bytes: int
    person: str
    at_ms: int


class ConflictError(NavkitError):
    """Somebody else has changed the same thing since it was read."""

    def __init__(self, theirs: Source, mine: str) -> None:
        super().__init__("changed-meanwhile", theirs.name, person=theirs.person)
        self.theirs = theirs
        self.mine = mine
        """Hash of what was not put in; it is kept."""


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
        """As it was read, as it is now (None where it is gone), and as it was meant."""
        self.number = number
        """Where the row is now, or a new one would be."""


class ChangeConflictError(ConflictError):
    """Somebody else has said something of the same thing."""

    def __init__(
        self, now: Source, others: Sequence[Mapping[str, Any]], own: Mapping[str, Any]
    ) -> None:
        super().__init__(now, "")
        self.others, self.own = tuple(others), own


def _source(row: Row) -> Source:
    return Source(**{name: row[name] for name in Source.__dataclass_fields__})


def current(rows: Rows, hospital: str) -> tuple[Source, ...]:
    """What the next build is made of, by kind and name."""
    found = rows.all(
        "SELECT * FROM sources s WHERE hospital = ? AND sha256 <> '' AND version ="
        " (SELECT MAX(version) FROM sources t WHERE t.hospital = s.hospital"
        "  AND t.kind = s.kind AND t.name = s.name) ORDER BY kind, name",
        hospital,
    )
    return tuple(map(_source, found))


def latest(rows: Rows, hospital: str, kind: str, name: str) -> Source:
    """The newest version of a source; version 0 where it never was."""
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
    """What was there once and was removed, by kind and name."""
    found = rows.all(
        "SELECT * FROM sources s WHERE hospital = ? AND sha256 = '' AND version ="
        " (SELECT MAX(version) FROM sources t WHERE t.hospital = s.hospital"
        "  AND t.kind = s.kind AND t.name = s.name) ORDER BY kind, name",
        hospital,
    )
    return tuple(map(_source, found))


def version_of(rows: Rows, hospital: str, kind: str, name: str, version: int) -> Source:
    """An older version of a source; version 0 where there is none."""
    row = one(
        rows,
        "SELECT * FROM sources WHERE hospital = ? AND kind = ? AND name = ? AND version = ?",
        *(hospital, kind, name, version),
    )
    return _source(row) if row else Source(kind, name, 0, "", 0, "", 0)


def shown_name(given: str) -> str:
    """A file's own name, as its owner knows it, without what no name should hold."""
    name = PurePosixPath(given.replace("\\", "/")).name
    return re.sub(r"[^\w.()+ -]", "_", name).strip(". ")


def clean_name(kind: str, given: str) -> str:
    """The name that an uploaded file is kept under; `NavkitError` where its kind is not read."""
    name = shown_name(given)
    suffixes = SUFFIXES.get(kind, ())
    if kind == "drawing" and not name.lower().endswith(suffixes) and (known := by_name(name)):
        raise known.refusal(name[:_LONGEST_NAME])
    if not name.lower().endswith(suffixes) or len(name) > _LONGEST_NAME:
        raise NavkitError("upload-not-taken", name[:_LONGEST_NAME], formats=" ".join(suffixes))
    return _ONLY.get(kind, name)


def check_content(kind: str, name: str, content: bytes) -> None:
    """Refuse at once what is small and plainly wrong; drawings are read apart, by the build."""
    if not content:
        raise NavkitError("upload-empty", name)
    if len(content) > MOST_BYTES.get(kind, len(content)):
        raise NavkitError("upload-too-large", name)
    if kind == "directory":
        directory_.parse(directory_.decode(content, name), name)
    if kind == "corrections":
        data = corrections_.decode(content, name)
        corrections_.parse(data, name, corrections_.change_lines(content))


def put(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    kind: str,
    name: str,
    content: bytes | None,
    seen: int,
) -> Source:
    """A new version, of somebody who saw version `seen`; `content` None removes the source."""
    sha256 = files.keep(content) if content is not None else ""
    size = len(content or b"")
    with rows.write():
        before = latest(rows, hospital, kind, name)
        if before.sha256 == sha256:
            return before
        if before.version != seen and before.sha256:
            raise ConflictError(before, sha256)
        return _add(rows, files, before, hospital, sha256, size, person, now_ms)


def _add(
    rows: Rows,
    files: Files,
    before: Source,
    hospital: str,
    sha256: str,
    size: int,
    person: str,
    now_ms: int,
) -> Source:
    """The next version, and its line in the log; inside `rows.write()`."""
    kind, name = before.kind, before.name
    new = Source(kind, name, before.version + 1, sha256, size, person, now_ms)
    rows.run(
        "INSERT INTO sources (hospital, kind, name, version, sha256, bytes, person, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(hospital, kind, name, new.version, sha256, size, person, now_ms),
    )
    said = {"kind": kind, "name": name, "version": new.version, "sha256": sha256}
    said |= _altered(files, before, new)
    audit.note(rows, now_ms, person, hospital, "put" if sha256 else "remove", **said)
    return new


MOST_TOLD = 20
"""Rows or corrections of one change that the log tells of; the rest is counted."""


def _altered(files: Files, before: Source, after: Source) -> dict[str, Any]:
    """What a new version adds and removes, for the log; of drawings and photos how large it is."""
    if after.kind not in _PARTS or not after.sha256:
        return {"changed": {"bytes": [before.bytes, after.bytes]}}
    part = _PARTS[after.kind]
    old, new = (
        [json.dumps(one, ensure_ascii=False) for one in part(files.read(source.sha256))]
        if source.sha256
        else []
        for source in (before, after)
    )
    removed = [json.loads(one) for one in old if one not in set(new)]
    added = [json.loads(one) for one in new if one not in set(old)]
    told: dict[str, Any] = {"removed": removed[:MOST_TOLD], "added": added[:MOST_TOLD]}
    more = len(removed[MOST_TOLD:]) + len(added[MOST_TOLD:])
    return told | ({"more": more} if more else {})


def apart(
    now: Sequence[Source], wanted: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    """Kind, name and hash of all that must be put in, so that a draft has what is wanted and
    nothing else; of what must be removed the hash is empty."""
    has = {(source.kind, source.name): source.sha256 for source in now}
    wants = {(kind, name): sha256 for kind, name, sha256 in wanted}
    return [
        (*key, wants.get(key, ""))
        for key in sorted(has.keys() | wants.keys())
        if has.get(key, "") != wants.get(key, "")
    ]


def restore(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    wanted: Sequence[tuple[str, str, str]],
    seen: Mapping[str, int],
) -> int:
    """Make the draft of what an older version was made of; how many sources it changed. Whoever
    asks has `seen` a version of each, by kind and name; nothing is changed where one is newer."""
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
            _add(rows, files, before, hospital, sha256, size, person, now_ms)
    return len(changes)


def _change(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    kind: str,
    name: str,
    decide: Callable[[Source], bytes],
) -> Source:
    """A new version, decided on the newest; again where somebody was faster in between."""
    while True:
        now = latest(rows, hospital, kind, name)
        content = decide(now)
        try:
            return put(rows, files, now_ms, person, hospital, kind, name, content, now.version)
        except ConflictError:
            continue


# ------------------------------------------------------------------- corrections


def changes_of(content: bytes) -> list[dict[str, Any]]:
    """The changes in a file of corrections that was put in, each as it stands there: what an older
    server took and this one would not is shown, too, so that it can be taken back."""
    changes: list[dict[str, Any]] = corrections_.decode(content, CORRECTIONS)["changes"]
    return changes


def corrections_file(changes: Sequence[Mapping[str, Any]]) -> bytes:
    """A file of corrections, one change a line, as `navkit import` reads it."""
    lines = ",\n".join(f"  {json.dumps(change, ensure_ascii=False)}" for change in changes)
    return f'{{"navkit-corrections": 1, "changes": [\n{lines}\n]}}\n'.encode()


def targets(change: Mapping[str, Any]) -> frozenset[str]:
    """Ids that a change speaks of."""
    return frozenset(filter(None, [change.get("id", ""), *change.get("spaces", ())]))


def add_correction(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    change: Mapping[str, Any],
    seen: int,
    instead: Sequence[Mapping[str, Any]] = (),
) -> Source:
    """One more change. Two people may add changes to different things at once; where somebody
    has said something of the same thing since version `seen`, it is a conflict. `instead` are
    changes of somebody else that go."""
    corrections_.parse({"navkit-corrections": 1, "changes": [dict(change)]}, CORRECTIONS)

    def decide(now: Source) -> bytes:
        changes = changes_of(files.read(now.sha256)) if now.sha256 else []
        if now.version != seen:
            old = version_of(rows, hospital, "corrections", CORRECTIONS, seen)
            before = changes_of(files.read(old.sha256)) if old.sha256 else []
            others = [known for known in changes if known not in before]
            if any(targets(other) & targets(change) for other in others):
                same = [o for o in others if targets(o) & targets(change)]
                raise ChangeConflictError(now, same, change)
        return corrections_file([*(one for one in changes if one not in instead), change])

    return _change(rows, files, now_ms, person, hospital, "corrections", CORRECTIONS, decide)


def remove_correction(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    number: int,
    seen: int,
) -> Source:
    """Take back the change of that number, counted from 0, in version `seen`. Whatever else was
    said meanwhile stays; where somebody else has taken it back already, nothing is left to do."""
    old = version_of(rows, hospital, "corrections", CORRECTIONS, seen)
    meant = changes_of(files.read(old.sha256)) if old.sha256 else []
    if number >= len(meant):
        raise ConflictError(latest(rows, hospital, "corrections", CORRECTIONS), "")

    def decide(now: Source) -> bytes:
        changes = changes_of(files.read(now.sha256)) if now.sha256 else []
        same = [n for n, change in enumerate(changes) if change == meant[number]]
        gone = min(same, key=lambda n: abs(n - number), default=None)
        return corrections_file([one for n, one in enumerate(changes) if n != gone])

    return _change(rows, files, now_ms, person, hospital, "corrections", CORRECTIONS, decide)


# ------------------------------------------------------------------- the directory


@dataclass(frozen=True)
class Table:
    """The directory as staff see it: headings, and rows of as many cells."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(content: bytes) -> Table:
    """The cells of a directory."""
    text = directory_.decode(content, DIRECTORY)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) or [[]]
    wide = len(cells[0])
    rows = tuple(tuple((row + [""] * wide)[:wide]) for row in cells[1:])
    return Table(tuple(cells[0]), rows)


def table_file(table: Table) -> bytes:
    """A directory as a spreadsheet opens it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([table.headings, *table.rows])
    return out.getvalue().encode("utf-8-sig")


def _check_row(content: bytes, headings: Sequence[str], number: int) -> None:
    """Refuse a row of which the next build would say that it is wrong, at the cell that is."""
    said = directory_.parse(directory_.decode(content, DIRECTORY), DIRECTORY).findings
    at = f"{DIRECTORY}:{number + 2}"
    for finding in said:
        if finding.severity != "note" and finding.where.split(", ")[0] == at:
            column = directory_.fields_of(headings).index(finding.slots["field"])
            raise NavkitError(finding.code, "", **{**finding.slots, "field": f"cell#{column}"})


def _row_at(table: Table, number: int, seen: Cells) -> int | None:
    """Where the row that was seen is now, the nearest to where it was; None where it is not."""
    same = (n for n, row in enumerate(table.rows) if row == seen)
    return min(same, key=lambda n: abs(n - number), default=None)


def _row_of(table: Table, number: int, seen: Sequence[str]) -> int | None:
    """Where the same row is that somebody has changed: by its id or name, or by its number."""
    for field in ("id", "name"):
        fields = directory_.fields_of(table.headings)
        column = fields.index(field) if field in fields else len(seen)
        if column < len(seen) and seen[column]:
            same = [n for n, row in enumerate(table.rows) if row[column] == seen[column]]
            if len(same) == 1:
                return same[0]
    # Both were changed: it is the row at that place as long as most of it is as it was.
    there = table.rows[number] if number < len(table.rows) else ()
    same_cells = sum(a == b for a, b in zip(there, seen, strict=False) if b)
    return number if 2 * same_cells >= sum(map(bool, seen)) > 0 else None


def edit_row(
    rows: Rows,
    files: Files,
    now_ms: int,
    person: str,
    hospital: str,
    number: int,
    seen: Sequence[str],
    cells: Sequence[str],
) -> Source:
    """Change the row that was `seen` at that number, counted from 0, wherever it stands now; add
    one where none was seen."""

    def decide(now: Source) -> bytes:
        table = table_of(files.read(now.sha256)) if now.sha256 else Table((), ())
        if len(cells) != len(table.headings):
            raise NavkitError("form-field", "")
        at = _row_at(table, number, tuple(seen)) if seen else len(table.rows)
        if at is None:
            there = _row_of(table, number, seen)
            other = None if there is None else table.rows[there]
            where = len(table.rows) if there is None else there
            meant = (tuple(seen), other, tuple(cells))
            raise RowConflictError(now, table.headings, meant, where)
        changed = (*table.rows[:at], tuple(cells), *table.rows[at + 1 :])
        content = table_file(Table(table.headings, changed))
        _check_row(content, table.headings, at)
        return content

    return _change(rows, files, now_ms, person, hospital, "directory", DIRECTORY, decide)


_PARTS: Mapping[str, Callable[[bytes], list[Any]]] = {
    "directory": lambda content: [" | ".join(row) for row in table_of(content).rows],
    "corrections": changes_of,
}
"""What a file that staff edit at the console consists of."""
