"""Properties of every space, whatever its shape."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import Polygon, box
from shapely.affinity import translate

from navkit.network.openarea import Points
from navkit.network.walkable import LocalPaths, local_paths

FLOORPLANS = Path(__file__).parents[1].parent / "shared" / "floorplans"

CORRIDOR = box(0, 0, 40, 2.4)
HALL = box(0, 0, 18, 12)
CROSS = shapely.union_all([box(0, 8, 20, 11.5), box(8, 0, 11.5, 20)])
SHAPES = {
    "corridor": CORRIDOR,
    "hall": HALL,
    "crossing": CROSS,
    "L": shapely.union_all([box(0, 0, 3, 15), box(0, 0, 20, 3)]),
    "ring": box(0, 0, 20, 12).difference(box(2.4, 2.4, 17.6, 9.6)),
    "closet": box(0, 0, 1.2, 1.1),
    "narrow": box(0, 0, 12, 0.9),
    "bay": shapely.union_all([box(0, 0, 40, 2.4), box(18, 0, 24, 6.4)]),
    "hall with pillars": HALL.difference(shapely.union_all([box(5, 5, 6, 6), box(11, 4, 12, 6)])),
    "jogged": shapely.union_all([box(0, 0, 10, 2), box(8.5, 1.2, 20, 3.2)]),
}


def portals_on(outline: Polygon, count: int, seed: int) -> Points:
    """Random places, on the outline or up to 0.3 m inside it."""
    rng = np.random.default_rng(seed)
    found: list[tuple[float, float]] = []
    rings = [outline.exterior, *outline.interiors]
    for _ in range(count):
        ring = rings[int(rng.integers(len(rings)))]
        spot = ring.interpolate(float(rng.random()), normalized=True)
        inner = outline.buffer(-float(rng.choice([0.0, 0.1, 0.2, 0.3])))
        if not inner.is_empty:
            spot = shapely.get_point(shapely.shortest_line(inner, spot), 0)
        found.append((spot.x, spot.y))
    return np.array(found).reshape(-1, 2)


def assert_promises(outline: Polygon, portals: Points, paths: LocalPaths) -> None:
    count = len(portals)
    assert np.array_equal(paths.points[:count], portals)
    assert paths.width_m.shape == (len(paths.edges),)
    assert (paths.edges[:, 0] < paths.edges[:, 1]).all()
    assert [tuple(e) for e in paths.edges.tolist()] == sorted(set(map(tuple, paths.edges.tolist())))
    rounded = np.floor(paths.points * 100 + 0.5) / 100
    rounded[:count] = portals
    room = outline.buffer(1e-6)
    if len(paths.edges):
        assert shapely.covers(room, shapely.linestrings(paths.points[paths.edges])).all()
        assert shapely.covers(room, shapely.linestrings(rounded[paths.edges])).all()
        graph = nx.Graph(paths.edges.tolist())
        assert set(range(len(paths.points))) == set(graph)
        assert nx.is_connected(graph)
    else:
        assert len(paths.points) <= 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", SHAPES)
def test_every_edge_is_inside_and_every_portal_joined(name: str, seed: int) -> None:
    outline = SHAPES[name]
    portals = portals_on(outline, 2 + seed, seed)

    for middle in (False, True):
        assert_promises(outline, portals, local_paths(outline, portals, middle=middle))


@pytest.mark.parametrize("name", SHAPES)
def test_the_same_space_on_another_floor_is_walked_the_same(name: str) -> None:
    outline, portals = SHAPES[name], np.round(portals_on(SHAPES[name], 6, 3), 3)
    east_m, north_m = 1234.56, -78.9

    here = local_paths(outline, portals, middle=True)
    moved = portals + np.array([east_m, north_m])
    there = local_paths(translate(outline, east_m, north_m), moved, middle=True)

    assert there.edges.tolist() == here.edges.tolist()
    assert there.points - np.array([east_m, north_m]) == pytest.approx(here.points, abs=1e-6)
    assert there.width_m == pytest.approx(here.width_m, abs=1e-6)
    assert there.middle == here.middle


def test_the_order_in_which_the_outline_is_drawn_does_not_matter() -> None:
    corners = shapely.get_coordinates(CROSS.exterior)[:-1]
    other = Polygon(np.roll(corners[::-1], 5, axis=0))
    portals = portals_on(CROSS, 7, 1)

    here, there = local_paths(CROSS, portals), local_paths(other, portals)

    assert here.points.tobytes() == there.points.tobytes()
    assert here.edges.tobytes() == there.edges.tobytes()


@pytest.mark.parametrize(
    ("outline", "is_open"),
    [
        (HALL, True),
        (box(0, 0, 20, 6.3), True),
        (CORRIDOR, False),
        (CROSS, False),
        (shapely.union_all([box(0, 10, 25, 13.8), box(10, 0, 13.8, 25)]), False),
        (shapely.union_all([box(0, 0, 40, 2.4), box(18, 0, 24, 6.4)]), False),
    ],
    ids=["hall", "long hall", "corridor", "crossing", "wide crossing", "corridor with a bay"],
)
def test_halls_are_crossed_and_corridors_followed(outline: Polygon, is_open: bool) -> None:
    assert local_paths(outline, np.zeros((0, 2)), middle=True).open_area is is_open


def test_doors_meet_the_centre_line_square_to_it() -> None:
    doors = np.array([[5.0, 0.1], [12.0, 2.3], [30.0, 0.1]])

    paths = local_paths(CORRIDOR, doors)

    for door in range(3):
        (stub,) = [e for e in paths.edges.tolist() if door in e]
        assert paths.points[stub[1]] == pytest.approx([doors[door, 0], 1.2], abs=1e-6)


def test_doors_that_face_each_other_share_a_station() -> None:
    paths = local_paths(CORRIDOR, np.array([[5.0, 0.0], [5.2, 2.4], [20.0, 0.0]]))

    first, second = (next(e for e in paths.edges.tolist() if d in e) for d in (0, 1))
    assert first[1] == second[1]


def test_a_door_beside_the_end_wall_has_a_square_stub() -> None:
    paths = local_paths(CORRIDOR, np.array([[0.6, 0.0], [20.0, 0.0]]))

    (stub,) = [e for e in paths.edges.tolist() if 0 in e]
    assert paths.points[stub[1]] == pytest.approx([0.6, 1.2], abs=1e-6)


def test_a_door_in_the_end_wall_is_straight_ahead() -> None:
    paths = local_paths(CORRIDOR, np.array([[0.0, 1.25], [20.0, 0.0]]))

    (stub,) = [e for e in paths.edges.tolist() if 0 in e]
    ahead = paths.points[stub[1]] - paths.points[0]
    assert abs(np.degrees(np.arctan2(ahead[1], ahead[0]))) < 10.0


def test_a_door_hidden_in_a_bay_steps_in_first() -> None:
    """A door in the side wall of a bay does not see the corridor's middle square to its own."""
    bay = SHAPES["bay"]
    portals = np.array([[24.0, 5.0], [2.0, 0.0]])

    paths = local_paths(bay, portals)

    graph = nx.Graph(
        [
            (a, b, {"m": float(np.hypot(*(paths.points[a] - paths.points[b])))})
            for a, b in paths.edges.tolist()
        ]
    )
    assert nx.shortest_path_length(graph, 0, 1, weight="m") < 28.5


