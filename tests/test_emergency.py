"""An emergency: from the desk to the file that phones follow, and back."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from clinic import HOSPITAL, House, drawing, new_house
from served import serving
from signed_clinic import BASE, PHRASE, Phone, decide, new_signed_house, propose
from test_server_console import token

from exporter.words.screen_words import screen_words
from navkit.venue.venue import Closure
from navkit.words.languages import languages
from server.press import closures, trust

pytestmark = pytest.mark.process

NODE = shutil.which("node") or ""
API = f"/api/v1/hospitals/{HOSPITAL}/emergency"
FILE = f"/h/{HOSPITAL}/closures.json"
LIFT = Closure("mz-L1", "", "2026-03-09T08:00", {"zh-Hans": "检修", "en": "maintenance"})

OLD_READER = r"""
const LOCAL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/;
const isCount = (value) => Number.isSafeInteger(value) && value > 0;
const data = JSON.parse(require('fs').readFileSync(0, 'utf8'));
if (data.format !== 'navkit-closures' || !isCount(data.version)) throw new Error('damaged');
if (data.version > 1) throw new Error('too-new');
const read = data.closures.map(function (one) {
  const isWhole = typeof one.target === 'string' && one.target !== '' &&
    LOCAL.test(one.start) && LOCAL.test(one.end) &&
    Object.values(one.reason).every((name) => typeof name === 'string');
  if (!isWhole) throw new Error('damaged');
  return { target: one.target, start: one.start, end: one.end, reason: one.reason };
});
process.stdout.write(JSON.stringify(read));
"""
"""How phones read the file of closures before there were emergencies."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_signed_house(tmp_path)


def said(house: House) -> Any:
    return json.loads(house.clerk().get(FILE).data)


def stands(house: House) -> bool:
    return closures.emergency(house.rows, HOSPITAL) is not None


# ------------------------------------------------------------------- the file


def test_without_an_emergency_the_file_is_what_it_was() -> None:
    assert trust.closures_file([], 7) == (
        b'{"format":"navkit-closures","version":1,"number":7,"closures":[]}\n'
    )


@pytest.mark.skipif(not NODE, reason="node is not installed")
def test_phones_of_before_read_the_closures_of_a_file_with_an_emergency() -> None:
    content = trust.closures_file([LIFT], 7, "2026-03-02T09:12")

    done = subprocess.run([NODE, "-e", OLD_READER], input=content, capture_output=True)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(content)["closures"]
    assert [one["target"] for one in json.loads(done.stdout)] == ["mz-L1"]
    assert json.loads(content)["emergency"] == {"since": "2026-03-02T09:12"}
    assert len(content) - len(trust.closures_file([LIFT], 7)) < 64


def test_no_words_of_an_emergency_tell_a_way_out() -> None:
    ways = re.compile("出口|疏散路线|楼梯|樓梯|疏散路線|exit|evacuat|stairs|door", re.IGNORECASE)
    for tag in languages():
        phone = " ".join(screen_words()[tag]["emergency"].values())
        assert not ways.search(phone), phone


# ------------------------------------------------------------------- the desk


