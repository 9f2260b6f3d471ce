"""Ids that last: what a redrawn plan shows again keeps the id of an earlier venue.

Drawings are exported again with other identifiers; walls move, rooms are split and merged,
storeys are renamed. Corrections, printed codes and links know only ids. So a thing of the new
drawing is compared with the things of the earlier venue, by where it is, by what it is called and
by its id, and takes the id of the one that it resembles most. No two take the same one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, TypeVar

import numpy as np
import shapely
from shapely import LineString, Point, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.plan.frame import Frame, Points
from navkit.plan.plan import CIRCULATION, Names
from navkit.venue.venue import Connector, Door, DrawnPath, Level, Place, Space, Venue

ENOUGH = 1.5
"""The least resemblance by which a space or a door is taken for an earlier one: half of their
common area, or the same name and number. A guess; drawings redrawn in twenty ways hold it."""

LEAST_OF_LEVEL = 1.0
"""The same for a storey: its place in the order of storeys of its building is enough."""

SAME_DOOR_M = 3.0
"""A door that moved further is another one, unless it has the same id."""

SAME_LINE_M = 2.0
"""How far apart, at most, two drawings of one path are. A guess."""

MOVED_FOR_M = 0.05
"""A whole drawing that was moved by less is compared as it is."""

MADE = ("open:", "guess:", "added:")
"""How ids begin that say themselves which spaces are joined: they last with those."""

_SPOT = re.compile(r"(?P<twice>@)?x(?P<x>-?\d+)y(?P<y>-?\d+)(?:[#~]\d+)?$")
"""The end of an id that is made from a position, in metres; in half metres after ``@``."""

Point2 = tuple[float, float]
G = TypeVar("G", bound=BaseGeometry)


@dataclass(frozen=True)
class Thing:
    """What is remembered of anything that has an id."""

    level: str
    names: Names
    ref: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Earlier:
    """What earlier venues called things, in the frame of the new one."""

    levels: Mapping[str, Level]
    spaces: Mapping[str, Space]
    doors: Mapping[str, Door]
    connectors: Mapping[str, Connector]
    paths: Mapping[str, DrawnPath]
    points: Mapping[str, Place]
    """Places that are a point in a space."""
    things: Mapping[str, Thing]
    """Everything that a correction can name, by id."""

    @classmethod
    def of(cls, venues: Sequence[Venue], frame: Frame | None) -> "Earlier":
        """What `venues` called things; the first of two that have the same id counts."""
        known = [_known(venue, frame) for venue in venues]

        def merged(name: str) -> dict[str, Any]:
            things: dict[str, Any] = {}
            for each in known:
                for key, thing in getattr(each, name).items():
                    things.setdefault(key, thing)
            return things

        return cls(**{one.name: merged(one.name) for one in fields(cls)})

    def onto(self, spaces: Iterable[Space]) -> "Earlier":
        """The same, each level moved by as much as the new drawing of it was moved as a whole."""
        shifts = {
            level: _shift(here, before)
            for level, (here, before) in _by_level(spaces, self.spaces.values()).items()
        }
        shifts = {level: shift for level, shift in shifts.items() if shift != (0.0, 0.0)}
        return self.moved(lambda level, xy: xy + shifts.get(level, (0.0, 0.0))) if shifts else self

    def moved(self, move: Callable[[str, Points], Points]) -> "Earlier":
        """The same elsewhere: `move` takes the level and points of shape (n, 2)."""
        level_of = {space.id: space.level for space in self.spaces.values()}

        def shape(level: str, drawn: G) -> G:
            return shapely.transform(drawn, lambda xy: move(level, xy))

        def line(level: str, points: Sequence[Point2]) -> tuple[Point2, ...]:
            return tuple((float(x), float(y)) for x, y in move(level, np.asarray(points, float)))

        def two(level: str, points: Sequence[Point2]) -> tuple[Point2, Point2]:
            start, end = line(level, points)
            return start, end

        def spot(place: Place) -> tuple[str, float, float]:
            assert place.point is not None
            space, x, y = place.point
            return (space, *line(level_of[space], [(x, y)])[0])

        return replace(
            self,
            spaces={
                k: replace(s, outline=shape(s.level, s.outline)) for k, s in self.spaces.items()
            },
            doors={
                k: replace(d, line=two(level_of[d.spaces[0]], d.line))
                for k, d in self.doors.items()
            },
            paths={
                k: replace(p, points=line(p.levels[0], p.points)) for k, p in self.paths.items()
            },
            points={k: replace(p, point=spot(p)) for k, p in self.points.items()},
            things={k: replace(t, shape=shape(t.level, t.shape)) for k, t in self.things.items()},
        )

    def level_ids(self, levels: Sequence[Level], spaces: Sequence[Space]) -> dict[str, str]:
        """The id of every level of a new drawing, by the id that the drawing alone gives it."""
        old, new = _said(self.spaces.values()), _said(spaces)

        def resemblance(one: Level, other: Level) -> float:
            alike = one.building == other.building
            common = len(new[one.id] & old[other.id])
            return (
                (one.id == other.id)
                + (alike and one.label == other.label)
                + (alike and one.ordinal == other.ordinal)
                + 4 * common / max(1, min(len(new[one.id]), len(old[other.id])))
            )

        pairs = (
            (resemblance(one, other), one.id, other.id)
            for one in levels
            for other in self.levels.values()
        )
        return _renamed([one.id for one in levels], _paired(pairs, self.levels, LEAST_OF_LEVEL))

    def space_ids(self, spaces: Sequence[Space], added: Collection[str]) -> dict[str, str]:
        """The id of every space of a new drawing; levels have their lasting ids already.

        `added` are ids that corrections give to spaces which no drawing shows.
        """
        known = [space for space in self.spaces.values() if space.id not in added]
        pairs = (
            pair
            for here, before in _by_level(spaces, known).values()
            for pair in _alike(here, before)
        )
        return _renamed([space.id for space in spaces], _paired(pairs, self.spaces, ENOUGH))

    def name_doors(self, doors: Sequence[Door], spaces: Iterable[Space]) -> list[Door]:
        """Drawn doors under their lasting ids; their spaces have theirs already."""
        before = [d for d in self.doors.values() if not (d.guessed or d.id.startswith(MADE))]
        here = _on_levels(doors, {space.id: space for space in spaces})
        there = _on_levels(before, self.spaces)
        pairs = (
            (_same_door(one, other), one.id, other.id)
            for level in here.keys() & there.keys()
            for one in here[level]
            for other in there[level]
        )
        return _named(doors, _paired(pairs, self.doors, ENOUGH))

    def name_connectors(self, connectors: Sequence[Connector]) -> list[Connector]:
        """Shafts under their lasting ids, by the stops that each shares with an earlier one."""
        pairs = (
            (len({*one.stops} & {*other.stops}) + (one.id == other.id) / 2, one.id, other.id)
            for one in connectors
            for other in self.connectors.values()
        )
        return _named(connectors, _paired(pairs, self.connectors, 1))

    def name_paths(self, paths: Sequence[DrawnPath]) -> tuple[DrawnPath, ...]:
        """Drawn paths under their lasting ids, by the line that each follows."""
        old = list(self.paths.values())
        if not (old and paths):
            return tuple(paths)
        lines = [LineString(path.points) for path in old]
        mine = [LineString(path.points) for path in paths]
        near = STRtree(lines).query(mine, predicate="dwithin", distance=SAME_LINE_M).T
        pairs = (
            (_same_line(paths[i], old[j], mine[i], lines[j]), paths[i].id, old[j].id)
            for i, j in near
        )
        return tuple(_named(paths, _paired(pairs, self.paths, 1)))

    def name_points(self, places: Sequence[Place]) -> list[Place]:
        """Places, those at a point under their lasting ids; their spaces have theirs already."""
        pairs = (
            (_same_point(one, other), one.id, other.id)
            for one in places
            if one.point
            for other in self.points.values()
        )
        return _named(places, _paired(pairs, self.points, ENOUGH))


def things_of(venue: Venue) -> dict[str, Thing]:
    """Everything in a venue that a correction can name, by id."""
    level_of = {space.id: space.level for space in venue.spaces}
    shape_of = {space.id: space.outline for space in venue.spaces}
    things = {
        **{
            path.id: Thing(path.levels[0], path.names, "", LineString(path.points))
            for path in venue.paths
        },
        **{
            anchor.id: Thing(level_of[anchor.space], anchor.names, anchor.code, Point(anchor.point))
            for anchor in venue.anchors
        },
        **{
            shaft.id: Thing(level_of[shaft.stops[0]], shaft.names, "", shape_of[shaft.stops[0]])
            for shaft in venue.connectors
        },
        **{
            door.id: Thing(level_of[door.spaces[0]], door.names, "", Point(door.middle))
            for door in venue.doors
        },
        **{s.id: Thing(s.level, s.names, s.ref, s.outline) for s in venue.spaces},
    }
    for place in venue.places:
        if place.id not in things and place.spaces:
            at = place.spaces[0]
            things[place.id] = Thing(level_of[at], place.names, place.ref, shape_of[at])
    return things


def nearest(things: Mapping[str, Thing], key: str, was: Thing | None) -> str:
    """The id of the thing that an id without a target most probably meant; empty for none.

    With `was`, what it meant once, by place; else by the position in the id or by its spelling.
    """
    spot = _SPOT.search(key)
    if was is None and spot is None:
        return next(iter(get_close_matches(key, things, n=1)), "")
    if was is None:
        assert spot is not None
        scale = 0.5 if spot["twice"] else 1.0
        level = key[: spot.start()].partition(":")[0]
        was = Thing(level, {}, "", Point(float(spot["x"]) * scale, float(spot["y"]) * scale))
    at, kind = was.shape.representative_point(), was.shape.geom_type
    near = [
        (round(thing.shape.distance(at), 2), round(thing.shape.centroid.distance(at), 2), other)
        for other, thing in things.items()
        if thing.level == was.level and (kind == "Point" or thing.shape.geom_type == kind)
    ]
    return min(near, default=(0, 0, ""))[-1]


def _known(venue: Venue, frame: Frame | None) -> Earlier:
    """What one venue called things, in `frame`; as it is where one of the two has none."""
    known = Earlier(
        levels={level.id: level for level in venue.levels},
        spaces={space.id: space for space in (*venue.spaces, *venue.removed)},
        doors={door.id: door for door in (*venue.doors, *venue.removed_doors)},
        connectors={shaft.id: shaft for shaft in venue.connectors},
        paths={path.id: path for path in venue.paths},
        points={place.id: place for place in venue.places if place.point},
        things=things_of(venue),
    )
    old, new = venue.frame, frame
    if old is None or new is None or old == new:
        return known
    return known.moved(lambda _, xy: new.to_metres(old.to_degrees(xy)))


def _said(spaces: Iterable[Space]) -> Mapping[str, set[tuple[str, str]]]:
    """What a drawing says on each level: ids, numbers and names."""
    said: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for space in spaces:
        texts = {("id", space.id), ("ref", space.ref), *space.names.items()}
        said[space.level] |= {(kind, text) for kind, text in texts if text}
    return said


def _paired(
    pairs: Iterable[tuple[float, str, str]], known: Iterable[str], least: float
) -> dict[str, str]:
    """New id to earlier id, most alike first; pairs less alike than `least` are left.

    Of equally alike ones, the first of the `known` ids.
    """
    heirs: dict[str, str] = {}
    given: set[str] = set()
    rank = {one: number for number, one in enumerate(known)}
    for likeness, new, old in sorted(pairs, key=lambda pair: (-pair[0], rank[pair[2]], pair[1])):
        if likeness >= least and new not in heirs and old not in given:
            heirs[new] = old
            given.add(old)
    return heirs


def _renamed(ids: Iterable[str], heirs: Mapping[str, str]) -> dict[str, str]:
    """The final id by the drawing's; a new thing gets a suffix if its id belongs to another now."""
    taken = set(heirs.values())
    final: dict[str, str] = {}
    for one in ids:
        free, number = heirs.get(one, one), 2
        while one not in heirs and free in taken:
            free, number = f"{one}~{number}", number + 1
        final[one] = free
        taken.add(free)
    return final


