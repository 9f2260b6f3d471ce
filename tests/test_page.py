"""The page in a browser: installed once, then used with no network, at every size of screen."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import REST, but_for
from hosting import TEXT, Host, packed
from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    Error,
    Locator,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from exporter.bundle import release
from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import make_bundle
from exporter.site.site import site, write_site
from exporter.voice.clips import Voice
from exporter.words.screen_words import screen_words
from navkit.guide import Guide
from navkit.route.profiles import profiles
from navkit.venue.lookup import find
from navkit.venue.venue import Closure, Venue
from navkit.words.languages import languages

CHROMIUM = shutil.which("chromium") or ""
ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "out" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {320: 640, 375: 667, 768: 1024, 1280: 800}
"""Of a small phone, a phone, a tablet and a desk, with the heights of their screens."""
READY = "document.documentElement.dataset.ready === 'true'"
PATIENCE_S = 60
NOW = "2026-03-02T09:30"
"""A Monday morning, on every clock."""
CLOSED = "mz-L1"
"""A lift that the bundle itself says is out of service."""

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def venue(example_venue: Venue) -> Venue:
    closure = Closure(target=CLOSED, start="", end="", reason={})
    return replace(example_venue, closures=(*example_venue.closures, closure))


@pytest.fixture(scope="module")
def house(example: Guide, venue: Venue) -> Guide:
    return but_for(example, venue)


@pytest.fixture(scope="module")
def folder(house: Guide, example_drawings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up hospital's site, with clips that hum and photos."""
    place = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        every_start = scripting.starts
        patch.setattr(scripting, "starts", lambda of: every_start(of)[:1])
        # Two languages are heard here: each other would be a thousand clips more.
        silent = dict.fromkeys(("zh-Hant", "zh-Hant-HK"), "absent")
        hum = Voice("bursts:Bursts", wanted=silent, required=False, jobs=1)
        photos = example_drawings / "photos"
        bundle = make_bundle(house, languages(), voice=hum, photos=photos)
    write_site(site(bundle, date(2026, 3, 2)), place)
    return place


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@contextmanager
def browser(
    playwright: Playwright,
    profile: Path,
    width: int = 375,
    *,
    args: Sequence[str] = (),
    **said: Any,
) -> Iterator[BrowserContext]:
    """A browser that keeps what it knows in a folder."""
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=CHROMIUM,
        args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", *args],
        viewport={"width": width, "height": WIDTHS[width]},
        **{"locale": "zh-CN", **said},
    )
    yield context
    context.close()


@pytest.fixture
def opened(playwright: Playwright, folder: Path, tmp_path: Path) -> Iterator[Opened]:
    """The site in a fresh browser, ready."""
    host = Host(folder)
    contexts = []

    def at(width: int = 375, *, clock: str = NOW, link: str = "", **said: Any) -> Page:
        context = browser(playwright, tmp_path / str(len(contexts)), width, **said)
        contexts.append(context)
        page = context.__enter__().pages[0]
        if clock:
            page.clock.set_fixed_time(clock)
        page.goto(host.url + link)
        until(page, READY)
        return page

    yield at
    for context in contexts:
        context.__exit__(None, None, None)
    host.stop()


def until(page: Page, holds: str) -> None:
    """Wait for it; Playwright's own way needs `eval`, which the page forbids."""
    for _ in range(10 * PATIENCE_S):
        try:
            if page.evaluate(holds):
                return
        except Error as error:
            # Where the page loads itself again meanwhile, it is asked again.
            if "navigation" not in str(error):
                raise
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def shoot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    page.wait_for_timeout(200)
    page.screenshot(path=SCREENS / f"{name}-{width}.png")


def words(language: str = "zh-Hans") -> Any:
    return screen_words()[language]


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).first.click()


def unfold(page: Page) -> None:
    """Open the sheet of a walk."""
    if page.locator("#open").get_attribute("aria-expanded") == "false":
        page.locator("#open").click()


def go(page: Page, goal: str, code: str) -> None:
    """Choose the first result, and set the start."""
    page.fill("#search", goal)
    page.wait_for_selector("[data-look]")  # What is searched may still be on its way.
    page.keyboard.press("Enter")
    page.fill("#code", code)
    page.locator("#code").press("Enter")


def steps(page: Page) -> list[str]:
    told: list[str] = page.locator(".steps button").evaluate_all(
        "all => all.map(one => one.firstChild.textContent)"
    )
    return told


def told(house: Guide, start: str, goal: str, profile: str) -> list[str]:
    """Python's instructions for the same route."""
    route = house.route(start, goal, profiles()[profile], NOW)
    return [one.text for one in house.tell(route, "zh-Hans").instructions]


# ------------------------------------------------------------------- no network


@pytest.mark.parametrize(
    "width",
    [320, *(pytest.param(width, marks=REST) for width in (375, 768, 1280))],
)
def test_after_one_visit_everything_works_without_a_network(
    playwright: Playwright, folder: Path, house: Guide, tmp_path: Path, width: int
) -> None:
    host = Host(folder)
    asked: list[str] = []
    with browser(playwright, tmp_path / "profile", width) as context:
        page = context.pages[0]
        page.on("request", lambda request: asked.append(request.url))
        page.goto(host.url)
        until(page, READY)
        page.evaluate("navigator.serviceWorker.ready")
        shoot(page, "1-find")
        page.locator("header button").last.click()
        take_voice(page.locator("dialog"))
    host.stop()

    with browser(playwright, tmp_path / "profile", width, offline=True) as context:
        page = context.pages[0]
        page.clock.set_fixed_time(NOW)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(host.url)
        find_by_foot(page, house)
        walk_on_wheels(page, house)
        start_anew_when_lost(page)
        print_in_english(page)
        assert errors == []
    assert {url.split("/")[2] for url in asked if not url.startswith(("blob:", "data:"))} == {
        host.url.split("/")[2]
    }


