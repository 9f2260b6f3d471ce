"""Clips: complete, the same every time, rendered once, with reports of what is missing."""

import csv
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bursts import LOG, SLOW, log
from test_routing import tower

from exporter.bundle.bundle import Bundle, make_bundle, write_bundle
from exporter.bundle.scripts_file import scripts, told
from exporter.voice import sheet, sound
from exporter.voice.check import check, text_only
from exporter.voice.clips import MOST_BYTES, Voice
from exporter.voice.cover import Texts
from exporter.voice.engines import NOT_UNDERSTOOD
from exporter.voice.lines import line
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.venue.venue import Place, Venue, from_json, to_json
from navkit.words.findings import NavkitError
from navkit.words.speech import Wording

pytestmark = pytest.mark.process

BURSTS = "bursts:Bursts"
TAGS = ("zh-Hans", "en")
ABSENT = {"zh-Hans": "absent", "en": "absent"}


def house(**named: str) -> Venue:
    """The tower with Chinese and English names."""
    english = {"诊室": "Consulting Room", "病房": "Ward", "入口": "Entrance"} | named
    venue = tower()
    places = (place_in_english(place, english) for place in venue.places)
    lift, *others = venue.connectors
    shafts = [replace(lift, names={"zh-Hans": "1号电梯", "en": "Lift 1"})]
    shafts += [replace(one, names={"zh-Hans": "楼梯", "en": "Stairs"}) for one in others]
    return replace(venue, places=tuple(places), connectors=tuple(shafts))


def place_in_english(place: Place, english: dict[str, str]) -> Place:
    chinese = next(iter(place.names.values()), "")
    return replace(place, names={"zh-Hans": chinese, "en": english.get(chinese, "Place")})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that tests share, where they do not ask what was rendered."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def voice(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Voice]:
    monkeypatch.setenv(LOG, str(tmp_path / "log"))
    return lambda **said: Voice(**{"engine": BURSTS, "cache": kept, "jobs": 1} | said)


def bundle_of(voice: Voice | None, venue: Venue | None = None) -> Bundle:
    return make_bundle(Guide(venue or house()), TAGS, voice=voice)


def parts(bundle: Bundle, language: str = "zh-Hans") -> tuple[dict[str, Any], bytes]:
    index = json.loads(bundle.parts[0].content)["voice"][language]
    content = {part.name: part.content for part in bundle.parts}
    return json.loads(content[index["index"]]), content[index["clips"]]


def clips(bundle: Bundle, language: str = "zh-Hans") -> dict[str, bytes]:
    index, blob = parts(bundle, language)
    found, at = {}, index["pause_bytes"]
    for text, size in zip(index["texts"], index["bytes"], strict=True):
        found[text] = blob[at : at + size]
        at += size
    assert at == len(blob)
    return found


def test_every_clause_of_every_scripted_route_has_its_clips(voice: Callable[..., Voice]) -> None:
    bundle, guide = bundle_of(voice()), Guide(house())

    for language in TAGS:
        texts = Texts(parts(bundle, language)[0]["texts"])
        clauses = [
            clause.speech
            for script in scripts(guide)
            for instruction in told(guide, script, language).instructions
            for clause in instruction.clauses
        ]
        assert clauses
        assert [c for c in clauses if not texts.cover(c)] == []


def test_ways_that_nobody_scripted_can_be_spoken_too(voice: Callable[..., Voice]) -> None:
    guide = Guide(house())
    texts = Texts(parts(bundle_of(voice()))[0]["texts"])

    for start in range(len(guide.venue.places)):
        for goal in range(len(guide.venue.places)):
            if start == goal:
                continue
            ids = guide.venue.places[start].id, guide.venue.places[goal].id
            guidance = guide.tell(guide.route(*ids, profile("walk")), "zh-Hans")
            for instruction in guidance.instructions:
                for clause in instruction.clauses:
                    assert texts.cover(clause.speech), clause.speech