N = TypeVar("N", Door, Connector, DrawnPath, Place)


def _named(things: Sequence[N], heirs: Mapping[str, str]) -> list[N]:
    final = _renamed([thing.id for thing in things], heirs)
    return [replace(thing, id=final[thing.id]) for thing in things]


def _by_level(
    new: Iterable[Space], old: Iterable[Space]
) -> Mapping[str, tuple[list[Space], list[Space]]]:
    """The new and the old spaces of each level that both have."""
    both: dict[str, tuple[list[Space], list[Space]]] = defaultdict(lambda: ([], []))
    for side, spaces in enumerate((new, old)):
        for space in spaces:
            both[space.level][side].append(space)
    return {level: pair for level, pair in both.items() if all(pair)}


def _alike(here: Sequence[Space], before: Sequence[Space]) -> list[tuple[float, str, str]]:
    """How alike the spaces of one level are, for pairs that share an area, an id, a number or
    a name."""
    old = [space.outline for space in before]
    area: dict[tuple[int, int], float] = {}
    for i, j in STRtree(old).query([space.outline for space in here], predicate="intersects").T:
        common = here[i].outline.intersection(old[j]).area
        area[int(i), int(j)] = common / (here[i].outline.area + old[j].area - common)
    for said in (_ids, _refs, _names):
        where = defaultdict(list)
        for j, space in enumerate(before):
            for text in said(space):
                where[text].append(j)
        for i, space in enumerate(here):
            for text in said(space):
                for j in where[text]:
                    area.setdefault((i, j), 0.0)
    return [
        (3 * share + _alike_in_words(here[i], before[j]), here[i].id, before[j].id)
        for (i, j), share in area.items()
    ]


