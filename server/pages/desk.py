"""The duty desk: what is closed, closing it and opening it."""

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from navkit.plan.plan import SHAFTS
from navkit.words.languages import languages, words
from server.data.rows import Row
from server.pages.console import blueprint, heard, went
from server.pages.context import deed, files, language, now_ms, row_number, rows, say, settings
from server.press import closable, closures
from server.words.saying import book

REASONS = ("out-of-order", "maintenance", "cleaning", "full", "event")
"""Reasons for closing something, in words that every language has."""

PAST = 5
"""How many ended closures the desk shows."""
FOUND = 30
"""How many results of a search the desk shows."""


@blueprint.get("/hospitals/<hospital>/desk")
def desk(hospital: str) -> str:
    things = closable.on_phones(rows(), files(), hospital)
    groups: dict[str, list[Row]] = {"running": [], "planned": [], "unreadable": []}
    for row in closures.current(rows(), hospital, now_ms()):
        groups[row["state"]].append(row)
    asked = request.args.get("q", "").strip()
    shut = {row["target"] for row in groups["running"]}
    found = closable.found(things, asked) if asked else []
    return render_template(
        "desk/desk.html",
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
    """The name that staff use; its id if the published map does not have it."""
    labels = next((one.labels for one in things if one.id == target), {})
    return labels.get(language(), target)


@blueprint.get("/hospitals/<hospital>/desk/<target>")
def closing(hospital: str, target: str) -> str:
    things = closable.on_phones(rows(), files(), hospital)
    if not any(one.id == target for one in things):
        abort(404)
    current = closures.current(rows(), hospital, now_ms())
    now = [row for row in current if row["target"] == target and row["state"] != "unreadable"]
    replaced = request.args.get("replaces", 0, type=row_number)
    return render_template(
        "desk/closing.html",
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
        reason = {tag: book(tag)[f"because-{key}"] for tag in languages()}
    else:
        said = {tag: form.get(f"reason-{tag}", "").strip() for tag in languages()}
        reason = {tag: text for tag, text in said.items() if text}
    made = closures.close(
        deed(),
        settings().press,
        {one.id for one in closable.on_phones(rows(), files(), hospital)},
        target,
        # An empty start means already closed: a phone's clock may be slow, or in another zone.
        form.get("start", ""),
        form.get("end", ""),
        reason,
        form.get("replaces", 0, type=row_number) or 0,
    )
    _flash_for_phones(say(f"closed-{made['state']}", start=made["start_at"].replace("T", " ")))
    return went("desk", hospital=hospital)


@blueprint.post("/hospitals/<hospital>/closures/<int:closure>/reopen")
def reopen(hospital: str, closure: int) -> AnyResponse:
    row, left = closures.reopen(deed(), settings().press, closure)
    what = _called(closable.on_phones(rows(), files(), hospital), row["target"])
    if left:
        flash(say("closed-still", what=what, period=closures.shown(closures.period_of(left[0]))))
    else:
        _flash_for_phones(say("reopened" if row["state"] == "running" else "taken-back", what=what))
    return went("desk", hospital=hospital)


def _flash_for_phones(said: str) -> None:
    """A message about what was done at the desk; and that phones learn of it, if they do."""
    gap = words(language(), "guidance")["gap"]
    flash(said + gap + say("phones-learn") if heard() else said)