def take_voice(shown: Locator) -> None:
    """Download the voice that is offered there."""
    shown.locator(".get-voice").click()
    expect(shown.locator(".offer")).to_be_empty(timeout=PATIENCE_S * 1000)


def find_by_foot(page: Page, house: Guide) -> None:
    page.wait_for_selector("#search")
    expect(page.locator("#state")).to_contain_text(words()["settings"]["ready"])
    page.fill("#search", "fsk")
    expect(page.locator(".list button").first).to_contain_text("放射科")
    shoot(page, "2-search")
    page.keyboard.press("Enter")
    shoot(page, "3-start")
    page.fill("#code", "A101")
    page.locator("#code").press("Enter")
    assert steps(page) == told(house, "A101", "rad", "walk")
    shoot(page, "4-route")


def walk_on_wheels(page: Page, house: Guide) -> None:
    said, by_foot = words(), steps(page)
    press(page, "轮椅")
    rolling = steps(page)
    assert rolling == told(house, "A101", "rad", "wheelchair")
    assert rolling != by_foot
    assert not any("1号电梯" in text and "乘" in text for text in rolling), "it is closed"

    press(page, said["route"]["go"])
    until(page, "navkitPage.app.state.player.counters.played > 0")
    levels = set()
    shoot(page, "5-walk")
    for text in rolling:
        expect(page.locator("main .now")).to_contain_text(text)
        levels.add(page.locator("h1").inner_text().split(" · ")[1])
        page.locator("#next").click()
    assert len(levels) > 1, "the map follows to another floor"
    shoot(page, "6-arrived")
    press(page, said["arrived"]["back"])
    press(page, said["route"]["go"])


def start_anew_when_lost(page: Page) -> None:
    said = words()
    unfold(page)
    press(page, said["walk"]["lost"])
    expect(page.locator("h1")).to_have_text(said["start"]["lost"])
    page.fill("#door", "放射科登记处")
    page.locator("main .list button").first.click()
    assert steps(page)


def print_in_english(page: Page) -> None:
    said = words()
    page.locator("header button").last.click()
    page.locator("dialog").get_by_role("group", name=said["settings"]["guidance"]).get_by_role(
        "button", name="English"
    ).click()
    shoot(page, "7-settings")
    expect(page.locator("#ready")).to_contain_text(said["settings"]["ready"])
    press(page, said["settings"]["close"])
    assert all(text.isascii() or "“" in text or "—" in text for text in steps(page))
    count = len(steps(page))

    page.evaluate("window.print = () => { document.title = 'printed'; }")
    press(page, said["desk"]["print"])
    assert page.title() == "printed"
    page.emulate_media(media="print")
    assert page.locator("#paper section li").count() == count > 0
    expect(page.locator("#paper img").first).to_be_visible()
    assert "[object" not in page.locator("#paper").inner_text()
    shoot(page, "8-paper")


def test_a_photo_is_shown_at_its_step_and_on_arrival_without_a_network(opened: Opened) -> None:
    page = opened(375)
    page.context.set_offline(True)
    shown = []
    go(page, "放射科", "A101")
    press(page, words()["route"]["go"])
    while page.evaluate("navkitPage.app.screen") == "walk":
        photo = page.locator("main .photo img")
        if page.evaluate("Boolean(navkitPage.app.view().walk.photo)"):
            expect(photo).to_be_visible()
            assert page.evaluate("document.querySelector('main .photo img').naturalWidth") == 960
            shown.append(photo.get_attribute("alt"))
            shoot(page, f"photo-{len(shown)}")
        else:
            expect(photo).to_have_count(0)
        page.locator("#next").click()
    expect(page.locator("main .photo img")).to_have_attribute("alt", shown[-1] or "")
    shoot(page, "photo-arrived")

    assert len(shown) == 2, "at the turn to the bridge, and at the door"
    assert shown[-1] == "照片：放射科的门，门上有蓝色牌子"


DRAWN_TWICE = """async () => {
  const { app, bundle } = navkitPage, size = { width: 680, height: 480, ratio: 1 };
  const route = app.view().map.route, found = [];
  for (const level of new Set(route.nodes.map((node) => route.network.level[node]))) {
    const made = () => {
      const sheet = document.createElement('canvas');
      Object.assign(sheet, { width: size.width, height: size.height });
      return sheet.getContext('2d');
    };
    const [drawn, printed, ruler] = [made(), made(), made()];
    const paper = navkitSvg.context(size.width, size.height, (text, font) => {
      ruler.font = font;
      return ruler.measureText(text).width;
    });
    for (const context of [drawn, paper]) {
      const scene = navkitMap.scene(bundle, level, { language: 'zh-Hans', route });
      const view = navkitMap.fit(scene.bounds, size, 28);
      navkitMap.draw(context, scene, view, navkitMap.themes.strong);
    }
    const image = new Image();
    image.src = 'data:image/svg+xml,' + encodeURIComponent(paper.svg());
    await image.decode();
    printed.drawImage(image, 0, 0);
    const pixels = (context) => context.getImageData(0, 0, size.width, size.height).data;
    const [a, b] = [pixels(drawn), pixels(printed)];
    let unlike = 0, inked = 0;
    for (let i = 0; i < a.length; i += 4) {
      const apart = Math.abs(a[i] - b[i]) + Math.abs(a[i + 1] - b[i + 1])
        + Math.abs(a[i + 2] - b[i + 2]);
      if (apart > 150) unlike++;
      if (Math.abs(a[i] - a[0]) + Math.abs(a[i + 1] - a[1]) > 50) inked++;
    }
    found.push([unlike, inked]);
  }
  return found;
}"""


