"""Plans, the directory and corrections become one venue.

The order matters: levels and ids first, then what corrections say of single spaces, doors
and shafts, then guesses for what is still missing, then the places that people ask for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from navkit.plan.categories import category_names
from navkit.plan.frame import Frame
from navkit.plan.plan import CIRCULATION, SHAFTS, Names, Plan, PlanDoor, PlanLevel, strictest
from navkit.venue import matching, pathdoors, shafts
from navkit.venue.changes import Changes
from navkit.venue.corrections import Change
from navkit.venue.directory import Directory, Entry
from navkit.venue.venue import (
    Anchor,
    Connector,
    Door,
    DrawnPath,
    Level,
    Place,
    Space,
    Venue,
    name_in,
)
from navkit.words.findings import Finding, NavkitError

G = TypeVar("G", bound=BaseGeometry)

BLACK_LIST = re.compile(r"[\s,;#]+")
"""What an id made from a name may not hold: people type ids and put them in lists."""


def join(
    plans: Sequence[Plan],
    directory: Directory | None = None,
    corrections: Sequence[Change] = (),
) -> Venue:
    """One venue of all `plans`. `NavkitError` where they cannot stand in one frame."""
    frame, plans = _one_frame(plans)
    findings = [finding for plan in plans for finding in plan.findings]
    levels, level_of = _levels(plans, findings)
    spaces, space_of_key = _spaces(plans, level_of, findings)
    changes = Changes(corrections)
    levels = sorted(map(changes.to_level, levels), key=lambda v: (v.building, v.ordinal, v.id))

    level_order = {level.id: number for number, level in enumerate(levels)}
    spaces += changes.new_spaces(spaces, level_order)
    spaces = sorted(map(changes.to_space, spaces), key=lambda space: level_order[space.level])
    doors = _doors(plans, level_of)
    level_by_id = {level.id: level for level in levels}
    matched = matching.match_doors(spaces, doors, space_of_key, level_by_id)
    walls = _walls(plans, level_of)
    drawn = [
        changes.to_door(door)
        for door in (*matched.doors, *changes.new_doors(spaces, level_by_id, findings))
    ]
    paths = tuple(_turned(tuple(_paths(plans, level_of))))
    met = pathdoors.doors_on_paths(spaces, drawn, paths)
    assumed = matching.assume_openings(spaces, met.doors, walls)
    near = pathdoors.doors_near_paths(spaces, (*met.doors, *assumed.doors), paths, walls)
    findings += [*matched.findings, *met.findings]
    findings += _still_open((*assumed.findings, *near.findings), near.doors)
    all_doors = _in_order((*met.doors, *assumed.doors, *near.doors), spaces)

    described = {c.key: c for plan in plans for c in plan.connectors}
    described |= changes.new_connectors()
    joined = shafts.join_shafts(spaces, level_by_id, described)
    findings += joined.findings
    connectors = tuple(changes.to_connector(connector) for connector in joined.connectors)

    places, place_findings = _places(
        plans, spaces, all_doors, connectors, directory, level_of, levels
    )
    findings += place_findings
    findings += _duplicates(spaces)
    findings += [
        Finding("spaces-overlap", f"{a}, {b}", {"area": f"{area:.1f}"})
        for a, b, area in matching.overlaps(spaces)
    ]
    number = {space.id: i for i, space in enumerate(spaces)}
    places = sorted(
        map(changes.to_place, places),
        key=lambda place: min((number[s] for s in place.spaces), default=len(number)),
    )
    anchors = [*_anchors(plans, spaces, level_of, findings), *changes.new_anchors(spaces)]
    closable = {space.id for space in spaces} | {door.id for door in all_doors}
    closable |= {connector.id for connector in connectors} | {path.id for path in paths}
    venue = Venue(
        names=next((dict(plan.names) for plan in plans if plan.names), {}),
        frame=frame,
        levels=tuple(levels),
        spaces=tuple(spaces),
        doors=all_doors,
        connectors=connectors,
        paths=paths,
        places=tuple(places),
        anchors=tuple(anchors),
        closures=changes.closures(closable),
        photos=tuple(changes.photos(spaces, places)),
        speech=changes.speech(),
        building_names={k: dict(n) for plan in plans for k, n in plan.building_names.items()},
    )
    findings = [f for f in findings if not changes.answers(f)]
    findings += changes.unused()
    return replace(venue, findings=tuple(findings))


def _one_frame(plans: Sequence[Plan]) -> tuple[Frame | None, list[Plan]]:
    """All plans in the first one's frame; drawings with and without one cannot be mixed."""
    frames = {plan.frame is None for plan in plans}
    if len(frames) > 1:
        local = next(plan.source for plan in plans if plan.frame is None)
        raise NavkitError("mixed-frames", local)
    frame = plans[0].frame if plans else None
    return frame, [_moved(plan, frame) if plan.frame != frame else plan for plan in plans]


