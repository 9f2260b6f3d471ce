"""Simple Indoor Tagging: things that share a node are joined, and storeys are written many ways."""

from collections import Counter
from pathlib import Path

import pytest
from drawn_osm import Drawing

import floorplans
from floorplans.osm_tags import incline_sign
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import Plan
from navkit.words.findings import count_by_code

SHARED = Path(__file__).parents[1].parent / "shared" / "floorplans"


@pytest.fixture
def house() -> Drawing:
    """Two rooms on a corridor, on the ground floor."""
    drawing = Drawing()
    drawing.way(
        1, (0, 5), (4, 5), (10, 5), (10, 10), (0, 10), (0, 5), indoor="room", level="0", ref="1"
    )
    drawing.way(2, (0, 0), (10, 0), (10, 5), (4, 5), (0, 5), (0, 0), indoor="corridor", level="0")
    drawing.node(4, 5, door="hinged")
    return drawing


def test_a_door_is_a_node_that_two_outlines_share(house: Drawing, tmp_path: Path) -> None:
    plan = house.read(tmp_path)

    assert [(space.key, space.kind, space.ref) for space in plan.spaces] == [
        ("way/1", "room", "1"),
        ("way/2", "corridor", ""),
    ]
    (door,) = plan.doors
    assert (door.level, door.kind, door.spaces) == ("0", "hinged", ("way/1", "way/2"))


def test_no_door_leaf_is_still_a_way_through(house: Drawing, tmp_path: Path) -> None:
    house.node(4, 5, door="no")

    assert house.read(tmp_path).doors[0].kind == "open"


def test_entrances_and_what_is_none_for_visitors(house: Drawing, tmp_path: Path) -> None:
    house.node(0, 0, entrance="main", wheelchair="yes", opening_hours="24/7")
    house.node(10, 0, entrance="emergency", door="hinged")

    doors = {door.key: door for door in house.read(tmp_path).doors if door.key != "node/2"}

    main, emergency = doors.values()
    assert (main.entrance, main.access, main.step_free, main.hours.text) == (
        True,
        "public",
        True,
        "24/7",
    )
    assert (emergency.entrance, emergency.access) == (False, "restricted")


def test_who_drew_it_is_never_read(house: Drawing, tmp_path: Path) -> None:
    assert "somebody" not in repr(house.read(tmp_path))


def test_stairs_over_several_storeys_are_one_shaft(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 4, 4, indoor="room", stairs="yes", level="-1-1", ref="T1")

    stairs = [space for space in house.read(tmp_path).spaces if space.kind == "stairs"]

    assert [space.level for space in stairs] == ["-1", "0", "1"]
    assert {space.connector for space in stairs} == {"way/3"}


def test_repeat_on_draws_a_thing_again(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 4, 4, indoor="room", level="0", repeat_on="2-3")

    levels = [space.level for space in house.read(tmp_path).spaces if space.key == "way/3"]

    assert levels == ["0", "2", "3"]


def test_a_lift_that_is_a_point_is_drawn_as_a_square(house: Drawing, tmp_path: Path) -> None:
    house.node(5, 2, highway="elevator", level="-1;0;1", ref="A", wheelchair="yes")

    plan = house.read(tmp_path)

    lifts = [space for space in plan.spaces if space.kind == "elevator"]
    assert [(lift.level, round(lift.outline.area, 2)) for lift in lifts] == [
        ("-1", 2.56),
        ("0", 2.56),
        ("1", 2.56),
    ]
    assert {(lift.connector, lift.step_free) for lift in lifts} == {("node/8", True)}
    assert [connector.key for connector in plan.connectors] == ["node/8"]
    assert count_by_code(plan.findings)["lift-drawn-as-point"] == 1


def test_a_lift_that_is_a_point_takes_the_outline_that_is_drawn_round_it(
    house: Drawing, tmp_path: Path
) -> None:
    house.node(21, 1, highway="elevator", level="0;1", name="Lift")
    house.box(3, 20, 0, 2, 2, indoor="yes", building__part="elevator", level="0;1")

    plan = house.read(tmp_path)

    lifts = [space for space in plan.spaces if space.kind == "elevator"]
    assert [(lift.key, round(lift.outline.area, 1)) for lift in lifts] == [("way/3", 4.0)] * 2
    assert len({lift.connector for lift in lifts}) == len(plan.connectors) == 1
    assert "lift-drawn-as-point" not in count_by_code(plan.findings)


