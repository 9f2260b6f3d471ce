"""What staff said of sentences on the review sheet: right, wrong, or a remark.

A verdict holds for one pattern of a sentence in one language, and as long as the route that they
read is told in the same words: `route_hash`. A changed route is asked again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from navkit.guidance.guidance import Guidance
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue import sheets
from navkit.words.findings import LOG_LANGUAGE, Finding, NavkitError

FORMAT = "navkit-verdicts"
FILE = "verdicts.json"
"""Its usual name, beside the corrections."""
RIGHT, WRONG = "right", "wrong"
MOST = 5_000
"""Ten times the patterns of a large hospital."""


@dataclass(frozen=True)
class Verdict:
    """What staff said of one pattern, and of which route."""

    language: str
    pattern: str
    start: str
    goal: str
    profile: str
    step: int
    hash: str
    """Of the route's words when they were read."""
    verdict: str
    """`right`, `wrong`, or empty if there is a remark only."""
    remark: str
    signed: str


def route_hash(told: Guidance) -> str:
    """Of all that a route says."""
    said = json.dumps([one.text for one in told.instructions], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@cache
def _columns() -> dict[str, Any]:
    file = resources.files("exporter.paper").joinpath("verdicts.json")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def headings(language: str) -> dict[str, str]:
    """The columns of the sheet by key, in its language."""
    return {
        key: said.get(language, said[LOG_LANGUAGE]) for key, said in _columns()["headings"].items()
    }


def verdict_words(language: str) -> tuple[str, str]:
    """What to write for right and for wrong."""
    right, wrong = (_columns()["answers"][answer] for answer in (RIGHT, WRONG))
    by = language if language in right else LOG_LANGUAGE
    return right[by][0], wrong[by][0]


def filled_in(content: bytes, where: str) -> tuple[list[Verdict], list[Finding]]:
    """The rows of a sheet with a verdict or a remark; and those that cannot be read.

    CSV or a workbook. `NavkitError` if it is not the sheet.
    """
    keys = {said: key for key, names in _columns()["headings"].items() for said in names.values()}

    def is_heading(row: Sequence[str]) -> bool:
        return {"pattern", "hash", "verdict"} <= {keys.get(cell.strip()) for cell in row}

    try:
        tables, _ = sheets.tables_of(content, where, is_heading)
    except NavkitError as error:
        if error.finding.code != "directory-without-columns":
            raise
        raise NavkitError("verdict-foreign", where) from None
    found, unread = [], []
    for table in tables:
        names = [keys.get(heading.strip(), "") for heading in table.headings]
        for number, cells in enumerate(table.rows, table.first_row):
            row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
            said = _answer(row.get("verdict", ""))
            if said is None:
                slots = {"said": row["verdict"], "row": str(number)}
                unread.append(Finding("verdict-unread", table.where, slots))
            elif said or row.get("remark"):
                found.append(_verdict({**row, "verdict": said}, table.where))
    return found, unread


def _answer(said: str) -> str | None:
    """`right`, `wrong`, empty; None for another word."""
    if not said:
        return ""
    for answer, by_language in _columns()["answers"].items():
        if said.casefold() in {word for words in by_language.values() for word in words}:
            return str(answer)
    return None


def _verdict(row: Mapping[str, Any], where: str) -> Verdict:
    """`NavkitError` if something is missing or is not text."""
    try:
        values = {one.name: row.get(one.name, "") for one in fields(Verdict)}
        values["step"] = int(values["step"])
        made = Verdict(**values)
    except (TypeError, ValueError):
        raise NavkitError("verdict-foreign", where) from None
    texts = [getattr(made, one.name) for one in fields(Verdict) if one.name != "step"]
    if not all(isinstance(text, str) for text in texts) or not (made.pattern and made.hash):
        raise NavkitError("verdict-foreign", where)
    if made.verdict not in (RIGHT, WRONG, ""):
        raise NavkitError("verdict-foreign", where)
    return made


def merged(before: Iterable[Verdict], after: Iterable[Verdict]) -> list[Verdict]:
    """The later of two verdicts on one pattern, in order."""
    by_pattern = {(one.language, one.pattern): one for one in (*before, *after)}
    return [by_pattern[key] for key in sorted(by_pattern)]


def encode(verdicts: Iterable[Verdict]) -> bytes:
    """As a file."""
    rows = [asdict(one) for one in verdicts]
    text = json.dumps({FORMAT: 1, "verdicts": rows}, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def decode(content: bytes, where: str) -> list[Verdict]:
    """`NavkitError` if this is no file of verdicts."""
    try:
        data = json.loads(content)
        rows = data["verdicts"] if data[FORMAT] == 1 else None
    except (ValueError, KeyError, TypeError, RecursionError):
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NavkitError("verdict-foreign", where)
    return [_verdict(row, where) for row in rows]


def read(file: Path) -> list[Verdict]:
    """None yet where there is no file."""
    if not file.exists():
        return []
    try:
        return decode(file.read_bytes(), str(file))
    except OSError:
        raise NavkitError("unreadable-file", str(file)) from None


def now(guide: Guide, verdict: Verdict) -> str:
    """The hash of the verdict's route as it is told today; empty if there is no such route."""
    profile = profiles().get(verdict.profile)
    if profile is None:
        return ""
    try:
        route = guide.route(verdict.start, verdict.goal, profile)
        return route_hash(guide.tell(route, verdict.language))
    except NavkitError:
        return ""


def findings(verdicts: Iterable[Verdict], hash_of: Callable[[Verdict], str]) -> list[Finding]:
    """What staff called wrong or remarked on, and what they would have to read again."""
    found = []
    for one in verdicts:
        where = f"{one.start} > {one.goal}, {one.profile}, {one.step}"
        if hash_of(one) != one.hash:
            found.append(Finding("verdict-outdated", where, {"language": one.language}))
        elif one.verdict == WRONG or one.remark:
            code = "verdict-wrong" if one.verdict == WRONG else "verdict-remark"
            slots = {
                "language": one.language,
                "remark": one.remark or "–",
                "signed": one.signed or "–",
            }
            found.append(Finding(code, where, slots))
    return found
