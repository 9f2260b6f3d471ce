"""A route as JSON: what `navkit route --json` prints, and the phone's runtime too."""

from itertools import accumulate
from typing import Any

from navkit.guidance.guidance import Guidance
from navkit.route.routing import Route
from navkit.words.findings import Finding


def route_answer(route: Route, told: Guidance) -> dict[str, Any]:
    """Metres to the centimetre, seconds to the tenth, levels by id, points in metres."""
    levels = route.network.venue.levels
    # Rounded so that the parts add up to the whole.
    ends_ms = [0, *accumulate(i.duration_ms for i in told.instructions)]
    tenths_s = [(ms + 50) // 100 for ms in ends_ms]
    return {
        "length_m": route.length_cm / 100,
        "duration_s": tenths(route.duration_ms),
        "instructions": [
            {
                "text": i.text,
                "speech": i.speech,
                "clauses": [
                    {"kind": c.kind, "text": c.text, "speech": c.speech} for c in i.clauses
                ],
                "level": levels[i.level].id,
                "length_m": i.length_cm / 100,
                "duration_s": (tenths_s[number + 1] - tenths_s[number]) / 10,
                "turn_deg": i.turn_deg,
            }
            for number, i in enumerate(told.instructions)
        ],
        "path": route_path(route),
        "overview": {"text": told.overview.text, "speech": told.overview.speech},
        "notices": [{"kind": n.kind, "text": n.text, "speech": n.speech} for n in told.notices],
        "alternatives": [
            {
                "by": list(other.unasked),
                "text": text,
                "length_m": other.length_cm / 100,
                "duration_s": tenths(other.duration_ms),
            }
            for other, text in zip(route.alternatives, told.alternatives, strict=True)
        ],
    }


def tenths(duration_ms: int) -> float:
    """Milliseconds as seconds to the tenth, halves up."""
    return (duration_ms + 50) // 100 / 10


def route_path(route: Route) -> list[dict[str, Any]]:
    """The line walked, a piece for each stretch on a level; without levels only passed."""
    network = route.network
    pieces: list[dict[str, Any]] = []
    last = -1
    for node in route.nodes:
        level = network.level[node]
        if level != last:
            pieces.append({"level": network.venue.levels[level].id, "points": []})
            last = level
        point = [network.x_cm[node] / 100, network.y_cm[node] / 100]
        points = pieces[-1]["points"]
        if not points or points[-1] != point:
            points.append(point)
    return [piece for piece in pieces if len(piece["points"]) > 1] or pieces[:1]


def refusal(finding: Finding) -> dict[str, str]:
    """Why there is no route, for programs: the code, and ids of what the sentence names."""
    ids = {name: text for name, text in finding.slots.items() if isinstance(text, str)}
    return {"code": finding.code, **ids}
