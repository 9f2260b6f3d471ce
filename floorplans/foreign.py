"""GeoJSON that was not drawn for navkit: its wording must tell what each feature is."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import shapely
from shapely import LineString, Point

from floorplans import osm_features
from floorplans.classify import Class, classify, classify_names, imdf_class
from floorplans.collection import Collection, Feature
from floorplans.columns import (
    Columns,
    properties_of,
    property_of,
    restrictions_of,
    speaks_of,
    tokens_of,
    unread_properties,
)
from floorplans.draft import UNDRAWN, Draft
from floorplans.entrances import MOST_DOOR_M2, Drawn, entrances
from floorplans.filenames import class_of_word, is_outline, said_by, shown
from floorplans.georeference import Unit, decide
from floorplans.graphs import (
    Graph,
    add_paths,
    graph_of,
    is_place,
    is_way_in,
    path_of,
)
from floorplans.labels import is_door_number, is_placeholder, tagged_names, words
from floorplans.limits import Limits
from floorplans.restrictions import Restricted, Thing, unit_m
from floorplans.sheet import as_text
from floorplans.storeys import (
    StoreyError,
    level_key,
    listed,
    ordinals_of,
    parse_levels,
)
from navkit.plan.entrances import is_entrance_by_name
from navkit.plan.frame import grid_of
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import SHAFTS, Plan, PlanDoor, PlanLevel, PlanPoint, PlanSpace
from navkit.plan.storeys import is_two_faced
from navkit.words.findings import PlanError

_AREA_ROLES = ({"walls": "wall", "outlines": "outline"}, {"walls": "wall"})
"""Roles of areas, by their class and by their file's name: a file of floors may hold rooms."""
_LINE_ROLES = ({"doors": "door", "entrances": "door", "walls": "wall", "paths": "path"},) * 2
_WHOLE_ROLES = {"windows": "wall", "doors": "door"}
"""Roles of areas and lines that a whole word gives: 门诊 and 窗口 are rooms. A window is as shut as
a wall."""
_SHORT_LABEL = re.compile(
    r"[bl]\d{1,2}|b?\d{1,2}fm?|b?\d{1,2}[am]|\d{1,2}\.?(og|ug)|[eklu]g|gf?|m|rf?"
    r"|[^\x00-\x7f]*\d*[^\x00-\x7f]+"
)
_NUMBERS = re.compile(r"[\d.,;；，、\s~〜～–−+-]*")
_BARE = re.compile(r"[+-]?\d{1,3}")
NODE_M = 2.0
"""Side of the square drawn for a place that is only a node of a network. A guess."""


OPEN_PASSAGE = "open passage"
"""The class of a door in which nothing is built."""


@dataclass(frozen=True)
class _Storey:
    building: str
    label: str
    """As the property or the file name gives it; ``""`` if neither does."""
    posted: str
    """The part that may be on the wall: not ``"storey0"`` of a file name, not a bare number."""


def read(collections: Sequence[Collection], source: str, limits: Limits) -> Plan:
    """One plan of all `collections`, whose numbers are all degrees or all metres."""
    features = [f for collection in collections for f in collection.features]
    drawn = [f.drawn for f in features if f.drawn is not None]
    crs = _one_crs({c.crs for c in collections} - {""}, source)
    unit = _unit_said(collections)
    if (scale := _scale_said(collections)) != 1:
        features = [_scaled(feature, scale) for feature in features]
        drawn = [f.drawn for f in features if f.drawn is not None]
        unit = "m"
    if osm_features.are_tags(features):
        return osm_features.read(collections, source, limits, said=unit, crs=crs)
    georeference = decide(drawn, said=unit, crs=crs, where=source)
    draft = Draft(source, georeference, limits)
    for collection in collections:
        draft.findings.extend(collection.findings)
    stray = {id(drawn[i]) for i in georeference.stray}
    features = [f for f in features if f.drawn is None or id(f.drawn) not in stray]
    graph = graph_of(features)
    for feature in features:
        if feature.drawn is None and not graph.uses(feature):
            draft.tally("geometry-missing-many", feature.id)
    _Foreign(draft, [f for f in features if f.drawn is not None], graph).read()
    return draft.plan()


