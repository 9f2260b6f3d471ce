"""From written to spoken text: no digits, no brackets, capitals spelled.

Rules are data: `guidance.json` of a language, member `spoken`. A hospital may choose between
readings that are both correct (`choices`), and pronounce a name its own way (`names`).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from navkit.words.languages import words

_NUMBER = re.compile(r"(\d+)(?:\.(\d+))?")
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")


@dataclass(frozen=True)
class Wording:
    """How one hospital wants things said in one language."""

    choices: Mapping[str, str] = field(default_factory=dict)
    """The chosen word, by choice; see `choices`."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The spoken form, by the written one."""
    pinyin: Mapping[str, str] = field(default_factory=dict)
    """The pronunciation, by the spoken form: syllables with tone digits, without sandhi."""


def choices(language: str) -> dict[str, list[str]]:
    """What a hospital may choose, each with the possible words, the usual one first."""
    found: dict[str, list[str]] = words(language, "guidance")["spoken"]["choices"]
    return found


class Speaker:
    """Pronounces names, labels and numbers in one language, as one hospital wants them said."""

    def __init__(self, language: str, wording: Wording | None = None) -> None:
        self.language = language
        self.wording = wording or Wording()
        usual = {key: readings[0] for key, readings in choices(language).items()}
        rules = words(language, "guidance")["spoken"]
        self.rules = _chosen(rules, {**usual, **self.wording.choices})
        self._said: dict[str, str] = {}
        self.found: dict[tuple[object, ...], Any] = {}
        """What `navkit.words.called` has found so far."""

    def name(self, written: str) -> str:
        """The spoken form of a name."""
        if written not in self._said:
            self._said[written] = self.wording.names.get(written) or self._by_rule(written)
        return self._said[written]

    def _by_rule(self, written: str) -> str:
        rules = self.rules
        plain = written.translate(str.maketrans(rules["characters"]))
        shown = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFKC", plain))
        said = " ".join(shown.split())
        for pattern, replacement in rules["rewrite"]:
            said = re.sub(pattern, replacement, said)
        said = re.sub(rules["capital"], lambda match: match[0].upper(), said)
        said = _NUMBER.sub(self._number, said)
        said = re.sub(rules["spell"], lambda match: " ".join(match[0]), said)
        said = _CAPITALS.sub(lambda match: match[0].lower(), said)
        for pattern, replacement in rules["tidy"]:
            said = re.sub(pattern, replacement, said)
        return said.strip()

    def level(self, label: str) -> str:
        """The spoken form of a posted floor label; the first pattern that fits decides."""
        if label in self.wording.names:
            return self.wording.names[label]
        written = unicodedata.normalize("NFKC", label).strip()
        for pattern, template in self.rules["levels"]:
            match = re.fullmatch(pattern, written, flags=re.IGNORECASE)
            if match:
                said: str = template.format(*(self.cardinal(int(g)) for g in match.groups()))
                return said
        return self.name(label)

    def sign(self, written: str, names: Iterable[str]) -> str:
        """The spoken form of the sign on the door of a place with these names.

        The name has been said already, so the rest of the sign is enough; words that this
        language cannot say are left out. Empty if nothing is left: then the sign is only shown.
        """
        if written in self.wording.names:
            return self.wording.names[written]
        rest = written
        for name in sorted(filter(None, names), key=len, reverse=True):
            rest = rest.replace(name, " ")
        rest = rest.strip() or written
        if self.name(rest) and not self.unsayable(self.name(rest)):
            return self.name(rest)
        sayable = [word for word in rest.split() if not self.unsayable(self.name(word))]
        return self.name(" ".join(sayable))

    def pieces(self, said: str) -> list[str]:
        """A spoken text, cut before and after its numbers."""
        pieces = [said]
        for pattern in self.rules["cuts"]:
            pieces = [part.strip() for piece in pieces for part in re.split(pattern, piece)]
        return [piece for piece in pieces if piece]

    def numbers(self, said: str) -> list[str]:
        """The numbers in a spoken text that are better said in one breath, such as room numbers."""
        return re.findall(self.rules["number"], said)

    def unsayable(self, said: str) -> str:
        """The characters of `said` that no voice of this language can be given."""
        return re.sub(self.rules["allowed"], "", said)

    def digits(self, digits: str) -> str:
        """The words for a run of digits in a name.

        Short numbers as numbers; three digits or more digit by digit, as rooms are read.
        """
        if len(digits) > 2 or digits[0] == "0":
            return self._one_by_one(digits)
        return self.cardinal(int(digits))

    def cardinal(self, value: int) -> str:
        """A number in words, 0 to 999; beyond, digit by digit."""
        rules = self.rules
        if value < len(rules["small"]):
            small: str = rules["small"][value]
            return small
        if value > 999:
            return self._one_by_one(str(value))
        if value > 99:
            hundreds, rest = divmod(value, 100)
            said: list[str] = rules["hundreds"]
            return said[hundreds] + (self._after_hundred(rest) if rest else "")
        tens, ones = divmod(value, 10)
        ten: str = rules["tens"][tens]
        return ten + (rules["tens_join"] + rules["digits"][ones] if ones else "")

    def _after_hundred(self, rest: int) -> str:
        rules = self.rules
        ten = rules["hundred_zero"] if rest < 10 else rules["hundred_ten"] if rest < 20 else ""
        return f"{rules['hundred_join']}{ten}{self.cardinal(rest)}"

    def _one_by_one(self, digits: str) -> str:
        joiner: str = self.rules["digit_join"]
        return joiner.join(self.rules["digits"][int(digit)] for digit in digits)

    def _number(self, match: re.Match[str]) -> str:
        """Decimals, quantities (a number before a measure), and all others."""
        whole, decimals = match.groups()
        if decimals:
            rules = self.rules
            gap = rules["digit_join"]
            tail = self._one_by_one(decimals)
            return f"{self.cardinal(int(whole))}{gap}{rules['point']}{gap}{tail}"
        if re.match(self.rules["measures"], match.string[match.end() :]):
            return self.cardinal(int(whole))
        return self.digits(whole)


def _chosen(rules: Any, chosen: Mapping[str, str]) -> Any:
    """The rules with ``<name>`` replaced by the word chosen for it."""
    if isinstance(rules, str):
        return re.sub(r"<(\w+)>", lambda match: chosen.get(match[1], match[0]), rules)
    if isinstance(rules, list):
        return [_chosen(rule, chosen) for rule in rules]
    if isinstance(rules, dict):
        return {key: _chosen(rule, chosen) for key, rule in rules.items()}
    return rules
