"""How much is said in one breath, over scripted routes of the example, as it is heard.

An action is wanted to take no more than 20 Chinese characters or 14 English words (M8), and a card,
which may have two, no more than 36 or 28. The shares above are today's: they may only fall.
"""

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from exporter.bundle.scripts_file import scripts, starts
from navkit.guidance.chunks import cards_of
from navkit.guidance.guidance import Teller
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.route.routing import Route


@dataclass(frozen=True)
class Bound:
    """What is wanted of a language, and how far it is from that."""

    action: int
    card: int
    median: int
    """Half of the actions take no more."""
    actions_above: float
    """Share of actions that take more than `action`."""
    cards_above: float
    """Share of cards that take more than `card`."""
    most: int
    """No card takes more."""


BOUNDS = {
    "zh-Hans": Bound(20, 36, 17, 0.282, 0.018, 47),
    "zh-Hant": Bound(20, 36, 17, 0.314, 0.037, 50),
    "en": Bound(14, 28, 13, 0.331, 0.026, 38),
}


@pytest.fixture(scope="module")
def routes(example: Guide) -> Sequence[Route]:
    """Every 67th scripted route from every third start."""
    some = [start for start, _ in starts(example)][::3]
    return [script.route for script in scripts(example, some)][::67]


def _taken(language: str) -> Callable[[str], int]:
    if language == "en":
        return lambda said: len(said.split())
    return lambda said: len(re.sub("[，。 ]", "", said))


@pytest.mark.parametrize("language", BOUNDS)
def test_little_is_said_in_one_breath(
    example: Guide, routes: Sequence[Route], language: str
) -> None:
    bound, taken, teller = BOUNDS[language], _taken(language), Teller(example.network, language)

    def sizes(told: Callable[..., Sequence[Step]]) -> list[int]:
        return [
            taken(teller.instruction(route, step).speech)
            for route in routes
            for step in told(route, example.around)
        ]

    actions, cards = sizes(steps_of), sizes(cards_of)

    assert len(routes) > 400
    assert statistics.median(actions) <= bound.median
    assert _above(actions, bound.action) <= bound.actions_above, _above(actions, bound.action)
    assert _above(cards, bound.card) <= bound.cards_above, _above(cards, bound.card)
    assert max(cards) <= bound.most


def _above(sizes: Sequence[int], most: int) -> float:
    return sum(size > most for size in sizes) / len(sizes)
