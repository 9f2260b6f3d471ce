"""Apple's Indoor Mapping Data Format: a folder of GeoJSON files named by their feature type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from floorplans.classify import Class, classify_names, imdf_class, sign
from floorplans.collection import Feature, read_collection
from floorplans.draft import UNDRAWN, Draft
from floorplans.georeference import decide
from floorplans.labels import is_door_number, names_of
from floorplans.sheet import Json, Sheet, as_number, as_text
from floorplans.storeys import level_key
from navkit.plan.plan import (
    SHAFTS,
    Access,
    DoorKind,
    Plan,
    PlanDoor,
    PlanLevel,
    PlanPoint,
    PlanSpace,
)
from navkit.words.findings import Finding, PlanError
from navkit.words.languages import default_language, language_of

_READ = ("level", "unit", "opening", "occupant", "anchor", "amenity", "building", "venue", "kiosk")
_KNOWN = frozenset(
    {*_READ, "address", "detail", "fixture", "footprint", "geofence", "relationship", "section"}
)
_ACCESS: Mapping[str, Access] = {"employeesonly": "staff", "restricted": "restricted"}
_DOOR_KINDS: Mapping[str, DoorKind] = {
    "open": "open",
    "revolving": "revolving",
    "sliding": "sliding",
    "swinging": "hinged",
    "shutter": "sliding",
    "movablepartition": "sliding",
}
_OPENING_ACCESS: Mapping[str, Access] = {
    "automobile": "restricted",
    "bicycle": "restricted",
    "emergencyexit": "restricted",
    "service": "staff",
}


def folders(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """The groups of sheets in one folder that are IMDF by their names."""
    by_folder: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_folder.setdefault(sheet.name.rpartition("/")[0], []).append(sheet)
    return [group for group in by_folder.values() if _is_imdf({s.base_name.lower() for s in group})]


def _is_imdf(names: set[str]) -> bool:
    parts = {"unit.geojson", "level.geojson", "venue.geojson", "opening.geojson"} & names
    return "unit.geojson" in parts or len(parts) > 1 or ("manifest.json" in names and bool(parts))


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One plan of all buildings; levels keep the building they belong to."""
    files = {sheet.stem.lower(): sheet for sheet in sheets if sheet.suffix in (".geojson", ".json")}
    for needed in ("level", "unit"):
        if needed not in files:
            raise PlanError("imdf-file-missing", source, file=f"{needed}.geojson")
    features: dict[str, list[Feature]] = {name: [] for name in _READ}
    findings: list[Finding] = []
    for name, sheet in sorted(files.items()):
        if name not in _READ:
            if name not in _KNOWN and name != "manifest":
                findings.append(Finding("file-passed-over", sheet.name))
            continue
        collection = read_collection(sheet)
        findings.extend(collection.findings)
        for feature in collection.features:
            features[name].append(feature)
    if not features["level"]:
        raise PlanError("no-levels", files["level"].name)
    if not features["unit"]:
        raise PlanError("imdf-no-units", files["unit"].name)
    drawn = [f.drawn for name in ("unit", "opening") for f in features[name] if f.drawn is not None]
    georeference = decide(drawn, said="deg", crs="", where=source)
    draft = Draft(source, georeference, sheets[0].limits, findings)
    _Imdf(draft, features, {id(drawn[i]) for i in georeference.stray}).read()
    return draft.plan()


@dataclass(frozen=True)
class _Named:
    """What an occupant or amenity adds to the unit it is in."""

    names: dict[str, str]
    ref: str
    category: str
    where: str
    point: BaseGeometry | None


