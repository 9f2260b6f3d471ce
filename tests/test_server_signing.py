"""With keys in the data folder, phones accept only what was signed."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from clinic import HOSPITAL, SCRYPT_N, House, drawing
from playwright.sync_api import expect, sync_playwright
from served import beside
from signed_clinic import BASE, PHRASE, decide, new_signed_house, propose
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import Updater
from tuf.ngclient.fetcher import FetcherInterface

from server import serving
from server.pages import context
from server.press import closures, keys, publishing, trust
from server.press.catalogue import Listed, listed_in
from tools.cli import main

pytestmark = pytest.mark.process

CHROMIUM = shutil.which("chromium") or ""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_signed_house(tmp_path)


def signed(house: House, path: str) -> bytes:
    """What a phone that trusts the keys gets for a target, over http."""
    phone = house.clerk()
    repository = trust.opened(house.settings.folder)
    role = f"{HOSPITAL}-closures" if "closures" in path else f"{HOSPITAL}-map"
    target = repository.targets[role].signed.targets[path]
    folder, _, name = path.rpartition("/")
    answer = phone.get(f"/{folder}/{target.hashes['sha512']}.{name}")
    assert hashlib.sha512(answer.data).hexdigest() == target.hashes["sha512"]
    assert "immutable" in answer.headers["Cache-Control"]
    return answer.data


def test_to_try_a_passphrase_takes_as_much_memory_as_the_docs_say() -> None:
    assert SCRYPT_N * keys.SCRYPT["r"] * 128 == 128 * 1024**2


def test_a_map_is_signed_by_whoever_says_yes_and_knows_the_passphrase(house: House) -> None:
    publication = propose(house, house.build())
    assert 'name="passphrase"' in house.clerk("second").get(f"{BASE}/builds/1").text

    assert decide(house, publication, "") == 400
    assert decide(house, publication, "a wrong passphrase") == 400
    assert publishing.published(house.rows, HOSPITAL) is None
    assert not (house.settings.press.folder(HOSPITAL) / "index.html").exists()

    assert decide(house, publication, PHRASE) == 303

    release = house.clerk().get(f"/h/{HOSPITAL}/bundle/release.json").data
    assert signed(house, trust.map_path(HOSPITAL)) == release
    root = (house.settings.press.public / "metadata" / "1.root.json").read_text("ascii")
    page = house.clerk().get(f"/h/{HOSPITAL}/root.js").get_data(as_text=True)
    assert json.dumps(root) in page and HOSPITAL in page


def test_a_publication_lists_this_hospital_beside_those_of_other_repositories(house: House) -> None:
    folder = house.settings.folder
    ring = keys.Keyring(keys.read(folder / trust.KEYS), lambda kind: PHRASE)
    other = Listed("xiehe", {"en": "Union Hospital"}, "", "../far", '{"signed": {"root": 1}}')
    now = datetime.now(UTC)
    trust.commit(folder, lambda r: trust.list_hospitals(r, ring, [other], now))

    assert decide(house, propose(house, house.build()), PHRASE) == 303

    public, repository = house.settings.press.public, trust.opened(folder)
    content = trust.catalogue_in(public, repository)
    name = f"{hashlib.sha512(content or b'').hexdigest()}.catalogue.json"
    answer = house.clerk().get(f"/h/{name}")
    assert (answer.status_code, answer.data) == (200, content)
    assert "immutable" in answer.headers["Cache-Control"]
    own, *others = listed_in(answer.data)
    assert own.id == HOSPITAL and own.names and others == [other]


class _OverHttp(FetcherInterface):
    """Fetches from the house as a phone does."""

    def __init__(self, house: House) -> None:
        self._phone = house.clerk()

    def _fetch(self, url: str) -> Iterator[bytes]:
        answer = self._phone.get(url.removeprefix("http://localhost"))
        if answer.status_code != 200:
            raise DownloadHTTPError("not there", answer.status_code)
        return iter([answer.data])


def test_a_client_by_others_trusts_what_is_served(house: House, tmp_path: Path) -> None:
    """python-tuf's own client, which was given the root alone, gets map and closures by http."""
    decide(house, propose(house, house.build()), PHRASE)
    house.clerk("desk").post(f"{BASE}/desk/L", because="full")
    root = (house.settings.press.public / "metadata" / "1.root.json").read_bytes()
    updater = Updater(
        str(tmp_path / "phone"),
        "http://localhost/metadata/",
        str(tmp_path / "targets"),
        "http://localhost/",
        fetcher=_OverHttp(house),
        bootstrap=root,
    )
    (tmp_path / "targets").mkdir()
    updater.refresh()

    def fetched(path: str) -> bytes:
        target = updater.get_targetinfo(path)
        assert target
        return Path(updater.download_target(target)).read_bytes()

    phone = house.clerk()
    release = phone.get(f"/h/{HOSPITAL}/bundle/release.json").data
    assert fetched(trust.map_path(HOSPITAL)) == release
    closed = json.loads(fetched(trust.closures_path(HOSPITAL)))["closures"]
    assert closed == json.loads(phone.get(f"/h/{HOSPITAL}/closures.json").data)["closures"]


