"""The server's side of trust: keys, what is published with them, and interrupted changes."""

import json
import random
import shutil
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from click.testing import CliRunner, Result
from crashes import Image, after_power_cuts, image, watched
from forging import Step
from phones import NODE, Seen, javascript_phones, python_phone

from exporter.bundle import release as release_
from navkit.venue.venue import Closure
from navkit.words.findings import NavkitError
from server.press import keys, trust
from server.press.keys import Keyring
from server.press.trust import Change, Repository
from tools.cli import main

pytestmark = pytest.mark.process

HERE = Path(__file__).parent
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PASSPHRASE = "correct horse battery"
RELEASES = [release_.release(b'{"n":%d}' % n, NOW.date()) for n in range(5)]
LIFT = Closure("mz-L1", "", "2026-03-09T08:00", {"zh-Hans": "检修", "en": "maintenance"})

needs_node = pytest.mark.skipif(not NODE, reason="node is not installed")


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying one takes half a second on purpose."""
    monkeypatch.setitem(keys.SCRYPT, "n", 2**4)


@dataclass
class House:
    """A data folder, as somebody uses it who knows both passphrases."""

    data: Path
    now: datetime = NOW

    @property
    def public(self) -> Path:
        return self.data / "public"

    @property
    def envelope(self) -> Path:
        return self.data / "envelope"

    def keyring(self, passphrase: str = PASSPHRASE) -> Keyring:
        pages = {**keys.read(self.data / "keys"), **keys.read(self.envelope)}
        return Keyring(pages, lambda kind: passphrase)

    def do(self, rule: Callable[..., Change], *words: Any) -> Repository:
        return trust.commit(
            self.data,
            lambda repository: rule(repository, self.keyring(), *words, self.now),
            self.envelope,
        )

    def step(self, after: timedelta = timedelta()) -> Step:
        return step(image(self.public), self.now + after)

    @property
    def root(self) -> bytes:
        """That of the programs which were handed out first."""
        return (self.public / "metadata" / "1.root.json").read_bytes()


def step(files: Image, now: datetime = NOW) -> Step:
    return Step({name: content for name, content in files.items() if "/." not in name}, now)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """With one hospital, a map, and nothing closed."""
    made = House(tmp_path / "data")
    trust.establish(made.data, Keyring({}, lambda kind: PASSPHRASE), NOW, made.envelope)
    made.do(trust.add_hospital, "renmin")
    made.do(trust.publish, "renmin", RELEASES[0])
    return made


def looks(root: bytes, steps: Sequence[Step], folder: Path) -> list[Seen]:
    """What both clients see, which is the same."""
    [ours] = javascript_phones([(root, steps)])
    theirs = python_phone(root, steps, folder / "phone")
    for own, other in zip(ours, theirs, strict=True):
        assert own.accepted == other.accepted, (own.reason, other.reason)
        assert own.versions == other.versions
    return ours


# ------------------------------------------------------------------------ publishing


@needs_node
def test_what_is_published_is_what_phones_have(house: House, tmp_path: Path) -> None:
    steps = [house.step()]
    house.do(trust.close, "renmin", [LIFT])
    steps.append(house.step())
    house.do(trust.publish, "renmin", RELEASES[1])
    steps.append(house.step())
    house.do(trust.close, "renmin", [])
    steps.append(house.step())

    seen = looks(house.root, steps, tmp_path)

    assert [one.accepted for one in seen] == [True] * 4
    assert [one.release for one in seen] == [RELEASES[n] for n in (0, 0, 1, 1)]
    assert [one.closures for one in seen] == [[], ["mz-L1"], ["mz-L1"], []]


@needs_node
def test_a_wrong_map_is_taken_back_under_a_higher_version(house: House, tmp_path: Path) -> None:
    before = house.do(trust.publish, "renmin", RELEASES[1])
    first = house.step()
    after = house.do(trust.publish, "renmin", RELEASES[0])

    seen = looks(house.root, [first, house.step()], tmp_path)

    assert [one.release for one in seen] == [RELEASES[1], RELEASES[0]]
    version = "renmin-map"
    assert after.targets[version].signed.version > before.targets[version].signed.version


def test_versions_never_go_down_whatever_is_done(house: House) -> None:
    dice = random.Random(7)
    acts: list[Callable[[], object]] = [
        lambda: house.do(trust.publish, "renmin", dice.choice(RELEASES)),
        lambda: house.do(trust.close, "renmin", dice.choice([[], [LIFT]])),
        lambda: house.do(trust.tick),
        lambda: house.do(trust.rotate, dice.choice(["timestamp", "targets", "renmin-map"])),
        lambda: house.do(trust.renew, [dice.choice(["root", "targets", "renmin-closures"])]),
    ]
    seen = [versions(house)]
    for _ in range(40):
        house.now += dice.choice([HOUR, DAY, 9 * DAY])
        dice.choice(acts)()
        seen.append(versions(house))

    for before, after in pairwise(seen):
        assert all(after[role] >= version for role, version in before.items())
        assert after["timestamp"] == before["timestamp"] + 1


def versions(house: House) -> dict[str, int]:
    repository = trust.read(house.public)
    assert repository
    return {
        "root": repository.root.signed.version,
        "snapshot": repository.snapshot.signed.version,
        "timestamp": repository.timestamp.signed.version,
        **{role: md.signed.version for role, md in repository.targets.items()},
    }


def test_a_version_that_a_cut_off_change_left_is_not_used_again(house: House) -> None:
    """Somebody may have it in a cache, under its name."""
    left = house.public / "metadata" / "9.renmin-map.json"
    left.write_bytes(b"left")

    house.do(trust.publish, "renmin", RELEASES[1])

    assert versions(house)["renmin-map"] == 10
    assert left.read_bytes() == b"left"


@needs_node
def test_hospitals_of_one_region_do_not_see_each_others_maps(house: House, tmp_path: Path) -> None:
    house.do(trust.add_hospital, "xiehe")
    house.do(trust.publish, "xiehe", RELEASES[3])
    house.do(trust.close, "xiehe", [LIFT])

    [seen] = looks(house.root, [house.step()], tmp_path)

    assert (seen.release, seen.closures) == (RELEASES[0], [])
    assert set(seen.versions) & {"xiehe-map", "xiehe-closures"} == set()


@needs_node
@pytest.mark.parametrize(
    ("stolen", "role"), [("renmin-closures", "map"), ("renmin-map", "closures")]
)
def test_who_may_close_a_lift_may_not_replace_the_map(
    house: House, tmp_path: Path, stolen: str, role: str
) -> None:
    """A thief has one hospital key, and also the clock's keys."""
    own = house.keyring()

    class Thief(Keyring):
        def secret(self, wanted: str, keyids: Any) -> keys.Secret:
            repository = trust.read(house.public)
            assert repository and repository.targets["targets"].signed.delegations
            roles = repository.targets["targets"].signed.delegations.roles or {}
            if wanted == f"renmin-{role}":
                return own.secret(stolen, roles[stolen].keyids)
            return own.secret(wanted, keyids)

    before = house.step()
    forged = {
        "map": lambda r: trust.publish(r, Thief({}), "renmin", RELEASES[4], NOW),
        "closures": lambda r: trust.close(r, Thief({}), "renmin", [LIFT], NOW),
    }
    trust.commit(house.data, forged[role])

    first, second = looks(house.root, [before, house.step()], tmp_path)

    assert (second.accepted, second.reason) == (False, "unsigned")
    assert (second.release, second.closures) == (first.release, first.closures)


