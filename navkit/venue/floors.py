"""Outlines that lie over each other: which one is the floor, and what is left of it to walk on.

Drawings put outlines on top of each other: the floor under its rooms, a hall under its kiosks, one
room drawn twice. Geometry decides, whatever the format. What lies inside another outline is cut
out of it, so that nobody walks through the walls of a kiosk or across a void. A floor is no room:
what its rooms leave of it is taken for the corridor, if no other is drawn.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree
from shapely.geometry.base import BaseGeometry

from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.venue import Space, called
from navkit.words.findings import Finding

DEEP_M = 0.1
"""Outlines that overlap by less are drawn side by side, a little off."""
INSIDE = 0.5
"""An outline of which more than this part is in a larger one lies inside that. A guess."""
TWICE = 0.95
"""Two outlines that have more than this part of each other are one, drawn twice. A guess."""
ROOMS = 2
"""A room may have a closet inside; what has this many spaces inside may be a floor."""
COVERED = 0.5
"""An outline with a name is a floor if its rooms cover this part of it; else it is a suite."""
NARROW_M = 0.7
"""Strips between outlines that are narrower than this are walls, and gaps in drawings. A guess."""
LEAST_M2 = 1.0
"""Smaller pieces of what is left are not walked on."""
WALL_M = 0.05
"""Half the thickness of a wall that is drawn as a line across a floor."""
BESIDE_M = 0.5
"""A room this near to a corridor is entered from it. A guess: a thick wall."""


def settled(
    spaces: Sequence[Space],
    walls: Mapping[str, Sequence[LineString]],
    floors: Mapping[str, Sequence[Polygon]],
    doors: Mapping[str, Sequence[BaseGeometry]],
) -> tuple[list[Space], list[Finding]]:
    """The spaces without what lies inside them, in the same order, and what had to be decided.

    By level, `walls` and `doors` are as drawn, and `floors` outlines that the drawing calls so. A
    space that falls apart is several: the largest has its id.
    """
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        by_level[space.level].append(space)
    settled: list[Space] = []
    findings: list[Finding] = []
    for level, here in by_level.items():
        lines, outlines = walls.get(level, ()), floors.get(level, ())
        storey = _Storey(here, lines, outlines, doors.get(level, ()))
        settled += storey.pieces()
        findings += storey.findings
    return settled, findings


class _Storey:
    """The outlines of one level, and which of them lies inside which."""

    def __init__(
        self,
        spaces: Sequence[Space],
        walls: Sequence[LineString],
        floors: Sequence[Polygon],
        doors: Sequence[BaseGeometry],
    ) -> None:
        level = spaces[0].level
        named = [Space(f"{level}:floor~{n}", level, floor) for n, floor in enumerate(floors)]
        self.spaces = [*spaces, *named]
        self.floors = range(len(spaces), len(self.spaces))
        """Those that the drawing calls floors: never spaces themselves."""
        self.walls = walls
        self.doors = doors
        self.inside: dict[int, list[int]] = defaultdict(list)
        """For each space, the smaller ones inside it."""
        self.across: dict[int, list[int]] = defaultdict(list)
        """For each space that people pass through, rooms that overlap with it."""
        self.gone: set[int] = set()
        self.guessed: set[int] = set()
        """Floors taken for corridors."""
        self.findings: list[Finding] = []
        for a, b in self._overlapping():
            self._compare(a, b)

    def _overlapping(self) -> Iterator[tuple[int, int]]:
        """Pairs of outlines that overlap, the smaller one first."""
        outlines = np.array([space.outline for space in self.spaces])
        inner = shapely.buffer(outlines, -DEEP_M / 2, join_style="mitre")
        area_m2 = shapely.area(outlines)
        for a, b in sorted(STRtree(inner).query(inner, predicate="intersects").T.tolist()):
            if (area_m2[a], a) < (area_m2[b], b):
                yield a, b

    def _compare(self, small: int, large: int) -> None:
        one, other = self.spaces[small], self.spaces[large]
        shared_m2 = one.outline.intersection(other.outline).area
        if shared_m2 > TWICE * other.outline.area:
            self._drawn_twice(small, large)
        elif shared_m2 > INSIDE * one.outline.area:
            self.inside[large].append(small)
        else:
            for here, there in ((small, large), (large, small)):
                if self._passes(here) and not self._passes(there):
                    self._lies_across(here, there, shared_m2)

    def _lies_across(self, way: int, room: int, shared_m2: float) -> None:
        """What a room takes of a corridor is cut off that; a large piece is an error in drawing."""
        self.across[way].append(room)
        if shared_m2 > LEAST_M2:
            pair = ", ".join(self.spaces[n].id for n in (way, room))
            self.findings.append(Finding("spaces-overlap", pair, {"area": f"{shared_m2:.1f}"}))

    def _passes(self, number: int) -> bool:
        return self.spaces[number].kind in CIRCULATION

    def _drawn_twice(self, a: int, b: int) -> None:
        """Of two outlines in one place the one that says more counts, if only one has a name."""
        less, more = sorted((a, b), key=lambda n: _told(self.spaces[n]))
        lost, kept = self.spaces[less], self.spaces[more]
        if _is_named(lost) and (lost.names, lost.ref) != (kept.names, kept.ref):
            return
        self.gone.add(less)
        self._say("outline-drawn-twice", less, kept=kept.id)

    def _say(self, code: str, number: int, **slots: str) -> None:
        if number in self.floors and number not in self.guessed:
            return
        space = self.spaces[number]
        where = f"{space.level}, {space.id}"
        self.findings.append(Finding(code, where, {"called": called(space), **slots}))

    def pieces(self) -> list[Space]:
        """The pieces of each space: one, or none of a floor that is not walked on."""
        for number in sorted(self.inside, key=lambda n: self.spaces[n].outline.area):
            if self._is_floor(number):
                self._take_floor(number)
        self.gone |= set(self.floors) - self.guessed
        self._take_way()
        return [piece for number in range(len(self.spaces)) for piece in self._left(number)]

    def _take_way(self) -> None:
        """Where no corridor is drawn, the one nameless space beside most of the others is it."""
        used = [n for n, s in enumerate(self.spaces) if n not in self.gone and s.kind != "closed"]
        indoors = [n for n in used if self.spaces[n].kind != "outdoor"]
        if any(self._passes(n) for n in indoors):
            return
        outlines = np.array([self.spaces[n].outline for n in indoors])
        for number in indoors:
            if self.spaces[number].kind == "room" and not any(_told(self.spaces[number])):
                near = shapely.dwithin(outlines, self.spaces[number].outline, BESIDE_M).sum() - 1
                if near > ROOMS and 2 * near > len(indoors):
                    self.spaces[number] = replace(self.spaces[number], kind="corridor")
                    self._say("space-taken-for-corridor", number, rooms=str(near))
                    return

    def _is_floor(self, number: int) -> bool:
        space = self.spaces[number]
        rooms = [self.spaces[n].outline for n in self._rooms_in(number)]
        if space.kind != "room" or number in self.gone or len(rooms) < ROOMS:
            return False
        covered_m2 = shapely.union_all(rooms).intersection(space.outline).area
        return not _is_named(space) or covered_m2 > COVERED * space.outline.area

    def _rooms_in(self, number: int) -> list[int]:
        spaces, inside = self.spaces, self.inside[number]
        return [n for n in inside if n not in self.gone and spaces[n].kind != "closed"]

    def _take_floor(self, number: int) -> None:
        """A floor becomes the corridor, or is left out if most of its rooms have another."""
        rooms = self._rooms_in(number)
        ways = [n for n in rooms if self._passes(n) and self.spaces[n].kind != "outdoor"]
        others = [n for n in rooms if n not in ways and self.spaces[n].kind != "outdoor"]
        corridors = shapely.union_all([self.spaces[n].outline for n in ways])
        near = {n for n in others if self.spaces[n].outline.dwithin(corridors, BESIDE_M)}
        if 2 * len(near | self._with_doors_between(others)) >= len(others):
            self.gone.add(number)
            self._say("floor-outline-left-out", number, rooms=str(len(rooms)))
        else:
            self.guessed.add(number)
            self.spaces[number] = replace(self.spaces[number], kind="corridor")

    def _with_doors_between(self, rooms: Sequence[int]) -> set[int]:
        """Rooms with a drawn door from one to another."""
        outlines = STRtree([self.spaces[n].outline for n in rooms])
        found: set[int] = set()
        for door in self.doors:
            near = outlines.query(door.centroid, predicate="dwithin", distance=BESIDE_M)
            found |= {rooms[n] for n in near} if len(near) > 1 else set()
        return found

    def _left(self, number: int) -> list[Space]:
        """What is left of a space for those who walk in it."""
        space = self.spaces[number]
        if number in self.gone:
            return []
        over = [n for n in (*self.inside[number], *self.across[number]) if n not in self.gone]
        if space.kind == "closed" or space.kind in SHAFTS or not over:
            return [space]
        parts = self._cut(number, shapely.union_all([self.spaces[n].outline for n in over]))
        if number in self.guessed and parts:
            area_m2 = sum(part.area for part in parts)
            self._say("floor-taken-for-corridor", number, area=f"{area_m2:.0f}")
        elif not parts:
            self._say("space-covered", number)
        else:
            ways = [self.spaces[n].outline for n in over if self._passes(n)]
            apart = len(shapely.get_parts(shapely.union_all([*parts, *ways]).buffer(WALL_M)))
            if apart > 1:
                self._say("space-falls-apart", number, parts=str(apart))
        bare = replace(space, names={}, ref="", category="")
        return [
            replace(bare, id=f"{space.id}~{n}", outline=part)
            if n > 1
            else replace(space, outline=part)
            for n, part in enumerate(parts, start=1)
        ]

    def _cut(self, number: int, over: BaseGeometry) -> list[Polygon]:
        """The pieces without what lies over them, the largest first."""
        whole: BaseGeometry = self.spaces[number].outline
        left: BaseGeometry = whole.difference(over)
        if number in self.guessed:
            left = left.difference(shapely.union_all([w.buffer(WALL_M) for w in self.walls]))
        wide: BaseGeometry = left.buffer(-NARROW_M / 2, join_style="mitre")
        wide = wide.buffer(NARROW_M / 2 + 0.01, join_style="mitre").intersection(left)
        strips = shapely.get_parts(left.difference(wide))
        if number not in self.guessed:
            # A narrow place that was drawn stays; one beside what is cut out is a gap.
            strips = strips[shapely.dwithin(strips, over, 0.02)]
        left = shapely.set_precision(left.difference(shapely.union_all(strips)), 0.001)
        parts = [
            part
            for part in shapely.get_parts(left)
            if isinstance(part, Polygon) and part.area >= LEAST_M2
        ]
        return sorted(parts, key=lambda part: (-round(part.area, 3), part.bounds))


def _told(space: Space) -> tuple[bool, bool, bool]:
    """How much a drawing says of a space, to compare."""
    return _is_named(space), space.kind != "room", bool(space.category)


def _is_named(space: Space) -> bool:
    return bool(space.ref or any(space.names.values()))
