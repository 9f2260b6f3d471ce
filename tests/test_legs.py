"""What is said of a leg is computed once for all routes that share it."""

import random
from collections.abc import Callable
from typing import TypeVar

import pytest
from conftest import Plans

from exporter.bundle.scripts_file import scripts, starts
from navkit.guidance.steps import actions_of
from navkit.guidance.surroundings import Surroundings

T = TypeVar("T")
ROUTES = 400


class Forgetful(Surroundings):
    """Finds everything about each leg anew."""

    def once(self, what: str, stretch: tuple[object, ...], find: Callable[[], T]) -> T:
        return find() if what == "leg" else super().once(what, stretch, find)


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["example", "clinic", "station-osm"])
def test_what_is_kept_of_a_leg_is_what_would_be_found_anew(plan: str, plans: Plans) -> None:
    guide = plans(plan)
    lot = random.Random(3)
    begun = [start for start, _ in starts(guide)]
    some = [*scripts(guide, lot.sample(begun, min(4, len(begun))))]
    forgetful = Forgetful(guide.network, guide.sights)

    for script in lot.sample(some, min(ROUTES, len(some))):
        assert actions_of(script.route, guide.around) == actions_of(script.route, forgetful)
