"""False clauses, found by outlines and sight lines alone.

    python tests/falsehoods.py [ROUTES]    prints the share of false clauses by plan and kind

It reads the outlines and doors of a venue, the points of the line walked, and what was said. It
uses nothing of navkit's own sights, lines or landmarks. A closed door leaf is opaque, and so is
every wall; people see through open passages. Where outlines are missing (drawn paths), it does
not judge.
"""

import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import shapely
from recorded import guides
from shapely import LineString, Point, Polygon

from navkit.guidance.cues import Cue
from navkit.guidance.measure import rounded_m
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import Connector, Door

THIN_M = 0.02
"""Outlines lose this much, so that spaces which share a wall are apart."""

KINDS = {
    "landmark": "a landmark of a turn behind a closed door or a wall",
    "end": "'to the end' where the floor goes on more than 5 m",
    "ahead": "'ahead', and the way in is 50° or more aside, or behind",
    "untold-bend": "'ahead' after an untold turn of 60° or more where there is a choice",
    "untold-walk": "a walk untold, or told far too short",
    "too-far": "'you have gone too far' at what is seen before the turn, near it or not ahead",
    "no-metres": "a step of more than 50 m without metres",
    "silent-bend": "a bend of 45° or more with a choice, and no word",
    "junctions": "the number of a junction",
    "form": "a crossroads or a T-junction that the floor is not, or not the first",
    "doors": "the number of a door",
    "same-name": "a place of the same name was passed before",
    "board": "a direction sign that is not read on the way, or points elsewhere",
    "stripe": "a line on the floor that the way does not follow",
    "passing": "a place passed more than 6 m off, or out of sight",
}

Xy = tuple[float, float]


class Floor:
    """One storey: where people can see, and its doors."""

    def __init__(self, guide: Guide, level: int) -> None:
        venue = guide.venue
        own = venue.levels[level].id
        thin = {
            space.id: area
            for space in venue.spaces
            if space.level == own and not (area := _thin(space.outline)).is_empty
        }
        strips = [
            strip
            for door in venue.doors
            if door.kind == "open" and any(space in thin for space in door.spaces)
            for strip in [_strip(door, [thin[s] for s in door.spaces if s in thin])]
        ]
        walked = [area for key, area in thin.items() if venue.space_by_id[key].kind != "closed"]
        self.seen = shapely.union_all([*walked, *strips])
        shapely.prepare(self.seen)
        self.outlines = thin
        self.doors = [door for door in venue.doors if any(space in thin for space in door.spaces)]
        self.leaves = [door for door in self.doors if door.kind != "open"]

    def sees(self, eye: Xy, what: Xy) -> bool:
        return bool(self.seen.covers(LineString([eye, what])))

    def free_m(self, eye: Xy, heading: float, most_m: float = 15.0) -> float:
        """How far one can walk straight on over the floor."""
        far = (eye[0] + most_m * math.cos(heading), eye[1] + most_m * math.sin(heading))
        ray = LineString([eye, far]).intersection(self.seen)
        first = [part for part in getattr(ray, "geoms", [ray]) if part.distance(Point(eye)) < 0.05]
        return float(max((part.length for part in first), default=0.0))


def _thin(outline: Polygon) -> Polygon:
    """On the grid of millimetres that outlines have, GEOS shrinks some slanted ones to nothing."""
    return shapely.set_precision(outline, 0).buffer(-THIN_M)


def _strip(door: Door, areas: list[Polygon]) -> Polygon:
    """The opening of a passage, as deep as the wall."""
    line = LineString(door.line)
    reach = max([area.distance(Point(door.middle)) for area in areas], default=0.0)
    return line.buffer(min(reach, 1.5) + 2 * THIN_M, cap_style="flat")


def heading(a: Xy, b: Xy) -> float:
    return math.atan2(b[1] - a[1], b[0] - a[0])


def turned(before: float, after: float) -> float:
    """Degrees, right positive."""
    return -math.degrees((after - before + math.pi) % (2 * math.pi) - math.pi)


