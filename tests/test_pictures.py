"""Pictures of floors: names, rooms, doors and lifts, on painted pictures and on real ones."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely
from conftest import real_plan
from PIL import Image
from shapely import Point

pytest.importorskip("rapidocr", reason="navkit[pictures] is not installed")
pytest.importorskip("onnxruntime", reason="navkit[pictures] is not installed")

from drawn_pictures import FLOOR, ORANGE, UPSTAIRS, file_of, moved, painted, photo_of

from floorplans import reading
from floorplans.child import read_apart
from floorplans.limits import LIMITS
from floorplans.picture_file import dots_of
from floorplans.picture_plan import plan_of
from floorplans.picture_reading import Floor, floor_of
from floorplans.picture_said import Said, read_said
from floorplans.sheet import Sheet
from navkit.plan.plan import Plan
from navkit.venue.corrections import Change, parse
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.words.findings import PlanError

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
    return plan_of(floors, "a", LIMITS)


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


def checked(level: str, *, said: bool) -> tuple[Change, ...]:
    changes = [{"do": "set-level", "id": level, "checked": said}]
    return parse({"navkit-corrections": 1, "changes": changes}, "c")


def test_a_level_that_staff_have_compared_with_the_house_is_no_guess() -> None:
    found = plan(floor())
    (said,) = [one for one in found.findings if one.code == "picture-read"]

    (level,) = join([found]).levels
    venue = join([found], None, checked(level.id, said=True))

    assert said.where == level.id
    assert "picture-read" not in {one.code for one in venue.findings}
    assert len(venue.doors) == len(FLOOR) + 1
    assert not any(door.guessed for door in venue.doors)
    unsure = join([found], None, checked(level.id, said=False))
    assert "picture-read" in {one.code for one in unsure.findings}
    assert all(door.guessed for door in unsure.doors)


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


def test_a_lift_without_a_name_is_told_by_its_colour_and_that_is_said() -> None:
    rooms = [replace(room, name="") if room.box[0] == 350 else room for room in FLOOR]
    found = floor_of(Sheet("1F.png", file_of(painted(rooms), "PNG")))

    kinds = Counter(place.kind for place in found.places.places)
    assert kinds["elevator"] == 2
    (said,) = [one for one in plan(found).findings if one.code == "picture-kind-by-colour"]
    assert said.slots["count"] == "1"


def test_a_lift_in_the_colour_of_departments_is_asked_about() -> None:
    rooms = [replace(room, name="LIFT") if room.colour == ORANGE else room for room in FLOOR]
    found = floor_of(Sheet("1F.png", file_of(painted(rooms), "PNG")))

    (said,) = [one for one in plan(found).findings if one.code == "picture-colour-differs"]
    assert said.slots == {"count": "1", "which": "LIFT"}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_spoilt_picture_is_dots_or_a_code(kind: str) -> None:
    whole = file_of(painted().resize((400, 400)), kind)
    outcomes = set()
    for seed in range(60):
        chance, spoilt = random.Random(seed), bytearray(whole)
        head = min(200, len(whole)) if seed % 2 else len(whole)
        for _ in range(chance.choice([1, 3, 20])):
            spoilt[chance.randrange(head)] = chance.randrange(256)
        cut = chance.randrange(len(whole)) if seed % 5 == 0 else len(whole)
        try:
            dots = dots_of(Sheet("1F.png", bytes(spoilt[:cut])))
        except PlanError as error:
            outcomes.add(error.finding.code)
        else:
            assert dots.ndim == 3
            assert dots.shape[2] == 3

    assert "picture-broken" in outcomes
    assert outcomes <= {"picture-broken", "picture-too-small", "picture-too-large"}


@pytest.mark.parametrize("turned", [3, 6, 8])
def test_a_picture_that_a_camera_holds_otherwise_is_turned_upright(turned: int) -> None:
    upright = painted().resize((400, 300))
    back = {3: 180, 6: 90, 8: 270}[turned]
    exif = Image.Exif()
    exif[0x0112] = turned
    held = upright.rotate(back, expand=True)

    dots = dots_of(Sheet("1F.png", file_of(held, "PNG", exif=exif)))

    assert dots.shape == (300, 400, 3)
    assert (dots == np.asarray(upright)).all()


def test_a_picture_that_is_cut_out_closely_is_read_too() -> None:
    left, top, right, bottom = 100, 250, 904, 654
    found = floor_of(Sheet("1F.png", file_of(painted().crop((left, top, right, bottom)), "PNG")))

    said = Counter(place.name for place in found.places.places if place.name)
    assert said == Counter(room.name for room in FLOOR)
    assert sum("" in pair for pair in outer_doors(found)) == 1


def outer_doors(found: Floor) -> list[tuple[str, str]]:
    venue = join([plan(found)])
    return [door.spaces for door in venue.doors if "" in door.spaces]


# Photos


@cache
def photo(tilt: float, blur: float, shade: float) -> Floor:
    seen = photo_of(painted(), tilt=tilt, blur=blur, shade=shade)
    return floor_of(Sheet("1F.jpg", file_of(seen)))


@pytest.mark.parametrize(("tilt", "blur", "shade"), [(0.04, 0.5, 0.15), (0.06, 0.8, 0.25)])
def test_a_photo_of_a_picture_is_read_like_the_picture(
    tilt: float, blur: float, shade: float
) -> None:
    found = photo(tilt, blur, shade)

    said = Counter(place.name for place in found.places.places if place.name)
    assert said == Counter(room.name for room in FLOOR)
    kinds = Counter(place.kind for place in found.places.places)
    assert (kinds["elevator"], kinds["stairs"], kinds["corridor"]) == (2, 2, 1)
    assert "picture-blurred" not in codes(plan(found))


def test_every_room_has_its_door_on_a_photo() -> None:
    venue = join([plan(photo(0.04, 0.5, 0.15))])

    (corridor,) = [space.id for space in venue.spaces if space.kind == "corridor"]
    into = {frozenset(door.spaces) for door in venue.doors}
    for ids in named(venue).values():
        assert all(frozenset((one, corridor)) in into for one in ids)


def test_spots_that_staff_name_on_a_photo_are_found_on_it() -> None:
    """The corners of the building, where they are on the photo and where on the picture."""
    seen = photo(0.04, 0.5, 0.15)
    room, move = 80, 40
    x, y = seen.from_file(room + move, room)

    assert (x, y) == (pytest.approx(0, abs=4), pytest.approx(0, abs=4))
    left, _, right, _ = shapely.total_bounds([one.outline for one in seen.places.places])
    assert right - left == pytest.approx(seen.width, abs=2)


def test_a_blurred_photo_is_to_be_taken_again() -> None:
    try:
        found = plan(photo(0.1, 2.0, 0.4))
    except PlanError as error:
        assert error.finding.code in ("picture-without-names", "picture-no-building")
    else:
        (blurred,) = [one for one in found.findings if one.code == "picture-blurred"]
        assert blurred.severity == "error"


# Several floors


@cache
def upstairs(*left_out: str) -> Floor:
    """The floor above, drawn smaller and elsewhere on its sheet."""
    rooms = [room for room in UPSTAIRS if room.name not in left_out]
    picture = moved(painted(rooms, "2F"), 0.8, (140, 60))
    return floor_of(Sheet("2F.jpg", file_of(picture)))


def joined_shafts(plan: Plan) -> set[frozenset[str]]:
    """Names of files' places that are stops of one shaft."""
    venue = join([plan])
    return {frozenset(one.stops) for one in venue.connectors if len(one.stops) > 1}


