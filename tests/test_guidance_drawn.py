"""What is said on drawn floors, in Chinese and in English: `drawn_ways.py` has the table."""

import json
import math
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import drawn_ways
import pytest
from _pytest.mark import ParameterSet
from drawn import parse
from drawn_ways import FOUR_ROOMS, NOT_DRAWN, ROOMS, THRESHOLDS, Way

from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guidance import measure, surroundings
from navkit.guidance.cues import CueKind
from navkit.guidance.photos import photos_on_the_way
from navkit.guidance.rules import rule_data, rules
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.route.weights import moment
from navkit.venue.join import join
from navkit.venue.lookup import Spot, find
from navkit.venue.venue import Photo

HERE = Path(__file__).parent
NODE = shutil.which("node")

WAYS: dict[str, Way] = {
    name: way
    for table in vars(drawn_ways).values()
    if isinstance(table, dict) and all(isinstance(way, Way) for way in table.values())
    for name, way in table.items()
}
PAIRS = {
    f"{name}, {side}": way
    for name, pair in THRESHOLDS.items()
    for side, way in zip(("below", "above"), pair, strict=True)
}


def house(way: Way) -> Guide:
    """The drawn house, with what the directory says of its rooms."""
    venue = join([parse(ROOMS + dedent(way.drawing), **way.scale)])
    places = [replace(place, **way.places.get(place.id, {})) for place in venue.places]
    return Guide(replace(venue, places=tuple(places)))


def start_of(guide: Guide, way: Way) -> Spot:
    if isinstance(way.start, str):
        return find(guide.venue, way.start)
    here, behind = (nearest(guide, way, cell) for cell in (way.start.here, way.start.behind))
    return Spot(node=here, back_from=behind)


def nearest(guide: Guide, way: Way, cell: tuple[float, float]) -> int:
    """The node nearest to a cell of the drawing, on the lowest level."""
    x_cm = cell[0] * way.scale.get("column_m", 1) * 100
    y_cm = -cell[1] * way.scale.get("row_m", 1) * 100
    network = guide.network
    nodes = [n for n, level in enumerate(network.level) if level == 0]
    return min(nodes, key=lambda n: math.hypot(network.x_cm[n] - x_cm, network.y_cm[n] - y_cm))


def route_of(guide: Guide, way: Way) -> Route:
    at = moment(guide.venue.closures, way.depart, way.closed)
    ends = start_of(guide, way), find(guide.venue, way.goal)
    return guide.navigator.find_route(*ends, profile(way.profile), at)


def told(guide: Guide, route: Route, language: str) -> str:
    return "\n".join(one.text for one in guide.tell(route, language).instructions)


def cases(ways: Mapping[str, Way]) -> list[ParameterSet]:
    """Known mistakes fail, and must be removed from the list once they are fixed."""
    return [
        pytest.param(
            way,
            id=name,
            marks=pytest.mark.xfail(strict=True, reason=way.wrong) if way.wrong else (),
        )
        for name, way in ways.items()
    ]


@pytest.mark.parametrize("way", cases(WAYS | PAIRS))
def test_what_is_said(way: Way) -> None:
    guide = house(way)

    route = route_of(guide, way)

    assert told(guide, route, "zh-Hans") == way.zh
    assert told(guide, route, "en") == way.en
    assert "\n".join(one.text for one in guide.tell(route, "zh-Hans").notices) == way.notices


def kinds(way: Way) -> set[CueKind]:
    guide = house(way)
    told = guide.tell(route_of(guide, way), "en")
    clauses = [clause for one in told.instructions for clause in one.clauses]
    return {clause.kind for clause in (*clauses, *told.notices)}


@pytest.mark.slow
def test_every_kind_of_cue_is_said_on_some_drawn_floor() -> None:
    said = set().union(*(kinds(way) for way in (WAYS | PAIRS).values() if not way.wrong))

    assert {*CueKind} - said == set()


def test_every_threshold_has_a_drawing_below_and_one_above() -> None:
    assert {*THRESHOLDS} & {*NOT_DRAWN} == set()
    assert {*THRESHOLDS} | {*NOT_DRAWN} == {*rule_data()}


@pytest.mark.parametrize("name", THRESHOLDS)
def test_a_pair_of_drawings_is_about_its_threshold(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With another threshold, the case below or above gets the other's sentence, or another."""
    value = rule_data()[name]["value"]

    def is_told_otherwise(way: Way, factor: float) -> bool:
        other = replace(rules(), **{name: type(value)(value * factor)})
        for module in (surroundings, measure):
            monkeypatch.setattr(module, "rules", lambda: other)
        guide = house(way)
        return told(guide, route_of(guide, way), "en") != way.en

    assert any(is_told_otherwise(way, by) for by in (0.75, 1.35) for way in THRESHOLDS[name])


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_phone_says_the_same_on_every_drawn_floor(tmp_path: Path) -> None:
    asked, expected = [], []
    for number, way in enumerate((WAYS | PAIRS).values()):
        guide = house(way)
        spot = start_of(guide, way)
        folder = tmp_path / f"{number}"
        write_bundle(make_bundle(guide, ["zh-Hans", "en"]), folder)
        start = way.start if isinstance(way.start, str) else [spot.node, spot.back_from]
        at = {"profile": way.profile, "depart": way.depart, "closed": way.closed}
        asked.append({"folder": str(folder), "start": start, "goal": way.goal, "at": at})
        route = route_of(guide, way)
        expected.append([told(guide, route, "zh-Hans"), told(guide, route, "en")])
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")

    script = [str(NODE), str(HERE / "runtime" / "drawn.mjs"), str(tmp_path / "asked.json")]
    done = subprocess.run(script, capture_output=True, text=True, encoding="utf-8")

    assert done.stderr == ""
    assert json.loads(done.stdout) == expected


# -- photos of the way


@pytest.mark.parametrize(
    ("x_m", "bearing_deg", "shown"),
    [(17.9, 90, True), (18.1, 90, False), (14, 31, True), (14, 29, False), (14, 149, True)],
)
def test_a_photo_is_shown_near_where_it_was_taken_to_who_comes_the_same_way(
    x_m: float, bearing_deg: float, shown: bool
) -> None:
    """At the door of room B, to somebody who walks to the right: within 6 m and 60°."""
    way = Way(FOUR_ROOMS, "正门", "B", "", "")
    guide = house(way)
    photo = Photo("b.webp", {}, space="H", point=(x_m, -3.0), bearing_deg=bearing_deg)
    guide = Guide(replace(guide.venue, photos=(photo,)))
    here, before = nearest(guide, way, (12, 3)), nearest(guide, way, (4, 3))

    assert ((here, before) in photos_on_the_way(guide.network, guide.around)) == shown
