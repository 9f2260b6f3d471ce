"""False clauses on random routes, by outlines and sight lines (`falsehoods.py`)."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import falsehoods
import pytest

from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guide import Guide

ROUTES = 40


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["example", pytest.param("clinic", marks=pytest.mark.real_plans)])
def test_few_clauses_are_false(plan: str, request: pytest.FixtureRequest) -> None:
    """Bounds are what was measured; they may only fall."""
    found = falsehoods.count(request.getfixturevalue(plan), ROUTES)

    assert found.routes == ROUTES
    assert sum(found.judged.values()) > 500
    too_many = {
        kind: (found.false[kind], found.judged[kind], found.shown[kind][:5])
        for kind in falsehoods.KINDS
        if found.false[kind] > AT_MOST[plan].get(kind, 0)
    }
    assert too_many == {}


AT_MOST = {
    "example": {"silent-bend": 5, "junctions": 4, "too-far": 1, "untold-walk": 1},
    "clinic": {"doors": 6, "end": 1, "silent-bend": 1, "ahead": 1},
}
"""By plan and kind, the false clauses among those of the routes."""


SPOILT: dict[str, Callable[[falsehoods.Walked, Cue, random.Random], Cue | None]] = {
    "landmark": lambda walk, cue, dice: (
        Cue(cue.kind, {"place": _elsewhere(walk, dice)}) if cue.kind.family == "at-place" else None
    ),
    "passing": lambda walk, cue, dice: (
        Cue(cue.kind, {"place": _elsewhere(walk, dice)}) if cue.kind.family == "passing" else None
    ),
    "doors": lambda walk, cue, dice: (
        Cue(cue.kind, {"nth": cue.slots["nth"] + 1}) if cue.kind.family == "at-nth-door" else None
    ),
    "untold-walk": lambda walk, cue, dice: (
        Cue(cue.kind, {"cm": cue.slots["cm"] * 3 + 2000}) if "cm" in cue.slots else None
    ),
    "ahead": lambda walk, cue, dice: (
        Cue(kind_of(cue.kind.family, "ahead"), cue.slots)
        if cue.kind.family in falsehoods.AHEAD and cue.kind.form != "ahead"
        else None
    ),
    "end": lambda walk, cue, dice: Cue(CueKind.AT_END) if cue.kind.family == "at-nth-way" else None,
}
"""How a true clause is made a false one."""

CAUGHT = {
    "landmark": 0.9,
    "passing": 0.9,
    "doors": 0.9,
    "untold-walk": 1.0,
    "ahead": 0.7,
    "end": 0.5,
}
"""The share of them that has to be found. A corridor may end where a side way leaves it, and what
is said to be at a side may be less than 50° aside."""


def _elsewhere(walk: falsehoods.Walked, dice: random.Random) -> int:
    """A place on the same level, 40 m or more away."""
    venue = walk.guide.venue
    network = walk.guide.network
    here = falsehoods.Point(walk.line[-1])
    far = [
        number
        for number, nodes in enumerate(network.place_nodes)
        if nodes
        and network.level[nodes[0]] == walk.level
        and here.distance(
            falsehoods.Point(network.x_cm[nodes[0]] / 100, network.y_cm[nodes[0]] / 100)
        )
        > 40
        and venue.places[number].names
    ]
    return dice.choice(far) if far else 0


@pytest.mark.slow
def test_what_is_made_false_is_found(example: Guide, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    spoilt: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    judged = falsehoods.judged

    def spoil(walk: falsehoods.Walked):  # type: ignore[no-untyped-def]
        before = [(kind, wrong) for kind, wrong, _ in judged(walk)]
        for what, make in SPOILT.items():
            for at, cue in enumerate(walk.step.cues):
                false = make(walk, cue, dice)
                if false is None or (what, True) in before:
                    continue
                cues = (*walk.step.cues[:at], false, *walk.step.cues[at + 1 :])
                changed = replace(walk, step=replace(walk.step, cues=cues))
                verdicts = [wrong for kind, wrong, _ in judged(changed) if kind == what]
                if verdicts:
                    spoilt[what] += 1
                    caught[what] += any(verdicts)
        return judged(walk)

    monkeypatch.setattr(falsehoods, "judged", spoil)
    falsehoods.count(example, 40, seed=3)

    assert spoilt.keys() == SPOILT.keys()
    shares = {what: caught[what] / spoilt[what] for what in SPOILT}
    assert {what: share for what, share in shares.items() if share < CAUGHT[what]} == {}
