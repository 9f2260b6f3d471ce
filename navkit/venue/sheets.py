"""Tables that offices keep, as rows of text: a CSV of any program, or a workbook of Excel."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from navkit.plan import encodings
from navkit.venue.workbook import is_old_workbook, is_workbook, read_workbook
from navkit.words.findings import Finding, NavkitError

IsHeading = Callable[[Sequence[str]], bool]
"""Whether a row has the headings of the table that is looked for."""

LOOKED_AT = 20
"""Rows above the headings that may hold a title, a date, a note. A guess."""

_HINT = "sep="
"""Excel's hint in the first line of a CSV: the character between cells."""


@dataclass(frozen=True)
class Table:
    """One sheet from its headings on."""

    where: str
    """The file, and the sheet if it has several."""
    title: str
    """Empty for the only sheet."""
    headings: tuple[str, ...]
    first_row: int
    """The number of the row after the headings, counted from 1 as spreadsheets do."""
    rows: tuple[tuple[str, ...], ...]


def tables_of(
    content: bytes, where: str, is_heading: IsHeading
) -> tuple[list[Table], list[Finding]]:
    """Every sheet that has the headings, and what is not read. `NavkitError` if none has them."""
    if is_old_workbook(content):
        raise NavkitError("directory-old-workbook", where)
    if not is_workbook(content):
        return tables_of_text(decode(content, where, is_heading), where, is_heading), []
    sheets, findings = read_workbook(content, where)
    tables: list[Table] = []
    for sheet in sheets:
        at = f"{where}, {sheet.title}" if len(sheets) > 1 else where
        title = sheet.title if len(sheets) > 1 else ""
        if found := _from_headings(sheet.rows, at, title, is_heading):
            tables.append(found)
        elif any(any(row) for row in sheet.rows):
            findings.append(Finding("directory-sheet-unread", where, {"sheet": sheet.title}))
    if not tables:
        raise NavkitError("directory-without-columns", where)
    if len(tables) > 1:
        names = ", ".join(table.title for table in tables)
        findings.append(Finding("directory-sheets", where, {"sheets": names}))
    return tables, findings


def tables_of_text(text: str, where: str, is_heading: IsHeading) -> list[Table]:
    """The one table of a CSV; `NavkitError` if it has no headings."""
    broken = False
    for delimiter in _delimiters(text):
        try:
            rows = _rows(text, delimiter)
        except csv.Error:
            broken = True
            continue
        if found := _from_headings(rows, where, "", is_heading):
            return [found]
    raise NavkitError("directory-not-a-table" if broken else "directory-without-columns", where)


def decode(content: bytes, where: str, is_heading: IsHeading = lambda row: False) -> str:
    """The text of a CSV. `NavkitError` if its encoding cannot be told; where two are likely, it is
    the one in which the headings are known."""
    reading = encodings.read(content)
    if reading and reading.encoding != "cp1252" and "\0" not in reading.text:
        return reading.text
    texts = []
    for encoding in ("gb18030", "big5") if reading is None else ():
        try:
            text = content.decode(encoding)
            tables_of_text(text, where, is_heading)
        except (UnicodeDecodeError, NavkitError):
            continue
        texts.append(text)
    if len(texts) != 1:
        raise NavkitError("directory-encoding", where)
    return texts[0]


def _delimiters(text: str) -> list[str]:
    """The hinted one, or all that are usual, the most frequent first."""
    first = text.split("\n", 1)[0].strip()
    if first.casefold().startswith(_HINT) and len(first) == len(_HINT) + 1:
        return [first[-1]]
    return sorted(",;\t", key=text[:10_000].count, reverse=True)


def _rows(text: str, delimiter: str) -> list[tuple[str, ...]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return [tuple(row) for row in rows]


def _from_headings(
    rows: Sequence[tuple[str, ...]], where: str, title: str, is_heading: IsHeading
) -> Table | None:
    for number, row in enumerate(rows[:LOOKED_AT], start=1):
        if is_heading(row):
            return Table(where, title, row, number + 1, tuple(rows[number:]))
    return None
