"""One thing at a time is taken out of the example: navkit names it or its place, or joins the rest
as before. Nothing is lost in silence.

A corridor's label is not among them: many corridors have none, and nobody can tell which had one.
"""

import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, Polygon
from shapely.affinity import translate
from shapely.ops import substring

from floorplans.reading import read
from navkit.network.network import build
from navkit.plan.plan import SHAFTS, Plan, PlanSpace
from navkit.route.profiles import profiles
from navkit.route.reach import Review, review
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.venue.omitted import FEWEST_ENTRANCES
from navkit.venue.venue import Venue
from navkit.words.findings import Finding

WALL_M = 0.7
"""Spaces nearer than this are beside each other."""
THINNED_M = 0.3
SHIFTED_M = 0.5

NO_EVIDENCE = {"doors-narrow-for-staff"}
"""Findings that name all rooms of a level."""


@dataclass(frozen=True)
class Mutant:
    """A plan with one thing less."""

    said: str
    plan: Plan
    marks: frozenset[str]
    """Ids, numbers and names of the thing and of its place: a finding has to name one."""
    must_be_named: bool = False
    """Whether it is not enough that all ways are as before."""


def without(things: Iterable[Any], lost: Any, instead: Any = None) -> tuple[Any, ...]:
    kept = (instead if one is lost else one for one in things)
    return tuple(one for one in kept if one is not None)


def beside(plan: Plan, shape: Any, level: str) -> frozenset[str]:
    """Spaces and doors at a shape."""
    near = (s.key for s in plan.spaces if s.level == level and s.outline.distance(shape) <= WALL_M)
    doors = (d.key for d in plan.doors if d.level == level and d.line.distance(shape) <= WALL_M)
    return frozenset((*near, *doors))


def with_space(plan: Plan, old: PlanSpace, new: PlanSpace | None) -> Plan:
    return replace(plan, spaces=without(plan.spaces, old, new))


def less_a_door(plan: Plan, rng: random.Random) -> Mutant:
    door = rng.choice([door for door in plan.doors if not door.entrance])
    marks = beside(plan, door.line, door.level) | {door.key}
    return Mutant(f"door {door.key}", replace(plan, doors=without(plan.doors, door)), marks)


def less_a_label(plan: Plan, rng: random.Random) -> Mutant:
    """Number and name of a room or a hall."""
    kinds = ("room", "hall")
    space = rng.choice([s for s in plan.spaces if s.kind in kinds and any(s.names.values())])
    bare = replace(space, names={}, ref="")
    said = f"label {space.key}"
    return Mutant(said, with_space(plan, space, bare), frozenset({space.key}), must_be_named=True)


def less_a_name(plan: Plan, rng: random.Random) -> Mutant:
    space = rng.choice([s for s in plan.spaces if s.kind == "room" and s.names and s.ref])
    bare = replace(space, names={})
    said = f"name {space.key}"
    return Mutant(said, with_space(plan, space, bare), frozenset({space.key}), must_be_named=True)


def less_an_entrances_name(plan: Plan, rng: random.Random) -> Mutant:
    door = rng.choice([door for door in plan.doors if door.entrance])
    bare = replace(plan, doors=without(plan.doors, door, replace(door, names={})))
    is_one_of_many = sum(one.entrance for one in plan.doors) > FEWEST_ENTRANCES
    return Mutant(f"name {door.key}", bare, frozenset({door.key}), must_be_named=is_one_of_many)


def less_a_number(plan: Plan, rng: random.Random) -> Mutant:
    """The number of a room within a run: those before and after it are next door."""
    space = rng.choice([s for s in plan.spaces if _in_a_run(plan, s)])
    bare = replace(space, ref="")
    said = f"number {space.key}"
    return Mutant(said, with_space(plan, space, bare), frozenset({space.key}), must_be_named=True)


def _in_a_run(plan: Plan, space: PlanSpace) -> bool:
    if space.kind != "room" or not space.ref[-1:].isdigit():
        return False
    beside = {
        other.ref
        for other in plan.spaces
        if other.level == space.level and other.outline.distance(space.outline) <= WALL_M
    }
    stem = space.ref.rstrip("0123456789")
    number = int(space.ref[len(stem) :])
    return any({f"{stem}{number - k}", f"{stem}{number + k}"} <= beside for k in (1, 2))


