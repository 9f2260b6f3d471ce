"""Tags that restrict: who may use a thing, when, and what fits through it.

`restrictions.json` lists them, by format. Each is obeyed, or is named in `Restricted.unread`, so
that no restriction of a drawing is lost in silence.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import radians, tan
from typing import Any, Literal, cast

from floorplans import conditional
from floorplans.draft import Draft, slope_of, width_m
from floorplans.labels import folded_key
from floorplans.sheet import Json, as_text
from navkit.plan.hours import ALWAYS, UNKNOWN, Hours, HoursError
from navkit.plan.plan import Access, strictest
from navkit.venue.written_hours import read_hours

Thing = Literal["door", "path", "lift", "space", "point"]
"""What a tag may restrict; see `on` in the list."""

_MOST_M: Mapping[str, float] = {"door": 10.0, "lift": 10.0}
"""A bare number that is larger cannot be in metres: the widest lifts and doors are narrower."""
_MOST_PATH_M = 30.0
"""The same for ways. A guess."""
_MOST_CM = 400.0
"""A bare number that is larger, and not in metres, is in millimetres: 0.4 m is no door."""
_BARE_NUMBER = re.compile(r"[\d.,\s]+")
_NOT_CARRIED: Mapping[str, Sequence[str]] = {"point": ("access", "step_free")}
"""Facts that restrict a thing, but that a plan has no room for."""
_STEP_M = 0.03
"""A kerb up to this height counts as level. Source: OpenStreetMap's `kerb=lowered`."""
_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*([^\d\s.]*)\.?\s*")
"""A number and its unit; a length may have several, as in ``2'6"``."""


@dataclass(frozen=True)
class Restricted:
    """What the tags of one thing say about its use. Lengths in metres, `slope` is rise over run."""

    access: Access = "public"
    hours: Hours = ALWAYS
    step_free: bool | None = None
    """Whether a wheelchair can use it; None if no tag says."""
    width_m: float | None = None
    door_m: float | None = None
    """Width of a lift's doors."""
    cabin_width_m: float | None = None
    cabin_depth_m: float | None = None
    slope: float | None = None
    is_out_of_use: bool = False
    direction: str = ""
    """``forward`` or ``backward`` if it may be walked only as drawn, or only against that."""
    oneway_hours: Hours = ALWAYS
    """When the direction holds."""
    are_hours_unread: bool = False
    """Whether a tag that says when it is open was not understood."""
    unread: tuple[tuple[str, str], ...] = ()
    """(tag, value) of each tag that restricts and was not understood."""
    assumed: tuple[tuple[str, str, str], ...] = ()
    """(tag, value, what it was read as) of each length without a unit, and of each condition that
    is obeyed at all times."""
    remarks: tuple[tuple[str, str], ...] = ()
    """(tag, value) of each remark in words that was obeyed."""

    @property
    def cabin_m(self) -> tuple[float, float] | None:
        """Width and depth of a cabin, as far as its doors let anything in."""
        widths = [w for w in (self.cabin_width_m, self.door_m) if w is not None]
        if not widths and self.cabin_depth_m is None:
            return None
        # A side that is not given restricts nobody.
        return min(widths, default=_MOST_M["lift"]), self.cabin_depth_m or _MOST_M["lift"]

    @property
    def service_hours(self) -> Hours:
        """When a place serves people: unknown where that was not understood."""
        return Hours(UNKNOWN) if self.are_hours_unread else self.hours

    @property
    def use(self) -> dict[str, Any]:
        """The facts that everything has which people walk on or through."""
        return {
            "access": self.access,
            "hours": self.hours,
            "step_free": self.step_free,
            "unverified": bool(self.unread),
        }

    @property
    def stops_somebody(self) -> bool:
        """Whether anybody may be kept out, at some time."""
        free = None if self.step_free else self.step_free
        return replace(self, step_free=free, assumed=(), remarks=()) != Restricted()

    def with_(self, other: "Restricted") -> "Restricted":
        """Both, one after the other: the strictest of each fact."""
        facts: dict[str, Any] = {}
        for fact, free in vars(Restricted()).items():
            said = [v for v in (getattr(self, fact), getattr(other, fact)) if v != free]
            facts[fact] = _STRICTEST.get(fact, min)(said) if said else free
        for told in ("unread", "assumed", "remarks"):
            facts[told] = (*getattr(self, told), *getattr(other, told))
        return Restricted(**facts)

    def say(self, draft: Draft, which: str) -> None:
        """Count what was not read, or not as it stands, among the draft's findings."""
        for tag, value in self.unread:
            draft.tally("restriction-unread", which, tag=tag, value=value)
        for tag, value, read in self.assumed:
            is_timed = tag.endswith(":conditional")
            code = "condition-always" if is_timed else "length-unit-assumed"
            draft.tally(code, which, tag=tag, value=value, read=read)
        for tag, value in self.remarks:
            draft.tally("remark-obeyed", which, tag=tag, value=value)


