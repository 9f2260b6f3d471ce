"""Small drawings by people who never heard of navkit: each is one habit, and is joined or told."""

from pathlib import Path
from typing import Any

import pytest
import shapely
from test_strange_drawings import Json, box, collection, dot, files, line, said, venue_of

from navkit.network.network import build
from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.route.profiles import profiles
from navkit.route.reach import Review, review
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.words.findings import Finding
from navkit.words.folders import severities
from tools.listing import cause_of, print_all, print_findings


def venue(folder: Path, *features: Json, name: str = "1F") -> Venue:
    return venue_of(files(folder, **{name: collection(*features)}))


def reviewed(drawn: Venue) -> Review:
    return review(build(drawn), profiles())


def codes(drawn: Venue) -> set[str]:
    return {f.code for f in (*drawn.findings, *reviewed(drawn).findings)}


def joined(drawn: Venue) -> set[frozenset[str]]:
    """The pairs of spaces that doors join, by what the spaces are called."""
    called = {s.id: next(iter(s.names.values()), s.ref) for s in drawn.spaces}
    return {frozenset(called[s] for s in door.spaces if s) for door in drawn.doors}


# Bridges between buildings


def house(x: float, building: str, *levels: int) -> list[Json]:
    """A corridor of 20 m from `x` on, with a room, on each level."""
    return [
        part
        for level in levels
        for part in (
            box(
                x,
                0,
                20,
                3,
                type="corridor",
                name=f"{building}{level}",
                building=building,
                level=level,
            ),
            box(
                x,
                3,
                20,
                4,
                type="room",
                name=f"Ward {building}{level}",
                building=building,
                level=level,
            ),
            line((x + 2, 3), (x + 3, 3), type="door", building=building, level=level),
        )
    ]


@pytest.mark.parametrize("tags", [{}, {"building": "A"}, {"building": "B"}])
@pytest.mark.parametrize("kind", ["corridor", "walkway", "连廊"])
def test_a_bridge_of_one_building_or_none_joins_both(tags: Json, kind: str, tmp_path: Path) -> None:
    bridge = box(20, 0.5, 10, 2, type=kind, name="Bridge", level=1, **tags)

    drawn = venue(tmp_path, *house(0, "A", 1), *house(30, "B", 1), bridge)

    assert {frozenset({"Bridge", "A1"}), frozenset({"Bridge", "B1"})} <= joined(drawn)
    assert reviewed(drawn).pairs["wheelchair"] == 1
    assert not codes(drawn) & {"venue-in-parts", "rooms-apart", "space-stands-alone"}
    over = [f.slots for f in said(drawn, "bridge-assumed")]
    assert len(over) == (1 if tags else 2)


def test_a_bridge_leads_to_the_floor_that_it_is_on_only(tmp_path: Path) -> None:
    bridge = box(20, 0.5, 10, 2, type="corridor", name="Bridge", level=1)

    drawn = venue(tmp_path, *house(0, "A", 0, 1, 2), *house(30, "B", 0, 1, 2), bridge)

    over = {pair for pair in joined(drawn) if "Bridge" in pair}
    assert over == {frozenset({"Bridge", "A1"}), frozenset({"Bridge", "B1"})}


def test_a_bridge_with_a_wall_or_a_door_at_its_end_is_not_open_there(tmp_path: Path) -> None:
    bridge = box(20, 0.5, 10, 2, type="corridor", name="Bridge", building="A", level=1)
    houses = (*house(0, "A", 1), *house(30, "B", 1), bridge)
    wall = line((30, 0), (30, 3), type="wall", building="B", level=1)
    door = line((30, 1), (30, 2), type="door", building="A", level=1)

    walled = venue(tmp_path / "wall", *houses, wall)
    with_door = venue(tmp_path / "door", *houses, door)

    assert frozenset({"Bridge", "B1"}) not in joined(walled)
    assert frozenset({"Bridge", "B1"}) in joined(with_door)
    assert not said(with_door, "bridge-assumed")


