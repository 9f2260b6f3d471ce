"""What is said on drawn floors, in Chinese and in English: `drawn_ways.py` has the table."""

import json
import math
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import drawn_ways
import pytest
from _pytest.mark import ParameterSet
from drawn import parse
from drawn_ways import FOUR_ROOMS, NOT_DRAWN, ROOMS, THRESHOLDS, Cards, Glance, Way
from shapely import LineString

from exporter.bundle.bundle import make_bundle, write_bundle
from navkit.guidance import measure, surroundings
from navkit.guidance.cues import CueKind
from navkit.guidance.guidance import Clause, Teller, phrases
from navkit.guidance.photos import photos_on_the_way
from navkit.guidance.rules import rule_data, rules
from navkit.guidance.steps import steps_of
from navkit.guide import Guide
from navkit.plan.plan import PlanPath
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.route.weights import moment
from navkit.venue.join import join
from navkit.venue.lookup import Spot, find
from navkit.venue.venue import Photo

HERE = Path(__file__).parent
NODE = shutil.which("node")

DRAWN: dict[str, Way] = {
    name: way
    for table in vars(drawn_ways).values()
    if isinstance(table, dict) and all(isinstance(way, Way) for way in table.values())
    for name, way in table.items()
}
GLANCES = {name: way for name, way in DRAWN.items() if isinstance(way, Glance)}
WAYS = {name: way for name, way in DRAWN.items() if name not in GLANCES}
PAIRS = {
    f"{name}, {side}": way
    for name, pair in THRESHOLDS.items()
    for side, way in zip(("below", "above"), pair, strict=True)
}


def house(way: Way) -> Guide:
    """The drawn house, with what the directory says of its rooms."""
    plan = parse(ROOMS + dedent(way.drawing), **way.scale)
    paths = [path_of(way, i, line) for i, line in enumerate(way.paths)]
    venue = join([replace(plan, paths=tuple(paths)) if paths else plan])
    places = [replace(place, **way.places.get(place.id, {})) for place in venue.places]
    spaces = [replace(one, unverified=one.id in way.unverified) for one in venue.spaces]
    venue = replace(venue, places=tuple(places), spaces=tuple(spaces))
    return Guide(replace(venue, boards=way.boards, stripes=way.stripes))


def path_of(way: Way, number: int, line: Sequence[tuple[float, float]]) -> PlanPath:
    count, climbs = way.flights.get(number, (0, 0))
    return PlanPath(
        f"path{number}",
        LineString(line),
        ("1F",),
        "stairs" if count else "footway",
        step_count=count,
        climbs=climbs,
    )


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
    """A line for each action, also where people are told two in one breath."""
    teller = Teller(guide.network, language)
    steps = steps_of(route, guide.around)
    return lines(language, [teller.instruction(route, step).clauses for step in steps])


def on_cards(guide: Guide, route: Route, language: str) -> str:
    """A line for each card."""
    cards = guide.tell(route, language).instructions
    return lines(language, [card.clauses for card in cards])


def lines(language: str, told: Sequence[Sequence[Clause]]) -> str:
    """A line of clauses with commas between them. How they become sentences is tested in
    `test_sentences.py`."""
    book = phrases(language)
    joined = [book["join"].join(c.text for c in clauses if c.text) for clauses in told]
    return "\n".join(f"{line[:1].upper()}{line[1:]}{book['stop']}" for line in joined)


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


def said(way: Way) -> Callable[[Guide, Route, str], str]:
    return on_cards if isinstance(way, Cards) else told


@pytest.mark.parametrize("way", cases(WAYS | PAIRS))
def test_what_is_said(way: Way) -> None:
    guide = house(way)

    route = route_of(guide, way)

    assert said(way)(guide, route, "zh-Hans") == way.zh
    assert said(way)(guide, route, "en") == way.en
    assert "\n".join(one.text for one in guide.tell(route, "zh-Hans").notices) == way.notices


@pytest.mark.parametrize("way", cases(GLANCES))
def test_what_is_said_before_the_first_step(way: Way) -> None:
    guide = house(way)

    route = route_of(guide, way)

    assert guide.tell(route, "zh-Hans").overview.text == way.zh
    assert guide.tell(route, "en").overview.text == way.en


def kinds(way: Way) -> set[CueKind]:
    guide = house(way)
    told = guide.tell(route_of(guide, way), "en")
    clauses = [clause for one in (told.overview, *told.instructions) for clause in one.clauses]
    return {clause.kind for clause in (*clauses, *told.notices)}


@pytest.mark.slow
def test_every_kind_of_cue_is_said_on_some_drawn_floor() -> None:
    said = set().union(*(kinds(way) for way in (DRAWN | PAIRS).values() if not way.wrong))

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
        return said(way)(guide, route_of(guide, way), "en") != way.en

    assert any(is_told_otherwise(way, by) for by in (0.75, 1.35) for way in THRESHOLDS[name])


@pytest.mark.process
@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_the_phone_says_the_same_on_every_drawn_floor(tmp_path: Path) -> None:
    asked, expected = [], []
    for number, way in enumerate((DRAWN | PAIRS).values()):
        guide = house(way)
        spot = start_of(guide, way)
        folder = tmp_path / f"{number}"
        write_bundle(make_bundle(guide, ["zh-Hans", "en"]), folder)
        start = way.start if isinstance(way.start, str) else [spot.node, spot.back_from]
        at = {"profile": way.profile, "depart": way.depart, "closed": way.closed}
        asked.append({"folder": str(folder), "start": start, "goal": way.goal, "at": at})
        route = route_of(guide, way)
        tellings = [guide.tell(route, language) for language in ("zh-Hans", "en")]
        expected.append(
            [
                "\n".join([one.overview.text, *(card.text for card in one.instructions)])
                for one in tellings
            ]
        )
    (tmp_path / "asked.json").write_text(json.dumps(asked), encoding="utf-8")

    script = [str(NODE), str(HERE / "runtime" / "drawn.mjs"), str(tmp_path / "asked.json")]
    done = subprocess.run(script, capture_output=True, text=True, encoding="utf-8")

    assert done.stderr == ""
    assert json.loads(done.stdout) == expected


def test_the_walk_on_a_footway_to_its_stairs_is_told() -> None:
    plan = parse(
        """
        level 1F 0
        +----------+
        e    H     |
        +----------+

        level 2F 1
                                          +-----------+
                                          |     G     |
                                          +-----------+

        H: hall
        G: hall 大厅 | Hall
        e: 正门 | Main entrance
        """
    )
    onward = PlanPath("onward", LineString([(9, -1), (30, -1)]), ("1F",))
    steps = PlanPath("steps", LineString([(30, -1), (44, -1)]), ("1F", "2F"), "stairs")
    guide = Guide(join([replace(plan, paths=(onward, steps))]))

    route = guide.route("正门", "大厅", profile("walk"))

    assert told(guide, route, "en").splitlines()[0] == (
        "Come in by the Main entrance, walk about 30 metres, the stairs are straight ahead."
    )


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
