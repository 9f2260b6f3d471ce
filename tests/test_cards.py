"""A route card can be followed: it shows the route walked, says every step, and is legible."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import pytest
from conftest import REST, Plans
from hypothesis import given
from hypothesis import strategies as st

from exporter.paper.cards import cards, route_svg, stretches
from exporter.paper.drawing import View, fit, level_name, words
from exporter.paper.lettering import evenly, width_em, wrapped
from exporter.paper.picture import venue_picture
from navkit.guidance.answers import route_path
from navkit.guidance.guidance import Guidance
from navkit.guidance.overview import stops
from navkit.guidance.rules import rules
from navkit.guide import Guide
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.venue.venue import save
from navkit.words.findings import NavkitError
from navkit.words.languages import languages

ROOT = Path(__file__).parents[1]
PLANS = ROOT.parent / "shared" / "floorplans"
SVG = "{http://www.w3.org/2000/svg}"
MM_PER_PT = 25.4 / 72

TRIPS = [
    ("A101", "cardio", "walk", "zh-Hans"),
    ("A104", "w-geri", "elderly", "zh-Hant"),
    ("A101", "mri", "wheelchair", "en"),
    ("A103", "r-mz-1F-103", "walk", "en"),
    ("mz-1F-D-main", "hbo", "walk", "zh-Hans"),
]


@dataclass(frozen=True)
class Trip:
    """A route, what is told of it, and its sheets, drawn once."""

    route: Route
    told: Guidance

    @cached_property
    def small(self) -> dict[str, ET.Element]:
        """The cards, by name of file."""
        return self._cards(large_print=False)

    @cached_property
    def large(self) -> dict[str, ET.Element]:
        return self._cards(large_print=True)

    @cached_property
    def whole(self) -> ET.Element:
        """The picture of the whole route."""
        return ET.fromstring(route_svg(self.route, self.told))

    @property
    def sheets(self) -> list[ET.Element]:
        return [*self.small.values(), *self.large.values(), self.whole]

    def _cards(self, large_print: bool) -> dict[str, ET.Element]:
        drawn = [*cards(self.route, self.told, large_print=large_print)]
        by_name = {name: ET.fromstring(svg) for name, svg in drawn}
        assert len(by_name) == len(drawn)
        return by_name


@pytest.fixture(scope="module", params=TRIPS, ids="-".join)
def trip(request: pytest.FixtureRequest, example: Guide) -> Trip:
    start, goal, by, language = request.param
    route = example.route(start, goal, profile(by))
    return Trip(route, example.tell(route, language))


def texts(root: ET.Element, kind: str = "") -> list[ET.Element]:
    return [t for t in root.iter(f"{SVG}text") if not kind or t.get("class") == kind]


def wide_em(character: str) -> float:
    """What fonts give a character, about: Chinese 1 em, Latin 0.55, its narrow letters less."""
    if ord(character) > 0x2E80:
        return 1.0
    return 0.33 if character in " .,:;'!|()[]iljtfI" else 0.55


def box_of(text: ET.Element) -> tuple[float, float, float, float]:
    """Where a line of text is: left, top, right and bottom."""
    em, x, y = (float(text.get(key, 0)) for key in ("font-size", "x", "y"))
    wide = sum(map(wide_em, text.text or "")) * em
    left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[text.get("text-anchor", "start")] * wide
    return left, y - 0.85 * em, left + wide, y + 0.15 * em


def walked_m(root: ET.Element) -> list[tuple[str | None, list[tuple[float, float]]]]:
    """Level and line of each map, led back to metres."""
    found = []
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "map":
            continue
        scale = float(group.get("data-scale", 0))
        left, top = map(float, group.get("data-origin", "").split())
        (line,) = [p for p in group.iter(f"{SVG}polyline") if p.get("class") == "route"]
        points = [tuple(map(float, p.split(","))) for p in line.get("points", "").split()]
        metres = [((x - left) / scale, (top - y) / scale) for x, y in points]
        found.append((group.get("data-level"), metres))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.slow
def test_the_line_drawn_is_the_line_walked(trip: Trip) -> None:
    walked = [
        (piece["level"], piece["points"])
        for piece in route_path(trip.route)
        if len(piece["points"]) > 1
    ]

    for drawn in (
        walked_m(trip.whole),
        [one for card in trip.small.values() for one in walked_m(card)],
    ):
        assert [level for level, _ in drawn if level] == [level for level, _ in walked]
        for (_, metres), (_, points) in zip(drawn, walked, strict=True):
            assert metres == [pytest.approx(p, abs=0.01) for p in points]


@pytest.mark.slow
def test_every_step_is_told_in_full(trip: Trip) -> None:
    for pages in (trip.small.values(), trip.large.values(), [trip.whole]):
        said = "".join(t.text or "" for page in pages for t in texts(page, "step"))

        for instruction in trip.told.instructions:
            assert squeezed(instruction.text) in squeezed(said)


def test_steps_come_in_walking_order(trip: Trip) -> None:
    numbers = [n for part in stretches(trip.route, trip.told) for n in part.steps]

    assert numbers == sorted(numbers)
    assert sorted(set(numbers)) == list(range(len(trip.told.instructions)))


def test_the_first_sheet_has_the_floors_at_a_glance(trip: Trip) -> None:
    venue, language = trip.route.network.venue, trip.told.language
    floors = [level_name(venue, one.level, language) for one in stops(trip.route, rules())]

    first, *others = trip.small.values()

    assert [text.text for text in texts(first, "floor")] == floors
    assert not any(texts(sheet, "floor") for sheet in others)


def test_notices_are_printed(example: Guide) -> None:
    route = example.route("A101", "mri", profile("walk"), "2026-03-08T03:00", ["mz-E12U"])
    told = example.tell(route, "zh-Hans")

    assert told.notices
    for pages in (cards(route, told, large_print=True), [("", route_svg(route, told))]):
        said = "".join(t.text or "" for _, svg in pages for t in texts(ET.fromstring(svg)))
        for notice in told.notices:
            assert notice.text in said


def test_a_change_of_floor_stands_on_the_map_where_it_is(trip: Trip) -> None:
    levels = trip.route.network.venue.levels
    maps = [
        "".join(t.text or "" for t in texts(group, "sign"))
        for group in trip.whole.iter(f"{SVG}g")
        if group.get("class") == "map"
    ]

    for part, signs in zip(stretches(trip.route, trip.told), maps, strict=True):
        if part.after >= 0:
            assert levels[part.after].label in signs
        if part.before >= 0:
            assert levels[part.before].label in signs
        if part.by and part.after >= 0:
            up = levels[part.after].ordinal > levels[part.level].ordinal
            assert ("↑" if up else "↓") in signs


@pytest.mark.slow
def test_cards_are_pages_of_a4(trip: Trip) -> None:
    for kind in (trip.small, trip.large):
        for name, root in kind.items():
            assert re.fullmatch(r"[\w-]+\.svg", name)
            assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
            assert root.get("viewBox") == "0 0 210 297"


def test_large_print_is_large(trip: Trip) -> None:
    for root in trip.large.values():
        for text in texts(root):
            assert float(text.get("font-size", 0)) >= 18 * MM_PER_PT - 0.001, text.text
        for text in texts(root, "step"):
            assert float(text.get("font-size", 0)) >= 24 * MM_PER_PT - 0.001


@pytest.mark.slow
def test_no_text_leaves_its_sheet(trip: Trip) -> None:
    for root in trip.sheets:
        _, _, wide, tall = map(float, root.get("viewBox", "").split())
        for text in texts(root):
            left, top, right, bottom = box_of(text)
            assert left >= 0 and top >= 0 and right <= wide and bottom <= tall, text.text


@pytest.mark.slow
def test_no_text_lies_over_text(trip: Trip) -> None:
    for root in trip.sheets:
        boxes = [(text.text, box_of(text)) for text in texts(root)]
        for (a, (al, at, ar, ab)), (b, (bl, bt, br, bb)) in combinations(boxes, 2):
            assert ar <= bl or br <= al or ab <= bt or bb <= at, (a, b)


@pytest.mark.slow
def test_no_line_begins_with_a_comma_or_a_stop(trip: Trip) -> None:
    for root in trip.sheets:
        for text in texts(root):
            assert (text.text or "")[:1] not in "，。、；：？！）”", text.text


@pytest.mark.slow
def test_a_sheet_needs_nothing_from_outside(trip: Trip) -> None:
    for root in trip.sheets:
        for element in root.iter():
            assert element.tag not in (f"{SVG}image", f"{SVG}script", f"{SVG}style", f"{SVG}use")
            for key, value in element.attrib.items():
                assert "href" not in key
                assert "://" not in value
                assert "url(" not in value or value.startswith("url(#")


@pytest.mark.process
def test_the_same_route_gives_the_same_bytes(tmp_path: Path, example: Guide) -> None:
    save(example.venue, tmp_path / "venue.json")
    command = [sys.executable, "-m", "tools.cli", "card", str(tmp_path / "venue.json")]
    for seed in ("1", "2"):
        subprocess.run(
            [*command, "A101", "mri", "-o", str(tmp_path / seed), "--large-print"],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )

    first, second = (
        {f.name: f.read_bytes() for f in (tmp_path / seed).iterdir()} for seed in ("1", "2")
    )
    assert first and first == second


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb. Source: WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("paints", ["light", "strong"])
def test_text_and_route_stand_out(paints: str) -> None:
    data = json.loads((ROOT / "exporter" / "paper" / "drawing.json").read_text("utf-8"))
    colour = data["paints"][paints]
    floors = ("page", "ground", "room", "corridor", "hall", "outdoor", "goal-room", "mark")
    pairs = [(ink, floor) for ink in ("ink", "quiet", "route") for floor in floors]
    pairs += [("on-sign", "sign"), ("on-sign", "goal"), ("route-arrow", "route")]

    for one, other in pairs:
        dark, light = sorted((luminance(colour[one]), luminance(colour[other])))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (one, other)


def test_every_language_has_every_word() -> None:
    slots = [
        {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in words(language).items()}
        for language in languages()
    ]

    assert slots[0] == slots[1] == slots[2]


def test_the_picture_of_the_hospital_can_be_read(example: Guide) -> None:
    svg = venue_picture(example)
    root = ET.fromstring(svg)

    assert root.get("width") == "1200"
    assert svg == venue_picture(example)
    for text in texts(root):
        left, top, right, bottom = box_of(text)
        assert left >= 0 and top >= 0 and right <= 1200 and bottom <= float(root.get("height", 0))
    for a, b in combinations(texts(root), 2):
        (al, at, ar, ab), (bl, bt, br, bb) = box_of(a), box_of(b)
        assert ar <= bl or br <= al or ab <= bt or bb <= at, (a.text, b.text)


PROSE = st.text("到护士站后，右转。第2扇门（A区）“B超” turn left Wards's 13F—2F约15米", max_size=80)


@given(PROSE, st.floats(1.0, 30.0))
def test_wrapping_loses_nothing(text: str, width: float) -> None:
    for lines in (wrapped(text, width), evenly(text, width)):
        assert squeezed("".join(lines)) == squeezed(text)


@given(PROSE, st.floats(6.0, 30.0))
def test_lines_are_no_wider_than_asked(text: str, width: float) -> None:
    # A run of punctuation stays together, however long.
    calm = re.sub(r"([，。（）“”—])[，。（）“”—\s]+", r"\1", text)

    for line in wrapped(calm, width):
        assert width_em(line) <= width + 2.5


@given(
    st.lists(st.sampled_from(["到护士站后", "右转", "约15米", "B超室"]), min_size=1),
    st.integers(4, 20),
)
def test_chinese_lines_begin_with_no_comma(clauses: list[str], width: int) -> None:
    lines = wrapped("，".join(clauses) + "。", width)

    assert all(line[0] not in "，。" for line in lines)
    assert all(width_em(line) <= width for line in lines)


def test_english_breaks_between_words() -> None:
    assert wrapped("turn left at the ward", 5.0) == ["turn left", "at the", "ward"]


POINTS = st.lists(st.tuples(st.floats(-200, 200), st.floats(-200, 200)), min_size=1, max_size=20)


@given(POINTS)
def test_a_fitted_view_shows_all_points(points: list[tuple[float, float]]) -> None:
    view: View = fit(points, (-300.0, -300.0, 300.0, 300.0), (10.0, 20.0, 190.0, 140.0), 15.0, 6.0)

    for x, y in map(view.point, points):
        assert 24.999 <= x <= 175.001
        assert 34.999 <= y <= 125.001


@pytest.mark.slow
@pytest.mark.real_plans
@pytest.mark.parametrize(
    "name",
    [
        "clinic as drawn",
        "station-osm",
        pytest.param("university-osm", marks=REST),
        pytest.param("campus-imdf", marks=REST),
    ],
)
def test_real_plans_make_readable_cards(plans: Plans, name: str) -> None:
    guide = plans(name)
    ids = [place.id for place in guide.venue.places if place.access == "public"]
    drawn = 0
    for start, goal in zip(ids[::41], reversed(ids[::41]), strict=True):
        try:
            route = guide.route(start, goal, profile("walk"))
        except NavkitError:
            continue
        one = Trip(route, guide.tell(route, "en"))
        drawn += 1
        test_no_text_lies_over_text(one)
        test_no_text_leaves_its_sheet(one)
        test_large_print_is_large(one)
        test_every_step_is_told_in_full(one)

    assert drawn