def steps(house: Drawing, tmp_path: Path, **tags: str) -> Plan:
    """A flight from (30, 0) to (40, 0), with a footway at each end on -1 and 0."""
    house.way(3, (20, 0), (30, 0), highway="footway", indoor="yes", level="0")
    house.way(4, (40, 0), (50, 0), highway="footway", indoor="yes", level="-1")
    house.way(5, (30, 0), (40, 0), **{"highway": "steps", "indoor": "yes", **tags})
    return house.read(tmp_path)


def test_steps_are_turned_as_the_footways_at_their_ends_say(house: Drawing, tmp_path: Path) -> None:
    plan = steps(house, tmp_path, level="-1;0", incline="up")

    assert [path.levels for path in plan.paths] == [("0",), ("-1",), ("0", "-1")]
    assert plan.paths[2].kind == "stairs"
    assert plan.paths[2].step_free is False


def test_steps_without_a_storey_have_those_of_their_neighbours(
    house: Drawing, tmp_path: Path
) -> None:
    plan = steps(house, tmp_path)

    assert plan.paths[2].levels == ("0", "-1")
    assert count_by_code(plan.findings) == {"level-from-neighbours": 1}


@pytest.mark.parametrize(
    ("conveying", "levels", "start", "oneway"),
    [
        ("forward", ("0", "-1"), 30, True),
        ("backward", ("-1", "0"), 40, True),
        ("reversible", ("0", "-1"), 30, False),
    ],
)
def test_an_escalator_is_walked_as_it_runs(
    conveying: str,
    levels: tuple[str, ...],
    start: float,
    oneway: bool,
    house: Drawing,
    tmp_path: Path,
) -> None:
    path = steps(house, tmp_path, level="-1;0", conveying=conveying).paths[2]

    x_m = [point[0] for point in path.points.coords]
    assert (path.kind, path.levels, path.oneway) == ("escalator", levels, oneway)
    assert (x_m[0] < x_m[1]) == (start == 30)


def test_steps_that_touch_nothing_go_by_their_incline(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (30, 0), (40, 0), highway="steps", indoor="yes", level="0;1", incline="down")

    assert house.read(tmp_path).paths[0].levels == ("1", "0")


def test_a_sloping_footway_leads_from_storey_to_storey(house: Drawing, tmp_path: Path) -> None:
    plan = steps(house, tmp_path, highway="footway", level="-1;0")

    assert plan.paths[2].levels == ("0", "-1")


def test_a_footway_along_two_storeys_is_one_on_each(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (30, 0), (40, 0), highway="footway", indoor="yes", level="0;1")

    assert [path.levels for path in house.read(tmp_path).paths] == [("0",), ("1",)]


def test_a_ramp_knows_its_slope(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (30, 0), (40, 0), highway="footway", incline="-6%", wheelchair="yes")

    plan = house.read(tmp_path)

    assert (plan.paths[0].kind, plan.paths[0].slope) == ("ramp", 0.06)
    assert count_by_code(plan.findings)["level-taken-as-ground"] == 1


def test_streets_far_away_are_left_out_and_counted(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (300, 0), (400, 0), highway="footway")
    house.way(4, (0, -5), (9, -5), highway="service")

    plan = house.read(tmp_path)

    assert plan.paths == ()
    assert [f.slots["count"] for f in plan.findings if f.code == "outdoor-left-out"] == ["2"]


def test_one_wall_in_another_town_is_left_out(house: Drawing, tmp_path: Path) -> None:
    for i in range(10):
        house.box(10 + i, 10 * i, 20, 8, 8, indoor="room", level="0")
    house.way(30, (90_000, 0), (90_009, 0), indoor="wall", level="0")

    plan = house.read(tmp_path)

    assert plan.walls == ()
    assert count_by_code(plan.findings)["stray-left-out"] == 1


def test_lines_inside_a_staircase_are_not_walked_twice(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 4, 8, indoor="room", stairs="yes", level="0-1")
    house.way(4, (21, 1), (21, 7), (23, 7), (23, 1), indoor="pathway", level="0-1")

    plan = house.read(tmp_path)

    assert plan.paths == ()
    assert count_by_code(plan.findings)["line-inside-stairs"] == 1


def test_a_multipolygon_is_put_together_from_its_ways(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (20, 0), (40, 0), (40, 20))
    house.way(4, (20, 0), (20, 20), (40, 20))
    house.box(5, 25, 5, 10, 10)
    house.relation(6, [3, 4], [5], type="multipolygon", indoor="area", level="0", name="Foyer")

    (foyer,) = [s for s in house.read(tmp_path).spaces if s.key == "relation/6"]

    assert foyer.kind == "hall"
    assert foyer.outline.area == pytest.approx(300, rel=0.01)


