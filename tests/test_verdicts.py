"""The review sheet of directions: a line a pattern; what staff say of it holds until it changes."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from clinic import DIRECTORY, drawing, new_house
from test_server_console import reviewed
from test_voice import house

from exporter.bundle.scripts_file import scripts
from exporter.paper import verdicts
from floorplans.reading import read
from navkit.guidance.chunks import cards_of
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.venue.directory import read as table
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from tools.cli import main
from tools.reviewing import patterns

Rows = list[dict[str, str]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NAVKIT_LANG", "en")
    save(house(), tmp_path / "venue.json")
    return tmp_path


def sheet(desk: Path, *more: str, lang: str = "en") -> tuple[Rows, Result]:
    """The sheet written anew, and what was said."""
    words = ["script", str(desk / "venue.json"), "--lang", lang, "--sheet", str(desk / "r.csv")]
    told = CliRunner().invoke(main, [*words, *more])
    assert told.exit_code == 0, told.output
    text = (desk / "r.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text))), told


def fill(desk: Path, rows: Rows) -> Path:
    """A sheet as staff save it, by Excel."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(list(rows[0]))
    for row in rows:
        page.append(list(row.values()))
    book.save(desk / "filled.xlsx")
    return desk / "filled.xlsx"


def renamed(venue: Venue, before: str, after: str) -> Venue:
    places = [
        replace(one, names={tag: name.replace(before, after) for tag, name in one.names.items()})
        for one in venue.places
    ]
    return replace(venue, places=tuple(places))


def test_every_pattern_of_a_sentence_stands_once_with_an_example_and_a_picture(desk: Path) -> None:
    rows, _ = sheet(desk)
    guide = Guide(house())
    steps = [step for one in scripts(guide) for step in cards_of(one.route, guide.around)]

    assert len({row["pattern"] for row in rows}) == len(rows) > 3
    assert sum(int(row["used"]) for row in rows) == len(steps)
    for row in rows:
        assert (desk / row["picture"]).read_text(encoding="utf-8").startswith("<svg")
        assert row["example"] in {
            one.text
            for route in [guide.route(row["start"], row["goal"], profile(row["profile"]))]
            for one in guide.tell(route, "en").instructions
        }
        assert "{" not in row["sentence"]


def test_left_and_right_are_one_pattern_and_the_longest_is_the_example() -> None:
    for one in patterns(Guide(house())):
        assert not any("left" in kind or "right" in kind for kind in one.kinds)
        assert 1 <= len(one.longest) <= min(3, one.used)


@pytest.mark.parametrize("said", ["right", "OK", "\u5bf9", "\u221a"])
def test_a_verdict_is_kept_until_the_route_is_told_in_other_words(desk: Path, said: str) -> None:
    rows, _ = sheet(desk)
    first = {**rows[0], "verdict": said, "signed": "Wang"}

    again, told = sheet(desk, "--filled", str(fill(desk, [first, *rows[1:]])))

    assert [row["verdict"] for row in again] == ["right", *[""] * (len(rows) - 1)]
    assert f"{len(rows) - 1} wait for a verdict" in told.output
    kept = json.loads((desk / "verdicts.json").read_text(encoding="utf-8"))["verdicts"]
    assert [(one["pattern"], one["verdict"], one["signed"]) for one in kept] == [
        (first["pattern"], "right", "Wang")
    ]
    save(renamed(house(), "Entrance", "Gate"), desk / "venue.json")

    changed, told = sheet(desk)

    by_pattern = {row["pattern"]: row for row in changed}
    assert by_pattern[first["pattern"]]["verdict"] == ""
    assert by_pattern[first["pattern"]]["said before"].startswith("right")
    assert "verdict-outdated" in told.output


def test_a_sheet_in_chinese_is_filled_in_in_chinese_as_csv(desk: Path) -> None:
    rows, _ = sheet(desk, lang="zh-Hans")
    rows[0] |= {"\u7ed3\u8bba": "\u9519", "\u5907\u6ce8": "\u95e8\u5728\u53f3\u624b\u8fb9"}
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    (desk / "r.csv").write_bytes(out.getvalue().encode("gb18030"))

    again, told = sheet(desk, lang="zh-Hans")

    assert again[0]["\u7ed3\u8bba"] == "\u9519"
    assert again[0]["\u5907\u6ce8"] == "\u95e8\u5728\u53f3\u624b\u8fb9"
    assert "verdict-wrong" in told.output


def test_what_is_no_verdict_is_told_and_a_remark_alone_is_kept(desk: Path) -> None:
    rows, _ = sheet(desk)
    filled = fill(desk, [{**rows[0], "verdict": "perhaps"}, {**rows[1], "remark": "a long way"}])

    said, unread = verdicts.filled_in(filled.read_bytes(), "filled.xlsx")

    assert [(one.pattern, one.verdict, one.remark) for one in said] == [
        (rows[1]["pattern"], "", "a long way")
    ]
    assert [(one.code, one.slots["said"], one.slots["row"]) for one in unread] == [
        ("verdict-unread", "perhaps", "2")
    ]
    assert all(unread[0].text(language) for language in languages())


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"[]", b"{}", b'{"navkit-verdicts": 1, "verdicts": [5]}',
     b'{"navkit-verdicts": 1, "verdicts": [{"pattern": "a"}]}', b"\xff\xfe\x00"],
)  # fmt: skip
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(NavkitError):
        verdicts.decode(content, "verdicts.json")
    with pytest.raises(NavkitError):
        verdicts.filled_in(content, "filled.csv")


def test_nothing_to_write_is_said(desk: Path) -> None:
    told = CliRunner().invoke(main, ["script", str(desk / "venue.json")])

    assert told.exit_code == 2
    assert "--sheet" in told.output


@pytest.mark.process
@pytest.mark.slow
def test_the_console_shows_what_staff_called_wrong(tmp_path: Path) -> None:
    """A verdict on a route that is told so, and one on a route that is not."""
    for name, content in (("plan.geojson", drawing()), ("directory.csv", DIRECTORY)):
        (tmp_path / name).write_bytes(content)
    guide = Guide(join(read([tmp_path / "plan.geojson"]), table(tmp_path / "directory.csv"), ()))
    route = next(iter(scripts(guide)))
    told = guide.tell(route.route, "zh-Hans")
    said = verdicts.Verdict(
        "zh-Hans", "a", route.start, route.goal, route.route.profile.id, 1,
        verdicts.route_hash(told), "wrong", "门锁了", "王",
    )  # fmt: skip
    old = replace(said, pattern="b", hash="0", verdict="right", remark="")
    hospital = new_house(tmp_path / "data").hire()
    file = verdicts.encode([said, old])
    assert hospital.clerk("editor").upload("verdicts", "any.json", file).status_code == 303

    found = {one["code"]: one for one in reviewed(hospital, hospital.build())["findings"]}

    assert {"verdict-wrong", "verdict-outdated"} <= set(found)
    assert found["verdict-wrong"]["slots"]["remark"] == "门锁了"
