"""What a step of `schema/` does to rows that SQL alone cannot say.

A step is taken once, so what it does stays as it was when it was written.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from navkit.periods import end_of, start_of


class Table(Protocol):
    """What a step asks of a database."""

    def all(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Every row that a query finds."""

    def run(self, sql: str, *values: object) -> int:
        """Do it; how many rows were touched."""


def _one_form_of_times(table: Table) -> None:
    """Times of closures in the one form that phones read. What cannot be read stays as it is, for
    the desk to see."""
    found = table.all(
        "SELECT c.id AS id, start_at, end_at, timezone FROM closures c, hospitals h"
        " WHERE h.id = c.hospital AND withdrawn_ms = 0"
    )
    for row in found:
        zone = ZoneInfo(row["timezone"])
        with suppress(ValueError):
            times = (start_of(row["start_at"], zone), end_of(row["end_at"], zone))
            table.run(
                "UPDATE closures SET start_at = ?, end_at = ? WHERE id = ?", *times, row["id"]
            )


AFTER: Mapping[str, Callable[[Table], None]] = {"003.sql": _one_form_of_times}
"""By the file of the step, what is done when its statements are."""
