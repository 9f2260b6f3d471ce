"""What staff draw anew: rooms of another shape, things that are not there, doors that are not."""

from dataclasses import replace

import pytest
from drawn import parse

from navkit.venue import corrections
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError

FLOOR = """
    +-------+-------+
    |   A   |   B   |
    +---d---+-------+
    |       C       e
    +---------------+

    A: room 诊室 | Consulting room
    B: room 库房 | Store
    C: corridor
    e: 正门 | Main entrance
"""


def said(*changes: dict[str, object]) -> Venue:
    parsed = corrections.parse({"navkit-corrections": 1, "changes": [*changes]}, "c.json")
    return join([replace(parse(FLOOR), walls=())], None, parsed)


def doors_of(venue: Venue, space: str) -> set[tuple[str, str, bool]]:
    return {(*door.spaces, door.guessed) for door in venue.doors if space in door.spaces}


def test_a_room_takes_the_shape_that_staff_give_it() -> None:
    outline = [[0, 2], [6, 2], [6, 4], [0, 4]]

    venue = said({"do": "reshape", "id": "A", "outline": outline})

    assert venue.space_by_id["A"].outline.bounds == (0, 2, 6, 4)
    assert not [f for f in venue.findings if f.code.startswith("correction")]


def test_what_staff_remove_is_gone_with_its_door() -> None:
    (door,) = (door.id for door in said().doors if door.spaces == ("A", "C"))

    assert "A" not in said({"do": "remove", "id": "A"}).space_by_id
    assert door not in said({"do": "remove", "id": door}).door_by_id


def test_a_door_that_staff_refuse_is_guessed_no_more() -> None:
    assert doors_of(said(), "B") == {("B", "C", True)}

    venue = said({"do": "no-door", "spaces": ["C", "B"]})

    assert doors_of(venue, "B") == set()
    assert "space-without-door" in {f.code for f in venue.findings}


def test_an_outline_that_crosses_itself_is_refused() -> None:
    bow = [[0, 0], [4, 4], [4, 0], [0, 4]]

    with pytest.raises(NavkitError, match="outline"):
        said({"do": "reshape", "id": "A", "outline": bow})


@pytest.mark.parametrize(
    "change",
    [
        {"do": "reshape", "id": "Z", "outline": [[0, 0], [1, 0], [1, 1]]},
        {"do": "remove", "id": "Z"},
        {"do": "no-door", "spaces": ["Z", "C"]},
    ],
)
def test_what_is_nowhere_is_told(change: dict[str, object]) -> None:
    codes = {f.code for f in said(change).findings}

    assert "correction-without-target" in codes
