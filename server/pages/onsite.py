"""On site: staff walk a public route step by step and say whether it is as the phone says."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import Response, abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from exporter.bundle.photos import shrink
from exporter.paper.levels import picture_of
from exporter.paper.verdicts import RIGHT, WRONG
from navkit.guidance.guidance import Instruction
from navkit.route.routing import Route
from navkit.venue.venue import Level, Point, Venue
from navkit.words.findings import NavkitError
from server.builds import drafts, jobs, offload
from server.builds.jobs import Job
from server.builds.venues import venue_of
from server.data.rows import one
from server.pages.codes import is_meant, named
from server.pages.console import SHOWN, blueprint, went
from server.pages.context import deed, files, language, row_number, rows, say, upload_limit
from server.press import publishing, walks
from server.press.walks import Walker

MARGIN_PX = 90
"""What a map shows around the route, in its pixels."""

_ORDER = ("wrong", "changed", "old", "never", "right")
"""What is to be done comes first."""


def _published(hospital: str) -> tuple[Job, Venue, Walker]:
    now = publishing.published(rows(), hospital)
    made = jobs.job(rows(), hospital, now["job"]) if now else None
    sha256 = str(made.result["venue"]) if made else ""
    venue, walker = venue_of(files(), sha256), walks.walker_of(files(), sha256)
    if made is None or venue is None or walker is None:
        abort(404)
    return made, venue, walker


def share(hospital: str) -> dict[str, int] | None:
    """How many public routes there are, and how many are verified; None before a publication, and
    where the map is damaged, so that there is a page on which to mend it."""
    sha256 = publishing.published_venue(rows(), hospital)
    venue = None
    with suppress(NavkitError):
        venue = venue_of(files(), sha256)
    if venue is None:
        return None
    found = [one.state for one in walks.standings(rows(), hospital, venue, sha256).values()]
    return {"all": len(found), **{state: found.count(state) for state in _ORDER}}


@blueprint.get("/hospitals/<hospital>/walks", endpoint="walks")
def walks_page(hospital: str) -> str:
    if not publishing.published(rows(), hospital):
        return render_template("onsite/walks.html", share=None)
    made, venue, walker = _published(hospital)
    sha256 = str(made.result["venue"])
    found = walks.standings(rows(), hospital, venue, sha256)
    walks.compare(rows(), hospital, walker, found, sha256)
    found = walks.standings(rows(), hospital, venue, sha256)
    asked = request.args.get("q", "").strip()
    shown = [
        (place, named(venue, place), found[place.id])
        for place in walks.goals(venue)
        if is_meant(place, asked)
    ]
    shown.sort(key=lambda row: _ORDER.index(row[2].state))
    return render_template(
        "onsite/walks.html",
        rows=shown[:SHOWN],
        count=len(shown),
        asked=asked,
        share=share(hospital),
        has_codes=bool(venue.anchors),
    )


@blueprint.get("/hospitals/<hospital>/walk")
def walk(hospital: str) -> str:
    made, venue, walker = _published(hospital)
    goal = request.args.get("goal", "")
    route = walker.route(goal) if goal in venue.place_by_id else None
    if route is None:
        abort(404)
    told = walker.tell(route, language())
    number = min(max(request.args.get("step", 0, type=row_number), 0), len(told.instructions) - 1)
    sha256 = str(made.result["venue"])
    return render_template(
        "onsite/walk.html",
        goal=venue.place_by_id[goal],
        name=named(venue, venue.place_by_id[goal]),
        step=told.instructions[number],
        number=number,
        count=len(told.instructions),
        hash=walker.hash_of(goal),
        standing=walks.standings(rows(), hospital, venue, sha256).get(goal),
        remarks=walks.remarks(rows(), hospital, goal),
        job=made,
        views=_views(made, venue, route, told.instructions[number]),
    )


@dataclass(frozen=True)
class View:
    """A part of a level's picture: the route there, and a step on it."""

    level: Level
    height: int
    """Of the whole picture, in its pixels; it is 1000 wide."""
    window: str
    """What is shown of it, as SVG has it."""
    whole: str
    part: str


def _views(made: Job, venue: Venue, route: Route, step: Instruction) -> list[View]:
    """The levels on which a step begins and ends, if the build has drawn them."""
    network, nodes = route.network, route.nodes
    ends = dict.fromkeys(network.level[nodes[end]] for end in (step.first, step.last))
    drawn = made.result.get("drawings", {})
    levels = [number for number in ends if language() in drawn.get(venue.levels[number].id, {})]
    return [_view(venue, route, step, number) for number in levels]


