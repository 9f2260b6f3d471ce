"""What is written stays and nothing is written twice, on SQLite and on PostgreSQL alike."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import postgres
import pyotp
import pytest
from clinic import HOSPITAL, deed, drawing

from server.builds import drafts, jobs
from server.data import rows
from server.data.files import Files
from server.data.rows import Rows, connect, migrate
from server.press import closures, publishing, trust
from server.press.press import Press
from server.press.signing import Signer
from server.staff import audit, duties, factors, holders, passwords, people, sessions, tokens
from server.staff.roles import Person

pytestmark = pytest.mark.process

NOW = 1_770_000_000_000
WRITERS = 8
EACH = 25


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.running() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database with its tables."""
    if request.param == "sqlite":
        found = str(tmp_path / "navkit.db")
    else:
        found = request.getfixturevalue("cluster")
        connection = connect(found)
        connection.run("DROP SCHEMA public CASCADE")
        connection.run("CREATE SCHEMA public")
        connection.close()
    migrate(found)
    return found


@pytest.fixture
def table(address: str) -> Iterator[Rows]:
    connection = connect(address)
    publishing.add_hospital(deed(connection, NOW, "admin"), {"en": "C"}, "Asia/Shanghai", "")
    yield connection
    connection.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    kept = Files(tmp_path)
    kept.prepare()
    return kept


def test_migrating_twice_changes_nothing(address: str, table: Rows) -> None:
    before = table.all("SELECT * FROM hospitals")

    migrate(address)

    assert table.all("SELECT * FROM hospitals") == before


def test_times_of_closures_that_are_stored_are_brought_into_one_form(
    address: str, table: Rows
) -> None:
    """As tables were before the third step. What cannot be read stays as it is."""
    kept = {
        ("", ""): ("", ""),
        ("2026-12-30T08:00:59", "2026-12-31T08:00:01"): ("2026-12-30T08:00", "2026-12-31T08:01"),
        ("2026-12-30 08:00", "2026-12-31"): ("2026-12-30T08:00", "2027-01-01T00:00"),
        (" 2026-12-30", "2026-12-31T08:00:00.5"): ("2026-12-30T00:00", "2026-12-31T08:01"),
        ("2026-12-30T08:00", "31.12.2026"): ("2026-12-30T08:00", "31.12.2026"),
        ("２０２６-12-30", "2026-12-31T08:00"): ("２０２６-12-30", "2026-12-31T08:00"),
    }
    table.run("DROP INDEX closures_standing")
    table.run("DELETE FROM steps WHERE name = '003.sql'")
    for start, end in kept:
        table.run(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, 'L', ?, ?, '{}', 'desk', 1)",
            *(HOSPITAL, start, end),
        )

    migrate(address)

    found = table.all("SELECT start_at, end_at FROM closures ORDER BY id")
    assert [(row["start_at"], row["end_at"]) for row in found] == list(kept.values())
    states = [row["state"] for row in closures.current(table, HOSPITAL, NOW)]
    assert sorted(states) == [
        "planned",
        "planned",
        "planned",
        "running",
        "unreadable",
        "unreadable",
    ]


def test_what_phones_could_not_carry_was_refused_and_is_taken_away(
    address: str, table: Rows
) -> None:
    """It had been stored all the same, and then nothing more could be closed, opened or signed."""
    table.run("DROP INDEX closures_standing")
    table.run("DELETE FROM steps WHERE name = '003.sql'")
    reason = json.dumps(dict.fromkeys(("zh-Hans", "zh-Hant", "en"), "🚑" * 120))
    for number in range(30):
        table.run(
            "INSERT INTO closures (hospital, target, start_at, end_at, reason, person, made_ms)"
            " VALUES (?, ?, '', '', ?, 'desk', 1)",
            *(HOSPITAL, f"L{number}", reason),
        )

    migrate(address)

    file = closures.file(table, HOSPITAL, NOW)
    kept = [one["target"] for one in json.loads(file)["closures"]]
    assert len(file) <= trust.CLOSURES_BYTES
    assert kept == [f"L{number}" for number in range(len(kept))]
    assert len(kept) >= 10


