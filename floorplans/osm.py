"""OpenStreetMap's Simple Indoor Tagging: areas, doors shared by outlines, lifts and lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import cast, get_args

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from floorplans.classify import is_no_place, osm_class
from floorplans.draft import UNDRAWN, Draft
from floorplans.georeference import decide
from floorplans.labels import tagged_names
from floorplans.osm_tags import (
    PLACE_KEYS,
    access,
    all_levels,
    class_of,
    door_kind,
    drawn_width_m,
    incline_sign,
    indoors,
    is_area,
    is_entrance,
    is_line,
    is_platform,
    line_kind,
    names_of_tags,
    own_levels,
    ref_of,
    repeats,
    runs,
    slope,
    step_free,
)
from floorplans.osmfile import Node, OsmData, Relation, Tags, Way, parse
from floorplans.sheet import Sheet
from floorplans.storeys import StoreyError, level_key
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import (
    ConnectorKind,
    PathKind,
    Plan,
    PlanConnector,
    PlanDoor,
    PlanLevel,
    PlanPath,
    PlanPoint,
    PlanSpace,
    SpaceKind,
)
from navkit.words.findings import PlanError

LIFT_M = 1.6
"""Side of the square drawn for a lift that is only a point. A guess: a passenger lift's cabin
is 1.1 m by 1.4 m (ISO 8100-30), a bed lift's larger."""
NEARBY_M = 60.0
"""Outdoor lines further than this from everything indoors are streets. A guess."""


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One file is one plan, with one building's ordinals for everything in it."""
    (sheet,) = sheets
    data = parse(sheet)
    inside = sorted(_nodes_indoors(data))
    if not inside:
        raise PlanError("osm-nothing-indoors", sheet.name)
    points = [Point(data.nodes[n].lon_deg, data.nodes[n].lat_deg) for n in inside]
    georeference = decide(points, said="deg", crs="", where=sheet.name)
    stray = {inside[i] for i in georeference.stray}
    draft = Draft(sheet.name, georeference, sheet.limits)
    draft.findings.extend(data.findings)
    _Osm(draft, _without(data, stray), [node for node in inside if node not in stray]).read()
    return replace(draft.plan(), source=source)


def _nodes_indoors(data: OsmData) -> set[int]:
    """Nodes of everything tagged as indoors; the rest is surroundings."""
    nodes: set[int] = set()
    for way in data.ways.values():
        if way.tags.get("indoor", "no") != "no":
            nodes.update(way.nodes)
    for relation in data.relations.values():
        if relation.tags.get("type") == "multipolygon" and indoors(relation.tags):
            for kind, ref, _ in relation.members:
                if kind == "way" and ref in data.ways:
                    nodes.update(data.ways[ref].nodes)
    return nodes


def _without(data: OsmData, stray: set[int]) -> OsmData:
    """Everything that has none of the nodes that are kilometres away."""
    nodes = {key: node for key, node in data.nodes.items() if key not in stray}
    ways = {key: way for key, way in data.ways.items() if stray.isdisjoint(way.nodes)}
    return replace(data, nodes=nodes, ways=ways)


