"""A category is one row, a kind one entry of a list, and no code has such a list of its own."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from exporter.bundle.rules_file import rules_file, shipped
from exporter.bundle.symptoms import symptoms
from navkit.network.network import Kind
from navkit.plan.categories import categories
from navkit.plan.kinds import kinds
from navkit.plan.plan import Access, ConnectorKind, DoorKind, PathKind, SpaceKind

ROOT = Path(__file__).parents[1]
NODE = shutil.which("node")
PACKAGES = ("navkit", "floorplans", "exporter", "server", "tools")

NAMES = {"zh-Hans": "理发室", "zh-Hant": "理髮室", "en": "Hairdresser"}
HAIRDRESSER = {
    "icon": "scissors", "rank": 3, "badge": "facility", "chip": 99, "landmark": True,
    "drawing": {
        "imdf": ["hairdresser"], "osm": ["shop=hairdresser"], "words": ["hairdresser*", "理发室"],
    },
}  # fmt: skip
SCISSORS = {"lines": [[0.2, 0.1, 0.8, 0.9], [0.8, 0.1, 0.2, 0.9]]}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the packages answers that knows one category more, and what a phone shows of
    the bundle that it writes: this phone, which never heard of it."""
    copy = tmp_path_factory.mktemp("copy")
    for package in PACKAGES[:3]:
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    _add(copy / "navkit" / "plan" / "categories.json", "hairdresser", HAIRDRESSER)
    _add(copy / "exporter" / "bundle" / "icons.json", "scissors", SCISSORS)
    for tag, name in NAMES.items():
        _add(copy / "navkit" / "words" / tag / "places.json", "hairdresser", name, "categories")
    made = subprocess.run(
        [sys.executable, ROOT / "tests" / "added_category.py", copy / "bundle"],
        cwd=copy, env={"PYTHONPATH": str(copy)}, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    said: dict[str, Any] = json.loads(made.stdout)
    if NODE:
        script = ROOT / "tests" / "runtime" / "added-category.mjs"
        seen = subprocess.run([NODE, script, copy / "bundle"], capture_output=True, text=True)
        assert seen.returncode == 0, seen.stderr
        said |= json.loads(seen.stdout)
    return said


def _add(file: Path, key: str, row: object, part: str = "") -> None:
    whole = json.loads(file.read_text(encoding="utf-8"))
    table = whole[part] if part else whole
    assert key not in table
    table[key] = row
    file.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


@pytest.mark.process
@pytest.mark.parametrize("by", ["imdf", "osm", "name", "chinese name"])
def test_a_new_row_is_read_from_drawings(told: dict[str, Any], by: str) -> None:
    assert told[by] == ["room", "hairdresser"]


@pytest.mark.process
def test_open_floor_by_its_name_stays_open_floor(told: dict[str, Any]) -> None:
    assert told["corridor"] == ["corridor", ""]


@pytest.mark.process
def test_a_place_without_a_name_has_that_of_its_new_row(told: dict[str, Any]) -> None:
    # A variety of a language says what the language says.
    assert told["names"] == {**NAMES, "zh-Hant-HK": NAMES["zh-Hant"]}


@pytest.mark.process
def test_a_new_row_is_a_landmark_at_a_turn(told: dict[str, Any]) -> None:
    assert "room-h" in told["landmarks"]


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_a_phone_that_never_heard_of_it_shows_the_new_row(told: dict[str, Any]) -> None:
    assert told["chip"] == {"id": "hairdresser", "name": "Hairdresser"}
    assert told["found"] == ["room-h"]
    assert told["sign"] == {"icon": "scissors", "rank": 3, "badge": "facility"}
    assert told["strokes"] > 0


def test_every_category_that_a_table_names_is_a_row() -> None:
    """Those of drawings, of screens, of what people ask for; and icons exist."""
    rows = categories()
    classes = json.loads((ROOT / "floorplans" / "classes.json").read_text(encoding="utf-8"))
    named = {category for _, category, _ in classes["rules"]}
    named |= {category for _, category in classes["osm"].values()}
    patterns = [one for some in symptoms()["departments"].values() for one in some]
    named |= {one.partition(":")[2] for one in patterns if one.startswith("category:")}
    for part in sorted(ROOT.glob("*/words/**/*.json")):
        table = json.loads(part.read_text(encoding="utf-8")).get("categories", {})
        named |= set(table)

    assert named - {""} <= set(rows)
    assert {row["icon"] for row in rows.values() if "icon" in row} <= set(rules_file()["icons"])
    assert {row["wider"] for row in rows.values() if "wider" in row} - {""} <= set(rows)


def test_no_word_of_a_drawing_leads_to_two_categories() -> None:
    for by in ("imdf", "osm", "words"):
        words = [w for row in categories().values() for w in row.get("drawing", {}).get(by, ())]
        assert len(words) == len(set(words)), by


def test_chips_stand_in_an_order() -> None:
    places = [row["chip"] for row in categories().values() if "chip" in row]

    assert sorted(places) == list(range(1, len(places) + 1))


def test_python_has_the_kinds_of_the_lists() -> None:
    lists = kinds()

    assert set(lists["spaces"]) == set(get_args(SpaceKind))
    assert set(lists["doors"]) == set(get_args(DoorKind))
    assert tuple(lists["access"]) == get_args(Access)
    assert tuple(lists["edges"]) == tuple(kind.name.lower() for kind in sorted(Kind))
    assert set(lists["connectors"]) == set(get_args(ConnectorKind))
    assert set(get_args(PathKind)) <= set(lists["edges"])
    assert {row["edge"] for row in lists["connectors"].values()} <= set(lists["edges"])
    for table in ("parts", "choices"):
        assert {kind for some in lists[table].values() for kind in some} <= set(lists["edges"])


def test_kinds_are_numbered_as_bundles_have_been_written() -> None:
    page = " ".join((ROOT / "docs" / "bundle-format.md").read_text(encoding="utf-8").split())

    assert f"kind ({', '.join(kinds()['spaces'])})" in page
    assert f"kind ({', '.join(kinds()['doors'])})" in page
    assert f"access ({', '.join(kinds()['access'])})" in page
    numbered = ", ".join(f"{number} {kind}" for number, kind in enumerate(kinds()["edges"]))
    assert f"Kinds: {numbered}." in page


def test_the_runtime_is_shipped_with_the_rules_of_today() -> None:
    file = ROOT / "exporter" / "runtime" / "core" / "shipped.js"

    assert file.read_text(encoding="utf-8") == shipped(), "python -m exporter.bundle.rules_file"


OTHER_MEANINGS = {
    "bank": "lifts that are called by one button",
    "checkup": "a group of walkers",
    "cleaning": "a reason why something is closed",
    "clinic": "the name of a drawing in a table of figures",
    "delivery": "access in OpenStreetMap",
    "emergency": "that a house is to be left; a key of OpenStreetMap; departments of symptoms",
    "entrance": "a mark of doors, and the category of places made of these",
    "information": "a key of OpenStreetMap",
    "office": "a key of OpenStreetMap",
    "photo": "a file of a bundle",
    "platform": "a folder; a value of OpenStreetMap",
    "post": "a request",
    "shop": "a key of OpenStreetMap",
    "storage": "of a browser",
    "waiting": "a job that has not begun",
}
"""Words that are categories too, and what code means by them."""

BY_SEX = {"toilet", "toilet-men", "toilet-women"}
"""In `osm_tags.py` and `imdf_named.py`: for whom a toilet is, tags say beside that."""


def test_no_code_names_a_category() -> None:
    lists = kinds()
    names = set(categories()) - set(OTHER_MEANINGS) - {k for part in lists.values() for k in part}
    wrong = [
        f"{file.relative_to(ROOT)}: {word}"
        for file in code()
        for word in sorted(words_in(file) & names)
        if not (word in BY_SEX and file.name in ("osm_tags.py", "imdf_named.py"))
    ]

    assert wrong == []


OTHER_LISTS = {
    "navkit/plan/plan.py": "the types, which are held against the lists above",
    "navkit/guidance/line.py": "how one changes floor, in words of guidance",
    "navkit/guidance/chunks.py": "families of cues",
    "exporter/runtime/core/chunks.js": "families of cues",
    "exporter/voice/lines.py": "the same words",
    "navkit/route/routing.py": "rules that forbid an edge, in the order in which a person asks",
    "exporter/runtime/core/weights.js": "the same rules",
    "exporter/runtime/core/network.js": "names of constants",
    "exporter/runtime/client/map/look.js": "what is painted over what",
    "exporter/paper/drawing.py": "what is painted over what",
    "floorplans/imdf.py": "doors in words of IMDF",
    "floorplans/mapping.py": "what layers of CAD may be",
    "floorplans/osm_tags.py": "doors in words of OpenStreetMap",
    "floorplans/svg.py": "layers whose groups may be one thing",
    "tools/surveying.py": "what is painted over what",
    "server/press/closable.py": "in which order a duty desk looks",
}
"""Code with lists of kinds that say something else of them than which there are."""


def test_no_code_lists_kinds() -> None:
    """Three kinds of one list in a row are a list of kinds."""
    tables = [set(kinds()[table]) for table in ("spaces", "doors", "access", "edges", "connectors")]
    found = {
        file.relative_to(ROOT).as_posix()
        for file in code()
        for words in word_lists(file)[:-1]
        if any(len(table.intersection(words)) >= 3 for table in tables)
    }

    assert found == set(OTHER_LISTS)


def code() -> Iterator[Path]:
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*")):
            is_own = "vendor" not in file.parts and file.name != "shipped.js"
            if file.suffix in (".py", ".js", ".mjs") and is_own:
                yield file


def words_in(file: Path) -> frozenset[str]:
    return frozenset(word_lists(file)[-1])


LITERAL = re.compile(r"'([\w-]*)'")
ARRAY = re.compile(r"\[([^][]*)\]")


@cache
def word_lists(file: Path) -> list[list[str]]:
    """Texts of a file in the lists that they stand in; last all its texts."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        bare = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
        return [LITERAL.findall(part) for part in [*ARRAY.findall(bare), bare]]
    nodes = list(ast.walk(ast.parse(text)))
    lists: list[list[ast.expr | None]] = [
        [*node.keys] if isinstance(node, ast.Dict) else [*node.elts]
        for node in nodes
        if isinstance(node, ast.Dict | ast.Set | ast.List | ast.Tuple)
    ]
    lists += [[*node.values] for node in nodes if isinstance(node, ast.Dict)]
    lists.append([node for node in nodes if isinstance(node, ast.expr)])
    return [
        [one.value for one in part if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        for part in lists
    ]
