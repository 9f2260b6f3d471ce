"""Findings of which staff say that it is so: by what they are known again in the next build.

A finding is known by its code and by what it is about: durable ids, never a line of a file or a
number that changes when a drawing is exported again.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from navkit.words.findings import Finding

MOST_KEY = 300
"""Letters of a finding's key."""

_FILE = re.compile(r"[^,]*\.\w{2,8}(?::\d+)?(?:, (?=.))?")
"""A file, and its line, before what is in it."""
_ID = re.compile(r"(.+?) \(.*\)")
"""An id, and in brackets what it is called."""


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("navkit.venue").joinpath("accepted.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def may_be_so(code: str) -> bool:
    """Whether a reason can make a finding of that code right."""
    return code not in _table()["never"]


def about(finding: Finding) -> tuple[str, ...]:
    """What a finding is about; with its code it is told from all others."""
    said = [_where(finding.where)]
    for name in _table()["by"]:
        value = finding.slots.get(name, "")
        # In a slot by language any value will do: ids are the same in all.
        text = value if isinstance(value, str) else next(iter(value.values()), "")
        found = _ID.fullmatch(text)
        said.append(found[1] if found else text)
    return tuple(dict.fromkeys(filter(None, said)))


def _where(where: str) -> str:
    """Where it is, without the file: a drawing may come back under another name. What is wrong
    with a whole file is known by its name."""
    lead = _FILE.match(where)
    return where[lead.end() :] or where.partition(":")[0] if lead else where


def are_accepted(
    findings: Iterable[Finding], said: Iterable[Mapping[str, Any]]
) -> list[tuple[Finding, Mapping[str, Any] | None]]:
    """Each finding with the change, an `accept`, by which staff say that it is so, if any."""
    known = {(one["code"], tuple(one["about"])): one for one in said if one.get("do") == "accept"}
    return [(found, known.get((found.code, about(found)))) for found in findings]


def key(finding: Finding) -> str:
    """A finding as one text, the same in every build that has it."""
    return "|".join((finding.code, *about(finding)))[:MOST_KEY]
