"""Thresholds and kinds of guidance: each in one place, with a source, and equal on the phone."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.guidance import phrases
from navkit.guidance.rules import rule_data, rules
from navkit.words.languages import languages

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / "navkit" / "guidance"
JAVASCRIPT = ROOT / "exporter" / "runtime" / "core"
TWINS = (
    "measure",
    "cues",
    "surroundings",
    "line",
    "beside",
    "boards",
    "foresight",
    "overview",
    "steps",
    "chunks",
)
"""Modules of guidance that stand on both sides."""

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def on_the_phone(module: str, what: str) -> Any:
    """The value of a JavaScript expression about a module `it`."""
    script = (
        f"const it = require({str(JAVASCRIPT / module)!r}); console.log(JSON.stringify({what}))"
    )
    done = subprocess.run([str(NODE), "-e", script], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# -- thresholds


def test_every_threshold_has_a_unit_a_meaning_and_a_source() -> None:
    data = rule_data()

    assert all(row.keys() == {"value", "unit", "means", "source"} for row in data.values())
    assert all(row["unit"] and row["means"] and row["source"] for row in data.values())
    assert {name: getattr(rules(), name) for name in data} == {
        n: r["value"] for n, r in data.items()
    }


def test_the_name_of_a_threshold_tells_its_unit() -> None:
    units = {"deg", "cm", "m"}
    wrong = [
        name
        for name, row in rule_data().items()
        if row["unit"] in units and name.rpartition("_")[2] != row["unit"]
    ]

    assert wrong == []


@pytest.mark.process
@needs_node
def test_the_phone_has_the_same_thresholds() -> None:
    values = {name: row["value"] for name, row in rule_data().items()}

    assert on_the_phone("shipped.js", "it.guidance") == values


@pytest.mark.process
@needs_node
def test_the_thresholds_of_a_bundle_come_before_the_phones_own() -> None:
    told = on_the_phone("rules.js", "new it.Rules({guidance: {long_cm: 7}}).guidance")

    assert (told["long_cm"], told["near_cm"]) == (7, rules().near_cm)


NO_THRESHOLD = {
    0, 1, 2, 3,  # counts and indices
    0.5,  # rounding
    -1, -2,  # nothing there
    90, 180, 360,  # a quarter, half and whole turn
    10, 50, 100, 1000, 60_000,  # units
    32_768,  # how many answers are remembered, which changes none
}  # fmt: skip


@pytest.mark.parametrize(
    "module",
    [*TWINS, "rules", "guidance", "landmarks", "sights", "openings", "photos", "waymarks", "forms"],
)
def test_no_threshold_stands_in_python(module: str) -> None:
    tree = ast.parse((PYTHON / f"{module}.py").read_text(encoding="utf-8"))
    numbers = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float)
    }

    assert numbers <= NO_THRESHOLD | {WITHIN_WALL_M, FRONT_M}


WITHIN_WALL_M = 0.02
"""By how much outlines shrink so that neighbours do not touch: of drawings, not of guidance."""

FRONT_M = 0.3
"""How far before a wall a path is looked at that is drawn through it: of drawings, too."""


@pytest.mark.parametrize("module", [*TWINS, "guidance"])
def test_no_threshold_stands_in_javascript(module: str) -> None:
    text = (JAVASCRIPT / f"{module}.js").read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*|'[^'\n]*'", "", text, flags=re.DOTALL)
    numbers = {float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", code)}

    assert numbers <= NO_THRESHOLD


# -- kinds of cues


def test_every_kind_has_a_phrase_in_every_language_and_no_phrase_is_of_no_kind() -> None:
    for language in languages():
        assert {*phrases(language)["clauses"]} == {*CueKind}, language
        assert {*phrases(language)["speech"]} <= {*CueKind}, language
        assert {*phrases(language)["cuts"]} <= {*CueKind}, language


def slots_of(template: str) -> set[str]:
    """Without the verb, which follows from the name."""
    return {name for _, name, _, _ in Formatter().parse(template) if name and name != "is"}


@pytest.mark.parametrize("kind", CueKind)
def test_the_slots_of_a_kind_are_those_of_its_phrases(kind: CueKind) -> None:
    """Of what leads to another floor no language need say all: its name, the floor, how many."""
    for language in languages():
        book = phrases(language)
        for template in (book["clauses"][kind], book["speech"].get(kind, book["clauses"][kind])):
            said = slots_of(template)
            assert said <= {*kind.slots}
            assert said == {*kind.slots} or kind.sign == "change"
    assert len({frozenset(slots_of(phrases(tag)["clauses"][kind])) for tag in languages()}) == 1


def test_family_and_form_name_one_kind() -> None:
    assert [kind_of(kind.family, kind.form) for kind in CueKind] == [*CueKind]
    assert kind_of("turn", "left") is CueKind.TURN_LEFT


def test_a_kind_is_named_as_its_phrase() -> None:
    assert all(kind.name == kind.value.upper().replace("-", "_") for kind in CueKind)


def test_a_sign_tells_the_side_that_the_kind_tells() -> None:
    """Polarity of the arrow: a kind that turns left shows left, and none shows the other side."""
    for kind in CueKind:
        assert kind.sign in {"", "ahead", "left", "right", "back", "change"}
        if kind.sign in ("left", "right"):
            assert kind.form == kind.sign
        if kind.family in ("turn", "keep", "face", "find", "arrive", "arrive-anchor", "way-in"):
            assert kind.sign == kind.form


def test_a_cue_with_other_slots_than_its_kind_has_is_refused() -> None:
    with pytest.raises(ValueError, match="turn-left"):
        Cue(CueKind.TURN_LEFT, {"place": 1})


@pytest.mark.process
@needs_node
def test_the_phone_has_the_same_kinds() -> None:
    rows = [[k.name, k.value, k.family, k.form, k.sign, [*k.slots]] for k in CueKind]

    assert on_the_phone("cues.js", "it.ROWS") == rows


def code(file: Path) -> str:
    """A script or module without its comments."""
    return re.sub(
        r"/\*.*?\*/|//[^\n]*|#[^\n]*|\"\"\".*?\"\"\"", "", file.read_text("utf-8"), flags=re.S
    )


def test_nothing_builds_a_kind_or_takes_one_apart() -> None:
    """Keys of phrases stand in the declaration alone, and prefixes of them nowhere."""
    keys = {kind.value for kind in CueKind if "-" in kind.value and kind.form}
    files = [*PYTHON.glob("*.py"), *JAVASCRIPT.glob("*.js"), *JAVASCRIPT.parent.glob("client/*.js")]
    glued = re.compile(r"kind\.(?:startswith|partition|removeprefix|startsWith|indexOf|split)\b")
    wrong = [
        f"{file.name}: {key}"
        for file in files
        if file.stem != "cues"
        for key in [*re.findall(r"['\"]([a-z]+(?:-[a-z]+)+)['\"]", code(file))]
        if key in keys
    ]

    assert wrong == []
    assert [file.name for file in files if glued.search(code(file))] == []


# -- twins


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return (
        name if name.isupper() or not first else first + "".join(word.capitalize() for word in rest)
    )


def public_in_python(module: str) -> Iterator[str]:
    """Constants and functions, and what classes that are no plain values offer."""
    for node in ast.parse((PYTHON / f"{module}.py").read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name):
                yield camel(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if name.isupper():
                    yield name
            case ast.ClassDef(name=name, decorator_list=[], bases=[]):
                yield name
                yield from (f"{name}.{camel(member)}" for member in members_in_python(node))


def members_in_python(of: ast.ClassDef) -> Iterator[str]:
    for node in ast.walk(of):
        match node:
            case ast.FunctionDef(name=name):
                yield name
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name


def public_in_javascript(module: str) -> Iterator[str]:
    text = (JAVASCRIPT / f"{module}.js").read_text(encoding="utf-8")
    exported = re.search(r"return \{([^}]*)\};\s*\}\);\s*\Z", text)
    assert exported
    yield from re.findall(r"\w+", exported[1])
    for name, body in re.findall(r"\n  class (\w+) \{\n(.*?)\n  \}\n", text, flags=re.DOTALL):
        if name in re.findall(r"\w+", exported[1]):
            members = re.findall(r"^    (\w+)\([^)]*\) \{$", body, flags=re.MULTILINE)
            members += re.findall(r"this\.(\w+) = ", body)
            yield from (f"{name}.{member}" for member in members if member != "constructor")


JAVASCRIPT_ALONE = {
    "ROWS", "CueKind", "DECLARED", "cue",  # a plain enum and plain values
    "signOf",  # an attribute of the enum
    "Surroundings.venue",  # Python's network has it
}  # fmt: skip


PYTHON_ALONE = {
    "T", "Surroundings.once", "Surroundings.placesNear", "Surroundings.placeBehind", "toldBy",
    "Surroundings.isOn", "Surroundings.spacesOn", "cardsFrom",
}  # fmt: skip
"""By these an export of all routes computes once what several routes have in common. That they
change no answer is held by tests/test_cards_told.py and tests/test_legs.py."""


@pytest.mark.parametrize("module", TWINS)
def test_every_public_name_of_guidance_has_a_namesake_on_the_other_side(module: str) -> None:
    def public(names: Iterator[str]) -> set[str]:
        return {name for name in names if not re.search(r"(?:^|\.)_", name)}

    here, there = public(public_in_python(module)), public(public_in_javascript(module))

    assert (here - there - PYTHON_ALONE, there - here - JAVASCRIPT_ALONE) == (set(), set())