def test_a_space_with_one_door_is_that_door() -> None:
    paths = local_paths(HALL, np.array([[0.0, 3.0]]))

    assert paths.points.tolist() == [[0.0, 3.0]]
    assert paths.edges.shape == (0, 2)
    assert paths.middle == 0


def test_no_door_and_no_middle_is_nothing() -> None:
    paths = local_paths(HALL, np.zeros((0, 2)))

    assert len(paths.points) == 0
    assert paths.middle == -1


@pytest.mark.parametrize(("outline", "spot"), [(HALL, (9.0, 6.0)), (CORRIDOR, (20.0, 1.2))])
def test_the_middle_is_a_node_where_asked_for(outline: Polygon, spot: tuple[float, float]) -> None:
    paths = local_paths(outline, np.array([[0.0, 1.2]]), middle=True)

    away_m = float(np.hypot(*(paths.points[paths.middle] - np.array(spot))))
    assert away_m < 3.1
    assert paths.points[paths.middle].tolist() in paths.points[paths.edges].reshape(-1, 2).tolist()


def clinic_spaces() -> Iterator[Polygon]:
    folder = FLOORPLANS / "clinic-geojson"
    for file in sorted(folder.glob("rooms_storey*.geojson")):
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            name = str(feature["properties"].get("name", "")).upper()
            if "CORRIDOR" in name or "WAITING" in name:
                yield shapely.from_geojson(json.dumps(feature["geometry"]))


@pytest.mark.real_plans
@pytest.mark.skipif(not FLOORPLANS.exists(), reason="the real drawings are not beside the project")
@pytest.mark.parametrize("seed", range(3))
def test_the_clinics_corridors_and_halls_keep_every_promise(seed: int) -> None:
    for outline in clinic_spaces():
        portals = portals_on(outline, 8, seed)

        assert_promises(outline, portals, local_paths(outline, portals, middle=True))


@pytest.mark.real_plans
@pytest.mark.skipif(not FLOORPLANS.exists(), reason="the real drawings are not beside the project")
def test_all_of_the_clinic_takes_less_than_two_seconds() -> None:
    spaces = [(outline, portals_on(outline, 8, 99)) for outline in clinic_spaces()]

    start_s = time.process_time()
    for outline, portals in spaces:
        local_paths(outline, portals, middle=True)

    assert time.process_time() - start_s < 2.0


def test_a_rough_hall_with_thirty_doors_takes_less_than_a_second() -> None:
    rng = np.random.default_rng(7)
    angle = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    reach = 1 + 0.04 * rng.standard_normal(300)
    outline = Polygon(np.column_stack([20 * reach * np.cos(angle), 8 * reach * np.sin(angle)]))
    portals = portals_on(outline, 30, 7)

    start_s = time.process_time()
    paths = local_paths(outline, portals)

    assert time.process_time() - start_s < 1.0
    assert_promises(outline, portals, paths)
