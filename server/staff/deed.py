"""A deed: somebody does something for a hospital, at a moment. Every act takes one.

A question takes what it needs to know (`rows`, a hospital, the time); what an act is done with
beside the rows (`files`, the `press`, a `seal`) is named by each that needs it.
"""

from dataclasses import dataclass, replace

from server.data.rows import Rows
from server.staff.roles import Person


@dataclass(frozen=True)
class Deed:
    """Who does something, for which hospital, when, and on which connection."""

    rows: Rows
    now_ms: int
    """The moment that it counts from, in milliseconds since 1970."""
    person: Person
    """`NOBODY` where the machine does it by itself."""
    hospital: str
    """Empty where it is of no hospital, or of all."""

    def at(self, hospital: str) -> "Deed":
        """The same for another hospital."""
        return replace(self, hospital=hospital)
