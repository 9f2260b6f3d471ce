"""Turns: writers of one process stand in a line, and nobody is overtaken.

SQLite has no line: whoever asks at the right moment writes, and whoever has waited long asks ever
more rarely. Beside seven people who saved all the time, the eighth waited a hundred writes long.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WAIT_S = 30.0
"""How long a writer waits for one write of others. A guess: a write takes milliseconds."""
GLANCE_S = 0.1
"""The same without a seat: most writes are done by then."""


class BusyError(Exception):
    """Nobody could write for too long: a temporary fault, not one of the form."""


@dataclass(frozen=True)
class Patience:
    """How long a writer waits, and how many may."""

    wait_s: float = WAIT_S
    """How long nobody else may have begun or ended a write: a line that moves is worth waiting in,
    however long it is."""
    seats: int | None = None
    """So many at the head of the line may wait that long, the others for a glance. None: all."""


class Turn:
    """One writer's place in a line."""

    def __init__(self, line: "Line", patience: Patience) -> None:
        self.patience = patience
        self.is_waiting = True
        self._line, self._came_s = line, time.monotonic()

    @property
    def left_s(self) -> float:
        """How much longer it may wait."""
        patience, since_s = self.patience, max(self._came_s, self._line.moved_s)
        wait_s = patience.wait_s if self._has_seat() else min(GLANCE_S, patience.wait_s)
        return max(0.0, since_s + wait_s - time.monotonic())

    def _has_seat(self) -> bool:
        if self.patience.seats is None:
            return True
        before = self._line.before(self)
        return sum(one.is_waiting and one.patience.seats is not None for one in before) < (
            self.patience.seats
        )

    def begin(self) -> None:
        """Say that the database lets it write."""
        self.is_waiting = False
        self._line.moved_s = time.monotonic()


class Line:
    """The writers of one database; the first one writes, or asks the database to."""

    def __init__(self) -> None:
        self.moved_s = float("-inf")
        """When somebody began or ended a write."""
        self._turns: list[Turn] = []
        self._changed = threading.Condition()

    def before(self, turn: Turn) -> list[Turn]:
        """Those who came earlier."""
        return self._turns[: self._turns.index(turn)]

    @contextmanager
    def turn(self, patience: Patience) -> Iterator[Turn]:
        """Wait until everybody before has written; `BusyError` if that takes too long. The next one
        waits until the context ends."""
        turn = Turn(self, patience)
        with self._changed:
            self._turns.append(turn)
        try:
            with self._changed:
                while self._turns[0] is not turn:
                    if not (left_s := turn.left_s):
                        raise BusyError
                    self._changed.wait(left_s)
            yield turn
        finally:
            with self._changed:
                if not turn.is_waiting:
                    self.moved_s = time.monotonic()
                self._turns.remove(turn)
                self._changed.notify_all()


_lines: dict[str, Line] = {}


def line_of(database: str) -> Line:
    """The line at a database, which is the same for all connections of this process."""
    return _lines.setdefault(database, Line())
