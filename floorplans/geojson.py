"""GeoJSON: navkit's own dialect (docs/geojson.md), and the entry for everybody else's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar, cast, get_args

from shapely import LineString, Point
from shapely.errors import ShapelyError

from floorplans import foreign
from floorplans.classify import classify_names
from floorplans.collection import Collection, Feature, lost, read_collection
from floorplans.draft import UNDRAWN, Draft
from floorplans.georeference import Unit, decide
from floorplans.labels import names_of
from floorplans.sheet import Json, Sheet, as_number, as_text
from floorplans.storeys import ordinals_of
from floorplans.uses import limits_of
from navkit.plan.plan import (
    Access,
    ConnectorKind,
    DoorKind,
    Passage,
    PathKind,
    Plan,
    PlanAnchor,
    PlanConnector,
    PlanDoor,
    PlanLevel,
    PlanPath,
    PlanPoint,
    PlanSpace,
    SpaceKind,
)
from navkit.plan.storeys import is_two_faced
from navkit.words.findings import Finding, PlanError

DIALECT = 1
"""Newest supported version of the dialect."""
Direction = Literal["both", "up", "down"]
_TYPES = ("building", "level", "space", "door", "wall", "path", "connector", "point", "anchor")
_SHAPES_OF_WALLS = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")
_SHAPES_OF_DOORS = (*_SHAPES_OF_WALLS, "Point")
_MAX_DOOR_M = 30.0
"""Wider is a mistake in the unit: the widest hangar-like hospital gate is 12 m."""
_ELEVATIONS_M = (-500.0, 9_000.0)
"""From below the Dead Sea to above Mount Everest."""
_Choice = TypeVar("_Choice", bound=str)


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """All `sheets` as one plan: rooms may be in one file and their doors in another.

    A file that cannot be read is left out, unless nothing is left.
    """
    collections, missed = _collections(sheets)
    plan = _read(collections, sheets[0], source)
    return replace(plan, findings=(*missed, *plan.findings))


def _collections(sheets: Sequence[Sheet]) -> tuple[list[Collection], list[Finding]]:
    read: list[Collection] = []
    failed: dict[str, PlanError] = {}
    for sheet in sheets:
        try:
            read.append(read_collection(sheet))
        except PlanError as error:
            failed[sheet.name] = error
    if not any(collection.features for collection in read) and failed:
        raise next(iter(failed.values()))
    return read, [lost(name, error) for name, error in failed.items()]


def _read(collections: Sequence[Collection], sheet: Sheet, source: str) -> Plan:
    points = sum(collection.vertices for collection in collections)
    if points > sheet.limits.vertices:
        raise PlanError("too-many-points", source, limit=str(sheet.limits.vertices))
    if any("navkit" in collection.members for collection in collections):
        return _read_native(collections, source, sheet)
    return foreign.read(collections, source, sheet.limits)


def _read_native(collections: Sequence[Collection], source: str, sheet: Sheet) -> Plan:
    units = {_unit(collection) for collection in collections}
    if len(units) > 1:
        raise PlanError("units-mixed", source)
    features = [f for collection in collections for f in collection.features]
    drawn = [f.drawn for f in features if f.drawn is not None]
    georeference = decide(drawn, said=units.pop(), crs="", where=source)
    draft = Draft(source, georeference, sheet.limits, says_access=True)
    for collection in collections:
        draft.findings.extend(collection.findings)
        draft.names = draft.names or names_of(collection.members.get("name"))
    stray = {id(drawn[i]) for i in georeference.stray}
    reader = _Native(draft, [f for f in features if id(f.drawn) not in stray])
    reader.read()
    return draft.plan()


def _unit(collection: Collection) -> Unit:
    version = as_number(collection.members.get("navkit"))
    if version is None or version != int(version) or version < 1:
        raise PlanError("dialect-unclear", collection.sheet)
    if version > DIALECT:
        raise PlanError("dialect-too-new", collection.sheet, version=f"{version:g}")
    unit = collection.members.get("units", "deg")
    if unit not in ("deg", "m"):
        raise PlanError("units-unknown", collection.sheet, units=as_text(unit)[:40] or "?")
    return "m" if unit == "m" else "deg"


def _category(feature: Feature, by_name: str) -> str:
    """As it is said, also if that is none; by the name if nothing is said."""
    said = feature.properties.get("category")
    return by_name if said is None else as_text(said)


def _short(raw: Json) -> str:
    return str(raw)[:40]


class _Native:
    def __init__(self, draft: Draft, features: Sequence[Feature]) -> None:
        self.draft = draft
        self.by_type: dict[str, list[Feature]] = {name: [] for name in _TYPES}
        for feature in features:
            kind = as_text(feature.properties.get("type"))
            if kind in self.by_type:
                self.by_type[kind].append(feature)
            else:
                draft.say("type-unknown", feature.where, type=kind[:40] or "-")

    def read(self) -> None:
        self._buildings()
        self._levels()
        for kind, add in (
            ("space", self._space),
            ("door", self._door),
            ("wall", self._wall),
            ("path", self._path),
            ("point", self._point),
            ("anchor", self._anchor),
        ):
            for feature in self.by_type[kind]:
                if feature.drawn is None:
                    self.draft.say("geometry-missing", feature.where)
                else:
                    add(feature)
        for feature in self.by_type["connector"]:
            self._connector(feature)

    def _buildings(self) -> None:
        for feature in self.by_type["building"]:
            self.draft.building_names[feature.id] = names_of(feature.properties.get("name"))

    def _levels(self) -> None:
        told = self._ordinals_told()
        for feature in self.by_type["level"]:
            most = self.draft.limits.storeys
            key, ordinal = feature.id, self._number(feature, "ordinal", -most, most)
            label = as_text(feature.properties.get("label"))
            building = as_text(feature.properties.get("building"))
            if ordinal is None:
                ordinal = told.get((building, label))
                if ordinal is None:
                    code = "level-two-faced" if is_two_faced(label) else "level-without-ordinal"
                    self.draft.say(code, feature.where, level=label)
                    continue
                self.draft.say("level-ordinal-guessed", feature.where, ordinal=f"{ordinal:g}")
            if not key or key in self.draft.levels:
                self.draft.say("level-id-unclear", feature.where, id=key or "-")
                continue
            if building and building not in self.draft.building_names:
                self.draft.say("building-unknown", feature.where, id=building)
            elevation_m = self._number(feature, "elevation_m", *_ELEVATIONS_M)
            self.draft.levels[key] = PlanLevel(key, ordinal, label, building, elevation_m)
        seen: dict[tuple[str, float], str] = {}
        for level in self.draft.levels.values():
            other = seen.setdefault((level.building, level.ordinal), level.key)
            if other != level.key:
                self.draft.say(
                    "ordinal-used-twice",
                    self.draft.source,
                    id=level.key,
                    other=other,
                    ordinal=f"{level.ordinal:g}",
                )
        if self.by_type["level"] and not self.draft.levels:
            raise PlanError("no-levels", self.draft.source)
        if not self.draft.levels:
            self._levels_by_mention()

    def _ordinals_told(self) -> dict[tuple[str, str], float | None]:
        """By building and label: what the labels of all its levels together say."""
        labels: dict[str, set[str]] = {}
        for feature in self.by_type["level"]:
            building = as_text(feature.properties.get("building"))
            labels.setdefault(building, set()).add(as_text(feature.properties.get("label")))
        return {
            (building, label): ordinal
            for building, here in labels.items()
            for label, ordinal in ordinals_of(here).items()
        }

    def _levels_by_mention(self) -> None:
        """If no level is declared, the levels that other features name are used."""
        labels = {
            as_text(f.properties.get("level")) for kind in self.by_type.values() for f in kind
        } - {""}
        for label, ordinal in sorted(ordinals_of(labels).items()):
            if ordinal is not None:
                self.draft.levels[label] = PlanLevel(label, ordinal)
                self.draft.say("level-not-declared", self.draft.source, id=label)
        if not self.draft.levels:
            raise PlanError("no-levels", self.draft.source)

    def _level(self, feature: Feature) -> str | None:
        level = as_text(feature.properties.get("level"))
        if level in self.draft.levels:
            return level
        if not level and len(self.draft.levels) == 1:
            return next(iter(self.draft.levels))
        if level:
            self.draft.say("level-unknown", feature.where, level=level[:40])
        else:
            self.draft.say("level-missing", feature.where)
        return None

    def _choice(self, feature: Feature, name: str, among: Any, default: _Choice) -> _Choice:
        value = feature.properties.get(name)
        if value is None:
            return default
        if value in get_args(among):
            return cast(_Choice, value)
        shown = as_text(value)[:40] or "?"
        self.draft.say("value-unknown", feature.where, property=name, value=shown, used=default)
        return default

    def _number(self, feature: Feature, name: str, low: float, high: float) -> float | None:
        raw = feature.properties.get(name)
        value = as_number(raw)
        if value is None and raw is None:
            return None
        if value is None or not low <= value <= high:
            slots = {"property": name, "value": as_text(raw)[:40] or "?"}
            self.draft.say("number-unlikely", feature.where, **slots)
            return None
        return value

    def _flag(self, feature: Feature, name: str) -> bool | None:
        value = feature.properties.get(name)
        if value is None or isinstance(value, bool):
            return value
        slots = {"property": name, "value": as_text(value)[:40] or "?"}
        self.draft.say("flag-not-a-flag", feature.where, **slots)
        return None

    def _access(self, feature: Feature) -> Access:
        """Public if nothing is said; a value that is not understood is for nobody."""
        if feature.properties.get("access") is None:
            return "public"
        default: Access = "restricted"
        return self._choice(feature, "access", Access, default)

    def _line(self, feature: Feature, name: str) -> tuple[tuple[float, float], ...]:
        """A line in the drawing's coordinates; none if there is none."""
        raw = feature.properties.get(name)
        if raw is None:
            return ()
        try:
            line = self.draft.metres(LineString(cast(Any, raw)))
        except (ValueError, TypeError, ShapelyError):
            line = LineString()
        if len(line.coords) < 2:
            self.draft.say("number-unlikely", feature.where, property=name, value=_short(raw))
            return ()
        return tuple((round(x, 3), round(y, 3)) for x, y, *_ in line.coords)

    def _fits(self, feature: Feature, *kinds: str) -> bool:
        drawn = feature.drawn
        if drawn is not None and drawn.geom_type in kinds:
            return True
        what = as_text(feature.properties.get("type"))
        kind = drawn.geom_type if drawn is not None else "-"
        self.draft.say("geometry-not-fitting", feature.where, what=what, kind=kind)
        return False

    def _space(self, feature: Feature) -> None:
        level = self._level(feature)
        if level is None or not self._fits(feature, "Polygon", "MultiPolygon"):
            return
        names = names_of(feature.properties.get("name"))
        known = classify_names(names)
        default: SpaceKind = known.kind if known else "room"
        space = PlanSpace(
            key=feature.id,
            level=level,
            outline=UNDRAWN,
            kind=self._choice(feature, "kind", SpaceKind, default),
            category=_category(feature, known.category if known else ""),
            names=names,
            ref=as_text(feature.properties.get("ref")),
            access=self._access(feature),
            connector=as_text(feature.properties.get("connector")),
            step_free=self._flag(feature, "step_free"),
            slope=self._number(feature, "slope", 0, 1),
            oneway=self._line(feature, "oneway"),
            **limits_of(self.draft, feature.properties, feature.where),
        )
        assert feature.drawn is not None
        self.draft.add_space(space, feature.drawn, feature.where)

    def _door(self, feature: Feature) -> None:
        level = self._level(feature)
        if level is None or not self._fits(feature, *_SHAPES_OF_DOORS):
            return
        assert feature.drawn is not None
        default: DoorKind = "unknown"
        both: Passage = "both"
        spaces = feature.properties.get("spaces")
        door = PlanDoor(
            key=feature.id,
            level=level,
            line=Point(),
            kind=self._choice(feature, "kind", DoorKind, default),
            width_m=self._number(feature, "width_m", 0.3, _MAX_DOOR_M),
            spaces=tuple(map(as_text, spaces)) if isinstance(spaces, list) else (),
            access=self._access(feature),
            entrance=bool(self._flag(feature, "entrance")),
            names=names_of(feature.properties.get("name")),
            step_free=self._flag(feature, "step_free"),
            passage=self._choice(feature, "passage", Passage, both),
            passage_of=as_text(feature.properties.get("passage_of")),
            **limits_of(self.draft, feature.properties, feature.where),
        )
        self.draft.add_door(door, feature.drawn, feature.where)

    def _wall(self, feature: Feature) -> None:
        level = self._level(feature)
        if level is not None and self._fits(feature, *_SHAPES_OF_WALLS):
            assert feature.drawn is not None
            self.draft.add_wall(level, feature.drawn)

    def _path(self, feature: Feature) -> None:
        raw = feature.properties.get("levels")
        levels = tuple(map(as_text, raw)) if isinstance(raw, list) else ()
        if not levels:
            level = self._level(feature)
            levels = (level,) if level is not None else ()
        elif len(levels) > 2 or not set(levels) <= set(self.draft.levels):
            self.draft.say("level-unknown", feature.where, level=", ".join(levels)[:40])
            return
        if not levels or not self._fits(feature, "LineString"):
            return
        assert feature.drawn is not None
        default: PathKind = "footway"
        line = self.draft.metres(feature.drawn)
        assert isinstance(line, LineString)
        self.draft.paths.append(
            PlanPath(
                key=self.draft.unique("path", levels[0], feature.id, feature.where),
                points=line,
                levels=levels,
                kind=self._choice(feature, "kind", PathKind, default),
                oneway=bool(self._flag(feature, "oneway")),
                names=names_of(feature.properties.get("name")),
                step_free=self._flag(feature, "step_free"),
                slope=self._number(feature, "slope", 0, 1),
                access=self._access(feature),
                width_m=self._number(feature, "width_m", 0.3, _MAX_DOOR_M),
                **limits_of(self.draft, feature.properties, feature.where),
            )
        )

    def _connector(self, feature: Feature) -> None:
        if not feature.id or feature.properties.get("kind") not in get_args(ConnectorKind):
            kind = as_text(feature.properties.get("kind"))[:40] or "-"
            self.draft.say("connector-unclear", feature.where, kind=kind)
            return
        kinds: ConnectorKind = "stairs"
        both: Direction = "both"
        self.draft.connectors.append(
            PlanConnector(
                key=self.draft.unique("connector", "", feature.id, feature.where),
                kind=self._choice(feature, "kind", ConnectorKind, kinds),
                names=names_of(feature.properties.get("name")),
                bank=as_text(feature.properties.get("bank")),
                direction=self._choice(feature, "direction", Direction, both),
                access=self._access(feature),
                step_free=self._flag(feature, "step_free"),
                wait_s=self._wait_s(feature),
                floor_s=self._number(feature, "floor_s", 0.1, 600),
                cabin_m=self._cabin_m(feature),
                **limits_of(self.draft, feature.properties, feature.where),
            )
        )

    def _wait_s(self, feature: Feature) -> tuple[float, ...] | None:
        raw = feature.properties.get("wait_s")
        if raw is None:
            return None
        values = [as_number(v) for v in (raw if isinstance(raw, list) else [raw])]
        good = tuple(v for v in values if v is not None and 0 <= v <= 3600)
        if len(good) != len(values) or len(good) not in (1, 24):
            slots = {"property": "wait_s", "value": _short(raw)}
            self.draft.say("number-unlikely", feature.where, **slots)
            return None
        return good

    def _cabin_m(self, feature: Feature) -> tuple[float, float] | None:
        raw = feature.properties.get("cabin_m")
        if raw is None:
            return None
        sides = [as_number(v) for v in raw] if isinstance(raw, list) else []
        good = [v for v in sides if v is not None and 0.5 <= v <= 10]
        if len(sides) != 2 or len(good) != 2:
            slots = {"property": "cabin_m", "value": _short(raw)}
            self.draft.say("number-unlikely", feature.where, **slots)
            return None
        return good[0], good[1]

    def _point(self, feature: Feature) -> None:
        level = self._level(feature)
        if level is None or not self._fits(feature, "Point"):
            return
        assert feature.drawn is not None
        point = self.draft.metres(feature.drawn)
        assert isinstance(point, Point)
        names = names_of(feature.properties.get("name"))
        known = classify_names(names)
        self.draft.points.append(
            PlanPoint(
                key=self.draft.unique("point", level, feature.id, feature.where),
                level=level,
                point=point,
                category=as_text(feature.properties.get("category"))
                or (known.category if known else ""),
                names=names,
                ref=as_text(feature.properties.get("ref")),
            )
        )

    def _anchor(self, feature: Feature) -> None:
        level = self._level(feature)
        if level is None or not self._fits(feature, "Point"):
            return
        assert feature.drawn is not None
        point = self.draft.metres(feature.drawn)
        assert isinstance(point, Point)
        self.draft.anchors.append(
            PlanAnchor(
                key=self.draft.unique("anchor", level, feature.id, feature.where),
                level=level,
                point=point,
                code=as_text(feature.properties.get("code")),
                bearing_deg=self._number(feature, "bearing_deg", -360, 360),
                names=names_of(feature.properties.get("name")),
            )
        )
