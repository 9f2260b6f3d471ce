"""Shared by both listening tests: instructions of the example, assembled as on the phone."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from exporter.bundle.scripts_file import scripts
from exporter.voice import sound
from exporter.voice.clips import PAUSE_S, Voice, render, speak
from exporter.voice.cover import Texts
from exporter.voice.engines import engine
from exporter.voice.lines import Lines
from navkit.guidance.chunks import cards_of
from navkit.guidance.cues import Cue
from navkit.guidance.guidance import Teller
from navkit.guide import Guide

EAR_RATE_HZ = 16_000
"""What both recognisers listen to."""

Speeches = tuple[str, ...]
"""What is said of one instruction, clause by clause."""


def scripted(guide: Guide, starts: Sequence[str]) -> dict[str, Any]:
    """Cues and steps of the routes from some starts, as `Lines` reads them."""
    cues: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}
    rows: dict[tuple[int, ...], None] = {}
    for script in scripts(guide, starts):
        for step in cards_of(script.route, guide.around):
            said = (
                cues.setdefault((cue.kind, tuple(cue.slots.items())), len(cues))
                for cue in step.cues
            )
            rows[(0, 0, 0, 0, *said)] = None
    return {"cues": [[kind, dict(slots)] for kind, slots in cues], "steps": list(rows)}


def instructions(guide: Guide, language: str, content: Mapping[str, Any]) -> list[Speeches]:
    """Each different instruction of the routes, sorted."""
    teller = Teller(guide.network, language)
    said = [teller.clause(Cue(kind, slots)).speech for kind, slots in content["cues"]]
    return sorted({tuple(said[number] for number in row[4:]) for row in content["steps"]})


def sample(some: Sequence[Speeches], count: int, seed: int) -> list[Speeches]:
    return random.Random(seed).sample(some, count)


class Phone:
    """Puts clips together as the phone does; `clips` has those of `texts`, and "" is the pause."""

    def __init__(self, texts: Sequence[str], clips: dict[str, bytes]) -> None:
        self._texts = Texts(texts)
        self._clips = clips

    def cover(self, speech: str) -> list[str]:
        """The texts of the clips that say a clause."""
        texts = self._texts.cover(speech)
        assert texts is not None, speech
        return texts

    def sound(self, speeches: Speeches) -> sound.Samples:
        """What is heard of an instruction, at `EAR_RATE_HZ`."""
        covers = [self.cover(clause) for clause in speeches]
        texts = [text for cover in covers if cover for text in ["", *cover]][1:]
        joined = sound.decoded(b"".join(self._clips[text] for text in texts))
        return at_ear_rate(joined, sound.RATE_HZ)


def bundled(guide: Guide, language: str, content: Mapping[str, Any], voice: Voice) -> Phone:
    """A phone with all the clips of a bundle."""
    spoken = speak(voice, guide.network, language, content, lambda told: None)
    clips, rest = {"": spoken.blob[: spoken.index["pause_bytes"]]}, spoken.index["pause_bytes"]
    for text, size in zip(spoken.index["texts"], spoken.index["bytes"], strict=True):
        clips[text] = spoken.blob[rest : rest + size]
        rest += size
    return Phone(spoken.index["texts"], clips)


class Rendering(Phone):
    """A phone whose clips are rendered as they are needed.

    `instead` has words of a clip, and those of the clip that sounds in its place: a fault, on
    purpose.
    """

    def __init__(
        self, voice: Voice, lines: Lines, language: str, instead: Mapping[str, str] | None = None
    ) -> None:
        pieces = lines.pieces()
        carried = [*pieces, *lines.unlike(pieces), *lines.in_one_breath()]
        self.lines, self.voice, self._language, self._instead = lines, voice, language, instead
        self._line = {line.text: line for line in carried}
        super().__init__(list(self._line), {"": sound.silence(PAUSE_S)})

    def cover(self, speech: str) -> list[str]:
        """The same, with what is exchanged."""
        return [self._exchanged(text) for text in super().cover(speech)]

    def _exchanged(self, text: str) -> str:
        instead = self._instead or {}
        other = " ".join(instead.get(word, word) for word in text.split(" "))
        return other if other in self._line else text

    def prepare(self, some: Iterable[Speeches]) -> None:
        """Render what is needed for some instructions."""
        texts = {text for speeches in some for clause in speeches for text in self.cover(clause)}
        needed = [self._line[text] for text in sorted(texts - self._clips.keys())]
        name = engine(self.voice.engine).voice(self._language)
        made = render(self.voice, self._language, name, needed, lambda told: None)
        self._clips |= {line.text: clip for line, clip in made.items()}


def at_ear_rate(samples: sound.Samples, rate_hz: int) -> sound.Samples:
    shared = np.gcd(rate_hz, EAR_RATE_HZ)
    heard = resample_poly(samples, EAR_RATE_HZ // shared, rate_hz // shared)
    return np.asarray(heard, np.float32)


def rendering(
    guide: Guide, language: str, content: Mapping[str, Any], voice: Voice, **said: Any
) -> Rendering:
    return Rendering(voice, Lines(guide.network, language, content), language, **said)
