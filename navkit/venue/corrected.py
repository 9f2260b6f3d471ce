"""A finished venue with more corrections, without its drawings: to see what they would do.

Ids, rooms and doors stay as the import made them. What an import would decide anew because of a
correction is decided anew here too: guessed doors give way to those that staff add, shafts are
joined again, entrances become places, and findings that are answered are gone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from navkit.plan.categories import category_names
from navkit.plan.plan import CIRCULATION, PlanConnector, strictest
from navkit.venue import shafts, storeys
from navkit.venue.changes import Changes
from navkit.venue.corrections import Change
from navkit.venue.omitted import omitted
from navkit.venue.venue import Connector, Door, Place, Space, Venue
from navkit.words.findings import Finding

_OF_CONNECTOR = frozenset(f.name for f in fields(PlanConnector)) - {"key", "guessed"}


def corrected(venue: Venue, corrections: Sequence[Change]) -> Venue:
    """`venue` as an import with these corrections too would make it, findings included."""
    changes = Changes(corrections)
    levels = tuple(changes.levels(venue.levels))
    venue = replace(venue, levels=levels)
    order = {level.id: number for number, level in enumerate(levels)}
    shaped = changes.redrawn(venue.spaces, order)
    spaces = sorted(map(changes.to_space, shaped), key=lambda space: order[space.level])
    refused: list[Finding] = []
    added = [*changes.new_doors(spaces, venue.level_by_id, refused)]
    kind_of = {space.id: space.kind for space in spaces}
    let_in = {s for door in added for s in door.spaces if kind_of.get(s) not in CIRCULATION}
    drawn = [{*door.spaces} for door in added]
    known = [
        door
        for door in venue.doors
        if not (door.guess and let_in & {*door.spaces})
        and not (door.guessed and {*door.spaces} in drawn)
    ]
    doors = (*map(changes.to_door, known), *added)
    stops = _joined(venue, spaces, changes)
    after = replace(
        venue,
        spaces=tuple(spaces),
        doors=doors,
        connectors=stops.connectors,
        places=tuple(map(changes.to_place, _places(venue, doors, stops.connectors, spaces))),
    )
    told = {(found.code, found.where) for found in stops.findings}
    told |= {(found.code, found.where) for found in _omitted(after)}
    kept = [
        found
        for found in venue.findings
        if not changes.answers(found) and not _is_settled(found, after, told)
    ]
    lost = changes.unused({}, {})
    return replace(after, findings=(*kept, *refused, *lost))


def with_shafts(venue: Venue, corrections: Sequence[Change]) -> Venue:
    """`venue` with the floors, spaces and shafts that `corrections` add, and of the doors that they
    add with those to another building: enough to see where a floor leads on. Its findings are those
    about shafts with one stop.

    Corrections that `venue` was made with may be among them.
    """
    changes = Changes(corrections)
    levels, _ = storeys.in_order(changes.levels(venue.levels), {})
    order = {level.id: number for number, level in enumerate(levels)}
    known = venue.space_by_id
    shaped = (known.get(one.id, one) for one in changes.redrawn(venue.spaces, order))
    spaces = [*changes.kept(map(changes.to_space, shaped))]
    whole = replace(venue, levels=tuple(levels))
    joined = _joined(whole, spaces, changes)
    there = {space.id for space in spaces}
    known_doors = {door.id for door in venue.doors}
    bridges = changes.new_doors(spaces, whole.level_by_id, [], across=True)
    doors = changes.kept((*venue.doors, *(d for d in bridges if d.id not in known_doors)))
    return replace(
        whole,
        spaces=tuple(spaces),
        doors=tuple(d for d in doors if there.issuperset(filter(None, d.spaces))),
        connectors=joined.connectors,
        building_names={**changes.buildings(), **venue.building_names},
        findings=tuple(f for f in joined.findings if f.code in shafts.ONE_STOP),
    )


def _joined(venue: Venue, spaces: Sequence[Space], changes: Changes) -> shafts.Joined:
    """The shafts: those whose stops no correction changes stay as they are."""
    before = venue.space_by_id
    changed = {s.id for s in spaces if s.id not in before or s.connector != before[s.id].connector}
    shaft_of = {stop: one.id for one in venue.connectors for stop in one.stops}
    known = [
        space if space.id in changed else replace(space, connector=shaft_of.get(space.id, ""))
        for space in spaces
        if space.id in changed or space.id in shaft_of
    ]
    by_staff = {space.connector for space in spaces if space.id in changed}
    described = {
        one.id: PlanConnector(
            key=one.id,
            guessed=one.guessed and one.id not in by_staff,
            **{name: value for name, value in vars(one).items() if name in _OF_CONNECTOR},
        )
        for one in venue.connectors
    }
    joined = shafts.join_shafts(known, venue.level_by_id, described | changes.new_connectors())
    return replace(joined, connectors=tuple(map(changes.to_connector, joined.connectors)))


def _places(
    venue: Venue, doors: Iterable[Door], connectors: Iterable[Connector], spaces: Iterable[Space]
) -> Iterator[Place]:
    """The places, shafts with all of their stops, and entrances that nobody marked before."""
    stops = {one.id: one.stops for one in connectors}
    shaft_ids = {one.id for one in venue.connectors}
    for place in venue.places:
        if place.id not in shaft_ids or not place.spaces:
            yield place
        elif place.id in stops:
            yield replace(place, spaces=stops[place.id])
    known = {place.door for place in venue.places}
    access_of = {space.id: space.access for space in spaces}
    for door in doors:
        access = strictest([door.access, *(access_of[s] for s in door.spaces if s)])
        if door.entrance and door.id not in known and access != "restricted":
            names = door.names or category_names("entrance")
            yield Place(door.id, names, door=door.id, category="entrance", access=access)


def _omitted(venue: Venue) -> Iterator[Finding]:
    return omitted(venue.spaces, venue.levels, venue.connectors, venue.doors)


@dataclass(frozen=True)
class _Asked:
    """What a finding is about, in the venue after the corrections."""

    thing: str
    """The last id of where it is."""
    space: str
    """The space that it names, if any."""
    venue: Venue

    def at(self, spaces: Collection[str]) -> list[Door]:
        """The doors of these spaces."""
        return [door for door in self.venue.doors if {*door.spaces} & {*spaces}]

    def shaft(self) -> Connector | None:
        """The shaft that stops at the space or the thing."""
        stops = {self.thing, self.space}
        return next((one for one in self.venue.connectors if stops & {*one.stops}), None)


def _has_known_door(asked: _Asked) -> bool:
    doors = asked.at([asked.space])
    return bool(doors) and not any(door.guess for door in doors)


def _has_a_door(asked: _Asked) -> bool:
    return any(door.spaces[1] for door in asked.at([asked.space]))


def _shaft_has_known_doors(asked: _Asked) -> bool:
    shaft = asked.shaft()
    return shaft is not None and not any(door.guess for door in asked.at(shaft.stops))


def _shaft_is_known(asked: _Asked) -> bool:
    shaft = asked.shaft()
    return shaft is not None and not shaft.guessed


def _is_walked_over(asked: _Asked) -> bool:
    doors = asked.at([asked.thing])
    return bool(doors) and not any(door.guessed and door.unverified for door in doors)


_SETTLED: Mapping[str, Callable[[_Asked], bool]] = {
    "bridge-assumed": _is_walked_over,
    "door-guessed": _has_known_door,
    "door-guessed-for-group": _has_known_door,
    "door-guessed-for-shaft": _shaft_has_known_doors,
    "space-without-door": _has_a_door,
    "space-stands-alone": _has_a_door,
    "shaft-joined-by-footprint": _shaft_is_known,
}
"""By code, whether what a finding asks for is there now."""

_TOLD_ANEW = frozenset(
    {"lift-one-stop", "stairs-one-stop", "stop-missing", "number-missing", "name-missing"}
)
"""Codes that are judged anew on the corrected venue."""


def _is_settled(finding: Finding, after: Venue, told: Collection[tuple[str, str]]) -> bool:
    if finding.code in _TOLD_ANEW:
        return (finding.code, finding.where) not in told
    is_there = _SETTLED.get(finding.code)
    if is_there is None:
        return False
    thing = finding.where.rpartition(", ")[2]
    return is_there(_Asked(thing, str(finding.slots.get("id", thing)), after))
