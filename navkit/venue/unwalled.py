"""Edges that two rooms share where no wall is drawn, on a level that is drawn with its walls.

Who draws walls leaves them out only where people pass: open offices, alcoves, meeting corners.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import shapely
from shapely import LineString, STRtree
from shapely.ops import substring

from navkit.plan.plan import SHAFTS
from navkit.venue.edges import (
    MIN_OPENING_M,
    Edges,
    edges_among,
    walked,
    walls_m,
)
from navkit.venue.venue import Door, Space

BESIDE_M = 0.3
"""A wall this near to an edge is on it: edges are drawn in the middle of walls too."""

WALLED = 0.5
"""Share of all shared edges that has walls where all walls are drawn. A guess."""


def walled(spaces: Sequence[Space], walls: Mapping[str, Sequence[LineString]]) -> set[str]:
    """Levels where walls are drawn along at least half of all edges that spaces share; on others
    a wall may be left out as well as a room's door."""
    found = set()
    for level, here in walked(spaces).items():
        if walls.get(level):
            tree = STRtree(list(walls[level]))
            edges = edges_among(here, (), walls_m(here))
            every = [piece for pieces in edges.values() for piece in pieces]
            free_m = sum(part.length for piece in every for part in _free(piece, tree))
            if every and free_m <= (1 - WALLED) * sum(piece.length for piece in every):
                found.add(level)
    return found


def unwalled(
    spaces: Sequence[Space], doors: Collection[Door], walls: Mapping[str, Sequence[LineString]]
) -> Edges:
    """Pieces of edge that two spaces of a level share, with neither wall nor door.

    None between two shafts, and none of a shaft that has a door to another space.
    """
    by_id = {space.id: space for space in spaces}
    lines: dict[tuple[str, ...], list[LineString]] = defaultdict(list)
    for door in doors:
        lines[tuple(sorted(door.spaces))].append(LineString(door.line))
    entered = {space for door in doors if all(door.spaces) for space in door.spaces}
    found: Edges = {}
    for level, here in walked(spaces).items():
        for pair, pieces in edges_among(here, (), {}).items():
            shafts = [one for one in pair if by_id[one].kind in SHAFTS]
            if len(shafts) == len(pair) or entered.intersection(shafts):
                continue
            tree = STRtree([*walls[level], *lines[tuple(sorted(pair))]])
            free = [part for piece in pieces for part in _free(piece, tree)]
            wide = [part for part in free if part.length >= MIN_OPENING_M]
            found |= {pair: wide} if wide else {}
    return found


def _free(edge: LineString, walls: STRtree) -> list[LineString]:
    """The parts of a straight edge that no wall runs along, or ends at."""
    strip = edge.buffer(BESIDE_M, cap_style="flat")
    on = walls.geometries[walls.query(strip, predicate="intersects")]
    parts = shapely.get_parts(shapely.intersection(on, strip))
    along = [shapely.line_locate_point(edge, shapely.points(part.coords)) for part in parts]
    free, at_m = [], 0.0
    for low_m, high_m in [*sorted((one.min(), one.max()) for one in along), (edge.length,) * 2]:
        if low_m > at_m:
            free.append(LineString(substring(edge, at_m, low_m).coords))
        at_m = max(at_m, high_m)
    return free