def _moved(plan: Plan, frame: Frame | None) -> Plan:
    assert frame is not None
    assert plan.frame is not None
    old, new = plan.frame, frame

    def move(geometry: G) -> G:
        return shapely.transform(
            geometry, lambda xy: new.to_metres(old.to_degrees(np.asarray(xy, dtype=float)))
        )

    return replace(
        plan,
        frame=frame,
        spaces=tuple(replace(s, outline=move(s.outline)) for s in plan.spaces),
        doors=tuple(replace(d, line=move(d.line)) for d in plan.doors),
        paths=tuple(replace(p, points=move(p.points)) for p in plan.paths),
        walls=tuple((level, move(line)) for level, line in plan.walls),
        points=tuple(replace(p, point=move(p.point)) for p in plan.points),
        anchors=tuple(replace(a, point=move(a.point)) for a in plan.anchors),
    )


LevelOf = Mapping[tuple[str, str], str]
"""Venue level id by (plan source, level key)."""


def _levels(plans: Sequence[Plan], findings: list[Finding]) -> tuple[list[Level], LevelOf]:
    """Levels with durable ids, lowest first within each building."""
    drawn = [(plan.source, level) for plan in plans for level in plan.levels]
    meanings: dict[str, set[tuple[str, float]]] = defaultdict(set)
    for _, level in drawn:
        meanings[level.key].add((level.building, level.ordinal))
    levels: dict[str, Level] = {}
    level_of: dict[tuple[str, str], str] = {}
    for source, level in drawn:
        unclear = len(meanings[level.key]) > 1
        if unclear and len({building for building, _ in meanings[level.key]}) == 1:
            findings.append(Finding("levels-contradict", f"{source}, {level.key}"))
        level_id = f"{level.building}-{level.key}" if unclear and level.building else level.key
        level_of[source, level.key] = level_id
        if level_id not in levels:
            levels[level_id] = Level(
                id=level_id,
                ordinal=level.ordinal,
                label=level.label or _usual_label(level),
                building=level.building,
                elevation_m=level.elevation_m,
            )
            if not level.label:
                label = levels[level_id].label
                findings.append(Finding("level-without-label", level_id, {"label": label}))
    return sorted(levels.values(), key=lambda v: (v.building, v.ordinal, v.id)), level_of


def _usual_label(level: PlanLevel) -> str:
    """What a Chinese hospital posts: B1 below the ground floor, 1F for it, 2F above."""
    number = level.ordinal + 1 if level.ordinal >= 0 else -level.ordinal
    return f"{number:g}F" if level.ordinal >= 0 else f"B{number:g}"


