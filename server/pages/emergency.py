"""The page on which an emergency is declared and withdrawn."""

from flask import flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from exporter.words.screen_words import screen_words
from navkit.words.findings import Finding
from server.data.rows import Row
from server.pages.console import blueprint, heard, went
from server.pages.context import deed, hospital, language, rows, say, settings
from server.press import closures, emergencies


@blueprint.app_template_global("emergency")
def standing_emergency() -> Row | None:
    """The current emergency of this hospital, None if there is none."""
    return closures.emergency(rows(), hospital()["id"]) if hospital() else None


@blueprint.get("/hospitals/<hospital>/emergency")
def emergency(hospital: str) -> str:
    return _emergency_page(None)


def _emergency_page(trouble: Finding | None) -> str:
    said = {tag: words["emergency"] for tag, words in screen_words().items()}
    return render_template(
        "emergency/emergency.html", said=said, trouble=trouble and trouble.text(language())
    )


@blueprint.post("/hospitals/<hospital>/emergency")
def declare_emergency(hospital: str) -> AnyResponse | tuple[str, int]:
    if request.form.get("sure") != "declare":
        return _emergency_page(Finding("emergency-unconfirmed")), 400
    emergencies.declare(deed(), settings().press)
    flash(say("emergency-declared" if heard() else "emergency-unheard"))
    return went("emergency", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/emergency/withdraw")
def withdraw_emergency(hospital: str) -> AnyResponse | tuple[str, int]:
    if request.form.get("sure") != "withdraw":
        return _emergency_page(Finding("emergency-unconfirmed")), 400
    emergencies.withdraw(deed(), settings().press)
    flash(say("emergency-over" if heard() else "emergency-over-unheard"))
    return went("emergency", hospital=hospital)
