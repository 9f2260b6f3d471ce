"""Codes on walls: proposed where the lost find one, printed, hung once somebody scanned them."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import networkx as nx
import pytest
from clinic import HOSPITAL, House, new_house
from conftest import Plans

from navkit.network.network import Network
from navkit.plan.plan import SHAFTS
from navkit.route.profiles import profiles
from navkit.route.weights import Moment, weigh
from navkit.venue.venue import Anchor
from server.builds import drafts
from server.builds.hanging import AT_HAND_M, NEAR_M, Proposal, proposals
from server.words.saying import book

BASE = f"/hospitals/{HOSPITAL}"
STEP_M = 0.5


def public_ways(network: Network) -> "nx.Graph[int]":
    """The ways of visitors as a graph of metres, no level joined with another."""
    graph: nx.Graph[int] = nx.Graph()
    reasons = weigh(network, profiles()["walk"], Moment()).reason
    spaces = network.venue.spaces
    for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
        sides = [spaces[s] for s in map(network.space_of_node.__getitem__, (a, b)) if s >= 0]
        shut = reasons[2 * edge] and reasons[2 * edge + 1]
        if network.level[a] != network.level[b] or shut:
            continue
        if all(side.access == "public" and side.kind not in SHAFTS for side in sides):
            graph.add_edge(a, b, metres=network.length_cm[edge] / 100)
    return graph


def farthest_m(network: Network, codes: list[tuple[str, tuple[float, float]]]) -> float:
    """How far one may be from a code anywhere on the ways, half a metre by half a metre; codes
    are by the ids of their spaces, and stand on the ways."""
    graph, number = public_ways(network), {s.id: n for n, s in enumerate(network.venue.spaces)}
    source = -1
    for space, (x, y) in codes:
        here = number[space]
        near = min(
            (
                (off + along, node)
                for a, b, said in graph.edges(data="metres")
                if here in {network.space_of_node[a], network.space_of_node[b]}
                for off, part in [offset(network, a, b, (x, y))]
                for node, along in ((a, part * said), (b, (1 - part) * said))
                if off < 0.2
            ),
            default=None,
        )
        assert near, f"the code in {space} is off the ways"
        for a, b, said in [*graph.edges(data="metres")]:
            if source in (a, b) or here not in (network.space_of_node[a], network.space_of_node[b]):
                continue
            off, part = offset(network, a, b, (x, y))
            if off < 0.2:
                for node, along in ((a, part * said), (b, (1 - part) * said)):
                    before = graph.edges.get((source, node), {"metres": math.inf})["metres"]
                    graph.add_edge(source, node, metres=min(before, along))
    far = nx.single_source_dijkstra_path_length(graph, source, weight="metres")
    worst = 0.0
    for a, b, said in graph.edges(data="metres"):
        if source in (a, b):
            continue
        for step in range(int(said / STEP_M) + 2):
            along = min(said, step * STEP_M)
            by_ends = min(far[a] + along, far[b] + said - along)
            worst = max(worst, by_ends)
    return worst


def offset(network: Network, a: int, b: int, point: tuple[float, float]) -> tuple[float, float]:
    """How far a point is from an edge, and at which part of it."""
    (ax, ay), (bx, by) = ((network.x_cm[n] / 100, network.y_cm[n] / 100) for n in (a, b))
    long = (bx - ax) ** 2 + (by - ay) ** 2
    part = ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / long if long else 0.0
    part = min(1.0, max(0.0, part))
    return math.dist(point, (ax + part * (bx - ax), ay + part * (by - ay))), part


def hung(network: Network, found: tuple[Proposal, ...]) -> list[tuple[str, tuple[float, float]]]:
    there = [(one.space, one.point) for one in network.venue.anchors]
    return [*there, *((one.space, one.point) for one in found)]


@pytest.mark.parametrize("plan", ["clinic", pytest.param("example", marks=pytest.mark.rest)])
def test_nobody_is_farther_from_a_code_than_is_promised(plans: Plans, plan: str) -> None:
    """By another measure than the one that proposes."""
    network = plans(plan).network
    bare = replace(network, venue=replace(network.venue, anchors=()), anchor_nodes=())

    found = proposals(bare)

    assert farthest_m(bare, hung(bare, found)) <= NEAR_M
    assert len(found) < len(public_ways(bare)) / 5
    codes = [one.code for one in found]
    assert len({*codes}) == len(codes) == len({one.id for one in found})
    assert all(re.fullmatch("[A-Z]+[A-Z0-9]+-[0-9]{2,}", code) for code in codes)


def test_a_code_is_at_hand_where_one_comes_in_and_where_a_floor_is_arrived_at(
    plans: Plans,
) -> None:
    network = plans("clinic").network
    venue, graph = network.venue, public_ways(network)
    bare = replace(network, venue=replace(venue, anchors=()), anchor_nodes=())
    points = [(one.space, one.point) for one in proposals(bare)]
    shafts = {s.id for s in venue.spaces if s.kind in SHAFTS}
    looked = 0
    for door, nodes in zip(venue.doors, bare.door_nodes, strict=True):
        for side, node in zip(door.spaces, nodes, strict=True):
            is_arrival = door.entrance or (shafts & {*door.spaces} and side not in shafts)
            if node not in graph or not is_arrival or venue.space_by_id[side].kind == "outdoor":
                continue
            near = nx.single_source_dijkstra_path_length(
                graph, node, cutoff=AT_HAND_M, weight="metres"
            )
            x_y = [(bare.x_cm[n] / 100, bare.y_cm[n] / 100) for n in near]
            level = venue.space_by_id[side].level
            assert any(
                venue.space_by_id[space].level == level
                and min(math.dist(point, one) for one in x_y) <= 4
                for space, point in points
            ), door.id
            looked += 1
    assert looked > 5


def test_codes_that_there_are_count_and_none_is_proposed_twice(plans: Plans) -> None:
    guide = plans("clinic")
    venue = guide.venue
    first = proposals(guide.network)
    anchors = tuple(
        Anchor(one.id, one.code, one.space, one.point, one.bearing_deg, one.names) for one in first
    )
    at = {
        (level, x, y): node
        for node, (level, x, y) in enumerate(
            zip(guide.network.level, guide.network.x_cm, guide.network.y_cm, strict=True)
        )
    }
    number = {level.id: n for n, level in enumerate(venue.levels)}
    nodes = [
        at.get((number[one.level], round(one.point[0] * 100), round(one.point[1] * 100)), -1)
        for one in first
    ]
    on_nodes = [n for n, node in enumerate(nodes) if node >= 0]
    kept = tuple(anchors[n] for n in on_nodes)
    more = replace(
        guide.network,
        venue=replace(venue, anchors=(*venue.anchors, *kept)),
        anchor_nodes=(*guide.network.anchor_nodes, *(nodes[n] for n in on_nodes)),
    )

    again = proposals(more)

    assert kept and len(again) <= len(first) - len(kept) + 2
    assert not {one.code for one in again} & {one.code for one in kept}


# ------------------------------------------------------------------- in the console


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = new_house(tmp_path_factory.mktemp("codes") / "data").hire()
    made.publish(made.build())
    yield made


def words(key: str) -> str:
    return book("zh-Hans")[key]


def test_proposals_are_taken_built_printed_and_count_once_they_are_scanned(house: House) -> None:
    editor, desk = house.clerk("editor"), house.clerk("desk")
    page = editor.get(f"{BASE}/codes").text
    ids = re.findall(r'name="code" value="([^"]+)" checked', page)
    assert 2 <= len(ids) < 10
    assert words("codes-print") not in page, "there is none to print yet"
    assert desk.post(f"{BASE}/codes", code=ids).status_code == 403

    assert editor.post(f"{BASE}/codes", code=ids).status_code == 303
    draft = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    said = drafts.changes_of(house.settings.press.files.read(draft.sha256))
    assert [one["id"] for one in said] == ids and {one["do"] for one in said} == {"add-anchor"}
    assert words("code-waiting") in editor.get(f"{BASE}/codes").text
    editor.post(f"{BASE}/codes", code=ids)
    assert drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS) == draft

    house.publish(house.build(), "1")
    page = editor.get(f"{BASE}/codes").text
    assert words("codes-enough") in page
    assert words("codes-hung").format(count=0, all=len(ids)) in page
    sheets = editor.get(f"{BASE}/codes/sheets").text
    assert words("no-public-address").format(address=f"http://localhost/h/{HOSPITAL}/") in sheets
    codes = re.findall(r'data-code="([^"]+)" data-content="([^"]+)"', sheets)
    assert len(codes) == len(ids)
    assert all(text.endswith(f"/h/{HOSPITAL}/#a={code}") for code, text in codes)

    read, refused = codes[0][1], desk.post(f"{BASE}/codes/scan", code="nothing")
    assert refused.status_code == 400
    assert desk.post(f"{BASE}/codes/scan", code=read).status_code == 303
    assert desk.post(f"{BASE}/codes/scan", code=f" {codes[1][0].lower()} ").status_code == 303
    page = desk.get(f"{BASE}/codes").text
    assert words("codes-hung").format(count=2, all=len(ids)) in page
    assert house.clerk("viewer").post(f"{BASE}/codes/scan", code=read).status_code == 403
    house.rows.run("UPDATE scans SET hangs = '1F-C 0.0 0.0' WHERE person = 'desk' AND id = 1")
    assert words("codes-hung").format(count=1, all=len(ids)) in desk.get(f"{BASE}/codes").text


def test_each_department_has_a_link_and_a_slip_for_80_mm(house: House) -> None:
    desk = house.clerk("desk")
    found = desk.get(f"{BASE}/slips", query_string={"q": "xnk"}).text
    links = re.findall(r'class="code">([^<]+)</span>', found)
    assert len(links) == 1, "心内科 by its initials"
    place = links[0].partition("#to=")[2]

    page = desk.get(f"{BASE}/slips/{place}").text
    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert svg
    drawn = ElementTree.fromstring(svg[0])
    assert drawn.get("width") == "72mm"
    text = "".join(drawn.itertext())
    assert "心内科" in text and "1F" in text and "小诊所" in text
    assert "".join(text.split()).endswith("".join(links[0].split()))
    assert desk.get(f"{BASE}/slips/gone").status_code == 404
    lines = desk.get(f"{BASE}/slips.csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("id,") and any(line.endswith(links[0]) for line in lines)
