"""Codes on walls: where they should hang, sheets to print, which hang; slips for appointments."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Response, abort, flash, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from exporter.paper.anchors import anchor_sheet, code_of
from exporter.paper.levels import picture_of
from exporter.paper.slips import link, slip
from navkit.venue.lookup import folded
from navkit.venue.naming import place_called
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import Anchor, Place, Venue, name_in
from navkit.words.languages import languages
from server.builds import drafts, hanging, jobs
from server.builds.hanging import Proposal
from server.builds.jobs import Job
from server.builds.venues import venue_of
from server.pages.console import blueprint, went
from server.pages.context import deed, files, hospital, language, rows, say
from server.press import closable, publishing, scans, walks
from server.press.scans import Scan

SLIPS = 60
"""Places of a search that the page shows."""


@dataclass(frozen=True)
class Hung:
    """A code of the map, for the list of where they hang."""

    anchor: Anchor
    code: str
    name: str
    scan: Scan | None


def newest(key: str) -> tuple[Job, Venue] | None:
    """The last finished build, and its venue; None if there is none."""
    made = next((job for job in jobs.last(rows(), key) if job.state == "done"), None)
    venue = venue_of(files(), str(made.result["venue"])) if made else None
    return (made, venue) if made and venue else None


def base_url() -> str:
    """Where phones find the map."""
    return hospital()["address"] or url_for(
        "public.file", hospital=hospital()["id"], _external=True
    )


@blueprint.get("/hospitals/<hospital>/codes", endpoint="codes")
def codes_page(hospital: str) -> str:
    found = newest(hospital)
    if found is None:
        return render_template("codes/none.html")
    job, venue = found
    seen = scans.scanned(rows(), hospital, venue)
    wanted = hanging.proposals_for(files(), str(job.result["venue"]))
    draft = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    said = drafts.changes_of(drafts.content_of(files(), draft)) if draft.sha256 else []
    waiting = {one.get("id") for one in said if one["do"] == "add-anchor"}
    return render_template(
        "codes/codes.html",
        job=job,
        venue=venue,
        levels=[_level(job, venue, level.id, wanted, seen) for level in venue.levels],
        hung=len(seen),
        waiting=waiting,
        version=draft.version,
        near=round(hanging.NEAR_M),
        hand=round(hanging.AT_HAND_M),
    )


def _level(
    job: Job, venue: Venue, level: str, wanted: Iterable[Proposal], seen: Mapping[str, Scan]
) -> dict[str, object]:
    """What a page shows of a level: its picture with pins, its codes, and what is missing."""
    picture, here = picture_of(venue, level), venue.level_by_id[level]
    building = name_in(venue.building_names.get(here.building, {}), language())
    anchors = [one for one in venue.anchors if venue.space_by_id[one.space].level == level]
    missing = [one for one in wanted if one.level == level]
    return {
        "id": level,
        "name": f"{building} {here.label}".strip(),
        "height": round(picture.height_px),
        "drawing": language() in job.result.get("drawings", {}).get(level, {}),
        "codes": [
            Hung(one, code_of(one), name_in(one.names, language()), seen.get(one.id))
            for one in sorted(anchors, key=code_of)
        ],
        "missing": missing,
        "pins": [
            (*picture.view.point(one.point), code, kind)
            for kind, group in (("there", anchors), ("missing", missing))
            for one in group
            for code in [one.code or one.id]
        ],
    }


@blueprint.post("/hospitals/<hospital>/codes")
def take_codes(hospital: str) -> AnyResponse:
    """Proposals that staff take become corrections, which the next build hangs."""
    found = newest(hospital)
    if found is None:
        abort(404)
    chosen = {*request.form.getlist("code")}
    wanted = hanging.proposals_for(files(), str(found[0].result["venue"]))
    draft = drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS)
    said = drafts.changes_of(drafts.content_of(files(), draft)) if draft.sha256 else []
    known = {one.get("id") for one in said}
    changes = [one.change for one in wanted if one.id in chosen and one.id not in known]
    if changes:
        drafts.add_corrections(deed(), files(), changes, draft.version)
    flash(say("codes-taken", count=len(changes)))
    return went("codes", hospital=hospital)


@blueprint.get("/hospitals/<hospital>/codes/sheets")
def code_sheets(hospital: str) -> str:
    """Pages of A4 to print and cut out."""
    found = newest(hospital)
    if found is None or not found[1].anchors:
        abort(404)
    pages = anchor_sheet(found[1], language(), base_url())
    return render_template("codes/sheets.html", pages=[_inline(svg) for _, svg in pages])


def _inline(svg: str) -> str:
    """A drawing of our own as a part of a page."""
    return re.sub(r"^<\?xml[^>]*\?>\s*", "", svg)


@blueprint.post("/hospitals/<hospital>/codes/scan")
def scan_code(hospital: str) -> AnyResponse:
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    if venue is None:
        abort(404)
    anchor = scans.scan(deed(), venue, request.form.get("code", ""))
    flash(say("code-scanned", code=code_of(anchor), name=name_in(anchor.names, language())))
    return went("codes", hospital=hospital)


# ------------------------------------------------------------------- slips


@blueprint.get("/hospitals/<hospital>/slips")
def slips(hospital: str) -> str:
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    asked = request.args.get("q", "").strip()
    goals = walks.goals(venue) if venue else []
    found = [one for one in goals if is_meant(one, asked)]
    return render_template(
        "codes/slips.html",
        asked=asked,
        rows=[(one, named(venue, one), link(base_url(), one.id)) for one in found[:SLIPS]]
        if venue
        else [],
        count=len(found),
        known=bool(venue),
    )


def is_meant(place: Place, asked: str) -> bool:
    """Whether a search finds a place, by its names, in pinyin too."""
    asked = folded(asked)
    texts = (*place.names.values(), *place.aliases, place.ref, place.id)
    return not asked or any(asked in one for one in closable.sounded(texts))


def named(venue: Venue, place: Place) -> str:
    """Its name and its level."""
    levels = dict.fromkeys(
        venue.level_by_id[venue.space_by_id[s].level].label for s in place.spaces
    )
    name = place_called(place, venue.speaker(language())).text or place.ref or place.id
    return " · ".join((name, *levels))


@blueprint.get("/hospitals/<hospital>/slips/<path:place>")
def slip_page(hospital: str, place: str) -> str:
    """One slip, to print on 80 mm."""
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    if venue is None or place not in {one.id for one in walks.goals(venue)}:
        abort(404)
    drawn = slip(venue, venue.place_by_id[place], language(), base_url())
    return render_template("codes/slip.html", slip=_inline(drawn))


@blueprint.get("/hospitals/<hospital>/slips.csv")
def slips_file(hospital: str) -> Response:
    """Links of all places, for the system that prints appointments."""
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    if venue is None:
        abort(404)
    heading = ("id", *languages(), "link")
    said = (
        (one.id, *(name_in(one.names, tag) for tag in languages()), link(base_url(), one.id))
        for one in walks.goals(venue)
    )
    response = Response(as_csv([heading, *said]), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename={hospital}-links.csv"
    return response
