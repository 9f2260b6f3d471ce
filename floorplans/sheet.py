"""One file of a drawing: its name and its bytes, wherever they came from."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import PurePosixPath
from typing import NoReturn

from floorplans.limits import LIMITS, Limits
from navkit.words.findings import PlanError

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and marks that reverse the writing direction."""


@dataclass(frozen=True)
class Sheet:
    """A file that has been read into memory."""

    name: str
    """Relative to the given path, with forward slashes: ``"floor-2/rooms.geojson"``."""
    content: bytes
    limits: Limits = LIMITS

    @property
    def base_name(self) -> str:
        return PurePosixPath(self.name).name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """In lower case; ``.osm.pbf`` counts as one."""
        lower = self.base_name.lower()
        return ".osm.pbf" if lower.endswith(".osm.pbf") else PurePosixPath(lower).suffix

    @cached_property
    def json(self) -> Json:
        """The content as strict JSON: no NaN, no duplicate key, no bottomless nesting."""
        return parse_json(self.content, self.name, self.limits)


def parse_json(content: bytes, where: str, limits: Limits) -> Json:
    """Python's parser accepts more than JSON; this accepts JSON, or says what is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            lines = content.count(b"\n") + 1
            raise PlanError("json-cut-off", where, line=str(lines), column="1") from None
        raise PlanError("file-not-utf8", where, byte=str(error.start)) from None
    if not text.strip():
        raise PlanError("file-empty", where)

    def refuse_constant(name: str) -> NoReturn:
        raise PlanError("json-not-a-number", where, number=name)

    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            raise PlanError("json-key-twice", where, key=counts.most_common(1)[0][0][:80])
        return members

    try:
        value: Json = json.loads(text, parse_constant=refuse_constant, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        cut = not text[error.pos :].strip() or error.msg.startswith("Unterminated string")
        code = "json-cut-off" if cut else "json-broken"
        raise PlanError(code, where, line=str(error.lineno), column=str(error.colno)) from None
    except RecursionError:
        raise PlanError("json-too-deep", where, limit=str(limits.json_depth)) from None
    except ValueError:
        raise PlanError("json-number-too-long", where) from None
    _check_depth(value, where, limits)
    if "\\ud" in text or "\\uD" in text:
        _check_letters(value, where)
    return value


def _check_depth(value: Json, where: str, limits: Limits) -> None:
    layer: list[Json] = [value]
    for _ in range(limits.json_depth):
        below: list[Json] = []
        for item in layer:
            if isinstance(item, dict):
                below.extend(v for v in item.values() if isinstance(v, dict | list))
            elif isinstance(item, list):
                below.extend(v for v in item if isinstance(v, dict | list))
        if not below:
            return
        layer = below
    raise PlanError("json-too-deep", where, limit=str(limits.json_depth))


def _check_letters(value: Json, where: str) -> None:
    """JSON can write half a surrogate pair, which cannot be encoded again."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise PlanError("json-half-letter", where) from None


def legible(text: str) -> str:
    """Trimmed, with a blank for each invisible character."""
    return UNSEEN.sub(" ", text).strip()


def as_text(value: Json) -> str:
    """A text or a number as legible text; ``""`` for anything else. 2.0 is ``"2"``."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, float):
        return f"{value:g}" if isfinite(value) else ""
    return legible(str(value))


def as_number(value: Json) -> float | None:
    """A finite number, None for anything else; a text is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None
