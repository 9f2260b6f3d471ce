"""What `navkit check` prints: figures for programs, and findings with what things are called."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from navkit.route.parts import Part
from navkit.route.profiles import profile as profile_of
from navkit.route.reach import Review, percent, would_join
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import Finding, count_by_code
from navkit.words.languages import languages
from tools.terminal import own_language, words

WORD = re.compile(r"[ ,:-]+")
"""Between the words of an id."""


def checked(venue: Venue, found: Review, findings: Sequence[Finding]) -> dict[str, Any]:
    """The figures and all findings, for programs."""
    return {
        "places": found.places,
        "reachable": dict(found.reachable),
        "pairs": {key: round(share, 4) for key, share in found.pairs.items()},
        "by_group": {id: list(groups) for id, groups in found.by_group.items()},
        "components": found.components,
        "parts": [_part(venue, part) for part in found.parts],
        "counts": count_by_code(findings),
        "findings": [
            {
                "code": f.code,
                "severity": f.severity,
                "where": f.where,
                "text": f.text(own_language()),
            }
            for f in findings
        ],
    }


def in_words(found: Review) -> Iterator[str]:
    """The figures as lines: how many places there are, and by profile who gets where."""
    joined = "places" if len(found.parts) > 1 else "whole"
    yield words(joined, places=found.places, parts=len(found.parts))
    for key, count in found.reachable.items():
        name, pairs = name_in(profile_of(key).names, own_language()), percent(found.pairs[key])
        yield words("reaches", profile=name, pairs=pairs, count=count, places=found.places)


def called(venue: Venue, findings: Iterable[Finding]) -> list[Finding]:
    """Findings that also say what the thing they are about is called, and on which level it is."""
    stops = {connector.id: connector.stops[0] for connector in venue.connectors}
    sides = {door.id: door.spaces[0] for door in venue.doors}
    said = []
    for finding in findings:
        thing = finding.where.rpartition(", ")[2]
        space = venue.space_by_id.get(stops.get(thing) or sides.get(thing) or thing)
        if space is not None and not finding.slots.get("called"):
            # A shaft stands on several levels; `where` says on which.
            label = "" if thing in stops else venue.level_by_id[space.level].label
            said_already = WORD.split(finding.where)
            slot = {
                tag: ", ".join(
                    word
                    for word in (name_in(space.names, tag) or space.ref, label)
                    if word and word not in said_already
                )
                for tag in languages()
            }
            finding = replace(finding, slots={**finding.slots, "called": slot})
        said.append(finding)
    return said


def _part(venue: Venue, part: Part) -> dict[str, Any]:
    gap = part.nearest
    return {
        "places": [venue.places[number].id for number in part.places],
        "levels": list(part.levels),
        "nearest": gap
        and {
            "from": gap.start,
            "to": gap.end,
            "distance_m": gap.distance_m,
            "would_join": would_join(venue, gap, own_language()),
        },
    }
