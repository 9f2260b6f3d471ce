"""From drawings by CAD to a plan: their layers say what each line is, their texts what rooms are.

The result is read like any GeoJSON by strangers, so storeys, kinds, names and doors are understood
by the same rules.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from statistics import median

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans import clusters, dwg, dxf, foreign, pdf, scale, svg
from floorplans.cad import Arc, Drawing, Shape, Words, Xy
from floorplans.cad_names import Shaft, doors_apart, plain, shaft_of, told_by, with_shafts
from floorplans.cad_shafts import crossed, drawn_shafts, put_in
from floorplans.cad_walls import holes, leaf_line, rooms, slides
from floorplans.collection import Collection, Feature
from floorplans.control import Control, Fit, on_earth, one_file, read_control
from floorplans.entrances import MOST_DOOR_M2
from floorplans.labels import is_door_number
from floorplans.limits import Limits
from floorplans.mapping import FileLevel, LayerMap, Role, read_manifest, read_mapping, says_area
from floorplans.sheet import Json, Sheet
from floorplans.sheets_over import laid_over
from floorplans.storeys import label_in_name, level_key
from navkit.plan.plan import Plan, PlanLevel
from navkit.plan.storeys import is_title
from navkit.words.findings import Finding, PlanError

_BEST = (".pdf", ".svg", ".dwg", ".dxf")
"""Of files of one name the one is read whose suffix is last: that of a DXF says its unit, too."""
_SWING_DEG = (60.0, 120.0)
"""How far leaves of doors are drawn open."""
_DOOR_M = (0.5, 12.0)
"""Smaller shapes on a layer of doors are handles, larger ones no single door."""
_BUILT: frozenset[Role] = frozenset({"room", "wall", "window", "outline", "door"})
_LEAST_ROOM_M2 = 0.5
_TOUCHING_M = 0.05
_HOLE = 0.9
"""A closed line around a larger part of a room is its other face. A guess."""
_LABELLED: frozenset[Role] = frozenset({"label", "room"})
_SHUT: tuple[Role, ...] = ("wall", "window")
_ALIKE = 1.2
"""Doors of two storeys whose widths differ by more are drawn to two scales. A guess."""
_CROSSED = "lift"
"""The layer of lifts that are known by their form only."""
_DOOR_AT_M = 1.0
"""A door this near to a room is at it."""
_BESIDE_M = 0.3
"""The walls of a shaft are no thicker, and windows are drawn this near to the middle of one."""
_OF_SHAFT: Mapping[Role, str] = {"stairs": "stairs", "lift": "elevator"}
_ONE_SHAFT_M: Mapping[Role, float] = {"stairs": 0.5, "lift": 0.05}
"""Treads nearer to each other than this are one stairs; cabins may have a wall between. A guess."""


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """Files that are drawn by one mapping, usually one for each storey, as one plan."""
    layers = layers_beside(sheets)
    used = {_stem(sheet): sheet for sheet in sorted(sheets, key=_best)}
    twice = [sheet for sheet in sheets if sheet not in used.values()]
    drawings = [
        drawing
        for sheet in sheets
        if sheet in used.values()
        for drawing in _storeys_of(sheet, layers)
    ]
    if not drawings:
        raise PlanError("nothing-drawn", source)
    control = read_control(next((sheet.beside for sheet in sheets if sheet.beside), None))
    plan = plan_of(drawings, layers, source, sheets[0].limits, control)
    notes = (Finding("drawn-twice", one.name, {"used": used[_stem(one)].name}) for one in twice)
    return replace(plan, findings=(*notes, *plan.findings))


def read_paper(sheets: Sequence[Sheet], source: str) -> Plan:
    """The same of sheets of paper, SVG and PDF, which often lie beside the drawings that they were
    plotted from."""
    return read(sheets, source)


def layers_beside(sheets: Sequence[Sheet]) -> LayerMap:
    """What the mapping or the manifest beside them says; nothing if there is none."""
    beside = next((sheet.beside for sheet in sheets if sheet.beside), None)
    if beside is None:
        return LayerMap()
    if beside.suffix != ".toml":
        return read_manifest(beside)
    said = read_mapping(beside)
    return said.over(read_manifest(beside.beside)) if beside.beside else said


def _best(sheet: Sheet) -> int:
    return _BEST.index(sheet.suffix) if sheet.suffix in _BEST else -1


def _stem(sheet: Sheet) -> str:
    return sheet.name.rpartition(".")[0].casefold()


def drawings_of(sheet: Sheet) -> list[Drawing]:
    """What a DXF, a DWG or an SVG draws, or each page of a PDF."""
    if dwg.is_dwg(sheet.content):
        return [dwg.drawing_of(sheet)]
    if pdf.is_pdf(sheet.content) or sheet.suffix == ".pdf":
        return pdf.drawings_of(sheet)
    if svg.is_svg(sheet.content) or sheet.suffix == ".svg":
        return [svg.drawing_of(sheet)]
    return [dxf.drawing_of(sheet)]


def _storeys_of(sheet: Sheet, layers: LayerMap) -> list[Drawing]:
    """Those that staff do not ignore; a `PlanError` if it is not clear of several which storeys
    they are."""
    found = [one for one in drawings_of(sheet) if not layers.ignores(one.sheet)]
    said = Counter(one.storey for one in found if layers.level_of(one.sheet) is None)
    if len(found) > 1 and (said[""] or said.total() > len(said)):
        pages = [one.sheet for one in found]
        slots = {"pages": ", ".join(pages[:12]), "first": pages[0]}
        raise PlanError("pdf-pages-unclear", sheet.name, **slots)
    return found


def plan_of(
    drawings: Sequence[Drawing],
    layers: LayerMap,
    source: str,
    limits: Limits,
    control: Control | None = None,
) -> Plan:
    """One plan of all files; a `PlanError` if none of them has rooms on a layer."""
    known = control_of(drawings, control)
    units, findings = _units(drawings, layers, source, known)
    collections, shafts = [], []
    corners: set[tuple[float, ...]] = set()
    for drawing, unit_m in zip(drawings, units, strict=True):
        page = _Page(drawing, layers, unit_m)
        features = tuple(page.features())
        if known and drawing is known.drawing:
            corners = {_corners(one.drawn) for one in features if one.drawn is not None}
        members: dict[str, Json] = {"units": "m"}
        found = (*drawing.findings, *page.findings)
        points = sum(int(shapely.get_num_coordinates(f.drawn)) for f in features)
        collections.append(Collection(drawing.sheet, members, features, found, points))
        shafts += page.shafts()
    plan = foreign.read(collections, source, limits)
    levels = (as_said(one, layers) for one in plan.levels)
    plan = replace(plan, levels=tuple(levels), walls_are_whole=True)
    plan = replace(plan, findings=(*findings, *plan.findings))
    if len(drawings) > 1 and any(one.on_paper for one in drawings):
        same = Counter(one.level for one in plan.spaces if _corners(one.outline) in corners)
        plan = laid_over(plan, next(iter(dict(same.most_common(1))), ""))
    plan = with_shafts(plan, shafts)
    if known is None:
        return plan
    unit_m = units[drawings.index(known.drawing)]
    return on_earth(plan, known.control, lambda _, at: known.metres(at, unit_m))


@dataclass(frozen=True)
class Known:
    """Control points, and the drawing in whose numbers they are."""

    control: Control
    drawing: Drawing

    def metres(self, at: Xy, unit_m: float = 1.0) -> Xy:
        """Where a spot of the file is in the plan."""
        return at[0] * unit_m, (-at[1] if self.drawing.is_down else at[1]) * unit_m

    def fit(self) -> Fit:
        """Of the drawing's own numbers."""
        return self.control.fit(lambda _, at: self.metres(at))


