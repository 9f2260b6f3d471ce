"""The centre line of a corridor: where people are guided, and what turns are measured on.

Branches of the medial axis into corners and recesses are peeled off by the chord residual: how
much longer the path along the wall is than straight across, relative to the free width there.

The axis is bent wherever walls are not opposite each other: towards every opening, around
every corner, by half of every recess. So only the parts between opposite walls count. Chains
that continue through a junction are one path, a path is cut into the fewest straight runs that
explain it, and corners and junctions are where the lines of these runs cross.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.network.medial import MERGE_M, Ridges, is_pillar, medial_axis, peeled
from navkit.network.openarea import Pairs, Points, tidy_pairs, walks

TWIG_RATIO = 1.0
"""Chord residual over clearance below which a tip is a corner's twig.

A right-angled corner's twig has 0.59 all along, a corridor's end 2.
"""
OPPOSITE = 0.985
"""Sine of the half angle under which both walls are seen, above which they count as opposite."""
SWAY_M = 0.3
"""How far the middle between the walls may deviate from a line that still counts as straight. A
guess: half of a 0.6 m recess or pilaster. In narrow corridors a sixth of the width."""
STRAY_COST_PER_M = 1.0
"""Cost of a metre of path further off the line than that; one more run costs 1. A guess."""
BINS = 64
"""Maximum number of pieces into which a path is cut to find its runs."""
THROUGH_DEG = 30.0
"""Two arms of a junction that bend less than this continue into each other. A guess."""
ASKEW_DEG = 8.0
"""How far the fitted line may lean against walls that agree, and still be set parallel to them."""
CORNER_DEG = 12.0
"""Lines that differ by less have no useful crossing: between them a corridor shifts sideways."""
SAME_CROSSING_M = 1.5
"""Junctions nearer than this, in one another's free circle, are one crossing. A guess."""
WALL_CLEARANCE_M = 0.2
"""A straightened line keeps this distance from walls, or two fifths of the clearance if less."""
TIP_LEAN = 2.5
"""A dead end this many clearances from its last run at most is straight on, not a bend."""
TIP_ROOM = 0.85
"""Fraction of a run's clearance that its dead end must have as well."""
OVERSHOOT = 1.5
"""A dead end that passes a crossing by less than this many clearances is dropped."""
TURNING_BACK_DEG = 150.0
"""A line that bends by more than this only turns back. A guess."""
ONE_SPOT_M = 0.3
"""A crossing and another node nearer than this are one. A guess: half a step."""
NO_LENGTH_M = 0.5
"""A centre line shorter than this is a spot: the space is as wide as it is long."""
SHORT_ARM = 2.0
"""Dead-ended arms shorter than this many of their own widths are recesses, not arms."""


@dataclass(frozen=True)
class _Ridge:
    """The two walls beside one edge of the medial axis."""

    residual: float
    """Chord residual over clearance."""
    opposite: float
    """Sine of half the angle between the directions to both walls; 1 is a corridor."""
    walls_rad: tuple[float, float]
    """Directions of both walls, 0 to pi."""


@dataclass(frozen=True)
class _Axis:
    """The medial axis: vertices, each one's distance to the walls, and edges by vertex."""

    xy: Points
    clearance_m: NDArray[np.float64]
    near: dict[int, set[int]]
    ridges: dict[tuple[int, int], _Ridge]

    def ridge(self, a: int, b: int) -> _Ridge:
        return self.ridges[min(a, b), max(a, b)]


def centre_line(outline: Polygon) -> tuple[Points, Pairs]:
    """Nodes and straight edges; a space without significant length is one node, no edge.

    Dead-ended arms run to half their width from the end wall. Loops stay loops, except
    those around a pillar: the line passes it on one side.
    """
    pillars = [hole for hole in outline.interiors if is_pillar(hole)]
    if not pillars:
        return _line_without_pillars(outline)
    rings = [h for h in outline.interiors if h not in pillars]
    nodes, edges = _line_without_pillars(Polygon(outline.exterior, rings))
    nodes, edges = _past_pillars(outline, nodes, edges)
    inside = outline.covers(MultiPoint(nodes))
    if inside and shapely.covers(outline, shapely.linestrings(nodes[edges])).all():
        return nodes, edges
    # For a pillar on a crossing, people see the paths around it: keep them.
    return _line_without_pillars(outline)


