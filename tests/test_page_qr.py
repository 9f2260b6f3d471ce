"""A route moves to a phone by a code on the screen; any browser's camera can read codes."""

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import segno
from hosting import Host
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from test_page import (
    AXE,
    CHROMIUM,
    NOW,
    READY,
    WIDTHS,
    barriers,
    browser,
    go,
    press,
    shoot,
    steps,
    told,
    until,
    words,
)

from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import Bundle, make_bundle
from exporter.paper.anchors import QUIET_MODULES, content, modules
from exporter.site.site import site, write_site
from navkit.guide import Guide
from navkit.venue.venue import Venue
from navkit.words.languages import languages

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

DAY = date.today()
SAID = words()
JSQR = Path(__file__).parents[1] / "exporter" / "site" / "page" / "vendor" / "jsQR.js"
LOOKS = {
    "light": "navkitPage.app.set('theme', 'light')",
    "elder": "navkitPage.app.set('elder', true)",
    "dark": "navkitPage.app.set('theme', 'dark')",
    "contrast": "navkitPage.app.set('theme', 'contrast')",
}


@pytest.fixture(scope="module")
def bundle(example: Guide) -> Bundle:
    with pytest.MonkeyPatch.context() as patch:
        every_start = scripting.starts
        patch.setattr(scripting, "starts", lambda of: every_start(of)[:1])
        return make_bundle(example, languages())


@dataclass(frozen=True)
class Published:
    """A site that knows where it is published, and its server."""

    folder: Path
    host: Host

    @property
    def on_stick(self) -> str:
        return (self.folder / "index.html").as_uri()


