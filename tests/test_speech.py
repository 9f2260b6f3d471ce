"""The spoken form of written text, compared with cases that a person wrote beforehand."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.voice.pinyin import is_pinyin, numbered, pinyin
from navkit.guidance.guidance import phrases
from navkit.words.languages import languages
from navkit.words.speech import Speaker, Wording, choices

TRUTH = json.loads(
    (Path(__file__).parent / "conformance" / "speech.json").read_text(encoding="utf-8")
)
CASES: list[dict[str, Any]] = TRUTH["cases"]


def label(case: dict[str, Any]) -> str:
    return f"{case['language']}:{case['written']}"


def said(case: dict[str, Any]) -> str:
    speaker = Speaker(case["language"])
    as_level = speaker.level(case["written"])
    return as_level if case["kind"] == "floor" else speaker.name(case["written"])


@pytest.mark.parametrize("case", CASES, ids=map(label, CASES))
def test_is_said_as_a_person_would(case: dict[str, Any]) -> None:
    assert said(case) in [case["spoken"], *case.get("also", [])]


WITH_PINYIN = [case for case in CASES if "pinyin" in case]


@pytest.mark.parametrize("case", WITH_PINYIN, ids=map(label, WITH_PINYIN))
def test_is_pronounced_as_in_a_dictionary(case: dict[str, Any]) -> None:
    others = case.get("pinyin_also", [])
    right = [case["pinyin"], *([others] if isinstance(others, str) else others)]

    assert pinyin(case["spoken"], sandhi=False) in [numbered(one) for one in right]


POLYPHONES = Path(__file__).parents[1].parent / "shared/cases/reports/29-pinyin-polyphones"


def test_characters_with_several_readings_are_read_as_in_their_words() -> None:
    if not POLYPHONES.is_dir():
        pytest.skip(f"needs {POLYPHONES.relative_to(POLYPHONES.parents[4])}")
    words = json.loads((POLYPHONES / "words.json").read_text(encoding="utf-8"))

    said = {word: pinyin(word, sandhi=False) for word in words}

    # 不 changes its tone before others, and has none within 受不了.
    for word, right in words.items():
        assert said[word].replace("bu4", "bu") == re.sub("bu[245]", "bu", right), word


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("采血处", "cai3 xue4 chu4"),
        ("覃医生诊室", "qin2 yi1 sheng1 zhen3 shi4"),
        ("社区医生", "she4 qu1 yi1 sheng1"),
        ("检查主任办公室", "jian3 cha2 zhu3 ren4 ban4 gong1 shi4"),
        ("还片处", "huan2 pian4 chu4"),
    ],
)
def test_surnames_and_rooms_are_read_as_people_say_them(written: str, right: str) -> None:
    assert pinyin(written, sandhi=False) == right


def test_the_truth_is_broad() -> None:
    assert len(CASES) >= 240
    assert len(WITH_PINYIN) >= 110


WRITTEN = st.text(
    st.one_of(
        st.sampled_from("0123456789ABCTabcβⅡ①（）()[]【】/-~—～:：.、，,;；#&+%'\"“”° 　·*"),
        st.sampled_from("一二三诊室楼层號樓电梯内科病区米点分岁"),
        st.characters(),
    ),
    max_size=24,
)


@pytest.mark.parametrize("language", languages())
@given(written=WRITTEN)
@settings(max_examples=400, deadline=None)
def test_what_an_engine_may_be_given_is_free_of_digits_and_signs(
    language: str, written: str
) -> None:
    """Rules alone make most of it sayable; the rest is reported, not passed on."""
    speaker = Speaker(language)
    name = speaker.name(written)
    left = speaker.unsayable(name)

    assert not any(character in "0123456789()[]{}<>【】（）/;:；：、#~" for character in name)
    assert name == name.strip(" ，,")
    allowed = [c for c in name if c not in left]
    if language == "en":
        assert all(c.isascii() and (c.isalpha() or c in "' ,-") for c in allowed)
    else:
        assert all("\u3400" <= c <= "\u9fff" or c in "， " or "A" <= c <= "Z" for c in allowed)
    for word in "Starbucks", "ßeta", "Ж", "🙂", "٣x":
        assert speaker.unsayable(word) or (language == "en" and word == "Starbucks")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@given(st.text(st.sampled_from("一不左转走几步五百米三楼诊室ABC，采血处女绿"), max_size=12))
@settings(max_examples=200, deadline=None)
def test_pinyin_has_a_part_for_every_character(language: str, spoken: str) -> None:
    parts = pinyin(spoken).split()

    assert len(parts) == len(spoken)
    assert is_pinyin(pinyin(spoken))


def test_a_character_that_nobody_can_read_is_no_pinyin() -> None:
    assert not is_pinyin(pinyin("到\U0002ebe1室"))


def test_third_tones_change_before_third_tones_across_words() -> None:
    assert pinyin("走几步") == "zou2 ji3 bu4"
    assert pinyin("左转") == "zuo2 zhuan3"
    assert pinyin("到了，走五百米") == "dao4 le5 , zou2 wu2 bai2 mi3"
    assert pinyin("过一扇门") == "guo4 yi2 shan4 men2"


def test_a_hospital_chooses_between_right_readings() -> None:
    usual = Speaker("zh-Hans")
    own = Speaker("zh-Hans", Wording({"one": "幺", "below": "地下"}))

    assert (usual.name("1103诊室"), own.name("1103诊室")) == ("一一零三诊室", "幺幺零三诊室")
    assert (usual.name("1号电梯"), own.name("1号电梯")) == ("一号电梯", "一号电梯")
    assert (usual.level("B1"), own.level("B1")) == ("负一层", "地下一层")
    assert own.name("B2层药库") == "地下二层药库"
    assert all(words[0] for tag in languages() for words in choices(tag).values())


def test_the_hospitals_own_wording_goes_before_all_rules() -> None:
    own = Speaker("zh-Hans", Wording(names={"Starbucks": "星巴克", "3F": "三层", "A-1 药": "药"}))

    assert own.name("Starbucks") == "星巴克"
    assert own.level("3F") == "三层"
    assert own.sign("A-1 药", ["药"]) == "药"


def test_a_sign_is_said_without_the_name_that_was_told() -> None:
    chinese, english = Speaker("zh-Hans"), Speaker("en")
    names = ["针灸治疗室2", "Acupuncture Room 2"]

    assert chinese.sign("541 针灸治疗室2", names) == "五四一"
    assert english.sign("541 针灸治疗室2", names) == "five four one"
    assert english.sign("541 针灸室", names) == "five four one"
    assert english.sign("自助银行", ["Cash Machines"]) == ""
    assert chinese.sign("自助银行", ["自助银行"]) == "自助银行"
    assert chinese.sign("Starbucks", ["咖啡厅"]) == ""


@pytest.mark.parametrize("language", languages())
def test_cuts_change_no_word(language: str) -> None:
    """The templates of the pieces, put together, are the templates of the clauses."""
    book = phrases(language)

    for kind, cut in book["cuts"].items():
        assert cut.replace("|", "") == book["speech"].get(kind, book["clauses"][kind])
    speaker = Speaker(language)
    for written in ("1203诊室", "Ward 611", "口腔科11诊室", "入院检查室2", "B102"):
        said = speaker.name(written)
        assert "".join(speaker.pieces(said)).replace(" ", "") == said.replace(" ", "")
