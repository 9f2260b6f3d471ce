"""Where people walk inside a single space: from each of its openings to all the others."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.network.centreline import centre_line
from navkit.network.medial import polygon
from navkit.network.openarea import WITHIN_M, Pairs, Points, has_room, is_joined, tidy_pairs, walks
from navkit.network.passage import clear_widths

OPEN_WIDTH_M = 5.0
"""Free width above which people cut across instead of keeping to the middle. A guess."""
OPEN_SHARE = 0.5
"""Share of the floor that must be about that wide; else it is a corridor with a bay. A guess."""
STATION_M = 0.3
"""Doors this close along a centre line meet it in one point: they face each other."""
END_M = 0.4
"""If a door is beside a dead end, the centre line is extended up to this far from
the end wall, so that its stub is square."""
STRAIGHT_ON_DEG = 10.0
"""A door in the end wall off the line is approached at this angle: too small a turn to mention."""
BACK_M = 1.0
"""But from no further back than this, so that nobody from a nearby door walks back and forth."""
STEPS_IN_M = (0.5, 1.0)
"""How far to step in, square to the wall, from a door that no straight stub reaches."""
MIDDLE_M = 1.0
"""A node this near to the middle serves as the middle."""

ON_LINE_M = 0.05
"""A point this near to a line lies on it."""


@dataclass(frozen=True, eq=False)
class LocalPaths:
    """Walking lines inside one space."""

    points: Points
    """(n, 2) in metres; the first rows are the portals, exactly as given, in their order."""
    edges: Pairs
    """(m, 2) indices into `points`, a < b, sorted, unique; each is walked straight."""
    width_m: NDArray[np.float64]
    """The largest disc that passes along each edge, in metres, as `clear_widths` gives it."""
    open_area: bool
    """True: shortest walks across a hall. False: centre lines."""
    middle: int
    """Index of the point nearest the middle; -1 if there is no point at all."""


def local_paths(
    outline: Polygon, portals: Points, *, middle: bool = False, straight: bool = False
) -> LocalPaths:
    """Join all portals of a space by straight edges that stay inside its outline.

    Portals lie inside near the wall or on it. With fewer than two there is nothing to join
    and the portals are returned alone, unless `middle` asks for a path to the middle: then a
    corridor has its centre line and a hall has one more point, the centre of the largest
    circle that fits. With `straight`, walks are the shortest whatever the shape: nobody keeps
    to the middle of a room. Spaces that differ only in position give results that differ only in
    position.
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
    found = _paths(still.wkb, local.tobytes(), middle, straight)
    points = found.points + corner
    points[: len(portals)] = portals
    return LocalPaths(points, found.edges, found.width_m, found.open_area, found.middle)


@lru_cache(maxsize=4096)
def _paths(wkb: bytes, portal_bytes: bytes, middle: bool, straight: bool) -> LocalPaths:
    outline = polygon(wkb)
    portals = np.frombuffer(portal_bytes).reshape(-1, 2)
    open_area = straight or _is_open(wkb)
    count = len(portals)
    if count < 2 and not middle:
        none = np.zeros((0, 2), dtype=np.int64)
        return LocalPaths(portals, none, np.zeros(0), open_area, count - 1)
    centre = shapely.get_coordinates(shapely.maximum_inscribed_circle(outline))[:1]
    joined = False
    if not open_area:
        nodes, lines = _centre_line(wkb)
        halfway = _halfway(nodes, lines)
        points, edges = _attached(_Sight(outline), nodes, lines, portals, halfway, middle)
        edges = _noded(points, edges)
        joined = is_joined(len(points), edges, len(points))
        if joined:
            centre = halfway[None, :]
    if not joined:
        points, edges = walks(outline, np.vstack([portals, centre]) if middle else portals)
    away_m = np.hypot(*(points - centre).T)
    # Rounded, so that of two equally near points the first is taken everywhere.
    nearest = int(np.argmin(np.round(away_m, 6)))
    width_m = clear_widths(outline, points, edges, count)
    for shared in (edges, width_m):
        shared.setflags(write=False)  # Every space of this shape gets the same arrays.
    return LocalPaths(points, edges, width_m, open_area, nearest)


