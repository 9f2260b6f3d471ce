"""What the things of a venue are called in one language, shown and spoken; the phone gets the
same from the bundle."""

from navkit.plan.plan import Names
from navkit.venue.venue import Anchor, Board, Connector, Place, Venue, name_in
from navkit.words.called import Called, called
from navkit.words.speech import Speaker


def place_called(place: Place, speaker: Speaker) -> Called:
    """A place by its name, its kind and the number on its door."""
    return called(place.names, speaker, place.category, place.ref, way=False)


def connector_called(connector: Connector, speaker: Speaker) -> Called:
    """A lift, stairs and the like; empty if it has no name."""
    return called(connector.names, speaker, connector.kind, way=True)


def anchor_called(anchor: Anchor, speaker: Speaker) -> Called:
    """An anchor by its name, else by its code."""
    return called(anchor.names or {"": anchor.code}, speaker, "code", way=False)


def building_called(names: Names, speaker: Speaker) -> Called:
    """A building; empty if it has no name."""
    return called(names, speaker, "building", way=False)


def sign_called(place: Place, speaker: Speaker) -> Called:
    """The sign on the door of a place, without the name, which has been said already. Nothing is
    said of a sign that no voice of the language can read out."""
    text = name_in(place.on_door, speaker.language)
    return Called(text, speaker.sign(text, place.names.values()))


def board_called(venue: Venue, board: Board, speaker: Speaker) -> Called:
    """A direction sign: shown as it stands there. Where no voice of the language can read it out,
    what it leads to is said instead, if anything can be."""
    led = (venue.place_by_id[goal] for goal in board.leads if goal in venue.place_by_id)
    said = (speaker.name(board.text), *(place_called(place, speaker).speech for place in led))
    return Called(board.text, next((one for one in said if not speaker.unsayable(one)), ""))


def entry_called(place: Place, speaker: Speaker) -> Called:
    """What to do at the door of a place where walking in is not allowed; only shown where no voice
    of the language can say it."""
    text = name_in(place.entry, speaker.language)
    said = speaker.name(text)
    return Called(text, "" if speaker.unsayable(said) else said)


def all_called(venue: Venue, speaker: Speaker) -> list[Called]:
    """What the public things of a venue are called, each name once."""
    names = [
        *(place_called(place, speaker) for place in venue.places if place.access == "public"),
        *(connector_called(connector, speaker) for connector in venue.connectors),
        *(anchor_called(anchor, speaker) for anchor in venue.anchors),
        *(building_called(names, speaker) for names in venue.building_names.values()),
    ]
    return list(dict.fromkeys(names))


def unsaid(venue: Venue, speaker: Speaker) -> list[Called]:
    """The names that no voice of the language can say: it says something else."""
    return [name for name in all_called(venue, speaker) if name.unsaid]
