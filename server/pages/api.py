"""JSON for developers who pull bundles, and for programs that close lifts.

Described in `openapi.json`. Reading needs no token: it is what phones read. Nothing here uses
a cookie, so that no other site can act for somebody who has signed in.
"""

import json
import re
from importlib import resources
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, send_file

from exporter.bundle import release
from navkit.words.findings import NavkitError
from server.builds import jobs
from server.builds.venues import venue_of
from server.data.rows import LARGEST, Row
from server.pages import context, desk
from server.pages.context import deed, files, now_ms, report_limit, rows, settings
from server.pages.desk import AT_ONCE
from server.press import (
    areas,
    closable,
    closures,
    emergencies,
    publishing,
    repeating,
    reports,
    trust,
)

PAGE = 200
"""Things that can be closed per page of results."""

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    text = resources.files("server.pages").joinpath("openapi.json").read_text(encoding="utf-8")
    return Response(text, mimetype="application/json")


@blueprint.get("/hospitals")
def hospitals() -> Response:
    return jsonify([_hospital(row) for row in publishing.hospitals(rows())])


@blueprint.get("/hospitals/<hospital>", endpoint="hospital")
def one_hospital(hospital: str) -> Response:
    return jsonify(_hospital(context.hospital()))


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
            "closures": f"/h/{key}/{closures.NAME}",
        }
    return said


@blueprint.get("/hospitals/<hospital>/bundle.zip")
def bundle(hospital: str) -> Response:
    now = publishing.published(rows(), hospital)
    made = jobs.job(rows(), hospital, now["job"]) if now else None
    if now is None or made is None:
        abort(404)
    response = send_file(
        files().whole(made.result["zip"]),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{hospital}-{now['version']}.zip",
        etag=made.result["zip"],
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def said_in() -> Any:
    """The JSON of a request, None if it is not JSON or too deeply nested."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


@blueprint.get("/hospitals/<hospital>/closures", endpoint="closures")
def current_closures(hospital: str) -> Response:
    found = closures.current(rows(), hospital, now_ms())
    began = closures.since(rows(), hospital)
    return jsonify(
        {
            **({"emergency": {"since": began}} if began else {}),
            **trust.CLOSURES,
            "number": closures.number(rows(), hospital),
            "closures": [_closure(row) for row in reversed(found) if row["state"] != "unreadable"],
        }
    )


def _closure(row: Row) -> dict[str, Any]:
    times = {"start": row["start_at"], "end": row["end_at"]}
    said = {key: row[key] for key in ("id", "target", "reason", "state")}
    daily = {"daily": json.loads(row["daily"].encode())} if row["daily"] else {}
    return {**said, **times, **daily}


@blueprint.post("/hospitals/<hospital>/closures")
def close(hospital: str) -> tuple[Response, int]:
    asked = said_in()
    if not isinstance(asked, dict) or not isinstance(asked.get("reason", {}), dict):
        raise NavkitError("request-refused", status="400")
    texts = {key: asked.get(key, "") for key in ("start", "end")}
    targets = asked.get("targets", [asked.get("target", "")])
    replaces = asked.get("replaces", 0)
    is_number = isinstance(replaces, int) and not isinstance(replaces, bool)
    if not all(isinstance(text, str) for text in texts.values()) or not is_number:
        raise NavkitError("request-refused", status="400")
    made = closures.close_all(
        deed(),
        settings().press,
        {thing.id for thing in closable.on_phones(rows(), files(), hospital)},
        closures.Asked(
            _are_targets(targets),
            **texts,
            reason=asked.get("reason", {}),
            replaces=replaces,
            instead=asked.get("instead") is True,
            daily=_asked_hours(asked.get("daily")),
        ),
        areas.members_on(files(), publishing.published_venue(rows(), hospital)),
    )
    found = [_closure(row) for row in made]
    return jsonify(found if "targets" in asked else found[0]), 201


def _are_targets(said: object) -> list[str]:
    if not isinstance(said, list) or not 0 < len(said) <= AT_ONCE:
        raise NavkitError("request-refused", status="400")
    if not all(isinstance(one, str) for one in said):
        raise NavkitError("request-refused", status="400")
    return said


def _asked_hours(said: object) -> repeating.Daily | None:
    if said is None:
        return None
    if not isinstance(said, dict):
        raise NavkitError("request-refused", status="400")
    return repeating.asked(said.get("from"), said.get("to"), said.get("days", []))


@blueprint.get("/hospitals/<hospital>/impact")
def impact(hospital: str) -> Response:
    """What closing something would do to routes; nothing is stored."""
    targets = request.args.getlist("target")[: AT_ONCE + 1]
    known = {thing.id for thing in closable.on_phones(rows(), files(), hospital)}
    if unknown := [one for one in _are_targets(targets) if one not in known]:
        raise NavkitError("not-closable", unknown[0][:100])
    found = desk.impact_of(hospital, targets)
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    assert venue
    return jsonify(
        {
            "places": found.places,
            "entrances": found.starts,
            "all_entrances": found.all_starts,
            "effects": [
                {
                    "profile": one.profile,
                    "longer": [venue.places[number].id for number in one.longer],
                    "extra_s": round(one.extra_ms / 1000),
                    "most_s": round(one.most_ms / 1000),
                    "unreachable": [venue.places[number].id for number in one.cut],
                }
                for one in found.effects
            ],
        }
    )


@blueprint.delete("/hospitals/<hospital>/closures/<int:closure>")
def reopen(hospital: str, closure: int) -> tuple[str, int]:
    closures.reopen(deed(), settings().press, closure)
    return "", 204


@blueprint.get("/hospitals/<hospital>/closable", endpoint="closable")
def all_closable(hospital: str) -> Response:
    """A page of things that can be closed and match the query."""
    first = number_given("first", usual=0, least=0, most=LARGEST)
    most = number_given("most", usual=PAGE, least=1, most=PAGE)
    found = closable.found(closable.on_phones(rows(), files(), hospital), request.args.get("q", ""))
    last = first + most
    return jsonify(
        {
            "count": len(found),
            "next": last if last < len(found) else None,
            "closable": [
                {"id": one.id, "kind": one.kind, "names": one.labels, "levels": one.levels}
                for one in found[first:last]
            ],
        }
    )


def number_given(name: str, usual: int, least: int, most: int) -> int:
    """A whole number from the address."""
    text = request.args.get(name, str(usual))
    if not re.fullmatch("[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise NavkitError("request-refused", status="400")
    return int(text)


@blueprint.post("/hospitals/<hospital>/emergency")
def declare_emergency(hospital: str) -> tuple[Response, int]:
    emergencies.declare(deed(), settings().press)
    return jsonify({"since": closures.since(rows(), hospital)}), 201


@blueprint.delete("/hospitals/<hospital>/emergency")
def withdraw_emergency(hospital: str) -> tuple[str, int]:
    emergencies.withdraw(deed(), settings().press)
    return "", 204


@blueprint.post("/hospitals/<hospital>/reports")
def report(hospital: str) -> tuple[str, int]:
    """From a phone, which sends nothing about itself."""
    report_limit(request.remote_addr or "")
    if (request.content_length or 0) > reports.MOST_BYTES:
        abort(413)
    reports.add(rows(), now_ms(), hospital, said_in())
    return "", 204
