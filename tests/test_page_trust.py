"""The page follows what a hospital signs: closures within a minute, old maps by their age."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from drawn import parse
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from test_page import (
    AXE,
    CHROMIUM,
    READY,
    barriers,
    browser,
    go,
    press,
    shoot,
    steps,
    until,
    words,
)

from exporter.bundle import release as release_
from exporter.bundle import scripts_file as scripting
from exporter.bundle.bundle import Bundle, make_bundle
from exporter.site.site import Signed, site, write_site
from navkit.guide import Guide
from navkit.venue.join import join
from navkit.venue.venue import Closure
from navkit.words.languages import languages
from server.press import keys, trust
from server.press.catalogue import Listed
from server.press.keys import Keyring

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SAID = words()
LIFT = Closure("mz-L4", "", "", {"zh-Hans": "检修", "en": "maintenance"})
NAME = "4号直达电梯"
BY_LIFT = "#from=mz-1F-D-main&to=r-mz-6F-605&p=wheelchair"
"""A way that takes the lift, where it may."""
PASSPHRASE = "correct horse battery"


class _Tagging(SimpleHTTPRequestHandler):
    """Answers that a file is still the same, by its ETag."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, int]]

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        content = file.read_bytes() if file.exists() else None
        tag = f'"{hashlib.sha256(content or b"").hexdigest()}"'
        status = 404 if content is None else 200
        if content is not None and self.headers.get("If-None-Match") == tag:
            status, content = 304, b""
        self.asked.append((self.path.partition("?")[0], status))
        self.send_response(status)
        self.send_header("ETag", tag)
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        pass


@dataclass
class Region:
    """A server's data folder with one hospital, and the server of its public part."""

    data: Path
    bundle: Bundle
    asked: list[tuple[str, int]] = field(default_factory=list)
    now: datetime = NOW
    hospital: str = "renmin"

    def __post_init__(self) -> None:
        trust.establish(
            self.data, Keyring({}, lambda kind: PASSPHRASE), NOW, self.data / "envelope"
        )
        self.do(trust.add_hospital, self.hospital)
        self.publish()
        root = (self.data / "public" / "metadata" / "1.root.json").read_bytes()
        page = site(self.bundle, NOW.date(), signed=Signed(root, self.hospital))
        write_site(page, self.data / "public" / "h" / self.hospital)

    def keyring(self) -> Keyring:
        pages = {**keys.read(self.data / "keys"), **keys.read(self.data / "envelope")}
        return Keyring(pages, lambda kind: PASSPHRASE)

    def do(self, rule: Any, *words: Any) -> None:
        ring = self.keyring()
        trust.commit(self.data, lambda r: rule(r, ring, *words, self.now), self.data / "envelope")

    def publish(self, issued: date = date(2026, 3, 2)) -> None:
        index = self.bundle.parts[0].content
        self.do(trust.publish, self.hospital, release_.release(index, issued))

    def close(self, *closures: Closure) -> None:
        self.do(trust.close, "renmin", closures)

    @contextmanager
    def served(self) -> Iterator[str]:
        with serving(self.data / "public", self.asked) as url:
            yield f"{url}h/{self.hospital}/"


