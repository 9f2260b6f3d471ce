"""Cells of a spreadsheet that look like a formula, escaped so that they stay text.

Excel and others run anything that begins with `=`, `+`, `-` or `@`, full-width too, even from a CSV
that somebody else has filled in. An apostrophe in front marks it as text; reading removes the
apostrophe again.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

_SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_SIGNS}")
_WRITTEN = re.compile(f"'+{_SIGNS}")


def as_text(cell: str) -> str:
    """The cell as it is written to a file that people open."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def from_text(cell: str) -> str:
    """The cell that `as_text` wrote; any other as it is."""
    return cell[1:] if _WRITTEN.match(cell) else cell


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a spreadsheet opens them: UTF-8 with a mark, and no cell is a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([as_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