def test_a_closure_is_small(house: House) -> None:
    house.do(trust.close, "renmin", [LIFT])
    one = trust.closures_file([LIFT], 1)
    some = trust.closures_file([LIFT] * 20, 1)

    assert len(one) < 256
    assert len(some) <= 4096
    assert one.isascii()
    assert json.loads(one)["closures"][0]["reason"]["zh-Hans"] == "检修"


# -------------------------------------------------------------------------- backups


@needs_node
@pytest.mark.parametrize("lost", [1, 3])
def test_after_an_old_backup_new_keys_of_the_clock_have_phones_follow_again(
    house: House, tmp_path: Path, lost: int
) -> None:
    """What was published after the backup is lost, and so are its numbers: they come again."""
    backup, stays = tmp_path / "backup", house.step()
    shutil.copytree(house.data, backup)
    for number in range(lost):
        house.do(trust.close, "renmin", [LIFT] * (number + 1))
        house.do(trust.publish, "renmin", RELEASES[1 + number])
    newest = house.step()
    shutil.rmtree(house.data)
    shutil.copytree(backup, house.data)
    restored = house.step()
    house.do(trust.rotate, "snapshot")
    between = house.step()
    house.do(trust.rotate, "timestamp")
    rotated = house.step()
    house.do(trust.close, "renmin", [LIFT])

    seen = looks(house.root, [stays, newest, restored, between, rotated, house.step()], tmp_path)

    assert [one.reason for one in seen] == ["", "", "rolled-back", "rolled-back", "", ""]
    assert seen[2].release == RELEASES[lost], "meanwhile phones keep what they have"
    assert [one.release for one in seen[4:]] == [RELEASES[0]] * 2
    assert [one.closures for one in seen[4:]] == [[], ["mz-L1"]]


