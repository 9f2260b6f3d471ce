"""Corrections: what staff know better than the drawing, keyed by durable ids.

```json
{"navkit-corrections": 1, "changes": [{"do": "rename", "id": "mz-1F-101", "names": {"en": "CT"}}]}
```

The changes and their fields are listed in `docs/corrections.md`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navkit.findings import NavkitError
from navkit.hours import local_minute

VERSION = 1

REQUIRED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "add-door": {"spaces": list, "point": list},
    "add-space": {"id": str, "level": str},
    "join-shaft": {"spaces": list},
    "rename": {"id": str, "names": dict},
    "restrict": {"id": str, "access": str},
    "close": {"id": str},
    "landmark": {"id": str},
    "set-kind": {"id": str, "kind": str},
    "set-level": {"id": str},
    "set-connector": {"id": str},
    "set-door": {"id": str},
    "add-anchor": {"id": str, "space": str, "point": list},
}
"""What each change must carry."""


@dataclass(frozen=True)
class Change:
    """One correction: what to do, and its fields."""

    do: str
    fields: Mapping[str, Any]
    where: str
    """File and position, for findings."""


def read(file: Path) -> tuple[Change, ...]:
    """The changes in `file`. `NavkitError` where one cannot be understood: none is dropped."""
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NavkitError("no-such-file", str(file)) from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise NavkitError("corrections-not-json", str(file)) from None
    return parse(data, file.name)


def parse(data: Any, where: str) -> tuple[Change, ...]:
    """The changes in parsed JSON; `where` names the file in findings."""
    version = data.get("navkit-corrections") if isinstance(data, dict) else None
    if not isinstance(version, int) or not isinstance(data.get("changes"), list):
        raise NavkitError("corrections-foreign", where)
    if version > VERSION:
        raise NavkitError("corrections-too-new", where, version=str(version))
    return tuple(
        _change(fields, f"{where}, {number}")
        for number, fields in enumerate(data["changes"], start=1)
    )


def _change(fields: Any, where: str) -> Change:
    if not isinstance(fields, dict) or fields.get("do") not in REQUIRED:
        known = ", ".join(sorted(REQUIRED))
        raise NavkitError("correction-unknown", where, known=known)
    for name, kind in REQUIRED[fields["do"]].items():
        if not isinstance(fields.get(name), kind):
            raise NavkitError("correction-field", where, do=fields["do"], field=name)
    if "point" in fields:
        point = fields["point"]
        if len(point) != 2 or not all(isinstance(v, int | float) for v in point):
            raise NavkitError("correction-field", where, do=fields["do"], field="point")
    for name in ("start", "end"):
        try:
            local_minute(fields.get(name) or "1970-01-01")
        except (AttributeError, ValueError):
            raise NavkitError("correction-field", where, do=fields["do"], field=name) from None
    return Change(fields["do"], fields, where)
