"""Parts of a venue that no way joins: what is in each, where they are nearest, and what would join
them."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shapely import LineString, Point, Polygon, STRtree, shortest_line
from shapely.geometry.base import BaseGeometry

from navkit.network.network import Network
from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import DrawnPath, Space

WALL_M = 1.0
"""Spaces of two parts that are nearer than this have a wall between them. A guess: the thickest
walls of hospitals."""

SHAFT_DRIFT_M = 2.0
"""Shafts drift 1 to 2 m between the drawings of two storeys."""

FARTHEST_M = 100.0
"""What is farther apart than this is not joined by a passage but by a way outside. A guess."""

SEARCHED_M = (WALL_M, 10.0, FARTHEST_M, math.inf)

Remedy = Literal["door", "shaft", "passage", "level", "outside"]
"""What would join two parts: a door in a wall, two stops of one shaft, a way on one level, stairs
or a lift between two levels, or a way outside between two buildings."""


@dataclass(frozen=True)
class Gap:
    """Where a part is nearest to another one, and what would join them there."""

    start: str
    """Id of the space or drawn path in the part."""
    end: str
    """Id of the one in the other part."""
    levels: tuple[str, str]
    """Ids of the levels of both."""
    distance_m: float
    """In plan."""
    point: tuple[float, float]
    """The middle of the gap: x, y in metres."""
    remedy: Remedy


@dataclass(frozen=True)
class Part:
    """What is joined."""

    places: tuple[int, ...]
    """Numbers of the places that visitors may ask for."""
    spaces: tuple[str, ...]
    """Ids of spaces and drawn paths."""
    levels: tuple[str, ...]
    """Ids of their levels, lowest first."""
    nearest: Gap | None
    """None if the venue is in one part."""


@dataclass(frozen=True)
class _Stretch:
    """A space or a path, or the piece of one that belongs to a part."""

    part: int
    level: int
    ordinal: float
    """Of its level: what is on one floor of two buildings has one ordinal."""
    shape: BaseGeometry
    thing: Space | DrawnPath

    @property
    def circulates(self) -> bool:
        return isinstance(self.thing, DrawnPath) or self.thing.kind in CIRCULATION

    @property
    def is_shaft(self) -> bool:
        return isinstance(self.thing, Space) and self.thing.kind in SHAFTS


def parts(network: Network, labels: Sequence[int]) -> list[Part]:
    """The parts with a place that visitors may ask for, the most places first.

    `labels` numbers each node's part. A place that stands in several parts counts in the largest.
    """
    size = Counter(labels)
    places: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(network.venue.places):
        found = {labels[node] for node in network.place_nodes[number]}
        if place.access == "public" and found:
            places[max(found, key=lambda part: (size[part], -part))].append(number)
    stretches = [one for one in _stretches(network, labels) if one.part in places]
    own: dict[int, list[_Stretch]] = defaultdict(list)
    on_floor: dict[float, list[_Stretch]] = defaultdict(list)
    for one in stretches:
        own[one.part].append(one)
        on_floor[one.ordinal].append(one)
    trees = {floor: STRtree([one.shape for one in ones]) for floor, ones in on_floor.items()}
    order = sorted(places, key=lambda part: (-len(places[part]), part))
    made = []
    for part in order:
        levels = sorted({one.level for one in own[part]})
        made.append(
            Part(
                places=tuple(places[part]),
                spaces=tuple(dict.fromkeys(one.thing.id for one in own[part])),
                levels=tuple(network.venue.levels[level].id for level in levels),
                nearest=_nearest(network, own[part], stretches, on_floor, trees),
            )
        )
    return made


def _stretches(network: Network, labels: Sequence[int]) -> Iterator[_Stretch]:
    venue = network.venue
    number = {level.id: i for i, level in enumerate(venue.levels)}
    standing = {(space, labels[n]) for n, space in enumerate(network.space_of_node) if space >= 0}
    for space, part in sorted(standing):
        one = venue.spaces[space]
        ordinal = venue.level_by_id[one.level].ordinal
        yield _Stretch(part, number[one.level], ordinal, one.outline, one)
    walked: dict[int, int] = {}
    for edge, thing in enumerate(network.thing):
        if isinstance(network.things[thing], DrawnPath):
            walked.setdefault(thing, labels[network.a[edge]])
    for thing, part in sorted(walked.items()):
        path = network.things[thing]
        assert isinstance(path, DrawnPath)
        ends = {path.levels[0]: path.points[:1], path.levels[-1]: path.points[-1:]}
        for level, points in ends.items():
            shape = LineString(path.points) if len(ends) == 1 else Point(points[0])
            ordinal = venue.level_by_id[level].ordinal
            yield _Stretch(part, number[level], ordinal, shape, path)


def _nearest(
    network: Network,
    own: Sequence[_Stretch],
    every: Sequence[_Stretch],
    on_floor: Mapping[float, Sequence[_Stretch]],
    trees: Mapping[float, STRtree],
) -> Gap | None:
    """The shaft that another part has above or below, else the nearest spaces of one level, or of
    one floor of two buildings that touch, else those of the nearest level."""
    part = own[0].part
    shaft = _shaft(network, own, every)
    beside = None
    for radius_m in SEARCHED_M:
        found = [
            (one, other)
            for one in own
            for other in _within(one, on_floor[one.ordinal], trees[one.ordinal], radius_m)
            if other.part != part and (other.level == one.level or radius_m == WALL_M)
        ]
        if found:
            beside = min(found, key=_rank)
            break
    if shaft:
        return _gap(network, *shaft, "shaft")
    if beside:
        apart_m = beside[0].shape.distance(beside[1].shape)
        return _gap(network, *beside, "door" if apart_m <= WALL_M else "passage")
    others = [one for one in every if one.part != part]
    if not others:
        return None
    pairs = ((one, other) for one in own for other in others)
    return _gap(network, *min(pairs, key=lambda pair: _storeys(network, *pair)), "level")


def _within(
    one: _Stretch, here: Sequence[_Stretch], tree: STRtree, radius_m: float
) -> list[_Stretch]:
    if math.isinf(radius_m):
        return list(here)
    found = tree.query(one.shape, predicate="dwithin", distance=radius_m)
    return [here[i] for i in sorted(int(i) for i in found)]


def _rank(pair: tuple[_Stretch, _Stretch]) -> tuple[float, int, float, str, str]:
    """The nearest first, to half a metre; then where people walk, then by the shared wall."""
    one, other = pair
    apart_m = one.shape.distance(other.shape)
    return (
        round(apart_m * 2) / 2,
        -one.circulates - other.circulates,
        -round(_facing(one, other).length, 1),
        one.thing.id,
        other.thing.id,
    )


def _facing(one: _Stretch, other: _Stretch) -> BaseGeometry:
    """The piece of the wall of `one` that is next to `other`."""
    wall = one.shape.boundary if isinstance(one.shape, Polygon) else one.shape
    return wall.intersection(other.shape.buffer(one.shape.distance(other.shape) + 0.05))


def _shaft(
    network: Network, own: Sequence[_Stretch], every: Sequence[_Stretch]
) -> tuple[_Stretch, _Stretch] | None:
    """Two stops of one kind, above each other, one of them in another part."""
    part = own[0].part
    beyond = [one for one in every if one.part != part and one.is_shaft]
    found = [
        (one, other)
        for one in own
        if one.is_shaft
        for other in beyond
        if one.level != other.level
        and one.thing.kind == other.thing.kind
        and one.shape.distance(other.shape) <= SHAFT_DRIFT_M
    ]
    return min(found, key=lambda pair: _storeys(network, *pair), default=None)


def _storeys(
    network: Network, one: _Stretch, other: _Stretch
) -> tuple[bool, float, float, bool, float]:
    """How near the levels of two stretches are: those of one building first, then those next to
    the ground."""
    low, high = (network.venue.levels[side.level] for side in (one, other))
    return (
        low.building != high.building,
        abs(low.ordinal - high.ordinal),
        abs(low.ordinal) + abs(high.ordinal),
        not (one.circulates and other.circulates),
        round(one.shape.distance(other.shape), 1),
    )


def _gap(network: Network, one: _Stretch, other: _Stretch, remedy: Remedy) -> Gap:
    facing = _facing(one, other) if remedy == "door" else None
    if facing is not None and facing.length:
        pieces = getattr(facing, "geoms", [facing])
        middle = max(pieces, key=lambda piece: piece.length).interpolate(0.5, normalized=True)
    else:
        middle = shortest_line(one.shape, other.shape).interpolate(0.5, normalized=True)
    low, high = (network.venue.levels[side.level] for side in (one, other))
    apart_m = one.shape.distance(other.shape)
    if apart_m > FARTHEST_M or (remedy == "level" and low.building != high.building):
        remedy = "outside"
    return Gap(
        start=one.thing.id,
        end=other.thing.id,
        levels=(low.id, high.id),
        distance_m=round(apart_m, 2),
        point=(round(middle.x, 1), round(middle.y, 1)),
        remedy=remedy,
    )
