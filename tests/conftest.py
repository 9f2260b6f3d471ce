"""What tests share: the example hospital and the real clinic, each built once per run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from floorplans.reading import read
from navkit.guide import Guide
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue

ROOT = Path(__file__).parents[1]
REAL_PLANS = ROOT.parent / "shared" / "floorplans"


def real_plan(name: str) -> Path:
    """A drawing made by others, beside the project; the test is skipped where it is absent."""
    if not (REAL_PLANS / name).exists():
        pytest.skip(f"the real drawing {name} is not here")
    return REAL_PLANS / name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long comes first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests use their own cache of clips, unless the environment names one; all processes of a run
    share it, since several tests render the example."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    with pytest.MonkeyPatch.context() as patch:
        if "NAVKIT_CACHE" not in os.environ:
            patch.setenv("NAVKIT_CACHE", str(place / "clips"))
        yield


@pytest.fixture(scope="session")
def example_drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example hospital's drawings, directory and corrections, freshly drawn."""
    folder = tmp_path_factory.mktemp("hospital")
    script = ROOT / "examples" / "hospital" / "draw.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def example_venue(example_drawings: Path) -> Venue:
    return join(
        read([example_drawings / "plans"]),
        directory.read(example_drawings / "directory.csv"),
        corrections.read(example_drawings / "corrections.json"),
    )


@pytest.fixture(scope="session")
def example(example_venue: Venue) -> Guide:
    return Guide(example_venue)


@pytest.fixture(scope="session")
def clinic() -> Guide:
    changes = corrections.read(ROOT / "tests" / "data" / "clinic-corrections.json")
    return Guide(join(read([real_plan("clinic-geojson")]), None, changes))
