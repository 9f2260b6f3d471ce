"""Clauses at a turn mean that turn only: floors on which another opening could be taken for it.

Each is walked by a literal reader, too (`navkit.walk`), who shares no code with guidance.
"""

import math
from dataclasses import replace
from textwrap import dedent
from typing import Any

import pytest
from drawn import parse
from drawn_ways import OPENING, ROOMS, TWO_HOUSES
from shapely import LineString

from navkit.guidance.foresight import Foresight
from navkit.guidance.line import Line, legs_of, turn_between
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.plan.plan import PlanPath
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.join import join
from navkit.venue.lookup import find
from navkit.walk.said import Account, Said
from navkit.walk.verdict import Judge
from tools.walking import account_of

ONE_WAY = """
                        +---+
                        | A |
                        +-d-+
                        |   |
                        |   |
                        |   |
+-----------------------+   +-------+
e    H                              |
|                                   |
+-----------------------------------+
"""

ANOTHER_WAY_NEAR = """
                  +---+ +---+
                  | B | | A |
                  +-d-+ +-d-+
                  |   | |   |
                  |   | |   |
                  |   | |   |
+-----------------+   +-+   +-------+
e    H                              |
|                                   |
+-----------------------------------+
"""

A_ROOM_OPPOSITE = """
      +---+ +---+ +---+ +---+ +---+
      |   | |   | |   | | A | |   |
      |   | |   | |   | +-d-+ |   |
      |   | |   | |   | |   | |   |
      |   | |   | |   | |   | |   |
      |   | |   | |   | |   | |   |
+-----+   +-+   +-+   +-+   +-+   +--+
e    H                               |
|                                    |
+-------------+-d-+-----+-d-+--------+
              | D |     | C |
              +---+     +---+
"""

A_DOORWAY_BEFORE = """
                        +---+
                        | A |
      +---+             +-d-+
      | B |             |   |
      |   |             |   |
      |   |             |   |
+-----+-o-+-------------+   +-------+
e    H                              |
|                                   |
+-----------------------------------+
"""


def house(drawing: str, alike: tuple[str, str] | None = None) -> Guide:
    """The drawn house, maybe with one room called like another."""
    venue = join([parse(ROOMS + dedent(drawing))])
    if not alike:
        return Guide(venue)
    one, other = alike
    names = venue.place_by_id[other].names
    places = [replace(p, names=names) if p.id == one else p for p in venue.places]
    return Guide(replace(venue, places=tuple(places)))


def walked(guide: Guide) -> tuple[Route, tuple[Step, ...]]:
    ends = find(guide.venue, "正门"), find(guide.venue, "A")
    route = guide.navigator.find_route(*ends, profile("walk"), Moment())
    return route, steps_of(route, guide.around)


def foreseen(guide: Guide) -> Foresight:
    """The first turn of the way to room A."""
    route, _ = walked(guide)
    line = Line(route, guide.around, legs_of(route)[0])
    return Foresight(line, 0, line.turns[0])


def where_to_turn(guide: Guide) -> tuple[str, Any]:
    steps = walked(guide)[1]
    turning = next(s for s in steps if any(cue.kind.family == "turn" for cue in s.cues))
    cue = next(cue for cue in turning.cues if cue.kind.startswith("at-"))
    place = cue.slots.get("place", -1)
    return cue.kind.value, guide.venue.places[place].id if place >= 0 else dict(cue.slots)


@pytest.mark.parametrize(
    ("drawing", "told"),
    [
        pytest.param(ONE_WAY, ("at-nth-way-left", {"nth": 1}), id="one way"),
        pytest.param(ANOTHER_WAY_NEAR, ("at-nth-way-left", {"nth": 2}), id="another way near"),
        pytest.param(A_ROOM_OPPOSITE, ("at-place", "C"), id="a room opposite"),
        pytest.param(A_DOORWAY_BEFORE, ("at-distance", {"cm": 2585}), id="a doorway before"),
    ],
)
def test_what_is_said_means_one_turn_only(drawing: str, told: tuple[str, Any]) -> None:
    guide = house(drawing)

    assert where_to_turn(guide) == told
    route, steps = walked(guide)
    verdicts = Judge(guide.network).verdicts(account_of(route, steps))
    assert [verdict.failed for verdict in verdicts] == ["", ""]


