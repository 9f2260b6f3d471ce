"""A venue ready for queries: one call from words to a route, one from a route to sentences.

>>> from pathlib import Path
>>> from navkit import Guide, load, profiles
>>> guide = Guide(load(Path("venue.json")))
>>> route = guide.route("门诊正门", "挂号收费处", profiles()["walk"])
>>> for instruction in guide.tell(route, "en").instructions:
...     print(instruction.text)
Come in by the Main entrance and turn left.
Walk about 10 metres. You have arrived. Registration and Cashier are straight ahead. ...
"""

from collections.abc import Sequence
from functools import cached_property

from navkit.guidance import guidance
from navkit.guidance.landmarks import sights
from navkit.guidance.surroundings import Sights, Surroundings
from navkit.network.network import Network, build
from navkit.route.profiles import Profile
from navkit.route.routing import Navigator, Route
from navkit.route.weights import moment
from navkit.venue import lookup
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError


class Guide:
    """Builds the network of a venue once, then answers queries."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self._first: dict[frozenset[int], Surroundings] = {}

    @cached_property
    def network(self) -> Network:
        return build(self.venue)

    @cached_property
    def navigator(self) -> Navigator:
        return Navigator(self.network)

    @cached_property
    def sights(self) -> Sights:
        return sights(self.network)

    @cached_property
    def around(self) -> Surroundings:
        return Surroundings(self.network, self.sights)

    @cached_property
    def _closable(self) -> frozenset[str]:
        edges = (f"edge:{edge}" for edge in range(len(self.network.a)))
        return frozenset((*(thing.id for thing in self.network.things), *edges))

    def route(
        self,
        start: str,
        goal: str,
        profile: Profile,
        depart: str = "",
        closed: Sequence[str] = (),
    ) -> Route:
        """From and to what somebody typed, leaving at local time `depart` (empty: unknown).

        `NavkitError` if a spot is unknown or ambiguous, a closed id is unknown, or
        (`NoRouteError`) there is no route.
        """
        for target in closed:
            if target not in self._closable:
                raise NavkitError("unknown-closure", target)
        at = moment(self.venue.closures, depart, closed)
        spots = (
            lookup.find(self.venue, start, at.minute),
            lookup.find(self.venue, goal, at.minute),
        )
        return self.navigator.find_route(*spots, profile, at)

    def tell(self, route: Route, language: str) -> guidance.Guidance:
        """The route in words."""
        return guidance.guide(route, self._seen_on(route), language)

    def _seen_on(self, route: Route) -> Surroundings:
        """What people see on the levels of a route, if it is the first that is told, as in a
        command that tells no other; for the next ones all there is, which takes longer."""
        levels = frozenset(self.network.level[node] for node in route.nodes)
        if not self._first and "sights" not in self.__dict__:
            self._first[levels] = Surroundings(self.network, sights(self.network, levels))
        return self._first.get(levels) or self.around
