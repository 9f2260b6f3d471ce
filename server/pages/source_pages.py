"""Pages on what staff have put in: uploads, their versions, removing, and what two have changed.

What would take something away is asked about first, and put in once somebody has answered. What
waits for an answer is named by a signed word, so that nobody can take a file of another hospital.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file
from flask import url_for as address_of
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response as AnyResponse

from navkit.words.findings import Finding, NavkitError
from server.builds import beside, drafts, jobs, merging
from server.builds.building import read_review
from server.data.files import Files
from server.pages.context import (
    deed,
    language,
    person,
    row_number,
    rows,
    say,
    session_keys,
    settings,
    upload_limit,
)
from server.press import publishing
from server.words.saying import book

SHOWN = 50
"""Of each list of what would change; the rest is counted."""
WAITS_S = 24 * 3600
"""For an answer. Somebody who comes back the next day chooses the file again."""

_MERGED = ("corrections", "directory")
"""Kinds of which two versions can be put into one."""


def add_to(blueprint: Blueprint) -> None:
    """The pages of this module, to the console."""
    base = "/hospitals/<hospital>/sources"
    one = f"{base}/<kind>/<name>"
    for method, path, view in (
        ("POST", base, upload),
        ("GET", one, source),
        ("GET", f"{one}/versions", source_versions),
        ("GET", f"{one}/versions/<int:version>", source_version),
        ("POST", f"{one}/restore", restore_source),
        ("GET", f"{one}/remove", removing_source),
        ("POST", f"{one}/remove", remove_source),
        ("POST", f"{one}/replace", replace_source),
        ("GET", "/hospitals/<hospital>/history/<int:version>/draft", restoring_draft),
        ("POST", "/hospitals/<hospital>/history/<int:version>/draft", restore_draft),
    ):
        blueprint.add_url_rule(path, view_func=view, methods=[method])


def _went(endpoint: str, **values: Any) -> AnyResponse:
    return redirect(address_of(f"console.{endpoint}", **values), 303)


def _files() -> Files:
    return settings().press.files


def _put(kind: str, name: str, content: bytes | None, version: int) -> None:
    drafts.put(deed(), _files(), kind, name, content, version)


# ------------------------------------------------------------------- uploads


@dataclass(frozen=True)
class _Waiting:
    """What somebody has uploaded, and is asked about."""

    hospital: str
    kind: str
    name: str
    sha256: str
    person: int
    version: int
    """Of what it would replace, as the question shows it."""


def _signer() -> URLSafeTimedSerializer:
    # The last of a list is what itsdangerous signs with.
    return URLSafeTimedSerializer(list(reversed(session_keys())), salt="navkit-waiting")


def _word(waiting: _Waiting) -> str:
    said = _signer().dumps(list(vars(waiting).values()))
    return said if isinstance(said, str) else said.decode("ascii")


def _waiting(word: str, hospital: str, kind: str, name: str) -> _Waiting:
    """What that word names; `NavkitError` where it is of another person or another source."""
    try:
        waiting = _Waiting(*_signer().loads(word, max_age=WAITS_S))
    except (BadData, TypeError):
        raise NavkitError("upload-forgotten") from None
    here = (waiting.hospital, waiting.kind, waiting.name, waiting.person)
    if here != (hospital, kind, name, person().id):
        raise NavkitError("upload-forgotten")
    return waiting


def upload(hospital: str) -> str | AnyResponse:
    upload_limit()
    kind = request.form.get("kind", "")
    seen = _seen(request.form.get("seen", ""))
    given = [file for file in request.files.getlist("files") if file.filename]
    if not given or kind not in drafts.SUFFIXES:
        raise NavkitError("upload-empty")
    # All are looked at before any is put in.
    contents = []
    for file in given:
        name, content = drafts.clean_name(kind, file.filename or ""), file.read()
        drafts.check_content(kind, drafts.shown_name(file.filename or ""), content)
        contents.append((name, content))
    for name, content in contents:
        now = drafts.latest(rows(), hospital, kind, name)
        if _is_doubtful(now, content):
            return _ask(hospital, now, content, is_conflict=_differs(now, seen))
        try:
            _put(kind, name, content, seen.get(f"{kind}/{name}", 0))
        except drafts.ConflictError as conflict:
            return _ask(hospital, conflict.theirs, content, is_conflict=True)
    flash(say("uploaded", count=len(contents)))
    return _went("hospital", hospital=hospital)


def _differs(now: drafts.Source, seen: Mapping[str, int]) -> bool:
    """Whether somebody has changed it since the form was shown."""
    return bool(now.sha256) and now.version != seen.get(f"{now.kind}/{now.name}", 0)


def _seen(text: str) -> dict[str, int]:
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


def _wrong_rows(kind: str, content: bytes) -> list[Finding]:
    """What the next build would say of a directory's rows."""
    return list(_rows_wrong(content)) if kind == "directory" else []


