"""The drawings in navkit's own GeoJSON dialect: one file per level, one for the venue."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layout import Hospital, Mark
from shapely import LineString, Polygon

Feature = dict[str, Any]


def write_plans(hospital: Hospital, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "venue.geojson", hospital, venue_features(hospital))
    for level in hospital.levels:
        building = hospital.buildings[level.building]["zh-Hans"]
        path = folder / f"{building}-{level.label}.geojson"
        _write(path, hospital, level_features(hospital, level.id))


def _write(path: Path, hospital: Hospital, features: Sequence[Feature]) -> None:
    head = {"type": "FeatureCollection", "navkit": 1, "units": "m", "name": hospital.names}
    lines = [json.dumps(feature, ensure_ascii=False) for feature in features]
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    text = opening + ', "features": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def venue_features(hospital: Hospital) -> list[Feature]:
    buildings = [
        _feature(building, "building", None, {"name": names})
        for building, names in hospital.buildings.items()
    ]
    connectors = [
        _feature(
            shaft.id,
            "connector",
            None,
            {"kind": shaft.kind, "name": shaft.names} | dict(shaft.facts),
        )
        for shaft in hospital.connectors
    ]
    return buildings + connectors


def level_features(hospital: Hospital, level_id: str) -> list[Feature]:
    level = next(level for level in hospital.levels if level.id == level_id)
    facts = {
        "ordinal": level.ordinal,
        "label": level.label,
        "building": level.building,
        "elevation_m": level.elevation_m,
    }
    features = [_feature(level.id, "level", None, facts)]
    for space in hospital.spaces:
        if space.level == level_id:
            about: dict[str, Any] = {
                "level": level_id,
                "kind": space.kind,
                "category": space.category,
                "name": space.names,
                "ref": space.ref,
                "access": space.access,
                "connector": space.connector,
                "step_free": space.step_free,
                "slope": space.slope,
            }
            features.append(_feature(space.id, "space", polygon(space.outline), about))
    for door in hospital.doors:
        if door.level == level_id:
            about = {
                "level": level_id,
                "kind": door.kind,
                "width_m": door.width_m,
                "spaces": list(door.spaces),
                "access": door.access,
                "entrance": door.entrance or None,
                "name": door.names,
                "hours": door.hours,
            }
            features.append(_feature(door.id, "door", line(door.line), about))
    walls = [wall for level, wall in hospital.walls if level == level_id]
    for number, wall in enumerate(walls, 1):
        features.append(
            _feature(f"{level_id}-wall-{number}", "wall", line(wall), {"level": level_id})
        )
    features += [_mark(mark) for mark in hospital.marks if mark.level == level_id]
    return features


def _mark(mark: Mark) -> Feature:
    about = {"level": mark.level, "name": mark.names} | dict(mark.facts)
    return _feature(mark.id, mark.type, {"type": "Point", "coordinates": list(mark.at)}, about)


def _feature(
    feature_id: str, kind: str, geometry: Mapping[str, Any] | None, about: Mapping[str, Any]
) -> Feature:
    known = {key: value for key, value in about.items() if value not in ("", None, {})}
    return {
        "type": "Feature",
        "id": feature_id,
        "properties": {"type": kind} | known,
        "geometry": geometry,
    }


def polygon(outline: Polygon) -> Feature:
    rings = [outline.exterior, *outline.interiors]
    return {"type": "Polygon", "coordinates": [[list(xy) for xy in r.coords] for r in rings]}


def line(along: LineString) -> Feature:
    return {"type": "LineString", "coordinates": [list(xy) for xy in along.coords]}
