"""What people write for a storey, and the ordinal it means: 0 is the ground floor."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from floorplans.limits import LIMITS

_NUMBER = r"[+-]?\d{1,4}(?:\.\d{1,3})?"
_RANGE = re.compile(rf"({_NUMBER})\s*-\s*({_NUMBER})")
_DECIMAL_COMMA = re.compile(r"([+-]?\d{1,4}),(5|25|75|50)")


class StoreyError(ValueError):
    """A list of storeys that cannot be read."""


def parse_levels(text: str) -> tuple[float, ...]:
    """OpenStreetMap's `level`: numbers and ranges separated by ``;``, in written order.

    ``-1-3`` is the five storeys from -1 to 3, ``-1`` is one. A range climbs by whole
    storeys and includes its last number. A comma is a decimal point in halves and
    quarters (``0,5``) and a list otherwise (``0,1``). A repeated storey counts once.
    """
    levels: dict[float, None] = {}
    for item in _DECIMAL_COMMA.sub(r"\1.\2", text).replace(",", ";").split(";"):
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


def _climb(first: float, last: float) -> Iterable[float]:
    step = 1.0 if last >= first else -1.0
    count = int(abs(last - first))
    if count > LIMITS.storeys:
        raise StoreyError(f"{first}-{last}")
    steps = [first + step * i + 0.0 for i in range(count + 1)]
    return steps if steps[-1] == last else [*steps, last]


def level_key(ordinal: float) -> str:
    """The ordinal as a key: ``"2"``, ``"-1"``, ``"0.5"``."""
    return f"{ordinal + 0.0:.3f}".rstrip("0").rstrip(".")


@cache
def _vocabulary() -> Mapping[str, list[list[str]]]:
    source = resources.files("floorplans").joinpath("storeys.json")
    vocabulary: dict[str, list[list[str]]] = json.loads(source.read_text(encoding="utf-8"))
    return vocabulary


@cache
def _numerals() -> dict[str, int]:
    return {word: int(number) for word, number in _vocabulary()["numerals"]}


def _read_label(label: str) -> tuple[str, float] | None:
    """(scheme, number) of a storey's label; the scheme says whether 1 is the ground floor."""
    text = re.sub(r"\s+", " ", label.strip().lower())
    for scheme, pattern, *fixed in _vocabulary()["labels"]:
        match = re.fullmatch(pattern, text)
        if not match:
            continue
        if fixed:
            return scheme, float(fixed[0])
        figure = match["n"]
        number = _numerals()[figure] if figure in _numerals() else float(figure)
        return scheme, float(number)
    return None


def ordinals_of(labels: Iterable[str]) -> dict[str, float | None]:
    """The ordinal of each label of one building; None if a label says nothing.

    Bare numbers are ordinals as they are. Counted storeys ("3F", "三楼", "Level 3")
    start at 1 on the ground floor, unless the building also has a named ground floor
    ("G", "L0", "EG"): then 1 is the one above it.
    """
    read = {label: _read_label(label) for label in labels}
    grounded = any(r and r[0] in ("ground", "counted") and r[1] == 0 for r in read.values())
    ordinals: dict[str, float | None] = {}
    for label, result in read.items():
        if result is None:
            ordinals[label] = None
            continue
        scheme, number = result
        if scheme == "below":
            ordinals[label] = -abs(number)
        elif scheme == "counted" and number > 0 and not grounded:
            ordinals[label] = number - 1
        else:
            ordinals[label] = number
    return ordinals


def label_in_name(name: str) -> str:
    """The part of a file or folder name that names a storey, ``""`` if none does.

    >>> label_in_name("rooms_storey0")
    'storey0'
    """
    for pattern in _vocabulary()["in_names"][0]:
        if match := re.search(pattern, name.lower()):
            return match[0].strip(" _-.")
    return ""
