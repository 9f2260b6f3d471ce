"""README's table says what the command gives."""

from collections.abc import Mapping

import pytest
from conftest import Plans

from navkit.guide import Guide
from tools import imports
from tools.figures import BLOCK, IMPORTS, README, REAL, column, heads


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


MOST_MEMORY_MB = 1024


def test_the_import_of_every_format_has_a_row_and_fits_into_memory() -> None:
    found = IMPORTS.search(README.read_text(encoding="utf-8"))
    assert found
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in found[0].splitlines()
    )

    assert tuple(head) == imports.HEADS
    assert [row[0] for row in rows] == [*imports.REAL, *imports.DRAWN]
    assert all(float(row[-1]) <= MOST_MEMORY_MB for row in rows)
