"""Which places lead to which: the same as asking for every route, for every pair."""

import random
from dataclasses import replace
from itertools import permutations

import pytest
from drawn import parse

from navkit.guide import Guide
from navkit.network.network import build
from navkit.route.pairs import pairs
from navkit.route.profiles import Profile, profiles
from navkit.route.reach import percent, review
from navkit.route.routing import Navigator
from navkit.route.weights import Moment
from navkit.venue.join import join
from navkit.venue.lookup import Spot
from navkit.venue.venue import Venue

WARDS = """
+---+---+---+---+---+
| P | Q | V | W | X |
|   |   |   |   |   |
+-d-+dd-+dd-+dd-+dd-+
| A | B |     K     |
|   |   |           |
+-d-+dd-+--------ss-+
e         C         |
|                   |
+---dd--------------+
|         Y         |
|                   |
+-------------------+

A: room 甲 | A
B: room 乙 | B
P: room 庚 | P
Q: room 辛 | Q
V: room 丙 | V
W: room 丁 | W
X: staff room 库 | X
Y: room 己 | Y
K: staff corridor
C: corridor 走廊 | Corridor
e: 正门 | Main entrance
"""
"""Rooms behind a corridor for staff, and rooms off one for all, one with a narrow door."""

STOREYS = """
level 1F 0
+-----+-----+-----+
|  A  |  U  |  S  |
|     |     |     |
+-dd--+-dd--+-{stairs}--+
e        C        |
|                 |
+-----------------+

level 2F 1
+-----+-----+-----+
|  B  |  U  |  S  |
|     |     |     |
+-dd--+-dd--+-dd--+
|        D        |
|                 |
+-----------------+

A: room 甲 | A
B: room 乙 | B
C: corridor
D: corridor
U: escalator up 扶梯 | Escalator
S: stairs 楼梯 | Stairs
e: 正门 | Main entrance
"""

ISLANDS = """
+-----+-----+     +-----+-----+
|  A  |  B  |     |  X  |  Y  |
|     |     |     |     |     |
+--d--+--d--+     +--d--+--d--+
e     C     |     |     D     e
|           |     |           |
+-----------+     +-----------+

A: room 甲 | A
B: room 乙 | B
C: corridor 西廊 | Corridor West
X: room 丙 | X
Y: room 丁 | Y
D: corridor 东廊 | Corridor East
e: 门 | Entrance
"""


def venue_of(drawing: str) -> Venue:
    """Doors of one letter are 0.7 m wide, of two letters 1.4 m."""
    return join([parse(drawing, column_m=0.7)])


def asked_one_by_one(guide: Guide, profile: Profile) -> dict[tuple[str, str], bool]:
    places = guide.venue.places
    public = [i for i, place in enumerate(places) if place.access == "public"]
    return {
        (places[a].id, places[b].id): guide.navigator.try_route(
            Spot((a,)), Spot((b,)), profile, Moment()
        )
        is not None
        for a, b in permutations(public, 2)
    }


DRAWINGS = {
    "wards": WARDS,
    "up only": STOREYS.format(stairs="--"),
    "up and down": STOREYS.format(stairs="dd"),
    "islands": ISLANDS,
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_pairs_are_what_the_routes_of_all_pairs_say(name: str) -> None:
    guide = Guide(venue_of(DRAWINGS[name]))
    for profile in profiles().values():
        asked = asked_one_by_one(guide, profile)

        found = pairs(guide.navigator, profile, Moment())

        ids = [guide.venue.places[number].id for number in found.places]
        led = {
            (a, b): bool(found.led_to[i] >> j & 1)
            for i, a in enumerate(ids)
            for j, b in enumerate(ids)
            if i != j
        }
        assert led == asked, profile.id
        assert found.share == pytest.approx(sum(asked.values()) / len(asked))


def test_pairs_of_the_hospital_are_what_its_routes_say(example: Guide) -> None:
    rng = random.Random(7)
    for key in ("walk", "bed"):
        profile = profiles()[key]
        found = pairs(example.navigator, profile, Moment())
        for _ in range(60):
            i, j = rng.sample(range(len(found.places)), 2)
            ends = (Spot((found.places[i],)), Spot((found.places[j],)))
            route = example.navigator.try_route(*ends, profile, Moment())

            assert bool(found.led_to[i] >> j & 1) == (route is not None), (key, ends)


def test_two_islands_of_four_places_have_24_of_56_pairs() -> None:
    found = review(build(venue_of(ISLANDS)), profiles())

    assert found.places == 8
    assert found.pairs["walk"] == pytest.approx(24 / 56)
    assert percent(found.pairs["walk"]) == "42.9 %"


def test_nothing_is_reached_from_an_islands_own_entrance() -> None:
    found = review(build(venue_of(ISLANDS)), profiles())

    assert found.reachable["walk"] == 4


def test_up_an_escalator_and_not_back_counts_one_way() -> None:
    """A and the entrance below lead to B above; the escalator stands on both levels."""
    venue = venue_of(STOREYS.format(stairs="--"))
    found = pairs(Navigator(build(venue)), profiles()["walk"], Moment())

    ids = [venue.places[number].id for number in found.places]
    below, above = ids.index("A"), ids.index("B")
    assert found.led_to[below] >> above & 1
    assert not found.led_to[above] >> below & 1


def test_what_cannot_be_left_again_is_said() -> None:
    found = review(build(venue_of(STOREYS.format(stairs="--"))), profiles())

    assert {f.where for f in found.findings if f.code == "no-way-back"} == {"B", "S"}


def test_a_share_just_below_all_is_never_said_to_be_all() -> None:
    assert percent(1.0) == "100 %"
    assert percent(0.99999) == "99.9 %"
    assert percent(0.0) == "0 %"


def test_an_undated_closure_counts_as_it_does_for_a_route() -> None:
    from navkit.venue.venue import Closure

    venue = venue_of(STOREYS.format(stairs="dd"))
    open_ = review(build(venue), profiles())
    shut = review(build(replace(venue, closures=(Closure("S"), Closure("U")))), profiles())

    assert open_.pairs["walk"] == 1
    assert shut.pairs["walk"] < 1
