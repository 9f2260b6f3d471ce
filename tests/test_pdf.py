"""Plotted PDFs: styles and kept layers, letters as labels, pages as storeys, refusals."""

import random
from pathlib import Path

import drawn_dxf as cad
import pytest
from bad_files import mutated
from drawn_pdf import (
    A3,
    DOOR,
    MAPPING,
    POINTS,
    ROOM,
    box,
    layered,
    line,
    pdf,
    styled,
    ward,
    words,
)  # fmt: skip

from floorplans.cad import Drawing
from floorplans.child import read_apart
from floorplans.mapping import UNKNOWN
from floorplans.pdf import drawings_of
from floorplans.reading import read
from floorplans.sheet import Sheet
from floorplans.survey import survey
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.words.findings import PlanError


def plan_of(tmp_path: Path, content: bytes, mapping: str = MAPPING, name: str = "1F.pdf") -> Plan:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (plan,) = read([tmp_path])
    return plan


def drawn(*parts: str, **options: str) -> Drawing:
    lines = [line((9 * n, 0), (9 * n, 5)) for n in range(12)]
    (drawing,) = drawings_of(Sheet("1F.pdf", pdf("\n".join((*lines, *parts)), **options)))
    return drawing


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def is_the_ward(plan: Plan) -> None:
    areas = {space.ref or space.names[""]: space.outline.area for space in plan.spaces}
    assert areas == pytest.approx(
        {"Corridor": 60, "101": 25, "102": 25, "103": 25, "104": 25}, rel=1e-3
    )
    doors = [sorted(door.spaces) for door in join([plan]).doors if not door.guessed]
    assert sorted(doors) == [[f"0:10{number}", "0:Corridor"] for number in (1, 2, 3, 4)]


def test_styles_of_lines_are_shown_with_counts_to_be_ticked(tmp_path: Path) -> None:
    (tmp_path / "1F.pdf").write_bytes(pdf(ward()))

    (answer,) = survey([tmp_path])

    seen = {one.where: dict(one.slots) for one in answer.findings if one.code == "layer-seen"}
    assert {layer: slots["role"] for layer, slots in seen.items()} == {
        "fill #ffe6bf": UNKNOWN, "stroke #000000 1.5": UNKNOWN, "stroke #ff0000 0.5": UNKNOWN,
        "text 7": "label",
    }  # fmt: skip
    assert (seen["fill #ffe6bf"]["areas"], seen["stroke #000000 1.5"]["lines"]) == ("5", "12")
    assert seen["stroke #ff0000 0.5"]["arcs"] == "4"


@pytest.mark.parametrize("polyline", [False, True])
def test_every_room_is_reached_through_its_door(polyline: bool, tmp_path: Path) -> None:
    is_the_ward(plan_of(tmp_path, pdf(ward(polyline=polyline))))


def test_what_is_in_forms_is_where_it_is_seen(tmp_path: Path) -> None:
    inner = "q 2 0 0 2 3 3 cm /X1 Do Q"
    nested = pdf("q .5 0 0 .5 50 20 cm /X0 Do Q", forms=[inner, ward()])

    is_the_ward(plan_of(tmp_path, nested))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_looked_at_upright(turn: int) -> None:
    at = {90: (100, A3[0] - 50), 180: (A3[0] - 50, A3[1] - 100), 270: (A3[1] - 100, 50)}
    text = words((50, 100), "Ward", turn={90: "0 1 -1 0", 180: "-1 0 0 -1", 270: "0 -1 1 0"}[turn])

    drawing = drawn(box(50, 100, 60, 100.5), text, page=f"/Rotate {turn}")

    (room,) = (one for one in drawing.shapes if one.drawn.area)
    assert min(abs(x - at[turn][0]) for x in room.drawn.bounds[::2]) < 0.01
    assert min(abs(y - at[turn][1]) for y in room.drawn.bounds[1::2]) < 0.01
    (label,) = drawing.words
    assert label.text == "Ward" and room.drawn.buffer(12).contains_properly(
        room.drawn.centroid.__class__(label.at)
    )


def test_layers_that_the_program_has_kept_are_layers(tmp_path: Path) -> None:
    room = styled(ROOM, box(60, 400, 160, 500, "f"))
    kept = layered(0, room, words((100, 450), "105"))

    drawing = drawn(kept, layers=["plan|A-ROOM-EXST"])

    (area,) = (one for one in drawing.shapes if one.drawn.area)
    assert area.layer == "A-ROOM-EXST"
    assert [(one.layer, one.text) for one in drawing.words] == [("A-ROOM-EXST", "105")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (words((50, 50), "Waiting Room 2"), ["Waiting Room 2"]),
        (words((50, 50), "CT") + words((50, 41), "Waiting"), ["CT\nWaiting"]),
        (words((50, 50), "CT") + words((150, 50), "MRI"), ["CT", "MRI"]),
        ("BT /F1 8 Tf 50 50 Td [(W) 60 (aiting)] TJ ET", ["Waiting"]),
        (words((50, 50), "Lift", turn="0 1 -1 0"), ["Lift"]),
    ],
)
def test_letters_are_grouped_to_words_and_lines(text: str, said: list[str]) -> None:
    assert [one.text for one in drawn(text).words] == said


