"""Nobody is guided where they may not go; people who may ask there are guided to the last door."""

import random
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import pytest
from conftest import Plans
from shapely import LineString, box
from test_join import plan, space
from test_runtime import with_bars

from navkit.guidance.guidance import Guidance
from navkit.guide import Guide
from navkit.plan.plan import PlanConnector, PlanDoor
from navkit.route.profiles import profile, profiles
from navkit.route.reach import review
from navkit.route.routing import NoRouteError, Route
from navkit.route.weights import Moment
from navkit.venue import directory
from navkit.venue.join import join
from navkit.venue.lookup import Spot
from navkit.venue.venue import Venue

PLANS = ("station-osm", "campus-imdf", "clinic as drawn", "university-osm")


def ward(
    *, room: str = "public", door: str = "public", guessed: bool = False, table: str = ""
) -> Venue:
    """A room behind a corridor of its own; who may enter the corridor, and by its door.

        +----------------+
        |      病房       |
        +---病房门--------+
        |     内走廊      |
        +---内走廊门------+
    入口|      走廊       |
        +----------------+
    """
    spaces = (
        space("走廊", box(0, 0, 20, 3), "corridor"),
        space("内走廊", box(0, 3, 20, 5), "corridor", access=room),
        space("病房", box(0, 5, 20, 9)),
    )
    doors = [
        PlanDoor(
            "入口", "0", LineString([(0, 1), (0, 2)]), kind="automatic", width_m=1.5, entrance=True
        ),
        PlanDoor("病房门", "0", LineString([(14, 5), (15, 5)]), kind="hinged", width_m=1.2),
        PlanDoor(
            "内走廊门", "0", LineString([(14, 3), (15, 3)]), kind="hinged", width_m=1.2, access=door
        ),
    ]
    listed = directory.parse(table, "directory.csv") if table else None
    venue = join([plan(*spaces, doors=tuple(doors))], listed)
    marked = tuple(replace(d, guessed=guessed) if d.id == "内走廊门" else d for d in venue.doors)
    return replace(venue, doors=marked)


def said(guide: Guide, route: Route, language: str = "zh-Hans") -> str:
    told: Guidance = guide.tell(route, language)
    return told.instructions[-1].text


def enters(route: Route, *spaces: str) -> bool:
    n = route.network
    return any(n.venue.spaces[n.space_of_node[node]].id in spaces for node in route.nodes)


@pytest.mark.parametrize("guessed", [False, True])
def test_a_door_for_all_opens_no_space_for_staff(guessed: bool) -> None:
    guide = Guide(ward(room="staff", guessed=guessed))

    with pytest.raises(NoRouteError) as cut:
        guide.route("入口", "内走廊", profile("walk"))

    assert cut.value.finding.code == "no-route-access"
    assert enters(guide.route("入口", "内走廊", profile("bed")), "内走廊")


def test_a_listed_room_behind_staffs_space_is_led_to_as_far_as_all_may_go() -> None:
    guide = Guide(ward(room="staff"))

    route = guide.route("入口", "病房", profile("walk"))

    assert not enters(route, "内走廊", "病房")
    assert (
        said(guide, route)
        == "从出入口进来，往前走约15米，到了，病房的入口在您左手边，请在门口询问。"
    )
    assert (
        said(guide, route, "zh-Hant")
        == "從出入口進來，往前走約15公尺，到了，病房的入口在您左手邊，請在門口詢問。"
    )
    assert said(guide, route, "en") == (
        "Come in by the entrance and walk about 15 metres. You have arrived. The way in to the ward"
        " is on your left. Ask at the door."
    )


def test_a_listed_room_behind_a_staff_door_is_led_to_at_that_door() -> None:
    guide = Guide(ward(door="staff"))

    route = guide.route("入口", "病房", profile("walk"))

    assert not enters(route, "内走廊", "病房")
    assert route.goal.places and guide.venue.places[route.goal.places[0]].id == "病房"


