"""The page on which staff draw a level, and the JSON that it asks for.

A stroke is a correction in the draft, like any other: the answer is the level as it is then.
"""

from operator import itemgetter
from typing import Any

from flask import Response, abort, jsonify, render_template, request

from floorplans.under import SUFFIXES
from navkit.plan.categories import categories, category_names
from navkit.venue.corrections import choice
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import NavkitError
from server.builds import drafts, drawing, floors
from server.data.rows import LARGEST
from server.pages import builds
from server.pages.console import blueprint
from server.pages.context import deed, files, language, rows, say

TOOLS = ("select", "many", "room", "box", "shape", "split", "cut", "door", "measure")
"""What one can do on the sheet, in the order of its buttons."""

_UNDER = ("scale", "straight", "turn", "move", "there", "here", "loading")
"""What is said while somebody lays the picture under a floor."""

_WORDS = {
    **{f"hint_{tool}": f"draw-hint-{tool}" for tool in TOOLS},
    **{severity: severity for severity in ("error", "warning", "note")},
    "nothing": "draw-nothing-chosen",
    "several": "draw-several",
    "becomes": "draw-becomes",
    "taken": "draw-number-taken",
    "split_told": "draw-split-told",
    "no_room_here": "draw-no-room-here",
    "unnumbered": "draw-no-number",
    "door": "draw-a-door",
    "guess": "draw-a-guess",
    "metres": "draw-metres",
    "offline": "draw-offline",
    "show": "draw-show",
    "take": "draw-take",
    "refuse": "do-no-door",
    "zoom_in": "draw-zoom-in",
    "zoom_out": "draw-zoom-out",
    **{f"under_{name}": f"under-say-{name}" for name in _UNDER},
}
"""Words that the scripts say, by their own name for them; they fill in what is in braces."""
_SLOTS = {name: f"{{{name}}}" for name in ("metres", "count", "before", "after", "kept", "level")}

_OF_LEVEL = "/hospitals/<hospital>/builds/<int:job>/levels/<level>"


@blueprint.get(f"{_OF_LEVEL}/draw")
def draw(hospital: str, job: int, level: str) -> str:
    made, venue = _made(hospital, job, level)
    return render_template(
        "drawing/draw.html",
        job=job,
        venue=venue,
        level=venue.level_by_id[level],
        floors=drawing.floors_now(files(), made, _drafts(hospital)[0].sha256),
        built=drawing.is_built(files(), made),
        tools=TOOLS,
        under=SUFFIXES,
        kinds=choice("set-kind", "kind"),
        doors=choice("set-door", "kind"),
        access=choice("restrict", "access"),
        categories=_categories(),
        words={name: say(key, **_SLOTS) for name, key in _WORDS.items()},
    )


def _categories() -> list[tuple[str, str]]:
    """What rooms may be for, with its name for the reader, in the order of names."""
    named = ((key, name_in(category_names(key), language())) for key in categories())
    return sorted(((key, name) for key, name in named if name), key=itemgetter(1))


@blueprint.get(f"{_OF_LEVEL}/draw.json")
def drawn(hospital: str, job: int, level: str) -> Response:
    made, _ = _made(hospital, job, level)
    return _state(hospital, made)


@blueprint.post(f"{_OF_LEVEL}/draw.json")
def stroke(hospital: str, job: int, level: str) -> Response:
    """Changes that belong together, `{"version": 3, "changes": [{"do": …}]}`, by somebody who saw
    that version of the corrections; or instead of `changes` a shaft that stops at other levels too,
    `"stops": {"id": …, "levels": […]}`, or levels that are as this one, `"copy": […]`; or what one
    has changed taken back, `{"made": 4, "back": 3}`."""
    made, venue = _made(hospital, job, level)
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise NavkitError("request-refused", status="400")
    changes = _changes(hospital, made, venue, asked)
    if changes is not None:
        _add(hospital, made, changes, number_in(asked, "version"))
    else:
        drafts.turn_back(deed(), files(), number_in(asked, "made"), number_in(asked, "back"))
    return _state(hospital, made)


def _changes(
    hospital: str, made: drawing.Made, venue: Venue, asked: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """The changes that are asked for; None if none are."""
    house = drawing.shafts_now(files(), made, _drafts(hospital)[0].sha256)
    match asked:
        case {"changes": [*changes]} if all(isinstance(one, dict) for one in changes):
            return changes
        case {"stops": {"id": str(thing), "levels": [*to]}} if _are_texts(to):
            return floors.stops(house, thing, to)
        case {"copy": [*to]} if _are_texts(to):
            return floors.copies(venue, house, made.level, to)
    return None


def _are_texts(listed: list[Any]) -> bool:
    return all(isinstance(one, str) for one in listed)


def _made(hospital: str, job: int, level: str) -> tuple[drawing.Made, Venue]:
    """What a build has left of a level, and the level as it is now; 0 is before the first build."""
    made = drawing.Made(level=level)
    if job:
        found = builds.done(hospital, job)
        made = drawing.made_of(found.request, found.result, level)
    now, listed = _drafts(hospital)
    venue = drawing.level_now(files(), made, now.sha256, listed.sha256)
    if level not in venue.level_by_id:
        abort(404)
    return made, venue


def _add(hospital: str, made: drawing.Made, changes: list[dict[str, Any]], seen: int) -> None:
    """One stroke: all of its changes, in one version."""
    now, listed = _drafts(hospital)
    known = drafts.changes_of(files().read(now.sha256)) if now.sha256 else []
    said = drawing.completed(files(), made, changes, known, listed.sha256)
    drafts.add_corrections(deed(), files(), said, seen, drawing.superseded(said, known))


def _state(hospital: str, made: drawing.Made) -> Response:
    now, listed = _drafts(hospital)
    venue = drawing.level_now(files(), made, now.sha256, listed.sha256)
    state = drawing.state(files(), made, now.sha256, venue, language())
    told = say("draw-reached", rooms=state["rooms"], **state["reached"])
    return jsonify({"version": now.version, "told": told, **state})


def _drafts(hospital: str) -> tuple[drafts.Source, drafts.Source]:
    """The newest corrections and directory."""
    return (
        drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS),
        drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY),
    )


def number_in(asked: dict[str, Any], name: str) -> int:
    """A whole number of a question in JSON; `NavkitError` if there is none."""
    found = asked.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= LARGEST:
        raise NavkitError("request-refused", status="400")
    return found
