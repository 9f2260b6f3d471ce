"""Clips: lines rendered by an engine, cached by content, and put into one blob per language.

Rendering takes minutes, so every clip is cached under the hash of everything that its
sound depends on: an interrupted build resumes, and a change of one name
renders one clip.
"""

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from exporter.voice import sound
from exporter.voice.engines import NOBODY, NOT_UNDERSTOOD, Engine, engine, speaking_s
from exporter.voice.lines import Line, Lines, sayable
from exporter.voice.pinyin import marked
from exporter.voice.recorded import recording, write_list
from navkit.network.network import Network
from navkit.words.findings import Finding, NavkitError

PAUSE_S = 0.2
"""Between two clauses; with the encoder's own edges people hear about a quarter of a second."""
BREATH_S = 0.1
"""After a text that ends with a comma."""
SHORTEST_S = 0.08
"""Anything shorter is silent."""
MOST_BYTES = 4_000_000
"""For the clips of one language, so that two languages and the maps fit a first download."""

_COMMA = "\uff0c"

Note = Callable[[str], None]


@dataclass(frozen=True)
class Voice:
    """How to make clips."""

    engine: str
    wanted: Mapping[str, str] = field(default_factory=dict)
    """A voice of the engine by language; its best if none is named."""
    required: bool = True
    """Whether it is an error if the engine is missing or refuses a language."""
    recorded: Path | None = None
    """A folder of recordings that take precedence over the engine's clips."""
    packs: tuple[Path, ...] = ()
    """Folders of voices to choose: `exporter.voice.packs`."""
    cache: Path = field(default_factory=lambda: cache_folder())
    jobs: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))


@dataclass(frozen=True)
class Spoken:
    """The clips of one language: an index and a blob."""

    index: dict[str, Any]
    blob: bytes
    findings: tuple[Finding, ...]
    sums: dict[str, int]
    """Bytes of the pieces, of the clauses that are also said in one breath, and of the pause."""


def cache_folder() -> Path:
    """The cache of clips: `NAVKIT_CACHE`, or the system's cache folder."""
    own = os.environ.get("NAVKIT_CACHE")
    if own:
        return Path(own)
    if sys.platform == "win32":
        system = Path(os.environ.get("LOCALAPPDATA", Path.home()))
    elif sys.platform == "darwin":
        system = Path.home() / "Library" / "Caches"
    else:
        system = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return system / "navkit" / "clips"


def speak(
    voice: Voice, network: Network, language: str, scripts: Mapping[str, Any], note: Note
) -> Spoken:
    """The clips of a venue in one language.

    `NavkitError` if the engine is missing or refuses the language, or if the text still contains
    something it cannot be given: digits, foreign letters, unreadable characters.
    """
    engine_name, name, warnings = _speaker_of(voice, language)
    voice = replace(voice, engine=engine_name)
    if engine_name == NOBODY and not voice.recorded:
        return Spoken({"texts": []}, b"", warnings, {})
    to_say = Lines(network, language, scripts)
    pieces, clauses = to_say.pieces(), to_say.clauses()
    speaker = network.venue.speaker(language)
    left = [one.text for one in (*pieces, *clauses) if not sayable(one, speaker)]
    if left:
        raise NavkitError(
            "voice-unsayable", language, count=str(len(left)), texts=", ".join(left[:5])
        )
    needed = [*pieces, *to_say.unlike(pieces)]
    if voice.recorded:
        to_read = ((one.id, one.text, marked(one.pinyin)) for one in needed)
        write_list(voice.recorded, language, to_read)
    rendered = pieces_said = render(voice, language, name, needed, note)
    if not voice.recorded:  # Whole clauses by another voice would speak in place of recordings.
        room = MOST_BYTES - len(sound.silence(PAUSE_S)) - sum(map(len, rendered.values()))
        whole = list(_fitting(to_say.in_one_breath(), rendered, room))
        said = render(voice, language, name, whole, note)
        rendered = pieces_said | {one: said[one] for one in _within(whole, said, room)}
    index, blob = _files(voice.engine, name, language, rendered)
    index["preferred"] = engine_name == NOBODY or not warnings
    silent = len(needed) - len(pieces_said)
    unrecorded = (Finding("voice-unrecorded", language, {"count": str(silent)}),) if silent else ()
    pieces_bytes = sum(map(len, pieces_said.values()))
    pause_bytes = index["pause_bytes"]
    sums = {
        "pieces": pieces_bytes,
        "in one breath": len(blob) - pieces_bytes - pause_bytes,
        "pause": pause_bytes,
    }
    return Spoken(index, blob, (*warnings, *unrecorded), sums)


def ready(voice: Voice, languages: Iterable[str]) -> None:
    """`NavkitError` if the engine is required and cannot speak one of the languages."""
    if voice.required:
        for language in languages:
            _speaker_of(voice, language)


def _speaker_of(voice: Voice, language: str) -> tuple[str, str, tuple[Finding, ...]]:
    """The engine for a language, its voice, and what staff should know; nobody, and why, if the
    engine would not be understood: then recordings, the phone's own voice or text do better."""
    maker = _maker(voice.engine)
    try:
        name = maker.voice(language, voice.wanted.get(language, ""))
    except NavkitError as error:
        if error.finding.code != NOT_UNDERSTOOD:
            raise
        return NOBODY, _maker(NOBODY).voice(language), (error.finding,)
    return voice.engine, name, maker.warnings(language, name)


