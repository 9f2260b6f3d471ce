"""The direction of the first sentence, against directions computed from the drawing separately."""

import math
import random
from collections import Counter

import pytest
from shapely.geometry import LineString

from navkit.guidance.cues import CueKind
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.routing import Route
from navkit.route.weights import moment
from navkit.venue.lookup import Spot, find

NOW = "2026-03-02T09:30"
OPPOSITE_DEG = 60
"""So far from what is said may the line go: it is drawn, and bends."""
SEED = 17
EACH = 12
SAID_DEG = {"ahead": 0, "right": 90, "back": 180, "left": -90}


def angle(one: float, other: float) -> float:
    """Degrees clockwise from one heading, in degrees from north, to another: -180 to 180."""
    return (other - one + 180) % 360 - 180


def north(dx: float, dy: float) -> float:
    return math.degrees(math.atan2(dx, dy))


def way(guide: Guide, start: Spot, goal: str, profile: str = "walk") -> Route | None:
    at = moment(guide.venue.closures, NOW, ())
    return guide.navigator.try_route(start, find(guide.venue, goal), profiles()[profile], at)


def outward(route: Route, since: int = 0) -> list[float]:
    """Headings of the way's beginning, near and farther on: 1 to 6 m on its level."""
    network = route.network
    points = []
    for node in route.nodes[since:]:
        if network.level[node] != network.level[route.nodes[since]]:
            break
        points.append((network.x_cm[node] / 100, network.y_cm[node] / 100))
    line = LineString(points) if len(set(points)) > 1 else LineString()
    found = []
    for reach in (1.0, 2.0, 3.0, 4.5, 6.0, line.length):
        if 0 < reach <= line.length:
            here, there = line.interpolate(max(0.0, reach - 1.5)), line.interpolate(reach)
            found.append(north(there.x - here.x, there.y - here.y))
    return found


def agrees(said: str, looking: float, headings: list[float]) -> bool:
    meant = looking + SAID_DEG[said]
    return any(abs(angle(meant, heading)) <= OPPOSITE_DEG for heading in headings)


def said_first(told: tuple[Step, ...], family: str) -> str:
    """The side in the first step."""
    return next((cue.kind.form for cue in told[0].cues if cue.kind.family == family), "")


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["walk", "wheelchair"])
def test_whoever_reads_a_code_is_told_how_to_stand(example: Guide, profile: str) -> None:
    """Every code with a direction, also where the way goes through a door at once."""
    dice = random.Random(SEED)
    places = [p.id for p in example.venue.places if p.access == "public"]
    counts: Counter[str] = Counter()
    for number, anchor in enumerate(example.venue.anchors):
        assert anchor.bearing_deg is not None
        for goal in dice.sample(places, EACH):
            route = way(example, Spot(anchor=number), goal, profile)
            if route is None or len(route.nodes) < 2 or not outward(route):
                continue
            told = steps_of(route, example.around)
            side = said_first(told, "face")
            assert side, (anchor.code, goal)
            counts[side] += 1
            assert agrees(side, anchor.bearing_deg, outward(route)), (anchor.code, goal, side)

    assert min(counts[side] for side in SAID_DEG) >= 10, counts


@pytest.mark.slow
def test_whoever_cannot_go_on_is_told_how_to_stand_on_the_way_back(example: Guide) -> None:
    """Each step of many routes is closed in turn; the new route starts with the old one behind."""
    dice = random.Random(SEED)
    places = [p.id for p in example.venue.places if p.access == "public"]
    counts: Counter[str] = Counter()
    for _ in range(12):
        start, goal = dice.sample(places, 2)
        route = way(example, find(example.venue, start), goal)
        if route is None:
            continue
        for step in steps_of(route, example.around)[1:]:
            first, ahead = route.nodes[step.first : step.first + 2]
            old, network = outward(route, step.first), route.network
            is_flat = network.level[first] == network.level[ahead]
            if not (old and is_flat) or not math.dist(
                (network.x_cm[first], network.y_cm[first]),
                (network.x_cm[ahead], network.y_cm[ahead]),
            ):
                continue
            closed = tuple(f"edge:{dart >> 1}" for dart in route.darts[step.first : step.last])
            at = moment(example.venue.closures, NOW, closed)
            spot = Spot(node=first, back_from=ahead)
            again = example.navigator.try_route(
                spot, find(example.venue, goal), profiles()["walk"], at
            )
            new = outward(again) if again else []
            if again is None or not new:
                continue
            side = said_first(steps_of(again, example.around), "again")
            assert side, (start, goal, step.first)
            counts[side] += 1
            assert side == "here" or agrees(side, old[0] + 180, new), (
                start,
                goal,
                step.first,
                side,
            )

    assert sum(counts.values()) >= 40 and counts["left"] and counts["right"], counts


def test_what_somebody_is_sent_towards_lies_there(example: Guide, clinic: Guide) -> None:
    seen = 0
    for guide in (example, clinic):
        dice = random.Random(SEED)
        places = [p for p in guide.venue.places if p.access == "public"]
        network = guide.network
        for _ in range(600):
            start, goal = dice.sample(places, 2)
            route = way(guide, find(guide.venue, start.id), goal.id)
            if route is None:
                continue
            for cue in steps_of(route, guide.around)[0].cues:
                if cue.kind != CueKind.TOWARDS:
                    continue
                seen += 1
                x, y = network.x_cm[route.nodes[0]], network.y_cm[route.nodes[0]]
                nodes = network.place_nodes[cue.slots["place"]]
                looks = [north(network.x_cm[n] - x, network.y_cm[n] - y) for n in nodes]
                assert any(agrees("ahead", look, outward(route)) for look in looks)
    assert seen >= 3
