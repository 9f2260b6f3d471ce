"""Passwords: which are refused and why, and how they are kept.

As NIST SP 800-63B asks: long, no rules of composition, compared with what others choose and with
what belongs to the person and the hospital. How many tries a guess takes is estimated by zxcvbn.
"""

import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from exporter.voice.pinyin import readings
from navkit.words.findings import NavkitError

SHORTEST = 10
"""NIST SP 800-63B asks for 8 at least; a hospital's server is worth two more."""
LONGEST = 200

LEAST_GUESSES = 10**8
"""What takes fewer is refused. Source: zxcvbn, from which score on a slow hash holds out."""
LOOKED_AT = 24
"""Characters of either end that zxcvbn looks at. Where signs may stand for letters it takes a
twentieth of a second for 24 characters, twelve seconds for 72 and a minute for 200, measured."""
LEAST_BESIDE = 7
"""Letters and digits that must be left of a password without the words that belong to its owner,
and characters where each is followed by another. A guess: a year and a month beside one's name are
what is tried first."""
LEAST_OWN = 3
"""Letters of a word of one's own; shorter ones are parts of anything. Two of Chinese are enough."""

_NUMBER = re.compile(r"\d{1,13}|\d{6}(?:18|19|20)\d{9}[\dx]")
"""Digits alone as short as telephone, QQ and staff numbers or birthdays, and numbers of identity
cards."""
_REPEATED = re.compile(r"(.)\1+")
_HAN = re.compile("[\u3400-\u9fff]+")

_WHY = {
    "dictionary": "password-common",
    "spatial": "password-keyboard",
    "repeat": "password-repeats",
    "sequence": "password-repeats",
    "regex": "password-number",
    "date": "password-number",
}
"""The sentence for each pattern that zxcvbn finds."""


def normalised(password: str) -> str:
    """The same however a keyboard composes its letters, and wherever it makes them wide."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, own: Iterable[str]) -> None:
    """`NavkitError` that says why a password is refused. `own` are the names of its owner and of
    the hospitals."""
    plain = normalised(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise NavkitError("password-length", field="password", least=str(SHORTEST))
    if _NUMBER.fullmatch(_bare(plain)):
        raise NavkitError("password-number", field="password")
    if len(_REPEATED.sub(r"\1", plain.casefold())) < LEAST_BESIDE:
        raise NavkitError("password-repeats", field="password")
    words = sorted({*_spelled(own), *_book()["service"]}, key=len, reverse=True)
    if len(_without(_bare(plain), words)) < min(LEAST_BESIDE, len(_bare(plain))):
        raise NavkitError("password-own", field="password")
    known = [*words, *_book()["favourites"]]
    # The whole is at least as hard as either end, and a minute may go into looking at all of it.
    found = max(
        (zxcvbn(part, known) for part in (plain[:LOOKED_AT], plain[-LOOKED_AT:])),
        key=lambda one: int(one["guesses"]),
    )
    if found["guesses"] < LEAST_GUESSES:
        raise NavkitError(_why(found["sequence"], set(_spelled(own))), field="password")


def _why(sequence: Iterable[Mapping[str, Any]], own: set[str]) -> str:
    """By the pattern that most of it follows."""
    longest = max(sequence, key=lambda match: len(match["token"]))
    if longest["pattern"] == "dictionary" and longest["matched_word"] in own:
        return "password-own"
    return _WHY.get(longest["pattern"], "password-easy")


def _bare(text: str) -> str:
    """Its letters and digits, in small letters."""
    return "".join(filter(str.isalnum, text.casefold()))


def _without(text: str, words: Iterable[str]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


def _spelled(own: Iterable[str]) -> Iterable[str]:
    """Names and their parts, and how Chinese ones are typed: by syllables, and by initials."""
    for name in own:
        plain = normalised(name).casefold()
        syllables = [readings(c)[0] for run in _HAN.findall(plain) for c in run]
        initials = "".join(syllable[0] for syllable in syllables)
        for word in (*re.split(r"\W+", plain), _bare(plain), "".join(syllables), initials):
            if len(word) >= (2 if _HAN.fullmatch(word) else LEAST_OWN):
                yield word


@cache
def _book() -> Mapping[str, list[str]]:
    file = resources.files("server.staff").joinpath("passwords.json")
    book: Mapping[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return book


# ------------------------------------------------------------------- how they are kept


@cache
def hasher() -> PasswordHasher:
    """Argon2id with the library's own costs."""
    return PasswordHasher()


def hashed(password: str) -> str:
    """What is kept of a password."""
    return hasher().hash(normalised(password))


def matches(kept: str, password: str) -> bool:
    """Whether it is that password. One that was kept before passwords were normalised is compared
    as it was typed then."""
    typed = password[: 4 * LONGEST]
    tried = dict.fromkeys((normalised(typed), typed[:LONGEST]))
    return any(_verifies(kept, one) for one in tried)


def _verifies(kept: str, password: str) -> bool:
    try:
        return hasher().verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def of_nobody() -> str:
    """A hash to check against where there is no such person: it takes as long."""
    return hasher().hash(secrets.token_hex(16))
