"""What the rooms of a picture are: words name them, and their colours group them.

On a wall picture a colour is a department, and its inner walls are decoration more often than
truth. So rooms of one colour that touch are one place, unless several of them have names.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from floorplans.classify import classify
from floorplans.picture_colours import Painted
from floorplans.picture_rooms import Numbers, Rooms
from floorplans.picture_words import SURE, Word
from navkit.plan.plan import SHAFTS

_LINE_GAP = 0.3
"""Times the height of letters that two lines of one name are apart at most."""
_LEAST_LIFT = 0.6
"""Of the usual area of lifts with a name, that of one without: less is a piece of one."""
_CENTRED = 1.0
"""Times the height of letters that the middles of two lines of one name are apart at most."""


@dataclass(frozen=True)
class Place:
    """A space of the plan, in dots."""

    outline: BaseGeometry
    kind: str
    """``"corridor"``, a kind that its name or its colour says, or empty."""
    name: str
    colour: int
    by_colour: bool = False
    """Whether only its colour says its kind."""


@dataclass(frozen=True)
class Places:
    """`number` says of each dot in which place it is, from 1; 0 is outside."""

    number: Numbers
    places: tuple[Place, ...]
    points: tuple[Word, ...]
    """Names that stand on open floor or beside the name of a place."""
    doubtful: tuple[Word, ...]
    """Words that the recogniser is not sure of."""
    odd: tuple[Word, ...]
    """Names of lifts, stairs or escalators in a colour that others of the kind do not have."""


def places_of(picture: Painted, rooms: Rooms, words: Sequence[Word]) -> Places:
    """Places with their names; each word on the building is in one of them."""
    named: dict[int, list[Word]] = defaultdict(list)
    for word in joined(words, rooms):
        if room := _room_of(rooms.number, word):
            named[room].append(word)
    groups = _groups(rooms, picture.circulation, named)
    places: list[Place] = []
    points: list[Word] = []
    number = np.zeros(len(rooms.outlines) + 1, dtype=np.int32)
    for group in groups:
        colour = rooms.colours[group[0] - 1]
        here = [word for room in group for word in named.get(room, ())]
        open_floor = colour == picture.circulation
        points += here if open_floor else here[1:]
        name = "" if open_floor or not here else here[0].text
        found = classify(name) if name else None
        kind = "corridor" if open_floor else found.kind if found else ""
        outline = shapely.coverage_union_all([rooms.outlines[room - 1] for room in group])
        places.append(Place(outline, kind, name, colour))
        number[group] = len(places)
    shafts = _colours_of_shafts(places)
    odd = [word for word in _of(named) if _is_odd(word, rooms, shafts)]
    least = {kind: _least_area(places, kind) for kind in SHAFTS}
    places = [_by_colour(place, shafts, least) for place in places]
    doubtful = [word for word in _of(named) if word.score < SURE]
    return Places(number[rooms.number], tuple(places), tuple(points), tuple(doubtful), tuple(odd))


def _of(named: Mapping[int, Sequence[Word]]) -> Iterable[Word]:
    return (word for words in named.values() for word in words)


def joined(words: Sequence[Word], rooms: Rooms) -> list[Word]:
    """Words in which the lines of one name are one word."""
    found: list[Word] = []
    for word in words:
        above = next((one for one in found if _continues(one, word, rooms)), None)
        if above:
            left, top, right, bottom = (
                pick(a, b)
                for pick, a, b in zip((min, min, max, max), above.box, word.box, strict=True)
            )
            found[found.index(above)] = replace(
                above,
                text=f"{above.text} {word.text}",
                score=min(above.score, word.score),
                box=(left, top, right, bottom),
            )
        else:
            found.append(word)
    return found


def _continues(above: Word, below: Word, rooms: Rooms) -> bool:
    """Whether two words are the lines of one name: close, one under the other, in one colour."""
    known, other = classify(above.text), classify(below.text)
    if any(one and one.kind != "room" for one in (known, other)):
        return False
    glyph = min(above.glyph, below.glyph)
    gap = below.box[1] - above.box[3]
    if not -glyph < gap < _LINE_GAP * glyph:
        return False
    if abs(above.middle[0] - below.middle[0]) > _CENTRED * glyph:
        return False
    both = [_room_of(rooms.number, one) for one in (above, below)]
    return all(both) and len({rooms.colours[room - 1] for room in both}) == 1


def _room_of(number: Numbers, word: Word) -> int:
    """The room under most of a word; 0 if its middle is outside of the building."""
    column, row = (round(at) for at in word.middle)
    if not (0 <= row < number.shape[0] and 0 <= column < number.shape[1] and number[row, column]):
        return 0
    left, top, right, bottom = (max(0, round(one)) for one in word.box)
    under = number[top : bottom + 1, left : right + 1]
    return int(np.bincount(under[under > 0]).argmax())


def _groups(
    rooms: Rooms, circulation: int, named: Mapping[int, Sequence[Word]]
) -> list[NDArray[np.int64]]:
    """Rooms that are one place: of one colour, touching, of which one at most has a name."""
    touching = neighbours(rooms.number)
    groups: list[NDArray[np.int64]] = []
    taken: set[int] = set()
    for room in range(1, len(rooms.outlines) + 1):
        if room in taken:
            continue
        zone = {room}
        if rooms.colours[room - 1] != circulation:
            zone = _spread(room, lambda one: rooms.colours[one - 1], touching, set())
        taken |= zone
        with_names = sorted(one for one in zone if named.get(one))
        if len(with_names) < 2:
            groups.append(np.array(sorted(zone)))
            continue
        groups += [np.array([one]) for one in with_names]
        rest = zone - set(with_names)
        while rest:
            part = _spread(min(rest), rest.__contains__, touching, set(with_names))
            groups.append(np.array(sorted(part)))
            rest -= part
    return groups


def _spread(
    start: int, like: Callable[[int], object], touching: Mapping[int, set[int]], without: set[int]
) -> set[int]:
    """The rooms that are reached from one through rooms of the same likeness."""
    wanted = like(start)
    found, open_ = {start}, [start]
    while open_:
        for near in touching[open_.pop()]:
            if near not in found and near not in without and like(near) == wanted:
                found.add(near)
                open_.append(near)
    return found


def neighbours(number: Numbers) -> Mapping[int, set[int]]:
    """Of each room those that touch it along an edge; 0 is none."""
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in ((number[:-1], number[1:]), (number[:, :-1], number[:, 1:])):
        differs = (one != other) & (one > 0) & (other > 0)
        pairs = np.unique(np.stack([one[differs], other[differs]], axis=1), axis=0)
        for a, b in pairs.tolist():
            found[a].add(b)
            found[b].add(a)
    return found


def _colours_of_shafts(places: Sequence[Place]) -> dict[int, str]:
    """The kind that a colour means: that of lifts or stairs, if more than half of the names in it
    say so, and no other colour has twice as many of the kind."""
    said: dict[int, Counter[str]] = defaultdict(Counter)
    for place in places:
        if place.name:
            said[place.colour][place.kind or "room"] += 1
    most = {kind: max((kinds[kind] for kinds in said.values()), default=0) for kind in SHAFTS}
    found = {}
    for colour, kinds in said.items():
        kind, count = kinds.most_common(1)[0]
        if kind in SHAFTS and 2 * count > max(kinds.total(), most[kind]):
            found[colour] = kind
    return found


def _is_odd(word: Word, rooms: Rooms, shafts: Mapping[int, str]) -> bool:
    """Whether a word says lift where the colour says stairs, or a colour that is of no shaft where
    every other lift has one."""
    found = classify(word.text)
    if not found or found.kind not in SHAFTS or found.kind not in shafts.values():
        return False
    room = _room_of(rooms.number, word)
    kind = shafts.get(rooms.colours[room - 1], "")
    # Escalators are often as grey as stairs.
    return kind != found.kind and {kind, found.kind} != {"stairs", "escalator"}


def _least_area(places: Sequence[Place], kind: str) -> float:
    """Of what may be of a kind without a name."""
    areas = [place.outline.area for place in places if place.kind == kind]
    return _LEAST_LIFT * float(median(areas)) if areas else 0.0


def _by_colour(place: Place, shafts: Mapping[int, str], least: Mapping[str, float]) -> Place:
    kind = shafts.get(place.colour, "")
    if place.kind or place.name or kind != "elevator" or place.outline.area < least[kind]:
        return place
    return replace(place, kind=kind, by_colour=True)
