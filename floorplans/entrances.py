"""Entrances that are drawn as areas or points among the rooms, and are called so only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

AT_M = 0.5
"""An entrance is drawn this near to the wall that it is in. A guess: a thick wall."""
MOST_DOOR_M2 = 12.0
"""A larger area is no door but a room: a gate of an airport, say. A revolving door wide enough for
beds has about 10 m². A guess."""
LEAST_HALL_M = 0.7
"""In an area that is narrower than this nobody stands."""
MOST_BESIDE = 2
"""A door has no more spaces beside it."""


@dataclass(frozen=True)
class Drawn:
    """What lies on a storey, in metres."""

    storey: object
    shape: BaseGeometry
    is_door: bool
    """Whether the drawing says that it is one."""
    is_called: bool
    """Whether it is called an entrance."""


def entrances(drawn: Sequence[Drawn]) -> Iterator[int]:
    """The numbers of those that are the door by which people enter a building.

    They are at the wall of a room, not larger than a door, and no hall: a hall has doors, and
    several spaces beside it.
    """
    for number, one in enumerate(drawn):
        if one.is_door or not one.is_called or one.shape.area > MOST_DOOR_M2:
            continue
        here = [other for other in drawn if other.storey == one.storey and other is not one]
        beside = [
            other
            for other in here
            if other.shape.area and other.shape.boundary.dwithin(one.shape, AT_M)
        ]
        doors = [other for other in here if other.is_door and other.shape.dwithin(one.shape, AT_M)]
        is_thin = _thickness_m(one.shape) < LEAST_HALL_M
        if beside and (is_thin or (not doors and len(beside) <= MOST_BESIDE)):
            yield number


def _thickness_m(shape: BaseGeometry) -> float:
    """The shorter side of the box around a shape, however it is turned."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(shape))
    if len(corners) < 4:
        return 0.0
    return float(np.hypot(*np.diff(corners[:3], axis=0).T).min())
