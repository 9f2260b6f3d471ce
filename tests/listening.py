"""What both listening tests share: instructions of the example, as the phone puts them together."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import resample_poly

from exporter.scripts_file import scripts
from exporter.voice import sound
from exporter.voice.clips import PAUSE_S, Voice, render
from exporter.voice.cover import Texts
from exporter.voice.engines import engine
from exporter.voice.lines import Lines
from navkit.guidance import Teller
from navkit.guide import Guide
from navkit.wayfinding import Cue, steps

EAR_RATE_HZ = 16_000
"""What both recognisers listen to."""

Speeches = tuple[str, ...]
"""What is said of one instruction, clause by clause."""


def scripted(guide: Guide, starts: Sequence[str]) -> dict[str, Any]:
    """Cues and steps of the routes from some starts, as `Lines` reads them."""
    cues: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}
    rows: dict[tuple[int, ...], None] = {}
    for script in scripts(guide, starts):
        for step in steps(script.route, guide.around):
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


@dataclass
class Phone:
    """A bundle's clips, rendered as they are needed, and put together as the phone does."""

    voice: Voice
    lines: Lines
    language: str
    instead: Mapping[str, str] | None = None
    """Words of a clip, and those of the clip that sounds in its place: a fault, on purpose."""

    def __post_init__(self) -> None:
        pieces = self.lines.pieces()
        carried = [*pieces, *self.lines.unlike(pieces), *self.lines.in_one_breath()]
        self._line = {line.text: line for line in carried}
        self._texts = Texts(list(self._line))
        self._clips: dict[str, bytes] = {"": sound.silence(PAUSE_S)}

    def cover(self, speech: str) -> list[str]:
        """The texts of the clips that say a clause."""
        texts = self._texts.cover(speech)
        assert texts is not None, speech
        return [self._exchanged(text) for text in texts]

    def _exchanged(self, text: str) -> str:
        instead = self.instead or {}
        other = " ".join(instead.get(word, word) for word in text.split(" "))
        return other if other in self._line else text

    def prepare(self, some: Iterable[Speeches]) -> None:
        """Render what is needed for some instructions."""
        texts = {text for speeches in some for clause in speeches for text in self.cover(clause)}
        needed = [self._line[text] for text in sorted(texts - self._clips.keys())]
        name = engine(self.voice.engine).voice(self.language, self.voice.wanted)
        made = render(self.voice, self.language, name, needed, lambda told: None)
        self._clips |= {line.text: clip for line, clip in made.items()}

    def sound(self, speeches: Speeches) -> sound.Samples:
        """What is heard of an instruction, at `EAR_RATE_HZ`."""
        covers = [self.cover(clause) for clause in speeches]
        texts = [text for cover in covers if cover for text in ["", *cover]][1:]
        joined = sound.decoded(b"".join(self._clips[text] for text in texts))
        return at_ear_rate(joined, sound.RATE_HZ)


def at_ear_rate(samples: sound.Samples, rate_hz: int) -> sound.Samples:
    shared = np.gcd(rate_hz, EAR_RATE_HZ)
    heard = resample_poly(samples, EAR_RATE_HZ // shared, rate_hz // shared)
    return np.asarray(heard, np.float32)


def phone(
    guide: Guide, language: str, content: Mapping[str, Any], voice: Voice, **said: Any
) -> Phone:
    return Phone(voice, Lines(guide.network, language, content), language, **said)


def cached(engine_name: str, folder: Path) -> Voice:
    return Voice(engine_name, cache=folder, jobs=2)
