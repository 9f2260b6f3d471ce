"""Words of Taiwan and of Hong Kong: held against OpenCC's regional tables.

A text of a language is written back to simplified Chinese and forth again by the tables of its
region. What comes out otherwise is reviewed, word by word, in `data/regional_words.json`: what the
table has instead, and why it is not taken. What only the other region says is there too.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest

from navkit.words.folders import _SENTENCES, _WHOLE
from navkit.words.languages import language_of, nearest, words

REVIEWED: dict[str, Any] = json.loads(
    Path(__file__).with_name("data").joinpath("regional_words.json").read_text(encoding="utf-8")
)
NOT_ELEVATOR = ("扶手電梯",)
"""Where 電梯 is a part of another word."""


def texts(tag: str) -> Iterator[tuple[str, str]]:
    """Every text that readers of a language see or hear, with its file and key."""
    for name in (*_SENTENCES, "echo"):
        yield from _texts(words(tag, name), name)


def _texts(said: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(said, Mapping):
        for key, value in said.items():
            if key not in _WHOLE:
                yield from _texts(value, f"{at}.{key}")
    elif isinstance(said, list):
        for one in said:
            yield from _texts(one, at)
    else:
        yield at, str(said)


def as_reviewed(text: str, kept: Mapping[str, list[str]]) -> str:
    """A text of the tables with the words that were reviewed, the longest first."""
    for ours in sorted(kept, key=len, reverse=True):
        text = text.replace(kept[ours][0], ours)
    return text


@cache
def differing(tag: str) -> dict[str, tuple[str, str]]:
    """Texts that the tables of the region would write otherwise, and how, by file and key."""
    back, forth = (opencc.OpenCC(REVIEWED[tag][way]) for way in ("back", "forth"))
    written = {at: (text, forth.convert(back.convert(text))) for at, text in texts(tag)}
    return {at: (ours, theirs) for at, (ours, theirs) in written.items() if ours != theirs}


def disagreeing(tag: str, kept: Mapping[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Those that are still written otherwise with the words that were reviewed."""
    return {
        at: (ours, theirs)
        for at, (ours, theirs) in differing(tag).items()
        if as_reviewed(ours, kept) != as_reviewed(theirs, kept)
    }


@pytest.mark.parametrize("tag", REVIEWED)
def test_words_agree_with_the_regions_tables_or_were_reviewed(tag: str) -> None:
    assert disagreeing(tag, REVIEWED[tag]["kept"]) == {}


@pytest.mark.parametrize("tag", REVIEWED)
def test_every_reviewed_word_is_still_needed(tag: str) -> None:
    kept = REVIEWED[tag]["kept"]

    needless = [
        word for word in kept if not disagreeing(tag, {k: v for k, v in kept.items() if k != word})
    ]

    assert needless == []


@pytest.mark.parametrize("tag", REVIEWED)
def test_no_text_has_a_word_of_the_other_region(tag: str) -> None:
    never = REVIEWED[tag]["never"]

    found = {at: text for at, text in texts(tag) for word in never if word in text}

    assert found == {}


@pytest.mark.parametrize(
    ("path", "taiwan", "hong_kong"),
    [
        ("cross", "走過空橋，到{floor}", "走過天橋，到{floor}"),
        ("go-distance", "往前走約{cm}公尺", "往前走約{cm}米"),
        ("lift-up", "搭{connector}上到{level}", "乘搭{connector}上到{level}"),
        ("leave-escalator", "下手扶梯後", "下扶手電梯後"),
        ("leave-lift", "出電梯後", "出升降機後"),
        ("face-back", "背對 QR Code", "背對二維碼"),
        ("at-nth-door-left", "走到左手邊第{nth}扇門", "走到左手邊第{nth}道門"),
    ],
)
def test_each_region_says_it_in_its_own_words(path: str, taiwan: str, hong_kong: str) -> None:
    said = [words(tag, "guidance")["clauses"][path] for tag in REVIEWED]

    assert said == [taiwan, hong_kong]


def test_a_lift_of_hong_kong_is_no_dianti() -> None:
    for at, text in texts("zh-Hant-HK"):
        for word in NOT_ELEVATOR:
            text = text.replace(word, "")
        assert "電梯" not in text, (at, text)


def test_readers_of_a_region_get_its_language() -> None:
    assert [nearest([tag]) for tag in ("zh-TW", "zh-HK", "zh-MO", "zh-Hant", "yue")] == [
        "zh-Hant", "zh-Hant-HK", "zh-Hant-HK", "zh-Hant", "zh-Hant-HK",
    ]  # fmt: skip
    assert "zh-Hant" in language_of("zh-Hant-HK").fallbacks


def test_floors_of_hong_kong_are_said_as_posted(example: Any) -> None:
    speaker = example.venue.speaker("zh-Hant-HK")

    said = [speaker.level(label) for label in ("G/F", "UG", "LG", "1/F", "B1", "2F", "12/F")]

    assert said == ["地下", "上層地下", "下層地下", "一樓", "地庫一層", "二樓", "十二樓"]
