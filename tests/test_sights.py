"""The floor across which people see."""

import random
from dataclasses import replace

from drawn import parse
from shapely import Polygon

from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.weights import Moment
from navkit.venue.join import join
from navkit.venue.lookup import Spot

HOUSE = """
    +-------+
    |   A   |
    +---d---+
    |   C   e
    +-------+
    A: room 诊室 | Consulting room
    C: corridor
    e: 正门 | Main entrance
"""


def test_a_corridor_thinner_than_two_walls_is_no_floor() -> None:
    """Drawings hold slivers between outlines that nearly touch."""
    venue = join([parse(HOUSE)])
    corridor = next(space for space in venue.spaces if space.kind == "corridor")
    x0, y0, x1, _ = corridor.outline.bounds
    sliver = replace(
        corridor,
        id="sliver",
        outline=Polygon([(x0, y0 - 0.03), (x1, y0 - 0.03), (x1, y0), (x0, y0)]),
    )
    opening = replace(
        venue.doors[0],
        id="opening",
        kind="open",
        spaces=("sliver", corridor.id),
        line=((x0 + 1, y0), (x0 + 2, y0)),
    )
    cut = replace(venue, spaces=(*venue.spaces, sliver), doors=(*venue.doors, opening))

    guide = Guide(cut)

    assert guide.around is not None


def test_places_are_called_alike_if_no_language_tells_them_apart() -> None:
    """One name is known in more languages: readers of English cannot tell the two stores apart."""
    venue = join([parse(STORES)])
    named = {"A": {"en": "Store", "de": "Lager"}, "B": {"zh-Hans": "库房", "en": "store"}}
    places = [replace(one, names=named.get(one.id, one.names)) for one in venue.places]
    around = Guide(replace(venue, places=tuple(places))).around
    first, second, third = (
        next(number for number, one in enumerate(places) if one.id == letter) for letter in "ABC"
    )

    assert around.named(first) == around.named(second)
    assert around.named(third) == third


STORES = """
    +-------+-------+-------+
    |   A   |   B   |   C   |
    +---d---+---d---+---d---+
    |           H           e
    +-----------------------+
    A: room 库房 | Store
    B: room 库房 | Store
    C: room 库房 | Depot
    H: corridor
    e: 正门 | Main entrance
"""


def test_the_first_route_that_is_told_is_told_as_all_others(example: Guide) -> None:
    """For the first one only the levels that it walks are looked at."""
    rng = random.Random(9)
    public = [i for i, place in enumerate(example.venue.places) if place.access == "public"]
    for _ in range(6):
        start, goal = (Spot((i,)) for i in rng.sample(public, 2))
        anew = Guide(example.venue)
        anew.network = example.network
        route = example.navigator.find_route(start, goal, profiles()["walk"], Moment())

        assert anew.tell(route, "en") == example.tell(route, "en")
        assert "sights" not in vars(anew)
