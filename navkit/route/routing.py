"""Routes: the darts walked from one spot to another, with their metres and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from navkit.network.network import Kind, Network
from navkit.plan.plan import SHAFTS
from navkit.route.access import barred, open_parts
from navkit.route.hierarchy import Hierarchy, Router, Walk, contract
from navkit.route.profiles import Profile
from navkit.route.weights import BLOCKED, Moment, Weights, closed_thing, weigh
from navkit.venue.lookup import Spot
from navkit.words.findings import NavkitError

_ROUTERS_KEPT = 8

_BEHIND = 1000
"""Cost factor of every second behind a door at which the walker has to ask, so that no detour
before it is worth a step behind it. A guess; the longest walks stay below `BLOCKED`."""


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


class Navigator:
    """Finds routes in one network; caches results for recent profiles and moments."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[tuple[str, int, int, frozenset[str], bool], tuple[Weights, Router]] = {}
        self._open: dict[str, tuple[int, ...]] = {}

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return contract(self.network)

    def router(
        self, profile: Profile, at: Moment, *, asking: bool = False
    ) -> tuple[Weights, Router]:
        """Weights and router for a profile at a moment; `asking`: as if the walker were let in."""
        # Hours of doors change within an hour; waits by the hour: the minute decides both.
        minute = -1 if at.minute is None else at.minute
        key = (profile.id, minute, at.hour, at.closed, asking)
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

    def find_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route:
        """The least-cost route. `NoRouteError`, with the reason, if there is none.

        If a public goal is behind a door that is not public, the route ends at that door.
        """
        route = self.try_route(start, goal, profile, at)
        if route is None:
            raise self._no_route(self.nodes_of(start), self.nodes_of(goal), profile, at)
        return route

    def try_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route | None:
        """Like `find_route`, but None if there is none: finding the reason takes longer."""
        weights, router = self.router(profile, at)
        walk, way_in = router.find(self.nodes_of(start), self.nodes_of(goal)), -1
        reached = walk.goal if walk else -1
        if walk is None:
            asked = self._to_the_door(start, goal, profile, at)
            if asked is None:
                return None
            walk, way_in, reached = asked
        place = next((p for p in goal.places if reached in self.network.place_nodes[p]), -1)
        length_cm = duration_ms = cost_ms = 0
        nodes = [walk.start]
        for dart in walk.darts:
            length_cm += self.network.length_cm[dart >> 1]
            duration_ms += weights.duration_ms[dart]
            # Leaving through a door that is not for the walker costs its time.
            is_barred = weights.cost_ms[dart] == BLOCKED
            cost_ms += (weights.duration_ms if is_barred else weights.cost_ms)[dart]
            nodes.append(self.network.ends(dart)[1])
        return Route(
            network=self.network,
            profile=profile,
            at=at,
            start=start,
            goal=Spot((place,)) if place >= 0 else goal,
            nodes=tuple(nodes),
            darts=walk.darts,
            durations_ms=tuple(weights.duration_ms[dart] for dart in walk.darts),
            cost_ms=cost_ms,
            duration_ms=duration_ms,
            length_cm=length_cm,
            unverified=_unverified(self.network, walk.darts, profile),
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
        weights, router = self.router(profile, at, asking=True)
        whole = router.find(self.nodes_of(start), self.nodes_of(listed))
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
                thing = self.network.things[self.network.thing[dart >> 1]]
                if reason == "closed":
                    thing = closed_thing(self.network, dart >> 1, at)
                return NoRouteError(f"no-route-{reason}", "", thing=thing.id, profile=profile.id)
        return NoRouteError("no-route", "", profile=profile.id)

    def _hangs_together(
        self,
        starts: Sequence[int],
        goals: Sequence[int],
        weights: Weights,
        lifted: frozenset[str],
    ) -> bool:
        """Whether any goal is connected with a start once some rules are lifted.

        One-way edges count in both directions here: this only avoids searching in vain.
        """
        network, reached, waiting = self.network, set(starts), list(starts)
        while waiting:
            node = waiting.pop()
            for edge in network.edges_at[node]:
                other = network.other(edge, node)
                rules = (weights.reason[2 * edge], weights.reason[2 * edge + 1])
                if other not in reached and any(not rule or rule in lifted for rule in rules):
                    reached.add(other)
                    waiting.append(other)
        return any(goal in reached for goal in goals)


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
    "access",
)
"""In the order in which a person would ask: rules that may be lifted again come first."""


def _rule_order(reason: str) -> tuple[int, str]:
    return (_RULES.index(reason) if reason in _RULES else len(_RULES), reason)


def _unverified(network: Network, darts: Sequence[int], profile: Profile) -> tuple[str, ...]:
    """What a profile's rules needed to know about this route and no drawing says."""
    missing: set[str] = set()
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