def test_engines_are_given_nothing_but_what_they_can_say(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    bundle_of(voice(cache=tmp_path / "cache"))

    given = log(tmp_path / "log")
    assert given
    for spoken, pinyin, language, _ in given:
        if language == "en":
            assert re.fullmatch("[A-Za-z' ,-]+", spoken) and not pinyin
        else:
            assert re.fullmatch("[\u3400-\u9fffA-Z， ]+", spoken)
            assert re.fullmatch("(([a-z]+[1-5]|[A-Z]|,)( |$))+", pinyin)


def test_a_second_build_gives_the_same_bytes_and_renders_nothing(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    once = bundle_of(voice(cache=tmp_path / "cache"))
    rendered = len(log(tmp_path / "log"))
    again = bundle_of(voice(cache=tmp_path / "cache"))

    assert once == again
    assert len(log(tmp_path / "log")) == rendered
    assert bundle_of(voice(cache=tmp_path / "other", jobs=2)) == once


def test_what_was_damaged_in_the_cache_is_made_anew(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    once = bundle_of(voice(cache=tmp_path / "cache"))
    before = len(log(tmp_path / "log"))
    empty, other, half, swapped = sorted((tmp_path / "cache").glob("*.mp3"))[:4]
    empty.write_bytes(b"")
    other.write_bytes(bytes(960))
    half.write_bytes(half.read_bytes()[:400])
    swapped.write_bytes(sorted((tmp_path / "cache").glob("*.mp3"))[5].read_bytes())

    assert bundle_of(voice(cache=tmp_path / "cache")) == once
    assert len(log(tmp_path / "log")) == before + 4


@pytest.mark.parametrize("fault", ["silent", "empty", "nan", "broken", "nothing"])
def test_an_engine_that_says_nothing_is_an_error_that_names_it(
    voice: Callable[..., Voice], tmp_path: Path, fault: str
) -> None:
    with pytest.raises(NavkitError) as failed:
        bundle_of(voice(wanted={"zh-Hans": fault, "en": fault}, cache=tmp_path / "cache"))
    assert failed.value.finding.code in ("voice-engine-failed", "voice-engine-broken")


def test_a_new_name_renders_one_clip_in_each_language(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    bundle_of(voice(cache=tmp_path / "cache"))
    before = len(log(tmp_path / "log"))
    venue = house()
    places = tuple(
        replace(p, names={"zh-Hans": "内镜室", "en": "Endoscopy"})
        if "诊室" in p.names.values()
        else p
        for p in venue.places
    )
    assert places != venue.places
    bundle_of(voice(cache=tmp_path / "cache"), replace(venue, places=places))

    new = [text for text, *_ in log(tmp_path / "log")[before:]]
    assert sorted(new) == ["Endoscopy", "内镜室"]


@pytest.mark.rest
def test_a_build_that_was_killed_goes_on_and_gives_the_same_clips(
    voice: Callable[..., Voice], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bundle_of(voice(cache=tmp_path / "whole"))
    rendered = len(log(tmp_path / "log"))
    (tmp_path / "log").unlink()
    venue = tmp_path / "venue.json"
    venue.write_text(json.dumps(to_json(house())), encoding="utf-8")
    out = tmp_path / "bundle"
    command = [sys.executable, "-m", "tools.cli", "export", str(venue), "-o", str(out)]
    command += ["--voice", BURSTS, "--lang", "zh-Hans", "--lang", "en"]
    monkeypatch.setenv("NAVKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv(SLOW, "0.02")
    for seconds in (1.2, 1.9, 2.6):
        run = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        assert not (out / "index.json").exists() or (out / "index.json").read_bytes()
    monkeypatch.setenv(SLOW, "0")

    subprocess.run(command, check=True, capture_output=True)

    index = json.loads((out / "index.json").read_text(encoding="utf-8"))
    for language in TAGS:
        blob = (out / index["voice"][language]["clips"]).read_bytes()
        assert blob == parts(whole, language)[1]
    # Each kill costs at most the clips in hand, one a process.
    assert rendered <= len(log(tmp_path / "log")) <= rendered + 3 * 4


@pytest.mark.rest
def test_builds_at_the_same_time_may_make_the_same_clips(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    """Two servers on one data folder, or two exports of one user, share a cache."""
    once = bundle_of(voice(cache=tmp_path / "alone"))

    with ThreadPoolExecutor(6) as pool:
        several = [pool.submit(bundle_of, voice(cache=tmp_path / "shared")) for _ in range(6)]

    assert [one.result() for one in several] == [once] * 6
    assert sorted(file.name for file in (tmp_path / "shared").iterdir()) == sorted(
        file.name for file in (tmp_path / "alone").iterdir()
    )


def test_a_missing_engine_leaves_everything_else_as_it_was(voice: Callable[..., Voice]) -> None:
    silent = bundle_of(None)
    without = bundle_of(voice(wanted=ABSENT, required=False))

    assert [p for p in without.parts if p.role == "voice"] == []
    assert without.parts == silent.parts
    codes = {finding.code for finding in without.findings}
    assert {"voice-without", "voice-engine-missing"} <= codes
    with pytest.raises(NavkitError, match="not installed"):
        bundle_of(voice(wanted=ABSENT))


@pytest.mark.skipif(find_spec("espeakng_loader") is None, reason="espeakng_loader is not installed")
def test_espeak_speaks_mandarin_only_for_those_who_insist(kept: Path, tmp_path: Path) -> None:
    """What is built, cached, and proved by `check` is the same for either engine."""
    usual = bundle_of(Voice("pyttsx3", cache=kept))
    insisted = bundle_of(Voice("pyttsx3-unclear", cache=kept))
    made = {file: file.stat().st_mtime_ns for file in kept.iterdir()}

    assert list(usual.clips) == ["en"]
    assert list(insisted.clips) == ["zh-Hans", "en"]
    assert parts(usual, "en")[1] == parts(insisted, "en")[1]
    assert [(f.code, f.where) for f in usual.findings if "voice" in f.code] == [
        (NOT_UNDERSTOOD, "zh-Hans")
    ]
    assert parts(insisted)[0]["preferred"] is False
    assert bundle_of(Voice("pyttsx3-unclear", cache=kept)) == insisted
    assert {file: file.stat().st_mtime_ns for file in kept.iterdir()} == made
    for bundle, silent in ((usual, ["zh-Hans"]), (insisted, [])):
        write_bundle(bundle, tmp_path / "bundle")
        assert all(one.findings == () and one.clips > 20 for one in check(tmp_path / "bundle"))
        assert text_only(tmp_path / "bundle") == silent


def test_recordings_speak_where_no_engine_is_understood(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    """And none but they: an engine that would not be understood fills no gaps."""
    mumbled = {"zh-Hans": "mumbled", "en": "mumbled"}
    left = line("左转", house().speaker("zh-Hans"))
    file = tmp_path / "recorded" / "zh-Hans" / f"{left.id}.wav"
    file.parent.mkdir(parents=True)
    hum(file)

    bundle = bundle_of(voice(wanted=mumbled, recorded=tmp_path / "recorded"))

    assert list(clips(bundle)) == ["左转"]
    assert list(bundle.clips) == ["zh-Hans"]
    assert parts(bundle)[0]["preferred"] is True


def test_what_cannot_be_said_fails_and_is_named(voice: Callable[..., Voice]) -> None:
    venue = house()
    levels = tuple(replace(level, label="Перрон") for level in venue.levels)

    with pytest.raises(NavkitError, match="Перрон") as failed:
        bundle_of(voice(), replace(venue, levels=levels))
    assert failed.value.finding.code == "voice-unsayable"


def test_a_name_that_cannot_be_said_is_shown_and_called_by_its_kind(
    voice: Callable[..., Voice],
) -> None:
    venue = house()
    places = tuple(replace(p, names={"zh-Hans": "Starbucks"}, ref="") for p in venue.places)

    bundle = bundle_of(voice(), replace(venue, places=places))

    told = [f for f in bundle.findings if f.code == "name-only-shown" and f.where == "zh-Hans"]
    assert "Starbucks" in told[0].slots["names"]
    assert "这个房间" in parts(bundle)[0]["texts"]


def test_a_voice_hard_to_understand_is_marked(voice: Callable[..., Voice]) -> None:
    poor = bundle_of(voice(wanted={"zh-Hans": "poor", "en": "poor"}))

    assert parts(poor)[0]["preferred"] is False
    assert "voice-poor" in {finding.code for finding in poor.findings}
    assert parts(bundle_of(voice()))[0]["preferred"] is True


def hum(file: Path) -> None:
    """A recording of one second."""
    with wave.open(str(file), "wb") as recorded:
        recorded.setparams((1, 2, 44100, 0, "NONE", ""))
        tone = np.sin(np.arange(44100) / 20) * 8000
        recorded.writeframes(tone.astype("<i2").tobytes())


def test_recordings_go_before_the_engine(voice: Callable[..., Voice], tmp_path: Path) -> None:
    venue = house()
    one = line("左转", venue.speaker("zh-Hans"))
    file = tmp_path / "recorded" / "zh-Hans" / f"{one.id}.wav"
    file.parent.mkdir(parents=True)
    hum(file)

    plain, own = bundle_of(voice()), bundle_of(voice(recorded=tmp_path / "recorded"))

    changed = {text for text, clip in clips(own).items() if clips(plain)[text] != clip}
    assert changed == {"左转"}
    assert len(sound.decoded(clips(own)["左转"])) / sound.RATE_HZ == pytest.approx(1.07, abs=0.05)


def test_recordings_alone_make_a_voice_and_a_list_says_what_is_left(
    voice: Callable[..., Voice], tmp_path: Path
) -> None:
    folder = tmp_path / "recorded"
    first = bundle_of(voice(engine="none", recorded=folder))
    with (folder / "zh-Hans" / "to-record.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"左转", "一号电梯在您左手边"} & {row["text"] for row in rows}
    for row in rows:
        with wave.open(str(folder / "zh-Hans" / row["file"]), "wb") as recorded:
            recorded.setparams((1, 2, 16000, 0, "NONE", ""))
            recorded.writeframes((np.sin(np.arange(9000) / 9) * 9000).astype("<i2").tobytes())

    second = bundle_of(voice(engine="none", recorded=folder))

    assert [part for part in first.parts if part.role == "voice"] == []
    assert sorted(parts(second)[0]["texts"]) == sorted(row["text"] for row in rows)
    left = {f.where: f.slots["count"] for f in second.findings if f.code == "voice-unrecorded"}
    assert set(left) == {"en"}
    assert parts(second)[0]["preferred"] is True


def test_bundles_have_whole_frames_and_pauses_that_are_silent(
    voice: Callable[..., Voice],
) -> None:
    index, blob = parts(bundle_of(voice()))

    assert len(blob) <= MOST_BYTES
    assert sum(bundle_of(voice()).clips["zh-Hans"].values()) == len(blob)
    assert index["rate_hz"] == 24000 and index["kbit_s"] == 32
    frame_bytes = index["kbit_s"] * 24 // 8  # A frame of MPEG-2 layer 3 lasts 24 ms.
    assert all(size % frame_bytes == 0 for size in [index["pause_bytes"], *index["bytes"]])
    assert np.abs(sound.decoded(blob[: index["pause_bytes"]])).max() < 0.001
    seconds = len(sound.decoded(blob)) / sound.RATE_HZ
    assert seconds == pytest.approx(len(blob) * 8 / 32000, abs=0.01)


@pytest.fixture
def folder(voice: Callable[..., Voice], tmp_path: Path) -> Path:
    write_bundle(bundle_of(voice()), tmp_path / "bundle")
    return tmp_path / "bundle"


def test_a_good_bundle_is_proved(folder: Path) -> None:
    for one in check(folder):
        assert one.findings == ()
        assert one.clips > 20 and one.seconds > 10


def test_what_is_wrong_with_clips_is_found(folder: Path) -> None:
    loud = sound.encoded((0.999 * np.sign(np.sin(np.arange(24000) / 9))).astype(np.float32))
    wrongs = {
        "voice-silent": sound.silence(1.0),
        "voice-peak": loud,
        "voice-duration": sound.clip((np.sin(np.arange(200000) / 20).astype(np.float32), 24000)),
        "voice-clip-damaged": bytes(960),
    }
    for code, wrong in wrongs.items():
        replaced(folder, "左转", wrong)
        (chinese, english) = check(folder)
        assert code in {finding.code for finding in chinese.findings}
        assert {finding.slots["text"] for finding in chinese.findings} == {"左转"}
        assert english.findings == ()


def replaced(folder: Path, text: str, clip: bytes) -> None:
    """Put another clip into a bundle, checksums and all."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    names = index["voice"]["zh-Hans"]
    voice = json.loads((folder / names["index"]).read_text(encoding="utf-8"))
    blob = (folder / names["clips"]).read_bytes()
    number = voice["texts"].index(text)
    at = voice["pause_bytes"] + sum(voice["bytes"][:number])
    blob = blob[:at] + clip + blob[at + voice["bytes"][number] :]
    voice["bytes"][number] = len(clip)
    for name, content in (
        (names["index"], json.dumps(voice).encode()),
        (names["clips"], blob),
    ):
        (folder / name).write_bytes(content)
        index["files"][name]["sha256"] = hashlib.sha256(content).hexdigest()
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")


@pytest.mark.parametrize(
    "index",
    [
        [],
        {"format": "navkit-bundle", "voice": 5},
        {"format": "navkit-bundle", "voice": {"en": {}}},
        {"format": "navkit-bundle", "voice": {"en": {"clips": "index.json"}}},
        {"format": "navkit-bundle", "voice": {"en": {"clips": "index.json"}}, "files": {}},
        {"format": "navkit-bundle", "voice": {"en": {"clips": 7}}, "files": {"7": {}}},
    ],
)
def test_a_damaged_index_is_said_to_be_one(tmp_path: Path, index: object) -> None:
    (tmp_path / "index.json").write_text(json.dumps(index), encoding="utf-8")

    with pytest.raises(NavkitError) as damaged:
        check(tmp_path)

    assert damaged.value.finding.code == "voice-index-damaged"


def test_damaged_files_and_other_folders_are_refused(folder: Path, tmp_path: Path) -> None:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    clips_file = folder / index["voice"]["en"]["clips"]
    clips_file.write_bytes(clips_file.read_bytes()[:-1])
    with pytest.raises(NavkitError) as damaged:
        check(folder)
    assert damaged.value.finding.code == "voice-file-damaged"
    with pytest.raises(NavkitError) as nothing:
        check(tmp_path)
    assert nothing.value.finding.code == "voice-no-bundle"
    write_bundle(bundle_of(None), folder)
    with pytest.raises(NavkitError) as silent:
        check(folder)
    assert silent.value.finding.code == "voice-no-clips"


def test_a_name_is_not_cut_where_its_pieces_would_sound_otherwise(
    voice: Callable[..., Voice],
) -> None:
    names = ["肛肠科", "肛肠科候诊区", "内科", "内科候诊区", "护理站", "单主任诊室3"]
    venue = house()
    room = venue.places[0]
    places = tuple(replace(room, id=name, names={"zh-Hans": name, "en": "Room"}) for name in names)
    venue = replace(venue, places=(*venue.places, *places))
    pieces = set(parts(bundle_of(voice(), venue))[0]["texts"])
    own = {"肛肠科候诊区": "gang1 chang2 ke1 hou4 zhen3 qu2"}

    otherwise = replace(venue, speech={"zh-Hans": Wording(pinyin=own)})

    assert {"肛肠科", "内科", "候诊区", "单主任诊室三"} <= pieces
    assert not {"肛肠科候诊区", "内科候诊区"} & pieces
    assert "肛肠科候诊区" in parts(bundle_of(voice(), otherwise))[0]["texts"]


def test_numbers_on_doors_are_said_in_one_breath_where_there_is_room(
    voice: Callable[..., Voice], monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = house()
    room = venue.places[0]
    ward = replace(room, id="706", names={"zh-Hans": "706病房", "en": "Ward 706"})
    venue = replace(venue, places=(*venue.places, ward))

    roomy = set(parts(bundle_of(voice(), venue))[0]["texts"])
    monkeypatch.setattr("exporter.voice.clips.MOST_BYTES", 0)
    tight = set(parts(bundle_of(voice(), venue))[0]["texts"])

    assert {"七零六", "七", "零六", "病房"} <= roomy
    assert {"七", "零六", "病房"} <= tight
    assert "七零六" not in tight


def test_a_voice_never_takes_more_than_its_budget_beside_its_pieces(
    voice: Callable[..., Voice], monkeypatch: pytest.MonkeyPatch
) -> None:
    venue = house()
    numbers = [f"{number}病房" for number in range(701, 713)]
    wards = [replace(venue.places[0], id=n, names={"zh-Hans": n, "en": n[:3]}) for n in numbers]
    venue = replace(venue, places=(*venue.places, *wards))

    def size(budget: int) -> int:
        monkeypatch.setattr("exporter.voice.clips.MOST_BYTES", budget)
        return sum(bundle_of(voice(), venue).clips["zh-Hans"].values())

    least = size(0)
    sizes = {room: size(least + room) for room in range(0, 40000, 5000)}

    assert all(taken <= least + room for room, taken in sizes.items())
    assert len(set(sizes.values())) > 3


@pytest.mark.parametrize("shape", [np.sin, lambda t: np.sign(np.sin(t)), lambda t: np.sin(t) ** 9])
def test_every_clip_is_about_as_loud_as_the_others(shape: Callable[[Any], Any]) -> None:
    wave_ = (0.01 * shape(np.arange(12000) / 9)).astype(np.float32)

    peak = 20 * np.log10(np.abs(sound.levelled(wave_)).max())

    assert -11.1 <= peak <= -2.9


# ---------------------------------------------------------------- review sheet


def signed(rows: list[sheet.Row], name: str, **said: str) -> list[sheet.Row]:
    return [replace(row, **said) if row.name == name else row for row in rows]


def test_the_sheet_has_every_name_once_a_language_and_comes_back_unchanged(tmp_path: Path) -> None:
    rows = sheet.sheet(house(), TAGS, [])
    sheet.write(rows, tmp_path / "names.csv")

    assert sheet.read(tmp_path / "names.csv") == rows
    assert len({(row.language, row.name) for row in rows}) == len(rows)
    by_name = {row.name: row for row in rows if row.language == "zh-Hans"}
    assert by_name["1号电梯"].spoken == "一号电梯"
    assert by_name["1号电梯"].pinyin == "yī hào diàn tī"
    assert by_name["诊室"].used
    assert sheet.sheet(house(), TAGS, rows) == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_signed_row_goes_before_the_rules(
    voice: Callable[..., Voice], tmp_path: Path, encoding: str
) -> None:
    rows = sheet.sheet(house(), TAGS, [])
    rows = signed(rows, "诊室", spoken="门诊室", pinyin="mēn zhěn shì", signed="王 2026-03-01")
    sheet.write(rows, tmp_path / "names.csv")
    text = (tmp_path / "names.csv").read_text(encoding="utf-8-sig")
    (tmp_path / "names.csv").write_bytes(text.encode(encoding))

    venue = sheet.worded(house(), sheet.read(tmp_path / "names.csv"), "names.csv")
    again = from_json(json.loads(json.dumps(to_json(venue))))

    assert venue.speaker("zh-Hans").name("诊室") == "门诊室"
    assert again.speaker("zh-Hans").name("诊室") == "门诊室"
    assert line("门诊室", venue.speaker("zh-Hans")).pinyin == "men1 zhen3 shi4"
    bundle_of(voice(cache=tmp_path / "cache"), venue)
    assert ["门诊室", "men1 zhen3 shi4"] in [row[:2] for row in log(tmp_path / "log")]


def test_what_nobody_signed_is_kept_and_told_but_not_used() -> None:
    rows = signed(sheet.sheet(house(), TAGS, []), "诊室", spoken="门诊室")
    venue = sheet.worded(house(), rows, "names.csv")

    assert venue.speaker("zh-Hans").name("诊室") == "诊室"
    after = sheet.sheet(venue, TAGS, rows)
    assert "门诊室" in {row.spoken for row in after}
    (finding,) = sheet.findings(after, venue)
    assert finding.code == "voice-sheet-unsigned" and finding.slots["name"] == "诊室"


def test_a_pinyin_that_nobody_signed_is_told_too() -> None:
    rows = signed(sheet.sheet(house(), TAGS, []), "诊室", pinyin="zhēn shì")

    (finding,) = sheet.findings(rows, house())
    assert "zhēn shì" in finding.slots["spoken"]
    assert sheet.findings(sheet.sheet(house(), TAGS, []), house()) == []


def test_an_export_of_one_language_keeps_what_was_written_in_others() -> None:
    rows = signed(sheet.sheet(house(), TAGS, []), "诊室", spoken="门诊室")

    after = sheet.sheet(house(), ["en"], rows)

    assert [row for row in rows if row.language == "zh-Hans"] == [
        row for row in after if row.language == "zh-Hans"
    ]


def test_signed_rows_of_names_that_are_gone_stay() -> None:
    gone = sheet.Row("zh-Hans", "旧科室", "旧科室", "jiù kē shì", "x", "王")

    assert replace(gone, used="") in sheet.sheet(house(), TAGS, [gone])


@pytest.mark.parametrize(
    "said",
    [
        {"spoken": "3号诊室"},
        {"spoken": "诊shi"},
        {"spoken": "诊室", "pinyin": "zhěn"},
        {"spoken": "诊室", "pinyin": "zhěn 42"},
        {"spoken": "病房"},
    ],
)
def test_a_signed_row_that_cannot_be_said_is_refused(said: dict[str, str]) -> None:
    rows = signed(sheet.sheet(house(), TAGS, []), "诊室", signed="王", **said)

    with pytest.raises(NavkitError, match="诊室") as refused:
        sheet.worded(house(), rows, "names.csv")
    assert refused.value.finding.code == "voice-sheet-row"


def test_a_table_of_something_else_is_no_sheet(tmp_path: Path) -> None:
    for content in (b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b"language,name\n"):
        (tmp_path / "names.csv").write_bytes(content)
        with pytest.raises(NavkitError):
            sheet.read(tmp_path / "names.csv")
