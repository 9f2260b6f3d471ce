"""Plans, the directory and corrections become one venue.

The order matters: levels and ids first, then corrections of single spaces, doors
and shafts, then guesses for what is still missing, then the places that people ask for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypeVar

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.plan.frame import Frame
from navkit.plan.moved import moved
from navkit.plan.plan import CIRCULATION, SHAFTS, Plan, PlanDoor
from navkit.venue import (
    boards,
    cells,
    codes,
    floors,
    gaps,
    matching,
    openings,
    pathdoors,
    screens,
    shafts,
    sideways,
    storeys,
    titled,
)
from navkit.venue.changes import Changes
from navkit.venue.corrections import Change
from navkit.venue.directory import Directory, with_parts_of_day
from navkit.venue.earlier import Earlier, things_of
from navkit.venue.omitted import omitted
from navkit.venue.places import LevelOf, Parts, made_id, places_of, space_at
from navkit.venue.venue import (
    Anchor,
    Connector,
    Door,
    DrawnPath,
    Level,
    Place,
    Space,
    Venue,
)
from navkit.words.findings import Finding, NavkitError

G = TypeVar("G", bound=BaseGeometry)
Lines = Mapping[str, Sequence[LineString]]
"""By level."""


def join(
    plans: Sequence[Plan],
    directory: Directory | None = None,
    corrections: Sequence[Change] = (),
    earlier: Sequence[Venue] = (),
) -> Venue:
    """One venue of all `plans`. `NavkitError` if they cannot share one frame.

    What `earlier` venues of the same building show too keeps the id that it has there; the first
    of them that knows an id counts.
    """
    frame, plans = _one_frame(titled.split(plans))
    findings = [finding for plan in plans for finding in plan.findings]
    changes, before = Changes(corrections), Earlier.of(earlier, frame)
    before, levels, level_of, spaces, space_of_key = _ground(plans, before, changes.added, findings)
    said = {s.id: d for s, d in zip(spaces, (d for p in plans for d in p.spaces), strict=True)}
    levels, unordered = storeys.in_order(changes.levels(levels), _unlabelled(findings))
    findings += unordered
    as_drawn, spaces = spaces, _corrected(spaces, changes, levels)
    told = _told(plans, level_of, changes)
    spaces, part_of = _laid_out(spaces, plans, level_of, told, changes, findings)
    space_of_key = {key: part_of.get(space, space) for key, space in space_of_key.items()}
    level_by_id = {level.id: level for level in levels}
    leaves = changes.in_walls(_doors(plans, level_of))
    drawn = matching.match_doors(spaces, leaves, space_of_key, level_by_id)
    added = changes.new_doors(spaces, level_by_id, findings)
    findings += drawn.findings
    named = before.name_doors(drawn.doors, spaces)
    known = list(map(changes.to_door, (*named, *added)))
    known = list(changes.kept(changes.compared(known, spaces)))
    paths = tuple(map(changes.to_path, before.name_paths(_paths(plans, level_of))))
    doors = _completed(spaces, known, paths, level_by_id, told, changes, findings)
    doors = tuple(_passable(doors, space_of_key, findings))
    connectors = _connectors(plans, spaces, level_by_id, changes, before, findings)
    parts = Parts(levels, spaces, doors, connectors, said)
    said_of_places = with_parts_of_day(directory, changes.parts_of_day())
    listed, place_findings = places_of(plans, parts, said_of_places, level_of)
    findings += [*place_findings, *_duplicates(spaces), *_overlaps(spaces)]
    findings += omitted(spaces, levels, connectors, doors)
    places = _in_order_of_spaces(before, listed, changes, spaces)
    venue = Venue(
        names=next((dict(plan.names) for plan in plans if plan.names), {}),
        frame=frame,
        levels=tuple(levels),
        spaces=tuple(spaces),
        doors=doors,
        connectors=connectors,
        paths=paths,
        places=tuple(places),
        anchors=_hung(plans, spaces, doors, level_of, changes, findings),
        closures=changes.closures(_ids(spaces, doors, connectors, paths)),
        photos=tuple(changes.photos(spaces, places)),
        speech=changes.speech(),
        region=changes.region(),
        dates=changes.dates(),
        building_names=_building_names(plans, changes),
        removed=_gone(as_drawn, spaces),
        removed_doors=_gone(named, doors),
    )
    return _marked(venue, findings, changes, before)


T = TypeVar("T", Space, Door)


def _gone(drawn: Iterable[T], left: Iterable[T]) -> tuple[T, ...]:
    """What was drawn and is left no more."""
    known = {thing.id for thing in left}
    return tuple(thing for thing in drawn if thing.id not in known)


def _ids(*things: Iterable[Space | Door | Connector | DrawnPath]) -> set[str]:
    return {thing.id for each in things for thing in each}


def _building_names(plans: Sequence[Plan], changes: Changes) -> dict[str, dict[str, str]]:
    """By building; what a drawing calls it counts."""
    drawn = {key: dict(names) for plan in plans for key, names in plan.building_names.items()}
    return {key: dict(names) for key, names in changes.buildings().items()} | drawn


def level_ids(
    plans: Sequence[Plan], venue: Venue
) -> tuple[list[Plan], Mapping[tuple[str, str], str]]:
    """The plans that `venue` was made of as `join` reads them, in its frame, and for each level of
    them, as (source, key), its id in `venue`."""
    frame, plans = _one_frame(titled.split(plans))
    levels, level_of = _levels(plans, [])
    spaces, _ = _spaces(plans, level_of, [])
    kept = Earlier.of([venue], frame).level_ids(levels, spaces)
    return plans, {key: kept[level] for key, level in level_of.items()}


def _marked(venue: Venue, findings: Sequence[Finding], changes: Changes, before: Earlier) -> Venue:
    """The venue with its boards and stripes, and with what is still to be looked at."""
    hung, painted = changes.boards(venue.spaces), changes.stripes(venue.levels)
    venue = replace(venue, boards=tuple(changes.kept(hung)), stripes=tuple(changes.kept(painted)))
    still_open = [found for found in findings if not changes.answers(found)]
    still_open += [*boards.off_the_floor(venue), *boards.leading_nowhere(venue)]
    lost = changes.unused(things_of(venue), before.things)
    return replace(venue, findings=(*changes.not_accepted(still_open), *lost))


class _Told(NamedTuple):
    """What drawings say of where nobody passes: all walls, those of plans that have all of theirs,
    and the levels on which a graph says which space leads to which."""

    walls: Lines
    whole: Lines
    graphed: AbstractSet[str]


def _laid_out(
    spaces: Sequence[Space],
    plans: Sequence[Plan],
    level_of: LevelOf,
    told: _Told,
    changes: Changes,
    findings: list[Finding],
) -> tuple[list[Space], Mapping[str, str]]:
    """Whole rooms, cut out of each other, and to which of them cells belong; corrections also count
    for pieces that nobody drew."""
    outlines = _on_levels([(p.source, p.floors) for p in plans], level_of)
    doors = _on_levels([(p.source, [(d.level, d.line) for d in p.doors]) for p in plans], level_of)
    rooms = cells.whole(spaces, told.walls, doors)
    settled, laid_over = floors.settled(rooms.spaces, told.walls, outlines, doors)
    findings += [*rooms.findings, *laid_over]
    drawn = {space.id for space in spaces}
    settled = screens.around_screens(settled, told.whole)
    pieces = (
        [s] if s.id in drawn else map(changes.to_space, changes.redrawn([s], ())) for s in settled
    )
    return [*chain.from_iterable(pieces)], rooms.part_of


def _told(plans: Sequence[Plan], level_of: LevelOf, changes: Changes) -> _Told:
    every = [(plan.source, plan.walls) for plan in plans]
    whole = [(plan.source, plan.walls) for plan in plans if plan.walls_are_whole]
    graphed = {level_of[p.source, level.key] for p in plans if p.has_graph for level in p.levels}
    told = _Told(_on_levels(every, level_of), _on_levels(whole, level_of), graphed)
    return _as_staff_say(told, changes)


def _as_staff_say(told: _Told, changes: Changes) -> _Told:
    """The same with the walls that staff have put in, and without those where rooms are one."""

    def among(walls: Lines) -> Lines:
        known = {level: list(lines) for level, lines in walls.items()}
        for level, seam in changes.seams:
            left = (line.difference(seam) for line in known.get(level, ()))
            known[level] = [one for one in shapely.get_parts([*left]) if not one.is_empty]
        for level, wall in changes.cuts:
            known.setdefault(level, []).append(wall)
        return known

    whole = among(told.whole)
    return told._replace(
        walls=among(told.walls), whole={level: whole[level] for level in told.whole}
    )


def _corrected(spaces: list[Space], changes: Changes, levels: Sequence[Level]) -> list[Space]:
    """The spaces as staff correct them, with those that staff add, in the order of levels."""
    order = {level.id: number for number, level in enumerate(levels)}
    kept = changes.kept(map(changes.to_space, changes.redrawn(spaces, order)))
    return sorted(kept, key=lambda space: order[space.level])


def _to_mm(outline: Polygon) -> Polygon:
    """In whole millimetres, corner by corner; where that makes an outline cross itself, what is
    left of it without."""
    rounded = shapely.set_precision(outline, 0.001, mode="pointwise")
    if rounded.is_valid:
        return rounded
    parts = shapely.get_parts(shapely.set_precision(outline, 0.001))
    return max(parts, key=lambda part: part.area, default=outline)


def _ground(
    plans: Sequence[Plan], before: Earlier, added: Collection[str], findings: list[Finding]
) -> tuple[Earlier, list[Level], LevelOf, list[Space], dict[str, str]]:
    """Levels and spaces with the ids that they had before, and what refers to them.

    First comes `before`, moved as the new drawing is.
    """
    levels, level_of = _levels(plans, findings)
    spaces, space_of_key = _spaces(plans, level_of, findings)
    kept = before.level_ids(levels, spaces)
    findings[:] = [replace(found, where=kept.get(found.where, found.where)) for found in findings]
    levels = [replace(level, id=kept[level.id]) for level in levels]
    level_of = {key: kept[level] for key, level in level_of.items()}
    spaces = [replace(space, level=kept[space.level]) for space in spaces]
    before = before.onto(spaces)
    kept = before.space_ids(spaces, added)
    spaces = [replace(space, id=kept[space.id]) for space in spaces]
    space_of_key = {key: kept[space] for key, space in space_of_key.items()}
    return before, levels, level_of, spaces, space_of_key


def _in_order_of_spaces(
    before: Earlier, places: Sequence[Place], changes: Changes, spaces: Sequence[Space]
) -> list[Place]:
    """Places under their lasting ids, corrected, in the order of their spaces."""
    number = {space.id: i for i, space in enumerate(spaces)}
    return sorted(
        map(changes.to_place, before.name_points(places)),
        key=lambda place: min((number[s] for s in place.spaces), default=len(number)),
    )


def _unlabelled(findings: Iterable[Finding]) -> dict[str, str]:
    """The labels that levels have only for now, by level."""
    return {f.where: str(f.slots["label"]) for f in findings if f.code == "level-without-label"}


def _completed(
    spaces: Sequence[Space],
    known: Sequence[Door],
    paths: Sequence[DrawnPath],
    levels: Mapping[str, Level],
    told: _Told,
    changes: Changes,
    findings: list[Finding],
) -> tuple[Door, ...]:
    """All doors in their order: the `known` ones, and those that a drawing leaves out, but none
    where staff have said that there is none."""
    refused = changes.refused(spaces)
    on_paths = pathdoors.doors_on_paths(spaces, known, paths, levels)
    met = gaps.over_gaps(on_paths.doors, spaces, levels)
    findings += [*on_paths.findings, *met.findings]
    met = pathdoors.entrances_near_paths(spaces, met.doors, paths, told.walls)
    there = [d for d in met.doors if not (d.guessed and frozenset(d.spaces) in refused)]
    assumed = openings.assume_openings(
        spaces, there, told.walls, levels, told.whole, refused, told.graphed
    )
    near = pathdoors.doors_near_paths(spaces, (*there, *assumed.doors), paths, told.walls)
    findings += met.findings
    findings += _still_open((*assumed.findings, *near.findings), near.doors)
    return _in_order((*there, *assumed.doors, *near.doors), spaces)


def _connectors(
    plans: Sequence[Plan],
    spaces: Sequence[Space],
    levels: Mapping[str, Level],
    changes: Changes,
    before: Earlier,
    findings: list[Finding],
) -> tuple[Connector, ...]:
    """The shafts, as described by drawings and staff; what is said of their doors is said once."""
    described = {c.key: c for plan in plans for c in plan.connectors}
    described |= changes.new_connectors()
    joined = shafts.join_shafts(spaces, levels, described)
    beside = [*sideways.side_by_side(spaces, joined.connectors)]
    twice = {shaft for _, both in beside for shaft in both}
    findings[:] = [
        *shafts.told_once(findings, joined.connectors),
        *(found for found, _ in beside),
        *(found for found in joined.findings if not shafts.is_alone(found, twice)),
    ]
    return tuple(map(changes.to_connector, before.name_connectors(joined.connectors)))


def _one_frame(plans: Sequence[Plan]) -> tuple[Frame | None, list[Plan]]:
    """All plans in the first one's frame; drawings with and without one cannot be mixed."""
    frames = {plan.frame is None for plan in plans}
    if len(frames) > 1:
        local = next(plan.source for plan in plans if plan.frame is None)
        raise NavkitError("mixed-frames", local)
    frame = plans[0].frame if plans else None
    return frame, [_in_frame(plan, frame) if plan.frame != frame else plan for plan in plans]


