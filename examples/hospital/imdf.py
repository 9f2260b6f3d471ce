"""The same hospital in Apple's Indoor Mapping Data Format, version 1.0.0.

IMDF has no half floors and no order between buildings: ordinals are whole numbers, counted in
each building from its ground floor, so that 1M is ordinal 1 and 2F above it ordinal 2.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from layout import Door, Hospital, Level, Space, read_json, read_rows
from shapely import MultiPolygon, Polygon, get_parts, transform, unary_union
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

NAMESPACE = UUID("6f3c1f0e-52a3-5f0e-9d1c-0a6b5f4e7d21")
DECIMALS = 9
"""Of a degree: a tenth of a millimetre."""

Feature = dict[str, Any]


def write_imdf(hospital: Hospital, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    about = read_json("imdf.json")
    manifest = {
        "version": "1.0.0",
        "created": about["created"],
        "generated_by": "navkit example hospital",
        "language": "zh-Hans",
        "extensions": None,
    }
    _write(folder / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    for name, features in _Imdf(hospital, about).files().items():
        head = json.dumps({"type": "FeatureCollection", "name": name})[:-1]
        lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
        _write(folder / f"{name}.geojson", head + ', "features": [\n' + ",\n".join(lines) + "\n]}")


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _uuid(feature_type: str, name: str) -> str:
    return str(uuid5(NAMESPACE, f"{feature_type} {name}"))


class _Imdf:
    def __init__(self, hospital: Hospital, about: Mapping[str, Any]) -> None:
        self.hospital, self.about = hospital, about
        self.rooms, self.departments = read_rows("rooms.csv"), read_rows("departments.csv")
        self.spaces = {space.id: space for space in hospital.spaces}
        self.levels = {level.id: level for level in hospital.levels}
        self.address_id = _uuid("address", "hospital")
        lon_deg, lat_deg = about["position"]
        self.origin_deg = (lon_deg, lat_deg)
        self.degree_m = _degree_m(lat_deg)

    def files(self) -> dict[str, list[Feature]]:
        return {
            "address": [self._feature("address", "hospital", None, self.about["address"])],
            "venue": [self._venue()],
            "building": [self._building(key) for key in self.hospital.buildings],
            "footprint": [self._footprint(key) for key in self.hospital.buildings],
            "level": [self._level(level) for level in self.hospital.levels],
            "unit": [self._unit(space) for space in self.hospital.spaces],
            "opening": [self._opening(door, level) for door, level in self._openings()],
            "anchor": [self._anchor(space) for space in self._named()],
            "occupant": [self._occupant(space) for space in self._named()],
            "amenity": [self._amenity(space) for space in self._amenities()],
            "detail": [
                self._feature("detail", f"{number}", wall, {"level_id": _uuid("level", level)})
                for number, (level, wall) in enumerate(self.hospital.walls)
            ],
            "relationship": list(self._relationships()),
        }

    def _feature(
        self,
        feature_type: str,
        name: str,
        geometry: BaseGeometry | None,
        properties: Mapping[str, Any],
    ) -> Feature:
        return {
            "id": _uuid(feature_type, name),
            "type": "Feature",
            "feature_type": feature_type,
            "geometry": self._degrees(geometry) if geometry is not None else None,
            "properties": dict(properties),
        }

    def _degrees(self, geometry: BaseGeometry) -> Feature:
        lon_deg, lat_deg = self.origin_deg
        moved = transform(geometry, lambda xy: xy / self.degree_m + (lon_deg, lat_deg))
        found: Feature = json.loads(json.dumps(mapping(moved)))
        return {"type": found["type"], "coordinates": _rounded(found["coordinates"])}

    def _display_point(self, outline: BaseGeometry) -> Feature:
        return self._degrees(outline.representative_point())

    def _ground(self, building: str | None = None) -> BaseGeometry:
        """The area of the buildings, without their forecourts and roof gardens."""
        return _whole(
            space.outline
            for space in self.hospital.spaces
            if space.kind != "outdoor" and building in (None, self.levels[space.level].building)
        )

    def _venue(self) -> Feature:
        outline = orient(self._ground().convex_hull.buffer(20, quad_segs=2))
        return self._feature(
            "venue",
            "hospital",
            outline,
            {
                "category": "healthcarefacility",
                "restriction": None,
                "name": self.hospital.names,
                "alt_name": None,
                "hours": None,
                "website": None,
                "phone": self.about["phone"],
                "display_point": self._display_point(outline),
                "address_id": self.address_id,
            },
        )

    def _building(self, key: str) -> Feature:
        return self._feature(
            "building",
            key,
            None,
            {
                "name": self.hospital.buildings[key],
                "alt_name": None,
                "category": "unspecified",
                "restriction": None,
                "display_point": self._display_point(self._ground(key)),
                "address_id": self.address_id,
            },
        )

    def _footprint(self, key: str) -> Feature:
        about = {"category": "aerial", "name": None, "building_ids": [_uuid("building", key)]}
        return self._feature("footprint", key, self._ground(key), about)

    def _level(self, level: Level) -> Feature:
        spaces = [space.outline for space in self.hospital.spaces if space.level == level.id]
        outline = _whole(spaces)
        own = sorted(
            other.ordinal for other in self.hospital.levels if other.building == level.building
        )
        building = self.hospital.buildings[level.building]
        return self._feature(
            "level",
            level.id,
            outline,
            {
                "category": "unspecified",
                "restriction": None,
                "outdoor": False,
                "ordinal": own.index(level.ordinal) - own.index(0),
                "name": {tag: f"{text} {level.label}" for tag, text in building.items()},
                "short_name": dict.fromkeys(building, level.label),
                "display_point": self._display_point(outline),
                "address_id": None,
                "building_ids": [_uuid("building", level.building)],
            },
        )

    def _unit(self, space: Space) -> Feature:
        by_category, by_kind = self.about["unit_by_category"], self.about["unit_by_kind"]
        # If an occupant has the name, the unit has the number on its door.
        posted = dict.fromkeys(space.names, space.ref) if space.ref else None
        names, other = (posted, None) if posted and self._listed(space) else (space.names, posted)
        ground = space.kind in ("room", "hall", "corridor", "closed")
        category = by_category.get(space.category) if ground else None
        return self._feature(
            "unit",
            space.id,
            space.outline,
            {
                "category": category or by_kind[space.kind],
                "restriction": self.about["restriction"][space.access],
                "accessibility": ["wheelchair"] if space.step_free else None,
                "name": names or None,
                "alt_name": other,
                "display_point": self._display_point(space.outline),
                "level_id": _uuid("level", space.level),
            },
        )

    def _openings(self) -> Iterator[tuple[Door, str]]:
        """Every door on every level where it opens: bridge doors are on two."""
        for door in self.hospital.doors:
            ends = [self.spaces[space].level for space in door.spaces]
            yield from ((door, level) for level in dict.fromkeys(ends))

    def _opening(self, door: Door, level: str) -> Feature:
        entry = "pedestrian.principal" if door.entrance else "pedestrian"
        return self._feature(
            "opening",
            door.id if level == door.level else f"{door.id} {level}",
            door.line,
            {
                "category": entry if door.access == "public" else "service",
                "accessibility": None,
                "access_control": None if door.access == "public" else ["badgereader"],
                "door": self.about["door"][door.kind],
                "name": door.names or None,
                "alt_name": None,
                "display_point": self._degrees(door.line.interpolate(0.5, normalized=True)),
                "level_id": _uuid("level", level),
            },
        )

    def _named(self) -> list[Space]:
        """Rooms that the hospital's directory lists."""
        return [space for space in self.hospital.spaces if self._listed(space)]

    def _listed(self, space: Space) -> bool:
        return bool(space.room and self.rooms[space.room]["listed"])

    def _anchor(self, space: Space) -> Feature:
        about = {"address_id": None, "unit_id": _uuid("unit", space.id)}
        return self._feature("anchor", space.id, space.outline.representative_point(), about)

    def _occupant(self, space: Space) -> Feature:
        department = self.departments.get(space.department, {})
        phone = department.get("phone", "")
        return self._feature(
            "occupant",
            space.id,
            None,
            {
                "category": "unspecified",
                "name": space.names,
                "anchor_id": _uuid("anchor", space.id),
                "hours": department.get("hours") or None,
                "phone": f"+86 {phone.removeprefix('0').replace('-', ' ')}" if phone else None,
                "website": None,
                "validity": None,
                "correlation_id": None,
            },
        )

    def _amenities(self) -> list[Space]:
        known = self.about["amenity_by_category"]
        return [s for s in self.hospital.spaces if s.category in known and s.kind != "closed"]

    def _amenity(self, space: Space) -> Feature:
        return self._feature(
            "amenity",
            space.id,
            space.outline.representative_point(),
            {
                "category": self.about["amenity_by_category"][space.category],
                "accessibility": ["wheelchair"] if space.step_free else None,
                "name": space.names or None,
                "alt_name": None,
                "hours": None,
                "phone": None,
                "website": None,
                "unit_ids": [_uuid("unit", space.id)],
                "address_id": None,
                "correlation_id": _uuid("shaft", space.connector) if space.connector else None,
            },
        )

    def _relationships(self) -> Iterator[Feature]:
        """Shafts from floor to floor, and the bridges from building to building."""
        for shaft in self.hospital.connectors:
            stops = [space for space in self.hospital.spaces if space.connector == shaft.id]
            stops.sort(key=lambda space: self.levels[space.level].elevation_m)
            if shaft.facts.get("direction") == "down":
                stops.reverse()
            directed = shaft.facts.get("direction", "both") != "both"
            yield self._relationship(shaft.id, shaft.kind, stops, directed=directed)
        for door in self.hospital.doors:
            ends = [self.spaces[space] for space in door.spaces]
            if len({space.level for space in ends}) > 1:
                yield self._relationship(door.id, "traversal", ends, directed=False)

    def _relationship(
        self, name: str, category: str, stops: Sequence[Space], *, directed: bool
    ) -> Feature:
        units = [{"id": _uuid("unit", space.id), "feature_type": "unit"} for space in stops]
        return self._feature(
            "relationship",
            name,
            None,
            {
                "category": category,
                "direction": "directed" if directed else "undirected",
                "origin": units[0],
                "intermediary": units[1:-1] or None,
                "destination": units[-1],
                "hours": None,
            },
        )


