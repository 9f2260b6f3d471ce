"""Which property of a stranger's drawing says what: by its name, else by what it holds.

Names of properties are compared without case, marks and blanks: ``RoomType`` is ``ROOM_TYPE``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from floorplans.classify import classify, imdf_class
from floorplans.collection import Feature
from floorplans.labels import folded_key, is_name_in_a_language, words
from floorplans.remarks import remarked
from floorplans.restrictions import (
    Restricted,
    Thing,
    is_restriction,
    restricted,
    term_text,
    terms,
)
from floorplans.sheet import Json, as_number, as_text
from floorplans.storeys import label_in_name
from navkit.words.findings import Finding

_ROLES = ("doors", "entrances", "walls", "windows", "paths", "outlines")
_LONGEST_TERM = 24
"""A longer text tells something, and is no word for what a thing is. A guess."""
_MOST_KNOWN, _MOST_STRUCTURE = 2 / 3, 1 / 2
"""Shares of values from which a property says what things are: those that mean anything, and those
that mean a part of a building. Departments mean something, too. Guesses."""
_MOST_NAMED = 12
"""So many properties that nobody reads are named."""


def property_of(feature: Feature, meaning: str) -> Json:
    """The first property with a value that is called by a word of `meaning`."""
    return next((value for _, value in properties_of(feature, meaning)), None)


def properties_of(feature: Feature, meaning: str) -> Iterator[tuple[str, Json]]:
    by_key = {
        folded_key(key): (key, value)
        for key, value in feature.properties.items()
        if value not in (None, "")
    }
    for called in words()["properties"][meaning]:
        if found := by_key.pop(folded_key(called), None):
            yield found


def speaks_of(text: str, vocabulary: Iterable[str]) -> bool:
    """Whether `text` contains one of the words: whole in Latin script, anywhere in Chinese."""
    return any(
        word in text if not word.isascii() else _whole(word).search(text) for word in vocabulary
    )


@cache
def _whole(word: str) -> re.Pattern[str]:
    """A word in Latin script, not as a part of another."""
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")


def tokens_of(text: str) -> str:
    """The words of a text between single blanks, without case."""
    return re.sub(r"[_\W]+", " ", text.casefold())


@dataclass(frozen=True)
class Columns:
    """The properties of all features, file by file."""

    classes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By file: properties that hold words for what things are, whatever they are called."""

    @staticmethod
    def of(features: Iterable[Feature]) -> "Columns":
        by_sheet: dict[str, dict[str, list[str]]] = {}
        for feature in features:
            texts = by_sheet.setdefault(feature.sheet, {})
            for key, value in feature.properties.items():
                if (text := as_text(value)) and as_number(value) is None and not _is_listed(key):
                    texts.setdefault(key, []).append(text)
        return Columns(
            {sheet: tuple(_classes_among(texts)) for sheet, texts in by_sheet.items()},
        )

    def class_of(self, feature: Feature) -> str:
        """The word for what a thing is: the first that is known, else the first that is given.

        A layer is called after what is on it, or after anything else.
        """
        named = [as_text(value) for _, value in properties_of(feature, "class")]
        layers = [as_text(value) for _, value in properties_of(feature, "layer")]
        held = [as_text(feature.properties.get(k)) for k in self.classes.get(feature.sheet, ())]
        said = [text for text in (*named, *layers, *held) if text]
        return next(filter(_means_something, said), next(iter(named), ""))

    def left(self, feature: Feature) -> dict[str, str]:
        """The properties of a feature that nobody reads, with their values as texts."""
        classes = self.classes.get(feature.sheet, ())
        return {
            key: text
            for key, text in _untold(feature).items()
            if key not in classes and not _is_listed(key)
        }


def unread_properties(
    features: Iterable[Feature], left: Callable[[Feature], Mapping[str, str]]
) -> list[Finding]:
    """A finding for each file with properties that nobody reads, each with a value of it.

    A remark that restricts has a finding of its own.
    """
    by_sheet: dict[str, dict[str, str]] = {}
    for feature in features:
        here = by_sheet.setdefault(feature.sheet, {})
        for key, text in left(feature).items():
            if remarked({key: text}, "door") == Restricted():
                here.setdefault(key, text)
    return [_say(sheet, named) for sheet, named in by_sheet.items() if named]


def restrictions_of(feature: Feature, thing: Thing) -> Restricted:
    """What the properties of a feature say of who may use it, and when; remarks too."""
    found = Restricted()
    for key, value in terms(feature.properties):
        found = found.with_(restricted({key: value}, thing, "geojson"))
    return found.with_(remarked(_untold(feature), thing))


def _untold(feature: Feature) -> dict[str, str]:
    """The texts of properties that nobody reads by their names: remarks, say, and a second name."""
    names = [key for key, _ in properties_of(feature, "name")]
    return {
        key: text
        for key, value in feature.properties.items()
        if (key in names[1:] or not _is_listed(key)) and (text := term_text(value))
    }


def _say(sheet: str, columns: Mapping[str, str]) -> Finding:
    named = [f"{key[:40]}={value[:40]}" for key, value in columns.items()]
    which = ", ".join(named[:_MOST_NAMED]) + (" …" if len(named) > _MOST_NAMED else "")
    return Finding("columns-unread", sheet, {"count": str(len(named)), "which": which})


def _classes_among(texts: Mapping[str, Sequence[str]]) -> list[str]:
    """The properties whose values are mostly words for parts of a building; the fullest first."""
    counted: Counter[str] = Counter()
    for key, values in texts.items():
        known, structure = sum(map(_means_something, values)), sum(map(_is_structure, values))
        if known >= _MOST_KNOWN * len(values) and structure >= _MOST_STRUCTURE * len(values):
            counted[key] = known
    return [key for key, _ in counted.most_common()]


def _is_role(text: str) -> bool:
    tokens = tokens_of(text)
    return any(speaks_of(tokens, words()[role]) for role in _ROLES)


def _means_something(text: str) -> bool:
    """Whether a text is a word for what a thing is; the name of a storey is not."""
    if len(text) > _LONGEST_TERM or label_in_name(text):
        return False
    return _is_role(text) or _is_structure(text) or bool(imdf_class(text) or classify(text))


def _is_structure(text: str) -> bool:
    if len(text) > _LONGEST_TERM or label_in_name(text):
        return False
    known = imdf_class(text) or classify(text)
    kinds = words()["file_kinds"].values()
    is_kind = any(text.casefold() in vocabulary for vocabulary in kinds)
    return is_kind or _is_role(text) or (known is not None and known.kind != "room")


@cache
def _is_listed(key: str) -> bool:
    """Whether the name of a property says what it holds, so that somebody reads it."""
    vocabularies = [*words()["properties"].values(), *words()["graph"].values()]
    listed = {folded_key(c) for v in (*vocabularies, words()["bookkeeping"]) for c in v}
    is_name = folded_key(key) in listed or is_name_in_a_language(key)
    return is_name or is_restriction(key) or _is_id(key)


def _is_id(key: str) -> bool:
    return key.casefold() == "id" or key.casefold().endswith(("_id", "guid", "uuid"))
