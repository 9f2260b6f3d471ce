"""People's own words lead to what a hospital has, and nowhere else."""

from collections import Counter
from typing import Any

import pytest
from shapely import box
from test_join import plan, space

from exporter.bundle.search_file import floor_number, kinds, search_file
from exporter.bundle.symptoms import MOST_PLACES, absent, hints, other_words, symptoms
from exporter.words.screen_words import screen_words
from navkit.venue import directory
from navkit.venue.join import join
from navkit.venue.lookup import called, folded
from navkit.venue.venue import Venue
from navkit.words.languages import language_of, languages

ROWS: list[dict[str, Any]] = symptoms()["urgent"] + symptoms()["usual"]
CHINESE = ("zh-Hans", "zh-Hant")


def clinic(*rooms: str, listed: str = "", **more: Any) -> Venue:
    """Rooms in a row along a corridor, and what a directory says of them."""
    spaces = [space("走廊", box(0, 0, 5 * len(rooms), 2), "corridor")]
    for number, room in enumerate(rooms):
        spaces.append(space(room, box(5 * number, 2, 5 * number + 5, 6), **more))
    table = f"名称,房间,别名,权限\n{listed}" if listed else ""
    return join([plan(*spaces)], directory.parse(table, "directory.csv") if table else None)


def led(venue: Venue, word: str) -> list[str]:
    """Names of the places that a word leads to."""
    found = [hint for hint in hints(venue, languages()) if word in hint.words]
    return [venue.places[p].names["zh-Hans"] for hint in found for p in hint.places]


def test_every_row_leads_to_departments_that_are_known_and_every_department_is_led_to() -> None:
    """By what people feel or want, or by other words for it."""
    goals = {key for row in ROWS for key in row["to"]} | {"emergency"}
    departments = symptoms()["departments"]
    called = {
        key
        for key, patterns in departments.items()
        if sum("*" not in one and not one.startswith("category:") for one in patterns) > 1
    }

    assert goals <= set(departments) == goals | called


def test_a_short_name_belongs_to_one_department_and_no_name_of_the_venue_is_taken() -> None:
    venue = clinic("神外", "乳腺甲状腺外科", "泌尿外科", "骨科", "肿瘤科")
    words = [word for one in other_words(venue) for word in one.words]
    by_word = {word: one.places for one in other_words(venue) for word in one.words}

    assert len(words) == len(set(words))
    assert "神外" not in words
    assert [venue.places[p].names["zh-Hans"] for p in by_word["甲乳外科"]] == ["乳腺甲状腺外科"]
    assert [venue.places[p].names["zh-Hans"] for p in by_word["泌尿科"]] == ["泌尿外科"]
    assert "神内" not in words


def test_what_the_venue_has_not_is_known(example_venue: Venue) -> None:
    assert "停车" in absent(example_venue, ("zh-Hans",))
    assert "停车" not in absent(clinic("停车场", "骨科"), ("zh-Hans",))
    assert "肿瘤" not in absent(example_venue, ("zh-Hans",)), "there is a ward"


def test_a_word_stands_in_one_row_and_holds_no_other_word_of_its_row() -> None:
    own = [tag for tag in languages() if not language_of(tag).varies]
    counted = Counter(word for row in ROWS for tag in own for word in row[tag])
    assert [word for word, count in counted.items() if count > 1] == []
    for row in ROWS:
        chinese = [word for tag in CHINESE for word in row[tag]]
        for word in chinese:
            assert len(word) > 1, word
            assert not [one for one in chinese if one != word and one in word], word


def test_places_are_shown_that_visitors_may_enter_and_only_a_few(example_venue: Venue) -> None:
    found = hints(example_venue, languages())

    assert len(found) > 50
    for hint in found:
        assert 1 <= len(hint.places) <= MOST_PLACES
        assert all(example_venue.places[p].access == "public" for p in hint.places)


def test_urgent_words_come_first_and_lead_to_the_emergency_department_first(
    example_venue: Venue,
) -> None:
    urgent = symptoms()["urgent"]
    found = hints(example_venue, languages())[: len(urgent)]

    for row, hint in zip(urgent, found, strict=True):
        assert hint.words[0] == row["zh-Hans"][0]
        assert example_venue.places[hint.places[0]].category == "emergency"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("头疼", "神经内科"), ("牙齿", "口腔科"), ("眼睛", "眼科"), ("皮肤", "皮肤科"),
        ("發燒", "感染性疾病科"), ("toothache", "口腔科"), ("肚子疼", "消化内科"),
        ("打吊针", "门诊输液室"), ("病历", "病历复印处"), ("拿报告", "检验科报告领取处"),
        ("量体温", "分诊台"), ("大门", "门诊正门"),
    ],
)  # fmt: skip
def test_words_that_patients_type_lead_to_the_department_of_the_example(
    example_venue: Venue, word: str, name: str
) -> None:
    found = [
        example_venue.places[p].names["zh-Hans"]
        for hint in hints(example_venue, languages())
        if any(one in word for one in hint.words)
        for p in hint.places
    ]

    assert name in found


