"""The data folder: others on the machine can read only what phones read, and one server uses
it at a time."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from pwd import getpwnam

import front
import pytest
from clinic import HOSPITAL, House, new_house
from served import ROOT, free_port, serving

from navkit.words.findings import NavkitError
from server.machine.modes import tighten
from server.pages.context import Settings
from server.serving import occupy

pytestmark = pytest.mark.process


def mode(entry: Path) -> int:
    return stat.S_IMODE(entry.stat().st_mode)


def readable_by_others(folder: Path) -> set[str]:
    """What another account reaches and may read, files only."""
    found = set()
    for place, names, files in os.walk(folder):
        here = Path(place)
        names[:] = [name for name in names if mode(here / name) & 0o011]
        found |= {str((here / f).relative_to(folder)) for f in files if mode(here / f) & 0o044}
    return found


@pytest.fixture(params=[0o022, 0o077, 0o002], ids=["usual", "strict", "open"])
def mask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_others_read_what_phones_read_and_nothing_else(tmp_path: Path, mask: None) -> None:
    house = new_house(tmp_path / "data").hire()
    house.publish(house.build())
    data, public = house.settings.folder, house.settings.press.public
    files = {str(file.relative_to(data)) for file in public.rglob("*") if file.is_file()}

    assert readable_by_others(data) == files
    assert len(files) > 20 and mode(data) == 0o711
    assert {mode(file) for file in data.glob("navkit.db*")} == {0o600}
    assert {mode(data / name) for name in ("blobs", "keys", "work", "clips")} == {0o700}
    folders = [public, *(entry for entry in public.rglob("*") if entry.is_dir())]
    assert all(mode(folder) & 0o055 == 0o055 for folder in folders)


def test_a_folder_that_was_open_is_closed_at_the_start_and_that_is_told(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    data = house.settings.folder
    house.rows.close()
    for entry in (data, *data.iterdir()):
        entry.chmod(0o777 if entry.is_dir() else 0o666)
    (data / "public" / "metadata").mkdir(mode=0o700, parents=True)

    told = tighten(data)
    again = tighten(data)

    assert [one.code for one in told] == ["folder-tightened"] and again == []
    assert "navkit.db" in told[0].slots["names"] and "keys" in told[0].slots["names"]
    assert all(name.startswith("public/") for name in readable_by_others(data))
    assert mode(data / "public" / "metadata") & 0o055 == 0o055


@pytest.mark.skipif(not front.NGINX or os.getuid() != 0, reason="needs nginx, and to be root")
def test_nginx_as_another_account_serves_what_phones_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        house = new_house(Path(place) / "data").hire()
        house.publish(house.build())
        account = getpwnam("www-data")
        monkeypatch.setattr(front, "USER", "user www-data;")
        with front.nginx(Path(place) / "nginx", house.settings.folder, free_port()) as server:
            status, _ = server.ask("GET", f"/h/{HOSPITAL}/")
        refused = [
            subprocess.run(
                ["cat", str(file)], user=account.pw_uid, group=account.pw_gid, capture_output=True
            ).returncode
            for file in (
                house.settings.folder / "navkit.db",
                house.settings.folder / "keys/cookies",
            )
        ]

    assert status == 200
    assert refused == [1, 1]


# ------------------------------------------------------------------- one server a folder


def second(data: Path) -> subprocess.CompletedProcess[str]:
    """Another `navkit serve` on the same folder, at another port."""
    command = "from tools.cli import main; main()"
    words = [sys.executable, "-c", command, "serve", "--data", str(data)]
    return subprocess.run(
        [*words, "--port", str(free_port())], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def data(tmp_path: Path) -> Path:
    house = House(Settings(tmp_path / "data")).hire()
    house.rows.close()
    return house.settings.folder


def test_a_second_server_on_a_folder_is_refused_in_words(data: Path) -> None:
    with serving(data) as server:
        refused = second(data)
        still = server.ask("GET", "/healthz")

    assert refused.returncode != 0
    assert "folder-taken" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
    assert still == (200, b"ok\n")


def test_a_server_that_was_killed_leaves_the_folder_to_the_next(data: Path) -> None:
    words = "from pathlib import Path; from server.pages.context import Settings\n"
    words += "from server.serving import occupy; import sys, time\n"
    words += "held = occupy(Settings(Path(sys.argv[1])), shared=False); print('in', flush=True)\n"
    words += "time.sleep(60)"
    other = subprocess.Popen(
        [sys.executable, "-c", words, str(data)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout and other.stdout.readline() == "in\n"
    with pytest.raises(NavkitError, match="another navkit"):
        occupy(Settings(data), shared=True)
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    other.stdout.close()

    occupy(Settings(data), shared=False).close()


def test_processes_of_one_service_share_a_folder_and_keep_others_out(data: Path) -> None:
    first, another = (occupy(Settings(data), shared=True) for _ in range(2))
    with pytest.raises(NavkitError):
        occupy(Settings(data), shared=False)
    first.close()
    another.close()

    occupy(Settings(data), shared=False).close()


# ------------------------------------------------------------------- a damaged database


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("DROP TABLE tries", "database-damaged"),
        ("ALTER TABLE people DROP COLUMN shown", "database-damaged"),
        ("DROP TABLE steps", "database-damaged"),
        ("INSERT INTO steps (name) VALUES ('999.sql')", "database-too-new"),
        ("", "database-damaged"),
    ],
)
def test_a_database_that_is_damaged_is_told_at_the_start(data: Path, harm: str, code: str) -> None:
    if harm:
        with sqlite3.connect(data / "navkit.db") as rows:
            rows.execute(harm)
        rows.close()
    else:
        for beside in data.glob("navkit.db-*"):
            beside.unlink()
        (data / "navkit.db").write_bytes(b"this is no database" * 1000)
    refused = second(data)

    assert refused.returncode != 0
    assert code in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
