"""README's table says what the command gives."""

from collections.abc import Mapping

import pytest
from conftest import real_plan

from navkit.guide import Guide
from navkit.venue.venue import Venue
from tools.figures import BLOCK, README, REAL, column, heads, real


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
    assert column(example.venue) == told()["example"]


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize("name", REAL)
def test_a_real_building_is_as_readme_says(name: str, request: pytest.FixtureRequest) -> None:
    venue: Venue = (
        request.getfixturevalue("clinic").venue
        if name == "clinic"
        else real(name, real_plan(REAL[name][0]).parent)
    )

    assert column(venue) == told()[name]
