"""Lists of storeys as OpenStreetMap's `level` has them, by ordinal: 0 is the ground floor."""

import re
from collections.abc import Iterable

from floorplans.limits import LIMITS
from navkit.plan.storeys import folded, label_in_name, listed, ordinals_of

__all__ = ["StoreyError", "label_in_name", "level_key", "listed", "ordinals_of", "parse_levels"]

_NUMBER = r"[+-]?\d{1,4}(?:\.\d{1,3})?"
_RANGE = re.compile(rf"({_NUMBER})\s*[-~]\s*({_NUMBER})")
_DECIMAL_COMMA = re.compile(r"([+-]?)(\d{1,4}),(\d{1,2})")
_FRACTIONS = frozenset({"5", "25", "50", "75"})


class StoreyError(ValueError):
    """A list of storeys that cannot be read."""


def parse_levels(text: str) -> tuple[float, ...]:
    """OpenStreetMap's `level`: numbers and ranges separated by ``;``, in written order.

    ``-1-3`` is the five storeys from -1 to 3, and ``-1~3`` too; ``-1`` is one. A range climbs by
    whole storeys; one with a fraction names only its two ends, since nobody can tell which storeys
    with a sign lie between. A comma is a decimal point in halves and quarters (``0,5``) and below
    zero (``-0,7``); it separates a list otherwise (``0,1``, ``4,5``). A repeated storey
    counts once.
    """
    levels: dict[float, None] = {}
    plain = folded(text)
    for item in ";".join(map(_decimal, plain.split(";"))).split(";"):
        item = item.strip()
        if not item:
            continue
        if re.fullmatch(_NUMBER, item):
            levels[float(item) + 0.0] = None
        elif match := _RANGE.fullmatch(item):
            levels.update(dict.fromkeys(_climb(float(match[1]), float(match[2]))))
        else:
            raise StoreyError(text)
    if not levels:
        raise StoreyError(text)
    return tuple(levels)


def _decimal(item: str) -> str:
    """The item with a decimal point for a comma that is one, and its other commas as ``;``."""
    match = _DECIMAL_COMMA.fullmatch(item.strip())
    if match:
        sign, whole, part = match.groups()
        follows = int(part) == int(whole) + 1
        if (part in _FRACTIONS and not follows) or (sign == "-" and int(whole) == 0):
            return f"{sign}{whole}.{part}"
    return item.replace(",", ";")


def _climb(first: float, last: float) -> Iterable[float]:
    if not (first.is_integer() and last.is_integer()):
        return [first, last]
    step = 1.0 if last >= first else -1.0
    count = int(abs(last - first))
    if count > LIMITS.storeys:
        raise StoreyError(f"{first}-{last}")
    return [first + step * i + 0.0 for i in range(count + 1)]


def level_key(ordinal: float) -> str:
    """The ordinal as a key: ``"2"``, ``"-1"``, ``"0.5"``."""
    return f"{ordinal + 0.0:.3f}".rstrip("0").rstrip(".")
