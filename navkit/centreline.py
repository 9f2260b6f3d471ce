"""The centre line of a corridor: where people are led, and what turns are measured on.

The medial axis comes from the Voronoi cells of points along the outline. Twigs into corners
and recesses are peeled off by the chord residual: how much longer the way along the wall is
than straight across, against the free width there.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi
from shapely import LineString, Polygon

from navkit.openarea import Pairs, Points, tidy_pairs

SPACING_M = 0.15
"""Distance of the points along the outline, at most."""
MOST_SAMPLES = 6000
"""Points along one outline; longer outlines are sampled more coarsely."""
TWIG_RATIO = 1.0
"""Chord residual over clearance below which a tip is a corner's twig.

A right-angled corner's twig has 0.59 all along, a corridor's end 2.
"""
SHORT_ARM = 2.0
"""Dead-ended arms shorter than this many of their own widths are no arms but recesses."""


@dataclass(frozen=True)
class _Axis:
    """The medial axis: vertices, each one's distance to the walls, and edges by vertex."""

    xy: Points
    clearance_m: NDArray[np.float64]
    near: dict[int, set[int]]
    residual: dict[tuple[int, int], float]
    opposite: dict[tuple[int, int], float]


def centre_line(outline: Polygon) -> tuple[Points, Pairs]:
    """Nodes and straight edges; a space with no length to speak of is one node, no edge."""
    circle = shapely.maximum_inscribed_circle(outline)
    middle = shapely.get_coordinates(circle)[:1]
    axis = _medial_axis(outline, circle.length)
    _peel(axis)
    _drop_short_arms(axis)
    chains = _chains(axis.near)
    if not chains:
        return middle, np.zeros((0, 2), dtype=np.int64)
    return _simplified(outline, axis, chains)


def _medial_axis(outline: Polygon, widest_m: float) -> _Axis:
    spacing_m = max(min(SPACING_M, widest_m / 3), outline.length / MOST_SAMPLES)
    points, arcs, rings = [], [], []
    totals: list[float] = []
    for ring in (outline.exterior, *outline.interiors):
        corners = shapely.get_coordinates(ring)
        lengths = np.hypot(*np.diff(corners, axis=0).T)
        start_m = 0.0
        for a, b, length_m in zip(corners[:-1], corners[1:], lengths.tolist(), strict=True):
            pieces = max(1, int(np.ceil(length_m / spacing_m)))
            share = np.arange(pieces) / pieces
            points.append(a + share[:, None] * (b - a))
            arcs.append(start_m + share * length_m)
            rings.append(np.full(pieces, len(totals)))
            start_m += length_m
        totals.append(start_m)
    sample, arc, ring_of = np.vstack(points), np.concatenate(arcs), np.concatenate(rings)
    cells = Voronoi(sample)
    shapely.prepare(outline)
    inside = shapely.contains_xy(outline, cells.vertices)
    ridge = np.array(cells.ridge_vertices)
    pair = cells.ridge_points
    kept = (ridge >= 0).all(axis=1)
    kept &= inside[ridge].all(axis=1)
    ridge, pair = ridge[kept], pair[kept]
    one, other = pair[:, 0], pair[:, 1]
    chord = np.hypot(*(sample[one] - sample[other]).T)
    way = np.abs(arc[one] - arc[other])
    total = np.array(totals)[ring_of[one]]
    way = np.minimum(way, total - way)
    residual = np.where(ring_of[one] == ring_of[other], way - chord, np.inf)
    kept = residual > 0.3 * min(1.0, widest_m)
    ridge, residual, chord, one = ridge[kept], residual[kept], chord[kept], one[kept]

    # Four points on a circle make two vertices in one place: they are one.
    _, first, place = np.unique(
        np.round(cells.vertices, 6), axis=0, return_index=True, return_inverse=True
    )
    xy = cells.vertices[first]
    clearance_m = np.zeros(len(xy))
    axis = _Axis(xy, clearance_m, defaultdict(set), {}, {})
    ridge = place.reshape(-1)[ridge]
    middle = xy[ridge].mean(axis=1)
    radius = np.hypot(*(middle - sample[one]).T)
    for end in (0, 1):
        clearance_m[ridge[:, end]] = np.hypot(*(xy[ridge[:, end]] - sample[one]).T)
    for (a, b), left, across in zip(
        ridge.tolist(), (residual / radius).tolist(), (chord / radius / 2).tolist(), strict=True
    ):
        if a != b:
            axis.near[a].add(b)
            axis.near[b].add(a)
            axis.residual[min(a, b), max(a, b)] = left
            axis.opposite[min(a, b), max(a, b)] = across
    return axis