def _past_pillars(outline: Polygon, nodes: Points, edges: Pairs) -> tuple[Points, Pairs]:
    """The same line, by the shortest path past any pillar on it."""
    room = outline.buffer(-WALL_CLEARANCE_M)
    shapely.prepare(room)
    points, kept = nodes, []
    for a, b in _without_nodes_on_pillars(room, nodes, edges).tolist():
        if room.covers(LineString(nodes[[a, b]])):
            kept.append((a, b))
            continue
        way, links = walks(outline, nodes[[a, b]])
        index = [a, b, *range(len(points), len(points) + len(way) - 2)]
        kept.extend((index[u], index[v]) for u, v in links.tolist())
        points = np.vstack([points, way[2:]])
    used, place = np.unique(np.array(kept, dtype=np.int64).reshape(-1, 2), return_inverse=True)
    if not len(used):
        return points, edges
    return points[used], tidy_pairs(place.reshape(-1, 2).astype(np.int64))


def _without_nodes_on_pillars(room: BaseGeometry, nodes: Points, edges: Pairs) -> Pairs:
    """Removes bends where nobody can stand, so that nobody walks up to a pillar."""
    for node in np.flatnonzero(~shapely.contains_xy(room, nodes)).tolist():
        at = edges[(edges == node).any(axis=1)]
        ends = sorted(set(at.reshape(-1).tolist()) - {node})
        if len(at) == 2 and len(ends) == 2:
            rest = edges[~(edges == node).any(axis=1)]
            edges = tidy_pairs(np.vstack([rest, [ends]]))
    return edges


def _line_without_pillars(outline: Polygon) -> tuple[Points, Pairs]:
    circle = shapely.maximum_inscribed_circle(outline)
    middle = shapely.get_coordinates(circle)[:1]
    axis = _axis(medial_axis(outline, circle.length))
    _keep_longest_piece(axis)
    _drop_short_arms(axis)
    chains = _chains(axis.near)
    alone = np.zeros((0, 2), dtype=np.int64)
    if not chains:
        return middle, alone
    if len(chains) == 1 and _length_m(axis.xy[chains[0]]) < NO_LENGTH_M:
        return axis.xy[chains[0]].mean(axis=0)[None, :], alone
    found = _straightened(outline, axis, chains) or _simplified(outline, axis, chains)
    return _tidied(outline, *found)


def _tidied(outline: Polygon, nodes: Points, edges: Pairs) -> tuple[Points, Pairs]:
    """Without stubs where runs overshoot their crossing, and without two nodes in one spot."""
    room = outline.buffer(-MERGE_M)
    shapely.prepare(room)
    while len(edges) > 1:
        for fresh in _simpler(outline, nodes, edges):
            if room.covers(MultiLineString(list(nodes[fresh]))):
                edges = fresh
                break
        else:
            break
    used, place = np.unique(edges, return_inverse=True)
    return nodes[used], tidy_pairs(place.reshape(-1, 2).astype(np.int64))


def _simpler(outline: Polygon, nodes: Points, edges: Pairs) -> Iterator[Pairs]:
    """Edges with one node less, for each node that is not needed."""
    degree = np.bincount(edges.reshape(-1), minlength=len(nodes))
    length_m = np.hypot(*(nodes[edges[:, 0]] - nodes[edges[:, 1]]).T)
    for n in np.argsort(np.round(length_m, 6), kind="stable").tolist():
        # The node that fewer edges need is dropped.
        gone, stays = sorted(edges[n].tolist(), key=lambda v: (degree[v], v))
        others = edges[np.arange(len(edges)) != n]
        if degree[gone] == 1:
            free_m = float(shapely.distance(outline.boundary, shapely.Point(nodes[gone])))
            needless = degree[stays] > 2 and length_m[n] < OVERSHOOT * free_m
        else:
            needless = degree[stays] > 2 and length_m[n] < ONE_SPOT_M
            if degree[gone] == 2:
                (other,) = others[(others == gone).any(axis=1)]
                on = nodes[int(other.sum()) - gone] - nodes[gone]
                back = nodes[stays] - nodes[gone]
                cosine = float(on @ back) / max(float(np.hypot(*on)) * length_m[n], 1e-12)
                needless = needless or cosine > np.cos(np.radians(180.0 - TURNING_BACK_DEG))
        fresh = tidy_pairs(np.where(others == gone, stays, others))
        if needless and len(fresh) == len(others):
            yield fresh


