"""Nothing in a file is trusted: a mistake in a venue or a correction is named by its path."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, box
from test_join import plan, space

from navkit.plan.hours import Hours
from navkit.plan.plan import PlanDoor
from navkit.venue.corrections import parse
from navkit.venue.join import join
from navkit.venue.venue import Venue, from_json, load, save, to_json
from navkit.words.findings import NavkitError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    door = PlanDoor("门", "0", LineString([(1, 2), (2, 2)]), width_m=0.9, hours=Hours("8:00-17:00"))
    rooms = space("走廊", box(0, 0, 6, 2), "corridor"), space("诊室", box(0, 2, 6, 4))
    save(join([plan(*rooms, doors=(door,))]), tmp_path / "venue.json")
    return tmp_path / "venue.json"


def set_to(value: Any, *path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *steps, last = path
        for step in steps:
            data = data[step]
        data[last] = value

    return change


def without(*path: Any) -> Callable[[Any], None]:
    def change(data: Any) -> None:
        *steps, last = path
        for step in steps:
            data = data[step]
        del data[last]

    return change


HOSTILE = {
    "a width in words": (set_to("wide", "doors", 0, "width_m"), "doors[0].width_m"),
    "a kind there is not": (set_to("trapdoor", "doors", 0, "kind"), "doors[0].kind"),
    "an access there is not": (set_to("secret", "spaces", 1, "access"), "spaces[1].access"),
    "a yes that is a word": (set_to("yes", "spaces", 0, "step_free"), "spaces[0].step_free"),
    "a point that is no number": (
        set_to([[float("nan"), 0], [1, 2]], "doors", 0, "line"),
        "doors[0].line[0][0]",
    ),
    "an endless width": (set_to(float("inf"), "doors", 0, "width_m"), "doors[0].width_m"),
    "a line of one point": (set_to([[1, 2]], "doors", 0, "line"), "doors[0].line"),
    "an outline of words": (set_to([["here"]], "spaces", 0, "outline"), "spaces[0].outline"),
    "no outline": (without("spaces", 0, "outline"), "spaces[0]"),
    "hours that nobody can read": (set_to("soon", "doors", 0, "hours"), "doors[0].hours"),
    "a name that is a list": (set_to(["诊室"], "places", 0, "names", "zh-Hans"), "places[0].names"),
    "a field that nobody knows": (set_to(True, "doors", 0, "locked"), "doors[0]"),
    "a level that is not there": (set_to("9F", "spaces", 0, "level"), "spaces[0]"),
    "a room that is not there": (set_to(["诊室", "无"], "doors", 0, "spaces"), "doors[0]"),
    "places that are one": (set_to({}, "places"), "places"),
    "no doors at all": (without("doors"), "doors"),
    "a version in words": (set_to("one", "version"), "version"),
    "an origin without a latitude": (set_to({"lon": 1.0}, "frame"), "frame"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_wrong_in_a_venue_is_named(name: str, file: Path) -> None:
    change, path = HOSTILE[name]
    data = json.loads(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(json.dumps(data), encoding="utf-8")

    with pytest.raises(NavkitError) as caught:
        load(file)

    assert caught.value.finding.code == "venue-damaged"
    assert caught.value.finding.where.startswith(f"{file}, {path}")
    assert "navkit import" in caught.value.finding.text("en")


def test_what_was_left_out_is_as_usual(file: Path) -> None:
    data = json.loads(file.read_text(encoding="utf-8"))
    del data["photos"], data["speech"], data["frame"]

    assert from_json(data) == load(file)


def test_a_venue_is_read_back_as_it_was(example_venue: Venue) -> None:
    data = json.loads(json.dumps(to_json(example_venue)))

    assert from_json(data) == example_venue
    assert json.dumps(to_json(from_json(data))) == json.dumps(data)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"do": "set-door", "id": "门", "width_m": "wide"}, "width_m"),
        ({"do": "set-door", "id": "门", "width_m": True}, "width_m"),
        ({"do": "set-door", "id": "门", "width_m": None}, "width_m"),
        ({"do": "set-door", "id": "门", "width_m": -1}, "width_m"),
        ({"do": "set-door", "id": "门", "step_free": "yes"}, "step_free"),
        ({"do": "set-door", "id": "门", "hours": "soon"}, "hours"),
        ({"do": "set-connector", "id": "梯", "wait_s": [30, 40]}, "wait_s"),
        ({"do": "set-connector", "id": "梯", "cabin_m": [1, "two"]}, "cabin_m"),
        ({"do": "set-level", "id": "0", "ordinal": 1e12}, "ordinal"),
        ({"do": "add-space", "id": "新", "level": "0", "outline": [[0, 0], [1, 0]]}, "outline"),
        ({"do": "add-door", "spaces": ["下", 3], "point": [0, 0]}, "spaces"),
        ({"do": "add-door", "spaces": ["下"], "point": [0, float("nan")]}, "point"),
        (
            {"do": "add-photo", "file": "../a.jpg", "names": {}, "space": "下", "point": [0, 0]},
            "file",
        ),
        ({"do": "rename", "id": "下", "names": {"zh-Hans": 3}}, "names"),
        ({"do": "close", "id": "下", "start": 0}, "start"),
        ({"do": "close", "id": 3}, "id"),
        ({"do": "set-door", "id": "门", "locked": True}, "locked"),
    ],
)
def test_what_is_wrong_in_a_correction_is_named(change: Any, field: str) -> None:
    with pytest.raises(NavkitError) as caught:
        parse({"navkit-corrections": 1, "changes": [change]}, "corrections.json")

    found = caught.value.finding
    assert (found.code, found.slots["field"]) == ("correction-field", field)


@pytest.mark.parametrize(
    ("change", "known"),
    [
        ({"do": "set-door", "id": "门", "kind": "trapdoor"}, "automatic, hinged"),
        ({"do": "restrict", "id": "门", "access": "secret"}, "public, restricted, staff"),
        ({"do": "set-connector", "id": "梯", "direction": "sideways"}, "both, down, up"),
    ],
)
def test_a_word_that_is_not_in_its_list_is_told_with_the_list(change: Any, known: str) -> None:
    with pytest.raises(NavkitError) as caught:
        parse({"navkit-corrections": 1, "changes": [change]}, "corrections.json")

    found = caught.value.finding
    assert found.code == "value-not-listed"
    assert known in found.slots["known"]
