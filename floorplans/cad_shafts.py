"""Stairs and lifts by what is drawn of them: treads, cabins, rectangles that are crossed out.

A room that they fill is one; where they stand in a larger room, they are a space of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.cad import Shape

FILLED = 0.3
"""A room of which stairs or cabins cover more than this part is their shaft: landings and walls
are the rest. A guess."""
LEAST_M2 = 1.5
"""Less is a step, or a mark."""
TREADS = 3
"""Fewer lines on a layer of stairs are an arrow, or a line that was forgotten."""
_CABIN_M = (1.1, 3.6)
"""Sides of lifts, from a small one to one for two beds. A guess."""
_AT_CORNER_M = 0.1


def drawn_shafts(shapes: Sequence[Shape], beside_m: float) -> list[Shape]:
    """Closed areas, and the areas that the other lines of stairs or of cabins on one kind of layer
    cover: those within `beside_m` of each other are one, and those in a closed area are part of
    it."""
    found = [one for one in shapes if isinstance(one.drawn, Polygon) and one.drawn.area >= LEAST_M2]
    inside = shapely.union_all([one.drawn.buffer(beside_m / 2) for one in found])
    shapes = [one for one in shapes if not inside.covers(one.drawn)]
    if not shapes:
        return found
    drawn = [one.drawn for one in shapes]
    tree = shapely.STRtree(drawn)
    for area in shapely.get_parts(shapely.union_all(shapely.buffer(drawn, beside_m / 2))):
        here = [int(i) for i in tree.query(area, predicate="intersects")]
        hull = shapely.union_all([drawn[i] for i in here]).minimum_rotated_rectangle
        closed = any(isinstance(drawn[i], Polygon) for i in here)
        if (len(here) >= TREADS or closed) and hull.area >= LEAST_M2 and isinstance(hull, Polygon):
            found.append(replace(shapes[here[0]], drawn=hull, block=0))
    return found


def crossed(shapes: Sequence[Shape]) -> Iterator[Polygon]:
    """Rectangles of the size of a cabin both of whose diagonals are drawn."""
    lines = [one.drawn for one in shapes if isinstance(one.drawn, LineString)]
    tree = shapely.STRtree(lines)
    for one in shapes:
        if isinstance(one.drawn, Polygon) and _is_cabin(one.drawn):
            corners = one.drawn.exterior.coords
            if all(_is_drawn(corners[i], corners[i + 2], lines, tree) for i in (0, 1)):
                yield one.drawn


def _is_cabin(area: Polygon) -> bool:
    least, most = _CABIN_M
    corners = area.exterior.coords
    if len(corners) != 5 or area.area < 0.98 * area.minimum_rotated_rectangle.area:
        return False
    sides = [LineString(corners[i : i + 2]).length for i in (0, 1)]
    return all(least <= side <= most for side in sides)


def _is_drawn(
    start: tuple[float, ...],
    end: tuple[float, ...],
    lines: Sequence[LineString],
    tree: shapely.STRtree,
) -> bool:
    whole = LineString([start, end])
    near = tree.query(whole, predicate="intersects")
    return any(lines[i].hausdorff_distance(whole) <= _AT_CORNER_M for i in near)


def put_in(rooms: Sequence[Shape], shafts: Sequence[Shape]) -> list[Shape]:
    """The rooms, those that shafts fill on the layer of the shaft, and the other shafts."""
    outlines: list[BaseGeometry] = [shapely.make_valid(one.drawn) for one in rooms]
    tree = shapely.STRtree(outlines)
    layer_of: dict[int, str] = {}
    alone = []
    for shaft in shafts:
        near = [int(i) for i in tree.query(shaft.drawn, predicate="intersects")]
        in_rooms = [outlines[i].intersection(shaft.drawn).area for i in near]
        if sum(in_rooms) < shaft.drawn.area / 2:
            alone.append(shaft)
            continue
        most = near[in_rooms.index(max(in_rooms))]
        here = [one.drawn for one in shafts if one.layer == shaft.layer]
        filled = shapely.union_all(here).intersection(outlines[most]).area
        if filled >= FILLED * outlines[most].area:
            layer_of[most] = shaft.layer
        elif not rooms[most].layer:
            alone.append(shaft)
    return [
        replace(room, layer=layer_of.get(number, room.layer)) for number, room in enumerate(rooms)
    ] + alone
