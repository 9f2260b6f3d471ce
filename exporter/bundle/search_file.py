"""The search file: how characters are pronounced, and where people's own words lead.

It also has the names of categories, so that typing the word on a chip finds what the chip leads
to; other words for departments; the ways in which people write floors, numbers and beds; and words
for what this venue has not.

A phone knows no pinyin. It gets the readings of the characters in its names, and common
characters of the same sounds: speech input, or typing by sound, produces those instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from exporter.bundle.symptoms import absent, hints, other_words
from exporter.voice.pinyin import readings
from exporter.words.screen_words import screen_words
from navkit.plan.categories import categories, category_names
from navkit.plan.storeys import posted_number
from navkit.venue.lookup import called, folded
from navkit.venue.venue import Venue
from navkit.words.derived import converted, is_there
from navkit.words.languages import words

WORDS_OF_ASKING = ("up", "down", "nouns", "fillers", "stays", "beds", "tails", "degrees")
"""Of `asking.json`, which lists of words the phone needs."""


def search_file(venue: Venue, languages: Sequence[str]) -> dict[str, Any]:
    """Every Han character that can be searched with its readings, without tones; and the hints.

    A character with several readings keeps all of them, the usual one first: search should
    find what people type, not judge it.
    """
    led, also = hints(venue, languages), other_words(venue)
    texts = [text for place in venue.places for text in (*place.names.values(), *place.aliases)]
    texts += [word for hint in (*led, *also) for word in hint.words]
    named = kinds(venue, languages)
    texts += [word for words in named.values() for word in words]
    characters = sorted({c for text in texts for c in text if "\u3400" <= c <= "\u9fff"})
    variants = _variants(characters, languages)
    characters = sorted({*characters, *variants.values()})
    said = [readings(c) for c in characters]
    others = common_characters(languages) - set(characters)
    return {
        "characters": "".join(characters),
        "pinyin": [" ".join(r) for r in said],
        "homophones": _homophones(others, {sound for r in said for sound in r}),
        "hints": [
            [list(hint.words), list(hint.places), *([1] if hint.is_vague else [])] for hint in led
        ],
        "also": [[list(one.words), list(one.places)] for one in also],
        "absent": list(absent(venue, languages)),
        "variants": ["".join(variants), "".join(variants.values())],
        "kinds": named,
        "floors": [floor_number(level.label) for level in venue.levels],
        "numerals": {k: v for tag in languages for k, v in _words_of(tag, "numerals", {}).items()},
        **{key: _asking(key, languages) for key in WORDS_OF_ASKING},
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
        said = [
            screen[tag]["categories"][category]
            for tag in languages
            if category in screen[tag]["categories"]
        ]
        for tag in languages:
            said += words(tag, "asking").get("also", {}).get(category, ())
        said += [name for tag, name in category_names(category).items() if tag in languages]
        left = [word for word in dict.fromkeys(said) if folded(word) not in own]
        if left:
            found[category] = left
    return found


def floor_number(label: str) -> int:
    """The number that people say for a floor, negative below ground; 0 if there is none."""
    number = posted_number(label)
    return int(number) if number is not None and number == int(number) else 0


def _asking(key: str, languages: Sequence[str]) -> list[str]:
    """The entries of `asking.json` of these languages."""
    said = [_words_of(tag, key, ()) for tag in languages]
    return list(dict.fromkeys(word for entries in said for word in entries))


def _words_of(tag: str, key: str, default: Any) -> Any:
    return words(tag, "asking").get(key, default)


def _variants(characters: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """Characters of the other script that people may type, and the one of a name that each stands
    for, in the script of the first of the languages that has two; none without OpenCC."""
    tables = [table for tag in languages if (table := _words_of(tag, "other_script", ()))]
    if not tables or not is_there():
        return {}
    source, table = tables[0]
    typed = sorted({*characters, *common_characters([source])})
    found = dict(zip(typed, converted("".join(typed), table), strict=True))
    known = {found[one] for one in characters}
    return {one: plain for one, plain in found.items() if one != plain and plain in known}


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
    found: set[str] = set()
    for tag in languages:
        sets = words(tag, "asking").get("characters", {})
        common, rare = (_ranked(sets.get(rank, ())) for rank in ("common", "rare"))
        found |= common - rare
    return found


def _ranked(sets: Iterable[tuple[str, int, int]]) -> set[str]:
    """The Han characters in rows of character sets: a codec, the first row, and the one after the
    last."""
    return set().union(*(_row_characters(codec, range(a, b)) for codec, a, b in sets))


@cache
def _row_characters(codec: str, rows: range) -> frozenset[str]:
    """The Han characters in some rows of a character set of two bytes."""
    pairs = (bytes([row, cell]) for row in rows for cell in range(0x40, 0xFF))
    characters = (pair.decode(codec, "ignore") for pair in pairs)
    return frozenset(c for c in characters if "\u3400" <= c <= "\u9fff")
