"""`navkit check --html`: a page for staff that needs nothing else, and leads them to each place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Plans
from drawn_dxf import dxf
from drawn_dxf import ward as cad_ward
from playwright.sync_api import Page, Playwright, sync_playwright
from shapely import MultiPoint, Point
from test_bad_input import level, native, space, text
from test_page import AXE, CHROMIUM, barriers

from exporter.paper.levels import picture_of
from floorplans.reading import read
from navkit.network.network import build
from navkit.route.profiles import profiles
from navkit.route.reach import review
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from navkit.words.languages import languages
from tools.cli import main
from tools.plates import WIDE_PX

SCRIPT = "<script>document.title='caught'</script>"
IMAGE = "\"'><img src=x onerror=\"document.title='caught'\">"
MOST_BYTES = 3_000_000


class Parsed(HTMLParser):
    """A page as a browser takes it apart: its elements, and the marks with what is in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def of_class(self, wanted: str) -> list[tuple[str, dict[str, str]]]:
        return [one for one in self.elements if wanted in one[1].get("class", "").split()]

    def links(self) -> list[str]:
        return [facts["href"] for tag, facts in self.elements if tag == "a"]

    def ids(self) -> list[str]:
        return [facts["id"] for _, facts in self.elements if "id" in facts]


def checked(venue: Venue, folder: Path, *words: str, lang: str = "en") -> str:
    """The page that `navkit check` writes of a venue."""
    save(venue, folder / "venue.json")
    said = ["check", str(folder / "venue.json"), "--html", str(folder / "page.html"), *words]
    told = CliRunner().invoke(main, said, env={"NAVKIT_LANG": lang})
    assert told.exit_code in (0, 1), told.output
    return (folder / "page.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Venue:
    """Three rooms on a corridor whose names are traps for a browser, and one that no door joins."""
    corridor = {**space("C", 0, 8, kind="corridor"), "id": "C"}
    corridor["geometry"] = {
        "type": "Polygon",
        "coordinates": [[[0, 8], [30, 8], [30, 12], [0, 12], [0, 8]]],
    }
    rooms = [
        space("A", 0, 0, name={"en": SCRIPT}, number="1<b>"),
        space("B", 20, 0, name={"en": IMAGE, "zh-Hans": SCRIPT}),
        space("far", 60, 60, name={"en": "Far & away"}),
    ]
    file = tmp_path_factory.mktemp("odd") / "plan.geojson"
    file.write_text(text(native(level(label=f"1{SCRIPT}"), *rooms, corridor)), encoding="utf-8")
    return join(read([file]), None, ())


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawing by CAD, with walls on a layer."""
    file = tmp_path_factory.mktemp("ward") / "1F.dxf"
    file.write_bytes(dxf(*cad_ward(1000)))
    return file


@pytest.fixture(scope="module")
def venue_of_ward(ward: Path) -> Venue:
    return join(read([ward]), None, ())


def test_every_link_of_the_page_leads_to_a_place_of_it(plans: Plans, tmp_path: Path) -> None:
    page = Parsed(checked(plans("clinic as drawn").venue, tmp_path, "--walk", "--routes", "20"))

    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert {link.partition("#")[2] for link in page.links()} <= set(ids)
    assert len([link for link in page.links() if link.startswith("#mark-")]) > 100


@pytest.mark.parametrize("lang", [tag for tag in languages() if "HK" not in tag])
def test_the_page_is_whole_and_asks_nobody(example_venue: Venue, tmp_path: Path, lang: str) -> None:
    html = checked(example_venue, tmp_path, lang=lang)
    again = html if lang != "en" else checked(example_venue, tmp_path, lang=lang)

    page = Parsed(html)
    asking = [
        (tag, key)
        for tag, facts in page.elements
        for key in facts
        if key in ("src", "action", "xlink:href") or (key == "href" and facts[key][0] != "#")
    ]
    assert html == again
    assert len(html.encode()) <= MOST_BYTES
    assert asking == []
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe"})
    assert "url(" not in html and "@import" not in html
    assert f'<html lang="{lang}">' in html
    assert sum(tag == "section" and "level" in facts.get("class", "")
               for tag, facts in page.elements) == len(example_venue.levels)  # fmt: skip


def test_names_that_are_programs_are_only_read(odd: Venue, tmp_path: Path) -> None:
    html = checked(odd, tmp_path, "--all")

    page = Parsed(html)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "b"})
    assert not [key for _, facts in page.elements for key in facts if key.startswith("on")]
    assert "&lt;script&gt;" in html


def test_a_mark_is_inside_the_room_that_its_finding_names(plans: Plans, tmp_path: Path) -> None:
    """The truth is the venue's outline: the pin, taken back to metres, is inside it."""
    venue = plans("clinic as drawn").venue
    html = checked(venue, tmp_path)

    rings: dict[str, dict[str, str]] = {}
    mark = ""
    for _, facts in Parsed(html).elements:
        mark = facts["id"] if facts.get("id", "").startswith("mark-") else mark
        if facts.get("class") == "ring":
            rings[mark] = facts
    linked = [
        (mark, venue.space_by_id[room])
        for mark, on_level, room in re.findall(r'href="#(mark-\d+)"><bdi>(\d), (C\d+)\b', html)
        if venue.space_by_id[room].level == on_level
    ]
    outside = [
        (mark, room.id)
        for mark, room in linked
        for at in [[float(rings[mark][key]) for key in ("cx", "cy")]]
        for metres in [picture_of(venue, room.level, WIDE_PX).metres(at[0], at[1])]
        if not room.outline.buffer(0.05).contains(Point(metres))
    ]
    assert len(linked) > 20
    assert outside == []


def test_what_nobody_reaches_is_crossed_out_and_what_was_guessed_is_dashed(
    plans: Plans, tmp_path: Path
) -> None:
    venue = plans("clinic as drawn").venue
    apart = review(build(venue), profiles()).parts[1:]
    page = Parsed(checked(venue, tmp_path))

    swatch = 1
    assert apart
    crossed = [tag for tag, _ in page.of_class("unreachable") if tag == "path"]
    assert len(crossed) == sum(len(part.spaces) for part in apart)
    guessed = sum(door.guessed for door in venue.doors)
    guessed += sum(len(shaft.stops) for shaft in venue.connectors if shaft.guessed)
    assert len(page.of_class("guessed")) == guessed + swatch


def test_the_page_says_what_the_command_says(plans: Plans, tmp_path: Path) -> None:
    venue = plans("clinic as drawn").venue
    html = checked(venue, tmp_path)
    told = CliRunner().invoke(main, ["check", str(tmp_path / "venue.json")]).output

    plain = re.sub(r"<[^>]*>", "", html)
    for line in told.splitlines()[:7]:
        assert line.strip() in plain, line
    for code in re.findall(r"^  (?:error|warning) +\d+  ([\w-]+)", told, re.MULTILINE):
        assert f"[{code}]" in plain, code
    # There is no entrance: on no level can that be shown.
    assert "the venue as a whole" in plain


def test_walls_of_the_drawing_are_drawn_where_they_stand(
    ward: Path, venue_of_ward: Venue, tmp_path: Path
) -> None:
    """The truth is the drawing: each corner of its walls, taken back to metres, is one of it."""
    (plan,) = read([ward])
    page = Parsed(checked(venue_of_ward, tmp_path, "--underlay", str(ward)))
    bare = Parsed(checked(venue_of_ward, tmp_path))

    (drawn,) = [facts["d"] for tag, facts in page.of_class("underlay") if tag == "path"]
    picture = picture_of(venue_of_ward, plan.walls[0][0], WIDE_PX)
    corners = [
        picture.metres(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", drawn)
    ]
    truth = MultiPoint([xy[:2] for _, line in plan.walls for xy in line.coords])
    assert len(corners) == len(truth.geoms) > 0
    assert max(truth.distance(Point(corner)) for corner in corners) < 0.05
    assert "underlay" in page.ids()
    assert "underlay" not in bare.ids()


# ---------------------------------------------------------------- in a browser

in_browser = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]


@contextmanager
def opened(running: Playwright, file: Path, width: int) -> Iterator[Page]:
    """The page from a disk, in a browser without any network."""
    browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    browser.close()


class TestInABrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("width", [320, 1400])
    def test_a_link_shows_its_place_by_mouse_and_by_keyboard(
        self, plans: Plans, tmp_path: Path, width: int
    ) -> None:
        checked(plans("clinic as drawn").venue, tmp_path)
        with sync_playwright() as running, opened(running, tmp_path / "page.html", width) as page:
            links = page.locator("#findings a[href^='#mark-']")
            for number, by in ((0, "mouse"), (links.count() - 1, "keyboard")):
                link = links.nth(number)
                mark = (link.get_attribute("href") or "").removeprefix("#")
                if by == "mouse":
                    link.click()
                else:
                    link.focus()
                    page.keyboard.press("Enter")
                page.wait_for_timeout(200)
                seen = page.evaluate(
                    """(id) => {
                        const mark = document.getElementById(id), pin = mark.querySelector('.pin');
                        const ring = getComputedStyle(mark.querySelector('.ring')).stroke;
                        const box = pin.getBoundingClientRect();
                        const x = box.left + box.width / 2, y = box.top + box.height / 2;
                        const there = document.elementFromPoint(x, y);
                        return {ring, focus: document.activeElement.id,
                                shown: !!there && mark.contains(there)};
                    }""",
                    mark,
                )
                assert seen == {"ring": "rgb(194, 0, 122)", "focus": mark, "shown": True}, by

    @pytest.mark.parametrize("width", [320, 1400])
    def test_nobody_is_kept_out(self, odd: Venue, tmp_path: Path, width: int) -> None:
        if not AXE.exists():
            pytest.skip("axe-core is not installed: npm ci")
        checked(odd, tmp_path)
        page_file = tmp_path / "page.html"
        # The page forbids every program, the tester's too: its policy is taken out to test it.
        loose = re.sub(r"<meta http-equiv[^>]*>", "", page_file.read_text(encoding="utf-8"))
        page_file.write_text(loose, encoding="utf-8")
        with sync_playwright() as running, opened(running, page_file, width) as page:
            page.evaluate(AXE.read_text(encoding="utf-8"))

            assert barriers(page, "light") == []
            assert page.title() != "caught"

    def test_the_drawings_lines_are_turned_off_by_the_keyboard(
        self, ward: Path, venue_of_ward: Venue, tmp_path: Path
    ) -> None:
        html = checked(venue_of_ward, tmp_path, "--underlay", str(ward))
        file = tmp_path / "page.html"
        file.write_text(re.sub(r"<meta http-equiv[^>]*>", "", html), encoding="utf-8")
        with sync_playwright() as running, opened(running, file, 1400) as page:
            lines = page.locator("path.underlay")
            assert lines.is_visible()
            page.locator("#underlay").focus()
            page.keyboard.press("Space")
            assert not lines.is_visible()
            if AXE.exists():
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert barriers(page, "light") == []
