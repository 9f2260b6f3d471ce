"""Where on the levels of a venue a finding is: what its `where` and its values name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from navkit.venue.venue import Anchor, Board, Venue
from navkit.words.findings import Finding

BETWEEN = ", "
"""Between the parts of `where`, and between the ids of a list."""
POSITION = re.compile(r"x (-?\d+(?:\.\d+)?), y (-?\d+(?:\.\d+)?)")
"""A spot in metres, as the literal reader's findings name it."""


@dataclass(frozen=True)
class Spot:
    """Something on a level: the same spot is marked once."""

    level: str
    thing: str
    """Its id, or its position in metres; empty for the level as a whole."""
    shape: BaseGeometry | None
    """In metres; None for the level as a whole."""


class Places:
    """Everything of a venue that has an id, and where it is: a shaft has a spot on each level."""

    def __init__(self, venue: Venue) -> None:
        self._levels = set(venue.level_by_id)
        self._spots: dict[str, list[Spot]] = {}
        for space in venue.spaces:
            self._add(space.id, space.level, space.outline)
        for door in venue.doors:
            sides = [venue.space_by_id[side].level for side in door.spaces if side]
            for level in sides[:1]:
                self._add(door.id, level, LineString(door.line))
        for path in venue.paths:
            self._add(path.id, path.levels[0], LineString(path.points))
        for stripe in venue.stripes:
            self._add(stripe.id, stripe.level, LineString(stripe.course))
        for shaft in venue.connectors:
            for stop in shaft.stops:
                space = venue.space_by_id[stop]
                self._add(shaft.id, space.level, space.outline)
        points: tuple[Anchor | Board, ...] = (*venue.anchors, *venue.boards)
        for thing in points:
            if there := venue.space_by_id.get(thing.space):
                self._add(thing.id, there.level, Point(thing.point))
        self._add_places(venue)

    def _add(self, thing: str, level: str, shape: BaseGeometry) -> None:
        self._spots.setdefault(thing, []).append(Spot(level, thing, shape))

    def _add_places(self, venue: Venue) -> None:
        """A place that is called like its room is at the room."""
        for place in venue.places:
            if place.id in self._spots:
                continue
            if place.point and (space := venue.space_by_id.get(place.point[0])):
                self._add(place.id, space.level, Point(place.point[1:]))
                continue
            for id in (*place.spaces, place.door):
                self._spots.setdefault(place.id, []).extend(self._spots.get(id, ()))

    def of(self, finding: Finding) -> list[Spot]:
        """The spots that a finding is about, each once; a level as a whole if nothing on it is
        named; empty if the finding is about no level at all."""
        named, levels = self._named(finding.where)
        if not named:
            values = (value for value in finding.slots.values() if isinstance(value, str))
            named = [spot for value in values for spot in self._named(value)[0]]
        # A shaft stands on several levels, and a finding may mean one of them.
        here = [spot for spot in named if not levels or spot.level in levels]
        spots = here or named or [Spot(level, "", None) for level in levels]
        return list(dict.fromkeys(spots))

    def at(self, thing: str) -> list[Spot]:
        """The spots of something, by its id."""
        return self._spots.get(thing, [])

    def _named(self, text: str) -> tuple[list[Spot], list[str]]:
        """What a text names on the levels, and which levels."""
        spots: list[Spot] = []
        levels: list[str] = []
        for part in self._ids(text):
            levels += [part] if part in self._levels and part not in self._spots else []
            spots += self._spots.get(part, ())
        if levels and (at := POSITION.search(text)):
            x, y = float(at[1]), float(at[2])
            spots.append(Spot(levels[0], at[0], Point(x, y)))
        return spots, levels

    def _ids(self, text: str) -> Iterator[str]:
        """Ids in a text, which may have commas themselves: the longest first."""
        parts = text.split(BETWEEN)
        while parts:
            for count in range(len(parts), 0, -1):
                id = BETWEEN.join(parts[:count])
                if count == 1 or id in self._spots:
                    yield id
                    parts = parts[count:]
                    break
