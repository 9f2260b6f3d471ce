"""Corrections that may answer what a venue still needs, each with what speaks for it.

Nothing is decided here: `navkit.route.fixes` tries each and keeps what helps.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from shapely import LineString, Point, Polygon
from shapely.ops import unary_union

from navkit.plan.plan import CIRCULATION
from navkit.route.parts import SHAFT_DRIFT_M, Gap, Part
from navkit.venue.edges import neighbours_of, shared_edges, walls_m
from navkit.venue.guessing import Guessing, Likelihoods
from navkit.venue.places import space_at
from navkit.venue.storeys import neighbours
from navkit.venue.venue import Connector, Door, Place, Space, Venue, called, name_in
from navkit.words.findings import Finding, Slot
from navkit.words.languages import languages, words

Grade = Literal["likely", "possible", "unsure"]

LIKELY, POSSIBLE = 0.8, 0.5
"""From so many of a hundred alike that are right a proposal is called likely, or possible."""

MOST_DOORS = 3
"""So many places are tried for one door that is missing."""

MOST_OPEN_M = 4.0
"""A passage that is assumed is proposed no wider. A guess."""

NEAR_TURN_M = 4.0
"""So near a turn is the door of a place that describes it: `landmark_near_m` of the guidance's
rules."""

WALL_M = 0.3
"""Sight goes on past so much that is not drawn as floor. A guess: the edge of an opening."""

TAKEN = 0.3
"""Where so much of a shaft's outline is drawn as something else, no stop of it is proposed."""

Fields = dict[str, Any]


@dataclass(frozen=True)
class Proposal:
    """Corrections that belong together, and the evidence for them."""

    changes: tuple[Fields, ...]
    """As they stand in a file of corrections, without `why`."""
    why: Finding
    grade: Grade
    about: tuple[Finding, ...] = ()
    """What it shall answer."""
    confidence: float | None = None
    """How many of a hundred alike are right, from 0 to 1, where that was counted on real drawings
    (`docs/guessed-doors.md`); None where nobody has."""
    door: str = ""
    """The guessed door that it confirms."""
    part: frozenset[str] = frozenset()
    """The spaces of the part that it shall join with the others."""


@dataclass(frozen=True)
class House:
    """A venue, the parts that it falls into, and what several proposals look up."""

    venue: Venue
    parts: tuple[Part, ...]
    """The largest first; none where nobody has looked for them."""
    level_pairs: frozenset[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "level_pairs", neighbours(self.venue.levels))

    @cached_property
    def shaft_of(self) -> dict[str, Connector]:
        return {stop: one for one in self.venue.connectors for stop in one.stops}

    @cached_property
    def likely(self) -> Likelihoods:
        """Of each space without a drawn door that leads on, how likely it leads where."""
        venue = self.venue
        joined: dict[str, set[str]] = {space.id: set() for space in venue.spaces}
        for door in venue.doors:
            if not door.guess and door.spaces[1]:
                joined[door.spaces[0]].add(door.spaces[1])
                joined[door.spaces[1]].add(door.spaces[0])
        beside = neighbours_of(shared_edges(venue.spaces, {}, walls_m(venue.spaces)))
        return Guessing(venue.spaces, beside, beside, joined).weigh()

    def said(self, thing: str) -> Slot:
        """A space, by its name or number and its level."""
        space = self.venue.space_by_id.get(thing)
        if space is None:
            return thing
        label = self.venue.level_by_id[space.level].label
        return {
            tag: f"{thing} ({', '.join(filter(None, (name_in(called(space), tag), label)))})"
            for tag in languages()
        }


def graded(confidence: float) -> Grade:
    """What a likelihood is called."""
    return "likely" if confidence >= LIKELY else "possible" if confidence >= POSSIBLE else "unsure"


def proposals(house: House, findings: Sequence[Finding]) -> list[list[Proposal]]:
    """For each thing that is amiss the corrections that may answer it, the best first."""
    found = [*_guessed_doors(house, findings)]
    for finding in findings:
        if finding.code in _BY_CODE:
            found.append([*_BY_CODE[finding.code](house, finding)])
        elif finding.code in _EACH:
            found += [[one] for one in _EACH[finding.code](house, finding)]
    for part in house.parts[1:]:
        joining = _joining(house, part, findings)
        found.append([replace(one, part=frozenset(part.spaces)) for one in joining])
    return [alternatives for alternatives in found if alternatives]


