"""The server answers as `openapi.json` says, whatever a program asks, and never fails."""

from itertools import product
from typing import Any

import pytest
from clinic import HOSPITAL, PASSWORD, House, deed, new_house
from conftest import REST
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from server.machine.worker import now_ms
from server.staff import people
from server.staff.tokens import add as add_token

pytestmark = pytest.mark.process

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
QUESTIONS = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
"""Right and wrong ones to each operation, by each who asks; always the same."""
SEEN = {
    "nobody": {200, 204, 401, 404, 416},
    "a thief": {200, 401, 404},
    "desk": {200, 201, 400, 404, 409},
    "viewer": {200, 403, 404},
    "editor": {200, 201, 202, 204, 400, 404, 409},
}
"""Answers that each client gets at least once: an endpoint never reached is not tested."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("described") / "data").hire()
    made.publish(made.build())
    return made


@pytest.fixture(scope="module")
def api(house: House) -> Any:
    return openapi.from_wsgi("/api/v1/openapi.json", house.app)


@pytest.fixture(scope="module")
def tokens(house: House) -> dict[str, dict[str, str]]:
    said = {"nobody": {}, "a thief": {"Authorization": "Bearer navkit_0"}}
    for name in ("desk", "viewer", "editor"):
        secret = people.sign_in(house.rows, now_ms(), name, PASSWORD, "::1")
        who = people.signed_in(house.rows, now_ms(), secret)
        assert who
        token = add_token(deed(house.rows, now_ms(), who), "described")
        said[name] = {"Authorization": f"Bearer {token}"}
    return said


@pytest.mark.parametrize("questions", [7, pytest.param(20, marks=REST)])
@pytest.mark.parametrize("asking", SEEN)
def test_every_answer_is_described(
    api: Any, tokens: dict[str, dict[str, str]], asking: str, questions: int
) -> None:
    seen = set()

    def answers(case: Any, here: bool, now: bool) -> None:
        if here and case.path_parameters:
            case.path_parameters["hospital"] = HOSPITAL
        if here and isinstance(case.body, dict) and "target" in case.body:
            case.body["target"] = "L"
        if here and isinstance(case.body, dict) and "cells" in case.body:
            case.body["cells"] = {"name": "A", "rooms": "101"}
        if now and isinstance(case.body, dict):
            # A time by chance is hardly ever one.
            case.body = {k: v for k, v in case.body.items() if k not in ("start", "end")}
        answer = case.call_and_validate(checks=CHECKS, headers=tokens[asking], buffered=True)
        seen.add(answer.status_code)

    for operation, mode in product((one.ok() for one in api.get_all_operations()), GenerationMode):
        if mode is GenerationMode.POSITIVE or any(operation.iter_parameters()):
            case = operation.as_strategy(generation_mode=mode)
            asking_so = given(case=case, here=st.booleans(), now=st.booleans())
            seed(7)(settings(QUESTIONS, max_examples=questions)(asking_so(answers)))()

    assert seen >= SEEN[asking]
