"""What a person at the desk would say on ten routes, and the laws of cards (R5) on many.

`wished_routes.json` was written by hand before cards had two actions. Compared are how many cards
there are and the sides on each; not the words.
"""

import json
import re
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from exporter.bundle.scripts_file import starts
from navkit.guidance.chunks import cards_of
from navkit.guidance.cues import CueKind
from navkit.guidance.line import legs_of
from navkit.guidance.rules import rules
from navkit.guidance.steps import Step, actions_of, steps_of, told_by
from navkit.guidance.surroundings import Surroundings
from navkit.guide import Guide
from navkit.network.network import Kind
from navkit.route.profiles import DEFAULT_PROFILES, profile, profiles
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.lookup import Spot

WISHED = json.loads((Path(__file__).parent / "wished_routes.json").read_text(encoding="utf-8"))

DIFFERING = {
    "zy-7F-715": "a jog of the lift's lobby is told, and a name on the way is not left out",
    "r-mz-3F-toilet-men": "metres are not counted from the foot of an escalator",
}
"""By start, where cards are not those that were wished. These have to go on differing."""


def _wished() -> list[Any]:
    return [
        pytest.param(
            one,
            id=f"{one['start']} to {one['goal']}",
            marks=[pytest.mark.xfail(strict=True, reason=DIFFERING[one["start"]])]
            if one["start"] in DIFFERING
            else [],
        )
        for one in WISHED
    ]


@pytest.mark.parametrize("wish", _wished())
def test_cards_are_as_somebody_at_the_desk_would_have_them(
    example: Guide, wish: dict[str, Any]
) -> None:
    route = example.route(wish["start"], wish["goal"], profile(wish["profile"]))
    told = [card.text for card in example.tell(route, "zh-Hans").instructions]

    assert list(map(_sides, told)) == list(map(_sides, wish["cards"])), "\n".join(told)


def _sides(text: str) -> str:
    """The sides of turns and goals in order; not those on which doors or junctions are counted."""
    return "".join(re.findall("[左右](?!手边第)", text))


Told = Sequence[tuple[Route, Sequence[Step]]]


@pytest.fixture(scope="module")
def told(example: Guide) -> Told:
    """The cards of every seventh scripted route from every third start."""
    asked = [
        (start, Spot((goal,)), profiles()[who])
        for start_id, start in starts(example)[::3]
        for goal, place in enumerate(example.venue.places)
        if place.access == "public" and place.id != start_id
        for who in DEFAULT_PROFILES
    ]
    found = [example.navigator.try_route(*one, Moment()) for one in asked[::7]]
    routes = [route for route in found if route is not None]
    return [(route, cards_of(route, example.around)) for route in routes]


ACTS = ("turn", "keep", "find", "arrive", "arrive-anchor", "way-in", "next")


def _acts(cards: Sequence[Step]) -> Iterator[int]:
    for card in cards:
        yield sum(cue.kind.family in ACTS for cue in card.cues)


def test_r5_a_card_has_two_actions_at_most(told: Told) -> None:
    assert len(told) > 100
    assert max(count for _, cards in told for count in _acts(cards)) == 2


def test_r5_the_first_of_two_actions_is_soon_done(example: Guide, told: Told) -> None:
    by = rules()
    for route, cards in told:
        ends = {card.last for card in cards}
        ridden = {
            i
            for leg in legs_of(route)
            if leg.how not in ("cross", "")
            for i in range(leg.last, leg.after)
        }
        for action in steps_of(route, example.around):
            if action.last in ends:
                continue
            walked = [
                i
                for i in range(action.first, action.last)
                if i not in ridden and route.network.kind[route.darts[i] >> 1] != Kind.BOARD
            ]
            cm = sum(route.network.length_cm[route.darts[i] >> 1] for i in walked)
            ms = sum(route.durations_ms[i] for i in walked)
            to_a_bridge = any(i in ends for i in range(action.last, action.last + 4))
            assert cm < by.breath_cm or ms < by.breath_s * 1000 or to_a_bridge


def test_cards_cover_the_route_without_gaps(told: Told) -> None:
    for route, cards in told:
        assert [card.first for card in cards] == [0, *(card.last for card in cards[:-1])]
        assert cards[-1].last == len(route.darts)


def test_a_card_leaves_out_nothing_but_what_it_may(example: Guide, told: Told) -> None:
    spared = {CueKind.TOO_FAR, CueKind.THEN_PASSING}
    for route, cards in told[::5]:
        whole = [
            cue
            for step in steps_of(route, example.around)
            for cue in step.cues
            if cue.kind not in spared and cue.kind.family != "unsure"
        ]
        kept = [
            cue
            for card in cards
            for cue in card.cues
            if cue.kind not in spared and cue.kind.family != "unsure"
        ]
        assert kept == whole


def test_routes_have_few_cards(told: Told) -> None:
    """Half have six or fewer; the aim is five. Of those with more than eight the aim is 3 %. Both
    may only become less."""
    counts = [len(cards) for _, cards in told]

    assert statistics.median(counts) <= 6
    assert sum(count > 8 for count in counts) / len(counts) <= 0.102


def test_what_is_remembered_of_a_stretch_changes_no_answer(example: Guide, told: Told) -> None:
    for route, _ in told[::20]:
        afresh = Surroundings(example.network, example.sights)

        assert actions_of(route, afresh) == actions_of(route, example.around)


def test_ways_that_are_told_by_the_same_have_the_same_actions(example: Guide, told: Told) -> None:
    """Of all profiles: who is told by signs or by the side of a lift's door is told by more."""
    alike = 0
    for route, _ in told[::20]:
        found: dict[tuple[object, ...], tuple[Step, ...]] = {}
        for who in profiles().values():
            other = example.navigator.try_route(route.start, route.goal, who, Moment())
            if other is None:
                continue
            actions = actions_of(other, example.around)
            by = told_by(other, example.around)
            alike += by in found
            assert found.setdefault(by, actions) == actions

    assert alike > 100
