"""OpenStreetMap's Simple Indoor Tagging: areas, doors shared by outlines, lifts and lines."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from floorplans.classify import Class, classify_names, osm_class, sign
from floorplans.draft import UNDRAWN, Draft, slope_of, width_m
from floorplans.georeference import decide
from floorplans.labels import tagged_names
from floorplans.osmfile import Node, OsmData, Relation, Tags, Way, parse
from floorplans.sheet import Sheet
from floorplans.storeys import StoreyError, level_key, parse_levels
from navkit.findings import PlanError
from navkit.plan import (
    SHAFTS,
    Access,
    DoorKind,
    Plan,
    PlanConnector,
    PlanDoor,
    PlanLevel,
    PlanPath,
    PlanPoint,
    PlanSpace,
)

LIFT_M = 1.6
"""Side of the square drawn for a lift that is only a point: a bed lift's cabin is larger, a
passenger lift's (ISO 8100-30) is 1.1 m by 1.4 m and its walls."""
NEARBY_M = 60.0
"""Outdoor lines further than this from everything indoors are streets. A guess."""
_AREAS = ("room", "corridor", "area")
_LINES = frozenset({"footway", "pedestrian", "path", "corridor", "steps", "service", "cycleway"})
_LEVEL_TAGS = ("level", "repeat_on")
_DOOR_KINDS: Mapping[str, DoorKind] = {
    "hinged": "hinged",
    "sliding": "sliding",
    "revolving": "revolving",
    "automatic": "automatic",
    "no": "open",
    "swinging": "hinged",
    "folding": "hinged",
    "overhead": "sliding",
}
_ACCESS: Mapping[str, Access] = {
    "private": "staff",
    "employees": "staff",
    "staff": "staff",
    "delivery": "staff",
    "no": "restricted",
}
_STEP_FREE: Mapping[str, bool] = {"yes": True, "designated": True, "no": False}
_PLATFORM = (("railway", "platform"), ("public_transport", "platform"))
_POINTS = ("amenity", "shop", "healthcare", "tourism", "emergency", "office", "information")
_NO_PLACES = frozenset(
    {"bench", "waste_basket", "bicycle_parking", "parking_entrance", "clock", "recycling", "artwork",
     "fire_extinguisher", "fire_hose", "ticket_validator", "compressed_air", "parking"}
)  # fmt: skip


def read(sheets: Sequence[Sheet]) -> Plan:
    """One file is one plan, with one building's ordinals for all that it holds."""
    (sheet,) = sheets
    data = parse(sheet)
    indoors = _indoor_nodes(data)
    if not indoors:
        raise PlanError("osm-nothing-indoors", sheet.name)
    points = [Point(data.nodes[n].lon_deg, data.nodes[n].lat_deg) for n in sorted(indoors)]
    draft = Draft(sheet.name, decide(points, said="deg", crs="", where=sheet.name), sheet.limits)
    draft.findings.extend(data.findings)
    _Osm(draft, data).read()
    return draft.plan()


def _indoor_nodes(data: OsmData) -> set[int]:
    """Nodes of all that says it is indoors; the rest is surroundings."""
    nodes: set[int] = set()
    for way in data.ways.values():
        if way.tags.get("indoor", "no") != "no":
            nodes.update(way.nodes)
    for relation in data.relations.values():
        if (
            relation.tags.get("indoor", "no") != "no"
            and relation.tags.get("type") == "multipolygon"
        ):
            for kind, ref, _ in relation.members:
                if kind == "way" and ref in data.ways:
                    nodes.update(data.ways[ref].nodes)
    return nodes