def _remove(near: dict[int, set[int]], a: int, b: int) -> None:
    near[a].discard(b)
    near[b].discard(a)
    for n in (a, b):
        if not near[n]:
            del near[n]


def _peel(axis: _Axis) -> None:
    """Take tips off while they are a corner's twig."""
    tips = [n for n in sorted(axis.near) if len(axis.near[n]) == 1]
    while tips:
        tip = tips.pop()
        if len(axis.near.get(tip, ())) != 1:
            continue
        (inner,) = axis.near[tip]
        if axis.residual[min(tip, inner), max(tip, inner)] >= TWIG_RATIO:
            continue
        _remove(axis.near, tip, inner)
        if len(axis.near.get(inner, ())) == 1:
            tips.append(inner)


def _chains(near: dict[int, set[int]]) -> list[list[int]]:
    """Vertex runs between junctions and tips; a ring without any comes back to its start."""
    chains: list[list[int]] = []
    done: set[tuple[int, int]] = set()
    ends = [n for n in sorted(near) if len(near[n]) != 2]
    for start in (*ends, *sorted(near)):
        for step in sorted(near[start]):
            if (start, step) in done:
                continue
            chain = [start, step]
            while len(near[chain[-1]]) == 2 and chain[-1] != start:
                chain.append(next(n for n in sorted(near[chain[-1]]) if n != chain[-2]))
            for a, b in pairwise(chain):
                done.update(((a, b), (b, a)))
            chains.append(chain)
    return chains


def _length_m(points: Points) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


def _drop_short_arms(axis: _Axis) -> None:
    """Take away dead-ended arms, the shortest first, until all left are long enough."""
    while True:
        worst: tuple[float, list[int]] | None = None
        for chain in _chains(axis.near):
            degrees = sorted((len(axis.near[chain[0]]), len(axis.near[chain[-1]])))
            if degrees[0] != 1 or degrees[1] < 3:
                continue
            if len(axis.near[chain[0]]) == 1:
                chain = chain[::-1]
            root_m, tip_m = axis.clearance_m[chain[0]], axis.clearance_m[chain[-1]]
            free_m = _length_m(axis.xy[chain]) + tip_m - root_m
            share = free_m / (2 * max(float(tip_m), 1e-6))
            if share < SHORT_ARM and (worst is None or share < worst[0]):
                worst = (share, chain)
        if worst is None:
            return
        for a, b in pairwise(worst[1]):
            _remove(axis.near, a, b)


def _simplified(outline: Polygon, axis: _Axis, chains: list[list[int]]) -> tuple[Points, Pairs]:
    place: dict[tuple[float, float], int] = {}
    edges: list[tuple[int, int]] = []
    for chain in chains:
        line = LineString(axis.xy[chain])
        for tolerance_m in (0.25, 0.12, 0.06, 0.02, 0.0):
            simple = line.simplify(tolerance_m)
            if outline.covers(simple) and not (line.is_ring and len(simple.coords) < 4):
                break
        row = [place.setdefault((x, y), len(place)) for x, y in simple.coords]
        edges.extend(pairwise(row))
    return np.array(list(place)), tidy_pairs(np.array(edges, dtype=np.int64).reshape(-1, 2))