def _ids(space: Space) -> Collection[str]:
    return (space.id,)


def _refs(space: Space) -> Collection[str]:
    return (space.ref,) if space.ref else ()


def _names(space: Space) -> Collection[str]:
    return {name for name in space.names.values() if name}


def _alike_in_words(one: Space, other: Space) -> float:
    """1 for each of id, number and name that is the same; less than nothing if both have a number
    or a name and it differs, or if one is walked through and the other is not."""
    likeness = float(one.id == other.id)
    for said in (_refs, _names):
        mine, theirs = {*said(one)}, {*said(other)}
        if mine and theirs:
            likeness += 1 if mine & theirs else -0.5
    return likeness - ((one.kind in CIRCULATION) != (other.kind in CIRCULATION))


def _shift(here: Sequence[Space], before: Sequence[Space]) -> Point2:
    """How far a drawing was moved as a whole: the median over spaces that are called the same."""
    found: list[Point2] = []
    for said in (_refs, _names, _ids):
        mine, theirs = _once(here, said), _once(before, said)
        for text in mine.keys() & theirs.keys():
            new, old = mine[text].outline.centroid, theirs[text].outline.centroid
            found.append((new.x - old.x, new.y - old.y))
    if len(found) < 3:
        return (0.0, 0.0)
    x, y = np.median(np.array(found), axis=0)
    return (float(x), float(y)) if abs(x) + abs(y) >= MOVED_FOR_M else (0.0, 0.0)


