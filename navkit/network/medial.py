"""The medial axis of an outline: lines with a wall equally far on either side.

It comes from the Voronoi cells of points along the outline: where the cells of two points meet,
both walls are equally far.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, Polygon

from navkit.network.openarea import Points

SPACING_M = 0.15
"""Distance of the points along the outline, at most."""
MOST_SAMPLES = 6000
"""Points along one outline; longer outlines are sampled more coarsely."""
MERGE_M = 0.01
"""Points nearer than this are merged: drawings are no finer."""
PILLAR_M = 1.0
"""A hole no longer or wider than this is walked past, not a ring to walk around. A guess."""


@dataclass(frozen=True)
class Samples:
    """Points along the rings of an outline; every corner is one of them."""

    xy: Points
    ring: NDArray[np.int64]
    """The ring each is on: 0 is the exterior."""
    along_m: NDArray[np.float64]
    """From the start of its ring."""
    wall: NDArray[np.int64]
    """The straight piece of wall that starts at or before it, as a row of `walls`."""
    walls: NDArray[np.float64]
    """(pieces, 2, 2): both ends of each."""
    before: NDArray[np.int64]
    """For each piece of wall, the one that ends where it starts."""
    ring_length_m: NDArray[np.float64]


@dataclass(frozen=True)
class Ridges:
    """The medial axis as it was found: vertices, straight ridges, and what they lie between."""

    samples: Samples
    xy: Points
    ends: NDArray[np.int64]
    """The two vertices of each ridge; both are the same one where points lie on a circle."""
    between: NDArray[np.int64]
    """The two samples that each ridge is equally far from."""
    chord_m: NDArray[np.float64]
    """How far those are apart."""
    residual_m: NDArray[np.float64]
    """How much longer the way along the wall between them is; infinite on different rings."""
    radius_m: NDArray[np.float64]
    """Clearance at the middle of each ridge."""
    clearance_m: NDArray[np.float64]
    """Clearance of each vertex; 0 for those of no ridge."""


def is_pillar(hole: LinearRing) -> bool:
    """Whether a hole of an outline is walked past, on either side."""
    return bool(max(np.ptp(hole.coords, axis=0)) <= PILLAR_M)


def polygon(wkb: bytes) -> Polygon:
    """An outline that was a key of a cache."""
    shape = shapely.from_wkb(wkb)
    assert isinstance(shape, Polygon)
    return shape


def medial_axis(outline: Polygon, widest_m: float) -> Ridges:
    """The axis inside an outline, without its twigs to small dents. `widest_m`: the radius of the
    largest circle that fits."""
    plain = outline.simplify(MERGE_M)
    return _medial_axis(shapely.to_wkb(plain if isinstance(plain, Polygon) else outline), widest_m)


@lru_cache(maxsize=4)  # The centre line of a space asks first, then the widths along it.
def _medial_axis(wkb: bytes, widest_m: float) -> Ridges:
    from scipy.spatial import Voronoi  # Imported here: it takes half a second.

    outline = polygon(wkb)
    samples = _samples(outline, max(min(SPACING_M, widest_m / 3), outline.length / MOST_SAMPLES))
    cells = Voronoi(samples.xy)
    shapely.prepare(outline)
    inside = shapely.contains_xy(outline, cells.vertices)
    ends, between = np.array(cells.ridge_vertices), cells.ridge_points
    kept = (ends >= 0).all(axis=1)
    kept &= inside[ends].all(axis=1)
    ends, between = ends[kept], between[kept]
    one, other = between.T
    chord_m = np.hypot(*(samples.xy[one] - samples.xy[other]).T)
    way_m = np.abs(samples.along_m[one] - samples.along_m[other])
    way_m = np.minimum(way_m, samples.ring_length_m[samples.ring[one]] - way_m)
    residual_m = np.where(samples.ring[one] == samples.ring[other], way_m - chord_m, np.inf)
    kept = residual_m > 0.3 * min(1.0, widest_m)
    # Four points on a circle make two vertices in one place: they are one.
    _, first, place = np.unique(
        np.round(cells.vertices, 6), axis=0, return_index=True, return_inverse=True
    )
    xy, ends = cells.vertices[first], place.reshape(-1)[ends[kept]].astype(np.int64)
    wall = samples.xy[between[kept, 0]]
    clearance_m = np.zeros(len(xy))
    for end in (0, 1):
        clearance_m[ends[:, end]] = np.hypot(*(xy[ends[:, end]] - wall).T)
    return Ridges(
        samples,
        xy,
        ends,
        between[kept].astype(np.int64),
        chord_m[kept],
        residual_m[kept],
        np.hypot(*(xy[ends].mean(axis=1) - wall).T),
        clearance_m,
    )


def peeled(axis: Ridges, ratio: float) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which ridges are left when tips with a residual below `ratio` times their clearance are
    taken off one after the other, and for each vertex where its branch was.

    A right-angled corner's twig has 0.6 to 0.8 all along, a dead end as deep as half its width 2.
    """
    near: dict[int, set[int]] = defaultdict(set)
    for ridge, (a, b) in enumerate(axis.ends.tolist()):
        if a != b:
            near[a].add(ridge)
            near[b].add(ridge)
    twig = (axis.residual_m < ratio * axis.radius_m).tolist()
    kept = axis.ends[:, 0] != axis.ends[:, 1]
    root = np.arange(len(axis.xy))
    gone: list[tuple[int, int]] = []
    tips = [n for n in sorted(near) if len(near[n]) == 1]
    while tips:
        tip = tips.pop()
        if len(near[tip]) != 1:
            continue
        (ridge,) = near[tip]
        if not twig[ridge]:
            continue
        inner = int(axis.ends[ridge].sum()) - tip
        near[tip].clear()
        near[inner].discard(ridge)
        kept[ridge] = False
        gone.append((tip, inner))
        if len(near[inner]) == 1:
            tips.append(inner)
    for tip, inner in reversed(gone):
        root[tip] = root[inner]
    return kept, root


def _samples(outline: Polygon, spacing_m: float) -> Samples:
    points, arcs, rings, pieces_of = [], [], [], []
    walls: list[Points] = []
    before: list[int] = []
    totals: list[float] = []
    for ring in (outline.exterior, *outline.interiors):
        corners = shapely.get_coordinates(ring)
        lengths = np.hypot(*np.diff(corners, axis=0).T)
        first, start_m = len(walls), 0.0
        for a, b, length_m in zip(corners[:-1], corners[1:], lengths.tolist(), strict=True):
            pieces = max(1, int(np.ceil(length_m / spacing_m)))
            share = np.arange(pieces) / pieces
            points.append(a + share[:, None] * (b - a))
            arcs.append(start_m + share * length_m)
            rings.append(np.full(pieces, len(totals)))
            pieces_of.append(np.full(pieces, len(walls)))
            before.append(len(walls) - 1)
            walls.append(np.array([a, b]))
            start_m += length_m
        before[first] = len(walls) - 1
        totals.append(start_m)
    return Samples(
        np.vstack(points),
        np.concatenate(rings),
        np.concatenate(arcs),
        np.concatenate(pieces_of),
        np.array(walls),
        np.array(before),
        np.array(totals),
    )
