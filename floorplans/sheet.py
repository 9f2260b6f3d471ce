"""One file of a drawing: its name and its bytes, wherever they came from."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import PurePosixPath
from typing import Any, NoReturn

from floorplans.limits import LIMITS, Limits
from navkit.plan import encodings
from navkit.words.findings import Finding, PlanError

_NEAR = 20
"""How many characters before and after a mistake are shown."""

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
    crs: str = ""
    """The coordinate system that a ``.prj`` file beside it names."""
    beside: "Sheet | None" = None
    """The manifest beside it that says what its layers are."""

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

    @property
    def json(self) -> Json:
        """The content as strict JSON: no NaN, no duplicate key, no bottomless nesting.

        Commas and comments that do not belong in JSON are passed over, and a text in another
        encoding than UTF-8 is read if it can be only one: `mended` says so.
        """
        return self._document[0]

    @property
    def mended(self) -> tuple[Finding, ...]:
        """What had to be mended before the content was JSON in UTF-8."""
        return self._document[1]

    @cached_property
    def _document(self) -> tuple[Json, tuple[Finding, ...]]:
        findings: list[Finding] = []
        try:
            text = _utf8(self.content, self.name)
        except PlanError as error:
            reading = encodings.read(self.content)
            if error.finding.code != "file-not-utf8" or reading is None:
                raise
            text = reading.text
            slots = {"encoding": reading.encoding.upper()}
            findings.append(Finding("encoding-guessed", self.name, slots))
        try:
            return _parse(text, self.name, self.limits), tuple(findings)
        except PlanError as error:
            repaired = mend(text)
            if error.finding.code != "json-broken" or repaired.text == text:
                raise
            findings.append(Finding("json-mended", self.name, repaired.slots()))
            return _parse(repaired.text, self.name, self.limits), tuple(findings)


@dataclass(frozen=True)
class Mended:
    """A text without what does not belong in JSON; lines and columns are as they were."""

    text: str
    commas: int
    comments: int
    line: int
    """Of the first that was taken out, from 1."""

    def slots(self) -> dict[str, str]:
        counts = {"commas": self.commas, "comments": self.comments, "line": self.line}
        return {name: str(count) for name, count in counts.items()}


_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|(//[^\n]*|/\*.*?(?:\*/|\Z)|\ufeff)', re.DOTALL)
_COMMA = re.compile(r'"(?:[^"\\]|\\.)*"|(,)(?=\s*[,\]}])', re.DOTALL)


def mend(text: str) -> Mended:
    """`text` without comments, and without commas before a comma or a closing bracket."""
    found: list[list[int]] = []

    def blanked(pattern: re.Pattern[str], text: str) -> str:
        starts: list[int] = []
        found.append(starts)

        def blank(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0]
            starts.append(match.start())
            return re.sub(r"[^\n]", " ", match[0])

        return pattern.sub(blank, text)

    whole = blanked(_COMMA, blanked(_COMMENT, text))
    comments, commas = found
    first = min([*comments, *commas], default=0)
    return Mended(whole, len(commas), len(comments), text.count("\n", 0, first) + 1)


def parse_json(content: bytes, where: str, limits: Limits) -> Json:
    """Python's parser accepts more than JSON; this accepts JSON, or says what is wrong."""
    return _parse(_utf8(content, where), where, limits)


def _utf8(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            lines = content.count(b"\n") + 1
            raise PlanError("json-cut-off", where, line=str(lines), column="1") from None
        raise PlanError("file-not-utf8", where, byte=str(error.start)) from None


def _parse(text: str, where: str, limits: Limits) -> Json:
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
        slots = {"line": str(error.lineno), "column": str(error.colno)}
        if cut:
            raise PlanError("json-cut-off", where, **slots) from None
        near = " ".join(text[max(error.pos - _NEAR, 0) : error.pos + _NEAR].split())
        raise PlanError("json-broken", where, near=near, **slots) from None
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


def as_object(value: Json) -> Mapping[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: Json) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


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
