"""Reports from phones arrive at the console, with nothing about who sent them."""

import json
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, Clerk, House, new_house
from flask.testing import FlaskClient

from server.machine.worker import now_ms
from server.press import reports
from server.staff import audit

pytestmark = pytest.mark.process

BASE, API = f"/hospitals/{HOSPITAL}", f"/api/v1/hospitals/{HOSPITAL}/reports"
SAID = {
    "id": "0123456789abcdef" * 2,
    "bundle": "0" * 8,
    "level": "1F",
    "from": [14.0, 10.0],
    "to": [20, 6.5],
    "text": "右转。",
    "language": "zh-Hans",
    "profile": "walk",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("reports") / "data").hire()
    made.publish(made.build())
    return made


@pytest.fixture(autouse=True)
def nothing_waits(house: House) -> None:
    house.rows.run("DELETE FROM reports")
    house.app.extensions["navkit-limits"].reset()


@pytest.fixture
def phone(house: House) -> FlaskClient:
    return house.clerk().client


def page(clerk: Clerk) -> str:
    return clerk.get(f"{BASE}/reports").get_data(as_text=True)


def test_a_report_arrives_with_its_words_its_version_and_its_room(
    house: House, phone: FlaskClient
) -> None:
    index = house.job(1).result["parts"][0][2]

    answer = phone.post(API, json={**SAID, "bundle": index[:8]})

    assert answer.status_code == 204
    shown = page(house.clerk("viewer"))
    assert "右转。" in shown and "步行" in shown
    # (14, 10) is in the room drawn from (12, 8) to (18, 13).
    assert f"{BASE}/builds/1/levels/1F?thing=1F-03" in shown


def test_a_report_of_a_map_that_nobody_knows_is_shown_as_it_is(
    house: House, phone: FlaskClient
) -> None:
    phone.post(API, json={**SAID, "level": "<b>9F</b>", "text": "<script>"})

    shown = page(house.clerk("viewer"))
    assert "&lt;b&gt;9F&lt;/b&gt;" in shown and "<script>" not in shown.partition("<main")[2]


def test_a_report_sent_twice_counts_once_and_is_settled_once(
    house: House, phone: FlaskClient
) -> None:
    assert [phone.post(API, json=SAID).status_code for _ in range(2)] == [204, 204]
    [one] = reports.waiting(house.rows, HOSPITAL)

    editor = house.clerk("editor")
    first = editor.post(f"{BASE}/reports/{one.id}/settle")
    again = editor.post(f"{BASE}/reports/{one.id}/settle")

    assert (first.status_code, again.status_code) == (303, 409)
    assert reports.waiting(house.rows, HOSPITAL) == []
    assert audit.last(house.rows, 1)[0]["action"] == "settle-report"
    phone.post(API, json=SAID)
    assert reports.waiting(house.rows, HOSPITAL) == [], "a late copy opens nothing again"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "short"),
        ("id", None),
        ("id", "0" * 31 + "G"),
        ("bundle", "../.."),
        ("level", 7),
        ("level", "x" * 101),
        ("from", [1]),
        ("from", [1, "2"]),
        ("to", [1, 1e9]),
        ("to", [True, 1]),
        ("to", {"x": 1}),
        ("text", "字" * 501),
        ("language", "de"),
        ("profile", "p" * 41),
    ],
)
def test_what_is_no_report_is_refused_with_the_fields_name(
    house: House, phone: FlaskClient, field: str, value: Any
) -> None:
    answer = phone.post(API, json={**SAID, field: value})

    assert answer.status_code == 400
    assert answer.json and answer.json["code"] == "report-foreign" and field in answer.json["text"]
    assert reports.waiting(house.rows, HOSPITAL) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"NaN", b"{", b"[" * 3000, b'{"id": Infinity}'])
def test_what_is_no_json_is_refused(phone: FlaskClient, body: bytes) -> None:
    answer = phone.post(API, data=body, content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "1" * 400])
def test_numbers_beyond_all_measure_are_refused(phone: FlaskClient, number: str) -> None:
    body = json.dumps(SAID).replace("14.0", number)
    assert number in body

    assert phone.post(API, data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize("text", ["\\ud800", "\\u0000"])
def test_a_text_with_half_a_character_is_refused(phone: FlaskClient, text: str) -> None:
    body = json.dumps({**SAID, "text": "@"}).replace("@", text)

    answer = phone.post(API, data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json and answer.json["code"] == "text-unstorable"


def test_a_long_body_is_not_read(phone: FlaskClient) -> None:
    assert phone.post(API, json={**SAID, "more": "x" * 5000}).status_code == 413


def test_one_address_cannot_fill_the_table(
    house: House, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [phone.post(API, json={**SAID, "id": f"{n:032x}"}).status_code for n in range(25)]
    assert told == [204] * 20 + [429] * 5

    monkeypatch.setattr(reports, "MOST_WAITING", 20)
    house.app.extensions["navkit-limits"].reset()
    assert phone.post(API, json={**SAID, "id": "f" * 32}).status_code == 429


def test_the_hour_is_kept_and_not_the_minute_and_old_ones_go(house: House) -> None:
    now = now_ms()
    reports.add(house.rows, now - 2 * reports.KEPT_MS, HOSPITAL, {**SAID, "id": "a" * 32})

    reports.add(house.rows, now, HOSPITAL, SAID)

    [one] = reports.waiting(house.rows, HOSPITAL)
    assert one.made_ms % reports.HOUR_MS == 0 and now - one.made_ms < reports.HOUR_MS


def test_no_log_says_what_was_reported(
    house: House, phone: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "navkit.server")
    phone.post(API, json=SAID)

    assert caplog.records and not any(
        word in caplog.text for word in (SAID["text"], SAID["id"], "127.0.0.1")
    )


def test_a_database_of_the_version_before_gets_the_table(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    house.rows.run("DROP TABLE reports")
    house.rows.run("DELETE FROM steps WHERE name = ?", "002.sql")

    again = new_house(tmp_path / "data")

    assert reports.waiting(again.rows, HOSPITAL) == []
