"""The audit log: who did what, each row sealed with the hash of the row before it.

Rows are only ever added. Whoever changes or removes one breaks the chain from there on; who
rewrites the whole chain is found by the last hash, which staff may note elsewhere.
"""

import hashlib
import json

from server.rows import Row, Rows, one

_FIELDS = ("number", "at_ms", "person", "hospital", "action", "said", "before")


def note(rows: Rows, at_ms: int, person: str, hospital: str, action: str, **said: object) -> None:
    """Add a row. Call it inside `rows.write()`, with what it tells of."""
    last = one(rows, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    row: Row = {
        "number": last["number"] + 1 if last else 1,
        "at_ms": at_ms,
        "person": person,
        "hospital": hospital,
        "action": action,
        "said": json.dumps(said, ensure_ascii=False, sort_keys=True),
        "before": last["hash"] if last else "",
    }
    rows.run(
        "INSERT INTO audit (number, at_ms, person, hospital, action, said, before, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(row[field] for field in _FIELDS),
        _seal(row),
    )


def check(rows: Rows) -> int:
    """Number of the first row that is not as it was written; 0 where all are."""
    before = ""
    for number, row in enumerate(rows.all("SELECT * FROM audit ORDER BY number"), start=1):
        if row["number"] != number or row["before"] != before or row["hash"] != _seal(row):
            return number
        before = row["hash"]
    return 0


def last(rows: Rows, most: int, hospital: str = "") -> list[Row]:
    """The newest rows first, of one hospital or of all."""
    return rows.all(
        "SELECT * FROM audit WHERE ? IN ('', hospital) ORDER BY number DESC LIMIT ?",
        hospital,
        most,
    )


def _seal(row: Row) -> str:
    text = json.dumps([row[field] for field in _FIELDS], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
