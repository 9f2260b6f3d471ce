"""Drawings by CAD: layers, blocks, units and labels, on small drawings and on real ones."""

import json
import random
import shutil
from pathlib import Path

import pytest
from drawn_dxf import Entity, arc, block, box, dxf, flat, flat_blocks, insert, line, ward, words
from literal import walls_of_dxf
from shapely import LineString
from test_walls import through_walls

from floorplans.child import read_apart
from floorplans.labels import is_door_number
from floorplans.mapping import proposed, written
from floorplans.reading import read
from floorplans.survey import survey
from navkit.guide import Guide
from navkit.plan.plan import Plan
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.venue.join import join
from navkit.words.findings import PlanError

REAL = Path(__file__).parents[2] / "shared" / "floorplans"


def plan_of(tmp_path: Path, *drawings: bytes, manifest: object = None) -> Plan:
    for number, drawing in enumerate(drawings, start=1):
        (tmp_path / f"{number}F.dxf").write_bytes(drawing)
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (plan,) = read([tmp_path])
    return plan


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def test_rooms_doors_walls_and_labels_are_read_from_their_layers(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, dxf(*ward(1000)))

    assert sorted(space.ref for space in plan.spaces) == ["", "101", "102", "103", "104"]
    assert [space.kind for space in plan.spaces].count("corridor") == 1
    assert len(plan.doors) == 4 and len(plan.floors) == 1 and len(plan.walls) == 12
    assert plan.spaces[0].outline.area == pytest.approx(60)
    assert plan.levels[0].label == "1F"
    assert "unit-from-sizes" not in codes(plan)


