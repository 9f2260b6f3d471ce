"""People: who they are, what they may do, and how often they may guess a password.

What each role may do, and what each page asks for, is data in `roles.json`. A page that is
not listed there is open to nobody.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from navkit.findings import NavkitError
from server import audit
from server.devices import Device
from server.rows import Row, Rows, one

ANYONE = "anyone"
"""What a page asks for that needs no sign-in."""

SHORTEST_PASSWORD = 10
"""NIST SP 800-63B asks for 8 at least; a hospital's server is worth two more."""
LONGEST_PASSWORD = 200

IDLE_MS = 8 * 3600_000
LONGEST_MS = 24 * 3600_000
"""A session ends after a shift without a click, and after a day in any case. Guesses."""

TRIES_MS = 15 * 60_000
TRIES_OF_ONE = 5
TRIES_OF_ADDRESS = 30
TRIES_OF_NAME = 50
"""Failures within a quarter of an hour after which nothing is tried any more: of one name from
one address, of one address, of one name wherever its owner has not signed in before. Guesses:
people mistype three times, and a whole hospital may share an address."""


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, or whose token was shown."""

    id: int
    name: str
    shown: str
    role: str
    hospital: str
    """The only hospital they see; empty where they see all."""
    language: str

    def may(self, deed: str, hospital: str = "") -> bool:
        """Whether their role does that, at that hospital."""
        return deed in roles()[self.role] and self.hospital in ("", hospital or self.hospital)


@cache
def _book() -> dict[str, dict[str, object]]:
    text = resources.files("server").joinpath("roles.json").read_text(encoding="utf-8")
    book: dict[str, dict[str, object]] = json.loads(text)
    return book


@cache
def roles() -> Mapping[str, frozenset[str]]:
    """What each role may do, the least first."""
    said: Mapping[str, list[str]] = _book()["roles"]  # type: ignore[assignment]
    return {role: frozenset(deeds) for role, deeds in said.items()}


def routes() -> Mapping[str, str]:
    """What each page asks for."""
    said: Mapping[str, str] = _book()["routes"]  # type: ignore[assignment]
    return said


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to check against where there is no such person: it takes as long."""
    return _hasher().hash(secrets.token_hex(16))


def _hash(secret: str) -> str:
    """Of a secret of 256 random bits, which needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def check_password(password: str, name: str) -> None:
    """Refuse what is guessed first."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise NavkitError("password-length", least=str(SHORTEST_PASSWORD))
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise NavkitError("password-easy")


def add(
    rows: Rows,
    now_ms: int,
    by: str,
    name: str,
    password: str,
    role: str,
    *,
    shown: str = "",
    hospital: str = "",
) -> int:
    """A new person; their id."""
    name = name.strip()
    if not 1 <= len(name) <= 60:
        raise NavkitError("person-without-name")
    if role not in roles():
        raise NavkitError("unknown-role", role, known=", ".join(roles()))
    check_password(password, name)
    hashed = _hasher().hash(password)
    with rows.write():
        if one(rows, "SELECT id FROM people WHERE name = ?", name):
            raise NavkitError("person-exists", name)
        made = rows.all(
            "INSERT INTO people (name, shown, role, hospital, password, made_ms)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            *(name, shown.strip() or name, role, hospital, hashed, now_ms),
        )
        audit.note(rows, now_ms, by, hospital, "add-person", name=name, role=role)
    return int(made[0]["id"])


def everyone(rows: Rows) -> list[Row]:
    """All people, without their passwords."""
    return rows.all("SELECT id, name, shown, role, hospital, barred_ms FROM people ORDER BY name")


def change(
    rows: Rows, now_ms: int, by: str, person: int, *, role: str = "", barred: bool | None = None
) -> None:
    """Give somebody another role, or bar them; there is always an administrator of all left."""
    with rows.write():
        row = one(rows, "SELECT * FROM people WHERE id = ?", person)
        if row is None or (role and role not in roles()):
            raise NavkitError("no-such-person")
        role = role or row["role"]
        barred_ms = row["barred_ms"] if barred is None else now_ms if barred else 0
        rows.run("UPDATE people SET role = ?, barred_ms = ? WHERE id = ?", role, barred_ms, person)
        if not one(
            rows,
            "SELECT id FROM people"
            " WHERE role = 'administrator' AND hospital = '' AND barred_ms = 0 LIMIT 1",
        ):
            raise NavkitError("last-administrator")
        # Whoever may do something else signs in anew.
        rows.run("DELETE FROM sessions WHERE person = ?", person)
        said = {"name": row["name"], "role": role, "barred": bool(barred_ms)}
        audit.note(rows, now_ms, by, row["hospital"], "change-person", **said)


def set_password(rows: Rows, now_ms: int, by: str, person: int, password: str) -> None:
    """A new password; whoever was signed in under the old one no longer is."""
    row = one(rows, "SELECT name FROM people WHERE id = ?", person)
    if row is None:
        raise NavkitError("no-such-person")
    check_password(password, row["name"])
    hashed = _hasher().hash(password)
    with rows.write():
        rows.run("UPDATE people SET password = ? WHERE id = ?", hashed, person)
        rows.run("DELETE FROM sessions WHERE person = ?", person)
        audit.note(rows, now_ms, by, "", "set-password", name=row["name"])


def set_language(rows: Rows, person: int, language: str) -> None:
    """In which language somebody reads the console."""
    with rows.write():
        rows.run("UPDATE people SET language = ? WHERE id = ?", language, person)


