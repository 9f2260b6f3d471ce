"""People: who they are, which role they have, and how often they may guess a password."""

import json
from typing import Any

from navkit.words.findings import NavkitError
from server.data.lookalikes import cleaned, key_of
from server.data.rows import Row, Rows, one, value_of
from server.staff import audit, holders, passwords, sessions, tokens
from server.staff.deed import Deed
from server.staff.devices import Device
from server.staff.roles import NOBODY, Person, roles

LONGEST_NAME = 60

TRIES_MS = 15 * 60_000
TRIES_OF_ONE = 5
TRIES_OF_ADDRESS = 30
"""Failures within a quarter of an hour after which no more tries are accepted: for one name from
one address, for one address. None counts against a name from everywhere, or anybody could lock
its owner out. Guesses: people mistype three times, and a whole hospital may share an address."""


def _own_words(rows: Rows, name: str, shown: str) -> list[str]:
    """Words that somebody's password must not contain: their names, and the hospitals'."""
    said = [name, shown]
    for row in rows.all("SELECT id, names FROM hospitals"):
        said += [row["id"], *json.loads(row["names"]).values()]
    return said


def add(
    deed: Deed,
    name: str,
    password: str,
    role: str,
    *,
    shown: str = "",
    hospital: str = "",
) -> int:
    """Add a person; returns their id."""
    rows, now_ms = deed.rows, deed.now_ms
    name, shown = cleaned(name), cleaned(shown)[:LONGEST_NAME]
    key = key_of(name)
    if not key or len(name) > LONGEST_NAME:
        raise NavkitError("person-without-name")
    if role not in roles():
        raise NavkitError("unknown-role", role, known=", ".join(roles()))
    passwords.check(password, _own_words(rows, name, shown))
    hashed = passwords.hashed(password)
    with rows.write():
        if one(rows, "SELECT id FROM people WHERE name = ? OR name_key = ?", name, key):
            raise NavkitError("person-exists", name, field="name")
        made = rows.all(
            "INSERT INTO people (name, name_key, shown, role, hospital, password, made_ms, made_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            *(name, key, shown or name, role, hospital, hashed, now_ms),
            deed.person.id,
        )
        number = int(made[0]["id"])
        holders.record(deed, number, holders.PASSWORD)
        audit.note(deed.at(hospital), "add-person", name=name, role=role)
    return number


def everyone(rows: Rows) -> list[Row]:
    """All people, without their passwords. A twin's name looks like somebody else's: it is older
    than the comparison by appearance."""
    found = rows.all(
        "SELECT people.id, people.name, people.name_key, people.shown, people.role,"
        " people.hospital, people.barred_ms, maker.name AS made_by,"
        " COALESCE(factors.confirmed_ms, 0) AS factor_ms FROM people"
        " LEFT JOIN people AS maker ON maker.id = people.made_by"
        " LEFT JOIN factors ON factors.person = people.id ORDER BY people.name"
    )
    return [{**row, "is_twin": row.pop("name_key") != key_of(row["name"])} for row in found]


def change(
    deed: Deed,
    person: int,
    *,
    role: str = "",
    barred: bool | None = None,
    password: str = "",
) -> dict[str, list[Any]]:
    """Change somebody's role or password, or bar them, all of it or nothing; at least one
    administrator of all hospitals always remains. Returns the values before and after, by field."""
    rows, now_ms = deed.rows, deed.now_ms
    row = one(rows, "SELECT * FROM people WHERE id = ?", person)
    if row is None or (role and role not in roles()):
        raise NavkitError("no-such-person")
    if password:
        passwords.check(password, _own_words(rows, row["name"], row["shown"]))
    hashed = passwords.hashed(password) if password else ""
    with rows.write():
        row = one(rows, "SELECT * FROM people WHERE id = ?", person)
        assert row
        was = bool(row["barred_ms"])
        to = {"role": role or row["role"], "barred": was if barred is None else barred}
        changed = {
            field: [before, to[field]]
            for field, before in (("role", row["role"]), ("barred", was))
            if before != to[field]
        }
        if changed:
            barred_ms = (row["barred_ms"] or now_ms) if to["barred"] else 0
            rows.run("UPDATE people SET role = ?, barred_ms = ? WHERE id = ?",
                     to["role"], barred_ms, person)  # fmt: skip
            said = {"name": row["name"], "changed": changed}
            audit.note(deed.at(row["hospital"]), "change-person", **said)
        if not one(
            rows,
            "SELECT id FROM people"
            " WHERE role = 'administrator' AND hospital = '' AND barred_ms = 0 LIMIT 1",
        ):
            raise NavkitError("last-administrator")
        if hashed:
            _keep_password(deed, row, hashed)
        elif changed:
            # After a change of rights people sign in again.
            sessions.end_all(rows, person)
            if to["barred"]:
                tokens.end_all(rows, now_ms, person)
    return changed


