"""Passages between buildings that no door marks: a bridge ends at a corridor of another building,
or is in no building at all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from shapely import LineString

from navkit.plan.plan import CIRCULATION
from navkit.venue.edges import Edges, edges_among
from navkit.venue.venue import Door, Level, Space

SAME_WAY_M = 1.0
"""A door this near to a shared edge is in it. A guess: a thick wall."""


def between_buildings(
    spaces: Sequence[Space],
    doors: Iterable[Door],
    walls: Mapping[str, Sequence[LineString]],
    levels: Mapping[str, Level],
) -> Edges:
    """Edges that corridors and halls of two buildings share where neither door nor wall is drawn.

    Two storeys are one floor if they are posted alike, else if they are counted alike. A drawn door
    may lead to a storey with another label, where the ground rises: that is the way over then.
    """
    house = {space.id: levels[space.level].building for space in spaces}
    ways: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind in CIRCULATION and space.kind != "outdoor":
            ways[space.level].append(space)
    over: list[tuple[set[str], LineString]] = [
        ({house[one] for one in door.spaces}, LineString(door.line))
        for door in doors
        if all(door.spaces)
    ]
    found: Edges = {}
    for one, other in _alike([levels[level] for level in ways]):
        both = {one.building, other.building}
        drawn = (*walls.get(one.id, ()), *walls.get(other.id, ()))
        here = [line for houses, line in over if houses == both]
        for pair, pieces in edges_among([*ways[one.id], *ways[other.id]], drawn, {}).items():
            met = any(piece.dwithin(line, SAME_WAY_M) for piece in pieces for line in here)
            if {house[space] for space in pair} == both and not met:
                found[pair] = pieces
                over += [(both, piece) for piece in pieces]
    return found


def _alike(levels: Sequence[Level]) -> Iterator[tuple[Level, Level]]:
    """Pairs of levels of two buildings that may be one floor: those posted alike come first."""
    apart = [(a, b) for a, b in combinations(levels, 2) if a.building != b.building]
    posted = [(a, b) for a, b in apart if a.label == b.label]
    counted = [(a, b) for a, b in apart if a.label != b.label and a.ordinal == b.ordinal]
    yield from (*posted, *counted)
