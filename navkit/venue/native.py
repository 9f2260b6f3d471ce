"""A venue as a drawing in navkit's own dialect of GeoJSON (`docs/geojson.md`).

What navkit guesses by itself, such as doors that nobody drew, is guessed again by who reads it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from shapely.geometry import mapping

from navkit.plan.plan import Limits
from navkit.venue.venue import Connector, Door, Space, Venue

Feature = dict[str, Any]


def drawing_of(venue: Venue) -> dict[str, Any]:
    """One feature collection in local metres; of what only corrections can say (closures, signs,
    photos, the wording) nothing is in it."""
    shaft_of = {stop: shaft.id for shaft in venue.connectors for stop in shaft.stops}
    names = {"name": dict(venue.names)} if venue.names else {}
    return {
        "type": "FeatureCollection",
        "navkit": 1,
        "units": "m",
        **names,
        "features": [
            *(_feature(key, "building", name=n) for key, n in venue.building_names.items()),
            *(
                _feature(
                    one.id,
                    "level",
                    ordinal=one.ordinal,
                    label=one.label,
                    building=one.building,
                    elevation_m=one.elevation_m,
                )
                for one in venue.levels
            ),
            *map(_connector, venue.connectors),
            *(_space(one, shaft_of) for one in venue.spaces),
            *_doors(venue),
            *(
                _feature(
                    one.id,
                    "anchor",
                    {"type": "Point", "coordinates": [*one.point]},
                    level=venue.space_by_id[one.space].level,
                    code=one.code,
                    bearing_deg=one.bearing_deg,
                    name=one.names,
                )
                for one in venue.anchors
            ),
        ],
    }


def _feature(key: str, what: str, geometry: Any = None, /, **said: Any) -> Feature:
    """What is empty or unknown is left out."""
    told = {name: value for name, value in said.items() if value not in ("", None, (), {}, [])}
    return {
        "type": "Feature",
        "id": key,
        "geometry": geometry,
        "properties": {"type": what, **told},
    }


def _space(space: Space, shaft_of: Mapping[str, str]) -> Feature:
    feature = _feature(
        space.id,
        "space",
        mapping(space.outline),
        level=space.level,
        kind=space.kind,
        name=space.names,
        ref=space.ref,
        access=space.access,
        connector=shaft_of.get(space.id, ""),
        step_free=space.step_free,
        slope=space.slope,
        oneway=[[*point] for point in space.oneway],
        **_use(space),
    )
    # Said even if there is none: else who reads it would look for one in the name.
    feature["properties"]["category"] = space.category
    return feature


def _doors(venue: Venue) -> Iterator[Feature]:
    for door in venue.doors:
        if not door.guessed:
            yield _door(door, venue.space_by_id[door.spaces[0]].level)


def _door(door: Door, level: str) -> Feature:
    return _feature(
        door.id,
        "door",
        {"type": "LineString", "coordinates": [[*point] for point in door.line]},
        level=level,
        spaces=[one for one in door.spaces if one],
        kind=door.kind,
        width_m=door.width_m,
        access=door.access,
        entrance=door.entrance or None,
        name=door.names,
        step_free=door.step_free,
        passage=door.passage,
        passage_of=door.passage_of,
        **_use(door),
    )


def _connector(shaft: Connector) -> Feature:
    waits = shaft.wait_s or ()
    return _feature(
        shaft.id,
        "connector",
        kind=shaft.kind,
        name=shaft.names,
        bank=shaft.bank,
        direction=shaft.direction,
        access=shaft.access,
        step_free=shaft.step_free,
        wait_s=waits[0] if len(waits) == 1 else [*waits],
        floor_s=shaft.floor_s,
        cabin_m=[*shaft.cabin_m] if shaft.cabin_m else None,
        **_use(shaft),
    )


def _use(thing: Limits) -> dict[str, Any]:
    """When it may be used, and by whom."""
    return {
        "hours": thing.hours.text,
        "oneway_hours": thing.oneway_hours.text,
        "unverified": thing.unverified or None,
        "only": {group: hours.text for group, hours in thing.only.items()},
        "barred": {group: hours.text for group, hours in thing.barred.items()},
    }