def shafts_above_each_other(plan: Plan) -> set[frozenset[str]]:
    """The same by what was painted: each above the one at the same place on its sheet."""
    by_place: dict[int, set[str]] = {}
    for which, factor, left in ((floor(), 1.0, 0.0), (upstairs(), 0.8, 140.0)):
        for number, place in enumerate(which.places.places, start=1):
            if place.kind in ("elevator", "stairs"):
                x = round((place.outline.centroid.x - left) / factor / 20)
                by_place.setdefault(x, set()).add(f"{which.sheet[:2]}/{number}")
    return {frozenset(one) for one in by_place.values()}


def test_lifts_and_stairs_of_two_floors_are_joined_whatever_their_size() -> None:
    found = plan(floor(), upstairs())

    assert joined_shafts(found) == shafts_above_each_other(found)
    assert len(joined_shafts(found)) == 4
    assert "picture-shafts-joined" in codes(found)
    assert all(one.guessed for one in join([found]).connectors)
    assert [level.ordinal for level in found.levels] == [0, 1]


def test_floors_of_which_too_few_shafts_agree_are_not_joined_but_asked_about() -> None:
    found = plan(floor(), upstairs("LIFT"))

    assert joined_shafts(found) == set()
    (apart,) = [one for one in found.findings if one.code == "picture-floors-apart"]
    assert (apart.where, apart.severity) == ("2F.jpg", "error")


def test_two_shafts_that_staff_name_lay_floors_over_each_other() -> None:
    up = upstairs("LIFT")
    two = [room for room in FLOOR if room.name == "STAIRS"]
    spots = [((r.box[0] + r.box[2]) / 2, (r.box[1] + r.box[3]) / 2) for r in two]
    pairs = tuple((0.8 * x + 140, 0.8 * y + 60, x, y) for x, y in spots)

    found = plan_of([floor(), up], "a", LIMITS, None, {"2f": Said(None, over="1f", shafts=pairs)})

    assert len(joined_shafts(found)) == 2
    assert "picture-floors-apart" not in codes(found)


