"""What is wrong with boards that hang and with stripes on the floor, as staff have entered them."""

from collections import defaultdict
from collections.abc import Iterator

import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from navkit.venue.earlier import nearest, things_of
from navkit.venue.venue import Venue
from navkit.words.findings import Finding

LEEWAY_M = 0.5
"""A board may hang, and a stripe may run, this far inside a wall as it is drawn. A guess."""


def off_the_floor(venue: Venue) -> Iterator[Finding]:
    """Boards that hang outside their space, stripes that leave the floor of their level."""
    for board in venue.boards:
        outline = venue.space_by_id[board.space].outline
        if outline.distance(Point(board.point)) > LEEWAY_M:
            yield Finding("board-outside", board.id, {"space": board.space})
    floors = _floors(venue) if venue.stripes else {}
    for stripe in venue.stripes:
        course = LineString(stripe.course)
        off = course.difference(floors[stripe.level].buffer(LEEWAY_M))
        if course.length == 0 or off.length > LEEWAY_M:
            yield Finding("stripe-outside", stripe.id, {"metres": f"{off.length:.0f}"})


def _floors(venue: Venue) -> dict[str, BaseGeometry]:
    """Where people may walk, by level."""
    outlines: dict[str, list[BaseGeometry]] = defaultdict(list)
    for space in venue.spaces:
        if space.kind != "closed":
            outlines[space.level].append(space.outline)
    return {level.id: shapely.union_all(outlines[level.id]) for level in venue.levels}


def leading_nowhere(venue: Venue) -> Iterator[Finding]:
    """Boards and stripes that lead to something that is not there: nobody is told to follow them
    to it."""
    known = venue.place_by_id.keys() | venue.space_by_id.keys()
    known |= {connector.id for connector in venue.connectors}
    led = [(board.id, goal) for board in venue.boards for goal in board.leads]
    led += [(stripe.id, goal) for stripe in venue.stripes for goal in stripe.leads]
    lost = [(one, goal) for one, goal in led if goal not in known]
    things = things_of(venue) if lost else {}
    for one, goal in lost:
        near = nearest(things, goal, None) or "-"
        yield Finding("board-leads-nowhere", one, {"id": goal, "near": near})
