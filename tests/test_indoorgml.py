"""IndoorGML in its dialects: cells, doors where cells meet, stairs between storeys."""

import json
from pathlib import Path

import pytest

from floorplans.reading import read
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.words.findings import PlanError

REAL = Path(__file__).parents[2] / "shared" / "floorplans"


def ring(points: list[tuple[float, float, float]]) -> str:
    closed = [*points, points[0]]
    pos = "".join(f"<gml:pos>\n {x} {y} {z}\n </gml:pos>" for x, y, z in closed)
    return (
        "<gml:Polygon><gml:exterior><gml:LinearRing>"
        f"{pos}</gml:LinearRing></gml:exterior></gml:Polygon>"
    )


def cell(
    key: str,
    left: float,
    z: float,
    said: str = "",
    name: str = "",
    tall: float = 3.0,
    *,
    wide: float = 5,
    front: float = 0,
) -> str:
    """A room of 5 by 4 with its floor, its ceiling and one wall."""
    right, back = left + wide, front + 4
    low = [(left, front, z), (right, front, z), (right, back, z), (left, back, z)]
    high = [(x, y, z + tall) for x, y, _ in low]
    wall = [low[0], low[1], high[1], high[0]]
    return (
        f'<core:CellSpace gml:id="{key}"><gml:description>\n{said}\n</gml:description>'
        f"<gml:name>\n {name or key}\n</gml:name>{ring(high)}{ring(wall)}{ring(low)}"
        "</core:CellSpace>"
    )


def state(number: int) -> str:
    return f'<core:State gml:id="S{number}"><core:duality xlink:href="#C{number}"/></core:State>'


def transition(key: str, one: int, other: int, line: str = "") -> str:
    return (
        f'<core:Transition gml:id="{key}"><core:connects xlink:href="#S{one}"/>'
        f'<core:connects xlink:href="#S{other}"/>{line}</core:Transition>'
    )


DOOR = (
    '<core:CellSpaceBoundary gml:id="B1"><core:duality xlink:href="#T1-REVERSE"/>'
    + ring([(5, 1, 0), (5, 2, 0), (5, 2, 2), (5, 1, 2)])
    + "</core:CellSpaceBoundary>"
)
LINE = "<gml:LineString><gml:pos>7 2 0</gml:pos><gml:pos>12 2 0</gml:pos></gml:LineString>"


def gml(*parts: str) -> bytes:
    head = (
        '<?xml version="1.0"?><core:IndoorFeatures xmlns:gml="http://www.opengis.net/gml/3.2" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:core="http://www.opengis.net/indoorgml/1.0/core">'
    )
    return f"{head}{''.join(parts)}</core:IndoorFeatures>".encode()


HOUSE = gml(
    cell("C1", 0, 0, 'storey="1":indoor="room":', "CT"),
    cell("C2", 5, 0, "level=1;desc=;", "Corridor"),
    cell("C3", 10, 0, "level=1;desc=;"),
    cell("C4", 10, 3.5, "level=2;desc=;"),
    DOOR,
    *(state(number) for number in (1, 2, 3, 4)),
    transition("T1", 1, 2),
    transition("T2", 2, 3, LINE),
    transition("T3", 3, 4),
)


def plan_of(tmp_path: Path, content: bytes, name: str = "house.gml") -> Plan:
    (tmp_path / name).write_bytes(content)
    (plan,) = read([tmp_path / name])
    return plan


@pytest.mark.parametrize("name", ["house.gml", "house.xml", "house.indoorgml"])
def test_cells_are_rooms_and_transitions_are_doors(name: str, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, HOUSE, name)

    rooms = {space.key: space for space in plan.spaces}
    assert {key: rooms[key].outline.area for key in rooms} == dict.fromkeys(
        ("C1", "C2", "C3", "C4"), pytest.approx(20)
    )
    assert rooms["C1"].names == {"": "CT"} and rooms["C3"].ref == "C3"
    assert rooms["C2"].kind == "corridor"
    assert [rooms[key].kind for key in ("C3", "C4")] == ["stairs", "stairs"]
    assert {door.spaces: door.line.centroid.coords[0] for door in plan.doors} == {
        ("C1", "C2"): (5, 1.5), ("C2", "C3"): (10, 2),
    }  # fmt: skip
    assert [level.label for level in plan.levels] == ["1", "2"]
    assert "shafts-taken-as-stairs" in {finding.code for finding in plan.findings}