def _axis(found: Ridges) -> _Axis:
    """The axis without twigs into corners."""
    kept, _ = peeled(found, TWIG_RATIO)
    walls = found.samples.walls
    along = walls[:, 1] - walls[:, 0]
    heading = (np.arctan2(along[:, 1], along[:, 0]) % np.pi)[found.samples.wall[found.between]]
    axis = _Axis(found.xy, found.clearance_m, defaultdict(set), {})
    for (a, b), *known in zip(
        found.ends[kept].tolist(),
        (found.residual_m / found.radius_m)[kept].tolist(),
        (found.chord_m / found.radius_m / 2)[kept].tolist(),
        heading[kept].tolist(),
        strict=True,
    ):
        axis.near[a].add(b)
        axis.near[b].add(a)
        axis.ridges[min(a, b), max(a, b)] = _Ridge(known[0], known[1], tuple(known[2]))
    return axis


def _remove(near: dict[int, set[int]], a: int, b: int) -> None:
    near[a].discard(b)
    near[b].discard(a)
    for n in (a, b):
        if not near[n]:
            del near[n]


def _keep_longest_piece(axis: _Axis) -> None:
    """Drop pieces cut off by a slit narrower than the sample spacing; ties keep the first."""
    pieces: list[tuple[float, set[int]]] = []
    left = set(axis.near)
    while left:
        piece, front = set[int](), [min(left)]
        while front:
            here = front.pop()
            if here not in piece:
                piece.add(here)
                front.extend(axis.near[here])
        left -= piece
        gaps = [axis.xy[a] - axis.xy[b] for a in sorted(piece) for b in axis.near[a] if a < b]
        pieces.append((round(float(np.hypot(*np.array(gaps).T).sum()), 6), piece))
    longest = max((length_m for length_m, _ in pieces), default=0.0)
    kept = next((piece for length_m, piece in pieces if length_m == longest), set())
    for n in sorted(set(axis.near) - kept):
        del axis.near[n]


def _chains(near: dict[int, set[int]]) -> list[list[int]]:
    """Vertex runs between junctions and tips; a ring without any returns to its start."""
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
    """Remove dead-ended arms, the smallest first, until all that are left are long enough.

    Of two short ends of a corridor the recess goes: the narrower one, and the one around a
    corner.
    """
    while True:
        worst: tuple[float, list[int]] | None = None
        chains = _chains(axis.near)
        for chain in chains:
            degrees = sorted((len(axis.near[chain[0]]), len(axis.near[chain[-1]])))
            if degrees[0] != 1 or degrees[1] < 3:
                continue
            if len(axis.near[chain[0]]) == 1:
                chain = chain[::-1]
            free_m = _free_length_m(axis, chain)
            width_m = 2 * float(axis.clearance_m[chain[-1]])
            if free_m >= SHORT_ARM * width_m:
                continue
            others = [c for c in chains if chain[0] in (c[0], c[-1]) and chain[-1] not in c]
            heading = _heading(axis, chain)
            goes_on = any(
                float(heading @ _heading(axis, c if c[0] == chain[0] else c[::-1]))
                < -np.cos(np.radians(THROUGH_DEG))
                for c in others
            )
            size = max(free_m, 0.0) * width_m * (2.0 if goes_on else 1.0)
            if worst is None or size < worst[0]:
                worst = (size, chain)
        if worst is None:
            return
        for a, b in pairwise(worst[1]):
            _remove(axis.near, a, b)


def _free_length_m(axis: _Axis, arm: list[int]) -> float:
    """From where an arm has its own walls, on both sides, to its end wall."""
    tip_m = float(axis.clearance_m[arm[-1]])
    for n, (a, b) in enumerate(pairwise(arm)):
        if axis.ridge(a, b).opposite >= OPPOSITE:
            return _length_m(axis.xy[arm[n:]]) + tip_m
    return _length_m(axis.xy[arm]) + tip_m - float(axis.clearance_m[arm[0]])


@dataclass
class _Path:
    """Chains that continue into each other, as one polyline over the axis."""

    xy: Points
    clearance_m: NDArray[np.float64]
    trusted: NDArray[np.bool_]
    """By piece of the polyline: whether it runs between opposite walls."""
    walls_rad: NDArray[np.float64]
    """(pieces, 2)"""
    stops: list[tuple[int, int]]
    """(index into `xy`, junction), in order: junctions passed or ended at."""
    closed: bool
    raw: int = 0
    """0: as few runs as possible; 1: runs that follow the axis closely; 2: the axis itself."""
    arc_m: NDArray[np.float64] = field(init=False)
    runs: list["_Run"] = field(init=False)

    def __post_init__(self) -> None:
        self.arc_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(self.xy, axis=0).T))])
        self.fit()

    def fit(self) -> None:
        self.runs = [] if self.raw == 2 else _runs(self, 1.0 if self.raw == 0 else 0.3)

    def index(self, arc_m: float) -> int:
        return int(np.argmin(np.abs(self.arc_m - arc_m)))


