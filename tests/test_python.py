"""navkit from Python: about a dozen names, described on one page, loaded when they are used."""

import ast
import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import navkit
import navkit.guide
from navkit.venue.venue import Venue

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
IMPORT_S = 0.1
HEAVY = ("scipy", "networkx", "pyproj", "pypinyin")


def test_every_public_name_is_described_and_nothing_else_is() -> None:
    described = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)

    assert described == navkit.__all__
    assert set(navkit.__all__) <= set(dir(navkit))


@pytest.mark.parametrize("name", navkit.__all__)
def test_a_public_name_is_loaded_from_where_types_say_it_is(name: str) -> None:
    tree = ast.parse(Path(navkit.__file__).read_text(encoding="utf-8"))
    homes = {
        alias.name: node.module
        for branch in tree.body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert getattr(navkit, name).__module__ == homes[name]


def test_another_name_is_an_attribute_error_as_of_any_module() -> None:
    with pytest.raises(AttributeError, match="'navkit' has no attribute 'router'"):
        navkit.router  # noqa: B018


@pytest.mark.process
def test_importing_navkit_takes_no_time() -> None:
    assert min(seconds("import navkit") for _ in range(5)) < IMPORT_S


def seconds(statement: str) -> float:
    """What a statement takes in a fresh process, its start left aside."""
    code = (
        f"import time\nbegun = time.perf_counter()\n{statement}\nprint(time.perf_counter() - begun)"
    )
    return float(answer(code))


@pytest.mark.process
@pytest.mark.parametrize("modules", ["navkit.guide, navkit.venue.join", "floorplans", "tools.cli"])
def test_programs_start_without_what_only_some_of_them_need(modules: str) -> None:
    code = f"import sys, {modules}; print(*sorted(sys.modules))"

    loaded = {name.partition(".")[0] for name in answer(code).split()}

    assert "shapely" in loaded
    assert loaded & {*HEAVY} == set()


def answer(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_example_of_a_guide_is_true(
    example_venue: Venue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    navkit.save(example_venue, tmp_path / "venue.json")
    monkeypatch.chdir(tmp_path)

    told = doctest.testmod(navkit.guide, optionflags=doctest.ELLIPSIS)

    assert told.attempted >= 5
    assert told.failed == 0


@pytest.mark.parametrize("package", ["navkit", "floorplans", "exporter"])
def test_packages_that_programs_import_say_that_they_are_typed(package: str) -> None:
    assert (ROOT / package / "py.typed").exists()
