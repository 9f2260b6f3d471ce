"""Guidance: the steps of a route in one language, to be shown and spoken.

All words come from `guidance.json` of the language; this module only fills in. One `Instruction`
is the source of screen text, speech, print and clips.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.measure import rounded_m
from navkit.guidance.steps import Step, steps_of
from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Network
from navkit.route.routing import Route
from navkit.venue.venue import name_in
from navkit.words.languages import language_of, words

NAMES = {"{place}", "{sign}", "{entry}", "{anchor}", "{connector}"}
"""Parts of a template that are a name and nothing else."""


@dataclass(frozen=True)
class Clause:
    """The smallest thing that is said by itself; `kind` names the phrase it was made from."""

    kind: CueKind
    text: str
    speech: str


@dataclass(frozen=True)
class Instruction:
    """One card: what to do from node `first` to node `last` of the route."""

    text: str
    speech: str
    clauses: tuple[Clause, ...]
    level: int
    """Number of the level it starts on."""
    length_cm: int
    duration_ms: int
    turn_deg: int
    first: int
    last: int


@dataclass(frozen=True)
class Guidance:
    """A route in one language."""

    language: str
    instructions: tuple[Instruction, ...]
    notices: tuple[Clause, ...]
    """What the walker should know about the whole route: unverified widths, hours of the goal."""


def phrases(language: str) -> dict[str, Any]:
    """The phrase book of a language, as in the bundle."""
    own = language_of(language)
    return {"language": own.tag, "name": own.name, **words(language, "guidance")}


class Teller:
    """Puts steps into one language for one network."""

    def __init__(self, network: Network, language: str) -> None:
        self._venue = network.venue
        self._language = language
        self._book = phrases(language)
        self._speaker = network.venue.speaker(language)

    def clause(self, cue: Cue) -> Clause:
        """A cue as words, to read and to hear."""
        filled = {name: self._slot(name, value) for name, value in cue.slots.items()}
        template: str = self._book["clauses"][cue.kind]
        text = template.format_map({name: pair[0] for name, pair in filled.items()})
        said: str = self._book["speech"].get(cue.kind, template)
        speech = said.format_map({name: pair[1] for name, pair in filled.items()})
        return Clause(cue.kind, text, speech)

    def parts(self, kind: str) -> list[str]:
        """The spoken template, cut where a speaker may take a breath."""
        said: str = self._book["speech"].get(kind, self._book["clauses"][kind])
        cut: str = self._book["cuts"].get(kind, said)
        return [part.strip() for part in cut.split("|")]

    def pieces(self, part: str, slots: Mapping[str, int]) -> list[str]:
        """A part with its slots filled in. A name by itself is cut again, at its numbers."""
        said = self.filled(part, slots)
        return self._speaker.pieces(said) if part in NAMES else [said]

    def filled(self, part: str, slots: Mapping[str, int]) -> str:
        """A part of a template in spoken form."""
        return part.format_map({name: self._slot(name, value)[1] for name, value in slots.items()})

    def _slot(self, name: str, value: int) -> tuple[str, str]:
        """Text and speech of a slot."""
        match name:
            case "place":
                return self._named(self._venue.places[value].names)
            case "sign":
                return self._sign(value)
            case "entry":
                return self._named(self._venue.places[value].entry)
            case "anchor":
                anchor = self._venue.anchors[value]
                return self._named(anchor.names or {"": anchor.code})
            case "level":
                label = self._venue.levels[value].label
                return label, self._speaker.level(label)
            case "floor":
                return self._floor(value)
            case "connector":
                return self._connector(value)
            case "cm":
                metres = rounded_m(value)
                return str(metres), self._number(metres)
            case "nth":
                ordinal: str = self._book["ordinals"][value - 1]
                return ordinal, ordinal
            case "count" | "floors":
                return self._number(value), self._number(value)
        return str(value), str(value)

    def _named(self, names: Mapping[str, str]) -> tuple[str, str]:
        text = name_in(names, self._language)
        return text, self._speaker.name(text)

    def _sign(self, number: int) -> tuple[str, str]:
        """The sign on a place's door, without the name, which has been said already."""
        place = self._venue.places[number]
        text = name_in(place.on_door, self._language)
        return text, self._speaker.sign(text, place.names.values())

    def _floor(self, number: int) -> tuple[str, str]:
        """Building and posted label, for somebody who comes from another building."""
        level = self._venue.levels[number]
        text, speech = self._named(self._venue.building_names.get(level.building, {}))
        gap = self._book["gap"] if text else ""
        return (
            f"{text}{gap}{level.label}",
            f"{speech}{gap}{self._speaker.level(level.label)}",
        )

    def _connector(self, number: int) -> tuple[str, str]:
        """The name of a shaft, else the word for its kind."""
        venue = self._venue
        index = number - len(venue.spaces) - len(venue.doors)
        if index < len(venue.connectors):
            names, kind = venue.connectors[index].names, venue.connectors[index].kind
        else:
            path = venue.paths[index - len(venue.connectors)]
            names, kind = {}, path.kind if path.kind != "footway" else "stairs"
        text = name_in(names, self._language) or self._book["shafts"][kind]
        return text, self._speaker.name(text)

    def _number(self, value: int) -> str:
        word: str = self._book["numbers"].get(str(value), str(value))
        return word

    def sentence(self, clauses: tuple[Clause, ...]) -> tuple[str, str]:
        """Clauses joined to one sentence: text and speech."""
        return (
            self._joined([clause.text for clause in clauses]),
            self._joined([clause.speech for clause in clauses]),
        )

    def _joined(self, parts: list[str]) -> str:
        text: str = self._book["join"].join(part for part in parts if part)
        stop: str = self._book["stop"]
        return text[:1].upper() + text[1:] + stop

    def instruction(self, route: Route, step: Step) -> Instruction:
        """A step as one card."""
        clauses = tuple(self.clause(cue) for cue in step.cues)
        text, speech = self.sentence(clauses)
        length_cm, duration_ms = measure(route, step)
        return Instruction(
            text=text,
            speech=speech,
            clauses=clauses,
            level=route.network.level[route.nodes[step.first]],
            length_cm=length_cm,
            duration_ms=duration_ms,
            turn_deg=step.turn_deg,
            first=step.first,
            last=step.last,
        )


def measure(route: Route, step: Step) -> tuple[int, int]:
    """Centimetres and milliseconds of a step."""
    length_cm = duration_ms = 0
    for i in range(step.first, step.last):
        length_cm += route.network.length_cm[route.darts[i] >> 1]
        duration_ms += route.durations_ms[i]
    return length_cm, duration_ms


def guide(route: Route, around: Surroundings, language: str) -> Guidance:
    """A route in one language."""
    teller = Teller(route.network, language)
    return Guidance(
        language=language,
        instructions=tuple(teller.instruction(route, step) for step in steps_of(route, around)),
        notices=tuple(teller.clause(cue) for cue in _notices(route)),
    )


def _notices(route: Route) -> list[Cue]:
    """Cues about the whole route."""
    cues = [Cue(kind_of("notice", missing)) for missing in route.unverified]
    places = route.network.venue.places
    for place in route.goal.places:
        minute = route.at.minute
        if minute is not None and not places[place].hours.is_open(minute):
            cues.append(Cue(CueKind.NOTICE_CLOSED_NOW, {"place": place}))
    if route.at.closed:
        cues.append(Cue(CueKind.NOTICE_CLOSED))
    return cues
