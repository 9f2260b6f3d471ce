"""Which form the floor has where corridors meet: a crossroads or a T-junction, by rays over it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from shapely.geometry.base import BaseGeometry

from navkit.guidance.rules import Rules
from navkit.guidance.sights import Points, Rays
from navkit.guidance.surroundings import Dart, Form, Formed, Surroundings
from navkit.network.network import Kind, Network

Way = Callable[[Dart, int], Sequence[tuple[float, float]]]
"""Points of the straight way to a turn, from it backwards, as many centimetres as are asked for."""

LOOKS = np.radians([0, 90, -90, 90 / 2, -90 / 2])
"""Ahead, left, right, and past the two corners."""


def forms(
    around: Surroundings, floor: BaseGeometry, darts: Iterable[Dart], to: Way
) -> Iterator[tuple[Dart, Formed]]:
    """The form of the floor at the end of each dart along a corridor, as it looks to who comes by
    it; absent where it has none of these."""
    narrow = [dart for dart in darts if _is_narrow(around.network, dart)]
    if not narrow:
        return
    by, rays = around.rules, Rays(floor)
    ways = [np.array(to(dart, by.landmark_approach_cm)) for dart in narrow]
    came = np.array([way[0] - way[-1] for way in ways])
    headings = np.arctan2(came[:, 1], came[:, 0])[:, None] + LOOKS
    starts = np.repeat(np.array([way[0] for way in ways]), len(LOOKS), axis=0)
    free_m = rays.free_m(starts, headings.ravel(), by.arm_cm / 100).reshape(-1, len(LOOKS))
    for dart, free in zip(narrow, free_m, strict=True):
        form = _form([float(metres) for metres in free], by)
        if form is not None:
            yield dart, Formed(form, _clear_cm(np.array(to(dart, by.form_far_cm)), rays, by))


def _clear_cm(way: Points, rays: Rays, by: Rules) -> int:
    """How far back from a junction, along the straight way to it, the floor is nowhere open on both
    sides: there people might take it for the junction."""
    steps = np.diff(way, axis=0)
    walked_cm = np.cumsum(np.hypot(steps[:, 0], steps[:, 1])) * 100
    beside = np.arctan2(steps[:, 1], steps[:, 0])[:, None] + np.radians([90, -90])
    starts = np.repeat(way[1:], 2, axis=0)
    free_m = rays.free_m(starts, beside.ravel(), by.arm_cm / 100).reshape(-1, 2)
    is_open = (free_m.min(axis=1) >= by.arm_cm / 100) & (walked_cm > by.past_cm)
    return int(walked_cm[is_open].min() if is_open.any() else walked_cm[-1])


def _is_narrow(network: Network, dart: Dart) -> bool:
    node, before = dart
    edge = next(e for e in network.edges_at[node] if network.other(e, node) == before)
    return network.kind[edge] == Kind.CORRIDOR


def _form(free_m: Sequence[float], by: Rules) -> Form | None:
    """Ways on both sides, between corners of walls; with or without a way straight on."""
    ahead_m, left_m, right_m, *corners_m = free_m
    arm_m = by.arm_cm / 100
    if min(left_m, right_m) < arm_m or max(corners_m) > by.corner_cm / 100:
        return None
    if ahead_m >= arm_m:
        return "crossroads"
    return "tee" if ahead_m < by.ends_cm / 100 else None
