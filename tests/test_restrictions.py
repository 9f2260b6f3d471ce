"""Every tag that restricts is obeyed, or is a finding: none passes in silence."""

from pathlib import Path
from typing import Any

import pytest
from drawn_osm import Drawing
from hypothesis import given
from hypothesis import strategies as st

from floorplans.restrictions import Restricted, Thing, length_m, restricted, tags_that_restrict
from navkit.plan.hours import DAYS, WEEK_MIN, Hours

THINGS: tuple[Thing, ...] = ("door", "path", "lift", "space", "point")
NONSENSE = "qqq"
Case = tuple[str, Thing]


def cases(by: str) -> list[Case]:
    """Each tag of a list on each kind of thing that it restricts; a starred one with an ending."""
    return [
        (tag.replace("*", "x"), thing)
        for tag, row in tags_that_restrict(by).items()
        for thing in THINGS
        if thing in row["on"] or "*" in row["on"]
        if "*" not in row.get("fine", [])
    ]


@pytest.mark.parametrize("by", ["osm"])
def test_a_value_that_nobody_understands_is_named(by: str) -> None:
    silent = [
        (tag, thing)
        for tag, thing in cases(by)
        if restricted({tag: NONSENSE}, thing, by).unread != ((tag, NONSENSE),)
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("tags", "thing", "expected"),
    [
        ({"opening_hours": "Mo-Fr 08:00-18:00"}, "space", {"hours": "Mo-Fr 08:00-18:00"}),
        ({"access": "private"}, "door", {"access": "staff"}),
        ({"access": "private", "foot": "yes"}, "path", {"access": "public"}),
        ({"access": "no"}, "lift", {"access": "restricted"}),
        ({"locked": "yes"}, "door", {"access": "staff"}),
        ({"entrance": "emergency"}, "door", {"access": "restricted"}),
        ({"operational_status": "closed"}, "lift", {"is_out_of_use": True}),
        ({"wheelchair": "no"}, "path", {"step_free": False}),
        ({"kerb": "raised"}, "door", {"step_free": False}),
        ({"kerb": "lowered"}, "door", {"step_free": None}),
        ({"kerb": "yes", "kerb:height": "2 cm"}, "door", {"step_free": None}),
        ({"barrier": "turnstile"}, "door", {"step_free": False}),
        ({"entrance:step_count": "2", "wheelchair": "yes"}, "door", {"step_free": False}),
        ({"width": "1.2", "maxwidth:physical": "0.7"}, "path", {"width_m": 0.7}),
        ({"width": "0.8", "length": "1.0", "door:width": "0.7"}, "lift", {"cabin_m": (0.7, 1.0)}),
        ({"incline": "-8,5 %"}, "path", {"slope": 0.085}),
        ({"incline": "1:12"}, "path", {"slope": 1 / 12}),
        ({"incline": "0%"}, "path", {"slope": None}),
        ({"conveying": "backward"}, "path", {"direction": "backward"}),
        ({"oneway": "-1"}, "path", {"direction": "backward"}),
        ({"oneway": "yes", "oneway:foot": "no"}, "path", {"direction": ""}),
        ({"smoothness": "horrible"}, "path", {"step_free": False}),
    ],
)
def test_what_is_understood_is_obeyed(
    tags: dict[str, str], thing: Thing, expected: dict[str, object]
) -> None:
    limits = restricted(tags, thing, "osm")

    found = {fact: getattr(limits, fact) for fact in expected}
    if "hours" in found:
        found["hours"] = limits.hours.text
    assert found == expected
    assert limits.unread == ()


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("0.6", 0.6),
        ("60 cm", 0.6),
        ("0,6m", 0.6),
        ("600 mm", 0.6),
        ("0.6 meters", 0.6),
        ("\uff16\uff10\u5398\u7c73", 0.6),
        ("~0.6", 0.6),
        ("0.9 - 0.6", 0.6),
        ("2'", 0.6096),
        ("2'6\"", 0.762),
        ("2 ft", 0.6096),
        ("2 feet 6 inches", 0.762),
        ('24"', 0.6096),
    ],
)
def test_lengths_are_read_in_any_unit(text: str, metres: float) -> None:
    assert length_m(text) == pytest.approx(metres)


def test_a_door_of_60_is_60_centimetres_wide_and_that_is_said() -> None:
    limits = restricted({"width": "60"}, "door", "osm")

    assert (limits.width_m, limits.unread) == (0.6, ())
    assert limits.assumed == (("width", "60", "0.6 m"),)


