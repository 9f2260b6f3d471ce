"""How wide a walk is: the largest disc that passes along it, whatever line people are guided on.

A line that cuts a bend comes near the inner corner, and one past a pillar near the pillar; the
corridor is as wide there as anywhere. So each end of a walk stands for the disc that surrounds it
best, and between two discs the medial axis tells how narrow it gets. As a point always stands
for the same disc, the narrowest of several walks in a row is the narrowest place on the way.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.network.medial import Ridges, is_pillar, medial_axis, peeled, polygon
from navkit.network.openarea import Pairs, Points

WIDE_M = 2.0
"""A passage this wide lets everybody through; more width makes no difference."""
ARM_RATIO = 1.8
"""A dead end is an arm, to be passed into, if it is about as deep as half its width."""
NEAR_M = 0.3
"""Whoever comes this near to a door has reached it: as deep are niches before doors. A guess."""
EXACT_M = 0.002
"""Widths are this exact, so that one at a limit of a profile is not refused: drawings are no finer
than a centimetre."""
TOUCH_M = 0.02
"""A disc that misses a line by no more than this touches it: drawings are no finer."""


def clear_widths(outline: Polygon, points: Points, edges: Pairs, doors: int) -> NDArray[np.float64]:
    """The diameter in metres of the largest disc that passes along each edge, at most `WIDE_M`.

    The first `doors` points are at walls: a disc need only come near them. A ring is passed on the
    side on which the edge runs, a pillar on either. 0 where the outline is pinched to a point.
    """
    wkb = shapely.to_wkb(outline)
    at, room = np.unique(edges), _roomy(wkb)
    if room and (shapely.distance(room, shapely.points(points[at])) <= WIDE_M / 2).all():
        return np.full(len(edges), WIDE_M)
    # The disc that passes is never smaller than the one that stays on the line.
    lines = shapely.linestrings(points[edges])
    width_m = np.asarray(2 * shapely.distance(lines, outline.boundary))
    narrow = np.flatnonzero(width_m < WIDE_M)
    if not len(narrow):
        return np.full(len(edges), WIDE_M)
    axis, ends = _axis(wkb), points[edges[narrow]]
    reach_m = [NEAR_M if n < doors else TOUCH_M for n in range(len(points))]
    disc = {n: axis.disc_at(points[n], reach_m[n]) for n in np.unique(edges[narrow]).tolist()}
    discs = np.array([[disc[a], disc[b]] for a, b in edges[narrow].tolist()])
    width_m[narrow], bent = _straight(outline, axis, ends, discs)
    for n in np.flatnonzero(bent).tolist():
        near_m = max(reach_m[end] for end in edges[narrow[n]])
        width_m[narrow[n]] = axis.narrowest_m(LineString(ends[n]), near_m, *discs[n].tolist())
    return np.minimum(width_m, WIDE_M)


def _straight(
    outline: Polygon, axis: "_Axis", ends: Points, discs: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The widths between discs that roll straight to each other beside their line, and for which
    pairs that says too little."""
    middle, radius_m = axis.found.xy[discs], axis.found.clearance_m[discs]
    most_m = np.minimum(2 * radius_m.min(axis=1), WIDE_M)
    least_m = np.asarray(2 * shapely.distance(shapely.linestrings(middle), outline.boundary))
    between = shapely.polygons(
        np.stack([*np.moveaxis(ends, 1, 0), *middle[:, ::-1].swapaxes(0, 1)], axis=1)
    )
    shapely.prepare(outline)
    beside = shapely.covers(outline, shapely.convex_hull(between))
    return least_m, ~(beside & (least_m >= most_m - EXACT_M))


@lru_cache(maxsize=4096)
def _roomy(wkb: bytes) -> BaseGeometry | None:
    """Where the middle of a disc of `WIDE_M` can be, if that has the shape of the outline."""
    outline = polygon(wkb)
    room = outline.buffer(TOUCH_M / 4 - WIDE_M / 2)
    if not isinstance(room, Polygon) or len(room.interiors) < len(outline.interiors):
        return None
    return None if room.is_empty else room


