"""OpenStreetMap's Simple Indoor Tagging: what is read of it, and in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from shapely import Point

from floorplans.classify import is_no_place, osm_class
from floorplans.draft import Draft
from floorplans.georeference import Unit, decide
from floorplans.limits import Limits
from floorplans.osm_areas import add_area, add_waiting
from floorplans.osm_building import building_names, limit_storeys, post_labels, say_codes
from floorplans.osm_doors import add_door, add_doorway
from floorplans.osm_draft import OsmDraft
from floorplans.osm_lifts import add_lift, add_lift_line
from floorplans.osm_lines import add_line, add_wall, note_lines
from floorplans.osm_shapes import polygon
from floorplans.osm_tags import (
    indoors,
    is_area,
    is_doorway,
    is_lift,
    is_line,
    is_place,
    names_of_tags,
    phone_of,
    ref_of,
)
from floorplans.osmfile import Node, OsmData, Relation, Way, parse
from floorplans.restrictions import Restricted, restricted
from floorplans.sheet import Sheet
from navkit.plan.plan import Plan, PlanPoint
from navkit.words.findings import PlanError


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One file is one plan, with one building's ordinals for everything in it."""
    (sheet,) = sheets
    plan = plan_of(parse(sheet), sheet.name, sheet.limits, said="deg", crs="")
    return replace(plan, source=source)


def plan_of(data: OsmData, where: str, limits: Limits, *, said: Unit | None, crs: str) -> Plan:
    """The plan of elements whose numbers are in the unit that is `said`, or that `crs` names."""
    inside = sorted(_nodes_indoors(data))
    if not inside:
        raise PlanError("osm-nothing-indoors", where)
    points = [Point(data.nodes[n].lon_deg, data.nodes[n].lat_deg) for n in inside]
    georeference = decide(points, said=said, crs=crs, where=where)
    stray = {inside[i] for i in georeference.stray}
    draft = Draft(where, georeference, limits)
    draft.findings.extend(data.findings)
    used = _in_use(_without(data, stray), draft)
    _fill(OsmDraft(draft, used, [node for node in inside if node not in stray]))
    return draft.plan()


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


def _in_use(data: OsmData, draft: Draft) -> OsmData:
    """Everything without what is broken or given up; a node of it is a mere corner."""
    out = {
        thing.key
        for things in (data.nodes, data.ways, data.relations)
        for thing in cast(Mapping[int, Node | Way | Relation], things).values()
        if thing.tags and restricted(thing.tags, "space", "osm").is_out_of_use
    }
    for key in sorted(out):
        draft.tally("out-of-use-left-out", key)
    nodes = {k: replace(n, tags={}) if n.key in out else n for k, n in data.nodes.items()}
    ways = {k: way for k, way in data.ways.items() if way.key not in out}
    relations = {k: r for k, r in data.relations.items() if r.key not in out}
    return replace(data, nodes=nodes, ways=ways, relations=relations)


def _fill(on: OsmDraft) -> None:
    """Areas before lines, lines before doors: each takes its storey from the ones before."""
    ways = sorted(on.data.ways.values(), key=lambda way: way.id)
    doorways = [way for way in ways if is_doorway(way.tags)]
    taken = {way.id for way in doorways}
    areas = [w for w in ways if w.closed and w.id not in taken and is_area(w.tags)]
    taken.update(way.id for way in areas)
    lifts = [way for way in ways if way.id not in taken and is_lift(way.tags)]
    taken.update(way.id for way in lifts)
    lines = [way for way in ways if way.id not in taken and is_line(way.tags)]
    for way in areas:
        add_area(on, way.key, way.tags, polygon(on.corners(way.nodes)), way.nodes)
    for relation in sorted(on.data.relations.values(), key=lambda r: r.id):
        if relation.tags.get("type") == "multipolygon" and is_area(relation.tags):
            outline, nodes = on.multipolygon(relation)
            add_area(on, relation.key, relation.tags, outline, nodes)
    note_lines(on, lines)
    for key, tags, outline, nodes in on.waiting:
        add_waiting(on, key, tags, outline, nodes)
    for way in lines:
        add_line(on, way)
    for way in lifts:
        add_lift_line(on, way)
    taken.update(way.id for way in lines)
    for way in ways:
        if way.tags.get("indoor") == "wall":
            add_wall(on, way)
        elif indoors(way.tags) and way.id not in taken:
            on.draft.tally("osm-not-understood", way.key)
    for way in doorways:
        add_doorway(on, way)
    for node in sorted(on.data.nodes.values(), key=lambda node: node.id):
        _add_node(on, node)
    say_codes(on)
    carried = {space.connector for space in on.draft.spaces}
    on.draft.connectors = [c for c in on.draft.connectors if c.key in carried]
    on.draft.names = building_names(on)
    post_labels(on, ways)
    for way in ways:
        if way.tags.get("indoor") == "level":
            limit_storeys(on, way)


def _add_node(on: OsmDraft, node: Node) -> None:
    tags = node.tags
    if tags.get("highway") == "elevator":
        add_lift(on, node)
    elif "door" in tags or tags.get("entrance", "no") != "no":
        add_door(on, node)
    elif is_place(tags) and not is_no_place(tags):
        _add_point(on, node)


def _add_point(on: OsmDraft, node: Node) -> None:
    tags, key = node.tags, node.key
    names, known = names_of_tags(tags), osm_class(tags)
    category = known.category if known else ""
    if not names and not category:
        return
    here = Point(on.xy[node.id])
    levels = on.levels(tags)
    if not levels and tags.get("level"):
        on.say_no_level(key, tags)
    elif not levels and on.near.covers(here):
        on.draft.tally("point-without-level", key)
    limits = on.restricted(key, tags, "point") if levels else Restricted()
    for ordinal in levels:
        level = on.use(ordinal)
        on.draft.points.append(
            PlanPoint(
                key=key,
                level=level,
                point=here,
                category=category,
                names=names,
                ref=ref_of(tags),
                service_hours=limits.service_hours,
                phone=phone_of(tags),
            )
        )
