"""The made-up hospital spoken by the machine's own voice, from first clause to last."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from exporter.bundle.bundle import make_bundle, write_bundle
from exporter.voice.check import Checked, check
from exporter.voice.clips import MOST_BYTES, Voice
from exporter.voice.cover import Texts
from exporter.voice.lines import Lines
from navkit.guide import Guide

pytest.importorskip("espeakng_loader", reason="the extra voice is not installed")

pytestmark = pytest.mark.process

TAGS = ("zh-Hans", "en")
ROOT = Path(__file__).parents[1]


@pytest.mark.long
def test_the_whole_hospital_is_spoken(example: Guide, tmp_path: Path) -> None:
    """One test, because two processes would make the same bundle twice."""
    voice = Voice("pyttsx3", jobs=2)
    write_bundle(make_bundle(example, TAGS, voice=voice), tmp_path / "bundle")

    every_clause_of_every_scripted_route_has_its_clips(example, tmp_path / "bundle")
    every_clip_can_be_heard_in_full(check(tmp_path / "bundle"))
    if shutil.which("node"):
        the_phone_finds_clips_for_ways_that_nobody_scripted(example, tmp_path / "bundle")


def every_clause_of_every_scripted_route_has_its_clips(example: Guide, folder: Path) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    scripts = json.loads((folder / index["scripts"]).read_text(encoding="utf-8"))
    for language in TAGS:
        texts = json.loads((folder / index["voice"][language]["index"]).read_text("utf-8"))["texts"]
        clauses = Lines(example.network, language, scripts).clauses()

        assert len(clauses) > 2000
        assert [one.text for one in clauses if Texts(texts).cover(one.text) is None] == []


def every_clip_can_be_heard_in_full(checked: list[Checked]) -> None:
    assert [one.language for one in checked] == list(TAGS)
    for one in checked:
        assert [finding.text("en") for finding in one.findings] == []
        assert one.clips > 500
        assert one.bytes <= MOST_BYTES
        assert one.seconds == pytest.approx(one.bytes / 4000)


def the_phone_finds_clips_for_ways_that_nobody_scripted(example: Guide, folder: Path) -> None:
    public = [place.id for place in example.venue.places if place.access == "public"]
    script = ROOT / "tests" / "runtime" / "spoken.mjs"

    ran = subprocess.run(
        ["node", str(script), str(folder), json.dumps(public)],
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert set(found) == set(TAGS)
    for language, heard in found.items():
        assert heard["missing"] == [], language
        assert heard["instructions"] > 8000
        assert heard["longest_s"] < 30