def test_no_room_is_named_if_one_of_its_name_comes_before() -> None:
    assert where_to_turn(house(A_ROOM_OPPOSITE, alike=("D", "C")))[0] == "at-distance"


def test_a_door_on_the_way_is_named_first_where_metres_may_mean_another_turn() -> None:
    """The second room C is the one opposite the turn: of that name people would take the first."""
    guide = house(A_ROOM_OPPOSITE, alike=("D", "C"))
    route, steps = walked(guide)
    account = account_of(route, steps)
    first, then, *_ = account.told
    far = replace(then, said=(replace(then.said[0], slots={"cm": 2500}), *then.said[1:]))

    assert [one.kind for one in first.said] == ["start-entrance", "at-place", "keep-ahead"]
    assert guide.venue.places[first.said[1].slots["place"]].id == "D"
    assert [one.kind for one in then.said] == ["at-distance", "turn-left"]
    judge = Judge(guide.network)
    assert {one.failed for one in judge.verdicts(account)} == {""}
    verdicts = judge.verdicts(replace(account, told=(first, far)))
    assert [one.failed for one in verdicts] == ["", "at-distance"]


def test_metres_are_not_said_alone_where_another_way_fits_them() -> None:
    assert foreseen(house(ONE_WAY)).tells_distance()
    assert not foreseen(house(ANOTHER_WAY_NEAR)).tells_distance()


def test_nobody_counts_what_some_take_for_a_junction() -> None:
    assert foreseen(house(ONE_WAY)).counted() == ("way", 1)
    assert foreseen(house(A_DOORWAY_BEFORE)).counted() is None


def test_nobody_is_told_to_turn_soon_where_the_first_way_is_another() -> None:
    assert not foreseen(house(ANOTHER_WAY_NEAR)).tells_soon()


def test_a_gap_in_a_wall_is_known_by_its_edge() -> None:
    """One gap, 4 m wide, and on the left of who comes in: no other is on the corridor."""
    guide = house(ONE_WAY)
    gaps = [one for edge in range(len(guide.network.a)) for one in guide.around.openings(edge)]

    assert sum(one.looks == 0 and 30 <= one.wide_dm <= 45 for one in gaps) == 1


def outside(onward: tuple[tuple[float, float], ...] = ()) -> tuple[Guide, Account]:
    """To another house, along a path of 190 m that meets a second one, and maybe goes on."""
    to_it, across = ((6, -1), (196, -1), *onward), ((196, 6), (196, -1), (196, -10), (238, -10))
    drawing = "\n".join(line.replace(" " * 38, " " * 238) for line in TWO_HOUSES.splitlines())
    paths = [PlanPath(f"path{i}", LineString(at), ("1F",)) for i, at in enumerate((to_it, across))]
    guide = Guide(join([replace(parse(ROOMS + drawing), paths=tuple(paths))]))
    ends = find(guide.venue, "A"), find(guide.venue, "B")
    route = guide.navigator.find_route(*ends, profile("walk"), Moment())
    return guide, account_of(route, steps_of(route, guide.around))


def test_where_a_drawn_path_ends_is_known_by_its_end_however_long_it_is() -> None:
    guide, account = outside()

    assert [said.kind for said in account.told[0].said][-2:] == ["at-end", "turn-right"]
    assert [one.failed for one in Judge(guide.network).verdicts(account)] == ["", "", ""]


def test_a_path_that_goes_on_has_no_end_there() -> None:
    _, where_it_ends = outside()
    guide, account = outside(((220, -1),))
    false = replace(account.told[0], said=where_it_ends.told[0].said)

    assert "at-end" not in [said.kind for said in account.told[0].said]
    verdicts = Judge(guide.network).verdicts(replace(account, told=(false, *account.told[1:])))
    assert [one.failed for one in verdicts] == ["at-end", "", ""]


def crossed(first_m: int) -> tuple[Guide, Account]:
    """Along a path off which four others lead to the right, the first also to the left, at
    `first_m`; the fourth is taken."""
    at_m = [first_m + apart_m for apart_m in (0, 8, 16, 24)]
    drawing = "\n".join(
        line.replace(" " * 38, " " * (at_m[3] + 8)) for line in TWO_HOUSES.splitlines()
    )
    along = ((6, -1), *((x, -1) for x in at_m), (at_m[3] + 40, -1))
    aside = [((x, -1), (x, -9)) for x in at_m[:3]] + [((first_m, -1), (first_m, 6))]
    to_b = ((at_m[3], -1), (at_m[3], -10), (at_m[3] + 8, -10))
    paths = [
        PlanPath(f"path{i}", LineString(at), ("1F",)) for i, at in enumerate((along, to_b, *aside))
    ]
    guide = Guide(join([replace(parse(ROOMS + drawing), paths=tuple(paths))]))
    ends = find(guide.venue, "A"), find(guide.venue, "B")
    route = guide.navigator.find_route(*ends, profile("walk"), Moment())
    return guide, account_of(route, steps_of(route, guide.around))


