"""Apple's IMDF: labels by language, occupants behind anchors, openings on shared edges."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import floorplans
from navkit.plan.plan import Plan
from navkit.words.findings import count_by_code

CAMPUS = Path(__file__).parents[1].parent / "shared" / "floorplans" / "campus-imdf"

Json = dict[str, Any]


def at(x_m: float, y_m: float) -> list[float]:
    """About so many metres from a point on the equator."""
    return [x_m / 111_320, y_m / 110_574]


def square(x: float, y: float, side: float = 10) -> list[list[list[float]]]:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [[at(*corner) for corner in corners]]


def feature(id: str, shape: str | None, coordinates: Any = None, **properties: Any) -> Json:
    geometry = {"type": shape, "coordinates": coordinates} if shape else None
    return {"type": "Feature", "id": id, "properties": properties, "geometry": geometry}


LEVEL = feature("l1", None, ordinal=0, short_name={"en": "1"}, building_ids=["b"])
BUILDING = feature("b", None, name={"en": "Main", "zh-Hans": "主楼"})


def unit(id: str, x: float = 0, **properties: Any) -> Json:
    return feature(id, "Polygon", square(x, 0), level_id="l1", **{"category": "room", **properties})


def opening(id: str, **properties: Any) -> Json:
    return feature(id, "LineString", [at(10, 4), at(10, 5)], level_id="l1", **properties)


def read(folder: Path, **files: list[Json]) -> Plan:
    files = {"level": [LEVEL], "building": [BUILDING], **files}
    (folder / "manifest.json").write_text('{"version": "1.0.0"}')
    for name, features in files.items():
        document = {"type": "FeatureCollection", "features": features}
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    (plan,) = floorplans.read([folder])
    return plan


def test_a_level_keeps_its_label_and_its_building(tmp_path: Path) -> None:
    plan = read(tmp_path, unit=[unit("u")])

    (level,) = plan.levels
    assert (level.key, level.ordinal, level.label, level.building) == ("l1", 0, "1", "b")
    assert plan.building_names == {"b": {"en": "Main", "zh-Hans": "主楼"}}
    assert plan.spaces[0].outline.area == pytest.approx(100, rel=0.001)


@pytest.mark.parametrize(
    ("own", "alt", "expected"),
    [
        ({"en": "Lab"}, {"en": "Alt"}, {"en": "Lab"}),
        (None, {"en": "Alt"}, {"en": "Tenant"}),
        ({"en": "input name here"}, None, {"en": "Tenant"}),
        ({"ru": "Test"}, None, {"en": "Tenant"}),
        ({"en": "Room "}, None, {"en": "Tenant"}),
    ],
)
def test_a_unit_is_named_by_itself_or_by_who_is_in_it(
    own: Json | None, alt: Json | None, expected: Json, tmp_path: Path
) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u", name=own, alt_name=alt)],
        anchor=[feature("a", "Point", at(5, 5), unit_id="u")],
        occupant=[feature("o", None, anchor_id="a", name={"en": "Tenant"}, category="shop")],
    )

    assert plan.spaces[0].names == expected
    assert plan.spaces[0].category == "shop"


def test_who_is_in_a_unit_of_another_name_is_a_point_of_its_own(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u", name={"en": "Hall 3"})],
        anchor=[feature("a", "Point", at(5, 5), unit_id="u")],
        occupant=[feature("o", None, anchor_id="a", name={"en": "Tenant"}, category="shop")],
    )

    assert [(point.names, point.category, point.level) for point in plan.points] == [
        ({"en": "Tenant"}, "shop", "l1")
    ]


def test_an_amenity_names_the_unit_it_is_in(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u")],
        amenity=[
            feature("a", "Point", at(5, 5), unit_ids=["u"], category="atm", name={"en": "ATM"})
        ],
    )

    assert plan.spaces[0].names == {"en": "ATM"}
    assert plan.spaces[0].category == "bank"
    assert plan.points == ()


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("walkway", "corridor"),
        ("stairs", "stairs"),
        ("elevator", "elevator"),
        ("escalator", "escalator"),
        ("ramp", "ramp"),
        ("opentobelow", "closed"),
        ("lobby", "hall"),
        ("office", "room"),
    ],
)
def test_a_category_says_what_a_unit_is(category: str, kind: str, tmp_path: Path) -> None:
    assert read(tmp_path, unit=[unit("u", category=category)]).spaces[0].kind == kind


def test_a_toilet_without_a_name_says_for_whom_it_is(tmp_path: Path) -> None:
    plan = read(tmp_path, unit=[unit("u", category="restroom.female")])

    assert plan.spaces[0].category == "toilet-women"
    assert plan.spaces[0].names["en"] == "Women's toilet"


def test_a_restricted_unit_is_restricted_but_never_a_whole_level(tmp_path: Path) -> None:
    level = {**LEVEL, "properties": {**LEVEL["properties"], "restriction": "employeesonly"}}

    plan = read(
        tmp_path,
        level=[level],
        unit=[
            unit("u"),
            unit("v", 10, restriction="restricted"),
            unit("w", 20, restriction="employeesonly"),
        ],
    )

    assert [space.access for space in plan.spaces] == ["public", "restricted", "staff"]
    assert count_by_code(plan.findings) == {"level-restriction-ignored": 1}


def test_openings_are_doors(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u"), unit("v", 10)],
        opening=[
            opening("o1", category="pedestrian", door={"type": "sliding", "automatic": True}),
            opening("o2", category="emergencyexit", door=None),
            opening("o3", category="pedestrian.principal", accessibility=["wheelchair"]),
        ],
    )

    assert [(d.kind, d.access, d.entrance, d.step_free) for d in plan.doors] == [
        ("automatic", "public", False, None),
        ("unknown", "restricted", False, None),
        ("unknown", "public", True, True),
    ]


def test_what_every_opening_says_is_a_default_and_not_believed(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u"), unit("v", 10)],
        opening=[opening("o1", category="automobile"), opening("o2", category="automobile")],
    )

    assert {door.access for door in plan.doors} == {"public"}
    assert count_by_code(plan.findings) == {"opening-category-ignored": 1}


def test_multi_geometries_are_taken_apart(tmp_path: Path) -> None:
    lines = [[at(10, 4), at(10, 5)], [at(10, 7), at(10, 8)]]

    plan = read(
        tmp_path,
        unit=[feature("u", "MultiPolygon", [square(0, 0), square(10, 0, 20)], level_id="l1")],
        opening=[feature("o", "MultiLineString", lines, level_id="l1")],
    )

    assert [space.key for space in plan.spaces] == ["u", "u#2"]
    assert [door.key for door in plan.doors] == ["o", "o#2"]


def test_anchors_are_no_printed_codes_and_unknown_files_are_passed_over(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u")],
        anchor=[feature("a", "Point", at(5, 5), unit_id="u")],
        weather=[feature("w", None)],
    )

    assert plan.anchors == ()
    assert [finding.where for finding in plan.findings] == ["weather.geojson"]


def test_a_zip_reads_as_its_folder_does(tmp_path: Path) -> None:
    folder = tmp_path / "imdf"
    folder.mkdir()
    unzipped = read(folder, unit=[unit("u"), unit("v", 10)], opening=[opening("o")])
    with zipfile.ZipFile(tmp_path / "imdf.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"venue/{path.name}")

    (plan,) = floorplans.read([tmp_path / "imdf.zip"])

    assert (plan.spaces, plan.doors) == (unzipped.spaces, unzipped.doors)


# The real campus


@pytest.fixture(scope="module")
def campus() -> Plan:
    if not CAMPUS.is_dir():
        pytest.skip(f"the real drawings are not here: {CAMPUS}")
    (plan,) = floorplans.read([CAMPUS])
    return plan


@pytest.mark.real_plans
def test_the_campus_has_all_its_units_and_openings(campus: Plan) -> None:
    kinds = [space.kind for space in campus.spaces]

    assert (len(campus.levels), len(campus.spaces), len(campus.doors)) == (8, 443, 472)
    assert (kinds.count("stairs"), kinds.count("elevator"), kinds.count("corridor")) == (59, 5, 29)


@pytest.mark.real_plans
def test_each_campus_building_keeps_its_own_ordinals(campus: Plan) -> None:
    by_building = {
        names["en"]: [level.ordinal for level in campus.levels if level.building == building]
        for building, names in campus.building_names.items()
    }

    assert by_building == {
        "Academic building №3": [1, 2, 3, 4, 5],
        "Main academic building": [0, 1, 2],
    }


@pytest.mark.real_plans
def test_the_campus_is_walkable_and_said_in_two_languages(campus: Plan) -> None:
    assert sum(space.access == "public" for space in campus.spaces) == 384
    assert {door.access for door in campus.doors} == {"public"}
    assert {language for space in campus.spaces for language in space.names} >= {"en", "ru"}
    assert not any(name.endswith(" ") for s in campus.spaces for name in s.names.values())
    assert len({space.level for space in campus.spaces if space.ref == "104"}) == 2


@pytest.mark.real_plans
def test_the_campus_owners_graph_is_not_mistaken_for_a_drawing(campus: Plan) -> None:
    passed_over = {f.where for f in campus.findings if f.code == "file-passed-over"}

    assert passed_over == {"attraction.geojson", "navPath.geojson", "navPathAssocieted.geojson"}
    assert campus.paths == ()
