"""Tokens: secrets with which programs act for somebody, with that person's current rights.

A token expires after days, never lasts for ever, and ends when its owner's password changes. It is
shown once, and only its hash is stored.
"""

import secrets

from navkit.words.findings import NavkitError
from server.data.rows import Row, Rows, one
from server.staff import audit
from server.staff.deed import Deed
from server.staff.sessions import key_of

DAY_MS = 24 * 3600_000
USUAL_DAYS = 90
CHOICES_DAYS = (7, 30, USUAL_DAYS, 180, 365)
"""How long a token may last. A quarter is usual; a year is the maximum. Guesses."""

USED_EVERY_MS = 3600_000
"""The last use of a token is shown to the day: an hour is precise enough."""


def add(deed: Deed, label: str, days: int = USUAL_DAYS) -> str:
    """A secret for a program that acts for somebody; it is shown once and stored nowhere."""
    if not 1 <= days <= max(CHOICES_DAYS):
        raise NavkitError("token-days", most=str(max(CHOICES_DAYS)))
    secret = f"navkit_{secrets.token_urlsafe(32)}"
    label = label.strip()[:60] or "-"
    with deed.rows.write():
        deed.rows.run(
            "INSERT INTO tokens (hash, person, label, made_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
            *(key_of(secret), deed.person.id, label),
            *(deed.now_ms, deed.now_ms + days * DAY_MS),
        )
        audit.note(deed, "add-token", label=label, days=days)
    return secret


def listed(rows: Rows, now_ms: int, person: int) -> list[Row]:
    """Somebody's valid tokens."""
    return rows.all(
        "SELECT id, label, made_ms, expires_ms, used_ms FROM tokens"
        " WHERE person = ? AND withdrawn_ms = 0 AND expires_ms > ? ORDER BY id",
        *(person, now_ms),
    )


def withdraw(deed: Deed, token: int) -> bool:
    """Revoke a token; returns whether somebody has that token."""
    rows = deed.rows
    with rows.write():
        found = one(
            rows,
            "SELECT label FROM tokens WHERE id = ? AND person = ? AND withdrawn_ms = 0",
            *(token, deed.person.id),
        )
        if found is None:
            return False
        rows.run("UPDATE tokens SET withdrawn_ms = ? WHERE id = ?", deed.now_ms, token)
        audit.note(deed, "withdraw-token", label=found["label"])
    return True


def end_all(rows: Rows, now_ms: int, person: int) -> int:
    """Revoke all of somebody's tokens; returns how many. Call it inside `rows.write()`."""
    return rows.run(
        "UPDATE tokens SET withdrawn_ms = ? WHERE person = ? AND withdrawn_ms = 0", now_ms, person
    )


def owner(rows: Rows, now_ms: int, secret: str) -> int:
    """The owner of that token; 0 if it is nobody's, or no longer valid."""
    row = one(
        rows,
        "SELECT id, person, used_ms FROM tokens"
        " WHERE hash = ? AND withdrawn_ms = 0 AND expires_ms > ?",
        *(key_of(secret), now_ms),
    )
    if row is None:
        return 0
    if now_ms - row["used_ms"] > USED_EVERY_MS:
        with rows.write():
            rows.run("UPDATE tokens SET used_ms = ? WHERE id = ?", now_ms, row["id"])
    return int(row["person"])