def change_own_password(deed: Deed, password: str, session: str) -> str:
    """People set their own new password. All sessions under the old one end,
    except the one in which it was changed, which gets a new secret."""
    rows, person = deed.rows, deed.person
    passwords.check(password, _own_words(rows, person.name, person.shown))
    hashed = passwords.hashed(password)
    with rows.write():
        row = one(rows, "SELECT * FROM people WHERE id = ?", person.id)
        assert row
        secret = sessions.renew(rows, session)
        _keep_password(deed, row, hashed, sessions.key_of(secret))
    return secret


def _keep_password(deed: Deed, row: Row, hashed: str, session: str = "") -> None:
    """Everything that was opened with the old one is closed."""
    rows = deed.rows
    rows.run("UPDATE people SET password = ?, is_weak = 0 WHERE id = ?", hashed, row["id"])
    holders.record(deed, row["id"], holders.PASSWORD)
    said = {
        "name": row["name"],
        "sessions": sessions.end_all(rows, row["id"], session),
        "tokens": tokens.end_all(rows, deed.now_ms, row["id"]),
    }
    audit.note(deed.at(row["hospital"]), "set-password", **said)


def set_language(rows: Rows, person: int, language: str) -> None:
    """Set the language in which somebody reads the console."""
    with rows.write():
        rows.run("UPDATE people SET language = ? WHERE id = ?", language, person)


def sign_in(
    rows: Rows,
    now_ms: int,
    name: str,
    password: str,
    address: str,
    device: Device | None = None,
    *,
    browser: str = "",
) -> str:
    """The secret of a new session. After too many tries `NavkitError` does not reveal whether the
    name is known or the password is right. `device` is the browser, if it has a cookie,
    and `browser` its name for itself."""
    row = _checked(rows, now_ms, name, password, address, device)
    # A password older than today's rules is changed before anything else.
    weak = _is_weak(rows, row, password)
    with rows.write():
        # Nobody signs in with a password that was reset while it was being checked.
        if not rows.run(
            "UPDATE people SET is_weak = ? WHERE id = ? AND password = ? AND barred_ms = 0",
            *(weak, row["id"], row["password"]),
        ):
            raise NavkitError("sign-in-wrong")
        secret = sessions.begin(rows, now_ms, row["id"], address, browser)
        audit.note(Deed(rows, now_ms, _person_in(row), row["hospital"]), "sign-in")
    return secret


def confirm(deed: Deed, password: str, address: str, device: Device | None = None) -> None:
    """`NavkitError` if that is not the signed-in person's password: anything that outlasts a
    session requires it."""
    _checked(deed.rows, deed.now_ms, deed.person.name, password, address, device)


def _checked(
    rows: Rows, now_ms: int, name: str, password: str, address: str, device: Device | None
) -> Row:
    """The person with that name and password."""
    name = name.strip()[:LONGEST_NAME]
    key = key_of(name)
    row = _named(rows, name, key)
    origin = count_try(rows, now_ms, key, address, device, row["id"] if row else 0)
    right = passwords.matches(row["password"] if row else passwords.of_nobody(), password)
    if row is None or not right:
        with rows.write():
            who = _person_in(row) if row else NOBODY
            audit.note(Deed(rows, now_ms, who, ""), "sign-in-refused")
        raise NavkitError("sign-in-wrong")
    forget_tries(rows, key, origin)
    return row


