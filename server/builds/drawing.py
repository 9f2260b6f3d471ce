"""A level while staff draw on it: what the newest corrections make of it, now.

The level is joined alone, from the drawings as the build has read them: that takes a fraction of a
second, where a build takes minutes. What it means for other levels is found by the next build.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain, count
from typing import Any, NamedTuple

import shapely

from exporter.paper.drawing import look, paint_of
from navkit.guide import Guide
from navkit.plan.plan import SHAFTS, Plan
from navkit.route import on_level
from navkit.route.profiles import profiles
from navkit.route.proposals import House, proposals
from navkit.venue import corrections, directory, one_level, pieces
from navkit.venue.corrected import with_shafts
from navkit.venue.join import join
from navkit.venue.lookup import folded
from navkit.venue.shafts import ONE_STOP
from navkit.venue.venue import Door, Level, Space, Venue, name_in
from navkit.words.findings import Finding, NavkitError
from server.builds import crossing, drafts, floors, hanging, listing, marks
from server.builds.building import read_plans
from server.builds.naming import Names
from server.builds.venues import venue_of
from server.data.files import Files
from server.words.saying import say

SHOWN_PROFILES = ("walk", "wheelchair")
"""Whose way to each room is looked for at every stroke."""

Point = tuple[float, float]
NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Made:
    """What a build has left of a level, by hash: its drawings and its venue, and the corrections
    and the directory that it was made with. Each may be empty for none, all of them before the
    first build."""

    level: str
    plans: str = ""
    venue: str = ""
    corrections: str = ""
    directory: str = ""


def made_of(request: Mapping[str, Any], result: Mapping[str, Any], level: str) -> Made:
    """The parts of a build; `NavkitError` for builds of older servers, which kept no drawings."""
    if "plans" not in result:
        raise NavkitError("build-without-plans")
    given = {kind: sha256 for kind, _, sha256 in request["sources"]}
    return Made(
        plans=str(result["plans"]),
        venue=str(result["venue"]),
        corrections=given.get("corrections", ""),
        directory=given.get("directory", ""),
        level=level,
    )


@lru_cache(maxsize=32)
def level_now(files: Files, made: Made, changes: str, listed: str) -> Venue:
    """The level with these corrections and this directory, by hash; without the level, if no
    drawing and no correction has it.

    Its findings are those of the build that still hold, and new ones; not those that the level has
    only because it is alone, such as a lift with one stop.
    """
    whole = _whole(files, made)
    alone = _joined(files, made, made.corrections, made.directory)
    venue = _joined(files, made, changes, listed)
    built = {_key(found): found for found in whole.findings}
    as_alone = {_key(found) for found in alone.findings} - built.keys()
    told_by_build = _OF_ALL_FLOORS | (_OF_ALL_ROOMS if listed == made.directory else frozenset())
    leads_nowhere = {_key(found) for found in shafts_now(files, made, changes).findings}
    return replace(
        venue,
        findings=tuple(
            built.get(_key(found), found) if found.code in told_by_build else found
            for found in venue.findings
            if _key(found) not in as_alone
            and (
                found.code not in _OF_THE_HOUSE
                or (found.code in told_by_build and _key(found) in built)
            )
            and (found.code not in ONE_STOP or _key(found) in leads_nowhere)
        ),
    )


_OF_ALL_FLOORS = frozenset(
    {"correction-without-target", "correction-target-gone", "board-leads-nowhere"}
)
"""What only a build can tell: the target may be on another floor."""
_OF_ALL_ROOMS = frozenset(
    f"directory-room-{code}"
    for code in ("unknown", "nowhere", "alike", "read-as", "range", "several", "elsewhere", "date")
)
"""What only a build can tell of a row of the directory that it was made with: the room may be on
another floor."""
_OF_THE_HOUSE = (
    _OF_ALL_FLOORS | _OF_ALL_ROOMS | {"directory-floor-unknown", "directory-building-unknown"}
)
"""What a level alone cannot tell; of floors and buildings that a row names not even as a build has
told it, because staff may have made them since."""


def floors_now(files: Files, made: Made, changes: str) -> tuple[Level, ...]:
    """All floors with these corrections, by hash, those of a building from the lowest up."""
    return shafts_now(files, made, changes).levels


def is_built(files: Files, made: Made) -> bool:
    """Whether the build has the level, too: one that was made since has no other pages."""
    return made.level in _whole(files, made).level_by_id


def goals_of_house(files: Files, made: Made, language: str) -> dict[str, str]:
    """What signs may lead to as the build has it, by id."""
    return marks.goals(_whole(files, made), language)


def shafts_now(files: Files, made: Made, changes: str) -> Venue:
    """All floors with these corrections, by hash, as far as their shafts need it."""
    return _shafts(files, replace(made, level=""), changes)


@lru_cache(maxsize=8)
def _shafts(files: Files, made: Made, changes: str) -> Venue:
    return with_shafts(_whole(files, made), _changes(files, changes))


@lru_cache(maxsize=2)
def drawn_only(files: Files, changes: str) -> Venue:
    """What corrections, by hash, have drawn on floors that no drawing shows."""
    return join((), None, _changes(files, changes))


def state(files: Files, made: Made, changes: str, venue: Venue, language: str) -> dict[str, Any]:
    """The level as an editor shows it with these corrections, by hash, as JSON; points are `[x, y]`
    in metres."""
    whole, network = _whole(files, made), guide_of(venue).network
    house = shafts_now(files, made, changes)
    names, there = Names(venue), Names(house)
    goals, place_of = marks.goals(venue, language), _place_of(venue)
    people = {key: profiles()[key] for key in SHOWN_PROFILES}
    ways = {key: on_level.leading_on(house, made.level, who) for key, who in people.items()}
    is_known = any(ways.values()) or on_level.is_entered(venue)
    reached = {
        key: on_level.reached(network, who, ways[key] if is_known else None)
        for key, who in people.items()
    }
    rooms = [space.id for space in venue.spaces if _is_counted(space)]
    return {
        "spaces": [
            {
                **(said := _space(venue, one, reached, language, place_of)),
                "title": said["label"] or names.called(one.id, language),
                "built": one.id in whole.space_by_id,
            }
            for one in venue.spaces
        ],
        "doors": [_door(one, language) for one in venue.doors],
        **marks.shown(venue, language, marks.goals(whole, language) | goals),
        "goals": goals,
        "bridges": crossing.shown(house, made.level, language),
        "walls": [_points(line.coords) for plan in _cut(files, made) for _, line in plan.walls],
        "findings": _findings(venue, language),
        "rooms": len(rooms),
        "reached": {key: sum(room in ids for room in rooms) for key, ids in reached.items()},
        "stops": {
            stop: [house.space_by_id[one].level for one in shaft.stops]
            for shaft in house.connectors
            for stop in shaft.stops
        },
        "joins": {
            space.id: {
                floor: _joined_there(space, other, there.called(other.id, language))
                for floor, other in floors.partners(house, space).items()
            }
            for space in house.spaces
            if space.level == made.level and space.kind in SHAFTS
        },
    }


def _joined_there(space: Space, there: Space, name: str) -> dict[str, Any]:
    """With what a lift or stairs would be joined on another floor, and how far from above it."""
    apart_m = space.outline.centroid.distance(there.outline.centroid)
    return {"name": name, "metres": str(round(apart_m))}


_GUIDES: dict[int, Guide] = {}
"""The newest levels with their networks, by the identity of the level."""
_MOST_GUIDES = 8


def guide_of(venue: Venue) -> Guide:
    """A level ready for queries; its network is built once."""
    found = _GUIDES.get(id(venue))
    if found is None or found.venue is not venue:
        found = _GUIDES[id(venue)] = Guide(venue)
        for oldest in [*_GUIDES][:-_MOST_GUIDES]:
            _GUIDES.pop(oldest, None)
    return found


def _whole(files: Files, made: Made) -> Venue:
    if not made.venue:
        return join(())
    whole = venue_of(files, made.venue)
    assert whole
    return whole


@lru_cache(maxsize=4)
def _plans(files: Files, sha256: str) -> tuple[Plan, ...]:
    return read_plans(files, sha256) if sha256 else ()


@lru_cache(maxsize=16)
def _cut(files: Files, made: Made) -> tuple[Plan, ...]:
    return one_level.cut(_plans(files, made.plans), _whole(files, made), made.level)


@lru_cache(maxsize=32)
def _joined(files: Files, made: Made, changes: str, listed: str) -> Venue:
    """The level joined alone, under the ids of the build."""
    said = drafts.changes_of(files.read(changes)) if changes else []
    return _joined_with(files, made, said, listed)


def _joined_with(
    files: Files, made: Made, changes: Sequence[Mapping[str, Any]], listed: str
) -> Venue:
    whole = _whole(files, made)
    said = {"navkit-corrections": corrections.VERSION, "changes": [*changes]}
    return join(
        _cut(files, made),
        _directory(files, listed) if listed else None,
        one_level.concerning(corrections.parse(said, drafts.CORRECTIONS), made.level),
        [one_level.part(whole, made.level)] if made.level in whole.level_by_id else [],
    )


@lru_cache(maxsize=8)
def _changes(files: Files, sha256: str) -> tuple[corrections.Change, ...]:
    said = corrections.decode(files.read(sha256), drafts.CORRECTIONS) if sha256 else None
    return corrections.parse(said, drafts.CORRECTIONS) if said else ()


@lru_cache(maxsize=4)
def _directory(files: Files, sha256: str) -> directory.Directory:
    return directory.read_content(files.read(sha256), drafts.DIRECTORY)


def _key(found: Finding) -> tuple[str, str]:
    return (found.code, found.where)


def _is_counted(space: Space) -> bool:
    """Whether patients may ask for it."""
    return space.kind == "room" and space.access == "public"


def _place_of(venue: Venue) -> dict[str, str]:
    """By space the id of the first place that is there."""
    return {space: place.id for place in reversed(venue.places) for space in place.spaces}


def _space(
    venue: Venue,
    space: Space,
    reached: Mapping[str, frozenset[str]],
    language: str,
    place_of: Mapping[str, str] = NOWHERE,
) -> dict[str, Any]:
    place = venue.place_by_id.get(place_of.get(space.id, ""))
    return {
        "id": space.id,
        "ring": _points(space.outline.exterior.coords),
        "holes": [_points(hole.coords) for hole in space.outline.interiors],
        "kind": space.kind,
        "shaft": space.kind in SHAFTS,
        "category": space.category,
        "paint": look("screen").paints[paint_of(space)],
        "label": " ".join(filter(None, (space.ref, name_in(space.names, language)))),
        "names": dict(space.names),
        "ref": space.ref,
        "access": space.access,
        "slope": space.slope,
        "place": place.id if place else "",
        "landmark": "never"
        if place and place.unsaid
        else "yes"
        if place and place.landmark
        else "",
        "unreached": [key for key, ids in reached.items() if space.id not in ids]
        if _is_counted(space)
        else [],
    }


def _door(door: Door, language: str) -> dict[str, Any]:
    return {
        "id": door.id,
        "title": name_in(door.names, language),
        "line": _points(door.line),
        "spaces": list(door.spaces),
        "names": dict(door.names),
        "kind": door.kind,
        "width_m": door.width_m,
        "entrance": door.entrance,
        "guessed": door.guessed,
    }


def _points(coords: Iterable[tuple[float, ...]]) -> list[Point]:
    return [(round(point[0], 3), round(point[1], 3)) for point in coords]


MOST_ANSWERS = 3
"""Answers that are offered to one finding."""


def _findings(venue: Venue, language: str) -> list[dict[str, Any]]:
    """Those about something on the level, the worst first, each with the changes that may answer
    it."""
    names = Names(venue)
    answers = _answers(venue, names, language)
    plain = [
        {"code": f.code, "severity": f.severity, "where": f.where, "slots": dict(f.slots)}
        for f in venue.findings
    ]
    found = []
    for row in listing.rows(venue, plain):
        said = row["finding"]
        finding = Finding(said["code"], said["where"], said["slots"])
        mark = marks.about(venue, finding)
        if row["level"] or mark:
            found.append(
                {
                    "code": finding.code,
                    "severity": finding.severity,
                    "text": _told(finding, names, language),
                    "thing": mark or row["thing"],
                    "answers": answers.get(_key(finding), [])[:MOST_ANSWERS],
                }
            )
    return found


def _told(finding: Finding, names: Names, language: str) -> str:
    """What a finding is about, by name, and its sentence."""
    where, said = names.where(finding, language), names.text(finding, language)
    return f"{where}: {said}" if where else said


def _answers(
    venue: Venue, names: Names, language: str
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """By finding, what may be done about it, the likeliest first: what the evidence says, and
    the changes that one button makes. A guessed door may be refused as well."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for proposal in chain.from_iterable(proposals(House(venue, ()), venue.findings)):
        answer = {"why": _told(proposal.why, names, language), "changes": list(proposal.changes)}
        for about in proposal.about:
            found[_key(about)].append({**answer, "refuse": _refusal(venue, proposal.door)})
    for finding in venue.findings:
        if changes := marks.answers(venue, finding):
            told = say(language, "draw-turn-to", bearing=str(finding.slots["bearing"]))
            found[_key(finding)].append({"why": told, "changes": changes, "refuse": []})
    return found


