"""What drawings call their shapes: numbers of rooms, and shafts with the floors they lead to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from floorplans.cad import Shape
from floorplans.labels import is_door_number
from floorplans.mapping import proposed
from floorplans.sheet import Json
from navkit.plan.plan import SHAFTS, Plan, PlanSpace
from navkit.words.findings import Finding

_WORD = re.compile(r"([^\W\d_]+)[\s_.:-]+(?=\S)")
_SHAFT = re.compile(r"([^\W\d_]+)\.([\w-]+)\.(?:floor|level)_?(-?\w+)(?:[ _.-]\d+)?", re.IGNORECASE)
_KINDS: Mapping[str, str] = {"stairs": "stairs", "lift": "elevator"}


@dataclass(frozen=True)
class Shaft:
    """What ``Stair.2.floor3`` says: stairs 2, which lead to floor 3."""

    kind: str
    called: str
    """Alike for the same shaft on every floor."""
    to: str


def shaft_of(name: str) -> Shaft | None:
    """None if a name says no shaft."""
    found = _SHAFT.fullmatch(name)
    kind = _KINDS.get(proposed(found[1]), "") if found else ""
    return Shaft(kind, f"{found[1]} {found[2]}", found[3]) if found and kind else None


def plain(name: str) -> str:
    """A name as it may be on a door: 101 of ``room_101``, without underscores."""
    found = _WORD.match(name)
    bare = name[found.end() :] if found and proposed(found[1]) in ("room", "door") else name
    return " ".join(bare.replace("_", " ").split())


def told_by(name: str) -> dict[str, Json]:
    """Kind, number or name of a room by what the drawing calls it."""
    if shaft := shaft_of(name):
        return {"class": shaft.kind, "name": shaft.called}
    bare = plain(name)
    if not bare:
        return {}
    return {"number" if is_door_number(bare) else "name": bare}


def with_shafts(plan: Plan, shafts: Iterable[tuple[str, Shaft]]) -> Plan:
    """`plan` with the shafts of one name as one connector; `shafts` has each with the storey that
    it is drawn on. A finding says which lead to a floor where nothing leads back."""
    drawn = list(shafts)
    known = {shaft.called for _, shaft in drawn}
    if not known:
        return plan

    def joined(space: PlanSpace) -> PlanSpace:
        name = space.names.get("", "")
        shaft = name in known and space.kind in SHAFTS
        return replace(space, connector=space.connector or name) if shaft else space

    spaces = tuple(map(joined, plan.spaces))
    return replace(plan, spaces=spaces, findings=(*plan.findings, *_unanswered(drawn)))


def _unanswered(drawn: Sequence[tuple[str, Shaft]]) -> list[Finding]:
    """Storeys are compared by their numbers: floor2 is drawn in 2F."""
    ways = {(shaft.called, _number(here), _number(shaft.to)) for here, shaft in drawn}
    return [
        Finding("shaft-unanswered", here, {"shaft": shaft.called, "to": shaft.to})
        for here, shaft in drawn
        if (shaft.called, _number(shaft.to), _number(here)) not in ways
    ]


def _number(storey: str) -> str:
    found = re.search(r"-?\d+", storey)
    return found[0] if found else storey.casefold()


def doors_apart(
    rooms: Sequence[tuple[Shape, str]], doors: Sequence[Shape], near_m: float
) -> list[str]:
    """The numbers of rooms after which doors are called that are not at them."""
    by_number: dict[str, list[Shape]] = {}
    for shape, number in rooms:
        by_number.setdefault(number.casefold(), []).append(shape)
    return [
        plain(door.name)
        for door in doors
        if (there := by_number.get(plain(door.name).casefold()))
        and min(one.drawn.distance(door.drawn) for one in there) > near_m
    ]