def control_of(drawings: Sequence[Drawing], control: Control | None) -> Known | None:
    """Sheets of paper have numbers of their own each; drawings by CAD have one frame."""
    if control is None:
        return None
    if not any(drawing.on_paper for drawing in drawings):
        return Known(control, drawings[0])
    stems = [PurePosixPath(one.sheet).stem.casefold() for one in drawings]
    return Known(control, drawings[stems.index(one_file(control, stems))])


def _corners(drawn: BaseGeometry) -> tuple[float, ...]:
    """By which a room of a drawing is found again in its plan."""
    return tuple(round(side, 2) for side in drawn.bounds)


def _units(
    drawings: Sequence[Drawing], layers: LayerMap, source: str, known: "Known | None"
) -> tuple[list[float], list[Finding]]:
    """Metres of the unit of each drawing. Those by CAD have one; sheets of paper one for all if
    their doors are drawn alike, else each its own. Control points tell it, if a building has
    usual sizes then."""
    measures = _measures(drawings, layers)
    if layers.unit_m:
        return [layers.unit_m] * len(drawings), []
    has_one = len(drawings) == 1 or not any(drawing.on_paper for drawing in drawings)
    if known and has_one and measures.fits(unit_m := known.fit().scale):
        return [unit_m] * len(drawings), []
    said = {drawing.unit_m for drawing in drawings}
    paper_m = next(iter(said)) if len(said) == 1 else None
    if not any(drawing.on_paper for drawing in drawings):
        unit_m, findings = scale.decide(measures, paper_m, source)
        return [unit_m] * len(drawings), findings
    single = [_measures([drawing], layers, measures) for drawing in drawings]
    leaves = [median(one.leaves) for one in single if one.leaves]
    if len(said) == 1 and (not leaves or max(leaves) <= _ALIKE * min(leaves)):
        ratio = scale.written(word.text for one in drawings for word in one.words)
        unit_m, findings = scale.decide_on_paper(measures, paper_m, ratio, source)
        return [unit_m] * len(drawings), findings
    units, findings = [], []
    for drawing, one in zip(drawings, single, strict=True):
        ratio = scale.written(word.text for word in drawing.words)
        decided = (
            scale.decide_on_paper(one, drawing.unit_m, ratio, drawing.sheet)
            if drawing.on_paper
            else scale.decide(one, drawing.unit_m, drawing.sheet)
        )
        units.append(decided[0])
        findings += decided[1]
    return units, findings