@contextmanager
def serving(folder: Path, asked: list[tuple[str, int]]) -> Iterator[str]:
    handler = type("Handler", (_Tagging,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def bundle(example: Guide) -> Bundle:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripting, "starts", lambda of: ())
        return make_bundle(example, languages())


@pytest.fixture
def region(bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Region:
    monkeypatch.setitem(keys.SCRYPT, "n", 2**4)
    return Region(tmp_path / "data", bundle)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@contextmanager
def opened(playwright: Playwright, url: str, folder: Path, now: datetime = NOW) -> Iterator[Page]:
    """The page on a phone whose clock only tests move."""
    with browser(playwright, folder) as context:
        page = context.pages[0]
        page.clock.install(time=now)
        page.goto(url)
        until(page, READY)
        page.evaluate("navigator.serviceWorker.ready")  # It stores the page last of all.
        yield page


def seen(page: Page) -> Any:
    return page.evaluate(
        "(({ code, reason, where }) => ({ code, reason, where }))(navkitPage.signed())"
    )


def pass_time(page: Page, seconds: float) -> None:
    page.clock.run_for(int(seconds * 1000))
    page.wait_for_timeout(300)


# ------------------------------------------------------------------------- closures


def test_a_closure_reaches_an_open_route_within_a_minute_and_changes_it(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        before = steps(page)
        assert any(f"乘{NAME}" in text for text in before)

        region.close(LIFT)
        pass_time(page, 61)

        expect(page.locator("main")).to_contain_text(f"{NAME}暂停使用：检修。")
        expect(page.locator("main")).to_contain_text(SAID["closure"]["rerouted"])
        after = steps(page)
        assert after and not any(f"乘{NAME}" in text for text in after)
        shoot(page, "closure-route")

        region.close()
        pass_time(page, 61)

        said = page.locator("main").inner_text()
        assert steps(page) == before
        assert f"{NAME}已恢复使用。已改回原路。" in said
        assert f"{NAME}暂停使用" not in said and SAID["closure"]["rerouted"] not in said
        shoot(page, "closure-over")


def test_somebody_who_walks_is_led_round_a_closure_or_told_that_there_is_no_way(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        press(page, SAID["route"]["go"])

        region.close(LIFT)
        pass_time(page, 61)

        notice = page.locator("main [role=alert]")
        expect(notice).to_contain_text(f"{NAME}暂停使用：检修。")
        expect(notice).to_contain_text(SAID["closure"]["rerouted"])
        shoot(page, "closure-walk")

        every = page.evaluate("navkitPage.bundle.network.connectorIds")
        region.close(*(Closure(one, "", "", {}) for one in every))
        pass_time(page, 61)
        expect(notice).to_contain_text(SAID["walk"]["no-way-round"])


def test_a_row_that_the_page_cannot_read_is_told_and_takes_no_other_away(
    playwright: Playwright, region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a server signs it that is newer than the page, or was broken into."""
    whole = trust.closures_file

    def with_an_odd_row(closures: Any, *about: Any) -> bytes:
        said = json.loads(whole(closures, *about))
        said["closures"] += [{**row, "end": "2096-12-31T08:00:00"} for row in said["closures"]]
        return json.dumps(said).encode("ascii")

    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        assert page.locator("#unread").count() == 0

        with monkeypatch.context() as patch:
            patch.setattr(trust, "closures_file", with_an_odd_row)
            region.close(LIFT)
        pass_time(page, 61)

        expect(page.locator("#unread")).to_have_text(SAID["closure"]["unread"].format(count=1))
        expect(page.locator("main")).to_contain_text(f"{NAME}暂停使用：检修。")
        assert not any(f"乘{NAME}" in text for text in steps(page))
        shoot(page, "closure-unread")
        region.close()
        pass_time(page, 61)
        expect(page.locator("#unread")).to_have_count(0)


def test_who_walks_is_told_once_that_it_is_open_again(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        press(page, SAID["route"]["go"])
        region.close(LIFT)
        pass_time(page, 61)
        notice = page.locator("main [role=alert]")
        expect(notice).to_contain_text(SAID["closure"]["rerouted"])

        region.close()
        pass_time(page, 61)

        expect(notice).to_contain_text(f"{NAME}已恢复使用。")
        expect(notice).not_to_contain_text(SAID["closure"]["rerouted"])
        shoot(page, "closure-walk-over")
        page.locator("#next").click()
        expect(notice).to_have_count(0)


def test_a_closure_begins_and_ends_by_the_clock_on_an_open_page_without_a_network(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        local = "new Date({}).toLocaleString('sv').replace(' ', 'T').slice(0, 16)"
        at = [page.evaluate(local.format(f"Date.now() + {m} * 60000")) for m in (10, 20)]
        region.close(Closure(LIFT.target, at[0], at[1], LIFT.reason))
        pass_time(page, 61)
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        before = steps(page)
        assert any(f"乘{NAME}" in text for text in before)
        page.context.set_offline(True)
        region.asked.clear()

        pass_time(page, 9 * 60 + 1)
        expect(page.locator("main")).to_contain_text(f"{NAME}暂停使用：检修。")
        expect(page.locator("main")).to_contain_text(SAID["closure"]["rerouted"])
        assert not any(f"乘{NAME}" in text for text in steps(page))

        pass_time(page, 10 * 60)
        assert steps(page) == before
        expect(page.locator("main")).to_contain_text(f"{NAME}已恢复使用。已改回原路。")
        assert SAID["closure"]["rerouted"] not in page.locator("main").inner_text()
        assert region.asked == []


def test_a_closure_is_there_at_the_next_start_without_a_network(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    region.close(LIFT)
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate("navigator.serviceWorker.ready")
        assert seen(page)["reason"] == ""

    with browser(playwright, tmp_path / "phone", offline=True) as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.goto(url)
        page.wait_for_selector("#search")
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")

        assert not any(f"乘{NAME}" in text for text in steps(page))
        expect(page.locator("main")).to_contain_text(f"{NAME}暂停使用：检修。")


# -------------------------------------------------------------------------- politeness


def test_a_closed_lift_as_the_goal_says_why_and_until_when_by_the_hospitals_clock(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    """The phone's own clock shows another time."""
    here = NOW.astimezone(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    start, end = (
        (here + timedelta(hours=hours)).isoformat(timespec="minutes") for hours in (-1, 2)
    )
    shut = Closure("mz-L1", start, end, {"zh-Hans": "检修"})

    def close(repository: Any, ring: Keyring, now: datetime) -> Any:
        return trust.close(repository, ring, "renmin", [shut], now, "", "Asia/Shanghai")

    region.do(close)
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.fill("#search", "1号电梯")
        listed = page.locator(".list").first.inner_text()
        page.evaluate("navkitPage.app.open('#from=mz-1F-D-main&to=mz-L1')")
        said = page.locator("main").inner_text()

    for text in (said, listed):
        assert "检修" in text and f"预计 {end[11:]} 恢复（医院当地时间）" in text, text


def test_a_look_with_nothing_new_is_one_answer_without_a_body(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        region.asked.clear()

        pass_time(page, 61)

        assert region.asked == [("/metadata/timestamp.json", 304)]


def test_nobody_is_asked_while_nobody_sees_the_page(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    def turn(page: Page, state: str) -> None:
        page.evaluate(f"""Object.defineProperty(document, 'visibilityState',
          {{ value: '{state}', configurable: true }});
          document.dispatchEvent(new Event('visibilitychange'));""")

    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        turn(page, "hidden")
        region.asked.clear()
        pass_time(page, 3600)
        hidden = list(region.asked)
        turn(page, "visible")
        pass_time(page, 1)

        assert hidden == []
        assert [path for path, _ in region.asked] == ["/metadata/timestamp.json"]


def test_only_what_changed_is_fetched(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        region.asked.clear()
        region.close(LIFT)
        pass_time(page, 61)
        for _ in range(100):
            if any(path.endswith("/closures.json") for path, _ in region.asked):
                break
            page.wait_for_timeout(100)

        names = [path.rpartition("/")[2] for path, status in region.asked if status == 200]
        assert [name.partition(".")[2] or name for name in names] == [
            "json",
            "snapshot.json",
            "renmin-closures.json",
            "closures.json",
        ]
        assert [path for path, status in region.asked if status == 404] == ["/metadata/2.root.json"]


# --------------------------------------------------------------------------- refusals


def test_a_map_that_nobody_signed_is_not_installed_and_it_is_said(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    plain = region.data / "public" / "h" / "renmin" / "bundle" / "release.json"
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        plain.write_bytes(release_.release(b"{}", NOW.date()))
        pointer = region.data / "public" / "metadata" / "timestamp.json"
        honest = pointer.read_text(encoding="ascii")
        pointer.write_text(honest.replace('"version":', '"version":1', 1), encoding="ascii")
        region.asked.clear()
        pass_time(page, 61)

        assert seen(page) == {"code": "kept-old", "reason": "unsigned", "where": "timestamp.json"}
        page.locator("header button").last.click()
        press(page, SAID["settings"]["update"])
        expect(page.locator("dialog .warn")).to_contain_text(SAID["kept"]["refused"])
        assert [path for path, _ in region.asked if path.endswith("bundle/release.json")] == []
        shoot(page, "signed-refused")


def test_a_first_map_that_nobody_signed_is_not_opened(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    region.now = NOW - 30 * DAY
    region.do(trust.tick)
    with region.served() as url, browser(playwright, tmp_path / "phone") as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.goto(url)

        expect(page.locator("h1")).to_contain_text(SAID["kept"]["expired"])


# -------------------------------------------------------------------------------- age


def test_an_old_map_says_how_old_it_is_and_a_very_old_one_wants_to_be_confirmed(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    phone = tmp_path / "phone"
    with region.served() as url, opened(playwright, url, phone) as page:
        page.evaluate("navigator.serviceWorker.ready")
        assert page.locator(".age").count() == 0

    with browser(playwright, phone, offline=True) as context:
        page = context.pages[0]
        for days, level in ((0.9, ""), (1.1, "changed"), (8.5, "amber"), (31.5, "red")):
            page.clock.set_fixed_time(NOW + days * DAY)
            page.goto(url)
            page.wait_for_selector("h1")
            page.evaluate("navkitPage.app.restart()")
            go(page, "放射科", "A101")
            assert steps(page), "it still routes"
            walk = page.locator("main button.main.grow")
            assert walk.count() == (0 if level == "red" else 1)
            for language in languages() if level else ():
                page.evaluate(f"navkitPage.app.set('ui', '{language}')")
                said = words(language)["age"][level].replace("{days}", str(int(days)))
                expect(page.locator(f".age-{level}")).to_contain_text(said)
                shoot(page, f"age-{level}-{language}")
            if level and AXE.exists():
                page.evaluate(AXE.read_text(encoding="utf-8"))
                assert barriers(page, "light") == []
            if level == "red":
                page.locator("#confirm-age").click()
            walk.click()
            assert page.evaluate("navkitPage.app.screen") == "walk"
            assert page.locator(".age").count() == bool(level)


def test_what_was_looked_at_again_is_young_again(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url:
        with opened(playwright, url, tmp_path / "phone"):
            pass
        region.now = NOW + 40 * DAY
        region.do(trust.renew, ["renmin-closures"])
        region.do(trust.tick)
        with opened(playwright, url, tmp_path / "phone", NOW + 40 * DAY) as page:
            assert seen(page)["reason"] == ""
            assert page.locator(".age").count() == 0


# ------------------------------------------------------------------------- two hospitals

SMALL = """
    +-------+-------+
    |   A   |   B   |
    +---d---+---a---+
    |^      C       e
    +---------------+

    A: room 诊室 | Consulting room
    B: room/pharmacy 药房 | Pharmacy
    C: corridor
    e: 正门 | Main entrance
    ^: 大厅 | Lobby
"""


@dataclass
class Two:
    """A host with two hospitals, each with a repository and a root of its own; the first lists
    both."""

    folder: Path
    near: Region
    far: Region

    def __post_init__(self) -> None:
        self.folder.mkdir()
        for name, region in (("near", self.near), ("far", self.far)):
            (self.folder / name).symlink_to(region.data / "public")

    def list(self, url: str) -> None:
        root = (self.far.data / "public" / "metadata" / "1.root.json").read_text(encoding="ascii")
        self.near.do(
            trust.list_hospitals,
            [
                Listed("renmin", {"zh-Hans": "人民医院"}, f"{url}near/h/renmin/"),
                Listed("xiehe", {"zh-Hans": "协和医院"}, f"{url}far/h/xiehe/", "../far", root),
            ],
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        with serving(self.folder, []) as url:
            self.list(url)
            yield url


@pytest.fixture
def two(region: Region, tmp_path: Path) -> Two:
    small = make_bundle(Guide(join([parse(SMALL)], None, ())), languages())
    return Two(tmp_path / "host", region, Region(tmp_path / "far", small, hospital="xiehe"))


def scan(page: Page, link: str) -> None:
    """What the camera's reader does with a code; the page is another one afterwards."""
    with page.expect_navigation():
        page.evaluate("(link) => { navkitPage.app.scanned(link); }", link)
    page.wait_for_selector("#search, .steps")


def test_two_hospitals_in_flight_mode_each_by_its_code(
    playwright: Playwright, two: Two, tmp_path: Path
) -> None:
    phone, notice = tmp_path / "phone", "#hospital[role=alert]"
    with two.served() as url:
        near, far = f"{url}near/h/renmin/", f"{url}far/h/xiehe/"
        with opened(playwright, near, phone) as page:
            page.evaluate("navigator.serviceWorker.ready")
            assert page.locator(notice).count() == 0
            page.locator("header button").last.click()
            press(page, "协和医院")
            until(page, READY)
            expect(page.locator(notice)).to_contain_text("已换到协和医院的地图。")
            shoot(page, "hospital-switched")

    with browser(playwright, phone, offline=True) as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.goto(near)
        page.wait_for_selector("#search")
        go(page, "放射科", "A101")
        assert steps(page)

        scan(page, f"{far}#a=code1")
        expect(page.locator(notice)).to_contain_text("已换到协和医院的地图。")
        expect(page.locator("main")).to_contain_text("从大厅出发")
        page.fill("#search", "药房")
        page.keyboard.press("Enter")
        first = steps(page)
        assert first and "药房" in first[-1]

        scan(page, f"{near}#a=A101&to=rad")
        expect(page.locator(notice)).to_contain_text("已换到人民医院的地图。")
        assert len(steps(page)) > len(first)
        for _ in range(4):  # From screen to screen, and then to what was before.
            if "h=xiehe" not in page.url:
                page.evaluate("history.back()")
                page.wait_for_timeout(500)
        expect(page.locator(notice)).to_contain_text("协和医院的地图。")
        assert steps(page) == first, "what was under way there still is"
        with page.expect_navigation():
            page.get_by_role("button", name="回到人民医院").click()
        page.wait_for_selector("#search, .steps")
        assert page.url == near


def test_a_list_that_cannot_be_confirmed_stays_the_old_one_and_it_is_said(
    playwright: Playwright, two: Two, tmp_path: Path
) -> None:
    with two.served() as url, opened(playwright, f"{url}near/h/renmin/", tmp_path / "p") as page:
        two.near.do(trust.list_hospitals, [Listed("renmin", {"zh-Hans": "人民医院"})])
        [newest] = {
            file
            for file in (two.near.data / "public" / "h").glob("*.catalogue.json")
            if b"xiehe" not in file.read_bytes()
        }
        newest.write_bytes(newest.read_bytes().replace(b"renmin", b"hacker"))
        pass_time(page, 61)

        page.locator("header button").last.click()
        expect(page.locator("#hospitals .warn")).to_have_text(SAID["hospitals"]["refused"])
        expect(page.locator("#hospitals")).to_contain_text("协和医院")
        shoot(page, "hospital-refused")
        if AXE.exists():
            page.evaluate(AXE.read_text(encoding="utf-8"))
            assert barriers(page, "light") == []
        page.goto(f"{url}near/h/renmin/?h=nosuch")
        page.wait_for_selector("#hospital")
        expect(page.locator("#hospital")).to_contain_text("没有「nosuch」")