def test_the_map_on_paper_is_the_map_on_the_screen(opened: Opened) -> None:
    page = opened(1280)
    go(page, "放射科", "A101")

    floors = page.evaluate(DRAWN_TWICE)

    assert len(floors) >= 2
    for unlike, inked in floors:
        assert unlike <= 0.02 * inked, "nothing but the soft edges of letters"


def test_a_damaged_update_is_told_and_the_map_that_is_here_is_kept(
    playwright: Playwright, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "site"
    shutil.copytree(folder, place)
    host = Host(place)
    said = words()

    def updated(page: Page) -> str:
        """What the page says once it has looked for an update."""
        page.evaluate("document.getElementById('status').textContent = ''")
        press(page, said["settings"]["update"])
        until(page, "document.getElementById('status').textContent !== ''")
        return page.locator("dialog .warn").inner_text()

    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        page.goto(host.url)
        until(page, READY)
        page.locator("header button").last.click()

        for version in range(3):
            new = newer(place, version)
            damaged = list(new)[version]
            for path, content in new.items():
                at = len(content) // 2
                flipped = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
                whole = flipped if path == damaged else content
                (place / "bundle" / path).write_bytes(whole)
            assert updated(page).startswith(said["kept"]["damaged"]), damaged
            page.reload()
            until(page, READY)
            assert page.evaluate("navkitPage.bundle.index.note ?? null") is None, damaged
            page.locator("header button").last.click()
        shoot(page, "damaged")

        for path, content in new.items():
            (place / "bundle" / path).write_bytes(content)
        assert updated(page) == said["settings"]["updated"]
        page.reload()
        until(page, "window.navkitPage && navkitPage.bundle.index.note === 2")
    host.stop()


def newer(place: Path, version: int) -> dict[str, bytes]:
    """What a newer version of a site adds to its `bundle/`: a file, the index, the release."""
    index = json.loads((place / "bundle" / "index.json").read_text(encoding="utf-8"))
    old = index["details"]
    content = (place / "bundle" / old).read_bytes() + b" " * (version + 1)
    digest = hashlib.sha256(content).hexdigest()
    name = f"details-{digest[:16]}.json"
    del index["files"][old]
    index["files"][name] = {"bytes": len(content), "sha256": digest}
    whole = json.dumps({**index, "details": name, "note": version}).encode()
    return {
        name: content,
        release.index_name(whole): whole,
        release.NAME: release.release(whole, date(2026, 3, 9)),
    }


def test_nothing_is_wider_than_the_screen(opened: Opened) -> None:
    for width in WIDTHS:
        page = opened(width)
        page.evaluate("navkitPage.app.set('elder', true); navkitPage.app.set('size', 1.75)")
        for screen in screens(page):
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (screen, width, wide)


# ---------------------------------------------------------------- accessibility

SMALL = """(least) => [...document.querySelectorAll('body *')].filter((one) =>
  one.checkVisibility() && [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) &&
  parseFloat(getComputedStyle(one).fontSize) < least && !one.closest('.unseen'))
  .map((one) => one.outerHTML.slice(0, 80))"""
TARGETS = """(least) => [...document.querySelectorAll('button, input, select, a')].filter((one) => {
  if (!one.checkVisibility() || one.closest('.unseen') || one.matches('.skip')) return false;
  const box = one.getBoundingClientRect();
  return box.height < least - 0.5 || box.width < least - 0.5;
}).map((one) => one.outerHTML.slice(0, 80))"""
CLICKABLE = """() => [...document.querySelectorAll('div, span, li, p')].filter((one) =>
  one.onclick || one.getAttribute('onclick') || getComputedStyle(one).cursor === 'pointer' &&
  !one.closest('button')).map((one) => one.outerHTML.slice(0, 80))"""


def screens(page: Page) -> Iterator[str]:
    """Every screen of the page, one after the other."""
    said = words()
    yield "find"
    page.locator("#browse").click()
    yield "browse"
    page.go_back()
    page.fill("#search", "fsk")
    yield "search"
    page.locator("[data-look]").first.click()
    yield "place"
    page.locator("#card").click()
    yield "card"
    page.keyboard.press("Escape")
    page.go_back()
    page.locator("#search").press("Enter")
    yield "start"
    page.fill("#code", "nowhere")
    page.locator("#code").press("Enter")
    yield "start-unknown"
    page.fill("#code", "A101")
    page.locator("#code").press("Enter")
    yield "route"
    press(page, said["route"]["go"])
    yield "walk"
    unfold(page)
    yield "walk-open"
    page.locator("#follow").click()
    yield "walk-along"
    page.evaluate("navkitPage.app.arrive()")
    yield "arrived"
    page.locator("header button").last.click()
    yield "settings"


# ------------------------------------------------------------------ following along

FEEL = """([from, to]) => {
  const { route } = navkitPage.app.state;
  const n = route.network;
  const at = (i) => [n.x[route.nodes[i]] / 100, n.y[route.nodes[i]] / 100];
  const feel = (t, swing, turned) => {
    const event = new DeviceMotionEvent('devicemotion', {
      accelerationIncludingGravity: { x: 0, y: 0, z: 9.81 + swing },
      rotationRate: { alpha: turned * 180 / Math.PI / 0.02, beta: 0, gamma: 0 }, interval: 20,
    });
    Object.defineProperty(event, 'timeStamp', { value: 1000 * t });
    dispatchEvent(event);
  };
  let t = window.felt || 1;
  let along = 0;
  let faces = from ? window.faces : null;
  for (let i = 0; i + 1 < route.nodes.length && along < to; i++) {
    along += n.length[route.darts[i] >> 1] / 100;
    if (along <= from) continue;
    const [[ax, ay], [bx, by]] = [at(i), at(i + 1)];
    const heading = Math.atan2(by - ay, bx - ax);
    if (faces === null) faces = heading;
    const samples = Math.hypot(bx - ax, by - ay) / (0.65 * 1.8) * 50;
    for (let k = 0; k < samples; k++, t += 0.02) {
      const off = Math.atan2(Math.sin(heading - faces), Math.cos(heading - faces));
      const turned = Math.max(-0.07, Math.min(0.07, off));
      faces += turned;
      feel(t, 2 * Math.sin(2 * Math.PI * 1.8 * t), turned);
    }
  }
  Object.assign(window, { felt: t, faces: faces });
}"""
"""Samples of a phone that is carried along a part of the route, at 1.8 steps of 0.65 m a second."""


def test_cards_turn_by_themselves_for_who_asks_to_be_followed(opened: Opened) -> None:
    page = opened(375, locale="en")
    page.evaluate("navkitPage.app.set('muted', true)")
    go(page, "fsk", "A101")
    said = words("en")["along"]
    press(page, words("en")["route"]["go"])
    number = "navkitPage.app.view().walk.number"
    expect(page.locator("#follow")).to_have_text(said["start"])
    assert page.evaluate("navkitPage.app.state.along") is None, "it is off until it is asked for"
    unfold(page)
    page.locator("#follow").click()
    until(page, "Boolean(navkitPage.app.state.along)")
    page.evaluate(FEEL, [0, 12])
    expect(page.locator("#answer-level")).to_be_visible()
    shoot(page, "along-level")
    page.locator("#answer-level").click()
    page.evaluate(FEEL, [16, 28])
    expect(page.locator("#follow")).to_have_text(said["stop"])
    expect(page.locator("#along")).to_contain_text(said["here"])
    assert page.evaluate(number) == 2
    assert page.evaluate("navkitPage.app.view().map.band") is not None
    shoot(page, "along")
    page.locator("#follow").click()
    expect(page.locator("#follow")).to_have_text(said["start"])
    assert page.evaluate("navkitPage.app.state.along") is None


def test_a_browser_without_sensors_says_so(opened: Opened) -> None:
    page = opened(375, locale="en")
    go(page, "fsk", "A101")
    press(page, words("en")["route"]["go"])
    unfold(page)
    page.locator("#follow").click()

    expect(page.locator("#along")).to_contain_text(words("en")["along"]["absent"])
    page.evaluate("navkitPage.app.set('profile', 'wheelchair')")
    page.evaluate("navkitPage.app.go()")
    expect(page.locator("#follow")).to_have_count(0)


@pytest.mark.parametrize("look", ["light", "elder", "dark", "contrast"])
def test_no_barrier_on_any_screen_in_any_look(opened: Opened, look: str) -> None:
    page = opened(375)
    if look == "elder":
        page.evaluate("navkitPage.app.set('elder', true)")
    else:
        page.evaluate(f"navkitPage.app.set('theme', '{look}')")
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    page.evaluate(AXE.read_text(encoding="utf-8"))

    for screen in screens(page):
        shoot(page, f"look-{look}-{screen}")
        assert barriers(page, look) == [], screen
        assert not NO_WORDS.search(page.inner_text("body")), screen
        if screen.startswith("walk") or screen == "arrived":
            assert page.evaluate(UNTOLD) == [], screen


NO_WORDS = re.compile(r"false|undefined|NaN|\[object")
"""What a page says where a program has nothing to say."""
UNTOLD = """() => {
  const told = navkitPage.map().covered, canvas = document.querySelector('#map canvas');
  const frame = canvas.getBoundingClientRect(), wrong = [];
  for (let i = 0.5; i < 40; i++) {
    for (let j = 0.5; j < 40; j++) {
      const [x, y] = [frame.width * i / 40, frame.height * j / 40];
      const isOpen = document.elementFromPoint(frame.left + x, frame.top + y) === canvas;
      // Corners are round.
      const by = isOpen ? -16 : 1;
      const isTold = told.some(([left, top, right, bottom]) => (
        left - by <= x && x <= right + by && top - by <= y && y <= bottom + by));
      if (isOpen === isTold) wrong.push([x, y, isOpen]);
    }
  }
  return wrong;
}"""
"""Where the map of a walk is covered and its view was not told so, or the other way round."""


def barriers(page: Page, look: str) -> list[Any]:
    """What stands in somebody's way on the screen as it is now."""
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']})"
    )
    letters_px, target_px = {"elder": (18, 60)}.get(look, (14, 44))
    return [
        *((one["id"], [n["html"][:120] for n in one["nodes"]]) for one in found["violations"]),
        *page.evaluate(CLICKABLE),
        *page.evaluate(SMALL, letters_px),
        *page.evaluate(TARGETS, target_px),
    ]


