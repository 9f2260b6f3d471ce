"""Where one walks inside a single space: from each of its openings to all the others."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.centreline import centre_line
from navkit.openarea import WITHIN_M, Pairs, Points, is_joined, tidy_pairs, walks

OPEN_WIDTH_M = 5.0
"""Free width from which people cut across instead of keeping to the middle. A guess."""
OPEN_SHARE = 0.5
"""Share of its floor that must be about that wide, or it is a corridor with a bay. A guess."""
STATION_M = 0.3
"""Doors this close along a centre line meet it in one point: they face each other."""
KEEP_M = 0.02
"""How far a stub stays from walls, so that rounding to a centimetre keeps it inside."""
NEAR_WALL_M = 0.15
"""The part of a stub, from the portal, that may be nearer than that."""


@dataclass(frozen=True, eq=False)
class LocalPaths:
    """Walking lines inside one space."""

    points: Points
    """(n, 2) in metres; the first rows are the portals, exactly as given, in their order."""
    edges: Pairs
    """(m, 2) indices into `points`, a < b, sorted, unique; each is walked straight."""
    width_m: NDArray[np.float64]
    """Free width along each edge: twice the smallest distance to the outline on its middle
    eight tenths; for an edge at a portal, on what is more than 0.5 m away from it."""
    open_area: bool
    """True: shortest walks across a hall. False: centre lines."""
    middle: int
    """Index of the point nearest the middle; -1 where there is no point at all."""


def local_paths(outline: Polygon, portals: Points, *, middle: bool = False) -> LocalPaths:
    """Join all portals of a space by straight edges that stay inside its outline.

    Portals lie inside near the wall or on it. With fewer than two there is nothing to join
    and the portals are returned alone, unless `middle` asks for a way to the middle: then a
    corridor has its centre line and a hall has one more point, the centre of the largest
    circle that fits. Spaces equal but for where they stand give results equal but for that.
    """
    portals = np.asarray(portals, dtype=np.float64).reshape(-1, 2)
    if not outline.is_valid:
        parts = shapely.get_parts(shapely.make_valid(outline))
        outline = max((p for p in parts if isinstance(p, Polygon)), key=lambda p: float(p.area))
    corner = np.round(np.array(outline.bounds[:2]), 2)
    still = shapely.normalize(
        shapely.transform(shapely.force_2d(outline), lambda xy: np.round(xy - corner, 6))
    )
    local = np.round(portals - corner, 6)
    found = _paths(still.wkb, local.tobytes(), middle)
    points = found.points + corner
    points[: len(portals)] = portals
    return LocalPaths(points, found.edges, found.width_m, found.open_area, found.middle)


@lru_cache(maxsize=4096)
def _paths(wkb: bytes, portal_bytes: bytes, middle: bool) -> LocalPaths:
    outline = _polygon(wkb)
    portals = np.frombuffer(portal_bytes).reshape(-1, 2)
    open_area = _is_open(wkb)
    count = len(portals)
    if count < 2 and not middle:
        none = np.zeros((0, 2), dtype=np.int64)
        return LocalPaths(portals, none, np.zeros(0), open_area, count - 1)
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(outline))[:1]
    if open_area:
        ends = np.vstack([portals, centre]) if middle else portals
        points, edges = walks(outline, ends)
    else:
        points, edges = _attach(outline, *_centre_line(wkb), portals)
        if not is_joined(len(points), edges, len(points)):
            points, edges = walks(outline, np.vstack([portals, centre]))
    away = np.hypot(*(points - centre).T)
    # Rounded, so that of two points as near the first is taken everywhere.
    nearest = int(np.argmin(np.round(away, 6)))
    return LocalPaths(points, edges, _widths(outline, points, edges, count), open_area, nearest)


def _polygon(wkb: bytes) -> Polygon:
    shape = shapely.from_wkb(wkb)
    assert isinstance(shape, Polygon)
    return shape


@lru_cache(maxsize=4096)
def _is_open(wkb: bytes) -> bool:
    outline = _polygon(wkb)
    width_m = 2 * shapely.maximum_inscribed_circle(outline).length
    if width_m <= OPEN_WIDTH_M:
        return False
    radius_m = 0.4 * min(width_m, 1.25 * OPEN_WIDTH_M)
    roomy = outline.buffer(-radius_m).buffer(radius_m).area
    return bool(roomy > OPEN_SHARE * outline.area)


@lru_cache(maxsize=4096)
def _centre_line(wkb: bytes) -> tuple[Points, Pairs]:
    return centre_line(_polygon(wkb))


def _attach(outline: Polygon, nodes: Points, lines: Pairs, portals: Points) -> tuple[Points, Pairs]:
    """Join portals to the centre line by stubs square to it; the first rows are the portals."""
    count = len(portals)
    stations: dict[int, list[tuple[float, int]]] = {}
    stubs: list[tuple[int, int]] = []
    lost: list[int] = []
    for portal in range(count):
        line, share = _station(outline, nodes, lines, portals[portal])
        if line is None:
            lost.append(portal)
        elif line < 0:
            stubs.append((portal, count + ~line))
        else:
            stations.setdefault(line, []).append((share, portal))
    points = [portals, nodes]
    total = count + len(nodes)
    edges: list[tuple[int, int]] = []
    for line in range(len(lines)):
        a, b = lines[line].tolist()
        length_m = float(np.hypot(*(nodes[b] - nodes[a])))
        last = count + a
        for group in _groups(sorted(stations.get(line, [])), STATION_M / max(length_m, 1e-9)):
            share = float(np.mean([s for s, _ in group]))
            points.append((nodes[a] + share * (nodes[b] - nodes[a]))[None, :])
            edges.append((last, total))
            stubs.extend((portal, total) for _, portal in group)
            last = total
            total += 1
        edges.append((last, count + b))
    every = np.vstack(points)
    for portal in lost:
        seen = list(range(count, len(every)))
        away = np.hypot(*(every[seen] - portals[portal]).T)
        goal = seen[int(np.argmin(np.round(away, 6)))]
        way, way_edges = walks(outline, np.vstack([portals[portal], every[goal]]))
        index = np.array([portal, goal, *range(len(every), len(every) + len(way) - 2)])
        every = np.vstack([every, way[2:]])
        edges.extend((int(a), int(b)) for a, b in index[way_edges].tolist())
    return every, tidy_pairs(np.array(edges + stubs, dtype=np.int64).reshape(-1, 2))


def _groups(stations: list[tuple[float, int]], reach: float) -> list[list[tuple[float, int]]]:
    groups: list[list[tuple[float, int]]] = []
    for share, portal in stations:
        if groups and share - groups[-1][0][0] <= reach:
            groups[-1].append((share, portal))
        else:
            groups.append([(share, portal)])
    return groups


def _station(
    outline: Polygon, nodes: Points, lines: Pairs, portal: Points
) -> tuple[int | None, float]:
    """Where a portal meets the centre line: (edge, share along it), or (~node, 0)."""
    options: list[tuple[float, bool, int, float]] = []
    for line, (a, b) in enumerate(lines.tolist()):
        along = nodes[b] - nodes[a]
        square = float(along @ along)
        share = float((portal - nodes[a]) @ along) / square if square > 0 else 0.0
        snap = STATION_M / max(np.sqrt(square), 1e-9)
        upright = 0.0 <= share <= 1.0
        if share <= snap or share >= 1 - snap:
            node = a if share < 0.5 else b
            options.append((float(np.hypot(*(portal - nodes[node]))), upright, ~node, 0.0))
        if upright:
            foot = nodes[a] + share * along
            options.append((float(np.hypot(*(portal - foot))), True, line, share))
    if not len(lines):
        options.append((float(np.hypot(*(portal - nodes[0]))), True, ~0, 0.0))
    best: tuple[float, int, float] | None = None
    for away, upright, line, share in sorted(options, key=lambda o: (round(o[0], 6), o[2])):
        if best is not None and away > 1.5 * best[0]:
            break
        if best is not None and not upright:
            continue
        foot = (
            nodes[~line]
            if line < 0
            else nodes[lines[line, 0]] + share * (nodes[lines[line, 1]] - nodes[lines[line, 0]])
        )
        if _is_clear(outline, portal, foot):
            if upright:
                return line, share
            if best is None:
                best = (away, line, share)
    return (None, 0.0) if best is None else (best[1], best[2])


def _is_clear(outline: Polygon, portal: Points, foot: Points) -> bool:
    stub = LineString([portal, foot])
    off_m = float(shapely.distance(outline, shapely.Point(portal)))
    if not _grown(outline.wkb, off_m + WITHIN_M).covers(stub):
        return False
    if stub.length <= NEAR_WALL_M:
        return True
    inner = shapely.ops.substring(stub, NEAR_WALL_M, stub.length)
    return bool(_grown(outline.wkb, -KEEP_M).covers(inner))


@lru_cache(maxsize=64)
def _grown(wkb: bytes, by_m: float) -> BaseGeometry:
    shape = _polygon(wkb).buffer(by_m, join_style="mitre")
    shapely.prepare(shape)
    return shape


def _widths(outline: Polygon, points: Points, edges: Pairs, portals: int) -> NDArray[np.float64]:
    if not len(edges):
        return np.zeros(0)
    start, stop = points[edges[:, 0]], points[edges[:, 1]]
    length_m = np.hypot(*(stop - start).T)
    first = np.where(edges[:, 0] < portals, np.minimum(0.5 / np.maximum(length_m, 0.5), 1.0), 0.1)
    last = np.where(edges[:, 1] < portals, 1 - 0.5 / np.maximum(length_m, 0.5), 0.9)
    last = np.maximum(first, last)
    middle = np.stack(
        [start + first[:, None] * (stop - start), start + last[:, None] * (stop - start)], axis=1
    )
    return np.asarray(2 * shapely.distance(shapely.linestrings(middle), outline.boundary))
