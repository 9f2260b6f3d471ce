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