def _spaces(
    plans: Sequence[Plan], level_of: LevelOf, findings: list[Finding]
) -> tuple[list[Space], dict[str, str]]:
    """Spaces with durable ids, and the id that each drawing key stands for."""
    drawn = [(plan.source, space) for plan in plans for space in plan.spaces]
    key_count = Counter(space.key for _, space in drawn)
    taken: Counter[str] = Counter()
    spaces: list[Space] = []
    space_of_key: dict[str, str] = {}
    for source, space in drawn:
        level = level_of[source, space.level]
        if space.key and key_count[space.key] == 1:
            space_id = space.key
        else:
            centre = space.outline.representative_point()
            label = space.key or space.ref or next(iter(space.names.values()), "")
            spot = f"x{centre.x:.0f}y{centre.y:.0f}"
            space_id = f"{level}:{BLACK_LIST.sub('-', label) or spot}"
        taken[space_id] += 1
        if taken[space_id] > 1:
            findings.append(Finding("duplicate-id", f"{source}, {space_id}"))
            space_id = f"{space_id}#{taken[space_id]}"
        space_of_key[space.key] = space_id
        spaces.append(
            Space(
                id=space_id,
                level=level,
                outline=shapely.set_precision(space.outline, 0.001, mode="pointwise"),
                kind=space.kind,
                category=space.category,
                names=space.names,
                ref=space.ref,
                access=space.access,
                connector=space.connector,
                step_free=space.step_free,
                slope=space.slope,
            )
        )
    return spaces, space_of_key


def _doors(plans: Sequence[Plan], level_of: LevelOf) -> list[tuple[str, PlanDoor]]:
    """Doors with durable ids: the drawing's, else where they are, to half a metre."""
    drawn = [
        (plan.source, replace(door, level=level_of[plan.source, door.level]))
        for plan in plans
        for door in plan.doors
    ]
    key_count = Counter(door.key for _, door in drawn)
    taken: Counter[str] = Counter()
    doors = []
    for _, door in drawn:
        door_id = door.key
        if not door_id or key_count[door_id] > 1:
            middle = door.line.centroid
            spot = f"x{middle.x * 2:.0f}y{middle.y * 2:.0f}"
            door_id = f"{door.level}:{door_id or 'door'}@{spot}"
        taken[door_id] += 1
        doors.append((door_id + (f"#{taken[door_id]}" if taken[door_id] > 1 else ""), door))
    return doors


def _still_open(findings: Iterable[Finding], doors: Iterable[Door]) -> Iterable[Finding]:
    """Without the findings of spaces that got a door from a footway after all."""
    helped = {door.spaces[0] for door in doors}
    without = ("space-without-door", "space-stands-alone")
    return (f for f in findings if f.code not in without or f.slots["id"] not in helped)


def _in_order(doors: Iterable[Door], spaces: Sequence[Space]) -> tuple[Door, ...]:
    """Doors with the room before the corridor, in the order of those rooms.

    Neighbours in the list are then neighbours in the building, which keeps bundles small.
    """
    number = {space.id: i for i, space in enumerate(spaces)}
    circulates = {space.id for space in spaces if space.kind in CIRCULATION}

    def rank(space_id: str) -> tuple[bool, bool, int]:
        return (not space_id, space_id in circulates, number.get(space_id, -1))

    turned = [replace(d, spaces=_two(sorted(d.spaces, key=rank))) for d in doors]
    return tuple(sorted(turned, key=lambda d: (number[d.spaces[0]], rank(d.spaces[1]), d.id)))


def _two(pair: Sequence[str]) -> tuple[str, str]:
    return pair[0], pair[1]


def _walls(plans: Sequence[Plan], level_of: LevelOf) -> dict[str, list[LineString]]:
    walls: dict[str, list[LineString]] = defaultdict(list)
    for plan in plans:
        for level, line in plan.walls:
            walls[level_of[plan.source, level]].append(line)
    return walls