def _whole(outlines: Sequence[Polygon] | Iterator[Polygon]) -> BaseGeometry:
    """One outline, or several, of all spaces together, in the direction that GeoJSON asks for."""
    # A millimetre out and in again: edges of the turned wing meet within rounding only.
    wide = unary_union(list(outlines)).buffer(1e-3, join_style="mitre")
    whole = wide.buffer(-1e-3, join_style="mitre").simplify(1e-3)
    if isinstance(whole, Polygon):
        return orient(whole)
    return MultiPolygon([orient(part) for part in get_parts(whole) if isinstance(part, Polygon)])


def _degree_m(lat_deg: float) -> tuple[float, float]:
    """Metres of a degree of longitude and of latitude on the WGS 84 ellipsoid."""
    axis_m, squared_eccentricity = 6378137.0, 0.00669437999014
    sine = math.sin(math.radians(lat_deg))
    bent = 1 - squared_eccentricity * sine**2
    radius_m = axis_m * (1 - squared_eccentricity) / bent**1.5
    parallel_m = axis_m / math.sqrt(bent) * math.cos(math.radians(lat_deg))
    return math.radians(parallel_m), math.radians(radius_m)


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, list):
        return [_rounded(part) for part in coordinates]
    return round(coordinates, DECIMALS)