def test_the_elderly_get_large_letters_at_once(opened: Opened) -> None:
    page = opened()
    go(page, "放射科", "A101")

    press(page, "长者")

    assert "elder" in page.evaluate("document.documentElement.className")


GOLDEN = 24
"""How many of the ways that were walked on paper are walked here."""


def golden() -> list[tuple[str, str, str]]:
    """Ways that were walked on paper by hand."""
    files = sorted((ROOT / "tests" / "reference_routes").glob("*.json"))
    routes = [one for file in files for one in json.loads(file.read_text(encoding="utf-8"))]
    return [(one["start"], one["goal"], one["profile"]) for one in routes]


def test_ways_are_found_and_read_by_the_keyboard_alone(opened: Opened, house: Guide) -> None:
    page, venue = opened(1280), house.venue
    page.evaluate("navkitPage.app.set('reader', true)")
    said = words()
    for start, goal, profile in [one for one in golden() if one[2] != "bed"][:GOLDEN]:
        ends = find(venue, start), find(venue, goal)
        page.evaluate(f"navkitPage.app.restart(); navkitPage.app.set('profile', '{profile}')")
        choose(page, "#search", venue, ends[1].places[0])
        expect(page.locator("h1")).to_have_text(said["start"]["title"])
        if ends[0].anchor >= 0:
            tab_to(page, "#code")
            page.keyboard.type(venue.anchors[ends[0].anchor].code)
            page.keyboard.press("Enter")
        else:
            choose(page, "#door", venue, ends[0].places[0])
        tab_to(page, "main button.main")
        page.keyboard.press("Enter")
        read, written = [], told(house, start, goal, profile)
        for _ in written:
            read.append(page.locator("main .now").inner_text())
            tab_to(page, "#next")
            page.keyboard.press("Enter")
        assert read == written
        expect(page.locator("h1")).to_have_text(said["arrived"]["title"])