# Doors


def _guessed_doors(house: House, findings: Sequence[Finding]) -> Iterator[list[Proposal]]:
    """Each guessed door, to be confirmed on site; the most certain first."""
    about = [f for f in findings if f.code.startswith("door-guessed")]
    doors = [door for door in house.venue.doors if door.guess and not door.path]
    for door in sorted(doors, key=lambda door: -door.guess.likelihood if door.guess else 0):
        assert door.guess
        shaft = next((house.shaft_of[s] for s in door.spaces if s in house.shaft_of), None)
        own = {*door.spaces, *(shaft.stops if shaft else ())}
        why = {
            tag: ", ".join(words(tag, "evidence")[code] for code in door.guess.evidence)
            or words(tag, "evidence")["none"]
            for tag in languages()
        }
        slots: dict[str, Slot] = {
            "start": house.said(door.spaces[0]),
            "end": house.said(door.spaces[1]),
            "why": why,
            "percent": f"{door.guess.likelihood:.0%}",
        }
        yield [
            Proposal(
                changes=(_door(door.spaces, door.middle),),
                why=Finding("fix-door-guessed", "", slots),
                grade=graded(door.guess.likelihood),
                about=tuple(f for f in about if str(f.slots.get("id", "")) in own),
                confidence=door.guess.likelihood,
                door=door.id,
            )
        ]


def _door(spaces: Iterable[str], at: tuple[float, float], **facts: Any) -> Fields:
    point = [round(at[0], 2), round(at[1], 2)]
    return {"do": "add-door", "spaces": [s for s in spaces if s], "point": point, **facts}


def _without_door(house: House, finding: Finding) -> Iterator[Proposal]:
    """The likeliest doors for a room that has none."""
    space = str(finding.slots["id"])
    return _likeliest(house, space, (finding,), house.likely.get(space, {}))


def _likeliest(
    house: House, space: str, about: tuple[Finding, ...], beyond: Iterable[str]
) -> Iterator[Proposal]:
    likely = house.likely.get(space, {})
    for near in sorted(beyond, key=lambda one: (-likely[one], one))[:MOST_DOORS]:
        if found := _wall(house, space, near):
            slots: dict[str, Slot] = {"start": house.said(space), "end": house.said(near)}
            yield Proposal(
                changes=(_door((space, near), found),),
                why=Finding("fix-door-likeliest", "", slots | {"percent": f"{likely[near]:.0%}"}),
                grade=graded(likely[near]),
                about=about,
                confidence=round(likely[near], 2),
            )


def _wall(house: House, one: str, other: str) -> tuple[float, float] | None:
    """The middle of the longest piece of wall between two spaces."""
    by_id = house.venue.space_by_id
    pair = [by_id[space] for space in sorted((one, other)) if space in by_id]
    pieces = [
        piece for of in shared_edges(pair, {}, walls_m(house.venue.spaces)).values() for piece in of
    ]
    if not pieces:
        return None
    middle = max(pieces, key=lambda piece: piece.length).interpolate(0.5, normalized=True)
    return middle.x, middle.y


def _joining(house: House, part: Part, findings: Sequence[Finding]) -> Iterator[Proposal]:
    """What would join a part with the rest: where it comes nearest, else its likeliest doors."""
    gap = part.nearest
    apart = [f for f in findings if f.code in ("venue-in-parts", "rooms-apart")]
    about = tuple(f for f in apart if f.where.rpartition(", ")[2] in part.spaces)
    if gap and gap.remedy == "shaft":
        yield from _one_shaft(house, gap.start, gap.end, about)
    if gap and gap.remedy == "door" and _are_spaces(house, gap):
        slots: dict[str, Slot] = {
            "start": house.said(gap.start),
            "end": house.said(gap.end),
            "distance": f"{gap.distance_m:.1f}",
        }
        change = _door((gap.start, gap.end), gap.point)
        yield Proposal((change,), Finding("fix-door-nearest", "", slots), "unsure", about)
    if gap and gap.remedy == "level":
        yield from _stops_at(house, part, about)
    for space in part.spaces if len(part.spaces) <= MOST_DOORS else ():
        beyond = house.likely.get(space, {}).keys() - {*part.spaces}
        yield from _likeliest(house, space, about, beyond)


def _are_spaces(house: House, gap: Gap) -> bool:
    return {gap.start, gap.end} <= house.venue.space_by_id.keys()


