"""The application: who asks, whether they may, and which headers every answer has.

Each page requires what `roles.json` says, by its endpoint; a page that is not there is open to
nobody. Logs name the endpoint and never the requested address: no destination and no position.
"""

import errno
import json
import logging
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as AnyResponse

from navkit.plan.plausible import unseen_in
from navkit.words.findings import LOG_LANGUAGE, Finding, NavkitError
from navkit.words.languages import default_language, language_of, languages
from server.data.files import DAMAGED
from server.data.rows import LARGEST, Rows, trouble
from server.pages import (
    account,
    api,
    audit_log,
    bodies,
    builds,
    cells,
    codes,
    console,
    contrasts,
    corrections,
    desk,
    directory,
    drafts_api,
    drawing,
    emergency,
    factor,
    floors,
    hospitals,
    levels,
    mapping,
    onsite,
    people,
    public,
    publications,
    refilling,
    reports,
    signing_in,
    sources,
    taking_over,
    underlay,
    worklist,
)
from server.pages.bodies import FORM_BYTES, MOST_BYTES
from server.pages.context import Settings, kept_at, now_ms, rows, say, settings
from server.pages.health import Health
from server.pages.proxies import Proxies
from server.press import scrubbing
from server.press.publishing import hospital_of
from server.staff import audit, duties, roles
from server.staff.people import by_token, signed_in
from server.words import saying

CONSOLE = (
    *(account, audit_log, builds, cells, codes, contrasts, corrections, desk, directory, drawing),
    *(emergency, factor, floors, hospitals, levels, mapping, onsite, people, publications, reports),
    *(signing_in, sources, taking_over, underlay, worklist),
)
"""The pages of the console. Each registers on `console.blueprint`, and has its templates in a
folder of its name."""

PROGRAMS = (api, drafts_api)
"""What programs use. Each registers on `api.blueprint`."""

RETRY_S = 5
"""When to retry what could not be answered now. A guess."""

MOST_TYPED = 2_000
"""Letters of any one field of a form; most have their own limit. A guess."""
_UNSEEN_FIELDS = frozenset(
    {"csrf_token", "page", "back", "seen", "password", "old", "passphrase", "mine", "pasted"}
)
"""Fields that nobody types, and those whose content is free."""
_MANY_LINES = frozenset({"cell"})
"""Fields that may hold several lines, which browsers end with two characters."""

STATUS = {
    "changed-meanwhile": 409,
    "underlay-changed-meanwhile": 409,
    "hospital-changed-meanwhile": 409,
    "review-outdated": 409,
    "cell-changed-since": 409,
    "not-proposed": 409,
    "not-closed": 409,
    "walk-changed": 409,
    "closure-overlaps": 409,
    "no-emergency": 409,
    "second-person-needed": 403,
    "second-person-held": 403,
    "code-needed": 403,
    "password-weak": 403,
    "factor-needed": 403,
    "code-wrong": 401,
    "old-password-wrong": 401,
    "factor-there": 409,
    "too-many-tries": 429,
    "too-many-uploads": 429,
    "too-many-builds": 429,
    "too-many-reports": 429,
    "report-settled": 409,
    "upload-too-large": 413,
    "sign-in-wrong": 401,
    "request-too-large": 413,
    "disk-full": 507,
    "database-busy": 503,
    "database-damaged": 503,
    "database-unopened": 503,
    "database-unreachable": 503,
    "no-such-content": 404,
    DAMAGED: 500,
    "no-such-version": 404,
}
"""HTTP status by error code; 400 by default."""

_CSP = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

log = logging.getLogger("navkit.server")
csrf = CSRFProtect()


def _secret_keys(folder: Path) -> list[str]:
    """Keys for signing cookies; the first line signs, the others are still accepted."""
    file = folder / "keys" / "cookies"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Of two processes that start at once, one makes it and both read it.
        try:
            with file.open("x", encoding="ascii") as out:
                file.chmod(0o600)
                out.write(secrets.token_hex(32) + "\n")
        except FileExistsError:
            time.sleep(0.2)
    return file.read_text(encoding="ascii").split()


class _ConsoleSessions(SecureCookieSessionInterface):
    """Cookies for the console alone: other requests get none."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if request.blueprint == "console":
            super().save_session(app, session, response)
        elif _is_lost():
            response.vary.add("Cookie")


def _is_lost() -> bool:
    """Whether there is nothing at that address, so that the console's 404 page is sent."""
    return request.endpoint is None


