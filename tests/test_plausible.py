"""What staff may type, in a form or in a file: bounds, lengths, letters, and where errors show."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navkit.plan.plausible import BOUNDS, LONGEST, implausible, letters
from navkit.venue import corrections, directory
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"


def refused(change: dict[str, Any]) -> str:
    with pytest.raises(NavkitError) as caught:
        corrections.parse({"navkit-corrections": 1, "changes": [change]}, "c.json")
    for language in languages():
        assert caught.value.finding.text(language)
    return caught.value.finding.code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"do": "set-door", "id": "d", "width_m": 900}, "value-out-of-range"),
        ({"do": "set-door", "id": "d", "width_m": 0.05}, "value-out-of-range"),
        ({"do": "add-door", "spaces": ["a"], "point": [0, 0], "width_m": 90}, "value-out-of-range"),
        ({"do": "set-connector", "id": "L", "wait_s": 90_000}, "value-out-of-range"),
        ({"do": "set-connector", "id": "L", "wait_s": [30] * 23 + [9e8]}, "value-out-of-range"),
        ({"do": "set-connector", "id": "L", "cabin_m": [1600, 1400]}, "value-out-of-range"),
        ({"do": "set-level", "id": "1", "ordinal": 4000}, "value-out-of-range"),
        ({"do": "rename", "id": "a", "names": {"en": "😀" * 3000}}, "text-too-long"),
        ({"do": "rename", "id": "a", "names": {"en": "e" + "\u0301" * 3000}}, "text-too-long"),
        ({"do": "rename", "id": "a", "names": {"en": f"CT{ZERO_WIDTH}"}}, "text-unseen"),
        ({"do": "rename", "id": "a", "names": {"en": f"CT{OVERRIDE}"}}, "text-unseen"),
        ({"do": "rename", "id": "a", "names": {"en": "CT\nMR"}}, "text-unseen"),
        ({"do": "rename", "id": "a", "names": {"en": "  "}}, "text-empty"),
        ({"do": "rename", "id": "a", "names": {}}, "text-empty"),
        ({"do": "rename", "id": "a" * 5000, "names": {"en": "CT"}}, "text-too-long"),
        ({"do": "restrict", "id": "a", "access": "随便"}, "value-not-listed"),
    ],
    ids=str,
)
def test_an_implausible_correction_is_refused(change: dict[str, Any], code: str) -> None:
    assert refused(change) == code


@pytest.mark.parametrize(
    "change",
    [
        {"do": "set-door", "id": "d", "width_m": 0.85},
        {"do": "set-connector", "id": "L", "wait_s": 0, "floor_s": 2.5, "cabin_m": [1.6, 2.4]},
        {"do": "rename", "id": "a", "names": {"zh-Hans": "字" * 80}},
        {"do": "rename", "id": "a", "names": {}, "ref": "101"},
        {"do": "rename", "id": "a", "names": {"en": "Café 👩🏽 (2)"}},
    ],
    ids=str,
)
def test_a_plausible_correction_is_taken(change: dict[str, Any]) -> None:
    (taken,) = corrections.parse({"navkit-corrections": 1, "changes": [change]}, "c.json")

    assert taken.fields == change


@given(st.sampled_from(sorted(BOUNDS)), st.floats(allow_nan=False))
def test_a_number_is_plausible_within_its_bounds_and_nowhere_else(field: str, value: float) -> None:
    least, most = BOUNDS[field]

    assert (implausible(field, value) is None) == (least <= value <= most)


@given(st.sampled_from(sorted(LONGEST)), st.text(max_size=700))
def test_no_text_beyond_its_bound_is_taken(field: str, text: str) -> None:
    if implausible(field, text) is None:
        assert letters(text) <= LONGEST[field] and len(text) <= 4 * LONGEST[field]
        assert text.isprintable() or " " in text or not text.isascii()


CHANGES = st.fixed_dictionaries(
    {
        "do": st.just("restrict"),
        "id": st.text('ab"{[]},:\n', max_size=9),
        "access": st.just("staff"),
    }
)


@given(
    st.lists(CHANGES, max_size=6),
    st.sampled_from((None, 0, 2)),
    st.booleans(),
)  # fmt: skip
def test_every_change_is_found_on_its_line(
    changes: list[dict[str, str]], indent: int | None, is_first: bool
) -> None:
    whole: dict[str, Any] = {"why": ["[", {"changes": [1, 2]}], "navkit-corrections": 1}
    whole = {"changes": changes, **whole} if is_first else {**whole, "changes": changes}
    text = json.dumps(whole, indent=indent)
    lines = corrections.change_lines(text.encode())

    assert len(lines) == len(changes)
    assert all("{" in text.split("\n")[line - 1] for line in lines)
    assert list(lines) == sorted(lines)


def test_a_file_names_the_line_and_the_field() -> None:
    content = b"""{"navkit-corrections": 1, "changes": [
  {"do": "restrict", "id": "a", "access": "staff"},
  {"do": "set-door", "id": "d", "width_m": 900}
]}"""
    with pytest.raises(NavkitError) as caught:
        corrections.parse(json.loads(content), "c.json", corrections.change_lines(content))

    assert caught.value.finding.where == "c.json:3, width_m"


def test_an_id_that_is_added_twice_is_refused() -> None:
    door = {"do": "add-door", "id": "D", "spaces": ["a"], "point": [0, 0]}
    with pytest.raises(NavkitError) as caught:
        corrections.parse({"navkit-corrections": 1, "changes": [door, door]}, "c.json")

    assert caught.value.finding.code == "correction-duplicate-id"


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        (f"a,{'😀' * 3000},101,,", "text-too-long", "name"),
        (f"a,CT{ZERO_WIDTH},101,,", "text-unseen", "name"),
        ("a,,101,,", "directory-row-incomplete", "name"),
        ("a,CT,,,", "directory-row-incomplete", "rooms"),
        ("a,CT,101,,随便", "directory-unknown-access", "access"),
        (f"{'a' * 5000},CT,101,,", "text-too-long", "id"),
        (f"a,CT,101,{'9' * 900},", "directory-hours", "hours"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_implausible_row_is_told_with_its_line(row: str, code: str, field: str) -> None:
    found = directory.parse(
        f"编号,名称,房间,开放时间,权限\nok,药房,102,,\n{row}\n", "d.csv"
    ).findings

    assert [(one.code, one.slots["field"]) for one in found] == [(code, field)]
    assert found[0].where.startswith("d.csv:3")
    assert all(len(found[0].text(language)) < 700 for language in languages())


def test_the_bounds_are_documented() -> None:
    text = (Path(__file__).parents[1] / "docs" / "corrections.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (-?[\d.]+) \| (-?[\d.]+) \|$", text, re.MULTILINE)

    assert {name: (float(least), float(most)) for name, least, most in rows} == BOUNDS
