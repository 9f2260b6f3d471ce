"""What can be closed: lifts and stairs, entrances, rooms and corridors, doors, drawn paths.

A duty desk finds it by name, by number or by level, and a door by the rooms that it joins.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exporter.voice.pinyin import readings
from navkit.plan.plan import SHAFTS
from navkit.venue.lookup import called, folded
from navkit.venue.venue import Connector, Door, DrawnPath, Level, Place, Space, Venue, name_in
from navkit.words.languages import languages
from server.builds import mending
from server.builds.venues import venue_of
from server.data.files import Files
from server.data.rows import Rows
from server.press import areas, publishing
from server.press.areas import Area
from server.words.saying import book

KINDS = (
    *("elevator", "escalator", "stairs", "ramp", "entrance"),
    *("corridor", "hall", "room", "outdoor", "door", "stop", "path", "closed"),
    *areas.KINDS,
)
"""In the order in which a duty desk looks for them; a `stop` is one level of a lift or stairs."""

Thing = Connector | Space | Door | DrawnPath

_PIECE = re.compile(r"[a-z0-9.-]+|[^\sa-z0-9.-]+")
_HAN = re.compile("[\u3400-\u9fff]")
_STOREY = re.compile(r"(B?)(\d+)F?", re.IGNORECASE)


@dataclass(frozen=True)
class Closable:
    """One thing, and everything by which it is found."""

    id: str
    kind: str
    """One of `KINDS`."""
    labels: Mapping[str, str]
    """By language, the name that staff use, including its level."""
    levels: tuple[str, ...]
    """As posted."""
    own: tuple[str, ...]
    """Its names, folded."""
    near: tuple[str, ...]
    """Names of its level, its kind and the rooms that it joins, folded."""


@lru_cache(maxsize=8)
def closable_of(files: Files, sha256: str) -> tuple[Closable, ...]:
    """Everything that can be closed in the venue with that hash, by `KINDS`; empty for no hash."""
    venue = venue_of(files, sha256)
    return closable(venue) if venue else ()


def on_phones(rows: Rows, files: Files, hospital: str) -> tuple[Closable, ...]:
    """Everything that can be closed on the map that phones have now."""
    return closable_of(files, publishing.published_venue(rows, hospital))


def closable(venue: Venue) -> tuple[Closable, ...]:
    """Everything that can be closed, by `KINDS`, each id once."""
    things: tuple[Thing, ...] = (*venue.connectors, *venue.spaces, *venue.doors, *venue.paths)
    places = _places(venue)
    entrances = {place.door for place in venue.places if place.door}
    once = {thing.id: thing for thing in reversed(things)}
    found = [_closable(venue, thing, places, entrances) for thing in once.values()]
    found += [_whole(venue, area) for area in areas.areas(venue)]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.id)))


def _whole(venue: Venue, area: Area) -> Closable:
    """A level, a building or a department, which is closed as a whole."""
    levels = [venue.level_by_id[level] for level in area.levels]
    labels = tuple(dict.fromkeys(level.label for level in levels))
    buildings = [venue.building_names.get(level.building, {}) for level in levels]
    named = {
        tag: " · ".join(
            dict.fromkeys(
                filter(None, (name_in(area.names, tag), name_in(buildings[0], tag), *labels))
            )
        )
        for tag in languages()
    }
    own = [area.id, *area.names.values(), *area.aliases]
    if area.kind == "level":
        own += (text for level in levels for text in (level.label, *_storey(level.label)))
        own += (f"{name}{text}" for name in buildings[0].values() for text in own[1:])
    near = [*labels, *(name for names in buildings for name in names.values())]
    near += [book(tag)[f"space-{area.kind}"] for tag in languages()]
    return Closable(
        area.id,
        area.kind,
        {tag: said or area.id for tag, said in named.items()},
        labels,
        sounded(own),
        _folded(near),
    )


def _places(venue: Venue) -> Mapping[str, list[Place]]:
    """By the id of a space or a door, the places that are there."""
    places: dict[str, list[Place]] = {}
    for place in venue.places:
        for thing in filter(None, (*place.spaces, place.door)):
            places.setdefault(thing, []).append(place)
    return places


def _closable(
    venue: Venue,
    thing: Thing,
    places: Mapping[str, list[Place]],
    entrances: set[str],
) -> Closable:
    kind, levels = _kind(thing, entrances), tuple(dict.fromkeys(_levels(venue, thing)))
    near = [text for space in _joined(venue, thing) for text in _called(space, places)]
    for level in levels:
        near += (level.label, *_storey(level.label))
        near += venue.building_names.get(level.building, {}).values()
    near += [book(tag)[f"space-{kind}"] for tag in languages()]
    return Closable(
        thing.id,
        kind,
        {tag: _label(venue, thing, places.get(thing.id, ()), tag) for tag in languages()},
        tuple(dict.fromkeys(level.label for level in levels)),
        sounded((thing.id, *_called(thing, places))),
        _folded(near),
    )


def _label(venue: Venue, thing: Thing, here: Sequence[Place], language: str) -> str:
    """The name that staff use; for a door without a name the rooms that it joins, for a room
    without one what it is. `here` are the places that are there."""
    if isinstance(thing, Space):
        return f"{_room(thing, language)} · {venue.level_by_id[thing.level].label}"
    if not isinstance(thing, Door):
        return mending.label(venue, thing.id, language)
    rooms = _joined(venue, thing)
    sides = " | ".join(_room(room, language) for room in rooms)
    names = thing.names or next((place.names for place in here), {})
    own = name_in(names, language)
    level = venue.level_by_id[rooms[0].level].label if rooms else ""
    return " · ".join(filter(None, (own, sides, level))) or thing.id


def _room(space: Space, language: str) -> str:
    said = " ".join(filter(None, (space.ref, name_in(space.names, language))))
    return said or f"{book(language)[f'space-{space.kind}']} {space.id}"


def _kind(thing: Thing, entrances: set[str]) -> str:
    if isinstance(thing, Door):
        return "entrance" if thing.entrance or thing.id in entrances else "door"
    if isinstance(thing, Space) and thing.kind in SHAFTS:
        return "stop"
    return "path" if isinstance(thing, DrawnPath) else thing.kind


def _joined(venue: Venue, thing: Thing) -> list[Space]:
    """The rooms that a door joins."""
    ids = thing.spaces if isinstance(thing, Door) else ()
    return [venue.space_by_id[one] for one in ids if one in venue.space_by_id]


def _called(thing: Thing, places: Mapping[str, list[Place]]) -> Iterable[str]:
    yield from thing.names.values()
    if isinstance(thing, Space):
        yield thing.ref
    for place in places.get(thing.id, ()):
        yield from called(place)


def _levels(venue: Venue, thing: Thing) -> Iterable[Level]:
    """The levels that it is on."""
    if isinstance(thing, DrawnPath):
        ids = thing.levels
    elif isinstance(thing, Space):
        ids = (thing.level,)
    else:
        spaces = thing.stops if isinstance(thing, Connector) else thing.spaces
        ids = tuple(venue.space_by_id[s].level for s in spaces if s in venue.space_by_id)
    return (venue.level_by_id[level] for level in ids)


def _storey(label: str) -> Iterable[str]:
    """Names of a level that is posted as 3F or B1."""
    match = _STOREY.fullmatch(label)
    if match:
        for tag in languages():
            yield book(tag)["storey-below" if match[1] else "storey"].format(number=match[2])


def _folded(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(folded, texts))))


def sounded(texts: Iterable[str]) -> tuple[str, ...]:
    """Folded, and as somebody types it who has no Chinese keyboard: in pinyin, or its initials."""
    said = _folded(texts)
    spoken = [[readings(one, 1)[0] if _HAN.match(one) else one for one in text] for text in said]
    typed = ("".join(one) for one in spoken)
    initials = ("".join(syllable[0] for syllable in one) for one in spoken)
    return tuple(dict.fromkeys(filter(None, (*said, *typed, *initials))))


def found(things: Sequence[Closable], asked: str) -> list[Closable]:
    """The matches: first by equal name, then by names that begin with or contain the query, then by
    names of its level, kind or rooms; if there are none, things for which every word of the query
    occurs somewhere. Everything if the query is empty."""
    whole, pieces = folded(asked), _PIECE.findall(" ".join(map(folded, asked.split())))
    if not whole:
        return list(things)
    ranks = [_rank(one, whole) for one in things]
    if any(rank is not None for rank in ranks):
        ranked = [(rank, one) for rank, one in zip(ranks, things, strict=True) if rank is not None]
        return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]
    return [one for one in things if all(_says(one, piece) for piece in pieces)]


def _rank(one: Closable, whole: str) -> int | None:
    if whole in one.own:
        return 0
    if any(text.startswith(whole) for text in one.own):
        return 1
    if any(whole in text for text in one.own):
        return 2
    return 3 if any(whole in text for text in one.near) else None


def _says(one: Closable, piece: str) -> bool:
    return any(piece in text for text in (*one.own, *one.near))
