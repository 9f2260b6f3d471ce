"""Passwords: which are refused and why, and how they are stored.

As NIST SP 800-63B asks: long, no composition rules, compared with common passwords and with
words about the person and the hospital. zxcvbn estimates how many guesses one takes.
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
"""NIST SP 800-63B asks for 8 at least; two more for a hospital's server."""
LONGEST = 200

LEAST_GUESSES = 10**8
"""Anything that takes fewer is refused. Source: zxcvbn, the score at which a slow hash is
enough."""
LOOKED_AT = 24
"""Characters of either end that zxcvbn checks. With letter substitutions it takes a
twentieth of a second for 24 characters, twelve seconds for 72 and a minute for 200, measured."""
LEAST_BESIDE = 7
"""Letters and digits that must be left of a password without the words that belong to its owner,
and characters once repetitions are collapsed. A guess: a name with a year and a month is tried
first."""
LEAST_OWN = 3
"""Letters of an owner's word; shorter ones are parts of anything. Two are enough for Chinese."""

_NUMBER = re.compile(r"\d{1,13}|\d{6}(?:18|19|20)\d{9}[\dx]")
"""Only digits, as short as telephone, QQ and staff numbers or birthdays, and numbers of identity
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
    """The same text however a keyboard composes its letters, and whether or not they are
    full-width."""
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
    # The whole is at least as hard as either end, and checking all of it could take a minute.
    found = max(
        (zxcvbn(part, known) for part in (plain[:LOOKED_AT], plain[-LOOKED_AT:])),
        key=lambda one: int(one["guesses"]),
    )
    if found["guesses"] < LEAST_GUESSES:
        raise NavkitError(_why(found["sequence"], set(_spelled(own))), field="password")


def _why(sequence: Iterable[Mapping[str, Any]], own: set[str]) -> str:
    """By the pattern that covers most of it."""
    longest = max(sequence, key=lambda match: len(match["token"]))
    if longest["pattern"] == "dictionary" and longest["matched_word"] in own:
        return "password-own"
    return _WHY.get(longest["pattern"], "password-easy")


def _bare(text: str) -> str:
    """Its letters and digits, in lower case."""
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
    """The stored form of a password."""
    return hasher().hash(normalised(password))


def matches(kept: str, password: str) -> bool:
    """Whether it is that password. One that was stored before passwords were normalised is compared
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
    """A hash to compare with if there is no such person: it takes as long."""
    return hasher().hash(secrets.token_hex(16))
