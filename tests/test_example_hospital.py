"""The made-up hospital is drawn as hospitals are built, and its drawings are consistent."""

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, Point, STRtree
from shapely.geometry import shape

pytestmark = pytest.mark.process

HOSPITAL = Path(__file__).parents[1] / "examples" / "hospital"
WALKED = {"corridor", "hall", "ramp", "outdoor"}
SHAFTS = {"stairs", "elevator", "escalator", "ramp"}
WARD_FLOORS = range(4, 14)

Feature = dict[str, Any]


def draw(folder: Path) -> Path:
    subprocess.run([sys.executable, str(HOSPITAL / "draw.py"), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw(tmp_path_factory.mktemp("hospital"))


@pytest.fixture(scope="module")
def features(drawn: Path) -> list[Feature]:
    files = sorted((drawn / "plans").glob("*.geojson"))
    return [feature for file in files for feature in json.loads(file.read_text())["features"]]


@pytest.fixture(scope="module")
def changes(drawn: Path) -> list[Feature]:
    text = json.loads((drawn / "corrections.json").read_text(encoding="utf-8"))
    assert text["navkit-corrections"] == 1
    return list(text["changes"])


@pytest.fixture(scope="module")
def directory(drawn: Path) -> list[dict[str, str]]:
    text = (drawn / "directory.csv").read_bytes().decode("gb18030")
    return list(csv.DictReader(text.splitlines()))


def of_type(features: list[Feature], kind: str) -> dict[str, Feature]:
    return {one["id"]: one for one in features if one["properties"]["type"] == kind}


def on_level(spaces: Mapping[str, Feature], level: str) -> list[Feature]:
    return [space for space in spaces.values() if space["properties"]["level"] == level]


def mended(features: list[Feature], changes: list[Feature]) -> list[Feature]:
    """The drawings after the corrections that affect where people can walk."""
    shafts = {
        space_id: change["connector"]
        for change in changes
        if change["do"] == "join-shaft"
        for space_id in change["spaces"]
    }
    access = {change["id"]: change["access"] for change in changes if change["do"] == "restrict"}
    kinds = {change["id"]: change["kind"] for change in changes if change["do"] == "set-kind"}
    fixed = []
    for one in features:
        facts = dict(one["properties"])
        if one["id"] in shafts:
            facts["connector"] = shafts[one["id"]]
        facts["kind"] = kinds.get(one["id"], facts.get("kind"))
        facts["access"] = access.get(one["id"], facts.get("access", "public"))
        fixed.append(one | {"properties": facts})
    for change in changes:
        if change["do"] == "add-door":
            facts = {"type": "door", "level": change["level"], "spaces": change["spaces"]}
            fixed.append({"id": change["id"], "properties": facts, "geometry": None})
    return fixed


def walls_between(walls: list[Any], edge: Any) -> float:
    return float(sum(wall.intersection(edge).length for wall in walls))


def ways(features: list[Feature]) -> Iterator[tuple[str, str]]:
    """Pairs of spaces between which a visitor can pass: doors, open edges, shafts."""
    spaces = of_type(features, "space")
    open_to_all = {key for key, one in spaces.items() if is_public(one)}
    for door in of_type(features, "door").values():
        joined = door["properties"]["spaces"]
        if door["properties"].get("access", "public") == "public" and len(joined) == 2:
            yield joined[0], joined[1]
    for level in of_type(features, "level"):
        walls = [
            shape(wall["geometry"])
            for wall in of_type(features, "wall").values()
            if wall["properties"]["level"] == level
        ]
        walked = [one for one in on_level(spaces, level) if one["properties"]["kind"] in WALKED]
        for one, other in combinations(walked, 2):
            edge = (
                shape(one["geometry"]).buffer(1e-6).intersection(shape(other["geometry"]).boundary)
            )
            if edge.length - walls_between([w.buffer(1e-5) for w in walls], edge) > 0.5:
                yield one["id"], other["id"]
    by_shaft: dict[str, list[str]] = {}
    for key in open_to_all:
        by_shaft.setdefault(spaces[key]["properties"].get("connector", ""), []).append(key)
    for shaft, members in by_shaft.items():
        if shaft:
            yield from pairwise(members)


def is_public(space: Feature) -> bool:
    facts = space["properties"]
    return bool(facts.get("access", "public") == "public" and facts["kind"] != "closed")


def unreachable(features: list[Feature], start: str) -> set[str]:
    public = {key for key, one in of_type(features, "space").items() if is_public(one)}
    group = {key: key for key in public}

    def root(key: str) -> str:
        while group[key] != key:
            key = group[key]
        return key

    for one, other in ways(features):
        if one in public and other in public:
            group[root(one)] = root(other)
    return {key for key in public if root(key) != root(start)}


def test_draws_the_same_bytes_again(drawn: Path, tmp_path: Path) -> None:
    again = draw(tmp_path)

    files = sorted(file.relative_to(drawn) for file in drawn.rglob("*") if file.is_file())
    assert files == sorted(f.relative_to(again) for f in again.rglob("*") if f.is_file())
    assert all((drawn / file).read_bytes() == (again / file).read_bytes() for file in files)


def test_is_as_large_as_a_general_hospital(features: list[Feature]) -> None:
    spaces = of_type(features, "space")
    rooms = [one for one in spaces.values() if one["properties"]["kind"] == "room"]

    assert 1000 <= len(rooms) <= 1500
    assert len(of_type(features, "level")) == 26
    assert len(of_type(features, "building")) == 3
    assert 20 <= len(of_type(features, "anchor")) <= 50


def test_every_id_is_used_once(features: list[Feature]) -> None:
    used = Counter(one["id"] for one in features)

    assert [one for one, times in used.items() if times > 1] == []


def test_every_printed_code_is_used_once(features: list[Feature]) -> None:
    codes = [one["properties"]["code"] for one in of_type(features, "anchor").values()]

    assert len(set(codes)) == len(codes)


def test_outlines_are_valid_and_on_the_grid(features: list[Feature]) -> None:
    for space in of_type(features, "space").values():
        outline = shape(space["geometry"])
        off_grid = [v for ring in space["geometry"]["coordinates"] for xy in ring for v in xy]

        assert outline.is_valid and outline.area > 1, space["id"]
        assert all(abs(v * 20 - round(v * 20)) < 1e-6 for v in off_grid), space["id"]


def test_no_two_spaces_of_a_level_overlap(features: list[Feature]) -> None:
    spaces = of_type(features, "space")
    for level in of_type(features, "level"):
        here = on_level(spaces, level)
        outlines = [shape(one["geometry"]) for one in here]
        for first, second in STRtree(outlines).query(outlines, predicate="intersects").T:
            if first < second:
                common = outlines[first].intersection(outlines[second]).area
                assert common < 0.01, (here[first]["id"], here[second]["id"])


def test_every_door_lies_on_the_edges_of_what_it_joins(features: list[Feature]) -> None:
    spaces = of_type(features, "space")
    for key, door in of_type(features, "door").items():
        line = shape(door["geometry"])
        joined = door["properties"]["spaces"]

        assert joined, key
        assert line.length > 0.75, key
        assert door["properties"]["width_m"] <= line.length + 0.06, key
        for space in joined:
            edge = shape(spaces[space]["geometry"]).boundary
            assert edge.distance(Point(line.coords[0])) < 1e-6, (key, space)
            assert edge.distance(Point(line.coords[1])) < 1e-6, (key, space)


def test_a_door_that_ends_in_the_open_is_an_entrance(features: list[Feature]) -> None:
    ends = [
        one for one in of_type(features, "door").values() if len(one["properties"]["spaces"]) < 2
    ]

    assert ends
    assert all(door["properties"].get("entrance") for door in ends)


def test_doors_do_not_overlap(features: list[Feature]) -> None:
    doors = of_type(features, "door")
    for level in of_type(features, "level"):
        lines = [(d["id"], shape(d["geometry"])) for d in on_level(doors, level)]
        for (one, a), (other, b) in combinations(lines, 2):
            assert a.distance(b) > 1e-6 or a.intersection(b).length < 0.01, (one, other)


def test_drawings_are_flawed_and_corrections_mend_them(
    features: list[Feature], changes: list[Feature]
) -> None:
    start = "mz-1F-H"

    assert unreachable(features, start)
    assert unreachable(mended(features, changes), start) == set()


def test_every_shaft_stops_at_two_floors_once_mended(
    features: list[Feature], changes: list[Feature]
) -> None:
    def stops(features: list[Feature]) -> Counter[str]:
        shafts = (s["properties"].get("connector") for s in of_type(features, "space").values())
        return Counter(shaft for shaft in shafts if shaft)

    assert 1 in stops(features).values()
    assert 1 not in stops(mended(features, changes)).values()


def test_corrections_name_what_is_drawn(
    features: list[Feature], changes: list[Feature], directory: list[dict[str, str]]
) -> None:
    spaces = of_type(features, "space")
    drawn = {one["id"] for one in features}
    listed = {row["编号"] for row in directory}
    for change in changes:
        if change["do"] == "add-door":
            assert change["id"] not in drawn
            for space in change["spaces"]:
                edge = shape(spaces[space]["geometry"]).boundary
                assert edge.distance(Point(change["point"])) < 1e-6
        elif change["do"] == "join-shaft":
            assert set(change["spaces"]) <= set(spaces)
            assert {spaces[space]["properties"]["kind"] for space in change["spaces"]} == {
                change["kind"]
            }
        elif change["do"] == "add-photo":
            outline = shape(spaces[change["space"]]["geometry"])
            assert outline.contains(Point(change["point"]))
        else:
            assert change["id"] in drawn | listed


def test_the_floor_has_another_label_at_the_far_end_of_a_bridge(features: list[Feature]) -> None:
    levels, spaces = of_type(features, "level"), of_type(features, "space")
    bridges = []
    for door in of_type(features, "door").values():
        ends = [spaces[key]["properties"]["level"] for key in door["properties"]["spaces"]]
        if len(set(ends)) == 2:
            bridges.append([levels[end]["properties"] for end in ends])

    assert len(bridges) == 4
    for near, far in bridges:
        assert near["elevation_m"] == far["elevation_m"]
        assert near["label"] != far["label"] and near["building"] != far["building"]


def test_half_level_is_reached_by_a_gentle_ramp(features: list[Feature]) -> None:
    levels, spaces = of_type(features, "level"), of_type(features, "space")
    ramps = [one for one in spaces.values() if one["properties"]["kind"] == "ramp"]
    heights = [levels[one["properties"]["level"]]["properties"]["elevation_m"] for one in ramps]
    west, _, east, _ = shape(ramps[0]["geometry"]).bounds
    half = next(one for one in levels.values() if one["properties"]["label"] == "1M")

    assert half["properties"]["ordinal"] == 0.5
    assert max(heights) - min(heights) <= (east - west) / 12
    assert not any(one["properties"]["kind"] == "elevator" for one in on_level(spaces, half["id"]))


def test_ward_floors_are_alike(features: list[Feature]) -> None:
    def shapes(floor: int) -> list[tuple[str, str, Any]]:
        level = f"zy-{floor}F"
        drawn = []
        for one in features:
            facts = one["properties"]
            if facts.get("level") == level and facts["type"] in ("space", "door", "wall"):
                stops = facts["type"] == "space" and facts["kind"] in ("elevator", "closed")
                kind = "shaft" if stops else str(facts.get("kind"))
                drawn.append((facts["type"], kind, one["geometry"]["coordinates"]))
        # The high-floor lift passes some floors: its door is not there.
        return [one for one in drawn if one[2] != [[118.0, 78.2], [118.0, 75.5]]]

    first = shapes(8)
    assert all(shapes(floor) == first for floor in WARD_FLOORS if floor >= 8)
    assert len(shapes(4)) == len(first) - 1
    assert all(one in first for floor in WARD_FLOORS for one in shapes(floor))


def test_a_bed_passes_the_ward_doors(features: list[Feature]) -> None:
    spaces = of_type(features, "space")
    for door in of_type(features, "door").values():
        for space in door["properties"]["spaces"]:
            facts = spaces[space]["properties"]
            if facts.get("category") == "ward":
                assert door["properties"]["width_m"] >= 1.2, door["id"]


def test_directory_is_what_a_chinese_spreadsheet_writes(drawn: Path) -> None:
    raw = (drawn / "directory.csv").read_bytes()
    text = raw.decode("gb18030")

    assert text.encode("gb18030") == raw
    assert raw.count(b"\n") == raw.count(b"\r\n")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


def test_directory_refers_to_rooms_that_exist(
    features: list[Feature], directory: list[dict[str, str]]
) -> None:
    buildings = {
        b["properties"]["name"]["zh-Hans"]: k for k, b in of_type(features, "building").items()
    }
    known = set()
    for key, space in of_type(features, "space").items():
        facts = space["properties"]
        known |= {(facts["level"], facts.get("ref", "")), (facts["level"], key)}
    for row in directory:
        for room in row["房间"].split(";"):
            assert room and (f"{buildings[row['楼栋']]}-{row['楼层']}", room) in known, row


def test_directory_is_as_long_as_a_hospital_keeps_it(directory: list[dict[str, str]]) -> None:
    ids = Counter(row["编号"] for row in directory)

    assert 250 <= len(directory) <= 700
    assert max(ids.values()) == 1
    assert all(row["名称"] and row["繁体名称"] and row["英文名称"] for row in directory)
    assert {row["权限"] for row in directory} == {"public", "staff", "restricted"}


def test_no_room_is_numbered_twice_on_a_floor(features: list[Feature]) -> None:
    numbers = Counter(
        (one["properties"]["level"], one["properties"]["ref"])
        for one in of_type(features, "space").values()
        if "ref" in one["properties"]
    )

    assert max(numbers.values()) == 1


def test_line_strings_have_length(features: list[Feature]) -> None:
    for one in features:
        if one["geometry"] and one["geometry"]["type"] == "LineString":
            assert LineString(one["geometry"]["coordinates"]).length > 0.02, one["id"]


def test_imdf_says_the_same_as_the_plans(drawn: Path, features: list[Feature]) -> None:
    imdf = {
        f.stem: json.loads(f.read_text())["features"] for f in (drawn / "imdf").glob("*.geojson")
    }
    ids = [one["id"] for group in imdf.values() for one in group]
    levels, units = ({one["id"]: one for one in imdf[name]} for name in ("level", "unit"))

    assert len(set(ids)) == len(ids)
    assert len(levels) == 26 and len(units) == len(of_type(features, "space"))
    assert all(unit["properties"]["level_id"] in levels for unit in units.values())
    assert {"zh-Hans", "zh-Hant", "en"} == set(imdf["venue"][0]["properties"]["name"])
    anchors = {one["id"]: one["properties"]["unit_id"] for one in imdf["anchor"]}
    assert set(anchors.values()) <= set(units)
    assert {one["properties"]["anchor_id"] for one in imdf["occupant"]} == set(anchors)
    assert {unit for one in imdf["amenity"] for unit in one["properties"]["unit_ids"]} <= set(units)
    for group in (levels, units):
        for one in group.values():
            point = shape(one["properties"]["display_point"])
            assert shape(one["geometry"]).buffer(1e-8).contains(point), one["id"]


def test_imdf_ordinals_are_whole_and_count_from_the_ground(drawn: Path) -> None:
    levels = json.loads((drawn / "imdf" / "level.geojson").read_text())["features"]
    for building in {one["properties"]["building_ids"][0] for one in levels}:
        own = [
            one["properties"] for one in levels if one["properties"]["building_ids"] == [building]
        ]
        ordinals = sorted(one["ordinal"] for one in own)

        assert ordinals == list(range(ordinals[0], ordinals[0] + len(own)))
        assert {one["short_name"]["en"] for one in own if one["ordinal"] == 0} == {"1F"}


def test_the_floors_are_told_as_they_are_drawn(drawn: Path) -> None:
    told = (HOSPITAL / "floors.md").read_text(encoding="utf-8")

    assert told == (drawn / "floors.md").read_text(encoding="utf-8")
