"""From when to when something is closed, in the hospital's time.

Times are accepted in many forms, and stored in one: ``YYYY-MM-DDTHH:MM``, which every phone reads
alike. Rounding never opens anything early: a start is rounded down to the minute and an end up, and
if a clock that is put back shows an hour twice, a start is its beginning and an end its end.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

State = Literal["planned", "running", "over"]

_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)"
    r"(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Times as `start_of` and `end_of` return them; they compare in order of time."""

    start: str = ""
    """Included; an empty start means already closed."""
    end: str = ""
    """Not included; an empty end means until somebody opens it again."""

    def state(self, now: str) -> State:
        """The state of something with this closure, at a minute of the hospital's clock."""
        if self.end and self.end <= now:
            return "over"
        return "planned" if self.start > now else "running"

    def overlaps(self, other: "Period") -> bool:
        """Whether both have a minute in common."""
        return (not self.end or other.start < self.end) and (
            not other.end or self.start < other.end
        )


def gaps(periods: Iterable[Period]) -> list[Period]:
    """The time outside some periods, in order: all of it if there are none."""
    found, since = [], ""
    for period in sorted(periods, key=lambda one: one.start):
        if period.start > since:
            found.append(Period(since, period.start))
        if not period.end:
            return found
        since = max(since, period.end)
    return [*found, Period(since, "")]


def start_of(text: str, zone: tzinfo | None = None) -> str:
    """The first minute in which something closed from `text` on is closed; '' for ''.

    `text` is a date (from its beginning), or a date and a time. A time with a Z or an offset is
    converted to the time zone `zone`. `ValueError` if it is neither, or if there is no zone for
    the conversion.
    """
    return _minute(text, zone, is_end=False)


def end_of(text: str, zone: tzinfo | None = None) -> str:
    """The first minute in which something closed until `text` is open again: a time as for
    `start_of`, or a date, which means the end of that day; '' for ''."""
    return _minute(text, zone, is_end=True)


def now_at(at_ms: int, zone: tzinfo) -> str:
    """The minute that the hospital's clock shows."""
    return _canonical(datetime.fromtimestamp(at_ms // 1000, zone).replace(tzinfo=None))


def _canonical(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _minute(text: str, zone: tzinfo | None, *, is_end: bool) -> str:
    if not text.strip():
        return ""
    try:
        at = _read(text.strip(), zone, is_end=is_end)
        return _canonical(at if zone is None else _shown_once(at, zone, is_end=is_end))
    except OverflowError:  # Before the year 1, or after 9999.
        raise ValueError(text) from None


def _read(text: str, zone: tzinfo | None, *, is_end: bool) -> datetime:
    """A whole minute of the hospital's clock."""
    match = _WRITTEN.fullmatch(text)
    if not match:
        raise ValueError(text)
    day, minute, second, part, offset = match.groups()
    at = datetime.fromisoformat(f"{day}T{minute or '00:00'}:{second or '00'}")
    if minute is None:
        return at + _DAY if is_end else at
    if offset:
        if zone is None:
            raise ValueError(text)
        moment = datetime.fromisoformat(f"{at.isoformat()}{offset.upper()}")
        at = moment.astimezone(zone).replace(tzinfo=None)
    whole = at.replace(second=0, microsecond=0)
    is_within = whole < at or bool((part or "").strip("0"))
    return whole + _MINUTE if is_end and is_within else whole


def _shown_once(at: datetime, zone: tzinfo, *, is_end: bool) -> datetime:
    """The same minute, or the next one shown if the clock skips it; in an hour that is
    shown twice, the beginning or the end."""
    while _turns(at, zone) < timedelta():
        at += _MINUTE
    if is_end:
        while _turns(at, zone) > timedelta():
            at += _MINUTE
    else:
        while _turns(at, zone) > timedelta() and _turns(at - _MINUTE, zone) > timedelta():
            at -= _MINUTE
    return at


def _turns(at: datetime, zone: tzinfo) -> timedelta:
    """How far the clock is put back if it shows this minute twice; negative if it is put forward
    over it, 0 for all others."""
    first, second = (at.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    assert first is not None and second is not None
    return first - second