def choose(page: Page, box: str, venue: Venue, number: int) -> None:
    """Type a place's name and take it from the list, by the keyboard."""
    tab_to(page, box)
    page.keyboard.type(venue.places[number].names["zh-Hans"])
    tab_to(page, f'button[data-place="{number}"]')
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Press the tabulator until something has the focus."""
    for _ in range(80):
        if page.evaluate("(one) => document.activeElement.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {selector} by the keyboard")


# ------------------------------------------------------- going on, and going back


def test_a_code_on_a_wall_a_reload_and_the_back_key_lead_nowhere_but_on_and_back(
    opened: Opened,
) -> None:
    page = opened(link="#a=A101")
    said = words()
    bare = page.url
    expect(page.locator("main")).to_contain_text("出发")
    assert "#" not in bare, "the address keeps nothing of where somebody is or goes"
    page.reload()
    expect(page.locator("main")).to_contain_text("出发")
    page.fill("#search", "心内科")
    page.keyboard.press("Enter")
    press(page, said["route"]["go"])
    page.locator("#next").click()
    page.locator("#next").click()
    step = page.locator("main .now").inner_text()

    page.reload()
    expect(page.locator("main .now")).to_have_text(step, use_inner_text=True)
    unfold(page)
    press(page, said["walk"]["lost"])
    page.go_back()
    expect(page.locator("main .now")).to_have_text(step, use_inner_text=True)
    screens_back = []
    for screen in ("route", "start", "find"):
        page.go_back()
        until(page, f"navkitPage.app.screen === '{screen}'")
        screens_back.append(page.url)

    assert screens_back == [bare] * 3
    assert page.evaluate("history.state.depth") == 0
    page.fill("#search", "放射科")
    page.keyboard.press("Enter")
    until(page, "history.state.depth === 2")
    page.get_by_role("button", name=said["back"]).click()
    until(page, "history.state.depth === 1")
    assert page.evaluate("navkitPage.app.screen") == "start"


def test_the_skip_link_is_no_step_back(opened: Opened) -> None:
    page = opened()
    go(page, "放射科", "A101")

    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)

    assert page.evaluate("navkitPage.app.screen") == "route"


def test_another_way_that_was_chosen_stays_chosen(opened: Opened) -> None:
    page = opened(link="#a=A101&to=zy-13F-1301&p=walk")
    said = words()
    page.locator("main .list button", has_text=said["price"]["no-escalator"]).first.click()
    chosen = steps(page)
    press(page, said["route"]["go"])
    page.locator("#next").click()
    page.locator("#next").click()

    page.reload()
    expect(page.locator("main .now")).to_contain_text(chosen[2])
    assert steps(page) == chosen
    page.evaluate("navkitPage.app.set('language', 'en')")
    page.evaluate("navkitPage.app.set('language', 'zh-Hans')")

    assert steps(page) == chosen
    expect(page.locator("main .now")).to_contain_text(chosen[2])


def test_a_link_by_no_profile_of_visitors_does_not_bar_the_page(opened: Opened) -> None:
    page = opened(link="#to=rad&a=A101&p=constructor")
    expect(page.locator(".steps").first).to_be_visible()

    page.goto(page.url)

    expect(page.locator(".steps").first).to_be_visible()
    assert page.evaluate("navkitPage.app.view().settings.profile") == "walk"


def test_find_says_where_one_starts_and_what_is_not_known(opened: Opened) -> None:
    said = words()
    texts = []
    for link in ("#a=A101", "#a=WRONG", "#to=nowhere"):
        page = opened(link=link)
        texts.append(page.locator("main").inner_text())
        shoot(page, f"find-{link[1:].replace('=', '-')}")

    assert ["出发" in text for text in texts] == [True, False, False]
    assert said["start"]["unknown-code"].replace("{text}", "WRONG") in texts[1]
    assert said["find"]["unknown-place"].replace("{text}", "nowhere") in texts[2]


def test_the_hospital_is_seen_at_once_turned_and_tapped(opened: Opened) -> None:
    page = opened()
    said = words()
    canvas = page.locator("#map canvas")
    expect(canvas).to_have_attribute("aria-label", re.compile(said["map"]["stack"]))
    before = canvas.screenshot()
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(100)
    assert canvas.screenshot() != before
    page.keyboard.press("0")
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": 0.4 * box["width"], "y": 0.7 * box["height"]})
    expect(canvas).to_have_attribute("aria-label", re.compile(r"门诊楼 \dF"))
    press(page, said["map"]["stack"])
    expect(canvas).to_have_attribute("aria-label", re.compile(said["map"]["stack"]))

    press(page, said["start"]["title"])
    page.fill("#code", "A104")
    page.locator("#code").press("Enter")
    expect(page.locator("#map .ask")).to_contain_text("出发")
    page.fill("#search", "老年医学科病区")
    page.locator("#search").press("Enter")

    expect(canvas).to_have_attribute("aria-label", re.compile(said["map"]["stack"]))
    shoot(page, "stack-route")


def test_directions_in_another_language_are_said_by_its_clips(opened: Opened) -> None:
    page = opened()
    said = words()
    go(page, "放射科", "A101")
    take_voice(page.locator("main"))
    press(page, said["route"]["go"])
    until(page, "navkitPage.app.state.player.counters.played > 0")

    page.evaluate("navkitPage.app.set('language', 'en')")
    expect(page.locator("#text-only")).to_have_count(1)
    unfold(page)
    page.locator("main .get-voice").click()
    expect(page.locator("#text-only")).to_have_count(0, timeout=PATIENCE_S * 1000)
    page.locator("#next").click()
    page.wait_for_timeout(500)
    unfold(page)
    page.get_by_role("button", name=said["walk"]["repeat"]).click()

    until(page, "navkitPage.app.state.player && navkitPage.app.state.player.counters.played > 0")
    page.locator("#slower").click()
    expect(page.locator("#slower")).to_have_text(said["walk"]["faster"])
    expect(page.locator("#text-only")).to_have_count(0)


OWN_VOICES = """
  const known = [];
  window.theirs = (...voices) => {
    known.push(...voices);
    speechSynthesis.dispatchEvent(new Event('voiceschanged'));
  };
  speechSynthesis.getVoices = () => known;
