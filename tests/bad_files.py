"""Bad files by the hundred, of the kinds that staff, or attackers, will upload.

`python tests/bad_files.py FOLDER` writes them, and the expected answer to each into `codes.json`.
Those of `test_bad_input.py` are not repeated here; `test_bad_files.py` reads both.
"""

import gzip
import io
import json
import math
import random
import re
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import drawn_dxf as cad
import drawn_ifc
import drawn_pdf as plotted
import drawn_svg as vector
from test_bad_input import (
    GOOD,
    IMDF,
    NODES,
    RING,
    drawn,
    foreign,
    imdf,
    level,
    native,
    osm,
    ring,
    room,
    space,
    star,
    tags,
    text,
    zipped,
)

READ = "read"
"""Instead of a code: it is odd, and read without a word."""

Content = bytes | str | Mapping[str, bytes | str]
"""Of a file; of a folder by name, where `-> …` is a link to somewhere else."""


class Bad(NamedTuple):
    """A file or folder, and what it is answered with."""

    name: str
    content: Content
    code: str
    real_limits: bool = False
    """Whether it is read within the limits that are in use, not within smaller ones."""


Bads = Mapping[str, Bad]


# JSON: what is not JSON, and what JSON can hold


def geojson(content: str | bytes, code: str, **options: bool) -> Bad:
    return Bad("a.geojson", content, code, **options)


def of(**members: Any) -> str:
    """A good drawing with other members."""
    return text(native(*GOOD, **members))


def encoded_files() -> Bads:
    """Bytes that are no text, or that end too soon."""
    good = text(native(*GOOD, space("B", x=20)))
    cut_in_letter = text(native(level(label="大厅"), space())).encode()
    at = cut_in_letter.index("厅".encode()) + 1
    return {
        "NUL": geojson(b"\0" * 64, "json-broken"),
        "utf-16 without its mark": geojson(good.encode("utf-16-le"), "json-broken"),
        "utf-32": geojson(good.encode("utf-32"), "encoding-guessed"),
        "an overlong letter": geojson(b'{"a": "\xc0\xaf"}', "file-not-utf8"),
        "half a letter in utf-8": geojson(b'{"a": "\xed\xa0\x80"}', "file-not-utf8"),
        "a letter beyond the last": geojson(b'{"a": "\xf4\x90\x80\x80"}', "file-not-utf8"),
        "latin-1": geojson('{"a": "Ambulatório"}'.encode("latin-1"), "not-geojson"),
        "gb18030": geojson('{"a": "㐀门诊"}'.encode("gb18030"), "file-not-utf8"),
        "big5": geojson('{"a": "門診"}'.encode("big5"), "not-geojson"),
        "cut within a letter": geojson(cut_in_letter[:at], "json-cut-off"),
        "cut after a backslash": geojson('{"a": "\\', "json-cut-off"),
        "cut within an escape": geojson('{"a": "\\u4e', "json-broken"),
        "cut within a text": geojson('{"type": "FeatureColl', "json-cut-off"),
        "cut within a word": geojson('{"type": tru', "json-broken"),
        "only a brace": geojson("{", "json-cut-off"),
        "only a mark of byte order": geojson(b"\xef\xbb\xbf", "file-empty"),
    }


def json_files() -> Bads:
    """What looks like JSON."""
    good = text(native(*GOOD, space("B", x=20)))
    return {
        "two documents": geojson(good + "\n" + good, "json-broken"),
        "a sequence of texts": geojson("\x1e" + good + "\n", "json-broken"),
        "javascript": geojson("var plan = " + good + ";", "json-broken"),
        "a call": geojson("callback(" + good + ")", "json-broken"),
        "a comment": geojson("// drawn by hand\n" + good, "json-mended"),
        "a comma at the end": geojson(good[:-1] + ",}", "json-mended"),
        "single quotes": geojson(good.replace('"', "'"), "json-broken"),
        "hexadecimal": geojson(good.replace('"ordinal": 0', '"ordinal": 0x10'), "json-broken"),
        "a leading nought": geojson(good.replace('"ordinal": 0', '"ordinal": 007'), "json-broken"),
        "a plus": geojson(good.replace('"ordinal": 0', '"ordinal": +1'), "json-broken"),
        "NaN alone": geojson("NaN", "json-not-a-number"),
        "Infinity in a corner": geojson(
            good.replace("[10, 0]", "[Infinity, 0]"), "json-not-a-number"
        ),
        "a newline in a text": geojson(good.replace('"A"', '"A\nB"'), "json-broken"),
        "an escape that is none": geojson(good.replace('"A"', '"\\x41"'), "json-broken"),
        "half a letter": geojson(good.replace('"A"', '"\\ud83d"'), "json-half-letter"),
        "the other half": geojson(good.replace('"A"', '"\\ude00A"'), "json-half-letter"),
        "halves the wrong way round": geojson(
            good.replace('"A"', '"\\ude00\\ud83d"'), "json-half-letter"
        ),
        "half a letter for a key": geojson(good[:-1] + ', "\\ud800": 1}', "json-half-letter"),
        "both halves": geojson(good.replace('"A"', '"\\ud83c\\udfe5"'), READ),
        "a backslash before ud83d": geojson(good.replace('"A"', '"\\\\ud83d"'), READ),
        "features twice": geojson(good[:-1] + ', "features": []}', "json-key-twice"),
        "a key twice by another spelling": geojson('{"a": 1, "\\u0061": 2}', "json-key-twice"),
        "a key twice far below": geojson(
            good[:-1] + ', "x": [[{"y": {"z": 1, "z": 1}}]]}', "json-key-twice"
        ),
    }


def collection_files() -> Bads:
    """JSON that is large, deep, or another thing than a collection."""
    good = text(native(*GOOD, space("B", x=20)))
    return {
        "33 deep": geojson(good[:-1] + ', "x": ' + "[" * 32 + "]" * 32 + "}", "json-too-deep"),
        "a staircase of objects": geojson(
            '{"a": ' * 200_000 + "1" + "}" * 200_000, "json-too-deep", real_limits=True
        ),
        "a staircase without end": geojson('{"a": [' * 100_000, "json-too-deep"),
        "a corner of 4000 digits": geojson(
            good.replace("[10, 0]", "[" + "9" * 4000 + ", 0]"), "coordinate-not-a-number"
        ),
        "a corner of 20,000 digits": geojson(
            good.replace("[10, 0]", "[" + "9" * 20_000 + ", 0]"), "json-number-too-long"
        ),
        "a fraction of 200,000 digits": geojson(
            good.replace("[10, 0]", "[10." + "3" * 200_000 + ", 0]"), READ
        ),
        "a number": geojson("42", "not-geojson"),
        "a text": geojson('"FeatureCollection"', "not-geojson"),
        "null": geojson("null", "not-geojson"),
        "a geometry by itself": geojson(
            '{"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 0]]]}', "not-geojson"
        ),
        "the type in small letters": geojson('{"type": "featurecollection"}', "not-geojson"),
        "a drawing of another vendor": geojson(
            '{"geometryType": "esriGeometryPolygon", "features": []}', "not-geojson"
        ),
        "features as an object": geojson(
            '{"type": "FeatureCollection", "features": {"0": {}}}', "features-missing"
        ),
        "features as null": geojson(
            '{"type": "FeatureCollection", "features": null}', "features-missing"
        ),
        "a million nulls": geojson(
            '{"type": "FeatureCollection", "features": [' + "null," * 10**6 + "null]}",
            "too-many-features",
            real_limits=True,
        ),
        "300,000 empty lists": geojson(
            '{"type": "FeatureCollection", "features": [], "x": [' + "[]," * 300_000 + "[]]}",
            "nothing-drawn",
            real_limits=True,
        ),
        "features of nothing": geojson(text(native(*GOOD, {}, {})), "type-unknown"),  # type: ignore[arg-type]
        "properties as a list": geojson(
            text(native(*GOOD, {**space("B"), "properties": [1]})), "type-unknown"
        ),
        "a name for the dialect": geojson(of(navkit="1"), "dialect-unclear"),
        "half a dialect": geojson(of(navkit=1.5), "dialect-unclear"),
        "the dialect of the year 9999": geojson(of(navkit=9999), "dialect-too-new"),
        "true for a dialect": geojson(of(navkit=True), "dialect-unclear"),
        "units as a list": geojson(of(units=["m"]), "units-unknown"),
        "units in capitals": geojson(of(units="M"), "units-unknown"),
        "a file of one letter": geojson("x", "json-broken"),
        "a web page": geojson("<!DOCTYPE html><html><body>404</body></html>", "format-web-page"),
        "a page without a doctype": geojson("<html><p>404</p></html>", "format-web-page"),
    }


# Names and ids


CONTROLS = "\0\x01\x1b[2J\x7f\x85\u202e\u2066\u2028"


def name_files() -> Bads:
    rooms = [
        space("A", name=f"Ward{CONTROLS}3"),
        space("B", x=20, ref=f"\x1b]0;x\x07{CONTROLS}"),
        space("C", x=40, name={"zh-Hans": f"大厅{CONTROLS}", "en": "\0"}),
    ]
    return {
        "names with control characters": geojson(text(native(level(), *rooms)), READ),
        "an id with control characters": geojson(
            text(native(level(), space(f"A{CONTROLS}"), space(f"A{CONTROLS}", x=20))),
            "id-used-twice",
        ),
        "a level with control characters": geojson(
            text(native(level("L0\0\x7f"), space("B", level="L0\u202e"))), READ
        ),
        "a key twice with control characters": geojson(
            '{"\\u001b[2J": 1, "\\u001b[2J": 2}', "json-key-twice"
        ),
        "names that are no texts": geojson(
            text(native(level(), space(name=[["Ward"]], ref={"a": 1}, category=7))), READ
        ),
        "names of a megabyte": geojson(
            text(native(level(), space(name="门" * 300_000, ref="9" * 3000))), READ
        ),
        "a name that is a format": geojson(
            text(native(level(), space(name="{code} %s %n {0.__class__}", kind="{x}"))),
            "value-unknown",
        ),
        "a name that is a script": geojson(
            text(native(level(), space(name="<script>alert(1)</script>", ref='"><svg/onload=x>'))),
            READ,
        ),
        "a name that is a formula": geojson(
            text(native(level(), space(name="=cmd|' /C calc'!A0"))), READ
        ),
        "a name that is a path": geojson(text(native(level(), space("../../etc/passwd"))), READ),
        "names in tongues that are none": geojson(
            text(native(level(), space(name={"../..": "x", "": "", "zh-Hans\n": "门", "e": "y"}))),
            READ,
        ),
        "an id that is a list": geojson(
            text(native(level(), {**space(), "id": ["A"]}, {**space(x=20), "id": True})), READ
        ),
        "an osm name turned round": Bad(
            "a.osm",
            osm(
                f'<way id="8">{RING}{tags(indoor="room", level="0", name="&#x202e;x&#x85;")}</way>'
            ),
            READ,
        ),
        "a file with a bell in its name": Bad("a\x07\x1b[2J.geojson", "{", "json-cut-off"),
        "a file name of 250 letters": Bad("a" * 240 + ".geojson", "{", "json-cut-off"),
        "a file name that turns round": Bad("a\u202enosjoeg.geojson", "{", "json-cut-off"),
        "a file that is all suffix": Bad(".geojson", "{", "format-not-read"),
        "a suffix too many": Bad("a.geojson.exe", "{", "format-not-read"),
        "a file name in capitals": Bad("PLAN.GEOJSON", "{", "json-cut-off"),
    }


# Shapes


def shape(kind: str, coordinates: Any, code: str, **options: bool) -> Bad:
    """Beside a good room, a space drawn like this."""
    return geojson(text(native(*GOOD, drawn(kind, coordinates, type="space"))), code, **options)


def outline(*points: tuple[float, float]) -> list[list[list[float]]]:
    return [[list(point) for point in (*points, points[0])]]


def comb(teeth: int) -> list[list[float]]:
    """A ring whose teeth each cross its back."""
    points = [[x / 10, (x % 2) * 40.0] for x in range(teeth)]
    return [*points, [teeth / 10, 20.0], [-1.0, 20.0], points[0]]


