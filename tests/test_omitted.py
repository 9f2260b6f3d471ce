"""What a drawing leaves out is told from what is beside it."""

from collections.abc import Iterable
from dataclasses import replace

from shapely import LineString, box
from test_join import plan, space

from navkit.plan.plan import PlanDoor, PlanLevel, PlanSpace
from navkit.venue.join import join
from navkit.words.findings import Finding


def storeys(count: int) -> tuple[PlanLevel, ...]:
    return tuple(PlanLevel(str(n), float(n), f"{n + 1}F") for n in range(count))


def lift(*stops: int) -> list[PlanSpace]:
    at = box(0, 0, 2, 2)
    return [space(f"L{n}", at, "elevator", str(n), connector="L") for n in stops]


def told(code: str, *spaces: PlanSpace, levels: Iterable[PlanLevel] = ()) -> list[Finding]:
    drawn = plan(*spaces)
    venue = join([replace(drawn, levels=tuple(levels) or drawn.levels)])
    return [finding for finding in venue.findings if finding.code == code]


def test_a_lift_that_passes_by_one_storey_is_asked_about() -> None:
    found = told("stop-missing", *lift(0, 1, 3, 4), levels=storeys(5))

    assert [f.where for f in found] == ["2, L"]
    assert "2F and on 4F, and not on 3F" in found[0].text("en")


def test_a_lift_that_passes_by_several_is_an_express_lift() -> None:
    assert told("stop-missing", *lift(0, 3, 4), levels=storeys(5)) == []


def test_half_storeys_are_left_out_by_most_lifts() -> None:
    levels = (*storeys(2), PlanLevel("m", 0.5, "1M"))

    assert told("stop-missing", *lift(0, 1), levels=levels) == []


def row(*numbers: str) -> list[PlanSpace]:
    """Rooms side by side, an empty number for a room without one."""
    return [
        space(f"R{i}", box(4 * i, 0, 4 * i + 4, 5), ref=number) for i, number in enumerate(numbers)
    ]


def test_a_room_without_a_number_between_two_gets_a_guess_that_staff_look_at() -> None:
    found = told("number-missing", *row("A05", "A06", "", "A08"))

    assert [f.where for f in found] == ["0, R2"]
    assert "it may be A07" in found[0].text("en")


def test_numbers_on_one_side_of_a_corridor_count_by_two() -> None:
    found = told("number-missing", *row("11", "", "15"))

    assert [f.slots["number"] for f in found] == ["13"]


def test_a_toilet_between_two_rooms_that_leave_no_number_out_needs_none() -> None:
    assert told("number-missing", *row("11", "", "12")) == []
    assert (
        told("number-missing", *row("11", "", "13"), space("X", box(0, 9, 4, 12), ref="12")) == []
    )


def named(*names: str) -> list[PlanSpace]:
    return [
        replace(room, names={"en": name} if name else {})
        for room, name in zip(row(*(str(i + 1) for i in range(len(names)))), names, strict=True)
    ]


def test_the_one_room_without_a_name_is_named_by_its_number() -> None:
    found = told("name-missing", *named("", *"ABCDEFGHIJK"))

    assert [f.where for f in found] == ["0, R0"]
    assert "number 1" in found[0].text("en")


def test_the_one_entrance_without_a_name_is_named() -> None:
    hall = space("H", box(0, 0, 40, 9), "hall")
    doors = tuple(
        PlanDoor(
            f"e{i}",
            "0",
            LineString([(4 * i + 1, 0), (4 * i + 2, 0)]),
            entrance=True,
            names={"en": "Gate"} if i else {},
        )
        for i in range(7)
    )
    found = join([plan(hall, doors=doors)]).findings

    assert [f.where for f in found if f.code == "name-missing"] == ["0, e0"]


def test_where_many_rooms_have_only_numbers_no_name_is_missed() -> None:
    assert told("name-missing", *named("", "", "", *"ABCDEFGHIJK")) == []
