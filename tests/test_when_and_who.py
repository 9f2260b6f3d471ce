"""When something may be used, by whom and in which direction: routes keep to it, or say why not."""

import json
from dataclasses import replace
from typing import Any

import pytest
from drawn import parse
from shapely import LineString
from test_routing import tower

from floorplans import geojson
from floorplans.sheet import Sheet
from navkit.guide import Guide
from navkit.plan.hours import Hours
from navkit.plan.plan import Plan, PlanConnector, PlanPath
from navkit.route.profiles import profile, profiles
from navkit.route.reach import review
from navkit.route.routing import NoRouteError
from navkit.venue.corrections import parse as parse_corrections
from navkit.venue.join import join
from navkit.venue.venue import Venue, from_json, to_json
from navkit.words.findings import NavkitError

DAYTIME = Hours("Mo-Fr 08:00-17:00")
TUESDAY, SUNDAY = "2026-03-03T10:00", "2026-03-08T10:00"
RING = """
+---------+---------+
|    A    |    B    |
|         |         |
+----d----+----d----+
|         H         |
+----o----+----o----+
|    P    |    Q    |
+----o----+----o----+
e         K         |
+-------------------+

A: room 诊室 | Consulting room
B: room 病房 | Ward
H: corridor
P: corridor
Q: corridor
K: corridor
e: 入口 | Entrance
"""
"""Two rooms on a corridor that is reached by two others."""


def ring(**said: dict[str, Any]) -> Venue:
    """The ring, with what is said of some of its spaces and doors."""
    venue = join([parse(RING)])
    return replace(
        venue,
        spaces=tuple(replace(s, **said.get(s.id, {})) for s in venue.spaces),
        doors=tuple(replace(d, **said.get("".join(sorted(d.spaces)), {})) for d in venue.doors),
    )


def spaces_on(guide: Guide, start: str, goal: str, depart: str = "", group: str = "") -> str:
    """The spaces of a route in order, by their letters; what cuts it off if there is none."""
    try:
        route = guide.route(start, goal, replace(profile("walk"), group=group), depart)
    except NoRouteError as error:
        return f"{error.finding.code} {error.finding.slots['thing']}"
    n = route.network
    letters = [n.venue.spaces[n.space_of_node[node]].id for node in route.nodes]
    return "".join(dict.fromkeys(letters))


@pytest.mark.parametrize("said", [{"P": {"hours": DAYTIME}}, {"HP": {"hours": DAYTIME}}])
def test_nobody_is_led_through_a_corridor_outside_its_hours(said: dict[str, Any]) -> None:
    guide = Guide(ring(**said))

    assert spaces_on(guide, "入口", "诊室", TUESDAY) == "KPHA"
    assert spaces_on(guide, "入口", "诊室", SUNDAY) == "KQHA"


def test_the_space_that_is_not_open_is_named() -> None:
    guide = Guide(ring(A={"hours": DAYTIME}))

    assert spaces_on(guide, "入口", "诊室", SUNDAY) == "no-route-hours A"


def test_who_is_in_a_space_outside_its_hours_is_led_out() -> None:
    guide = Guide(ring(A={"hours": DAYTIME}))

    assert spaces_on(guide, "诊室", "病房", SUNDAY) == "AHB"


def test_a_lift_is_ridden_within_its_hours_only() -> None:
    venue = tower()
    lifts = (replace(c, hours=DAYTIME) if c.id == "L" else c for c in venue.connectors)
    guide = Guide(replace(venue, connectors=tuple(lifts)))

    assert guide.route("诊室", "病房", profile("wheelchair"), TUESDAY).length_cm > 0
    with pytest.raises(NoRouteError) as cut:
        guide.route("诊室", "病房", profile("wheelchair"), SUNDAY)
    assert (cut.value.finding.code, cut.value.finding.slots["thing"]) == ("no-route-hours", "L")


def test_what_a_drawing_says_of_hours_is_in_the_file_of_the_venue() -> None:
    said: Any = {"hours": DAYTIME, "unverified": True}
    drawn = parse(RING)
    level = drawn.levels[0].key
    path = PlanPath("路", LineString([(0, 0), (9, 0)]), (level,), **said)
    shaft = PlanConnector("坡", "ramp", **said)
    spaces = [replace(s, connector="坡" if s.key == "H" else "", **said) for s in drawn.spaces]
    plan = replace(drawn, spaces=tuple(spaces), paths=(path,), connectors=(shaft,))

    venue = join([plan])

    things = (*venue.spaces, *venue.paths, *venue.connectors)
    assert len(things) == 8
    assert all(one.hours == DAYTIME and one.unverified for one in things)
    assert from_json(to_json(venue)) == venue