@dataclass(frozen=True)
class _Axis:
    """The medial axis as a graph of discs."""

    found: Ridges
    root: NDArray[np.int64]
    """For each vertex the one where its twig into a corner begins, else itself."""
    near: dict[int, list[int]]
    """The vertices at the other ends of each vertex's ridges."""
    gate: Points
    """The narrowest spot of each ridge."""
    gate_m: NDArray[np.float64]
    """The diameter of the disc there."""
    walls: BaseGeometry
    """The outline as it is drawn; discs are those of a slightly simpler one."""
    tree: STRtree
    """Boxes around the discs of each ridge."""
    pillars: tuple[NDArray[np.bool_], ...]
    """For each pillar, which ridges run beside it."""

    def disc_at(self, point: Points, reach_m: float) -> int:
        """The vertex whose disc stands for a point: from the disc that has it deepest inside on to
        ever wider ones, as long as they come as near as `reach_m`."""
        clearance_m = self.found.clearance_m
        away_m = np.hypot(*(self.found.xy - point).T) - clearance_m
        here = int(self.root[np.argmin(np.round(away_m, 6))])
        while True:
            near = [n for n in self.near.get(here, ()) if away_m[n] <= reach_m]
            wider = max(near, key=lambda n: float(clearance_m[n]), default=here)
            if clearance_m[wider] <= clearance_m[here] + 1e-6:
                return here
            here = wider

    def narrowest_m(self, line: LineString, reach_m: float, first: int, last: int) -> float:
        """The widest way from one disc to another at its narrowest, by discs that come as near as
        `reach_m` to a line."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

        if first == last:
            return 2 * float(self.found.clearance_m[first])
        use = self._beside(line, reach_m)
        found, ends = np.unique(self.found.ends[use], return_inverse=True)
        one, other = ends.reshape(-1, 2).T
        near = np.searchsorted(found, (first, last))
        if not len(found) or (found[np.minimum(near, len(found) - 1)] != (first, last)).any():
            return 0.0
        narrow = 1 / np.maximum(self.gate_m[use], 1e-6)
        size = len(found), len(found)
        tree = minimum_spanning_tree(coo_array((narrow, (one, other)), size)).tocoo()
        _, back = breadth_first_order(tree.tocsr(), near[0], directed=False)
        # How narrow it gets from each vertex to the one before it on the way from the first.
        step = np.zeros(len(found))
        for here_of, before in ((tree.row, tree.col), (tree.col, tree.row)):
            onward = back[here_of] == before
            step[here_of[onward]] = tree.data[onward]
        here, worst = int(near[1]), 0.0
        while here != near[0]:
            if back[here] < 0:
                return 0.0
            worst, here = max(worst, float(step[here])), int(back[here])
        spot = shapely.Point(self.gate[use][np.argmin(np.abs(narrow - worst))])
        return 2 * float(self.walls.distance(spot))

    def _beside(self, line: LineString, reach_m: float) -> NDArray[np.int64]:
        """The ridges whose discs come that near to a line, or to a pillar beside it."""
        near = np.sort(self.tree.query(line, predicate="dwithin", distance=reach_m))
        start, stop = shapely.get_coordinates(line)
        use = np.zeros(len(self.found.ends), dtype=bool)
        use[near] = _distances(self.gate[near], start, stop) <= self.gate_m[near] / 2 + reach_m
        for vertex in self.found.ends[near].T:
            away_m = _distances(self.found.xy[vertex], start, stop)
            use[near] |= away_m <= self.found.clearance_m[vertex] + reach_m
        left = list(self.pillars)
        while met := [ridges for ridges in left if (use & ridges).any()]:
            left = [ridges for ridges in left if not (use & ridges).any()]
            use |= np.logical_or.reduce(met)
        return np.flatnonzero(use)


@lru_cache(maxsize=4096)
def _axis(wkb: bytes) -> _Axis:
    outline = polygon(wkb)
    found = medial_axis(outline, float(shapely.maximum_inscribed_circle(outline).length))
    _, root = peeled(found, ARM_RATIO)
    one, other = found.between.T
    middle = (found.samples.xy[one] + found.samples.xy[other]) / 2
    start, stop = found.xy[found.ends[:, 0]], found.xy[found.ends[:, 1]]
    gate = _feet(middle, start, stop)
    sides = [[*_walls_at(found, sample)] for sample in (one, other)]
    away = _away(gate, sides)
    # Around a corner the axis is a curve, and a ridge its chord: the gate is on the curve.
    less_m, more_m = np.sort(np.hypot(*np.moveaxis(away, -1, 0)), axis=0)
    nearest = np.take_along_axis(away, _shorter(away), axis=0)[0]
    gate = gate + nearest * ((more_m - less_m) / 2 / np.maximum(less_m, 1e-9))[:, None]
    gate_m = 2 * np.hypot(*np.moveaxis(_away(gate, sides), -1, 0)).min(axis=0)
    radius_m = found.clearance_m[found.ends][..., None]
    low = (found.xy[found.ends] - radius_m).min(axis=1)
    high = (found.xy[found.ends] + radius_m).max(axis=1)
    beside = [
        (found.samples.ring[found.between] == number).any(axis=1)
        for number, hole in enumerate(outline.interiors, start=1)
        if is_pillar(hole)
    ]
    boxes = STRtree(shapely.box(*low.T, *high.T))
    near: dict[int, list[int]] = defaultdict(list)
    for a, b in found.ends.tolist():
        near[a].append(b)
        near[b].append(a)
    return _Axis(found, root, near, gate, gate_m, outline.boundary, boxes, tuple(beside))


def _away(points: Points, sides: Sequence[Sequence[tuple[Points, Points]]]) -> NDArray[np.float64]:
    """(sides, points, 2): from the nearest spot of each side's walls to each point."""
    found = []
    for walls in sides:
        each = np.array([points - _feet(points, *wall) for wall in walls])
        found.append(np.take_along_axis(each, _shorter(each), axis=0)[0])
    return np.array(found)


def _shorter(vectors: NDArray[np.float64]) -> NDArray[np.int64]:
    """For each point, which of several vectors is the shortest; as (1, points, 1)."""
    length = np.hypot(*np.moveaxis(vectors, -1, 0))
    return np.asarray(np.argmin(length, axis=0)[None, :, None])


def _walls_at(found: Ridges, sample: NDArray[np.int64]) -> Iterator[tuple[Points, Points]]:
    """The pieces of wall that start, and end, at or around samples: both ends of each."""
    walls, wall = found.samples.walls, found.samples.wall[sample]
    for piece in (wall, found.samples.before[wall]):
        yield walls[piece, 0], walls[piece, 1]


def _feet(points: Points, start: Points, stop: Points) -> Points:
    """For each point, the nearest one of the line from `start` to `stop`."""
    along = stop - start
    share = ((points - start) * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-18)
    feet: Points = start + np.clip(share, 0.0, 1.0)[..., None] * along
    return feet


def _distances(points: Points, start: Points, stop: Points) -> NDArray[np.float64]:
    away_m: NDArray[np.float64] = np.hypot(*(points - _feet(points, start, stop)).T)
    return away_m
