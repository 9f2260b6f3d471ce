"""The structure holds: imports point one way, and every third-party library has one home."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT = {
    "navkit": set(),
    "floorplans": {"navkit"},
    "exporter": {"navkit"},
    "server": {"navkit", "floorplans", "exporter"},
    "tools": {"navkit", "floorplans", "exporter", "server"},
}
"""Of each package, the others it may import."""

FLOORS = {
    "navkit": ("words", "plan", "venue", "network", "walk", "route", "guidance"),
    "exporter": ("words", "voice", "bundle", "paper", "site"),
    "server": ("words", "data", "staff", "builds", "press", "pages", "machine"),
}
"""For each package that has rooms, its rooms from the ground up: each imports those below it only.
Modules outside the rooms are above them all."""

HOMES = {
    "_typeshed": ("server/pages/proxies.py",),
    "PIL": ("exporter/bundle/photos.py", "floorplans/picture_file.py"),
    "argon2": ("server/staff/passwords.py",),
    "click": ("tools/",),
    "cv2": ("floorplans/picture_",),
    "confusable_homoglyphs": ("server/data/lookalikes.py",),
    "cryptography": ("server/staff/factors.py", "server/press/keys.py"),
    "dwg2geo": ("floorplans/dwg.py",),
    "ezdxf": ("floorplans/dxf.py",),
    "pypdfium2": ("floorplans/pdf.py",),
    "svgelements": ("floorplans/svg.py",),
    "ifcopenshell": ("floorplans/ifc.py",),
    "espeakng_loader": ("exporter/voice/espeak.py",),
    "flask": ("server/",),
    "flask_wtf": ("server/pages/app.py",),
    "fsspec": ("server/press/copying.py",),
    "itsdangerous": ("server/",),
    "limits": ("server/pages/context.py",),
    "openpyxl": ("navkit/venue/workbook.py",),
    "onnxruntime": ("exporter/voice/kokoro.py",),
    "osmium": ("floorplans/osmfile.py",),
    "psycopg": ("server/data/rows.py",),
    "pyotp": ("server/staff/factors.py",),
    "opencc": ("navkit/words/derived.py",),
    "pypinyin": ("exporter/voice/pinyin.py",),
    "pyproj": ("navkit/plan/frame.py",),
    "rapidocr": ("floorplans/picture_words.py",),
    "pyttsx3": ("exporter/voice/one_clip.py",),
    "securesystemslib": ("server/press/keys.py",),
    "segno": ("exporter/paper/anchors.py",),
    "sqlite_utils": ("server/data/rows.py",),
    "holidays": ("navkit/plan/calendar.py",),
    "svgwrite": ("exporter/paper/drawing.py",),
    "tuf": ("server/press/trust.py",),
    "waitress": ("server/machine/sockets.py",),
    "werkzeug": ("server/",),
    "zxcvbn": ("server/staff/passwords.py",),
}
"""Where a third party is at home: the only modules that know it."""

EVERYWHERE = {"networkx", "numpy", "scipy", "shapely"}
"""Third parties for sums and shapes."""

FOLDERS = {*MAY_IMPORT, "docs", "examples", "tests"}
NOT_KEPT = re.compile(r"\..*|__pycache__|node_modules|out|build|dist|.*\.egg-info")
"""Folders that tools leave behind."""

EMPTY_WORDS = {"base", "common", "handler", "helper", "manager", "misc", "util"}
"""Words that say nothing about what a thing is; with an s no more."""

HAN = re.compile(r"[\u3400-\u9fff]")
FIRST_AND_LAST_HAN = {chr(0x3400), chr(0x4E00), chr(0x9FFF)}
"""Bounds of the range of Chinese characters are no words."""


def modules() -> list[Path]:
    return [file for package in MAY_IMPORT for file in sorted((ROOT / package).rglob("*.py"))]


def shown(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), shown(file))


def imports(file: Path) -> Iterator[str]:
    """Dotted names that a module imports, wherever it does; of `from a import b`, `a.b`."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=module, names=names):
                yield from (f"{module}.{name.name}" for name in names)


def top(name: str) -> str:
    return name.partition(".")[0]


def test_imports_point_one_way() -> None:
    inside = {*MAY_IMPORT, "tests", "examples"}
    wrong = [
        f"{shown(file)} imports {name}"
        for file in modules()
        for name in imports(file)
        if top(name) in inside - MAY_IMPORT[top(dotted(file))] - {top(dotted(file))}
    ]

    assert wrong == []


def test_rooms_import_what_lies_below_them() -> None:
    wrong = [
        f"{shown(file)} imports {name}"
        for file in modules()
        for name in imports(file)
        if top(name) == top(dotted(file)) and floor(name) > floor(dotted(file))
    ]

    assert wrong == []


def floor(name: str) -> int:
    """Of a module: 0 is the ground, and what is in no room stands on top."""
    package, _, rest = name.partition(".")
    rooms = FLOORS.get(package, ())
    return rooms.index(top(rest)) if top(rest) in rooms else len(rooms)


def test_every_room_has_a_floor() -> None:
    rooms = {
        (file.parts[-3], file.parts[-2]) for file in modules() if file.name == "__init__.py"
    } - {(ROOT.name, package) for package in MAY_IMPORT}

    assert rooms == {(package, room) for package, rooms in FLOORS.items() for room in rooms}


