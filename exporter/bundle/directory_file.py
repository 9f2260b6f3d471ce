"""What places are called and where they are; and, in a separate file, what is needed less often.

The directory is what a phone needs to name a place and guide people there; the details are ids,
aliases, categories, hours, signs, anchors, closures and landmarks.
"""

from collections.abc import Sequence
from typing import Any

from exporter.bundle.columns import deltas, runs, sparse
from exporter.bundle.network_file import ACCESS, sides_only
from exporter.bundle.said_names import name_table, said_entry, said_name, said_sign, text_table
from navkit.guide import Guide
from navkit.network.network import Network
from navkit.venue.venue import Venue


def directory_file(venue: Venue, network: Network, languages: Sequence[str]) -> dict[str, Any]:
    """All places by column."""
    places = venue.places
    speakers = [venue.speaker(language) for language in languages]
    number = {space.id: i for i, space in enumerate(venue.spaces)}
    door = {d.id: i for i, d in enumerate(venue.doors)}
    spaces = [[number[s] for s in place.spaces] for place in places]
    explicit = [
        i for i, nodes in enumerate(network.place_nodes) if nodes != sides_only(network, spaces[i])
    ]
    return {
        "names": name_table([[said_name(p.names, s) for s in speakers] for p in places], speakers),
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
        "aliases": [[i, *p.aliases] for i, p in enumerate(places) if p.aliases],
        "hours": sparse([hours.index(p.hours) + 1 if p.hours.text else 0 for p in places]),
        "hours_text": [one.text for one in hours],
        "hours_of_week": [[list(span) for span in one.spans] for one in hours],
        "phones": [[i, p.phone] for i, p in enumerate(places) if p.phone],
        "signs": name_table(
            [[said_sign(p, s) for s in speakers] for p in places if p.on_door], speakers
        ),
        "sign_places": deltas([i for i, place in enumerate(places) if place.on_door]),
        "entries": name_table(
            [[said_entry(p, s) for s in speakers] for p in places if p.entry], speakers
        ),
        "entry_places": deltas([i for i, place in enumerate(places) if place.entry]),
        "anchors": [
            {
                "id": anchor.id,
                "code": anchor.code,
                "node": network.anchor_nodes[i],
                "bearing_deg": anchor.bearing_deg,
                "names": {
                    s.language: said_name(anchor.names or {"": anchor.code}, s) for s in speakers
                },
            }
            for i, anchor in enumerate(venue.anchors)
        ],
        "landmarks": _landmarks(guide),
        "closures": _closures(venue),
    }


def _landmarks(guide: Guide) -> dict[str, Any]:
    rows = [
        (node, before, mark.place, mark.side)
        for (node, before), marks in sorted(guide.around.landmarks.items())
        for mark in marks
    ]
    return {
        "node": deltas([row[0] for row in rows]),
        "before": [row[1] - row[0] for row in rows],
        "place": deltas([row[2] for row in rows]),
        "side": [row[3] for row in rows],
    }


def _closures(venue: Venue) -> list[dict[str, Any]]:
    return [
        {"target": c.target, "start": c.start, "end": c.end, "reason": dict(c.reason)}
        for c in venue.closures
    ]
