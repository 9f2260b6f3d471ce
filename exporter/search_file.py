"""The search file: how the characters in names are pronounced, for pinyin and initials."""

from typing import Any

from exporter.pinyin import readings
from navkit.venue import Venue


def search_file(venue: Venue) -> dict[str, Any]:
    """Every Han character in names and aliases with its readings, without tones.

    A character read in several ways keeps all of them, the usual one first: search should
    find what people type, not judge it.
    """
    texts = [text for place in venue.places for text in (*place.names.values(), *place.aliases)]
    characters = sorted({c for text in texts for c in text if "\u3400" <= c <= "\u9fff"})
    said = [readings(c) for c in characters]
    return {"characters": "".join(characters), "pinyin": [" ".join(r) for r in said]}
