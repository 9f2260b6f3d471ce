"""Drawings of TArch (天正), exported as T3, against what a person counts on them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import drawn_tarch
import pytest
from drawn_dxf import block, dxf
from drawn_tarch import Floor, library
from shapely import LineString

from floorplans.cad_walls import slides
from floorplans.reading import read
from navkit.plan.plan import SHAFTS
from navkit.venue.join import join
from navkit.venue.venue import Space, Venue
from navkit.words.findings import PlanError

FLOORS = {
    "clinic": drawn_tarch.clinic,
    "ward": drawn_tarch.ward,
    "suite": drawn_tarch.suite,
    "core": drawn_tarch.core,
    "wing": drawn_tarch.wing,
}


def venue_of(tmp_path: Path, floors: Iterable[Floor], name: str = "平面图.dxf") -> Venue:
    (tmp_path / name).write_bytes(
        dxf(*drawn_tarch.entities(floors), blocks=library(), version="AC1015")
    )
    return join(read([tmp_path / name]))


def called(space: Space | None) -> str:
    if space is None:
        return ""
    return space.kind if space.kind in SHAFTS else next(iter(space.names.values()), space.ref)


def counted(venue: Venue, floor: Floor, level: str) -> tuple[int, int, int, int]:
    """How many of the rooms and of the doors on a level are there, and how many there should be."""
    here = [space for space in venue.spaces if space.level == level]
    rooms = sum(
        any(called(one) == name and abs(one.outline.area - area) <= 0.1 * area for one in here)
        for name, area in floor.rooms.items()
    ) + sum(
        min(number, sum(one.kind == kind for one in here)) for kind, number in floor.shafts.items()
    )
    by_id = {space.id: space for space in here}
    left = [
        sorted(called(by_id.get(side)) for side in door.spaces)
        for door in venue.doors
        if set(door.spaces) & set(by_id) and not door.guess
    ]
    doors = 0
    closed = {called(one) for one in here if one.kind == "closed"}
    for pair in (sorted("" if side in closed else side for side in one) for one in floor.doors):
        if pair in left:
            left.remove(pair)
            doors += 1
    return rooms, len(floor.rooms) + sum(floor.shafts.values()), doors, len(floor.doors)


@pytest.mark.parametrize("name", FLOORS)
def test_rooms_and_doors_are_those_that_a_person_counts(name: str, tmp_path: Path) -> None:
    floor = FLOORS[name]()

    venue = venue_of(tmp_path, [floor])

    rooms, of_rooms, doors, of_doors = counted(venue, floor, venue.levels[0].id)
    assert (rooms, doors) == (of_rooms, of_doors)


def test_a_sheet_that_is_turned_mirrored_and_in_centimetres_has_the_same_rooms(
    tmp_path: Path,
) -> None:
    """All of it is one block, as offices bind plans of others; texts are in GB18030."""
    floor = drawn_tarch.clinic()
    whole = block("PLAN", *floor.entities())
    placed = [(0, "INSERT"), (8, "0"), (2, "PLAN"), (10, 0.0), (20, 0.0), (41, -0.1), (42, 0.1),
              (50, 30.0)]  # fmt: skip
    drawing = dxf(placed, blocks=[*library(), whole], unit=5).decode().encode("gb18030")
    (tmp_path / "1F.dxf").write_bytes(drawing)

    venue = join(read([tmp_path / "1F.dxf"]))

    rooms, of_rooms, doors, of_doors = counted(venue, floor, venue.levels[0].id)
    assert (rooms, doors) == (of_rooms, of_doors)


@pytest.mark.parametrize(
    ("spans", "slid"),
    [
        (((0.0, 0.8), (0.7, 1.5)), True),
        (((0.0, 0.75), (0.75, 1.5)), False),  # two sashes of a window
        (((0.0, 1.5), (0.0, 1.5)), False),  # a window's lines
        (((0.0, 0.8), (0.7, 1.5), (0.0, 1.5)), False),  # a sliding window on its sill
        (((0.0, 0.5), (0.4, 0.9)), False),  # the second pane does not reach the wall
    ],
)
def test_panes_that_overlap_are_a_sliding_door(
    spans: Sequence[tuple[float, float]], slid: bool
) -> None:
    hole = LineString([(3, 1), (3, 2.5)])
    panes = [LineString([(3, 1 + low), (3, 1 + high)]) for low, high in spans]

    assert slides(hole, panes) is slid


def test_what_only_tarch_can_read_is_counted_and_refused(tmp_path: Path) -> None:
    native = [[(0, kind), (8, "WALL")] for kind in ("TCH_WALL", "TCH_WALL", "TCH_OPENING")]
    (tmp_path / "1F.dxf").write_bytes(dxf(*drawn_tarch.clinic().entities(), *native))

    with pytest.raises(PlanError) as refused:
        read([tmp_path / "1F.dxf"])

    told = refused.value.finding
    assert (told.code, told.slots["count"]) == ("tarch-objects", "3")
    assert "图形导出" in told.text("zh-Hans")


@pytest.mark.parametrize(
    ("titles", "labels"),
    [
        (("首层平面图", "二层平面图", "三层平面图"), ("首层", "二层", "三层")),
        (("一层平面图", "二层平面图", "三~五层平面图"), ("一层", "二层", "三层", "四层", "五层")),
        (("地下一层平面图", "一层平面图", "标准层(2-3F)平面图"), ("地下一层", "一层", "2F", "3F")),
    ],
)
def test_storeys_side_by_side_are_levels_joined_by_stairs_and_lift(
    titles: Sequence[str], labels: Sequence[str], tmp_path: Path
) -> None:
    venue = venue_of(tmp_path, drawn_tarch.storeys(titles))

    assert [level.label for level in venue.levels] == list(labels)
    assert sorted((one.kind, len(one.stops)) for one in venue.connectors) == [
        ("elevator", len(labels)), ("stairs", len(labels)),
    ]  # fmt: skip
    for level in venue.levels:
        rooms, of_rooms, doors, of_doors = counted(venue, drawn_tarch.ward(), level.id)
        assert (rooms, doors) == (of_rooms, of_doors)


def test_a_storey_that_stands_for_others_without_saying_which_is_asked(tmp_path: Path) -> None:
    venue = venue_of(tmp_path, drawn_tarch.storeys(("一层平面图", "二层平面图", "标准层平面图")))

    assert len(venue.levels) == 1
    assert any(finding.code == "sheet-titles-unclear" for finding in venue.findings)
