"""Reference routes: what a person wrote from the drawings before anything ran.

Compared are turns, levels, connectors, the side of arrival, the length and what is passed, as
`reference_routes/README.md` says; not the words.
"""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from conftest import Plans

from navkit.guidance.rules import rules
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.venue.venue import Connector

FOLDER = Path(__file__).parent / "reference_routes"
ROUTES = [
    route
    for file in sorted(FOLDER.glob("*.json"))
    for route in json.loads(file.read_text(encoding="utf-8"))
]
WEEKDAY = "2026-03-03T10:00"


def test_there_are_sixty_of_them() -> None:
    assert len(ROUTES) >= 60
    assert len({route["id"] for route in ROUTES}) == len(ROUTES)


DIFFERING = {
    "cl-22": "the guide counted the bay as at a side; the way drawn comes straight at it",
    "cl-23": "the lobby of the lift is not joined to the waiting hall in the drawing",
}
"""By route, where what navkit says is not what the guide wrote. These have to go on differing."""


def _own(plan: str) -> list[Any]:
    """The routes of a plan; those on which navkit is known to differ have to go on differing."""
    return [
        pytest.param(route, id=route["id"], marks=[pytest.mark.xfail(strict=True, reason=why)])
        if (why := DIFFERING.get(route["id"]))
        else pytest.param(route, id=route["id"])
        for route in ROUTES
        if route.get("plan", "example") == plan
    ]


@pytest.mark.parametrize("truth", _own("example"))
def test_guidance_says_what_the_guide_wrote(example: Guide, truth: dict[str, Any]) -> None:
    _compare(example, truth)


@pytest.mark.real_plans
@pytest.mark.parametrize(
    "truth",
    [*_own("clinic"), *_own("university-osm"), *_own("campus-imdf"), *_own("station-osm")],
)
def test_guidance_says_what_was_written_of_real_plans(plans: Plans, truth: dict[str, Any]) -> None:
    _compare(plans(truth["plan"]), truth)


def _compare(guide: Guide, truth: dict[str, Any]) -> None:
    route = guide.route(truth["start"], truth["goal"], profile(truth["profile"]), WEEKDAY)
    if "asks" in truth:
        (route,) = (other for other in route.alternatives if truth["asks"] in other.unasked)
    found = steps_of(route, guide.around)
    told = guide.tell(route, "zh-Hans")

    assert list(_levels(route)) == truth["levels"], _shown(told)
    assert list(_connectors(route)) == list(_true_connectors(guide, truth)), _shown(told)
    assert _merged(_true_turns(truth)) in [*map(_merged, _turns(found))], _shown(told)
    assert _arrival(found) == truth["slots"][-1].get("arrive"), _shown(told)
    walked_m = sum(
        route.network.length_cm[d >> 1] / 100
        for d in route.darts
        if route.network.kind[d >> 1] not in (Kind.STAIRS, Kind.ESCALATOR, Kind.BOARD, Kind.RIDE)
    )
    least_m = truth.get("least_m", truth["length_m"]) * 0.9 - 3
    assert least_m <= walked_m <= truth["length_m"] * 1.15 + 5, _shown(told)


def _shown(told: Any) -> str:
    return "\n".join(f"{i.text} {i.turn_deg}" for i in told.instructions)


def _levels(route: Route) -> Iterator[str]:
    """Levels that are walked on: those a lift only passes do not count."""
    last = -1
    network = route.network
    for i, node in enumerate(route.nodes):
        around = {network.kind[d >> 1] for d in route.darts[max(0, i - 1) : i + 1]}
        if around <= {Kind.RIDE} or around <= {Kind.STAIRS}:
            continue
        if network.level[node] != last:
            last = network.level[node]
            yield network.venue.levels[last].id


def _connectors(route: Route) -> Iterator[tuple[str, str]]:
    """(kind, level reached) of every connector taken."""
    network = route.network
    for i, dart in enumerate(route.darts):
        a, b = network.level[route.nodes[i]], network.level[route.nodes[i + 1]]
        thing = network.things[network.thing[dart >> 1]]
        following = route.darts[i + 1] >> 1 if i + 1 < len(route.darts) else -1
        goes_on = (
            following >= 0
            and network.thing[following] == network.thing[dart >> 1]
            and network.level[route.nodes[i + 2]] != b
        )
        if a != b and isinstance(thing, Connector) and not goes_on:
            yield thing.kind, network.venue.levels[b].id


def _true_connectors(guide: Guide, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    kinds = {c.id: c.kind for c in guide.venue.connectors}
    for slot in truth["slots"]:
        if slot.get("to_level") and slot.get("connector"):
            yield kinds[slot["connector"]], slot["to_level"]


def _turns(found: tuple[Step, ...]) -> Iterator[list[str]]:
    """Turns reported as such: not the side of the goal. The side of a lift or stairs that one sees
    from the way is a turn to the guide who walks up to it first: both count as the same words."""
    turns: list[str] = []
    found_aside: list[int] = []
    for step, following in zip(found, (*found[1:], found[-1]), strict=True):
        families = {cue.kind.family for cue in step.cues}
        aside = "arrive" in families or not {"turn", "keep", "find"} & families
        # Turning onto a ramp is a turn like any other.
        aside = aside and not any(cue.kind.family == "ramp" for cue in following.cues)
        if aside or not step.turn_deg:
            continue
        if "find" in families:
            found_aside.append(len(turns))
        if abs(step.turn_deg) > rules().back_deg:
            turns.append("back")
        else:
            turns.append("right" if step.turn_deg > 0 else "left")
    for count in range(len(found_aside) + 1):
        for left_out in combinations(found_aside, count):
            yield [turn for i, turn in enumerate(turns) if i not in left_out]


def _true_turns(truth: dict[str, Any]) -> list[str]:
    return [s["turn"] for s in truth["slots"] if s.get("turn") in ("left", "right", "back")]


def _merged(turns: list[str]) -> list[str]:
    """A corner that is cut makes two turns of one: equal neighbours count once."""
    return [turn for i, turn in enumerate(turns) if i == 0 or turns[i - 1] != turn]


def _arrival(found: tuple[Step, ...]) -> str:
    return next(c.kind.form for c in found[-1].cues if c.kind.family == "arrive")