@dataclass(frozen=True)
class _Run:
    """A straight line, and the part of the path that it explains."""

    origin: Points
    along: Points
    """Unit vector, forward on the path."""
    start_m: float
    end_m: float
    sway_m: float

    def foot(self, point: Points) -> Points:
        foot: Points = self.origin + float((point - self.origin) @ self.along) * self.along
        return foot

    def offset_m(self, point: Points) -> float:
        gap = point - self.origin
        return abs(float(self.along[0] * gap[1] - self.along[1] * gap[0]))

    def crossing(self, other: "_Run") -> Points | None:
        """Where both lines cross; None if they are almost parallel."""
        sine = float(self.along[0] * other.along[1] - self.along[1] * other.along[0])
        if abs(sine) < np.sin(np.radians(CORNER_DEG)):
            return None
        gap = other.origin - self.origin
        reach = float(gap[0] * other.along[1] - gap[1] * other.along[0]) / sine
        point: Points = self.origin + reach * self.along
        return point


def _runs(path: _Path, leniency: float) -> list[_Run]:
    """The fewest straight runs that explain the trusted parts of a path.

    One more run costs 1, a metre that deviates from its run `STRAY_COST_PER_M`.
    """
    pieces_m = np.diff(path.arc_m)
    middle = (path.xy[:-1] + path.xy[1:]) / 2
    at_m = (path.arc_m[:-1] + path.arc_m[1:]) / 2
    use = path.trusted & (pieces_m > 0)
    if not use.any():
        return []
    count = int(min(BINS, max(4.0, np.ceil(path.arc_m[-1] / 0.3))))
    bin_of = np.minimum((at_m / path.arc_m[-1] * count).astype(int), count - 1)[use]
    weight = np.bincount(bin_of, pieces_m[use], count).astype(np.float64)
    sums = [np.bincount(bin_of, pieces_m[use] * v, count) for v in middle[use].T]
    full = weight > 0
    spot = np.column_stack(sums)[full] / weight[full, None]
    width_m = 2 * float(np.median((path.clearance_m[:-1] + path.clearance_m[1:])[use] / 2))
    sway_m = leniency * min(SWAY_M, width_m / 6)
    spans = _fewest_spans(spot, weight[full], sway_m)
    number = np.cumsum(full) - 1
    found = []
    for first, last in spans:
        mine = np.flatnonzero(use)[(number[bin_of] >= first) & (number[bin_of] <= last)]
        if float(pieces_m[mine].sum()) < 0.25 * width_m and len(spans) > 1:
            continue
        found.append(_fitted(path, mine, pieces_m[mine], middle[mine], sway_m))
    return found


def _fewest_spans(
    spot: Points, weight: NDArray[np.float64], sway_m: float
) -> list[tuple[int, int]]:
    """First and last index of each span, by exact optimisation over all cuts."""
    count = len(spot)
    # Weighted sums of 1, x, y, xx, xy, yy up to each spot give every span's best line.
    x, y = spot.T
    terms = weight[:, None] * np.column_stack([np.ones(count), x, y, x * x, x * y, y * y])
    upto = np.vstack([np.zeros(6), np.cumsum(terms, axis=0)])
    span = upto[None, 1:] - upto[:-1, None]
    first, last = np.triu_indices(count)
    w, sx, sy, sxx, sxy, syy = span[first, last].T
    angle = 0.5 * np.arctan2(2 * (sxy - sx * sy / w), (sxx - sx * sx / w) - (syy - sy * sy / w))
    off = np.abs(
        np.cos(angle)[:, None] * (y[None, :] - (sy / w)[:, None])
        - np.sin(angle)[:, None] * (x[None, :] - (sx / w)[:, None])
    )
    index = np.arange(count)
    off[(index < first[:, None]) | (index > last[:, None])] = 0.0
    stray = ((off > sway_m) * weight).sum(axis=1)
    square = (np.minimum(off, sway_m) ** 2 * weight).sum(axis=1)
    cost = np.full((count, count), np.inf)
    cost[first, last] = 1.0 + STRAY_COST_PER_M * stray + 0.05 * square / max(sway_m, 1e-9) ** 2
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    cut = np.zeros(count + 1, dtype=int)
    for end in range(1, count + 1):
        choice = best[:end] + cost[:end, end - 1]
        cut[end] = int(np.argmin(choice))
        best[end] = choice[cut[end]]
    spans: list[tuple[int, int]] = []
    end = count
    while end > 0:
        spans.append((int(cut[end]), end - 1))
        end = int(cut[end])
    return spans[::-1]