def _refusal(venue: Venue, door: str) -> list[dict[str, Any]]:
    spaces = list(filter(None, venue.door_by_id[door].spaces)) if door else []
    return [{"do": "no-door", "spaces": spaces}] if len(spaces) == 2 else []


# ------------------------------------------------------------------- what somebody has drawn


NEAR_CLICK_M = 1.0
"""A door is drawn on the walls that are at most so far from where somebody clicked. A guess."""


def completed(
    files: Files,
    made: Made,
    changes: Iterable[Mapping[str, Any]],
    known: Sequence[Mapping[str, Any]],
    listed: str,
) -> list[dict[str, Any]]:
    """The changes of a stroke as an editor draws them, with what is known without asking: the
    level and the id of a new room, the rooms on both sides of a new door. They follow the `known`
    corrections, and each sees the level as those before it leave it."""
    said: list[dict[str, Any]] = []
    for change in changes:
        before, fields = [*known, *said], dict(change)
        verb = str(fields.get("do"))
        if verb in ("add-space", "add-stripe"):
            fields = {"level": made.level, **fields}
        if verb == "add-anchor" and "code" not in fields:
            fields["code"] = _free_code(files, made, before, listed)
        if verb in ADDED and ADDED[verb].field not in fields:
            fields[ADDED[verb].field] = free_id(files, made, verb, before)
        if verb == "set-anchor":
            fields = _as_known(fields, before)
        if complete := _COMPLETED.get(verb):
            fields |= complete(partial(_joined_with, files, made, before, listed), fields)
        said.append(fields)
    return said


