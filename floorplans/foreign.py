"""GeoJSON that was not drawn for navkit: its wording must tell what each feature is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from shapely import LineString, Point

from floorplans.classify import Class, classify, classify_names, imdf_class
from floorplans.collection import Collection, Feature, crs_name
from floorplans.draft import UNDRAWN, Draft, width_m
from floorplans.georeference import Unit, decide
from floorplans.labels import is_door_number, tagged_names, words
from floorplans.limits import Limits
from floorplans.sheet import Json, as_number, as_text
from floorplans.storeys import StoreyError, label_in_name, level_key, ordinals_of, parse_levels
from navkit.plan.plan import SHAFTS, Plan, PlanDoor, PlanLevel, PlanPath, PlanPoint, PlanSpace
from navkit.words.findings import PlanError

_AREA_ROLES = ({"walls": "wall", "outlines": "outline"}, {"walls": "wall"})
"""Roles of areas, by their class and by their file's name: a file of floors may hold rooms."""
_LINE_ROLES = ({"doors": "door", "entrances": "door", "walls": "wall", "paths": "path"},) * 2
_SHORT_LABEL = re.compile(r"[bl]\d{1,2}|b?\d{1,2}f|[^\x00-\x7f]*\d*[^\x00-\x7f]+")
_DOOR_PROPERTIES = ("door", "door_id", "entrance", "connects")


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
    crs = next((name for c in collections if (name := crs_name(c.members))), "")
    georeference = decide(drawn, said=_unit_said(collections), crs=crs, where=source)
    draft = Draft(source, georeference, limits)
    for collection in collections:
        draft.findings.extend(collection.findings)
    stray = {id(drawn[i]) for i in georeference.stray}
    kept = [f for f in features if f.drawn is not None and id(f.drawn) not in stray]
    for feature in features:
        if feature.drawn is None:
            draft.tally("geometry-missing-many", feature.id)
    _Foreign(draft, kept).read()
    return draft.plan()


def _unit_said(collections: Sequence[Collection]) -> Unit | None:
    """What a `units` member or a note says in words, None if nothing says it."""
    for collection in collections:
        members = collection.members
        said = " ".join(as_text(members.get(k)) for k in ("units", "unit", "note", "comment"))
        said = said.casefold()
        if _speaks_of(said, words()["metres"]) or said.strip() == "m":
            return "m"
        if _speaks_of(said, words()["degrees"]):
            return "deg"
    return None


def _speaks_of(text: str, vocabulary: Iterable[str]) -> bool:
    """Whether `text` contains one of the words: whole in Latin script, anywhere in Chinese."""
    return any(
        word in text
        if not word.isascii()
        else re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text)
        for word in vocabulary
    )


def _property(feature: Feature, meaning: str) -> Json:
    lowered = {key.casefold(): value for key, value in feature.properties.items()}
    keys = words()["properties"][meaning]
    return next((lowered[key] for key in keys if lowered.get(key) not in (None, "")), None)


