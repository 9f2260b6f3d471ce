"""Mutual exclusion among all threads and processes of this machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path, patience_s: float) -> Iterator[None]:
    """A lock held through SQLite, which works everywhere: a process that dies releases it.

    `TimeoutError` if somebody else holds it for longer than `patience_s`.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(lock, timeout=patience_s, isolation_level=None)) as held:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            # A full disk is not a lock that will soon be released.
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise TimeoutError(str(lock)) from None
            raise
        yield


def hold(lock: Path, *, shared: bool) -> sqlite3.Connection:
    """The same for as long as the returned connection is open: exclusive, or shared with others.

    `TimeoutError` at once if it is held in a conflicting way.
    """
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        held.execute("BEGIN" if shared else "BEGIN EXCLUSIVE")
        # A transaction takes its shared lock with its first read.
        held.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
    except sqlite3.OperationalError:
        held.close()
        raise TimeoutError(str(lock)) from None
    return held