def _scale_said(collections: Sequence[Collection]) -> float:
    """Metres of the unit that a `units` member names, 1 if none does."""
    said = (as_text(c.members.get(key)) for c in collections for key in ("units", "unit"))
    return next((metres for text in said if (metres := unit_m(text))), 1.0)


def _scaled(feature: Feature, scale: float) -> Feature:
    if feature.drawn is None:
        return feature
    return replace(feature, drawn=shapely.transform(feature.drawn, lambda xy: xy * scale))


def _one_crs(named: set[str], source: str) -> str:
    """The coordinate system of all files; those in degrees are one."""
    grids = {name for name in named if (grid := grid_of(name)) and not grid.is_degrees}
    if len(grids) > 1 or (grids and len(named) > len(grids)):
        raise PlanError("crs-mixed", source, names=", ".join(sorted(named))[:200])
    return min(grids or named, default="")


def _unit_said(collections: Sequence[Collection]) -> Unit | None:
    """What a `units` member or a note says in words, None if nothing says it."""
    for collection in collections:
        members = collection.members
        said = " ".join(as_text(members.get(k)) for k in ("units", "unit", "note", "comment"))
        said = said.casefold()
        if speaks_of(said, words()["metres"]) or said.strip() == "m":
            return "m"
        if speaks_of(said, words()["degrees"]):
            return "deg"
    return None


