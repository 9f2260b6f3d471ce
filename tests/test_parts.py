"""A venue in parts says which they are and what would join them; and what stops whom."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import small_case
from drawn import parse
from shapely import LineString, Point, box
from test_join import plan, space
from test_pairs import ISLANDS, STOREYS, venue_of

from navkit.network.network import build
from navkit.plan.plan import PlanDoor
from navkit.route.parts import Gap
from navkit.route.profiles import profiles
from navkit.route.reach import Review, review
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from tools.cli import main


def reviewed(venue: Venue) -> Review:
    return review(build(venue), profiles())


def nearest(venue: Venue) -> Gap:
    """Where the smaller part is nearest to the other."""
    gap = reviewed(venue).parts[-1].nearest
    assert gap
    return gap


def codes(found: Review) -> set[str]:
    return {finding.code for finding in found.findings}


def test_a_whole_venue_is_one_part_that_needs_nothing() -> None:
    found = reviewed(venue_of(STOREYS.format(stairs="dd")))

    assert [part.nearest for part in found.parts] == [None]
    assert not codes(found) & {"venue-in-parts", "rooms-apart"}


def test_islands_are_named_with_their_places_and_the_gap_between_them() -> None:
    """The corridors end 6 columns of 0.7 m apart."""
    found = reviewed(venue_of(ISLANDS))

    said = [f for f in found.findings if f.code == "venue-in-parts"]
    assert [len(part.places) for part in found.parts] == [4, 4]
    assert nearest(venue_of(ISLANDS)).remedy == "passage"
    assert nearest(venue_of(ISLANDS)).distance_m == pytest.approx(6 * 0.7)
    assert len(said) == 1 and said[0].severity == "error"
    assert "D (Corridor East)" in said[0].text("en")
    assert "in 2 parts that are not joined" in said[0].text("en")


def test_where_a_wall_is_between_corridors_a_door_would_join_them_there() -> None:
    """
    +------+------+
    |  C   |   D  |  the wall between them is at x = 20, from y = 0 to 3
    +--d---+---d--+
    """
    doors = tuple(
        PlanDoor(key, "0", LineString([(x, 3), (x + 1, 3)]), kind="hinged", width_m=1.0)
        for key, x in (("a", 2.0), ("b", 30.0))
    )
    spaces = (
        space("C", box(0, 0, 20, 3), "corridor"),
        space("D", box(20.2, 0, 40, 3), "corridor"),
        space("A", box(0, 3.1, 10, 8)),
        space("B", box(25, 3.1, 40, 8)),
    )
    gap = nearest(join([plan(*spaces, doors=doors)]))

    assert gap.remedy == "door"
    assert {gap.start, gap.end} == {"C", "D"}
    assert gap.point[0] == pytest.approx(20.1, abs=0.2)
    assert gap.point[1] == pytest.approx(1.5, abs=0.2)


def test_stairs_of_two_drawings_that_nobody_joined_are_the_shaft_that_would_join_them() -> None:
    """Storeys 0 and 2: navkit joins only neighbours by itself."""
    text = STOREYS.format(stairs="dd").replace("2F 1", "3F 2")
    drawn = parse(text, column_m=0.7)
    apart = tuple(
        shape
        if shape.connector == ""
        else type(shape)(**{**vars(shape), "connector": f"{shape.key}"})
        for shape in drawn.spaces
    )
    gap = nearest(join([type(drawn)(**{**vars(drawn), "spaces": apart, "connectors": ()})]))

    assert gap.remedy == "shaft"
    assert {gap.start, gap.end} in ({"S1F", "S3F"}, {"U1F", "U3F"})


def test_storeys_without_stairs_or_lift_need_one() -> None:
    text = STOREYS.format(stairs="dd").replace("U:", "T:").replace(" U ", " T ")
    plain = text.replace("T: escalator up 扶梯 | Escalator", "").replace(
        "S: stairs 楼梯 | Stairs", ""
    )
    drawn = parse(plain.replace(" T ", " # ").replace(" S ", " # "), column_m=0.7)

    assert nearest(join([drawn])).remedy == "level"


def test_rooms_that_lead_nowhere_are_one_finding_a_level() -> None:
    rooms = [space(f"R{n}", box(5 * n, 10, 5 * n + 5, 14)) for n in range(4)]
    door = PlanDoor("e", "0", LineString([(0, 1), (0, 2)]), kind="hinged", entrance=True)
    found = reviewed(join([plan(space("C", box(0, 0, 20, 3), "corridor"), *rooms, doors=(door,))]))

    said = [f for f in found.findings if f.code == "rooms-apart"]
    assert len(said) == 1
    assert said[0].slots["count"] == "4"


# ------------------------------------------------------------------- what stops whom


def test_stairs_alone_are_the_reason_for_wheelchairs() -> None:
    found = reviewed(venue_of(STOREYS.format(stairs="dd")))

    steps = [f for f in found.findings if f.code == "only-by-steps"]
    assert steps and all("Wheelchair" in f.text("en") for f in steps)
    assert found.pairs["walk"] == 1 > found.pairs["wheelchair"]


def test_a_venue_whole_on_foot_is_no_error_however_few_places_a_wheelchair_reaches() -> None:
    found = reviewed(venue_of(STOREYS.format(stairs="dd")))

    assert {f.severity for f in found.findings} <= {"warning", "note"}


# ------------------------------------------------------------------- small drawings


def checked(drawing: Path, folder: Path) -> tuple[int, dict[str, object]]:
    from floorplans.reading import read

    file = folder / "venue.json"
    save(join(read([drawing])), file)
    done = CliRunner().invoke(main, ["check", str(file), "--json"], env={"NAVKIT_LANG": "en"})
    return done.exit_code, json.loads(done.output)


def test_the_two_islands_are_an_error_with_its_figure(tmp_path: Path) -> None:
    code, said = checked(small_case("12-two-islands.geojson"), tmp_path)

    assert code == 1
    assert said["pairs"]["walk"] == pytest.approx(0.4286)  # type: ignore[index]
    first, second = said["parts"]  # type: ignore[misc]
    assert set(first["places"]) == {"C1", "R1", "R2", "e1"}
    assert set(second["places"]) == {"C2", "R3", "R4", "e2"}
    assert second["nearest"]["distance_m"] == pytest.approx(10)
    assert {second["nearest"]["from"], second["nearest"]["to"]} == {"C1", "C2"}


def test_the_narrow_corridor_is_named_with_what_it_cuts_off(tmp_path: Path) -> None:
    code, said = checked(small_case("24-narrow-corridor-unsaid.geojson"), tmp_path)

    found = [f for f in said["findings"] if f["code"] == "passage-too-narrow"]  # type: ignore[attr-defined]
    assert code == 0
    assert [f["where"] for f in found] == ["b, C"]
    spot = re.match(
        r"b, C \(Corridor, 1F\): at x ([\d.]+), y ([\d.]+) this passage is 0.7 m",
        found[0]["text"],
    )
    assert spot
    neck = box(20, 1.5, 21, 2.2)
    assert neck.distance(Point(float(spot[1]), float(spot[2]))) < 0.2
    assert "Ward" in found[0]["text"] and "Wheelchair" in found[0]["text"]


def test_a_narrow_door_behind_the_stairs_is_not_what_keeps_the_others_out() -> None:
    """Upstairs one room has a narrow door; a wheelchair cannot come up at all."""
    drawn = parse(
        """
        level 1F 0
        +---+---+---+---+
        | S | A | E | F |
        +-d-+-d-+-d-+-d-+
        e       H       |
        +---------------+

        level 2F 1
        +---+-------+-----+
        | S |   B   |  D  |
        +-d-+---d---+--d--+
        |     I           |
        +-----------------+

        S: stairs
        A: room 内科 | Medicine
        E: room 儿科 | Paediatrics
        F: room 牙科 | Dentistry
        B: room 外科 | Surgery
        D: room 皮肤科 | Dermatology
        H: corridor
        I: corridor
        e: 正门 | Main entrance
        """
    )
    doors = tuple(
        replace(d, width_m=0.7 if d.line.distance(Point(15, -2)) < 1 else 1.2) for d in drawn.doors
    )
    found = review(build(join([replace(drawn, doors=doors)])), profiles())
    said = {
        code: [f.text("zh-Hans") for f in found.findings if f.code == code]
        for code in ("only-by-steps", "door-too-narrow")
    }

    assert any("外科" in text and "轮椅" in text for text in said["only-by-steps"])
    assert not any("外科" in text for text in said["door-too-narrow"])
    assert any("皮肤科" in text for text in said["door-too-narrow"])