def _in_frame(plan: Plan, frame: Frame | None) -> Plan:
    assert frame is not None
    assert plan.frame is not None
    old, new = plan.frame, frame
    return replace(moved(plan, lambda xy: new.to_metres(old.to_degrees(xy))), frame=frame)


def _levels(plans: Sequence[Plan], findings: list[Finding]) -> tuple[list[Level], LevelOf]:
    """Levels with durable ids, in the order of the drawings."""
    drawn = [(plan.source, level) for plan in plans for level in plan.levels]
    meanings: dict[str, set[tuple[str, float]]] = defaultdict(set)
    for _, level in drawn:
        meanings[level.key].add((level.building, level.ordinal))
    posted: dict[str, dict[str, float]] = defaultdict(dict)
    for _, level in drawn:
        if level.label:
            posted[level.building][level.label] = level.ordinal
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
                label=level.label or storeys.usual_label(level.ordinal, posted[level.building]),
                building=level.building,
                elevation_m=level.elevation_m,
            )
            if not level.label:
                label = levels[level_id].label
                findings.append(Finding("level-without-label", level_id, {"label": label}))
    return list(levels.values()), level_of


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
            space_id = made_id(level, centre, label)
        taken[space_id] += 1
        if taken[space_id] > 1:
            # Rooms of one name without ids, and the parts of one, are numbered.
            if space.key:
                findings.append(Finding("duplicate-id", f"{source}, {space_id}"))
            space_id = f"{space_id}#{taken[space_id]}"
        space_of_key[space.key] = space_id
        spaces.append(
            Space(
                id=space_id,
                level=level,
                outline=_to_mm(space.outline),
                kind=space.kind,
                category=space.category,
                names=space.names,
                ref=space.ref,
                access=space.access,
                connector=space.connector,
                step_free=space.step_free,
                slope=space.slope,
                oneway=space.oneway,
                **space.limits(),
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


def _passable(
    doors: Iterable[Door], space_of_key: Mapping[str, str], findings: list[Finding]
) -> Iterator[Door]:
    """Doors that are passed in one direction only, with the id of the space that it is about."""
    for door in doors:
        of = door.passage_of
        of = of if of in door.spaces else space_of_key.get(of, "")
        if door.passage == "both" or not door.passage_of:
            yield door
        elif of and of in door.spaces:
            yield replace(door, passage_of=of)
        else:
            findings.append(Finding("door-passage-unknown", door.id, {"space": door.passage_of}))
            yield replace(door, passage="both", passage_of="", unverified=True)


def _two(pair: Sequence[str]) -> tuple[str, str]:
    return pair[0], pair[1]


def _on_levels(
    drawn: Iterable[tuple[str, Iterable[tuple[str, G]]]], level_of: LevelOf
) -> dict[str, list[G]]:
    """What plans have on levels, by source and key of the level, by the venue's levels."""
    found: dict[str, list[G]] = defaultdict(list)
    for source, things in drawn:
        for level, thing in things:
            found[level_of[source, level]].append(thing)
    return found


def _paths(plans: Sequence[Plan], level_of: LevelOf) -> tuple[DrawnPath, ...]:
    """All drawn paths, the right way up."""
    return tuple(_turned(tuple(_drawn_paths(plans, level_of))))


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


def _drawn_paths(plans: Sequence[Plan], level_of: LevelOf) -> Iterable[DrawnPath]:
    taken: Counter[str] = Counter()
    for plan in plans:
        for path in plan.paths:
            level, middle = level_of[plan.source, path.levels[0]], path.points.centroid
            path_id = path.key or made_id(level, middle, f"path@x{middle.x:.0f}y{middle.y:.0f}")
            taken[path_id] += 1
            suffix = f"#{taken[path_id]}" if taken[path_id] > 1 else ""
            yield DrawnPath(
                id=f"{path_id}{suffix}",
                points=tuple((round(x, 3), round(y, 3)) for x, y, *_ in path.points.coords),
                levels=tuple(level_of[plan.source, key] for key in path.levels),
                kind=path.kind,
                oneway=path.oneway,
                names=path.names,
                step_free=path.step_free,
                slope=path.slope,
                access=path.access,
                width_m=path.width_m,
                step_count=path.step_count,
                climbs=path.climbs,
                **path.limits(),
            )


def _anchors(
    plans: Sequence[Plan], spaces: Sequence[Space], level_of: LevelOf, findings: list[Finding]
) -> Iterable[Anchor]:
    for plan in plans:
        for anchor in plan.anchors:
            level = level_of[plan.source, anchor.level]
            space = space_at(spaces, level, anchor.point, shafts=True)
            if space is None:
                findings.append(Finding("anchor-outside", f"{level}, {anchor.key}"))
                continue
            yield Anchor(
                id=anchor.key or made_id(level, anchor.point, anchor.code),
                code=anchor.code or anchor.key or made_id(level, anchor.point),
                space=space.id,
                point=(round(anchor.point.x, 3), round(anchor.point.y, 3)),
                bearing_deg=anchor.bearing_deg,
                names=anchor.names,
            )


def _hung(
    plans: Sequence[Plan],
    spaces: Sequence[Space],
    doors: Sequence[Door],
    level_of: LevelOf,
    changes: Changes,
    findings: list[Finding],
) -> tuple[Anchor, ...]:
    """Codes of the drawings and of staff, as staff correct them, each facing its wall or told."""
    walked = {space.id for space in spaces if space.kind != "closed"}
    known = [*_anchors(plans, spaces, level_of, findings), *changes.new_anchors(spaces)]
    hung = tuple(changes.to_anchor(one, walked) for one in changes.kept(known))
    findings += codes.looking_away(hung, spaces, doors)
    return hung


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
