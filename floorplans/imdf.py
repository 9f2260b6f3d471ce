"""Apple's Indoor Mapping Data Format: a folder of GeoJSON files named by their feature type."""

from collections.abc import Mapping, Sequence

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from floorplans import imdf_files
from floorplans.classify import Class, classify_names, imdf_class
from floorplans.collection import Feature
from floorplans.columns import unread_properties
from floorplans.draft import UNDRAWN, Draft
from floorplans.georeference import decide
from floorplans.graphs import Graph, add_paths, graph_of
from floorplans.imdf_links import Links
from floorplans.imdf_named import (
    Named,
    adds,
    aliases_of,
    by_name,
    label_of,
    number_in,
    posted,
    same,
    sign_of,
)
from floorplans.labels import is_door_number, names_of, placeholders_in, words
from floorplans.remarks import remarked
from floorplans.restrictions import Restricted, Thing, restricted, term_text, terms
from floorplans.sheet import Json, Sheet, as_number, as_text
from floorplans.storeys import level_key, ordinals_of
from navkit.plan.plan import (
    CIRCULATION,
    SHAFTS,
    Access,
    DoorKind,
    Plan,
    PlanDoor,
    PlanLevel,
    PlanPoint,
    PlanSpace,
    strictest,
)
from navkit.words.findings import PlanError

