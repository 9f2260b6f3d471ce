"""Where the pictures of several floors lie, in metres: over each other, or apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from floorplans.picture_reading import Floor
from floorplans.picture_said import Said, stem_of
from floorplans.picture_scale import USUAL_DOOR_M, dot_m
from floorplans.picture_shafts import Fit, Laid, Shaft, fit_of_pairs, piles
from navkit.plan.plan import SHAFTS
from navkit.words.findings import Finding, PlanError

_APART_M = 20.0
"""Between piles of floors of which nobody knows how they lie."""

Stop = tuple[int, int]
"""A place of a floor, both by number."""


@dataclass(frozen=True)
class Placed:
    """A floor, and where it is: dots times `dot_m`, from the left upper corner."""

    floor: Floor
    dot_m: float
    left_m: float
    top_m: float


@dataclass(frozen=True)
class Stack:
    """All floors; `shafts` are the stops of each lift and all stairs."""

    floors: tuple[Placed, ...]
    shafts: tuple[tuple[Stop, ...], ...]
    findings: tuple[Finding, ...]


def placed(floors: Sequence[Floor], said: Sequence[Said]) -> Stack:
    """A `PlanError` if nothing says how large a floor is."""
    shafts = [_shafts(floor) for floor in floors]
    laid, same = piles(shafts, [floor.width for floor in floors], _told(floors, said))
    findings: list[Finding] = []
    found: dict[int, Placed] = {}
    left_m = 0.0
    for pile in range(1 + max(one.pile for one in laid)):
        here = [n for n, one in enumerate(laid) if one.pile == pile]
        metres, is_said = _scale(floors, said, laid, here)
        if not is_said:
            wide = max(floors[n].width * laid[n].fit.factor for n in here) * metres
            slots = {"door": f"{USUAL_DOOR_M:g}", "wide": f"{wide:.0f}"}
            findings.append(Finding("picture-scale-guessed", floors[here[0]].sheet, slots))
        corners = [_corner(floors[n], laid[n].fit) for n in here]
        low = min(x for x, _ in corners)
        for n in here:
            fit = laid[n].fit
            x, y = left_m + (fit.dx - low) * metres, -fit.dy * metres
            found[n] = Placed(floors[n], metres * fit.factor, x, y)
        wide = max(
            x + floors[n].width * laid[n].fit.factor
            for n, (x, _) in zip(here, corners, strict=True)
        )
        left_m += (wide - low) * metres + _APART_M
    findings += _apart(floors, laid)
    stops = _joined(shafts, same)
    if several := [one for one in stops if len(one) > 1]:
        slots = {"count": str(len(several))}
        findings.append(Finding("picture-shafts-joined", floors[0].sheet, slots))
    return Stack(tuple(found[n] for n in range(len(floors))), tuple(stops), tuple(findings))


def _scale(
    floors: Sequence[Floor], said: Sequence[Said], laid: Sequence[Laid], here: Sequence[int]
) -> tuple[float, bool]:
    metres, is_said = dot_m(
        [one * floors[n].file_dots if (one := said[n].dot_m) else None for n in here],
        [floors[n].gaps for n in here],
        [laid[n].fit.factor for n in here],
    )
    if metres is None:
        raise PlanError("picture-no-scale", floors[here[0]].sheet)
    return metres, is_said


def _corner(floor: Floor, fit: Fit) -> tuple[float, float]:
    """The left upper corner of the building, where it is laid."""
    return fit.moved(floor.left, floor.top)


def _shafts(floor: Floor) -> list[Shaft]:
    found = []
    for number, place in enumerate(floor.places.places, start=1):
        if place.kind in SHAFTS:
            middle = place.outline.centroid
            found.append(Shaft(number, place.kind, middle.x, middle.y))
    return found


def _told(floors: Sequence[Floor], said: Sequence[Said]) -> Mapping[tuple[int, int], Fit]:
    """The fits of pictures whose shafts staff have marked."""
    number = {stem_of(floor.sheet): n for n, floor in enumerate(floors)}
    found = {}
    for n, one in enumerate(said):
        other = number.get(one.over, n)
        if one.shafts and other != n:
            found[n, other] = fit_of_pairs(
                [
                    (*floors[n].from_file(x, y), *floors[other].from_file(a, b))
                    for x, y, a, b in one.shafts
                ]
            )
    return found


def _apart(floors: Sequence[Floor], laid: Sequence[Laid]) -> Iterator[Finding]:
    first = next(n for n, one in enumerate(laid) if one.pile == 0)
    for n, one in enumerate(laid):
        if one.pile:
            yield Finding("picture-floors-apart", floors[n].sheet, {"other": floors[first].sheet})


def _joined(
    shafts: Sequence[Sequence[Shaft]], same: Sequence[tuple[Stop, Stop]]
) -> list[tuple[Stop, ...]]:
    """Stops of one shaft together; a lift or stairs that nothing agrees with is alone."""
    group: dict[Stop, list[Stop]] = {}
    for floor, here in enumerate(shafts):
        for shaft in here:
            if shaft.kind != "escalator":
                group[floor, shaft.place] = [(floor, shaft.place)]
    for one, other in same:
        if group[one] is not group[other]:
            whole = group[one] + group[other]
            for stop in whole:
                group[stop] = whole
    unique = {id(stops): stops for stops in group.values()}
    return [tuple(sorted(stops)) for stops in unique.values()]
