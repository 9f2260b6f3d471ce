"""Is what guidance says true? Every scripted route, in every language, recomputed.

The checks know nothing about how sentences are made: they look at the line walked, at the
rooms' outlines, and at the words that were said.
"""

import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pytest
from conftest import REST
from shapely import LineString

from exporter.bundle.scripts_file import Script, scripts, starts, with_actions
from navkit.guidance.guidance import Teller, measure
from navkit.guidance.steps import Step, dressed, steps_of
from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.route.hierarchy import Router
from navkit.route.profiles import DEFAULT_PROFILES, profile
from navkit.route.sparing import unasked
from navkit.route.weights import BLOCKED, Moment, moment, weigh
from navkit.venue.lookup import find
from navkit.venue.venue import Connector, Space
from navkit.words.languages import languages

LEFT = {"zh-Hans": "左", "zh-Hant": "左", "zh-Hant-HK": "左", "en": "left"}
RIGHT = {"zh-Hans": "右", "zh-Hant": "右", "zh-Hant-HK": "右", "en": "right"}
AFTER_M = (1.2, 2.5)
"""The way out of a turn: a step may be lost to a kink of the drawing, so near and farther on."""

Point = tuple[float, float]
"""In metres."""

SHARE = 8
"""Scripted routes are checked in shares, so that several processes can take part."""
SAMPLE = 2
"""`make check` takes so many of the shares, `make check-rest` the others."""

SHARES = [
    *(pytest.param(("example", i), marks=REST if i >= SAMPLE else ()) for i in range(SHARE)),
    pytest.param(("clinic", -1), marks=pytest.mark.real_plans),
]


@pytest.fixture
def share(request: pytest.FixtureRequest) -> tuple[Guide, list[Script]]:
    name, number = request.param
    guide = request.getfixturevalue(name)
    order = [start for start, _ in starts(guide)]
    random.Random(8).shuffle(order)  # So each share is spread over the house.
    mine = [start for i, start in enumerate(order) if number < 0 or i % SHARE == number]
    return guide, list(scripts(guide, mine))


Without = dict[tuple[Guide, str, str], Router]
"""By venue, profile and the lift that is closed."""


@pytest.fixture(scope="module")
def without() -> Without:
    return {}


@pytest.mark.slow
@pytest.mark.parametrize("share", SHARES, indirect=True, ids=str)
def test_scripted_routes_tell_the_truth(
    share: tuple[Guide, list[Script]], without: Without
) -> None:
    guide, told = share
    wrong: list[tuple[str, str, str, str]] = []
    # Many routes have a step in common, word by word: each is said once.
    differing: dict[tuple[object, ...], tuple[Script, Step]] = {}
    for script, actions in with_actions(guide, told):
        found = dressed(script.route, guide.around, actions)
        for fault in (
            *_forbidden(script),
            *_lift_choice(guide, script, without),
            *_sums(script, found),
            *_turns(script, found),
            *_arrival(guide, script, found),
            *_floors(script, found),
        ):
            wrong.append((script.start, script.goal, script.route.profile.id, fault))
        for step in found:
            cues = ((cue.kind, *cue.slots.items()) for cue in step.cues)
            differing.setdefault((step.turn_deg, *cues), (script, step))
    tellers = {language: Teller(guide.network, language) for language in languages()}
    for script, step in differing.values():
        for fault in _polarity(tellers, step):
            wrong.append((script.start, script.goal, script.route.profile.id, fault))

    assert len(told) > 100
    assert (len(wrong), wrong[:20]) == (0, [])


def _forbidden(script: Script) -> Iterator[str]:
    """What the profile forbids is not in the route: from the drawing's own attributes."""
    route = script.route
    for dart in route.darts:
        edge = dart >> 1
        kind, thing = route.network.kind[edge], route.network.things[route.network.thing[edge]]
        if route.profile.id == "wheelchair" and (
            kind in (Kind.STAIRS, Kind.ESCALATOR) or thing.step_free is False
        ):
            yield f"{thing.id} is not for wheelchairs"
        if thing.access != "public":
            yield f"{thing.id} is not for visitors"
        if dart & 1 and route.network.oneway[edge]:
            yield f"{thing.id} is walked against its direction"


