"""Drawings in SVG: groups and ids of the programs that draw them, transforms, texts and scales."""

import random
from pathlib import Path

import pytest
from bad_files import mutated
from conftest import real_plan
from drawn_svg import box, group, line, svg, ward, words
from ezdxf import recover
from ezdxf.addons.drawing import Frontend, RenderContext
from ezdxf.addons.drawing.config import Configuration, TextPolicy
from ezdxf.addons.drawing.layout import Page, Units
from ezdxf.addons.drawing.svg import SVGBackend
from ezdxf.entities import DXFGraphic

from floorplans.cad import Drawing
from floorplans.mapping import UNKNOWN, proposed, written
from floorplans.reading import read
from floorplans.sheet import Sheet
from floorplans.survey import survey
from floorplans.svg import drawing_of
from floorplans.svg_tree import decoded, is_automatic
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.words.findings import PlanError


def plan_of(tmp_path: Path, *drawings: bytes, mapping: str = "") -> Plan:
    for number, drawing in enumerate(drawings, start=1):
        (tmp_path / f"{number}F.svg").write_bytes(drawing)
    if mapping:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    (plan,) = read([tmp_path])
    return plan


def drawn(*parts: str) -> Drawing:
    return drawing_of(Sheet("1F.svg", svg(*parts)))


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def refusal(path: Path) -> str:
    with pytest.raises(PlanError) as refused:
        read([path])
    return refused.value.finding.code


@pytest.mark.parametrize("swings", [False, True])
def test_every_room_is_reached_through_its_door(swings: bool, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward(swings=swings)))

    areas = {space.ref or space.names[""]: space.outline.area for space in plan.spaces}
    assert areas == pytest.approx(
        {"Corridor": 60, "101": 25, "102": 25, "103": 25, "104": 25}, rel=1e-3
    )
    assert [space.kind for space in plan.spaces].count("corridor") == 1
    doors = [sorted(door.spaces) for door in join([plan]).doors if not door.guessed]
    assert sorted(doors) == [[f"0:10{number}", "0:Corridor"] for number in (1, 2, 3, 4)]


def test_up_in_the_drawing_is_north(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward()))

    corridor, *rooms = plan.spaces
    assert all(corridor.outline.centroid.y > room.outline.centroid.y for room in rooms)


