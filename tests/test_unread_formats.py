"""Drawings in formats that cannot be read: each is recognised by its content, with advice."""

import json
import shutil
import struct
from pathlib import Path

import pytest
from test_bad_input import GOOD, UNREAD, native, text, zipped

from floorplans.dxf import is_dxf
from floorplans.reading import READERS, read
from floorplans.sheet import Sheet
from floorplans.unread import recognised
from navkit.words.findings import Finding, PlanError
from navkit.words.languages import languages

ROWS = json.loads((Path(__file__).parents[1] / "floorplans" / "unread.json").read_text("utf-8"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)

BEGINNINGS: dict[str, bytes] = {
    "GIF": b"GIF89a\1\0\1\0",
    "TIFF": b"MM\0*\0\0\0\x08",
    "BMP": b"BM\x3a\0\0\0\0\0\0\0\x36",
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0",
    "Photoshop": b"8BPS\0\1",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "ifcXML": b'<ifc:ifcXML xmlns:ifc="http://www.buildingsmart-tech.org/ifc"/>',
    "Revit": OLE + "BasicFileInfo".encode("utf-16-le"),
    "CityGML": b'<core:CityModel xmlns:core="http://www.opengis.net/citygml/2.0"/>',
    "KML": b'<kml xmlns="http://www.opengis.net/kml/2.2"/>',
    "GPX": b'<gpx version="1.1"/>',
    "GML": b'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>',
    "GeoPackage": b"SQLite format 3\0" + bytes(52) + b"GPKG",
    "Shapefile": struct.pack(">7I", 9994, 0, 0, 0, 0, 0, 50),
    "FlatGeobuf": b"fgb\3fgb\0",
    "MapInfo": b"!table\n!version 300\n",
    "DWF": b"(DWF V06.00)PK\3\4",
    "MicroStation": b"\x08\x09\xfe\x02\0",
    "SketchUp": b"\xff\xfe\xff\x0e" + "SketchUp Model".encode("utf-16-le"),
    "Visio": zipped({"visio/document.xml": b"<x/>"}),
    "Rhino": b"3D Geometry File Format        5",
    "glTF": b"glTF\2\0\0\0",
    "FBX": b"Kaydara FBX Binary  \0",
    "Blender": b"BLENDER-v402",
    "OBJ": b'<?xml version="1.0"?><COLLADA version="1.4.1"/>',
    "PLY": b"ply\nformat ascii 1.0\n",
    "E57": b"ASTM-E57\1\0",
    "LAS": b"LASF\0\0",
    "Excel": zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>"}),
    "Word": b"{\\rtf1\\ansi",
    "PowerPoint": zipped({"ppt/presentation.xml": b"<x/>"}),
    "OpenDocument": zipped({"mimetype": b"x", "META-INF/manifest.xml": b"<x/>"}),
    "Office": OLE,
    "HTML": b"\n<!DOCTYPE html>\n<html><body>Sign in</body></html>",
    "SQLite": b"SQLite format 3\0" + bytes(80),
    "Access": b"\0\1\0\0Standard Jet DB\0",
    "gzip": b"\x1f\x8b\x08\0",
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "RAR": b"Rar!\x1a\x07\1\0",
    "tar": b"plan.geojson".ljust(257, b"\0") + b"ustar\x0000",
    "xz": b"\xfd7zXZ\0",
    "bzip2": b"BZh91AY&SY",
    "zstd": b"\x28\xb5\x2f\xfd\x24",
    "zip": zipped({"plan.geojson": b"{}"}),
}
"""The first bytes of each format that is recognised by them."""


def refusal(path: Path) -> Finding:
    with pytest.raises(PlanError) as refused:
        read([path])
    return refused.value.finding


def test_every_format_that_is_told_by_content_is_tried() -> None:
    told = {row["name"] for row in ROWS if {"begins", "root", "holds"} & row.keys()}

    assert told == set(BEGINNINGS)


@pytest.mark.parametrize("name", BEGINNINGS)
@pytest.mark.parametrize("suffix", [".geojson", ".json", ".xml", ".osm", ".osm.pbf"])
def test_a_format_is_told_by_its_content_whatever_its_name(
    name: str, suffix: str, tmp_path: Path
) -> None:
    file = tmp_path / f"2F{suffix}"
    file.write_bytes(BEGINNINGS[name])

    found = refusal(file)

    assert found.code in {row["code"] for row in ROWS if row["name"] == name}
    assert found.where == file.name


@pytest.mark.parametrize("name", sorted(set(BEGINNINGS) - {"zip"}))
def test_a_format_by_the_name_of_zip_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "2F.zip").write_bytes(BEGINNINGS[name])

    found = refusal(tmp_path / "2F.zip")

    assert found.code in {row["code"] for row in ROWS if row["name"] == name}


