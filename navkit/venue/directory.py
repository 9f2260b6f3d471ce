"""The hospital's directory: a sheet of Excel, or a CSV, that names places and departments.

Columns are found by their heading, in Chinese or English (see `directory.json`), below whatever
title the sheet has; one row is one place. What cannot be read is a finding, never a guess.
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from navkit.plan.hours import ALWAYS, Hours
from navkit.plan.plan import Access
from navkit.plan.plausible import implausible
from navkit.venue import sheets
from navkit.venue.periods import Period, end_of, start_of
from navkit.venue.sheets import Table
from navkit.venue.spreadsheet import from_text
from navkit.venue.written_hours import PartsOfDay, read_words
from navkit.words.findings import Finding, NavkitError

MAX_BYTES = 16 * 2**20
"""A directory larger than this is something else. A guess."""


@dataclass(frozen=True)
class Entry:
    """One row: what people ask for, and the rooms where it is."""

    line: int
    """The number of its row, counted from 1 as spreadsheets do."""
    where: str
    """The file, the sheet if there are several, and the row."""
    id: str
    names: Mapping[str, str]
    aliases: tuple[str, ...]
    category: str
    building: str
    floor: str
    sheet: str
    """The title of the sheet that it stands in, if there are several."""
    rooms: tuple[str, ...]
    """Numbers on doors, names of rooms or ids of spaces."""
    hours: Hours
    phone: str
    on_door: str
    entry: Mapping[str, str]
    """What a visitor does at the door where walking in is not allowed; by language."""
    access: str
    written: Mapping[str, str]
    """The cells as they are in the sheet, by field."""
    start: str = ""
    """Since when the row holds, in the form of `navkit.venue.periods`; empty: already."""
    end: str = ""
    """Until when, not included; empty: until further notice."""

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)


@dataclass(frozen=True)
class LeftOut:
    """A row that could not be read."""

    where: str
    text: str
    """Its cells."""


@dataclass(frozen=True)
class Directory:
    """The rows that could be read, those that could not, and findings."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()


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
    return read_content(content, file.name)


def read_content(content: bytes, where: str) -> Directory:
    """The directory in a workbook or a CSV; `where` names it in findings."""
    if len(content) > MAX_BYTES:
        raise NavkitError("directory-too-large", where)
    return _directory(*sheets.tables_of(content, where, is_heading))


def parse(text: str, where: str) -> Directory:
    """The directory in the text of a CSV; `where` names it in findings."""
    return _directory(sheets.tables_of_text(text, where, is_heading), [])


def is_heading(row: Sequence[str]) -> bool:
    """Whether a row has the headings that a directory needs."""
    return {"name", "rooms"} <= set(fields_of(row))


def _directory(tables: Sequence[Table], findings: Sequence[Finding]) -> Directory:
    found = list(findings)
    entries: list[Entry] = []
    left_out: list[LeftOut] = []
    seen: dict[str, list[Period]] = {}
    for table in tables:
        found += _about_headings(table)
        columns = fields_of(table.headings)
        for line, row in enumerate(table.rows, start=table.first_row):
            cells = {
                field: _tidied(field, from_text(cell.strip()))
                for field, cell in zip(columns, row, strict=False)
                if field
            }
            if not any(cells.values()):
                continue
            cells.setdefault("sheet", table.title)
            at = f"{table.where}:{line}"
            entry, noticed = _row(cells, table, line, seen)
            found += noticed
            if entry is None:
                left_out.append(LeftOut(at, " | ".join(filter(None, map(str.strip, row)))))
            else:
                seen.setdefault(entry.id, []).append(Period(entry.start, entry.end))
                entries.append(entry)
    return Directory(tuple(entries), tuple(found), tuple(left_out))


def _row(
    cells: Mapping[str, str], table: Table, line: int, seen: Mapping[str, Sequence[Period]]
) -> tuple[Entry | None, list[Finding]]:
    """One row, and findings; None if it is left out."""
    at = f"{table.where}:{line}"
    missing = next((field for field in ("name", "rooms") if not cells.get(field)), "")
    if missing:
        return None, [Finding("directory-row-incomplete", at, {"field": missing})]
    if found := _implausible(cells):
        heading = table.headings[fields_of(table.headings).index(str(found.slots["field"]))]
        return None, [replace(found, where=f"{at}, {heading.strip()}")]
    period = _dates(cells)
    if period is None:
        said = {"from": cells.get("from", ""), "until": cells.get("until", ""), "field": "from"}
        return None, [Finding("directory-dates", at, said)]
    entry = replace(_entry(cells, line, at), start=period.start, end=period.end)
    if entry.id and any(period.overlaps(other) for other in seen.get(entry.id, ())):
        return None, [Finding("directory-duplicate-id", at, {"id": entry.id, "field": "id"})]
    if entry.access not in get_args(Access):
        said = {"access": entry.access, "field": "access"}
        return None, [Finding("directory-unknown-access", at, said)]
    hours, noticed = _hours(cells.get("hours", ""), at)
    return replace(entry, hours=hours), noticed


def _dates(cells: Mapping[str, str]) -> Period | None:
    """From when to when a row holds; None if that cannot be read, or if it ends first."""
    try:
        period = Period(start_of(cells.get("from", "")), end_of(cells.get("until", "")))
    except ValueError:
        return None
    return None if period.end and period.end <= period.start else period


