"""GeoJSON as a format: features with checked geometry, before anybody decides what they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry.base import BaseGeometry

from floorplans.limits import Limits
from floorplans.sheet import Json, Sheet, as_number, as_text
from navkit.words.findings import Finding, PlanError
from navkit.words.languages import languages

_BOUND = 1e8
"""Larger coordinates are nowhere on Earth, in any unit down to millimetres of a city."""
_TYPES = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
)
_Position = tuple[float, float]


@dataclass(frozen=True)
class Feature:
    """One GeoJSON feature. `drawn` is in the drawing's own numbers; None means null."""

    id: str
    properties: Mapping[str, Json]
    drawn: BaseGeometry | None
    sheet: str
    number: int
    """Its place in the file, from 1."""

    @property
    def called(self) -> str:
        """Its id; without one its place in the file."""
        return self.id or f"#{self.number}"

    @property
    def where(self) -> str:
        return f"{self.sheet}, {self.called}"


@dataclass(frozen=True)
class Collection:
    """The features of one file, the collection's other members, and what was wrong."""

    sheet: str
    members: Mapping[str, Json]
    features: tuple[Feature, ...]
    findings: tuple[Finding, ...]
    vertices: int
    crs: str = ""
    """The coordinate system that it or a ``.prj`` file beside it names."""


def read_collection(sheet: Sheet) -> Collection:
    """Features with unusable geometry are left out, with a finding each."""
    document = sheet.json
    if not isinstance(document, dict):
        raise PlanError("not-geojson", sheet.name)
    raw = document.get("features")
    if document.get("type") == "Feature":
        raw = [document]
    elif document.get("type") != "FeatureCollection":
        raise PlanError("not-geojson", sheet.name)
    if not isinstance(raw, list):
        raise PlanError("features-missing", sheet.name)
    if len(raw) > sheet.limits.features:
        raise PlanError("too-many-features", sheet.name, limit=str(sheet.limits.features))
    reader = _GeometryReader(sheet.limits, sheet.name)
    features: list[Feature] = []
    findings: list[Finding] = [*sheet.mended]
    for index, item in enumerate(raw):
        where = f"{sheet.name}, #{index + 1}"
        if not isinstance(item, dict):
            findings.append(Finding("feature-not-readable", where))
            continue
        properties = item.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        name = as_text(item.get("id")) or as_text(properties.get("id"))
        where = f"{sheet.name}, {name}" if name else where
        try:
            drawn = reader.read(item.get("geometry"))
        except _BadGeometryError as error:
            findings.append(Finding(error.code, where, error.slots))
            continue
        features.append(Feature(name, properties, drawn, sheet.name, index + 1))
    members = {key: value for key, value in document.items() if key != "features"}
    return Collection(
        sheet=sheet.name,
        members=members,
        features=tuple(features),
        findings=tuple(findings),
        vertices=reader.vertices,
        crs=_crs_name(members) or sheet.crs,
    )


def lost(where: str, error: PlanError) -> Finding:
    """What is said of a file that cannot be read, where the rest of a drawing can."""
    return Finding(
        "file-lost", where, {"why": {tag: error.finding.text(tag) for tag in languages()}}
    )


def _crs_name(members: Mapping[str, Json]) -> str:
    """What the old `crs` member names, ``""`` if there is none."""
    crs = members.get("crs")
    if isinstance(crs, str):
        return crs
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return as_text(properties.get("name")) if isinstance(properties, dict) else ""


class _BadGeometryError(Exception):
    def __init__(self, code: str, **slots: str) -> None:
        self.code = code
        self.slots = slots


class _GeometryReader:
    def __init__(self, limits: Limits, where: str) -> None:
        self.vertices = 0
        self._limits = limits
        self._where = where

    def read(self, raw: Json) -> BaseGeometry | None:
        if raw is None:
            return None
        kind = as_text(raw.get("type")) if isinstance(raw, dict) else ""
        if not isinstance(raw, dict) or kind not in _TYPES:
            raise _BadGeometryError("geometry-not-read", kind=kind[:40] or "?")
        coordinates = raw.get("coordinates")
        try:
            return self._build(kind, coordinates)
        except (ShapelyError, GEOSException, ValueError) as error:
            raise _BadGeometryError("geometry-broken", kind=kind) from error

    def _build(self, kind: str, raw: Json) -> BaseGeometry:
        match kind:
            case "Point":
                return shapely.Point(self._position(raw))
            case "MultiPoint":
                return shapely.MultiPoint([self._position(p) for p in self._list(raw)])
            case "LineString":
                return self._line(raw)
            case "MultiLineString":
                return shapely.MultiLineString([self._line(line) for line in self._list(raw)])
            case "Polygon":
                return self._polygon(raw)
            case _:
                return shapely.MultiPolygon([self._polygon(p) for p in self._list(raw)])

    def _list(self, raw: Json) -> Sequence[Json]:
        if not isinstance(raw, list) or not raw:
            raise _BadGeometryError("geometry-empty")
        return raw

    def _line(self, raw: Json) -> shapely.LineString:
        positions = list(self._positions(raw))
        if len(set(positions)) < 2:
            raise _BadGeometryError("line-too-short")
        return shapely.LineString(positions)

    def _polygon(self, raw: Json) -> shapely.Polygon:
        rings = [list(self._positions(ring)) for ring in self._list(raw)]
        if len(set(rings[0])) < 3:
            raise _BadGeometryError("outline-has-no-area")
        return shapely.Polygon(rings[0], [hole for hole in rings[1:] if len(set(hole)) >= 3])

    def _positions(self, raw: Json) -> Iterator[_Position]:
        return (self._position(position) for position in self._list(raw))

    def _position(self, raw: Json) -> _Position:
        self.vertices += 1
        if self.vertices > self._limits.vertices:
            raise PlanError("too-many-points", self._where, limit=str(self._limits.vertices))
        if not isinstance(raw, list) or len(raw) < 2:
            raise _BadGeometryError("geometry-broken", kind="position")
        x, y = as_number(raw[0]), as_number(raw[1])
        if x is None or y is None:
            raise _BadGeometryError("coordinate-not-a-number")
        if max(abs(x), abs(y)) > _BOUND:
            raise _BadGeometryError("coordinate-out-of-bounds", number=f"{max(x, y, key=abs):.3g}")
        return x, y
