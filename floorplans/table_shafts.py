"""Lifts and stairs of a typed network: which nodes of neighbouring storeys are one shaft."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast, get_args

from floorplans.classify import classify
from floorplans.labels import words
from floorplans.sheet import Json
from floorplans.storeys import ordinals_of
from navkit.plan.plan import SHAFTS, ConnectorKind

WALKED = "footway"

DRIFT_M = 2.0
"""Stops of one shaft are this near in plan: drawings of two storeys drift. A guess."""
_DEGREE_M = 111_320.0
"""Metres of a degree along a meridian."""


@dataclass(frozen=True)
class Node:
    """A node in metres, or in degrees."""

    id: str
    x: float
    y: float
    floor: str
    """Its storey, as `floorplans.storeys` reads it."""
    posted: str
    """The same as the table has it."""
    building: str
    term: str
    """What it is, in a word that drawings use too."""
    name: str
    ref: str = ""
    unit: str = ""
    """``"m"`` or ``"deg"`` where the headings say so."""
    others: Mapping[str, Json] = field(default_factory=dict)

    @property
    def shaft(self) -> str:
        """The kind of the shaft or ramp that it is a stop of, else empty."""
        known = classify(self.term) if self.term else None
        return known.kind if known and known.kind in get_args(ConnectorKind) else ""

    def beside(self, other: "Node") -> bool:
        """Whether one walks to it without a shaft: a bridge between two buildings is one floor."""
        return self.floor == other.floor

    def apart_m(self, other: "Node") -> float:
        """In plan."""
        if self.unit != "deg":
            return math.hypot(self.x - other.x, self.y - other.y)
        across = math.cos(math.radians(self.y)) * (self.x - other.x)
        return _DEGREE_M * math.hypot(across, self.y - other.y)


@dataclass(frozen=True)
class Edge:
    """From node to node, by their ids."""

    start: str
    end: str
    term: str = ""
    id: str = ""
    others: Mapping[str, Json] = field(default_factory=dict)


def joined(nodes: Mapping[str, Node], edges: Sequence[Edge]) -> list[Edge]:
    """Edges for stops that the table leaves without another storey: to one of the same kind and
    building that is called alike, or at the same spot of a storey next to it. Which stops are
    nearest decides where several fit."""
    import networkx

    whole: networkx.Graph[str] = networkx.Graph()
    whole.add_nodes_from(key for key, node in nodes.items() if node.shaft in SHAFTS)
    whole.add_edges_from((e.start, e.end) for e in edges if e.term and e.term != WALKED)
    lonely = {*alone(nodes, edges)}
    found: list[Edge] = []
    for storeys in _by_storey(nodes).values():
        for number, low in enumerate(storeys):
            for high in storeys[number + 1 :]:
                for one, other in _pairs(low, high, is_next=high is storeys[number + 1]):
                    shaft = networkx.node_connected_component(whole, one.id)
                    above = networkx.node_connected_component(whole, other.id)
                    if _has(shaft, storeys[number + 1 :], nodes) or _has(above, [low], nodes):
                        continue
                    if lonely & {one.id, other.id}:
                        whole.add_edge(one.id, other.id)
                        found.append(Edge(one.id, other.id, one.shaft))
    return found


def alone(nodes: Mapping[str, Node], edges: Sequence[Edge]) -> Iterator[str]:
    """Stops of shafts from which nothing leads to another storey."""
    met = {end for edge in edges if edge.term != WALKED for end in (edge.start, edge.end)}
    return (key for key, node in nodes.items() if node.shaft in SHAFTS and key not in met)


def _has(
    shaft: Iterable[str], storeys: Sequence[Sequence[Node]], nodes: Mapping[str, Node]
) -> bool:
    """Whether a shaft has a stop on one of these storeys already."""
    floors = {node.floor for storey in storeys for node in storey}
    return any(nodes[key].floor in floors for key in shaft)


def _by_storey(nodes: Mapping[str, Node]) -> dict[tuple[str, str], list[list[Node]]]:
    """By kind and building the stops of each storey, the lowest first; a storey without any is
    empty."""
    stops: dict[tuple[str, str], dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for node in nodes.values():
        if node.shaft in SHAFTS:
            stops[node.shaft, node.building][node.floor].append(node)
    found = {}
    for key, floors in stops.items():
        heights = ordinals_of({n.floor for n in nodes.values() if n.building == key[1]})
        known = [floor for floor, height in heights.items() if height is not None]
        found[key] = [floors[f] for f in sorted(known, key=lambda f: cast(float, heights[f]))]
    return found


def _pairs(
    low: Sequence[Node], high: Sequence[Node], *, is_next: bool
) -> Iterator[tuple[Node, Node]]:
    """Stops of two storeys that may be one shaft's: called alike, then the nearest."""
    fits = []
    for one in low:
        for other in high:
            is_called = bool(_called(one) & _called(other))
            apart_m = one.apart_m(other)
            if is_called or (is_next and apart_m <= DRIFT_M):
                fits.append((not is_called, apart_m, one.id, other.id, one, other))
    taken: set[str] = set()
    for *_, one, other in sorted(fits, key=lambda fit: fit[:4]):
        if not taken & {one.id, other.id}:
            taken |= {one.id, other.id}
            yield one, other


def with_one_name(nodes: Mapping[str, Node], edges: Iterable[Edge]) -> dict[str, Node]:
    """All nodes; the stops of a shaft whose names differ by their floor only have one name: nobody
    looks for “Elevator A Floor 2” on floor 3."""
    import networkx

    shafts: networkx.Graph[str] = networkx.Graph()
    for edge in edges:
        if edge.term != WALKED and {edge.start, edge.end} <= nodes.keys():
            shafts.add_edge(edge.start, edge.end)
    named = dict(nodes)
    for stops in networkx.connected_components(shafts):
        names = {_without_floor(nodes[key]) for key in stops}
        if len(names) == 1 and (name := names.pop()):
            named |= {key: replace(nodes[key], name=name) for key in stops}
    return named


def _without_floor(node: Node) -> str:
    """A name without its floor: “Floor 2”, or the label of the floor at the end."""
    label, before = rf"0*{re.escape(node.posted)}", r"[\s,(–-]"
    words_of = "|".join(words()["tables"]["floor_words"])
    for floor in (rf"{before}*(?:{words_of})\s*{label}\)?(?!\w)", rf"{before}+{label}\)?$"):
        bare = re.sub(floor, "", node.name, flags=re.IGNORECASE)
        if bare != node.name:
            return bare
    return node.name


def _called(node: Node) -> set[str]:
    """What tells a shaft from others by its name: without words for what it is, and with or
    without its floor, since “Elevator 2” may be the second one."""
    found = set()
    for text in (node.name.casefold(), _without_floor(node).casefold()):
        for word in words()["tables"]["unsaid"]:
            text = text.replace(word, " ")
        found.add(" ".join(re.findall(r"[^\W_]+", text)))
    return found - {""}
