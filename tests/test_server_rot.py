"""Disks lose bits: damaged files are never served, are healed if they have a copy, and reported."""

import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic import HOSPITAL, PASSWORD, House, deed, drawing
from conftest import REST
from signed_clinic import BASE, PHRASE, decide, new_signed_house, propose

from navkit.words.findings import NavkitError
from server import serving
from server.builds.building import read_bundle
from server.builds.drafts import latest
from server.data import files
from server.data.files import path_of
from server.pages.context import Settings, now_ms
from server.press import copying, leading, publishing, scrubbing, trust
from server.staff import audit, people, tokens
from tools.cli import main

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two maps were published and signed; the lift is closed."""
    house = new_signed_house(tmp_path_factory.mktemp("rot"))
    assert decide(house, propose(house, house.build()), PHRASE) == 303
    assert decide(house, propose(house, house.build(plan=drawing(staff=["1F-03"]))), PHRASE) == 303
    house.clerk("desk").post(f"{BASE}/desk/L", because="full")
    return house


@pytest.fixture
def house(lived: House, tmp_path: Path) -> House:
    """One that a test may spoil."""
    lived.rows.run("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(lived.settings.folder, tmp_path / "srv")
    files._is_trusted.cache_clear()
    return House(Settings(tmp_path / "srv"))


def flip(file: Path) -> None:
    """One bit, as a disk does: the date stays."""
    content, seen = bytearray(file.read_bytes()), file.stat()
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


SPOILS: dict[str, Callable[[Path], None]] = {"flipped": flip, "cut": cut, "gone": Path.unlink}


def scrub(house: House, spare: Path | None = None) -> scrubbing.Scrubbed:
    return scrubbing.scrub(house.rows, house.settings.press, now_ms(), spare)


def image(house: House) -> dict[str, bytes]:
    """All that has to outlast the years, but for the pointer, which is signed every hour."""
    folder = house.settings.folder
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for top in ("blobs", "public")
        for file in (folder / top).rglob("*")
        if file.is_file()
    }


def blob(house: House, kind: str) -> str:
    """Hash of what a published build has made, or of what it was made from."""
    if kind == "source":
        return latest(house.rows, HOSPITAL, "drawing", "plan.geojson").sha256
    made = house.job(2).result
    return str(made["parts"][1][2] if kind == "part" else made[kind])


def test_what_is_whole_is_left_alone(house: House) -> None:
    before = image(house)

    done = scrub(house)

    assert (done.healed, done.damaged) == ((), ())
    assert done.files > 50 and image(house) == before
    assert scrubbing.last_scrub_ms(house.rows) > 0


@pytest.mark.parametrize("how", SPOILS)
def test_what_phones_read_is_healed_from_blobs(house: House, how: str) -> None:
    before, folder = image(house), house.settings.folder
    signed = {f"public/{path}" for path in trust.opened(folder).files}
    paths = {
        path
        for path in before
        if path.startswith(f"public/h/{HOSPITAL}/") and not re.search("[0-9a-f]{128}", path)
    }
    assert len(paths) > 60 and not paths & signed
    for path in paths:
        SPOILS[how](folder / path)

    done = scrub(house)

    assert (set(done.healed), done.damaged) == (paths, ())
    assert image(house) == before


@pytest.mark.parametrize("how", SPOILS)
def test_what_was_signed_is_told_and_a_backup_brings_it(
    house: House, how: str, tmp_path: Path
) -> None:
    """All that phones are led to now, but for the pointer, which says something else every hour."""
    before, folder = image(house), house.settings.folder
    shutil.copytree(folder, tmp_path / "backup")
    current = trust.opened(folder).files | {"metadata/1.root.json"}
    for path in sorted(current):
        SPOILS[how](folder / "public" / path)

        done = scrub(house)

        assert f"public/{path}" in (*done.healed, *done.damaged)
        scrub(house, tmp_path / "backup")
        assert scrub(house).damaged == ()
        assert image(house) == before


@pytest.mark.parametrize("how", SPOILS)
def test_a_damaged_pointer_is_told_and_no_older_one_is_taken(
    house: House, how: str, tmp_path: Path
) -> None:
    shutil.copytree(house.settings.folder, tmp_path / "backup")
    SPOILS[how](house.settings.press.public / trust.POINTER)
    before = image(house)

    assert scrub(house, tmp_path / "backup").damaged == (f"public/{trust.POINTER}",)
    assert image(house) == before


@pytest.mark.parametrize("how", SPOILS)
@pytest.mark.parametrize("kind", ["part", "zip"])
def test_what_has_a_copy_is_healed_from_it(house: House, kind: str, how: str) -> None:
    before = image(house)
    path = path_of(blob(house, kind))
    SPOILS[how](house.settings.folder / path)

    done = scrub(house)

    assert (done.healed, done.damaged) == ((path,), ())
    assert image(house) == before
    assert audit.last(house.rows, 1)[0]["action"] == "heal"


@pytest.mark.parametrize("how", SPOILS)
@pytest.mark.parametrize(
    "kind",
    ["source", pytest.param("venue", marks=REST), pytest.param("review", marks=REST)],
)
def test_what_has_no_copy_is_told_until_a_backup_brings_it(
    house: House, kind: str, how: str, tmp_path: Path
) -> None:
    before, folder = image(house), house.settings.folder
    shutil.copytree(folder, tmp_path / "backup")
    path = path_of(blob(house, kind))
    SPOILS[how](folder / path)

    assert scrub(house).damaged == (path,)
    assert scrub(house).damaged == (path,)
    health = house.clerk().get("/healthz")
    assert (health.status_code, health.text) == (200, "ok\ndamaged: 1\n")
    overview = house.clerk("admin").get("/").text
    assert path in overview
    assert path not in house.clerk("editor").get(BASE).text
    told = CliRunner().invoke(main, ["heal", str(folder)])
    assert told.exit_code == 1 and path in told.output

    healed = CliRunner().invoke(main, ["heal", str(folder), "--from", str(tmp_path / "backup")])

    assert healed.exit_code == 0, healed.output
    assert image(house) == before
    assert house.clerk().get("/healthz").text == "ok\n"
    assert audit.check(house.rows) == 0


def test_a_damaged_backup_heals_nothing(house: House, tmp_path: Path) -> None:
    path = path_of(blob(house, "source"))
    flip(house.settings.folder / path)
    shutil.copytree(house.settings.folder, tmp_path / "backup")
    before = image(house)

    assert scrub(house, tmp_path / "backup").damaged == (path,)
    assert image(house) == before


def test_a_rotten_blob_never_replaces_what_phones_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = image(house)
    rotten = path_of(blob(house, "part"))
    flip(house.settings.folder / rotten)
    monkeypatch.setenv("NAVKIT_PUBLISHING_PASSPHRASE", PHRASE)

    assert serving.prepare(house.settings) == []
    assert image(house) == before


def test_where_blob_and_public_file_are_both_rotten_nothing_is_written(house: House) -> None:
    sha256 = blob(house, "part")
    public = next(house.settings.press.folder(HOSPITAL).glob(f"bundle/*-{sha256[:16]}.json"))
    for file in (house.settings.folder / path_of(sha256), public):
        flip(file)
    before = image(house)

    [told] = serving.prepare(house.settings)

    assert told.code == "content-damaged"
    assert image(house) == before
    # The packed copy of it is whole, but a phone that cannot unpack gets no copy of that.
    assert len(scrub(house).damaged) >= 2


@pytest.mark.parametrize("path", ["sources/drawing/plan.geojson", "builds/2", "builds/2/levels/1F"])
def test_a_page_on_what_is_damaged_is_a_sentence(house: House, path: str) -> None:
    for kind in ("source", "venue", "review"):
        flip(house.settings.folder / path_of(blob(house, kind)))

    answer = house.clerk("editor").get(f"{BASE}/{path}")

    assert answer.status_code == 500
    assert "磁盘上已损坏" in answer.text
    assert scrubbing.count_damages(house.rows) == 1


def test_a_zip_that_is_damaged_is_made_again_and_never_given_out(house: House) -> None:
    path = house.settings.folder / path_of(blob(house, "zip"))
    whole = path.read_bytes()
    flip(path)

    asked = house.clerk().get(f"/api/v1/hospitals/{HOSPITAL}/bundle.zip")
    scrubbing.watch(house.rows, house.settings.press, now_ms())
    files._is_trusted.cache_clear()
    again = house.clerk().get(f"/api/v1/hospitals/{HOSPITAL}/bundle.zip")

    assert asked.status_code == 500 and asked.json["code"] == "content-damaged"
    assert again.data == whole


def test_a_build_of_a_damaged_drawing_says_which_it_is(house: House) -> None:
    flip(house.settings.folder / path_of(blob(house, "source")))
    house.rows.run("UPDATE jobs SET key = 'another'")

    job = house.clerk("editor").post(f"{BASE}/builds").location.rpartition("/")[2]
    house.work(anew=True)

    failed = house.job(int(job))
    assert failed.state == "failed"
    assert (failed.result["code"], failed.result["where"]) == ("content-damaged", "plan.geojson")
    assert scrubbing.count_damages(house.rows) == 1


def test_the_same_file_once_more_heals_it(house: House) -> None:
    before = image(house)
    source = blob(house, "source")
    flip(house.settings.folder / path_of(source))

    house.settings.press.files.keep(before[path_of(source)])
    scrubbing.watch(house.rows, house.settings.press, now_ms())

    assert image(house) == before


def test_what_somebody_has_deleted_is_back_without_a_restart(house: House) -> None:
    before = image(house)
    shutil.rmtree(house.settings.press.folder(HOSPITAL))

    scrubbing.watch(house.rows, house.settings.press, now_ms())

    after, current = image(house), trust.opened(house.settings.folder).files
    # But for signed files that phones are no longer led to.
    gone = {path.removeprefix("public/") for path in before.keys() - after.keys()}
    assert all(leading.is_hashed(path) for path in gone) and not gone & current
    assert after == {path: before[path] for path in after}


def test_whoever_asks_for_what_is_not_there_causes_no_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(house.settings.press.folder(HOSPITAL))
    monkeypatch.setattr(scrubbing, "watch", None)

    assert house.clerk().get(f"/h/{HOSPITAL}/index.html").status_code == 404
    assert not house.settings.press.folder(HOSPITAL).exists()


def test_a_new_hospital_is_nothing_to_heal(house: House) -> None:
    publishing.add_hospital(deed(house.rows, now_ms(), "admin", "new"), {"en": "New"}, "UTC", "")

    scrubbing.watch(house.rows, house.settings.press, now_ms())

    assert audit.last(house.rows, 1)[0]["action"] == "add-hospital"


def test_a_full_disk_while_healing_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotten = path_of(blob(house, "part"))
    flip(house.settings.folder / rotten)
    gone = next(house.settings.press.folder(HOSPITAL).glob("stick/level-*"))
    gone.unlink()
    before = image(house)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert len(scrub(house).damaged) == 2
        left = {path for path in image(house) if not path.endswith(".part")}
        assert left == before.keys()
        assert not list((house.settings.folder / "work").glob("blob-*"))

    assert len(scrub(house).healed) == 2
    assert read_bundle(house.settings.press.files, house.job(2).result).parts


def test_a_rotten_file_is_not_copied_to_other_hosts(house: House, tmp_path: Path) -> None:
    rotten = next(house.settings.press.folder(HOSPITAL).glob("bundle/level-*.json"))
    flip(rotten)

    with pytest.raises(NavkitError) as error:
        copying.copy(
            house.settings.folder, str(tmp_path / "copy"), datetime.now(UTC), lambda *_: None
        )

    assert error.value.finding.code == "content-damaged"
    assert not (tmp_path / "copy" / "h" / HOSPITAL / "bundle" / rotten.name).exists()


def test_what_staff_download_is_kept_by_no_browser(house: House) -> None:
    clerk = house.clerk("editor")

    for path in (f"{BASE}/sources/drawing/plan.geojson", BASE):
        assert clerk.get(path).headers["Cache-Control"] == "no-store"
    # A drawing is asked for again each time, so that only who may see it does.
    drawing_ = clerk.get(f"{BASE}/builds/2/levels/1F.svg")
    assert drawing_.headers["Cache-Control"] == "private, no-cache"


def test_monitors_read_of_damage(house: House) -> None:
    flip(house.settings.folder / path_of(blob(house, "venue")))
    scrub(house)
    secret = people.sign_in(house.rows, now_ms(), "viewer", PASSWORD, "")
    viewer = people.signed_in(house.rows, now_ms(), secret)
    assert viewer
    token = tokens.add(deed(house.rows, now_ms(), viewer), "prometheus")

    text = house.app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})

    assert "navkit_damaged_files 1\n" in text.text
    assert "navkit_scrub_timestamp_seconds 1" in text.text


def test_a_day_passes_between_two_scrubs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(serving.time, "sleep", lambda s: seen.append(s))

    serving.scrub_daily(house.rows, house.settings.press)
    count = len(seen)
    serving.scrub_daily(house.rows, house.settings.press)

    assert count > 50 and len(seen) == count
    # As slowly as is said: this clinic in a moment, a terabyte in a day.
    size = sum(len(content) for content in image(house).values())
    assert sum(seen) <= size / scrubbing.BYTES_A_S


def test_every_name_fits_its_content_and_no_other(house: House) -> None:
    named = {
        path.removeprefix("public/"): content
        for path, content in image(house).items()
        if path.startswith("public/") and leading.is_hashed(path.removeprefix("public/"))
    }

    assert len(named) > 20
    for path, content in named.items():
        assert leading.fits(path, content), path
        for at in (0, len(content) // 2, len(content) - 1):
            other = bytearray(content)
            other[at] ^= 1
            is_head = path.endswith(".gz") and at == 0
            assert not leading.fits(path, bytes(other)) or is_head, (path, at)
        assert not leading.fits(path, content[:-1]) and not leading.fits(path, b"")


def test_signatures_are_looked_at(house: House) -> None:
    public = house.settings.press.public
    for file in sorted((public / "metadata").iterdir()):
        path = f"metadata/{file.name}"
        said = json.loads(file.read_text())
        said["signed"]["expires"] = "2099-01-01T00:00:00Z"

        assert trust.is_as_signed(public, path, file.read_bytes()), path
        assert not trust.is_as_signed(public, path, json.dumps(said).encode()), path
