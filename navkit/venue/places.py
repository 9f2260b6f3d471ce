"""The places that people ask for: those of the directory, then those that the drawing names."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from shapely import Point

from navkit.plan.categories import category_names
from navkit.plan.plan import SHAFTS, Names, Plan, strictest
from navkit.venue.directory import Directory, Entry
from navkit.venue.venue import Connector, Door, Level, Place, Space, Venue
from navkit.words.findings import Finding, Slot

LevelOf = Mapping[tuple[str, str], str]
"""Venue level id by (plan source, level key)."""


@dataclass(frozen=True)
class Parts:
    """The parts at which places can be."""

    levels: Sequence[Level]
    spaces: Sequence[Space]
    doors: Sequence[Door]
    connectors: Sequence[Connector]


def places_of(
    plans: Sequence[Plan], parts: Parts, directory: Directory | None, level_of: LevelOf
) -> tuple[list[Place], list[Finding]]:
    """Places of the directory, then every named space, lift, stairs, entrance and point."""
    findings = list(directory.findings) if directory else []
    buildings = {key: names for plan in plans for key, names in plan.building_names.items()}
    places: list[Place] = []
    listed: set[str] = set()
    for entry in directory.entries if directory else ():
        at = _rooms(entry, parts.spaces, parts.levels, buildings)
        if not at:
            findings.append(_unknown_room(entry))
            continue
        listed.update(space.id for space in at)
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
        if space.kind == "room" and not _names_of(space)
    ]
    places += _named_spaces(space for space in led_to if space.id not in listed)
    places += _shafts(parts.connectors)
    places += _entrances(parts.doors, parts.spaces)
    places += _points(plans, parts.spaces, level_of)
    return _unique(places), findings


def _unknown_room(entry: Entry) -> Finding:
    slots: dict[str, Slot] = {
        "name": entry.names,
        "rooms": ", ".join(entry.rooms),
        "where": " ".join(part for part in (entry.building, entry.floor) if part),
    }
    return Finding("directory-room-unknown", f"{entry.line}", slots)


def _named_spaces(spaces: Iterable[Space]) -> Iterator[Place]:
    for space in spaces:
        if names := _names_of(space):
            yield Place(
                id=space.id,
                names=names,
                spaces=(space.id,),
                category=space.category,
                ref=space.ref,
                access=space.access,
            )


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


def _points(plans: Iterable[Plan], spaces: Sequence[Space], level_of: LevelOf) -> Iterator[Place]:
    for plan in plans:
        for point in plan.points:
            at = space_at(spaces, level_of[plan.source, point.level], point.point)
            names = point.names or category_names(point.category)
            if at and names and at.access != "restricted":
                yield Place(
                    id=point.key,
                    names=names,
                    point=(at.id, round(point.point.x, 3), round(point.point.y, 3)),
                    category=point.category,
                    ref=point.ref,
                    access=at.access,
                )


def space_at(
    spaces: Sequence[Space], level: str, point: Point, within_m: float = 1.5
) -> Space | None:
    """The smallest walkable space of `level` that contains `point`, else the nearest one."""
    near = [
        (round(space.outline.distance(point), 2), space.outline.area, space.id, space)
        for space in spaces
        if space.level == level and space.kind not in SHAFTS and space.kind != "closed"
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
        on_door={"": entry.on_door} if entry.on_door else {},
        entry=entry.entry,
    )


def _rooms(
    entry: Entry,
    spaces: Sequence[Space],
    levels: Iterable[Level],
    buildings: Mapping[str, Names],
) -> list[Space]:
    """The spaces that a directory row means, by id, door number or name, on its floor."""
    labels = {level.id: (level.label, level.building) for level in levels}
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
    """The rows of a directory that name a space of a venue: they override any other name."""
    here = [venue.space_by_id[space]]
    return [
        entry
        for entry in directory.entries
        if _rooms(entry, here, venue.levels, venue.building_names)
    ]
