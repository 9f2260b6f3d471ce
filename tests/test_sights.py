"""The floor across which people see."""

from dataclasses import replace

from drawn import parse
from shapely import Polygon

from navkit.guide import Guide
from navkit.venue.join import join

HOUSE = """
    +-------+
    |   A   |
    +---d---+
    |   C   e
    +-------+
    A: room 诊室 | Consulting room
    C: corridor
    e: 正门 | Main entrance
"""


def test_a_corridor_thinner_than_two_walls_is_no_floor() -> None:
    """Drawings hold slivers between outlines that nearly touch."""
    venue = join([parse(HOUSE)])
    corridor = next(space for space in venue.spaces if space.kind == "corridor")
    x0, y0, x1, _ = corridor.outline.bounds
    sliver = replace(
        corridor,
        id="sliver",
        outline=Polygon([(x0, y0 - 0.03), (x1, y0 - 0.03), (x1, y0), (x0, y0)]),
    )
    opening = replace(
        venue.doors[0],
        id="opening",
        kind="open",
        spaces=("sliver", corridor.id),
        line=((x0 + 1, y0), (x0 + 2, y0)),
    )
    cut = replace(venue, spaces=(*venue.spaces, sliver), doors=(*venue.doors, opening))

    guide = Guide(cut)

    assert guide.around is not None
