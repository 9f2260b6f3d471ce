"""Pictures under a floor: opened apart, laid by their corners, in versions, never published."""

import html
import io
import json
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, House, new_house
from drawn_pdf import pdf
from PIL import Image, ImageDraw
from werkzeug.test import TestResponse

from navkit.words.findings import NavkitError
from server.builds import underlays
from server.builds.underlays import Underlay

BASE = f"/hospitals/{HOSPITAL}"
OF_1F = f"{BASE}/floors/1F/underlay"
SQUARE = [[0.0, 10.0], [10.0, 10.0], [10.0, 0.0], [0.0, 0.0]]


def picture(kind: str = "PNG", size: tuple[int, int] = (800, 600), **said: Any) -> bytes:
    """A frame and a cross."""
    made = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(made)
    pen.rectangle((50, 50, size[0] - 50, size[1] - 50), outline="black", width=5)
    pen.line((0, 0, *size), fill="black", width=3)
    out = io.BytesIO()
    made.save(out, kind, **said)
    return out.getvalue()


class Layer:
    """Somebody who lays pictures under floors."""

    def __init__(self, house: House, who: str = "editor") -> None:
        self.clerk = house.clerk(who)
        self.headers = {"X-CSRFToken": self.clerk.token() if who != "auditor" else ""}

    def now(self, path: str = OF_1F) -> dict[str, Any]:
        found: dict[str, Any] = self.clerk.get(f"{path}.json").get_json()
        return found

    def put(
        self, content: bytes, name: str = "scan.png", path: str = OF_1F, **form: Any
    ) -> TestResponse:
        form = {
            "version": str(self.now(path)["version"]),
            "file": (io.BytesIO(content), name),
        } | form
        headers = {**self.headers, "Accept": "application/json"}
        return self.clerk.client.post(
            path, data=form, headers=headers, content_type="multipart/form-data"
        )

    def say(self, path: str = OF_1F, **said: Any) -> TestResponse:
        said = {"version": self.now(path)["version"], **said}
        return self.clerk.client.post(f"{path}.json", json=said, headers=self.headers)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


@pytest.fixture
def layer(house: House) -> Layer:
    return Layer(house)


def test_a_photo_lies_upright_and_says_nothing_of_who_took_it(layer: Layer) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Held on its side.
    exif[0x013B] = "Dr. Wang"
    answer = layer.put(picture("JPEG", (1200, 800), exif=exif), "IMG_1.JPG")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    said = answer.get_json()

    assert (said["width_px"], said["height_px"]) == (800, 1200)
    (left, top), (right, _), _, (_, bottom) = said["corners"]
    assert (top - bottom) / (right - left) == pytest.approx(1200 / 800, rel=1e-3)
    served = layer.clerk.get(said["picture"])
    assert served.mimetype == "image/webp" and b"Wang" not in served.data
    shown = Image.open(io.BytesIO(served.data))
    assert shown.size == (800, 1200) and not shown.getexif()


def test_a_page_of_a_pdf_is_chosen(layer: Layer) -> None:
    said = layer.put(pdf("10 10 50 50 re S"), "plans.pdf").get_json()
    missing = layer.put(pdf("10 10 50 50 re S"), "plans.pdf", page="7")

    assert max(said["width_px"], said["height_px"]) > 300
    assert missing.status_code == 400 and missing.get_json()["code"] == "pdf-no-such-page"
    shown = Image.open(io.BytesIO(layer.clerk.get(said["picture"]).data)).convert("L")
    dark = sum(shown.histogram()[:128])
    assert 0 < dark < shown.width * shown.height / 4


def test_it_is_laid_elsewhere_and_every_version_comes_back(layer: Layer) -> None:
    first = layer.put(picture()).get_json()
    second = layer.say(corners=SQUARE).get_json()
    third = layer.say(percent=30).get_json()
    gone = layer.say(back=0).get_json()
    again = layer.say(back=second["version"]).get_json()

    assert [one["version"] for one in (first, second, third, gone, again)] == [1, 2, 3, 4, 5]
    assert second["corners"] == SQUARE and third["corners"] == SQUARE and third["percent"] == 30
    assert "picture" not in gone
    assert {**again, "version": 2} == second
    assert layer.clerk.get(first["picture"]).status_code == 200


