"""What the properties of strangers' drawings say: what a thing is, how wide, and for whom."""

import json
from pathlib import Path
from typing import Any

import pytest

import floorplans
from floorplans.remarks import remarked
from floorplans.restrictions import restricted
from navkit.plan.plan import Plan
from navkit.venue.join import join

Json = dict[str, Any]
ENGLISH = ("corridor", "room", "toilet", "door", "entrance")
CHINESE = ("走廊", "房间", "卫生间", "门", "入口")


def area(x: float, y: float, wide: float, high: float, **properties: Any) -> Json:
    corners = [[x, y], [x + wide, y], [x + wide, y + high], [x, y + high], [x, y]]
    geometry = {"type": "Polygon", "coordinates": [corners]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def spot(x: float, y: float, **properties: Any) -> Json:
    geometry = {"type": "Point", "coordinates": [x, y]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def read(folder: Path, *features: Json) -> Plan:
    path = folder / "ward.geojson"
    drawing = {"type": "FeatureCollection", "units": "metres", "features": list(features)}
    path.write_text(json.dumps(drawing), encoding="utf-8")
    (plan,) = floorplans.read([path])
    return plan


def corridor(**properties: Any) -> Json:
    return area(0, 0, 40, 3, type="corridor", level="1F", **properties)


def said(plan: Plan, code: str) -> list[dict[str, str]]:
    return [dict(finding.slots) for finding in plan.findings if finding.code == code]


# What a thing is


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("layer", ENGLISH),
        ("Layer", ENGLISH),
        ("UseType", ENGLISH),
        ("USE_TYPE", ENGLISH),
        ("RoomType", ENGLISH),
        ("Space Type", ENGLISH),
        ("用途", CHINESE),
        ("类型", CHINESE),
        ("图层", CHINESE),
        ("Objektklasse", ENGLISH),
        ("属于", CHINESE),
    ],
)
def test_the_word_for_what_a_thing_is_stands_under_any_name(
    tmp_path: Path, key: str, words: tuple[str, ...]
) -> None:
    hall, room, toilet, door, entrance = words
    plan = read(
        tmp_path,
        area(0, 0, 20, 3, Level="1F", **{key: hall}),
        area(0, 3, 5, 5, Level="1F", Name="骨科", **{key: room}),
        area(5, 3, 5, 5, Level="1F", Name="A", **{key: toilet}),
        spot(2, 3, Level="1F", **{key: door}),
        spot(7, 3, Level="1F", **{key: door}),
        spot(0, 1.5, Level="1F", **{key: entrance}),
    )

    kinds = [(space.kind, space.category) for space in plan.spaces]
    assert kinds == [("corridor", ""), ("room", ""), ("room", "toilet")]
    assert [door.entrance for door in plan.doors] == [False, False, True]
    assert said(plan, "columns-unread") == []


def test_a_layer_that_is_called_after_a_storey_says_of_no_room_what_it_is(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        area(0, 0, 20, 3, level="1F", layer="Level 1", type="corridor"),
        area(0, 3, 5, 5, level="1F", layer="Level 1", name="A"),
    )

    assert [space.kind for space in plan.spaces] == ["corridor", "room"]
    assert plan.floors == ()


def test_a_department_is_not_what_a_corridor_is(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        area(0, 0, 20, 3, level="1F", name="Corridor 1", department="Radiology"),
        area(0, 3, 5, 5, level="1F", name="X-ray 2", department="Radiology"),
    )

    assert [space.kind for space in plan.spaces] == ["corridor", "room"]
    assert said(plan, "columns-unread") == [{"count": "1", "which": "department=Radiology"}]


# How wide


@pytest.mark.parametrize(
    ("key", "value", "width_m", "is_assumed"),
    [
        ("宽度", 900, 0.9, True),
        ("净宽", "1200", 1.2, True),
        ("Width", 1800, 1.8, True),
        ("宽", 0.9, 0.9, False),
        ("width", "W=900", 0.9, True),
        ("width", "90cm", 0.9, False),
        ("WIDTH", "1,2 m", 1.2, False),
        ("width", 90, 0.9, True),
        ("Width_mm", 850, 0.85, False),
        ("宽度（mm）", 1000, 1.0, False),
        ("ClearWidth", "900x2100", 0.9, True),
        ("备注", "净宽900", 0.9, True),
        ("备注", "净宽0.9米", 0.9, False),
    ],
)
def test_a_width_has_the_unit_that_is_possible(
    tmp_path: Path, key: str, value: float | str, width_m: float, is_assumed: bool
) -> None:
    door = spot(3, 3, type="door", level="1F", **{key: value})
    plan = read(tmp_path, corridor(), area(0, 3, 6, 5, name="A", level="1F"), door)

    assert plan.doors[0].width_m == pytest.approx(width_m)
    assert not plan.doors[0].unverified
    shown = [(found["tag"], found["read"]) for found in said(plan, "length-unit-assumed")]
    assert shown == ([(key, f"{width_m:g} m")] if is_assumed else [])


def test_a_width_that_is_no_number_is_asked() -> None:
    assert restricted({"宽": "窄"}, "door", "geojson").unread == (("宽", "窄"),)


# For whom


