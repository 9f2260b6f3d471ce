"""How Chinese is pronounced: readings of characters, and the pinyin of what is said.

Readings come from pypinyin; where it is wrong for hospitals, `lexicon.json` has the word.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict
from pypinyin import pinyin as readings_of
from pypinyin.contrib.tone_convert import to_tone, to_tone3

_COMMA = "\uff0c"
_HAN = re.compile("[\u3400-\u9fff]")
_SYLLABLE = re.compile("[a-z]+[1-5]")


def readings(character: str, most: int = 3) -> list[str]:
    """Readings of one character, without tones, the usual one first."""
    found: list[list[str]] = readings_of(character, style=Style.NORMAL, heteronym=True)
    return found[0][:most]


@cache
def _learn_lexicon() -> None:
    """Tell pypinyin the hospital's words, once a process."""
    file = resources.files("exporter.voice").joinpath("lexicon.json")
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    load_single_dict({ord(word): pin for word, pin in words.items() if len(word) == 1})
    load_phrases_dict({word: [[said] for said in pin.split()] for word, pin in words.items()})


def pinyin(spoken: str, own: Mapping[str, str] | None = None, *, sandhi: bool = True) -> str:
    """Syllables with tone digits: 到了，C T室 is ``dao4 le5 , C T shi4``.

    Capitals stand for themselves, a comma for a pause, v for ü, 5 for no tone. `own` has the
    hospital's readings, by word. A character without a reading stands for itself.
    """
    _learn_lexicon()
    own = own or {}
    said = []
    for part in _apart(spoken, own):
        if part in own and (len(part) > 1 or part == spoken):
            said += own[part].split()
            continue
        said += lazy_pinyin(
            part,
            style=Style.TONE3,
            neutral_tone_with_five=True,
            tone_sandhi=sandhi,
            errors=_others,
        )
    return " ".join(_third_tones(said) if sandhi else said)


def _third_tones(said: list[str]) -> list[str]:
    """In a run of third tones all but the last become second, across words too.

    pypinyin does it within words of two syllables only.
    """
    follow = [*said, ""][1:]
    return [
        s[:-1] + "2" if s.endswith("3") and then.endswith("3") else s
        for s, then in zip(said, follow, strict=True)
    ]


def _apart(spoken: str, own: Mapping[str, str]) -> list[str]:
    """The text cut at the words that the hospital pronounces its own way, long ones first."""
    if not own or spoken in own:
        return [spoken]
    # A single character may be a word here and part of another word there.
    words = sorted((w for w in own if len(w) > 1), key=lambda w: (-len(w), w))
    if not words:
        return [spoken]
    return [part for part in re.split(f"({'|'.join(map(re.escape, words))})", spoken) if part]


def _others(text: str) -> Any:
    """Anything that is not Chinese: letters stand for themselves, commas for pauses."""
    return ["," if mark == _COMMA else mark for mark in text if not mark.isspace()]


def marked(said: str) -> str:
    """For people: ``zang4 yi1 ke1`` as zàng yī kē."""
    return " ".join(to_tone(s) if _SYLLABLE.fullmatch(s) else s for s in said.split())


def numbered(said: str) -> str:
    """What people wrote, with or without tone marks, as syllables with tone digits."""
    syllables = []
    for s in said.replace(_COMMA, " , ").replace(",", " , ").split():
        if s == "," or re.fullmatch("[A-Z]", s) or _SYLLABLE.fullmatch(s):
            syllables.append(s)
        else:
            syllables.append(to_tone3(s.lower(), neutral_tone_with_five=True))
    return " ".join(syllables)


def fits(said: str, spoken: str) -> bool:
    """Whether these are syllables of these characters, each one of its readings.

    A tone may differ: the hospital may know better. A different syllable means that the
    pinyin belongs to another text, such as the previous one.
    """
    marks = [mark for mark in spoken if not mark.isspace()]
    parts = said.split()
    if not is_pinyin(said) or len(parts) != len(marks):
        return False
    return all(
        part[:-1] in {reading.replace("\u00fc", "v") for reading in readings(mark, 99)}
        if _HAN.fullmatch(mark)
        else part == ("," if mark == _COMMA else mark)
        for part, mark in zip(parts, marks, strict=True)
    )


def is_pinyin(said: str) -> bool:
    """Whether every part is a syllable with its tone, a capital or a pause."""
    return all(s == "," or re.fullmatch("[A-Z]", s) or _SYLLABLE.fullmatch(s) for s in said.split())
