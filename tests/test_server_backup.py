"""Backup and restore as docs/deploying.md has them: the page's own commands, on a clinic."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from clinic import HOSPITAL, SCRYPT_N, House, deed, drawing
from hosting import Host
from signed_clinic import BASE, PHRASE, Phone, decide, new_signed_house, propose
from tuf.api.exceptions import BadVersionNumberError

from server import serving
from server.data import rows
from server.pages.context import Settings, now_ms
from server.press import closures, keys
from server.staff import audit
from server.staff.people import Person

PAGE = (Path(__file__).parents[1] / "docs" / "deploying.md").read_text(encoding="utf-8")
DESK = Person(1, "desk", "desk", "duty-desk", "", "en")

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        not (shutil.which("sqlite3") and shutil.which("rsync")),
        reason="sqlite3 or rsync is missing",
    ),
]


@pytest.fixture(scope="module", autouse=True)
def as_costly_as_the_shells() -> Iterator[None]:
    """Commands of the shell open the keys that are sealed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(keys.SCRYPT, "n", SCRYPT_N)
        yield


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two maps were published, and the lift has been closed, opened and closed."""
    house = new_signed_house(tmp_path_factory.mktemp("lived"))
    assert decide(house, propose(house, house.build()), PHRASE) == 303
    assert decide(house, propose(house, house.build(plan=drawing(staff=["1F-03"]))), PHRASE) == 303
    for _ in range(2):
        house.clerk("desk").post(f"{BASE}/desk/L", because="full")
        newest = closures.current(house.rows, HOSPITAL, now_ms())[0]["id"]
        house.clerk("desk").post(f"{BASE}/closures/{newest}/reopen")
    house.clerk("desk").post(f"{BASE}/desk/L", because="full")
    return house


@pytest.fixture
def house(lived: House, tmp_path: Path) -> House:
    """One that a test may lose."""
    lived.rows.run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(lived.settings.folder, tmp_path / "srv")
    shutil.copytree(lived.settings.folder.parent / "envelope", tmp_path / "stick")
    return House(Settings(tmp_path / "srv"))


def commands(after: str) -> list[str]:
    """The indented lines that follow a sentence of the page."""
    block = PAGE.partition(after)[2].lstrip("\n").partition("\n\n")[0]
    assert re.fullmatch(r"( {4}.+\n?)+", block), block
    return [line.strip() for line in block.splitlines()]


def shell(line: str, folder: Path) -> None:
    """Do what the page says, in a folder instead of `/`; the keys of the clock are in `stick`."""
    for said, meant in (("/srv/navkit", "srv"), ("/backup", "backup"), ("/media/stick", "stick")):
        line = line.replace(said, str(folder / meant))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "NAVKIT_LANG": "en", "NAVKIT_SAFE_PASSPHRASE": PHRASE}
    done = subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def back_up(folder: Path) -> None:
    (folder / "backup").mkdir(exist_ok=True)
    for line in commands("Every night, while it runs:"):
        shell(line, folder)


def lose(house: House) -> None:
    house.rows.close()
    shutil.rmtree(house.settings.folder)


def restore(folder: Path, *, with_new_keys: bool) -> tuple[House, list[str]]:
    """The clinic again, and what could not be brought up to date."""
    first, second, third = commands("To restore, on a machine with nothing in `/srv/navkit`:")
    shell(first, folder)
    if with_new_keys:
        shell(second, folder)
    assert third.startswith("navkit serve --data")
    told = [finding.code for finding in serving.prepare(Settings(folder / "srv"))]
    return House(Settings(folder / "srv")), told


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """What is read, packed or not."""
    return {path: content for path, content in files.items() if not path.endswith(".gz")}


@contextmanager
def closing_and_opening(house: House) -> Iterator[list[int]]:
    """Meanwhile a duty desk closes the stairs and opens them again, as fast as it goes."""
    stop, done = threading.Event(), [0]

    def run() -> None:
        own = rows.connect(house.settings.address)
        press = house.settings.press
        while not stop.is_set():
            closure = closures.close(
                deed(own, now_ms(), DESK), press, {"S"}, "S", "", "", {"en": "wet"}
            )
            closures.reopen(deed(own, now_ms(), DESK), press, closure["id"])
            done[0] += 1
        own.close()

    desk = threading.Thread(target=run)
    desk.start()
    try:
        yield done
    finally:
        stop.set()
        desk.join()


def test_after_the_drill_phones_read_the_same_bytes_and_the_log_is_whole(
    house: House, tmp_path: Path
) -> None:
    before = contents(house.settings.press.public)
    log = house.rows.all("SELECT * FROM audit ORDER BY number")
    blobs = contents(house.settings.folder / "blobs")

    back_up(tmp_path)
    lose(house)
    again, told = restore(tmp_path, with_new_keys=False)

    assert told == []
    after = contents(again.settings.press.public)
    assert unpacked(after) == unpacked(before)
    assert after.items() <= before.items(), "packed is what phones read now"
    assert again.rows.all("SELECT * FROM audit ORDER BY number") == log
    assert len(log) > 10 and audit.check(again.rows) == 0
    assert contents(again.settings.folder / "blobs") == blobs
    assert again.clerk("admin").get("/log").status_code == 200


def test_a_restored_server_goes_on_building_publishing_and_closing(
    house: House, tmp_path: Path
) -> None:
    phone = a_phone(house, tmp_path)
    back_up(tmp_path)
    lose(house)
    again, _ = restore(tmp_path, with_new_keys=False)
    host = Host(again.settings.press.public)
    before = phone.look(host.url)

    assert decide(again, propose(again, again.build(plan=drawing())), PHRASE) == 303
    again.clerk("desk").post(f"{BASE}/desk/S", because="full")

    after = phone.look(host.url)
    host.stop()
    assert after[0] != before[0]
    assert (before[1], after[1]) == (["L"], ["L", "S"])


def test_a_backup_taken_while_the_desk_closes_and_opens_is_whole(
    house: House, tmp_path: Path
) -> None:
    """Three nights, each over the one before it."""
    phone = a_phone(house, tmp_path)
    with closing_and_opening(house) as done:
        for _ in range(3):
            back_up(tmp_path)
    written = done[0]
    lose(house)

    again, told = restore(tmp_path, with_new_keys=False)

    host = Host(again.settings.press.public)
    _, closed = phone.look(host.url)
    host.stop()
    assert written > 5 and told == []
    assert audit.check(again.rows) == 0
    stored = closures.current(again.rows, HOSPITAL, now_ms())
    assert closed == [row["target"] for row in reversed(stored)]


def a_phone(house: House, tmp_path: Path) -> Phone:
    root = (house.settings.press.public / "metadata" / "1.root.json").read_bytes()
    return Phone(tmp_path / "phone", root)


def test_phones_that_saw_more_than_an_old_backup_follow_again_with_new_keys_of_the_clock(
    house: House, tmp_path: Path
) -> None:
    phone = a_phone(house, tmp_path)
    back_up(tmp_path)
    release = phone_sees(phone, house)[0]
    for target in ("S", "1F-01-D"):
        closures.close(
            deed(house.rows, now_ms(), DESK),
            house.settings.press,
            {target},
            target,
            "",
            "",
            {"en": "wet"},
        )
    assert phone_sees(phone, house)[1] == ["L", "S", "1F-01-D"]
    lose(house)

    without, _ = restore(tmp_path, with_new_keys=False)
    with pytest.raises(BadVersionNumberError):
        phone_sees(phone, without)
    lose(without)
    again, told = restore(tmp_path, with_new_keys=True)

    assert told == []
    assert phone_sees(phone, again) == (release, ["L"])
    again.clerk("desk").post(f"{BASE}/desk/S", because="full")
    assert phone_sees(phone, again) == (release, ["L", "S"])


def test_with_a_copy_that_has_survived_nothing_goes_down_and_no_envelope_is_needed(
    house: House, tmp_path: Path
) -> None:
    phone = a_phone(house, tmp_path)
    back_up(tmp_path)
    closures.close(
        deed(house.rows, now_ms(), DESK),
        house.settings.press,
        {"S"},
        "S",
        "",
        "",
        {"en": "wet"},
    )
    assert phone_sees(phone, house)[1] == ["L", "S"]
    shell(f"navkit publish /srv/navkit --to {tmp_path}/elsewhere", tmp_path)
    lose(house)
    shutil.rmtree(tmp_path / "backup" / "public")
    (tmp_path / "elsewhere").rename(tmp_path / "backup" / "public")

    again, told = restore(tmp_path, with_new_keys=False)

    assert told == []
    assert phone_sees(phone, again)[1] == ["L"], "as the rows of the backup say"


def phone_sees(phone: Phone, house: House) -> tuple[bytes, list[str]]:
    host = Host(house.settings.press.public)
    try:
        return phone.look(host.url)
    finally:
        host.stop()