@pytest.mark.parametrize(
    ("tags", "access", "hours"),
    [
        ({"access:conditional": "no @ (22:00-06:00)"}, "public", "Mo-Su 06:00-22:00"),
        ({"foot:conditional": "yes @ Mo-Su 06:00-23:00"}, "public", "Mo-Su 06:00-23:00"),
        (
            {"access": "no", "access:conditional": "yes @ (Mo-Fr 08:00-18:00; Sa 09:00-12:00)"},
            "public",
            "Mo-Fr 08:00-18:00; Sa 09:00-12:00",
        ),
        ({"access:conditional": "private @ (Sa,Su)"}, "public", "Mo-Fr 00:00-24:00"),
        (
            {"access": "private", "access:conditional": "no @ (Fr 20:00-Sa 04:00)"},
            "staff",
            None,
        ),
        (
            {"access:conditional": "no @ (Fr 20:00-28:00)"},
            "public",
            "Mo-Th 00:00-24:00; Fr 00:00-20:00; Sa 04:00-24:00; Su 00:00-24:00",
        ),
        ({"access:conditional": "no @ ()"}, "public", None),
        ({"access:conditional": "no @ (PH)"}, "public", None),
        ({"access:conditional": "no @ (24/7)"}, "public", None),
        ({"access:conditional": "no @ snow"}, "public", None),
        ({"access:conditional": "yes @ (08:00-18:00); no @ (Su)"}, "public", "Mo-Sa 08:00-18:00"),
        (
            {"access:conditional": "no @ (12:00-13:00); no @ (Sa-Su)"},
            "public",
            "Mo-Fr 00:00-12:00,13:00-24:00",
        ),
        (
            {"access": "no", "access:conditional": "no @ (Su); yes @ (09:00-10:00)"},
            "public",
            "Mo-Su 09:00-10:00",
        ),
        ({"access:conditional": "yes @ (08:00-18:00); no @ wet"}, "public", None),
        ({"access:conditional": "yes @ (08:00-18:00); maybe @ (Su)"}, "public", None),
    ],
)
def test_a_plain_condition_is_hours_and_any_other_is_named(
    tags: dict[str, str], access: str, hours: str | None
) -> None:
    limits = restricted(tags, "path", "osm")

    assert (limits.access, limits.hours.text) == (access, hours or "")
    assert [tag for tag, _ in limits.unread] == (
        [] if hours else [tag for tag in tags if ":conditional" in tag]
    )


@pytest.mark.parametrize(
    ("tags", "direction", "hours"),
    [
        ({"oneway:conditional": "yes @ (07:00-09:00)"}, "forward", "07:00-09:00"),
        ({"oneway:conditional": "-1 @ (Mo-Fr 07:00-09:00)"}, "backward", "Mo-Fr 07:00-09:00"),
        (
            {"oneway": "-1", "oneway:conditional": "no @ (07:00-19:00)"},
            "backward",
            "Mo-Su 00:00-07:00,19:00-24:00",
        ),
        ({"oneway": "yes", "oneway:conditional": "yes @ (07:00-09:00)"}, "forward", ""),
        ({"oneway:conditional": "no @ (07:00-09:00)"}, "", ""),
        (
            {"oneway:conditional": "yes @ (Mo 07:00-09:00)",
             "oneway:foot:conditional": "yes @ (Tu 07:00-09:00)"},
            "forward", "Tu 07:00-09:00",
        ),
        ({"conveying": "forward", "oneway:conditional": "no @ (Su)"}, "forward",
         "Mo-Sa 00:00-24:00"),
    ],
)  # fmt: skip
def test_a_direction_of_some_hours_holds_in_these(
    tags: dict[str, str], direction: str, hours: str
) -> None:
    limits = restricted(tags, "path", "osm")

    assert (limits.direction, limits.oneway_hours.text) == (direction, hours)
    assert limits.unread == ()


@pytest.mark.parametrize(
    ("hours", "known"),
    [
        ("Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:00"),
        ("by appointment", "unknown"),
        ("上午", "unknown"),
    ],
)
def test_a_place_is_not_always_open_because_its_hours_cannot_be_read(
    hours: str, known: str
) -> None:
    limits = restricted({"opening_hours": hours, "wheelchair": "limited"}, "point", "osm")

    assert limits.service_hours.text == known
    assert restricted({"wheelchair": "limited"}, "point", "osm").service_hours.text == ""


@pytest.mark.parametrize("value", ["yes @ wet", "yes @ (08:00-09:00); -1 @ (17:00-18:00)", "@"])
def test_a_direction_under_another_condition_is_named(value: str) -> None:
    limits = restricted({"oneway:conditional": value}, "path", "osm")

    assert (limits.direction, limits.unread) == ("", (("oneway:conditional", value),))


