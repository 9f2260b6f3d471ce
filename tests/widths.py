"""Random corridors, and how wide they are by another measure than navkit's.

The measure knows nothing of axes and lines: it takes everything off the outline that is nearer to
a wall than a radius, and looks whether two points are still joined. It is the law of
`test_passage.py`, which tries a sample.

    python tests/widths.py 1000    tries as many and prints what is wrong; a minute or two
"""

import sys
from collections.abc import Iterator
from itertools import combinations

import networkx as nx
import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.ops import substring

from navkit.network.openarea import Points
from navkit.network.walkable import LocalPaths, local_paths
from navkit.route.profiles import profiles

WIDEST_M = 2.0
"""Widths are compared up to this one: nobody needs more."""
ERROR_M = 0.1
LIMITS_M = sorted({p.min_passage_m for p in profiles().values() if p.min_passage_m})
NEAR_M = 0.3
"""Whoever comes this near to a door has reached it."""
LINE_M = 0.02
"""A passage that is not wider or narrower than a limit by more than this is not asked about."""


def corridor(seed: int) -> tuple[Polygon, Points]:
    """An outline with bends, arms, crossings, recesses, pilasters and pillars at any angle, and the
    middle of the end wall of each of its arms."""
    rng = np.random.default_rng(seed)
    points, angle = [np.zeros(2)], 0.0
    for _ in range(int(rng.integers(1, 4))):
        angle += np.radians(float(rng.choice([0, 90, -90, 45, -45, rng.uniform(-100, 100)])))
        points.append(points[-1] + rng.uniform(4, 14) * np.array([np.cos(angle), np.sin(angle)]))
    spine = LineString(points)
    shape: shapely.Geometry = spine.buffer(
        rng.uniform(0.6, 2.8) / 2,
        cap_style="flat",
        join_style=str(rng.choice(["mitre", "round", "bevel"])),
        mitre_limit=3,
    )
    tips = [points[0], points[-1]]
    for _ in range(int(rng.integers(0, 3))):
        at = shapely.get_coordinates(spine.interpolate(rng.uniform(0.1, 0.9), normalized=True))[0]
        angle = rng.uniform(0, 2 * np.pi)
        far = rng.uniform(2, 9) * np.array([np.cos(angle), np.sin(angle)])
        start = at - far if rng.random() < 0.4 else at
        arm = LineString([start, at + far])
        shape = shape.union(arm.buffer(rng.uniform(0.6, 2.8) / 2, cap_style="flat"))
        tips.append(at + far)
    shape = _furnished(shape, rng)
    parts = shapely.get_parts(shapely.set_precision(shape, 0.001))
    outline = max(parts, key=lambda part: float(part.area))
    inner = outline.buffer(-0.2)
    doors = [
        np.round(shapely.get_coordinates(shapely.shortest_line(inner, Point(tip)))[0], 2)
        for tip in tips
        if inner.distance(Point(tip)) < 0.3
    ]
    return outline, np.unique(np.array(doors).reshape(-1, 2), axis=0)


def _furnished(shape: shapely.Geometry, rng: np.random.Generator) -> shapely.Geometry:
    """With recesses and pilasters on its walls, and sometimes pillars."""
    wall = shapely.get_parts(shape)[0].exterior
    for _ in range(int(rng.integers(0, 6))):
        at = rng.uniform(0, wall.length)
        piece = substring(wall, at, at + rng.uniform(0.2, 1.4))
        block = piece.buffer(rng.uniform(0.05, 0.6), cap_style="flat", join_style="mitre")
        shape = shape.union(block) if rng.random() < 0.5 else shape.difference(block)
    for _ in range(int(rng.integers(0, 3)) if rng.random() < 0.5 else 0):
        low_x, low_y, high_x, high_y = shape.bounds
        spot = Point(rng.uniform(low_x, high_x), rng.uniform(low_y, high_y))
        shape = shape.difference(spot.buffer(rng.uniform(0.1, 0.45), quad_segs=2))
    return shape