TURNED = 'transform="translate(50 20) scale(.5) rotate(0) translate(-100,-40)"'
WAYS = {
    "groups in groups": lambda inside: f"<g><g><g>{inside}</g></g></g>",
    "transforms that undo each other": lambda inside: (
        f'<g transform="rotate(30)"><g transform="matrix(2 0 0 2 7 9)">'
        f'<g transform="matrix(.5 0 0 .5 -3.5 -4.5) rotate(-30)">{inside}</g></g></g>'
    ),
    "half the size": lambda inside: f"<g {TURNED}>{inside}</g>",
    "a skew and back": lambda inside: f'<g transform="skewX(20) skewX(-20)">{inside}</g>',
    "a link": lambda inside: f'<a xlink:href="#x">{inside}</a>',
    "used": lambda inside: f'<defs><g id="all">{inside}</g></defs><use href="#all" x="9" y="7"/>',
    "a symbol": lambda inside: (
        f'<symbol id="all" viewBox="0 0 400 160">{inside}</symbol>'
        '<use xlink:href="#all" width="200" height="80" x="5"/>'
    ),
    "an inner drawing": lambda inside: (
        f'<svg x="10" y="10" width="800" height="320" viewBox="0 0 400 160">{inside}</svg>'
    ),
    "a switch": lambda inside: f"<switch><foreignObject/><g>{inside}</g></switch>",
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_drawn_is_where_it_is_seen(way: str, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(WAYS[way]("".join(ward()))))

    areas = sorted(space.outline.area for space in plan.spaces)
    assert areas == pytest.approx([25, 25, 25, 25, 60], rel=1e-3)
    assert {space.ref for space in plan.spaces} == {"", "101", "102", "103", "104"}
    doors = [door for door in join([plan]).doors if not door.guessed]
    assert len(doors) == 4 and all(len(set(door.spaces)) == 2 for door in doors)


SQUARE = [(0, 0), (40, 0), (40, 40), (0, 40)]


@pytest.mark.parametrize(
    "shape",
    [
        '<rect width="40" height="40"/>',
        '<polygon points="0,0 40,0 40,40 0,40"/>',
        '<polyline points="0 0 40 0 40 40 0 40 0 0" fill="none"/>',
        '<path d="M0 0H40V40H0Z"/>',
        '<path d="m 0,0 40,0 0,40 -40,0"/>',
        '<path d="M0 0h40v40h-40z" style="fill:none;stroke:#000"/>',
        '<path transform="scale(2)" d="M0 0 L20 0 C20 10 20 15 20 20 Q 10 20 0 20 Z"/>',
        '<path d="M0,0L40,0L40,40L0,40L0,0"/>',
    ],
)
def test_a_room_is_any_closed_or_filled_shape(shape: str) -> None:
    (room,) = drawn(group("rooms", shape)).shapes

    assert room.drawn.geom_type == "Polygon"
    assert room.drawn.area == pytest.approx(1600)
    assert room.drawn.bounds == pytest.approx((0, -40, 40, 0))


def test_a_path_that_misses_its_beginning_by_rounding_is_closed() -> None:
    (room,) = drawn(
        group("rooms", '<path fill="none" d="m0 0 l9000 0 0 7000 -9001 0 1 -6999"/>')
    ).shapes

    assert room.drawn.area == pytest.approx(63e6, rel=1e-3)


def test_lines_without_length_are_nothing() -> None:
    nothing = (
        '<path d="M5 5 C5 5 5 5 5 5"/><line x1="3" x2="3"/><path d="M5 5 l0 0 0 0 0 0 0 0 0 0"/>'
    )

    drawing = drawn(group("doors", nothing))

    assert not drawing.shapes and not drawing.arcs


def test_a_hole_is_not_part_of_a_room_and_what_is_in_it_is() -> None:
    rings = "M0 0H100V100H0Z M20 20H80V80H20Z M40 40H60V60H40Z"

    shapes = drawn(group("rooms", f'<path d="{rings}"/>')).shapes

    assert sorted(one.drawn.area for one in shapes) == [400, 6400]


@pytest.mark.parametrize(
    "swing",
    [
        "M10 20 v9 a9 9 0 0 0 9 -9",
        "M10 29 c4.97 0 9 -4.03 9 -9",
        "M10 20 v9 c4.97 0 9 -4.03 9 -9 z",
        "M10 29 a9 9 0 0 0 6.364 -2.636 a9 9 0 0 0 2.636 -6.364",
    ],
)
def test_the_swing_of_a_leaf_is_an_arc_however_it_is_written(swing: str) -> None:
    (arc,) = drawn(group("doors", f'<path fill="none" d="{swing}"/>')).arcs

    assert arc.centre == pytest.approx((10, -20), abs=0.02)
    assert arc.radius == pytest.approx(9, rel=0.01)
    assert arc.turn_deg == pytest.approx(90, abs=1)


def test_a_circle_is_an_area_and_no_swing() -> None:
    drawing = drawn(group("rooms", '<circle cx="30" cy="30" r="10"/>'))

    assert not drawing.arcs
    assert drawing.shapes[0].drawn.area == pytest.approx(314, rel=0.02)


def test_ids_of_illustrator_are_decoded() -> None:
    names = {
        "_x31_01": "101", "_101": "101", "A_x5F_WALL": "A_WALL", "_x31_01_1_": "101",
        "rooms_2_": "rooms", "_x34__x2E_12": "4.12", "_xD83D_": "",
    }  # fmt: skip

    assert {name: decoded(name) for name in names} == names
    assert all(map(is_automatic, ("path123", "Layer_1", "g2993", "XMLID_7_", "rect12-4")))
    assert not any(map(is_automatic, ("101", "A101", "G12", "rooms", "Cardiology")))


@pytest.mark.parametrize(
    "attributes",
    [
        'id="_x31_07"', 'id="path88" inkscape:label="107"', 'id="_107-2" data-name="107"',
        'id="_107" serif:id="107" xmlns:serif="http://www.serif.com/"', 'id="Room_107"',
        'id="room-107"',
    ],
)  # fmt: skip
def test_a_room_has_the_number_that_its_id_or_label_says(attributes: str, tmp_path: Path) -> None:
    room = f'<rect x="0" y="160" width="100" height="100" {attributes}/>'

    plan = plan_of(tmp_path, svg(*ward(), group("rooms_1_", room)))

    assert "107" in {space.ref for space in plan.spaces}


def test_a_group_around_a_room_may_have_its_number_and_layers_of_inkscape_their_labels(
    tmp_path: Path,
) -> None:
    layer = {"inkscape:groupmode": "layer", "inkscape:label": "Rooms"}
    room = group("g12", group("108", box(0, 160, 100, 260)), **layer)

    plan = plan_of(tmp_path, svg(*ward(), room))

    assert "108" in {space.ref for space in plan.spaces}


def test_what_is_hidden_is_left_out_and_said(tmp_path: Path) -> None:
    css = "<style><![CDATA[ .st0{display:none;} #old, .st1 { fill : #FF0000 } /* x{} */]]></style>"
    hidden = f'<g class="st0" id="Old_rooms">{box(0, 160, 100, 260, "_201")}</g>'
    unseen = f'<g visibility="hidden">{box(0, 300, 100, 400, "_202")}</g>'

    plan = plan_of(tmp_path, svg(css, *ward(), hidden, group("rooms", unseen)))

    assert len(plan.spaces) == 5
    (told,) = [one for one in plan.findings if one.code == "svg-left-out"]
    assert "Old_rooms" in told.text("en")


def test_a_picture_in_it_is_left_out_and_said(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward(), '<image xlink:href="data:image/png;base64,AAAA"/>'))

    (told,) = [one for one in plan.findings if one.code == "svg-left-out"]
    assert told.slots["what"] == "image (1)"


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ('<rect width="1E" height="4"/>', "rect width=? (1)"),
        ('<rect height="4"/>', "rect width=? (1)"),
        ('<line x1="3RT" x2="4"/>', "line x1=? (1)"),
        ('<path d="M0 0 v1NE"/>', "path d=? (1)"),
        ('<polygon points="0,0 4,4 5-4 9,x"/>', "polygon points=? (1)"),
        ('<rect x="50%" width="4" height="4mm"/>', ""),
    ],
)
def test_numbers_that_are_none_are_said(shape: str, told: str) -> None:
    found = drawn(group("rooms", shape)).findings

    assert [one.slots["what"] for one in found if one.code == "svg-left-out"] == [told][: len(told)]


