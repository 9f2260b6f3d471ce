"""Pages about the directory: its rows, one row, and a row that two people have changed."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.directory import fields_of
from navkit.venue.edits import Cells, of_row
from navkit.venue.rooms import Rooms
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import Space, Venue, name_in
from navkit.words.languages import words
from server.builds import drafts, jobs, listed, merging, week
from server.pages.builds import made
from server.pages.console import SHOWN, blueprint, count_pages, went, word
from server.pages.context import deed, files, language, row_number, rows, say

REMEMBERED = 40
"""Versions in which the page of a row looks for its cells. A guess: a day's work."""

MOST_LETTERS = 1_000
"""Of a cell that is only looked at."""


@blueprint.get("/hospitals/<hospital>/directory")
def directory(hospital: str) -> str:
    now = draft(hospital)
    asked = request.args.get("q", "").strip()
    number = max(request.args.get("page", 1, type=row_number), 1)
    content = drafts.content_of(files(), now)
    part = drafts.table_part(content, asked.casefold(), (number - 1) * SHOWN, SHOWN)
    built, venue = newest(hospital)
    rooms = listed.rooms_of(files(), str(built.result["venue"])) if built else None
    shown = [n for n, _ in part.rows]
    return render_template(
        "directory/directory.html",
        table=part,
        fields=fields_of(part.headings),
        shown=part.rows,
        first=(number - 1) * SHOWN,
        meanings=listed.meanings(files(), now, rooms, shown) if content else {},
        number=number,
        count=count_pages(part.count),
        rows_count=part.count,
        asked=asked,
        built=built,
        unlisted=len(listed.unlisted(files(), now, venue, rooms)) if venue and rooms else 0,
        lacking=listed.lacking(drafts.Table(part.headings, ())) if content else [],
        seen=f'{{"directory/{drafts.DIRECTORY}": {now.version}}}',
        there=part.headings or listed.headings(language()),
        in_words=_in_words,
    )


def _in_words(cell: str, field: str) -> str:
    """What a cell shows: the reader's words for a code of the file."""
    if field == "category":
        return str(words(language(), "places")["categories"].get(cell.strip(), cell))
    return word(f"access-{cell.strip()}", cell) if field == "access" else cell


def draft(hospital: str) -> drafts.Source:
    """The newest directory."""
    return drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)


def newest(hospital: str) -> tuple[jobs.Job, Venue] | tuple[None, None]:
    """The newest finished build, and its venue."""
    job = next((job for job in jobs.last(rows(), hospital) if job.state == "done"), None)
    return made(hospital, job.id) if job else (None, None)


@blueprint.get("/hospitals/<hospital>/directory.xlsx")
def directory_workbook(hospital: str) -> Response:
    now = draft(hospital)
    if not now.sha256:
        abort(404)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = Response(listed.as_workbook(files().read(now.sha256)), mimetype=kind)
    response.headers["Content-Disposition"] = "attachment; filename=directory.xlsx"
    return response


# ------------------------------------------------------------------- as it is understood


@blueprint.get("/hospitals/<hospital>/directory/understood")
def directory_understood(hospital: str) -> str:
    job, echoed = _echoed(hospital)
    return render_template(
        "directory/understood.html", job=job, echo=echoed[: SHOWN + 1], count=len(echoed) - 1
    )


