"""One room drawn as several cells: outlines side by side with one name and nothing between them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.plan.categories import categories
from navkit.venue.edges import TOUCH_M, edges_among
from navkit.venue.venue import Space, called
from navkit.words.findings import Finding, Slot

AT_DOOR_M = 0.3
"""A door is drawn this near to its room: half a wall."""


@dataclass(frozen=True)
class Whole:
    """Spaces with the cells of one room put together."""

    spaces: tuple[Space, ...]
    part_of: Mapping[str, str]
    """For each cell that is no space any more, the space that it belongs to."""
    findings: tuple[Finding, ...]


def whole(
    spaces: Sequence[Space],
    walls: Mapping[str, Sequence[LineString]],
    doors: Mapping[str, Sequence[BaseGeometry]],
) -> Whole:
    """Rooms that share an edge without wall or door, and are called alike, are one if only one of
    them has a drawn door, or if none has, but all have one number. Of others with one name staff
    are asked; those with one number are duplicates, and rooms such as toilets come in pairs."""
    rooms: dict[tuple[object, ...], list[Space]] = defaultdict(list)
    for space in spaces:
        if (
            space.kind == "room"
            and space.access == "public"
            and (space.ref or any(space.names.values()))
        ):
            rooms[space.level, space.category, space.ref, *sorted(space.names.items())].append(
                space
            )
    part_of: dict[str, str] = {}
    larger: dict[str, Space] = {}
    findings: list[Finding] = []
    for alike in rooms.values():
        level = alike[0].level
        for cells in _side_by_side(alike, walls.get(level, ()), doors.get(level, ())):
            first = cells[0]
            where = f"{level}, {first.id}"
            slots: dict[str, Slot] = {
                "called": called(first),
                "cells": ", ".join(cell.id for cell in cells[1:]),
            }
            outline = _together(cells)
            entered = sum(_has_door(cell, cells, doors.get(level, ())) for cell in cells)
            is_one = entered == 1 or (entered == 0 and first.ref)
            if outline is not None and is_one:
                larger[first.id] = replace(first, outline=outline)
                part_of |= {cell.id: first.id for cell in cells[1:]}
                findings.append(Finding("cells-joined", where, slots))
            elif not first.ref and not categories().get(first.category, {}).get("paired"):
                findings.append(Finding("one-name-beside", where, slots))
    left = (larger.get(space.id, space) for space in spaces if space.id not in part_of)
    return Whole(tuple(left), part_of, tuple(findings))


def _side_by_side(
    alike: Sequence[Space], walls: Sequence[LineString], doors: Sequence[BaseGeometry]
) -> list[list[Space]]:
    """Groups of several that share edges, in the order of the drawing."""
    if len(alike) < 2:
        return []
    group = {space.id: {space.id} for space in alike}
    for (a, b), pieces in edges_among(alike, walls, {}).items():
        if not any(_is_in(door, piece) for door in doors for piece in pieces):
            both = group[a] | group[b]
            group |= dict.fromkeys(both, both)
    found: dict[frozenset[str], list[Space]] = defaultdict(list)
    for space in alike:
        found[frozenset(group[space.id])].append(space)
    return [cells for cells in found.values() if len(cells) > 1]


def _is_in(door: BaseGeometry, edge: LineString) -> bool:
    """Whether a door is in an edge: near it along its length, not at its end only."""
    return bool(door.centroid.dwithin(edge, AT_DOOR_M))


def _has_door(cell: Space, cells: Sequence[Space], doors: Sequence[BaseGeometry]) -> bool:
    """Whether a drawn door is at this cell more than at any other."""
    own = [door for door in doors if door.centroid.dwithin(cell.outline.boundary, AT_DOOR_M)]
    return any(
        min(cells, key=lambda one: one.outline.distance(door.centroid)) is cell for door in own
    )


def _together(cells: Sequence[Space]) -> Polygon | None:
    """The outline of all cells; None if they do not make one area."""
    half_m = TOUCH_M / 2
    grown = [cell.outline.buffer(half_m, join_style="mitre") for cell in cells]
    outline = shapely.union_all(grown).buffer(-half_m, join_style="mitre")
    outline = shapely.set_precision(outline, 0.001)
    return outline if isinstance(outline, Polygon) else None