def test_a_bridge_with_a_door_to_another_storey_leads_there_only() -> None:
    """The ground rises: 2F of one building is 1F of the other. The second bridge has no door."""
    floors = [PlanLevel(f"{b}{n}", n, f"{n + 1}F", b) for b in "AB" for n in (0, 1)]
    spaces = [PlanSpace("bridge", "A1", shapely.box(0, 0, 10, 2), "corridor")]
    spaces.append(PlanSpace("second", "A1", shapely.box(0, -4, 10, -2), "corridor"))
    spaces += [PlanSpace(f"B{n}", f"B{n}", shapely.box(10, -5, 13, 5), "corridor") for n in (0, 1)]
    door = PlanDoor(
        "far", "A1", shapely.LineString([(10, 0.5), (10, 1.5)]), spaces=("bridge", "B0")
    )

    drawn = join([Plan("x", None, tuple(floors), tuple(spaces), (door,))])

    assert {door.spaces for door in drawn.doors} == {("bridge", "B0"), ("second", "B1")}


def test_buildings_that_touch_and_are_not_joined_are_not_called_far_apart(tmp_path: Path) -> None:
    wall = line((20, 0), (20, 3), type="wall", building="B", level=1)

    drawn = venue(tmp_path, *house(0, "A", 1), *house(20, "B", 1), wall)

    told = next(f for f in reviewed(drawn).findings if f.code == "venue-in-parts")
    assert "far apart" not in told.text("en")
    assert "whether there is a door in the wall" in told.text("en")


# Walls drawn as gaps


@pytest.mark.parametrize("gap_m", [0.08, 0.15, 0.28])
@pytest.mark.parametrize("between_m", [0.0, 0.1])
def test_a_gap_on_one_side_of_a_corridor_is_a_wall(
    gap_m: float, between_m: float, tmp_path: Path
) -> None:
    north = [box(5 * i, 3, 5, 4, type="room", name=f"N{i}") for i in range(4)]
    south = [box(5 * i, -4 - gap_m, 5 - between_m, 4, type="room", name=f"S{i}") for i in range(4)]

    drawn = venue(tmp_path, box(0, 0, 20, 3, type="corridor", name="C"), *north, *south)

    assert joined(drawn) == {frozenset({"C", f"{side}{i}"}) for side in "NS" for i in range(4)}
    assert not codes(drawn) & {"space-without-door", "space-stands-alone", "rooms-apart"}


def test_where_outlines_touch_a_wide_gap_is_no_wall(tmp_path: Path) -> None:
    """Between the room and the corridor is a shaft that nobody has drawn."""
    rooms = [box(5 * i, 3, 5, 4, type="room", name=f"N{i}") for i in range(4)]
    apart = box(0, -4.6, 5, 4, type="room", name="S")

    drawn = venue(tmp_path, box(0, 0, 20, 3, type="corridor", name="C"), *rooms, apart)

    assert frozenset({"C", "S"}) not in joined(drawn)
    assert "space-stands-alone" in codes(drawn)


# Entrances by their names

WARD = (
    box(0, 0, 20, 3, type="corridor", name="C"),
    box(0, 3, 20, 4, type="room", name="Ward"),
    line((12, 3), (13, 3), type="door"),
)
CALLED = [
    "大门",
    "门诊大门",
    "主入口",
    "正门",
    "出入口",
    "北门",
    "急诊入口",
    "3号门",
    "東門",
    "側門",
]
CALLED += ["Main entrance", "North Gate", "Entrance B", "Haupteingang", "главный вход"]


def entrances(drawn: Venue) -> list[str]:
    return [next(iter(door.names.values()), "") for door in drawn.doors if door.entrance]


@pytest.mark.parametrize("name", CALLED)
@pytest.mark.parametrize(
    "drawn",
    [
        lambda **said: box(4, -0.3, 2, 0.3, **said),
        lambda **said: box(4, -1.5, 3, 1.5, **said),
        lambda **said: line((4, 0), (6, 0), type="door", **said),
        lambda **said: dot(5, -0.1, **said),
    ],
    ids=["thin", "deep", "line", "point"],
)
def test_what_is_called_an_entrance_is_one_however_it_is_drawn(
    name: str, drawn: Any, tmp_path: Path
) -> None:
    house = venue(tmp_path, *WARD, drawn(name=name))

    assert entrances(house) == [name]
    assert {space.kind for space in house.spaces} == {"corridor", "room"}
    assert "no-entrance" not in codes(house)
    assert said(house, "entrance-by-name")


