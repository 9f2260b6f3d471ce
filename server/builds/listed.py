"""The directory as a table that staff edit: rows and columns added and removed, rows pasted, places
taken over from the drawing, and single cells taken back.

Rows are found by their content, so that two people may edit different rows at once.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from navkit.plan.categories import categories, category_names
from navkit.plan.kinds import kinds
from navkit.venue import directory, edits, sheets
from navkit.venue.directory import Directory, Entry
from navkit.venue.edits import Cells, Edit
from navkit.venue.periods import start_of
from navkit.venue.rooms import Rooms
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import Place, Space, Venue, name_in
from navkit.venue.workbook import written_workbook
from navkit.words.findings import Finding, NavkitError
from server.builds import drafts, offload
from server.builds.drafts import DIRECTORY, Source, Table
from server.builds.venues import venue_of
from server.data.files import Files
from server.data.rows import Rows as Connection
from server.staff.deed import Deed
from server.words.saying import say

FIELDS = (
    *("id", "name", "name_hant", "name_en", "aliases", "category", "building", "floor", "rooms"),
    *("hours", "phone", "on_door", "entry", "access", "from", "until"),
)
"""The columns of a new directory, in their order."""

MOST_CHOICES = 1_000
"""Rooms that a form proposes while somebody types."""


def headings(language: str) -> Cells:
    """The headings of a new directory, which `directory.fields_of` reads in every language."""
    return tuple(say(language, f"column-{field}") for field in FIELDS)


def table(files: Files, now: Source, language: str) -> Table:
    """The rows of the newest directory; an empty table if there is none."""
    content = drafts.content_of(files, now)
    return offload.do(drafts.table_of, content) if content else Table(headings(language), ())


def as_workbook(content: bytes) -> bytes:
    """A directory as a workbook of Excel."""
    return offload.do(_as_workbook, content)


def _as_workbook(content: bytes) -> bytes:
    found = drafts.table_of(content)
    return written_workbook((found.headings, *found.rows))


# ------------------------------------------------------------------- rows and columns


class _GoneError(Exception):
    """The row is there no more, as it was seen."""

    def __init__(self, at: int | None) -> None:
        super().__init__(at)
        self.at = at


def remove_row(deed: Deed, files: Files, number: int, seen: Cells) -> int | None:
    """Remove the row that was `seen` at that number. If it is no longer as it was seen, nothing is
    removed, and the number of what it is now is returned: -1 if it is gone."""

    def decide(now: Source) -> bytes:
        known = drafts.content_of(files, now)
        content, at = offload.do(_without, known, number, seen) if known else (b"", None)
        if not content:
            raise _GoneError(at)
        return content

    try:
        drafts.revise(deed, files, "directory", DIRECTORY, decide)
    except _GoneError as gone:
        return -1 if gone.at is None else gone.at
    return None


def _without(known: bytes, number: int, seen: Cells) -> tuple[bytes, int | None]:
    now = drafts.table_of(known)
    at = drafts.row_at(now, number, seen)
    if at is None:
        return b"", edits.row_of(now, number, seen)
    return drafts.table_file(Table(now.headings, now.rows[:at] + now.rows[at + 1 :])), None


def add_column(deed: Deed, files: Files, field: str, language: str) -> None:
    """An empty column, if the directory has none for that field."""
    if field not in FIELDS:
        raise NavkitError("form-field", "", field="field")

    def decide(now: Source) -> bytes:
        content = drafts.content_of(files, now)
        found = offload.do(drafts.table_of, content) if content else Table(headings(language), ())
        if field in directory.fields_of(found.headings):
            return content or drafts.table_file(found)
        rows = tuple((*row, "") for row in found.rows)
        return drafts.table_file(Table((*found.headings, say(language, f"column-{field}")), rows))

    drafts.revise(deed, files, "directory", DIRECTORY, decide)


def lacking(found: Table) -> list[str]:
    """Fields for which a directory has no column."""
    known = directory.fields_of(found.headings)
    return [field for field in FIELDS if field not in known]


@dataclass(frozen=True)
class Move:
    """Since when the place of a row is elsewhere, and where: cells as somebody types them."""

    at: str
    rooms: str
    building: str
    floor: str
    known_by: str
    """The id that it gets if it has none: links to it lead there before and after."""


def move_row(deed: Deed, files: Files, number: int, seen: Cells, move: Move, language: str) -> None:
    """End the row that was `seen` at that number, and add one that begins then. `NavkitError` for
    a date that cannot be read, for no room, and if the row is there no more as it was seen."""
    if not move.rooms.strip():
        raise NavkitError("form-empty", field="rooms")
    try:
        at = start_of(move.at)
    except ValueError:
        raise NavkitError("bad-time", move.at[:40], field="at") from None
    if not at:
        raise NavkitError("form-empty", field="at")

    def decide(now: Source) -> bytes:
        known = drafts.content_of(files, now)
        content = offload.do(_moved, known, number, seen, replace(move, at=at), language)
        if not content:
            raise NavkitError("cell-changed-since")
        return content

    drafts.revise(deed, files, "directory", DIRECTORY, decide)


def _moved(known: bytes, number: int, seen: Cells, move: Move, language: str) -> bytes:
    found = drafts.table_of(known)
    at = drafts.row_at(found, number, seen)
    if at is None:
        return b""
    fields = directory.fields_of(found.headings)
    added = [one for one in ("id", "building", "floor", "from", "until") if one not in fields]
    headings = (*found.headings, *(say(language, f"column-{field}") for field in added))
    fields = [*fields, *added]
    rows = [[*row, *("" for _ in added)] for row in found.rows]
    old, new = rows[at], [*rows[at]]

    def put(row: list[str], **cells: str) -> None:
        for field, cell in cells.items():
            row[fields.index(field)] = cell

    id_ = old[fields.index("id")] or move.known_by
    put(old, id=id_, until=move.at)
    put(new, id=id_, until="", building=move.building, floor=move.floor, rooms=move.rooms)
    new[fields.index("from")] = move.at
    moved = tuple(tuple(row) for row in (*rows[: at + 1], new, *rows[at + 1 :]))
    content = drafts.table_file(Table(headings, moved))
    drafts.check_row(content, headings, at + 1)
    return content


# ------------------------------------------------------------------- pasted rows


def pasted(text: str, there: Cells) -> bytes:
    """Rows copied from a spreadsheet, as a directory: under their own headings if they bring any,
    else under those that are `there`. `NavkitError` if it is not a table."""
    if not text.strip():
        raise NavkitError("form-empty", field="pasted")
    return offload.do(_pasted, text.encode(), there)


def _pasted(content: bytes, there: Cells) -> bytes:
    text = content.decode()
    try:
        (found,) = sheets.tables_of_text(text, DIRECTORY, directory.is_heading)
        return drafts.table_file(Table(found.headings, _as_wide(found.headings, found.rows)))
    except NavkitError as refusal:
        if refusal.finding.code == "directory-not-a-table":
            raise
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t")]
    except csv.Error:
        raise NavkitError("directory-not-a-table", "", field="pasted") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    wide = max(map(len, rows), default=0)
    if wide > len(there):
        said = {"count": str(wide), "columns": str(len(there))}
        raise NavkitError("pasted-too-wide", "", field="pasted", **said)
    return drafts.table_file(Table(there, _as_wide(there, rows)))


def _as_wide(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Cells, ...]:
    wide = len(headings)
    return tuple(tuple([*row, *[""] * wide][:wide]) for row in rows)


# ------------------------------------------------------------------- what a row means


@dataclass(frozen=True)
class Meaning:
    """How one row is understood with the rooms of a venue."""

    entry: Entry | None
    """None if the row is left out."""
    spaces: tuple[Space, ...]
    findings: tuple[Finding, ...]


@lru_cache(maxsize=4)
def rooms_of(files: Files, venue: str) -> Rooms:
    """The rooms of a build's venue, by its hash."""
    found = venue_of(files, venue)
    assert found
    return Rooms(found.spaces, found.levels, found.building_names)