def test_a_closure_is_signed_at_once_and_needs_no_passphrase(house: House) -> None:
    decide(house, propose(house, house.build()), PHRASE)
    desk, path = house.clerk("desk"), trust.closures_path(HOSPITAL)
    before = json.loads(signed(house, path))

    desk.post(f"{BASE}/desk/L", because="out-of-order")
    closed = json.loads(signed(house, path))
    number = closures.current(house.rows, HOSPITAL, context.now_ms())[0]["id"]
    desk.post(f"{BASE}/closures/{number}/reopen")
    opened = json.loads(signed(house, path))

    assert [one["target"] for one in closed["closures"]] == ["L"]
    assert before["closures"] == opened["closures"] == []
    assert before["number"] < closed["number"] < opened["number"]


def test_starting_again_signs_nothing_anew(house: House) -> None:
    decide(house, propose(house, house.build()), PHRASE)
    house.clerk("desk").post(f"{BASE}/desk/L", because="full")
    before = trust.opened(house.settings.folder).names

    assert publishing.restore(house.rows, house.settings.press, context.now_ms()) == []
    assert trust.opened(house.settings.folder).names == before


def test_undo_signs_old_content_anew(house: House) -> None:
    decide(house, propose(house, house.build()), PHRASE)
    first = json.loads(signed(house, trust.map_path(HOSPITAL)))
    decide(house, propose(house, house.build(plan=drawing(lift=False))), PHRASE)
    assert json.loads(signed(house, trust.map_path(HOSPITAL)))["index"] != first["index"]
    versions = trust.opened(house.settings.folder).standings[f"{HOSPITAL}-map"].version

    second = house.clerk("second")
    assert second.post(f"{BASE}/undo", version=1).status_code == 400
    assert second.post(f"{BASE}/undo", version=1, passphrase=PHRASE).status_code == 303

    assert json.loads(signed(house, trust.map_path(HOSPITAL)))["index"] == first["index"]
    assert trust.opened(house.settings.folder).standings[f"{HOSPITAL}-map"].version == versions + 1


def test_the_clock_says_that_this_is_still_the_newest(house: House) -> None:
    signer, now = house.settings.press.signer, context.now_ms()

    def expires() -> datetime:
        return trust.opened(house.settings.folder).standings["timestamp"].expires

    before = expires()
    signer.tick(now + 3600_000)

    assert timedelta(minutes=59) < expires() - before < timedelta(minutes=61)


def test_what_was_not_signed_before_a_crash_is_told_at_the_next_start(house: House) -> None:
    """Between the row and the signature the server died: nobody's passphrase is at hand."""
    publication = propose(house, house.build())
    house.rows.run(
        "UPDATE publications SET state = 'published', version = 1, decided_ms = ? WHERE id = ?",
        context.now_ms(),
        publication,
    )

    told = publishing.restore(house.rows, house.settings.press, context.now_ms())

    assert [finding.code for finding in told] == ["key-sealed"]
    assert not (house.settings.press.folder(HOSPITAL) / "root.js").exists()


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
def test_a_lift_closed_at_the_desk_is_closed_on_a_phone_in_any_zone(house: House) -> None:
    """From the tap to the page: the wheelchair's only lift, on a phone half a day behind."""
    decide(house, propose(house, house.build()), PHRASE)
    house.clerk("desk").post(f"{BASE}/desk/L", because="out-of-order")
    way = f"/h/{HOSPITAL}/#from=E&to=2F-05&p=wheelchair"
    with beside(house.app) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(timezone_id="America/Los_Angeles", locale="zh-CN").new_page()
        page.goto(f"{address}{way}")
        told = page.get_by_text("1号电梯暂停使用：故障").first

        expect(told).to_be_visible(timeout=120_000)
        browser.close()


def test_lost_metadata_is_told_and_no_new_root_is_made_by_the_way(house: House) -> None:
    """Somebody has deleted public/: new keys would part all phones from the server for good."""
    decide(house, propose(house, house.build()), PHRASE)
    data = house.settings.folder
    before = sorted(file.name for file in (data / "keys").iterdir())
    shutil.rmtree(data / "public")

    told = [finding.code for finding in serving.prepare(house.settings)]
    command = ["keys", "new", str(data), "--hospital", HOSPITAL]
    refused = CliRunner().invoke(main, command, env={"NAVKIT_LANG": "en"})

    assert "metadata-lost" in told
    assert refused.exit_code and "Restore the folder public" in refused.output
    assert sorted(file.name for file in (data / "keys").iterdir()) == before


def test_a_relative_data_folder_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    house = House(serving.from_environment(Path("data"))).hire()
    house.publish(house.build())

    for path in (f"/h/{HOSPITAL}/", f"/api/v1/hospitals/{HOSPITAL}/bundle.zip"):
        assert house.clerk().get(path).status_code == 200
