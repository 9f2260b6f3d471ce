"""Engines turn a clause into sound: one protocol, and a table of names.

`recorded` clips override any engine (`exporter.voice.recorded`); to use no engine at all is
the caller's choice.
"""

import re
from importlib import import_module
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from navkit.words.findings import Finding, NavkitError

Sound = tuple[NDArray[np.float32], int]
"""Mono samples between -1 and 1, and the sample rate in Hz."""


@runtime_checkable
class Engine(Protocol):
    """A voice, or several. `render` is called from several threads at once."""

    name: str

    def voice(self, language: str, wanted: str = "") -> str:
        """The voice for a language: the wanted one, or its best.

        `NavkitError` if it has none; of the code `NOT_UNDERSTOOD` if nobody would understand it.
        """

    def identity(self, language: str, voice: str) -> str:
        """Everything that the sound depends on besides the text: versions, voice, pace, hashes."""

    def warnings(self, language: str, voice: str) -> tuple[Finding, ...]:
        """What staff should know before patients hear this voice."""

    def render(self, spoken: str, pinyin: str, language: str, voice: str) -> Sound:
        """The sound of a clause, the same bytes each time, whatever was rendered before.

        `pinyin` is for Mandarin, else empty: syllables with their tone after sandhi,
        ``dao4 le5 , C T shi4``. A capital is spelled, a comma is a pause, v stands for
        u with two dots.
        """


NOT_UNDERSTOOD = "voice-not-understood"
"""The code of an engine that leaves a language to recordings, the phone's own voice, or text."""

NOBODY = "none"
"""No engine: texts without a recording have no clip."""

ENGINES = {
    NOBODY: "exporter.voice.recorded:Nobody",
    "pyttsx3": "exporter.voice.system:System",
    "pyttsx3-unclear": "exporter.voice.system:Unclear",
    "kokoro": "exporter.voice.kokoro:Kokoro",
}
"""Constructors of engines, by name. A site's own engine is written in the same way."""

SHORTEST_SYLLABLE_S = 0.12
"""Speech faster than 8 syllables a second has lost a piece: only auctioneers talk that fast."""
QUIETEST = 0.01
"""Sound below -40 dBFS is silence: room noise of a good recording is below -50."""


def engine(name: str) -> Engine:
    """The engine of that name, or a site's own, given as ``package.module:Class``."""
    module, _, maker = ENGINES.get(name, name).partition(":")
    if not maker:
        raise NavkitError("voice-unknown-engine", engine=name, engines=", ".join(ENGINES))
    try:
        found = getattr(import_module(module), maker)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise NavkitError("voice-engine-broken", engine=name, reason=str(error)) from error
    if not isinstance(found, Engine):
        raise NavkitError("voice-engine-broken", engine=name, reason="no voice(), render() …")
    return found


_SILENT_E = re.compile(r"(?<=[bcdfghjkmnpqrstvwxz])e\b")
_VOWELS = re.compile(r"[aeiouy]+")


def syllables(spoken: str, pinyin: str) -> int:
    """How many syllables a clause has: counted in Mandarin, estimated by its vowels in English."""
    if pinyin:
        return len(pinyin.replace(",", "").split())
    words = _SILENT_E.sub("", spoken.lower()).split()
    return sum(max(1, len(_VOWELS.findall(word))) for word in words)


def speaking_s(sound: Sound) -> float:
    """Seconds from the first audible sample to the last; 0 for silence."""
    samples, rate_hz = sound
    audible = np.flatnonzero(np.abs(samples) >= QUIETEST)
    return float(audible[-1] + 1 - audible[0]) / rate_hz if audible.size else 0.0


def is_whole(sound: Sound, spoken: str, pinyin: str) -> bool:
    """Whether the sound lasts long enough to hold every syllable."""
    return speaking_s(sound) >= SHORTEST_SYLLABLE_S * max(1, syllables(spoken, pinyin))
