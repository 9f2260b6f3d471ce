"""What publishing a build would change, for the two people who are responsible for it.

Decides on two venues and touches nothing: what was added, removed and altered; which places
became reachable or unreachable, by profile; where a route needs steps; routes before and after.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from navkit.guide import Guide
from navkit.route import reach
from navkit.route.profiles import DEFAULT_PROFILES, profiles
from navkit.route.reach import reached_places
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import Venue, name_in, to_json
from navkit.words.findings import Finding
from navkit.words.languages import languages

GOLDEN = 24
"""Routes computed at each review; at least twenty are promised."""
MUCH_LONGER = 0.1
"""Fraction by which a route may grow or shrink and still count as the same. A guess."""

_PARTS = ("levels", "spaces", "doors", "connectors", "paths", "places", "anchors", "closures")


def compare(before: Guide | None, after: Guide) -> dict[str, Any]:
    """Everything that a reviewer sees, as JSON."""
    found = reach.review(after.network, profiles())
    findings = [*after.venue.findings, *found.findings]
    return {
        "first": before is None,
        "places": found.places,
        "components": found.components,
        "pairs": {key: reach.percent(share) for key, share in found.pairs.items()},
        "changes": _changes(before.venue if before else None, after.venue),
        "reach": _reach(before, after),
        "opened": _opened(before.venue if before else None, after.venue),
        "golden": _golden(before, after),
        "findings": [_plain(finding) for finding in _ranked(findings)],
    }


def doubts(review: Mapping[str, Any]) -> list[str]:
    """What both people must have seen before patients are guided by it, as codes."""
    said = []
    if any(finding["severity"] == "error" for finding in review["findings"]):
        said.append("errors")
    if review.get("accepted_errors"):
        said.append("accepted")
    if any(row["lost"] for row in review["reach"].values()):
        said.append("lost-places")
    if any(way["verdict"] == "lost" for way in review["golden"]):
        said.append("lost-ways")
    if review["opened"]:
        said.append("opened")
    if not review["places"]:
        said.append("no-places")
    return said


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "where": finding.where,
        "slots": dict(finding.slots),
    }


def _ranked(findings: Iterable[Finding]) -> list[Finding]:
    """Errors first, grouped by code."""
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(findings, key=lambda f: (rank[f.severity], f.code, f.where))


def _changes(before: Venue | None, after: Venue) -> dict[str, dict[str, list[str]]]:
    """Ids by what happened to them."""
    old, new = to_json(before) if before else {}, to_json(after)
    said = {}
    for part in _PARTS:
        was, now = _by_id(old.get(part, ())), _by_id(new[part])
        said[part] = {
            "added": sorted(now.keys() - was.keys()),
            "removed": sorted(was.keys() - now.keys()),
            "altered": sorted(key for key in now.keys() & was.keys() if now[key] != was[key]),
        }
    return said


def _by_id(things: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Closures have no id; they are identified by what they close, and when."""
    return {
        thing.get("id") or f"{thing['target']} {thing.get('start', '')}": thing for thing in things
    }


def _reach(before: Guide | None, after: Guide) -> dict[str, dict[str, Any]]:
    """By profile: how many places, and which are new or lost among those in both venues."""
    now = reached_places(after.network, profiles())
    was = reached_places(before.network, profiles()) if before else {}
    known = set(before.venue.place_by_id) if before else set()
    return {
        key: {
            "before": len(was.get(key, ())),
            "after": len(places),
            "new": sorted((places - was.get(key, frozenset())) & known),
            "lost": sorted(was.get(key, frozenset()) - places),
            "steps": sorted(now["walk"] - places) if key == "wheelchair" else [],
        }
        for key, places in now.items()
    }


def _opened(before: Venue | None, after: Venue) -> list[str]:
    """Spaces that were closed to visitors and are now open to them."""
    if before is None:
        return []
    return sorted(
        space.id
        for space in after.spaces
        if space.access == "public"
        and (old := before.space_by_id.get(space.id))
        and old.access != "public"
    )


# ------------------------------------------------------------------- golden ways


def golden_pairs(guide: Guide, most: int = GOLDEN) -> list[tuple[str, str, str]]:
    """Start, goal and profile of routes across the whole venue: always the same for the same venue.

    Goals are spread by a hash of their ids, so that one more room moves at most one route. Each is
    reached from an entrance that leads there, since a store's own door leads nowhere else; if
    none does, the route is reported as impossible.
    """
    places = guide.venue.places
    goals = sorted(
        (place.id for place in places if place.access == "public" and not place.door),
        key=lambda place: hashlib.sha256(place.encode()).hexdigest(),
    )
    entrances = sorted(place.id for place in places if place.door and place.access == "public")
    pairs = []
    for number, goal in enumerate(goals[:most]):
        profile = DEFAULT_PROFILES[number % len(DEFAULT_PROFILES)]
        turn = number % max(len(entrances), 1)
        starts = [*entrances[turn:], *entrances[:turn]] or goals[-1:]
        leading = (start for start in starts if _walk(guide, start, goal, profile))
        pairs.append((next(leading, starts[0]), goal, profile))
    return [pair for pair in pairs if pair[0] != pair[1]]


def _golden(before: Guide | None, after: Guide) -> list[dict[str, Any]]:
    """Routes chosen in the published venue, computed in both."""
    rows = []
    for start, goal, profile in golden_pairs(before or after):
        was = _walk(before, start, goal, profile) if before else None
        now = _walk(after, start, goal, profile)
        rows.append(
            {
                "start": start,
                "goal": goal,
                "profile": profile,
                "names": {
                    key: {tag: name_in(_names(before, after, key), tag) for tag in languages()}
                    for key in (start, goal)
                },
                "before": _told(was),
                "after": _told(now),
                "verdict": _verdict(was, now, first=before is None),
            }
        )
    return rows


def _names(before: Guide | None, after: Guide, place: str) -> Mapping[str, str]:
    for guide in (after, before):
        if guide and place in guide.venue.place_by_id:
            return guide.venue.place_by_id[place].names
    return {}


def _walk(guide: Guide, start: str, goal: str, profile: str) -> Route | None:
    numbers = {place.id: number for number, place in enumerate(guide.venue.places)}
    if start not in numbers or goal not in numbers:
        return None
    ends = (Spot((numbers[start],)), Spot((numbers[goal],)))
    return guide.navigator.try_route(*ends, profiles()[profile], Moment())


def _told(route: Route | None) -> dict[str, Any]:
    if route is None:
        return {}
    levels = route.network.venue.levels
    walked = dict.fromkeys(levels[route.network.level[node]].label for node in route.nodes)
    return {
        "length_m": route.length_cm / 100,
        "duration_s": route.duration_ms / 1000,
        "levels": list(walked),
    }


def _verdict(was: Route | None, now: Route | None, *, first: bool) -> str:
    """``new``, ``lost``, ``never``, ``same``, ``longer``, ``shorter``."""
    if now is None:
        return "never" if was is None and not first else "lost"
    if was is None:
        return "new"
    ratio = now.duration_ms / max(was.duration_ms, 1)
    if abs(ratio - 1) <= MUCH_LONGER:
        return "same"
    return "longer" if ratio > 1 else "shorter"


def counted(review: Mapping[str, Any]) -> Sequence[tuple[str, int]]:
    """How many routes have which verdict, for a reader in a hurry."""
    verdicts: dict[str, int] = {}
    for way in review["golden"]:
        verdicts[way["verdict"]] = verdicts.get(way["verdict"], 0) + 1
    return sorted(verdicts.items())