def _fitted(
    path: _Path, mine: NDArray[np.int64], weight: NDArray[np.float64], spot: Points, sway_m: float
) -> _Run:
    """A run's line: parallel to the walls if most of them agree, and in their middle."""
    mean, free_rad = _line_through(spot, weight)
    for _ in range(3):
        side = np.array([-np.sin(free_rad), np.cos(free_rad)])
        held = np.abs((spot - mean) @ side) <= sway_m
        if float(weight[held].sum()) < 0.5 * float(weight.sum()):
            break
        mean, free_rad = _line_through(spot[held], weight[held])
    gap = spot - mean
    span_m = float(np.ptp(gap @ np.array([np.cos(free_rad), np.sin(free_rad)])))
    turned = (path.walls_rad[mine] - free_rad + np.pi / 2) % np.pi - np.pi / 2
    share = np.column_stack([weight, weight])
    # A short run determines its direction poorly, a long one well.
    near = np.abs(turned) < max(np.radians(ASKEW_DEG), np.arctan2(2 * sway_m, max(span_m, 1e-9)))
    best_rad = 0.0
    if share[near].sum() > 0.5 * share.sum():
        steps, which = np.unique(np.round(turned[near], 3), return_inverse=True)
        votes = np.bincount(which.reshape(-1), share[near])
        heard = [votes[np.abs(steps - s) < 0.02].sum() for s in steps]
        most = steps[int(np.argmax(heard))]
        close = near & (np.abs(turned - most) < 0.02)
        if share[close].sum() > 0.5 * share.sum():
            best_rad = float(np.average(turned[close], weights=share[close]))
    angle = free_rad + best_rad
    along = np.array([np.cos(angle), np.sin(angle)])
    if float(along @ (path.xy[mine[-1] + 1] - path.xy[mine[0]])) < 0:
        along = -along
    side = np.array([-along[1], along[0]])
    off = gap @ side
    order = np.argsort(off, kind="stable")
    half = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    shift = float(off[order[min(int(half), len(order) - 1)]])
    low, high = np.quantile(off, [0.1, 0.9])
    if high - low <= 2 * sway_m:
        # The corridor is wider on part of its length: no part is further off than the tolerance.
        shift = float(np.clip(shift, high - sway_m, low + sway_m))
    explained = mine[np.abs(off - shift) <= sway_m + 1e-9]
    explained = explained if len(explained) else mine
    start_m, end_m = float(path.arc_m[explained[0]]), float(path.arc_m[explained[-1] + 1])
    return _Run(mean + shift * side, along, start_m, end_m, sway_m)


def _line_through(spot: Points, weight: NDArray[np.float64]) -> tuple[Points, float]:
    """Weighted mean, and the direction in radians of the least squares line through it."""
    mean: Points = np.average(spot, axis=0, weights=weight)
    x, y = (spot - mean).T
    spread = float((weight * x * x).sum() - (weight * y * y).sum())
    return mean, 0.5 * float(np.arctan2(2 * (weight * x * y).sum(), spread))


def _straightened(
    outline: Polygon, axis: _Axis, chains: list[list[int]]
) -> tuple[Points, Pairs] | None:
    """Nodes and edges on the lines of straight runs; None if they cannot be kept inside."""
    crossing, spots = _crossings(axis, chains)
    paths = _paths_through(axis, chains, crossing)
    room: dict[float, BaseGeometry] = {}
    for _ in range(3 * len(paths) + 1):
        at = _junctions(paths, spots)
        lines = [_vertices(path, at) for path in paths]
        bad = False
        for path, line in zip(paths, lines, strict=True):
            if _keeps_off(outline, path, line, room):
                continue
            if path.raw == 2:
                return None
            bad = True
            path.raw += 1
            path.fit()
        if not bad:
            return _joined(lines)
    return None


def _keeps_off(
    outline: Polygon, path: _Path, line: Points, room: dict[float, BaseGeometry]
) -> bool:
    keep_m = min(WALL_CLEARANCE_M, 0.4 * float(path.clearance_m.min()))
    keep_m = float(np.floor(keep_m / 0.02) * 0.02) if path.raw < 2 else 0.0
    if keep_m not in room:
        room[keep_m] = outline.buffer(-keep_m) if keep_m else outline
        shapely.prepare(room[keep_m])
    return len(line) > 1 and bool(room[keep_m].covers(LineString(line)))


def _joined(lines: list[Points]) -> tuple[Points, Pairs]:
    place: dict[tuple[float, float], int] = {}
    edges: list[tuple[int, int]] = []
    for line in lines:
        row = [place.setdefault((x, y), len(place)) for x, y in line.tolist()]
        edges.extend(pairwise(row))
    return np.array(list(place)), tidy_pairs(np.array(edges, dtype=np.int64).reshape(-1, 2))


