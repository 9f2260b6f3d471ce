"""What each kind of clause means to somebody who takes it literally: one row a kind.

A kind without a row is not judged, and reported so. A new kind needs a row here; a new way of
meaning something, a function beside those of `reader` and `rides`.
"""

from collections.abc import Callable

from navkit.walk.boards import at_board, at_stripe, passes_board, stays_along
from navkit.walk.floor import through
from navkit.walk.junctions import at_junction
from navkit.walk.marks import Mark
from navkit.walk.reader import (
    LEGIBLE_M,
    SOON_M,
    Check,
    Reading,
    Where,
    arrive,
    at_end,
    at_marks,
    at_metres,
    at_nth,
    back,
    entering,
    face,
    first_opening,
    keep,
    keep_on,
    last_door,
    past,
    seen,
    towards,
    turn,
    within,
)
from navkit.walk.rides import cross, get_out_through, leave, ride
from navkit.walk.said import Said, heading, turned
from navkit.walk.stroll import Glance

Meaning = Callable[[Reading, Said], None]

LEFT, RIGHT, AHEAD = -1, 1, 0

BEFORE_M = 1.0
"""Who is no farther from a turn than this turns, and looks at nothing past it."""

EDGE_ON_DEG = 25
"""A name on a door is not read from a flatter angle. A guess."""


def nothing(reading: Reading, said: Said) -> None:
    """Said to inform: there is nothing to do."""


def spot(make: Callable[[Reading, Said], Where]) -> Meaning:
    """A clause that says where to act."""

    def meaning(reading: Reading, said: Said) -> None:
        reading.where, reading.where_kind = make(reading, said), said.kind

    return meaning


def holds(make: Callable[[Said], Check]) -> Meaning:
    """A clause that must be true of the walk up to the next act."""

    def meaning(reading: Reading, said: Said) -> None:
        reading.checks.append((said.kind, make(said)))

    return meaning


def walked(reading: Reading, said: Said) -> float:
    """The metres as they are said: by 5 up to 50, by 10 beyond."""
    metres = said.slots["cm"] / 100
    grain_m = 5 if metres < 50 else 10
    return max(1, int(metres / grain_m + 0.5)) * grain_m


def distance(reading: Reading, said: Said) -> None:
    """How far to walk."""
    reading.metres = walked(reading, said)


def at_distance(reading: Reading, said: Said) -> None:
    reading.metres = walked(reading, said)
    reading.where, reading.where_kind = at_metres(reading.metres), said.kind


def doors(count: Callable[[Said], int]) -> Meaning:
    def meaning(reading: Reading, said: Said) -> None:
        reading.doors += count(said)

    return meaning


def past_door(reading: Reading, said: Said) -> None:
    reading.doors = max(reading.doors, 1)
    reading.where, reading.where_kind = past(last_door), said.kind


def onward(reading: Reading, said: Said) -> None:
    reading.onward = True


def passing(reading: Reading, said: Said) -> None:
    reading.passing.append(said.slots["place"])


def too_far(reading: Reading, said: Said) -> None:
    """Whoever can read that name before the turn believes to have missed it."""
    marks = reading.marks.of_place(said.slots["place"])
    level = reading.floors.network.level[reading.account.nodes[reading.step.last]]
    for stroll, walked_m in reading.turned_at:
        before = [one for one in stroll.glances if one.walked_m <= walked_m - BEFORE_M]
        if any(is_legible(reading, *one) for one in seen(marks, level, before, LEGIBLE_M)):
            reading.fail(said.kind)


def is_legible(reading: Reading, glance: Glance, mark: Mark) -> bool:
    """Whether a name at a door is not seen edge-on."""
    if mark.door < 0:
        return True
    inwards = through(reading.floors.venue.doors[mark.door], glance.here)
    off = abs(turned(inwards, heading(glance.here, mark.at)))
    return min(off, 180 - off) <= 90 - EDGE_ON_DEG


def unsure(reading: Reading, said: Said) -> None:
    """A door that nobody has verified is mentioned: it is passed without further word."""
    reading.guessed = True


def turning(side: int) -> Meaning:
    return lambda reading, said: turn(reading, said, side)


def keeping(side: int) -> Meaning:
    return lambda reading, said: keep(reading, said, side)


def facing(turn_deg: int) -> Meaning:
    return lambda reading, said: face(reading, said, turn_deg)


def arriving(side: int) -> Meaning:
    return lambda reading, said: arrive(
        reading, said, side, reading.marks.of_place(said.slots["place"])
    )


def arriving_at_code(side: int) -> Meaning:
    return lambda reading, said: arrive(
        reading, said, side, reading.marks.of_anchor(said.slots["anchor"])
    )


def finding(side: int) -> Meaning:
    return lambda reading, said: arrive(
        reading, said, side, reading.marks.of_connector(said.slots["connector"])
    )


def riding(up: int) -> Meaning:
    return lambda reading, said: ride(reading, said, up)


def beside(reading: Reading, said: Said) -> None:
    """The goal is the next door: it must be within a few steps."""
    marks = reading.marks.of_place(said.slots["place"])
    network = reading.floors.network
    start = reading.account.point(reading.step.first)
    level = network.level[reading.account.nodes[reading.step.first]]
    if not any(
        mark.level == level
        and ((mark.at[0] - start[0]) ** 2 + (mark.at[1] - start[1]) ** 2) ** 0.5 < SOON_M
        for mark in marks
    ):
        reading.fail(said.kind)
    reading.arrived = True


