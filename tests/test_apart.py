"""Drawings are read in a separate process: whatever happens to it becomes a code, and no more."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import planted
import pytest
from conftest import real_plan
from test_bad_input import BAD, GOOD, native, text

from floorplans import child, sandbox
from floorplans.child import Read, read_apart
from floorplans.limits import LIMITS
from floorplans.reading import read
from navkit.words.findings import PlanError
from navkit.words.languages import languages

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.name != "posix", reason="planted readers fork and kill"),
]

LINUX = sys.platform == "linux"
SOON = replace(LIMITS, wall_s=3.0)
"""For readers that never end. A child needs half a second of it to start."""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's children have their folders; what is left of them shows here."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.geojson"
    path.write_text(text(native(*GOOD)), encoding="utf-8")
    return path


@pytest.fixture(params=["none", "unshare", "bwrap"])
def wall(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each that can be built here; none can be built everywhere."""
    name: str = request.param
    build = dict(sandbox._WALLS).get(name)
    found = partial(build, shutil.which(name)) if build and shutil.which(name) else sandbox._none
    if name != "none" and (found is sandbox._none or not sandbox._stands(found)):
        pytest.skip(f"{name} is not here, or not allowed")
    monkeypatch.setattr(child, "wall", lambda: found)
    return name


def refusal(path: Path, reader: Read, limits: Any = LIMITS) -> PlanError:
    with pytest.raises(PlanError) as refused:
        read_apart([path], limits, reader)
    assert all(refused.value.finding.text(language) for language in languages())
    assert path.name in refused.value.finding.where
    return refused.value


def facts(path: Path, reader: Read) -> Any:
    (plan,) = read_apart([path], LIMITS, reader)
    return json.loads(plan.source)