def _crossings(axis: _Axis, chains: list[list[int]]) -> tuple[dict[int, int], dict[int, Points]]:
    """Crossing by junction vertex, and its position; junctions close together are one."""
    crossing = {n: n for n in axis.near if len(axis.near[n]) > 2}
    for chain in sorted(chains, key=lambda c: _length_m(axis.xy[c])):
        a, b = chain[0], chain[-1]
        if a not in crossing or b not in crossing or a == b:
            continue
        reach_m = min(SAME_CROSSING_M, float(max(axis.clearance_m[a], axis.clearance_m[b])))
        if _length_m(axis.xy[chain]) < reach_m:
            old, new = sorted((crossing[a], crossing[b]))
            crossing.update({n: old for n, c in crossing.items() if c == new})
    spots: dict[int, Points] = {}
    for c in sorted(set(crossing.values())):
        members = sorted(n for n in crossing if crossing[n] == c)
        middle = axis.xy[members].mean(axis=0)
        away = np.hypot(*(axis.xy[members] - middle).T) - 1e-3 * axis.clearance_m[members]
        spots[c] = axis.xy[members[int(np.argmin(away))]]
    return crossing, spots


def _paths_through(axis: _Axis, chains: list[list[int]], crossing: dict[int, int]) -> list[_Path]:
    """Chains joined where they continue into each other at a crossing."""
    chains = [
        c
        for c in chains
        if not (
            c[0] in crossing
            and c[-1] in crossing
            and crossing[c[0]] == crossing[c[-1]]
            and _length_m(axis.xy[c]) < SAME_CROSSING_M
        )
    ]
    arms: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, chain in enumerate(chains):
        for end in (0, -1):
            if chain[end] in crossing:
                arms[crossing[chain[end]]].append((number, end))
    onward: dict[tuple[int, int], tuple[int, int]] = {}
    for c in sorted(arms):
        heading = {
            arm: _heading(axis, chains[arm[0]][:: 1 if arm[1] == 0 else -1]) for arm in arms[c]
        }
        offers = sorted(
            (round(float(heading[a] @ heading[b]), 6), a, b)
            for i, a in enumerate(arms[c])
            for b in arms[c][i + 1 :]
        )
        for cosine, a, b in offers:
            if cosine < -np.cos(np.radians(THROUGH_DEG)) and a not in onward and b not in onward:
                onward[a], onward[b] = b, a
    paths: list[_Path] = []
    done: set[int] = set()
    starts = [(n, e) for n in range(len(chains)) for e in (0, -1) if (n, e) not in onward]
    for start in (*starts, *((n, 0) for n in range(len(chains)))):
        if start[0] in done:
            continue
        row: list[int] = []
        stops: list[tuple[int, int]] = []
        joints: set[int] = set()
        arm: tuple[int, int] | None = start
        closed = False
        while arm is not None:
            if arm[0] in done:
                closed = True
                break
            done.add(arm[0])
            chain = chains[arm[0]][:: 1 if arm[1] == 0 else -1]
            if row:
                joints.add(len(row) - 1)
            if chain[0] in crossing:
                stops.append((len(row), crossing[chain[0]]))
            row.extend(chain)
            leaving = (arm[0], -1 if arm[1] == 0 else 0)
            arm = onward.get(leaving)
            if arm is None and chain[-1] in crossing:
                stops.append((len(row) - 1, crossing[chain[-1]]))
            elif arm is None and chain[0] == chain[-1]:
                closed = True
        paths.append(_path(axis, row, stops, joints, closed))
    return paths


def _heading(axis: _Axis, chain: list[int]) -> Points:
    """Unit vector in which a chain leaves its junction, measured beyond the junction's bulge."""
    xy = axis.xy[chain]
    arc_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    bulge_m = min(float(axis.clearance_m[chain[0]]), arc_m[-1] / 2)
    near = xy[int(np.searchsorted(arc_m, bulge_m))]
    far = xy[min(int(np.searchsorted(arc_m, 2.5 * bulge_m + 0.5)), len(xy) - 1)]
    if np.array_equal(near, far):
        near = xy[0]
    gap = far - near
    heading: Points = gap / max(float(np.hypot(*gap)), 1e-12)
    return heading


