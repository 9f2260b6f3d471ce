"""How wide a walk is: the largest disc that passes along it."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely import LineString, Point, Polygon, box, union_all
from shapely.affinity import rotate
from widths import stopped, wrong

from floorplans.reading import read
from navkit.network import network
from navkit.network.walkable import local_paths
from navkit.venue.join import join

CASES = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings"
Spot = tuple[float, float]
BEND = LineString([(0, 0), (10, 0), (10, 8)])


def narrowest_m(outline: shapely.Geometry, *doors: tuple[float, float]) -> float:
    """The width of the widest way between two doors."""
    assert isinstance(outline, Polygon)
    paths = local_paths(outline, np.array(doors))
    wide: nx.Graph[int] = nx.Graph()
    for (a, b), width_m in zip(paths.edges.tolist(), paths.width_m.tolist(), strict=True):
        wide.add_edge(a, b, width_m=width_m)
    way = nx.shortest_path(nx.maximum_spanning_tree(wide, weight="width_m"), 0, 1)
    return min(float(wide.edges[step]["width_m"]) for step in pairwise(way))


@pytest.mark.parametrize(
    ("width_m", "join_style"), [(0.9, "mitre"), (1.3, "round"), (1.7, "bevel"), (1.9, "mitre")]
)
def test_a_bend_is_as_wide_as_its_corridor(width_m: float, join_style: str) -> None:
    outline = BEND.buffer(width_m / 2, cap_style="flat", join_style=join_style)

    assert narrowest_m(outline, (0.2, 0), (10, 7.8)) == pytest.approx(width_m, abs=0.01)


@pytest.mark.parametrize(
    ("outline", "width_m"),
    [
        (union_all([box(0, 0, 6, 1.5), box(6, 0.3, 7, 1.1), box(7, 0, 12, 1.5)]), 0.8),
        (box(0, 0, 12, 1.5).difference(box(6, -1, 6.1, 0.6)), 0.9),
        (box(0, 0, 12, 1.5).difference(box(6, 0.2, 6.3, 0.5)), 1.0),
        (box(0, 0, 12, 1.5).difference(Point(6, 0.75).buffer(0.25)), 0.5),
        (union_all([box(0, 0, 12, 1.5), box(5, -0.4, 6.2, 0.5), box(8, 1, 9, 1.8)]), 1.5),
        (union_all([box(0, 0, 12, 1.5), box(6, 0, 7.4, 9), box(3, -5, 4.2, 1)]), 1.5),
        (union_all([box(0, 0, 5, 9), box(5, 0.35, 7, 1.15), box(7, 0, 12, 9)]), 0.8),
    ],
    ids=[
        "narrowing",
        "pilaster",
        "pillar at one side",
        "pillar",
        "recesses",
        "branches",
        "neck of a hall",
    ],
)
def test_the_narrowest_place_counts_and_nothing_else(outline: Polygon, width_m: float) -> None:
    assert narrowest_m(outline, (0.2, 0.75), (11.8, 0.75)) == pytest.approx(width_m, abs=0.02)


@pytest.mark.parametrize("turn_deg", [0, 17, 61, 200])
@pytest.mark.parametrize("width_m", [0.7, 0.8, 1.2])
@pytest.mark.parametrize(
    "narrow",
    [
        lambda w: (union_all([box(0, 0, 8, w), box(8 - w, 0, 8, 9)]), (0, w / 2), (8 - w / 2, 9)),
        lambda w: (union_all([box(0, 0, 9, w), box(5, 0, 5 + w, 9)]), (0, w / 2), (5 + w / 2, 9)),
        lambda w: (box(0, 0, 9, 1.5) - box(4, -1, 4.02, 1.5 - w), (0, 0.75), (9, 0.75)),
        lambda w: (box(0, 0, 9, 1.5) - box(4, -1, 4.4, 1.5 - w), (0, 0.75), (9, 0.75)),
        lambda w: (
            union_all([box(0, 0, 4, 3), box(4, 1, 6, 1 + w), box(6, 0, 9, 3)]),
            (0, 1.5),
            (9, 1.5),
        ),
    ],
    ids=["bend", "branch", "spike", "pilaster", "neck"],
)
def test_a_passage_as_wide_as_a_profile_needs_lets_it_through(
    narrow: Callable[[float], tuple[Polygon, Spot, Spot]], width_m: float, turn_deg: float
) -> None:
    """However the drawing is turned: rounding neither refuses it nor lets a narrower one pass."""
    found = []
    for wide_m in (width_m, width_m - 0.01):
        outline, *doors = narrow(wide_m)
        spots = [rotate(Point(door), turn_deg, origin=(0, 0)).coords[0] for door in doors]
        found.append(narrowest_m(rotate(outline, turn_deg, origin=(0, 0)), *spots))

    assert found == pytest.approx([width_m, width_m - 0.01], abs=0.003)
    assert [network._clear_m(one) >= width_m for one in found] == [True, False]


def test_a_ring_is_as_wide_as_the_side_that_is_walked() -> None:
    ring = box(0, 0, 20, 12).difference(box(1.8, 0.7, 18.2, 10.2))

    paths = local_paths(ring, np.array([[10.0, 0.2], [10.0, 11.8]]))

    middles = paths.points[paths.edges].mean(axis=1)
    for (x, y), width_m in zip(middles.tolist(), paths.width_m.tolist(), strict=True):
        if 3 < x < 17:
            assert width_m == pytest.approx(0.7 if y < 1 else 1.8, abs=0.02)


def test_a_niche_before_a_door_is_no_passage_but_a_narrow_way_to_it_is() -> None:
    niche = union_all([box(0, 0, 12, 1.5), box(5, -0.2, 5.7, 0.5)])
    way = union_all([box(0, 0, 12, 1.5), box(5, -2, 5.7, 0.5)])

    assert narrowest_m(niche, (5.35, 0.0), (0.2, 0.75)) == pytest.approx(1.5, abs=0.02)
    assert narrowest_m(way, (5.35, -1.8), (0.2, 0.75)) == pytest.approx(0.7, abs=0.02)


def test_random_corridors_are_as_wide_as_another_measure_finds() -> None:
    assert list(wrong(range(24))) == []


def test_hardly_anybody_is_stopped_who_could_pass() -> None:
    """Lines lead past a pillar on one side, or through a niche: of 100 corridors, in one."""
    assert len(list(stopped(range(24)))) <= 2


@pytest.mark.real_plans
def test_a_wheelchair_passes_a_bend_with_a_door_in_it() -> None:
    drawing = CASES / "02-corridor-bend.geojson"
    if not drawing.exists():
        pytest.skip("the drawings that failed are not here")

    built = network.build(join(read([drawing])))

    inside = [edge for edge, kind in enumerate(built.kind) if kind == network.Kind.CORRIDOR]
    assert {built.width_cm[edge] for edge in inside} == {200}
