"""The console for staff: pages that work without JavaScript, in the reader's language."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from exporter.site.site import pages
from exporter.words.screen_words import screen_words
from floorplans.limits import LIMITS
from navkit.plan.plan import SHAFTS
from navkit.route.profiles import profiles
from navkit.venue.corrections import FIELDS, KINDS
from navkit.venue.directory import Entry
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import LANGUAGES, Finding, NavkitError
from server.builds import drafts, jobs, listing, mending, picturing, review
from server.builds.building import read_review
from server.builds.venues import venue_of
from server.data.files import Files
from server.data.rows import Row
from server.pages import public, source_pages
from server.pages.context import (
    deed,
    device,
    hospital,
    language,
    now_ms,
    person,
    row_number,
    rows,
    say,
    session_keys,
    settings,
)
from server.press import closable, closures, emergencies, leading, publishing, reports, scrubbing
from server.staff import devices, holders, people
from server.words.saying import book

blueprint = Blueprint("console", __name__)

MOST_SPOTS, MOST_SPOT_BYTES = 1_000, 300_000
"""That can be clicked on one map: more than that are too small, and too much for a page."""
SHOWN = 200
"""Rows of one table that a page shows."""
MOST_CHOICES = 1_000
"""Of one list to choose from; the others are searched for."""

REASONS = ("out-of-order", "maintenance", "cleaning", "full", "event")
"""Why something is closed, in words that every language has."""

_STEP = re.compile(r"(start|clips \S+) (\d+) of (\d+)")
"""How the bundle tells how far its scripted routes and its clips have come."""


def _went(endpoint: str, **values: Any) -> AnyResponse:
    """To the page that shows what was done."""
    return redirect(url_for(f"console.{endpoint}", **values), 303)


def _known(key: str, fallback: str = "") -> str:
    """The console's word for a code, the code itself where it has none."""
    return book(language()).get(key, fallback or key)


@blueprint.app_template_filter("moment")
def moment(at_ms: int) -> str:
    """A time as the hospital's clock shows it; of no hospital, in UTC."""
    if not at_ms:
        return ""
    zone = ZoneInfo(hospital()["timezone"] if hospital() else "UTC")
    shown = datetime.fromtimestamp(at_ms / 1000, zone).strftime("%Y-%m-%d %H:%M")
    return shown if hospital() else f"{shown} UTC"


@blueprint.app_template_filter("day")
def day(at_ms: int) -> str:
    """A day as the hospital's clock shows it."""
    return moment(at_ms)[:10]


@blueprint.app_template_filter("size")
def size(count: int) -> str:
    """Bytes as people count them."""
    if count >= 2**20:
        return f"{count / 2**20:.1f} MB"
    return f"{count / 1024:.0f} kB" if count >= 1024 else f"{count} B"


@blueprint.app_template_filter("named")
def named(names: Mapping[str, str]) -> str:
    """Names in the reader's language."""
    return name_in(names, language())


@blueprint.app_template_global("word")
def word(key: str) -> str:
    """The console's word for a code of ours."""
    return _known(key)


@blueprint.app_template_global("told")
def told(finding: Mapping[str, Any]) -> str:
    """A kept finding as a sentence."""
    one = Finding(finding["code"], finding["where"], finding["slots"])
    try:
        return one.text(language())
    except KeyError:
        return f"{one.where} {one.code}"


@blueprint.app_template_global("may")
def may(deed: str) -> bool:
    """Whether the reader's role does that here."""
    return person().may(deed, hospital()["id"] if hospital() else "")


@blueprint.app_template_global("sealed")
def sealed() -> bool:
    """Whether whoever publishes here must say the passphrase."""
    return settings().press.signer.asks(hospital()["id"])


@blueprint.app_template_global("heard")
def heard() -> bool:
    """Whether phones hear of what is closed here."""
    signer, key = settings().press.signer, hospital()["id"]
    return signer.has_map(key) if publishing.published(rows(), key) else signer.signs(key)


def _flash_for_phones(said: str) -> None:
    """What was done at the desk; and that phones learn of it, where they do."""
    gap = "" if language().startswith("zh") else " "
    flash(said + gap + say("phones-learn") if heard() else said)


@blueprint.app_template_global("data_folder")
def data_folder() -> str:
    """Where this server keeps everything, as commands on it name the folder."""
    return str(settings().folder)


# ------------------------------------------------------------------- signing in


