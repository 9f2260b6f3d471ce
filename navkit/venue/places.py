"""The places that people ask for: those of the directory, then those that the drawing names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shapely import Point

from navkit.plan.categories import categories, category_names
from navkit.plan.hours import ALWAYS
from navkit.plan.plan import SHAFTS, Names, Plan, PlanSpace, strictest
from navkit.venue.directory import Directory, Entry
from navkit.venue.periods import Period, gaps
from navkit.venue.rooms import Rooms
from navkit.venue.venue import Connector, Door, Level, Place, Space, Venue
from navkit.words.findings import Finding

BLACK_LIST = re.compile(r"[\s,;#]+")
"""Characters that an id made from a name must not have: people type ids and list them."""

LevelOf = Mapping[tuple[str, str], str]
"""Venue level id by (plan source, level key)."""


@dataclass(frozen=True)
class Parts:
    """The parts at which places can be."""

    levels: Sequence[Level]
    spaces: Sequence[Space]
    doors: Sequence[Door]
    connectors: Sequence[Connector]
    drawn: Mapping[str, PlanSpace] = field(default_factory=dict)
    """By id, what a drawing says of a space."""


def places_of(
    plans: Sequence[Plan], parts: Parts, directory: Directory | None, level_of: LevelOf
) -> tuple[list[Place], list[Finding]]:
    """Places of the directory, then every named space, lift, stairs, entrance and point."""
    findings = list(directory.findings) if directory else []
    buildings = {key: names for plan in plans for key, names in plan.building_names.items()}
    places: list[Place] = []
    listed: dict[str, list[Period]] = defaultdict(list)
    rooms = Rooms(parts.spaces, parts.levels, buildings)
    for entry in directory.entries if directory else ():
        found = rooms.find(entry)
        findings += found.findings
        at = found.spaces
        if not at:
            continue
        for space in at:
            listed[space.id].append(Period(entry.start, entry.end))
        if entry.access != "restricted":
            places.append(_listed_place(entry, at))
    led_to = [
        space
        for space in parts.spaces
        if space.kind not in SHAFTS and space.kind != "closed" and space.access != "restricted"
    ]
    findings += [
        Finding("unnamed-place", f"{space.level}, {space.id}")
        for space in led_to
        if space.kind == "room" and not _is_told_apart(space)
    ]
    named = list(_named_spaces(led_to, parts.drawn))
    places += (one for place in named for one in _unlisted(place, listed.get(place.id, ())))
    places += _shafts(parts.connectors)
    places += _entrances(parts.doors, parts.spaces)
    points = list(_points(plans, parts.spaces, level_of, findings))
    places, points = _added_to(places, points)
    findings += _used_twice(plans)
    places += points
    return _unique(places), findings


def _named_spaces(spaces: Iterable[Space], drawn: Mapping[str, PlanSpace]) -> Iterator[Place]:
    for space in spaces:
        said = drawn.get(space.id)
        if names := _names_of(space):
            yield Place(
                id=space.id,
                names=names,
                spaces=(space.id,),
                category=space.category,
                ref=space.ref,
                access=space.access,
                hours=said.service_hours if said else ALWAYS,
                phone=said.phone if said else "",
            )


def _unlisted(place: Place, listed: Iterable[Period]) -> Iterator[Place]:
    """A room by the name that its drawing gives it, while no row of the directory names it."""
    for gap in gaps(listed):
        if gap == Period():
            yield place
        else:
            id_ = f"{place.id}@{gap.start}" if gap.start else place.id
            yield replace(place, id=id_, start=gap.start, end=gap.end, of=place.id)


def _shafts(connectors: Iterable[Connector]) -> Iterator[Place]:
    for connector in connectors:
        if connector.kind in SHAFTS and connector.access == "public":
            names = connector.names or category_names(connector.kind)
            yield Place(connector.id, names, connector.stops, category=connector.kind)


def _entrances(doors: Iterable[Door], spaces: Iterable[Space]) -> Iterator[Place]:
    access_of = {space.id: space.access for space in spaces}
    for door in doors:
        # An entrance is offered only to people who may also walk on behind it.
        access = strictest([door.access, *(access_of[s] for s in door.spaces if s)])
        if door.entrance and access != "restricted":
            names = door.names or category_names("entrance")
            yield Place(door.id, names, door=door.id, category="entrance", access=access)


def _is_told_apart(space: Space) -> bool:
    """Whether people can ask for a room: it has a name or a number, or is one of those of which
    any will do, such as a toilet."""
    return bool(
        any(space.names.values()) or space.ref or "chip" in categories().get(space.category, {})
    )


def _points(
    plans: Iterable[Plan], spaces: Sequence[Space], level_of: LevelOf, findings: list[Finding]
) -> Iterator[Place]:
    for plan in plans:
        for point in plan.points:
            level = level_of[plan.source, point.level]
            at = space_at(spaces, level, point.point)
            names = point.names or category_names(point.category)
            if names and not at:
                findings.append(Finding("point-in-no-space", f"{level}, {point.key}"))
            if at and names and at.access != "restricted":
                yield Place(
                    id=point.key or made_id(level, point.point),
                    names=names,
                    point=(at.id, round(point.point.x, 3), round(point.point.y, 3)),
                    category=point.category,
                    ref=point.ref,
                    access=at.access,
                    aliases=point.aliases,
                    hours=point.service_hours,
                    phone=point.phone,
                )


def _added_to(places: Iterable[Place], points: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """`places` with what points of the same name in their spaces know, and the other points."""
    left: list[Place] = list(points)
    told: list[Place] = []
    for place in places:
        same = [p for p in left if p.point and p.point[0] in place.spaces and _is_same(place, p)]
        left = [point for point in left if point not in same]
        for point in same:
            place = replace(
                place,
                aliases=tuple(dict.fromkeys((*place.aliases, *point.aliases))),
                hours=place.hours if place.hours.text else point.hours,
                phone=place.phone or point.phone,
            )
        told.append(place)
    return told, left


def _is_same(place: Place, point: Place) -> bool:
    return any(place.names.get(tag) == name for tag, name in point.names.items())


def _used_twice(plans: Iterable[Plan]) -> list[Finding]:
    """For each id that two points of a level have in a drawing; ids that are made are nobody's
    mistake."""
    drawn = [(plan.source, point.level, point.key) for plan in plans for point in plan.points]
    twice = [key for (_, _, key), count in Counter(drawn).items() if key and count > 1]
    return [Finding("duplicate-id", key) for key in dict.fromkeys(twice)]


def made_id(level: str, at: Point, label: str = "") -> str:
    """An id for what a drawing gives none: by its level and its name, else its place in metres."""
    return f"{level}:{BLACK_LIST.sub('-', label) or f'x{at.x:.0f}y{at.y:.0f}'}"


def space_at(
    spaces: Sequence[Space],
    level: str,
    point: Point,
    within_m: float = 1.5,
    *,
    shafts: bool = False,
) -> Space | None:
    """The smallest walkable space of `level` that contains `point`, else the nearest one.

    `shafts`: also stairs, lifts and escalators, if they contain it.
    """
    near = [
        (round(space.outline.distance(point), 2), space.outline.area, space.id, space)
        for space in spaces
        if space.level == level and space.kind != "closed"
        if space.kind not in SHAFTS or (shafts and space.outline.contains(point))
    ]
    best = min(near, key=lambda n: n[:3], default=None)
    return best[3] if best and best[0] <= within_m else None


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
    known_by = entry.id or at[0].id
    is_later = entry.start or (entry.is_dated and not entry.id)
    return Place(
        id=f"{known_by}@{entry.start}" if is_later else known_by,
        names=dict(entry.names),
        spaces=tuple(space.id for space in at),
        category=entry.category or at[0].category,
        aliases=entry.aliases,
        ref=at[0].ref,
        access="staff" if entry.access == "staff" else "public",
        hours=entry.hours,
        phone=entry.phone,
        on_door={"": entry.on_door} if entry.on_door else {},
        entry=entry.entry,
        start=entry.start,
        end=entry.end,
        of=entry.id if entry.is_dated else "",
    )


def naming(directory: Directory, venue: Venue, space: str) -> list[Entry]:
    """The rows of a directory that name a space of a venue: they override any other name."""
    rooms = Rooms(venue.spaces, venue.levels, venue.building_names)
    return [
        entry
        for entry in directory.entries
        if any(found.id == space for found in rooms.find(entry).spaces)
    ]
