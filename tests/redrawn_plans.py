"""A plan as far as lines and texts of a drawing can tell it, and routes through it to compare."""

import random
from dataclasses import replace

from floorplans.classify import Class, classify
from navkit.guide import Guide
from navkit.plan.plan import Plan, PlanDoor, PlanSpace
from navkit.route.profiles import profiles
from navkit.venue.join import join
from navkit.words.findings import NavkitError

Key = tuple[str, str, str, str]
"""Building, storey, name and number."""


def name_of(space: PlanSpace) -> str:
    """What is written in it."""
    return space.names.get("en") or space.kind.title()


def as_drawn(plan: Plan) -> Plan:
    """`plan` without what no drawing shows: hours, who may pass, heights of storeys, keys."""
    spaces = [
        PlanSpace(
            one.key,
            one.level,
            one.outline,
            (classify(name_of(one)) or Class("room")).kind,
            names={"": name_of(one)},
            ref=one.ref,
        )
        for one in plan.spaces
        if one.kind != "closed"
    ]
    doors = [PlanDoor(key=one.key, level=one.level, line=one.line) for one in plan.doors]
    houses = {key: {"": names["zh-Hans"]} for key, names in plan.building_names.items()}
    levels = [replace(one, elevation_m=None) for one in plan.levels]
    return Plan(
        plan.source, None, tuple(levels), tuple(spaces), tuple(doors), building_names=houses
    )


def places(plan: Plan) -> dict[Key, int]:
    """How often each is there."""
    levels = {one.key: one for one in plan.levels}
    found: dict[Key, int] = {}
    for one in plan.spaces:
        level = levels[one.level]
        house = plan.building_names.get(level.building, {}).get("", level.building)
        key = (house, level.label, one.names.get("", ""), one.ref)
        found[key] = found.get(key, 0) + 1
    return found


def lengths(plan: Plan, pairs: int) -> dict[tuple[Key, Key], float]:
    """Metres of the walks between places drawn by lot of those that are there once, the same for
    the same places; those that nobody can walk are left out."""
    venue = join([plan])
    guide = Guide(venue)
    levels = {one.id: one for one in venue.levels}
    ids: dict[Key, list[str]] = {}
    for one in venue.spaces:
        level = levels[one.level]
        house = venue.building_names.get(level.building, {}).get("", level.building)
        ids.setdefault((house, level.label, one.names.get("", ""), one.ref), []).append(one.id)
    single = sorted(key for key, some in ids.items() if len(some) == 1 and (key[2] or key[3]))
    lot = random.Random(5)
    found = {}
    for _ in range(pairs):
        start, goal = lot.sample(single, 2)
        try:
            route = guide.route(ids[start][0], ids[goal][0], profiles()["walk"])
        except NavkitError:
            continue
        found[start, goal] = route.length_cm / 100
    return found