def meaning(headings: Cells, row: Cells, rooms: Rooms | None) -> Meaning:
    """What a row means: `rooms` are those of the last build, None if there is none."""
    listed = directory.read_content(as_csv((headings, row)), DIRECTORY)
    return _meaning(listed, next(iter(listed.entries), None), rooms, f"{DIRECTORY}:2")


def _meaning(listed: Directory, entry: Entry | None, rooms: Rooms | None, where: str) -> Meaning:
    said = [f for f in listed.findings if f.where.split(", ")[0] == where]
    found = rooms.find(entry) if entry and rooms else None
    findings = (*said, *(found.findings if found else ()))
    return Meaning(entry, found.spaces if found else (), findings)


@lru_cache(maxsize=4)
def _read(files: Files, sha256: str) -> Directory:
    return offload.do(directory.read_content, files.read(sha256), DIRECTORY)


def meanings(
    files: Files, now: Source, rooms: Rooms | None, numbers: Iterable[int]
) -> dict[int, Meaning]:
    """What some rows of the newest directory mean, by their numbers counted from 0."""
    listed = _read(files, now.sha256)
    entry_of = {entry.line: entry for entry in listed.entries}
    return {
        n: _meaning(listed, entry_of.get(n + 2), rooms, f"{DIRECTORY}:{n + 2}") for n in numbers
    }


