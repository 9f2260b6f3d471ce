"""Columns of small integers, which make a bundle small once it is gzipped.

A table is stored by column, a column as differences to the previous row, texts as templates
with their numbers extracted. `docs/bundle-format.md` says the same in words.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

_NUMBER = re.compile(r"\d+")
_MOST_DIGITS = 9
"""Longer runs of digits are kept as text: they are not counting numbers."""

Say = Callable[[str, int], str]
"""The words for a run of digits in the n-th text of a row (text itself: the digits)."""


def deltas(values: Iterable[int]) -> list[int]:
    """Each value minus the previous one, the first as it is."""
    last = 0
    steps = []
    for value in values:
        steps.append(value - last)
        last = value
    return steps


def runs(values: Iterable[int]) -> list[int]:
    """A column of long runs as value, length, value, length …"""
    found: list[int] = []
    for value in values:
        if found and found[-2] == value:
            found[-1] += 1
        else:
            found += [value, 1]
    return found


def sparse(values: Sequence[int], usual: int = 0) -> dict[str, list[int]]:
    """A column that is nearly always `usual`: where it differs (deltas), and the values there."""
    at = [i for i, value in enumerate(values) if value != usual]
    return {"at": deltas(at), "value": [values[i] for i in at]}


def templates(
    rows: Sequence[tuple[str, ...]],
    say: Say,
    pack: Callable[[tuple[str, ...]], list[str]] = list,
    unpack: Callable[[list[str]], tuple[str, ...]] = tuple,
) -> dict[str, Any]:
    """Rows of texts as templates and numbers.

    The numbers of a row are those in its first text, each stored as the difference to the
    number in the same place of the last row with that template. If any text of the row
    cannot be rebuilt from a template and `say`, the whole row becomes a template of its own.

    A template that begins with another one is stored as that one's number and an ending:
    rooms share the names of their departments. `pack` writes the texts of a template, or
    of an ending, more shortly; `unpack` reads them, and nothing is split that it would read
    differently.
    """
    table: dict[tuple[str, ...], int] = {}
    last: dict[tuple[str, ...], list[int]] = {}
    which: list[int] = []
    numbers: list[int] = []
    for row in rows:
        found = [n for n in _NUMBER.findall(row[0]) if len(n) <= _MOST_DIGITS]
        found = [n for n in found if str(int(n)) == n]
        template = tuple(_taken_out(text, found, i, say) for i, text in enumerate(row))
        if tuple(filled(t, found, i, say) for i, t in enumerate(template)) != row:
            template, found = row, []
        if any("{" in text for text in row):
            # A brace in the text itself would be taken for a placeholder.
            template, found = tuple(text.replace("{", "{{") for text in row), []
        used = [n for k, n in enumerate(found) if any(f"{{{k}}}" in t for t in template)]
        if len(used) != len(found):
            template, found = row, []
        which.append(table.setdefault(template, len(table)))
        values = [int(n) for n in found]
        before = last.get(template, [0] * len(values))
        numbers += [value - old for value, old in zip(values, before, strict=True)]
        last[template] = values
    endings: dict[tuple[str, ...], int] = {}
    told: list[list[int] | list[str]] = []
    for template in table:
        bases = [
            (other, rest)
            for other in table
            if (rest := _after(template, other)) and unpack(pack(rest)) == rest
        ]
        if bases:
            base, rest = max(bases, key=lambda found: len(found[0][0]))
            told.append([table[base], endings.setdefault(rest, len(endings))])
        else:
            told.append(pack(template))
    return {
        "templates": told,
        "endings": [pack(ending) for ending in endings],
        "template": which,
        "numbers": numbers,
    }


def _after(template: tuple[str, ...], base: tuple[str, ...]) -> tuple[str, ...] | None:
    """How the texts of `template` continue after those of `base`, if that is no single letter."""
    begins = 2 <= len(base[0]) < len(template[0]) and all(
        t.startswith(b) for t, b in zip(template, base, strict=True)
    )
    return tuple(t[len(b) :] for t, b in zip(template, base, strict=True)) if begins else None


def _taken_out(text: str, numbers: Sequence[str], column: int, say: Say) -> str:
    """`text` with the words for each number replaced by ``{0}``, ``{1}`` …, left to right."""
    done, rest = "", text
    for k, number in enumerate(numbers):
        word = say(number, column)
        head, found, tail = rest.partition(word)
        if found:
            done, rest = done + head + f"{{{k}}}", tail
    return done + rest


def filled(template: str, numbers: Sequence[str], column: int, say: Say) -> str:
    """The text that a template and its numbers stand for."""
    for k, number in enumerate(numbers):
        template = template.replace(f"{{{k}}}", say(number, column))
    return template
