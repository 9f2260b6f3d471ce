"""Which places are named on the way, the best first.

What people look for anyway comes first: desks, lifts, shops. Nobody is told to turn at a toilet or
at a mortuary: categories and words that are never named are data, and staff may prefer or forbid
more.
"""

import json
import re
from functools import cache
from importlib import resources

from navkit.plan.categories import categories
from navkit.venue.venue import Place

CHOSEN = 0
"""The merit of a landmark that staff chose; those of categories follow, 1 first."""
PLAIN = 99
"""The merit of a place that people pass without noticing it: no landmark."""


def merit(place: Place) -> int | None:
    """How good a landmark a place is, the lowest first; None if it is never named on the way."""
    if place.unsaid or place.is_dated or place.access != "public":
        return None  # Of a place that moves, nobody can say for long where it is.
    if place.landmark:
        return CHOSEN
    told = categories().get(place.category, {}).get("landmark", PLAIN)
    if told is False or any(_undignified().search(name) for name in place.names.values()):
        return None
    return int(told)


@cache
def _undignified() -> re.Pattern[str]:
    """Words in names, of any language, of places that are never named on the way."""
    file = resources.files("navkit.guidance").joinpath("undignified.json")
    return re.compile("|".join(json.loads(file.read_text(encoding="utf-8"))["words"]), re.I)