def choices(venue: Venue | None, language: str) -> Mapping[str, list[tuple[str, str]]]:
    """What a form proposes for a field: each value, and what it is called."""
    access = [(key, say(language, f"access-{key}")) for key in kinds()["access"]]
    named = ((key, name_in(category_names(key), language)) for key in categories())
    found = {"access": access, "category": sorted(named)}
    if venue is None:
        return found
    levels = dict.fromkeys(level.label for level in venue.levels)
    rooms = {
        (space.ref or name_in(space.names, language)): name_in(space.names, language)
        for space in venue.spaces
        if space.kind == "room" and (space.ref or space.names)
    }
    buildings = (name_in(names, language) for names in venue.building_names.values())
    return {
        **found,
        "floor": [(label, "") for label in levels],
        "building": [(name, "") for name in filter(None, buildings)],
        "rooms": list(rooms.items())[:MOST_CHOICES],
    }


# ------------------------------------------------------------------- from the drawing


@dataclass(frozen=True)
class Candidate:
    """A place that a build knows by its drawing, and the directory does not list."""

    id: str
    cells: Mapping[str, str]
    """By field."""

    @property
    def is_named(self) -> bool:
        return bool(self.cells["name"])


def unlisted(files: Files, now: Source, venue: Venue, rooms: Rooms) -> list[Place]:
    """Places of a build at rooms that no row of the newest directory means."""
    entries = _read(files, now.sha256).entries if now.sha256 else ()
    there = {space.id for entry in entries for space in rooms.find(entry).spaces}
    ids = {entry.id for entry in entries}
    shafts = {connector.id for connector in venue.connectors}
    return [
        place
        for place in venue.places
        if place.spaces
        and place.id not in shafts | ids
        and not there & set(place.spaces)
        and (place.ref or any(place.names.get(tag) for tag in place.names))
    ]


def candidate(place: Place, venue: Venue, rooms: Rooms, columns: Sequence[str]) -> Candidate:
    """The row of a place under those columns. Its rooms are written as on their doors where that
    finds them again, else by their ids."""
    spaces = [venue.space_by_id[space] for space in place.spaces]
    levels = [venue.level_by_id[space.level] for space in spaces]
    several = len({level.building for level in venue.levels}) > 1
    names = {tag: name for tag, name in place.names.items() if tag}
    row = {
        "id": place.id,
        **{field: names.get(tag, "") for field, tag in directory.name_fields().items()},
        "aliases": "; ".join(place.aliases),
        "category": place.category,
        "building": levels[0].building if several else "",
        "floor": levels[0].label if len({level.id for level in levels}) == 1 else "",
        "hours": place.hours.text,
        "phone": place.phone,
        "on_door": next(iter(place.on_door.values()), ""),
        "access": "" if place.access == "public" else place.access,
    }
    # Every row needs a name: that of another language where it has no other.
    row["name"] = row["name"] or next(iter(names.values()), "")
    for said in _called(spaces):
        row["rooms"] = "; ".join(said)
        known = tuple(field for field in columns if field in row)
        asked = {**row, "name": row["name"] or place.id}
        found = meaning(known, tuple(asked[field] for field in known), rooms)
        if {space.id for space in found.spaces} == set(place.spaces):
            break
    return Candidate(place.id, {field: row.get(field, "") for field in columns if field})


def _called(spaces: Sequence[Space]) -> Iterator[list[str]]:
    if all(space.ref for space in spaces):
        yield [space.ref for space in spaces]
    yield [space.id for space in spaces]


def take_over(deed: Deed, files: Files, candidates: Sequence[Candidate], language: str) -> Source:
    """Add rows for places of the drawing; those whose id is listed meanwhile are left out."""

    def decide(now: Source) -> bytes:
        found = table(files, now, language)
        columns = directory.fields_of(found.headings)
        at = columns.index("id") if "id" in columns else -1
        there = {row[at] for row in found.rows} if at >= 0 else set()
        new = tuple(
            tuple(one.cells.get(field, "") for field in columns)
            for one in candidates
            if one.id not in there
        )
        return drafts.table_file(Table(found.headings, (*found.rows, *new)))

    return drafts.revise(deed, files, "directory", DIRECTORY, decide)


