"""GeoJSON whose properties are OpenStreetMap's tags, as osmtogeojson, JOSM and ogr2ogr write it.

Its features become the elements that `floorplans/osm.py` reads: corners that coincide are one node.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

import shapely
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans import osm
from floorplans.collection import Collection, Feature
from floorplans.georeference import Unit
from floorplans.limits import Limits
from floorplans.osm_tags import AREAS
from floorplans.osmfile import Node, OsmData, Relation, Tags, Way
from floorplans.sheet import Json, as_text
from floorplans.storeys import StoreyError, parse_levels
from navkit.plan.plan import Plan
from navkit.words.findings import Finding

_NESTED = ("tags", "other_tags", "all_tags", "hstore")
"""Properties that hold all tags: as an object, as JSON, or in quotes as ogr2ogr writes them."""
_HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*"((?:[^"\\]|\\.)*)"')
_INDOOR = frozenset({*AREAS, "level", "wall", "pathway", "yes", "door"})
_NUMBERED = re.compile(r"(node|way|relation)/(-?\d+)")
_NO_TAGS = frozenset(
    {
        *("@id", "@timestamp", "@version", "@changeset", "@user", "@uid"),
        *("id", "type", "meta", "relations", "tainted", "osm_id", "osm_way_id", "fid", "ogc_fid"),
        *("timestamp", "version", "changeset", "user", "uid", "z_order", "visible"),
    }
)
"""Properties beside the tags: who drew it when, and what programs count."""
_DIGITS = 9
"""Decimals to which corners must agree to be one node: less than a millimetre in degrees."""


def tags_of(properties: Mapping[str, Json]) -> dict[str, str]:
    """All texts among the properties, and those of nested tags, which win."""
    flat = {k: _value(v) for k, v in properties.items() if k not in (*_NO_TAGS, *_NESTED)}
    for name in _NESTED:
        flat |= _nested(properties.get(name))
    return {key: value for key, value in flat.items() if value}


def _nested(raw: Json) -> dict[str, str]:
    if isinstance(raw, str) and raw.lstrip().startswith("{"):
        try:
            raw = json.loads(raw)
        except ValueError:
            return {}
    if isinstance(raw, dict):
        return {key: _value(value) for key, value in raw.items()}
    if not isinstance(raw, str):
        return {}
    return {_plain(key): _plain(value) for key, value in _HSTORE.findall(raw)}


def _value(raw: Json) -> str:
    return ("no", "yes")[raw] if isinstance(raw, bool) else as_text(raw)


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted)


def are_tags(features: Sequence[Feature]) -> bool:
    """Whether properties are OpenStreetMap's tags: Simple Indoor Tagging is found among them, and
    storeys are written as it writes them."""
    tagged = [tags_of(feature.properties) for feature in features]
    indoors = [tags for tags in tagged if tags.get("indoor") in _INDOOR]
    levels = [tags["level"] for tags in tagged if tags.get("level")]
    areas = [f for f in features if isinstance(f.drawn, Polygon | MultiPolygon)]
    return (
        bool(levels)
        and 2 * len(indoors) >= len(areas)
        and 2 * sum(map(_is_list_of_levels, levels)) > len(levels)
        and bool(indoors)
    )


def _is_list_of_levels(text: str) -> bool:
    try:
        return bool(parse_levels(text))
    except StoreyError:
        return False


def read(
    collections: Sequence[Collection], source: str, limits: Limits, *, said: Unit | None, crs: str
) -> Plan:
    """One plan of all `collections`."""
    elements = _Elements()
    for collection in collections:
        elements.data.findings.extend(collection.findings)
        for feature in collection.features:
            if feature.drawn is None:
                elements.data.findings.append(Finding("geometry-missing", feature.where))
            else:
                elements.add(feature, feature.drawn)
    return osm.plan_of(elements.data, source, limits, said=said, crs=crs)


class _Elements:
    """Nodes, ways and relations while features are added. Their numbers are their order."""

    def __init__(self) -> None:
        self.data = OsmData()
        self._node_at: dict[tuple[float, float], int] = {}
        self._count = 0

    def add(self, feature: Feature, shape: BaseGeometry) -> None:
        tags = tags_of(feature.properties)
        called = _called(feature, shape.centroid)
        for drawn in _parts(shape):
            if isinstance(drawn, Point):
                number = self._number()
                self.data.nodes[number] = Node(number, drawn.x, drawn.y, tags, called)
            elif isinstance(drawn, LineString):
                self._way(list(drawn.coords), tags, called)
            elif isinstance(drawn, Polygon) and not drawn.interiors:
                self._way(list(drawn.exterior.coords), {"area": "yes", **tags}, called)
            elif isinstance(drawn, Polygon | MultiPolygon):
                self._relation(drawn, {"area": "yes", **tags, "type": "multipolygon"}, called)

    def _number(self) -> int:
        self._count += 1
        return self._count

    def _node(self, x: float, y: float) -> int:
        spot = (round(x, _DIGITS), round(y, _DIGITS))
        if spot not in self._node_at:
            number = self._node_at[spot] = self._number()
            self.data.nodes[number] = Node(number, x, y, {})
        return self._node_at[spot]

    def _way(self, corners: Sequence[tuple[float, ...]], tags: Tags, called: str) -> int:
        number = self._number()
        nodes = tuple(self._node(x, y) for x, y, *_ in corners)
        self.data.ways[number] = Way(number, nodes, tags, called)
        return number

    def _relation(self, drawn: Polygon | MultiPolygon, tags: Tags, called: str) -> None:
        members = [
            ("way", self._way(list(ring.coords), {}, ""), role)
            for polygon in shapely.get_parts(drawn)
            for role, rings in (("outer", [polygon.exterior]), ("inner", polygon.interiors))
            for ring in rings
        ]
        number = self._number()
        self.data.relations[number] = Relation(number, tuple(members), tags, called)


def _parts(drawn: BaseGeometry) -> Iterator[BaseGeometry]:
    """Points and lines one by one; the parts of an area are one area."""
    if isinstance(drawn, MultiPolygon):
        yield drawn if len(drawn.geoms) > 1 else drawn.geoms[0]
    else:
        yield from shapely.get_parts(drawn)


def _called(feature: Feature, middle: Point) -> str:
    """The feature's id, as OpenStreetMap's own key if it is one; else made from where it is."""
    given = as_text(feature.properties.get("@id")) or feature.id
    for kind in ("osm_way_id", "osm_id"):
        given = given or as_text(feature.properties.get(kind))
    if match := _NUMBERED.search(given):
        return match[0]
    return given or f"at@{middle.x:.6f}_{middle.y:.6f}"