@pytest.mark.parametrize("suffix", sorted({s for row in ROWS for s in row["suffixes"]}))
def test_a_format_is_told_by_its_name_where_its_content_says_nothing(
    suffix: str, tmp_path: Path
) -> None:
    (tmp_path / f"2F{suffix.upper()}").write_bytes(b"")

    codes = {row["code"] for row in ROWS if suffix in row["suffixes"]}

    assert refusal(tmp_path / f"2F{suffix.upper()}").code in codes
    assert suffix not in READERS


@pytest.mark.parametrize("language", languages())
def test_each_format_has_a_next_step_of_its_own(language: str) -> None:
    said = {
        code: Finding(code, "", {"format": "X"}).text(language)
        for code in {row["code"] for row in ROWS}
    }

    assert len(set(said.values())) == len(said) >= 12


def test_a_folder_of_files_that_cannot_be_read_names_each_with_what_it_is(tmp_path: Path) -> None:
    for number, (name, content) in enumerate(UNREAD.values()):
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / f"{number}-{name}").write_bytes(data)
    (tmp_path / "notes").write_bytes(b"x")

    found = refusal(tmp_path)

    assert found.code == "no-drawing-inside"
    for number, (name, _) in enumerate(UNREAD.values()):
        assert f"{number}-{name} (" in found.text("en")
    assert "a.gif (GIF)" in found.text("en")
    assert "notes (?)" in found.text("en")


def test_a_drawing_beside_a_format_that_cannot_be_read_is_read_and_the_other_is_named(
    tmp_path: Path,
) -> None:
    (tmp_path / "1F.geojson").write_text(text(native(*GOOD)))
    (tmp_path / "2F.geojson").write_bytes(BEGINNINGS["GIF"])

    [plan] = read([tmp_path])

    [found] = [one for one in plan.findings if one.code == "format-passed-over"]
    assert (found.where, found.slots["format"], found.severity) == ("2F.geojson", "GIF", "warning")


def test_no_drawing_that_is_read_is_taken_for_another_format(
    example_drawings: Path, tmp_path: Path
) -> None:
    shutil.copytree(example_drawings / "imdf", tmp_path / "imdf")
    drawings = [
        *(example_drawings / "plans").glob("*.geojson"),
        *(tmp_path / "imdf").glob("*.geojson"),
    ]

    assert len(drawings) > 20
    assert [d.name for d in drawings if recognised(Sheet(d.name, d.read_bytes()))] == []


@pytest.mark.parametrize(
    "content",
    [
        b"999\n" * 16_000,
        b" " * 64_000,
        b"\n0\n" * 20_000,
        b"<!--" * 16_000,
        b"<?a " * 16_000,
        b"<!DOCTYPE a [" + b"<!ENTITY b 'c'>" * 4_000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"B\0a\0s\0i\0" * 8_000,
    ],
)
def test_what_looks_like_a_beginning_for_long_is_told_at_once(content: bytes) -> None:
    """A pattern that tried every way to read these would take hours."""
    recognised(Sheet("a.geojson", content))
    is_dxf(content)
