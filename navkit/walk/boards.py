"""What direction signs and lines on the floor mean to a reader: where to turn, what to follow."""

import math
from collections.abc import Sequence

from shapely import LineString, Point
from shapely.ops import substring

from navkit.venue.venue import Board
from navkit.walk.marks import Mark
from navkit.walk.reader import (
    Check,
    Reached,
    Reading,
    Where,
    at_marks,
    in_the_open,
    nearest,
    reached,
    ways,
)
from navkit.walk.said import heading, turned
from navkit.walk.stroll import Glance, State, Stroll

READ_M, READ_DEG = 15.0, 75
"""From how far the letters of a sign are read, and how far from its front. Guesses."""

BESIDE_M = 2.5
"""Who is no farther from a line on the floor follows it. A guess."""

ASTRIDE_M = 3.0
"""How far from it a walk along a line may begin and end. A guess."""

BEND_DEG = 45
"""A line that turns less than this goes straight on."""

ARROWS = {"left": (-1,), "right": (1,), "back": (-1, 1), "ahead": ()}
"""The sides to which one turns by each arrow."""

OFF_M = 2.5
"""How far from where a line bends or ends the opening may be that is meant. A guess."""


def _level_of(reading: Reading, board: Board) -> int:
    venue = reading.floors.venue
    space = venue.space_by_id[board.space]
    return next(i for i, level in enumerate(venue.levels) if level.id == space.level)


def first_read(reading: Reading, state: State, stroll: Stroll, text: str) -> Board | None:
    """The first sign with that text that a walker can read."""
    boards = [
        board
        for board in reading.floors.venue.boards
        if board.text == text and _level_of(reading, board) == state.level
    ]
    for glance in stroll.glances:
        read = [board for board in boards if _is_read(glance, board)]
        if read:
            return min(read, key=lambda board: math.dist(glance.here, board.point))
    return None


def _is_read(glance: Glance, board: Board) -> bool:
    off = turned(glance.heading, math.radians(90 - board.bearing_deg))
    aside = turned(glance.heading, heading(glance.here, board.point))
    is_near = math.dist(glance.here, board.point) <= READ_M
    is_near &= max(abs(off), abs(aside)) <= READ_DEG
    return is_near and glance.part is not None and glance.part.sees(glance.here, board.point)


def at_board(number: int) -> Where:
    """At the first sign with that text, if it points to the side to which one is told to turn."""

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        wanted = reading.floors.venue.boards[number]
        board = first_read(reading, state, stroll, wanted.text)
        if board is None or side not in ARROWS[board.arrow]:
            return []
        return at_marks([Mark(state.level, board.point)])(reading, state, stroll, side)

    return where


def passes_board(number: int) -> Check:
    """Whether one walks on under a sign that points ahead."""

    def check(reading: Reading, state: State, stroll: Stroll, until_m: float) -> bool:
        wanted = reading.floors.venue.boards[number]
        way = Stroll(stroll.until(until_m + 1.0), (), until_m)
        board = first_read(reading, state, way, wanted.text)
        return board is not None and board.arrow == "ahead"

    return check


def _ahead(reading: Reading, state: State, number: int) -> LineString | None:
    """What lies ahead of a line on the floor, for who stands by it and faces along it."""
    stripe = reading.floors.venue.stripes[number]
    level = reading.floors.venue.levels[state.level].id
    course, here = LineString(stripe.course), Point(state.here)
    if stripe.level != level or course.distance(here) > BESIDE_M or state.heading is None:
        return None
    at_m = course.project(here)
    for end_m in (course.length, 0.0):
        ahead = substring(course, at_m, end_m)
        if isinstance(ahead, LineString) and _leads_on(ahead, state.heading):
            return ahead
    return None


def _leads_on(course: LineString, facing: float) -> bool:
    first, on = course.interpolate(0), course.interpolate(min(2.0, course.length))
    return abs(turned(facing, heading((first.x, first.y), (on.x, on.y)))) <= 60


def _bend_m(points: Sequence[tuple[float, ...]], side: int) -> float | None:
    """After how many metres a line bends to a side, if that is its first bend."""
    walked_m = 0.0
    for (ax, ay), (bx, by), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        walked_m += math.dist((ax, ay), (bx, by))
        deg = turned(heading((ax, ay), (bx, by)), heading((bx, by), (cx, cy)))
        if abs(deg) >= BEND_DEG:
            return walked_m if deg * side > 0 else None
    return None


def at_stripe(number: int, *, bends: bool) -> Where:
    """Where a line on the floor bends to the side to which one is told to turn, or ends."""

    def where(reading: Reading, state: State, stroll: Stroll, side: int) -> list[Reached]:
        ahead = _ahead(reading, state, number)
        if ahead is None:
            return []
        at_m = _bend_m(list(ahead.coords), side) if bends else ahead.length
        if at_m is None or not _stays_beside(ahead, stroll.until(at_m)):
            return []
        near = nearest(ways(stroll, side, at_m - OFF_M, at_m + OFF_M), at_m, 1.0)
        found = reached(reading, state, stroll, near, at_m)
        return found or in_the_open(reading, state, stroll, side, at_m)

    return where


def _stays_beside(course: LineString, glances: Sequence[Glance]) -> bool:
    return all(course.distance(Point(glance.here)) <= BESIDE_M for glance in glances)


def stays_along(number: int) -> Check:
    """Whether the walk runs along a line on the floor, all but its first and last steps."""

    def check(reading: Reading, state: State, stroll: Stroll, until_m: float) -> bool:
        course = LineString(reading.floors.venue.stripes[number].course)
        between = [
            glance
            for glance in stroll.until(until_m)
            if ASTRIDE_M <= glance.walked_m <= until_m - ASTRIDE_M
        ]
        return _ahead(reading, state, number) is not None and _stays_beside(course, between)

    return check
