"""Names as the phone needs them: shown and spoken, with the numbers taken out."""

from collections.abc import Sequence
from typing import Any

from exporter.columns import templates
from navkit.plan import Names
from navkit.speech import say_digits, spoken
from navkit.venue import name_in


def said_name(names: Names, language: str) -> list[str]:
    """A name as [text, speech]."""
    text = name_in(names, language)
    return [text, spoken(text, language)]


def name_table(names: Sequence[Names], languages: Sequence[str]) -> dict[str, Any]:
    """Many names, each row text and speech by language, as templates and numbers."""

    def say(digits: str, column: int) -> str:
        return say_digits(digits, languages[column // 2]) if column % 2 else digits

    rows = []
    for name in names:
        pairs = [said_name(name, tag) for tag in languages]
        # Most names are said as they are written: an empty speech says so.
        rows.append(tuple(part for text, said in pairs for part in (text, said * (said != text))))
    return templates(rows, say)


def text_table(texts: Sequence[str]) -> dict[str, Any]:
    """Many texts, such as ids, as templates and numbers."""
    return templates([(text,) for text in texts], lambda digits, _: digits)