def _named(rows: Rows, name: str, key: str) -> Row | None:
    """Twins are told apart by how their names are written; all others are found in any spelling."""
    return one(
        rows,
        "SELECT * FROM people WHERE barred_ms = 0 AND (name = ? OR name_key = ?)"
        " ORDER BY CASE WHEN name = ? THEN 0 ELSE 1 END LIMIT 1",
        *(name, key, name),
    )


def _is_weak(rows: Rows, row: Row, password: str) -> int:
    try:
        passwords.check(password, _own_words(rows, row["name"], row["shown"]))
    except NavkitError:
        return 1
    return 0


def count_try(
    rows: Rows,
    now_ms: int,
    name: str,
    address: str,
    device: Device | None = None,
    person: int = 0,
    *,
    of_name: int | None = None,
) -> str:
    """Count a try before it is checked: fifty at once are fifty. The scope of the count: on a
    device where this person has signed in, that device, so that nobody elsewhere or at the
    same address can lock them out. Tries counted by a clock that ran ahead are ignored.

    `of_name`: how many tries a name has from anywhere, for things that only its owner is asked;
    None means any number.
    """
    is_known = bool(device and person in device.people)
    origin = f"device {device.id}" if device and is_known else address
    with rows.write():
        forget_old_tries(rows, now_ms)
        tried = rows.all(
            "SELECT name, address FROM tries WHERE name = ? OR address = ?", name, origin
        )
        here = [row["address"] == origin for row in tried]
        named = [row["name"] == name for row in tried]
        both = sum(a and n for a, n in zip(here, named, strict=True))
        if (
            both >= TRIES_OF_ONE
            or sum(here) >= TRIES_OF_ADDRESS
            or (of_name is not None and sum(named) >= of_name and not is_known)
        ):
            raise NavkitError("too-many-tries", minutes=str(TRIES_MS // 60_000))
        rows.run("INSERT INTO tries (name, address, at_ms) VALUES (?, ?, ?)", name, origin, now_ms)
    return origin


def forget_tries(rows: Rows, name: str, address: str) -> None:
    """A correct password is not a guess."""
    with rows.write():
        rows.run("DELETE FROM tries WHERE name = ? AND address = ?", name, address)


def forget_old_tries(rows: Rows, now_ms: int) -> None:
    """Delete expired tries of everybody, and those of a clock that ran ahead; one that is put back
    by seconds forgives nobody. Call it inside `rows.write()`."""
    rows.run(
        "DELETE FROM tries WHERE at_ms < ? OR at_ms > ?",
        *(now_ms - TRIES_MS, now_ms + sessions.AHEAD_MS),
    )


def sign_out(rows: Rows, secret: str) -> None:
    """End a session."""
    with rows.write():
        rows.run("DELETE FROM sessions WHERE hash = ?", sessions.key_of(secret))


def end_session(deed: Deed, key: str) -> bool:
    """End one of somebody's own sessions; returns whether it was theirs."""
    with deed.rows.write():
        ended = sessions.end(deed.rows, deed.person.id, key)
        if ended:
            audit.note(deed, "end-sessions", sessions=1)
    return ended


def end_other_sessions(deed: Deed, secret: str) -> None:
    """End all of somebody's own sessions but this one."""
    with deed.rows.write():
        ended = sessions.end_all(deed.rows, deed.person.id, sessions.key_of(secret))
        if ended:
            audit.note(deed, "end-sessions", sessions=ended)


def signed_in(rows: Rows, now_ms: int, secret: str) -> Person | None:
    """The owner of that session; None if it has ended."""
    found = sessions.of(rows, now_ms, secret)
    return _person(rows, found["person"]) if found else None


def by_token(rows: Rows, now_ms: int, secret: str) -> Person | None:
    """The person for whom a program acts."""
    found = tokens.owner(rows, now_ms, secret)
    return _person(rows, found) if found else None


def _person(rows: Rows, number: int) -> Person | None:
    row = one(rows, "SELECT * FROM people WHERE id = ? AND barred_ms = 0", number)
    return _person_in(row) if row else None


def _person_in(row: Row) -> Person:
    return value_of(Person, row)
