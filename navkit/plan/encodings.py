"""Which encoding a text is in: many bytes decode as several, so the readings are compared.

GB18030 takes nearly every byte, and Big5 many; what they make of a text in another encoding is
rare characters. A reading is believed if its characters are those that people write.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ENOUGH = 0.75
"""Share of the letters beyond ASCII that must be common ones. A guess: 97 of 100 in names of
departments are, and a wrong reading of four characters has two by chance."""

CLEARLY = 0.1
"""By how much the best of two readings in Chinese must be better than the other. A guess."""

_MOST_COMPARED = 20_000
"""Letters beyond ASCII that are looked at: a drawing of a whole hospital has fewer."""

_LOST = "\N{REPLACEMENT CHARACTER}"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""Bytes that are control characters in all of the encodings that are compared."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The mark of UTF-32 begins with that of UTF-16, so it is asked first."""


@dataclass(frozen=True)
class Reading:
    """A text, and the encoding in which it was read."""

    text: str
    encoding: str
    """As Python names it: ``"utf-8"``, ``"utf-16"``, ``"gb18030"``, ``"big5"``, ``"cp1252"`` …"""

    @property
    def is_guess(self) -> bool:
        """Whether the bytes did not say it themselves."""
        return self.encoding in _COMMON


def read(content: bytes) -> Reading | None:
    """The text of `content`, without a byte order mark; None if no reading is believable.

    >>> read("門診".encode("big5")).text
    '門診'
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if reading := _decoded(content, "utf-8"):
        return reading
    if _NO_TEXT.search(content):
        return None
    shares = {
        reading: _share_common(reading)
        for encoding in _COMMON
        if (reading := _decoded(content, encoding))
    }
    believed = [reading for reading, share in shares.items() if share >= ENOUGH]
    chinese = sorted((r for r in believed if r.encoding != _LATIN), key=lambda r: -shares[r])
    if len(chinese) == 2 and shares[chinese[0]] - shares[chinese[1]] < CLEARLY:
        return None
    return next(iter(chinese or believed), None)


def is_garbled(text: str) -> bool:
    """Whether a text was once read in a wrong encoding: characters that nobody writes, or UTF-8
    that was taken for Western European.

    >>> is_garbled("门诊".encode().decode("cp1252", "replace"))
    True
    """
    if any(letter == _LOST or unicodedata.category(letter) == "Co" for letter in text):
        return True
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return False


def _decoded(content: bytes, encoding: str) -> Reading | None:
    try:
        return Reading(content.decode(encoding), encoding.removesuffix("-sig"))
    except UnicodeDecodeError:
        return None


def _share_common(reading: Reading) -> float:
    """Of the characters beyond ASCII, how many are common; 0 if one is private or unassigned."""
    text, is_common = reading.text, _COMMON[reading.encoding]
    beyond = [i for i, letter in enumerate(text) if not letter.isascii()][:_MOST_COMPARED]
    if any(unicodedata.category(text[i]) in ("Co", "Cn", "Cc") for i in beyond):
        return 0.0
    return sum(is_common(text, i) for i in beyond) / max(len(beyond), 1)


def _common_in_gb(text: str, at: int) -> bool:
    """Punctuation, or one of the 3,755 characters of the first level of GB 2312; a traditional
    text may be in GB 18030 too."""
    letter = text[at]
    return (
        _leads(letter, "gb2312", 0xB0, 0xD7)
        or _leads(letter, "gb2312", 0xA1, 0xA3)
        or (_leads(letter, "big5", 0xA4, 0xC6))
    )


def _common_in_big5(text: str, at: int) -> bool:
    """Punctuation, or one of the 5,401 characters of the first level of Big5."""
    return _leads(text[at], "big5", 0xA4, 0xC6) or _leads(text[at], "big5", 0xA1, 0xA3)


def _leads(letter: str, encoding: str, first: int, last: int) -> bool:
    code = letter.encode(encoding, "ignore")
    return len(code) == 2 and first <= code[0] <= last


def _common_in_latin(text: str, at: int) -> bool:
    """A letter with an accent that stands beside a plain one, or by itself between blanks."""
    beside = text[max(at - 1, 0) : at] + text[at + 1 : at + 2]
    plain = any(c.isascii() and c.isalpha() for c in beside)
    return text[at].isalpha() and (plain or beside == "  ")


_LATIN = "cp1252"
_COMMON: Mapping[str, Callable[[str, int], bool]] = {
    "gb18030": _common_in_gb,
    "big5": _common_in_big5,
    _LATIN: _common_in_latin,
}
