"""A plan whose geometry is moved: laid into another frame, or onto the Earth."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from navkit.plan.plan import Plan

G = TypeVar("G", bound=BaseGeometry)

Move = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Takes points of shape (n, 2), and gives where they are then."""


def moved(plan: Plan, move: Move) -> Plan:
    """All that is drawn in `plan`, moved."""

    def over(drawn: G) -> G:
        return shapely.transform(drawn, lambda xy: move(np.asarray(xy, dtype=float)))

    def line(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in move(np.array(points))) if points else ()

    return replace(
        plan,
        spaces=tuple(
            replace(s, outline=over(s.outline), oneway=line(s.oneway)) for s in plan.spaces
        ),
        doors=tuple(replace(d, line=over(d.line)) for d in plan.doors),
        paths=tuple(replace(p, points=over(p.points)) for p in plan.paths),
        walls=tuple((level, over(wall)) for level, wall in plan.walls),
        floors=tuple((level, over(outline)) for level, outline in plan.floors),
        points=tuple(replace(p, point=over(p.point)) for p in plan.points),
        anchors=tuple(replace(a, point=over(a.point)) for a in plan.anchors),
    )
