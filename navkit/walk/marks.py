"""By what people recognise a place, a lift or a code: its doors, or the spot itself."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

from navkit.plan.plan import CIRCULATION, Names
from navkit.venue.venue import Connector, DrawnPath
from navkit.walk.floor import Floors
from navkit.walk.said import Point, spot_of


@dataclass(frozen=True)
class Mark:
    """A spot at which something is recognised, on one level."""

    level: int
    at: Point
    door: int = -1
    own: bool = True
    """False: of another thing that is called the same."""


class Marks:
    """The marks of everything in a venue that can be named."""

    def __init__(self, floors: Floors) -> None:
        self.floors = floors
        self.network, self.venue = floors.network, floors.venue
        self._level = {level.id: i for i, level in enumerate(self.venue.levels)}
        self._kept: dict[tuple[str, int], tuple[Mark, ...]] = {}

    def of_place(self, number: int) -> tuple[Mark, ...]:
        """Those of a place, and of other places called the same."""
        return self._kept_or(("place", number), self._of_places(number))

    def of_connector(self, thing: int) -> tuple[Mark, ...]:
        """Those of a shaft, by its number among the network's things; and of its namesakes of one
        kind, which are no worse."""
        return self._kept_or(("thing", thing), self._of_thing(thing))

    def of_anchor(self, number: int) -> tuple[Mark, ...]:
        anchor = self.venue.anchors[number]
        level = self._level[self.venue.space_by_id[anchor.space].level]
        return (Mark(level, anchor.point),)

    def _kept_or(self, key: tuple[str, int], made: Iterator[Mark]) -> tuple[Mark, ...]:
        if key not in self._kept:
            self._kept[key] = tuple(made)
        return self._kept[key]

    # -- places

    @cached_property
    def _namesakes(self) -> dict[Hashable, list[int]]:
        found: dict[Hashable, list[int]] = {}
        for number, place in enumerate(self.venue.places):
            found.setdefault(_called(place.names) or place.id, []).append(number)
        return found

    def _of_places(self, number: int) -> Iterator[Mark]:
        place = self.venue.places[number]
        for other in self._namesakes[_called(place.names) or place.id]:
            for mark in self._of_place(other):
                yield Mark(mark.level, mark.at, mark.door, own=other == number)

    def _of_place(self, number: int) -> Iterator[Mark]:
        place = self.venue.places[number]
        if place.point:
            space, x, y = place.point
            yield Mark(self._level[self.venue.space_by_id[space].level], (x, y))
        if place.door:
            yield from self._of_door(self._door[place.door], inside=True)
        for space in place.spaces:
            yield from self._of_space(space)

    def _of_space(self, space_id: str) -> Iterator[Mark]:
        space = self.venue.space_by_id[space_id]
        doors = self._doors_of.get(space_id, ())
        for door, side in doors:
            yield from self._of_door(door, side=1 - side)
        if space.kind in CIRCULATION or not doors:
            inner = space.outline.representative_point()
            yield Mark(self._level[space.level], (inner.x, inner.y))

    def _of_door(self, door: int, *, side: int = -1, inside: bool = False) -> Iterator[Mark]:
        """Before a door, on one side of it, or `inside` on both."""
        one = self.venue.doors[door]
        nodes = self.network.door_nodes[door]
        if not inside and nodes[side] < 0 and door in self.floors.path_node:
            level = self.network.level[nodes[1 - side]]
            yield Mark(level, self.floors.front(door), door)
            return
        for number, node in enumerate(nodes):
            if node >= 0 and (inside or number == side):
                level = self.network.level[node]
                at = one.middle if one.kind == "open" else spot_of(self.network, node)
                yield Mark(level, at, door)

    @cached_property
    def _door(self) -> dict[str, int]:
        return {door.id: i for i, door in enumerate(self.venue.doors)}

    @cached_property
    def _doors_of(self) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for number, door in enumerate(self.venue.doors):
            for side, space in enumerate(door.spaces):
                if space and self.network.door_nodes[number][side] >= 0:
                    found.setdefault(space, []).append((number, side))
        return found

    def doors_of(self, space_id: str) -> list[tuple[int, int]]:
        """(door, side) of the doors of a space."""
        return self._doors_of.get(space_id, [])

    # -- shafts

    def _of_thing(self, thing: int) -> Iterator[Mark]:
        one = self.network.things[thing]
        if isinstance(one, DrawnPath):
            for level, at in ((one.levels[0], one.points[0]), (one.levels[-1], one.points[-1])):
                yield Mark(self._level[level], at)
            return
        if not isinstance(one, Connector):
            return
        for other in self.venue.connectors:
            is_same = (other.kind, _called(other.names)) == (one.kind, _called(one.names))
            if other.id == one.id or is_same:
                for stop in other.stops:
                    yield from self._of_stop(stop)

    def _of_stop(self, stop: str) -> Iterator[Mark]:
        doors = self.doors_of(stop)
        for door, side in doors:
            yield from self._of_door(door, side=1 - side)
        if not doors:
            space = self.venue.space_by_id[stop]
            inner = space.outline.representative_point()
            yield Mark(self._level[space.level], (inner.x, inner.y))


def _called(names: Names) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names.items()))