class _Imdf:
    def __init__(
        self, draft: Draft, features: Mapping[str, list[Feature]], stray: set[int]
    ) -> None:
        self.draft = draft
        self.features = {
            name: [f for f in group if id(f.drawn) not in stray] for name, group in features.items()
        }
        self.unit_level: dict[str, str] = {}

    def read(self) -> None:
        self._buildings()
        self._levels()
        by_unit = self._named_by_unit()
        for feature in self.features["unit"]:
            if level := self._level(feature):
                self._unit(feature, level, by_unit.get(feature.id, []))
        self._openings()
        self._points(by_unit)
        self._kiosks()

    def _buildings(self) -> None:
        for feature in self.features["venue"]:
            self.draft.names = self.draft.names or self._names(feature, "name")

    def _levels(self) -> None:
        buildings = {f.id: f for f in self.features["building"]}
        marked = 0
        for feature in self.features["level"]:
            properties = feature.properties
            ordinal = as_number(properties.get("ordinal"))
            if ordinal is None or abs(ordinal) > self.draft.limits.storeys or not feature.id:
                self.draft.say("level-without-ordinal", feature.where)
                continue
            if feature.id in self.draft.levels:
                self.draft.say("level-id-unclear", feature.where, id=feature.id)
                continue
            ids = properties.get("building_ids")
            building = as_text(ids[0]) if isinstance(ids, list) and ids else ""
            if not building and len(buildings) == 1:
                building = next(iter(buildings))
            if building and building not in self.draft.building_names:
                found = buildings.get(building)
                self.draft.building_names[building] = self._names(found, "name") if found else {}
            label = _posted(names_of(properties.get("short_name"))) or _posted(
                names_of(properties.get("name"))
            )
            marked += as_text(properties.get("restriction")) in _ACCESS
            self.draft.levels[feature.id] = PlanLevel(feature.id, ordinal, label, building)
        if not self.draft.levels:
            raise PlanError("no-levels", self.draft.source)
        if marked:
            slots = {"count": str(marked), "total": str(len(self.draft.levels))}
            self.draft.say("level-restriction-ignored", self.draft.source, **slots)
        for building in sorted(self.draft.building_names):
            ordinals = {v.ordinal for v in self.draft.levels.values() if v.building == building}
            if ordinals and 0 not in ordinals:
                name = _posted(self.draft.building_names[building]) or building
                lowest = level_key(min(ordinals, key=abs))
                where = self.draft.source
                self.draft.say("no-ground-floor", where, building=name, lowest=lowest)

    def _level(self, feature: Feature) -> str | None:
        level = as_text(feature.properties.get("level_id"))
        if level in self.draft.levels and feature.drawn is not None:
            self.unit_level[feature.id] = level
            return level
        if feature.drawn is None:
            self.draft.say("geometry-missing", feature.where)
        elif level:
            self.draft.say("level-unknown", feature.where, level=level[:40])
        else:
            self.draft.say("level-missing", feature.where)
        return None

    def _names(self, feature: Feature, key: str) -> dict[str, str]:
        """Labels of a feature; a text that ends in a blank lacks its number and is dropped."""
        raw = feature.properties.get(key)
        labels = raw if isinstance(raw, dict) else {"": raw}
        cut = {k for k, v in labels.items() if isinstance(v, str) and v != v.rstrip()}
        if cut and feature.sheet.endswith(("unit.geojson", "unit.json")):
            self.draft.tally("label-unfinished", feature.id)
        finished: Json = {k: v for k, v in labels.items() if k not in cut}
        return names_of(finished)

    def _named_by_unit(self) -> dict[str, list[_Named]]:
        """Occupants, then amenities, by the unit they are in, in the order of the files."""
        anchors = {f.id: f for f in self.features["anchor"]}
        by_unit: dict[str, list[_Named]] = {}
        for feature in self.features["occupant"]:
            anchor = anchors.get(as_text(feature.properties.get("anchor_id")))
            if anchor is None:
                self.draft.say("occupant-without-anchor", feature.where)
                continue
            found = self._named(feature, anchor.drawn)
            by_unit.setdefault(as_text(anchor.properties.get("unit_id")), []).append(found)
        for feature in self.features["amenity"]:
            units = feature.properties.get("unit_ids")
            found = self._named(feature, feature.drawn)
            for unit in units if isinstance(units, list) else [None]:
                by_unit.setdefault(as_text(unit), []).append(found)
        return by_unit

    def _named(self, feature: Feature, point: BaseGeometry | None) -> _Named:
        names = self._names(feature, "name") or self._names(feature, "alt_name")
        short = (feature.properties.get(key) for key in ("short_name", "shortName"))
        refs = [_posted(names_of(value)) for value in short]
        ref = next((r for r in refs if is_door_number(r)), "")
        category = as_text(feature.properties.get("category"))
        return _Named(names, ref, category, feature.where, point)

    def _unit(self, feature: Feature, level: str, named: Sequence[_Named]) -> None:
        properties = feature.properties
        category = as_text(properties.get("category"))
        known = imdf_class(category)
        if known is None:
            if category:
                self.draft.tally("category-unknown", category)
            known = Class("room")
        occupants = [n.names for n in named if n.names]
        names = next(
            (
                found
                for found in (
                    self._names(feature, "name"),
                    *occupants,
                    self._names(feature, "alt_name"),
                )
                if found
            ),
            dict(_sign(category)),
        )
        if known.kind == "room" and not known.category:
            known = next(
                (c for n in named if (c := imdf_class(n.category)) and c.kind == "room"),
                classify_names(names) or known,
            )
        accessibility = properties.get("accessibility")
        space = PlanSpace(
            key=feature.id,
            level=level,
            outline=UNDRAWN,
            kind=known.kind,
            category=known.category,
            names=names,
            ref=next((n.ref for n in named if n.ref), "") or _number_in(names),
            access=_ACCESS.get(as_text(properties.get("restriction")), "public"),
            step_free=True
            if isinstance(accessibility, list) and "wheelchair" in accessibility
            else None,
        )
        assert feature.drawn is not None
        self.draft.add_space(space, feature.drawn, feature.where)

    def _openings(self) -> None:
        openings = self.features["opening"]
        categories = {as_text(f.properties.get("category")) for f in openings}
        believed = len(categories) > 1 or not categories & set(_OPENING_ACCESS)
        if openings and not believed:
            slots = {"category": next(iter(categories)), "count": str(len(openings))}
            self.draft.say("opening-category-ignored", self.draft.source, **slots)
        for feature in openings:
            level = self._level(feature)
            if not level:
                continue
            category = as_text(feature.properties.get("category"))
            door = feature.properties.get("door")
            door = door if isinstance(door, dict) else {}
            kind = _DOOR_KINDS.get(as_text(door.get("type")), "unknown")
            if door.get("automatic") is True and kind in ("unknown", "hinged", "sliding"):
                kind = "automatic"
            accessibility = feature.properties.get("accessibility")
            wheelchair = isinstance(accessibility, list) and "wheelchair" in accessibility
            self.draft.add_door(
                PlanDoor(
                    key=feature.id,
                    level=level,
                    line=Point(),
                    kind=kind,
                    access=_OPENING_ACCESS.get(category, "public") if believed else "public",
                    entrance=category == "pedestrian.principal",
                    names=self._names(feature, "name"),
                    step_free=True if wheelchair else None,
                ),
                feature.drawn or Point(),
                feature.where,
            )

    def _points(self, by_unit: Mapping[str, list[_Named]]) -> None:
        """Occupants and amenities that are not already covered by their unit's own name."""
        told = {space.key: space for space in self.draft.spaces}
        seen: set[str] = set()
        for unit, group in by_unit.items():
            level = self.unit_level.get(unit)
            for named in group:
                known = imdf_class(named.category)
                if named.where in seen or (known and known.kind in SHAFTS):
                    continue
                seen.add(named.where)
                if level is None or named.point is None:
                    self.draft.say("stands-in-no-unit", named.where)
                    continue
                space = told.get(unit)
                if space and (not named.names or _same(space.names, named.names)):
                    continue
                point = self.draft.metres(named.point)
                if isinstance(point, Point):
                    key = named.where.rpartition(", ")[2]
                    category = known.category if known else ""
                    self.draft.points.append(
                        PlanPoint(key, level, point, category, named.names, named.ref)
                    )

    def _kiosks(self) -> None:
        for feature in self.features["kiosk"]:
            names = self._names(feature, "name")
            level = self._level(feature)
            if level and names and feature.drawn is not None:
                point = shapely.centroid(self.draft.metres(feature.drawn))
                self.draft.points.append(PlanPoint(feature.id, level, point, "", names))


def _posted(names: Mapping[str, str]) -> str:
    """Picks, from a short name in several languages, the one that is posted on the wall."""
    for language in ("", *language_of(default_language()).chain):
        if language in names:
            return names[language]
    return next((names[language] for language in sorted(names)), "")


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return any(one.get(language) == text for language, text in other.items())


def _number_in(names: Mapping[str, str]) -> str:
    """The number that ends a name in all languages alike ("Classroom 104"), else ``""``."""
    last = {name.rpartition(" ")[2] for name in names.values()}
    number = next(iter(last)) if len(last) == 1 else ""
    return number if is_door_number(number) else ""


def _sign(category: str) -> Mapping[str, str]:
    parts = category.split(".")
    if parts[0] != "restroom":
        return {}
    return (
        sign("toilet-women")
        if "female" in parts
        else (sign("toilet-men") if "male" in parts else {})
    )