FEVER: dict[str, Any] = {"only": {"fever": Hours()}}
CLINIC = ring(A=FEVER, P=FEVER, Q={"barred": {"fever": Hours()}})
"""A fever clinic, A, with a way of its own, P; the other way, Q, is not for its patients."""


def test_the_way_to_the_fever_clinic_does_not_cross_the_other_hall() -> None:
    # She need not know that there are groups: the clinic is for its patients alone.
    assert spaces_on(Guide(CLINIC), "入口", "诊室") == "KPHA"
    assert spaces_on(Guide(CLINIC), "诊室", "入口") == "AHPK"
    assert spaces_on(Guide(CLINIC), "入口", "病房") == "KQHB"
    assert spaces_on(Guide(CLINIC), "入口", "病房", group="fever") == "KPHB"
    assert spaces_on(Guide(CLINIC), "入口", "诊室", group="visitor")[:14] == "no-route-group"


def test_visitors_come_in_their_hours_and_nobody_else_at_all() -> None:
    guide = Guide(ring(BH={"only": {"visitor": Hours("15:00-17:00")}}))
    at_three, at_five = "2026-03-03T15:00", "2026-03-03T17:00"

    assert spaces_on(guide, "入口", "病房", at_three).startswith("no-route-group ")
    assert spaces_on(guide, "入口", "病房", at_three, group="visitor")[-2:] == "HB"
    assert spaces_on(guide, "入口", "病房", at_five, group="visitor").startswith("no-route-hours ")


def test_staff_pass_where_only_some_may() -> None:
    guide = Guide(CLINIC)

    assert guide.route("入口", "诊室", replace(profile("walk"), access="staff")).length_cm > 0


def test_a_corridor_is_walked_in_its_direction_only() -> None:
    down = {"oneway": line_through("P", up=False), "oneway_hours": Hours("20:00-06:00")}
    guide = Guide(ring(P=down, Q={"hours": Hours("12:00-13:00")}))

    assert spaces_on(guide, "诊室", "入口", "2026-03-03T21:00") == "AHPK"
    assert spaces_on(guide, "入口", "诊室", "2026-03-03T21:00") == "no-route-hours Q"
    assert spaces_on(guide, "入口", "诊室", "2026-03-03T10:00") == "KPHA"


def test_the_direction_is_the_reason_if_there_is_no_other() -> None:
    down = {"oneway": line_through("P", up=False)}
    guide = Guide(ring(P=down, Q={"kind": "closed"}))

    assert spaces_on(guide, "诊室", "入口") == "AHPK"
    assert spaces_on(guide, "入口", "诊室") == "no-route-oneway P"


def line_through(space: str, *, up: bool) -> tuple[tuple[float, float], ...]:
    """A line through the middle of a space of the ring, up the drawing or down."""
    left, low, right, high = ring().space_by_id[space].outline.bounds
    ends = (((left + right) / 2, low), ((left + right) / 2, high))
    return ends if up else ends[::-1]


@pytest.mark.parametrize(
    ("passage", "of", "into_a", "out_of_a"),
    [("in", "A", True, False), ("out", "A", False, True), ("in", "H", False, True),
     ("out", "H", True, False), ("in", "", True, False), ("out", "", False, True)],
)  # fmt: skip
def test_a_door_is_passed_in_its_direction_only(
    passage: str, of: str, into_a: bool, out_of_a: bool
) -> None:
    guide = Guide(ring(AH={"passage": passage, "passage_of": of}))

    inwards, outwards = spaces_on(guide, "入口", "诊室"), spaces_on(guide, "诊室", "入口")

    assert inwards.endswith("HA") is into_a
    assert outwards.startswith("AH") is out_of_a
    assert {inwards[:16], outwards[:16]} & {"no-route-oneway "}


def changed(*changes: dict[str, Any]) -> Venue:
    data = {"navkit-corrections": 1, "changes": list(changes)}
    return join([parse(RING)], corrections=parse_corrections(data, "corrections.json"))


def test_staff_say_when_and_for_whom_something_is() -> None:
    said = {"hours": "周一至周五 8:00-17:00", "only": {"fever": ""}, "barred": {"visitor": "全天"},
            "oneway_hours": "20:00-06:00"}  # fmt: skip
    venue = changed(
        {"do": "set-use", "id": "P", "oneway": [[5, -8], [5, -5]], **said},
        {"do": "set-use", "id": CLINIC.doors[0].id, "unverified": True, **said},
    )

    for thing in (venue.space_by_id["P"], venue.doors[0]):
        assert thing.hours == DAYTIME
        assert thing.only == {"fever": Hours()}
        assert thing.barred["visitor"].is_open(0)
        assert thing.oneway_hours == Hours("20:00-06:00")
    assert venue.space_by_id["P"].oneway == ((5, -8), (5, -5))
    assert venue.doors[0].unverified
    assert not [f for f in venue.findings if f.code.startswith("correction")]
    assert from_json(to_json(venue)) == venue


