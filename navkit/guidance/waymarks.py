"""What marks the way, computed from the plan: boards that are read on the way to a turn, and edges
along stripes on the floor."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from navkit.guidance.line import turn_between
from navkit.guidance.rules import rules
from navkit.guidance.sights import WITHIN_WALL_M
from navkit.guidance.surroundings import Along, Dart, Led
from navkit.network.network import Kind, Network
from navkit.venue.venue import Board, Stripe

Point2 = tuple[float, float]
WayTo = Callable[[Dart], Sequence[Point2]]
"""Points of the way to a turn, from it backwards."""


def boards_read(
    network: Network, level: int, floor: BaseGeometry, darts: Iterable[Dart], to: WayTo
) -> dict[Dart, tuple[int, ...]]:
    """By dart, the boards that hang at the turn and are read all along the way to it, the nearest
    first; none of which there are two with one text.

    Of several turns on the way, a board hangs at the nearest.
    """
    found = list(_read_on_the_way(network, level, floor, darts, to))
    nearest_m: dict[int, float] = {}
    for _, number, apart_m in found:
        nearest_m[number] = min(apart_m, nearest_m.get(number, apart_m))
    by_dart: dict[Dart, list[tuple[float, int]]] = defaultdict(list)
    for dart, number, apart_m in found:
        if apart_m <= nearest_m[number] + rules().one_turn_cm / 100:
            by_dart[dart].append((apart_m, number))
    return {dart: tuple(number for _, number in sorted(some)) for dart, some in by_dart.items()}


def _read_on_the_way(
    network: Network, level: int, floor: BaseGeometry, darts: Iterable[Dart], to: WayTo
) -> Iterator[tuple[Dart, int, float]]:
    """Each dart with each board that is read on it, and how far that hangs from the turn."""
    venue = network.venue
    own = venue.levels[level].id
    hung = {
        number: board
        for number, board in enumerate(venue.boards)
        if venue.space_by_id[board.space].level == own
    }
    for dart in darts if hung else ():
        at = Point(network.x_cm[dart[0]] / 100, network.y_cm[dart[0]] / 100)
        if not any(_apart_m(at, board) <= rules().board_near_m for board in hung.values()):
            continue
        points = to(dart)
        read = [n for n, board in hung.items() if _is_read(board, points, floor)]
        texts = [hung[n].text.casefold() for n in read]
        for number in read:
            if texts.count(hung[number].text.casefold()) == 1:
                apart_m = _apart_m(at, hung[number])
                if apart_m <= rules().board_near_m:
                    yield dart, number, round(apart_m, 2)


def _apart_m(at: Point, board: Board) -> float:
    return float(at.distance(Point(board.point)))


def _is_read(board: Board, points: Sequence[Point2], floor: BaseGeometry) -> bool:
    """Whether a board faces those who come that way, and no wall hides it from anywhere there."""
    (x, y), (from_x, from_y) = points[0], points[-1]
    looks = math.pi / 2 - math.radians(board.bearing_deg)
    walks = math.atan2(y - from_y, x - from_x)
    if abs(turn_between(walks, looks)) > rules().board_facing_deg:
        return False
    # What hangs on a wall is seen at the wall.
    seen, _ = nearest_points(floor, Point(board.point))
    sights = (LineString([point, (seen.x, seen.y)]) for point in points)
    return all(sight.difference(floor).length <= WITHIN_WALL_M for sight in sights)


def leads_to(network: Network) -> tuple[Led, ...]:
    """What each board leads to."""
    venue = network.venue
    things = {one.id: number for number, one in enumerate(network.things)}
    places = {place.id: number for number, place in enumerate(venue.places)}
    found = []
    for board in venue.boards:
        led = [places[goal] for goal in board.leads if goal in places]
        inside = [things[space] for place in led for space in venue.places[place].spaces]
        inside += [things[goal] for goal in board.leads if goal in things]
        found.append(Led(board.arrow, tuple(led), tuple(dict.fromkeys(inside))))
    return tuple(found)


def edges_along(network: Network) -> dict[int, tuple[Along, ...]]:
    """By edge, the stripes that it runs along, and from where to where on them."""
    found: dict[int, list[Along]] = {}
    numbers = {level.id: i for i, level in enumerate(network.venue.levels)}
    for number, stripe in enumerate(network.venue.stripes):
        course = LineString(stripe.course)
        beside = course.buffer(rules().stripe_near_cm / 100)
        rivals = [LineString(one.course) for one in _rivals(network, stripe)]
        for edge, (a, b) in enumerate(zip(network.a, network.b, strict=True)):
            if {network.level[a], network.level[b]} != {numbers[stripe.level]}:
                continue
            ends = [Point(network.x_cm[n] / 100, network.y_cm[n] / 100) for n in (a, b)]
            line = LineString(ends)
            is_clear = all(line.distance(one) > rules().stripe_apart_cm / 100 for one in rivals)
            if is_clear and network.kind[edge] in _WALKED and beside.covers(line):
                from_cm, to_cm = (math.floor(course.project(end) * 100 + 0.5) for end in ends)
                found.setdefault(edge, []).append(Along(number, from_cm, to_cm))
    return {edge: tuple(some) for edge, some in found.items()}


_WALKED = (Kind.CORRIDOR, Kind.HALL, Kind.ROOM, Kind.OUTDOOR, Kind.DOOR, Kind.RAMP, Kind.FOOTWAY)


def _rivals(network: Network, stripe: Stripe) -> list[Stripe]:
    """Other lines of its colour on its level."""
    return [
        one
        for one in network.venue.stripes
        if one is not stripe and (one.level, one.colour) == (stripe.level, stripe.colour)
    ]


def lengths_cm(network: Network) -> tuple[int, ...]:
    """How long each stripe is."""
    return tuple(
        math.floor(LineString(stripe.course).length * 100 + 0.5) for stripe in network.venue.stripes
    )