@blueprint.get("/sign-in")
def sign_in() -> str:
    return render_template("sign_in.html")


@blueprint.post("/sign-in")
def signing_in() -> AnyResponse:
    secret = people.sign_in(
        rows(),
        now_ms(),
        request.form.get("name", ""),
        request.form.get("password", ""),
        request.remote_addr or "",
        device(),
        browser=request.headers.get("User-Agent", ""),
    )
    kept = session.get("language", "")
    session.clear()
    session["secret"] = secret
    if kept:
        session["language"] = kept
    return _remembered(_went("overview"), secret)


def _remembered(response: AnyResponse, secret: str) -> AnyResponse:
    """The answer to a sign-in: the browser keeps who it was, for the next time."""
    who = people.signed_in(rows(), now_ms(), secret)
    if who:
        response.set_cookie(
            devices.COOKIE,
            devices.written(device().known_to(who.id), session_keys()),
            max_age=devices.KEPT_S,
            secure=settings().https,
            httponly=True,
            samesite="Lax",
        )
    return response


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    people.sign_out(rows(), session.get("secret", ""))
    session.clear()
    return _went("sign_in")


@blueprint.post("/language")
def choose_language() -> AnyResponse:
    tag = request.form.get("language", "")
    if tag in LANGUAGES:
        session["language"] = tag
        secret = session.get("secret", "")
        who = people.signed_in(rows(), now_ms(), secret) if secret else None
        if who:
            people.set_language(rows(), who.id, tag)
    return redirect(_own_page(request.form.get("back", "")), 303)


def _own_page(told: str) -> str:
    """The page of the console at a path, its address composed anew; the overview where there is
    none. What browsers leave out of an address or read as another letter decides nothing here."""
    try:
        where = urlsplit(told)
        is_inside = not where.scheme and not where.netloc and where.path.startswith("/")
        routes = current_app.url_map.bind("")
        endpoint, values = routes.match(where.path if is_inside else "", "GET")
    except (ValueError, HTTPException):
        endpoint, values = "", {}
    is_page = endpoint.startswith(f"{blueprint.name}.")
    return url_for(endpoint, **values) if is_page else url_for("console.overview")


# ------------------------------------------------------------------- hospitals


@blueprint.get("/")
def overview() -> str | AnyResponse:
    if not person().may("look"):
        return _went("log")
    mine = [one for one in publishing.hospitals(rows()) if person().may("look", one["id"])]
    runs_all = person().may("administer") and not person().hospital
    if len(mine) == 1 and not person().may("administer"):
        return _went("hospital", hospital=mine[0]["id"])
    shown = [
        {
            **one,
            "publication": publishing.published(rows(), one["id"]),
            "closures": len(closures.running(rows(), one["id"], now_ms())),
            "emergency": closures.emergency(rows(), one["id"]),
        }
        for one in mine
    ]
    damages = scrubbing.damages(rows()) if runs_all else []
    return render_template("overview.html", hospitals=shown, damages=damages)


@blueprint.post("/hospitals")
def add_hospital() -> AnyResponse:
    if person().hospital:
        abort(403)
    key = request.form.get("id", "").strip()
    said = _described()
    publishing.add_hospital(deed().at(key), said["names"], said["timezone"], said["address"])
    return _went("hospital", hospital=key)


def _described() -> dict[str, Any]:
    """What a form says of a hospital."""
    names = {tag: request.form.get(f"name-{tag}", "").strip() for tag in LANGUAGES}
    return {
        "names": {tag: name for tag, name in names.items() if name},
        "timezone": request.form.get("timezone", ""),
        "address": request.form.get("address", "").strip(),
    }


@blueprint.get("/hospitals/<hospital>/description", endpoint="description")
def description_page(hospital: str) -> str:
    row = publishing.hospital_of(rows(), hospital)
    assert row
    return render_template(
        "description.html",
        described=row,
        seen=json.dumps(publishing.description(row), ensure_ascii=False),
        names=_names(hospital),
    )


@blueprint.post("/hospitals/<hospital>/description")
def describe(hospital: str) -> AnyResponse:
    passphrase = request.form.get("passphrase", "")
    if publishing.published(rows(), hospital):
        # The address and the day of the hospital's clock stand in what phones have.
        settings().press.signer.check(hospital, passphrase)
    try:
        seen = json.loads(request.form.get("seen", ""))
    except (ValueError, RecursionError):
        raise NavkitError("form-expired") from None
    publishing.change_hospital(deed(), seen, _described())
    publishing.write(rows(), settings().press, now_ms(), hospital, passphrase)
    flash(say("saved"))
    return _went("hospital", hospital=hospital)