def _turned(paths: Sequence[DrawnPath]) -> Iterable[DrawnPath]:
    """Steps whose ends meet other paths the other way round, turned: their drawing does not
    say which end is up, and only one way joins anything.
    """
    corners = {
        (path.levels[0], point)
        for path in paths
        if len(set(path.levels)) == 1
        for point in path.points
    }
    for path in paths:
        low, high = path.levels[0], path.levels[-1]
        first, last = path.points[0], path.points[-1]
        as_drawn = ((low, first) in corners) + ((high, last) in corners)
        turned = ((high, first) in corners) + ((low, last) in corners)
        if low != high and not as_drawn and turned and not path.oneway:
            yield replace(path, levels=(high, low))
        else:
            yield path


def _paths(plans: Sequence[Plan], level_of: LevelOf) -> Iterable[DrawnPath]:
    taken: Counter[str] = Counter()
    for plan in plans:
        for path in plan.paths:
            taken[path.key] += 1
            suffix = f"#{taken[path.key]}" if taken[path.key] > 1 else ""
            yield DrawnPath(
                id=f"{path.key}{suffix}",
                points=tuple((round(x, 3), round(y, 3)) for x, y, *_ in path.points.coords),
                levels=tuple(level_of[plan.source, key] for key in path.levels),
                kind=path.kind,
                oneway=path.oneway,
                names=path.names,
                step_free=path.step_free,
                slope=path.slope,
                access=path.access,
                width_m=path.width_m,
            )


def _anchors(
    plans: Sequence[Plan], spaces: Sequence[Space], level_of: LevelOf, findings: list[Finding]
) -> Iterable[Anchor]:
    for plan in plans:
        for anchor in plan.anchors:
            level = level_of[plan.source, anchor.level]
            space = _space_at(spaces, level, anchor.point)
            if space is None:
                findings.append(Finding("anchor-outside", f"{level}, {anchor.key}"))
                continue
            yield Anchor(
                id=anchor.key,
                code=anchor.code or anchor.key,
                space=space.id,
                point=(round(anchor.point.x, 3), round(anchor.point.y, 3)),
                bearing_deg=anchor.bearing_deg,
                names=anchor.names,
            )


def _space_at(
    spaces: Sequence[Space], level: str, point: Point, within_m: float = 1.5
) -> Space | None:
    """The smallest walkable space of `level` that holds `point`, else the nearest one."""
    near = [
        (round(space.outline.distance(point), 2), space.outline.area, space.id, space)
        for space in spaces
        if space.level == level and space.kind not in SHAFTS and space.kind != "closed"
    ]
    best = min(near, key=lambda n: n[:3], default=None)
    return best[3] if best and best[0] <= within_m else None


def _places(
    plans: Sequence[Plan],
    spaces: Sequence[Space],
    doors: Sequence[Door],
    connectors: Sequence[Connector],
    directory: Directory | None,
    level_of: LevelOf,
    levels: Sequence[Level],
) -> tuple[list[Place], list[Finding]]:
    """Places of the directory, then every named space, lift, stairs, entrance and point."""
    findings = list(directory.findings) if directory else []
    places: list[Place] = []
    listed: set[str] = set()
    labels = {level.id: (level.label, level.building) for level in levels}
    buildings = {key: names for plan in plans for key, names in plan.building_names.items()}
    for entry in directory.entries if directory else ():
        at = _rooms(entry, spaces, labels, buildings)
        if not at:
            rooms = ", ".join(entry.rooms)
            where = " ".join(part for part in (entry.building, entry.floor) if part)
            findings.append(
                Finding(
                    "directory-room-unknown",
                    f"{entry.line}",
                    {"name": name_in(entry.names, "zh-Hans"), "rooms": rooms, "where": where},
                )
            )
            continue
        listed.update(space.id for space in at)
        if entry.access != "restricted":
            places.append(_listed_place(entry, at))
    for space in spaces:
        names = _names_of(space)
        if space.kind in SHAFTS or space.kind == "closed" or space.access == "restricted":
            continue
        if not names and space.kind == "room":
            findings.append(Finding("unnamed-place", f"{space.level}, {space.id}"))
        if space.id not in listed and names:
            places.append(
                Place(
                    id=space.id,
                    names=names,
                    spaces=(space.id,),
                    category=space.category,
                    ref=space.ref,
                    access=space.access,
                )
            )
    for connector in connectors:
        if connector.kind in SHAFTS and connector.access == "public":
            names = connector.names or category_names(connector.kind)
            places.append(Place(connector.id, names, connector.stops, category=connector.kind))
    access_of = {space.id: space.access for space in spaces}
    for door in doors:
        # Who may not go on behind it may not come in by it.
        access = strictest([door.access, *(access_of[s] for s in door.spaces if s)])
        if door.entrance and access != "restricted":
            names = door.names or category_names("entrance")
            places.append(Place(door.id, names, door=door.id, category="entrance", access=access))
    for plan in plans:
        for point in plan.points:
            at_space = _space_at(spaces, level_of[plan.source, point.level], point.point)
            names = point.names or category_names(point.category)
            if at_space and names and at_space.access != "restricted":
                places.append(
                    Place(
                        id=point.key,
                        names=names,
                        point=(at_space.id, round(point.point.x, 3), round(point.point.y, 3)),
                        category=point.category,
                        ref=point.ref,
                        access=at_space.access,
                    )
                )
    return _unique(places), findings


