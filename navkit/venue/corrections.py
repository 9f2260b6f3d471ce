"""Corrections: what staff know better than the drawing, keyed by durable ids.

```json
{"navkit-corrections": 1, "changes": [{"do": "rename", "id": "mz-1F-101", "names": {"en": "CT"}}]}
```

The changes and their fields are listed in `docs/corrections.md`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from shapely import Polygon

from navkit.plan import typed_json
from navkit.plan.calendar import regions
from navkit.plan.colours import colours
from navkit.plan.groups import Group
from navkit.plan.hours import HoursError, day_rule, day_since_1970
from navkit.plan.plan import (
    Arrow,
    ConnectorKind,
    DoorFacts,
    DoorKind,
    Limits,
    Names,
    PlanConnector,
    SpaceKind,
)
from navkit.plan.plausible import implausible
from navkit.plan.typed_json import MisfitError
from navkit.venue import accepted
from navkit.venue.periods import end_of, start_of
from navkit.venue.written_hours import read_hours
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from navkit.words.speech import choices

VERSION = 1

DOOR_FACTS = tuple(fact.name for fact in fields(DoorFacts))
USE_FACTS = tuple(fact.name for fact in fields(Limits))

REQUIRED: Mapping[str, Sequence[str]] = {
    verb: names.split()
    for verb, names in {
        "add-door": "spaces point",
        "add-space": "id level",
        "add-building": "id names",
        "add-level": "id label ordinal",
        "join-shaft": "spaces",
        "rename": "id names",
        "restrict": "id access",
        "close": "id",
        "landmark": "id",
        "set-entry": "id names",
        "set-kind": "id kind",
        "set-level": "id",
        "set-connector": "id",
        "set-door": "id",
        "add-anchor": "id space point",
        "set-anchor": "id",
        "add-photo": "file names space point",
        "add-board": "id space point bearing_deg text arrow leads",
        "add-stripe": "id level colour course leads",
        "set-photo": "id file names",
        "set-speech": "language choices",
        "set-venue": "region",
        "set-day": "date as",
        "set-part-of-day": "part times",
        "set-use": "id",
        "reshape": "id outline",
        "split": "id line new point",
        "merge": "spaces",
        "cut-out": "id outline",
        "remove": "id",
        "no-door": "spaces",
        "accept": "code about why",
    }.items()
}
"""The required fields of each change."""

OPTIONAL: Mapping[str, frozenset[str]] = {
    verb: frozenset(names.split())
    for verb, names in {
        "add-door": " ".join(("id level", *DOOR_FACTS)),
        "add-space": "like outline kind category names ref access connector step_free slope",
        "add-building": "",
        "add-level": "building elevation_m",
        "join-shaft": "connector kind names",
        "rename": "ref",
        "restrict": "",
        "close": "start end reason",
        "landmark": "landmark",
        "set-entry": "",
        "set-kind": "category slope",
        "set-level": "label ordinal building elevation_m checked",
        "set-connector": "bank direction floor_s wait_s cabin_m",
        # Access and names have changes of their own: restrict, rename.
        "set-door": " ".join(fact for fact in DOOR_FACTS if fact not in ("access", "names")),
        "add-anchor": "code bearing_deg names",
        # Names have a change of their own: rename.
        "set-anchor": "code space point bearing_deg",
        "add-photo": "bearing_deg",
        "add-board": "",
        "add-stripe": "",
        "set-photo": "",
        "set-speech": "",
        "set-venue": "",
        "set-day": "until",
        "set-part-of-day": "",
        "set-use": " ".join((*USE_FACTS, "oneway")),
        "reshape": "",
        "split": "kind category names ref access",
        "merge": "points",
        "cut-out": "",
        "remove": "",
        "no-door": "",
        "accept": "",
    }.items()
}
"""The optional fields of each change; any change may also have those of `NOTES`."""

NOTES = frozenset({"do", "why", "answers", "by", "on"})
"""Fields without an effect: the reason, and in the console the finding that it answers, who says
so and on which day."""


def _if_said(kind: Any) -> Any:
    """The type of a field without None: a change never sets a field to unknown."""
    said = tuple(one for one in get_args(kind) if one is not NoneType)
    return said[0] if len(said) == 1 and NoneType in get_args(kind) else kind


FIELDS: Mapping[str, Any] = {
    "as": str,
    "date": str,
    "part": Literal["morning", "afternoon", "night"],
    "region": Literal[*regions()],
    "times": str,
    "until": str,
    **{fact: _if_said(kind) for fact, kind in get_type_hints(DoorFacts).items()},
    "about": tuple[str, ...],
    "answers": tuple[str, ...],
    "arrow": Arrow,
    "bank": str,
    "bearing_deg": float,
    "building": str,
    "by": str,
    "cabin_m": tuple[float, float],
    "category": str,
    "checked": bool,
    "choices": Mapping[str, str],
    "code": str,
    "colour": Literal[*colours()],
    "connector": str,
    "course": tuple[tuple[float, float], ...],
    "direction": get_type_hints(PlanConnector)["direction"],
    "elevation_m": float,
    "end": str,
    "file": str,
    "floor_s": float,
    "barred": Mapping[Group, str],
    "hours": str,
    "oneway": tuple[tuple[float, float], ...],
    "on": str,
    "oneway_hours": str,
    "only": Mapping[Group, str],
    "id": str,
    "label": str,
    "landmark": bool,
    "language": str,
    "leads": tuple[str, ...],
    "level": str,
    "like": str,
    "line": tuple[tuple[float, float], ...],
    "new": str,
    "ordinal": float,
    "outline": tuple[tuple[float, float], ...],
    "point": tuple[float, float],
    "points": tuple[tuple[float, float], ...],
    "reason": Names,
    "ref": str,
    "slope": float,
    "space": str,
    "spaces": tuple[str, ...],
    "start": str,
    "text": str,
    "wait_s": float | tuple[float, ...],
}
"""The type of a field wherever it occurs, as `typed_json` reads it."""

KINDS: Mapping[str, Any] = {
    "set-kind": SpaceKind,
    "add-space": SpaceKind,
    "split": SpaceKind,
    "add-door": DoorKind,
    "set-door": DoorKind,
    "join-shaft": ConnectorKind,
}
"""The type of `kind`, by change."""

MOST = 1e9
"""Greater than any number of metres, seconds, degrees or storeys of a hospital."""


ADDING = {
    **dict.fromkeys(
        (
            "add-anchor",
            "add-board",
            "add-building",
            "add-door",
            "add-level",
            "add-space",
            "add-stripe",
        ),
        "id",
    ),
    "split": "new",
}
"""The changes that give a new thing its id, and the field in which they do."""


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
        field = ADDING.get(change.do, "")
        new = change.fields.get(field, "")
        if new and new in added:
            raise NavkitError("correction-duplicate-id", change.where, id=new[:100], field=field)
        added.add(new)
    return changes


def _change(fields: Any, where: str) -> Change:
    if not isinstance(fields, dict) or fields.get("do") not in tuple(REQUIRED):
        known = ", ".join(sorted(REQUIRED))
        raise NavkitError("correction-unknown", where, known=known)
    for name in REQUIRED[fields["do"]]:
        if name not in fields or not (_fits(fields, name) or choice(fields["do"], name)):
            raise NavkitError("correction-field", where, do=fields["do"], field=name)
    may_have = {*NOTES, *REQUIRED[fields["do"]], *OPTIONAL[fields["do"]]}
    wrong = next((name for name in fields if name not in may_have or not _fits(fields, name)), "")
    if not wrong and fields.get("start") and fields.get("end"):
        wrong = "end" if fields["end"] <= fields["start"] else ""
    allowed = choice(fields["do"], wrong)
    if allowed and isinstance(fields.get(wrong), str):
        said = {"value": fields[wrong][:40], "known": ", ".join(allowed)}
        raise NavkitError("value-not-listed", where, field=wrong, **said)
    if wrong:
        raise NavkitError("correction-field", where, do=fields["do"], field=wrong)
    if fields["do"] == "rename" and not (fields["names"] or fields.get("ref")):
        raise NavkitError("text-empty", f"{where}, names", field="names")
    if fields["do"] == "accept":
        _must_be_reasoned(fields, where)
    for name, value in fields.items():
        if found := implausible(name, value):
            raise NavkitError(found.code, f"{where}, {name}", **found.slots)
    return Change(fields["do"], fields, where)


def _must_be_reasoned(fields: Mapping[str, Any], where: str) -> None:
    """Refuse to accept what no reason makes right, and what nobody gives a reason for."""
    if not accepted.may_be_so(fields["code"]):
        raise NavkitError("finding-must-be-mended", where, code=fields["code"])
    if not str(fields["why"]).strip():
        raise NavkitError("text-empty", f"{where}, why", field="why")


def _kind_of(verb: str, name: str) -> Any:
    """The type of a field of a change; None if anything is permitted."""
    return KINDS.get(verb) if name == "kind" else FIELDS.get(name)


def choice(verb: str, name: str) -> tuple[str, ...]:
    """The words that a field of a change may have, sorted; empty if it is not a choice."""
    if name == "language":
        return tuple(sorted(languages()))
    kind = _kind_of(verb, name)
    return tuple(sorted(get_args(kind))) if get_origin(kind) is Literal else ()


def _fits(fields: Mapping[str, Any], name: str) -> bool:
    """Whether a field of a change has a permitted value; unknown fields are ignored."""
    kind, value = _kind_of(fields["do"], name), fields[name]
    if kind is None:
        return True
    try:
        typed_json.from_json(kind, value)
    except MisfitError:
        return False
    if any(abs(number) > MOST for number in _numbers(value)):
        return False
    return name not in _LAWS or _LAWS[name](value, fields)


def _numbers(value: Any) -> Iterator[float]:
    """All numbers in a value, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float):
        yield value