class _Number(IntegerConverter):
    """A number in an address: one that a row can have."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST)


def create_app(settings_: Settings) -> Flask:
    """The application for a data folder whose tables exist."""
    app = Flask(__name__)
    app.session_interface = _ConsoleSessions()
    first, *older = _secret_keys(settings_.folder)
    app.config.update(
        NAVKIT=settings_,
        SECRET_KEY=first,
        SECRET_KEY_FALLBACKS=older,
        TRUSTED_HOSTS=list(settings_.hosts) or None,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="navkit",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings_.https,
        WTF_CSRF_TIME_LIMIT=None,
        # `_is_from_elsewhere` checks more than the one header that this would require.
        WTF_CSRF_SSL_STRICT=False,
    )
    scheme = "https" if settings_.https else "http"
    app.wsgi_app = Proxies(app.wsgi_app, settings_.proxies, scheme)  # type: ignore[method-assign]
    app.url_map.converters["int"] = _Number
    # A service worker must not be answered with a redirect.
    app.url_map.redirect_defaults = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # Before a form is read: its maximum length, and the language of a refusal.
    app.before_request(_begin)
    csrf.init_app(app)
    app.extensions["navkit-limits"] = kept_at(settings_.limits)
    app.extensions["navkit-counts"] = {}
    app.extensions["navkit-present"] = {}
    app.before_request(_admit)
    app.before_request(_look)
    app.extensions["navkit-health"] = Health(settings_.address)
    app.after_request(_dress)
    app.teardown_request(_end)
    app.register_error_handler(NavkitError, _refuse)
    app.register_error_handler(CSRFError, lambda _: _refuse(NavkitError("form-expired")))
    app.register_error_handler(HTTPException, _fail)
    app.register_error_handler(Exception, _break)
    for blueprint in (console.blueprint, public.blueprint, PROGRAMS[0].blueprint):
        app.register_blueprint(blueprint)
    csrf.exempt(api.blueprint)
    app.context_processor(
        lambda: {
            "say": say,
            "language": g.get("language", default_language()),
            "languages": languages(),
            "language_of": language_of,
            "language_named": saying.language_named,
            "person": g.get("person"),
            "owed": g.get("owed", ""),
            "hospital": g.get("hospital"),
            "nonce": g.get("nonce", ""),
            "page": lambda: refilling.address(request),
        }
    )
    return app


def _begin() -> None:
    g.began_s = time.perf_counter()
    audit.ASKED_FROM.set(request.remote_addr or "")
    g.nonce = secrets.token_urlsafe(16)
    g.person = None
    g.owed = ""
    g.hospital = None
    # A file that everybody reads depends on no cookie, so that shared caches may keep it.
    reads_cookie = request.blueprint == "console" or _is_lost()
    chosen = session.get("language", "") if reads_cookie else ""
    g.language = saying.language_of(chosen, request.headers.get("Accept-Language", ""))
    kind = request.headers.get("Content-Type", "")
    most = request.max_content_length = bodies.most_bytes(request.method, request.endpoint, kind)
    is_endless = request.method in bodies.BODILESS and "Transfer-Encoding" in request.headers
    if is_endless or (request.content_length or 0) > most:
        raise NavkitError("request-too-large")


def _admit() -> AnyResponse | None:
    """Checks permission; redirects to sign-in if nobody is signed in."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    if request.blueprint == "console" and _is_from_elsewhere():
        raise NavkitError("form-expired")
    needed = roles.routes().get(endpoint)
    named = (request.view_args or {}).get("hospital", "")
    if needed is None:
        abort(403)
    if needed != roles.ANYONE:
        g.person = _who()
        if g.person is None:
            if request.blueprint == "console" and request.method in ("GET", "HEAD"):
                return redirect(url_for("console.sign_in"))
            abort(401)
        if g.person.language and request.blueprint == "console" and "language" not in session:
            g.language = saying.language_of(g.person.language)
        by_cookie = session.get("secret", "") if request.blueprint == "console" else ""
        g.owed = duties.owed(rows(), g.person, by_cookie)
        if g.owed and endpoint not in roles.owing()[g.owed]:
            if request.blueprint == "console" and request.method in ("GET", "HEAD"):
                return redirect(url_for(roles.owing()[g.owed][0]))
            raise NavkitError(duties.REFUSALS[g.owed])
        if named and not g.person.may("look", named):
            abort(404)
        if not g.person.may(needed, named):
            abort(403)
    # Files for phones exist or not: no row is queried for them.
    if named and request.blueprint != "public":
        g.hospital = hospital_of(rows(), named)
        if g.hospital is None:
            abort(404)
    return None


def _is_from_elsewhere() -> bool:
    """Whether a page of another site has sent this form, according to the browser: the token in the
    form says the same, unless somebody could read it. A client that sends no hint is not a
    browser."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site not in ("same-origin", "none")
    told = request.headers.get("Origin", "") or request.headers.get("Referer", "")
    if not told:
        return False
    try:
        where = urlsplit(told)
    except ValueError:
        return True
    is_ours = where.netloc.casefold() == request.host.casefold()
    return not is_ours or (request.is_secure and where.scheme != "https")


def _look() -> None:
    """Refuse invisible or excessive input, in whichever form of the console."""
    if request.method != "POST" or request.blueprint != "console":
        return
    for name, values in request.form.lists():
        for number, value in enumerate(values if name not in _UNSEEN_FIELDS else ()):
            said = {"field": f"{name}#{number}"}
            if unseen := unseen_in(value.replace("\r\n", "") if name in _MANY_LINES else value):
                raise NavkitError("text-unseen", **said, character=f"U+{ord(unseen):04X}")
            if len(value) > MOST_TYPED:
                said |= {"length": str(len(value)), "most": str(MOST_TYPED)}
                raise NavkitError("text-too-long", **said)


def _who() -> roles.Person | None:
    """By the cookie of the console, or by a program's token; never by both."""
    if request.blueprint == "console":
        secret = session.get("secret", "")
        return signed_in(rows(), now_ms(), secret) if secret else None
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return by_token(rows(), now_ms(), secret.strip()) if kind.casefold() == "bearer" else None


