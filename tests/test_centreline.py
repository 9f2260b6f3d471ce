"""The centre line of a drawn shape compared with the one that a person would draw."""

import numpy as np
import pytest
import shapely
from shapely import LineString, MultiLineString, Polygon, box, union_all
from shapely.affinity import rotate

from navkit.network.centreline import centre_line

IDEAL_M = 0.15
"""Goal G2: the furthest a centre line may be from the ideal one."""


def rooms(*boxes: tuple[float, float, float, float]) -> Polygon:
    shape = union_all([box(*b) for b in boxes])
    assert isinstance(shape, Polygon)
    return shape


def drawn(outline: Polygon) -> MultiLineString:
    nodes, edges = centre_line(outline)
    return MultiLineString([nodes[edge] for edge in edges])


def degrees(outline: Polygon) -> list[int]:
    """How many edges meet at each node, most first."""
    nodes, edges = centre_line(outline)
    return sorted(np.bincount(edges.reshape(-1), minlength=len(nodes)).tolist(), reverse=True)


def bends_deg(outline: Polygon) -> list[float]:
    """Angles turned at the nodes where two edges meet."""
    nodes, edges = centre_line(outline)
    found = []
    for node in range(len(nodes)):
        near = [int(b if a == node else a) for a, b in edges if node in (a, b)]
        if len(near) == 2:
            u, v = nodes[node] - nodes[near[0]], nodes[near[1]] - nodes[node]
            found.append(float(np.degrees(abs(np.arctan2(u[0] * v[1] - u[1] * v[0], u @ v)))))
    return found


L_SHAPE = rooms((0, 0, 3, 15), (0, 0, 20, 3))
T_SHAPE = rooms((0, 0, 20, 3), (8, 0, 11, 15))
CROSS = rooms((0, 8, 20, 11), (8, 0, 11, 20))
WITH_RECESSES = rooms(
    (0, 0, 20, 2.4), (3, -0.3, 4, 1), (7, 2, 8.2, 2.7), (9, -0.5, 10, 1), (15, 2, 16, 2.9)
)

IDEALS = {
    "L": (L_SHAPE, [[(1.5, 13.5), (1.5, 1.5), (18.5, 1.5)]], [2, 1, 1]),
    "T": (T_SHAPE, [[(1.5, 1.5), (18.5, 1.5)], [(9.5, 1.5), (9.5, 13.5)]], [3, 1, 1, 1]),
    "+": (
        CROSS,
        [[(1.5, 9.5), (18.5, 9.5)], [(9.5, 1.5), (9.5, 18.5)]],
        [4, 1, 1, 1, 1],
    ),
    "door recesses": (WITH_RECESSES, [[(1.2, 1.2), (18.8, 1.2)]], [1, 1]),
    "T with recesses": (
        rooms((0, 0, 20, 3), (8, 0, 11, 15), (3, -0.3, 4.2, 1), (7.8, 6, 9, 7.2)),
        [[(1.5, 1.5), (18.5, 1.5)], [(9.5, 1.5), (9.5, 13.5)]],
        [3, 1, 1, 1],
    ),
    "pilasters": (
        box(0, 0, 24, 2.4)
        .difference(box(3, -1, 3.4, 0.3))
        .difference(box(7, 2.1, 7.5, 3))
        .difference(box(12, -1, 12.4, 0.3)),
        [[(1.2, 1.2), (22.8, 1.2)]],
        [1, 1],
    ),
    "narrow L": (
        rooms((0, 0, 12, 0.9), (11.1, 0, 12, 9)),
        [[(0.45, 0.45), (11.55, 0.45), (11.55, 8.55)]],
        [2, 1, 1],
    ),
    "45 degrees": (
        LineString([(0, 0), (10, 0), (17, 7)]).buffer(1.2, cap_style="flat", join_style="mitre"),
        [[(1.2, 0), (10, 0), (16.15, 6.15)]],
        [2, 1, 1],
    ),
    "comb": (
        rooms((0, 0, 30, 2.4), *((x, 0, x + 2, 10) for x in (1.0, 7.0, 13.0, 19.0, 25.0))),
        [[(2, 9), (2, 1.2), (26, 1.2), (26, 9)], *([(x, 1.2), (x, 9)] for x in (8, 14, 20))],
        [3, 3, 3, 2, 2, 1, 1, 1, 1, 1],
    ),
    "crossing whose arms are a step apart": (
        rooms((0, 8, 20, 11), (8, 0, 11, 9), (8.2, 9, 11.2, 20)),
        [[(1.5, 9.5), (18.5, 9.5)], [(9.6, 1.5), (9.6, 18.5)]],
        [4, 1, 1, 1, 1],
    ),
}


@pytest.mark.parametrize("name", IDEALS)
@pytest.mark.parametrize("turned_deg", [0, 17, 45])
def test_runs_where_a_person_would_draw_it(name: str, turned_deg: int) -> None:
    outline, ideal, meeting = IDEALS[name]
    outline = rotate(outline, turned_deg, origin=(0, 0))

    line = drawn(outline)

    wanted = rotate(MultiLineString(ideal), turned_deg, origin=(0, 0))
    assert shapely.hausdorff_distance(line, wanted, densify=0.05) <= IDEAL_M
    assert degrees(outline) == meeting


