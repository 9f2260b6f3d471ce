"""Writers of one database: in the order in which they came, as long as something moves."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from server.data import turns
from server.data.rows import connect, count
from server.data.turns import BusyError, Line, Patience, line_of

SOON_S = 10.0
"""Until then something has happened on the slowest machine."""

OURS, MOST_BETWEEN = 8, 12
"""Writes of ours, and how many of another program are before each, on average: about one where
SQLite is asked every millisecond, about forty where it is asked ten times a second."""


def until(holds: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < ends_s
        time.sleep(0.001)


class Clock:
    """What `turns` takes for the time: it stands until somebody moves it."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(turns, "time", made)
    return made


class Writers:
    """Each in a thread, and each writes until it is told to end."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._told: dict[str, threading.Event] = {}
        self._did: list[str] = []

    def come(self, name: str, patience: Patience) -> None:
        """They stand in the line on return."""
        self._told[name], many = threading.Event(), len(self.line._turns)
        threading.Thread(target=self._write, args=(name, patience)).start()
        until(lambda: len(self.line._turns) > many)

    def _write(self, name: str, patience: Patience) -> None:
        try:
            with self.line.turn(patience) as turn:
                turn.begin()
                self._did.append(f"{name} writes")
                self._told[name].wait(SOON_S)
        except BusyError:
            self._did.append(f"{name} goes")

    def end(self, name: str) -> None:
        self._told[name].set()

    def have(self, did: str) -> None:
        """They soon have done that, and nothing else."""
        with self.line._changed:
            self.line._changed.notify_all()
        until(lambda: len(self._did) >= len(did.split(", ")))
        assert ", ".join(self._did) == did


def test_nobody_is_overtaken_and_who_comes_again_stands_at_the_end() -> None:
    people, patience = Writers(Line()), Patience(SOON_S)
    for name in ("Ann", "Bo", "Cai"):
        people.come(name, patience)
    people.have("Ann writes")

    people.end("Ann")
    people.have("Ann writes, Bo writes")
    people.come("Ann", patience)
    people.end("Bo")
    people.have("Ann writes, Bo writes, Cai writes")
    people.end("Cai")

    people.have("Ann writes, Bo writes, Cai writes, Ann writes")
    people.end("Ann")


def test_who_waits_goes_when_nothing_has_moved_for_too_long(clock: Clock) -> None:
    people, patience = Writers(Line()), Patience(wait_s=2.0)
    for name in ("Ann", "Bo", "Cai"):
        people.come(name, patience)
    people.have("Ann writes")
    clock.now_s += 1.5
    people.end("Ann")
    people.have("Ann writes, Bo writes")

    clock.now_s += 1.5
    people.have("Ann writes, Bo writes")
    clock.now_s += 0.5

    people.have("Ann writes, Bo writes, Cai goes")
    people.end("Bo")


def test_who_has_no_seat_goes_after_a_glance(clock: Clock) -> None:
    people, guest = Writers(Line()), Patience(wait_s=2.0, seats=1)
    for name, patience in [("Ann", guest), ("the clock", Patience()), ("Bo", guest)]:
        people.come(name, patience)
    people.have("Ann writes")
    people.come("Cai", guest)
    clock.now_s += turns.GLANCE_S

    people.have("Ann writes, Cai goes")
    people.end("Ann")
    people.have("Ann writes, Cai goes, the clock writes")
    people.end("the clock")
    people.have("Ann writes, Cai goes, the clock writes, Bo writes")
    people.end("Bo")


def test_connections_to_one_database_share_a_line(tmp_path: Path) -> None:
    one, other = connect(str(tmp_path / "a.db")), connect(f"{tmp_path}/b/../a.db", Patience(0.05))
    with one.write():
        assert len(line_of(str(tmp_path / "a.db"))._turns) == 1
        with pytest.raises(BusyError), other.write():
            pass

    with other.write():
        pass


PROGRAM = """
import sqlite3, sys, time
other = sqlite3.connect(sys.argv[1], isolation_level=None)
while True:
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO writes VALUES (1)")
    time.sleep(0.01)
    other.execute("COMMIT")
    time.sleep(0.003)
"""


@pytest.mark.process
def test_short_gaps_of_a_program_that_writes_all_the_time_are_enough(tmp_path: Path) -> None:
    ours = connect(str(tmp_path / "a.db"), Patience(wait_s=6 * SOON_S))
    ours.run("CREATE TABLE writes (one INTEGER)")
    with subprocess.Popen([sys.executable, "-P", "-c", PROGRAM, tmp_path / "a.db"]) as program:
        until(lambda: count(ours, "SELECT COUNT(*) FROM writes") > 0)
        between = 0
        for _ in range(OURS):
            time.sleep(0.15)
            before = count(ours, "SELECT COUNT(*) FROM writes")
            with ours.write():
                between += count(ours, "SELECT COUNT(*) FROM writes") - before
        program.kill()

    assert between < OURS * MOST_BETWEEN
