"""Opening hours and local time, by minutes of the week and by date.

The subset of OpenStreetMap's `opening_hours` that hospitals write: days or ranges of days,
then times; rules joined by `;`. `24/7` and an empty text mean always. On days that are `unknown`
it counts as open, and nobody is told that it is. `PH` is public holidays, `SH`
school holidays: which dates these are, and which weekends are worked, is in a `Calendar`.
`navkit.venue.written_hours` converts what staff write in their own words into that form.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEK_MIN = 7 * 24 * 60
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
SPECIAL = ("PH", "SH")
"""Days that a calendar names: public and school holidays."""
OFF = "off"
UNKNOWN = "unknown"
_DAY_MIN = 24 * 60
_RULE = re.compile(r"^(?P<days>[A-Za-z ,\-]*?)\s*(?P<times>off|closed|unknown|[\d:,\-\s]+)$")
_TIME = re.compile(r"^(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?(?::\d{2}(?:\.\d+)?)?", re.ASCII)
_BLANKS = " \t\r\n"
"""White space around a time. Python and JavaScript strip different characters by default."""


class HoursError(ValueError):
    """Hours that cannot be read; the text says which part."""


Spans = tuple[tuple[int, int], ...]
"""Open from and to, in minutes; those of a day count from its midnight and may end on the next."""


@dataclass(frozen=True)
class Calendar:
    """Dates that are not as their weekday says, by number of days since 1970."""

    first: int
    """First and last day of which holidays are known."""
    last: int
    days: Mapping[int, str]
    """A weekday to count as, `PH`, `SH`, `OFF`, or hours of that day, such as ``08:00-12:00``."""

    @cached_property
    def knows_school(self) -> bool:
        return "SH" in self.days.values()


@dataclass(frozen=True)
class Hours:
    """Opening hours, parsed once: `HoursError` if the text cannot be read."""

    text: str = ""
    """In OpenStreetMap's `opening_hours` form; empty means always."""
    spans: Spans = field(init=False, compare=False, repr=False)
    """Open from and to, in minutes of a usual week; none means always."""
    days: Mapping[str, Spans] = field(init=False, compare=False, repr=False)
    """By weekday, and by holiday if the hours name any; none means always."""
    unknown: frozenset[str] = field(init=False, compare=False, repr=False)
    """The days of `days` whose times nobody has said."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", _by_day(self.text))
        object.__setattr__(self, "unknown", _unknown_days(self.text))
        object.__setattr__(self, "spans", weekly_minutes(self.text))

    def is_open(self, minute: int, calendar: Calendar | None = None) -> bool:
        """Whether it is open at `minute` since 1970, local time; without a calendar as in a usual
        week."""
        return self._at(minute, calendar)[0]

    def is_known(self, minute: int, calendar: Calendar) -> bool:
        """Whether `is_open` is certain: not on a holiday of which the hours say nothing, nor at a
        date whose holidays nobody knows, unless all days are alike, nor on a day without times."""
        return self._at(minute, calendar)[1]

    def _at(self, minute: int, calendar: Calendar | None) -> tuple[bool, bool]:
        if not self.days:
            return True, True
        day, at = divmod(minute, _DAY_MIN)
        today, is_known = self._on(day, calendar)
        if any(start <= at < end for start, end in today):
            return True, is_known
        # A night's hours end on the day after.
        yesterday, was_known = self._on(day - 1, calendar)
        is_late = any(start <= at + _DAY_MIN < end for start, end in yesterday)
        return is_late, was_known if is_late else is_known

    def _on(self, day: int, calendar: Calendar | None) -> tuple[Spans, bool]:
        """Hours of a day, and whether they are certain."""
        said = calendar.days.get(day, "") if calendar else ""
        if said in self.days:
            return self.days[said], said not in self.unknown
        weekday = DAYS[(day + 3) % 7]
        usual = self.days[weekday]
        if said and said not in SPECIAL:
            return tuple(_minutes(*time) for time in _rule(said).times), True
        if weekday in self.unknown:
            return usual, False
        if calendar is None or self._is_daily:
            return usual, True
        is_dated = calendar.first <= day <= calendar.last
        return usual, not said and is_dated and ("SH" not in self.days or calendar.knows_school)

    @cached_property
    def _is_daily(self) -> bool:
        return len(self.days) == 7 and len(set(self.days.values())) == 1 and not self.unknown


@dataclass(frozen=True)
class Rule:
    """Days and times as written; a phone says them in words."""

    days: tuple[tuple[str, ...], ...]
    """A day, or the first and the last of a range; none for every day."""
    times: tuple[tuple[str, str], ...]
    """From and to; none if it is closed."""
    is_known: bool = True
    """Whether anybody has said the times of these days."""

    @property
    def spans(self) -> Spans:
        """In minutes of the day: all of it if the times are unknown."""
        return tuple(_minutes(*time) for time in self.times) if self.is_known else ((0, _DAY_MIN),)


def rules_of(hours: str) -> tuple[Rule, ...]:
    """The rules of hours, in order; `HoursError` if one cannot be read."""
    return tuple(map(_rule, hours.split(";")))


def _rule(text: str) -> Rule:
    match = _RULE.match(text.strip())
    if not match:
        raise HoursError(text.strip())
    days = match["days"].split(",") if match["days"].strip() else []
    times = [] if match["times"].isalpha() else match["times"].split(",")
    return Rule(tuple(map(_ends, days)), tuple(map(_time, times)), match["times"] != UNKNOWN)


def _ends(text: str) -> tuple[str, ...]:
    """The first and the last of a range of days, a single day, or `PH` or `SH`."""
    if text.strip() in SPECIAL:
        return (text.strip(),)
    first, _, last = (piece.strip() for piece in text.partition("-"))
    if first not in DAYS or (last and last not in DAYS):
        raise HoursError(text.strip())
    return (first, last) if last else (first,)


def _time(text: str) -> tuple[str, str]:
    match = _TIME.match(text.strip())
    if not match:
        raise HoursError(text.strip())
    return match[1], match[2]


def weekly_minutes(hours: str) -> tuple[tuple[int, int], ...]:
    """Open intervals as (start, end) minutes since Monday 00:00, sorted; () means always.

    An interval over midnight on Sunday is split. Holidays are left aside: hours on holidays only
    have the empty interval (0, 0). `HoursError` if it is never open.
    """
    by_day = _by_day(hours)
    if not by_day:
        return ()
    if not any(by_day.values()):
        raise HoursError(hours)
    spans: list[tuple[int, int]] = []
    for number, day in enumerate(DAYS):
        for start, end in by_day[day]:
            start, end = number * _DAY_MIN + start, number * _DAY_MIN + end
            spans.append((start, min(end, WEEK_MIN)))
            if end > WEEK_MIN:
                spans.append((0, end - WEEK_MIN))
    return tuple(sorted(spans)) or ((0, 0),)


def _by_day(hours: str) -> dict[str, Spans]:
    """Spans by weekday, and by holiday if the hours name any; none means always.

    A later rule replaces an earlier one on the days it names, as in OpenStreetMap.
    """
    if hours.strip() in ("", "24/7"):
        return {}
    by_day: dict[str, Spans] = dict.fromkeys(DAYS, ())
    for rule in rules_of(hours):
        by_day |= dict.fromkeys(_named(rule), rule.spans)
    return by_day


def _unknown_days(hours: str) -> frozenset[str]:
    if UNKNOWN not in hours:
        return frozenset()
    is_known = {day: rule.is_known for rule in rules_of(hours) for day in _named(rule)}
    return frozenset(day for day, known in is_known.items() if not known)


def _named(rule: Rule) -> tuple[str, ...]:
    """The weekdays and the holidays that a rule is about."""
    special = [ends[0] for ends in rule.days if ends[0] in SPECIAL]
    return (*(DAYS[n] for n in _numbers(rule.days)), *special)


def day_rule(text: str) -> str:
    """What a calendar says of a date: a weekday, `PH`, `SH`, `OFF` or hours; `HoursError` if it is
    something else."""
    said = text.strip()
    if said in (*DAYS, *SPECIAL):
        return said
    rule = _rule(said)
    if rule.days or not rule.is_known:
        raise HoursError(said)
    for time in rule.times:
        _minutes(*time)
    return OFF if not rule.times else ",".join("-".join(time) for time in rule.times)


def day_since_1970(date: str) -> int:
    """The number of a date ``YYYY-MM-DD``; `ValueError` if it is none."""
    if len(date) != 10:
        raise ValueError(date)
    return local_minute(date) // _DAY_MIN


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
        if ends[0] in SPECIAL:
            continue
        start, end = DAYS.index(ends[0]), DAYS.index(ends[-1])
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


ALWAYS = Hours()
