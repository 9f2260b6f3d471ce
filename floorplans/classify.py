"""What a name, or a format's own term, says about a space.

The words are in `classes.json`, and in the rows of categories.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast, get_args

from navkit.plan.categories import categories
from navkit.plan.plan import Names, SpaceKind

_WORD = re.compile(r"[^\W_]+")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True)
class Class:
    """What a space is, and what for; `category` is empty if unknown."""

    kind: SpaceKind
    category: str = ""


@cache
def _tables() -> Mapping[str, Any]:
    source = resources.files("floorplans").joinpath("classes.json")
    tables: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return tables


def _class(kind: str, category: str) -> Class:
    if kind not in get_args(SpaceKind):
        raise ValueError(f"classes.json: no such kind of space: {kind}")
    if category and category not in categories():
        raise ValueError(f"classes.json: no such category: {category}")
    return Class(cast(SpaceKind, kind), category)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Class], ...]:
    """Those of rows come after the last rule without a category: a space that is open floor or
    closed by its name stays that, whatever it is for."""
    rules = [(_class(kind, category), phrases) for kind, category, phrases in _tables()["rules"]]
    behind = 1 + max(i for i, (found, _) in enumerate(rules) if not found.category)
    rules[behind:behind] = [(_of_row(one), words) for one, words in _drawn("words")]
    return tuple((phrases_pattern(phrases), found) for found, phrases in rules)


@cache
def _imdf() -> Mapping[str, Class]:
    """By IMDF's own word."""
    bare = {word: _class(kind, "") for word, kind in _tables()["imdf"].items()}
    return bare | {word: _of_row(one) for one, words in _drawn("imdf") for word in words}


@cache
def _osm() -> tuple[tuple[str, str, Class], ...]:
    """Key, value and class of tags; the first match decides. Those of rows, which are exact, come
    before the first with a star."""
    table = [(tag, _class(*found)) for tag, found in _tables()["osm"].items()]
    star = next(i for i, (tag, _) in enumerate(table) if tag.endswith("=*"))
    table[star:star] = [(tag, _of_row(one)) for one, tags in _drawn("osm") for tag in tags]
    return tuple((*_split(tag), found) for tag, found in table)


def _split(tag: str) -> tuple[str, str]:
    key, _, value = tag.partition("=")
    return key, value


def _drawn(by: str) -> list[tuple[str, Sequence[str]]]:
    """Categories whose row says how drawings mark them: ``imdf``, ``osm`` or ``words``."""
    rows = ((one, row.get("drawing", {})) for one, row in categories().items())
    return [(one, said[by]) for one, said in rows if by in said]


def _of_row(category: str) -> Class:
    """The class of a category if only its row defines it: a room, unless the row says otherwise."""
    return _class(categories()[category]["drawing"].get("kind", "room"), category)


def phrases_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these phrases, in a text as `plain` writes it."""
    return re.compile("|".join(map(_pattern, phrases)))


def _pattern(phrase: str) -> str:
    """For text as `plain` writes it: words between single spaces."""
    if _EAST_ASIAN.search(phrase):
        return re.escape(plain(phrase).strip())
    stars = phrase.casefold().replace("*", "\x00")
    words = " ".join(re.findall(r"[\w\x00]+", stars))
    return f" {re.escape(words)} ".replace(re.escape("\x00"), r"\w*")


def plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return f" {' '.join(_WORD.findall(folded))} "


@cache
def classify(name: str) -> Class | None:
    """By a name in any known language; None if no word of it is known."""
    text = plain(name)
    return next((found for pattern, found in _rules() if pattern.search(text)), None)


def classify_names(names: Names) -> Class | None:
    """By the first of several names that matches, in the order of their languages."""
    found = (classify(names[language]) for language in sorted(names))
    return next((result for result in found if result), None)


@cache
def _staff() -> re.Pattern[str]:
    return phrases_pattern(_tables()["staff"])


def is_for_staff(names: Names) -> bool:
    """Whether a name says that a space is not for visitors: 医生通道, "Staff only"."""
    return any(_staff().search(plain(name)) for name in names.values())


def imdf_class(category: str) -> Class | None:
    """By an IMDF category; an unknown refinement counts as what it refines."""
    word = category.strip().lower()
    while word:
        if word in _imdf():
            return _imdf()[word]
        word = word.rpartition(".")[0]
    return None


def osm_class(tags: Mapping[str, str], keys: Iterable[str] | None = None) -> Class | None:
    """By OpenStreetMap tags; the first in the table decides."""
    for key, value, found in _osm():
        if (keys is None or key in keys) and (
            tags.get(key) == value or (value == "*" and tags.get(key, "no") != "no")
        ):
            return found
    return None


def is_no_place(tags: Mapping[str, str]) -> bool:
    """Whether OpenStreetMap tags describe something nobody asks the way to, such as a bench."""
    return not set(_tables()["osm_no_places"]).isdisjoint(tags.values())


def sign(key: str) -> Names:
    """The sign on a door that the drawing gives by a tag only, such as ``"toilet-men"``."""
    names: Names = _tables()["signs"].get(key, {})
    return names
