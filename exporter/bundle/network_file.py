"""The network file: doors, nodes and edges of all levels.

Anything that follows from a rule is not stored: edges through doors and into cabins, lengths, and
the nodes at doors except for their offset. `docs/bundle-format.md` has the rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exporter.bundle.columns import deltas, runs, sparse
from exporter.bundle.said_names import name_table, said_name
from navkit.guide import Guide
from navkit.network.network import Kind, Network
from navkit.plan.kinds import kinds
from navkit.venue.venue import Connector

SPACE_KINDS = tuple(kinds()["spaces"])
DOOR_KINDS = tuple(kinds()["doors"])
ACCESS = tuple(kinds()["access"])


def network_file(guide: Guide, languages: Sequence[str]) -> dict[str, Any]:
    """The network of a venue and its connectors."""
    venue, network = guide.venue, guide.network
    speakers = [venue.speaker(language) for language in languages]
    number = {space.id: i for i, space in enumerate(venue.spaces)}
    types: dict[tuple[int, ...], int] = {}
    space_type = [
        types.setdefault(
            (
                SPACE_KINDS.index(space.kind),
                ACCESS.index(space.access),
                tri(space.step_free),
                round((space.slope or 0) * 10000),
            ),
            len(types),
        )
        for space in venue.spaces
    ]
    return {
        "spaces": {
            "per_level": [sum(s.level == v.id for s in venue.spaces) for v in venue.levels],
            "types": [list(row) for row in types],
            "type": space_type,
        },
        "doors": _doors(network, number),
        "nodes": _nodes(network),
        "edges": _space_edges(network),
        "path_nodes": [
            [network.level[n], network.x_cm[n], network.y_cm[n]]
            for n, space in enumerate(network.space_of_node)
            if space < 0
        ],
        "paths": [
            {
                "kind": path.kind,
                "access": ACCESS.index(path.access),
                "step_free": tri(path.step_free),
                "slope": round((path.slope or 0) * 10000),
            }
            for path in venue.paths
        ],
        "path_edges": _whole_edges(network, range(*_path_edges(network))),
        "connectors": [_connector(c, number) for c in venue.connectors],
        "connector_names": name_table(
            [[said_name(c.names, speaker) for speaker in speakers] for c in venue.connectors],
            speakers,
        ),
        "connector_edges": _whole_edges(network, _connector_edges(network)),
    }


def tri(value: bool | None) -> int:
    """0 unknown, 1 yes, 2 no."""
    return 0 if value is None else (1 if value else 2)


def _doors(network: Network, number: Mapping[str, int]) -> dict[str, Any]:
    doors = network.venue.doors
    middles = [(_cm(x), _cm(y)) for x, y in (door.middle for door in doors)]
    half = [(_cm(d.line[1][0] - d.middle[0]), _cm(d.line[1][1] - d.middle[1])) for d in doors]
    offsets = [
        tuple(
            (network.x_cm[n] - x, network.y_cm[n] - y) if n >= 0 else (0, 0)
            for n in network.door_nodes[i]
        )
        for i, (x, y) in enumerate(middles)
    ]
    hours = list(dict.fromkeys(door.hours for door in doors if door.hours.text))
    types: dict[tuple[int, ...], int] = {}
    type_of = []
    for door, across, (near, far) in zip(doors, half, offsets, strict=True):
        row = (
            *across,
            *near,
            *far,
            DOOR_KINDS.index(door.kind),
            _cm(door.width_m or 0),
            ACCESS.index(door.access),
            door.entrance + 2 * door.guessed,
            tri(door.step_free),
            hours.index(door.hours) + 1 if door.hours.text else 0,
        )
        type_of.append(types.setdefault(row, len(types)))
    return {
        "a": deltas([number[door.spaces[0]] for door in doors]),
        "b": deltas([number.get(door.spaces[1], -1) for door in doors]),
        "x": deltas([x for x, _ in middles]),
        "y": deltas([y for _, y in middles]),
        "types": [list(row) for row in types],
        "type": type_of,
        "hours_of_week": [[list(span) for span in one.spans] for one in hours],
        "path_node": sparse(_path_nodes(network), -1),
    }


def _cm(metres: float) -> int:
    return int((metres * 100 + 0.5) // 1)


def _path_nodes(network: Network) -> list[int]:
    """For each door that leads to a drawn path, its node on the path; else -1."""
    first = len(network.venue.spaces)
    nodes = [-1] * len(network.venue.doors)
    for edge, kind in enumerate(network.kind):
        if kind == Kind.DOOR and network.space_of_node[network.b[edge]] < 0:
            nodes[network.thing[edge] - first] = network.b[edge]
    return nodes


def _nodes(network: Network) -> dict[str, Any]:
    """Nodes inside spaces that are not at a door: how many per space, and where."""
    at_doors = {node for pair in network.door_nodes for node in pair}
    inner = [
        node
        for node, space in enumerate(network.space_of_node)
        if space >= 0 and node not in at_doors
    ]
    count = [0] * len(network.venue.spaces)
    for node in inner:
        count[network.space_of_node[node]] += 1
    return {
        "per_space": sparse(count),
        "x": deltas([network.x_cm[node] for node in inner]),
        "y": deltas([network.y_cm[node] for node in inner]),
    }


def _space_edges(network: Network) -> dict[str, Any]:
    """Edges inside spaces, ends counted from the space's first node; none for cabins."""
    count = [0] * len(network.venue.spaces)
    first: dict[int, int] = {}
    for node, space in enumerate(network.space_of_node):
        first.setdefault(space, node)
    a, b, width = [], [], []
    for edge in range(_path_edges(network)[0]):
        space = network.space_of_node[network.a[edge]]
        if network.kind[edge] == Kind.BOARD:
            continue
        count[space] += 1
        a.append(network.a[edge] - first[space])
        b.append(network.b[edge] - network.a[edge])
        width.append(network.width_cm[edge] // 10)
    return {"per_space": sparse(count), "a": deltas(a), "b": b, "width_dm": runs(width)}


def _path_edges(network: Network) -> tuple[int, int]:
    """The range of edge numbers of drawn paths: after spaces, before doors."""
    paths = len(network.things) - len(network.venue.paths)
    numbers = [e for e, thing in enumerate(network.thing) if thing >= paths]
    if numbers:
        return numbers[0], numbers[-1] + 1
    doors = (e for e, kind in enumerate(network.kind) if kind == Kind.DOOR)
    other = (*doors, *_connector_edges(network))
    start = min(other, default=len(network.kind))
    return start, start


def _connector_edges(network: Network) -> list[int]:
    """Edges between the stops of connectors: the last ones."""
    first = len(network.venue.spaces) + len(network.venue.doors)
    last = first + len(network.venue.connectors)
    return [
        edge
        for edge, thing in enumerate(network.thing)
        if first <= thing < last and network.kind[edge] != Kind.BOARD
    ]


def _whole_edges(network: Network, edges: Iterable[int]) -> dict[str, list[int]]:
    """Edges with everything that no rule determines."""
    n, numbers = network, list(edges)
    return {
        "a": deltas([n.a[edge] for edge in numbers]),
        "b": [n.b[edge] - n.a[edge] for edge in numbers],
        "kind": runs([int(n.kind[edge]) for edge in numbers]),
        "thing": deltas([n.thing[edge] for edge in numbers]),
        "length_cm": [n.length_cm[edge] for edge in numbers],
        "width_cm": runs([n.width_cm[edge] for edge in numbers]),
        "rise_cm": [n.rise_cm[edge] for edge in numbers],
        "oneway": runs([n.oneway[edge] for edge in numbers]),
    }


def _connector(connector: Connector, number: Mapping[str, int]) -> dict[str, Any]:
    return {
        "kind": connector.kind,
        "stops": [number[stop] for stop in connector.stops],
        "bank": connector.bank,
        "access": ACCESS.index(connector.access),
        "step_free": tri(connector.step_free),
        "wait_s": list(connector.wait_s) if connector.wait_s else None,
        "floor_s": connector.floor_s,
        "cabin_m": list(connector.cabin_m) if connector.cabin_m else None,
    }


def sides_only(network: Network, spaces: Sequence[int]) -> tuple[int, ...]:
    """The nodes at all doors of some spaces, in the order of spaces, then of doors."""
    by_space: dict[int, list[int]] = {space: [] for space in spaces}
    for pair in network.door_nodes:
        for node in pair:
            if node >= 0 and network.space_of_node[node] in by_space:
                by_space[network.space_of_node[node]].append(node)
    return tuple(node for space in spaces for node in by_space[space])