def test_a_number_before_a_name_is_the_number_on_the_door(tmp_path: Path) -> None:
    names = {"C1": "B104 SPECT Room", "C2": "10F Lobby", "C3": "2 beds"}
    cells = [
        cell(key, 5.0 * at, 0, "level=1", name) for at, (key, name) in enumerate(names.items())
    ]

    plan = plan_of(tmp_path, gml(*cells))

    assert [(one.ref, one.names.get("")) for one in plan.spaces] == [
        ("B104", "SPECT Room"), ("", "10F Lobby"), ("", "2 beds"),
    ]  # fmt: skip


def test_two_cells_may_have_two_doors_and_a_floor_a_hole(tmp_path: Path) -> None:
    second = (
        DOOR.replace("B1", "B2").replace("T1", "T9").replace(" 1 ", " 3 ").replace(" 2 ", " 3.8 ")
    )
    hole = ring([(1, 1, 0), (2, 1, 0), (2, 2, 0), (1, 2, 0)])
    inner = hole.removeprefix("<gml:Polygon><gml:exterior>").removesuffix(
        "</gml:exterior></gml:Polygon>"
    )
    low = ring([(0, 0, 0), (5, 0, 0), (5, 4, 0), (0, 4, 0)])
    pierced = low.replace("</gml:Polygon>", f"<gml:interior>{inner}</gml:interior></gml:Polygon>")

    joined = transition("T1", 1, 2)
    whole = HOUSE.decode().replace(low, pierced).replace(DOOR, DOOR + second)
    plan = plan_of(tmp_path, whole.replace(joined, joined + transition("T9", 2, 1)).encode())

    assert sum(set(one.spaces) == {"C1", "C2"} for one in plan.doors) == 2
    assert next(one.outline.area for one in plan.spaces if one.key == "C1") == pytest.approx(19)


def test_a_house_without_prefixes_is_the_same_house(tmp_path: Path) -> None:
    bare = HOUSE.replace(b"core:", b"").replace(b"gml:", b"").replace(b"xlink:", b"")

    one, other = plan_of(tmp_path, HOUSE), plan_of(tmp_path, bare)

    assert [space.outline for space in one.spaces] == [space.outline for space in other.spaces]
    assert [door.line for door in one.doors] == [door.line for door in other.doors]


def test_the_venue_has_both_storeys_joined(tmp_path: Path) -> None:
    venue = join([plan_of(tmp_path, HOUSE)])

    assert [(one.kind, len(one.stops)) for one in venue.connectors] == [("stairs", 2)]


@pytest.mark.parametrize(
    ("ways", "openings"), [([(1, 3), (2, 3)], set()), ([(2, 3)], {("C1", "C2"), ("C1", "C3")})]
)
def test_halls_that_the_graph_joins_by_others_are_apart(
    ways: list[tuple[int, int]], openings: set[tuple[str, str]], tmp_path: Path
) -> None:
    """Each of three shares an edge with both others; what the graph joins is no further apart."""
    content = gml(
        cell("C1", 0, 0, "level=1;", "Corridor"),
        cell("C2", 5, 0, "level=1;", "Corridor"),
        cell("C3", 0, 0, "level=1;", "Corridor", wide=10, front=4),
        *(state(number) for number in (1, 2, 3)),
        *(transition(f"T{one}{other}", one, other) for one, other in ways),
    )
    venue = join([plan_of(tmp_path, content)])

    assert {door.spaces for door in venue.doors if door.guessed} == openings


def test_numbers_that_are_no_metres_are_scaled_by_the_height_of_storeys(tmp_path: Path) -> None:
    large = gml(
        cell("C1", 0, 0, "level=1", tall=30).replace("<gml:pos>\n 5 0", "<gml:pos>\n 50 0"),
        cell("C4", 0, 36, "level=2", tall=30),
        cell("C5", 20, 0, "level=1", tall=30),
    )

    plan = plan_of(tmp_path, large)

    (told,) = [finding for finding in plan.findings if finding.code == "unit-from-storeys"]
    assert told.slots["height"] == "36"
    assert {space.key: space.outline.area for space in plan.spaces}["C4"] == pytest.approx(0.2)