def test_the_desk_declares_an_emergency_by_a_tick_and_a_button_and_ends_it_alike(
    house: House,
) -> None:
    desk, path = house.clerk("desk"), trust.closures_path(HOSPITAL)
    number = closures.number(house.rows, HOSPITAL)
    assert f'href="{BASE}/emergency"' in desk.get(f"{BASE}/desk").text

    refused = desk.post(f"{BASE}/emergency")
    assert refused.status_code == 400
    assert "没有勾选确认" in refused.text and 'name="sure"' in refused.text
    assert not stands(house)
    assert desk.post(f"{BASE}/emergency", sure="declare").status_code == 303

    told = said(house)
    assert stands(house)
    assert told["number"] == number + 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", told["emergency"]["since"])
    assert json.loads(signed(house, path))["emergency"] == told["emergency"]
    for page in (BASE, f"{BASE}/desk", f"{BASE}/directory"):
        assert "紧急通知已发布。 手机已停止导航。" in desk.get(page).text, page
    assert "紧急通知已发布" in house.clerk("admin").get("/").text
    assert house.clerk().get("/healthz").data == f"ok\nemergency: {HOSPITAL}\n".encode()
    metrics = house.app.test_client().get("/metrics", headers=token(house, "desk")).text
    assert "\nnavkit_emergencies 1\n" in metrics

    assert desk.post(f"{BASE}/emergency/withdraw").status_code == 400
    assert stands(house)
    assert desk.post(f"{BASE}/emergency/withdraw", sure="withdraw").status_code == 303

    assert not stands(house)
    assert "emergency" not in said(house) and said(house)["number"] == number + 2
    assert "emergency" not in json.loads(signed(house, path))
    assert "紧急通知已发布" not in desk.get(f"{BASE}/desk").text
    assert house.clerk().get("/healthz").data == b"ok\n"
    late = desk.post(f"{BASE}/emergency/withdraw", sure="withdraw")
    assert late.status_code == 409 and "可能已由别人解除" in late.text


def signed(house: House, path: str) -> bytes:
    """What phones that trust the keys are led to."""
    target = trust.opened(house.settings.folder).targets[f"{HOSPITAL}-closures"].signed.targets
    folder, _, name = path.rpartition("/")
    content: bytes = house.clerk().get(f"/{folder}/{target[path].hashes['sha512']}.{name}").data
    return content


def test_two_who_declare_at_once_declare_one(house: House) -> None:
    for name in ("desk", "editor"):
        assert house.clerk(name).post(f"{BASE}/emergency", sure="declare").status_code == 303

    assert len(house.rows.all("SELECT * FROM emergencies")) == 1
    house.clerk("desk").post(f"{BASE}/emergency/withdraw", sure="withdraw")
    assert not stands(house)
    actions = [row["action"] for row in house.rows.all("SELECT action FROM audit ORDER BY number")]
    assert [one for one in actions if "emergency" in one] == [
        "declare-emergency",
        "withdraw-emergency",
    ]
    log = house.clerk("admin").get("/log").text
    assert "发布紧急通知" in log and "解除紧急通知" in log


def test_who_may_only_look_sees_it_and_cannot_declare_or_end_it(house: House) -> None:
    viewer = house.clerk("viewer")
    assert viewer.post(f"{BASE}/emergency", sure="declare").status_code == 403
    page = viewer.get(f"{BASE}/emergency").text
    assert "不要乘电梯" in page and "不要搭電梯" in page and "Do not use the lifts" in page
    assert 'name="sure"' not in page
    house.clerk("desk").post(f"{BASE}/emergency", sure="declare")

    assert viewer.post(f"{BASE}/emergency/withdraw", sure="withdraw").status_code == 403
    assert "紧急通知已发布" in viewer.get(BASE).text
    assert stands(house)


def test_a_program_declares_and_ends_an_emergency_by_its_token(house: House) -> None:
    client, desk = house.app.test_client(), token(house, "desk")
    assert client.post(API).status_code == 401
    assert client.post(API, headers=token(house, "viewer")).status_code == 403

    first = client.post(API, headers=desk)
    again = client.post(API, headers=desk)
    listed = client.get(f"/api/v1/hospitals/{HOSPITAL}/closures").json

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json == listed["emergency"] == said(house)["emergency"]
    assert client.delete(API, headers=token(house, "viewer")).status_code == 403
    assert client.delete(API, headers=desk).status_code == 204
    assert client.delete(API, headers=desk).status_code == 409
    assert "emergency" not in client.get(f"/api/v1/hospitals/{HOSPITAL}/closures").json


