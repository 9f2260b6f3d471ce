"""Who may go where, when, and what is reported if there is no route."""

import random
from dataclasses import replace
from typing import Any

import pytest
from conftest import REST
from drawn import parse
from shapely import box
from test_join import plan, space

from navkit.guide import Guide
from navkit.network.network import build
from navkit.plan.hours import Hours
from navkit.route.profiles import profile, profiles
from navkit.route.reach import review
from navkit.route.routing import Navigator, NoRouteError
from navkit.route.weights import moment
from navkit.venue.join import join
from navkit.venue.lookup import find
from navkit.venue.venue import Venue
from navkit.words.findings import Finding

TOWER = """
level 1F 0
+---------+---+---+
|    A    | L | S |
|         |   |   |
+----d----+-a-+-d-+
e        H        |
|                 |
+-----------------+

level 2F 1
+---------+---+---+
|    B    | L | S |
|         |   |   |
+----d----+-a-+-d-+
|        I        |
|                 |
+-----------------+

A: room 诊室 | Consulting room
B: room 病房 | Ward
H: corridor
I: corridor
L: elevator 1号电梯 | Lift 1
S: stairs 楼梯 | Stairs
e: 入口 | Entrance
"""
LIFT = {"wait_s": (30.0,), "floor_s": 10.0}


def tower(drawing: str = TOWER, **door: Any) -> Venue:
    """Two storeys, with what is known of the lift and of the consulting room's door."""
    venue = join([parse(drawing, column_m=1.2)])
    rooms = {"A": door}
    return replace(
        venue,
        connectors=tuple(
            replace(c, **LIFT) if c.kind == "elevator" else c for c in venue.connectors
        ),
        doors=tuple(replace(d, **rooms.get(d.spaces[0], {})) for d in venue.doors),
    )


def test_a_lift_takes_its_wait_and_its_floors() -> None:
    guide = Guide(tower())

    route = guide.route("诊室", "病房", profile("wheelchair"))

    lift_s = (30 + 10) * 1000
    walked_s = route.length_cm / 100 / 0.8 * 1000
    doors_s = (6 + 2 + 2 + 6) * 1000
    assert route.duration_ms == pytest.approx(lift_s + walked_s + doors_s, abs=100)


def test_stairs_are_never_a_wheelchairs_way() -> None:
    with pytest.raises(NoRouteError) as cut:
        Guide(tower()).route("诊室", "病房", profile("wheelchair"), closed=["L"])

    # The lift may open again: that is reported before what the profile can never do.
    assert cut.value.finding.code == "no-route-closed"
    assert "L" in cut.value.finding.text("en")


def test_without_a_lift_the_stairs_are_the_reason() -> None:
    guide = Guide(tower(TOWER.replace(" L ", " # ")))

    with pytest.raises(NoRouteError) as cut:
        guide.route("诊室", "病房", profile("wheelchair"))

    assert cut.value.finding.code == "no-route-stairs"
    assert guide.route("诊室", "病房", profile("walk")).duration_ms > 0


def test_a_door_is_passed_within_its_hours_only() -> None:
    guide = Guide(tower(hours=Hours("Mo-Fr 08:00-17:00")))
    trip = ("诊室", "病房", profile("walk"))

    assert guide.route(*trip, "2026-03-03T10:00").length_cm > 0  # a Tuesday
    with pytest.raises(NoRouteError) as cut:
        guide.route(*trip, "2026-03-08T10:00")  # a Sunday
    assert cut.value.finding.code == "no-route-hours"


def test_a_narrow_door_stops_a_wheelchair_and_staff_are_told() -> None:
    venue = tower(width_m=0.7)

    found = review(build(venue), profiles())

    narrow = [f for f in found.findings if f.code == "door-too-narrow"]
    assert {f.where for f in narrow} == {"1F, d1Fx5y3"}
    assert "too narrow for Wheelchair, Bed transport. It cuts off Consulting room" in narrow[
        0
    ].text("en")
    assert found.reachable["walk"] == found.reachable["wheelchair"] + 1


def test_an_unknown_width_is_said_not_guessed() -> None:
    guide = Guide(tower(width_m=None))

    route = guide.route("诊室", "病房", profile("wheelchair"))

    assert route.unverified == ("door-width",)
    notices = guide.tell(route, "zh-Hans").notices
    assert [n.text for n in notices] == ["这段路的门宽还没有核实"]


def test_the_nearest_of_a_category_is_the_nearest_on_foot(example_guide_toilets: list[int]) -> None:
    nearest, others = example_guide_toilets[0], example_guide_toilets[1:]

    assert nearest == min(others)


@pytest.fixture
def example_guide_toilets(example: Guide) -> list[int]:
    """The cost to the nearest toilet for anybody, then to each."""
    walk = profile("walk")
    toilets = [
        p.id
        for p in example.venue.places
        if p.category == "toilet-accessible" and p.access == "public"
    ]
    nearest = example.route("A101", "category:toilet", walk).cost_ms
    return [nearest, *(example.route("A101", toilet, walk).cost_ms for toilet in toilets)]


@pytest.mark.parametrize(
    ("category", "names"),
    [
        ("registration", {"挂号收费处"}),
        ("registration-emergency", {"急诊挂号收费处", "挂号收费处"}),
        ("pharmacy", {"门诊药房", "门诊西药房"}),
        ("shop", {"小卖部"}),
        ("toilet", {"无障碍卫生间"}),
        ("toilet-men", {"男卫生间"}),
        ("toilet-women", {"女卫生间"}),
        ("toilet-accessible", {"无障碍卫生间"}),
    ],
)
def test_who_asks_for_a_category_is_led_to_what_serves_everybody(
    example_venue: Venue, category: str, names: set[str]
) -> None:
    spot = find(example_venue, f"category:{category}")

    assert {example_venue.places[i].names["zh-Hans"] for i in spot.places} == names