def test_four_who_close_one_lift_at_once_make_one_closure(
    address: str, table: Rows, files: Files, tmp_path: Path
) -> None:
    """Ten times, each with connections of their own; what is written says the same as the rows."""
    press = Press(files, tmp_path / "public", Signer(tmp_path))
    desk = Person(1, "desk", "desk", "duty-desk", "", "en")
    for number in range(10):
        told: list[str] = []

        def close(target: str = f"L{number}", told: list[str] = told) -> None:
            own = connect(address)
            try:
                closures.close(
                    deed(own, NOW, desk), press, {target}, target, "", "", {"en": "broken"}
                )
                told.append("closed")
            except rows.NavkitError as error:
                told.append(error.finding.code)
            finally:
                own.close()

        threads = [threading.Thread(target=close) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(told) == ["closed", *["closure-overlaps"] * 3]

    assert len(table.all("SELECT id FROM closures")) == 10
    assert (press.folder(HOSPITAL) / closures.NAME).read_bytes() == closures.file(
        table, HOSPITAL, NOW
    )


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "急诊\udfff"])
def test_a_text_that_cannot_be_kept_is_refused_and_nothing_is_changed(
    table: Rows, text: str
) -> None:
    for ask in (table.all, table.run):
        with pytest.raises(rows.NavkitError) as refused:
            ask("UPDATE hospitals SET address = ?", text)
        assert refused.value.finding.code == "text-unstorable"

    table.run("UPDATE hospitals SET address = ?", "急诊🏥\n\ufeff\x01")
    assert table.all("SELECT address FROM hospitals") == [{"address": "急诊🏥\n\ufeff\x01"}]


def test_a_database_of_a_newer_version_is_refused(address: str, table: Rows) -> None:
    table.run("INSERT INTO steps (name) VALUES (?)", "999.sql")

    with pytest.raises(rows.NavkitError) as refused:
        migrate(address)
    assert refused.value.finding.code == "database-too-new"


def test_a_write_that_fails_leaves_nothing_behind(table: Rows) -> None:
    with pytest.raises(ZeroDivisionError), table.write():
        audit.note(deed(table, NOW, "somebody"), "close")
        raise ZeroDivisionError

    assert [row["action"] for row in audit.last(table, 10)] == ["add-hospital"]


def test_writers_at_once_wait_for_each_other_and_none_fails(address: str, table: Rows) -> None:
    """Each reads the last number before it writes the next: the chain shows whether they waited."""
    failed: list[BaseException] = []

    def write() -> None:
        connection = connect(address)
        try:
            for number in range(EACH):
                with connection.write():
                    audit.note(
                        deed(connection, NOW, threading.current_thread().name, ""), "put", n=number
                    )
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failed == []
    assert rows.count(table, "SELECT COUNT(*) AS n FROM audit") == WRITERS * EACH + 1
    assert audit.check(table) == 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET said = '{}' WHERE number = 3",
        "UPDATE audit SET person = 'nobody' WHERE number = 3",
        "UPDATE audit SET at_ms = at_ms + 1 WHERE number = 3",
        "DELETE FROM audit WHERE number = 3",
    ],
)
def test_a_changed_row_of_the_log_is_found(table: Rows, tampering: str) -> None:
    for number in range(5):
        with table.write():
            audit.note(deed(table, NOW + number, "editor"), "close", target=f"L{number}")
    assert audit.check(table) == 0

    table.run(tampering)

    assert audit.check(table) == 3


# ------------------------------------------------------------------- an older database

OLDER = ("001.sql", "002.sql")
"""Steps of before people had keys, sessions had addresses and tokens ended."""


