"""Packs: recordings as voices to choose, within a budget each, checked before they are shipped."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from test_voice import TAGS, house, hum

from exporter.bundle.bundle import Bundle, make_bundle, write_bundle
from exporter.voice.check import check
from exporter.voice.clips import Voice
from navkit.guide import Guide
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

ABOUT = {
    "navkit-voice": 1,
    "id": "nurse-yue",
    "names": {"zh-Hans": "\u7ca4\u8bed", "en": "Cantonese"},
    "tag": "yue",
    "says": "zh-Hans",
}

pytestmark = pytest.mark.process


def pack(folder: Path, texts: Sequence[str] = (), **said: Any) -> Path:
    """A folder with these texts recorded."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.json").write_text(json.dumps(ABOUT | said), encoding="utf-8")
    listed = folder / "zh-Hans" / "to-record.csv"
    if listed.exists():
        with listed.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row["text"] in texts:
                    hum(folder / "zh-Hans" / row["file"])
    return folder


def bundle_with(*folders: Path, cache: Path) -> Bundle:
    voice = Voice("none", cache=cache, jobs=1, packs=folders)
    return make_bundle(Guide(house()), TAGS, voice=voice)


def refused(code: str, error: pytest.ExceptionInfo[NavkitError]) -> bool:
    finding = error.value.finding
    return finding.code == code and all(finding.text(language) for language in languages())


def test_what_is_recorded_becomes_a_voice_to_choose(tmp_path: Path) -> None:
    folder, cache = pack(tmp_path / "yue"), tmp_path / "clips"
    first = bundle_with(folder, cache=cache)
    pack(folder, ["\u5de6\u8f6c", "\u53f3\u8f6c"])
    second = bundle_with(folder, cache=cache)

    assert "packs" not in json.loads(first.parts[0].content)
    index = json.loads(second.parts[0].content)
    (listed,) = index["packs"]
    content = {part.name: part.content for part in second.parts}
    assert {key: listed[key] for key in ("id", "names", "tag", "language")} == {
        "id": "nurse-yue", "names": ABOUT["names"], "tag": "yue", "language": "zh-Hans",
    }  # fmt: skip
    voice = json.loads(content[listed["index"]])
    assert sorted(voice["texts"]) == ["\u53f3\u8f6c", "\u5de6\u8f6c"]
    assert voice["preferred"] is True
    assert len(content[listed["clips"]]) == voice["pause_bytes"] + sum(voice["bytes"])
    left = {f.where for f in second.findings if f.code == "voice-unrecorded"}
    assert left == {"nurse-yue"}
    write_bundle(second, tmp_path / "bundle")
    assert [one.clips for one in check(tmp_path / "bundle")][-1] == 2


def test_a_language_may_have_several(tmp_path: Path) -> None:
    for name in ("yue", "nan"):
        pack(tmp_path / name, id=name, tag=name)
    folders = [tmp_path / "yue", tmp_path / "nan"]
    bundle_with(*folders, cache=tmp_path / "clips")
    for name in ("yue", "nan"):
        pack(tmp_path / name, ["\u5de6\u8f6c"], id=name, tag=name)

    index = json.loads(bundle_with(*folders, cache=tmp_path / "clips").parts[0].content)

    assert [one["id"] for one in index["packs"]] == ["yue", "nan"]


def test_each_has_a_budget_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, cache = pack(tmp_path / "yue"), tmp_path / "clips"
    bundle_with(folder, cache=cache)
    pack(folder, ["\u5de6\u8f6c", "\u53f3\u8f6c"])
    monkeypatch.setattr("exporter.voice.packs.MOST_BYTES", 5000)

    with pytest.raises(NavkitError) as error:
        bundle_with(folder, cache=cache)

    assert refused("voice-pack-too-large", error)
    assert error.value.finding.slots["most"] == "5000"


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"navkit-voice": 2}, "navkit-voice"),
        ({"id": "Nurse Yue"}, "id"),
        ({"id": 5}, "id"),
        ({"names": {"en": "Cantonese"}}, "names"),
        ({"names": []}, "names"),
        ({"tag": "x"}, "tag"),
        ({"says": "ko"}, "says"),
        ({"says": ["zh-Hans"]}, "says"),
    ],
)
def test_what_describes_no_pack_is_named(tmp_path: Path, said: dict[str, Any], part: str) -> None:
    with pytest.raises(NavkitError) as error:
        bundle_with(pack(tmp_path / "yue", **said), cache=tmp_path / "clips")

    assert refused("voice-pack-foreign", error)
    assert error.value.finding.slots["part"] == part


def test_an_id_is_one_packs_only_and_a_folder_without_a_description_none(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folders in (
        [pack(tmp_path / "a"), pack(tmp_path / "b")],
        [tmp_path / "empty"],
        [tmp_path / "nowhere"],
    ):
        with pytest.raises(NavkitError) as error:
            bundle_with(*folders, cache=tmp_path / "clips")
        assert refused("voice-pack-foreign", error)