def restricted(tags: Mapping[str, str], thing: Thing, by: str) -> Restricted:
    """What `tags` restrict on a `thing`, by the list of the format `by`.

    Where tags contradict each other the strictest holds.
    """
    said: dict[str, list[Any]] = {}
    unread: list[tuple[str, str]] = []
    assumed: list[tuple[str, str, str]] = []
    if by == "osm":
        tags = conditional.without_lifted(tags, _tables()["fine"]["access"])
    for tag, value in sorted(tags.items()):
        row, text = _row_of(by, tag, value)
        fact = _fact(row, thing, tags) if row and value else ""
        if row is None or fact == "":
            continue
        found = _read(row, fact, text, thing)
        is_sure = found.is_sure
        if fact is not None and fact not in _NOT_CARRIED.get(thing, ()) and found.value is not None:
            said.setdefault(fact, []).append(found.value)
        elif found.value not in (None, True, "public"):
            is_sure = False
        if not is_sure:
            unread.append((tag, value[:60]))
            if fact == "hours":
                said["are_hours_unread"] = [True]
        elif found.assumed:
            assumed.append((tag, value[:60], found.assumed))
    facts = {fact: _STRICTEST.get(fact, min)(values) for fact, values in said.items()}
    facts |= _directed(facts.get("direction", ""), facts.pop("timed_direction", None))
    return Restricted(**facts, unread=tuple(unread), assumed=tuple(assumed))


def _directed(usual: str, timed: tuple[str, Hours] | None) -> dict[str, Any]:
    """The direction of a way and when it holds, from the usual one and that of some hours.

    A direction of some hours is not added to one that always holds.
    """
    if timed is None or bool(usual) == bool(timed[0]):
        return {}
    direction, hours = timed
    return {"direction": direction or usual, "oneway_hours": hours}


def is_restriction(tag: str) -> bool:
    """Whether a property of GeoJSON restricts by its name."""
    return _row_of("geojson", tag, "")[0] is not None


def tags_that_restrict(by: str) -> Mapping[str, Mapping[str, Any]]:
    """The list of a format: the row of each tag."""
    return cast(Mapping[str, Mapping[str, Any]], _tables()[by])


def remark_words() -> Mapping[str, Sequence[str]]:
    """Words of remarks that restrict, and the tags of OpenStreetMap that hold remarks."""
    return cast(Mapping[str, Sequence[str]], _tables()["remarks"])


@cache
def _tables() -> Mapping[str, Any]:
    source = resources.files("floorplans").joinpath("restrictions.json")
    tables: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return tables


@cache
def _rows(by: str) -> Mapping[str, Mapping[str, Any]]:
    """By tag; by its folded name in GeoJSON, where everybody names properties in a way of their
    own."""
    rows = tags_that_restrict(by)
    return {folded_key(tag): row for tag, row in rows.items()} if by == "geojson" else rows


