"""The page of a level: its map to click on, and forms that become corrections."""

from dataclasses import replace
from typing import Any

from flask import Response, abort, render_template, request

from exporter.paper.levels import picture_of
from navkit.venue.corrections import choice
from navkit.venue.directory import Entry
from navkit.venue.venue import Venue
from server.builds import drafts, mending, picturing
from server.pages import builds
from server.pages.console import blueprint, telling
from server.pages.context import files, language, rows

MOST_SPOTS, MOST_SPOT_BYTES = 1_000, 300_000
"""Limits for clickable things on one map: more are too small, and too much for a page."""

MOST_CHOICES = 1_000
"""Per list to choose from; the others are found by search."""


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/levels/<path:level>")
def level(hospital: str, job: int, level: str) -> str:
    found, venue = builds.made(hospital, job)
    if level not in venue.level_by_id:
        abort(404)
    picture = picture_of(venue, level)
    x_px, y_px = request.args.get("px", type=float), request.args.get("py", type=float)
    clicked = None if x_px is None or y_px is None else picture.metres(x_px, y_px)
    thing = request.args.get("thing", "")
    if clicked and not thing:
        thing = mending.space_at(venue, level, clicked)
    space = venue.space_by_id.get(thing)
    draft = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    said = builds.review_of(found, venue)["levels"].get(level, {"count": 0, "rows": []})
    spots = picturing.spots_within(venue, level, MOST_SPOTS, MOST_SPOT_BYTES)
    chosen = picturing.spot_of(venue, level, thing)
    return render_template(
        "levels/level.html",
        job=found,
        venue=venue,
        level=venue.level_by_id[level],
        height=round(picture.height_px),
        drawing=found.result.get("drawings", {}).get(level, {}).get(language()),
        clicked=clicked,
        spots=spots or ([chosen] if chosen else []),
        is_full=not spots,
        **_choices(venue, level, thing),
        findings=said,
        thing=thing,
        space=space,
        door=venue.door_by_id.get(thing),
        connector=next((one for one in venue.connectors if one.id == thing), None),
        wanted=request.args.get("do", ""),
        answers=request.args.get("answers", ""),
        other=request.args.get("other", ""),
        neighbours=mending.neighbours(venue, space)[:MOST_CHOICES] if space else [],
        stops=mending.other_stops(venue, space)[:MOST_CHOICES] if space else [],
        offered=mending.offered(venue, thing),
        listed=_listed(hospital, venue, thing),
        is_renamed=_is_renamed(draft, thing),
        place=venue.place_by_id.get(thing),
        access=choice("restrict", "access"),
        choice=choice,
        told=telling(venue),
        ways_through=mending.ways_through,
        version=draft.version,
        label=lambda one: mending.label(venue, one, language()),
    )


def _choices(venue: Venue, level: str, thing: str) -> dict[str, Any]:
    """Spaces and doors of a level to choose from: those that match the query, as many as fit."""
    asked = request.args.get("q", "").strip().casefold()
    spaces = [one.id for one in venue.spaces if one.level == level]
    doors = [d.id for d in venue.doors if mending.level_of(venue, d.id) == level]
    count = len(spaces) + len(doors)

    def fits(one: str) -> bool:
        return asked in f"{mending.label(venue, one, language())} {one}".casefold()

    if asked:
        spaces, doors = list(filter(fits, spaces)), list(filter(fits, doors))
    shafts = [c.id for c in venue.connectors if {*c.stops} & {*spaces}]
    places = [
        one.id
        for one in venue.places
        if one.id not in venue.door_by_id and {*one.spaces} & {*spaces} and one.id not in shafts
    ]
    found = len(spaces) + len(doors)
    shown = spaces[:MOST_CHOICES]
    if thing in venue.space_by_id and thing not in shown:
        shown = [thing, *shown]
    return {
        "spaces": shown,
        "shafts": shafts[:MOST_CHOICES],
        "places": [one for one in places if one not in shown][:MOST_CHOICES],
        "doors": doors[: max(0, MOST_CHOICES - len(shown))],
        "asked": asked,
        "searched": count > MOST_CHOICES,
        "more": max(0, found - MOST_CHOICES),
    }


def _is_renamed(draft: drafts.Source, thing: str) -> bool:
    """Whether a correction of the draft says how a thing is called."""
    content = drafts.content_of(files(), draft)
    changes, _ = drafts.changes_part(content, 0, drafts.MOST_ROWS["corrections"])
    return any(one["do"] == "rename" and one.get("id") == thing for one in changes)


def _listed(hospital: str, venue: Venue, thing: str) -> list[Entry]:
    """Rows of the directory that give a room its name, whatever a correction calls it."""
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    if not found.sha256 or thing not in venue.space_by_id:
        return []
    # Without anything that does not name it: it may go to another process.
    alone = replace(
        venue,
        spaces=(venue.space_by_id[thing],),
        doors=(),
        connectors=(),
        paths=(),
        places=(),
        anchors=(),
        closures=(),
        photos=(),
        findings=(),
    )
    return drafts.rows_naming(files().read(found.sha256), alone, thing)


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/levels/<path:level>.svg")
def level_svg(hospital: str, job: int, level: str) -> Response:
    """As the build has drawn it. A browser caches it, and revalidates it each time."""
    drawn = builds.done(hospital, job).result.get("drawings", {}).get(level, {})
    if language() not in drawn:
        abort(404)
    sha256, _ = drawn[language()]
    response = Response(mimetype="image/svg+xml")
    response.set_etag(sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    if sha256 not in request.if_none_match:
        response.set_data(files().read(sha256))
    response.make_conditional(request)
    return response
