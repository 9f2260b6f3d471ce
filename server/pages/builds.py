"""Pages about builds: the progress of one, its findings, its preview, and proposing it."""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask import Response, abort, flash, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from exporter.site.site import pages
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.builds import drafts, jobs, listing, mending, review
from server.builds.answers import answers_of
from server.builds.building import read_review
from server.builds.venues import venue_of
from server.builds.worklist import file_of
from server.data.files import Files
from server.pages import public
from server.pages.console import blueprint, profile_names, telling, went, word
from server.pages.context import (
    deed,
    files,
    language,
    now_ms,
    person,
    row_number,
    rows,
    say,
    settings,
)
from server.press import closures, leading, publishing
from server.staff import holders

_STEP = re.compile(r"(start|clips|trying)(?: \S+)? (\d+) of (\d+)")
"""How a build reports how many of its scripted routes, its clips and its corrections are done."""
_STEPS = {"start": "step-routes", "clips": "step-clips", "trying": "step-tried"}


@blueprint.post("/hospitals/<hospital>/builds")
def start_build(hospital: str) -> AnyResponse:
    return went("build", hospital=hospital, job=start(hospital))


def start(hospital: str) -> int:
    """The number of a build from the newest sources, by the person of this request."""
    sources = drafts.current(rows(), hospital)
    if not any(source.kind == "drawing" for source in sources) and not _draws_floors(sources):
        raise NavkitError("nothing-given")
    if jobs.under_way(rows(), person().name) >= jobs.MOST_WAITING:
        raise NavkitError("too-many-builds", most=str(jobs.MOST_WAITING))
    return jobs.ask(deed(), asked_for(hospital, sources))


def _draws_floors(sources: tuple[drafts.Source, ...]) -> bool:
    """Whether there is a floor that staff have made themselves."""
    said = (s for s in sources if s.kind == "corrections")
    return any(
        change["do"] == "add-level"
        for one in said
        for change in drafts.changes_of(files().read(one.sha256))
    )


def asked_for(hospital: str, sources: tuple[drafts.Source, ...]) -> dict[str, Any]:
    """The request of a build from these sources now."""
    live = publishing.published_venue(rows(), hospital)
    row = publishing.hospital_of(rows(), hospital)
    names = row["names"] if row else {}
    earlier = jobs.built_before(rows(), hospital, sources)
    return jobs.request_of(sources, languages(), live, settings().voice, names, earlier)


def _job(hospital: str, number: int) -> jobs.Job:
    found = jobs.job(rows(), hospital, number)
    if found is None:
        abort(404)
    return found


def done(hospital: str, number: int) -> jobs.Job:
    """A finished build."""
    job = _job(hospital, number)
    if job.state != "done":
        abort(404)
    return job


def made(hospital: str, number: int) -> tuple[jobs.Job, Venue]:
    """A finished build, and its venue."""
    job = done(hospital, number)
    venue = venue_of(files(), str(job.result["venue"]))
    assert venue
    return job, venue


@blueprint.get("/hospitals/<hospital>/builds/<int:job>")
def build(hospital: str, job: int) -> str:
    found = _job(hospital, job)
    if found.state != "done":
        return render_template(
            "builds/building.html", job=found, progress=_progress(found), answers=_answers(found)
        )
    _, venue = made(hospital, job)
    said = review_of(found, venue)
    proposal = publishing.proposed(rows(), hospital)
    now = publishing.published_venue(rows(), hospital)
    return render_template(
        "builds/build.html",
        job=found,
        venue=venue,
        review=said,
        accepted=work_of(found)["accepted"] if "worklist" in found.result else [],
        now=_changes_now(hospital),
        here="build",
        doubts=review.doubts(said),
        counted=review.counted(said),
        profiles=profile_names(),
        proposal=proposal if proposal and proposal["job"] == job else None,
        why_not=holders.why_not(rows(), proposal["proposed_by"], person()) if proposal else None,
        seconds=holders.seconds(
            rows(), hospital, proposal["proposed_by"] if proposal else person().name
        ),
        outdated=found.request["published"] != now,
        live=now == found.result["venue"],
        told=telling(venue),
        label=lambda thing: mending.label(venue, thing, language()),
    )