def as_it_was(address: str) -> Rows:
    """A database of the first two steps alone, with nobody in it."""
    connection = connect(address)
    if address.startswith("postgresql"):
        connection.run("DROP SCHEMA public CASCADE")
        connection.run("CREATE SCHEMA public")
    schema = resources.files("server.data").joinpath("schema")
    serial = type(connection).serial  # type: ignore[attr-defined]
    connection.run("CREATE TABLE steps (name TEXT PRIMARY KEY)")
    for step in OLDER:
        for statement in schema.joinpath(step).read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                connection.run(statement.replace("{serial}", serial))
        connection.run("INSERT INTO steps (name) VALUES (?)", step)
    return connection


def note_as_it_was(old: Rows, person: str, action: str, said: dict[str, object]) -> None:
    """A row of the log, sealed as it was before it had an address."""
    last = rows.one(old, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    row = [last["number"] + 1 if last else 1, NOW, person, "", action]
    row += [json.dumps(said, ensure_ascii=False, sort_keys=True), last["hash"] if last else ""]
    seal = hashlib.sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()
    old.run(
        "INSERT INTO audit (number, at_ms, person, hospital, action, said, before, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(*row, seal),
    )


def test_a_database_of_before_keeps_everybody_and_what_they_have(
    address: str, tmp_path: Path
) -> None:
    where = address if address.startswith("postgresql") else str(tmp_path / "older.db")
    old = as_it_was(where)
    made: dict[str, int] = {}
    for name, by in (("admin", ""), ("wang", "admin"), ("WANG", "admin"), ("ｌｉ", "wang")):
        password = passwords.hasher().hash("1234567890" if name == "WANG" else "ﬁrst lift keys")
        [row] = old.all(
            "INSERT INTO people (name, shown, role, password, made_ms)"
            " VALUES (?, ?, 'administrator', ?, ?) RETURNING id",
            *(name, name, password, NOW),
        )
        made[name] = row["id"]
        note_as_it_was(old, by, "add-person", {"name": name, "role": "administrator"})
    old.run(
        "INSERT INTO tokens (hash, person, label, made_ms) VALUES (?, ?, 'old', ?)",
        *(sessions.key_of("navkit_old"), made["wang"], NOW),
    )
    now_ms = time.time_ns() // 1_000_000
    old.run(
        "INSERT INTO sessions (hash, person, made_ms, seen_ms) VALUES (?, ?, ?, ?)",
        *(sessions.key_of("old session"), made["wang"], now_ms, now_ms),
    )
    old.close()

    migrate(where)
    now = connect(where)

    assert audit.check(now) == 0
    assert [one["name"] for one in people.everyone(now) if one["is_twin"]] == ["WANG"]
    for name, typed in (
        ("wang", "ﬁrst lift keys"),
        ("WANG", "1234567890"),
        ("li", "ﬁrst lift keys"),
    ):
        assert people.sign_in(now, now_ms, name, typed, "::1"), name
    assert [row["name"] for row in now.all("SELECT name FROM people WHERE is_weak = 1")] == ["WANG"]
    held = {name: holders.of(now, made[name]) for name in made}
    assert held["wang"] == held["WANG"] == {made["admin"]}
    assert held["ｌｉ"] == {made["wang"], made["admin"]} and held["admin"] == set()
    assert people.signed_in(now, now_ms, "old session")
    quarter_ms = 90 * tokens.DAY_MS
    assert people.by_token(now, now_ms, "navkit_old")
    assert people.by_token(now, now_ms + quarter_ms + 60_000, "navkit_old") is None
    now.close()


# ------------------------------------------------------------------- files


def test_at_a_start_only_what_was_left_long_ago_is_swept(files: Files) -> None:
    """Another process may be building at this moment."""
    for name in ("old", "new"):
        (files.work / name).mkdir()
        (files.work / name / "plan").write_bytes(b"half")
    os.utime(files.work / "old", (1, 1))

    files.prepare()

    assert [entry.name for entry in files.work.iterdir()] == ["new"]


def test_no_name_leads_out_of_the_files(files: Files) -> None:
    for name in ("../../etc/passwd", "", "A" * 64, "0" * 63):
        with pytest.raises(rows.NavkitError):
            files.read(name)


# ------------------------------------------------------------------- drafts


def put(table: Rows, files: Files, who: str, content: bytes, seen: int) -> drafts.Source:
    return drafts.put(deed(table, NOW, who), files, "drawing", "1F.geojson", content, seen)


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(table: Rows, files: Files) -> None:
    put(table, files, "li", b"first", 0)
    put(table, files, "li", b"of li", 1)

    with pytest.raises(drafts.ConflictError) as conflict:
        put(table, files, "wang", b"of wang", 1)

    assert conflict.value.theirs.person == "li"
    assert files.read(conflict.value.theirs.sha256) == b"of li"
    assert files.read(conflict.value.mine) == b"of wang"
    assert [s.version for s in drafts.current(table, HOSPITAL)] == [2]
    first = drafts.version_of(table, HOSPITAL, "drawing", "1F.geojson", 1)
    assert files.read(first.sha256) == b"first"


def test_the_same_content_again_is_no_new_version(table: Rows, files: Files) -> None:
    put(table, files, "li", b"same", 0)

    assert put(table, files, "wang", b"same", 0).version == 1


def test_changes_to_different_things_are_no_conflict(table: Rows, files: Files) -> None:
    def add(who: str, thing: str) -> drafts.Source:
        change = {"do": "restrict", "id": thing, "access": "staff"}
        return drafts.add_correction(deed(table, NOW, who), files, change, 0)

    add("li", "101")
    now = add("wang", "102")

    assert [c["id"] for c in drafts.changes_of(files.read(now.sha256))] == ["101", "102"]
    with pytest.raises(drafts.ConflictError):
        add("wang", "101")


# ------------------------------------------------------------------- jobs


def ask(table: Rows, name: str = "plan") -> int:
    request = {"sources": [["drawing", name, "0" * 64]], "languages": ["en"], "published": ""}
    return jobs.ask(deed(table, NOW, "li"), request)


def test_the_same_request_twice_is_one_job(table: Rows) -> None:
    assert ask(table) == ask(table)
    assert ask(table, "another") != ask(table)


def test_a_job_is_leased_once_until_its_worker_dies(table: Rows) -> None:
    number = ask(table)
    first = jobs.lease(table, NOW, "one")
    assert first and first.id == number

    assert jobs.lease(table, NOW, "two") is None
    assert jobs.renew(table, NOW + jobs.LEASE_MS, "one", number, "reading")
    assert jobs.lease(table, NOW + jobs.LEASE_MS + 1, "two") is None, "it was renewed"
    again = jobs.lease(table, NOW + 2 * jobs.LEASE_MS + 1, "two")

    assert again and again.id == number and again.attempt == 2
    assert not jobs.end(table, NOW, "one", number, "done", {}), "it is no longer one's own"
    assert jobs.end(table, NOW, "two", number, "done", {"venue": ""})


def test_what_kills_every_worker_is_given_up(table: Rows) -> None:
    number = ask(table)
    for attempt in range(jobs.MOST_ATTEMPTS):
        assert jobs.lease(table, NOW + attempt * 2 * jobs.LEASE_MS, "worker")

    assert jobs.lease(table, NOW + 9 * jobs.LEASE_MS, "worker") is None
    found = jobs.job(table, HOSPITAL, number)
    assert found and (found.state, found.result["code"]) == ("failed", "build-died")


def test_workers_share_jobs_and_none_is_done_twice(address: str, table: Rows) -> None:
    numbers = {ask(table, str(number)) for number in range(20)}
    done: list[int] = []

    def work(name: str) -> None:
        connection = connect(address)
        while job := jobs.lease(connection, NOW, name):
            done.append(job.id)
            assert jobs.end(connection, NOW, name, job.id, "done", {})
        connection.close()

    workers = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(done) == sorted(numbers)


def test_hospitals_take_turns_however_many_builds_one_asks_for(table: Rows) -> None:
    for name in ("b", "c"):
        publishing.add_hospital(deed(table, NOW, "admin", f"h-{name}"), {"en": name}, "UTC", "")
    asked = [(HOSPITAL, str(number)) for number in range(10)] + [("h-b", "1"), ("h-b", "2")]
    for hospital, name in [*asked, ("h-c", "1")]:
        request = {"sources": [["drawing", name, "0" * 64]], "languages": [], "published": ""}
        jobs.ask(deed(table, NOW, "li", hospital), request)

    served = []
    for turn in range(13):
        job = jobs.lease(table, NOW + turn, "worker")
        assert job
        served.append(job.hospital)
        assert jobs.end(table, NOW + turn, "worker", job.id, "done", {})

    assert served[:5] == [HOSPITAL, "h-b", "h-c", HOSPITAL, "h-b"]
    assert served[5:] == [HOSPITAL] * 8


def test_a_hospital_with_a_build_running_waits_for_those_without(table: Rows) -> None:
    publishing.add_hospital(deed(table, NOW, "admin", "h-b"), {"en": "b"}, "UTC", "")
    for hospital, name in ((HOSPITAL, "1"), (HOSPITAL, "2"), ("h-b", "1"), ("h-b", "2")):
        request = {"sources": [["drawing", name, "0" * 64]], "languages": [], "published": ""}
        jobs.ask(deed(table, NOW, "li", hospital), request)

    leased = [jobs.lease(table, NOW + turn, f"worker-{turn}") for turn in range(4)]

    assert [job.hospital for job in leased if job] == [HOSPITAL, "h-b", HOSPITAL, "h-b"]


WORKER = """
import sys
from pathlib import Path
from server.builds import jobs
from server.machine import worker
from server.data.rows import connect
jobs.LEASE_MS = 1500
one = worker.Worker(sys.argv[1], Path(sys.argv[2]))
rows = connect(sys.argv[1])
print("ready", flush=True)
while True:
    if not one.work_once(rows):
        sys.stdin.readline() if len(sys.argv) > 3 else None
        break
"""


@pytest.mark.rest
def test_a_build_outlives_a_killed_server(address: str, table: Rows, files: Files) -> None:
    """The whole process is killed in the middle of a build, and another takes it up."""
    source = put(table, files, "li", drawing(), 0)
    number = jobs.ask(deed(table, NOW, "li"), jobs.request_of([source], ["en"], ""))

    def worker() -> "subprocess.Popen[bytes]":
        words = [sys.executable, "-c", WORKER, address, str(files.folder)]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL)

    def state() -> jobs.Job:
        found = jobs.job(table, HOSPITAL, number)
        assert found
        return found

    first = worker()
    until(lambda: state().progress != "")
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    assert state().state == "running"
    time.sleep(1.6)

    second = worker()
    assert second.wait(timeout=180) == 0

    assert (state().state, state().attempt) == ("done", 2), state().result
    assert files.read(state().result["venue"])


