"""Reports from phones: which step was wrong, in which map, where. Never who walked there, or when
exactly. A phone may send one twice, if it did not get the answer: it counts once."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.data.rows import Row, Rows, change, count, value_of
from server.staff import audit
from server.staff.deed import Deed

HOUR_MS = 3600_000
KEPT_MS = 90 * 24 * HOUR_MS
"""Settled or not: a report that nobody has read for so long is about an old map. A guess."""
MOST_WAITING = 1000
"""Per hospital: more is abuse."""
MOST_BYTES = 4096

_ID = re.compile(r"[0-9a-f]{32}")
_BUNDLE = re.compile(r"[0-9a-f]{1,64}")
_LONGEST = {"level": 100, "text": 500, "profile": 40}
_FURTHEST_M = 1e6


@dataclass(frozen=True)
class Report:
    """What somebody found wrong."""

    id: str
    bundle: str
    """The first digits of its index's SHA-256."""
    level: str
    line: tuple[tuple[float, float], tuple[float, float]]
    """Where the step begins and ends, in metres."""
    told: str
    """The text of the step."""
    language: str
    profile: str
    made_ms: int
    """When the server received it, to the hour."""


def read(said: object) -> dict[str, Any]:
    """The content of a phone's report, by column; `NavkitError` if it is not a report."""
    if not isinstance(said, Mapping):
        raise NavkitError("report-foreign", field="")
    texts = {key: said.get(key) for key in ("id", "bundle", "level", "text", "language", "profile")}
    for key, text in texts.items():
        if not isinstance(text, str) or len(text) > _LONGEST.get(key, 64):
            raise NavkitError("report-foreign", field=key)
    for key, known in (("id", _ID.fullmatch), ("bundle", _BUNDLE.fullmatch)):
        if not known(texts[key]):  # type: ignore[arg-type]
            raise NavkitError("report-foreign", field=key)
    if texts["language"] not in languages():
        raise NavkitError("report-foreign", field="language")
    line = [_point(said.get(key), key) for key in ("from", "to")]
    return {**texts, "line": json.dumps(line)}


def _point(said: object, field: str) -> list[float]:
    if (
        not isinstance(said, list)
        or len(said) != 2
        or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in said)
        or not all(abs(x) < _FURTHEST_M for x in said)
    ):
        raise NavkitError("report-foreign", field=field)
    return [round(float(x), 2) for x in said]


def add(rows: Rows, now_ms: int, hospital: str, said: object) -> None:
    """Store a phone's report; a repeated one counts once."""
    one = read(said)
    with rows.write():
        forget(rows, now_ms)
        sql = "SELECT COUNT(*) AS n FROM reports WHERE hospital = ? AND settled_ms = 0"
        if count(rows, sql, hospital) >= MOST_WAITING:
            raise NavkitError("too-many-reports")
        rows.run(
            "INSERT INTO reports (hospital, id, bundle, level, line, told, language, profile,"
            " made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hospital, id) DO NOTHING",
            *(hospital, one["id"], one["bundle"], one["level"], one["line"], one["text"]),
            *(one["language"], one["profile"], now_ms - now_ms % HOUR_MS),
        )


def forget(rows: Rows, now_ms: int) -> None:
    """Delete what is too old, of every hospital. Call it inside `rows.write()`."""
    rows.run("DELETE FROM reports WHERE made_ms < ?", now_ms - KEPT_MS)


def waiting(rows: Rows, hospital: str) -> list[Report]:
    """Reports that nobody has settled, the newest first."""
    found = rows.all(
        "SELECT * FROM reports WHERE hospital = ? AND settled_ms = 0 ORDER BY made_ms DESC, id",
        hospital,
    )
    return list(map(_report, found))


def _report(row: Row) -> Report:
    return value_of(Report, row | {"line": json.loads(row["line"])})


def settle(deed: Deed, report: str) -> None:
    """Somebody has dealt with it."""
    with deed.rows.write():
        change(
            deed.rows,
            "report-settled",
            "UPDATE reports SET settled_by = ?, settled_ms = ?"
            " WHERE hospital = ? AND id = ? AND settled_ms = 0",
            *(deed.person.name, deed.now_ms, deed.hospital, report),
        )
        audit.note(deed, "settle-report", report=report)
