"""What hangs on a level and lies on its floor: direction signs, coloured lines, codes on walls. How
an editor shows them, where they may lead, and what is known of one without asking."""

from collections.abc import Iterable, Mapping
from typing import Any

import shapely

from navkit.plan.colours import colours
from navkit.venue.codes import facing_deg
from navkit.venue.venue import Place, Space, Venue, name_in
from navkit.words.findings import Finding, NavkitError
from navkit.words.languages import words

Fields = Mapping[str, Any]


def shown(venue: Venue, language: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The marks of a level as JSON; `names` are those of what they may lead to, by id."""

    def leads(ids: Iterable[str]) -> list[dict[str, str]]:
        return [{"id": one, "label": names.get(one, one)} for one in ids]

    called = words(language, "guidance")["stripes"]
    return {
        "boards": [
            {
                **{name: getattr(one, name) for name in ("id", "text", "arrow", "bearing_deg")},
                "point": one.point,
                "leads": leads(one.leads),
            }
            for one in venue.boards
        ],
        "stripes": [
            {
                **{name: getattr(one, name) for name in ("id", "colour", "course")},
                "paint": colours()[one.colour],
                "label": called[one.colour],
                "leads": leads(one.leads),
            }
            for one in venue.stripes
        ],
        "anchors": [
            {
                **{name: getattr(one, name) for name in ("id", "code", "point", "bearing_deg")},
                "names": dict(one.names),
            }
            for one in venue.anchors
        ],
    }


def goals(venue: Venue, language: str) -> dict[str, str]:
    """What a sign or a line may lead to: each place by its name and its floors; where two would
    be called alike, by its number or its id too."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for place in venue.places:
        name = name_in(place.names, language)
        if not name:
            continue
        label = " · ".join(filter(None, (name, _floors(venue, place))))
        if label in taken:
            label = f"{label} ({place.ref if place.ref else place.id})"
        taken.add(label)
        found[place.id] = label
    return found


def _floors(venue: Venue, place: Place) -> str:
    """The labels of the floors that a place is on."""
    door = venue.door_by_id.get(place.door)
    spaces = place.spaces or (door.spaces if door else ())
    levels = [venue.space_by_id[one].level for one in spaces if one in venue.space_by_id]
    return " ".join(dict.fromkeys(venue.level_by_id[one].label for one in levels))


def about(venue: Venue, finding: Finding) -> str:
    """The mark that a finding is about, by its id or by the code that is printed on it; empty if
    it is about something else."""
    named = finding.where.rpartition(", ")[2]
    known = {one.code: one.id for one in venue.anchors}
    things = (venue.boards, venue.stripes, venue.anchors)
    known |= {one.id: one.id for each in things for one in each}
    return known.get(finding.where) or known.get(named, "")


def answers(venue: Venue, finding: Finding) -> list[dict[str, Any]]:
    """The changes that answer a finding about a mark: a code is turned to its wall."""
    if finding.code != "code-looks-away":
        return []
    bearing = float(str(finding.slots["bearing"]))
    return [{"do": "set-anchor", "id": about(venue, finding), "bearing_deg": bearing}]


def standing(now: Venue, point: tuple[float, float]) -> Space:
    """The space that is walked on at a point, the smallest; `NavkitError` if there is none."""
    spot = shapely.Point(point)
    here = [one for one in now.spaces if one.kind != "closed" and one.outline.covers(spot)]
    found = min(here, key=lambda one: one.outline.area, default=None)
    if found is None:
        raise NavkitError("nothing-walked-here")
    return found


def hung(now: Venue, fields: Fields, point: tuple[float, float]) -> dict[str, Any]:
    """In which space a code hangs at a point, and if nobody says otherwise where its reader
    looks."""
    space = standing(now, point)
    bearing = facing_deg(point, space, now.doors)
    if "bearing_deg" in fields or bearing is None:
        return {"space": space.id}
    return {"space": space.id, "bearing_deg": bearing}
