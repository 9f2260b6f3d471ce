"""The duty desk: what is closed, closing it and opening it."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import abort, flash, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from exporter.paper.levels import picture_of
from navkit.plan.plan import SHAFTS
from navkit.route.profiles import profiles
from navkit.venue.periods import now_at
from navkit.venue.venue import Venue, name_in
from navkit.words.findings import NavkitError
from navkit.words.languages import languages, words
from server.builds import jobs, picturing
from server.builds.jobs import Job
from server.builds.venues import venue_of
from server.data.rows import Row
from server.pages import context
from server.pages.console import blueprint, heard, went
from server.pages.context import deed, files, language, now_ms, row_number, rows, say, settings
from server.pages.levels import MOST_SPOT_BYTES, MOST_SPOTS
from server.press import areas, closable, closures, publishing, repeating
from server.press.impact import Effect, Impact, measure_of
from server.words.saying import book

REASONS = ("out-of-order", "maintenance", "cleaning", "full", "event")
"""Reasons for closing something, in words that every language has."""

PAST = 5
"""How many ended closures the desk shows."""
FOUND = 30
"""How many results of a search the desk shows."""
AT_ONCE = 50
"""How many things may be closed in one go."""
NAMED = 5
"""How many places an effect names."""


@blueprint.get("/hospitals/<hospital>/desk")
def desk(hospital: str) -> str:
    things = closable.on_phones(rows(), files(), hospital)
    groups: dict[str, list[Row]] = {"running": [], "planned": [], "unreadable": []}
    for row in closures.current(rows(), hospital, now_ms()):
        groups[row["state"]].append(row)
    asked = request.args.get("q", "").strip()
    shut = {one for row in groups["running"] for one in (row["target"], *row["members"])}
    found = closable.found(things, asked) if asked else []
    venue = venue_of(files(), publishing.published_venue(rows(), hospital))
    return render_template(
        "desk/desk.html",
        groups=groups,
        past=closures.past(rows(), hospital, now_ms(), PAST),
        shut=shut,
        shut_at_once={row["target"] for row in groups["running"] if not row["daily"]},
        clock=_clock(),
        planned={row["target"]: row for row in reversed(groups["planned"])},
        shafts=[one for one in things if one.kind in SHAFTS and one.id not in shut],
        found=found[:FOUND],
        count=len(found),
        asked=asked,
        known={one.id for one in things},
        label=lambda thing: _called(things, thing),
        hours=_hours,
        levels=_levels(venue) if venue else [],
    )


def _clock() -> str:
    """What the hospital's clock shows, whatever that of the browser does."""
    return now_at(now_ms(), ZoneInfo(context.hospital()["timezone"])).replace("T", " ")


def _levels(venue: Venue) -> list[tuple[str, str]]:
    """Ids and names of the levels that have a map."""
    several = len({level.building for level in venue.levels}) > 1
    names = (
        venue.building_names.get(level.building, {}) if several else {} for level in venue.levels
    )
    return [
        (level.id, f"{name_in(building, language())} {level.label}".strip())
        for level, building in zip(venue.levels, names, strict=True)
    ]


def _hours(daily: repeating.Daily) -> str:
    """The hours of a closure that repeats, in words."""
    every = daily.days == repeating.EVERY_DAY
    gap = say("between-days")
    days = say("every-day") if every else gap.join(say(f"day-{one}") for one in daily.days)
    return say("at-hours", days=days, start=daily.start, end=daily.end)


def _called(things: tuple[closable.Closable, ...], target: str) -> str:
    """The name that staff use; its id if the published map does not have it."""
    labels = next((one.labels for one in things if one.id == target), {})
    return labels.get(language(), target)


# ------------------------------------------------------------------- what to close


@blueprint.get("/hospitals/<hospital>/desk/<target>")
def closing(hospital: str, target: str) -> str:
    return _closing_page(hospital, [target])


@blueprint.get("/hospitals/<hospital>/close")
def closing_several(hospital: str) -> str:
    return _closing_page(hospital, _targets())


def _targets() -> list[str]:
    """The things in the address or in the form, each once."""
    return list(dict.fromkeys(request.values.getlist("target")))[:AT_ONCE]


