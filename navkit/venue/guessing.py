"""Doors that a drawing leaves out: where each may be, how likely that is, and why.

A door is guessed towards circulation: never into the open, never from room to room where a
corridor or a hall is beside them. Each space that may be behind the door gets a score from the
evidence, weighed as `guesses.json` says; scores become likelihoods that add up to 1. A neighbour's
evidence is where its own door leads, which may be a guess too: so all are weighed several times.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from navkit.plan.plan import CIRCULATION, SHAFTS
from navkit.venue.edges import Neighbours, lies_under
from navkit.venue.venue import Space

K = TypeVar("K")

Evidence = dict[str, float]
"""How strongly each kind of evidence, by its code, is there for one candidate."""

Likelihoods = dict[str, dict[str, float]]
"""For each space, how likely its door leads to each candidate."""


@cache
def rules() -> Mapping[str, Any]:
    """`guesses.json`: the weights of evidence, and which guesses are made."""
    text = resources.files("navkit.venue").joinpath("guesses.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


class Guessing:
    """What speaks for which door.

    `neighbours` share an edge that a door can be in; spaces `beside` each other any edge, with a
    drawn wall or without. `known` are the spaces that drawn doors join, by space.
    """

    def __init__(
        self,
        spaces: Sequence[Space],
        neighbours: Neighbours,
        beside: Neighbours,
        known: Mapping[str, Collection[str]],
    ) -> None:
        self.by_id = {space.id: space for space in spaces}
        self.neighbours = neighbours
        self.beside = beside
        self.candidates = {
            space.id: self._candidates(space)
            for space in spaces
            if space.kind != "closed" and space.kind not in CIRCULATION
        }
        self.drawn = {space for space in self.candidates if known.get(space)}
        self.likely: Likelihoods = {
            space: dict.fromkeys(candidates, 0.0) | dict.fromkeys(known[space], 1.0)
            if space in self.drawn
            else dict.fromkeys(candidates, 1 / len(candidates))
            for space, candidates in self.candidates.items()
            if candidates or space in self.drawn
        }
        self._drawn_evidence: dict[str, dict[str, Evidence]] = {}
        self._edges_m: dict[tuple[str, str], float] = {}

    def _candidates(self, space: Space) -> tuple[str, ...]:
        """The spaces that a door of `space` may lead to.

        A floor drawn as one large area lies under rooms and corridors alike: it is one of them
        only if there is no other.
        """
        near = [
            self.by_id[other]
            for other in self.neighbours.get(space.id, ())
            if self.by_id[other].kind not in SHAFTS | {"outdoor"}
        ]
        beside = [other for other in near if not lies_under(other, space)] or near
        return tuple(sorted(other.id for other in beside))

    def circulation(self, space: str) -> tuple[str, ...]:
        """The corridors and halls among the candidates of a space."""
        return tuple(c for c in self.candidates.get(space, ()) if self.by_id[c].kind in CIRCULATION)

    def weigh(self) -> Likelihoods:
        """How likely the candidates of each space without a drawn door are."""
        weights = rules()["weights"]
        open_spaces = [space for space in self.likely if space not in self.drawn]
        for _ in range(rules()["rounds"]):
            self.likely |= {
                space: shares(
                    {near: score(found, weights) for near, found in self.evidence(space).items()}
                )
                for space in open_spaces
            }
        return {space: self.likely[space] for space in open_spaces}

    def evidence(self, space: str) -> dict[str, Evidence]:
        """What speaks for and against each candidate of a space, by what is known so far."""
        if space not in self._drawn_evidence:
            self._drawn_evidence[space] = self._of_the_drawing(space)
        return {
            near: found | self._of_other_doors(space, near)
            if self.by_id[near].kind in CIRCULATION
            else found
            for near, found in self._drawn_evidence[space].items()
        }

    def _of_the_drawing(self, space: str) -> dict[str, Evidence]:
        largest_m2 = max((self._area_m2(c) for c in self.circulation(space)), default=1.0)
        return {
            near: self._for_circulation(space, near, largest_m2)
            if self.by_id[near].kind in CIRCULATION
            else self._for_room(space, near)
            for near in self.candidates[space]
        }

    def _of_other_doors(self, space: str, near: str) -> Evidence:
        return {
            "neighbours": self._row(space, near),
            "many-doors": math.log1p(self._doors_at(near, space)),
        }

    def reasons(self, space: str, near: str) -> tuple[str, ...]:
        """Codes of the evidence that speaks for a candidate, the strongest first."""
        weights = rules()["weights"]
        found = self.evidence(space)[near]
        speaks = {code: weights[code] * strength for code, strength in found.items()}
        strong = [code for code in speaks if speaks[code] >= rules()["worth_telling"]]
        only = ["only-circulation"] if self.circulation(space) == (near,) else []
        ranked = sorted(strong, key=lambda code: -speaks[code])
        return tuple([*only, *ranked][: rules()["most_told"]])

    def _edge_m(self, space: str, near: str) -> float:
        """The longest piece of edge between two spaces."""
        pair = (space, near) if space < near else (near, space)
        if pair not in self._edges_m:
            self._edges_m[pair] = max(piece.length for piece in self.beside[space][near])
        return self._edges_m[pair]

    def _area_m2(self, space: str) -> float:
        return max(self.by_id[space].outline.area, 1.0)

    def _for_circulation(self, name: str, near: str, largest_m2: float) -> Evidence:
        space, beyond, by = self.by_id[name], self.by_id[near], rules()
        pieces = self.neighbours[name][near]
        is_hall = beyond.kind == "hall"
        others = sum(self.by_id[other].kind in CIRCULATION for other in self.beside[near])
        return {
            "waiting": float(is_hall and beyond.category in by["waiting"]),
            "own-use": float(is_hall and beyond.category not in by["waiting"] + by["lobbies"]),
            "hall-for-shaft": float(is_hall and space.kind in SHAFTS),
            "hall-for-toilet": float(is_hall and space.category in by["toilets"]),
            "short-edge": float(self._edge_m(name, near) < by["short_m"]),
            "recess": float(len(pieces) > 1 and min(p.length for p in pieces) < by["recess_m"]),
            "junction": math.log1p(others),
            "smaller": math.log(largest_m2 / self._area_m2(near)),
        }

    def _for_room(self, name: str, near: str) -> Evidence:
        return {"room": 1.0, "long-wall": math.log(self._edge_m(name, near))}

    def _row(self, name: str, near: str) -> float:
        """How likely the doors of neighbours that could lead to `near` do; 0 if there are none.

        A neighbour counts by the length of the wall between them.
        """
        total = led = 0.0
        for other in self.beside[name]:
            likely = self.likely.get(other, {}).get(near)
            if likely is not None:
                wall_m = self._edge_m(name, other)
                total, led = total + wall_m, led + wall_m * likely
        return led / total if total else 0.0

    def _doors_at(self, near: str, without: str) -> float:
        """About how many other doors lead to a space."""
        doors = 0.0
        for other in self.beside[near]:
            if other != without:
                doors += self.likely.get(other, {}).get(near, 0.0)
        return doors


def score(evidence: Evidence, weights: Mapping[str, float]) -> float:
    """What the evidence adds up to."""
    total = 0.0
    for code, strength in evidence.items():
        total += weights[code] * strength
    return total


def shares(scores: Mapping[K, float]) -> dict[K, float]:
    """Likelihoods that add up to 1, from scores."""
    most = max(scores.values())
    parts = {near: math.exp(score - most) for near, score in scores.items()}
    total = sum(parts.values())
    return {near: part / total for near, part in parts.items()}
