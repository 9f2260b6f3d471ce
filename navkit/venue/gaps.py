"""Doors with a space on one side only: what lies beyond, a little off, is joined or named."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely import LineString, Point, STRtree

from navkit.plan.plan import CIRCULATION
from navkit.venue.matching import Matched
from navkit.venue.venue import Door, Level, Space
from navkit.words.findings import Finding, Slot

JOINED_M = 1.5
"""A corridor or hall that begins this near is where the door leads: drawn walls are thinner, and
people cannot stand in between. A guess."""

NAMED_M = 5.0
"""A space that begins this near may be where the door leads; staff are asked."""


_JOINS = ("door-over-gap", "door-to-other-building")

SAME_DOOR_M = 1.0
"""Two drawings of one door, each of its own building, are this near. A guess."""


def over_gaps(
    doors: Sequence[Door], spaces: Sequence[Space], levels: Mapping[str, Level]
) -> Matched:
    """All `doors`; one that touches a single space, and is neither an entrance nor an emergency
    exit, leads straight on to circulation that begins within `JOINED_M`, on its level or on the one
    of another building that can be meant. Of the others staff are told what is near."""
    around = _Around(doors, spaces, levels)
    settled: list[Door] = []
    findings: list[Finding] = []
    for door in doors:
        is_exit = door.entrance or door.access == "restricted"
        if door.spaces[1] or is_exit or door.path:
            settled.append(door)
            continue
        own = around.own(door)
        slots: dict[str, Slot] = {"space": own.id}
        code, beyond, gap_m = around.beyond(door)
        if beyond:
            slots |= {"near": beyond.id, "gap": f"{gap_m:.1f}"}
        findings.append(Finding(code, f"{own.level}, {door.id}", slots))
        joined = beyond if code in _JOINS else None
        settled.append(replace(door, spaces=(own.id, joined.id), guessed=True) if joined else door)
    return Matched(tuple(settled), tuple(findings))


def _is_walked(own: Space, near: Space) -> bool:
    return not CIRCULATION.isdisjoint((own.kind, near.kind))


class _Around:
    """The spaces around doors, by level."""

    def __init__(
        self, doors: Sequence[Door], spaces: Sequence[Space], levels: Mapping[str, Level]
    ) -> None:
        self._levels = levels
        self._by_id = {space.id: space for space in spaces}
        self._here: dict[str, list[Space]] = defaultdict(list)
        for space in spaces:
            if space.kind != "closed":
                self._here[space.level].append(space)
        self._trees = {k: STRtree([s.outline for s in group]) for k, group in self._here.items()}
        self._one_sided = [(self.own(d).level, Point(d.middle)) for d in doors if not d.spaces[1]]

    def own(self, door: Door) -> Space:
        return self._by_id[door.spaces[0]]

    def beyond(self, door: Door) -> tuple[str, Space | None, float]:
        """What is straight on, how far off, and what is said of it: the code of a finding."""
        own = self.own(door)
        near, gap_m = self.straight_on(door, own.level)
        if near is None or gap_m > JOINED_M:
            other = self.in_other_building(door)
            if other and _is_walked(own, other[0]):
                return ("door-to-other-building", *other)
        if near is None:
            return "door-touches-one-space", None, 0.0
        joins = gap_m <= JOINED_M and _is_walked(own, near)
        return "door-over-gap" if joins else "door-gap", near, gap_m

    def straight_on(self, door: Door, level: str) -> tuple[Space | None, float]:
        """The first space of `level` straight on from a door, and how far it begins."""
        own = self.own(door)
        (ax, ay), (bx, by) = door.line
        middle, along = np.array(door.middle), np.array([bx - ax, by - ay])
        length_m = float(np.hypot(*along))
        if not length_m:
            return None, 0.0
        out = np.array([-along[1], along[0]]) / length_m
        if own.outline.distance(Point(middle + out)) < own.outline.distance(Point(middle - out)):
            out = -out
        way, here = LineString([middle, middle + out * NAMED_M]), self._here[level]
        near = [
            (round(shapely.intersection(way, here[i].outline).distance(Point(middle)), 2), i)
            for i in self._trees[level].query(way, predicate="intersects")
            if here[i].id != own.id
        ]
        gap_m, number = min(near, default=(0.0, -1))
        return (here[number], gap_m) if number >= 0 else (None, 0.0)

    def in_other_building(self, door: Door) -> tuple[Space, float] | None:
        """The space of another building to which a door leads, if one level can be meant: the
        only one, or the one whose own door is there, else that of its label, else of its height."""
        here = self._levels[self.own(door).level]
        found: dict[str, tuple[Space, float]] = {}
        for level in self._here:
            there = self._levels[level].building
            beyond, gap_m = self.straight_on(door, level)
            if here.building and there not in ("", here.building) and beyond and gap_m <= JOINED_M:
                found[level] = (beyond, gap_m)
        middle = Point(door.middle)
        met = {key for key, at in self._one_sided if at.distance(middle) <= SAME_DOOR_M}
        for meant in (
            set(found),
            met & found.keys(),
            {key for key in found if self._levels[key].label == here.label},
            {key for key in found if self._levels[key].ordinal == here.ordinal},
        ):
            if len(meant) == 1:
                return found[meant.pop()]
        return None
