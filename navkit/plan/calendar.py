"""Dates on which a hospital keeps other hours: national holidays, working weekends, its own days.

National dates come from the `holidays` package, for regions in `calendars.json`:

- `decreed`: the government moves working days each year by decree (调休), so that only years whose
  decree the package has are known; in other regions holidays follow from the law, and are known as
  far as the decrees of the default region.
- `joins_weekends`: the weekend before, within or after holidays is part of them, as the notices of
  the State Council count it, unless it is worked.

A worked weekend counts as the weekday that is off for it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from navkit.plan.hours import DAYS, Calendar, day_rule, day_since_1970

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Region:
    """How holidays are fixed in a region; see the module."""

    decreed: bool
    joins_weekends: bool


@cache
def _table() -> Mapping[str, Any]:
    file = resources.files("navkit.plan").joinpath("calendars.json")
    table: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return table


def regions() -> tuple[str, ...]:
    """The regions whose holidays are known."""
    return tuple(_table()["regions"])


def default_region() -> str:
    """The region of a venue that names none."""
    name: str = _table()["default"]
    return name


@cache
def national_days(region: str) -> tuple[date, date, Mapping[date, str]]:
    """First and last date known of a region, and between them the dates that are not as usual:
    `PH`, or for a weekend that is worked the weekday that it counts as."""
    how = _Region(**_table()["regions"][region])
    last = max(_moved(region if how.decreed else default_region()))
    years = range(last - _table()["years"] + 1, last + 1)
    free, worked = _free(region, years), dict[date, str]()
    for moves in _moved(region).values():
        for off, weekend in moves:
            worked[weekend] = DAYS[off.weekday()]
    first_day, last_day = date(years[0], 1, 1), date(last, 12, 31)
    if how.joins_weekends:
        free = _joined(free, worked)
    days = dict.fromkeys(free, "PH") | worked
    known = {day: days[day] for day in sorted(days) if first_day <= day <= last_day}
    return first_day, last_day, known


def _free(region: str, years: Iterable[int]) -> set[date]:
    import holidays

    # Neighbouring years, too: holidays at the turn of a year join its weekends.
    around = range(min(years) - 1, max(years) + 2)
    return set(holidays.country_holidays(region, years=around))


def _moved(region: str) -> dict[int, list[tuple[date, date]]]:
    """By year of decree: weekdays off, and the weekend days that are worked for them."""
    import holidays

    decreed = holidays.country_holidays(region).special_public_holidays
    found = {}
    for year, rows in decreed.items():
        rows = rows if isinstance(rows[0], tuple) else (rows,)
        moves = [row for row in rows if all(isinstance(part, int) for part in row[:4])]
        found[year] = [
            (date(year, *row[:2]), date(row[4] if len(row) > 4 else year, *row[2:4]))
            for row in moves
            if len(row) >= 4
        ]
    return found


def _joined(free: set[date], worked: Mapping[date, str]) -> set[date]:
    """Holidays with the weekends that they touch."""
    found, waiting = set(free), list(free)
    while waiting:
        day = waiting.pop()
        for near in (day - _DAY, day + _DAY):
            if near.weekday() >= 5 and near not in found and near not in worked:
                found.add(near)
                waiting.append(near)
    return found


def calendar_of(region: str, own: Mapping[str, str]) -> Calendar:
    """The calendar of a hospital: the dates of its region, and its own (date as ``2026-10-01``:
    a weekday to count as, `PH`, `SH`, ``off``, or hours), which come first.

    `ValueError` if one of its own cannot be read.
    """
    first, last, days = national_days(region)
    rules = {day_since_1970(day.isoformat()): rule for day, rule in days.items()}
    rules |= {day_since_1970(day): day_rule(rule) for day, rule in own.items()}
    return Calendar(
        day_since_1970(first.isoformat()),
        day_since_1970(last.isoformat()),
        {day: rules[day] for day in sorted(rules)},
    )
