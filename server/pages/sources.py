"""Pages about sources: uploads, their versions, and removing them.

An upload that would remove something is confirmed first, and stored once somebody has answered. A
pending upload is named by a signed token, so that nobody can take a file of another hospital.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from flask import Response, abort, flash, render_template, request, send_file
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from navkit.plan.typed_json import from_json, to_json
from navkit.venue.directory import fields_of
from navkit.words.findings import Finding, NavkitError
from server.builds import drafts, jobs, merging, offload
from server.builds.building import read_review
from server.pages.console import blueprint, went
from server.pages.context import (
    deed,
    files,
    language,
    person,
    row_number,
    rows,
    say,
    session_keys,
    upload_limit,
)
from server.words.saying import book

SHOWN = 50
"""Per list of changes; the rest is counted."""

WAITS_S = 24 * 3600
"""For an answer. Somebody who comes back the next day chooses the file again."""

_MERGED = ("corrections", "directory")
"""Kinds of which two versions can be merged."""


def _put(kind: str, name: str, content: bytes | None, version: int) -> None:
    drafts.put(deed(), files(), kind, name, content, version)


# ------------------------------------------------------------------- uploads


@dataclass(frozen=True)
class _Waiting:
    """An upload that waits for an answer."""

    hospital: str
    kind: str
    name: str
    sha256: str
    person: int
    version: int
    """The version that it would replace, as the question shows it."""


def _signer() -> URLSafeTimedSerializer:
    # itsdangerous signs with the last of a list.
    return URLSafeTimedSerializer(list(reversed(session_keys())), salt="navkit-waiting")


def _word(waiting: _Waiting) -> str:
    said = _signer().dumps(to_json(waiting))
    return said if isinstance(said, str) else said.decode("ascii")


def _waiting(word: str, hospital: str, kind: str, name: str) -> _Waiting:
    """The upload of that token; `NavkitError` if it belongs to another person or another source."""
    try:
        waiting = from_json(_Waiting, _signer().loads(word, max_age=WAITS_S))
    except (BadData, ValueError):
        raise NavkitError("upload-forgotten") from None
    here = (waiting.hospital, waiting.kind, waiting.name, waiting.person)
    if here != (hospital, kind, name, person().id):
        raise NavkitError("upload-forgotten")
    return waiting


@blueprint.get("/hospitals/<hospital>/sources/<kind>/<name>/replacing")
def replacing_source(hospital: str, kind: str, name: str) -> str:
    """A form for one file that takes the place of this one, whatever it is called."""
    found = drafts.latest(rows(), hospital, kind, name)
    if not found.sha256:
        abort(404)
    return render_template(
        "sources/replacing.html", source=found, endings=drafts.SUFFIXES.get(kind, ())
    )


@blueprint.post("/hospitals/<hospital>/sources")
def upload(hospital: str) -> str | AnyResponse:
    upload_limit()
    kind = request.form.get("kind", "")
    seen = seen_in(request.form.get("seen", ""))
    given = [file for file in request.files.getlist("files") if file.filename]
    if not given or kind not in drafts.SUFFIXES:
        raise NavkitError("upload-empty")
    # All are checked before any is stored.
    contents: list[tuple[str, bytes]] = []
    for file in given:
        name, given_name = drafts.clean_name(kind, file.filename or ""), file.filename or ""
        name = _in_place_of(name, request.form.get("instead", ""), contents)
        if name in dict(contents):
            raise NavkitError("upload-names-alike", given_name, name=name)
        if "_" in name and "_" not in given_name:
            flash(Finding("upload-renamed", given_name, {"name": name}).text(language()))
        content, noticed = drafts.check_content(kind, drafts.shown_name(given_name), file.read())
        contents.append((name, content))
        for finding in noticed:
            flash(finding.text(language()))
    for name, content in contents:
        now = drafts.latest(rows(), hospital, kind, name)
        if _is_doubtful(now, content):
            return _ask(hospital, now, content, is_conflict=_differs(now, seen))
        try:
            _put(kind, name, content, seen.get(f"{kind}/{name}", 0))
        except drafts.ConflictError as conflict:
            return _ask(hospital, conflict.theirs, content, is_conflict=True)
    instead = request.form.get("instead", "")
    if instead and instead not in dict(contents):
        # Of another format: under its own name, and the other one goes. Its versions stay.
        _put(kind, instead, None, seen.get(f"{kind}/{instead}", 0))
    flash(say("uploaded", count=len(contents)))
    return went("hospital", hospital=hospital)


def _in_place_of(name: str, instead: str, others: list[tuple[str, bytes]]) -> str:
    """The name under which a file is stored that takes the place of another one: that of the other
    if both are of one format."""
    suffix = name.rpartition(".")[2].lower()
    is_alike = instead.rpartition(".")[2].lower() == suffix
    return instead if instead and is_alike and not others else name


def _differs(now: drafts.Source, seen: Mapping[str, int]) -> bool:
    """Whether somebody has changed it since the form was shown."""
    return bool(now.sha256) and now.version != seen.get(f"{now.kind}/{now.name}", 0)


def seen_in(text: str) -> dict[str, int]:
    """Versions that the page showed, by kind and name."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {
        key: version
        for key, version in (said.items() if isinstance(said, dict) else ())
        if isinstance(version, int)
    }


