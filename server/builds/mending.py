"""From a form to a correction: what staff say about a thing on the map.

Decides on a form and a venue; the values of a change are checked where it is added.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from navkit.plan.plan import SHAFTS
from navkit.venue import corrections
from navkit.venue.venue import Door, Point, Space, Venue, name_in
from navkit.words.findings import NavkitError
from navkit.words.languages import languages, words

TOUCHING_M = (0.02, 0.1, 0.5)
"""How far apart outlines that share a wall may be, the nearest first. Guesses: a drawing mistake, a
thin wall, a thick one."""

Form = Mapping[str, str]
Change = dict[str, Any]


def _names(form: Form) -> dict[str, str]:
    return {tag: text for tag in languages() if (text := form.get(f"name-{tag}", "").strip())}


def _rename(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing, "names": _names(form)}
    if ref := form.get("ref", "").strip():
        change["ref"] = ref
    if not change["names"] and not ref:
        raise NavkitError("form-empty", field="name")
    return change


def _restrict(form: Form, venue: Venue, thing: str) -> Change:
    return {"id": thing, "access": form.get("access", "")}


def _set_kind(form: Form, venue: Venue, thing: str) -> Change:
    return {"id": thing, "kind": form.get("kind", "")}


def _set_door(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing}
    if form.get("kind"):
        change["kind"] = form["kind"]
    if form.get("width_m"):
        change["width_m"] = _number(form, "width_m")
    for name in ("step_free", "entrance"):
        if form.get(name):
            change[name] = form[name] == "yes"
    if way := form.get("passage", ""):
        change["passage"], _, of = way.partition(" ")
        change |= {"passage_of": of} if of else {}
    if len(change) == 1:
        raise NavkitError("form-empty")
    return change


def ways_through(door: Door) -> list[tuple[str, str, str]]:
    """Who may go through a door: the value of the form, the key of its words, and into or out of
    which space."""
    inner = [space for space in door.spaces if space]
    one_way = [(f"in {space}", "passage-in", space) for space in inner]
    out = [(f"out {space}", "passage-out", space) for space in inner if len(inner) == 1]
    return [("both", "passage-both", ""), *one_way, *out]


def _both(form: Form, venue: Venue, thing: str) -> tuple[Space, Space]:
    """The space that a form is about, and the other one."""
    known, other = venue.space_by_id, form.get("other", "")
    if thing not in known or other not in known:
        raise NavkitError("no-such-thing", field="other")
    return known[thing], known[other]


def _add_door(form: Form, venue: Venue, thing: str) -> Change:
    if thing in venue.door_by_id:
        return _is_there(form, venue.door_by_id[thing])
    here, there = _both(form, venue, thing)
    spot = shared_point(here, there)
    if form.get("x") and form.get("y"):
        clicked = (_number(form, "x"), _number(form, "y"))
        spot = _clicked_point(here, there, clicked) or spot
    if spot is None:
        raise NavkitError("spaces-do-not-touch", field="other")
    change: Change = {"spaces": [here.id, there.id], "point": list(spot)}
    if form.get("width_m"):
        change["width_m"] = _number(form, "width_m")
    return change


def _is_there(form: Form, door: Door) -> Change:
    """A guessed door, confirmed."""
    spaces = [space for space in door.spaces if space]
    change: Change = {"spaces": spaces, "point": [round(value, 2) for value in door.middle]}
    return {**change, **({"width_m": _number(form, "width_m")} if form.get("width_m") else {})}


def _no_door(form: Form, venue: Venue, thing: str) -> Change:
    if thing in venue.door_by_id:
        return {"spaces": list(venue.door_by_id[thing].spaces)}
    return {"spaces": [space.id for space in _both(form, venue, thing)]}


def _remove(form: Form, venue: Venue, thing: str) -> Change:
    return {"id": thing}


def _join_shaft(form: Form, venue: Venue, thing: str) -> Change:
    both = _both(form, venue, thing)
    ids = {space.id for space in both}
    shafts = [space.connector for space in both if space.connector]
    # All stops of both shafts, or the join would separate stops that are already connected.
    stops = {
        stop
        for connector in venue.connectors
        if ids & set(connector.stops) or connector.id in shafts
        for stop in connector.stops
    }
    change: Change = {"spaces": sorted(stops | ids)}
    # The shaft keeps its id, and with it its closures and its name.
    return {**change, **({"connector": shafts[0]} if shafts else {})}


def _landmark(form: Form, venue: Venue, thing: str) -> Change:
    return {"id": thing, "landmark": True}


def _set_level(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing}
    if label := form.get("label", "").strip():
        change["label"] = label
    if form.get("ordinal", "").strip():
        change["ordinal"] = _number(form, "ordinal")
    if form.get("checked"):
        change["checked"] = True
    if len(change) == 1:
        raise NavkitError("form-empty", field="label")
    return change


def _set_connector(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing}
    if form.get("direction"):
        change["direction"] = form["direction"]
    for name in ("wait_s", "floor_s"):
        if form.get(name, "").strip():
            change[name] = _number(form, name)
    if form.get("cabin_width_m", "").strip() or form.get("cabin_depth_m", "").strip():
        sides = ("cabin_width_m", "cabin_depth_m")
        change["cabin_m"] = [_number(form, side) for side in sides]
    if len(change) == 1:
        raise NavkitError("form-empty")
    return change


def _set_use(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing}
    if hours := form.get("hours", "").strip():
        change["hours"] = hours
    if form.get("is_verified"):
        change["unverified"] = False
    if len(change) == 1:
        raise NavkitError("form-empty", field="hours")
    return change


def _add_anchor(form: Form, venue: Venue, thing: str) -> Change:
    space = venue.space_by_id.get(thing)
    if space is None:
        raise NavkitError("no-such-thing")
    inside = space.outline.representative_point()
    spot = (inside.x, inside.y)
    if form.get("x") and form.get("y"):
        clicked = (_number(form, "x"), _number(form, "y"))
        spot = clicked if space.outline.covers(shapely.Point(clicked)) else spot
    taken = {anchor.id for anchor in venue.anchors}
    code = form.get("code", "").strip() or next(
        name for n in range(1, len(taken) + 2) if (name := f"{space.level}-A{n}") not in taken
    )
    return {"id": code, "space": thing, "point": [round(value, 2) for value in spot]}


def _close(form: Form, venue: Venue, thing: str) -> Change:
    change: Change = {"id": thing}
    for name in ("start", "end"):
        if form.get(name):
            change[name] = form[name]
    reason = {tag: text for tag in languages() if (text := form.get(f"reason-{tag}", "").strip())}
    return {**change, **({"reason": reason} if reason else {})}


FORMS: Mapping[str, Callable[[Form, Venue, str], Change]] = {
    "rename": _rename,
    "restrict": _restrict,
    "set-kind": _set_kind,
    "set-door": _set_door,
    "add-door": _add_door,
    "join-shaft": _join_shaft,
    "landmark": _landmark,
    "close": _close,
    "set-level": _set_level,
    "set-connector": _set_connector,
    "set-use": _set_use,
    "no-door": _no_door,
    "remove": _remove,
    "add-anchor": _add_anchor,
}
"""Corrections that a form can make. The others are uploaded as a file."""

_CALLED: Mapping[str, str] = {"names": "name"}
"""Fields of a change that have another name in a form."""


_OF_SPACE = frozenset(
    {"close", "rename", "restrict", "set-kind", "set-use", "add-anchor", "remove"}
)
_OF_DOOR = frozenset({"close", "rename", "restrict", "set-door", "set-use", "remove"})
_OF_CONNECTOR = frozenset({"close", "rename", "restrict", "set-connector", "set-use"})


def offered(venue: Venue, thing: str) -> frozenset[str]:
    """Corrections of a thing that the next build can apply."""
    said: set[str] = set()
    if thing in venue.level_by_id:
        said |= {"set-level"}
    if thing in venue.place_by_id:
        said |= {"rename", "landmark"}
    door = venue.door_by_id.get(thing)
    if door is not None:
        # A guessed door is guessed again in each build, after the corrections.
        said |= {"close", *_of_guess(door)} if door.guessed or door.guess else _OF_DOOR
    if any(connector.id == thing for connector in venue.connectors):
        said |= _OF_CONNECTOR
    if any(path.id == thing for path in venue.paths):
        said |= {"close", "restrict", "set-use"}
    space = venue.space_by_id.get(thing)
    if space is not None:
        said |= _OF_SPACE
        said |= {"add-door", "no-door"} if neighbours(venue, space) else set()
        said |= {"join-shaft"} if space.kind in SHAFTS and other_stops(venue, space) else set()
    return frozenset(said)


def said_of(venue: Venue, thing: str, do: str) -> list[str]:
    """The id of a thing if a correction can be said of it; else those of what belongs to it, such
    as the doors of a room."""
    if do in offered(venue, thing):
        return [thing]
    place = venue.place_by_id.get(thing)
    door = venue.door_by_id.get(thing)
    shafts = [one for one in venue.connectors if thing in (one.id, *one.stops)]
    near = [
        *(place.spaces if place else ()),
        *(one.id for one in venue.doors if thing and thing in one.spaces),
        *(space for space in (door.spaces if door else ()) if space),
        *(one for shaft in shafts for one in (shaft.id, *shaft.stops)),
    ]
    return [one for one in dict.fromkeys(near) if do in offered(venue, one)]


def _of_guess(door: Door) -> set[str]:
    """What can be said of a door that navkit has guessed: that it is there, or that it is not."""
    return {"add-door", "no-door"} if all(door.spaces) and not door.path else set()


def change_of(form: Form, venue: Venue) -> Change:
    """The correction that a form asks for."""
    do, thing = form.get("do", ""), form.get("thing", "")
    if do not in FORMS:
        raise NavkitError("correction-unknown", do[:40], known=", ".join(sorted(FORMS)))
    change = {"do": do, **FORMS[do](form, venue, thing)}
    if do not in offered(venue, thing):
        raise NavkitError("not-said-of-this")
    if why := form.get("why", "").strip():
        change["why"] = why
    _check(change)
    return change


def _check(change: Change) -> None:
    """Refuse what a change must not have, in terms of the form."""
    try:
        corrections.parse({"navkit-corrections": 1, "changes": [change]}, "")
    except NavkitError as error:
        code, said = error.finding.code, dict(error.finding.slots)
        name = str(said.get("field", ""))
        said["field"] = _CALLED.get(name, name)
        raise NavkitError(_IN_A_FORM.get(code, code), "", **said) from None


_IN_A_FORM: Mapping[str, str] = {"correction-field": "form-field"}
"""Codes whose sentences are about a file, and the corresponding ones about a form."""


def _number(form: Form, name: str) -> float:
    text = form.get(name, "")
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise NavkitError("not-a-number", field=name)
    return round(number, 3)


def shared_wall(a: Space, b: Space) -> BaseGeometry:
    """Where two spaces touch, on the outline of the first; empty if they do not. Walls have
    a thickness in some drawings and none in others: the nearest outlines count."""
    for apart_m in TOUCHING_M:
        near = a.outline.boundary.intersection(b.outline.buffer(apart_m))
        wall = shapely.union_all([p for p in getattr(near, "geoms", [near]) if p.length > 0])
        if wall.length > 2 * apart_m:
            break
    return wall


def shared_point(a: Space, b: Space) -> Point | None:
    """The middle of the wall that two spaces share; None if they do not touch."""
    wall = shared_wall(a, b)
    if wall.length == 0:
        return None
    merged = shapely.line_merge(wall)
    longest = max(getattr(merged, "geoms", [merged]), key=lambda piece: piece.length)
    middle = longest.interpolate(0.5, normalized=True)
    return (round(middle.x, 2), round(middle.y, 2))


def _clicked_point(a: Space, b: Space, clicked: Point) -> Point | None:
    """The point of the shared wall nearest to where somebody clicked."""
    wall = shared_wall(a, b)
    if wall.is_empty:
        return None
    near, _ = nearest_points(wall, shapely.Point(clicked))
    return (round(near.x, 2), round(near.y, 2))


def space_at(venue: Venue, level: str, point: Point) -> str:
    """Id of the space that contains a point of a level, empty if none does."""
    here = shapely.Point(point)
    found = (s.id for s in venue.spaces if s.level == level and s.outline.covers(here))
    return next(found, "")


def neighbours(venue: Venue, space: Space) -> list[Space]:
    """Spaces of the same level that share a wall with it, and have no drawn door to it yet."""
    joined = {
        other
        for door in venue.doors
        if space.id in door.spaces and not door.guessed
        for other in door.spaces
        if other
    }
    near = space.outline.buffer(TOUCHING_M[-1])
    return [
        other
        for other in venue.spaces
        if other.level == space.level
        and other.id != space.id
        and other.id not in joined
        and other.kind != "closed"
        and near.intersects(other.outline)
    ]


def other_stops(venue: Venue, space: Space) -> list[Space]:
    """Shafts of other levels that may continue a shaft, those above or below it first."""
    # A shaft that navkit has guessed is confirmed like another one.
    drawn = (c for c in venue.connectors if space.id in c.stops and not c.guessed)
    stops = {stop for c in drawn for stop in c.stops}
    centre = space.outline.centroid
    return sorted(
        (
            other
            for other in venue.spaces
            if other.kind == space.kind and other.level != space.level and other.id not in stops
        ),
        key=lambda other: (round(other.outline.centroid.distance(centre), 1), other.id),
    )[:40]


def label(venue: Venue, thing: str, language: str) -> str:
    """What staff call a thing: its name, its number, its level; its id if it has neither."""
    space = venue.space_by_id.get(thing)
    if space is not None:
        said = " ".join(filter(None, (space.ref, name_in(space.names, language)))) or thing
        return f"{said} · {venue.level_by_id[space.level].label}"
    connector = next((c for c in venue.connectors if c.id == thing), None)
    if connector is not None:
        levels = dict.fromkeys(
            venue.level_by_id[venue.space_by_id[stop].level].label
            for stop in connector.stops
            if stop in venue.space_by_id
        )
        building = _building(venue, connector.stops, language)
        name = name_in(connector.names, language) or connector.id
        return f"{building} {name} · {' '.join(levels)}".strip()
    place = venue.place_by_id.get(thing)
    if place is not None:
        return name_in(place.names, language) or thing
    door = venue.door_by_id.get(thing)
    if door is not None:
        sides = " | ".join(label(venue, s, language) for s in door.spaces if s)
        entrance = next((p for p in venue.places if p.door == thing), None)
        names = door.names or (entrance.names if entrance else {})
        return f"{name_in(names, language) or thing} ({sides})"
    path = next((p for p in venue.paths if p.id == thing), None)
    return (name_in(path.names, language) if path else "") or _mark(venue, thing, language)


def _mark(venue: Venue, thing: str, language: str) -> str:
    """What is written on a sign, the colour of a line on the floor, the code on a wall."""
    called = words(language, "guidance")["stripes"]
    told = {one.id: f"“{one.text}”" for one in venue.boards}
    told |= {one.id: called[one.colour] for one in venue.stripes}
    told |= {one.id: one.code for one in venue.anchors}
    return told.get(thing, thing)


def _building(venue: Venue, stops: tuple[str, ...], language: str) -> str:
    space = next((venue.space_by_id[s] for s in stops if s in venue.space_by_id), None)
    if space is None or len({level.building for level in venue.levels}) < 2:
        return ""
    key = venue.level_by_id[space.level].building
    return name_in(venue.building_names.get(key, {}), language)


def level_of(venue: Venue, thing: str) -> str:
    """Id of the level that a thing is on, the first if it is on several; else empty."""
    if thing in venue.level_by_id:
        return thing
    if thing in venue.space_by_id:
        return venue.space_by_id[thing].level
    if thing in venue.door_by_id:
        return level_of(venue, venue.door_by_id[thing].spaces[0])
    if thing in venue.place_by_id:
        return level_of(venue, next(iter(venue.place_by_id[thing].spaces), ""))
    stops = next((c.stops for c in venue.connectors if c.id == thing), ())
    return level_of(venue, stops[0]) if stops else ""
