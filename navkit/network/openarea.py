"""Shortest walks across an open area, where nobody keeps to a centre line.

A walk keeps `CLEARANCE_M` from every wall, less only where a passage is too narrow for that.
Walks bend at reflex corners of the area shrunk by that much, so the visibility graph over
those corners contains every shortest one. Pairs share corners, and a pair whose walk the others
already offer within `STRETCH` adds nothing of its own.

No triangulation is used: with the few hundred corners of a hall the exact graph takes
milliseconds, and a funnel through one chain of triangles was up to 1.14 x too long.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Points = NDArray[np.float64]
"""(n, 2), metres."""
Pairs = NDArray[np.int64]
"""(m, 2), rows are a < b, sorted and unique."""

CLEARANCE_M = 0.4
"""Distance kept from walls: a shoulder and a little (body ellipse 0.6 x 0.5 m, Fruin 1971)."""
LESSER_CLEARANCES_M = (0.3, 0.2, 0.1, 0.05, 0.02)
"""Tried in turn if the larger one would cut the area in two or leave an end outside."""
NARROW_DISLIKE = 4.0
"""A metre with less than `CLEARANCE_M` beside it counts as this many more metres. A guess."""
STRETCH = 1.02
"""The longest a walk may be, as a multiple of the shortest one."""
MOST_CORNERS = 600
"""Beyond this many corners the shrunk outline is simplified further. A guess: half a second."""
KEEP_M = 0.015
"""Room kept beside a stub's foot, so that rounding to a centimetre leaves the stub inside."""
WITHIN_M = 1e-6
"""Rounding error allowed where a line runs along an outline."""


def walks(outline: Polygon, ends: Points) -> tuple[Points, Pairs]:
    """Join all `ends` by near-shortest walks; the first rows of the points are the ends.

    Ends lie inside the outline or on it; one outside the shrunk area is joined to
    the nearest point of it in sight. Coinciding ends are joined by an edge of zero length.
    Walks may cross without a node. Ends that cannot be reached at all, because the outline
    is pinched to a point there, stay alone.
    """
    count = len(ends)
    if count < 2:
        return ends.copy(), np.zeros((0, 2), dtype=np.int64)
    area, wide, feet = _shrink(outline, ends)
    corners = _reflex_corners(area)
    if wide is not area:
        corners = np.unique(np.vstack([corners, _reflex_corners(wide)]), axis=0)
    nodes, foot_of = _distinct(np.vstack([feet, corners]))
    links = _in_sight(area, nodes, int(foot_of[:count].max()) + 1)
    lengths = _lengths(nodes, links)
    costs = lengths
    if wide is not area:
        lines = shapely.linestrings(nodes[links])
        inside = shapely.length(shapely.intersection(lines, wide.buffer(WITHIN_M)))
        costs = lengths + NARROW_DISLIKE * np.maximum(0.0, lengths - inside)
    starts = np.unique(foot_of[:count])
    chosen = _spanner(len(nodes), links, costs, starts)

    used = np.unique(chosen)
    place = np.full(len(nodes), -1, dtype=np.int64)
    points = [ends]
    stubs: list[tuple[int, int]] = []
    for end in range(count):
        foot = int(foot_of[end])
        if np.array_equal(nodes[foot], ends[end]):
            if place[foot] < 0:
                place[foot] = end
            else:
                stubs.append((int(place[foot]), end))
    fresh = [n for n in np.union1d(used, starts).tolist() if place[n] < 0]
    place[fresh] = np.arange(count, count + len(fresh))
    points.append(nodes[fresh])
    for end in range(count):
        if place[foot_of[end]] != end and not np.array_equal(nodes[foot_of[end]], ends[end]):
            stubs.append((end, int(place[foot_of[end]])))
    edges = np.vstack([place[chosen], np.array(stubs, dtype=np.int64).reshape(-1, 2)])
    return np.vstack(points), tidy_pairs(edges)


def tidy_pairs(edges: Pairs) -> Pairs:
    """The same edges with a < b, sorted, each once."""
    if not len(edges):
        return np.zeros((0, 2), dtype=np.int64)
    ordered: Pairs = np.unique(np.sort(edges, axis=1), axis=0).astype(np.int64)
    apart: Pairs = ordered[ordered[:, 0] != ordered[:, 1]]
    return apart


