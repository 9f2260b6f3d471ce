"""From a typed query to the places that it means."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from navkit.plan.categories import for_some
from navkit.venue.naming import place_called
from navkit.venue.venue import Level, Place, Venue, name_in
from navkit.words.findings import NavkitError
from navkit.words.languages import languages


@dataclass(frozen=True)
class Spot:
    """One end of a route: places, any of which will do, or one anchor, or one node."""

    places: tuple[int, ...] = ()
    """Numbers in `venue.places`."""
    anchor: int = -1
    node: int = -1
    """The position of somebody who is already on the way."""
    back_from: int = -1
    """The node from which they came back to it; -1 if it is unknown which way they face."""


def folded(text: str) -> str:
    """Text in the form in which it is compared: full-width as half-width, no case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(venue: Venue, query: str, minute: int | None = None) -> Spot:
    """The spot a query means: an id, a code, a name, an alias, a door number (case, width and
    blanks do not count, unless ids differ in nothing else) or
    ``category:toilet`` (the nearest public one, ``toilet-accessible`` and the
    like included; those for staff or for some people only if there are no others;
    ``category:toilet-men`` is for men or for anybody); of places with dates those that are there
    at `minute` (as `Place.holds` has it).

    `NavkitError` ``no-such-place`` or ``several-places``, which lists the hits.
    """
    if query.startswith("category:"):
        category = query.removeprefix("category:")
        numbers = of_category(venue, category, minute)
        if not numbers:
            known = ", ".join(nearest(category, _categories(venue)))
            raise NavkitError("no-such-category", category, known=known)
        return Spot(numbers)
    spot = _with_id(venue, query, minute)
    if spot:
        return spot
    wanted = folded(query)
    anchors = [i for i, a in enumerate(venue.anchors) if wanted in (folded(a.code), folded(a.id))]
    if wanted and len(anchors) == 1:
        return Spot(anchor=anchors[0])
    found = [i for i, texts in _typed_at(venue, minute) if wanted in texts]
    if not found:
        return _with_folded_id(venue, wanted, minute) or _part(venue, query, wanted, minute)
    if len(found) > 1:
        raise _several(venue, query, found)
    return Spot((found[0],))


def _with_id(venue: Venue, query: str, minute: int | None) -> Spot | None:
    """The place, anchor or room with exactly that id or code."""
    for number, place in enumerate(venue.places):
        if query in (place.id, place.of or place.id):
            return Spot((in_turn(venue, number, minute),))
    for number, anchor in enumerate(venue.anchors):
        if query in (anchor.id, anchor.code):
            return Spot(anchor=number)
    return _at_space(venue, query, minute)


def in_turn(venue: Venue, number: int, minute: int | None) -> int:
    """Of the places that take turns with one, the one that is there at `minute`; itself, if none
    is or it has no dates."""
    place = venue.places[number]
    if not place.of or place.holds(minute):
        return number
    turns = (i for i, p in enumerate(venue.places) if p.of == place.of and p.holds(minute))
    return next(turns, number)


def _with_folded_id(venue: Venue, wanted: str, minute: int | None) -> Spot | None:
    """The one place or room whose id differs in case, width and blanks only."""
    ids = [*(place.of or place.id for place in venue.places), *venue.space_by_id]
    same = list(dict.fromkeys(one for one in ids if folded(one) == wanted))
    return _with_id(venue, same[0], minute) if len(same) == 1 else None


def _at_space(venue: Venue, space: str, minute: int | None) -> Spot | None:
    here = [i for i, p in enumerate(venue.places) if space in p.spaces and p.holds(minute)]
    if not here:
        return None
    # A room may also be a department: its id means the room.
    return Spot((min(here, key=lambda i: (len(venue.places[i].spaces), i)),))