def test_a_crossroads_is_told_first_where_a_turn_cannot_be_counted() -> None:
    guide, account = crossed(12)
    first, then, *_ = account.told

    assert [one.kind for one in first.said] == ["start", "at-crossroads", "keep-ahead"]
    assert [one.kind for one in then.said] == ["at-distance", "turn-right"]
    assert {one.failed for one in Judge(guide.network).verdicts(account)} == {""}


def test_a_crossroads_that_is_not_the_first_misleads() -> None:
    """The same words of a spot that is farther on: the reader stays at the first."""
    guide, account = crossed(12)
    first, then, *_ = account.told
    here = account.point(first.last)
    on = range(first.last, then.last)
    far = replace(first, last=next(i for i in on if math.dist(account.point(i), here) > 9))

    verdicts = Judge(guide.network).verdicts(replace(account, told=(far,)))
    assert [one.failed for one in verdicts] == ["at-crossroads"]


def test_straight_on_is_not_said_where_the_way_ends() -> None:
    guide, account = outside()
    told = account.told[0]
    at_end, _ = told.said[-2:]
    false = replace(told, said=(*told.said[:-2], at_end, Said("keep-ahead", {})))

    verdicts = Judge(guide.network).verdicts(replace(account, told=(false,)))
    assert [one.failed for one in verdicts] != [""]


@pytest.mark.parametrize(("first_m", "told"), [(120, True), (130, False)])
def test_nobody_is_told_to_look_out_for_something_very_far_away(first_m: int, told: bool) -> None:
    """The path begins 6 m from where metres are counted."""
    _, account = crossed(first_m)

    assert ("keep-ahead" in [one.kind for step in account.told for one in step.said]) is told


@pytest.mark.parametrize(
    ("wall", "told"),
    [
        pytest.param("-----------ooo-------------", True, id="between jambs"),
        pytest.param("ooooooooooooooooooooooooooo", False, id="as wide as the hall"),
    ],
)
def test_an_opening_has_jambs_on_both_sides_where_one_comes_from(wall: str, told: bool) -> None:
    guide = house(OPENING.replace("-----------ooo-------------", wall))
    halls = [i for i, space in enumerate(guide.venue.spaces) if space.kind == "hall"]
    mouths = {guide.network.space_of_node[node] for node in guide.sights.mouths}

    assert (mouths & {*halls} != set()) is told


def test_who_is_told_of_an_opening_looks_for_one_between_jambs() -> None:
    """The same words mislead where the wall is away."""
    guide = house(OPENING)
    route, steps = walked(guide)
    account = account_of(route, steps)
    no_wall = house(OPENING.replace("-----------ooo-------------", "ooooooooooooooooooooooooooo"))
    way, actions = walked(no_wall)
    elsewhere = account_of(way, actions)
    false = replace(elsewhere.told[0], said=account.told[0].said)

    assert [one.kind for one in account.told[0].said][1:] == ["at-opening", "turn-left"]
    assert [one.failed for one in Judge(guide.network).verdicts(account)] == ["", ""]
    verdicts = Judge(no_wall.network).verdicts(replace(elsewhere, told=(false,)))
    assert [one.failed for one in verdicts] == ["at-opening"]


def test_rooms_are_kept_only_for_spots_where_people_turn() -> None:
    guide = house(A_ROOM_OPPOSITE)
    network, around = guide.network, guide.around
    doors = {node for pair in network.door_nodes for node in pair}

    assert guide.sights.plain
    for node, before in guide.sights.plain:
        into = around.heading(before, node)
        edges = {network.other(edge, node): edge for edge in network.edges_at[node]}
        degs = [
            abs(turn_between(into, around.heading(node, other)))
            for other, edge in edges.items()
            if other != before and (other not in doors or network.length_cm[edge] > 300)
        ]
        assert max(degs, default=0) >= 25