class _Osm:
    def __init__(self, draft: Draft, data: OsmData) -> None:
        self.draft = draft
        self.data = data
        ids = list(data.nodes)
        lonlat = np.array([[n.lon_deg, n.lat_deg] for n in data.nodes.values()])
        frame = draft.georeference.frame
        assert frame is not None
        metres = np.round(frame.to_metres(lonlat), 4)
        self.xy = {node: (float(x), float(y)) for node, (x, y) in zip(ids, metres, strict=True)}
        self.outline_of: dict[int, list[tuple[str, str]]] = {}
        """By node: (level, key) of the spaces whose outline it is on."""
        self.lines_at: dict[int, list[tuple[Way, tuple[float, ...]]]] = {}
        """By node: the flat lines through it, with their levels."""
        self.labels: dict[float, str] = {}

    def read(self) -> None:
        ways = sorted(self.data.ways.values(), key=lambda way: way.id)
        self._level_labels(ways)
        areas = [way for way in ways if way.closed and self._is_area(way.tags)]
        for way in areas:
            self._area(f"way/{way.id}", way.tags, self._polygon(way), way.nodes)
        self._relations()
        self.near = self._surroundings()
        chosen = {way.id for way in areas}
        lines = [way for way in ways if way.id not in chosen and self._is_line(way)]
        for way in lines:
            for node in set(way.nodes):
                levels = self._levels(way.tags)
                if way.tags.get("highway") != "steps":
                    self.lines_at.setdefault(node, []).append((way, levels or ()))
        for way in lines:
            self._line(way)
        for way in ways:
            if way.tags.get("indoor") == "wall":
                self._wall(way)
            elif way.tags.get("indoor", "no") not in ("no", "level") and way.id not in chosen:
                if not self._is_line(way):
                    self.draft.tally("osm-not-understood", f"way {way.id}")
        for node in sorted(self.data.nodes.values(), key=lambda node: node.id):
            self._node(node)
        self._name()
        self._level_list()

    # Storeys

    def _levels(self, tags: Tags) -> tuple[float, ...] | None:
        """All storeys of an object, None where it names none or they cannot be read.

        `repeat_on` moves the whole object so that its first storey is there.
        """
        try:
            levels = parse_levels(tags["level"]) if tags.get("level") else ()
            repeats = parse_levels(tags["repeat_on"]) if tags.get("repeat_on") else ()
        except StoreyError:
            return None
        if not levels:
            return repeats or None
        moved = (level + r - levels[0] for r in repeats for level in levels)
        return tuple(dict.fromkeys([*levels, *moved]))

    def _say_no_level(self, what: str, tags: Tags) -> None:
        if tags.get("level") or tags.get("repeat_on"):
            level = tags.get("level") or tags.get("repeat_on") or ""
            self.draft.say("level-not-understood", f"{self.draft.source}, {what}", level=level[:40])
        else:
            self.draft.say("level-missing", f"{self.draft.source}, {what}")

    def _use(self, ordinal: float) -> str:
        key = level_key(ordinal)
        if key not in self.draft.levels:
            self.draft.levels[key] = PlanLevel(key, ordinal)
        return key

    def _level_labels(self, ways: Iterable[Way]) -> None:
        for tags in (way.tags for way in ways):
            label = tags.get("level:ref") or (
                tags.get("ref") or tags.get("name") if tags.get("indoor") == "level" else None
            )
            levels = self._levels(tags) or ()
            if label and len(levels) == 1:
                self.labels.setdefault(levels[0], label.strip()[:40])

    def _level_list(self) -> None:
        for key, level in self.draft.levels.items():
            label = self.labels.get(level.ordinal, "")
            self.draft.levels[key] = PlanLevel(key, level.ordinal, label)

    # Areas

    def _is_area(self, tags: Tags) -> bool:
        indoor = tags.get("indoor", "no")
        if indoor in _AREAS or any(tags.get(k) == v for k, v in _PLATFORM):
            return True
        if tags.get("highway") == "elevator" or tags.get("building:part") == "elevator":
            return True
        if tags.get("highway") in ("pedestrian", "footway") and tags.get("area") == "yes":
            return True
        named = any(key in tags for key in (*_POINTS, "name", "room", "area", "stairwell"))
        walked = tags.get("highway") is not None and tags.get("area") != "yes"
        return indoor == "yes" and named and not walked

    def _class(self, tags: Tags, names: Mapping[str, str]) -> Class:
        indoor = tags.get("indoor", "")
        tagged = osm_class(tags)
        named = classify_names(names)
        if tagged and tagged.kind not in ("room",):
            return tagged
        if indoor == "corridor":
            return Class("corridor")
        if named and named.kind in (*SHAFTS, "closed") and indoor != "area":
            return named
        category = (tagged.category if tagged else "") or (named.category if named else "")
        if tags.get("highway") in ("pedestrian", "footway"):
            return Class("hall" if indoor in ("yes", "area") else "outdoor", category)
        if indoor == "area" or (indoor == "yes" and not category and "room" not in tags):
            return Class(named.kind if named else "hall", category)
        return Class(named.kind if named and named.kind != "closed" else "room", category)

    def _area(
        self, where: str, tags: Tags, drawn: BaseGeometry | None, nodes: Sequence[int]
    ) -> None:
        names = self._names(tags)
        known = self._class(tags, names)
        levels = self._levels(tags)
        if levels is None:
            if known.category != "platform" and known.kind != "outdoor":
                self._say_no_level(where, tags)
                return
            self.draft.tally("level-taken-as-ground", where)
            levels = (0.0,)
        if drawn is None:
            self.draft.say("outline-not-closed", f"{self.draft.source}, {where}")
            return
        connector = where if len(levels) > 1 and known.kind in (*SHAFTS, "ramp") else ""
        ref = tags.get("ref") or tags.get("local_ref") or tags.get("loc_ref") or ""
        step_free = _STEP_FREE.get(tags.get("wheelchair", ""))
        if connector and known.kind in SHAFTS:
            self._connector(where, known.kind, names or ({"": ref} if ref else {}), tags)
        for ordinal in levels:
            level = self._use(ordinal)
            space = PlanSpace(
                key=where,
                level=level,
                outline=UNDRAWN,
                kind=known.kind,
                category=known.category,
                names=names,
                ref=ref.strip(),
                access=_ACCESS.get(tags.get("access", ""), "public"),
                connector=connector,
                step_free=step_free,
                slope=_slope(tags),
            )
            before = len(self.draft.spaces)
            self.draft.add_outline(space, drawn, f"{self.draft.source}, {where}")
            if len(self.draft.spaces) > before:
                for node in dict.fromkeys(nodes):
                    self.outline_of.setdefault(node, []).append((level, where))

    def _connector(self, key: str, kind: str, names: Mapping[str, str], tags: Tags) -> None:
        if kind not in ("elevator", "stairs", "escalator"):
            return
        self.draft.connectors.append(
            PlanConnector(
                key=key,
                kind="elevator"
                if kind == "elevator"
                else ("stairs" if kind == "stairs" else "escalator"),
                names=names,
                access=_ACCESS.get(tags.get("access", ""), "public"),
                step_free=_STEP_FREE.get(tags.get("wheelchair", "")),
            )
        )

    def _polygon(self, way: Way) -> Polygon | None:
        ring = [self.xy[node] for node in way.nodes]
        return Polygon(ring) if len(set(ring)) >= 3 else None

    def _names(self, tags: Tags) -> dict[str, str]:
        names = tagged_names(dict(tags), ("name",))
        if not names:
            names = (
                tagged_names(dict(tags), ("description", "alt_name", "brand", "operator"))
                if (any(key in tags for key in _POINTS))
                else {}
            )
        toilets = tags.get("amenity") == "toilets" or tags.get("room", "").startswith("toilet")
        if not names and toilets and (tags.get("male") == "yes") != (tags.get("female") == "yes"):
            return dict(sign("toilet-men" if tags.get("male") == "yes" else "toilet-women"))
        return names

    def _relations(self) -> None:
        for relation in sorted(self.data.relations.values(), key=lambda r: r.id):
            if relation.tags.get("type") == "multipolygon" and self._is_area(relation.tags):
                outline, nodes = self._multipolygon(relation)
                self._area(f"relation/{relation.id}", relation.tags, outline, nodes)

    def _multipolygon(self, relation: Relation) -> tuple[BaseGeometry | None, list[int]]:
        rings: dict[str, list[Polygon]] = {"outer": [], "inner": []}
        nodes: list[int] = []
        for role, polygons in rings.items():
            ways = [
                self.data.ways[ref].nodes
                for kind, ref, given in relation.members
                if kind == "way" and ref in self.data.ways and (given or "outer") == role
            ]
            for ring in _join_rings(ways):
                nodes.extend(ring)
                corners = [self.xy[node] for node in ring]
                if len(set(corners)) >= 3:
                    polygons.append(Polygon(corners))
        if not rings["outer"]:
            return None, nodes
        holes = [hole.exterior for hole in rings["inner"]]
        parts = [
            Polygon(outer.exterior, [h for h in holes if outer.buffer(1e-3).covers(Polygon(h))])
            for outer in rings["outer"]
        ]
        return (parts[0] if len(parts) == 1 else MultiPolygon(parts)), nodes

    # Lines

    def _surroundings(self) -> BaseGeometry:
        """Where an outdoor line still belongs to the building."""
        points = shapely.multipoints([self.xy[node] for node in sorted(_indoor_nodes(self.data))])
        return shapely.buffer(shapely.convex_hull(points), NEARBY_M)

    def _is_line(self, way: Way) -> bool:
        indoor = way.tags.get("indoor", "no")
        return len(way.nodes) > 1 and (
            way.tags.get("highway") in _LINES or indoor in ("yes", "pathway", "corridor")
        )

    def _line(self, way: Way) -> None:
        tags, where = way.tags, f"way/{way.id}"
        points = [self.xy[node] for node in way.nodes]
        if len(set(points)) < 2:
            self.draft.say("line-too-short", f"{self.draft.source}, {where}")
            return
        line = LineString(points)
        inside = tags.get("indoor", "no") != "no"
        if not inside and not self.near.intersects(line):
            self.draft.tally("outdoor-left-out", "")
            return
        if not inside and tags.get("highway") == "service" and tags.get("foot") in (None, "no"):
            self.draft.tally("outdoor-left-out", "")
            return
        if tags.get("indoor") == "pathway" and self._in_stairs(line):
            self.draft.tally("line-inside-stairs", where)
            return
        kind = _line_kind(tags)
        for levels in self._walked_levels(way, kind):
            self._path(way, kind, levels, line)

    def _in_stairs(self, line: LineString) -> bool:
        return any(
            space.kind == "stairs" and space.outline.buffer(0.5).covers(line)
            for space in self.draft.spaces
        )

    def _walked_levels(self, way: Way, kind: str) -> list[tuple[float, ...]]:
        """The storeys of each copy of a line, in the order of its points."""
        tags, where = way.tags, f"{self.draft.source}, way/{way.id}"
        try:
            own = parse_levels(tags["level"]) if tags.get("level") else ()
            repeats = parse_levels(tags["repeat_on"]) if tags.get("repeat_on") else ()
        except StoreyError:
            self._say_no_level(f"way/{way.id}", tags)
            return []
        if not own:
            own = self._levels_by_neighbours(way)
            if own:
                self.draft.tally("level-from-neighbours", f"way/{way.id}")
            elif tags.get("indoor", "no") != "no":
                self._say_no_level(f"way/{way.id}", tags)
                return []
            else:
                self.draft.tally("level-taken-as-ground", f"way/{way.id}")
                own = (0.0,)
        elif len(own) > 1 and kind == "footway" and not tags.get("incline"):
            return [(level,) for level in own]
        elif len(own) > 1:
            own = self._in_walking_order(way, own, where)
        moves = (
            [0.0, *(r - min(own) for r in repeats)]
            if len(own) > 1
            else ([0.0, *(r - own[0] for r in repeats)])
        )
        return [tuple(level + move for level in own) for move in dict.fromkeys(moves)]

    def _ends(self, way: Way) -> tuple[set[float], set[float]]:
        """Storeys of the flat lines and areas that share the first and the last point."""
        found: list[set[float]] = []
        for node in (way.nodes[0], way.nodes[-1]):
            levels = {
                level
                for other, at in self.lines_at.get(node, ())
                if other.id != way.id and len(at) == 1
                for level in at
            }
            levels |= {
                self.draft.levels[level].ordinal for level, _ in self.outline_of.get(node, ())
            }
            found.append(levels)
        return found[0], found[1]

    def _levels_by_neighbours(self, way: Way) -> tuple[float, ...]:
        first, last = self._ends(way)
        if len(first) == 1 and first == last:
            return tuple(first)
        if len(first) == 1 and len(last) == 1:
            return (*first, *last)
        either = first | last
        return tuple(either) if len(either) == 1 else ()

    def _in_walking_order(self, way: Way, own: Sequence[float], where: str) -> tuple[float, float]:
        """Lowest and highest storey, turned as the lines at both ends say, else `incline`."""
        low, high = min(own), max(own)
        first, last = self._ends(way)
        up = (low in first) + (high in last)
        down = (high in first) + (low in last)
        if up == down:
            incline = way.tags.get("incline", "")
            up, down = (
                incline == "up" or incline[:1].isdigit(),
                incline == "down" or (incline.startswith("-")),
            )
            if up == down:
                self.draft.say("steps-direction-guessed", where)
                up, down = True, False
        return (low, high) if up > down else (high, low)

    def _path(self, way: Way, kind: str, levels: tuple[float, ...], line: LineString) -> None:
        tags = way.tags
        conveying = tags.get("conveying", "no")
        backwards = conveying == "backward" or tags.get("oneway") == "-1"
        oneway = conveying in ("forward", "backward") or tags.get("oneway") in ("yes", "-1")
        if kind == "escalator" and not oneway:
            self.draft.say("escalator-direction-unknown", f"{self.draft.source}, way/{way.id}")
        if backwards:
            levels, line = levels[::-1], LineString(line.coords[::-1])
        keys = tuple(self._use(level) for level in levels)
        step_free = _STEP_FREE.get(tags.get("wheelchair", ""))
        if kind in ("stairs", "escalator"):
            step_free = False
        self.draft.paths.append(
            PlanPath(
                key=self.draft.unique("path", "/".join(keys), f"way/{way.id}", self.draft.source),
                points=line,
                levels=keys if len(set(keys)) > 1 else keys[:1],
                kind="stairs"
                if kind == "stairs"
                else (
                    "escalator"
                    if kind == "escalator"
                    else ("ramp" if kind == "ramp" else "footway")
                ),
                oneway=oneway,
                names=tagged_names(dict(tags), ("name",)),
                step_free=step_free,
                slope=_slope(tags),
                access=_line_access(tags),
                width_m=width_m(_metres(tags.get("width", ""))),
            )
        )

    def _wall(self, way: Way) -> None:
        points = [self.xy[node] for node in way.nodes]
        levels = self._levels(way.tags)
        if len(set(points)) < 2:
            return
        if levels is None:
            self._say_no_level(f"way/{way.id}", way.tags)
            return
        for level in levels:
            self.draft.walls.append((self._use(level), LineString(points)))

    # Nodes

    def _node(self, node: Node) -> None:
        tags = node.tags
        if tags.get("highway") == "elevator":
            self._lift(node)
        elif "door" in tags or tags.get("entrance", "no") != "no":
            self._door(node)
        elif any(tags.get(key, "no") != "no" for key in _POINTS) and not (
            set(tags.values()) & _NO_PLACES
        ):
            self._point(node)

    def _door(self, node: Node) -> None:
        tags, where = node.tags, f"node/{node.id}"
        touching = self.outline_of.get(node.id, [])
        levels: Sequence[float] | None = self._levels(tags)
        if levels is None and (tags.get("level") or tags.get("repeat_on")):
            self._say_no_level(where, tags)
        if levels is None:
            known = {self.draft.levels[level].ordinal for level, _ in touching} or {
                level for _, at in self.lines_at.get(node.id, ()) for level in at
            }
            levels = sorted(known)
            if levels:
                self.draft.tally("level-from-neighbours", where)
            elif self.near.covers(Point(self.xy[node.id])) and tags.get("entrance", "no") != "no":
                self.draft.tally("level-taken-as-ground", where)
                levels = [0.0]
            else:
                self._say_no_level(where, tags)
        entrance = tags.get("entrance", "no") not in ("no", "emergency", "exit", "service")
        kind = _DOOR_KINDS.get(tags.get("door", ""), "unknown")
        if tags.get("automatic_door", "no") not in ("no", "") and kind in (
            "unknown",
            "hinged",
            "sliding",
        ):
            kind = "automatic"
        access = _ACCESS.get(tags.get("access", ""), "public")
        if tags.get("entrance") == "emergency" and access == "public":
            access = "restricted"
        elif tags.get("entrance") in ("service", "staff") and access == "public":
            access = "staff"
        for ordinal in levels:
            level = self._use(ordinal)
            self.draft.doors.append(
                PlanDoor(
                    key=where,
                    level=level,
                    line=Point(self.xy[node.id]),
                    kind=kind,
                    width_m=width_m(_metres(tags.get("width", ""))),
                    spaces=tuple(dict.fromkeys(key for at, key in touching if at == level)),
                    access=access,
                    entrance=entrance,
                    names=tagged_names(dict(tags), ("name", "entrance:name")),
                    step_free=_STEP_FREE.get(tags.get("wheelchair", "")),
                    hours=tags.get("opening_hours", "")[:200],
                )
            )

    def _lift(self, node: Node) -> None:
        """A lift that is only a point is drawn as a square, unless an outline of it is there."""
        tags, where = node.tags, f"node/{node.id}"
        levels: Sequence[float] | None = self._levels(tags)
        if levels is None:
            levels = sorted({v for _, at in self.lines_at.get(node.id, ()) for v in at})
            if len(levels) < 2:
                self._say_no_level(where, tags)
                return
            self.draft.tally("level-from-neighbours", where)
        if len(levels) < 2:
            self.draft.say("lift-on-one-level", f"{self.draft.source}, {where}")
        here = Point(self.xy[node.id])
        x, y = self.xy[node.id]
        half = LIFT_M / 2
        square = shapely.box(x - half, y - half, x + half, y + half)
        ref = tags.get("ref", "")
        names = self._names(tags)
        step_free = _STEP_FREE.get(tags.get("wheelchair", ""))
        self._connector(where, "elevator", names or ({"": ref} if ref else {}), tags)
        drawn = False
        for ordinal in levels:
            level = self._use(ordinal)
            found = self._lift_outline(level, here)
            if found is not None:
                space = self.draft.spaces[found]
                self.draft.spaces[found] = _with_connector(space, where, names, ref)
                continue
            drawn = True
            space = PlanSpace(
                key=where, level=level, outline=square, kind="elevator", category="elevator",
                names=names, ref=ref, connector=where, step_free=step_free,
                access=_ACCESS.get(tags.get("access", ""), "public"),
            )  # fmt: skip
            self.draft.add_outline(space, square, f"{self.draft.source}, {where}")
        if drawn:
            self.draft.say("lift-drawn-as-point", f"{self.draft.source}, {where}")

    def _lift_outline(self, level: str, here: Point) -> int | None:
        for index, space in enumerate(self.draft.spaces):
            if (
                space.kind == "elevator"
                and space.level == level
                and not space.connector
                and space.outline.buffer(0.3).covers(here)
            ):
                return index
        return None

    def _point(self, node: Node) -> None:
        tags, where = node.tags, f"node/{node.id}"
        names = self._names(tags)
        known = osm_class(tags)
        category = known.category if known else ""
        if not names and not category:
            return
        levels: Sequence[float] | None = self._levels(tags)
        if levels is None:
            if tags.get("indoor", "no") != "no" or node.id in self.outline_of:
                self._say_no_level(where, tags)
            elif self.near.covers(Point(self.xy[node.id])):
                self.draft.tally("point-without-level", where)
            return
        for ordinal in levels:
            self.draft.points.append(
                PlanPoint(
                    where,
                    self._use(ordinal),
                    Point(self.xy[node.id]),
                    category,
                    names,
                    tags.get("ref", ""),
                )  # fmt: skip
            )

    # The building

    def _name(self) -> None:
        """The name of the building that most of what is indoors lies in."""
        inside = [space.outline.representative_point() for space in self.draft.spaces]
        inside = inside or [path.points.centroid for path in self.draft.paths]
        if not inside:
            return
        tree = STRtree(inside)
        best = 0
        outlines: list[tuple[BaseGeometry | None, Tags]] = [
            (self._polygon(way), way.tags) for way in self.data.ways.values() if way.closed
        ]
        outlines += [
            (self._multipolygon(relation)[0], relation.tags)
            for relation in self.data.relations.values()
            if relation.tags.get("type") == "multipolygon"
        ]
        for outline, tags in outlines:
            if outline is None or "building" not in tags or not outline.is_valid:
                continue
            count = len(tree.query(outline, predicate="covers"))
            names = tagged_names(dict(tags), ("name",))
            if names and count > best:
                best, self.draft.names = count, names


