"""JSON for developers who pull bundles, and for programs that close lifts.

Described in `openapi.json`. Reading needs no token: it is what phones read. Nothing here looks
at a cookie, so that no page elsewhere can act for somebody who has signed in.
"""

import json
from importlib import resources
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, send_file

from exporter import release
from navkit.findings import NavkitError
from server import closures as closures_
from server import jobs, publishing, reports
from server.context import hospital as hospital_
from server.context import now_ms, person, report_limit, rows, settings
from server.rows import Row
from server.venues import venue_of

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    text = resources.files("server").joinpath("openapi.json").read_text(encoding="utf-8")
    return Response(text, mimetype="application/json")


@blueprint.get("/hospitals")
def hospitals() -> Response:
    return jsonify([_hospital(row) for row in publishing.hospitals(rows())])


@blueprint.get("/hospitals/<hospital>")
def hospital(hospital: str) -> Response:
    return jsonify(_hospital(hospital_()))


def _hospital(row: Row) -> dict[str, Any]:
    key = row["id"]
    said: dict[str, Any] = {"id": key, "names": row["names"], "publication": None}
    now = publishing.published(rows(), key)
    made = jobs.job(rows(), key, now["job"]) if now else None
    if now and made:
        said["publication"] = {
            "version": now["version"],
            "published_ms": now["decided_ms"],
            "bundle_bytes": made.result["bytes"],
            "release": f"/h/{key}/bundle/{release.NAME}",
            "zip": f"/api/v1/hospitals/{key}/bundle.zip",
            "closures": f"/h/{key}/{closures_.NAME}",
        }
    return said


@blueprint.get("/hospitals/<hospital>/bundle.zip")
def bundle(hospital: str) -> Response:
    now = publishing.published(rows(), hospital)
    made = jobs.job(rows(), hospital, now["job"]) if now else None
    if now is None or made is None:
        abort(404)
    response = send_file(
        settings().press.files.path(made.result["zip"]),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{hospital}-{now['version']}.zip",
        etag=made.result["zip"],
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _said() -> Any:
    """The JSON of a request, None where it is none or nested beyond reading."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


@blueprint.get("/hospitals/<hospital>/closures")
def closures(hospital: str) -> Response:
    said = json.loads(closures_.file(rows(), hospital))
    ids = [row["id"] for row in reversed(closures_.standing(rows(), hospital))]
    for one, number in zip(said["closures"], ids, strict=True):
        one["id"] = number
    return jsonify(said)


@blueprint.post("/hospitals/<hospital>/closures")
def close(hospital: str) -> tuple[Response, int]:
    asked = _said()
    if not isinstance(asked, dict) or not isinstance(asked.get("reason", {}), dict):
        raise NavkitError("request-refused", status="400")
    texts = {key: asked.get(key, "") for key in ("target", "start", "end")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise NavkitError("request-refused", status="400")
    venue = venue_of(settings().press.files, publishing.published_venue(rows(), hospital))
    number = closures_.close(
        rows(),
        settings().press,
        now_ms(),
        person(),
        hospital,
        closures_.closable(venue) if venue else set(),
        **texts,
        reason=asked.get("reason", {}),
    )
    return jsonify({"id": number}), 201


@blueprint.delete("/hospitals/<hospital>/closures/<int:closure>")
def reopen(hospital: str, closure: int) -> tuple[str, int]:
    closures_.reopen(rows(), settings().press, now_ms(), person(), hospital, closure)
    return "", 204


@blueprint.post("/hospitals/<hospital>/reports")
def report(hospital: str) -> tuple[str, int]:
    """From a phone, which says nothing about itself."""
    report_limit(request.remote_addr or "")
    if (request.content_length or 0) > reports.MOST_BYTES:
        abort(413)
    reports.add(rows(), now_ms(), hospital, _said())
    return "", 204
