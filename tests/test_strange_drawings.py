"""Drawings by people who never heard of navkit: what is read, and what is said of the rest."""

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import networkx
import pyproj
import pytest
from click.testing import CliRunner

import floorplans
from floorplans.filenames import said_by
from floorplans.restrictions import tags_that_restrict
from navkit.guide import Guide
from navkit.plan.plan import Plan
from navkit.route.profiles import profile
from navkit.venue.join import join
from navkit.venue.venue import Venue, load
from navkit.words.findings import Finding, NavkitError, PlanError
from tools.cli import main

DRAWINGS = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings"
CAMPUS = Path(__file__).parents[1].parent / "shared" / "floorplans" / "campus-imdf"

Json = dict[str, Any]


def case(name: str) -> Path:
    if not (DRAWINGS / name).exists():
        pytest.skip(f"needs {DRAWINGS / name}")
    return DRAWINGS / name


def venue_of(path: Path) -> Venue:
    return join(floorplans.read([path]))


def said(venue: Venue, code: str) -> list[Finding]:
    return [finding for finding in venue.findings if finding.code == code]


def box(x: float, y: float, wide: float, high: float, **properties: Any) -> Json:
    corners = [[x, y], [x + wide, y], [x + wide, y + high], [x, y + high], [x, y]]
    geometry = {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def dot(x: float, y: float, **properties: Any) -> Json:
    geometry = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def line(*points: tuple[float, float], **properties: Any) -> Json:
    geometry = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: Json) -> str:
    members = {"type": "FeatureCollection", "units": "m", "features": list(features)}
    return json.dumps(members, ensure_ascii=False)


def files(folder: Path, **content: str) -> Path:
    """Files of a folder; ``__`` in a name is a slash."""
    for name, text in content.items():
        file = folder / (name.replace("__", "/") + ".geojson")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


FLOOR = (
    box(0, 0, 20, 3, category="corridor", name="Corridor"),
    box(0, 3, 6, 5, category="room", name="Room"),
)


# Ids, and that what was written opens


@pytest.mark.process
@pytest.mark.parametrize("name", ["01-point-without-id", "01b-point-with-feature_id"])
def test_what_was_imported_opens(name: str, tmp_path: Path) -> None:
    out = tmp_path / "v.json"

    result = CliRunner().invoke(main, ["import", str(case(f"{name}.geojson")), "-o", str(out)])

    assert result.exit_code == 0, result.output
    assert all(place.id for place in load(out).places)


def test_a_named_point_without_an_id_gets_one_from_its_level_and_place() -> None:
    venue = venue_of(case("01-point-without-id.geojson"))

    assert len(venue.places) == 3
    assert [p.id for p in venue.places if p.names == {"": "First Aid"}] == ["0:x3y6"]


def test_two_points_with_one_id_are_two_places_and_told() -> None:
    venue = venue_of(case("01b-point-with-feature_id.geojson"))

    assert [p.id for p in venue.places if p.names == {"": "First Aid"}] == ["p1", "p1#2"]
    assert [finding.where for finding in said(venue, "duplicate-id")] == ["p1"]


def test_nothing_of_a_venue_has_an_empty_id(tmp_path: Path) -> None:
    nameless = [{**feature, "id": None} for feature in FLOOR]
    drawn = collection(
        *nameless,
        line((1, 1), (9, 1), type="path"),
        line((1, 2), (9, 2), type="path"),
        line((2, 3), (3, 3), type="door"),
        dot(4, 1, name="Help desk"),
        dot(4, 1, name="Help desk"),
    )

    venue = venue_of(files(tmp_path, **{"1F": drawn}))

    parts = (venue.spaces, venue.doors, venue.paths, venue.places)
    ids = [[thing.id for thing in part] for part in parts]
    assert all(of_part and all(of_part) and len(set(of_part)) == len(of_part) for of_part in ids)


def test_a_venue_that_does_not_open_is_an_error_and_the_earlier_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, out = files(tmp_path / "d", **{"1F": collection(*FLOOR)}), tmp_path / "v.json"
    out.write_text("the one before")
    monkeypatch.setattr("tools.cli.written", lambda venue: b'{"format": "navkit-venue"}')

    result = CliRunner().invoke(main, ["import", str(drawing), "-o", str(out)])

    assert result.exit_code != 0
    assert out.read_text() == "the one before"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["v.json"]


