"""A drawing in OpenStreetMap's elements, written as `.osm` or as GeoJSON with tags."""

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import floorplans
from navkit.plan.plan import Plan

M = 1 / 111_320
"""Degrees of a metre on the equator, nearly."""


class Drawing:
    """An `.osm` file that is drawn a node at a time, in metres on the equator."""

    def __init__(self) -> None:
        self.ids: dict[tuple[float, float], int] = {}
        self.tags_of: dict[int, dict[str, str]] = {}
        self.elements: list[str] = []
        self.ways: dict[int, tuple[tuple[tuple[float, float], ...], dict[str, str]]] = {}

    def node(self, x: float, y: float, **tags: str) -> int:
        node = self.ids.setdefault((x, y), len(self.ids) + 1)
        self.tags_of.setdefault(node, {}).update(tags)
        return node

    def way(self, id: int, *corners: tuple[float, float], **tags: str) -> None:
        self.ways[id] = corners, tags
        refs = "".join(f'<nd ref="{self.node(*corner)}"/>' for corner in corners)
        self.elements.append(f'<way id="{id}" user="somebody">{refs}{_tags(tags)}</way>')

    def box(self, id: int, x: float, y: float, w: float, h: float, **tags: str) -> None:
        self.way(id, (x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y), **tags)

    def relation(self, id: int, outer: list[int], inner: list[int], **tags: str) -> None:
        members = "".join(
            f'<member type="way" ref="{ref}" role="{role}"/>'
            for role, refs in (("outer", outer), ("inner", inner))
            for ref in refs
        )
        self.elements.append(f'<relation id="{id}">{members}{_tags(tags)}</relation>')

    def xml(self) -> str:
        nodes = "".join(
            f'<node id="{id}" lon="{x * M}" lat="{y * M}" user="somebody">'
            f"{_tags(self.tags_of[id])}</node>"
            for (x, y), id in self.ids.items()
        )
        return f'<osm version="0.6">{nodes}{"".join(self.elements)}</osm>'

    def features(self, written: str) -> str:
        """As GeoJSON: tags `flat`, `nested` as an object, as `text`, or as ogr2ogr's `hstore`."""
        shapes = [
            ("node", id, "Point", _degrees(spot), self.tags_of[id])
            for spot, id in self.ids.items()
            if self.tags_of[id]
        ]
        for id, (corners, tags) in self.ways.items():
            ring = [_degrees(corner) for corner in corners]
            is_area = corners[0] == corners[-1] and "highway" not in tags
            shape = ("Polygon", [ring]) if is_area else ("LineString", ring)
            shapes.append(("way", id, *shape, tags))
        features = [
            {
                "type": "Feature",
                "id": f"{kind}/{id}",
                "properties": _properties(kind, id, _plain(tags), written),
                "geometry": {"type": shape, "coordinates": coordinates},
            }
            for kind, id, shape, coordinates, tags in shapes
        ]
        return json.dumps({"type": "FeatureCollection", "features": features})

    def read_features(self, folder: Path, written: str) -> Plan:
        path = folder / "house.geojson"
        path.write_text(self.features(written), encoding="utf-8")
        (plan,) = floorplans.read([path])
        return plan

    def read(self, folder: Path) -> Plan:
        path = folder / "house.osm"
        path.write_text(self.xml(), encoding="utf-8")
        (plan,) = floorplans.read([path])
        return plan


def _plain(tags: dict[str, str]) -> dict[str, str]:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def _tags(tags: dict[str, str]) -> str:
    pairs = _plain(tags).items()
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in pairs)


def _degrees(spot: tuple[float, float]) -> list[float]:
    return [spot[0] * M, spot[1] * M]


def _properties(kind: str, id: int, tags: dict[str, str], written: str) -> dict[str, Any]:
    if written == "flat":
        return {"@id": f"{kind}/{id}", **tags}
    if written == "nested":
        return {"type": kind, "id": str(id), "tags": tags, "relations": [], "meta": {}}
    if written == "text":
        return {"osm_id": str(id), "tags": json.dumps(tags)}
    columns = {key: tags.get(key) for key in ("name", "highway", "barrier", "building")}
    rest = ",".join(
        '"{}"=>"{}"'.format(*(part.replace('"', '\\"') for part in pair))
        for pair in tags.items()
        if pair[0] not in columns
    )
    return {"osm_id": str(id), **columns, "other_tags": rest or None}
