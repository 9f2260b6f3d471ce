"""GeoJSON in navkit's own dialect and in everybody else's."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Polygon

import floorplans
from floorplans.limits import Limits
from floorplans.outlines import count_crossings, mend
from floorplans.storeys import (
    StoreyError,
    label_in_name,
    level_key,
    ordinals_of,
    parse_levels,
)
from navkit.plan.plan import Plan
from navkit.words.findings import PlanError, count_by_code

SHARED = Path(__file__).parents[1].parent / "shared" / "floorplans"
CLINIC = SHARED / "clinic-geojson"


def square(x: float, y: float, side: float = 10) -> list[list[list[float]]]:
    return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]


def feature(
    geometry_type: str, coordinates: Any, id: str = "", **properties: Any
) -> dict[str, Any]:
    geometry = {"type": geometry_type, "coordinates": coordinates}
    return {"type": "Feature", "id": id, "properties": properties, "geometry": geometry}


def write(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def read_one(*paths: Path) -> Plan:
    (plan,) = floorplans.read(paths)
    return plan


# The native dialect


EVERYTHING = [
    {
        "type": "Feature",
        "id": "B",
        "properties": {"type": "building", "name": {"en": "Main"}},
        "geometry": None,
    },
    {
        "type": "Feature",
        "id": "L1",
        "properties": {
            "type": "level",
            "ordinal": 1,
            "label": "2F",
            "building": "B",
            "elevation_m": 4.2,
        },
        "geometry": None,
    },
    feature(
        "Polygon",
        square(0, 0),
        "S",
        type="space",
        level="L1",
        kind="ramp",
        category="ward",
        name={"zh-Hans": "病房", "en": "Ward"},
        ref="201",
        access="staff",
        connector="E1",
        step_free=True,
        slope=0.05,
    ),
    feature(
        "LineString",
        [[0, 0], [1, 0]],
        "D",
        type="door",
        level="L1",
        kind="automatic",
        width_m=1.2,
        spaces=["S"],
        access="restricted",
        entrance=True,
        name="North door",
        step_free=False,
        hours="Mo-Fr 08:00-17:00",
    ),
    feature("LineString", [[0, 0], [0, 9]], type="wall", level="L1"),
    feature(
        "LineString",
        [[1, 1], [2, 2]],
        "P",
        type="path",
        levels=["L1", "L1"],
        kind="escalator",
        oneway=True,
        width_m=1,
    ),
    {
        "type": "Feature",
        "id": "E1",
        "geometry": None,
        "properties": {
            "type": "connector",
            "kind": "elevator",
            "name": "Lift 1",
            "bank": "north",
            "direction": "up",
            "wait_s": 40,
            "floor_s": 3,
            "cabin_m": [1.4, 2.4],
            "step_free": True,
        },
    },
    feature("Point", [3, 3], "K", type="point", level="L1", name="Kiosk", category="shop"),
    feature(
        "Point", [4, 4], "Q", type="anchor", level="L1", code="A7", bearing_deg=90, name="Gate"
    ),
]
"""A drawing with every property of the native dialect."""


def test_reads_every_property_of_the_native_dialect(tmp_path: Path) -> None:
    path = write(
        tmp_path / "hospital.geojson",
        *EVERYTHING,
        navkit=1,
        units="m",
        name={"zh-Hans": "江城医院"},
    )

    plan = read_one(path)

    assert plan.findings == ()
    assert plan.frame is None
    assert plan.names == {"zh-Hans": "江城医院"}
    assert plan.building_names == {"B": {"en": "Main"}}
    (level,) = plan.levels
    assert (level.key, level.ordinal, level.label, level.building) == ("L1", 1, "2F", "B")
    assert level.elevation_m == 4.2
    (space,) = plan.spaces
    assert (space.key, space.kind, space.category, space.ref) == ("S", "ramp", "ward", "201")
    assert (space.access, space.connector, space.step_free) == ("staff", "E1", True)
    assert space.names == {"zh-Hans": "病房", "en": "Ward"}
    assert space.slope == 0.05
    (door,) = plan.doors
    assert (door.kind, door.width_m, door.spaces) == ("automatic", 1.2, ("S",))
    assert (door.access, door.entrance, door.step_free) == ("restricted", True, False)
    assert door.hours.text == "Mo-Fr 08:00-17:00"
    assert door.line == LineString([[0, 0], [1, 0]])
    assert plan.walls == (("L1", LineString([[0, 0], [0, 9]])),)
    (path_,) = plan.paths
    assert (path_.levels, path_.kind, path_.oneway) == (("L1", "L1"), "escalator", True)
    (lift,) = plan.connectors
    assert (lift.wait_s, lift.floor_s, lift.cabin_m) == ((40.0,), 3, (1.4, 2.4))
    assert (lift.bank, lift.direction, lift.names) == ("north", "up", {"": "Lift 1"})
    assert plan.points[0].names == {"": "Kiosk"}
    assert (plan.anchors[0].code, plan.anchors[0].bearing_deg) == ("A7", 90)


def test_a_space_without_a_kind_is_what_its_name_says(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature("Polygon", square(0, 0), "S", type="space", level="1F", name="走廊"),
        navkit=1,
        units="m",
    )

    assert read_one(path).spaces[0].kind == "corridor"


def test_access_that_is_not_understood_is_for_nobody(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        feature("Polygon", square(0, 0), "S", type="space", level="1F", access="doctors"),
        navkit=1,
        units="m",
    )

    plan = read_one(path)

    assert plan.spaces[0].access == "restricted"
    assert "value-unknown" in count_by_code(plan.findings)


# Other people's files


def test_rooms_and_doors_in_files_of_their_own_are_one_plan(tmp_path: Path) -> None:
    rooms = write(
        tmp_path / "rooms_storey0.geojson",
        feature("Polygon", square(0, 0), "A", name="LAB"),
        feature("Polygon", square(10, 0), "B", name="CORRIDOR"),
    )
    doors = write(
        tmp_path / "doors_storey0.geojson",
        feature("LineString", [[10, 4], [10, 5]], "D", connects=["A", "B"]),
    )

    plan = read_one(rooms, doors)

    assert [level.ordinal for level in plan.levels] == [0]
    assert [space.kind for space in plan.spaces] == ["room", "corridor"]
    assert [door.spaces for door in plan.doors] == [("A", "B")]
    assert plan.findings == ()


def test_forty_local_metres_are_not_taken_for_degrees(tmp_path: Path) -> None:
    plan = read_one(write(tmp_path / "1F.geojson", feature("Polygon", square(0, 0, 40), "A")))

    assert plan.frame is None
    assert plan.spaces[0].outline.area == 1600


def test_a_building_in_degrees_comes_out_in_metres(tmp_path: Path) -> None:
    path = write(tmp_path / "1F.geojson", feature("Polygon", square(121.47, 31.23, 0.0005), "A"))

    plan = read_one(path)

    assert plan.frame is not None
    assert plan.spaces[0].outline.area == pytest.approx(47.6 * 55.4, rel=0.01)


@pytest.mark.parametrize(
    ("properties", "name", "ordinal"),
    [
        ({"level": 2}, "a", 2),
        ({"level": "2"}, "a", 2),
        ({"storey": "3F"}, "a", 2),
        ({"Floor": "B1"}, "a", -1),
        ({"floor_level": "负一层"}, "a", -1),
        ({"楼层": "三楼"}, "a", 2),
        ({}, "rooms_storey0", 0),
        ({}, "L2", 1),
        ({}, "门诊楼3楼", 2),
        ({}, "B1", -1),
        ({}, "104_Grundriss_2OG", 2),
        ({}, "floor-2/rooms", 1),
    ],
)
def test_the_storey_is_in_a_property_or_in_the_file_name(
    properties: dict[str, Any], name: str, ordinal: float, tmp_path: Path
) -> None:
    write(tmp_path / f"{name}.geojson", feature("Polygon", square(0, 0), "A", **properties))

    assert [level.ordinal for level in read_one(tmp_path).levels] == [ordinal]


@pytest.mark.parametrize(
    ("properties", "names", "ref"),
    [
        ({"name": "Lab", "number": "1A"}, {"": "Lab"}, "1A"),
        ({"NAME": "Lab"}, {"": "Lab"}, ""),
        ({"title": "Lab", "room_no": 12}, {"": "Lab"}, "12"),
        ({"name": "302"}, {}, "302"),
        ({"name": "检验科", "name:en": "Lab"}, {"": "检验科", "en": "Lab"}, ""),
        ({"name_ja": "検査室"}, {"ja": "検査室"}, ""),
        ({"名称": "检验科", "房号": "302"}, {"": "检验科"}, "302"),
        ({"name": {"zh-Hans": "检验科", "en": "input name here"}}, {"zh-Hans": "检验科"}, ""),
        ({"name": "Test"}, {}, ""),
    ],
)
def test_names_and_numbers_by_many_names(
    properties: dict[str, Any], names: dict[str, str], ref: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "1F.geojson", feature("Polygon", square(0, 0), "A", **properties))

    (space,) = read_one(path).spaces

    assert (space.names, space.ref) == (names, ref)


def test_every_part_of_a_multipolygon_is_a_space_of_its_own(tmp_path: Path) -> None:
    path = write(
        tmp_path / "1F.geojson",
        feature("MultiPolygon", [square(0, 0, 5), square(20, 0, 9)], "A", name="Ward"),
    )

    spaces = read_one(path).spaces

    assert [(space.key, space.outline.area) for space in spaces] == [("A", 81), ("A#2", 25)]


def test_a_hole_stays_a_hole(tmp_path: Path) -> None:
    rings = [*square(0, 0, 20), *square(5, 5, 5)]
    path = write(tmp_path / "1F.geojson", feature("Polygon", rings, "A", name="Atrium"))

    assert read_one(path).spaces[0].outline.area == 375


def test_a_lift_on_several_storeys_is_one_shaft(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson", feature("Polygon", square(0, 0), "E", name="Lift", level="0;1")
    )

    spaces = read_one(path).spaces

    assert [(space.level, space.kind, space.connector) for space in spaces] == [
        ("0", "elevator", "E"),
        ("1", "elevator", "E"),
    ]


# Storeys


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("2", (2,)),
        ("-1", (-1,)),
        ("0.5", (0.5,)),
        ("-0.3", (-0.3,)),
        ("0,5", (0.5,)),
        ("0;1", (0, 1)),
        ("0,1", (0, 1)),
        ("1,2,3", (1, 2, 3)),
        ("-1;-2;0", (-1, -2, 0)),
        ("0-3", (0, 1, 2, 3)),
        ("-1-3", (-1, 0, 1, 2, 3)),
        ("-3--1", (-3, -2, -1)),
        ("-11;0", (-11, 0)),
        ("0.5-2", (0.5, 2)),
        ("3-1", (3, 2, 1)),
        (" 1 ; 2 ;", (1, 2)),
        ("1;1", (1,)),
        ("-0", (0,)),
    ],
)
def test_reads_openstreetmap_levels(text: str, levels: tuple[float, ...]) -> None:
    assert parse_levels(text) == levels


@pytest.mark.parametrize("text", ["", ";", "G", "1-", "--1", "1e3", "0-99999", "nan", "1 2"])
def test_refuses_what_is_no_level(text: str) -> None:
    with pytest.raises(StoreyError):
        parse_levels(text)


whole = st.integers(min_value=-30, max_value=150)


@given(st.lists(whole, min_size=1, max_size=12, unique=True))
def test_a_list_of_levels_is_read_back_in_its_order(levels: list[int]) -> None:
    assert parse_levels(";".join(map(str, levels))) == tuple(levels)


@given(whole, whole)
def test_a_range_has_every_storey_between_its_ends(first: int, last: int) -> None:
    levels = parse_levels(f"{first}-{last}")

    assert (levels[0], levels[-1]) == (first, last)
    assert sorted(levels) == list(range(min(first, last), max(first, last) + 1))


@given(st.integers(min_value=-60, max_value=600).map(lambda half: half / 2))
def test_a_key_is_read_back_as_its_ordinal(ordinal: float) -> None:
    assert parse_levels(level_key(ordinal)) == (ordinal,)


@given(st.text(max_size=12))
def test_any_text_is_levels_or_a_storey_error(text: str) -> None:
    try:
        levels = parse_levels(text)
    except StoreyError:
        return

    assert levels


@given(st.text(max_size=16))
def test_any_label_has_an_ordinal_or_none(text: str) -> None:
    assert set(ordinals_of([text, label_in_name(text)])) >= {text}


def test_counted_storeys_begin_on_the_ground_unless_there_is_a_ground_floor() -> None:
    assert ordinals_of(["1F", "2F", "B1"]) == {"1F": 0, "2F": 1, "B1": -1}
    assert ordinals_of(["G", "L1", "L2"]) == {"G": 0, "L1": 1, "L2": 2}
    assert ordinals_of(["EG", "1.OG", "2.OG", "KG"]) == {"EG": 0, "1.OG": 1, "2.OG": 2, "KG": -1}
    assert ordinals_of(["一楼", "十二层", "地下二层"]) == {"一楼": 0, "十二层": 11, "地下二层": -2}
    assert ordinals_of(["1", "2"]) == {"1": 1, "2": 2}
    assert ordinals_of(["Dachgeschoss"]) == {"Dachgeschoss": None}


# Outlines

points = st.lists(
    st.tuples(st.integers(0, 20).map(float), st.integers(0, 20).map(float)),
    min_size=3,
    max_size=12,
    unique=True,
)


@given(points)
def test_what_is_mended_is_valid_and_lies_within_what_was_drawn(corners: Any) -> None:
    drawn = Polygon(corners)

    parts = mend(drawn, "test", Limits()).parts

    assert all(part.is_valid and not part.is_empty for part in parts)
    assert all(drawn.envelope.buffer(1e-6).covers(part) for part in parts)


@given(points)
def test_an_outline_is_never_left_out_in_silence(corners: Any) -> None:
    outlines = mend(Polygon(corners), "test", Limits())

    assert outlines.parts or outlines.finding


def test_counts_how_often_an_outline_crosses_itself() -> None:
    assert count_crossings(Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), 10) == 1
    assert count_crossings(Polygon([(0, 0), (9, 0), (9, 9), (0, 9)]), 10) == 0


# The real clinic


@pytest.fixture(scope="module")
def clinic() -> Plan:
    if not CLINIC.is_dir():
        pytest.skip(f"the real drawings are not here: {CLINIC}")
    return read_one(CLINIC)


@pytest.mark.real_plans
def test_the_clinic_has_all_its_rooms_and_doors(clinic: Plan) -> None:
    by_level = {key: sum(s.level == key for s in clinic.spaces) for key in ("0", "1", "2")}

    assert by_level == {"0": 154, "1": 106, "2": 4}
    assert len(clinic.doors) == 238
    assert all(space.names and space.ref for space in clinic.spaces)
    assert clinic.frame is None


@pytest.mark.real_plans
def test_nobody_walks_on_the_clinic_roof(clinic: Plan) -> None:
    closed = {s.names[""] for s in clinic.spaces if s.kind == "closed"}

    assert closed == {"ROOF", "OPEN TO BELOW"}
    assert [s.level for s in clinic.spaces if s.kind == "elevator"] == ["0"]
    assert sum(s.kind == "stairs" for s in clinic.spaces) == 6


@pytest.mark.real_plans
def test_the_clinic_folder_says_what_was_passed_over(clinic: Plan) -> None:
    assert count_by_code(clinic.findings) == {"file-passed-over": 1, "indoorgml-passed-over": 1}


# A folder with a file that cannot be mended


BROKEN = '{"type": "FeatureCollection", "features": [{"type": "Feature" "x": 1}]}'


def test_a_file_that_cannot_be_mended_is_left_out_and_the_rest_of_the_folder_is_read(
    tmp_path: Path,
) -> None:
    write(tmp_path / "1F.geojson", feature("Polygon", square(0, 0), name="A"), units="m")
    (tmp_path / "2F.geojson").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "3F.osm").write_text("<osm><node", encoding="utf-8")

    plan = read_one(tmp_path)

    assert [space.names for space in plan.spaces] == [{"": "A"}]
    lost = [(f.where, f.severity) for f in plan.findings if f.code == "file-lost"]
    assert sorted(lost) == [("2F.geojson", "error"), ("3F.osm", "error")]


def test_a_folder_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1F.geojson").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "2F.geojson").write_text(BROKEN, encoding="utf-8")

    with pytest.raises(PlanError) as caught:
        floorplans.read([tmp_path])

    assert (caught.value.finding.code, caught.value.finding.where) == ("json-broken", "1F.geojson")
