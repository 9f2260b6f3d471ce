"""Departments that move at a minute which was published before: phones without a network follow."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinic import drawing
from phones import NODE

from exporter.bundle.bundle import make_bundle, write_bundle
from exporter.bundle.directory_file import details_file
from floorplans.reading import read
from navkit.guide import Guide
from navkit.plan.hours import local_minute
from navkit.route.profiles import profiles
from navkit.venue import directory, lookup
from navkit.venue.join import join
from navkit.venue.venue import Venue, from_json, to_json
from navkit.words.findings import NavkitError

HEADINGS = "id,name,name_en,rooms,from,until,category\n"
MOVE = (
    "derm,皮肤科,Dermatology,101,,2027-02-28,clinic\n"
    "derm,皮肤科,Dermatology,205,2027-03-01,,clinic\n"
    "eye,眼科,Ophthalmology,102,,,clinic\n"
)
BEFORE, AFTER = "2027-02-28T23:59", "2027-03-01T00:00"
QUERIES = (
    *("derm", "Dermatology", "皮肤科", "derm@2027-03-01T00:00", "205", "101", "2F-05", "1F-01"),
    *("category:clinic", "ophthal", "Room 205", "DERM", "2f-05"),
)


def told(rows: str) -> directory.Directory:
    return directory.parse(HEADINGS + rows, "directory.csv")


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Venue:
    plan = tmp_path_factory.mktemp("plan") / "plan.geojson"
    plan.write_bytes(drawing())
    made = join(read([plan]), told(MOVE))
    return from_json(json.loads(json.dumps(to_json(made))))


@pytest.fixture(scope="module")
def guide(venue: Venue) -> Guide:
    return Guide(venue)


@pytest.fixture(scope="module")
def phone(guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a phone says that got the map before, and has had no network since."""
    folder = tmp_path_factory.mktemp("phone") / "bundle"
    write_bundle(make_bundle(guide, ("zh-Hans", "en")), folder)
    asked = {"times": [BEFORE, AFTER], "queries": QUERIES, "start": "E", "goal": "derm"}
    done = subprocess.run(
        [NODE, str(Path(__file__).parent / "runtime" / "moves.mjs"), str(folder)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def ids(guide: Guide, query: str, depart: str) -> Any:
    try:
        spot = lookup.find(guide.venue, query, local_minute(depart))
    except NavkitError as refused:
        return refused.finding.code
    return [guide.venue.places[place].id for place in spot.places]


@pytest.mark.process
def test_a_phone_without_a_network_leads_to_the_new_room_from_that_minute_on(
    guide: Guide, phone: list[dict[str, Any]]
) -> None:
    before, after = phone

    assert "stairs" not in " ".join(before["text"]) and "stairs" in " ".join(after["text"])
    for at, said in ((BEFORE, before), (AFTER, after)):
        route = guide.route("E", "derm", profiles()["walk"], at)
        assert list(route.nodes) == said["nodes"]
        assert [one.text for one in guide.tell(route, "en").instructions] == said["text"]
        assert [ids(guide, query, at) for query in QUERIES] == said["spots"]
    assert [before["spots"][0], after["spots"][0]] == [["derm"], ["derm@2027-03-01T00:00"]]
    assert [before["signs"], after["signs"]] == [
        [["derm"], []],
        [[], ["derm@2027-03-01T00:00"]],
    ]


@pytest.mark.process
def test_search_says_beforehand_when_it_moves_and_where_to(phone: list[dict[str, Any]]) -> None:
    before, after = phone

    assert before["found"] == [["Dermatology", "门诊楼 1F · moves to 门诊楼 2F 205 on 2027-03-01"]]
    assert after["found"] == [["Dermatology", "门诊楼 2F"]]
    assert [before["favourites"], after["favourites"]] == [
        [["Dermatology", "101"]],
        [["Dermatology", "205"]],
    ]


@pytest.mark.process
def test_who_is_on_the_way_at_that_minute_is_led_on_to_the_new_room(
    phone: list[dict[str, Any]],
) -> None:
    before, after = phone

    assert (before["open"]["goal"], before["open"]["near"]) == ("derm", True)
    assert (after["open"]["goal"], after["open"]["near"]) == ("derm@2027-03-01T00:00", False)
    assert "Dermatology has moved" in after["open"]["notice"]
    assert "to=derm&" in before["open"]["link"] and "to=derm&" in after["open"]["link"]


def test_nobody_is_told_to_turn_at_a_department_that_moves(guide: Guide) -> None:
    dated = {number for number, place in enumerate(guide.venue.places) if place.is_dated}

    assert len(dated) == 4 and dated <= guide.sights.unsaid


def test_without_a_time_what_is_planned_is_not_there_yet(guide: Guide) -> None:
    route = guide.route("E", "derm", profiles()["walk"])

    assert guide.venue.places[route.goal.places[0]].id == "derm"


def test_a_venue_without_dates_gives_the_bundle_that_it_gave(venue: Venue) -> None:
    """Readers of before read it, and readers of today read theirs."""
    plain = [replace(p, start="", end="", of="") for p in venue.places if not p.start]
    guide = Guide(replace(venue, places=tuple(plain)))

    assert "held" not in details_file(guide, ("en",))


@pytest.mark.parametrize(
    ("rows", "kept", "codes"),
    [
        (MOVE, 3, []),
        ("a,甲,A,101,,2027-03-01,\na,甲,A,205,2027-03-01,,\n", 1, ["directory-duplicate-id"]),
        ("a,甲,A,101,2027-03-01 08:00,,\na,甲,A,205,,2027-03-01 08:00,\n", 2, []),
        ("a,甲,A,101,soon,,\n", 0, ["directory-dates"]),
        ("a,甲,A,101,2027-03-01,2027-02-01,\n", 0, ["directory-dates"]),
        ("a,甲,A,101,,,\na,甲,A,205,2027-03-01,,\n", 1, ["directory-duplicate-id"]),
    ],
)
def test_rows_of_one_id_take_turns_and_never_share_a_minute(
    rows: str, kept: int, codes: list[str]
) -> None:
    found = told(rows)

    assert len(found.entries) == kept
    assert [finding.code for finding in found.findings] == codes


def test_a_room_is_what_its_drawing_says_while_nobody_is_listed_there(guide: Guide) -> None:
    assert [ids(guide, "205", at) for at in (BEFORE, AFTER)] == [
        ["2F-05"],
        ["derm@2027-03-01T00:00"],
    ]
    assert [ids(guide, "Room 205", at) for at in (BEFORE, AFTER)] == [["2F-05"], "no-such-place"]
    assert [ids(guide, "101", at) for at in (BEFORE, AFTER)] == [
        ["derm"],
        ["1F-01@2027-03-01T00:00"],
    ]
