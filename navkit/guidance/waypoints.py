"""A long way told in two: straight on at something that cannot be mistaken, and from there anew.

Where nothing says which of several ways a turn means, people can be told something on the way
there first: a door that they pass, or a crossroads. From it on they count again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from navkit.guidance.beside import Beside
from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.foresight import Foresight


@dataclass(frozen=True)
class Waypoint:
    """Where one goes straight on, and what is there."""

    at: int
    """The node of the route."""
    cue: Cue


def waypoint(beside: Beside, ahead: Foresight, is_sure: Callable[[int], bool]) -> Waypoint | None:
    """The first waypoint from which the turn is sure: a door, the nearest to the turn first; else
    the first crossroads. None if there is no such thing. No side is named: nobody is to hear "left"
    who goes straight on."""
    some = [*_doors(beside, ahead), *_crossroads(ahead)]
    return next((one for one in some if is_sure(one.at)), None)


def _between(ahead: Foresight) -> Iterator[int]:
    """The nodes of the route on the way to the turn, the nearest to it first: neither at its
    beginning nor at the turn, nor where who walks straight on may have gone astray."""
    line, by = ahead.line, ahead.rules
    for i in range(ahead.turn.at - 1, ahead.since, -1):
        walked_cm = line.length_cm(ahead.since, i)
        is_between = by.soon_cm < walked_cm <= by.waypoint_far_cm
        is_between = is_between and ahead.turn_cm - walked_cm > by.one_turn_cm
        if is_between and ahead.keeps_on(i):
            yield i


def _doors(beside: Beside, ahead: Foresight) -> Iterator[Waypoint]:
    for i in _between(ahead):
        for place in beside.places_beside(i):
            if ahead.passes(i, place):
                yield Waypoint(i, Cue(CueKind.AT_PLACE, {"place": place}))


def _crossroads(ahead: Foresight) -> Iterator[Waypoint]:
    for i in _between(ahead):
        if ahead.crosses(i):
            yield Waypoint(i, Cue(CueKind.AT_CROSSROADS))
