"""Shapes from OpenStreetMap's ways: rings, the part of a line at a gate, a lift drawn as a line."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

Corner = tuple[float, float]
Mark = TypeVar("Mark")

BIT_M = 0.3
"""How far from a kerb or a gate a footway still belongs to it. A guess."""
LIFT_M = 1.6
"""Side of the square drawn for a lift without an outline. A guess: a passenger lift's cabin
is 1.1 m by 1.4 m (ISO 8100-30), a bed lift's larger."""


def polygon(corners: Sequence[Corner]) -> Polygon | None:
    return Polygon(corners) if len(set(corners)) >= 3 else None


def join_rings(ways: Sequence[Sequence[int]]) -> list[list[int]]:
    """Closed rings of node ids from ways that meet at their ends; loose ends are left out."""
    rings = [list(nodes) for nodes in ways if len(nodes) > 3 and nodes[0] == nodes[-1]]
    loose = {i: nodes for i, nodes in enumerate(ways) if nodes and nodes[0] != nodes[-1]}
    ending: dict[int, list[int]] = {}
    for i, nodes in loose.items():
        ending.setdefault(nodes[0], []).append(i)
        ending.setdefault(nodes[-1], []).append(i)
    for start in list(loose):
        if start not in loose:
            continue
        ring = list(loose.pop(start))
        while ring[0] != ring[-1]:
            found = next((i for i in ending[ring[-1]] if i in loose), None)
            if found is None:
                break
            nodes = loose.pop(found)
            ring.extend(nodes[1:] if nodes[0] == ring[-1] else nodes[-2::-1])
        if ring[0] == ring[-1] and len(ring) > 3:
            rings.append(ring)
    return rings


def parts_at(
    corners: Sequence[Corner], marks: Mapping[int, Mark]
) -> list[tuple[list[Corner], Mark | None]]:
    """A line cut around its marked corners, in order: the bit at each of them has its mark.

    Marks are by the number of the corner. A bit reaches `BIT_M` to both sides, or half of the way
    to the next corner if that is shorter.
    """
    parts: list[tuple[list[Corner], Mark | None]] = []
    plain: list[Corner] = []
    for number, corner in enumerate(corners):
        if number not in marks:
            plain.append(corner)
            continue
        bit = [corner]
        if number:
            before = _towards(corner, corners[number - 1])
            bit.insert(0, before)
            parts.append(([*plain, before], None))
        if number + 1 < len(corners):
            bit.append(_towards(corner, corners[number + 1]))
        parts.append((bit, marks[number]))
        plain = bit[-1:]
    if len(plain) > 1:
        parts.append((plain, None))
    return [(part, mark) for part, mark in parts if len(set(part)) > 1]


def _towards(corner: Corner, other: Corner) -> Corner:
    """The end of the bit at `corner` on the way to `other`, on whole millimetres."""
    line = LineString([corner, other])
    at = line.interpolate(min(BIT_M, line.length / 2))
    return round(at.x, 3), round(at.y, 3)


def opening(corners: Sequence[Corner]) -> LineString:
    """The middle line of a door that is drawn as an outline: along the wall, end to end."""
    box = Polygon(corners).minimum_rotated_rectangle
    if not isinstance(box, Polygon):
        return LineString(box.coords)
    ring = box.exterior
    sides = [shapely.line_interpolate_point(ring, at) for at in _middles(ring)]
    halves = [LineString([sides[0], sides[2]]), LineString([sides[1], sides[3]])]
    return max(halves, key=lambda half: half.length)


def _middles(ring: LineString) -> list[float]:
    """How far along a ring the middle of each of its sides is."""
    ends = [shapely.line_locate_point(ring, Point(corner)) for corner in ring.coords[:-1]]
    return [(a + b) / 2 for a, b in pairwise([*map(float, ends), ring.length])]


def lift_boxes(line: LineString, storeys: int) -> list[Polygon]:
    """For a lift drawn as a line a box at each storey, from the first point to the last."""
    if storeys < 2:
        return [_box(line)]
    side = min(LIFT_M, line.length / storeys)
    starts = [(line.length - side) * i / (storeys - 1) for i in range(storeys)]
    return [_box(substring(line, at, at + side)) for at in starts]


def _box(line: BaseGeometry) -> Polygon:
    box = line.buffer(LIFT_M / 2, cap_style="flat", join_style="mitre")
    assert isinstance(box, Polygon)
    return box
