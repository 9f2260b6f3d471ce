"""IndoorGML 1.0, in its dialects, and IndoorGML as JSON: cells, and what joins them.

A cell's floor is the lowest level face of its solid. A transition between cells of one storey is a
door, at its boundary if it has one; transitions between storeys make stairs of their cells, since
the format's core does not say what they are. Everything else is left to `foreign`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.classify import classify
from floorplans.collection import Collection, Feature
from floorplans.labels import is_door_number
from floorplans.markup import Element, tree
from floorplans.sheet import Json, Sheet, as_list, as_number, as_object, as_text
from navkit.plan.plan import SHAFTS, Plan, PlanLevel
from navkit.words.findings import Finding, PlanError

Xyz = tuple[float, float, float]

_LEVEL = re.compile(r'(?:storey|level|floor)\s*=\s*"?\s*([^";:]+)', re.IGNORECASE)
_TERM = re.compile(r'indoor\s*=\s*"?\s*([^";:]+)', re.IGNORECASE)
"""What descriptions say: ``storey="1":indoor="room":`` or ``level=2;desc=;``."""
_CODES = {"1010": "elevator", "1110": "elevator", "1120": "stairs"}
"""`navi:class` and `navi:function` of shafts. Source: the standard's annex, after OmniClass."""
_STOREY = (2.2, 8.0)
"""Metres from floor to floor; other numbers are in a unit of their own. A guess."""
_USUAL_STOREY_M = 3.6
_LEVEL_FACE = 0.02
"""How uneven a level face may be, as a share of the cell's height."""
_CELLS = ("CellSpace", "GeneralSpace", "TransitionSpace", "ConnectionSpace", "AnchorSpace")
_GLUED = re.compile(r"([^\W\d]\D*?\D)(\d[A-Z]{1,2}\d{1,3}[A-Z]?)")
"""A name and a door number without a blank between them: ``CORRIDOR1AC4``."""
_LED = re.compile(r"(?!\d+F )((?=\S{3})\S*\d\S*)\s+(\D.*)")
"""A door number before the name: ``B104 SPECT Room``; what is shorter counts beds, say, and ``10F``
is a storey."""
_HEAD = 4096
_ROOT = re.compile(rb"<(\w+:)?(IndoorFeatures|PrimalSpaceFeatures|MultiLayeredGraph)\b")
_STATE, _DOOR = "State", "door"


@dataclass
class Cell:
    """A space, or a door drawn as a space, in the drawing's own unit."""

    key: str
    name: str
    level: str
    term: str
    faces: list[list[Xyz]]
    holes: list[list[Xyz]] = field(default_factory=list)
    """In its faces."""

    @property
    def heights(self) -> tuple[float, float]:
        """The lowest and the highest z."""
        every = [point[2] for face in self.faces for point in face]
        return min(every), max(every)

    def floor(self) -> BaseGeometry:
        """Its lowest level face; without one what all its faces cover, seen from above."""
        low, high = self.heights
        slack = max((high - low) * _LEVEL_FACE, 1e-6)
        level, holes = (_level(rings, low + slack) for rings in (self.faces, self.holes))
        whole = shapely.union_all(level).difference(shapely.union_all(holes))
        areas = [part for part in shapely.get_parts(whole) if isinstance(part, Polygon)]
        if areas:
            return shapely.union_all(areas)
        rings = [[(x, y) for x, y, _ in face] for face in self.faces]
        return shapely.MultiPoint([point for ring in rings for point in ring]).convex_hull


def _level(rings: Iterable[Sequence[Xyz]], most_z: float) -> list[BaseGeometry]:
    """What the rings enclose that lie no higher."""
    flat = (
        Polygon([(x, y) for x, y, _ in ring])
        for ring in rings
        if len(ring) > 3 and all(z <= most_z for _, _, z in ring)
    )
    return [*shapely.make_valid([*flat])]