"""
"""A phone whose own voices come late, as they do."""


def test_a_language_without_clips_is_marked_until_the_phone_has_a_voice_of_its_own(
    opened: Opened,
) -> None:
    page = opened(locale="zh-TW")
    page.add_init_script(OWN_VOICES)
    page.reload()
    said = words("zh-Hant")
    go(page, "放射科", "A101")
    press(page, said["route"]["go"])
    marked = page.locator("#text-only")
    voice = "theirs({name: '%s', voiceURI: '', lang: '%s', localService: %s})"

    expect(marked).to_have_text(said["walk"]["text-only"])
    for of in (("of a server", "zh-TW", "false"), ("espeak", "zh-TW", "true")):
        page.evaluate(voice % of)
        expect(marked).to_have_count(1)
    page.evaluate(voice % ("Mei-Jia", "zh-TW", "true"))
    expect(marked).to_have_count(0)


@pytest.mark.parametrize(
    ("locale", "tag"), [("en-US", "en"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant-HK")]
)
def test_a_phone_is_met_in_its_own_language(opened: Opened, locale: str, tag: str) -> None:
    page = opened(locale=locale)

    expect(page.locator("h1")).to_have_text(words(tag)["find"]["title"])
    assert page.evaluate("document.documentElement.lang") == tag
    assert page.evaluate("navkitPage.app.view().settings.language") == tag


def test_a_site_that_nobody_has_renewed_says_how_old_it_is(opened: Opened) -> None:
    page = opened(clock="2027-03-08T09:30")
    go(page, "放射科", "A101")

    expect(page.locator(".age-red")).to_contain_text("371")
    expect(page.get_by_role("button", name=words()["route"]["go"])).to_have_count(0)


def test_on_a_phone_without_room_the_map_is_there_while_the_page_is_open(
    playwright: Playwright, folder: Path, tmp_path: Path
) -> None:
    host = Host(folder)
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        page.clock.set_fixed_time(NOW)
        phone = context.new_cdp_session(page)
        phone.send("Storage.overrideQuotaForOrigin", {"origin": host.url, "quotaSize": 100_000})
        page.goto(host.url)
        page.wait_for_selector("#search")
        said = words()
        expect(page.locator("#state")).to_contain_text(said["settings"]["not-kept"])
        go(page, "放射科", "A101")

        assert steps(page)
    host.stop()


def test_a_browser_that_keeps_nothing_does_not_download_for_ever(
    playwright: Playwright, folder: Path, tmp_path: Path
) -> None:
    host = Host(folder)
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        shut = "Object.defineProperty(window, 'indexedDB', {get() { throw new Error('shut'); }})"
        page.add_init_script(shut)
        page.goto(host.url)
        until(page, "document.documentElement.dataset.ready === 'false'")

        expect(page.locator("#state")).to_contain_text(words()["settings"]["not-kept"])
    host.stop()


def test_nothing_stays_at_a_desk_for_the_next_person(
    playwright: Playwright, folder: Path, tmp_path: Path
) -> None:
    host = Host(folder)
    said = words()
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.goto(f"{host.url}?desk#a=A101")
        page.wait_for_selector("#search")
        look = page.evaluate("document.documentElement.className")
        page.fill("#search", "妇科")
        page.keyboard.press("Enter")
        page.evaluate(
            "for (const [name, value] of Object.entries({ui: 'en', theme: 'dark', size: 1.75,"
            " profile: 'elderly'})) navkitPage.app.set(name, value)"
        )
        page.locator("header button").last.click()
        expect(page.locator("#settings")).to_be_visible()
        page.clock.run_for(80_000)
        expect(page.locator("#idle")).to_be_visible()
        expect(page.locator("#idle")).to_contain_text("10")
        shoot(page, "desk-idle")

        page.clock.run_for(15_000)

        expect(page.locator("#settings")).to_be_hidden()
        expect(page.locator("#idle")).to_be_hidden()
        assert page.evaluate("document.documentElement.className") == look
        assert "妇科" not in page.locator("main").inner_text()
        expect(page.locator("main")).to_contain_text("出发")

        page.fill("#search", "妇科")
        page.locator("#search").blur()
        press(page, said["desk"]["again"])
        assert page.locator("#search").input_value() == ""
        page.reload()
        page.wait_for_selector("#search")
        assert "妇科" not in page.locator("main").inner_text()
    host.stop()


# ------------------------------------------------------------------ what is in sight

IN_SIGHT = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight;
}"""


