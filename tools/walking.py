"""A sample of routes, walked by a reader who does only what was said.

    python -m tools.walking FOLDER [--routes 300] [--pictures FOLDER] [PLAN...]

prints the table of docs/truth.md; FOLDER has the real drawings, and PLANs are its columns.
"""

import argparse
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from navkit.guidance.guidance import Teller
from navkit.guidance.steps import Step, steps_of
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.route.reach import percent
from navkit.route.routing import Route
from navkit.route.weights import Moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import write_whole
from navkit.walk.picture import step_svg
from navkit.walk.said import Account, Said, Told
from navkit.walk.verdict import Judge, Tally, Verdict, tally
from navkit.words.findings import LOG_LANGUAGE, Finding
from tools.figures import REAL, example, real
from tools.terminal import words

PROFILES = ("walk", "elderly", "wheelchair", "bed", "low-vision")
"""Whose routes are walked."""

SEED = 1

TRIES = 20
"""How many pairs are tried for each route that is wanted: some pairs have none."""

PLANS = ("example", "clinic", "university-osm", "campus-imdf", "station-osm")

ADVICE = {
    "at-distance": "distance",
    "at-short": "distance",
    "at-soon": "distance",
    "at-place": "landmark",
    "at-entering": "landmark",
    "towards": "landmark",
    "passing": "landmark",
    "too-far": "landmark",
    "at-end": "end",
    "at-nth": "counted",
    "find": "goal",
    "arrive": "goal",
    "way-in": "goal",
}
"""By the beginning of a cue's kind, what to tell staff; else that people may go astray here."""


@dataclass(frozen=True)
class Walk:
    """A route that was walked."""

    route: Route
    steps: tuple[Step, ...]
    account: Account
    verdicts: tuple[Verdict, ...]


def account_of(route: Route, steps: Sequence[Step]) -> Account:
    """A route and its steps as plain data: all that the reader gets."""
    venue, start = route.network.venue, route.start
    name = venue.anchors[start.anchor].id if start.anchor >= 0 else venue.places[start.places[0]].id
    goal = venue.places[route.goal.places[0]].id
    told = tuple(
        Told(
            tuple(Said(cue.kind.value, dict(cue.slots)) for cue in step.cues), step.first, step.last
        )
        for step in steps
    )
    return Account(
        route.network, name, goal, route.profile.id, route.nodes, route.darts, told, start.anchor
    )


def sample(guide: Guide, count: int, seed: int = SEED) -> Iterator[Route]:
    """That many routes, always the same: every other one from an entrance or a code."""
    venue, chance = guide.venue, random.Random(seed)
    public = [i for i, place in enumerate(venue.places) if place.access == "public"]
    coming = [Spot((i,)) for i in public if venue.places[i].door]
    coming += [Spot(anchor=i) for i in range(len(venue.anchors))]
    found = 0
    for _ in range(count * TRIES if len(public) > 1 else 0):
        if found == count:
            return
        inside = Spot((chance.choice(public),))
        start = chance.choice(coming) if coming and found % 2 == 0 else inside
        goal, profile = Spot((chance.choice(public),)), chance.choice(PROFILES)
        route = guide.navigator.try_route(start, goal, profiles()[profile], Moment())
        if start != goal and route is not None and route.darts:
            found += 1
            yield route


@dataclass(frozen=True)
class Walked:
    """A sample of routes that were walked, and by whom."""

    judge: Judge
    walks: tuple[Walk, ...]


def walked(guide: Guide, count: int, seed: int = SEED) -> Walked:
    """A sample of routes, each told and then walked."""
    judge, walks = Judge(guide.network), []
    for route in sample(guide, count, seed):
        steps = steps_of(route, guide.around)
        account = account_of(route, steps)
        walks.append(Walk(route, steps, account, tuple(judge.verdicts(account))))
    return Walked(judge, tuple(walks))


def in_words(walks: Sequence[Walk]) -> str:
    """One line: how many routes lead a literal reader right."""
    found = result(walks)
    return words(
        "walked",
        routes=found.routes,
        right=percent(found.routes_right),
        right_steps=percent(found.steps_right),
    )


def result(walks: Sequence[Walk]) -> Tally:
    return tally(walk.verdicts for walk in walks)


def as_json(walks: Sequence[Walk]) -> dict[str, object]:
    """What `navkit check --walk --json` says."""
    found = result(walks)
    return {
        "routes": found.routes,
        "steps": found.steps,
        "routes_right": round(found.routes_right, 4),
        "steps_right": round(found.steps_right, 4),
        "robust": round(found.robust, 4),
        "kinds": found.kinds,
        "not_judged": found.unjudged,
    }


