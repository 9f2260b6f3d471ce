"""Where spaces of a level lie side by side, and how thick the walls between them are drawn."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, STRtree

from navkit.plan.plan import CIRCULATION
from navkit.venue.venue import Space

TOUCH_M = 0.06
"""Spaces closer than this share an edge: drawings round to centimetres, and walls are thicker."""

MIN_OPENING_M = 0.8
"""Shortest shared edge taken for an opening: the clear width of a narrow door."""

MOST_WALL_M = 0.8
"""A wider gap between two outlines is a shaft or a void, not a wall. A guess."""

INNER_WALL_M = 0.3
"""Where most outlines of a level touch, a wider gap between a room and a corridor is no wall. A
guess: the thickest brick walls inside houses."""

THINNER_PART = 0.95
"""The part of all walls of a level that is no thicker than the thickness taken for it. A guess."""

Edges = dict[tuple[str, str], list[LineString]]
"""Pieces of edge that two spaces share: keys are pairs of ids in order, the pieces lie on the edge
of the first. Pieces shorter than a door are left out."""

Neighbours = Mapping[str, Mapping[str, list[LineString]]]
"""For each space, the spaces beside it, and the pieces of its edge that they share."""


Corner = tuple[float, ...]


def walked(spaces: Sequence[Space]) -> dict[str, list[Space]]:
    """The spaces that people walk in, by level."""
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    return by_level


def walls_m(spaces: Sequence[Space]) -> dict[str, float]:
    """How thick the walls around each space are drawn, in metres, by its id.

    That of its level; where this leaves a room without any corridor or hall, the least distance to
    one that it faces across a wall, for wings of one level may be drawn in different ways.
    """
    thick_m: dict[str, float] = {}
    for here in walked(spaces).values():
        of_level_m = wall_m(here)
        thick_m |= dict.fromkeys((space.id for space in here), of_level_m)
        ways = [space for space in here if space.kind in CIRCULATION]
        beside = STRtree([space.outline for space in ways])
        rooms = [
            (number, space)
            for number, space in enumerate(here)
            if space.kind not in CIRCULATION
            and not len(beside.query(space.outline, "dwithin", TOUCH_M + of_level_m))
        ]
        if not rooms or not ways:
            continue
        owner, facing, gaps_m = _gaps(here)
        across = np.array([space.kind in CIRCULATION for space in here])[facing]
        across &= gaps_m <= INNER_WALL_M
        for number, space in rooms:
            mine_m = gaps_m[across & (owner == number)]
            thick_m[space.id] = float(mine_m.min()) if len(mine_m) else of_level_m
    return thick_m


def wall_m(spaces: Sequence[Space]) -> float:
    """How thick the walls of a level are drawn, in metres: 0 if most outlines touch each other."""
    _, _, gaps_m = _gaps(spaces)
    gaps_m = np.sort(gaps_m)
    if not len(gaps_m) or gaps_m[len(gaps_m) // 2] <= TOUCH_M:
        return 0.0
    return float(gaps_m[int(THINNER_PART * (len(gaps_m) - 1))])


def _gaps(
    spaces: Sequence[Space],
) -> tuple[NDArray[np.int_], NDArray[np.int_], NDArray[np.float64]]:
    """For each straight piece of edge that faces another outline: whose edge it is, the number of
    the nearest space outwards of its middle, and how far off that is."""
    outlines = np.array([space.outline for space in spaces])
    starts, owner = _outward(outlines)
    rays = np.asarray(shapely.linestrings(starts))
    ray, other = STRtree(outlines).query(rays, predicate="intersects")
    apart = owner[ray] != other
    ray, other = ray[apart], other[apart]
    away_m = shapely.distance(np.asarray(shapely.points(starts[:, 0]))[ray], outlines[other])
    order = np.lexsort((other, away_m, ray))
    ray, other, away_m = ray[order], other[order], away_m[order]
    _, first = np.unique(ray, return_index=True)
    return owner[ray[first]], other[first], away_m[first]


def _outward(
    outlines: Iterable[shapely.Polygon],
) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """For each piece of edge long enough for a door: the way outwards from its middle as
    (start, end), and whose edge it is."""
    rays, owner = [], []
    for number, outline in enumerate(outlines):
        # Wound so that the outside is on the right, along holes too.
        wound = shapely.orient_polygons(outline)
        for ring in (wound.exterior, *wound.interiors):
            points = np.asarray(ring.coords)[:, :2]
            along = np.diff(points, axis=0)
            length = np.hypot(along[:, 0], along[:, 1])
            long = length >= MIN_OPENING_M
            along = along[long] / length[long][:, None]
            middle = (points[:-1][long] + points[1:][long]) / 2
            outward = np.column_stack([along[:, 1], -along[:, 0]])
            rays.append(np.stack([middle, middle + outward * MOST_WALL_M], axis=1))
            owner.append(np.full(len(middle), number))
    return np.concatenate(rays), np.concatenate(owner)


def shared_edges(
    spaces: Sequence[Space],
    walls: Mapping[str, Sequence[LineString]],
    thickness_m: Mapping[str, float],
) -> Edges:
    """Straight-enough pieces of edge that two spaces of a level share, without a drawn wall.

    Two spaces share an edge if no more than the `thickness_m` of one of them is between them.
    """
    edges: Edges = {}
    for level, here in walked(spaces).items():
        edges |= edges_among(here, walls.get(level, ()), thickness_m)
    return edges


def edges_among(
    spaces: Sequence[Space], walls: Sequence[LineString], thickness_m: Mapping[str, float]
) -> Edges:
    """The same of spaces that are all drawn on one storey."""
    outlines = np.array([space.outline for space in spaces])
    reach_m = np.array([TOUCH_M + thickness_m.get(space.id, 0.0) for space in spaces])
    near = STRtree(outlines).query(outlines, predicate="dwithin", distance=reach_m)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in near.T.tolist() if a != b})
    if not pairs:
        return {}
    # By id, not by position in the file: the same edge gives the same openings.
    one, other = np.array([(j, i) if spaces[i].id > spaces[j].id else (i, j) for i, j in pairs]).T
    wide = np.column_stack([other, np.maximum(reach_m[one], reach_m[other])])
    once, which = np.unique(wide, axis=0, return_inverse=True)
    grown = shapely.buffer(outlines[once[:, 0].astype(int)], once[:, 1], quad_segs=16)
    widened = grown[which.ravel()]
    shared = shapely.intersection(shapely.boundary(outlines)[one], widened)
    shared = shapely.difference(shared, shapely.union_all(shapely.buffer(list(walls), 0.1)))
    edges: Edges = {}
    for pair in np.flatnonzero(shapely.length(shared) >= MIN_OPENING_M).tolist():
        lines = straight_lines(shared[pair])
        pieces = [line for line in lines if line.length >= MIN_OPENING_M]
        if pieces:
            edges[spaces[one[pair]].id, spaces[other[pair]].id] = pieces
    return edges


def neighbours_of(edges: Edges) -> Neighbours:
    """The same, asked from either side."""
    found: dict[str, dict[str, list[LineString]]] = defaultdict(dict)
    for (a, b), pieces in edges.items():
        found[a][b] = found[b][a] = pieces
    return found


def straight_lines(geometry: shapely.Geometry) -> Iterator[LineString]:
    """The separate straight-enough lines in a geometry: bent ones are cut at their corners."""
    lines = [
        part
        for part in getattr(geometry, "geoms", [geometry])
        if isinstance(part, LineString) and not part.is_empty
    ]
    merged = shapely.line_merge(MultiLineString(lines))
    for part in getattr(merged, "geoms", [merged]):
        if part.is_empty:
            continue
        start = 0
        coords = _from_a_corner(list(part.simplify(TOUCH_M).coords))
        for i in range(1, len(coords) - 1):
            if _is_corner(*coords[i - 1 : i + 2]):
                yield LineString(coords[start : i + 1])
                start = i
        yield LineString(coords[start:])


def _from_a_corner(coords: list[Corner]) -> list[Corner]:
    """A ring that begins in the middle of a straight line, from its first corner on."""
    if coords[0] != coords[-1] or _is_corner(coords[-2], coords[0], coords[1]):
        return coords
    corners = (i for i in range(1, len(coords) - 1) if _is_corner(*coords[i - 1 : i + 2]))
    first = next(corners, 0)
    return [*coords[first:-1], *coords[1 : first + 1]] if first else coords


def _is_corner(a: Corner, b: Corner, c: Corner) -> bool:
    return abs(_bend(a, b, c)) > math.radians(20)


def _bend(a: Corner, b: Corner, c: Corner) -> float:
    before = math.atan2(b[1] - a[1], b[0] - a[0])
    after = math.atan2(c[1] - b[1], c[0] - b[0])
    return (after - before + math.pi) % (2 * math.pi) - math.pi


def lies_under(floor: Space, space: Space) -> bool:
    """Whether most of `space` is drawn on top of `floor`."""
    return floor.outline.intersection(space.outline).area > 0.5 * space.outline.area
