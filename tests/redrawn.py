"""Drawings as a hospital hands them in again: twenty ways to redraw one.

A way changes the features of GeoJSON files, and says where it put each point of the old drawing.
"""

import json
import math
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import LineString, Polygon, box
from shapely.geometry import mapping, shape
from shapely.ops import split

Feature = dict[str, Any]
Files = dict[str, dict[str, Any]]
"""Collections by file name."""

KEYS = ("cell_id", "door_id", "id")
REFERENCES = ("connects", "spaces")
NUMBERS = ("number", "ref")
Move = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Redrawn:
    """A new drawing of the same building."""

    files: Files
    where: Callable[[Polygon], Polygon | None]
    """Where an old outline is in the new drawing; None if it was removed or merged away."""


def load(paths: list[Path]) -> Files:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def save(files: Files, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return [folder / name for name in files]


def spaces_of(files: Files) -> list[Feature]:
    return [f for f in _features(files) if f["geometry"] and f["geometry"]["type"] == "Polygon"]


def _features(files: Files) -> list[Feature]:
    return [feature for one in files.values() for feature in one["features"]]


def _same(outline: Polygon) -> Polygon | None:
    return outline


def _transformed(files: Files, move: Move) -> Redrawn:
    def moved(nested: Any) -> Any:
        if isinstance(nested[0], int | float):
            return list(move(nested[0], nested[1]))
        return [moved(one) for one in nested]

    for feature in _features(files):
        if feature["geometry"]:
            feature["geometry"]["coordinates"] = moved(feature["geometry"]["coordinates"])
    return Redrawn(files, lambda outline: Polygon([move(x, y) for x, y in outline.exterior.coords]))


def a_wing_moves_by_half_a_metre(files: Files) -> Redrawn:
    xs = sorted(shape(f["geometry"]).centroid.x for f in spaces_of(files))
    wall_x = xs[len(xs) // 2]
    return _transformed(files, lambda x, y: (x + 0.5 * (x > wall_x), y))


def every_wall_moves_a_little(files: Files) -> Redrawn:
    """By up to half a metre each way, neighbours by almost the same: doors stay on their walls."""

    def move(x: float, y: float) -> tuple[float, float]:
        return (x + 0.5 * math.sin(x / 9 + y / 6), y + 0.5 * math.sin(x / 7 - y / 8))

    return _transformed(files, move)


def the_origin_moves(files: Files) -> Redrawn:
    return _transformed(files, lambda x, y: (x + 40.0, y - 25.0))


def the_paper_is_turned_a_little(files: Files) -> Redrawn:
    sine, cosine = math.sin(math.radians(0.5)), math.cos(math.radians(0.5))
    return _transformed(files, lambda x, y: (x * cosine - y * sine, x * sine + y * cosine))


def the_scale_is_a_little_off(files: Files) -> Redrawn:
    return _transformed(files, lambda x, y: (x * 1.005, y * 1.005))


def coordinates_are_rounded(files: Files) -> Redrawn:
    return _transformed(files, lambda x, y: (round(x, 1), round(y, 1)))


def _rekeyed(files: Files, new: Callable[[str, int], str | None]) -> Redrawn:
    keys: dict[str, str | None] = {}
    drawn = [f for f in _features(files) if f["geometry"]]
    for number, feature in enumerate(drawn):
        old = _key(feature)
        keys[old] = new(old, number)
        for name in KEYS:
            if name in feature["properties"]:
                feature["properties"].pop(name)
        feature.pop("id", None)
        if key := keys[old]:
            feature["id"] = key
    for feature in _features(files):
        for name in REFERENCES:
            said = feature["properties"].pop(name, [])
            known = [keys.get(one, one) for one in said]
            if said and all(known):
                feature["properties"][name] = known
    return Redrawn(files, _same)


def _key(feature: Feature) -> str:
    properties = feature["properties"]
    return str(feature.get("id") or next(properties[k] for k in KEYS if k in properties))


def ids_are_dropped(files: Files) -> Redrawn:
    return _rekeyed(files, lambda old, number: None)


def ids_are_numbered_anew(files: Files) -> Redrawn:
    return _rekeyed(files, lambda old, number: f"F{number:04d}")


def ids_have_a_prefix(files: Files) -> Redrawn:
    return _rekeyed(files, lambda old, number: f"A-RM${old}")


def ids_move_on_by_one(files: Files) -> Redrawn:
    """As if the first feature had been deleted in a tool that numbers features by their order."""
    keys = [_key(f) for f in _features(files) if f["geometry"]]
    return _rekeyed(files, lambda old, number: keys[(number + 1) % len(keys)])


def features_come_in_another_order(files: Files) -> Redrawn:
    for content in files.values():
        content["features"].reverse()
    return Redrawn(files, _same)


def _every(files: Files, nth: int) -> list[Feature]:
    """Every nth room."""
    rooms = [f for f in spaces_of(files) if f["properties"].get("kind", "room") == "room"]
    return rooms[::nth]


def rooms_have_other_names(files: Files) -> Redrawn:
    for number, feature in enumerate(_every(files, 4)):
        feature["properties"]["name"] = f"新科室 {number}"
    return Redrawn(files, _same)


def rooms_have_other_numbers(files: Files) -> Redrawn:
    for number, feature in enumerate(_every(files, 4)):
        for name in NUMBERS:
            if name in feature["properties"]:
                feature["properties"][name] = f"9{number:03d}"
    return Redrawn(files, _same)


def rooms_are_removed(files: Files) -> Redrawn:
    gone = _every(files, 10)
    outlines = [shape(f["geometry"]) for f in gone]
    for content in files.values():
        content["features"] = [f for f in content["features"] if f not in gone]
    return Redrawn(files, lambda old: None if any(old.equals(one) for one in outlines) else old)


def rooms_are_split(files: Files) -> Redrawn:
    """Two fifths of a room become another room; the rest keeps number and name."""
    rest: dict[str, Polygon] = {}
    for number, feature in enumerate(_every(files, 10)):
        outline = shape(feature["geometry"])
        x0, y0, x1, y1 = outline.bounds
        at = x0 + 0.6 * (x1 - x0)
        parts = split(outline, LineString([(at, y0 - 1), (at, y1 + 1)])).geoms
        large, *others = sorted(parts, key=lambda part: -part.area)
        rest[outline.wkt] = large
        feature["geometry"] = mapping(large)
        for other in others:
            new = deepcopy(feature)
            new.pop("id", None)
            for name in (*KEYS, *NUMBERS, "name", "label"):
                new["properties"].pop(name, None)
            new["id"] = f"new-{number}"
            new["geometry"] = mapping(other)
            next(c for c in files.values() if feature in c["features"])["features"].append(new)
    return Redrawn(files, lambda old: rest.get(old.wkt, old))


def rooms_are_merged(files: Files) -> Redrawn:
    """A room takes in the room beside it that is smaller."""
    whole: dict[str, Polygon | None] = {}
    for content in files.values():
        rooms = _every({"": content}, 1)
        for feature in rooms[::10]:
            mine = shape(feature["geometry"])
            for other in rooms:
                theirs = shape(other["geometry"])
                both = mine.union(theirs.buffer(0.01, join_style="mitre"))
                known = {mine.wkt, theirs.wkt} & whole.keys()
                if other is feature or known or theirs.area >= 0.8 * mine.area:
                    continue
                if mine.boundary.intersection(theirs.buffer(0.05)).length < 1:
                    continue
                whole |= {mine.wkt: both, theirs.wkt: None}
                feature["geometry"] = mapping(both)
                content["features"] = [f for f in content["features"] if f is not other]
                break
    return Redrawn(files, lambda old: whole.get(old.wkt, old))


def rooms_are_added(files: Files) -> Redrawn:
    """A new wing beside the building; its rooms are called as others are, with other numbers."""
    east = max(shape(f["geometry"]).bounds[2] for f in spaces_of(files))
    for content in files.values():
        for number, feature in enumerate(
            [f for f in content["features"] if f in spaces_of(files)][:8]
        ):
            new = deepcopy(feature)
            new["geometry"] = mapping(box(east + 5 * number, 0, east + 5 * number + 4, 6))
            for name in KEYS:
                new["properties"].pop(name, None)
            new["id"] = f"{_key(feature)}-new"
            new["properties"].pop("connector", None)
            new["properties"] |= {n: f"N{number}" for n in NUMBERS if n in new["properties"]}
            content["features"].append(new)
    return Redrawn(files, _same)


def storeys_have_other_names(files: Files) -> Redrawn:
    """Ids and labels of all levels are written otherwise; a plain number gets a letter."""
    levels = {
        f["id"]: f"{f['id']}-neu"
        for f in _features(files)
        if f["properties"].get("type") == "level"
    }
    for feature in _features(files):
        properties = feature["properties"]
        if feature.get("id") in levels:
            feature["id"] = levels[feature["id"]]
            properties["label"] = f"楼层{properties['label']}"
        if "level" in properties:
            properties["level"] = levels[properties["level"]]
        if "storey" in properties:
            properties["storey"] = f"L{properties['storey']}"
    return Redrawn(files, _same)


def doors_are_points_without_ids(files: Files) -> Redrawn:
    for feature in _features(files):
        if feature["geometry"] and feature["geometry"]["type"] == "LineString":
            properties = feature["properties"]
            if properties.get("type", "door") != "door":
                continue
            feature["geometry"] = mapping(shape(feature["geometry"]).centroid)
            feature.pop("id", None)
            for name in (*KEYS, *REFERENCES):
                properties.pop(name, None)
    return Redrawn(files, _same)


def another_tool_exports_it_anew(files: Files) -> Redrawn:
    """Other ids, another order, other corners, and a wing that moved."""
    features_come_in_another_order(files)
    ids_are_numbered_anew(files)
    first = every_wall_moves_a_little(files)
    second = a_wing_moves_by_half_a_metre(files)

    def where(outline: Polygon) -> Polygon | None:
        moved = first.where(outline)
        return moved and second.where(moved)

    return Redrawn(files, where)


def rooms_are_split_and_ids_dropped(files: Files) -> Redrawn:
    ways = rooms_are_split(files)
    ids_are_dropped(files)
    return Redrawn(files, ways.where)


def storeys_and_ids_are_new(files: Files) -> Redrawn:
    storeys_have_other_names(files)
    return ids_are_numbered_anew(files)


WAYS: Mapping[str, Callable[[Files], Redrawn]] = {
    way.__name__: way
    for way in (
        a_wing_moves_by_half_a_metre,
        every_wall_moves_a_little,
        the_origin_moves,
        the_paper_is_turned_a_little,
        the_scale_is_a_little_off,
        coordinates_are_rounded,
        ids_are_dropped,
        ids_are_numbered_anew,
        ids_have_a_prefix,
        ids_move_on_by_one,
        features_come_in_another_order,
        rooms_have_other_names,
        rooms_have_other_numbers,
        rooms_are_removed,
        rooms_are_split,
        rooms_are_merged,
        rooms_are_added,
        storeys_have_other_names,
        doors_are_points_without_ids,
        another_tool_exports_it_anew,
        rooms_are_split_and_ids_dropped,
        storeys_and_ids_are_new,
    )
}