def _path(
    axis: _Axis, row: list[int], stops: list[tuple[int, int]], joints: set[int], closed: bool
) -> _Path:
    known = [
        None if n in joints or a == b else axis.ridge(a, b)
        for n, (a, b) in enumerate(pairwise(row))
    ]
    trusted = [k is not None and k.opposite >= OPPOSITE for k in known]
    if closed and row[0] != row[-1]:
        row, known, trusted = [*row, row[0]], [*known, None], [*trusted, False]
    if closed and any(trusted) and not all(trusted):
        # A ring is opened at a corner away from crossings, so that no run is cut in two.
        ring = len(row) - 1
        taken = [n for n, _ in stops]

        def apart(n: int) -> int:
            return min((min((n - t) % ring, (t - n) % ring) for t in taken), default=0)

        corners = [n for n in range(ring) if not trusted[n] and not trusted[n - 1]]
        turn = max(corners, key=apart, default=trusted.index(False))
        row = row[turn:-1] + row[: turn + 1]
        known, trusted = known[turn:] + known[:turn], trusted[turn:] + trusted[:turn]
        stops = sorted(((n - turn) % ring, c) for n, c in stops)
    walls = [(0.0, 0.0) if k is None else k.walls_rad for k in known]
    return _Path(
        axis.xy[row],
        axis.clearance_m[row],
        np.array(trusted, dtype=bool),
        np.array(walls).reshape(-1, 2),
        stops,
        closed,
    )


def _run_at(path: _Path, arc_m: float) -> _Run | None:
    """The run nearest to a position on the path."""
    if not path.runs:
        return None
    return min(path.runs, key=lambda r: max(r.start_m - arc_m, arc_m - r.end_m, 0.0))


def _junctions(paths: list[_Path], spots: dict[int, Points]) -> dict[int, Points]:
    """The position of each crossing: on the line that goes through, where the others meet it."""
    through: dict[int, list[_Run | None]] = defaultdict(list)
    ending: dict[int, list[_Run | None]] = defaultdict(list)
    corners: dict[int, list[Points]] = defaultdict(list)
    reach_m: dict[int, float] = {}
    for path in paths:
        for n, c in path.stops:
            inner = path.closed or 0 < n < len(path.xy) - 1
            (through if inner else ending)[c].append(_run_at(path, float(path.arc_m[n])))
            reach_m[c] = max(reach_m.get(c, 0.0), 1.2 * float(path.clearance_m[n]) + 0.3)
            if inner:
                for before, after in pairwise(path.runs):
                    if before.end_m <= path.arc_m[n] <= after.start_m:
                        point = before.crossing(after)
                        if point is not None:
                            corners[c].append(point)
    at: dict[int, Points] = {}
    for c, spot in spots.items():
        at[c] = spot
        if any(run is None for run in through[c]):
            continue
        first = [r for r in through[c] if r is not None]
        rest = [r for r in ending[c] if r is not None]
        options = list(corners[c])
        if not options and len(first) > 1:
            options = [p for r in first[1:] if (p := first[0].crossing(r)) is not None]
        if not options and first:
            options = [p for r in rest if (p := first[0].crossing(r)) is not None]
            options = options or [first[0].foot(spot)]
        elif not options:
            options = [
                p
                for i, r in enumerate(rest)
                for s in rest[i + 1 :]
                if (p := r.crossing(s)) is not None
            ]
        near = [p for p in options if float(np.hypot(*(p - spot))) <= reach_m[c]]
        if near:
            at[c] = np.mean(near, axis=0)
        elif first and float(np.hypot(*(first[0].foot(spot) - spot))) <= reach_m[c]:
            at[c] = first[0].foot(spot)
    return at


def _vertices(path: _Path, at: dict[int, Points]) -> Points:
    """The path's straight edges, by their ends."""
    last = len(path.xy) - 1
    stops = dict(path.stops)
    if not path.runs or (path.closed and len(path.runs) < 2):
        return _followed(path, at)
    row: list[tuple[float, Points]] = [
        (float(path.arc_m[n]), at[c]) for n, c in path.stops if 0 < n < last
    ]
    for before, after in pairwise(path.runs):
        row.extend(_corner(path, before, after, [p for _, p in row]))
    row.sort(key=lambda v: v[0])
    if path.closed:
        before, after = path.runs[-1], path.runs[0]
        corner = before.crossing(after)
        corner = path.xy[0] if corner is None else corner
        points = [corner, *(p for _, p in row), corner]
        return _thinned(points)
    points = [p for _, p in row]
    head = _end(path, path.runs[0], 0, at.get(stops.get(0, -1)))
    tail = _end(path, path.runs[-1], last, at.get(stops.get(last, -1)))
    return _thinned([*head, *points, *tail[::-1]])


