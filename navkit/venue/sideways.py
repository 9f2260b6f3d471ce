"""Storeys that a drawing puts side by side on one sheet, as if they were one level."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

import numpy as np
import shapely
from shapely import STRtree
from shapely.affinity import translate

from navkit.plan.plan import SHAFTS, PlanSpace
from navkit.venue.edges import walked
from navkit.venue.venue import Connector, Space
from navkit.words.findings import Finding

S = TypeVar("S", bound=Space | PlanSpace)

APART_M = 1.0
"""Spaces of one storey are nearer to each other than this. A guess: the thickest walls."""
SAME_SPOT_M = 1.0
"""Shafts drift this much between the drawings of two storeys."""
ALIKE = 0.6
"""Storeys of one building have this part of their area above each other. A guess."""
FEWEST = 3
"""With fewer spaces a group is no storey."""


def side_by_side(
    spaces: Sequence[Space], connectors: Iterable[Connector]
) -> Iterator[tuple[Finding, frozenset[str]]]:
    """What looks like two storeys beside each other on one level, with the shafts that both have.

    The two stand apart, have about the same outline, and their shafts of one name lead to no other
    level and are all shifted by the same way. They may as well be two houses built alike, so that
    staff are asked.
    """
    level_of = {space.id: space.level for space in spaces}
    leading = {
        stop
        for connector in connectors
        for stop in connector.stops
        if len({level_of[one] for one in connector.stops}) > 1
    }
    for level, here in walked(spaces).items():
        groups = [group for group in apart(here) if len(group) >= FEWEST]
        for one, other in combinations(groups, 2):
            pairs = shafts_of_one_name(one, other)
            if not leading.isdisjoint(space.id for pair in pairs for space in pair):
                continue
            if pairs and (shift := shift_of(pairs)) is not None and is_above(one, other, shift):
                shafts = frozenset(space.id for pair in pairs for space in pair)
                slots = {
                    "shafts": ", ".join(f"{a.id} – {b.id}" for a, b in pairs),
                    "distance": f"{np.hypot(*shift):.1f}",
                    "one": str(len(one)),
                    "other": str(len(other)),
                }
                yield Finding("storeys-side-by-side", level, slots), shafts


def apart(spaces: Sequence[S]) -> list[list[S]]:
    """The groups of spaces that stand apart from each other, in the order of the drawing."""
    outlines = [space.outline for space in spaces]
    grown = shapely.union_all([outline.buffer(APART_M / 2) for outline in outlines])
    blocks = STRtree(shapely.get_parts(grown))
    groups: dict[int, list[S]] = {}
    for space in spaces:
        block = int(blocks.query(space.outline.representative_point(), "intersects")[0])
        groups.setdefault(block, []).append(space)
    return list(groups.values())


def shafts_of_one_name(one: Sequence[S], other: Sequence[S]) -> list[tuple[S, S]]:
    """Shafts that are called alike in both groups, and by no other in either."""
    called: list[dict[tuple[object, ...], list[S]]] = [{}, {}]
    for group, found in zip((one, other), called, strict=True):
        for space in group:
            if space.kind in SHAFTS and (space.connector or space.ref or any(space.names.values())):
                key = space.kind, space.connector, space.ref, *sorted(space.names.items())
                found.setdefault(key, []).append(space)
    first, second = called
    return [
        (first[key][0], second[key][0])
        for key in first
        if key in second and len(first[key]) == len(second[key]) == 1
    ]


def shift_of(pairs: Sequence[tuple[S, S]]) -> tuple[float, float] | None:
    """The way from each shaft to the one of its name, if all have the same."""
    ways = np.array(
        [
            (
                b.outline.centroid.x - a.outline.centroid.x,
                b.outline.centroid.y - a.outline.centroid.y,
            )
            for a, b in pairs
        ]
    )
    middle = np.median(ways, axis=0)
    if (np.hypot(*(ways - middle).T) > SAME_SPOT_M).any():
        return None
    return float(middle[0]), float(middle[1])


def is_above(one: Sequence[S], other: Sequence[S], shift: tuple[float, float]) -> bool:
    """Whether a group, shifted, would lie over the other."""
    first = translate(shapely.union_all([space.outline for space in one]), *shift)
    second = shapely.union_all([space.outline for space in other])
    shared = first.intersection(second).area
    return bool(shared >= ALIKE * min(first.area, second.area))
