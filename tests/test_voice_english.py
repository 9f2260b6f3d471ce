"""English clips played to a recogniser that knows all instructions of the hospital.

pocketsphinx listens with a grammar of many instructions on the routes from two starts: another
floor, number, side, lift or name is another instruction. The result must equal the text word by
word, or it counts as not understood. To find clips that are mixed up, it listens for anything.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from string import Formatter
from typing import Any

import numpy as np
import pocketsphinx
import pytest
from listening import (
    EAR_RATE_HZ,
    Rendering,
    Speeches,
    instructions,
    rendering,
    sample,
    scripted,
)

from exporter.voice.clips import Voice
from exporter.voice.lines import Lines
from exporter.voice.sound import Samples
from navkit.guidance.cues import CueKind
from navkit.guidance.guidance import Teller, phrases
from navkit.guide import Guide

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(
        find_spec("espeakng_loader") is None, reason="espeakng_loader is not installed"
    ),
]

STARTS = ("mz-1F-D-main", "zy-12F-C1201")
"""The main entrance and a code high up in the tower: lifts, stairs, bridges and a ramp."""
SEED = 2026
MANY, FEW = 35, 7
"""Instructions that are listened to: by `make check-voice`, and in every check."""
UNDERSTOOD = 6 / 7
"""So many of them at least are understood."""
AMONG = 500
"""Instructions that might have been said."""

EXCHANGED = {"left": "right", "right": "left", "up": "down", "down": "up", "two": "five"}
"""Words of a clip, and of the clip in its place: a bundle whose clips are mixed up."""

NOT_IN_DICTIONARY = """
    antenatal            AE N T IY N EY T AH L
    bronchoscopy         B R AA NG K AA S K AH P IY
    colonoscopy          K OW L AH N AA S K AH P IY
    colposcopy           K AA L P AA S K AH P IY
    counselling          K AW N S AH L IH NG
    cystoscopy           S IH S T AA S K AH P IY
    electrocardiography  IH L EH K T R OW K AA R D IY AA G R AH F IY
    electromyography     IH L EH K T R OW M AY AA G R AH F IY
    forecourt            F AO R K AO R T
    four-way             F AO R W EY
    gastroenterology     G AE S T R OW EH N T ER AA L AH JH IY
    gastroscopy          G AE S T R AA S K AH P IY
    gynaecology          G AY N AH K AA L AH JH IY
    haematology          HH IY M AH T AA L AH JH IY
    high-floor           HH AY F L AO R
    interventional       IH N T ER V EH N SH AH N AH L
    neonatology          N IY OW N AH T AA L AH JH IY
    nephrology           N EH F R AA L AH JH IY
    orthopaedic          AO R TH AH P IY D IH K
    orthopaedics         AO R TH AH P IY D IH K S
    paediatric           P IY D IY AE T R IH K
    paediatrics          P IY D IY AE T R IH K S
    phototherapy         F OW T OW TH EH R AH P IY
    physiotherapy        F IH Z IY OW TH EH R AH P IY
    pre-operation        P R IY AA P ER EY SH AH N
    proctology           P R AA K T AA L AH JH IY
    radiotherapy         R EY D IY OW TH EH R AH P IY
    self-service         S EH L F S ER V AH S
    step-free            S T EH P F R IY
    t-junction           T IY JH AH NG K SH AH N
    tuina                T W IY N AH
    urodynamics          Y UH R OW D AY N AE M IH K S
