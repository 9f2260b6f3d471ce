"""Publishing: a build becomes a numbered publication once two people have approved it.

Versions only go up: undoing a publication publishes the previous content under a higher
version. Phones read the files in `public/`; files that refer to others are written after them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from exporter.bundle import release
from exporter.site.site import Signed, offered, pages
from navkit.plan.plausible import implausible
from navkit.words.findings import Finding, NavkitError
from server.builds import jobs, review
from server.builds.building import read_review
from server.data.files import Files
from server.data.lasting import write_lasting
from server.data.rows import Row, Rows, change, count, one
from server.press import closures
from server.press.areas import members_on
from server.press.catalogue import Listed
from server.press.leading import KEPT_DAYS, is_hashed
from server.press.press import Press, changed, put_all
from server.staff import audit, holders
from server.staff.deed import Deed

# ------------------------------------------------------------------- hospitals

_ID = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]")
_HOST = re.compile(r"[0-9a-f:.]+|(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W_](?:[\w-]{0,61}[^\W_])?")
LONGEST_ADDRESS = 300


def add_hospital(deed: Deed, names: Mapping[str, str], timezone: str, address: str) -> None:
    """The deed's hospital, to publish for. Its id is part of addresses and never changes."""
    rows, hospital = deed.rows, deed.hospital
    if not _ID.fullmatch(hospital):
        raise NavkitError("bad-hospital-id", hospital[:60], field="id")
    check_description(names, timezone, address)
    with rows.write():
        if one(rows, "SELECT id FROM hospitals WHERE id = ?", hospital):
            raise NavkitError("hospital-exists", hospital, field="id")
        rows.run(
            "INSERT INTO hospitals (id, names, timezone, address, made_ms) VALUES (?, ?, ?, ?, ?)",
            *(hospital, json.dumps(dict(names), ensure_ascii=False), timezone, address),
            deed.now_ms,
        )
        audit.note(deed, "add-hospital")


def description(row: Row) -> dict[str, Any]:
    """What an administrator may change about a hospital."""
    return {name: row[name] for name in ("names", "timezone", "address")}


def change_hospital(deed: Deed, seen: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Change name, time zone or address, by somebody who has `seen` the current description."""
    rows, hospital = deed.rows, deed.hospital
    check_description(**wanted)
    with rows.write():
        row = hospital_of(rows, hospital)
        now = description(row) if row else {}
        if now != seen:
            raise NavkitError("hospital-changed-meanwhile")
        rows.run(
            "UPDATE hospitals SET names = ?, timezone = ?, address = ? WHERE id = ?",
            json.dumps(wanted["names"], ensure_ascii=False),
            *(wanted["timezone"], wanted["address"], hospital),
        )
        changed = {name: [now[name], wanted[name]] for name in now if now[name] != wanted[name]}
        audit.note(deed, "change-hospital", changed=changed)


def check_description(names: Mapping[str, str], timezone: str, address: str) -> None:
    """Refuse a hospital without a usable name, or whose pages could not be found."""
    if not any(name.strip() for name in names.values()):
        raise NavkitError("hospital-without-name", field="name")
    if found := implausible("names", names):
        raise NavkitError(found.code, **{**found.slots, "field": "name"})
    if timezone not in available_timezones():
        raise NavkitError("unknown-timezone", timezone[:60], field="timezone")
    if address and not _is_public(address):
        raise NavkitError("bad-address", address[:100], field="address")


def _is_public(address: str) -> bool:
    """Whether phones can be sent there: an absolute address of a host, by http."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(_HOST.fullmatch(parts.hostname or ""))
        and "@" not in parts.netloc
        and not parts.query
        and not parts.fragment
        and len(address) <= LONGEST_ADDRESS
        and address.isprintable()
        and not set(address) & set(" <>\"'\\`")
    )


def hospitals(rows: Rows) -> list[Row]:
    """All hospitals, their names by language."""
    found = rows.all("SELECT * FROM hospitals ORDER BY id")
    return [{**row, "names": json.loads(row["names"])} for row in found]


def hospital_of(rows: Rows, hospital: str) -> Row | None:
    """One hospital, None if there is none with that id."""
    row = one(rows, "SELECT * FROM hospitals WHERE id = ?", hospital)
    return {**row, "names": json.loads(row["names"])} if row else None


# ------------------------------------------------------------------- publications


def published(rows: Rows, hospital: str) -> Row | None:
    """The publication that phones have now."""
    return one(
        rows,
        "SELECT * FROM publications WHERE hospital = ? AND state = 'published'"
        " ORDER BY version DESC LIMIT 1",
        hospital,
    )


def published_venue(rows: Rows, hospital: str) -> str:
    """Hash of the venue that phones have now; empty before the first publication."""
    now = published(rows, hospital)
    made = jobs.job(rows, hospital, now["job"]) if now else None
    return str(made.result["venue"]) if made else ""


def history(rows: Rows, hospital: str) -> list[Row]:
    """Everything that was proposed, the newest first."""
    return rows.all("SELECT * FROM publications WHERE hospital = ? ORDER BY id DESC", hospital)