# -- where staff should look


def worst(walks: Sequence[Walk]) -> list[Finding]:
    """The spots at which readers go astray, those of most routes first."""
    routes: dict[tuple[str, int], set[int]] = {}
    for number, walk in enumerate(walks):
        for step, verdict in zip(walk.account.told, walk.verdicts, strict=True):
            if verdict.failed:
                spot = advice(verdict.failed), walk.account.nodes[step.last]
                routes.setdefault(spot, set()).add(number)
    ranked = sorted(routes.items(), key=lambda one: (-len(one[1]), one[0]))
    if not walks:
        return []
    return [_finding(walks[0].route, code, node, len(by)) for (code, node), by in ranked]


def advice(kind: str) -> str:
    """The code of what staff should do about a cue that led astray."""
    found = (code for begins, code in ADVICE.items() if kind.startswith(begins))
    return f"walk-{next(found, 'astray')}"


def _finding(route: Route, code: str, node: int, count: int) -> Finding:
    network = route.network
    level = network.venue.levels[network.level[node]].id
    where = f"{level}, x {network.x_cm[node] / 100:g}, y {network.y_cm[node] / 100:g}"
    return Finding(code, where, {"count": str(count)})


def pictures(walked: Walked, language: str) -> Iterator[tuple[str, str]]:
    """A name and an SVG for each failing step, once for each spot and sentence."""
    seen: set[tuple[object, ...]] = set()
    for walk in walked.walks:
        teller = Teller(walk.route.network, language)
        for number, (step, told, verdict) in enumerate(
            zip(walk.steps, walk.account.told, walk.verdicts, strict=True), start=1
        ):
            node = walk.account.nodes[told.last]
            key = (verdict.failed, node, *(cue.kind for cue in step.cues))
            if not verdict.failed or key in seen:
                continue
            seen.add(key)
            sentence = teller.instruction(walk.route, step).text
            name = re.sub(r"[^\w-]+", "_", f"{verdict.failed}-{node}-{len(seen)}")
            about = f"{walk.account.start} > {walk.account.goal}, {walk.account.profile}, {number}"
            drawn = step_svg(
                walked.judge.floors, walk.account, told, verdict, f"{sentence} ({about})", language
            )
            yield f"{name}.svg", drawn


# -- the table


def table(found: Mapping[str, Tally]) -> Iterator[str]:
    """As Markdown: a column for each plan."""
    yield "| | " + " | ".join(found) + " |"
    yield "|---|" + "--:|" * len(found)
    rows: dict[str, Callable[[Tally], str]] = {
        "routes, steps": lambda t: f"{t.routes}, {t.steps}",
        "routes all right, either reader": lambda t: _percent(t.routes_right),
        "robust": lambda t: _percent(t.robust),
        "along the lines alone": lambda t: _percent(t.lines_alone),
        "over the floor alone": lambda t: _percent(t.rays_alone),
        "steps right, either reader": lambda t: _percent(t.steps_right),
    }
    for name, cell in rows.items():
        yield f"| {name} | " + " | ".join(cell(one) for one in found.values()) + " |"
    kinds = {kind for one in found.values() for kind in one.kinds}
    for kind in sorted(kinds, key=lambda k: (-sum(t.kinds.get(k, 0) for t in found.values()), k)):
        cells = (str(one.kinds.get(kind, "–")) for one in found.values())
        yield f"| astray by `{kind}` | " + " | ".join(cells) + " |"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def venue_of(plan: str, folder: Path) -> Guide:
    return Guide(real(plan, folder) if plan in REAL else example())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the real drawings")
    parser.add_argument("plans", nargs="*", default=PLANS, help="columns")
    parser.add_argument("--routes", type=int, default=0, help="how many on each plan")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of failing steps")
    given = parser.parse_args()
    found: dict[str, Tally] = {}
    for plan in given.plans:
        guide = venue_of(plan, given.folder)
        count = given.routes or (600 if plan == "example" else 300)
        tried = walked(guide, count)
        found[plan] = result(tried.walks)
        if given.pictures:
            for name, svg in pictures(tried, LOG_LANGUAGE):
                (given.pictures / plan).mkdir(parents=True, exist_ok=True)
                write_whole(given.pictures / plan / name, svg.encode("utf-8"))
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()