def _answers(failed: jobs.Job) -> list[tuple[str, str]]:
    """Where what stopped a build is mended: the kind of answer, and its page."""
    where, named = str(failed.result.get("where", "")), failed.request["sources"]
    drawings = [name for kind, name, _ in named if kind == "drawing"]
    file = file_of(drawings, where) or (drawings[0] if len(drawings) == 1 else "")
    pages: dict[str, tuple[str, dict[str, Any]]] = {
        "sheet": ("directory", {}),
        "row": ("directory", {}),
        "correction": ("corrections", {}),
        "mapping": ("mapping", {}),
        "file": ("replacing_source", {"kind": "drawing", "name": file})
        if file
        else ("hospital", {}),
    }
    known = ((kind, pages.get(kind)) for kind in answers_of(str(failed.result.get("code", ""))))
    return [
        (kind, url_for(f"console.{page[0]}", hospital=failed.hospital, **page[1]))
        for kind, page in known
        if page
    ]


def work_of(found: jobs.Job) -> Mapping[str, Any]:
    """The worklist of a finished build."""
    if "worklist" not in found.result:
        raise NavkitError("build-without-worklist")
    return _work(files(), str(found.result["worklist"]))


@lru_cache(maxsize=8)
def _work(kept: Files, sha256: str) -> Mapping[str, Any]:
    work: Mapping[str, Any] = json.loads(kept.read(sha256))
    return work


@lru_cache(maxsize=16)
def changes_of(kept: Files, sha256: str) -> tuple[Mapping[str, Any], ...]:
    """All corrections of a stored file."""
    found, _ = drafts.changes_part(kept.read(sha256), 0, drafts.MOST_ROWS["corrections"])
    return tuple(found)


def _changes_now(hospital: str) -> tuple[Mapping[str, Any], ...]:
    now = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    return changes_of(files(), now.sha256) if now.sha256 else ()


def review_of(found: jobs.Job, venue: Venue) -> dict[str, Any]:
    """The build's review with short lists. Older builds stored whole lists."""
    said = read_review(files(), found.result)
    return said if "groups" in said else listing.bounded(venue, said)


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/findings/<code>")
def findings(hospital: str, job: int, code: str) -> str:
    """All findings of one code, page by page."""
    found, venue = made(hospital, job)
    number = request.args.get("page", 1, type=row_number)
    if "findings" in found.result and code in found.result["findings"]:
        kept = found.result["findings"][code]
        page = json.loads(files().read(kept[number - 1])) if 0 < number <= len(kept) else []
        count = len(kept)
    else:
        group = next((g for g in review_of(found, venue)["groups"] if g["code"] == code), None)
        page, count = (group["rows"] if group else []), 1
    if not page:
        abort(404)
    return render_template(
        "builds/findings.html",
        job=found,
        code=code,
        rows=page,
        number=number,
        count=count,
        told=telling(venue),
        label=lambda thing: mending.label(venue, thing, language()),
    )


def _progress(job: jobs.Job) -> dict[str, Any]:
    """The progress of a build, in words and as a fraction."""
    step = _STEP.search(job.progress)
    if step:
        done, whole = int(step[2]), int(step[3])
        text = say(_STEPS[step[1]], done=done, all=whole)
        return {"state": job.state, "text": text, "done": done, "all": whole}
    text = word(f"step-{job.progress}", word(f"state-{job.state}"))
    return {"state": job.state, "text": text, "done": 0, "all": 0}


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/progress.json")
def progress(hospital: str, job: int) -> Response:
    return jsonify(_progress(_job(hospital, job)))


# ------------------------------------------------------------------- the preview


@lru_cache(maxsize=2)
def _preview(files: Files, index: str, day: str, job: int) -> Mapping[str, bytes]:
    """The page on a draft's bundle, without the bundle."""
    return pages(files.read(index), date.fromisoformat(day), "", None, draft=str(job))


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/preview/", defaults={"path": "index.html"})
@blueprint.get("/hospitals/<hospital>/builds/<int:job>/preview/<path:path>")
def preview(hospital: str, job: int, path: str) -> Response:
    """With a local time as `?at=`, search, map and routes of then, and what is closed then."""
    found = done(hospital, job)
    if path == closures.NAME:
        content = closures.file(rows(), hospital, now_ms())
        return Response(content, mimetype="application/json")
    names = publishing.named_of(found.result)
    shell = _preview(files(), found.result["parts"][0][2], date.today().isoformat(), job)
    name = path.removeprefix("bundle/")
    # No service worker: it would show an old draft instead of a newer one.
    if path == "sw.js" or not (path in shell or (name != path and name in names)):
        abort(404)
    content = shell[path] if path in shell else files().read(names[name])
    response = Response(content, mimetype=leading.content_type(path))
    response.headers["Content-Security-Policy"] = public.SITE_CSP
    return response


# ------------------------------------------------------------------- proposing


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/propose")
def propose(hospital: str, job: int) -> AnyResponse:
    form = request.form
    publishing.propose(deed(), files(), job, form.get("note", ""), form.getlist("seen"))
    flash(say("proposed"))
    return went("build", hospital=hospital, job=job)
