"""Which doors are called entrances: 大门, 北门, "Main entrance". `entrances.json` has the words."""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources

from navkit.plan.plan import Names

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


def is_entrance_by_name(names: Names) -> bool:
    """Whether one of the names says that people enter a building here."""
    return any(_pattern().search(_normal(name)) for name in names.values())


def _normal(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return f" {' '.join(_WORD.findall(folded))} "


@cache
def _pattern() -> re.Pattern[str]:
    source = resources.files("navkit.plan").joinpath("entrances.json")
    table = json.loads(source.read_text(encoding="utf-8"))
    (ends, eastern_ends), (sides, eastern_sides), (doors, eastern_doors) = (
        _scripts(table[key]) for key in ("ends", "sides", "doors")
    )
    after = rf"(?: (?:{sides}|\w{{1,2}}))*"
    return re.compile(
        rf" (?:{ends}|(?:{sides}) (?:{doors})){after} $"
        rf"|(?:{eastern_ends}|(?:{eastern_sides})(?:{eastern_doors})) ?[0-9a-z]{{0,2}} $"
    )


def _scripts(phrases: Iterable[str]) -> tuple[str, str]:
    """Patterns of those that are written with spaces between words, and of the others."""
    spaced: list[str] = []
    eastern: list[str] = []
    for phrase in phrases:
        pattern = re.escape(phrase).replace(r"\*", r"\w*")
        (eastern if _EAST_ASIAN.search(phrase) else spaced).append(pattern)
    return "|".join(spaced), "|".join(eastern)
