"""The voices of the machine, through pyttsx3: espeak-ng on Linux, else the system's own."""

import re
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from exporter.voice.apart import ask, ask_waiting
from exporter.voice.engines import NOT_UNDERSTOOD, Sound, is_whole
from exporter.voice.recorded import read_wav
from exporter.words.voices import voicing
from navkit.words.findings import Finding, NavkitError

PROGRAM = "exporter.voice.one_clip"
OLDEST_ESPEAK_FOR_MANDARIN = (1, 52)
"""1.51 reads some Chinese characters as English letters and numbers."""


@dataclass(frozen=True)
class Voice:
    id: str
    name: str
    languages: tuple[str, ...]
    """Lower case, with hyphens."""


@dataclass(frozen=True)
class Machine:
    """The speech engine of this machine."""

    driver: str
    pyttsx3: str
    version: str
    voices: tuple[Voice, ...]

    @property
    def is_espeak(self) -> bool:
        return self.driver == "espeak"


@cache
def machine() -> Machine:
    """Queried once; `NavkitError` if pyttsx3 or its dependencies are missing."""
    told = _ask({})
    return Machine(
        told["driver"],
        told["pyttsx3"],
        told["version"],
        tuple(
            Voice(id_, name, tuple(tag.lower().replace("_", "-") for tag in tags))
            for id_, name, *tags in told["voices"]
        ),
    )


class System:
    """pyttsx3, the engine that needs no download."""

    name = "pyttsx3"

    def voice(self, language: str, wanted: str = "") -> str:
        here = machine()
        said = voicing(language)
        fitting = [voice for tag in said.system for voice in here.voices if tag in voice.languages]
        chosen = [voice.id for voice in fitting if _is(wanted, voice)]
        if not fitting:
            raise NavkitError("voice-no-voice", engine=self.name, language=language)
        if not chosen:
            voices = ", ".join(voice.id for voice in fitting)
            raise NavkitError("voice-unknown-voice", voice=wanted, engine=self.name, voices=voices)
        if here.is_espeak and said.has_pinyin:
            self._in_mandarin(here, language)
        return chosen[0]

    def _in_mandarin(self, here: Machine, language: str) -> None:
        """espeak's Mandarin: a recogniser mistakes four of five syllables."""
        raise NavkitError(NOT_UNDERSTOOD, language, version=here.version)

    def identity(self, language: str, voice: str) -> str:
        here = machine()
        pace = f"{voicing(language).words_per_minute} words a minute"
        return f"pyttsx3 {here.pyttsx3}, {here.driver} {here.version}, {voice}, {pace}"

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        return ()

    def render(self, spoken: str, pinyin: str, language: str, voice: str) -> Sound:
        request = {
            "text": _written(spoken, pinyin, voice),
            "voice": voice,
            "words_per_minute": voicing(language).words_per_minute,
        }
        if spoken.strip():
            for _ in range(2):  # A second chance: a busy machine may cut a clip short.
                sound = _clip(request)
                if is_whole(sound, spoken, pinyin):
                    return sound
        raise NavkitError("voice-engine-failed", engine=self.name, text=spoken)


class Unclear(System):
    """The same, with espeak's Mandarin, for whoever insists on it."""

    name = "pyttsx3-unclear"

    def _in_mandarin(self, here: Machine, language: str) -> None:
        numbers = tuple(int(number) for number in re.findall(r"\d+", here.version)[:2])
        if numbers < OLDEST_ESPEAK_FOR_MANDARIN:
            raise NavkitError("voice-espeak-too-old", version=here.version)

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        if machine().is_espeak and voicing(language).has_pinyin:
            return (Finding("voice-poor", slots={"version": machine().version}),)
        return ()


def _is(wanted: str, voice: Voice) -> bool:
    return not wanted or wanted.lower() in (voice.id.lower(), voice.name.lower())


_LONE_A = re.compile(r"(?<=\S )A(?= [a-z])")


def _written(spoken: str, pinyin: str, voice: str) -> str:
    """The input for espeak, so that an A is spelled and not read as the article."""
    if voice.endswith("-latn-pinyin"):
        return pinyin.replace(" ,", ",").replace("A", "ei1")
    return _LONE_A.sub("A,", spoken) if machine().is_espeak else spoken


def _clip(request: dict[str, Any]) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.wav"
        _ask(request | {"file": str(file)})
        return read_wav(file)


def _ask(request: dict[str, Any]) -> Any:
    """The answer of `PROGRAM`, by a new process."""
    asked = ask_waiting if sys.platform == "linux" else ask
    told = asked(PROGRAM, request, engine=System.name)
    if "missing" in told:
        raise NavkitError("voice-engine-missing", engine=System.name, reason=told["missing"])
    return told