def test_a_department_that_a_hospital_has_not_is_led_to_by_no_word() -> None:
    venue = clinic("眼科", "放射科")

    assert led(venue, "眼睛") == ["眼科"]
    assert {p for hint in hints(venue, languages()) for p in hint.places} == {
        number for number, p in enumerate(venue.places) if p.names["zh-Hans"] in ("眼科", "放射科")
    }
    assert led(venue, "牙疼") == led(venue, "胸痛") == []


def test_no_word_leads_to_a_ward_a_store_or_where_only_staff_may_go() -> None:
    assert led(clinic("眼科", access="staff"), "眼睛") == []
    assert led(clinic("肿瘤科", category="ward"), "肿瘤") == []
    assert led(clinic("中药房", category="storage"), "拿药") == []
    assert led(clinic("中药房", category="pharmacy"), "拿药") == ["中药房"]


def test_a_word_that_the_hospital_gives_to_a_place_is_left_to_it() -> None:
    venue = clinic("口腔科", "导诊台", "急诊科", listed="导诊台,导诊台,牙疼；中风,公开\n")

    assert led(venue, "牙疼") == []
    assert led(venue, "牙痛") == ["口腔科"]
    assert led(venue, "中风") == ["急诊科"], "urgent words find the emergency department besides"


@pytest.mark.parametrize(
    "word", ["头晕", "頭暈", "dizzy", "心慌", "高烧", "肚子疼", "骨折", "过敏"]
)
def test_where_it_may_be_an_emergency_that_department_is_shown_too_whatever_the_word_is_given_to(
    word: str,
) -> None:
    heads = [f"神经内科{n}诊室" for n in range(2 * MOST_PLACES)]
    venue = clinic(*heads, "急诊科", "内科", listed=f"内科,内科,{word},公开\n")

    assert "急诊科" in led(venue, word)


@pytest.mark.slow
@pytest.mark.parametrize("tag", languages())
def test_what_a_chip_says_finds_what_the_chip_leads_to_whatever_that_is_called(tag: str) -> None:
    for category, word in screen_words()[tag]["categories"].items():
        venue = clinic("X 1", category=category)

        assert word in search_file(venue, [tag])["kinds"][category]


def test_a_word_for_a_category_is_left_to_a_place_of_that_name() -> None:
    assert "厕所" in kinds(clinic("WC 1", category="toilet"), ["zh-Hans"])["toilet"]
    assert "厕所" not in kinds(clinic("厕所", category="toilet"), ["zh-Hans"])["toilet"]
    assert kinds(clinic("X 1", category="ward"), languages()) == {}


@pytest.mark.parametrize(
    ("label", "number"),
    [("1F", 1), ("L12", 12), ("3", 3), ("B2", -2), ("-1", -1), ("Ｂ１", -1), ("1M", 0), ("EG", 0)],
)
def test_the_number_that_people_say_of_a_floor(label: str, number: int) -> None:
    assert floor_number(label) == number


def test_a_place_is_led_to_by_its_english_name_or_what_people_call_it() -> None:
    english = clinic("304", listed="304 室,304,Eye clinic,公开\n")
    called_so = clinic("305", listed="口腔颌面中心,305,牙科,公开\n")

    assert led(english, "眼睛") == ["304 室"]
    assert led(called_so, "牙疼") == ["口腔颌面中心"]


def test_the_search_file_has_words_of_its_languages_only(example_venue: Venue) -> None:
    for tags in (["en"], ["zh-Hans"], ["zh-Hant", "en"]):
        known = {word for row in ROWS for tag in tags for word in row[tag]}
        words = {word for row in search_file(example_venue, tags)["hints"] for word in row[0]}

        assert words <= known
        assert words


def test_no_word_of_a_hint_is_what_a_place_is_called_but_those_that_may_be_urgent(
    example_venue: Venue,
) -> None:
    names = {folded(text) for place in example_venue.places for text in called(place)}
    rows = symptoms()["urgent"] + [r for r in symptoms()["usual"] if "emergency" in r["to"]]
    urgent = {word for row in rows for tag in languages() for word in row[tag]}

    for hint in hints(example_venue, languages()):
        assert not [w for w in hint.words if folded(w) in names and w not in urgent]