COLOURS = """
<style>.room{fill:#ffe0c0}.wall{fill:none;stroke:#000;stroke-width:2px}</style>
"""


def coloured() -> bytes:
    """The ward of somebody who names nothing: rooms, walls and doors differ in colour alone."""
    rooms, walls, doors, texts = (part.partition(">")[2].rpartition("</g>")[0] for part in ward())
    return svg(
        COLOURS,
        f'<g id="g12" class="room">{rooms}</g><g id="Layer_1" class="wall">{walls}</g>',
        f'<g stroke="rgb(255,0,0)" fill="none">{doors}</g>{texts}',
    )


def test_where_nothing_is_named_colours_are_layers_for_staff_to_tick(tmp_path: Path) -> None:
    (tmp_path / "1F.svg").write_bytes(coloured())

    (answer,) = survey([tmp_path])

    seen = {one.where: one.slots["role"] for one in answer.findings if one.code == "layer-seen"}
    assert seen == {
        "fill #ffe0c0": UNKNOWN, "stroke #000000 2": UNKNOWN, "stroke #ff0000 1": UNKNOWN,
        "text #000000 8": "label",
    }  # fmt: skip
    roles = {"fill #ffe0c0": "room", "stroke #000000 2": "wall", "stroke #ff0000 1": "door"}
    assert refusal(tmp_path) == "no-layers-known"
    plan = plan_of(tmp_path, coloured(), mapping=written({**seen, **roles}, ["1F.svg"]))
    assert len(plan.spaces) == 5 and len(plan.doors) == 4 and len(plan.walls) == 12


