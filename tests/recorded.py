"""Answers of navkit, stored as digests: a code change that should change no answer is
compared with them. They prove that nothing changed, and nothing else.

    python tests/recorded.py    rewrites tests/data/recorded.json

Run it after a change that is meant to change answers, and say in the commit which and why.
"""

import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exporter.bundle.bundle import make_bundle
from floorplans.reading import read
from navkit.guidance.answers import route_answer
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue import corrections, directory
from navkit.venue.join import join
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

ROOT = Path(__file__).parents[1]
REAL_PLANS = ROOT.parent / "shared" / "floorplans"
FILE = ROOT / "tests" / "data" / "recorded.json"
CLOCK = "2026-03-02T09:30"

PLANS = {"hospital": 260, "clinic": 80, "station": 80, "university": 80}
"""How many pairs of places are asked of each plan: 500."""


def guides(names: tuple[str, ...] = tuple(PLANS)) -> Iterator[tuple[str, Guide]]:
    """The plans that are here."""
    for name in names:
        if name == "hospital":
            yield name, Guide(example())
        elif REAL_PLANS.exists():
            yield name, Guide(real(name))


def example() -> Any:
    with tempfile.TemporaryDirectory() as folder:
        script = ROOT / "examples" / "hospital" / "draw.py"
        subprocess.run([sys.executable, str(script), folder], check=True, capture_output=True)
        where = Path(folder)
        return join(
            read([where / "plans"]),
            directory.read(where / "directory.csv"),
            corrections.read(where / "corrections.json"),
        )


def real(name: str) -> Any:
    drawing = {
        "clinic": "clinic-geojson",
        "station": "station-osm",
        "university": "university-osm",
        "campus": "campus-imdf",
    }[name]
    plans = read([REAL_PLANS / drawing])
    if name != "clinic":
        return join(plans)
    return join(plans, None, corrections.read(ROOT / "tests" / "data" / "clinic-corrections.json"))


def answers(guide: Guide, pairs: list[tuple[str, str]]) -> list[list[str]]:
    """For each pair a digest of the sentences for all profiles in all languages."""
    return [[start, goal, _digest(guide, start, goal)] for start, goal in pairs]


def _digest(guide: Guide, start: str, goal: str) -> str:
    lines = []
    for profile in profiles().values():
        try:
            route = guide.route(start, goal, profile, CLOCK)
        except NavkitError as error:
            lines.append(f"{error.finding.code}: {error.finding.text(languages()[0])}")
            continue
        for language in languages():
            told = route_answer(route, guide.tell(route, language))
            lines.append(json.dumps(told, ensure_ascii=False, sort_keys=True))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def pairs(guide: Guide, count: int) -> list[tuple[str, str]]:
    """Places and anchors at random, the same each time."""
    ids = sorted([place.id for place in guide.venue.places] + [a.id for a in guide.venue.anchors])
    rng = random.Random(500)
    return [(rng.choice(ids), rng.choice(ids)) for _ in range(count)]


def main() -> None:
    found = {}
    for name, guide in guides():
        chosen = pairs(guide, PLANS[name])
        files = {}
        if name == "hospital":
            bundle = make_bundle(guide, languages())
            files = {part.name: hashlib.sha256(part.content).hexdigest() for part in bundle.parts}
        found[name] = {"routes": answers(guide, chosen), "bundle": files}
    FILE.write_text(lines(found), encoding="utf-8")


def lines(found: dict[str, Any]) -> str:
    """As JSON, a pair a line: git shows which have changed."""
    whole = json.dumps(found, indent=1, ensure_ascii=False)
    return re.sub(r'\[\s+("[^"]*"),\s+("[^"]*"),\s+("[^"]*")\s+\]', r"[\1, \2, \3]", whole) + "\n"


if __name__ == "__main__":
    main()