def test_an_emergency_stays_while_lifts_are_closed_and_a_map_is_published(house: House) -> None:
    decide(house, propose(house, house.build()), PHRASE)
    desk = house.clerk("desk")
    desk.post(f"{BASE}/emergency", sure="declare")
    desk.post(f"{BASE}/desk/L", because="out-of-order")
    since = said(house)["emergency"]
    closed = closures.current(house.rows, HOSPITAL, 0)
    desk.post(f"{BASE}/closures/{closed[0]['id']}/reopen")
    decide(house, propose(house, house.build()), PHRASE)

    assert said(house)["emergency"] == since
    assert json.loads(signed(house, trust.closures_path(HOSPITAL)))["emergency"] == since


def test_where_nothing_is_signed_the_desk_is_told_that_phones_do_not_hear(tmp_path: Path) -> None:
    from clinic import new_house

    house = new_house(tmp_path / "data").hire()
    desk = house.clerk("desk")
    before = desk.get(f"{BASE}/emergency").text
    desk.post(f"{BASE}/emergency", sure="declare")

    assert "手机收不到紧急通知" in before
    for page in (f"{BASE}/emergency", f"{BASE}/desk"):
        told = desk.get(page).text
        assert "紧急通知已发布。 手机收不到紧急通知" in told
        assert "手机已停止导航" not in told and "一分钟内停止导航。</p>" not in told


def test_it_reaches_phones_by_http_and_outlives_a_start_of_the_server(house: House) -> None:
    """Through sockets, read by python-tuf's own client; lost files are rewritten."""
    decide(house, propose(house, house.build()), PHRASE)
    folder = house.settings.folder
    root = (house.settings.press.public / "metadata" / "1.root.json").read_bytes()
    with serving(folder, NAVKIT_PUBLISHING_PASSPHRASE=PHRASE) as server:
        desk = server.clerk("desk", HOSPITAL)
        assert desk.post(f"{BASE}/emergency", sure="declare").status_code == 303
        _, content = server.ask("GET", FILE)
        since = json.loads(content)["emergency"]
    (house.settings.press.folder(HOSPITAL) / closures.NAME).unlink()
    with serving(folder, NAVKIT_PUBLISHING_PASSPHRASE=PHRASE) as server:
        _, content = server.ask("GET", FILE)
        assert json.loads(content)["emergency"] == since
        phone = Phone(folder.parent / "phone", root)
        phone.folder.mkdir()
        phone.look(f"http://127.0.0.1:{server.port}/")
        kept = [p.read_text("ascii") for p in (phone.folder / "targets").iterdir()]
        assert any(json.loads(text).get("emergency") == since for text in kept)
        assert server.ask("GET", "/healthz")[1].decode() == f"ok\nemergency: {HOSPITAL}\n"


def test_where_nothing_is_signed_no_page_says_that_phones_learn_of_anything(tmp_path: Path) -> None:
    """Nobody may think that phones have stopped, or go round a lift, where they hear nothing."""
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build(plan=drawing()))
    desk = house.clerk("desk")
    base = f"/hospitals/{HOSPITAL}"
    pages = [desk.get(f"{base}/emergency").text]
    desk.post(f"{base}/desk/L", because="cleaning")
    pages.append(desk.get(f"{base}/desk").text)
    desk.post(f"{base}/emergency", sure="declare")
    desk.post(f"{base}/emergency/withdraw", sure="withdraw")
    pages.append(desk.get(f"{base}/emergency").text)

    for page in pages:
        assert "联网后会知道" not in page and "一分钟内" not in page
    assert "已停用。" in pages[1] and "紧急通知已解除。" in pages[2]


def test_who_is_signed_out_is_told_that_nothing_was_saved_and_where_to_sign_in(
    tmp_path: Path,
) -> None:
    house = new_house(tmp_path / "data").hire()
    nobody = house.clerk()

    answer = nobody.post(f"/hospitals/{HOSPITAL}/desk/L", because="cleaning")

    assert answer.status_code == 401
    assert "没有保存" in answer.text and 'href="/sign-in"' in answer.text