def add_part(hospital: str, now: drafts.Source, content: bytes, typed: str) -> AnyResponse:
    """Rows that join the directory, as they were `typed`: stored at once if nothing is wrong with
    them and no existing row changes. Cells that they leave empty stay as they are."""
    if now.sha256:
        content = offload.do(merging.completed, files().read(now.sha256), content)
    found = _difference(now, content)
    wrong = [one for one in _wrong_rows(now.kind, content) if one.severity != "note"]
    if wrong or found.changed:
        return _ask(hospital, now, content, is_conflict=False, typed=typed)
    if not found.added and now.sha256:
        raise NavkitError("nothing-new", field="pasted")
    whole = content
    if now.sha256:
        whole = offload.do(merging.merged, now.kind, files().read(now.sha256), content)
    drafts.check_content(now.kind, now.name, whole)
    try:
        _put(now.kind, now.name, whole, now.version)
    except drafts.ConflictError as conflict:
        return _ask(hospital, conflict.theirs, content, is_conflict=True, typed=typed)
    count = len(found.added) if now.sha256 else merging.count(now.kind, content)
    flash(say("rows-added", count=count))
    return went("directory", hospital=hospital)


def _wrong_rows(kind: str, content: bytes) -> list[Finding]:
    """What the next build would report about a directory's rows."""
    return list(_rows_wrong(content)) if kind == "directory" else []


# Called twice within a request: whether somebody must confirm, and what is shown then.
@lru_cache(maxsize=4)
def _rows_wrong(content: bytes) -> tuple[Finding, ...]:
    return tuple(offload.do(drafts.wrong_rows, content))


@lru_cache(maxsize=4)
def _compared(kind: str, now: bytes, new: bytes) -> merging.Difference:
    return offload.do(merging.difference, kind, now, new)


def _is_doubtful(now: drafts.Source, content: bytes) -> bool:
    """Whether somebody must confirm before it is stored."""
    if any(finding.severity != "note" for finding in _wrong_rows(now.kind, content)):
        return True
    return bool(now.sha256) and _difference(now, content).takes_away


def _difference(now: drafts.Source, content: bytes) -> merging.Difference:
    if not now.sha256:
        return merging.Difference()
    return _compared(now.kind, files().read(now.sha256), content)


def _ask(
    hospital: str, now: drafts.Source, content: bytes, *, is_conflict: bool, typed: str = ""
) -> AnyResponse:
    """What storing it would lose, change and add: replace, merge, or leave it. Rows that were
    `typed` are only part of a file: nothing is lost, and they can be corrected here."""
    waiting = _Waiting(
        hospital, now.kind, now.name, files().keep(content), person().id, now.version
    )
    page = render_template(
        "sources/asking.html",
        now=now,
        is_conflict=is_conflict,
        word=_word(waiting),
        difference=_shown_difference(_difference(now, content), is_part=bool(typed)),
        typed=typed,
        findings=_wrong_rows(now.kind, content)[:SHOWN],
        mergeable=bool(now.sha256) and now.kind in _MERGED,
        most=SHOWN,
    )
    return Response(page, 409 if is_conflict else 200)


