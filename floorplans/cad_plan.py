"""From drawings by CAD to a plan: their layers say what each line is, their texts what rooms are.

The result is read like any GeoJSON by strangers, so storeys, kinds, names and doors are understood
by the same rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans import dwg, dxf, foreign, scale
from floorplans.cad import Arc, Drawing, Shape, Words, Xy
from floorplans.cad_walls import leaf_line, rooms
from floorplans.collection import Collection, Feature
from floorplans.labels import is_door_number
from floorplans.limits import Limits
from floorplans.mapping import FileLevel, LayerMap, Role, read_manifest, read_mapping, says_area
from floorplans.sheet import Json, Sheet
from floorplans.storeys import level_key
from navkit.plan.plan import Plan, PlanLevel
from navkit.plan.storeys import is_title
from navkit.words.findings import Finding, PlanError

_BEST = ".dxf"
"""Of two files of one name and different suffixes: it says its unit, too."""
_SWING_DEG = (60.0, 120.0)
"""How far leaves of doors are drawn open."""
_DOOR_M = (0.5, 12.0)
"""Smaller shapes on a layer of doors are handles, larger ones no single door."""
_BUILT: frozenset[Role] = frozenset({"room", "wall", "window", "outline", "door"})
_LEAST_ROOM_M2 = 0.5
_TOUCHING_M = 0.05
_LABELLED: frozenset[Role] = frozenset({"label", "room"})
_SHUT: tuple[Role, ...] = ("wall", "window")
_BESIDE_M = 0.3
"""A wall this near to an edge of a room is on it."""
_PASSAGE_M = 0.8
_FREE = 0.05
"""Share of a floor that its rooms leave free if a corridor without an outline is there."""
_WALLED = 0.5
"""Share of all shared edges that has walls where all walls are drawn. A guess."""


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """Files that are drawn by one mapping, usually one for each storey, as one plan."""
    layers = layers_beside(sheets)
    used = {_stem(sheet): sheet for sheet in sorted(sheets, key=lambda one: one.suffix == _BEST)}
    twice = [sheet for sheet in sheets if sheet not in used.values()]
    drawings = [drawing_of(sheet) for sheet in sheets if sheet in used.values()]
    plan = plan_of(drawings, layers, source, sheets[0].limits)
    notes = (Finding("drawn-twice", one.name, {"used": used[_stem(one)].name}) for one in twice)
    return replace(plan, findings=(*notes, *plan.findings))


def layers_beside(sheets: Sequence[Sheet]) -> LayerMap:
    """What the mapping or the manifest beside them says; nothing if there is none."""
    beside = next((sheet.beside for sheet in sheets if sheet.beside), None)
    if beside is None:
        return LayerMap()
    return read_mapping(beside) if beside.suffix == ".toml" else read_manifest(beside)


def _stem(sheet: Sheet) -> str:
    return sheet.name.rpartition(".")[0].casefold()


def drawing_of(sheet: Sheet) -> Drawing:
    """What a DXF or a DWG draws."""
    return dwg.drawing_of(sheet) if dwg.is_dwg(sheet.content) else dxf.drawing_of(sheet)


def plan_of(drawings: Sequence[Drawing], layers: LayerMap, source: str, limits: Limits) -> Plan:
    """One plan of all files; a `PlanError` if none of them has rooms on a layer."""
    measures = _measures(drawings, layers)
    said = {drawing.unit_m for drawing in drawings}
    unit_m, findings = layers.unit_m or 0.0, list[Finding]()
    if not unit_m:
        unit_m, findings = scale.decide(measures, said.pop() if len(said) == 1 else None, source)
    collections = []
    for drawing in drawings:
        page = _Page(drawing, layers, unit_m)
        features = tuple(page.features())
        members: dict[str, Json] = {"units": "m"}
        found = (*drawing.findings, *page.findings)
        points = sum(int(shapely.get_num_coordinates(f.drawn)) for f in features)
        collections.append(Collection(drawing.sheet, members, features, found, points))
    plan = foreign.read(collections, source, limits)
    levels = (_as_said(one, layers) for one in plan.levels)
    return replace(plan, levels=tuple(levels), findings=(*findings, *plan.findings))


def _as_said(level: PlanLevel, layers: LayerMap) -> PlanLevel:
    """A level with the ordinal and the label that a mapping or a manifest gives it."""
    said = {_number(one, layers): one for one in layers.levels.values()}.get(level.key)
    return replace(level, ordinal=said.ordinal, label=said.label) if said else level


def _number(level: FileLevel, layers: LayerMap) -> str:
    """How a said storey is written for the rules that understand any drawing's: as its ordinal, in
    numbers among which 0 is, so that they are not taken for what is on the wall."""
    ordinals = {one.ordinal for one in layers.levels.values()}
    return level_key(level.ordinal - (0 if 0 in ordinals else min(ordinals)))


def _measures(drawings: Sequence[Drawing], layers: LayerMap) -> scale.Measures:
    built: list[BaseGeometry] = []
    rooms: list[float] = []
    leaves: list[float] = []
    for drawing in drawings:
        for shape in drawing.shapes:
            role = layers.role_of(shape.layer)
            if role in _BUILT:
                built.append(shape.drawn)
            if role == "room" and isinstance(shape.drawn, Polygon):
                rooms.append(float(shape.drawn.area))
        leaves += [arc.radius for arc in drawing.arcs if _is_swing(arc, layers)]
    if not built:
        names = sorted({shape.layer for drawing in drawings for shape in drawing.shapes})
        raise PlanError("no-layers-known", drawings[0].sheet, layers=", ".join(names[:12]) or "-")
    box = shapely.total_bounds(np.array(built, dtype=object))
    return scale.Measures(float(max(box[2] - box[0], box[3] - box[1])), leaves, rooms)


def _is_swing(arc: Arc, layers: LayerMap) -> bool:
    """TArch draws doors and windows on one layer."""
    least, most = _SWING_DEG
    return layers.role_of(arc.layer) in ("door", "window") and least <= arc.turn_deg <= most


@dataclass
class _Page:
    """One drawing, in metres."""

    drawing: Drawing
    layers: LayerMap
    unit_m: float

    def __post_init__(self) -> None:
        self.findings: list[Finding] = []
        self._number = 0
        self._level = self.layers.level_of(self.drawing.sheet)
        least, most = _DOOR_M
        swings = [arc for arc in self.drawing.arcs if _is_swing(arc, self.layers)]
        self._swings = [one for one in map(self._scaled, swings) if least <= one.radius <= most]
        leaves = {arc.block for arc in swings} - {0}
        self._by_role: dict[Role, list[Shape]] = defaultdict(list)
        for shape in self.drawing.shapes:
            metres = shapely.transform(shape.drawn, lambda xy: np.round(xy * self.unit_m, 4))
            role: Role = "door" if shape.block in leaves else self.layers.role_of(shape.layer)
            self._by_role[role].append(replace(shape, drawn=metres))

    def _metres(self, at: Xy) -> Xy:
        return at[0] * self.unit_m, at[1] * self.unit_m

    def _scaled(self, arc: Arc) -> Arc:
        return replace(arc, centre=self._metres(arc.centre), radius=arc.radius * self.unit_m)

    def features(self) -> Iterator[Feature]:
        """What is drawn, each with what it is."""
        drawn = self._outlines()
        outlines: list[BaseGeometry] = list(shapely.make_valid(drawn))
        inside = self._words_in(outlines)
        for number, outline in enumerate(drawn):
            labels = inside[number]
            if sum(is_door_number(label.text) for label in labels) > 1:
                # Rooms that nothing separates are an open floor with places in it.
                yield self._feature(outline, {"class": "hall"})
                for label in labels:
                    yield self._feature(Point(self._metres(label.at)), self._told([label]))
            else:
                yield self._feature(outline, self._told(labels))
        for title in self._titles(outlines):
            yield self._feature(
                Point(self._metres(title.at)), {"name": " ".join(title.text.split())}
            )
        for role in ("wall", "window"):
            for shape in self._by_role[role]:
                yield self._feature(shape.drawn, {"class": role})
        for shape in self._by_role["outline"]:
            if isinstance(shape.drawn, Polygon):
                yield self._feature(shape.drawn, {"class": "outline"})
        doors = list(self._doors())
        for door in doors:
            yield self._feature(door, {"class": "door"})
        for passage in self._passages(outlines, doors):
            yield self._feature(passage, {"class": "opening"})

    def _feature(self, drawn: BaseGeometry, properties: dict[str, Json]) -> Feature:
        self._number += 1
        if self._level:
            properties["level"] = _number(self._level, self.layers)
        return Feature("", properties, drawn, self.drawing.sheet, self._number)

    def _outlines(self) -> list[Polygon]:
        outlines = [
            shape.drawn
            for shape in self._by_role["room"]
            if isinstance(shape.drawn, Polygon) and shape.drawn.area >= _LEAST_ROOM_M2
        ]
        return outlines or self._rooms_from_walls()

    def _rooms_from_walls(self) -> list[Polygon]:
        """Where no outline is drawn. Walls close at doors that are closed, and at windows."""
        shut: list[BaseGeometry] = [s.drawn for role in _SHUT for s in self._by_role[role]]
        shut += [shapely.boundary(shape.drawn) for shape in self._by_role["outline"]]
        walls = [shape.drawn for shape in self._by_role["wall"]]
        closed: list[BaseGeometry] = [leaf_line(swing, walls) for swing in self._swings]
        closed += [door for door in self._doors() if not self._is_swing_area(door)]
        found = rooms(shut, closed)
        if not found:
            raise PlanError("no-rooms-drawn", self.drawing.sheet)
        slots = {"count": str(len(found))}
        self.findings.append(Finding("rooms-from-walls", self.drawing.sheet, slots))
        return found

    def _is_swing_area(self, door: BaseGeometry) -> bool:
        return any(door.intersects(swing.sector()) for swing in self._swings)

    def _passages(
        self, outlines: Sequence[BaseGeometry], doors: Sequence[BaseGeometry]
    ) -> Iterator[LineString]:
        """Edges that two rooms share where no wall is drawn, if walls are drawn along most of
        them: who draws walls leaves them out only where people pass. Where rooms leave free floor
        between them, that is where people pass."""
        walls = [shape.drawn for role in _SHUT for shape in self._by_role[role]]
        if not walls or self._leaves_floor(outlines):
            return
        shut = shapely.union_all(shapely.buffer(walls, _BESIDE_M))
        taken = shapely.union_all(shapely.buffer(list(doors), _BESIDE_M))
        near = shapely.STRtree(outlines).query(outlines, "dwithin", distance=_TOUCHING_M)
        shared = [
            outlines[i].boundary.intersection(outlines[j].buffer(_TOUCHING_M))
            for i, j in near.T.tolist()
            if i < j
        ]
        every = shapely.union_all(shared)
        if every.intersection(shut).length < _WALLED * every.length:
            return
        for edge in shared:
            free = edge.difference(shut).difference(taken)
            for part in shapely.get_parts(shapely.line_merge(free)):
                if part.length >= _PASSAGE_M:
                    yield LineString([part.coords[0], part.coords[-1]])

    def _leaves_floor(self, outlines: Sequence[BaseGeometry]) -> bool:
        floors = [s.drawn for s in self._by_role["outline"] if isinstance(s.drawn, Polygon)]
        floor = shapely.union_all(shapely.make_valid(floors))
        return bool(floor.difference(shapely.union_all(outlines)).area > _FREE * floor.area)

    def _titles(self, outlines: Sequence[BaseGeometry]) -> Iterator[Words]:
        """Texts beside the rooms that name the drawing of a storey: of several on one sheet each
        has one (首层平面图)."""
        tree = shapely.STRtree(outlines)
        for one in self.drawing.words:
            if is_title(one.text) and not len(tree.query(Point(self._metres(one.at)), "within")):
                yield one

    def _words_in(self, outlines: Sequence[BaseGeometry]) -> dict[int, list[Words]]:
        """The texts in each outline, from top to bottom; of several outlines the smallest."""
        found: dict[int, list[Words]] = defaultdict(list)
        tree = shapely.STRtree(outlines)
        words = [
            one
            for one in self.drawing.words
            if self.layers.role_of(one.layer) in _LABELLED and not says_area(one.text)
        ]
        for one in sorted(words, key=lambda word: -word.at[1]):
            at = Point(self._metres(one.at))
            over = [int(i) for i in tree.query(at, predicate="within")]
            if over:
                found[min(over, key=lambda i: outlines[i].area)].append(one)
        return found

    def _told(self, labels: Sequence[Words]) -> dict[str, Json]:
        """Number, name and use of a room by the texts in it."""
        properties: dict[str, Json] = {}
        for label in labels:
            plain = " ".join(label.text.split())
            use = self.layers.rooms.get(plain)
            if use:
                properties |= {"class": use.term} if use.term else {}
                properties |= {"name": use.name} if use.name else {}
            key = "number" if use or is_door_number(plain) else "name"
            properties[key] = f"{properties[key]} {plain}" if key in properties else plain
        return properties

    def _doors(self) -> Iterator[BaseGeometry]:
        """Swings of leaves, two that touch as one; blocks without a swing; else closed lines, and
        where there is none of these whatever is drawn on a layer of doors."""
        least, most = _DOOR_M
        leaves = [one.convex_hull for one in _groups([s.sector() for s in self._swings])]
        yield from leaves
        blocks: dict[int, list[BaseGeometry]] = defaultdict(list)
        for shape in self._by_role["door"]:
            blocks[shape.block].append(shape.drawn)
        loose = blocks.pop(0, [])
        closed = [one for one in loose if isinstance(one, Polygon)]
        others: list[BaseGeometry] = [
            shapely.GeometryCollection(parts) for parts in blocks.values()
        ]
        others += _groups(closed if closed or leaves or others else loose)
        known = shapely.STRtree(leaves)
        for one in others:
            if least <= _size(one) <= most and not len(known.query(one, predicate="intersects")):
                yield one.minimum_rotated_rectangle


def _groups(shapes: Iterable[BaseGeometry]) -> list[BaseGeometry]:
    """Shapes that touch, together."""
    parts = list(shapes)
    if not parts:
        return []
    areas = shapely.get_parts(shapely.union_all([one.buffer(_TOUCHING_M) for one in parts]))
    tree = shapely.STRtree(parts)
    return [
        shapely.GeometryCollection([parts[i] for i in tree.query(area, predicate="intersects")])
        for area in areas
    ]


def _size(shape: BaseGeometry) -> float:
    """The longer side of its box."""
    left, low, right, high = shape.bounds
    return float(max(right - left, high - low))