def _shrink(outline: Polygon, ends: Points) -> tuple[BaseGeometry, BaseGeometry, Points]:
    """The area walks may use, the part of it with full clearance, and each end's foot in it.

    Usually both areas are the same.
    """
    wide: BaseGeometry = _shrunk(outline, CLEARANCE_M)
    feet = _feet(outline, wide, ends)
    if isinstance(wide, Polygon) and feet is not None:
        return wide, wide, feet
    for clearance_m in LESSER_CLEARANCES_M:
        area = _shrunk(outline, clearance_m)
        feet = _feet(outline, area, ends)
        if isinstance(area, Polygon) and feet is not None:
            return area, wide, feet
    return outline, wide, ends.copy()


def _shrunk(outline: Polygon, clearance_m: float) -> BaseGeometry:
    slack_m = 0.05 * clearance_m
    while True:
        area: BaseGeometry = outline.buffer(
            -clearance_m - slack_m, join_style="mitre", mitre_limit=2.0
        )
        area = area.simplify(slack_m)
        parts = [p for p in getattr(area, "geoms", [area]) if p.area > 1e-4]
        area = parts[0] if len(parts) == 1 else MultiPolygon(parts)
        if shapely.get_num_coordinates(area) <= 2 * MOST_CORNERS or slack_m > 0.5:
            return area
        slack_m *= 2.0


def _feet(outline: Polygon, area: BaseGeometry, ends: Points) -> Points | None:
    """The nearest place in sight where each end steps into `area`; None if any end has none."""
    if area.is_empty:
        return None
    feet = ends.copy()
    off_m = float(np.max(shapely.distance(outline, shapely.points(ends)), initial=0.0))
    room = outline.buffer(off_m + WITHIN_M)
    shapely.prepare(room)
    starts = np.vstack(_rings(area))
    along = np.vstack([np.roll(ring, -1, axis=0) - ring for ring in _rings(area)])
    square = np.maximum((along**2).sum(axis=1), 1e-18)
    for n in np.flatnonzero(~shapely.covers(area, shapely.points(ends))).tolist():
        share = np.clip(((ends[n] - starts) * along).sum(axis=1) / square, 0.0, 1.0)
        places = starts + share[:, None] * along
        order = np.argsort(np.round(np.hypot(*(places - ends[n]).T), 6), kind="stable")
        rest = [place for place in places[order] if room.covers(LineString([ends[n], place]))]
        if not rest:
            return None
        feet[n] = next((place for place in rest if has_room(room, ends[n], place)), rest[0])
    return feet


def has_room(room: BaseGeometry, end: Points, foot: Points) -> bool:
    """Whether the line from an end stays inside wherever within `KEEP_M` of it the foot is."""
    along = foot - end
    length_m = float(np.hypot(*along))
    if length_m == 0:
        return True
    aside = KEEP_M / length_m * np.array([-along[1], along[0]])
    return bool(room.covers(Polygon([end, foot - aside, foot + aside])))


def _rings(area: BaseGeometry) -> list[Points]:
    """Corner rings without the closing point: outer ones anticlockwise, holes clockwise."""
    rings: list[Points] = []
    for part in getattr(area, "geoms", [area]):
        if part.is_empty:
            continue
        oriented = shapely.orient_polygons(part)
        for ring in (oriented.exterior, *oriented.interiors):
            rings.append(shapely.get_coordinates(ring)[:-1])
    return rings


def _reflex_corners(area: BaseGeometry) -> Points:
    """Corners where the outline bulges into the area: the only places a walk bends."""
    found: list[Points] = [np.zeros((0, 2))]
    for ring in _rings(area):
        before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
        found.append(ring[_cross(ring - before, after - ring) < 0.0])
    return np.vstack(found)


def _cross(a: Points, b: Points) -> NDArray[np.float64]:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _distinct(points: Points) -> tuple[Points, NDArray[np.int64]]:
    """Points without repeats in order of first use, and the new index of each."""
    seen: dict[tuple[float, float], int] = {}
    place = np.array([seen.setdefault((x, y), len(seen)) for x, y in points.tolist()])
    return np.array(list(seen)), place.astype(np.int64)