@dataclass
class Model:
    """A file, whatever its dialect."""

    cells: dict[str, Cell] = field(default_factory=dict)
    boundaries: dict[str, list[Xyz]] = field(default_factory=dict)
    cell_of: dict[str, str] = field(default_factory=dict)
    """By state."""
    joined: dict[frozenset[str], list[list[Xyz]]] = field(default_factory=dict)
    """By the two cells that transitions join: the line of each one's boundary, or its own."""
    exits: dict[str, list[Xyz]] = field(default_factory=dict)
    """By the only cell beside it: the line of a door that leads to no other."""


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One file is one plan."""
    (sheet,) = sheets
    is_json = sheet.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    model = _of_json(sheet) if is_json else _of_xml(sheet)
    if not model.cells:
        raise PlanError("nothing-drawn", sheet.name)
    scale, findings = _scale(model, source)
    writer = _Features(model, scale, sheet)
    features = tuple(writer.features())
    points = sum(int(shapely.get_num_coordinates(feature.drawn)) for feature in features)
    if points > sheet.limits.vertices:
        raise PlanError("too-many-points", sheet.name, limit=str(sheet.limits.vertices))
    collection = Collection(sheet.name, {"units": "m"}, features, (), points)
    from floorplans import foreign

    plan = foreign.read([collection], source, sheet.limits)
    levels = tuple(writer.raised(level) for level in plan.levels)
    findings = [*findings, *writer.findings, *plan.findings]
    return replace(plan, levels=levels, has_graph=bool(model.joined), findings=tuple(findings))


def is_indoorgml(sheet: Sheet) -> bool:
    """Whether a file is IndoorGML, in XML or JSON, whatever it is called."""
    head = sheet.content[:_HEAD]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return bool(_ROOT.search(head))
    if b"PrimalSpace" not in sheet.content:
        return False
    try:
        document = sheet.json
    except PlanError:
        return False
    return isinstance(document, dict) and any("PrimalSpace" in key for key in document)


def _scale(model: Model, where: str) -> tuple[float, list[Finding]]:
    """Metres of a unit: 1 if storeys, or cells where there is one storey, are as high as people
    build them, else what makes them so."""
    floors = sorted({round(cell.heights[0], 3) for cell in model.cells.values()})
    steps = [high - low for low, high in pairwise(floors) if high > low]
    tall = [high - low for low, high in (c.heights for c in model.cells.values()) if high > low]
    heights = steps or tall
    if not heights or _STOREY[0] <= median(heights) <= _STOREY[1]:
        return 1.0, []
    scale = _USUAL_STOREY_M / median(heights)
    slots = {"height": f"{median(heights):.4g}", "metres": f"{_USUAL_STOREY_M:g}"}
    return scale, [Finding("unit-from-storeys", where, slots)]


class _Features:
    def __init__(self, model: Model, scale: float, sheet: Sheet) -> None:
        self.model, self.scale, self.sheet = model, scale, sheet
        self.findings: list[Finding] = []
        floors = sorted({round(cell.heights[0], 3) for cell in model.cells.values()})
        self._storey = {z: str(number) for number, z in enumerate(floors)}
        self._number = 0

    def features(self) -> Iterator[Feature]:
        """Cells and doors, in metres."""
        guessed = self._without_word()
        for key, cell in self.model.cells.items():
            term = cell.term or ("stairs" if key in guessed else "")
            told: dict[str, Json] = {"class": term} if term else {}
            told |= _told(cell)
            yield self._feature(key, cell, self._metres(cell.floor()), told)
        for cells, lines in self.model.joined.items():
            pair = [self.model.cells[key] for key in sorted(cells)]
            if len({self._level(cell) for cell in pair}) == 1:
                for door in {self._door(pair, line): None for line in lines}:
                    told = {"class": _DOOR, "spaces": [cell.key for cell in pair]}
                    yield self._feature("", pair[0], door, told)
        for key, line in self.model.exits.items():
            cell = self.model.cells[key]
            drawn = LineString([(x, y) for x, y, _ in line[:2]])
            yield self._feature("", cell, self._metres(drawn), {"class": _DOOR})
        if guessed:
            which = ", ".join(guessed[:5]) + (" …" if len(guessed) > 5 else "")
            slots = {"count": str(len(guessed)), "which": which}
            self.findings.append(Finding("shafts-taken-as-stairs", self.sheet.name, slots))

    def raised(self, level: PlanLevel) -> PlanLevel:
        """A level at the height of most of its cells."""
        here = [
            cell.heights[0]
            for cell in self.model.cells.values()
            if self._level(cell) in (level.key, level.label)
        ]
        return replace(level, elevation_m=round(median(here) * self.scale, 2)) if here else level

    def _feature(self, key: str, cell: Cell, drawn: BaseGeometry, told: dict[str, Json]) -> Feature:
        self._number += 1
        told["level"] = self._level(cell)
        return Feature(key, told, drawn, self.sheet.name, self._number)

    def _level(self, cell: Cell) -> str:
        return cell.level or self._storey[round(cell.heights[0], 3)]

    def _without_word(self) -> list[str]:
        """Cells that lead to another storey, and neither say what they are nor are called so."""
        found: dict[str, None] = {}
        for cells in self.model.joined:
            pair = [self.model.cells[key] for key in sorted(cells)]
            if len({self._level(cell) for cell in pair}) > 1:
                found |= dict.fromkeys(cell.key for cell in pair)
        return [key for key in found if not self._is_called_shaft(self.model.cells[key])]

    @staticmethod
    def _is_called_shaft(cell: Cell) -> bool:
        called = classify(cell.name)
        return bool(cell.term) or (called is not None and called.kind in (*SHAFTS, "ramp"))

    def _door(self, pair: Sequence[Cell], line: Sequence[Xyz]) -> BaseGeometry:
        """Where a transition crosses from cell to cell: the line of its boundary, else the point
        where its own line leaves the first cell."""
        points = list(dict.fromkeys((x, y) for x, y, _ in line))
        one, other = (cell.floor() for cell in pair)
        if len(points) == 2 and LineString(points).centroid.distance(one.boundary) <= 1e-3:
            return self._metres(LineString(points))
        edge = one.boundary.intersection(other.boundary)
        if edge.is_empty:
            edge = shapely.shortest_line(one, other)
        if len(points) < 2:
            return self._metres(edge.centroid)
        return self._metres(Point(shapely.shortest_line(edge, LineString(points)).coords[0]))

    def _metres(self, drawn: BaseGeometry) -> BaseGeometry:
        return shapely.transform(drawn, lambda xy: (xy * self.scale).round(4))


def _told(cell: Cell) -> dict[str, Json]:
    """Its name and its number; a name that is its id is a number, and one may be glued to it."""
    if cell.name == cell.key:
        return {"number": cell.name}
    if (led := _LED.fullmatch(cell.name)) and is_door_number(led[1]):
        return {"number": led[1], "name": led[2]}
    if glued := _GLUED.fullmatch(cell.name):
        return {"name": glued[1].rstrip(" -/"), "number": glued[2]}
    return {"name": cell.name}


# XML


def _of_xml(sheet: Sheet) -> Model:
    root = tree(sheet)
    model = Model()
    for element in root.every(*_CELLS, "CellSpaceStorey"):
        key = element.attributes.get("id", "")
        drawn = [list(_rings_of(polygon)) for polygon in element.every("Polygon")]
        faces = [rings[0] for rings in drawn if rings]
        if key and faces:
            holes = [ring for rings in drawn for ring in rings[1:]]
            model.cells[key] = _cell(element, key, faces, holes)
    for element in root.every("CellSpaceBoundary", "ConnectionBoundary", "NavigableBoundary"):
        polygon = element.first("Polygon", "LineString")
        if polygon and (ring := _ring(polygon)):
            for dual in (*_links(element, "duality"), element.attributes.get("id", "")):
                model.boundaries.setdefault(dual.removesuffix("-REVERSE"), ring)
    for element in root.every(_STATE):
        for cell in _links(element, "duality"):
            model.cell_of[element.attributes.get("id", "")] = cell
    for element in root.every("Transition"):
        ends = [model.cell_of.get(state, "") for state in _links(element, "connects")]
        own = _ring(element)
        duals = (element.attributes.get("id", ""), *_links(element, "duality"))
        door = next((model.boundaries[d] for d in duals if d in model.boundaries), None)
        _join(model, ends, door or own, is_door=door is not None)
    return model


def _rings_of(polygon: Element) -> Iterator[list[Xyz]]:
    """The outer ring of a polygon, and those of its holes."""
    inner = [ring for hole in polygon.every("interior") if (ring := _ring(hole))]
    outer = polygon.first("exterior")
    if ring := _ring(outer if outer and inner else polygon):
        yield ring
        yield from inner


def _cell(element: Element, key: str, faces: list[list[Xyz]], holes: list[list[Xyz]]) -> Cell:
    said = " ".join(element.said("description").split())
    level, term = _LEVEL.search(said), _TERM.search(said)
    codes = (_CODES.get(element.said(tag), "") for tag in ("class", "function", "usage"))
    storey = element.first("storey")
    return Cell(
        key,
        " ".join(element.said("name").split()) or key,
        (level[1].strip() if level else "") or (storey.text.strip() if storey else ""),
        (term[1].strip() if term else "") or next(filter(None, codes), ""),
        faces,
        holes,
    )


def _links(element: Element, tag: str) -> list[str]:
    """What children of this name refer to."""
    return [
        one.attributes.get("href", "").removeprefix("#") for one in element.inside if one.tag == tag
    ]


def _ring(element: Element) -> list[Xyz]:
    """The points of an element, with z 0 where they have two numbers."""
    points: list[Xyz] = []
    for one in element.every("pos", "posList"):
        numbers = [as_number(_number(word)) for word in one.text.split()]
        flat = [number for number in numbers if number is not None]
        across = 2 if one.attributes.get("srsDimension") == "2" or len(flat) == 2 else 3
        for i in range(0, len(flat) - across + 1, across):
            z = flat[i + 2] if across == 3 else 0.0
            points.append((flat[i], flat[i + 1], z))
    return points


def _number(word: str) -> Json:
    try:
        return float(word)
    except ValueError:
        return None


# JSON


def _of_json(sheet: Sheet) -> Model:
    document = as_object(sheet.json)
    vertices = [_xyz(one) for one in as_list(document.get("vertices"))]
    primal = as_object(document.get("PrimalSpaceFeatures"))
    model = Model()
    for key, raw in as_object(primal.get("CellSpace")).items():
        cell = as_object(raw)
        shell = as_list(as_object(cell.get("geometry")).get("boundaries"))
        faces = _closed([ring for ring in _rings(shell, vertices) if len(ring) > 2])
        if faces:
            model.cells[key] = Cell(key, as_text(cell.get("name")) or key, "", "", faces)
    for key, raw in as_object(primal.get("CellSpaceBoundaries")).items():
        rings = list(
            _rings(as_list(as_object(as_object(raw).get("geometry")).get("boundaries")), vertices)
        )
        if rings:
            model.boundaries[key] = rings[0]
    for layer in as_object(document.get("SpaceLayers")).values():
        _add_layer(model, as_object(layer))
    return model


def _add_layer(model: Model, nodes: Mapping[str, Json]) -> None:
    """Nodes of cells and of doors: two cells that have edges to one door are joined by it."""
    door_of: dict[str, str] = {}
    for key, raw in nodes.items():
        dual = as_text(as_object(raw).get("duality"))
        if dual in model.cells:
            model.cell_of[key] = dual
        elif dual in model.boundaries:
            door_of[key] = dual
    sides: dict[str, set[str]] = defaultdict(set)
    for key, raw in nodes.items():
        for edge in map(as_object, as_list(as_object(raw).get("edges"))):
            ends = (key, as_text(edge.get("destination")))
            cells = [model.cell_of[end] for end in ends if end in model.cell_of]
            doors = [end for end in ends if end in door_of]
            if len(cells) == 2:
                _join(model, cells, [])
            for door in doors:
                sides[door].update(cells)
    for door, cells_of in sides.items():
        line = model.boundaries[door_of[door]]
        if len(cells_of) == 2:
            _join(model, sorted(cells_of), line)
        elif len(cells_of) == 1:
            model.exits.setdefault(next(iter(cells_of)), line)


def _rings(raw: Iterable[Json], vertices: Sequence[Xyz | None]) -> Iterator[list[Xyz]]:
    """The rings of nested lists of numbers of vertices."""
    items = list(raw)
    if items and all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        numbers = [item for item in items if isinstance(item, int) and 0 <= item < len(vertices)]
        yield [point for number in numbers if (point := vertices[number])]
        return
    for item in items:
        if isinstance(item, list):
            yield from _rings(item, vertices)


def _closed(faces: list[list[Xyz]]) -> list[list[Xyz]]:
    """Faces as they are, or, where they do not close, their pieces at one height as one ring: some
    programs write a ring in pieces of five corners."""
    if all(face[0] == face[-1] for face in faces):
        return faces
    by_height: dict[float, list[Xyz]] = defaultdict(list)
    for face in faces:
        heights = {z for _, _, z in face}
        if len(heights) == 1:
            by_height[heights.pop()] += face
    return [
        [point for i, point in enumerate(ring) if i == 0 or point != ring[i - 1]]
        for ring in by_height.values()
    ]


def _xyz(raw: Json) -> Xyz | None:
    numbers = [as_number(one) for one in as_list(raw)]
    if len(numbers) != 3 or None in numbers:
        return None
    x, y, z = (float(one or 0.0) for one in numbers)
    return x, y, z


def _join(model: Model, ends: Sequence[str], line: Sequence[Xyz], *, is_door: bool = False) -> None:
    """Two cells may have several doors; transitions without a boundary lead through the first."""
    if len(ends) != 2 or len({*ends}) != 2 or not all(end in model.cells for end in ends):
        return
    lines = model.joined.setdefault(frozenset(ends), [])
    new = [*line]
    if not lines or (is_door and new not in lines and new[::-1] not in lines):
        lines.append(new)