def _lift_choice(guide: Guide, script: Script, without: Without) -> Iterator[str]:
    """With the lift it takes closed, no other shaft makes the whole trip cheaper, but for stairs
    that the walker has not asked for."""
    route = script.route
    lifts = {
        route.network.thing[d >> 1] for d in route.darts if route.network.kind[d >> 1] == Kind.RIDE
    }
    for lift in sorted(lifts):
        closed = route.network.things[lift].id
        key = (guide, route.profile.id, closed)
        if key not in without:
            weights = weigh(guide.network, route.profile, Moment(closed=frozenset({closed})))
            without[key] = Router(guide.network, guide.navigator.hierarchy, weights)
        starts_at, goals = map(guide.navigator.nodes_of, (route.start, route.goal))
        other = without[key].find(starts_at, goals)
        is_cheaper = other is not None and other.cost_ms < route.cost_ms
        if is_cheaper and other and not unasked(guide.network, other.darts, route.profile):
            yield f"{closed} is not the best lift"


def _sums(script: Script, found: Sequence[Step]) -> Iterator[str]:
    """Steps cover the route end to end; metres and seconds add up."""
    route = script.route
    ends = [0, *(step.last for step in found)]
    if [step.first for step in found] != ends[:-1] or ends[-1] != len(route.darts):
        yield "steps leave gaps"
    measured = [measure(route, step) for step in found]
    if sum(m[0] for m in measured) != route.length_cm:
        yield "metres do not add up"
    if sum(m[1] for m in measured) != route.duration_ms:
        yield "seconds do not add up"


def _line(script: Script, first: int, last: int) -> list[Point]:
    network = script.route.network
    points: list[Point] = []
    for node in script.route.nodes[first : last + 1]:
        point = (network.x_cm[node] / 100, network.y_cm[node] / 100)
        if not points or points[-1] != point:
            points.append(point)
    return points


def _heading(points: Sequence[Point], reach_m: float) -> tuple[float, float] | None:
    """From the first point to the one `reach_m` further on along the line."""
    line = LineString(points) if len(points) > 1 else None
    if line is None or line.length < 0.3:
        return None
    far = line.interpolate(min(reach_m, line.length))
    return far.x - points[0][0], far.y - points[0][1]


def _degrees(a: tuple[float, float], b: tuple[float, float]) -> float:
    """From direction a to direction b, clockwise positive."""
    return math.degrees(math.atan2(a[1] * b[0] - a[0] * b[1], a[0] * b[0] + a[1] * b[1]))


def _turns(script: Script, found: Sequence[Step]) -> Iterator[str]:
    """A turn of 60° or more shows in the line: its direction before and after the turn."""
    route = script.route
    level = route.network.level
    for step in found[:-1]:
        here = step.last
        if not 60 <= abs(step.turn_deg) <= 135 or any(
            cue.kind.family == "find" for cue in step.cues
        ):
            continue
        back = here
        while back > 0 and level[route.nodes[back - 1]] == level[route.nodes[here]]:
            back -= 1
        ahead = here
        while (
            ahead < len(route.darts) and level[route.nodes[ahead + 1]] == level[route.nodes[here]]
        ):
            ahead += 1
        looks_deg = None
        if any(cue.kind.family == "face" for cue in step.cues):
            looks_deg = route.network.venue.anchors[route.start.anchor].bearing_deg or 0
        behind, out = _line(script, back, here)[::-1], _line(script, here, ahead)
        sides = _sides(tuple(behind), tuple(_beginning(out, max(AFTER_M))), looks_deg)
        if sides and (step.turn_deg > 0) not in sides:
            yield f"step to node {here} says {step.turn_deg}°, the line turns the other way"


def _beginning(points: Sequence[Point], reach_m: float) -> Iterator[Point]:
    """The points of a line up to the first at which it is so long."""
    walked_m = 0.0
    for before, point in zip([points[0], *points], points, strict=False):
        walked_m += math.dist(before, point)
        yield point
        if walked_m >= reach_m:
            return


