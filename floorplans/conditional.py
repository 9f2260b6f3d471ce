"""OpenStreetMap's conditions: ``no @ (22:00-06:00)`` as the hours in which a value holds."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby, pairwise

from navkit.plan.hours import DAYS, SPECIAL, WEEK_MIN, Hours, HoursError
from navkit.venue.written_hours import read_hours

_ONE = re.compile(r"\s*([\w-]+)\s*@\s*(?:\(([^()@]+)\)|([^()@;]+))\s*(?:;|$)")
"""One value and its condition."""
_DAY_MIN = WEEK_MIN // len(DAYS)
_BASES = ("access", "foot")

Condition = tuple[str, Hours]
"""A value, and the hours in which it holds."""


def conditions_of(text: str) -> list[Condition]:
    """Each value with its hours; `HoursError` for conditions that are no hours."""
    found: list[Condition] = []
    at = 0
    while at < len(text):
        match = _ONE.match(text, at)
        if not match:
            raise HoursError(text)
        found.append((match[1], _hours(match[2] or match[3])))
        at = match.end()
    if not found:
        raise HoursError(text)
    return found


def hours_of(value: str, free: Collection[str], barred: Collection[str]) -> Hours:
    """The hours in which people pass; `HoursError` for anything but ``value @ (hours); …``.

    `free` are values that let people in, `barred` those that keep them out. Of several conditions
    that hold the last counts, as in OpenStreetMap; where none does, people pass unless one lets
    them in.
    """
    conditions = conditions_of(value)
    if any(word not in (*free, *barred) for word, _ in conditions):
        raise HoursError(value)
    (word, hours), *others = conditions
    if word in free and not others:
        return hours
    spans = [] if any(word in free for word, _ in conditions) else [(0, WEEK_MIN)]
    for word, hours in conditions:
        named = _spans(hours)
        spans = _without(spans, named)
        if word in free:
            spans = sorted([*spans, *named])
    return _text_of(spans)


def outside(hours: Hours) -> Hours:
    """All hours but these; `HoursError` if none are left, or if holidays are among them."""
    return _text_of(_without([(0, WEEK_MIN)], _spans(hours)))


def _hours(condition: str) -> Hours:
    """Days without times are whole days."""
    try:
        return read_hours(condition).hours
    except HoursError:
        return read_hours(f"{condition} 00:00-24:00").hours


def without_lifted(tags: Mapping[str, str], free: Collection[str]) -> dict[str, str]:
    """The tags without a plain access that a condition lifts: ``access=no`` with ``yes @ …``."""
    lifted = {
        base
        for base in _BASES
        if any(match[1] in free for match in _ONE.finditer(tags.get(f"{base}:conditional", "")))
    }
    return {tag: value for tag, value in tags.items() if tag not in lifted}


def _spans(hours: Hours) -> list[tuple[int, int]]:
    """Minutes of the week, merged; `HoursError` if these are not all that is said."""
    if not hours.days or hours.unknown or any(day in hours.days for day in SPECIAL):
        raise HoursError(hours.text)
    merged: list[tuple[int, int]] = []
    for start, end in hours.spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(
    spans: Sequence[tuple[int, int]], barred: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The parts of `spans` that lie in none of the `barred`, which are sorted and apart."""
    left = []
    for opens, closes in spans:
        for start, end in barred:
            if opens < start < closes:
                left.append((opens, start))
            if start < closes and end > opens:
                opens = max(opens, end)
        if opens < closes:
            left.append((opens, closes))
    return left


def _text_of(spans: Sequence[tuple[int, int]]) -> Hours:
    """Hours that are open in these minutes of the week; `HoursError` if there are none."""
    midnights = range(0, WEEK_MIN + 1, _DAY_MIN)
    by_day = [
        ",".join(
            f"{_clock(max(start, low) - low)}-{_clock(min(end, high) - low)}"
            for start, end in sorted(spans)
            if max(start, low) < min(end, high)
        )
        for low, high in pairwise(midnights)
    ]
    if not any(by_day):
        raise HoursError("")
    rules = []
    for times, days in groupby(zip(by_day, DAYS, strict=True), key=lambda one: one[0]):
        first, *_, last = [day for _, day in days] * 2
        if times:
            rules.append(f"{first}-{last} {times}" if first != last else f"{first} {times}")
    return Hours("; ".join(rules))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
