"""Whether a cause of a worklist is answered, and whether the answer helped.

Decides on a build and on the draft as it is now: what staff said since the build waits for the
next one; what they said before it and the build still finds did not help.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Change = Mapping[str, Any]
Kind = Literal["open", "answered", "still"]


@dataclass(frozen=True)
class Draft:
    """What there is to build from, at one moment."""

    changes: tuple[Change, ...] = ()
    rows: frozenset[tuple[str, ...]] = frozenset()
    """Of the directory."""
    lines: tuple[tuple[str, ...], ...] = ()
    """The same, in their order."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Hashes of the drawings, by name."""


@dataclass(frozen=True)
class State:
    """How far a cause is."""

    kind: Kind = "open"
    how: str = ""
    """``correction``, ``accept``, ``row`` or ``file``: what has changed."""
    change: Change = field(default_factory=dict)
    number: int = -1
    """Of the change among the corrections of now; -1 if it is none of them."""


def keys_of(change: Change) -> frozenset[str]:
    """The findings that a change answers, by their keys."""
    if change.get("do") == "accept":
        return frozenset({"|".join((str(change.get("code", "")), *change.get("about", ())))})
    said = change.get("answers", ())
    return frozenset(said if isinstance(said, list | tuple) else ())


def state(cause: Mapping[str, Any], built: Draft, now: Draft, earlier: Draft | None) -> State:
    """How far a cause of the build from `built` is; `earlier` is what the build before it was made
    of, if that build had the cause too."""
    keys = frozenset(cause["keys"])
    for number, change in reversed([*enumerate(now.changes)]):
        if keys & keys_of(change):
            how = "accept" if change["do"] == "accept" else "correction"
            kind: Kind = "still" if change in built.changes else "answered"
            return State(kind, how, change, number)
    for how in ("row", "file"):
        if _is_other(cause, how, built, now):
            return State("answered", how)
        if earlier and _is_other(cause, how, earlier, built):
            return State("still", how)
    return State()


def _is_other(cause: Mapping[str, Any], how: str, old: Draft, new: Draft) -> bool:
    """Whether the row or the file that a cause is about is another one now."""
    if how == "row":
        number = int(cause["line"]) - 2
        row = old.lines[number] if 0 <= number < len(old.lines) else ()
        return bool(row) and row not in new.rows
    name = cause["file"] if not cause["level"] else ""
    return bool(name and name in old.files) and new.files.get(name) != old.files[name]


def gone(keys: Sequence[str], built: Draft) -> list[Change]:
    """The changes of a build that answer what it does not find any more."""
    left = frozenset(keys)
    return [
        change
        for change in built.changes
        if change["do"] != "accept" and keys_of(change) and not keys_of(change) & left
    ]