# ---------------------------------------------------------------------------- time


@needs_node
def test_a_clock_keeps_all_valid_that_needs_nobody(house: House, tmp_path: Path) -> None:
    """For 170 days nobody comes by, and phones look every second day."""
    steps = []
    for day in range(171):
        house.now = NOW + day * DAY
        house.do(trust.tick)
        if day % 2 == 0:
            steps.append(house.step(after=HOUR))

    seen = looks(house.root, steps, tmp_path)

    assert [one.reason for one in seen if not one.accepted] == []
    assert versions(house)["snapshot"] < 60, "renewed when half over, not at every tick"


@needs_node
def test_a_phone_comes_back_after_sixty_days_and_twelve_new_roots(
    house: House, tmp_path: Path
) -> None:
    first = house.step()
    for number in range(12):
        house.now += 5 * DAY
        house.do(trust.rotate, ("root", "timestamp", "snapshot", "targets")[number % 4])
    house.do(trust.publish, "renmin", RELEASES[2])
    house.do(trust.close, "renmin", [LIFT])

    offline = Step({}, NOW + 30 * DAY)
    before, between, after = looks(house.root, [first, offline, house.step()], tmp_path)

    assert not between.accepted
    assert between.release == before.release, "it goes on with what it has"
    assert (after.accepted, after.release, after.closures) == (True, RELEASES[2], ["mz-L1"])
    assert after.versions["root"] >= 11


def test_what_was_superseded_is_swept_after_thirty_days_and_not_before(house: House) -> None:
    """Ten weeks of closures and maps. A file was superseded when phones were last led to it."""
    led_to: dict[str, datetime] = {}
    ever: set[str] = set()
    for day in range(70):
        house.now = NOW + day * DAY
        house.do(trust.close, "renmin", [LIFT] if day % 2 else [])
        if day % 9 == 0:
            house.do(trust.publish, "renmin", RELEASES[day % 5])
        there = set(image(house.public)) - {trust.POINTER}
        ever |= there
        led_to |= dict.fromkeys(trust.opened(house.data).files, house.now + DAY)

        roots = {name for name in ever if name.endswith(".root.json")}
        young = {name for name, last in led_to.items() if house.now - last < 29 * DAY}
        old = {name for name, last in led_to.items() if house.now - last > 31 * DAY}
        assert roots | young <= there
        assert not old & there

    assert len(ever - there) > 80


def test_a_sweep_leaves_what_a_cut_off_change_superseded_until_another_comes_through(
    house: House,
) -> None:
    """A month after a snapshot could not be pointed to, the one before it is still the newest."""
    current = trust.opened(house.data).files
    with pytest.raises(OSError), watched(house.public, _full_before_the_pointer):
        house.do(trust.publish, "renmin", RELEASES[1])
    assert trust.opened(house.data).files == current
    house.now += 31 * DAY

    house.do(trust.tick)

    assert current <= set(image(house.public))


def _full_before_the_pointer(act: int) -> None:
    """Three files come before it, each written, synced, renamed and its folder synced."""
    if act == 12:
        raise OSError(28, "No space left on device")


