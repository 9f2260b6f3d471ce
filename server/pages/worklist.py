"""The worklist of a build: what it still needs, each with its answers as buttons."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import languages
from server.builds import answering, answers, drafts, jobs, mending, picturing
from server.builds.answering import Draft
from server.builds.answers import ELSEWHERE
from server.builds.venues import venue_of
from server.builds.worklist import short
from server.data.files import Files
from server.pages import builds
from server.pages.codes import named
from server.pages.console import blueprint, day, went
from server.pages.context import deed, files, language, person, row_number, rows, say
from server.press import publishing, walks
from server.staff import roles

SHOWN = 40
"""Causes on one page."""
ALIKE = 3
"""Causes of one kind that stand one by one; more of them are in a fold."""
MARGIN_PX = 60.0
"""Of a small map, around what it shows."""


@blueprint.get("/hospitals/<hospital>/builds/<int:job>/worklist")
def worklist(hospital: str, job: int) -> str:
    found, venue = builds.made(hospital, job)
    work = builds.work_of(found)
    drafted = _drafted(hospital, found)
    wrong = _wrong_changes(work)
    causes = [_shown(cause, drafted, wrong) for cause in work["causes"]]
    number = max(1, request.args.get("page", 1, type=row_number))
    part = causes[(number - 1) * SHOWN : number * SHOWN]
    newest = next((one.id for one in jobs.last(rows(), hospital, 20) if one.state == "done"), job)
    return render_template(
        "worklist/worklist.html",
        job=found,
        work=work,
        kinds=_folded(part),
        counts={kind: sum(one["state"].kind == kind for one in causes) for kind in _KINDS},
        fixes=_fixes(work, drafted.now),
        gone=answering.gone(work["keys"], drafted.built),
        now=drafted.now.changes,
        here="",
        version=drafted.version,
        number=number,
        count=max(1, -(-len(causes) // SHOWN)),
        newest=newest,
        is_changed=drafted.is_changed,
        crop=lambda cause: _crop(venue, cause),
        called=lambda cause, kind: say(answers.called(cause["code"], kind)),
        tags=languages(),
        link=lambda cause, kind: _link(hospital, job, venue, cause, kind),
        onsite=_onsite(hospital, venue),
        proposal=publishing.proposed(rows(), hospital),
    )


def _onsite(hospital: str, venue: Venue) -> list[dict[str, Any]]:
    """What staff found wrong on site, on the map that phones have, and where it is mended on that
    of this build."""
    sha256 = publishing.published_venue(rows(), hospital)
    walked = venue_of(files(), sha256)
    if walked is None:
        return []
    return [
        {"row": row, "name": named(walked, place), "at": _drawn(venue, place.id)}
        for place, row in walks.wrong(rows(), hospital, walked, sha256)
    ]


def _drawn(venue: Venue, place: str) -> dict[str, str]:
    """The level and the room of a place on a build; the ground floor if it has no such place."""
    found = venue.place_by_id.get(place)
    if found is None or not found.spaces:
        return {"level": _ground(venue), "thing": ""}
    space = venue.space_by_id[found.spaces[0]]
    return {"level": space.level, "thing": space.id}


_KINDS = ("open", "answered", "still")


# ------------------------------------------------------------------- what was said since


@dataclass(frozen=True)
class _Drafted:
    """What a build was made of, what there is now, and what the build before it was made of."""

    built: Draft
    now: Draft
    earlier: Draft | None
    earlier_keys: frozenset[str]
    version: int
    """Of the corrections."""

    @property
    def is_changed(self) -> bool:
        return self.built != self.now


def _drafted(hospital: str, found: jobs.Job) -> _Drafted:
    sources = [(s.kind, s.name, s.sha256) for s in drafts.current(rows(), hospital)]
    before = next(
        (
            one
            for one in jobs.last(rows(), hospital, 20)
            if one.id < found.id and one.state == "done" and "worklist" in one.result
        ),
        None,
    )
    return _Drafted(
        built=_draft(found.request["sources"]),
        now=_draft(sources),
        earlier=_draft(before.request["sources"]) if before else None,
        earlier_keys=frozenset(builds.work_of(before)["keys"]) if before else frozenset(),
        version=drafts.latest(rows(), hospital, "corrections", drafts.CORRECTIONS).version,
    )


def _draft(sources: Any) -> Draft:
    of = {(kind, name): sha256 for kind, name, sha256 in sources}
    changes = of.get(("corrections", drafts.CORRECTIONS), "")
    table = of.get(("directory", drafts.DIRECTORY), "")
    lines = _lines(files(), table) if table else ()
    return Draft(
        changes=builds.changes_of(files(), changes) if changes else (),
        rows=frozenset(lines),
        lines=lines,
        files={name: sha256 for (kind, name), sha256 in of.items() if kind == "drawing"},
    )


@lru_cache(maxsize=4)
def _lines(kept: Files, sha256: str) -> tuple[tuple[str, ...], ...]:
    part = drafts.table_part(kept.read(sha256), "", 0, drafts.MOST_ROWS["directory"])
    return tuple(row for _, row in part.rows)


def _shown(
    cause: Mapping[str, Any], drafted: _Drafted, wrong: Mapping[int, Mapping[str, str]]
) -> dict[str, Any]:
    """A cause with its state, and why an answer did not help if that is known."""
    is_old = bool(drafted.earlier_keys.intersection(cause["keys"]))
    earlier = drafted.earlier if is_old else None
    state = answering.state(cause, drafted.built, drafted.now, earlier)
    change = state.change
    number = drafted.built.changes.index(change) if change in drafted.built.changes else -1
    return {**cause, "state": state, "because": wrong.get(number, {})}


_FIRST_LINE = 2
"""Of a stored file of corrections, which has one change on a line."""


def _wrong_changes(work: Mapping[str, Any]) -> dict[int, Mapping[str, str]]:
    """By its number, what the build says of a correction that it could not follow."""
    found: dict[int, Mapping[str, str]] = {}
    for cause in work["causes"]:
        file, _, line = cause["where"].partition(":")
        if file == drafts.CORRECTIONS and line.isdigit():
            found[int(line) - _FIRST_LINE] = cause["said"]
    return found


def _folded(causes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Causes by their code, in the order of the first of each: some one by one, the rest in a
    fold; what asks for nothing in a fold of its own."""
    groups: dict[tuple[bool, str], list[dict[str, Any]]] = {}
    for cause in causes:
        groups.setdefault((not cause["asks"], cause["code"]), []).append(cause)
    return [
        {
            "code": code,
            "tells": tells,
            "first": group[:ALIKE],
            "rest": group[ALIKE:],
            "open": _open_alike(group),
            "taken": _taken_alike(group),
        }
        for (tells, code), group in groups.items()
    ]


