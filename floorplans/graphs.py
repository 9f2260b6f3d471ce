"""Networks that somebody has drawn: nodes, and edges that name their nodes or nodes that name
their neighbours.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast, get_args

import shapely
from shapely import LineString, Point

from floorplans.classify import classify
from floorplans.collection import Feature
from floorplans.columns import restrictions_of
from floorplans.draft import UNDRAWN, Draft
from floorplans.labels import tagged_names, words
from floorplans.restrictions import Restricted
from floorplans.sheet import Json, as_text
from navkit.plan.plan import PathKind, PlanPath, PlanSpace

LIFT_M = 2.0
"""Side of the square drawn for a lift that is only a node of a network. A guess."""


@dataclass(frozen=True)
class Edge:
    """From node to node, by their ids; `drawn` is None if the nodes name each other."""

    start: str
    end: str
    drawn: Feature | None = None


@dataclass(frozen=True)
class Graph:
    """Nodes by id, and edges whose nodes are all there."""

    nodes: Mapping[str, Feature]
    edges: tuple[Edge, ...]
    lost: tuple[Feature, ...]
    """Edges that name a node which is not there."""

    def uses(self, feature: Feature) -> bool:
        """Whether a feature is one of its nodes, or an edge, even a lost one."""
        return id(feature) in self._used

    @cached_property
    def _used(self) -> frozenset[int]:
        drawn = (edge.drawn for edge in self.edges)
        return frozenset(map(id, (*self.nodes.values(), *drawn, *self.lost)))


def graph_of(features: Iterable[Feature]) -> Graph:
    """The graph in `features`; one without edges if they draw none."""
    features = list(features)
    points = {
        key: feature
        for feature in features
        if feature.drawn is not None and feature.drawn.geom_type == "Point"
        for key in [_node_id(feature)]
        if key
    }
    edges: dict[tuple[str, str], Edge] = {}
    lost: list[Feature] = []
    for feature in features:
        start, end = _ends(feature)
        if {start, end} <= points.keys():
            edges.setdefault((start, end), Edge(start, end, feature))
        elif start and end and (feature.drawn is None or feature.drawn.geom_type == "LineString"):
            lost.append(feature)
    for key, feature in points.items():
        for other in _neighbours(feature):
            if other in points and other != key and (other, key) not in edges:
                edges.setdefault((key, other), Edge(key, other))
    met = {node for pair in edges for node in pair}
    nodes = {key: feature for key, feature in points.items() if key in met}
    return Graph(nodes, tuple(edges.values()), tuple(lost) if edges else ())


def _term(feature: Feature, meaning: str) -> Json:
    lowered = {key.casefold(): value for key, value in feature.properties.items()}
    return next((lowered[key] for key in words()["graph"][meaning] if key in lowered), None)


def _node_id(feature: Feature) -> str:
    return as_text(_term(feature, "id")) or feature.id


def _ends(feature: Feature) -> tuple[str, str]:
    return as_text(_term(feature, "from")), as_text(_term(feature, "to"))


def _neighbours(feature: Feature) -> list[str]:
    said = _term(feature, "neighbours")
    return [text for item in said if (text := as_text(item))] if isinstance(said, list) else []


def is_place(feature: Feature, names: Mapping[str, str]) -> bool:
    """Whether people ask for a node: it has a name, and is no junction, door or the like.

    Its type decides, else the words of its name.
    """
    said = as_text(_term(feature, "type"))
    texts = [said] if said else list(names.values())
    return bool(names) and not any(map(_is_passed, texts))


def is_way_in(feature: Feature) -> bool:
    """Whether a node is called an entrance or an exit by its type."""
    return as_text(_term(feature, "type")).casefold() in words()["graph"]["ways_in"]


def _is_passed(text: str) -> bool:
    known = classify(text)
    folded = text.casefold()
    if any(word in folded for word in words()["graph"]["passed"]):
        return True
    return known is not None and known.kind not in ("room", "outdoor")


def add_paths(
    draft: Draft, graph: Graph, level_of: Mapping[str, str], edges: Sequence[Edge]
) -> None:
    """Add `edges` to `draft` as footways, whole from junction to junction.

    `level_of` gives the level of each node. A lift is no line that people walk: it becomes a
    space at each of its nodes.
    """
    import networkx

    at = {key: _point(draft, node) for key, node in graph.nodes.items()}
    key_at = {(level_of.get(key), point.x, point.y): key for key, point in at.items()}
    rides: networkx.Graph[str] = networkx.Graph()
    lines: dict[tuple[tuple[str, ...], PathKind, Restricted], list[LineString]] = {}
    for edge in edges:
        kind = _kind(edge, graph)
        if kind is None:
            rides.add_edge(edge.start, edge.end)
            continue
        levels = tuple(dict.fromkeys((level_of[edge.start], level_of[edge.end])))
        limits = restrictions_of(edge.drawn, "path") if edge.drawn else Restricted()
        limits.say(draft, f"{edge.start} – {edge.end}")
        lines.setdefault((levels, kind, limits), []).append(_line(draft, edge, at))
    taken: Counter[str] = Counter()
    for (levels, kind, limits), drawn in lines.items():
        for line in _whole(drawn) if len(levels) == 1 and not limits.direction else drawn:
            met = [line.coords[i] for i in _ends_and_middle(line)]
            key = "~".join(key_at.get((levels[0], x, y), "") for x, y, *_ in met)
            taken[key] += 1
            key += f"#{taken[key]}" if taken[key] > 1 else ""
            draft.paths.append(path_of(key, line, levels, kind, limits))
    for nodes in networkx.connected_components(rides):
        _add_lift(draft, {node: (level_of[node], at[node]) for node in sorted(nodes)}, graph)
    draft.say("graph-read", draft.source, edges=str(len(edges)), nodes=str(len(graph.nodes)))


def _add_lift(draft: Draft, stops: Mapping[str, tuple[str, Point]], graph: Graph) -> None:
    """One lift with a space at each of `stops`: the one that is drawn around it, or a square."""
    key = f"lift:{min(stops)}"
    for node, (level, point) in stops.items():
        around = [
            i
            for i, space in enumerate(draft.spaces)
            if space.level == level and space.kind == "elevator" and space.outline.intersects(point)
        ]
        for i in around:
            draft.spaces[i] = replace(draft.spaces[i], connector=draft.spaces[i].connector or key)
        if around:
            continue
        names = tagged_names(graph.nodes[node].properties, words()["properties"]["name"])
        lift = PlanSpace(node, level, UNDRAWN, "elevator", "elevator", names, connector=key)
        half = LIFT_M / 2
        square = shapely.box(point.x - half, point.y - half, point.x + half, point.y + half)
        draft.add_outline(lift, square, graph.nodes[node].where)
        draft.tally("graph-lift-drawn", node)


def path_of(
    key: str, line: LineString, levels: tuple[str, ...], kind: PathKind, limits: Restricted
) -> PlanPath:
    """A drawn way, walked from its first point where it may be walked one way only."""
    backward = limits.direction == "backward"
    return PlanPath(
        key=key,
        points=line.reverse() if backward else line,
        levels=levels[::-1] if backward else levels,
        kind=kind,
        oneway=bool(limits.direction),
        slope=limits.slope,
        width_m=limits.width_m,
        **limits.use,
    )


def _point(draft: Draft, node: Feature) -> Point:
    assert node.drawn is not None
    point = draft.metres(node.drawn)
    assert isinstance(point, Point)
    return point


def _line(draft: Draft, edge: Edge, at: Mapping[str, Point]) -> LineString:
    """As drawn between its nodes, from the first to the second."""
    start, end = at[edge.start], at[edge.end]
    if edge.drawn is None or not edge.drawn.drawn or edge.drawn.drawn.geom_type != "LineString":
        return LineString([start, end])
    corners = [Point(xy[:2]) for xy in draft.metres(edge.drawn.drawn).coords]
    if corners[0].distance(end) + corners[-1].distance(start) < (
        corners[0].distance(start) + corners[-1].distance(end)
    ):
        corners.reverse()
    return LineString([start, *corners[1:-1], end])


def _kind(edge: Edge, graph: Graph) -> PathKind | None:
    """None for a lift."""
    said = as_text(_term(edge.drawn, "type")) if edge.drawn else ""
    kinds = [classify(said)] if said else []
    if not kinds:
        kinds = [classify(as_text(_term(graph.nodes[n], "type"))) for n in (edge.start, edge.end)]
    found = {known.kind if known else "" for known in kinds}
    if found == {"elevator"}:
        return None
    kind = found.pop() if len(found) == 1 else ""
    return cast(PathKind, kind) if kind in get_args(PathKind) else "footway"


def _whole(lines: Sequence[LineString]) -> Iterator[LineString]:
    """Lines that meet at their ends, and no third there, as one: paths meet anywhere on a line."""
    merged = shapely.line_merge(shapely.multilinestrings(lines))
    return (line for line in shapely.get_parts(merged) if isinstance(line, LineString))


def _ends_and_middle(line: LineString) -> list[int]:
    count = len(line.coords)
    return [0, count // 2, count - 1] if count > 2 else [0, 1]
