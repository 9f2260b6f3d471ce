"""Cells of a spreadsheet that begin like a formula, written so that they stay text.

Excel and others run what begins with `=`, `+`, `-` or `@`, of full width too, also out of a CSV
that somebody else has filled in. An apostrophe before it says that it is text; what was written
is read back as it was.
"""

import re

_SIGNS = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_SIGNS}")
_WRITTEN = re.compile(f"'+{_SIGNS}")


def as_text(cell: str) -> str:
    """The cell as it is written to a file that people open."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def from_text(cell: str) -> str:
    """The cell that `as_text` wrote; any other as it is."""
    return cell[1:] if _WRITTEN.match(cell) else cell
