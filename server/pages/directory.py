"""Pages about the directory: its rows, one row, and a row that two people have changed."""

from collections.abc import Sequence

from flask import Response, abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.spreadsheet import as_csv
from server.builds import drafts, jobs, merging
from server.pages.builds import made
from server.pages.console import SHOWN, blueprint, went
from server.pages.context import deed, files, language, rows, say


@blueprint.get("/hospitals/<hospital>/directory")
def directory(hospital: str) -> str:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    asked = request.args.get("q", "").strip().casefold()
    table = drafts.table_part(drafts.content_of(files(), found), asked, SHOWN)
    return render_template(
        "directory/directory.html",
        table=table,
        shown=table.rows,
        count=table.count,
        asked=asked,
        built=_newest_build(hospital),
    )


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


def _echoed(hospital: str) -> tuple[int, Sequence[drafts.Cells]]:
    """The number of the newest finished build, and how the directory is understood with its
    rooms: rows to look at first."""
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    job = _newest_build(hospital)
    if job is None or not found.sha256:
        abort(404)
    _, venue = made(hospital, job.id)
    return job.id, drafts.echoed(files().read(found.sha256), venue, language())


def _newest_build(hospital: str) -> jobs.Job | None:
    """The newest one that is finished."""
    return next((job for job in jobs.last(rows(), hospital) if job.state == "done"), None)


@blueprint.get("/hospitals/<hospital>/directory/<int:number>")
def directory_row(hospital: str, number: int) -> str:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    table = drafts.table_row(drafts.content_of(files(), found), number)
    if not table.rows:
        abort(404)
    return render_template(
        "directory/directory_row.html", table=table, number=number, row=table.rows[0]
    )


@blueprint.post("/hospitals/<hospital>/directory/<int:number>")
def edit_row(hospital: str, number: int) -> str | AnyResponse:
    cells = request.form.getlist("cell")
    try:
        drafts.edit_row(deed(), files(), number, request.form.getlist("seen"), cells)
    except drafts.RowConflictError as conflict:
        return _row_conflict(conflict)
    flash(say("saved"))
    return went("directory", hospital=hospital)


def _row_conflict(conflict: drafts.RowConflictError) -> AnyResponse:
    """A row in several versions: as it was, theirs, mine, and both where that is possible."""
    other = conflict.other
    both = other and merging.three_way(conflict.seen, other, conflict.own)
    page = render_template(
        "directory/row_conflict.html", conflict=conflict, theirs=conflict.theirs, both=both
    )
    return Response(page, 409)
