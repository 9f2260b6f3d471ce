"""Opening hours and local time, as minutes of the week.

The subset of OpenStreetMap's `opening_hours` that hospitals write: days or ranges of days,
then times; rules joined by `;`. `24/7` and an empty text mean always; `PH` rules are
ignored, because a phone offline does not know the holidays. `navkit.venue.written_hours` converts
what staff write in their own words into that form.
"""

import re
from dataclasses import dataclass, field

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEK_MIN = 7 * 24 * 60
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_RULE = re.compile(r"^(?P<days>[A-Za-z ,\-]*?)\s*(?P<times>off|closed|[\d:,\-\s]+)$")
_TIME = re.compile(r"^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?(?::\d{2}(?:\.\d+)?)?", re.ASCII)
_BLANKS = " \t\r\n"
"""White space around a time. Python and JavaScript strip different characters by default."""


class HoursError(ValueError):
    """Hours that cannot be read; the text says which part."""


@dataclass(frozen=True)
class Hours:
    """Opening hours, parsed once: `HoursError` if the text cannot be read."""

    text: str = ""
    """In OpenStreetMap's `opening_hours` form; empty means always."""
    spans: tuple[tuple[int, int], ...] = field(init=False, compare=False, repr=False)
    """Open from and to, in minutes of the week; none means always."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "spans", weekly_minutes(self.text))

    def is_open(self, minute: int) -> bool:
        """Whether it is open at `minute` since 1970, local time."""
        return is_open(self.spans, minute)


@dataclass(frozen=True)
class Rule:
    """Days and times as written; a phone says them in words."""

    days: tuple[tuple[str, ...], ...]
    """A day, or the first and the last of a range; none for every day."""
    times: tuple[tuple[str, str], ...]
    """From and to; none if it is closed."""


def rules_of(hours: str) -> tuple[Rule, ...]:
    """The rules of hours, in order; `HoursError` if one cannot be read."""
    return tuple(map(_rule, hours.split(";")))


def _rule(text: str) -> Rule:
    match = _RULE.match(text.strip())
    if not match:
        raise HoursError(text.strip())
    days = match["days"].split(",") if match["days"].strip() else []
    times = [] if match["times"] in ("off", "closed") else match["times"].split(",")
    return Rule(tuple(map(_ends, days)), tuple(map(_time, times)))


def _ends(text: str) -> tuple[str, ...]:
    """The first and the last of a range of days, a single day, or `PH`."""
    if text.strip() == "PH":
        return ("PH",)
    first, _, last = (piece.strip() for piece in text.partition("-"))
    if first not in _DAYS or (last and last not in _DAYS):
        raise HoursError(text.strip())
    return (first, last) if last else (first,)


def _time(text: str) -> tuple[str, str]:
    match = _TIME.match(text.strip())
    if not match:
        raise HoursError(text.strip())
    return match[1], match[2]


def weekly_minutes(hours: str) -> tuple[tuple[int, int], ...]:
    """Open intervals as (start, end) minutes since Monday 00:00, sorted; () means always.

    An interval over midnight on Sunday is split. A later rule replaces an earlier one on
    the days it names, as in OpenStreetMap.
    """
    if hours.strip() in ("", "24/7"):
        return ()
    by_day: dict[int, list[tuple[int, int]]] = {}
    for rule in rules_of(hours):
        spans_of_day = [_minutes(*time) for time in rule.times]
        for day in _numbers(rule.days):
            by_day[day] = [(day * 1440 + start, day * 1440 + end) for start, end in spans_of_day]
    spans: list[tuple[int, int]] = []
    for start, end in (span for day in sorted(by_day) for span in by_day[day]):
        spans.append((start, min(end, WEEK_MIN)))
        if end > WEEK_MIN:
            spans.append((0, end - WEEK_MIN))
    if not spans:
        raise HoursError(hours)
    return tuple(sorted(spans))


def is_readable(hours: str) -> bool:
    """Whether `weekly_minutes` can read it."""
    try:
        weekly_minutes(hours)
    except HoursError:
        return False
    return True


def days_of(text: str) -> list[int]:
    """Days of the week that a rule names, Monday being 0; all if it names none."""
    return _numbers(tuple(map(_ends, text.split(",") if text.strip() else [])))


def _numbers(days: tuple[tuple[str, ...], ...]) -> list[int]:
    if not days:
        return list(range(7))
    numbers: list[int] = []
    for ends in days:
        if ends == ("PH",):
            continue
        start, end = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        numbers += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return numbers


def _minutes(opens: str, closes: str) -> tuple[int, int]:
    """Minutes of the day; if the time spans midnight, the end is on the next day."""
    (h1, m1), (h2, m2) = (map(int, clock.split(":")) for clock in (opens, closes))
    start, end = h1 * 60 + m1, h2 * 60 + m2
    if m1 > 59 or m2 > 59 or h1 > 23 or end > 2880:
        raise HoursError(f"{opens}-{closes}")
    return start, end if end > start else end + 1440


def local_minute(iso_time: str) -> int:
    """Minutes since 1970-01-01T00:00 of a local time ``YYYY-MM-DD[THH:MM[:SS]]``.

    `ValueError` if it is not one. No time zones: a hospital's clock is its own.
    """
    match = _ISO.fullmatch(iso_time.strip(_BLANKS))
    if not match:
        raise ValueError(iso_time)
    year, month, day, hour, minute = (int(group or 0) for group in match.groups())
    if not (1 <= month <= 12 and hour <= 23 and minute <= 59):
        raise ValueError(iso_time)
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _MONTH_DAYS[month - 1] + (month == 2 and is_leap):
        raise ValueError(iso_time)
    # Days from the civil calendar, March first, as the phone's runtime computes it too.
    y = year - (month <= 2)
    era = y // 400
    year_of_era = y - era * 400
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    days = era * 146097 + day_of_era - 719468
    return (days * 24 + hour) * 60 + minute


def minute_of_week(minute: int) -> int:
    """Minutes since Monday 00:00; 1970-01-01 was a Thursday."""
    return (minute + 3 * 1440) % WEEK_MIN


def is_open(spans: tuple[tuple[int, int], ...], minute: int) -> bool:
    """Whether `minute` (since 1970) lies in the weekly `spans`; no spans means always."""
    at = minute_of_week(minute)
    return not spans or any(start <= at < end for start, end in spans)


ALWAYS = Hours()
