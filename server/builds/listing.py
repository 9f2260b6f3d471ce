"""A build's findings, in pieces that fit a page: a building may have 50,000 findings.

A review has the first of each code and of each level, with counts; the rest is in pages.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from navkit.venue.venue import Venue
from server.builds.drafts import DIRECTORY

OF_CODE = 50
"""Findings of one code that the review shows."""
OF_LEVEL = 60
"""Findings that a level's page shows."""
OF_PAGE = 200
"""Findings of one code that a page of its own shows."""
LISTED = 200
"""Ids of one list of the review."""

Finding = Mapping[str, Any]
Row = dict[str, Any]
"""A finding, the thing that it is about, and the level where it can be answered, both of which may
be empty; and the line of the directory, 0 for none."""

_RANK = {"error": 0, "warning": 1, "note": 2}


def rows(venue: Venue, findings: Iterable[Finding]) -> list[Row]:
    """Findings with the things they are about, errors first, grouped by code."""
    levels = _levels(venue)
    found = []
    for finding in findings:
        known = [thing for thing in _things(finding) if levels.get(thing)]
        # A whole level only if nothing on it is named.
        thing = next((one for one in known if levels[one] != one), next(iter(known), ""))
        line = _line(finding)
        found.append(
            {"finding": finding, "thing": thing, "level": levels.get(thing, ""), "line": line}
        )
    return sorted(
        found, key=lambda row: (_RANK[row["finding"]["severity"]], row["finding"]["code"])
    )


def _levels(venue: Venue) -> dict[str, str]:
    """The level of each thing, the first if it is on several; empty if it is on none."""
    found = {c.id: next(iter(c.stops), "") for c in venue.connectors}
    found |= {place.id: next(iter(place.spaces), "") for place in venue.places}
    found |= {door.id: door.spaces[0] for door in venue.doors}
    spaces = {space.id: space.level for space in venue.spaces}
    return {
        **{thing: spaces.get(space, "") for thing, space in found.items()},
        **spaces,
        **{level.id: level.id for level in venue.levels},
    }


def _things(finding: Finding) -> Iterator[str]:
    """Ids that a finding may be about, the most likely first."""
    # In a slot by language any value will do: ids are the same in all.
    slots = {
        name: str(next(iter(value.values()), "") if isinstance(value, Mapping) else value)
        for name, value in finding["slots"].items()
        if name != "called"
    }
    for text in (slots.get("id", ""), str(finding["where"]), *slots.values()):
        parts = text.split(",")
        # Ids and names may contain commas, and a name is in brackets after its id.
        for first in range(len(parts)):
            yield from _called(",".join(parts[first:]))
        for part in reversed(parts):
            yield from _called(part)


def _called(text: str) -> Iterator[str]:
    yield text.strip()
    for bracket in _NAMED.finditer(text):
        yield text[: bracket.start()].strip()


_NAMED = re.compile(r"\s*[(（]")
_ROW = re.compile(rf"(?:{re.escape(DIRECTORY)}:)?(\d+)(?:, .*)?")


def _line(finding: Finding) -> int:
    """The line of the directory that a finding is about; 0 if it is about something else."""
    is_of_row = finding["code"].startswith("directory-") or DIRECTORY in finding["where"]
    found = _ROW.fullmatch(finding["where"]) if is_of_row else None
    return int(found[1]) if found and int(found[1]) > 1 else 0


def by_code(found: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by code, in their order."""
    groups: dict[str, list[Row]] = {}
    for row in found:
        groups.setdefault(row["finding"]["code"], []).append(row)
    return groups


def pages(found: Sequence[Row]) -> list[list[Row]]:
    """All rows of one code, page by page."""
    return [list(found[at : at + OF_PAGE]) for at in range(0, len(found), OF_PAGE)]


def bounded(venue: Venue, review: Mapping[str, Any]) -> dict[str, Any]:
    """A review whose lists are all short, with their full lengths."""
    found = rows(venue, review["findings"])
    groups = by_code(found)
    of_level: dict[str, list[Row]] = {}
    for row in found:
        if row["level"]:
            of_level.setdefault(row["level"], []).append(row)
    return {
        **review,
        "findings": [r["finding"] for group in groups.values() for r in group[:OF_CODE]],
        "groups": [
            {
                "code": code,
                "severity": group[0]["finding"]["severity"],
                "count": len(group),
                "rows": group[:OF_CODE],
            }
            for code, group in groups.items()
        ],
        "levels": {
            level: {"count": len(group), "rows": group[:OF_LEVEL]}
            for level, group in of_level.items()
        },
        "reach": {key: _cut(row) for key, row in review["reach"].items()},
        "changes": {key: _cut(row) for key, row in review["changes"].items()},
        "opened": review["opened"][:LISTED],
        "opened_count": len(review["opened"]),
    }


def _cut(row: Mapping[str, Any]) -> dict[str, Any]:
    lists = {key: value for key, value in row.items() if isinstance(value, list)}
    counts = {key: len(value) for key, value in lists.items()}
    return {**row, **{key: value[:LISTED] for key, value in lists.items()}, "counts": counts}