@pytest.mark.parametrize("usual", [{}, {"wheelchair": "yes"}, {"wheelchair": "no"}])
@pytest.mark.parametrize("value", ["no @ (22:00-06:00)", "yes @ (Mo-Fr 08:00-17:00)"])
def test_where_a_wheelchair_passes_at_some_hours_none_is_sent(
    usual: dict[str, str], value: str
) -> None:
    limits = restricted({**usual, "wheelchair:conditional": value}, "path", "osm")

    assert limits.step_free is False
    assert limits.assumed == (("wheelchair:conditional", value, "wheelchair=no"),)
    unread = restricted({"wheelchair:conditional": "no @ snow"}, "path", "osm")
    assert unread.unread == (("wheelchair:conditional", "no @ snow"),)


@given(
    st.lists(
        st.tuples(st.sampled_from(DAYS), st.integers(0, 22), st.integers(1, 24)),
        min_size=1,
        unique_by=lambda span: span[0],
    )
)
def test_who_is_barred_at_some_hours_passes_at_all_others(
    spans: list[tuple[str, int, int]],
) -> None:
    barred = "; ".join(f"{day} {start:02}:00-{start + long:02}:00" for day, start, long in spans)

    passing = restricted({"access:conditional": f"no @ ({barred})"}, "path", "osm").hours

    assert passing.text
    closed = Hours(barred)
    assert all(passing.is_open(at) != closed.is_open(at) for at in range(30, WEEK_MIN, 60))


def drawn(cases: list[Case]) -> tuple[Drawing, dict[str, str]]:
    """One drawing with a thing of its own for each tag, and which tag each thing has, by key."""
    drawing = Drawing()
    key_of: dict[str, str] = {}
    for number, (tag, thing) in enumerate(cases, start=1):
        x, tags = 10.0 * number, {tag: NONSENSE}
        if thing == "door":
            node = drawing.node(x + 3, 0, **({"door": "yes", "level": "0"} | tags))
            drawing.way(number, (x, 0), (x + 3, 0), (x, 9), (x, 0), indoor="corridor", level="0")
            key_of[f"node/{node}"] = tag
            continue
        if thing == "path":
            drawing.way(number, (x, 0), (x + 5, 0), **({"highway": "footway", "level": "0"} | tags))
        elif thing == "lift":
            kind = {"highway": "elevator", "level": "0;1"}
            drawing.box(number, x, 0, 2, 2, **(kind | tags))
        else:
            drawing.box(number, x, 0, 6, 4, **({"indoor": "corridor", "level": "0"} | tags))
        key_of[f"way/{number}"] = tag
    return drawing, key_of


def test_whatever_cannot_be_obeyed_is_a_finding_and_makes_its_thing_unverified(
    tmp_path: Path,
) -> None:
    drawing, key_of = drawn([case for case in cases("osm") if case[1] != "point"])

    plan = drawing.read(tmp_path)

    things: list[Any] = [*plan.spaces, *plan.doors, *plan.paths, *plan.connectors]
    unverified = {thing.key for thing in things if thing.unverified}
    assert {key: tag for key, tag in key_of.items() if key not in unverified} == {}
    said = {f.slots["tag"] for f in plan.findings if f.code == "restriction-unread"}
    assert set(key_of.values()) <= said


def test_hours_of_a_storey_are_those_of_all_that_is_on_it(tmp_path: Path) -> None:
    drawing = Drawing()
    for level, id in (("0", 1), ("1", 3)):
        drawing.box(id, 0, 0, 30, 4, indoor="corridor", level=level)
        drawing.way(id + 1, (0, 9), (9, 9), highway="footway", level=level)
    drawing.box(7, -1, -1, 40, 30, indoor="level", level="1", opening_hours="Mo-Fr 08:00-18:00")

    plan = drawing.read(tmp_path)

    things: list[Any] = [*plan.spaces, *plan.paths]
    hours = {(thing.key, thing.hours.text) for thing in things}
    week = "Mo-Fr 08:00-18:00"
    assert hours == {("way/1", ""), ("way/2", ""), ("way/3", week), ("way/4", week)}


def test_two_restrictions_in_a_row_are_the_stricter_of_each() -> None:
    first = Restricted(access="staff", width_m=0.9)

    both = first.with_(Restricted(access="restricted", width_m=1.2, step_free=False))

    assert both == Restricted(access="restricted", width_m=0.9, step_free=False)
