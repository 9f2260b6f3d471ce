"""Pages about publications: a second person's yes or no, the history, undoing, an old draft."""

import json
from collections.abc import Sequence

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.builds import drafts, jobs
from server.pages.console import SHOWN, blueprint, count_pages, went
from server.pages.context import deed, files, row_number, rows, say, settings
from server.pages.sources import seen_in
from server.press import publishing


@blueprint.post("/hospitals/<hospital>/publications/<int:publication>")
def decide(hospital: str, publication: int) -> AnyResponse:
    if request.form.get("decision") == "no":
        publishing.decline(deed(), publication)
        flash(say("declined"))
        return went("history", hospital=hospital)
    version = publishing.approve(
        deed(),
        settings().press,
        publication,
        request.form.getlist("seen"),
        request.form.get("passphrase", ""),
    )
    flash(say("published-now", version=version))
    return went("history", hospital=hospital)


@blueprint.get("/hospitals/<hospital>/history")
def history(hospital: str) -> str:
    found = publishing.history(rows(), hospital)
    number = request.args.get("page", 1, type=row_number)
    first = (max(number, 1) - 1) * SHOWN
    return render_template(
        "publications/history.html",
        publications=found[first : first + SHOWN],
        now=publishing.published(rows(), hospital),
        number=number,
        count=count_pages(len(found)),
    )


@blueprint.post("/hospitals/<hospital>/undo")
def undo(hospital: str) -> AnyResponse:
    version = request.form.get("version", 0, type=row_number)
    new = publishing.undo(
        deed(),
        settings().press,
        version,
        request.form.get("passphrase", ""),
    )
    flash(say("undone", version=version, new=new))
    if drafts.apart(drafts.current(rows(), hospital), _made_of(hospital, version)):
        return went("restoring_draft", hospital=hospital, version=version)
    return went("history", hospital=hospital)


# ------------------------------------------------------------------- the draft of a publication


def _made_of(hospital: str, version: int) -> Sequence[tuple[str, str, str]]:
    """The sources of a publication: kind, name and hash of each."""
    row = next(
        (r for r in publishing.history(rows(), hospital) if version and r["version"] == version),
        None,
    )
    made = jobs.job(rows(), hospital, row["job"]) if row else None
    if made is None:
        abort(404)
    return [(kind, name, sha256) for kind, name, sha256 in made.request["sources"]]


@blueprint.get("/hospitals/<hospital>/history/<int:version>/draft")
def restoring_draft(hospital: str, version: int) -> str:
    now = drafts.current(rows(), hospital)
    changes = drafts.apart(now, _made_of(hospital, version))
    has = {(source.kind, source.name) for source in now}
    return render_template(
        "publications/restoring.html",
        version=version,
        changes=[
            (kind, name, "removed" if not sha256 else "altered" if (kind, name) in has else "added")
            for kind, name, sha256 in changes
        ],
        seen=json.dumps({f"{s.kind}/{s.name}": s.version for s in now}),
    )


@blueprint.post("/hospitals/<hospital>/history/<int:version>/draft")
def restore_draft(hospital: str, version: int) -> AnyResponse:
    """The sources as they were when that version was built; the current ones stay in versions."""
    wanted, seen = _made_of(hospital, version), seen_in(request.form.get("seen", ""))
    count = drafts.restore(deed(), files(), wanted, seen)
    flash(say("draft-restored", version=version, count=count))
    return went("hospital", hospital=hospital)