# Folders, archives, and JSON that is nearly JSON


def test_folders_are_read_at_any_depth() -> None:
    venue = venue_of(case("03-deep"))

    rooms = [space for space in venue.spaces if space.id in ("C", "R1", "C2", "R2")]
    assert len(rooms) == 4
    assert sorted({venue.level_by_id[s.level].label for s in rooms}) == ["1F", "2F"]


def test_zips_in_a_folder_and_in_a_zip_are_folders(tmp_path: Path) -> None:
    inner = tmp_path / "2F.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("rooms.geojson", collection(*FLOOR))
    folder = files(tmp_path / "house", **{"1F__rooms": collection(*FLOOR)})
    (folder / "2F.zip").write_bytes(inner.read_bytes())
    with zipfile.ZipFile(tmp_path / "house.zip", "w") as archive:
        archive.write(inner, "floors/2F.zip")
        archive.writestr("floors/1F/rooms.geojson", collection(*FLOOR))

    for given in (folder, tmp_path / "house.zip"):
        assert [level.label for level in venue_of(given).levels] == ["1F", "2F"]


class _OfWindows(zipfile.ZipInfo):
    """An entry whose name is in the encoding of a Chinese Windows, and not marked as UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def test_names_in_a_zip_made_by_windows_in_chinese_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for storey in ("一层", "二层"):
            archive.writestr(_OfWindows(f"门诊楼/{storey}/房间.geojson"), collection(*FLOOR))

    venue = venue_of(tmp_path / "a.zip")

    assert [level.label for level in venue.levels] == ["一层", "二层"]


def test_commas_and_comments_that_do_not_belong_in_json_are_told() -> None:
    venue = venue_of(case("09-trailing-comma.geojson"))

    (finding,) = said(venue, "json-mended")
    assert finding.slots == {"commas": "1", "comments": "1", "line": "2"}
    assert [space.id for space in venue.spaces] == ["A"]


def test_what_looks_like_a_comment_in_a_name_stays(tmp_path: Path) -> None:
    room = box(0, 0, 9, 5, type="room", name='Lab // 2, ] "x" /* , */')
    (tmp_path / "1F.geojson").write_text(collection(room).replace("]}", ",]}"))

    venue = venue_of(tmp_path)

    assert venue.spaces[0].names == {"": 'Lab // 2, ] "x" /* , */'}


def test_json_that_cannot_be_mended_is_refused_with_line_and_words(tmp_path: Path) -> None:
    (tmp_path / "1F.geojson").write_text('{"type": "FeatureCollection",\n "features": [{x: 1}]}')

    with pytest.raises(PlanError) as refused:
        venue_of(tmp_path)

    assert refused.value.finding.slots["line"] == "2"
    assert "{x: 1}" in refused.value.finding.text("en")


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16"])
def test_a_drawing_in_another_encoding_is_read_and_told(encoding: str, tmp_path: Path) -> None:
    names = ["掛號處", "急診醫學科", "藥局"] if encoding == "big5" else ["挂号处", "急诊科", "药房"]
    rooms = [box(9 * i, 0, 9, 5, type="room", name=name) for i, name in enumerate(names)]
    (tmp_path / "1F.geojson").write_bytes(collection(*rooms).encode(encoding))

    venue = venue_of(tmp_path)

    assert [space.names[""] for space in venue.spaces] == names
    assert [f.slots["encoding"] for f in said(venue, "encoding-guessed")] == [encoding.upper()]


def test_names_that_were_garbled_before_are_told(tmp_path: Path) -> None:
    wrong = "Café".encode().decode("cp1252")
    rooms = [
        box(0, 0, 9, 5, level="0", name="门诊", id="a"),
        box(9, 0, 9, 5, level="0", name=wrong),
    ]

    venue = venue_of(files(tmp_path, plan=collection(*rooms)))

    assert [f.slots["count"] for f in said(venue, "name-garbled")] == ["1"]


# What names of files and folders say


def test_a_walkable_area_is_the_corridor_of_its_floor() -> None:
    venue = venue_of(case("05-walkable"))

    assert [space.kind for space in venue.spaces if space.id == "w"] == ["corridor"]
    assert {d.spaces for d in venue.doors} == {(room, "w") for room in ("a", "b", "s", "c")}


def test_shapes_without_any_word_are_read_by_the_names_of_their_files() -> None:
    venue = venue_of(case("16-raw-qgis"))

    assert (len(venue.spaces), len(venue.doors), len(venue.levels)) == (3, 2, 1)
    assert all("" not in door.spaces for door in venue.doors)
    assert len(said(venue, "level-assumed")) == 1


@pytest.mark.parametrize(
    ("rooms", "corridor", "doors", "walls"),
    [("rooms", "corridors", "doors", "walls"), ("房间", "走廊", "门", "墙")],
)
def test_layers_of_a_drawing_program_are_what_their_files_are_called(
    rooms: str, corridor: str, doors: str, walls: str, tmp_path: Path
) -> None:
    layers = {
        rooms: collection(box(0, 3, 6, 5), box(6, 3, 6, 5)),
        corridor: collection(box(0, 0, 12, 3)),
        doors: collection(line((2, 3), (3, 3)), line((8, 3), (9, 3))),
        walls: collection(line((0, 3), (2, 3)), line((3, 3), (8, 3))),
    }

    venue = venue_of(files(tmp_path, **{f"2F__{name}": text for name, text in layers.items()}))

    assert sorted(space.kind for space in venue.spaces) == ["corridor", "room", "room"]
    assert len([door for door in venue.doors if not door.guessed]) == 2
    assert [level.label for level in venue.levels] == ["2F"]
    assert [f.slots for f in said(venue, "storey-from-name")] == [
        {"level": "2f", "name": "2F/", "count": "7"}
    ]


@pytest.mark.parametrize(
    ("names", "buildings", "labels"),
    [
        (["门诊楼/一层", "门诊楼/二层", "住院楼/一层"], {"门诊楼", "住院楼"}, {"一层", "二层"}),
        (["a/floors/1F/rooms", "b/floors/1F/rooms"], {"a", "b"}, {"1F"}),
        (["rooms/1F", "corridors/1F", "rooms/2F"], {""}, {"1F", "2F"}),
        (["plans/1", "plans/2", "plans/-1"], {""}, {"1", "2", "-1"}),
        (["Block A/1F", "Block A/2F"], {"Block A"}, {"1F", "2F"}),
    ],
)
def test_floors_and_buildings_are_taken_from_folders(
    names: list[str], buildings: set[str], labels: set[str], tmp_path: Path
) -> None:
    drawn = collection(box(0, 0, 20, 3, category="corridor"), box(0, 3, 6, 5, category="room"))

    venue = venue_of(files(tmp_path, **{name.replace("/", "__"): drawn for name in names}))

    assert {level.building for level in venue.levels} == buildings
    assert {level.label for level in venue.levels} == labels
    told = {f.slots["building"] for f in said(venue, "building-from-folder")}
    assert told == buildings - {""}


# Grids and units


WUHAN, NEW_YORK = (114.3, 30.58), (-73.95, 40.8)


@pytest.mark.parametrize(
    ("crs", "named", "at", "swapped"),
    [
        ("EPSG:4547", "urn:ogc:def:crs:EPSG::4547", WUHAN, False),
        ("EPSG:4547", "CGCS2000 / 3-degree Gauss-Kruger CM 114E", WUHAN, False),
        ("EPSG:4547", "EPSG:4547", WUHAN, True),
        ("EPSG:4526", "4526", WUHAN, False),
        ("EPSG:32650", "http://www.opengis.net/def/crs/EPSG/0/32650", WUHAN, False),
        ("EPSG:3857", "EPSG:900913", WUHAN, False),
        ("EPSG:2263", "EPSG:2263", NEW_YORK, False),
        ("EPSG:4547", ".prj", WUHAN, False),
    ],
)
def test_a_drawing_in_any_grid_is_the_one_in_degrees(
    crs: str, named: str, at: tuple[float, float], swapped: bool, tmp_path: Path
) -> None:
    lon, lat = at
    room = [(lon, lat), (lon + 3e-4, lat), (lon + 3e-4, lat + 1e-4), (lon, lat + 1e-4), (lon, lat)]
    grid = pyproj.CRS.from_user_input(crs)
    placed = pyproj.Transformer.from_crs("OGC:CRS84", grid, always_xy=True)
    x, y = placed.transform([corner[0] for corner in room], [corner[1] for corner in room])
    ring = [[b, a] if swapped else [a, b] for a, b in zip(x, y, strict=True)]

    def drawn(folder: Path, ring: Any, **members: Any) -> Plan:
        folder.mkdir()
        geometry = {"type": "Polygon", "coordinates": [ring]}
        feature = {"type": "Feature", "id": "A", "geometry": geometry, "properties": {"level": "0"}}
        document = {"type": "FeatureCollection", "features": [feature], **members}
        (folder / "plan.geojson").write_text(json.dumps(document))
        if named == ".prj":
            (folder / "plan.prj").write_text(grid.to_wkt("WKT1_ESRI"))
        return floorplans.read([folder])[0]

    member = {"type": "name", "properties": {"name": named}}
    found = drawn(tmp_path / "grid", ring, **({} if named == ".prj" else {"crs": member}))
    right = drawn(tmp_path / "degrees", [list(corner) for corner in room])

    assert found.frame == right.frame
    assert found.spaces[0].outline.hausdorff_distance(right.spaces[0].outline) < 0.01
    assert [f.code for f in found.findings] == ["grid-read"]


def test_a_grid_elsewhere_is_not_believed(tmp_path: Path) -> None:
    member = {"type": "name", "properties": {"name": "EPSG:4547"}}
    document = json.loads(collection(*(box(x, 0, 9, 9, level="0") for x in (0, 9))))
    del document["units"]
    (tmp_path / "plan.geojson").write_text(json.dumps({**document, "crs": member}))

    (plan,) = floorplans.read([tmp_path])

    assert [f.code for f in plan.findings] == ["crs-contradicts-numbers"]
    assert plan.frame is None


def test_feet_and_millimetres_that_are_named_are_read(tmp_path: Path) -> None:
    for unit, across in (("ft", 30 / 0.3048), ("mm", 30_000.0)):
        document = json.loads(collection(box(0, 0, across, across, level="0", name="A")))
        (tmp_path / "1F.geojson").write_text(json.dumps({**document, "units": unit}))

        (plan,) = floorplans.read([tmp_path])

        assert plan.spaces[0].outline.area == pytest.approx(900)


def test_sites_in_several_cities_are_refused_with_where_they_are(tmp_path: Path) -> None:
    rooms = [box(x, y, 3e-4, 3e-4, level="0") for x, y in (WUHAN, WUHAN, NEW_YORK)]
    document = json.loads(collection(*rooms))
    del document["units"]
    (tmp_path / "1F.geojson").write_text(json.dumps(document))

    with pytest.raises(PlanError) as refused:
        floorplans.read([tmp_path])

    assert refused.value.finding.code == "several-sites"
    assert "114.30015, 30.58015 (2)" in refused.value.finding.text("en")
    assert "-73.94985, 40.80015 (1)" in refused.value.finding.text("en")


# Who may use it, and when


THINGS = {
    "space": box(0, 3, 6, 5, type="room", name="Room", level="0"),
    "door": line((2, 3), (3, 3), type="door", level="0"),
    "path": line((1, 1), (9, 1), type="path", level="0"),
}


def with_said(thing: str, **said: Any) -> str:
    """A floor of a corridor, a room, a door and a path, of which one says more."""
    corridor = box(0, 0, 20, 3, type="corridor", level="0")
    drawn = [
        {**one, "id": name, "properties": {**one["properties"], **(said if name == thing else {})}}
        for name, one in THINGS.items()
    ]
    return collection(corridor, *drawn)


@pytest.mark.parametrize("thing", THINGS)
def test_every_property_that_restricts_is_obeyed_or_named(thing: str, tmp_path: Path) -> None:
    """Each with a value that nobody has foreseen."""
    for tag, row in tags_that_restrict("geojson").items():
        if not {thing, "*"}.isdisjoint(row["on"]) and "*" not in row.get("fine", []):
            (tmp_path / "plan.geojson").write_text(with_said(thing, **{tag: "xyzzy"}))

            (plan,) = floorplans.read([tmp_path])

            found = [f.slots["tag"] for f in plan.findings if f.code == "restriction-unread"]
            assert found == [tag.casefold()]
            assert [
                one.unverified
                for one in (*plan.spaces, *plan.doors, *plan.paths)
                if one.key == thing
            ] == [True], tag


@pytest.mark.parametrize(
    ("thing", "said", "fact", "value"),
    [
        ("door", {"access": "staff only"}, "access", "staff"),
        ("door", {"locked": True}, "access", "staff"),
        ("door", {"width": "80 cm"}, "width_m", 0.8),
        ("door", {"wheelchair": "no"}, "step_free", False),
        ("door", {"开放时间": "周一至周五 8:00-17:00"}, "hours", "Mo-Fr 08:00-17:00"),
        ("space", {"权限": "内部"}, "access", "staff"),
        ("space", {"public": False}, "access", "staff"),
        ("space", {"opening_hours": "Mo-Fr 08:00-12:00"}, "service_hours", "Mo-Fr 08:00-12:00"),
        ("path", {"oneway": "yes"}, "oneway", True),
        ("path", {"slope": "8%"}, "slope", 0.08),
    ],
)
def test_a_restriction_that_is_understood_is_obeyed(
    thing: str, said: Json, fact: str, value: object, tmp_path: Path
) -> None:
    (tmp_path / "plan.geojson").write_text(with_said(thing, **said))

    (plan,) = floorplans.read([tmp_path])

    (found,) = (
        getattr(one, fact) for one in (*plan.spaces, *plan.doors, *plan.paths) if one.key == thing
    )
    assert getattr(found, "text", found) == value
    assert "restriction-unread" not in {finding.code for finding in plan.findings}


# IMDF


def test_placeholders_are_told_and_an_amenity_says_what_its_unit_is() -> None:
    venue = venue_of(case("18-imdf-placeholders"))

    assert {f.where.rpartition(", ")[2] for f in said(venue, "unnamed-place")} == {"c", "a"}
    assert {str(f.slots["text"]) for f in said(venue, "name-placeholder")} == {
        "input name here",
        "Test",
    }
    assert [place.id for place in venue.places if place.category == "toilet"] == ["w"]


def test_a_door_a_little_off_leads_straight_on_and_names_tell_what_a_room_is() -> None:
    venue = venue_of(case("19-imdf-gap"))

    (finding,) = said(venue, "door-over-gap")
    assert (finding.slots["near"], finding.slots["gap"]) == ("c", "0.9")
    assert _is_way(Guide(venue), "Food Court", "Main Reception")
    assert {place.category for place in venue.places if place.id in ("p", "r")} == {
        "pharmacy",
        "reception",
    }


@pytest.mark.parametrize(("gap_m", "code"), [(1.3, "door-over-gap"), (3.0, "door-gap")])
def test_of_a_wider_gap_the_nearest_space_is_named(gap_m: float, code: str, tmp_path: Path) -> None:
    room = box(0, 3 + gap_m, 6, 5, type="room", name="Room", level="0")
    door = line((2, 3 + gap_m), (3, 3 + gap_m), type="door", level="0")
    corridor = box(0, 0, 20, 3, type="corridor", name="Corridor", level="0")

    venue = venue_of(files(tmp_path, plan=collection(corridor, room, door)))

    (finding,) = said(venue, code)
    assert finding.slots["gap"] == f"{gap_m:.1f}"


def test_of_a_door_metres_off_the_nearest_space_is_named(tmp_path: Path) -> None:
    room = box(0, 3, 6, 5, type="room", name="Room", level="0", id="R")
    door = line((2, 12), (3, 12), type="door", level="0", id="D")

    venue = venue_of(files(tmp_path, plan=collection(room, door)))

    (finding,) = said(venue, "door-off")
    assert (finding.where, finding.slots) == ("0, D", {"near": "R", "gap": "4.0"})


@pytest.mark.parametrize(
    ("west", "east", "leads_to"),
    [
        # Only one level of the other house is there.
        (("2F",), ("B1",), "B1"),
        # Of several the one with the same label.
        (("2F",), ("1F", "2F", "3F"), "2F"),
        # Of several the one that has its own door there, whatever it is called.
        (("1F",), ("B1", "1F", "2F door"), "2F"),
    ],
)
def test_a_door_between_two_buildings_joins_the_level_that_is_meant(
    west: tuple[str, ...], east: tuple[str, ...], leads_to: str, tmp_path: Path
) -> None:
    def floor(x: float, building: str, level: str, door: bool) -> list[Json]:
        said = {"building": building, "level": level.removesuffix(" door")}
        name = f"{building} {said['level']}"
        shapes = [box(x, 0, 20, 3, type="corridor", name=name, **said)]
        return shapes + [line((20, 1), (20, 2), type="door", **said)] * door

    drawn = [shape for label in west for shape in floor(0, "west", label, True)]
    for label in east:
        drawn += floor(20.4, "east", label, "door" in label)

    venue = venue_of(files(tmp_path, plan=collection(*drawn)))

    labels = {space.id: venue.level_by_id[space.level].label for space in venue.spaces}
    joined = [{labels[one] for one in door.spaces} for door in venue.doors if all(door.spaces)]
    assert joined
    assert all(pair == {west[0], leads_to} for pair in joined)
    assert len(said(venue, "door-to-other-building")) == len(joined)


def test_hours_locks_and_other_names_of_imdf_are_kept() -> None:
    folder = DRAWINGS.parent / "reports" / "48-imdf-hours-access-control" / "imdf"
    if not folder.exists():
        pytest.skip(f"needs {folder}")
    venue = venue_of(folder)

    places = {place.names["en"]: place for place in venue.places}
    pharmacy, desk = places["Night Pharmacy"], places["Help desk"]
    assert (pharmacy.hours.text, pharmacy.phone) == ("Mo-Fr 08:00-12:00", "+86 27 5550 1")
    assert (desk.hours.text, desk.phone) == ("Mo-Fr 09:00-10:00", "123")
    assert (desk.aliases, places["Alpha"].aliases) == (("Concierge",), ("Xray",))
    assert len(said(venue, "validity-limited")) == 1
    assert {door.access for door in venue.doors if not door.entrance} == {"staff", "restricted"}
    route = Guide(venue).route("Main", "Night Pharmacy", profile("walk"), "2026-03-03T22:00")
    closed = [notice.text for notice in Guide(venue).tell(route, "en").notices]
    assert closed == ["the Night Pharmacy is closed at this time"]


# Drawn networks


def test_edges_of_a_drawn_network_are_ways_and_its_junctions_no_places() -> None:
    venue = venue_of(case("27-nodes-and-edges"))

    assert [place.names[""] for place in venue.places] == ["Ultrasound"]
    assert [path.points for path in venue.paths] == [((4, 4), (8, 4), (12, 4))]
    assert {door.spaces for door in venue.doors} == {("0:x4y4", ""), ("0:x12y4", "")}


def test_a_network_alone_is_enough_for_a_route(tmp_path: Path) -> None:
    nodes = [
        dot(0, 0, id="entry", type="entrance", name="Main entrance", floor="1F"),
        dot(20, 0, id="j1", type="junction", floor="1F"),
        dot(20, 9, id="p", type="dept", name="Pharmacy", floor="1F"),
        dot(30, 0, id="s1", type="stairs", name="Stairs A", floor="1F"),
        dot(30, 6, id="s2", type="stairs", name="Stairs A", floor="2F"),
        dot(40, 6, id="x", type="dept", name="X-ray", floor="2F"),
    ]
    pairs = [("entry", "j1"), ("j1", "p"), ("j1", "s1"), ("s1", "s2"), ("s2", "x")]
    edges = [{**line((0, 0), (1, 1), source=a, target=b), "geometry": None} for a, b in pairs]
    lost = {**line((0, 0), (1, 1), source="x", target="gone"), "geometry": None}

    venue = venue_of(files(tmp_path, graph=collection(*nodes, *edges, lost)))
    route = Guide(venue).route("Pharmacy", "X-ray", profile("walk"))

    places = sorted(place.names[""] for place in venue.places)
    assert places == ["Main entrance", "Pharmacy", "X-ray"]
    assert [door.names[""] for door in venue.doors if door.entrance] == ["Main entrance"]
    assert Guide(venue).route("Main entrance", "X-ray", profile("walk")).length_cm > 3000
    # 9 + 10 m on the ground floor, 6 m along the stairs and 10 m above, door to door.
    assert 2700 < route.length_cm < 4500
    assert said(venue, "graph-edge-lost")[0].slots["count"] == "1"


def test_a_lift_of_a_drawn_network_is_ridden_and_edges_have_the_level_of_their_nodes(
    tmp_path: Path,
) -> None:
    nodes = [
        dot(0, 0, id="p", 类型="科室", 名称="内科", 楼层="1F"),
        dot(20, 0, id="l1", 类型="电梯", 名称="1号电梯", 楼层="1F"),
        dot(20, 0, id="l2", 类型="电梯", 名称="1号电梯", 楼层="2F"),
        dot(30, 0, id="x", 类型="科室", 名称="放射科", 楼层="2F"),
    ]
    edges = [
        line((0, 0), (20, 0), 起点="p", 终点="l1"),
        line((20, 0), (20, 0.1), 起点="l1", 终点="l2"),
        line((20, 0), (30, 0), 起点="l2", 终点="x"),
    ]

    venue = venue_of(files(tmp_path, net=collection(*nodes, *edges)))

    (lift,) = venue.connectors
    assert (lift.kind, lift.stops, lift.names[""]) == ("elevator", ("l1", "l2"), "1号电梯")
    assert _is_way(Guide(venue), "内科", "放射科")
    assert not said(venue, "level-missing")


def test_the_ways_between_the_buildings_of_a_campus_are_read() -> None:
    """The oracle is the owners' own network; of it the import uses the part outdoors only."""
    if not CAMPUS.exists():
        pytest.skip(f"needs {CAMPUS}")

    def features(name: str) -> list[Json]:
        read = json.loads((CAMPUS / f"{name}.geojson").read_text(encoding="utf-8"))
        found: list[Json] = read["features"]
        return found

    owners: Any = networkx.Graph()
    for node in features("navPath"):
        owners.add_edges_from((node["id"], other) for other in node["properties"]["neighbours"])
    joined = max(networkx.connected_components(owners), key=len)
    links = [link["properties"] for link in features("navPathAssocieted")]
    told = {link["associeted_id"] for link in links if link["pathNode_id"] in joined}
    units = {a["id"]: a["properties"]["unit_id"] for a in features("anchor")}
    rooms = {units[o["properties"]["anchor_id"]] for o in features("occupant") if o["id"] in told}

    venue = venue_of(CAMPUS)
    places = sorted(place.id for place in venue.places if set(place.spaces) & rooms)
    guide, chance = Guide(venue), random.Random(7)
    pairs = [chance.sample(places, 2) for _ in range(120)]
    ways = sum(_is_way(guide, start, goal) for start, goal in pairs)

    assert len(places) > 0.95 * len(rooms) > 200
    assert ways >= 0.95 * len(pairs)


