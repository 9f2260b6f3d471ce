"""Plans, the directory and corrections become one venue.

The order matters: levels and ids first, then corrections of single spaces, doors
and shafts, then guesses for what is still missing, then the places that people ask for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from navkit.plan.frame import Frame
from navkit.plan.plan import CIRCULATION, SHAFTS, Plan, PlanDoor, PlanLevel
from navkit.venue import matching, pathdoors, shafts
from navkit.venue.changes import Changes
from navkit.venue.corrections import Change
from navkit.venue.directory import Directory
from navkit.venue.places import LevelOf, Parts, places_of, space_at
from navkit.venue.venue import (
    Anchor,
    Connector,
    Door,
    DrawnPath,
    Level,
    Space,
    Venue,
)
from navkit.words.findings import Finding, NavkitError

G = TypeVar("G", bound=BaseGeometry)

BLACK_LIST = re.compile(r"[\s,;#]+")
"""Characters that an id made from a name must not have: people type ids and list them."""


def join(
    plans: Sequence[Plan],
    directory: Directory | None = None,
    corrections: Sequence[Change] = (),
) -> Venue:
    """One venue of all `plans`. `NavkitError` if they cannot share one frame."""
    frame, plans = _one_frame(plans)
    findings = [finding for plan in plans for finding in plan.findings]
    levels, level_of = _levels(plans, findings)
    spaces, space_of_key = _spaces(plans, level_of, findings)
    changes = Changes(corrections)
    levels = sorted(map(changes.to_level, levels), key=lambda v: (v.building, v.ordinal, v.id))

    level_order = {level.id: number for number, level in enumerate(levels)}
    spaces += changes.new_spaces(spaces, level_order)
    spaces = sorted(map(changes.to_space, spaces), key=lambda space: level_order[space.level])
    level_by_id = {level.id: level for level in levels}
    drawn = matching.match_doors(spaces, _doors(plans, level_of), space_of_key, level_by_id)
    added = changes.new_doors(spaces, level_by_id, findings)
    known = list(map(changes.to_door, (*drawn.doors, *added)))
    findings += drawn.findings
    paths = tuple(_turned(tuple(_paths(plans, level_of))))
    doors = _completed(spaces, known, paths, _walls(plans, level_of), findings)
    connectors = _connectors(plans, spaces, level_by_id, changes, findings)

    parts = Parts(levels, spaces, doors, connectors)
    places, place_findings = places_of(plans, parts, directory, level_of)
    findings += [*place_findings, *_duplicates(spaces), *_overlaps(spaces)]
    number = {space.id: i for i, space in enumerate(spaces)}
    places = sorted(
        map(changes.to_place, places),
        key=lambda place: min((number[s] for s in place.spaces), default=len(number)),
    )
    anchors = [*_anchors(plans, spaces, level_of, findings), *changes.new_anchors(spaces)]
    closable = {thing.id for things in (spaces, doors, connectors, paths) for thing in things}
    venue = Venue(
        names=next((dict(plan.names) for plan in plans if plan.names), {}),
        frame=frame,
        levels=tuple(levels),
        spaces=tuple(spaces),
        doors=doors,
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


def _completed(
    spaces: Sequence[Space],
    known: Sequence[Door],
    paths: Sequence[DrawnPath],
    walls: Mapping[str, Sequence[LineString]],
    findings: list[Finding],
) -> tuple[Door, ...]:
    """All doors in their order: the `known` ones, and those that a drawing leaves out."""
    met = pathdoors.doors_on_paths(spaces, known, paths)
    assumed = matching.assume_openings(spaces, met.doors, walls)
    near = pathdoors.doors_near_paths(spaces, (*met.doors, *assumed.doors), paths, walls)
    findings += met.findings
    findings += _still_open((*assumed.findings, *near.findings), near.doors)
    return _in_order((*met.doors, *assumed.doors, *near.doors), spaces)


def _connectors(
    plans: Sequence[Plan],
    spaces: Sequence[Space],
    levels: Mapping[str, Level],
    changes: Changes,
    findings: list[Finding],
) -> tuple[Connector, ...]:
    """The shafts, as described by drawings and staff."""
    described = {c.key: c for plan in plans for c in plan.connectors}
    described |= changes.new_connectors()
    joined = shafts.join_shafts(spaces, levels, described)
    findings += joined.findings
    return tuple(map(changes.to_connector, joined.connectors))


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
    """The label that a Chinese hospital posts: B1 below the ground floor, 1F for it, 2F above."""
    number = level.ordinal + 1 if level.ordinal >= 0 else -level.ordinal
    return f"{number:g}F" if level.ordinal >= 0 else f"B{number:g}"


def _spaces(
    plans: Sequence[Plan], level_of: LevelOf, findings: list[Finding]
) -> tuple[list[Space], dict[str, str]]:
    """Spaces with durable ids, and the id for each drawing key."""
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
    """Doors with durable ids: the drawing's, else from their position, to half a metre."""
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
    """Without the findings for spaces that got a door from a footway after all."""
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
    """Steps whose ends meet other paths the wrong way round are turned: their drawing does not
    say which end is up, and only one direction joins anything.
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
            space = space_at(spaces, level, anchor.point)
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


def _duplicates(spaces: Sequence[Space]) -> list[Finding]:
    """Door numbers that occur twice on one level: nobody can be guided to "the" room."""
    at: dict[tuple[str, str], list[str]] = defaultdict(list)
    for space in spaces:
        if space.ref and space.kind not in SHAFTS and space.kind != "closed":
            at[space.level, space.ref].append(space.id)
    return [
        Finding("duplicate-label", f"{level}, {ref}", {"spaces": ", ".join(ids[:6])})
        for (level, ref), ids in at.items()
        if len(ids) > 1
    ]


def _overlaps(spaces: Sequence[Space]) -> list[Finding]:
    return [
        Finding("spaces-overlap", f"{a}, {b}", {"area": f"{area:.1f}"})
        for a, b, area in matching.overlaps(spaces)
    ]
