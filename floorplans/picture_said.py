"""What staff say of pictures in the table `[pictures]` of a `mapping.toml` beside them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from floorplans.sheet import Json, Sheet, as_list, as_number, as_object, as_text
from navkit.words.findings import PlanError

_LEAST_M, _MOST_M = 0.001, 2.0
"""Metres of a dot between which a floor is neither a postage stamp nor a county."""

Pair = tuple[float, float, float, float]
"""A spot on this picture (x and y in dots, from its top left), and the same spot on the other."""


@dataclass(frozen=True)
class Said:
    """Of one picture."""

    dot_m: float | None = None
    """Metres of a dot."""
    over: str = ""
    """The picture on which the second spots of `shafts` are; without its folder and suffix."""
    shafts: Sequence[Pair] = field(default_factory=tuple)
    """Shafts that are the same on both."""


def read_said(sheet: Sheet | None) -> Mapping[str, Said]:
    """By the name of each picture without folder and suffix, in small letters.

    A `PlanError` says which picture's row is wrong.
    """
    if sheet is None or sheet.suffix != ".toml":
        return {}
    try:
        said = tomllib.loads(sheet.content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanError("mapping-broken", sheet.name, why=str(error)[:120]) from error
    rows = as_object(said.get("pictures")).items()
    return {stem_of(name): _row(as_object(raw), name, sheet.name) for name, raw in rows}


def stem_of(name: str) -> str:
    return PurePosixPath(name).stem.casefold()


def _row(raw: Mapping[str, Json], name: str, where: str) -> Said:
    dot_m = as_number(raw.get("scale"))
    span, metres = _numbers(raw.get("span")), as_number(raw.get("metres"))
    if len(span) == 4 and metres:
        long = ((span[2] - span[0]) ** 2 + (span[3] - span[1]) ** 2) ** 0.5
        dot_m = metres / long if long else -1.0
    over, pairs = stem_of(as_text(raw.get("over"))), as_list(raw.get("shafts"))
    shafts = [pair for pair in map(_numbers, pairs) if len(pair) == 4]
    wrong = (
        raw.keys() - {"scale", "span", "metres", "over", "shafts"}
        or (dot_m is None and raw.keys() & {"scale", "span", "metres"})
        or (dot_m is not None and not _LEAST_M < dot_m < _MOST_M)
        or len(shafts) < len(pairs)
        or (pairs and (len(shafts) < 2 or not over))
    )
    if wrong:
        raise PlanError("mapping-picture-wrong", where, file=name[:60])
    return Said(dot_m, over, tuple((a, b, c, d) for a, b, c, d in shafts))


def _numbers(raw: Json) -> list[float]:
    return [number for one in as_list(raw) if (number := as_number(one)) is not None]
