"""Hours by date: holidays, weekends that are worked, the hospital's own days, what nobody knows."""

import json
import random
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from drawn import parse
from test_when_and_who import RING, ring

from navkit.guide import Guide
from navkit.plan.calendar import calendar_of, national_days
from navkit.plan.hours import DAYS, WEEK_MIN, Hours, HoursError, Spans, day_since_1970, local_minute
from navkit.route.profiles import profile
from navkit.venue import corrections
from navkit.venue.join import join
from navkit.venue.venue import from_json, to_json
from navkit.words.findings import NavkitError

ROOT = Path(__file__).parents[1]
NODE = shutil.which("node")

STATE_COUNCIL = {
    "2025": (
        "01-01:01-01 01-28:02-04 04-04:04-06 05-01:05-05 05-31:06-02 10-01:10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    "2026": (
        "01-01:01-03 02-15:02-23 04-04:04-06 05-01:05-05 06-19:06-21 09-25:09-27 10-01:10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}
"""Days off, and weekends worked, as the State Council announced them."""


@pytest.mark.parametrize("year", STATE_COUNCIL)
def test_chinas_holidays_are_those_that_the_state_council_announced(year: str) -> None:
    off, worked = STATE_COUNCIL[year]
    announced = set()
    for period in off.split():
        first, last = (date.fromisoformat(f"{year}-{day}") for day in period.split(":"))
        announced |= {first + timedelta(days=n) for n in range((last - first).days + 1)}

    days = {day: rule for day, rule in national_days("CN")[2].items() if day.year == int(year)}

    assert {day for day, rule in days.items() if rule == "PH"} == announced
    assert sorted(f"{day:%m-%d}" for day, rule in days.items() if rule != "PH") == worked.split()


OFFICE = "Mo-Fr 08:00-17:00"
OWN = {"2026-03-04": "off", "2026-03-05": "09:00-10:00", "2026-03-06": "Su", "2027-02-06": "PH"}


@pytest.mark.parametrize(
    ("hours", "time", "is_open", "is_known"),
    [
        (OFFICE, "2026-03-03T09:00", True, True),  # a Tuesday like others
        (OFFICE, "2026-03-07T09:00", False, True),
        (OFFICE, "2026-10-01T09:00", True, False),  # National Day: they say nothing of it
        (f"{OFFICE}; PH off", "2026-10-01T09:00", False, True),
        (f"PH off; {OFFICE}", "2026-10-01T09:00", False, True),
        (f"{OFFICE}; PH 09:00-12:00", "2026-10-04T11:59", True, True),  # a Sunday of the holiday
        (f"{OFFICE}; PH 09:00-12:00", "2026-10-11T11:59", False, True),  # a Sunday like others
        (f"{OFFICE}; PH off", "2026-10-10T09:00", True, True),  # a Saturday worked as a Wednesday
        ("We 13:00-14:00", "2026-10-10T13:30", True, True),
        ("Sa 08:00-12:00", "2026-10-10T09:00", False, True),
        (OFFICE, "2027-03-03T09:00", True, False),  # nobody has announced 2027
        ("08:00-17:00", "2027-03-03T09:00", True, True),  # all days are alike
        ("08:00-17:00; PH off", "2027-03-03T09:00", True, False),
        ("24/7", "2027-02-06T03:00", True, True),
        ("", "2027-02-06T03:00", True, True),
        (f"{OFFICE}; PH off", "2027-02-06T09:00", False, True),  # the hospital has announced it
        (OFFICE, "2026-03-04T09:00", False, True),  # closed that day
        (OFFICE, "2026-03-05T09:59", True, True),
        (OFFICE, "2026-03-05T10:00", False, True),
        (OFFICE, "2026-03-06T09:00", False, True),  # as on Sundays
        (f"{OFFICE}; SH off", "2026-03-03T09:00", True, False),  # nobody knows school holidays
        ("Mo-Fr 20:00-06:00; PH off", "2026-10-01T05:59", True, True),  # the night of September
        ("Mo-Fr 20:00-06:00; PH off", "2026-10-01T20:00", False, True),
        ("PH 09:00-12:00", "2026-10-02T10:00", True, True),
        ("PH 09:00-12:00", "2026-10-08T10:00", False, True),
        ("unknown", "2026-03-03T03:00", True, False),
        ("Mo-Fr unknown", "2026-03-03T09:00", True, False),
        ("Mo-Fr unknown", "2026-03-07T09:00", False, True),
        (f"{OFFICE}; PH unknown", "2026-10-01T09:00", True, False),
        ("unknown; PH off", "2026-10-01T09:00", False, True),
        ("unknown", "2026-03-05T09:59", True, True),  # the hospital has said that day's hours
    ],
)
def test_hours_on_a_date(hours: str, time: str, is_open: bool, is_known: bool) -> None:
    at, calendar = Hours(hours), calendar_of("CN", OWN)

    assert at.is_open(local_minute(time), calendar) is is_open
    assert at.is_known(local_minute(time), calendar) is is_known


@pytest.mark.parametrize("text", ["off", "Mo off", "PH off", "XX 08:00-12:00", "PH-SH 08:00-12:00"])
def test_hours_that_are_never_open_are_no_hours(text: str) -> None:
    with pytest.raises(HoursError):
        Hours(text)


def some_hours(dice: random.Random) -> str:
    """Hours of one to four rules, over midnight, on holidays, every day or on some."""
    rules = []
    for _ in range(dice.randint(1, 4)):
        days = [dice.choice((*DAYS, "PH", "SH", "Mo-Fr", "Sa-Mo", "")) for _ in range(2)]
        days = [day for day in days[: dice.randint(1, 2)] if day]
        times = sorted(dice.sample(range(0, 25), 4))
        spans = [f"{a:02}:00-{b:02}:30" for a, b in (times[:2], times[2:])][: dice.randint(0, 2)]
        if dice.random() < 0.2:
            spans = [f"{dice.randint(18, 23)}:00-0{dice.randint(1, 9)}:00"]
        if dice.random() < 0.2:
            spans = ["unknown"]
        rules.append(f"{','.join(days)} {','.join(spans) or 'off'}".strip())
    return "; ".join(rules)


def readable(text: str) -> bool:
    try:
        Hours(text)
    except HoursError:
        return False
    return True


def told_to_older_phones(spans: Spans, minute: int) -> bool:
    """What the minutes of a usual week say; 1970-01-01 was a Thursday."""
    at = (minute + 3 * 1440) % WEEK_MIN
    return not spans or any(start <= at < end for start, end in spans)


def test_without_a_calendar_hours_are_those_of_the_week() -> None:
    dice = random.Random(3)
    for text in filter(readable, (some_hours(dice) for _ in range(300))):
        hours = Hours(text)
        for minute in (dice.randrange(29_000_000, 30_000_000) for _ in range(20)):
            assert hours.is_open(minute) == told_to_older_phones(hours.spans, minute), text


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("school", [{}, {"2026-07-15": "SH"}])
def test_hours_on_a_date_are_the_same_on_a_phone(school: dict[str, str]) -> None:
    dice = random.Random(11)
    kinds = ("PH", "Mo", "Sa", "off", "09:00-11:00,22:00-02:00")
    dates = (date(2026, 1, 1) + timedelta(days=n) for n in dice.sample(range(365), 80))
    own = {day.isoformat(): dice.choice(kinds) for day in dates} | school
    calendar = calendar_of("CN", own)
    first, last, national = national_days("CN")
    all_days = {day.isoformat(): rule for day, rule in national.items()} | own
    cases = []
    for text in filter(readable, (some_hours(dice) for _ in range(200))):
        hours = Hours(text)
        for _ in range(20):
            minute = day_since_1970("2025-12-20") * 1440 + dice.randrange(400 * 1440)
            cases.append([text, minute, hours.is_open(minute, calendar),
                          hours.is_known(minute, calendar)])  # fmt: skip
    asked: dict[str, Any] = {
        "calendar": {"from": first.isoformat(), "to": last.isoformat(), "days": all_days},
        "cases": cases,
    }
    script = """
        const h = require('./exporter/runtime/core/hours.js');
        const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
        const calendar = h.calendarOf(asked.calendar);
        const wrong = asked.cases.filter(([text, minute, isOpen, isKnown]) => {
          const state = h.stateAt(h.hoursOf(text), minute, calendar);
          return state.isOpen !== isOpen || state.isKnown !== isKnown;
        });
        console.log(JSON.stringify(wrong.slice(0, 3)));
    """

    done = subprocess.run(
        [str(NODE), "-e", script],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert len(cases) > 2000
    assert {(case[2], case[3]) for case in cases} == {(a, b) for a in (0, 1) for b in (0, 1)}
    assert done.stdout == "[]\n", done.stdout + done.stderr


def set_days(*changes: dict[str, str]) -> tuple[corrections.Change, ...]:
    return corrections.parse(
        {"navkit-corrections": 1, "changes": list(changes)}, "corrections.json"
    )


def test_staff_set_the_region_and_the_days_of_a_hospital() -> None:
    changes = set_days(
        {"do": "set-venue", "region": "HK"},
        {"do": "set-day", "date": "2026-03-04", "until": "2026-03-06", "as": "closed"},
        {"do": "set-day", "date": "2026-03-05", "as": "Su"},
    )

    venue = join([parse(RING)], corrections=changes)

    assert venue.region == "HK"
    assert venue.dates == {"2026-03-04": "off", "2026-03-05": "Su", "2026-03-06": "off"}
    assert not [f for f in venue.findings if f.code == "correction-without-target"]
    assert from_json(to_json(venue)) == venue
    # Christmas is a holiday in Hong Kong only.
    assert venue.calendar.days[day_since_1970("2026-12-25")] == "PH"


@pytest.mark.parametrize(
    "change",
    [
        {"do": "set-venue", "region": "Atlantis"},
        {"do": "set-day", "date": "2026-02-30", "as": "PH"},
        {"do": "set-day", "date": "2026-02-20", "as": "sometimes"},
        {"do": "set-day", "date": "2026-02-20", "until": "2026-02-19", "as": "PH"},
        {"do": "set-day", "date": "2026-02-20", "until": "2066-02-19", "as": "PH"},
    ],
)
def test_a_day_that_nobody_can_read_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(NavkitError):
        set_days(change)


def test_a_route_on_a_date_that_nobody_knows_says_so() -> None:
    guide = Guide(ring(A={"hours": Hours("Mo-Fr 08:00-17:00; PH off")}))
    trip = ("入口", "诊室", profile("walk"))

    known = guide.route(*trip, "2026-03-03T10:00")
    unknown = guide.route(*trip, "2027-03-03T10:00")
    elsewhere = guide.route("入口", "病房", profile("walk"), "2027-03-03T10:00")

    assert (known.unverified, elsewhere.unverified) == ((), ())
    assert unknown.unverified == ("hours",)
    assert [notice.text for notice in guide.tell(unknown, "zh-Hans").notices] == [
        "这一天的开放时间还没有核实，可能和平时不一样"
    ]


def test_the_hours_of_the_place_that_one_goes_to_count_too() -> None:
    venue = ring()
    hours = Hours("Mo-Fr 08:00-17:00")
    places = (replace(p, hours=hours) if p.spaces == ("A",) else p for p in venue.places)
    guide = Guide(replace(venue, places=tuple(places)))

    route = guide.route("入口", "诊室", profile("walk"), "2026-10-01T10:00")

    assert route.unverified == ("hours",)