# Asked for twice within a request: whether somebody must look, and what is shown then.
@lru_cache(maxsize=4)
def _rows_wrong(content: bytes) -> tuple[Finding, ...]:
    return tuple(beside.do(drafts.wrong_rows, content))


@lru_cache(maxsize=4)
def _compared(kind: str, now: bytes, new: bytes) -> merging.Difference:
    return beside.do(merging.difference, kind, now, new)


def _is_doubtful(now: drafts.Source, content: bytes) -> bool:
    """Whether somebody must look before it is put in."""
    if any(finding.severity != "note" for finding in _wrong_rows(now.kind, content)):
        return True
    return bool(now.sha256) and _difference(now, content).takes_away


def _difference(now: drafts.Source, content: bytes) -> merging.Difference:
    if not now.sha256:
        return merging.Difference()
    return _compared(now.kind, _files().read(now.sha256), content)


def _ask(hospital: str, now: drafts.Source, content: bytes, *, is_conflict: bool) -> AnyResponse:
    """What putting it in would lose, change and add: instead of it, with it, or leave it."""
    waiting = _Waiting(
        hospital, now.kind, now.name, _files().keep(content), person().id, now.version
    )
    page = render_template(
        "asking.html",
        now=now,
        is_conflict=is_conflict,
        word=_word(waiting),
        difference=_shown_difference(_difference(now, content)),
        findings=_wrong_rows(now.kind, content)[:SHOWN],
        mergeable=bool(now.sha256) and now.kind in _MERGED,
        most=SHOWN,
    )
    return Response(page, 409 if is_conflict else 200)


def _shown_difference(found: merging.Difference) -> dict[str, Any]:
    """Each list as lines, and how many there are."""
    changed = [_shown_change(old, new) for old, new in found.changed]
    lists = {"lost": [*map(shown, found.lost)], "added": [*map(shown, found.added)]}
    return {
        how: {"count": len(lines), "lines": lines[:SHOWN]}
        for how, lines in (("lost", lists["lost"]), ("changed", changed), ("added", lists["added"]))
    }


def shown(item: Mapping[str, Any]) -> str:
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
    """What tells two of the same thing apart, led by what it is."""
    names = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    same = {key: value for key, value in new.items() if key not in names}
    lead = shown({key: same[key] for key in ("do", "id", "name") if key in same})
    parts = (
        f"{_shown_field(key, old.get(key, '–'))} → {_shown_value(new.get(key, '–'))}"
        for key in names
    )
    return " · ".join(filter(None, [lead, *parts]))[:400]


def replace_source(hospital: str, kind: str, name: str) -> str | AnyResponse:
    """The answer: instead of what is there, or with it. What is replaced stays in the versions."""
    waiting = _waiting(request.form.get("mine", ""), hospital, kind, name)
    mine = _files().read(waiting.sha256)
    now = drafts.version_of(rows(), hospital, kind, name, waiting.version)
    content = mine
    if request.form.get("how") == "both" and kind in _MERGED and now.sha256:
        content = beside.do(merging.merged, kind, _files().read(now.sha256), mine)
    drafts.check_content(kind, name, content)
    try:
        _put(kind, name, content, waiting.version)
    except drafts.ConflictError as conflict:
        return _ask(hospital, conflict.theirs, mine, is_conflict=True)
    flash(say("uploaded", count=1))
    return _went("hospital", hospital=hospital)


# ------------------------------------------------------------------- versions