@lru_cache(maxsize=4096)
def _is_open(wkb: bytes) -> bool:
    outline = polygon(wkb)
    width_m = 2 * shapely.maximum_inscribed_circle(outline).length
    if width_m <= OPEN_WIDTH_M:
        return False
    radius_m = 0.4 * min(width_m, 1.25 * OPEN_WIDTH_M)
    roomy = outline.buffer(-radius_m).buffer(radius_m).area
    return bool(roomy > OPEN_SHARE * outline.area)


@lru_cache(maxsize=4096)
def _centre_line(wkb: bytes) -> tuple[Points, Pairs]:
    return centre_line(polygon(wkb))


def _halfway(nodes: Points, lines: Pairs) -> Points:
    """The point of the centre line nearest to its centre of mass."""
    if not len(lines):
        return np.asarray(nodes[0])
    start, along = nodes[lines[:, 0]], nodes[lines[:, 1]] - nodes[lines[:, 0]]
    length_m = np.hypot(*along.T)
    mass = np.average(start + along / 2, axis=0, weights=length_m)
    share = np.clip(((mass - start) * along).sum(axis=1) / length_m**2, 0.0, 1.0)
    feet = start + share[:, None] * along
    nearest: Points = feet[int(np.argmin(np.round(np.hypot(*(feet - mass).T), 6)))]
    return nearest


class _Sight:
    """The straight stubs for which a space has room."""

    def __init__(self, outline: Polygon) -> None:
        self.outline = outline
        self._grown: dict[float, BaseGeometry] = {}

    def is_clear(self, portal: Points, foot: Points) -> bool:
        # A portal rounded to a centimetre may lie that far inside the wall.
        off_m = np.ceil(1e3 * shapely.distance(self.outline, shapely.Point(portal))) / 1e3
        if off_m not in self._grown:
            self._grown[off_m] = self.outline.buffer(off_m + WITHIN_M, join_style="mitre")
            shapely.prepare(self._grown[off_m])
        return has_room(self._grown[off_m], portal, foot)

    def ahead_m(self, point: Points, heading: Points) -> float:
        """Distance straight ahead to the wall."""
        far = point + 50.0 * heading
        hits = LineString([point, far]).intersection(self.outline.boundary)
        return float(shapely.distance(shapely.Point(point), hits)) if not hits.is_empty else 0.0

    def wall_at(self, portal: Points) -> Points:
        """Unit vector along the wall at a portal."""
        best_m, wall = np.inf, np.array([1.0, 0.0])
        for ring in (self.outline.exterior, *self.outline.interiors):
            corners = shapely.get_coordinates(ring)
            along = np.diff(corners, axis=0)
            length_m = np.maximum(np.hypot(*along.T), 1e-12)
            share = np.clip(((portal - corners[:-1]) * along).sum(axis=1) / length_m**2, 0.0, 1.0)
            away_m = np.hypot(*(corners[:-1] + share[:, None] * along - portal).T)
            n = int(np.argmin(np.round(away_m, 4)))
            if away_m[n] < best_m:
                best_m, wall = float(away_m[n]), along[n] / length_m[n]
        return wall


@dataclass(frozen=True)
class _Arm:
    """One straight edge of the centre line, and how far it can be extended at free ends."""

    ends: tuple[int, int]
    start: Points
    along: Points
    """Unit vector."""
    length_m: float
    before_m: float
    after_m: float
    free: tuple[bool, bool]

    def at(self, place_m: float) -> Points:
        point: Points = self.start + place_m * self.along
        return point


def _arms(sight: _Sight, nodes: Points, lines: Pairs) -> list[_Arm]:
    degree = np.bincount(lines.reshape(-1), minlength=len(nodes))
    arms = []
    for a, b in lines.tolist():
        length_m = float(np.hypot(*(nodes[b] - nodes[a])))
        along = (nodes[b] - nodes[a]) / length_m
        free = (bool(degree[a] == 1), bool(degree[b] == 1))
        before_m = max(0.0, sight.ahead_m(nodes[a], -along) - END_M) if free[0] else 0.0
        after_m = max(0.0, sight.ahead_m(nodes[b], along) - END_M) if free[1] else 0.0
        arms.append(_Arm((a, b), nodes[a], along, length_m, before_m, after_m, free))
    return arms


