"""Whatever happens to a server in the middle of its work, phones see the old or the new state."""

import errno
import itertools
import json
import multiprocessing
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from shutil import copytree, rmtree, which
from typing import Any

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from clinic import HOSPITAL, deed, drawing, new_house
from crashes import Image, after_power_cuts, image, watched
from forging import Step
from phones import python_phone
from signed_clinic import BASE, PHRASE, new_signed_house

from exporter.bundle import release
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server import serving
from server.builds import drafts, jobs
from server.builds.building import read_bundle
from server.builds.jobs import Job
from server.data.lasting import write_lasting
from server.data.rows import Row, Rows, connect, count, one
from server.machine.worker import Worker, now_ms
from server.pages.context import Settings
from server.press import closures, press, publishing
from server.press.signing import PASSPHRASE
from server.staff import audit
from server.staff.people import Person

DAY_MS = 24 * 3600_000
PATIENCE_S = 180
TICKS = ["errors", "lost-places", "lost-ways", "opened"]
MANY = {"publish": 200, "close": 200, "build": 100}
"""Kills of `make check-faults`."""
FEW = {"publish": 12, "close": 12, "build": 4}
"""The same in every check."""
SEED = 20261126

pytestmark = [
    pytest.mark.process,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded"),
]


@pytest.fixture(autouse=True)
def passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE, PHRASE)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic with keys: one version is on phones, and another waits for a second yes."""
    folder = tmp_path_factory.mktemp("faults")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSPHRASE, PHRASE)
        house = new_signed_house(folder)
        house.publish(house.build())
        second = house.build(plan=drawing(staff=["1F-05"]))
        answer = house.clerk("editor").post(f"{BASE}/builds/{second}/propose", seen=TICKS)
        assert answer.status_code == 303
        house.rows.close()
    return house.settings.folder


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    return Path(copytree(first, tmp_path / "data"))


# ------------------------------------------------------------------- what a phone sees


@dataclass(frozen=True)
class Told:
    """What a phone that comes for the first time believes, each file of it verified."""

    index: str
    closed: tuple[str, ...]


def told(files: Image, folder: Path, *before: Image) -> Told:
    """What python-tuf's client accepts of what is public, and every file that it leads to; fails
    where anything of it is not as was signed, or not there. `before` is what the phone has seen."""
    now = datetime.now(UTC) + timedelta(minutes=1)
    shown = [{k: v for k, v in some.items() if "/." not in k} for some in (*before, files)]
    root = shown[0]["metadata/1.root.json"]
    *_, seen = python_phone(root, [Step(some, now) for some in shown], folder)
    assert seen.accepted, seen.reason
    assert seen.release is not None and seen.closures is not None
    beside = f"h/{HOSPITAL}/bundle"
    for pointer in (seen.release, shown[-1][f"{beside}/release.json"]):
        said = json.loads(pointer)["index"]
        index = shown[-1][f"{beside}/{said['name']}"]
        assert sha256(index).hexdigest() == said["sha256"]
        for name, file in json.loads(index)["files"].items():
            assert sha256(shown[-1][f"{beside}/{name}"]).hexdigest() == file["sha256"]
    return Told(json.loads(seen.release)["index"]["name"], tuple(seen.closures))


# ------------------------------------------------------------------- acts


class Doing:
    """One process that works in a data folder."""

    def __init__(self, data: Path) -> None:
        self.settings = Settings(data)
        self.rows = connect(self.settings.address)
        self.press = self.settings.press

    def _person(self, name: str) -> Person:
        row = one(self.rows, "SELECT * FROM people WHERE name = ?", name)
        assert row
        return Person(**{key: row[key] for key in Person.__dataclass_fields__})

    @property
    def version(self) -> int:
        now = publishing.published(self.rows, HOSPITAL)
        assert now
        return int(now["version"])

    @property
    def closed(self) -> tuple[str, ...]:
        return tuple(row["target"] for row in closures.current(self.rows, HOSPITAL, now_ms()))

    def approve(self, rows: Rows | None = None) -> int:
        """Say yes to what was proposed."""
        [number] = [
            row["id"]
            for row in publishing.history(self.rows, HOSPITAL)
            if row["state"] == "proposed"
        ]
        second = self._person("second")
        return publishing.approve(
            deed(rows or self.rows, now_ms(), second), self.press, number, TICKS, PHRASE
        )

    def publish(self) -> int:
        """The content of the version before under a new one, a month later: what phones had
        until then is swept."""
        now = publishing.published(self.rows, HOSPITAL)
        assert now
        at_ms = max(now_ms(), now["decided_ms"]) + 31 * DAY_MS
        publishing.write(self.rows, self.press, at_ms, HOSPITAL, PHRASE)
        second, before = self._person("second"), int(now["version"]) - 1
        return publishing.undo(deed(self.rows, at_ms, second), self.press, before, PHRASE)

    def close(self) -> int:
        """Close what is open or open what is closed; how many entries the log has then."""
        closed, desk = closures.current(self.rows, HOSPITAL, now_ms()), self._person("desk")
        if closed:
            closures.reopen(deed(self.rows, now_ms(), desk), self.press, int(closed[0]["id"]))
        else:
            closures.close(
                deed(self.rows, now_ms(), desk),
                self.press,
                {"L"},
                "L",
                "",
                "",
                {"en": "broken"},
            )
        return self.entries

    @property
    def entries(self) -> int:
        """Of the log."""
        return count(self.rows, "SELECT COUNT(*) AS n FROM audit")

    def expected(self) -> Told:
        """What phones are to have, as the rows say."""
        now = publishing.published(self.rows, HOSPITAL)
        made = jobs.job(self.rows, HOSPITAL, now["job"]) if now else None
        assert made
        index = self.press.files.read(made.result["parts"][0][2])
        return Told(release.index_name(index), self.closed)


def start(data: Path) -> Doing:
    """As a server starts: what was half done is mended."""
    assert serving.prepare(Settings(data)) == []
    return Doing(data)


# ------------------------------------------------------------------- the power goes


@pytest.mark.parametrize("act", ["approve", "close"])
def test_after_a_power_cut_phones_see_the_old_or_the_new(
    data: Path, tmp_path: Path, act: str
) -> None:
    doing, public = Doing(data), data / "public"
    old, before = doing.expected(), image(public)
    with watched(public) as log:
        getattr(doing, act)()
    new = doing.expected()

    images = after_power_cuts(public, before, log)

    assert len(images) > (60 if act == "approve" else 10)
    for number, cut in enumerate(images):
        folder = tmp_path / str(number)
        assert told(cut, folder / "new phone") in (old, new)
        assert told(cut, folder / "old phone", before) in (old, new)
    assert told(image(public), tmp_path / "whole") == new != old


def test_it_would_show_if_the_pointer_were_not_written_last(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doing, public = Doing(data), data / "public"
    before = image(public)
    late: list[tuple[Path, bytes]] = []

    def pointers_first(public: Path, pages: Mapping[str, bytes]) -> None:
        press.put_all(public, pages)
        for file, content in late:
            write_lasting(file, content)

    monkeypatch.setattr(publishing, "write_lasting", lambda *one: late.append(one))
    monkeypatch.setattr(publishing, "put_all", pointers_first)
    with watched(public) as log:
        doing.approve()

    broken = 0
    for number, cut in enumerate(after_power_cuts(public, before, log)):
        try:
            told(cut, tmp_path / str(number))
        except (AssertionError, KeyError):
            broken += 1
    assert broken


# ------------------------------------------------------------------- the disk is full


def _every(many: bool, number: int) -> bool:
    return many or number % 9 == 0


@pytest.mark.parametrize("many", [False, pytest.param(True, marks=pytest.mark.faults)])
def test_when_any_write_of_a_file_fails_nothing_is_lost(
    first: Path, tmp_path: Path, many: bool
) -> None:
    failed = 0
    for number in range(10_000):
        if not _every(many, number):
            continue
        data = copytree(first, tmp_path / str(number) / "data")
        public = data / "public"
        doing, before = Doing(data), image(public)

        def fails(act: int, number: int = number) -> None:
            if act >= number:
                raise OSError(errno.ENOSPC, "No space left on device")

        try:
            with watched(public, fails):
                doing.approve()
            break
        except OSError:
            failed += 1
        folder = tmp_path / str(number)
        assert told(image(public), folder / "during", before)
        again = start(data)
        assert again.version == 2, "the rows said yes before the files"
        assert told(image(public), folder / "after", before) == again.expected()
        rmtree(data)

    assert failed >= (80 if many else 8)


class Failing:
    """Rows of which the nth deed fails, as on a full disk."""

    def __init__(self, rows: Rows, number: int) -> None:
        self._rows, self._left = rows, number

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise sqlite3.OperationalError("database or disk is full")

    def all(self, sql: str, *values: object) -> list[Row]:
        self._count()
        return self._rows.all(sql, *values)

    def run(self, sql: str, *values: object) -> int:
        self._count()
        return self._rows.run(sql, *values)

    @contextmanager
    def write(self) -> Iterator[None]:
        with self._rows.write():
            yield
            self._count()

    def close(self) -> None:
        self._rows.close()


def test_when_any_deed_in_the_database_fails_nothing_is_lost(first: Path, tmp_path: Path) -> None:
    failed = 0
    for number in range(1000):
        data = copytree(first, tmp_path / str(number) / "data")
        doing = Doing(data)
        try:
            doing.approve(Failing(doing.rows, number))
            break
        except sqlite3.OperationalError:
            failed += 1
        again = start(data)
        assert audit.check(again.rows) == 0
        assert told(image(data / "public"), tmp_path / f"{number}-phone") == again.expected()
        rmtree(data)

    assert failed >= 10


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=8m", "navkit", str(place)]
    if not which("mount") or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("nobody here may mount a disk")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_told_and_nothing_is_lost(
    first: Path, small_disk: Path, tmp_path: Path
) -> None:
    house = new_house(Path(copytree(first, small_disk / "data")))
    public = house.settings.press.public
    desk, second, editor = (house.clerk(name) for name in ("desk", "second", "editor"))
    old = told(image(public), tmp_path / "before")
    with (small_disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(4096)):
            pass

    answers = [
        desk.post(f"{BASE}/desk/L", because="full"),
        second.post(f"{BASE}/publications/2", decision="yes", seen=TICKS),
        editor.upload("drawing", "plan.geojson", drawing(whole=False), seen="{}"),
    ]

    assert [answer.status_code for answer in answers] == [507] * 3
    assert "磁盘满了" in answers[0].get_data(as_text=True)
    assert house.clerk().get("/healthz").status_code == 200
    assert told(image(public), tmp_path / "full") == old

    (small_disk / "filler").unlink()
    assert desk.post(f"{BASE}/desk/L", because="full").status_code == 303
    assert second.post(f"{BASE}/publications/2", decision="yes", seen=TICKS).status_code == 303
    new = Doing(house.settings.folder).expected()
    assert told(image(public), tmp_path / "after") == new != old


# ------------------------------------------------------------------- kill -9


def works(data: Path, act: str, said: Connection) -> None:
    """Do it again and again, and say each time what was acknowledged."""
    doing = start(data)
    said.send(getattr(doing, {"publish": "version", "close": "entries"}[act]))
    while True:
        said.send(getattr(doing, act)())


def killed(work: Callable[..., None], *words: Any, after_s: float) -> list[Any]:
    """What a process said before it was killed, after so many seconds."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=work, args=(*words, theirs))
    process.start()
    theirs.close()
    time.sleep(after_s)
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL, "it was at work until it was killed"
    heard = []
    with suppress(EOFError):
        while True:
            heard.append(ours.recv())
    return heard


