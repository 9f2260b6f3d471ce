"""The worklist of a build: what it still needs, by cause, what most people walk over first.

Made by the build, which has the venue and its network: each finding with what it is about, in
words that name rooms and no ids; how many ways it touches; and the corrections that may answer it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from navkit.guide import Guide
from navkit.network.network import Network
from navkit.plan.plausible import LONGEST
from navkit.route.fixes import Fixes
from navkit.route.profiles import profiles
from navkit.route.proposals import House, Proposal, proposals
from navkit.route.reach import ON_FOOT
from navkit.route.trodden import Trodden, trodden
from navkit.venue import accepted
from navkit.venue.venue import Venue
from navkit.words.findings import Finding
from navkit.words.languages import languages
from server.builds import listing, mending, naming
from server.builds.answers import UNIQUE, answers_of, asks

MOST = 600
"""Causes that a build lists; a venue with more has most of them by one mistake of its drawing."""

MOST_ALSO = 6
"""Findings that are told beside the first of a cause; the others are counted."""

MOST_OFFERS = 3
"""Corrections that are offered to one cause."""

Row = Mapping[str, Any]


def made(
    guide: Guide,
    findings: Sequence[Mapping[str, Any]],
    files: Sequence[str],
    found: Fixes,
    so: Sequence[tuple[Finding, Mapping[str, Any]]],
) -> dict[str, Any]:
    """The worklist as JSON. `files` are the names of the drawings, `found` the corrections that
    were tried and help, `so` the findings of which staff say that it is so."""
    venue, network = guide.venue, guide.network
    work = _Work(venue, network, trodden(network, profiles()[ON_FOOT]), files)
    causes = work.causes(listing.rows(venue, findings))
    offers = work.offers(causes, found)
    listed = [work.as_json(cause, offers) for cause in causes[:MOST]]
    return {
        "ways": work.trodden.ways,
        "causes": listed,
        "count": len(causes),
        "keys": sorted({key for cause in causes for key in cause.keys}),
        "fixes": [work.fix(fix.proposal, fix) for fix in found.fixes],
        "accepted": [{**work.told(finding), "change": dict(change)} for finding, change in so],
    }


@dataclass
class _Cause:
    """Findings that one answer answers."""

    rows: list[Row]
    ways: int
    same: int = 0
    """Findings that are said twice or more."""
    keys: list[str] = field(default_factory=list)

    @property
    def first(self) -> Finding:
        return as_finding(self.rows[0]["finding"])


def as_finding(said: Mapping[str, Any]) -> Finding:
    """A stored finding."""
    return Finding(said["code"], said["where"], said["slots"])


_RANK = {"error": 0, "warning": 1, "note": 2}


class _Work:
    """One venue, and what is counted once for all of its findings."""

    def __init__(self, venue: Venue, network: Network, ways: Trodden, files: Sequence[str]) -> None:
        self.venue, self.network, self.trodden, self.files = venue, network, ways, files
        self.names = naming.Names(venue)

    # --------------------------------------------------------------- causes

    def causes(self, rows: Iterable[Row]) -> list[_Cause]:
        """By cause, what asks for something before what only tells, the most trodden first."""
        found: dict[tuple[str, ...], list[_Cause]] = {}
        for row in rows:
            finding = as_finding(row["finding"])
            alike = found.setdefault(self._about(row), [])
            cause = next((one for one in alike if _is_one(one.first, finding)), None)
            ways = self._ways(row, finding)
            if cause is None:
                cause = _Cause([row], ways)
                alike.append(cause)
            elif accepted.key(finding) in cause.keys:
                cause.same += 1
                continue
            else:
                cause.rows.append(row)
                cause.ways = max(cause.ways, ways)
            cause.keys.append(accepted.key(finding))
        return sorted(chain.from_iterable(found.values()), key=_urgency)

    def _about(self, row: Row) -> tuple[str, ...]:
        """What a finding is about: a place is the room that it is in."""
        if row["line"]:
            return "row", str(row["line"])
        place = self.venue.place_by_id.get(row["thing"])
        if place is not None and place.spaces:
            return "thing", place.spaces[0]
        if row["thing"] and row["thing"] not in self.venue.level_by_id:
            return "thing", row["thing"]
        finding = as_finding(row["finding"])
        # What is said of each language is one cause.
        return "said", finding.code if finding.where in languages() else accepted.key(finding)

    def _ways(self, row: Row, finding: Finding) -> int:
        """The ways that a finding touches."""
        spot = _SPOT.fullmatch(finding.where)
        if spot:
            return self._at(spot["level"], float(spot["x"]), float(spot["y"]))
        count = str(finding.slots.get("count", ""))
        if finding.code in _COUNTING and count.isdigit():
            return min(int(count) * self.trodden.starts, self.trodden.ways)
        if not row["thing"]:
            return self.trodden.ways if finding.code in _OF_ALL else 0
        place = self.venue.place_by_id.get(row["thing"])
        things = [row["thing"], *(place.spaces if place else ())]
        return min(max(self.trodden.by_thing.get(one, 0) for one in things), self.trodden.ways)

    def _at(self, level: str, x_m: float, y_m: float) -> int:
        """The ways through a point of a level."""
        number = next((n for n, one in enumerate(self.venue.levels) if one.id == level), -1)
        network, spot = self.network, (round(x_m * 100), round(y_m * 100))
        nodes = zip(network.level, network.x_cm, network.y_cm, strict=True)
        return max(
            (
                self.trodden.by_node[node]
                for node, (at, x, y) in enumerate(nodes)
                if at == number and (x, y) == spot
            ),
            default=0,
        )

    # --------------------------------------------------------------- what may answer them

    def offers(self, causes: Sequence[_Cause], tried: Fixes) -> dict[str, list[Proposal]]:
        """By the key of a finding the corrections that may answer it: those that were tried and
        help, then the likeliest."""
        rows = chain.from_iterable(cause.rows for cause in causes[:MOST])
        findings = [as_finding(row["finding"]) for row in rows]
        found: dict[str, list[Proposal]] = {}
        untried = chain.from_iterable(proposals(House(self.venue, ()), findings))
        for one in (*(fix.proposal for fix in tried.fixes), *untried):
            for about in one.about:
                found.setdefault(accepted.key(about), []).append(one)
        return found

    # --------------------------------------------------------------- as JSON

    def as_json(self, cause: _Cause, offers: Mapping[str, list[Proposal]]) -> dict[str, Any]:
        row, finding = cause.rows[0], cause.first
        proposed = [one for key in cause.keys for one in offers.get(key, ())]
        once = {str(one.changes): one for one in proposed}
        kinds = dict.fromkeys(
            kind for one in cause.rows for kind in answers_of(one["finding"]["code"])
        )
        file = file_of(self.files, finding.where)
        only = self.files[0] if len(self.files) == 1 else ""
        told, level, thing = self.told(finding), row["level"], row["thing"]
        if spot := _SPOT.fullmatch(finding.where):
            at = (float(spot["x"]), float(spot["y"]))
            thing = mending.space_at(self.venue, spot["level"], at) or thing
            told["what"] = {tag: self.names.called(thing, tag) for tag in languages()}
        if row["thing"] and row["thing"] not in self.venue.level_by_id:
            told["what"] = {tag: self.names.called(row["thing"], tag) for tag in languages()}
        return {
            **told,
            "id": hashlib.sha256(cause.keys[0].encode()).hexdigest()[:12],
            "keys": cause.keys,
            "thing": thing,
            "level": level,
            "other": self._other(finding, thing),
            "line": row["line"],
            "file": file or only,
            "ways": cause.ways,
            "same": cause.same,
            "also": [self.told(as_finding(r["finding"])) for r in cause.rows[1:][:MOST_ALSO]],
            "answers": list(kinds),
            "asks": any(asks(one["finding"]["code"]) for one in cause.rows),
            "may_be_so": all(accepted.may_be_so(one["finding"]["code"]) for one in cause.rows),
            "offers": [self.fix(one) for one in list(once.values())[:MOST_OFFERS]],
        }

    def _other(self, finding: Finding, thing: str) -> str:
        """The second space of a finding about a pair, of which the first is a thing; else empty."""
        pair = [finding.slots.get(name, "") for name in _PAIR]
        known = [str(one) for one in pair if str(one) in self.venue.space_by_id]
        others = [one for one in known if one != thing]
        return others[0] if len(known) == len(_PAIR) and thing in known and others else ""

    def told(self, finding: Finding) -> dict[str, Any]:
        """A finding in the words of each language, and what it is about."""
        return {
            "code": finding.code,
            "severity": finding.severity,
            "key": accepted.key(finding),
            "where": finding.where,
            "what": {tag: self.names.where(finding, tag) for tag in languages()},
            "said": {tag: self.names.text(finding, tag) for tag in languages()},
        }

    def fix(self, proposal: Proposal, tried: Any = None) -> dict[str, Any]:
        """A proposal, and what it does if it was tried."""
        why = {tag: self.names.text(proposal.why, tag) for tag in languages()}
        door = self.venue.door_by_id.get(proposal.door)
        refuse = [s for s in door.spaces if s] if door else []
        said = {
            "changes": [dict(change) for change in proposal.changes],
            "why": why,
            "grade": proposal.grade,
            "refuse": [{"do": "no-door", "spaces": refuse}] if len(refuse) == 2 else [],
            "level": mending.level_of(self.venue, _first(proposal.changes)),
            "thing": _first(proposal.changes),
        }
        if tried is None:
            return said
        return {
            **said,
            "joined": tried.joined,
            "keys": [accepted.key(finding) for finding in tried.settles],
        }


def _first(changes: Sequence[Mapping[str, Any]]) -> str:
    """The id of what a proposal changes."""
    known = [str(one["id"]) for one in changes if one["do"] != "add-space" and "id" in one]
    named = [str(space) for one in changes for space in one.get("spaces", ())]
    return next(iter([*known, *named]), "")


_SPOT = re.compile(r"(?P<level>.*), x (?P<x>-?[\d.]+), y (?P<y>-?[\d.]+)")
_PAIR = ("a", "b")
"""Slots of a finding that is about two spaces."""
_COUNTING = frozenset(
    {"venue-in-parts", "rooms-apart", "only-by-steps", "door-too-narrow", "passage-too-narrow",
     "door-revolves", "ramp-too-steep", "cabin-too-small", "doors-narrow-for-staff"}
)  # fmt: skip
"""Codes whose count is one of places to which no way leads."""
_OF_ALL = frozenset({"no-entrance"})
"""Codes about the whole that every way begins with."""


def _is_one(first: Finding, other: Finding) -> bool:
    """Whether two findings of one thing have one cause: an answer of theirs is the same."""
    if first.code == other.code:
        return True
    return bool({*answers_of(first.code)} & {*answers_of(other.code)} - UNIQUE)


def _urgency(cause: _Cause) -> tuple[bool, int, int, str]:
    first = cause.first
    tells = not any(asks(row["finding"]["code"]) for row in cause.rows)
    return tells, -cause.ways, _RANK[first.severity], cause.keys[0]


def file_of(files: Iterable[str], where: str) -> str:
    """The file that a finding is about; empty if it is about none of them."""
    return max((f for f in files if _is_in(f, where)), key=len, default="")


def _is_in(file: str, where: str) -> bool:
    """Whether a finding is about a file, or about something in it."""
    return where == file or (where.startswith(file) and where[len(file)] in ":,/! ")


def short(text: str) -> str:
    """A reason as a correction may hold it."""
    most = LONGEST["why"]
    return text if len(text) <= most else f"{text[: most - 1]}…"
