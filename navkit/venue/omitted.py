"""What a drawing seems to leave out, told from what it has: a stop of a shaft, a number in a run,
the name of one room among many that have names."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from navkit.plan.categories import category_names
from navkit.plan.plan import SHAFTS
from navkit.venue.venue import Connector, Door, Level, Space
from navkit.words.findings import Finding

NUMBER = re.compile(r"(\D*)(\d+)(.*)")
"""A door's number: the letters before it, the number, the rest."""

BESIDE_M = 0.7
"""Rooms nearer than this have a wall between them."""

ALIKE = 0.9
"""Where this share of the like has a name, one without is an omission. A guess."""

FEWEST_ROOMS, FEWEST_ENTRANCES = 10, 5
"""From the names of fewer others nothing is told."""


def omitted(
    spaces: Sequence[Space],
    levels: Sequence[Level],
    connectors: Sequence[Connector],
    doors: Sequence[Door],
) -> Iterator[Finding]:
    """One finding for each thing that seems to be left out."""
    yield from _stops(spaces, levels, connectors)
    yield from _numbers(spaces)
    yield from _names(spaces)
    yield from _entrances(spaces, doors)


def _stops(
    spaces: Sequence[Space], levels: Sequence[Level], connectors: Sequence[Connector]
) -> Iterator[Finding]:
    """Shafts that pass by one storey between two at which they stop.

    Those that pass by several are express lifts; half storeys are left out by most shafts.
    """
    level_of = {space.id: space.level for space in spaces}
    storeys: dict[str, list[Level]] = defaultdict(list)
    for level in sorted(levels, key=lambda one: one.ordinal):
        if float(level.ordinal).is_integer():
            storeys[level.building].append(level)
    for connector in connectors:
        stops = {level_of[stop] for stop in connector.stops}
        for own in storeys.values():
            for below, here, above in zip(own, own[1:], own[2:], strict=False):
                if here.id not in stops and {below.id, above.id} <= stops:
                    slots = {"below": below.label, "here": here.label, "above": above.label}
                    yield Finding("stop-missing", f"{here.id}, {connector.id}", slots)


def _numbers(spaces: Sequence[Space]) -> Iterator[Finding]:
    """Rooms without a number between two whose numbers leave one out, or count by two."""
    on_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind == "room":
            on_level[space.level].append(space)
    for level, rooms in on_level.items():
        taken = {number for room in rooms if (number := _number(room))}
        for room in rooms:
            if room.ref:
                continue
            beside = {
                number: other.ref
                for other in rooms
                if (number := _number(other)) and other.outline.distance(room.outline) <= BESIDE_M
            }
            if gap := _gap(beside, taken):
                slots = dict(zip(("before", "number", "after"), gap, strict=True))
                yield Finding("number-missing", f"{level}, {room.id}", slots)


def _number(space: Space) -> tuple[str, int, str] | None:
    found = NUMBER.fullmatch(space.ref)
    return (found[1], int(found[2]), found[3]) if found else None


def _gap(
    beside: Mapping[tuple[str, int, str], str], taken: set[tuple[str, int, str]]
) -> tuple[str, str, str] | None:
    """The number that is missing between two neighbours, with theirs."""
    for (letters, low, rest), ref in sorted(beside.items()):
        for step in (1, 2):
            middle, high = (letters, low + step, rest), (letters, low + 2 * step, rest)
            if high in beside and middle not in taken:
                missing = str(low + step).zfill(len(ref) - len(letters) - len(rest))
                return ref, f"{letters}{missing}{rest}", beside[high]
    return None


def _names(spaces: Sequence[Space]) -> Iterator[Finding]:
    """Rooms and halls without a name, where nearly all of their kind have one.

    What has no number either, and may be asked for, is reported as `unnamed-place`.
    """
    kinds = [space for space in spaces if space.kind not in (*SHAFTS, "closed", "corridor")]
    all_of = Counter(space.kind for space in kinds)
    named = Counter(space.kind for space in kinds if any(space.names.values()))
    for space in kinds:
        is_reported = space.kind == "room" and not space.ref and space.access != "restricted"
        is_reported = is_reported and not category_names(space.category)
        others = all_of[space.kind] - 1
        is_usual = others >= FEWEST_ROOMS and named[space.kind] >= ALIKE * others
        if is_usual and not is_reported and not any(space.names.values()):
            yield Finding("name-missing", f"{space.level}, {space.id}", {"ref": space.ref or "–"})


def _entrances(spaces: Sequence[Space], doors: Sequence[Door]) -> Iterator[Finding]:
    """The same for entrances."""
    level_of = {space.id: space.level for space in spaces}
    entrances = [door for door in doors if door.entrance]
    named = sum(any(door.names.values()) for door in entrances)
    others = len(entrances) - 1
    if others >= FEWEST_ENTRANCES and named >= ALIKE * others:
        for door in entrances:
            if not any(door.names.values()):
                where = f"{level_of[door.spaces[0]]}, {door.id}"
                yield Finding("name-missing", where, {"ref": "–"})
