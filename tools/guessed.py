"""How often guessed doors are right: all doors are taken off drawings that have them, and guessed.

python -m tools.guessed FOLDER...    prints the tables of docs/guessed-doors.md
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from floorplans.reading import read
from navkit.plan.plan import CIRCULATION, Plan
from navkit.venue.join import join
from navkit.venue.venue import Door, Venue

BANDS = (0.5, 0.65, 0.75, 0.85, 0.95)
"""Where bands of likelihood begin."""


@dataclass(frozen=True)
class Tally:
    """For one drawing. A guess is right if a drawn door joins the same two spaces."""

    guessed: int
    right: int
    unknown: int
    """Guesses for spaces that have no door in the drawing either: nobody can say."""
    drawn: int
    """Drawn doors between a corridor or hall and a space that is neither."""
    found: int
    """Those that a guess joins."""
    by_band: tuple[tuple[int, int], ...]
    """Guesses and right ones by likelihood, as `BANDS` has it; without unknown ones."""


def tally(plans: Sequence[Plan]) -> Tally:
    """Take all doors off and compare what is guessed with what was drawn."""
    whole = join(plans)
    bare = join([replace(plan, doors=()) for plan in plans])
    drawn = [door for door in whole.doors if not door.guessed and all(door.spaces)]
    truth = {frozenset(door.spaces) for door in drawn}
    has_door = {space for door in whole.doors if not door.guessed for space in door.spaces}
    guesses = {frozenset(door.spaces): door.guess for door in bare.doors if door.guess}
    judged = {pair: guess for pair, guess in guesses.items() if _room(pair, bare) & has_door}
    wanted = [door for door in drawn if _leads_in(door, whole)]
    total: Counter[float] = Counter()
    right: Counter[float] = Counter()
    for pair, guess in judged.items():
        band = max(b for b in BANDS if b <= guess.likelihood)
        total[band] += 1
        right[band] += pair in truth
    return Tally(
        guessed=len(guesses),
        right=len(guesses.keys() & truth),
        unknown=len(guesses) - len(judged),
        drawn=len(wanted),
        found=sum(frozenset(door.spaces) in guesses for door in wanted),
        by_band=tuple((total[band], right[band]) for band in BANDS),
    )


def _room(pair: frozenset[str], venue: Venue) -> set[str]:
    """The space of a guessed door that is no circulation: the one that it was guessed for."""
    return {s for s in pair if venue.space_by_id[s].kind not in CIRCULATION}


def _leads_in(door: Door, venue: Venue) -> bool:
    """Whether a door leads from a corridor or hall to a space that is neither."""
    kinds = [venue.space_by_id[space].kind for space in door.spaces]
    return sum(kind in CIRCULATION for kind in kinds) == 1 and "outdoor" not in kinds


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def tables(tallies: dict[str, Tally]) -> Iterable[str]:
    """As Markdown."""
    yield "| drawing | guessed | right | right of those that can be judged | drawn | found |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, t in tallies.items():
        yield (
            f"| {name} | {t.guessed} | {_share(t.right, t.guessed)} "
            f"| {_share(t.right, t.guessed - t.unknown)} | {t.drawn} | {_share(t.found, t.drawn)} |"
        )
    yield ""
    yield "| likelihood | " + " | ".join(tallies) + " |"
    yield "|---|" + "--:|" * len(tallies)
    for number, band in enumerate(BANDS):
        shares = (_share(*reversed(t.by_band[number])) for t in tallies.values())
        yield f"| from {100 * band:.0f} % | " + " | ".join(shares) + " |"


if __name__ == "__main__":
    named = {Path(given).name: tally(read([Path(given)])) for given in sys.argv[1:]}
    print("\n".join(tables(named)))
