"""Closures: what cannot be used, from when to when, and why.

A closure needs one person, because it can only close, and is withdrawn as easily. It is stored and
on its way to phones, or neither: whatever is refused, by a rule or by a full disk, leaves nothing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from zoneinfo import ZoneInfo

from navkit.plan.plausible import implausible
from navkit.venue.periods import Period, end_of, now_at, start_of
from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.data.rows import LARGEST, Row, Rows, change, count, one
from server.press import trust
from server.press.press import Press, put
from server.staff import audit
from server.staff.deed import Deed

NAME = "closures.json"

_ENDS = "____-__-__T__:__"
"""Pattern for ends that SQL can compare with a time of the hospital's clock."""


# ------------------------------------------------------------------- what there is


def current(rows: Rows, hospital: str, now_ms: int) -> list[Row]:
    """What is closed or will be, the newest first: rows with the reason by language, and with a
    `state`, which is `planned`, `running`, or `unreadable` for times that were stored before they
    were checked. Phones never get those."""
    _, now = _clock(rows, hospital, now_ms)
    found = rows.all(
        "SELECT * FROM closures WHERE hospital = ? AND withdrawn_ms = 0"
        " AND NOT (end_at LIKE ? AND end_at <= ?) ORDER BY id DESC",
        *(hospital, _ENDS, now),
    )
    return [
        {**row, "reason": json.loads(row["reason"]), "state": _state(row, now)} for row in found
    ]


def past(rows: Rows, hospital: str, now_ms: int, most: int) -> list[Row]:
    """What was closed until its time was over, the most recently ended first."""
    _, now = _clock(rows, hospital, now_ms)
    found = rows.all(
        "SELECT * FROM closures WHERE hospital = ? AND withdrawn_ms = 0"
        " AND end_at LIKE ? AND end_at <= ? ORDER BY end_at DESC, id DESC LIMIT ?",
        *(hospital, _ENDS, now, most),
    )
    return [{**row, "reason": json.loads(row["reason"]), "state": "over"} for row in found]


def running(rows: Rows, hospital: str, now_ms: int) -> list[Row]:
    """What is closed at this moment, the newest first."""
    return [row for row in current(rows, hospital, now_ms) if row["state"] == "running"]


def _state(row: Row, now: str) -> str:
    start, end = row["start_at"], row["end_at"]
    try:
        is_readable = (start_of(start), end_of(end)) == (start, end)
    except ValueError:
        is_readable = False
    return Period(start, end).state(now) if is_readable else "unreadable"


def period_of(row: Row) -> Period:
    """From when to when, for a row whose times can be read."""
    return Period(row["start_at"], row["end_at"])


def _clock(rows: Rows, hospital: str, now_ms: int) -> tuple[ZoneInfo, str]:
    """The zone of a hospital's clock, and its current time."""
    found = one(rows, "SELECT timezone FROM hospitals WHERE id = ?", hospital)
    zone = ZoneInfo(found["timezone"] if found else "UTC")
    return zone, now_at(now_ms, zone)


# ------------------------------------------------------------------- closing, opening


def close(
    deed: Deed,
    press: Press,
    known: set[str],
    target: str,
    start: str,
    end: str,
    reason: Mapping[str, object],
    replaces: int = 0,
) -> Row:
    """Close something, replacing its closure `replaces` if that is not 0; phones
    read it at once. Returns what was stored, in the form of `current`."""
    if target not in known:
        raise NavkitError("not-closable", target[:100])
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    zone, now = _clock(rows, hospital, now_ms)
    period, said = _asked_period(start, end, zone, now), _asked_reason(reason)
    with changing(deed, press):
        if replaces:
            _withdraw(deed, replaces, target)
        _must_be_apart(rows, hospital, now_ms, target, period)
        made = rows.all(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
            *(hospital, target, period.start, period.end, json.dumps(said, ensure_ascii=False)),
            *(deed.person.name, now_ms),
        )
        told = {"target": target, "start": period.start, "end": period.end, "reason": said}
        told |= {"closure": made[0]["id"]} | ({"replaces": replaces} if replaces else {})
        audit.note(deed, "close", **told)
        _must_fit(rows, hospital, now_ms)
        return next(row for row in current(rows, hospital, now_ms) if row["id"] == made[0]["id"])


def reopen(deed: Deed, press: Press, closure: int) -> tuple[Row, list[Row]]:
    """Withdraw a closure: returns it, and what else keeps the same thing closed now."""
    with changing(deed, press):
        row = _withdraw(deed, closure)
        audit.note(deed, "reopen", closure=closure, target=row["target"])
        left = running(deed.rows, deed.hospital, deed.now_ms)
    return row, [other for other in left if other["target"] == row["target"]]


def _withdraw(deed: Deed, closure: int, target: str = "") -> Row:
    """The withdrawn row; `NavkitError` if it was withdrawn already, is over, or concerns another
    thing."""
    standing = current(deed.rows, deed.hospital, deed.now_ms)
    found = (row for row in standing if row["id"] == closure)
    row = next(found, None)
    if row is None or row["target"] != (target or row["target"]):
        raise NavkitError("not-closed")
    change(
        deed.rows,
        "not-closed",
        "UPDATE closures SET withdrawn_by = ?, withdrawn_ms = ?"
        " WHERE id = ? AND hospital = ? AND withdrawn_ms = 0",
        *(deed.person.name, deed.now_ms, closure, deed.hospital),
    )
    return row