def _with_connector(
    space: PlanSpace, connector: str, names: Mapping[str, str], ref: str
) -> PlanSpace:
    return replace(space, connector=connector, names=space.names or names, ref=space.ref or ref)


def _join_rings(ways: Sequence[Sequence[int]]) -> list[list[int]]:
    """Closed rings of node ids from ways that meet at their ends; loose ends are left out."""
    rings = [list(nodes) for nodes in ways if len(nodes) > 3 and nodes[0] == nodes[-1]]
    loose = [list(nodes) for nodes in ways if len(nodes) > 1 and nodes[0] != nodes[-1]]
    while loose:
        ring = loose.pop(0)
        while ring[0] != ring[-1]:
            at = next((i for i, way in enumerate(loose) if ring[-1] in (way[0], way[-1])), None)
            if at is None:
                break
            way = loose.pop(at)
            ring.extend(way[1:] if way[0] == ring[-1] else way[-2::-1])
        if ring[0] == ring[-1] and len(ring) > 3:
            rings.append(ring)
    return rings


def _line_kind(tags: Tags) -> str:
    if tags.get("conveying", "no") != "no":
        return "escalator" if tags.get("highway") == "steps" else "ramp"
    if tags.get("highway") == "steps":
        return "stairs"
    if _slope(tags) is not None or tags.get("ramp") == "yes" or tags.get("incline"):
        return "ramp"
    return (
        "stairs"
        if tags.get("indoor") == "pathway" and tags.get("level", "")[1:].count("-")
        else ("footway")
    )


def _line_access(tags: Tags) -> Access:
    said = tags.get("foot") or tags.get("access") or ""
    return _ACCESS.get(said, "public")


def _slope(tags: Tags) -> float | None:
    """Of ``incline`` in percent; words and degrees give none."""
    match = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*%", tags.get("incline", "").strip())
    return slope_of(float(match[1].replace(",", ".")) / 100) if match else None


def _metres(text: str) -> float | None:
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(m|cm)?", text.strip())
    if not match:
        return None
    return float(match[1].replace(",", ".")) * (0.01 if match[2] == "cm" else 1.0)
