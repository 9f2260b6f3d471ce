"""The command line, as scripts and people use it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from conftest import ROOT, real_plan
from test_routing import tower

from exporter.bundle import scripts_file
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue.lookup import find
from navkit.venue.venue import Venue, save
from tools import cli
from tools.cli import main


def run(*words: str | Path, lang: str = "en") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], env={"NAVKIT_LANG": lang})


@pytest.fixture(scope="module")
def built() -> list[Guide]:
    return []


@pytest.fixture(autouse=True)
def one_guide_a_venue(built: list[Guide], monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands of this process share the guide of a venue that is the same in all it says, as the
    pages of a server do: to build it takes a hundred times as long as to ask it."""

    def guide_of(venue: Venue) -> Guide:
        known = next((one for one in built if one.venue == venue), None)
        if known is None:
            built.append(known := Guide(venue))
        return known

    monkeypatch.setattr(cli, "Guide", guide_of)


@pytest.fixture(scope="module")
def venue_file(example_venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cli") / "venue.json"
    save(example_venue, file)
    return file


def answer(*words: str | Path) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.stdout)
    assert isinstance(data, dict)
    return data


@pytest.mark.process
def test_import_prints_figures_and_writes_the_venue(example_drawings: Path, tmp_path: Path) -> None:
    venue = tmp_path / "venue.json"

    figures = answer(
        *("import", example_drawings / "plans", "-o", venue),
        *("--directory", example_drawings / "directory.csv"),
        *("--corrections", example_drawings / "corrections.json"),
    )

    assert set(figures) == {"levels", "spaces", "doors", "connectors", "places", "findings"}
    assert figures["levels"] == 26
    assert json.loads(venue.read_text(encoding="utf-8"))["places"][0]["id"]


@pytest.mark.process
def test_import_shows_the_draughtsmans_slips_and_check_wants_staff(
    example_drawings: Path, tmp_path: Path
) -> None:
    venue = tmp_path / "venue.json"

    figures = answer("import", example_drawings / "plans", "-o", venue)

    assert figures["findings"] == {
        "door-guessed": 1,
        "lift-one-stop": 1,
        "name-missing": 1,  # a placeholder is no name
        "stop-missing": 1,  # the lift drawn as another one on 4F
    }
    assert run("check", venue).exit_code == 1


@pytest.mark.slow
def test_check_counts_what_each_profile_reaches(venue_file: Path) -> None:
    checked = answer("check", venue_file)

    assert checked["components"] == 1
    assert {finding["code"] for finding in checked["findings"]} == {"doors-narrow-for-staff"}
    assert checked["reachable"]["walk"] == checked["reachable"]["wheelchair"] == checked["places"]
    assert checked["pairs"]["walk"] == checked["pairs"]["wheelchair"] == 1
    assert [part["nearest"] for part in checked["parts"]] == [None]
    named = [int(re.findall(r"(\d+) in all", found["text"])[0]) for found in checked["findings"]]
    assert sum(named) == checked["places"] - checked["reachable"]["bed"], "each with its reason"


