"""What answers a finding: of each code the kinds of answers that the console offers.

The table is `answers.json`. A verb is a correction that a form or a proposal makes; the other
kinds lead to where the answer is given.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

ELSEWHERE: Mapping[str, str] = {
    "propose": "worklist",
    "accept": "worklist",
    "draw": "draw",
    "row": "directory_row",
    "sheet": "directory",
    "file": "replacing_source",
    "mapping": "mapping",
    "photo": "hospital",
    "verdicts": "hospital",
    "correction": "corrections",
    "names": "description",
}
"""Kinds of answers that no form of a level makes, and the page that they are given on."""

UNIQUE = frozenset(ELSEWHERE) - {"row", "names", "correction"}
"""Kinds that many findings share: two findings of one thing are not alike because of them."""


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("server.builds").joinpath("answers.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def answers_of(code: str) -> Sequence[str]:
    """The kinds of answers to a finding, the likeliest first; a new drawing for a code that is
    unknown here, such as one of an older server."""
    found: Sequence[str] = _table()["codes"].get(code, ("file",))
    return found


def known() -> Mapping[str, Sequence[str]]:
    """All codes that a build gives, each with the kinds of its answers."""
    codes: Mapping[str, Sequence[str]] = _table()["codes"]
    return codes


def never_built() -> Mapping[str, Sequence[str]]:
    """Codes that no build gives, by the reason."""
    groups: Mapping[str, Mapping[str, Any]] = _table()["elsewhere"]
    return {group["why"]: group["codes"] for group in groups.values()}


def called(code: str, kind: str) -> str:
    """The key of the words on the button of an answer; that of an opening speaks of no door."""
    if kind == "no-door" and code in _table()["openings"]:
        return "answer-nobody-passes"
    return f"answer-{kind}" if kind in ELSEWHERE else f"do-{kind}"


def asks(code: str) -> bool:
    """Whether a finding asks for something that only the hospital knows; others say what was
    done."""
    return any(kind not in ("accept", "file") for kind in answers_of(code))
