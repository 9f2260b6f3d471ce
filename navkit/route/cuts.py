"""What stops a profile where people on foot walk on: a narrow door or passage, stairs, a lift.

What a profile reaches falls into pieces, within a part that is whole on foot. Each piece with a
place in it, but for the largest, is cut off by what lies at its edge.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shapely import LineString

from navkit.network.network import Kind, Network, Thing
from navkit.route.pairs import joined
from navkit.route.profiles import Profile
from navkit.route.weights import Weights

CODES = {
    "narrow-door": "door-too-narrow",
    "narrow-passage": "passage-too-narrow",
    "door-kind": "door-revolves",
    "slope": "ramp-too-steep",
    "small-cabin": "cabin-too-small",
    "steps": "only-by-steps",
    "stairs": "only-by-steps",
    "escalator": "only-by-steps",
}
"""The finding for each rule of `weights`. If several rules cut a piece off, the first of this list
is reported: what is drawn or measured wrong most often, and is easiest to mend."""


SAMPLES = 100
"""At so many points of its edge the narrowest place of a passage is looked for."""


@dataclass(frozen=True)
class Cut:
    """What cuts some places off from others, for profiles that it stops alike."""

    code: str
    thing: Thing
    """The widest, if several of one kind stop them."""
    node: int
    """The end of its edge on the side of the places."""
    at: tuple[float, float]
    """x, y in metres: where a passage is narrowest, as far as its edge is drawn; else the node."""
    width_m: float
    """0: unknown, or it is not about width."""
    places: tuple[int, ...]
    """Numbers in the venue."""
    profiles: tuple[str, ...]


def cuts(
    network: Network,
    on_foot: Sequence[int],
    pieces: Mapping[str, Sequence[int]],
    weights: Mapping[str, Weights],
) -> list[Cut]:
    """All cuts; `on_foot` numbers each node's part, `pieces` the same by profile."""
    found: dict[tuple[str, int, tuple[int, ...]], list[tuple[str, int, int]]] = defaultdict(list)
    for key, labels in pieces.items():
        together = _together(network, on_foot, labels, weights[key])
        for (code, thing, _), stopped in together.items():
            places = tuple(sorted({number for places, _, _ in stopped for number in places}))
            _, edge, node = min(stopped, key=lambda stop: (network.width_cm[stop[1]], stop[1]))
            found[code, thing, places].append((key, edge, node))
    return [
        Cut(
            code=code,
            thing=network.things[thing],
            node=stopped[0][2],
            at=_narrowest(network, *stopped[0][1:]),
            width_m=network.width_cm[stopped[0][1]] / 100,
            places=places,
            profiles=tuple(key for key, _, _ in stopped),
        )
        for (code, thing, places), stopped in found.items()
    ]


def _together(
    network: Network, on_foot: Sequence[int], labels: Sequence[int], weights: Weights
) -> Mapping[tuple[str, int, int], list[tuple[tuple[int, ...], int, int]]]:
    """What cuts off which places, with the edge and its node on their side: by code, thing and
    stretch of it, for rooms along one narrow corridor are cut off by one thing."""
    found: dict[tuple[str, int, int], list[tuple[tuple[int, ...], int, int]]] = defaultdict(list)
    stretch = _stretches(network, weights)
    for places, edges in _cut_off(network, on_foot, labels):
        if stop := _stop(network, weights, edges):
            code, edge, node = stop
            found[code, network.thing[edge], stretch[edge]].append((places, edge, node))
    return found


def _stretches(network: Network, weights: Weights) -> dict[int, int]:
    """For each edge that stops the profile, the number of its stretch: edges of one thing that meet
    and stop it by one rule."""
    at: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for edge, ends in enumerate(zip(network.a, network.b, strict=True)):
        if reason := _reason(weights, edge):
            for node in ends:
                at[CODES[reason], network.thing[edge], node].append(edge)
    labels = joined(len(network.a), [(one, edges[0]) for edges in at.values() for one in edges])
    return {edge: labels[edge] for edges in at.values() for edge in edges}


