"""The second factor: a code of six digits from a telephone, or one of ten codes on paper.

Codes follow RFC 6238, each valid once, half a minute early or late. The shared secret is encrypted
with a key that is beside the other keys and not in the database; codes on paper are stored as
hashes. An administrator sets the roles for which the factor is required.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import pyotp
from cryptography.fernet import Fernet, InvalidToken

from navkit.words.findings import NavkitError
from server.data.lasting import write_lasting
from server.data.rows import Rows, count, one
from server.staff import audit, holders, people, sessions
from server.staff.deed import Deed
from server.staff.passwords import normalised
from server.staff.roles import roles

STEP_S = 30
EARLY_AND_LATE_STEPS = (0, -1, 1)
"""A telephone's clock may be off by half a minute. Source: RFC 6238, 5.2."""

TRIES = 10
"""Wrong codes per person within a quarter of an hour, from anywhere. A guess: an attacker who
tries them knows the password already, and three of a million codes are right."""

RECOVERY_CODES = 10
GROUPS, GROUP = 4, 4
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters for codes on paper: without those that look alike. Sixteen of them are as hard
to guess as 78 random bits, so a fast hash is enough."""

Seal = Fernet
"""Encrypts the shared secrets."""

DEMANDED = "factor-demanded"
"""The row of `settings` that has the roles."""


def seal_of(folder: Path) -> Seal:
    """The key to the shared secrets of a data folder; created when first needed."""
    file = folder / "keys" / "factors"
    if not file.exists():
        made = file.with_name(f"factors-{secrets.token_hex(8)}")
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_lasting(made, Fernet.generate_key() + b"\n")
        made.chmod(0o600)
        # Of two processes at once, one gives it its name and both read it.
        try:
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return Fernet(file.read_bytes().strip())


# ------------------------------------------------------------------- one's own


def is_there(rows: Rows, person: int) -> bool:
    """Whether somebody has a second factor."""
    return bool(one(rows, "SELECT 1 FROM factors WHERE person = ? AND confirmed_ms > 0", person))


def begin(deed: Deed, seal: Seal) -> None:
    """A new secret, which takes effect once one of its codes has been shown."""
    rows, person = deed.rows, deed.person
    with rows.write():
        if is_there(rows, person.id):
            raise NavkitError("factor-there")
        rows.run("DELETE FROM factors WHERE person = ?", person.id)
        rows.run(
            "INSERT INTO factors (person, secret, made_ms) VALUES (?, ?, ?)",
            *(person.id, seal.encrypt(pyotp.random_base32().encode()).decode(), deed.now_ms),
        )


def begun(rows: Rows, seal: Seal, person: int) -> str:
    """The secret that has not been confirmed by a code yet; empty if there is none."""
    row = one(rows, "SELECT secret FROM factors WHERE person = ? AND confirmed_ms = 0", person)
    return _opened(seal, row["secret"]) if row else ""


def address_of(secret: str, name: str) -> str:
    """The content of the QR code for a telephone."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="navkit")


def confirm(deed: Deed, seal: Seal, code: str) -> list[str]:
    """The first code of a new secret is right: the factor is active from now on. Returns the codes
    for paper."""
    rows, now_ms, person = deed.rows, deed.now_ms, deed.person
    _count(deed)
    row = one(rows, "SELECT secret FROM factors WHERE person = ? AND confirmed_ms = 0", person.id)
    step = _step(_opened(seal, row["secret"]), now_ms, code) if row else 0
    if not step:
        raise NavkitError("code-wrong", field="code")
    with rows.write():
        rows.run(
            "UPDATE factors SET confirmed_ms = ?, last_step = ? WHERE person = ?",
            *(now_ms, step, person.id),
        )
        made = _new_recovery(rows, person.id)
        audit.note(deed, "add-factor", name=person.name)
    _forget(deed)
    return made


def show(deed: Deed, seal: Seal, session: str, code: str) -> None:
    """A code is shown in a session, which is fully valid from now on; `NavkitError` if it is
    wrong, or was shown before."""
    use(deed, seal, code)
    mark(deed.rows, deed.now_ms, session)


def mark(rows: Rows, now_ms: int, session: str) -> None:
    """The factor was shown in that session."""
    key = sessions.key_of(session)
    with rows.write():
        rows.run("UPDATE sessions SET factor_ms = ? WHERE hash = ?", now_ms, key)


def use(deed: Deed, seal: Seal, code: str) -> None:
    """Consume a code from the telephone or the paper."""
    rows, person = deed.rows, deed.person
    _count(deed)
    row = one(rows, "SELECT * FROM factors WHERE person = ? AND confirmed_ms > 0", person.id)
    typed = _typed(code)
    if row is None:
        raise NavkitError("code-wrong", field="code")
    if len(typed) == GROUPS * GROUP:
        _use_paper(deed, typed)
    else:
        step = _step(_opened(seal, row["secret"]), deed.now_ms, typed)
        with rows.write():
            # Somebody looking over a shoulder has the code too: it is valid once.
            if not step or not rows.run(
                "UPDATE factors SET last_step = ? WHERE person = ? AND last_step < ?",
                *(step, person.id, step),
            ):
                audit.note(deed, "code-refused")
                step = 0
        if not step:
            raise NavkitError("code-wrong", field="code")
    _forget(deed)


