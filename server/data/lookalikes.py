"""Names that look alike are one name: one key for `wang`, `WANG`, full-width `ｗａｎｇ` and for
letters of other scripts that look the same.

Based on the skeletons of Unicode's TR39, with the table of `confusable_homoglyphs`; case is
ignored. A key is for finding and comparing, and is never shown.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

from confusable_homoglyphs.confusables import confusables_data

_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}
"""Invisible categories: controls, formats such as zero-width joiners, unassigned code points."""
_DEFAULT_IGNORABLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {
    *map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
}
"""Letters and marks without a visible glyph. Source: Unicode's DerivedCoreProperties."""


def cleaned(name: str) -> str:
    """A name as it is stored: composed, full width made narrow, without invisible characters."""
    plain = unicodedata.normalize("NFKC", name)
    # Readers see a line break or a tab as a blank.
    spaced = "".join(" " if c.isspace() else c for c in plain)
    return " ".join("".join(filter(_is_seen, spaced)).split())


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and character not in _DEFAULT_IGNORABLE


def key_of(name: str) -> str:
    """The same key for two names that people confuse; empty if nothing is visible."""
    key = cleaned(name)
    while (folded := _folded(key)) != key:
        key = folded
    return key


def _folded(text: str) -> str:
    # By appearance first: a Greek capital nu is an N, its small letter a v.
    alike = "".join(_prototypes().get(c, c) for c in unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFKC", alike.casefold())


@cache
def _prototypes() -> Mapping[str, str]:
    """For each character that looks like others, the one that represents them all."""
    leader: dict[str, str] = {}

    def lead(text: str) -> str:
        while leader.setdefault(text, text) != text:
            text = leader[text]
        return text

    for text, alike in confusables_data.items():
        for other in alike:
            first, second = sorted((lead(_bare(text)), lead(_bare(other["c"]))), key=_preference)
            leader[second] = first
    return {text: lead(text) for text in leader if len(text) == 1 and lead(text) != text}


def _bare(text: str) -> str:
    """Without the direction marks that the table puts around right-to-left letters."""
    return text.strip("\u200e")


def _preference(text: str) -> tuple[bool, int, bool, str]:
    # A letter that looks like a sequence (m, rn) is represented by the sequence: only letters are
    # looked up. Capitals before digits, since only they have a small letter: I, l, 1 and | are i.
    return not text.isascii(), -len(text), not text.isupper(), text
