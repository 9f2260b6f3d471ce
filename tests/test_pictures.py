"""Pictures of floors: names, rooms, doors and lifts, on painted pictures and on real ones."""

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
import shapely
from conftest import real_plan
from shapely import Point

pytest.importorskip("rapidocr", reason="navkit[pictures] is not installed")
pytest.importorskip("onnxruntime", reason="navkit[pictures] is not installed")

from drawn_pictures import FLOOR, file_of, painted

from floorplans import reading
from floorplans.child import read_apart
from floorplans.picture_plan import plan_of
from floorplans.picture_reading import Floor, floor_of
from floorplans.sheet import Sheet
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.venue.venue import Venue

pytestmark = pytest.mark.slow

REAL = "wall-pictures"


@cache
def floor(name: str = "1F.jpg") -> Floor:
    """The painted floor, read once."""
    return floor_of(Sheet(name, file_of(painted())))


@cache
def real_floor(name: str) -> Floor:
    return floor_of(Sheet(f"{name}.jpg", (real_plan(REAL) / f"{name}.jpg").read_bytes()))


def plan(*floors: Floor) -> Plan:
    return plan_of(floors, "a", Sheet("a", b"").limits)


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def named(venue: Venue) -> dict[str, list[str]]:
    """Ids of spaces by name."""
    found: dict[str, list[str]] = {}
    for space in venue.spaces:
        for name in space.names.values():
            found.setdefault(name, []).append(space.id)
    return found


def test_every_name_is_read_and_is_where_it_is_painted() -> None:
    places = floor().places

    said = Counter(place.name for place in places.places if place.name)
    assert said == Counter(room.name for room in FLOOR)
    for room in FLOOR:
        left, top, right, bottom = room.box
        outlines = [one.outline for one in places.places if one.name == room.name]
        box = shapely.box(left, top, right, bottom)
        shares = [box.intersection(one).area / box.union(one).area for one in outlines]
        assert max(shares) > 0.93, room.name


def test_every_painted_door_is_found_and_no_other() -> None:
    places = floor().places.places
    corridor = 1 + [place.kind for place in places].index("corridor")
    doors = [gap for gap in floor().gaps if corridor in gap.places]

    assert len(doors) == len(floor().gaps) == len(FLOOR) + 1
    for room in FLOOR:
        at = Point(room.door, 470 if room.box[1] == 470 else 430)
        near = min(doors, key=lambda gap: gap.line.distance(at))
        other = sum(near.places) - corridor
        assert near.line.centroid.distance(at) < 4, room.name
        assert places[other - 1].name == room.name


def test_rooms_cover_the_building_without_gaps_and_overlaps() -> None:
    outlines = [place.outline for place in floor().places.places]

    assert shapely.coverage_is_valid(outlines)
    whole = shapely.coverage_union_all(outlines)
    assert whole.area == pytest.approx(800 * 400, rel=0.02)
    assert shapely.get_num_interior_rings(whole) == 0


def test_lifts_stairs_and_corridors_are_what_they_are() -> None:
    kinds = Counter(space.kind for space in plan(floor()).spaces)

    assert kinds == {"room": 7, "elevator": 2, "stairs": 2, "corridor": 1}
    categories = {space.category for space in plan(floor()).spaces}
    assert {"toilet", "pharmacy", "emergency"} <= categories


def test_people_walk_from_the_entrance_to_every_place() -> None:
    venue = join([plan(floor())])

    joined = {frozenset(door.spaces) for door in venue.doors}
    (corridor,) = [space.id for space in venue.spaces if space.kind == "corridor"]
    assert {space.id for space in venue.spaces} - {corridor} == {
        next(iter(pair - {corridor})) for pair in joined if "" not in pair
    }
    assert [door.spaces for door in venue.doors if door.entrance] == [(corridor, "")]


def test_all_of_it_is_marked_as_guessed() -> None:
    found = plan(floor())

    assert {"picture-read", "picture-scale-guessed"} <= codes(found)
    assert [one.severity for one in found.findings if one.code == "picture-read"] == ["error"]
    assert all(door.guessed for door in found.doors)
    assert all(door.guessed for door in join([found]).doors)


@pytest.mark.process
def test_a_picture_is_read_apart_in_its_limits(tmp_path: Path) -> None:
    (tmp_path / "1F.png").write_bytes(file_of(painted(), "PNG"))

    (found,) = read_apart([tmp_path / "1F.png"])

    assert sorted(n for s in found.spaces for n in s.names.values()) == sorted(
        room.name for room in FLOOR
    )
    assert [level.ordinal for level in found.levels] == [0]


def test_a_picture_beside_drawings_is_left_out(tmp_path: Path, example_drawings: Path) -> None:
    drawing = next((example_drawings / "plans").glob("*.geojson"))
    (tmp_path / drawing.name).write_bytes(drawing.read_bytes())
    (tmp_path / "2F.jpg").write_bytes(b"\xff\xd8\xff")

    (found,) = reading.read([tmp_path])

    said = [one.where for one in found.findings if one.code == "picture-beside-drawing"]
    assert said == ["2F.jpg"]


# The pictures that hang in a real hospital


@cache
def truth(name: str) -> Sequence[dict[str, object]]:
    told = json.loads((real_plan(REAL) / "truth.json").read_text(encoding="utf-8"))
    rows: list[dict[str, object]] = told[name]
    return rows


@pytest.mark.real_plans
@pytest.mark.parametrize("name", ["1F", "6F"])
def test_labels_of_a_real_picture_are_read_exactly(name: str) -> None:
    """44 of 44 when this was written."""
    words = real_floor(name).words

    read = 0
    for row in truth(name):
        x, y = row["at_px"]  # type: ignore[misc]
        near = min(words, key=lambda word: Point(word.middle).distance(Point(x, y)))
        read += near.text == row["text"]
    assert read == len(truth(name))


@pytest.mark.real_plans
@pytest.mark.parametrize("name", ["1F", "6F"])
def test_labels_of_a_real_picture_name_what_is_under_them(name: str) -> None:
    places = real_floor(name).places
    for row in truth(name):
        at, text = Point(row["at_px"]), str(row["text"])  # type: ignore[arg-type]
        under = next(one for one in places.places if one.outline.covers(at))
        beside = {word.text for word in places.points}
        assert text in under.name.split() or (under.kind == "corridor" and text in beside), text


@pytest.mark.real_plans
@pytest.mark.parametrize(("name", "lifts", "stairs"), [("1F", 6, 6), ("6F", 3, 2)])
def test_lifts_and_stairs_of_a_real_picture_are_all_found_and_no_other(
    name: str, lifts: int, stairs: int
) -> None:
    kinds = Counter(place.kind for place in real_floor(name).places.places)

    assert (kinds["elevator"], kinds["stairs"]) == (lifts, stairs)


@pytest.mark.real_plans
@pytest.mark.parametrize("name", ["1F", "6F"])
def test_outlines_of_a_real_picture_are_a_coverage(name: str) -> None:
    assert shapely.coverage_is_valid([one.outline for one in real_floor(name).places.places])
