"""Doors that a drawing leaves out: guessed towards circulation, with a likelihood, or not at all.

The oracle is a drawing that has its doors: they are taken off, guessed, and compared.
"""

from pathlib import Path

import pytest
from conftest import REST, real_plan
from drawn import parse
from shapely import LineString, box

from floorplans.reading import read
from navkit.guide import Guide
from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.venue.edges import wall_m
from navkit.venue.join import join
from navkit.venue.venue import Door, Space, Venue, from_json, to_json
from tools.guessed import tally


def guesses(venue: Venue) -> list[Door]:
    return [door for door in venue.doors if door.guess]


@pytest.mark.parametrize(
    ("name", "right", "found"),
    [
        ("clinic-geojson", 0.74, 0.77),
        pytest.param("campus-imdf", 0.92, 0.96, marks=REST),
        pytest.param("university-osm", 0.91, 0.92, marks=REST),
    ],
)
def test_doors_taken_off_a_real_drawing_are_guessed_as_often_as_the_docs_say(
    name: str, right: float, found: float
) -> None:
    measured = tally(read([real_plan(name)]))

    assert measured.right >= right * measured.guessed
    assert measured.found >= found * measured.drawn


def test_doors_taken_off_the_example_are_guessed_right(example_drawings: Path) -> None:
    measured = tally(read([example_drawings / "plans"]))

    assert measured.right >= 0.95 * measured.guessed
    assert measured.found >= 0.90 * measured.drawn


def test_no_door_is_guessed_into_a_courtyard_where_a_corridor_is_beside_the_room() -> None:
    venue = join(
        [
            parse("""
                +-----------+
                |     Y     |
                +-???-+-???-+
                |  A  |  B  |
                +-???-+-???-+
                |     C     |
                +-----------+

                A: room
                B: room
                C: corridor
                Y: outdoor
            """)
        ]
    )

    assert {door.spaces for door in guesses(venue)} == {("A", "C"), ("B", "C")}
    assert all(door.guess and "Y" not in door.guess.alternatives for door in guesses(venue))


def test_no_door_is_guessed_into_the_open() -> None:
    venue = join([parse("+-----+\n|  Y  |\n+-???-+\n|  A  |\n+-----+\n\nA: room\nY: outdoor")])

    assert not guesses(venue)
    assert next(f.code for f in venue.findings if f.where == "1F, A") == "space-without-door"


def test_no_door_is_guessed_from_room_to_room() -> None:
    """Emergency faces the street: its door may be there, not in Pathology."""
    venue = join(
        [
            parse("""
                +---------+
                |    E    |
                +--?????--+
                |    P    |
                +----d----+
                |    C    |
                +---------+

                E: room 急诊 | Emergency
                P: room 病理科 | Pathology
                C: corridor
            """)
        ]
    )

    assert not guesses(venue)
    told = next(f for f in venue.findings if f.where == "1F, E")
    assert (told.code, told.severity) == ("space-without-door", "error")
    assert "%" not in told.text("en")


def test_a_room_has_its_door_where_its_neighbours_have_theirs() -> None:
    venue = join(
        [
            parse("""
                +-------------------+
                |         C         |
                +---+-???-+-???-+---+
                | E |  A  |  B  | G |
                |   ?     ?     ?   |
                |   ?     ?     ?   |
                |   ?     ?     ?   |
                +-d-+-???-+-???-+-d-+
                |         D         |
                +-------------------+

                A: room
                B: room
                E: room
                G: room
                C: corridor
                D: corridor
            """)
        ]
    )

    assert [d.spaces for d in guesses(venue)] == [("A", "D"), ("B", "D")]
    assert all(d.guess and "neighbours" in d.guess.evidence for d in guesses(venue))