def _unique(places: Iterable[Place]) -> list[Place]:
    taken: Counter[str] = Counter()
    unique = []
    for place in places:
        taken[place.id] += 1
        count = taken[place.id]
        unique.append(replace(place, id=f"{place.id}#{count}") if count > 1 else place)
    return unique


def _names_of(space: Space) -> Names:
    return space.names or ({"": space.ref} if space.ref else category_names(space.category))


def _listed_place(entry: Entry, at: Sequence[Space]) -> Place:
    return Place(
        id=entry.id or at[0].id,
        names=dict(entry.names),
        spaces=tuple(space.id for space in at),
        category=entry.category or at[0].category,
        aliases=entry.aliases,
        ref=at[0].ref,
        access="staff" if entry.access == "staff" else "public",
        hours=entry.hours,
        phone=entry.phone,
        on_door={"zh-Hans": entry.on_door} if entry.on_door else {},
        entry=entry.entry,
    )


def _rooms(
    entry: Entry,
    spaces: Sequence[Space],
    labels: Mapping[str, tuple[str, str]],
    buildings: Mapping[str, Names],
) -> list[Space]:
    """The spaces a directory row speaks of, by id, door number or name, on its floor."""
    found: list[Space] = []
    for wanted in entry.rooms:
        for space in spaces:
            label, building = labels[space.level]
            on_floor = not entry.floor or entry.floor in (label, space.level)
            in_building = not entry.building or entry.building in (
                building,
                *buildings.get(building, {}).values(),
            )
            called = wanted == space.id or (
                on_floor and in_building and wanted in (space.ref, *space.names.values())
            )
            if called and space.kind != "closed" and space not in found:
                found.append(space)
    return found


def naming(directory: Directory, venue: Venue, space: str) -> list[Entry]:
    """The rows of a directory that name a space of a venue: they stand before any other name."""
    labels = {level.id: (level.label, level.building) for level in venue.levels}
    here = [venue.space_by_id[space]]
    return [
        entry for entry in directory.entries if _rooms(entry, here, labels, venue.building_names)
    ]


def _duplicates(spaces: Sequence[Space]) -> list[Finding]:
    """Door numbers that stand twice on one level: nobody can be led to "the" room."""
    at: dict[tuple[str, str], list[str]] = defaultdict(list)
    for space in spaces:
        if space.ref and space.kind not in SHAFTS and space.kind != "closed":
            at[space.level, space.ref].append(space.id)
    return [
        Finding("duplicate-label", f"{level}, {ref}", {"spaces": ", ".join(ids[:6])})
        for (level, ref), ids in at.items()
        if len(ids) > 1
    ]