def _in_sight(area: BaseGeometry, nodes: Points, feet: int) -> Pairs:
    """Pairs of nodes whose straight line stays in the area; walks end at the first `feet`."""
    first, second = np.triu_indices(len(nodes), 1)
    kept = np.ones(len(first), dtype=bool)
    around = _neighbours(area, nodes)
    if around is not None:
        # A shortest walk touches a corner and never crosses it: both neighbours on one side.
        corner, before, after = around
        corner[:feet] = False
        for one, other in ((first, second), (second, first)):
            along = nodes[other] - nodes[one]
            reach = np.hypot(along[:, 0], along[:, 1])
            left = _cross(along, before[other] - nodes[other])
            right = _cross(along, after[other] - nodes[other])
            kept &= ~corner[other] | ~(
                (np.minimum(left, right) < -1e-7 * reach) & (np.maximum(left, right) > 1e-7 * reach)
            )
    links = np.column_stack([first[kept], second[kept]]).astype(np.int64)
    lines = shapely.linestrings(nodes[links])
    room = area.buffer(WITHIN_M, join_style="mitre")
    shapely.prepare(room)
    return links[shapely.covers(room, lines)]


def _neighbours(
    area: BaseGeometry, nodes: Points
) -> tuple[NDArray[np.bool_], Points, Points] | None:
    """For nodes that are corners of the area: the corners before and after on the ring."""
    at: dict[tuple[float, float], tuple[Points, Points]] = {}
    for ring in _rings(area):
        for here, before, after in zip(
            ring.tolist(), np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0), strict=True
        ):
            at[(here[0], here[1])] = (before, after)
    corner = np.zeros(len(nodes), dtype=bool)
    sides = np.zeros((2, len(nodes), 2))
    for n, (x, y) in enumerate(nodes.tolist()):
        if (x, y) in at:
            corner[n] = True
            sides[0, n], sides[1, n] = at[(x, y)]
    return (corner, sides[0], sides[1]) if corner.any() else None


def _lengths(nodes: Points, links: Pairs) -> NDArray[np.float64]:
    gap = nodes[links[:, 0]] - nodes[links[:, 1]]
    return np.hypot(gap[:, 0], gap[:, 1])


def _spanner(
    count: int, links: Pairs, costs: NDArray[np.float64], starts: NDArray[np.int64]
) -> Pairs:
    """Links of a small graph in which every pair of starts is within `STRETCH` of its best.

    Pairs are taken by ascending cost, ties by index; a pair's whole walk is added if the
    previous walks do not serve.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    # The sparse solver ignores links of zero cost.
    matrix = coo_array((np.maximum(costs, 1e-9), (links[:, 0], links[:, 1])), (count, count))
    cost, back = dijkstra(matrix.tocsr(), False, starts, return_predecessors=True)
    weight = {(a, b): c for (a, b), c in zip(links.tolist(), costs.tolist(), strict=True)}
    first, second = np.triu_indices(len(starts), 1)
    best = cost[first, starts[second]]
    reached = np.full((count, count), np.inf)
    np.fill_diagonal(reached, 0.0)
    chosen: list[tuple[int, int]] = []
    for pair in np.lexsort((second, first, np.round(best, 9))).tolist():
        a, b = int(starts[first[pair]]), int(starts[second[pair]])
        if not np.isfinite(best[pair]) or reached[a, b] <= STRETCH * best[pair] + 1e-9:
            continue
        here = b
        while here != a:
            step = int(back[first[pair], here])
            link = (min(step, here), max(step, here))
            if reached[link] > weight[link]:
                chosen.append(link)
                over = reached[:, link[0]] + weight[link]
                reached = np.minimum(reached, over[:, None] + reached[link[1]][None, :])
                over = reached[:, link[1]] + weight[link]
                reached = np.minimum(reached, over[:, None] + reached[link[0]][None, :])
            here = step
    return np.array(chosen, dtype=np.int64).reshape(-1, 2)


def is_joined(count: int, edges: Pairs, wanted: int) -> bool:
    """Whether nodes 0 to `wanted` - 1 are all connected."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    matrix = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), (count, count))
    _, piece = connected_components(matrix, directed=False)
    return len(np.unique(piece[:wanted])) <= 1
