"""Routes: the darts walked from one spot to another, with their metres and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from navkit.findings import NavkitError
from navkit.hierarchy import Hierarchy, Router, contract
from navkit.lookup import Spot
from navkit.network import Kind, Network
from navkit.profiles import Profile
from navkit.weights import BLOCKED, Moment, Weights, closed_thing, weigh

_ROUTERS_KEPT = 8


class NoRouteError(NavkitError):
    """There is no way; the finding says which rule or closure cut it and what to do."""


@dataclass(frozen=True)
class Route:
    """A walk over the network. Nothing here is text."""

    network: Network
    profile: Profile
    at: Moment
    start: Spot
    goal: Spot
    """The one place that was reached, where several would have done."""
    nodes: tuple[int, ...]
    darts: tuple[int, ...]
    durations_ms: tuple[int, ...]
    """Real time of each dart."""
    cost_ms: int
    """What was least: seconds with dislikes."""
    duration_ms: int
    """Real time."""
    length_cm: int
    unverified: tuple[str, ...] = ()
    """What the profile needs and the drawings do not say, such as ``door-width``."""


class Navigator:
    """Finds routes in one network; keeps what it computed for recent profiles and moments."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._kept: dict[tuple[str, int, int, frozenset[str]], tuple[Weights, Router]] = {}

    @cached_property
    def hierarchy(self) -> Hierarchy:
        return contract(self.network)

    def router(self, profile: Profile, at: Moment) -> tuple[Weights, Router]:
        """Weights and router for a profile at a moment."""
        # Hours of doors change within an hour; waits by the hour: the minute decides both.
        minute = -1 if at.minute is None else at.minute
        key = (profile.id, minute, at.hour, at.closed)
        if key not in self._kept:
            if len(self._kept) >= _ROUTERS_KEPT:
                del self._kept[next(iter(self._kept))]
            weights = weigh(self.network, profile, at)
            self._kept[key] = (weights, Router(self.network, self.hierarchy, weights))
        return self._kept[key]

    def nodes_of(self, spot: Spot) -> tuple[int, ...]:
        """The nodes of a spot, in the order of its places."""
        if spot.anchor >= 0:
            return (self.network.anchor_nodes[spot.anchor],)
        if spot.node >= 0:
            return (spot.node,)
        return tuple(n for place in spot.places for n in self.network.place_nodes[place])

    def find_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route:
        """The least-cost route. `NoRouteError` where there is none, with the reason."""
        route = self.try_route(start, goal, profile, at)
        if route is None:
            raise self._no_route(self.nodes_of(start), self.nodes_of(goal), profile, at)
        return route

    def try_route(self, start: Spot, goal: Spot, profile: Profile, at: Moment) -> Route | None:
        """The least-cost route, None where there is none: finding the reason takes longer."""
        weights, router = self.router(profile, at)
        walk = router.find(self.nodes_of(start), self.nodes_of(goal))
        if walk is None:
            return None
        reached = next((p for p in goal.places if walk.goal in self.network.place_nodes[p]), -1)
        length_cm = duration_ms = 0
        nodes = [walk.start]
        for dart in walk.darts:
            length_cm += self.network.length_cm[dart >> 1]
            duration_ms += weights.duration_ms[dart]
            nodes.append(self.network.a[dart >> 1] if dart & 1 else self.network.b[dart >> 1])
        return Route(
            network=self.network,
            profile=profile,
            at=at,
            start=start,
            goal=Spot((reached,)) if reached >= 0 else goal,
            nodes=tuple(nodes),
            darts=walk.darts,
            durations_ms=tuple(weights.duration_ms[dart] for dart in walk.darts),
            cost_ms=walk.cost_ms,
            duration_ms=duration_ms,
            length_cm=length_cm,
            unverified=_unverified(self.network, walk.darts, profile),
        )

    def _no_route(
        self, starts: Sequence[int], goals: Sequence[int], profile: Profile, at: Moment
    ) -> NoRouteError:
        """Lift the rules one after the other until there is a way: those are the reason."""
        weights, _ = self.router(profile, at)
        groups = sorted({reason for reason in weights.reason if reason}, key=_rule_order)
        for count in range(1, len(groups) + 1):
            lifted = frozenset(groups[:count])
            if not self._hangs_together(starts, goals, weights, lifted):
                continue
            cost_ms = list(weights.cost_ms)
            for edge, reason in enumerate(weights.reason):
                if reason in lifted:
                    cost_ms[2 * edge] = weights.duration_ms[2 * edge]
                    if not self.network.oneway[edge]:
                        cost_ms[2 * edge + 1] = weights.duration_ms[2 * edge + 1]
            opened = Weights(tuple(cost_ms), weights.duration_ms, weights.reason)
            walk = Router(self.network, self.hierarchy, opened).find(starts, goals)
            if walk is not None:
                # Of the rules lifted, those this way really breaks; the first is told.
                broken = [d >> 1 for d in walk.darts if weights.cost_ms[d] == BLOCKED]
                edge = min(broken, key=lambda edge: _rule_order(weights.reason[edge]))
                reason = weights.reason[edge]
                thing = self.network.things[self.network.thing[edge]]
                if reason == "closed":
                    thing = closed_thing(self.network, edge, at)
                return NoRouteError(f"no-route-{reason}", "", thing=thing.id, profile=profile.id)
        return NoRouteError("no-route", "", profile=profile.id)

    def _hangs_together(
        self,
        starts: Sequence[int],
        goals: Sequence[int],
        weights: Weights,
        lifted: frozenset[str],
    ) -> bool:
        """Whether any goal hangs together with a start once some rules are lifted.

        One-way edges count both ways here: this only saves looking for a way in vain.
        """
        network, reached, waiting = self.network, set(starts), list(starts)
        while waiting:
            node = waiting.pop()
            for edge in network.edges_at[node]:
                other = network.other(edge, node)
                reason = weights.reason[edge]
                if other not in reached and (not reason or reason in lifted):
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
"""In the order in which a person would ask: what may open again comes first."""


def _rule_order(reason: str) -> tuple[int, str]:
    return (_RULES.index(reason) if reason in _RULES else len(_RULES), reason)


def _unverified(network: Network, darts: Sequence[int], profile: Profile) -> tuple[str, ...]:
    """What a profile's rules needed to know about this way and no drawing says."""
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