@cache  # Many routes share a turn.
def _sides(
    behind: tuple[Point, ...], out: tuple[Point, ...], looks_deg: float | None
) -> frozenset[bool]:
    """Whether the line turns right, by every direction of the way in and of the way out; nothing
    where it is too short to tell.

    The way in: where one looked up to 6 m before the turn, or coming out of a lift; at a code,
    where its reader looks.
    """
    after = [_heading(out, reach) for reach in AFTER_M]
    if after[0] is None or len(behind) < 2 or LineString(behind).length < 1.0:
        return frozenset()
    ways_in = []
    if looks_deg is not None:
        bearing = math.radians(looks_deg)
        ways_in.append((math.sin(bearing), math.cos(bearing)))
    else:
        came = LineString(behind)
        for reach in (1.0, 2.0, 3.0, 4.5, 6.0, came.length):
            if 0 < reach <= came.length:
                p, q = came.interpolate(reach), came.interpolate(max(0.0, reach - 0.6))
                ways_in.append((q.x - p.x, q.y - p.y))
    return frozenset(_degrees(way, out) > 0 for way in ways_in for out in after if out is not None)


def _arrival(guide: Guide, script: Script, found: Sequence[Step]) -> Iterator[str]:
    """The goal's outline is on the side that was said, seen from the way there."""
    route = script.route
    ends = {c.kind.family: c.kind.form for c in found[-1].cues}
    if "next" in ends:
        beyond = guide.venue.spaces[route.network.space_of_node[route.nodes[-1]]].kind
        if len(route.darts) + (route.way_in >= 0) != 1:
            yield f"said to be next door, after {len(route.darts)} edges"
        if beyond == "outdoor" and ends["next"] in ("in", "room"):
            yield "somebody who goes outside was told to go in"
        return
    side = ends["arrive"]
    place = guide.venue.place_by_id[script.goal]
    space_number = route.network.space_of_node[route.nodes[-1]]
    space: Space = guide.venue.spaces[space_number]
    if place.door or space.kind != "room" or side == "ahead":
        return
    # Walk back out of the room, to the last point 2 to 6 m before its door.
    last = len(route.nodes) - 1
    while last > 0 and route.network.space_of_node[route.nodes[last]] == space_number:
        last -= 1
    line = LineString(_line(script, found[-1].first, last)[::-1])
    if line.length < 2.5:
        return
    door = line.interpolate(0)
    middle = space.outline.representative_point()
    sides = set()
    for reach in (1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0):
        if reach <= line.length:
            p, q = line.interpolate(reach), line.interpolate(max(0, reach - 0.7))
            towards = (
                door.x - p.x + 0.3 * (middle.x - door.x),
                door.y - p.y + 0.3 * (middle.y - door.y),
            )
            sides.add("right" if _degrees((q.x - p.x, q.y - p.y), towards) > 0 else "left")
    if sides and side not in sides:
        yield f"arrival said {side}, the room lies {sides}"


def _floors(script: Script, found: Sequence[Step]) -> Iterator[str]:
    """Every change of level is mentioned once, with its kind, direction and the level reached."""
    route = script.route
    network, levels = route.network, route.network.venue.levels
    walked: list[tuple[str, int]] = []
    i = 0
    while i < len(route.darts):
        a, b = network.level[route.nodes[i]], network.level[route.nodes[i + 1]]
        if a != b:
            thing = network.things[network.thing[route.darts[i] >> 1]]
            while (
                isinstance(thing, Connector)
                and i + 1 < len(route.darts)
                and network.things[network.thing[route.darts[i + 1] >> 1]] is thing
                and network.level[route.nodes[i + 2]] != network.level[route.nodes[i + 1]]
            ):
                i += 1
            b = network.level[route.nodes[i + 1]]
            if isinstance(thing, Connector):
                how = {"elevator": "lift"}.get(thing.kind, thing.kind)
                way = "up" if levels[b].ordinal > levels[a].ordinal else "down"
                walked.append((f"{how}-{way}", b))
            else:
                walked.append(("cross", b))
        i += 1
    told = [
        (
            cue.kind.removesuffix("-one").removesuffix("-few"),
            cue.slots.get("level", cue.slots.get("floor")),
        )
        for step in found
        for cue in step.cues
        if cue.kind.startswith(("lift-", "stairs-", "escalator-", "ramp-")) or cue.kind == "cross"
    ]
    if told != walked:
        yield f"levels walked {walked}, told {told}"


