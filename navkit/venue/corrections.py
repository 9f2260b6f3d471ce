"""Corrections: what staff know better than the drawing, keyed by durable ids.

```json
{"navkit-corrections": 1, "changes": [{"do": "rename", "id": "mz-1F-101", "names": {"en": "CT"}}]}
```

The changes and their fields are listed in `docs/corrections.md`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from navkit.plan.hours import HoursError
from navkit.plan.plan import Access, ConnectorKind, DoorFacts, DoorKind, SpaceKind
from navkit.plan.plausible import implausible
from navkit.venue.periods import end_of, start_of
from navkit.venue.written_hours import read_hours
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from navkit.words.speech import choices

VERSION = 1

REQUIRED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "add-door": {"spaces": list, "point": list},
    "add-space": {"id": str, "level": str},
    "join-shaft": {"spaces": list},
    "rename": {"id": str, "names": dict},
    "restrict": {"id": str, "access": str},
    "close": {"id": str},
    "landmark": {"id": str},
    "set-entry": {"id": str, "names": dict},
    "set-kind": {"id": str, "kind": str},
    "set-level": {"id": str},
    "set-connector": {"id": str},
    "set-door": {"id": str},
    "add-anchor": {"id": str, "space": str, "point": list},
    "add-photo": {"file": str, "names": dict, "space": str, "point": list},
    "set-photo": {"id": str, "file": str, "names": dict},
    "set-speech": {"language": str, "choices": dict},
}
"""The required fields of each change."""


NUMBER = (int, float)
MOST = 1e9
"""Greater than any number of metres, seconds, degrees or storeys of a hospital."""

DOOR_FACTS = tuple(fact.name for fact in fields(DoorFacts))

OPTIONAL: Mapping[str, frozenset[str]] = {
    verb: frozenset(names.split())
    for verb, names in {
        "add-door": " ".join(("id level", *DOOR_FACTS)),
        "add-space": "like outline kind category names ref access connector step_free",
        "join-shaft": "connector kind names",
        "rename": "ref",
        "restrict": "",
        "close": "start end reason",
        "landmark": "landmark",
        "set-entry": "",
        "set-kind": "category",
        "set-level": "label ordinal building elevation_m",
        "set-connector": "bank direction floor_s wait_s cabin_m",
        # Access and names have changes of their own: restrict, rename.
        "set-door": " ".join(fact for fact in DOOR_FACTS if fact not in ("access", "names")),
        "add-anchor": "code bearing_deg names",
        "add-photo": "bearing_deg",
        "set-photo": "",
        "set-speech": "",
    }.items()
}
"""The optional fields of each change; any change may also have a `why`."""

FIELDS: Mapping[str, type | tuple[type, ...] | frozenset[str]] = {
    "access": frozenset(get_args(Access)),
    "aliases": list,
    "bank": str,
    "bearing_deg": NUMBER,
    "building": str,
    "cabin_m": list,
    "category": str,
    "code": str,
    "connector": str,
    "direction": frozenset({"both", "up", "down"}),
    "elevation_m": NUMBER,
    "end": str,
    "entrance": bool,
    "file": str,
    "floor_s": NUMBER,
    "hours": str,
    "id": str,
    "label": str,
    "landmark": bool,
    "language": str,
    "level": str,
    "like": str,
    "names": dict,
    "ordinal": NUMBER,
    "outline": list,
    "reason": dict,
    "ref": str,
    "start": str,
    "step_free": bool,
    "wait_s": (*NUMBER, list),
    "width_m": NUMBER,
}
"""The values of a field wherever it occurs: a type, or the permitted words."""

KINDS: Mapping[str, frozenset[str]] = {
    "set-kind": frozenset(get_args(SpaceKind)),
    "add-space": frozenset(get_args(SpaceKind)),
    "add-door": frozenset(get_args(DoorKind)),
    "set-door": frozenset(get_args(DoorKind)),
    "join-shaft": frozenset(get_args(ConnectorKind)),
}
"""The permitted values of `kind`, by change."""


ADDING = frozenset({"add-door", "add-space", "add-anchor"})
"""The changes that give a new thing its id."""


@dataclass(frozen=True)
class Change:
    """One correction: what to do, and its fields."""

    do: str
    fields: Mapping[str, Any]
    where: str
    """File and position, for findings."""


def read(file: Path) -> tuple[Change, ...]:
    """The changes in `file`. `NavkitError` if one cannot be understood: none is dropped."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise NavkitError("no-such-file", str(file)) from None
    except OSError:
        raise NavkitError("corrections-not-json", str(file)) from None
    return parse(decode(content, file.name), file.name, change_lines(content))


def decode(content: bytes, where: str) -> Any:
    """The JSON of a file of corrections, if it can be written again."""
    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unique)
        # What Python reads as JSON and cannot write: NaN, and half a surrogate pair.
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise NavkitError("corrections-not-json", where) from None
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def change_lines(content: bytes) -> tuple[int, ...]:
    """The line on which each change begins, in a file that `decode` has read."""
    text, decoder = content.decode("utf-8-sig"), json.JSONDecoder()
    lines: list[int] = []
    at = _next(text, 0)
    while text[at : at + 1] in ("{", ","):
        if text[_next(text, at + 1)] == "}":
            break
        name, at = decoder.raw_decode(text, _next(text, at + 1))
        at = _next(text, _next(text, at) + 1)
        if name != "changes" or text[at] != "[":
            at = _next(text, decoder.raw_decode(text, at)[1])
            continue
        at = _next(text, at + 1)
        while text[at] != "]":
            lines.append(text.count("\n", 0, at) + 1)
            at = _next(text, decoder.raw_decode(text, at)[1])
            at = _next(text, at + 1) if text[at] == "," else at
        at = _next(text, at + 1)
    return tuple(lines)