class _Foreign:
    def __init__(self, draft: Draft, features: Sequence[Feature], graph: Graph) -> None:
        self.draft = draft
        self.features = features
        self.graph = graph
        self.columns = Columns.of(features)
        self.has_areas = any(_is_area(feature) for feature in features)
        self.named = said_by(feature.sheet for feature in features)
        self.of_rooms = {f.sheet for f in features if _is_area(f) and not is_outline(f.sheet)}
        self.by_name: Counter[str] = Counter()
        """By sheet: how many things had to be told by its name on which storey they are."""
        self.levels: dict[_Storey, tuple[str, ...]] = {}
        self.labels_in: dict[str, set[str]] = {}
        """By sheet: the storeys that its features say."""
        for feature in features:
            if said := _level_said(feature):
                self.labels_in.setdefault(feature.sheet, set()).add(said)
        self.entrances: set[int] = set()

    def read(self) -> None:
        storeys = [self._storey(feature) for feature in self.features]
        self.entrances = self._entrances(storeys)
        self._levels(storeys)
        used = [(self.named[sheet], count) for sheet, count in self.by_name.items()]
        self.draft.findings += shown(used, self.draft.source)
        self.draft.findings += unread_properties(self.features, self.columns.left)
        of_graph: dict[int, str] = {}
        for feature, storey in zip(self.features, storeys, strict=True):
            drawn = self.graph.uses(feature)
            # An edge may leave it to its nodes to say the level.
            levels = self.levels[storey] if drawn else self._levels_of(feature, storey)
            if drawn and levels:
                of_graph[id(feature)] = levels[0]
            for level in levels:
                if not drawn:
                    self._add(feature, level, several=len(self.levels[storey]) > 1)
        if self.graph.edges:
            self._graph(of_graph)

    def _graph(self, levels: Mapping[int, str]) -> None:
        """The drawn network; nodes that say no level have that of an edge."""
        level_of = {
            node: levels[id(edge.drawn)]
            for edge in self.graph.edges
            if id(edge.drawn) in levels
            for node in (edge.start, edge.end)
        }
        for key, node in self.graph.nodes.items():
            if self.levels[self._storey(node)]:
                level_of[key] = levels[id(node)]
            if key in level_of and is_place(node, self._names(node)[0]):
                self._node(node, level_of[key])
            elif key in level_of and is_way_in(node) and not self.has_areas:
                self._way_in(node, level_of[key])
        known = [e for e in self.graph.edges if e.start in level_of and e.end in level_of]
        add_paths(self.draft, self.graph, level_of, known)
        for lost in self.graph.lost:
            self.draft.tally("graph-edge-lost", lost.id)

    def _node(self, node: Feature, level: str) -> None:
        """A place of the drawn network: a point in its room, or a small room if none is drawn."""
        if self.has_areas:
            self._point(node, level)
            return
        x, y = self.draft.metres(cast(Point, node.drawn)).centroid.coords[0]
        names, ref = self._names(node)
        known = self._class(node, names)
        space = PlanSpace(self._id(node), level, UNDRAWN, "room", known.category, names, ref)
        square = shapely.box(x - NODE_M / 2, y - NODE_M / 2, x + NODE_M / 2, y + NODE_M / 2)
        self.draft.add_outline(space, square, node.where)
        self.draft.tally("node-drawn-as-space", self._id(node))

    def _way_in(self, node: Feature, level: str) -> None:
        """An entrance of the building that is only a node: a door of a small hall around it."""
        x, y = self.draft.metres(cast(Point, node.drawn)).centroid.coords[0]
        key, half = self._id(node), NODE_M / 2
        names = tagged_names(node.properties, words()["properties"]["name"])
        square = shapely.box(x - half, y - half, x + half, y + half)
        self.draft.add_outline(PlanSpace(key, level, UNDRAWN, "hall"), square, node.where)
        self.draft.doors.append(
            PlanDoor(f"{key}:door", level, Point(x, y - half), entrance=True, names=names)
        )
        self.draft.tally("node-drawn-as-entrance", key)

    def _storey(self, feature: Feature) -> _Storey:
        named = self.named[feature.sheet]
        building = as_text(property_of(feature, "building")) or named.building
        said = _level_said(feature)
        if said:
            return _Storey(building, said, said if _is_posted(said) else "")
        if not self._fits_name(feature.sheet):
            return _Storey(building, "", "")
        found = named.storey
        self.by_name[feature.sheet] += 1
        return _Storey(building, found, found.upper() if _SHORT_LABEL.fullmatch(found) else "")

    def _fits_name(self, sheet: str) -> bool:
        """Whether all that say their storey are on the one that the file is called after."""
        named, labels = self.named[sheet].storey, self.labels_in.get(sheet, set())
        heights = ordinals_of({named, *labels})
        return not labels or {heights[label] for label in labels} == {heights[named]}

    def _levels(self, storeys: Sequence[_Storey]) -> None:
        for building in sorted({storey.building for storey in storeys}):
            of_building = {storey for storey in storeys if storey.building == building}
            labels = {storey.label for storey in of_building}
            parts = {end for label in labels for ends in listed(label) for end in ends}
            ordinals = ordinals_of(labels | parts)
            counts = _counts_as_posted(labels)
            for storey in sorted(of_building, key=lambda s: s.label):
                found = self._ordinals(storey.label, ordinals)
                posted = storey.label if counts and _BARE.fullmatch(storey.label) else storey.posted
                self.levels[storey] = tuple(
                    self._level(building, ordinal, posted if len(found) == 1 else "")
                    for ordinal in found
                )
                if not found and storey.label:
                    two_faced = is_two_faced(storey.label)
                    code = "level-two-faced" if two_faced else "level-not-understood"
                    self.draft.say(code, self.draft.source, level=storey.label[:40])
        if not any(self.levels.values()):
            self._assume_ground(storeys)
        for building in sorted({level.building for level in self.draft.levels.values()}):
            here = [v for v in self.draft.levels.values() if v.building == building]
            bare = all(not v.label or _BARE.fullmatch(v.label) for v in here)
            if bare and min(level.ordinal for level in here) == 1:
                slots = {"building": building or self.draft.source, "lowest": "1"}
                self.draft.say("no-ground-floor", self.draft.source, **slots)

    def _ordinals(self, label: str, known: Mapping[str, float | None]) -> tuple[float, ...]:
        """Of one label, of OpenStreetMap's list of numbers, or of a list of labels: a range of
        labels has the storeys between its ends that the building has."""
        ordinal = known[label]
        if ordinal is not None:
            return (ordinal,)
        if all(map(_NUMBERS.fullmatch, known)):
            # Where all are numbers, a range names storeys of which nothing else is drawn.
            try:
                return parse_levels(label)
            except StoreyError:
                return ()
        found: set[float] = set()
        for first, last in listed(label):
            low, high = known[first], known[last]
            if low is None or high is None:
                return ()
            low, high = min(low, high), max(low, high)
            found |= {one for one in known.values() if one is not None and low <= one <= high}
        return tuple(sorted(found))

    def _level(self, building: str, ordinal: float, posted: str) -> str:
        key = f"{building}/{level_key(ordinal)}" if building else level_key(ordinal)
        if key not in self.draft.levels or not self.draft.levels[key].label:
            self.draft.levels[key] = PlanLevel(key, ordinal, posted, building)
        if building:
            self.draft.building_names.setdefault(building, {"": building})
        return key

    def _assume_ground(self, storeys: Sequence[_Storey]) -> None:
        if any(storey.label for storey in storeys):
            labels = sorted({storey.label for storey in storeys if storey.label})
            raise PlanError(
                "levels-not-understood", self.draft.source, labels=", ".join(labels[:5])
            )
        self.draft.say("level-assumed", self.draft.source)
        for storey in storeys:
            self.levels[storey] = (self._level(storey.building, 0.0, ""),)

    def _levels_of(self, feature: Feature, storey: _Storey) -> tuple[str, ...]:
        levels = self.levels[storey]
        if not levels and not storey.label:
            self.draft.say("level-missing", feature.where)
        return levels

    def _add(self, feature: Feature, level: str, *, several: bool) -> None:
        drawn = feature.drawn
        assert drawn is not None
        role = self._role(feature)
        if role == "outline":
            self.draft.add_floor(level, drawn, feature.where)
            self.draft.tally("outline-not-used", feature.id)
        elif role == "wall":
            self.draft.add_wall(level, drawn)
        elif role == "door":
            self._door(feature, level)
        elif role == "path":
            self._path(feature, level)
        elif _is_area(feature):
            self._space(feature, level, several=several)
        elif drawn.geom_type == "Point":
            self._point(feature, level)
        else:
            self.draft.tally("line-not-understood", feature.id)

    def _role(self, feature: Feature) -> str:
        """By its class, else by its file's name, else by its other properties; else ``""``."""
        assert feature.drawn is not None
        area = _is_area(feature)
        said = self.columns.class_of(feature), feature.sheet.rpartition("/")[2]
        for text, roles in zip(said, _AREA_ROLES if area else _LINE_ROLES, strict=True):
            tokens = tokens_of(text)
            whole = _whole_role(tokens.split())
            if whole == "wall" or (whole and self._is_door_sized(feature)):
                return whole
            for word, role in roles.items():
                if speaks_of(tokens, words()[word]):
                    return role
        if area and is_outline(feature.sheet) and self.of_rooms:
            return "outline"
        if id(feature) in self.entrances:
            return "door"
        says_door = any(value for _, value in properties_of(feature, "door"))
        return "door" if says_door and not area else ""

    def _entrances(self, storeys: Sequence[_Storey]) -> set[int]:
        """The identities of areas and points that are entrances by what they are called."""
        called = [
            (_is_area(feature) or _is_point(feature)) and self._is_called_entrance(feature)
            for feature in self.features
        ]
        if not any(called):
            return set()
        drawn = [
            Drawn(
                storey, self.draft.metres(feature.drawn), self._role(feature) == "door", is_called
            )
            for feature, storey, is_called in zip(self.features, storeys, called, strict=True)
            if feature.drawn is not None
        ]
        return {id(self.features[number]) for number in entrances(drawn)}

    def _is_called_entrance(self, feature: Feature) -> bool:
        names, ref = self._names(feature)
        return self._says_entrance(feature) or is_entrance_by_name({**names, "ref": ref})

    def _says_entrance(self, feature: Feature) -> bool:
        return is_entrance_by_name({"": self.columns.class_of(feature)})

    def _is_door_sized(self, feature: Feature) -> bool:
        assert feature.drawn is not None
        return self.draft.metres(feature.drawn).area <= MOST_DOOR_M2

    def _restricted(self, feature: Feature, thing: Thing) -> Restricted:
        found = restrictions_of(feature, thing)
        found.say(self.draft, feature.called)
        return found

    def _door(self, feature: Feature, level: str) -> None:
        assert feature.drawn is not None
        limits = self._restricted(feature, "door")
        spaces = property_of(feature, "spaces")
        says = as_text(feature.properties.get("entrance"))
        door = PlanDoor(
            key=self._id(feature, "door_id"),
            kind="open" if feature.properties.get("class") == OPEN_PASSAGE else "unknown",
            level=level,
            line=Point(),
            width_m=limits.width_m,
            spaces=tuple(map(as_text, spaces)) if isinstance(spaces, list) else (),
            entrance=self._says_entrance(feature)
            or feature.properties.get("entrance") is True
            or says not in ("", "no", "false", "0"),
            names=tagged_names(feature.properties, words()["properties"]["name"]),
            **limits.use,
        )
        self.draft.add_door(door, feature.drawn, feature.where)

    def _path(self, feature: Feature, level: str) -> None:
        assert feature.drawn is not None
        limits = self._restricted(feature, "path")
        for line in shapely.get_parts(self.draft.metres(feature.drawn)):
            if isinstance(line, LineString):
                key = self.draft.unique("path", level, feature.id, feature.where)
                self.draft.paths.append(path_of(key, line, (level,), "footway", limits))

    def _space(self, feature: Feature, level: str, *, several: bool) -> None:
        names, ref = self._names(feature)
        known = self._class(feature, names)
        key = self._id(feature, "cell_id")
        limits = self._restricted(feature, "space")
        # A room is served at its hours; a corridor or lift is closed outside them.
        serves = known.kind == "room"
        space = PlanSpace(
            key=key,
            level=level,
            outline=UNDRAWN,
            kind=known.kind,
            category=known.category,
            names=names,
            ref=ref,
            connector=key if several and known.kind in SHAFTS else "",
            slope=limits.slope,
            service_hours=limits.service_hours if serves else ALWAYS,
            **(limits.use | ({"hours": ALWAYS} if serves else {})),
        )
        assert feature.drawn is not None
        self.draft.add_space(space, feature.drawn, feature.where)

    def _point(self, feature: Feature, level: str) -> None:
        names, ref = self._names(feature)
        if not names and not ref:
            self.draft.tally("point-without-name", feature.id)
            return
        point = self.draft.metres(feature.drawn) if feature.drawn is not None else Point()
        assert isinstance(point, Point)
        category = self._class(feature, names).category
        key, hours = self._id(feature), self._restricted(feature, "point").service_hours
        self.draft.points.append(
            PlanPoint(key, level, point, category, names, ref, service_hours=hours)
        )

    def _names(self, feature: Feature) -> tuple[dict[str, str], str]:
        names = tagged_names(feature.properties, words()["properties"]["name"])
        ref = as_text(property_of(feature, "ref"))
        if not ref and set(names) == {""} and is_door_number(names[""]):
            return {}, names[""]
        return names, ref

    def _class(self, feature: Feature, names: dict[str, str]) -> Class:
        """By the drawing's own term, else by its names, else by its file's name, else a plain
        room."""
        said = self.columns.class_of(feature)
        by_word = (imdf_class(said) or classify(said) or class_of_word(said)) if said else None
        by_name = classify_names(names) or self.named[feature.sheet].kind
        if by_word and by_name and by_word.kind == "room" and not by_word.category:
            return by_name
        return by_word or by_name or Class("room")

    def _id(self, feature: Feature, *others: str) -> str:
        if feature.id:
            return feature.id
        for key, value in feature.properties.items():
            if key in others or key.casefold().endswith(("_id", "guid", "uuid")):
                lowered = key.casefold()
                if lowered not in ("level_id", "floor_id", "building_id") and as_text(value):
                    return as_text(value)
        return ""


def _level_said(feature: Feature) -> str:
    said = as_text(property_of(feature, "level"))
    return "" if is_placeholder(said) else said


def _counts_as_posted(labels: Iterable[str]) -> bool:
    """Whether bare numbers are those on the walls: nobody posts a 0, so with one they are not."""
    numbers = {int(label) for label in labels if _BARE.fullmatch(label)}
    return bool(numbers) and 0 not in numbers and {abs(n) for n in numbers} & {1} != set()


def _whole_role(tokens: Sequence[str]) -> str:
    """The role that one of the words gives by itself; else ``""``."""
    found = (role for name, role in _WHOLE_ROLES.items() if set(tokens) & set(words()[name]))
    return next(found, "")


def _is_point(feature: Feature) -> bool:
    return feature.drawn is not None and feature.drawn.geom_type == "Point"


def _is_area(feature: Feature) -> bool:
    return feature.drawn is not None and feature.drawn.geom_type in ("Polygon", "MultiPolygon")


def _is_posted(label: str) -> bool:
    """Whether a label may be on the wall; a bare number or a list of storeys may not."""
    return not re.fullmatch(r"[\d.,;+\s~〜-]*|(storey|story|ordinal).*|.*_.*", label.casefold())
