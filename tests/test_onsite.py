"""Routes walked on site: each public one is verified by somebody, until it is told otherwise."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, House, new_house
from PIL import Image

from server.builds import drafts
from server.data.files import Files
from server.press import walks
from server.words.saying import book

BASE = f"/hospitals/{HOSPITAL}"
GOAL = f"{BASE}/walk?goal=2F-03"


def words(key: str, **slots: object) -> str:
    return book("zh-Hans")[key].format(**slots)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = new_house(tmp_path_factory.mktemp("onsite") / "data").hire()
    made.publish(made.build())
    yield made


@pytest.fixture(autouse=True)
def unwalked(house: House) -> None:
    house.rows.run("DELETE FROM walks")
    house.rows.run("DELETE FROM tries")


def form_of(page: str) -> dict[str, Any]:
    fields = dict(re.findall(r'name="(goal|step|hash)" value="([^"]*)"', page))
    assert set(fields) == {"goal", "step", "hash"}
    return fields


def walked(house: House, goal: str, name: str = "desk") -> int:
    """Walks a route with a phone, and finds every step right; how many there were."""
    desk, address, steps = house.clerk(name), f"{BASE}/walk?goal={goal}", 0
    while "/walks" not in address:
        answer = desk.post(f"{BASE}/walk", verdict="right", **form_of(desk.get(address).text))
        assert answer.status_code == 303
        address, steps = answer.headers["Location"], steps + 1
    return steps


def test_a_route_is_walked_step_by_step_and_verified_by_name(house: House) -> None:
    goals = len(re.findall(r"/walk\?goal=", house.clerk("desk").get(f"{BASE}/walks").text))
    assert goals >= 28

    assert walked(house, "2F-03") >= 2

    page = house.clerk("viewer").get(f"{BASE}/walks").text
    assert words("walks-share", count=1, all=goals) in page
    assert re.search(rf'goal=2F-03".*?{words("walk-right")} · desk, 20', page, re.DOTALL)
    assert words("walks-share", count=1, all=goals) in house.clerk("editor").get(BASE).text
    refused = house.clerk("viewer").post(f"{BASE}/walk", goal="2F-03", verdict="right")
    assert refused.status_code == 403
    assert house.clerk("desk").get(f"{BASE}/walk?goal=gone").status_code == 404


def test_what_is_wrong_here_is_said_with_a_remark_or_a_photo(house: House) -> None:
    desk = house.clerk("desk")
    fields = form_of(desk.get(f"{GOAL}&step=1").text)
    post = f"{BASE}/walk"

    unsaid = desk.post(post, verdict="wrong", page=f"{GOAL}&step=1", **fields)
    assert unsaid.status_code == 400 and house.rows.all("SELECT * FROM walks") == []
    changed = desk.post(post, verdict="wrong", remark="x", **{**fields, "hash": "0" * 16})
    assert changed.status_code == 409
    assert desk.post(post, verdict="wrong", remark="a new wall", **fields).status_code == 303

    [row] = house.rows.all("SELECT * FROM walks")
    assert (row["step"], row["remark"], row["person"]) == (1, "a new wall", "desk")
    page = desk.get(f"{BASE}/walks").text
    assert page.index("goal=2F-03") < page.index("goal=1F-01"), "what is to be done comes first"
    assert "a new wall" in page and words("walks-wrong", count=1) in page
    walked(house, "2F-03")
    assert words("walks-wrong", count=1) not in desk.get(f"{BASE}/walks").text


def test_what_is_wrong_on_site_is_an_item_of_the_worklist_with_its_answers(house: House) -> None:
    desk, editor = house.clerk("desk"), house.clerk("editor")
    job = house.rows.all("SELECT MAX(id) AS id FROM jobs")[0]["id"]
    taken = io.BytesIO()
    Image.effect_noise((700, 500), 80).convert("RGB").save(taken, "JPEG")

    def item() -> str:
        page = editor.get(f"{BASE}/builds/{job}/worklist").text
        found = re.search(r'<section id="onsite">.*?</section>', page, re.DOTALL)
        return found[0] if found else ""

    def say_wrong() -> int:
        fields = form_of(desk.get(f"{GOAL}&step=1").text)
        photo = (io.BytesIO(taken.getvalue()), "photo.jpg")
        sent = {"verdict": "wrong", "remark": "a new wall", "file": photo, **fields}
        assert desk.post(f"{BASE}/walk", **sent).status_code == 303
        return int(house.rows.all("SELECT MAX(id) AS id FROM walks")[0]["id"])

    walk = say_wrong()
    told = house.rows.all("SELECT told FROM walks")[0]["told"]
    for text in (
        "2层诊室3 · 2F",
        told,
        "a new wall",
        "desk, 20",
        f"/walk-photos/{walk}",
        "thing=2F-03",
    ):
        assert text in item(), text

    address = f"{BASE}/walks/{walk}/answer"
    assert desk.post(address, answer="again").status_code == 403
    assert editor.post(address, answer="right").status_code == 400, "a reason is asked"
    assert editor.post(address, answer="again").status_code == 303
    assert item() == "" and words("walk-never") in desk.get(GOAL).text
    assert editor.post(address, answer="again").status_code == 409

    other = say_wrong()
    editor.post(f"{BASE}/walk-photos/{other}/use", about="蓝色的门")
    editor.post(f"{BASE}/walks/{other}/answer", answer="right", why="the wall is painted")
    assert item() == "" and words("walk-right") in desk.get(GOAL).text
    [change] = [c for c in changes(house) if c["do"] == "set-photo"]
    assert (change["id"], change["names"]) == ("2F-03", {"zh-Hans": "蓝色的门"})
    built = house.build()
    bundle = f"{BASE}/builds/{built}/preview/bundle"
    assert "photos" in json.loads(editor.get(f"{bundle}/index.json").data)


def changes(house: House) -> list[dict[str, Any]]:
    now = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    return drafts.changes_of(Files(house.settings.folder).read(now.sha256))


def test_a_photo_is_kept_small_and_without_what_a_camera_writes(house: House) -> None:
    desk, taken = house.clerk("desk"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Somebody's camera"
    Image.effect_noise((700, 500), 80).convert("RGB").save(taken, "JPEG", exif=exif)
    fields = form_of(desk.get(GOAL).text)

    def upload(content: bytes) -> int:
        photo = (io.BytesIO(content), "photo.jpg")
        return desk.post(f"{BASE}/walk", verdict="photo", file=photo, **fields).status_code

    assert upload(taken.getvalue()) == 303 and upload(b"no picture") == 400
    assert desk.post(f"{BASE}/walk", verdict="photo", **fields).status_code == 400

    [row] = house.rows.all("SELECT * FROM walks")
    answer = desk.get(f"{BASE}/walk-photos/{row['id']}")
    assert answer.mimetype == "image/webp" and b"Somebody" not in answer.data
    assert len(answer.data) <= 30_000 and Image.open(io.BytesIO(answer.data)).format == "WEBP"
    page = desk.get(f"{BASE}/walks").text
    assert f"{words('walk-never')}" in page, "a photo says nothing of the route"


def test_a_route_that_is_told_otherwise_is_asked_again_and_others_stay(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A department moves into a room upstairs: the route there says so, others stay as they are."""
    for goal in ("2F-03", "1F-03"):
        walked(house, goal)
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY + "外科,Surgery,203,,\n".encode())
    house.publish(house.build())
    desk = house.clerk("desk")
    front = house.clerk("editor").get(BASE).text
    assert words("walks-old", count=2) in front, "nobody has compared them yet"

    with monkeypatch.context() as hurried:
        hurried.setattr(walks, "COMPARE_S", -1.0)
        assert words("walks-old", count=2) in desk.get(f"{BASE}/walks").text
    page = desk.get(f"{BASE}/walks").text

    assert re.search(rf'goal=1F-03".*?{words("walk-right")}', page, re.DOTALL)
    again = re.search(r'goal=2F-03"[^>]*>外科[^<]*</a>\s*<span class="bad">([^<]*) ·', page)
    assert again and again[1] == words("walk-changed")
    assert words("walks-changed", count=1) in house.clerk("editor").get(BASE).text
    walked(house, "2F-03")
    assert words("walks-changed", count=1) not in house.clerk("editor").get(BASE).text