@dataclass(frozen=True)
class _Station:
    """Where a portal meets the centre line: a node, or a position on an arm."""

    node: int = -1
    arm: int = -1
    place_m: float = 0.0
    """From the arm's start; beyond its ends if the arm is extended."""


def _attached(
    sight: _Sight, nodes: Points, lines: Pairs, portals: Points, halfway: Points, middle: bool
) -> tuple[Points, Pairs]:
    """Join portals to the centre line by stubs square to it; the first rows are the portals.

    With `middle` there is a node halfway along the centre line, or near it.
    """
    count = len(portals)
    arms = _arms(sight, nodes, lines)
    places: list[list[tuple[float, int]]] = [[] for _ in arms]
    stubs: list[tuple[int, int]] = []
    lost: list[int] = []
    starts = portals.copy()
    for portal in range(count):
        station, starts[portal] = _reached(sight, nodes, arms, portals[portal])
        if station is None:
            lost.append(portal)
        elif station.node >= 0:
            stubs.append((portal, count + station.node))
        else:
            places[station.arm].append((station.place_m, portal))
    points = [*portals, *nodes]
    edges: list[tuple[int, int]] = []
    for arm, found in zip(arms, places, strict=True):
        row = [(0.0, count + arm.ends[0]), (arm.length_m, count + arm.ends[1])]
        for group in _groups(sight, arm, starts, sorted(found)):
            spot_m = float(np.mean([place_m for place_m, _ in group]))
            row.append((spot_m, len(points)))
            stubs.extend((portal, len(points)) for _, portal in group)
            points.append(arm.at(spot_m))
        if middle:
            spot_m = float((halfway - arm.start) @ arm.along)
            on_arm = float(np.hypot(*(arm.at(spot_m) - halfway))) < WITHIN_M
            if on_arm and min(abs(spot_m - place_m) for place_m, _ in row) > MIDDLE_M:
                row.append((spot_m, len(points)))
                points.append(arm.at(spot_m))
        edges.extend(pairwise(node for _, node in sorted(row)))
    for n, (portal, foot) in enumerate(stubs):
        if not np.array_equal(starts[portal], portals[portal]):
            stubs[n] = (len(points), foot)
            edges.append((portal, len(points)))
            points.append(starts[portal])
    every = np.array(points).reshape(-1, 2)
    for portal in lost:
        away_m = np.hypot(*(every[count:] - portals[portal]).T)
        goal = count + int(np.argmin(np.round(away_m, 6)))
        way, way_edges = walks(sight.outline, np.vstack([portals[portal], every[goal]]))
        index = np.array([portal, goal, *range(len(every), len(every) + len(way) - 2)])
        every = np.vstack([every, way[2:]])
        stubs.extend((int(a), int(b)) for a, b in index[way_edges].tolist())
    return every, tidy_pairs(np.array(edges + stubs, dtype=np.int64).reshape(-1, 2))


def _noded(points: Points, edges: Pairs) -> Pairs:
    """The same lines, cut wherever they pass through one of the points.

    A stub to an end wall may run along the piece of centre line that a nearby door made:
    as separate edges, they would send people past that door and back again.
    """
    start, along = points[edges[:, 0]], points[edges[:, 1]] - points[edges[:, 0]]
    length_m = np.maximum(np.hypot(*along.T), 1e-9)
    cut: list[tuple[int, int]] = []
    for number, (a, b) in enumerate(edges):
        to = points - start[number]
        share = to @ along[number] / length_m[number] ** 2
        off_m = np.abs(to[:, 0] * along[number, 1] - to[:, 1] * along[number, 0])
        on = (off_m / length_m[number] < ON_LINE_M) & (share > 0.0) & (share < 1.0)
        on[[a, b]] = False
        inner = [int(i) for i in np.lexsort((np.arange(len(points)), share)) if on[i]]
        row = [int(a), *inner, int(b)]
        cut.extend(pairwise(row))
    return tidy_pairs(np.array(cut, dtype=np.int64).reshape(-1, 2))


