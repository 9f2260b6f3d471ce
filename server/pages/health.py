"""The state of the database, with a deadline: a monitor gets an answer whatever the database
does."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait

from navkit.words.findings import NavkitError
from server.data.rows import connect, trouble
from server.data.turns import Patience
from server.press import emergencies, scrubbing

ANSWER_S = 0.2
"""Deadline of an answer: a monitor is promised a quarter of a second."""
LOCK_S = 0.1
"""How long to try to write. A guess: a write takes milliseconds."""
FRESH_S = 0.25
"""For this long a lock is reported again without a new check: finding it out takes time."""
PASSING_S = 1.0
"""A database that was well this recently may just be busy: a slow disk or a
busy machine must not raise an alarm."""

OK = "ok"
_LOCKED, _SLOW = "database: locked", "database: slow"
_WORDS = {
    "database-busy": _LOCKED,
    "database-damaged": "database: damaged",
    "database-unopened": "database: cannot be opened",
    "database-unreachable": "database: unreachable",
    "disk-full": "database: disk full",
}


class Health:
    """Checks in a thread and on a connection of its own, one at a time: concurrent callers wait for
    the same answer."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._lock = threading.Lock()
        self._looking: Future[tuple[str, float]] | None = None
        self._found, self._well_s = OK, float("-inf")

    def told(self) -> str:
        """`OK` and further notes, or what is wrong in a few words."""
        with self._lock:
            looking, before = self._latest()
        wait([looking], ANSWER_S)
        now_s = time.monotonic()
        if looking.done():
            found = self._noted(looking)
        else:
            found = _SLOW if before.startswith(OK) else before
        is_passing = found in (_LOCKED, _SLOW) and now_s - self._well_s < PASSING_S
        well = before if before.startswith(OK) else OK
        return well if is_passing else found

    def _latest(self) -> "tuple[Future[tuple[str, float]], str]":
        """A check that is running or fresh, and the previous result."""
        if self._looking and self._looking.done():
            self._found = self._noted(self._looking)
            _, at_s = self._looking.result()
            if self._found == _LOCKED and time.monotonic() - at_s < FRESH_S:
                return self._looking, self._found
        if self._looking is None or self._looking.done():
            self._looking = self._pool.submit(lambda: (look(self._address), time.monotonic()))
        return self._looking, self._found

    def _noted(self, looked: "Future[tuple[str, float]]") -> str:
        """What a check found; and when, if the database was well then, however late it is read."""
        found, at_s = looked.result()
        if found.startswith(OK):
            self._well_s = max(self._well_s, at_s)
        return found


def look(address: str) -> str:
    """Whether rows can be read, and written by somebody."""
    try:
        rows = connect(address, Patience(LOCK_S))
        try:
            rows.all("SELECT COUNT(*) AS n FROM hospitals")
            with rows.write():
                damaged = scrubbing.count_damages(rows)
            standing = [f"emergency: {one['hospital']}" for one in emergencies.everywhere(rows)]
            return "\n".join([OK, *([f"damaged: {damaged}"] if damaged else []), *standing])
        finally:
            rows.close()
    except Exception as error:
        told = error if isinstance(error, NavkitError) else trouble(error)
        return _WORDS.get(told.finding.code if told else "", "database: failing")
