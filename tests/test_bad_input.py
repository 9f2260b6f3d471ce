"""Files that staff, or attackers, will upload. Each is answered with its own code."""

import ast
import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import drawn_ifc
import pytest
from drawn_dxf import dxf, ward
from drawn_svg import svg
from drawn_svg import ward as vector_ward

from floorplans.limits import Limits
from floorplans.reading import read
from navkit.plan.plan import Plan
from navkit.words.findings import PlanError
from navkit.words.languages import languages

REPO = Path(__file__).parents[1]
SMALL = Limits(
    file_bytes=2**20,
    unpacked_bytes=2 * 2**20,
    zip_entries=20,
    features=50,
    vertices=3_000,
    crossings=100,
    xml_elements=500,
    storeys=30,
    files=30,
)
"""The same limits as in use, smaller, so that a file that breaks them is quick to make."""

Json = dict[str, Any]


# Good drawings to spoil


def ring(x: float, y: float, w: float = 10, h: float = 8) -> list[list[float]]:
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]]


def space(key: str = "A", x: float = 0, y: float = 0, **properties: Any) -> Json:
    return {
        "type": "Feature",
        "id": key,
        "properties": {"type": "space", "level": "L0", "kind": "room", **properties},
        "geometry": {"type": "Polygon", "coordinates": [ring(x, y)]},
    }


def level(key: str = "L0", **properties: Any) -> Json:
    return {
        "type": "Feature",
        "id": key,
        "properties": {"type": "level", "ordinal": 0, **properties},
        "geometry": None,
    }


