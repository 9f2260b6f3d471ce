"""Guidance: the steps of a route in one language, to be shown and spoken.

All words come from `guidance.json` of the language; this module only fills in. One `Instruction`
is the source of screen text, speech, print and clips.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from navkit.guidance.chunks import cards_of
from navkit.guidance.cues import Cue, CueKind, kind_of
from navkit.guidance.measure import rounded_m, rounded_min
from navkit.guidance.overview import overview
from navkit.guidance.steps import Step
from navkit.guidance.surroundings import Surroundings
from navkit.network.network import Network
from navkit.route.routing import Route
from navkit.venue.naming import (
    anchor_called,
    board_called,
    building_called,
    connector_called,
    entry_called,
    place_called,
    sign_called,
)
from navkit.words.called import Called
from navkit.words.languages import language_of, words

NAMES = {"{place}", "{sign}", "{entry}", "{anchor}", "{board}", "{connector}"}
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
class Overview:
    """The whole route at a glance; empty if there is nowhere to go."""

    text: str
    speech: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Guidance:
    """A route in one language."""

    language: str
    overview: Overview
    """What comes before the first step: where the goal is, how long it takes, which floors."""
    instructions: tuple[Instruction, ...]
    notices: tuple[Clause, ...]
    """What the walker should know about the whole route: unverified widths, hours of the goal."""
    alternatives: tuple[str, ...]
    """Of each alternative of the route, what it takes and what it saves."""


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
        """A cue as words, to read and to hear; none about what needs no mention."""
        filled = {name: self._slot(name, value) for name, value in cue.slots.items()}
        if not all(shown for shown, _ in filled.values()):
            return Clause(cue.kind, "", "")
        filled["is"] = self._verbs(filled)
        template: str = self._book["clauses"][cue.kind]
        text = template.format_map({name: pair[0] for name, pair in filled.items()})
        said: str = self._book["speech"].get(cue.kind, template)
        speech = said.format_map({name: pair[1] for name, pair in filled.items()})
        is_silent = any(shown and not heard for shown, heard in filled.values())
        return Clause(cue.kind, text, "" if is_silent else speech)

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

    def _verbs(self, filled: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
        """The verb that a name takes, for what is shown and for what is said."""
        pair = next((filled[name] for name in _SUBJECTS if name in filled), ("", ""))
        return self._verb(pair[0]), self._verb(pair[1])

    def _verb(self, name: str) -> str:
        grammar = self._book["grammar"]
        is_plural = self._is_joined(name) or grammar["nouns"].get(self._noun(name), 0)
        verb: str = grammar["verbs"][1 if is_plural else 0]
        return verb

    def _named(self, name: Called) -> tuple[str, str]:
        return self._part(name.text), self._part(name.speech)

    def _part(self, name: str) -> str:
        """A name as a part of a sentence: with its article, and a word by itself in small
        letters."""
        grammar = self._book["grammar"]
        first = name.partition(" ")[0].lower()
        if first in grammar["placed"]:
            return f"{grammar['at']}{name[:1].lower()}{name[1:]}"
        if (
            first in grammar["bare"]
            or re.match(_DIGIT, first)
            or self._noun(name) not in grammar["nouns"]
            or self._is_joined(name)
        ):
            return name
        return f"{grammar['the']}{name if ' ' in name else name.lower()}"

    def _noun(self, name: str) -> str:
        """The word of a name that decides about article and verb: its last, or the last before
        what only tells more about it."""
        return self._head(name).rpartition(" ")[2].lower()

    def _head(self, name: str) -> str:
        """A name without what only tells more about it."""
        for more in self._book["grammar"]["more"]:
            name = name.partition(more)[0] or name
        return name

    def _is_joined(self, name: str) -> bool:
        """Whether a name is of two things, such as ``Registration and Cashier``."""
        grammar = self._book["grammar"]
        before, _, noun = self._head(name).rpartition(" ")
        is_and = before.rpartition(" ")[2].lower() == grammar["joins"]
        return bool(grammar["joins"]) and is_and and noun.lower() in grammar["nouns"]

    def _coded(self, name: Called, word: str) -> tuple[str, str]:
        """A name, with the word for the thing if it is nothing but a code, such as ``TR07``."""
        grammar = self._book["grammar"]
        if not word or not re.fullmatch(grammar["code"], name.text):
            return self._named(name)
        coded: str = grammar["coded"]
        return (
            coded.format(word=word, name=name.text),
            coded.format(word=word, name=name.speech) if name.speech else "",
        )

    def _place(self, number: int) -> tuple[str, str]:
        """A place; a room that has only a number is called a room."""
        place = self._venue.places[number]
        name = place_called(place, self._speaker)
        kinds = [self._venue.space_by_id[space].kind for space in place.spaces[:1]]
        word = "" if place.door else self._book["coded"].get(kinds[0] if kinds else "", "")
        return self._coded(name, word)

    def _sign(self, number: int) -> tuple[str, str]:
        """The sign on the door of a place; empty if it says what has been said: the name."""
        place = self._venue.places[number]
        sign = sign_called(place, self._speaker)
        return ("", "") if sign.text == place_called(place, self._speaker).text else _pair(sign)

    def _storey(self, label: str) -> str:
        """A posted label; one that is only a number needs a word in a sentence."""
        grammar = self._book["grammar"]
        number: str = grammar["number"]
        return number.format(label=label) if re.fullmatch(_NUMBER, label) else label

    def _slot(self, name: str, value: int) -> tuple[str, str]:
        """Text and speech of a slot."""
        match name:
            case "is":
                verb: str = self._book["grammar"]["verbs"][value]
                return verb, verb
            case "place":
                return self._place(value)
            case "sign":
                return self._sign(value)
            case "entry":
                return _pair(entry_called(self._venue.places[value], self._speaker))
            case "anchor":
                return self._named(anchor_called(self._venue.anchors[value], self._speaker))
            case "board":
                return _pair(board_called(self._venue, self._venue.boards[value], self._speaker))
            case "stripe":
                line: str = self._book["stripes"][self._venue.stripes[value].colour]
                return line, line
            case "level":
                label = self._venue.levels[value].label
                return self._storey(label), self._speaker.level(label)
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
            case "minutes":
                return str(value), self._number(value)
            case "count" | "floors":
                return self._number(value), self._number(value)
        return str(value), str(value)

    def _floor(self, number: int) -> tuple[str, str]:
        """Building and posted label, for somebody who comes from another building."""
        level = self._venue.levels[number]
        building = self._venue.building_names.get(level.building, {})
        shown, said = self._named(building_called(building, self._speaker))
        storey, heard = self._storey(level.label), self._speaker.level(level.label)
        if not shown:
            return storey, heard
        is_run_together = re.search(_LETTER_AT_END, shown) and re.match(_LETTER, storey)
        floor: str = self._book["grammar"]["apart" if is_run_together else "floor"]
        return (
            floor.format(building=shown, level=storey),
            floor.format(building=said, level=heard),
        )

    def _connector(self, number: int) -> tuple[str, str]:
        """The name of a shaft, else the word for its kind."""
        venue = self._venue
        index = number - len(venue.spaces) - len(venue.doors)
        if index < len(venue.connectors):
            connector = venue.connectors[index]
            name, kind = connector_called(connector, self._speaker), connector.kind
            if name.text:
                return self._coded(name, self._book["coded"].get(kind, ""))
        else:
            path = venue.paths[index - len(venue.connectors)]
            kind = path.kind if path.kind != "footway" else "stairs"
        word = self._part(self._book["shafts"][kind])
        return word, word

    def _number(self, value: int) -> str:
        word: str = self._book["numbers"].get(str(value), str(value))
        return word

    def sentence(self, clauses: Sequence[Clause]) -> tuple[str, str]:
        """Clauses joined to sentences: text and speech."""
        return (
            self._joined([(clause.kind, clause.text) for clause in clauses]),
            self._joined([(clause.kind, clause.speech) for clause in clauses]),
        )

    def _joined(self, parts: Sequence[tuple[str, str]]) -> str:
        """Clauses in one sentence, or in several where the language wants them: two that could
        stand alone are joined by its word for and, a third begins a sentence of its own."""
        book = self._book
        grammar, gap, stop = book["grammar"], book["gap"], book["stop"]
        whole, alone, is_over = "", 0, False
        for kind, text in parts:
            if not text:
                continue
            if kind in grammar["parted"]:
                first, _, rest = text.partition(book["join"])
                text = f"{first}{stop}{gap}{_capital(rest)}"
            opens, tells = kind in grammar["openers"], kind in grammar["trailers"]
            begins = opens or is_over or alone > 1 or kind in grammar["starts"]
            if not whole:
                whole = _capital(text)
            elif tells or not alone or not grammar["and"]:
                whole += (gap if kind in grammar.get("tails", ()) else book["join"]) + text
            elif begins:
                whole, alone = f"{whole.removesuffix(stop)}{stop}{gap}{_capital(text)}", 0
            else:
                whole += grammar["and"] + text
            alone += not opens and not tells
            is_over = kind in grammar.get("closers", ()) or (tells and alone > 0)
        return f"{whole.removesuffix(stop)}{stop}"

    def overview(self, cues: Sequence[Cue]) -> Overview:
        """The overview as sentences: where and how long, then one for each change."""
        clauses = tuple(self.clause(cue) for cue in cues)
        changes = [(clause,) for clause in clauses[2:]]
        said = [self.sentence(some) for some in (clauses[:2], *changes) if some]
        gap: str = self._book["gap"]
        return Overview(
            gap.join(text for text, _ in said), gap.join(speech for _, speech in said), clauses
        )

    def instruction(self, route: Route, step: Step) -> Instruction:
        """A step as one card."""
        told = (self.clause(cue) for cue in step.cues)
        clauses = tuple(clause for clause in told if clause.text)
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

    def alternative(self, route: Route, other: Route) -> str:
        """What a quicker way takes that the walker has not asked for, and what it saves."""
        book: Mapping[str, str] = self._book["others"]
        minutes = rounded_min(route.duration_ms - other.duration_ms)
        saved = book["sooner"].format(minutes=minutes) if minutes else book["soon"]
        join: str = self._book["join"]
        said = join.join([*(book[choice] for choice in other.unasked), saved])
        return f"{_capital(said)}{self._book['stop']}"


_SUBJECTS = ("place", "connector", "anchor")
"""Slots whose names take the verb."""


_NUMBER, _DIGIT = r"-?\d+", r"\d"
_LETTER, _LETTER_AT_END = r"[A-Za-z\d]", r"[A-Za-z\d]$"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pair(name: Called) -> tuple[str, str]:
    return name.text, name.speech


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
        overview=teller.overview(overview(route, around.rules)),
        instructions=tuple(teller.instruction(route, step) for step in cards_of(route, around)),
        notices=tuple(teller.clause(cue) for cue in _notices(route)),
        alternatives=tuple(teller.alternative(route, other) for other in route.alternatives),
    )


def _notices(route: Route) -> list[Cue]:
    """Cues about the whole route."""
    cues = [Cue(kind_of("notice", missing)) for missing in route.unverified]
    places = route.network.venue.places
    for place in route.goal.places:
        minute = route.at.minute
        hours = places[place].hours
        if minute is not None and not hours.is_open(minute, route.network.venue.calendar):
            cues.append(Cue(CueKind.NOTICE_CLOSED_NOW, {"place": place}))
    if route.at.closed:
        cues.append(Cue(CueKind.NOTICE_CLOSED))
    return cues
