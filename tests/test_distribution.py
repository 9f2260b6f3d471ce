"""The distribution: built without a warning, complete, and working in a venv of its own."""

import os
import re
import shutil
import site
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from clinic import drawing

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]
PACKAGES = ("navkit", "floorplans", "exporter", "server", "tools")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.pyc")


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A child that knows nothing of this checkout."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The wheel, and what was said while it was built."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=LEFT_BEHIND)
    (source / "docs").mkdir()
    for file in ("setup.cfg", "pyproject.toml", "LICENSE", "docs/description.md"):
        shutil.copy(ROOT / file, source / file)
    pip = (sys.executable, "-m", "pip", "wheel", "--disable-pip-version-check", "--no-index")
    done = run(*pip, "--no-deps", "--no-build-isolation", "-v", "-w", out, source, cwd=out)
    (wheel,) = out.glob("*.whl")
    return wheel, done.stdout + done.stderr


def test_it_is_built_without_a_warning(built: tuple[Path, str]) -> None:
    warned = [line for line in built[1].splitlines() if re.search(r"\w+Warning\b", line)]

    assert warned == []


def test_it_has_every_file_of_every_package(built: tuple[Path, str]) -> None:
    packed = set(zipfile.ZipFile(built[0]).namelist())

    here = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in packed if ".dist-info/" not in name} == here


def test_it_says_what_it_is_and_where_more_is_told(built: tuple[Path, str]) -> None:
    wheel = zipfile.ZipFile(built[0])
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    told = Parser().parsestr(wheel.read(name).decode("utf-8"))

    links = re.findall(r"\]\(([^)]*)\)", told.get_payload())
    assert links
    assert [link for link in links if not link.startswith(told["Home-page"])] == []
    assert {one.partition(", ")[0] for one in told.get_all("Project-URL")} == {
        *("Documentation", "Changelog")
    }
    assert len(told.get_all("Classifier")) > 10


def test_installed_in_a_clean_venv_it_leads_somebody(
    built: tuple[Path, str], example_drawings: Path, tmp_path: Path
) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", "clean", cwd=tmp_path)
    python = tmp_path / "clean" / "bin" / "python"
    where = run(python, "-c", "import site; print(site.getsitepackages()[0])", cwd=tmp_path)
    own = Path(where.stdout.strip())
    # What navkit needs comes from this venv, without the checkout that is installed in it.
    (own / "needed.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--no-deps", "--no-index", "--ignore-installed", built[0], cwd=tmp_path)
    navkit = tmp_path / "clean" / "bin" / "navkit"

    drawings = (example_drawings / "plans", "--directory", example_drawings / "directory.csv")
    run(navkit, "import", *drawings, "-o", "venue.json", cwd=tmp_path)
    told = run(navkit, "route", "venue.json", "门诊正门", "放射科", cwd=tmp_path)
    (tmp_path / "ward.geojson").write_bytes(drawing())
    run(navkit, "import", "ward.geojson", "-o", "ward.json", cwd=tmp_path)
    run(navkit, "site", "ward.json", "-o", "site", "--voice", "none", "--lang", "en", cwd=tmp_path)
    served = run(python, "-c", "import server.pages.app as it; print(it.__file__)", cwd=tmp_path)

    assert "放射科" in told.stdout
    assert (tmp_path / "site" / "page.js").stat().st_size > 100_000
    assert served.stdout.startswith(str(own))