class Eroded:
    """An outline without what is nearer to a wall than a radius, for any radius."""

    def __init__(self, outline: Polygon) -> None:
        self.outline = outline
        self.parts: dict[float, list[shapely.Geometry]] = {}

    def joins(self, a: Points, b: Points, radius_m: float, reach_m: float) -> bool:
        """Whether one piece comes within `reach_m` of both points."""
        if radius_m not in self.parts:
            # Not a negative buffer: that one sometimes loses whole arms.
            # A buffer sometimes loses a whole arm at one radius, but not at the next larger ones.
            radii = (radius_m + off_m for off_m in (0.0, 1e-3, 3e-3))
            left = [shapely.get_parts(self.outline.buffer(-r, quad_segs=16)) for r in radii]
            self.parts[radius_m] = [p for parts in left for p in parts if not p.is_empty]
        return any(
            max(part.distance(Point(a)), part.distance(Point(b))) <= reach_m
            for part in self.parts[radius_m]
        )

    def width_m(self, a: Points, b: Points, *, surrounds: bool) -> float:
        """The largest disc that gets from one point to the other: it begins and ends there with
        its middle, or, if it only `surrounds` them, with any of it."""
        fits_m, fails_m = 0.0, WIDEST_M / 2 + LINE_M
        while fails_m - fits_m > 0.004:
            radius_m = (fits_m + fails_m) / 2
            if self.joins(a, b, radius_m, LINE_M / 2 + (radius_m if surrounds else 0.0)):
                fits_m = radius_m
            else:
                fails_m = radius_m
        return min(WIDEST_M, 2 * fits_m)


def wrong(seeds: range) -> Iterator[str]:
    """What is false about corridors: an edge wider than whatever disc gets along it, or narrower
    than one that does; and a profile let through to a door that it cannot reach."""
    for seed in seeds:
        outline, doors = corridor(seed)
        paths = local_paths(outline, doors, middle=True)
        eroded = Eroded(outline)
        for (a, b), width_m in zip(paths.edges.tolist(), paths.width_m.tolist(), strict=True):
            ends = paths.points[a], paths.points[b]
            least_m = eroded.width_m(*ends, surrounds=False)
            # On a ring the other way round may be wider: the measure takes either.
            if not outline.interiors and width_m < least_m - ERROR_M:
                yield f"{seed}: edge {a} {b} has {width_m:.2f} m, it is {least_m:.2f} m"
            if a >= len(doors):
                most_m = eroded.width_m(*ends, surrounds=True)
                if width_m > most_m + ERROR_M:
                    yield f"{seed}: edge {a} {b} has {width_m:.2f} m, it is {most_m:.2f} m"
        for limit_m, a, b, passes in _passing(len(doors), paths):
            radius_m = (limit_m - LINE_M) / 2
            if passes and not eroded.joins(doors[a], doors[b], radius_m, limit_m / 2 + NEAR_M):
                yield f"{seed}: {limit_m} m get from door {a} to {b}"


def stopped(seeds: range) -> Iterator[str]:
    """Profiles stopped that could pass, because lines take a narrower way than there is."""
    for seed in seeds:
        outline, doors = corridor(seed)
        eroded = Eroded(outline)
        for limit_m, a, b, passes in _passing(len(doors), local_paths(outline, doors, middle=True)):
            radius_m = (limit_m + LINE_M) / 2
            if not passes and eroded.joins(doors[a], doors[b], radius_m, limit_m / 2):
                yield f"{seed}: {limit_m} m do not get from door {a} to {b}"


def _passing(doors: int, paths: LocalPaths) -> Iterator[tuple[float, int, int, bool]]:
    """For each limit and two doors, whether edges that are wide enough join them."""
    for limit_m in LIMITS_M:
        wide = nx.Graph(paths.edges[paths.width_m >= limit_m - 0.005].tolist())
        wide.add_nodes_from(range(doors))
        for a, b in combinations(range(doors), 2):
            yield limit_m, a, b, nx.has_path(wide, a, b)


if __name__ == "__main__":
    tried = range(int(sys.argv[1]))
    for law in (wrong, stopped):
        found = list(law(tried))
        print(*found, f"{law.__name__}: {len(found)}", sep="\n")