def test_a_picture_of_the_same_size_lies_like_that_of_another_floor(layer: Layer) -> None:
    """Floors are scanned and plotted alike: the scale is said once."""
    layer.put(picture())
    layer.say(corners=SQUARE)

    other = f"{BASE}/floors/2F/underlay"
    assert layer.put(picture(), path=other).get_json()["corners"] == SQUARE
    assert layer.put(picture(size=(900, 600)), path=other).get_json()["corners"] != SQUARE


def test_who_was_slower_is_told(house: House, layer: Layer) -> None:
    layer.put(picture())
    other = Layer(house, "second")
    seen = other.now()["version"]
    layer.say(percent=10)

    answer = other.say(version=seen, percent=90)

    assert answer.status_code == 409
    assert answer.get_json()["code"] == "underlay-changed-meanwhile"
    assert "editor" in answer.get_json()["text"]
    assert layer.now()["percent"] == 10


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "scan.png", "upload-empty"),
        (b"MZ\x90", "scan.exe", "upload-not-taken"),
        (b"<svg/>", "scan.png", "picture-broken"),
        (picture()[:300], "scan.png", "picture-broken"),
        (picture(size=(100, 100)), "scan.png", "picture-too-small"),
        (picture(size=(9000, 5000)), "scan.png", "picture-too-large"),
        (b"%PDF-1.4 nothing", "scan.pdf", "pdf-broken"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    layer: Layer, content: bytes, name: str, code: str
) -> None:
    answer = layer.put(content, name)

    assert answer.status_code == 400
    assert answer.get_json()["code"] == code
    assert not layer.now()["version"]


@pytest.mark.parametrize(
    "corners",
    [
        [[0, 0], [10, 0], [10, 10], [0, 10]],  # Mirrored.
        [[0, 10], [10, 0], [10, 10], [0, 0]],  # Crossed.
        [[0, 10], [10, 10], [3, 7], [0, 0]],  # Beyond the horizon of a photo.
        [[0, 0.05], [0.05, 0.05], [0.05, 0], [0, 0]],  # Tiny.
        [[0, 10], [10, 10], [10, 0]],
        [[0, 1e9], [1e9, 1e9], [1e9, 0], [0, 0]],
        [[0, 10], [10, 10], [10, 0], ["x", 0]],
        [[0, 10], [10, 10], [10, 0], [float("nan"), 0]],
        "here",
    ],
)
def test_a_picture_cannot_be_folded(corners: Any) -> None:
    with pytest.raises(NavkitError) as refused:
        underlays.checked(corners)

    assert refused.value.finding.code in ("underlay-folded", "request-refused")


@pytest.mark.parametrize(
    "said", [{}, {"percent": 101}, {"percent": True}, {"back": 99}, {"version": -1, "back": 0}]
)
def test_what_cannot_be_asked_for_is_refused(layer: Layer, said: dict[str, Any]) -> None:
    layer.put(picture())

    assert layer.say(**said).status_code == 400


def test_nothing_is_laid_where_nothing_lies(layer: Layer) -> None:
    assert layer.say(percent=50).get_json()["code"] == "no-underlay"


def test_who_may_only_look_sees_it_and_moves_nothing(house: House, layer: Layer) -> None:
    layer.put(picture())
    viewer = Layer(house, "viewer")

    assert viewer.clerk.get(viewer.now()["picture"]).status_code == 200
    assert viewer.say(percent=1).status_code == viewer.put(picture()).status_code == 403
    assert viewer.clerk.get(f"{OF_1F}/{'0' * 64}.webp").status_code == 404


def test_phones_never_get_it_and_the_log_has_it(house: House, layer: Layer) -> None:
    house.build()
    layer.put(picture())
    said = underlays.latest(house.rows, HOSPITAL, "1F")
    layer.clerk.post(f"{BASE}/builds")
    house.work()
    kept = {sha for job in (1,) for sha in json.dumps(dict(house.job(job).result)).split('"')}

    assert isinstance(said, Underlay) and said.sha256 not in kept
    log = html.unescape(house.clerk("admin").get("/log").get_data(as_text=True))
    assert "scan.png" in log