def test_in_large_letters_the_words_and_the_next_step_are_seen_at_once(opened: Opened) -> None:
    page = opened()
    go(page, "心内科", "A101")
    page.evaluate("navkitPage.app.set('elder', true)")
    press(page, words()["route"]["go"])

    for size in (1, 1.75):
        page.evaluate(f"navkitPage.app.set('size', {size}); navkitPage.app.show(0)")
        while page.evaluate("navkitPage.app.screen") == "walk":
            page.evaluate("scrollTo(0, 0)")
            shoot(page, f"elder-walk-{size}-{page.evaluate('navkitPage.app.state.at')}")
            assert page.evaluate(IN_SIGHT, "#next")
            if size == 1:
                assert page.evaluate(IN_SIGHT, "main .now")
            now = page.locator("main .now").bounding_box()
            assert now and now["y"] + 40 < 667
            page.locator("#next").click()
        page.evaluate("navkitPage.app.go()")


OPEN_MAP = """() => {
  const box = document.querySelector('#map canvas').getBoundingClientRect();
  const open = [];
  for (let i = 0.5; i < 20; i++) {
    for (let j = 0.5; j < 20; j++) {
      const [x, y] = [box.left + box.width * i / 20, box.top + box.height * j / 20];
      open.push((document.elementFromPoint(x, y) || {}).nodeName === 'CANVAS');
    }
  }
  return box.height * open.filter(Boolean).length / open.length;
}"""
"""How much of the map can be seen, as the height of an open one, in pixels."""


@pytest.mark.parametrize("size", [1, 1.5, 1.75])
def test_beside_large_letters_there_is_a_map_to_be_seen(opened: Opened, size: float) -> None:
    page = opened()
    go(page, "心内科", "A101")
    page.evaluate(f"navkitPage.app.set('elder', true); navkitPage.app.set('size', {size})")
    press(page, words()["route"]["go"])

    assert page.evaluate(OPEN_MAP) >= 75
    shoot(page, f"elder-map-{size}")


def test_the_floor_that_is_shown_is_in_sight_among_the_floors(opened: Opened) -> None:
    page = opened(link="#a=A101&to=zy-13F-1301&p=walk")
    page.evaluate(
        "navkitPage.app.showLevel(navkitPage.app.state.route.network.level["
        "navkitPage.app.state.route.nodes.slice(-1)[0]])"
    )

    chosen = page.locator('#map .tools [aria-pressed="true"]').last.bounding_box()
    assert chosen
    assert chosen["x"] >= 0
    assert chosen["x"] + chosen["width"] <= 375
    expect(page.locator('#map .tools [aria-pressed="true"]').last).to_have_text("13F")


def test_numbers_of_two_digits_are_whole_on_paper(opened: Opened) -> None:
    page = opened()
    go(page, "放射科", "A101")
    page.evaluate("window.print = () => {}")
    press(page, words()["desk"]["print"])
    page.emulate_media(media="print")

    room, needed = page.evaluate(
        """() => {
      const list = document.querySelector('#paper section ol'), style = getComputedStyle(list);
      const context = document.createElement('canvas').getContext('2d');
      context.font = style.font;
      return [parseFloat(style.paddingLeft), context.measureText('99. ').width];
    }"""
    )

    assert room >= needed


# ------------------------------------------------------------------------ speed

SLOWER = 4
"""How much slower than this machine a phone is taken to be."""
MAP_S, ROUTE_S = 1.0, 0.3
MOST_STARTS = 10
ROUTED = """() => {
  const { app, bundle } = navkitPage, begun = performance.now();
  app.startAtCode(bundle.anchors[0].code);
  app.choose(bundle.find('rad').places[0]);
  return performance.now() - begun;
}"""