@pytest.mark.parametrize("act", ["publish", "close"])
@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.faults)])
def test_kill_9_loses_nothing_that_was_acknowledged(
    data: Path, tmp_path: Path, act: str, times: dict[str, int]
) -> None:
    Doing(data).approve()
    public, chance, acknowledged = data / "public", random.Random(SEED), 0
    longest_s = {"publish": 3.0, "close": 1.0}[act]
    for number in range(times[act]):
        heard = killed(works, data, act, after_s=chance.uniform(0, longest_s))
        acknowledged = max(acknowledged, *heard, 0)
        seen = told(image(public), tmp_path / f"{number}-killed")
        doing = Doing(data)
        now = doing.version if act == "publish" else doing.entries
        assert now >= acknowledged, "what was acknowledged stays"
        if now == acknowledged:
            assert seen == doing.expected(), "and phones have it"
        assert audit.check(doing.rows) == 0
        doing.rows.close()

    again = start(data)
    assert told(image(public), tmp_path / "at last") == again.expected()
    assert acknowledged > times[act] // 4


def drawn(doing: Doing) -> list[str]:
    """The strokes that are kept, in their order."""
    now = drafts.latest(doing.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    content = drafts.content_of(doing.press.files, now)
    return [one["id"] for one in drafts.changes_of(content)] if content else []


def draws(data: Path, said: Connection) -> None:
    """Stroke after stroke on a floor, each told once it is acknowledged."""
    doing = start(data)
    files, editor = doing.press.files, doing._person("editor")
    version = drafts.latest(doing.rows, HOSPITAL, "corrections", drafts.CORRECTIONS).version
    for number in itertools.count(len(drawn(doing))):
        stroke = {"do": "landmark", "id": f"{number}"}
        who = deed(doing.rows, now_ms(), editor)
        version = drafts.add_corrections(who, files, [stroke], version).version
        said.send(number + 1)


@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.faults)])
def test_kill_9_while_somebody_draws_loses_at_most_the_last_stroke(
    data: Path, times: dict[str, int]
) -> None:
    chance, kept = random.Random(SEED), 0
    for _ in range(times["build"]):
        heard = killed(draws, data, after_s=chance.uniform(0, 1.0))
        acknowledged = max(kept, *heard, 0)
        doing = start(data)
        strokes = drawn(doing)
        kept = len(strokes)
        assert strokes == [f"{number}" for number in range(kept)], "each once, in their order"
        assert acknowledged <= kept <= acknowledged + 1
        doing.rows.close()
    assert kept > times["build"]