class _Added(NamedTuple):
    """The field with the id of what a stroke makes, and what such an id has before its number."""

    field: str
    stem: str


ADDED = {
    "add-space": _Added("id", "d"),
    "split": _Added("new", "d"),
    "add-board": _Added("id", "sign"),
    "add-stripe": _Added("id", "line"),
    "add-anchor": _Added("id", "code"),
}
"""The strokes that make something."""


def free_id(files: Files, made: Made, verb: str, known: Iterable[Mapping[str, Any]]) -> str:
    """An id for what a stroke makes, which nothing has, nor had before it was taken away."""
    whole = _whole(files, made)
    taken = {
        one.id
        for each in (whole.spaces, whole.boards, whole.stripes, whole.anchors)
        for one in each
    }
    taken |= {str(change.get(field)) for change in known for field in ("id", "new")}
    stem = f"{made.level}-{ADDED[verb].stem}"
    return next(key for n in count(1) if (key := f"{stem}{n}") not in taken)


def _free_code(files: Files, made: Made, known: Sequence[Mapping[str, Any]], listed: str) -> str:
    """A short code that no wall has."""
    whole = _whole(files, made)
    venue = whole if made.level in whole.level_by_id else _joined_with(files, made, known, listed)
    taken = {folded(text) for one in whole.anchors for text in (one.id, one.code)}
    taken |= {
        folded(str(change[name])) for change in known for name in ("id", "code") if name in change
    }
    return hanging.free_code(venue, venue.level_by_id[made.level], taken)


