"""Plans become a venue: doors matched, gaps guessed and marked, ids kept, staff obeyed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from drawn import parse
from shapely import LineString, Point, Polygon, box

from navkit.plan.frame import Frame
from navkit.plan.plan import Access, Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.venue import Venue, from_json, to_json
from navkit.words.findings import NavkitError, count_by_code


def plan(*spaces: PlanSpace, doors: tuple[PlanDoor, ...] = (), **more: Any) -> Plan:
    levels = tuple(
        PlanLevel(key, float(key), label=f"{int(float(key)) + 1}F")
        for key in dict.fromkeys(space.level for space in spaces)
    )
    return Plan("test", None, levels=levels, spaces=spaces, doors=doors, **more)


def space(
    key: str, outline: Polygon, kind: Any = "room", level: str = "0", **more: Any
) -> PlanSpace:
    return PlanSpace(key, level, outline, kind, names={"zh-Hans": key}, **more)


def codes(venue: Venue) -> dict[str, int]:
    return count_by_code(venue.findings)


CORRIDOR = space("走廊", box(0, 0, 20, 2), "corridor")


def test_a_door_joins_the_spaces_on_its_two_sides() -> None:
    venue = join(
        [
            parse("""
                +---+-----+
                | A |  B  |
                +-d-+--d--+
                |    C    |
                +---------+

                A: room
                B: room
                C: corridor
            """)
        ]
    )

    assert [d.spaces for d in venue.doors] == [("A", "C"), ("B", "C")]
    assert not any(d.guessed for d in venue.doors)


def test_a_door_is_matched_through_a_wall_half_a_metre_thick() -> None:
    door = PlanDoor("门", "0", LineString([(1, 2.25), (2, 2.25)]))

    venue = join([plan(CORRIDOR, space("甲", box(0, 2.5, 5, 6)), doors=(door,))])

    assert [d.spaces for d in venue.doors] == [("甲", "走廊")]


@pytest.mark.parametrize(
    ("door", "room", "expected"),
    [
        ("public", "public", "public"),
        ("staff", "public", "staff"),
        ("public", "staff", "staff"),
        ("restricted", "public", None),
        ("staff", "restricted", None),
    ],
)
def test_an_entrance_is_for_those_who_may_pass_the_door_and_go_on_behind_it(
    door: Access, room: Access, expected: Access | None
) -> None:
    way_in = PlanDoor("门", "0", LineString([(1, 0), (2, 0)]), access=door, entrance=True)
    hall = space("大厅", box(0, 0, 20, 2), "hall", access=room)

    venue = join([plan(hall, doors=(way_in,))])

    found = [place.access for place in venue.places if place.door]
    assert found == ([expected] if expected else [])


def test_a_room_without_a_door_gets_one_where_only_one_reading_is_left() -> None:
    venue = join(
        [
            parse("""
                +-----+----+
                |  A  |    |
                +-???-+    |
                |     C    |
                +----------+

                A: room
                C: corridor
            """)
        ]
    )

    assert [(d.spaces, d.guessed) for d in venue.doors] == [(("A", "C"), True)]
    assert codes(venue)["door-guessed"] == 1


def test_nothing_is_guessed_between_two_corridors() -> None:
    venue = join(
        [
            parse("""
                +-----------+
                |     C     |
                +---+-???-+-+
                | # |  A  |#|
                +---+-???-+-+
                |     D     |
                +-----------+

                A: room 甲 | A
                C: corridor 走廊 | Corridor
                D: corridor 过道 | Passage
            """)
        ]
    )

    assert not venue.doors
    finding = next(f for f in venue.findings if f.where == "1F, A")
    assert finding.code == "space-without-door"
    assert finding.severity == "error"
    assert "Corridor" in finding.text("en")
    assert "Passage" in finding.text("en")


def test_circulation_that_shares_an_edge_is_open_but_for_a_drawn_wall() -> None:
    drawing = """
        +------+-------+
        |      ?       |
        |  C   ?   D   |
        |      ?       |
        +------+-------+

        C: corridor
        D: hall
    """

    assert [d.kind for d in join([parse(drawing)]).doors] == ["open"]
    assert not join([parse(drawing.replace("?", "|"))]).doors


LIFTS = """
level 1F 0
+---+---------+
| L |         |
+-a-+         |
|      A      |
+-------------+

level 2F 1
+---+---------+
| M |         |
+-a-+         |
|      B      |
+-------------+

level 3F 2
+---+---------+
| N |         |
+-a-+         |
|      C      |
+-------------+

L: elevator
M: elevator
N: elevator
A: corridor
B: corridor
C: corridor
"""

LIFTS_APART = """
level 1F 0
+---+---------+
| L |         |
+-a-+         |
|      A      |
+-------------+

level 2F 1
+---------+---+
|         | M |
|         +-a-+
|      B      |
+-------------+

