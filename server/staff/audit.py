"""The audit log: who did what, each row sealed with the hash of the row before it.

Rows are only ever added. Changing or removing one breaks the chain from there on; rewriting
the whole chain is detected by the last hash, which staff may note elsewhere.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from server.data.rows import LARGEST, Row, Rows, one
from server.staff.deed import Deed

ASKED_FROM: ContextVar[str] = ContextVar("asked_from", default="")
"""The address of the current request; empty if the machine acts by itself."""

Words = Callable[[Row], str]

BATCH = 1000
"""Rows that are read at once: a log of years does not fit into memory."""

_FIELDS = ("number", "at_ms", "person", "hospital", "action", "said", "before")


def note(deed: Deed, action: str, **said: object) -> None:
    """Add a row. Call it inside `rows.write()`, together with the change it describes."""
    last = one(deed.rows, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    row: Row = {
        "number": last["number"] + 1 if last else 1,
        "at_ms": deed.now_ms,
        "person": deed.person.name,
        "hospital": deed.hospital,
        "action": action,
        "said": json.dumps(said, ensure_ascii=False, sort_keys=True),
        "before": last["hash"] if last else "",
        "address": ASKED_FROM.get(),
    }
    deed.rows.run(
        "INSERT INTO audit (number, at_ms, person, hospital, action, said, before, address, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        *(row[field] for field in _FIELDS),
        *(row["address"], seal(row)),
    )


LOOKED_MS = 10 * 60_000
"""Within this time, viewing the same page again adds no entry. A guess."""


def looked(deed: Deed, action: str) -> None:
    """Record that somebody views data about people."""
    if one(
        deed.rows,
        "SELECT number FROM audit WHERE person = ? AND action = ? AND address = ? AND at_ms > ?",
        *(deed.person.name, action, ASKED_FROM.get(), deed.now_ms - LOOKED_MS),
    ):
        return
    with deed.rows.write():
        note(deed, action)


def check(rows: Rows) -> int:
    """Number of the first row that was tampered with; 0 if all are intact."""
    before, number = "", 0
    for number, row in enumerate(every(rows), start=1):
        if row["number"] != number or row["before"] != before or row["hash"] != seal(row):
            return number
        before = row["hash"]
    return 0


def every(rows: Rows, hospital: str = "") -> Iterator[Row]:
    """All rows, the oldest first, of one hospital or of all."""
    done = 0
    while found := rows.all(
        "SELECT * FROM audit WHERE number > ? AND ? IN ('', hospital) ORDER BY number LIMIT ?",
        *(done, hospital, BATCH),
    ):
        yield from found
        done = found[-1]["number"]


def last(rows: Rows, most: int, hospital: str = "", before: int = LARGEST) -> list[Row]:
    """The newest rows before a number first, of one hospital or of all."""
    return rows.all(
        "SELECT * FROM audit WHERE number < ? AND ? IN ('', hospital) ORDER BY number DESC LIMIT ?",
        *(before, hospital, most),
    )


# ------------------------------------------------------------------- export

_FORMULA = re.compile(r"[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""Beginnings of cells that a spreadsheet would compute. Source: OWASP on CSV injection."""

_HEADINGS = (
    *("number", "time_utc", "person", "address", "hospital", "action", "deed", "told"),
    *("said", "before", "hash"),
)


def as_csv(found: Iterable[Row], deed: Words, told: Words) -> Iterator[str]:
    """For a spreadsheet, which needs the mark at the beginning to detect UTF-8; `deed` and `told`
    put a row into words."""
    yield "\ufeff" + _line(_HEADINGS)
    for row in found:
        at = datetime.fromtimestamp(row["at_ms"] / 1000, UTC).isoformat(timespec="milliseconds")
        words = (row["action"], deed(row), told(row))
        cells = (row["number"], at, row["person"], row["address"], row["hospital"], *words)
        yield _line((*cells, row["said"], row["before"], row["hash"]))


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO(newline="")
    texts = map(str, cells)
    csv.writer(out).writerow(f"'{one}" if _FORMULA.match(one) else one for one in texts)
    return out.getvalue()


def as_lines(found: Iterable[Row]) -> Iterator[str]:
    """JSON, one row per line, as it was sealed: the chain can be checked without this program."""
    for row in found:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def seal(row: Row) -> str:
    """The hash of a row, which includes the hash of the row before it; the address only if
    there is one, since the oldest rows have none."""
    sealed = [row[field] for field in _FIELDS]
    sealed += [row["address"]] if row["address"] else []
    text = json.dumps(sealed, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