def _view(venue: Venue, route: Route, step: Instruction, level: int) -> View:
    picture, network = picture_of(venue, venue.levels[level].id), route.network
    points = [
        picture.view.point((network.x_cm[node] / 100, network.y_cm[node] / 100))
        for node in route.nodes
    ]

    def line(first: int, last: int) -> list[Point]:
        numbers = range(first, last + 1)
        return [points[n] for n in numbers if network.level[route.nodes[n]] == level]

    whole = line(0, len(route.nodes) - 1)
    left, right = min(x for x, _ in whole) - MARGIN_PX, max(x for x, _ in whole) + MARGIN_PX
    top, bottom = min(y for _, y in whole) - MARGIN_PX, max(y for _, y in whole) + MARGIN_PX
    return View(
        venue.levels[level],
        round(picture.height_px),
        f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        _written(whole),
        _written(line(step.first, step.last)),
    )


def _written(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


@blueprint.post("/hospitals/<hospital>/walk")
def say_walked(hospital: str) -> AnyResponse:
    made, venue, walker = _published(hospital)
    form = request.form
    goal, verdict = form.get("goal", ""), form.get("verdict", "")
    step = form.get("step", 0, type=row_number) or 0
    route = walker.route(goal) if goal in venue.place_by_id else None
    if route is None:
        abort(404)
    told = walker.tell(route, language()).instructions
    if verdict == RIGHT and step + 1 < len(told):
        return went("walk", hospital=hospital, goal=goal, step=step + 1)
    given = (form.get("hash", ""), verdict, step, told[min(step, len(told) - 1)].text)
    remark = " ".join(form.get("remark", "").split())
    sha256 = str(made.result["venue"])
    walks.say(deed(), walker, sha256, goal, *given, remark, _photo())
    flash(say(f"walked-{verdict}"))
    if verdict in (RIGHT, WRONG):
        return went("walks", hospital=hospital)
    return went("walk", hospital=hospital, goal=goal, step=step)


def _photo() -> str:
    """The hash of the photo in the form, small and without the camera's data; empty for none."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        return ""
    upload_limit()
    return files().keep(offload.apart(shrink, content).content)


@blueprint.get("/hospitals/<hospital>/walk-photos/<int:walk>")
def walk_photo(hospital: str, walk: int) -> Response:
    row = one(rows(), "SELECT * FROM walks WHERE id = ? AND hospital = ?", walk, hospital)
    if row is None or not row["photo"]:
        abort(404)
    return Response(files().read(row["photo"]), mimetype="image/webp")


@blueprint.post("/hospitals/<hospital>/walks/<int:walk>/answer")
def answer_walk(hospital: str, walk: int) -> AnyResponse:
    """The answer to a verdict on the worklist."""
    with rows().write():
        walks.answer(deed(), walk, request.form.get("answer", ""), request.form.get("why", ""))
    flash(say("saved"))
    return _to_worklist(hospital)


@blueprint.post("/hospitals/<hospital>/walk-photos/<int:walk>/use")
def use_photo(hospital: str, walk: int) -> AnyResponse:
    """A photo that staff took on site becomes that of the place: phones show it on arrival."""
    row = one(rows(), "SELECT * FROM walks WHERE id = ? AND hospital = ?", walk, hospital)
    if row is None or not row["photo"]:
        abort(404)
    text = " ".join(request.form.get("about", "").split())
    if not text:
        raise NavkitError("form-empty", field="about")
    name = f"walk-{walk}.webp"
    said = {"do": "set-photo", "id": row["goal"], "file": name, "names": {language(): text}}
    seen = drafts.latest(rows(), hospital, "photo", name).version
    now = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS).version
    drafts.put(deed(), files(), "photo", name, files().read(row["photo"]), seen)
    drafts.add_corrections(deed(), files(), [{**said, "by": deed().person.name}], now)
    flash(say("photo-used"))
    return _to_worklist(hospital)


def _to_worklist(hospital: str) -> AnyResponse:
    """The page from which an answer came: the newest worklist, else the list of routes."""
    built = next((job for job in jobs.last(rows(), hospital) if job.state == "done"), None)
    if built is None:
        return went("walks", hospital=hospital)
    return went("worklist", hospital=hospital, job=built.id)
