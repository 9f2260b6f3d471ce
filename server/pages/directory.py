"""Pages about the directory: its rows, one row, and a row that two people have changed."""

from flask import Response, abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.builds import drafts, merging
from server.pages.console import SHOWN, blueprint, went
from server.pages.context import deed, files, rows, say


@blueprint.get("/hospitals/<hospital>/directory")
def directory(hospital: str) -> str:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    asked = request.args.get("q", "").strip().casefold()
    table = drafts.table_part(drafts.content_of(files(), found), asked, SHOWN)
    return render_template(
        "directory/directory.html", table=table, shown=table.rows, count=table.count, asked=asked
    )


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