"""
"""Words of the example that pocketsphinx does not know, in its symbols, written by hand."""

PAD_S = 0.6
NOISE = 0.002
"""Standard deviation of the faint noise over all, as of a microphone."""


def words(speech: str) -> str:
    """A speech as the grammar has it: small letters, no marks."""
    return " ".join(re.sub(r"[^a-z' -]", " ", speech.lower()).split())


def said(speeches: Speeches) -> str:
    return words(" ".join(speeches))


def any_of(texts: Iterable[str]) -> str:
    """JSGF for some texts; what begins alike is written once, and what goes on alike too.

    No bracket without need: each is one more state, and the search twice as slow.
    """
    after: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        first, _, rest = text.partition(" ")
        after[first].add(rest)
    may_end = bool(after.pop("", None))
    alike = defaultdict(list)
    for first in sorted(after):
        alike[any_of(after[first])].append(first)
    choices = [f"{_one_of(some)} {rest}".strip() for rest, some in alike.items()]
    return f"[{' | '.join(choices)}]" if may_end and choices else _one_of(choices)


def _one_of(choices: list[str]) -> str:
    return f"({' | '.join(choices)})" if len(choices) > 1 else "".join(choices)


def grammar(told: Iterable[Speeches]) -> str:
    """JSGF of all instructions: a correct result is distinguished from each of them."""
    return f"#JSGF V1.0;\ngrammar g;\npublic <all> = {any_of(map(said, told))};"


def anything(lines: Lines, teller: Teller) -> str:
    """JSGF of all that can be said: clauses of every kind, with everything that fits their slots.

    More than can be said, to be strict: the recogniser may hear any prefix of a kind with any
    name and any ending, and clauses in any order.
    """
    book = phrases("en")
    values: dict[str, set[str]] = defaultdict(set)
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    plain = set()
    for kind in CueKind:
        template = book["speech"].get(kind, book["clauses"][kind])
        rule = {}
        slots = [slot for _, slot, _, _ in Formatter().parse(template) if slot]
        if not all(list(lines.values(slot, kind)) for slot in slots):
            continue  # Of what this hospital has none of, nothing is said.
        for _, slot, _, _ in Formatter().parse(template):
            if slot:
                is_name = slot in {"place", "anchor"} or kind.family in {"find", "towards-shaft"}
                rule[slot] = "<name>" if is_name else f"<{slot}>"
                spoken = (teller.filled(f"{{{slot}}}", {slot: v}) for v in lines.values(slot, kind))
                values[rule[slot]] |= set(map(words, spoken))
        parts = re.split(r"(<\w+>)", template.format(**rule), maxsplit=1)
        if len(parts) == 1:
            plain.add(words(template))
        else:
            first, name, rest = parts
            before[name].add(words(first))
            after[name].add(
                " ".join(p if p in values else words(p) for p in re.split(r"(<\w+>)", rest)).strip()
            )
    clauses = [any_of(plain)]
    clauses += [f"{any_of(before[name])} {name} {any_of(after[name])}" for name in before]
    rules = [f"{name} = {any_of(some)};" for name, some in values.items()]
    return "\n".join(
        ["#JSGF V1.0;", "grammar g;", f"public <all> = ({' | '.join(clauses)})+;", *rules]
    )


class Ear:
    """pocketsphinx with the grammar of one hospital."""

    def __init__(self, jsgf: str) -> None:
        self._decoder: Any = pocketsphinx.Decoder(
            lm=None,
            dither=True,
            remove_noise=False,
            bestpath=False,  # A lattice of so large a grammar takes minutes, for nothing.
            loglevel="FATAL",
        )
        for row in NOT_IN_DICTIONARY.strip().splitlines():
            word, phones = row.split(maxsplit=1)
            self._decoder.add_word(word, phones, False)
        self._decoder.add_jsgf_string("all", jsgf)
        self._decoder.activate_search("all")

    def hears(self, samples: Samples) -> str:
        pad = np.zeros(round(PAD_S * EAR_RATE_HZ))
        padded = np.concatenate([pad, samples, pad])
        noisy = padded + np.random.default_rng(SEED).normal(0, NOISE, len(padded))
        self._decoder.start_utt()
        self._decoder.process_raw(
            np.clip(noisy * 32767, -32768, 32767).astype("<i2").tobytes(), full_utt=True
        )
        self._decoder.end_utt()
        heard = self._decoder.hyp()
        return heard.hypstr if heard else ""


def misheard(
    english: Rendering, ear: Ear, told: Sequence[Speeches], count: int = MANY
) -> dict[str, str]:
    """Of a sample of instructions, what was heard instead of what was said."""
    some = sample(told, AMONG, SEED)[:count]
    english.prepare(some)
    heard = {said(one): ear.hears(english.sound(one)) for one in some}
    assert len(heard) == count
    return {meant: other for meant, other in heard.items() if other != meant}


@pytest.fixture(scope="module")
def told(example: Guide) -> dict[str, Any]:
    return scripted(example, STARTS)


@pytest.fixture(scope="module")
def english(example: Guide, told: dict[str, Any]) -> Rendering:
    return rendering(example, "en", told, Voice("pyttsx3", jobs=2))


@pytest.fixture(scope="module")
def ear(example: Guide, told: dict[str, Any]) -> Ear:
    return Ear(grammar(sample(instructions(example, "en", told), AMONG, SEED)))


@pytest.mark.long
@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.listening)])
def test_english_clips_are_understood(
    example: Guide, told: dict[str, Any], english: Rendering, ear: Ear, count: int
) -> None:
    wrong = misheard(english, ear, instructions(example, "en", told), count)

    assert count - len(wrong) >= UNDERSTOOD * count, wrong


@pytest.mark.rest
@pytest.mark.long
def test_exchanged_clips_are_noticed(
    example: Guide, told: dict[str, Any], english: Rendering
) -> None:
    wrong = rendering(example, "en", told, english.voice, instead=EXCHANGED)
    told_wrong = [
        one
        for one in instructions(example, "en", told)
        if any(wrong.cover(clause) != english.cover(clause) for clause in one)
    ]
    some = sample(told_wrong, 6, SEED)
    ear = Ear(anything(english.lines, Teller(example.network, "en")))
    wrong.prepare(some)

    heard = [ear.hears(wrong.sound(one)) for one in some]

    assert [said(one) for one, h in zip(some, heard, strict=True) if h == said(one)] == []
    played = [words(" ".join(t for clause in one for t in wrong.cover(clause))) for one in some]
    assert sum(h == p for h, p in zip(heard, played, strict=True)) >= 3, heard


@pytest.mark.listening
@pytest.mark.parametrize("engine", ["kokoro", "pyttsx3"])
def test_english_by_all_engines_is_measured(
    engine: str,
    example: Guide,
    told: dict[str, Any],
    ear: Ear,
    capsys: pytest.CaptureFixture[str],
) -> None:
    english = rendering(example, "en", told, Voice(engine))

    wrong = misheard(english, ear, instructions(example, "en", told))

    with capsys.disabled():
        print(f"\nEnglish, {engine}: {MANY - len(wrong)} of {MANY} instructions")
        for meant, heard in wrong.items():
            print(f"    said  {meant}\n    heard {heard or 'nothing'}")
    assert len(wrong) < MANY