def _next(text: str, at: int) -> int:
    """Where the next token begins in JSON, after white space."""
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at


def parse(data: Any, where: str, lines: Sequence[int] = ()) -> tuple[Change, ...]:
    """The changes in parsed JSON; `where` names the file in findings, `lines` are the lines of the
    changes if known: otherwise a change is named by its number."""
    version = data.get("navkit-corrections") if isinstance(data, dict) else None
    if not isinstance(version, int) or not isinstance(data.get("changes"), list):
        raise NavkitError("corrections-foreign", where)
    if version > VERSION:
        raise NavkitError("corrections-too-new", where, version=str(version))
    named = [f"{where}:{line}" for line in lines]
    named += [f"{where}, {n + 1}" for n in range(len(named), len(data["changes"]))]
    changes = tuple(map(_change, data["changes"], named))
    added: set[str] = set()
    for change in changes:
        new = change.fields.get("id", "") if change.do in ADDING else ""
        if new and new in added:
            raise NavkitError("correction-duplicate-id", change.where, id=new[:100], field="id")
        added.add(new)
    return changes


def _change(fields: Any, where: str) -> Change:
    if not isinstance(fields, dict) or fields.get("do") not in tuple(REQUIRED):
        known = ", ".join(sorted(REQUIRED))
        raise NavkitError("correction-unknown", where, known=known)
    for name, kind in REQUIRED[fields["do"]].items():
        if not isinstance(fields.get(name), kind):
            raise NavkitError("correction-field", where, do=fields["do"], field=name)
    may_have = {"do", "why", *REQUIRED[fields["do"]], *OPTIONAL[fields["do"]]}
    wrong = next(
        (n for n, value in fields.items() if n not in may_have or not _fits(fields, n, value)), ""
    )
    if not wrong and fields.get("start") and fields.get("end"):
        wrong = "end" if fields["end"] <= fields["start"] else ""
    allowed = _listed(fields, wrong)
    if allowed and isinstance(fields.get(wrong), str):
        said = {"value": fields[wrong][:40], "known": ", ".join(sorted(allowed))}
        raise NavkitError("value-not-listed", where, field=wrong, **said)
    if wrong:
        raise NavkitError("correction-field", where, do=fields["do"], field=wrong)
    if fields["do"] == "rename" and not (fields["names"] or fields.get("ref")):
        raise NavkitError("text-empty", f"{where}, names", field="names")
    for name, value in fields.items():
        if found := implausible(name, value):
            raise NavkitError(found.code, f"{where}, {name}", **found.slots)
    return Change(fields["do"], fields, where)


def _listed(fields: Mapping[str, Any], name: str) -> frozenset[str]:
    """The words that a field may have; empty if it is not a choice."""
    if name == "language":
        return frozenset(languages())
    allowed = KINDS.get(fields["do"]) if name == "kind" else FIELDS.get(name)
    return allowed if isinstance(allowed, frozenset) else frozenset()


def _fits(fields: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether a field of a change has a permitted value; unknown fields are ignored."""
    if name == "kind" and fields["do"] in KINDS:
        return isinstance(value, str) and value in KINDS[fields["do"]]
    if name in ("point", "cabin_m"):
        return _are_numbers(value, 2)
    if name == "spaces":
        return isinstance(value, list) and all(isinstance(space, str) for space in value)
    if name == "outline":
        return (
            isinstance(value, list)
            and len(value) >= 3
            and all(_are_numbers(point, 2) for point in value)
        )
    if name == "wait_s" and isinstance(value, list):
        return _are_numbers(value, 24) and min(value) >= 0
    if name in ("wait_s", "floor_s", "width_m"):
        return _are_numbers([value], 1) and value >= 0
    if name == "choices":
        return _are_choices(fields.get("language"), value)
    if name in ("names", "reason"):
        return (
            isinstance(value, dict)
            and set(value) <= {*languages(), ""}
            and all(isinstance(text, str) for text in value.values())
        )
    if name == "hours":
        return _are_hours(value)
    if name == "file":
        return _is_inside(value)
    if name == "language":
        return value in languages()
    if name in ("start", "end"):
        return not value or _is_time(value)
    allowed = FIELDS.get(name, object)
    if isinstance(allowed, frozenset):
        return isinstance(value, str) and value in allowed
    if allowed is NUMBER:
        return _is_number(value)
    # True is a number in Python, but not a number of metres.
    return isinstance(value, allowed) and (allowed in (bool, object) or not isinstance(value, bool))


def _is_number(value: Any) -> bool:
    return isinstance(value, NUMBER) and not isinstance(value, bool) and abs(value) <= MOST


def _are_numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(_is_number, value))


def _are_choices(language: Any, value: Any) -> bool:
    known = choices(language) if language in languages() else {}
    return isinstance(value, dict) and all(
        word in known.get(name, ()) for name, word in value.items()
    )


def _are_hours(value: Any) -> bool:
    try:
        read_hours(value)
    except (AttributeError, HoursError):
        return False
    return True


def _is_inside(value: Any) -> bool:
    """Whether it is a path that stays within its folder, on any system."""
    parts = value.split("/") if isinstance(value, str) else [""]
    return not any(part in ("", ".", "..") or set(part) & set('\\:*?"<>|') for part in parts)


def _is_time(value: Any) -> bool:
    """Whether it is a time from or until which something may be closed."""
    try:
        return bool(start_of(value) and end_of(value))
    except (AttributeError, ValueError):
        return False
