"""The outlines of a drawing exactly as its file has them.

Nothing of navkit reads them: what a reader of navkit leaves out, mends, cuts or calls something
else is here as it was drawn. Only the projection to metres is navkit's.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import ezdxf
import numpy as np
import shapely
from ezdxf.disassemble import recursive_decompose
from shapely.geometry.base import BaseGeometry

from navkit.plan.frame import Frame

Outline = tuple[str, BaseGeometry]
"""The level it is drawn on, and its rings in metres."""


def outlines(drawing: Path, frame: Frame | None) -> list[Outline]:
    """All outlines of spaces: of OpenStreetMap, IMDF, or GeoJSON in metres."""
    if drawing.suffix == ".osm":
        found = _osm(drawing)
    elif (drawing / "unit.geojson").exists():
        found = _geojson(drawing / "unit.geojson", "level_id")
    else:
        found = (
            one
            for file in sorted(drawing.glob("*.geojson"))
            for one in _geojson(file, "level", "storey")
        )
    return [(level, _metres(area.boundary, frame)) for level, area in found]


def walls_of_dxf(drawing: Path, unit_m: float, *layers: str) -> list[BaseGeometry]:
    """All straight lines on layers whose names contain one of `layers`, in metres, by ezdxf."""
    found: list[BaseGeometry] = []
    for one in recursive_decompose(ezdxf.readfile(drawing).modelspace()):
        if not any(layer in one.dxf.layer for layer in layers):
            continue
        if one.dxftype() == "LINE":
            corners = [tuple(one.dxf.start)[:2], tuple(one.dxf.end)[:2]]
        elif one.dxftype() == "LWPOLYLINE":
            corners = [point[:2] for point in one.get_points("xy")]
            corners += corners[:1] if one.closed else []
        else:
            continue
        found.append(shapely.linestrings(np.array(corners) * unit_m))
    return found


def _metres(rings: BaseGeometry, frame: Frame | None) -> BaseGeometry:
    if frame is None:
        return rings
    return shapely.transform(rings, lambda xy: np.asarray(frame.to_metres(xy)))


def _geojson(file: Path, *of_level: str) -> Iterator[Outline]:
    for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
        properties, drawn = feature["properties"], feature["geometry"]
        said = [str(properties[key]) for key in of_level if key in properties]
        if said and drawn and drawn["type"].endswith("Polygon"):
            yield said[0], shapely.from_geojson(json.dumps(drawn))


def _osm(file: Path) -> Iterator[Outline]:
    root = ElementTree.parse(file).getroot()
    spot = {
        n.get("id"): (float(n.get("lon", 0)), float(n.get("lat", 0))) for n in root.iter("node")
    }
    lines = {
        way.get("id"): shapely.linestrings([spot[nd.get("ref")] for nd in way.iter("nd")])
        for way in root.iter("way")
        if sum(1 for _ in way.iter("nd")) > 1
    }
    for element in (*root.iter("way"), *root.iter("relation")):
        tags = {tag.get("k", ""): tag.get("v", "") for tag in element.iter("tag")}
        if tags.get("indoor") not in ("room", "corridor", "area"):
            continue
        members = {"outer": [lines.get(element.get("id"))], "inner": []}
        if element.tag == "relation":
            members = defaultdict(list)
            for member in element.iter("member"):
                members[member.get("role") or "outer"].append(lines.get(member.get("ref")))
        outer, inner = (
            shapely.union_all(shapely.polygonize([m for m in members[role] if m]).geoms)
            for role in ("outer", "inner")
        )
        for level in _levels(f"{tags.get('level', '')};{tags.get('repeat_on', '')}"):
            yield level, outer.difference(inner)


def _levels(text: str) -> set[str]:
    """``0;2-4`` is 0, 2, 3 and 4."""
    found = set()
    for part in filter(None, (part.strip().replace(",", ".") for part in text.split(";"))):
        if ends := re.fullmatch(r"(-?\d+)-(-?\d+)", part):
            found |= {str(n) for n in range(int(ends[1]), int(ends[2]) + 1)}
        else:
            found.add(f"{float(part):g}")
    return found