def sign_in(
    rows: Rows, now_ms: int, name: str, password: str, address: str, device: Device | None = None
) -> str:
    """The secret of a new session. `NavkitError` says neither whether the name is known nor
    whether the password is right once too many were tried. `device` is the browser, where it
    has told."""
    name = name.strip()[:60]
    origin = _count_try(rows, now_ms, name, address, device)
    row = one(rows, "SELECT * FROM people WHERE name = ? AND barred_ms = 0", name)
    right = _matches(row["password"] if row else _nobody(), password[:LONGEST_PASSWORD])
    if row is None or not right:
        with rows.write():
            audit.note(rows, now_ms, name if row else "", "", "sign-in-refused")
        raise NavkitError("sign-in-wrong")
    secret = secrets.token_urlsafe(32)
    with rows.write():
        rows.run("DELETE FROM tries WHERE name = ? AND address = ?", name, origin)
        rows.run("DELETE FROM sessions WHERE seen_ms < ? OR made_ms < ?",
                 now_ms - IDLE_MS, now_ms - LONGEST_MS)  # fmt: skip
        rows.run(
            "INSERT INTO sessions (hash, person, made_ms, seen_ms) VALUES (?, ?, ?, ?)",
            *(_hash(secret), row["id"], now_ms, now_ms),
        )
        audit.note(rows, now_ms, name, row["hospital"], "sign-in")
    return secret


def _count_try(rows: Rows, now_ms: int, name: str, address: str, device: Device | None) -> str:
    """Count it before the password is looked at: fifty at once are fifty. From where it is counted:
    on a device where this person has signed in, from that device, so that nobody elsewhere or at
    the same address can shut them out. What a clock that ran ahead has counted counts no more.
    """
    known = one(rows, "SELECT id FROM people WHERE name = ?", name)
    is_known = bool(device and known and known["id"] in device.people)
    origin = f"device {device.id}" if device and is_known else address
    with rows.write():
        rows.run("DELETE FROM tries WHERE at_ms < ? OR at_ms > ?", now_ms - TRIES_MS, now_ms)
        tried = rows.all(
            "SELECT name, address FROM tries WHERE name = ? OR address = ?", name, origin
        )
        here = [row["address"] == origin for row in tried]
        named = [row["name"] == name for row in tried]
        both = sum(a and n for a, n in zip(here, named, strict=True))
        if (
            both >= TRIES_OF_ONE
            or sum(here) >= TRIES_OF_ADDRESS
            or (sum(named) >= TRIES_OF_NAME and not is_known)
        ):
            raise NavkitError("too-many-tries", minutes=str(TRIES_MS // 60_000))
        rows.run("INSERT INTO tries (name, address, at_ms) VALUES (?, ?, ?)", name, origin, now_ms)
    return origin


def sign_out(rows: Rows, secret: str) -> None:
    """End a session."""
    with rows.write():
        rows.run("DELETE FROM sessions WHERE hash = ?", _hash(secret))


_FOUND = "people.id, people.name, people.shown, people.role, people.hospital, people.language"


def signed_in(rows: Rows, now_ms: int, secret: str) -> Person | None:
    """Whose session that is; None where it has ended."""
    row = one(
        rows,
        f"SELECT {_FOUND}, sessions.seen_ms FROM sessions JOIN people ON people.id ="
        " sessions.person WHERE hash = ? AND barred_ms = 0 AND seen_ms > ?"
        " AND sessions.made_ms > ?",
        *(_hash(secret), now_ms - IDLE_MS, now_ms - LONGEST_MS),
    )
    if row is None:
        return None
    # Once a minute is enough, and spares most pages a write.
    if now_ms - row.pop("seen_ms") > 60_000:
        with rows.write():
            rows.run("UPDATE sessions SET seen_ms = ? WHERE hash = ?", now_ms, _hash(secret))
    return Person(**row)


def add_token(rows: Rows, now_ms: int, person: Person, label: str) -> str:
    """A secret for a program that acts for somebody; it is told once and kept nowhere."""
    secret = f"navkit_{secrets.token_urlsafe(32)}"
    with rows.write():
        rows.run(
            "INSERT INTO tokens (hash, person, label, made_ms) VALUES (?, ?, ?, ?)",
            *(_hash(secret), person.id, label.strip()[:60] or "-", now_ms),
        )
        audit.note(rows, now_ms, person.name, person.hospital, "add-token", label=label)
    return secret


def tokens(rows: Rows, person: Person) -> list[Row]:
    """Somebody's tokens that are still good."""
    return rows.all(
        "SELECT id, label, made_ms FROM tokens WHERE person = ? AND withdrawn_ms = 0 ORDER BY id",
        person.id,
    )


def withdraw_token(rows: Rows, now_ms: int, person: Person, token: int) -> None:
    """Make a token good for nothing."""
    with rows.write():
        rows.run(
            "UPDATE tokens SET withdrawn_ms = ? WHERE id = ? AND person = ?",
            *(now_ms, token, person.id),
        )
        audit.note(rows, now_ms, person.name, person.hospital, "withdraw-token", token=token)


def by_token(rows: Rows, secret: str) -> Person | None:
    """For whom a program acts."""
    row = one(
        rows,
        f"SELECT {_FOUND} FROM tokens JOIN people ON people.id = tokens.person"
        " WHERE hash = ? AND withdrawn_ms = 0 AND barred_ms = 0",
        _hash(secret),
    )
    return Person(**row) if row else None
