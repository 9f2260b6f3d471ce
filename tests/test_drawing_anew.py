"""What staff draw anew: rooms of another shape, things that are not there, doors that are not."""

from dataclasses import replace

import pytest
import shapely
from drawn import parse

from navkit.plan.plan import Plan
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


SPLIT = {"do": "split", "id": "A", "line": [[5, -2], [5, 0]], "new": "A2", "point": [2, -1]}
MERGE = {"do": "merge", "spaces": ["A", "B"]}


def test_a_room_is_cut_in_two_and_its_door_stays_with_its_part() -> None:
    """The wall that staff put in is one: no opening is guessed through it."""
    venue = said(SPLIT, {"do": "no-door", "spaces": ["A2", "C"]})

    whole = said().space_by_id["A"].outline
    one, other = (venue.space_by_id[key].outline for key in ("A", "A2"))
    assert one.area + other.area == pytest.approx(whole.area)
    assert one.bounds[2] == other.bounds[0] == 5
    (door,) = (d for d in said().doors if d.spaces == ("A", "C"))
    assert venue.door_by_id[door.id].spaces == ("A", "C")
    turned = said({**SPLIT, "point": [7, -1]})
    assert turned.door_by_id[door.id].spaces == ("A2", "C")
    assert not [d for d in venue.doors if {*d.spaces} == {"A", "A2"}]
    assert venue.space_by_id["A2"].kind == "room"
    assert not venue.space_by_id["A2"].names


def test_a_door_by_staff_goes_with_the_part_that_it_touches() -> None:
    door = {"do": "add-door", "id": "D", "spaces": ["A", "C"], "point": [7, -2]}

    assert said(door, SPLIT).door_by_id["D"].spaces == ("A2", "C")
    assert said(SPLIT, door).door_by_id["D"].spaces == ("A2", "C")


def test_rooms_put_together_are_one_with_the_name_of_the_first() -> None:
    both = [said().space_by_id[key].outline for key in ("A", "B")]
    between = {"do": "add-door", "spaces": ["A", "B"], "point": [8, -1]}
    named = {"do": "rename", "id": "B", "names": {"en": "Old"}}

    venue = said(between, named, MERGE)

    assert "B" not in venue.space_by_id
    whole = venue.space_by_id["A"]
    assert whole.outline.area == pytest.approx(sum(one.area for one in both))
    assert whole.names["en"] == "Consulting room"
    assert doors_of(venue, "A") == {("A", "C", False)}
    assert not [f for f in venue.findings if f.code.startswith(("correction", "door"))]


def test_what_was_put_together_can_be_cut_again_and_the_other_way_round() -> None:
    again = {**SPLIT, "line": [[8, -2], [8, 0]]}
    whole = said(SPLIT, {"do": "merge", "spaces": ["A", "A2"]}).space_by_id["A"].outline
    parts = said(MERGE, again)

    assert whole.equals(said().space_by_id["A"].outline)
    assert parts.space_by_id["A"].outline.equals(said().space_by_id["A"].outline)
    assert parts.space_by_id["A2"].outline.equals(said().space_by_id["B"].outline)


def test_what_is_cut_out_of_a_corridor_is_walked_on_no_more() -> None:
    before = said().space_by_id["C"].outline
    hole = shapely.box(*before.centroid.buffer(0.3).bounds)
    ring = [list(point) for point in hole.exterior.coords[:-1]]

    venue = said({"do": "cut-out", "id": "C", "outline": ring})

    left = venue.space_by_id["C"].outline
    assert left.area == pytest.approx(before.area - hole.area)
    assert len(left.interiors) == 1


def test_another_shape_keeps_what_is_cut_out() -> None:
    before = said().space_by_id["C"].outline
    hole = shapely.box(*before.centroid.buffer(0.3).bounds)
    ring = [list(point) for point in hole.exterior.coords[:-1]]
    outer = [[0, -5], [16, -5], [16, -2], [0, -2]]

    venue = said(
        {"do": "cut-out", "id": "C", "outline": ring},
        {"do": "reshape", "id": "C", "outline": outer},
    )

    assert len(venue.space_by_id["C"].outline.interiors) == 1


def redrawn(move: float = 0.0, *, keys: bool) -> Plan:
    """The architect's next version: the rooms are deeper by `move`, their ids others."""
    plan = replace(parse(FLOOR), walls=())
    spaces = []
    for space in plan.spaces:
        x0, y0, x1, y1 = space.outline.bounds
        top = y1 + move if space.key in "AB" else y1
        key = space.key if keys else f"new-{space.key}"
        spaces.append(replace(space, key=key, outline=shapely.box(x0, y0, x1, top)))
    doors = [replace(door, key="", spaces=()) for door in plan.doors]
    return replace(plan, spaces=tuple(spaces), doors=tuple(doors))


@pytest.mark.parametrize("keys", [True, False])
def test_a_redrawn_floor_keeps_what_was_cut_and_put_together(keys: bool) -> None:
    """Outer walls that the architect has moved count: it was the line that staff drew."""
    for change, parts in ((SPLIT, ["A", "A2", "B"]), (MERGE, ["A"])):
        change = {**change, **({"points": [[1, -1], [12, -1]]} if parts == ["A"] else {})}
        corrected = corrections.parse({"navkit-corrections": 1, "changes": [change]}, "c.json")
        before = join([redrawn(keys=True)], None, corrected)
        venue = join([redrawn(0.5, keys=keys)], None, corrected, [before])

        assert sorted(s.id for s in venue.spaces if s.kind == "room") == parts
        assert venue.space_by_id["A"].outline.bounds[3] == 0.5
        assert not [f for f in venue.findings if f.code.startswith("correction")]


@pytest.mark.parametrize(
    "change",
    [
        {**SPLIT, "line": [[4, -1], [5, -1]]},
        {**SPLIT, "line": [[40, 1], [40, 4]]},
        {**MERGE, "spaces": ["A", "Z"]},
        {**MERGE, "spaces": ["A", "A"]},
        {"do": "cut-out", "id": "C", "outline": [[90, 0], [91, 0], [91, 1]]},
        {"do": "reshape", "id": "Z", "outline": [[0, 0], [1, 0], [1, 1]]},
        {"do": "remove", "id": "Z"},
        {"do": "no-door", "spaces": ["Z", "C"]},
    ],
)
def test_what_is_nowhere_is_told(change: dict[str, object]) -> None:
    codes = {f.code for f in said(change).findings}

    assert "correction-without-target" in codes