def _entrances(house: House, finding: Finding) -> Iterator[Proposal]:
    """Doors from a corridor or a hall of the ground floor to the outside, all of them."""
    doors = [door for door in house.venue.doors if _leads_out(house, door)]
    for door in sorted(doors, key=lambda one: (-(one.width_m or 0), one.id)):
        yield _entrance(house, door, finding)


def _leads_out(house: House, door: Door) -> bool:
    space = house.venue.space_by_id[door.spaces[0]]
    ground = house.venue.level_by_id[space.level].ordinal == 0
    outside = not door.spaces[1] or house.venue.space_by_id[door.spaces[1]].kind == "outdoor"
    is_public = door.access == space.access == "public"
    return ground and outside and is_public and space.kind in CIRCULATION and not door.guessed


def _entrance(house: House, door: Door, finding: Finding) -> Proposal:
    change = {"do": "set-door", "id": door.id, "entrance": True}
    slots: dict[str, Slot] = {"door": door.id, "space": house.said(door.spaces[0])}
    why = Finding("fix-entrance", "", slots)
    return Proposal((change,), why, "possible", (finding,))


def _to_the_outside(house: House, finding: Finding) -> Iterator[Proposal]:
    """A door whose other side is not drawn, if it leads out of a corridor of the ground floor."""
    door = house.venue.door_by_id.get(finding.where.rpartition(", ")[2])
    if door is not None and not door.entrance and _leads_out(house, door):
        yield _entrance(house, door, finding)


def _bridge(house: House, finding: Finding) -> Iterator[Proposal]:
    """Where two buildings touch: an open passage, as it is assumed."""
    here = finding.where.rpartition(", ")[2]
    for door in house.venue.doors:
        if door.guessed and door.unverified and here in door.spaces and all(door.spaces):
            facts = {"kind": "open", "width_m": min(door.width_m or MOST_OPEN_M, MOST_OPEN_M)}
            slots: dict[str, Slot] = {
                "start": house.said(door.spaces[0]),
                "end": house.said(door.spaces[1]),
            }
            why = Finding("fix-bridge", "", slots)
            change = _door(door.spaces, door.middle, **facts)
            yield Proposal((change,), why, "possible", (finding,))


# Shafts


def _one_shaft(house: House, low: str, high: str, about: tuple[Finding, ...]) -> Iterator[Proposal]:
    one, other = (house.shaft_of.get(stop) for stop in (low, high))
    if one and other and _may_be_one(house, one, other):
        yield _shaft(house, [one, other], (low, high), about)


def _may_be_one(house: House, one: Connector, other: Connector) -> bool:
    """Whether two shafts may be one: not if both stop on one level, or a drawing tells them
    apart."""
    by_id = house.venue.space_by_id
    levels, drawn = (
        [{getattr(by_id[stop], what) for stop in shaft.stops} for shaft in (one, other)]
        for what in ("level", "connector")
    )
    told_apart = all(any(keys) for keys in drawn) and not drawn[0] & drawn[1] - {""}
    return one.id != other.id and not levels[0] & levels[1] and not told_apart


def _shaft(
    house: House,
    joined: Sequence[Connector],
    seen: tuple[str, str],
    about: tuple[Finding, ...],
) -> Proposal:
    """All stops of some shafts as one; it keeps the id that a drawing gave to one of them."""
    by_id = house.venue.space_by_id
    ordinal = {level.id: level.ordinal for level in house.venue.levels}
    stops = sorted(
        (stop for one in joined for stop in one.stops),
        key=lambda stop: (ordinal[by_id[stop].level], stop),
    )
    drawn = [by_id[stop].connector for stop in stops if by_id[stop].connector]
    change: Fields = {"do": "join-shaft", "spaces": stops}
    change |= {"connector": drawn[0]} if drawn else {}
    share = _overlap(by_id[seen[0]].outline, by_id[seen[1]].outline)
    slots: dict[str, Slot] = {
        "start": house.said(seen[0]),
        "end": house.said(seen[1]),
        "share": f"{share:.0%}",
        "distance": f"{by_id[seen[0]].outline.distance(by_id[seen[1]].outline):.1f}",
    }
    return Proposal((change,), Finding("fix-shaft", "", slots), graded(share), about)


def _overlap(one: Polygon, other: Polygon) -> float:
    """The shared part of the smaller footprint."""
    return float(one.intersection(other).area / min(one.area, other.area))


