"""Findings as lines that people read: where a venue has many, those of one cause share a line."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources

import click

from navkit.words.findings import Finding, count_by_code
from tools.terminal import own_language, words

SPACES_A_LINE = 10
"""There is one line for so many spaces of a venue: nobody reads more."""
FEWEST_LINES = 3
"""A small venue has so many all the same: one for errors, one for warnings and one for notes."""
SENTENCES = 3
"""How many different sentences of one code are printed, if there is room."""
PLACES = 6
"""Of how many things that one sentence holds of the place is printed."""
RANK = {"error": 0, "warning": 1, "note": 2}


def print_findings(findings: Sequence[Finding], spaces: int | None = None) -> None:
    """Findings, errors first, in as many words as a venue of so many spaces has lines for; without
    `spaces` in all of them."""
    full = _in_full(findings)
    for lines in (full, _by_code(findings), _by_cause(findings), _by_severity(findings)):
        if spaces is None or len(lines) <= max(spaces / SPACES_A_LINE, FEWEST_LINES):
            break
    for line in lines:
        click.echo(line)
    if lines is not full:
        click.echo(f"  {words('in-short')}")


def print_all(findings: Sequence[Finding]) -> None:
    """Every sentence, and every place that it holds of."""
    for line in _in_full(findings, len(findings), len(findings), notes=True):
        click.echo(line)


def _in_full(
    findings: Sequence[Finding],
    sentences: int = SENTENCES,
    places: int = PLACES,
    *,
    notes: bool = False,
) -> list[str]:
    """By code: the first few sentences, and where they hold; of notes only how many there are."""
    lines: list[str] = []
    for code, group in grouped(findings, lambda finding: finding.code):
        lines.append(_headed(group, code))
        if group[0].severity == "note" and not notes:
            continue
        said = alike(group)
        for sentence, same in [*said.items()][:sentences]:
            lines.append(f"             {same[0].text(own_language())}")
            if len(same) > 1:
                others = [where_of(finding, sentence) for finding in same[1:places]]
                dots = " …" if len(same) > places else ""
                lines.append(f"             = {'; '.join(others)}{dots}")
        if left := sum(map(len, [*said.values()][sentences:])):
            lines.append(f"             {words('more', count=left)}")
    return lines


def alike(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by what they say, without where, in their order."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        bare = replace(finding, where="", slots={**finding.slots, "called": ""})
        found[bare.text(own_language())].append(finding)
    return found


def where_of(finding: Finding, sentence: str) -> str:
    """Where a finding that says this is, with what is there called; empty if it says nowhere."""
    return finding.text(own_language()).removesuffix(sentence).removesuffix(": ")


def _by_code(findings: Sequence[Finding]) -> list[str]:
    """A line for each code with its first sentence; one for all notes."""
    told = [finding for finding in findings if finding.severity != "note"]
    lines = [
        _headed(group, f"{code}: {_first(group)}")
        for code, group in grouped(told, lambda finding: finding.code)
    ]
    return [*lines, *_notes(findings)]


def _by_cause(findings: Sequence[Finding]) -> list[str]:
    """A line for each cause with its first sentence, errors first; one for all notes."""
    told = [finding for finding in findings if finding.severity != "note"]
    lines = []
    for cause, group in grouped(told, lambda finding: cause_of(finding.code)):
        first, *others = sorted(group, key=lambda finding: RANK[finding.severity])
        codes = f" [{first.code}]" + (f" + {_counted(others)}" if others else "")
        lines.append(
            _headed([first, *others], f"{words(cause)}: {first.text(own_language())}{codes}")
        )
    return [*lines, *_notes(findings)]


def _by_severity(findings: Sequence[Finding]) -> list[str]:
    """A line for all errors and one for all warnings, with the first sentence of each and how many
    there are of each cause; one for all notes."""
    told = [finding for finding in findings if finding.severity != "note"]
    lines = []
    for _, group in grouped(told, lambda finding: finding.severity):
        causes = [(words(cause), len(of)) for cause, of in _by(group, lambda f: cause_of(f.code))]
        counted = ", ".join(f"{cause} ({count})" for cause, count in causes)
        others = f" + {counted}" if len(group) > 1 else ""
        lines.append(_headed(group, f"{group[0].text(own_language())} [{group[0].code}]{others}"))
    return [*lines, *_notes(findings)]


def _notes(findings: Sequence[Finding]) -> list[str]:
    notes = [finding for finding in findings if finding.severity == "note"]
    return [_headed(notes, _counted(notes))] if notes else []


def _headed(group: Sequence[Finding], text: str) -> str:
    return f"  {words(group[0].severity):8}{len(group):5}  {text}"


def _first(group: Sequence[Finding]) -> str:
    """The first sentence, and how many more there are."""
    more = f" {words('more', count=len(group) - 1)}" if len(group) > 1 else ""
    return group[0].text(own_language()) + more


def _counted(findings: Sequence[Finding]) -> str:
    return ", ".join(f"{code} ({count})" for code, count in count_by_code(findings).items())


def grouped(
    findings: Sequence[Finding], by: Callable[[Finding], str]
) -> list[tuple[str, list[Finding]]]:
    """Groups by what `by` says, those with the worst findings first."""
    return sorted(
        _by(findings, by), key=lambda group: (min(RANK[f.severity] for f in group[1]), group[0])
    )


def _by(
    findings: Sequence[Finding], what: Callable[[Finding], str]
) -> list[tuple[str, list[Finding]]]:
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[what(finding)].append(finding)
    return [*groups.items()]


@cache
def _causes() -> dict[str, list[str]]:
    source = resources.files("tools").joinpath("causes.json")
    causes: dict[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))["causes"]
    return causes


def cause_of(code: str) -> str:
    """What a finding is about, by its code: the name of a group of `causes.json`."""
    return next(
        f"cause-{cause}"
        for cause, patterns in _causes().items()
        if any(fnmatchcase(code, pattern) for pattern in patterns)
    )
