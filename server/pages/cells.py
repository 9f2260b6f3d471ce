"""Pages about the cells of the directory: who has changed what, taking one back, and saving one
from the table."""

from flask import Response, flash, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.edits import Cells
from navkit.words.findings import NavkitError
from server.builds import drafts, listed, week
from server.data.rows import LARGEST
from server.pages.console import blueprint, went
from server.pages.context import deed, files, language, row_number, rows, say

VERSIONS = 20
"""Per page."""
MOST_EDITS = 100
"""Of one version that a page lists; the rest is counted."""


@blueprint.get("/hospitals/<hospital>/directory/history")
def directory_history(hospital: str) -> str:
    before = request.args.get("before", LARGEST, type=row_number)
    found = listed.history(rows(), files(), hospital, before, VERSIONS)
    return render_template(
        "cells/history.html",
        versions=found,
        most=MOST_EDITS,
        older=found[-1].source.version if found and found[-1].source.version > 1 else 0,
    )


@blueprint.post("/hospitals/<hospital>/directory/take-back")
def take_cell_back(hospital: str) -> AnyResponse:
    version = request.form.get("version", 0, type=row_number)
    number = request.form.get("number", LARGEST, type=row_number)
    listed.take_back(deed(), files(), version, number)
    flash(say("taken-back"))
    return went("directory_history", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/directory/cells.json")
def save_cell(hospital: str) -> Response:
    """A row as the table has it now: `{"number": 3, "seen": [...], "cells": [...]}`."""
    asked = request.get_json(silent=True)
    said = asked if isinstance(asked, dict) else {}
    number = said.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= LARGEST:
        raise NavkitError("request-refused", status="400")
    seen, cells = (_cells(said.get(name)) for name in ("seen", "cells"))
    drafts.edit_row(deed(), files(), number, seen, cells)
    headings = listed.table(
        files(), drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY), language()
    ).headings
    meaning = listed.meaning(headings, cells, None)
    hours = meaning.entry.hours if meaning.entry else None
    findings = week.of_row(meaning.findings, hours, language())
    row = listed.by_field(headings, cells)
    told = [say("saved-row", row=row.get("name", "") or str(number + 1))]
    if hours and row.get("hours", "").strip():
        told.append(say("saved-hours", hours=week.in_words(hours, language())))
    # What only tells how something was read is no trouble.
    told += [one.text(language()) for one in findings if one.severity == "note"]
    wrong = [one.text(language()) for one in findings if one.severity != "note"]
    return jsonify({"cells": cells, "told": " ".join(told), "findings": wrong})


def _cells(said: object) -> Cells:
    if not isinstance(said, list) or not all(isinstance(cell, str) for cell in said):
        raise NavkitError("request-refused", status="400")
    return tuple(said)
