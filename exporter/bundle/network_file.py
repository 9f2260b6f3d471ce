"""The network file: doors, nodes and edges of all levels.

Anything that follows from a rule is not stored: edges through doors and into cabins, lengths, and
the nodes at doors except for their offset. `docs/bundle-format.md` has the rules.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from exporter.bundle.columns import deltas, runs, sparse
from exporter.bundle.said_names import name_table, said
from navkit.guide import Guide
from navkit.network.network import SPACE_EDGE, Kind, Network, Thing, passage
from navkit.plan.groups import GROUPS
from navkit.plan.hours import ALWAYS, Hours
from navkit.plan.kinds import kinds
from navkit.venue.naming import connector_called
from navkit.venue.venue import Connector, Door

SPACE_KINDS = tuple(kinds()["spaces"])
DOOR_KINDS = tuple(kinds()["doors"])
ACCESS = tuple(kinds()["access"])


def network_file(guide: Guide, languages: Sequence[str]) -> dict[str, Any]:
    """The network of a venue and its connectors."""
    venue, network = guide.venue, guide.network
    speakers = [venue.speaker(language) for language in languages]
    number = {space.id: i for i, space in enumerate(venue.spaces)}
    hours = _all_hours(network)
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
            **_vestibules(network),
        },
        "doors": _doors(network, number, hours),
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
                **({"steps": path.step_count, "climbs": path.climbs} if path.step_count else {}),
            }
            for path in venue.paths
        ],
        "path_edges": _whole_edges(network, range(*_path_edges(network))),
        "connectors": [_connector(c, number) for c in venue.connectors],
        "connector_names": name_table(
            [
                [said(connector_called(c, speaker)) for speaker in speakers]
                for c in venue.connectors
            ],
            speakers,
        ),
        "connector_edges": _whole_edges(network, _connector_edges(network)),
        **_limits(network, hours),
    }


def _doors_first(network: Network) -> list[Thing]:
    """All things, doors before the others, so that hours of doors keep their numbers."""
    return sorted(network.things, key=lambda thing: not isinstance(thing, Door))


def _all_hours(network: Network) -> tuple[Hours, ...]:
    """All hours that anything has, those of doors first."""
    things = _doors_first(network)
    own = [thing.hours for thing in things]
    others = (
        hours
        for thing in things
        for hours in (*thing.only.values(), *thing.barred.values(), thing.oneway_hours)
    )
    return tuple(one for one in dict.fromkeys((*own, *others)) if one.text)


def _limits(network: Network, hours: Sequence[Hours]) -> dict[str, Any]:
    """What limits the use of things, by rows that many share; nothing if nothing does."""
    number = {one: i + 1 for i, one in enumerate(hours)} | {ALWAYS: 0}
    rows: dict[str, int] = {}
    row_of = []
    for thing in network.things:
        row: dict[str, Any] = {
            "hours": 0 if isinstance(thing, Door) else number[thing.hours],
            "unverified": thing.unverified,
            "only": [[group, number[one]] for group, one in thing.only.items()],
            "barred": [[group, number[one]] for group, one in thing.barred.items()],
            "oneway_hours": number[thing.oneway_hours],
            "passage": passage(thing) if isinstance(thing, Door) else 0,
        }
        row = {name: value for name, value in row.items() if value}
        row_of.append(rows.setdefault(json.dumps(row), len(rows) + 1) if row else 0)
    if not rows:
        return {}
    return {"limits": {"rows": [json.loads(row) for row in rows], "row": sparse(row_of)}}


def groups_of(network: Network) -> tuple[str, ...]:
    """The groups that have ways of their own, or are kept out somewhere, in the order of the
    list."""
    used = {group for thing in network.things for group in (*thing.only, *thing.barred)}
    return tuple(group for group in GROUPS if group in used)


def tri(value: bool | None) -> int:
    """0 unknown, 1 yes, 2 no."""
    return 0 if value is None else (1 if value else 2)


def _doors(network: Network, number: Mapping[str, int], hours: Sequence[Hours]) -> dict[str, Any]:
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
        "hours_text": [one.text for one in hours],
        "path_node": sparse(_path_nodes(network), -1),
    }


def _cm(metres: float) -> int:
    return int((metres * 100 + 0.5) // 1)


def _path_nodes(network: Network) -> list[int]:
    """For each door that leads to a drawn path, its node on the path; else -1."""
    first = len(network.venue.spaces)
    nodes = [-1] * len(network.venue.doors)
    for edge, kind in enumerate(network.kind):
        door = network.thing[edge] - first
        if kind == Kind.DOOR and network.venue.doors[door].path:
            nodes[door] = network.b[edge]
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
    a, b, width, oneway = [], [], [], []
    for edge in range(_path_edges(network)[0]):
        space = network.space_of_node[network.a[edge]]
        if network.kind[edge] == Kind.BOARD:
            continue
        count[space] += 1
        a.append(network.a[edge] - first[space])
        b.append(network.b[edge] - network.a[edge])
        width.append(network.width_cm[edge] // 10)
        oneway.append(network.oneway[edge])
    return {
        "per_space": sparse(count),
        "a": deltas(a),
        "b": b,
        "width_dm": runs(width),
        **({"oneway": sparse(oneway)} if any(oneway) else {}),
    }


def _vestibules(network: Network) -> dict[str, list[int]]:
    """Rooms that people pass through, with edges of a corridor; nothing if there are none."""
    spaces = len(network.venue.spaces)
    found = {
        thing
        for thing, kind in zip(network.thing, network.kind, strict=True)
        if kind == Kind.CORRIDOR
        and thing < spaces
        and SPACE_EDGE[network.venue.spaces[thing].kind] == Kind.ROOM
    }
    return {"vestibules": deltas(sorted(found))} if found else {}


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


def at_doors(network: Network) -> Mapping[int, Sequence[int]]:
    """By space, the nodes at its doors, in the order of doors. Spaces without doors are absent."""
    by_space: dict[int, list[int]] = {}
    for pair in network.door_nodes:
        for node in pair:
            if node >= 0:
                by_space.setdefault(network.space_of_node[node], []).append(node)
    return by_space