@needs_node
def test_a_timestamp_that_nobody_renews_ends_after_a_day(house: House, tmp_path: Path) -> None:
    seen = looks(house.root, [house.step(), house.step(after=25 * HOUR)], tmp_path)

    assert [one.reason for one in seen] == ["", "expired"]


# ---------------------------------------------------------------------------- keys


@needs_node
@pytest.mark.parametrize(
    "role", ["root", "targets", "snapshot", "timestamp", "renmin-map", "renmin-closures"]
)
def test_after_a_new_key_the_old_one_is_worth_nothing(
    house: House, tmp_path: Path, role: str
) -> None:
    old = {**keys.read(house.data / "keys"), **keys.read(house.envelope)}
    first = house.step()
    repository = house.do(trust.rotate, role)
    second = house.step()

    seen = looks(house.root, [first, second], tmp_path)
    with pytest.raises(NavkitError) as refused:
        ring = Keyring(old, lambda kind: PASSPHRASE)
        rules = {"renmin-map": trust.publish, "renmin-closures": trust.close}
        if role in rules:
            content = {"renmin-map": RELEASES[1], "renmin-closures": []}[role]
            rules[role](repository, ring, "renmin", content, NOW)  # type: ignore[operator]
        else:
            trust.renew(repository, ring, [role, "targets"] if role == "root" else ["targets"], NOW)

    assert [one.accepted for one in seen] == [True, True]
    assert refused.value.finding.code == "key-missing"


@needs_node
@pytest.mark.parametrize(
    "role", ["targets", "snapshot", "timestamp", "renmin-map", "renmin-closures"]
)
def test_a_lost_key_is_replaced_without_it(house: House, tmp_path: Path, role: str) -> None:
    first = house.step()
    [lost] = (house.data / "keys").glob(f"{role}-*.txt")
    lost.unlink()

    house.do(trust.rotate, role)

    house.do(trust.publish, "renmin", RELEASES[1])
    seen = looks(house.root, [first, house.step()], tmp_path)
    assert [one.release for one in seen] == [RELEASES[0], RELEASES[1]]


def test_without_the_roots_key_there_is_no_new_root(house: House) -> None:
    [lost] = house.envelope.iterdir()
    lost.unlink()

    for role in ("root", "timestamp"):
        with pytest.raises(NavkitError) as refused:
            house.do(trust.rotate, role)
        assert refused.value.finding.code == "key-missing"


@pytest.mark.parametrize("passphrase", ["", PASSPHRASE, "密码：马和电池的密码"])
def test_a_printed_key_can_be_typed_in_again(passphrase: str) -> None:
    secret = keys.new("root")
    printed = keys.page(secret, passphrase)
    typed = "\n\n".join(
        f"  {line.lower().replace('o', '0').replace('i', '1')} " if " /" in line else line
        for line in printed.splitlines()
    )

    assert keys.opened(printed, "page", passphrase) == secret
    assert keys.opened(typed, "page", passphrase) == secret
    assert all(len(line) <= 76 for line in printed.splitlines())
    assert (secret.seed.hex() in printed) is False


def test_a_mistyped_line_is_named() -> None:
    lines = keys.page(keys.new("root"), PASSPHRASE).splitlines()
    for number in range(4, len(lines)):
        letter = "A" if lines[number][0] != "A" else "C"
        mistyped = [*lines[:number], letter + lines[number][1:], *lines[number + 1 :]]

        with pytest.raises(NavkitError) as refused:
            keys.opened("\n".join(mistyped), "page", PASSPHRASE)

        assert refused.value.finding.code == "key-line-wrong"
        assert refused.value.finding.slots["number"] == str(number - 3)


@pytest.mark.parametrize(
    ("change", "passphrase", "code"),
    [
        (lambda page: page, "another passphrase", "passphrase-wrong"),
        (lambda page: page, "", "key-sealed"),
        (lambda page: page.replace("role root", "role targets"), PASSPHRASE, "passphrase-wrong"),
        (lambda page: page.replace("navkit-key 1", "navkit-key 2"), PASSPHRASE, "key-unreadable"),
        (lambda page: "", PASSPHRASE, "key-unreadable"),
    ],
)
def test_a_key_that_does_not_open_says_why(
    change: Callable[[str], str], passphrase: str, code: str
) -> None:
    page = change(keys.page(keys.new("root"), PASSPHRASE))

    with pytest.raises(NavkitError) as refused:
        keys.opened(page, "page", passphrase)

    assert refused.value.finding.code == code


