"""What a drawing of a storey shows: rooms and what is written in them, walls, doors, passages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import shapely
from layout import Door, Hospital, Level, Space, read_json
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

WALL_M = 0.2
"""Thickness of every wall."""

TALL_M = 3.0
"""From floor to ceiling."""


@dataclass(frozen=True)
class Storey:
    """One level, in metres on the site."""

    level: Level
    building: str
    """Its name in Chinese, as that of the folder."""
    spaces: tuple[Space, ...]
    doors: tuple[Door, ...]
    """Passages too."""
    passages: tuple[Door, ...]
    """Those of its doors, and of half floors beside it, that are passages."""

    @cached_property
    def walls(self) -> BaseGeometry:
        """The area of the walls, with gaps where doors and passages are."""
        gaps = [door.line.buffer(WALL_M, cap_style="flat") for door in self.doors]
        return _thick(self._edges.difference(shapely.union_all(gaps)))

    @cached_property
    def _edges(self) -> BaseGeometry:
        built = [one.outline.boundary for one in self.spaces if one.kind != "outdoor"]
        return shapely.union_all(built)

    @cached_property
    def _between_rooms(self) -> BaseGeometry:
        """Walls as if there were no doors in them."""
        passages = [one.line for one in self.doors if one.kind == "open"]
        gaps = [line.buffer(WALL_M, cap_style="flat") for line in passages]
        return _thick(self._edges.difference(shapely.union_all(gaps)))

    @cached_property
    def whole_walls(self) -> list[Polygon]:
        """Each wall from corner to corner, doors in it or not; passages end it."""
        passages = [one.line.buffer(WALL_M, cap_style="flat") for one in self.passages]
        lines = shapely.line_merge(self._edges.difference(shapely.union_all(passages)))
        sides = [
            LineString(ends)
            for line in shapely.get_parts(lines)
            for ends in pairwise(line.simplify(0.01).coords)
        ]
        return [side.buffer(WALL_M / 2, cap_style="square") for side in sides]

    def inside(self, space: Space) -> Polygon:
        """A room between the faces of its walls, up to the middle of passages."""
        parts = shapely.get_parts(space.outline.difference(self._between_rooms))
        return max((one for one in parts if isinstance(one, Polygon)), key=lambda one: one.area)

    @property
    def rooms(self) -> Iterator[Space]:
        """What people can be in."""
        yield from (one for one in self.spaces if one.kind != "closed")


def storeys(hospital: Hospital) -> Iterator[Storey]:
    for level in hospital.levels:
        near = {
            other.id
            for other in hospital.levels
            if other.building == level.building
            and abs(other.elevation_m - level.elevation_m) < TALL_M
        }
        yield Storey(
            level,
            hospital.buildings[level.building]["zh-Hans"],
            tuple(one for one in hospital.spaces if one.level == level.id),
            tuple(one for one in hospital.doors if one.level == level.id),
            tuple(one for one in hospital.doors if one.kind == "open" and one.level in near),
        )


def name_of(space: Space, language: str) -> str:
    """What is written in it."""
    unnamed = read_json("drawn.json")["unnamed"]
    return space.names.get(language) or str(unnamed[space.kind][language])


def texts_of(space: Space, language: str) -> list[str]:
    """Its number, if it has one, and its name."""
    return [*filter(None, (space.ref, name_of(space, language)))]


def _thick(lines: BaseGeometry) -> BaseGeometry:
    merged = shapely.line_merge(lines)
    return (
        merged.buffer(WALL_M / 2, cap_style="flat", join_style="mitre")
        .buffer(0.001, join_style="mitre")
        .buffer(-0.001, join_style="mitre")
    )


def frame(hospital: Hospital) -> tuple[float, float, float, float]:
    """The box around all storeys, with 5 m of paper around it."""
    left, low, right, high = shapely.total_bounds([one.outline for one in hospital.spaces])
    return float(left) - 5, float(low) - 5, float(right) + 5, float(high) + 5
