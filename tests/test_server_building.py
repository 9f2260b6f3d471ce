"""A build ends with its result or a code, whatever it meets, and stays within its limits."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bad_files import CLASSES
from clinic import deed, drawing, new_house
from test_bad_input import GOOD, imdf, native, text

from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import languages
from server.builds import drafts, jobs
from server.builds.building import build, outcome, read_review
from server.data.files import Files

pytestmark = pytest.mark.process

ROOM = text(native(*GOOD)).encode()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    kept = Files(tmp_path / "data")
    kept.prepare()
    return kept


def built(files: Files, *uploads: tuple[str, str, bytes]) -> dict[str, Any]:
    """What is made of kinds, names and contents."""
    folder = files.work / "build"
    folder.mkdir()
    sources = [[kind, name, files.keep(content)] for kind, name, content in uploads]
    request = {"sources": sources, "languages": languages(), "published": ""}
    return build(files, folder, request, lambda _: None)


def test_a_zip_is_read_as_the_command_line_reads_it(files: Files) -> None:
    made = built(files, ("drawing", "venue.zip", imdf()))

    assert made["rooms"] == 1


def test_what_is_no_drawing_is_named_and_not_passed_over(files: Files) -> None:
    with pytest.raises(NavkitError) as refused:
        built(files, ("drawing", "a.geojson", drawing()), ("drawing", "b.json", b'{"a": 1}'))

    assert (refused.value.finding.code, refused.value.finding.where) == ("not-geojson", "b.json")


def test_a_photo_of_a_floor_without_a_corridor_is_shown_nowhere(files: Files) -> None:
    change = {"do": "add-photo", "file": "a.jpg", "names": {"en": "Door"}, "space": "A"}
    corrections = json.dumps({"navkit-corrections": 1, "changes": [{**change, "point": [5, 4]}]})
    made = built(
        files,
        ("drawing", "plan.geojson", ROOM),
        ("corrections", "corrections.json", corrections.encode()),
    )
    codes = {finding["code"] for finding in read_review(files, made)["findings"]}

    assert "photo-missing" in codes


@pytest.mark.parametrize("kind", ["directory", "corrections"])
def test_a_bad_table_is_refused_while_it_is_uploaded(kind: str) -> None:
    wrong = {}
    for title, bad in CLASSES[kind]().items():
        content = bad.content.encode() if isinstance(bad.content, str) else bad.content
        assert isinstance(content, bytes)
        try:
            drafts.check_content(kind, bad.name, content)
        except NavkitError as error:
            code = error.finding.code
            if code != (bad.code if content else "upload-empty"):
                wrong[title] = code
        else:
            # A row of a directory may be left out with a finding; of corrections none is.
            if kind == "corrections":
                wrong[title] = "taken"

    assert wrong == {}


def fails(error: Exception) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        raise error

    return make


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NavkitError("nothing-given"), "nothing-given"),
        (KeyError("floor"), "build-failed"),
        (RecursionError(), "build-failed"),
        (OSError(28, "No space left on device"), "build-failed"),
        (MemoryError(), "build-out-of-memory"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_a_build_meets_is_a_sentence_at_once(error: Exception, code: str) -> None:
    said = outcome(fails(error), 2**30)["refused"]

    assert said["code"] == code
    for language in languages():
        assert Finding(said["code"], said["where"], said["slots"]).text(language)


BOUNDED = """
import json
from server.builds import building
building.restrain(building.MUTE)
print(json.dumps(building.outcome(lambda: {"bytes": len(bytearray(8 * 2**30))}, 2**30)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bound no addresses")
def test_a_build_that_swells_is_told_so() -> None:
    done = subprocess.run([sys.executable, "-c", BOUNDED], capture_output=True, check=True)

    assert json.loads(done.stdout)["refused"]["code"] == "build-out-of-memory"


@pytest.mark.skipif(sys.platform != "linux", reason="a script stands for Python")
@pytest.mark.parametrize(
    ("sent", "code", "attempts"),
    [("XCPU", "build-too-slow", 1), ("SEGV", "build-died", jobs.MOST_ATTEMPTS)],
)
def test_a_build_that_used_up_its_time_is_not_tried_again_and_one_that_crashed_is(
    sent: str, code: str, attempts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = new_house(tmp_path / "data").hire()
    number = jobs.ask(deed(house.rows, 0, "editor"), jobs.request_of([], languages(), ""))
    ending = tmp_path / "ending"
    ending.write_text(f"#!/bin/sh\nkill -{sent} $$\n", encoding="ascii")
    ending.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(ending))

    house.work(anew=True)

    job = house.job(number)
    assert (job.state, job.result["code"], job.attempt) == ("failed", code, attempts)


def test_what_is_built_anew_is_what_was_built_before(tmp_path: Path) -> None:
    """Other tests share builds by their requests, and may."""
    houses = [new_house(tmp_path / name / "data").hire() for name in ("first", "shared", "anew")]
    first, *others = [house.job(house.build(anew=house is houses[-1])) for house in houses]

    for house, job in zip(houses[1:], others, strict=True):
        assert job.result == first.result
        for sha256 in houses[0].settings.press.files.hashes():
            assert house.settings.press.files.is_whole(sha256)