def test_letters_of_texts_that_overlap_are_not_mixed() -> None:
    lines = words((50, 50), "Escalator up", 20) + words((90, 52), "Escalator down", 20)

    assert [one.text for one in drawn(lines).words] == ["Escalator up", "Escalator down"]


def test_chinese_is_read_without_its_font() -> None:
    name = "\u6025\u8bca"

    assert [one.text for one in drawn(words((50, 50), name)).words] == [name]


def test_a_legend_and_a_frame_are_left_out_and_said(tmp_path: Path) -> None:
    swatch = styled(ROOM, box(900, 700, 940, 730, "f"))
    frame = styled("0 G 1.5 w", box(5, 5, 1180, 830))
    key = styled(DOOR, line((900, 650), (925, 650)))

    plan = plan_of(tmp_path, pdf(ward() + swatch + frame + key + words((950, 710), "Rooms")))

    is_the_ward(plan)
    (told,) = [one for one in plan.findings if one.code == "apart-left-out"]
    assert told.slots["count"] == "3"


def test_a_scale_that_is_written_on_it_is_used(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, pdf(ward() + words((900, 20), "SCALE 1:100")))

    is_the_ward(plan)
    (told,) = [one for one in plan.findings if one.code == "scale-as-written"]
    assert told.slots["scale"] == "1:100"


def test_doors_tell_the_usual_scale_where_none_is_written(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, pdf(ward(5 * POINTS)))

    is_the_ward(plan)
    (told,) = [one for one in plan.findings if one.code == "scale-from-doors"]
    assert told.slots["scale"] == "1:200"


def test_pages_are_storeys_by_their_titles(tmp_path: Path) -> None:
    cover = words((300, 300), "Floor plans")
    pages = [cover, *(ward() + words((300, 50), f"{n}F plan") for n in (1, 2))]

    plan = plan_of(tmp_path, pdf(*pages), name="ward.pdf")

    assert [(one.label.upper(), one.ordinal) for one in plan.levels] == [("1F", 0), ("2F", 1)]
    assert len(plan.spaces) == 10
    (told,) = [one for one in plan.findings if one.code == "pdf-page-passed-over"]
    assert told.where == "ward#1.pdf"


def test_pages_without_titles_are_refused_until_the_mapping_names_them(tmp_path: Path) -> None:
    whole = pdf(ward(), ward(), ward())

    with pytest.raises(PlanError) as refused:
        plan_of(tmp_path, whole, name="ward.pdf")

    assert refused.value.finding.code == "pdf-pages-unclear"
    assert "ward#2.pdf" in refused.value.finding.text("en")
    files = """[files]
"ward#1.pdf" = { level = "1F", ordinal = 0 }
"ward#2.pdf" = { level = "2F", ordinal = 1 }
"ward#3.pdf" = "ignored"
"""
    plan = plan_of(tmp_path, whole, MAPPING + files, "ward.pdf")
    assert [one.label for one in plan.levels] == ["1F", "2F"] and len(plan.spaces) == 10


def test_where_staff_ignore_every_page_nothing_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as refused:
        plan_of(tmp_path, pdf(ward()), MAPPING + '[files]\n"1F.pdf" = "ignored"\n')

    assert refused.value.finding.code == "nothing-drawn"


def test_what_is_beside_the_page_is_left_out_and_said(tmp_path: Path) -> None:
    beside = styled(ROOM, box(-300, 100, -200, 200, "f"))

    plan = plan_of(tmp_path, pdf(ward() + beside))

    is_the_ward(plan)
    assert "pdf-left-out" in codes(plan)


def test_a_plot_beside_the_drawing_that_it_was_plotted_from_is_left_out_and_said(
    tmp_path: Path,
) -> None:
    (tmp_path / "1F.dxf").write_bytes(cad.dxf(*cad.ward(1000)))

    plan = plan_of(tmp_path, pdf(ward(), ward()), name="all floors.pdf")

    assert len(plan.spaces) == 5
    (told,) = [one for one in plan.findings if one.code == "sheet-beside-drawing"]
    assert told.where == "all floors.pdf"


@pytest.mark.process
@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_pdf_is_a_plan_or_a_code(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    whole = pdf(ward(polyline=bool(seed % 2)), layers=["A-ROOM"])
    (tmp_path / "1F.pdf").write_bytes(mutated(draw, whole, pdf(ward(), forms=[ward()])))
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")

    try:
        assert read_apart([tmp_path])
    except PlanError as refused:
        assert refused.finding.code in {
            "file-empty", "format-not-read", "dxf-broken", "levels-not-understood",
            "no-drawing-inside", "no-layers-known", "no-rooms-drawn", "pdf-broken", "pdf-empty",
            "pdf-locked", "pdf-page-too-large", "pdf-pages-unclear", "pdf-too-many-pages",
            "reading-crashed", "scale-unknown", "unit-unclear",
        }  # fmt: skip
