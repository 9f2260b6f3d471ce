"""The page on which staff say what the layers of their drawings are."""

import math
from typing import Any

from flask import flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.words.findings import NavkitError
from server.builds import drafts, layers
from server.pages import builds
from server.pages.console import blueprint, went
from server.pages.context import deed, files, row_number, rows, say


@blueprint.get("/hospitals/<hospital>/mapping", endpoint="mapping")
def mapping_page(hospital: str) -> str:
    return render_template(
        "mapping/mapping.html",
        found=layers.seen(files(), drafts.current(rows(), hospital)),
        roles=layers.ROLES,
        units=layers.UNITS,
        version=drafts.latest(rows(), hospital, "drawing", layers.FILE).version,
    )


@blueprint.post("/hospitals/<hospital>/mapping")
def say_mapping(hospital: str) -> AnyResponse:
    """Store what the form says beside the drawings, and build from both."""
    now = drafts.latest(rows(), hospital, "drawing", layers.FILE)
    content = layers.written(layers.said_in(files(), now), _told())
    seen = request.form.get("version", 0, type=row_number)
    drafts.put(deed(), files(), "drawing", layers.FILE, content, seen)
    flash(say("mapping-saved"))
    return went("build", hospital=hospital, job=builds.start(hospital))


def _told() -> layers.Told:
    form = request.form
    named = zip(*map(form.getlist, ("file", "use", "label", "ordinal")), strict=False)
    scales = zip(form.getlist("picture"), form.getlist("scale"), strict=False)
    return layers.Told(
        unit=form.get("unit", ""),
        roles=dict(zip(form.getlist("layer"), form.getlist("role"), strict=False)),
        files={name: said for name, *typed in named if (said := _storey(*typed))},
        scales={name: _number(typed, "scale") for name, typed in scales if typed.strip()},
    )


def _storey(use: str, label: str, ordinal: str) -> dict[str, Any] | str:
    """What is said of one file; empty if nothing is."""
    if use == "ignored":
        return "ignored"
    if not label.strip() and not ordinal.strip():
        return {}
    if not label.strip():
        raise NavkitError("form-empty", field="label")
    return {"level": label.strip(), "ordinal": _number(ordinal, "ordinal")}


def _number(typed: str, field: str) -> float:
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise NavkitError("not-a-number", field=field)
    return number