@dataclass
class Walked:
    """A step, and the line walked on it on its last level."""

    guide: Guide
    floors: Mapping[int, Floor]
    route: Route
    step: Step
    before: list[Xy] = field(default_factory=list)
    """What was walked on the same level before the step began."""

    @cached_property
    def level(self) -> int:
        return int(self.guide.network.level[self.route.nodes[self.step.last]])

    @cached_property
    def floor(self) -> Floor:
        return self.floors[self.level]

    @cached_property
    def nodes(self) -> list[int]:
        """Of the step's last level, up to the last door before the goal or the shaft."""
        network, nodes = self.guide.network, self.route.nodes
        first = self.step.last
        while first > self.step.first and network.level[nodes[first - 1]] == self.level:
            first -= 1
        return list(nodes[first : self.step.last + 1])

    @cached_property
    def line(self) -> list[Xy]:
        return self.points(self.nodes)

    def points(self, nodes: list[int]) -> list[Xy]:
        network = self.guide.network
        found: list[Xy] = []
        for node in nodes:
            spot = (network.x_cm[node] / 100, network.y_cm[node] / 100)
            if not found or math.dist(found[-1], spot) > 0.01:
                found.append(spot)
        return found

    @cached_property
    def is_drawn(self) -> bool:
        """Whether the line is on floors that are drawn."""
        network = self.guide.network
        return all(network.space_of_node[node] >= 0 for node in self.nodes)

    @cached_property
    def approach(self) -> list[Xy]:
        """The line up to its end, or to the door that the step leads to, without wobbles."""
        return _plain(self.to_the_door)

    @cached_property
    def to_the_door(self) -> list[Xy]:
        return self.line[: self._to_the_door]

    @cached_property
    def _to_the_door(self) -> int:
        network = self.guide.network
        spaces = [network.space_of_node[node] for node in self.nodes]
        if not self._is_last and not self._leads_to_a_shaft:
            return len(self.line)
        k = len(spaces)
        while k > 1 and spaces[k - 2] == spaces[-1]:
            k -= 1
        return max(1, k - 1) if spaces[0] != spaces[-1] else len(self.line)

    @cached_property
    def _is_last(self) -> bool:
        return self.step.last == len(self.route.darts)

    @cached_property
    def _leads_to_a_shaft(self) -> bool:
        return any(cue.kind.family == "find" for cue in self.step.cues)

    def samples(self, every_m: float = 1.0) -> list[tuple[Xy, float]]:
        """Points along the line with the direction walked."""
        found = []
        for a, b in zip(self.line, self.line[1:], strict=False):
            count = max(1, int(math.dist(a, b) / every_m))
            for k in range(count):
                t = k / count
                found.append(((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])), heading(a, b)))
        return found

    def spots(self, place: int) -> list[tuple[Xy, float | None]]:
        """Where a place shows on this level: its doors with the direction of their walls, or its
        own floor if it is open."""
        venue = self.guide.venue
        own = venue.places[place]
        if own.point:
            return [((own.point[1], own.point[2]), None)]
        doors = [
            door
            for door in venue.doors
            if door.id == own.door or any(space in own.spaces for space in door.spaces)
        ]
        found: list[tuple[Xy, float | None]] = []
        for door in doors:
            if not any(space in self.floor.outlines for space in door.spaces):
                continue
            (ax, ay), (bx, by) = door.line
            along = math.atan2(by - ay, bx - ax)
            deep = [
                Point(door.middle).distance(self.floor.outlines[space]) + 0.03
                for space in door.spaces
                if space in self.floor.outlines
            ]
            for off in {side * reach for reach in deep for side in (-1, 1)}:
                mx, my = door.middle
                spot = (mx - off * math.sin(along), my + off * math.cos(along))
                found.append((spot, along if door.kind != "open" else None))
        for space in own.spaces:
            area = self.floor.outlines.get(space)
            if area and not area.is_empty and venue.space_by_id[space].kind in ("hall", "corridor"):
                ring = area.exterior if area.geom_type == "Polygon" else area.convex_hull.exterior
                found += [
                    ((p.x, p.y), None)
                    for p in (ring.interpolate(k / 12, normalized=True) for k in range(12))
                ]
        return found

    def shows(self, place: int, eye: Xy, reach_m: float = 30.0) -> bool:
        """Whether somebody at a point sees a place at all."""
        return any(
            math.dist(eye, spot) <= reach_m and self.floor.sees(eye, spot)
            for spot, _ in self.spots(place)
        )

    def legible(self, place: int, eye: Xy, reach_m: float = 30.0) -> bool:
        """Whether its door is seen, and not edge-on."""
        for spot, along in self.spots(place):
            if math.dist(eye, spot) > reach_m or not self.floor.sees(eye, spot):
                continue
            if along is None or abs(math.sin(heading(eye, spot) - along)) >= math.sin(
                math.radians(15)
            ):
                return True
        return False


