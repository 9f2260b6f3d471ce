"""Small drawings in OpenStreetMap's tags that failed, each with what its page calls right."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from drawn_osm import Drawing

import floorplans
from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.plan.plan import Plan
from navkit.route.pairs import pairs
from navkit.route.profiles import profiles
from navkit.route.routing import NoRouteError, Route
from navkit.route.weights import moment
from navkit.venue.join import join
from navkit.words.findings import count_by_code

CASES = Path(__file__).parents[1].parent / "shared" / "cases"
NIGHT, DAY = "2026-03-03T22:00", "2026-03-03T10:00"


def read_case(name: str) -> Plan:
    """The drawing of a case, by the beginning of its path."""
    if not CASES.is_dir():
        pytest.skip(f"the drawings that failed are not here: {CASES}")
    (path,) = CASES.glob(name)
    (plan,) = floorplans.read([path])
    return plan


def guide(name: str) -> Guide:
    return Guide(join([read_case(name)]))


def kinds(route: Route) -> set[Kind]:
    return {Kind(route.network.kind[dart >> 1]) for dart in route.darts}


def refused(where: Guide, start: str, goal: str, profile: str, depart: str = "") -> str:
    """The code with which a route is refused."""
    with pytest.raises(NoRouteError) as error:
        where.route(start, goal, profiles()[profile], depart)
    return error.value.finding.code


@pytest.mark.parametrize("file", ["plan.osm", "plan2.osm"])
@pytest.mark.parametrize("profile", ["walk", "wheelchair"])
def test_a_lift_that_is_a_way_is_ridden(file: str, profile: str) -> None:
    route = guide(f"reports/03-*/{file}").route("101", "201", profiles()[profile])

    assert Kind.RIDE in kinds(route)
    assert Kind.STAIRS not in kinds(route)


def test_a_lift_is_not_promised_at_night() -> None:
    here = guide("reports/05-*/plan.osm")

    assert refused(here, "101", "201", "walk", NIGHT) == "no-route-hours"
    assert Kind.RIDE in kinds(here.route("101", "201", profiles()["walk"], DAY))


def test_a_passage_is_not_promised_at_night() -> None:
    here = guide("reports/06-*/plan.osm")

    assert refused(here, "101", "102", "walk", NIGHT) == "no-route-hours"
    assert here.route("101", "102", profiles()["walk"], DAY)


def test_a_wheelchair_goes_round_a_raised_kerb() -> None:
    here = guide("reports/07-*/plan.osm")

    length_m = {
        p: here.route("101", "102", profiles()[p]).length_cm / 100 for p in ("walk", "wheelchair")
    }
    assert length_m["walk"] == pytest.approx(20, abs=2)
    assert length_m["wheelchair"] == pytest.approx(40, abs=4)


def test_a_range_with_a_fraction_is_its_two_ends() -> None:
    plan = read_case("reports/10-*/plan.osm")

    assert [level.ordinal for level in plan.levels] == [0, 0.5, 1, 2]
    assert [s.level for s in plan.spaces if s.ref == "H"] == ["0.5", "2"]


@pytest.mark.parametrize("file", ["plan.osm", "plan2.osm"])
def test_an_incline_of_nothing_is_a_flat_footway(file: str) -> None:
    here = guide(f"reports/14-*/{file}")

    route = here.route("101", "102", profiles()["wheelchair"])
    assert kinds(route) <= {Kind.FOOTWAY, Kind.DOOR, Kind.ROOM}
    assert route.unverified == ("door-width",) or not route.unverified


@pytest.mark.parametrize("number", range(17))
def test_a_door_of_60_centimetres_lets_no_wheelchair_through(number: int) -> None:
    here = guide(f"reports/17-*/p{number:02}.osm")

    code = refused(here, "101", "102", "wheelchair")
    assert code == ("no-route-steps" if number == 16 else "no-route-narrow-door")


def test_steps_against_their_incline_are_said_and_told_by_the_floors() -> None:
    plan = read_case("reports/19-*/plan.osm")

    assert count_by_code(plan.findings)["incline-contradicts-levels"] == 1
    here = Guide(join([plan]))
    told = here.tell(here.route("101", "201", profiles()["walk"]), "en")
    assert any(" up " in one.text for one in told.instructions)


def test_steps_with_a_ramp_let_a_wheelchair_pass() -> None:
    with_ramp, without = guide("reports/20-*/plan.osm"), guide("reports/20-*/plan2.osm")

    assert Kind.RAMP in kinds(with_ramp.route("101", "102", profiles()["wheelchair"]))
    assert refused(without, "101", "102", "wheelchair") == "no-route-stairs"


def test_hours_and_phone_are_those_of_the_place() -> None:
    here = guide("reports/41-*/plan.osm")

    places = {place.ref: place for place in here.venue.places if place.ref}
    assert places["101"].hours.text == "Mo-Fr 08:00-17:00"
    assert places["101"].phone == "+86 27 5550 1"
    assert places["102"].hours.text == "Mo-Fr 08:00-17:00"


def test_a_closed_cafe_behind_a_locked_door_is_not_promised_in_silence() -> None:
    here = guide("reports/41-*/plan.osm")

    route = here.route("entrance", "102", profiles()["walk"], NIGHT)
    notices = [notice.text for notice in here.tell(route, "en").notices]
    assert any("closed at this time" in text for text in notices)
    assert route.way_in >= 0
    assert here.venue.door_by_id["node/4"].access == "staff"


def test_no_bed_fits_a_small_lift_and_a_wheelchair_is_told() -> None:
    here = guide("reports/57-*/plan.osm")

    (lift,) = here.venue.connectors
    assert (lift.cabin_m, lift.unverified) == ((0.7, 1.0), True)
    assert refused(here, "101", "201", "bed") == "no-route-small-cabin"


def test_an_operator_that_is_a_code_is_no_name() -> None:
    plan = read_case("drawings/23-*.osm")

    (point,) = plan.points
    assert (dict(point.names), point.category) == ({}, "defibrillator")
    (place,) = (p for p in join([plan]).places if p.category == "defibrillator")
    assert place.names["en"] == "Defibrillator"
    assert count_by_code(plan.findings)["code-as-name"] == 1


def texts(where: Guide, start: str, goal: str, profile: str = "walk") -> list[str]:
    route = where.route(start, goal, profiles()[profile])
    return [one.text for one in where.tell(route, "en").instructions]


@pytest.mark.parametrize("profile", ["walk", "elderly", "low-vision"])
@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("reports/32-*/plan.geojson", "steps"),
        ("reports/32-*/path.geojson", "steps"),
        ("reports/32-*/ramp.geojson", "ramp"),
        ("reports/20-*/plan.osm", "steps"),
        ("reports/20-*/plan2.osm", "steps"),
    ],
)
def test_steps_and_ramps_on_one_storey_are_told_to_everybody(
    file: str, word: str, profile: str
) -> None:
    assert any(
        f"{word} on the way" in text
        for text in map(str.lower, texts(guide(file), "101", "102", profile))
    )


@pytest.mark.parametrize("profile", ["wheelchair", "stroller"])
def test_who_is_on_the_ramp_beside_steps_hears_of_the_ramp_only(profile: str) -> None:
    told = " ".join(texts(guide("reports/20-*/plan.osm"), "101", "102", profile))

    assert "ramp on the way" in told
    assert "steps on the way" not in told


@pytest.mark.parametrize("file", ["plan", "path"])
def test_no_wheelchair_is_led_over_a_few_steps(file: str) -> None:
    assert refused(guide(f"reports/32-*/{file}.geojson"), "101", "102", "wheelchair") == (
        "no-route-stairs"
    )


def test_who_starts_on_the_stairs_takes_them() -> None:
    first, second, *_ = texts(guide("reports/33-*/plan.geojson"), "Q101", "202")

    assert first == "Start from Stair landing."
    assert second.startswith("Take Stairs 1 up one floor")


@pytest.mark.parametrize("number", ["00", "01", "10", "11"])
def test_the_first_step_out_of_a_room_turns_nobody_round(number: str) -> None:
    told = texts(guide(f"reports/42-*/p{number}.osm"), "101", "102")

    assert told == [
        "Start from Alpha and walk about 20 metres. You have arrived. Beta is straight ahead."
    ]


# The same kinds in other shapes


@pytest.fixture
def floor() -> Drawing:
    """Two rooms on both ends of a footway of 40 m."""
    drawing = Drawing()
    drawing.box(1, -6, -3, 6, 6, indoor="room", level="0", ref="101")
    drawing.box(2, 40, -3, 6, 6, indoor="room", level="0", ref="102")
    drawing.node(0, 0, door="no", level="0", width="1.5")
    drawing.node(40, 0, door="no", level="0", width="1.5")
    return drawing


def footway(drawing: Drawing, nodes: Sequence[tuple[float, float]], **tags: str) -> None:
    drawing.way(3, (0, 0), *nodes, (40, 0), **({"highway": "footway", "level": "0"} | tags))


@pytest.mark.parametrize(
    ("tags", "profile", "code"),
    [
        ({"barrier": "turnstile"}, "wheelchair", "no-route-steps"),
        ({"barrier": "kerb", "kerb:height": "12 cm"}, "wheelchair", "no-route-steps"),
        (
            {"barrier": "bollard", "maxwidth:physical": "75 cm"},
            "wheelchair",
            "no-route-narrow-passage",
        ),
    ],
)
def test_what_stands_on_a_footway_stops_those_whom_it_stops(
    tags: dict[str, str], profile: str, code: str, floor: Drawing, tmp_path: Path
) -> None:
    footway(floor, [(20, 0)])
    floor.node(20, 0, **tags)

    here = Guide(join([floor.read(tmp_path)]))

    assert refused(here, "101", "102", profile) == code


@pytest.mark.parametrize(
    ("tags", "profile", "code"),
    [
        ({"width": "0.7"}, "wheelchair", "no-route-narrow-passage"),
        ({"incline": "10%"}, "wheelchair", "no-route-slope"),
        ({"smoothness": "very_bad"}, "wheelchair", "no-route-steps"),
        ({"step_count": "2"}, "wheelchair", "no-route-stairs"),
        ({"operational_status": "closed"}, "walk", "no-route"),
    ],
)
def test_what_a_footway_is_like_stops_those_whom_it_stops(
    tags: dict[str, str], profile: str, code: str, floor: Drawing, tmp_path: Path
) -> None:
    footway(floor, [], **tags)

    here = Guide(join([floor.read(tmp_path)]))

    assert refused(here, "101", "102", profile) == code


def test_at_a_locked_gate_people_are_told_to_ask(floor: Drawing, tmp_path: Path) -> None:
    footway(floor, [(20, 0)])
    floor.node(20, 0, barrier="gate", locked="yes")

    here = Guide(join([floor.read(tmp_path)]))

    route = here.route("101", "102", profiles()["walk"])
    assert route.way_in >= 0
    assert route.length_cm == pytest.approx(20_00, abs=60)


def test_a_moving_walk_is_walked_one_way(floor: Drawing, tmp_path: Path) -> None:
    footway(floor, [], conveying="forward")

    here = Guide(join([floor.read(tmp_path)]))

    assert kinds(here.route("101", "102", profiles()["wheelchair"])) >= {Kind.FOOTWAY}
    assert refused(here, "102", "101", "walk") == "no-route-oneway"


@pytest.mark.parametrize(("profile", "passes"), [("walk", True), ("wheelchair", False)])
def test_nobody_rolls_through_stairs_that_keep_the_storey(
    profile: str, passes: bool, tmp_path: Path
) -> None:
    drawing = Drawing()
    for id, x, end, tags in (
        (1, 0, 10, {"indoor": "corridor", "ref": "W"}),
        (2, 10, 12, {"indoor": "area", "stairs": "yes"}),
        (3, 12, 22, {"indoor": "corridor", "ref": "E"}),
    ):
        ring = [(x, 0), (end, 0), (end, 1.5), (end, 3), (x, 3), (x, 1.5), (x, 0)]
        drawing.way(id, *((float(a), float(b)) for a, b in ring), level="0", **tags)
    for x in (10, 12):
        drawing.node(x, 1.5, door="no", level="0")

    here = Guide(join([drawing.read(tmp_path)]))

    if passes:
        assert Kind.STAIRS in kinds(here.route("W", "E", profiles()[profile]))
    else:
        assert refused(here, "W", "E", profile) == "no-route-stairs"


def shop_beside_a_street(drawing: Drawing, away_m: float) -> None:
    """A shop whose only door leads out, and a footway that passes that far from it."""
    drawing.way(
        1, (0, 0), (4, 0), (8, 0), (8, 6), (0, 6), (0, 0), indoor="room", level="0", ref="1"
    )
    drawing.node(4, 0, entrance="yes", level="0")
    drawing.way(2, (-20, -away_m), (30, -away_m), highway="footway", level="0")
    drawing.way(
        3,
        (30, -away_m),
        (30, 0),
        (34, 0),
        (34, 6),
        (30, 6),
        (30, 0),
        indoor="room",
        level="0",
        ref="2",
    )
    drawing.node(30, 0, door="yes", level="0")


@pytest.mark.parametrize(("away_m", "joined"), [(4.0, True), (9.0, False)])
def test_an_entrance_is_joined_to_a_footway_in_plain_view_and_that_is_said(
    away_m: float, joined: bool, tmp_path: Path
) -> None:
    drawing = Drawing()
    shop_beside_a_street(drawing, away_m)

    venue = join([drawing.read(tmp_path)])

    assert venue.door_by_id["node/2"].path == ("way/2" if joined else "")
    assert ("entrance-joined-to-path" in count_by_code(venue.findings)) is joined


@pytest.mark.parametrize("tags", [{"entrance": "yes"}, {"entrance": "emergency"}])
def test_a_room_whose_doors_lead_only_out_has_another_door(
    tags: dict[str, str], tmp_path: Path
) -> None:
    drawing = Drawing()
    drawing.box(1, 0, 6, 8, 3, indoor="corridor", level="0")
    drawing.way(
        2, (0, 0), (4, 0), (8, 0), (8, 6), (0, 6), (0, 0), indoor="room", level="0", ref="1"
    )
    drawing.node(4, 0, level="0", **tags)

    venue = join([drawing.read(tmp_path)])

    (guessed,) = (door for door in venue.doors if door.guessed)
    assert set(guessed.spaces) == {"way/1", "way/2"}


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize(
    ("name", "profile", "least"),
    [
        ("university-osm", "walk", 0.99),
        ("university-osm", "wheelchair", 0.99),
        ("station-osm", "walk", 0.95),
    ],
)
def test_between_nearly_all_places_of_a_real_drawing_there_is_a_way(
    name: str, profile: str, least: float
) -> None:
    folder = CASES.parent / "floorplans" / name
    if not folder.is_dir():
        pytest.skip(f"the real drawings are not here: {folder}")

    here = Guide(join(floorplans.read([folder])))

    assert pairs(here.navigator, profiles()[profile], moment(())).share >= least
