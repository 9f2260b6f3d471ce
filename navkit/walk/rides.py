"""What brings a reader to another floor, and out of a door."""

import math
from collections.abc import Iterator

from navkit.venue.venue import Connector
from navkit.walk.floor import through
from navkit.walk.reader import Reading
from navkit.walk.said import Said, heading, spot_of, turned
from navkit.walk.stroll import State

SAME_WAY_DEG = 60
"""Who gets out on the other side goes on as they came in, within this."""

LEFT_M = 4.0
"""The door of a room that one leaves is within this. A guess."""


def ride(reading: Reading, said: Said, up: int) -> None:
    """To the floor that was said, by what was said; then out of whatever door there is."""
    network, account = reading.floors.network, reading.account
    after = _after(reading)
    level = said.slots["level"]
    before = network.level[account.nodes[reading.step.first]]
    levels = network.venue.levels
    rise = levels[level].ordinal - levels[before].ordinal
    if after < 0 or network.level[account.nodes[after]] != level or rise * up <= 0:
        reading.fail(said.kind)
        reading.states = []
        return
    found = list(_exits(reading, said.slots["connector"], level))
    if not found:
        # A shaft on a drawn path: its end is where the line goes on.
        node = account.nodes[after]
        came = account.onward(after)
        found = [State(level, account.point(after), came, node)]
    reading.states = found
    reading.is_out = True
    reading.use_up()


def _after(reading: Reading) -> int:
    """The first node of the step after its last change of level in a row; -1 without one."""
    level, account = reading.floors.network.level, reading.account
    ids = range(reading.step.first, reading.step.last)
    changes = [i for i in ids if level[account.nodes[i]] != level[account.nodes[i + 1]]]
    return changes[-1] + 1 if changes else -1


def _exits(reading: Reading, thing: int, level: int) -> Iterator[State]:
    """Before each door of a shaft on a level, looking out."""
    network = reading.floors.network
    one = network.things[thing]
    if not isinstance(one, Connector):
        return
    for stop in one.stops:
        for door, side in reading.marks.doors_of(stop):
            inside, outside = network.door_nodes[door][side], network.door_nodes[door][1 - side]
            if network.level[inside] != level or outside < 0:
                continue
            if network.level[outside] != level:
                continue
            here = spot_of(network, outside)
            looking = through(network.venue.doors[door], spot_of(network, inside))
            yield State(level, here, looking, outside)


def get_out_through(reading: Reading, said: Said) -> None:
    """Out on the other side than one came in by."""
    came = reading.account.arriving(reading.step.first)
    through_it = [
        state
        for state in reading.states
        if came is not None
        and state.heading is not None
        and abs(turned(came, state.heading)) <= SAME_WAY_DEG
    ]
    if not through_it:
        reading.fail(said.kind)
    reading.states = through_it


def cross(reading: Reading, said: Said) -> None:
    """Over a bridge, out of a building or into one: the way leads on by itself."""
    network, account = reading.floors.network, reading.account
    after = _after(reading)
    if after < 0:
        reading.fail(said.kind)
        return
    if "floor" in said.slots and said.slots["floor"] != network.level[account.nodes[after]]:
        reading.fail(said.kind)
    here, there = account.point(after - 1), account.point(after)
    came = account.arriving(after - 1)
    if math.dist(here, there) > 0.3:
        came = math.atan2(there[1] - here[1], there[0] - here[0])
    if came is None:
        came = account.onward(after)
    level = network.level[account.nodes[after]]
    reading.states = [State(level, there, came, account.nodes[after])]
    reading.use_up()


def leave(reading: Reading, said: Said) -> None:
    """Out of the nearest door that is not behind, unless the reader is out already."""
    if reading.is_out:
        return
    reading.is_out = True
    found = [_outside(reading, state) or state for state in reading.states]
    reading.states = found


def _outside(reading: Reading, state: State) -> State | None:
    network = reading.floors.network
    part = reading.floors.part_at(state.level, state.here)
    if part is None or state.heading is None:
        return None
    near = []
    for leaf in (*part.leaves, *part.doorways):
        apart_m = math.dist(state.here, leaf.front)
        off = abs(turned(state.heading, heading(state.here, leaf.front)))
        if leaf.kind == "shaft" or leaf.beyond < 0 or apart_m > LEFT_M:
            continue
        if off <= 60 or (apart_m < 1.0 and abs(turned(state.heading, leaf.inwards)) <= 100):
            near.append((apart_m, leaf.door, leaf))
    if not near:
        return None
    leaf = min(near, key=lambda one: one[:2])[2]
    here = spot_of(network, leaf.beyond)
    return State(network.level[leaf.beyond], here, leaf.inwards, leaf.beyond)
