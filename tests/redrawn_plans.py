"""A plan as far as lines and texts of a drawing can tell it, and routes through it to compare."""

import json
import random
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from floorplans.classify import Class, classify, is_for_staff
from navkit.guide import Guide
from navkit.plan.plan import DoorKind, Names, Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.route.profiles import profiles
from navkit.venue.join import join
from navkit.venue.venue import Level
from navkit.words.findings import NavkitError

DRAWN = Path(__file__).parents[1] / "examples" / "hospital" / "data" / "drawn.json"

Key = tuple[str, str, str, str]
"""Building, storey, name and number."""
Place = tuple[str, str, str, str, str]
"""The same, and the kind."""


def name_of(space: PlanSpace, language: str = "en") -> str:
    """What is written in it."""
    unnamed = json.loads(DRAWN.read_text(encoding="utf-8"))["unnamed"]
    return space.names.get(language) or str(unnamed[space.kind][language])


def as_drawn(
    plan: Plan, language: str = "en", *, heights: bool = False, passages: bool = True
) -> Plan:
    """`plan` without what no drawing shows: hours, who may pass, keys; heights of storeys, and
    what is a passage and no door, only if the drawing has them."""
    said: DoorKind = "open" if passages else "unknown"
    spaces = [
        PlanSpace(
            one.key, one.level, one.outline, one.kind,
            names={"": name_of(one, language)}, ref=one.ref,
            access="staff" if is_for_staff({"": name_of(one, language)}) else "public",
        )
        for one in plan.spaces
        if one.kind != "closed"
    ]  # fmt: skip
    doors = [
        PlanDoor(
            d.key, d.level, d.line, spaces=d.spaces, kind=said if d.kind == "open" else "unknown"
        )
        for d in plan.doors
    ]
    houses = {key: {"": names["zh-Hans"]} for key, names in plan.building_names.items()}
    return Plan(
        plan.source,
        None,
        plan.levels if heights else tuple(replace(one, elevation_m=None) for one in plan.levels),
        tuple(spaces),
        tuple(doors),
        walls=plan.walls,
        building_names=houses,
    )


def as_called(plan: Plan) -> Plan:
    """`plan` with the kinds that the names of its spaces say."""
    said = [classify(one.names.get("", "")) or Class("room") for one in plan.spaces]
    spaces = (replace(one, kind=to.kind) for one, to in zip(plan.spaces, said, strict=True))
    return replace(plan, spaces=tuple(spaces))


def as_walked(plan: Plan) -> Plan:
    """The same, but that a room which is called a hall stays a room: it has walls, which `plan`
    need not draw."""
    called = as_called(plan).spaces
    both = zip(plan.spaces, called, strict=True)
    spaces = tuple(true if true.kind == "room" else said for true, said in both)
    return replace(plan, spaces=spaces)


def places(plan: Plan) -> dict[Place, int]:
    """How often each is there."""
    levels = {one.key: one for one in plan.levels}
    found: dict[Place, int] = {}
    for one in plan.spaces:
        level = levels[one.level]
        key = (
            _house(level, plan.levels, plan.building_names),
            level.label,
            one.names.get("", ""),
            one.ref,
            one.kind,
        )
        found[key] = found.get(key, 0) + 1
    return found


def lengths(plan: Plan, pairs: int) -> dict[tuple[Key, Key], float]:
    """Metres of the walks between places drawn by lot of those that are there once, the same for
    the same places; those that nobody can walk are left out."""
    walks = Walks(plan)
    lot = random.Random(5)
    single = sorted(key for key, some in walks.ids.items() if len(some) == 1 and (key[2] or key[3]))
    drawn = [lot.sample(single, 2) for _ in range(pairs)]
    return walks.lengths([(start, goal) for start, goal in drawn])


class Walks:
    """Between the places of a plan."""

    def __init__(self, plan: Plan) -> None:
        venue = join([plan])
        self._guide = Guide(venue)
        levels = {one.id: one for one in venue.levels}
        self.ids: dict[Key, list[str]] = {}
        for one in venue.spaces:
            level = levels[one.level]
            house = _house(level, venue.levels, venue.building_names)
            key = (house, level.label, one.names.get("", ""), one.ref)
            self.ids.setdefault(key, []).append(one.id)

    def lengths(self, pairs: Iterable[tuple[Key, Key]]) -> dict[tuple[Key, Key], float]:
        """In metres; what is not there, or cannot be walked, is left out."""
        found = {}
        for start, goal in pairs:
            if not {start, goal} <= self.ids.keys():
                continue
            ends = self.ids[start][0], self.ids[goal][0]
            with suppress(NavkitError):  # Nobody can walk there.
                found[start, goal] = self._guide.route(*ends, profiles()["walk"]).length_cm / 100
        return found


def _house(
    level: PlanLevel | Level, levels: Iterable[PlanLevel | Level], names: Mapping[str, Names]
) -> str:
    """Of several buildings the one of a level. A drawing of a single one need not name it."""
    several = len({one.building for one in levels}) > 1
    return names.get(level.building, {}).get("", level.building) if several else ""
