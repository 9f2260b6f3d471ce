"""Where somebody may not go: spaces, doors, shafts and paths that are not for them.

What a door says does not count where the space behind it is not for the walker. Out of such a
space one may always go: who is in it by mistake, or was led there, is led out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from navkit.network.network import Network


@dataclass(frozen=True)
class Barred:
    """What is barred to one kind of walker; see `barred`."""

    node: tuple[bool, ...]
    """Whether a node stands in a space, or on a path, that the walker may not enter."""
    thing: tuple[bool, ...]
    """Whether a space, door, connector or path is not for the walker."""

    def stops(self, network: Network, dart: int) -> bool:
        """Whether the walker may not take a dart: it enters what is barred, or uses it.

        Within a space that is barred only they walk who began there.
        """
        start, end = network.ends(dart)
        if self.node[end]:
            return not self.node[start] or (
                network.space_of_node[start] != network.space_of_node[end]
            )
        return not self.node[start] and self.thing[network.thing[dart >> 1]]


def barred(network: Network, access: str) -> Barred:
    """What is barred to a walker of `access`: `public`, or `staff` for who may pass there too."""
    thing = tuple(one.access not in ("public", access) for one in network.things)
    node = [space >= 0 and thing[space] for space in network.space_of_node]
    for number, edges in enumerate(network.edges_at):
        if network.space_of_node[number] < 0:
            node[number] = all(thing[network.thing[edge]] for edge in edges)
    return Barred(tuple(node), thing)


def open_parts(network: Network, bars: Barred) -> tuple[int, ...]:
    """Of each node that one who may not pass bars gets to from outside, the number of its part; -1
    of others.

    Of parts that hang together over bars only, those with an entrance are open; where none of
    them has one, the one with most nodes, of several the first.
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
    """Numbers that hang together; a part is named by its smallest."""

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
