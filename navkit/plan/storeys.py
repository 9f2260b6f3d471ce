"""What is written for a storey: the number on the wall, and its place among the other storeys.

All words are in `storeys.json`; drawings, the directory and the search read labels here.
"""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_MOST_ALIKE = 60
"""More storeys are not drawn at once."""
_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u301c": "~"})


@dataclass(frozen=True)
class Reading:
    """What one label says by itself."""

    says: str
    """``counted`` (1 is the ground floor, unless there is a floor for 0), ``above`` and ``below``
    (counted from the ground floor), ``ground``, ``number`` (bare), ``between`` (half a storey above
    `base`), ``inserted`` (a whole storey above `base`, as 3A is), ``top``, or ``unclear``."""
    number: float = 0.0
    """As written, without the sign of a storey below ground."""
    base: "Reading | None" = None
    company: str = ""
    """The language whose word it is, if others read the same letters otherwise."""
    beside: tuple[tuple[str, str], ...] = ()
    """Of an unclear one: the label that it means beside words of a language."""


@cache
def _vocabulary() -> Mapping[str, Any]:
    source = resources.files("navkit.plan").joinpath("storeys.json")
    vocabulary: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return vocabulary


@cache
def _rows() -> tuple[tuple[re.Pattern[str], Mapping[str, Any]], ...]:
    known = _vocabulary()
    return tuple(
        (re.compile(row["pattern"].replace("FIGURES", known["figures"])), row)
        for row in known["labels"]
    )