def test_a_guess_says_how_likely_it_is_and_what_else_it_may_be() -> None:
    venue = join(
        [
            parse("""
                +-------+-----+
                |   A   |  B  |
                +-?????-+--d--+
                |      C      |
                +-------------+

                A: room
                B: room
                C: corridor
            """)
        ]
    )
    (door,) = guesses(venue)
    guess = door.guess
    assert guess

    assert 0.65 <= guess.likelihood <= 0.95
    assert guess.evidence[0] == "only-circulation"
    assert from_json(to_json(venue)) == venue
    told = next(f for f in venue.findings if f.code == "door-guessed")
    assert "只有这一条走廊" in told.text("zh-Hans")
    assert f"{guess.likelihood:.0%}" in told.text("en")


def case(name: str) -> Venue:
    """A drawing that once failed."""
    drawing = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings" / name
    if not drawing.exists():
        pytest.skip(f"needs {drawing}")
    return join(read([drawing]))


def test_classrooms_have_their_doors_to_the_walkable_floor_and_none_to_the_courtyard() -> None:
    venue = case("05-walkable")

    assert {door.spaces for door in guesses(venue)} == {(room, "w") for room in "absc"}


def test_the_emergency_department_on_the_street_gets_no_door_into_pathology() -> None:
    venue = case("06-shops-on-the-street.geojson")

    assert not guesses(venue)
    assert [f.where for f in venue.findings if f.code == "space-without-door"] == ["0, E"]


@pytest.mark.parametrize("thick_m", [0.0, 0.1, 0.24, 0.5])
def test_walls_are_as_thick_as_they_are_drawn_and_doors_are_guessed_through_them(
    thick_m: float,
) -> None:
    rooms = [
        PlanSpace(f"R{i}", "0", box(i * 4 + thick_m, 2 + thick_m, i * 4 + 4, 6), "room")
        for i in range(4)
    ]
    corridor = PlanSpace("C", "0", box(0, 0, 16, 2), "corridor")
    spaces = (*rooms, corridor)
    venue = join([Plan("test", None, levels=(PlanLevel("0", 0, "1F"),), spaces=spaces)])

    drawn = [Space(s.key, s.level, s.outline, s.kind) for s in spaces]
    assert wall_m(drawn) == pytest.approx(thick_m)
    assert {d.spaces for d in guesses(venue)} == {(room.key, "C") for room in rooms}


def test_rooms_that_only_lead_to_each_other_get_a_door_to_the_corridor() -> None:
    """From the room into which the others open."""
    boxes = {"C": (0, 0, 16, 2), "S": (0, 2, 8, 8), "A": (8, 2, 10, 5), "B": (0, 8, 3, 10)}
    spaces = tuple(
        PlanSpace(key, "0", box(*corners), "corridor" if key == "C" else "room")
        for key, corners in boxes.items()
    )
    doors = (
        PlanDoor("a", "0", LineString([(8, 3), (8, 4)])),
        PlanDoor("b", "0", LineString([(1, 8), (2, 8)])),
    )

    venue = join(
        [Plan("test", None, levels=(PlanLevel("0", 0, "1F"),), spaces=spaces, doors=doors)]
    )

    assert [door.spaces for door in guesses(venue)] == [("S", "C")]
    assert "door-guessed-for-group" in {finding.code for finding in venue.findings}


def test_check_says_how_many_pairs_rest_on_guessed_doors() -> None:
    """Of twelve ordered pairs of three rooms and an entrance, six are with D."""
    venue = join(
        [
            parse("""
                +---+---+-----+
                | A | B |  D  |
                +-d-+-d-+-???-+
                e      C      |
                +-------------+

                A: room 甲 | A
                B: room 乙 | B
                D: room 丁 | D
                C: corridor
                e: 正门 | Main entrance
            """)
        ]
    )
    (told,) = [
        f
        for f in review(Guide(venue).network, profiles()).findings
        if f.code == "pairs-on-guessed-doors"
    ]

    assert told.slots == {"share": "50 %", "count": "1", "doors": "guess:D~C"}