def test_a_platform_is_a_hall_with_the_name_people_look_for(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 40, 4, railway="platform", ref="7", name="Gleis 7", level="0")

    (platform,) = [s for s in house.read(tmp_path).spaces if s.category == "platform"]

    assert (platform.kind, platform.ref, platform.names) == ("hall", "7", {"": "Gleis 7"})


def test_places_that_are_nodes_are_points(house: Drawing, tmp_path: Path) -> None:
    house.node(5, 7, amenity="atm", operator="Bank", level="0")
    house.node(6, 7, amenity="bench", level="0")
    house.node(7, 7, shop="kiosk", name="Kiosk")

    plan = house.read(tmp_path)

    assert [(point.category, point.names) for point in plan.points] == [("bank", {"": "Bank"})]
    assert count_by_code(plan.findings)["point-without-level"] == 1


def test_walls_names_and_labels(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (20, 0), (30, 0), indoor="wall", level="0;1")
    house.box(4, -5, -5, 60, 60, building="hospital", name="Klinikum", name__zh="医院")
    house.box(5, -5, -5, 50, 50, indoor="level", level="0", ref="EG")
    house.box(6, 5, 11, 3, 3, indoor="room", level="0", amenity="toilets", male="yes")

    plan = house.read(tmp_path)

    assert [level for level, _ in plan.walls] == ["0", "1"]
    assert plan.names == {"": "Klinikum", "zh": "医院"}
    assert [level.label for level in plan.levels] == ["EG", ""]
    assert plan.spaces[2].names["en"] == "Men's toilet"
    assert plan.spaces[2].category == "toilet-men"


def test_a_pbf_reads_as_its_xml_does(house: Drawing, tmp_path: Path) -> None:
    osmium = pytest.importorskip("osmium")
    xml = house.read(tmp_path)
    with osmium.SimpleWriter(str(tmp_path / "house.osm.pbf")) as writer:
        for entity in osmium.FileProcessor(str(tmp_path / "house.osm")):
            writer.add(entity)

    (pbf,) = floorplans.read([tmp_path / "house.osm.pbf"])

    assert [(s.key, s.level, s.kind) for s in pbf.spaces] == [
        (s.key, s.level, s.kind) for s in xml.spaces
    ]
    assert [door.spaces for door in pbf.doors] == [door.spaces for door in xml.doors]


def test_tags_by_themselves() -> None:
    assert [incline_sign({"incline": text}) for text in ("up", "-4%", "10%", "0%", "")] == [
        1,
        -1,
        1,
        0,
        0,
    ]


def test_a_restriction_at_a_node_holds_for_the_bit_of_the_line_around_it(
    house: Drawing, tmp_path: Path
) -> None:
    house.way(3, (20, 0), (30, 0), (40, 0), highway="footway", level="0")
    house.node(30, 0, barrier="kerb", kerb="raised")

    paths = house.read(tmp_path).paths

    assert [(path.key, round(path.points.length, 1), path.step_free) for path in paths] == [
        ("way/3", 9.7, None),
        ("way/3.2", 0.6, False),
        ("way/3.3", 9.7, None),
    ]


def test_a_door_of_another_storey_does_not_stop_a_line(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (20, 0), (30, 0), (40, 0), highway="footway", level="0")
    house.node(30, 0, door="hinged", access="no", level="1")

    assert [path.access for path in house.read(tmp_path).paths] == ["public"]


def test_a_lift_that_is_a_line_is_a_lift(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 10, 5, indoor="corridor", level="1")
    house.way(4, (10, 2), (20, 2), highway="elevator", level="0;1", wheelchair="yes")

    plan = house.read(tmp_path)

    lifts = [(s.level, s.outline.bounds[0], s.connector) for s in plan.spaces if s.key == "way/4"]
    assert [(level, round(x), connector) for level, x, connector in lifts] == [
        ("0", 10, "way/4"),
        ("1", 18, "way/4"),
    ]
    assert [(c.kind, c.step_free) for c in plan.connectors] == [("elevator", True)]
    assert plan.paths == ()


def test_an_escalator_that_is_a_room_is_an_escalator(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 3, 9, indoor="room", conveying="forward", level="0;1")

    plan = house.read(tmp_path)

    assert [c.kind for c in plan.connectors] == ["escalator"]
    assert count_by_code(plan.findings)["restriction-unread"] == 1


def test_steps_that_are_an_area_on_one_storey_are_stairs(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 3, 2, highway="steps", area="yes", level="0")

    (space,) = (s for s in house.read(tmp_path).spaces if s.key == "way/3")

    assert space.kind == "stairs"


