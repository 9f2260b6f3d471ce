"""The example hospital in every format is the same hospital: its script draws it, navkit reads it
back, and the places and the ways between them are those of its own drawings."""

import importlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSPITAL, REST
from redrawn_plans import Key, Place, as_called, as_drawn, as_walked, lengths, places

from floorplans.reading import read
from navkit.plan.plan import Plan

pytestmark = pytest.mark.slow

Write = Callable[[Any, Path], None]
PAIRS = 40
SHARE = 0.02
"""By how much a way may differ."""

LANGUAGES = {"dxf": "zh-Hans"}
"""Of the texts in a drawing; of others English."""
TELL_HEIGHTS = frozenset({"ifc", "indoorgml"})
TELL_NO_PASSAGES = frozenset({"indoorgml"})
"""What is between two cells of a graph may be a door."""


def script() -> Any:
    """The example's script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(HOSPITAL))
        return importlib.import_module("draw")


FORMATS = sorted(script().FORMATS)


@cache
def hospital(building: str) -> Any:
    """One building of it: no drawing says how high its neighbours stand, and so where bridges
    lead."""
    whole = script().read_hospital()
    levels = {one.id for one in whole.levels if one.building == building}
    spaces = [one for one in whole.spaces if one.level in levels]
    inside = {one.id for one in spaces}
    shafts = {one.connector for one in spaces}
    doors = (one for one in whole.doors if one.level in levels)
    return replace(
        whole,
        buildings={building: whole.buildings[building]},
        levels=tuple(one for one in whole.levels if one.id in levels),
        spaces=tuple(spaces),
        doors=tuple(
            replace(one, spaces=tuple(key for key in one.spaces if key in inside)) for one in doors
        ),
        walls=tuple(one for one in whole.walls if one[0] in levels),
        connectors=tuple(one for one in whole.connectors if one.id in shafts),
        marks=(),
    )


@cache
def truth(
    folder: Path, building: str, form: str
) -> tuple[dict[Place, int], dict[tuple[Key, Key], float]]:
    """Places and ways by the example's own drawings, as far as a format can tell them."""
    plans = folder / building
    if not plans.exists():
        script().write_plans(hospital(building), plans)
    (source,) = read([plans])
    plan = as_drawn(
        source,
        LANGUAGES.get(form, "en"),
        heights=form in TELL_HEIGHTS,
        passages=form not in TELL_NO_PASSAGES,
    )
    return places(as_called(plan)), lengths(as_walked(plan), PAIRS)


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


def read_back(form: str, building: str, folder: Path) -> Plan:
    script().FORMATS[form](hospital(building), folder)
    (plan,) = read([folder])
    return plan


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "building", ["yj", pytest.param("mz", marks=REST), pytest.param("zy", marks=REST)]
)
def test_the_example_is_the_same_hospital_in_every_format(
    form: str, building: str, own: Path, tmp_path: Path
) -> None:
    plan = read_back(form, building, tmp_path)

    known, ways = truth(own, building, form)
    assert places(plan) == known
    told = lengths(plan, PAIRS)
    assert len(ways) == PAIRS and set(told) == set(ways)
    assert {two: told[two] for two in ways if abs(told[two] - ways[two]) > SHARE * ways[two]} == {}