def _row_of(by: str, tag: str, value: str) -> tuple[Mapping[str, Any] | None, str]:
    """The row of a tag, and its value, with the unit that the tag names: ``width_mm``."""
    rows = _rows(by)
    row = rows.get(folded_key(tag) if by == "geojson" else tag)
    if row is not None:
        return row, value
    if by == "geojson":
        *called, unit = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", tag))
        row = rows.get(folded_key("".join(called))) if unit_m(unit) else None
        is_length = row is not None and row.get("reads") == "length"
        bare = bool(_BARE_NUMBER.fullmatch(value))
        return (row, f"{value} {unit}" if bare else value) if is_length else (None, value)
    starred = (key for key in rows if key.endswith("*") and tag.startswith(key[:-1]))
    return next((rows[key] for key in starred), None), value


def _fact(row: Mapping[str, Any], thing: Thing, tags: Mapping[str, str]) -> str | None:
    """The fact that a tag sets on a thing, None if nothing obeys it, ``""`` if it is not said."""
    if row.get("unless") in tags:
        return ""
    on = row["on"]
    return cast(str | None, on.get(thing, on.get("*", "")))


@dataclass(frozen=True)
class _Found:
    """What a value says: nothing, or the value of a fact."""

    value: Any = None
    is_sure: bool = True
    assumed: str = ""
    """The length with the unit that it must have, if it has none; what stands for a condition."""


def _read(row: Mapping[str, Any], fact: str | None, value: str, thing: Thing) -> _Found:
    text = unicodedata.normalize("NFKC", value).strip()
    shared = _tables()
    values, fine = row.get("values", {}), row.get("fine", [])
    values = shared["values"][values] if isinstance(values, str) else values
    fine = shared["fine"][fine] if isinstance(fine, str) else fine
    folded = text.casefold()
    if folded in fine or ("*" in fine and folded not in values):
        return _Found()
    if fact is not None and folded in values:
        return _Found(values[folded])
    if fact is None or "reads" not in row:
        return _Found(is_sure=False)
    try:
        return _READS[row["reads"]](text, thing)
    except (ValueError, HoursError):
        return _Found(is_sure=False)


def terms(properties: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Properties as tags: each item of a list, and members of an object as ``door:type``."""
    for key, value in properties.items():
        if isinstance(value, dict):
            yield from ((f"{key}:{below}", _tag(item)) for below, item in value.items())
        else:
            yield from (
                (key, _tag(item)) for item in (value if isinstance(value, list) else [value])
            )


def term_text(value: Json) -> str:
    """A property's value as one text: the items of a list, the members of an object."""
    items = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
    )
    return ", ".join(filter(None, map(_tag, items)))