def test_the_innermost_group_that_is_known_decides_and_a_mapping_names_any_of_them(
    tmp_path: Path,
) -> None:
    inside = group("rooms", group("Cardiology", box(0, 160, 100, 260), box(100, 160, 200, 260)))

    assert len(plan_of(tmp_path, svg(*ward(), inside)).spaces) == 7
    told = '[layers]\nCardiology = "ignored"\n'
    assert len(plan_of(tmp_path, svg(*ward(), inside), mapping=told).spaces) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<text x='10' y='20'>Café <tspan>101</tspan></text>", "Café 101"),
        ("<text x='10' y='20'>CT<tspan x='10' dy='1.2em'>Waiting</tspan></text>", "CT\nWaiting"),
        ("<text><tspan x='10' y='20'>CT</tspan><tspan x='10' y='30'>2</tspan></text>", "CT\n2"),
        ("<text font-size='10' x='0 5.5 11 22' y='20'>Ward</text>", "War d"),
        ("<text transform='rotate(-90 10 20)' x='10' y='20'>Lift</text>", "Lift"),
        ("<text x='10' y='20'>急<tspan x='10' dy='1em'>诊</tspan></text>", "急诊"),
        ("<text x='10' y='20'>a&amp;b</text>", "a&b"),
    ],
)
def test_texts_are_joined_as_they_are_read(text: str, said: str) -> None:
    assert [one.text for one in drawn(text).words] == [said]


@pytest.mark.parametrize(("anchor", "x"), [("start", 100 + 22), ("middle", 100), ("end", 100 - 22)])
def test_a_label_is_at_the_middle_of_its_text(anchor: str, x: float) -> None:
    text = f'<text x="100" y="50" font-size="10" text-anchor="{anchor}">Waiting.</text>'

    (label,) = drawn(text).words

    assert label.at == pytest.approx((x, -50 + 3.5))


def test_millimetres_of_the_building_are_believed_if_doors_fit(tmp_path: Path) -> None:
    frame = 'width="20000mm" height="8000mm" viewBox="0 0 400 160"'

    plan = plan_of(tmp_path, svg(*ward(), box=frame))

    assert plan.spaces[0].outline.area == pytest.approx(60)
    assert not codes(plan) & {"scale-from-doors", "scale-as-written"}


def test_a_scale_that_is_written_on_the_sheet_is_used_if_doors_fit(tmp_path: Path) -> None:
    frame = 'width="20cm" height="8cm" viewBox="0 0 400 160"'

    plan = plan_of(tmp_path, svg(*ward(), words((5, 180), "Scale 1:100"), box=frame))

    assert plan.spaces[0].outline.area == pytest.approx(60)
    (told,) = [one for one in plan.findings if one.code == "scale-as-written"]
    assert told.slots["scale"] == "1:100"


def test_a_wrong_scale_is_not_believed(tmp_path: Path) -> None:
    frame = 'width="20cm" height="8cm" viewBox="0 0 400 160"'

    plan = plan_of(tmp_path, svg(*ward(), words((5, 180), "Scale 1:1000"), box=frame))

    assert plan.spaces[0].outline.area == pytest.approx(60)
    assert "scale-from-doors" in codes(plan)


def test_sheets_at_two_scales_have_a_unit_each(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward(20)), svg(*ward(8)))

    corridors = [one.outline.area for one in plan.spaces if one.kind == "corridor"]
    assert corridors == pytest.approx([60, 60])


def test_a_number_of_metres_in_the_mapping_is_the_unit(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward()), mapping="unit = 0.1\n")

    assert plan.spaces[0].outline.area == pytest.approx(240)


def shafts(to: str) -> str:
    return group(
        "stairs",
        box(400, 0, 460, 60, f"Stair.1.floor{to}"),
        box(400, 60, 440, 100, f"Elev.2.floor{to}"),
    )