def _are_choices(value: Mapping[str, str], fields: Mapping[str, Any]) -> bool:
    language = fields.get("language")
    known = choices(language) if language in languages() else {}
    return all(word in known.get(name, ()) for name, word in value.items())


def _are_hours(value: str) -> bool:
    try:
        read_hours(value)
    except HoursError:
        return False
    return True


def _is_date(value: str) -> bool:
    try:
        day_since_1970(value)
    except ValueError:
        return False
    return True


def _ends_within_a_year(first: str, last: str) -> bool:
    return (
        _is_date(first)
        and _is_date(last)
        and 0 <= day_since_1970(last) - day_since_1970(first) <= 366
    )


def _is_day_rule(value: str) -> bool:
    try:
        day_rule(value)
    except HoursError:
        return False
    return True


def _is_inside(value: str) -> bool:
    """Whether it is a path that stays within its folder, on any system."""
    parts = value.split("/")
    return not any(part in ("", ".", "..") or set(part) & set('\\:*?"<>|') for part in parts)


def _is_time(value: str) -> bool:
    """Whether it is a time from or until which something may be closed."""
    try:
        return bool(start_of(value) and end_of(value))
    except ValueError:
        return False


def _is_outline(value: Any) -> bool:
    """A ring of points around one area, closed or not."""
    ring = [tuple(point) for point in value]
    return len({*ring}) >= 3 and Polygon(ring).is_valid and Polygon(ring).area > 0