def _asked_period(start: str, end: str, zone: ZoneInfo, now: str) -> Period:
    read = []
    for field, text, rule in (("start", start, start_of), ("end", end, end_of)):
        try:
            read.append(rule(text, zone))
        except ValueError:
            raise NavkitError("bad-closure-time", text.strip()[:40], field=field) from None
    period = Period(*read)
    if period.end and period.end <= period.start:
        raise NavkitError("closure-ends-first", shown(period), field="end")
    if period.state(now) == "over":
        said = {"now": now.replace("T", " "), "field": "end"}
        raise NavkitError("closure-over", shown(period), **said)
    return period


def _asked_reason(reason: Mapping[str, object]) -> dict[str, str]:
    said = {}
    for tag, text in reason.items():
        if tag not in languages() or not isinstance(text, str):
            raise NavkitError("closure-reason-unknown", tag[:40], known=", ".join(languages()))
        text = " ".join(text.split())
        if wrong := implausible("reason", text):
            raise NavkitError(wrong.code, tag, **{**wrong.slots, "field": f"reason-{tag}"})
        if text:
            said[tag] = text
    if not said:
        raise NavkitError("closure-reason-missing")
    return said


def _must_be_apart(rows: Rows, hospital: str, now_ms: int, target: str, period: Period) -> None:
    """Periods of one thing must not overlap: opening one would not open the thing."""
    for row in current(rows, hospital, now_ms):
        is_same = row["target"] == target and row["state"] != "unreadable"
        if is_same and period_of(row).overlaps(period):
            raise NavkitError(
                "closure-overlaps",
                target,
                period=shown(period_of(row)),
                person=row["person"],
                number=str(row["id"]),
            )


def shown(period: Period) -> str:
    """A period for people, in any language."""
    start, end = (time.replace("T", " ") or "…" for time in (period.start, period.end))
    return f"{start} – {end}"


def _must_fit(rows: Rows, hospital: str, now_ms: int) -> None:
    """Phones read a limited number of bytes. There is always room for an emergency."""
    closed = _closed(rows, hospital, now_ms)
    if len(trust.closures_file(closed, LARGEST, _clock(rows, hospital, now_ms)[1])) > (
        trust.CLOSURES_BYTES
    ):
        raise NavkitError("closures-too-many", hospital, count=str(len(closed)))


# ------------------------------------------------------------------- for phones


@contextmanager
def changing(deed: Deed, press: Press) -> Iterator[None]:
    """A change of what phones are told: stored and on phones, or neither. Everything that can be
    refused is written before the rows, and phones are pointed to it afterwards."""
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    done = ""
    try:
        with ExitStack() as leading:
            with rows.write():
                yield
                done = "rules"
                rows.run("UPDATE hospitals SET number = number + 1 WHERE id = ?", hospital)
                put(press.folder(hospital) / NAME, file(rows, hospital, now_ms))
                closed, began = _closed(rows, hospital, now_ms), since(rows, hospital)
                about = press.signer.about_to_close(hospital, closed, now_ms, began)
                leading.enter_context(about)
            done = "rows"
    except Exception:
        if done == "rows":
            write(rows, press, now_ms, hospital)
            return
        if done == "rules":
            # The file may be ahead of the rows; if this fails too, the next start repairs it.
            with suppress(Exception):
                write(rows, press, now_ms, hospital)
        raise


def file(rows: Rows, hospital: str, now_ms: int) -> bytes:
    """The file that phones read without a signature; its number only goes up."""
    closed, began = _closed(rows, hospital, now_ms), since(rows, hospital)
    return trust.closures_file(closed, number(rows, hospital), began)


def emergency(rows: Rows, hospital: str) -> Row | None:
    """The current emergency of a hospital, None if there is none."""
    return one(rows, "SELECT * FROM emergencies WHERE hospital = ? AND withdrawn_ms = 0", hospital)


def since(rows: Rows, hospital: str) -> str:
    """Since when there is an emergency, in the hospital's time; empty if there is none."""
    standing = emergency(rows, hospital)
    return _clock(rows, hospital, standing["made_ms"])[1] if standing else ""


def number(rows: Rows, hospital: str) -> int:
    """How often the closures have changed."""
    return count(rows, "SELECT number FROM hospitals WHERE id = ?", hospital)


def signed(rows: Rows, press: Press, hospital: str, now_ms: int) -> bytes:
    """The signed file; its number is the version of the signature."""
    closed, began = _closed(rows, hospital, now_ms), since(rows, hospital)
    return press.signer.closures_content(hospital, closed, began)


def _closed(rows: Rows, hospital: str, now_ms: int) -> Sequence[Closure]:
    """The oldest first, without those that are over: phones open them by their own clocks."""
    return tuple(
        Closure(row["target"], row["start_at"], row["end_at"], row["reason"])
        for row in reversed(current(rows, hospital, now_ms))
        if row["state"] != "unreadable"
    )


def write(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    """Write the file of closures from the rows."""
    with rows.write():
        write_now(rows, press, now_ms, hospital)


def write_now(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    """The same, for a caller that has the lock."""
    put(press.folder(hospital) / NAME, file(rows, hospital, now_ms))
    closed, began = _closed(rows, hospital, now_ms), since(rows, hospital)
    press.signer.closures(hospital, closed, now_ms, began)