def proposed(rows: Rows, hospital: str) -> Row | None:
    """What waits for a second person's approval."""
    return next((row for row in history(rows, hospital) if row["state"] == "proposed"), None)


def propose(deed: Deed, files: Files, job: int, note: str, seen: Sequence[str]) -> int:
    """Ask for a second person's approval. `seen` are the doubts that the first has ticked."""
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    made = jobs.job(rows, hospital, job)
    if made is None or made.state != "done":
        raise NavkitError("build-not-done")
    _check_doubts(files, made, seen)
    with rows.write():
        if made.request["published"] != published_venue(rows, hospital):
            raise NavkitError("review-outdated")
        rows.run(
            "UPDATE publications SET state = 'replaced', decided_ms = ?"
            " WHERE hospital = ? AND state = 'proposed'",
            *(now_ms, hospital),
        )
        found = rows.all(
            "INSERT INTO publications (hospital, job, state, note, proposed_by, proposed_ms)"
            " VALUES (?, ?, 'proposed', ?, ?, ?) RETURNING id",
            *(hospital, job, note[:500], deed.person.name, now_ms),
        )
        number = int(found[0]["id"])
        audit.note(deed, "propose", publication=number, job=job, seen=list(seen))
    return number


def _check_doubts(files: Files, made: jobs.Job, seen: Sequence[str]) -> None:
    missing = set(review.doubts(read_review(files, made.result))) - set(seen)
    if missing:
        raise NavkitError("doubts-not-seen")


def decline(deed: Deed, publication: int) -> None:
    """Decline, or withdraw one's own proposal."""
    with deed.rows.write():
        change(
            deed.rows,
            "not-proposed",
            "UPDATE publications SET state = 'declined', decided_by = ?, decided_ms = ?"
            " WHERE id = ? AND hospital = ? AND state = 'proposed'",
            *(deed.person.name, deed.now_ms, publication, deed.hospital),
        )
        audit.note(deed, "decline", publication=publication)


def approve(
    deed: Deed, press: Press, publication: int, seen: Sequence[str], passphrase: str = ""
) -> int:
    """A second person's approval: write the site, and return its version."""
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    row = one(
        rows,
        "SELECT * FROM publications WHERE id = ? AND hospital = ?",
        *(publication, hospital),
    )
    made = jobs.job(rows, hospital, row["job"]) if row else None
    if row is None or made is None or row["state"] != "proposed":
        raise NavkitError("not-proposed")
    if told := holders.why_not(rows, row["proposed_by"], deed.person):
        raise NavkitError(told.code, **told.slots)
    _check_doubts(press.files, made, seen)
    press.signer.check(hospital, passphrase)
    ready = _ready(press, hospital, made.result)
    with rows.write():
        if made.request["published"] != published_venue(rows, hospital):
            raise NavkitError("review-outdated")
        version = _next_version(rows, hospital)
        change(
            rows,
            "not-proposed",
            "UPDATE publications SET state = 'published', version = ?, decided_by = ?,"
            " decided_ms = ? WHERE id = ? AND state = 'proposed'",
            *(version, deed.person.name, now_ms, publication),
        )
        said = {"publication": publication, "version": version, "seen": list(seen)}
        audit.note(deed, "publish", **said)
    write(rows, press, now_ms, hospital, passphrase, ready)
    press.signer.catalogue(listed(rows, press), now_ms, passphrase)
    return version


def undo(deed: Deed, press: Press, version: int, passphrase: str = "") -> int:
    """Publish an older version's content again, under a higher version. Two people have
    approved it before, so one is enough."""
    rows, hospital, now_ms = deed.rows, deed.hospital, deed.now_ms
    by = deed.person.name
    press.signer.check(hospital, passphrase)
    old = one(
        rows,
        "SELECT * FROM publications WHERE hospital = ? AND version = ? AND state = 'published'",
        *(hospital, version),
    )
    made = jobs.job(rows, hospital, old["job"]) if old else None
    if old is None or made is None:
        raise NavkitError("no-such-version", str(version))
    ready = _ready(press, hospital, made.result)
    # What was published stays as it is, so it can be read before the lock is taken.
    with rows.write():
        new = _next_version(rows, hospital)
        rows.run(
            "INSERT INTO publications (hospital, job, state, version, undo_of, proposed_by,"
            " proposed_ms, decided_by, decided_ms) VALUES (?, ?, 'published', ?, ?, ?, ?, ?, ?)",
            *(hospital, old["job"], new, version, by, now_ms, by, now_ms),
        )
        audit.note(deed, "undo", version=new, content_of=version)
    write(rows, press, now_ms, hospital, passphrase, ready)
    press.signer.catalogue(listed(rows, press), now_ms, passphrase)
    return new


def listed(rows: Rows, press: Press) -> list[Listed]:
    """The hospitals that a client of any of them may open: whose maps are published and signed."""
    return [
        Listed(row["id"], row["names"], row["address"])
        for row in hospitals(rows)
        if published(rows, row["id"]) and press.signer.has_map(row["id"])
    ]


