"""Apple's IMDF: labels by language, occupants behind anchors, openings on shared edges."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import floorplans
from floorplans.restrictions import tags_that_restrict
from navkit.plan.plan import Plan
from navkit.venue.join import join
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


def exit_at(id: str, x: float, y: float, category: str | None = "emergencyexit") -> Json:
    """An opening of a metre, along the wall above or below."""
    line = [at(x, y), at(x + 1, y)]
    return feature(id, "LineString", line, level_id="l1", category=category)


@pytest.mark.parametrize("category", ["pedestrian", None, "emergencyexit"])
def test_no_route_uses_an_emergency_exit(category: str | None, tmp_path: Path) -> None:
    """Also where it is the only opening that is drawn. Between the rooms is another way round."""
    halls = [unit(name, 10 * n, category="walkway") for n, name in enumerate("uv")]
    openings = [exit_at("x", 4, 0)]
    if category != "emergencyexit":
        openings += [opening("inside", category=category), exit_at("way", 14, 0, category)]

    plan = read(tmp_path, unit=halls, opening=openings)

    venue = join([plan])
    (exit_,) = (door for door in venue.doors if door.id == "x")
    told = next(f for f in venue.findings if f.code == "emergency-exit")
    assert (exit_.access, exit_.entrance, exit_.spaces[1]) == ("restricted", False, "")
    assert "x" in told.text("en") and told.severity == "note"
    assert not [f for f in venue.findings if f.where.endswith(", x")]
    assert not [place for place in venue.places if place.door == "x"]


def test_where_every_inner_opening_is_an_emergency_exit_it_is_a_default(tmp_path: Path) -> None:
    openings = [opening("o", category="emergencyexit"), exit_at("x", 4, 0)]

    plan = read(tmp_path, unit=[unit("u"), unit("v", 10)], opening=openings)

    assert {door.access for door in plan.doors} == {"public"}
    assert "opening-category-ignored" in count_by_code(plan.findings)


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


# Who may use it, and when


@pytest.mark.parametrize(
    ("said", "access"),
    [
        ({"access_control": ["badgereader"]}, "staff"),
        ({"access_control": ["guard", "outofservice"]}, "restricted"),
        ({"access_control": None}, "public"),
        ({"access_control": ["none"]}, "public"),
        ({"door": {"type": "swinging", "locked": True}}, "staff"),
    ],
)
def test_a_door_with_a_lock_is_not_for_visitors(said: Json, access: str, tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u"), unit("v", 10)],
        opening=[opening("o", category="pedestrian", **said)],
    )

    assert [door.access for door in plan.doors] == [access]


def test_every_property_that_restricts_is_obeyed_or_named(tmp_path: Path) -> None:
    """Each with a value that nobody has foreseen; a starred list would take it as harmless."""
    for number, (tag, row) in enumerate(sorted(tags_that_restrict("imdf").items())):
        folder = tmp_path / str(number)
        folder.mkdir()
        outer, _, inner = tag.partition(":")
        said: Json = {outer: {inner: "xyzzy"} if inner else "xyzzy"}
        for thing, files in {
            "space": {"unit": [unit("u", **said), unit("v", 10)], "opening": [opening("o")]},
            "door": {"unit": [unit("u"), unit("v", 10)], "opening": [opening("o", **said)]},
        }.items():
            restricts = thing in row["on"] or "*" in row["on"]
            if restricts and "*" not in row.get("fine", []):
                plan = read(folder, **files)
                things = plan.spaces if thing == "space" else plan.doors
                assert count_by_code(plan.findings)["restriction-unread"] == 1, tag
                assert any(one.unverified for one in things), tag


def test_what_is_not_public_is_for_staff(tmp_path: Path) -> None:
    plan = read(tmp_path, unit=[unit("u", category="nonpublic"), unit("v", 10)])

    assert [space.access for space in plan.spaces] == ["staff", "public"]


def test_an_occupant_keeps_its_hours_telephone_and_other_name(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u")],
        anchor=[feature("a", "Point", at(5, 5), unit_id="u")],
        occupant=[
            feature(
                *("o", None),
                **{"anchor_id": "a", "name": {"en": "Night Pharmacy"}, "category": "pharmacy"},
                **{"alt_name": {"en": "Chemist"}, "phone": "+86 27 5550 1"},
                **{"hours": "Mo-Fr 08:00-12:00", "validity": {"start": "2026", "end": "2027"}},
            )
        ],
    )

    (place,) = join([plan]).places
    assert (place.id, place.names, place.category) == ("u", {"en": "Night Pharmacy"}, "pharmacy")
    assert (place.hours.text, place.phone) == ("Mo-Fr 08:00-12:00", "+86 27 5550 1")
    assert place.aliases == ("Chemist",)
    assert count_by_code(plan.findings) == {"validity-limited": 1}


# What a unit is


def test_a_name_wins_over_a_category_that_contradicts_it(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[
            unit("u", category="foodservice", name={"en": "Outpatients Pharmacy"}),
            unit("v", 10, category="office", name={"zh-Hans": "门诊药房"}),
            unit("w", 20, category="restroom.male", name={"en": "Toilet"}),
            unit("x", 30, category="foodservice", name={"en": "Blue Moon"}),
        ],
    )

    found = [space.category for space in plan.spaces]
    assert found == ["pharmacy", "pharmacy", "toilet-men", "restaurant"]
    assert count_by_code(plan.findings) == {"name-against-category": 2}


def test_an_amenity_never_names_a_walkway_or_a_named_room(tmp_path: Path) -> None:
    desk = feature("a", "Point", at(5, 5), unit_ids=["u"], category="information", name={"en": "I"})
    plan = read(
        tmp_path,
        unit=[unit("u", category="walkway"), unit("v", 10, name={"en": "Café"}, category="room")],
        amenity=[desk, feature("b", "Point", at(15, 5), unit_ids=["v"], category="restroom")],
    )

    assert [(s.kind, s.names, s.category) for s in plan.spaces] == [
        ("corridor", {}, ""),
        ("room", {"en": "Café"}, "cafe"),
    ]
    assert [(p.key, p.category) for p in plan.points] == [("a", "reception"), ("b", "toilet")]


def test_an_amenity_says_what_a_nameless_unit_is(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        unit=[unit("u", category="office"), unit("v", 10, category="unspecified")],
        amenity=[
            feature("a", "Point", at(5, 5), unit_ids=["u"], category="restroom"),
            # It names no unit, and lies in one.
            feature("b", "Point", at(15, 5), unit_ids=None, category="elevator"),
        ],
    )

    assert [(s.kind, s.category) for s in plan.spaces] == [
        ("room", "toilet"),
        ("elevator", "elevator"),
    ]


@pytest.mark.parametrize("text", ["Test", "test 2", "Unnamed", "TBD", "xxx", "input name here"])
def test_a_placeholder_is_no_name_and_is_told(text: str, tmp_path: Path) -> None:
    plan = read(tmp_path, unit=[unit("u", name={"en": text})])

    assert plan.spaces[0].names == {}
    assert [f.slots["text"] for f in plan.findings if f.code == "name-placeholder"] == [text]


def test_relationships_join_stairs_and_lifts_over_floors(tmp_path: Path) -> None:
    upper = feature("l2", None, ordinal=1, short_name={"en": "2"}, building_ids=["b"])
    high = feature("v", "Polygon", square(90, 0), level_id="l2", category="elevator")
    ends = {"origin": {"id": "u", "feature_type": "unit"}}
    ends["destination"] = {"id": "v", "feature_type": "unit"}

    plan = read(
        tmp_path,
        level=[LEVEL, upper],
        unit=[unit("u", category="elevator"), high],
        relationship=[feature("r", None, category="elevator", direction="undirected", **ends)],
    )

    assert len({space.connector for space in plan.spaces}) == 1
    assert plan.spaces[0].connector


def test_a_broken_file_that_nobody_walks_by_loses_that_file_only(tmp_path: Path) -> None:
    read(tmp_path, unit=[unit("u"), unit("v", 10)], opening=[opening("o")])
    (tmp_path / "amenity.geojson").write_text('{"type": "FeatureCollection", "features": [{x}]}')

    (plan,) = floorplans.read([tmp_path])

    assert [(f.code, f.where) for f in plan.findings] == [("file-lost", "amenity.geojson")]
    assert (len(plan.spaces), len(plan.doors)) == (2, 1)


def test_a_level_without_an_ordinal_has_the_one_of_its_label(tmp_path: Path) -> None:
    upper = feature("l2", None, short_name={"en": "2F"}, building_ids=["b"])
    lower = feature("l1", None, short_name={"en": "1F"}, building_ids=["b"])

    plan = read(tmp_path, level=[upper, lower], unit=[unit("u")])

    assert {level.label: level.ordinal for level in plan.levels} == {"1F": 0, "2F": 1}
    assert count_by_code(plan.findings) == {"level-ordinal-guessed": 2}


def test_an_amenity_in_no_unit_goes_into_no_unit_without_an_id(tmp_path: Path) -> None:
    far = feature("a", "Point", at(500, 500), unit_ids=None, category="atm", name={"en": "ATM"})
    nameless = {**unit("u"), "id": None}

    plan = read(tmp_path, unit=[nameless], amenity=[far])

    assert [(s.names, s.category) for s in plan.spaces] == [({}, "")]
    assert count_by_code(plan.findings) == {"stands-in-no-unit": 1}


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
    drawn = [level for level in campus.levels if level.building]
    openings = [door for door in campus.doors if not door.entrance]

    assert (len(drawn), len(campus.spaces), len(openings)) == (8, 443, 472)
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
def test_of_the_campus_owners_network_only_the_ways_outdoors_are_read(campus: Plan) -> None:
    passed_over = {f.where for f in campus.findings if f.code == "file-passed-over"}

    assert passed_over == {"attraction.geojson", "navPathAssocieted.geojson"}
    assert {level for path in campus.paths for level in path.levels} == {"outdoors"}
    # One way into each of the two buildings.
    assert len([door for door in campus.doors if door.entrance]) == 2