@pytest.mark.parametrize("kind", ["entrance", "main_entrance", "入口", "主出入口"])
def test_an_area_of_the_kind_of_entrances_is_one(kind: str, tmp_path: Path) -> None:
    house = venue(tmp_path, *WARD, box(4, -0.3, 2, 0.3, type=kind))

    assert entrances(house) == [""]


@pytest.mark.parametrize(
    "name", ["门诊", "部门", "防火门", "安全出口", "Fire door", "Emergency exit"]
)
def test_other_doors_are_no_entrances(name: str, tmp_path: Path) -> None:
    house = venue(tmp_path, *WARD, line((4, 0), (6, 0), type="door", name=name))

    assert not entrances(house)


def test_an_entrance_for_staff_is_none_for_visitors(tmp_path: Path) -> None:
    door = line((4, 0), (6, 0), type="door", name="员工入口")

    house = venue(tmp_path, *WARD, door)

    assert not entrances(house)
    assert [d.access for d in house.doors if d.names] == ["staff"]
    assert said(house, "staff-by-name")


def test_a_door_inside_is_no_entrance_of_the_building(tmp_path: Path) -> None:
    house = venue(tmp_path, *WARD, line((4, 3), (6, 3), type="door", name="病区入口"))

    assert not entrances(house)


def test_an_entrance_hall_with_doors_stays_a_hall(tmp_path: Path) -> None:
    lobby = box(4, -3, 3, 3, name="Main entrance")
    doors = [line((5, y), (6, y), type="door") for y in (0, -3)]

    house = venue(tmp_path, *WARD, lobby, *doors)

    assert [s.kind for s in house.spaces if s.names == {"": "Main entrance"}] == ["hall"]


# Narrow passages