@pytest.mark.parametrize(
    ("remark", "access"),
    [
        ("禁止入内", "staff"),
        ("闲人免进！", "staff"),
        ("非公共区", "staff"),
        ("此处仅限员工", "staff"),
        ("Staff only, please knock", "staff"),
        ("禁止通行", "restricted"),
        ("Emergency exit only", "restricted"),
        ("仅限紧急情况使用", "restricted"),
        ("keep out", "restricted"),
        ("painted in 2019", "public"),
        ("禁止吸烟", "public"),
    ],
)
def test_a_remark_that_keeps_people_out_is_obeyed(remark: str, access: str) -> None:
    limits = remarked({"备注": remark}, "door")

    assert limits.access == access
    assert limits.remarks == ((("备注", remark),) if access != "public" else ())
    assert limits.unread == ()


@pytest.mark.parametrize("remark", ["消防通道", "安全出口", "Fire exit", "access by card access"])
def test_a_remark_that_may_mean_several_things_is_asked(remark: str) -> None:
    limits = remarked({"备注": remark}, "door")

    assert (limits.access, limits.unread) == ("public", (("备注", remark),))


def test_properties_that_nobody_reads_are_named_with_a_value(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        corridor(备注="人流大"),
        area(0, 3, 6, 5, name="仓库", level="1F", 备注="闲人免进", beds=3, OBJECTID=17),
        spot(3, 3, type="door", level="1F", Remark="Emergency exit only"),
    )

    assert said(plan, "columns-unread") == [{"count": "2", "which": "备注=人流大, beds=3"}]
    obeyed = {(found["tag"], found["value"]) for found in said(plan, "remark-obeyed")}
    assert obeyed == {("备注", "闲人免进"), ("Remark", "Emergency exit only")}
    assert [space.access for space in plan.spaces] == ["public", "staff"]
    assert [door.access for door in plan.doors] == ["restricted"]


def test_a_second_name_may_be_a_remark(tmp_path: Path) -> None:
    plan = read(
        tmp_path, corridor(), area(0, 3, 6, 5, name="B", label="非公共区", type="room", level="1F")
    )

    assert plan.spaces[1].access == "staff"


# On which storey


@pytest.mark.parametrize("empty", [None, "", " ", "null", "N/A"])
def test_a_thing_that_says_no_storey_is_asked_where_the_others_say_two(
    tmp_path: Path, empty: str | None
) -> None:
    path = tmp_path / "G.geojson"
    rooms = [
        area(0, 0, 20, 3, type="corridor", Level="1F"),
        area(0, 0, 20, 3, type="corridor", Level="2F"),
        area(0, 3, 5, 5, name="A", Level=empty),
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "units": "m", "features": rooms}))

    (plan,) = floorplans.read([path])

    assert [space.kind for space in plan.spaces] == ["corridor", "corridor"]
    codes = [(finding.code, finding.where) for finding in plan.findings]
    assert codes == [("level-missing", "G.geojson, #3")]


def test_a_name_says_the_storey_of_what_does_not_say_it_and_how_many_they_are(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ward_2F.geojson"
    rooms = [
        area(0, 0, 20, 3, type="corridor", Level="2F"),
        area(0, 3, 5, 5, name="A", Level=None),
        area(5, 3, 5, 5, name="B", Level=None),
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "units": "m", "features": rooms}))

    (plan,) = floorplans.read([path])

    assert {space.level for space in plan.spaces} == {"1"}
    assert said(plan, "storey-from-name") == [{"level": "2f", "name": "ward_2F", "count": "2"}]


@pytest.mark.parametrize(
    ("level", "code"), [("P1", "level-two-faced"), ("qq", "level-not-understood")]
)
def test_a_storey_that_nobody_understands_is_one_finding(
    tmp_path: Path, level: str, code: str
) -> None:
    lost = [area(x, 0, 3, 3, name=f"R{x}", level=level) for x in range(0, 33, 3)]
    plan = read(tmp_path, corridor(), *lost)

    assert said(plan, code) == [{"level": level}]
    assert len([f for f in plan.findings if f.code.startswith("level-")]) == 1


# Ids


def test_rooms_without_ids_and_parts_of_one_are_numbered_and_no_mistake(tmp_path: Path) -> None:
    squares = [area(x, 3, 4, 4)["geometry"]["coordinates"] for x in (0, 6)]
    parts = {"type": "MultiPolygon", "coordinates": squares}
    plan = read(
        tmp_path,
        corridor(),
        {"type": "Feature", "properties": {"name": "A", "level": "1F"}, "geometry": parts},
        area(14, 3, 4, 4, name="B", level="1F"),
        area(20, 3, 4, 4, name="B", level="1F"),
        spot(30, 1, name="Kiosk", level="1F"),
        spot(30.2, 1, name="Kiosk", level="1F"),
    )

    venue = join([plan])

    assert [space.id for space in venue.spaces][1:] == ["0:A", "0:A#2", "0:B", "0:B#2"]
    assert [finding for finding in venue.findings if finding.code == "duplicate-id"] == []


def test_a_point_on_two_storeys_is_no_id_used_twice(tmp_path: Path) -> None:
    plan = read(
        tmp_path,
        corridor(),
        area(0, 0, 40, 3, type="corridor", level="2F"),
        {**spot(30, 1, name="Kiosk", level="1F,2F"), "id": "k"},
    )

    venue = join([plan])

    assert [finding for finding in venue.findings if finding.code == "duplicate-id"] == []
