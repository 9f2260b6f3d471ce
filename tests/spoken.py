"""Whether a bundle of the made-up hospital is spoken by its clips, from first clause to last.

Its English is what was built. Mandarin, which needs a better engine than a test has, is added by
an engine that hums as long as a calm voice would speak: what clips there are, how many bytes they
take and whether a phone finds them depends on the texts alone.
"""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from exporter.voice.check import Checked, check
from exporter.voice.clips import MOST_BYTES, Voice, speak
from exporter.voice.cover import Texts
from exporter.voice.lines import Lines
from navkit.guide import Guide

BUILT = "en"
ADDED = "zh-Hans"
TAGS = (BUILT, ADDED)
"""Held to the size of a first download; the pieces of zh-Hant alone are larger."""
ROOT = Path(__file__).parents[1]


def is_spoken(example: Guide, folder: Path, more_than: int) -> None:
    """`more_than`: how many clauses there are at least, by the scripted routes of the bundle."""
    add_mandarin(example, folder)
    every_clause_of_every_scripted_route_has_its_clips(example, folder, more_than)
    every_clip_can_be_heard_in_full(check(folder))
    if shutil.which("node"):
        the_phone_finds_clips_for_ways_that_nobody_scripted(example, folder)


def add_mandarin(example: Guide, folder: Path) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    assert list(index["voice"]) == [BUILT]
    scripts = json.loads((folder / index["scripts"]).read_text(encoding="utf-8"))
    added = speak(Voice("bursts:Bursts"), example.network, ADDED, scripts, lambda _: None)
    index["voice"][ADDED] = {"index": "voice-added.json", "clips": "voice-added.mp3"}
    for name, content in (
        ("voice-added.json", json.dumps(added.index).encode()),
        ("voice-added.mp3", added.blob),
    ):
        (folder / name).write_bytes(content)
        index["files"][name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


def every_clause_of_every_scripted_route_has_its_clips(
    example: Guide, folder: Path, more_than: int
) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    scripts = json.loads((folder / index["scripts"]).read_text(encoding="utf-8"))
    for language in TAGS:
        texts = json.loads((folder / index["voice"][language]["index"]).read_text("utf-8"))["texts"]
        clauses = Lines(example.network, language, scripts).clauses()

        assert len(clauses) > more_than, len(clauses)
        assert [one.text for one in clauses if Texts(texts).cover(one.text) is None] == []


def every_clip_can_be_heard_in_full(checked: list[Checked]) -> None:
    spoken = [one for one in checked if one.language in TAGS]
    assert [one.language for one in spoken] == list(TAGS)
    for one in spoken:
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
    for language in TAGS:
        heard = found[language]
        assert heard["missing"] == [], language
        assert heard["instructions"] > 8000
        assert heard["longest_s"] < 30
