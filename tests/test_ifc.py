"""Building models: units, storeys, rooms, doors, stairs, lifts, on small models and real ones."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from drawn_ifc import Ifc, ward
from shapely import Point

from floorplans.child import read_apart
from floorplans.reading import read
from navkit.guide import Guide
from navkit.plan.plan import Plan, PlanDoor
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.venue.join import join
from navkit.venue.venue import Venue
from navkit.words.findings import PlanError

REAL = Path(__file__).parents[2] / "shared" / "floorplans"
FOOT = 1 / 0.3048


def plan_of(tmp_path: Path, model: Ifc) -> Plan:
    (tmp_path / "a.ifc").write_bytes(model.bytes())
    (plan,) = read([tmp_path / "a.ifc"])
    return plan


def codes(plan: Plan) -> set[str]:
    return {finding.code for finding in plan.findings}


def drawn_doors(plan: Plan) -> list[PlanDoor]:
    """Those that are doors in the model, without open boundaries."""
    return [door for door in plan.doors if door.key]


def joined(plan: Plan) -> set[tuple[str, ...]]:
    """The rooms on both sides of each door that the model tells, by number or name."""
    venue = join([plan])
    called = {one.id: one.ref or next(iter(one.names.values()), one.kind) for one in venue.spaces}
    return {
        tuple(sorted(called.get(space, "") for space in door.spaces))
        for door in venue.doors
        if not door.guessed
    }


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
@pytest.mark.parametrize("per_m", [1000.0, 1.0, FOOT])
def test_a_ward_is_the_same_in_every_unit_and_schema(
    per_m: float, schema: str, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, ward(per_m, schema))

    areas = {one.ref: one.outline.area for one in plan.spaces}
    assert areas == {"100": pytest.approx(19.8 * 2.8)} | {
        f"10{number}": pytest.approx(4.8 * 4.8) for number in (1, 2, 3, 4)
    }
    assert [door.line.length for door in drawn_doors(plan)] == 4 * [pytest.approx(0.9)]
    assert joined(plan) == {("100", f"10{number}") for number in (1, 2, 3, 4)}
    assert "unit-from-sizes" not in codes(plan)


@pytest.mark.parametrize("per_m", [1000.0, 1.0, FOOT])
def test_the_unit_is_found_by_what_people_build_where_the_model_says_none(
    per_m: float, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, ward(per_m, said=False))

    assert plan.spaces[0].outline.area == pytest.approx(19.8 * 2.8, rel=1e-4)
    assert "unit-from-sizes" in codes(plan)


def test_a_unit_that_makes_no_building_is_not_believed(tmp_path: Path) -> None:
    model = ward(1000)
    model.lines = [line.replace(".MILLI.", "$") for line in model.lines]

    plan = plan_of(tmp_path, model)

    assert plan.spaces[0].outline.area == pytest.approx(19.8 * 2.8)
    assert "unit-from-sizes" in codes(plan)


def test_doors_with_two_leaves_do_not_change_the_unit(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    for number in range(4):
        model.space(floor, f"{number}", "Ward", (9 * number, 0, 9 * number + 8.8, 9))
        model.door(floor, 9 * number + 2, -0.1, 0.9 if number < 1 else 1.8)

    plan = plan_of(tmp_path, model)

    assert plan.spaces[0].outline.area == pytest.approx(8.8 * 9)
    assert "unit-from-sizes" not in codes(plan)


def test_storeys_that_nobody_walks_on_are_no_floors(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ward())

    assert [(one.label, one.ordinal) for one in plan.levels] == [("1F", 0)]
    (left,) = [finding for finding in plan.findings if finding.code == "ifc-storey-left-out"]
    assert left.slots["which"] == "R1 Roof"


@pytest.mark.parametrize(
    ("said", "ordinals"),
    [
        ([("Upper", 3.1000000000378), ("Lower", 0.0), ("Cellar", -2.9)], [-1, 0, 1]),
        ([("2F", 4.5), ("1F", 0.0), ("B1", -4.0)], [-1, 0, 1]),
        ([("Level 0", 100.0), ("Level 1", 104.0), ("Level 3", 112.0)], [0, 1, 3]),
        ([("十层", 36.0), ("十一层", 40.0), ("设备夹层", 44.0)], [9, 10, 11]),
    ],
)
def test_storeys_are_in_the_order_of_their_heights(
    said: list[tuple[str, float]], ordinals: list[int], tmp_path: Path
) -> None:
    model = Ifc()
    for name, height in said:
        model.space(model.storey(name, height), "1", "Ward", (0, 0, 9, 9))

    plan = plan_of(tmp_path, model)

    by_height = [name for name, _ in sorted(said, key=lambda one: one[1])]
    assert [(one.label, one.ordinal) for one in plan.levels] == list(
        zip(by_height, ordinals, strict=True)
    )


def test_storeys_of_several_houses_stay_apart(tmp_path: Path) -> None:
    model = Ifc()
    other = model.house("North Wing")
    for number, house in enumerate((model.building, other)):
        for name, height in (("1F", 0.0), ("2F", 4.0)):
            floor = model.storey(name, height, house)
            model.space(floor, f"{number}", "Ward", (20 * number, 0, 20 * number + 9, 9))

    plan = plan_of(tmp_path, model)

    assert [(one.building, one.label) for one in plan.levels] == [
        ("House", "1F"), ("House", "2F"), ("North Wing", "1F"), ("North Wing", "2F"),
    ]  # fmt: skip


def test_places_in_places_that_are_turned_are_put_together(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    # The storey is turned by 90 degrees at (100, 50), the room in it by another 90.
    at = model.placed(floor)
    model.lines[at - 1] = f"#{at}=IFCLOCALPLACEMENT($,#{model.at(100, 50, 0, 90)});"
    model.space(floor, "1", "Ward", (10, 0, 16, 4), turned_deg=90)

    plan = plan_of(tmp_path, model)

    # Its corner is at (100, 60), its sides lead to the left and down.
    assert plan.spaces[0].outline.bounds == pytest.approx((94, 56, 100, 60))


def test_a_shape_that_is_mirrored_is_read_mirrored(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    shaped_l = [(0, 0), (9, 0), (9, 3), (3, 3), (3, 9), (0, 9)]
    drawn_once = model.body(shaped_l, 2.7) - 1
    once = model.add("REPRESENTATIONMAP", "{},{}", model.at(), drawn_once)
    ways = [model.add("DIRECTION", text) for text in ("(-1.,0.,0.)", "(0.,1.,0.)", "(0.,0.,1.)")]
    turned = model.add(
        "CARTESIANTRANSFORMATIONOPERATOR3D", "{},{},{},1.,{}", *ways[:2], model.point(0, 0, 0),
        ways[2],
    )  # fmt: skip
    item = model.add("MAPPEDITEM", "{},{}", once, turned)
    space = model.space(floor, "1", "Ward", (20, 0, 29, 9))
    line, shape = model.lines[space - 1], model.shape("Body", "MappedRepresentation", item)
    drawn = line.split(",")[6]
    model.lines[space - 1] = line.replace(drawn, f"#{shape}")

    (room,) = plan_of(tmp_path, model).spaces

    assert room.outline.bounds == pytest.approx((11, 0, 20, 9))
    assert room.outline.area == pytest.approx(45)
    assert room.outline.contains(Point(19, 8)) and not room.outline.contains(Point(12, 8))


def test_numbers_and_names_of_rooms(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    told = [("A-12", "病房"), ("CT", ""), ("3", "Room"), ("", "Café"), ("Lab", "Blood tests")]
    for number, (ref, name) in enumerate(told):
        model.space(floor, ref, name, (6 * number, 0, 6 * number + 5, 5))

    plan = plan_of(tmp_path, model)

    assert [(one.ref, one.names.get("", "")) for one in plan.spaces] == [
        ("A-12", "病房"), ("", "CT"), ("3", ""), ("", "Café"), ("", "Blood tests"),
    ]  # fmt: skip


def test_names_of_door_families_are_never_spoken(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, ward())

    assert not any(door.names for door in plan.doors)


def test_a_door_that_fills_no_opening_is_where_it_stands(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    model.space(floor, "1", "Ward", (0, 0, 9, 4.9))
    model.space(floor, "2", "Ward", (0, 5.1, 9, 9))
    model.space(floor, "3", "Ward", (9.2, 0, 18, 9))
    model.door(floor, 2, 5)
    model.door(floor, 9.1, 6, turned_deg=90)

    plan = plan_of(tmp_path, model)

    lines = [door.line.bounds for door in drawn_doors(plan)]
    assert lines == [pytest.approx((2, 5, 2.9, 5)), pytest.approx((9.1, 6, 9.1, 6.9))]
    assert joined(plan) >= {("1", "2"), ("2", "3")}


def halves(tmp_path: Path, *, is_open: bool, walled: bool = True) -> set[tuple[str, ...]]:
    """Two rooms and a corridor; each room has a door, between the rooms there is a wall or none."""
    model = Ifc()
    floor = model.storey("1F", 0)
    left = model.space(floor, "1", "Ward", (0, 0, 5, 5))
    model.space(floor, "2", "Ward", (5, 0, 10, 5))
    model.space(floor, "3", "Corridor", (0, 5, 10, 8))
    model.door(floor, 2, 5)
    model.door(floor, 7, 5)
    if is_open:
        model.open_between(left, (5, 0), (5, 5))
    if walled:
        model.wall(floor, (4.9, 0, 5.1, 5))
    return joined(plan_of(tmp_path, model))


def test_an_open_boundary_is_a_passage_and_a_wall_in_it_shuts_it(tmp_path: Path) -> None:
    doors = {("1", "3"), ("2", "3")}

    assert halves(tmp_path, is_open=True, walled=False) == doors | {("1", "2")}
    assert halves(tmp_path, is_open=True, walled=True) == doors
    assert halves(tmp_path, is_open=False, walled=True) == doors


def test_an_opening_in_a_wall_without_a_door_is_a_passage(tmp_path: Path) -> None:
    model = Ifc()
    floor = model.storey("1F", 0)
    model.space(floor, "1", "Ward", (0, 0, 9, 4.9))
    model.space(floor, "2", "Ward", (0, 5.1, 9, 9))
    wall = model.wall(floor, (0, 4.9, 9, 5.1))
    model.opening(wall, 4, 4.9, 1.2, 0.2)

    plan = plan_of(tmp_path, model)

    assert [door.line.bounds for door in plan.doors] == [pytest.approx((4, 5, 5.2, 5))]
    assert joined(plan) == {("1", "2")}


def two_floors(*, stairwell: bool) -> Ifc:
    """A hall on each of two floors, and stairs along the wall, in a room of their own or not."""
    model = Ifc()
    low, high = model.storey("1F", 0), model.storey("2F", 3)
    for floor, name in ((low, "Hall"), (high, "Gallery")):
        model.space(floor, "1", name, (1.2 if stairwell else 0, 0, 9, 9))
    if stairwell:
        model.space(low, "S1", "Stair", (0, 0, 1.2, 6), tall=5.7)
    start = (0.1, 0.5) if stairwell else (4.0, 2.0)
    model.steps(low, start, (start[0], start[1] + 5), 1.0, 3.0, 20)
    return model


@pytest.mark.parametrize("stairwell", [True, False])
def test_stairs_lead_from_floor_to_floor(stairwell: bool, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, two_floors(stairwell=stairwell))

    stairs = [one for one in plan.spaces if one.kind == "stairs"]
    assert [(one.level) for one in stairs] == ["0", "1"]
    assert len({one.connector for one in stairs}) == 1 and stairs[0].connector
    found = review(Guide(join([plan])).network, profiles())
    assert found.pairs["walk"] == 1.0 and found.pairs["wheelchair"] < 1.0


def test_stairs_are_entered_at_their_foot_and_left_at_their_head(tmp_path: Path) -> None:
    (tmp_path / "hall").mkdir()
    free = plan_of(tmp_path / "hall", two_floors(stairwell=False))
    shut = plan_of(tmp_path, two_floors(stairwell=True))

    assert {door.level: door.line.centroid.coords[0] for door in free.doors} == {
        "0": pytest.approx((4.5, 2), abs=0.05), "1": pytest.approx((4.5, 7), abs=0.05),
    }  # fmt: skip
    # Beside the well is the hall; below its foot and above its head is the open air.
    at = {door.level: door.line.centroid for door in shut.doors}
    assert all(point.x == pytest.approx(1.2) for point in at.values())
    assert at["0"].y < 1.2 and at["1"].y > 4.8


def test_stairs_from_a_hall_into_a_stairwell_above(tmp_path: Path) -> None:
    model = Ifc()
    low, high = model.storey("1F", 0), model.storey("2F", 3)
    model.space(low, "1", "Hall", (0, 0, 9, 9))
    model.space(high, "2", "Corridor", (0, 0, 3.8, 9))
    model.space(high, "3", "Stair", (3.8, 1.8, 5.2, 7.2))
    model.steps(low, (4, 2), (4, 7), 1.0, 3.0, 20)

    plan = plan_of(tmp_path, model)

    assert sorted((one.level, one.kind) for one in plan.spaces) == [
        ("0", "hall"), ("0", "stairs"), ("1", "corridor"), ("1", "stairs"),
    ]  # fmt: skip
    assert review(Guide(join([plan])).network, profiles()).pairs["walk"] == 1.0


def test_a_corridor_with_stairs_in_it_stays_a_corridor(tmp_path: Path) -> None:
    model = Ifc()
    for name, height in (("1F", 0.0), ("2F", 3.0)):
        floor = model.storey(name, height)
        model.space(floor, "1", "Corridor", (0, 0, 2.5, 5))
        if not height:
            model.steps(floor, (1.5, 0), (1.5, 5), 1.0, 3.0, 20)

    plan = plan_of(tmp_path, model)

    assert sorted((one.level, one.kind) for one in plan.spaces) == [
        ("0", "corridor"), ("0", "stairs"), ("1", "corridor"), ("1", "stairs"),
    ]  # fmt: skip


def test_a_stairwell_with_a_door_is_entered_by_its_door(tmp_path: Path) -> None:
    model = two_floors(stairwell=True)
    floors = [n for n, line in enumerate(model.lines, start=1) if "=IFCBUILDINGSTOREY(" in line]
    for floor in floors:
        model.door(floor, 1.2, 4, turned_deg=90)

    plan = plan_of(tmp_path, model)

    assert len(plan.doors) == len(drawn_doors(plan)) == 2
    assert joined(plan) == {("1", "S1")}


def test_a_lift_is_on_every_floor_that_its_shaft_passes(tmp_path: Path) -> None:
    model = Ifc()
    floors = [model.storey(f"{number}F", 4.0 * number - 4) for number in (1, 2, 3)]
    for floor in floors:
        model.space(floor, "1", "Hall", (0, 0, 9, 9))
    model.lift(floors[0], (9, 3, 11, 5), 11)

    plan = plan_of(tmp_path, model)

    lifts = [one for one in plan.spaces if one.kind == "elevator"]
    assert [one.level for one in lifts] == ["0", "1", "2"]
    found = review(Guide(join([plan])).network, profiles())
    assert found.pairs["wheelchair"] == 1.0


def test_where_the_model_says_it_is_is_told_and_not_believed(tmp_path: Path) -> None:
    model = ward()
    site = model.lines[model.site - 1]
    model.lines[model.site - 1] = site.replace(
        ".ELEMENT.,$,$", ".ELEMENT.,(41,52,27,840000),(-87,-38,-21,-839999)"
    )

    plan = plan_of(tmp_path, model)

    assert plan.frame is None
    (told,) = [finding for finding in plan.findings if finding.code == "ifc-place-unused"]
    assert told.slots["place"] == "41.8744, -87.6394"


@pytest.fixture(scope="module")
def real() -> dict[str, Venue | Plan]:
    if not (REAL / "duplex-ifc").is_dir():
        pytest.skip("the drawings of other people are not here")
    plans = {name: read([REAL / f"{name}-ifc"])[0] for name in ("duplex", "fzk")}
    return {**plans, **{f"{name} joined": join([plan]) for name, plan in plans.items()}}


def one_plan(real: dict[str, Venue | Plan], name: str) -> Plan:
    plan = real[name]
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.slow
def test_a_duplex_of_two_storeys(real: dict[str, Venue | Plan]) -> None:
    plan = one_plan(real, "duplex")

    assert [(one.label, one.ordinal) for one in plan.levels] == [("Level 1", 0), ("Level 2", 1)]
    # 21 spaces, of which one is the roof; two stairwells are on both storeys.
    assert len({one.key for one in plan.spaces}) == 20
    (left,) = [finding for finding in plan.findings if finding.code == "ifc-storey-left-out"]
    assert left.slots["which"] == "R301 Roof"
    stairs = [(one.level, one.ref) for one in plan.spaces if one.kind == "stairs"]
    assert sorted(stairs) == [("0", "A105"), ("0", "B105"), ("1", "A105"), ("1", "B105")]
    assert len(drawn_doors(plan)) == 14
    assert not any("Flush" in name for door in plan.doors for name in door.names.values())


@pytest.mark.slow
def test_doors_of_the_duplex_join_the_rooms_that_its_boundaries_name(
    real: dict[str, Venue | Plan],
) -> None:
    found = joined(one_plan(real, "duplex"))

    assert found >= {
        ("A101", "A104"), ("A201", "A202"), ("A201", "A203"), ("A201", "A204"), ("A204", "A205"),
        ("B101", "B104"), ("B201", "B202"), ("B201", "B203"), ("B201", "B204"), ("B204", "B205"),
        ("A101", "A105"), ("A105", "A201"), ("B101", "B105"), ("B105", "B201"),
        ("A101", "A102"), ("A101", "A103"), ("B101", "B102"), ("B101", "B103"),
    }  # fmt: skip
    assert not any({first[:1], second[:1]} == {"A", "B"} for first, second in found)


@pytest.mark.slow
def test_every_room_of_each_half_of_the_duplex_is_reached(real: dict[str, Venue | Plan]) -> None:
    venue = real["duplex joined"]
    assert isinstance(venue, Venue)

    # Nobody walks from one half into the other: 2 × 11 × 10 of 22 × 21 pairs, entrances with them.
    found = review(Guide(venue).network, profiles())
    assert found.pairs["walk"] == pytest.approx(220 / 462)
    (apart,) = [one for one in found.findings if one.code == "venue-in-parts"]
    assert "an entrance of its own" in apart.text("en")


@pytest.mark.slow
@pytest.mark.parametrize(("model", "rooms"), [("duplex", {"Foyer"}), ("fzk", {"Flur"})])
def test_outer_doors_of_halls_are_entrances_and_those_of_terraces_are_not(
    model: str, rooms: set[str], real: dict[str, Venue | Plan]
) -> None:
    venue = join([one_plan(real, model)])

    entered = [door.spaces[0] for door in venue.doors if door.entrance]
    assert {venue.space_by_id[space].names[""] for space in entered} == rooms
    assert {door.spaces[1] for door in venue.doors if door.entrance} == {""}


@pytest.mark.slow
def test_a_house_with_open_boundaries_and_winding_stairs(real: dict[str, Venue | Plan]) -> None:
    plan, venue = one_plan(real, "fzk"), real["fzk joined"]
    assert isinstance(venue, Venue)

    rooms = [one for one in plan.spaces if one.kind != "stairs"]
    assert sorted((one.level, one.ref, one.names[""]) for one in rooms) == [
        ("0", "1", "Flur"), ("0", "2", "Buero"), ("0", "3", "Bad"), ("0", "4", "Schlafzimmer"),
        ("0", "5", "Wohnen"), ("0", "6", "Küche"), ("1", "7", "Galerie"),
    ]  # fmt: skip
    assert [one.label for one in plan.levels] == ["Erdgeschoss", "Dachgeschoss"]
    assert len(drawn_doors(plan)) == 5
    (told,) = [finding for finding in plan.findings if finding.code == "ifc-place-unused"]
    assert told.slots["place"].startswith("49.1004, 8.4365; N ")
    assert joined(plan) >= {
        ("1", "2"), ("1", "3"), ("1", "4"), ("1", "5"), ("1", "6"), ("5", "6"), ("5", "stairs"),
        ("7", "stairs"),
    }  # fmt: skip
    assert review(Guide(venue).network, profiles()).pairs["walk"] == 1.0


MEASURED = """
import resource, sys
from pathlib import Path
from floorplans.child import read_apart
read_apart([Path(sys.argv[1])])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime, used.ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.process
def test_a_real_model_is_read_within_its_bounds() -> None:
    """In a process that has no other child: the system tells the largest of all."""
    if not (REAL / "fzk-ifc").is_dir():
        pytest.skip("the drawings of other people are not here")
    model = REAL / "fzk-ifc" / "house.ifc"

    done = subprocess.run(
        [sys.executable, "-P", "-c", MEASURED, model],
        capture_output=True,
        text=True,
        check=True,
    )

    seconds, kilobytes = map(float, done.stdout.split())
    assert 0 < seconds < 30
    assert 0 < kilobytes < 2**20


@pytest.mark.slow
@pytest.mark.process
def test_a_damaged_model_is_a_plan_or_a_code(tmp_path: Path) -> None:
    if not (REAL / "fzk-ifc").is_dir():
        pytest.skip("the drawings of other people are not here")
    whole = (REAL / "fzk-ifc" / "house.ifc").read_bytes()
    draw = random.Random(7)
    for number in range(4):
        spoilt = bytearray(whole)
        for _ in range(draw.choice((1, 300))):
            spoilt[draw.randrange(1000, len(spoilt) - 100)] ^= 1 << draw.randrange(7)
        (tmp_path / f"{number}.ifc").write_bytes(spoilt)

        try:
            assert read_apart([tmp_path / f"{number}.ifc"])
        except PlanError as refused:
            assert refused.finding.code in {
                "ifc-broken", "ifc-no-rooms", "ifc-rooms-undrawn", "nothing-drawn",
                "reading-crashed", "unit-unclear",
            }  # fmt: skip
