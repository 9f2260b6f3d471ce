"""One at a time, among all threads and processes of this machine."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path, patience_s: float) -> Iterator[None]:
    """Held through SQLite, which works everywhere: a process that dies lets go of it.

    `TimeoutError` where somebody else holds it for longer than one has patience.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(lock, timeout=patience_s, isolation_level=None)) as held:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            # A disk that is full is no neighbour who will be done soon.
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise TimeoutError(str(lock)) from None
            raise
        yield


def hold(lock: Path, *, shared: bool) -> sqlite3.Connection:
    """The same for as long as what is given back is kept open: alone, or with others that share it.

    `TimeoutError` at once where somebody holds it otherwise.
    """
    lock.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = sqlite3.connect(lock, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        held.execute("BEGIN" if shared else "BEGIN EXCLUSIVE")
        # A transaction shares the file from its first look on.
        held.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()
    except sqlite3.OperationalError:
        held.close()
        raise TimeoutError(str(lock)) from None
    return held
