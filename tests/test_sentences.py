"""English sentences as readers and listeners get them: articles, verbs, floors, and where a
sentence ends. Chinese joins its clauses by commas."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from drawn import parse

from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.guidance import Clause, Teller, phrases
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue.join import join
from navkit.words.findings import NavkitError

HOUSE = """
level 1 0
+-----+-----+---+
|  A  |  B  | S |
+--d--+--d--+-o-+
e       C       |
+---------------+

level 2 1
+-----+-----+---+
|  D  |  E  | S |
+--d--+--d--+-o-+
|       F       |
+---------------+

A: room 分诊台 | Triage Desk
B: room 1007 | 1007
C: corridor
D: room 病案室 | Department of Records
E: room 博物馆 | 244, Museum
F: corridor
S: stairs TR07 | TR07
e: 正门 | Main entrance
"""


@pytest.fixture(scope="module")
def teller() -> Teller:
    return Teller(house().network, "en")


def house() -> Guide:
    venue = join([parse(HOUSE)])
    levels = tuple(replace(level, building="W") for level in venue.levels)
    return Guide(replace(venue, levels=levels, building_names={"W": {"en": "West Building"}}))


def said(teller: Teller, *cues: tuple[CueKind, dict[str, int]]) -> str:
    clauses: list[Clause] = [teller.clause(Cue(kind, slots)) for kind, slots in cues]
    text, speech = teller.sentence(clauses)
    assert speech
    return text


def place(guide: Guide, name: str) -> int:
    return next(i for i, p in enumerate(guide.venue.places) if name in p.names.values())


WALK = (CueKind.GO_DISTANCE, {"cm": 1500})
LEFT: tuple[CueKind, dict[str, int]] = (CueKind.TURN_LEFT, {})
DOOR: tuple[CueKind, dict[str, int]] = (CueKind.THROUGH_ANY_ONE, {})
LEAVING: tuple[CueKind, dict[str, int]] = (CueKind.LEAVE_LIFT, {})
SOON: tuple[CueKind, dict[str, int]] = (CueKind.AT_SOON, {})


def test_who_has_gone_too_far_is_told_nothing_else_in_that_sentence(teller: Teller) -> None:
    text = said(
        teller,
        (CueKind.TURN_RIGHT, {}),
        (CueKind.TOO_FAR, {"place": 0}),
        (CueKind.CROSS, {"floor": 1}),
    )

    assert re.fullmatch(r"Turn right\. If you see .* you have gone too far\. Cross .*\.", text)


@pytest.mark.parametrize(
    ("cues", "sentences"),
    [
        ([WALK], "Walk about 15 metres."),
        ([WALK, LEFT], "Walk about 15 metres and turn left."),
        ([SOON, LEFT], "After a few steps, turn left."),
        ([LEAVING, SOON, LEFT], "Leaving the lift, after a few steps, turn left."),
        ([DOOR, SOON, LEFT], "Go through the door. After a few steps, turn left."),
        ([DOOR, WALK, LEFT], "Go through the door and walk about 15 metres. Turn left."),
        ([DOOR, WALK, LEFT, WALK], "Go through the door and walk about 15 metres. Turn left and "
         "walk about 15 metres."),
    ],
)  # fmt: skip
def test_clauses_become_sentences_without_a_comma_between_two_of_them(
    cues: list[tuple[CueKind, dict[str, int]]], sentences: str, teller: Teller
) -> None:
    assert said(teller, *cues) == sentences


def test_every_clause_that_cannot_stand_alone_is_known_to_open_a_sentence() -> None:
    book = phrases("en")
    opens = re.compile(r"(?:at|after|past|leaving|entering|coming|with|facing)\b[^,]*$")

    found = {kind for kind, text in book["clauses"].items() if opens.match(text)}

    assert found == set(book["grammar"]["openers"])


def test_what_one_passes_belongs_to_the_walk(teller: Teller) -> None:
    desk = place(house(), "Triage Desk")
    passing = (CueKind.AND_PASSING, {"place": desk})

    assert said(teller, WALK, passing, LEFT) == (
        "Walk about 15 metres, passing the Triage Desk. Turn left."
    )
    assert said(teller, passing, SOON, LEFT) == (
        "Passing the Triage Desk, after a few steps, turn left."
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Triage Desk", "You have arrived. The Triage Desk is on your left."),
        ("1007", "You have arrived. Room 1007 is on your left."),
        ("Department of Records", "You have arrived. The Department of Records is on your left."),
        ("244, Museum", "You have arrived. 244, Museum is on your left."),
    ],
)
def test_a_name_has_its_article_and_a_number_its_room(
    name: str, sentence: str, teller: Teller
) -> None:
    assert said(teller, (CueKind.ARRIVE_LEFT, {"place": place(house(), name)})) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Registration and Cashier", "Registration and Cashier are on this floor."),
        ("Ear, Nose and Throat Clinic", "The Ear, Nose and Throat Clinic is on this floor."),
        ("Obstetrics and Gynaecology", "Obstetrics and Gynaecology is on this floor."),
    ],
)
def test_a_name_of_two_things_has_no_article(name: str, sentence: str) -> None:
    guide = Guide(join([parse(HOUSE.replace("Triage Desk", name))]))
    cue = (CueKind.OVERVIEW_PLACE_HERE, {"place": place(guide, name)})

    assert said(Teller(guide.network, "en"), cue) == sentence


def test_a_sign_that_says_the_name_is_not_told_again() -> None:
    guide = house()
    desk = place(guide, "Triage Desk")
    places = list(guide.venue.places)

    def shown(sign: str) -> str:
        places[desk] = replace(places[desk], on_door={"en": sign})
        network = Guide(replace(guide.venue, places=tuple(places))).network
        return Teller(network, "en").clause(Cue(CueKind.SIGN, {"sign": desk})).text

    assert shown("Triage Desk") == ""
    assert shown("12 Triage Desk") == "the sign says “12 Triage Desk”"


def test_a_staircase_that_has_only_a_code_is_called_a_staircase() -> None:
    guide = house()
    shaft = len(guide.venue.spaces) + len(guide.venue.doors)
    up = Cue(CueKind.STAIRS_UP_ONE, {"level": 1, "connector": shaft, "floors": 1})

    texts = {tag: Teller(guide.network, tag).clause(up).text for tag in ("en", "zh-Hans")}

    assert texts["en"] == "take staircase TR07 up one floor to floor 2"
    assert texts["zh-Hans"] == "走TR07号楼梯上一层，到2楼"


def test_a_floor_of_another_building_is_told_apart_from_the_building() -> None:
    guide = house()
    cross = Cue(CueKind.CROSS, {"floor": 1})

    texts = {tag: Teller(guide.network, tag).clause(cross).text for tag in ("en", "zh-Hans")}

    assert texts["en"] == "cross the bridge to floor 2 of the West Building"
    assert texts["zh-Hans"] == "走过连廊，到West Building 2楼"


def test_a_name_that_ends_with_a_stop_gets_no_second_one() -> None:
    guide = house()
    places = tuple(replace(p, names={"en": "EXAM / OFF."}, ref="") for p in guide.venue.places)
    teller = Teller(Guide(replace(guide.venue, places=places)).network, "en")

    assert said(teller, (CueKind.START, {"place": 0}), LEFT) == (
        "Start from EXAM / OFF. and turn left."
    )
    assert said(teller, (CueKind.TOWARDS, {"place": 0})) == "Walk towards EXAM / OFF."


@pytest.mark.slow
def test_no_sentence_in_english_joins_two_that_stand_alone_by_a_comma(example: Guide) -> None:
    """Over routes of every profile: after a comma no verb in the form of an order follows, unless
    what is before it opens the sentence."""
    order = re.compile(r"(?:^|[.] )(?:Walk|Turn|Go|Take|Cross|Start|Keep|Come)\b[^.]*, "
                       r"(?:walk|turn|go|take|cross|keep|you have)\b")  # fmt: skip
    ids = [p.id for p in example.venue.places if p.access == "public"][::40]
    found: list[Any] = []
    for who in profiles().values():
        for start, goal in pairwise(ids):
            try:
                route = example.route(start, goal, who)
            except NavkitError:
                continue
            told = example.tell(route, "en").instructions
            found += [one.text for one in told if order.search(one.text)]

    assert found == []
