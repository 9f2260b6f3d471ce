"""Nobody climbs two storeys, or is sent out of doors and in again, without asking for it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawn import parse

from navkit.guidance.answers import route_answer
from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.venue.join import join
from navkit.venue.venue import save
from tools.cli import main

TOWER = """
level 1F 0
+-----+-----+-----------------------------+---+
|  A  |  S  |              #              | L |
+--d--+--d--+-----------------------------+-a-+
|                      H                      |
+---------------------------------------------+

level 2F 1
+-----+-----+-----------------------------+---+
|  B  |  S  |              #              | L |
+--d--+--d--+-----------------------------+-a-+
|                      I                      |
+---------------------------------------------+

level 3F 2
+-----+-----+-----------------------------+---+
|  C  |  S  |              #              | L |
+--d--+--d--+-----------------------------+-a-+
|                      J                      |
+---------------------------------------------+

A: room 甲室 | Room A
B: room 乙室 | Room B
C: room 丙室 | Room C
H: corridor
I: corridor
J: corridor
S: stairs 楼梯 | Stairs
L: elevator 电梯 | Lift
"""

COURT = """
+--------------------------------------------+
|                     H                      |
|   +------------------------------------+   |
|   |                                    |   |
|   |                                    |   |
|   |                                    |   |
|   |                 Y                  |   |
|   |                                    |   |
|   |                                    |   |
|   e                                    e   |
|   |                                    |   |
+-d-+------------------------------------+-d-+
| A |                                    | B |
+---+                                    +---+

A: room 甲室 | Room A
B: room 乙室 | Room B
H: corridor
Y: outdoor 院子 | Yard
"""
"""A corridor around three sides of a yard; across the yard it is nearer."""


def route(drawing: str, start: str, goal: str, who: str) -> Route:
    return Guide(join([parse(drawing)])).route(start, goal, profile(who))


def storeys_climbed(way: Route) -> float:
    edges = (dart >> 1 for dart in way.darts)
    network = way.network
    return sum(network.floors_c(e) for e in edges if network.kind[e] == Kind.STAIRS) / 100


@pytest.mark.parametrize(
    ("who", "goal", "storeys"),
    [("walk", "B", 1), ("walk", "C", 0), ("elderly", "B", 0), ("low-vision", "C", 0)],
)
def test_stairs_are_for_one_storey_and_never_for_the_elderly(
    who: str, goal: str, storeys: int
) -> None:
    assert storeys_climbed(route(TOWER, "A", goal, who)) == storeys


def test_the_quicker_way_by_stairs_is_offered_with_what_it_saves() -> None:
    guide = Guide(join([parse(TOWER)]))

    way = guide.route("A", "C", profile("walk"))

    (other,) = way.alternatives
    saved_s = (way.duration_ms - other.duration_ms) // 1000
    assert storeys_climbed(other) == 2
    assert 150 < saved_s < 210
    assert guide.tell(way, "en").alternatives == ("By the stairs, about 3 min sooner.",)
    assert guide.tell(way, "zh-Hans").alternatives == ("走楼梯，能早到约3分钟。",)
    (row,) = route_answer(way, guide.tell(way, "en"))["alternatives"]
    assert row["by"] == ["stairs"]
    assert row["duration_s"] < way.duration_ms / 1000


def test_the_command_prints_the_offer(tmp_path: Path) -> None:
    save(join([parse(TOWER)]), tmp_path / "venue.json")
    words = ["route", str(tmp_path / "venue.json"), "A", "C", "--lang", "en"]

    shown = CliRunner().invoke(main, words).output
    answer = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)

    assert "   * By the stairs, about 3 min sooner.\n" in shown
    assert [row["by"] for row in answer["alternatives"]] == [["stairs"]]


def test_where_there_is_no_lift_people_climb() -> None:
    without = TOWER.replace("L: elevator 电梯 | Lift", "L: room 库房 | Store")

    way = route(without.replace("| L |", "| # |").replace("-a-", "---"), "A", "C", "elderly")

    assert storeys_climbed(way) == 2
    assert way.alternatives == ()


def is_outdoors(way: Route) -> bool:
    spaces = (way.network.space_of_node[node] for node in way.nodes)
    return any(way.network.venue.spaces[space].kind == "outdoor" for space in spaces)


@pytest.mark.parametrize("who", ["walk", "elderly", "wheelchair", "low-vision"])
def test_nobody_is_sent_out_of_a_building_and_in_again(who: str) -> None:
    way = route(COURT, "A", "B", who)

    assert not is_outdoors(way)


def test_the_nearer_way_out_of_doors_is_offered() -> None:
    guide = Guide(join([parse(COURT)]))

    way = guide.route("A", "B", profile("walk"))

    assert [is_outdoors(other) for other in way.alternatives] == [True]
    assert guide.tell(way, "en").alternatives == ("Outdoors, a little sooner.",)


def test_where_no_way_leads_through_the_house_people_go_out() -> None:
    two_houses = """
    +---+------------+---+
    | H e      Y     e I |
    +-d-+------------+-d-+
    | A |            | B |
    +---+            +---+

    A: room 甲室 | Room A
    B: room 乙室 | Room B
    H: corridor
    I: corridor
    Y: outdoor
    """

    assert is_outdoors(route(two_houses, "A", "B", "walk"))


def test_who_asks_for_the_yard_goes_out_to_it() -> None:
    assert is_outdoors(route(COURT, "A", "Y", "walk"))
