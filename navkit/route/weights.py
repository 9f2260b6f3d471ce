"""Time and cost of each edge for one profile at one moment, in whole milliseconds.

Forbidden is a filter (`BLOCKED`), disliked is a factor on cost; times are reported
unweighted. Every figure is computed in the order written here, in JavaScript too, and rounded
half up, so that both sides get the same integers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from navkit.network.network import Kind, Network, Thing
from navkit.plan.hours import local_minute
from navkit.route.access import barred
from navkit.route.limits import Limited
from navkit.route.profiles import Profile
from navkit.venue.venue import Closure, Connector, Door, DrawnPath, Space
from navkit.words.findings import NavkitError

BLOCKED = 2**40
"""More milliseconds than any walk takes; sums of a few thousand stay exact in a double."""

KIND_NAMES = tuple(kind.name.lower() for kind in Kind)


@dataclass(frozen=True)
class Moment:
    """When somebody sets out, and what is closed then."""

    minute: int | None = None
    """Local minutes since 1970; None: the time is unknown, and hours are ignored."""
    closed: frozenset[str] = frozenset()
    """Ids of doors, connectors, spaces and paths, and ``edge:N``."""

    @property
    def hour(self) -> int:
        """Hour of day, -1 if the time is unknown."""
        return -1 if self.minute is None else self.minute // 60 % 24


def moment(closures: Sequence[Closure], depart: str = "", closed: Sequence[str] = ()) -> Moment:
    """The moment of a departure (local ``YYYY-MM-DDTHH:MM``, or empty: unknown).

    Closures with a start or an end count only if the time is known and within them.
    """
    try:
        minute = local_minute(depart) if depart else None
    except ValueError:
        raise NavkitError("bad-time", depart) from None
    active = {c.target for c in closures if _applies(c, minute)}
    return Moment(minute, frozenset(active | set(closed)))


def _applies(closure: Closure, minute: int | None) -> bool:
    if minute is None:
        return not closure.start and not closure.end
    return (not closure.start or local_minute(closure.start) <= minute) and (
        not closure.end or minute < local_minute(closure.end)
    )


@dataclass(frozen=True, eq=False)
class Weights:
    """For each edge in each direction: index ``2 * edge`` is a to b, ``2 * edge + 1`` back."""

    cost_ms: tuple[int, ...]
    duration_ms: tuple[int, ...]
    """Real time, also for forbidden edges."""
    reason: tuple[str, ...]
    """The rule that forbids it; empty if none does."""


def weigh(network: Network, profile: Profile, at: Moment) -> Weights:
    """Cost and time of every edge of the network."""
    closed_things = {i for i, thing in enumerate(network.things) if thing.id in at.closed}
    shut = [space in closed_things for space in network.space_of_node]
    bars = barred(network, profile.access)
    limits = Limited(network, profile, at.minute)
    cost_ms: list[int] = []
    duration_ms: list[int] = []
    reasons: list[str] = []
    for edge in range(len(network.a)):
        rule = _forbidden(network, edge, profile)
        is_closed = network.thing[edge] in closed_things or f"edge:{edge}" in at.closed
        factor = profile.factors.get(KIND_NAMES[network.kind[edge]], 1.0)
        for back in (False, True):
            start, end = network.ends(2 * edge + back)
            is_against = limits.is_against(2 * edge + back)
            reason = "oneway" if is_against else rule or limits.reason(2 * edge + back)
            # People may leave a closed room, by its doors too, but not enter it.
            if not reason and (is_closed or (shut[end] and not shut[start])):
                reason = "closed"
            # Last: people who ask at a door are let in if only that rule keeps them out.
            if not reason and bars.stops(network, 2 * edge + back):
                reason = "access"
            duration_s = _duration_s(network, edge, profile, at.hour, back)
            duration_ms.append(max(1, math.floor(duration_s * 1000 + 0.5)))
            cost_ms.append(
                BLOCKED if reason else max(1, math.floor(duration_s * factor * 1000 + 0.5))
            )
            reasons.append(reason)
    return Weights(tuple(cost_ms), tuple(duration_ms), tuple(reasons))


def stopping_thing(network: Network, dart: int, reason: str, profile: Profile, at: Moment) -> Thing:
    """What it is that forbids a dart for a reason: its thing, or the space that it enters."""
    if reason == "closed":
        return _closed_thing(network, dart >> 1, at)
    number = Limited(network, profile, at.minute).thing_at(dart)
    if reason in ("hours", "group") and number >= 0:
        return network.things[number]
    return network.things[network.thing[dart >> 1]]


def _closed_thing(network: Network, edge: int, at: Moment) -> Thing:
    """What is closed if an edge is forbidden for that: its thing, or the room it leads into."""
    thing = network.things[network.thing[edge]]
    if thing.id in at.closed or f"edge:{edge}" in at.closed:
        return thing
    spaces = (network.space_of_node[node] for node in (network.a[edge], network.b[edge]))
    ends = [network.venue.spaces[space] for space in spaces if space >= 0]
    return next((space for space in ends if space.id in at.closed), thing)


def _forbidden(network: Network, edge: int, profile: Profile) -> str:
    """The first rule that forbids an edge in both directions, as the word for the reason."""
    thing = network.things[network.thing[edge]]
    kind = network.kind[edge]
    width_m = network.width_cm[edge] / 100
    if KIND_NAMES[kind] in profile.forbidden:
        return KIND_NAMES[kind]
    if profile.step_free and thing.step_free is False:
        return "steps"
    if isinstance(thing, Door):
        if thing.kind in profile.forbidden_doors:
            return "door-kind"
        if 0 < width_m < profile.min_door_m:
            return "narrow-door"
    elif isinstance(thing, Space | DrawnPath):
        if 0 < width_m < profile.min_passage_m:
            return "narrow-passage"
        if (thing.slope or 0) > profile.max_slope:
            return "slope"
    elif isinstance(thing, Connector) and thing.cabin_m:
        (width, depth), (min_width, min_depth) = thing.cabin_m, profile.min_cabin_m
        if width < min_width or depth < min_depth:
            return "small-cabin"
    return ""


def _duration_s(network: Network, edge: int, profile: Profile, hour: int, back: bool) -> float:
    kind = network.kind[edge]
    thing = network.things[network.thing[edge]]
    walking_s = network.length_cm[edge] / 100 / profile.speed_mps
    rise_m = network.rise_cm[edge] / 100 * (-1 if back else 1)
    if kind == Kind.DOOR:
        assert isinstance(thing, Door)
        return walking_s + profile.door_s[thing.kind]
    if kind == Kind.STAIRS:
        climb_s = rise_m * profile.stairs_up_s_per_m
        return max(walking_s, climb_s if rise_m > 0 else -rise_m * profile.stairs_down_s_per_m)
    if kind == Kind.ESCALATOR:
        return abs(rise_m) * profile.escalator_s_per_m
    if kind == Kind.BOARD:
        return walking_s + (0.0 if back else _wait_s(thing, profile, hour))
    if kind == Kind.RIDE:
        assert isinstance(thing, Connector)
        floor_s = profile.lift_floor_s if thing.floor_s is None else thing.floor_s
        return network.floors_c(edge) / 100 * floor_s
    return walking_s


def _wait_s(thing: object, profile: Profile, hour: int) -> float:
    """Mean wait for a lift: by hour of day if the hospital gives 24, else their mean."""
    wait_s = thing.wait_s if isinstance(thing, Connector) else None
    if not wait_s:
        return profile.lift_wait_s
    if hour >= 0:
        return wait_s[hour % len(wait_s)]
    total_s = 0.0
    for value in wait_s:
        total_s += value
    return total_s / len(wait_s)
