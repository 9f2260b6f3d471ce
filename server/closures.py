"""Closures: what cannot be used, from when to when, and why.

A closure needs one person, because it can only close, and is withdrawn as easily.
"""

import json
from collections.abc import Mapping

from navkit.findings import LANGUAGES, NavkitError
from navkit.hours import local_minute
from navkit.venue import Closure, Venue
from server import audit, trust
from server.people import Person
from server.press import Press, put
from server.rows import Row, Rows, change, count

NAME = "closures.json"
LONGEST_REASON = 120


def standing(rows: Rows, hospital: str) -> list[Row]:
    """What is closed or will be, the newest first, reasons by language."""
    found = rows.all(
        "SELECT * FROM closures WHERE hospital = ? AND withdrawn_ms = 0 ORDER BY id DESC", hospital
    )
    return [{**row, "reason": json.loads(row["reason"])} for row in found]


def closable(venue: Venue) -> set[str]:
    """Ids of all that can be closed."""
    things = (venue.doors, venue.connectors, venue.spaces, venue.paths)
    return {thing.id for group in things for thing in group}


def close(
    rows: Rows,
    press: Press,
    now_ms: int,
    person: Person,
    hospital: str,
    known: set[str],
    target: str,
    start: str,
    end: str,
    reason: Mapping[str, str],
) -> int:
    """Close something; phones read it at once. The closure's id."""
    if target not in known:
        raise NavkitError("unknown-closure", target[:100])
    for time in filter(None, (start, end)):
        try:
            local_minute(time)
        except ValueError:
            raise NavkitError("bad-closure-time", time[:40]) from None
    if start and end and end <= start:
        raise NavkitError("bad-closure-time", end)
    said = {tag: str(reason[tag]).strip()[:LONGEST_REASON] for tag in LANGUAGES if reason.get(tag)}
    with rows.write():
        made = rows.all(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            *(hospital, target, start, end, json.dumps(said, ensure_ascii=False)),
            *(person.name, now_ms),
        )
        audit.note(
            rows, now_ms, person.name, hospital, "close", target=target, start=start, end=end
        )
        _count_on(rows, hospital)
    write(rows, press, now_ms, hospital)
    return int(made[0]["id"])


def reopen(
    rows: Rows, press: Press, now_ms: int, person: Person, hospital: str, closure: int
) -> None:
    """Withdraw a closure."""
    with rows.write():
        change(
            rows,
            "not-closed",
            "UPDATE closures SET withdrawn_by = ?, withdrawn_ms = ?"
            " WHERE id = ? AND hospital = ? AND withdrawn_ms = 0",
            *(person.name, now_ms, closure, hospital),
        )
        audit.note(rows, now_ms, person.name, hospital, "reopen", closure=closure)
        _count_on(rows, hospital)
    write(rows, press, now_ms, hospital)


def _count_on(rows: Rows, hospital: str) -> None:
    rows.run("UPDATE hospitals SET number = number + 1 WHERE id = ?", hospital)


def file(rows: Rows, hospital: str) -> bytes:
    """The file that phones read without a signature; its number only goes up."""
    number = count(rows, "SELECT number FROM hospitals WHERE id = ?", hospital)
    return trust.closures_file(_closed(rows, hospital), number)


def _closed(rows: Rows, hospital: str) -> tuple[Closure, ...]:
    return tuple(
        Closure(row["target"], row["start_at"], row["end_at"], row["reason"])
        for row in reversed(standing(rows, hospital))
    )


def write(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    """Write the file of closures as the rows say."""
    with rows.write():
        write_now(rows, press, now_ms, hospital)


def write_now(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    put(press.folder(hospital) / NAME, file(rows, hospital))
    press.signer.closures(hospital, _closed(rows, hospital), now_ms)
