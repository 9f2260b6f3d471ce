"""Figures of a venue: how fast routes are, how large its bundle is.

Times are ratios within one run: machines differ, and share their cores.
"""

import json
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import networkx as nx

import exporter
from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.route.weights import BLOCKED, Moment
from navkit.venue.lookup import Spot
from navkit.venue.venue import load
from navkit.words.languages import default_language, languages

T = TypeVar("T")

PAIRS = 300
COUNTED = ("level", "network", "directory")
"""Roles of files with outlines, doors, the network and names in three languages."""


@dataclass(frozen=True)
class Figures:
    """For one venue. Times are medians in milliseconds."""

    name: str
    rooms: int
    query_ms: float
    networkx_ms: float
    route_and_text_ms: float
    javascript_ms: float | None
    """Without a just-in-time compiler; None if node is not installed."""
    bytes_a_room: float
    all_bytes_a_room: float


def measure(venue_file: Path) -> Figures:
    """All figures of the venue in a file."""
    guide = Guide(load(venue_file))
    pairs = _pairs(guide)
    walk = profile("walk")
    weights, router = guide.navigator.router(walk, Moment())
    ends = [
        (guide.navigator.nodes_of(start)[0], guide.navigator.nodes_of(goal)[0])
        for start, goal in pairs
    ]
    graph: nx.MultiDiGraph[int] = guide.network.to_networkx()
    for a, _, data in graph.edges(data=True):
        dart = 2 * data["number"] + (guide.network.a[data["number"]] != a)
        data["cost_ms"] = weights.cost_ms[dart] if weights.cost_ms[dart] < BLOCKED else None

    def tell(start: Spot, goal: Spot) -> None:
        guide.tell(guide.navigator.find_route(start, goal, walk, Moment()), default_language())

    bundle = make_bundle(guide, languages())
    sizes = {part.role: 0 for part in bundle.parts}
    for part in bundle.parts:
        sizes[part.role] += part.gzipped_bytes
    with tempfile.TemporaryDirectory() as folder:
        write_bundle(bundle, Path(folder))
        javascript_ms = _javascript(Path(folder), guide, pairs)
    rooms = max(1, bundle.rooms)
    return Figures(
        name=venue_file.stem,
        rooms=bundle.rooms,
        query_ms=_median_ms(lambda a, b: router.find((a,), (b,)), ends),
        networkx_ms=_median_ms(
            lambda a, b: nx.dijkstra_path(graph, a, b, weight="cost_ms"), ends[:40]
        ),
        route_and_text_ms=_median_ms(tell, pairs),
        javascript_ms=javascript_ms,
        bytes_a_room=sum(sizes[role] for role in COUNTED) / rooms,
        all_bytes_a_room=sum(sizes.values()) / rooms,
    )


def _pairs(guide: Guide) -> list[tuple[Spot, Spot]]:
    """Seeded pairs of public places with a route between them."""
    rng = random.Random(20)
    public = [i for i, place in enumerate(guide.venue.places) if place.access == "public"]
    pairs: list[tuple[Spot, Spot]] = []
    while len(pairs) < PAIRS:
        start, goal = (Spot((i,)) for i in rng.sample(public, 2))
        if guide.navigator.try_route(start, goal, profile("walk"), Moment()):
            pairs.append((start, goal))
    return pairs


def _median_ms(ask: Callable[[T, T], object], pairs: Sequence[tuple[T, T]]) -> float:
    taken = []
    for start, goal in pairs:
        begun = time.perf_counter()
        ask(start, goal)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def _javascript(bundle: Path, guide: Guide, pairs: Sequence[tuple[Spot, Spot]]) -> float | None:
    """Median time of a query in the phone's runtime, without compiler (`--jitless`)."""
    node = shutil.which("node")
    if node is None:
        return None
    places = guide.venue.places
    asked = [[places[s.places[0]].id, places[g.places[0]].id] for s, g in pairs]
    (bundle / "pairs.json").write_text(json.dumps(asked), encoding="utf-8")
    script = Path(exporter.__file__).parent / "runtime" / "platform" / "bench.mjs"
    ran = subprocess.run(
        [node, "--jitless", str(script), str(bundle)], capture_output=True, text=True, check=True
    )
    return float(ran.stdout)


def table(rows: Sequence[Figures], *, markdown: bool) -> str:
    """The figures as lines: for people, or as a Markdown table."""
    head = ["", *(row.name for row in rows)]
    lines: list[list[str]] = [
        ["rooms", *(str(r.rooms) for r in rows)],
        ["route, Python", *(f"{r.query_ms:.2f} ms" for r in rows)],
        ["the same by networkx", *(f"{r.networkx_ms:.1f} ms" for r in rows)],
        ["ratio", *(f"1 / {r.networkx_ms / r.query_ms:.0f}" for r in rows)],
        ["route and Chinese text, Python", *(f"{r.route_and_text_ms:.2f} ms" for r in rows)],
        ["route, JavaScript without JIT", *(_ms(r.javascript_ms) for r in rows)],
        ["outlines, doors, network, names: bytes a room", *_each(rows, "bytes_a_room", 1)],
        ["everything, scripted routes too: bytes a room", *_each(rows, "all_bytes_a_room", 0)],
    ]  # fmt: skip
    if markdown:
        rule = ["---", *("--:" for _ in rows)]
        return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *lines))
    wide = max(len(line[0]) for line in lines)
    return "\n".join(
        line[0].ljust(wide) + "".join(cell.rjust(18) for cell in line[1:])
        for line in (head, *lines)
    )


def _each(rows: Sequence[Figures], name: str, digits: int) -> list[str]:
    return [f"{getattr(row, name):.{digits}f}" for row in rows]


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} ms"
