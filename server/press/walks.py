"""Routes that staff have walked on site: which are as the phone says, by whom, and when.

A route to each public place is walked from the nearest entrance. A verdict holds as long as the
route is told in the same words (`verdicts.route_hash`); if not, it is asked again.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exporter.paper.verdicts import RIGHT, WRONG, route_hash
from navkit.guidance.guidance import Guidance
from navkit.guide import Guide
from navkit.plan.plan import SHAFTS
from navkit.route.profiles import profiles
from navkit.route.routing import Route
from navkit.route.weights import moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import Place, Venue
from navkit.words.findings import NavkitError
from navkit.words.languages import default_language
from server.builds.venues import venue_of
from server.data.files import Files
from server.data.rows import Row, Rows, change
from server.staff import audit
from server.staff.deed import Deed

PROFILE = "walk"
PHOTO = "photo"
"""A verdict that says nothing of the route: somebody took a photo."""
AGAIN = "again"
"""An answer to a wrong route: it is walked once more."""
LONGEST_REMARK = 300
COMPARE_S = 4.0
"""How long a page compares old verdicts with a new map."""


def goals(venue: Venue) -> list[Place]:
    """Public places that people are sent to."""
    known = venue.space_by_id
    return [
        one
        for one in venue.places
        if one.access == "public"
        and not one.door
        and not any(known[space].kind in SHAFTS for space in one.spaces)
    ]


class Walker:
    """The routes of one venue."""

    def __init__(self, venue: Venue) -> None:
        self._guide = Guide(venue)
        self._numbers = {place.id: number for number, place in enumerate(venue.places)}
        self.hash_of = lru_cache(maxsize=None)(self._hash_of)

    def route(self, goal: str) -> Route | None:
        """From the nearest entrance to a place; None if no way leads there."""
        venue, number = self._guide.venue, self._numbers.get(goal)
        doors = [n for n, p in enumerate(venue.places) if p.door and p.access == "public"]
        if number is None or not doors:
            return None
        ends, at = (Spot(tuple(doors)), Spot((number,))), moment(venue.closures)
        nearest = self._guide.navigator.try_route(*ends, profiles()[PROFILE], at)
        if nearest is None:
            return None
        arrived = self._guide.network.place_nodes
        start = next(n for n in doors if nearest.nodes[0] in arrived[n])
        return self._guide.navigator.try_route(Spot((start,)), ends[1], profiles()[PROFILE], at)

    def tell(self, route: Route, language: str) -> Guidance:
        return self._guide.tell(route, language)

    def _hash_of(self, goal: str) -> str:
        route = self.route(goal)
        return route_hash(self.tell(route, default_language())) if route else ""


@lru_cache(maxsize=2)
def walker_of(files: Files, sha256: str) -> Walker | None:
    """For the stored venue with that hash, None for no hash."""
    venue = venue_of(files, sha256)
    return Walker(venue) if venue else None


@dataclass(frozen=True)
class Standing:
    """What is known of the route to a place."""

    state: str
    """``right``, ``wrong``, ``changed`` (told otherwise since), ``old`` (of an older map, and not
    compared yet) or ``never``."""
    row: Row | None


def say(
    deed: Deed,
    walker: Walker,
    sha256: str,
    goal: str,
    hash_: str,
    verdict: str,
    step: int,
    told: str,
    remark: str = "",
    photo: str = "",
) -> None:
    """Somebody has walked a route, or a part of it. `NavkitError` if the route has changed since
    their page showed it, or a wrong one is not said why."""
    if not hash_ or walker.hash_of(goal) != hash_:
        raise NavkitError("walk-changed")
    if verdict not in (RIGHT, WRONG, PHOTO):
        raise NavkitError("request-refused", status="400")
    if verdict == WRONG and not (remark or photo):
        raise NavkitError("walk-unexplained", field="remark")
    if verdict == PHOTO and not photo:
        raise NavkitError("walk-without-photo", field="file")
    with deed.rows.write():
        deed.rows.run(
            "INSERT INTO walks (hospital, goal, hash, venue, verdict, step, told, remark, photo,"
            " person, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(deed.hospital, goal, hash_, sha256, verdict, step, told, remark[:LONGEST_REMARK]),
            *(photo, deed.person.name, deed.now_ms),
        )
        audit.note(deed, "walk", goal=goal, verdict=verdict, step=step, remark=remark)


def standings(rows: Rows, hospital: str, venue: Venue, sha256: str) -> dict[str, Standing]:
    """By goal, what is known of its route on the venue with that hash."""
    last = {
        row["goal"]: row
        for row in rows.all(
            "SELECT * FROM walks WHERE hospital = ? AND verdict != ? ORDER BY id", hospital, PHOTO
        )
    }
    return {one.id: _standing(last.get(one.id), sha256) for one in goals(venue)}


def _standing(row: Row | None, sha256: str) -> Standing:
    if row is None:
        return Standing("never", None)
    if row["answer"] == AGAIN:
        return Standing("never", row)
    if row["venue"] == sha256:
        return Standing(row["answer"] or row["verdict"], row)
    return Standing("changed" if row["differs"] == sha256 else "old", row)


def wrong(rows: Rows, hospital: str, venue: Venue, sha256: str) -> list[tuple[Place, Row]]:
    """The routes that somebody found wrong and nobody has answered, the newest first."""
    found = standings(rows, hospital, venue, sha256)
    said = [(venue.place_by_id[goal], one.row) for goal, one in found.items() if one.row]
    return sorted(
        ((place, row) for place, row in said if found[place.id].state == WRONG),
        key=lambda pair: -pair[1]["id"],
    )


def answer(deed: Deed, walk: int, how: str, why: str) -> None:
    """Answer a verdict that a route is wrong: it is right, for a reason, or is to be walked again.
    `NavkitError` if there is no such verdict any more."""
    if how not in (RIGHT, AGAIN):
        raise NavkitError("request-refused", status="400")
    if how == RIGHT and not why.strip():
        raise NavkitError("form-empty", field="why")
    change(
        deed.rows,
        "walk-changed",
        "UPDATE walks SET answer = ?, why = ?, answered_by = ?, answered_ms = ?"
        " WHERE id = ? AND hospital = ? AND verdict = ? AND answer = ''",
        *(how, why.strip()[:LONGEST_REMARK], deed.person.name, deed.now_ms),
        *(walk, deed.hospital, WRONG),
    )
    audit.note(deed, "answer-walk", walk=walk, answer=how, why=why.strip()[:LONGEST_REMARK])


def compare(
    rows: Rows, hospital: str, walker: Walker, found: Mapping[str, Standing], sha256: str
) -> bool:
    """Compare verdicts on an older map with this one, for a while; whether all are compared."""
    until_s = time.monotonic() + COMPARE_S
    same: list[int] = []
    other: list[int] = []
    left = [one.row for one in found.values() if one.state == "old" and one.row]
    for row in left:
        if time.monotonic() > until_s:
            break
        (same if walker.hash_of(row["goal"]) == row["hash"] else other).append(row["id"])
    if same or other:
        with rows.write():
            for column, ids in (("venue", same), ("differs", other)):
                for one in ids:
                    rows.run(f"UPDATE walks SET {column} = ? WHERE id = ?", sha256, one)
    return len(same) + len(other) == len(left)


def remarks(rows: Rows, hospital: str, goal: str) -> Sequence[Row]:
    """What was said of the route to a place, the newest first."""
    return rows.all(
        "SELECT * FROM walks WHERE hospital = ? AND goal = ? ORDER BY id DESC LIMIT 20",
        *(hospital, goal),
    )