def test_only_what_a_clock_or_a_duty_desk_needs_lies_open(house: House) -> None:
    pages = {**keys.read(house.data / "keys"), **keys.read(house.envelope)}
    is_open = {name.rpartition("-")[0]: "\nopen\n" in text for name, text in pages.items()}

    assert is_open == {
        "root": False,
        "targets": False,
        "renmin-map": False,
        "renmin-closures": True,
        "snapshot": True,
        "timestamp": True,
    }
    assert (house.data / "keys").stat().st_mode & 0o077 == 0
    assert [name for name in keys.read(house.data / "keys") if name.startswith("root")] == []


# --------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda house: house.do(trust.add_hospital, "renmin"), "hospital-twice"),
        (lambda house: house.do(trust.add_hospital, "人民医院"), "hospital-name"),
        (lambda house: house.do(trust.add_hospital, "../x"), "hospital-name"),
        (lambda house: house.do(trust.publish, "xiehe", RELEASES[0]), "hospital-unknown"),
        (lambda house: house.do(trust.publish, "renmin", b"x" * 5000), "release-unreadable"),
        (lambda house: house.do(trust.close, "renmin", [LIFT] * 9999), "closures-too-many"),
        (lambda house: house.do(trust.rotate, "nobody"), "role-unknown"),
        (lambda house: house.do(trust.renew, ["nobody"]), "role-unknown"),
        (
            lambda house: trust.establish(
                house.data, Keyring({}, lambda kind: PASSPHRASE), NOW, house.envelope
            ),
            "trust-founded",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    house: House, act: Callable[[House], object], code: str
) -> None:
    before = image(house.data)

    with pytest.raises(NavkitError) as refused:
        act(house)

    assert refused.value.finding.code == code
    assert image(house.data) == before


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NavkitError) as refused:
        trust.establish(tmp_path, Keyring({}, lambda kind: "short"), NOW, tmp_path / "envelope")

    assert refused.value.finding.code == "passphrase-short"


def test_metadata_that_cannot_be_read_are_named(house: House) -> None:
    (house.public / trust.POINTER).write_bytes(b"{")

    with pytest.raises(NavkitError) as refused:
        house.do(trust.tick)

    assert refused.value.finding.code == "trust-damaged"
    assert "timestamp.json" in str(refused.value)


# --------------------------------------------------------------- cut off at any moment

ACTS: dict[str, Callable[[House], object]] = {
    "publish": lambda house: house.do(trust.publish, "renmin", RELEASES[1]),
    "close": lambda house: house.do(trust.close, "renmin", [LIFT]),
    "tick": lambda house: house.do(trust.tick),
    "new hospital": lambda house: house.do(trust.add_hospital, "xiehe"),
    **{
        f"new key: {role}": (lambda house, role=role: house.do(trust.rotate, role))
        for role in ("root", "targets", "snapshot", "timestamp", "renmin-map", "renmin-closures")
    },
}


def images_of(house: House, act: Callable[[House], object]) -> tuple[Image, list[Image]]:
    """What phones could see before, and after a power cut at any moment of an act."""
    before = image(house.public)
    with watched(house.public) as log:
        act(house)
    assert len(log) >= 4
    return before, after_power_cuts(house.public, before, log)


@needs_node
@pytest.mark.parametrize("name", ACTS)
def test_after_a_power_cut_phones_see_the_old_or_the_new_and_nothing_unverifiable(
    house: House, tmp_path: Path, name: str
) -> None:
    before, images = images_of(house, ACTS[name])

    cases = [(house.root, [step(before), step(cut)]) for cut in images]
    cases += [(house.root, [step(cut)]) for cut in images]
    seen = javascript_phones(cases)

    assert len(images) >= 2
    assert {one[-1].reason for one in seen} == {""}
    assert {one[-1].release for one in seen} <= {RELEASES[0], RELEASES[1]}
    for number, (root, steps) in enumerate(cases):
        theirs = python_phone(root, steps, tmp_path / str(number))
        assert theirs[-1].accepted, theirs[-1].reason