_OUTDOORS = "outdoors"
"""Key of the level on which ways lie that are on no level of the drawing."""
_DOOR_KINDS: Mapping[str, DoorKind] = {
    "open": "open",
    "revolving": "revolving",
    "sliding": "sliding",
    "swinging": "hinged",
    "shutter": "sliding",
    "movablepartition": "sliding",
}
_EXIT = "emergencyexit"
"""A way out in an emergency only: no route uses it."""
BESIDE_M = 0.3
"""Openings are drawn this near to the units that they join."""
_OPENING_ACCESS: Mapping[str, Access] = {
    "automobile": "restricted",
    "bicycle": "restricted",
    _EXIT: "restricted",
    "service": "staff",
}


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One plan of all buildings; levels keep the building they belong to."""
    found = imdf_files.features_of(sheets, source)
    told = [*found.features["unit"], *found.features["opening"], *found.ways]
    drawn = [f.drawn for f in told if f.drawn is not None]
    georeference = decide(drawn, said="deg", crs="", where=source)
    draft = Draft(source, georeference, sheets[0].limits, found.findings)
    stray = {id(drawn[i]) for i in georeference.stray}
    imdf = _Imdf(draft, found.features, stray)
    imdf.read()
    imdf.outdoors(graph_of(f for f in found.ways if id(f.drawn) not in stray))
    return draft.plan()


class _Imdf:
    def __init__(
        self, draft: Draft, features: Mapping[str, list[Feature]], stray: set[int]
    ) -> None:
        self.draft = draft
        self.features = {
            name: [f for f in group if id(f.drawn) not in stray] for name, group in features.items()
        }
        self.unit_level: dict[str, str] = {}
        self.links = Links.of(self.features["relationship"])

    def read(self) -> None:
        self._buildings()
        self._levels()
        self.links.say(self.draft)
        by_unit = self._named_by_unit()
        for feature in self.features["unit"]:
            if level := self._level(feature):
                self._unit(feature, level, by_unit.get(feature.id, []) if feature.id else [])
        self._openings()
        self._points(by_unit)
        self._kiosks()
        for group in self.features.values():
            self.draft.findings += unread_properties(group, _left)

    def _buildings(self) -> None:
        for feature in self.features["venue"]:
            self.draft.names = self.draft.names or self._names(feature, "name")
        for feature in (*self.features["venue"], *self.features["building"]):
            for tag, value in terms(feature.properties):
                limits = restricted({tag: value}, "space", "imdf")
                if limits.stops_somebody or limits.unread:
                    slots = {"tag": tag, "value": value[:60]}
                    self.draft.say("building-restriction-ignored", feature.where, **slots)

    def _levels(self) -> None:
        buildings = {f.id: f for f in self.features["building"]}
        marked = 0
        by_label = ordinals_of(map(label_of, self.features["level"]))
        for feature in self.features["level"]:
            properties = feature.properties
            ordinal, label = as_number(properties.get("ordinal")), label_of(feature)
            if ordinal is None and (ordinal := by_label[label]) is not None:
                self.draft.say("level-ordinal-guessed", feature.where, ordinal=f"{ordinal:g}")
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
            marked += self._restricted(feature, "space").access != "public"
            self.draft.levels[feature.id] = PlanLevel(feature.id, ordinal, label, building)
        if not self.draft.levels:
            raise PlanError("no-levels", self.draft.source)
        if marked:
            slots = {"count": str(marked), "total": str(len(self.draft.levels))}
            self.draft.say("level-restriction-ignored", self.draft.source, **slots)
        for building in sorted(self.draft.building_names):
            ordinals = {v.ordinal for v in self.draft.levels.values() if v.building == building}
            if ordinals and 0 not in ordinals:
                name = posted(self.draft.building_names[building]) or building
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
        for written in dict.fromkeys(placeholders_in(raw)):
            self.draft.tally("name-placeholder", feature.id, text=written[:40])
        labels = raw if isinstance(raw, dict) else {"": raw}
        cut = {k for k, v in labels.items() if isinstance(v, str) and v != v.rstrip()}
        if cut and feature.sheet.endswith(("unit.geojson", "unit.json")):
            self.draft.tally("label-unfinished", feature.id)
        finished: Json = {k: v for k, v in labels.items() if k not in cut}
        return names_of(finished)

    def _restricted(self, feature: Feature, thing: Thing) -> Restricted:
        """What a feature says of who may use it, and when; see `restrictions.json`."""
        found = Restricted()
        for key, value in terms(feature.properties):
            found = found.with_(restricted({key: value}, thing, "imdf"))
        return found.with_(remarked(_left(feature), thing))

    def _named_by_unit(self) -> dict[str, list[Named]]:
        """Occupants, then amenities, by the unit they are in, in the order of the files."""
        anchors = {f.id: f for f in self.features["anchor"]}
        by_unit: dict[str, list[Named]] = {}
        for feature in self.features["occupant"]:
            anchor = anchors.get(as_text(feature.properties.get("anchor_id")))
            if anchor is None:
                self.draft.say("occupant-without-anchor", feature.where)
                continue
            self._tell_validity(feature)
            found = self._named(feature, anchor.drawn, is_occupant=True)
            unit = as_text(anchor.properties.get("unit_id")) or self._unit_at(anchor)
            by_unit.setdefault(unit, []).append(found)
        for feature in self.features["amenity"]:
            units = feature.properties.get("unit_ids")
            found = self._named(feature, feature.drawn, is_occupant=False)
            for one in units if isinstance(units, list) and units else [self._unit_at(feature)]:
                by_unit.setdefault(as_text(one), []).append(found)
        return by_unit

    def _unit_at(self, feature: Feature) -> str:
        """The only unit in which a point lies, empty if there is none or one on each level."""
        point = feature.drawn
        if point is None:
            return ""
        around = [u.id for u in self.features["unit"] if u.drawn and u.drawn.intersects(point)]
        return around[0] if len(around) == 1 else ""

    def _tell_validity(self, feature: Feature) -> None:
        validity = feature.properties.get("validity")
        if isinstance(validity, dict) and (end := as_text(validity.get("end"))):
            start = as_text(validity.get("start")) or "…"
            self.draft.say("validity-limited", feature.where, start=start[:40], end=end[:40])

    def _named(self, feature: Feature, point: BaseGeometry | None, *, is_occupant: bool) -> Named:
        names, other = self._names(feature, "name"), self._names(feature, "alt_name")
        short = (feature.properties.get(key) for key in ("short_name", "shortName"))
        refs = [posted(names_of(value)) for value in short]
        limits = self._restricted(feature, "point")
        limits.say(self.draft, feature.id)
        return Named(
            key=feature.id,
            is_occupant=is_occupant,
            names=names or other,
            ref=next((r for r in refs if is_door_number(r)), ""),
            category=as_text(feature.properties.get("category")),
            where=feature.where,
            point=point,
            aliases=aliases_of(other) if names else (),
            hours=limits.service_hours,
            phone=as_text(feature.properties.get("phone"))[:40],
        )

    def _unit(self, feature: Feature, level: str, named: Sequence[Named]) -> None:
        properties = feature.properties
        category = as_text(properties.get("category"))
        known = imdf_class(category)
        if known is None:
            if category:
                self.draft.tally("category-unknown", category)
            known = Class("room")
        own, other = self._names(feature, "name"), self._names(feature, "alt_name")
        # What is in a corridor or hall stands there, and does not give it its name.
        inside = () if known.kind in CIRCULATION else named
        occupants = [n.names for n in inside if n.names]
        names = next(filter(None, (own, *occupants, other)), dict(sign_of(category)))
        deciding = [n for n in inside if n.is_occupant or not own]
        known = self._class(feature.id, known, category, names, deciding)
        limits = self._restricted(feature, "space")
        limits.say(self.draft, feature.id)
        space = PlanSpace(
            key=feature.id,
            level=level,
            outline=UNDRAWN,
            kind=known.kind,
            category=known.category,
            names=names,
            ref=next((n.ref for n in inside if n.ref), "") or number_in(names),
            connector=self.links.shaft(feature.id) if known.kind in SHAFTS else "",
            **limits.use,
        )
        assert feature.drawn is not None
        self.draft.add_space(space, feature.drawn, feature.where)
        if own and other and (aliases := aliases_of(other)):
            at = self.draft.metres(feature.drawn).representative_point()
            key = f"{feature.id}#also"
            self.draft.points.append(
                PlanPoint(key, level, at, known.category, names, aliases=aliases)
            )

    def _class(
        self,
        key: str,
        known: Class,
        category: str,
        names: Mapping[str, str],
        inside: Sequence[Named],
    ) -> Class:
        """What a unit is: by its name if that says it, then by what is in it, then by its category.

        The category only says what a nameless unit of no other use is, and who drew a plan often
        left it at the one before.
        """
        if known.kind != "room":
            return known
        by_what = next(
            (c for n in inside if (c := n.known) and (c.category or c.kind in SHAFTS)), None
        )
        if not known.category:
            return by_what or classify_names(names) or known
        if other := by_name(known, names):
            self.draft.tally("name-against-category", key, category=category)
            return other
        return by_what if by_what and not names else known

    def _openings(self) -> None:
        openings = self.features["opening"]
        categories = {as_text(f.properties.get("category")) for f in openings}
        believed = len(categories) > 1 or not categories & set(_OPENING_ACCESS)
        believed = believed or (categories == {_EXIT} and not any(map(self._is_inside, openings)))
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
            limits = self._restricted(feature, "door").with_(self.links.of_door(feature.id))
            limits.say(self.draft, feature.id)
            by_category = _OPENING_ACCESS.get(category, "public") if believed else "public"
            if believed and category == _EXIT:
                self.draft.tally("emergency-exit", feature.id)
            use = limits.use | {"access": strictest([by_category, limits.access])}
            self.draft.add_door(
                PlanDoor(
                    key=feature.id,
                    level=level,
                    line=Point(),
                    kind=kind,
                    width_m=limits.width_m,
                    entrance=category == "pedestrian.principal",
                    names=self._names(feature, "name"),
                    **use,
                ),
                feature.drawn or Point(),
                feature.where,
            )

    def _is_inside(self, opening: Feature) -> bool:
        """Whether an opening has units on both sides."""
        if opening.drawn is None:
            return False
        middle = self.draft.metres(opening.drawn).centroid
        level = as_text(opening.properties.get("level_id"))
        here = (s.outline for s in self.draft.spaces if s.level == level and s.kind != "closed")
        return sum(outline.dwithin(middle, BESIDE_M) for outline in here) > 1

    def _points(self, by_unit: Mapping[str, list[Named]]) -> None:
        """Occupants and amenities; one of its unit's own name only adds what it knows."""
        told = {space.key: space for space in self.draft.spaces}
        seen: set[str] = set()
        for unit, group in by_unit.items():
            level, space = (self.unit_level.get(unit), told.get(unit)) if unit else (None, None)
            for named in group:
                known = named.known
                if named.where in seen or (known and known.kind in SHAFTS):
                    continue
                seen.add(named.where)
                if level is None or (named.point is None and space is None):
                    self.draft.say("stands-in-no-unit", named.where)
                    continue
                category = known.category if known else ""
                if space and not adds(space, named, category):
                    continue
                at = self.draft.metres(named.point) if named.point else None
                if space and (at is None or not space.outline.intersects(at)):
                    at = space.outline.representative_point()
                if isinstance(at, Point):
                    names = named.names
                    if space and same(space.names, names):
                        names = dict(space.names)
                    self.draft.points.append(
                        PlanPoint(
                            key=named.key,
                            level=level,
                            point=at,
                            category=category,
                            names=names,
                            ref=named.ref,
                            aliases=named.aliases,
                            service_hours=named.hours,
                            phone=named.phone,
                        )
                    )

    def outdoors(self, graph: Graph) -> None:
        """Ways of a network beyond the units: they join the entrances of several buildings.

        Indoors the units themselves say where people walk. Nodes outdoors have no level of the
        drawing; an edge to a node of a level ends at an entrance.
        """
        level_of = {
            key: level if level in self.draft.levels else _OUTDOORS
            for key, node in graph.nodes.items()
            for level in [as_text(node.properties.get("level_id"))]
        }
        used = [e for e in graph.edges if _OUTDOORS in (level_of[e.start], level_of[e.end])]
        if not used:
            return
        self.draft.levels[_OUTDOORS] = PlanLevel(_OUTDOORS, 0.0)
        entrances = {node for e in used for node in (e.start, e.end)}
        for node in sorted(n for n in entrances if level_of[n] != _OUTDOORS):
            drawn = graph.nodes[node].drawn
            door = PlanDoor(key=node, level=level_of[node], line=Point(), entrance=True)
            self.draft.add_door(door, drawn or Point(), graph.nodes[node].where)
        add_paths(self.draft, graph, dict.fromkeys(level_of, _OUTDOORS), used)

    def _kiosks(self) -> None:
        for feature in self.features["kiosk"]:
            names = self._names(feature, "name")
            level = self._level(feature)
            if level and names and feature.drawn is not None:
                point = shapely.centroid(self.draft.metres(feature.drawn))
                self.draft.points.append(PlanPoint(feature.id, level, point, "", names))


def _left(feature: Feature) -> dict[str, str]:
    """Properties that IMDF does not know, with their values as texts."""
    known = words()["imdf"]
    said = feature.properties.items()
    return {key: text for key, value in said if key not in known and (text := term_text(value))}
