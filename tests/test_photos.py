"""Photos: small, upright, without metadata, and shown where they were taken."""

import io
import json
import math
import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import REST, but_for
from PIL import Image
from shapely import LineString, Point

from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import Bundle, make_bundle, write_bundle
from exporter.bundle.photos import MOST_BYTES, shrink, shrunk
from navkit.guidance.photos import photos_on_the_way
from navkit.guidance.rules import rules
from navkit.guidance.sights import floors_seen_over
from navkit.guide import Guide
from navkit.plan.plan import CIRCULATION
from navkit.route.profiles import profile
from navkit.venue import corrections
from navkit.venue.venue import Photo
from navkit.words.findings import NavkitError

HERE = Path(__file__).parent
NODE = shutil.which("node")
WAYS = [("A101", "rad"), ("rad", "A101"), ("A101", "cardio"), ("mz-1F-D-main", "lab")]


def saved(image: Image.Image, kind: str, **said: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **said)  # type: ignore[arg-type]
    return out.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """The hardest picture to make small."""
    return Image.effect_noise((width, height), 100).convert("RGB")


def bundled(guide: Guide, photos: Path | None) -> Bundle:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripting, "starts", lambda of: [])
        return make_bundle(guide, ("zh-Hans", "en"), photos=photos)


@pytest.fixture(scope="module")
def bundle(example: Guide, example_drawings: Path) -> Bundle:
    return bundled(example, example_drawings / "photos")


# ------------------------------------------------------------------ made small


