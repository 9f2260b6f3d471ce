"""What a thing is called in one language: what is shown, and what a voice says.

A drawing writes words as names: "Elevator", "STAIRS", 楼梯. They are no names, so readers get the
word of their language (`generic.json`, by kind and language of the word). The ways of a building
are always called by that word; a word for a room stays as it is for readers of its own language.
Any other name is shown as it is. Where a voice of the language cannot say it, it says the kind
of the thing and the number on its door.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from navkit.words.derived import derived
from navkit.words.folders import tag_of
from navkit.words.languages import language_of, words
from navkit.words.speech import Speaker

_EDGES = " .,:;_()[]\"'\u201c\u201d\u2013\u2014-"
_NUMBER = r"\d{1,4}(?:[.-]\d{1,3})?[a-z\u0430-\u044f]?"
_LONG = 3
"""Digits from which a number is that of a room, said without a word for number."""


@dataclass(frozen=True)
class Called:
    """What is shown and what is said."""

    text: str
    speech: str
    unsaid: bool = False
    """Whether no voice of the language can say what is shown."""
    derived: bool = False
    """Whether it was written in the language's script by a table, not by people."""


@dataclass(frozen=True)
class Generic:
    """A name that is only a word for a kind of thing, with a number or without one."""

    kind: str
    number: str
    tags: frozenset[str]
    """Languages of the word; none for the ways of a building."""


def called(
    names: Mapping[str, str], speaker: Speaker, kind: str = "", number: str = "", *, way: bool
) -> Called:
    """A thing with these names, of this kind and with this number on its door.

    `way`: whether it leads to other floors, so that floors and direction in its name are left out.
    """
    language = language_of(speaker.language)
    tag = tag_of(names, language)
    asked = (names.get(tag, ""), tag, kind, number, way)
    if asked not in speaker.found:
        speaker.found[asked] = _called(asked[0], tag, speaker, kind, number, way=way)
    found: Called = speaker.found[asked]
    return found


def _called(text: str, tag: str, speaker: Speaker, kind: str, number: str, *, way: bool) -> Called:
    found = generic(text, way=way) if text else None
    written = text if found else derived(text, tag, language_of(speaker.language))
    called = _spoken(written, found, speaker, kind, number)
    return replace(called, derived=written != text)


def _spoken(text: str, found: Generic | None, speaker: Speaker, kind: str, number: str) -> Called:
    if not text:
        return Called("", "")
    language = speaker.language
    if found and found.kind == "room" and not found.number:
        text = _numbered("room", number, language)
        return Called(text, speaker.name(text if number else _alone("room", language)))
    if found:
        text = _word_of(found, text, language)
    if _sayable(text, speaker):
        return Called(text, speaker.name(text))
    digits = re.findall(_NUMBER, text, re.IGNORECASE)
    for one in filter(None, (number, *digits[:1])):
        instead = _numbered(kind, one, language)
        if _sayable(instead, speaker):
            return Called(text, speaker.name(instead), unsaid=True)
    return Called(text, speaker.name(_alone(kind, language)), unsaid=True)


def _sayable(text: str, speaker: Speaker) -> bool:
    """Whether people understand it: a long word in other letters is no use spelled."""
    if text in speaker.wording.names:
        return True
    said = speaker.name(text)
    is_spelled = re.match(speaker.rules["unspelled"], text)
    return bool(said) and not is_spelled and not speaker.unsayable(said)


@lru_cache(8192)
def generic(name: str, *, way: bool = False) -> Generic | None:
    """The kind that a name means if it is nothing but a word, in any language and any case."""
    plain = unicodedata.normalize("NFKC", name).casefold().replace("\u2019", "'")
    if way:
        plain = re.sub(_patterns()["direction"], " ", re.sub(_patterns()["floors"], " ", plain))
    plain = " ".join(plain.replace(".", ". ").split()).strip(_EDGES)
    found = _words().get(_bare(plain))
    if found:
        return Generic(found[0], "", found[1])
    for form in ("after", "before"):
        match = re.fullmatch(_patterns()[form], plain)
        found = _words().get(_bare(match["word"])) if match else None
        if match and found:
            return Generic(found[0], match["number"].upper(), found[1])
    return None


def _bare(word: str) -> str:
    return " ".join(word.replace(".", " ").split()).strip(_EDGES)


@cache
def _data() -> Mapping[str, Any]:
    text = resources.files("navkit.words").joinpath("generic.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


def _patterns() -> Mapping[str, str]:
    """How a number stands with a word, and what else the name of a way may say."""
    patterns: dict[str, str] = _data()["patterns"]
    return patterns


@cache
def _words() -> Mapping[str, tuple[str, frozenset[str]]]:
    """Kind and languages by word; no languages where it is not kept even in its own."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for group in ("ways", "rooms"):
        for kind, by_tag in _data()[group].items():
            for tag, spellings in by_tag.items():
                for word in spellings:
                    first, tags = found.get(word, (kind, frozenset()))
                    found[word] = (first, tags | {tag} if group == "rooms" else tags)
    return found


def _word_of(found: Generic, text: str, language: str) -> str:
    """The word for it in a language, with its number."""
    if language in found.tags:
        return text.capitalize() if text.isupper() else text
    return _numbered(found.kind, found.number, language)


def _numbered(kind: str, number: str, language: str) -> str:
    word = _word(kind, language)
    if not number:
        return word
    digits = sum(c.isdigit() for c in number)
    form = "short" if digits and number.isdigit() and digits < _LONG else "long"
    template: str = words(language, "places")["naming"][form]
    return template.format(word=word, number=number)


def _alone(kind: str, language: str) -> str:
    """The kind of one that has no number: this room, the canteen."""
    places = words(language, "places")
    known = kind in places["kinds"] or kind in places["categories"]
    one = kind if known else "room"
    said: str = places["naming"].get(one) or _word(one, language)
    return said


def _word(kind: str, language: str) -> str:
    places = words(language, "places")
    word: str = places["kinds"].get(kind) or places["categories"].get(kind)
    return word or str(places["kinds"]["room"])