def _once(spaces: Iterable[Space], said: Callable[[Space], Collection[str]]) -> dict[str, Space]:
    """The spaces by what only one of them is called."""
    found: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        for text in said(space):
            found[text].append(space)
    return {text: some[0] for text, some in found.items() if len(some) == 1}


def _on_levels(doors: Iterable[Door], spaces: Mapping[str, Space]) -> Mapping[str, list[Door]]:
    on: dict[str, list[Door]] = defaultdict(list)
    for door in doors:
        on[spaces[door.spaces[0]].level].append(door)
    return on


def _same_door(one: Door, other: Door) -> float:
    (ax, ay), (bx, by) = one.middle, other.middle
    apart_m = float(np.hypot(ax - bx, ay - by))
    near = max(0.0, 2 * (1 - apart_m / SAME_DOOR_M))
    return (
        near
        + 1.5 * ({*one.spaces} == {*other.spaces}) * (apart_m < 2 * SAME_DOOR_M)
        + (one.id == other.id)
    )


def _same_line(one: DrawnPath, other: DrawnPath, here: LineString, there: LineString) -> float:
    """Above 1 if two lines follow each other on the same levels, or have the same id there."""
    if {*one.levels} != {*other.levels}:
        return 0.0
    near = max(0.0, 1 - here.hausdorff_distance(there) / SAME_LINE_M)
    return bool(near) + near + (one.id == other.id)


def _same_point(one: Place, other: Place) -> float:
    assert one.point is not None
    assert other.point is not None
    (here, ax, ay), (there, bx, by) = one.point, other.point
    named = bool({*one.names.values()} & {*other.names.values()}) and one.category == other.category
    near = max(0.0, 1 - float(np.hypot(ax - bx, ay - by)) / SAME_DOOR_M)
    return (here == there) * (named + near) + (one.id == other.id)