def _dress(response: AnyResponse) -> AnyResponse:
    """Headers of every answer, and its line in the log."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # A form without a referrer has the origin "null", as if it came from another site.
    is_form = request.blueprint == "console"
    headers.setdefault("Referrer-Policy", "same-origin" if is_form else "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), microphone=()")
    headers.setdefault("Content-Security-Policy", _CSP.format(nonce=g.get("nonce", "")))
    is_public = request.blueprint in ("public", None)
    # A missing file may exist in a minute: the next root, a hospital's first page.
    headers.setdefault("Cache-Control", "no-cache" if is_public else "no-store")
    if request.blueprint == "console" and not headers["Cache-Control"].startswith("private"):
        # Files are sent with `no-cache`; browsers store no pages that only staff may see.
        headers["Cache-Control"] = "no-store"
    if settings().https:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    endpoint = request.endpoint or "-"
    counts: dict[tuple[str, int], int] = current_app.extensions["navkit-counts"]
    key = (endpoint, response.status_code)
    counts[key] = counts.get(key, 0) + 1
    line = {
        "endpoint": endpoint,
        "method": request.method,
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.began_s) * 1000, 1) if "began_s" in g else 0,
        "person": g.person.id if g.get("person") else 0,
    }
    log.info(json.dumps(line))
    return response


def _end(_: BaseException | None) -> None:
    audit.ASKED_FROM.set("")
    found: Rows | None = g.pop("rows", None)
    if found:
        found.close()


def _refuse(error: NavkitError) -> Any:
    if error.finding.code == DAMAGED:
        # Even if the disk is full, the answer is sent.
        with suppress(Exception):
            scrubbing.alarm(rows(), now_ms(), str(error.finding.slots["file"]), scrubbing.CHANGED)
    status = STATUS.get(error.finding.code, 400)
    return _trouble(error.finding, status)


def _break(error: Exception) -> Any:
    """Reports a full disk and database failures; any unforeseen error is an answer 500."""
    told = trouble(error)
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        told = NavkitError("disk-full")
    if told is None:
        raise error
    log.error(json.dumps({"endpoint": request.endpoint or "-", "failed": told.finding.code}))
    return _refuse(told)


def _fail(error: HTTPException) -> Any:
    code = error.code or 500
    if code >= 500:
        log.error(json.dumps({"endpoint": request.endpoint or "-", "failed": code}))
    if 300 <= code < 400 or isinstance(error, SecurityError):
        # A host name that is not ours: no page can be made, since no address on it is known.
        return error.get_response()
    known = {
        401: "sign-in-needed" if request.path.startswith("/api/") else "signed-out",
        403: "not-allowed",
        404: "no-such-page",
        413: "upload-too-large" if request.endpoint in bodies.UPLOADS else "request-too-large",
    }
    return _trouble(Finding(known.get(code, "request-refused"), "", {"status": str(code)}), code)


def _form_again(finding: Finding) -> str | None:
    """The refused form, as it was typed; None if there is none to return to."""
    try:
        sentence = finding.text(g.language)
        wrong = str(finding.slots.get("field", ""))
        return refilling.again(current_app._get_current_object(), request, sentence, wrong)  # type: ignore[attr-defined]
    except HTTPException:
        # The request is too large to be read.
        return None
    except Exception as error:
        # The database may fail for this too.
        if trouble(error) is None and not isinstance(error, NavkitError):
            raise
        return None


def _trouble(finding: Finding, status: int) -> Response:
    """An error in words: a page for people, JSON for programs."""
    g.setdefault("language", default_language())
    # A script that sends a file says by this header that it reads JSON.
    is_script = request.is_json or request.accept_mimetypes.best == "application/json"
    if request.path.startswith("/api/") or is_script:
        is_page = request.blueprint == "console"
        text = finding.text(g.language if is_page else LOG_LANGUAGE)
        said = {"code": finding.code, "text": text}
        answer = Response(json.dumps(said), status, mimetype="application/json")
    else:
        answer = Response(_page_of(finding, status), status)
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def _page_of(finding: Finding, status: int) -> str:
    """The refused form with its mistake; for any other error a page of its own."""
    is_own = request.blueprint == "console" and "began_s" in g and not _is_from_elsewhere()
    again = _form_again(finding) if request.method == "POST" and is_own else None
    return again or render_template("trouble.html", finding=finding, status=status)