def _are_waits(value: Any) -> bool:
    """One mean wait, or one of each hour of the day."""
    return (not isinstance(value, list) or len(value) == 24) and min(_numbers(value)) >= 0


_LAWS: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "as": lambda value, _: _is_day_rule(value),
    "choices": _are_choices,
    "course": lambda value, _: len(value) >= 2,
    "date": lambda value, _: _is_date(value),
    "end": lambda value, _: not value or _is_time(value),
    "file": lambda value, _: _is_inside(value),
    "floor_s": lambda value, _: value >= 0,
    "barred": lambda value, _: all(map(_are_hours, value.values())),
    "hours": lambda value, _: _are_hours(value),
    "oneway": lambda value, _: len(value) != 1,
    "oneway_hours": lambda value, _: _are_hours(value),
    "only": lambda value, _: all(map(_are_hours, value.values())),
    "language": lambda value, _: value in languages(),
    "leads": lambda value, _: bool(value),
    "line": lambda value, _: len(value) >= 2,
    "names": lambda value, _: value.keys() <= {*languages(), ""},
    "outline": lambda value, _: _is_outline(value),
    "reason": lambda value, _: value.keys() <= {*languages(), ""},
    "start": lambda value, _: not value or _is_time(value),
    "times": lambda value, _: value[:1].isdigit() and _is_day_rule(value),
    "until": lambda value, fields: _ends_within_a_year(fields.get("date", ""), value),
    "wait_s": lambda value, _: _are_waits(value),
    "width_m": lambda value, _: value >= 0,
}
"""What a value must satisfy in addition to its type."""