def _names(hospital: str) -> dict[str, Mapping[str, str]]:
    """What phones call a hospital, and what its drawings do, as far as builds have told."""
    live = publishing.published(rows(), hospital)
    shown_ = jobs.job(rows(), hospital, live["job"]) if live else None
    last = next((job for job in jobs.last(rows(), hospital) if job.state == "done"), None)
    told = [job.result.get("names", {}) if job else {} for job in (shown_, last)]
    return {"shown": told[0].get("shown", {}), "on_drawing": told[1].get("on_drawing", {})}


@blueprint.get("/hospitals/<hospital>", endpoint="hospital")
def hospital_page(hospital: str) -> str:
    sources = drafts.current(rows(), hospital)
    number = max(1, request.args.get("page", 1, type=row_number))
    recent = jobs.last(rows(), hospital)
    request_ = _request(hospital, sources)
    same = next((j for j in recent if j.request == request_ and j.state != "failed"), None)
    return render_template(
        "hospital.html",
        sources=sources,
        suffixes=drafts.SUFFIXES,
        megabytes={kind: most // 2**20 for kind, most in drafts.MOST_BYTES.items()},
        most_rows=drafts.MOST_ROWS,
        limits=LIMITS,
        first=(number - 1) * SHOWN,
        shown=SHOWN,
        number=number,
        count=_pages(len(sources)),
        jobs=recent,
        fresh=same,
        publication=publishing.published(rows(), hospital),
        proposal=_proposal(hospital),
        closures=closures.running(rows(), hospital, now_ms()),
        seen=json.dumps({f"{s.kind}/{s.name}": s.version for s in sources}),
        removed=drafts.removed(rows(), hospital),
        names=_names(hospital),
    )


def _request(hospital: str, sources: tuple[drafts.Source, ...]) -> dict[str, Any]:
    live = publishing.published_venue(rows(), hospital)
    row = publishing.hospital_of(rows(), hospital)
    names = row["names"] if row else {}
    return jobs.request_of(sources, LANGUAGES, live, settings().voice, names)


def _proposal(hospital: str) -> Row | None:
    found = publishing.history(rows(), hospital)
    return next((row for row in found if row["state"] == "proposed"), None)


def _files() -> Files:
    return settings().press.files


# ------------------------------------------------------------------- sources


source_pages.add_to(blueprint)


# ------------------------------------------------------------------- the directory


@blueprint.get("/hospitals/<hospital>/directory")
def directory(hospital: str) -> str:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    asked = request.args.get("q", "").strip().casefold()
    table = drafts.table_part(_content(found), asked, SHOWN)
    return render_template(
        "directory.html", table=table, shown=table.rows, count=table.count, asked=asked
    )


def _content(found: drafts.Source) -> bytes:
    """What was put in, nothing where nothing was."""
    return _files().read(found.sha256) if found.sha256 else b""


@blueprint.get("/hospitals/<hospital>/directory/<int:number>")
def directory_row(hospital: str, number: int) -> str:
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    table = drafts.table_row(_content(found), number)
    if not table.rows:
        abort(404)
    return render_template("directory_row.html", table=table, number=number, row=table.rows[0])


@blueprint.post("/hospitals/<hospital>/directory/<int:number>")
def edit_row(hospital: str, number: int) -> str | AnyResponse:
    cells = request.form.getlist("cell")
    try:
        drafts.edit_row(deed(), _files(), number, request.form.getlist("seen"), cells)
    except drafts.RowConflictError as conflict:
        return source_pages.row_conflict(conflict)
    flash(say("saved"))
    return _went("directory", hospital=hospital)


# ------------------------------------------------------------------- corrections


@blueprint.get("/hospitals/<hospital>/corrections")
def corrections(hospital: str) -> str:
    found = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    number = request.args.get("page", 1, type=row_number)
    first = (max(number, 1) - 1) * SHOWN
    changes, count = drafts.changes_part(_content(found), first, SHOWN)
    return render_template(
        "corrections.html",
        changes=[_shown(change) for change in changes],
        version=found.version,
        first=first,
        number=number,
        count=_pages(count),
    )


def _pages(count: int) -> int:
    """On how many pages so many things are shown."""
    return max(1, -(-count // SHOWN))


def _shown(change: Mapping[str, Any]) -> dict[str, str]:
    said = {k: v for k, v in change.items() if k not in ("do", "why")}
    return {
        "do": change["do"],
        "what": json.dumps(said, ensure_ascii=False)[1:-1],
        "why": change.get("why", ""),
    }


@blueprint.post("/hospitals/<hospital>/corrections")
def add_correction(hospital: str) -> str | AnyResponse:
    job = request.form.get("job", 0, type=row_number)
    _, venue = _made(hospital, job)
    form = {key: value for key, value in request.form.items() if isinstance(value, str)}
    change = mending.change_of(form, venue)
    try:
        drafts.add_correction(
            deed(),
            _files(),
            change,
            request.form.get("version", 0, type=row_number),
            source_pages.instead(),
        )
    except drafts.ChangeConflictError as conflict:
        return source_pages.change_conflict(conflict)
    flash(say("correction-added", what=say(f"do-{change['do']}")))
    level = mending.level_of(venue, form.get("thing", ""))
    if level:
        return _went("level", hospital=hospital, job=job, level=level)
    return _went("corrections", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/corrections/<int:number>/remove")
def remove_correction(hospital: str, number: int) -> str | AnyResponse:
    version = request.form.get("version", 0, type=row_number)
    drafts.remove_correction(deed(), _files(), number, version)
    return _went("corrections", hospital=hospital)


# ------------------------------------------------------------------- builds


@blueprint.post("/hospitals/<hospital>/builds")
def start_build(hospital: str) -> AnyResponse:
    sources = drafts.current(rows(), hospital)
    if not any(source.kind == "drawing" for source in sources):
        raise NavkitError("nothing-given")
    if jobs.under_way(rows(), person().name) >= jobs.MOST_WAITING:
        raise NavkitError("too-many-builds", most=str(jobs.MOST_WAITING))
    number = jobs.ask(deed(), _request(hospital, sources))
    return _went("build", hospital=hospital, job=number)


def _job(hospital: str, number: int) -> jobs.Job:
    found = jobs.job(rows(), hospital, number)
    if found is None:
        abort(404)
    return found


def _done(hospital: str, number: int) -> jobs.Job:
    """A build that is done."""
    job = _job(hospital, number)
    if job.state != "done":
        abort(404)
    return job


def _made(hospital: str, number: int) -> tuple[jobs.Job, Venue]:
    """A build that is done, and its venue."""
    job = _done(hospital, number)
    venue = venue_of(_files(), str(job.result["venue"]))
    assert venue
    return job, venue


@blueprint.get("/hospitals/<hospital>/builds/<int:job>")
def build(hospital: str, job: int) -> str:
    found = _job(hospital, job)
    if found.state != "done":
        return render_template("building.html", job=found, progress=_progress(found))
    _, venue = _made(hospital, job)
    said = _review(found, venue)
    proposal = _proposal(hospital)
    now = publishing.published_venue(rows(), hospital)
    return render_template(
        "build.html",
        job=found,
        venue=venue,
        review=said,
        doubts=review.doubts(said),
        counted=review.counted(said),
        profiles=_profile_names(),
        proposal=proposal if proposal and proposal["job"] == job else None,
        why_not=holders.why_not(rows(), proposal["proposed_by"], person()) if proposal else None,
        outdated=found.request["published"] != now,
        live=now == found.result["venue"],
        label=lambda thing: mending.label(venue, thing, language()),
    )


def _review(found: jobs.Job, venue: Venue) -> dict[str, Any]:
    """What the build has found, of which every list is short. Older builds kept them whole."""
    said = read_review(_files(), found.result)
    return said if "groups" in said else listing.bounded(venue, said)


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/findings/<code>")
def findings(hospital: str, job: int, code: str) -> str:
    """All findings of one code, page by page."""
    found, venue = _made(hospital, job)
    number = request.args.get("page", 1, type=row_number)
    if "findings" in found.result and code in found.result["findings"]:
        kept = found.result["findings"][code]
        page = json.loads(_files().read(kept[number - 1])) if 0 < number <= len(kept) else []
        count = len(kept)
    else:
        group = next((g for g in _review(found, venue)["groups"] if g["code"] == code), None)
        page, count = (group["rows"] if group else []), 1
    if not page:
        abort(404)
    return render_template(
        "findings.html", job=found, code=code, rows=page, number=number, count=count
    )


def _progress(job: jobs.Job) -> dict[str, Any]:
    """How far a build has come, in words and as a share."""
    step = _STEP.search(job.progress)
    if step:
        done, whole = int(step[2]), int(step[3])
        text = say("step-routes" if step[1] == "start" else "step-clips", done=done, all=whole)
        return {"state": job.state, "text": text, "done": done, "all": whole}
    text = _known(f"step-{job.progress}", _known(f"state-{job.state}"))
    return {"state": job.state, "text": text, "done": 0, "all": 0}


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/progress.json")
def progress(hospital: str, job: int) -> Response:
    return jsonify(_progress(_job(hospital, job)))


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/levels/<level>")
def level(hospital: str, job: int, level: str) -> str:
    found, venue = _made(hospital, job)
    if level not in venue.level_by_id:
        abort(404)
    picture = picturing.picture_of(venue, level)
    x_px, y_px = request.args.get("px", type=float), request.args.get("py", type=float)
    clicked = None if x_px is None or y_px is None else picture.metres(x_px, y_px)
    thing = request.args.get("thing", "")
    if clicked and not thing:
        thing = mending.space_at(venue, level, clicked)
    space = venue.space_by_id.get(thing)
    draft = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    said = _review(found, venue)["levels"].get(level, {"count": 0, "rows": []})
    spots = picturing.spots_within(venue, level, MOST_SPOTS, MOST_SPOT_BYTES)
    chosen = picturing.spot_of(venue, level, thing)
    return render_template(
        "level.html",
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
        neighbours=mending.neighbours(venue, space)[:MOST_CHOICES] if space else [],
        stops=mending.other_stops(venue, space)[:MOST_CHOICES] if space else [],
        offered=mending.offered(venue, thing),
        listed=_listed(hospital, venue, thing),
        place=venue.place_by_id.get(thing),
        access=sorted(FIELDS["access"]),  # type: ignore[arg-type]
        kinds=KINDS,
        version=draft.version,
        label=lambda one: mending.label(venue, one, language()),
    )


def _choices(venue: Venue, level: str, thing: str) -> dict[str, Any]:
    """Spaces and doors of a level to choose from: those that are asked for, as many as fit."""
    asked = request.args.get("q", "").strip().casefold()
    spaces = [one.id for one in venue.spaces if one.level == level]
    doors = [d.id for d in venue.doors if mending.level_of(venue, d.id) == level]
    count = len(spaces) + len(doors)

    def fits(one: str) -> bool:
        return asked in f"{mending.label(venue, one, language())} {one}".casefold()

    if asked:
        spaces, doors = list(filter(fits, spaces)), list(filter(fits, doors))
    found = len(spaces) + len(doors)
    shown = spaces[:MOST_CHOICES]
    if thing in venue.space_by_id and thing not in shown:
        shown = [thing, *shown]
    return {
        "spaces": shown,
        "doors": doors[: max(0, MOST_CHOICES - len(shown))],
        "asked": asked,
        "searched": count > MOST_CHOICES,
        "more": max(0, found - MOST_CHOICES),
    }


def _listed(hospital: str, venue: Venue, thing: str) -> list[Entry]:
    """Rows of the directory that give a room its name, whatever a correction calls it."""
    found = drafts.latest(rows(), hospital, "directory", drafts.DIRECTORY)
    if not found.sha256 or thing not in venue.space_by_id:
        return []
    # Without all that does not name it: it may go to another process.
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
    return drafts.rows_naming(_files().read(found.sha256), alone, thing)


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/levels/<level>.svg")
def level_svg(hospital: str, job: int, level: str) -> Response:
    """As the build has drawn it. A browser keeps it, and asks each time whether it may show it."""
    drawn = _done(hospital, job).result.get("drawings", {}).get(level, {})
    if language() not in drawn:
        abort(404)
    sha256, _ = drawn[language()]
    response = Response(mimetype="image/svg+xml")
    response.set_etag(sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie, Accept-Language"
    if sha256 not in request.if_none_match:
        response.set_data(_files().read(sha256))
    response.make_conditional(request)
    return response


@lru_cache(maxsize=2)
def _preview(files: Files, index: str, day: str, job: int) -> Mapping[str, bytes]:
    """The page on a draft's bundle, without the bundle."""
    return pages(files.read(index), date.fromisoformat(day), "", None, draft=str(job))


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/preview/", defaults={"path": "index.html"})
@blueprint.get("/hospitals/<hospital>/builds/<int:job>/preview/<path:path>")
def preview(hospital: str, job: int, path: str) -> Response:
    found = _done(hospital, job)
    names = publishing.named_of(found.result)
    shell = _preview(_files(), found.result["parts"][0][2], date.today().isoformat(), job)
    name = path.removeprefix("bundle/")
    # No service worker: it would show an old draft in place of a newer one.
    if path == "sw.js" or not (path in shell or (name != path and name in names)):
        abort(404)
    content = shell[path] if path in shell else _files().read(names[name])
    response = Response(content, mimetype=leading.content_type(path))
    response.headers["Content-Security-Policy"] = public.SITE_CSP
    return response


# ------------------------------------------------------------------- publishing


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/propose")
def propose(hospital: str, job: int) -> AnyResponse:
    form = request.form
    publishing.propose(deed(), _files(), job, form.get("note", ""), form.getlist("seen"))
    flash(say("proposed"))
    return _went("build", hospital=hospital, job=job)


@blueprint.post("/hospitals/<hospital>/publications/<int:publication>")
def decide(hospital: str, publication: int) -> AnyResponse:
    if request.form.get("decision") == "no":
        publishing.decline(deed(), publication)
        flash(say("declined"))
        return _went("history", hospital=hospital)
    version = publishing.approve(
        deed(),
        settings().press,
        publication,
        request.form.getlist("seen"),
        request.form.get("passphrase", ""),
    )
    flash(say("published-now", version=version))
    return _went("history", hospital=hospital)


@blueprint.get("/hospitals/<hospital>/history")
def history(hospital: str) -> str:
    found = publishing.history(rows(), hospital)
    number = request.args.get("page", 1, type=row_number)
    first = (max(number, 1) - 1) * SHOWN
    return render_template(
        "history.html",
        publications=found[first : first + SHOWN],
        now=publishing.published(rows(), hospital),
        number=number,
        count=_pages(len(found)),
    )


@blueprint.post("/hospitals/<hospital>/undo")
def undo(hospital: str) -> AnyResponse:
    version = request.form.get("version", 0, type=row_number)
    new = publishing.undo(
        deed(),
        settings().press,
        version,
        request.form.get("passphrase", ""),
    )
    flash(say("undone", version=version, new=new))
    return _went("history", hospital=hospital)


# ------------------------------------------------------------------- the duty desk


PAST = 5
"""So many closures that are over are shown at the desk."""
FOUND = 30
"""So many things are shown that a search at the desk finds."""


def _closable(hospital: str) -> tuple[closable.Closable, ...]:
    return closable.closable_of(_files(), publishing.published_venue(rows(), hospital))


@blueprint.get("/hospitals/<hospital>/desk")
def desk(hospital: str) -> str:
    things = _closable(hospital)
    groups: dict[str, list[Row]] = {"running": [], "planned": [], "unreadable": []}
    for row in closures.current(rows(), hospital, now_ms()):
        groups[row["state"]].append(row)
    asked = request.args.get("q", "").strip()
    shut = {row["target"] for row in groups["running"]}
    found = closable.found(things, asked) if asked else []
    return render_template(
        "desk.html",
        groups=groups,
        past=closures.past(rows(), hospital, now_ms(), PAST),
        shut=shut,
        planned={row["target"]: row for row in reversed(groups["planned"])},
        shafts=[one for one in things if one.kind in SHAFTS and one.id not in shut],
        found=found[:FOUND],
        count=len(found),
        asked=asked,
        known={one.id for one in things},
        label=lambda thing: _called(things, thing),
    )


def _called(things: tuple[closable.Closable, ...], target: str) -> str:
    """What staff call it; its id where the map that is published does not have it."""
    labels = next((one.labels for one in things if one.id == target), {})
    return labels.get(language(), target)


@blueprint.get("/hospitals/<hospital>/desk/<target>")
def closing(hospital: str, target: str) -> str:
    things = _closable(hospital)
    if not any(one.id == target for one in things):
        abort(404)
    current = closures.current(rows(), hospital, now_ms())
    now = [row for row in current if row["target"] == target and row["state"] != "unreadable"]
    replaced = request.args.get("replaces", 0, type=row_number)
    return render_template(
        "closing.html",
        label=_called(things, target),
        reasons=REASONS,
        now=now,
        replaced=next((row for row in now if row["id"] == replaced), None),
    )


@blueprint.post("/hospitals/<hospital>/desk/<target>")
def close(hospital: str, target: str) -> AnyResponse:
    form = request.form
    key = form.get("because", "")
    if key in REASONS:
        reason = {tag: book(tag)[f"because-{key}"] for tag in LANGUAGES}
    else:
        said = {tag: form.get(f"reason-{tag}", "").strip() for tag in LANGUAGES}
        reason = {tag: text for tag, text in said.items() if text}
    made = closures.close(
        deed(),
        settings().press,
        {one.id for one in _closable(hospital)},
        target,
        # From now on is since ever: the clock of a phone may be slow, or in another zone.
        form.get("start", ""),
        form.get("end", ""),
        reason,
        form.get("replaces", 0, type=row_number) or 0,
    )
    _flash_for_phones(say(f"closed-{made['state']}", start=made["start_at"].replace("T", " ")))
    return _went("desk", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/closures/<int:closure>/reopen")
def reopen(hospital: str, closure: int) -> AnyResponse:
    row, left = closures.reopen(deed(), settings().press, closure)
    what = _called(_closable(hospital), row["target"])
    if left:
        flash(say("closed-still", what=what, period=closures.shown(closures.period_of(left[0]))))
    else:
        _flash_for_phones(say("reopened" if row["state"] == "running" else "taken-back", what=what))
    return _went("desk", hospital=hospital)


# ------------------------------------------------------------------- an emergency


@blueprint.app_template_global("emergency")
def standing_emergency() -> Row | None:
    """The emergency of this hospital, None where there is none."""
    return closures.emergency(rows(), hospital()["id"]) if hospital() else None


@blueprint.get("/hospitals/<hospital>/emergency")
def emergency(hospital: str) -> str:
    return _emergency_page(None)


def _emergency_page(trouble: Finding | None) -> str:
    said = {tag: words["emergency"] for tag, words in screen_words().items()}
    return render_template(
        "emergency.html", said=said, trouble=trouble and trouble.text(language())
    )


@blueprint.post("/hospitals/<hospital>/emergency")
def declare_emergency(hospital: str) -> AnyResponse | tuple[str, int]:
    if request.form.get("sure") != "declare":
        return _emergency_page(Finding("emergency-unconfirmed")), 400
    emergencies.declare(deed(), settings().press)
    flash(say("emergency-declared" if heard() else "emergency-unheard"))
    return _went("emergency", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/emergency/withdraw")
def withdraw_emergency(hospital: str) -> AnyResponse | tuple[str, int]:
    if request.form.get("sure") != "withdraw":
        return _emergency_page(Finding("emergency-unconfirmed")), 400
    emergencies.withdraw(deed(), settings().press)
    flash(say("emergency-over" if heard() else "emergency-over-unheard"))
    return _went("emergency", hospital=hospital)


# ------------------------------------------------------------------- reports


@blueprint.get("/hospitals/<hospital>/reports", endpoint="reports")
def reports_page(hospital: str) -> str:
    shown = [_traced(hospital, one) for one in reports.waiting(rows(), hospital)[:200]]
    return render_template("reports.html", reports=shown, profiles=_profile_names())


def _profile_names() -> dict[str, str]:
    return {key: name_in(profile.names, language()) for key, profile in profiles().items()}


def _traced(hospital: str, report: reports.Report) -> dict[str, Any]:
    """A report with the version and the room that it is about, where that is known still."""
    told = {"report": report, "version": 0, "job": 0, "level": report.level, "thing": ""}
    for row in publishing.history(rows(), hospital):
        made = jobs.job(rows(), hospital, row["job"]) if row["state"] == "published" else None
        if made is None or not made.result["parts"][0][2].startswith(report.bundle):
            continue
        venue = venue_of(_files(), made.result["venue"])
        if venue and report.level in venue.level_by_id:
            told |= {"version": row["version"], "job": made.id}
            told["level"] = venue.level_by_id[report.level].label
            told["thing"] = mending.space_at(venue, report.level, report.line[0])
        break
    return told


@blueprint.post("/hospitals/<hospital>/reports/<report>/settle")
def settle_report(hospital: str, report: str) -> AnyResponse:
    reports.settle(deed(), report)
    return _went("reports", hospital=hospital)