def test_every_room_is_reached_through_its_door(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    venue = join([plan_of(tmp_path / "plans", dxf(*ward(1000)))])

    doors = [door for door in venue.doors if not door.guessed]
    assert sorted({*door.spaces} - {"0:Corridor"} for door in doors) == [
        {f"0:10{number}"} for number in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [("mm", 1000, 0), ("cm", 100, None), ("m", 1, 4), ("in", 1 / 0.0254, 4), ("ft", 1 / 0.3048, 6)],
)
def test_the_unit_is_found_by_what_people_build(
    name: str, unit: float, said: int | None, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, dxf(*ward(unit), unit=said))

    (told,) = [finding for finding in plan.findings if finding.code == "unit-from-sizes"]
    assert told.slots["unit"] == name
    assert plan.spaces[0].outline.area == pytest.approx(60, rel=1e-3)


def test_no_unit_makes_a_building_of_a_drawing_without_sense(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as refused:
        plan_of(
            tmp_path,
            dxf(*ward(1000), box("ROOMS", 0, 0, 9e8, 9e8), arc("DOORS", (0, 0), 9e7, 0, 90)),
        )

    assert refused.value.finding.code == "unit-unclear"


@pytest.mark.parametrize("across", [1.0, -1.0])
def test_doors_in_blocks_nested_mirrored_or_turned_are_doors(across: float, tmp_path: Path) -> None:
    leaf = block("LEAF", arc("0", (0, 0), 900, 0, 90))
    door = block("DOOR-900", insert("0", "LEAF", (0, 0)))
    drawn = [one for one in ward(1000) if one[1] != (8, "DOORS")]
    placed = [
        insert(
            "x$0$A-DOOR-EXST", "DOOR-900", (2000 + 5000 * number + 450 * (1 - across), 5000), across
        )
        for number in range(4)
    ]

    plan = plan_of(tmp_path, dxf(*drawn, *placed, blocks=[leaf, door]))

    assert len(plan.doors) == 4
    swings = [door.line.bounds for door in plan.doors]
    assert all(left == pytest.approx(2 + 5 * n, abs=0.01) for n, (left, *_) in enumerate(swings))
    assert all(high == pytest.approx(5.9, abs=0.01) for *_, high in swings)


def test_codes_in_texts_are_not_part_of_names(tmp_path: Path) -> None:
    extra = [box("ROOMS", 0, 9000, 5000, 12000), words("LABELS", (1000, 10000), "%%uCT%%u")]

    plan = plan_of(tmp_path, dxf(*ward(1000), *extra))

    assert [space.names for space in plan.spaces if space.names.get("") == "CT"] == [{"": "CT"}]


def test_rooms_are_made_from_walls_where_no_outline_is_drawn(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, dxf(*flat(), blocks=flat_blocks()))

    areas = {space.ref or space.names[""]: space.outline.area for space in plan.spaces}
    assert sorted(areas) == ["101", "102", "103", "104", "走廊"]
    assert all(areas[f"10{n}"] == pytest.approx(4.8 * 4.8, rel=0.05) for n in (1, 2, 3, 4))
    assert areas["走廊"] == pytest.approx(19.8 * 2.8, rel=0.05)
    assert "rooms-from-walls" in codes(plan)
    venue = join([plan])
    assert sorted(len(set(door.spaces)) for door in venue.doors if not door.guessed) == [2] * 4


def test_an_edge_without_a_wall_is_open_where_the_other_walls_are_drawn(tmp_path: Path) -> None:
    """101 and 102 share an open edge; of 104 the wall to the corridor is left out."""
    gone = {
        ((5000, 0), (5000, 5000)),
        ((15000, 5000), (17000, 5000)),
        ((17900, 5000), (20000, 5000)),
    }
    drawn = [
        one
        for one in ward(1000)
        if (one[1] != (8, "WALLS") or ((one[2][1], one[3][1]), (one[4][1], one[5][1])) not in gone)
        and (one[1] != (8, "DOORS") or one[2] != (10, 17000))
    ]

    venue = join([plan_of(tmp_path, dxf(*drawn))])

    opened = {door.spaces for door in venue.doors if door.guessed and door.kind == "open"}
    assert opened == {("0:101", "0:102"), ("0:104", "0:Corridor")}
    (told,) = [finding for finding in venue.findings if finding.code == "edges-without-wall"]
    assert (told.where, told.slots["count"]) == ("0", "2")


def test_a_wall_in_a_room_is_walked_around(tmp_path: Path) -> None:
    across = line("WALLS", (1000, 2500), (5000, 2500))

    venue = join([plan_of(tmp_path, dxf(*ward(1000), across))])

    (room,) = [space.outline for space in venue.spaces if space.ref == "101"]
    assert not room.intersects(LineString([(1.1, 2.5), (4.9, 2.5)]))
    assert room.covers(LineString([(0.5, 1), (0.5, 4)])) and room.area > 24


def test_nothing_is_open_where_few_walls_are_drawn(tmp_path: Path) -> None:
    drawn = [one for one in ward(1000) if one[1] != (8, "WALLS")]

    venue = join([plan_of(tmp_path, dxf(*drawn, line("WALLS", (5000, 0), (5000, 5000))))])

    assert not any(door.kind == "open" for door in venue.doors)


@pytest.mark.parametrize(
    ("text", "is_number"),
    [("1001", True), ("1001室", True), ("B1-02", True), ("1001病房", False), ("1号电梯", False)],
)
def test_a_name_that_begins_with_a_number_is_a_name(text: str, is_number: bool) -> None:
    assert is_door_number(text) is is_number


def test_a_closed_line_without_a_name_in_a_room_is_a_hole_in_it(tmp_path: Path) -> None:
    hall = [box("ROOMS", 0, 9000, 20000, 29000), words("LABELS", (1000, 10000), "Hall")]
    court = box("ROOMS", 5000, 14000, 15000, 24000)
    kiosk = [box("ROOMS", 1000, 25000, 3000, 27000), words("LABELS", (2000, 26000), "Kiosk")]

    plan = plan_of(tmp_path, dxf(*ward(1000), *hall, court, *kiosk))

    areas = {space.names.get(""): space.outline.area for space in plan.spaces}
    assert areas["Hall"] == pytest.approx(300) and areas["Kiosk"] == pytest.approx(4)
    assert len(plan.spaces) == 7


def test_chinese_is_read_in_the_encodings_that_drawing_offices_use(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8", "gb18030")):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        drawing = dxf(*flat(), blocks=flat_blocks()).decode().encode(encoding)

        assert "走廊" in [space.names.get("") for space in plan_of(folder, drawing).spaces]


def test_rooms_that_no_wall_separates_are_an_open_floor_with_places(tmp_path: Path) -> None:
    open_between = [
        one
        for one in flat()
        if not (one[0] == (0, "LINE") and one[2][1] in (4900, 5100) and one[4][1] in (4900, 5100))
    ]

    plan = plan_of(tmp_path, dxf(*open_between, blocks=flat_blocks()))

    (hall,) = [space for space in plan.spaces if space.kind == "hall"]
    assert not hall.ref and not hall.names
    assert {point.ref for point in plan.points} >= {"101", "102"}


def test_walls_that_do_not_close_make_no_room(tmp_path: Path) -> None:
    """Without the outer walls at both ends and one line of the corridor's; holes for doors, here
    without their symbols, are closed by their width."""
    left = (one for one in flat() if one[-1] != (21, 8000 - 100.0))

    plan = plan_of(tmp_path, dxf(*left))

    assert sorted(space.ref for space in plan.spaces) == ["102", "103"]
    with pytest.raises(PlanError) as refused:
        plan_of(tmp_path, dxf(line("WALL", (0, 0), (9000, 0)), line("WALL", (0, 0), (0, 9000))))
    assert refused.value.finding.code == "no-rooms-drawn"


def test_storeys_side_by_side_on_one_sheet_are_levels_by_their_titles(tmp_path: Path) -> None:
    def storey(right: float, title: str) -> list[Entity]:
        """A flat, drawn further to the right, whose last room has stairs, with its title below."""
        here = [
            [(a, b + right if a in (10, 11) and isinstance(b, float | int) else b) for a, b in one]
            for one in flat()
        ]
        labelled = [[(a, "楼梯" if b == "104" else b) for a, b in one] for one in here]
        return [*labelled, words("TITLE", (right + 9000, -3000), title)]

    sheet = dxf(*storey(0, "首层平面图"), *storey(40000, "二层平面图"), blocks=flat_blocks())
    (tmp_path / "plan.dxf").write_bytes(sheet)

    venue = join(read([tmp_path / "plan.dxf"]))

    assert [(one.label, one.ordinal) for one in venue.levels] == [("首层", 0), ("二层", 1)]
    assert [(one.kind, len(one.stops)) for one in venue.connectors] == [("stairs", 2)]
    below, above = (space.outline.bounds for space in venue.spaces if space.ref == "101")
    assert below == pytest.approx(above, abs=0.01)


def test_a_manifest_says_what_layers_storeys_and_rooms_are(tmp_path: Path) -> None:
    swapped = [[pair if pair != (8, "ROOMS") else (8, "Q7") for pair in one] for one in ward(1000)]
    manifest = {
        "buildingLevels": {
            "levels": [
                {"filename": "./1F.dwg", "levelName": "Ground", "ordinal": 0},
                {"filename": "./2F.dwg", "levelName": "Level 2", "ordinal": 1},
            ]
        },
        "dwgLayers": {"unit": ["Q7"], "wall": ["WALLS"], "unitLabel": ["LABELS"]},
        "unitProperties": [
            {"unitName": "104", "verticalPenetrationCategory": "verticalPenetration.stairs"}
        ],
    }

    plan = plan_of(tmp_path, dxf(*swapped), dxf(*swapped), manifest=manifest)

    assert [(level.label, level.ordinal) for level in plan.levels] == [
        ("Ground", 0),
        ("Level 2", 1),
    ]
    assert sorted((one.level, one.ref) for one in plan.spaces if one.kind == "stairs") == [
        ("0", "104"), ("1", "104"),
    ]  # fmt: skip


MAPPING = """unit = "cm"

[layers]
"Q7" = "room"
LABELS = "label"

[files]
"1F.dxf" = { level = "UG", ordinal = -1 }
"""


def mapped(tmp_path: Path, mapping: str, drawing: bytes) -> Plan:
    (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
    return plan_of(tmp_path, drawing, manifest={"buildingLevels": {}, "dwgLayers": {}})


def test_a_mapping_of_staff_goes_before_the_manifest_and_before_what_is_likely(
    tmp_path: Path,
) -> None:
    swapped = [[pair if pair != (8, "ROOMS") else (8, "Q7") for pair in one] for one in ward(1000)]

    plan = mapped(tmp_path, MAPPING, dxf(*swapped))

    assert [(level.label, level.ordinal) for level in plan.levels] == [("UG", -1)]
    assert max(space.outline.area for space in plan.spaces) == pytest.approx(6000)
    assert "unit-from-sizes" not in codes(plan)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("[layers\n", "mapping-broken"),
        ('[layers]\nQ7 = "roof"\n', "mapping-role-unknown"),
        ('[files]\n"1F.dxf" = { level = "1F" }\n', "mapping-level-missing"),
        ('unit = "miles"\n', "mapping-unit-unknown"),
    ],
)
def test_a_mapping_that_says_nothing_is_refused(mapping: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError) as refused:
        mapped(tmp_path, mapping, dxf(*ward(1000)))

    assert refused.value.finding.code == code


def test_the_mapping_that_is_proposed_can_be_edited_and_read(tmp_path: Path) -> None:
    (tmp_path / "1F.dxf").write_bytes(dxf(*ward(1000), line("Q7", (0, 0), (1, 1))))

    (answer,) = survey([tmp_path])

    seen = {one.where: one.slots for one in answer.findings if one.code == "layer-seen"}
    assert seen["WALLS"] == {"role": "wall", "lines": "12", "areas": "0", "arcs": "0", "texts": "0"}
    assert seen["Q7"]["role"] == "?"
    proposal = written({name: str(slots["role"]) for name, slots in seen.items()}, ["1F.dxf"])
    (tmp_path / "mapping.toml").write_text(proposal, encoding="utf-8")
    assert '# "Q7" = ' in proposal
    assert len(read([tmp_path])[0].spaces) == 5


def test_there_are_no_layers_without_a_drawing_by_cad(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("{}")

    with pytest.raises(PlanError) as refused:
        survey([tmp_path])

    assert refused.value.finding.code == "no-cad-inside"


def test_names_of_layers_are_known_in_several_languages() -> None:
    known = {
        "A-WALL-EXST": "wall", "WALL": "wall", "墙体": "wall", "Wand (neu)": "wall",
        "x$0$A-DOOR": "door", "AUSBAU - Objekte - Türen": "door", "门窗": "door",
        "A-GLAZ-SHEL-EXST": "window", "STAIR": "stairs", "A-FLOR-CORE-STRS-EXST": "stairs",
        "SPACE": "room", "RM$": "room", "房间": "room", "PUB_TEXT": "label",
        "A-IDEN-NUMR-EXST": "label", "GROS$": "outline", "A-FURN-FREE-EXST": "ignored",
        "PUB_DIM": "ignored", "轴线": "ignored", "Aufzüge": "lift", "Q7": "",
    }  # fmt: skip

    assert {layer: proposed(layer) for layer in known} == known


@pytest.fixture(scope="module")
def real() -> dict[str, Plan]:
    if not (REAL / "office-dxf").is_dir():
        pytest.skip("the drawings of other people are not here")
    return {name: read([REAL / name])[0] for name in ("office-dxf", "office-revit-dxf")}


@pytest.mark.slow
def test_three_storeys_of_an_office_by_its_manifest(real: dict[str, Plan]) -> None:
    plan = real["office-dxf"]

    assert [(level.label, level.ordinal) for level in plan.levels] == [
        ("Basement", -1), ("Ground", 0), ("Level 2", 1),
    ]  # fmt: skip
    for level in plan.levels:
        here = [space for space in plan.spaces if space.level == level.key]
        assert len(here) == 63 and all(space.ref for space in here)
        kinds = [space.kind for space in here]
        assert (kinds.count("stairs"), kinds.count("elevator"), kinds.count("corridor")) == (
            1,
            1,
            3,
        )
    found = review(Guide(join([plan])).network, profiles())
    assert found.pairs["walk"] >= 0.95 and found.pairs["wheelchair"] >= 0.95


@pytest.mark.slow
def test_an_office_of_revit_in_inches_though_its_header_says_nothing(real: dict[str, Plan]) -> None:
    plan = real["office-revit-dxf"]

    (told,) = [finding for finding in plan.findings if finding.code == "unit-from-sizes"]
    assert told.slots["unit"] == "in"
    assert len(plan.spaces) == 68
    named = [space for space in plan.spaces if space.ref or space.names]
    assert len(named) == 67
    assert 45 <= len(plan.doors) <= 55
    assert [f.where for f in plan.findings if f.code == "drawn-twice"] == ["Ground.dwg"]
    assert not any("furn" in key.casefold() for key in codes(plan))


@pytest.mark.slow
def test_open_offices_lead_on_where_no_wall_is_drawn_and_never_through_one(
    real: dict[str, Plan],
) -> None:
    guide = Guide(join([real["office-revit-dxf"]]))
    drawing = REAL / "office-revit-dxf" / "Ground.dxf"
    lines = walls_of_dxf(drawing, 0.0254, "WALL", "GLAZ")
    stairs = [one.outline for one in guide.venue.spaces if one.kind == "stairs"]
    walls = [("0", one) for one in lines if not any(one.within(stair) for stair in stairs)]

    assert review(guide.network, profiles()).pairs["walk"] >= 0.9
    assert len(lines) > 1900
    assert through_walls(guide.network, walls) == []


def in_short(plan: Plan) -> tuple[object, ...]:
    rooms = sorted((one.ref, str(one.names), round(one.outline.area, 1)) for one in plan.spaces)
    doors = sorted(
        (round(door.line.centroid.x, 1), round(door.line.centroid.y, 1)) for door in plan.doors
    )
    return rooms, doors, len(plan.floors)


@pytest.mark.slow
def test_a_dwg_gives_what_its_dxf_gives(real: dict[str, Plan], tmp_path: Path) -> None:
    for name in ("Ground.dwg", "manifest.json"):
        shutil.copy(REAL / "office-revit-dxf" / name, tmp_path)

    (plan,) = read([tmp_path])

    assert in_short(plan) == in_short(real["office-revit-dxf"])


@pytest.mark.slow
@pytest.mark.process
def test_a_damaged_dwg_is_a_plan_or_a_code(tmp_path: Path) -> None:
    if not (REAL / "office-revit-dxf").is_dir():
        pytest.skip("the drawings of other people are not here")
    whole = (REAL / "office-revit-dxf" / "Ground.dwg").read_bytes()
    draw = random.Random(7)
    for number in range(6):
        spoilt = bytearray(whole[: draw.choice((9000, len(whole) // 2, len(whole)))])
        for _ in range(draw.choice((1, 20))):
            spoilt[draw.randrange(128, len(spoilt))] ^= 1 << draw.randrange(8)
        (tmp_path / f"{number}.dwg").write_bytes(spoilt)

        try:
            assert read_apart([tmp_path / f"{number}.dwg"])
        except PlanError as refused:
            assert refused.finding.code in {
                "dwg-broken", "no-layers-known", "no-rooms-drawn", "reading-crashed",
                "reading-out-of-memory", "reading-took-too-long", "unit-unclear",
            }  # fmt: skip
