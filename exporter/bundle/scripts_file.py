"""Scripted routes: from every public entrance and every anchor to every place, computed
in advance.

A client too small to route can play them, and clips are rendered for the clauses in them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from exporter.bundle.columns import deltas, runs
from navkit.guidance.chunks import cards_from
from navkit.guidance.cues import CueKind
from navkit.guidance.guidance import Guidance, guide, measure
from navkit.guidance.steps import Step, actions_of, told_by
from navkit.guide import Guide
from navkit.route.profiles import DEFAULT_PROFILES, profiles
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.lookup import Spot
from navkit.words.findings import Finding


@dataclass(frozen=True)
class Script:
    """One scripted route; `start` and `goal` are ids."""

    start: str
    goal: str
    route: Route


def starts(venue_guide: Guide) -> list[tuple[str, Spot]]:
    """Entrances that visitors may use, then anchors."""
    venue = venue_guide.venue
    entrances = [
        (p.id, Spot((i,))) for i, p in enumerate(venue.places) if p.door and p.access == "public"
    ]
    return entrances + [(a.id, Spot(anchor=i)) for i, a in enumerate(venue.anchors)]


def scripts(venue_guide: Guide, only: Sequence[str] | None = None) -> Iterator[Script]:
    """Every scripted route (`only` from some starts), by start, goal and profile."""
    at = Moment()
    for start_id, start in starts(venue_guide):
        if only is not None and start_id not in only:
            continue
        for number, place in enumerate(venue_guide.venue.places):
            goal = Spot((number,))
            if place.access != "public" or place.id == start_id:
                continue
            for profile in DEFAULT_PROFILES:
                route = venue_guide.navigator.try_route(start, goal, profiles()[profile], at)
                if route is not None:
                    yield Script(start_id, place.id, route)


def _by_profile(
    venue_guide: Guide,
    order: Mapping[str, int],
    rank: Mapping[str, int],
    goal_number: Mapping[str, int],
    note: Callable[[str], None],
) -> Iterator[Script]:
    """Scripts by start, profile and goal: neighbours share most of their steps."""
    for start, number in order.items():
        note(f"scripted routes: start {number + 1} of {len(order)}")
        yield from sorted(
            scripts(venue_guide, [start]),
            key=lambda s: (rank[s.route.profile.id], goal_number[s.goal]),
        )


def with_actions(
    venue_guide: Guide, some: Iterable[Script]
) -> Iterator[tuple[Script, tuple[Step, ...]]]:
    """Scripts with their actions, computed once for all profiles that walk the same way from one
    start to a goal."""
    around = venue_guide.around
    for _, from_one in groupby(some, key=lambda script: script.start):
        found: dict[tuple[object, ...], tuple[Step, ...]] = {}
        for script in from_one:
            by = told_by(script.route, around)
            if by not in found:
                found[by] = actions_of(script.route, around)
            yield script, found[by]


def told(venue_guide: Guide, script: Script, language: str) -> Guidance:
    """A scripted route in one language."""
    return guide(script.route, venue_guide.around, language)


def scripts_file(
    venue_guide: Guide, note: Callable[[str], None]
) -> tuple[dict[str, Any], tuple[Finding, ...]]:
    """Routes as steps, steps as cues; a reader renders them in any language with its phrases.

    Also returns a finding for each spot where people turn with nothing but metres to go by (R1).
    A route repeats the first `keep` steps of the previous route and adds `more` of its own.
    Its length and time are the sums of its steps'.
    """
    cues: dict[tuple[CueKind, tuple[tuple[str, int], ...]], int] = {}
    table: dict[tuple[int, ...], int] = {}
    routes: list[tuple[int, int, int]] = []
    keep: list[int] = []
    more: list[int] = []
    added: list[int] = []
    before: list[int] = []
    blind: dict[int, int] = {}
    order = {start: i for i, (start, _) in enumerate(starts(venue_guide))}
    goal_number = {place.id: i for i, place in enumerate(venue_guide.venue.places)}
    rank = {profile: i for i, profile in enumerate(DEFAULT_PROFILES)}
    for script, actions in with_actions(
        venue_guide, _by_profile(venue_guide, order, rank, goal_number, note)
    ):
        route = script.route
        told_steps = []
        for action in actions:
            if any(cue.kind == CueKind.AT_DISTANCE for cue in action.cues):
                node = route.nodes[action.last]
                blind[node] = blind.get(node, 0) + 1
        for step in cards_from(route, venue_guide.around, actions):
            said = [
                cues.setdefault((cue.kind, tuple(cue.slots.items())), len(cues))
                for cue in step.cues
            ]
            length_cm, duration_ms = measure(route, step)
            level = route.network.level[route.nodes[step.first]]
            row = (level, length_cm, duration_ms, step.turn_deg, *said)
            told_steps.append(table.setdefault(row, len(table)))
        same = 0
        while same < min(len(before), len(told_steps)) and before[same] == told_steps[same]:
            same += 1
        routes.append((order[script.start], rank[route.profile.id], goal_number[script.goal]))
        keep.append(same)
        more.append(len(told_steps) - same)
        added += told_steps[same:]
        before = told_steps
    content = {
        "starts": list(order),
        "profiles": list(rank),
        "cues": [[kind, dict(slots)] for kind, slots in cues],
        "steps": [list(row) for row in table],
        "start": runs([start for start, _, _ in routes]),
        "profile": runs([profile for _, profile, _ in routes]),
        "goal": deltas([goal for _, _, goal in routes]),
        "keep": keep,
        "more": more,
        "added": deltas(added),
    }
    return content, tuple(_told_by_distance(venue_guide, node, n) for node, n in blind.items())


def _told_by_distance(venue_guide: Guide, node: int, count: int) -> Finding:
    network = venue_guide.network
    level = network.venue.levels[network.level[node]].id
    where = f"{level}, x {network.x_cm[node] / 100:g}, y {network.y_cm[node] / 100:g}"
    return Finding("turn-told-by-distance", where, {"count": str(count)})
