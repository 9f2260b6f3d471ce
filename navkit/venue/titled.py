"""Storeys that a sheet shows side by side, each with its title (一层平面图), become levels.

Each block of spaces that stands apart is a storey if exactly one title is nearest to it, and all
titles name storeys of their own; one of several that are alike (三至五层平面图) is each of them.
The others are put where the lowest is: by shafts of one name, else by outlines of one size. All of
it is a guess, and is told; where it cannot be decided, what to do is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely import STRtree
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanPath, PlanPoint, PlanSpace
from navkit.plan.storeys import (
    is_title,
    label_in_name,
    names_several,
    ordinals_of,
    run_of,
)
from navkit.venue import sideways
from navkit.words.findings import Finding

SAME_SIZE_M = 0.5
"""Outlines of one building are drawn as long and as wide as each other to within this. A guess."""


@dataclass(frozen=True)
class _Block:
    """The spaces of one storey on the sheet."""

    spaces: tuple[PlanSpace, ...]
    whole: BaseGeometry
    label: str = ""
    ordinal: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    """The way from where it is drawn to where it is."""


def split(plans: Iterable[Plan]) -> list[Plan]:
    """The plans; levels that hold several titled storeys are several levels, one above the
    other."""
    found = []
    for plan in plans:
        for level in plan.levels:
            plan = _split(plan, level)
        found.append(plan)
    return found


def _split(plan: Plan, level: PlanLevel) -> Plan:
    titles = _titles(plan, level.key)
    if len(titles) < 2:
        return plan
    here = [s for s in plan.spaces if s.level == level.key and s.kind != "closed"]
    blocks = [
        _Block(tuple(group), shapely.union_all([space.outline for space in group]))
        for group in sideways.apart(here)
        if len(group) >= sideways.FEWEST
    ]
    if len(blocks) < 2:
        return plan
    slots = {"titles": ", ".join(_title(point) for point in titles), "count": str(len(blocks))}
    named = _named(blocks, titles)
    others = {one.ordinal for one in plan.levels if one != level and one.building == level.building}
    placed = _placed(named) if named else None
    if placed is None or others & {block.ordinal for block in placed}:
        said = Finding("sheet-titles-unclear", level.key, slots)
        return replace(plan, findings=(*plan.findings, said))
    labels = ", ".join(block.label for block in placed)
    said = Finding("storeys-split", level.key, {**slots, "labels": labels})
    return _on_levels(plan, level, placed, titles, said)


def _titles(plan: Plan, level: str) -> list[PlanPoint]:
    """Points outside all spaces that are called like the drawing of a storey."""
    outlines = STRtree([space.outline for space in plan.spaces if space.level == level])
    return [
        point
        for point in plan.points
        if point.level == level
        and is_title(_title(point))
        and not len(outlines.query(point.point, "intersects"))
    ]


def _title(point: PlanPoint) -> str:
    return next(iter(point.names.values()), point.ref)


def _labels(title: str) -> tuple[str, ...]:
    """The storeys of a title: those that are alike (三至五层平面图), or one as it is written
    there; none if it names several otherwise (一、三层平面图)."""
    if alike := run_of(title):
        return alike
    if names_several(title):
        return ()
    label = label_in_name(title)
    start = title.casefold().find(label)
    return (title[start : start + len(label)] if start >= 0 else label,)


def _named(blocks: Sequence[_Block], titles: Sequence[PlanPoint]) -> list[_Block] | None:
    """The blocks by height, each with the title that is nearer to it than to any other, and once
    for each storey of that; None if one has none or several, or if two say one storey."""
    labels_of: dict[int, tuple[str, ...]] = {}
    for title in titles:
        away_m = [block.whole.distance(title.point) for block in blocks]
        nearest = int(np.argmin(away_m))
        if nearest in labels_of:
            return None
        labels_of[nearest] = _labels(_title(title))
    every = [label for labels in labels_of.values() for label in labels]
    ordinals = ordinals_of(every)
    heights = {ordinals[label] for label in every}
    untold = len(labels_of) < len(blocks) or not all(labels_of.values())
    if untold or None in heights or len(heights) < len(every):
        return None
    named = [
        replace(blocks[number], label=label, ordinal=ordinals[label] or 0.0)
        for number, labels in labels_of.items()
        for label in labels
    ]
    return sorted(named, key=lambda block: block.ordinal)


def _placed(blocks: Sequence[_Block]) -> list[_Block] | None:
    """The blocks with the way to their place over the lowest; None if one has no place there."""
    lowest, *others = blocks
    placed = [lowest]
    for block in others:
        below = next((b for b in reversed(placed) if _pairs(block, b)), lowest)
        way = _way(block, below)
        if way is None or not sideways.is_above(block.spaces, below.spaces, way):
            return None
        shift = (way[0] + below.shift[0], way[1] + below.shift[1])
        placed.append(replace(block, shift=shift))
    return placed


def _pairs(one: _Block, other: _Block) -> list[tuple[PlanSpace, PlanSpace]]:
    return sideways.shafts_of_one_name(one.spaces, other.spaces)


def _way(one: _Block, other: _Block) -> tuple[float, float] | None:
    """From a block to the place of another: by their shafts, else by outlines of one size."""
    if pairs := _pairs(one, other):
        return sideways.shift_of(pairs)
    (left, bottom, right, top), (left2, bottom2, right2, top2) = (
        one.whole.bounds,
        other.whole.bounds,
    )
    apart_m = max(abs(right - left - right2 + left2), abs(top - bottom - top2 + bottom2))
    return (left2 - left, bottom2 - bottom) if apart_m <= SAME_SIZE_M else None


def _on_levels(
    plan: Plan,
    level: PlanLevel,
    blocks: Sequence[_Block],
    titles: Sequence[PlanPoint],
    said: Finding,
) -> Plan:
    """The plan with a level for each block; what is on no block goes with the nearest."""
    sheet = _Sheet(level, blocks)
    levels = [
        replace(level, key=key, ordinal=block.ordinal, label=block.label, elevation_m=None)
        for key, block in zip(sheet.keys, blocks, strict=True)
    ]
    points = [point for point in plan.points if all(point is not title for title in titles)]
    return replace(
        plan,
        levels=tuple(n for one in plan.levels for n in (levels if one == level else [one])),
        spaces=tuple(one for space in plan.spaces for one in sheet.put(space, "outline")),
        doors=tuple(one for door in plan.doors for one in sheet.put(door, "line")),
        paths=tuple(one for path in plan.paths for one in sheet.put_path(path)),
        walls=tuple(sheet.put_lines(plan.walls)),
        floors=tuple(sheet.put_lines(plan.floors)),
        points=tuple(one for point in points for one in sheet.put(point, "point")),
        # A printed code hangs once: on the first of the storeys that are drawn alike.
        anchors=tuple(next(sheet.put(anchor, "point")) for anchor in plan.anchors),
        findings=(*plan.findings, said),
    )


class _Sheet:
    """One level that is cut into the storeys that it shows."""

    def __init__(self, level: PlanLevel, blocks: Sequence[_Block]) -> None:
        self.level = level
        self.blocks = blocks
        self.keys = [f"{level.key}~{block.label}" for block in blocks]
        self.wholes = [block.whole for block in blocks]
        self.alike: dict[int, list[int]] = defaultdict(list)
        """By the first block of a drawing, all storeys that it stands for."""
        for number, whole in enumerate(self.wholes):
            first = next(n for n, one in enumerate(self.wholes) if one is whole)
            self.alike[first].append(number)

    def moved(self, shape: Any) -> Iterator[tuple[str, Any, str]]:
        """The level, the shape there, and what marks the keys of all but the first."""
        away_m = shapely.distance(self.wholes, shape.representative_point())
        for number in self.alike[int(np.argmin(away_m))]:
            block = self.blocks[number]
            mark = "" if number in self.alike else f"~{block.label}"
            yield self.keys[number], translate(shape, *block.shift), mark

    def put(self, thing: Any, field: str) -> Iterator[Any]:
        """A thing on each storey that it is drawn for."""
        if thing.level != self.level.key:
            yield thing
            return
        for key, shape, mark in self.moved(getattr(thing, field)):
            there = replace(thing, level=key, **{field: shape})
            if mark and isinstance(there, PlanDoor):
                there = replace(there, spaces=tuple(f"{space}{mark}" for space in there.spaces))
            yield replace(there, key=f"{there.key}{mark}") if there.key else there

    def put_path(self, path: PlanPath) -> Iterator[PlanPath]:
        if set(path.levels) != {self.level.key}:
            yield path
            return
        for key, shape, mark in self.moved(path.points):
            yield replace(path, key=f"{path.key}{mark}", levels=(key,), points=shape)

    def put_lines(self, lines: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        for key, line in lines:
            if key != self.level.key:
                yield key, line
            else:
                yield from ((there, shape) for there, shape, _ in self.moved(line))
