"""Floors that staff make without a drawing, and what they say of several floors at once: from what
is typed or chosen to corrections."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from navkit.plan.plan import SHAFTS
from navkit.plan.storeys import ordinals_of, posted_number, run_of
from navkit.venue.shafts import MIN_OVERLAP
from navkit.venue.venue import Level, Space, Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

Change = dict[str, Any]

MOST_AT_ONCE = 40
"""Floors of one form. A guess: the tallest hospital towers have 30."""

_BETWEEN = re.compile(r"[,，、;；\n]+")
_NO_ID = re.compile(r"[^\w.-]+")
"""Signs that an id in an address cannot have."""


def labels_in(text: str) -> list[str]:
    """The labels that somebody typed, in order, each once: ``1F, 2F``, ``1F 2F`` and ``1-3F``."""
    found: list[str] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        words = part.split()
        is_each_one = all(posted_number(word) is not None for word in words)
        for one in words if is_each_one else [" ".join(words)]:
            found += run_of(one) or [one]
    return list(dict.fromkeys(found))


def new_floors(
    levels: Sequence[Level], buildings: Collection[str], form: Mapping[str, str]
) -> list[Change]:
    """The corrections that make the floors of a form: `labels`, and where their labels do not say
    it, `ordinal` of the first, counted from 0 at the ground floor; `building` is the id of a known
    one, or `name-TAG` those of a new one.

    `NavkitError` if a floor is there already, or nobody can tell where it is.
    """
    labels = labels_in(form.get("labels", ""))
    if not labels:
        raise NavkitError("form-empty", field="labels")
    if len(labels) > MOST_AT_ONCE:
        raise NavkitError("too-many-floors", field="labels", most=str(MOST_AT_ONCE))
    changes, building = _building(levels, buildings, form)
    here = [level for level in levels if level.building == building]
    if twice := next((one for one in labels if one in {level.label for level in here}), ""):
        raise NavkitError("floor-there-already", field="labels", label=twice)
    told = ordinals_of([*(level.label for level in here), *labels])
    taken = {level.id for level in levels}
    for number, label in enumerate(labels):
        ordinal = _ordinal(form, number)
        ordinal = told.get(label) if ordinal is None else ordinal
        if ordinal is None:
            raise NavkitError("floor-order-unclear", field="ordinal", label=label)
        key = _free(label, building, taken)
        taken.add(key)
        change: Change = {"do": "add-level", "id": key, "label": label, "ordinal": ordinal}
        changes.append(change | ({"building": building} if building else {}))
    return changes


def _building(
    levels: Sequence[Level], buildings: Collection[str], form: Mapping[str, str]
) -> tuple[list[Change], str]:
    """The correction that makes a new building, if there is one, and the id of the building."""
    names = {tag: text for tag in languages() if (text := form.get(f"name-{tag}", "").strip())}
    if not names:
        building = form.get("building", "")
        if building and building not in buildings:
            raise NavkitError("no-such-thing", field="building")
        return [], building
    taken = {*buildings, *(level.building for level in levels), *(level.id for level in levels)}
    key = next(one for n in count(1) if (one := f"b{n}") not in taken)
    return [{"do": "add-building", "id": key, "names": names}], key


def _ordinal(form: Mapping[str, str], number: int) -> float | None:
    """As typed for the first of several floors, which follow each other upwards."""
    text = form.get("ordinal", "").strip()
    if not text:
        return None
    try:
        return float(int(text) + number)
    except ValueError:
        raise NavkitError("not-a-number", field="ordinal") from None


def _free(label: str, building: str, taken: Collection[str]) -> str:
    """An id that says which floor it is."""
    plain = _NO_ID.sub("-", label).strip("-.") or "floor"
    inside = f"{building}-{plain}" if building else plain
    free = next((one for one in (plain, inside) if one not in taken), "")
    return free or next(one for n in count(2) if (one := f"{inside}-{n}") not in taken)


# ------------------------------------------------------------------- shafts, and floors alike


def stops(house: Venue, thing: str, levels: Sequence[str]) -> list[Change]:
    """The corrections that make a lift or stairs of `house` stop at these levels too: its partner
    there is joined; where there is none, the shaft is drawn there as it is here.

    `NavkitError` where it would be drawn over rooms.
    """
    space = house.space_by_id.get(thing)
    if space is None or space.kind not in SHAFTS or {*levels} - {*house.level_by_id}:
        raise NavkitError("no-such-thing")
    ids = _stops_with(house, space)
    served = {house.space_by_id[one].level for one in ids}
    taken, changes = {one.id for one in house.spaces}, []
    for level in dict.fromkeys(levels):
        if level in served:
            continue
        if there := _partner(house, space, level):
            ids += _stops_with(house, there)
            continue
        _refuse_over_rooms(house, space, level)
        change = _drawn_again(space, level, taken)
        changes.append(change)
        ids.append(change["id"])
    return [*changes, _join(house, space, ids)]


def partners(house: Venue, space: Space) -> dict[str, Space]:
    """By level at which a lift or stairs do not stop, what would be joined there, if anything."""
    served = {house.space_by_id[one].level for one in _stops_with(house, space)}
    found = {
        level.id: _partner(house, space, level.id)
        for level in house.levels
        if level.id not in served
    }
    return {level: there for level, there in found.items() if there}


def _partner(house: Venue, space: Space, level: str) -> Space | None:
    """What stands on a level over a lift or stairs; if nothing does, the nearest of the same kind
    in the same building that is no other shaft of a level at which this one stops: floors may be
    drawn apart."""
    if there := _over(house, space, level, MIN_OVERLAP):
        return there
    building = house.level_by_id[space.level].building
    if house.level_by_id[level].building != building:
        return None
    served = {house.space_by_id[one].level for one in _stops_with(house, space)}
    near = [
        (one.outline.distance(space.outline), one.id)
        for one in house.spaces
        if one.level == level
        and one.kind == space.kind
        and served.isdisjoint(house.space_by_id[stop].level for stop in _stops_with(house, one))
    ]
    return house.space_by_id[min(near)[1]] if near else None


def _refuse_over_rooms(house: Venue, space: Space, level: str) -> None:
    """A shaft may be cut out of a corridor or a hall, not out of rooms and other shafts."""
    crossed = [
        one
        for one in house.spaces
        if one.level == level
        and one.kind in ("room", *SHAFTS)
        and one.outline.intersection(space.outline).area > DRAWN_OVER * space.outline.area
    ]
    if crossed:
        rooms = ", ".join(one.ref or next(iter(one.names.values()), one.id) for one in crossed)
        slots = {"level": house.level_by_id[level].label, "rooms": rooms}
        raise NavkitError("shaft-over-rooms", "", **slots)


DRAWN_OVER = 0.05
"""A shaft that shares this part of its area with a room is drawn over it, and does not only touch
its wall. A guess."""


def _stops_with(house: Venue, space: Space) -> list[str]:
    """All stops of the shaft that stops at a space: a join must not part what is joined."""
    found = (shaft.stops for shaft in house.connectors if space.id in shaft.stops)
    return [*next(found, (space.id,))]


def _join(house: Venue, space: Space, ids: Iterable[str]) -> Change:
    """The shaft keeps its id, and with it its closures and its name."""
    spaces = sorted({*ids})
    known = (house.space_by_id[one].connector for one in spaces if one in house.space_by_id)
    shaft = space.connector or next(filter(None, known), "")
    return {"do": "join-shaft", "spaces": spaces} | ({"connector": shaft} if shaft else {})


def _over(house: Venue, space: Space, level: str, least: float) -> Space | None:
    """What is on a level where a space is on its own: of the same kind, with at least that share of
    the smaller of both in common; the one that has most."""
    shared = {
        one.id: one.outline.intersection(space.outline).area
        / min(one.outline.area, space.outline.area)
        for one in house.spaces
        if one.level == level and one.kind == space.kind
    }
    best = max(shared, key=lambda one: (shared[one], one), default="")
    return house.space_by_id[best] if best and shared[best] >= least else None


def _drawn_again(space: Space, level: str, taken: set[str]) -> Change:
    """A space as it is, on another level; its id is added to those that are `taken`."""
    key = next(one for n in count(1) if (one := f"{level}-d{n}") not in taken)
    taken.add(key)
    ring = [[round(x, 3), round(y, 3)] for x, y in space.outline.exterior.coords[:-1]]
    said = {name: getattr(space, name) for name in ("category", "ref", "step_free")}
    change: Change = {"do": "add-space", "id": key, "level": level, "outline": ring}
    change |= {"kind": space.kind, "access": space.access}
    change |= {name: value for name, value in said.items() if value not in ("", None)}
    return change | ({"names": dict(space.names)} if space.names else {})


HALF = 0.5
"""A space that shares this part of the smaller of both with one of its kind is that one."""


def copies(here: Venue, house: Venue, level: str, to: Sequence[str]) -> list[Change]:
    """The corrections that draw a floor, as it is `here`, on others (标准层 of a tower): spaces and
    the doors between them, with numbers of the new floor. What is there already stays; lifts and
    stairs are joined; doors that lead out of the building, or that are guessed, are not copied."""
    if not to or level in to or {*to} - {*house.level_by_id}:
        raise NavkitError("no-such-thing")
    taken, changes = {one.id for one in house.spaces}, []
    joins = {one.id: _stops_with(house, one) for one in here.spaces if one.kind in SHAFTS}
    for target in dict.fromkeys(to):
        number = (_number_of(house, level), _number_of(house, target))
        id_of: dict[str, str] = {}
        new: set[str] = set()
        for space in here.spaces:
            there = _over(house, space, target, HALF)
            if there is None:
                changes.append(_renumbered(_drawn_again(space, target, taken), number))
            id_of[space.id] = there.id if there else changes[-1]["id"]
            new |= set() if there else {id_of[space.id]}
            if space.id in joins:
                joins[space.id] += _stops_with(house, there) if there else [id_of[space.id]]
        changes += _doors(here, id_of, new)
    if not changes:
        raise NavkitError("nothing-to-copy")
    known_as = here.space_by_id
    return [*changes, *(_join(house, known_as[key], ids) for key, ids in joins.items())]


def _number_of(house: Venue, level: str) -> float | None:
    """As it is posted on the wall."""
    return posted_number(house.level_by_id[level].label)


def _doors(here: Venue, id_of: Mapping[str, str], new: Collection[str]) -> Iterator[Change]:
    """The doors between the same spaces of another floor, as far as one of them is `new` there."""
    seen: Counter[str] = Counter()
    for door in here.doors:
        spaces = tuple(id_of.get(one, "") for one in door.spaces)
        if door.guessed or not all(spaces) or not {*spaces} & {*new}:
            continue
        made = f"added:{'~'.join(spaces)}"
        seen[made] += 1
        change: Change = {"do": "add-door", "spaces": [*spaces]}
        change |= {"id": f"{made}~{seen[made]}"} if seen[made] > 1 else {}
        change["point"] = [round(one, 3) for one in door.middle]
        said = {"kind": door.kind, "width_m": door.width_m, "step_free": door.step_free}
        change |= {name: value for name, value in said.items() if value is not None}
        yield change | ({"access": door.access} if door.access != "public" else {})


def _renumbered(change: Change, numbers: tuple[float | None, float | None]) -> Change:
    old, new = numbers
    if not (old and new):
        return change
    said = dict(change)
    if "ref" in said:
        said["ref"] = renumbered(said["ref"], abs(int(old)), abs(int(new)))
    if "names" in said:
        said["names"] = {
            tag: renumbered(name, abs(int(old)), abs(int(new)))
            for tag, name in said["names"].items()
        }
    return said


def renumbered(text: str, old: int, new: int) -> str:
    """A number or a name with the numbers of another floor: 401 becomes 501, 4-01 becomes 5-01."""

    def on_new(found: re.Match[str]) -> str:
        return f"{new}{found[0].removeprefix(str(old))}"

    return re.sub(rf"(?<!\d){old}(?:\d\d+(?!\d)|(?=[-.]\d))", on_new, text)
