"""The page of reports from phones."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response as AnyResponse

from server.builds import jobs, mending
from server.builds.venues import venue_of
from server.pages.console import blueprint, profile_names, went
from server.pages.context import deed, files, rows
from server.press import publishing, reports


@blueprint.get("/hospitals/<hospital>/reports", endpoint="reports")
def reports_page(hospital: str) -> str:
    shown = [_traced(hospital, one) for one in reports.waiting(rows(), hospital)[:200]]
    return render_template("reports/reports.html", reports=shown, profiles=profile_names())


def _traced(hospital: str, report: reports.Report) -> dict[str, Any]:
    """A report with the version and the room that it is about, if they are still known."""
    told = {"report": report, "version": 0, "job": 0, "level": report.level, "thing": ""}
    for row in publishing.history(rows(), hospital):
        made = jobs.job(rows(), hospital, row["job"]) if row["state"] == "published" else None
        if made is None or not made.result["parts"][0][2].startswith(report.bundle):
            continue
        venue = venue_of(files(), made.result["venue"])
        if venue and report.level in venue.level_by_id:
            told |= {"version": row["version"], "job": made.id}
            told["level"] = venue.level_by_id[report.level].label
            told["thing"] = mending.space_at(venue, report.level, report.line[0])
        break
    return told


@blueprint.post("/hospitals/<hospital>/reports/<report>/settle")
def settle_report(hospital: str, report: str) -> AnyResponse:
    reports.settle(deed(), report)
    return went("reports", hospital=hospital)
