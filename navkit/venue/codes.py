"""Codes hang on walls, and who reads one looks at its wall: "facing the code, go right"."""

import math
from collections.abc import Iterator, Sequence

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from navkit.venue.venue import Anchor, Door, Space
from navkit.words.findings import Finding

HANGS_M = 2.0
"""A code this near a wall hangs on it; others hang on what is not drawn, a stand or a pillar. A
guess: drawings have codes where their readers stand."""

AHEAD_M = 1.0
"""How much farther than to the nearest wall a reader may look and still look at a wall. A guess."""

_FAR_M = 100.0


def looking_away(
    anchors: Sequence[Anchor], spaces: Sequence[Space], doors: Sequence[Door]
) -> Iterator[Finding]:
    """Codes whose readers look away from the wall beside them, or along it."""
    outlines = {space.id: space for space in spaces}
    for anchor in anchors:
        if anchor.bearing_deg is None:
            continue
        space = outlines[anchor.space]
        at, wall = Point(anchor.point), _wall(space, doors)
        hangs_m = at.distance(wall)
        ahead_m = at.distance(_sight(at, anchor.bearing_deg).intersection(wall))
        # Where a sight line meets no wall the distance is not a number.
        if hangs_m <= HANGS_M and not ahead_m <= hangs_m + AHEAD_M:
            bearing_deg = _bearing_deg(at, shapely.shortest_line(at, wall).coords[-1])
            where = f"{space.level}, {anchor.code}"
            yield Finding("code-looks-away", where, {"bearing": str(bearing_deg)})


def facing_deg(point: tuple[float, float], space: Space, doors: Sequence[Door]) -> int | None:
    """Where one looks who reads a code on the nearest wall; None if none is near."""
    at, wall = Point(point), _wall(space, doors)
    if wall.is_empty or at.distance(wall) > HANGS_M:
        return None
    return _bearing_deg(at, shapely.shortest_line(at, wall).coords[-1])


def _wall(space: Space, doors: Sequence[Door]) -> BaseGeometry:
    """The outline of a space without its doors and passages."""
    lines = [LineString(door.line).buffer(0.05) for door in doors if space.id in door.spaces]
    return space.outline.boundary.difference(shapely.union_all(lines))


def _sight(at: Point, bearing_deg: float) -> LineString:
    angle = math.radians(90 - bearing_deg)
    far = (at.x + _FAR_M * math.cos(angle), at.y + _FAR_M * math.sin(angle))
    return LineString([(at.x, at.y), far])


def _bearing_deg(at: Point, towards: tuple[float, ...]) -> int:
    return round(90 - math.degrees(math.atan2(towards[1] - at.y, towards[0] - at.x))) % 360
