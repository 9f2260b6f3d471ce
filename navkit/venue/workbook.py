"""Workbooks of Excel from strangers, as rows of the text that Excel shows; or refused.

Everything is read within bounds: an xlsx is a zip of XML, and both can be made to swell.
"""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from navkit.words.findings import Finding, NavkitError

MOST_PARTS = 1_000
MOST_UNPACKED_BYTES = 64 * 2**20
MOST_RATIO = 200
"""Unpacked size over packed size of a part of a megabyte or more; sheets of Excel have 10 to 60."""
MOST_SHEETS = 60
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELLS = 400_000
"""A directory of 10,000 places with 30 columns fits. A guess."""
MOST_LOOKED_AT = 20_000_000
"""Cells with those that are empty: an empty row may be declared 16,384 wide."""
_RATIO_MATTERS_BYTES = 1_000_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
"""An .xls of old Excel, or an .xlsx with a password."""

_MERGED = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?\bref\s*=\s*[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")

_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that no XML can hold."""

_DAY_ZERO = date(1900, 1, 1)
"""Excel gives a time without a date this day, or the one before."""


@dataclass(frozen=True)
class Sheet:
    """The cells of one visible sheet; row 1 is the first."""

    title: str
    rows: tuple[tuple[str, ...], ...]


def is_workbook(content: bytes) -> bool:
    """Whether it is packed as a workbook of today's Excel is."""
    return content.startswith(_ZIP)


def is_old_workbook(content: bytes) -> bool:
    """Whether it is an .xls, or a workbook with a password."""
    return content.startswith(_OLE)


def read_workbook(content: bytes, where: str) -> tuple[list[Sheet], list[Finding]]:
    """The visible sheets, and findings for what is not read. `NavkitError` if it cannot be read
    within the bounds of this module."""
    parts = _checked(content, where)
    from openpyxl import load_workbook

    findings: list[Finding] = []
    sheets: list[Sheet] = []
    try:
        shown = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        has_formulas = any(_FORMULA.search(part) for name, part in parts.items() if "sheet" in name)
        written = (
            load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
            if has_formulas
            else None
        )
        if len(shown.worksheets) > MOST_SHEETS:
            raise NavkitError("workbook-too-large", where)
        for sheet in shown.worksheets:
            if sheet.sheet_state != "visible":
                findings.append(Finding("directory-sheet-hidden", where, {"sheet": sheet.title}))
                continue
            formulas = written[sheet.title] if written else None
            part = parts.get(str(vars(sheet)["_worksheet_path"]), b"")
            rows, said = _cells(sheet, formulas, part, f"{where}, {sheet.title}")
            sheets.append(Sheet(sheet.title, rows))
            findings += said
    except NavkitError:
        raise
    except Exception as error:
        # openpyxl raises whatever a broken part makes its parsers raise.
        raise NavkitError("workbook-broken", where) from error
    return sheets, findings


def written_workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet of text, the headings in its first row: no cell is a number, a date or a
    formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("navkit")
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_UNWRITABLE.sub("", text))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _checked(content: bytes, where: str) -> Mapping[str, bytes]:
    """The XML of a workbook by name, if it is within bounds and declares no entities."""
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PARTS or _swells(entries):
                raise NavkitError("workbook-too-large", where)
            if "xl/workbook.xml" not in archive.namelist():
                raise NavkitError("directory-not-a-workbook", where)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    parts[entry.filename] = archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise NavkitError("workbook-broken", where) from error
    except (NotImplementedError, RuntimeError) as error:
        raise NavkitError("directory-old-workbook", where) from error
    for part in parts.values():
        # Parts in UTF-16 could hide a declaration, and no program writes them.
        if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part:
            raise NavkitError("workbook-broken", where)
    return parts


def _swells(entries: Iterable[zipfile.ZipInfo]) -> bool:
    total = 0
    for entry in entries:
        total += entry.file_size
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return True
        if entry.file_size > max(_RATIO_MATTERS_BYTES, MOST_RATIO * entry.compress_size):
            return True
    return total > MOST_UNPACKED_BYTES


