"""The texts of a voice's clips, so that every route through a venue can be spoken.

Clauses are cut into pieces that many of them share (`cuts` in `guidance.json` of a language):
whatever is said about a place, lift or floor is made of them, on any route. The most frequent
clauses of scripted routes are also said in one breath, as far as the byte budget goes;
but a place's name is always a clip of its own, so that a new name is one new clip.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from string import Formatter
from typing import Any

from exporter.voice.cover import Texts, trimmed
from exporter.voice.pinyin import is_pinyin, pinyin
from exporter.words.voices import voicing
from navkit.guidance.cues import Cue, CueKind
from navkit.guidance.guidance import NAMES, Teller, phrases
from navkit.guidance.measure import rounded_m
from navkit.guidance.overview import said_min
from navkit.guidance.rules import rules
from navkit.network.network import Network
from navkit.words.speech import Speaker

LONGEST_TOLD_M = 200
"""Longer stretches of one corridor are rare; a clip for each 10 m is not worth its bytes."""
LONGEST_MIN = 30
"""Minutes of a route that have clips."""
MOST_DOORS = 5
"""Doors counted on one stretch that have clips."""


@dataclass(frozen=True)
class Line:
    """The text of one clip."""

    text: str
    pinyin: str
    """Empty if the language has none."""

    @property
    def id(self) -> str:
        """Names its recording; unchanged as long as the text is."""
        return hashlib.sha256(trimmed(self.text).encode()).hexdigest()[:12]


def line(text: str, speaker: Speaker) -> Line:
    """A text with its pronunciation, if the language is Chinese."""
    chinese = voicing(speaker.language).has_pinyin
    return Line(text, pinyin(text, speaker.wording.pinyin) if chinese else "")


def sayable(one: Line, speaker: Speaker) -> bool:
    """Whether an engine may get it: no digit, no foreign letter, no unknown character."""
    return not speaker.unsayable(one.text) and is_pinyin(one.pinyin)


class Lines:
    """Everything to be said in one language of a venue."""

    def __init__(self, network: Network, language: str, scripts: Mapping[str, Any]) -> None:
        self._venue = network.venue
        self._book = phrases(language)
        self._teller = Teller(network, language)
        self._speaker = self._venue.speaker(language)
        self._scripts = scripts

    def pieces(self) -> list[Line]:
        """All pieces from which clauses of any route are assembled, sorted by text."""
        names: set[str] = set()
        others: set[str] = set()
        for kind in CueKind:
            for part in self._teller.parts(kind):
                texts = names if part in NAMES else others
                for slots in self._fillings(kind, part):
                    texts.update(self._apart(self._teller.pieces(part, slots)))
        return self._lines(self._shared(names) | others)

    def _apart(self, pieces: list[str]) -> list[str]:
        """Pieces of a name, unless they would be pronounced differently apart."""
        gap: str = self._book["gap"]
        return pieces if self._sounds_alike(pieces, gap.join(pieces)) else [gap.join(pieces)]

    def _shared(self, texts: set[str]) -> set[str]:
        """Texts that begin with another become their rest, if others end that way too.

        Cardiology Waiting Area is spoken as Cardiology and Waiting Area.
        """
        rest = {}
        for text in texts:
            ends = (end for end in range(len(text) - 2, 1, -1) if text[:end].strip() in texts)
            whole = (end for end in ends if not (text[end - 1].isascii() and text[end] != " "))
            end = next(whole, 0)
            if end and self._sounds_alike([text[:end], text[end:]], text):
                rest[text] = text[end:].strip()
        often = Counter(rest.values())
        return {rest[t] if often[rest.get(t, "")] > 1 else t for t in texts}

    def _sounds_alike(self, pieces: Sequence[str], whole: str) -> bool:
        apart = " ".join(filter(None, map(self._dictionary, pieces)))
        return apart == self._dictionary(whole)

    def clauses(self) -> list[Line]:
        """All clauses of scripted routes."""
        cues = range(len(self._scripts["cues"]))
        return [self._line(text) for text in sorted({self._said(number) for number in cues})]

    def in_one_breath(self) -> list[Line]:
        """What sounds better whole: numbers on doors, then clauses without a place's name.

        Those said in most places come first.
        """
        return [*self._numbers(), *self._nameless()]

    def _numbers(self) -> list[Line]:
        counted = Counter(
            number
            for part in sorted(NAMES)
            for slots in self._fillings(None, part)
            for number in self._speaker.numbers(self._teller.filled(part, slots))
        )
        return self._ranked(counted)

    def _nameless(self) -> list[Line]:
        counted: Counter[str] = Counter()
        cues = self._scripts["cues"]
        for step in self._scripts["steps"]:
            nameless = (number for number in step[4:] if not _OF_PLACES & cues[number][1].keys())
            counted.update(map(self._said, nameless))
        return self._ranked(counted)

    def _ranked(self, counted: Mapping[str, int]) -> list[Line]:
        ranked = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        return [self._line(text) for text, _ in ranked]

    @cached_property
    def _said(self) -> Callable[[int], str]:
        kinds = {kind.value: kind for kind in CueKind}
        cues = [Cue(kinds[kind], slots) for kind, slots in self._scripts["cues"]]
        return cache(lambda number: self._teller.clause(cues[number]).speech)

    def unlike(self, pieces: Sequence[Line]) -> list[Line]:
        """Scripted clauses that the pieces do not cover, or would pronounce differently."""
        covering = Texts([piece.text for piece in pieces])
        covers = ((clause, covering.cover(clause.text)) for clause in self.clauses())
        return [
            clause
            for clause, cover in covers
            if cover is None or not self._sounds_alike(cover, clause.text)
        ]

    @cached_property
    def _dictionary(self) -> Callable[[str], str]:
        return cache(self._looked_up)

    def _looked_up(self, text: str) -> str:
        """Pinyin as in a dictionary, without pauses: independent of the neighbours."""
        if not voicing(self._speaker.language).has_pinyin:
            return ""
        own = self._speaker.wording.pinyin
        return pinyin(trimmed(text), own, sandhi=False).replace(" ,", "")

    @cached_property
    def _line(self) -> Callable[[str], Line]:
        return cache(lambda text: line(text, self._speaker))

    def _lines(self, texts: Iterable[str]) -> list[Line]:
        """A line for each different text; of those that differ only at their ends, the longest."""
        longest: dict[str, str] = {}
        for text in sorted(texts, key=lambda text: (len(text), text)):
            if trimmed(text):
                longest[trimmed(text)] = text
        return [self._line(text) for text in sorted(longest.values())]

    def _fillings(self, kind: CueKind | None, part: str) -> Iterator[dict[str, int]]:
        names = [name for _, name, _, _ in Formatter().parse(part) if name]
        for values in product(*(self.values(name, kind) for name in names)):
            yield dict(zip(names, values, strict=True))

    def values(self, name: str, kind: CueKind | None) -> Iterable[int]:
        """Values that a slot may have in this venue."""
        venue = self._venue
        match name:
            case "place":
                return [n for n, place in enumerate(venue.places) if place.access == "public"]
            case "sign":
                return [n for n, place in enumerate(venue.places) if place.on_door]
            case "entry":
                return [n for n, place in enumerate(venue.places) if place.entry]
            case "board":
                return range(len(venue.boards))
            case "stripe":
                return range(len(venue.stripes))
            case "anchor":
                return range(len(venue.anchors))
            case "connector":
                return self._shafts(kind)
            case "level" | "floor":
                return range(len(venue.levels))
            case "floors":
                return range(2, max(2, max((len(c.stops) for c in venue.connectors), default=0)))
            case "cm":
                return sorted({100 * rounded_m(100 * m) for m in range(1, LONGEST_TOLD_M + 1)})
            case "is":
                return range(len(self._book["grammar"]["verbs"]))
            case "minutes":
                return sorted({said_min(n, rules()) for n in range(2, LONGEST_MIN + 1)})
            case "nth":
                return range(1, len(self._book["ordinals"]) + 1)
            case "count":
                return range(2, MOST_DOORS + 1)
        raise ValueError(name)

    def _shafts(self, kind: CueKind | None) -> list[int]:
        """Numbers of the connectors; of one kind if the cue is about that kind."""
        venue = self._venue
        first = len(venue.spaces) + len(venue.doors)
        wanted = _SHAFTS.get(kind.family) if kind else None
        kinds = [*(c.kind for c in venue.connectors), *(path.kind for path in venue.paths)]
        found = [first + n for n, kind in enumerate(kinds) if kind != "footway"]
        return [n for n in found if wanted in (None, kinds[n - first])]


_OF_PLACES = {"place", "sign", "entry", "anchor", "board"}
_SHAFTS = {
    "lift": "elevator",
    "stairs": "stairs",
    "stairs-one": "stairs",
    "stairs-few": "stairs",
    "escalator": "escalator",
    "ramp": "ramp",
}
"""Kinds of connectors by families of cues."""