def less_a_stop(plan: Plan, rng: random.Random) -> Mutant:
    """A lift or stairs, on one level; the door that led to it stays."""
    space = rng.choice([s for s in plan.spaces if s.kind in SHAFTS])
    marks = beside(plan, space.outline, space.level) | {space.connector}
    return Mutant(f"stop {space.key}", with_space(plan, space, None), marks)


def less_a_stop_and_its_doors(plan: Plan, rng: random.Random) -> Mutant:
    """The same, between two levels at which the shaft stops."""
    ordinal = {level.key: level.ordinal for level in plan.levels}
    stops: dict[str, set[float]] = {}
    for space in plan.spaces:
        stops.setdefault(space.connector, set()).add(ordinal[space.level])
    between = [
        space
        for space in plan.spaces
        if space.kind in SHAFTS
        and {ordinal[space.level] - 1, ordinal[space.level] + 1} <= stops[space.connector]
    ]
    space = rng.choice(between)
    doors = tuple(
        door
        for door in plan.doors
        if door.level != space.level or door.line.distance(space.outline) > WALL_M
    )
    less = replace(with_space(plan, space, None), doors=doors)
    return Mutant(f"stop and doors {space.key}", less, frozenset({space.key, space.connector}))


def less_a_level(plan: Plan, rng: random.Random) -> Mutant:
    level = rng.choice(plan.levels)

    def others(things: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(one for one in things if one.level != level.key)

    less = replace(
        plan,
        levels=without(plan.levels, level),
        spaces=others(plan.spaces),
        doors=others(plan.doors),
        points=others(plan.points),
        anchors=others(plan.anchors),
        walls=tuple(wall for wall in plan.walls if wall[0] != level.key),
    )
    return Mutant(f"level {level.key}", less, frozenset({level.key, level.label}))


def less_wall(plan: Plan, rng: random.Random) -> Mutant:
    """30 cm of a drawn wall; where the level has none, of a space along one of its sides."""
    if plan.walls and rng.random() < 0.5:
        level, wall = rng.choice(plan.walls)
        at = rng.uniform(0, max(0.0, wall.length - THINNED_M))
        pieces = [substring(wall, 0, at), substring(wall, at + THINNED_M, wall.length)]
        kept = [
            (level, piece) for piece in pieces if isinstance(piece, LineString) and piece.length
        ]
        walls = (*(one for one in plan.walls if one[1] is not wall), *kept)
        said = f"30 cm of a wall on {level}"
        return Mutant(said, replace(plan, walls=walls), beside(plan, wall, level))
    while True:
        space = rng.choice([s for s in plan.spaces if s.kind != "closed"])
        side = rng.randrange(len(space.outline.exterior.coords) - 1)
        if thinner := _thinner(space.outline, side):
            marks = beside(plan, space.outline, space.level)
            less = with_space(plan, space, replace(space, outline=thinner))
            return Mutant(f"side {side} of {space.key}", less, marks)


def _thinner(outline: Polygon, side: int) -> Polygon | None:
    """An outline with one side moved inwards."""
    corners = list(outline.exterior.coords)[:-1]
    after = (side + 1) % len(corners)
    (ax, ay), (bx, by) = corners[side], corners[after]
    length = math.hypot(bx - ax, by - ay)
    for sign in (1, -1):
        dx, dy = (sign * THINNED_M * d / length for d in (ay - by, bx - ax))
        moved = list(corners)
        moved[side], moved[after] = (ax + dx, ay + dy), (bx + dx, by + dy)
        thin = Polygon(moved, outline.interiors)
        if thin.is_valid and thin.area < outline.area:
            return thin
    return None


def a_room_shifted(plan: Plan, rng: random.Random) -> Mutant:
    space = rng.choice([s for s in plan.spaces if s.kind == "room"])
    dx, dy = rng.choice([(1, 0), (-1, 0), (0, 1), (0, -1)])
    outline = translate(space.outline, dx * SHIFTED_M, dy * SHIFTED_M)
    marks = beside(plan, space.outline, space.level)
    moved = with_space(plan, space, replace(space, outline=outline))
    return Mutant(f"{space.key} shifted by {dx}, {dy}", moved, marks)


MUTATIONS: tuple[Callable[[Plan, random.Random], Mutant], ...] = (
    less_a_door,
    less_a_label,
    less_a_name,
    less_an_entrances_name,
    less_a_number,
    less_a_stop,
    less_a_stop_and_its_doors,
    less_a_level,
    less_wall,
    a_room_shifted,
)


@dataclass(frozen=True)
class Seen:
    """What staff see of a venue."""

    public: frozenset[str]
    pairs: Mapping[str, float]
    findings: Counter[tuple[str, str]]
    """Code and text."""


class Building:
    """One building of the example, with what the hospital says of it."""

    def __init__(self, drawings: Path, key: str) -> None:
        plan = read([drawings / "plans"])[0]
        levels = {level.key for level in plan.levels if level.building == key}
        spaces = tuple(space for space in plan.spaces if space.level in levels)
        shafts = {space.connector for space in spaces}
        self.plan = replace(
            plan,
            levels=tuple(level for level in plan.levels if level.key in levels),
            spaces=spaces,
            doors=tuple(door for door in plan.doors if door.level in levels),
            walls=tuple(wall for wall in plan.walls if wall[0] in levels),
            points=tuple(point for point in plan.points if point.level in levels),
            anchors=tuple(anchor for anchor in plan.anchors if anchor.level in levels),
            connectors=tuple(one for one in plan.connectors if one.key in shafts),
            building_names={key: plan.building_names[key]},
        )
        listed = directory.read(drawings / "directory.csv")
        names = set(plan.building_names[key].values())
        entries = tuple(entry for entry in listed.entries if entry.building in names)
        self._listed = replace(listed, entries=entries)
        self._changes = corrections.read(drawings / "corrections.json")

    def seen(self, plan: Plan) -> Seen:
        venue = join([plan], self._listed, self._changes)
        found = review(build(venue), profiles())
        return Seen(
            frozenset(place.id for place in venue.places if place.access == "public"),
            found.pairs,
            Counter((f.code, f.text("en")) for f in self._findings(venue, found)),
        )

    @staticmethod
    def _findings(venue: Venue, found: Review) -> Iterable[Finding]:
        return (*venue.findings, *found.findings)


@cache
def _building(drawings: Path, key: str) -> tuple[Building, Seen]:
    made = Building(drawings, key)
    return made, made.seen(made.plan)


def silent(drawings: Path, key: str, number: int) -> str:
    """What is lost in silence by one mutation; empty if nothing is."""
    building, before = _building(drawings, key)
    rng = random.Random(f"{key} {number}")
    mutant = MUTATIONS[number % len(MUTATIONS)](building.plan, rng)
    after = building.seen(mutant.plan)
    new = [found for found in after.findings - before.findings if found[0] not in NO_EVIDENCE]
    if any(_names(text, mark) for _, text in new for mark in mutant.marks):
        return ""
    if not mutant.must_be_named and (after.public, after.pairs) == (before.public, before.pairs):
        return ""
    lost = sorted(before.public - after.public)[:5]
    return f"{mutant.said}: {lost} {after.pairs} {sorted({code for code, _ in new})}"


def _names(text: str, mark: str) -> bool:
    """Whether a text has an id as a word of its own."""
    return bool(mark) and re.search(rf"(?<![\w-]){re.escape(mark)}(?![\w-])", text) is not None


@pytest.mark.slow
def test_nothing_is_lost_in_silence(example_drawings: Path) -> None:
    found = [silent(example_drawings, "yj", number) for number in range(len(MUTATIONS))]

    assert [text for text in found if text] == []


@pytest.mark.slow
@pytest.mark.mutations
@pytest.mark.parametrize("key", ["mz", "yj", "zy"])
def test_nothing_is_lost_in_silence_in_500_cases(example_drawings: Path, key: str) -> None:
    found = [silent(example_drawings, key, number) for number in range(100, 267)]

    assert [text for text in found if text] == []


def test_a_building_without_a_mutation_has_nothing_left_out(example_venue: Venue) -> None:
    assert [f.text("en") for f in example_venue.findings] == []
