"""An entry of the log in words: what was done to what, with the values before and after.

Words are data: `log-ACTION` is a sentence with slots for the entry's fields; fields without a
slot follow one by one.
"""

import json
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Any

from navkit.venue.venue import name_in
from server.data.rows import Row
from server.words.saying import book, say

_HIDDEN = {"sha256"}
"""Fields that only programs compare. They are in the export."""

_TRANSLATED = {"reason"}
"""Fields with a text in each language, of which the reader's own is shown."""

_WORDS_OF = {"kind": "kind-", "role": "role-", "roles": "role-", "seen": "doubt-", "form": "form-"}
"""Fields whose values are codes, with the prefix of their words' keys."""


def told(language: str, row: Row) -> list[str]:
    """An entry in words, one line each."""
    said: dict[str, Any] = json.loads(row["said"])
    template = book(language).get(f"log-{row['action']}", "")
    used = {name for _, name, _, _ in Formatter().parse(template) if name}
    if not used <= set(said):
        # An entry older than the sentence.
        template, used = "", set()
    slots = {field: _value(language, field, said[field]) for field in used}
    lines = [template.format_map(slots)] if template else []
    for field, value in said.items():
        if field not in used and field not in _HIDDEN and value not in ("", [], {}, None):
            lines += _lines(language, field, value)
    return lines


def changes(language: str, changed: Mapping[str, Any]) -> Iterable[str]:
    """The values before and after, field by field."""
    for name, (before, after) in changed.items():
        yield say(
            language,
            "log-from-to",
            field=_label(language, name),
            before=_value(language, name, before) or say(language, "nothing"),
            after=_value(language, name, after) or say(language, "nothing"),
        )


def _lines(language: str, field: str, value: Any) -> Iterable[str]:
    if field == "changed" and isinstance(value, Mapping):
        yield from changes(language, value)
    elif field == "rewritten" and isinstance(value, list):
        yield from (_cell(language, one) for one in value)
    elif field in ("added", "removed") and isinstance(value, list):
        for one in value:
            yield _named(language, field, one)
    else:
        yield _named(language, field, value)


def _cell(language: str, one: Mapping[str, Any]) -> str:
    """One cell of the directory, before and after."""
    before, after = (str(text) or say(language, "nothing") for text in one["cells"])
    column = _label(language, str(one["column"]))
    return say(language, "log-cell", row=one["row"], column=column, before=before, after=after)


def _named(language: str, field: str, value: Any) -> str:
    words = {"field": _label(language, field), "value": _value(language, field, value)}
    return say(language, "log-field", **words)


def _label(language: str, field: str) -> str:
    return book(language).get(f"field-{field}", field)


def _value(language: str, field: str, value: Any) -> str:
    if isinstance(value, bool):
        return say(language, "yes" if value else "no")
    if isinstance(value, list):
        return say(language, "log-comma").join(_value(language, field, one) for one in value)
    if isinstance(value, Mapping) and field in _TRANSLATED:
        return name_in(value, language)
    if isinstance(value, Mapping):
        rest = ((name, one) for name, one in value.items() if name != "do")
        parts = [f"{_label(language, name)} {_value(language, name, one)}" for name, one in rest]
        verb = book(language).get(f"do-{value['do']}", str(value["do"])) if "do" in value else ""
        return " ".join([verb, say(language, "log-comma").join(parts)]).strip()
    return book(language).get(f"{_WORDS_OF.get(field, '?')}{value}", str(value))
