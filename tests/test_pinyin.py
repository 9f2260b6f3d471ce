"""How Chinese is read aloud: characters of two readings, and surnames, as a person wrote them down.

`tests/data/pinyin.json` has, by character and reading, words of hospitals in which it is read so.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CASES
from pypinyin.contrib.tone_convert import to_tone3

from exporter.voice.pinyin import fits, pinyin, readings

DATA = Path(__file__).parent / "data" / "pinyin.json"
WORDS: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))

PEOPLE = """
    卜医生 bǔ   华大夫 huà   查主任 zhā   翟教授 zhái
    盖护士 gě   乐医生 yuè   朴主任 piáo   宁医生 nìng
    覃医生 qín   缪教授 miào   区医生 ōu   单主任 shàn
    解护士长 xiè   仇医师 qiú   任院长 rén   曾老师 zēng
    单志强主任 shàn   华晓明主任医师 huà   任继学名医工作室 rén   查先生 zhā
    盖女士 gě   骨科单主任诊室 shàn   外科任大夫 rén   走到单主任诊室 shàn
    专家任医生 rén   單醫生 shàn   華醫師 huà   蓋護士 gě
    樂醫生 yuè   繆醫生 miào   區醫生 ōu   冼医生 xiǎn
    尉迟主任 yù   长孙医生 zhǎng
"""
"""Names with their surname's reading."""

NO_PEOPLE = """
    检查主任医师 查 chá   查房医生 查 chá   查体护士 查 chá
    责任护士 任 rèn   任务主任 任 rèn   前任院长 任 rèn
    主任医生 任 rèn   病区护士站 区 qū   B区主任办公室 区 qū
    社区医生 区 qū   南区护士长 区 qū   解剖教授 解 jiě
    讲解护士 解 jiě   单元主任 单 dān   名单专家 单 dān
    中华医师 华 huá   华侨医生 华 huá   宁波专家 宁 níng
    南宁专家 宁 níng   音乐老师 乐 yuè   乐龄护士 乐 lè
    盖章处长 盖 gài   种植专家 种 zhòng   员工医生 员 yuán
    过敏专家 过 guò
"""
"""Words before titles that are nobody's name: text, character, reading."""


def numbered(marked: str) -> str:
    said: str = to_tone3(marked, neutral_tone_with_five=True)
    return said.replace("ü", "v")


def read(text: str, character: str) -> set[str]:
    """The readings of a character in a text."""
    said = pinyin(text, sandhi=False).split()
    assert len(said) == len(text), text
    return {one for one, mark in zip(said, text, strict=True) if mark == character}


@pytest.mark.parametrize("character", WORDS)
def test_a_character_is_read_as_its_word_wants(character: str) -> None:
    wrong = {
        word: read(word, character)
        for reading, words in WORDS[character].items()
        for word in words.split()
        if numbered(reading) not in read(word, character)
    }

    assert wrong == {}


def test_surnames_before_titles_are_read_as_surnames() -> None:
    rows = PEOPLE.split()
    for name, reading in zip(rows[::2], rows[1::2], strict=True):
        said = pinyin(name, sandhi=False).split()
        assert numbered(reading) in said, (name, said)


def test_words_that_only_look_like_surnames_are_not() -> None:
    rows = NO_PEOPLE.split()
    for text, character, reading in zip(rows[::3], rows[1::3], rows[2::3], strict=True):
        assert read(text, character) == {numbered(reading)}, text


def test_the_hospitals_own_reading_of_a_name_goes_before_the_rule() -> None:
    assert pinyin("单主任诊室", {"单主任": "dan1 zhu3 ren4"}, sandhi=False).startswith("dan1 ")


def test_a_name_is_read_alike_by_itself_and_in_a_sentence() -> None:
    """Else its clip could not be used in the sentence."""
    for name in ("单主任诊室三", "查教授工作室", "长海楼", "还片处"):
        for before in ("", "到了，", "走到", "在", "经过"):
            said = pinyin(before + name, sandhi=False)
            assert said.endswith(pinyin(name, sandhi=False)), before + name


def test_what_is_not_usual_is_still_a_reading_that_staff_may_sign() -> None:
    assert fits("xian4 xie3", "献血")
    assert "zhang" in readings("长") and readings("长")[0] == "chang"


def test_the_words_that_others_stumbled_over() -> None:
    file = CASES / "reports" / "29-pinyin-polyphones" / "words.json"
    if not file.exists():
        pytest.skip("the case of polyphones is not here")
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))

    said = {word: pinyin(word, sandhi=False) for word in words}
    wrong = {
        word: one
        for word, one in said.items()
        if words[word]
        not in (one, one.replace("bu4", "bu2"), one.replace("bu4 liao3", "bu5 liao3"))
    }

    assert wrong == {}


@pytest.mark.process
def test_threads_that_ask_at_once_learn_once() -> None:
    """In a process of its own: the first question of a process is the one that learns."""
    code = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from exporter.voice.pinyin import readings\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    print(*{tuple(one) for one in pool.map(readings, '血' * 40)})\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("('xue'")
    assert ran.stdout.count("(") == 1