def speak_or_say_why(
    voice: Voice, network: Network, language: str, scripts: Mapping[str, Any], note: Note
) -> tuple[Spoken | None, tuple[Finding, ...]]:
    """The clips and findings about them; or none and why, if the voice is optional."""
    try:
        spoken = speak(voice, network, language, scripts, note)
    except (NavkitError, OSError) as error:
        if voice.required:
            raise
        if isinstance(error, NavkitError):
            why = error.finding
        else:
            why = Finding("cannot-write", str(voice.cache), {"why": str(error.strerror)})
        return None, (Finding("voice-without", language, {"code": why.code}), why)
    return (spoken if spoken.index["texts"] else None), spoken.findings


def _fitting(clauses: Sequence[Line], rendered: Mapping[Line, bytes], room: int) -> Iterator[Line]:
    """The most frequent clauses that fit beside the pieces, by an estimate."""
    a_character = sum(map(len, rendered.values())) / sum(len(one.text) for one in rendered)
    for clause in clauses:
        if clause not in rendered:
            room -= round(a_character * len(clause.text))
            if room < 0:
                return
            yield clause


def _within(clauses: Sequence[Line], said: Mapping[Line, bytes], room: int) -> Iterator[Line]:
    """The first of them that actually fit."""
    for clause in clauses:
        room -= len(said[clause])
        if room < 0:
            return
        yield clause


def _files(
    engine_name: str, name: str, language: str, rendered: Mapping[Line, bytes]
) -> tuple[dict[str, Any], bytes]:
    """The index and its blob."""
    lines = sorted(rendered, key=lambda one: one.text)
    pause = sound.silence(PAUSE_S)
    index = {
        "language": language,
        "engine": engine_name,
        "voice": name,
        "preferred": True,
        "rate_hz": sound.RATE_HZ,
        "kbit_s": sound.KBIT_S,
        "pause_bytes": len(pause),
        "texts": [one.text for one in lines],
        "bytes": [len(rendered[one]) for one in lines],
    }
    return index, b"".join([pause, *(rendered[one] for one in lines)])


def render(
    voice: Voice, language: str, name: str, lines: Sequence[Line], note: Note
) -> dict[Line, bytes]:
    """The clips of lines: recorded, from the cache, or rendered, unless there is no engine."""
    identity = _maker(voice.engine).identity(language, name)
    found: dict[Line, bytes] = {}
    missing: dict[Line, Path] = {}
    for one in lines:
        recorded = recording(voice.recorded, language, one.id) if voice.recorded else None
        kept = voice.cache / f"{_key(identity, language, name, one)}.mp3"
        if recorded:
            if speaking_s(recorded) < SHORTEST_S:
                raise NavkitError("voice-silent", f"{language}/{one.id}.wav", text=one.text)
            found[one] = sound.clip(recorded, _breath(one))
        elif (content := _kept(kept)) is not None:
            found[one] = content
        elif voice.engine != NOBODY:
            missing[one] = kept
    tasks = [(voice.engine, language, name, one, kept) for one, kept in missing.items()]
    for done, (one, content) in enumerate(zip(missing, _made(tasks, voice.jobs), strict=True)):
        found[one] = content
        note(f"clips {language}: {done + 1} of {len(missing)}")
    return found


Task = tuple[str, str, str, Line, Path]
"""Engine, language, voice, what to say, and the cache file."""


def _made(tasks: Sequence[Task], jobs: int) -> Iterator[bytes]:
    """Clips in the order of their tasks, several at a time: engines compute outside Python."""
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(_make, tasks)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _key(identity: str, language: str, name: str, one: Line) -> str:
    """Names a clip by everything that its sound depends on."""
    parts = [identity, language, name, one.text, one.pinyin, sound.MADE, sound.KBIT_S, _breath(one)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _breath(one: Line) -> float:
    return BREATH_S if one.text.endswith((_COMMA, ",")) else 0.0


@cache
def _maker(name: str) -> Engine:
    """The engine with this name."""
    return engine(name)


def _make(task: Task) -> bytes:
    """Render one line and cache the clip, so that it survives if the rest fails."""
    engine_name, language, name, one, kept = task
    try:
        samples, rate_hz = _maker(engine_name).render(one.text, one.pinyin, language, name)
        made = (np.asarray(samples, np.float32).reshape(-1), int(rate_hz))
    except NavkitError:
        raise
    except Exception as error:  # A site's own engine may fail in any way.
        raise NavkitError("voice-engine-broken", engine=engine_name, reason=repr(error)) from error
    if made[1] < 1 or not np.isfinite(made[0]).all() or speaking_s(made) < SHORTEST_S:
        raise NavkitError("voice-engine-failed", engine=engine_name, text=one.text)
    content = sound.clip(made, _breath(one))
    _keep(kept, content + _seal(kept, content))
    return content


def _keep(file: Path, content: bytes) -> None:
    """Cache a clip, completely or not at all. Each writer uses its own temporary name: another
    process may be making the same clip."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{uuid4().hex}.part")
    beside.write_bytes(content)
    beside.replace(file)


def _seal(kept: Path, content: bytes) -> bytes:
    """The end of a cached clip: proof that it is complete, and the right one."""
    return hashlib.sha256(kept.name.encode() + content).digest()


def _kept(file: Path) -> bytes | None:
    """A clip from the cache; None if it is missing or not what was written."""
    try:
        whole = file.read_bytes()
    except FileNotFoundError:
        return None
    content, seal = whole[:-32], whole[-32:]
    return content if seal == _seal(file, content) else None