L: elevator
M: elevator
A: corridor
B: corridor
"""


def silent(drawing: str) -> Plan:
    """A plan that does not say which shafts are one."""
    drawn = parse(drawing)
    spaces = tuple(replace(space, connector="") for space in drawn.spaces)
    return replace(drawn, spaces=spaces, connectors=())


def test_shafts_above_each_other_are_joined_and_marked_as_a_guess() -> None:
    venue = join([silent(LIFTS)])

    assert [c.stops for c in venue.connectors] == [("L1F", "M2F", "N3F")]
    assert venue.connectors[0].guessed
    assert codes(venue)["shaft-joined-by-footprint"] == 1


def test_shafts_beside_each_other_are_not_joined() -> None:
    venue = join([silent(LIFTS_APART)])

    assert [c.stops for c in venue.connectors] == [("L1F",), ("M2F",)]
    assert codes(venue)["lift-one-stop"] == 2


def test_a_lift_on_one_level_only_is_an_error() -> None:
    venue = join([plan(CORRIDOR, space("梯", box(0, 2, 2, 4), "elevator"))])

    assert codes(venue)["lift-one-stop"] == 1


def test_ids_stay_when_a_drawing_is_imported_again_in_another_order() -> None:
    rooms = [space(f"房{n}", box(n * 3, 2, n * 3 + 3, 6), ref=str(100 + n)) for n in range(6)]
    nameless = [replace(room, key="") for room in rooms]

    for drawn in (rooms, nameless):
        once = join([plan(CORRIDOR, *drawn)])
        again = join([plan(*reversed(drawn), CORRIDOR)])

        assert {s.id: s.ref for s in once.spaces} == {s.id: s.ref for s in again.spaces}
        assert {d.id for d in once.doors} == {d.id for d in again.doors}
        assert {p.id for p in once.places} == {p.id for p in again.places}


def test_plans_in_different_frames_become_one_and_local_ones_cannot_be_mixed() -> None:
    here, there = Frame(114.0, 30.0), Frame(114.01, 30.0)
    east = replace(plan(CORRIDOR), frame=here)
    west = replace(plan(space("乙", box(0, 2, 5, 6))), source="other", frame=there)

    venue = join([east, west])

    assert venue.space_by_id["乙"].outline.bounds[0] == pytest.approx(965, abs=2)
    with pytest.raises(NavkitError, match="metres of its own"):
        join([plan(CORRIDOR), west])


def test_a_venue_is_read_back_as_it_was_written(example_venue: Venue) -> None:
    again = from_json(to_json(example_venue))

    assert to_json(again) == to_json(example_venue)
    assert {level.elevation_m for level in again.levels} == {
        level.elevation_m for level in example_venue.levels
    }


def changed(*changes: dict[str, Any]) -> Venue:
    """A corridor with two rooms and a lift, and what staff say of them."""
    drawn = plan(
        CORRIDOR,
        space("甲", box(0, 2, 5, 6)),
        space("梯", box(5, 2, 7, 4), "elevator"),
        space("楼上", box(0, 0, 20, 2), "corridor", "1"),
    )
    data = {"navkit-corrections": 1, "changes": list(changes)}
    return join([drawn], None, corrections.parse(data, "corrections.json"))


def test_staff_add_a_door() -> None:
    venue = changed(
        {"do": "add-door", "spaces": ["甲", "梯"], "point": [5, 3], "kind": "automatic"}
    )

    assert any(d.spaces == ("甲", "梯") and d.kind == "automatic" for d in venue.doors)


@pytest.mark.parametrize(
    ("spaces", "point"), [(["甲", "走廊"], [500, 500]), (["甲", "楼上"], [3, 2])]
)
def test_a_door_that_cannot_be_where_staff_put_it_is_refused(
    spaces: list[str], point: list[float]
) -> None:
    venue = changed({"do": "add-door", "id": "错", "spaces": spaces, "point": point})

    assert codes(venue)["correction-door-nowhere"] == 1
    assert "错" not in venue.door_by_id


def test_staff_add_the_stop_of_a_lift_that_a_drawing_leaves_out() -> None:
    venue = changed(
        {"do": "add-space", "id": "梯上", "level": "1", "like": "梯", "connector": "L"},
        {"do": "join-shaft", "spaces": ["梯"], "connector": "L"},
    )

    assert [c.stops for c in venue.connectors] == [("梯", "梯上")]


def test_staff_rename_restrict_close_and_label() -> None:
    venue = changed(
        {"do": "rename", "id": "甲", "names": {"zh-Hans": "CT室", "en": "CT"}, "ref": "101"},
        {"do": "close", "id": "梯", "start": "2026-03-01T08:00", "end": "2026-03-02T08:00"},
        {"do": "restrict", "id": "楼上", "access": "staff"},
        {"do": "set-level", "id": "1", "label": "二层"},
    )

    assert venue.space_by_id["甲"].names["en"] == "CT"
    assert venue.space_by_id["楼上"].access == "staff"
    assert venue.level_by_id["1"].label == "二层"
    assert [c.target for c in venue.closures] == ["梯"]


@pytest.mark.parametrize(
    "change",
    [
        {"do": "rename", "id": "乙", "names": {"en": "B"}},
        {"do": "close", "id": "乙"},
        {"do": "add-anchor", "id": "码", "space": "乙", "point": [1, 1]},
        {"do": "add-door", "spaces": ["甲", "乙"], "point": [1, 1]},
        {"do": "set-level", "id": "9", "label": "9F"},
    ],
    ids=lambda change: change["do"],
)
def test_a_correction_whose_target_is_gone_is_reported(change: dict[str, Any]) -> None:
    assert codes(changed(change))["correction-without-target"] == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"do": "repaint", "id": "甲"}, "correction-unknown"),
        ({"id": "甲"}, "correction-unknown"),
        ("rename", "correction-unknown"),
        ({"do": "rename", "id": "甲"}, "correction-field"),
        ({"do": "set-kind", "id": "甲", "kind": "lounge"}, "value-not-listed"),
        ({"do": "set-door", "id": "门", "width_m": "wide"}, "correction-field"),
        ({"do": "set-door", "id": "门", "width_m": True}, "correction-field"),
        ({"do": "set-connector", "id": "L", "wait_s": "long"}, "correction-field"),
        ({"do": "set-connector", "id": "L", "wait_s": [1, 2]}, "correction-field"),
        ({"do": "restrict", "id": "甲", "access": "nobody"}, "value-not-listed"),
        ({"do": "set-level", "id": "1", "ordinal": "five"}, "correction-field"),
        ({"do": "close", "id": "甲", "start": "tomorrow"}, "correction-field"),
        ({"do": "add-door", "spaces": ["甲"], "point": [1]}, "correction-field"),
        ({"do": "add-door", "spaces": ["甲"], "point": [1, float("nan")]}, "correction-field"),
        ({"do": "add-space", "id": "x", "level": "1", "outline": [[0, 0]]}, "correction-field"),
        ({"do": "set-door", "id": "门", "entrence": True}, "correction-field"),
        ({"do": "set-door", "id": "门", "entrance": "no"}, "correction-field"),
        ({"do": "set-door", "id": "门", "width_m": -3}, "correction-field"),
        ({"do": "set-door", "id": "门", "hours": "whenever"}, "correction-field"),
        ({"do": "set-connector", "id": "L", "wait_s": float("inf")}, "correction-field"),
        ({"do": "rename", "id": "甲", "names": {"zh": "甲"}}, "correction-field"),
        (
            {"do": "close", "id": "甲", "start": "2026-03-02T08:00", "end": "2026-03-01T08:00"},
            "correction-field",
        ),
    ],
    ids=str,
)
def test_a_correction_that_cannot_be_understood_is_refused(change: Any, code: str) -> None:
    with pytest.raises(NavkitError) as refused:
        changed(change)

    assert refused.value.finding.code == code


DIRECTORY = (
    "编号,名称,英文名称,别名,楼层,房间,开放时间,权限\r\n"
    "ct,CT室,CT,螺旋CT；断层扫描,1F,{room},{hours},公开\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_directory_is_read_as_excel_writes_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "科室.csv"
    file.write_bytes(DIRECTORY.format(room="甲", hours="Mo-Fr 08:00-12:00").encode(encoding))

    listed = directory.read(file)
    venue = join([plan(CORRIDOR, space("甲", box(0, 2, 5, 6)))], listed)

    place = venue.place_by_id["ct"]
    assert (place.names["zh-Hans"], place.aliases) == ("CT室", ("螺旋CT", "断层扫描"))
    assert place.spaces == ("甲",)
    assert "甲" not in venue.place_by_id


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00\x00\x81", "directory-encoding"),
        ("名称,电话\r\n甲,1\r\n".encode(), "directory-without-columns"),
        (b"", "directory-without-columns"),
        ('名称,房间\r\n"甲,1\r\n'.encode(), "directory-not-a-table"),
    ],
)
def test_a_file_that_is_no_directory_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)

    with pytest.raises(NavkitError) as refused:
        directory.read(file)

    assert refused.value.finding.code == code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("ct,,1F,甲,,公开", "directory-row-incomplete"),
        ("ct,CT,1F,乙,,公开", "directory-room-unknown"),
        ("ct,CT,1F,甲,随时,公开", "directory-hours"),
        ("ct,CT,1F,甲,,谁都行", "directory-unknown-access"),
        ("ct,CT,1F,甲,,公开\r\nct,DR,1F,甲,,公开", "directory-duplicate-id"),
    ],
)
def test_a_bad_row_is_a_finding_and_the_others_stay(row: str, code: str) -> None:
    text = f"编号,名称,楼层,房间,开放时间,权限\r\n{row}\r\nok,药房,1F,甲,,公开\r\n"

    venue = join([plan(CORRIDOR, space("甲", box(0, 2, 5, 6)))], directory.parse(text, "a.csv"))

    assert codes(venue)[code] == 1
    assert "ok" in venue.place_by_id


def test_a_point_door_takes_the_direction_of_its_wall() -> None:
    door = PlanDoor("门", "0", Point(1.5, 2.0), width_m=1.2)

    venue = join([plan(CORRIDOR, space("甲", box(0, 2, 5, 6)), doors=(door,))])

    assert sorted(venue.doors[0].line) == [(0.9, 2.0), (2.1, 2.0)]
