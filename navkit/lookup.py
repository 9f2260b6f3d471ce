"""From what somebody types to the places that are meant."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from navkit.findings import NavkitError
from navkit.venue import Place, Venue


@dataclass(frozen=True)
class Spot:
    """One end of a route: places, any of which will do, or one anchor, or one node."""

    places: tuple[int, ...] = ()
    """Numbers in `venue.places`."""
    anchor: int = -1
    node: int = -1
    """Where somebody is who is on the way already."""
    back_from: int = -1
    """The node that they came back to it from; -1 where nobody knows which way they look."""


FOR_SOME = {
    "toilet-men": "toilet",
    "toilet-women": "toilet",
    "toilet-reserved": "",
    "registration-emergency": "registration",
    "pharmacy-emergency": "pharmacy",
    "pharmacy-inpatient": "pharmacy",
    "pharmacy-herbal": "",
}
"""Categories that are not for everybody, and the wider one, if any, that serves them too."""


def folded(text: str) -> str:
    """Text as it is compared: full-width as half-width, no case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(venue: Venue, query: str) -> Spot:
    """The spot a query means: an id, a code, a name, an alias, a door number or
    ``category:toilet`` (the nearest of them that is for anybody, ``toilet-accessible`` and the
    like included; of those for staff or `FOR_SOME` only where there are no others;
    ``category:toilet-men`` is for men or for anybody).

    `NavkitError` ``no-such-place`` or ``several-places``, which lists the hits by id.
    """
    if query.startswith("category:"):
        category = query.removeprefix("category:")
        numbers = of_category(venue, category)
        if not numbers:
            known = sorted({p.category for p in venue.places if p.category})
            raise NavkitError("no-such-category", category, known=", ".join(known))
        return Spot(numbers)
    for number, place in enumerate(venue.places):
        if query == place.id:
            return Spot((number,))
    for number, anchor in enumerate(venue.anchors):
        if query in (anchor.id, anchor.code):
            return Spot(anchor=number)
    at_space = [i for i, place in enumerate(venue.places) if query in place.spaces]
    if at_space:
        # A room may be a department too: who gives its id means the room.
        return Spot((min(at_space, key=lambda i: (len(venue.places[i].spaces), i)),))
    wanted = folded(query)
    found = [i for i, p in enumerate(venue.places) if wanted in map(folded, called(p))]
    if not found:
        anchors = [
            i for i, a in enumerate(venue.anchors) if wanted in map(folded, a.names.values())
        ]
        if len(anchors) == 1:
            return Spot(anchor=anchors[0])
        hits = [p.id for p in venue.places if any(wanted in folded(text) for text in called(p))]
        if wanted and len(hits) == 1:
            return Spot((next(i for i, p in enumerate(venue.places) if p.id == hits[0]),))
        if wanted and hits:
            raise NavkitError("several-places", query, hits=_listed(venue, hits))
        raise NavkitError("no-such-place", query)
    if len(found) > 1:
        hits = [venue.places[i].id for i in found]
        raise NavkitError("several-places", query, hits=_listed(venue, hits))
    return Spot((found[0],))


def of_category(venue: Venue, category: str) -> tuple[int, ...]:
    """Numbers of the places that somebody means who asks for a category, none where it has none.

    Who asks for toilets gets none for men or for women only, unless there is no other.
    """
    places = venue.places
    wider = FOR_SOME.get(category, "")
    found = [
        i
        for i, p in enumerate(places)
        if f"{p.category}-".startswith(f"{category}-") or (wider and p.category == wider)
    ]
    public = [i for i in found if places[i].access == "public"] or found
    anybody = [
        i for i in public if places[i].category == category or places[i].category not in FOR_SOME
    ]
    return tuple(anybody or public)


def called(place: Place) -> Iterable[str]:
    """Everything people may call a place."""
    yield from place.names.values()
    yield from place.aliases
    if place.ref:
        yield place.ref


def _listed(venue: Venue, ids: list[str], most: int = 12) -> str:
    """Ids with their levels, the first dozen."""
    shown = [f"{i} ({_where(venue, venue.place_by_id[i])})" for i in ids[:most]]
    return ", ".join(shown) + (f" … {len(ids)}" if len(ids) > most else "")


def _where(venue: Venue, place: Place) -> str:
    space_ids = place.spaces or (place.point[:1] if place.point else ())
    labels = dict.fromkeys(venue.level_by_id[venue.space_by_id[s].level].label for s in space_ids)
    return "/".join(labels) or place.category
