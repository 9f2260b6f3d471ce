"""Deletes personal data when its retention time is over, whether or not anybody visits:
a privacy notice promises it."""

from server.data.rows import Rows
from server.press import reports
from server.staff import people, sessions


def forget(rows: Rows, now_ms: int) -> None:
    """Old reports, ended sessions, and expired tries of passwords."""
    with rows.write():
        reports.forget(rows, now_ms)
        sessions.forget(rows, now_ms)
        people.forget_old_tries(rows, now_ms)