def folded(text: str) -> str:
    """A label in the form in which it is compared: one width, case, minus and blank."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    return re.sub(r"\s+", " ", plain).strip()


@lru_cache(maxsize=4096)
def read_label(label: str) -> Reading | None:
    """What a label says; None if it is in no known form."""
    text = folded(label)
    if not text or len(text) > 40:
        return None
    for pattern, row in _rows():
        if match := pattern.fullmatch(text):
            found = _reading(row, match)
            if found:
                return found
    return None


def _reading(row: Mapping[str, Any], match: re.Match[str]) -> Reading | None:
    """None if the part that it is based on cannot be read."""
    groups = {name: text for name, text in match.groupdict().items() if text}
    based = next((groups[name] for name in ("base", "base2") if name in groups), row.get("base"))
    if "below" in groups:
        based = f"b{groups['below']}"
    base = read_label(based) if based else None
    if based and (base is None or base.says in ("between", "inserted", "top", "unclear")):
        return None
    figure = groups.get("n") or groups.get("m")
    number = _number(figure) if figure else float(row.get("number", 0))
    if number is None:
        return None
    beside = tuple(row.get("beside", {}).items())
    return Reading(row["says"], number, base, row.get("company", ""), beside)


def _number(figure: str) -> float | None:
    """`3`, `-1`, `2.5`, `三`, `二十一`, `third`."""
    numerals: Mapping[str, int] = _vocabulary()["numerals"]
    if figure in numerals:
        return float(numerals[figure])
    if re.fullmatch(r"[+-]?\d+([.]\d+)?", figure):
        return float(figure)
    sign = -1 if figure.startswith("-") else 1
    tens, ten, ones = figure.lstrip("-").rpartition(_vocabulary()["ten"])
    if not (
        set(tens + ones) <= set(numerals) and len(tens) <= 1 and len(ones) <= (1 if ten else 3)
    ):
        return None
    digits = [numerals[one] for one in ones]
    last = int("".join(map(str, digits)) or "0")
    return float(sign * (last + (10 * (numerals[tens] if tens else 1) if ten else 0)))


def listed(text: str) -> tuple[tuple[str, str], ...]:
    """The first and the last label of each part of a list such as ``"B1~2F；5F"``; empty for a
    single label."""
    marks: Mapping[str, str] = _vocabulary()["marks"]
    parts = [part.strip() for part in re.split(marks["list"], folded(text)) if part.strip()]
    ends = [re.split(marks["range"], part, maxsplit=1) for part in parts]
    return tuple((end[0], end[-1]) for end in ends) if max(map(len, [parts, *ends])) > 1 else ()


def is_title(text: str) -> bool:
    """Whether it is what stands under the drawing of a storey: 一层平面图, 标准层平面图, or a label
    alone."""
    found = read_label(text)
    is_alone = found is not None and found.says not in ("number", "unclear")
    told = any(word in folded(text) for word in _vocabulary()["titles"])
    is_typical = any(word in folded(text) for word in _vocabulary()["typical"])
    return is_alone or (told and (is_typical or bool(label_in_name(text))))


def names_several(title: str) -> bool:
    """Whether a title is that of several storeys, such as 二至五层平面图."""
    ends = listed(title)
    ranges = [first for first, last in ends if first != last]
    return any(read_label(first) or _number(first) is not None for first in ranges) or (
        sum(bool(label_in_name(first) or read_label(first)) for first, _ in ends) > 1
    )


def run_of(title: str) -> tuple[str, ...]:
    """The labels from the first to the last storey that a title names, written as its last one is:
    三层, 四层 and 五层 of 三至五层平面图, 3F, 4F and 5F of 标准层(3~5F). Empty if it names none."""
    figures = f"(?P<FIRST>{_vocabulary()['figures']})", f"(?P<LAST>{_vocabulary()['figures']})"
    pattern = _vocabulary()["run"].replace("FIRST", figures[0]).replace("LAST", figures[1])
    match = re.search(pattern, folded(title))
    if match is None:
        return ()
    first, last = _number(match["FIRST"]), _number(match["LAST"])
    if first is None or last is None or not 0 < last - first < _MOST_ALIKE:
        return ()
    counted = match["LAST"].isdigit()
    numbers = range(int(first), int(last) + 1)
    return tuple(f"{n if counted else _in_numerals(n)}{match['unit'].upper()}" for n in numbers)


def _in_numerals(number: int) -> str:
    """三, 十, 十二, 二十一: below 100."""
    known = {n: sign for sign, n in reversed(_vocabulary()["numerals"].items()) if len(sign) == 1}
    tens, ones = divmod(number, 10)
    ten = (known[tens] if tens > 1 else "") + _vocabulary()["ten"] if tens else ""
    return ten + (known[ones] if ones or not tens else "")


def posted_number(label: str) -> float | None:
    """The number on the wall, negative below ground, 0 for a named ground floor, with a half for
    storeys between; None if there is none."""
    found = read_label(label)
    if found is None or found.says in ("top", "unclear"):
        return None
    if found.says in ("between", "inserted"):
        return None if found.base is None else _signed(found.base) + 0.5
    return _signed(found)


def _signed(found: Reading) -> float:
    return -abs(found.number) if found.says == "below" else found.number


def same_storey(written: str, label: str) -> bool:
    """Whether two texts are the same storey of one building, however they are written."""
    if folded(written) == folded(label):
        return True
    number = posted_number(written)
    if number is not None:
        return number == posted_number(label)
    both = read_label(written), read_label(label)
    return all(found is not None and found.says == "top" for found in both)


def is_two_faced(label: str) -> bool:
    """Whether a label may be several storeys, such as UG (upper ground, Untergeschoss) or P1."""
    found = read_label(label)
    return found is not None and found.says == "unclear"


def is_left_out(number: int) -> bool:
    """Whether houses commonly have no storey with this number: 4, 13, 14 …, and 0 where numbers
    are posted."""
    return re.fullmatch(_vocabulary()["left_out"], str(abs(number))) is not None


def ordinals_of(labels: Iterable[str]) -> dict[str, float | None]:
    """The ordinal of each label of one building; None if a label says nothing, or two things.

    Bare numbers are ordinals as they are, unless other labels are counted. Counted storeys ("3F",
    "三楼", "Level 3") start at 1 on the ground floor, unless the building also has a named ground
    floor ("G", "L0", "EG"): then 1 is the one above it. Storeys between two are half a storey
    above the lower one. A storey such as 3A takes the number that is left out after 3, or a number
    of its own, and the storeys above it move up: where there is a UG, G is two below 1.
    """
    read = {label: read_label(label) for label in labels}
    companies = {found.company for found in read.values() if found} - {""}
    settled = {label: _settled(found, companies) for label, found in read.items()}
    known = [found for found in settled.values() if found]
    heights = {
        label: _height(found, known)
        for label, found in settled.items()
        if found and found.says != "top"
    }
    for label in sorted(heights, key=lambda label: abs(heights[label])):
        found = settled[label]
        if found and found.says == "inserted":
            _insert(label, heights)
    if heights:
        highest = math.floor(max(heights.values()))
        for label, found in settled.items():
            if found and found.says == "top":
                heights[label] = highest + max(found.number, 1)
    return {label: heights[label] + 0.0 if label in heights else None for label in read}


def _settled(found: Reading | None, companies: set[str]) -> Reading | None:
    """What an unclear label means beside the others, None if they do not say it."""
    if found is None or found.says != "unclear":
        return found
    meant = [label for company, label in found.beside if companies == {company}]
    return read_label(meant[0]) if meant else None


def _height(found: Reading, others: Iterable[Reading]) -> float:
    """Storeys above the ground floor."""
    if found.says in ("between", "inserted"):
        return (_height(found.base, others) if found.base else 0.0) + 0.5
    counted = any(other.says == "counted" for other in others)
    is_grounded = any(
        other.says == "ground" or (other.says == "counted" and other.number == 0)
        for other in others
    )
    number = _signed(found)
    is_counted = found.says == "counted" or (found.says == "number" and counted)
    return number - 1 if is_counted and number > 0 and not is_grounded else number


def _insert(label: str, heights: dict[str, float]) -> None:
    """Give a storey between two whole ones a whole number of its own, away from the ground: if it
    is taken, the storeys from there on make room."""
    up = heights[label] > 0
    whole = math.ceil(heights[label]) if up else math.floor(heights[label])
    others = [other for other in heights if other != label]
    if any(heights[other] == whole for other in others):
        for other in others:
            if heights[other] >= whole if up else heights[other] <= whole:
                heights[other] += 1 if up else -1
    heights[label] = float(whole)


def label_in_name(name: str) -> str:
    """The part of a file or folder name that names a storey, ``""`` if none does.

    >>> label_in_name("rooms_storey0")
    'storey0'
    """
    text = unicodedata.normalize("NFKC", name).lower()
    whole = read_label(text)
    if whole and whole.says != "number" and "_" not in text:
        return text.strip()
    for pattern in _vocabulary()["in_names"]:
        if match := re.search(pattern, text):
            return match[0].strip(" _-.")
    return ""