def builds(data: Path, number: int, said: Connection) -> None:
    """Upload a drawing, ask for a build, and do it."""
    jobs.LEASE_MS = 300
    doing = start(data)
    files, editor = doing.press.files, doing._person("editor")
    drawn = drawing(staff=[f"1F-{1 + number % 14:02}", f"2F-{1 + number // 14:02}"])
    seen = drafts.latest(doing.rows, HOSPITAL, "drawing", "plan.geojson").version
    words = ("drawing", "plan.geojson", drawn, seen)
    said.send(drafts.put(deed(doing.rows, now_ms(), editor), files, *words).version)
    ask(doing)
    while True:
        Worker(doing.settings.address, data).work_once(doing.rows)


def ask(doing: Doing) -> int:
    """Ask for a build of what is there."""
    sources = drafts.current(doing.rows, HOSPITAL)
    live = publishing.published_venue(doing.rows, HOSPITAL)
    request = jobs.request_of(sources, languages(), live)
    return jobs.ask(deed(doing.rows, now_ms(), "editor"), request)


@pytest.mark.parametrize("times", [FEW, pytest.param(MANY, marks=pytest.mark.faults)])
def test_kill_9_in_a_build_leaves_no_half_file_and_loses_no_upload(
    data: Path, times: dict[str, int]
) -> None:
    chance, acknowledged = random.Random(SEED), 0
    for number in range(times["build"]):
        heard = killed(builds, data, number, after_s=chance.uniform(0, 6.0))
        acknowledged = max(acknowledged, *heard, 0)
        for blob in (data / "blobs").rglob("*"):
            assert blob.is_dir() or sha256(blob.read_bytes()).hexdigest() == blob.name
        doing = Doing(data)
        newest = drafts.latest(doing.rows, HOSPITAL, "drawing", "plan.geojson")
        assert newest.version >= acknowledged and doing.press.files.read(newest.sha256)
        for job in jobs.last(doing.rows, HOSPITAL, 1000):
            assert job.state != "done" or read_bundle(doing.press.files, job.result).parts
        doing.rows.close()

    doing = start(data)
    doing.rows.run("UPDATE jobs SET lease_ms = 0")
    number = ask(doing)
    worker = Worker(doing.settings.address, data)
    while worker.work_once(doing.rows):
        pass
    found = jobs.job(doing.rows, HOSPITAL, number)
    assert found and found.state == "done", "and it can be built after all"


