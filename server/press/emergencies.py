"""An emergency: phones stop guiding people, and tell them to listen to staff, until it is over.

It applies to a whole hospital, and is sent in the file of closures, so it reaches phones as fast.
One person may declare it, and one may withdraw it. It never says where to go.
"""

from server.data.rows import Row, Rows, change
from server.press import closures
from server.press.press import Press
from server.staff import audit
from server.staff.deed import Deed


def everywhere(rows: Rows) -> list[Row]:
    """The current emergencies of all hospitals."""
    return rows.all("SELECT * FROM emergencies WHERE withdrawn_ms = 0 ORDER BY hospital")


def declare(deed: Deed, press: Press) -> None:
    """Declare an emergency; if somebody was faster, theirs stays."""
    with closures.changing(deed, press):
        if closures.emergency(deed.rows, deed.hospital) is None:
            deed.rows.run(
                "INSERT INTO emergencies (hospital, person, made_ms) VALUES (?, ?, ?)",
                *(deed.hospital, deed.person.name, deed.now_ms),
            )
            audit.note(deed, "declare-emergency")


def withdraw(deed: Deed, press: Press) -> None:
    """Declare it over; `NavkitError` if there is none."""
    with closures.changing(deed, press):
        change(
            deed.rows,
            "no-emergency",
            "UPDATE emergencies SET withdrawn_by = ?, withdrawn_ms = ?"
            " WHERE hospital = ? AND withdrawn_ms = 0",
            *(deed.person.name, deed.now_ms, deed.hospital),
        )
        audit.note(deed, "withdraw-emergency")