@pytest.mark.parametrize(
    ("tags", "kind", "levels", "oneway"),
    [
        ({"conveying": "forward", "level": "0"}, "footway", ("0",), True),
        ({"conveying": "forward", "level": "0;1"}, "escalator", ("0", "1"), True),
        ({"incline": "0%", "level": "0"}, "footway", ("0",), False),
        ({"incline": "1%", "level": "0"}, "footway", ("0",), False),
        ({"incline": "6%", "level": "0"}, "ramp", ("0",), False),
        ({"incline": "up", "level": "0"}, "ramp", ("0",), False),
        ({"step_count": "3", "level": "0"}, "stairs", ("0",), False),
    ],
)
def test_what_moves_or_slopes(
    tags: dict[str, str],
    kind: str,
    levels: tuple[str, ...],
    oneway: bool,
    house: Drawing,
    tmp_path: Path,
) -> None:
    house.way(3, (20, 0), (40, 0), highway="footway", **tags)

    (path,) = house.read(tmp_path).paths

    assert (path.kind, path.levels, path.oneway) == (kind, levels, oneway)


@pytest.mark.parametrize(
    ("tags", "counted"),
    [
        ({"step_count": "3", "incline": "up"}, (3, 1)),
        ({"step_count": "3", "incline": "down"}, (3, -1)),
        ({"step_count": "3"}, (3, 0)),
        ({"step_count": "3;5", "incline": "up"}, (0, 0)),
        ({"incline": "up"}, (0, 0)),
    ],
)
def test_steps_are_counted_where_the_drawing_counts_them(
    tags: dict[str, str], counted: tuple[int, int], house: Drawing, tmp_path: Path
) -> None:
    house.way(3, (20, 0), (40, 0), highway="steps", level="0", **tags)

    (path,) = house.read(tmp_path).paths

    assert (path.step_count, path.climbs) == counted


def test_steps_with_a_wheelchair_ramp_have_a_ramp_beside_them(
    house: Drawing, tmp_path: Path
) -> None:
    house.way(3, (20, 0), (23, 0), highway="steps", level="0", ramp__wheelchair="yes")

    paths = house.read(tmp_path).paths

    assert [(path.kind, path.step_free) for path in paths] == [("stairs", False), ("ramp", True)]


def test_an_incline_against_the_floors_is_said(house: Drawing, tmp_path: Path) -> None:
    plan = steps(house, tmp_path, level="-1;0", incline="up")

    assert plan.paths[2].levels == ("0", "-1")
    assert count_by_code(plan.findings)["incline-contradicts-levels"] == 1


@pytest.mark.parametrize(("levels", "expected"), [("-1-2", "0"), ("1-3", "1"), ("-2;-1", "-1")])
def test_an_entrance_without_a_level_stands_on_one_storey(
    levels: str, expected: str, house: Drawing, tmp_path: Path
) -> None:
    house.box(3, 20, 0, 4, 4, indoor="area", level=levels)
    house.node(20, 0, entrance="yes", door="hinged")

    plan = house.read(tmp_path)

    assert [door.level for door in plan.doors if door.entrance] == [expected]
    assert count_by_code(plan.findings)["entrance-storey-assumed"] == 1


def test_shafts_without_levels_join_the_two_floors_beside_them(
    house: Drawing, tmp_path: Path
) -> None:
    house.box(3, 20, 0, 10, 5, indoor="corridor", level="1")
    house.box(4, 20, 5, 3, 3, indoor="room", stairs="yes")
    house.box(5, 20, 5.5, 10, 9, indoor="corridor", level="0")
    house.node(29, 5.2, highway="elevator")
    house.way(6, (40, 0), (31, 1), highway="steps", incline="up")
    house.way(7, (40, 0), (45, 0), highway="footway", level="0")

    plan = house.read(tmp_path)

    shafts = {(s.kind, s.level) for s in plan.spaces if s.connector}
    assert shafts == {("stairs", "0"), ("stairs", "1"), ("elevator", "0"), ("elevator", "1")}
    assert [path.levels for path in plan.paths if path.kind == "stairs"] == [("0", "1")]


def test_a_shaft_beside_three_floors_is_asked(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 10, 5, indoor="corridor", level="0-2")
    house.box(4, 20, 5, 3, 3, indoor="room", stairs="yes")
    house.node(29, 4, highway="elevator")

    plan = house.read(tmp_path)

    assert plan.connectors == ()
    asked = [f.slots["near"] for f in plan.findings if f.code == "shaft-storeys-unclear"]
    assert asked == ["0, 1, 2", "0, 1, 2"]


