"""Findings: what is wrong or guessed, where, and what staff should do about it.

The sentences live in `messages/*.json`, by code and language:
`{"code": {"severity": "error|warning|note", "zh-Hans": "…{slot}…", "zh-Hant": "…", "en": "…"}}`.
An `error` needs staff before patients are led by this venue; a `warning` should be
looked at; a `note` only says what navkit did.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

LANGUAGES = ("zh-Hans", "zh-Hant", "en")

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a name may hold to move a terminal's cursor or turn a line round."""


@cache
def _messages() -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = {}
    for entry in sorted(resources.files("navkit").joinpath("messages").iterdir(), key=str):
        if entry.name.endswith(".json"):
            messages.update(json.loads(entry.read_text(encoding="utf-8")))
    return messages


@dataclass(frozen=True)
class Finding:
    """A stable `code`, the place it speaks of, and the values its sentence needs."""

    code: str
    where: str = ""
    """File, level, id: enough to find the spot again, such as ``"ward.geojson, D7"``."""
    slots: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> str:
        """``"error"``, ``"warning"`` or ``"note"``."""
        return _messages()[self.code]["severity"]

    def text(self, language: str) -> str:
        """What is wrong and what to do next, as a sentence, led by where."""
        sentence = _messages()[self.code][language].format_map(dict(self.slots))
        whole = f"{self.where}: {sentence}" if self.where else sentence
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", whole)


class NavkitError(Exception):
    """Nothing can be done with this input: the finding says what, where and what next."""

    def __init__(self, code: str, where: str = "", /, **slots: str) -> None:
        self.finding = Finding(code, where, slots)
        super().__init__(self.finding.text("en"))

    def __reduce__(self) -> tuple[Callable[..., "NavkitError"], tuple[object, ...]]:
        """So that it comes back from another process as it was."""
        return _again, (type(self), self.finding)


def _again(kind: type[NavkitError], finding: Finding) -> NavkitError:
    return kind(finding.code, finding.where, **finding.slots)


class PlanError(NavkitError):
    """A drawing of which no plan can be made at all."""


def count_by_code(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each code occurs, codes in alphabetical order."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items()))
