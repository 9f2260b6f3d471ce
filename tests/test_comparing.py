"""`navkit diff`: two drawings of one floor, made with known changes, and what is said of them."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import Plans
from playwright.sync_api import sync_playwright
from test_bad_input import level, native, space, text
from test_page import AXE, barriers
from test_report import Parsed, in_browser, opened

from floorplans.reading import read
from navkit.venue.comparing import Difference, differences, in_frame
from navkit.venue.join import join
from navkit.venue.venue import Venue, save
from tools.cli import main

SCRIPT = "<script>document.title='caught'</script>"


def corridor() -> dict[str, Any]:
    outline = [[[0, 8], [60, 8], [60, 12], [0, 12], [0, 8]]]
    return {
        **space("C", kind="corridor"),
        "geometry": {"type": "Polygon", "coordinates": outline},
    }


def floor(folder: Path, *rooms: Any) -> Venue:
    folder.mkdir(exist_ok=True)
    file = folder / "plan.geojson"
    file.write_text(text(native(level(label="1F"), corridor(), *rooms)), encoding="utf-8")
    return join(read([file]), None, ())


@pytest.fixture
def old(tmp_path: Path) -> Venue:
    rooms = [
        space("stays", 0, 0, name={"en": "Ward"}),
        space("called", 12, 0, name={"en": "X-ray"}, number="102"),
        space("gone", 24, 0, name={"en": "Store"}),
        space("moves", 36, 0, name={"en": "Clinic"}),
        space("A17", 48, 0, name={"en": "Lab"}),
    ]
    return floor(tmp_path / "old", *rooms)


@pytest.fixture
def new(tmp_path: Path) -> Venue:
    rooms = [
        space("stays", 0, 0, name={"en": "Ward"}),
        space("called", 12, 0, name={"en": f"Imaging {SCRIPT}"}, number="102"),
        space("fresh", 24, 12, name={"en": "Pharmacy"}),
        space("moves", 36, 12, name={"en": "Clinic"}),
        space("B17", 48, 0, name={"en": "Lab"}),
    ]
    return floor(tmp_path / "new", *rooms)


def of_rooms(found: Iterable[Difference]) -> set[tuple[str, str]]:
    return {(one.how, one.id) for one in found if one.part == "spaces"}


def test_each_change_of_the_drawing_is_said_and_no_other(old: Venue, new: Venue) -> None:
    found = differences(old, new)

    assert of_rooms(found) == {
        ("renamed", "called"),
        ("gone", "gone"),
        ("new", "fresh"),
        ("moved", "moves"),
        ("renamed", "B17"),
    }
    assert [one.metres for one in found if (one.how, one.part) == ("moved", "spaces")] == [12.0]
    assert {one.how for one in found if one.part == "levels"} == set()


def test_a_venue_does_not_differ_from_itself(example_venue: Venue) -> None:
    assert differences(example_venue, example_venue) == []


def test_what_is_new_one_way_is_gone_the_other(old: Venue, new: Venue, plans: Plans) -> None:
    mirror = {"new": "gone", "gone": "new"}
    pairs = [(old, new), (plans("clinic as drawn").venue, plans("clinic").venue)]
    for one, other in pairs:
        there = {(d.how, d.part, d.old.id if d.old else d.id) for d in differences(one, other)}
        back = {(mirror.get(d.how, d.how), d.part, d.id) for d in differences(other, one)}

        assert there
        assert there == back


def test_corrections_of_staff_are_what_differs(plans: Plans) -> None:
    """The truth is the file of corrections: four doors became entrances, and were doors before."""
    found = differences(plans("clinic as drawn").venue, plans("clinic").venue)

    file = Path(__file__).parent / "data" / "clinic-corrections.json"
    changes = json.loads(file.read_text(encoding="utf-8"))["changes"]
    entrances = {
        change.get("door") or change.get("id")
        for change in changes
        if change["do"] == "set-door" and change.get("entrance")
    }
    assert entrances
    assert {one.id for one in found if one.facts == ("entrance",)} == entrances


def test_a_frame_with_another_origin_moves_nothing(plans: Plans) -> None:
    """One building more, and the same degrees are other metres."""
    here = plans("university-osm").venue
    assert here.frame is not None
    shifted = replace(here.frame, origin_lon_deg=here.frame.origin_lon_deg + 0.01)
    there = in_frame(here, shifted)

    assert here.spaces[0].outline.distance(there.spaces[0].outline) > 500
    assert [one for one in differences(here, there) if one.how != "changed"] == []


def test_what_is_nowhere_on_earth_has_not_moved(
    old: Venue, new: Venue, plans: Plans, tmp_path: Path
) -> None:
    frame = plans("university-osm").venue.frame
    found = differences(old, replace(new, frame=frame))

    assert not [one for one in found if one.how == "moved"]
    assert ("renamed", "called") in of_rooms(found)
    page = tmp_path / "page.html"
    lines = told(old, replace(new, frame=frame), tmp_path, "--html", str(page))
    assert "so what has moved is not compared" in lines
    assert "so what has moved is not compared" in page.read_text(encoding="utf-8")


def told(old: Venue, new: Venue, folder: Path, *words: str, lang: str = "en") -> str:
    save(old, folder / "old.json")
    save(new, folder / "new.json")
    files = [str(folder / "old.json"), str(folder / "new.json")]
    done = CliRunner().invoke(main, ["diff", *files, *words], env={"NAVKIT_LANG": lang})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_says_it_in_lines_and_as_json(old: Venue, new: Venue, tmp_path: Path) -> None:
    lines = told(old, new, tmp_path)
    whole = json.loads(told(old, new, tmp_path, "--json"))

    assert "  space moves (Clinic): by 12.0 m" in lines
    assert "  space B17 (Lab): was A17 (Lab)" in lines
    # The room, and the door that is guessed for it.
    assert whole["counts"]["moved"] == 2
    assert {"how": "gone", "part": "spaces", "id": "gone", "old_id": "gone"}.items() <= next(
        one for one in whole["differences"] if one["id"] == "gone"
    ).items()
    assert told(old, old, tmp_path) == "Nothing is different.\n"


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_the_page_draws_what_is_new_gone_and_moved(
    old: Venue, new: Venue, tmp_path: Path, lang: str
) -> None:
    told(old, new, tmp_path, "--html", str(tmp_path / "page.html"), lang=lang)
    html = (tmp_path / "page.html").read_text(encoding="utf-8")

    page, swatch = Parsed(html), 1
    ids = page.ids()
    assert len(ids) == len(set(ids))
    assert {link.partition("#")[2] for link in page.links()} <= set(ids)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "img", "link"})
    found = differences(old, new)
    for how, looks in {"new": ["new"], "gone": ["gone"], "moved": ["moved", "before"]}.items():
        rooms = sum(one.how == how and one.part == "spaces" for one in found)
        for look in looks:
            areas = [tag for tag, _ in page.of_class(f"drawn-{look}") if tag == "path"]
            assert len(areas) == rooms, look
            assert len(page.of_class(f"drawn-{look}")) >= rooms + swatch
    assert len(re.findall(r'<a href="#mark-', html)) == len(
        [one for one in found if one.part != "levels"]
    )


def test_a_level_that_is_gone_is_drawn_after_the_others(new: Venue, tmp_path: Path) -> None:
    above = {**space("up", 0, 0, name={"en": "Attic"})}
    above["properties"] = {**above["properties"], "level": "L1"}
    file = tmp_path / "two.geojson"
    drawn = native(level(label="1F"), level("L1", label="2F", ordinal=1), corridor(), above)
    file.write_text(text(drawn), encoding="utf-8")
    both = join(read([file]), None, ())
    told(both, new, tmp_path, "--html", str(tmp_path / "page.html"))

    page = Parsed((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert "gone-2" in page.ids()
    assert "#gone-2" in page.links()


class TestInABrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("width", [320, 1400])
    def test_nobody_is_kept_out(self, old: Venue, new: Venue, tmp_path: Path, width: int) -> None:
        if not AXE.exists():
            pytest.skip("axe-core is not installed: npm ci")
        file = tmp_path / "page.html"
        told(old, new, tmp_path, "--html", str(file))
        # The page forbids every program, the tester's too: its policy is taken out to test it.
        loose = re.sub(r"<meta http-equiv[^>]*>", "", file.read_text(encoding="utf-8"))
        file.write_text(loose, encoding="utf-8")
        with sync_playwright() as running, opened(running, file, width) as page:
            page.evaluate(AXE.read_text(encoding="utf-8"))

            assert barriers(page, "light") == []
            page.locator("a[href^='#mark-']").first.focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id").startswith("mark-")
            assert page.title() != "caught"