def as_said(level: PlanLevel, layers: LayerMap) -> PlanLevel:
    """A level with the ordinal and the label that a mapping or a manifest gives it."""
    said = {level_number(one, layers): one for one in layers.levels.values()}.get(level.key)
    return replace(level, ordinal=said.ordinal, label=said.label) if said else level


def level_number(level: FileLevel, layers: LayerMap) -> str:
    """How a said storey is written for the rules that understand any drawing's: as its ordinal, in
    numbers among which 0 is, so that they are not taken for what is on the wall."""
    ordinals = {one.ordinal for one in layers.levels.values()}
    return level_key(level.ordinal - (0 if 0 in ordinals else min(ordinals)))


def _measures(
    drawings: Sequence[Drawing], layers: LayerMap, whole: scale.Measures | None = None
) -> scale.Measures:
    """Where there is nothing to measure those of the `whole`, or a `PlanError` if there is none."""
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
        swings = [arc.radius for arc in drawing.arcs if _is_swing(arc, layers)]
        leaves += swings or (_widths(drawing, layers) if drawing.on_paper else [])
    if not built and whole:
        return whole
    if not built:
        names = sorted({shape.layer for drawing in drawings for shape in drawing.shapes})
        raise PlanError("no-layers-known", drawings[0].sheet, layers=", ".join(names[:12]) or "-")
    box = shapely.total_bounds(np.array(built, dtype=object))
    return scale.Measures(float(max(box[2] - box[0], box[3] - box[1])), leaves, rooms)


