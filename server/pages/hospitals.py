"""Pages about hospitals: all of them, a new one, its description, and its sources and builds."""

import json
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from floorplans.limits import LIMITS
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.builds import drafts, jobs, layers
from server.pages import builds, onsite
from server.pages.console import SHOWN, blueprint, count_pages, went
from server.pages.context import deed, now_ms, person, row_number, rows, say, settings
from server.press import closures, publishing, scrubbing


@blueprint.get("/")
def overview() -> str | AnyResponse:
    if not person().may("look"):
        return went("log")
    mine = [one for one in publishing.hospitals(rows()) if person().may("look", one["id"])]
    runs_all = person().may("administer") and not person().hospital
    if len(mine) == 1 and not person().may("administer"):
        return went("hospital", hospital=mine[0]["id"])
    shown = [
        {
            **one,
            "publication": publishing.published(rows(), one["id"]),
            "proposal": publishing.proposed(rows(), one["id"]),
            "closures": len(closures.running(rows(), one["id"], now_ms())),
            "emergency": closures.emergency(rows(), one["id"]),
        }
        for one in mine
    ]
    damages = scrubbing.damages(rows()) if runs_all else []
    return render_template("hospitals/overview.html", hospitals=shown, damages=damages)


@blueprint.post("/hospitals")
def add_hospital() -> AnyResponse:
    if person().hospital:
        abort(403)
    key = request.form.get("id", "").strip()
    said = _described()
    publishing.add_hospital(deed().at(key), said["names"], said["timezone"], said["address"])
    return went("hospital", hospital=key)


def _described() -> dict[str, Any]:
    """The description of a hospital in a form."""
    names = {tag: request.form.get(f"name-{tag}", "").strip() for tag in languages()}
    return {
        "names": {tag: name for tag, name in names.items() if name},
        "timezone": request.form.get("timezone", ""),
        "address": request.form.get("address", "").strip(),
    }


# ------------------------------------------------------------------- what it is called


@blueprint.get("/hospitals/<hospital>/description", endpoint="description")
def description_page(hospital: str) -> str:
    row = publishing.hospital_of(rows(), hospital)
    assert row
    return render_template(
        "hospitals/description.html",
        described=row,
        seen=json.dumps(publishing.description(row), ensure_ascii=False),
        names=_names(hospital),
    )


@blueprint.post("/hospitals/<hospital>/description")
def describe(hospital: str) -> AnyResponse:
    passphrase = request.form.get("passphrase", "")
    if publishing.published(rows(), hospital):
        # Phones' data contains the address and the day in the hospital's time zone.
        settings().press.signer.check(hospital, passphrase)
    try:
        seen = json.loads(request.form.get("seen", ""))
    except (ValueError, RecursionError):
        raise NavkitError("form-expired") from None
    publishing.change_hospital(deed(), seen, _described())
    publishing.write(rows(), settings().press, now_ms(), hospital, passphrase)
    flash(say("saved"))
    return went("hospital", hospital=hospital)


def _names(hospital: str) -> dict[str, Mapping[str, str]]:
    """The name of a hospital on phones, and in its drawings, as far as builds have reported it."""
    live = publishing.published(rows(), hospital)
    before = jobs.job(rows(), hospital, live["job"]) if live else None
    last = next((job for job in jobs.last(rows(), hospital) if job.state == "done"), None)
    told = [job.result.get("names", {}) if job else {} for job in (before, last)]
    return {"shown": told[0].get("shown", {}), "on_drawing": told[1].get("on_drawing", {})}


# ------------------------------------------------------------------- one hospital


@blueprint.get("/hospitals/<hospital>", endpoint="hospital")
def hospital_page(hospital: str) -> str:
    sources = drafts.current(rows(), hospital)
    number = max(1, request.args.get("page", 1, type=row_number))
    recent = jobs.last(rows(), hospital)
    wanted = builds.asked_for(hospital, sources)
    same = next((j for j in recent if j.request == wanted and j.state != "failed"), None)
    return render_template(
        "hospitals/hospital.html",
        sources=sources,
        suffixes=drafts.SUFFIXES,
        megabytes={kind: most // 2**20 for kind, most in drafts.MOST_BYTES.items()},
        most_rows=drafts.MOST_ROWS,
        limits=LIMITS,
        first=(number - 1) * SHOWN,
        shown=SHOWN,
        number=number,
        count=count_pages(len(sources)),
        jobs=recent,
        fresh=same,
        publication=publishing.published(rows(), hospital),
        proposal=publishing.proposed(rows(), hospital),
        closures=closures.running(rows(), hospital, now_ms()),
        seen=json.dumps({f"{s.kind}/{s.name}": s.version for s in sources}),
        removed=drafts.removed(rows(), hospital),
        has_layers=layers.are_in(sources),
        walked=onsite.share(hospital),
        names=_names(hospital),
    )