def _cells(
    sheet: Any, formulas: Any, part: bytes, where: str
) -> tuple[tuple[tuple[str, ...], ...], list[Finding]]:
    """The text of each cell; of merged ones in each row and column that they cover."""
    findings: list[Finding] = []
    rows: list[list[str]] = []
    count = looked_at = 0
    unread: list[str] = []
    for number, row in enumerate(_rows(sheet), start=1):
        looked_at += len(row)
        beyond = any(cell.value is not None for cell in row[MOST_COLUMNS:])
        if beyond or looked_at > MOST_LOOKED_AT:
            raise NavkitError("workbook-too-large", where)
        row = row[:MOST_COLUMNS]
        texts = ["" if cell.data_type == "e" else cell_text(cell) for cell in row]
        unread += [f"{_column(i)}{number}" for i, cell in enumerate(row) if cell.data_type == "e"]
        while texts and not texts[-1]:
            texts.pop()
        count += len(texts)
        if count > MOST_CELLS or (texts and number > MOST_ROWS):
            raise NavkitError("workbook-too-large", where)
        if texts:
            rows += [[] for _ in range(len(rows), number - 1)]
            rows.append(texts)
    unread += _without_value(formulas, rows) if formulas is not None else []
    if unread:
        slots = {"cells": ", ".join(unread[:10]), "count": str(len(unread))}
        findings.append(Finding("directory-cells-unread", where, slots))
    if merged := _fill(rows, part):
        findings.append(Finding("directory-merged", where, {"count": str(merged)}))
    return tuple(map(tuple, rows)), findings


def _rows(sheet: Any) -> Iterator[Any]:
    # The size that a sheet says of itself may be false.
    sheet.reset_dimensions()
    yield from sheet.iter_rows()


def _without_value(formulas: Any, rows: list[list[str]]) -> list[str]:
    """Formulas whose value no program has stored."""
    return [
        f"{_column(i)}{number}"
        for number, (row, texts) in enumerate(zip(_rows(formulas), rows, strict=False), start=1)
        for i, cell in enumerate(row)
        if cell.data_type == "f" and not (i < len(texts) and texts[i])
    ]


def _fill(rows: list[list[str]], part: bytes) -> int:
    """Put the text of merged cells into all that they cover; returns how many areas have one."""
    filled = 0
    for match in _MERGED.finditer(part):
        left, top, right, bottom = (m.decode() for m in match.groups())
        columns = range(_number(left), min(_number(right), MOST_COLUMNS) + 1)
        lines = range(int(top), min(int(bottom), len(rows)) + 1)
        if not lines or not columns or len(rows[lines[0] - 1]) < columns[0]:
            continue
        text = rows[lines[0] - 1][columns[0] - 1]
        if not text:
            continue
        filled += 1
        for line in lines:
            row = rows[line - 1]
            row += [""] * (columns[-1] - len(row))
            row[columns[0] - 1 : columns[-1]] = [text] * len(columns)
    return filled


def _number(letters: str) -> int:
    """The number of a column, counted from 1: A, …, Z, AA, …"""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _column(index: int) -> str:
    """The letters of a column, counted from 0."""
    first, second = divmod(index, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + second)


def cell_text(cell: Any) -> str:
    """What a cell says: whole numbers without a point, with the zeros that its format adds; times
    as 08:00; dates as 2026-03-12, with their time if they have one."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _figure(value, cell.number_format or "")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, datetime):
        if value.date() <= _DAY_ZERO:
            return f"{value:%H:%M}"
        return f"{value:%Y-%m-%d %H:%M}" if value.time() > time() else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)


def _figure(value: float, number_format: str) -> str:
    whole = int(value) if value == int(value) else None
    if whole is None:
        return f"{value:.10g}"
    padded = re.match(r"0+(?=;|$)", number_format)
    return str(whole).zfill(len(padded[0]) if padded else 0)