def knot(points: int) -> list[list[float]]:
    """A star whose every side crosses nearly every other."""
    turn = 2 * math.pi * (points // 2) / points
    corners = [[50 * math.cos(i * turn), 50 * math.sin(i * turn)] for i in range(points)]
    return [*corners, corners[0]]


def noise(points: int) -> list[list[float]]:
    draw = random.Random(points)
    corners = [[draw.uniform(0, 100), draw.uniform(0, 100)] for _ in range(points)]
    return [*corners, corners[0]]


def shape_files() -> Bads:
    """Outlines that no room has."""
    square = ring(0, 20)
    return {
        "a hole larger than its room": shape(
            "Polygon", [square, ring(-5, 15, 30, 30)], "invalid-outline"
        ),
        "a hole beside its room": shape("Polygon", [square, ring(50, 50)], "outline-repaired"),
        "a hole that is the room": shape("Polygon", [square, square], "invalid-outline"),
        "holes in each other": shape(
            "Polygon", [square, ring(1, 21, 4, 4), ring(2, 22, 4, 4)], "outline-repaired"
        ),
        "a hole of two corners": shape("Polygon", [square, [[1, 21], [2, 22], [1, 21]]], READ),
        "a ring that is not closed": shape("Polygon", [square[:-1]], READ),
        "one point a thousand times": shape("Polygon", [[[1, 1]] * 1000], "outline-has-no-area"),
        "a room with a needle": shape(
            "Polygon", outline((0, 20), (10, 20), (10, 28), (300, 28), (10, 28), (0, 28)), READ
        ),
        "a pentagram": shape(
            "Polygon", outline((0, 60), (30, 60), (5, 80), (15, 50), (25, 80)), "outline-repaired"
        ),
        "an eight": shape(
            "Polygon", outline((0, 50), (9, 59), (9, 50), (0, 59)), "outline-repaired"
        ),
        "a room of no height": shape(
            "Polygon", outline((0, 50), (9, 50), (5, 50)), "invalid-outline"
        ),
        "a room as thin as paper": shape(
            "Polygon", outline((0, 50), (9, 50), (9, 50.0001)), "outline-too-small"
        ),
        "a room on itself": shape("MultiPolygon", [[ring(0, 20)], [ring(0, 20)]], READ),
        "a room and a scribble": shape(
            "MultiPolygon", [[ring(0, 20)], [star(300)]], "outline-tangled"
        ),
        "a knot of 501 corners": shape("Polygon", [knot(501)], "outline-tangled", real_limits=True),
        "a comb of 30,000 teeth": shape(
            "Polygon", [comb(30_000)], "outline-tangled", real_limits=True
        ),
        "a comb of 400 teeth": shape("Polygon", [comb(400)], "outline-repaired", real_limits=True),
        "noise of 10,000 corners": shape(
            "Polygon", [noise(10_000)], "outline-tangled", real_limits=True
        ),
        "three thousand holes": shape(
            "Polygon",
            [ring(0, 20, 400, 400)]
            + [ring(1 + 3 * (i % 100), 21 + 3 * (i // 100), 1, 1) for i in range(3_000)],
            READ,
            real_limits=True,
        ),
        "three thousand holes that cross": shape(
            "Polygon",
            [ring(0, 20, 400, 400)]
            + [ring(1 + i % 100, 21 + i // 100, 9, 9) for i in range(3_000)],
            "outline-tangled",
            real_limits=True,
        ),
        "four hundred rooms in one": shape(
            "MultiPolygon", [[ring(12 * i, 20)] for i in range(400)], READ, real_limits=True
        ),
    }


def corner_files() -> Bads:
    """Corners that are none."""
    square = ring(0, 20)
    return {
        "corners of null": shape("Polygon", [[[0, 0], None, [9, 9], [0, 0]]], "geometry-broken"),
        "corners of true": shape(
            "Polygon", [[[True, False], [9, 0], [9, 9]]], "coordinate-not-a-number"
        ),
        "corners of one number": shape("Polygon", [[[0], [9], [9]]], "geometry-broken"),
        "corners of ten numbers": shape(
            "Polygon", [[[*corner, *range(8)] for corner in square]], READ
        ),
        "corners one list too deep": shape("Polygon", [[square]], "coordinate-not-a-number"),
        "corners one list too shallow": shape("Polygon", square, "geometry-broken"),
        "coordinates as a text": shape("Polygon", "0 0, 9 0, 9 9", "geometry-empty"),
        "coordinates as an object": shape("Polygon", {"0": square}, "geometry-empty"),
        "no coordinates": shape("Polygon", None, "geometry-empty"),
        "a ring of nothing": shape("Polygon", [[]], "geometry-empty"),
        "a curve": shape("CurvePolygon", [square], "geometry-not-read"),
        "a polygon in small letters": shape("polygon", [square], "geometry-not-read"),
        "a type that is a list": geojson(
            text(native(*GOOD, {**space("B"), "geometry": {"type": ["Polygon"]}})),
            "geometry-not-read",
        ),
        "a geometry that is a text": geojson(
            text(native(*GOOD, {**space("B"), "geometry": "POLYGON ((0 0, 1 1, 1 0))"})),
            "geometry-not-read",
        ),
    }


def place_files() -> Bads:
    """Places beyond the world, and shapes of other things."""
    square = ring(0, 20)
    return {
        "minus nought": shape("Polygon", outline((-0.0, 20), (9, 20), (9, 29)), READ),
        "a corner just within bounds": shape(
            "Polygon", outline((0, 20), (9, 20), (1e8, 29)), "building-too-large"
        ),
        "a corner just beyond": shape(
            "Polygon", outline((0, 20), (9, 20), (1.1e8, 29)), "coordinate-out-of-bounds"
        ),
        "smaller than an atom": shape(
            "Polygon", outline((0, 0), (1e-300, 0), (0, 1e-300)), "invalid-outline"
        ),
        "at the pole": geojson(
            text(native(level(), _degrees(0, 89.9999), units="deg")), "nothing-to-walk-on"
        ),
        "beyond the pole": geojson(
            text(native(level(), _degrees(0, 89.9999, 0.002), units="deg")), "degrees-out-of-range"
        ),
        "a line with a thousand times one point": geojson(
            text(native(*GOOD, drawn("LineString", [[3, 3]] * 1000, type="wall"))),
            "line-too-short",
        ),
        "a door all over the place": geojson(
            text(native(*GOOD, drawn("MultiPoint", [[1, 1], [2, 2]], type="door"))),
            "geometry-not-fitting",
        ),
        "a wall drawn as a room": geojson(
            text(native(*GOOD, drawn("Polygon", [square], type="wall"))), READ
        ),
        "a code drawn as a room": geojson(
            text(native(*GOOD, drawn("Polygon", [square], type="anchor"))), "geometry-not-fitting"
        ),
        "a path drawn as many": geojson(
            text(native(*GOOD, drawn("MultiLineString", [[[0, 0], [1, 1]]], type="path"))),
            "geometry-not-fitting",
        ),
    }


def _degrees(x: float, y: float, size: float = 1e-4) -> dict[str, Any]:
    feature = drawn("Polygon", [ring(x, y, size, size)], type="space")
    return {**feature, "id": f"R{x}"}


# What navkit's own dialect can say


def said(code: str, *features: Any) -> Bad:
    return geojson(text(native(*GOOD, *features)), code)


def on_ground(**properties: Any) -> dict[str, Any]:
    feature = drawn("LineString", [[0, 0], [9, 0]])
    return {**feature, "properties": {"level": "L0", **properties}}


LIFT = {**level("E1"), "properties": {"type": "connector", "kind": "elevator"}}


def lift(**properties: Any) -> Bad:
    feature = {**LIFT, "properties": {**LIFT["properties"], **properties}}
    code = "value-unknown" if {"access", "direction"} & {*properties} else "number-unlikely"
    return said(code, feature)


def dialect_files() -> Bads:
    """Levels, paths and doors of the native dialect."""
    return {
        "a storey as high as the sky": said("level-without-ordinal", level("L1", ordinal=1e300)),
        "a storey as text": said("level-without-ordinal", level("L1", ordinal="one")),
        "a storey of true": said("level-without-ordinal", level("L1", ordinal=True)),
        "a storey of a list": said("level-without-ordinal", level("L1", ordinal=[0])),
        "a level without id": said("level-id-unclear", {**level("", ordinal=1)}),
        "forty storeys": said(
            "too-many-storeys", *(level(f"L{i}", ordinal=i) for i in range(1, 40))
        ),
        "a building in itself": said("building-unknown", level("L1", ordinal=1, building="L1")),
        "a path over three storeys": said(
            "level-unknown", on_ground(type="path", levels=["L0", "L0", "L0"])
        ),
        "a path to nowhere": said("level-unknown", on_ground(type="path", levels=["L0", "L9"])),
        "a path of texts": said(
            "flag-not-a-flag", on_ground(type="path", oneway="yes", slope=None)
        ),
        "a ramp up a wall": said("number-unlikely", on_ground(type="path", kind="ramp", slope=5)),
        "a path as wide as the sea": said("number-unlikely", on_ground(type="path", width_m=1e308)),
        "a door of minus a metre": said("number-unlikely", on_ground(type="door", width_m=-1)),
        "a door that joins everything": said(
            READ, on_ground(type="door", spaces=[None, 7, {}, "A" * 9999, "A"])
        ),
        "a door into itself": said(READ, on_ground(type="door", spaces=["X", "X"])),
        "a door with hours of its own": said(
            "value-unknown", on_ground(type="door", hours='Mo-Su 99:99-00:00; "; off')
        ),
        "a door for nobody known": said("value-unknown", on_ground(type="door", access="vip")),
    }


def thing_files() -> Bads:
    """Its lifts, rooms and codes, and storeys of other counts."""
    return {
        "a lift that runs sideways": lift(direction="sideways"),
        "a lift for friends": lift(access="friends"),
        "a lift that waits forever": lift(wait_s=1e308),
        "a lift that waits backwards": lift(wait_s=-1),
        "a lift of 23 hours": lift(wait_s=[30] * 23),
        "a lift of texts": lift(wait_s=["30"] * 24),
        "a lift as fast as light": lift(floor_s=1e-9),
        "a cabin of three sides": lift(cabin_m=[1, 2, 3]),
        "a cabin of no size": lift(cabin_m=[0, 0]),
        "two lifts of one name": said("id-used-twice", LIFT, LIFT),
        "a lift without a name": said("connector-unclear", {**LIFT, "id": None}),
        "a lift to the moon": lift(floor_s=86_400),
        "a room that is a list": said(
            "value-unknown", space("B", x=20, kind=["room"], access={"a": 1})
        ),
        "a room on two storeys": said(
            "level-missing", level("L1", ordinal=1), space("B", level=["L0"])
        ),
        "a thousand rooms of one name": said(
            "id-used-twice", *(space("A", x=20 * i) for i in range(1, 40))
        ),
        "an anchor that looks nowhere": said(
            "number-unlikely", drawn("Point", [1, 1], type="anchor", bearing_deg=1e9)
        ),
        "an elevation beyond all": said(
            "number-unlikely", level("L1", ordinal=1, elevation_m=1e308)
        ),
        "a type from a later version": said("type-unknown", drawn("Point", [1, 1], type="beacon")),
        "a type that is a number": said("type-unknown", drawn("Point", [1, 1], type=7)),
        "storeys from 0 to 199 by mistake": geojson(
            text(foreign(room(ring(0, 0), level="0-199"))), "too-many-storeys"
        ),
        "storeys from 0 to 9999": geojson(
            text(foreign(room(ring(0, 0), level="0-9999"))), "levels-not-understood"
        ),
        "storeys of all digits": geojson(
            text(foreign(room(ring(0, 0), level="9" * 400))), "levels-not-understood"
        ),
        "a storey of the moon": geojson(
            text(foreign(room(ring(0, 0)), room(ring(20, 0), level="☾"))), "level-not-understood"
        ),
    }


# XML and OpenStreetMap


def xml(content: str | bytes, code: str, **options: bool) -> Bad:
    return Bad("a.osm", content, code, **options)


def laughs(levels: int) -> str:
    entities = "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(levels)
    )
    return f'<?xml version="1.0"?><!DOCTYPE osm [{entities}]><osm>&l{levels - 1};</osm>'


RECOGNISED_XML = {
    "a drawing of Inkscape": "no-layers-known",
    "a map of places": "format-geodata",
    "a city model": "format-geodata",
    "an IndoorGML": "nothing-drawn",
    "a track of a satellite": "format-geodata",
}
"""Formats recognised by their root element, whether they are read or not."""

FOREIGN_XML = {
    "a drawing of Inkscape": '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
    "a map of places": '<kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>',
    "a city model": '<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0"/>',
    "an IndoorGML": '<IndoorFeatures xmlns="http://www.opengis.net/indoorgml/1.0/core"/>',
    "a change of OpenStreetMap": '<osmChange version="0.6"><create/></osmChange>',
    "a track of a satellite": '<gpx version="1.1"><trk/></gpx>',
    "a feed": '<rss version="2.0"><channel/></rss>',
    "a part of a word document": "<w:document xmlns:w='http://x'><w:body/></w:document>",
    "a list of properties": '<plist version="1.0"><dict/></plist>',
    "osm in another namespace": '<x:osm xmlns:x="http://x"><x:node/></x:osm>',
    "OSM in capitals": "<OSM/>",
}


def xml_files() -> Bads:
    """Other formats, declarations and letters."""
    good = osm("")
    return {
        **{
            title: xml(content, RECOGNISED_XML.get(title, "not-osm"))
            for title, content in FOREIGN_XML.items()
        },
        "a billion laughs in full": xml(laughs(10), "xml-doctype"),
        "a quadratic blow": xml(
            f'<!DOCTYPE osm [<!ENTITY a "{"a" * 50_000}">]><osm>{"&a;" * 50_000}</osm>',
            "xml-doctype",
        ),
        "an entity of parameters": xml(
            '<!DOCTYPE osm [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd">%x;]><osm/>',
            "xml-doctype",
        ),
        "a doctype from the network": xml(
            '<!DOCTYPE osm SYSTEM "http://127.0.0.1:9/osm.dtd"><osm/>', "xml-doctype"
        ),
        "a doctype behind a comment": xml(
            "<!-- a --><?a b?><!DOCTYPE osm [<!ELEMENT osm ANY>]><osm/>", "xml-doctype"
        ),
        "a doctype in small letters": xml("<!doctype osm><osm/>", "xml-broken"),
        "a doctype in the middle": xml(
            good.replace("<node", "<!DOCTYPE osm><node", 1), "xml-broken"
        ),
        "an entity nobody declared": xml(osm(tags(name="&nbsp;")), "xml-broken"),
        "a letter nought": xml(osm('<way id="8"><tag k="a" v="&#0;"/></way>'), "xml-broken"),
        "a letter below blank": xml(osm('<way id="8"><tag k="a" v="&#x1b;"/></way>'), "xml-broken"),
        "half a letter in xml": xml(
            osm('<way id="8"><tag k="a" v="&#xd800;"/></way>'), "xml-broken"
        ),
        "a letter that is none": xml(
            osm('<way id="8"><tag k="a" v="&#xffff;"/></way>'), "xml-broken"
        ),
        "a letter beyond all": xml(
            osm(f'<way id="8"><tag k="a" v="&#{10**12};"/></way>'), "xml-broken"
        ),
        "raw control characters": xml(good.replace("room", "ro\x01om"), "xml-broken"),
        "a NUL": xml(good.encode().replace(b"room", b"ro\0om"), "xml-broken"),
        "latin-1 that says utf-8": xml(good.encode().replace(b"room", b"r\xf4om"), "xml-broken"),
        "gb18030 that says so": xml(
            good.replace('version="1.0"', 'version="1.0" encoding="GB18030"'), "xml-broken"
        ),
        "an encoding from the moon": xml(
            good.replace('version="1.0"', 'version="1.0" encoding="moon"'), "xml-broken"
        ),
        "utf-16 with its mark": xml(good.encode("utf-16"), READ),
        "utf-16 that says utf-8": xml(
            good.replace('version="1.0"', 'version="1.0" encoding="utf-8"').encode("utf-16"),
            "xml-broken",
        ),
    }


def markup_files() -> Bads:
    """Markup that is broken, cut off or huge."""
    good = osm("")
    return {
        "two roots": xml(good + "<osm/>", "xml-broken"),
        "text behind the root": xml(good + "and so on", "xml-broken"),
        "a blank before the declaration": xml(" " + good, "xml-broken"),
        "an attribute twice": xml(good.replace('id="9"', 'id="9" id="8"'), "xml-broken"),
        "an attribute without quotes": xml(good.replace('id="9"', "id=9"), "xml-broken"),
        "a sign for less": xml(osm(tags(name="a<b")), "xml-broken"),
        "tags that cross": xml("<osm><a><b></a></b></osm>", "xml-broken"),
        "a letter that is left open": xml(osm(tags(name="a&amp")), "xml-broken"),
        "only a declaration": xml('<?xml version="1.0"?>', "xml-cut-off"),
        "only an open tag": xml("<osm", "xml-cut-off"),
        "cut within a text": xml(good[:-9], "xml-cut-off"),
        "cut within a comment": xml("<osm><!-- and so", "xml-cut-off"),
        "cut within a marked section": xml("<osm><![CDATA[ and so", "xml-cut-off"),
        "200,000 elements deep": xml("<osm>" + "<a>" * 200_000, "xml-too-deep", real_limits=True),
        "65 deep in a tag": xml(
            osm('<way id="8">' + "<x>" * 70 + "</x>" * 70 + "</way>"), "xml-too-deep"
        ),
        "a million and one elements": xml(
            "<osm>" + "<a/>" * 1_000_001 + "</osm>", "xml-too-many", real_limits=True
        ),
        "one element of 50,000 attributes": xml(
            osm("<way " + " ".join(f'a{i}="1"' for i in range(50_000)) + "/>"), "osm-id-broken"
        ),
        "a name of a megabyte": xml(
            f"<osm><{'a' * 10**6}/></osm>", "nothing-drawn", real_limits=True
        ),
        "a comment of a megabyte": xml(
            good.replace("<node", f"<!--{' ' * 900_000}--><node", 1), READ
        ),
        "an instruction to a browser": xml(
            good.replace("<osm", '<?xml-stylesheet href="javascript:1"?><osm'), READ
        ),
        "an inclusion": xml(
            osm(
                '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
            ),
            READ,
        ),
        "a json by the name of osm": xml(text(native(*GOOD)), READ),
        "a word by the name of osm": xml("plan", "xml-broken"),
        "a page by the name of xml": Bad("a.xml", "<html/>", "format-web-page"),
    }


def osm_way(inside: str, code: str, number: int | str = 8) -> Bad:
    return xml(osm(f'<way id="{number}">{inside}</way>'), code)


def osm_relation(members: str, code: str) -> Bad:
    outer = tags(type="multipolygon", indoor="room", level="0")
    return xml(osm(f'<relation id="5">{members}{outer}</relation>'), code)


def osm_files() -> Bads:
    """Ways of OpenStreetMap and their storeys."""
    here = tags(indoor="room", level="0")
    return {
        "a way of no nodes": osm_way(tags(indoor="yes", level="0"), "line-too-short"),
        "a way of one node": osm_way(
            '<nd ref="1"/>' + tags(indoor="yes", level="0"), "line-too-short"
        ),
        "a way of lost nodes": osm_way(f'<nd ref="77"/><nd ref="78"/>{here}', "osm-nodes-missing"),
        "a reference that is a word": osm_way(
            f'<nd ref="one"/><nd ref="2"/>{here}', "osm-not-understood"
        ),
        "a reference of 400 digits": osm_way(
            f'<nd ref="{"9" * 400}"/>{here}', "osm-not-understood"
        ),
        "a way without an id": osm_way(RING + here, "osm-id-broken", ""),
        "an id of 400 digits": osm_way(RING + here, "osm-id-broken", "9" * 400),
        "an id with a point": osm_way(RING + here, "osm-id-broken", "8.5"),
        "an id below nought": osm_way(RING + here, READ, -8),
        "one id for two ways": osm_way(RING + here, READ, 9),
        "a bow tie of nodes": osm_way(
            "".join(f'<nd ref="{i}"/>' for i in (1, 3, 2, 4, 1)) + here, "outline-repaired"
        ),
        "a room there and back": osm_way(
            "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 2, 1)) + here, "invalid-outline"
        ),
        "storeys up to the sky": osm_way(
            RING + tags(indoor="room", level="0-199"), "too-many-storeys"
        ),
        "storeys beyond it": osm_way(
            RING + tags(indoor="room", level="0-9999"), "level-not-understood"
        ),
        "storeys by the dozen": osm_way(
            RING + tags(indoor="room", level=";".join(map(str, range(40)))), "too-many-storeys"
        ),
        "a storey of NaN": osm_way(RING + tags(indoor="room", level="NaN"), "level-not-understood"),
        "a storey of 1e9": osm_way(RING + tags(indoor="room", level="1e9"), "level-not-understood"),
        "storeys without numbers": osm_way(
            RING + tags(indoor="room", level=";;;"), "level-not-understood"
        ),
        "storeys that repeat": osm_way(
            RING + tags(indoor="room", level="0-29", repeat_on="0-29"), "too-many-storeys"
        ),
    }


def relation_files() -> Bads:
    """Its relations, nodes and tags."""
    here = tags(indoor="room", level="0")
    return {
        "a relation of itself": osm_relation(
            '<member type="relation" ref="5" role="outer"/>', "outline-not-closed"
        ),
        "a relation of nothing": osm_relation("", "outline-not-closed"),
        "a relation of lost ways": osm_relation(
            '<member type="way" ref="77"/>', "outline-not-closed"
        ),
        "a relation of a thing": osm_relation(
            '<member type="thing" ref="9"/>', "outline-not-closed"
        ),
        "a relation of holes": osm_relation(
            '<member type="way" ref="9" role="inner"/>', "outline-not-closed"
        ),
        "a relation of one way many times": osm_relation(
            '<member type="way" ref="9" role="outer"/>' * 40, READ
        ),
        "a member without a number": osm_relation('<member type="way"/>', "outline-not-closed"),
        "a node without a place": xml(osm("", nodes=NODES + '<node id="7"/>'), "osm-node-nowhere"),
        "a node at the end of the world": xml(
            osm("", nodes=NODES + '<node id="7" lon="180.1" lat="0"/>'), "osm-node-nowhere"
        ),
        "a node of infinity": xml(
            osm("", nodes=NODES + '<node id="7" lon="inf" lat="1e999"/>'), "osm-node-nowhere"
        ),
        "a node of words": xml(
            osm("", nodes=NODES + '<node id="7" lon="east" lat=""/>'), "osm-node-nowhere"
        ),
        "all nodes in one place": xml(
            osm("", nodes="".join(f'<node id="{i}" lon="13" lat="52"/>' for i in range(1, 5))),
            "building-too-small",
        ),
        "a room as large as a province": xml(
            osm("", nodes=NODES.replace('lon="13.0005"', 'lon="14"')), "building-too-large"
        ),
        "everything deleted": xml(
            osm("").replace("<node", '<node action="delete"'), "nothing-drawn"
        ),
        "ways before their nodes": xml(f'<osm><way id="9">{RING}{here}</way>{NODES}</osm>', READ),
        "a slope of a wall": osm_way(
            '<nd ref="1"/><nd ref="3"/>'
            + tags(highway="footway", indoor="yes", level="0", incline="99999%"),
            "restriction-unread",
        ),
        "a width of words": osm_way(
            '<nd ref="1"/><nd ref="3"/>'
            + tags(highway="footway", indoor="yes", level="0", width="1e400"),
            "restriction-unread",
        ),
        "a tag without a key": osm_way(RING + here + "<tag/>", READ),
        "a tag twice": osm_way(RING + here + here.replace("room", "area"), READ),
    }


# OpenStreetMap's binary form, spelt by hand


def varint(number: int) -> bytes:
    number &= 2**64 - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def packed(numbers: Iterable[int], *, signed: bool = True) -> bytes:
    return b"".join(varint(zigzag(n) if signed else n) for n in numbers)


def deltas(numbers: Iterable[int]) -> bytes:
    numbers = list(numbers)
    return packed(b - a for a, b in zip([0, *numbers], numbers, strict=False))


def blob(kind: bytes, content: bytes) -> bytes:
    """As a file holds it, `content` being a Blob."""
    head = field(1, kind) + field(3, len(content))
    return struct.pack(">I", len(head)) + head + content


def raw(content: bytes) -> bytes:
    return field(1, content)


def squeezed(content: bytes, size: int | None = None) -> bytes:
    size = len(content) if size is None else size
    return field(2, size) + field(3, zlib.compress(content, 9))


STRINGS = (b"", b"indoor", b"room", b"level", b"0")


def head(*features: bytes) -> bytes:
    features = features or (b"OsmSchema-V0.6", b"DenseNodes")
    return blob(b"OSMHeader", raw(b"".join(field(4, feature) for feature in features)))


def nodes(
    ids: Iterable[int] = (1, 2, 3, 4),
    lats: Iterable[int] = (520_000_000, 520_000_000, 520_005_000, 520_005_000),
    lons: Iterable[int] = (130_000_000, 130_005_000, 130_005_000, 130_000_000),
    tagged: bytes = b"",
) -> bytes:
    """A group of dense nodes."""
    dense = field(1, deltas(ids)) + field(8, deltas(lats)) + field(9, deltas(lons))
    return field(2, dense + (field(10, tagged) if tagged else b""))


def room_way(
    number: int = 9,
    keys: Iterable[int] = (1, 3),
    values: Iterable[int] = (2, 4),
    refs: Iterable[int] = (1, 2, 3, 4, 1),
) -> bytes:
    way = (
        field(1, number)
        + field(2, packed(keys, signed=False))
        + field(3, packed(values, signed=False))
    )
    return field(3, way + field(8, deltas(refs)))


def block(*groups: bytes, strings: Iterable[bytes] = STRINGS, rest: bytes = b"") -> bytes:
    table = field(1, b"".join(field(1, string) for string in strings))
    return table + b"".join(field(2, group) for group in groups) + rest


def pbf(*groups: bytes, **options: Any) -> bytes:
    return head() + blob(b"OSMData", raw(block(*(groups or (nodes(), room_way())), **options)))


def pbf_file(content: bytes, code: str = "pbf-broken", **options: bool) -> Bad:
    return Bad("a.osm.pbf", content, code, **options)


def pbf_files() -> Bads:
    """Heads and blocks of a pbf."""
    good = pbf()
    data = block(nodes(), room_way())
    return {
        "a good pbf": pbf_file(good, READ),
        "a pbf that ends before its data": pbf_file(head(), "nothing-drawn"),
        "a pbf without a head": pbf_file(good[len(head()) :]),
        "a head twice": pbf_file(head() + good),
        "a pbf of a later version": pbf_file(head(b"OsmSchema-V9") + good[len(head()) :]),
        "a pbf that needs what nobody has": pbf_file(
            head(b"OsmSchema-V0.6", b"LocationsOnMoon") + good[len(head()) :]
        ),
        "a pbf with history": pbf_file(
            head(b"OsmSchema-V0.6", b"DenseNodes", b"HistoricalInformation") + good[len(head()) :],
            READ,
        ),
        "a head of 70 kB": pbf_file(struct.pack(">I", 70_000) + bytes(70_000)),
        "a head of nothing": pbf_file(bytes(4)),
        "a block of another kind": pbf_file(head() + blob(b"OSMMoon", raw(data))),
        "a block of nothing": pbf_file(head() + blob(b"OSMData", b"")),
        "a block larger than it says": pbf_file(head() + blob(b"OSMData", squeezed(data, 3))),
        "a block smaller than it says": pbf_file(head() + blob(b"OSMData", squeezed(data, 10**6))),
        "a block that says four gigabytes": pbf_file(
            head() + blob(b"OSMData", squeezed(data, 2**32))
        ),
        "a block that says less than nothing": pbf_file(
            head() + blob(b"OSMData", squeezed(data, -1))
        ),
        "a bomb in a block": pbf_file(
            head() + blob(b"OSMData", squeezed(bytes(33 * 2**20))), real_limits=True
        ),
        "a bomb that says it is small": pbf_file(
            head() + blob(b"OSMData", squeezed(bytes(33 * 2**20), 1000)), real_limits=True
        ),
        "squeezed by another way": pbf_file(head() + blob(b"OSMData", field(4, b"\x5d" * 60))),
        "squeezed badly": pbf_file(
            head() + blob(b"OSMData", field(2, 99) + field(3, b"\x78\x9c" + b"\xff" * 60))
        ),
        "a length of 2 GB": pbf_file(
            head() + struct.pack(">I", 13) + field(1, b"OSMData") + field(3, 2**31 - 1)
        ),
        "a length below nought": pbf_file(
            head() + struct.pack(">I", 20) + field(1, b"OSMData") + field(3, -1)
        ),
    }


def pbf_with_nul() -> Bad:
    """For libosmium a word ends at NUL: it reads on behind it, wherever that leads."""
    return pbf_file(pbf(strings=(b"", b"indoor", b"room", b"level", b"0\0\x1b[2J")))


def pbf_content_files() -> Bads:
    """What is in its blocks."""
    good = pbf()
    relation = field(1, 5) + field(2, packed([1])) + field(9, deltas([9])) + field(10, packed([7]))
    return {
        "a field that runs on": pbf_file(
            head() + blob(b"OSMData", raw(b"\x0a\xff\xff\xff\xff\x0f"))
        ),
        "a number without end": pbf_file(head() + blob(b"OSMData", raw(b"\xff" * 40))),
        "words that are not there": pbf_file(pbf(nodes(), room_way(keys=(99,), values=(98,)))),
        "more keys than values": pbf_file(pbf(nodes(), room_way(keys=(1, 3, 1))), READ),
        "words that are no utf-8": pbf_file(
            pbf(strings=(b"", b"indoor", b"room", b"level", b"\xff\xfe"))
        ),
        "a word of 200 kB": pbf_file(
            pbf(strings=(b"", b"indoor", b"room", b"level", b"0" * 200_000))
        ),
        "more ids than places": pbf_file(pbf(nodes(ids=range(1, 40)), room_way())),
        "nodes at the end of the world": pbf_file(
            pbf(nodes(lats=(2**40,) * 4), room_way()), "nothing-to-walk-on"
        ),
        "nodes with tags cut off": pbf_file(
            pbf(nodes(tagged=packed([1], signed=False)), room_way())
        ),
        "nodes with tags that are not there": pbf_file(
            pbf(nodes(tagged=packed([77, 78, 0], signed=False)), room_way())
        ),
        "a grain of nothing": pbf_file(pbf(rest=field(17, 0)), "building-too-small"),
        "a grain of a world": pbf_file(pbf(rest=field(17, 2**31 - 1)), "building-too-small"),
        "an origin beyond all": pbf_file(pbf(rest=field(19, 2**62)), "nothing-drawn"),
        "ids at the end of numbers": pbf_file(
            pbf(nodes(ids=(2**63 - 1, 1, 2, 3)), room_way()), "osm-nodes-missing"
        ),
        "a way of lost nodes in pbf": pbf_file(
            pbf(nodes(), room_way(), room_way(8, refs=(77, 78))), "osm-nodes-missing"
        ),
        "a relation of the seventh kind": pbf_file(
            pbf(nodes(), room_way(), field(4, relation)), READ
        ),
        "a street map in pbf": pbf_file(pbf(nodes()), "osm-nothing-indoors"),
        "a street of 400 nodes in pbf": pbf_file(
            pbf(nodes(range(400), [0] * 400, [0] * 400)), "osm-nothing-indoors"
        ),
        "a pbf cut after its head": pbf_file(good[: len(head()) + 6]),
        "a pbf cut before its end": pbf_file(good[:-5]),
        "a pbf with a tail": pbf_file(good + b"PK\x05\x06" + bytes(18)),
        "too many nodes for a building": pbf_file(
            pbf(nodes(range(600), [520_000_000] * 600, [130_000_000] * 600)), "xml-too-many"
        ),
    }


# Zips


class Entry(NamedTuple):
    """Of a zip, written as it stands."""

    name: bytes
    content: bytes = b""
    says_size: int | None = None
    method: int = 0
    flags: int = 0
    outer: int = 0
    """The upper half of the external attributes: of what kind a file is, in Unix's words."""
    name_inside: bytes | None = None
    """Before the content, where it may differ from what the directory says."""


@cache
def deflated(content: bytes) -> bytes:
    return zlib.compress(content, 9)[2:-4]


def zip_of(*entries: Entry, count: int | None = None, comment: bytes = b"") -> bytes:
    """A zip that Python's own writer would not write."""
    body, directory = bytearray(), bytearray()
    for name, content, says_size, method, flags, outer, name_inside in entries:
        stored = deflated(content) if method == 8 else content
        size = len(content) if says_size is None else says_size
        sizes = struct.pack("<III", zlib.crc32(content), len(stored), size)
        at = len(body)
        inside = name if name_inside is None else name_inside
        start = struct.pack("<HHHHH", 20, flags, method, 0, 33)
        body += b"PK\3\4" + start + sizes + struct.pack("<HH", len(inside), 0) + inside + stored
        directory += b"PK\1\2" + struct.pack("<H", 0x314) + start + sizes
        directory += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, outer << 16, at) + name
    number = len(entries) if count is None else count
    end = struct.pack("<HHHHIIH", 0, 0, number, number, len(directory), len(body), len(comment))
    return bytes(body + directory + b"PK\5\6" + end + comment)


def tar(compressed: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=f"w:{compressed}") as archive:
        info = tarfile.TarInfo("a.geojson")
        info.size = 2
        archive.addfile(info, io.BytesIO(b"{}"))
    return stream.getvalue()


def squeezed_zip(method: int, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(zipfile.ZipInfo("a.geojson"), content, method)
    return stream.getvalue()


def spoilt(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


GOOD_BYTES = text(native(*GOOD)).encode()


def zip_file(content: bytes, code: str, **options: bool) -> Bad:
    return Bad("a.zip", content, code, **options)


def zip_entry(name: str | bytes, code: str, content: bytes = GOOD_BYTES, **options: Any) -> Bad:
    name = name.encode() if isinstance(name, str) else name
    return zip_file(zip_of(Entry(name, content, **{"flags": 0x800, **options})), code)


def zip_files() -> Bads:
    """Bombs, and zips in zips."""
    return {
        "zeros by the gigabyte": zip_file(
            squeezed_zip(zipfile.ZIP_DEFLATED, bytes(20 * 2**20)), "zip-bomb", real_limits=True
        ),
        "a bomb of many parts": zip_file(
            zip_of(*(Entry(b"%d.geojson" % i, bytes(2 * 2**20), method=8) for i in range(130))),
            "zip-too-large",
            real_limits=True,
        ),
        "a bomb by bzip2": zip_file(
            squeezed_zip(zipfile.ZIP_BZIP2, bytes(8 * 2**20)), "zip-not-readable", real_limits=True
        ),
        "a bomb by lzma": zip_file(
            squeezed_zip(zipfile.ZIP_LZMA, bytes(8 * 2**20)), "zip-not-readable", real_limits=True
        ),
        "a bomb that says it is small": zip_entry(
            "a.geojson", "zip-broken", bytes(10**6), says_size=100, method=8
        ),
        "a bomb that says it is nothing": zip_entry(
            "a.geojson", "zip-broken", bytes(10**6), says_size=0, method=8
        ),
        "a file that says it is larger": zip_entry("a.geojson", READ, says_size=10**6),
        "a file that says it is huge": zip_entry("a.geojson", "zip-too-large", says_size=2**32 - 2),
        "65,000 entries": zip_file(
            zip_of(*(Entry(b"%d.txt" % i) for i in range(65_000))),
            "zip-too-many-files",
            real_limits=True,
        ),
        "fewer entries than it says": zip_file(
            zip_of(Entry(b"a.geojson", GOOD_BYTES), count=9), READ
        ),
        "a nested zip in capitals": zip_entry("B.ZIP", READ, zipped({"a.geojson": GOOD_BYTES})),
        "a nested zip by another name": zip_entry(
            "b.geojson", "no-drawing-inside", zipped({"a.geojson": GOOD_BYTES})
        ),
        "a broken zip in a folder of a zip": zip_entry("x/y/b.zip", "no-drawing-inside", b"PK"),
    }


def zip_name_files() -> Bads:
    """Names of entries."""
    return {
        "a path upwards in the middle": zip_entry("a/../../b.geojson", "zip-path-unsafe"),
        "a path upwards, at the end": zip_entry("a/..", "zip-path-unsafe"),
        "a path of the parent alone": zip_entry("..", "zip-path-unsafe"),
        "a path backwards from the root": zip_entry("\\windows\\a.geojson", "zip-path-unsafe"),
        "a path to another machine": zip_entry("\\\\host\\share\\a.geojson", "zip-path-unsafe"),
        "a path on a drive, backwards": zip_entry("c:\\a.geojson", "zip-path-unsafe"),
        "a drive without a path": zip_entry("c:a.geojson", "zip-path-unsafe"),
        "a path with two slashes before": zip_entry("//a.geojson", "zip-path-unsafe"),
        "a name of nothing": zip_entry("", "no-drawing-inside"),
        "a name of a point": zip_entry(".", "no-drawing-inside"),
        "a name of a slash": zip_entry("/", "zip-path-unsafe"),
        "a name of blanks": zip_entry("   ", "no-drawing-inside"),
        "a name with an escape": zip_entry("\x1b[2Ja.geojson", "zip-path-unsafe"),
        "a name with a bell": zip_entry("a\x07.geojson", "zip-path-unsafe"),
        "a name with a line's end": zip_entry("a\nb.geojson", "zip-path-unsafe"),
        "a name that turns round": zip_entry("a\u202enosjoeg.geojson", "zip-path-unsafe"),
        "a name cut by NUL": zip_entry("a.geojson\0.txt", READ),
        "a name of 60,000 letters": zip_entry("a" * 60_000 + ".geojson", READ),
        "a name a thousand folders deep": zip_entry("a/" * 1000 + "a.geojson", READ),
        "a name that is no utf-8": zip_entry(b"\xff\xfe.geojson", "zip-broken"),
        "a name in gb18030": zip_file(
            zip_of(Entry("一层.geojson".encode("gb18030"), GOOD_BYTES)), READ
        ),
        "a device of windows": zip_entry("con.geojson", READ),
    }


def zip_twin_files() -> Bads:
    """Entries of one name."""
    links = {"a link to a file": 0o120777, "a link to a folder": 0o120755}
    odd_kinds = {
        "a pipe": 0o010644,
        "a disk": 0o060644,
        "a terminal": 0o020644,
        "a socket": 0o140644,
    }
    return {
        "two names for one entry": zip_entry(
            "a.geojson", "zip-broken", name_inside=b"../b.geojson"
        ),
        "twins in different case": zip_file(
            zip_of(Entry(b"x/Plan.GEOJSON", GOOD_BYTES), Entry(b"X/plan.geojson", GOOD_BYTES)),
            "zip-name-twice",
        ),
        "twins": zip_file(zip_of(*(Entry(b"a.geojson", GOOD_BYTES),) * 2), "zip-name-twice"),
        "twins by slashes": zip_file(
            zip_of(Entry(b"a/b.geojson", GOOD_BYTES), Entry(b"a\\b.geojson", GOOD_BYTES)),
            "zip-name-twice",
        ),
        "twins by a point": zip_file(
            zip_of(Entry(b"b.geojson", GOOD_BYTES), Entry(b"./b.geojson", GOOD_BYTES)),
            "zip-name-twice",
        ),
        "twins in another alphabet": zip_file(
            zip_of(
                Entry("ß.geojson".encode(), GOOD_BYTES, flags=0x800),
                Entry(b"ss.geojson", GOOD_BYTES, flags=0x800),
            ),
            "zip-name-twice",
        ),
        **{
            title: zip_entry("a.geojson", "zip-link", b"/etc/passwd", outer=mode)
            for title, mode in links.items()
        },
        **{title: zip_entry("a.geojson", READ, outer=mode) for title, mode in odd_kinds.items()},
    }


def zip_kind_files() -> Bads:
    """Kinds of entries, methods, and ends that are wrong."""
    return {
        "a folder with content": zip_entry("a.geojson/", "no-drawing-inside"),
        "a method nobody knows": zip_entry("a.geojson", "zip-not-readable", method=77),
        "a method of another program": zip_entry("a.geojson", "zip-not-readable", method=9),
        "a password of today": zip_entry("a.geojson", "zip-not-readable", method=99, flags=1),
        "a patch": zip_entry("a.geojson", "zip-not-readable", flags=0x20),
        "lzma of a huge dictionary": zip_file(
            squeezed_zip(zipfile.ZIP_LZMA, GOOD_BYTES).replace(
                b"\x09\x04\x05\x00\x5d\x00\x00\x80\x00", b"\x09\x04\x05\x00\x5d\xff\xff\xff\xff"
            ),
            "zip-not-readable",
        ),
        "deflate spoilt": zip_file(
            spoilt(squeezed_zip(zipfile.ZIP_DEFLATED, GOOD_BYTES), 50), "zip-broken"
        ),
        "only an end": zip_file(b"PK\5\6" + bytes(18), "no-drawing-inside"),
        "two ends": zip_file(
            zip_of(Entry(b"a.geojson", GOOD_BYTES)) + b"PK\5\6" + bytes(18), "no-drawing-inside"
        ),
        "a directory beyond the file": zip_file(
            b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 2**31, 2**31, 0), "zip-broken"
        ),
        "one of many disks": zip_file(
            b"PK\5\6" + struct.pack("<HHHHIIH", 3, 2, 1, 9, 46, 0, 0), "zip-broken"
        ),
        "a comment of 65,535 letters": zip_file(
            zip_of(Entry(b"a.geojson", GOOD_BYTES), comment=b"x" * 65_535), READ
        ),
    }


def other_archive_files() -> Bads:
    """Other archives, and zips of other things."""
    return {
        "a rar": zip_file(b"Rar!\x1a\x07\x01\x00" + bytes(90), "format-archive"),
        "a 7z": zip_file(b"7z\xbc\xaf\x27\x1c" + bytes(90), "format-archive"),
        "a gzip": zip_file(gzip.compress(GOOD_BYTES, mtime=0), "format-archive"),
        "a tar": zip_file(tar(""), "format-archive"),
        "a tar by bzip2": zip_file(tar("bz2"), "format-archive"),
        "a letter of word": zip_file(
            zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            "format-office",
        ),
        "a sheet without drawings": zip_file(zipped({"xl/workbook.bin": b"x"}), "format-office"),
        "a program": zip_file(
            zipped({"META-INF/MANIFEST.MF": b"x", "a.class": b"\xca\xfe"}), "no-drawing-inside"
        ),
        "a map of places in a zip": zip_file(zipped({"doc.kml": b"<kml/>"}), "no-drawing-inside"),
        "droppings of a mac": zip_file(
            zipped({"__MACOSX/._a.geojson": b"x", ".DS_Store": b"x"}), "no-drawing-inside"
        ),
        "an empty drawing in a zip": zip_file(zipped({"a.geojson": b""}), "file-empty"),
        "a cut drawing in a zip": zip_file(zipped({"a.geojson": GOOD_BYTES[:-9]}), "json-cut-off"),
        "a drawing and a letter in a zip": zip_file(
            zipped({"a.geojson": GOOD_BYTES, "letter.docx": b"x"}), "file-passed-over"
        ),
    }


def imdf_with(code: str, **files: Any) -> Bad:
    return Bad("a.zip", imdf(**files), code)


THE_LEVEL, THE_UNIT = IMDF["level"][0], IMDF["unit"][0]


def a_level(**properties: Any) -> dict[str, Any]:
    return {**THE_LEVEL, "properties": {**THE_LEVEL["properties"], **properties}}


def a_unit(**members: Any) -> dict[str, Any]:
    return {**THE_UNIT, **members}


def imdf_files() -> Bads:
    """Files that are missing, broken or links."""
    files: dict[str, bytes | str] = {
        f"{name}.geojson": text(foreign(*features)) for name, features in IMDF.items()
    }
    return {
        "an imdf without a manifest": Bad("venue", files, READ),
        "a manifest cut off": Bad("venue", {**files, "manifest.json": "{"}, READ),
        "a manifest of nothing": Bad("venue", {**files, "manifest.json": ""}, READ),
        "a unit file cut off": Bad(
            "venue", {**files, "unit.geojson": files["unit.geojson"][:-30]}, "json-cut-off"
        ),
        "a level file of nothing": Bad("venue", {**files, "level.geojson": ""}, "file-empty"),
        "a unit file that is a list": Bad("venue", {**files, "unit.geojson": "[]"}, "not-geojson"),
        "a level file that is a picture": Bad(
            "venue", {**files, "level.geojson": b"\x89PNG\r\n\x1a\n"}, "file-not-utf8"
        ),
        "a link for a unit file": Bad(
            "venue",
            {**files, "unit.geojson": "-> /etc/passwd"},
            "nothing-drawn",
        ),
        "a link to the folder itself": Bad("venue", {**files, "again": "-> ."}, READ),
        "a link to the folder of a drawing": Bad(
            "drawings", {"a.geojson": text(native(*GOOD)), "again": "-> ."}, READ
        ),
        "two imdfs in one folder": Bad(
            "venue",
            {f"{part}/{name}": content for part in "ab" for name, content in files.items()},
            READ,
        ),
        "a file nobody knows": Bad("venue", {**files, "moon.geojson": "{}"}, "file-passed-over"),
    }


def imdf_level_files() -> Bads:
    """Levels and units."""
    return {
        "a level of no ordinal": imdf_with(
            "level-ordinal-guessed", level=[THE_LEVEL, a_level(ordinal=None)]
        ),
        "a level of text": imdf_with(
            "level-ordinal-guessed", level=[THE_LEVEL, a_level(ordinal="1")]
        ),
        "a level twice in imdf": imdf_with("level-id-unclear", level=[THE_LEVEL, THE_LEVEL]),
        "a level without an id": imdf_with(
            "level-without-ordinal", level=[THE_LEVEL, {**THE_LEVEL, "id": None}]
        ),
        "a building that is not there": imdf_with(
            READ, level=[a_level(building_ids=["moon", None, 7])]
        ),
        "buildings as a text": imdf_with(READ, level=[a_level(building_ids="moon")]),
        "a unit of no shape": imdf_with(
            "geometry-missing", unit=[THE_UNIT, a_unit(id="v", geometry=None)]
        ),
        "a unit that is a point": imdf_with(
            "invalid-outline",
            unit=[THE_UNIT, a_unit(id="v", geometry={"type": "Point", "coordinates": [30, 60]})],
        ),
        "a unit of a bow tie": imdf_with(
            "outline-repaired",
            unit=[
                THE_UNIT,
                a_unit(
                    id="v",
                    geometry={
                        "type": "Polygon",
                        "coordinates": [
                            [[30, 60], [30.0005, 60.0005], [30.0005, 60], [30, 60.0002], [30, 60]]
                        ],
                    },
                ),
            ],
        ),
        "a unit in millimetres": imdf_with(
            "degrees-out-of-range",
            unit=[a_unit(geometry={"type": "Polygon", "coordinates": [ring(0, 0, 9e6, 9e6)]})],
        ),
        "a unit twice": imdf_with("id-used-twice", unit=[THE_UNIT, THE_UNIT]),
        "a unit with names of all kinds": imdf_with(
            READ, unit=[a_unit(properties={"category": ["room"], "level_id": "l", "name": ["x"]})]
        ),
    }


def imdf_content_files() -> Bads:
    """Openings, amenities and names."""
    files: dict[str, bytes | str] = {
        f"{name}.geojson": text(foreign(*features)) for name, features in IMDF.items()
    }
    return {
        "units by the hundred": imdf_with(
            "too-many-features", unit=[a_unit(id=str(i)) for i in range(60)]
        ),
        "a unit of one in the sea": imdf_with(
            "stray-left-out",
            unit=[
                *(a_unit(id=str(i)) for i in range(20)),
                a_unit(
                    id="v",
                    geometry={
                        "type": "Polygon",
                        "coordinates": [[[9, 9], [9.1, 9], [9, 9.1], [9, 9]]],
                    },
                ),
            ],
        ),
        "an opening that is a room": imdf_with(
            READ,
            opening=[
                {
                    **THE_UNIT,
                    "feature_type": "opening",
                    "properties": {"category": "pedestrian", "level_id": "l"},
                }
            ],
        ),
        "an amenity in no unit": imdf_with(
            "stands-in-no-unit",
            amenity=[
                {
                    "type": "Feature",
                    "id": "a",
                    "geometry": {"type": "Point", "coordinates": [31, 61]},
                    "properties": {"category": "atm", "unit_ids": None},
                }
            ],
        ),
        "half a letter in an imdf": Bad(
            "venue",
            {**files, "unit.geojson": str(files["unit.geojson"]).replace("Lab", "\\ud800")},
            "json-half-letter",
        ),
    }


# Foreign formats under a suffix that is read, and two formats in one file


FOREIGN = {
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0",
    "jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n",
    "dwg": b"AC1032\0\0\0\0\0\x01\x03\x80" + bytes(40),
    "binary dxf": b"AutoCAD Binary DXF\r\n\x1a\0\0\0SECTION\0\xff\xfe",
    "windows program": b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(40),
    "linux program": b"\x7fELF\2\1\1" + bytes(40) + b"\xff",
    "database": b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20\xff",
    "gzip": gzip.compress(b"{}", mtime=0),
    "old word document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
}
"""How files begin that are not text."""

FOREIGN_TEXT = {
    "dxf": "  0\nSECTION\n  2\nHEADER\n  0\nENDSEC\n  0\nEOF\n",
    "ifc": "ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n",
    "postscript": "%!PS-Adobe-3.0 EPSF-3.0\n%%EOF\n",
    "csv": "name,room\nCT,302\n",
    "markdown": "# Plan\n\n- CT\n",
    "yaml": "type: FeatureCollection\nfeatures: []\n",
    "wkt": "POLYGON ((0 0, 9 0, 9 9, 0 0))",
    "pointer of a version store": "version https://git-lfs\noid sha256:0\nsize 9\n",
}


RECOGNISED = {
    "database": "format-database",
    "gzip": "format-archive",
    "old word document": "format-office",
    "postscript": "format-picture",
}
"""Formats recognised by their first bytes, whatever their name says."""


def foreign_files() -> Bads:
    others = {".osm": "xml-broken", ".osm.pbf": "pbf-broken", ".zip": "zip-broken"}
    binary = {".geojson": "file-not-utf8", **others}
    words = {".geojson": "json-broken", **others}
    kinds = {
        **{kind: (content, binary) for kind, content in FOREIGN.items()},
        **{kind: (content.encode(), words) for kind, content in FOREIGN_TEXT.items()},
        "lone byte": (b"\xff", {**binary, ".osm": "xml-cut-off"}),
    }
    for kind, code in (
        ("dxf", "no-layers-known"),
        ("binary dxf", "dxf-broken"),
        ("dwg", "dwg-broken"),
        ("ifc", "ifc-schema"),
        ("jpeg", "picture-broken"),
        ("png", "picture-broken"),
        ("pdf", "pdf-broken"),
    ):
        kinds[kind] = (kinds[kind][0], {**dict.fromkeys(binary, code), ".zip": "zip-broken"})
    for kind, code in RECOGNISED.items():
        kinds[kind] = (kinds[kind][0], dict.fromkeys(binary, code))
    return {
        **{
            f"a {kind} by the name of {suffix}": Bad(f"a{suffix}", content, code)
            for kind, (content, refusals) in kinds.items()
            for suffix, code in refusals.items()
        },
        **{
            f"nothing by the name of {suffix}": Bad(
                f"a{suffix}", b"", "zip-broken" if suffix == ".zip" else "file-empty"
            )
            for suffix in (".json", ".xml", ".pbf", ".osm.pbf", ".zip")
        },
    }


def polyglot_files() -> Bads:
    good = text(native(*GOOD)).encode()
    archive = zipped({"a.geojson": good})
    return {
        "a geojson with a zip behind": Bad("a.geojson", good + archive, "file-not-utf8"),
        "a zip with a geojson before": Bad("a.zip", good + archive, READ),
        "a picture with a zip behind": Bad("a.zip", FOREIGN["png"] + archive, READ),
        "a page with a zip behind": Bad("a.zip", b"<html><script>" + archive, READ),
        "a zip by the name of geojson": Bad("a.geojson", archive, "format-zip"),
        "a zip by the name of osm": Bad("a.osm", archive, "format-zip"),
        "a zip by the name of pbf": Bad("a.osm.pbf", archive, "format-zip"),
        "an osm with a zip behind": Bad("a.osm", osm("").encode() + archive, "xml-broken"),
        "a pbf by the name of osm": Bad("a.osm", pbf(), "xml-broken"),
        "a pbf by the name of geojson": Bad("a.geojson", pbf(), "file-not-utf8"),
        "a geojson in a comment of an osm": Bad(
            "a.osm", osm("").encode().replace(b"<node", b"<!--" + good + b"--><node", 1), READ
        ),
        "an osm in a geojson": Bad("a.geojson", text(native(*GOOD, note=osm(""))), READ),
    }


# What comes beside drawings: the directory, corrections, photos


def table(content: bytes | str, code: str) -> Bad:
    return Bad("directory.csv", content, code)


def directory_files() -> Bads:
    head = "name,rooms\n"
    return {
        "a directory of nothing": table("", "directory-without-columns"),
        "a directory of NUL": table(b"\0" * 90, "directory-encoding"),
        "a directory in utf-16": table("name,rooms\nCT,1".encode("utf-16"), READ),
        "a directory that is a workbook": table(
            zipped({"xl/workbook.xml": b"<x/>"}), "workbook-broken"
        ),
        "a directory that is a picture": table(FOREIGN["png"], "directory-encoding"),
        "bytes that no encoding knows": table(b"name,rooms\n\xff\xff,1", "directory-encoding"),
        "a quote that never closes": table(head + '"CT,1\n' * 9, "directory-not-a-table"),
        "a quote in the middle": table(head + 'C"T"x,"1"2\n', "directory-not-a-table"),
        "a cell of a megabyte": table(head + "x" * 10**6 + ",1\n", "directory-not-a-table"),
        "no headings": table("CT,302\nMRI,303\n", "directory-without-columns"),
        "headings of another table": table("id,price\n1,2\n", "directory-without-columns"),
        "a row without a room": table(head + "CT,\n", "directory-row-incomplete"),
        "a row of one cell": table(head + "CT\n", "directory-row-incomplete"),
        "an id twice in a directory": table(
            "id,name,rooms\n1,CT,1\n1,MRI,2\n", "directory-duplicate-id"
        ),
        "a row that holds from soon on": table("name,rooms,from\nCT,1,soon\n", "directory-dates"),
        "access for friends": table(
            "name,rooms,access\nCT,1,friends\n", "directory-unknown-access"
        ),
        "hours of a morning": table("name,rooms,hours\nCT,1,上午\n", "hours-without-times"),
        "hours of the moon": table("name,rooms,hours\nCT,1,25:00-99:99\n", "directory-hours"),
        "200,000 columns": table("name,rooms" + "," * 200_000 + "\nCT,1\n", READ),
        "a formula": table(head + "=cmd|' /C calc'!A0,1\n", READ),
    }


def corrections_files() -> Bads:
    def changes(*items: str, code: str = "correction-field") -> Bad:
        content = '{"navkit-corrections": 1, "changes": [' + ", ".join(items) + "]}"
        return Bad("corrections.json", content, code)

    def whole(content: bytes | str, code: str) -> Bad:
        return Bad("corrections.json", content, code)

    return {
        "corrections of nothing": whole("", "corrections-not-json"),
        "corrections cut off": whole(
            '{"navkit-corrections": 1, "changes": [', "corrections-not-json"
        ),
        "corrections in gb18030": whole('{"更正": 1}'.encode("gb18030"), "corrections-not-json"),
        "corrections 200,000 deep": whole("[" * 200_000, "corrections-not-json"),
        "corrections of 5000 digits": changes("9" * 5000, code="corrections-not-json"),
        "corrections of NaN": changes(
            '{"do": "set-level", "id": "L0", "ordinal": NaN}', code="corrections-not-json"
        ),
        "corrections with a key twice": changes(
            '{"do": "close", "id": "A", "id": "B"}', code="corrections-not-json"
        ),
        "corrections of half a letter": changes(
            '{"do": "close", "id": "\\ud800"}', code="corrections-not-json"
        ),
        "corrections that are a list": whole("[]", "corrections-foreign"),
        "corrections of another format": whole('{"changes": []}', "corrections-foreign"),
        "corrections of the year 9999": whole(
            '{"navkit-corrections": 9999, "changes": []}', "corrections-too-new"
        ),
        "a change of nothing": changes("{}", code="correction-unknown"),
        "a change that is a list": changes("[]", code="correction-unknown"),
        "a change nobody knows": changes('{"do": "explode"}', code="correction-unknown"),
        "a change whose verb is a list": changes('{"do": ["close"]}', code="correction-unknown"),
        "a door at infinity": changes(
            '{"do": "add-door", "spaces": ["A"], "point": [1e999, 0]}', code="corrections-not-json"
        ),
        "a door at 400 digits": changes(
            f'{{"do": "add-door", "spaces": ["A"], "point": [{"9" * 400}, 0]}}'
        ),
        "a storey at infinity": changes(
            '{"do": "set-level", "id": "L0", "ordinal": 1e999}', code="corrections-not-json"
        ),
        "a storey at 400 digits": changes(
            f'{{"do": "set-level", "id": "L0", "elevation_m": {"9" * 400}}}'
        ),
        "a photo from the server's disk": changes(
            '{"do": "add-photo", "file": "../../etc/passwd", "names": {}, "space": "A",'
            ' "point": [0, 0]}'
        ),
        "a lift that waits for NaN hours": changes(
            '{"do": "set-connector", "id": "E", "wait_s": [1, 2, 3]}'
        ),
        "a name in klingon": changes('{"do": "rename", "id": "A", "names": {"tlh": "x"}}'),
        "a name that is a number": changes('{"do": "rename", "id": "A", "names": {"en": 7}}'),
        "a closure that ends before": changes(
            '{"do": "close", "id": "A", "start": "2026-03-02T10:00", "end": "2026-03-02T09:00"}'
        ),
        "a closure at a quarter past moon": changes('{"do": "close", "id": "A", "start": "moon"}'),
    }


@cache
def picture(kind: str) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    dots = random.Random(kind).randbytes(64 * 48 * 3)
    Image.frombytes("RGB", (64, 48), dots).save(stream, kind)
    return stream.getvalue()


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colours: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return b"".join(
        [b"\x89PNG\r\n\x1a\n", png_chunk(b"IHDR", head), *chunks, png_chunk(b"IEND", b"")]
    )


def photo_files() -> Bads:
    def photo(content: bytes, code: str = "photo-unreadable") -> Bad:
        return Bad("photo.jpg", content, code)

    jpeg = picture("JPEG")
    return {
        "a photo of nothing": photo(b""),
        "a photo that is a text": photo(b"a picture of the door"),
        "a photo that is a drawing": photo(FOREIGN_XML["a drawing of Inkscape"].encode()),
        "a photo that is a script": photo(b"<?php system('x'); ?>"),
        "a photo cut off": photo(jpeg[: len(jpeg) // 2]),
        "a photo cut within its head": photo(jpeg[:25]),
        "a picture cut off": photo(picture("PNG")[:-200]),
        "a webp cut off": photo(picture("WEBP")[:-200]),
        "a picture that moves": photo(picture("GIF")),
        "a picture for printers": photo(picture("TIFF")),
        "a picture of 40,000 million dots": photo(png(200_000, 200_000), "photo-too-large"),
        "a picture of no dots": photo(png(0, 0)),
        "a picture without its dots": photo(png(10, 10)),
        "a picture of dots that are none": photo(png(10, 10, png_chunk(b"IDAT", b"\xff" * 60))),
        "a picture with a wrong sum": photo(spoilt(picture("PNG"), 30)),
        "a text bomb in a picture": photo(
            png(10, 10, png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(80 * 2**20), 9)))
        ),
        "a picture of a depth that is none": photo(png(10, 10, depth=77)),
        "a photo whose camera lies": photo(
            jpeg[:2] + b"\xff\xe1\0\x20Exif\0\0MM\0\x2a\xff\xff\xff\xff" + b"\xff" * 16 + jpeg[2:],
            READ,
        ),
    }


def picture_files() -> Bads:
    """Pictures of floors."""

    @cache
    def of(width: int, height: int, colour: object, kind: str, mode: str = "RGB") -> bytes:
        from PIL import Image

        stream = io.BytesIO()
        Image.new(mode, (width, height), colour).save(stream, kind)
        return stream.getvalue()

    def holiday() -> bytes:
        """A blue sky over a grey beach with a tower."""
        from PIL import Image, ImageDraw

        image = Image.new("RGB", (800, 600), (120, 170, 230))
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 400, 800, 600), fill=(214, 205, 190))
        pen.rectangle((350, 120, 430, 420), fill=(150, 90, 70))
        stream = io.BytesIO()
        image.save(stream, "JPEG")
        return stream.getvalue()

    def moving() -> bytes:
        from PIL import Image

        pages = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
        stream = io.BytesIO()
        pages[0].save(stream, "WEBP", save_all=True, append_images=pages[1:], lossless=True)
        return stream.getvalue()

    def bad(name: str, content: bytes, code: str) -> Bad:
        return Bad(name, content, code)

    white, jpeg = "white", of(800, 800, "white", "JPEG")
    return {
        "a floor that is all white": bad("1F.png", of(800, 800, white, "PNG"), NO_BUILDING),
        "a floor that is all black": bad("1F.png", of(800, 800, "black", "PNG"), NO_BUILDING),
        "a floor that is all corridor": bad(
            "1F.png", of(800, 800, (220, 221, 221), "PNG"), NO_BUILDING
        ),
        "a floor for printers": bad("1F.jpg", of(800, 800, 0, "JPEG", "CMYK"), NO_BUILDING),
        "a floor of 16 bits": bad("1F.png", of(800, 800, 65535, "PNG", "I;16"), NO_BUILDING),
        "a floor of one bit": bad("1F.png", of(800, 800, 1, "PNG", "1"), NO_BUILDING),
        "a floor of nothing": bad("1F.png", of(800, 800, (0, 0, 0, 0), "PNG", "RGBA"), NO_BUILDING),
        "a floor in grey": bad("1F.webp", of(800, 800, 255, "WEBP", "L"), NO_BUILDING),
        "a holiday": bad("1F.jpg", holiday(), NO_BUILDING),
        "a floor of one dot": bad("1F.png", of(1, 1, white, "PNG"), "picture-too-small"),
        "a floor of one row": bad("1F.png", of(900, 1, white, "PNG"), "picture-too-small"),
        "a floor 30,000 dots wide": bad(
            "1F.png", of(30_000, 300, 1, "PNG", "1"), "picture-too-large"
        ),
        "a floor of 49 million dots": bad(
            "1F.png", of(7_000, 7_000, 1, "PNG", "1"), "picture-too-large"
        ),
        "a floor of 40,000 million dots": bad("1F.png", png(200_000, 200_000), "picture-too-large"),
        "a floor that moves": bad("1F.webp", moving(), "picture-moves"),
        "a floor of its beginning alone": bad("1F.jpg", jpeg[:300], "picture-broken"),
        "a floor without dots": bad("1F.png", png(400, 400), "picture-broken"),
        "a floor with a wrong sum": bad(
            "1F.png", spoilt(of(800, 800, white, "PNG"), 30), "picture-broken"
        ),
        "a floor of a depth that is none": bad("1F.png", png(400, 400, depth=77), "picture-broken"),
        "a floor that is a letter": bad("1F.jpg", "各位：图见附件".encode(), "picture-broken"),
        "a floor without a byte": bad("1F.jpg", b"", "picture-broken"),
        "a floor by the name of a drawing": bad("1F.geojson", jpeg, NO_BUILDING),
    }


NO_BUILDING = "picture-no-building"


def dxf_file(*entities: cad.Entity, code: str = "storey-from-name", **options: Any) -> Bad:
    return Bad("1F.dxf", cad.dxf(*entities, **options), code)


def dxf_files() -> Bads:
    """Drawings by CAD."""
    whole, good = cad.dxf(*cad.ward(1000)), cad.ward(1000)
    spiral = [(float(10 * math.cos(i)), float(i)) for i in range(9)]
    return {
        "a good dxf": dxf_file(*good),
        "a dxf of nothing": Bad("a.dxf", b"", "file-empty"),
        "a dxf of blanks": Bad("a.dxf", b" \n \n", "file-empty"),
        "a dxf that is a letter": Bad("a.dxf", "各位：图纸见附件".encode(), "dxf-broken"),
        "a dxf without entities": Bad("a.dxf", cad.dxf(), "no-layers-known"),
        "a dxf cut within a room": Bad("a.dxf", whole[: len(whole) // 3], "dxf-broken"),
        "a dxf cut in the middle of a line": Bad("a.dxf", whole[:-9], "dxf-recovered"),
        "a dxf of one line a pair": Bad("a.dxf", whole.replace(b"\n", b" "), "no-layers-known"),
        "a dxf of zeros": Bad("a.dxf", bytes(4000), "dxf-broken"),
        "a dxf of layers that nobody knows": dxf_file(
            *([(a, "Q7" if a == 8 else b) for a, b in one] for one in good), code="no-layers-known"
        ),
        "a dxf of furniture": dxf_file(cad.box("A-FURN", 0, 0, 9, 9), code="no-layers-known"),
        "a dxf of walls alone": dxf_file(
            cad.line("WALL", (0, 0), (20000, 0)),
            cad.line("WALL", (0, 0), (0, 9000)),
            code="no-rooms-drawn",
        ),
        "a dxf of open rooms": dxf_file(
            cad.polyline("ROOMS", [(0, 0), (9000, 0), (9000, 9000)], closed=False),
            code="no-rooms-drawn",
        ),
        "a dxf as wide as a pin": dxf_file(cad.box("ROOMS", 0, 0, 0.01, 0.01), code="unit-unclear"),
        "a dxf as wide as the earth": dxf_file(
            cad.box("ROOMS", 0, 0, 1e11, 1e11), code="unit-unclear"
        ),
        "a dxf in the wrong unit": dxf_file(*cad.ward(1), code="unit-from-sizes"),
        "a dxf of a unit that is none": dxf_file(*good, unit=9999, code="unit-from-sizes"),
        "a dxf of numbers that are none": dxf_file(*good, cad.box("ROOMS", 0, 0, math.nan, 5)),
        "a dxf of numbers without end": dxf_file(*good, cad.box("ROOMS", 0, 0, math.inf, 5)),
        "a dxf of a number too large": dxf_file(*good, cad.line("WALLS", (0, 0), (1e308, 1e308))),
        "a block in itself": dxf_file(
            *good,
            cad.insert("DOORS", "A", (0, 0)),
            blocks=[cad.block("A", cad.insert("0", "A", (1, 1)))],
        ),
        "two blocks in each other": dxf_file(
            *good,
            cad.insert("DOORS", "A", (0, 0)),
            blocks=[
                cad.block("A", cad.insert("0", "B", (1, 1))),
                cad.block("B", cad.insert("0", "A", (1, 1))),
            ],
        ),
        "blocks that double twenty times": dxf_file(
            *good,
            cad.insert("DOORS", "B20", (0, 0)),
            blocks=[
                cad.block("B0", cad.line("0", (0, 0), (1, 1))),
                *(
                    cad.block(f"B{n}", *2 * [cad.insert("0", f"B{n - 1}", (1, 1))])
                    for n in range(1, 21)
                ),
            ],
            code="too-many-points",
        ),
        "a block that is not there": dxf_file(*good, cad.insert("DOORS", "NOWHERE", (0, 0))),
        "a block of no width": dxf_file(
            *good,
            cad.insert("DOORS", "A", (0, 0), 0.0),
            blocks=[cad.block("A", cad.arc("0", (0, 0), 9, 0, 90))],
        ),
        "an arc of no width": dxf_file(*good, cad.arc("DOORS", (0, 0), 0, 0, 90)),
        "an arc inside out": dxf_file(*good, cad.arc("DOORS", (0, 0), -900, 0, 90)),
        "a room of one corner": dxf_file(*good, cad.polyline("ROOMS", [(0, 0)])),
        "a room that crosses itself": dxf_file(
            *good, cad.polyline("ROOMS", [(0, 9000), (5000, 14000), (5000, 9000), (0, 14000)])
        ),
        "a room that winds": dxf_file(*good, cad.polyline("ROOMS", spiral)),
        "a text of codes": dxf_file(
            *good, cad.words("LABELS", (1000, 1000), "%%u%%o%%k%%999\\P{\\f")
        ),
        "a text of nothing": dxf_file(*good, cad.words("LABELS", (1000, 1000), " ")),
        "walls that only TArch knows": dxf_file(
            *good, [(0, "TCH_WALL"), (8, "WALL")], code="tarch-objects"
        ),
        "a dwg of before 1994": Bad("a.dwg", b"AC1009" + bytes(90), "dwg-too-old"),
        "a dwg of its version alone": Bad("a.dwg", b"AC1032", "dwg-broken"),
        "a dwg of zeros": Bad("a.dwg", b"AC1032" + bytes(4000), "dwg-broken"),
        "a dwg of a version to come": Bad("a.dwg", b"AC1099" + bytes(4000), "dwg-broken"),
        "a dwg that is a letter": Bad("a.dwg", "各位：图纸见附件".encode(), "dxf-broken"),
        "a layer without a name": dxf_file(*good, cad.line("", (0, 0), (9, 9))),
    }


def svg_file(*parts: str, code: str = "scale-from-doors", **options: str) -> Bad:
    return Bad("1F.svg", vector.svg(*parts, **options), code)


def svg_files() -> Bads:
    """Drawings in SVG."""
    good, whole = vector.ward(), vector.svg(*vector.ward())
    doors = good[2]
    twice = "".join(
        f'<g id="d{n}"><use href="#d{n - 1}"/><use href="#d{n - 1}"/></g>' for n in range(1, 21)
    )
    outside = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    of_doctype = '<!DOCTYPE svg [<!ENTITY % x SYSTEM "http://x.example/x.dtd"> %x;]>'
    return {
        "a good svg": svg_file(*good),
        "an svg of nothing": Bad("a.svg", b"", "file-empty"),
        "an svg of blanks": Bad("a.svg", b" \n", "file-empty"),
        "an svg that is a letter": Bad("a.svg", "各位：图纸见附件".encode(), "xml-broken"),
        "an svg that is a web page": Bad("a.svg", "<html><body/></html>", "format-web-page"),
        "an svg that is another drawing": Bad("a.svg", "<drawing/>", "svg-broken"),
        "an svg that is packed": Bad("a.svg", gzip.compress(whole, mtime=0), "format-archive"),
        "an svg cut in the middle": Bad("a.svg", whole[: len(whole) // 2], "xml-cut-off"),
        "an svg of an empty sheet": svg_file(code="no-layers-known"),
        "an svg of groups that nobody knows": svg_file(
            vector.group("Q7", vector.box(0, 0, 90, 90)), code="no-layers-known"
        ),
        "an svg of a picture": svg_file('<image href="plan.png"/>', code="no-layers-known"),
        "an svg with a picture in it": svg_file(*good, '<image href="a"/>', code="svg-left-out"),
        "an svg without a scale": svg_file(good[0], code="scale-unknown"),
        "an svg of doors as wide as houses": svg_file(
            *good[:2], doors.replace('y1="60"', 'y1="-9e7"'), code="scale-unknown"
        ),
        "an svg of walls that shut nothing in": svg_file(good[1], doors, code="no-rooms-drawn"),
        "an svg without a text": svg_file(*good[:3], code="drawing-without-text"),
        "an svg whose texts say other numbers": svg_file(
            *good, vector.words((30, 100), "201"), code="number-not-as-named"
        ),
        "an svg with a door far from its room": svg_file(
            *good,
            vector.group("doors", vector.line((0, 160), (18, 160), "_104")),
            code="door-apart-from-room",
        ),
        "an svg with stairs to a floor that is not there": svg_file(
            *good,
            vector.group("stairs", vector.box(400, 0, 460, 60, "Stair.1.floor2")),
            code="shaft-unanswered",
        ),
        "an svg at a scale that is written on it": svg_file(
            *good,
            vector.words((9, 190), "1:100"),
            box='width="200mm" height="80mm" viewBox="0 0 400 160"',
            code="scale-as-written",
        ),
        "an svg of laughter": Bad("a.svg", laughs(9).replace("osm", "svg"), "xml-entities"),
        "an svg that reads a file": svg_file(*good, head=outside, code="xml-entities"),
        "an svg that fetches a type": svg_file(*good, head=of_doctype, code="xml-entities"),
        "an svg of a thousand abbreviations": svg_file(
            *good,
            head="<!DOCTYPE svg [" + "".join(f'<!ENTITY a{n} "b">' for n in range(999)) + "]>",
            code="xml-entities",
        ),
        "an svg of a type without a fault": svg_file(
            *good, head='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x.example/x.dtd">'
        ),
        "an svg that uses itself": svg_file(
            *good, '<g id="me"><use href="#me"/></g>', code="svg-left-out"
        ),
        "an svg that uses what is not there": svg_file(
            *good, '<use href="#nothing"/>', code="svg-left-out"
        ),
        "an svg that doubles twenty times": svg_file(
            *good,
            f'<defs><g id="d0"><path d="M0 0L1 1"/></g>{twice}</defs><use href="#d20"/>',
            code="too-many-points",
        ),
        "an svg nested without end": svg_file("<g>" * 90 + "</g>" * 90, code="xml-too-deep"),
        "an svg of a path that is none": svg_file(
            *good, '<path d="M 0 0 L x"/>', code="svg-left-out"
        ),
        "an svg of a matrix that is none": svg_file(
            *good, '<rect transform="matrix(1 2)" width="9" height="9"/>', code="svg-left-out"
        ),
        "an svg flattened to nothing": svg_file(
            f'<g transform="scale(0)">{"".join(good)}</g>', code="no-layers-known"
        ),
        "an svg of numbers without end": svg_file(
            *good, vector.group("rooms", '<path d="M1e999 0L0 0L0 9Z"/>')
        ),
        "an svg of a style that is none": svg_file("<style>}{ .a{ x; : } @@</style>", *good),
        "an svg of colours that are none": svg_file(*good, '<rect fill="#zzzzzz" width="9"/>'),
        "a room that winds in an svg": svg_file(
            *good,
            vector.group("rooms", '<polygon points="0,170 50,220 50,170 0,220"/>'),
        ),
    }


def pdf_file(*pages: str, code: str = "scale-from-doors", **options: Any) -> Bad:
    return Bad("1F.pdf", plotted.pdf(*pages, layers=plotted.LAYERS, **options), code)


def pdf_files() -> Bads:
    """Drawings in PDF."""
    good = plotted.layered_ward()
    whole = plotted.pdf(good, layers=plotted.LAYERS)
    guessed = "scale-from-doors"
    locked = (
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4"
        f" /O <{'41' * 32}> /U <{'42' * 32}> >>"
    )
    picture = "q 1191 0 0 842 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"
    room = plotted.box(60, 400, 160, 500, "f")
    endless = plotted.layered(0, plotted.styled(plotted.ROOM, "9e99 0 m 9 0 l 9 9 l h f"))
    return {
        "a good pdf": pdf_file(good),
        "a pdf of nothing": Bad("a.pdf", b"", "file-empty"),
        "a pdf of blanks": Bad("a.pdf", b" \n", "file-empty"),
        "a pdf that is a letter": Bad("a.pdf", "各位：图纸见附件".encode(), "pdf-broken"),
        "a pdf of its head alone": Bad("a.pdf", whole[:15], "pdf-broken"),
        "a pdf of zeros": Bad("a.pdf", b"%PDF-1.7\n" + bytes(4000), "pdf-broken"),
        "a pdf without its table": Bad("1F.pdf", whole.partition(b"xref")[0], "pdf-broken"),
        "a pdf whose table lies": Bad(
            "1F.pdf", whole.replace(b"0000000015", b"0000000999"), guessed
        ),
        "a pdf that is locked": pdf_file(good, trailer=locked, code="pdf-locked"),
        "a pdf that is a scan": pdf_file(picture, code="pdf-scan"),
        "a pdf with a picture in it": pdf_file(
            good, trailer="", code="pdf-left-out", page="/Rotate 0"
        )._replace(content=plotted.pdf(good + picture, layers=plotted.LAYERS)),
        "a pdf of an empty page": pdf_file("", code="pdf-empty"),
        "a pdf without a page": pdf_file(code="pdf-empty"),
        "a pdf of a text": pdf_file(plotted.words((9, 9), "Dear all"), code="pdf-empty"),
        "a pdf of a page as long as a street": pdf_file(
            good, size=(90_000, 842), code="pdf-page-too-large"
        ),
        "a pdf of a hundred and one pages": pdf_file(*[good] * 101, code="pdf-too-many-pages"),
        "a pdf of two pages without titles": pdf_file(good, good, code="pdf-pages-unclear"),
        "a pdf of one storey twice": pdf_file(
            *[good + plotted.words((300, 50), "1F plan")] * 2, code="pdf-pages-unclear"
        ),
        "a pdf with a cover": pdf_file("", good, code="pdf-page-passed-over"),
        "a pdf with a legend": pdf_file(
            good + plotted.layered(0, plotted.box(900, 700, 940, 730, "f")), code="apart-left-out"
        ),
        "a pdf with a room beside the page": pdf_file(
            good + plotted.layered(0, plotted.box(-300, 100, -200, 200, "f")), code="pdf-left-out"
        ),
        "a pdf of styles that nobody knows": Bad(
            "1F.pdf", plotted.pdf(plotted.ward()), "no-layers-known"
        ),
        "a pdf of rooms alone": pdf_file(
            plotted.layered(0, *[room] * 12, plotted.words((100, 450), "1")), code="scale-unknown"
        ),
        "a form in itself": pdf_file(good + " /X0 Do", forms=["/X0 Do"]),
        "two forms in each other": pdf_file(good + " /X0 Do", forms=["/X1 Do", "/X0 Do"]),
        "forms that double eleven times": pdf_file(
            good + " /X0 Do",
            forms=[*(f"/X{n + 1} Do /X{n + 1} Do" for n in range(11)), room],
            code="too-many-points",
        ),
        "a pdf of numbers without end": pdf_file(good + endless),
        "a pdf of operators that are none": pdf_file(
            "q Q Q Q Q x Tj BT BT 9 Tf /F9 (a) Tj ET " + good
        ),
        "a pdf of a layer that is not there": pdf_file("/OC /L77 BDC " + good + " EMC"),
    }


def ifc_files() -> Bads:
    """Building models."""
    whole = drawn_ifc.ward().text()
    roof, pair = "ifc-storey-left-out", whole.split("DATA;")

    def ifc(content: bytes | str, code: str = roof, name: str = "a.ifc") -> Bad:
        return Bad(name, content, code)

    def with_line(kind: str, old: str, new: str) -> str:
        """The first line of a kind in other words."""
        line = next(one for one in whole.splitlines() if f"=IFC{kind}(" in one)
        assert old in line
        return whole.replace(line, line.replace(old, new, 1))

    nested = next(one for one in whole.splitlines() if "=IFCLOCALPLACEMENT(#" in one)
    circle = re.sub(r"\(#\d+,", f"({nested.split('=')[0]},", nested)
    aggregates = [one for one in whole.splitlines() if "=IFCRELAGGREGATES(" in one]
    return {
        "a good ifc": ifc(whole),
        "an ifc of nothing": ifc(b"", "file-empty"),
        "an ifc of blanks": ifc(" \n \n", "file-empty"),
        "an ifc that is a letter": ifc("各位：模型见附件", "ifc-broken"),
        "an ifc of its head alone": ifc(pair[0], "ifc-cut-off"),
        "an ifc cut in the middle": ifc(whole[: len(whole) // 2], "ifc-cut-off"),
        "an ifc of a schema long ago": ifc(whole.replace("IFC4", "IFC2X_FINAL"), "ifc-schema"),
        "an ifc of a schema to come": ifc(whole.replace("IFC4", "IFC7"), "ifc-schema"),
        "an ifc without a schema": ifc(whole.replace("FILE_SCHEMA", "FILE_X"), "ifc-schema"),
        "an ifc of a schema in the making": ifc(whole.replace("IFC4", "IFC4X1"), "ifc-schema"),
        "an exchange file of a machine": ifc(
            whole.replace("IFC4", "AUTOMOTIVE_DESIGN"), "ifc-schema"
        ),
        "an ifc without rooms": ifc(drawn_ifc.Ifc().text(), "ifc-no-rooms"),
        "an ifc of rooms without a shape": ifc(
            re.sub(r"=IFCEXTRUDEDAREASOLID\(", "=IFCEXTRUDEDAREASOLIDS(", whole),
            "ifc-rooms-undrawn",
        ),
        "an ifc of flat rooms": ifc(whole.replace(",2700.0)", ",0.0)"), "ifc-rooms-undrawn"),
        "an ifc of rooms in the open": ifc(
            whole.replace(".INTERNAL.", ".EXTERNAL."), "ifc-rooms-undrawn"
        ),
        "an ifc of one room in the open": ifc(
            with_line("SPACE", ".INTERNAL.", ".EXTERNAL."), "ifc-space-left-out"
        ),
        "an ifc of one room without a shape": ifc(
            re.sub(r"(=IFCSPACE\('\d+',\$,'104',\$,\$,#\d+,)#\d+", r"\1$", whole),
            "ifc-space-undrawn",
        ),
        "an ifc with a text that does not end": ifc(
            whole.replace("'Ward'", "'Ward", 1), "ifc-broken"
        ),
        "an ifc of numbers that are none": ifc(whole.replace("4900.0", "nan"), "ifc-broken"),
        "an ifc that names what is not there": ifc(
            with_line("RELFILLSELEMENT", ",$,$,#", ",$,$,#99"), "ifc-damaged"
        ),
        "an ifc of words nobody knows": ifc(
            whole.replace(".INTERNAL.", ".NONSENSE."), "ifc-damaged"
        ),
        "an ifc with a number for a name": ifc(whole.replace("'Ward',.EL", "12,.EL")),
        "an ifc without storeys": ifc(whole.replace("IFCBUILDINGSTOREY(", "IFCBUILDING("), READ),
        "an ifc of a room that is where it is": ifc(
            whole.replace(nested, circle), "ifc-space-undrawn"
        ),
        "an ifc whose storeys hold themselves": ifc(
            whole.replace(aggregates[-1], re.sub(r"\(#\d+\)", "(#1)", aggregates[-1])), READ
        ),
        "an ifc of exametres": ifc(whole.replace(".MILLI.", ".EXA."), "ifc-rooms-undrawn"),
        "an ifc of kilometres": ifc(whole.replace(".MILLI.", ".KILO."), "unit-from-sizes"),
        "an ifc without a unit": ifc(drawn_ifc.ward(said=False).text(), "unit-from-sizes"),
        "an ifc with nul in it": ifc(whole.encode().replace(b"Ward", b"W\0rd")),
        "an ifczip of nothing": ifc(b"", "file-empty", "a.ifczip"),
        "an ifczip that is none": ifc(whole, roof, "a.ifczip"),
        "an ifczip cut in the middle": ifc(
            zipped({"a.ifc": whole.encode()})[:900], "zip-broken", "a.ifczip"
        ),
        "an ifczip of two models": ifc(
            zipped({"a.ifc": whole.encode(), "b.ifc": whole.encode()}), "ifczip-not-one", "a.ifczip"
        ),
        "an ifczip of a letter": ifc(zipped({"a.txt": b"a"}), "ifczip-not-one", "a.ifczip"),
        "an ifczip of one model": ifc(zipped({"a.ifc": whole.encode()}), roof, "a.ifczip"),
        "an ifczip that is too large": ifc(
            zipped({"a.ifc": bytes(3 * 2**20)}), "zip-too-large", "a.ifczip"
        ),
    }


CLASSES: Mapping[str, Callable[[], Bads]] = {
    "ifc": ifc_files,
    "pictures": picture_files,
    "dxf": dxf_files,
    "svg": svg_files,
    "pdf": pdf_files,
    "encoded": encoded_files,
    "json": json_files,
    "collection": collection_files,
    "names": name_files,
    "shape": shape_files,
    "corner": corner_files,
    "place": place_files,
    "dialect": dialect_files,
    "thing": thing_files,
    "xml": xml_files,
    "markup": markup_files,
    "osm": osm_files,
    "relation": relation_files,
    "pbf": pbf_files,
    "pbf-content": pbf_content_files,
    "zip": zip_files,
    "zip-name": zip_name_files,
    "zip-twin": zip_twin_files,
    "zip-kind": zip_kind_files,
    "other-archive": other_archive_files,
    "imdf": imdf_files,
    "imdf-level": imdf_level_files,
    "imdf-content": imdf_content_files,
    "foreign": foreign_files,
    "polyglot": polyglot_files,
    "directory": directory_files,
    "corrections": corrections_files,
    "photos": photo_files,
}


# Mutations


def mutated(draw: random.Random, content: bytes, other: bytes) -> bytes:
    """`content` with bytes flipped, cut out, doubled, or a piece of `other` in it."""
    spoiling = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 5))):
        if not spoiling:
            break
        at, long = draw.randrange(len(spoiling)), draw.choice((1, 4, 60, 900))
        match draw.randrange(6):
            case 0:
                spoiling[at] = draw.randrange(256)
            case 1:
                spoiling[at] ^= 1 << draw.randrange(8)
            case 2:
                del spoiling[at : at + long]
            case 3:
                del spoiling[at:]
            case 4:
                spoiling[at:at] = spoiling[at : at + long]
            case _:
                start = draw.randrange(len(other))
                spoiling[at:at] = other[start : start + long]
    return bytes(spoiling)


def write(bad: Bad, folder: Path) -> Path:
    """Where it is now."""
    folder.mkdir(parents=True)
    path = folder / bad.name
    if isinstance(bad.content, bytes | str):
        path.write_bytes(_encoded(bad.content))
        return path
    for name, content in bad.content.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str) and content.startswith("-> "):
            file.symlink_to(content[3:])
        else:
            file.write_bytes(_encoded(content))
    return path


def _encoded(content: bytes | str) -> bytes:
    return content.encode() if isinstance(content, str) else content


def main(folder: Path) -> None:
    codes: dict[str, str] = {}
    for kind, make in CLASSES.items():
        for number, bad in enumerate(make().values()):
            path = write(bad, folder / kind / f"{number:03}")
            codes[path.relative_to(folder).as_posix()] = bad.code
    (folder / "codes.json").write_text(json.dumps(codes, indent=1), encoding="utf-8")
    print(f"{len(codes)} bad files in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