def _closing_page(hospital: str, targets: Sequence[str]) -> str:
    things = closable.on_phones(rows(), files(), hospital)
    known = {one.id for one in things}
    if not targets or not known.issuperset(targets):
        abort(404)
    current = closures.current(rows(), hospital, now_ms())
    now = [row for row in current if row["target"] in targets and row["state"] != "unreadable"]
    replaced = request.args.get("replaces", 0, type=row_number)
    return render_template(
        "desk/closing.html",
        targets=targets,
        label=lambda thing: _called(things, thing),
        reasons=REASONS,
        now=now,
        replaced=next((row for row in now if row["id"] == replaced), None),
        hours=_hours,
        ahead=repeating.AHEAD_DAYS,
        clock=_clock(),
    )


@blueprint.get("/hospitals/<hospital>/desk-map/<path:level>")
def desk_map(hospital: str, level: str) -> str:
    """A level of the published map, to choose on."""
    made, venue = _published(hospital)
    if level not in venue.level_by_id:
        abort(404)
    things = closable.on_phones(rows(), files(), hospital)
    known = {one.id: one.labels[language()] for one in things}
    running = closures.running(rows(), hospital, now_ms())
    # Who taps a lift means all of it.
    shaft = {stop: one.id for one in venue.connectors for stop in one.stops}
    spots = picturing.spots_within(venue, level, MOST_SPOTS, MOST_SPOT_BYTES)
    return render_template(
        "desk/map.html",
        job=made,
        level=venue.level_by_id[level],
        levels=_levels(venue),
        height=round(picture_of(venue, level).height_px),
        drawing=made.result.get("drawings", {}).get(level, {}).get(language()),
        spots=[replace(spot, id=shaft.get(spot.id, spot.id)) for spot in spots if spot.id in known],
        shut={one for row in running for one in (row["target"], *row["members"])},
        targets=[one for one in _targets() if one in known],
        known=known,
    )


def _published(hospital: str) -> tuple[Job, Venue]:
    """The build that phones have, and its venue."""
    now = publishing.published(rows(), hospital)
    made = jobs.job(rows(), hospital, now["job"]) if now else None
    venue = venue_of(files(), str(made.result["venue"])) if made else None
    if made is None or venue is None:
        abort(404)
    return made, venue


# ------------------------------------------------------------------- what it does


@blueprint.get("/hospitals/<hospital>/close/effects")
def effects(hospital: str) -> str:
    """What closing something does to routes, before anybody closes it."""
    targets = _targets()
    known = {one.id for one in closable.on_phones(rows(), files(), hospital)}
    if not targets or not known.issuperset(targets):
        abort(404)
    _, venue = _published(hospital)
    found = impact_of(hospital, targets)
    return render_template(
        "desk/effects.html",
        impact=found,
        sentences=[one for effect in found.effects for one in _sentences(venue, effect)],
    )


def impact_of(hospital: str, targets: Sequence[str]) -> Impact:
    """The effect on the published map, beside what is closed at this moment."""
    sha256 = publishing.published_venue(rows(), hospital)
    measure, members = measure_of(files(), sha256), areas.members_on(files(), sha256)
    if measure is None:
        abort(404)
    running = closures.running(rows(), hospital, now_ms())
    before = [one for row in running for one in (row["members"] or [row["target"]])]
    return measure.impact(before, [one for t in targets for one in members(t) or (t,)])


def _sentences(venue: Venue, effect: Effect) -> list[str]:
    """An effect in words, with the names of the first places."""
    who = name_in(profiles()[effect.profile].names, language())

    def named(numbers: Sequence[int]) -> str:
        found = (venue.places[one] for one in numbers)
        names = dict.fromkeys(name_in(one.names, language()) or one.ref or one.id for one in found)
        more = " …" if len(names) > NAMED else ""
        return say("between-names").join([*names][:NAMED]) + more

    said = []
    if effect.longer:
        slots = {"count": len(effect.longer), "minutes": _minutes(effect.extra_ms)}
        slots |= {"most": _minutes(effect.most_ms)}
        said.append(say("effect-longer", who=who, names=named(effect.longer), **slots))
    if effect.cut:
        said.append(say("effect-cut", who=who, names=named(effect.cut), count=len(effect.cut)))
    return said