def test_a_scale_that_staff_say_holds_for_all_floors() -> None:
    found = plan_of([floor(), upstairs()], "a", LIMITS, None, {"2f": Said(dot_m=0.125)})

    assert "picture-scale-guessed" not in codes(found)
    for level in found.levels:
        outlines = [one.outline for one in found.spaces if one.level == level.key]
        left, _, right, _ = shapely.total_bounds(outlines)
        assert right - left == pytest.approx(80, rel=0.02)


def test_a_floor_is_told_by_what_is_written_on_its_picture() -> None:
    found = plan(floor("scan.jpg"))

    assert [(one.ordinal, one.label) for one in found.levels] == [(0, "1F")]


MAPPING = """
[files]
"ground.jpg" = { level = "G", ordinal = 0 }
[pictures]
"ground.jpg" = { span = [100, 250, 900, 250], metres = 64 }
"""


def test_a_mapping_beside_a_picture_says_storey_and_scale(tmp_path: Path) -> None:
    (tmp_path / "ground.jpg").write_bytes(file_of(painted()))
    (tmp_path / "mapping.toml").write_text(MAPPING)

    (found,) = reading.read([tmp_path])

    assert [(one.ordinal, one.label) for one in found.levels] == [(0, "G")]
    assert "picture-scale-guessed" not in codes(found)
    left, _, right, _ = shapely.total_bounds([one.outline for one in found.spaces])
    assert right - left == pytest.approx(64, rel=0.02)


@pytest.mark.parametrize(
    "row",
    [
        '{ scale = "large" }',
        "{ scale = -1 }",
        "{ scale = 50 }",
        "{ span = [1, 2, 3], metres = 4 }",
        "{ span = [1, 2, 1, 2], metres = 4 }",
        "{ shafts = [[1, 2, 3, 4], [5, 6, 7, 8]] }",
        '{ over = "1F.jpg", shafts = [[1, 2, 3, 4]] }',
        '{ over = "1F.jpg", shafts = [[1, 2, 3, 4], [5, 6]] }',
        "{ sclae = 0.1 }",
    ],
)
def test_a_row_about_a_picture_that_is_wrong_is_refused(row: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_said(Sheet("mapping.toml", f'[pictures]\n"2F.jpg" = {row}'.encode()))

    assert refused.value.finding.code == "mapping-picture-wrong"
    assert refused.value.finding.slots["file"] == "2F.jpg"


# The pictures that hang in a real hospital


@pytest.mark.real_plans
def test_shafts_of_two_real_floors_are_joined_and_no_wrong_one() -> None:
    """Lifts and stairs that stand above each other, by eye: 5 of 5, 0 wrong."""
    floors = [real_floor("1F"), real_floor("6F")]
    above = [(216, 425, 267, 325), (451, 574, 438, 426), (543, 573, 506, 427)]
    above += [(176, 424, 240, 326), (722, 424, 635, 318)]

    def id_at(which: Floor, x: float, y: float) -> str:
        places = enumerate(which.places.places, start=1)
        number = next(n for n, place in places if place.outline.covers(Point(x, y)))
        return f"{which.sheet[:2]}/{number}"

    assert joined_shafts(plan(*floors)) == {
        frozenset((id_at(floors[1], x, y), id_at(floors[0], a, b))) for x, y, a, b in above
    }


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


@cache
def real_photo(name: str) -> Floor:
    """Made by script of the real picture: 4 % tilted, blurred by half a dot, unevenly lit."""
    with Image.open(real_plan(REAL) / f"{name}.jpg") as picture:
        seen = photo_of(picture.convert("RGB"), tilt=0.04, blur=0.5, shade=0.15)
    return floor_of(Sheet(f"{name}.jpg", file_of(seen)))


@pytest.mark.rest
@pytest.mark.real_plans
def test_a_slight_photo_of_a_real_picture_is_read_nearly_like_it() -> None:
    """42 of 44 labels, all lifts and stairs, no false ones, when this was written."""
    read = 0
    for name, lifts, stairs in (("1F", 6, 6), ("6F", 3, 2)):
        found = real_photo(name)
        said = Counter(word.text for word in found.words)
        read += sum((said & Counter(str(row["text"]) for row in truth(name))).values())
        kinds = Counter(place.kind for place in found.places.places)
        assert (kinds["elevator"], kinds["stairs"]) == (lifts, stairs)
        assert not found.is_blurred
    assert read >= 41


@pytest.mark.real_plans
def test_what_is_misread_on_a_slight_photo_is_shown_to_staff_and_nothing_on_the_picture() -> None:
    for name in ("1F", "6F"):
        right = {str(row["text"]) for row in truth(name)}
        found = real_photo(name)

        assert {word.text for word in found.inside} - right <= {
            part for word in found.places.doubtful for part in (word.text, *word.text.split())
        }
        assert real_floor(name).places.doubtful == ()
