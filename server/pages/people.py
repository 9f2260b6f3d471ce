"""The page of all accounts, for administrators."""

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.words.findings import NavkitError
from server.data.rows import Row
from server.pages import telling
from server.pages.console import blueprint, went
from server.pages.context import deed, language, person, rows, say
from server.press import publishing
from server.staff import audit, factors, people
from server.staff.roles import roles


@blueprint.get("/people", endpoint="people")
def people_page() -> str:
    audit.looked(deed(), "look-people")
    return render_template(
        "people/people.html",
        people=[row for row in people.everyone(rows()) if _mine(row)],
        roles=list(roles()),
        demanded=factors.demanded(rows()),
        hospitals=publishing.hospitals(rows()),
    )


def _mine(row: Row) -> bool:
    """An administrator of one hospital sees only its people."""
    return person().hospital in ("", row["hospital"])


@blueprint.post("/people")
def add_person() -> AnyResponse:
    people.add(
        deed(),
        request.form.get("name", ""),
        request.form.get("password", ""),
        request.form.get("role", ""),
        shown=request.form.get("shown", ""),
        hospital=person().hospital or request.form.get("hospital", ""),
    )
    flash(say("saved"))
    return went("people")


def _whom(number: int) -> Row:
    row = next((one for one in people.everyone(rows()) if one["id"] == number), None)
    if row is None or not _mine(row):
        abort(404)
    return row


def _another(number: int) -> Row:
    """Somebody else: one's own password and factor are changed by whoever knows the current
    ones."""
    row = _whom(number)
    if number == person().id:
        raise NavkitError("own-account")
    return row


@blueprint.post("/people/<int:number>")
def change_person(number: int) -> AnyResponse:
    password = request.form.get("password", "")
    row = _another(number) if password else _whom(number)
    changed = people.change(
        deed(),
        number,
        role=request.form.get("role", ""),
        barred={"yes": True, "no": False}.get(request.form.get("barred", "")),
        password=password,
    )
    told = [*telling.changes(language(), changed), *([say("password-given")] if password else [])]
    what = "; ".join(told)
    flash(say("changed-person", name=row["name"], what=what) if what else say("nothing-changed"))
    return went("people")


@blueprint.post("/people/<int:number>/factor")
def reset_factor(number: int) -> AnyResponse:
    row = _another(number)
    factors.reset(deed(), number)
    flash(say("factor-reset", name=row["name"]))
    return went("people")


@blueprint.post("/people/factors")
def demand_factor() -> AnyResponse:
    # It applies to every hospital.
    if person().hospital:
        abort(403)
    wanted = request.form.getlist("demanded")
    if not set(wanted) <= set(roles()):
        raise NavkitError("no-such-person")
    factors.demand(deed(), wanted)
    flash(say("saved"))
    return went("people")