def ring(*corners: tuple[float, float], **properties: Any) -> Json:
    shape = {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def test_what_is_behind_one_narrow_passage_is_told_once(tmp_path: Path) -> None:
    """A corridor of 0.6 m with six rooms, after a wide one with two."""
    corners = [(0, 0), (8, 0), (8, 0.6), (32, 0.6), (32, 1.2), (8, 1.2), (8, 2), (0, 2)]
    starts = [(0, 2), (4, 2), *((8 + 4 * i, 1.2) for i in range(6))]
    rooms = [box(x, y, 4, 4, type="room", name=f"R{x}") for x, y in starts]
    doors = [line((x + 1, y), (x + 2, y), type="door") for x, y in starts]

    drawn = venue(tmp_path, ring(*corners, type="corridor", name="C"), *rooms, *doors)

    (told,) = (f for f in reviewed(drawn).findings if f.code == "passage-too-narrow")
    assert told.slots["count"] == "7"
    assert "0.6 m wide" in told.text("en")
    assert all(name in told.text("en") for name in ("R8", "R12", "R24"))


def test_two_narrow_places_of_one_corridor_are_told_one_by_one(tmp_path: Path) -> None:
    """They are 8 m apart, one at either end of the middle, and each cuts off a room."""
    above = [(20, 2), (20, 1.2), (18, 1.2), (18, 2), (10, 2), (10, 1.2), (8, 1.2), (8, 2)]
    corners = [(0, 0), (8, 0), (8, 0.6), (10, 0.6), (10, 0), (18, 0), (18, 0.6), (20, 0.6)]
    corners += [(20, 0), (28, 0), (28, 2), *above, (0, 2)]
    rooms = [box(x, 2, 4, 4, type="room", name=f"R{x}") for x in (0, 10, 14, 24)]
    doors = [line((x + 1, 2), (x + 2, 2), type="door") for x in (0, 10, 14, 24)]

    drawn = venue(tmp_path, ring(*corners, type="corridor", name="C"), *rooms, *doors)

    told = [f for f in reviewed(drawn).findings if f.code == "passage-too-narrow"]
    assert [f.slots["count"] for f in told] == ["1", "1"]


# Cells of one room

LAB = (box(8, 3, 4, 4, type="room", name="Lab"), line((9, 3), (10, 3), type="door"))
DOORS = (line((1, 3), (2, 3), type="door"), line((5, 3), (6, 3), type="door"))


def cells(folder: Path, name: str, *others: Json) -> Venue:
    """Two outlines of one name side by side at a corridor, beside a laboratory."""
    both = [box(x, 3, 4, 4, type="room", name=name) for x in (0, 4)]
    return venue(folder, box(0, 0, 20, 3, type="corridor", name="C"), *both, *LAB, *others)


@pytest.mark.parametrize(
    ("name", "doors"), [("放射科", 1), ("Radiology", 1), ("201", 1), ("201", 0)]
)
def test_cells_of_one_room_are_one_place(name: str, doors: int, tmp_path: Path) -> None:
    drawn = cells(tmp_path, name, *DOORS[:doors])

    (place,) = (p for p in drawn.places if name in (p.ref, *p.names.values()))
    (room,) = (s for s in drawn.spaces if s.id in place.spaces)
    assert room.outline.area == pytest.approx(32, abs=0.1)
    assert [f.slots["cells"] for f in said(drawn, "cells-joined")]
    assert not codes(drawn) & {"duplicate-label", "spaces-overlap"}


def test_rooms_of_one_name_with_a_door_each_are_told_and_stay_two(tmp_path: Path) -> None:
    drawn = cells(tmp_path, "Radiology", *DOORS)

    assert [f.slots["cells"] for f in said(drawn, "one-name-beside")] == ["0:Radiology#2"]
    assert len([p for p in drawn.places if p.names == {"": "Radiology"}]) == 2


@pytest.mark.parametrize("between", ["wall", "door"])
def test_what_a_wall_or_a_door_parts_is_not_one_room(between: str, tmp_path: Path) -> None:
    parts = (
        line((4, 3), (4, 7), type="wall")
        if between == "wall"
        else line((4, 4), (4, 5), type="door")
    )

    drawn = cells(tmp_path, "Radiology", DOORS[0], parts)

    assert not codes(drawn) & {"cells-joined", "one-name-beside"}
    assert len([p for p in drawn.places if p.names == {"": "Radiology"}]) == 2


# Shafts


def tower(name: str, drift_m: float = 0.0, door: bool = False) -> list[Json]:
    """Four storeys of a corridor with a staircase at its end."""
    parts = []
    for level in range(4):
        x = 20 + drift_m * level
        parts += [
            box(0, 0, 20, 3, type="corridor", name=f"C{level}", level=level),
            box(x, 0, 3, 3, type="stairs", name=name.format(level), level=level),
        ]
        if door:
            parts.append(line((20, 1), (20, 2), type="door", level=level))
    return parts


def test_a_shaft_is_told_once_not_on_every_storey(tmp_path: Path) -> None:
    drawn = venue(tmp_path, *tower("", drift_m=0.05))

    (joined_,) = said(drawn, "shaft-joined-by-footprint")
    (doors,) = said(drawn, "door-guessed-for-shaft")
    (shaft,) = drawn.connectors
    assert len(shaft.stops) == 4 and shaft.guessed
    assert joined_.severity == "warning"
    assert all(stop in joined_.text("en") for stop in shaft.stops[1:])
    assert doors.slots["count"] == "4"
    assert all(f"C{level}" in doors.text("en") for level in range(4))
    assert not said(drawn, "door-guessed")


@pytest.mark.parametrize(
    ("name", "drift_m", "severity"),
    [
        ("楼梯1", 0, "note"),
        ("Stairs {}", 0, "warning"),
        ("楼梯1", 0.8, "warning"),
        ("", 0, "warning"),
    ],
    ids=["name and outline", "other names", "other outlines", "no name"],
)
def test_a_shaft_of_one_name_and_outline_is_only_a_note(
    name: str, drift_m: float, severity: str, tmp_path: Path
) -> None:
    drawn = venue(tmp_path, *tower(name, drift_m, door=True))

    (told,) = (f for f in drawn.findings if f.code.startswith("shaft-joined"))
    assert told.severity == severity


# Findings few enough to read

FLAWS = [Finding(code, "0", {"id": "A"}) for code in ("space-stands-alone", "unnamed-place")]
FLAWS += [Finding("space-stands-alone", f"0, R{n}", {"id": f"R{n}"}) for n in range(20)]
FLAWS += [Finding("duplicate-id", f"x, {n}") for n in range(3)]
FLAWS += [
    Finding(
        "number-missing",
        "0, B",
        {"id": "B", "called": "B", "before": "A", "after": "C", "number": "2"},
    )
]
FLAWS += [Finding("opening-assumed", "0", {"a": "A", "b": "B"})] * 30


def printed(capsys: pytest.CaptureFixture[str], spaces: int | None) -> list[str]:
    print_findings(FLAWS, spaces)
    return capsys.readouterr().out.splitlines()


def test_a_tiny_venue_gets_a_line_for_each_severity(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, 10)

    assert [line.split()[:2] for line in lines[:-1]] == [
        ["error", "3"],
        ["warning", "23"],
        ["note", "30"],
    ]
    assert "this id stands more than once" in lines[0] and "drawing (3)" in lines[0]
    assert "doors (21), names and numbers (2)" in lines[1]
    assert "--all" in lines[-1]


def test_few_findings_are_in_full_however_small_the_venue_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_findings(FLAWS[:1], 1)

    assert "--all" not in capsys.readouterr().out


def test_a_small_venue_gets_a_line_for_each_cause(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, 40)

    assert len(lines) == 5
    assert [line.split()[:2] for line in lines[:-1]] == [
        ["error", "3"],
        ["warning", "21"],
        ["warning", "2"],
        ["note", "30"],
    ]
    assert "drawing: x, 0: this id stands more than once" in lines[0]
    assert "doors: 0: it has no door and touches nothing" in lines[1]
    assert "--all" in lines[-1]


def test_a_large_venue_gets_all_that_has_room(capsys: pytest.CaptureFixture[str]) -> None:
    by_code, in_full = printed(capsys, 60), printed(capsys, 1000)

    assert len(by_code) == 6 and "unnamed-place: 0: this room" in " ".join(by_code)
    assert in_full == printed(capsys, None)
    assert len(in_full) > 6 and "--all" not in " ".join(in_full)


def test_every_finding_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    print_all(FLAWS)

    text = capsys.readouterr().out
    assert all(f"R{n}" in text for n in range(20))
    assert "taken as open" in text


def test_every_code_has_a_cause() -> None:
    named = {code for code in severities() if code.startswith("cli-cause-")}

    assert {f"cli-{cause_of(code)}" for code in severities()} == named


# Storeys side by side


def storey(x: float, number: int, shafts: tuple[str, str] = ("楼梯1", "电梯1")) -> list[Json]:
    """A corridor with stairs and a lift at its ends and four rooms, from `x` on."""
    rooms = [
        box(x + 5 * i, 3, 5, 4, type="room", name=f"{number}0{i + 1}", level=1) for i in range(4)
    ]
    doors = [line((x + 5 * i + 1, 3), (x + 5 * i + 2, 3), type="door", level=1) for i in range(4)]
    return [
        box(x, 0, 20, 3, type="corridor", name=f"走廊{number}", level=1),
        box(x - 3, 0, 3, 3, type="stairs", name=shafts[0], level=1),
        box(x + 20, 0, 2, 3, type="elevator", name=shafts[1], level=1),
        line((x, 1), (x, 2), type="door", level=1),
        line((x + 20, 1), (x + 20, 2), type="door", level=1),
        *rooms,
        *doors,
    ]


def test_storeys_side_by_side_on_one_sheet_are_told(tmp_path: Path) -> None:
    drawn = venue(tmp_path, *storey(0, 1), *storey(40, 2))

    (told,) = said(drawn, "storeys-side-by-side")
    assert told.severity == "error"
    assert (told.slots["distance"], told.slots["one"], told.slots["other"]) == ("40.0", "7", "7")
    assert "1:楼梯1" in told.text("en") and "1:电梯1" in told.text("en")
    assert not codes(drawn) & {"lift-one-stop", "stairs-one-stop"}


def test_houses_whose_shafts_lead_to_other_levels_are_no_storeys(tmp_path: Path) -> None:
    above = [
        {**part, "properties": {**part["properties"], "level": 2}}
        for part in (*storey(0, 3), *storey(40, 4))
    ]

    drawn = venue(tmp_path, *storey(0, 1), *storey(40, 2), *above)

    assert not said(drawn, "storeys-side-by-side")


def title(x: float, text: str, y: float = -4) -> Json:
    return dot(x, y, name=text, level=1)


def levels_of(drawn: Venue) -> dict[str, float]:
    return {level.label: level.ordinal for level in drawn.levels}


def test_storeys_with_titles_become_levels_above_each_other(tmp_path: Path) -> None:
    sheet = [*storey(0, 1), title(8, "一层平面图"), *storey(40, 2), title(52, "二层平面图")]

    drawn = venue(tmp_path, *sheet)

    assert levels_of(drawn) == {"一层": 0, "二层": 1}
    assert {len(connector.stops) for connector in drawn.connectors} == {2}
    (told,) = said(drawn, "storeys-split")
    assert "一层, 二层" in told.text("zh-Hans") and not said(drawn, "storeys-side-by-side")
    assert all("平面图" not in name for place in drawn.places for name in place.names.values())
    assert not codes(drawn) & {"lift-one-stop", "stairs-one-stop", "rooms-apart"}


def test_a_drawing_of_several_storeys_is_each_of_them(tmp_path: Path) -> None:
    sheet = [*storey(0, 1), title(8, "一层平面图"), *storey(40, 2), title(52, "二至五层平面图")]

    drawn = venue(tmp_path, *sheet)

    assert levels_of(drawn) == {"一层": 0, "二层": 1, "三层": 2, "四层": 3, "五层": 4}
    assert {len(connector.stops) for connector in drawn.connectors} == {5}
    assert len({place.id for place in drawn.places}) == len(drawn.places)
    assert not codes(drawn) & {"lift-one-stop", "stairs-one-stop", "rooms-apart"}


def test_without_shafts_of_one_name_outlines_of_one_size_are_put_over_each_other(
    tmp_path: Path,
) -> None:
    other = storey(40, 2, ("楼梯2", "电梯2"))

    drawn = venue(tmp_path, *storey(0, 1), title(8, "B1平面图"), *other, title(52, "1F平面图"))

    assert levels_of(drawn) == {"B1": -1, "1F": 0}
    west = {
        level.label: min(s.outline.bounds[0] for s in drawn.spaces if s.level == level.id)
        for level in drawn.levels
    }
    assert west["B1"] == west["1F"]


@pytest.mark.parametrize(
    ("titles", "other"),
    [
        ([title(8, "一层平面图"), title(52, "一层平面图")], storey(40, 2)),
        ([title(8, "一层平面图"), title(12, "二层平面图")], storey(40, 2)),
        ([title(8, "一层平面图"), title(52, "标准层平面图")], storey(40, 2)),
        ([title(8, "一层平面图"), title(52, "2、3层平面图")], storey(40, 2)),
        (
            [title(8, "一层平面图"), title(52, "二层平面图")],
            [*storey(40, 2, ("楼梯2", "电梯2")), box(62, 0, 15, 3, type="corridor", level=1)],
        ),
    ],
    ids=["one storey twice", "two titles of one", "no number", "a list", "another size, no shafts"],
)
def test_titles_that_do_not_settle_it_are_asked(
    titles: list[Json], other: list[Json], tmp_path: Path
) -> None:
    drawn = venue(tmp_path, *storey(0, 1), *other, *titles)

    assert len(drawn.levels) == 1
    (told,) = said(drawn, "sheet-titles-unclear")
    assert told.severity == "error" and "一层平面图" in told.text("zh-Hans")


@pytest.mark.parametrize(("one", "other"), [("1F 导诊台", "2F 停车场"), ("Gate 1", "Gate 2")])
def test_a_thing_outside_is_no_title(one: str, other: str, tmp_path: Path) -> None:
    drawn = venue(tmp_path, *storey(0, 1), title(8, one), *storey(40, 2), title(52, other))

    assert len(drawn.levels) == 1 and not said(drawn, "sheet-titles-unclear")


def test_a_sign_in_a_room_is_no_title(tmp_path: Path) -> None:
    signs = [title(8, "一层", y=5), title(48, "二层", y=5)]

    drawn = venue(tmp_path, *storey(0, 1), *storey(40, 2), *signs)

    assert len(drawn.levels) == 1 and not said(drawn, "sheet-titles-unclear")


@pytest.mark.parametrize(
    "other",
    [
        storey(40, 2, ("楼梯2", "电梯2")),
        [*storey(40, 2), box(22, 0, 15, 3, type="corridor", level=1)],
        [box(40, 0, 3, 3, type="stairs", name="楼梯1", level=1)],
    ],
    ids=["other shafts", "a corridor between", "no storey"],
)
def test_wings_of_one_storey_are_no_storeys(other: list[Json], tmp_path: Path) -> None:
    drawn = venue(tmp_path, *storey(0, 1), *other)

    assert not said(drawn, "storeys-side-by-side")
