"""Routes: the darts walked from one spot to another, with their metres and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from weakref import WeakKeyDictionary

from navkit.network.network import Kind, Network
from navkit.plan.plan import SHAFTS
from navkit.route.access import barred, open_parts
from navkit.route.hierarchy import Hierarchy, Router, Walk, contract
from navkit.route.profiles import Profile
from navkit.route.sparing import asks_less, avoiding, unasked
from navkit.route.weights import BLOCKED, Moment, Weights, stopping_thing, weigh
from navkit.venue.lookup import Spot
from navkit.venue.obstacles import obstacle
from navkit.words.findings import NavkitError

_ROUTERS_KEPT = 24

_BEHIND = 1000
"""Cost factor of every second behind a door at which the walker has to ask, so that no detour
before it is worth a step behind it. A guess; the longest walks stay below `BLOCKED`."""


Kept = tuple[Weights, Router]


class NoRouteError(NavkitError):
    """There is no route; the finding says which rule or closure blocks it and what to do."""


@dataclass(frozen=True)
class Route:
    """A walk over the network. Nothing here is text."""

    network: Network
    profile: Profile
    at: Moment
    start: Spot
    goal: Spot
    """The one place that was reached, if several would do."""
    nodes: tuple[int, ...]
    darts: tuple[int, ...]
    durations_ms: tuple[int, ...]
    """Real time of each dart."""
    cost_ms: int
    """The minimised cost: seconds weighted by dislikes."""
    duration_ms: int
    """Real time."""
    length_cm: int
    unverified: tuple[str, ...] = ()
    """What the profile needs to know and the drawings do not say, such as ``door-width``."""
    way_in: int = -1
    """The dart at which the walk ends, if the goal is behind a door that is not for the
    walker; -1 if the walker arrives."""
    alternatives: "tuple[Route, ...]" = ()
    """Quicker ways over what the walker is spared unless they ask for it."""

    @cached_property
    def unasked(self) -> dict[str, float]:
        """What the walker would have to ask for, such as ``stairs``, and how much of it."""
        return unasked(self.network, self.darts, self.profile)

    @cached_property
    def walked_cm(self) -> tuple[int, ...]:
        """How far along the walk each of its nodes is."""
        lengths_cm = (self.network.length_cm[dart >> 1] for dart in self.darts)
        return tuple(accumulate(lengths_cm, initial=0))

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """The kind of each dart's edge."""
        return tuple(self.network.kind[dart >> 1] for dart in self.darts)

    @cached_property
    def spaces(self) -> frozenset[int]:
        """The spaces in which its nodes are, -1 for those on a drawn path."""
        return frozenset(self.network.space_of_node[node] for node in self.nodes)


