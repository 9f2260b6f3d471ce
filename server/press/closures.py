"""Closures: what cannot be used, from when to when, and why.

A closure needs one person, because it can only close, and is withdrawn as easily. It is stored and
on its way to phones, or neither: whatever is refused, by a rule or by a full disk, leaves nothing.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from navkit.plan.plausible import implausible
from navkit.venue.periods import Period, end_of, now_at, start_of
from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.data.rows import LARGEST, Row, Rows, change, count, one
from server.press import repeating, trust
from server.press.press import Press, put
from server.press.repeating import Daily, When
from server.staff import audit
from server.staff.deed import Deed
from server.staff.roles import NOBODY

NAME = "closures.json"

_ENDS = "____-__-__T__:__"
"""Pattern for ends that SQL can compare with a time of the hospital's clock."""


# ------------------------------------------------------------------- what there is


def current(rows: Rows, hospital: str, now_ms: int) -> list[Row]:
    """What is closed or will be, the newest first: rows with the reason by language, and with a
    `state`, which is `planned`, `running`, or `unreadable` for times that were stored before they
    were checked. Phones never get those. `members` are what phones are told of instead of an area,
    `daily` the hours if it repeats, `periods` those that phones know of."""
    zone, now = _clock(rows, hospital, now_ms)
    found = rows.all(
        "SELECT * FROM closures WHERE hospital = ? AND withdrawn_ms = 0"
        " AND NOT (end_at LIKE ? AND end_at <= ?) ORDER BY id DESC",
        *(hospital, _ENDS, now),
    )
    return [_read(row, zone, now) for row in found]


def past(rows: Rows, hospital: str, now_ms: int, most: int) -> list[Row]:
    """What was closed until its time was over, the most recently ended first."""
    zone, now = _clock(rows, hospital, now_ms)
    found = rows.all(
        "SELECT * FROM closures WHERE hospital = ? AND withdrawn_ms = 0"
        " AND end_at LIKE ? AND end_at <= ? ORDER BY end_at DESC, id DESC LIMIT ?",
        *(hospital, _ENDS, now, most),
    )
    return [{**_read(row, zone, now), "state": "over"} for row in found]


def running(rows: Rows, hospital: str, now_ms: int) -> list[Row]:
    """What is closed at this moment, the newest first."""
    return [row for row in current(rows, hospital, now_ms) if row["state"] == "running"]


def _read(row: Row, zone: ZoneInfo, now: str) -> Row:
    members = json.loads(row["members"]) if row["members"] else []
    said = {**row, "reason": json.loads(row["reason"]), "members": members, "periods": []}
    start, end = row["start_at"], row["end_at"]
    try:
        is_readable = (start_of(start), end_of(end)) == (start, end)
    except ValueError:
        is_readable = False
    if not is_readable:
        return {**said, "daily": None, "state": "unreadable"}
    when = When(Period(start, end), repeating.decoded(row["daily"]), zone)
    ahead = now_at(_minute_ms(now, zone) + repeating.AHEAD_DAYS * 24 * 3600_000, zone)
    periods = [*when.periods(now, ahead)]
    is_running = any(one.state(now) == "running" for one in periods)
    state = "running" if is_running else "planned"
    return {**said, "daily": when.daily, "periods": periods, "state": state}


def _minute_ms(minute: str, zone: ZoneInfo) -> int:
    return int(datetime.fromisoformat(minute).replace(tzinfo=zone).timestamp() * 1000)


def _when(row: Row, zone: ZoneInfo) -> When:
    return When(period_of(row), row["daily"], zone)


def period_of(row: Row) -> Period:
    """From when to when, for a row whose times can be read."""
    return Period(row["start_at"], row["end_at"])


def times(rows: Rows, row: Row) -> int:
    """How often a closure closes between its start and its end; it must have both."""
    zone, _ = _clock(rows, row["hospital"], 0)
    return sum(1 for _ in _when(row, zone).periods(row["start_at"], row["end_at"]))


def _clock(rows: Rows, hospital: str, now_ms: int) -> tuple[ZoneInfo, str]:
    """The zone of a hospital's clock, and its current time."""
    found = one(rows, "SELECT timezone FROM hospitals WHERE id = ?", hospital)
    zone = ZoneInfo(found["timezone"] if found else "UTC")
    return zone, now_at(now_ms, zone)