def test_a_route_as_json_adds_up(venue_file: Path) -> None:
    told = answer("route", venue_file, "急诊入口", "zy-9F-905", "--profile", "wheelchair")

    steps = told["instructions"]
    assert sum(step["length_m"] for step in steps) == pytest.approx(told["length_m"])
    assert sum(step["duration_s"] for step in steps) == pytest.approx(told["duration_s"])
    assert {"text", "speech", "clauses", "level", "length_m", "duration_s", "turn_deg"} <= set(
        steps[0]
    )
    assert {"kind", "text", "speech"} == set(steps[0]["clauses"][0])
    assert told["path"][0]["level"] == "yj-1F"
    assert told["path"][-1]["level"] == "zy-9F"
    assert all(len(point) == 2 for piece in told["path"] for point in piece["points"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "goal"),
    [
        ("A101", "放射科"),  # a code, a name
        ("mz-1F-D-main", "category:toilet"),  # an id, the nearest of a category
        ("急诊入口", "Geriatric Ward"),  # a name in another language
        ("mz-2F-205", "mz-2F-207"),  # rooms of the drawing
    ],
)
def test_places_are_found_by_what_people_call_them(venue_file: Path, start: str, goal: str) -> None:
    assert answer("route", venue_file, start, goal)["length_m"] > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        ("2096-12-31T08:00:30", 0, "notice-closed"),
        (" 2096-12-31 ", 0, "notice-closed"),
        ("2026-03-02T09:30", 0, '"notices": []'),
        ("2026-03-02T09:30:01", 0, "notice-closed"),
        ("soon", 2, "L soon: the time of a closure cannot be read"),
        ("2096-12-31T08:00Z", 2, "the time of a closure cannot be read"),
        (7, 2, "this venue is damaged"),
    ],
)
def test_a_closure_of_a_venue_is_read_or_refused_whatever_its_time(
    tmp_path: Path, end: object, code: int, said: str
) -> None:
    file = tmp_path / "venue.json"
    save(tower(), file)
    venue = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**venue, "closures": [{"target": "L", "end": end}]}))

    result = run("route", file, "诊室", "病房", "--depart", "2026-03-02T09:30", "--json")

    assert result.exit_code == code
    assert said in result.output


@pytest.mark.parametrize("written", ["a101", "Ａ１０１", " a101 ", "ａ101"])
def test_a_code_is_found_in_any_case_and_width(example: Guide, written: str) -> None:
    assert find(example.venue, written) == find(example.venue, "A101")


@pytest.mark.parametrize(("written", "id_"), [("MZ-2f-205", "mz-2F-205"), ("CARDIO", "cardio")])
def test_an_id_is_found_in_any_case(example: Guide, written: str, id_: str) -> None:
    assert find(example.venue, written) == find(example.venue, id_)


def test_the_command_takes_a_code_in_any_case(venue_file: Path) -> None:
    assert answer("route", venue_file, "a101", "放射科")["length_m"] > 0


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "r-mz-1F-toilet-men (Men's Toilet · Outpatient Building 1F)"),
        ("zh-Hans", "r-mz-1F-toilet-men (男卫生间 · 门诊楼 1F)"),
        ("zh-Hant", "r-mz-1F-toilet-men (男洗手間 · 門診樓 1F)"),
    ],
)
def test_places_of_one_name_are_told_apart_by_name_building_and_level(
    venue_file: Path, lang: str, says: str
) -> None:
    assert says in run("route", venue_file, "A101", "卫生间", lang=lang).stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("toilets", "toilet"),
        ("Toilette", "toilet"),
        ("farmacy", "pharmacy"),
        ("register", "registration"),
        ("ward-s", "ward"),
    ],
)
def test_the_category_that_was_meant_is_named_first(
    venue_file: Path, written: str, first: str
) -> None:
    said = run("route", venue_file, "A101", f"category:{written}").stderr
    known = said.partition("nearest first: ")[2].rpartition(". [")[0].split(", ")

    assert len(known) == len(set(known)) > 20
    assert known[0] == first


def test_every_category_that_is_suggested_is_found(venue_file: Path, example: Guide) -> None:
    said = run("route", venue_file, "A101", "category:none").stderr
    known = said.partition("nearest first: ")[2].rpartition(". [")[0].split(", ")

    assert "toilet" in known
    assert all(find(example.venue, f"category:{one}").places for one in known)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "says"),
    [("en", "you are already there"), ("zh-Hans", "您已经在"), ("zh-Hant", "您已經在")],
)
def test_who_is_there_already_is_told_so(venue_file: Path, lang: str, says: str) -> None:
    place = {"en": "A101", "zh-Hans": "放射科", "zh-Hant": "mz-2F-205"}[lang]
    result = run("route", venue_file, place, place, "--lang", lang)

    assert result.exit_code == 0
    assert says in result.stdout
    assert "0 m" not in result.stdout


def test_no_card_is_printed_for_no_way(venue_file: Path, tmp_path: Path) -> None:
    result = run("card", venue_file, "放射科", "放射科", "-o", tmp_path / "cards")

    assert result.exit_code == 2
    assert "[already-there-no-card]" in result.stderr
    assert not (tmp_path / "cards").exists()


