"""A language is one folder: a made-up one is added from outside and appears everywhere."""

import ast
import json
import re
import runpy
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from clinic import drawing, new_house
from conftest import ROOT

from exporter.bundle.bundle import make_bundle
from exporter.paper.cards import cards
from exporter.site.site import site
from floorplans import read
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.venue.join import join
from navkit.venue.venue import Venue, load, name_in, save
from navkit.words import folders
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import default_language, languages, nearest, words
from tools.cli import main

MADE_UP = "qaa"
OURS = ("zh-Hans", "zh-Hant", "zh-Hant-HK", "en")
WHOLE = tuple(tag for tag in OURS if not folders.built_in()[tag].varies)
"""Those that have all texts; the others are varieties of them."""
FILES = ("guidance", "places", "screen", "paper", "console", "findings", "evidence")
PACKAGES = ("navkit", "floorplans", "exporter", "server", "tools")
LAST = re.compile("⟦[^⟦⟧]+⟧")
"""A text in the made-up language."""


def marked(said: Any) -> Any:
    """Every text between ⟦ and ⟧."""
    if isinstance(said, Mapping):
        left = {
            k: v
            for k, v in said.items()
            if k not in ("speech", "cuts", "numbers", "spoken", "grammar")
        }
        return {key: marked(value) for key, value in left.items()}
    if isinstance(said, list | tuple):
        return [marked(one) for one in said]
    return f"⟦{said}⟧" if said.strip() else said


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up language: English in brackets."""
    made = tmp_path_factory.mktemp("words") / MADE_UP
    made.mkdir()
    english = folders.built_in()["en"]
    own = {"name": "⟦Qaa⟧", "short": "⟦Q⟧", "fallbacks": ["en", ""], "nearest": ["x-made-up"]}
    books = {name: marked(folders.words(english, name)) for name in FILES} | {"language": own}
    for name, book in books.items():
        (made / f"{name}.json").write_text(json.dumps(book), encoding="utf-8")
    return made


@pytest.fixture
def spoken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Its tag, while it is there."""
    monkeypatch.setenv("NAVKIT_WORDS", str(folder))
    return MADE_UP


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Venue:
    file = tmp_path_factory.mktemp("drawn") / "plan.geojson"
    file.write_bytes(drawing())
    return join(read([file]))