@needs_node
def test_it_would_show_if_the_pointer_were_not_written_last(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = trust.publish

    def backwards(*words: Any) -> Change:
        change = ordered(*words)
        return replace(change, files=change.files[::-1])

    monkeypatch.setattr(trust, "publish", backwards)
    before, images = images_of(house, ACTS["publish"])

    seen = javascript_phones([(house.root, [step(before), step(cut)]) for cut in images])

    assert {"missing"} <= {one[-1].reason for one in seen}


@needs_node
def test_when_any_write_fails_phones_see_what_was_and_the_next_try_succeeds(
    house: House, tmp_path: Path
) -> None:
    before = house.step()
    failed = 0
    for number in range(100):

        def fails(act: int, number: int = number) -> None:
            if act == number:
                raise OSError(28, "No space left on device")

        try:
            with watched(house.public, fails):
                ACTS["publish"](house)
            break
        except OSError:
            failed += 1
        during = house.step()
        house.do(trust.tick)
        after = house.step()
        seen = looks(house.root, [before, during, after], tmp_path / str(number))
        assert [one.reason for one in seen] == ["", "", ""]

    assert failed >= 12
    [last] = looks(house.root, [house.step()], tmp_path)
    assert last.release == RELEASES[1]


@needs_node
def test_a_founding_that_was_cut_off_is_begun_anew(tmp_path: Path) -> None:
    cases = []
    for number in range(100):
        made = House(tmp_path / str(number))

        def fails(act: int, number: int = number) -> None:
            if act == number:
                raise OSError(28, "No space left on device")

        def found(made: House = made) -> None:
            trust.establish(made.data, Keyring({}, lambda kind: PASSPHRASE), NOW, made.envelope)

        try:
            with watched(made.data, fails):
                found()
            break
        except OSError:
            if trust.read(made.public) is None:
                found()
        made.do(trust.add_hospital, "renmin")
        made.do(trust.publish, "renmin", RELEASES[0])
        cases.append((made.root, [made.step()]))

    assert len(cases) > 20
    assert {seen.reason for [seen] in javascript_phones(cases)} == {""}


def test_many_at_once_lose_nothing(house: House) -> None:
    """Threads of a server, and the clock in a process of its own."""
    clock = subprocess.Popen(
        [sys.executable, "-c", CLOCK, str(house.data)], stdout=subprocess.PIPE, text=True
    )
    threads = [
        threading.Thread(target=lambda n=n: house.do(trust.publish, "renmin", RELEASES[n]))
        for n in range(4)
    ]
    before = versions(house)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    out, _ = clock.communicate(timeout=60)

    assert out.strip() == "5"
    after = versions(house)
    assert after["renmin-map"] == before["renmin-map"] + 4
    assert after["timestamp"] == before["timestamp"] + 4 + 5


CLOCK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from server.press import keys, trust

data = Path(sys.argv[1])
now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
for _ in range(5):
    trust.commit(data, lambda r: trust.tick(r, keys.Keyring(keys.read(data / "keys")), now))
print(5)
"""


# --------------------------------------------------------------------- flipped bytes


@needs_node
def test_every_flipped_byte_is_refused_or_harmless(house: House) -> None:
    counts = flip(house, bits=1)

    assert counts["wrong"] == []
    assert counts["refused"] + counts["harmless"] == counts["flips"]
    assert counts["files"] == 7
    assert counts["flips"] > 4000
    assert counts["harmless"] < 0.01 * counts["flips"], "capital letters in a signature"


@needs_node
@pytest.mark.flips
def test_every_flipped_bit_is_refused_or_harmless(house: House) -> None:
    counts = flip(house, bits=8)

    assert counts["wrong"] == []
    assert counts["flips"] > 30000


def flip(house: House, bits: int) -> dict[str, Any]:
    """Flip what a phone fetches after a new root, a new map and a closure."""
    before = image(house.public)
    root = house.root.decode()
    house.do(trust.publish, "renmin", RELEASES[1])
    house.do(trust.close, "renmin", [LIFT])
    house.do(trust.rotate, "root")
    said = {
        "root": root,
        "now_ms": int(NOW.timestamp() * 1000),
        "before": {name: b64encode(content).decode() for name, content in before.items()},
        "after": {n: b64encode(content).decode() for n, content in image(house.public).items()},
        "bits": bits,
    }
    done = subprocess.run(
        [NODE, str(HERE / "runtime" / "trust-flips.mjs")],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert isinstance(counts, dict)
    return counts


# ------------------------------------------------------------------------- commands


def run(*words: str | Path, passphrase: str = PASSPHRASE, lang: str = "en") -> Result:
    env = {
        "NAVKIT_LANG": lang,
        "NAVKIT_SAFE_PASSPHRASE": passphrase,
        "NAVKIT_PUBLISHING_PASSPHRASE": passphrase,
    }
    return CliRunner().invoke(main, [str(word) for word in words], env=env)


def test_one_command_makes_all_keys_and_says_what_to_do_with_the_roots(tmp_path: Path) -> None:
    made = run("keys", "new", tmp_path, "--hospital", "renmin", "--hospital", "xiehe")
    shown = run("keys", "show", tmp_path)

    assert (made.exit_code, shown.exit_code) == (0, 0), made.output
    [page] = (tmp_path / "envelope").iterdir()
    assert str(page) in made.output
    assert "into a safe" in made.output
    repository = trust.opened(tmp_path)
    assert repository.hospitals == ("renmin", "xiehe")
    for role in repository.standings:
        assert f"{role}: version" in shown.output


def test_keys_are_rotated_with_the_envelope_at_hand_and_not_without(tmp_path: Path) -> None:
    run("keys", "new", tmp_path / "data", "--hospital", "renmin")
    (tmp_path / "data" / "envelope").rename(tmp_path / "stick")

    without = run("keys", "rotate", tmp_path / "data", "timestamp")
    rotated = run(
        "keys", "rotate", tmp_path / "data", "timestamp", "root", "--envelope", tmp_path / "stick"
    )

    assert (without.exit_code, rotated.exit_code) == (2, 0), rotated.output
    assert "--envelope" in without.output
    assert trust.opened(tmp_path / "data").root.signed.version == 3
    assert len(list((tmp_path / "stick").iterdir())) == 2


def test_a_clock_may_be_a_command(tmp_path: Path) -> None:
    run("keys", "new", tmp_path, "--hospital", "renmin")
    before = trust.opened(tmp_path).timestamp.signed.version

    ticked = run("keys", "renew", tmp_path, passphrase="")
    renewed = run("keys", "renew", tmp_path, "root", "targets", "renmin-map")

    assert (ticked.exit_code, renewed.exit_code) == (0, 0), ticked.output + renewed.output
    assert trust.opened(tmp_path).timestamp.signed.version == before + 2
    assert trust.opened(tmp_path).root.signed.version == 2


def test_a_passphrase_is_typed_twice_where_no_variable_has_it(tmp_path: Path) -> None:
    typed = f"{PASSPHRASE}\n{PASSPHRASE}\nanother good one\nanother good one\n"

    made = CliRunner().invoke(
        main, ["keys", "new", str(tmp_path)], input=typed, env={"NAVKIT_LANG": "zh-Hans"}
    )
    wrong = run("keys", "renew", tmp_path, "targets", lang="zh-Hans")

    assert made.exit_code == 0, made.output
    assert PASSPHRASE not in made.output
    assert wrong.exit_code == 2
    assert "口令打不开 targets 的密钥" in wrong.output


@pytest.mark.parametrize("command", [["rotate", "root"], ["renew"], ["show"]])
def test_a_folder_without_a_repository_says_what_to_do_first(
    tmp_path: Path, command: list[str]
) -> None:
    told = run("keys", command[0], tmp_path, *command[1:])

    assert told.exit_code == 2
    assert "navkit keys new" in told.output
    assert "Traceback" not in told.output
