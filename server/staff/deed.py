"""A deed: somebody does something for a hospital, at a moment. Every act takes one.

A question takes what it needs to know (`rows`, a hospital, the time); anything else that an act
needs (`files`, the `press`, a `seal`) is a parameter of its own.
"""

from dataclasses import dataclass, replace

from server.data.rows import Rows
from server.staff.roles import Person


@dataclass(frozen=True)
class Deed:
    """Who does something, for which hospital, when, and on which connection."""

    rows: Rows
    now_ms: int
    """The moment of the act, in milliseconds since 1970."""
    person: Person
    """`NOBODY` if the machine acts by itself."""
    hospital: str
    """Empty if it concerns no hospital, or all."""

    def at(self, hospital: str) -> "Deed":
        """The same for another hospital."""
        return replace(self, hospital=hospital)
