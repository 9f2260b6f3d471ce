"""What staff may type: limits for numbers and text lengths, and the letters that names may have.

One table for forms, corrections and the directory. A value outside it is a typing mistake, such
as a door of 900 m that was meant in millimetres, and is refused before anybody is guided by it.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from navkit.words.findings import Finding

BOUNDS: Mapping[str, tuple[float, float]] = {
    "bearing_deg": (-360, 360),
    "cabin_m": (0.5, 10),
    "elevation_m": (-500, 9000),
    "floor_s": (0.5, 300),
    "ordinal": (-20, 200),
    "slope": (0, 1),
    "wait_s": (0, 3600),
    "width_m": (0.3, 10),
}
"""The least and the most of a number, in whichever change or form it occurs. Guesses: a hatch is
0.4 m wide and a hall's front of glass doors 8 m; nobody waits an hour for a lift."""

LONGEST: Mapping[str, int] = {
    "about": 300,
    "access": 40,
    "aliases": 80,
    "answers": 400,
    "bank": 100,
    "building": 100,
    "by": 100,
    "category": 100,
    "code": 40,
    "connector": 100,
    "entry": 80,
    "file": 200,
    "floor": 100,
    "from": 40,
    "id": 100,
    "label": 20,
    "leads": 100,
    "level": 100,
    "like": 100,
    "names": 80,
    "on": 10,
    "on_door": 80,
    "phone": 60,
    "reason": 120,
    "ref": 40,
    "rooms": 100,
    "space": 100,
    "spaces": 100,
    "text": 80,
    "until": 40,
    "why": 300,
}
"""Maximum letters of a text, as people count. Guesses: the longest real directory name has 34."""

NEVER_EMPTY = frozenset({"id", "leads", "level", "names", "rooms", "spaces", "text"})

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Invisible Unicode categories: control characters, zero widths, direction marks."""
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def implausible(field: str, value: Any) -> Finding | None:
    """What is wrong with the value of a field, if anything; the finding says which field it is."""
    for part in _parts(value):
        found = _text(field, part) if isinstance(part, str) else _number(field, part)
        if found:
            return found
    return None


def _parts(value: Any) -> Iterable[Any]:
    """The texts and numbers of a value: a list's members, the text in each language of names."""
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else (value,)


def _number(field: str, value: Any) -> Finding | None:
    if field not in BOUNDS or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    least, most = BOUNDS[field]
    if least <= value <= most:
        return None
    said = {"value": f"{value:g}", "least": f"{least:g}", "most": f"{most:g}"}
    return Finding("value-out-of-range", "", {"field": field, **said})


def _text(field: str, value: str) -> Finding | None:
    most = LONGEST.get(field)
    if most is None:
        return None
    if unseen := unseen_in(value):
        said = {"character": f"U+{ord(unseen):04X}"}
        return Finding("text-unseen", "", {"field": field, **said})
    length = letters(value)
    # Combining marks are not counted as letters, but are still limited.
    if length > most or len(value) > 4 * most:
        said = {"length": str(max(length, len(value) // 4)), "most": str(most)}
        return Finding("text-too-long", "", {"field": field, **said})
    if field in NEVER_EMPTY and not value.strip():
        return Finding("text-empty", "", {"field": field})
    return None


def unseen_in(text: str) -> str:
    """The first invisible character of a text; empty if there is none."""
    return next((sign for sign in text if unicodedata.category(sign) in _UNSEEN), "")


def letters(text: str) -> int:
    """How many letters people count: marks and skin tones belong to the letter before them."""
    return sum(
        not (unicodedata.category(sign).startswith("M") or ord(sign) in _SKIN_TONES)
        for sign in text
    )
