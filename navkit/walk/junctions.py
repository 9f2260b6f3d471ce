"""What "the crossroads" and "the T-junction" mean to a reader who sees walls and openings only."""

from collections.abc import Iterator, Sequence

from navkit.walk.reader import Reached, Reading, Where, reached
from navkit.walk.stroll import Opening, State, Stroll

OPPOSITE_M = 3.0
"""Two ways off are one junction if their middles are no farther apart than this. A guess."""

GOES_ON_M = 6.0
"""Where the floor goes on for this, there is a way straight on. A guess."""

ENDS_M = 5.0
"""Where it goes on no farther than this, there is none. A guess."""


READINGS = (("way",), ("way", "bay"))
"""Some take an alcove for a way, and some do not: both readings have to be right."""


def at_junction(*, goes_on: bool) -> Where:
    """The first spot with a way on both sides, where the floor goes straight on (a crossroads) or
    ends (a T-junction). Who looks for one of them passes all that looks otherwise."""

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        found: list[Reached] = []
        for looks in READINGS:
            pairs = (pair for pair in _pairs(stroll, looks) if _is_so(stroll, pair, goes_on))
            first = next(pairs, None)
            if first is not None:
                mine = first[1 if side > 0 else 0]
                found += reached(reading, state, stroll, [mine], mine.walked_m)
        return found

    return where


def _is_so(stroll: Stroll, pair: tuple[Opening, Opening], goes_on: bool) -> bool:
    """Whether there is a way straight on, or none, between two ways off."""
    glance = stroll.at((pair[0].walked_m + pair[1].walked_m) / 2)
    if glance.part is None:
        return False
    free_m = float(glance.part.look(glance.here, [glance.heading])[0])
    return free_m >= GOES_ON_M if goes_on else free_m <= ENDS_M


def _pairs(stroll: Stroll, looks: Sequence[str]) -> Iterator[tuple[Opening, Opening]]:
    """Ways off on both sides, in the order of walking; not those beside which the walk begins."""
    found = [one for one in stroll.openings if one.looks in looks and one.walked_m > 1.0]
    pairs = [
        (left, right)
        for left in found
        for right in found
        if left.side < 0 < right.side and abs(left.walked_m - right.walked_m) <= OPPOSITE_M
    ]
    yield from sorted(pairs, key=lambda pair: pair[0].walked_m + pair[1].walked_m)