def _about_headings(table: Table) -> list[Finding]:
    """Columns that are not read: a second one of the same meaning, and those of unknown meaning."""
    at = f"{table.where}:{table.first_row - 1}"
    known = fields_of(table.headings)
    findings = []
    unknown = []
    for heading, field in zip(table.headings, known, strict=True):
        meant = _field(heading)
        if meant and not field:
            first = table.headings[known.index(meant)].strip()
            slots = {"first": first, "other": heading.strip()}
            findings.append(Finding("directory-heading-twice", at, slots))
        elif heading.strip() and not meant:
            unknown.append(heading.strip()[:40])
    if unknown:
        named = {"headings": ", ".join(unknown[:12])}
        findings.append(Finding("directory-columns-unread", at, named))
    return findings


def _hours(
    written: str, at: str, parts: PartsOfDay = MappingProxyType({})
) -> tuple[Hours, list[Finding]]:
    """The hours of a row, and findings; unknown where no times can be read."""
    found, without = read_words(written, parts), read_words(written, {})
    said = {"hours": written[:100], "read": found.hours.text, "field": "hours"}
    if found.unread:
        return found.hours, [Finding("directory-hours", at, said | {"part": found.unread[:40]})]
    codes = {
        "hours-without-times": bool(found.hours.unknown),
        "hours-by-part-of-day": found.hours != without.hours,
        "hours-added": found.is_added,
    }
    return found.hours, [Finding(code, at, said) for code, holds in codes.items() if holds]


_OF_HOURS = ("directory-hours", "hours-without-times", "hours-added")


def with_parts_of_day(directory: Directory | None, parts: PartsOfDay) -> Directory | None:
    """The directory, if there is one, with the hospital's own times for words such as 上午."""
    if not (directory and parts):
        return directory
    read = {e.where: _hours(e.written.get("hours", ""), e.where, parts) for e in directory.entries}
    others = [f for f in directory.findings if f.code not in _OF_HOURS or f.where not in read]
    return replace(
        directory,
        entries=tuple(replace(e, hours=read[e.where][0]) for e in directory.entries),
        findings=(*others, *(finding for _, findings in read.values() for finding in findings)),
    )


def fields_of(headings: Sequence[str]) -> list[str]:
    """The field of each column, by its heading; empty if navkit does not know it, or if a column
    before it has the same field."""
    fields: list[str] = []
    for heading in headings:
        field = _field(heading)
        fields.append("" if field in fields else field)
    return fields


def name_fields() -> Mapping[str, str]:
    """The fields that hold names, each with its language."""
    fields: Mapping[str, str] = _vocabulary()["languages"]
    return fields


@cache
def _field(heading: str) -> str:
    """The field that a heading means, without what offices add: 房间号*（必填）."""
    plain = unicodedata.normalize("NFKC", from_text(heading)).casefold()
    plain = re.sub(r"\(.*?\)|[\s*:_-]", "", plain)
    return _headings().get(plain, "")


@cache
def _headings() -> Mapping[str, str]:
    return {
        re.sub(r"[\s_-]", "", heading): field
        for field, headings in _vocabulary()["columns"].items()
        for heading in headings
    }


_AS_NAMES = frozenset({"name", "name_hant", "name_en"})
_LISTS = frozenset({"aliases", "rooms"})
_MANY_LINES = _LISTS | {"hours"}
"""Fields in which a line break separates values."""


def _tidied(field: str, cell: str) -> str:
    """The cell of one line: a line break in Chinese is nothing, in other words a blank."""
    if field in _MANY_LINES or "\n" not in cell.replace("\r", "\n"):
        return cell
    lines = [line.strip() for line in cell.splitlines() if line.strip()]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += (" " if joined[-1:].isascii() and line[:1].isascii() else "") + line
    return joined


def _implausible(cells: Mapping[str, str]) -> Finding | None:
    for field, cell in cells.items():
        if cell:
            bound = "names" if field in _AS_NAMES else field
            found = implausible(bound, parts_of(cell) if field in _LISTS else cell)
            if found:
                return replace(found, slots={**found.slots, "field": field})
    return None


def _entry(cells: Mapping[str, str], line: int, where: str) -> Entry:
    access_words = {
        word: access for access, words in _vocabulary()["access"].items() for word in words
    }
    access = cells.get("access", "")
    names = {
        tag: cells[field] for field, tag in _vocabulary()["languages"].items() if cells.get(field)
    }
    return Entry(
        line=line,
        where=where,
        id=cells.get("id", ""),
        names=names,
        aliases=parts_of(cells.get("aliases", "")),
        category=cells.get("category", ""),
        building=cells.get("building", ""),
        floor=cells.get("floor", ""),
        sheet=cells.get("sheet", ""),
        rooms=parts_of(cells["rooms"]),
        hours=ALWAYS,
        phone=cells.get("phone", ""),
        on_door=cells.get("on_door", ""),
        entry=_entered(cells.get("entry", "")),
        access=access_words.get(access.casefold(), access) or "public",
        written=dict(cells),
    )


def _entered(cell: str) -> Mapping[str, str]:
    """What to do at a door: in every language if the words are known, else as written."""
    for row in _vocabulary()["entry"]:
        if cell.casefold() in row["words"]:
            names: Mapping[str, str] = row["names"]
            return names
    return {"": cell} if cell else {}


def parts_of(cell: str) -> tuple[str, ...]:
    """The parts of a cell with several values, in order, without repeats."""
    for separator in ("\n", "\r", *_vocabulary()["marks"]["separators"]):
        cell = cell.replace(separator, ";")
    return tuple(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))
