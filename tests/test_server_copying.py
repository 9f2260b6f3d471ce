"""A copy of what phones read, in a folder or a bucket: verifiable wherever it is interrupted."""

import json
import logging
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import fsspec
import pytest
from click.testing import CliRunner, Result
from clinic import HOSPITAL, drawing
from hosting import Host
from moto.server import ThreadedMotoServer
from signed_clinic import BASE, PHRASE, Phone, decide, fetched, new_signed_house, propose

from navkit.words.findings import NavkitError
from server import serving
from server.pages.context import Settings
from server.press import copying, keys, trust
from server.press.copying import Kept, Own
from server.press.keys import Keyring
from tools.cli import main

pytestmark = pytest.mark.process

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SECRET = "wJalrXUtnFEMIsecret"


@pytest.fixture(scope="module")
def eras(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Data folders as the server had them: after the first map, the second, and a closure."""
    folder = tmp_path_factory.mktemp("eras")
    house = new_signed_house(folder)
    found = {}

    def keep(era: str) -> None:
        found[era] = folder / era
        for part in ("public", "keys"):
            shutil.copytree(house.settings.folder / part, found[era] / part)

    assert decide(house, propose(house, house.build()), PHRASE) == 303
    keep("first")
    assert decide(house, propose(house, house.build(plan=drawing(staff=["1F-03"]))), PHRASE) == 303
    keep("second")
    house.clerk("desk").post(f"{BASE}/desk/L", because="full")
    keep("closed")
    found["envelope"] = folder / "envelope"
    return found


def copied(data: Path, address: str, now: datetime = NOW) -> copying.Plan:
    return copying.copy(data, address, now, lambda act, path: None)


@dataclass
class Target:
    """Destination of copies: navkit's address, the phones' address, and its content."""

    address: str
    url: str
    files: Callable[[], dict[str, bytes]]
    phones: Path
    looks: int = field(default=0)

    def seen(self, data: Path) -> list[tuple[bytes, list[str]]]:
        """What a phone has that looks for the first time, and one that looks again and again."""
        root = (data / "public" / "metadata" / "1.root.json").read_bytes()
        self.looks += 1
        folders = (self.phones / str(self.looks), self.phones / "old")
        return [Phone(folder, root).look(self.url) for folder in folders]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Target]:
    place = tmp_path / "copy"
    place.mkdir()
    host = Host(place)
    yield Target(str(place), host.url, lambda: contents(place), tmp_path / "phones")
    host.stop()


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    """A bucket on this machine that everybody may read."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    s3 = fsspec.filesystem("s3", use_listings_cache=False, skip_instance_cache=True)
    s3.mkdir("maps")
    s3.call_s3("put_bucket_policy", Bucket="maps", Policy=json.dumps(EVERYBODY_READS))

    def files() -> dict[str, bytes]:
        return {n.removeprefix("maps/city/"): s3.cat_file(n) for n in s3.find("maps/city")}

    yield Target("s3://maps/city", f"{url}/maps/city/", files, tmp_path / "phones")
    server.stop()


EVERYBODY_READS = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::maps/*",
    },
}


@pytest.fixture(params=["folder", "bucket"])
def target(request: pytest.FixtureRequest) -> Target:
    found: Target = request.getfixturevalue(request.param)
    return found


def test_a_client_by_others_verifies_the_copy_and_every_file_of_it(
    eras: Mapping[str, Path], target: Target
) -> None:
    copied(eras["closed"], target.address)

    own = contents(eras["closed"] / "public")
    [first, again] = target.seen(eras["closed"])
    assert first == again == (fetched(f"{target.url}h/{HOSPITAL}/bundle/release.json"), ["L"])
    assert target.files() == {path: own[path] for path in own if not path.endswith(".gz")}


def test_a_second_copy_sends_nothing(eras: Mapping[str, Path], target: Target) -> None:
    first = copied(eras["closed"], target.address)
    second = copied(eras["closed"], target.address)

    assert (second.sent, second.swept) == ((), ())
    assert second.kept == len(first.sent) > 50


def test_a_closure_sends_a_handful_of_small_files(eras: Mapping[str, Path], target: Target) -> None:
    copied(eras["second"], target.address)
    done = copied(eras["closed"], target.address)

    assert len(done.sent) <= 5
    assert sum(file.size_bytes for file in done.sent) < 8192
    assert target.seen(eras["closed"])[0][1] == ["L"]


def test_cut_off_at_any_file_phones_see_the_old_or_the_new_and_nothing_unverifiable(
    eras: Mapping[str, Path], target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each copy is interrupted at its second file, until one succeeds: after every file that a
    publication sends, a new phone and an old one check."""
    copied(eras["first"], target.address)
    [before, _] = target.seen(eras["first"])
    seen, cuts = [before], 0
    while _is_cut_off(eras["closed"], target.address, 1, monkeypatch):
        cuts += 1
        seen += target.seen(eras["closed"])

    releases = [release for release, _ in seen]
    [after, again] = target.seen(eras["closed"])
    assert cuts > 15
    assert after == again and after[0] != before[0] and after[1] == ["L"]
    assert set(releases) == {before[0], after[0]}
    assert releases == sorted(releases, key=lambda release: release == after[0]), "never back"
    assert copied(eras["closed"], target.address).sent == ()


def _is_cut_off(data: Path, address: str, after: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Copy; the place takes so many files and no more. Whether it wanted more."""
    left = [after]
    with monkeypatch.context() as patch:
        for place in (copying.Folder, copying.Bucket):
            real = place.put

            def put(self: Any, path: str, content: bytes, real: Any = real) -> None:
                if not left[0]:
                    raise NavkitError("copy-refused", path, why="cut off")
                left[0] -= 1
                real(self, path, content)

            patch.setattr(place, "put", put)
        try:
            copied(data, address)
        except NavkitError as error:
            assert error.finding.code == "copy-refused"
            return True
    return False


def test_what_is_published_while_it_is_copied_does_not_tear_the_copy(
    eras: Mapping[str, Path], folder: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two looks into the source folder a new map and a closure come into it."""
    real = copying._paths
    for moment in range(12):
        data, looks = tmp_path / str(moment), [0]
        shutil.copytree(eras["first"], data)

        def paths(public: Path, moment: int = moment, looks: list[int] = looks) -> list[str]:
            if looks[0] == moment:
                shutil.copytree(eras["closed"] / "public", public, dirs_exist_ok=True)
            looks[0] += 1
            return real(public)

        with monkeypatch.context() as patch:
            patch.setattr(copying, "_paths", paths)
            copied(data, str(Path(folder.address) / str(moment)))
        copy = replace(folder, url=f"{folder.url}{moment}/", phones=tmp_path / f"phones-{moment}")

        [seen, _] = copy.seen(data)

        assert seen[1] in ([], ["L"])


def test_it_would_show_if_the_pointer_were_not_sent_last(
    eras: Mapping[str, Path], folder: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(eras["first"], folder.address)
    in_order = copying.taken
    monkeypatch.setattr(copying, "taken", lambda public: in_order(public)[::-1])

    refused = 0
    while _is_cut_off(eras["closed"], folder.address, 1, monkeypatch):
        try:
            folder.seen(eras["closed"])
        except Exception:
            refused += 1

    assert refused > 5


def test_after_new_keys_a_copy_may_be_cut_off_too(
    eras: Mapping[str, Path], folder: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new root comes when all that it asks for is there; phones can follow on either side."""
    copied(eras["closed"], folder.address)
    expected = folder.seen(eras["closed"])
    data = tmp_path / "data"
    shutil.copytree(eras["closed"], data)
    for role in ("snapshot", "timestamp", "targets", "root"):
        pages = {**keys.read(data / "keys"), **keys.read(eras["envelope"])}
        ring = Keyring(pages, lambda kind: PHRASE)
        envelope = tmp_path / "envelope"
        trust.commit(data, lambda r: trust.rotate(r, ring, role, NOW), envelope)  # noqa: B023
        # The envelope in the safe changes with the root, which is the last here.
        while _is_cut_off(data, folder.address, 1, monkeypatch):
            assert folder.seen(data) == expected

    assert "metadata/5.root.json" in folder.files()


def test_what_a_bucket_says_of_a_file(eras: Mapping[str, Path], bucket: Target) -> None:
    copied(eras["closed"], bucket.address)
    page = bucket.url + f"h/{HOSPITAL}/"
    hashed = json.loads(fetched(f"{page}bundle/release.json"))["index"]["name"]

    assert said(f"{page}index.html") == ("text/html; charset=utf-8", "no-cache")
    assert said(f"{page}sw.js") == ("text/javascript; charset=utf-8", "no-cache")
    assert said(f"{page}manifest.webmanifest") == ("application/manifest+json", "no-cache")
    assert said(f"{page}closures.json") == ("application/json", "no-cache")
    assert said(f"{bucket.url}metadata/timestamp.json") == ("application/json", "no-cache")
    for_good = ("application/json", "public, max-age=31536000, immutable")
    assert said(f"{page}bundle/{hashed}") == for_good
    assert said(f"{bucket.url}metadata/1.root.json") == for_good


def said(url: str) -> tuple[str, str]:
    with urlopen(url) as answer:
        headers: Message = answer.headers
    return headers["Content-Type"], headers["Cache-Control"]


# ------------------------------------------------------------ by the server itself


def test_the_server_copies_what_has_changed_and_goes_on_after_a_failure(
    eras: Mapping[str, Path],
    folder: Target,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NAVKIT_PUBLISH_TO", folder.address)
    settings = serving.from_environment(tmp_path / "data")
    copies: list[bool] = []
    real = copying.copy
    monkeypatch.setattr(copying, "copy", lambda *words: (copies.append(True), real(*words)))

    assert serving.copy_changed(settings, "") == "", "nothing is published yet"
    shutil.copytree(eras["second"], settings.folder, dirs_exist_ok=True)
    stamp = serving.copy_changed(settings, "")
    assert folder.seen(settings.folder)[0][1] == []
    assert serving.copy_changed(settings, stamp) == stamp
    assert len(copies) == 2, "not again what has not changed"

    shutil.copytree(eras["closed"] / "public", settings.press.public, dirs_exist_ok=True)
    assert _is_full(settings, stamp, monkeypatch)
    serving.copy_changed(settings, "")
    assert folder.seen(settings.folder)[0][1] == ["L"]


def _is_full(settings: Settings, stamp: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a copy to a full disk is reported in the log, and will be retried."""
    told: list[str] = []

    def full(self: copying.Folder, path: str, content: bytes) -> None:
        raise NavkitError("copy-refused", path, why="No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(copying.Folder, "put", full)
        patch.setattr(logging.getLogger("navkit.server"), "error", told.append)
        copied = serving.copy_changed(settings, stamp)
    return copied == "" and "No space left on device" in told[0]


def test_a_server_does_not_start_with_an_address_that_nothing_can_be_copied_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAVKIT_PUBLISH_TO", f"s3://me:{SECRET}@maps")

    with pytest.raises(NavkitError) as refused:
        serving.copier(serving.from_environment(tmp_path))

    assert refused.value.finding.code == "copy-credentials"


# -------------------------------------------------------------------- sweeping


@pytest.mark.parametrize(
    ("path", "days", "is_swept"),
    [
        ("h/clinic/bundle/index-0123456789abcdef.json", 31, True),
        ("h/clinic/bundle/index-0123456789abcdef.json", 29, False),
        ("h/clinic/stick/index-0123456789abcdef.json.js", 31, True),
        (f"h/clinic/map/{'0' * 128}.release.json", 31, True),
        ("metadata/3.snapshot.json", 31, True),
        ("metadata/3.snapshot.json", 29, False),
        ("metadata/3.root.json", 3000, False),
        ("metadata/timestamp.json", 3000, False),
        ("h/clinic/index.html", 3000, False),
        ("favicon.ico", 3000, False),
    ],
)
def test_swept_is_what_only_navkit_wrote_and_the_source_has_not_had_for_a_month(
    path: str, days: int, is_swept: bool
) -> None:
    there = {path: Kept(3, "", NOW - days * DAY)}

    gone = copying.plan([], there, NOW)
    still = copying.plan([Own(path, 3, "", lambda: b"abc")], there, NOW)

    assert gone.swept == ((path,) if is_swept else ())
    assert (still.swept, still.kept) == ((), 1)


def test_a_month_later_the_copy_has_what_the_source_has(
    eras: Mapping[str, Path], target: Target
) -> None:
    """A hospital's own files in the bucket stay."""
    copied(eras["first"], target.address)
    before = set(target.files())
    place = copying.place_at(target.address)
    place.put("h/clinic/about-us.html", b"ours")
    data = eras["closed"]
    gone = sorted(before - set(contents(data / "public")))

    soon = copied(data, target.address, NOW + 29 * DAY)
    late = copied(data, target.address, NOW + 31 * DAY)

    assert (list(soon.swept), list(late.swept)) == ([], gone)
    own = {path for path in contents(data / "public") if not path.endswith(".gz")}
    assert set(target.files()) == own | {"h/clinic/about-us.html"}


# -------------------------------------------------------------------- refusals


def run(data: Path, address: str, lang: str = "en") -> Result:
    env = {"NAVKIT_LANG": lang}
    return CliRunner().invoke(main, ["publish", str(data), "--to", address], env=env)


def test_the_command_says_what_was_sent_kept_and_swept(
    eras: Mapping[str, Path], folder: Target
) -> None:
    first = run(eras["second"], Path(folder.address).as_uri())
    closed = run(eras["closed"], folder.address)
    again = run(eras["closed"], folder.address)

    assert (first.exit_code, closed.exit_code, again.exit_code) == (0, 0, 0), first.output
    assert first.output.splitlines()[-2].endswith("sw.js"), "the page last of all"
    assert "sent metadata/timestamp.json" in closed.output
    assert "sent metadata/1.root.json" not in closed.output
    assert again.output.startswith(f"{folder.address}: 0 files sent (0 bytes)")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://host/folder", "copy-address"),
        ("https://host/folder", "copy-address"),
        ("file://host/folder", "copy-address"),
        ("s3://", "copy-address"),
        (f"s3://me:{SECRET}@maps/city", "copy-credentials"),
        (f"s3://maps/city?secret={SECRET}", "copy-credentials"),
        (f"s3://maps/city#{SECRET}", "copy-credentials"),
    ],
)
def test_a_wrong_address_is_refused_before_anything_is_asked_of_it(
    eras: Mapping[str, Path], address: str, code: str
) -> None:
    with pytest.raises(NavkitError) as refused:
        copied(eras["first"], address)
    told = run(eras["first"], address)

    assert refused.value.finding.code == code
    assert told.exit_code == 2
    assert SECRET not in told.output + str(refused.value)


@pytest.mark.parametrize(
    ("why", "lang"), [("no bucket", "en"), ("nobody there", "zh-Hans"), ("wrong place", "zh-Hant")]
)
def test_a_bucket_that_refuses_is_one_sentence_without_secrets(
    eras: Mapping[str, Path],
    bucket: Target,
    monkeypatch: pytest.MonkeyPatch,
    why: str,
    lang: str,
) -> None:
    if why == "nobody there":
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://me:{SECRET}@127.0.0.1:1")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    if why == "wrong place":
        monkeypatch.setenv("AWS_ENDPOINT_URL", "127.0.0.1")

    told = run(eras["first"], "s3://nowhere/city" if why == "no bucket" else bucket.address, lang)

    assert told.exit_code == 2
    assert len(told.output.splitlines()) == 1, told.output
    assert "Traceback" not in told.output and SECRET not in told.output


def test_a_place_that_refuses_a_file_is_told_with_why(
    eras: Mapping[str, Path], tmp_path: Path
) -> None:
    (tmp_path / "copy").write_bytes(b"a file where a folder should be")

    with pytest.raises(NavkitError) as refused:
        copied(eras["first"], str(tmp_path / "copy"))

    assert refused.value.finding.code == "copy-refused"


def test_without_the_programs_for_buckets_it_says_what_to_install(
    eras: Mapping[str, Path], folder: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)

    told = run(eras["first"], "s3://maps/city")

    assert told.exit_code == 2
    assert "pip install 'navkit[bucket]'" in told.output
    assert run(eras["first"], folder.address).exit_code == 0, "a folder needs none"


def test_the_copy_of_another_repository_is_not_overwritten(
    eras: Mapping[str, Path], folder: Target, tmp_path: Path
) -> None:
    other = tmp_path / "data"
    trust.establish(other, Keyring({}, lambda kind: PHRASE), NOW, tmp_path / "envelope")
    copied(eras["first"], folder.address)
    before = folder.files()

    with pytest.raises(NavkitError) as refused:
        copied(other, folder.address)

    assert refused.value.finding.code == "copy-of-another"
    assert folder.files() == before


def test_a_folder_with_nothing_to_copy_says_so(tmp_path: Path) -> None:
    with pytest.raises(NavkitError) as refused:
        copied(tmp_path / "data", str(tmp_path / "copy"))

    assert refused.value.finding.code == "nothing-to-copy"


def test_two_copies_at_once_do_not_meet(
    eras: Mapping[str, Path], folder: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PATIENCE_S", 0.1)
    with (
        copying.alone(eras["first"] / copying.LOCK, 1.0),
        pytest.raises(NavkitError) as refused,
    ):
        copied(eras["first"], folder.address)

    assert refused.value.finding.code == "copy-busy"