def drawn(kind: str, coordinates: Any, **properties: Any) -> Json:
    return {
        "type": "Feature",
        "id": "X",
        "properties": {"level": "L0", **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def native(*features: Json, **members: Any) -> Json:
    return {
        "type": "FeatureCollection",
        "navkit": 1,
        "units": "m",
        "features": list(features),
        **members,
    }


GOOD = (level(), space())


def foreign(*features: Json, **members: Any) -> Json:
    return {"type": "FeatureCollection", "features": list(features), **members}


def room(coordinates: Any, **properties: Any) -> Json:
    return {
        "type": "Feature",
        "id": "R",
        "properties": {"level": 0, "name": "Ward", **properties},
        "geometry": {"type": "Polygon", "coordinates": [coordinates]},
    }


def text(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False)


def star(points: int) -> list[list[float]]:
    """A ring that crosses itself about `points`² / 4 times."""
    corners = [[float(i % 2 * 50 + i / points), float(i)] for i in range(points)]
    return [*corners, corners[0]]


NODES = "".join(
    f'<node id="{i}" lon="{13 + x / 10_000}" lat="{52 + y / 10_000}"/>'
    for i, (x, y) in enumerate([(0, 0), (5, 0), (5, 5), (0, 5)], start=1)
)
RING = '<nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>'


def tags(**values: str) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in values.items())


def osm(inside: str, *, nodes: str = NODES) -> str:
    room_way = f'<way id="9">{RING}{tags(indoor="room", level="0", ref="1")}</way>'
    return f'<?xml version="1.0"?><osm version="0.6">{nodes}{room_way}{inside}</osm>'


def zipped(entries: dict[str, bytes], **attributes: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = attributes.get("external_attr", 0)
            archive.writestr(info, content)
    return stream.getvalue()


def encrypted_zip() -> bytes:
    content = bytearray(zipped({"rooms.geojson": b"{}"}))
    content[6] |= 1
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def damaged_zip() -> bytes:
    """The content no longer has the checksum that the archive promises."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.geojson", b"[1, 2, 3]")
    return stream.getvalue().replace(b"[1, 2, 3]", b"[1, 2, 4]")


IMDF: dict[str, list[Json]] = {
    "level": [
        {
            "type": "Feature",
            "id": "l",
            "feature_type": "level",
            "geometry": None,
            "properties": {"ordinal": 0, "short_name": {"en": "1"}, "building_ids": []},
        }
    ],
    "unit": [
        {
            "type": "Feature",
            "id": "u",
            "feature_type": "unit",
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[30 + x / 1e5, 60 + y / 1e5] for x, y in ring(0, 0, 90, 40)]],
            },
            "properties": {"category": "room", "level_id": "l", "name": {"en": "Lab"}},
        }
    ],
}


def imdf(**changed: Any) -> bytes:
    files = {**IMDF, **changed}
    return zipped(
        {
            "manifest.json": b'{"version": "1.0.0"}',
            **{
                f"{name}.geojson": text(foreign(*features)).encode()
                for name, features in files.items()
                if features is not None
            },
        }
    )


def unit(**properties: Any) -> Json:
    first = IMDF["unit"][0]
    return {**first, "id": "v", "properties": {**first["properties"], **properties}}


NATIVE_LINE = drawn("LineString", [[0, 0], [1, 0]], type="door")

UNREAD: dict[str, tuple[str, str | bytes]] = {
    "format-picture": ("a.gif", b"GIF89a"),
    "format-ifc": ("a.ifcxml", "<ifc:ifcXML/>"),
    "format-revit": ("a.rvt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "format-geodata": ("a.kml", "<kml/>"),
    "format-cad": ("a.skp", b""),
    "format-model": ("a.glb", b"glTF\2\0\0\0"),
    "format-office": ("a.xlsx", zipped({"xl/workbook.xml": b"<x/>"})),
    "format-table": ("a.csv", "name,rooms\nCT,1\n"),
    "format-database": ("a.db", b"SQLite format 3\0"),
    "format-archive": ("a.7z", b"7z\xbc\xaf\x27\x1c"),
    "format-zip": ("a.geojson", zipped({"a.geojson": b"{}"})),
}
"""A file of each format that is recognised and cannot be read."""

BAD: dict[str, tuple[str, str | bytes, str]] = {
    # JSON
    "empty file": ("a.geojson", "", "file-empty"),
    "only blanks": ("a.geojson", " \n\t", "file-empty"),
    "empty osm": ("a.osm", "", "file-empty"),
    "cut in the middle": ("a.geojson", text(native(*GOOD))[:-40], "json-cut-off"),
    "a comma too many": (
        "a.geojson",
        text(native(*GOOD))[:-1] + ",}",
        "json-mended",
    ),
    "not json at all": ("a.geojson", "level,name\n1,Ward", "json-broken"),
    "gbk text": (
        "a.geojson",
        text(native(*GOOD, name="门诊大厅")).encode("gbk"),
        "encoding-guessed",
    ),
    "utf-16 text": ("a.geojson", '{"a": 1}'.encode("utf-16"), "not-geojson"),
    "binary": ("a.geojson", bytes(range(256)), "file-not-utf8"),
    "NaN": (
        "a.geojson",
        text(native(*GOOD)).replace('"ordinal": 0', '"ordinal": NaN'),
        "json-not-a-number",
    ),
    "Infinity": (
        "a.geojson",
        text(native(*GOOD)).replace("10", "-Infinity", 1),
        "json-not-a-number",
    ),
    "a key twice": ("a.geojson", '{"type": "FeatureCollection", "type": "x"}', "json-key-twice"),
    "a deep nest": ("a.geojson", "[" * 40 + "]" * 40, "json-too-deep"),
    "a bottomless nest": ("a.geojson", "[" * 300_000 + "]" * 300_000, "json-too-deep"),
    "half a letter": ("a.geojson", '{"a": "\\ud83c"}', "json-half-letter"),
    "a number of 5000 digits": ("a.geojson", '{"a": ' + "9" * 5000 + "}", "json-number-too-long"),
    "a list": ("a.geojson", "[1, 2]", "not-geojson"),
    "a topology": ("a.json", '{"type": "Topology", "objects": {}}', "not-geojson"),
    "an indoorgml of nothing": ("a.json", '{"PrimalSpaceFeatures": {}}', "nothing-drawn"),
    "somebody's settings": ("a.json", '{"theme": "dark"}', "not-geojson"),
    "features is a number": (
        "a.geojson",
        '{"type": "FeatureCollection", "features": 3}',
        "features-missing",
    ),
    "no features member": ("a.geojson", '{"type": "FeatureCollection"}', "features-missing"),
    "no features": ("a.geojson", text(foreign()), "nothing-drawn"),
    "only null geometry": ("a.geojson", text(native(level())), "nothing-drawn"),
    "too many features": (
        "a.geojson",
        text(native(level(), *(space(str(i)) for i in range(60)))),
        "too-many-features",
    ),
    "too many points": (
        "a.geojson",
        text(foreign(room([[i / 100, i % 7] for i in range(4000)]))),
        "too-many-points",
    ),
    "too large a file": ("a.geojson", " " * (2**20 + 1), "file-too-large"),
    "a feature that is a text": ("a.geojson", text(native(*GOOD, "x")), "feature-not-readable"),  # type: ignore[arg-type]
    # Geometry
    "a geometry collection": (
        "a.geojson",
        text(native(*GOOD, {**space("B"), "geometry": {"type": "GeometryCollection"}})),
        "geometry-not-read",
    ),
    "a polygon without rings": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", []))),
        "geometry-empty",
    ),
    "a position of texts": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", ["1", "2"], type="point"))),
        "coordinate-not-a-number",
    ),
    "a position of one number": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", [1], type="point"))),
        "geometry-broken",
    ),
    "1e999 for a coordinate": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", [1, 777], type="point"))).replace("777", "1e999"),
        "coordinate-not-a-number",
    ),
    "1e300 for a coordinate": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", [1, 1e300], type="point"))),
        "coordinate-out-of-bounds",
    ),
    "a door without length": (
        "a.geojson",
        text(native(*GOOD, drawn("LineString", [[0, 0], [0, 0]], type="door"))),
        "line-too-short",
    ),
    "an outline of two corners": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [[[0, 0], [1, 1], [0, 0]]], type="space"))),
        "outline-has-no-area",
    ),
    "an outline that is a line": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [[[0, 0], [5, 0], [9, 0], [0, 0]]], type="space"))),
        "invalid-outline",
    ),
    "a room of a square centimetre": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [ring(0, 0, 0.01, 0.01)], type="space"))),
        "outline-too-small",
    ),
    "a bow tie": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [[[0, 0], [9, 9], [9, 0], [0, 9]]], type="space"))),
        "outline-repaired",
    ),
    "a scribble": (
        "a.geojson",
        text(native(*GOOD, drawn("Polygon", [star(300)], type="space"))),
        "outline-tangled",
    ),
    "a space drawn as a point": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", [1, 1], type="space"))),
        "geometry-not-fitting",
    ),
    "a space not drawn": (
        "a.geojson",
        text(native(*GOOD, {**space("B"), "geometry": None})),
        "geometry-missing",
    ),
    # Units and coordinate systems
    "metres declared as degrees": (
        "a.geojson",
        text(native(*GOOD, units="deg")),
        "metres-as-degrees",
    ),
    "degrees declared as metres": (
        "a.geojson",
        text(native(level(), drawn("Polygon", [ring(121.4, 31.2, 1e-3, 1e-3)], type="space"))),
        "degrees-as-metres",
    ),
    "latitude first": (
        "a.geojson",
        text(foreign(room(ring(31.2, 121.4, 1e-3, 1e-3)))),
        "axes-swapped",
    ),
    "millimetres": (
        "a.geojson",
        text(foreign(room(ring(0, 0, 40_000, 30_000)))),
        "drawn-in-millimetres",
    ),
    "degrees beyond the pole": (
        "a.geojson",
        text(
            native(level(), drawn("Polygon", [ring(500, 400, 9e6, 9e6)], type="space"), units="deg")
        ),
        "degrees-out-of-range",
    ),
    "a doll's house": (
        "a.geojson",
        text(foreign(room(ring(500, 500, 0.4, 0.3)))),
        "building-too-small",
    ),
    "a country": (
        "a.geojson",
        text(native(level(), drawn("Polygon", [ring(0, 0, 5e7, 4e7)], type="space"))),
        "building-too-large",
    ),
    "a national grid by name": (
        "a.geojson",
        text(
            foreign(
                room(ring(4e5, 3.4e6, 60, 40)),
                crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32651"}},
            )
        ),
        "grid-read",
    ),
    "a grid that no atlas knows": (
        "a.geojson",
        text(foreign(room(ring(4e5, 3.4e6, 60, 40)), crs="Stadtgrundkarte 7")),
        "crs-not-read",
    ),
    "a coordinate system that lies": (
        "a.geojson",
        text(
            foreign(
                room(ring(0, 0, 60, 40)),
                crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
            )
        ),
        "crs-contradicts-numbers",
    ),
    "a grid that nobody names": (
        "a.geojson",
        text(foreign(room(ring(4e5, 3.4e6, 60, 40)))),
        "metres-of-a-grid",
    ),
    "one room in the sea": (
        "a.geojson",
        text(foreign(*(room(ring(i, 0)) for i in range(20)), room(ring(9e4, 9e4)))),
        "stray-left-out",
    ),
    "units in feet": ("a.geojson", text(native(*GOOD, units="ft")), "units-unknown"),
    "a newer dialect": ("a.geojson", text(native(*GOOD, navkit=2)), "dialect-too-new"),
    "a dialect by name": ("a.geojson", text(native(*GOOD, navkit="yes")), "dialect-unclear"),
    # What the features say
    "an unknown type": (
        "a.geojson",
        text(native(*GOOD, drawn("Point", [1, 1], type="tree"))),
        "type-unknown",
    ),
    "an unknown kind": ("a.geojson", text(native(level(), space(kind="zimmer"))), "value-unknown"),
    "an id twice": ("a.geojson", text(native(level(), space(), space(x=20))), "id-used-twice"),
    "a door of 900 m": (
        "a.geojson",
        text(native(*GOOD, drawn("LineString", [[0, 0], [1, 0]], type="door", width_m=900))),
        "number-unlikely",
    ),
    "a width as text": (
        "a.geojson",
        text(native(*GOOD, drawn("LineString", [[0, 0], [1, 0]], type="door", width_m="90cm"))),
        "number-unlikely",
    ),
    "step-free as text": (
        "a.geojson",
        text(native(level(), space(step_free="yes"))),
        "flag-not-a-flag",
    ),
    "a lift without kind": (
        "a.geojson",
        text(native(*GOOD, {**level("E1"), "properties": {"type": "connector"}})),
        "connector-unclear",
    ),
    "a level without ordinal": (
        "a.geojson",
        text(native(*GOOD, level("L1", ordinal=None))),
        "level-without-ordinal",
    ),
    "a level by its label": (
        "a.geojson",
        text(native(*GOOD, level("L1", ordinal=None, label="B1"))),
        "level-ordinal-guessed",
    ),
    "a level twice": ("a.geojson", text(native(*GOOD, level())), "level-id-unclear"),
    "two levels at one height": (
        "a.geojson",
        text(native(*GOOD, level("L1"))),
        "ordinal-used-twice",
    ),
    "a building that is not there": (
        "a.geojson",
        text(native(level(building="K"), space())),
        "building-unknown",
    ),
    "an unknown level": ("a.geojson", text(native(*GOOD, space("B", level="L9"))), "level-unknown"),
    "no level": (
        "a.geojson",
        text(native(*GOOD, level("L1", ordinal=1), space("B", level=None))),
        "level-missing",
    ),
    "levels not declared": ("a.geojson", text(native(space(level="2F"))), "level-not-declared"),
    "no levels at all": ("a.geojson", text(native(space(level=None))), "no-levels"),
    "nothing but points": (
        "a.geojson",
        text(native(level(), *(drawn("Point", [x, 0], type="point") for x in (0, 40)))),
        "nothing-to-walk-on",
    ),
    # Other people's GeoJSON
    "a drawing without levels": (
        "a.geojson",
        text(foreign(room(ring(0, 0), level=None))),
        "level-assumed",
    ),
    "levels in riddles": (
        "a.geojson",
        text(foreign(room(ring(0, 0), level="attic?"))),
        "levels-not-understood",
    ),
    "one level in riddles": (
        "a.geojson",
        text(foreign(room(ring(0, 0)), room(ring(20, 0), level="attic?"))),
        "level-not-understood",
    ),
    "lines of no kind": (
        "a.geojson",
        text(foreign(room(ring(0, 0)), drawn("LineString", [[0, 0], [9, 9]], level=0))),
        "line-not-understood",
    ),
    "points without names": (
        "a.geojson",
        text(foreign(room(ring(0, 0)), drawn("Point", [1, 1], level=0))),
        "point-without-name",
    ),
    "floors as rooms": (
        "a.geojson",
        text(foreign(room(ring(0, 0)), room(ring(0, 0, 60, 60), type="floor"))),
        "outline-not-used",
    ),
    "storeys that begin at one": (
        "a.geojson",
        text(foreign(room(ring(0, 0), level=1), room(ring(0, 0), level=2))),
        "no-ground-floor",
    ),
    "a storey that may be two": (
        "a.geojson",
        text(foreign(room(ring(0, 0), level="1F"), room(ring(0, 0), level="UG"))),
        "level-two-faced",
    ),
    "rooms without geometry": (
        "a.geojson",
        text(foreign(room(ring(0, 0)), {"type": "Feature", "properties": {}, "geometry": None})),
        "geometry-missing-many",
    ),
    "a tower of 40 storeys by mistake": (
        "a.geojson",
        text(foreign(*(room(ring(0, 0), level=i) for i in range(40)))),
        "too-many-storeys",
    ),
    # OpenStreetMap
    "a cut osm": ("a.osm", osm("")[:-30], "xml-cut-off"),
    "a broken osm": ("a.osm", osm("<way id=</way>"), "xml-broken"),
    "a doctype": ("a.osm", osm("").replace("<osm", "<!DOCTYPE osm><osm"), "xml-doctype"),
    "a billion laughs": (
        "a.osm",
        '<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><osm>&b;</osm>',
        "xml-doctype",
    ),
    "a file from the server's disk": (
        "a.osm",
        '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm>&x;</osm>',
        "xml-doctype",
    ),
    "a deep osm": ("a.osm", "<osm>" + "<a>" * 100 + "</a>" * 100 + "</osm>", "xml-too-deep"),
    "a long osm": ("a.osm", "<osm>" + "<a/>" * 600 + "</osm>", "xml-too-many"),
    "a feed by the name of osm": ("a.osm", "<rss><channel/></rss>", "not-osm"),
    **{f"a file of {code}": (name, content, code) for code, (name, content) in UNREAD.items()},
    "a second house in the next province": (
        "a.osm",
        osm(
            f'<way id="8"><nd ref="7"/><nd ref="8"/>{tags(indoor="wall", level="0")}</way>',
            nodes=NODES + '<node id="7" lon="14" lat="53"/><node id="8" lon="14.1" lat="53"/>',
        ),
        "building-too-large",
    ),
    "an osm without nodes": ("a.osm", "<osm/>", "nothing-drawn"),
    "a street map": ("a.osm", f"<osm>{NODES}</osm>", "osm-nothing-indoors"),
    "a node in space": (
        "a.osm",
        osm("", nodes=NODES + '<node id="7" lon="nan" lat="91"/>'),
        "osm-node-nowhere",
    ),
    "an id that is a word": ("a.osm", osm('<way id="x"/>'), "osm-id-broken"),
    "a way with a hole": ("a.osm", osm('<way id="8"><nd ref="77"/></way>'), "osm-nodes-missing"),
    "a room on no level": (
        "a.osm",
        osm(f'<way id="8">{RING}{tags(indoor="room")}</way>'),
        "level-missing",
    ),
    "a room on level G": (
        "a.osm",
        osm(f'<way id="8">{RING}{tags(indoor="room", level="G")}</way>'),
        "level-not-understood",
    ),
    "a room on a million levels": (
        "a.osm",
        osm(f'<way id="8">{RING}{tags(indoor="room", level="0-9999")}</way>'),
        "level-not-understood",
    ),
    "a ring that does not close": (
        "a.osm",
        osm(
            '<way id="8"><nd ref="1"/><nd ref="2"/></way>'
            '<relation id="5"><member type="way" ref="8" role="outer"/>'
            + tags(type="multipolygon", indoor="room", level="0")
            + "</relation>"
        ),
        "outline-not-closed",
    ),
    "a lift with one stop": (
        "a.osm",
        osm(
            "",
            nodes=NODES
            + f'<node id="7" lon="13" lat="52">{tags(highway="elevator", level="0")}</node>',
        ),
        "lift-on-one-level",
    ),
    "a column": (
        "a.osm",
        osm(f'<way id="8">{RING}{tags(indoor="column", level="0")}</way>'),
        "osm-not-understood",
    ),
    "steps from nowhere": (
        "a.osm",
        osm(f'<way id="8"><nd ref="1"/><nd ref="3"/>{tags(highway="steps", level="4;5")}</way>'),
        "steps-direction-guessed",
    ),
    "an escalator both ways": (
        "a.osm",
        osm(
            '<way id="8"><nd ref="1"/><nd ref="3"/>'
            + tags(highway="steps", conveying="yes", level="0;1")
            + "</way>"
        ),
        "escalator-direction-unknown",
    ),
    "an osm node of 1e9 degrees": (
        "a.osm",
        osm("", nodes=NODES + '<node id="7" lon="1e9" lat="0"/>'),
        "osm-node-nowhere",
    ),
    "a broken pbf": ("a.osm.pbf", b"\x00\x00\x00\x0d garbage garbage", "pbf-broken"),
    "a pbf that is an osm": ("a.osm.pbf", osm(""), "pbf-broken"),
    "a huge pbf block": ("a.osm.pbf", struct.pack(">I", 2**31 - 1), "pbf-broken"),
    # IMDF
    "imdf without units": ("a.zip", imdf(unit=None, opening=[]), "imdf-file-missing"),
    "imdf without levels": ("a.zip", imdf(level=None), "imdf-file-missing"),
    "imdf with no unit": ("a.zip", imdf(unit=[]), "imdf-no-units"),
    "imdf with no level": ("a.zip", imdf(level=[]), "no-levels"),
    "imdf in local metres": (
        "a.zip",
        imdf(
            unit=[{**unit(), "geometry": {"type": "Polygon", "coordinates": [ring(0, 0, 60, 60)]}}]
        ),
        "metres-as-degrees",
    ),
    "a unit on no level": (
        "a.zip",
        imdf(unit=[*IMDF["unit"], unit(level_id=None)]),
        "level-missing",
    ),
    "a unit on a lost level": (
        "a.zip",
        imdf(unit=[*IMDF["unit"], unit(level_id="q")]),
        "level-unknown",
    ),
    "a unit of no known category": (
        "a.zip",
        imdf(unit=[*IMDF["unit"], unit(category="heliport")]),
        "category-unknown",
    ),
    "an unfinished label": (
        "a.zip",
        imdf(unit=[*IMDF["unit"], unit(name={"en": "Room "})]),
        "label-unfinished",
    ),
    "an occupant without anchor": (
        "a.zip",
        imdf(occupant=[{"type": "Feature", "id": "o", "geometry": None, "properties": {}}]),
        "occupant-without-anchor",
    ),
    "an amenity in no unit": (
        "a.zip",
        imdf(
            amenity=[
                {
                    "type": "Feature",
                    "id": "a",
                    "geometry": {"type": "Point", "coordinates": [30, 60]},
                    "properties": {"category": "atm", "unit_ids": ["q"]},
                }
            ]
        ),
        "stands-in-no-unit",
    ),
    # Zips
    "a zip that is none": ("a.zip", b"PK nothing", "zip-broken"),
    "a cut zip": ("a.zip", zipped({"a.geojson": b"{}"})[:-30], "zip-broken"),
    "a zip with damaged content": ("a.zip", damaged_zip(), "zip-broken"),
    "a zip with a password": ("a.zip", encrypted_zip(), "zip-not-readable"),
    "a zip bomb": ("a.zip", zipped({"a.geojson": b" " * 1_100_000}), "zip-bomb"),
    "a large zip": (
        "a.zip",
        zipped({f"{i}.txt": b"x" * 900_000 for i in range(3)}),
        "zip-too-large",
    ),
    "a zip of many files": (
        "a.zip",
        zipped({f"{i}.txt": b"" for i in range(30)}),
        "zip-too-many-files",
    ),
    "a zip in a zip": (
        "a.zip",
        zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": b""})})}),
        "zip-in-zip",
    ),
    "a path upwards": ("a.zip", zipped({"../../etc/passwd": b"x"}), "zip-path-unsafe"),
    "a path upwards, backwards": ("a.zip", zipped({"a\\..\\..\\b": b"x"}), "zip-path-unsafe"),
    "a path from the root": ("a.zip", zipped({"/etc/passwd": b"x"}), "zip-path-unsafe"),
    "a path on a drive": ("a.zip", zipped({"C:/windows/a.json": b"x"}), "zip-path-unsafe"),
    "case twins": ("a.zip", zipped({"A.geojson": b"{}", "a.geojson": b"{}"}), "zip-name-twice"),
    "a link": (
        "a.zip",
        zipped({"a.geojson": b"/etc/passwd"}, external_attr=0xA1FF << 16),
        "zip-link",
    ),
    "a zip of holiday pictures": ("a.zip", zipped({"beach.jpg": b"x"}), "picture-broken"),
    "an empty zip": ("a.zip", zipped({}), "no-drawing-inside"),
    # Formats
    "a program": ("a.exe", b"MZ", "format-not-read"),
    "no suffix": ("plan", b"x", "format-not-read"),
    "xml by the name of geojson": ("a.geojson", "<html></html>", "format-web-page"),
}


def codes_of(paths: list[Path]) -> set[str]:
    """The code of the refusal, or of every finding; any other exception fails the test."""
    try:
        plans: tuple[Plan, ...] = read(paths, SMALL)
    except PlanError as error:
        assert all(error.finding.text(language) for language in languages())
        return {error.finding.code}
    findings = [finding for plan in plans for finding in plan.findings]
    assert all(finding.text(language) for finding in findings for language in languages())
    return {finding.code for finding in findings}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_answered_with_its_code(case: str, tmp_path: Path) -> None:
    name, content, code = BAD[case]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)

    assert code in codes_of([path])


def test_the_good_drawings_of_this_page_are_good(tmp_path: Path) -> None:
    for name, content in (
        ("a.geojson", text(native(*GOOD)).encode()),
        ("b.geojson", text(foreign(room(ring(0, 0)))).encode()),
        ("c.osm", osm("").encode()),
        ("d.zip", imdf()),
    ):
        (tmp_path / name).write_bytes(content)

        found = codes_of([tmp_path / name])

        assert found <= {"level-from-neighbours"}, name


Spoil = Callable[[Path], list[Path]]


def _two_units(folder: Path) -> list[Path]:
    paths = [folder / "a.geojson", folder / "b.geojson"]
    paths[0].write_text(text(native(*GOOD)))
    paths[1].write_text(text(native(*GOOD, units="deg")))
    return paths


def _empty_folder(folder: Path) -> list[Path]:
    return [folder]


def _crowded_folder(folder: Path) -> list[Path]:
    for i in range(40):
        (folder / f"{i}.txt").touch()
    return [folder]


def _folder_with_a_letter(folder: Path) -> list[Path]:
    (folder / "letter.docx").touch()
    (folder / "plan.geojson").write_text(text(native(*GOOD)))
    return [folder]


def _folder_with_a_cad_drawing(folder: Path) -> list[Path]:
    (folder / "2F.skp").write_bytes(b"")
    (folder / "plan.geojson").write_text(text(native(*GOOD)))
    return [folder]


def _folder_with_indoorgml(folder: Path) -> list[Path]:
    (folder / "b.json").write_text('{"PrimalSpaceFeatures": {}}')
    (folder / "plan.geojson").write_text(text(native(*GOOD)))
    return [folder]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: [], "nothing-given"),
        (lambda folder: [folder / "no.geojson"], "file-not-found"),
        (_two_units, "units-mixed"),
        (_empty_folder, "no-drawing-inside"),
        (_crowded_folder, "too-many-files"),
        (_folder_with_a_letter, "file-passed-over"),
        (_folder_with_a_cad_drawing, "format-passed-over"),
        (_folder_with_indoorgml, "indoorgml-passed-over"),
    ],
)
def test_a_bad_folder_is_answered_with_its_code(spoil: Spoil, code: str, tmp_path: Path) -> None:
    assert code in codes_of(spoil(tmp_path))


def test_pbf_without_its_parser_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    (tmp_path / "a.pbf").write_bytes(b"x")

    assert codes_of([tmp_path / "a.pbf"]) == {"pbf-not-installed"}


@pytest.mark.parametrize(
    ("parser", "name", "content"),
    [
        ("ezdxf", "a.dxf", dxf(*ward())),
        ("dwg2geo", "a.dwg", b"AC1032" + bytes(90)),
        ("pypdfium2.raw", "a.pdf", b"%PDF-1.7"),
        ("svgelements", "a.svg", svg(*vector_ward())),
        ("ifcopenshell", "a.ifc", drawn_ifc.ward().bytes()),
        ("cv2", "a.jpg", b"\xff\xd8\xff"),
    ],
)
def test_a_drawing_by_cad_without_its_parser_says_what_to_install(
    parser: str, name: str, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, parser, None)
    (tmp_path / name).write_bytes(content)

    said = {"a.ifc": "ifc-not-installed", "a.jpg": "pictures-not-installed"}
    assert codes_of([tmp_path / name]) == {said.get(name, "cad-not-installed")}


@pytest.mark.parametrize("seed", range(40))
def test_a_file_with_a_byte_changed_never_crashes_the_reader(seed: int, tmp_path: Path) -> None:
    """Whatever comes out is a plan or a PlanError."""
    for name, content in (
        ("a.geojson", text(native(*GOOD, NATIVE_LINE)).encode()),
        ("b.osm", osm("").encode()),
        ("c.zip", imdf()),
    ):
        at = seed * 7919 % len(content)
        changed = content[:at] + bytes([(content[at] + 1 + seed * 31) % 256]) + content[at + 1 :]
        (tmp_path / name).write_bytes(changed)

        codes_of([tmp_path / name])


ODD: tuple[Any, ...] = (
    None, True, [], {}, "", "x", -1, 1e308, 10**400, [[]], [None], {"a": None}, "0-3", "NaN",
    {"en": 5}, {"type": []}, {"type": "Point", "coordinates": None},
)  # fmt: skip


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within a JSON document."""
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


@pytest.mark.parametrize("odd", range(len(ODD)))
def test_an_odd_value_anywhere_never_crashes_the_reader(odd: int, tmp_path: Path) -> None:
    """Whatever comes out is a plan or a PlanError."""
    for document in (
        native(level(), space(), NATIVE_LINE, drawn("Point", [1, 1], type="anchor")),
        foreign(room(ring(0, 0)), drawn("LineString", [[0, 0], [1, 0]], level=0, door="yes")),
    ):
        for number in range(len(_places(document))):
            changed = json.loads(text(document))
            container, key = _places(changed)[number]
            container[key] = json.loads(json.dumps(ODD[odd]))
            (tmp_path / "a.geojson").write_text(text(changed))

            codes_of([tmp_path / "a.geojson"])


# The sentences


NAMES = ("code", "_REFUSED", "_PASSED_OVER", "_AGAIN")
"""Variables that hold codes."""


def _codes_in_code() -> set[str]:
    """Every literal that a reader gives as a code."""
    codes: set[str] = set()
    for path in sorted((REPO / "floorplans").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ""
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name in (
                "Finding",
                "PlanError",
                "say",
                "tally",
                "_must_be_few",
                "_BadGeometryError",
            ):
                assert isinstance(node, ast.Call)
                first = node.args[0]
                for literal in ast.walk(first):
                    if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
                        codes.add(literal.value)
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES:
                for literal in ast.walk(node.value):
                    if isinstance(literal, ast.Constant) and isinstance(literal.value, str):
                        codes.add(literal.value)
    return codes


def _messages() -> set[str]:
    path = REPO / "floorplans" / "words" / "severity.json"
    return set(json.loads(path.read_text(encoding="utf-8")))


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    unread = json.loads((REPO / "floorplans" / "unread.json").read_text(encoding="utf-8"))
    assert _codes_in_code() | {row["code"] for row in unread} == _messages()


def test_every_code_has_a_bad_file_of_its_own() -> None:
    elsewhere = {
        "name-garbled", "columns-unread", "length-unit-assumed", "remark-obeyed",
        "condition-always",
        # In tests/test_server_underlays.py.
        "pdf-no-such-page",
        # In tests/test_tables.py.
        "mapping-scale-unknown", "node-drawn-as-entrance", "table-coordinate-unread",
        "table-edge-between-levels", "table-edge-of-one-node", "table-id-twice",
        "table-lower-levels", "table-node-without-floor", "table-row-without-id",
        "table-room-without-node", "table-scale-guessed", "table-shaft-alone", "table-shaft-joined",
        "table-taken-as-metres", "table-without-edges", "table-without-nodes",
        # In tests/bad_files.py and tests/test_cad.py.
        "file-surveyed", "layer-seen", "mapping-broken", "mapping-level-missing",
        "mapping-role-unknown", "mapping-unit-unknown", "no-cad-inside",
        "door-apart-from-room", "drawing-without-text", "number-not-as-named", "scale-as-written",
        "scale-from-doors", "scale-unknown", "shaft-unanswered", "svg-broken", "svg-left-out",
        "xml-entities", "apart-left-out", "pdf-broken", "pdf-empty", "pdf-left-out",
        "pdf-locked", "pdf-page-passed-over", "pdf-page-too-large", "pdf-pages-unclear",
        "pdf-scan", "pdf-too-many-pages", "sheet-laid-over", "sheet-lies-apart",
        "sheet-beside-drawing",
        "cad-not-installed", "drawn-twice", "dwg-broken", "dwg-left-out", "dwg-too-old",
        "dxf-broken", "dxf-recovered", "no-layers-known", "no-rooms-drawn",
        "rooms-from-walls", "shafts-taken-as-stairs", "tarch-objects", "unit-from-sizes",
        "unit-from-storeys", "unit-unclear",
        # In tests/test_control.py.
        "georeference-crs-unknown", "georeference-file", "georeference-mirrored",
        "georeference-off", "georeference-point-unread", "georeference-points-equal",
        "georeference-points-few", "georeference-scale", "georeferenced",
        # In tests/bad_files.py and tests/test_pictures.py.
        "mapping-picture-wrong", "picture-beside-drawing", "picture-blurred",
        "picture-floors-apart", "picture-without-names",
        "picture-shafts-joined", "picture-broken", "picture-colour-differs",
        "picture-kind-by-colour", "picture-moves", "picture-no-building", "picture-no-scale",
        "picture-read", "picture-scale-guessed", "picture-too-large", "picture-too-small",
        "picture-words-unsure", "pictures-not-installed",
        # In tests/bad_files.py and tests/test_ifc.py.
        "ifc-broken", "ifc-cut-off", "ifc-damaged", "ifc-no-rooms", "ifc-not-installed",
        "entrance-by-model",
        "ifc-place-unused", "ifc-rooms-undrawn", "ifc-schema", "ifc-space-left-out",
        "ifc-space-undrawn", "ifc-storey-left-out", "ifczip-not-one",
        "walk-astray", "walk-counted", "walk-distance", "walk-end", "walk-goal", "walk-landmark",
        "crs-mixed", "grid-read", "several-sites", "code-looks-away",
        "storey-from-name", "building-from-folder",
        "building-restriction-ignored", "code-as-name", "emergency-exit", "entrance-storey-assumed",
        "file-not-found", "file-passed-over", "format-passed-over", "graph-edge-lost",
        "graph-lift-drawn", "graph-read", "file-lost", "incline-contradicts-levels",
        "indoorgml-passed-over", "level-from-neighbours", "level-restriction-ignored",
        "level-taken-as-ground", "lift-drawn-as-line", "lift-drawn-as-point",
        "line-inside-stairs", "name-against-category", "name-placeholder",
        "node-drawn-as-space", "nothing-given", "opening-category-ignored",
        "out-of-use-left-out", "outdoor-left-out", "pbf-not-installed", "plan-too-large",
        "point-without-level", "reading-crashed", "reading-failed", "reading-garbled",
        "reading-not-started", "reading-out-of-memory", "reading-took-too-long",
        "relationship-shaft", "restriction-unread", "shaft-storeys-unclear", "staff-by-name",
        "too-many-files",
        "too-many-openings", "too-many-spaces", "too-many-spaces-on-level", "units-mixed",
        "validity-limited",
    }  # fmt: skip
    tried = {code for _, _, code in BAD.values()}

    assert _messages() - tried - elsewhere == set()
    assert len(BAD) >= 60
