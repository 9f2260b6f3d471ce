"""The rules of wording by their names in the guidance reference (M: Mandarin, R: every language),
held over phrases, and over routes through the example."""

import random
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from navkit.guidance.cues import CueKind
from navkit.guidance.guidance import Guidance, phrases
from navkit.guidance.measure import rounded_m
from navkit.guide import Guide
from navkit.route.profiles import profile, profiles
from navkit.words.findings import NavkitError
from navkit.words.languages import languages, words
from navkit.words.speech import Speaker, Wording

CHINESE = tuple(tag for tag in languages() if tag.startswith("zh"))
ROUTES = 60
MOST_CHARACTERS, MOST_WORDS, MOST_ON_A_CARD = 20, 14, 36


def spoken(language: str, kind: CueKind) -> str:
    book = phrases(language)
    said: str = book["speech"].get(kind, book["clauses"][kind])
    return said


def fixed(language: str, kind: CueKind) -> str:
    """What is said whatever fills the slots."""
    return re.sub(r"\{\w+\}", "", spoken(language, kind))


@pytest.fixture(scope="module")
def told(example: Guide) -> dict[str, list[Guidance]]:
    """Sixty routes through the example, by anybody, in every language."""
    ids = [place.id for place in example.venue.places if place.access == "public"]
    dice = random.Random(8)
    found: dict[str, list[Guidance]] = {tag: [] for tag in languages()}
    while len(found["en"]) < ROUTES:
        start, goal, who = dice.choice(ids), dice.choice(ids), dice.choice([*profiles().values()])
        try:
            route = example.route(start, goal, who)
        except NavkitError:
            continue
        for tag, some in found.items():
            some.append(example.tell(route, tag))
    return found


def cards(some: list[Guidance]) -> Iterator[str]:
    for one in some:
        yield from (card.speech for card in one.instructions)


def clauses(some: list[Guidance]) -> Iterator[str]:
    for one in some:
        yield from (clause.speech for card in one.instructions for clause in card.clauses)
        yield from (clause.speech for clause in one.overview.clauses)


@pytest.mark.parametrize("tag", CHINESE)
def test_m1_the_condition_comes_before_the_turn(tag: str, told: dict[str, list[Guidance]]) -> None:
    for one in told[tag]:
        for card in one.instructions:
            kinds = [clause.kind.family for clause in card.clauses]
            turns = [i for i, family in enumerate(kinds) if family in ("turn", "keep")]
            assert all(
                not kinds[i + 1 :] or kinds[i + 1].startswith(AFTER) or ACTS & {*kinds[i + 1 :]}
                for i in turns
            ), card.text


AFTER = ("too-far", "unsure", "over")
ACTS = {
    "turn",
    "keep",
    "find",
    "arrive",
    "arrive-anchor",
    "way-in",
    "on-distance",
    "towards",
    "towards-shaft",
    "towards-anchor",
    "through-one",
    "cross",
}
"""Families of clauses that a second action on a card has."""


@pytest.mark.parametrize("tag", CHINESE)
def test_m2_left_and_right_but_no_points_of_the_compass(tag: str) -> None:
    assert [kind for kind in CueKind if re.search("[东東南西北]", fixed(tag, kind))] == []


@pytest.mark.parametrize("tag", CHINESE)
def test_m3_one_turns_left_and_it_is_at_your_left_hand(tag: str) -> None:
    for kind in CueKind:
        if kind.family == "turn" and kind.form in ("left", "right"):
            assert re.fullmatch("[左右][转轉]", spoken(tag, kind))
        if kind.family in ("find", "arrive", "way-in") and kind.form in ("left", "right"):
            assert "您左手" in spoken(tag, kind) or "您右手" in spoken(tag, kind)


@pytest.mark.parametrize("tag", CHINESE)
def test_m4_floors_are_said_by_the_posted_label(tag: str, example: Guide) -> None:
    said = example.venue.speaker(tag).level

    assert [said("3F"), said("B1")] == ["三楼" if tag == "zh-Hans" else "三樓", said("-1")]
    below = {"zh-Hans": ("负一", "地下"), "zh-Hant": ("負一", "地下"), "zh-Hant-HK": ("地庫一",)}
    assert said("B1").startswith(below[tag])


@pytest.mark.parametrize("tag", CHINESE)
def test_m5_each_way_between_floors_has_a_word_of_its_own(tag: str) -> None:
    shafts = phrases(tag)["shafts"]

    assert len(set(shafts.values())) == len(shafts) == 4


def test_m6_metres_are_rounded_and_never_nought() -> None:
    assert all(rounded_m(cm) >= 1 for cm in range(0, 2000, 7))
    assert all(rounded_m(100 * m) % 5 == 0 for m in range(10, 50))
    assert all(rounded_m(100 * m) % 10 == 0 for m in range(55, 300))


@pytest.mark.parametrize("tag", CHINESE)
def test_m6_two_doors_take_the_word_for_two_things(tag: str) -> None:
    assert phrases(tag)["numbers"]["2"] in ("两", "兩")


@pytest.mark.parametrize("tag", CHINESE)
def test_m7_nobody_drives(tag: str) -> None:
    driving = "行驶|行駛|调头|調頭|驶入|駛入|偏航"

    assert [kind for kind in CueKind if re.search(driving, fixed(tag, kind))] == []


