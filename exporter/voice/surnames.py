"""Who is called by a surname: 单主任 is Shàn, 单人间 is dān.

A character is a surname where it begins a name, or stands after a word such as 科 or 到, and a
title follows, with at most two characters of a given name between them. `surnames.json` has the
surnames that are read unlike their character, the titles, and `words` that only look so: 查房.
"""

import json
import re
from collections.abc import Container, Iterator
from functools import cache
from importlib import resources
from typing import Any

_HAN = re.compile("[\u3400-\u9fff]")
_MOST_GIVEN = 2
"""Characters of a given name."""


@cache
def _table() -> Any:
    file = resources.files("exporter.voice").joinpath("surnames.json")
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def _called() -> re.Pattern[str]:
    names, titles = "".join(_table()["surnames"]), "|".join(_table()["titles"])
    return re.compile(f"[{names}](?=([\u3400-\u9fff]{{0,{_MOST_GIVEN}}}?)(?:{titles}))")


def surnames(text: str, known: Container[str]) -> Iterator[tuple[int, str]]:
    """Where surnames stand in a text, and how they are read, with a tone mark; `known` has words
    that are no names."""
    for match in _called().finditer(text):
        at, given = match.start(), match[1]
        if _begins(text, at, known) and not (given and _is_word(text[at : at + 2], known)):
            yield at, _table()["surnames"][match[0]]


def _begins(text: str, at: int, known: Container[str]) -> bool:
    """Whether a name may begin here."""
    before = text[at - 1 : at]
    if before.isascii() and before.isalnum():
        return False  # B区护士站.
    if not _HAN.match(before):
        return True
    return before in _table()["after"] and not _is_word(text[at - 1 : at + 1], known)


def _is_word(text: str, known: Container[str]) -> bool:
    return text in known or text in _table()["words"]
