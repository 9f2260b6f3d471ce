"""Facts about a door are passed on as one value: nowhere are they copied field by field."""

import ast
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, box
from test_join import plan, space

from navkit.plan.hours import Hours
from navkit.plan.plan import DoorFacts, PlanDoor
from navkit.venue.corrections import OPTIONAL, parse
from navkit.venue.join import join
from navkit.venue.venue import from_json, to_json

ROOT = Path(__file__).parents[1]
OFFICE = Hours("Mo-Fr 08:00-17:00")
FACTS = {
    "hours": OFFICE,
    "unverified": True,
    "only": {"visitor": Hours("15:00-17:00")},
    "barred": {"fever": Hours()},
    "oneway_hours": Hours("20:00-06:00"),
    "kind": "sliding",
    "width_m": 1.25,
    "access": "staff",
    "entrance": True,
    "names": {"zh-Hans": "西门"},
    "step_free": False,
    "passage": "in",
    "passage_of": "下",
}
"""Of each fact a value that is not the usual one."""
ROOMS = space("下", box(0, 0, 6, 2)), space("上", box(0, 2, 6, 4))


def test_every_fact_is_tried_here() -> None:
    assert list(FACTS) == [fact.name for fact in fields(DoorFacts)]
    assert all(getattr(DoorFacts(), fact) != value for fact, value in FACTS.items())


@pytest.mark.parametrize("fact", FACTS)
def test_what_a_drawing_says_of_a_door_is_in_the_file_of_the_venue(fact: str) -> None:
    door = PlanDoor("门", "0", LineString([(1, 2), (2, 2)]), **{fact: FACTS[fact]})  # type: ignore[arg-type]

    venue = join([plan(*ROOMS, doors=(door,))])

    assert venue.doors[0].facts() == DoorFacts(**{fact: FACTS[fact]}).facts()  # type: ignore[arg-type]
    assert from_json(to_json(venue)) == venue


def test_what_staff_say_of_a_door_is_in_the_venue() -> None:
    facts: dict[str, Any] = {
        **FACTS,
        "hours": "Mo-Fr 08:00-17:00",
        "only": {"visitor": "15:00-17:00"},
        "barred": {"fever": ""},
        "oneway_hours": "20:00-06:00",
    }
    added = {"do": "add-door", "id": "门", "spaces": ["下", "上"], "point": [1.5, 2], **facts}
    said = {"do": "set-door", "id": "门2"} | {
        name: value for name, value in facts.items() if name in OPTIONAL["set-door"]
    }
    door = PlanDoor("门2", "0", LineString([(3, 2), (4, 2)]))

    venue = join(
        [plan(*ROOMS, doors=(door,))],
        None,
        parse({"navkit-corrections": 1, "changes": [added, said]}, "corrections.json"),
    )

    assert venue.door_by_id["门"].facts() == FACTS
    assert venue.door_by_id["门2"].facts() == {**FACTS, "access": "public", "names": {}}


def test_no_module_copies_facts_by_hand() -> None:
    known = {fact.name for fact in fields(DoorFacts)}
    found = []
    for folder in ("navkit", "floorplans", "exporter", "server", "tools"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and copied(call, known):
                    found.append(f"{file.relative_to(ROOT)}:{call.lineno}")

    assert found == []


def copied(call: ast.Call, known: set[str]) -> bool:
    """Whether three facts or more are handed on under their own names from one value."""
    by_owner: dict[str, int] = {}
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in known and isinstance(value, ast.Attribute) and value.attr == keyword.arg:
            owner = ast.unparse(value.value)
            by_owner[owner] = by_owner.get(owner, 0) + 1
    is_door = "Door" in ast.unparse(call.func)
    return is_door and max(by_owner.values(), default=0) >= 3
