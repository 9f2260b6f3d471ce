"""The floors of a hospital: those of its drawings, and those that staff make to draw on."""

import json

from flask import Response, abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue import native
from navkit.venue.venue import Level, Venue
from server.builds import drafts, drawing, floors, jobs
from server.pages.console import blueprint, went
from server.pages.context import deed, files, row_number, rows, say

_LAST_BUILDS = 50
"""So many builds are looked through for one that can be drawn on."""


def newest(hospital: str) -> int:
    """The newest build that can be drawn on, 0 if there is none yet."""
    recent = jobs.last(rows(), hospital, _LAST_BUILDS)
    return next((one.id for one in recent if one.state == "done" and "plans" in one.result), 0)


def _corrections(hospital: str) -> drafts.Source:
    return drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)


def _house(hospital: str) -> Venue:
    """All floors there are now: of the newest build, and those that were made since."""
    job, made = newest(hospital), drawing.Made(level="")
    if job:
        found = jobs.job(rows(), hospital, job)
        assert found
        made = drawing.made_of(found.request, found.result, "")
    return drawing.shafts_now(files(), made, _corrections(hospital).sha256)


@blueprint.get("/hospitals/<hospital>/floors", endpoint="floors")
def floors_page(hospital: str) -> str:
    house, now = _house(hospital), _corrections(hospital)
    return render_template(
        "floors/floors.html",
        venue=house,
        levels=_by_building(house),
        rooms={
            level.id: sum(s.level == level.id and s.kind == "room" for s in house.spaces)
            for level in house.levels
        },
        drawn=bool(drawing.drawn_only(files(), now.sha256).levels),
        waiting=any(one.kind == "drawing" for one in drafts.current(rows(), hospital)),
        seen=now.version,
    )


def _by_building(house: Venue) -> list[tuple[str, list[Level]]]:
    """Each building's floors, the highest first, as they are in the house."""
    buildings = dict.fromkeys((*house.building_names, *(level.building for level in house.levels)))
    return [
        (building, [one for one in reversed(house.levels) if one.building == building])
        for building in buildings
    ]


@blueprint.post("/hospitals/<hospital>/floors")
def add_floors(hospital: str) -> AnyResponse:
    """New floors, and on to the first of them."""
    house = _house(hospital)
    changes = floors.new_floors(house.levels, house.building_names, request.form)
    seen = request.form.get("seen", 0, type=row_number)
    drafts.add_corrections(deed(), files(), changes, seen)
    made = [one for one in changes if one["do"] == "add-level"]
    flash(say("floors-made", floors=", ".join(one["label"] for one in made)))
    return went("draw_floor", hospital=hospital, level=made[0]["id"])


@blueprint.get("/hospitals/<hospital>/floors/drawn.geojson")
def drawn_floors(hospital: str) -> Response:
    """What was drawn on floors that no drawing shows, as a drawing in navkit's own dialect."""
    venue = drawing.drawn_only(files(), _corrections(hospital).sha256)
    if not venue.levels:
        abort(404)
    content = json.dumps(native.drawing_of(venue), ensure_ascii=False, separators=(",", ":"))
    response = Response(content, mimetype="application/geo+json")
    response.headers["Content-Disposition"] = f'attachment; filename="{hospital}-drawn.geojson"'
    return response


@blueprint.get("/hospitals/<hospital>/floors/<path:level>/draw")
def draw_floor(hospital: str, level: str) -> AnyResponse:
    """To the sheet of a floor, on the newest build."""
    return went("draw", hospital=hospital, job=newest(hospital), level=level)
