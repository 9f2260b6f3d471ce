"""README's table says what the command gives."""

from collections.abc import Mapping

import pytest
from conftest import Plans

from navkit.guide import Guide
from tools.figures import BLOCK, README, REAL, column, heads


def told() -> Mapping[str, list[str]]:
    """The cells of each column of README, by its head."""
    found = BLOCK.search(README.read_text(encoding="utf-8"))
    assert found
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found[0].splitlines()]
    names, _, *lines = rows
    assert [line[0] for line in lines] == heads()
    return {name: [line[i] for line in lines] for i, name in enumerate(names) if name}


def test_every_building_has_a_column() -> None:
    assert list(told()) == ["example", *REAL]


@pytest.mark.slow
def test_the_hospital_is_as_readme_says(example: Guide) -> None:
    assert column(example) == told()["example"]


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize("name", REAL)
def test_a_real_building_is_as_readme_says(plans: Plans, name: str) -> None:
    assert column(plans(name)) == told()[name]
