"""The page on which two versions of a file are compared on the map.

Of a drawing by the builds that have read each version; of corrections and of the directory by
the level as it would be with each, on the drawings of the newest build.
"""

from functools import lru_cache
from typing import Any

from flask import Response, abort, render_template, request

from navkit.venue.comparing import Difference
from navkit.venue.venue import name_in
from server.builds import contrast, drafts, drawing, jobs
from server.builds.contrast import Contrast
from server.builds.venues import venue_of
from server.data.files import Files
from server.pages.console import SHOWN, blueprint
from server.pages.context import files, language, rows, say
from server.words.saying import book

LAST_BUILDS = 200
"""Among which a build that has read a version is looked for. A guess."""

_OF_VERSION = "/hospitals/<hospital>/sources/<kind>/<name>/versions/<int:version>"


@lru_cache(maxsize=8)
def _contrast(files: Files, old: str, new: str) -> Contrast:
    before, after = (venue_of(files, sha256) for sha256 in (old, new))
    assert before and after
    return contrast.contrast(before, after)


@lru_cache(maxsize=16)
def _on_level(files: Files, made: drawing.Made, kind: str, old: str, new: str) -> Contrast:
    """A level of a build with one of two corrections, or one of two directories, by hash."""
    other = made.directory if kind == "corrections" else made.corrections
    both = [
        drawing.level_now(files, made, *((one, other) if kind == "corrections" else (other, one)))
        for one in (old, new)
    ]
    return contrast.contrast(*both)


def _versions(
    hospital: str, kind: str, name: str, version: int
) -> tuple[drafts.Source, drafts.Source]:
    """The version, and the newest one that is not removed."""
    known = drafts.versions(rows(), hospital, kind, name)
    old = next((one for one in known if one.version == version and one.sha256), None)
    now = next((one for one in known if one.sha256), None)
    if old is None or now is None or kind not in ("drawing", "corrections", "directory"):
        abort(404)
    return old, now


def _build_with(hospital: str, source: drafts.Source) -> jobs.Job | None:
    """The newest finished build that has read a version of a file."""
    wanted = [source.kind, source.name, source.sha256]
    done = (j for j in jobs.last(rows(), hospital, LAST_BUILDS) if j.state == "done")
    return next((job for job in done if wanted in job.request["sources"]), None)


def _made(hospital: str, kind: str, name: str, version: int) -> tuple[Contrast | None, Any]:
    """What is compared, None as long as something is not built; and what the page says of it."""
    old, now = _versions(hospital, kind, name, version)
    said: dict[str, Any] = {"old": old, "now": now, "unbuilt": []}
    if kind == "drawing":
        return _made_of_drawing(hospital, said)
    job = next((j for j in jobs.last(rows(), hospital) if j.state == "done"), None)
    venue = venue_of(files(), str(job.result["venue"])) if job else None
    if job is None or venue is None:
        return None, {**said, "unbuilt": [now.version]}
    level = request.args.get("level", "") or next(iter(venue.level_by_id))
    if level not in venue.level_by_id:
        abort(404)
    part = drawing.made_of(job.request, job.result, level)
    made = _on_level(files(), part, kind, old.sha256, now.sha256)
    levels = dict.fromkeys(venue.level_by_id, venue)
    return made, {**said, "levels": levels, "level": level}


def _made_of_drawing(hospital: str, said: dict[str, Any]) -> tuple[Contrast | None, Any]:
    """The version beside the newest one that a finished build has read."""
    old = said["old"]
    known = drafts.versions(rows(), hospital, old.kind, old.name)
    built = ((one, _build_with(hospital, one)) for one in known if one.sha256)
    now, after = next(((one, job) for one, job in built if job), (said["now"], None))
    before = _build_with(hospital, old)
    if before is None or after is None:
        return None, {**said, "unbuilt": [old.version]}
    made = _contrast(files(), *(str(job.result["venue"]) for job in (before, after)))
    said = {**said, "now": now, "levels": made.levels}
    return made, {**said, "level": _level(made, list(made.levels))}


def _level(made: Contrast, known: list[str]) -> str:
    """The level that is asked for, else the first on which something differs."""
    asked = request.args.get("level", "")
    if asked and asked not in known:
        abort(404)
    return asked or next((level for level in known if made.on(level)), known[0])


@blueprint.get(f"{_OF_VERSION}/map")
def on_map(hospital: str, kind: str, name: str, version: int) -> str:
    made, said = _made(hospital, kind, name, version)
    found = made.on(said["level"]) if made else []
    return render_template(
        "contrasts/on_map.html",
        **said,
        found=[(one.how, _sentence(made, one)) for one in found[:SHOWN]] if made else [],
        count=len(found),
        counts={level: len(made.on(level)) for level in said["levels"]}
        if made and kind == "drawing"
        else {},
    )


@blueprint.get(f"{_OF_VERSION}/map.svg")
def map_picture(hospital: str, kind: str, name: str, version: int) -> Response:
    made, said = _made(hospital, kind, name, version)
    if made is None or said["level"] not in made.levels:
        abort(404)
    response = Response(contrast.picture(made, said["level"], language()), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _sentence(made: Contrast, one: Difference) -> str:
    """What a thing is called, and what is different."""
    slots = {"thing": _called(one.new or one.old), "was": _called(one.old or one.new)}
    facts = say("log-comma").join(_fact(name) for name in one.facts)
    part = say(f"thing-{one.part}")
    return say(f"contrast-{one.how}", part=part, metres=f"{one.metres:.1f}", facts=facts, **slots)


def _called(thing: Any) -> str:
    name = name_in(getattr(thing, "names", {}), language())
    number = getattr(thing, "ref", "") or getattr(thing, "label", "")
    return " ".join(filter(None, (number, name))) or str(thing.id)


def _fact(name: str) -> str:
    return book(language()).get(f"field-{name}", name)