def _confirm_shaft(house: House, finding: Finding) -> Iterator[Proposal]:
    """A shaft that was joined by its footprints."""
    shaft = house.shaft_of.get(finding.where.rpartition(", ")[2])
    if shaft is not None and len(shaft.stops) > 1:
        yield _shaft(house, [shaft], (shaft.stops[0], shaft.stops[1]), (finding,))


def _other_stop(house: House, finding: Finding) -> Iterator[Proposal]:
    """For a shaft with one stop: one of its kind above or below it, else a stop where none is
    drawn."""
    here = house.venue.space_by_id[finding.where.rpartition(", ")[2]]
    shaft = house.shaft_of.get(here.id)
    if shaft is None:
        return
    others = [
        (round(here.outline.distance(space.outline), 1), -_overlap(here.outline, space.outline), id)
        for id, other in house.shaft_of.items()
        if (space := house.venue.space_by_id[id]).kind == here.kind
        if _are_neighbours(house, here.level, space.level) and _may_be_one(house, shaft, other)
    ]
    for apart_m, _, other in sorted(others):
        if apart_m <= SHAFT_DRIFT_M:
            yield _shaft(house, [shaft, house.shaft_of[other]], (here.id, other), (finding,))
    for level in house.venue.levels:
        if _are_neighbours(house, here.level, level.id):
            yield from _new_stop(house, shaft, here, level.id, (finding,))


def _are_neighbours(house: House, one: str, other: str) -> bool:
    return (one, other) in house.level_pairs or (other, one) in house.level_pairs


def _missing_stop(house: House, finding: Finding) -> Iterator[Proposal]:
    """A stop on the storey between two, drawn like the one below it."""
    level, _, shaft_id = finding.where.partition(", ")
    shaft = next((one for one in house.venue.connectors if one.id == shaft_id), None)
    if shaft is not None:
        for stop in shaft.stops:
            like = house.venue.space_by_id[stop]
            if _are_neighbours(house, level, like.level):
                yield from _new_stop(house, shaft, like, level, (finding,))


def _new_stop(
    house: House, shaft: Connector, like: Space, level: str, about: tuple[Finding, ...]
) -> Iterator[Proposal]:
    """A stop like another one, where its outline is free and its doors lead to a corridor."""
    venue = house.venue
    taken = sum(
        like.outline.intersection(space.outline).area
        for space in venue.spaces
        if space.level == level and space.kind not in CIRCULATION and space.kind != "closed"
    )
    if taken > TAKEN * like.outline.area:
        return
    stop = f"{like.id}@{level}"
    doors = []
    for door in venue.doors:
        if like.id in door.spaces and door.spaces[1]:
            near = space_at(venue.spaces, level, Point(door.middle))
            if near is not None and near.kind in CIRCULATION:
                facts = {"width_m": door.width_m} if door.width_m and not door.guessed else {}
                doors.append(_door((stop, near.id), door.middle, **facts))
    if not doors or stop in venue.space_by_id:
        return
    own = like.connector or shaft.id
    space: Fields = {"do": "add-space", "id": stop, "level": level, "like": like.id}
    stops = [*shaft.stops, stop]
    joined: Fields = {"do": "join-shaft", "connector": own, "spaces": stops}
    slots: dict[str, Slot] = {
        "like": house.said(like.id),
        "level": venue.level_by_id[level].label,
        "near": house.said(doors[0]["spaces"][1]),
    }
    grade: Grade = "possible" if shaft.kind == "elevator" else "unsure"
    yield Proposal((space, joined, *doors), Finding("fix-stop", "", slots), grade, about)


def _stops_at(house: House, part: Part, about: tuple[Finding, ...]) -> Iterator[Proposal]:
    """Where neither stairs nor a lift leads to a part: stops of shafts that are next to it."""
    found = [
        proposal
        for level in part.levels
        for shaft in sorted(house.venue.connectors, key=_for_all)
        for stop in (shaft.stops[0], shaft.stops[-1])
        if _are_neighbours(house, level, house.venue.space_by_id[stop].level)
        for proposal in _new_stop(house, shaft, house.venue.space_by_id[stop], level, about)
        if {*part.spaces} & {s for change in proposal.changes[2:] for s in change["spaces"]}
    ]
    yield from found[:MOST_DOORS]


def _for_all(shaft: Connector) -> tuple[bool, bool, str]:
    """Public shafts first, of these lifts, which everybody can use."""
    return shaft.access != "public", shaft.kind != "elevator", shaft.id


