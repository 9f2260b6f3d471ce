"""Networks typed as tables of nodes and edges: read, refused, as true as what they are made of."""

import csv
import io
import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from floorplans.child import read_apart
from floorplans.foreign import NODE_M
from floorplans.limits import LIMITS
from floorplans.reading import read
from floorplans.sheet import Sheet
from floorplans.tables import SPACING_M, is_graph
from navkit.guide import Guide
from navkit.network.network import Network
from navkit.route.pairs import open_darts
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.route.routing import Navigator
from navkit.route.weights import Moment
from navkit.venue.join import join
from navkit.venue.lookup import Spot
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError, PlanError

NODE = ("nodeID", "xcoord", "ycoord", "floor", "building", "nodeType", "longName", "shortName")
EDGE = ("edgeID", "startNode", "endNode")
TYPES = {"elevator": "ELEV", "stairs": "STAI", "escalator": "ESCA"}
PX_M = 0.05
"""Metres of a pixel in the tables made here."""

Rows = list[dict[str, Any]]


def table(rows: Sequence[Mapping[str, Any]], headings: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def node(id: str, x: float, y: float, type: str = "HALL", name: str = "", **more: Any) -> Any:
    facts = {"nodeID": id, "xcoord": x, "ycoord": y, "nodeType": type, "longName": name}
    return {**facts, "floor": "1", "building": "Main", **more}


def edge(start: str, end: str) -> Any:
    return {"edgeID": f"{start}_{end}", "startNode": start, "endNode": end}


def house() -> tuple[Rows, Rows]:
    """Two storeys: a hall with two rooms on each, a lift and stairs."""
    nodes, edges = [], []
    for floor in "12":
        for key, x, y, kind, name in (
            ("H1", 100, 500, "HALL", ""),
            ("H2", 300, 500, "HALL", ""),
            ("D1", 100, 400, "DEPT", f"Clinic {floor}01"),
            ("D2", 300, 400, "LABS", f"Blood Lab {floor}02"),
            ("L", 200, 520, "ELEV", f"Elevator A Floor {floor}"),
            ("S", 400, 500, "STAI", f"Stairs North Floor {floor}"),
        ):
            nodes.append(node(f"{key}{floor}", x, y, kind, name, floor=floor))
        pairs = ("H1", "H2"), ("H1", "D1"), ("H2", "D2"), ("H1", "L"), ("H2", "S")
        edges += [edge(f"{a}{floor}", f"{b}{floor}") for a, b in pairs]
    nodes.append(node("E1", 0, 500, "EXIT", "Main Entrance"))
    edges += [edge("E1", "H11"), edge("L1", "L2"), edge("S1", "S2")]
    return nodes, edges


def written(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    folder.mkdir(exist_ok=True)
    files = [folder / "nodes.csv", folder / "edges.csv"]
    for file, rows, headings in zip(files, (nodes, edges), (NODE, EDGE), strict=True):
        file.write_text(table(rows, headings), encoding="utf-8")
    return files


def venue_of(paths: Sequence[Path]) -> Venue:
    return join(read(paths), None, ())


def codes(venue: Venue) -> set[str]:
    return {finding.code for finding in venue.findings}


def names(venue: Venue) -> set[str]:
    return {name for place in venue.places for name in place.names.values()}


# ------------------------------------------------- made of a network that is known


def as_tables(network: Network) -> tuple[Rows, Rows]:
    """The example's network as somebody would have typed it, in pixels, y down: without what is
    for staff only, which a table cannot say."""
    venue, navigator = network.venue, Navigator(network)
    weights = navigator.router(profiles()["walk"], Moment())[0]
    walked = {frozenset(dart) for dart in open_darts(network, weights)}
    shafts: dict[int, str] = {}
    named: dict[int, tuple[str, str]] = {}
    nodes, edges = [], []
    for number, place in enumerate(venue.places):
        spots = network.place_nodes[number]
        if place.access == "public" and spots:
            named.setdefault(spots[0], ("EXIT" if place.door else "DEPT", place.id))
    for a, b, thing in zip(network.a, network.b, network.thing, strict=True):
        if {a, b} not in walked:
            continue
        if network.level[a] != network.level[b]:
            # A bridge whose ends have other labels leads up as a ramp does.
            kind = getattr(network.things[thing], "kind", "")
            shafts |= dict.fromkeys((a, b), TYPES.get(kind, "RAMP"))
        edges.append(edge(f"n{a}", f"n{b}"))
    for i, level in enumerate(network.level):
        there = venue.levels[level]
        kind, name = named.get(i, ("HALL", ""))
        x, y = network.x_cm[i] / 100 / PX_M, 20_000 - network.y_cm[i] / 100 / PX_M
        facts = {"floor": there.label, "building": there.building}
        nodes.append(node(f"n{i}", round(x), round(y), shafts.get(i, kind), name, **facts))
    return nodes, edges


SHARE = 0.02
"""By how much a route may differ."""
FROM_M = 40.0
"""Routes of this length and more are compared: a pixel and the small rooms count for less."""


@pytest.mark.rest
def test_the_example_typed_as_tables_has_the_ways_that_it_had(
    example: Guide, tmp_path: Path
) -> None:
    """The truth is the example's own network: every place that was typed is joined with every
    other, and a way on one floor is as long as it was, but for the halves of the small rooms that
    places without a drawn room are."""
    network = example.network
    files = written(tmp_path / "typed", *as_tables(network))
    (tmp_path / "typed" / "mapping.toml").write_text(f"scale = {PX_M}\n")
    venue = venue_of([files[0].parent])
    typed = Guide(venue)
    found = review(typed.network, profiles())
    called = {next(iter(p.names.values())): i for i, p in enumerate(venue.places) if p.names}
    both = [
        (number, called[place.id])
        for number, place in enumerate(network.venue.places)
        if place.id in called and len(network.place_nodes[number]) == 1
    ]
    floor = {one: network.level[network.place_nodes[one][0]] for one, _ in both}

    lengths, chance, walk = [], random.Random(7), profiles()["walk"]
    for old, new in chance.sample(both, 150):
        beside = [pair for pair in both if floor[pair[0]] == floor[old] and pair[0] != old]
        goal, other = chance.choice(beside)
        was = example.navigator.try_route(Spot((old,)), Spot((goal,)), walk, Moment())
        now = typed.navigator.try_route(Spot((new,)), Spot((other,)), walk, Moment())
        assert was is not None and now is not None
        if was.length_cm > FROM_M * 100 and len({network.level[n] for n in was.nodes}) == 1:
            lengths.append((was.length_cm / 100, now.length_cm / 100))
    assert len(both) > 500
    assert len(lengths) > 30
    assert [one for one in lengths if abs(one[0] - one[1]) > SHARE * one[0] + NODE_M] == []
    before, after = (sum(some) for some in zip(*lengths, strict=True))
    assert after + len(lengths) * NODE_M == pytest.approx(before, rel=SHARE)
    assert (found.pairs["walk"], len(found.parts)) == (1.0, 1)
    assert not {"table-scale-guessed", "table-shaft-joined", "graph-edge-lost"} & codes(venue)


# ------------------------------------------------- read in each of its forms


def as_csv(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    return written(folder, nodes, edges)


def as_semicolons(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    """As a program of another country writes it, in another encoding."""
    files = written(folder, nodes, edges)
    for file in files:
        text = file.read_text(encoding="utf-8").replace(",", ";")
        file.write_bytes(text.encode("utf-16"))
    return files


def as_workbook(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    """Two sheets of one file, below a title."""
    folder.mkdir(exist_ok=True)
    book = Workbook()
    for title, rows, headings in (("Knoten", nodes, NODE), ("Kanten", edges, EDGE)):
        sheet = book.create_sheet(title)
        sheet.append(["Map of the hospital"])
        sheet.append([*headings])
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    del book[book.sheetnames[0]]
    book.save(folder / "map.xlsx")
    return [folder / "map.xlsx"]


def as_json(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    """As programs for networks write it: nodes and links."""
    folder.mkdir(exist_ok=True)
    links = [{"source": e["startNode"], "target": e["endNode"]} for e in edges]
    file = folder / "map.json"
    file.write_text(json.dumps({"directed": False, "nodes": nodes, "links": links}))
    return [file]


def as_typed_by_hand(folder: Path, nodes: Rows, edges: Rows) -> list[Path]:
    """Blanks after commas, and other headings that such tables have."""
    files = written(folder, nodes, edges)
    for file in files:
        text = file.read_text(encoding="utf-8").replace(",", ", ")
        file.write_text(text.replace("startNode", "startNodeID").replace("endNode", "endNodeID"))
    return files


FORMS = {
    form.__name__: form for form in (as_csv, as_semicolons, as_typed_by_hand, as_workbook, as_json)
}


@pytest.mark.parametrize("form", FORMS)
def test_a_network_is_the_same_in_each_form(form: str, tmp_path: Path) -> None:
    venue = venue_of(FORMS[form](tmp_path / "house", *house()))

    whole = review(Guide(venue).network, profiles())
    assert names(venue) >= {"Clinic 101", "Blood Lab 202", "Main Entrance"}
    assert {level.label for level in venue.levels} == {"1", "2"}
    assert [(c.kind, len(c.stops)) for c in venue.connectors] == [("elevator", 2)]
    assert [c.names for c in venue.connectors] == [{"": "Elevator A"}]
    assert [path.kind for path in venue.paths if len(path.levels) == 2] == ["stairs"]
    assert [door.names for door in venue.doors if door.entrance] == [{"": "Main Entrance"}]
    assert {place.category for place in venue.places} >= {"laboratory"}
    assert (whole.pairs["walk"], whole.pairs["wheelchair"]) == (1.0, 1.0)
    assert {f.code for f in venue.findings if f.severity == "error"} == set()


def test_right_of_the_picture_is_right_on_the_floor(tmp_path: Path) -> None:
    """In pixels y grows downwards: what is above in the picture is ahead of who looks up."""
    venue = venue_of(as_csv(tmp_path / "house", *house()))

    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert at["D21"].x > at["D11"].x
    assert at["D11"].y > at["L1"].y


def test_a_guessed_scale_is_said_and_makes_ways_as_long_as_usual(tmp_path: Path) -> None:
    nodes, edges = house()
    venue = venue_of(as_csv(tmp_path / "house", nodes, edges))
    longer = [node | {"xcoord": 7 * node["xcoord"], "ycoord": 7 * node["ycoord"]} for node in nodes]
    same = venue_of(as_csv(tmp_path / "longer", longer, edges))

    # A step in the picture is 100 pixels, and 5 m.
    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert at["D11"].distance(at["D21"]) == pytest.approx(2 * SPACING_M, rel=0.01)
    assert "table-scale-guessed" in codes(venue)
    assert [
        space.id for space in same.spaces if space.outline.centroid.distance(at[space.id]) > 0.01
    ] == []


@pytest.mark.parametrize(
    ("said", "metres", "up"),
    [
        ("scale = 0.1", 20.0, 1),
        ('scale = 0.2\ny = "up"', 40.0, -1),
        ('scale = 1\ny = "down"', 200, 1),
    ],
)
def test_a_mapping_says_the_scale(said: str, metres: float, up: int, tmp_path: Path) -> None:
    as_csv(tmp_path / "house", *house())
    (tmp_path / "house" / "mapping.toml").write_text(said)
    venue = venue_of([tmp_path / "house"])

    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert at["D11"].distance(at["D21"]) == pytest.approx(metres, abs=0.02)
    assert up * (at["D11"].y - at["L1"].y) > 0
    assert "table-scale-guessed" not in codes(venue)


@pytest.mark.parametrize(
    "said", ["scale = 0", 'scale = "1:200"', "scale = nan", "scale = 1\ny = 3"]
)
def test_a_mapping_that_says_no_scale_is_refused(said: str, tmp_path: Path) -> None:
    as_csv(tmp_path / "house", *house())
    (tmp_path / "house" / "mapping.toml").write_text(said)

    with pytest.raises(PlanError) as refused:
        read([tmp_path / "house"])
    assert refused.value.finding.code == "mapping-scale-unknown"


def test_numbers_with_fractions_are_metres(tmp_path: Path) -> None:
    nodes, edges = house()
    for one in nodes:
        one |= {"xcoord": one["xcoord"] / 20 + 0.25, "ycoord": one["ycoord"] / 20}
    venue = venue_of(as_csv(tmp_path / "house", nodes, edges))

    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert at["D11"].distance(at["D21"]) == pytest.approx(10.0, abs=0.02)
    assert at["D11"].y < at["L1"].y
    assert "table-taken-as-metres" in codes(venue)


def test_metres_are_told_by_their_headings(tmp_path: Path) -> None:
    """Whole numbers are metres then, and nothing is guessed; y is upwards."""
    files = as_csv(tmp_path / "house", *house())
    text = files[0].read_text(encoding="utf-8").replace("xcoord,ycoord", "x_m,y_m")
    files[0].write_text(text, encoding="utf-8")
    venue = venue_of(files)

    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert at["D11"].distance(at["D21"]) == pytest.approx(200.0)
    assert at["D11"].y < at["L1"].y
    assert not {"table-scale-guessed", "table-taken-as-metres"} & codes(venue)


def test_degrees_are_told_by_their_headings(tmp_path: Path) -> None:
    nodes, edges = house()
    typed = [
        {**one, "lon": 121.5 + one["xcoord"] / 2e6, "lat": 25.0 - one["ycoord"] / 2e6}
        for one in nodes
    ]
    tmp_path.joinpath("nodes.csv").write_text(
        table(
            [{k: v for k, v in one.items() if k not in ("xcoord", "ycoord")} for one in typed],
            [*(name for name in NODE if "coord" not in name), "lon", "lat"],
        )
    )
    tmp_path.joinpath("edges.csv").write_text(table(edges, EDGE))
    venue = venue_of([tmp_path / "nodes.csv", tmp_path / "edges.csv"])

    at = {space.id: space.outline.centroid for space in venue.spaces}
    assert venue.frame is not None
    assert at["D11"].distance(at["D21"]) == pytest.approx(200 / 2e6 * 100_900, rel=0.02)
    assert at["D11"].y > at["L1"].y


# ------------------------------------------------- lifts and stairs


def without(edges: Rows, *ends: str) -> Rows:
    return [one for one in edges if one["edgeID"] not in ends]


def test_shafts_that_no_edge_joins_are_joined_by_place_or_name_and_said(tmp_path: Path) -> None:
    nodes, edges = house()
    apart = [n | ({"xcoord": 900} if n["nodeID"] == "S2" else {}) for n in nodes]
    venue = venue_of(as_csv(tmp_path / "house", apart, without(edges, "L1_L2", "S1_S2")))

    (said,) = [f for f in venue.findings if f.code == "table-shaft-joined"]
    assert said.slots["count"] == "2"
    assert [(c.kind, len(c.stops)) for c in venue.connectors] == [("elevator", 2)]
    assert [path.kind for path in venue.paths if len(path.levels) == 2] == ["stairs"]
    assert review(Guide(venue).network, profiles()).pairs["walk"] == 1.0


def test_shafts_of_other_names_at_other_spots_are_not_joined(tmp_path: Path) -> None:
    nodes, edges = house()
    for one in nodes:
        if one["nodeID"] in ("L2", "S2"):
            one |= {"xcoord": one["xcoord"] + 300, "longName": "Stairs or lift Z"}
    venue = venue_of(as_csv(tmp_path / "house", nodes, without(edges, "L1_L2", "S1_S2")))

    assert "table-shaft-joined" not in codes(venue)
    (alone,) = [f for f in venue.findings if f.code == "table-shaft-alone"]
    assert alone.slots["count"] == "4"
    assert len(review(Guide(venue).network, profiles()).parts) == 2


def test_another_floor_is_reached_by_shafts_only(tmp_path: Path) -> None:
    nodes, edges = house()
    venue = venue_of(
        as_csv(tmp_path / "house", nodes, [*without(edges, "L1_L2", "S1_S2"), edge("H11", "H12")])
    )

    assert "table-edge-between-levels" in codes(venue)
    assert not [path for path in venue.paths if path.kind == "footway" and len(path.levels) == 2]


def test_lower_levels_are_below_the_ground(tmp_path: Path) -> None:
    nodes, edges = house()
    for one in nodes:
        one["floor"] = {"1": "L1", "2": "1"}[one["floor"]]
    venue = venue_of(as_csv(tmp_path / "house", nodes, edges))

    assert "table-lower-levels" in codes(venue)
    height = {space.id: venue.level_by_id[space.level].ordinal for space in venue.spaces}
    assert height["D11"] == height["D12"] - 1
    assert {level.label for level in venue.levels} == {"L1", "1"}


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [
        ("Elevator A Floor 1", "Elevator A Floor 2", "Elevator A"),
        ("Elevator A, Level 1", "Elevator A, Level 2", "Elevator A"),
        ("Elevator Q 01", "Elevator Q 02", "Elevator Q"),
        ("Elevator 2", "Elevator 2", "Elevator 2"),
        ("Elevator 1", "Elevator 1", "Elevator 1"),
        ("Service lift", "Guest lift", "Service lift"),
    ],
)
def test_a_lift_is_called_alike_on_all_its_floors(
    low: str, high: str, name: str, tmp_path: Path
) -> None:
    nodes, edges = house()
    for one in nodes:
        one |= {"longName": {"L1": low, "L2": high}.get(one["nodeID"], one["longName"])}
    venue = venue_of(as_csv(tmp_path / "house", nodes, edges))

    assert [shaft.names for shaft in venue.connectors] == [{"": name}]


# ------------------------------------------------- told apart, and bad


@pytest.mark.parametrize(
    "text",
    [
        "name,rooms,floor,building\nClinic,101,1,Main\n",
        "id,name,rooms,category\nlab,Laboratory,204,laboratory\n",
        "科室,房间,楼层\n放射科,A104,1F\n",
        "id,x\n1,2\n",
        "from,until,closed\n08:00,12:00,mz-L1\n",
        "",
        "\x00\x01",
    ],
)
def test_other_tables_are_no_networks(text: str, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(PlanError) as refused:
        read([file])
    assert not is_graph(Sheet("table.csv", text.encode()))
    assert refused.value.finding.code == "format-table"


def three_tables(folder: Path, rooms: Rows) -> list[Path]:
    """The house, whose nodes have no names: what is at them stands in a table of its own."""
    nodes, edges = house()
    bare = [
        one | {"longName": "", "nodeType": ""} if one["nodeType"] != "ELEV" else one
        for one in nodes
    ]
    stairs = [one | {"nodeType": "STAI"} if one["nodeID"][0] == "S" else one for one in bare]
    exits = [one | {"nodeType": "EXIT"} if one["nodeID"][0] == "E" else one for one in stairs]
    files = written(folder, exits, edges)
    (folder / "rooms.csv").write_text(table(rooms, ("roomID", "longName", "roomNumber", "nodeID")))
    return [*files, folder / "rooms.csv"]


def room(node_id: str, name: str, number: str = "") -> Any:
    return {"roomID": f"r-{name}", "longName": name, "roomNumber": number, "nodeID": node_id}


def test_names_may_stand_in_a_table_of_rooms(tmp_path: Path) -> None:
    rooms = [
        room("D11", "Eye Clinic", "101"),
        room("D21", "Blood Lab"),
        room("D21", "Blood Bank"),
        room("D12", "Ward 2"),
        room("D99", "Nowhere"),
    ]
    venue = venue_of(three_tables(tmp_path, rooms))
    pairs = review(Guide(venue).network, profiles()).pairs

    assert {"Eye Clinic", "Blood Lab", "Blood Bank", "Ward 2"} <= names(venue)
    (lost,) = [f for f in venue.findings if f.code == "table-room-without-node"]
    assert "Nowhere" in lost.text("en")
    assert pairs["walk"] == 1
    (eye,) = [place for place in venue.places if "Eye Clinic" in place.names.values()]
    assert eye.ref == "101"


def test_a_table_of_rooms_alone_is_no_network(tmp_path: Path) -> None:
    *_, alone = three_tables(tmp_path, [room("D11", "Eye Clinic")])
    with pytest.raises(PlanError) as refused:
        read([alone])

    assert refused.value.finding.code == "table-without-nodes"


def test_the_examples_directory_stays_a_directory(example_drawings: Path, tmp_path: Path) -> None:
    content = (example_drawings / "directory.csv").read_bytes()
    as_csv(tmp_path / "house", *house())
    (tmp_path / "house" / "directory.csv").write_bytes(content)

    venue = venue_of([tmp_path / "house"])
    assert not is_graph(Sheet("directory.csv", content))
    passed = [f.where for f in venue.findings if f.code == "file-passed-over"]
    assert passed == ["directory.csv"]
    assert "Clinic 101" in names(venue)


def test_a_network_beyond_the_limits_is_refused_at_once(tmp_path: Path) -> None:
    files = as_csv(tmp_path / "house", *house())
    for limit, code in (("openings", "too-many-openings"), ("features", "too-many-features")):
        with pytest.raises(PlanError) as refused:
            read(files, replace(LIMITS, **{limit: 5}))
        assert refused.value.finding.code == code


@pytest.mark.process
def test_a_workbook_is_read_apart_as_drawings_are(tmp_path: Path) -> None:
    """In the process with limits, openpyxl included."""
    (file,) = as_workbook(tmp_path / "house", *house())
    (plan,) = read_apart([file])

    assert {"D11", "D22"} <= {space.key for space in plan.spaces}


Spoil = Callable[[Rows, Rows], object]


def changed(number: int, **facts: Any) -> Spoil:
    return lambda nodes, edges: nodes[number].update(facts)


BAD: dict[str, tuple[Spoil, str]] = {
    "an edge to nowhere": (
        lambda nodes, edges: edges.append(edge("H11", "nowhere")),
        "graph-edge-lost",
    ),
    "a loop": (lambda nodes, edges: edges.append(edge("H11", "H11")), "table-edge-of-one-node"),
    "an edge with one end": (
        lambda nodes, edges: edges.append(edge("H11", "")),
        "table-edge-of-one-node",
    ),
    "no floor": (changed(2, floor=""), "table-node-without-floor"),
    "an id twice": (changed(3, nodeID="D11"), "table-id-twice"),
    "no id": (changed(3, nodeID=""), "table-row-without-id"),
    "a word for a number": (changed(2, xcoord="left"), "table-coordinate-unread"),
    "no number": (changed(2, ycoord=""), "table-coordinate-unread"),
    "NaN": (changed(2, ycoord="nan"), "table-coordinate-unread"),
    "endless": (changed(2, ycoord="1e999"), "table-coordinate-unread"),
    "a cell left out": (lambda nodes, edges: nodes[2].pop("xcoord"), "table-coordinate-unread"),
    "far away": (changed(2, ycoord="1e12"), "table-coordinate-unread"),
    "an unknown floor": (changed(2, floor="somewhere"), "level-not-understood"),
    "no nodes": (lambda nodes, edges: nodes.clear(), "table-without-nodes"),
    "no edges": (lambda nodes, edges: edges.clear(), "table-without-edges"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", BAD)
def test_a_fault_is_said_and_the_rest_is_read(fault: str, form: str, tmp_path: Path) -> None:
    nodes, edges = house()
    spoil, code = BAD[fault]
    spoil(nodes, edges)
    if form == "as_json" and not (nodes and edges):
        pytest.skip("an empty list has no headings")
    files = FORMS[form](tmp_path / "house", nodes, edges)

    try:
        found = codes(venue_of(files))
    except PlanError as error:
        assert error.finding.code == code
        return
    assert code in found


ODD = [
    "",
    "0",
    "-1",
    "nan",
    "1e300",
    "\x00",
    "=1+1",
    "L1",
    "HALL",
    "ELEV",
    "H11",
    "½",
    "𠮷" * 50,
    ",",
]


@pytest.mark.parametrize("seed", range(60))
def test_an_odd_cell_anywhere_never_crashes_the_reader(seed: int, tmp_path: Path) -> None:
    """Cells, rows and headings are spoilt at random: a plan comes out, or a code."""
    chance = random.Random(seed)
    nodes, edges = house()
    for _ in range(chance.randint(1, 6)):
        rows, headings = chance.choice([(nodes, NODE), (edges, EDGE)])
        row = chance.choice(rows)
        match chance.randrange(4):
            case 0:
                row[chance.choice(headings)] = chance.choice(ODD)
            case 1:
                rows.remove(row)
            case 2:
                rows.append(dict(row))
            case _:
                other = chance.choice(rows)
                row.update({key: other[key] for key in chance.sample(headings, 2) if key in other})
    form = chance.choice([as_csv, as_json])
    files = form(tmp_path / "house", nodes, edges)
    if chance.random() < 0.3:
        content = bytearray(files[0].read_bytes())
        content[chance.randrange(len(content))] = chance.randrange(256)
        files[0].write_bytes(content)

    try:
        venue = venue_of(files)
        Guide(venue)
    except NavkitError as error:
        assert error.finding.text("zh-Hant")


def test_the_tables_of_the_page_can_be_read(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "docs" / "tables.md"
    shown = re.findall(r"^```csv\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    files = [tmp_path / f"{name}.csv" for name in ("nodes", "edges", "rooms")]
    for file, content in zip(files, shown, strict=True):
        file.write_text(content, encoding="utf-8")
    without, with_rooms = venue_of(files[:2]), venue_of(files)

    assert names(without) == {"Main Entrance", "Clinic"}
    assert names(with_rooms) >= {"Main Entrance", "Eye Clinic", "Blood Bank"}
    for venue in (without, with_rooms):
        assert review(Guide(venue).network, profiles()).pairs["walk"] == 1.0
