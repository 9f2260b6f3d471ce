"""Parts of the steps of `schema/` that SQL alone cannot express.

A step runs once, so its code stays as it was when it was written.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from navkit.venue.periods import end_of, start_of
from server.data.lookalikes import key_of


class Table(Protocol):
    """The database interface for a step."""

    def all(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """Every row of a query."""

    def run(self, sql: str, *values: object) -> int:
        """Execute it; returns the number of affected rows."""


_PHONES_CARRY, _NAMES = 65_000, 50
"""Bytes of a file of closures, and of a row in it besides the values."""


def _closures_as_phones_read_them(table: Table) -> None:
    """Converts times to the one form that phones read; unreadable ones stay as they are, for the
    desk to see. Closures beyond the phones' limit had been refused but stored all the same:
    withdraw them."""
    found = table.all(
        "SELECT c.id AS id, c.hospital AS hospital, target, start_at, end_at, reason, timezone"
        " FROM closures c, hospitals h WHERE h.id = c.hospital AND withdrawn_ms = 0 ORDER BY c.id"
    )
    used: dict[str, int] = {}
    for row in found:
        zone, times = ZoneInfo(row["timezone"]), (row["start_at"], row["end_at"])
        with suppress(ValueError):
            times = (start_of(times[0], zone), end_of(times[1], zone))
        said = json.dumps([row["target"], *times, json.loads(row["reason"])])
        carried = used.get(row["hospital"], 0) + len(said) + _NAMES
        if carried <= _PHONES_CARRY:
            used[row["hospital"]] = carried
            table.run(
                "UPDATE closures SET start_at = ?, end_at = ? WHERE id = ?", *times, row["id"]
            )
        else:
            table.run("UPDATE closures SET withdrawn_ms = made_ms WHERE id = ?", row["id"])


def _people(table: Table) -> None:
    """Step 006: keys of names, an expiry for every token, and who once had access to whose
    account."""
    ids: dict[str, int] = {}
    taken: set[str] = set()
    for row in table.all("SELECT id, name FROM people ORDER BY id"):
        ids[row["name"]] = row["id"]
        # Of twins the older has the key. Both sign in by their names as they are written.
        key = key_of(row["name"])
        key = f"{key}#{row['id']}" if key in taken or not key else key
        taken.add(key)
        table.run("UPDATE people SET name_key = ? WHERE id = ?", key, row["id"])
    table.run("CREATE UNIQUE INDEX people_by_key ON people(name_key)")
    quarter_ms = 90 * 24 * 3600_000
    table.run("UPDATE tokens SET expires_ms = ?", time.time_ns() // 1_000_000 + quarter_ms)
    holders: dict[int, set[int]] = {}
    for row in table.all(
        "SELECT person, action, said FROM audit WHERE action IN ('add-person', 'set-password')"
        " ORDER BY number"
    ):
        person, by = ids.get(json.loads(row["said"]).get("name", ""), 0), ids.get(row["person"], 0)
        if person == by or not person:
            continue
        holders[person] = {by, *holders.get(by, ())} - {person, 0}
        if row["action"] == "add-person":
            table.run("UPDATE people SET made_by = ? WHERE id = ?", by, person)
    for person, held_by in holders.items():
        for holder in sorted(held_by):
            table.run(
                "INSERT INTO holders (person, kind, holder) VALUES (?, 'password', ?)",
                *(person, holder),
            )


AFTER: Mapping[str, Callable[[Table], None]] = {
    "003.sql": _closures_as_phones_read_them,
    "006.sql": _people,
}
"""By the file of the step, what runs after its statements."""
