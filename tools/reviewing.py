"""The review sheet of directions: a line for each pattern of a sentence, with its worst example.

A building is told by tens of thousands of steps, but by few patterns: the kinds of their cues, left
and right taken as one. The worst example is a step that leads a literal reader astray, if there is
one among the longest, else the longest.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.bundle.scripts_file import scripts
from exporter.paper.verdicts import (
    RIGHT,
    WRONG,
    Verdict,
    headings,
    now,
    route_hash,
    verdict_words,
)
from navkit.guidance.chunks import cards_of
from navkit.guidance.guidance import Teller, measure, phrases
from navkit.guidance.steps import Step
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.routing import Route
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import write_whole
from navkit.walk.picture import step_svg
from navkit.walk.verdict import Judge
from tools.walking import account_of

JUDGED = 3
"""Examples of a pattern, the longest ones at different spots, that the literal reader walks."""


@dataclass(frozen=True, order=True)
class Example:
    """A step of a route, from the shortest to the longest."""

    length_cm: int
    start: str
    goal: str
    number: int
    route: Route = field(compare=False)
    step: Step = field(compare=False)

    @property
    def spot(self) -> int:
        return self.route.nodes[self.step.last]


@dataclass
class Pattern:
    """Steps that are told by the same kinds of cues."""

    kinds: tuple[str, ...]
    used: int = 0
    longest: dict[int, Example] = field(default_factory=dict)
    """By the spot at which they end."""

    @property
    def id(self) -> str:
        return hashlib.sha256(" ".join(self.kinds).encode()).hexdigest()[:8]

    def add(self, example: Example) -> None:
        self.used += 1
        known = self.longest.get(example.spot)
        if known is None or example > known:
            self.longest[example.spot] = example
            if len(self.longest) > JUDGED:
                del self.longest[min(self.longest, key=lambda spot: self.longest[spot])]


def patterns(guide: Guide) -> list[Pattern]:
    """Of all scripted routes, those of most steps first."""
    found: dict[tuple[str, ...], Pattern] = {}
    for script in scripts(guide):
        for number, step in enumerate(cards_of(script.route, guide.around), start=1):
            kinds = tuple(re.sub("left|right", "side", cue.kind.value) for cue in step.cues)
            length_cm, _ = measure(script.route, step)
            example = Example(length_cm, script.start, script.goal, number, script.route, step)
            found.setdefault(kinds, Pattern(kinds)).add(example)
    return sorted(found.values(), key=lambda one: (-one.used, one.kinds))


@dataclass(frozen=True)
class Line:
    """A line of the sheet, with its picture."""

    cells: Mapping[str, str]
    svg: str


class Review:
    """The sheet of one venue in one language."""

    def __init__(self, guide: Guide, language: str, verdicts: Sequence[Verdict]) -> None:
        self._guide, self._language = guide, language
        self._before = {one.pattern: one for one in verdicts if one.language == language}
        self._teller = Teller(guide.network, language)
        self._judge = Judge(guide.network)

    def lines(self) -> Iterator[Line]:
        for pattern in patterns(self._guide):
            yield self._line(pattern)

    def _line(self, pattern: Pattern) -> Line:
        before = self._before.get(pattern.id)
        holds = before is not None and now(self._guide, before) == before.hash
        example = self._again(before) if before and holds else self._worst(pattern)
        astray, svg = self._walked(example)
        told = self._guide.tell(example.route, self._language)
        cells = {
            "pattern": pattern.id,
            "sentence": self._sentence(example.step),
            "said": self._teller.instruction(example.route, example.step).text,
            "used": str(pattern.used),
            "astray": astray,
            "picture": f"{pattern.id}.svg",
            "verdict": self._word(before) if before and holds else "",
            "remark": before.remark if before and holds else "",
            "signed": before.signed if before and holds else "",
            "before": "" if before is None or holds else f"{self._word(before)} {before.remark}",
            "level": self._level(example),
            "start": example.start,
            "goal": example.goal,
            "profile": example.route.profile.id,
            "step": str(example.number),
            "language": self._language,
            "hash": route_hash(told),
        }
        return Line(cells, svg)

    def _again(self, before: Verdict) -> Example:
        """The step that staff have read."""
        route = self._guide.route(before.start, before.goal, profiles()[before.profile])
        step = cards_of(route, self._guide.around)[before.step - 1]
        length_cm, _ = measure(route, step)
        return Example(length_cm, before.start, before.goal, before.step, route, step)

    def _worst(self, pattern: Pattern) -> Example:
        longest = sorted(pattern.longest.values(), reverse=True)
        return next((one for one in longest if self._walked(one)[0]), longest[0])

    def _walked(self, example: Example) -> tuple[str, str]:
        """The kind of cue that leads a literal reader astray, empty if none does; and a picture."""
        route = example.route
        account = account_of(route, cards_of(route, self._guide.around))
        verdict = self._judge.verdicts(account)[example.number - 1]
        said = self._teller.instruction(route, example.step).text
        told = account.told[example.number - 1]
        drawn = step_svg(self._judge.floors, account, told, verdict, said, self._language)
        return verdict.failed, drawn

    def _sentence(self, step: Step) -> str:
        """Its clauses as the phrase book has them."""
        book = phrases(self._language)
        clauses = (book["clauses"][cue.kind].replace("|", "") for cue in step.cues)
        return " / ".join(re.sub(r"\{\w+\}", "…", clause) for clause in clauses)

    def _word(self, said: Verdict) -> str:
        right, wrong = verdict_words(self._language)
        return {RIGHT: right, WRONG: wrong}.get(said.verdict, "")

    def _level(self, example: Example) -> str:
        network = example.route.network
        return network.venue.levels[network.level[example.spot]].id


def write(lines: Sequence[Line], language: str, file: Path) -> Path:
    """The sheet, and its pictures in a folder beside it, which is returned."""
    names = headings(language)
    folder = file.with_name(f"{file.stem}-pictures")
    rows = []
    for line in lines:
        cells = {**line.cells, "picture": f"{folder.name}/{line.cells['picture']}"}
        rows.append([cells[key] for key in names])
        write_whole(file.parent / cells["picture"], line.svg.encode("utf-8"))
    write_whole(file, as_csv([list(names.values()), *rows]))
    return folder
