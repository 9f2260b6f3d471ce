"""What is closed when, what an area consists of, and what closing does, by rules written anew."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import networkx as nx
import pytest
from conftest import Plans

from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.plan.plan import SHAFTS
from navkit.route.profiles import profiles
from navkit.route.weights import Moment, weigh
from navkit.venue.lookup import Spot
from navkit.venue.periods import Period
from navkit.words.findings import NavkitError
from server.press import areas, closable, repeating
from server.press.impact import LONGER_MS, Measure
from server.press.repeating import Daily, When

ZONE = ZoneInfo("Asia/Shanghai")
FORMAT = "%Y-%m-%dT%H:%M"
NIGHT = Daily("22:00", "06:00")


def is_closed(at: datetime, daily: Daily, first: str, last: str) -> bool:
    """Whether a minute is within hours that begin on a day from the first to the last."""
    for begins in (at, at - timedelta(days=1)):
        day, hour = begins.strftime("%Y-%m-%d"), at.strftime("%H:%M")
        if not first <= day <= last or begins.isoweekday() not in daily.days:
            continue
        is_over_night = daily.end <= daily.start
        if begins == at:
            if hour >= daily.start and (is_over_night or hour < daily.end):
                return True
        elif is_over_night and hour < daily.end:
            return True
    return False


@pytest.mark.parametrize(
    "daily",
    [
        NIGHT,
        Daily("08:00", "12:30"),
        Daily("22:00", "06:00", (1, 5)),
        Daily("13:00", "12:59", (7,)),
    ],
)
def test_hours_that_repeat_are_closed_at_the_minutes_that_they_say(daily: Daily) -> None:
    now = "2026-03-01T00:00"
    whole = Period("2026-03-03T00:00", "2026-03-20T00:00")
    when = repeating.planned(whole, daily, ZONE, now)
    told = [*when.periods(now, "2026-04-01T00:00")]

    at = datetime(2026, 3, 1)
    while at < datetime(2026, 3, 22):
        minute = at.strftime(FORMAT)
        closed = any(one.state(minute) == "running" for one in told)
        assert closed == is_closed(at, daily, "2026-03-03", "2026-03-19"), minute
        at += timedelta(minutes=30)
    assert when.whole == Period(told[0].start, told[-1].end), "the last night ends in the morning"
    assert [*when.periods("2026-03-01T00:00", "2026-03-03T00:00")] == []


def test_hours_that_run_now_begin_at_once_and_the_next_ones_follow() -> None:
    when = repeating.planned(Period(), NIGHT, ZONE, "2026-03-02T03:00")

    told = [*when.periods("2026-03-02T03:00", "2026-03-04T00:00")]

    assert told == [
        Period("2026-03-01T22:00", "2026-03-02T06:00"),
        Period("2026-03-02T22:00", "2026-03-03T06:00"),
        Period("2026-03-03T22:00", "2026-03-04T06:00"),
    ]
    with pytest.raises(NavkitError) as refused:
        only = Period("2026-03-02T00:00", "2026-03-03T00:00")
        repeating.planned(only, Daily("08:00", "09:00", (5,)), ZONE, "2026-03-01T03:00")
    assert refused.value.finding.code == "closure-hours-never"


@pytest.mark.parametrize(
    ("daily", "end", "last"),
    [
        (NIGHT, "2026-12-08T06:00", "2026-12-08T06:00"),
        (NIGHT, "2026-12-08T05:59", "2026-12-07T06:00"),
        (NIGHT, "2026-12-08T23:00", "2026-12-08T06:00"),
        (Daily("22:00", "06:00", (1, 5)), "2026-12-08T06:00", "2026-12-08T06:00"),
        (Daily("08:00", "12:00"), "2026-12-08T12:00", "2026-12-08T12:00"),
        (Daily("08:00", "12:00"), "2026-12-08T10:00", "2026-12-07T12:00"),
    ],
)
def test_the_last_night_is_over_by_the_end_that_is_given(daily: Daily, end: str, last: str) -> None:
    now, whole = "2026-12-01T15:01", Period("2026-12-01T00:00", end)

    when = repeating.planned(whole, daily, ZONE, now, ends_within=True)

    assert when.whole.end == last
    assert [*when.periods(now, "2027-01-01T00:00")][-1].end == last
    with pytest.raises(NavkitError):
        short = Period("2026-12-01T00:00", "2026-12-02T05:00")
        repeating.planned(short, NIGHT, ZONE, now, ends_within=True)


def test_hours_overlap_where_they_have_a_minute_in_common() -> None:
    now, ever = "2026-03-01T00:00", Period("2026-03-01T00:00", "")
    night, mondays = When(ever, NIGHT, ZONE), When(ever, Daily("05:00", "07:00", (1,)), ZONE)
    noon = When(ever, Daily("12:00", "13:00"), ZONE)
    once = When(Period("2026-08-04T23:00", "2026-08-04T23:30"), None, ZONE)
    by_day = When(Period("2026-08-04T07:00", "2026-08-04T21:00"), None, ZONE)

    assert night.overlaps(mondays, now) and mondays.overlaps(night, now)
    assert night.overlaps(once, now) and once.overlaps(night, now), "months ahead"
    assert not night.overlaps(noon, now) and not night.overlaps(by_day, now)
    assert by_day.overlaps(noon, now)


# ------------------------------------------------------------------- areas


@pytest.mark.parametrize("level", ["mz-3F", "mz-1F", "yj-2F", "zy-12F"])
def test_nobody_comes_into_a_closed_level_and_lifts_pass_it(example: Guide, level: str) -> None:
    """On networkx's graph of what is left: whoever starts elsewhere gets to no room of the level,
    and to all that the level does not lie between."""
    venue, network = example.venue, example.network
    closed = areas.members(venue, f"level:{level}")
    whole = next(one for one in areas.areas(venue) if one.id == f"level:{level}")
    assert 0 < len(closed) < len(whole.things) / 2, "phones have room for a few hundred"
    left = Moment(closed=frozenset(closed))
    graph = nx.DiGraph()
    reasons = weigh(network, profiles()["walk"], left).reason
    graph.add_edges_from(network.ends(dart) for dart, why in enumerate(reasons) if not why)
    inside = {
        node
        for node, space in enumerate(network.space_of_node)
        if space >= 0 and venue.spaces[space].id in whole.things
    }
    stops = {s.id for s in venue.spaces if s.kind in SHAFTS}
    for place, nodes in zip(venue.places, network.place_nodes, strict=True):
        if not nodes or nodes[0] in inside or set(place.spaces) & stops:
            continue
        reached = {nodes[0], *(nx.descendants(graph, nodes[0]) if nodes[0] in graph else ())}
        assert not reached & inside, place.id
        break
    if level == "mz-3F":
        rides = [e for e, kind in enumerate(network.kind) if kind in (Kind.RIDE, Kind.STAIRS)]
        assert not any(reasons[2 * edge] == "closed" for edge in rides)


def test_what_an_area_is_called_finds_it(example: Guide) -> None:
    things = closable.closable(example.venue)

    def first(asked: str) -> str:
        return closable.found(things, asked)[0].id

    assert first("门诊楼3F") == "level:mz-3F" and first("B1").endswith("-B1")
    assert first("住院楼") == "building:zy" and first("Inpatient Tower") == "building:zy"
    assert first("zyl") == "building:zy" and first("zyl12f") == "level:zy-12F"
    assert first("门诊正门") == first("menzhenzhengmen") == first("mzzm") == "mz-1F-D-main"


def test_an_area_that_the_map_does_not_have_is_nothing(example: Guide) -> None:
    for area in ("level:gone", "building:", "department:gone", "mz-3F"):
        assert areas.members(example.venue, area) == ()


# ------------------------------------------------------------------- what it does


@pytest.fixture(scope="module")
def measure(example: Guide) -> Measure:
    return Measure(example.network)


@pytest.mark.parametrize("target", ["mz-2F-BR", "level:mz-3F"])
def test_effects_are_those_of_the_routes_that_phones_show(
    example: Guide, measure: Measure, target: str
) -> None:
    """The longest detours, unreachable places and places that nothing befell, by the navigator."""
    venue = example.venue
    closed = areas.members(venue, target) or (target,)
    found = measure.impact((), closed, limit_s=600)
    starts = [n for n, place in enumerate(venue.places) if place.door and place.access == "public"]
    assert found.starts == found.all_starts == len(starts) and not found.is_none

    def minutes(profile: str, goal: int) -> list[tuple[int, int]]:
        both = []
        for start in starts:
            ms = []
            for moment in (Moment(), Moment(closed=frozenset(closed))):
                asked = (Spot((start,)), Spot((goal,)), profiles()[profile], moment)
                route = example.navigator.try_route(*asked)
                ms.append(route.duration_ms if route else -1)
            both.append((ms[0], ms[1]))
        return both

    chosen = random.Random(5)
    for effect in found.effects:
        others = {*range(len(venue.places))} - {*effect.longer, *effect.cut}
        open_to_all = [n for n in sorted(others) if venue.places[n].access == "public"]
        for goal in chosen.sample(effect.cut, min(3, len(effect.cut))):
            assert all(now < 0 for _, now in minutes(effect.profile, goal))
        for goal in chosen.sample(open_to_all, 3):
            led = [(was, now) for was, now in minutes(effect.profile, goal) if was >= 0]
            assert all(now - was < LONGER_MS for was, now in led)
        for goal in effect.longer[:1]:
            led = [now - was for was, now in minutes(effect.profile, goal) if was >= 0 <= now]
            assert max(led) == effect.most_ms
        assert effect.longer or effect.cut


def test_what_was_not_measured_to_the_end_says_so(measure: Measure) -> None:
    found = measure.impact((), ("mz-L1",), limit_s=0)

    assert found.starts == 1 < found.all_starts and found.is_short


def test_a_venue_without_entrances_is_measured_from_what_it_has(plans: Plans) -> None:
    guide = plans("clinic")
    found = Measure(guide.network).impact((), (guide.venue.connectors[0].id,), limit_s=600)

    assert found.places and found.starts == found.all_starts
