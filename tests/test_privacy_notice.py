"""The privacy notice says what the software does: its numbers and names are the program's."""

import json
import re
from pathlib import Path

import pytest

from server.press import reports
from server.staff import devices, people, sessions

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "privacy-notice.md").read_text(encoding="utf-8")
HEADINGS = {"zh-Hans": "隐私说明", "zh-Hant": "隱私說明", "en": "Privacy notice"}
TECHNICAL = "For the hospital's IT"
RUNTIME = ROOT / "exporter" / "runtime"
SCRIPTS = [*RUNTIME.rglob("*.js"), ROOT / "exporter" / "site" / "page" / "page.js"]

HOUR_MS = 3600_000
MINUTE_MS = 60_000


def part(heading: str) -> str:
    return re.split(rf"^## {re.escape(heading)}$", PAGE, flags=re.M)[1].partition("\n## ")[0]


def of_script(name: str, constant: str) -> int:
    """A whole number, or sums of such, in a script of the phone."""
    text = next(file for file in SCRIPTS if file.name == name).read_text(encoding="utf-8")
    found = re.search(rf"^  const {constant} = ([\d]+);", text, re.M)
    assert found, constant
    return int(found[1])


@pytest.mark.parametrize("language", HEADINGS)
def test_its_numbers_are_those_of_the_program(language: str) -> None:
    hour = {"zh-Hans": "小时", "zh-Hant": "小時", "en": "hours"}[language]
    minute = {"zh-Hans": "分钟", "zh-Hant": "分鐘", "en": "minutes"}[language]
    second = {"zh-Hans": "秒", "zh-Hant": "秒", "en": "seconds"}[language]
    day = {"zh-Hans": "天", "zh-Hant": "天", "en": "days"}[language]
    links = (RUNTIME / "client" / "app" / "links.js").read_text(encoding="utf-8")
    assert "const TRIP_MS = DAY_MS / 2;" in links

    said = " ".join(part(HEADINGS[language]).split())

    for number, unit in [
        (of_script("settings.js", "DAY_MS") // 2 // HOUR_MS, hour),
        (of_script("page.js", "IDLE_S"), second),
        (reports.KEPT_MS // 24 // HOUR_MS, day),
        (sessions.LONGEST_MS // HOUR_MS, hour),
        (people.TRIES_MS // MINUTE_MS, minute),
        (devices.KEPT_S // 3600 // 24, day),
    ]:
        assert f"{number} {unit}" in said
    for number in (of_script("find.js", "RECENTS"), of_script("reports.js", "MOST")):
        assert re.search(rf"[（(](?:最多 )?{number}\b", said)


@pytest.mark.parametrize("language", HEADINGS)
def test_it_names_buttons_as_the_screen_does(language: str) -> None:
    file = ROOT / "exporter" / "words" / language / "screen.json"
    words = json.loads(file.read_text(encoding="utf-8"))
    said = part(HEADINGS[language])

    labels = (words["walk"]["wrong"], words["settings"]["clear-history"], words["desk"]["hand"])
    assert [label for label in labels if label not in said] == []


@pytest.mark.parametrize("language", HEADINGS)
def test_it_names_the_articles_and_leaves_the_same_blanks(language: str) -> None:
    said, first = part(HEADINGS[language]), part(HEADINGS["zh-Hans"])
    numerals = {13: "十三", 15: "十五", 16: "十六", 17: "十七", 28: "二十八", 44: "四十四",
                45: "四十五", 46: "四十六", 47: "四十七", 50: "五十"}  # fmt: skip
    for number, chinese in numerals.items():
        assert f"第{chinese}条" in said or f"第{chinese}條" in said or f" {number}" in said

    assert said.count("【") == said.count("】") == first.count("【")
    assert said.count("\n### ") == first.count("\n### ")
    assert said.count("\n| ") == first.count("\n| ")


def test_whatever_a_phone_keeps_is_told() -> None:
    kept = set()
    for file in SCRIPTS:
        text = file.read_text(encoding="utf-8")
        kept |= {f"navkit.{name}" for name in re.findall(r"\bsave\(state, '([\w-]+)'", text)}
        kept |= set(re.findall(r"'(navkit\.[\w-]+)'", text))
    kept.discard("navkit.")

    assert kept >= {"navkit.settings", "navkit.trip", "navkit.reports"}
    assert [name for name in sorted(kept) if f"`{name}`" not in part(TECHNICAL)] == []


def test_every_table_of_the_server_is_told() -> None:
    sql = "".join(
        file.read_text("utf-8") for file in (ROOT / "server" / "data" / "schema").glob("*.sql")
    )
    tables = set(re.findall(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)", sql))

    assert [name for name in sorted(tables) if f"`{name}`" not in part(TECHNICAL)] == []


def test_a_report_has_no_more_than_is_told() -> None:
    """What a phone sends; the notice describes each of these in words."""
    sql = "".join(
        file.read_text("utf-8") for file in (ROOT / "server" / "data" / "schema").glob("*.sql")
    )
    (columns,) = re.findall(r"CREATE TABLE reports \((.*?)PRIMARY KEY", sql, re.S)

    assert set(re.findall(r"(\w+) (?:TEXT|BIGINT)", columns)) == {
        *("hospital", "id", "bundle", "level", "line", "told", "language", "profile", "made_ms"),
        *("settled_by", "settled_ms"),
    }
