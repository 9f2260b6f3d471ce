"""The search file: how characters are pronounced, and where people's own words lead.

It also has the names of categories, so that typing the word on a chip finds what the chip leads
to; and the ways in which people write floors and numbers.

A phone knows no pinyin. It gets the readings of the characters in its names, and common
characters of the same sounds: speech input, or typing by sound, produces those instead.
"""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

from exporter.bundle.symptoms import hints
from exporter.voice.pinyin import readings
from exporter.words.screen_words import screen_words
from navkit.plan.categories import categories, category_names
from navkit.venue.lookup import called, folded
from navkit.venue.venue import Venue

_LABEL = re.compile(r"(?P<below>B|-)?[LF]?(?P<number>\d+)F?", re.IGNORECASE)
"""A floor's label with a number: 3F, L3, B1, -1."""


def search_file(venue: Venue, languages: Sequence[str]) -> dict[str, Any]:
    """Every Han character that can be searched with its readings, without tones; and the hints.

    A character with several readings keeps all of them, the usual one first: search should
    find what people type, not judge it.
    """
    led = hints(venue, languages)
    texts = [text for place in venue.places for text in (*place.names.values(), *place.aliases)]
    texts += [word for hint in led for word in hint.words]
    named = kinds(venue, languages)
    texts += [word for words in named.values() for word in words]
    characters = sorted({c for text in texts for c in text if "\u3400" <= c <= "\u9fff"})
    said = [readings(c) for c in characters]
    others = common_characters(languages) - set(characters)
    return {
        "characters": "".join(characters),
        "pinyin": [" ".join(r) for r in said],
        "homophones": _homophones(others, {sound for r in said for sound in r}),
        "hints": [[list(hint.words), list(hint.places)] for hint in led],
        "kinds": named,
        "floors": [floor_number(level.label) for level in venue.levels],
        **{key: _asking(key, languages) for key in ("up", "down", "nouns", "fillers")},
    }


def kinds(venue: Venue, languages: Sequence[str]) -> dict[str, list[str]]:
    """The names of the venue's categories on the screen, on signs and in people's own words. A word
    that is the name or an alias of a place belongs to that place."""
    screen = screen_words()
    own = {folded(text) for place in venue.places for text in called(place)}
    known = {place.category for place in venue.places}
    found = {}
    for category in (one for one, row in categories().items() if "chip" in row):
        if not any(f"{one}-".startswith(f"{category}-") for one in known):
            continue
        words = [
            screen[tag]["categories"][category]
            for tag in languages
            if tag in screen and category in screen[tag]["categories"]
        ]
        also = _asking_words()["also"].get(category, {})
        words += [word for tag in languages for word in also.get(tag, ())]
        words += [name for tag, name in category_names(category).items() if tag in languages]
        left = [word for word in dict.fromkeys(words) if folded(word) not in own]
        if left:
            found[category] = left
    return found


def floor_number(label: str) -> int:
    """The number that people say for a floor, negative below ground; 0 if there is none."""
    fits = _LABEL.fullmatch(unicodedata.normalize("NFKC", label).strip())
    if not fits:
        return 0
    return -int(fits["number"]) if fits["below"] else int(fits["number"])


@cache
def _asking_words() -> dict[str, Any]:
    text = resources.files("exporter.bundle").joinpath("asking.json").read_text(encoding="utf-8")
    words: dict[str, Any] = json.loads(text)
    return words


def _asking(key: str, languages: Sequence[str]) -> list[str]:
    """The entries of `asking.json` in these languages."""
    words = _asking_words()[key]
    return list(dict.fromkeys(word for tag in languages for word in words.get(tag, ())))


def _homophones(characters: Iterable[str], sounds: set[str]) -> dict[str, str]:
    """Characters by their usual reading, if that is one of `sounds`."""
    found: dict[str, str] = defaultdict(str)
    for character in sorted(characters):
        for usual in readings(character, most=1):
            if usual in sounds:
                found[usual] += character
    return dict(sorted(found.items()))


def common_characters(languages: Sequence[str]) -> set[str]:
    """Frequently written characters, as the character sets rank them.

    Level 1 of GB 2312 has 3,755. Of the 5,401 in level 1 of Big5, those that GB 2312 ranks
    among the rarer ones are left out: the others are common too, or traditional forms.
    """
    frequent = _row_characters("gb2312", range(0xB0, 0xD8))
    rarer = _row_characters("gb2312", range(0xD8, 0xF8))
    written = {
        "zh-Hans": frequent,
        "zh-Hant": _row_characters("big5", range(0xA4, 0xC7)) - rarer,
    }
    return set().union(*(written.get(language, set()) for language in languages))


def _row_characters(codec: str, rows: Iterable[int]) -> set[str]:
    """The Han characters in some rows of a character set of two bytes."""
    pairs = (bytes([row, cell]) for row in rows for cell in range(0x40, 0xFF))
    return {
        c for c in (pair.decode(codec, "ignore") for pair in pairs) if "\u3400" <= c <= "\u9fff"
    }