# ------------------------------------------------------------------- closing, opening


@dataclass(frozen=True)
class Asked:
    """What somebody asks to close: one thing or several, for one reason."""

    targets: Sequence[str]
    start: str
    """Empty: from now on."""
    end: str
    """Empty: until somebody opens it again. With `daily`, a date is the last day on which a period
    begins, and a time is the one at or before which the last period ends."""
    reason: Mapping[str, object]
    replaces: int = 0
    """Id of the closure of the one target that this replaces; 0 for none."""
    instead: bool = False
    """Whether it replaces whatever closes the targets for a part of that time."""
    daily: Daily | None = None


def close(
    deed: Deed,
    press: Press,
    known: Collection[str],
    target: str,
    start: str,
    end: str,
    reason: Mapping[str, object],
    replaces: int = 0,
) -> Row:
    """Close one thing that is no area, once; see `close_all`."""
    return close_all(deed, press, known, Asked((target,), start, end, reason, replaces))[0]


def close_all(
    deed: Deed,
    press: Press,
    known: Collection[str],
    asked: Asked,
    members: Callable[[str], Sequence[str]] = lambda target: (),
) -> list[Row]:
    """Close things, all or none; phones read it at once. `members` says what phones are told of
    instead of an area. Returns what was stored, in the form of `current`."""
    targets = tuple(dict.fromkeys(asked.targets))
    if unknown := [one for one in targets if one not in known] or ([] if targets else [""]):
        raise NavkitError("not-closable", unknown[0][:100])
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    zone, now = _clock(rows, hospital, now_ms)
    period = _asked_period(asked.start, asked.end, zone, now)
    ends = len(asked.end.strip()) > len("2026-03-02")
    when = repeating.planned(period, asked.daily, zone, now, ends_within=ends)
    said, made = _asked_reason(asked.reason), []
    # What is broken now is closed now, whatever is planned, also for this night.
    is_immediate = when.daily is None and when.whole.state(now) == "running"
    with changing(deed, press):
        if asked.replaces:
            _withdraw(deed, asked.replaces, targets[0])
        for target in targets:
            replaced = [asked.replaces] if asked.replaces else []
            for row in _overlapping(rows, hospital, now_ms, target, when):
                if not asked.instead:
                    if is_immediate and (row["state"] == "planned" or row["daily"]):
                        continue
                    _refuse(target, row)
                replaced.append(_withdraw(deed, row["id"])["id"])
            made.append(_stored(deed, target, when, said, members(target), replaced))
        _must_fit(rows, hospital, now_ms)
        by_id = {row["id"]: row for row in current(rows, hospital, now_ms)}
        return [by_id[one] for one in made]


def _stored(
    deed: Deed,
    target: str,
    when: When,
    reason: Mapping[str, str],
    members: Sequence[str],
    replaced: Sequence[int],
) -> int:
    daily = when.daily.encode() if when.daily else ""
    whole = when.whole
    made = deed.rows.all(
        "INSERT INTO closures (hospital, target, start_at, end_at, reason, members, daily, person,"
        " made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        *(deed.hospital, target, whole.start, whole.end, json.dumps(reason, ensure_ascii=False)),
        *(json.dumps(list(members)) if members else "", daily, deed.person.name, deed.now_ms),
    )
    told: dict[str, object] = {"target": target, "start": whole.start, "end": whole.end}
    told |= {"reason": reason, "closure": made[0]["id"]}
    told |= {"replaces": replaced[0]} if replaced else {}
    told |= {"daily": daily} if daily else {}
    audit.note(deed, "close", **told)
    return int(made[0]["id"])


