"""What lies under a floor while staff draw on it: the picture, where it lies, and its versions."""

from typing import Any

from flask import Response, abort, jsonify, request, url_for

from navkit.words.findings import NavkitError
from server.builds import underlays
from server.pages.console import blueprint
from server.pages.context import deed, files, row_number, rows, upload_limit
from server.pages.drawing import number_in

_OF_FLOOR = "/hospitals/<hospital>/floors/<path:level>/underlay"


@blueprint.get(f"{_OF_FLOOR}.json")
def underlay(hospital: str, level: str) -> Response:
    return _told(hospital, underlays.latest(rows(), hospital, level))


@blueprint.post(f"{_OF_FLOOR}.json")
def place_underlay(hospital: str, level: str) -> Response:
    """What somebody who saw `version` does with it: `{"corners": [[x, y], …]}` in metres, upper
    left first and clockwise, `{"percent": 70}`, `{"back": 3}` to an older version (0 is none)."""
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not {"corners", "percent", "back"} & {*asked}:
        raise NavkitError("request-refused", status="400")
    seen = number_in(asked, "version")
    if "back" in asked:
        return _told(hospital, underlays.restore(deed(), level, number_in(asked, "back"), seen))
    corners, percent = asked.get("corners"), asked.get("percent")
    return _told(hospital, underlays.place(deed(), level, corners, percent, seen))


@blueprint.post(_OF_FLOOR)
def put_underlay(hospital: str, level: str) -> Response:
    """A new picture: a form with `file`, `page` of a PDF, and `version`."""
    upload_limit()
    given = request.files.get("file")
    if given is None or not given.filename:
        raise NavkitError("upload-empty")
    page = request.form.get("page", 1, type=row_number)
    picture = underlays.opened(files(), given.filename, given.read(), page)
    seen = request.form.get("version", 0, type=row_number)
    return _told(hospital, underlays.put(deed(), level, picture, seen))


def _told(hospital: str, found: underlays.Underlay) -> Response:
    said: dict[str, Any] = {"version": found.version, "name": found.name, "person": found.person}
    if found.sha256:
        said |= {
            "picture": url_for(
                "console.underlay_picture",
                hospital=hospital,
                level=found.level,
                sha256=found.sha256,
            ),
            "width_px": found.width_px,
            "height_px": found.height_px,
            "corners": found.corners,
            "percent": found.percent,
        }
    return jsonify(said)


@blueprint.get(f"{_OF_FLOOR}/<sha256>.webp")
def underlay_picture(hospital: str, level: str, sha256: str) -> Response:
    """A picture that lies or lay under this floor. A browser may keep it: it never changes."""
    if not underlays.is_known(rows(), hospital, level, sha256):
        abort(404)
    response = Response(files().read(sha256), mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "sandbox"
    return response
