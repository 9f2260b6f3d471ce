"""Pages for signing in and out, for the code of a second factor, and for the language."""

from urllib.parse import urlsplit

from flask import current_app, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from navkit.words.languages import languages
from server.pages.console import blueprint, went
from server.pages.context import (
    deed,
    device,
    now_ms,
    person,
    rows,
    seal,
    session_keys,
    session_secret,
    settings,
)
from server.staff import devices, duties, factors, people


@blueprint.get("/sign-in")
def sign_in() -> str:
    return render_template("signing_in/sign_in.html")


@blueprint.post("/sign-in")
def signing_in() -> AnyResponse:
    secret = people.sign_in(
        rows(),
        now_ms(),
        request.form.get("name", ""),
        request.form.get("password", ""),
        request.remote_addr or "",
        device(),
        browser=request.headers.get("User-Agent", ""),
    )
    kept = session.get("language", "")
    session.clear()
    session["secret"] = secret
    if kept:
        session["language"] = kept
    return _remembered(went("overview"), secret)


def _remembered(response: AnyResponse, secret: str) -> AnyResponse:
    """The answer to a sign-in: the browser remembers who it was, for the next time."""
    who = people.signed_in(rows(), now_ms(), secret)
    if who:
        response.set_cookie(
            devices.COOKIE,
            devices.written(device().known_to(who.id), session_keys()),
            max_age=devices.KEPT_S,
            secure=settings().https,
            httponly=True,
            samesite="Lax",
        )
    return response


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    people.sign_out(rows(), session.get("secret", ""))
    session.clear()
    return went("sign_in")


@blueprint.get("/sign-in/code")
def code() -> str | AnyResponse:
    return render_template("signing_in/code.html") if _owes(duties.CODE) else went("overview")


def _owes(duty: str) -> bool:
    return duties.owed(rows(), person(), session_secret()) == duty


@blueprint.post("/sign-in/code")
def show_code() -> AnyResponse:
    typed = request.form.get("code", "")
    factors.show(deed(), seal(), session_secret(), typed)
    return went("overview")


# ------------------------------------------------------------------- the language


@blueprint.post("/language")
def choose_language() -> AnyResponse:
    tag = request.form.get("language", "")
    if tag in languages():
        session["language"] = tag
        secret = session.get("secret", "")
        who = people.signed_in(rows(), now_ms(), secret) if secret else None
        if who:
            people.set_language(rows(), who.id, tag)
    return redirect(_own_page(request.form.get("back", "")), 303)


def _own_page(told: str) -> str:
    """The page of the console at a path, with its address composed again; the overview if there is
    none. Characters that browsers drop from an address or read differently decide nothing here."""
    try:
        where = urlsplit(told)
        is_inside = not where.scheme and not where.netloc and where.path.startswith("/")
        routes = current_app.url_map.bind("")
        endpoint, values = routes.match(where.path if is_inside else "", "GET")
    except (ValueError, HTTPException):
        endpoint, values = "", {}
    is_page = endpoint.startswith(f"{blueprint.name}.")
    return url_for(endpoint, **values) if is_page else url_for("console.overview")
