"""Which lifts and stairs of two floors are the same: the floors are laid over each other.

Pictures of one building show its floors in different sizes and places, but seldom turned. So two
floors fit by a factor and a shift under which lifts lie on lifts and stairs on stairs. Too few of
them that agree prove nothing: then staff are asked, and nothing is joined.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from math import hypot

import numpy as np

_KINDS = ("elevator", "stairs")
_LEAST_POINTS = 4
_LEAST_SHARE = 0.6
"""Of the shafts of the floor with fewer of them."""
_FACTORS = (0.4, 2.5)
_TURNED = 0.1
"""How far a line between two shafts may be turned, as a share of its length."""
_OFF = 0.02
"""How far a shaft may be off, in widths of the building."""


@dataclass(frozen=True)
class Shaft:
    """A lift or stairs of one floor, in dots."""

    place: int
    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class Fit:
    """How dots of one floor become those of another: times `factor`, then moved by `dx`, `dy`."""

    factor: float
    dx: float
    dy: float
    pairs: tuple[tuple[int, int], ...] = ()
    """Places that are the same shaft: of the floor that is moved, and of the other."""

    def moved(self, x: float, y: float) -> tuple[float, float]:
        return self.factor * x + self.dx, self.factor * y + self.dy

    def then(self, other: "Fit") -> "Fit":
        """First this, then the other."""
        return Fit(self.factor * other.factor, *other.moved(self.dx, self.dy), self.pairs)


STAYS = Fit(1.0, 0.0, 0.0)


def fit(shafts: Sequence[Shaft], others: Sequence[Shaft], width: float) -> Fit | None:
    """The best fit of `shafts` onto `others`, which are on a building of that width in dots; None
    if too few agree."""
    mine = [one for one in shafts if one.kind in _KINDS]
    theirs = [one for one in others if one.kind in _KINDS]
    least = max(_LEAST_POINTS, _LEAST_SHARE * min(len(mine), len(theirs)))
    found = sorted(
        (_scored(_refined(one, mine, theirs, width), mine, theirs, width)
         for one in _candidates(mine, theirs)),
        key=lambda scored: (-len(scored[1].pairs), scored[0]),
    )  # fmt: skip
    if not found or len(found[0][1].pairs) < least:
        return None
    best = found[0][1]
    as_good = [one for _, one in found if len(one.pairs) == len(best.pairs)]
    # Another fit that joins other shafts just as well shows that neither can be believed.
    return best if all(set(one.pairs) == set(best.pairs) for one in as_good) else None


def fit_of_pairs(pairs: Sequence[tuple[float, float, float, float]]) -> Fit:
    """The fit that lays the first of each pair of spots on the second."""
    rows = np.array(pairs, dtype=float)
    mine, theirs = rows[:, :2], rows[:, 2:]
    middle, other = mine.mean(axis=0), theirs.mean(axis=0)
    spread = float(((mine - middle) ** 2).sum())
    factor = float(((mine - middle) * (theirs - other)).sum()) / spread if spread else 1.0
    factor = factor if factor > 0 else 1.0
    dx, dy = other - factor * middle
    return Fit(factor, float(dx), float(dy))


def with_pairs(fitted: Fit, shafts: Sequence[Shaft], others: Sequence[Shaft], width: float) -> Fit:
    """The same fit, and which shafts it lays on each other."""
    return _scored(fitted, shafts, others, width)[1]


def _candidates(mine: Sequence[Shaft], theirs: Sequence[Shaft]) -> Iterator[Fit]:
    """Every way to lay two shafts onto two of the same kinds without turning."""
    low, high = _FACTORS
    for a, b in combinations(mine, 2):
        for c, d in permutations(theirs, 2):
            if (a.kind, b.kind) != (c.kind, d.kind):
                continue
            long, other = (b.x - a.x, b.y - a.y), (d.x - c.x, d.y - c.y)
            size = hypot(*long)
            factor = hypot(*other) / size if size else 0.0
            if not low < factor < high:
                continue
            off = hypot(factor * long[0] - other[0], factor * long[1] - other[1])
            if off <= 2 * _TURNED * hypot(*other):
                yield fit_of_pairs([(a.x, a.y, c.x, c.y), (b.x, b.y, d.x, d.y)])


def _scored(
    fitted: Fit, mine: Sequence[Shaft], theirs: Sequence[Shaft], width: float
) -> tuple[float, Fit]:
    """How far its pairs are off together, and the fit with its pairs, each shaft in one."""
    near = []
    for one in mine:
        x, y = fitted.moved(one.x, one.y)
        for other in theirs:
            off = hypot(x - other.x, y - other.y)
            if one.kind == other.kind and off <= _OFF * width:
                near.append((off, one.place, other.place))
    pairs: dict[int, int] = {}
    total = 0.0
    for off, one_place, other_place in sorted(near):
        if one_place not in pairs and other_place not in pairs.values():
            pairs[one_place] = other_place
            total += off
    return total, Fit(fitted.factor, fitted.dx, fitted.dy, tuple(sorted(pairs.items())))


def _refined(fitted: Fit, mine: Sequence[Shaft], theirs: Sequence[Shaft], width: float) -> Fit:
    """Over all shafts that it joins."""
    _, first = _scored(fitted, mine, theirs, width)
    if len(first.pairs) < 2:
        return fitted
    here = {one.place: one for one in mine}
    there = {one.place: one for one in theirs}
    return fit_of_pairs([(here[a].x, here[a].y, there[b].x, there[b].y) for a, b in first.pairs])


@dataclass(frozen=True)
class Laid:
    """Where one floor lies: in which pile of floors, and how its dots become those of the pile's
    first floor."""

    pile: int
    fit: Fit


def piles(
    floors: Sequence[Sequence[Shaft]],
    widths: Sequence[float],
    told: Mapping[tuple[int, int], Fit],
) -> tuple[list[Laid], list[tuple[tuple[int, int], tuple[int, int]]]]:
    """Floors that fit, laid over each other; and pairs of (floor, place) that are one shaft.

    `told` are fits of a floor onto another that staff have said; they go before all others.
    """
    fits: dict[tuple[int, int], Fit] = {}
    for one, other in permutations(range(len(floors)), 2):
        if (one, other) in told:
            said = told[one, other]
            fits[one, other] = with_pairs(said, floors[one], floors[other], widths[other])
        elif not any(one == a or (other, one) == (a, b) for a, b in told):
            found = fit(floors[one], floors[other], widths[other])
            if found:
                fits[one, other] = found
    laid: dict[int, Laid] = {}
    same: list[tuple[tuple[int, int], tuple[int, int]]] = []
    waiting = sorted(range(len(floors)), key=lambda n: -len(floors[n]))
    pile = 0
    while waiting:
        laid[waiting.pop(0)] = Laid(pile, STAYS)
        while links := _links(fits, laid, waiting, pile):
            _, one, other = max(links)
            found = fits[one, other]
            laid[one] = Laid(pile, found.then(laid[other].fit))
            waiting.remove(one)
            same += [((one, a), (other, b)) for a, b in found.pairs]
        pile += 1
    return [laid[number] for number in range(len(floors))], same


def _links(
    fits: Mapping[tuple[int, int], Fit],
    laid: Mapping[int, Laid],
    waiting: Sequence[int],
    pile: int,
) -> list[tuple[int, int, int]]:
    """Floors that can be laid onto one of the pile, by how many shafts agree."""
    return [
        (len(found.pairs), one, other)
        for (one, other), found in fits.items()
        if one in waiting and other in laid and laid[other].pile == pile
    ]