def _tag(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else as_text(value)


def unit_m(text: str) -> float | None:
    """The metres of a unit that a text names (``ft``, ``毫米``); None if it names none."""
    known: Mapping[str, float] = _tables()["units_m"]
    return known.get(text.casefold().strip()) if text.strip() else None


def length_m(text: str) -> float:
    """Metres of a length as people write it: ``60 cm``, ``2'6"``, ``0,9``; a `ValueError` else.

    A range or a list is as wide as its narrowest part.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    parts = re.split(r"\s*[;–—]\s*|(?<=\d)\s*-\s*(?=\d)", folded)
    return min(_one_length_m(part) for part in parts)


def _one_length_m(text: str) -> float:
    units, about = _tables()["units_m"], _tables()["about_as_long"]
    bare = re.sub(rf"^(?:{'|'.join(map(re.escape, about))})\s*", "", text).replace(",", ".")
    if not re.fullmatch(f"(?:{_FIGURE.pattern})+", bare):
        raise ValueError(text)
    figures = _FIGURE.findall(bare)
    alone = len(figures) == 1
    if not all(unit in units and (unit or alone) for _, unit in figures):
        raise ValueError(text)
    return float(sum(float(number) * units[unit] for number, unit in figures))


@cache
def width_called() -> str:
    """A pattern for what may stand before a width: ``W=900``."""
    words: Sequence[str] = _tables()["width_called"]
    return "(?:" + "|".join(rf"(?<![a-z]){re.escape(word)}" for word in words) + ")"


def width_in(text: str, thing: Thing) -> tuple[float | None, str]:
    """(width in metres, the same as a text if its unit was found by elimination).

    A bare number that is too large for metres is in centimetres, or in millimetres if it is too
    large for those too: ``90`` and ``900``. Of ``900x2100`` the first is the width.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().strip()
    called = re.match(rf"{width_called()}\s*[=:]?\s*(?=\d)", folded)
    bare, *_ = re.split(r"\s*[x×*]\s*(?=\d)", folded[called.end() if called else 0 :])
    metres, assumed = length_m(bare), ""
    most_m = _MOST_M.get(thing, _MOST_PATH_M)
    if _BARE_NUMBER.fullmatch(bare) and metres > most_m:
        metres /= 100 if metres < _MOST_CM else 1000
        assumed = f"{metres:g} m"
    return width_m(metres), assumed


def _length(text: str, thing: Thing) -> _Found:
    width, assumed = width_in(text, thing)
    return _Found(width, is_sure=width is not None, assumed=assumed)


def _hours(text: str, thing: Thing) -> _Found:
    return _Found(read_hours(text).hours)


def _conditional(text: str, thing: Thing) -> _Found:
    tables = _tables()
    return _Found(conditional.hours_of(text, tables["fine"]["access"], tables["values"]["access"]))


def _conditional_direction(text: str, thing: Thing) -> _Found:
    """A direction and its hours; without a direction, the hours in which the usual one holds."""
    directions, free = _tables()["values"]["direction"], _tables()["fine"]["direction"]
    conditions = conditional.conditions_of(text)
    (word, hours) = conditions[0]
    if len(conditions) > 1 or word not in (*directions, *free):
        raise ValueError(text)
    is_free = word in free
    return _Found(("", conditional.outside(hours)) if is_free else (directions[word], hours))


def _conditional_wheelchair(text: str, thing: Thing) -> _Found:
    """A way with steps at some hours counts as one with steps: nobody is to stand before them."""
    words = {word for word, _ in conditional.conditions_of(text)}
    if not words <= {"yes", "designated", "no"}:
        raise ValueError(text)
    return _Found(False, assumed="wheelchair=no")


def _step(text: str, thing: Thing) -> _Found:
    """False if the step is too high for a wheelchair."""
    return _Found(False if length_m(text) > _STEP_M else None)


def _steps(text: str, thing: Thing) -> _Found:
    return _Found(False if int(text) > 0 else None)


def _slope(text: str, thing: Thing) -> _Found:
    """From percent, degrees or a ratio (``8%``, ``5°``, ``1:12``)."""
    bare = text.replace(",", ".")
    if match := re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*(%|°|deg)?", bare):
        number = float(match[1])
        if number == 0:
            return _Found()
        rise = tan(radians(number)) if match[2] in ("°", "deg") else number / 100
        return _Found(slope_of(rise), match[2] is not None and slope_of(rise) is not None)
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)\s*[:/]\s*(\d+(?:\.\d+)?)", bare):
        return _Found(slope_of(float(match[1]) / float(match[2])))
    raise ValueError(text)


_STRICTEST: Mapping[str, Callable[[list[Any]], Any]] = {
    "access": strictest,
    "hours": lambda all_: all_[0],
    "step_free": all,
    "is_out_of_use": any,
    "are_hours_unread": any,
    "slope": max,
    "direction": lambda all_: all_[0],
    "timed_direction": lambda all_: all_[0],
    "oneway_hours": lambda all_: all_[0],
}
"""What holds if several tags say the same fact: the least of lengths."""
_READS: Mapping[str, Callable[[str, Thing], _Found]] = {
    "hours": _hours,
    "conditional": _conditional,
    "conditional_direction": _conditional_direction,
    "conditional_wheelchair": _conditional_wheelchair,
    "length": _length,
    "step": _step,
    "steps": _steps,
    "slope": _slope,
}
