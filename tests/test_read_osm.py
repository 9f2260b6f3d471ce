"""Simple Indoor Tagging: things that share a node are joined, and storeys are written many ways."""

from collections import Counter
from pathlib import Path

import pytest

import floorplans
from floorplans.osm_tags import access, drawn_width_m, incline_sign, slope, step_free
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import Plan
from navkit.words.findings import count_by_code

SHARED = Path(__file__).parents[1].parent / "shared" / "floorplans"
M = 1 / 111_320
"""Degrees of a metre on the equator, nearly."""


class Drawing:
    """An `.osm` file that is drawn a node at a time, in metres on the equator."""

    def __init__(self) -> None:
        self.ids: dict[tuple[float, float], int] = {}
        self.tags_of: dict[int, dict[str, str]] = {}
        self.elements: list[str] = []

    def node(self, x: float, y: float, **tags: str) -> int:
        node = self.ids.setdefault((x, y), len(self.ids) + 1)
        self.tags_of.setdefault(node, {}).update(tags)
        return node

    def way(self, id: int, *corners: tuple[float, float], **tags: str) -> None:
        refs = "".join(f'<nd ref="{self.node(*corner)}"/>' for corner in corners)
        self.elements.append(f'<way id="{id}" user="somebody">{refs}{_tags(tags)}</way>')

    def box(self, id: int, x: float, y: float, w: float, h: float, **tags: str) -> None:
        self.way(id, (x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y), **tags)

    def relation(self, id: int, outer: list[int], inner: list[int], **tags: str) -> None:
        members = "".join(
            f'<member type="way" ref="{ref}" role="{role}"/>'
            for role, refs in (("outer", outer), ("inner", inner))
            for ref in refs
        )
        self.elements.append(f'<relation id="{id}">{members}{_tags(tags)}</relation>')

    def xml(self) -> str:
        nodes = "".join(
            f'<node id="{id}" lon="{x * M}" lat="{y * M}" user="somebody">'
            f"{_tags(self.tags_of[id])}</node>"
            for (x, y), id in self.ids.items()
        )
        return f'<osm version="0.6">{nodes}{"".join(self.elements)}</osm>'

    def read(self, folder: Path) -> Plan:
        path = folder / "house.osm"
        path.write_text(self.xml(), encoding="utf-8")
        (plan,) = floorplans.read([path])
        return plan


def _tags(tags: dict[str, str]) -> str:
    pairs = ((key.replace("__", ":"), value) for key, value in tags.items())
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in pairs)


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
    assert [slope({"incline": text}) for text in ("6%", "-8,5 %", "up", "300%")] == [
        0.06,
        0.085,
        None,
        None,
    ]
    assert [drawn_width_m({"width": text}) for text in ("1.4", "90 cm", "2 m", "wide")] == [
        1.4,
        0.9,
        2,
        None,
    ]
    assert [step_free({"wheelchair": text}) for text in ("yes", "no", "limited")] == [
        True,
        False,
        None,
    ]
    assert access({"access": "private"}) == "staff"
    assert access({"access": "private", "foot": "yes"}) == "public"
    assert [incline_sign({"incline": text}) for text in ("up", "-4%", "10%", "")] == [1, -1, 1, 0]


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

    assert counts["level-missing"] == 29
    assert counts["steps-direction-guessed"] == 2
    assert counts["lift-drawn-as-point"] == 6


def test_hours_that_cannot_be_read_are_a_finding(house: Drawing, tmp_path: Path) -> None:
    house.node(0, 0, entrance="main", opening_hours="sunrise-sunset")

    plan = house.read(tmp_path)

    assert [door.hours for door in plan.doors if door.entrance] == [ALWAYS]
    (found,) = (f for f in plan.findings if f.code == "value-unknown")
    assert found.slots["value"] == "sunrise-sunset"