def _groups(
    sight: _Sight, arm: _Arm, portals: Points, places: list[tuple[float, int]]
) -> list[list[tuple[float, int]]]:
    """Portals that share a station: close together along the arm, each in sight of it."""
    groups: list[list[tuple[float, int]]] = []
    for place in places:
        if groups and place[0] - groups[-1][0][0] <= STATION_M:
            group = [*groups[-1], place]
            spot = arm.at(float(np.mean([place_m for place_m, _ in group])))
            if all(sight.is_clear(portals[portal], spot) for _, portal in group):
                groups[-1] = group
                continue
        groups.append([place])
    return groups


def _reached(
    sight: _Sight, nodes: Points, arms: list[_Arm], portal: Points
) -> tuple[_Station | None, Points]:
    """A portal's station, and where the stub starts: further in if a corner is in the way."""
    station = _station(sight, nodes, arms, portal)
    if station is not None:
        return station, portal
    wall = sight.wall_at(portal)
    for step_m in STEPS_IN_M:
        for side in (-1.0, 1.0):
            spot = portal + side * step_m * np.array([-wall[1], wall[0]])
            if sight.is_clear(portal, spot):
                station = _station(sight, nodes, arms, spot)
                if station is not None:
                    return station, spot
    return None, portal


def _station(sight: _Sight, nodes: Points, arms: list[_Arm], portal: Points) -> _Station | None:
    """The nearest position on the centre line that a straight stub reaches.

    A stub square to the line, or straight on from its end, is preferred even if one that is
    neither is shorter by up to a third. Ties go to the first arm.
    """
    if not arms:
        return _Station(node=0) if sight.is_clear(portal, nodes[0]) else None
    options: list[tuple[float, int, bool, list[_Station]]] = []
    wall = sight.wall_at(portal)
    for n, arm in enumerate(arms):
        place_m = float((portal - arm.start) @ arm.along)
        aside_m = abs(
            float(arm.along[0] * (portal - arm.start)[1] - arm.along[1] * (portal - arm.start)[0])
        )
        inside = 0.0 <= place_m <= arm.length_m
        carried = -arm.before_m <= place_m <= arm.length_m + arm.after_m
        if inside or (carried and abs(float(wall @ arm.along)) > np.cos(np.radians(45.0))):
            found = [_Station(arm=n, place_m=place_m)]
            for end, end_m in zip(arm.ends, (0.0, arm.length_m), strict=True):
                if abs(place_m - end_m) <= STATION_M:
                    found.insert(0, _Station(node=end))
            options.append((round(aside_m, 6), n, True, found))
            continue
        end = 0 if place_m < 0 else 1
        found = [_Station(node=arm.ends[end])]
        if arm.free[end]:
            # Straight on from a free end; from further back if that would be a bend.
            past_m = -place_m if end == 0 else place_m - arm.length_m
            back_m = min(aside_m / np.tan(np.radians(STRAIGHT_ON_DEG)) - past_m, BACK_M)
            if STATION_M < back_m < arm.length_m / 2:
                back = back_m if end == 0 else arm.length_m - back_m
                found.insert(0, _Station(arm=n, place_m=float(back)))
        away_m = float(np.hypot(*(portal - nodes[arm.ends[end]])))
        options.append((round(away_m, 6), n, arm.free[end], found))
    fallback: tuple[float, _Station] | None = None
    for away_m, _, square, found in sorted(options, key=lambda o: o[:2]):
        if fallback is not None and (away_m > 1.5 * fallback[0] or not square):
            continue
        for station in found:
            foot = (
                nodes[station.node] if station.node >= 0 else arms[station.arm].at(station.place_m)
            )
            if sight.is_clear(portal, foot):
                if square:
                    return station
                fallback = (away_m, station)
                break
    return None if fallback is None else fallback[1]
