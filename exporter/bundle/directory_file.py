"""What places are called and where they are; and, in a separate file, what is needed less often.

The directory is what a phone needs to name a place and guide people there; the details are ids,
aliases, categories, hours, signs, anchors, closures and what people see on the way.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, get_args

from exporter.bundle.columns import deltas, runs, sparse
from exporter.bundle.network_file import ACCESS, at_doors
from exporter.bundle.said_names import name_table, said, text_table
from navkit.guidance.boards import ARROWS
from navkit.guidance.surroundings import Form, Sights
from navkit.guide import Guide
from navkit.network.network import Network
from navkit.plan.colours import colours
from navkit.venue.naming import (
    anchor_called,
    board_called,
    entry_called,
    place_called,
    sign_called,
)
from navkit.venue.venue import Place, Venue, name_in
from navkit.words.speech import Speaker


def directory_file(venue: Venue, network: Network, languages: Sequence[str]) -> dict[str, Any]:
    """All places by column."""
    places = venue.places
    speakers = [venue.speaker(language) for language in languages]
    number = {space.id: i for i, space in enumerate(venue.spaces)}
    door = {d.id: i for i, d in enumerate(venue.doors)}
    spaces = [[number[s] for s in place.spaces] for place in places]
    beside = at_doors(network)
    explicit = [
        i
        for i, nodes in enumerate(network.place_nodes)
        if nodes != tuple(node for space in spaces[i] for node in beside.get(space, ()))
    ]
    return {
        "names": name_table(
            [[said(place_called(p, s)) for s in speakers] for p in places], speakers
        ),
        "spaces_per_place": sparse([len(s) for s in spaces], 1),
        "spaces": deltas([space for row in spaces for space in row]),
        "doors": [[i, door[p.door]] for i, p in enumerate(places) if p.door],
        "nodes": [[i, *network.place_nodes[i]] for i in explicit],
    }


def details_file(guide: Guide, languages: Sequence[str]) -> dict[str, Any]:
    """Ids of everything, and the fields that only some places have."""
    venue, network = guide.venue, guide.network
    places = venue.places
    speakers = [venue.speaker(language) for language in languages]
    categories = sorted({place.category for place in places})
    hours = list(dict.fromkeys(place.hours for place in places if place.hours.text))
    return {
        "space_ids": text_table([space.id for space in venue.spaces]),
        "door_ids": text_table([door.id for door in venue.doors]),
        "connector_ids": [connector.id for connector in venue.connectors],
        "path_ids": [path.id for path in venue.paths],
        "place_ids": text_table([place.id for place in places]),
        "categories": categories,
        "category": runs([categories.index(place.category) for place in places]),
        "access": sparse([ACCESS.index(place.access) for place in places]),
        "refs": text_table([place.ref for place in places]),
        "aliases": [
            [i, *others] for i, p in enumerate(places) if (others := _aliases(p, speakers))
        ],
        "hours": sparse([hours.index(p.hours) + 1 if p.hours.text else 0 for p in places]),
        "hours_text": [one.text for one in hours],
        "hours_of_week": [[list(span) for span in one.spans] for one in hours],
        "phones": [[i, p.phone] for i, p in enumerate(places) if p.phone],
        "signs": name_table(
            [[said(sign_called(p, s)) for s in speakers] for p in places if p.on_door], speakers
        ),
        "sign_places": deltas([i for i, place in enumerate(places) if place.on_door]),
        "entries": name_table(
            [[said(entry_called(p, s)) for s in speakers] for p in places if p.entry], speakers
        ),
        "entry_places": deltas([i for i, place in enumerate(places) if place.entry]),
        "anchors": [
            {
                "id": anchor.id,
                "code": anchor.code,
                "node": network.anchor_nodes[i],
                "bearing_deg": anchor.bearing_deg,
                "names": {s.language: said(anchor_called(anchor, s)) for s in speakers},
            }
            for i, anchor in enumerate(venue.anchors)
        ],
        **_waymarks(guide, speakers),
        # None: readers that do not know the file of sights look for them here.
        "landmarks": {**_by_dart({}), "side": []},
        "closures": _closures(venue),
        **_calendar(guide),
        **_held(places),
    }


def _waymarks(guide: Guide, speakers: Sequence[Speaker]) -> dict[str, Any]:
    """The boards that hang and the stripes on the floor, as rows."""
    venue = guide.venue
    levels = {level.id: i for i, level in enumerate(venue.levels)}
    return {
        "boards": [
            {
                "id": board.id,
                "names": {s.language: said(board_called(venue, board, s)) for s in speakers},
                "arrow": ARROWS[led.arrow],
                "places": list(led.places),
                "things": list(led.things),
            }
            for board, led in zip(venue.boards, guide.sights.led, strict=True)
        ],
        "stripes": [
            {
                "id": stripe.id,
                "colour": stripe.colour,
                "drawn": colours()[stripe.colour],
                "level": levels[stripe.level],
                "length_cm": guide.sights.stripe_cm[i],
                "course": [_cm(metres) for point in stripe.course for metres in point],
            }
            for i, stripe in enumerate(venue.stripes)
        ],
    }


def _cm(metres: float) -> int:
    return math.floor(metres * 100 + 0.5)


def _aliases(place: Place, speakers: Sequence[Speaker]) -> list[str]:
    """What else a place is called: also what a drawing calls it, where another word is shown."""
    shown = {place_called(place, speaker).text for speaker in speakers}
    drawn = (name_in(place.names, speaker.language) for speaker in speakers)
    others = (name for name in drawn if name and name not in shown)
    return list(dict.fromkeys((*place.aliases, *others)))


def _held(places: Sequence[Place]) -> dict[str, Any]:
    """Which places are there from a minute on or until one, and by which id they take turns."""
    rows = [[i, p.start, p.end, p.of] for i, p in enumerate(places) if p.is_dated]
    return {"held": rows} if rows else {}


def _calendar(guide: Guide) -> dict[str, Any]:
    """The dates of a venue in which anything has hours."""
    if not any(one.hours.text for one in (*guide.network.things, *guide.venue.places)):
        return {}
    calendar = guide.venue.calendar
    dates = {_date(day): rule for day, rule in calendar.days.items()}
    return {"calendar": {"from": _date(calendar.first), "to": _date(calendar.last), "days": dates}}


def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def sights_file(guide: Guide) -> dict[str, Any]:
    """What people see on the way: tables by (node, node from which they come)."""
    sights = guide.sights
    marks = {dart: [m.place for m in marks] for dart, marks in sights.landmarks.items()}
    sides = [m.side for _, some in sorted(sights.landmarks.items()) for m in some]
    numbers = range(len(guide.venue.places))
    return {
        "landmarks": {**_by_dart(marks), "side": sides},
        "plain": _by_dart(sights.plain),
        "openings": _openings(sights),
        "past": _by_dart({dart: [place] for dart, place in sights.past.items()}),
        "ends": _by_dart({dart: [0] for dart in sights.ends}, ()),
        "doors": _by_dart({(node, door): [0] for node, door in sights.doors}, ()),
        "jogs": _by_dart({jog: [0] for jog in sights.jogs}, ()),
        "side_ways": deltas(sorted(sights.side_ways)),
        "mouths": deltas(sorted(sights.mouths)),
        "forms": {
            **_by_dart({dart: [0] for dart in sights.forms}, ()),
            "form": [FORMS.index(sights.forms[dart].form) for dart in sorted(sights.forms)],
            "clear_cm": [sights.forms[dart].clear_cm for dart in sorted(sights.forms)],
        },
        "boards": _by_dart(sights.boards, ("board",)),
        "along": _along(sights),
        "alike": sparse([number - sights.alike.get(number, number) for number in numbers]),
        "unsaid": deltas(sorted(sights.unsaid)),
    }


FORMS = get_args(Form)
"""Forms of the floor, by number."""


def _along(sights: Sights) -> dict[str, list[int]]:
    """The stripes along which edges run: a table by edge."""
    rows = [(edge, one) for edge, some in sorted(sights.along.items()) for one in some]
    return {
        "edge": deltas([edge for edge, _ in rows]),
        "stripe": [one.stripe for _, one in rows],
        "from": [one.from_cm for _, one in rows],
        "to": [one.to_cm for _, one in rows],
    }


def _by_dart(
    found: Mapping[tuple[int, int], Sequence[int]], columns: Sequence[str] = ("place",)
) -> dict[str, list[int]]:
    """A table of places by node and the one before, of darts only without `columns`."""
    rows = [(*dart, place) for dart, places in sorted(found.items()) for place in places]
    return {
        "node": deltas([node for node, _, _ in rows]),
        "before": [before - node for node, before, _ in rows],
        **{name: deltas([place for _, _, place in rows]) for name in columns},
    }


def _openings(sights: Sights) -> dict[str, list[int]]:
    """Gaps in walls by edge; `looks` is twice what they look like, and one more on the right."""
    rows = [(edge, one) for edge, some in sorted(sights.openings.items()) for one in some]
    return {
        "edge": deltas([edge for edge, _ in rows]),
        "at_dm": [one.at_dm for _, one in rows],
        "wide_dm": [one.wide_dm for _, one in rows],
        "looks": [2 * one.looks + (one.side > 0) for _, one in rows],
    }


def _closures(venue: Venue) -> list[dict[str, Any]]:
    return [
        {"target": c.target, "start": c.start, "end": c.end, "reason": dict(c.reason)}
        for c in venue.closures
    ]