def _use_paper(deed: Deed, typed: str) -> None:
    who = deed.person.id
    with deed.rows.write():
        taken = deed.rows.run(
            "UPDATE recovery_codes SET used_ms = ? WHERE person = ? AND hash = ? AND used_ms = 0",
            *(deed.now_ms, who, _hash(who, typed)),
        )
        audit.note(deed, "use-recovery-code" if taken else "code-refused")
    if not taken:
        raise NavkitError("code-wrong", field="code")


def renew_recovery(deed: Deed) -> list[str]:
    """New codes for paper; the old ones become invalid."""
    with deed.rows.write():
        if not is_there(deed.rows, deed.person.id):
            raise NavkitError("factor-missing")
        made = _new_recovery(deed.rows, deed.person.id)
        audit.note(deed, "renew-recovery-codes")
    return made


def recovery_left(rows: Rows, person: int) -> int:
    """How many codes on paper are still valid."""
    sql = "SELECT COUNT(*) AS n FROM recovery_codes WHERE person = ? AND used_ms = 0"
    return count(rows, sql, person)


def remove(deed: Deed) -> None:
    """People remove their own factor, for example before changing telephones."""
    with deed.rows.write():
        _clear(deed.rows, deed.person.id)
        audit.note(deed, "remove-factor", name=deed.person.name)


def reset(deed: Deed, person: int) -> None:
    """An administrator removes the factor of somebody who has lost telephone and paper."""
    rows = deed.rows
    with rows.write():
        row = one(rows, "SELECT name, hospital FROM people WHERE id = ?", person)
        if row is None:
            raise NavkitError("no-such-person")
        if not is_there(rows, person):
            raise NavkitError("factor-missing")
        _clear(rows, person)
        sessions.end_all(rows, person)
        holders.record(deed, person, holders.FACTOR)
        audit.note(deed.at(row["hospital"]), "reset-factor", name=row["name"])


def _clear(rows: Rows, person: int) -> None:
    for table in ("factors", "recovery_codes"):
        rows.run(f"DELETE FROM {table} WHERE person = ?", person)


# ------------------------------------------------------------------- for which roles


def demanded(rows: Rows) -> frozenset[str]:
    """Roles that may do nothing without a second factor."""
    row = one(rows, "SELECT value FROM settings WHERE name = ?", DEMANDED)
    return frozenset(json.loads(row["value"])) if row else frozenset()


def demand(deed: Deed, wanted: Iterable[str]) -> None:
    """Set the roles for which it is required."""
    rows = deed.rows
    after = [role for role in roles() if role in set(wanted)]
    with rows.write():
        before = [role for role in roles() if role in demanded(rows)]
        if before == after:
            return
        rows.run("DELETE FROM settings WHERE name = ?", DEMANDED)
        rows.run("INSERT INTO settings (name, value) VALUES (?, ?)", DEMANDED, json.dumps(after))
        audit.note(deed.at(""), "demand-factor", changed={"roles": [before, after]})


# ------------------------------------------------------------------- codes


def _typed(code: str) -> str:
    return "".join(filter(str.isalnum, normalised(code[:100]).upper()))


def _step(secret: str, now_ms: int, typed: str) -> int:
    """The time step of a code; 0 if it is not valid now."""
    now, otp = now_ms // 1000 // STEP_S, pyotp.TOTP(secret)
    for step in (now + off for off in EARLY_AND_LATE_STEPS):
        if hmac.compare_digest(otp.generate_otp(step).encode(), _typed(typed).encode()):
            return step
    return 0


def _opened(seal: Seal, secret: str) -> str:
    try:
        return seal.decrypt(secret.encode()).decode()
    except InvalidToken:
        raise NavkitError("factor-unreadable") from None


def _hash(person: int, typed: str) -> str:
    return hashlib.sha256(f"{person}:{typed}".encode()).hexdigest()


def _new_recovery(rows: Rows, person: int) -> list[str]:
    rows.run("DELETE FROM recovery_codes WHERE person = ?", person)
    made = [
        "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
        for _ in range(RECOVERY_CODES)
    ]
    for code in made:
        rows.run(
            "INSERT INTO recovery_codes (person, hash) VALUES (?, ?)",
            *(person, _hash(person, _typed(code))),
        )
    return made


def _tried(deed: Deed) -> str:
    return f"{deed.person.id}#code"


def _count(deed: Deed) -> None:
    asked_from = audit.ASKED_FROM.get()
    people.count_try(deed.rows, deed.now_ms, _tried(deed), asked_from, of_name=TRIES)


def _forget(deed: Deed) -> None:
    people.forget_tries(deed.rows, _tried(deed), audit.ASKED_FROM.get())
