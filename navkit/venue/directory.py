"""The hospital's directory: a spreadsheet saved as CSV that names places and departments.

UTF-8 or GB18030, as a Chinese Excel writes it; comma, semicolon or tab. Columns are found by
their heading, in Chinese or English (see `directory.json`); one row is one place.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from navkit.plan.hours import ALWAYS, Hours, HoursError
from navkit.plan.plan import Access
from navkit.plan.plausible import implausible
from navkit.venue.spreadsheet import from_text
from navkit.venue.written_hours import read_hours
from navkit.words.findings import Finding, NavkitError

MAX_BYTES = 16 * 2**20
"""A directory larger than this is something else. A guess."""


@dataclass(frozen=True)
class Entry:
    """One row: what people ask for, and the rooms where it is."""

    line: int
    """The row's line in the file; the heading is line 1."""
    id: str
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    category: str
    building: str
    floor: str
    rooms: tuple[str, ...]
    """Numbers on doors, names of rooms or ids of spaces."""
    hours: Hours
    phone: str
    on_door: str
    entry: Mapping[str, str]
    """What a visitor does at the door where walking in is not allowed; by language."""
    access: str


@dataclass(frozen=True)
class Directory:
    """The rows that could be read, and findings for the others."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


@cache
def _vocabulary() -> dict[str, Any]:
    text = resources.files("navkit.venue").joinpath("directory.json").read_text(encoding="utf-8")
    vocabulary: dict[str, Any] = json.loads(text)
    return vocabulary


def read(file: Path) -> Directory:
    """The directory in `file`. `NavkitError` if it is not a table with a name and a room."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise NavkitError("no-such-file", str(file)) from None
    except OSError:
        raise NavkitError("unreadable-file", str(file)) from None
    if len(content) > MAX_BYTES:
        raise NavkitError("directory-too-large", str(file))
    return parse(decode(content, file.name), file.name)


def decode(content: bytes, where: str) -> str:
    """The text of a spreadsheet's CSV, UTF-8 or GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NavkitError("directory-encoding", where)


def parse(text: str, where: str) -> Directory:
    """The directory in `text`; `where` names it in findings."""
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise NavkitError("directory-not-a-table", where) from None
    columns = fields_of(rows[0]) if rows else []
    if "name" not in columns or "rooms" not in columns:
        raise NavkitError("directory-without-columns", where)
    entries: list[Entry] = []
    findings: list[Finding] = []
    seen: set[str] = set()
    for line, row in enumerate(rows[1:], start=2):
        cells = {
            field: from_text(cell.strip())
            for field, cell in zip(columns, row, strict=False)
            if field
        }
        if not any(cells.values()):
            continue
        at = f"{where}:{line}"
        missing = next((field for field in ("name", "rooms") if not cells.get(field)), "")
        if missing:
            findings.append(Finding("directory-row-incomplete", at, {"field": missing}))
            continue
        if found := _implausible(cells):
            findings.append(replace(found, where=f"{at}, {_heading(rows[0], columns, found)}"))
            continue
        entry = _entry(cells, line)
        if entry.id and entry.id in seen:
            findings.append(Finding("directory-duplicate-id", at, {"id": entry.id, "field": "id"}))
            continue
        seen.add(entry.id)
        if entry.access not in get_args(Access):
            said = {"access": entry.access, "field": "access"}
            findings.append(Finding("directory-unknown-access", at, said))
            continue
        hours, noticed = _hours(cells.get("hours", ""), at)
        findings += noticed
        entries.append(replace(entry, hours=hours))
    return Directory(tuple(entries), tuple(findings))


def _hours(written: str, at: str) -> tuple[Hours, list[Finding]]:
    """The hours of a row, and findings; always open if they cannot be read."""
    try:
        found = read_hours(written)
    except HoursError as error:
        said = {"hours": written[:100], "part": str(error)[:40], "field": "hours"}
        return ALWAYS, [Finding("directory-hours", at, said)]
    said = {"hours": written, "read": found.hours.text, "field": "hours"}
    return found.hours, [Finding("hours-added", at, said)] if found.is_added else []


def fields_of(headings: Sequence[str]) -> list[str]:
    """The field of each column, by its heading; empty if navkit does not know it."""
    known = {
        heading: field for field, names in _vocabulary()["columns"].items() for heading in names
    }
    return [known.get(cell.strip().casefold(), "") for cell in headings]


_AS_NAMES = frozenset({"name", "name_hant", "name_en"})
_LISTS = frozenset({"aliases", "rooms"})


def _implausible(cells: Mapping[str, str]) -> Finding | None:
    for field, cell in cells.items():
        if cell:
            bound = "names" if field in _AS_NAMES else field
            found = implausible(bound, _listed(cell) if field in _LISTS else cell)
            if found:
                return replace(found, slots={**found.slots, "field": field})
    return None


def _heading(headings: Sequence[str], columns: Sequence[str], found: Finding) -> str:
    return headings[columns.index(found.slots["field"])].strip()


def _entry(cells: Mapping[str, str], line: int) -> Entry:
    access_words = {
        word: access for access, words in _vocabulary()["access"].items() for word in words
    }
    access = cells.get("access", "")
    names = {
        tag: cells[field] for field, tag in _vocabulary()["languages"].items() if cells.get(field)
    }
    return Entry(
        line=line,
        id=cells.get("id", ""),
        names=names,
        aliases=_listed(cells.get("aliases", "")),
        category=cells.get("category", ""),
        building=cells.get("building", ""),
        floor=cells.get("floor", ""),
        rooms=_listed(cells["rooms"]),
        hours=ALWAYS,
        phone=cells.get("phone", ""),
        on_door=cells.get("on_door", ""),
        entry=_entered(cells.get("entry", "")),
        access=access_words.get(access.casefold(), access) or "public",
    )


def _entered(cell: str) -> Mapping[str, str]:
    """What to do at a door: in every language if the words are known, else as written."""
    for row in _vocabulary()["entry"]:
        if cell.casefold() in row["words"]:
            names: Mapping[str, str] = row["names"]
            return names
    return {"": cell} if cell else {}


def _listed(cell: str) -> tuple[str, ...]:
    """The parts of a cell with several values, in order, without repeats."""
    for separator in _vocabulary()["marks"]["separators"]:
        cell = cell.replace(separator, ";")
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))
