"""Assembling clauses from clips: the same cases as the phone's."""

import json
from pathlib import Path

import pytest

from exporter.voice.cover import Texts

RULES = json.loads(
    (Path(__file__).parent / "conformance" / "voice.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("speech", "texts", "expected"), RULES["cover"])
def test_a_clause_is_covered_as_on_the_phone(
    speech: str, texts: list[str], expected: list[str] | None
) -> None:
    assert Texts(texts).cover(speech) == expected
