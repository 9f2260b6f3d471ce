"""OpenStreetMap files, as XML or PBF: nodes, ways and relations with their tags and nothing else.

Authors and timestamps are never read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from floorplans.markup import parse as parse_xml
from floorplans.sheet import Sheet, legible
from navkit.words.findings import Finding, PlanError

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Node:
    id: int
    lon_deg: float
    lat_deg: float
    tags: Tags
    called: str = ""
    """Its id in the drawing, if that is not ``node/`` and its number; so for ways and relations."""

    @property
    def key(self) -> str:
        return self.called or f"node/{self.id}"


@dataclass(frozen=True)
class Way:
    id: int
    nodes: tuple[int, ...]
    """Only nodes that are in the file."""
    tags: Tags
    called: str = ""

    @property
    def key(self) -> str:
        return self.called or f"way/{self.id}"

    @property
    def closed(self) -> bool:
        return len(self.nodes) > 3 and self.nodes[0] == self.nodes[-1]


@dataclass(frozen=True)
class Relation:
    id: int
    members: tuple[tuple[str, int, str], ...]
    """(``"node"``, ``"way"`` or ``"relation"``; id; role)."""
    tags: Tags
    called: str = ""

    @property
    def key(self) -> str:
        return self.called or f"relation/{self.id}"


@dataclass
class OsmData:
    nodes: dict[int, Node] = field(default_factory=dict)
    ways: dict[int, Way] = field(default_factory=dict)
    relations: dict[int, Relation] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def parse(sheet: Sheet) -> OsmData:
    """By content: XML, else PBF. References to nodes that are not in the file are dropped."""
    if not sheet.content.strip():
        raise PlanError("file-empty", sheet.name)
    data = _parse_pbf(sheet) if sheet.suffix.endswith(".pbf") else _parse_xml(sheet)
    if not data.nodes:
        raise PlanError("nothing-drawn", sheet.name)
    missing = 0
    for way in list(data.ways.values()):
        kept = tuple(node for node in way.nodes if node in data.nodes)
        if len(kept) < len(way.nodes):
            missing += 1
            data.ways[way.id] = replace(way, nodes=kept)
    if missing:
        data.findings.append(Finding("osm-nodes-missing", sheet.name, {"count": str(missing)}))
    return data


class _XmlReader:
    def __init__(self, name: str) -> None:
        self.data = OsmData()
        self._name = name
        self._open = ""
        self._attributes: Mapping[str, str] = {}
        self._tags: dict[str, str] = {}
        self._refs: list[int] = []
        self._members: list[tuple[str, int, str]] = []

    def start(self, element: str, attributes: dict[str, str], depth: int) -> None:
        if depth == 1 and element != "osm":
            raise PlanError("not-osm", self._name, root=element[:40])
        if depth == 2:
            self._open, self._attributes = element, attributes
            self._tags, self._refs, self._members = {}, [], []
        elif depth == 3:
            if element == "tag":
                self._tags[attributes.get("k", "")] = legible(attributes.get("v", ""))
            elif element in ("nd", "member"):
                ref = _integer(attributes.get("ref"))
                if ref is not None and element == "nd":
                    self._refs.append(ref)
                elif ref is not None:
                    member = (attributes.get("type", ""), ref, attributes.get("role", ""))
                    self._members.append(member)

    def end(self, _: str, depth: int) -> None:
        if depth != 2 or self._open not in ("node", "way", "relation"):
            return
        attributes, kind = self._attributes, self._open
        if attributes.get("action") == "delete" or attributes.get("visible") == "false":
            return
        name = _integer(attributes.get("id"))
        if name is None:
            where = f"{self._name}, {kind} {attributes.get('id', '-')[:40]}"
            self.data.findings.append(Finding("osm-id-broken", where))
        elif kind == "way":
            self.data.ways[name] = Way(name, tuple(self._refs), self._tags)
        elif kind == "relation":
            self.data.relations[name] = Relation(name, tuple(self._members), self._tags)
        else:
            lon, lat = _degrees(attributes.get("lon"), 180), _degrees(attributes.get("lat"), 90)
            if lon is None or lat is None:
                where = f"{self._name}, node {name}"
                self.data.findings.append(Finding("osm-node-nowhere", where))
            else:
                self.data.nodes[name] = Node(name, lon, lat, self._tags)


def _parse_xml(sheet: Sheet) -> OsmData:
    reader = _XmlReader(sheet.name)
    parse_xml(sheet, reader.start, reader.end)
    return reader.data


def _integer(text: str | None) -> int | None:
    try:
        return int(text) if text and len(text) < 20 else None
    except ValueError:
        return None


def _degrees(text: str | None, bound: float) -> float | None:
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if isfinite(value) and abs(value) <= bound else None


def _parse_pbf(sheet: Sheet) -> OsmData:
    try:
        import osmium
    except ImportError as error:
        raise PlanError("pbf-not-installed", sheet.name) from error
    data = OsmData()
    elements = 0
    try:
        buffer = osmium.io.FileBuffer(sheet.content, "pbf")
        item: Any
        for item in osmium.FileProcessor(buffer):
            elements += 1
            if elements > sheet.limits.xml_elements:
                raise PlanError("xml-too-many", sheet.name, limit=str(sheet.limits.xml_elements))
            tags = {tag.k: legible(tag.v) for tag in item.tags}
            if item.is_node() and item.location.valid():
                data.nodes[item.id] = Node(item.id, item.location.lon, item.location.lat, tags)
            elif item.is_way():
                data.ways[item.id] = Way(item.id, tuple(n.ref for n in item.nodes), tags)
            elif item.is_relation():
                kinds = {"n": "node", "w": "way", "r": "relation"}
                members = tuple((kinds[m.type], m.ref, m.role) for m in item.members)
                data.relations[item.id] = Relation(item.id, members, tags)
    except PlanError:
        raise
    except (RuntimeError, ValueError, OSError) as error:
        raise PlanError("pbf-broken", sheet.name) from error
    return data
