"""What people must do before anything else: show a code, change a weak password, set up a
factor."""

from server.data.rows import Rows, one
from server.staff import factors, sessions
from server.staff.roles import Person

CODE, PASSWORD, FACTOR = "code", "password", "factor"

REFUSALS = {CODE: "code-needed", PASSWORD: "password-weak", FACTOR: "factor-needed"}
"""The answer to requests for anything else."""


def owed(rows: Rows, person: Person, session: str) -> str:
    """The first duty of somebody in a session, empty if there is none. A program has no
    session: the code was shown when its token was made; all other duties bind it like its owner."""
    row = one(
        rows,
        "SELECT people.is_weak, COALESCE(factors.confirmed_ms, 0) AS confirmed_ms,"
        " COALESCE((SELECT factor_ms FROM sessions WHERE hash = ?), 0) AS factor_ms"
        " FROM people LEFT JOIN factors ON factors.person = people.id WHERE people.id = ?",
        *(sessions.key_of(session), person.id),
    )
    assert row
    if row["confirmed_ms"] and session and not row["factor_ms"]:
        return CODE
    if row["is_weak"]:
        return PASSWORD
    if not row["confirmed_ms"] and person.role in factors.demanded(rows):
        return FACTOR
    return ""
