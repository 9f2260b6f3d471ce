"""Cells of a spreadsheet that look like a formula, escaped so that they stay text.

Excel and others run anything that begins with `=`, `+`, `-` or `@`, full-width too, even from a CSV
that somebody else has filled in. An apostrophe in front marks it as text; reading removes the
apostrophe again.
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