@pytest.fixture(scope="module")
def published(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("site")
    host = Host(folder)
    write_site(site(bundle, DAY, host.url), folder)
    yield Published(folder, host)
    host.stop()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@dataclass(frozen=True)
class Picture:
    """Pixels, row by row, in grey: 0 is black, 255 white."""

    width: int
    height: int
    grey: bytes

    def row(self, y: int) -> bytes:
        return self.grey[y * self.width : (y + 1) * self.width]


class Eye:
    """Looks at pictures by a page of its own, which has nothing of the site's."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.goto("about:blank")
        page.add_script_tag(path=JSQR)
        page.add_script_tag(
            content="""async function seen(base64) {
              const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
              const image = await createImageBitmap(new Blob([bytes]));
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              return context.getImageData(0, 0, image.width, image.height);
            }"""
        )

    def read(self, png: bytes) -> str:
        """What the dark code on white in a picture says, by jsQR."""
        script = """async (png) => {
          const { data, width, height } = await seen(png);
          const found = jsQR(data, width, height, { inversionAttempts: 'dontInvert' });
          return found ? found.data : '';
        }"""
        return str(self._page.evaluate(script, base64.b64encode(png).decode()))

    def picture(self, png: bytes) -> Picture:
        script = """async (png) => {
          const { data, width, height } = await seen(png);
          let greens = '';
          for (let i = 1; i < data.length; i += 4) greens += String.fromCharCode(data[i]);
          return [width, height, btoa(greens)];
        }"""
        width, height, greens = self._page.evaluate(script, base64.b64encode(png).decode())
        return Picture(width, height, base64.b64decode(greens))


@pytest.fixture(scope="module")
def eye(playwright: Playwright) -> Iterator[Eye]:
    seeing = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield Eye(seeing.new_page())
    seeing.close()


def at_route(page: Page, address: str, profile: str = "walk") -> None:
    """The page with a route on it, on a Monday morning."""
    page.clock.set_fixed_time(NOW)
    page.goto(address)
    page.wait_for_selector("#search")
    page.evaluate(f"navkitPage.app.set('profile', '{profile}')")
    go(page, "放射科", "A101")


def hand_over(page: Page) -> str:
    """Opens the code, and gives the address that is written below it."""
    press(page, SAID["desk"]["hand"])
    return page.locator("#hand .address").inner_text()


# --------------------------------------------------------------------- handing over


@pytest.mark.parametrize("width", [375, 1280])
def test_the_code_on_the_screen_of_a_desk_is_the_same_route_on_a_phone(
    playwright: Playwright,
    published: Published,
    example: Guide,
    eye: Eye,
    tmp_path: Path,
    width: int,
) -> None:
    expected = told(example, "A101", "rad", "wheelchair")
    host = published.host
    with browser(playwright, tmp_path / "desk", width, offline=True) as context:
        page = context.pages[0]
        at_route(page, f"{published.on_stick}?desk", "wheelchair")
        assert steps(page) == expected
        shoot(page, "qr-desk-route")
        written = hand_over(page)
        shoot(page, "qr-desk-hand")
        scanned = eye.read(page.screenshot())

    assert scanned == written
    assert scanned.startswith(f"{host.url}#")
    with browser(playwright, tmp_path / "phone") as context:
        page = context.pages[0]
        page.clock.set_fixed_time(NOW)
        page.goto(scanned)
        until(page, READY)
        assert steps(page) == expected
        expect(page.get_by_role("button", name="轮椅")).to_have_attribute("aria-pressed", "true")
        page.evaluate("navigator.serviceWorker.ready")
    host.stop()
    try:
        with browser(playwright, tmp_path / "phone", offline=True) as context:
            page = context.pages[0]
            page.clock.set_fixed_time(NOW)
            page.goto(scanned)
            page.wait_for_selector(".steps")
            assert steps(page) == expected
            assert page.evaluate("fetch('/nowhere').then(() => true, () => false)") is False
            assert hand_over(page) == scanned, "it can be handed on"
            assert eye.read(page.screenshot()) == scanned
    finally:
        host.start()


@pytest.mark.parametrize("look", LOOKS)
def test_the_code_is_dark_on_white_with_its_border_in_every_look(
    playwright: Playwright, published: Published, eye: Eye, tmp_path: Path, look: str
) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        page = context.pages[0]
        at_route(page, published.host.url)
        page.evaluate(LOOKS[look])
        written = hand_over(page)
        image = page.locator("#hand img")
        expect(image).to_have_attribute("alt", SAID["desk"]["picture"])
        png = image.screenshot()
        shoot(page, f"qr-hand-{look}")

    seen = eye.picture(png)
    size, _ = segno.make(written, error="m", boost_error=False).symbol_size(border=0)
    module_px = seen.width / (size + 2 * QUIET_MODULES)
    border = int(QUIET_MODULES * module_px) - 2
    inside = seen.row(border + int(module_px))[border + 4 : border + int(module_px)]
    # The outermost pixel may be half of what is around.
    rows = [seen.row(y)[1:-1] for y in range(1, seen.height - 1)]
    around = [*rows[:border], *rows[-border:], *(row[:border] + row[-border:] for row in rows)]
    assert eye.read(png) == written
    assert module_px >= 8
    assert set(itertools.chain(*around)) == {255}
    assert set(inside) == {0}, "the corner of the code"


def test_the_code_is_closed_by_escape_or_a_button_and_its_address_is_taken_whole(
    playwright: Playwright, published: Published, tmp_path: Path
) -> None:
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        at_route(page, published.host.url)
        dialog = page.get_by_role("dialog", name=SAID["desk"]["hand"])
        opener = page.get_by_role("button", name=SAID["desk"]["hand"])

        opener.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        page.locator("#hand .address").click()
        assert page.evaluate("getSelection().toString()") == address_of(page)
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        press(page, SAID["settings"]["close"])
        expect(dialog).to_be_hidden()


def address_of(page: Page) -> str:
    return str(page.evaluate("navkitPage.app.view().route.address"))


def test_a_page_that_nobody_else_can_open_offers_no_code(
    playwright: Playwright, bundle: Bundle, tmp_path: Path
) -> None:
    write_site(site(bundle, DAY), tmp_path / "site")
    host = Host(tmp_path / "site")
    for number, address in enumerate([(tmp_path / "site" / "index.html").as_uri(), host.url]):
        with browser(playwright, tmp_path / str(number)) as context:
            page = context.pages[0]
            at_route(page, f"{address}?desk")

            expect(page.get_by_role("button", name=SAID["desk"]["print"])).to_be_visible()
            assert page.get_by_role("button", name=SAID["desk"]["hand"]).count() == 0
    host.stop()


def test_at_a_desk_that_is_left_alone_the_code_goes_away(
    playwright: Playwright, published: Published, tmp_path: Path
) -> None:
    with browser(playwright, tmp_path / "profile", 1280) as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.goto(f"{published.host.url}?desk")
        page.wait_for_selector("#search")
        go(page, "放射科", "A101")
        hand_over(page)

        page.clock.run_for(95_000)

        expect(page.locator("#search")).to_be_visible()
        expect(page.locator("#hand")).to_be_hidden()


def test_a_phone_that_has_followed_a_link_goes_on_after_a_reload(
    playwright: Playwright, published: Published, tmp_path: Path
) -> None:
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        page.goto(f"{published.host.url}#to=rad&p=wheelchair&a=A101")
        press(page, SAID["route"]["go"])
        page.locator("#next").click()
        step = page.locator("main .now").inner_text()
        assert page.url == published.host.url, "the address does not say where somebody goes"

        page.reload()

        expect(page.locator("main .now")).to_have_text(step, use_inner_text=True)


@pytest.mark.parametrize("look", LOOKS)
def test_no_barrier_with_the_code_or_the_camera_open(
    playwright: Playwright, published: Published, tmp_path: Path, look: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    nothing = camera(tmp_path, Picture(640, 480, b"\xff" * 640 * 480))
    with browser(playwright, tmp_path / "profile", args=nothing) as context:
        page = context.pages[0]
        page.goto(published.host.url)
        page.wait_for_selector("#search")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.evaluate(LOOKS[look])
        page.fill("#search", "fsk")
        page.wait_for_selector("[data-look]")
        page.keyboard.press("Enter")
        press(page, SAID["start"]["scan"])
        until(page, "Boolean(window.jsQR || window.BarcodeDetector)")
        shoot(page, f"qr-look-{look}-scan")
        assert barriers(page, look) == [], "scan"
        page.fill("#code", "A101")
        page.locator("#code").press("Enter")
        hand_over(page)
        shoot(page, f"qr-look-{look}-hand")
        assert barriers(page, look) == [], "hand"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_code_fits_on_every_screen_and_can_always_be_closed(
    playwright: Playwright, published: Published, eye: Eye, tmp_path: Path, width: int
) -> None:
    with browser(playwright, tmp_path / "profile", width) as context:
        page = context.pages[0]
        at_route(page, published.host.url)
        page.evaluate("navkitPage.app.set('elder', true); navkitPage.app.set('size', 1.75)")

        written = hand_over(page)
        shoot(page, "qr-hand-largest")

        wide = page.locator("#hand").evaluate("(one) => [one.scrollWidth, one.clientWidth]")
        assert wide[0] <= wide[1]
        expect(page.locator("#hand button").first).to_be_in_viewport(ratio=1)
        expect(page.locator("#hand h1")).to_be_focused()
        page.locator("#hand img").scroll_into_view_if_needed()
        assert eye.read(page.screenshot()) == written


# -------------------------------------------------------------------------- camera

WATCHED = """window.seen = [];
if (navigator.mediaDevices) {
  const media = navigator.mediaDevices, asked = media.getUserMedia.bind(media);
  media.getUserMedia = async (wish) => {
    const stream = await asked(wish);
    seen.push(...stream.getTracks());
    return stream;
  };
}"""
"""Remembers every camera that was opened."""
COUNTED = """() => {
  const { app } = navkitPage, scanned = app.scanned.bind(app);
  window.read = 0;
  app.scanned = (text) => { read++; return scanned(text); };
}"""
"""Counts the codes that were read."""
WITHOUT_READER = "delete window.BarcodeDetector;"
USELESS_READERS = {
    "none": WITHOUT_READER,
    "no-qr": """window.BarcodeDetector = class {
      static async getSupportedFormats() { return ['ean_13']; }
    };""",
    "broken": """window.BarcodeDetector = class {
      static async getSupportedFormats() { return ['qr_code']; }
      async detect() { throw new DOMException('service unavailable', 'NotSupportedError'); }
    };""",
}
OWN_READER = """window.BarcodeDetector = class {
  static async getSupportedFormats() { return ['qr_code']; }
  async detect() { return [{ rawValue: 'navkit:%s' }]; }
};"""


def camera(folder: Path, seen: Picture) -> list[str]:
    """Makes a browser's camera see a picture: two frames of YUV4MPEG2, over and over."""
    assert seen.width % 2 == seen.height % 2 == 0
    frame = b"FRAME\n" + seen.grey + b"\x80" * (seen.width * seen.height // 2)
    film = folder / "camera.y4m"
    film.write_bytes(b"YUV4MPEG2 W%d H%d F10:1\n" % (seen.width, seen.height) + 2 * frame)
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]


def on_a_wall(text: str, module_px: int = 8) -> Picture:
    """A code as segno makes it, somewhere on a light wall."""
    width, height, left, top = 640, 480, 170, 90
    rows = [bytearray(b"\xe0" * width) for _ in range(height)]
    for y, row in enumerate(modules(text)):
        for x, dark in enumerate(row):
            for line in rows[top + y * module_px : top + (y + 1) * module_px]:
                at = left + x * module_px
                line[at : at + module_px] = (b"\x18" if dark else b"\xf0") * module_px
    return Picture(width, height, b"".join(rows))


def asked_for_start(page: Page, published: Published, reader: str = WITHOUT_READER) -> None:
    """The page that has the children's clinic as its goal and asks for the start."""
    page.add_init_script(reader)
    page.add_init_script(WATCHED)
    page.clock.set_fixed_time(NOW)
    page.goto(published.host.url)
    page.wait_for_selector("#search")
    page.fill("#search", "儿科")
    page.wait_for_selector("[data-look]")  # What is searched may still be on its way.
    page.keyboard.press("Enter")
    assert page.evaluate("window.jsQR === undefined"), "it is not fetched at the start"


@pytest.mark.parametrize("reader", USELESS_READERS)
def test_a_code_on_a_wall_is_read_where_the_browser_cannot(
    playwright: Playwright, published: Published, example_venue: Venue, tmp_path: Path, reader: str
) -> None:
    anchor = example_venue.anchors[-1]
    wall = on_a_wall(content(anchor, published.host.url))
    with browser(playwright, tmp_path / "profile", args=camera(tmp_path, wall)) as context:
        page = context.pages[0]
        asked_for_start(page, published, USELESS_READERS[reader])
        goal = page.evaluate("navkitPage.app.link()")

        press(page, SAID["start"]["scan"])
        page.wait_for_selector(".steps")

        assert page.evaluate("Boolean(window.jsQR)")
        assert address_of(page) == f"{published.host.url}{goal}&a={anchor.code}"
        assert camera_is_off(page)


def camera_is_off(page: Page) -> bool:
    return bool(page.evaluate("seen.every((track) => track.readyState === 'ended') && seen.length"))


def test_the_browsers_own_reader_comes_first(
    playwright: Playwright, published: Published, example_venue: Venue, tmp_path: Path
) -> None:
    anchor = example_venue.anchors[-1]
    nothing = Picture(640, 480, b"\xff" * 640 * 480)
    with browser(playwright, tmp_path / "profile", args=camera(tmp_path, nothing)) as context:
        page = context.pages[0]
        asked_for_start(page, published, OWN_READER % anchor.code)

        press(page, SAID["start"]["scan"])
        page.wait_for_selector(".steps")

        assert page.evaluate("window.jsQR === undefined")
        assert address_of(page).endswith(f"&a={anchor.code}")


def test_a_phones_camera_reads_the_route_off_the_screen_of_a_desk(
    playwright: Playwright,
    published: Published,
    example: Guide,
    eye: Eye,
    tmp_path: Path,
) -> None:
    with browser(playwright, tmp_path / "desk", 1280) as context:
        page = context.pages[0]
        at_route(page, f"{published.on_stick}?desk", "wheelchair")
        written = hand_over(page)
        screen = eye.picture(page.screenshot())

    with browser(playwright, tmp_path / "phone", args=camera(tmp_path, screen)) as context:
        page = context.pages[0]
        asked_for_start(page, published)
        press(page, SAID["start"]["scan"])
        page.wait_for_selector(".steps")

        assert steps(page) == told(example, "A101", "rad", "wheelchair")
        assert address_of(page) == written


def test_of_another_code_it_is_said_so_and_scanning_goes_on_until_it_is_stopped(
    playwright: Playwright, published: Published, tmp_path: Path
) -> None:
    tea = on_a_wall("https://shop.example/tea")
    with browser(playwright, tmp_path / "profile", args=camera(tmp_path, tea)) as context:
        page = context.pages[0]
        asked_for_start(page, published)
        scan = page.get_by_role("button", name=SAID["start"]["scan"])
        stop = page.get_by_role("button", name=SAID["start"]["stop"])
        expect(stop).to_be_hidden()
        page.evaluate(COUNTED)

        for times in (1, 2):
            scan.click()
            expect(page.get_by_role("alert")).to_have_text(SAID["start"]["other-code"])
            expect(page.locator("video")).to_be_visible()
            shoot(page, "qr-other-code")
            page.wait_for_timeout(1000)
            assert page.evaluate("read") == times, "a code that stays is told once"
            expect(stop).to_be_focused()
            stop.click()
            expect(page.locator("video")).to_be_hidden()
            expect(scan).to_be_focused()
            assert camera_is_off(page)
        expect(page.locator("h1")).to_have_text(SAID["start"]["title"])


def test_without_a_camera_it_says_to_type_the_code(
    playwright: Playwright, published: Published, tmp_path: Path
) -> None:
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        asked_for_start(page, published)

        press(page, SAID["start"]["scan"])

        expect(page.get_by_role("alert")).to_have_text(SAID["start"]["no-camera"])
        expect(page.locator("#code")).to_be_focused()
        expect(page.locator("video")).to_be_hidden()