def test_what_to_do_at_the_door_is_said_as_staff_enter_it() -> None:
    for cell, words in (
        ("按门铃", ("请按门铃", "請按門鈴", "ring the bell")),
        ("出示陪护证", ("请出示陪护证", "請出示陪護證", "show the escort's pass")),
        ("请到护士站登记", ("请到护士站登记",) * 3),
    ):
        row = f"编号,名称,房间,进入方式\nw,骨科病房,病房,{cell}\n"
        guide = Guide(ward(door="staff", table=row))

        route = guide.route("入口", "骨科病房", profile("walk"))

        for language, what in zip(("zh-Hans", "zh-Hant", "en"), words, strict=True):
            assert said(guide, route, language)[:-1].lower().endswith(what)


@pytest.mark.parametrize("who", ["walk", "wheelchair"])
@pytest.mark.parametrize(("room", "door"), [("staff", "public"), ("staff", "staff")])
def test_whoever_is_in_a_space_for_staff_is_led_out(room: str, door: str, who: str) -> None:
    guide = Guide(ward(room=room, door=door))

    route = guide.route("内走廊", "入口", profile(who))

    assert route.length_cm > 1000


def test_whoever_is_behind_a_staff_door_is_led_out() -> None:
    guide = Guide(ward(door="staff"))

    route = guide.route("病房", "入口", profile("walk"))

    assert enters(route, "走廊")
    assert route.way_in == -1


def test_nobody_is_led_through_another_space_for_staff_on_the_way_out() -> None:
    venue = ward(room="staff")
    inner = tuple(replace(s, access="staff") if s.id == "病房" else s for s in venue.spaces)
    guide = Guide(replace(venue, spaces=inner))

    with pytest.raises(NoRouteError) as cut:
        guide.route("病房", "入口", profile("walk"))

    assert cut.value.finding.code == "no-route-access"


def test_nobody_is_left_in_the_cabin_of_a_lift_to_a_floor_for_staff() -> None:
    """The lift stops at a lobby for staff, behind which the ward is."""
    spaces = (
        space("大厅", box(0, 0, 20, 3), "corridor"),
        space("电梯0", box(10, 3, 12, 5), "elevator", connector="L"),
        space("电梯1", box(10, 3, 12, 5), "elevator", "1", connector="L", access="staff"),
        space("病房", box(0, 0, 20, 3), "room", "1"),
    )
    doors = (
        PlanDoor(
            "入口", "0", LineString([(0, 1), (0, 2)]), kind="automatic", width_m=1.5, entrance=True
        ),
        PlanDoor("门0", "0", LineString([(10.5, 3), (11.5, 3)]), kind="automatic", width_m=1.2),
        PlanDoor("门1", "1", LineString([(10.5, 3), (11.5, 3)]), kind="automatic", width_m=1.2),
    )
    lift = PlanConnector("L", "elevator", {"zh-Hans": "电梯"}, access="public")
    guide = Guide(join([plan(*spaces, doors=doors, connectors=(lift,))]))

    route = guide.route("入口", "病房", profile("walk"))

    assert not enters(route, "电梯0", "电梯1")
    assert said(guide, route).endswith("病房的入口在您左手边，请在门口询问。")


def test_of_two_doors_that_of_the_shorter_way_behind_is_asked_at() -> None:
    """However long the walk before it is: nobody inside walks visitors through a whole ward."""
    spaces = (
        space("走廊", box(0, 0, 60, 3), "corridor"),
        space("内走廊", box(0, 3, 60, 5), "corridor", access="staff"),
        space("病房", box(50, 5, 60, 9)),
    )
    doors = (
        PlanDoor(
            "入口", "0", LineString([(0, 1), (0, 2)]), kind="automatic", width_m=1.5, entrance=True
        ),
        PlanDoor("近门", "0", LineString([(2, 3), (3, 3)]), kind="hinged", width_m=1.2),
        PlanDoor("远门", "0", LineString([(54, 3), (55, 3)]), kind="hinged", width_m=1.2),
        PlanDoor("病房门", "0", LineString([(54, 5), (55, 5)]), kind="hinged", width_m=1.2),
    )
    guide = Guide(join([plan(*spaces, doors=doors)]))

    route = guide.route("入口", "病房", profile("walk"))

    assert guide.network.things[guide.network.thing[route.way_in >> 1]].id == "远门"