def _minutes(ms: int) -> int:
    return max(1, round(ms / 60_000))


# ------------------------------------------------------------------- closing and opening


@blueprint.post("/hospitals/<hospital>/desk/<target>")
def close(hospital: str, target: str) -> AnyResponse:
    return _close(hospital, [target])


@blueprint.post("/hospitals/<hospital>/close")
def close_several(hospital: str) -> AnyResponse:
    return _close(hospital, _targets())


def _close(hospital: str, targets: Sequence[str]) -> AnyResponse:
    form = request.form
    key = form.get("because", "")
    if key in REASONS:
        reason = {tag: book(tag)[f"because-{key}"] for tag in languages()}
    else:
        said = {tag: form.get(f"reason-{tag}", "").strip() for tag in languages()}
        reason = {tag: text for tag, text in said.items() if text}
    # An empty start means already closed: a phone's clock may be slow, or in another zone.
    start, end, daily = form.get("start", ""), form.get("end", ""), _asked_hours()
    if daily:  # A field of a date and a time: of hours that repeat, the first day.
        start = start[:10]
    asked = closures.Asked(
        targets,
        start,
        end,
        reason,
        form.get("replaces", 0, type=row_number) or 0,
        instead=bool(form.get("instead")),
        daily=daily,
    )
    things = closable.on_phones(rows(), files(), hospital)
    members = areas.members_on(files(), publishing.published_venue(rows(), hospital))
    known = {one.id for one in things}
    try:
        made = closures.close_all(deed(), settings().press, known, asked, members)
    except NavkitError as refused:
        about = refused.finding
        if about.where not in targets:
            raise
        where = _called(things, about.where)
        raise NavkitError(about.code, where, **about.slots) from None
    _flash_for_phones(_done(made))
    return went("desk", hospital=hospital)


def _asked_hours() -> repeating.Daily | None:
    days = [int(text) for text in request.form.getlist("days") if text in "1234567" and text]
    return repeating.asked(request.form.get("from", ""), request.form.get("to", ""), days)


def _done(made: Sequence[Row]) -> str:
    """What was closed, in words."""
    first = made[0]
    if first["daily"]:
        slots = {"count": len(made), "hours": _hours(first["daily"])}
        if not first["end_at"]:
            return say("closed-daily", **slots)
        start, end = first["start_at"], first["end_at"]
        slots |= {"times": closures.times(rows(), first)}
        slots |= {"start": start.replace("T", " "), "end": end.replace("T", " ")}
        return say("closed-daily-until", **slots)
    if len(made) > 1:
        return say("closed-several", count=len(made))
    return say(f"closed-{first['state']}", start=first["start_at"].replace("T", " "))


@blueprint.post("/hospitals/<hospital>/closures/<int:closure>/reopen")
def reopen(hospital: str, closure: int) -> AnyResponse:
    row, left = closures.reopen(deed(), settings().press, closure)
    what = _called(closable.on_phones(rows(), files(), hospital), row["target"])
    if left:
        flash(say("closed-still", what=what, period=closures.shown(closures.period_of(left[0]))))
    else:
        _flash_for_phones(say("reopened" if row["state"] == "running" else "taken-back", what=what))
    for plan in closures.current(rows(), hospital, now_ms()):
        if plan["state"] == "planned" and row["target"] in (plan["target"], *plan["members"]):
            flash(say("plan-goes-on", what=what, period=_times(plan)))
    return went("desk", hospital=hospital)


def _times(row: Row) -> str:
    """From when to when, in words; of hours that repeat, the hours too."""
    period = closures.shown(closures.period_of(row))
    return f"{_hours(row['daily'])}, {period}" if row["daily"] else period


def _flash_for_phones(said: str) -> None:
    """A message about what was done at the desk; and that phones learn of it, if they do."""
    gap = words(language(), "guidance")["gap"]
    flash(said + gap + say("phones-learn") if heard() else said)