def _open_alike(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Causes of a kind that one reason may answer together."""
    found = [
        one
        for one in group
        if one["state"].kind == "open" and "accept" in one["answers"] and one["may_be_so"]
    ]
    return found if len(found) > 1 else []


def _taken_alike(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Causes of a kind whose answers are taken back together."""
    found = [one for one in group if one["state"].kind == "answered" and one["state"].number >= 0]
    return found if len(found) > 1 else []


def _fixes(work: Mapping[str, Any], now: Draft) -> list[dict[str, Any]]:
    """Corrections that were tried and help, and are not said yet; each with its number."""
    said = [drafts.effect(change) for change in now.changes]
    return [
        {**fix, "number": number}
        for number, fix in enumerate(work["fixes"])
        if any(change not in said for change in fix["changes"])
    ]


# ------------------------------------------------------------------- where it is, where it leads


def _crop(venue: Venue, cause: Mapping[str, Any]) -> dict[str, Any] | None:
    """The part of a level's drawing around a thing, and the thing on it."""
    if not cause["level"]:
        return None
    spot = picturing.spot_of(venue, cause["level"], cause["thing"])
    if spot is None:
        return None
    numbers = [float(part) for part in spot.path.strip("MZ").replace("L", " ").split()]
    xs, ys = numbers[::2], numbers[1::2]
    side = max(max(xs) - min(xs), max(ys) - min(ys)) + 2 * MARGIN_PX
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    box = (middle[0] - side / 2, middle[1] - side / 2, side, side)
    return {"box": " ".join(f"{value:.0f}" for value in box), "path": spot.path}


def _url(endpoint: str, **values: Any) -> str:
    return url_for(f"console.{endpoint}", **values)


def _link(hospital: str, job: int, venue: Venue, cause: Mapping[str, Any], kind: str) -> str:
    """The page on which an answer of that kind is given; empty if it is given in the list, or
    cannot be said of this thing, or by this person."""
    if kind in mending.FORMS:
        return _form(hospital, job, venue, cause, kind)
    if kind == "draw":
        level = cause["level"] or _ground(venue)
        return _url("draw", hospital=hospital, job=job, level=level, thing=cause["thing"])
    if kind == "row":
        row = int(cause["line"]) - 2
        return _url("directory_row", hospital=hospital, number=row) if row >= 0 else ""
    if kind == "file" and cause["file"]:
        values = {"kind": "drawing", "name": cause["file"]}
        return _url("replacing_source", hospital=hospital, **values)
    page = ELSEWHERE[kind]
    if page == "worklist" or not person().may(roles.routes()[f"console.{page}"], hospital):
        return ""
    is_upload = page in ("hospital", "replacing_source")
    return _url("hospital" if is_upload else page, hospital=hospital)


def _ground(venue: Venue) -> str:
    return min(venue.levels, key=lambda one: (abs(one.ordinal), one.id)).id


def _form(hospital: str, job: int, venue: Venue, cause: Mapping[str, Any], kind: str) -> str:
    """The form of a verb on the page of a level, open, for the thing or what belongs to it; empty
    if it can be said of neither. Of several things somebody chooses one on the map."""
    level = cause["level"] or _ground(venue)
    found = [level] if kind == "set-level" else mending.said_of(venue, cause["thing"], kind)
    if not found and mending.offered(venue, cause["thing"]):
        return ""
    thing = found[0] if len(found) == 1 else ""
    values = {"hospital": hospital, "job": job, "level": level, "thing": thing}
    if cause.get("other") and kind in _OF_PAIRS:
        values["other"] = cause["other"]
    return _url("level", **values, do=kind, answers=cause["id"], _anchor="mend")


_OF_PAIRS = ("add-door", "no-door")
"""Corrections that name two spaces."""


# ------------------------------------------------------------------- answers


def _cause(work: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = next((one for one in work["causes"] if one["id"] == key), None)
    if found is None:
        raise NavkitError("no-such-thing")
    cause: Mapping[str, Any] = found
    return cause


def answered(hospital: str, job: int, key: str) -> dict[str, Any]:
    """The fields by which a change says which findings it answers, and who says so."""
    found = jobs.job(rows(), hospital, job)
    if not key or found is None or "worklist" not in found.result:
        return {}
    return {"answers": list(_cause(builds.work_of(found), key)["keys"]), **_said_by()}


def _said_by() -> dict[str, str]:
    """The notes of a change: who says so, and on which day."""
    return {"by": person().name, "on": day(deed().now_ms)}


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/worklist/accept")
def accept(hospital: str, job: int) -> AnyResponse:
    """It is so: every finding of some causes, with a reason."""
    work = builds.work_of(builds.done(hospital, job))
    causes = [_cause(work, key) for key in request.form.getlist("cause")]
    why = request.form.get("why", "").strip()
    if not why:
        raise NavkitError("form-empty", field="why")
    keys = (key.split("|") for cause in causes for key in cause["keys"])
    changes = [
        {"do": "accept", "code": code, "about": about, "why": why, **_said_by()}
        for code, *about in keys
    ]
    if not changes:
        raise NavkitError("no-such-thing")
    _add(changes)
    return _back(hospital, job, causes[0]["id"])


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/worklist/answer")
def answer(hospital: str, job: int) -> AnyResponse:
    """One of the corrections that are offered to a cause, or its contrary."""
    cause = _cause(builds.work_of(builds.done(hospital, job)), request.form.get("cause", ""))
    number = request.form.get("offer", -1, type=int)
    if not 0 <= number < len(cause["offers"]):
        raise NavkitError("no-such-thing")
    offer = cause["offers"][number]
    is_refused = request.form.get("how") == "refuse" and offer["refuse"]
    notes = {"answers": list(cause["keys"]), **_said_by()}
    why = {} if is_refused else {"why": short(offer["why"][language()])}
    changes = offer["refuse"] if is_refused else offer["changes"]
    _add([{**change, **why, **notes} for change in changes])
    return _back(hospital, job, cause["id"])


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/worklist/take")
def take(hospital: str, job: int) -> AnyResponse:
    """Those of the corrections that were tried and help that somebody has ticked."""
    work = builds.work_of(builds.done(hospital, job))
    chosen = {int(one) for one in request.form.getlist("fix") if one.isascii() and one.isdigit()}
    changes: dict[str, dict[str, Any]] = {}
    for number, fix in enumerate(work["fixes"]):
        if number not in chosen:
            continue
        for change in fix["changes"]:
            said = changes.setdefault(json.dumps(change), {**change, "answers": []})
            said |= {"why": short(fix["why"][language()]), **_said_by()}
            said["answers"] = list(dict.fromkeys([*said["answers"], *fix["keys"]]))
    if not changes:
        raise NavkitError("form-empty")
    _add(list(changes.values()))
    return _back(hospital, job, "tried")


def _add(changes: list[dict[str, Any]]) -> None:
    """What is said already is not said twice."""
    seen = request.form.get("version", 0, type=row_number)
    now = drafts.latest(rows(), deed().hospital, "corrections", drafts.CORRECTIONS)
    known = builds.changes_of(files(), now.sha256) if now.sha256 else ()
    said = [drafts.effect(change) for change in known]
    new = [change for change in changes if drafts.effect(change) not in said]
    if new:
        drafts.add_corrections(deed(), files(), new, seen)
    flash(say("answers-added", count=len(new)))


def _back(hospital: str, job: int, anchor: str) -> AnyResponse:
    if request.form.get("from") == "build":
        return went("build", hospital=hospital, job=job, _anchor="accepted")
    page = request.form.get("list", 1, type=row_number)
    values = {"hospital": hospital, "job": job, "page": page}
    return redirect(_url("worklist", **values, _anchor=anchor), 303)


@blueprint.post("/hospitals/<hospital>/builds/<int:job>/worklist/back")
def take_back(hospital: str, job: int) -> AnyResponse:
    """An answer taken back: its corrections are removed."""
    builds.done(hospital, job)
    cause = request.form.get("cause", "")
    keys = frozenset(request.form.getlist("key"))
    if not keys:
        abort(400)
    drafts.remove_answers(deed(), files(), keys)
    flash(say("answer-taken-back"))
    return _back(hospital, job, cause)
