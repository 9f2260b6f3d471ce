"""What tests share: the example hospital and the real clinic, each built once per run."""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from floorplans.reading import read
from navkit.guide import Guide
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue
from tools.figures import REAL, real

ROOT = Path(__file__).parents[1]
HOSPITAL = ROOT / "examples" / "hospital"
REST = pytest.mark.rest
"""Of cases of which `make check` takes a sample, to mark the others."""
REAL_PLANS = ROOT.parent / "shared" / "floorplans"


def real_plan(name: str) -> Path:
    """A drawing made by others, beside the project; the test is skipped where it is absent."""
    if not (REAL_PLANS / name).exists():
        pytest.skip(f"the real drawing {name} is not here")
    return REAL_PLANS / name


CASES = ROOT.parent / "shared" / "cases"


def small_case(name: str) -> Path:
    """A small drawing that once failed, beside the project; skipped where it is absent."""
    if not (CASES / "drawings" / name).exists():
        pytest.skip(f"the case {name} is not here")
    return CASES / "drawings" / name


PROCESSES = {"subprocess.Popen", "os.fork", "os.posix_spawn", "socket.bind", "socket.connect"}
"""What Python calls it when a program starts another one, serves, or asks one that serves."""

_in_hand: list[str] = []
"""The test that may start no process: none or one."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """In `make quick` a test that starts a process or a server fails until it is marked so."""
    if item.config.getoption("--quick"):
        _in_hand.append(item.nodeid)
    try:
        return (yield)
    finally:
        _in_hand.clear()


def _refuse(event: str, _: tuple[object, ...]) -> None:
    if _in_hand and event in PROCESSES:
        raise RuntimeError(f"{_in_hand[0]} runs a process ({event}): mark it `process`.")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="refuse processes and servers")


def pytest_configure(config: pytest.Config) -> None:
    # A shell starts what is in its background deaf to it, and so would be every server of a test.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # Tests start hundreds of processes: each would compile all of navkit, for half a second.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # Venues live as long as a run: to look through them for garbage took up to half of a test.
    gc.set_threshold(50_000, 20, 50)
    if config.getoption("--quick"):
        sys.addaudithook(_refuse)


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
    with pytest.MonkeyPatch.context() as patch:
        # In this process, so that `make quick` has it too.
        patch.syspath_prepend(str(HOSPITAL))
        importlib.import_module("draw").draw(folder)
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


def but_for(guide: Guide, venue: Venue) -> Guide:
    """A guide of the same building, whose venue has other closures or photos: neither is part of
    the network, or of what people see (tests/test_network.py holds that)."""
    other = Guide(venue)
    other.network, other.sights = replace(guide.network, venue=venue), guide.sights
    return other


Plans = Callable[[str], Guide]


@pytest.fixture(scope="session")
def plans(example: Guide, clinic: Guide) -> Plans:
    """The example, or a real plan by its name in `tools.figures.REAL`, each built once."""
    kept = {"example": example, "clinic": clinic}

    def plan(name: str) -> Guide:
        if name not in kept:
            drawing, _ = REAL[name]
            kept[name] = Guide(real(name, real_plan(drawing).parent))
        return kept[name]

    return plan
