"""OpenStreetMap's lines: footways, steps, escalators and walls, and the storeys that they join."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import shapely
from shapely import LineString, Point

from floorplans.labels import tagged_names
from floorplans.osm_draft import OsmDraft
from floorplans.osm_landings import flights
from floorplans.osm_shapes import Corner, parts_at
from floorplans.osm_tags import (
    all_levels,
    has_ramp,
    incline_sign,
    indoors,
    is_gate,
    line_kind,
    own_levels,
    repeats,
    step_count,
)
from floorplans.osmfile import Way
from floorplans.restrictions import Restricted
from floorplans.storeys import StoreyError
from navkit.plan.plan import PathKind, PlanPath

_STEPS = ("stairs", "escalator")


def note_lines(on: OsmDraft, lines: Iterable[Way]) -> None:
    for way in lines:
        if way.tags.get("highway") != "steps":
            corners = on.corners(way.nodes)
            on.landings.add_line(way.key, on.levels(way.tags), corners)


def add_line(on: OsmDraft, way: Way) -> None:
    tags, key = way.tags, way.key
    points = on.corners(way.nodes)
    if len(set(points)) < 2:
        on.draft.say("line-too-short", on.where(key))
        return
    line = LineString(points)
    if not indoors(tags):
        street = tags.get("highway") == "service" and tags.get("foot", "no") == "no"
        if street or not on.near.intersects(line):
            on.draft.tally("outdoor-left-out", "")
            return
    if tags.get("indoor") == "pathway" and _inside_stairs(on, line):
        on.draft.tally("line-inside-stairs", key)
        return
    kind = line_kind(tags)
    for levels in _walked_levels(on, way, kind):
        _path(on, way, kind, levels)


def _inside_stairs(on: OsmDraft, line: LineString) -> bool:
    return any(
        space.kind == "stairs" and shapely.buffer(space.outline, 0.5).covers(line)
        for space in on.draft.spaces
    )


def _walked_levels(on: OsmDraft, way: Way, kind: PathKind) -> list[tuple[float, ...]]:
    """For each copy of a line its storey, or its first and last in the order of its points."""
    tags, key = way.tags, way.key
    try:
        own, copies = own_levels(tags), repeats(tags)
    except StoreyError:
        on.say_no_level(key, tags)
        return []
    base = own[0] if own else 0.0
    if not own:
        own = _levels_unsaid(on, way, kind)
    elif len(own) > 1 and kind == "footway" and not _climbs(on, way, own):
        return [(level,) for level in all_levels(tags)]
    elif len(own) > 1:
        own = in_walking_order(on, way, own)
    moves = dict.fromkeys([0.0, *(copy - base for copy in copies)])
    return [tuple(level + move for level in own) for move in moves if own]


def _ends(on: OsmDraft, way: Way) -> tuple[set[float], set[float]]:
    """Storeys of the areas and the flat lines that share the first and the last point."""
    first, last = (on.xy[node] for node in (way.nodes[0], way.nodes[-1]))
    return on.landings.shared(way.key, first), on.landings.shared(way.key, last)


def _levels_unsaid(on: OsmDraft, way: Way, kind: PathKind) -> tuple[float, ...]:
    """Those of the neighbours; without any the ground, if the line is outdoors."""
    own = levels_by_ends(on, way)
    climbing: list[tuple[float, float]] = []
    if kind != "footway" and len(own) < 2:
        climbing = flights(*_landings_of(on, way), incline_sign(way.tags))
        own = climbing[0] if len(climbing) == 1 else own
    if own:
        on.draft.tally("level-from-neighbours", way.key)
    elif climbing:
        on.ask_storeys(way.key, sorted({storey for pair in climbing for storey in pair}))
    elif indoors(way.tags):
        on.say_no_level(way.key, way.tags)
    else:
        on.draft.tally("level-taken-as-ground", way.key)
        own = (0.0,)
    return own


def _landings_of(on: OsmDraft, way: Way) -> tuple[Sequence[float], Sequence[float]]:
    """Storeys that meet the first and the last point, or that have a floor near it."""
    first, last = (on.xy[node] for node in (way.nodes[0], way.nodes[-1]))
    found = [
        sorted(on.landings.shared(way.key, end)) or on.landings.beside(Point(end))
        for end in (first, last)
    ]
    return found[0], found[1]


def levels_by_ends(on: OsmDraft, way: Way) -> tuple[float, ...]:
    first, last = _ends(on, way)
    if len(first) == 1 and len(last) == 1 and first != last:
        return (*first, *last)
    either = first | last
    return tuple(either) if len(either) == 1 else ()


def _climbs(on: OsmDraft, way: Way, own: Sequence[float]) -> bool:
    """Whether a flat line on two storeys leads from one to the other, not along both."""
    first, last = _ends(on, way)
    return len(own) == 2 and first.isdisjoint(last) and first | last == set(own)


def in_walking_order(on: OsmDraft, way: Way, own: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest storey, in the order that neighbours of the ends or `incline` give."""
    low, high = min(own), max(own)
    first, last = _ends(on, way)
    climb = ((low in first) + (high in last)) - ((high in first) + (low in last))
    incline = incline_sign(way.tags)
    if climb * incline < 0:
        on.draft.say("incline-contradicts-levels", on.where(way.key))
    climb = climb or incline
    if climb == 0:
        on.draft.say("steps-direction-guessed", on.where(way.key))
    return (low, high) if climb >= 0 else (high, low)


