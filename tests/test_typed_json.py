"""Plans as JSON: what is written is read back, and anything that is not a plan is refused."""

import json
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import IMPOSSIBLE
from shapely import LineString, Point, Polygon, box
from test_bad_input import ODD

from floorplans.check_answer import plans_in
from floorplans.child import Read
from floorplans.limits import LIMITS
from navkit.plan.hours import ALWAYS, Hours
from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.plan.typed_json import from_json, to_json
from navkit.words.findings import Finding

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
PLACES = st.floats(-1e6, 1e6)
CORNERS = st.tuples(PLACES, PLACES)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LINES = st.lists(CORNERS, min_size=2, max_size=5).map(LineString)
AREAS = st.builds(
    lambda x, y, wide, high, hole: Polygon(
        box(x, y, x + wide, y + high).exterior,
        [box(x + wide / 4, y + high / 4, x + wide / 2, y + high / 2).exterior] if hole else [],
    ),
    *(PLACES, PLACES, st.floats(1, 99), st.floats(1, 99), st.booleans()),
)
PLAIN = {
    str: TEXTS,
    float: NUMBERS,
    int: st.integers(),
    bool: st.booleans(),
    NoneType: st.none(),
    Point: CORNERS.map(Point),
    LineString: LINES,
    Polygon: AREAS,
    Hours: st.sampled_from([ALWAYS, Hours("24/7"), Hours("Mo-Fr 08:00-17:00; PH off")]),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that plans are made of."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, UnionType):
        return st.one_of(map(values, arguments))
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return st.lists(values(arguments[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, arguments))
    if origin:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=3)
    if is_dataclass(kind) and kind not in PLAIN:
        hints = get_type_hints(kind)
        return st.builds(kind, **{field.name: values(hints[field.name]) for field in fields(kind)})
    return PLAIN[kind]


ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


@given(values(Plan))
@settings(deadline=None)
def test_what_is_written_is_read_back(plan: Plan) -> None:
    written = json.dumps(to_json(plan))

    again = from_json(Plan, json.loads(written))

    assert again == plan
    assert json.dumps(to_json(again)) == written


@given(ANYTHING)
def test_anything_else_is_no_plan(data: Any) -> None:
    with pytest.raises(ValueError):
        from_json(Plan, data)
    with pytest.raises(ValueError):
        plans_in(data)


WHOLE = Plan(
    "a",
    None,
    levels=(PlanLevel("L0", 0),),
    spaces=(PlanSpace("A", "L0", box(0, 0, 9, 8)),),
    doors=(PlanDoor("D", "L0", LineString([(1, 0), (2, 0)]), width_m=0.9),),
    findings=(Finding("id-used-twice", "a", {"id": "A"}),),
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) within a JSON document."""
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    return [place for key in keys for place in ((value, key), *places(value[key]))]


def answer() -> Any:
    return json.loads(json.dumps({"plans": [to_json(WHOLE)]}))


@pytest.mark.parametrize("odd", [*ODD, "\ud800", float("nan"), [[[0, 0], [1, float("inf")]]]])
def test_an_odd_value_anywhere_is_a_plan_or_no_plan(odd: Any) -> None:
    """Never another error."""
    for number in range(len(places(answer()))):
        changed = answer()
        container, key = places(changed)[number]
        container[key] = odd
        try:
            plans, refusal = plans_in(changed)
        except ValueError:
            continue

        assert refusal is None
        assert from_json(tuple[Plan, ...], json.loads(json.dumps(to_json(plans)))) == plans


def test_a_field_too_few_or_too_many_is_no_plan() -> None:
    for number, (container, key) in enumerate(places(answer())):
        if not isinstance(container, dict) or container == WHOLE.findings[0].slots:
            continue
        fewer, more = answer(), answer()
        del places(fewer)[number][0][key]
        places(more)[number][0]["more"] = 1
        for changed in (fewer, more):
            with pytest.raises(ValueError):
                plans_in(changed)


@pytest.mark.parametrize("impossible", IMPOSSIBLE, ids=lambda make: make.__name__)
def test_a_plan_that_cannot_be_is_not_believed(impossible: Read) -> None:
    made = impossible([], LIMITS)

    with pytest.raises(ValueError):
        plans_in(json.loads(json.dumps({"plans": to_json(made)})))


def test_of_plans_and_a_refusal_only_one_is_believed() -> None:
    refused = to_json(Finding("file-empty", "a"))

    assert plans_in({"refused": refused}) == ((), Finding("file-empty", "a"))
    assert plans_in(answer()) == ((WHOLE,), None)
    with pytest.raises(ValueError):
        plans_in({**answer(), "refused": refused})
