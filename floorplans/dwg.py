"""DWG from R13 on: the model space with its blocks taken apart, by dwg2geo.

Its parser may crash on a damaged file, which ends the child and nothing else.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from shapely import LineString, Polygon, get_parts
from shapely.geometry import shape as shape_of

from floorplans.cad import Arc, Drawing, Shape, Words, own_layer
from floorplans.curves import centre_of
from floorplans.sheet import Sheet
from navkit.words.findings import Finding, PlanError

_LEAST_R13 = 1012
"""Files of R13 begin with AC1012; older ones are another format."""
_SILENT = frozenset({"LINE", "VIEWPORT", "POINT", "DIMENSION"})
"""Entities whose loss is none: lines without length, frames, points, dimensions."""


def is_dwg(content: bytes) -> bool:
    """Whether a file begins as DWG does, whatever it is called."""
    return content[:2] == b"AC" and content[2:6].replace(b".", b"").isdigit()


def drawing_of(sheet: Sheet) -> Drawing:
    """What one file draws; a `PlanError` if it cannot be read."""
    version = sheet.content[2:6]
    if version.isdigit() and int(version) < _LEAST_R13:
        raise PlanError("dwg-too-old", sheet.name, version=f"AC{version.decode()}")
    found = _converted(sheet)
    features = json.loads(found["geojson"])["features"]
    if not features:
        raise PlanError("dwg-broken", sheet.name)
    if len(features) > sheet.limits.vertices:
        raise PlanError("too-many-points", sheet.name, limit=str(sheet.limits.vertices))
    reader = _Reader()
    for feature in features:
        reader.add(feature)
    return Drawing(
        sheet.name,
        tuple(reader.shapes),
        tuple(reader.arcs),
        tuple(reader.words),
        None,
        tuple(_left_out(found, sheet)),
    )


def _converted(sheet: Sheet) -> Mapping[str, Any]:
    try:
        import dwg2geo
    except ImportError as error:
        raise PlanError("cad-not-installed", sheet.name) from error
    try:
        found: Mapping[str, Any] = dwg2geo.convert(sheet.content)
    except ValueError as error:
        raise PlanError("dwg-broken", sheet.name) from error
    return found


def _left_out(found: Mapping[str, Any], sheet: Sheet) -> list[Finding]:
    lost = [
        f"{one['entity_type']} ({one['count']})"
        for one in (*found["skipped"], *found["failed"])
        if one["entity_type"] not in _SILENT
    ]
    return [Finding("dwg-left-out", sheet.name, {"what": ", ".join(lost)})] if lost else []


class _Reader:
    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.arcs: list[Arc] = []
        self.words: list[Words] = []
        self._blocks: dict[str, int] = {}

    def add(self, feature: Mapping[str, Any]) -> None:
        """One entity of the model space, or of a block that is inserted there."""
        told = feature["properties"]
        layer = own_layer(str(told["layer"]))
        insert, _, inner = str(feature["id"]).partition("/")
        block = self._blocks.setdefault(insert, len(self._blocks) + 1) if inner else 0
        points = feature["geometry"]["coordinates"]
        if told["entity_type"] == "ARC" and (arc := _arc(layer, points, block)):
            self.arcs.append(arc)
        elif feature["geometry"]["type"] == "Point":
            if text := str(told.get("text", "")).strip():
                self.words.append(Words(layer, (float(points[0]), float(points[1])), text))
        else:
            self._shapes(layer, feature["geometry"], bool(told.get("is_closed")), block)

    def _shapes(self, layer: str, geometry: Any, is_closed: bool, block: int) -> None:
        for part in get_parts(shape_of(geometry)):
            if isinstance(part, LineString) and is_closed and len(set(part.coords)) > 2:
                part = Polygon(part.coords)
            if isinstance(part, LineString | Polygon):
                self.shapes.append(Shape(layer, part, block))


def _arc(layer: str, points: Sequence[Sequence[float]], block: int) -> Arc | None:
    """The arc of which these are corners: the circle through the first, a middle and the last."""
    first, middle, last = ((p[0], p[1]) for p in (points[0], points[len(points) // 2], points[-1]))
    centre = centre_of(first, middle, last)
    if centre is None:
        return None
    turns = [
        math.degrees(math.atan2(y - centre[1], x - centre[0])) for x, y in (first, middle, last)
    ]
    if (turns[1] - turns[0]) % 360 > (turns[2] - turns[0]) % 360:
        turns.reverse()
    return Arc(layer, centre, math.dist(centre, first), turns[0], turns[2], block)
