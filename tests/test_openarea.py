"""Walks across halls against the exact shortest walk, found by brute force."""

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from navkit.network.openarea import CLEARANCE_M, Pairs, Points, walks


def exact_lengths_m(area: Polygon, spots: Points) -> dict[tuple[int, int], float]:
    """Shortest walks between spots inside an area: every pair of corners tried, no cleverness."""
    corners = np.vstack([shapely.get_coordinates(r)[:-1] for r in (area.exterior, *area.interiors)])
    nodes = np.vstack([spots, corners])
    first, second = np.triu_indices(len(nodes), 1)
    lines = shapely.linestrings(nodes[np.column_stack([first, second])])
    room = area.buffer(1e-7)
    shapely.prepare(room)
    seen = shapely.covers(room, lines)
    graph = nx.Graph()
    for a, b, length_m in zip(
        first[seen].tolist(), second[seen].tolist(), shapely.length(lines[seen]), strict=True
    ):
        graph.add_edge(a, b, weight=float(length_m))
    found = {}
    for a in range(len(spots)):
        away = nx.single_source_dijkstra_path_length(graph, a)
        found.update({(a, b): away[b] for b in range(len(spots)) if b > a})
    return found


def walked_m(points: Points, edges: Pairs, a: int, b: int) -> float:
    graph = nx.Graph()
    for u, v in edges.tolist():
        graph.add_edge(u, v, weight=float(np.hypot(*(points[u] - points[v]))))
    return float(nx.shortest_path_length(graph, a, b, weight="weight"))


def random_hall(seed: int) -> Polygon:
    """A rough outline with a few pillars, wide enough everywhere."""
    rng = np.random.default_rng(seed)
    corners = int(rng.integers(5, 40))
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = 14 * (1 + 0.35 * rng.uniform(-1, 1, corners))
    hall = Polygon(np.column_stack([1.6 * reach * np.cos(angle), reach * np.sin(angle)]))
    for _ in range(int(rng.integers(0, 5))):
        x, y = rng.uniform(-6, 6, 2)
        hall = hall.difference(box(x, y, x + rng.uniform(0.5, 3), y + rng.uniform(0.5, 3)))
    assert isinstance(hall, Polygon)
    return hall


def spots_in(area: Polygon, count: int, seed: int) -> Points:
    rng = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    spots: list[tuple[float, float]] = []
    while len(spots) < count:
        spot = (float(rng.uniform(west, east)), float(rng.uniform(south, north)))
        if area.contains(Point(spot)):
            spots.append(spot)
    return np.array(spots)


@pytest.mark.parametrize("seed", range(25))
def test_walks_are_nearly_the_shortest(seed: int) -> None:
    hall = random_hall(seed)
    area = hall.buffer(-CLEARANCE_M - 0.02, join_style="mitre", mitre_limit=2.0)
    if not isinstance(area, Polygon):
        pytest.skip("too narrow somewhere for full clearance")
    spots = spots_in(hall.buffer(-0.6), 9, seed)

    points, edges = walks(hall, spots)

    ratios = np.array(
        [walked_m(points, edges, a, b) / m for (a, b), m in exact_lengths_m(area, spots).items()]
    )
    assert np.quantile(ratios, 0.95) <= 1.02 + 1e-6
    assert ratios.max() <= 1.05


@pytest.mark.parametrize("seed", range(25))
def test_walks_keep_clear_of_walls(seed: int) -> None:
    hall = random_hall(seed)
    if not isinstance(hall.buffer(-CLEARANCE_M - 0.02, join_style="mitre"), Polygon):
        pytest.skip("too narrow somewhere for full clearance")
    spots = spots_in(hall.buffer(-0.6), 9, seed)

    points, edges = walks(hall, spots)

    lines = shapely.linestrings(points[edges])
    assert shapely.distance(lines, hall.boundary).min() >= CLEARANCE_M - 1e-6


def test_doors_side_by_side_do_not_make_all_pairs() -> None:
    doors = np.array([[x, 0.2] for x in np.linspace(1, 39, 20)])

    _, edges = walks(box(0, 0, 40, 12), doors)

    assert len(edges) < 60


def test_a_passage_narrower_than_the_clearance_is_still_walked() -> None:
    """Two halls and a gap of 60 cm between them."""
    halls = shapely.union_all([box(0, 0, 10, 10), box(10.3, 0, 20, 10), box(9, 4.7, 11, 5.3)])
    assert isinstance(halls, Polygon)
    spots = np.array([[2.0, 8.0], [18.0, 8.0], [2.0, 2.0]])

    points, edges = walks(halls, spots)

    assert walked_m(points, edges, 0, 1) < 17.5
    away_m = shapely.distance(shapely.linestrings(points[edges]), halls.boundary)
    wide = ~shapely.intersects(shapely.linestrings(points[edges]), box(9, 4, 11, 6))
    assert away_m.min() >= 0.05
    assert away_m[wide].min() >= CLEARANCE_M - 1e-6


def test_a_door_in_a_corner_behind_a_pilaster_is_reached_in_sight() -> None:
    hall = box(0, 0, 12, 8).difference(box(1, 0, 1.2, 0.7))
    assert isinstance(hall, Polygon)
    doors = np.array([[0.9, 0.05], [11.0, 7.8], [1.3, 0.05]])

    points, edges = walks(hall, doors)

    assert hall.buffer(1e-6).covers(shapely.union_all(shapely.linestrings(points[edges])))
    assert np.isfinite(walked_m(points, edges, 0, 1) + walked_m(points, edges, 0, 2))


def test_one_end_needs_no_walk() -> None:
    points, edges = walks(box(0, 0, 9, 9), np.array([[1.0, 1.0]]))

    assert points.tolist() == [[1.0, 1.0]]
    assert edges.shape == (0, 2)


def test_two_ends_in_one_place_are_joined() -> None:
    points, edges = walks(box(0, 0, 9, 9), np.array([[4.0, 4.0], [4.0, 4.0], [0.1, 4.0]]))

    assert walked_m(points, edges, 0, 1) == 0.0
    assert walked_m(points, edges, 1, 2) == pytest.approx(
        LineString([(4, 4), (0.1, 4)]).length, abs=1e-6
    )
