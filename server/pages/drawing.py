"""The page on which staff draw a level, and the JSON that it asks for.

A stroke is a correction in the draft, like any other: the answer is the level as it is then.
"""

from operator import itemgetter
from typing import Any

from flask import Response, abort, current_app, jsonify, render_template, request

from floorplans.under import SUFFIXES
from navkit.plan.categories import categories, category_names
from navkit.venue.corrections import choice
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import NavkitError
from navkit.words.languages import words
from server.builds import crossing, drafts, drawing, floors, merging, trying
from server.data.rows import LARGEST
from server.pages import builds
from server.pages.console import blueprint, profile_names
from server.pages.context import deed, files, language, now_ms, person, rows, say

TOOLS = (
    *("select", "many", "room", "box", "shape", "split", "cut", "door"),
    *("crossing", "sign", "line", "code", "way", "measure"),
)
"""What one can do on the sheet, in the order of its buttons."""

_UNDER = ("scale", "straight", "turn", "move", "there", "here", "loading")
"""What is said while somebody lays the picture under a floor."""

_WORDS = {
    **{f"hint_{tool}": f"draw-hint-{tool}" for tool in TOOLS},
    **{severity: severity for severity in ("error", "warning", "note")},
    "nothing": "draw-nothing-chosen",
    "several": "draw-several",
    "becomes": "draw-becomes",
    "stops_join": "draw-stops-join",
    "taken": "draw-number-taken",
    "split_told": "draw-split-told",
    "no_room_here": "draw-no-room-here",
    "mine": "change-mine",
    "both": "change-both",
    "theirs": "keep-theirs",
    "of_mine": "of-mine",
    "of_other": "of-other",
    "unnumbered": "draw-no-number",
    "door": "draw-a-door",
    "board": "draw-a-sign",
    "stripe": "draw-a-line",
    "anchor": "draw-a-code",
    "is_new": "draw-is-new",
    "crossing": "draw-a-crossing",
    "no_such_goal": "draw-no-such-goal",
    "leads_nowhere": "draw-leads-nowhere",
    "not_to": "draw-not-to",
    "move_to": "draw-hint-move",
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
_SLOTS = {
    name: f"{{{name}}}"
    for name in ("metres", "count", "before", "after", "kept", "level", "name", "person", "what")
}

_OF_LEVEL = "/hospitals/<hospital>/builds/<int:job>/levels/<path:level>"


@blueprint.get(f"{_OF_LEVEL}/draw")
def draw(hospital: str, job: int, level: str) -> str:
    made, venue = _made(hospital, job, level)
    return render_template(
        "drawing/draw.html",
        job=job,
        venue=venue,
        level=venue.level_by_id[level],
        floors=drawing.floors_now(files(), made, _drafts(hospital)[0].sha256),
        building_names=drawing.shafts_now(
            files(), made, _drafts(hospital)[0].sha256
        ).building_names,
        built=drawing.is_built(files(), made),
        tools=TOOLS,
        under=SUFFIXES,
        kinds=choice("set-kind", "kind"),
        doors=choice("set-door", "kind"),
        access=choice("restrict", "access"),
        categories=_categories(),
        arrows=choice("add-board", "arrow"),
        colours=words(language(), "guidance")["stripes"],
        goals=drawing.goals_of_house(files(), made, language()),
        profiles=profile_names(),
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
    `"stops": {"id": …, "levels": […]}`, or levels that are as this one, `"copy": […]`, or a bridge
    to another building, `"crossing": {"ends": [[1, 2], [3, 4]], "level": …}`; or what one has
    changed taken back, `{"made": 4, "back": 3}`."""
    made, venue = _made(hospital, job, level)
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise NavkitError("request-refused", status="400")
    changes = _changes(hospital, made, venue, asked)
    if changes is None:
        drafts.turn_back(deed(), files(), number_in(asked, "made"), number_in(asked, "back"))
        return _state(hospital, made)
    instead = asked.get("instead", [])
    if not isinstance(instead, list) or not all(isinstance(one, dict) for one in instead):
        raise NavkitError("request-refused", status="400")
    try:
        _add(hospital, made, changes, number_in(asked, "version"), instead)
    except drafts.ChangeConflictError as conflict:
        return _both(hospital, made, conflict)
    return _state(hospital, made)


def _changes(
    hospital: str, made: drawing.Made, venue: Venue, asked: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """The changes that are asked for; None if none are."""
    now = _drafts(hospital)[0]
    house = drawing.shafts_now(files(), made, now.sha256)
    match asked:
        case {"changes": [*changes]} if all(isinstance(one, dict) for one in changes):
            return changes
        case {"stops": {"id": str(thing), "levels": [*to]}} if _are_texts(to):
            return floors.stops(house, thing, to)
        case {"copy": [*to]} if _are_texts(to):
            return floors.copies(venue, house, made.level, to)
        case {"crossing": {"ends": [first, last], "level": str(to)}}:
            ends = drawing.points_of([first, last], "ends")
            known = drafts.changes_of(files().read(now.sha256)) if now.sha256 else []
            new = drawing.free_id(files(), made, "add-space", known)
            return crossing.bridge(venue, house, made.level, ends, to, new)
    return None


def _are_texts(listed: list[Any]) -> bool:
    return all(isinstance(one, str) for one in listed)


def _both(hospital: str, made: drawing.Made, conflict: drafts.ChangeConflictError) -> Response:
    """What somebody else has made of the same things and what was meant, each as a picture; a
    stroke that leaves out one of them can be sent with `instead`."""
    now, listed = _drafts(hospital)
    known = drafts.changes_of(files().read(now.sha256)) if now.sha256 else []
    others, own = [*conflict.others], [*conflict.own]
    kept = [one for one in known if one not in (*others, *drawing.superseded(own, known))]
    about = frozenset().union(*map(drafts.targets, (*others, *own)))

    def picture(changes: list[Any]) -> list[dict[str, Any]]:
        return drawing.rival(files(), made, changes, listed.sha256, about, language())

    said = {
        "code": conflict.finding.code,
        "text": conflict.finding.text(language()),
        "person": conflict.theirs.person,
        "version": now.version,
        "changes": own,
        "instead": others,
        "theirs": picture(known),
        "mine": picture([*kept, *own]),
        "said": {
            side: [say(f"do-{one['do']}") for one in changes]
            for side, changes in (("theirs", others), ("mine", own))
        },
        "both": not any(merging.same_thing(one, mine) for one in others for mine in own),
    }
    answer = jsonify(said)
    answer.status_code = 409
    return answer


@blueprint.post(f"{_OF_LEVEL}/draw/way.json")
def way_on_level(hospital: str, job: int, level: str) -> Response:
    """The way between two points as the level is now, `{"ends": [[1, 2], [3, 4]], "profile":
    "walk"}`, drawn and told."""
    _, venue = _made(hospital, job, level)
    asked = request.get_json(silent=True)
    ends = drawing.points_of(asked.get("ends") if isinstance(asked, dict) else None, "ends")
    if not isinstance(asked, dict) or len(ends) != 2:
        raise NavkitError("form-field", "", field="ends")
    guide, who = drawing.guide_of(venue), str(asked.get("profile"))
    return jsonify(trying.way(guide, (ends[0], ends[1]), who, language()))


PRESENT_MS = 15_000
"""Who has not asked for so long is not there any more: three times as long as pages ask."""


@blueprint.get(f"{_OF_LEVEL}/draw/others.json")
def others_on_level(hospital: str, job: int, level: str) -> Response:
    """Who else has the level open, by name, and the newest version of the corrections: asked for
    every few seconds. Kept in the memory of this process for as long as it counts."""
    there: dict[tuple[str, str], dict[str, int]] = current_app.extensions["navkit-present"]
    here, now = there.setdefault((hospital, level), {}), now_ms()
    here[person().name] = now
    for name in [name for name, seen in here.items() if now - seen > PRESENT_MS]:
        here.pop(name, None)
    found, _ = _drafts(hospital)
    others = sorted(name for name in here if name != person().name)
    told = say("draw-others", names=", ".join(others)) if others else ""
    return jsonify({"version": found.version, "others": others, "told": told})


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


def _add(
    hospital: str,
    made: drawing.Made,
    changes: list[dict[str, Any]],
    seen: int,
    instead: list[dict[str, Any]],
) -> None:
    """One stroke: all of its changes, in one version."""
    now, listed = _drafts(hospital)
    known = drafts.changes_of(files().read(now.sha256)) if now.sha256 else []
    said = drawing.completed(files(), made, changes, known, listed.sha256)
    # What somebody else has said since is a conflict, and never replaced unseen.
    before = known if now.version == seen else drafts.changes_at(deed(), files(), seen)
    own = [one for one in drawing.superseded(said, known) if one in before]
    drafts.add_corrections(deed(), files(), said, seen, [*instead, *own])


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