@blueprint.get("/hospitals/<hospital>/directory/understood.csv")
def directory_echo(hospital: str) -> Response:
    _, echoed = _echoed(hospital)
    response = Response(as_csv(echoed), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=directory-understood.csv"
    return response


def _echoed(hospital: str) -> tuple[int, Sequence[Cells]]:
    """The number of the newest finished build, and how the directory is understood with its
    rooms: rows to look at first."""
    found = draft(hospital)
    job, venue = newest(hospital)
    if job is None or venue is None or not found.sha256:
        abort(404)
    return job.id, drafts.echoed(files().read(found.sha256), venue, language())


@blueprint.get("/hospitals/<hospital>/directory/meaning")
def row_meaning(hospital: str) -> str:
    """What a row would mean, as a piece of a page: asked for while somebody types."""
    headings = listed.table(files(), draft(hospital), language()).headings
    cells = [cell[:MOST_LETTERS] for cell in request.args.getlist("cell")]
    if len(cells) != len(headings):
        abort(404)
    return render_template("directory/meaning.html", **_meant(hospital, headings, tuple(cells)))


def _meant(hospital: str, headings: Cells, row: Cells) -> dict[str, Any]:
    built, venue = newest(hospital)
    rooms = listed.rooms_of(files(), str(built.result["venue"])) if built else None
    if not any(cell.strip() for cell in row):
        return {"meaning": None}
    meaning = listed.meaning(headings, row, rooms)
    hours = meaning.entry.hours if meaning.entry else None
    return {
        "meaning": meaning,
        "findings": week.of_row(meaning.findings, hours, language()),
        "found": [_at(space, venue, rooms) for space in meaning.spaces] if venue and rooms else [],
        "is_built": bool(built),
        "hours": week.in_words(hours, language()) if hours else "",
        "days": week.days(hours, language()) if hours else [],
    }


def _at(space: Space, venue: Venue, rooms: Rooms) -> str:
    """A room with its building and its storey."""
    level = venue.level_by_id[space.level]
    building = name_in(rooms.buildings.get(level.building, {}), language())
    name = name_in(space.names, language())
    return " ".join(filter(None, (building, level.label, space.ref, name))) or space.id


# ------------------------------------------------------------------- one row


@blueprint.get("/hospitals/<hospital>/directory/<int:number>")
def directory_row(hospital: str, number: int) -> str:
    found = listed.table(files(), draft(hospital), language())
    row = listed.with_row(found, number)
    if not row:
        abort(404)
    return _row_page(hospital, found, number, row, row)


@blueprint.get("/hospitals/<hospital>/directory/new")
def new_row(hospital: str) -> str:
    """An empty row; or one with what a build knows of a place of the drawing."""
    found = listed.table(files(), draft(hospital), language())
    row = [""] * len(found.headings)
    built, venue = newest(hospital)
    place = venue.place_by_id.get(request.args.get("place", "")) if venue else None
    if built and venue and place and place.spaces:
        rooms = listed.rooms_of(files(), str(built.result["venue"]))
        columns = fields_of(found.headings)
        cells = listed.candidate(place, venue, rooms, columns).cells
        row = [cells.get(field, "") for field in columns]
    return _row_page(hospital, found, -1, (), tuple(row))


def _row_page(hospital: str, found: drafts.Table, number: int, seen: Cells, row: Cells) -> str:
    """The form of a row, -1 for a new one, with cells as they are or were typed."""
    _, venue = newest(hospital)
    return render_template(
        "directory/directory_row.html",
        table=found,
        fields=fields_of(found.headings),
        number=number,
        count=len(found.rows),
        row=row,
        seen=seen,
        choices=listed.choices(venue, language()),
        remembered=_remembered(hospital, seen) if seen else [],
        **_meant(hospital, found.headings, row),
    )


def _remembered(hospital: str, row: Cells) -> list[dict[str, Any]]:
    """What has been done to the cells of a row, the newest first."""
    known = listed.history(rows(), files(), hospital, 2**31 - 1, REMEMBERED)
    version_of = {one.source.version: one for one in known}
    pairs = ((one.source.version, one.edits) for one in known)
    return [
        {"version": version_of[v], "number": n, "edit": version_of[v].edits[n]}
        for v, n in of_row(pairs, row)
    ]


@blueprint.post("/hospitals/<hospital>/directory/<int:number>")
def edit_row(hospital: str, number: int) -> str | AnyResponse:
    return _saved(hospital, number)


@blueprint.post("/hospitals/<hospital>/directory/new")
def add_row(hospital: str) -> str | AnyResponse:
    return _saved(hospital, -1)


def _saved(hospital: str, number: int) -> str | AnyResponse:
    cells, seen = _sent("cell"), _sent("seen")
    found = listed.table(files(), draft(hospital), language())
    if "look" in request.form and len(cells) == len(found.headings):
        return _row_page(hospital, found, number, seen, cells)
    try:
        drafts.edit_row(deed(), files(), max(number, 0), seen, cells, found.headings)
    except drafts.RowConflictError as conflict:
        return row_conflict(conflict)
    flash(say("saved"))
    for said in _meant(hospital, found.headings, cells).get("findings", []):
        flash(said.text(language()))
    return went("directory", hospital=hospital)


def _sent(name: str) -> Cells:
    """Cells of a form, in which browsers write every line break as two characters."""
    return tuple(cell.replace("\r\n", "\n") for cell in request.form.getlist(name))


def row_conflict(conflict: drafts.RowConflictError) -> AnyResponse:
    """A row in several versions: as it was, theirs, mine, and both where that is possible."""
    other = conflict.other
    both = other and merging.three_way(conflict.seen, other, conflict.own)
    page = render_template(
        "directory/row_conflict.html", conflict=conflict, theirs=conflict.theirs, both=both
    )
    return Response(page, 409)


@blueprint.post("/hospitals/<hospital>/directory/<int:number>/move")
def move_row(hospital: str, number: int) -> AnyResponse:
    """From a day on, the place of a row is elsewhere."""
    found, seen = listed.table(files(), draft(hospital), language()), _sent("seen")
    if len(seen) != len(found.headings):
        abort(404)
    built, _ = newest(hospital)
    rooms = listed.rooms_of(files(), str(built.result["venue"])) if built else None
    spaces = listed.meaning(found.headings, seen, rooms).spaces
    said = {field: request.form.get(field, "").strip() for field in ("rooms", "building", "floor")}
    known_by = spaces[0].id if spaces else ""
    move = listed.Move(request.form.get("at", ""), known_by=known_by, **said)
    listed.move_row(deed(), files(), number, seen, move, language())
    flash(say("move-prepared"))
    return went("directory", hospital=hospital)


# ------------------------------------------------------------------- one row less, one column more


@blueprint.get("/hospitals/<hospital>/directory/<int:number>/remove")
def removing_row(hospital: str, number: int) -> str:
    return _removing_row(hospital, number, is_conflict=False)


def _removing_row(hospital: str, number: int, *, is_conflict: bool) -> str:
    now = draft(hospital)
    found = listed.table(files(), now, language())
    row = listed.with_row(found, number)
    if not row:
        abort(404)
    return render_template(
        "directory/removing_row.html",
        table=found,
        row=row,
        number=number,
        now=now,
        is_conflict=is_conflict,
    )


@blueprint.post("/hospitals/<hospital>/directory/<int:number>/remove")
def remove_row(hospital: str, number: int) -> str | AnyResponse:
    there = listed.remove_row(deed(), files(), number, _sent("seen"))
    if there is not None and there >= 0:
        return Response(_removing_row(hospital, there, is_conflict=True), 409)
    flash(say("row-removed"))
    return went("directory_history", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/directory/columns")
def add_column(hospital: str) -> AnyResponse:
    listed.add_column(deed(), files(), request.form.get("field", ""), language())
    flash(say("saved"))
    return went("directory", hospital=hospital)