def _widths(drawing: Drawing, layers: LayerMap) -> list[float]:
    """Of doors that are drawn without the swing of their leaves: as lines, or as rectangles."""
    doors = (one.drawn for one in drawing.shapes if layers.role_of(one.layer) == "door")
    return [side for one in doors if (side := _size(one.minimum_rotated_rectangle)) > 0]


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
        self._differ: list[str] = []
        self._holes: list[LineString] = []
        self._panes: list[LineString] = []
        """Holes with what is drawn as windows, or as a lift's door."""
        self._slid: list[LineString] = []
        """Holes with panes that slide."""
        self._level = self.layers.level_of(self.drawing.sheet)
        least, most = _DOOR_M
        swings = [arc for arc in self.drawing.arcs if _is_swing(arc, self.layers)]
        self._swings = [one for one in map(self._scaled, swings) if least <= one.radius <= most]
        bound = self._drawn_as_one_block()
        leaves = {arc.block for arc in swings} - {0, *bound}
        self._by_role: dict[Role, list[Shape]] = defaultdict(list)
        for shape in self.drawing.shapes:
            metres = shapely.transform(shape.drawn, lambda xy: np.round(xy * self.unit_m, 4))
            role: Role = "door" if shape.block in leaves else self.layers.role_of(shape.layer)
            block = 0 if shape.block in bound else shape.block
            self._by_role[role].append(replace(shape, drawn=metres, block=block))
        if self.drawing.on_paper:
            self._leave_out_apart()

    def _drawn_as_one_block(self) -> set[int]:
        """Blocks that are no thing but whole drawings, as they are bound into others."""
        boxes: dict[int, list[float]] = {}
        for shape in self.drawing.shapes:
            left, low, right, high = shape.drawn.bounds
            box = boxes.setdefault(shape.block, [left, low, right, high])
            box[:] = min(box[0], left), min(box[1], low), max(box[2], right), max(box[3], high)
        most = _DOOR_M[1] / self.unit_m
        return {n for n, box in boxes.items() if max(box[2] - box[0], box[3] - box[1]) > most}

    def _leave_out_apart(self) -> None:
        """Legends, frames and title blocks have the looks of what they explain."""
        roles = [role for role in self._by_role if role in _BUILT or role in _OF_SHAFT]
        every = [shape for role in roles for shape in self._by_role[role]]
        kept = clusters.of_building([one.drawn for one in every])
        if all(kept):
            return
        apart = {id(shape) for shape, is_kept in zip(every, kept, strict=True) if not is_kept}
        for role in roles:
            self._by_role[role] = [one for one in self._by_role[role] if id(one) not in apart]
        left, low, right, high = shapely.total_bounds(
            [shape.drawn for shape, is_kept in zip(every, kept, strict=True) if is_kept]
        )
        box = shapely.box(left, low, right, high).buffer(clusters.APART_M)
        self._swings = [one for one in self._swings if box.contains(Point(one.centre))]
        slots = {"count": str(len(apart))}
        self.findings.append(Finding("apart-left-out", self.drawing.sheet, slots))

    def _metres(self, at: Xy) -> Xy:
        return at[0] * self.unit_m, at[1] * self.unit_m

    def _scaled(self, arc: Arc) -> Arc:
        return replace(arc, centre=self._metres(arc.centre), radius=arc.radius * self.unit_m)

    def features(self) -> Iterator[Feature]:
        """What is drawn, each with what it is."""
        rooms = self._rooms()
        outlines: list[BaseGeometry] = list(shapely.make_valid([one.drawn for one in rooms]))
        inside = self._words_in(outlines)
        numbered: list[tuple[Shape, str]] = []
        for number, room in enumerate(rooms):
            outline, labels = room.drawn, inside[number]
            if sum(is_door_number(label.text) for label in labels) > 1:
                # Rooms that nothing separates are an open floor with places in it.
                yield self._feature(outline, {"class": "hall"})
                for label in labels:
                    yield self._feature(Point(self._metres(label.at)), self._told([label]))
            else:
                told = self._named(room, self._told(labels))
                numbered.append((room, str(told.get("number", ""))))
                yield self._feature(outline, told)
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
        for shape in self._by_role["path"]:
            if isinstance(shape.drawn, LineString):
                yield self._feature(shape.drawn, {"class": "path"})
        self._say_apart(numbered)
        for door in self._doors():
            yield self._feature(door, {"class": "door"})
        yield from self._in_holes(rooms)

    def _in_holes(self, rooms: Sequence[Shape]) -> Iterator[Feature]:
        """Holes in walls without the symbol of a door. A lift has no windows: what fills a hole in
        its walls is its door."""
        lifts = shapely.union_all(
            [one.drawn for one in rooms if self.layers.role_of(one.layer) == "lift"]
        )
        leaves = shapely.union_all([shape.drawn for shape in self._by_role["door"]])
        entered = [pane for pane in self._panes if pane.dwithin(lifts, _BESIDE_M)]
        for door in (*self._slid, *entered):
            yield self._feature(door, {"class": "door"})
        for hole in self._holes:
            is_door = hole.dwithin(leaves, _TOUCHING_M)
            yield self._feature(hole, {"class": "door" if is_door else foreign.OPEN_PASSAGE})

    def _feature(self, drawn: BaseGeometry, properties: dict[str, Json]) -> Feature:
        self._number += 1
        if self._level:
            properties["level"] = level_number(self._level, self.layers)
        elif self.drawing.storey:
            properties["level"] = self.drawing.storey
        return Feature("", properties, drawn, self.drawing.sheet, self._number)

    def _rooms(self) -> list[Shape]:
        """Outlines of rooms, else rooms made from walls; with stairs and lifts where none is."""
        found = [
            shape
            for shape in self._by_role["room"]
            if isinstance(shape.drawn, Polygon) and shape.drawn.area >= _LEAST_ROOM_M2
        ]
        shafts = self._shafts_drawn()
        if not found:
            found = [Shape("", room) for room in self._rooms_from_walls()]
        if not found and not shafts:
            raise PlanError("no-rooms-drawn", self.drawing.sheet)
        return put_in(self._with_holes(found), shafts)

    def _with_holes(self, rooms: Sequence[Shape]) -> list[Shape]:
        """A closed line has no hole, so that of a corridor around a courtyard is drawn as two: the
        inner one has no name, and is around what is not part of the room."""
        outlines: list[BaseGeometry] = list(shapely.make_valid([one.drawn for one in rooms]))
        pairs = shapely.STRtree(outlines).query(outlines, "within").T.tolist()
        around: dict[int, list[int]] = defaultdict(list)
        for inner, outer in pairs:
            if outlines[inner].area < _HOLE * outlines[outer].area:
                around[inner].append(outer)
        if not around:
            return list(rooms)
        told = self._words_in(outlines)
        holes: dict[int, list[BaseGeometry]] = defaultdict(list)
        for inner, outers in around.items():
            outer = min(outers, key=lambda number: outlines[number].area)
            if told[outer] and not told[inner] and not rooms[inner].name:
                holes[outer].append(outlines[inner])
        gone = {id(one) for some in holes.values() for one in some}
        kept = []
        for number, room in enumerate(rooms):
            if id(outlines[number]) not in gone:
                cut = outlines[number].difference(shapely.union_all(holes.get(number, [])))
                drawn = cut if number in holes and isinstance(cut, Polygon) else room.drawn
                kept.append(replace(room, drawn=drawn))
        return kept

    def _shafts_drawn(self) -> list[Shape]:
        """What is drawn on layers of stairs and lifts; on layers that nobody knows, rectangles
        that are crossed out."""
        lifts = [Shape(_CROSSED, area) for area in crossed(self._by_role[""])]
        kinds = (drawn_shafts(self._by_role[role], _ONE_SHAFT_M[role]) for role in _OF_SHAFT)
        return [*(shaft for some in kinds for shaft in some), *lifts]

    def shafts(self) -> list[tuple[str, Shaft]]:
        """Stairs and lifts whose names say where they lead, with the storey."""
        stem = PurePosixPath(self.drawing.sheet).stem
        here = self._level.label if self._level else label_in_name(stem) or stem
        named = (shaft_of(one.name) for some in self._by_role.values() for one in some)
        return [(here, one) for one in named if one]

    def _named(self, room: Shape, told: dict[str, Json]) -> dict[str, Json]:
        """What the texts in a room tell, and what it is called where they tell nothing."""
        own = told_by(room.name) if room.name else {}
        number, written = own.get("number"), told.get("number")
        if number and written and plain(str(number)) != plain(str(written)):
            self._differ.append(f"{number} ({written})")
        kind = _OF_SHAFT.get(self.layers.role_of(room.layer), "")
        return {**({"class": kind} if kind else {}), **own, **told}

    def _say_apart(self, rooms: Sequence[tuple[Shape, str]]) -> None:
        named = [one for one in self._by_role["door"] if one.name]
        if self._differ:
            slots = _examples(self._differ)
            self.findings.append(Finding("number-not-as-named", self.drawing.sheet, slots))
        if apart := doors_apart(rooms, named, _DOOR_AT_M):
            slots = _examples(apart)
            self.findings.append(Finding("door-apart-from-room", self.drawing.sheet, slots))

    def _rooms_from_walls(self) -> list[Polygon]:
        """Where no outline is drawn. Walls close at doors that are closed, and at windows."""
        shut: list[BaseGeometry] = [s.drawn for role in _SHUT for s in self._by_role[role]]
        shut += [shapely.boundary(shape.drawn) for shape in self._by_role["outline"]]
        walls = [shape.drawn for shape in self._by_role["wall"]]
        closed: list[BaseGeometry] = [leaf_line(swing, walls) for swing in self._swings]
        closed += [door for door in self._doors() if not self._is_swing_area(door)]
        windows = [shape.drawn for shape in self._by_role["window"]]
        for hole in holes(walls, closed):
            panes = [one for one in windows if hole.dwithin(one, _BESIDE_M)]
            slid = self._slid if slides(hole, panes) else self._panes
            (slid if panes else self._holes).append(hole)
        found = rooms(shut, [*closed, *self._holes, *self._slid])
        if found:
            slots = {"count": str(len(found))}
            self.findings.append(Finding("rooms-from-walls", self.drawing.sheet, slots))
        return found

    def _is_swing_area(self, door: BaseGeometry) -> bool:
        return any(door.intersects(swing.sector()) for swing in self._swings)

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
            for label in self.drawing.words
            for one in _parted(label)
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
        where there is none of these whatever is drawn on a layer of doors: what touches is one,
        unless it is called differently."""
        least, most = _DOOR_M
        leaves = [one.convex_hull for one in _groups([s.sector() for s in self._swings])]
        yield from leaves
        blocks: dict[int, list[Shape]] = defaultdict(list)
        for shape in self._by_role["door"]:
            blocks[shape.block].append(shape)
        loose = blocks.pop(0, [])
        closed = [one for one in loose if isinstance(one.drawn, Polygon)]
        others: list[BaseGeometry] = [
            shapely.GeometryCollection([one.drawn for one in parts]) for parts in blocks.values()
        ]
        by_name: dict[str, list[BaseGeometry]] = defaultdict(list)
        for one in closed if closed or leaves or others else loose:
            by_name[one.name].append(one.drawn)
        others += (
            door for some in by_name.values() for group in _groups(some) for door in _single(group)
        )
        known = shapely.STRtree(leaves)
        for whole in others:
            if least <= _size(whole) <= most and not len(
                known.query(whole, predicate="intersects")
            ):
                yield whole.minimum_rotated_rectangle


def _single(group: BaseGeometry) -> list[BaseGeometry]:
    """What touches is one door, unless no door is as large: openings that meet at a corner."""
    is_one = group.minimum_rotated_rectangle.area <= MOST_DOOR_M2
    return [group] if is_one else [*shapely.get_parts(group)]


def _examples(found: Sequence[str]) -> dict[str, str]:
    return {"count": str(len(found)), "examples": ", ".join(found[:5])}


def _parted(label: Words) -> list[Words]:
    """Its lines, if one of them is a number on a door or an area: the others are the name."""
    lines = label.text.splitlines()
    if len(lines) > 1 and any(is_door_number(one) or says_area(one) for one in lines):
        return [replace(label, text=one) for one in lines]
    return [label]


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
