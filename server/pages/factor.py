"""Pages about your own second factor."""

from typing import Any

from flask import flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from exporter.paper.anchors import modules
from server.pages.account import typed_again
from server.pages.console import blueprint, went
from server.pages.context import deed, now_ms, person, rows, say, seal, session_secret
from server.staff import factors


@blueprint.get("/account/factor")
def factor() -> str | AnyResponse:
    if factors.is_there(rows(), person().id):
        return went("account")
    begun = factors.begun(rows(), seal(), person().id)
    return render_template(
        "factor/factor.html", begun=begun, square=_square(begun) if begun else ""
    )


def _square(secret: str) -> dict[str, Any]:
    """The QR code for an authenticator app, as the steps of an SVG path."""
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
    factors.begin(deed(), seal())
    return went("factor")


@blueprint.post("/account/factor")
def confirm_factor() -> str:
    typed_again()
    typed = request.form.get("code", "")
    codes = factors.confirm(deed(), seal(), typed)
    factors.mark(rows(), now_ms(), session_secret())
    return render_template("factor/recovery.html", codes=codes)


@blueprint.post("/account/factor/recovery")
def renew_recovery() -> str:
    typed_again()
    codes = factors.renew_recovery(deed())
    return render_template("factor/recovery.html", codes=codes)


@blueprint.post("/account/factor/remove")
def remove_factor() -> AnyResponse:
    typed_again()
    factors.use(deed(), seal(), request.form.get("code", ""))
    factors.remove(deed())
    flash(say("factor-removed"))
    return went("account")