def test_stairs_and_lifts_that_say_where_they_lead_are_joined(tmp_path: Path) -> None:
    venue = join([plan_of(tmp_path, svg(*ward(), shafts("2")), svg(*ward(), shafts("1")))])

    assert sorted((one.kind, len(one.stops)) for one in venue.connectors) == [
        ("elevator", 2), ("stairs", 2),
    ]  # fmt: skip
    assert "shaft-unanswered" not in {one.code for one in venue.findings}


def test_stairs_to_a_floor_where_nothing_leads_back_are_said(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward(), shafts("2")), svg(*ward()))

    told = [one.slots["shaft"] for one in plan.findings if one.code == "shaft-unanswered"]
    assert sorted(told) == ["Elev 2", "Stair 1"]


def test_a_text_goes_before_an_id_and_a_door_far_from_its_room_is_said(tmp_path: Path) -> None:
    other = words((40, 120), "301"), group("doors", line((300, 160), (318, 160), "_101"))

    plan = plan_of(tmp_path, svg(*ward(), *other))

    assert {space.ref for space in plan.spaces} == {"", "301", "102", "103", "104"}
    told = {one.code: one.slots for one in plan.findings}
    assert told["number-not-as-named"]["examples"] == "101 (301)"
    assert "door-apart-from-room" not in told
    elsewhere = group("doors", line((300, 160), (318, 160), "_102"))
    told = {one.code: one.slots for one in plan_of(tmp_path, svg(*ward(), elsewhere)).findings}
    assert told["door-apart-from-room"]["examples"] == "102"


def core(*names: str) -> str:
    """Two stairs and two lifts at the right end of the ward."""
    boxes = (400, 0, 460, 60), (400, 60, 440, 100), (440, 60, 480, 100), (400, 100, 460, 160)
    kinds = ("stairs", "lifts", "lifts", "stairs")
    rooms = [
        group(kind, box(*at), words((at[0] + 5, at[1] + 20), name))
        for kind, at, name in zip(kinds, boxes, names, strict=True)
    ]
    return "".join(rooms)


@pytest.mark.parametrize(
    ("names", "moved"),
    [
        (("Stairs A", "Lift A", "Lift B", "Stairs B"), 'transform="translate(900 -300)"'),
        (("Stairs", "Lift", "Lift", "Stairs"), 'transform="translate(900 -300)"'),
        (("Stairs A", "Lift A", "Lift B", "Stairs B"), 'transform="translate(50 70) scale(.9)"'),
    ],
)
def test_storeys_on_sheets_of_their_own_are_laid_over_each_other(
    names: tuple[str, ...], moved: str, tmp_path: Path
) -> None:
    ground, upper = ["".join(ward()) + core(*names)] * 2

    plan = plan_of(tmp_path, svg(ground), svg(f"<g {moved}>{upper}</g>"))

    middles = {(one.level, one.ref): one.outline.centroid for one in plan.spaces if one.ref}
    assert all(
        middles["0", number].distance(middles["1", number]) < 0.1 for number in ("101", "104")
    )
    assert len(join([plan]).connectors) == 4
    (told,) = [one for one in plan.findings if one.code == "sheet-laid-over"]
    assert told.slots["count"] == "4"


def test_a_storey_that_lies_over_no_other_is_said(tmp_path: Path) -> None:
    one = group("stairs", box(400, 0, 460, 60), words((405, 20), "Stairs"))
    ground, upper = ["".join(ward()) + one] * 2

    plan = plan_of(tmp_path, svg(ground), svg(f'<g transform="translate(900 -300)">{upper}</g>'))

    assert [one.slots["level"] for one in plan.findings if one.code == "sheet-lies-apart"] == ["2F"]


ILLUSTRATOR = """<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"
 "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
 <!ENTITY ns_svg "http://www.w3.org/2000/svg">
 <!ENTITY ns_extend "http://ns.adobe.com/Extensibility/1.0/">
]>"""