class _Osm:
    def __init__(self, draft: Draft, data: OsmData, inside: Sequence[int]) -> None:
        self.draft = draft
        self.data = data
        frame = draft.georeference.frame
        assert frame is not None
        lonlat = np.array([[n.lon_deg, n.lat_deg] for n in data.nodes.values()])
        metres = np.round(frame.to_metres(lonlat), 4).tolist()
        self.xy = {node: (x, y) for node, (x, y) in zip(data.nodes, metres, strict=True)}
        hull = shapely.convex_hull(shapely.multipoints([self.xy[node] for node in inside]))
        self.near = shapely.buffer(hull, NEARBY_M)
        """The area in which an outdoor line still belongs to the building."""
        self.outline_at: dict[int, list[tuple[str, str]]] = {}
        """By node: (level, key) of the spaces whose outline it is on."""
        self.lines_at: dict[int, list[tuple[int, tuple[float, ...]]]] = {}
        """By node: the flat lines through it, as (way, its storeys)."""

    def read(self) -> None:
        """Areas before lines, lines before doors: each takes its storey from the ones before."""
        ways = sorted(self.data.ways.values(), key=lambda way: way.id)
        areas = [way for way in ways if way.closed and is_area(way.tags)]
        taken = {way.id for way in areas}
        lines = [way for way in ways if way.id not in taken and is_line(way.tags)]
        for way in areas:
            self._area(f"way/{way.id}", way.tags, _polygon(self._corners(way.nodes)), way.nodes)
        for relation in sorted(self.data.relations.values(), key=lambda r: r.id):
            if relation.tags.get("type") == "multipolygon" and is_area(relation.tags):
                outline, nodes = self._multipolygon(relation)
                self._area(f"relation/{relation.id}", relation.tags, outline, nodes)
        self._note_lines(lines)
        for way in lines:
            self._line(way)
        taken.update(way.id for way in lines)
        for way in ways:
            if way.tags.get("indoor") == "wall":
                self._wall(way)
            elif indoors(way.tags) and way.id not in taken:
                self.draft.tally("osm-not-understood", f"way/{way.id}")
        for node in sorted(self.data.nodes.values(), key=lambda node: node.id):
            self._node(node)
        carried = {space.connector for space in self.draft.spaces}
        self.draft.connectors = [c for c in self.draft.connectors if c.key in carried]
        self.draft.names = self._building_names()
        self._post_labels(ways)

    def _where(self, what: str) -> str:
        return f"{self.draft.source}, {what}"

    def _corners(self, nodes: Iterable[int]) -> list[tuple[float, float]]:
        return [self.xy[node] for node in nodes]

    # Storeys

    def _levels(self, tags: Tags) -> tuple[float, ...]:
        """Empty if no storey is given or the value cannot be read."""
        try:
            return all_levels(tags)
        except StoreyError:
            return ()

    def _say_no_level(self, what: str, tags: Tags) -> None:
        said = tags.get("level") or tags.get("repeat_on")
        if said:
            self.draft.say("level-not-understood", self._where(what), level=said[:40])
        else:
            self.draft.say("level-missing", self._where(what))

    def _use(self, ordinal: float) -> str:
        key = level_key(ordinal)
        self.draft.levels.setdefault(key, PlanLevel(key, ordinal))
        return key

    def _post_labels(self, ways: Iterable[Way]) -> None:
        """Labels on a storey's walls, from its outline or anything that is on it alone."""
        for way in ways:
            outline = way.tags.get("indoor") == "level"
            label = way.tags.get("level:ref") or (
                way.tags.get("ref") or way.tags.get("name") if outline else None
            )
            levels = self._levels(way.tags)
            if label and len(levels) == 1:
                key = level_key(levels[0])
                if key in self.draft.levels and not self.draft.levels[key].label:
                    self.draft.levels[key] = PlanLevel(key, levels[0], label.strip()[:40])

    def _levels_touched(self, node: int) -> set[float]:
        """Storeys of outlines and of flat lines through a node."""
        on_outlines = {self.draft.levels[at].ordinal for at, _ in self.outline_at.get(node, ())}
        return on_outlines or {v for _, at in self.lines_at.get(node, ()) for v in at}

    # Areas

    def _area(
        self, key: str, tags: Tags, outline: BaseGeometry | None, nodes: Iterable[int]
    ) -> None:
        names, ref = names_of_tags(tags), ref_of(tags)
        known = class_of(tags, names)
        levels = self._levels(tags)
        if not levels and (known.kind == "outdoor" or is_platform(tags)):
            self.draft.tally("level-taken-as-ground", key)
            levels = (0.0,)
        if not levels:
            self._say_no_level(key, tags)
            return
        if outline is None:
            self.draft.say("outline-not-closed", self._where(key))
            return
        connector = ""
        if len(levels) > 1:
            connector = self._connector(key, known.kind, names, ref, tags)
        for ordinal in levels:
            space = PlanSpace(
                key=key,
                level=self._use(ordinal),
                outline=UNDRAWN,
                kind=known.kind,
                category=known.category,
                names=names,
                ref=ref,
                access=access(tags),
                connector=connector,
                step_free=step_free(tags),
                slope=slope(tags),
            )
            drawn = len(self.draft.spaces)
            self.draft.add_outline(space, outline, self._where(key))
            if len(self.draft.spaces) > drawn:
                for node in dict.fromkeys(nodes):
                    self.outline_at.setdefault(node, []).append((space.level, key))

    def _connector(
        self, key: str, kind: SpaceKind, names: Mapping[str, str], ref: str, tags: Tags
    ) -> str:
        """The key that the spaces of a shaft share, ``""`` if it is not a shaft."""
        if kind not in get_args(ConnectorKind):
            return ""
        called = names or ({"": ref} if ref else {})
        self.draft.connectors.append(
            PlanConnector(
                key,
                cast(ConnectorKind, kind),
                called,
                access=access(tags),
                step_free=step_free(tags),
            )
        )
        return key

    def _multipolygon(self, relation: Relation) -> tuple[BaseGeometry | None, list[int]]:
        """The outline, None if no outer ring closes, and the nodes on it."""
        rings: dict[str, list[list[int]]] = {}
        for role in ("outer", "inner"):
            rings[role] = _join_rings(
                [
                    self.data.ways[ref].nodes
                    # A way that is in a relation twice counts once.
                    for kind, ref, given in dict.fromkeys(relation.members)
                    if kind == "way" and ref in self.data.ways and (given or "outer") == role
                ]
            )
        outer = [p for ring in rings["outer"] if (p := _polygon(self._corners(ring)))]
        inner = [p for ring in rings["inner"] if (p := _polygon(self._corners(ring)))]
        nodes = [node for ring in [*rings["outer"], *rings["inner"]] for node in ring]
        parts = []
        for shell in outer:
            around = shapely.buffer(shell, 1e-3)
            holes = [hole.exterior for hole in inner if around.covers(hole)]
            parts.append(Polygon(shell.exterior, holes))
        if not parts:
            return None, nodes
        return (parts[0] if len(parts) == 1 else MultiPolygon(parts)), nodes

    # Lines

    def _note_lines(self, lines: Iterable[Way]) -> None:
        for way in lines:
            if way.tags.get("highway") != "steps":
                levels = self._levels(way.tags)
                for node in dict.fromkeys(way.nodes):
                    self.lines_at.setdefault(node, []).append((way.id, levels))

    def _line(self, way: Way) -> None:
        tags, key = way.tags, f"way/{way.id}"
        points = self._corners(way.nodes)
        if len(set(points)) < 2:
            self.draft.say("line-too-short", self._where(key))
            return
        line = LineString(points)
        if not indoors(tags):
            street = tags.get("highway") == "service" and tags.get("foot", "no") == "no"
            if street or not self.near.intersects(line):
                self.draft.tally("outdoor-left-out", "")
                return
        if tags.get("indoor") == "pathway" and self._inside_stairs(line):
            self.draft.tally("line-inside-stairs", key)
            return
        kind = line_kind(tags)
        for levels in self._walked_levels(way, kind):
            self._path(way, kind, levels, line)

    def _inside_stairs(self, line: LineString) -> bool:
        return any(
            space.kind == "stairs" and shapely.buffer(space.outline, 0.5).covers(line)
            for space in self.draft.spaces
        )

    def _walked_levels(self, way: Way, kind: PathKind) -> list[tuple[float, ...]]:
        """For each copy of a line its storey, or its first and last in the order of its points."""
        tags, key = way.tags, f"way/{way.id}"
        try:
            own, copies = own_levels(tags), repeats(tags)
        except StoreyError:
            self._say_no_level(key, tags)
            return []
        base = own[0] if own else 0.0
        if not own:
            own = self._levels_by_ends(way)
            if own:
                self.draft.tally("level-from-neighbours", key)
            elif indoors(tags):
                self._say_no_level(key, tags)
                return []
            else:
                self.draft.tally("level-taken-as-ground", key)
                own = (0.0,)
        elif len(own) > 1 and kind == "footway" and not self._climbs(way, own):
            return [(level,) for level in all_levels(tags)]
        elif len(own) > 1:
            own = self._in_walking_order(way, own)
        moves = dict.fromkeys([0.0, *(copy - base for copy in copies)])
        return [tuple(level + move for level in own) for move in moves]

    def _ends(self, way: Way) -> tuple[set[float], set[float]]:
        """Storeys of the areas and the flat lines that share the first and the last point."""
        found: list[set[float]] = []
        for node in (way.nodes[0], way.nodes[-1]):
            levels = {
                level
                for other, at in self.lines_at.get(node, ())
                if other != way.id and len(at) == 1
                for level in at
            }
            for at, _ in self.outline_at.get(node, ()):
                levels.add(self.draft.levels[at].ordinal)
            found.append(levels)
        return found[0], found[1]

    def _levels_by_ends(self, way: Way) -> tuple[float, ...]:
        first, last = self._ends(way)
        if len(first) == 1 and len(last) == 1 and first != last:
            return (*first, *last)
        either = first | last
        return tuple(either) if len(either) == 1 else ()

    def _climbs(self, way: Way, own: Sequence[float]) -> bool:
        """Whether a flat line on two storeys leads from one to the other, not along both."""
        first, last = self._ends(way)
        return len(own) == 2 and first.isdisjoint(last) and first | last == set(own)

    def _in_walking_order(self, way: Way, own: Sequence[float]) -> tuple[float, float]:
        """Lowest and highest storey, in the order that neighbours of the ends or `incline` give."""
        low, high = min(own), max(own)
        first, last = self._ends(way)
        climb = ((low in first) + (high in last)) - ((high in first) + (low in last))
        climb = climb or incline_sign(way.tags)
        if climb == 0:
            self.draft.say("steps-direction-guessed", self._where(f"way/{way.id}"))
        return (low, high) if climb >= 0 else (high, low)

    def _path(self, way: Way, kind: PathKind, levels: tuple[float, ...], line: LineString) -> None:
        tags, key = way.tags, f"way/{way.id}"
        oneway, against = runs(tags)
        if kind == "escalator" and not oneway:
            self.draft.say("escalator-direction-unknown", self._where(key))
        if against:
            levels, line = levels[::-1], line.reverse()
        used = tuple(self._use(level) for level in levels)
        self.draft.paths.append(
            PlanPath(
                key=self.draft.unique("path", "/".join(used), key, self._where(key)),
                points=line,
                levels=used if len(set(used)) > 1 else used[:1],
                kind=kind,
                oneway=oneway,
                names=tagged_names(dict(tags), ("name",)),
                step_free=False if kind in ("stairs", "escalator") else step_free(tags),
                slope=slope(tags),
                access=access(tags),
                width_m=drawn_width_m(tags),
            )
        )

    def _wall(self, way: Way) -> None:
        points = self._corners(way.nodes)
        levels = self._levels(way.tags)
        if len(set(points)) < 2:
            self.draft.say("line-too-short", self._where(f"way/{way.id}"))
        elif not levels:
            self._say_no_level(f"way/{way.id}", way.tags)
        for level in levels if len(set(points)) > 1 else ():
            self.draft.walls.append((self._use(level), LineString(points)))

    # Nodes

    def _node(self, node: Node) -> None:
        tags = node.tags
        if tags.get("highway") == "elevator":
            self._lift(node)
        elif "door" in tags or tags.get("entrance", "no") != "no":
            self._door(node)
        elif any(tags.get(key, "no") != "no" for key in PLACE_KEYS) and not is_no_place(tags):
            self._point(node)

    def _door(self, node: Node) -> None:
        tags, key = node.tags, f"node/{node.id}"
        here = Point(self.xy[node.id])
        levels: Sequence[float] = self._levels(tags)
        if not levels:
            levels = sorted(self._levels_touched(node.id))
            entrance = tags.get("entrance", "no") != "no"
            if levels:
                self.draft.tally("level-from-neighbours", key)
            elif entrance and not tags.get("level") and self.near.covers(here):
                self.draft.tally("level-taken-as-ground", key)
                levels = [0.0]
            else:
                self._say_no_level(key, tags)
        hours = self.draft.hours(tags.get("opening_hours", "")[:200], key) if levels else ALWAYS
        for ordinal in levels:
            level = self._use(ordinal)
            joined = (space for at, space in self.outline_at.get(node.id, ()) if at == level)
            self.draft.doors.append(
                PlanDoor(
                    key=key,
                    level=level,
                    line=here,
                    kind=door_kind(tags),
                    width_m=drawn_width_m(tags),
                    spaces=tuple(dict.fromkeys(joined)),
                    access=access(tags),
                    entrance=is_entrance(tags),
                    names=tagged_names(dict(tags), ("name", "entrance:name")),
                    step_free=step_free(tags),
                    hours=hours,
                )
            )

    def _lift(self, node: Node) -> None:
        """A lift that is only a point is drawn as a square, unless its outline exists too."""
        tags, key = node.tags, f"node/{node.id}"
        levels: Sequence[float] = self._levels(tags)
        if not levels:
            levels = sorted(self._levels_touched(node.id))
            if len(levels) < 2:
                self._say_no_level(key, tags)
                return
            self.draft.tally("level-from-neighbours", key)
        if len(levels) < 2:
            self.draft.say("lift-on-one-level", self._where(key))
        names, ref = names_of_tags(tags), ref_of(tags)
        connector = self._connector(key, "elevator", names, ref, tags)
        x, y = self.xy[node.id]
        half = LIFT_M / 2
        drawn = 0
        for ordinal in levels:
            level = self._use(ordinal)
            found = self._lift_outline(level, Point(x, y))
            if found is not None:
                space = self.draft.spaces[found]
                self.draft.spaces[found] = replace(
                    space,
                    connector=connector,
                    names=space.names or names,
                    ref=space.ref or ref,
                    step_free=step_free(tags) if space.step_free is None else space.step_free,
                )
                continue
            drawn += 1
            space = PlanSpace(
                key=key,
                level=level,
                outline=UNDRAWN,
                kind="elevator",
                category="elevator",
                names=names,
                ref=ref,
                access=access(tags),
                connector=connector,
                step_free=step_free(tags),
            )
            square = shapely.box(x - half, y - half, x + half, y + half)
            self.draft.add_outline(space, square, self._where(key))
        if drawn:
            self.draft.say("lift-drawn-as-point", self._where(key))

    def _lift_outline(self, level: str, here: Point) -> int | None:
        """The lift drawn around `here`, unless another lift that is a point has taken it."""
        for index, space in enumerate(self.draft.spaces):
            if (
                space.kind == "elevator"
                and space.level == level
                and not space.connector.startswith("node/")
                and shapely.buffer(space.outline, 0.3).covers(here)
            ):
                return index
        return None

    def _point(self, node: Node) -> None:
        tags, key = node.tags, f"node/{node.id}"
        names, known = names_of_tags(tags), osm_class(tags)
        category = known.category if known else ""
        if not names and not category:
            return
        here = Point(self.xy[node.id])
        levels = self._levels(tags)
        if not levels and (indoors(tags) or tags.get("level") or node.id in self.outline_at):
            self._say_no_level(key, tags)
        elif not levels and self.near.covers(here):
            self.draft.tally("point-without-level", key)
        for ordinal in levels:
            level = self._use(ordinal)
            self.draft.points.append(PlanPoint(key, level, here, category, names, ref_of(tags)))

    # The building

    def _building_names(self) -> dict[str, str]:
        """The names of the building that contains most of the indoor objects; the first of ties."""
        inside = [shapely.point_on_surface(space.outline) for space in self.draft.spaces]
        inside += [path.points.centroid for path in self.draft.paths]
        tree = STRtree(inside)
        best: tuple[int, dict[str, str]] = (0, {})
        outlines: list[tuple[BaseGeometry | None, Tags]] = [
            (_polygon(self._corners(way.nodes)), way.tags)
            for way in sorted(self.data.ways.values(), key=lambda way: way.id)
            if way.closed and "building" in way.tags
        ]
        outlines += [
            (self._multipolygon(relation)[0], relation.tags)
            for relation in sorted(self.data.relations.values(), key=lambda r: r.id)
            if relation.tags.get("type") == "multipolygon" and "building" in relation.tags
        ]
        for outline, tags in outlines:
            names = tagged_names(dict(tags), ("name",))
            if names and outline is not None and outline.is_valid:
                count = len(tree.query(outline, predicate="covers"))
                if count > best[0]:
                    best = (count, names)
        return best[1]


def _polygon(corners: Sequence[tuple[float, float]]) -> Polygon | None:
    return Polygon(corners) if len(set(corners)) >= 3 else None


def _join_rings(ways: Sequence[Sequence[int]]) -> list[list[int]]:
    """Closed rings of node ids from ways that meet at their ends; loose ends are left out."""
    rings = [list(nodes) for nodes in ways if len(nodes) > 3 and nodes[0] == nodes[-1]]
    loose = {i: nodes for i, nodes in enumerate(ways) if nodes and nodes[0] != nodes[-1]}
    ending: dict[int, list[int]] = {}
    for i, nodes in loose.items():
        ending.setdefault(nodes[0], []).append(i)
        ending.setdefault(nodes[-1], []).append(i)
    for start in list(loose):
        if start not in loose:
            continue
        ring = list(loose.pop(start))
        while ring[0] != ring[-1]:
            found = next((i for i in ending[ring[-1]] if i in loose), None)
            if found is None:
                break
            nodes = loose.pop(found)
            ring.extend(nodes[1:] if nodes[0] == ring[-1] else nodes[-2::-1])
        if ring[0] == ring[-1] and len(ring) > 3:
            rings.append(ring)
    return rings
