"""Child processes run our code, wherever the program was started, and get no secret."""

from pathlib import Path

import pytest
from clinic import drawing, new_house

from exporter.voice import apart
from floorplans.child import read_apart
from server.builds import children, merging, offload

pytestmark = pytest.mark.process


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to begin in, with folders that are called like packages and are not ours."""
    for name in ("server", "navkit", "floorplans", "exporter", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('not ours')\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_work_on_a_large_file_is_done_by_ours(foreign: Path) -> None:
    rows = 10_000
    table = "编号,名称,房间\n" + "".join(f"r{n},内科{n},{n}\n" for n in range(rows))
    assert len(table.encode()) > offload.SMALL_BYTES

    assert offload.do(merging.count, "directory", table.encode()) == rows


def test_a_build_and_the_reader_that_it_begins_are_ours(foreign: Path) -> None:
    house = new_house(foreign / "data").hire()

    job = house.job(house.build(anew=True))

    assert job.state == "done", job.result


def test_a_drawing_is_read_by_ours(foreign: Path) -> None:
    file = foreign / "plan.geojson"
    file.write_bytes(drawing())

    assert [level.label for plan in read_apart([file]) for level in plan.levels] == ["1F", "2F"]


def test_a_program_that_speaks_is_found_where_it_is_installed(foreign: Path) -> None:
    # The standard library's `json.tool` stands for one: it answers what it was asked.
    assert apart.ask("json.tool", {"say": "ah"}, engine="none") == {"say": "ah"}


def test_no_secret_of_the_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVKIT_ADMIN_PASSWORD", "geheim")
    monkeypatch.setenv("NAVKIT_DATABASE", "postgresql://navkit:geheim@127.0.0.1/navkit")

    assert not any("geheim" in value for value in children.environment().values())