def test_imports_are_absolute() -> None:
    wrong = [
        f"{shown(file)}:{node.lineno}"
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert wrong == []


def test_no_module_imports_itself_by_a_detour() -> None:
    known = {dotted(file) for file in modules()}
    needs = {
        dotted(file): {
            name if name in known else name.rpartition(".")[0]
            for name in imports(file)
            if {name, name.rpartition(".")[0]} & known
        }
        for file in modules()
    }

    try:
        TopologicalSorter(needs).prepare()
    except CycleError as cycle:
        pytest.fail(" -> ".join(cycle.args[1]))


def test_every_third_party_is_at_home() -> None:
    astray = [
        f"{shown(file)} imports {name}"
        for file in modules()
        for name in sorted(set(map(top, imports(file))))
        if name not in {*MAY_IMPORT, *EVERYWHERE, *sys.stdlib_module_names}
        and not shown(file).startswith(HOMES.get(name, ("nowhere",)))
    ]

    assert astray == []


RUN_APART = {
    "exporter.voice.espeak": {"exporter/voice/one_clip.py"},
    "exporter.voice.one_clip": set(),
}
"""Separate programs that load GPL-3 code, and the modules that may import them."""


@pytest.mark.parametrize("module", RUN_APART)
def test_programs_that_load_gpl_are_run_and_not_imported(module: str) -> None:
    by = {shown(file) for file in modules() if module in imports(file)}

    assert by == RUN_APART[module]


def test_libraries_are_loaded_in_those_programs_only() -> None:
    assert {shown(file) for file in modules() if "ctypes" in map(top, imports(file))} == {
        "exporter/voice/espeak.py",
        # pypdfium2 loads its own library, and takes numbers by their address.
        "floorplans/pdf.py",
    }


def test_the_top_folders_are_the_ones_we_know() -> None:
    found = {entry.name for entry in ROOT.iterdir() if entry.is_dir()}

    assert {name for name in found if not NOT_KEPT.fullmatch(name)} <= FOLDERS


def test_no_test_folder_is_called_like_a_package() -> None:
    folders = {entry.name for entry in (ROOT / "tests").iterdir() if entry.is_dir()}

    assert folders & {*MAY_IMPORT} == set()


def test_chinese_words_are_data() -> None:
    """Words live in JSON; comments and docstrings may quote them."""
    found = [
        f"{shown(file)}:{node.lineno}: {node.value}"
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if set(HAN.findall(node.value)) - FIRST_AND_LAST_HAN
        if node not in list(docstrings(file))
    ]

    assert found == []


def docstrings(file: Path) -> Iterator[ast.expr]:
    """Texts that stand alone: docstrings, and what is written under a constant."""
    return (node.value for node in ast.walk(tree(file)) if isinstance(node, ast.Expr))


def test_no_name_is_empty() -> None:
    found = [
        f"{shown(file)}: {name}" for file in modules() for name in names(file) if is_empty(name)
    ]

    assert found == []


def names(file: Path) -> Iterator[str]:
    """Of the module, its folders and its classes."""
    yield from file.relative_to(ROOT).with_suffix("").parts
    yield from (node.name for node in ast.walk(tree(file)) if isinstance(node, ast.ClassDef))


def is_empty(name: str) -> bool:
    words = re.findall(r"[A-Z]?[a-z]+", name)
    return any(word.lower().removesuffix("s") in EMPTY_WORDS for word in words)


LONGEST_FUNCTION = 60
"""Lines, with its docstring: more than a screen is two ideas."""


def test_no_function_is_longer_than_a_screen() -> None:
    found = [
        f"{shown(file)}: {node.name}"
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert found == []


def test_no_import_has_to_make_room_for_another_name() -> None:
    """`closures as closures_` says that a noun is a module and a function or a variable too."""
    found = [
        f"{shown(file)}: {name.name} as {name.asname}"
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
        if (name.asname or "").endswith("_")
    ]

    assert found == []


def test_a_page_of_the_console_has_its_templates_in_the_folder_of_its_name() -> None:
    pages = ROOT / "server" / "pages"
    named = re.compile(r'render_template\(\s*"(\w+)/(\w+\.html)"')
    drawn = {
        (module.stem, *found)
        for module in pages.glob("*.py")
        for found in named.findall(module.read_text(encoding="utf-8"))
    }
    kept = {
        (file.parent.name, file.name)
        for file in (pages / "templates").glob("*/*.html")
        if not file.name.startswith("_")
    }

    assert {(folder, name) for _, folder, name in drawn} == kept
    assert [found for found in drawn if found[0] != found[1]] == []
    assert len({folder for folder, _ in kept}) > 10


def test_who_acts_and_when_are_handed_on_as_one_deed() -> None:
    """A moment beside a person, or an empty name for the machine, is a `Deed` taken apart."""
    apart = [
        f"{shown(file)}: {node.name}"
        for file in modules()
        if top(dotted(file)) == "server"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef)
        for names in [{a.arg: ast.unparse(a.annotation or node) for a in node.args.args}]
        if "now_ms" in names and ("Person" in names.values() or "by" in names)
    ]

    assert apart == []