def _place_spaces(reading: Reading, said: Said) -> frozenset[int]:
    venue = reading.floors.venue
    wanted = set(venue.places[said.slots["place"]].spaces)
    return frozenset(i for i, space in enumerate(venue.spaces) if space.id in wanted)


def _towards_place(reading: Reading, said: Said) -> None:
    towards(reading, said, reading.marks.of_place(said.slots["place"]))


def _towards_shaft(reading: Reading, said: Said) -> None:
    towards(reading, said, reading.marks.of_connector(said.slots["connector"]))


def _towards_code(reading: Reading, said: Said) -> None:
    towards(reading, said, reading.marks.of_anchor(said.slots["anchor"]))


MEANINGS: dict[str, Meaning] = {
    "start": nothing,
    "start-anchor": nothing,
    "start-entrance": nothing,
    "face-ahead": facing(0),
    "face-left": facing(-90),
    "face-right": facing(90),
    "face-back": facing(180),
    "towards": _towards_place,
    "towards-shaft": _towards_shaft,
    "towards-anchor": _towards_code,
    "leave-room": leave,
    "leave-open": leave,
    "leave-lift": leave,
    "leave-stairs": leave,
    "leave-escalator": leave,
    "leave-ramp": leave,
    "straight": onward,
    "through-any-one": doors(lambda said: 1),
    "through-automatic-one": doors(lambda said: 1),
    "through-any-more": doors(lambda said: said.slots["count"]),
    "through-automatic-more": doors(lambda said: said.slots["count"]),
    "over-steps": nothing,
    "over-step": nothing,
    "over-steps-counted": nothing,
    "over-steps-up": nothing,
    "over-steps-down": nothing,
    "over-ramp": nothing,
    "and-passing": passing,
    "then-passing": passing,
    "on-distance": distance,
    "about-distance": distance,
    "for-distance": distance,
    "go-distance": distance,
    "at-place": spot(lambda r, said: at_marks(r.marks.of_place(said.slots["place"]))),
    "at-entering": spot(
        lambda r, said: entering(r.marks.of_place(said.slots["place"]), _place_spaces(r, said))
    ),
    "at-door": past_door,
    "at-soon": spot(lambda r, said: within(SOON_M, first=True)),
    "at-opening": spot(lambda r, said: past(first_opening)),
    "at-end": spot(lambda r, said: at_end),
    "at-distance": at_distance,
    "at-board": spot(lambda r, said: at_board(said.slots["board"])),
    "on-board": holds(lambda said: passes_board(said.slots["board"])),
    "at-stripe-bend": spot(lambda r, said: at_stripe(said.slots["stripe"], bends=True)),
    "at-stripe-end": spot(lambda r, said: at_stripe(said.slots["stripe"], bends=False)),
    "along-stripe": holds(lambda said: stays_along(said.slots["stripe"])),
    "at-crossroads": spot(lambda r, said: at_junction(goes_on=True)),
    "at-tee": spot(lambda r, said: at_junction(goes_on=False)),
    "at-nth-way-left": spot(lambda r, said: at_nth("way", said.slots["nth"])),
    "at-nth-way-right": spot(lambda r, said: at_nth("way", said.slots["nth"])),
    "at-nth-door-left": spot(lambda r, said: at_nth("door", said.slots["nth"])),
    "at-nth-door-right": spot(lambda r, said: at_nth("door", said.slots["nth"])),
    "turn-left": turning(LEFT),
    "turn-right": turning(RIGHT),
    "turn-back": back,
    "keep-left": keeping(LEFT),
    "fork-left": keeping(LEFT),
    "fork-right": keeping(RIGHT),
    "keep-right": keeping(RIGHT),
    "keep-ahead": keep_on,
    "too-far": too_far,
    "find-left": finding(LEFT),
    "find-right": finding(RIGHT),
    "find-ahead": finding(AHEAD),
    "lift-up": riding(1),
    "lift-down": riding(-1),
    "lift-through": get_out_through,
    "escalator-up": riding(1),
    "escalator-down": riding(-1),
    "ramp-up": riding(1),
    "ramp-down": riding(-1),
    "stairs-up": riding(1),
    "stairs-down": riding(-1),
    "stairs-up-one": riding(1),
    "stairs-down-one": riding(-1),
    "stairs-up-few": riding(1),
    "stairs-down-few": riding(-1),
    "cross": cross,
    "go-out": cross,
    "come-in": cross,
    "arrive-left": arriving(LEFT),
    "arrive-right": arriving(RIGHT),
    "arrive-ahead": arriving(AHEAD),
    "arrive-anchor-left": arriving_at_code(LEFT),
    "arrive-anchor-right": arriving_at_code(RIGHT),
    "arrive-anchor-ahead": arriving_at_code(AHEAD),
    "way-in-left": arriving(LEFT),
    "way-in-right": arriving(RIGHT),
    "way-in-ahead": arriving(AHEAD),
    "next-room": beside,
    "next-open": beside,
    "next-in": beside,
    "next-out": beside,
    "sign": nothing,
    "enter": nothing,
    "ask": nothing,
    "unsure-door": unsure,
    "unsure-doors": unsure,
    "unsure-door-on-way": unsure,
    "near": nothing,
    "unsure-door-again": unsure,
    "unsure-on-way-again": unsure,
    "unsure-limit": nothing,
}
