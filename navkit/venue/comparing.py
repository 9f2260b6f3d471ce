"""What differs between two venues of one house: what is new, gone, moved, renamed or changed.

Things are the same if their ids are, which imports keep (`navkit/venue/earlier.py`). A space that
only has another id is recognised by its outline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np
from shapely import LineString, Point, STRtree, transform
from shapely.geometry.base import BaseGeometry

from navkit.plan.frame import Frame, Points
from navkit.venue.venue import (
    Anchor,
    Connector,
    Door,
    DrawnPath,
    Level,
    Place,
    Space,
    Venue,
)

How = Literal["new", "gone", "moved", "renamed", "changed"]
Thing = Level | Space | Door | Connector | DrawnPath | Place | Anchor

MOVED_M = 0.05
"""What has moved by less than this stands where it was: drawings are rounded. A guess."""
SAME_SHARE = 0.9
"""How much two outlines share, of what both cover, if they are of one space. A guess."""

_NAMES = ("names", "ref", "label")
_SHAPES = ("outline", "line", "points", "point")
_IDS = ("id", "spaces", "stops", "path", "connector", "guess", "space", "level", "levels")
"""Facts that say where and with what a thing is: they follow from ids and shapes."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it was. Of the two sides at least one is there."""

    how: How
    part: str
    """``levels``, ``spaces``, ``doors``, ``connectors``, ``paths``, ``places`` or ``anchors``."""
    old: Thing | None
    new: Thing | None
    metres: float = 0.0
    """How far it has moved, or its farthest corner."""
    facts: tuple[str, ...] = ()
    """What has changed, by the names of the venue's format."""

    @property
    def id(self) -> str:
        """As it is now called, or was."""
        thing = self.new or self.old
        assert thing
        return thing.id


def in_frame(venue: Venue, frame: Frame | None) -> Venue:
    """The venue with its shapes in another frame, in metres; as it is where one of the two has
    none."""
    own = venue.frame
    if own is None or frame is None or own == frame:
        return venue

    def moved(xy: Points) -> Points:
        return frame.to_metres(own.to_degrees(xy))

    def line(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        return tuple((float(x), float(y)) for x, y in moved(np.asarray(points, float)))

    def spot(place: Place) -> Place:
        if place.point is None:
            return place
        space, x, y = place.point
        return replace(place, point=(space, *line([(x, y)])[0]))

    def door(one: Door) -> Door:
        start, end = line(one.line)
        return replace(one, line=(start, end))

    return replace(
        venue,
        frame=frame,
        spaces=tuple(replace(s, outline=transform(s.outline, moved)) for s in venue.spaces),
        doors=tuple(map(door, venue.doors)),
        paths=tuple(replace(p, points=line(p.points)) for p in venue.paths),
        places=tuple(map(spot, venue.places)),
        anchors=tuple(replace(a, point=line([a.point])[0]) for a in venue.anchors),
    )


def are_comparable(old: Venue, new: Venue) -> bool:
    """Whether it can be told what has moved: both are somewhere on Earth, or neither is."""
    return (old.frame is None) == (new.frame is None)


def differences(old: Venue, new: Venue) -> list[Difference]:
    """Every difference, part by part, in the order of the new venue; what is gone comes last.
    Nothing has moved where that cannot be told."""
    old = in_frame(old, new.frame)
    where = are_comparable(old, new)
    found: list[Difference] = []
    renumbered = _renumbered(old, new) if where else {}
    for part in ("levels", "spaces", "doors", "connectors", "paths", "places", "anchors"):
        was = {thing.id: thing for thing in _things(old, part)}
        now = {thing.id: thing for thing in _things(new, part)}
        before = {id: renumbered.get(id, id) for id in now}
        for id, thing in now.items():
            earlier = was.get(before[id])
            found += (
                _between(part, earlier, thing, where=where)
                if earlier
                else [_only("new", part, thing)]
            )
        kept = set(before.values())
        found += [_only("gone", part, thing) for id, thing in was.items() if id not in kept]
    rooms = {one.id for one in found if one.part in ("spaces", "connectors")}
    return [one for one in found if not (one.part == "places" and _of_room(one, rooms))]


def _things(venue: Venue, part: str) -> tuple[Thing, ...]:
    things: tuple[Thing, ...] = getattr(venue, part)
    return things


def _only(how: How, part: str, thing: Thing) -> Difference:
    return (
        Difference(how, part, None, thing) if how == "new" else Difference(how, part, thing, None)
    )


def _of_room(one: Difference, rooms: set[str]) -> bool:
    """Whether a place differs as its room or shaft does, which is told already."""
    return one.id in rooms and one.how != "changed"


def _between(part: str, old: Thing, new: Thing, *, where: bool) -> Iterator[Difference]:
    was, now = shape_of(old), shape_of(new)
    if where and was is not None and now is not None:
        metres = float(was.hausdorff_distance(now))
        if metres > MOVED_M or getattr(old, "level", "") != getattr(new, "level", ""):
            yield Difference("moved", part, old, new, metres)
    unlike = [one.name for one in fields(new) if getattr(old, one.name) != getattr(new, one.name)]
    if old.id != new.id or any(name in _NAMES for name in unlike):
        yield Difference("renamed", part, old, new)
    if facts := tuple(name for name in unlike if name not in (*_NAMES, *_SHAPES, *_IDS)):
        yield Difference("changed", part, old, new, facts=facts)
    elif (
        isinstance(old, Connector)
        and isinstance(new, Connector)
        and len(old.stops) != len(new.stops)
    ):
        yield Difference("changed", part, old, new, facts=("stops",))


def shape_of(thing: Thing) -> BaseGeometry | None:
    """The shape of a thing, in metres; None for what has none of its own."""
    match thing:
        case Space():
            return thing.outline
        case Door():
            return LineString(thing.line)
        case DrawnPath():
            return LineString(thing.points)
        case Anchor():
            return Point(thing.point)
        case Place() if thing.point:
            return Point(thing.point[1:])
    return None


def _renumbered(old: Venue, new: Venue) -> Mapping[str, str]:
    """By the id of a space that is new, that of one that is gone and had the same outline."""
    gone = [space for space in old.spaces if space.id not in new.space_by_id]
    tree = STRtree([space.outline for space in gone])
    found: dict[str, str] = {}
    for space in new.spaces:
        if space.id in old.space_by_id:
            continue
        for number in sorted(int(one) for one in tree.query(space.outline)):
            other = gone[number]
            if other.level != space.level or other.id in found.values():
                continue
            shared = space.outline.intersection(other.outline).area
            if shared >= SAME_SHARE * space.outline.union(other.outline).area:
                found[space.id] = other.id
                break
    return found
