"""Drawings in characters: their guarantees, and how a wrong one is refused."""

import drawn
import pytest
from drawn import DrawingError, parse
from shapely import union_all

from navkit.plan.plan import Plan
from navkit.venue.join import join

PICTURE = drawn.__doc__.split("makes a `Plan`.\n")[1].split("\nA character")[0]


@pytest.fixture(scope="module")
def picture() -> Plan:
    """The one in the documentation of `drawn.py`."""
    return parse(PICTURE)


def test_rooms_fill_what_the_outer_walls_enclose(picture: Plan) -> None:
    outlines = [space.outline for space in picture.spaces if space.level == "1F"]

    assert sum(outline.area for outline in outlines) == union_all(outlines).area == 20 * 4


def test_a_character_is_a_metre_each_way(picture: Plan) -> None:
    sizes = {space.key: space.outline.bounds for space in picture.spaces}

    assert sizes["A"] == (0, -2, 8, 0)
    assert sizes["L1F"] == sizes["L2F"] == (16, -2, 20, 0)


def test_stretched_every_area_grows_alike(picture: Plan) -> None:
    stretched = parse(PICTURE, column_m=1.5, row_m=0.5)

    for small, large in zip(picture.spaces, stretched.spaces, strict=True):
        assert large.outline.area == pytest.approx(small.outline.area * 1.5 * 0.5)


def test_doors_join_the_rooms_that_they_are_drawn_between(picture: Plan) -> None:
    found = {(door.kind, door.spaces) for door in picture.doors}

    assert ("hinged", ("A", "C")) in found
    assert ("automatic", ("B", "C")) in found
    assert {d.spaces for d in picture.doors} == {d.spaces for d in picture.doors if d.width_m == 1}
    assert [d.spaces for d in picture.doors if d.entrance] == [("C",)]


def test_neighbours_are_one_wide_door() -> None:
    doors = parse("+-ddd-+\n|  A  |\n+-----+\n\nA: room").doors

    assert [(door.width_m, door.line.bounds) for door in doors] == [(3.0, (1.5, 0, 4.5, 0))]


def test_levels_are_in_the_order_that_is_said(picture: Plan) -> None:
    assert [(level.label, level.ordinal) for level in picture.levels] == [("1F", 0), ("2F", 1)]


def test_a_letter_on_two_levels_is_one_shaft(picture: Plan) -> None:
    connectors = join([picture]).connectors

    assert [(c.kind, c.stops, c.guessed) for c in connectors] == [
        ("elevator", ("L1F", "L2F"), False)
    ]


def test_a_slanting_wall_is_straight() -> None:
    room = parse("+---+\n|A /\n| /\n|/\n+\n\nA: room")

    assert room.spaces[0].outline.area == 4 * 4 / 2


def test_the_picture_is_joined_without_a_guess(picture: Plan) -> None:
    venue = join([picture])

    assert not any(door.guessed for door in venue.doors)
    assert [finding.code for finding in venue.findings if finding.severity == "error"] == []


BOX = "+---+\n| A |\n+---+\n\n"


@pytest.mark.parametrize(
    ("drawing", "refused"),
    [
        (BOX + "A: room 甲", "row 5, column 1: this does not say"),
        (BOX + "A: lounge", "row 5, column 4: lounge is no kind of space"),
        (BOX + "B: room", "row 1, column 1: nothing tells what A is"),
        ("+---+\n|   |\n+---+", "row 2, column 3: a room has one letter"),
        ("+---+\n|A B|\n+---+", "row 2, column 4: a room has one letter"),
        ("+---+\n|A  \n+---+\n\nA: room", "row 1, column 5: this wall leads nowhere"),
        ("+---+\n| A |--\n+---+\n\nA: room", "row 2, column 5: this wall leads nowhere"),
        ("+---+\n|A d|\n+---+\n\nA: room", "row 2, column 4: this door is in no wall"),
        ("+---+ B\n| A |\n+---+\n\nA: room", "row 1, column 7: B stands in no room"),
        ("+---+---+\n| A | A |\n+---+---+\n\nA: room", "row 2, column 7: this letter stands"),
        ("+---+\n| A !\n+---+\n\nA: room", "row 2, column 5: ! means nothing"),
        ("+-1-+\n| A |\n+---+\n\nA: room", "the bridge 1 has one end"),
        (f"level 1F 0\n{BOX}level 2F 1\n{BOX}A: room", "row 7, column 1: A is on another level"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_row_and_column(
    drawing: str, refused: str
) -> None:
    with pytest.raises(DrawingError) as error:
        parse(drawing)

    assert refused in str(error.value)