class _Foreign:
    def __init__(self, draft: Draft, features: Sequence[Feature]) -> None:
        self.draft = draft
        self.features = features
        self.levels: dict[_Storey, tuple[str, ...]] = {}

    def read(self) -> None:
        storeys = [self._storey(feature) for feature in self.features]
        self._levels(storeys)
        for feature, storey in zip(self.features, storeys, strict=True):
            for level in self._levels_of(feature, storey):
                self._add(feature, level, several=len(self.levels[storey]) > 1)

    def _storey(self, feature: Feature) -> _Storey:
        building = as_text(_property(feature, "building"))
        said = as_text(_property(feature, "level"))
        if said:
            return _Storey(building, said, said if _is_posted(said) else "")
        folder, _, name = feature.sheet.rpartition("/")
        found = label_in_name(name.rpartition(".")[0]) or label_in_name(folder)
        return _Storey(building, found, found.upper() if _SHORT_LABEL.fullmatch(found) else "")

    def _levels(self, storeys: Sequence[_Storey]) -> None:
        for building in sorted({storey.building for storey in storeys}):
            of_building = {storey for storey in storeys if storey.building == building}
            ordinals = ordinals_of(storey.label for storey in of_building)
            for storey in sorted(of_building, key=lambda s: s.label):
                found = self._ordinals(storey.label, ordinals[storey.label])
                self.levels[storey] = tuple(
                    self._level(building, ordinal, storey.posted if len(found) == 1 else "")
                    for ordinal in found
                )
        if not any(self.levels.values()):
            self._assume_ground(storeys)
        for building in sorted({level.building for level in self.draft.levels.values()}):
            here = [v for v in self.draft.levels.values() if v.building == building]
            if min(level.ordinal for level in here) == 1 and not any(v.label for v in here):
                slots = {"building": building or self.draft.source, "lowest": "1"}
                self.draft.say("no-ground-floor", self.draft.source, **slots)

    def _ordinals(self, label: str, ordinal: float | None) -> tuple[float, ...]:
        if ordinal is not None:
            return (ordinal,)
        try:
            return parse_levels(label)
        except StoreyError:
            return ()

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
        if not levels and storey.label:
            self.draft.say("level-not-understood", feature.where, level=storey.label[:40])
        elif not levels:
            self.draft.say("level-missing", feature.where)
        return levels

    def _add(self, feature: Feature, level: str, *, several: bool) -> None:
        drawn = feature.drawn
        assert drawn is not None
        role = self._role(feature)
        if role == "outline":
            self.draft.tally("outline-not-used", feature.id)
        elif role == "wall":
            self.draft.add_wall(level, drawn)
        elif role == "door":
            self._door(feature, level)
        elif role == "path":
            self._path(feature, level)
        elif drawn.geom_type in ("Polygon", "MultiPolygon"):
            self._space(feature, level, several=several)
        elif drawn.geom_type == "Point":
            self._point(feature, level)
        else:
            self.draft.tally("line-not-understood", feature.id)

    def _role(self, feature: Feature) -> str:
        """By its class, else by its file's name, else by its other properties; else ``""``."""
        assert feature.drawn is not None
        area = feature.drawn.geom_type in ("Polygon", "MultiPolygon")
        said = as_text(_property(feature, "class")), feature.sheet.rpartition("/")[2]
        for text, roles in zip(said, _AREA_ROLES if area else _LINE_ROLES, strict=True):
            tokens = re.sub(r"[_\W]+", " ", text.casefold())
            for word, role in roles.items():
                if _speaks_of(tokens, words()[word]):
                    return role
        says_door = any(feature.properties.get(key) for key in _DOOR_PROPERTIES)
        return "door" if says_door and not area else ""

    def _door(self, feature: Feature, level: str) -> None:
        assert feature.drawn is not None
        spaces = _property(feature, "spaces")
        entrance = as_text(_property(feature, "class")).casefold() in words()["entrances"]
        says = as_text(feature.properties.get("entrance"))
        door = PlanDoor(
            key=self._id(feature, "door_id"),
            level=level,
            line=Point(),
            width_m=width_m(as_number(_property(feature, "width"))),
            spaces=tuple(map(as_text, spaces)) if isinstance(spaces, list) else (),
            entrance=entrance
            or feature.properties.get("entrance") is True
            or says not in ("", "no", "false", "0"),
            names=tagged_names(feature.properties, words()["properties"]["name"]),
        )
        self.draft.add_door(door, feature.drawn, feature.where)

    def _path(self, feature: Feature, level: str) -> None:
        assert feature.drawn is not None
        for line in shapely.get_parts(self.draft.metres(feature.drawn)):
            if isinstance(line, LineString):
                key = self.draft.unique("path", level, feature.id, feature.where)
                self.draft.paths.append(PlanPath(key, line, (level,)))

    def _space(self, feature: Feature, level: str, *, several: bool) -> None:
        names, ref = self._names(feature)
        known = self._class(feature, names)
        key = self._id(feature, "cell_id")
        space = PlanSpace(
            key=key,
            level=level,
            outline=UNDRAWN,
            kind=known.kind,
            category=known.category,
            names=names,
            ref=ref,
            connector=key if several and known.kind in SHAFTS else "",
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
        key = self.draft.unique("point", level, feature.id, feature.where)
        category = self._class(feature, names).category
        self.draft.points.append(PlanPoint(key, level, point, category, names, ref))

    def _names(self, feature: Feature) -> tuple[dict[str, str], str]:
        names = tagged_names(feature.properties, words()["properties"]["name"])
        ref = as_text(_property(feature, "ref"))
        if not ref and set(names) == {""} and is_door_number(names[""]):
            return {}, names[""]
        return names, ref

    def _class(self, feature: Feature, names: dict[str, str]) -> Class:
        """By the drawing's own term, else by its names, else a plain room."""
        said = as_text(_property(feature, "class"))
        by_word = (imdf_class(said) or classify(said)) if said else None
        by_name = classify_names(names)
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


def _is_posted(label: str) -> bool:
    """Whether a label may be on the wall; a bare number or a list of storeys may not."""
    return not re.fullmatch(r"[\d.,;+\s-]*|(storey|story|ordinal).*|.*_.*", label.casefold())
