"""Symptoms and needs, and where in a venue to ask about them: `symptoms.json` has the table.

A hint finds what the hospital has; it gives no advice. A name or an alias from the hospital
itself overrides it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import Any

from navkit.plan.categories import categories, category_names
from navkit.venue.lookup import called, folded
from navkit.venue.venue import Venue
from navkit.words.languages import languages, words

MOST_PLACES = 4
"""Places per hint. A guess: more are a list to read, not a hint."""

_CATEGORY = "category:"
_EMERGENCY = "emergency"


@dataclass(frozen=True)
class Hint:
    """Words, any of which people may type, and the places to show for them, in this order."""

    words: tuple[str, ...]
    places: tuple[int, ...]
    """Numbers in `venue.places`."""
    is_vague: bool = False
    """Whether another word in the same sentence says more."""


def symptoms() -> dict[str, Any]:
    """`symptoms.json`; each row with what people type, from `feelings.json` of each language."""
    return _symptoms(languages())


@cache
def _symptoms(_: tuple[str, ...]) -> dict[str, Any]:
    """Of these languages."""
    text = resources.files("exporter.bundle").joinpath("symptoms.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    for part in ("urgent", "usual"):
        table[part] = [{**row, **_typed(row["is"])} for row in table[part]]
    return table


def _typed(row: str) -> dict[str, list[str]]:
    return {tag: words(tag, "feelings").get(row, []) for tag in languages()}


def hints(venue: Venue, languages: Sequence[str]) -> tuple[Hint, ...]:
    """Those that lead somewhere in this venue, urgent ones first.

    A word that is the name or an alias of a place belongs to that place; one that is or may be
    urgent also finds the emergency department, however many places there are.
    """
    table = symptoms()
    at = _departments(venue, table)
    own = {folded(text) for place in venue.places for text in called(place)}
    urgent = [([_EMERGENCY, *row["to"]], row, set[str]()) for row in table["urgent"]]
    usual = [
        (row["to"], row, set[str]() if _EMERGENCY in row["to"] else own) for row in table["usual"]
    ]
    found = []
    for departments, row, taken in urgent + usual:
        words = dict.fromkeys(word for tag in languages for word in row.get(tag, ()))
        left = tuple(word for word in words if folded(word) not in taken)
        places = list(dict.fromkeys(place for key in departments for place in at[key]))
        if left and places:
            kept = at[_EMERGENCY][:1] if _EMERGENCY in departments else []
            others = [place for place in places if place not in kept][: MOST_PLACES - len(kept)]
            shown = tuple(p for p in places if p in kept or p in others)
            found.append(Hint(left, shown, row.get("vague", False)))
    return tuple(found)


def other_words(venue: Venue) -> tuple[Hint, ...]:
    """What people elsewhere call the departments of this venue, 神外 for 神经外科: the names in the
    table that nothing here has. A word that two departments may be called by belongs to the one
    whose list has it sooner."""
    table = symptoms()
    own = {folded(text) for place in venue.places for text in called(place)}
    best: dict[str, tuple[int, str]] = {}
    for key, patterns in table["departments"].items():
        for at, word in enumerate(patterns):
            is_word = not word.startswith(_CATEGORY) and "*" not in word
            if is_word and folded(word) not in own:
                best[word] = min(best.get(word, (at, key)), (at, key))
    said: dict[str, list[str]] = {}
    for word, (_, key) in best.items():
        said.setdefault(key, []).append(word)
    places = _departments(venue, table)
    return tuple(
        Hint(tuple(some), tuple(places[key][:MOST_PLACES]))
        for key, some in said.items()
        if places[key]
    )


def absent(venue: Venue, languages: Sequence[str]) -> tuple[str, ...]:
    """Words for what this venue has not, such as a car park."""
    table = symptoms()
    at = _departments(venue, table, seldom=True)
    own = {folded(text) for place in venue.places for text in called(place)}
    rows = [row for row in table["usual"] if not any(at[key] for key in row["to"])]
    words = [word for row in rows for tag in languages for word in row.get(tag, ())]
    known = {place.category for place in venue.places}
    for category in categories():
        if not any(f"{one}-".startswith(f"{category}-") for one in known):
            words += [name for tag, name in category_names(category).items() if tag in languages]
    return tuple(word for word in dict.fromkeys(words) if folded(word) not in own)


def _departments(
    venue: Venue, table: Mapping[str, Any], *, seldom: bool = False
) -> dict[str, list[int]]:
    """For each department the places for visitors that match the first matching pattern; those that
    few people ask for only if `seldom`."""
    places = [
        (number, place.category, {folded(text) for text in called(place)})
        for number, place in enumerate(venue.places)
        if place.access == "public"
        and (seldom or categories().get(place.category, {}).get("asked", True))
    ]
    found: dict[str, list[int]] = {}
    for key, patterns in table["departments"].items():
        for pattern in patterns:
            found[key] = [n for n, category, said in places if _fits(pattern, category, said)]
            if found[key]:
                break
    return found


def _fits(pattern: str, category: str, said: set[str]) -> bool:
    if pattern.startswith(_CATEGORY):
        return f"{category}-".startswith(f"{pattern.removeprefix(_CATEGORY)}-")
    wanted = folded(pattern)
    if "*" not in wanted:
        return wanted in said
    return any(fnmatchcase(text, wanted) for text in said)