@pytest.fixture(scope="module")
def venue_file(venue: Venue, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("venue") / "venue.json"
    save(venue, file)
    return file


def run(*told: str | Path, lang: str = MADE_UP) -> Result:
    return CliRunner().invoke(main, [str(word) for word in told], env={"NAVKIT_LANG": lang})


# ------------------------------------------------- a language from outside, everywhere


def test_a_route_is_told_in_it_on_the_command_line(folder: Path, venue_file: Path) -> None:
    trip = ("route", venue_file, "E", "2F-03", "--lang", MADE_UP)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAVKIT_WORDS", "")
        told = run("--words", folder, *trip)
        refused = run("--words", folder.parent / "nowhere", *trip)

    steps = [line for line in told.output.splitlines() if re.match(r" *\d+\. ", line)]
    assert told.exit_code == 0, told.output
    assert steps and all(LAST.search(step) for step in steps)
    assert refused.exit_code == 2
    assert "nowhere" in refused.output


def test_findings_and_errors_are_told_in_it(spoken: str, venue_file: Path) -> None:
    checked, failed = run("check", venue_file), run("check", "no-such-file.json")

    assert all(LAST.search(line) for line in checked.output.splitlines() if line.strip())
    assert "⟦there is no such file." in failed.output


def test_cards_are_printed_in_it(spoken: str, venue: Venue) -> None:
    guide = Guide(venue)
    route = guide.route("E", "2F-03", profile("walk"))

    pages = cards(route, guide.tell(route, spoken), large_print=False)

    assert pages
    assert all("⟦About " in svg or "⟦Start" in svg for _, svg in pages)


def test_a_page_and_a_bundle_speak_it(spoken: str, venue: Venue) -> None:
    bundle = make_bundle(Guide(venue), ("en", spoken), lambda _: None, None, None)
    files = site(bundle, date(2026, 3, 2))

    book = next(json.loads(p.content) for p in bundle.parts if p.role == "phrases")["languages"]
    assert book[spoken]["name"] == "⟦Qaa⟧"
    assert book[spoken]["clauses"]["turn-left"] == "⟦turn left⟧"
    assert json.loads(files["bundle/index.json"])["languages"] == ["en", spoken]
    assert "⟦Where do you want to go?⟧" in files["page.js"].decode()
    assert '"qaa":"⟦To make room' in files["sw.js"].decode()


def test_the_mini_program_is_packed_with_it(spoken: str) -> None:
    pack = runpy.run_path(str(ROOT / "examples" / "miniprogram" / "pack.py"))

    said = pack["runtime_files"]()["runtime/words.js"].decode()

    assert "⟦Where do you want to go?⟧" in said
    assert "⟦no way joins these two." in said


def test_the_console_is_shown_in_it(spoken: str, tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    admin = house.clerk("admin")

    asked = house.clerk().get("/sign-in", headers={"Accept-Language": "qaa, en;q=0.5"})
    near = house.clerk().get("/sign-in", headers={"Accept-Language": "x-made-up"})
    answer = admin.post("/language", language=spoken)

    assert "⟦Sign in⟧" in asked.text
    assert "⟦Sign in⟧" in near.text
    assert answer.status_code == 303
    page = admin.get("/").text
    assert "⟦Overview⟧" in page
    assert re.search(r'value="qaa" lang="qaa" aria-pressed="true">⟦Q⟧</button>', page)
    assert 'name="name-qaa"' in page


# --------------------------------------------------------- what it may leave out


def brought(folder: Path, monkeypatch: pytest.MonkeyPatch, **books: Any) -> str:
    """A language of these files only."""
    folder.mkdir(parents=True)
    for name, book in books.items():
        (folder / f"{name}.json").write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setenv("NAVKIT_WORDS", str(folder))
    return folder.name


OWN = {"name": "Français", "fallbacks": ["zh-CN", "en"]}


def test_what_a_language_leaves_out_is_said_in_its_fallback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = {"find": {"title": "Où allez-vous ?"}}
    tag = brought(tmp_path / "fr", monkeypatch, language=OWN, screen=screen)

    said = words(tag, "screen")
    assert said["find"]["title"] == "Où allez-vous ?"
    assert said["find"]["clear"] == "Clear"
    assert words(tag, "guidance")["speech"] == {}
    assert Finding("no-such-file").text(tag) == Finding("no-such-file").text("en")
    assert name_in({"en": "Ward", "zh-Hans": "病房"}, tag) == "Ward"
    told = run("languages", lang=tag).output
    assert "fr         Français\n" in told
    assert "screen: find.clear" in told and "screen: find.title" not in told


def test_a_sentence_with_braces_that_nothing_fills_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = {"find": {"near": "près de {lieu}"}}
    brought(tmp_path / "fr", monkeypatch, language=OWN, screen=screen)

    with pytest.raises(NavkitError, match=r"screen: find\.near.*\{lieu\}.*\{place\}") as refused:
        languages()
    assert refused.value.finding.code == "words-slot"


def test_a_variety_says_its_own_terms_in_all_texts_of_the_language_it_varies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {"name": "American English", "fallbacks": ["en"], "varies": "en"}
    terms = {"lift": "elevator", "Lift": "Elevator", "lift shaft": "hoistway"}
    screen = {"find": {"title": "Where to?"}}
    tag = brought(tmp_path / "en-US", monkeypatch, language={**own, "terms": terms}, screen=screen)

    said = words(tag, "guidance")
    assert said["clauses"]["leave-lift"] == "leaving the elevator"
    assert said["clauses"]["turn-left"] == "turn left"
    assert said["cuts"]["cross"] == words("en", "guidance")["cuts"]["cross"]
    assert said["spoken"] == words("en", "guidance")["spoken"]
    assert words(tag, "places")["categories"]["elevator"] == "Elevator"
    assert words(tag, "screen")["find"]["title"] == "Where to?"
    assert words(tag, "screen")["find"]["clear"] == "Clear"
    assert folders.missing(folders.languages()[tag]) == []


@pytest.mark.parametrize(
    ("books", "code"),
    [
        ({"language": {**OWN, "terms": ["lift"]}}, "words-unreadable"),
        ({}, "words-unreadable"),
        ({"language": []}, "words-unreadable"),
        ({"language": {"name": "Français"}}, "words-unreadable"),
        ({"language": OWN, "console": {"sign-in": 7}}, "words-unreadable"),
    ],
)
def test_a_folder_that_is_no_language_is_refused_in_words(
    books: dict[str, Any], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path / "fr", monkeypatch, **books)

    with pytest.raises(NavkitError) as refused:
        languages()
    assert refused.value.finding.code == code
    told = run("check", "nothing.json", lang="fr")
    assert told.exit_code == 2
    assert "this is no part of a language" in told.output


def test_no_folder_takes_the_tag_of_another_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(tmp_path / "en", monkeypatch, language=OWN)

    with pytest.raises(NavkitError, match="en-x-ours"):
        languages()


# --------------------------------------------------------------- tags


def test_an_unknown_tag_is_an_error_that_lists_the_known_ones(
    venue: Venue, venue_file: Path
) -> None:
    guide = Guide(venue)
    route = guide.route("E", "2F-03", profile("walk"))

    for ask in (
        lambda: guide.tell(route, "tlh"),
        lambda: name_in({"en": "Ward"}, "tlh"),
        lambda: Finding("no-such-file").text("tlh"),
        lambda: make_bundle(guide, ("tlh",), lambda _: None, None, None),
    ):
        with pytest.raises(NavkitError, match=r"tlh: there is no such language.*zh-Hant") as error:
            ask()
        assert error.value.finding.code == "unknown-language"
    told = run("route", venue_file, "E", "2F-03", "--lang", "tlh", lang="en")
    assert told.exit_code == 2
    assert "there is no such language here. Known: zh-Hans, zh-Hant, zh-Hant-HK, en" in " ".join(
        told.output.split()
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zh-TW", "zh-Hant"), ("zh_HK.UTF-8", "zh-Hant-HK"), ("zh-Hant-CN", "zh-Hant"),
        ("zh", "zh-Hans"), ("zh_CN.UTF-8", "zh-Hans"), ("zh-Hans-HK", "zh-Hans"),
        ("en", "en"), ("en_GB.UTF-8", "en"), ("fr", ""), ("C", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_nearest_language_is_taken(asked: str, found: str) -> None:
    assert nearest([asked]) == found


def test_the_first_of_those_asked_for_that_is_near_is_taken() -> None:
    assert nearest(["fr", "zh-TW", "en"]) == "zh-Hant"
    assert default_language() == "zh-Hans"


# --------------------------------------------------------- the house's own words


def texts(said: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from texts(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value


@pytest.mark.parametrize("name", FILES)
def test_all_languages_say_the_same_with_the_same_slots(name: str) -> None:
    said = [dict(folders._sentences(words(tag, name))) for tag in OURS]

    assert languages() == OURS
    assert all(book.keys() == said[0].keys() for book in said)
    for path, text in said[0].items():
        slots = [set(re.findall(r"\{\w+\}", book[path])) - {"{is}"} for book in said]
        assert all(one == slots[0] for one in slots), (path, text)


def test_all_packages_have_the_same_languages() -> None:
    for package in PACKAGES:
        found = {f.name for f in (ROOT / package / "words").iterdir() if f.is_dir()}
        assert set(WHOLE) <= found - {"__pycache__"} <= set(OURS), package


def _severities(package: str) -> dict[str, str]:
    file = ROOT / package / "words" / "severity.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_every_code_is_said_by_one_package_and_has_a_severity() -> None:
    all_codes = [code for package in PACKAGES for code in _severities(package)]

    assert len(all_codes) == len(set(all_codes))
    for package in PACKAGES:
        found = _severities(package)
        assert set(found.values()) <= {"error", "warning", "note"}
        for tag in WHOLE:
            file = ROOT / package / "words" / tag / "findings.json"
            assert json.loads(file.read_text(encoding="utf-8")).keys() == found.keys(), file


@pytest.mark.parametrize("package", PACKAGES)
def test_each_code_lives_in_a_package_that_uses_it(package: str) -> None:
    sources = [
        file.read_text(encoding="utf-8")
        for file in (ROOT / package).rglob("*")
        if file.suffix in (".py", ".json") and "words" not in file.relative_to(ROOT).parts[:2]
    ]
    sources += [f.read_text(encoding="utf-8") for f in (ROOT / package / "words").glob("*.py")]
    used = set(re.findall(r"""["']([a-z][a-z0-9-]+)["']""", "\n".join(sources)))
    begun = tuple(re.findall(r'f"([a-z]+(?:-[a-z]+)*-)\{', "\n".join(sources)))

    unused = [c for c in _severities(package) if c not in used and not c.startswith(begun)]
    assert unused == []


# ---------------------------------------------------------- names, by reader


def test_a_finding_names_places_in_the_readers_language(
    spoken: str, folder: Path, tmp_path: Path
) -> None:
    plan = json.loads(drawing())
    plan["features"] = [f for f in plan["features"] if f["id"] not in ("1F-03-D", "2F-04-D")]
    file = tmp_path / "plan.geojson"
    file.write_text(json.dumps(plan), encoding="utf-8")

    venue = join(read([file]))
    saved = tmp_path / "venue.json"
    save(venue, saved)
    found = [f for f in load(saved).findings if f.code == "door-guessed"]

    assert load(saved).findings == venue.findings
    assert found[0].text("zh-Hans").startswith("1F, 1F-03 (1层诊室3): 图上没有画门")
    assert found[0].text("en").startswith("1F, 1F-03 (Room 103): no door is drawn")
    assert found[0].text(spoken).startswith("1F, 1F-03 (Room 103): ⟦no door is drawn")


def test_several_places_are_listed_in_the_readers_language(venue: Venue) -> None:
    with pytest.raises(NavkitError) as several:
        Guide(venue).route("诊室", "E", profile("walk"))

    assert "Room 101" in several.value.finding.text("en")
    assert "1層診室1" in several.value.finding.text("zh-Hant")


def test_what_was_saved_with_plain_names_is_told_as_it_was() -> None:
    old = Finding("unreachable-place", "mz-1F-101", {"name": "放射科"})

    assert "放射科" in old.text("en")


# ------------------------------------------------------------- no tag in code

TAG = re.compile(r"zh|zh-[A-Za-z]+|en|en-[A-Z]{2}")
QUOTED = re.compile(r"""['"](zh(?:-[A-Za-z]+)?|en(?:-[A-Z]{2})?)['"]""")
NAMED = {
    "navkit/words/findings.py": "what programs, logs and tracebacks are told in",
    "exporter/runtime/core/findings.js": "the same",
    "exporter/bundle/said_names.py": "bundles pack traditional names as simplified ones rewritten",
    "exporter/runtime/core/columns.js": "the same, read",
    "exporter/runtime/core/shipped.js": "data: written by exporter/bundle/rules_file.py",
    "exporter/paper/picture.py": "the picture of the README is in two languages",
}
"""Code that names a language, and why."""


def tags_in_python(file: Path) -> set[str]:
    """Tags that stand as texts in code; those of docstrings are examples."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {text for text in texts if isinstance(text, str) and TAG.fullmatch(text)}


def tags_in_javascript(file: Path) -> set[str]:
    """The same; a comment's line begins with a star or two strokes."""
    lines = file.read_text(encoding="utf-8").splitlines()
    code = (line.partition(" // ")[0] for line in lines)
    return {
        tag
        for line in code
        if not line.strip().startswith(("*", "/*", "//"))
        for tag in QUOTED.findall(line)
    }


def test_no_code_names_a_language() -> None:
    scripts = [ROOT / "exporter" / "runtime", ROOT / "exporter" / "site" / "page"]
    scripts += [ROOT / "server" / "pages" / "static", ROOT / "examples" / "miniprogram"]
    copied = (
        ROOT / "examples" / "miniprogram" / "runtime",
        scripts[1] / "vendor",
        scripts[2] / "vendor",
    )
    found = {
        file: tags_in_python(file)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
    }
    for folder in scripts:
        for file in folder.rglob("*.*js"):
            if not any(file.is_relative_to(other) for other in copied):
                found[file] = tags_in_javascript(file)

    naming = {file.relative_to(ROOT).as_posix(): tags for file, tags in found.items() if tags}
    assert len(found) > 200
    assert {file: tags for file, tags in naming.items() if file not in NAMED} == {}
    assert NAMED.keys() <= naming.keys()
