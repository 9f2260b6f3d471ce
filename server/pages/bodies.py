"""Maximum length of a request, by its endpoint: known before any of it is read."""

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from server.press import reports

UPLOAD_BYTES = 64 * 2**20
"""For one upload: as much as the largest drawing that is read."""
MOST_BYTES = UPLOAD_BYTES + 2**20
"""For one request: an upload, and a little for the form around it."""
FORM_BYTES = 2**20
"""For a form in which somebody types."""

_OF_ENDPOINT = {"api.report": reports.MOST_BYTES}
UPLOADS = frozenset({"api.put_source", "console.upload", "console.put_underlay"})
IDLE_BYTES = 2**16
"""For bodies that some programs send with a GET, and nobody reads."""
BODILESS = ("GET", "HEAD", "OPTIONS")
"""Methods without a body; chunked bodies are refused completely, because they could be endless."""


def most_bytes(method: str, endpoint: str | None, kind: str) -> int:
    """Maximum size of a request's body. `kind` is its content type: only for forms with files do
    the parts go to the disk one by one, all others are read as a whole."""
    if method in BODILESS:
        return IDLE_BYTES
    if endpoint in UPLOADS and kind.casefold().startswith("multipart/form-data"):
        return MOST_BYTES
    return _OF_ENDPOINT.get(endpoint or "", FORM_BYTES)


def most_bytes_at(routes: Map, method: str, path: str, kind: str) -> int:
    """The same by its address, before routing."""
    try:
        endpoint, _ = routes.bind("localhost").match(path, method)
    except HTTPException:
        endpoint = None
    return most_bytes(method, endpoint, kind)