def test_the_help_names_every_profile() -> None:
    for command in ("route", "card"):
        said = run(command, "--help").stdout

        assert all(profile in said for profile in profiles())


@pytest.mark.parametrize(
    ("words", "fits"),
    [(["hi"], "en"), (["Ward A"], "en"), (["你好", "--lang", "en"], "zh-Hans")],
)
def test_a_text_of_another_language_is_told_which(
    words: list[str], fits: str, tmp_path: Path
) -> None:
    result = run("say", *words, "-o", tmp_path / "x.mp3")

    assert result.exit_code == 2
    assert f"--lang {fits}," in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    [
        *("not a url", "maps.hospital.example", "ftp://a.example/", "https://", "https:///x"),
        *("https://a b/", "https://a.example/?x=1", "https://a.example/#a", "https://:443/"),
        *(
            "https://-/",
            "https://user:word@a.example/",
            "https://a.example:99999999/",
            "javascript:1",
        ),
        *(
            "https://医院.example/",
            'https://a.example/"x',
            "https://a.example/<b>",
            "http://a_b/\n",
        ),
    ],
)
@pytest.mark.parametrize("command", ["anchors", "site", "export"])
def test_codes_that_open_nothing_are_not_printed(
    venue_file: Path, tmp_path: Path, command: str, address: str
) -> None:
    result = run(command, venue_file, "-o", tmp_path / "out", "--url", address)

    assert result.exit_code == 2
    assert "[bad-address]" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_codes_open_the_address_that_is_given(venue_file: Path, tmp_path: Path) -> None:
    for number, address in enumerate(("https://maps.hospital.example/", "http://10.1.2.3:8080/a")):
        result = run("anchors", venue_file, "-o", tmp_path / f"{number}", "--url", address)

        assert result.exit_code == 0


@pytest.mark.slow
def test_a_closed_lift_is_not_taken_and_the_walker_is_told(venue_file: Path) -> None:
    trip = ("route", venue_file, "mz-1F-D-main", "r-mz-6F-605", "--profile", "wheelchair")
    before = answer(*trip)

    closed = answer(*trip, "--closed", "mz-L1")

    assert "1号电梯" in " ".join(step["text"] for step in before["instructions"])
    assert "1号电梯" not in " ".join(step["text"] for step in closed["instructions"])
    assert [notice["kind"] for notice in closed["notices"]] == ["notice-closed"]


