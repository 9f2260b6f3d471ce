"""Names as drawings give them: a text, or texts by language, or a placeholder."""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from floorplans.sheet import Json, as_text

_LANGUAGE = r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8}){0,2}"
_MAX_LENGTH = 200
"""A longer text is not a name on a door."""
_DOOR_NUMBER = re.compile(r"(?:[A-Za-z]{1,3}[-.]?)?\d[\w.\-/]{0,7}")


_CODE = re.compile(
    r"[\w:.-]+=.*|[a-z]+://.*|www\..*|[Qq]\d{5,}|(?:node|way|relation)/-?\d+"
    r"|\{?[0-9a-fA-F]{8}-[0-9a-fA-F-]{20,}\}?|[a-z0-9]+(?:_[a-z0-9]+)+"
)
"""A tag, an address, an id of Wikidata, a map or a program, a value such as ``main_entrance``."""


@cache
def words() -> Mapping[str, Any]:
    """The vocabulary of `words.json`: the meaning of property, file and placeholder names."""
    source = resources.files("floorplans").joinpath("words.json")
    vocabulary: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return vocabulary


def is_placeholder(text: str) -> bool:
    """Whether a text is what programs and hurried people write where a name should be."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    bare = re.sub(r"[\s_#-]*\d*$", "", folded)
    return not {folded, bare}.isdisjoint(words()["placeholders"])


def placeholders_in(value: Json) -> list[str]:
    """The placeholders of a text, or of texts by language."""
    labels = value.values() if isinstance(value, dict) else [value]
    return [text for label in labels if (text := as_text(label)) and is_placeholder(text)]


def is_code(text: str) -> bool:
    """Whether `text` is written for programs and must never be said: an id, an address, a tag."""
    return bool(_CODE.fullmatch(text.strip()))


def names_of(value: Json) -> dict[str, str]:
    """A text under ``""``, or texts by language, without placeholders, codes and blanks."""
    labels = value if isinstance(value, dict) else {"": value}
    texts = {
        language.strip().replace("_", "-"): re.sub(r"\s+", " ", as_text(label))[:_MAX_LENGTH]
        for language, label in labels.items()
        if language == "" or re.fullmatch(_LANGUAGE, language.strip())
    }
    return {
        language: text
        for language, text in texts.items()
        if text and not is_placeholder(text) and not is_code(text)
    }


@lru_cache(maxsize=4096)
def folded_key(key: str) -> str:
    """The name of a property without case, marks and blanks: ``roomtype`` for ``Room_Type``."""
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", key).casefold()))


@lru_cache(maxsize=4096)
def is_name_in_a_language(key: str) -> bool:
    """Whether a property is a name with its language: ``name_ja``, ``room_name:zh``."""
    called = "|".join(map(re.escape, words()["properties"]["name"]))
    return bool(re.fullmatch(rf"({called})[:_]{_LANGUAGE}", key, re.IGNORECASE))


def tagged_names(tags: Mapping[str, Json], keys: Collection[str]) -> dict[str, str]:
    """Names under one of `keys`, plain (``name``) or with a language (``name:zh``, ``name_ja``).

    The first of several keys that gives any name wins; case and marks are ignored.
    """
    by_key = {folded_key(key): value for key, value in tags.items()}
    for key in keys:
        names = names_of(by_key.get(folded_key(key)))
        for tag, value in tags.items():
            match = _with_language(key).fullmatch(tag)
            if match and f"{key}_{match[1]}".casefold() not in _all_keys():
                names.update({match[1].replace("_", "-"): t for t in names_of(value).values()})
        if names:
            return names
    return {}


@cache
def _with_language(key: str) -> re.Pattern[str]:
    """A property called by `key` and a language."""
    return re.compile(rf"{re.escape(key)}[:_]({_LANGUAGE})", re.IGNORECASE)


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(key for keys in words()["properties"].values() for key in keys)


def is_door_number(text: str) -> bool:
    """Whether `text` is a number as on a door (``"302"``, ``"1AC1"``), not a name. A number in
    Chinese may end with the word for a room, of one letter; a name there has more."""
    ideographs = sum(unicodedata.category(letter) == "Lo" for letter in text)
    return ideographs <= 1 and bool(_DOOR_NUMBER.fullmatch(text))
