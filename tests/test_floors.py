"""Outlines over each other: which one is the floor, and where people walk on what is left."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from shapely import LineString, Polygon, box

from floorplans.reading import read
from navkit.guide import Guide
from navkit.plan.plan import Names, SpaceKind
from navkit.route.profiles import profiles
from navkit.venue.floors import settled
from navkit.venue.join import join
from navkit.venue.venue import Space

CASES = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings"
ROOMS = {
    f"{row}{n}": (5 * n, y, 5 * n + 4.9, y + 5) for row, y in (("S", 0), ("N", 8)) for n in range(6)
}
"""Six rooms on either side of 3 m that nobody drew, with walls of 10 cm between them."""
FLOOR = (-0.3, -0.3, 30.3, 13.3)


def space(key: str, outline: Polygon, kind: SpaceKind = "room", name: str = "") -> Space:
    names: Names = {"en": name} if name else {}
    return Space(key, "1F", outline, kind, names=names)


def named(boxes: Mapping[str, tuple[float, float, float, float]]) -> list[Space]:
    return [space(key, box(*corners), name=key) for key, corners in boxes.items()]


def settle(
    *spaces: Space,
    walls: tuple[LineString, ...] = (),
    floors: tuple[Polygon, ...] = (),
    doors: tuple[LineString, ...] = (),
) -> tuple[dict[str, Space], set[str]]:
    """What is left, by id, and the codes of the findings."""
    found, findings = settled(spaces, {"1F": walls}, {"1F": floors}, {"1F": doors})
    return {one.id: one for one in found}, {finding.code for finding in findings}


@pytest.mark.parametrize("name", ["", "Ward 3"])
def test_what_rooms_leave_of_a_floor_is_the_corridor(name: str) -> None:
    """Not the façade around them, nor the walls between them."""
    found, codes = settle(space("F", box(*FLOOR), name=name), *named(ROOMS))

    corridor = found["F"]
    assert corridor.kind == "corridor"
    assert codes == {"floor-taken-for-corridor"}
    assert corridor.outline.symmetric_difference(box(-0.3, 5, 30.3, 8)).area < 0.1
    assert all(not corridor.outline.overlaps(found[room].outline.buffer(-0.01)) for room in ROOMS)


def test_a_floor_whose_corridor_is_drawn_is_no_space() -> None:
    corridor = space("C", box(0, 5, 30, 8), "corridor")

    found, codes = settle(space("F", box(*FLOOR)), corridor, *named(ROOMS))

    assert set(found) == {"C", *ROOMS}
    assert codes == {"floor-outline-left-out"}


def test_what_a_drawing_calls_a_floor_leaves_a_corridor_only_where_none_is_drawn() -> None:
    found, codes = settle(*named(ROOMS), floors=(box(*FLOOR),))
    corridors = [one.outline for one in found.values() if one.kind == "corridor"]
    drawn, said = settle(
        space("C", box(0, 5, 30, 8), "corridor"), *named(ROOMS), floors=(box(*FLOOR), box(*FLOOR))
    )

    assert [round(one.area) for one in corridors] == [92]
    assert codes == {"floor-taken-for-corridor"}
    assert set(drawn) == {"C", *ROOMS}
    assert not said


def test_a_floor_leaves_no_corridor_where_doors_lead_from_room_to_room() -> None:
    flat = named({"hall": (0, 0, 4, 10), "kitchen": (4, 0, 10, 5), "bath": (4, 5, 10, 10)})
    doors = (LineString([(4, 2), (4, 3)]), LineString([(4, 7), (4, 8)]))

    found, codes = settle(*flat, floors=(box(0, 0, 20, 10),), doors=doors)

    assert set(found) == {"hall", "kitchen", "bath"}
    assert not codes


def test_a_site_around_floors_is_no_space() -> None:
    """What is between buildings is outside."""
    second = {
        f"B{key}": (x + 50, y, far_x + 50, far_y) for key, (x, y, far_x, far_y) in ROOMS.items()
    }
    floors = [space("F", box(*FLOOR)), space("F2", box(49.7, -0.3, 80.3, 13.3))]

    found, codes = settle(space("site", box(-20, -20, 100, 60)), *floors, *named(ROOMS | second))

    assert "site" not in found
    assert found["F"].kind == found["F2"].kind == "corridor"
    assert codes == {"floor-outline-left-out", "floor-taken-for-corridor"}


def test_nobody_walks_in_courtyards_and_voids_of_a_floor() -> None:
    yard, void = (
        space("Y", box(5, 15, 25, 22), "outdoor"),
        space("V", box(26, 15, 29, 22), "closed"),
    )

    found, _ = settle(space("F", box(-0.3, -0.3, 30.3, 24)), yard, void, *named(ROOMS))

    corridors = [one.outline for one in found.values() if one.kind == "corridor"]
    assert len(corridors) == 2
    assert all(
        not one.overlaps(lie.outline.buffer(-0.01)) for one in corridors for lie in (yard, void)
    )


def test_a_drawn_wall_is_not_walked_through_on_a_floor() -> None:
    wall = LineString([(15, 4.9), (15, 8.1)])

    found, _ = settle(space("F", box(*FLOOR)), *named(ROOMS), walls=(wall,))

    assert {one.id for one in found.values() if one.kind == "corridor"} == {"F", "F~2"}
    assert not any(one.outline.intersects(wall) for one in found.values() if one.kind == "corridor")


@pytest.mark.parametrize("kind", ["room", "elevator", "closed"])
def test_what_stands_in_a_hall_is_cut_out_of_it(kind: SpaceKind) -> None:
    found, codes = settle(space("H", box(0, 0, 20, 10), "hall"), space("K", box(8, 4, 12, 6), kind))

    assert found["H"].outline.equals(box(0, 0, 20, 10).difference(box(8, 4, 12, 6)))
    assert not codes


def test_halls_in_halls_are_cut_out_one_from_another() -> None:
    boxes = {"H": (0, 0, 40, 20), "W": (10, 5, 30, 15), "K": (15, 8, 20, 12)}
    kinds: dict[str, SpaceKind] = {"H": "hall", "W": "hall", "K": "room"}

    found, _ = settle(*(space(key, box(*corners), kinds[key]) for key, corners in boxes.items()))

    assert {key: round(one.outline.area) for key, one in found.items()} == {
        "H": 600,
        "W": 180,
        "K": 20,
    }


def test_a_suite_with_closets_stays_a_room() -> None:
    closets = named({"c1": (0, 0, 2, 2), "c2": (8, 0, 10, 2)})

    found, codes = settle(space("L", box(0, 0, 10, 8), name="Laboratory"), *closets)

    assert found["L"].kind == "room"
    assert round(found["L"].outline.area) == 72
    assert not codes


def test_of_an_outline_drawn_twice_the_one_with_a_name_counts() -> None:
    found, codes = settle(
        space("a", box(0, 0, 5, 5)), space("b", box(0, 0, 5, 4.99), name="Pharmacy")
    )

    assert set(found) == {"b"}
    assert codes == {"outline-drawn-twice"}


def test_two_names_in_one_place_are_both_kept() -> None:
    found, _ = settle(*named({"Pharmacy": (0, 0, 5, 5), "Cashier": (0, 0, 5, 5)}))

    assert set(found) == {"Pharmacy", "Cashier"}


def test_a_hall_that_falls_apart_is_reported() -> None:
    hall, shop = space("H", box(0, 0, 40, 6), "hall", "Hall"), space("K", box(18, 0, 22, 6))

    found, codes = settle(hall, shop)

    assert {one.id: dict(one.names) for one in found.values() if one.kind == "hall"} == {
        "H": {"en": "Hall"},
        "H~2": {},
    }
    assert codes == {"space-falls-apart"}


def test_a_hall_that_a_corridor_crosses_does_not_fall_apart() -> None:
    hall, corridor = space("H", box(0, 0, 40, 6), "hall"), space("C", box(18, 0, 22, 6), "corridor")

    found, codes = settle(hall, corridor)

    assert set(found) == {"H", "H~2", "C"}
    assert not codes


def test_a_department_whose_rooms_cover_it_is_reported() -> None:
    halves = named({"left": (0, 0, 10, 6), "right": (10, 0, 20, 6)})

    found, codes = settle(space("D", box(0, 0, 20, 6), "hall", "Cardiology"), *halves)

    assert set(found) == {"left", "right"}
    assert codes == {"space-covered"}


def test_a_nameless_space_beside_most_rooms_is_the_corridor() -> None:
    found, codes = settle(space("w", box(0, 5, 30, 8)), *named(ROOMS))

    assert found["w"].kind == "corridor"
    assert codes == {"space-taken-for-corridor"}


def test_outlines_side_by_side_stay_as_they_are() -> None:
    rooms = named({"a": (0, 0, 5, 5), "b": (4.95, 0, 10, 5), "c": (10.2, 0, 15, 5)})

    assert settled(rooms, {}, {}, {}) == (rooms, [])


def case(name: str) -> Path:
    if not (CASES / name).exists():
        pytest.skip("the drawings that failed are not here")
    return CASES / name


@pytest.mark.real_plans
def test_people_walk_around_a_kiosk() -> None:
    guide = Guide(join(read([case("13-kiosk-in-hall.geojson")])))

    assert guide.route("A", "B", profiles()["walk"]).length_cm == pytest.approx(4200, abs=80)
    assert {door.spaces for door in guide.venue.doors if "K" in door.spaces} == {("K", "H")}


@pytest.mark.real_plans
def test_rooms_beside_a_walkable_area_have_their_doors_to_it() -> None:
    venue = join(read([case("05-walkable")]))

    assert venue.space_by_id["w"].kind == "corridor"
    assert {door.spaces for door in venue.doors} == {(room, "w") for room in "absc"}
