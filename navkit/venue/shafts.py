"""Shafts: which stairs and lifts of different levels are one connector.

The drawing's own value (`Space.connector`) comes first. Without it, footprints that
overlap on a storey and the next one that the building has are joined; every such join is a guess
and is marked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from navkit.plan.plan import SHAFTS, ConnectorKind, Limits, Names, PlanConnector, strictest
from navkit.venue.storeys import neighbours
from navkit.venue.venue import Connector, Level, Space
from navkit.words.findings import Finding
from navkit.words.languages import languages

ALIKE = 0.9
"""Two outlines that have this part of their area in common are drawn alike. A guess."""
ONE_STOP = frozenset({"lift-one-stop", "stairs-one-stop"})
"""What is said of a shaft that leads nowhere."""
MIN_OVERLAP = 0.3
"""Shared part of the smaller footprint. Drawn shafts drift 1–2 m between storeys."""


@dataclass(frozen=True)
class Joined:
    """Connectors, and findings."""

    connectors: tuple[Connector, ...]
    findings: tuple[Finding, ...]


def join_shafts(
    spaces: Sequence[Space],
    levels: Mapping[str, Level],
    described: Mapping[str, PlanConnector],
) -> Joined:
    """Connectors of all shaft spaces; `described` is what drawings say about them, by key."""
    shafts = [s for s in spaces if s.kind in SHAFTS or (s.kind != "closed" and s.connector)]
    group: dict[str, str] = {s.id: s.connector or f"\0{s.id}" for s in shafts}
    guessed: set[str] = set()
    findings: list[Finding] = []
    silent = [s for s in shafts if not s.connector]
    for low, high in _overlapping(silent, shafts, levels):
        if group[low.id] == group[high.id]:
            continue
        old, new = sorted((group[low.id], group[high.id]), key=lambda g: (g[0] != "\0", g))
        if old[0] != "\0":
            continue
        for space_id in [s for s, g in group.items() if g == old]:
            group[space_id] = new
        guessed.add(new)
    members: dict[str, list[Space]] = defaultdict(list)
    for space in shafts:
        members[group[space.id]].append(space)
    connectors = []
    for key, stops in members.items():
        stops.sort(key=lambda s: (levels[s.level].ordinal, s.level, s.id))
        connector = _connector(key, stops, described.get(key), key in guessed)
        connectors.append(connector)
        if key in guessed:
            findings.append(_joined(stops))
        if len({s.level for s in stops}) < 2:
            code = "lift-one-stop" if connector.kind == "elevator" else "stairs-one-stop"
            findings.append(Finding(code, f"{stops[0].level}, {stops[0].id}"))
    return Joined(tuple(sorted(connectors, key=lambda c: c.id)), tuple(findings))


def _joined(stops: Sequence[Space]) -> Finding:
    """What is said of a guessed shaft: a note if its stops are called alike and drawn alike."""
    first, *others = stops
    called = {(one.ref, *sorted(one.names.items())) for one in stops}
    is_called = bool(first.ref or any(first.names.values()))
    drawn_alike = all(_shared(a, b) >= ALIKE for a, b in pairwise(stops))
    sure = len(called) == 1 and is_called and drawn_alike
    return Finding(
        "shaft-joined-alike" if sure else "shaft-joined-by-footprint",
        f"{first.level}, {first.id}",
        {"other": ", ".join(f"{one.id} ({one.level})" for one in others)},
    )


def _shared(one: Space, other: Space) -> float:
    """The part of two outlines that both have."""
    area = one.outline.intersection(other.outline).area
    return float(area / one.outline.union(other.outline).area)


def is_alone(found: Finding, shafts: Collection[str]) -> bool:
    """Whether a finding says that one of these `shafts` has one stop only."""
    return found.code in ONE_STOP and found.where.rpartition(", ")[2] in shafts


def told_once(findings: Iterable[Finding], connectors: Iterable[Connector]) -> Iterator[Finding]:
    """The findings, but of the doors that are guessed at the stops of one shaft only one."""
    findings = list(findings)
    shaft_of = {stop: connector.id for connector in connectors for stop in connector.stops}
    doors: dict[str, list[Finding]] = defaultdict(list)
    for found in findings:
        if found.code == "door-guessed" and (shaft := shaft_of.get(str(found.slots["id"]))):
            doors[shaft].append(found)
    told = {id(found): group for group in doors.values() if len(group) > 1 for found in group}
    for found in findings:
        group = told.get(id(found), [found])
        if found is group[0]:
            yield found if len(group) == 1 else _of_shaft(group)


def _of_shaft(doors: Sequence[Finding]) -> Finding:
    """One finding for the guessed doors of a shaft: what is said of the least likely, and where
    each leads."""
    least = min(doors, key=lambda found: (str(found.slots["percent"]), found.where))
    near = {
        tag: ", ".join(dict.fromkeys(_near(door)[tag] for door in doors)) for tag in languages()
    }
    return Finding(
        "door-guessed-for-shaft",
        doors[0].where,
        {**least.slots, "called": doors[0].slots["called"], "near": near, "count": str(len(doors))},
    )


def _near(door: Finding) -> Names:
    near = door.slots["near"]
    assert not isinstance(near, str)
    return near


def _overlapping(
    silent: Sequence[Space], shafts: Sequence[Space], levels: Mapping[str, Level]
) -> list[tuple[Space, Space]]:
    """Pairs (lower, higher) that are above each other, best overlap first."""
    above = neighbours(levels.values())
    pairs = []
    for a in silent:
        for b in shafts:
            is_rise = (a.level, b.level) in above
            if (
                a.id != b.id
                and a.kind == b.kind
                and (is_rise or (b.connector and (b.level, a.level) in above))
            ):
                shared = a.outline.intersection(b.outline).area
                overlap = shared / min(a.outline.area, b.outline.area)
                if overlap >= MIN_OVERLAP:
                    pair = (a, b) if is_rise else (b, a)
                    pairs.append((-round(overlap, 3), pair[0].id, pair[1].id, pair))
    return [pair for *_, pair in sorted(pairs, key=lambda p: p[:3])]


def _connector(
    key: str, stops: Sequence[Space], said: PlanConnector | None, guessed: bool
) -> Connector:
    names = next((s.names for s in stops if any(s.names.values())), {})
    # Any other space that a drawing joins over levels is a ramp.
    kind = cast(ConnectorKind, stops[0].kind) if stops[0].kind in SHAFTS else "ramp"
    connector_id = key if key[0] != "\0" else f"shaft:{stops[0].id}"
    step_free = [s.step_free for s in stops if s.step_free is not None]
    return Connector(
        id=connector_id,
        kind=said.kind if said else kind,
        stops=tuple(s.id for s in stops),
        names=(said.names if said and said.names else names),
        bank=said.bank if said else "",
        direction=said.direction if said else "both",
        access=said.access if said else strictest(s.access for s in stops),
        step_free=said.step_free if said else (all(step_free) if step_free else None),
        wait_s=said.wait_s if said else None,
        floor_s=said.floor_s if said else None,
        cabin_m=said.cabin_m if said else None,
        **(said or Limits()).limits(),
        guessed=guessed or (said is not None and said.guessed),
    )
