"""The words of the console, by language: data in `words/*.json`, one key a sentence."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from navkit.words.findings import LANGUAGES

DEFAULT = "zh-Hans"


@cache
def book(language: str) -> Mapping[str, str]:
    """All words of a language."""
    file = resources.files("server").joinpath("words", f"{language}.json")
    words: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return words


def say(language: str, key: str, **slots: object) -> str:
    """One sentence, its slots filled."""
    return book(language)[key].format_map(slots)


def nearest(asked: str) -> str:
    """The language of the console nearest to a browser's `Accept-Language`."""
    for part in asked.split(","):
        tag = part.split(";")[0].strip().casefold()
        if tag.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
            return "zh-Hant"
        if tag.startswith("zh"):
            return "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return DEFAULT


def language_of(*asked: str) -> str:
    """The first of those asked for that there is."""
    return next((tag for tag in asked if tag in LANGUAGES), DEFAULT)