@pytest.mark.parametrize(
    "said", [{"only": {"martians": ""}}, {"barred": {"fever": "sometimes"}}, {"oneway": [[1, 2]]}]
)
def test_what_nobody_can_read_of_the_use_of_something_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(NavkitError):
        changed({"do": "set-use", "id": "P", **said})


def test_a_door_of_a_space_that_it_does_not_touch_is_found() -> None:
    door = CLINIC.doors[0].id

    venue = changed({"do": "set-door", "id": door, "passage": "in", "passage_of": "K"})

    assert [f.where for f in venue.findings if f.code == "door-passage-unknown"] == [door]
    assert venue.door_by_id[door].unverified


def drawn_as(what: str, shape: dict[str, Any] | None, **said: Any) -> Plan:
    """A drawing in navkit's own dialect with one level and one feature."""
    about = {"type": what, "level": "1F", **said}
    features = [
        {"type": "Feature", "id": "1F", "geometry": None, "properties": LEVEL},
        {"type": "Feature", "id": "x", "geometry": shape, "properties": about},
        {"type": "Feature", "geometry": HALL, "properties": {"type": "space", "level": "1F"}},
    ]
    drawing = {"type": "FeatureCollection", "navkit": 1, "units": "m", "features": features}
    return geojson.read([Sheet("plan.geojson", json.dumps(drawing).encode())], "plan.geojson")


LEVEL = {"type": "level", "ordinal": 0}
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]}
LINE = {"type": "LineString", "coordinates": [[0, 0], [4, 0]]}
HALL = {"type": "Polygon", "coordinates": [[[0, 9], [30, 9], [30, 4], [0, 4], [0, 9]]]}
USE: dict[str, Any] = {
    "hours": "Mo-Fr 08:00-17:00",
    "only": ["fever"],
    "barred": {"visitor": "20:00-06:00"},
    "oneway_hours": "07:00-12:00",
}


@pytest.mark.parametrize(
    ("what", "shape", "more"),
    [
        ("space", SQUARE, {"oneway": [[1, 1], [3, 3]]}),
        ("door", LINE, {"passage": "out", "passage_of": "hall"}),
        ("path", LINE, {"oneway": True}),
        ("connector", None, {"kind": "elevator"}),
    ],
)
def test_a_drawing_says_when_and_for_whom_something_is(
    what: str, shape: dict[str, Any] | None, more: dict[str, Any]
) -> None:
    plan = drawn_as(what, shape, **USE, **more)
    unread = drawn_as(what, shape, **{**USE, "only": {"martians": ""}}, **more)

    thing, other = (getattr(one, f"{what}s")[0] for one in (plan, unread))
    assert (thing.hours, thing.only) == (DAYTIME, {"fever": Hours()})
    assert thing.barred == {"visitor": Hours("20:00-06:00")}
    assert thing.oneway_hours == Hours("07:00-12:00")
    assert (thing.unverified, other.unverified) == (False, True)
    assert [f.code for f in unread.findings if f.code == "value-unknown"] == ["value-unknown"]
    assert not [f for f in plan.findings if f.code == "value-unknown"]
    said = {name: getattr(thing, name) for name in more}
    assert said == {**more, **({"oneway": ((1, 1), (3, 3))} if what == "space" else {})}


def test_check_counts_the_public_and_says_what_only_groups_reach() -> None:
    venue = ring(
        A=FEVER, P=FEVER, Q={"barred": {"fever": Hours()}}, BH={"only": {"visitor": Hours()}}
    )
    places = {place.id: next(iter(place.names.values())) for place in venue.places}

    found = review(Guide(venue).network, profiles())

    assert {places[id]: groups for id, groups in found.by_group.items()} == {
        "诊室": ["fever"],
        "病房": ["visitor"],
    }
    assert found.pairs["walk"] == 1
    assert found.places == len(venue.places) - 2
    codes = [finding.code for finding in found.findings]
    assert codes.count("places-by-group") == 2
    assert not {"venue-in-parts", "rooms-apart", "unreachable-place"} & set(codes)


def test_a_door_for_a_group_beside_one_for_all_takes_no_place_away() -> None:
    found = review(Guide(ring(P=FEVER)).network, profiles())

    assert found.by_group == {}
    assert (found.pairs["walk"], found.places) == (1, 3)