def test_turns_ninety_degrees_at_the_corner_and_nowhere_else() -> None:
    assert bends_deg(L_SHAPE) == pytest.approx([90.0], abs=0.5)


@pytest.mark.parametrize(
    "outline",
    [
        WITH_RECESSES,
        rooms((0, 0, 12, 2.2), (12, 0, 24, 2.6)),
        rooms((0, 0, 12, 2.2), (12, 0, 24, 3.2)),
        rooms((0, 0, 10, 2), (10, 0.5, 20, 2.5)),
        rooms((0, 0, 40, 2.4), (18, 0, 24, 6.4)),
        rooms((0, 0, 20, 2), (8, 0, 10, 5)),
    ],
    ids=["recesses", "a little wider", "wider", "half a metre aside", "a bay", "a short arm"],
)
def test_a_straight_corridor_has_one_straight_line(outline: Polygon) -> None:
    assert degrees(outline) == [1, 1]


def test_a_corridor_that_steps_aside_bends_gently() -> None:
    outline = rooms((0, 0, 10, 2), (8.5, 1.2, 20, 3.2))

    assert len(bends_deg(outline)) == 2
    assert max(bends_deg(outline)) < 45.0


def test_wobbly_walls_make_no_bend() -> None:
    rng = np.random.default_rng(1)
    x = np.linspace(0, 40, 150)
    below = np.column_stack([x, 0.1 * rng.standard_normal(150)])
    above = np.column_stack([x[::-1], 2.4 + 0.1 * rng.standard_normal(150)])
    outline = Polygon(np.vstack([below, above]))

    assert degrees(outline) == [1, 1]
    assert shapely.hausdorff_distance(drawn(outline), LineString([(1.2, 1.2), (38.8, 1.2)])) < 0.4


@pytest.mark.parametrize(
    ("outline", "meeting"),
    [
        (rooms((0, 0, 20, 12)).difference(box(2.4, 2.4, 17.6, 9.6)), [2, 2, 2, 2]),
        (
            rooms((0, 0, 20, 12), (19, 5, 30, 7)).difference(box(2.4, 2.4, 17.6, 9.6)),
            [3, 2, 2, 2, 2, 1],
        ),
        (
            box(0, 0, 20, 12)
            .difference(box(2.4, 2.4, 8.6, 9.6))
            .difference(box(11, 2.4, 17.6, 9.6)),
            [3, 3, 2, 2, 2, 2],
        ),
    ],
    ids=["ring", "ring with an arm", "two rings"],
)
def test_loops_stay_loops(outline: Polygon, meeting: list[int]) -> None:
    assert degrees(outline) == meeting
    assert bends_deg(outline) == pytest.approx([90.0] * 4, abs=0.5)


def test_a_round_ring_is_followed_all_the_way_round() -> None:
    outline = shapely.Point(0, 0).buffer(11.2).difference(shapely.Point(0, 0).buffer(8.8))
    assert isinstance(outline, Polygon)

    assert set(degrees(outline)) == {2}
    assert shapely.hausdorff_distance(drawn(outline), shapely.Point(0, 0).buffer(10).exterior) < 0.6


def test_a_pillar_in_the_middle_is_passed_on_one_side() -> None:
    outline = box(0, 0, 20, 3).difference(box(9.8, 1.3, 10.2, 1.7))
    assert isinstance(outline, Polygon)

    assert max(degrees(outline)) == 2
    assert max(bends_deg(outline)) < 10.0
    assert outline.buffer(-0.3).covers(drawn(outline))


def test_dead_ends_stop_half_a_width_from_the_wall() -> None:
    nodes, _ = centre_line(box(0, 0, 20, 2))

    assert sorted(nodes[:, 0].tolist()) == pytest.approx([1.0, 19.0], abs=0.15)


def test_a_space_as_wide_as_long_is_one_spot() -> None:
    nodes, edges = centre_line(box(0, 0, 1.2, 1.1))

    assert nodes == pytest.approx(np.array([[0.6, 0.55]]), abs=0.1)
    assert not len(edges)


def test_points_drawn_twice_or_on_a_line_change_nothing() -> None:
    plain = L_SHAPE
    busy = Polygon(
        [(0, 0), (4, 0), (4, 0), (9, 0), (20, 0), (20, 3), (3, 3), (3, 7), (3, 15), (0, 15), (0, 1)]
    )

    assert degrees(busy) == degrees(plain)
    assert shapely.hausdorff_distance(drawn(busy), drawn(plain)) < 0.02


@pytest.mark.parametrize("name", IDEALS)
def test_stays_inside(name: str) -> None:
    outline, _, _ = IDEALS[name]

    assert outline.buffer(-0.05).covers(drawn(outline))
