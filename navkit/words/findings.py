"""Findings: what is wrong or guessed, where, and what staff should do about it.

Each package says in `words/severity.json` which of its codes are an `error`, which staff must fix
before patients are guided by this venue; a `warning`, which should be checked; or a `note`, which
only says what navkit did. The sentences are in `words/<tag>/findings.json` beside it, by code.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from navkit.words import folders

LOG_LANGUAGE = "en"
"""The language of programs, logs and tracebacks, whoever reads them."""

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters in a name that could move a terminal's cursor or reverse a line."""


Slot = str | Mapping[str, str]
"""The value for a placeholder; a name is given by language, and each reader gets their own."""


@dataclass(frozen=True)
class Finding:
    """A stable `code`, the place it is about, and the values its sentence needs."""

    code: str
    where: str = ""
    """File, level, id: enough to find the spot again, such as ``"ward.geojson, D7"``."""
    slots: Mapping[str, Slot] = field(default_factory=dict)
    """What fills the sentence. A slot ``called`` is what the last id in `where` is called."""

    @property
    def severity(self) -> str:
        """``"error"``, ``"warning"`` or ``"note"``."""
        return folders.severities()[self.code]

    def text(self, language: str) -> str:
        """What is wrong and what to do next, as a sentence that begins with where."""
        reader = _reader(language)
        said = {
            name: value if isinstance(value, str) else folders.named(value, reader)
            for name, value in self.slots.items()
        }
        sentence = folders.words(reader, "findings")[self.code].format_map(said)
        where = f"{self.where} ({said['called']})" if said.get("called") else self.where
        whole = f"{where}: {sentence}" if where else sentence
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", whole)


class NavkitError(Exception):
    """Nothing can be done with this input: the finding says what, where and what next."""

    def __init__(self, code: str, where: str = "", /, **slots: Slot) -> None:
        self.finding = Finding(code, where, slots)
        super().__init__(self.finding.text(LOG_LANGUAGE))

    def __reduce__(self) -> tuple[Callable[..., "NavkitError"], tuple[object, ...]]:
        """So that it survives pickling between processes."""
        return _again, (type(self), self.finding)


def _reader(language: str) -> folders.Language:
    """An unusable folder from outside is itself a finding: its text comes from navkit's own
    words."""
    known = folders.built_in()
    if language not in known:
        known = folders.languages()
    if language not in known:
        raise NavkitError("unknown-language", language, known=", ".join(known))
    return known[language]


def _again(kind: type[NavkitError], finding: Finding) -> NavkitError:
    return kind(finding.code, finding.where, **finding.slots)


class PlanError(NavkitError):
    """A drawing from which no plan can be made at all."""


def count_by_code(findings: Iterable[Finding]) -> dict[str, int]:
    """How often each code occurs, codes in alphabetical order."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return dict(sorted(counts.items()))
