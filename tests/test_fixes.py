"""Proposed corrections: what `navkit fix` writes, the import reads, and what it promises holds."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import REST, real_plan
from shapely import box
from test_floors import ROOMS
from test_join import plan as drawn
from test_join import space
from test_small_drawings import house
from test_strange_drawings import box as shape
from test_strange_drawings import collection, files

from floorplans.reading import read
from navkit.network.network import build
from navkit.plan.plan import SHAFTS, Plan
from navkit.route.fixes import Fixes, changes_of, find_fixes
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.venue import corrections
from navkit.venue.corrections import Change
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from tools.cli import main

WING = ("zy-2F", "zy-3F", "zy-4F")


def shares(venue: Venue) -> Mapping[str, float]:
    return review(build(venue), profiles()).pairs


def taken(found: Fixes) -> tuple[Change, ...]:
    changes = changes_of(one.proposal for one in found.fixes)
    return corrections.parse({"navkit-corrections": 1, "changes": changes}, "fixes")


def fix(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["fix", *map(str, words)], env={"NAVKIT_LANG": "en"})


@pytest.fixture(scope="module")
def wing(example_drawings: Path) -> Plan:
    """Three storeys of the ward building."""
    (plan,) = read([example_drawings / "plans"])
    spaces = tuple(one for one in plan.spaces if one.level in WING)
    return replace(
        plan,
        levels=tuple(level for level in plan.levels if level.key in WING),
        spaces=spaces,
        doors=tuple(door for door in plan.doors if door.level in WING),
        walls=tuple(wall for wall in plan.walls if wall[0] in WING),
        floors=tuple(floor for floor in plan.floors if floor[0] in WING),
        paths=(),
        points=(),
        anchors=(),
        findings=(),
    )


@pytest.fixture(scope="module")
def clinic_fixes() -> tuple[Sequence[Plan], Venue, Fixes]:
    plans = read([real_plan("clinic-geojson")])
    venue = join(plans)
    return plans, venue, find_fixes(venue)


def broken(plan: Plan, seed: int) -> Plan:
    """Without three doors, without a stop of a lift in the middle, and without all stops but one on
    the storey at the top."""
    lot = random.Random(seed)
    lost = lot.sample(plan.doors, 3)
    gone = lot.sample([s for s in plan.spaces if s.kind == "elevator" and s.level == WING[1]], 1)
    above = [s for s in plan.spaces if s.kind in SHAFTS and s.level == WING[2]]
    return replace(
        plan,
        doors=tuple(door for door in plan.doors if door not in lost),
        spaces=tuple(one for one in plan.spaces if one not in (*gone, *above)),
    )


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=REST) for n in range(1, 6))])
def test_what_was_taken_away_is_given_back(wing: Plan, seed: int) -> None:
    less = broken(wing, seed)
    venue = join([less])
    found = find_fixes(venue)
    mended = join([less], corrections=taken(found))

    whole, before, after = shares(join([wing])), shares(venue), shares(mended)
    assert before["walk"] < whole["walk"]
    assert after["walk"] == whole["walk"]
    assert after["wheelchair"] == whole["wheelchair"]
    assert after == pytest.approx(found.after)


def test_the_import_keeps_what_is_promised(
    clinic_fixes: tuple[Sequence[Plan], Venue, Fixes],
) -> None:
    plans, _, found = clinic_fixes
    mended = join(plans, corrections=taken(found))
    settled = {(f.code, f.where) for one in found.fixes for f in one.settles}
    open_now = {(f.code, f.where) for f in mended.findings}

    assert found.before["walk"] < 0.94
    assert found.after["walk"] == 1
    assert found.after["wheelchair"] > 0.98
    assert shares(mended) == pytest.approx(found.after)
    assert settled & open_now == set()
    assert {code for code, _ in settled} >= {"door-guessed", "lift-one-stop", "no-entrance"}


def test_no_proposal_takes_a_way_from_anybody(
    clinic_fixes: tuple[Sequence[Plan], Venue, Fixes],
) -> None:
    _, _, found = clinic_fixes
    help_only = [one for one in found.fixes if one.joined or one.before != one.after]

    assert all(one.settles or one.joined or one.before != one.after for one in found.fixes)
    for one in help_only:
        # An entrance is one more place: more ordered pairs, of which some have no way yet.
        assert min(one.after[key] - one.before[key] for key in one.before) >= -0.001


def test_a_guessed_door_says_how_many_ways_rest_on_it(
    clinic_fixes: tuple[Sequence[Plan], Venue, Fixes],
) -> None:
    _, venue, found = clinic_fixes
    doors = [one for one in found.fixes if one.proposal.door]
    likely = {door.id: door.guess.likelihood for door in venue.doors if door.guess}

    assert {one.proposal.door for one in doors} == likely.keys()
    assert all(one.proposal.confidence == likely[one.proposal.door] for one in doors)
    assert all(one.resting > 0 for one in doors)


@pytest.fixture
def venue_file(wing: Plan, tmp_path: Path) -> Path:
    """A wing without one of its doors."""
    doors = [door for door in wing.doors if not door.entrance]
    less = replace(wing, doors=tuple(door for door in wing.doors if door is not doors[5]))
    save(join([less]), tmp_path / "venue.json")
    return tmp_path / "venue.json"


def test_the_chosen_ones_are_written_behind_those_that_there_are(
    venue_file: Path, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    change = {"do": "set-venue", "region": "HK", "why": "Kowloon"}
    old.write_text(json.dumps({"navkit-corrections": 1, "changes": [change]}))
    said = fix(venue_file, "--write", new, "--take", "1", "--corrections", old)
    first, *others = corrections.read(new)

    assert said.exit_code == 0, said.output
    assert first.fields == change
    assert [one.do for one in others] == ["add-door"]
    assert "navkit guessed one there" in others[0].fields["why"]


def test_nothing_is_written_over_unasked(venue_file: Path, tmp_path: Path) -> None:
    (tmp_path / "new.json").write_text("mine")
    said = fix(venue_file, "--write", tmp_path / "new.json", "--all")

    assert said.exit_code == 2
    assert "fix-file-there" in said.output
    assert (tmp_path / "new.json").read_text() == "mine"
    assert fix(venue_file, "--write", tmp_path / "new.json", "--all", "--overwrite").exit_code == 0
    assert corrections.read(tmp_path / "new.json")


def test_which_are_written_has_to_be_said(venue_file: Path, tmp_path: Path) -> None:
    assert fix(venue_file, "--write", tmp_path / "new.json").exit_code == 2
    assert fix(venue_file, "--all").exit_code == 2
    said = fix(venue_file, "--write", tmp_path / "new.json", "--take", "1,99")

    assert "fix-number-unknown" in said.output
    assert not (tmp_path / "new.json").exists()


def test_programs_read_the_same(venue_file: Path) -> None:
    said = json.loads(fix(venue_file, "--json").stdout)

    assert said.keys() == {"before", "after", "fixes", "left"}
    assert said["fixes"][0].keys() == {
        *("number", "changes", "why", "grade", "confidence", "round"),
        *("joins", "rests", "before", "after", "settles"),
    }
    assert said["fixes"][0]["settles"][0]["code"] == "door-guessed"


def test_an_entrance_that_staff_have_marked_is_no_longer_asked_about() -> None:
    plans = read([real_plan("clinic-geojson")])
    marked = corrections.parse(
        {
            "navkit-corrections": 1,
            "changes": [{"do": "set-door", "id": "B1", "entrance": True}],
        },
        "marked",
    )
    asked, answered = (
        {f.where for f in join(plans, corrections=changes).findings if f.code.startswith("door-")}
        for changes in ((), marked)
    )

    assert asked - answered == {"0, B1"}


def test_a_nameless_corridor_and_a_bridge_are_confirmed(tmp_path: Path) -> None:
    rooms = [space(key, box(*corners)) for key, corners in ROOMS.items()]
    corridor = replace(space("w", box(0, 5, 30, 8)), names={})
    paths = files(
        tmp_path,
        **{
            "1F": collection(
                *house(0, "A", 1),
                *house(30, "B", 1),
                shape(20, 0.5, 10, 2, type="corridor", name="Bridge", building="A", level=1),
            )
        },
    )
    for plans, code, verb in (
        ([drawn(corridor, *rooms)], "space-taken-for-corridor", "set-kind"),
        (read([paths]), "bridge-assumed", "add-door"),
    ):
        venue = join(plans)
        found = find_fixes(venue)
        (one,) = [one for one in found.fixes if code in {f.code for f in one.settles}]
        mended = join(plans, corrections=taken(found))

        assert one.proposal.changes[0]["do"] == verb
        assert code in {f.code for f in venue.findings}
        assert code not in {f.code for f in mended.findings}
        assert shares(mended) == pytest.approx(found.after)