@pytest.mark.slow
@pytest.mark.parametrize(
    ("width", "height"),
    [(2000, 1500), pytest.param(1500, 2000, marks=REST), (50, 40), (3000, 50)],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_any_photo_becomes_a_small_webp_of_the_same_shape(
    width: int, height: int, kind: str
) -> None:
    picture = shrink(saved(noise(width, height), kind))

    made = Image.open(io.BytesIO(picture.content))
    assert made.format == "WEBP"
    assert len(picture.content) <= MOST_BYTES
    assert made.size == (picture.width_px, picture.height_px)
    assert picture.width_px <= width
    assert picture.width_px / picture.height_px == pytest.approx(width / height, rel=0.1)


def test_a_photo_taken_with_the_phone_on_its_side_stands_upright() -> None:
    photo = Image.new("RGB", (400, 200), "red")
    photo.paste("blue", (0, 0, 200, 200))
    turned = Image.Exif()
    turned[0x0112] = 6  # Orientation: to be turned clockwise by a quarter.

    picture = shrink(saved(photo, "JPEG", exif=turned))

    made = Image.open(io.BytesIO(picture.content)).convert("RGB")
    assert made.size == (200, 400)
    red, _, blue = made.getpixel((100, 50))  # type: ignore[misc]
    assert blue > red, "what was left is above"


def test_where_and_when_a_photo_was_taken_is_not_told() -> None:
    told = Image.Exif()
    told[0x010F], told[0x9003] = "SomebodysPhone", "2026:03:02 09:30:00"
    told.get_ifd(0x8825)[1] = "N"

    picture = shrink(saved(noise(400, 300), "JPEG", exif=told))

    made = Image.open(io.BytesIO(picture.content))
    assert not made.getexif()
    assert b"SomebodysPhone" not in picture.content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture",
        saved(noise(300, 300), "JPEG")[:2000],
        saved(noise(30, 30), "GIF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_photo_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NavkitError) as refused:
        shrink(content)

    assert refused.value.finding.code == "photo-unreadable"


def test_a_picture_too_large_for_a_camera_is_refused_before_it_is_unpacked() -> None:
    bomb = saved(Image.new("1", (20_000, 20_000)), "PNG")

    with pytest.raises(NavkitError) as refused:
        shrink(bomb)

    assert len(bomb) < 100_000
    assert refused.value.finding.code == "photo-too-large"


# ----------------------------------------------------------------- corrections


@pytest.mark.parametrize("file", ["../x.jpg", "/x.jpg", "a//b.jpg", "a\\b.jpg", "C:x.jpg", "", "."])
def test_a_photo_lies_within_its_folder(file: str) -> None:
    change = {"do": "set-photo", "id": "rad", "file": file, "names": {"en": "x"}}

    with pytest.raises(NavkitError) as refused:
        corrections.parse({"navkit-corrections": 1, "changes": [change]}, "c.json")

    assert refused.value.finding.code == "correction-field"


@pytest.mark.slow
def test_each_photo_that_is_left_out_is_named(example: Guide, tmp_path: Path) -> None:
    (tmp_path / "radiology.jpg").write_bytes(b"no picture")

    without = bundled(example, None)
    empty = bundled(example, tmp_path)

    codes = [(f.code, f.where) for f in without.findings if f.code.startswith("photo-")]
    assert codes == [("photo-folder-missing", photo.file) for photo in example.venue.photos]
    assert {(f.code, f.where) for f in empty.findings if f.code.startswith("photo-")} == {
        ("photo-missing", "2f-to-the-bridge.jpg"),
        ("photo-missing", "2f-escalator.jpg"),
        ("photo-unreadable", "radiology.jpg"),
    }


@pytest.mark.parametrize(
    "error", [MemoryError(), KeyError(1), struct.error(), IndexError(), AssertionError()]
)
@pytest.mark.parametrize("where", ["PIL.ImageOps.exif_transpose", "PIL.Image.Image.save"])
def test_whatever_a_photo_does_to_its_reader_it_is_left_out_alone(
    example: Guide,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
) -> None:
    for name in {photo.file for photo in example.venue.photos}:
        Image.new("RGB", (40, 30)).save(tmp_path / name, "PNG")

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(where, fail)
    pictures, findings = shrunk(example.venue.photos, tmp_path)

    assert pictures == {}
    assert {finding.code for finding in findings} == {"photo-unreadable"}


@pytest.mark.slow
def test_a_photo_that_nobody_would_see_is_named(example: Guide, example_drawings: Path) -> None:
    there, far = example.venue.photos[0], replace(example.venue.photos[1], point=(0.0, 500.0))

    shown = bundled(replace_photos(example, (there, far)), example_drawings / "photos")

    assert [f.where for f in shown.findings if f.code == "photo-nowhere"] == [far.file]


# ------------------------------------------------------------ where it is shown


def test_a_photo_is_shown_near_where_it_was_taken_to_those_who_come_that_way(
    example: Guide,
) -> None:
    n, venue = example.network, example.venue
    floors = floors_seen_over(n)
    shown = photos_on_the_way(n, example.around)

    assert shown
    for (node, before), number in shown.items():
        photo = venue.photos[number]
        assert photo.point and photo.bearing_deg is not None
        level = next(s for s in venue.spaces if s.id == photo.space).level
        assert venue.levels[n.level[node]].id == level
        at = Point(n.x_cm[node] / 100, n.y_cm[node] / 100)
        assert at.distance(Point(photo.point)) <= rules().photo_near_m
        sight = LineString([photo.point, at])
        assert floors[n.level[node]].buffer(0.01).covers(sight)
        dx, dy = n.x_cm[node] - n.x_cm[before], n.y_cm[node] - n.y_cm[before]
        # As on a compass: from the y axis, clockwise.
        walked = math.degrees(math.atan2(dx, dy))
        apart = abs((walked - photo.bearing_deg + 180) % 360 - 180)
        assert apart <= rules().photo_same_way_deg + 1


def test_of_two_photos_the_nearer_is_shown(example: Guide) -> None:
    photo = example.venue.photos[0]
    assert photo.point
    x, y = photo.point
    nearer = replace(photo, file="nearer.jpg", point=(x, y + 1))
    house = replace_photos(example, (photo, nearer))

    shown = photos_on_the_way(house.network, house.around)

    n = house.network
    for (node, _), number in shown.items():
        at = Point(n.x_cm[node] / 100, n.y_cm[node] / 100)
        far = [at.distance(Point(p.point)) for p in house.venue.photos if p.point]
        assert far[number] == min(far)
    assert set(shown.values()) == {0, 1}


def replace_photos(guide: Guide, photos: tuple[Photo, ...]) -> Guide:
    return but_for(guide, replace(guide.venue, photos=photos))


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_phone_shows_the_photo_of_the_turn_and_of_the_goal(
    example: Guide, bundle: Bundle, tmp_path: Path
) -> None:
    write_bundle(bundle, tmp_path)
    asked = [str(NODE), str(HERE / "runtime" / "photos.mjs"), str(tmp_path), json.dumps(WAYS)]
    said = subprocess.run(asked, capture_output=True, text=True, encoding="utf-8", check=True)

    shown = photos_on_the_way(example.network, example.around)
    photos = example.venue.photos
    of_place = {photo.place: photo for photo in photos if photo.place}
    expected = []
    for start, goal in WAYS:
        route = example.route(start, goal, profile("walk"))
        row: list[str | None] = []
        for one in example.tell(route, "en").instructions:
            turn = (route.nodes[one.last], route.nodes[one.last - 1])
            at_turn = photos[shown[turn]] if turn in shown else None
            ends = [example.venue.places[p].id for p in route.goal.places]
            is_end = one.last == len(route.nodes) - 1
            photo = of_place.get(ends[0]) if is_end and ends else None
            photo = photo or at_turn
            row.append(photo.names["en"] if photo else None)
        expected.append(row)
    said_by = json.loads(said.stdout)
    assert said_by["after"] == expected
    assert said_by["before"] == [[None] * len(row) for row in expected]
    assert sum(name is not None for row in expected for name in row) >= 3
    assert expected[0][-1] == "The door of Radiology, with a blue board"
    assert "The door of Radiology, with a blue board" not in expected[1]


def test_photos_in_a_bundle_are_named_by_their_hash_and_written_once(bundle: Bundle) -> None:
    parts = [part for part in bundle.parts if part.role == "photo"]

    assert len(parts) == 3
    assert all(part.name.endswith(".webp") for part in parts)
    assert {one["file"] for one in shown_photos(bundle)} == {part.name for part in parts}


def shown_photos(bundle: Bundle) -> list[dict[str, str]]:
    (part,) = (part for part in bundle.parts if part.role == "photos")
    return json.loads(part.content)["photos"]  # type: ignore[no-any-return]


def test_people_see_across_every_corridor_and_hall(example: Guide) -> None:
    floors = floors_seen_over(example.network)
    level = {one.id: number for number, one in enumerate(example.venue.levels)}

    blind = [
        space.id
        for space in example.venue.spaces
        if space.kind in CIRCULATION
        and not floors[level[space.level]].contains(space.outline.representative_point())
    ]

    assert blind == []
