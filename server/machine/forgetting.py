"""What is kept of people for a while only goes when its time is over, whether anybody comes or not:
a privacy notice promises it."""

from server.data.rows import Rows
from server.press import reports
from server.staff import people, sessions


def forget(rows: Rows, now_ms: int) -> None:
    """Old reports, sessions that have ended, and tries of passwords that count no more."""
    with rows.write():
        reports.forget(rows, now_ms)
        sessions.forget(rows, now_ms)
        people.forget_old_tries(rows, now_ms)
