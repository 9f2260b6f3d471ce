"""Pages about corrections: all of them, a new one, and one that conflicts with somebody else's."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.corrections import NOTES
from navkit.words.findings import NavkitError
from server.builds import drafts, jobs, listed, mending, merging
from server.builds.naming import Names
from server.pages import builds, worklist
from server.pages.console import SHOWN, blueprint, count_pages, went, word
from server.pages.context import deed, files, language, row_number, rows, say
from server.pages.directory import row_conflict
from server.pages.sources import in_one_line


@blueprint.get("/hospitals/<hospital>/corrections")
def corrections(hospital: str) -> str:
    found = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    number = request.args.get("page", 1, type=row_number)
    first = (max(number, 1) - 1) * SHOWN
    changes, count = drafts.changes_part(drafts.content_of(files(), found), first, SHOWN)
    names = _names(hospital)
    return render_template(
        "corrections/corrections.html",
        changes=[_shown(change, names) for change in changes],
        version=found.version,
        first=first,
        number=number,
        count=count_pages(count),
    )


def _shown(change: Mapping[str, Any], names: Names | None) -> dict[str, str]:
    """What a change is about and what it says of it, in words and as it stands in the file."""
    said = {key: value for key, value in change.items() if key not in NOTES}
    told = {
        key: _called(value, names) if key in _THINGS else _shown_value(key, value)
        for key, value in said.items()
        if key != "do"
    }
    return {
        "do": change["do"],
        "what": in_one_line(told),
        "code": json.dumps(said, ensure_ascii=False)[1:-1],
        "why": change.get("why", ""),
    }


_THINGS = frozenset({"id", "space", "spaces", "level", "like", "leads", "passage_of", "connector"})
"""Fields that hold ids of a venue."""


def _called(value: Any, names: Names | None) -> Any:
    if isinstance(value, list):
        return [_called(one, names) for one in value]
    return names.called(value, language()) if names and isinstance(value, str) else value


_CODES = {"kind": ("space", "door"), "access": ("access",), "direction": ("direction",)}
"""Fields that hold a code, and with what the words for it begin."""


def _shown_value(name: str, value: Any) -> Any:
    """A code in words; a point as it is; of an outline or a line how many corners it has."""
    for begin in _CODES.get(name, ()):
        if (told := word(f"{begin}-{value}")) != f"{begin}-{value}":
            return told
    is_line = isinstance(value, list) and bool(value) and isinstance(value[0], list)
    return say("of-corners", count=len(value)) if is_line else value


def _names(hospital: str) -> Names | None:
    """What things are called in the newest build; None if there is none."""
    newest = next((one for one in jobs.last(rows(), hospital, 20) if one.state == "done"), None)
    return Names(builds.made(hospital, newest.id)[1]) if newest else None


@blueprint.post("/hospitals/<hospital>/corrections")
def add_correction(hospital: str) -> str | AnyResponse:
    job = request.form.get("job", 0, type=row_number)
    _, venue = builds.made(hospital, job)
    form = {key: value for key, value in request.form.items() if isinstance(value, str)}
    change = mending.change_of(form, venue)
    if change["do"] == "rename" and form.get("row"):
        try:
            return _rename_listed(hospital, job, change)
        except drafts.RowConflictError as conflict:
            return row_conflict(conflict)
    answered = worklist.answered(hospital, job, form.get("answers", ""))
    change |= answered
    try:
        drafts.add_correction(
            deed(),
            files(),
            change,
            request.form.get("version", 0, type=row_number),
            _instead(),
        )
    except drafts.ChangeConflictError as conflict:
        return _change_conflict(conflict)
    flash(say("correction-added", what=say(f"do-{change['do']}")))
    if answered:
        return went("worklist", hospital=hospital, job=job, _anchor=form["answers"])
    level = mending.level_of(venue, form.get("thing", ""))
    if level:
        return went("level", hospital=hospital, job=job, level=level)
    return went("corrections", hospital=hospital)


def _rename_listed(hospital: str, job: int, change: dict[str, Any]) -> AnyResponse:
    """The name of a room in the row of the directory by which patients find it; its number on the
    door, which the drawing knows, as a correction."""
    number = request.form.get("row", 0, type=row_number)
    now = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    seen = listed.with_row(listed.table(files(), now, language()), number)
    if not seen:
        raise NavkitError("no-such-thing", field="row")
    _, venue = builds.made(hospital, job)
    space = venue.space_by_id.get(change["id"])
    before = space.ref if space else ""
    ref = (before, change.get("ref", before))
    listed.renamed(deed(), files(), number, seen, change["names"], ref, language())
    if ref[0] != ref[1]:
        own = {**change, "names": dict(space.names) if space else {}}
        version = request.form.get("version", 0, type=row_number)
        drafts.add_correction(deed(), files(), own, version)
    flash(say("renamed-in-directory", row=number + 2))
    level = mending.level_of(venue, change["id"])
    return went("level", hospital=hospital, job=job, level=level, thing=change["id"])


@blueprint.post("/hospitals/<hospital>/corrections/<int:number>/remove")
def remove_correction(hospital: str, number: int) -> str | AnyResponse:
    version = request.form.get("version", 0, type=row_number)
    drafts.remove_correction(deed(), files(), number, version)
    return went("corrections", hospital=hospital)


# ------------------------------------------------------------------- what two have said


def _change_conflict(conflict: drafts.ChangeConflictError) -> AnyResponse:
    """A change beside somebody else's correction of the same thing."""
    (own,) = conflict.own
    page = render_template(
        "corrections/change_conflict.html",
        theirs=conflict.theirs,
        others=[in_one_line(change) for change in conflict.others],
        own=in_one_line(own),
        instead=[json.dumps(change, ensure_ascii=False) for change in conflict.others],
        both=not any(merging.same_thing(one, own) for one in conflict.others),
        sent=[
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in ("csrf_token", "page", "version", "instead")
        ],
    )
    return Response(page, 409)


def _instead() -> list[dict[str, Any]]:
    """Changes by somebody else that are replaced, as the page of a conflict names them."""
    found = []
    for text in request.form.getlist("instead"):
        try:
            found.append(json.loads(text))
        except (ValueError, RecursionError):
            continue
    return found