# Names and levels


def _number(house: House, finding: Finding) -> Iterator[Proposal]:
    """The number that is missing between two."""
    space = finding.where.rpartition(", ")[2]
    change = {"do": "rename", "id": space, "names": {}, "ref": str(finding.slots["number"])}
    slots = {name: finding.slots[name] for name in ("before", "after", "number")}
    why = Finding("fix-number", "", slots | {"space": house.said(space)})
    yield Proposal((change,), why, "possible", (finding,))


def _corridor(house: House, finding: Finding) -> Iterator[Proposal]:
    """What many rooms lie beside, and nobody named."""
    space = finding.where.rpartition(", ")[2]
    if space in house.venue.space_by_id:
        change = {"do": "set-kind", "id": space, "kind": "corridor"}
        slots = {"space": house.said(space), "rooms": finding.slots["rooms"]}
        yield Proposal((change,), Finding("fix-corridor", "", slots), "likely", (finding,))


def _label(house: House, finding: Finding) -> Iterator[Proposal]:
    """The label that a level has for now."""
    label = finding.slots["label"]
    change = {"do": "set-level", "id": finding.where, "label": label}
    yield Proposal((change,), Finding("fix-label", "", {"label": label}), "possible", (finding,))


def _seen_at(house: House, place: Place, level: str) -> Iterator[tuple[float, float]]:
    """Where people see a place of a level: its point, and the doors that they may go through."""
    if place.point and place.point[0] == level:
        yield place.point[1], place.point[2]
    for door in house.venue.doors:
        is_known = door.access == "public" and (door.kind == "open" or not door.guessed)
        levels = {house.venue.space_by_id[space].level for space in door.spaces if space}
        if is_known and {*place.spaces} & {*door.spaces} and level in levels:
            yield door.middle


def _landmarks(house: House, finding: Finding) -> Iterator[Proposal]:
    """Places whose doors may be seen at a turn that nothing describes, the nearest first."""
    spot = _SPOT.fullmatch(finding.where)
    if spot is None:
        return
    here = Point(float(spot["x"]), float(spot["y"]))
    here_on = [space for space in house.venue.spaces if space.level == spot["level"]]
    around = {space.id for space in here_on if space.outline.covers(here)}
    floor = unary_union([s.outline.buffer(WALL_M) for s in here_on if s.kind in CIRCULATION])
    near = []
    for place in house.venue.places:
        is_plain = place.access == "public" and not place.landmark and not place.unsaid
        # What the turn itself lies in does not tell where to turn.
        if not is_plain or not place.names or around & {*place.spaces}:
            continue
        spots = (Point(at) for at in _seen_at(house, place, spot["level"]))
        seen = [at for at in spots if floor.covers(LineString([here, at]))]
        apart_m = min((at.distance(here) for at in seen), default=NEAR_TURN_M + 1)
        if apart_m <= NEAR_TURN_M:
            near.append((round(apart_m, 1), place.id))
    for apart_m, place_id in sorted(near)[:MOST_DOORS]:
        change = {"do": "landmark", "id": place_id, "landmark": True}
        slots: dict[str, Slot] = {
            "place": house.venue.place_by_id[place_id].names,
            "distance": f"{apart_m:.1f}",
        }
        yield Proposal((change,), Finding("fix-landmark", "", slots), "unsure", (finding,))


_SPOT = re.compile(r"(?P<level>.*), x (?P<x>-?[\d.]+), y (?P<y>-?[\d.]+)")
"""Where a finding about a point of a level is."""

_BY_CODE: Mapping[str, Callable[[House, Finding], Iterable[Proposal]]] = {
    "bridge-assumed": _bridge,
    "space-taken-for-corridor": _corridor,
    "space-without-door": _without_door,
    "door-touches-one-space": _to_the_outside,
    "door-gap": _to_the_outside,
    "shaft-joined-by-footprint": _confirm_shaft,
    "lift-one-stop": _other_stop,
    "stairs-one-stop": _other_stop,
    "stop-missing": _missing_stop,
    "number-missing": _number,
    "level-without-label": _label,
    "turn-told-by-distance": _landmarks,
}
"""By the code of a finding, what may answer it: the first of them that helps."""

_EACH: Mapping[str, Callable[[House, Finding], Iterable[Proposal]]] = {"no-entrance": _entrances}
"""The same, where each that helps is wanted."""