@pytest.mark.parametrize("tag", CHINESE)
def test_m8_an_action_is_short(tag: str, told: dict[str, list[Guidance]]) -> None:
    said = [*clauses(told[tag])]

    assert all(one.count("请") + one.count("請") <= 1 for one in said)
    assert [one for one in said if len(one.replace("，", "")) > MOST_CHARACTERS] == []


@pytest.mark.parametrize("tag", CHINESE)
def test_m9_speech_has_no_marks_but_comma_and_stop(
    tag: str, told: dict[str, list[Guidance]]
) -> None:
    assert [one for one in cards(told[tag]) if re.search(r"[^\w\s，。]", one)] == []


@pytest.mark.parametrize("tag", languages())
def test_m14_what_says_left_is_left(tag: str) -> None:
    left, right = ("left", "right") if tag == "en" else ("左", "右")
    for kind in CueKind:
        said = fixed(tag, kind)
        assert (left in said) == (kind.form == "left"), kind
        assert (right in said) == (kind.form == "right"), kind


def test_r4_there_is_no_slight_turn() -> None:
    for tag in languages():
        for kind in CueKind:
            assert not re.search("slight|稍|略", fixed(tag, kind))


def test_r5_an_overview_has_four_legs_at_most(told: dict[str, list[Guidance]]) -> None:
    assert max(len(one.overview.clauses) for one in told["en"]) <= 2 + 4


def test_r7_a_change_of_floor_names_way_and_floor() -> None:
    for kind in CueKind:
        if kind.sign == "change":
            for tag in languages():
                assert {"level"} <= set(re.findall(r"\{(\w+)\}", spoken(tag, kind)))


def test_r12_text_and_speech_come_from_the_same_cues(told: dict[str, list[Guidance]]) -> None:
    for tag in languages():
        for one in told[tag]:
            assert all(card.clauses and card.text and card.speech for card in one.instructions)


def test_sentences_in_english_are_short(told: dict[str, list[Guidance]]) -> None:
    """Articles are not counted: they carry no news."""
    found = [[word for word in one.split() if word != "the"] for one in clauses(told["en"])]

    assert [one for one in found if len(one) > MOST_WORDS] == []


@pytest.mark.parametrize(("tag", "most"), [("zh-Hans", 0.11), ("zh-Hant", 0.12)])
def test_few_cards_are_long(tag: str, most: float, told: dict[str, list[Guidance]]) -> None:
    """The share of cards of more than 36 characters. The aim is none; it may only become less."""
    said = [*cards(told[tag])]

    assert sum(len(one) > MOST_ON_A_CARD for one in said) / len(said) <= most


SEEING = re.compile(
    "看|見到|见到|写着|寫[著着]|指示牌|地[线線]|\\b(?:see|look|sign|signs|says|read|red|line)\\b"
)
"""What only eyes can do, in every language."""


@pytest.mark.slow
@pytest.mark.parametrize("tag", languages())
def test_r6_low_vision_is_told_nothing_that_must_be_seen_or_read(tag: str, example: Guide) -> None:
    """Over routes through the example; sighted walkers are told such things on the same routes."""
    ids = [place.id for place in example.venue.places if place.access == "public"][::30]
    kinds: dict[str, set[CueKind]] = {"low-vision": set(), "walk": set()}
    for who, said in kinds.items():
        for start, goal in pairwise(ids):
            told = example.tell(example.route(start, goal, profile(who)), tag)
            said |= {clause.kind for card in told.instructions for clause in card.clauses}

    assert {kind for kind in kinds["low-vision"] if SEEING.search(fixed(tag, kind))} == set()
    assert {kind for kind in kinds["walk"] if SEEING.search(fixed(tag, kind))} >= {
        CueKind.TOO_FAR, CueKind.SIGN,
    }  # fmt: skip


def test_r13_where_there_is_no_way_it_is_said_why_and_what_to_do(example: Guide) -> None:
    lifts = {one.id for one in example.venue.connectors if one.kind == "elevator"}
    with pytest.raises(NavkitError) as refused:
        example.route("mz-1F-A101", "mz-2F-205", profile("wheelchair"), closed=lifts)

    for tag in languages():
        assert refused.value.finding.code.startswith("no-route")
        said = refused.value.finding.text(tag)
        assert re.search("服务台|服務台|詢問處|desk|[Aa]sk", said), said


@pytest.mark.parametrize("tag", languages())
def test_m13_nobody_is_blamed(tag: str) -> None:
    """Neither by directions nor by what the screen says on the way."""
    screen = words(tag, "screen")
    said = [fixed(tag, kind) for kind in CueKind]
    said += [str(text) for part in ("walk", "closure", "start") for text in screen[part].values()]

    blame = re.compile(
        "偏航|您错|您錯|走错|走錯|不该|不該|\\b(?:wrong way|mistake|fault|failed to)\\b", re.I
    )
    assert [text for text in said if blame.search(text)] == []


def test_m10_letters_are_spelled_and_a_hospital_has_the_last_word() -> None:
    own = Wording(names={"重症医学科": "重症监护"})

    assert Speaker("zh-Hans").name("DR室") == "D R室"
    assert Speaker("zh-Hans").name("B超室") == "B超室"
    assert Speaker("zh-Hans", own).name("重症医学科") == "重症监护"
    assert Speaker("zh-Hans", own).name("CT室") == "C T室"