def _path(on: OsmDraft, way: Way, kind: PathKind, levels: tuple[float, ...]) -> None:
    """A path, in several parts if a node on it restricts who passes there."""
    key = way.key
    limits = on.restricted(key, way.tags, "path")
    if kind == "escalator" and not limits.direction:
        on.draft.say("escalator-direction-unknown", on.where(key))
    corners = on.corners(way.nodes)
    gates = {i: gate for i, at in enumerate(corners) if (gate := _gate(on, at, levels))}
    if len(set(levels)) > 1:
        # Only the ends of a flight are on a storey, so that it cannot be cut.
        for gate in gates.values():
            limits = limits.with_(gate)
        _part(on, way, key, kind, levels, corners, limits)
        return
    for number, (bit, gate) in enumerate(parts_at(corners, gates)):
        part = f"{key}.{number + 1}" if number else key
        _part(on, way, part, kind, levels, bit, limits.with_(gate) if gate else limits)


def _gate(on: OsmDraft, at: Corner, levels: Sequence[float]) -> Restricted | None:
    """What kerbs, gates and doors on a line restrict, None if they let everybody pass."""
    gate = Restricted()
    for node in on.tagged_at.get(at, ()):
        own = on.levels(node.tags)
        if is_gate(node.tags) and (not own or not set(own).isdisjoint(levels)):
            gate = gate.with_(on.restricted(node.key, node.tags, "door"))
    return gate if gate.stops_somebody else None


def _part(
    on: OsmDraft,
    way: Way,
    key: str,
    kind: PathKind,
    levels: tuple[float, ...],
    corners: Sequence[Corner],
    limits: Restricted,
) -> None:
    line = LineString(corners)
    if limits.direction == "backward":
        levels, line = levels[::-1], line.reverse()
    used = tuple(on.use(level) for level in levels)
    key = on.draft.unique("path", "/".join(used), key, on.where(key))
    use = {**limits.use, "step_free": False} if kind in _STEPS else limits.use
    # Of a line that a gate cuts in two nobody knows how many steps are on this side.
    count = step_count(way.tags) if kind == "stairs" and len(corners) == len(way.nodes) else 0
    backwards = -1 if limits.direction == "backward" else 1
    path = PlanPath(
        key=key,
        points=line,
        levels=used if len(set(used)) > 1 else used[:1],
        kind=kind,
        oneway=bool(limits.direction),
        oneway_hours=limits.oneway_hours,
        names=tagged_names(dict(way.tags), ("name",)),
        slope=limits.slope,
        width_m=limits.width_m,
        step_count=count,
        climbs=incline_sign(way.tags) * backwards if count else 0,
        **use,
    )
    on.draft.paths.append(path)
    if kind == "stairs" and has_ramp(way.tags):
        ramp = replace(path, key=f"{key}/ramp", kind="ramp", step_free=True, step_count=0, climbs=0)
        on.draft.paths.append(ramp)


def add_wall(on: OsmDraft, way: Way) -> None:
    points = on.corners(way.nodes)
    levels = on.levels(way.tags)
    if len(set(points)) < 2:
        on.draft.say("line-too-short", on.where(way.key))
    elif not levels:
        on.say_no_level(way.key, way.tags)
    for level in levels if len(set(points)) > 1 else ():
        on.draft.walls.append((on.use(level), LineString(points)))