def processes(mark: str) -> list[int]:
    """Those alive whose command line holds `mark`; the dead have none."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in line:
            found.append(int(entry.name))
    return found


@pytest.fixture
def left_behind(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[list[int], list[Path]]]:
    """Processes and temporary files that are still there."""
    mark = tmp_path / "mark"
    # Children find their modules by the paths in their command line, this one among them.
    monkeypatch.syspath_prepend(str(mark))
    return lambda: (processes(str(mark)), list(temporary.iterdir()))


# What is read


@pytest.mark.parametrize("name", ["a file", "files", "a folder"])
def test_plans_are_the_same_as_if_they_were_read_here(name: str, example_drawings: Path) -> None:
    drawings = sorted((example_drawings / "plans").glob("*.geojson"))
    paths = {
        "a file": drawings[1:2],
        "files": drawings[:5],
        "a folder": [example_drawings / "plans"],
    }

    assert read_apart(paths[name]) == read(paths[name])


@pytest.mark.real_plans
@pytest.mark.parametrize("name", ["campus-imdf", "clinic-geojson", "station-osm", "university-osm"])
def test_real_plans_are_the_same_as_if_they_were_read_here(name: str) -> None:
    path = real_plan(name)

    assert read_apart([path]) == read([path])


@pytest.mark.parametrize(
    "case", ["a cut osm", "a zip bomb", "a deep nest", "a file of format-picture", "a program"]
)
def test_refusals_are_the_same_as_if_they_were_read_here(case: str, tmp_path: Path) -> None:
    name, content, _ = BAD[case]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PlanError) as refused:
        read([path])

    assert refusal(path, read).finding == refused.value.finding


def test_nothing_given_is_said_to_be_nothing() -> None:
    with pytest.raises(PlanError) as refused:
        read_apart([])

    assert refused.value.finding.code == "nothing-given"


def test_a_path_is_where_the_caller_stands(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(good.parent)

    assert read_apart([Path(good.name)]) == read([good])


@pytest.mark.skipif(not LINUX, reason="elsewhere every name is Unicode")
def test_a_file_whose_name_is_no_unicode_is_read_and_named(good: Path) -> None:
    """As in a zip of a Chinese Windows that was unpacked here."""
    path = good.with_name(os.fsdecode("门诊.geojson".encode("gb18030")))
    path.write_bytes(good.read_bytes())

    (plan,) = read_apart([path])

    assert plan.spaces == read([good])[0].spaces
    assert plan.source.encode("ascii") == b"\\udcc3\\udcc5\\udcd5\\udcef.geojson"


# What goes wrong


@pytest.mark.parametrize(
    ("reader", "code", "told"),
    [
        (planted.divide_by_nought, "reading-crashed", {"what": "SIGFPE"}),
        (planted.read_what_is_not_there, "reading-crashed", {"what": "SIGSEGV"}),
        (planted.abort, "reading-crashed", {"what": "SIGABRT"}),
        (planted.go_noisily, "reading-crashed", {"what": "exit code 3"}),
        (planted.go_quietly, "reading-garbled", {}),
        (planted.be_killed, "reading-out-of-memory", {"limit": "2048"}),
        (planted.babble, "reading-garbled", {}),
        (planted.answer_twice, "reading-garbled", {}),
        (planted.answer_with_a_number, "reading-garbled", {}),
        (planted.refuse_in_riddles, "reading-garbled", {}),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_reader_that_falls_is_a_code(
    reader: Read, code: str, told: dict[str, str], good: Path
) -> None:
    finding = refusal(good, reader).finding

    assert (finding.code, finding.slots) == (code, told)


def test_a_reader_that_stumbles_says_where(good: Path) -> None:
    finding = refusal(good, planted.stumble).finding

    assert finding.code == "reading-failed"
    assert finding.slots["what"].startswith("IndexError, planted.py:")


def test_a_refusal_with_more_than_its_sentence_asks_for_is_a_refusal(good: Path) -> None:
    assert refusal(good, planted.refuse_with_odd_slots).finding.code == "file-empty"


def test_a_reader_that_sleeps_is_stopped_by_the_clock(good: Path) -> None:
    start_s = time.monotonic()

    finding = refusal(good, planted.sleep, SOON).finding

    assert (finding.code, finding.slots) == ("reading-took-too-long", {"limit": "3"})
    assert time.monotonic() - start_s < 2 * SOON.wall_s + 2


def test_a_reader_that_spins_is_stopped_by_the_system(good: Path) -> None:
    finding = refusal(good, planted.spin, replace(LIMITS, cpu_s=2)).finding

    assert (finding.code, finding.slots) == ("reading-took-too-long", {"limit": "2"})


@pytest.mark.skipif(not LINUX, reason="the system bounds no addresses")
def test_a_reader_that_swells_is_stopped(good: Path) -> None:
    finding = refusal(good, planted.swell, replace(LIMITS, memory_bytes=2**29)).finding

    assert (finding.code, finding.slots) == ("reading-out-of-memory", {"limit": "512"})


def test_a_reader_that_floods_the_disk_is_stopped(good: Path) -> None:
    finding = refusal(good, planted.flood, replace(SOON, plan_bytes=2**20)).finding

    assert (finding.code, finding.slots) == ("plan-too-large", {"limit": "1"})


def test_a_small_drawing_of_a_large_plan_is_refused(tmp_path: Path) -> None:
    """Drawn once on each of its storeys, a file of 60 kB is a plan of some megabytes."""
    ring = [[i / 100, (i * i % 70) / 1000] for i in range(3000)]
    outline = [*ring, [30, 40], [0, 40], ring[0]]
    feature = {
        "type": "Feature",
        "properties": {"level": "0-150", "name": "Ward"},
        "geometry": {"type": "Polygon", "coordinates": [outline]},
    }
    path = tmp_path / "tower.geojson"
    path.write_text(text({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")

    assert path.stat().st_size < 100_000
    assert refusal(path, read, replace(LIMITS, plan_bytes=2**20)).finding.code == "plan-too-large"


def test_a_relation_of_ten_thousand_holes_is_stopped(tmp_path: Path) -> None:
    """A time bomb that no count of ours detects: every hole is tried in every outline."""
    ways, members, number = [], [], 0
    for role in ("outer", "inner"):
        for _ in range(5_000):
            number += 1
            nodes = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
            ways.append(f'<way id="{number}">{nodes}</way>')
            members.append(f'<member type="way" ref="{number}" role="{role}"/>')
    corners = ((0, 0), (5, 0), (5, 5), (0, 5))
    drawn = "".join(
        f'<node id="{i}" lon="{13 + x / 1e4}" lat="{52 + y / 1e4}"/>'
        for i, (x, y) in enumerate(corners, start=1)
    )
    tags = "".join(
        f'<tag k="{k}" v="{v}"/>'
        for k, v in (("type", "multipolygon"), ("indoor", "room"), ("level", "0"))
    )
    path = tmp_path / "holes.osm"
    path.write_text(
        f'<osm>{drawn}{"".join(ways)}<relation id="1">{"".join(members)}{tags}</relation></osm>',
        encoding="utf-8",
    )

    assert refusal(path, read, SOON).finding.code == "reading-took-too-long"


def test_a_plan_that_cannot_be_is_not_believed(good: Path) -> None:
    assert refusal(good, planted.off_its_level).finding.code == "reading-garbled"


def test_what_parsers_print_is_no_answer(good: Path) -> None:
    assert read_apart([good], LIMITS, planted.chatter) == read([good])


def test_a_machine_that_starts_nothing_says_so(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "wall", lambda: sandbox._none)
    monkeypatch.setattr(sys, "executable", str(good.with_name("no-python")))

    assert refusal(good, read).finding.code == "reading-not-started"


# What it may use


def test_a_child_sees_nothing_of_where_it_comes_from(
    good: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, wall: str
) -> None:
    monkeypatch.setenv("NAVKIT_SECRET", "open sesame")
    monkeypatch.setenv("PYTHONPATH", str(good.parent))

    seen = facts(good, planted.tell)

    assert "open sesame" not in str(seen)
    assert set(seen["environment"]) <= {*child.ENVIRONMENT, "TMPDIR", "TEMP", "PWD", "LC_CTYPE"}
    assert Path(seen["folder"]).parent == temporary
    assert seen["files"] == []
    assert seen["isolated"]


@pytest.mark.skipif(not LINUX, reason="other systems bound less")
def test_a_child_is_bounded(good: Path, wall: str) -> None:
    bounds = facts(good, planted.tell)["bounds"]

    assert bounds["AS"] == LIMITS.memory_bytes
    assert bounds["CPU"] == LIMITS.cpu_s
    assert bounds["CORE"] == 0
    assert bounds["NOFILE"] < 100
    assert LIMITS.plan_bytes < bounds["FSIZE"] < 2 * LIMITS.plan_bytes
    assert 0 < bounds["NPROC"] < 100_000


def test_there_is_no_network_behind_a_wall(tmp_path: Path, wall: str) -> None:
    port = tmp_path / "port.txt"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port.write_text(str(server.getsockname()[1]), encoding="ascii")

        assert facts(port, planted.call) == {"reached": wall == "none"}


def test_bubblewrap_shows_only_what_is_to_be_read(good: Path, wall: str) -> None:
    (good.with_name("secret.txt")).write_text("open sesame", encoding="ascii")
    hidden = wall == "bwrap"

    seen = facts(good, planted.peep)

    assert seen == {"seen": "" if hidden else "open sesame", "written": not hidden}


def test_it_reads_where_the_system_has_no_bounds_and_no_groups(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows: the module that bounds is missing there, and groups cannot be killed."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "resource.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "modules"))
    monkeypatch.setattr(child, "wall", lambda: sandbox._none)
    monkeypatch.delattr(os, "killpg")

    assert read_apart([good]) == read([good])


# What is left behind


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        (planted.litter, ""),
        (planted.have_children, ""),
        (planted.have_children_and_sleep, "reading-took-too-long"),
        (planted.divide_by_nought, "reading-crashed"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_nothing_is_left_behind(
    reader: Read,
    code: str,
    good: Path,
    wall: str,
    left_behind: Callable[[], tuple[list[int], list[Path]]],
) -> None:
    if code:
        assert refusal(good, reader, SOON).finding.code == code
    else:
        assert read_apart([good], LIMITS, reader) == read([good])

    assert left_behind() == ([], [])


@pytest.mark.skipif(not LINUX, reason="walls are of Linux")
def test_behind_a_wall_no_daemon_is_left_either(
    good: Path, wall: str, left_behind: Callable[[], tuple[list[int], list[Path]]]
) -> None:
    assert read_apart([good], LIMITS, planted.leave_a_daemon) == read([good])

    daemons, files = left_behind()
    for daemon in daemons:
        os.kill(daemon, signal.SIGKILL)
    assert files == []
    assert len(daemons) == (wall == "none")


@pytest.mark.skipif(not LINUX, reason="told from /proc")
def test_a_child_does_not_outlive_its_time_where_nobody_is_left_to_end_it(
    good: Path, tmp_path: Path, temporary: Path
) -> None:
    mark = str(tmp_path / "mark")
    here = str(Path(__file__).parent)
    script = (
        f"import sys; sys.path[:0] = [{mark!r}, {here!r}]\n"
        "import planted\n"
        "from dataclasses import replace\n"
        "from pathlib import Path\n"
        "from floorplans.child import LIMITS, read_apart\n"
        f"read_apart([Path({str(good)!r})], replace(LIMITS, wall_s=2.0), planted.sleep)\n"
    )
    environment = {**os.environ, "TMPDIR": str(temporary)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment)
    assert within(30, lambda: set(processes(mark)) > {parent.pid})

    parent.kill()
    parent.wait()

    assert within(15, lambda: not processes(mark))


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    until_s = time.monotonic() + seconds
    while not happens() and time.monotonic() < until_s:
        time.sleep(0.05)
    return happens()


# Several at once


def test_several_are_read_at_once_and_none_disturbs_another(
    good: Path, left_behind: Callable[[], tuple[list[int], list[Path]]]
) -> None:
    readers: list[Read] = [read, planted.sleep, planted.divide_by_nought, planted.babble, read]

    def answer(reader: Read) -> str:
        try:
            read_apart(
                [good], replace(SOON, wall_s=4.0) if reader is planted.sleep else LIMITS, reader
            )
        except PlanError as error:
            return error.finding.code
        return "read"

    with ThreadPoolExecutor(len(readers)) as pool:
        answers = list(pool.map(answer, readers))

    assert answers == [
        "read",
        "reading-took-too-long",
        "reading-crashed",
        "reading-garbled",
        "read",
    ]
    assert left_behind() == ([], [])
