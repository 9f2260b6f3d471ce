"""The storeys of each building in order: who is whose neighbour, and what the walls leave out.

A neighbour is the next storey that the building has, whatever number it is posted with: where
5F follows 3F, 5F is one floor up. So levels are counted here, and everything behind the join
can reckon with differences of ordinals.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from navkit.plan.storeys import is_left_out, ordinals_of, posted_number
from navkit.venue.venue import Level
from navkit.words.findings import Finding

WHOLE_STOREY = 1.0
"""Storeys within this are neighbours, whatever half storeys are between them."""


def in_order(
    levels: Iterable[Level], guessed: Mapping[str, str]
) -> tuple[list[Level], list[Finding]]:
    """Levels lowest first within each building, with ordinals that count the storeys that there
    are; and findings for those that nobody can put in order.

    Numbers that houses leave out (4, 13, …) are no storeys. Any other gap stays: a storey may
    not be drawn yet. `guessed` are labels by id that no drawing has.
    """
    of_building: dict[str, list[Level]] = defaultdict(list)
    for level in levels:
        of_building[level.building].append(level)
    ordered: list[Level] = []
    findings: list[Finding] = []
    for building in sorted(of_building):
        here, unclear = _apart(of_building[building])
        here.sort(key=lambda level: (level.ordinal, level.id))
        counted, noted = _counted(here, guessed)
        ordered += counted
        findings += [*unclear, *noted]
    return ordered, findings


def _apart(here: Sequence[Level]) -> tuple[list[Level], list[Finding]]:
    """Storeys of one height but other numbers on the wall are put in order by all labels: drawings
    by themselves did not know the others. If the labels do not settle it, staff are asked."""
    numbers: dict[float, set[float]] = defaultdict(set)
    for level in here:
        number = posted_number(level.label)
        if number is not None:
            numbers[level.ordinal].add(number)
    if all(len(found) < 2 for found in numbers.values()):
        return list(here), []
    told = ordinals_of(level.label for level in here)
    known = [ordinal for ordinal in told.values() if ordinal is not None]
    if len(known) == len(set(known)) == len({level.label for level in here}):
        return [replace(level, ordinal=told[level.label] or 0.0) for level in here], []
    clash = [
        sorted(level.label for level in here if level.ordinal == ordinal)
        for ordinal, found in sorted(numbers.items())
        if len(found) > 1
    ]
    return list(here), [
        Finding("storeys-at-one-height", here[0].building, {"labels": ", ".join(labels)})
        for labels in clash
    ]


def _counted(
    here: Sequence[Level], guessed: Mapping[str, str]
) -> tuple[list[Level], list[Finding]]:
    """The levels of one building, lowest first, without numbers that the walls leave out."""
    findings: list[Finding] = []
    left_out = [0.0]
    for low, high in pairwise(here):
        rise = high.ordinal - low.ordinal
        missing = _missing(low, high, guessed) if rise > WHOLE_STOREY else []
        is_usual = bool(missing) and all(map(is_left_out, missing or ()))
        surplus = min(len(missing or ()), rise) if is_usual else 0.0
        left_out.append(left_out[-1] + (surplus if surplus < rise else rise - WHOLE_STOREY))
        if rise > WHOLE_STOREY:
            slots = {"low": low.label, "high": high.label}
            code = "storey-left-out" if is_usual else "storey-not-drawn"
            findings.append(Finding(code, high.id, slots))
    # The storey nearest to the ground keeps its ordinal.
    ground = min(range(len(here)), key=lambda n: (abs(here[n].ordinal), n))
    counted = [
        replace(level, ordinal=level.ordinal - out + left_out[ground] + 0.0)
        for level, out in zip(here, left_out, strict=True)
    ]
    return counted, findings


def _missing(low: Level, high: Level, guessed: Mapping[str, str]) -> list[int] | None:
    """Whole numbers between those on two walls, None if they are not known."""
    numbers = [
        None if level.label == guessed.get(level.id) else posted_number(level.label)
        for level in (low, high)
    ]
    first, last = numbers
    if first is None or last is None:
        return None
    return list(range(math.floor(first) + 1, math.ceil(last)))


def neighbours(levels: Iterable[Level]) -> frozenset[tuple[str, str]]:
    """Pairs of ids (lower, higher) between which a shaft may go on: a storey and the next that the
    building has, or the next whole one."""
    of_building: dict[str, list[Level]] = defaultdict(list)
    for level in levels:
        of_building[level.building].append(level)
    pairs = set()
    for here in of_building.values():
        heights = sorted({level.ordinal for level in here})
        next_above = dict(pairwise(heights))
        for low, high in combinations(sorted(here, key=lambda level: level.ordinal), 2):
            if low.ordinal < high.ordinal and (
                high.ordinal - low.ordinal <= WHOLE_STOREY
                or next_above[low.ordinal] == high.ordinal
            ):
                pairs.add((low.id, high.id))
    return frozenset(pairs)


def usual_label(ordinal: float, posted: Mapping[str, float]) -> str:
    """The label that a Chinese hospital posts: B1 below the ground floor, 1F for it, 2F above.

    Where the labels that are known count from the ground floor (`posted`: label → ordinal), this
    one does too.
    """
    if ordinal < 0:
        return f"B{-ordinal:g}"
    apart = Counter(
        number - known
        for label, known in posted.items()
        if (number := posted_number(label)) is not None and number > 0
    )
    first = apart.most_common(1)[0][0] if apart else 1
    return f"{ordinal + (first if first in (0, 1) else 1):g}F"