def _plain(points: list[Xy]) -> list[Xy]:
    """A line without its wobbles."""
    if len(points) < 3:
        return points
    return [(x, y) for x, y, *_ in LineString(points).simplify(0.35).coords]


def _came(points: list[Xy]) -> float | None:
    """The direction of the last straight stretch of at least a metre."""
    for a, b in zip(points[-2::-1], points[:0:-1], strict=False):
        if math.dist(a, b) >= 1.0:
            return heading(a, b)
    return None


Check = Callable[[Walked, Cue], bool | None]
"""Whether a clause is false; None if that cannot be judged."""


def _landmark(walk: Walked, cue: Cue) -> bool:
    near = [*[eye for eye, _ in walk.samples()][-12:], walk.line[-1]]
    return not any(walk.shows(cue.slots["place"], eye, 15) for eye in near)


def _end(walk: Walked, _: Cue) -> bool | None:
    plain = _plain(walk.line)
    came = _came(plain)
    if came is None:
        return None
    # Several bends may be one turn: the floor has to end at one of them.
    corners = [p for p in plain if math.dist(p, walk.line[-1]) <= 6]
    free = []
    for at in corners[-2:]:
        for off in (-0.3, 0.0, 0.3):
            eye = (at[0] - off * math.sin(came), at[1] + off * math.cos(came))
            if walk.floor.seen.covers(Point(eye)):
                free.append(walk.floor.free_m(eye, came))
    return min(free) > 5 if free else None


def _ahead(walk: Walked, cue: Cue) -> bool | None:
    """Of the direction in which one comes to the door: neither it nor the way through it may be
    50° aside."""
    if cue.kind.form != "ahead":
        return None
    if any(one.kind.family == "face" for one in walk.step.cues):
        return None  # Ahead of somebody who faces the code.
    main = _straight_past(walk.approach)
    came = _came(main)
    if came is None or math.dist(main[-1], walk.line[-1]) < 0.2:
        return None
    here = walk.to_the_door.index(main[-1])
    after = next(p for p in walk.line[here + 1 :] if math.dist(main[-1], p) >= 0.2)
    ways = [heading(main[-1], after), *_through(walk, main[-1])]
    return min(abs(turned(came, way)) for way in ways) >= 50


def _through(walk: Walked, here: Xy) -> list[float]:
    """The way through the nearest door within 1.5 m, at right angles to its wall."""
    near = min(walk.floor.doors, key=lambda door: math.dist(door.middle, here), default=None)
    if near is None or math.dist(near.middle, here) > 1.5:
        return []
    (ax, ay), (bx, by) = near.line
    inwards = heading(here, walk.line[-1])
    normal = math.atan2(by - ay, bx - ax) + math.pi / 2
    return [normal if abs(turned(normal, inwards)) < 90 else normal + math.pi]


def _untold_bend(walk: Walked, cue: Cue) -> bool | None:
    is_seen = any(one.kind.family.startswith("towards") for one in walk.step.cues)
    if cue.kind.form != "ahead" or is_seen:
        return None
    return any(sharp >= 60 for _, sharp in _choices(walk))


def _choices(walk: Walked) -> Iterator[tuple[Xy, float]]:
    """Corners inside the step at which the floor also leads straight on, with their degrees."""
    plain = walk.approach
    for a, at, b in zip(plain, plain[1:], plain[2:], strict=False):
        if math.dist(a, at) < 1.5 or math.dist(at, b) < 3:
            continue
        deg = turned(heading(a, at), heading(at, b))
        if abs(deg) < 45:
            continue
        onward = walk.floor.free_m(at, heading(a, at))
        other = walk.floor.free_m(at, heading(a, at) + math.copysign(math.pi / 2, deg))
        if onward > 4 or other > 4:
            yield at, abs(deg)


