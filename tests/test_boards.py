"""Boards that hang and lines on the floor: entered by staff, told where the way really follows them
(rules M12 and R1 of the guidance reference)."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import falsehoods
import pytest
from drawn import parse
from drawn_ways import BLUE, GREEN, MARKED, ROOMS, TO_THE_LEFT, UP_TO_A, Way
from test_guidance_drawn import house, route_of, told

from exporter.bundle.bundle import make_bundle, write_bundle
from exporter.paper.cards import route_svg
from exporter.paper.drawing import STRIPE_OPACITY
from navkit.guidance.cues import NEEDS_SIGHT, Cue, CueKind
from navkit.guidance.steps import steps_of
from navkit.guide import Guide
from navkit.plan.colours import colours
from navkit.route.profiles import profiles
from navkit.venue import corrections
from navkit.venue.join import join
from navkit.venue.venue import Board, Stripe, Venue, from_json, to_json
from navkit.walk.verdict import Judge
from navkit.words.findings import NavkitError
from tools.walking import account_of

NODE = shutil.which("node")
BUNDLE_MJS = Path(__file__).parent / "runtime" / "bundle.mjs"
WAY = Way(UP_TO_A, "正门", "A", "", "")
HANGS: dict[str, Any] = {
    "do": "add-board",
    "id": "b",
    "space": "H",
    "point": [12, -6.2],
    "bearing_deg": 90,
    "text": "放射科",
    "arrow": "left",
    "leads": ["A"],
}
LIES: dict[str, Any] = {
    "do": "add-stripe",
    "id": "s",
    "level": "1F",
    "colour": "blue",
    "course": [[0.5, -7], [13, -7], [13, -3]],
    "leads": ["A"],
}


def corrected(*changes: dict[str, Any]) -> Venue:
    said = corrections.parse({"navkit-corrections": 1, "changes": [*changes]}, "c.json")
    return join([parse(ROOMS + UP_TO_A)], corrections=said)


def found(venue: Venue) -> list[tuple[str, str, dict[str, Any]]]:
    codes = ("board-outside", "stripe-outside", "board-leads-nowhere", "correction-without-target")
    return [(f.code, f.where, dict(f.slots)) for f in venue.findings if f.code in codes]


def first_step(
    boards: Sequence[Board] = (), stripes: Sequence[Stripe] = (), way: Way = WAY
) -> list[CueKind]:
    guide = house(replace(way, boards=tuple(boards), stripes=tuple(stripes)))
    return [cue.kind for cue in steps_of(route_of(guide, way), guide.around)[0].cues]


# -- what staff enter


def test_a_board_and_a_line_that_staff_enter_are_kept_by_their_ids() -> None:
    venue = corrected(HANGS, LIES)

    assert venue.boards == (Board("b", "放射科", "H", (12, -6.2), 90, "left", ("A",)),)
    course = ((0.5, -7), (13, -7), (13, -3))
    assert venue.stripes == (Stripe("s", "blue", "1F", course, ("A",)),)
    assert from_json(json.loads(json.dumps(to_json(venue)))) == venue
    assert found(venue) == []


def test_an_older_venue_has_neither() -> None:
    said = to_json(corrected())
    older = {name: part for name, part in said.items() if name not in ("boards", "stripes")}

    assert (from_json(older).boards, from_json(older).stripes) == ((), ())


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (HANGS | {"point": [30, -20]}, ("board-outside", "b", {"space": "H"})),
        (HANGS | {"leads": ["B"]}, ("board-leads-nowhere", "b", {"id": "B", "near": "-"})),
        (
            LIES | {"leads": ["A", "gone"]},
            ("board-leads-nowhere", "s", {"id": "gone", "near": "-"}),
        ),
        (LIES | {"course": [[2, -7], [2, -27]]}, ("stripe-outside", "s", {"metres": "18"})),
        (
            HANGS | {"space": "Z"},
            ("correction-without-target", "c.json, 1", {"id": "Z", "near": "-"}),
        ),
        (
            LIES | {"level": "9F"},
            ("correction-without-target", "c.json, 1", {"id": "9F", "near": "-"}),
        ),
    ],
)
def test_what_cannot_be_followed_is_found(
    change: dict[str, Any], expected: tuple[str, str, dict[str, Any]]
) -> None:
    (one,) = found(corrected(change))

    assert one[:2] == expected[:2]
    assert {**one[2], "near": expected[2].get("near", "")} == {"near": "", **expected[2]}


@pytest.mark.parametrize(
    "change",
    [
        HANGS | {"arrow": "up"},
        HANGS | {"leads": []},
        HANGS | {"text": ""},
        HANGS | {"text": "放\n射科"},
        HANGS | {"bearing_deg": 4000},
        LIES | {"colour": "mauve"},
        LIES | {"course": [[1, 1]]},
        {name: value for name, value in LIES.items() if name != "leads"},
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NavkitError):
        corrected(change)


# -- M12: signs are quoted as they stand on the wall


@pytest.mark.parametrize("text", ["放射科", "放射科 Radiology", "CT/核磁"])
def test_m12_a_sign_is_quoted_as_it_stands_in_every_language(text: str) -> None:
    guide = house(replace(WAY, boards=(replace(TO_THE_LEFT, text=text),)))

    route = route_of(guide, WAY)

    assert f"按“{text}”指示牌走" in told(guide, route, "zh-Hans")
    assert f"按「{text}」指示牌走" in told(guide, route, "zh-Hant")
    assert f"follow the sign “{text}”" in told(guide, route, "en")


def test_m12_a_voice_that_cannot_read_a_sign_says_what_it_leads_to() -> None:
    guide = house(replace(WAY, boards=(TO_THE_LEFT,)))

    spoken = guide.tell(route_of(guide, WAY), "en").instructions[0].speech

    assert "follow the sign Room A" in spoken


# -- where a sign is followed


def test_a_sign_is_followed_by_who_can_read_it_and_is_led_there() -> None:
    assert CueKind.AT_BOARD in first_step([TO_THE_LEFT])


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrow": "right"},
        {"arrow": "ahead"},
        {"bearing_deg": 270},
        {"leads": ("H",)},
        {"point": (13, -4), "space": "J"},
    ],
)
def test_no_other_sign_is(wrong: dict[str, Any]) -> None:
    assert CueKind.AT_BOARD not in first_step([replace(TO_THE_LEFT, **wrong)])


def test_two_signs_of_one_text_leave_it_open_which_is_meant() -> None:
    other = replace(TO_THE_LEFT, id="other", point=(10, -7.8), arrow="right")

    assert CueKind.AT_BOARD not in first_step([TO_THE_LEFT, other])


@pytest.mark.parametrize(("x_m", "is_told"), [(7.2, True), (6.8, False)])
def test_a_sign_hangs_within_6_m_of_the_turn(x_m: float, is_told: bool) -> None:
    kinds = first_step([replace(TO_THE_LEFT, point=(x_m, -7.0))])

    assert (CueKind.AT_BOARD in kinds) == is_told


@pytest.mark.parametrize(("bearing_deg", "is_told"), [(149, True), (151, False), (31, True)])
def test_a_sign_faces_who_reads_it(bearing_deg: float, is_told: bool) -> None:
    kinds = first_step([replace(TO_THE_LEFT, bearing_deg=bearing_deg)])

    assert (CueKind.AT_BOARD in kinds) == is_told


# -- where a line on the floor is followed


@pytest.mark.parametrize(("y_m", "is_told"), [(-7.9, True), (-8.6, False)])
def test_a_line_is_never_more_than_1_5_m_beside(y_m: float, is_told: bool) -> None:
    kinds = first_step(stripes=[replace(GREEN, course=((0.5, y_m), (20, y_m)))])

    assert (CueKind.ALONG_STRIPE in kinds) == is_told


@pytest.mark.parametrize(("y_m", "is_told"), [(-3.9, True), (-4.1, False)])
def test_another_line_of_the_colour_within_3_m_leaves_it_open(y_m: float, is_told: bool) -> None:
    other = replace(GREEN, id="other", course=((5, y_m), (20, y_m)))
    along = replace(GREEN, course=((0.5, -7), (20, -7)))

    assert (CueKind.ALONG_STRIPE in first_step(stripes=[along, other])) == is_told
    assert CueKind.ALONG_STRIPE in first_step(stripes=[along, replace(other, colour="red")])


@pytest.mark.parametrize(("scale", "is_told"), [(0.41, True), (0.37, False)])
def test_a_line_is_walked_along_for_5_m_at_least(scale: float, is_told: bool) -> None:
    course = tuple((x * scale, y) for x, y in ((0.5, -7), (20, -7)))
    kinds = first_step(
        stripes=[replace(GREEN, course=course)], way=replace(WAY, scale={"column_m": scale})
    )

    assert (CueKind.ALONG_STRIPE in kinds) == is_told


@pytest.mark.parametrize(("end_m", "is_told"), [(14.9, True), (15.1, False)])
def test_a_line_ends_at_a_turn_within_2_m(end_m: float, is_told: bool) -> None:
    kinds = first_step(stripes=[replace(GREEN, course=((0.5, -7), (end_m, -7)))])

    assert (CueKind.AT_STRIPE_END in kinds) == is_told


@pytest.mark.parametrize(("end_m", "is_told"), [(-3.5, True), (-6.0, False)])
def test_a_line_bends_at_a_turn_if_it_is_followed_for_3_m_more(end_m: float, is_told: bool) -> None:
    course = ((0.5, -7), (13, -7), (13, end_m))
    kinds = first_step(stripes=[replace(BLUE, course=course)])

    assert (CueKind.AT_STRIPE_BEND in kinds) == is_told


def test_a_line_is_followed_from_either_end() -> None:
    there = first_step(stripes=[BLUE])

    assert there == first_step(stripes=[replace(BLUE, course=BLUE.course[::-1])])


# -- on maps


def test_a_line_is_drawn_lightly_in_its_colour_on_paper() -> None:
    guide = house(replace(WAY, stripes=(BLUE,)))
    route = route_of(guide, WAY)

    drawn = route_svg(route, guide.tell(route, "en"))

    assert drawn.count(colours()["blue"]) == 1
    assert f'stroke-opacity="{STRIPE_OPACITY}"' in drawn


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_a_phone_knows_the_lines_of_a_level(tmp_path: Path) -> None:
    guide = house(replace(WAY, stripes=(BLUE,)))
    write_bundle(make_bundle(guide, ["en"]), tmp_path)
    script = (
        f"import {{ openFolder }} from {json.dumps(str(BUNDLE_MJS))};"
        f"console.log(JSON.stringify(openFolder({json.dumps(str(tmp_path))}).level(0).stripes));"
    )

    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", script], capture_output=True, text=True, check=True
    )

    course = [list(point) for point in BLUE.course]
    assert json.loads(done.stdout) == [{"id": "blue", "drawn": colours()["blue"], "line": course}]


# -- whom


@pytest.mark.parametrize("profile", sorted(profiles().keys() - {"bed"}))
def test_nobody_with_low_vision_is_told_of_what_only_eyes_find(profile: str) -> None:
    told_of: set[str] = set()
    for way in MARKED.values():
        guide = house(way)
        steps = steps_of(route_of(guide, replace(way, profile=profile)), guide.around)
        told_of |= {cue.kind.family for step in steps for cue in step.cues} & NEEDS_SIGHT

    assert told_of == (set() if profile == "low-vision" else NEEDS_SIGHT)


# -- the judges

WRONG_BOARDS = (
    replace(TO_THE_LEFT, id="w", text="收费处", arrow="right"),
    replace(TO_THE_LEFT, id="w", text="收费处", bearing_deg=270),
    replace(TO_THE_LEFT, id="w", text="收费处", point=(11.2, -3.2), space="J"),
)
WRONG_STRIPES = (
    replace(BLUE, id="w", course=((0.5, -7), (4, -7), (4, -3))),
    replace(BLUE, id="w", course=((0.5, -7), (13, -7), (13, -9))),
    replace(BLUE, id="w", course=((13, -7), (13, -3))),
)


def verdicts(guide: Guide, way: Way, spoilt: bool) -> tuple[bool, bool]:
    """Whether the first step is right to the reader, and to the other oracle; `spoilt`: by another
    board or stripe than was said."""
    route = route_of(guide, way)
    step, *later = steps_of(route, guide.around)
    if spoilt:
        cues = [
            Cue(cue.kind, dict.fromkeys(cue.slots, 1)) if cue.kind.family in NEEDS_SIGHT else cue
            for cue in step.cues
        ]
        step = replace(step, cues=tuple(cues))
    first, *_ = Judge(guide.network).verdicts(account_of(route, [step, *later]))
    floors = {0: falsehoods.Floor(guide, 0)}
    walk = falsehoods.Walked(guide, floors, route, step)
    kinds = ("board", "stripe")
    wrong = [is_false for kind, is_false, _ in falsehoods.judged(walk) if kind in kinds]
    assert wrong
    return first.is_right, not any(wrong)


@pytest.mark.parametrize("number", range(3))
def test_a_sign_that_points_elsewhere_leads_astray(number: int) -> None:
    way = replace(WAY, boards=(TO_THE_LEFT, WRONG_BOARDS[number]))
    guide = house(way)

    assert verdicts(guide, way, spoilt=False) == (True, True)
    assert verdicts(guide, way, spoilt=True) == (False, False)


@pytest.mark.parametrize("number", range(3))
def test_a_line_that_runs_elsewhere_leads_astray(number: int) -> None:
    """It has another colour, or neither would be followed."""
    way = replace(WAY, stripes=(BLUE, replace(WRONG_STRIPES[number], colour="red")))
    guide = house(way)

    assert verdicts(guide, way, spoilt=False) == (True, True)
    assert not verdicts(guide, way, spoilt=True)[0]


@pytest.mark.parametrize("name", MARKED)
def test_a_literal_reader_arrives_by_them(name: str) -> None:
    way = MARKED[name]
    guide = house(way)
    route = route_of(guide, way)

    found = Judge(guide.network).verdicts(account_of(route, steps_of(route, guide.around)))

    assert [one.failed for one in found if not one.is_right] == []