def _next_version(rows: Rows, hospital: str) -> int:
    sql = "SELECT MAX(version) AS version FROM publications WHERE hospital = ?"
    return count(rows, sql, hospital) + 1


@dataclass(frozen=True)
class Shown:
    """What phones of a hospital have now."""

    hospital: str
    made: Mapping[str, Any]
    """Hashes of what its build made."""
    issued: date
    address: str

    @property
    def index(self) -> str:
        """Hash of the bundle's index."""
        return str(self.made["parts"][0][2])


def shown(rows: Rows, hospital: str) -> Shown | None:
    """What phones have now, None before the first publication."""
    row, now = hospital_of(rows, hospital), published(rows, hospital)
    made = jobs.job(rows, hospital, now["job"]) if now else None
    if not (row and now and made):
        return None
    at = datetime.fromtimestamp(now["decided_ms"] / 1000, ZoneInfo(row["timezone"]))
    return Shown(hospital, made.result, at.date(), row["address"])


@dataclass(frozen=True)
class Ready:
    """A build's content-addressed files, prepared before the lock is taken: packing takes most of
    the time of a publication."""

    index: str
    there: tuple[str, ...]
    """Paths in the public folder that need not be written."""
    changed: Mapping[str, bytes]

    def is_for(self, now: Shown, public: Path) -> bool:
        """Whether it is still what must be written: files may have been deleted meanwhile."""
        return self.index == now.index and all((public / path).exists() for path in self.there)


def _ready(press: Press, hospital: str, made: Mapping[str, Any]) -> Ready:
    there: list[str] = []
    written: dict[str, bytes] = {}
    for name, sha256 in named_of(made).items():
        laid = offered(name, press.files.read(sha256))
        by_path = {f"h/{hospital}/{path}": laid[path] for path in laid}
        missing = changed(press.public, by_path)
        written |= missing
        there += [path for path in by_path if path not in missing]
    return Ready(made["parts"][0][2], tuple(there), written)


def write(
    rows: Rows,
    press: Press,
    now_ms: int,
    hospital: str,
    passphrase: str = "",
    ready: Ready | None = None,
) -> None:
    """Write what phones read, from the rows: files named by their hash first, files that refer to
    them last. May run again at any time, and does at every start."""
    # Under the lock, so that of two at once the later one writes the newest state.
    with rows.write():
        now = shown(rows, hospital)
        if now:
            if not (ready and ready.is_for(now, press.public)):
                ready = _ready(press, hospital, now.made)
            for path, content in ready.changed.items():
                write_lasting(press.public / path, content)
            put_all(press.public, pages_of(press, now, now_ms, passphrase))
            _sweep(press, hospital, set(still_read(rows, now_ms, hospital)))
            with suppress(NavkitError):  # A damaged map: areas stay what they were.
                closures.map_changed(rows, hospital, members_on(press.files, now.made["venue"]))
        closures.write_now(rows, press, now_ms, hospital)


def pages_of(press: Press, now: Shown, now_ms: int, passphrase: str = "") -> dict[str, bytes]:
    """The files that refer to the content-addressed ones, by path in the public folder;
    signed, if that is required and has not been done yet."""
    index = press.files.read(now.index)
    content = release.release(index, now.issued)
    root = press.signer.release(now.hospital, content, now_ms, passphrase)
    signed = Signed(root, now.hospital) if root else None
    said = pages(index, now.issued, now.address, signed)
    return {f"h/{now.hospital}/{path}": content for path, content in said.items()}


def still_read(rows: Rows, now_ms: int, hospital: str) -> dict[str, str]:
    """Hashes of the content-addressed files, by name: of all versions that phones had
    within the last `KEPT_DAYS`."""
    oldest_ms = now_ms - KEPT_DAYS * 24 * 3600_000
    names: dict[str, str] = {}
    ended_ms = now_ms
    for row in sorted(history(rows, hospital), key=lambda row: -row["version"]):
        if row["state"] != "published" or ended_ms < oldest_ms:
            continue
        made = jobs.job(rows, hospital, row["job"])
        names |= named_of(made.result) if made else {}
        ended_ms = row["decided_ms"]
    return names


def named_of(made: Mapping[str, Any]) -> dict[str, str]:
    """Hashes of a bundle's files, by the names that are unique among versions."""
    (_, _, index), *parts = made["parts"]
    names = {name: sha256 for _, name, sha256 in parts}
    return {**names, release.name_of_index(index): index}


def _sweep(press: Press, hospital: str, named: set[str]) -> None:
    folder = press.folder(hospital)
    for file in (*folder.glob("bundle/*"), *folder.glob("stick/*")):
        is_swept = is_hashed(file.relative_to(press.public).as_posix())
        if is_swept and file.name.removesuffix(".js").removesuffix(".gz") not in named:
            file.unlink()


def restore(rows: Rows, press: Press, now_ms: int) -> list[Finding]:
    """Rewrite what phones read: after a crash between a row and its files, or from a backup
    without `public/`. Returns what could not be written because no passphrase was given."""
    told = []
    for row in hospitals(rows):
        try:
            write(rows, press, now_ms, row["id"])
        except NavkitError as error:
            told.append(error.finding)
    return told