def test_a_place_that_one_asks_for_at_a_door_counts_as_reached() -> None:
    found = review(Guide(ward(door="staff")).network, profiles())

    assert found.reachable["walk"] == found.places


def test_a_point_in_a_space_for_staff_is_for_staff(plans: Plans) -> None:
    guide = plans("station-osm")
    venue = guide.venue

    inside = [place for place in venue.places if place.point]

    assert inside
    assert all(
        place.access == venue.space_by_id[place.point[0]].access for place in inside if place.point
    )


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize("name", PLANS)
def test_on_plans_by_others_all_are_kept_out_and_none_is_left_without_a_way(
    plans: Plans, name: str
) -> None:
    """The law, against networkx: on foot everything is passable but bars, so that a listed place
    has a way wherever any way at all leads to it."""
    guide = Guide(with_bars(plans(name).venue, seed=8))
    venue, network, navigator = guide.venue, guide.network, guide.navigator
    graph = network.to_networkx()
    part = navigator.open_parts("public")
    rng = random.Random(2)
    starts = [n for n in range(len(network.level)) if part[n] >= 0]
    public = [i for i, place in enumerate(venue.places) if place.access == "public"]
    wrong, asked = [], 0
    for start in rng.sample(starts, 4):
        reached = nx.descendants(graph, start) | {start}
        for place in public:
            route = navigator.try_route(Spot(node=start), Spot((place,)), profile("walk"), Moment())
            leads = bool(reached & set(network.place_nodes[place]))
            if (route is not None) != leads:
                wrong.append((start, venue.places[place].id, "no way" if leads else "a way"))
            if route is None:
                continue
            asked += route.way_in >= 0
            rooms = [network.space_of_node[node] for node in route.nodes]
            if any(
                there not in (-1, here) and venue.spaces[there].access != "public"
                for here, there in pairwise(rooms)
            ):
                wrong.append((start, venue.places[place].id, "led into a space for staff"))

    assert wrong == []
    assert asked, "no place is asked for at a door: this shows nothing"


def test_a_staff_door_that_is_closed_is_not_asked_at() -> None:
    guide = Guide(ward(door="staff"))

    with pytest.raises(NoRouteError) as cut:
        guide.route("入口", "病房", profile("walk"), closed=["内走廊门"])

    assert cut.value.finding.code == "no-route-closed"


def test_nobody_is_led_to_a_lift_for_staff_because_the_others_are_closed() -> None:
    spaces, doors = [], []
    for level in ("0", "1"):
        spaces.append(space(f"走廊{level}", box(0, 0, 20, 3), "corridor", level))
        for lift, x, access in (("客梯", 4, "public"), ("货梯", 10, "staff")):
            cabin = box(x, 3, x + 2, 5)
            spaces.append(
                space(f"{lift}{level}", cabin, "elevator", level, connector=lift, access=access)
            )
            line = LineString([(x + 0.5, 3), (x + 1.5, 3)])
            doors.append(PlanDoor(f"{lift}门{level}", level, line, kind="automatic", width_m=1.2))
    doors.append(
        PlanDoor("入口", "0", LineString([(0, 1), (0, 2)]), kind="automatic", entrance=True)
    )
    shafts = tuple(PlanConnector(lift, "elevator", {}) for lift in ("客梯", "货梯"))
    guide = Guide(join([plan(*spaces, doors=tuple(doors), connectors=shafts)]))

    with pytest.raises(NoRouteError) as cut:
        guide.route("入口", "走廊1", profile("wheelchair"), closed=["客梯"])

    assert cut.value.finding.code == "no-route-closed"
    assert guide.route("入口", "走廊1", profile("wheelchair")).way_in == -1
