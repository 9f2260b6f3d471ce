"""Corrections that help: each proposal is applied to the venue, and its network is built anew.

A proposal counts only if what it is about is then answered, or more pairs of places have a way,
and if it takes no way from anybody.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from navkit.network.network import build
from navkit.route.pairs import Pairs, pairs
from navkit.route.profiles import profiles
from navkit.route.proposals import Fields, House, Proposal, proposals
from navkit.route.reach import ON_FOOT, Review, review
from navkit.route.routing import Navigator
from navkit.route.weights import moment
from navkit.venue import corrections
from navkit.venue.corrected import corrected
from navkit.venue.venue import Venue
from navkit.words.findings import Finding

ROUNDS = 3
"""What joins one part may show what joins the next: so many times it is looked again."""

MOST_TRIALS = 80
"""Proposals that are tried one by one in a round; what is left is said."""

Told = Callable[[str], None]


@dataclass(frozen=True)
class Fix:
    """A proposal that helps."""

    proposal: Proposal
    round: int
    """1: it helps by itself; later ones were tried with those of earlier rounds."""
    before: Mapping[str, float]
    """By profile, the share of ordered pairs of places that have a way."""
    after: Mapping[str, float]
    joined: int
    """Ordered pairs of places that have a way on foot with it only."""
    resting: int
    """Ordered pairs that have a way on foot only if the guessed door is really there."""
    settles: tuple[Finding, ...]


@dataclass(frozen=True)
class Fixes:
    """All proposals that help, and what none of them answers."""

    fixes: tuple[Fix, ...]
    left: tuple[tuple[Finding, str], ...]
    """Findings that are left when all are taken, each with the code of why."""
    before: Mapping[str, float]
    after: Mapping[str, float]
    """With all of them."""


@dataclass(frozen=True)
class _Measured:
    """Who gets where in a venue."""

    venue: Venue
    review: Review | None
    navigator: Navigator
    found: Mapping[str, Pairs]

    @property
    def shares(self) -> dict[str, float]:
        return {key: one.share for key, one in self.found.items()}

    def table(self, profile: str, ids: Sequence[str]) -> NDArray[np.bool_]:
        """For places by id, which lead to which."""
        found = self.found[profile]
        number = {self.venue.places[place].id: bit for bit, place in enumerate(found.places)}
        bits = [number[id] for id in ids]
        size = len(found.places) // 8 + 1
        rows = b"".join(found.led_to[bit].to_bytes(size, "little") for bit in bits)
        whole = np.frombuffer(rows, dtype=np.uint8).reshape(len(bits), size)
        return np.unpackbits(whole, axis=1, bitorder="little")[:, bits].astype(bool)

    def asked_for(self) -> set[str]:
        """Ids of the places that count."""
        return {self.venue.places[place].id for place in self.found[ON_FOOT].places}


@dataclass
class _Seen:
    """What was tried so far."""

    changes: set[str] = field(default_factory=set)
    findings: set[tuple[str, str]] = field(default_factory=set)
    """Codes and places of the findings that something was tried for."""
    untried: bool = False
    """Whether there was more to try than is tried in a round."""


def find_fixes(
    venue: Venue, told: Told = lambda _: None, more: Callable[[], bool] = lambda: True
) -> Fixes:
    """What corrections of `venue` would help. `told` hears how far it is, `more` says before each
    trial whether there is time for it."""
    start = now = _measured(venue, None)
    kept: list[Fix] = []
    seen = _Seen()
    for number in range(1, ROUNDS + 1):
        new = _round(now, number, seen, told, more)
        if not new:
            break
        kept += new
        now = _measured(_with(venue, [fix.proposal for fix in kept]), start.review)
    assert now.review
    findings = (*now.venue.findings, *now.review.findings)
    return Fixes(
        fixes=tuple(kept),
        left=tuple((f, _why_left(f, seen)) for f in findings if f.severity != "note"),
        before=start.shares,
        after=now.shares,
    )


def changes_of(chosen: Iterable[Proposal]) -> list[Fields]:
    """The corrections of some proposals, each once, in their order."""
    changes: dict[str, Fields] = {}
    for proposal in chosen:
        for change in proposal.changes:
            changes.setdefault(json.dumps(change), change)
    return [*changes.values()]


def _with(venue: Venue, chosen: Iterable[Proposal]) -> Venue:
    data = {"navkit-corrections": corrections.VERSION, "changes": changes_of(chosen)}
    return corrected(venue, corrections.parse(data, "fix"))


def _measured(venue: Venue, reviewed: Review | None, *, short: bool = False) -> _Measured:
    """Pairs by profile; the places that only groups reach count as they did in `reviewed`."""
    network = build(venue)
    navigator, at = Navigator(network), moment(venue.closures)
    own = None if short else review(network, profiles())
    by_group = (reviewed or own or _NOBODY).by_group
    without = [n for n, place in enumerate(venue.places) if place.id in by_group]
    found = {key: pairs(navigator, one, at, without) for key, one in profiles().items()}
    return _Measured(venue, own, navigator, found)


_NOBODY = Review(0, {}, {}, (), {}, 0, ())


def _round(
    now: _Measured, number: int, seen: _Seen, told: Told, more: Callable[[], bool]
) -> list[Fix]:
    """The fixes of one round, those of the same thing first come first kept."""
    assert now.review
    findings = (*now.venue.findings, *now.review.findings)
    offered = _unseen(proposals(House(now.venue, now.review.parts), findings), seen)
    quiet = [one for ones in offered for one in ones[:1] if _is_quiet(one)]
    sure = {id(one) for one in _harmless(now, quiet)}
    kept: list[Fix] = []
    trials = 0
    for place, alternatives in enumerate(offered):
        told(f"{place + 1}/{len(offered)}")
        if alternatives[0].part & _led_out(kept):
            continue
        helping = []
        for one in alternatives:
            seen.changes.add(json.dumps(one.changes))
            seen.findings |= {(f.code, f.where) for f in one.about}
            trials += id(one) not in sure
            if trials > MOST_TRIALS or not more():
                seen.untried = True
                break
            fix = _tried(now, one, number, measure=id(one) not in sure)
            helping += [fix] if fix else []
            if fix and not one.part:
                break
        if helping:
            kept.append(max(helping, key=lambda fix: fix.joined))
    return kept


def _led_out(kept: Iterable[Fix]) -> set[str]:
    """The spaces to which some fixes add a door: what they join is looked at anew afterwards.
    Doors that are guessed join nothing by being confirmed."""
    new = (fix.proposal for fix in kept if not fix.proposal.door)
    changes = (change for one in new for change in one.changes)
    return {s for change in changes if change["do"] == "add-door" for s in change["spaces"]}


def _unseen(offered: list[list[Proposal]], seen: _Seen) -> list[list[Proposal]]:
    """Proposals that were not tried before; what is proposed twice answers both findings."""
    about: dict[str, dict[tuple[str, str], Finding]] = defaultdict(dict)
    for one in (one for alternatives in offered for one in alternatives):
        about[json.dumps(one.changes)] |= {(f.code, f.where): f for f in one.about}
    new: list[list[Proposal]] = []
    once = {*seen.changes}
    for alternatives in offered:
        keys = {key: one for one in alternatives if (key := json.dumps(one.changes)) not in once}
        once |= keys.keys()
        if keys:
            merged = keys.items()
            new.append([replace(one, about=tuple(about[key].values())) for key, one in merged])
    return new


def _is_quiet(proposal: Proposal) -> bool:
    """Whether it says of what is there already that it is so: no way should change by it."""
    return bool(proposal.door) or all(
        change["do"] in ("rename", "set-level", "join-shaft") for change in proposal.changes
    )


def _harmless(now: _Measured, quiet: Sequence[Proposal]) -> list[Proposal]:
    """Those of the proposals with which, all together, nothing changes for anybody: where it does,
    each half is looked at by itself."""
    if not quiet:
        return []
    trial = _measured(_with(now.venue, quiet), now.review, short=True)
    if trial.found == now.found:
        return [*quiet]
    if len(quiet) == 1:
        return []
    half = len(quiet) // 2
    return [*_harmless(now, quiet[:half]), *_harmless(now, quiet[half:])]


def _tried(now: _Measured, proposal: Proposal, number: int, *, measure: bool) -> Fix | None:
    """What a proposal does; None if it does no good, or some harm."""
    after = _with(now.venue, [proposal])
    known = {(f.code, f.where) for f in now.venue.findings}
    if any((f.code, f.where) not in known for f in after.findings):
        return None
    shares, joined, gained = now.shares, 0, False
    if measure:
        trial = _measured(after, now.review, short=True)
        ids = sorted(now.asked_for() & trial.asked_for())
        gain = {k: int(trial.table(k, ids).sum()) - int(now.table(k, ids).sum()) for k in now.found}
        if min(gain.values(), default=0) < 0:
            return None
        shares, joined, gained = trial.shares, gain[ON_FOOT], any(gain.values())
    settles = tuple(f for f in proposal.about if _is_gone(f, after, gained=gained))
    if not settles and not gained:
        return None
    resting = _resting(now, proposal.door) if proposal.door else 0
    return Fix(proposal, number, now.shares, shares, joined, resting, settles)


def _is_gone(finding: Finding, after: Venue, *, gained: bool) -> bool:
    """Whether a finding of the import, or of the check, is answered."""
    if finding.code == "no-entrance":
        return any(door.entrance for door in after.doors)
    if finding.code in ("venue-in-parts", "rooms-apart"):
        return gained
    return (finding.code, finding.where) not in {(f.code, f.where) for f in after.findings}


def _resting(now: _Measured, door: str) -> int:
    """Ordered pairs that have a way on foot through a guessed door only."""
    at = moment(now.venue.closures)
    shut = replace(at, closed=at.closed | {door})
    found = now.found[ON_FOOT]
    without = {*range(len(now.venue.places))} - {*found.places}
    other = pairs(now.navigator, profiles()[ON_FOOT], shut, without)
    return sum(
        row.bit_count() - less.bit_count()
        for row, less in zip(found.led_to, other.led_to, strict=True)
    )


@cache
def _reasons() -> Mapping[str, Sequence[str]]:
    """Of each reason the patterns of codes that it holds of."""
    text = resources.files("navkit.route").joinpath("fixes.json").read_text(encoding="utf-8")
    found: Mapping[str, Sequence[str]] = json.loads(text)["left"]
    return found


def _why_left(finding: Finding, seen: _Seen) -> str:
    """Why no proposal answers a finding: a code."""
    if (finding.code, finding.where) in seen.findings:
        return "fix-left-untried" if seen.untried else "fix-left-tried"
    return next(
        reason
        for reason, patterns in _reasons().items()
        if any(fnmatchcase(finding.code, pattern) for pattern in patterns)
    )
