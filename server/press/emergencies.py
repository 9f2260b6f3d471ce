"""An emergency: phones stop leading people, and tell them to listen to staff, until it is over.

It counts for a whole hospital, and travels in the file of closures, and so is on phones as soon.
One person may declare it, and one may withdraw it. Nothing here says where to go.
"""

from server.data.rows import Row, Rows, change
from server.press import closures
from server.press.press import Press
from server.staff import audit
from server.staff.roles import Person


def everywhere(rows: Rows) -> list[Row]:
    """The emergencies of all hospitals that stand now."""
    return rows.all("SELECT * FROM emergencies WHERE withdrawn_ms = 0 ORDER BY hospital")


def declare(rows: Rows, press: Press, now_ms: int, person: Person, hospital: str) -> None:
    """Declare an emergency; where somebody was faster, that one stands."""
    with closures.changing(rows, press, now_ms, hospital):
        if closures.emergency(rows, hospital) is None:
            rows.run(
                "INSERT INTO emergencies (hospital, person, made_ms) VALUES (?, ?, ?)",
                *(hospital, person.name, now_ms),
            )
            audit.note(rows, now_ms, person.name, hospital, "declare-emergency")


def withdraw(rows: Rows, press: Press, now_ms: int, person: Person, hospital: str) -> None:
    """Say that it is over; `NavkitError` where there is none."""
    with closures.changing(rows, press, now_ms, hospital):
        change(
            rows,
            "no-emergency",
            "UPDATE emergencies SET withdrawn_by = ?, withdrawn_ms = ?"
            " WHERE hospital = ? AND withdrawn_ms = 0",
            *(person.name, now_ms, hospital),
        )
        audit.note(rows, now_ms, person.name, hospital, "withdraw-emergency")
