"""Which spaces of one level can be reached, from its entrances and from its ways to elsewhere.

For an editor, which has the network of one level only: whether its lifts lead on is known from the
venue that was built last.
"""

from collections import Counter
from collections.abc import Collection, Iterator

from navkit.network.network import Network
from navkit.route.pairs import joined, open_darts
from navkit.route.profiles import Profile
from navkit.route.weights import moment, weigh
from navkit.venue.venue import Venue


def leading_on(venue: Venue, level: str, profile: Profile) -> frozenset[str]:
    """Ids of the spaces of a level from which `profile` comes to another level of `venue`: stops
    of shafts that it may use, and spaces with a door to another level."""
    level_of = {space.id: space.level for space in venue.spaces}
    joins = [c.stops for c in venue.connectors if c.kind not in profile.forbidden]
    joins += [tuple(filter(None, door.spaces)) for door in venue.doors]
    return frozenset(
        one
        for stops in joins
        for one in stops
        if level_of[one] == level and any(level_of[other] != level for other in stops)
    )


def reached(network: Network, profile: Profile, ways: Collection[str] | None) -> frozenset[str]:
    """Ids of the spaces that `profile` reaches from an entrance or from one of the spaces `ways`;
    None if there is neither: those of the largest part that hangs together."""
    venue = network.venue
    weights = weigh(network, profile, moment(()))
    part_of = joined(len(network.level), [*open_darts(network, weights)])
    spaces = {*zip(network.space_of_node, part_of, strict=True)}
    if ways is None:
        starts = {part for part, _ in Counter(part for _, part in spaces).most_common(1)}
    else:
        starts = {part_of[node] for node in _starts(network, ways)}
    return frozenset(venue.spaces[s].id for s, part in spaces if s >= 0 and part in starts)


def is_entered(venue: Venue) -> bool:
    """Whether visitors come in on one of its levels."""
    return any(door.entrance and door.access == "public" for door in venue.doors)


def _starts(network: Network, ways: Collection[str]) -> Iterator[int]:
    for door, nodes in zip(network.venue.doors, network.door_nodes, strict=True):
        if door.entrance and door.access == "public":
            yield from (node for node in nodes if node >= 0)
    for node, space in enumerate(network.space_of_node):
        if space >= 0 and network.venue.spaces[space].id in ways:
            yield node
