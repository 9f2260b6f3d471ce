"""Where a walker may not go: spaces, doors, shafts and paths that are not for them.

A door's own access does not count if the space behind it is not for the walker. Leaving such a
space is always allowed: people who are in it by mistake, or were taken there, are guided out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from navkit.network.network import Network


@dataclass(frozen=True)
class Barred:
    """What is barred to one kind of walker; see `barred`."""

    node: tuple[bool, ...]
    """Whether a node is in a space, or on a path, that the walker may not enter."""
    thing: tuple[bool, ...]
    """Whether a space, door, connector or path is not for the walker."""

    def stops(self, network: Network, dart: int) -> bool:
        """Whether the walker may not take a dart: it enters what is barred, or uses it.

        Within a barred space only people who started there may walk.
        """
        start, end = network.ends(dart)
        if self.node[end]:
            return not self.node[start] or (
                network.space_of_node[start] != network.space_of_node[end]
            )
        return not self.node[start] and self.thing[network.thing[dart >> 1]]


def barred(network: Network, access: str) -> Barred:
    """What is barred to a walker of `access`: `public`, or `staff` for those who may pass too."""
    thing = tuple(one.access not in ("public", access) for one in network.things)
    node = [space >= 0 and thing[space] for space in network.space_of_node]
    for number, edges in enumerate(network.edges_at):
        if network.space_of_node[number] < 0:
            node[number] = all(thing[network.thing[edge]] for edge in edges)
    return Barred(tuple(node), thing)


def open_parts(network: Network, bars: Barred) -> tuple[int, ...]:
    """For each node that can be reached from outside without crossing bars, the number of its part;
    -1 for others.

    Among parts that are connected only across bars, those with an entrance are open; if none of
    them has one, the part with the most nodes, the first of several.
    """
    free, whole = _Parts(len(network.level)), _Parts(len(network.level))
    for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
        whole.join(a, b)
        if not any(bars.stops(network, dart) for dart in (2 * edge, 2 * edge + 1)):
            free.join(a, b)
    first_door = len(network.venue.spaces)
    entered = {
        free.of(node)
        for number, door in enumerate(network.venue.doors)
        if door.entrance and not bars.thing[first_door + number]
        for node in network.door_nodes[number]
        if node >= 0 and not bars.node[node]
    }
    size: dict[int, int] = {}
    for node, is_barred in enumerate(bars.node):
        if not is_barred:
            size[free.of(node)] = size.get(free.of(node), 0) + 1
    largest: dict[int, int] = {}
    for part in sorted(size):
        rank = (part in entered, size[part])
        best = largest.get(whole.of(part))
        if best is None or rank > (best in entered, size[best]):
            largest[whole.of(part)] = part
    chosen = entered | set(largest.values())
    return tuple(
        free.of(node) if not is_barred and free.of(node) in chosen else -1
        for node, is_barred in enumerate(bars.node)
    )


class _Parts:
    """Disjoint sets of numbers; a set is named by its smallest."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, number: int) -> int:
        above: Sequence[int] = self._above
        while above[number] != number:
            self._above[number] = above[above[number]]
            number = above[number]
        return number

    def join(self, a: int, b: int) -> None:
        low, high = sorted((self.of(a), self.of(b)))
        self._above[high] = low
