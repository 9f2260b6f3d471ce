"""Jobs: builds that are waiting, running and done, in a table with leases.

A worker leases a job for some seconds and renews the lease while it works. If it dies, the
lease expires and the job is leased again; a build that runs twice makes the same files.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from server.builds.drafts import Source
from server.data.rows import Row, Rows, one, value_of
from server.staff import audit
from server.staff.deed import Deed

LEASE_MS = 20_000
"""How long a worker may be silent. A guess: it reports every second or two."""
LONGEST_S = 2 * 3600
"""A build that takes longer is stopped. A guess: the example hospital takes two minutes, and half
an hour to render its clips for the first time."""
MOST_ATTEMPTS = 3
"""A build that has killed its worker this often is not retried."""
MOST_WAITING = 2
"""Builds of one person that may wait or run at a time."""


@dataclass(frozen=True)
class Job:
    """A build and its progress."""

    id: int
    hospital: str
    request: Mapping[str, Any]
    """What to build from: `sources`, `languages`, `published`."""
    person: str
    state: str
    """``waiting``, ``running``, ``done`` or ``failed``."""
    attempt: int
    progress: str
    made_ms: int
    ended_ms: int
    result: Mapping[str, Any]
    """For a finished job, hashes of what it made; for a failed one, a finding."""


def _job(row: Row) -> Job:
    said = {name: json.loads(row[name] or "{}") for name in ("request", "result")}
    return value_of(Job, row | said)


def request_of(
    sources: Sequence[Source],
    languages: Sequence[str],
    published: str,
    voice: str = "",
    names: Mapping[str, str] = MappingProxyType({}),
    earlier: str = "",
) -> dict[str, Any]:
    """The request of a build, and the hash of the venue it is reviewed against; equal
    requests make equal files. `voice` is the speech engine, empty for none; `names` are the
    hospital's, which override those in its drawings; `earlier` is the hash of one more venue whose
    ids are kept (`built_before`)."""
    parts = [[s.kind, s.name, s.sha256] for s in sources]
    asked = {"sources": sorted(parts), "languages": list(languages), "published": published}
    rest = {"voice": voice, "names": dict(names), "earlier": earlier}
    return {**asked, **{key: value for key, value in rest.items() if value}}


def built_before(rows: Rows, hospital: str, sources: Sequence[Source]) -> str:
    """The hash of the venue that was built last from other drawings than `sources`; empty for none.

    Corrections are written for its ids, published or not. A build from the same drawings never
    counts, so that asking twice asks for the same.
    """
    drawings = _drawings([s.kind, s.name, s.sha256] for s in sources)
    done = rows.all(
        "SELECT request, result FROM jobs WHERE hospital = ? AND state = 'done' ORDER BY id DESC",
        hospital,
    )
    for row in done:
        if _drawings(json.loads(row["request"])["sources"]) != drawings:
            return str(json.loads(row["result"]).get("venue", ""))
    return ""


def _drawings(sources: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    return sorted(tuple(source) for source in sources if source[0] == "drawing")


def ask(deed: Deed, request: Mapping[str, Any]) -> int:
    """A job for that request: an existing one that runs or is done, or a new one."""
    rows, hospital = deed.rows, deed.hospital
    text = json.dumps(request, ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(text.encode()).hexdigest()
    with rows.write():
        known = one(
            rows,
            "SELECT id FROM jobs WHERE hospital = ? AND key = ? AND state <> 'failed'"
            " ORDER BY id DESC LIMIT 1",
            *(hospital, key),
        )
        if known:
            return int(known["id"])
        made = rows.all(
            "INSERT INTO jobs (hospital, key, request, person, state, made_ms)"
            " VALUES (?, ?, ?, ?, 'waiting', ?) RETURNING id",
            *(hospital, key, text, deed.person.name, deed.now_ms),
        )
        audit.note(deed, "build", job=made[0]["id"])
    return int(made[0]["id"])


def under_way(rows: Rows, person: str) -> int:
    """How many builds of somebody wait or run."""
    return len(
        rows.all("SELECT id FROM jobs WHERE person = ? AND state IN ('waiting', 'running')", person)
    )


def lease(rows: Rows, now_ms: int, worker: str) -> Job | None:
    """The next job for a worker: one that waits, or whose worker has died. Hospitals take turns:
    first the one with the fewest running, then the one that was served longest ago."""
    with rows.write():
        rows.run(
            "UPDATE jobs SET state = 'failed', ended_ms = ?, result = ?"
            " WHERE state = 'running' AND lease_ms < ? AND attempt >= ?",
            now_ms,
            json.dumps({"code": "build-died", "where": "", "slots": {}}),
            *(now_ms, MOST_ATTEMPTS),
        )
        found = rows.all(
            "UPDATE jobs SET state = 'running', worker = ?, lease_ms = ?, attempt = attempt + 1,"
            " started_ms = ? WHERE id = (SELECT id FROM jobs next WHERE state = 'waiting'"
            " OR (state = 'running' AND lease_ms < ?) ORDER BY"
            " (SELECT COUNT(*) FROM jobs other WHERE other.hospital = next.hospital"
            "  AND other.state = 'running' AND other.lease_ms >= ?),"
            " (SELECT MAX(started_ms) FROM jobs other WHERE other.hospital = next.hospital),"
            " id LIMIT 1) RETURNING *",
            *(worker, now_ms + LEASE_MS, now_ms, now_ms, now_ms),
        )
    return _job(found[0]) if found else None


def renew(rows: Rows, now_ms: int, worker: str, job: int, progress: str) -> bool:
    """Report progress; False if this worker no longer has the job."""
    with rows.write():
        return (
            rows.run(
                "UPDATE jobs SET lease_ms = ?, progress = ?"
                " WHERE id = ? AND worker = ? AND state = 'running'",
                *(now_ms + LEASE_MS, progress, job, worker),
            )
            == 1
        )


def give_back(rows: Rows, worker: str, job: int) -> None:
    """Let another worker retry at once: the child has died."""
    with rows.write():
        rows.run(
            "UPDATE jobs SET lease_ms = 0 WHERE id = ? AND worker = ? AND state = 'running'",
            *(job, worker),
        )


def end(
    rows: Rows, now_ms: int, worker: str, job: int, state: str, result: Mapping[str, Any]
) -> bool:
    """Mark it as ``done`` or ``failed``; False if this worker no longer has the job."""
    with rows.write():
        touched = rows.run(
            "UPDATE jobs SET state = ?, ended_ms = ?, result = ?"
            " WHERE id = ? AND worker = ? AND state = 'running'",
            *(state, now_ms, json.dumps(result, ensure_ascii=False), job, worker),
        )
    return touched == 1


def job(rows: Rows, hospital: str, number: int) -> Job | None:
    """A hospital's job by its number."""
    row = one(rows, "SELECT * FROM jobs WHERE hospital = ? AND id = ?", hospital, number)
    return _job(row) if row else None


def last(rows: Rows, hospital: str, most: int = 10) -> list[Job]:
    """The newest jobs of a hospital first."""
    found = rows.all(
        "SELECT * FROM jobs WHERE hospital = ? ORDER BY id DESC LIMIT ?", hospital, most
    )
    return list(map(_job, found))
