"""Pages about your own account: password, tokens, sessions."""

from flask import abort, flash, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from navkit.words.findings import NavkitError
from server.pages import browsers
from server.pages.console import blueprint, went
from server.pages.context import deed, device, now_ms, person, row_number, rows, say, session_secret
from server.staff import factors, people, sessions, tokens


def typed_again() -> None:
    """`NavkitError` if the password in the form is not that of the signed-in person."""
    typed = request.form.get("old", "")
    address = request.remote_addr or ""
    try:
        people.confirm(deed(), typed, address, device())
    except NavkitError as refused:
        if refused.finding.code == "sign-in-wrong":
            raise NavkitError("old-password-wrong", field="old") from None
        raise


def _account(secret: str = "") -> str:
    """The page; with the secret of a token that was just made."""
    mine = sessions.listed(rows(), now_ms(), person().id)
    here = sessions.key_of(session_secret())
    return render_template(
        "account/account.html",
        tokens=tokens.listed(rows(), now_ms(), person().id),
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
    return render_template("account/password.html")


@blueprint.post("/account/password")
def change_password() -> AnyResponse:
    typed_again()
    new = request.form.get("password", "")
    secret = people.change_own_password(deed(), new, session_secret())
    session["secret"] = secret
    flash(say("password-changed"))
    return went("account")


# ------------------------------------------------------------------- tokens


@blueprint.post("/account/tokens")
def add_token() -> str:
    typed_again()
    label = request.form.get("label", "")
    days = request.form.get("days", tokens.USUAL_DAYS, type=row_number)
    return _account(tokens.add(deed(), label, days))


@blueprint.post("/account/tokens/<int:token>/withdraw")
def withdraw_token(token: int) -> AnyResponse:
    if not tokens.withdraw(deed(), token):
        abort(404)
    return went("account")


# ------------------------------------------------------------------- sessions


@blueprint.post("/account/sessions/end")
def end_session() -> AnyResponse:
    if not people.end_session(deed(), request.form.get("session", "")):
        abort(404)
    flash(say("session-ended"))
    return went("account")


@blueprint.post("/account/sessions/end-others")
def end_other_sessions() -> AnyResponse:
    people.end_other_sessions(deed(), session_secret())
    flash(say("session-ended"))
    return went("account")
