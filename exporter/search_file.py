"""The search file: how characters are pronounced, and where people's own words lead.

A phone knows no pinyin. It is given the readings of the characters in its names, and common
characters of the same sounds: who speaks, or types by sound, gets those instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from exporter.pinyin import readings
from exporter.symptoms import hints
from navkit.venue import Venue


def search_file(venue: Venue, languages: Sequence[str]) -> dict[str, Any]:
    """Every Han character to be found with its readings, without tones; and the hints.

    A character read in several ways keeps all of them, the usual one first: search should
    find what people type, not judge it.
    """
    led = hints(venue, languages)
    texts = [text for place in venue.places for text in (*place.names.values(), *place.aliases)]
    texts += [word for hint in led for word in hint.words]
    characters = sorted({c for text in texts for c in text if "\u3400" <= c <= "\u9fff"})
    said = [readings(c) for c in characters]
    others = common_characters(languages) - set(characters)
    return {
        "characters": "".join(characters),
        "pinyin": [" ".join(r) for r in said],
        "homophones": _homophones(others, {sound for r in said for sound in r}),
        "hints": [[list(hint.words), list(hint.places)] for hint in led],
    }


def _homophones(characters: Iterable[str], sounds: set[str]) -> dict[str, str]:
    """Characters by their usual reading, where that is one of `sounds`."""
    found: dict[str, str] = defaultdict(str)
    for character in sorted(characters):
        for usual in readings(character, most=1):
            if usual in sounds:
                found[usual] += character
    return dict(sorted(found.items()))


def common_characters(languages: Sequence[str]) -> set[str]:
    """Characters that people write often, as the character sets rank them.

    Level 1 of GB 2312 has 3,755. Of the 5,401 in level 1 of Big5, those are left out that
    GB 2312 ranks among the rarer ones: the others are common too, or traditional forms.
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
