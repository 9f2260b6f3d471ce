"""The whole route at a glance: where the goal is, how long it takes, and what leads from floor to
floor. It comes before the first step, as somebody at the desk would say it."""

import math
from dataclasses import dataclass

from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.line import How, Leg, legs_of
from navkit.guidance.measure import rounded_min
from navkit.guidance.rules import Rules
from navkit.network.network import Network
from navkit.route.routing import Route


@dataclass(frozen=True)
class Stop:
    """A level on the way, by its number, and how people come to it: "" at the start, else a leg's
    `how`. `thing` is the lift or the stairs by its number in the network, -1 if it is none."""

    level: int
    how: How
    thing: int


def stops(route: Route, by: Rules) -> tuple[Stop, ...]:
    """The levels of a route in the order in which they are walked, for a picture of it: none if
    there is only one, and of many only the first ones and the last."""
    legs = legs_of(route) if route.darts else []
    if len(legs) < 2:
        return ()
    level = route.network.level
    found = [Stop(level[route.nodes[0]], "", -1)]
    for leg in legs[:-1]:
        is_shaft = leg.how != "cross"
        found.append(Stop(level[route.nodes[leg.after]], leg.how, leg.thing if is_shaft else -1))
    if len(found) - 1 > by.most_legs:
        return (*found[: by.most_legs], Stop(found[-1].level, "cross", -1))
    return tuple(found)


def overview(route: Route, by: Rules) -> tuple[Cue, ...]:
    """Where it is, about how many minutes, and at most four changes of floor or building."""
    if not route.darts:
        return ()
    changes = [_change(route, leg, by) for leg in legs_of(route) if leg.how]
    if len(changes) > by.most_legs:
        changes = [*changes[: by.most_legs - 1], Cue(CueKind.OVERVIEW_THEN)]
    return (_where(route, is_here=not changes), _minutes(route, by), *changes)


def _where(route: Route, *, is_here: bool) -> Cue:
    goal = route.goal
    level = route.network.level[route.nodes[-1]]
    if goal.anchor >= 0:
        slots = {"anchor": goal.anchor}
        return (
            Cue(CueKind.OVERVIEW_ANCHOR_HERE, slots)
            if is_here
            else Cue(CueKind.OVERVIEW_ANCHOR, {**slots, "floor": level})
        )
    place = goal.places[0]
    if is_here:
        return Cue(CueKind.OVERVIEW_PLACE_HERE, {"place": place})
    return Cue(CueKind.OVERVIEW_PLACE, {"place": place, "floor": level})


def _minutes(route: Route, by: Rules) -> Cue:
    minutes = rounded_min(route.duration_ms)
    if minutes <= 1:
        return Cue(CueKind.OVERVIEW_MINUTE)
    return Cue(CueKind.OVERVIEW_MINUTES, {"minutes": said_min(minutes, by)})


def said_min(minutes: int, by: Rules) -> int:
    """Minutes as they are said: few of them one by one, then in steps, many in coarser ones."""
    if minutes <= by.few_min:
        return minutes
    grain = by.fine_grain_min if minutes < by.many_min else by.coarse_grain_min
    return (minutes + grain // 2) // grain * grain


def _change(route: Route, leg: Leg, by: Rules) -> Cue:
    """A change of floor or building. A bridge on which the floor gets another label says so."""
    cue = transfer(route, leg, by)
    levels, level = route.network.venue.levels, route.network.level
    here, there = (level[route.nodes[node]] for node in (leg.last, leg.after))
    if cue.kind == CueKind.CROSS and levels[here].label != levels[there].label:
        return Cue(CueKind.OVERVIEW_CROSS, {"floor": there})
    return cue


def transfer(route: Route, leg: Leg, by: Rules) -> Cue:
    """Riding, climbing or crossing from a leg to the next level."""
    network = route.network
    levels = network.venue.levels
    before, after = route.nodes[leg.last], route.nodes[leg.after]
    number = network.level[after]
    if leg.how == "cross":
        return _crossing(network, before, after)
    rise = levels[number].ordinal - levels[network.level[before]].ordinal
    floors = math.floor(abs(rise) + 0.5)
    family: str = leg.how
    if family == "stairs" and floors <= 1:
        # Half a floor is not a floor: a few steps.
        family = "stairs-one" if abs(rise) > by.one_floor else "stairs-few"
    slots = {"level": number, "connector": leg.thing, "floors": floors}
    return Cue(kind_of(family, "up" if rise > 0 else "down"), slots)


def _crossing(network: Network, before: int, after: int) -> Cue:
    """Over a bridge to a floor of another building, out of a building or into one."""
    if _is_outside(network, after, before):
        return Cue(CueKind.GO_OUT)
    kind = CueKind.COME_IN if _is_outside(network, before, after) else CueKind.CROSS
    return Cue(kind, {"floor": network.level[after]})


def _is_outside(network: Network, node: int, other: int) -> bool:
    """Whether a node is outdoors, seen from one on another level: in such a space, or on a path
    of a level that is of no building while the other level is of one."""
    space = network.space_of_node[node]
    if space >= 0:
        return network.venue.spaces[space].kind == "outdoor"
    levels = network.venue.levels
    here, there = (levels[network.level[one]].building for one in (node, other))
    return not here and bool(there)