def test_a_toilet_that_tells_no_sex_is_for_men_and_for_women_a_reserved_one_for_neither() -> None:
    rooms = {"toilet": 0, "toilet-men": 5, "toilet-women": 10, "toilet-reserved": 15}
    corridor = space("走廊", box(0, 0, 20, 2), "corridor")
    spaces = [space(c, box(x, 2, x + 5, 6), category=c) for c, x in rooms.items()]
    venue = join([plan(corridor, *spaces)])
    only_women = join([plan(corridor, spaces[2])])

    def meant(where: Venue, category: str) -> set[str]:
        return {where.places[i].category for i in find(where, f"category:{category}").places}

    assert meant(venue, "toilet") == {"toilet"}
    assert meant(venue, "toilet-men") == {"toilet", "toilet-men"}
    assert meant(venue, "toilet-women") == {"toilet", "toilet-women"}
    assert meant(only_women, "toilet") == {"toilet-women"}, "where there is no other"


def test_no_entrance_is_an_error() -> None:
    venue = join([plan(space("走廊", box(0, 0, 20, 3), "corridor"))])

    assert "no-entrance" in {f.code for f in review(build(venue), profiles()).findings}


def test_the_nearest_of_a_category_is_one_for_everybody_where_there_is_one(
    example: Guide,
) -> None:
    places = example.venue.places
    for category in {place.category for place in places}:
        access = [places[i].access for i in find(example.venue, f"category:{category}").places]
        there_are = {p.access for p in places if f"{p.category}-".startswith(f"{category}-")}

        assert set(access) == ({"public"} if "public" in there_are else there_are), category


# ------------------------------------------------------------------- closed rooms


@pytest.mark.slow
@pytest.mark.parametrize("count", [20, pytest.param(60, marks=REST)])
def test_nobody_is_led_into_a_closed_room_and_who_is_inside_gets_out(
    example: Guide, count: int
) -> None:
    """Of many rooms, each closed alone: the reason names the room, and not one of its doors."""
    dice = random.Random(7)
    by_id = {space.id: space for space in example.venue.spaces}
    rooms = [
        (place, by_id[place.spaces[0]])
        for place in example.venue.places
        if place.access == "public" and len(place.spaces) == 1 and not place.door
    ]
    rooms = [(p, s) for p, s in rooms if s.kind == "room"]
    entrance = find(example.venue, "mz-1F-D-main")
    walk, seen = profiles()["walk"], 0
    for place, room in dice.sample(rooms, count):
        goal = find(example.venue, place.id)
        if example.navigator.try_route(entrance, goal, walk, moment((), "", ())) is None:
            continue
        at = moment((), "", (room.id,))
        with pytest.raises(NoRouteError) as refused:
            example.navigator.find_route(entrance, goal, walk, at)
        assert refused.value.finding.code == "no-route-closed"
        assert refused.value.finding.slots["thing"] == room.id
        assert example.navigator.try_route(goal, entrance, walk, at) is not None
        seen += 1
    assert seen > count * 2 / 3


def test_a_closed_stair_is_no_reason_for_who_cannot_climb_it(example: Guide) -> None:
    lifts = tuple(c.id for c in example.venue.connectors if c.kind == "elevator")
    stairs = tuple(c.id for c in example.venue.connectors if c.kind == "stairs")
    ends = find(example.venue, "mz-1F-D-main"), find(example.venue, "r-mz-6F-605")

    with pytest.raises(NoRouteError) as refused:
        at = moment((), "", (*lifts, *stairs))
        example.navigator.find_route(*ends, profiles()["wheelchair"], at)

    assert refused.value.finding.code == "no-route-closed"
    assert refused.value.finding.slots["thing"] in lifts


def test_a_refusal_tells_visitors_names_and_kinds_and_staff_ids() -> None:
    nameless = """
    +-----+-----+-----+
    |  A  |  B  |  C  |
    |     |     |     |
    +--d--+--d--+--d--+
    e        H        |
    +-----------------+

    A: room 甲 | A
    B: room 乙 | B
    C: room
    H: corridor
    e: 正门 | Main entrance
    """
    venue = join([parse(nameless)])
    start, goal = find(venue, "甲"), find(venue, "乙")
    doors = {door.spaces[0]: door.id for door in venue.doors}

    def refused(closed: str) -> Finding:
        at = moment((), "", (closed,))
        with pytest.raises(NoRouteError) as caught:
            Navigator(build(venue)).find_route(start, goal, profiles()["walk"], at)
        return caught.value.finding

    said = {closed: refused(closed).text("en") for closed in (doors["B"], "B", "H")}
    assert said[doors["B"]].startswith("the door of B is closed")
    assert said["B"].startswith("B is closed")
    assert said["H"].startswith("a corridor on 1F is closed")
    assert refused("H").text("zh-Hans").startswith("1F 的一条走廊 暂停使用")
    assert refused("H").slots["thing"] == "H"


@pytest.mark.parametrize(
    ("written", "called"),
    [("Aufzug 2", "Lift 2"), ("ELEVATOR", "Lift"), ("North tower", "North tower")],
)
def test_a_refusal_calls_a_lift_as_guidance_does(written: str, called: str) -> None:
    venue = join([parse(TOWER.replace("Lift 1", written))])
    lift = next(one for one in venue.connectors if one.kind == "elevator")
    ends = find(venue, "诊室"), find(venue, "病房")

    with pytest.raises(NoRouteError) as refused:
        Navigator(build(venue)).find_route(
            *ends, profiles()["wheelchair"], moment((), "", (lift.id,))
        )

    assert refused.value.finding.text("en").startswith(f"{called} is closed")