def test_a_door_may_be_a_line_or_an_outline(house: Drawing, tmp_path: Path) -> None:
    house.way(3, (6, 5), (7, 5), indoor="door", level="0")
    house.box(4, 8, 4.9, 1.0, 0.2, indoor="door", level="0")

    doors = {door.key: door.line for door in house.read(tmp_path).doors}

    assert [round(doors[key].length, 2) for key in ("way/3", "way/4")] == [1.0, 1.0]


def test_codes_are_no_names_and_are_said(house: Drawing, tmp_path: Path) -> None:
    house.node(5, 7, emergency="defibrillator", operator="wikidata=Q104814416", level="0")
    house.node(6, 7, amenity="pharmacy", name="way/12", level="0")
    house.box(3, 20, 0, 4, 4, shop="kiosk", name="Q104814416", level="0")
    house.node(7, 7, amenity="atm", operator="Bank", level="0")

    plan = house.read(tmp_path)

    assert [dict(point.names) for point in plan.points] == [{}, {}, {"": "Bank"}]
    assert [dict(space.names) for space in plan.spaces if space.key == "way/3"] == [{}]
    (found,) = (f for f in plan.findings if f.code == "code-as-name")
    assert found.slots["count"] == "3"


def test_a_shop_on_a_storey_is_a_room(house: Drawing, tmp_path: Path) -> None:
    house.box(3, 20, 0, 4, 4, shop="kiosk", name="Kiosk", level="0")

    assert [s.kind for s in house.read(tmp_path).spaces if s.key == "way/3"] == ["room"]


# The real university and the real station


def read_real(name: str) -> Plan:
    if not (SHARED / name).is_dir():
        pytest.skip(f"the real drawings are not here: {SHARED / name}")
    (plan,) = floorplans.read([SHARED / name])
    return plan


@pytest.fixture(scope="module")
def university() -> Plan:
    return read_real("university-osm")


@pytest.fixture(scope="module")
def station() -> Plan:
    return read_real("station-osm")


@pytest.mark.real_plans
def test_the_university_has_all_its_rooms_corridors_and_doors(university: Plan) -> None:
    kinds = Counter(space.kind for space in {s.key: s for s in university.spaces}.values())

    assert kinds["corridor"] == 43
    assert kinds["room"] + kinds["stairs"] + kinds["elevator"] == 400 + 2
    assert kinds["elevator"] == 2
    assert len({door.key for door in university.doors}) == 502
    assert [level.ordinal for level in university.levels] == [-1, 0, 1, 2, 3]
    assert university.names == {"": "Andreas-Pfitzmann-Bau"}


@pytest.mark.real_plans
def test_nearly_every_university_room_has_a_number_and_two_sides_of_its_door(
    university: Plan,
) -> None:
    assert sum(bool(space.ref) for space in university.spaces) == 476
    assert sum(len(door.spaces) == 2 for door in university.doors) > 500
    assert sum(door.entrance for door in university.doors) == 5


@pytest.mark.real_plans
def test_the_station_has_all_its_steps_lifts_and_footways(station: Plan) -> None:
    paths = Counter(path.kind for path in station.paths)
    lifts = {c.key for c in station.connectors if c.key.startswith("node/")}

    assert (paths["stairs"] + paths["escalator"], paths["escalator"]) == (80, 53)
    assert sum(path.oneway for path in station.paths) == 52
    assert len(lifts) == 15
    assert [level.ordinal for level in station.levels] == [-3, -2, -1, 0, 0.5, 1, 2]
    assert station.names[""] == "Berlin Hauptbahnhof"


@pytest.mark.real_plans
def test_every_flight_in_the_station_joins_two_storeys(station: Plan) -> None:
    for path in station.paths:
        if path.kind in ("stairs", "escalator"):
            assert len(set(path.levels)) == 2, path.key


@pytest.mark.real_plans
def test_what_the_station_leaves_open_is_said(station: Plan) -> None:
    counts = count_by_code(station.findings)

    assert counts["level-missing"] == 2
    assert counts["point-without-level"] == 1
    assert counts["steps-direction-guessed"] == 2
    assert counts["lift-drawn-as-point"] == 6


def test_hours_that_cannot_be_read_are_a_finding(house: Drawing, tmp_path: Path) -> None:
    house.node(0, 0, entrance="main", opening_hours="sunrise-sunset")

    plan = house.read(tmp_path)

    assert [door.hours for door in plan.doors if door.entrance] == [ALWAYS]
    (found,) = (f for f in plan.findings if f.code == "restriction-unread")
    assert (found.slots["tag"], found.slots["value"]) == ("opening_hours", "sunrise-sunset")
