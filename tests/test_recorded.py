"""navkit's answers are what they were before: `tests/recorded.py` says what is stored."""

import json

import pytest
import recorded

pytestmark = pytest.mark.process

KEPT = json.loads(recorded.FILE.read_text(encoding="utf-8"))
EVERY = 20
"""`make check` asks every so many of the pairs; `python tests/recorded.py` and git ask all."""


@pytest.mark.parametrize("name", recorded.PLANS)
def test_answers_are_those_that_were_recorded(name: str) -> None:
    found = list(recorded.guides((name,)))
    if not found:
        pytest.skip(f"the real drawing of {name} is not here")
    kept = KEPT[name]["routes"][::EVERY]

    assert recorded.answers(found[0][1], [(start, goal) for start, goal, _ in kept]) == kept
