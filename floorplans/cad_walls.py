"""Rooms where no outline of them is drawn: what walls, windows and closed doors shut in.

Walls may be single lines, two lines with a hollow between them, or areas. The free floor between
them falls into pieces; the piece that reaches the edge of the sheet is outside. Nothing is made up
where walls do not close: that floor is then outside, or one room with its neighbour.
"""

import math
from collections.abc import Sequence

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.cad import Arc

LINE_M = 0.02
"""Half the thickness of a wall that is drawn as a line."""
HOLLOW_M = 0.5
"""What is narrower is the hollow of a wall, or a shaft for pipes. A guess."""
LEAST_ROOM_M2 = 1.2
_AROUND_M = 5.0
_JAMB_M = 0.15
"""A closed leaf ends this near to a wall."""


def rooms(shut: Sequence[BaseGeometry], closed: Sequence[BaseGeometry]) -> list[Polygon]:
    """The pieces of floor between walls and windows, the largest first; `closed` are the lines of
    closed doors. All in metres."""
    if not shut:
        return []
    walls = shapely.union_all(shapely.buffer([*shut, *closed], LINE_M, cap_style="square"))
    left, low, right, high = walls.bounds
    sheet = shapely.box(left - _AROUND_M, low - _AROUND_M, right + _AROUND_M, high + _AROUND_M)
    free: BaseGeometry = sheet.difference(walls)
    # Hollows of walls are too narrow to stand in; what is left keeps its corners.
    core = free.buffer(-HOLLOW_M / 2, join_style="mitre")
    wide = core.buffer(HOLLOW_M / 2, join_style="mitre").intersection(free)
    inside = [
        piece
        for piece in shapely.get_parts(wide)
        if isinstance(piece, Polygon)
        and piece.area >= LEAST_ROOM_M2
        and not piece.intersects(sheet.exterior)
    ]
    return sorted(inside, key=lambda piece: (-piece.area, piece.bounds))


def leaf_line(swing: Arc, walls: Sequence[BaseGeometry]) -> LineString:
    """The leaf of a door when it is closed: from the hinge to the end of its swing that is at a
    wall, and of two such ends to the one that crosses the gap. In metres."""
    near = [wall for wall in walls if wall.distance(Point(swing.centre)) <= 2 * swing.radius]
    ends = (swing.points()[0], swing.points()[-1])
    lines = [LineString([swing.centre, end]) for end in ends]

    def openness(line: LineString) -> tuple[bool, float]:
        end, middle = Point(line.coords[1]), line.interpolate(0.5, normalized=True)
        return _distance(near, end) <= _JAMB_M, _distance(near, middle)

    return max(lines, key=openness)


def _distance(walls: Sequence[BaseGeometry], point: Point) -> float:
    return min((wall.distance(point) for wall in walls), default=math.inf)