def _shown_difference(found: merging.Difference, *, is_part: bool = False) -> dict[str, Any]:
    """Each list as lines, and how many there are; a part of a file loses nothing."""
    changed = [_shown_change(_marked(old), _marked(new)) for old, new in found.changed]
    lost = () if is_part else found.lost
    lists = {
        how: [in_one_line(_marked(item)) for item in items]
        for how, items in (("lost", lost), ("added", found.added))
    }
    return {
        how: {"count": len(lines), "lines": lines[:SHOWN]}
        for how, lines in (("lost", lists["lost"]), ("changed", changed), ("added", lists["added"]))
    }


def _marked(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row in which the cells of columns that no build reads are told as such; a correction as
    it is."""
    if "do" in item:
        return item
    known = zip(item, fields_of(list(item)), strict=True)
    return {
        name if field else say("column-unread", heading=name): item[name] for name, field in known
    }


def in_one_line(item: Mapping[str, Any]) -> str:
    """A change or a row in one line."""
    rest = (_shown_field(key, value) for key, value in item.items() if key != "do")
    verb = [say(f"do-{item['do']}")] if "do" in item else []
    return " · ".join([*verb, *rest])[:400]


def _shown_field(name: str, value: Any) -> str:
    return f"{book(language()).get(f'field-{name}', name)}: {_shown_value(value)}"


def _shown_value(value: Any) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, Mapping):
        return " / ".join(map(str, value.values()))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _shown_change(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The differences between two versions of the same thing, after what it is."""
    names = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    same = {key: value for key, value in new.items() if key not in names}
    lead = in_one_line({key: same[key] for key in ("do", "id", "name") if key in same})
    parts = (
        f"{_shown_field(key, old.get(key, '–'))} → {_shown_value(new.get(key, '–'))}"
        for key in names
    )
    return " · ".join(filter(None, [lead, *parts]))[:400]


@blueprint.post("/hospitals/<hospital>/sources/<kind>/<name>/replace")
def replace_source(hospital: str, kind: str, name: str) -> str | AnyResponse:
    """The answer: replace or merge. What is replaced stays in the versions."""
    waiting = _waiting(request.form.get("mine", ""), hospital, kind, name)
    mine = files().read(waiting.sha256)
    now = drafts.version_of(rows(), hospital, kind, name, waiting.version)
    content = mine
    if request.form.get("how") == "both" and kind in _MERGED and now.sha256:
        content = offload.do(merging.merged, kind, files().read(now.sha256), mine)
    drafts.check_content(kind, name, content)
    try:
        _put(kind, name, content, waiting.version)
    except drafts.ConflictError as conflict:
        return _ask(hospital, conflict.theirs, mine, is_conflict=True)
    flash(say("uploaded", count=1))
    return went("hospital", hospital=hospital)


# ------------------------------------------------------------------- versions


@blueprint.get("/hospitals/<hospital>/sources/<kind>/<name>")
def source(hospital: str, kind: str, name: str) -> Response:
    found = drafts.latest(rows(), hospital, kind, name)
    version = request.args.get("version", type=row_number)
    if version:
        found = drafts.version_of(rows(), hospital, kind, name, version)
    if not found.sha256:
        abort(404)
    sheet = files().read(found.sha256) if kind == "directory" else b""
    response = send_file(
        BytesIO(drafts.opened_by_people(kind, sheet)) if sheet else files().whole(found.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name,
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


def _known(hospital: str, kind: str, name: str) -> tuple[drafts.Source, ...]:
    found = drafts.versions(rows(), hospital, kind, name)
    if not found:
        abort(404)
    return found


@blueprint.get("/hospitals/<hospital>/sources/<kind>/<name>/versions")
def source_versions(hospital: str, kind: str, name: str) -> str:
    found = _known(hospital, kind, name)
    return render_template("sources/versions.html", versions=found, now=found[0])


@blueprint.get("/hospitals/<hospital>/sources/<kind>/<name>/versions/<int:version>")
def source_version(hospital: str, kind: str, name: str, version: int) -> str:
    """An older version beside the newest: what restoring it would lose, change and add."""
    now = _known(hospital, kind, name)[0]
    old = drafts.version_of(rows(), hospital, kind, name, version)
    if not old.sha256:
        abort(404)
    difference = _difference(now, files().read(old.sha256))
    return render_template(
        "sources/version.html",
        old=old,
        now=now,
        difference=_shown_difference(difference),
        comparable=bool(now.sha256) and kind in _MERGED,
        most=SHOWN,
    )


@blueprint.post("/hospitals/<hospital>/sources/<kind>/<name>/restore")
def restore_source(hospital: str, kind: str, name: str) -> AnyResponse:
    """An older version again, as a new one."""
    version = request.form.get("version", 0, type=row_number)
    old = drafts.version_of(rows(), hospital, kind, name, version)
    if not old.sha256:
        abort(404)
    content = files().read(old.sha256)
    try:
        _put(kind, name, content, request.form.get("now", 0, type=row_number))
    except drafts.ConflictError as conflict:
        return _ask(hospital, conflict.theirs, content, is_conflict=True)
    flash(say("restored", name=name, version=version))
    return went("source_versions", hospital=hospital, kind=kind, name=name)


# ------------------------------------------------------------------- removing


@blueprint.get("/hospitals/<hospital>/sources/<kind>/<name>/remove")
def removing_source(hospital: str, kind: str, name: str) -> str:
    return _removing(hospital, kind, name, is_conflict=False)


def _removing(hospital: str, kind: str, name: str, *, is_conflict: bool) -> str:
    found = drafts.latest(rows(), hospital, kind, name)
    if not found.sha256:
        abort(404)
    return render_template(
        "sources/removing.html",
        source=found,
        is_conflict=is_conflict,
        hangs=_hanging(hospital, found),
    )


def _hanging(hospital: str, found: drafts.Source) -> dict[str, Any]:
    """What depends on it, as far as that is known: for a drawing by the last build with it."""
    if found.kind in _MERGED:
        count = offload.do(merging.count, found.kind, files().read(found.sha256))
        return {"count": count}
    made = next(
        (
            job
            for job in jobs.last(rows(), hospital, 50)
            if job.state == "done"
            and [found.kind, found.name, found.sha256] in job.request["sources"]
        ),
        None,
    )
    drawn = read_review(files(), made.result).get("drawn", {}) if made else {}
    of_file = [part for name, part in drawn.items() if name.split("/")[0] == found.name]
    # Drawings that were read as one are listed under the name of the first.
    built = [name for kind, name, _ in made.request["sources"] if kind == "drawing"] if made else []
    if not of_file or {name.split("/")[0] for name in drawn} != set(built):
        return {}
    ids = {one for part in of_file for one in part["ids"]}
    corrections = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    hanging = (
        offload.do(drafts.count_of, files().read(corrections.sha256), frozenset(ids))
        if corrections.sha256
        else 0
    )
    return {
        "job": made.id if made else 0,
        "levels": sorted({level for part in of_file for level in part["levels"]}),
        "rooms": sum(part["rooms"] for part in of_file),
        "anchors": sum(part["anchors"] for part in of_file),
        "corrections": hanging,
    }


@blueprint.post("/hospitals/<hospital>/sources/<kind>/<name>/remove")
def remove_source(hospital: str, kind: str, name: str) -> str | AnyResponse:
    try:
        _put(kind, name, None, request.form.get("version", 0, type=row_number))
    except drafts.ConflictError:
        return Response(_removing(hospital, kind, name, is_conflict=True), 409)
    flash(say("removed-can-be-restored", name=name))
    return went("source_versions", hospital=hospital, kind=kind, name=name)