class Navigator:
    """Finds routes in one network; caches results for recent profiles and moments."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[tuple[str, str, int, int, frozenset[str], bool], Kept] = {}
        self._open: dict[str, tuple[int, ...]] = {}
        self._parts: WeakKeyDictionary[Weights, dict[frozenset[str], tuple[int, ...]]]
        self._parts = WeakKeyDictionary()

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return contract(self.network)

    def router(
        self, profile: Profile, at: Moment, *, asking: bool = False
    ) -> tuple[Weights, Router]:
        """Weights and router for a profile at a moment; `asking`: as if the walker were let in."""
        # Hours change within an hour; waits by the hour: the minute decides both.
        minute = -1 if at.minute is None else at.minute
        key = (profile.id, profile.group, minute, at.hour, at.closed, asking)
        if key not in self._kept:
            weights = self.router(profile, at)[0] if asking else weigh(self.network, profile, at)
            costs = self._asked(weights, profile) if asking else weights
            if len(self._kept) >= _ROUTERS_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (weights, Router(self.network, self.hierarchy, costs))
        return self._kept[key]

    def _asked(self, weights: Weights, profile: Profile) -> Weights:
        """Weights without bars, with which the way behind the last public door is the shortest."""
        part = self.open_parts(profile.access)
        costs = list(weights.cost_ms)
        for dart, reason in enumerate(weights.reason):
            if reason == "access":
                costs[dart] = weights.duration_ms[dart]
            if costs[dart] < BLOCKED and part[self.network.ends(dart)[1]] < 0:
                costs[dart] *= _BEHIND
        return Weights(tuple(costs), weights.duration_ms, weights.reason)

    def open_parts(self, access: str) -> tuple[int, ...]:
        """Parts that a walker of that access can reach from outside; see `access.open_parts`."""
        if access not in self._open:
            self._open[access] = open_parts(self.network, barred(self.network, access))
        return self._open[access]

    def nodes_of(self, spot: Spot) -> tuple[int, ...]:
        """The nodes of a spot, in the order of its places."""
        if spot.anchor >= 0:
            return (self.network.anchor_nodes[spot.anchor],)
        if spot.node >= 0:
            return (spot.node,)
        return tuple(n for place in spot.places for n in self.network.place_nodes[place])

    def walking(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Profile:
        """The profile as that of a group, if nothing is said of groups and the goal, or else the
        start, is for a group alone: who goes to the fever clinic goes as its patients must go."""
        if profile.group or profile.access != "public":
            return profile
        group = self._group_at(goal, at) or self._group_at(start, at)
        return replace(profile, group=group) if group else profile

    def _group_at(self, spot: Spot, at: Moment) -> str:
        """The group for whom alone a spot is: the first that may enter now, else the first."""
        spaces = [self.network.space_of_node[node] for node in self.nodes_of(spot)]
        only = [self.network.venue.spaces[space].only if space >= 0 else {} for space in spaces]
        if not only or not all(only):
            return ""
        minute, calendar = at.minute, self.network.venue.calendar if at.minute is not None else None
        return next(
            (g for g, h in only[0].items() if minute is None or h.is_open(minute, calendar)),
            next(iter(only[0])),
        )

    def find_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route:
        """The least-cost route. `NoRouteError`, with the reason, if there is none.

        If a public goal is behind a door that is not public, the route ends at that door.
        """
        route = self.try_route(start, goal, profile, at)
        if route is None:
            profile = self.walking(start, goal, profile, at)
            raise self._no_route(self.nodes_of(start), self.nodes_of(goal), profile, at)
        return route

    def try_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route | None:
        """Like `find_route`, but None if there is none: finding the reason takes longer."""
        profile = self.walking(start, goal, profile, at)
        route = self._least(start, goal, profile, at, ())
        if route is None or not route.unasked:
            return route
        other = self._least(start, goal, profile, at, tuple(route.unasked))
        if other is None or not asks_less(other.unasked, route.unasked):
            return route
        is_quicker = route.duration_ms < other.duration_ms
        return replace(other, alternatives=(route,) if is_quicker else ())

    def _least(
        self, start: Spot, goal: Spot, profile: Profile, at: Moment, avoided: Sequence[str]
    ) -> Route | None:
        """The least-cost route among those around what is to be avoided, if there are any."""
        searching = avoiding(profile, avoided) if avoided else profile
        walk, way_in = self.router(searching, at)[1].find(*map(self.nodes_of, (start, goal))), -1
        reached = walk.goal if walk else -1
        if walk is None:
            asked = self._to_the_door(start, goal, searching, at)
            if asked is None:
                return None
            walk, way_in, reached = asked
        weights, _ = self.router(profile, at)
        place = next((p for p in goal.places if reached in self.network.place_nodes[p]), -1)
        heads = self.network.heads
        durations_ms = tuple(weights.duration_ms[dart] for dart in walk.darts)
        costs_ms = (weights.cost_ms[dart] for dart in walk.darts)
        # Leaving through a door that is not for the walker costs its time.
        paid_ms = (
            duration_ms if cost_ms == BLOCKED else cost_ms
            for cost_ms, duration_ms in zip(costs_ms, durations_ms, strict=True)
        )
        return Route(
            network=self.network,
            profile=profile,
            at=at,
            start=start,
            goal=Spot((place,)) if place >= 0 else goal,
            nodes=(walk.start, *(heads[dart] for dart in walk.darts)),
            darts=walk.darts,
            durations_ms=durations_ms,
            cost_ms=sum(paid_ms),
            duration_ms=sum(durations_ms),
            length_cm=sum(self.network.length_cm[dart >> 1] for dart in walk.darts),
            unverified=_unverified(self.network, walk.darts, profile, at, place),
            way_in=way_in,
        )

    def _to_the_door(
        self, start: Spot, goal: Spot, profile: Profile, at: Moment
    ) -> tuple[Walk, int, int] | None:
        """The walk to the last public door before a goal that everybody may ask for: the walk,
        the dart at which it ends (-1: the walk starts in a part with such a door and goes on), and
        the node of the goal. None if there is no such goal or no way to its door, or if something
        other than a door cuts the goal off.
        """
        places = self.network.venue.places
        listed = Spot(tuple(p for p in goal.places if places[p].access == "public"))
        if not listed.places:
            return None
        starts, goals = self.nodes_of(start), self.nodes_of(listed)
        weights, _ = self.router(profile, at)
        if not self._hangs_together(starts, goals, weights, frozenset({"access"})):
            return None
        weights, router = self.router(profile, at, asking=True)
        whole = router.find(starts, goals)
        if whole is None:
            return None
        part = self.open_parts(profile.access)
        for number, dart in enumerate(whole.darts):
            here, there = self.network.ends(dart)
            if weights.cost_ms[dart] < BLOCKED or part[here] < 0 <= part[there]:
                continue
            if part[here] < 0 or part[here] == part[whole.goal]:
                return None
            number = self._before_the_shaft(whole.darts, number)
            dart = whole.darts[number]
            here = self.network.ends(dart)[0]
            return replace(whole, goal=here, darts=whole.darts[:number]), dart, whole.goal
        return whole, -1, whole.goal

    def _before_the_shaft(self, darts: Sequence[int], number: int) -> int:
        """The dart to end at instead of one that leads to a level where the walker may not go:
        nobody is left in a cabin or on a flight."""
        level, spaces = self.network.level, self.network.venue.spaces
        here, there = self.network.ends(darts[number])
        if level[here] == level[there]:
            return number
        space = self.network.space_of_node
        while number and space[here] >= 0 and spaces[space[here]].kind in SHAFTS:
            number -= 1
            here = self.network.ends(darts[number])[0]
        return number

    def _no_route(
        self, starts: Sequence[int], goals: Sequence[int], profile: Profile, at: Moment
    ) -> NoRouteError:
        """Lift the rules one after the other until there is a route: those are the reason."""
        weights, _ = self.router(profile, at)
        groups = sorted({reason for reason in weights.reason if reason}, key=_rule_order)
        for count in range(1, len(groups) + 1):
            lifted = frozenset(groups[:count])
            if not self._hangs_together(starts, goals, weights, lifted):
                continue
            cost_ms = list(weights.cost_ms)
            for dart, reason in enumerate(weights.reason):
                if reason in lifted:
                    cost_ms[dart] = weights.duration_ms[dart]
            opened = Weights(tuple(cost_ms), weights.duration_ms, weights.reason)
            walk = Router(self.network, self.hierarchy, opened).find(starts, goals)
            if walk is not None:
                # Of the rules lifted, those that this route really breaks; the first is reported.
                broken = [dart for dart in walk.darts if weights.cost_ms[dart] == BLOCKED]
                dart = min(broken, key=lambda dart: _rule_order(weights.reason[dart]))
                reason = weights.reason[dart]
                thing = stopping_thing(self.network, dart, reason, profile, at)
                return NoRouteError(
                    f"no-route-{reason}",
                    "",
                    thing=thing.id,
                    named=obstacle(self.network.venue, thing),
                    profile=profile.id,
                )
        return NoRouteError("no-route", "", profile=profile.id)

    def _hangs_together(
        self,
        starts: Sequence[int],
        goals: Sequence[int],
        weights: Weights,
        lifted: frozenset[str],
    ) -> bool:
        """Whether any goal is connected with a start once some rules are lifted.

        Directions are not looked at here: this only avoids a router that would search in vain.
        """
        parts = self._parts.setdefault(weights, {})
        if lifted not in parts:
            parts[lifted] = _connected(self.network, weights, lifted)
        part = parts[lifted]
        return not {part[node] for node in starts}.isdisjoint(part[node] for node in goals)


def _connected(network: Network, weights: Weights, lifted: frozenset[str]) -> tuple[int, ...]:
    """For each node the number of its part, if an edge joins two nodes that may be walked in any
    direction once some rules are lifted."""
    part = [-1] * len(network.level)
    for first in range(len(part)):
        if part[first] >= 0:
            continue
        part[first], waiting = first, [first]
        while waiting:
            node = waiting.pop()
            for edge in network.edges_at[node]:
                other = network.other(edge, node)
                rules = (weights.reason[2 * edge], weights.reason[2 * edge + 1])
                if part[other] < 0 and any(not rule or rule in lifted for rule in rules):
                    part[other] = first
                    waiting.append(other)
    return tuple(part)


_RULES = (
    "closed",
    "hours",
    "steps",
    "stairs",
    "escalator",
    "slope",
    "narrow-door",
    "narrow-passage",
    "small-cabin",
    "door-kind",
    "group",
    "access",
    "oneway",
)
"""In the order in which a person would ask: rules that may be lifted again come first. Last comes
what can never be: an escalator does not turn round for anybody."""


def _rule_order(reason: str) -> tuple[int, str]:
    return (_RULES.index(reason) if reason in _RULES else len(_RULES), reason)


def _unverified(
    network: Network, darts: Sequence[int], profile: Profile, at: Moment, place: int
) -> tuple[str, ...]:
    """What the rules needed to know about this route, or about the place that it leads to (-1:
    none), and nobody says."""
    missing = {"hours"} if _has_unknown_hours(network, darts, at, place) else set[str]()
    if not profile.min_door_m and not profile.min_cabin_m[0] and profile.max_slope >= 1:
        return tuple(missing)
    for dart in darts:
        edge = dart >> 1
        kind, thing = network.kind[edge], network.things[network.thing[edge]]
        if kind == Kind.DOOR and profile.min_door_m and not network.width_cm[edge]:
            missing.add("door-width")
        if kind == Kind.BOARD and profile.min_cabin_m[0] and not getattr(thing, "cabin_m", None):
            missing.add("cabin")
        if kind == Kind.RAMP and profile.max_slope < 1 and not getattr(thing, "slope", None):
            missing.add("slope")
    return tuple(sorted(missing))


def _has_unknown_hours(network: Network, darts: Sequence[int], at: Moment, place: int) -> bool:
    """Whether anything used, entered or arrived at has hours that are uncertain on that date."""
    if at.minute is None:
        return False
    used = {thing for dart in darts for thing in (network.thing[dart >> 1], network.entered(dart))}
    hours = {network.things[thing].hours for thing in used if thing >= 0}
    if place >= 0:
        hours.add(network.venue.places[place].hours)
    return any(not one.is_known(at.minute, network.venue.calendar) for one in hours if one.text)
