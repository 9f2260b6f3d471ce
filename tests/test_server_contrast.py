"""Two versions of a file on the map, the name of a room, and going back as a whole."""

import html
import json
from pathlib import Path

import pytest
from clinic import HOSPITAL, House, drawing, new_house
from drawn import parse
from test_server_typed import forms

from navkit.venue.join import join
from server.builds import contrast, drafts

BASE = f"/hospitals/{HOSPITAL}"
FLOOR = """
    level 1F 0
    +-------+-------+
    |   A   |   B   |
    +---d---+---d---+
    |       C       e
    +---------------+

    A: room
    B: room
    C: corridor
"""
WIDER = (
    FLOOR.replace("+-------+-------+", "+---------------+")
    .replace("|   A   |   B   |", "|   A           |")
    .replace("+---d---+---d---+", "+---d-----------+")
    .replace("    B: room\n", "")
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("contrast") / "data").hire()
    plan = json.loads(drawing())
    made.build(plan=json.dumps(plan).encode())
    plan["features"] = [f for f in plan["features"] if f.get("id") not in ("1F-03", "1F-03-D")]
    made.build(plan=json.dumps(plan).encode())
    return made


def text(house: House, path: str, name: str = "viewer") -> str:
    return html.unescape(house.clerk(name).get(path).text)


def test_what_is_gone_is_red_and_what_is_new_is_green() -> None:
    old = join([parse(FLOOR)])
    new = join([parse(WIDER)])
    made = contrast.contrast(old, new)

    hows = {(one.how, one.part, one.id) for one in made.on("1F")}
    assert ("gone", "spaces", "B") in hows and ("moved", "spaces", "A") in hows
    svg = contrast.picture(made, "1F", "en")
    for how in ("gone", "moved", "before"):
        assert str(contrast.LOOKS[how]["stroke"]) in svg
    assert str(contrast.LOOKS["new"]["stroke"]) not in svg
    back = contrast.picture(contrast.contrast(new, old), "1F", "en")
    assert str(contrast.LOOKS["new"]["stroke"]) in back


@pytest.mark.process
def test_versions_of_a_drawing_are_compared_on_the_map(house: House) -> None:
    one = f"{BASE}/sources/drawing/plan.geojson/versions/1"
    assert f'href="{one}/map"' in text(house, one)
    page = text(house, f"{one}/map")
    assert "1层诊室3" in page and "没有了" in page
    assert "1F (2)" in page and "2F (0)" in page
    svg = house.clerk("viewer").get(f"{one}/map.svg?level=1F").data
    assert b"#b3261e" in svg and b"#14691f" not in svg
    other = house.clerk("viewer").get(f"{one}/map.svg?level=2F").data
    assert b"#b3261e" not in other
    assert house.clerk("viewer").get(f"{one}/map?level=9F").status_code == 404


@pytest.mark.process
def test_a_version_that_no_build_has_read_says_so(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("drawing", "late.geojson", drawing(staff=["1F-01"]))
    page = text(house, f"{BASE}/sources/drawing/late.geojson/versions/1/map")
    assert "还没有一次完成的生成用过" in page
    editor.post(f"{BASE}/sources/drawing/late.geojson/remove", version=1)


@pytest.mark.process
def test_versions_of_corrections_are_compared_on_the_map_without_a_build(house: House) -> None:
    editor = house.clerk("editor")
    changes = [{"do": "rename", "id": "1F-05", "names": {"zh-Hans": "抽血室"}}]
    editor.upload("corrections", "c.json", drafts.corrections_file(changes))
    shape = [[0, 20], [5, 20], [5, 25], [0, 25]]
    changes.append(
        {"do": "add-space", "id": "1F-new", "level": "1F", "kind": "room", "outline": shape}
    )
    answer = editor.upload("corrections", "c.json", drafts.corrections_file(changes))
    assert answer.status_code == 303, html.unescape(answer.text)

    one = f"{BASE}/sources/corrections/corrections.json/versions/1"
    page = text(house, f"{one}/map?level=1F")
    assert "1F-new" in page and "抽血室" not in page
    assert b"#14691f" in house.clerk("viewer").get(f"{one}/map.svg?level=1F").data


@pytest.mark.process
def test_renaming_a_room_that_the_directory_names_changes_what_patients_find(
    tmp_path: Path,
) -> None:
    house = new_house(tmp_path / "data").hire()
    house.build()
    editor = house.clerk("editor")
    page = editor.get(f"{BASE}/builds/1/levels/2F?thing=2F-05")
    fields = next(f for _, f in forms(page.text) if f.get("do") == "rename")
    assert fields["name-zh-Hans"] == "眼科", "patients find it by this name"
    assert "名录第 3 行" in html.unescape(page.text)

    sent = {**fields.to_dict(), "row": "1", "name-zh-Hans": "眼科门诊", "ref": "205A"}
    sent["name-zh-Hant"] = "眼科門診"
    answer = editor.post(f"{BASE}/corrections", **sent)
    assert answer.status_code == 303, answer.text.partition('id="refused"')[2][:300]

    now = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    rows = drafts.table_of(house.settings.press.files.read(now.sha256)).rows
    assert rows[1][:3] == ("眼科门诊", "Ophthalmology", "205A")
    assert rows[1][-1] == "眼科門診", "the directory had no column for it"
    held = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    (change,) = drafts.changes_of(house.settings.press.files.read(held.sha256))
    names = {"zh-Hans": "2层诊室5", "en": "Room 205"}
    assert change == {"do": "rename", "id": "2F-05", "names": names, "ref": "205A"}
    other = html.unescape(editor.get(f"{BASE}/builds/1/levels/2F?thing=2F-06").text)
    assert "这个名称来自图纸" in other
    # On the drawing alone, where somebody says so.
    sent = {**fields.to_dict(), "row": "", "name-zh-Hans": "眼", "version": held.version}
    assert editor.post(f"{BASE}/corrections", **sent).status_code == 303
    again = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    assert again.version == now.version


@pytest.mark.process
def test_going_back_offers_the_sources_of_that_version(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    house.publish(house.build(plan=drawing(staff=["1F-02"])))

    answer = house.clerk("second").post(f"{BASE}/undo", version=1)

    assert answer.location.endswith(f"{BASE}/history/1/draft")
    assert "plan.geojson" in house.clerk("second").get(answer.location).text
