"""Sessions: browsers in which somebody has signed in, and is still signed in.

Only the browser has the secret: the server stores its hash, which also names the session.
"""

import hashlib
import secrets

from server.data.rows import Row, Rows, one

IDLE_MS = 8 * 3600_000
LONGEST_MS = 24 * 3600_000
"""A session ends after a shift of inactivity, and after a day in any case. Guesses."""

AHEAD_MS = 5 * 60_000
"""What begins further in the future than this was made by a clock that ran ahead. Such a session
has ended, because its age is unknown; such a wrong password is not counted. A clock put right by
seconds changes nothing."""

SEEN_EVERY_MS = 60_000
"""Once a minute is enough, and saves most pages a write."""
LONGEST_BROWSER = 300


def key_of(secret: str) -> str:
    """The stored hash of a secret of 256 random bits, which needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(rows: Rows, now_ms: int, person: int, address: str = "", browser: str = "") -> str:
    """The secret of a new session. Call it inside `rows.write()`."""
    secret = secrets.token_urlsafe(32)
    forget(rows, now_ms)
    rows.run(
        "INSERT INTO sessions (hash, person, made_ms, seen_ms, address, browser)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        *(key_of(secret), person, now_ms, now_ms, address, browser[:LONGEST_BROWSER]),
    )
    return secret


def forget(rows: Rows, now_ms: int) -> None:
    """Delete ended sessions of everybody. Call it inside `rows.write()`."""
    ended = (now_ms - IDLE_MS, now_ms - LONGEST_MS, now_ms + AHEAD_MS)
    rows.run("DELETE FROM sessions WHERE seen_ms < ? OR made_ms < ? OR made_ms > ?", *ended)


def of(rows: Rows, now_ms: int, secret: str) -> Row | None:
    """A session that has not ended; marks it as seen now."""
    row = one(
        rows,
        "SELECT * FROM sessions WHERE hash = ? AND seen_ms > ? AND made_ms > ? AND made_ms <= ?",
        *(key_of(secret), now_ms - IDLE_MS, now_ms - LONGEST_MS, now_ms + AHEAD_MS),
    )
    if row and now_ms - row["seen_ms"] > SEEN_EVERY_MS:
        with rows.write():
            rows.run("UPDATE sessions SET seen_ms = ? WHERE hash = ?", now_ms, row["hash"])
    return row


def listed(rows: Rows, now_ms: int, person: int) -> list[Row]:
    """Somebody's sessions, the newest first."""
    return rows.all(
        "SELECT * FROM sessions WHERE person = ? AND seen_ms > ? AND made_ms > ? AND made_ms <= ?"
        " ORDER BY made_ms DESC, hash",
        *(person, now_ms - IDLE_MS, now_ms - LONGEST_MS, now_ms + AHEAD_MS),
    )


def renew(rows: Rows, secret: str) -> str:
    """Another secret for the same session. Call it inside `rows.write()`."""
    new = secrets.token_urlsafe(32)
    rows.run("UPDATE sessions SET hash = ? WHERE hash = ?", key_of(new), key_of(secret))
    return new


def end(rows: Rows, person: int, key: str) -> bool:
    """End one session of somebody; returns whether it existed. Call it inside `rows.write()`."""
    return rows.run("DELETE FROM sessions WHERE person = ? AND hash = ?", person, key) > 0


def end_all(rows: Rows, person: int, but: str = "") -> int:
    """End somebody's sessions except one; returns how many. Call it inside `rows.write()`."""
    return rows.run("DELETE FROM sessions WHERE person = ? AND hash <> ?", person, but)
