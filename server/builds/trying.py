"""A way between two points of a level as it is drawn now, to try it before anything is built."""

from typing import Any

import shapely

from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.weights import moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError

Point = tuple[float, float]

NEAR_M = 2.0
"""Who clicks beside the floor means what is so near. A guess."""


def way(guide: Guide, ends: tuple[Point, Point], profile: str, language: str) -> dict[str, Any]:
    """What a walker is told, and the line that they walk, as JSON; points are `[x, y]` in metres.

    `NavkitError` if a point is on no floor, the profile is unknown, or (`NoRouteError`) nothing
    leads there.
    """
    if profile not in profiles():
        raise NavkitError("form-field", "", field="profile")
    start, goal = (_spot(guide, end) for end in ends)
    network = guide.network
    at = moment(guide.venue.closures, "", ())
    route = guide.navigator.find_route(start, goal, profiles()[profile], at)
    told = guide.tell(route, language)
    line = [(network.x_cm[node] / 100, network.y_cm[node] / 100) for node in route.nodes]
    return {
        "line": [ends[0], *line, ends[1]],
        "overview": told.overview.text,
        "steps": [one.text for one in told.instructions],
    }


def _spot(guide: Guide, at: Point) -> Spot:
    """The places of the room at a point, or else the next point of the way in it."""
    venue, network = guide.venue, guide.network
    number = _space_at(venue, at)
    space = venue.spaces[number].id
    places = tuple(n for n, place in enumerate(venue.places) if space in place.spaces)
    arrived = tuple(n for n in places if network.place_nodes[n])
    if venue.spaces[number].kind == "room" and arrived:
        return Spot(arrived)
    nodes = (n for n, other in enumerate(network.space_of_node) if other == number)
    node = min(nodes, key=lambda n: _apart_cm(guide, n, at), default=-1)
    if node < 0:
        raise NavkitError("nothing-walked-here")
    return Spot(node=node)


def _apart_cm(guide: Guide, node: int, at: Point) -> tuple[float, int]:
    x_cm, y_cm = guide.network.x_cm[node] - 100 * at[0], guide.network.y_cm[node] - 100 * at[1]
    return (round(x_cm * x_cm + y_cm * y_cm), node)


def _space_at(venue: Venue, at: Point) -> int:
    spot = shapely.Point(at)
    near = (
        (round(space.outline.distance(spot), 3), space.outline.area, number)
        for number, space in enumerate(venue.spaces)
        if space.kind != "closed"
    )
    off_m, _, number = min(near, default=(NEAR_M + 1, 0.0, -1))
    if off_m > NEAR_M:
        raise NavkitError("nothing-walked-here")
    return number
