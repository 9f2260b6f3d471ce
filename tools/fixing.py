"""`navkit fix`: proposed corrections, each with its evidence and what it does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from navkit.plan.plausible import LONGEST
from navkit.route.fixes import Fix, Fixes, changes_of, find_fixes
from navkit.route.profiles import profile as profile_of
from navkit.route.proposals import Fields
from navkit.route.reach import percent
from navkit.venue import corrections
from navkit.venue.venue import Venue, load, name_in, write_whole
from navkit.words.findings import Finding, NavkitError
from tools.checking import called
from tools.given import OutputFile
from tools.listing import grouped, where_of
from tools.terminal import Progress, own_language, print_json, speaking, words

SHOWN = 6
"""Of what is left with one code, the places of so many are printed."""


@click.command()
@click.argument("venue_file", metavar="VENUE", type=click.Path(path_type=Path))
@click.option("--write", type=OutputFile(), help="Write the chosen ones as a corrections file.")
@click.option("--take", metavar="N,N…", default="", help="With --write: these proposals.")
@click.option("--all", "everything", is_flag=True, help="With --write: all proposals.")
@click.option(
    "--corrections",
    "earlier",
    type=click.Path(path_type=Path),
    help="With --write: the corrections that there are; the file begins with them.",
)
@click.option("--overwrite", is_flag=True, help="Write over a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@speaking
def fix(
    venue_file: Path,
    write: Path | None,
    take: str,
    everything: bool,
    earlier: Path | None,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Propose corrections of a venue, each tried: what it answers, and whom it joins."""
    if write and not take and not everything:
        raise click.UsageError(words("fix-choose"))
    if not write and (take or everything):
        raise click.UsageError(words("fix-only-writing"))
    if write and write.exists() and not overwrite:
        raise NavkitError("fix-file-there", str(write))
    known = _earlier(earlier) if earlier else []
    venue = load(venue_file)
    found = find_fixes(venue, Progress())
    if write:
        taken = [found.fixes[n - 1] for n in _numbers(take, len(found.fixes))]
        write_whole(write, _file([*known, *_with_why(taken)]).encode())
    if as_json:
        print_json(_as_json(found))
        return
    for line in (*_lines(venue, found), *([words("wrote", files=str(write))] if write else [])):
        click.echo(line)


def _earlier(file: Path) -> list[Fields]:
    """The changes of a corrections file as they stand there."""
    corrections.read(file)
    changes: list[Fields] = corrections.decode(file.read_bytes(), file.name)["changes"]
    return changes


def _numbers(take: str, count: int) -> list[int]:
    """The chosen numbers, each once and in order; all if none is named."""
    said = [one.strip() for one in take.replace("，", ",").split(",") if one.strip()]
    for one in said:
        if not one.isascii() or not one.isdigit() or not 0 < int(one) <= count:
            raise NavkitError("fix-number-unknown", one[:20], known=f"1–{count}" if count else "-")
    return sorted({int(one) for one in said}) or list(range(1, count + 1))


def _with_why(fixes: Sequence[Fix]) -> list[Fields]:
    """The corrections of these, each with its evidence for whoever reads the file."""
    why: dict[str, str] = {}
    for one in fixes:
        for change in one.proposal.changes:
            why.setdefault(json.dumps(change), one.proposal.why.text(own_language()))
    changes = changes_of(one.proposal for one in fixes)
    return [{**change, "why": _short(why[json.dumps(change)])} for change in changes]


def _short(text: str) -> str:
    most = LONGEST["why"]
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _file(changes: Sequence[Fields]) -> str:
    """A corrections file, a line for each correction."""
    lines = ",\n".join(f"  {json.dumps(change, ensure_ascii=False)}" for change in changes)
    version = corrections.VERSION
    return f'{{\n "navkit-corrections": {version},\n "changes": [\n{lines}\n ]\n}}\n'


def _lines(venue: Venue, found: Fixes) -> Iterator[str]:
    for number, one in enumerate(found.fixes, start=1):
        for place, change in enumerate(one.proposal.changes):
            head = f"{number:3}." if not place else ""
            yield f"{head:4} {json.dumps(change, ensure_ascii=False)}"
        for line in (one.proposal.why.text(own_language()), *_effect(one)):
            yield f"       {line}"
    if found.fixes:
        yield words("fix-all")
        yield from (f"  {line}" for line in _pairs(found.before, found.after, every=True))
    else:
        yield words("fix-none")
    if found.left:
        yield words("fix-left")
    why = {(f.code, f.where): reason for f, reason in found.left}
    for code, group in grouped(called(venue, [f for f, _ in found.left]), lambda f: f.code):
        places = "; ".join(filter(None, (_where(f) for f in group[:SHOWN])))
        more = " …" if len(group) > SHOWN else ""
        reason = Finding(why[code, group[0].where]).text(own_language())
        yield f"  {words(group[0].severity)} {code} ({len(group)}): {reason}. {places}{more}"


def _where(finding: Finding) -> str:
    """Where it is, with what that is called and its level."""
    bare = replace(finding, where="", slots={**finding.slots, "called": ""})
    return where_of(finding, bare.text(own_language()))


def _effect(one: Fix) -> Iterator[str]:
    """What a proposal does, and how sure it is."""
    yield from _pairs(one.before, one.after)
    if one.joined:
        yield words("fix-joins", count=one.joined)
    if one.resting:
        yield words("fix-rests", count=one.resting)
    if one.settles:
        codes = ", ".join(f"{f.code} ({f.where})" if f.where else f.code for f in one.settles)
        yield words("fix-settles", codes=codes)
    grade = words(f"fix-{one.proposal.grade}")
    if one.proposal.confidence is not None:
        share = f"{one.proposal.confidence:.0%}"
        grade = words("fix-counted", grade=grade, percent=share)
    yield grade if one.round == 1 else f"{grade}; {words('fix-round')}"


def _pairs(
    before: Mapping[str, float], after: Mapping[str, float], *, every: bool = False
) -> Iterator[str]:
    """For whom more, or fewer, pairs of places have a way; those alike share a line."""
    alike: dict[tuple[str, str], list[str]] = {}
    for key, share in before.items():
        if every or percent(share) != percent(after[key]):
            name = name_in(profile_of(key).names, own_language())
            alike.setdefault((percent(share), percent(after[key])), []).append(name)
    for (old, new), names in alike.items():
        yield words("fix-pairs", profile=", ".join(names), before=old, after=new)


def _as_json(found: Fixes) -> dict[str, Any]:
    return {
        "before": _rounded(found.before),
        "after": _rounded(found.after),
        "fixes": [
            {
                "number": number,
                "changes": [dict(change) for change in one.proposal.changes],
                "why": one.proposal.why.text(own_language()),
                "grade": one.proposal.grade,
                "confidence": one.proposal.confidence,
                "round": one.round,
                "joins": one.joined,
                "rests": one.resting,
                "before": _rounded(one.before),
                "after": _rounded(one.after),
                "settles": [{"code": f.code, "where": f.where} for f in one.settles],
            }
            for number, one in enumerate(found.fixes, start=1)
        ],
        "left": [
            {
                "code": f.code,
                "severity": f.severity,
                "where": f.where,
                "why": Finding(reason).text(own_language()),
            }
            for f, reason in found.left
        ],
    }


def _rounded(shares: Mapping[str, float]) -> dict[str, float]:
    return {key: round(share, 4) for key, share in shares.items()}