def _as_known(fields: Mapping[str, Any], known: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A change with what earlier ones of its kind have said of the same thing: it takes their
    place."""
    said: dict[str, Any] = {}
    for one in known:
        if one["do"] == fields["do"] and one.get("id") == fields.get("id"):
            said |= drafts.effect(one)
    return {**said, **fields}


def _beside(now: Callable[[], Venue], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The spaces on both sides of a door's point on a wall. With one only, the door leads out of
    the building and is an entrance."""
    if "spaces" in fields:
        return {}
    (point,) = points_of([fields.get("point")], "point")
    spot, venue = shapely.Point(point), now()
    apart_m = {
        space.id: round(space.outline.boundary.distance(spot), 3)
        for space in venue.spaces
        if space.kind != "closed"
    }
    near = sorted((m, one) for one, m in apart_m.items() if m <= NEAR_CLICK_M)[:2]
    if not near:
        raise NavkitError("no-wall-here")
    return {"spaces": [one for _, one in near], **({"entrance": True} if len(near) == 1 else {})}


def rival(
    files: Files,
    made: Made,
    changes: Sequence[Mapping[str, Any]],
    listed: str,
    about: Collection[str],
    language: str,
) -> list[dict[str, Any]]:
    """The rooms of `about`, and those beside them, as these corrections make them: a picture of
    one side of a conflict, as JSON."""
    venue = _joined_with(files, made, changes, listed)
    meant = [space for space in venue.spaces if space.id in about]
    meant += [
        venue.space_by_id[one]
        for door in venue.doors
        if door.id in about
        for one in filter(None, door.spaces)
    ]
    around = shapely.union_all([space.outline for space in meant]).buffer(BESIDE_M)
    return [
        {**_space(venue, one, {}, language), "meant": one in meant}
        for one in venue.spaces
        if one.outline.intersects(around)
    ]


BESIDE_M = 2.0
"""How much around a thing a picture of it shows."""


def points_of(said: Any, field: str) -> list[Point]:
    """The points of a field; `NavkitError` if they are none."""
    try:
        points = [(float(x), float(y)) for x, y in said]
    except (TypeError, ValueError):
        raise NavkitError("form-field", "", field=field) from None
    if not all(map(math.isfinite, chain.from_iterable(points))):
        raise NavkitError("form-field", "", field=field)
    return points


def _parted(now: Callable[[], Venue], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Which part of a room that is cut in two stays what it is: the larger one."""
    if "point" in fields:
        return {}
    space = now().space_by_id.get(str(fields.get("id")))
    line = points_of(fields.get("line"), "line")
    parts = pieces.halves(space.outline, line) if space and len(line) > 1 else None
    if space is None or parts is None:
        raise NavkitError("split-nowhere")
    like: dict[str, str] = {"kind": space.kind, "access": space.access}
    if space.category:
        like["category"] = space.category
    return {"point": _inside(parts[0]), **like}


def _inside(outline: shapely.Polygon) -> list[float]:
    """A point in an outline, in whole millimetres."""
    return [*_points(outline.representative_point().coords)[0]]


def _united(now: Callable[[], Venue], fields: Mapping[str, Any]) -> dict[str, Any]:
    """A point in each of the rooms that are put together."""
    named, rooms = fields.get("spaces"), now().space_by_id
    meant = [rooms[one] for one in named if one in rooms] if isinstance(named, list) else []
    outlines = [one.outline for one in meant]
    if len(meant) < 2 or len(meant) < len(fields["spaces"]) or not pieces.together(outlines):
        raise NavkitError("merge-apart")
    return {"points": [*map(_inside, outlines)]}


def _around(now: Callable[[], Venue], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of which space something is cut out: that which has most of it."""
    if "id" in fields:
        return {}
    ring = points_of(fields.get("outline"), "outline")
    hole = shapely.Polygon(ring) if len({*ring}) > 2 else shapely.Polygon()
    if not hole.is_valid:
        raise NavkitError("form-field", "", field="outline")
    spaces = [space for space in now().spaces if space.kind != "closed"]
    most = max(spaces, key=lambda one: one.outline.intersection(hole).area, default=None)
    if most is None or not pieces.without(most.outline, ring):
        raise NavkitError("cut-nowhere")
    return {"id": most.id}


def _in_space(now: Callable[[], Venue], fields: Mapping[str, Any]) -> dict[str, Any]:
    """In which space something hangs, and where the reader of a new code looks."""
    if "point" not in fields:
        return {}
    (point,) = points_of([fields["point"]], "point")
    if fields["do"] == "add-anchor":
        return marks.hung(now(), fields, point)
    return {"space": marks.standing(now(), point).id}


_COMPLETED: Mapping[str, Callable[[Callable[[], Venue], Mapping[str, Any]], dict[str, Any]]] = {
    "add-door": _beside,
    "split": _parted,
    "merge": _united,
    "cut-out": _around,
    "add-board": _in_space,
    "add-anchor": _in_space,
    "set-anchor": _in_space,
}
"""By verb, what is known of a stroke without asking: by the level as it is before it."""


def superseded(
    changes: Iterable[Mapping[str, Any]], known: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Known changes that say nothing any more beside new ones: other shapes of the same space, but
    for those upon which others have cut it or put it together; the same mark as it was before."""
    known = [*known]
    shaped = {change.get("id") for change in changes if change.get("do") == "reshape"}
    last: dict[Any, Mapping[str, Any]] = {}
    for one in known:
        if one["do"] == "reshape":
            last[one.get("id")] = one
        elif one["do"] in ("split", "merge", "cut-out"):
            for key in drafts.targets(one):
                last.pop(key, None)
    marked = {(one["do"], one.get("id")) for one in changes if one.get("do") in _SAID_ANEW}
    return [one for key, one in last.items() if key in shaped] + [
        one for one in known if (one["do"], one.get("id")) in marked
    ]


_SAID_ANEW = frozenset({"add-board", "add-stripe", "set-anchor"})
"""The strokes that are drawn again as a whole when something of them changes."""