def test_a_worker_goes_on_when_the_database_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = new_house(tmp_path / "data").hire()
    clerk = house.clerk("editor")
    clerk.upload("drawing", "plan.geojson", drawing())
    clerk.post(f"/hospitals/{HOSPITAL}/builds")
    failures = [sqlite3.OperationalError("database or disk is full")] * 2
    leases: list[Job | None] = []

    def lease(rows: Rows, at_ms: int, worker: str) -> Job | None:
        if failures:
            raise failures.pop()
        leases.append(jobs_lease(rows, at_ms, worker))
        return leases[-1]

    jobs_lease = jobs.lease
    monkeypatch.setattr("server.builds.jobs.lease", lease)
    monkeypatch.setattr("server.machine.worker.RETRY_S", 0.05)
    worker = Worker(house.settings.address, house.settings.folder)
    worker.start()
    ends_s = time.monotonic() + PATIENCE_S
    while not leases and time.monotonic() < ends_s:
        time.sleep(0.05)
    worker.stop()

    assert leases and leases[0] and leases[0].hospital == HOSPITAL
    assert "disk is full" in caplog.text


def test_the_clock_goes_on_when_the_disk_has_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        """What signs, on a disk that is full at first."""

        def __init__(self) -> None:
            self.asked = 0
            self.signed = threading.Event()

        def tick(self, now_ms: int) -> None:
            self.asked += 1
            if self.asked == 1:
                raise OSError(errno.ENOSPC, "No space left on device")
            if self.asked == 2:
                raise NavkitError("copy-busy")
            self.signed.set()

    monkeypatch.setattr(serving, "RETRY_S", 0.05)
    signer = Full()

    serving.clock(signer)  # type: ignore[arg-type]

    assert signer.signed.wait(PATIENCE_S)


