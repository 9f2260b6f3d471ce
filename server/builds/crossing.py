"""Bridges to other buildings: from a line that staff draw to corrections, from a wall here to a
wall of a floor over there."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from navkit.venue.venue import Space, Venue, name_in
from navkit.words.findings import NavkitError

Change = dict[str, Any]
Point = tuple[float, float]

NEAR_M = 1.0
"""Walls so near to where somebody clicked are meant. A guess."""
ONE_WALL_M = 1.0
"""Two buildings so near each other are joined by a door, without a bridge. A guess: a door counts
that is within 1.5 m of the walls of both its spaces."""
WIDE_M = 2.4
"""How wide a bridge is drawn on which nobody has said more. A guess: two beds pass."""


def bridge(
    here: Venue, house: Venue, level: str, ends: Sequence[Point], to: str, new: str
) -> list[Change]:
    """The corrections that lead from a floor, as it is `here`, to the floor `to` of another
    building: a door in the wall that both share; else a corridor on this floor, with the id `new`,
    and a door at each of its ends.

    `NavkitError` if there is no wall at an end, or the floor is not in another building.
    """
    floor, other = house.level_by_id.get(level), house.level_by_id.get(to)
    if floor is None or other is None or floor.building == other.building:
        raise NavkitError("no-such-thing", field="level")
    near = _at_wall(here.spaces, level, ends[0])
    far = _at_wall(house.spaces, to, ends[1])
    line = shapely.LineString(ends)
    if line.length <= ONE_WALL_M:
        middle = line.interpolate(0.5, normalized=True)
        return [_door([near.id, far.id], (middle.x, middle.y))]
    ring = line.buffer(WIDE_M / 2, cap_style="flat").exterior.coords[:-1]
    outline = [[round(x, 3), round(y, 3)] for x, y in ring]
    return [
        {"do": "add-space", "id": new, "level": level, "outline": outline, "kind": "corridor"},
        _door([near.id, new], ends[0]),
        _door([new, far.id], ends[1]),
    ]


def _door(spaces: list[str], point: Point) -> Change:
    return {"do": "add-door", "spaces": spaces, "point": [round(one, 3) for one in point]}


def _at_wall(spaces: Iterable[Space], level: str, point: Point) -> Space:
    """The space of a level whose wall is nearest to a point."""
    spot = shapely.Point(point)
    apart_m = {
        one.id: (round(one.outline.boundary.distance(spot), 3), one.id, one)
        for one in spaces
        if one.level == level and one.kind != "closed"
    }
    found = min(apart_m.values(), default=None, key=lambda one: one[:2])
    if found is None or found[0] > NEAR_M:
        raise NavkitError("no-wall-here")
    return found[2]


def shown(house: Venue, level: str, language: str) -> list[Mapping[str, Any]]:
    """The doors of a floor that lead to other buildings, as JSON."""
    found: list[Mapping[str, Any]] = []
    for door in house.doors:
        levels = [house.space_by_id[one].level for one in door.spaces if one]
        if level in levels and (others := [one for one in levels if one != level]):
            there = house.level_by_id[others[0]]
            building = name_in(house.building_names.get(there.building, {}), language)
            found.append(
                {
                    "id": door.id,
                    "line": door.line,
                    "to": f"{building or there.building} {there.label}".strip(),
                }
            )
    return found
