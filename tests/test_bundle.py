"""A bundle: small, the same bytes every time, every file named by its hash."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import networkx as nx
import pytest

import exporter.bundle.bundle
from exporter.bundle.bundle import Bundle, make_bundle, write_bundle, zip_bundle
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.route.weights import BLOCKED, Moment
from navkit.words.languages import languages


@pytest.fixture(scope="module")
def make() -> Callable[[Guide], Bundle]:
    """Bundles without scripted routes, which take a minute and are counted apart."""

    def made(guide: Guide) -> Bundle:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exporter.bundle.bundle, "scripts_file", lambda guide, note: ({}, ()))
            return make_bundle(guide, languages())

    return made


@pytest.mark.slow
def test_outlines_doors_network_and_names_take_25_bytes_a_room(
    example: Guide, make: Callable[[Guide], Bundle]
) -> None:
    bundle = make(example)
    counted = [p for p in bundle.parts if p.role in ("level", "network", "directory")]

    assert bundle.rooms > 1000
    assert sum(part.gzipped_bytes for part in counted) / bundle.rooms <= 25


def test_equal_storeys_are_one_file(example: Guide, make: Callable[[Guide], Bundle]) -> None:
    index = json.loads(make(example).parts[0].content)

    wards = {level["file"] for level in index["levels"] if level["id"] in ("zy-5F", "zy-9F")}
    assert len(wards) == 1


@pytest.mark.slow
def test_the_same_venue_gives_the_same_bytes_and_names_are_hashes(
    example: Guide, make: Callable[[Guide], Bundle]
) -> None:
    once, again = make(example), make(Guide(example.venue))

    assert [(p.name, p.content) for p in once.parts] == [(p.name, p.content) for p in again.parts]
    assert zip_bundle(once) == zip_bundle(again)
    for part in once.parts[1:]:
        assert part.name == f"{part.role}-{hashlib.sha256(part.content).hexdigest()[:16]}.json"


def test_a_new_bundle_sweeps_the_files_of_the_old_one(
    example: Guide, make: Callable[[Guide], Bundle], tmp_path: Path
) -> None:
    (tmp_path / "network-0123456789abcdef.json").write_text("{}", encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"")
    bundle = make(example)

    write_bundle(bundle, tmp_path)

    assert {f.name for f in tmp_path.iterdir()} == {p.name for p in bundle.parts} | {"photo.jpg"}


def test_a_query_is_many_times_as_fast_as_networkx(example: Guide) -> None:
    """1/25 where it was measured (see the README); here with room for a busy machine."""
    weights, router = example.navigator.router(profile("walk"), Moment())
    graph = example.network.to_networkx()
    for a, _, data in graph.edges(data=True):
        dart = 2 * data["number"] + (example.network.a[data["number"]] != a)
        data["cost_ms"] = weights.cost_ms[dart] if weights.cost_ms[dart] < BLOCKED else None
    public = [n[0] for n in example.network.place_nodes[::37] if n]
    pairs = [(a, b) for a in public[:8] for b in public[8:16] if router.find((a,), (b,))]

    ours = _median_s(lambda a, b: router.find((a,), (b,)), pairs)
    theirs = _median_s(lambda a, b: nx.dijkstra_path(graph, a, b, weight="cost_ms"), pairs)

    assert theirs / ours > 15


def _median_s(ask: Callable[[int, int], object], pairs: list[tuple[int, int]]) -> float:
    taken = []
    for a, b in pairs:
        begun = time.perf_counter()
        ask(a, b)
        taken.append(time.perf_counter() - begun)
    return median(taken)
