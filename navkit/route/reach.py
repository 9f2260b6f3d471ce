"""What a venue still needs: who can reach what, and what staff must check."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from navkit.network.network import Kind, Network
from navkit.route.profiles import Profile
from navkit.route.weights import BLOCKED, Moment, weigh
from navkit.words.findings import Finding


@dataclass(frozen=True)
class Review:
    """Figures for places that visitors may ask for, and findings beyond the import's."""

    places: int
    reachable: Mapping[str, int]
    """Places reachable from an entrance, or from the last public door before them, by profile."""
    components: int
    """Connected parts of the network, on foot, that contain a place."""
    findings: tuple[Finding, ...]


def review(network: Network, profiles: Mapping[str, Profile]) -> Review:
    """Walk from every entrance to everything, in every profile."""
    starts = _starts(network)
    findings: list[Finding] = []
    if not any(door.entrance for door in network.venue.doors):
        findings.append(Finding("no-entrance"))
    reached = {key: _reached(network, profile, starts) for key, profile in profiles.items()}
    led_to = {
        key: _reached(network, profile, starts, asking=True) for key, profile in profiles.items()
    }
    numbers = [n for n, place in enumerate(network.venue.places) if place.access == "public"]
    for number in numbers:
        if not _is_reached(network, number, led_to["walk"]):
            place = network.venue.places[number]
            findings.append(Finding("unreachable-place", place.id, {"name": place.names}))
    findings += _narrow_doors(network, profiles, reached)
    whole = _components(network)
    return Review(
        places=len(numbers),
        reachable={
            key: sum(_is_reached(network, n, nodes) for n in numbers)
            for key, nodes in led_to.items()
        },
        components=len({whole[node] for nodes in network.place_nodes for node in nodes}),
        findings=tuple(findings),
    )


def reached_places(network: Network, profiles: Mapping[str, Profile]) -> dict[str, frozenset[str]]:
    """Ids of the public places that are reachable from an entrance, or from the last public door
    before them, by profile."""
    starts = _starts(network)
    found = {}
    for key, profile in profiles.items():
        nodes = _reached(network, profile, starts, asking=True)
        found[key] = frozenset(
            place.id
            for number, place in enumerate(network.venue.places)
            if place.access == "public" and _is_reached(network, number, nodes)
        )
    return found


def _starts(network: Network) -> list[int]:
    """Nodes at the entrances; without any, a node of each building's largest component."""
    entrances = [
        node
        for door, nodes in zip(network.venue.doors, network.door_nodes, strict=True)
        if door.entrance
        for node in nodes
        if node >= 0
    ]
    if entrances:
        return entrances
    component = _components(network)
    sizes: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for nodes in network.place_nodes:
        for node in nodes[:1]:
            building = network.venue.levels[network.level[node]].building
            sizes[building][component[node]] += 1
    largest = {max(count, key=lambda c: (count[c], -c)) for count in sizes.values()}
    first: dict[int, int] = {}
    for node, number in enumerate(component):
        first.setdefault(number, node)
    return [first[number] for number in sorted(largest)]


def _components(network: Network) -> list[int]:
    """The number of each node's component, on foot, nothing forbidden."""
    component = [-1] * len(network.level)
    import networkx as nx

    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(network.level)))
    graph.add_edges_from(zip(network.a, network.b, strict=True))
    for number, nodes in enumerate(nx.connected_components(graph)):
        for node in nodes:
            component[node] = number
    return component


def _reached(
    network: Network, profile: Profile, starts: list[int], *, asking: bool = False
) -> set[int]:
    """Every reachable node; `asking`: also those behind doors where people are let in."""
    weights = weigh(network, profile, Moment())
    reached = set(starts)
    waiting = list(starts)
    while waiting:
        node = waiting.pop()
        for edge in network.edges_at[node]:
            dart = 2 * edge + (network.a[edge] != node)
            other = network.other(edge, node)
            is_passable = weights.cost_ms[dart] < BLOCKED
            if asking and weights.reason[dart] == "access":
                is_passable = True
            if other not in reached and is_passable:
                reached.add(other)
                waiting.append(other)
    return reached


def _is_reached(network: Network, place: int, nodes: set[int]) -> bool:
    return any(node in nodes for node in network.place_nodes[place])


def _narrow_doors(
    network: Network, profiles: Mapping[str, Profile], reached: Mapping[str, set[int]]
) -> list[Finding]:
    """Doors at which a profile stops because they are too narrow: nothing else leads on there."""
    findings = []
    for key, profile in profiles.items():
        if not profile.min_door_m or profile.access != "public":
            continue
        for edge, kind in enumerate(network.kind):
            width_m = network.width_cm[edge] / 100
            if kind != Kind.DOOR or not 0 < width_m < profile.min_door_m:
                continue
            ends = (network.a[edge], network.b[edge])
            inside = [node in reached[key] for node in ends]
            on_foot = all(node in reached["walk"] for node in ends)
            if on_foot and inside.count(True) == 1:
                beyond = ends[inside.index(False)]
                space = network.venue.spaces[network.space_of_node[beyond]]
                door = network.things[network.thing[edge]]
                findings.append(
                    Finding(
                        "door-too-narrow",
                        f"{space.level}, {door.id}",
                        {"place": space.id, "width": f"{width_m:g}", "profile": key},
                    )
                )
    return findings
