"""The page of the audit log, and the log as a file."""

from collections.abc import Iterator

from flask import Response, render_template, request

from server.data.rows import LARGEST, connect
from server.pages import telling
from server.pages.console import blueprint
from server.pages.context import deed, language, person, row_number, rows, settings
from server.staff import audit
from server.words.saying import book

MOST_ENTRIES = 300
"""Per page."""


@blueprint.get("/log", endpoint="log")
def audit_log() -> str:
    audit.looked(deed(), "look-log")
    before = request.args.get("before", LARGEST, type=row_number)
    found = audit.last(rows(), MOST_ENTRIES, person().hospital, before)
    newest = audit.last(rows(), 1)
    return render_template(
        "audit_log/log.html",
        entries=found,
        broken=audit.check(rows()),
        newest=newest[0]["hash"] if newest else "",
        older=found[-1]["number"] if len(found) == MOST_ENTRIES else 0,
        told_entry=lambda row: telling.told(language(), row),
    )


@blueprint.get("/log/export.<any(csv, jsonl):form>")
def export_log(form: str) -> Response:
    with rows().write():
        audit.note(deed(), "export-log", form=form)
    lines = _exported(form, settings().address, person().hospital, language())
    kind = "application/jsonl" if form == "jsonl" else "text/csv"
    response = Response(lines, mimetype=kind)
    response.headers["Content-Disposition"] = f"attachment; filename=navkit-log.{form}"
    return response


def _exported(form: str, address: str, hospital: str, tongue: str) -> Iterator[str]:
    """Line by line, on a connection of its own: that of the request is closed by then."""
    own, words = connect(address), book(tongue)
    try:
        found = audit.every(own, hospital)
        if form == "jsonl":
            yield from audit.as_lines(found)
        else:
            yield from audit.as_csv(
                found,
                lambda row: words.get(f"deed-{row['action']}", row["action"]),
                lambda row: "; ".join(telling.told(tongue, row)),
            )
    finally:
        own.close()
