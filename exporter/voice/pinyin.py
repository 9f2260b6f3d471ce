"""How Chinese is pronounced: readings of characters, and the pinyin of what is said.

Readings come from pypinyin; where it is wrong for hospitals, `lexicon.json` has the word,
`readings.json` the character, and `surnames.py` knows who is called by a surname. pypinyin is
imported where it is called: its dictionaries take longer to load than most commands take.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from threading import Lock
from typing import Any

from exporter.voice.surnames import surnames

_LEARNING = Lock()
"""pypinyin's dictionaries may not be read while they learn: a server asks from several threads."""

_COMMA = "\uff0c"
_HAN = re.compile("[\u3400-\u9fff]")
_SYLLABLE = re.compile("[a-z]+[1-5]")


def readings(character: str, most: int = 3) -> list[str]:
    """Readings of one character, without tones, the one that is usual in hospitals first."""
    return list(_readings(character)[:most])


@cache  # Every bundle asks for those of all common characters.
def _readings(character: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin

    with _LEARNING:
        _learn()
    found: list[list[str]] = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(found[0])


@cache
def _learn() -> None:
    """Tell pypinyin how hospitals read: once a process.

    `readings.json` has the `usual` reading of a character outside the words that pypinyin knows,
    and the `only` one, which holds within them too: 血 is xuè in 出血 as in 采血.
    """
    from pypinyin import load_phrases_dict, load_single_dict
    from pypinyin.constants import PHRASES_DICT

    read = _table("readings")
    first = read["usual"] | read["only"]
    load_single_dict({ord(one): ",".join(_said_first(one, said)) for one, said in first.items()})
    only = read["only"]
    load_phrases_dict(
        {
            phrase: [[only.get(one, said[0])] for one, said in zip(phrase, syllables, strict=False)]
            for phrase, syllables in PHRASES_DICT.items()
            if any(one in phrase for one in only)
        }
    )
    words = _table("lexicon")
    load_single_dict({ord(word): said for word, said in words.items() if len(word) == 1})
    load_phrases_dict({word: [[one] for one in said.split()] for word, said in words.items()})


@cache
def _table(name: str) -> Any:
    file = resources.files("exporter.voice").joinpath(f"{name}.json")
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def _simplified() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _table("readings")["simplified"].split()}


def _said_first(character: str, said: str) -> list[str]:
    """All readings of a character, this one first."""
    from pypinyin.constants import PINYIN_DICT

    known: list[str] = PINYIN_DICT[ord(character)].split(",")
    return [said, *(one for one in known if one != said)]


def pinyin(spoken: str, own: Mapping[str, str] | None = None, *, sandhi: bool = True) -> str:
    """Syllables with tone digits: 到了，C T室 is ``dao4 le5 , C T shi4``.

    Capitals stand for themselves, a comma for a pause, v for ü, 5 for no tone. `own` has the
    hospital's readings, by word. A character without a reading stands for itself.
    """
    with _LEARNING:
        _learn()
    own = own or {}
    said = []
    for part in _apart(spoken, own):
        if part in own and (len(part) > 1 or part == spoken):
            said += own[part].split()
        else:
            said += _read(part, sandhi)
    return " ".join(_third_tones(said) if sandhi else said)


def _read(text: str, sandhi: bool) -> list[str]:
    """A text by the rules, which are written in simplified characters.

    People's names are cut out, and so are words that pypinyin would not find: in 骨科长廊 it takes
    科长 first.
    """
    from pypinyin.constants import PHRASES_DICT
    from pypinyin.contrib.tone_convert import to_tone3

    text = text.translate(_simplified())
    said, at = [], 0
    for surname, reading in surnames(text, PHRASES_DICT):
        said += _by_pypinyin(text[at:surname], sandhi)
        said.append(to_tone3(reading))
        at = surname + 1
    return [*said, *_by_pypinyin(text[at:], sandhi)]


def _by_pypinyin(text: str, sandhi: bool) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    parts = re.split(f"({'|'.join(_table('readings')['firm'])})", text)
    return [
        syllable
        for part in parts
        for syllable in lazy_pinyin(
            part,
            style=Style.TONE3,
            neutral_tone_with_five=True,
            tone_sandhi=sandhi,
            errors=_others,
        )
    ]


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
    from pypinyin.contrib.tone_convert import to_tone

    return " ".join(to_tone(s) if _SYLLABLE.fullmatch(s) else s for s in said.split())


def numbered(said: str) -> str:
    """What people wrote, with or without tone marks, as syllables with tone digits."""
    from pypinyin.contrib.tone_convert import to_tone3

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
