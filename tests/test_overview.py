"""The whole route at a glance, before the first step."""

from dataclasses import replace

from navkit.guidance.overview import Stop, said_min, stops
from navkit.guidance.rules import rules
from navkit.guide import Guide
from navkit.route.profiles import profile


def ways(guide: Guide) -> list[tuple[str, str, str]]:
    """Ways across the example, some from building to building."""
    ids = [place.id for place in guide.venue.places if place.access == "public" and place.spaces]
    return [(ids[i], ids[-1 - 37 * i], "walk") for i in range(1, 9)]


def test_it_says_where_how_long_and_at_most_four_changes(example: Guide) -> None:
    for start, goal, who in ways(example):
        told = example.tell(example.route(start, goal, profile(who)), "en").overview

        kinds = [clause.kind for clause in told.clauses]
        assert kinds[0].startswith("overview-place")
        assert kinds[1].startswith("overview-minute")
        assert len(kinds) <= 6
        assert told.text.count(".") >= len(kinds) - 1


def test_a_floor_with_another_number_beyond_a_bridge_is_said_to_be_the_same(
    example: Guide,
) -> None:
    crossings = [
        clause
        for start, goal, who in ways(example)
        for clause in example.tell(
            example.route(start, goal, profile(who)), "zh-Hans"
        ).overview.clauses
        if clause.kind in ("cross", "overview-cross")
    ]

    assert any(one.text.endswith("其实同一层") for one in crossings)
    assert all(one.kind == "overview-cross" or "其实" not in one.text for one in crossings)


def test_minutes_are_no_more_exact_than_known() -> None:
    assert [said_min(n, rules()) for n in (2, 7, 10, 11, 12, 13, 48, 52, 56)] == [
        2, 7, 10, 10, 10, 15, 50, 50, 60,
    ]  # fmt: skip


def test_there_is_none_where_one_stands(example: Guide) -> None:
    there = ways(example)[0][0]
    told = example.tell(example.route(there, there, profile("walk")), "en").overview

    assert (told.text, told.clauses) == ("", ())


def test_its_picture_has_the_floors_in_the_order_of_the_walk(example: Guide) -> None:
    route = example.route("yj-1F-D-er", "zy-9F-905", profile("wheelchair"))
    network = route.network

    found = stops(route, rules())

    labels = [network.venue.levels[stop.level].label for stop in found]
    named = [network.things[stop.thing].id if stop.thing >= 0 else "" for stop in found]
    assert labels == ["1F", "3F", "2F", "9F"]
    assert [stop.how for stop in found] == ["", "lift", "cross", "lift"]
    assert named == ["", "yj-L2", "", "zy-L1"]


def test_its_picture_is_empty_on_one_floor_and_ends_at_the_goal_on_many(example: Guide) -> None:
    here = example.route("A101", "mz-1F-D-main", profile("walk"))
    far = example.route("yj-1F-D-er", "zy-9F-905", profile("wheelchair"))
    few = replace(rules(), most_legs=2)

    assert stops(here, rules()) == ()
    assert stops(far, few)[-1] == Stop(far.network.level[far.nodes[-1]], "cross", -1)
    assert len(stops(far, few)) == 3
