"""What a visitor reads of a thing that is in the way: its name, else what it is and on which floor.

Ids are for staff. A name is what guidance calls the thing, so that both say the same. The phone
says it too: `thingSaid` of `exporter/runtime/core/navkit.js`.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from navkit.plan.plan import Names
from navkit.venue.naming import connector_called, place_called
from navkit.venue.venue import Connector, Door, DrawnPath, Space, Venue
from navkit.words.called import Called
from navkit.words.languages import by_language, languages
from navkit.words.speech import Speaker

_KINDS = ("places", "things")


def obstacle(venue: Venue, thing: Space | Door | Connector | DrawnPath) -> Names:
    """By language."""
    place = next((place for place in venue.places if place.id == thing.id), None)
    own = _shown(venue, partial(place_called, place)) if place else {}
    if not own and isinstance(thing, Connector):
        own = _shown(venue, partial(connector_called, thing))
    if own:
        return own
    if isinstance(thing, Connector | DrawnPath):
        return by_language(*_KINDS, thing.kind)
    sides = thing.spaces if isinstance(thing, Door) else (thing.id,)
    named = next(_names_at(venue, sides), {})
    if isinstance(thing, Space) and named:
        return named
    if named:
        # Each language has words of its own around the name.
        return {
            tag: phrase.format(name=named[tag])
            for tag, phrase in by_language(*_KINDS, "door-of").items()
        }
    level = venue.level_by_id[venue.space_by_id[sides[0]].level].label
    kind = "door" if isinstance(thing, Door) else thing.kind
    return {tag: phrase.format(level=level) for tag, phrase in by_language(*_KINDS, kind).items()}


def _names_at(venue: Venue, sides: Sequence[str]) -> Iterator[Names]:
    """What the places at a thing are called, those that have names."""
    places = (place for side in sides for place in venue.places if side in place.spaces)
    return filter(None, (_shown(venue, partial(place_called, place)) for place in places))


def _shown(venue: Venue, call: Callable[[Speaker], Called]) -> Names:
    """By language, as guidance shows it; nothing if the thing has no name."""
    return {tag: text for tag in languages() if (text := call(venue.speaker(tag)).text)}
