"""How large a dot of a picture is: as staff say, or as wide as doors usually are."""

from collections.abc import Sequence
from statistics import median

from floorplans.picture_doors import Gap

USUAL_DOOR_M = 1.2
"""What the gap of a door on a wall picture is taken to be wide: of double doors there are many."""


def dot_m(
    said: Sequence[float | None], gaps: Sequence[Sequence[Gap]], factors: Sequence[float]
) -> tuple[float | None, bool]:
    """Metres of a dot of the first floor of a pile, and whether staff have said it.

    `said` is of each floor what a dot of it is, `factors` how many dots of the first floor one of
    its own is. None if there is no door either.
    """
    known = [metres / factor for metres, factor in zip(said, factors, strict=True) if metres]
    if known:
        return median(known), True
    widths = [
        gap.line.length * factor
        for here, factor in zip(gaps, factors, strict=True)
        for gap in here
        if gap.is_door
    ]
    return (USUAL_DOOR_M / median(widths) if widths else None), False