def until(holds: object, patience_s: float = 180.0) -> None:
    began_s = time.monotonic()
    while not holds():  # type: ignore[operator]
        assert time.monotonic() - began_s < patience_s
        time.sleep(0.02)


# ------------------------------------------------------------------- people


def test_passwords_are_kept_by_argon2id_alone(table: Rows) -> None:
    people.add(deed(table, NOW), "li", "correct horse 7", "editor")
    row = rows.one(table, "SELECT * FROM people")

    assert row and row["password"].startswith("$argon2id$")
    assert "correct horse" not in str(row)


def test_a_session_ends_by_itself(table: Rows) -> None:
    people.add(deed(table, NOW), "li", "correct horse 7", "editor")
    secret = people.sign_in(table, NOW, "li", "correct horse 7", "::1")

    assert people.signed_in(table, NOW + sessions.IDLE_MS - 1, secret)
    assert people.signed_in(table, NOW + 2 * sessions.IDLE_MS, secret) is None
    assert secret not in str(table.all("SELECT * FROM sessions"))


def test_a_session_ends_after_a_day_however_busy(table: Rows) -> None:
    people.add(deed(table, NOW), "li", "correct horse 7", "editor")
    secret = people.sign_in(table, NOW, "li", "correct horse 7", "::1")
    for at_ms in range(NOW, NOW + sessions.LONGEST_MS, sessions.IDLE_MS // 2):
        assert people.signed_in(table, at_ms, secret)

    assert people.signed_in(table, NOW + sessions.LONGEST_MS, secret) is None


def test_accounts_work_alike_on_either_database(table: Rows, tmp_path: Path) -> None:
    """Everything that is asked of the database about people, once."""
    people.add(deed(table, NOW), "admin", "correct horse 7", "administrator")
    number = people.add(deed(table, NOW, "admin"), "Li", "correct horse 7", "editor")
    secret = people.sign_in(table, NOW, "LI", "correct horse 7", "::1", browser="x" * 999)
    li = people.signed_in(table, NOW, secret)
    assert li and li.name == "Li"
    admin = Person(1, "admin", "admin", "administrator", "", "en")

    token = tokens.add(deed(table, NOW, li), "ward", 7)
    [kept] = tokens.listed(table, NOW, li.id)
    assert people.by_token(table, NOW, token) == li
    assert not tokens.withdraw(deed(table, NOW, admin), kept["id"])
    assert tokens.withdraw(deed(table, NOW, li), kept["id"])
    assert tokens.listed(table, NOW, li.id) == []

    assert duties.owed(table, li, secret) == ""
    factors.demand(deed(table, NOW, "admin"), ["editor"])
    assert duties.owed(table, li, secret) == duties.FACTOR
    seal = factors.seal_of(tmp_path)
    factors.begin(deed(table, NOW, li), seal)
    otp = pyotp.TOTP(factors.begun(table, seal, number))
    codes = factors.confirm(deed(table, NOW, li), seal, otp.at(NOW // 1000))
    assert duties.owed(table, li, secret) == duties.CODE
    factors.show(deed(table, NOW, li), seal, secret, codes[0])
    assert duties.owed(table, li, secret) == ""
    factors.use(deed(table, NOW, li), seal, otp.at(NOW // 1000 + 30))
    with pytest.raises(rows.NavkitError):
        factors.use(deed(table, NOW, li), seal, otp.at(NOW // 1000 + 30))
    assert factors.recovery_left(table, number) == factors.RECOVERY_CODES - 1
    assert len(factors.renew_recovery(deed(table, NOW, li))) == factors.RECOVERY_CODES
    factors.reset(deed(table, NOW, "admin"), number)
    assert people.signed_in(table, NOW, secret) is None

    assert holders.why_not(table, "Li", admin) and holders.why_not(table, "admin", li)
    people.change(
        deed(table, NOW, "admin"), number, role="viewer", barred=True, password="battery staple 8"
    )
    [shown] = [one for one in people.everyone(table) if one["name"] == "Li"]
    assert (shown["role"], bool(shown["barred_ms"]), shown["made_by"]) == ("viewer", True, "admin")
    people.change(deed(table, NOW, "admin"), number, barred=False)
    one, other = (people.sign_in(table, NOW, "Li", "battery staple 8", "::1") for _ in range(2))
    assert len(sessions.listed(table, NOW, number)) == 2
    new = people.change_own_password(deed(table, NOW, li), "horse correct 9", one)
    assert [people.signed_in(table, NOW, s) is None for s in (one, other, new)] == [1, 1, 0]
    people.end_other_sessions(deed(table, NOW, li), "")
    assert sessions.listed(table, NOW, number) == []
    for _ in range(2):
        audit.looked(deed(table, NOW, admin), "look-people")
    assert [row["action"] for row in audit.every(table)].count("look-people") == 1
    assert audit.check(table) == 0