def _reason(weights: Weights, edge: int) -> str:
    """The rule of `CODES` that an edge breaks; else ``""``."""
    reason = weights.reason[2 * edge] or weights.reason[2 * edge + 1]
    return reason if reason in CODES else ""


def _cut_off(
    network: Network, on_foot: Sequence[int], labels: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], list[tuple[int, int]]]]:
    """Each piece that is not the largest of its part: its places, and the edges that leave it, each
    with its node in the piece."""
    places: dict[int, list[int]] = defaultdict(list)
    size = Counter(labels)
    part_of = dict(zip(labels, on_foot, strict=True))
    for number, place in enumerate(network.venue.places):
        own = {labels[node] for node in network.place_nodes[number]}
        if own and place.access == "public":
            places[max(own, key=lambda piece: (size[piece], -piece))].append(number)
    largest: dict[int, int] = {}
    for piece in sorted(places, key=lambda one: (len(places[one]), size[one])):
        largest[part_of[piece]] = piece
    leaving: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
        if labels[a] != labels[b]:
            leaving[labels[a]].append((edge, a, labels[b]))
            leaving[labels[b]].append((edge, b, labels[a]))
    distance = _from_largest(largest.values(), leaving, places.keys())
    for piece, numbers in sorted(places.items()):
        if largest[part_of[piece]] != piece:
            # What leads on, to yet another piece, keeps nobody out of this one.
            yield (
                tuple(numbers),
                [
                    (edge, node)
                    for edge, node, other in leaving[piece]
                    if distance[other] < distance[piece]
                ],
            )


def _from_largest(
    largest: Iterable[int],
    leaving: Mapping[int, Sequence[tuple[int, int, int]]],
    with_places: Collection[int],
) -> dict[int, int]:
    """How many pieces with places lie between each piece and the largest of its part: the cabin of
    a lift, which is a piece where it is too small, is on the way and no way round."""
    distance = dict.fromkeys(largest, 0)
    waiting = deque(distance)
    while waiting:
        piece = waiting.popleft()
        for _, _, other in leaving.get(piece, ()):
            far = distance[piece] + (other in with_places)
            if far < distance.get(other, far + 1):
                distance[other] = far
                (waiting.append if other in with_places else waiting.appendleft)(other)
    return distance


def _narrowest(network: Network, edge: int, node: int) -> tuple[float, float]:
    """Where on its straight edge a passage is narrowest; the node itself elsewhere."""
    ends = [
        (network.x_cm[n] / 100, network.y_cm[n] / 100) for n in (network.a[edge], network.b[edge])
    ]
    space = network.space_of_node[node]
    line = LineString(ends)
    if space < 0 or network.kind[edge] == Kind.DOOR or not line.length:
        return network.x_cm[node] / 100, network.y_cm[node] / 100
    wall = network.venue.spaces[space].outline.boundary
    steps = [line.interpolate(i / SAMPLES, normalized=True) for i in range(SAMPLES + 1)]
    spot = min(steps, key=lambda point: round(wall.distance(point), 2))
    return spot.x, spot.y


def _stop(
    network: Network, weights: Weights, edges: Sequence[tuple[int, int]]
) -> tuple[str, int, int] | None:
    """The finding's code, the edge that stops a profile, and its node in the piece."""
    order = list(CODES)
    ranked = [
        (order.index(reason), -network.width_cm[edge], edge, node)
        for edge, node in edges
        if (reason := _reason(weights, edge))
    ]
    if not ranked:
        return None
    rule, _, edge, node = min(ranked)
    return CODES[order[rule]], edge, node


def stops_staff_only(cut: Cut, profiles: Mapping[str, Profile]) -> bool:
    """Whether a cut concerns only profiles of staff, who know the house and choose another way."""
    return all(profiles[key].access != "public" for key in cut.profiles)