def _thinned(points: list[Points]) -> Points:
    """Without repeated points."""
    kept = points[:1]
    for point in points[1:]:
        if float(np.hypot(*(point - kept[-1]))) > MERGE_M:
            kept.append(point)
    if len(kept) > 1 and not np.array_equal(kept[-1], points[-1]):
        kept[-1] = points[-1]
    return np.array(kept)


def _corner(
    path: _Path, before: _Run, after: _Run, taken: list[Points]
) -> list[tuple[float, Points]]:
    """Where one run turns into the next; nothing if there is a crossing already."""
    middle_m = (before.end_m + after.start_m) / 2
    gap = path.xy[path.index(before.end_m) : path.index(after.start_m) + 1]
    point = before.crossing(after)
    if point is not None:
        room_m = 1.2 * float(path.clearance_m[path.index(middle_m)]) + 0.3
        if float(np.hypot(*(gap - point).T).min()) <= room_m:
            if any(float(np.hypot(*(point - p))) <= MERGE_M for p in taken):
                return []
            return [(middle_m, point)]
        return [
            (before.end_m, before.foot(gap[0])),
            *_bends(path, before.end_m, after.start_m),
            (after.start_m, after.foot(gap[-1])),
        ]
    # A sideways shift: stretched to at most about 1 in 3, as people walk it.
    aside_m = (before.offset_m(gap[-1]) + after.offset_m(gap[0])) / 2
    back_m = max(0.0, 3 * aside_m - (after.start_m - before.end_m)) / 2
    leave_m = max(before.end_m - back_m, (before.start_m + before.end_m) / 2)
    arrive_m = min(after.start_m + back_m, (after.start_m + after.end_m) / 2)
    return [
        (leave_m, before.foot(path.xy[path.index(leave_m)])),
        (arrive_m, after.foot(path.xy[path.index(arrive_m)])),
    ]


def _end(path: _Path, run: _Run, n: int, junction: Points | None) -> list[Points]:
    """The path from its end to its outermost run: one point if they are in line."""
    meet_m = run.start_m if n == 0 else run.end_m
    meet = path.index(meet_m)
    free_m = float(path.clearance_m[meet])
    if junction is None and abs(float(path.arc_m[n]) - meet_m) <= TIP_LEAN * free_m:
        # A tip leans into a corner of a rough end wall: move it back to where there is room.
        while n != meet and path.clearance_m[n] < TIP_ROOM * free_m:
            n += 1 if n < meet else -1
    goal = path.xy[n] if junction is None else junction
    spot = path.xy[meet]
    allowed_m = max(run.sway_m, 0.35 * float(path.clearance_m[n]))
    leans = junction is None and float(np.hypot(*(goal - spot))) <= TIP_LEAN * free_m
    if run.offset_m(goal) <= allowed_m or leans:
        return [run.foot(goal) if junction is None else goal]
    low, high = sorted((float(path.arc_m[n]), meet_m))
    bends = [p for _, p in _bends(path, low, high)]
    return [goal, *(bends if n == 0 else bends[::-1]), run.foot(spot)]


def _bends(path: _Path, low_m: float, high_m: float) -> list[tuple[float, Points]]:
    """Inner corners of the axis itself between two positions on the path."""
    inner = (path.arc_m >= low_m - 1e-9) & (path.arc_m <= high_m + 1e-9)
    part = path.xy[inner]
    if len(part) < 3 or high_m - low_m < MERGE_M:
        return []
    line = shapely.get_coordinates(LineString(part).simplify(0.25))[1:-1]
    arc_m = path.arc_m[inner]
    return [(float(arc_m[int(np.argmin(np.hypot(*(part - p).T)))]), p) for p in line]


def _followed(path: _Path, at: dict[int, Points]) -> Points:
    """The axis itself, simplified between crossings."""
    last = len(path.xy) - 1
    marks = sorted({0, last, *(n for n, _ in path.stops)})
    stops = dict(path.stops)
    points: list[Points] = []
    for a, b in pairwise(marks):
        part = path.xy[a : b + 1]
        spacing = (0.12, 0.05, 0.01) if path.closed else (0.12,)
        line = part
        for tolerance_m in spacing:
            line = shapely.get_coordinates(LineString(part).simplify(tolerance_m))
            if len(line) > 3 or not path.closed:
                break
        points.append(at[stops[a]] if a in stops else line[0])
        points.extend(line[1:-1])
    points.append(at[stops[last]] if last in stops else path.xy[last])
    return _thinned(points)


def _simplified(outline: Polygon, axis: _Axis, chains: list[list[int]]) -> tuple[Points, Pairs]:
    """The axis itself in as few edges as stay inside: no straight runs, but always valid."""
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