def _part(venue: Venue, query: str, wanted: str, minute: int | None) -> Spot:
    """The anchor with that name, else the one place that has `wanted` in one of its names."""
    anchors = [i for i, a in enumerate(venue.anchors) if wanted in map(folded, a.names.values())]
    if len(anchors) == 1:
        return Spot(anchor=anchors[0])
    typed = _typed_at(venue, minute)
    hits = [i for i, texts in typed if any(wanted in text for text in texts)]
    if wanted and len(hits) == 1:
        return Spot((hits[0],))
    if wanted and hits:
        raise _several(venue, query, hits)
    raise NavkitError("no-such-place", query)


def _categories(venue: Venue) -> list[str]:
    """All categories that people may ask for, including wider ones that have only finer members."""
    used = {place.category for place in venue.places if place.category}
    wider = {category for category in for_some().values() if category}
    return sorted(used | {category for category in wider if of_category(venue, category, None)})


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words, first those that share most pairs of letters with `word`."""
    asked = _pairs(folded(word))

    def share(one: str) -> float:
        pairs = _pairs(one)
        return 2 * len(asked & pairs) / max(1, len(asked) + len(pairs))

    return sorted(known, key=lambda one: (-share(one), one))


def _pairs(word: str) -> set[str]:
    """Pairs of letters, and the first and the last letter by themselves."""
    padded = f" {word} "
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


def of_category(venue: Venue, category: str, minute: int | None) -> tuple[int, ...]:
    """Numbers of the places that a category means at `minute`; none if it has none.

    `toilet` does not include those for men or for women only, unless there are no others.
    """
    places = venue.places
    wider = for_some().get(category, "")
    found = [
        i
        for i, p in enumerate(places)
        if f"{p.category}-".startswith(f"{category}-") or (wider and p.category == wider)
        if p.holds(minute)
    ]
    public = [i for i in found if places[i].access == "public"] or found
    anybody = [
        i for i in public if places[i].category == category or places[i].category not in for_some()
    ]
    return tuple(anybody or public)


def called(place: Place) -> Iterable[str]:
    """Everything that people may call a place."""
    yield from place.names.values()
    yield from place.aliases
    if place.ref:
        yield place.ref


def _asked(venue: Venue, place: Place) -> Iterable[str]:
    """The same, and what the place is called where a drawing has only a word for a name."""
    yield from called(place)
    yield from (place_called(place, venue.speaker(tag)).text for tag in languages())


def _typed(venue: Venue) -> tuple[tuple[str, ...], ...]:
    """For each place, what people may type for it, folded: for all languages that there are."""
    key = tuple(languages())
    if key not in venue.typed:
        venue.typed[key] = tuple(tuple(map(folded, _asked(venue, p))) for p in venue.places)
    return venue.typed[key]


def _typed_at(venue: Venue, minute: int | None) -> list[tuple[int, tuple[str, ...]]]:
    """The same with their numbers, for the places that are there at `minute`."""
    return [(i, texts) for i, texts in enumerate(_typed(venue)) if venue.places[i].holds(minute)]


def _several(venue: Venue, query: str, places: Sequence[int], most: int = 12) -> NavkitError:
    """Lists the first dozen hits in each language: id, name, building and level."""
    more = f" … {len(places)}" if len(places) > most else ""
    hits = {
        language: ", ".join(
            f"{venue.places[i].id} ({_described(venue, venue.places[i], language)})"
            for i in places[:most]
        )
        + more
        for language in languages()
    }
    return NavkitError("several-places", query, hits=hits)


def _described(venue: Venue, place: Place, language: str) -> str:
    """Name, building if there are several, and level; the category if it is at none."""
    space_ids = place.spaces or (place.point[:1] if place.point else ())
    levels = {venue.space_by_id[s].level: None for s in space_ids}
    several = len({level.building for level in venue.levels}) > 1
    where = dict.fromkeys(
        " ".join(filter(None, (_building(venue, level, language) if several else "", level.label)))
        for level in (venue.level_by_id[level] for level in levels)
    )
    name = place_called(place, venue.speaker(language)).text
    return " · ".join(filter(None, (name, "/".join(where) or place.category)))


def _building(venue: Venue, level: Level, language: str) -> str:
    return name_in(venue.building_names.get(level.building, {}), language)