JSON = {
    "type": "IndoorJSON",
    "PrimalSpaceFeatures": {
        "CellSpace": {
            "C1": {"name": "WAITING1A01", "geometry": {"boundaries": [[[[0, 1, 2, 3, 0]]]]}},
            "C2": {"name": "CORRIDOR1AC4", "geometry": {"boundaries": [[[[1, 4, 5, 2, 1]]]]}},
        },
        "CellSpaceBoundaries": {"B1": {"geometry": {"boundaries": [[[6, 7, 8, 9, 6]]]}}},
    },
    "SpaceLayers": {
        "L": {
            "N1": {"duality": "C1", "edges": [{"destination": "D1"}]},
            "N2": {"duality": "C2", "edges": []},
            "D1": {"duality": "B1", "edges": [{"destination": "N2"}]},
        }
    },
    "vertices": [
        [0, 0, 0], [5, 0, 0], [5, 4, 0], [0, 4, 0], [10, 0, 0], [10, 4, 0],
        [5, 1, 0], [5, 2, 0], [5, 2, 2], [5, 1, 2],
    ],
}  # fmt: skip


def test_json_has_the_same_cells_and_doors(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, json.dumps(JSON).encode(), "house.json")

    told = {space.key: (space.names[""], space.ref) for space in plan.spaces}
    assert told == {"C1": ("WAITING", "1A01"), "C2": ("CORRIDOR", "1AC4")}
    assert [(door.spaces, door.line.centroid.coords[0]) for door in plan.doors] == [
        (("C1", "C2"), (5, 1.5))
    ]


def test_the_same_building_beside_its_drawing_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(JSON))
    square = [[20, 0], [30, 0], [30, 9], [20, 9], [20, 0]]
    room = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [square]},
        "properties": {"name": "CT"},
    }
    (tmp_path / "b.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "units": "m", "features": [room]})
    )

    (plan,) = read([tmp_path])

    assert len(plan.spaces) == 1
    assert [f.where for f in plan.findings if f.code == "indoorgml-passed-over"] == ["a.json"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (gml(), "nothing-drawn"),
        (HOUSE[:-300], "xml-cut-off"),
        (HOUSE.replace(b"<core:State ", b"<core:State <"), "xml-broken"),
        (HOUSE.replace(b'<?xml version="1.0"?>', b"<!DOCTYPE a>"), "xml-doctype"),
        (gml("<a>" * 80 + "</a>" * 80), "xml-too-deep"),
        (HOUSE.replace(b"gml:pos>", b"gml:spot>"), "nothing-drawn"),
    ],
)
def test_what_is_no_indoorgml_is_refused(content: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError) as refused:
        plan_of(tmp_path, content)

    assert refused.value.finding.code == code


@pytest.mark.parametrize(
    "content",
    [
        HOUSE.replace(b"#C1", b"#C9"),
        HOUSE.replace(b"#S1", b"#S9"),
        HOUSE.replace(b'gml:id="C2"', b'gml:id="C1"'),
        HOUSE.replace(b"T1-REVERSE", b"T9"),
        HOUSE.replace(b"#S2", b"#S1"),
    ],
)
def test_references_that_lead_nowhere_lose_no_cell_but_their_own(
    content: bytes, tmp_path: Path
) -> None:
    assert len(plan_of(tmp_path, content).spaces) >= 3


@pytest.mark.slow
def test_three_storeys_of_a_university() -> None:
    if not (REAL / "university-indoorgml").is_dir():
        pytest.skip("the drawings of other people are not here")

    (plan,) = read([REAL / "university-indoorgml"])

    assert len(plan.levels) == 3 and len(plan.spaces) == 80
    assert len(plan.doors) == 89
    assert {"unit-from-storeys", "shafts-taken-as-stairs"} <= {
        finding.code for finding in plan.findings
    }


@pytest.mark.slow
def test_a_clinic_has_the_rooms_of_its_geojson() -> None:
    if not (REAL / "clinic-geojson").is_dir():
        pytest.skip("the drawings of other people are not here")
    folder = REAL / "clinic-geojson"
    (drawn,), (again,) = read([folder]), read([folder / "clinic.indoorgml.json"])

    ordinal = {
        plan.source: {level.key: level.ordinal for level in plan.levels} for plan in (drawn, again)
    }
    for space in drawn.spaces:
        assert any(
            ordinal[again.source][one.level] == ordinal[drawn.source][space.level]
            and one.outline.symmetric_difference(space.outline).area < 0.02 * space.outline.area
            for one in again.spaces
        )