# ------------------------------------------------------------------- many at once


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.faults)])
def test_eight_people_at_once_are_all_served_and_nothing_is_lost(data: Path, seconds: int) -> None:
    """Four close and open lifts and rooms, four mend rooms: each asks as fast as it is answered."""
    house = new_house(data)
    answers: Counter[int] = Counter()
    failed: list[BaseException] = []
    ready = threading.Barrier(8)

    def begun() -> Callable[[], bool]:
        """Everybody has signed in; whether there is time left."""
        ready.wait()
        until_s = time.monotonic() + seconds
        return lambda: time.monotonic() < until_s

    def close(number: int) -> None:
        desk, target = house.clerk("desk"), f"1F-{number + 1:02}"
        is_time = begun()
        while is_time():
            answers[desk.post(f"{BASE}/desk/{target}", because="cleaning").status_code] += 1
            mine = (row for row in closures.current(rows_of(), HOSPITAL, now_ms()))
            closure = next(row["id"] for row in mine if row["target"] == target)
            answers[desk.post(f"{BASE}/closures/{closure}/reopen").status_code] += 1

    def mend(number: int) -> None:
        editor, turn = house.clerk("editor"), 0
        is_time = begun()
        while is_time():
            thing, turn = f"2F-{number + 1:02}", turn + 1
            said = {"do": "rename", "thing": thing, "name-en": f"Room {turn}", "job": 1}
            newest = drafts.latest(rows_of(), HOSPITAL, "corrections", drafts.CORRECTIONS).version
            answer = editor.post(f"{BASE}/corrections", version=newest, **said)
            answers[answer.status_code] += 1

    local = threading.local()

    def rows_of() -> Rows:
        if not hasattr(local, "rows"):
            local.rows = connect(house.settings.address)
        return local.rows  # type: ignore[no-any-return]

    def run(act: Callable[[int], None], number: int) -> None:
        try:
            act(number)
        except BaseException as error:
            failed.append(error)

    acts = [(close, n) for n in range(4)] + [(mend, n) for n in range(4)]
    people = [threading.Thread(target=run, args=act) for act in acts]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert failed == []
    assert set(answers) == {303}, answers
    assert answers[303] >= 8 * seconds / 4
    assert audit.check(house.rows) == 0
    kept = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    changes = drafts.changes_of(house.settings.press.files.read(kept.sha256))
    assert {change["id"] for change in changes} == {f"2F-{n:02}" for n in range(1, 5)}
    assert closures.current(house.rows, HOSPITAL, now_ms()) == []
