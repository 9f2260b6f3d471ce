"""Walks in a rough world, followed by what a phone runs: how far it errs.

    python tests/following.py FOLDER [--walks 200] [--seed 11]

prints the table of docs/position.md; FOLDER has the real drawings. `rough_world.mjs` is the world,
`follow_walks.mjs` follows the walks.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guide import Guide
from tools.figures import example, real

HERE = Path(__file__).parent
TUNED = ("example", "clinic", "university-osm")
"""The plans on which the numbers of `exporter/bundle/position.json` were tuned."""
HELD_OUT = ("campus-imdf", "station-osm")
"""Plans on which nothing is ever tuned."""
CASES = {
    "none": "nobody goes wrong",
    "few": "2 % wrong turns a junction",
    "one": "one wrong turn a walk",
}
HEADS = (
    "plans|walks|p50 m|p80 m|p95 m|right card %|sure %|right when sure %"
    "|sure while astray %|alarms on the way, a km|asked before 45 m %"
)


@dataclass(frozen=True)
class Figures:
    """How far following erred, of the time walked: shares from 0 to 1, metres."""

    walks: int
    p50_m: float
    p80_m: float
    p95_m: float
    right: float
    """The card shown is the true one, or at most 6 m early or 4 m late."""
    sure: float
    right_when_sure: float
    astray_when_sure: float
    """Of the time that it is sure, the walker is more than 12 m down a wrong turn."""
    false_alarms_per_km: float
    """Questions about the way while the walker is on it."""
    found: float
    """Of wrong turns, those asked about within 45 m."""


def small_bundle(guide: Guide, folder: Path) -> Path:
    """A bundle in one language and without scripted routes: those take minutes."""
    with patch.object(scripting, "starts", lambda of: []):
        write_bundle(make_bundle(guide, ["en"]), folder)
    return folder


def measured(bundle: Path, walks: int, seed: int, case: str) -> dict[str, Any]:
    """What `follow_walks.mjs` measures."""
    program = [HERE / "follow_walks.mjs", bundle, walks, seed, case]
    done = subprocess.run(
        ["node", *map(str, program)], capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def figures(walks: int, parts: Sequence[dict[str, Any]]) -> Figures:
    """Of several plans together."""
    rows = sorted(tuple(row) for part in parts for row in part["rows"])
    total_s = sum(seconds for _, seconds in rows)

    def whole(name: str) -> float:
        return float(sum(part[name] for part in parts))

    def error_m(share: float) -> float:
        walked_s = 0.0
        for error, seconds in rows:
            walked_s += seconds
            if walked_s >= share * total_s:
                return float(error)
        return float(rows[-1][0])

    return Figures(
        walks=walks * len(parts),
        p50_m=error_m(0.5),
        p80_m=error_m(0.8),
        p95_m=error_m(0.95),
        right=whole("right") / whole("seconds"),
        sure=whole("sure") / whole("seconds"),
        right_when_sure=whole("rightSure") / whole("sure"),
        astray_when_sure=whole("sureAstray") / whole("sure"),
        false_alarms_per_km=1000 * whole("alarms") / whole("metres"),
        found=whole("found") / max(1.0, whole("wrong")),
    )


def row(name: str, case: str, of: Figures) -> str:
    """A line of the table."""
    metres = [f"{value:.1f}" for value in (of.p50_m, of.p80_m, of.p95_m)]
    shares = [of.right, of.sure, of.right_when_sure, of.astray_when_sure]
    found = "–" if case == "none" else f"{100 * of.found:.0f}"
    cells = [
        f"{name}, {CASES[case]}",
        str(of.walks),
        *metres,
        *(f"{100 * share:.1f}" for share in shares),
        f"{of.false_alarms_per_km:.2f}",
        found,
    ]
    return "| " + " | ".join(cells) + " |"


def main(folder: Path, walks: int, seed: int) -> None:
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as pool:
        bundles = {
            name: small_bundle(
                Guide(example() if name == "example" else real(name, folder)), Path(place) / name
            )
            for name in TUNED + HELD_OUT
        }
        print("| " + HEADS.replace("|", " | ") + " |\n|---" + 10 * "|--:" + "|")
        for case in CASES:
            jobs = {
                name: pool.submit(measured, bundle, walks, seed, case)
                for name, bundle in bundles.items()
            }
            done = {name: job.result() for name, job in jobs.items()}
            for name, plans in (
                ("all five", TUNED + HELD_OUT),
                ("three tuned on", TUNED),
                ("two held out", HELD_OUT),
                *((one, (one,)) for one in TUNED + HELD_OUT),
            ):
                print(row(name, case, figures(walks, [done[plan] for plan in plans])))
            sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the real drawings")
    parser.add_argument("--walks", type=int, default=200, help="on each plan")
    parser.add_argument("--seed", type=int, default=11)
    given = parser.parse_args()
    main(given.folder, given.walks, given.seed)