def _untold_walk(walk: Walked, _: Cue) -> bool | None:
    """Once a step: what was said of its length, against the length."""
    network, route = walk.guide.network, walk.route
    true_m = 0.0
    for dart in route.darts[walk.step.first : walk.step.last]:
        a, b = network.ends(dart)
        thing = network.things[network.thing[dart >> 1]]
        if network.level[a] == network.level[b] and not isinstance(thing, Connector):
            true_m += network.length_cm[dart >> 1] / 100
    told = [rounded_m(cue.slots["cm"]) for cue in walk.step.cues if "cm" in cue.slots]
    kinds = {str(cue.kind) for cue in walk.step.cues}
    if told:
        return not (max(told) / 1.35 - 5 <= true_m <= max(told) * 1.35 + 5)
    if kinds & {"go-short", "at-short", "at-soon"}:
        return true_m > 15
    found = any(
        cue.kind.family in ("at-place", "at-nth-way", "at-nth-door", "at-entering", "towards")
        or cue.kind.family in ("at-board", "at-stripe", "along-stripe", "at-form")
        or cue.kind.family in ("at-end", "towards-shaft", "towards-anchor", "on", "straight")
        or cue.kind.family.startswith(("through", "at-door", "go-in", "sight", "follow"))
        for cue in walk.step.cues
    )
    return not found and true_m > 12


def _too_far(walk: Walked, cue: Cue) -> bool | None:
    place, turn = cue.slots["place"], walk.line[-1]
    came = _came(_plain(walk.line))
    if came is None:
        return None
    spots = [spot for spot, _ in walk.spots(place)]
    if not spots:
        return True
    past = min(math.dist(turn, spot) for spot in spots)
    ahead = min(abs(turned(came, heading(turn, spot))) for spot in spots)
    before = any(walk.legible(place, eye) for eye, _ in walk.samples())
    return past < 3.5 or ahead > 45 or before


def _no_metres(walk: Walked, _: Cue) -> bool:
    line = LineString(walk.line).length if len(walk.line) > 1 else 0.0
    return line > 50 and not any("cm" in cue.slots for cue in walk.step.cues)


def _silent_bend(walk: Walked, _: Cue) -> bool:
    # Who walks towards what is in sight needs no word at a bend.
    if any(cue.kind.family.startswith("towards") for cue in walk.step.cues):
        return False
    return any(True for _ in _choices(walk))


def _straight_past(points: list[Xy]) -> list[Xy]:
    """A line without its last steps aside, towards a door."""
    if len(points) > 2:
        a, b, c = points[-3:]
        if math.dist(b, c) <= 3 and abs(turned(heading(a, b), heading(b, c))) >= 45:
            return points[:-1]
    return points


def _side(cue: Cue) -> float:
    return math.pi / 2 if cue.kind.form == "left" else -math.pi / 2


def _junctions(walk: Walked, cue: Cue) -> bool | None:
    """Openings of at least 0.7 m on the side, each at least 4.5 m deep, from the beginning of the
    step or from its last door: a reader may begin to count at either."""
    samples = [*walk.samples(0.25), (walk.line[-1], _came(walk.line) or 0.0)]
    spots = [Point(door.middle) for door in walk.floor.leaves]
    after = max(
        (
            n
            for n, (eye, _) in enumerate(samples[:-4])
            if any(spot.distance(Point(eye)) < 0.4 for spot in spots)
        ),
        default=-1,
    )
    counts = {_openings(walk, samples[first:], cue) for first in (0, after + 3)}
    return cue.slots["nth"] not in counts


def _openings(walk: Walked, samples: list[tuple[Xy, float]], cue: Cue) -> int:
    run, runs = 0, 0
    for eye, way in samples:
        if walk.floor.free_m(eye, way + _side(cue)) > 4.5:
            run += 1
        else:
            runs += run >= 3
            run = 0
    return runs + (run > 0)


