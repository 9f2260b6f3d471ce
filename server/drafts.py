"""Drafts: the drawings, directory, corrections and photos that a hospital is working on.

Each source has versions, and nothing that was ever put in is lost. Who changes a source says
which version they saw; where somebody else was faster, `ConflictError` carries both.
"""

import csv
import difflib
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


def difference(theirs: bytes, mine: bytes, most: int = 400) -> list[str]:
    """What differs, line by line; empty where one of them is no text."""
    try:
        old, new = (directory_.decode(content, "").splitlines() for content in (theirs, mine))
    except NavkitError:
        return []
    lines = list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]
    return [line[:300] for line in lines[:most]]


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
) -> Source:
    """One more change. Two people may add changes to different things at once; where somebody
    has said something of the same thing since version `seen`, it is a conflict."""
    corrections_.parse({"navkit-corrections": 1, "changes": [dict(change)]}, CORRECTIONS)

    def decide(now: Source) -> bytes:
        changes = changes_of(files.read(now.sha256)) if now.sha256 else []
        if now.version != seen:
            old = version_of(rows, hospital, "corrections", CORRECTIONS, seen)
            before = changes_of(files.read(old.sha256)) if old.sha256 else []
            others = [known for known in changes if known not in before]
            if any(targets(other) & targets(change) for other in others):
                raise ConflictError(now, files.keep(corrections_file([change])))
        return corrections_file([*changes, change])

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
    """Take back the change of that number, counted from 0, in version `seen`."""
    now = latest(rows, hospital, "corrections", CORRECTIONS)
    changes = changes_of(files.read(now.sha256)) if now.sha256 else []
    if now.version != seen or not 0 <= number < len(changes):
        raise ConflictError(now, "")
    content = corrections_file([*changes[:number], *changes[number + 1 :]])
    return put(
        rows, files, now_ms, person, hospital, "corrections", CORRECTIONS, content, now.version
    )


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
    """Change the row of that number, counted from 0, as long as it is as it was `seen`."""

    def decide(now: Source) -> bytes:
        table = table_of(files.read(now.sha256)) if now.sha256 else Table((), ())
        if len(cells) != len(table.headings):
            raise NavkitError("form-field", "")
        if not 0 <= number < len(table.rows) or table.rows[number] != tuple(seen):
            mine = table_file(Table(table.headings, (tuple(cells),)))
            raise ConflictError(now, files.keep(mine))
        changed = (*table.rows[:number], tuple(cells), *table.rows[number + 1 :])
        content = table_file(Table(table.headings, changed))
        _check_row(content, table.headings, number)
        return content

    return _change(rows, files, now_ms, person, hospital, "directory", DIRECTORY, decide)


_PARTS: Mapping[str, Callable[[bytes], list[Any]]] = {
    "directory": lambda content: [" | ".join(row) for row in table_of(content).rows],
    "corrections": changes_of,
}
"""What a file that staff edit at the console consists of."""