def reopen(deed: Deed, press: Press, closure: int) -> tuple[Row, list[Row]]:
    """Withdraw a closure: returns it, and what else keeps the same thing closed now."""
    with changing(deed, press):
        row = _withdraw(deed, closure)
        audit.note(deed, "reopen", closure=closure, target=row["target"])
        left = running(deed.rows, deed.hospital, deed.now_ms)
    return row, [other for other in left if row["target"] in (other["target"], *other["members"])]


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
    if not _year(now, -1) <= (period.start or now) <= _year(now, 2):
        raise NavkitError("closure-far", shown(period), now=now.replace("T", " "), field="start")
    if (period.end or now) > _year(now, 5):
        raise NavkitError("closure-far", shown(period), now=now.replace("T", " "), field="end")
    if period.state(now) == "over":
        said = {"now": now.replace("T", " "), "field": "end"}
        raise NavkitError("closure-over", shown(period), **said)
    return period


def _year(now: str, later: int) -> str:
    """The same minute of another year: a bound beyond which a year is mistyped. Guesses."""
    return f"{int(now[:4]) + later:04}{now[4:]}"


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
        raise NavkitError("closure-reason-missing", field="reason")
    return said


def _overlapping(rows: Rows, hospital: str, now_ms: int, target: str, when: When) -> list[Row]:
    """What one thing has for a part of the same time: opening one would not open the thing."""
    zone, now = _clock(rows, hospital, now_ms)
    return [
        row
        for row in current(rows, hospital, now_ms)
        if row["target"] == target and row["state"] != "unreadable"
        if _when(row, zone).overlaps(when, now)
    ]


def _refuse(target: str, row: Row) -> None:
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
    zone, now = _clock(rows, hospital, now_ms)
    if len(trust.closures_file(closed, LARGEST, now, zone.key)) > trust.CLOSURES_BYTES:
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
                closed, began, zone = _told(rows, hospital, now_ms)
                about = press.signer.about_to_close(hospital, closed, now_ms, began, zone)
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
    closed, began, zone = _told(rows, hospital, now_ms)
    return trust.closures_file(closed, number(rows, hospital), began, zone)


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
    closed, began, zone = _told(rows, hospital, now_ms)
    return press.signer.closures_content(hospital, closed, began, zone)


def _told(rows: Rows, hospital: str, now_ms: int) -> tuple[Sequence[Closure], str, str]:
    """What phones are told: what is closed, since when there is an emergency, and the time zone."""
    zone, _ = _clock(rows, hospital, now_ms)
    return _closed(rows, hospital, now_ms), since(rows, hospital), zone.key


def _closed(rows: Rows, hospital: str, now_ms: int) -> Sequence[Closure]:
    """The oldest first, without those that are over: phones open them by their own clocks. An area
    is told thing by thing, and a closure that repeats period by period: phones know no others."""
    return tuple(
        Closure(target, period.start, period.end, row["reason"])
        for row in reversed(current(rows, hospital, now_ms))
        for target in (row["members"] or [row["target"]])
        for period in row["periods"]
    )


def renew(rows: Rows, press: Press, now_ms: int) -> list[str]:
    """Tell phones of the next periods of what repeats. Returns the hospitals for which something
    has changed."""
    done = []
    for row in rows.all(
        "SELECT DISTINCT hospital FROM closures WHERE withdrawn_ms = 0 AND daily != ''"
    ):
        hospital = row["hospital"]
        with suppress(OSError):
            if (press.folder(hospital) / NAME).read_bytes() == file(rows, hospital, now_ms):
                continue
        with changing(Deed(rows, now_ms, NOBODY, hospital), press):
            done.append(hospital)
    return done


def map_changed(rows: Rows, hospital: str, members: Callable[[str], Sequence[str]]) -> None:
    """What areas consist of on a new map. Call it inside `rows.write()`."""
    for row in rows.all(
        "SELECT id, target, members FROM closures"
        " WHERE hospital = ? AND withdrawn_ms = 0 AND members != ''",
        hospital,
    ):
        now = json.dumps(list(members(row["target"])))
        if now != row["members"]:
            rows.run("UPDATE closures SET members = ? WHERE id = ?", now, row["id"])


def write(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    """Write the file of closures from the rows."""
    with rows.write():
        write_now(rows, press, now_ms, hospital)


def write_now(rows: Rows, press: Press, now_ms: int, hospital: str) -> None:
    """The same, for a caller that has the lock."""
    put(press.folder(hospital) / NAME, file(rows, hospital, now_ms))
    closed, began, zone = _told(rows, hospital, now_ms)
    press.signer.closures(hospital, closed, now_ms, began, zone)