def _form(walk: Walked, cue: Cue) -> bool | None:
    """At the turn the floor goes on to both sides, and straight on (a crossroads) or not; and
    nowhere before it on the step."""
    came = _came(_plain(walk.line))
    if came is None:
        return None
    samples = [*walk.samples(0.5), (walk.line[-1], came)]
    apart = [LineString([eye, walk.line[-1]]).length for eye, _ in samples]
    here = [is_so for is_so, m in zip(_formed(walk, samples, cue), apart, strict=True) if m <= 1.5]
    before = [
        is_so
        for is_so, m in zip(_formed(walk, samples, cue), apart, strict=True)
        if 4.5 <= m <= apart[0] - 3
    ]
    return not any(here) or any(before)


def _formed(walk: Walked, samples: list[tuple[Xy, float]], cue: Cue) -> Iterator[bool]:
    for eye, way in samples:
        ahead_m, *beside_m = (walk.floor.free_m(eye, way + off) for off in (0, 1.5708, -1.5708))
        goes_on = ahead_m > 5.5 if cue.kind.form == "crossroads" else ahead_m < 5
        yield goes_on and min(beside_m) > 5.5


def _doors(walk: Walked, cue: Cue) -> bool | None:
    """Leaves seen on the side, after the beginning of the step and before the one at its end."""
    points = _straight_past(walk.approach)
    if len(points) < 2:
        return None
    count, line = 0, LineString(points)
    for door in walk.floor.leaves:
        middle = Point(door.middle)
        at = line.project(middle)
        if not 0.5 < at < line.length - 0.6 or middle.distance(line) > 3.5:
            continue
        back, on = line.interpolate(max(0.0, at - 0.4)), line.interpolate(at)
        way = heading((back.x, back.y), (on.x, on.y))
        side = turned(way, heading((back.x, back.y), door.middle))
        if not 20 < abs(side) < 160 or (side < 0) != (cue.kind.form == "left"):
            continue
        (ax, ay), (bx, by) = door.line
        if abs(math.cos(math.atan2(by - ay, bx - ax) - way)) < 0.5:
            continue
        depth = min(
            (
                middle.distance(walk.floor.outlines[s])
                for s in door.spaces
                if s in walk.floor.outlines
            ),
            default=0.0,
        )
        reach = max(0.0, on.distance(middle) - depth - 0.1)
        count += walk.floor.free_m((on.x, on.y), heading((on.x, on.y), door.middle)) >= reach - 0.3
    return count + 1 != cue.slots["nth"]


def _same_name(walk: Walked, cue: Cue) -> bool:
    places = walk.guide.venue.places
    named = places[cue.slots["place"]].names
    others = [
        n
        for n, place in enumerate(places)
        if n != cue.slots["place"] and place.names == named and named
    ]
    earlier = [eye for eye, _ in walk.samples()][:-4]
    return any(walk.legible(n, eye, 6) for n in others for eye in earlier)


def _passing(walk: Walked, cue: Cue) -> bool:
    return not any(walk.shows(cue.slots["place"], eye, 6) for eye, _ in walk.samples(0.5))


def _board(walk: Walked, cue: Cue) -> bool:
    """Its letters are read from some metres before the end of the step, and it points as the step
    goes on."""
    board = walk.guide.venue.boards[cue.slots["board"]]
    looks = math.radians(90 - board.bearing_deg)
    eyes = [
        eye
        for eye, way in walk.samples()
        if 3 <= math.dist(eye, board.point) <= 15
        and abs(turned(way, looks)) < 70
        and abs(turned(way, heading(eye, board.point))) < 70
        and LineString([eye, board.point]).difference(walk.floor.seen).length < 0.5
    ]
    turns = walk.step.turn_deg if cue.kind.family == "at-board" else 0
    points = {"left": turns < -25, "right": turns > 25, "ahead": turns == 0}
    return not eyes or not points.get(board.arrow, abs(turns) > 135)


def _stripe(walk: Walked, cue: Cue) -> bool:
    """But for its first and last steps the line walked is within 2 m of the line on the floor."""
    course = LineString(walk.guide.venue.stripes[cue.slots["stripe"]].course)
    eyes = [Point(eye) for eye, _ in walk.samples(0.5)][6:-6]
    is_end = course.boundary.distance(Point(walk.line[-1])) < 3
    return any(course.distance(eye) > 2 for eye in eyes) or (cue.kind.form == "end") > is_end


