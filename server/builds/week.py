"""Opening hours as staff check them: in the words that a phone uses, and day by day on a grid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from navkit.plan.hours import DAYS, SPECIAL, Hours, Rule, Spans, rules_of
from navkit.words.findings import Finding
from navkit.words.languages import words

DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Day:
    """One row of the grid."""

    name: str
    said: str
    """Its times in words."""
    bars: tuple[tuple[int, int], ...]
    """Where it is open: first minute of the day, and how many minutes."""
    is_known: bool


def in_words(hours: Hours, language: str) -> str:
    """Hours as a phone says them on arrival."""
    said = _words(language)
    if hours.text in ("", "24/7"):
        return str(said["always"])
    return str(said["then"].join(_rule(rule, said) for rule in rules_of(hours.text)))


def of_row(findings: Iterable[Finding], hours: Hours | None, language: str) -> list[Finding]:
    """Findings of the row that somebody looks at: without where they are, and with its hours in
    the words of a phone."""
    read = {"read": in_words(hours, language)} if hours else {}
    return [
        Finding(one.code, "", {**one.slots, **(read if "read" in one.slots else {})})
        for one in findings
    ]


def days(hours: Hours, language: str) -> list[Day]:
    """The days of a usual week, then the holidays that the hours name."""
    said = _words(language)
    by_day: Mapping[str, Spans] = hours.days or dict.fromkeys(DAYS, ((0, DAY_MIN),))
    found = []
    for number, day in enumerate((*DAYS, *SPECIAL)):
        if day not in by_day:
            continue
        is_known = day not in hours.unknown
        before = by_day[DAYS[number - 1]] if day in DAYS else ()
        times = [f"{_clock(start)}–{_clock(end)}" for start, end in by_day[day]]
        if by_day[day] == ((0, DAY_MIN),):
            times = [said["always"]]
        told = said["and"].join(times) or said["closed"]
        bars = _bars(by_day[day], before)
        name = said["days"][number]
        found.append(Day(name, told if is_known else said["unknown"], bars, is_known))
    return found


def _words(language: str) -> Mapping[str, Any]:
    said: Mapping[str, Any] = words(language, "screen")["hours"]
    return said


def _rule(rule: Rule, said: Mapping[str, Any]) -> str:
    is_daily = not rule.days or rule.days == (("Mo", "Su"),)
    if is_daily and rule.times == (("00:00", "24:00"),):
        return str(said["always"])
    order = (*DAYS, *SPECIAL)
    named = [[said["days"][order.index(day)] for day in ends] for ends in rule.days]
    listed = [
        said["range"].format(first=ends[0], last=ends[1]) if len(ends) == 2 else ends[0]
        for ends in named
    ]
    open_ = said["and"].join(f"{start}–{end}" for start, end in rule.times) or said["closed"]
    return str(
        said["rule"].format(
            days=said["every"] if is_daily else said["and"].join(listed),
            times=open_ if rule.is_known else said["unknown"],
        )
    )


def _bars(today: Spans, before: Spans) -> tuple[tuple[int, int], ...]:
    """Minutes of a day that are open; what began on the day before goes on after midnight."""
    late: Sequence[tuple[int, int]] = [(0, end - DAY_MIN) for _, end in before if end > DAY_MIN]
    own = [(start, min(end, DAY_MIN) - start) for start, end in today if start < DAY_MIN]
    return (*late, *own)


def _clock(minute: int) -> str:
    """A time of the day; after midnight as clocks show it."""
    at = minute if minute <= DAY_MIN else minute - DAY_MIN
    return f"{at // 60:02}:{at % 60:02}"