def source(hospital: str, kind: str, name: str) -> Response:
    found = drafts.latest(rows(), hospital, kind, name)
    version = request.args.get("version", type=row_number)
    if version:
        found = drafts.version_of(rows(), hospital, kind, name, version)
    if not found.sha256:
        abort(404)
    sheet = _files().read(found.sha256) if kind == "directory" else b""
    response = send_file(
        BytesIO(drafts.opened_by_people(kind, sheet)) if sheet else _files().whole(found.sha256),
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


def source_versions(hospital: str, kind: str, name: str) -> str:
    found = _known(hospital, kind, name)
    return render_template("versions.html", versions=found, now=found[0])


def source_version(hospital: str, kind: str, name: str, version: int) -> str:
    """An older version beside the newest: what restoring it would lose, change and add."""
    now = _known(hospital, kind, name)[0]
    old = drafts.version_of(rows(), hospital, kind, name, version)
    if not old.sha256:
        abort(404)
    difference = _difference(now, _files().read(old.sha256))
    return render_template(
        "version.html",
        old=old,
        now=now,
        difference=_shown_difference(difference),
        comparable=bool(now.sha256) and kind in _MERGED,
        most=SHOWN,
    )


def restore_source(hospital: str, kind: str, name: str) -> AnyResponse:
    """An older version again, as a new one."""
    version = request.form.get("version", 0, type=row_number)
    old = drafts.version_of(rows(), hospital, kind, name, version)
    if not old.sha256:
        abort(404)
    content = _files().read(old.sha256)
    try:
        _put(kind, name, content, request.form.get("now", 0, type=row_number))
    except drafts.ConflictError as conflict:
        return _ask(hospital, conflict.theirs, content, is_conflict=True)
    flash(say("restored", name=name, version=version))
    return _went("source_versions", hospital=hospital, kind=kind, name=name)


# ------------------------------------------------------------------- removing


def removing_source(hospital: str, kind: str, name: str) -> str:
    return _removing(hospital, kind, name, is_conflict=False)


def _removing(hospital: str, kind: str, name: str, *, is_conflict: bool) -> str:
    found = drafts.latest(rows(), hospital, kind, name)
    if not found.sha256:
        abort(404)
    return render_template(
        "removing.html", source=found, is_conflict=is_conflict, hangs=_hanging(hospital, found)
    )


def _hanging(hospital: str, found: drafts.Source) -> dict[str, Any]:
    """What is lost with it, as far as that is known: of a drawing by the last build with it."""
    if found.kind in _MERGED:
        count = beside.do(merging.count, found.kind, _files().read(found.sha256))
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
    drawn = read_review(_files(), made.result).get("drawn", {}) if made else {}
    of_file = [part for name, part in drawn.items() if name.split("/")[0] == found.name]
    # Drawings that were read as one are told under the name of the first.
    files = [name for kind, name, _ in made.request["sources"] if kind == "drawing"] if made else []
    if not of_file or {name.split("/")[0] for name in drawn} != set(files):
        return {}
    ids = {one for part in of_file for one in part["ids"]}
    corrections = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    hanging = (
        beside.do(drafts.count_of, _files().read(corrections.sha256), frozenset(ids))
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


def remove_source(hospital: str, kind: str, name: str) -> str | AnyResponse:
    try:
        _put(kind, name, None, request.form.get("version", 0, type=row_number))
    except drafts.ConflictError:
        return Response(_removing(hospital, kind, name, is_conflict=True), 409)
    flash(say("removed-can-be-restored", name=name))
    return _went("source_versions", hospital=hospital, kind=kind, name=name)


# ------------------------------------------------------------------- the draft of a publication


def _made_of(hospital: str, version: int) -> Sequence[tuple[str, str, str]]:
    """What a publication was made of: kind, name and hash of each source."""
    row = next(
        (r for r in publishing.history(rows(), hospital) if version and r["version"] == version),
        None,
    )
    made = jobs.job(rows(), hospital, row["job"]) if row else None
    if made is None:
        abort(404)
    return [(kind, name, sha256) for kind, name, sha256 in made.request["sources"]]


def restoring_draft(hospital: str, version: int) -> str:
    now = drafts.current(rows(), hospital)
    changes = drafts.apart(now, _made_of(hospital, version))
    has = {(source.kind, source.name) for source in now}
    return render_template(
        "restoring.html",
        version=version,
        changes=[
            (kind, name, "removed" if not sha256 else "altered" if (kind, name) in has else "added")
            for kind, name, sha256 in changes
        ],
        seen=json.dumps({f"{s.kind}/{s.name}": s.version for s in now}),
    )


def restore_draft(hospital: str, version: int) -> AnyResponse:
    """The sources as they were when that version was built; what is there now stays in versions."""
    wanted, seen = _made_of(hospital, version), _seen(request.form.get("seen", ""))
    count = drafts.restore(deed(), _files(), wanted, seen)
    flash(say("draft-restored", version=version, count=count))
    return _went("hospital", hospital=hospital)


# ------------------------------------------------------------------- what two have changed


def row_conflict(conflict: drafts.RowConflictError) -> AnyResponse:
    """A row beside the same row: as it was, theirs, mine, and both where that can be."""
    other = conflict.other
    both = other and merging.three_way(conflict.seen, other, conflict.own)
    page = render_template(
        "row_conflict.html", conflict=conflict, theirs=conflict.theirs, both=both
    )
    return Response(page, 409)


def change_conflict(conflict: drafts.ChangeConflictError) -> AnyResponse:
    """A change beside what somebody else has said of the same thing."""
    page = render_template(
        "change_conflict.html",
        theirs=conflict.theirs,
        others=[shown(change) for change in conflict.others],
        own=shown(conflict.own),
        instead=[json.dumps(change, ensure_ascii=False) for change in conflict.others],
        both=not any(merging.same_thing(one, conflict.own) for one in conflict.others),
        sent=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("csrf_token", "page", "version", "instead")
        ],
    )
    return Response(page, 409)


def instead() -> list[dict[str, Any]]:
    """Changes of somebody else that go, as the page of a conflict names them."""
    found = []
    for text in request.form.getlist("instead"):
        try:
            found.append(json.loads(text))
        except (ValueError, RecursionError):
            continue
    return found
