"""What a drawing writes is not always a name: a word for a kind of thing becomes the word of the
language, and what no voice can say is called by its kind and the number on its door."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT
from drawn import parse
from drawn_ways import FOUR_ROOMS, ROOMS
from shapely import Point

from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.guidance import Teller
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.venue.join import join
from navkit.venue.lookup import Spot, find
from navkit.venue.naming import sign_called, unsaid
from navkit.venue.venue import Anchor, Venue
from navkit.words.called import called
from navkit.words.languages import languages, words
from navkit.words.speech import Speaker, Wording

NODE = shutil.which("node")

TWO_FLOORS = """
level 1F 0
+-------+---+
|   C   a L |
e       +---+
+-------+

level 2F 1
+-------+---+
|   E   a L |
+-------+---+

C: corridor
E: corridor
L: elevator
e: 正门 | Main entrance
"""


def shown(written: str, language: str, *, way: bool = False) -> str:
    return called({"": written}, Speaker(language), way=way).text


def heard(written: str, language: str, kind: str = "", number: str = "") -> str:
    return called({"": written}, Speaker(language), kind, number, way=False).speech


@pytest.mark.parametrize(
    ("written", "hans", "hant", "en"),
    [
        ("Elevator", "电梯", "電梯", "Lift"),
        ("LIFT", "电梯", "電梯", "Lift"),
        ("电梯", "电梯", "電梯", "Lift"),
        ("Elevator 2", "2号电梯", "2號電梯", "Lift 2"),
        ("LIFT NO. 3", "3号电梯", "3號電梯", "Lift 3"),
        ("2号电梯", "2号电梯", "2號電梯", "Lift 2"),
        ("Aufzug1", "1号电梯", "1號電梯", "Lift 1"),
        ("STAIRS", "楼梯", "樓梯", "Stairs"),
        ("Staircase B", "B楼梯", "B樓梯", "Stairs B"),
        ("樓梯", "楼梯", "樓梯", "Stairs"),
        ("CORRIDOR", "走廊", "走廊", "Corridor"),
        ("Rm. 204", "204房间", "204房間", "Room 204"),
        ("Classroom 303", "303教室", "303教室", "Classroom 303"),
        ("W. TOILET", "女卫生间", "女洗手間", "W. toilet"),
    ],
)
def test_a_word_is_no_name(written: str, hans: str, hant: str, en: str) -> None:
    assert [shown(written, tag) for tag in ("zh-Hans", "zh-Hant", "en")] == [hans, hant, en]


@pytest.mark.parametrize(
    "name", ["病床电梯1", "Main stairs", "Liftoff Café", "Store", "Ward C", "心内科"]
)
def test_a_name_that_says_more_stays(name: str) -> None:
    assert shown(name, "en") == name


def test_every_word_for_a_thing_has_a_word_in_every_language() -> None:
    data = json.loads((ROOT / "navkit/words/generic.json").read_text(encoding="utf-8"))

    for kind in (*data["ways"], *data["rooms"]):
        for tag in languages():
            places = words(tag, "places")
            assert kind in places["kinds"] or kind in places["categories"], (kind, tag)


def test_floors_and_direction_in_the_name_of_a_way_are_said_anyway() -> None:
    assert shown("Escalator up 1F–2F", "en", way=True) == "Escalator"
    assert shown("上行扶梯（1F—2F）", "zh-Hant", way=True) == "手扶梯"
    assert shown("Escalator up 1F–2F", "en") == "Escalator up 1F–2F"


@pytest.mark.parametrize(
    ("written", "kind", "number", "hans", "en"),
    [
        ("Starbucks", "cafe", "", "咖啡厅", "Starbucks"),
        ("PHYSICAL EXAM", "exam", "1C18", "一C十八检查室", "physical exam"),
        ("Reading hall", "", "", "这个房间", "Reading hall"),
        ("心内科", "", "", "心内科", "this room"),
        ("心内科", "", "A107", "心内科", "Room A one zero seven"),
        ("Room", "", "", "这个房间", "this room"),
        ("PET-CT", "", "", "P E T C T", "P E T C T"),
    ],
)
def test_what_no_voice_can_say_is_called_by_kind_and_number(
    written: str, kind: str, number: str, hans: str, en: str
) -> None:
    assert [heard(written, tag, kind, number) for tag in ("zh-Hans", "en")] == [hans, en]


def test_what_staff_have_signed_is_said() -> None:
    speaker = Speaker("zh-Hans", Wording(names={"Starbucks": "星巴克"}))

    assert called({"": "Starbucks"}, speaker, "cafe", way=False).speech == "星巴克"


@pytest.fixture(scope="module")
def foreign() -> Venue:
    """A floor by somebody who writes English, and capitals."""
    venue = join([parse(ROOMS + FOUR_ROOMS)])
    room, other, *rest, gate = venue.places
    places = (
        replace(room, names={"": "BMET OFFICE UNIT"}),
        replace(other, on_door={"": "Starbucks Coffee"}),
        *rest,
        replace(gate, names={"": "MAIN GATE"}),
    )
    return replace(venue, places=places)


def test_a_sign_that_cannot_be_said_is_only_shown(foreign: Venue) -> None:
    guide = Guide(foreign)
    told = guide.tell(guide.route("A", "B", profile("walk")), "zh-Hans").instructions[-1]

    assert told.clauses[-1].text == "门口写着“Starbucks Coffee”"
    assert told.clauses[-1].speech == ""
    assert "门口" not in told.speech
    assert "外文" not in told.speech


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (CueKind.FIND_LEFT, "STAIRS", "the stairs are on your left"),
        (CueKind.FIND_LEFT, "Elevator", "the lift is on your left"),
        (CueKind.FIND_AHEAD, "Elevator 2", "Lift 2 is straight ahead"),
        (CueKind.FIND_LEFT, "Visitor lifts", "the Visitor lifts are on your left"),
        (CueKind.TOWARDS_SHAFT, "Escalator up 1F–2F", "walk towards the escalator"),
    ],
)
def test_english_has_articles_and_plurals(kind: CueKind, name: str, said: str) -> None:
    venue = join([parse(TWO_FLOORS)])
    lift = replace(venue.connectors[0], names={"": name})
    guide = Guide(replace(venue, connectors=(lift,)))
    number = len(venue.spaces) + len(venue.doors)

    clause = Teller(guide.network, "en").clause(Cue(kind, {"connector": number}))

    assert clause.text == said


def test_a_code_that_is_somewhere_is_the_code_there(foreign: Venue) -> None:
    anchor = Anchor("a", "A1", "H", Point(2, -3), names={"en": "Inside the main entrance"})
    guide = Guide(replace(foreign, anchors=(anchor,)))

    clause = Teller(guide.network, "en").clause(Cue(CueKind.START_ANCHOR, {"anchor": 0}))

    assert clause.text == "start from the code inside the main entrance"


def test_readers_find_it_by_either_word() -> None:
    venue = join([parse(ROOMS + FOUR_ROOMS)])
    room, *rest = venue.places
    venue = replace(venue, places=(replace(room, names={"": "CLASSROOM 303"}), *rest))

    assert find(venue, "303教室") == find(venue, "Classroom 303") == Spot((0,))


def test_the_names_that_are_only_shown_are_counted(foreign: Venue) -> None:
    names = unsaid(foreign, foreign.speaker("zh-Hans"))

    assert [name.text for name in names] == ["BMET OFFICE UNIT", "MAIN GATE"]
    assert unsaid(foreign, foreign.speaker("en")) == []


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_phone_is_silent_where_python_is(foreign: Venue, tmp_path: Path) -> None:
    guide = Guide(foreign)
    write_bundle(make_bundle(guide, languages()), tmp_path)
    script = (
        "import { openFolder } from './tests/runtime/bundle.mjs';"
        f"const bundle = openFolder({json.dumps(str(tmp_path))});"
        "const route = bundle.route('A', 'B', { profile: 'walk' });"
        "const told = bundle.tell(route, 'zh-Hans').instructions;"
        "console.log(JSON.stringify(told.map((one) => [one.text, one.speech])));"
    )

    command = [str(NODE), "--input-type=module", "-e", script]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT)

    told = guide.tell(guide.route("A", "B", profile("walk")), "zh-Hans").instructions
    assert done.stderr == ""
    assert json.loads(done.stdout) == [[one.text, one.speech] for one in told]
    assert told[-1].text.endswith("门口写着“Starbucks Coffee”。")


# ------------------------------------------------- names in another script


@pytest.mark.parametrize(
    ("names", "tag", "text", "is_derived"),
    [
        ({"zh-Hans": "门诊楼"}, "zh-Hant", "門診樓", True),
        ({"zh-Hans": "里间"}, "zh-Hant", "裡間", True),
        ({"zh-Hans": "里间"}, "zh-Hant-HK", "裏間", True),
        ({"zh-Hans": "取药窗口"}, "zh-Hant", "取藥窗口", True),
        ({"zh-Hans": "急诊", "zh-Hant": "急診部"}, "zh-Hant", "急診部", False),
        ({"zh-Hans": "急诊", "zh-Hant": "急診部"}, "zh-Hant-HK", "急診部", False),
        ({"zh-Hans": "急诊", "zh-HK": "急症"}, "zh-Hant-HK", "急症", False),
        ({"zh-Hans": "病房"}, "zh-Hant", "病房", False),
        ({"": "门诊楼"}, "zh-Hant", "门诊楼", False),
        ({"zh-Hans": "卫生间"}, "zh-Hant", "洗手間", False),
        ({"zh-Hans": "门诊楼"}, "zh-Hans", "门诊楼", False),
    ],
)
def test_a_name_without_traditional_characters_is_derived_and_marked(
    names: dict[str, str], tag: str, text: str, is_derived: bool
) -> None:
    found = called(names, Speaker(tag), way=False)

    assert (found.text, found.derived) == (text, is_derived)


def test_derived_names_are_counted_and_signs_stay_as_they_stand() -> None:
    venue = join([parse(TWO_FLOORS)])
    place = replace(
        venue.places[0], names={"zh-Hans": "挂号处"}, on_door={"zh-Hans": "挂号处 东"}, ref=""
    )
    guide = Guide(replace(venue, places=(place, *venue.places[1:])))

    bundle = make_bundle(guide, ("zh-Hans", "zh-Hant", "zh-Hant-HK"))

    told = {f.where: f.slots["names"] for f in bundle.findings if f.code == "names-derived"}
    assert told.keys() == {"zh-Hant", "zh-Hant-HK"}
    assert "掛號處" in told["zh-Hant"]
    assert sign_called(place, guide.venue.speaker("zh-Hant")).text == "挂号处 东"


def test_without_opencc_names_are_shown_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opencc", None)

    found = called({"zh-Hans": "门诊楼"}, Speaker("zh-Hant"), way=False)

    assert (found.text, found.derived) == ("门诊楼", False)