def _polarity(tellers: Mapping[str, Teller], step: Step) -> Iterator[str]:
    """A sentence with 左 turns left, one with 右 right, in text and in speech alike."""
    for language, teller in tellers.items():
        for text in teller.sentence(tuple(teller.clause(cue) for cue in step.cues)):
            words = _without_names(text, language)
            left, right = LEFT[language] in words, RIGHT[language] in words
            if left and not step.turn_deg < 0:
                yield f"{text} ({step.turn_deg}°)"
            if right and not step.turn_deg > 0:
                yield f"{text} ({step.turn_deg}°)"
            if 30 < abs(step.turn_deg) <= 135 and not (left or right):
                yield f"{text} ({step.turn_deg}°) names no side"


def _without_names(text: str, language: str) -> str:
    """Signs are quoted as they stand on the wall, whatever they say."""
    return re.sub("“[^”]*”|「[^」]*」", "", text)


@pytest.mark.parametrize("language", languages())
def test_every_clause_has_its_phrase_and_the_same_slots(language: str) -> None:
    from navkit.guidance.guidance import phrases

    book, model = phrases(language), phrases("zh-Hans")

    assert book["clauses"].keys() == model["clauses"].keys()
    for kind, template in book["clauses"].items():
        slots = set(re.findall(r"\{(\w+)\}", template)) - {"is"}  # English has a verb.
        assert slots == set(re.findall(r"\{(\w+)\}", model["clauses"][kind])), kind


def test_speech_of_chinese_names_holds_no_digits_and_only_known_latin(example: Guide) -> None:
    teller = Teller(example.network, "zh-Hans")
    allowed = re.compile(r"^[A-Z]{1,5}$")
    bad = set()
    for script in scripts(example, [s for s, _ in starts(example)[:1]]):
        for step in steps_of(script.route, example.around):
            _, speech = teller.sentence(tuple(teller.clause(cue) for cue in step.cues))
            latin = [w for w in re.findall("[A-Za-z]+", speech) if not allowed.match(w)]
            if latin or re.search(r"[0-9()（）/、“”「」]", speech):
                bad.add(speech)

    assert sorted(bad)[:10] == []


@pytest.mark.slow
def test_a_lift_is_chosen_by_the_whole_trip(example: Guide) -> None:
    """Through no other lift is there a cheaper way."""
    lifts = {one.id for one in example.venue.connectors if one.kind == "elevator"}
    start, wheelchair = find(example.venue, "mz-1F-D-main"), profile("wheelchair")
    goals = [
        find(example.venue, goal)
        for goal in ("zy-9F-905", "zy-13F-1314", "r-mz-6F-605", "r-mz-5F-511")
    ]

    def costs_ms(closed: Sequence[str]) -> list[int]:
        """To each goal; what is closed is weighed once for all of them."""
        at = moment(example.venue.closures, "", closed)
        ways = [example.navigator.try_route(start, goal, wheelchair, at) for goal in goals]
        return [BLOCKED if way is None else way.cost_ms for way in ways]

    best = costs_ms(())
    through = {lift: costs_ms(sorted(lifts - {lift})) for lift in sorted(lifts)}

    assert max(best) < BLOCKED
    assert any(min(costs) < BLOCKED for costs in through.values())
    worse = {lift: costs for lift, costs in through.items() if any(map(int.__lt__, costs, best))}
    assert worse == {}


def test_slower_walkers_never_arrive_sooner(example: Guide) -> None:
    goals = ["zy-9F-905", "r-mz-2F-205", "r-yj-1F-113", "r-mz-6F-605"]
    for goal in goals:
        walk = example.route("mz-1F-D-main", goal, profile("walk"))
        elderly = example.route("mz-1F-D-main", goal, profile("elderly"))

        assert elderly.duration_ms >= walk.duration_ms * 0.999


def test_default_profiles_are_known() -> None:
    assert all(profile(key).id == key for key in DEFAULT_PROFILES)
