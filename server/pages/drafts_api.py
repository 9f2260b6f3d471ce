"""JSON for programs that keep what a map is made of: directory, files, builds, findings, reports.

A change names the version that its author saw. Described in `openapi.json`, like the rest.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, jsonify, request, send_file

from navkit.venue.directory import fields_of
from navkit.venue.edits import Cells, columns
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import default_language, languages
from server.builds import drafts, jobs, listed
from server.data.rows import LARGEST
from server.pages import builds
from server.pages.api import PAGE, blueprint, number_given, said_in
from server.pages.context import deed, files, rows, upload_limit
from server.press import reports

LAST_BUILDS = 20
"""How many builds are listed."""

_TOLD_APART = ("line", "told")
"""Fields of a report that have other names for programs, as phones send them."""

_OF_SOURCE = "/hospitals/<hospital>/sources/<kind>/<name>"


def _refused() -> NavkitError:
    return NavkitError("request-refused", status="400")


def _page() -> tuple[int, int]:
    """The first and the number after the last of what is asked for."""
    first = number_given("first", usual=0, least=0, most=LARGEST)
    return first, first + number_given("most", usual=PAGE, least=1, most=PAGE)


# ------------------------------------------------------------------- the directory


@blueprint.get("/hospitals/<hospital>/directory", endpoint="directory")
def directory_rows(hospital: str) -> Response:
    """A page of its rows, of the newest version or of an older one."""
    version = number_given("version", usual=0, least=0, most=LARGEST)
    found, table = _table(hospital, version)
    first, last = _page()
    return jsonify(
        {
            "version": found.version,
            "columns": _columns(table),
            "count": len(table.rows),
            "next": last if last < len(table.rows) else None,
            "rows": [
                _row(table, number, row)
                for number, row in enumerate(table.rows[first:last], start=first)
            ],
        }
    )


def _table(hospital: str, version: int = 0) -> tuple[drafts.Source, drafts.Table]:
    """The newest directory, or that version of it."""
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    if version:
        found = drafts.version_of(rows(), hospital, "directory", drafts.DIRECTORY, version)
    if not found.sha256:
        abort(404)
    return found, listed.table(files(), found, default_language())


def _columns(table: drafts.Table) -> list[dict[str, Any]]:
    return [
        {"name": name, "heading": heading, "field": field or None}
        for name, heading, field in zip(
            columns(table.headings), table.headings, fields_of(table.headings), strict=True
        )
    ]


def _row(table: drafts.Table, number: int, row: Cells) -> dict[str, Any]:
    return {"number": number, "cells": listed.by_field(table.headings, row)}


def _cells(table: drafts.Table, before: Cells) -> Cells:
    """The row that a request asks for: cells that it does not name stay as they were."""
    asked = said_in()
    cells = asked.get("cells") if isinstance(asked, dict) else None
    if not isinstance(cells, dict) or not all(isinstance(text, str) for text in cells.values()):
        raise _refused()
    names = columns(table.headings)
    if not set(cells) <= set(names):
        raise NavkitError("form-field", "", field=", ".join(sorted(set(cells) - set(names)))[:80])
    return tuple(cells.get(name, text) for name, text in zip(names, before, strict=True))


def _seen(hospital: str, number: int, version: object) -> tuple[drafts.Table, Cells]:
    """A row as it was in the version that its author saw."""
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= LARGEST:
        raise _refused()
    _, table = _table(hospital, version)
    row = listed.with_row(table, number)
    if not row:
        abort(404)
    return table, row


def _number(text: str) -> int:
    """The number of a row, from the address. Werkzeug's own converter would answer 405 to numbers
    that are too large, where an address has two methods."""
    if not re.fullmatch("[0-9]{1,10}", text) or int(text) > LARGEST:
        abort(404)
    return int(text)


@blueprint.post("/hospitals/<hospital>/directory/rows")
def add_row(hospital: str) -> tuple[Response, int]:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    table = listed.table(files(), found, default_language())
    row = _cells(table, ("",) * len(table.headings))
    made = drafts.edit_row(deed(), files(), 0, (), row, table.headings)
    return _changed(hospital, made, row), 201


@blueprint.put("/hospitals/<hospital>/directory/rows/<number>")
def change_row(hospital: str, number: str) -> Response:
    at = _number(number)
    asked = said_in()
    version = asked.get("version") if isinstance(asked, dict) else None
    table, seen = _seen(hospital, at, version)
    row = _cells(table, seen)
    return _changed(hospital, drafts.edit_row(deed(), files(), at, seen, row), row)


def _changed(hospital: str, made: drafts.Source, row: Cells) -> Response:
    """A row as it is stored, with its number, which others may have moved."""
    _, table = _table(hospital, made.version)
    number = max(n for n, one in enumerate(table.rows) if one == row)
    return jsonify({"version": made.version, "row": _row(table, number, row)})


@blueprint.delete("/hospitals/<hospital>/directory/rows/<number>")
def remove_row(hospital: str, number: str) -> tuple[str, int]:
    at = _number(number)
    version = number_given("version", usual=0, least=0, most=LARGEST)
    _, seen = _seen(hospital, at, version)
    if listed.remove_row(deed(), files(), at, seen) is not None:
        now = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
        raise drafts.ConflictError(now, "")
    return "", 204


# ------------------------------------------------------------------- files


def _source(source: drafts.Source) -> dict[str, Any]:
    said = {name: value for name, value in vars(source).items() if name != "sha256"}
    return {**said, "sha256": source.sha256 or None}


@blueprint.get("/hospitals/<hospital>/sources", endpoint="sources")
def all_sources(hospital: str) -> Response:
    return jsonify([_source(one) for one in drafts.current(rows(), hospital)])


@blueprint.get(f"{_OF_SOURCE}/versions")
def source_versions(hospital: str, kind: str, name: str) -> Response:
    found = drafts.versions(rows(), hospital, kind, name)
    if not found:
        abort(404)
    return jsonify([_source(one) for one in found])


@blueprint.get(_OF_SOURCE)
def source(hospital: str, kind: str, name: str) -> Response:
    """The newest version as a file, or an older one."""
    version = number_given("version", usual=0, least=0, most=LARGEST)
    found = drafts.latest(rows(), hospital, kind, name)
    if version:
        found = drafts.version_of(rows(), hospital, kind, name, version)
    if not found.sha256:
        abort(404)
    response = send_file(
        files().whole(found.sha256), mimetype="application/octet-stream", etag=found.sha256
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@blueprint.put(_OF_SOURCE)
def put_source(hospital: str, kind: str, name: str) -> tuple[Response, int]:
    """A new version, in place of the one that its author saw."""
    upload_limit()
    version = number_given("version", usual=0, least=0, most=LARGEST)
    given = request.files.get("file")
    if kind not in drafts.SUFFIXES or given is None:
        raise _refused()
    content, noticed = drafts.check_content(kind, name, given.read())
    if drafts.clean_name(kind, name) != name:
        raise NavkitError("form-field", "", field="name")
    made = drafts.put(deed(), files(), kind, name, content, version)
    told = [_finding(one) for one in noticed]
    return jsonify({"source": _source(made), "findings": told}), 201


@blueprint.delete(_OF_SOURCE)
def remove_source(hospital: str, kind: str, name: str) -> tuple[str, int]:
    version = number_given("version", usual=0, least=0, most=LARGEST)
    if not drafts.latest(rows(), hospital, kind, name).sha256:
        abort(404)
    drafts.put(deed(), files(), kind, name, None, version)
    return "", 204


# ------------------------------------------------------------------- builds


@blueprint.get("/hospitals/<hospital>/builds", endpoint="builds")
def last_builds(hospital: str) -> Response:
    return jsonify([_build(one) for one in jobs.last(rows(), hospital, LAST_BUILDS)])


@blueprint.post("/hospitals/<hospital>/builds")
def start_build(hospital: str) -> tuple[Response, int]:
    """Of the newest sources; a build of the same sources that exists already is returned."""
    number = builds.start(hospital)
    made = jobs.job(rows(), hospital, number)
    assert made
    return jsonify(_build(made)), 202


@blueprint.get("/hospitals/<hospital>/builds/<int:build>", endpoint="build")
def one_build(hospital: str, build: int) -> Response:
    return jsonify(_build(_job(hospital, build)))


def _job(hospital: str, number: int) -> jobs.Job:
    found = jobs.job(rows(), hospital, number)
    if found is None:
        abort(404)
    return found


def _build(job: jobs.Job) -> dict[str, Any]:
    refusal = None
    if job.state == "failed":
        refusal = _finding(Finding(job.result["code"], job.result["where"], job.result["slots"]))
    sources = [
        {"kind": kind, "name": name, "sha256": sha256}
        for kind, name, sha256 in job.request["sources"]
    ]
    said = {name: getattr(job, name) for name in ("id", "state", "person", "made_ms", "ended_ms")}
    return {**said, "progress": job.progress, "sources": sources, "refusal": refusal}


@blueprint.get("/hospitals/<hospital>/builds/<int:build>/findings")
def findings(hospital: str, build: int) -> Response:
    """A page of what a finished build reports, errors first."""
    job, venue = builds.made(hospital, build)
    groups = builds.review_of(job, venue)["groups"]
    code = request.args.get("code", "")
    if code:
        groups = [group for group in groups if group["code"] == code]
    first, last = _page()
    count = sum(group["count"] for group in groups)
    found = []
    at = 0
    for group in groups:
        if at < last and at + group["count"] > first:
            whole = list(_whole(job, group))
            found += whole[max(0, first - at) : last - at]
        at += group["count"]
    return jsonify(
        {
            "count": count,
            "next": last if last < count else None,
            "findings": [_told(row) for row in found],
        }
    )


def _whole(job: jobs.Job, group: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All findings of one code; of builds by older servers the first ones."""
    kept = job.result.get("findings", {}).get(group["code"])
    if kept is None:
        yield from group["rows"]
    for page in kept or ():
        yield from json.loads(files().read(page))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    said = row["finding"]
    one = Finding(said["code"], said["where"], said["slots"])
    about = {name: row.get(name) or None for name in ("thing", "level", "line")}
    return {**_finding(one), **about, "severity": said["severity"]}


def _finding(one: Finding) -> dict[str, Any]:
    language = request.args.get("language", default_language())
    if language not in languages():
        raise _refused()
    try:
        text = one.text(language)
    except KeyError:  # Of an older server.
        text = one.code
    return {"code": one.code, "severity": one.severity, "where": one.where, "text": text}


# ------------------------------------------------------------------- reports from phones


@blueprint.get("/hospitals/<hospital>/reports", endpoint="reports")
def waiting_reports(hospital: str) -> Response:
    """Those that nobody has settled, the newest first."""
    return jsonify(
        [
            {
                **{name: text for name, text in vars(one).items() if name not in _TOLD_APART},
                "from": list(one.line[0]),
                "to": list(one.line[1]),
                "text": one.told,
            }
            for one in reports.waiting(rows(), hospital)
        ]
    )


@blueprint.post("/hospitals/<hospital>/reports/<report>/settle")
def settle_report(hospital: str, report: str) -> tuple[str, int]:
    reports.settle(deed(), report)
    return "", 204