@pytest.mark.slow
def test_a_closure_counts_between_its_start_and_its_end(venue_file: Path) -> None:
    """The bridge on 4F is closed on 5 and 6 December 2026."""
    trip = ("route", venue_file, "mz-4F-430", "yj-3F-301")

    during = answer(*trip, "--depart", "2026-12-05T10:00")
    after = answer(*trip, "--depart", "2026-12-08T10:00")

    assert during["length_m"] > after["length_m"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["A101", "不存在的科"], "no such place"),
        (["A101", "卫生间"], "several places fit"),
        (["A101", "放射科", "--profile", "skateboard"], "no such profile"),
        (["A101", "放射科", "--closed", "电梯9"], "no door, connector, space or path"),
        (["A101", "放射科", "--depart", "明天"], "2026-03-02T09:30"),
        (["A101", "放射科", "--depart", "2026-02-30T10:00"], "2026-03-02T09:30"),
        (["A101", "category:casino"], "no places of this category"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(
    venue_file: Path, words: list[str], says: str
) -> None:
    result = run("route", venue_file, *words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [["check"], ["route", "a", "b"], ["bench"]])
def test_a_file_that_is_no_venue_is_refused(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.json").write_text('{"type": "FeatureCollection"}', encoding="utf-8")
    for name, says in (("a.json", "not a navkit venue"), ("b.json", "no such file")):
        result = run(command[0], tmp_path / name, *command[1:])

        assert result.exit_code == 2
        assert says in result.stderr


@pytest.mark.process
def test_nothing_is_written_where_the_plans_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{", encoding="utf-8")

    result = run("import", tmp_path / "a.geojson", "-o", tmp_path / "venue.json")

    assert result.exit_code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["a.geojson"]


def test_a_place_that_cannot_be_written_to_is_said(venue_file: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    result = run("anchors", venue_file, "-o", tmp_path / "file" / "folder")

    assert result.exit_code == 2
    assert "Traceback" not in result.stderr


def test_errors_speak_the_readers_language(tmp_path: Path) -> None:
    for lang, says in (
        ("zh-Hans", "找不到文件"),
        ("zh-Hant", "找不到檔案"),
        ("en", "no such file"),
    ):
        assert says in run("check", tmp_path / "x.json", lang=lang).stderr


@pytest.mark.process
@pytest.mark.real_plans
def test_script_and_export_of_a_real_clinic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_start = scripts_file.starts
    monkeypatch.setattr(scripts_file, "starts", lambda of: every_start(of)[::6])
    changes = Path(__file__).parent / "data" / "clinic-corrections.json"
    venue = tmp_path / "venue.json"
    run("import", real_plan("clinic-geojson"), "--corrections", changes, "-o", venue)

    written = run("script", venue, "--lang", "en", "-o", tmp_path / "routes.jsonl")
    sizes = answer("export", venue, "-o", tmp_path / "b", "--zip", tmp_path / "b.zip")
    once = {f.name: f.read_bytes() for f in (tmp_path / "b").iterdir()}
    again = run("export", venue, "-o", tmp_path / "c", "--zip", tmp_path / "c.zip")

    text = (tmp_path / "routes.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert written.exit_code == again.exit_code == 0
    assert len(rows) > 150
    assert set(rows[0]) == {"start", "goal", "profile", "length_m", "duration_s", "instructions"}
    assert sizes["parts"]["network"]["files"] == 1
    assert once == {f.name: f.read_bytes() for f in (tmp_path / "c").iterdir()}
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "c.zip").read_bytes()
    assert all(
        re.fullmatch(r"index\.json|[a-z]+-[0-9a-f]{16}\.(json|mp3|webp)", name) for name in once
    )


@pytest.mark.process
@pytest.mark.parametrize(
    "script", ["examples/hospital/draw.py", "examples/miniprogram/pack.py", "tools/demo.py"]
)
def test_a_script_asked_for_help_does_nothing_else(script: str, tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, str(ROOT / script), "--help"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    wrong = subprocess.run(
        [sys.executable, str(ROOT / script), "--nonsense"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert told.returncode == 0
    assert "usage:" in told.stdout
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.process
def test_a_folder_that_cannot_be_drawn_into_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    drawn = subprocess.run(
        [sys.executable, str(ROOT / "examples/hospital/draw.py"), str(tmp_path / "file")],
        capture_output=True,
        text=True,
    )

    assert drawn.returncode == 2
    assert "Traceback" not in drawn.stderr
    assert (tmp_path / "file").read_text() == "mine"


OFFER = (
    "import sys; from pathlib import Path; from tools import demo; demo.offer(Path(sys.argv[1]))"
)


@pytest.mark.process
def test_the_demo_serves_its_page_on_a_terminal_until_it_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("the page", encoding="utf-8")
    mine, its = pty.openpty()
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", OFFER, str(tmp_path)], stdin=its, stdout=its, cwd=ROOT
    )
    os.close(its)
    said = os.read(mine, 1000).decode()

    [address] = re.findall(r"http://127\.0\.0\.1:\d+/", said)
    assert "Ctrl+C" in said
    with urlopen(address) as answer:
        assert answer.read() == b"the page"
    running.send_signal(signal.SIGINT)
    assert running.wait(10) == 0
    os.close(mine)


@pytest.mark.process
def test_the_demo_says_how_to_serve_its_page_where_there_is_no_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFER, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )

    assert f"http.server --bind 127.0.0.1 --directory {tmp_path}" in done.stdout


@pytest.mark.process
def test_the_demo_replaces_nothing_but_a_demo(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    ran = subprocess.run(
        [sys.executable, str(ROOT / "tools/demo.py"), str(tmp_path)],
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 1
    assert "Name another folder" in ran.stderr
    assert (tmp_path / "thesis.docx").exists()
