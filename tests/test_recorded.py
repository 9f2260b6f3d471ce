"""navkit's answers are what they were before: `tests/recorded.py` says what is stored."""

import json

import pytest
import recorded
from conftest import Plans

pytestmark = pytest.mark.process

KEPT = json.loads(recorded.FILE.read_text(encoding="utf-8"))
EVERY = 20
"""`make check` asks every so many of the pairs; `python tests/recorded.py` and git ask all."""


ALIKE = {
    "hospital": "example",
    "clinic": "clinic",
    "station": "station-osm",
    "university": "university-osm",
}
"""What `conftest.plans` calls the plans of the record."""


@pytest.mark.parametrize("name", recorded.PLANS)
def test_answers_are_those_that_were_recorded(plans: Plans, name: str) -> None:
    guide = plans(ALIKE[name])
    kept = KEPT[name]["routes"][::EVERY]

    assert recorded.answers(guide, [(start, goal) for start, goal, _ in kept]) == kept
