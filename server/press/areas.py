"""Whole areas that can be closed at once: a level, a building, a department.

Phones know spaces, doors and connectors. Of an area they are given the spaces that people walk
through to be in it; a room behind closed corridors alone needs no line of its own. Lifts and
stairs that pass through a closed level still serve the others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from navkit.plan.plan import CIRCULATION, SHAFTS, Names
from navkit.venue.venue import Space, Venue
from server.builds.venues import venue_of
from server.data.files import Files

KINDS = ("level", "building", "department")
PREFIXES = tuple(f"{kind}:" for kind in KINDS)


@dataclass(frozen=True)
class Area:
    """A part of a venue."""

    id: str
    """``level:ID``, ``building:KEY`` or ``department:PLACE``."""
    kind: str
    names: Names
    """Empty for a level, which has its label."""
    levels: tuple[str, ...]
    things: tuple[str, ...]
    """Ids of its spaces, and of the drawn paths within it."""
    aliases: tuple[str, ...] = ()


def areas(venue: Venue) -> Iterator[Area]:
    """Levels, buildings if there are several, and places of several rooms."""
    by_level: dict[str, list[str]] = defaultdict(list)
    for space in venue.spaces:
        is_out = space.kind == "outdoor" and venue.level_by_id[space.level].building
        if space.kind not in SHAFTS and space.kind != "closed" and not is_out:
            by_level[space.level].append(space.id)
    for path in venue.paths:
        if len({*path.levels}) == 1:
            by_level[path.levels[0]].append(path.id)
    of_building: dict[str, list[str]] = defaultdict(list)
    for level in venue.levels:
        yield Area(f"level:{level.id}", "level", {}, (level.id,), tuple(by_level[level.id]))
        of_building[level.building].append(level.id)
    for key, levels in of_building.items():
        if key and len(of_building) > 1:
            ids = tuple(one for level in levels for one in by_level[level])
            names = venue.building_names.get(key, {})
            yield Area(f"building:{key}", "building", names, tuple(levels), ids)
    known = venue.space_by_id
    for place in venue.places:
        if len(place.spaces) > 1 and all(known[one].kind not in SHAFTS for one in place.spaces):
            on = tuple(dict.fromkeys(known[one].level for one in place.spaces))
            key = f"department:{place.id}"
            yield Area(key, "department", place.names, on, place.spaces, place.aliases)


def members(venue: Venue, area: str) -> tuple[str, ...]:
    """Ids of what phones are told of if this is closed; empty if it is no area of the venue."""
    found = next((one for one in areas(venue) if one.id == area), None)
    if found is None or venue.paths:
        # A drawn path may end in any room.
        return found.things if found else ()
    inside, sides = {*found.things}, _sides(venue)
    return tuple(one for one in found.things if _leads_in(venue.space_by_id[one], sides, inside))


def members_on(files: Files, sha256: str) -> Callable[[str], tuple[str, ...]]:
    """`members` of the stored venue with that hash, which is read when it is asked for."""

    def of_area(area: str) -> tuple[str, ...]:
        venue = venue_of(files, sha256) if area.startswith(PREFIXES) else None
        return members(venue, area) if venue else ()

    return of_area


def _sides(venue: Venue) -> Mapping[str, set[str]]:
    """By space, what its doors lead to; empty for the open air."""
    sides: dict[str, set[str]] = defaultdict(set)
    for door in venue.doors:
        for here, there in (door.spaces, door.spaces[::-1]):
            sides[here].add(there)
    return sides


def _leads_in(space: Space, sides: Mapping[str, set[str]], inside: set[str]) -> bool:
    """Whether people come in by this space, or walk through it to another."""
    beside = sides.get(space.id, set())
    return space.kind in CIRCULATION or len(beside) != 1 or not beside <= inside
