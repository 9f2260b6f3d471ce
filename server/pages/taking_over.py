"""Pages on which the directory takes rows over: pasted from a spreadsheet, or from the drawing."""

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.directory import fields_of
from server.builds import drafts, listed
from server.pages import sources
from server.pages.console import SHOWN, blueprint, count_pages, went
from server.pages.context import deed, files, language, row_number, say
from server.pages.directory import draft, newest


@blueprint.post("/hospitals/<hospital>/directory/paste")
def paste(hospital: str) -> str | AnyResponse:
    """Rows are added, and those with the id or name of an existing row change it, once somebody
    has seen which."""
    text = request.form.get("pasted", "")
    now = draft(hospital)
    there = listed.table(files(), now, language()).headings
    content = listed.pasted(text, there)
    drafts.check_content("directory", drafts.DIRECTORY, content)
    return sources.add_part(hospital, now, content, text)


@blueprint.get("/hospitals/<hospital>/directory/drawn")
def drawn_places(hospital: str) -> str:
    found, candidates = _candidates(hospital)
    number = max(request.args.get("page", 1, type=row_number), 1)
    first = (number - 1) * SHOWN
    known = fields_of(found.headings)
    columns = [
        field for field in ("name", "rooms", "floor", "name_en", "category") if field in known
    ]
    return render_template(
        "taking_over/drawn.html",
        table=found,
        columns=columns,
        candidates=candidates[first : first + SHOWN],
        named=sum(one.is_named for one in candidates),
        number=number,
        count=count_pages(len(candidates)),
        asked="",
        all=len(candidates),
    )


def _candidates(hospital: str) -> tuple[drafts.Table, list[listed.Candidate]]:
    """The directory's table, and the places of the newest build that it lacks: with a name first,
    in the order of the drawing."""
    built, venue = newest(hospital)
    if built is None or venue is None:
        abort(404)
    now = draft(hospital)
    found = listed.table(files(), now, language())
    rooms = listed.rooms_of(files(), str(built.result["venue"]))
    columns = fields_of(found.headings)
    made = [
        listed.candidate(place, venue, rooms, columns)
        for place in listed.unlisted(files(), now, venue, rooms)
    ]
    return found, sorted(made, key=lambda one: not one.is_named)


@blueprint.post("/hospitals/<hospital>/directory/drawn")
def take_over(hospital: str) -> AnyResponse:
    """One place, or all that have a name."""
    _, candidates = _candidates(hospital)
    wanted = request.form.get("place", "")
    taken = [
        one for one in candidates if one.is_named and (one.id == wanted or "all" in request.form)
    ]
    if not taken:
        abort(404)
    listed.take_over(deed(), files(), taken, language())
    flash(say("taken-over", count=len(taken)))
    return went("drawn_places" if len(taken) == 1 else "directory", hospital=hospital)