KB = 1000
MAP_KB, ALL_KB = 250, 450
"""What a first visit may download until one sees the map and can search it, and until
everything but photos and voices is here."""
FIRST_S = 9.0
LINE = {"latency": 100, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""A slow mobile network: 400 kbit/s, a tenth of a second away."""


def sent_bytes(folder: Path, names: Iterable[str]) -> int:
    """What a host sends of some files."""
    files = [folder / name for name in names]
    return sum(
        len(packed(file.read_bytes())) if file.suffix in TEXT else file.stat().st_size
        for file in files
    )


def test_a_first_visit_downloads_little_and_the_map_first(folder: Path) -> None:
    index = json.loads((folder / "bundle" / "index.json").read_bytes())
    release = json.loads((folder / "bundle" / "release.json").read_bytes())
    named = ["release.json", release["index"]["name"], *index["files"]]
    role = {f"bundle/{name}": name.partition("-")[0] for name in named}
    drawn = {"release.json", "index", "rules", "network", "directory", "details", "phrases"}
    first = ["index.html", "page.css", "address.js", "root.js", "page.js"]
    first += [name for name in role if role[name] in drawn | {"level", "search"}]
    text = ["later.js", *(name for name in role if role[name] == "sights")]
    rest = [name for name in role if role[name] in {"photo", "photos"}]
    shell = json.loads((folder / "sw.js").read_text().splitlines()[1][len("const SHELL = ") : -1])
    rest += [name for name in shell if name not in (*first, *text)]

    assert sent_bytes(folder, first) <= MAP_KB * KB
    assert sent_bytes(folder, [*first, *text]) <= ALL_KB * KB
    assert sent_bytes(folder, rest) <= 130 * KB


@pytest.mark.alone
def test_on_a_slow_line_the_map_comes_first_and_a_voice_goes_on_where_it_broke_off(
    playwright: Playwright, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = Host(folder, as_deployed=True)
    seen: list[float] = []
    # The best of some: other work on this machine makes any of them later, and none sooner.
    for visit in range(MOST_STARTS):
        with browser(playwright, tmp_path / str(visit), 1280) as context:
            page = context.pages[0]
            slow = context.new_cdp_session(page)
            slow.send("Network.enable")
            slow.send("Network.emulateNetworkConditions", {"offline": False, **LINE})
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            page.goto(host.url, wait_until="commit")
            page.locator("#search").fill("fsk")
            expect(page.locator("#results .list button").first).to_contain_text("放射科")
            seen.append(page.evaluate("performance.now()") / 1000)
            if seen[-1] > FIRST_S and visit < MOST_STARTS - 1:
                continue
            slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            break_off_a_voice(page, slow)
            break
    host.stop()

    with capsys.disabled():
        print(f"\nfirst found after {min(seen):.2f} s at 400 kbit/s; CPU / {SLOWER}")
    assert 0 < min(seen) <= FIRST_S


def break_off_a_voice(page: Page, slow: CDPSession) -> None:
    """The network goes away in the middle of a voice; what has come is not fetched again."""
    until(page, READY)
    fast = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    page.locator("header button").last.click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("range", "")))
    page.locator("dialog .get-voice").click()
    expect(page.locator("dialog progress")).to_be_visible()
    until(page, "document.querySelector('dialog progress').value > 20")
    slow.send("Network.emulateNetworkConditions", {"offline": True, **fast})
    expect(page.locator("dialog .get-voice")).to_be_visible()
    before = [part for part in asked if part]
    slow.send("Network.emulateNetworkConditions", {"offline": False, **fast})
    page.locator("dialog .get-voice").click()
    expect(page.locator("dialog .offer")).to_be_empty(timeout=PATIENCE_S * 1000)

    parts = [part for part in asked if part]
    assert len(before) > 1
    assert len(parts) == len(set(parts)) + 1, "only the part that broke off is fetched again"


STACK_MS = 24.0
WHOLE_MS = 48.0
"""Of the floors of a route, and of all. The goal for all is 24 too; without a graphics card they
took 26 to 36, nearly all of it to fill shapes."""
STACKED = """() => {
  const { stack, themes } = navkitMap, { app, bundle } = navkitPage;
  const context = document.createElement('canvas').getContext('2d');
  const size = { width: 375, height: 280, ratio: 2 };
  const padding = { left: 20, right: 20, top: 20, bottom: 20 };
  Object.assign(context.canvas, { width: 750, height: 560 });
  return [null, app.state.route].map((route) => {
    const pile = stack.stack(bundle, { route, level: 0 });
    const took = Array.from({ length: 12 }, (_, i) => {
      const begun = performance.now();
      const seen = stack.placed(pile, stack.turned(stack.POSE, 7 * i, 0), size, padding);
      stack.draw(context, pile, seen, themes.normal, (one) => bundle.levels[one].label);
      context.getImageData(0, 0, 1, 1);
      return performance.now() - begun;
    });
    return Math.min(...took);
  });
}"""
"""Milliseconds that the whole hospital and a route take to be drawn, turned a little each time."""


@pytest.mark.alone
def test_the_first_map_and_the_first_route_come_soon(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    page = opened(1280, clock="")  # A clock that stands still would measure nothing.
    page.evaluate("navigator.serviceWorker.ready")
    slow = page.context.new_cdp_session(page)
    # `busy` is time on the page's own thread, to tell the page from the machine.
    slow.send("Performance.enable", {"timeDomain": "threadTicks"})
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    maps, busy, routes = [], [], []
    # The best of some: other work on this machine makes any of them later, and none sooner.
    for _ in range(MOST_STARTS):
        page.reload()
        until(page, "performance.getEntriesByName('navkit map').length > 0")
        metrics = slow.send("Performance.getMetrics")["metrics"]
        busy.append(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))
        maps.append(page.evaluate("performance.getEntriesByName('navkit map')[0].startTime") / 1000)
        page.evaluate("navkitPage.app.restart()")
        routes.append(page.evaluate(ROUTED) / 1000)
        if min(maps) <= MAP_S and min(routes) <= ROUTE_S:
            break

    whole, way = page.evaluate(STACKED)

    with capsys.disabled():
        print(
            f"\nfirst map after {min(maps):.2f} s, of which {min(busy):.2f} s busy; "
            f"first route {min(routes):.2f} s; a stack {whole:.1f} ms, "
            f"of a route {way:.1f} ms; CPU / {SLOWER}"
        )
    assert 0 < min(maps) <= MAP_S
    assert min(routes) <= ROUTE_S
    assert way <= STACK_MS
    assert whole <= WHOLE_MS
