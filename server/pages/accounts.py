"""Pages of the console about people: one's own account, everybody's, and the log.

They hang on the console's blueprint.
"""

from collections.abc import Iterator
from typing import Any

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from exporter.paper.anchors import modules
from navkit.words.findings import NavkitError
from server.data.rows import LARGEST, Row, connect
from server.pages import browsers, context, telling
from server.pages.console import blueprint
from server.pages.context import deed, language, now_ms, person, row_number, rows, say, settings
from server.press import publishing
from server.staff import audit, duties, factors, people, sessions, tokens
from server.staff.roles import roles
from server.words.saying import book

__all__ = ["blueprint"]


def _went(endpoint: str) -> AnyResponse:
    """To the page that shows what was done."""
    return redirect(url_for(f"console.{endpoint}"), 303)


def _typed_again() -> None:
    """`NavkitError` where the password in the form is not that of whoever is signed in."""
    typed = request.form.get("old", "")
    address = request.remote_addr or ""
    try:
        people.confirm(deed(), typed, address, context.device())
    except NavkitError as refused:
        if refused.finding.code == "sign-in-wrong":
            raise NavkitError("old-password-wrong", field="old") from None
        raise


def _secret() -> str:
    """Of the session in hand."""
    return str(session.get("secret", ""))


# ------------------------------------------------------------------- one's own account


def _account(secret: str = "") -> str:
    """The page; with the secret of a token that was made just now."""
    mine = sessions.listed(rows(), now_ms(), person().id)
    here = sessions.key_of(_secret())
    return render_template(
        "account.html",
        tokens=tokens.listed(rows(), now_ms(), person()),
        secret=secret,
        days=tokens.CHOICES_DAYS,
        usual_days=tokens.USUAL_DAYS,
        sessions=[{**row, "is_here": row["hash"] == here} for row in mine],
        kind_of=browsers.kind_of,
        has_factor=factors.is_there(rows(), person().id),
        recovery_left=factors.recovery_left(rows(), person().id),
        is_demanded=person().role in factors.demanded(rows()),
    )


@blueprint.get("/account")
def account() -> str:
    return _account()


@blueprint.get("/account/password")
def password() -> str:
    return render_template("password.html")


@blueprint.post("/account/password")
def change_password() -> AnyResponse:
    _typed_again()
    new = request.form.get("password", "")
    secret = people.change_own_password(deed(), new, _secret())
    session["secret"] = secret
    flash(say("password-changed"))
    return _went("account")


@blueprint.post("/account/tokens")
def add_token() -> str:
    _typed_again()
    label = request.form.get("label", "")
    days = request.form.get("days", tokens.USUAL_DAYS, type=row_number)
    return _account(tokens.add(deed(), label, days))


@blueprint.post("/account/tokens/<int:token>/withdraw")
def withdraw_token(token: int) -> AnyResponse:
    if not tokens.withdraw(deed(), token):
        abort(404)
    return _went("account")


@blueprint.post("/account/sessions/end")
def end_session() -> AnyResponse:
    if not people.end_session(deed(), request.form.get("session", "")):
        abort(404)
    flash(say("session-ended"))
    return _went("account")


@blueprint.post("/account/sessions/end-others")
def end_other_sessions() -> AnyResponse:
    people.end_other_sessions(deed(), _secret())
    flash(say("session-ended"))
    return _went("account")


# ------------------------------------------------------------------- the second factor


@blueprint.get("/sign-in/code")
def code() -> str | AnyResponse:
    return render_template("code.html") if _owes(duties.CODE) else _went("overview")


def _owes(duty: str) -> bool:
    return duties.owed(rows(), person(), _secret()) == duty


@blueprint.post("/sign-in/code")
def show_code() -> AnyResponse:
    typed = request.form.get("code", "")
    factors.show(deed(), context.seal(), _secret(), typed)
    return _went("overview")


@blueprint.get("/account/factor")
def factor() -> str | AnyResponse:
    if factors.is_there(rows(), person().id):
        return _went("account")
    begun = factors.begun(rows(), context.seal(), person().id)
    return render_template("factor.html", begun=begun, square=_square(begun) if begun else "")


def _square(secret: str) -> dict[str, Any]:
    """The QR code that a telephone's app reads, as the steps of an SVG path."""
    dark = modules(factors.address_of(secret, person().name))
    steps = [
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(dark)
        for x, is_dark in enumerate(row)
        if is_dark
    ]
    return {"width": len(dark), "path": "".join(steps)}


@blueprint.post("/account/factor/begin")
def begin_factor() -> AnyResponse:
    factors.begin(deed(), context.seal())
    return _went("factor")


@blueprint.post("/account/factor")
def confirm_factor() -> str:
    _typed_again()
    typed = request.form.get("code", "")
    codes = factors.confirm(deed(), context.seal(), typed)
    factors.mark(rows(), now_ms(), _secret())
    return render_template("recovery.html", codes=codes)


@blueprint.post("/account/factor/recovery")
def renew_recovery() -> str:
    _typed_again()
    codes = factors.renew_recovery(deed())
    return render_template("recovery.html", codes=codes)


@blueprint.post("/account/factor/remove")
def remove_factor() -> AnyResponse:
    _typed_again()
    factors.use(deed(), context.seal(), request.form.get("code", ""))
    factors.remove(deed())
    flash(say("factor-removed"))
    return _went("account")


# ------------------------------------------------------------------- everybody's accounts


@blueprint.get("/people", endpoint="people")
def people_page() -> str:
    audit.looked(deed(), "look-people")
    return render_template(
        "people.html",
        people=[row for row in people.everyone(rows()) if _mine(row)],
        roles=list(roles()),
        demanded=factors.demanded(rows()),
        hospitals=publishing.hospitals(rows()),
    )


def _mine(row: Row) -> bool:
    """Whoever administers one hospital sees its people only."""
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
    return _went("people")


def _whom(number: int) -> Row:
    row = next((one for one in people.everyone(rows()) if one["id"] == number), None)
    if row is None or not _mine(row):
        abort(404)
    return row


def _another(number: int) -> Row:
    """Somebody else: one's own password and factor are changed by who knows the present ones."""
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
    return _went("people")


@blueprint.post("/people/<int:number>/factor")
def reset_factor(number: int) -> AnyResponse:
    row = _another(number)
    factors.reset(deed(), number)
    flash(say("factor-reset", name=row["name"]))
    return _went("people")


@blueprint.post("/people/factors")
def demand_factor() -> AnyResponse:
    # It binds every hospital.
    if person().hospital:
        abort(403)
    wanted = request.form.getlist("demanded")
    if not set(wanted) <= set(roles()):
        raise NavkitError("no-such-person")
    factors.demand(deed(), wanted)
    flash(say("saved"))
    return _went("people")


# ------------------------------------------------------------------- the log


MOST_ENTRIES = 300
"""On one page."""


@blueprint.get("/log", endpoint="log")
def audit_log() -> str:
    audit.looked(deed(), "look-log")
    before = request.args.get("before", LARGEST, type=row_number)
    found = audit.last(rows(), MOST_ENTRIES, person().hospital, before)
    newest = audit.last(rows(), 1)
    return render_template(
        "log.html",
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
    """Line by line, from a connection of its own: that of the request is closed by then."""
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
