"""Findings in words that staff know: names and numbers of rooms in the place of ids, and what the
console calls a correction in the place of its name in a file."""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import get_args

from navkit.plan.plan import SpaceKind
from navkit.venue.corrections import FIELDS, REQUIRED
from navkit.venue.venue import Space, Venue, name_in
from navkit.words.findings import LOG_LANGUAGE, Finding, Slot
from navkit.words.languages import languages, words
from server.builds import mending
from server.words.saying import language_named, say

_BRACKETED = re.compile(r"(\S+) \(([^()]*(?:\([^()]*\)[^()]*)*)\)")
"""An id, and in brackets what it is called."""
_SEPARATOR = re.compile(r"(, | – |; )")
_VERB = re.compile(rf"(?<![\w-])({'|'.join(verb for verb in REQUIRED if '-' in verb)})(?![\w-])")
_PLAIN_VERB = re.compile(rf"(?<![\w{{-])({'|'.join(REQUIRED)})(?![\w}}-])", re.ASCII)
_NAMED = "|".join(sorted({*FIELDS, *get_args(SpaceKind), "kind"}))
_FIELD = re.compile(rf"(?<![\w{{-])({_NAMED})(?![\w}}-])", re.ASCII)
_QUOTED = re.compile(r" ?(“[^”]*”) ?")
_MORE = " …"
LONGEST_TOLD = 24
"""Letters of what is told of a place that has no name: longer ids tell nobody anything."""
MOST_BESIDE = 3
"""Rooms by which a space without a name is told."""
_NUMBERS = frozenset({"count", "percent", "rooms", "area", "distance", "gap", "width", "bearing"})
"""Slots that hold numbers, which may look like an id."""


class Names:
    """What the things of a venue are called."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self._known = {
            one.id
            for things in (
                *(venue.spaces, venue.doors, venue.connectors, venue.places, venue.levels),
                *(venue.boards, venue.stripes),
            )
            for one in things
        }

    def where(self, finding: Finding, language: str) -> str:
        """What a finding is about; empty if it is about the whole."""
        if finding.where in languages():
            return language_named(finding.where, language)
        parts = self._last(finding.where).split(", ")
        told = [one for one in parts if one in self._known or len(one) <= LONGEST_TOLD]
        return _unseen(self._listed(", ".join(told or parts[:1]), language))

    def text(self, finding: Finding, language: str) -> str:
        """The sentence of a finding, without where."""
        slots = {
            name: self._value(name, value, language)
            for name, value in finding.slots.items()
            if name != "called"
        }
        return _unseen(_sentence(finding.code, language).format_map(slots))

    def _value(self, name: str, value: Slot, language: str) -> str:
        """What fills a sentence; within it may be a sentence too."""
        if name in _NUMBERS:
            return value if isinstance(value, str) else name_in(value, language)
        said = self._slot(name, value, language)
        return _VERB.sub(lambda found: f"“{_word(f'do-{found[1]}', language)}”", said)

    def _last(self, where: str) -> str:
        """The thing that a place ends with, else the place as it is."""
        parts = where.split(", ")
        ends = (", ".join(parts[first:]) for first in range(len(parts)))
        return next((one for one in ends if one in self._known), where)

    def _slot(self, name: str, value: Slot, language: str) -> str:
        text = value if isinstance(value, str) else name_in(value, language)
        if name == "door" and (found := self.venue.door_by_id.get(text)):
            # The sentence says that it is a door.
            return name_in(found.names, language) or self._sides(text, language)
        return self._listed(text, language)

    def _listed(self, text: str, language: str) -> str:
        """Ids of a list by what they are called, and those within a sentence."""
        if text in self._known:
            return self.called(text, language)
        parts = (self._part(part, language) for part in _SEPARATOR.split(text))
        return _BRACKETED.sub(lambda found: self._named(found, language), "".join(parts))

    def _part(self, part: str, language: str) -> str:
        """One of a list; the last may be followed by dots."""
        one = part.removesuffix(_MORE)
        return self.called(one, language) + part[len(one) :] if one in self._known else part

    def _named(self, found: re.Match[str], language: str) -> str:
        return self.called(found[1], language) if found[1] in self._known else found[0]

    def called(self, thing: str, language: str) -> str:
        """The name, the number or the kind of a thing, with its level; its id if it has none."""
        level = self.venue.level_by_id.get(thing)
        if level is not None:
            building = name_in(self.venue.building_names.get(level.building, {}), language)
            return f"{building} {level.label}".strip()
        said = mending.label(self.venue, thing, language)
        return said if thing not in said else self._kind(thing, said, language)

    def _kind(self, thing: str, said: str, language: str) -> str:
        """A thing without a name: its kind, beside what stands in the drawing."""
        space = self.venue.space_by_id.get(thing)
        if space is not None:
            level = self.venue.level_by_id[space.level].label
            return f"{self._unnamed(space, language)} · {level}"
        shaft = next((one for one in self.venue.connectors if one.id == thing), None)
        if shaft is not None:
            return said.replace(thing, _word(f"space-{shaft.kind}", language))
        if thing in self.venue.door_by_id:
            return f"{_word('space-door', language)} ({self._sides(thing, language)})"
        return said

    def _unnamed(self, space: Space, language: str) -> str:
        """A space without a name by its kind, and the rooms that open to it."""
        kind = _word(f"space-{space.kind}", language)
        beside = [self.venue.space_by_id[one] for one in self._beside.get(space.id, ())]
        told = (one.ref or name_in(one.names, language) for one in beside)
        rooms = ", ".join(list(dict.fromkeys(filter(None, told)))[:MOST_BESIDE])
        return say(language, "unnamed-beside", kind=kind, rooms=rooms) if rooms else kind

    @cached_property
    def _beside(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one, other in (door.spaces for door in self.venue.doors if all(door.spaces)):
            found.setdefault(one, []).append(other)
            found.setdefault(other, []).append(one)
        return found

    def _sides(self, door: str, language: str) -> str:
        sides = self.venue.door_by_id[door].spaces
        return " | ".join(self.called(one, language) for one in sides if one)


@cache
def _sentence(code: str, language: str) -> str:
    """The sentence of a code with its placeholders, without the names of corrections; where its
    language has other letters, without those of their fields and kinds."""
    text = words(language, "findings")[code]
    # In the language of the code a verb such as “close” is a word like others.
    if language == LOG_LANGUAGE:
        return _VERB.sub(lambda found: f"“{_word(f'do-{found[1]}', language)}”", text)
    said = _PLAIN_VERB.sub(lambda found: f"“{_word(f'do-{found[1]}', language)}”", text)
    said = _FIELD.sub(lambda found: f"“{_first_word(found[1], language)}”", said)
    return _QUOTED.sub(r"\1", said)


def _first_word(name: str, language: str) -> str:
    """What the console calls a field or a kind of space."""
    book = _book(language)
    return book.get(f"space-{name}") or book.get(f"field-{name}") or name


def _unseen(text: str) -> str:
    """A name without signs that could move a line."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


@cache
def _book(language: str) -> Mapping[str, str]:
    return words(language, "console")


def _word(key: str, language: str) -> str:
    return _book(language).get(key, key)