# ------------------------------------------------------------------- by cell


@dataclass(frozen=True)
class Version:
    """A version of the directory, and what it has changed."""

    source: Source
    headings: Cells
    edits: tuple[Edit, ...]

    def called(self, edit: Edit) -> str:
        """The name in the row that an edit is about."""
        fields = directory.fields_of(self.headings)
        return edit.row[fields.index("name")] if "name" in fields else ""


def history(rows: Connection, files: Files, hospital: str, before: int, most: int) -> list[Version]:
    """The newest versions below a number, the newest first. A version that removed the directory
    has no edits."""
    known = drafts.versions(rows, hospital, "directory", DIRECTORY)
    shown = [source for source in known if source.version < before]
    contents = [drafts.content_of(files, one) for one in shown[: most + 1]]
    found = offload.do(_edits_of, *contents)
    return [
        Version(source, headings, made)
        for source, (headings, made) in zip(shown[:most], found, strict=False)
    ]


def _edits_of(*contents: bytes) -> list[tuple[Cells, tuple[Edit, ...]]]:
    """By version, the newest first, its headings and its edits; the last one is compared with
    nothing."""
    tables = [drafts.table_of(one) if one else Table((), ()) for one in contents]
    tables.append(Table((), ()))
    return [
        (new.headings, tuple(edits.edits(old, new)) if new.headings else ())
        for new, old in pairwise(tables)
    ]


def take_back(deed: Deed, files: Files, version: int, number: int) -> None:
    """Take one edit of a version back; `NavkitError` ``cell-changed-since`` if somebody has changed
    the same since."""
    made = next(iter(history(deed.rows, files, deed.hospital, version + 1, 1)), None)
    if made is None or made.source.version != version or number >= len(made.edits):
        raise NavkitError("request-refused", status="400")
    edit = made.edits[number]

    def decide(now: Source) -> bytes:
        known = drafts.content_of(files, now)
        content = offload.do(_taken_back, known, made.headings, edit) if known else b""
        if not content:
            raise NavkitError("cell-changed-since", "")
        return content

    drafts.revise(deed, files, "directory", DIRECTORY, decide)


def _taken_back(known: bytes, headings: Cells, edit: Edit) -> bytes:
    now = drafts.table_of(known)
    rows = edits.taken_back(now, headings, edit)
    return b"" if rows is None else drafts.table_file(Table(now.headings, tuple(rows)))


# ------------------------------------------------------------------- names from the map


def renamed(
    deed: Deed,
    files: Files,
    number: int,
    seen: Cells,
    names: Mapping[str, str],
    ref: tuple[str, str],
    language: str,
) -> None:
    """Give the row that was `seen` other names, by language: what patients find. A column that the
    directory lacks for one of them is added. `ref` is what is on the door, before and
    after: a row that means the room by its number goes on meaning it."""
    field_of = {tag: field for field, tag in directory.name_fields().items()}
    if unheld := next((tag for tag, name in names.items() if name and tag not in field_of), ""):
        raise NavkitError("form-field", "", field=f"name-{unheld}")
    before = table(files, drafts.latest(deed.rows, deed.hospital, "directory", DIRECTORY), language)
    for field in lacking(before):
        if any(names.get(tag) for tag in names if field_of[tag] == field):
            add_column(deed, files, field, language)
            seen = (*seen, "")
    now = drafts.latest(deed.rows, deed.hospital, "directory", DIRECTORY)
    found = offload.do(drafts.table_of, drafts.content_of(files, now))
    fields = directory.fields_of(found.headings)
    cells = list(seen)
    for field, tag in directory.name_fields().items():
        if field in fields and names.get(tag):
            cells[fields.index(field)] = names[tag]
    if "rooms" in fields:
        at = fields.index("rooms")
        parts = directory.parts_of(cells[at])
        if ref[0] != ref[1] and ref[0] in parts:
            cells[at] = "; ".join(ref[1] if part == ref[0] else part for part in parts)
    drafts.edit_row(deed, files, number, seen, cells)


def with_row(found: Table, number: int) -> Cells:
    """A row by its number; ``()`` if there is none."""
    return found.rows[number] if number < len(found.rows) else ()


def by_field(headings: Cells, row: Cells) -> dict[str, str]:
    """A row by the names of its columns."""
    return dict(zip(edits.columns(headings), row, strict=False))
