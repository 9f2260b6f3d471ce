"""Shafts: which stairs and lifts of different levels are one connector.

The drawing's own value (`Space.connector`) comes first. Without it, footprints that
overlap on neighbouring storeys of one building are joined, then equal names; every such
join is a guess and is marked.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from navkit.plan.plan import SHAFTS, ConnectorKind, PlanConnector, strictest
from navkit.venue.venue import Connector, Level, Space
from navkit.words.findings import Finding

MIN_OVERLAP = 0.3
"""Shared part of the smaller footprint. Drawn shafts drift 1–2 m between storeys."""

MAX_STOREYS_APART = 1.0
"""Only neighbouring storeys are joined by footprint: a gap may be another shaft."""


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
        findings.append(
            Finding("shaft-joined-by-footprint", f"{high.level}, {high.id}", {"other": low.id})
        )
    members: dict[str, list[Space]] = defaultdict(list)
    for space in shafts:
        members[group[space.id]].append(space)
    connectors = []
    for key, stops in members.items():
        stops.sort(key=lambda s: (levels[s.level].ordinal, s.level, s.id))
        connector = _connector(key, stops, described.get(key), key in guessed)
        connectors.append(connector)
        if len({s.level for s in stops}) < 2:
            code = "lift-one-stop" if connector.kind == "elevator" else "stairs-one-stop"
            findings.append(Finding(code, f"{stops[0].level}, {stops[0].id}"))
    return Joined(tuple(sorted(connectors, key=lambda c: c.id)), tuple(findings))


def _overlapping(
    silent: Sequence[Space], shafts: Sequence[Space], levels: Mapping[str, Level]
) -> list[tuple[Space, Space]]:
    """Pairs (lower, higher) that are above each other, best overlap first."""
    pairs = []
    for a in silent:
        for b in shafts:
            low, high = levels[a.level], levels[b.level]
            rise = high.ordinal - low.ordinal
            if (
                a.id != b.id
                and a.kind == b.kind
                and low.building == high.building
                and 0 < abs(rise) <= MAX_STOREYS_APART
                and (b.connector or rise > 0)
            ):
                shared = a.outline.intersection(b.outline).area
                overlap = shared / min(a.outline.area, b.outline.area)
                if overlap >= MIN_OVERLAP:
                    pair = (a, b) if rise > 0 else (b, a)
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
        guessed=guessed,
    )
