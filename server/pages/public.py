"""What phones and monitors read: files from `public/`, and the state of the server."""

from os.path import isdir, isfile

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from server.data.rows import count
from server.pages.context import now_ms, rows, settings
from server.pages.health import OK, Health
from server.press import closures, emergencies, leading, scrubbing

blueprint = Blueprint("public", __name__)

SITE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
    " media-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page itself needs, and that nobody may frame it."""


@blueprint.get("/h/<hospital>")
def page(hospital: str) -> AnyResponse:
    if leading.is_hashed(f"h/{hospital}"):  # The catalogue, which is no hospital's.
        return serve(f"h/{hospital}")
    folder = safe_join(str(settings().press.public), "h", hospital)
    # `Path.is_dir` would fail for a name that is longer than any folder's.
    if folder is None or not isdir(folder):  # noqa: PTH112
        abort(404)
    return redirect(url_for("public.file", hospital=hospital), 308)


@blueprint.get("/h/<hospital>/", defaults={"path": "index.html"})
@blueprint.get("/h/<hospital>/<path:path>")
def file(hospital: str, path: str) -> AnyResponse:
    return serve(f"h/{hospital}/{path}")


@blueprint.get("/metadata/<path:path>")
def metadata(path: str) -> AnyResponse:
    return serve(f"metadata/{path}")


def serve(path: str) -> AnyResponse:
    """A file as a whole, in parts, or unchanged since the last request; packed, if
    the client can unpack it."""
    folder, kind = settings().press.public, leading.content_type(path)
    packed = safe_join(str(folder), f"{path}.gz")
    # `Path.is_file` would fail for a name that is longer than any file's.
    is_packed = packed is not None and isfile(packed)  # noqa: PTH113
    if is_packed and request.accept_encodings["gzip"] > 0:
        response = send_from_directory(folder, f"{path}.gz", conditional=True, mimetype=kind)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(folder, path, conditional=True, mimetype=kind)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = leading.cache_control(path)
    response.headers["Content-Security-Policy"] = SITE_CSP
    # The page may use the camera and the compass with permission; the console the camera only.
    response.headers["Permissions-Policy"] = "geolocation=(), microphone=()"
    return response


@blueprint.get("/healthz")
def health() -> Response:
    """Whether rows can be read and written, how many files are damaged, and which hospitals have
    declared an emergency; or what is wrong in a few words. With damaged files the status is still
    200: everything intact is served, and no other server would have the rest."""
    looked: Health = current_app.extensions["navkit-health"]
    told = looked.told()
    return Response(f"{told}\n", 200 if told.startswith(OK) else 503, mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Counts for Prometheus: none names a place."""
    lines = ["# TYPE navkit_requests_total counter"]
    counts: dict[tuple[str, int], int] = current_app.extensions["navkit-counts"]
    for (endpoint, status), number in sorted(counts.items()):
        lines.append(f'navkit_requests_total{{endpoint="{endpoint}",status="{status}"}} {number}')
    lines.append("# TYPE navkit_jobs gauge")
    for state in ("waiting", "running", "done", "failed"):
        number = count(rows(), "SELECT COUNT(*) AS n FROM jobs WHERE state = ?", state)
        lines.append(f'navkit_jobs{{state="{state}"}} {number}')
    hospitals = rows().all("SELECT id FROM hospitals")
    closed = sum(len(closures.running(rows(), one["id"], now_ms())) for one in hospitals)
    versions = count(rows(), "SELECT COUNT(*) AS n FROM publications WHERE state = 'published'")
    lines += ["# TYPE navkit_closures gauge", f"navkit_closures {closed}"]
    standing = len(emergencies.everywhere(rows()))
    lines += ["# TYPE navkit_emergencies gauge", f"navkit_emergencies {standing}"]
    lines += ["# TYPE navkit_publications_total counter", f"navkit_publications_total {versions}"]
    damaged, at_s = scrubbing.count_damages(rows()), scrubbing.last_scrub_ms(rows()) // 1000
    lines += ["# TYPE navkit_damaged_files gauge", f"navkit_damaged_files {damaged}"]
    lines += ["# TYPE navkit_scrub_timestamp_seconds gauge"]
    lines += [f"navkit_scrub_timestamp_seconds {at_s}"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