def _is_way(guide: Guide, start: str, goal: str) -> bool:
    try:
        guide.route(start, goal, profile("walk"))
    except NavkitError:
        return False
    return True


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        (["void-in-hall"], [None]),
        (["1F/rooms", "1F/walkable"], ["room", "corridor"]),
        (["hospital_1F_rooms", "hospital_1F_corridors"], ["room", "corridor"]),
        (["门诊楼/1F/走廊", "门诊楼/1F/房间"], ["corridor", "room"]),
        (["一层走廊", "住院部楼梯"], ["corridor", "stairs"]),
        (["corridors/1F", "rooms/1F"], ["corridor", "room"]),
        (["kiosk-in-lobby", "office stairs"], [None, None]),
        (["rooms and corridors", "walls"], [None, None]),
    ],
)
def test_a_file_says_what_its_areas_are_only_if_its_name_says_nothing_else(
    names: list[str], kinds: list[str | None]
) -> None:
    said_by_name = said_by([f"{name}.geojson" for name in names])

    assert [one.kind and one.kind.kind for one in said_by_name.values()] == kinds


def test_what_a_room_is_called_may_say_that_it_is_not_for_visitors(tmp_path: Path) -> None:
    for_staff = ["医生通道", "药房（仅限员工）", "Lab (staff only)", "医用电梯（污物）"]
    for_all = ["走廊", "Staff canteen", "客梯", "天井"]
    rooms = dict.fromkeys(for_staff, "staff") | dict.fromkeys(for_all, "public")
    features = [box(6 * n, 0, 6, 4, name=name) for n, name in enumerate(rooms)]
    file = tmp_path / "plan.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))

    venue = venue_of(file)

    assert {next(iter(s.names.values())): s.access for s in venue.spaces} == rooms
    kinds = {next(iter(s.names.values())): s.kind for s in venue.spaces}
    assert (kinds["客梯"], kinds["天井"], kinds["医生通道"]) == ("elevator", "closed", "corridor")
    assert [f.slots["count"] for f in said(venue, "staff-by-name")] == ["4"]
