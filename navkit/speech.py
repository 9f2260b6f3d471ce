"""From a name as written to what is said: no brackets, no slashes, numbers in words.

Rules are data: `languages/*.json`, member `spoken`.
"""

import json
import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any

_DIGITS = re.compile(r"\d+")


@cache
def _rules(language: str) -> dict[str, Any]:
    file = resources.files("navkit").joinpath("languages", f"{language}.json")
    rules: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["spoken"]
    return rules


@cache
def spoken(text: str, language: str) -> str:
    """What is said for a name or a label written as `text`."""
    rules = _rules(language)
    said = unicodedata.normalize("NFKC", text)
    for pattern, replacement in rules["rewrite"]:
        said = re.sub(pattern, replacement, said)
    said = _DIGITS.sub(lambda match: _number(match[0], rules), said)
    for pattern, replacement in rules["tidy"]:
        said = re.sub(pattern, replacement, said)
    return said.strip()


def say_digits(digits: str, language: str) -> str:
    """The words for a run of digits in a name."""
    return _number(digits, _rules(language))


def _number(digits: str, rules: dict[str, Any]) -> str:
    """Short numbers as numbers, from three digits on digit by digit, as rooms are read."""
    words: list[str] = rules["digits"]
    if len(digits) > 2 or digits[0] == "0":
        joiner: str = rules["digit_join"]
        return joiner.join(words[int(digit)] for digit in digits)
    return number_words(int(digits), rules)


def number_words(value: int, rules: dict[str, Any]) -> str:
    """0 to 99 in words."""
    words: list[str] = rules["digits"]
    tens, ones = divmod(value, 10)
    if value < len(rules["small"]):
        small: str = rules["small"][value]
        return small
    ten: str = rules["tens"][tens]
    return ten + (rules["tens_join"] + words[ones] if ones else "")


@cache
def spoken_level(label: str, language: str) -> str:
    """What is said for a posted floor label; the first pattern that fits decides."""
    rules = _rules(language)
    for pattern, template in rules["levels"]:
        match = re.fullmatch(pattern, label.strip(), flags=re.IGNORECASE)
        if match:
            numbers = [number_words(int(group), rules) for group in match.groups()]
            said: str = template.format(*numbers)
            return said
    return spoken(label, language)
