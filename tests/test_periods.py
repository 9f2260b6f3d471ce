"""Times of closures: many forms go in, one comes out, and rounding never opens anything early."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navkit.venue.periods import Period, end_of, now_at, start_of
from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [
    *("Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"),
    *("Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "UTC"),
]
"""With clocks put back by an hour, by half an hour, at midnight; and a day that was left out."""

ONE_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)?", re.ASCII)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", "", ""),
        (" \t", "", ""),
        ("2026-12-31T08:00", "2026-12-31T08:00", "2026-12-31T08:00"),
        ("2026-12-31T08:00:00", "2026-12-31T08:00", "2026-12-31T08:00"),
        ("2026-12-31T08:00:01", "2026-12-31T08:00", "2026-12-31T08:01"),
        ("2026-12-31T23:59:59.999", "2026-12-31T23:59", "2027-01-01T00:00"),
        ("2026-12-31T08:00:00.0000000001", "2026-12-31T08:00", "2026-12-31T08:01"),
        ("2026-12-31T08:00:00,000", "2026-12-31T08:00", "2026-12-31T08:00"),
        (" 2026-12-31 08:00\n", "2026-12-31T08:00", "2026-12-31T08:00"),
        ("2026-12-31t08:00z", "2026-12-31T16:00", "2026-12-31T16:00"),
        ("2026-12-31T20:00:30-04:30", "2027-01-01T08:30", "2027-01-01T08:31"),
        ("2026-12-31T08:00+08", "2026-12-31T08:00", "2026-12-31T08:00"),
        ("2026-12-31", "2026-12-31T00:00", "2027-01-01T00:00"),
        ("2028-02-29", "2028-02-29T00:00", "2028-03-01T00:00"),
    ],
)
def test_every_form_becomes_one(text: str, start: str, end: str) -> None:
    assert (start_of(text, SHANGHAI), end_of(text, SHANGHAI)) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "2026", "2026-12", "20261231", "2026-W53-4", "31.12.2026", "2026-1-1"),
        *("2026-12-31T08", "2026-12-31T8:00", "2026-12-31T24:00", "2026-12-31T08:60"),
        *("2026-12-31T08:00:60", "2026-02-29", "2026-02-29T08:00", "2026-13-01", "0000-01-01"),
        *("2026-12-31Z", "2026-12-31T08:00+25:00", "2026-12-31T08:00 CET", "2026-12-31x08:00"),
        *("２０２６-12-31", "2026-12-31T０８:00", "٢٠٢٦-12-31", "2026-12-31T08:00\0", "\ud83d"),
        *("2026-12-31T08:00/2027-01-01T08:00", "0001-01-01T00:00+14:00", "1" * 5000),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    for rule in (start_of, end_of):
        with pytest.raises(ValueError, match=r"."):
            rule(text, SHANGHAI)
    with pytest.raises(NavkitError) as refused:
        Closure("L", text)
    assert refused.value.finding.code == "bad-closure-time"


def test_an_offset_needs_a_clock_to_be_turned_to() -> None:
    with pytest.raises(ValueError, match=r"."):
        start_of("2026-12-31T08:00+08:00")


def test_the_last_day_that_can_be_written_has_no_end() -> None:
    assert start_of("9999-12-31") == "9999-12-31T00:00"
    with pytest.raises(ValueError, match=r"."):
        end_of("9999-12-31")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-11-01T00:59", "2026-11-01T00:59", "2026-11-01T00:59"),
        ("2026-11-01T01:00", "2026-11-01T01:00", "2026-11-01T02:00"),
        ("2026-11-01T01:30", "2026-11-01T01:00", "2026-11-01T02:00"),
        ("2026-11-01T05:30Z", "2026-11-01T01:00", "2026-11-01T02:00"),
        ("2026-11-01T06:30Z", "2026-11-01T01:00", "2026-11-01T02:00"),
        ("2026-11-01T02:00", "2026-11-01T02:00", "2026-11-01T02:00"),
        ("2026-03-08T02:30", "2026-03-08T03:00", "2026-03-08T03:00"),
    ],
)
def test_where_a_clock_is_turned(text: str, start: str, end: str) -> None:
    new_york = ZoneInfo("America/New_York")
    assert (start_of(text, new_york), end_of(text, new_york)) == (start, end)


def _turn_of(zone: ZoneInfo) -> list[datetime]:
    """Instants at which a clock is turned, in four years of which one turned a whole day."""
    days = [datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(4 * 366 * 24)]
    return [
        b
        for a, b in pairwise(days)
        if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()
    ]


TURNS = {name: _turn_of(ZoneInfo(name)) for name in ZONES}


@st.composite
def instants(draw: st.DrawFn, name: str) -> datetime:
    """Any instant, more often one near to where the clock is turned."""
    some = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(
        lambda t: t.replace(tzinfo=UTC)
    )
    if not TURNS[name]:
        return draw(some)
    near = st.builds(
        lambda turn, second: turn + timedelta(seconds=second),
        st.sampled_from(TURNS[name]),
        st.integers(-100_000, 100_000),
    )
    return draw(st.one_of(near, near, some))


@given(st.data())
def test_nothing_is_open_while_it_is_closed(data: st.DataObject) -> None:
    """The oracle uses instants, which have no clock: something closed between two of them is closed
    at each instant in between, by the minute that the clock shows then."""
    name = data.draw(st.sampled_from(ZONES))
    zone = ZoneInfo(name)
    a, b, c = sorted(data.draw(instants(name)) for _ in range(3))
    form = data.draw(
        st.sampled_from(
            [lambda t: t.isoformat(), lambda t: t.astimezone(zone).replace(tzinfo=None).isoformat()]
        )
    )

    start, end = start_of(form(a), zone), end_of(form(c), zone)

    assert ONE_FORM.fullmatch(start)
    assert ONE_FORM.fullmatch(end)
    assert (start_of(start, zone), end_of(end, zone)) == (start, end), "what is read is read alike"
    if b < c:
        assert Period(start, end).state(now_at(int(b.timestamp() * 1000), zone)) == "running"


def test_what_is_over_stays_over_and_two_overlap_where_a_minute_lies_in_both() -> None:
    minutes = [f"2026-03-02T09:0{n}" for n in range(6)]
    periods = [
        Period(start, end)
        for start, end in product(["", *minutes[1:5]], ["", *minutes[1:5]])
        if not end or start < end
    ]
    rank = {"planned": 0, "running": 1, "over": 2}
    for one in periods:
        states = [rank[one.state(now)] for now in minutes]
        assert states == sorted(states)
        for other in periods:
            both = [now for now in minutes if one.state(now) == other.state(now) == "running"]
            assert one.overlaps(other) == other.overlaps(one) == bool(both)