BY_CLAUSE: Mapping[str, tuple[str, Check]] = {
    "at-place": ("landmark", _landmark),
    "at-end": ("end", _end),
    "too-far": ("too-far", _too_far),
    "at-nth-way": ("junctions", _junctions),
    "at-form": ("form", _form),
    "at-nth-door": ("doors", _doors),
    "at-board": ("board", _board),
    "on-board": ("board", _board),
    "at-stripe": ("stripe", _stripe),
    "along-stripe": ("stripe", _stripe),
    "passing": ("passing", _passing),
}
BY_STEP: Mapping[str, Check] = {
    "untold-walk": _untold_walk,
    "no-metres": _no_metres,
    "silent-bend": _silent_bend,
}
AHEAD = ("arrive", "arrive-anchor", "find", "way-in")


def judged(walk: Walked) -> Iterator[tuple[str, bool, Cue | None]]:
    """Of each clause that can be judged its kind and whether it is false."""
    for cue in walk.step.cues:
        row = BY_CLAUSE.get(cue.kind.family)
        checks = [row] if row else []
        if cue.kind.family == "at-place":
            checks.append(("same-name", _same_name))
        if cue.kind.family in AHEAD:
            checks += [("ahead", _ahead), ("untold-bend", _untold_bend)]
        for kind, check in checks:
            verdict = check(walk, cue)
            if verdict is not None:
                yield kind, verdict, cue
    for kind, check_step in BY_STEP.items():
        verdict = check_step(walk, Cue(walk.step.cues[0].kind, walk.step.cues[0].slots))
        if verdict is not None:
            yield kind, verdict, None


@dataclass
class Count:
    """Clauses judged and false ones by kind, and some false ones to look at."""

    judged: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    routes: int = 0
    routes_false: int = 0
    shown: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def count(guide: Guide, how_many: int, seed: int = 1) -> Count:
    """Random routes between public places, half of them from entrances and codes."""
    dice = random.Random(seed)
    venue = guide.venue
    floors = {level: Floor(guide, level) for level in range(len(venue.levels))}
    public = [n for n, place in enumerate(venue.places) if place.access == "public"]
    entrances = [Spot((n,)) for n in public if venue.places[n].door]
    outset = [*entrances, *(Spot(anchor=n) for n in range(len(venue.anchors)))]
    found = Count()
    for attempt in range(how_many * 4):
        if found.routes == how_many:
            break
        start = dice.choice(outset) if attempt % 2 and outset else Spot((dice.choice(public),))
        goal = Spot((dice.choice(public),))
        profile = dice.choice(["walk", "elderly", "wheelchair", "bed", "low-vision"])
        if start == goal:
            continue
        route = guide.navigator.try_route(start, goal, profiles()[profile], Moment())
        if route is None or not route.darts:
            continue
        found.routes += 1
        is_false = False
        for number, step in enumerate(steps_of(route, guide.around), 1):
            walk = Walked(guide, floors, route, step)
            if len(walk.line) < 2 or not walk.is_drawn:
                continue
            for kind, wrong, cue in judged(walk):
                found.judged[kind] += 1
                if wrong:
                    is_false = True
                    found.false[kind] += 1
                    names = [
                        f"@{spot.anchor}" if spot.anchor >= 0 else venue.places[spot.places[0]].id
                        for spot in (start, goal)
                    ]
                    said = f"{cue.kind} {dict(cue.slots)}" if cue else ""
                    found.shown[kind].append(f"{names[0]} {names[1]} {profile} {number}: {said}")
        found.routes_false += is_false
    return found


def main() -> None:
    how_many = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for name, guide in guides(("hospital", "clinic", "university", "campus", "station")):
        found = count(guide, how_many)
        print(f"{name}: {found.routes_false} of {found.routes} routes hold a false clause")
        for kind in KINDS:
            print(f"  {kind:12} {found.false[kind]:5} of {found.judged[kind]:5}", end="")
            print("   ", "; ".join(found.shown[kind][:3]))


if __name__ == "__main__":
    main()
