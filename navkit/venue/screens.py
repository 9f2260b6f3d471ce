"""Walls that end inside a room: nobody walks through these either."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree

from navkit.plan.plan import SHAFTS
from navkit.venue.unwalled import BESIDE_M
from navkit.venue.venue import Space

LEAST_M = 1.0
"""A shorter wall inside a room is a column or a jamb: people walk around it. A guess."""
HALF_M = 0.05
"""Half the thickness of a wall that is drawn as a line."""
NARROW_M = 0.3
"""Nobody passes between walls that are nearer to each other. A guess: less than shoulders."""
LEFT = 0.8
"""Where walls would cut off more than the rest of a room, they are no screens. A guess."""


def around_screens(
    spaces: Sequence[Space], walls: Mapping[str, Sequence[LineString]]
) -> list[Space]:
    """The spaces without walls that stand in them and do not part them."""
    trees = {level: STRtree(list(lines)) for level, lines in walls.items() if lines}
    return [
        _around(space, trees[space.level])
        if space.level in trees and space.kind not in SHAFTS | {"closed"}
        else space
        for space in spaces
    ]


def _around(space: Space, walls: STRtree) -> Space:
    inner = space.outline.buffer(-BESIDE_M)
    near = walls.geometries[walls.query(inner, predicate="intersects")]
    screens = near[shapely.length(shapely.intersection(near, inner)) >= LEAST_M]
    if not len(screens):
        return space
    # Where they meet the walls around the room, these belong to them.
    reach = shapely.union_all(shapely.buffer(screens, NARROW_M))
    ends = shapely.intersection(walls.geometries[walls.query(reach, "intersects")], reach)
    slits = shapely.union_all(shapely.buffer([*screens, *ends], HALF_M, cap_style="square"))
    left = space.outline.difference(slits)
    wide = left.buffer(-NARROW_M / 2, join_style="mitre").buffer(NARROW_M / 2, join_style="mitre")
    gaps = shapely.get_parts(left.difference(wide))
    left = left.difference(shapely.union_all(gaps[shapely.dwithin(gaps, slits, 0.01)]))
    parts = shapely.get_parts(shapely.set_precision(left, 0.001))
    largest = parts[int(np.argmax(shapely.area(parts)))] if len(parts) else None
    if isinstance(largest, Polygon) and largest.area >= LEFT * space.outline.area:
        return replace(space, outline=largest)
    return space
