"""Names as drawings give them: a text, or texts by language, or a placeholder."""

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

from floorplans.sheet import Json, as_text

_LANGUAGE = r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8}){0,2}"
_MAX_LENGTH = 200
"""A longer text is not a name on a door."""
_DOOR_NUMBER = re.compile(r"(?:[A-Za-z]{1,3}[-.]?)?\d[\w.\-/]{0,7}")


@cache
def words() -> Mapping[str, Any]:
    """The vocabulary of `words.json`: the meaning of property, file and placeholder names."""
    source = resources.files("floorplans").joinpath("words.json")
    vocabulary: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return vocabulary


def _is_placeholder(text: str) -> bool:
    return text.casefold() in words()["placeholders"]


def names_of(value: Json) -> dict[str, str]:
    """A text under ``""``, or texts under their languages, without placeholders and blanks."""
    labels = value if isinstance(value, dict) else {"": value}
    texts = {
        language.strip().replace("_", "-"): re.sub(r"\s+", " ", as_text(label))[:_MAX_LENGTH]
        for language, label in labels.items()
        if language == "" or re.fullmatch(_LANGUAGE, language.strip())
    }
    return {
        language: text for language, text in texts.items() if text and not _is_placeholder(text)
    }


def tagged_names(tags: Mapping[str, Json], keys: Collection[str]) -> dict[str, str]:
    """Names under one of `keys`, plain (``name``) or with a language (``name:zh``, ``name_ja``).

    The first of several keys that gives any name wins; letter case is ignored.
    """
    lowered = {key.casefold(): value for key, value in tags.items()}
    for key in keys:
        names = names_of(lowered.get(key))
        for tag, value in tags.items():
            match = re.fullmatch(rf"{re.escape(key)}[:_]({_LANGUAGE})", tag, re.IGNORECASE)
            if match and f"{key}_{match[1]}".casefold() not in _all_keys():
                names.update({match[1].replace("_", "-"): t for t in names_of(value).values()})
        if names:
            return names
    return {}


@cache
def _all_keys() -> frozenset[str]:
    return frozenset(key for keys in words()["properties"].values() for key in keys)


def is_door_number(text: str) -> bool:
    """Whether `text` is a number as on a door (``"302"``, ``"1AC1"``), not a name."""
    return bool(_DOOR_NUMBER.fullmatch(text))