def test_the_abbreviations_of_illustrator_are_harmless(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, svg(*ward(), head=ILLUSTRATOR))

    assert len(plan.spaces) == 5


def test_rooms_on_both_sides_of_a_corridor_across_the_sheet_are_one_building(
    tmp_path: Path,
) -> None:
    """The corridor bends, and is wider than what is usually apart."""
    far = group("rooms", box(380, -90, 400, -60, "_201"), box(0, -60, 60, -30, "_202"))
    bent = '<path d="M0 -30 H330 V-60 H400 V0 H0 Z"/>'
    near = "".join(ward()).replace(box(0, 0, 400, 60), "")

    plan = plan_of(
        tmp_path, svg(f'<g transform="translate(0 100)">{near}{far}{group("rooms", bent)}</g>')
    )

    assert {"201", "202", "101", "104"} <= {space.ref for space in plan.spaces}


def test_walkable_lines_are_paths_and_furniture_is_nothing(tmp_path: Path) -> None:
    paths = group("paths", line((10, 30), (390, 30)))

    plan = plan_of(tmp_path, svg(*ward(), paths, group("furniture", box(5, 70, 40, 90))))

    assert len(plan.paths) == 1 and len(plan.spaces) == 5


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.rest
def test_a_real_office_that_another_program_draws_as_svg_has_the_rooms_of_its_dxf(
    tmp_path: Path,
) -> None:
    """ezdxf draws it, a colour a layer, which staff tick; the header says no unit: inches."""
    folder = real_plan("office-revit-dxf")
    (known,) = read([folder])
    colours = drawn_by_ezdxf(folder / "Ground.dxf", tmp_path / "1F.svg")
    (answer,) = survey([tmp_path])
    seen = [one.where for one in answer.findings if one.code == "layer-seen"]
    roles = {look: proposed(colours.get(look.split()[1], "")) or "ignored" for look in seen}

    plan = plan_of(tmp_path, (tmp_path / "1F.svg").read_bytes(), mapping=written(roles, []))

    areas, true = (sorted(one.outline.area for one in some.spaces) for some in (plan, known))
    assert len(areas) == len(true) == 68
    scale = (sum(areas) / sum(true)) ** 0.5
    assert 0.75 <= scale <= 1.25
    assert [area / scale**2 for area in areas] == pytest.approx(true, rel=0.01)
    assert len(plan.doors) == pytest.approx(len(known.doors), abs=2)


def drawn_by_ezdxf(drawing: Path, to: Path) -> dict[str, str]:
    """Draw a DXF as SVG, without texts; the layer by the colour that it is given."""
    document, _ = recover.readfile(drawing)
    colours = {}
    for number, layer in enumerate(document.layers):
        layer.on()
        layer.thaw()
        layer.rgb = (40 + 5 * number, 200 - 5 * number, 11 * number % 256)
        colours["#{:02x}{:02x}{:02x}".format(*layer.rgb)] = layer.dxf.name
    for entity in document.entitydb.values():
        if isinstance(entity, DXFGraphic) and entity.dxf.is_supported("color"):
            entity.dxf.color = 256
            entity.dxf.discard("true_color")
    backend = SVGBackend()
    settings = Configuration(text_policy=TextPolicy.IGNORE)
    context = RenderContext(document)
    Frontend(context, backend, config=settings).draw_layout(document.modelspace())
    to.write_text(backend.get_string(Page(841, 594, Units.mm)), encoding="utf-8")
    return colours


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_svg_is_a_plan_or_a_code(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    whole = svg(*ward(swings=bool(seed % 2)), shafts("2"), COLOURS)
    (tmp_path / "1F.svg").write_bytes(mutated(draw, whole, coloured()))

    try:
        assert read([tmp_path])
    except PlanError as refused:
        assert refused.finding.code in {
            "file-empty", "format-not-read", "dxf-broken", "levels-not-understood",
            "no-drawing-inside", "no-layers-known", "no-rooms-drawn", "scale-unknown",
            "svg-broken", "unit-unclear", "xml-broken", "xml-cut-off", "xml-entities",
        }  # fmt: skip
