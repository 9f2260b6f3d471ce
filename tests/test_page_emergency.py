"""An emergency on the page: shown above everything within a minute, kept offline, and ended."""

from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from playwright.sync_api import Page, Playwright, expect
from test_page import AXE, CHROMIUM, barriers, browser, press, shoot, until, words
from test_page_trust import (
    BY_LIFT,
    NOW,
    SAID,
    Region,
    bundle,
    opened,
    pass_time,
    playwright,
    region,
)

from navkit.words.languages import languages
from server.press import trust

__all__ = ["bundle", "playwright", "region"]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

SINCE = "2026-03-02T17:31"
OWN = SAID["emergency"]
SIZES = {375: 667, 1280: 800}


def declare(region: Region, since: str = SINCE) -> None:
    """What the desk says to the hospital's phones; empty ends it."""
    region.do(lambda r, ring, now: trust.close(r, ring, "renmin", (), now, since))


def stopped(page: Page) -> None:
    """Nothing is shown but the sentences of an emergency."""
    alert = page.locator("main [role=alert]")
    expect(alert).to_contain_text("请听从工作人员安排。")
    expect(alert).to_contain_text("不要乘电梯。")
    for gone in ("#map", "main input", "main ol", "header button", "dialog[open]"):
        expect(page.locator(gone).locator("visible=true")).to_have_count(0)


def test_an_emergency_reaches_who_walks_within_a_minute_and_is_over_as_soon(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    with region.served() as url, opened(playwright, url, tmp_path / "phone") as page:
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        press(page, SAID["route"]["go"])
        page.locator("#next").click()
        before = page.locator(".now").inner_text()
        page.locator("header button").last.click()
        expect(page.locator("dialog[open]")).to_have_count(1)

        declare(region)
        pass_time(page, 61)

        stopped(page)
        expect(page.locator("main button")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("2026-03-02 17:31 发布")
        assert page.evaluate("navkitPage.app.screen") == "walk"
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            shoot(page, f"emergency-{width}")
            over = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(over) <= 0
        for language in languages():
            page.evaluate(f"navkitPage.app.set('ui', '{language}')")
            expect(page.locator("main h1")).to_have_text(words(language)["emergency"]["title"])
            for theme in ("light", "dark", "contrast"):
                page.evaluate(f"navkitPage.app.set('theme', '{theme}')")
                if AXE.exists():
                    page.evaluate(AXE.read_text(encoding="utf-8"))
                    assert barriers(page, theme) == []
        letters = "parseFloat(getComputedStyle(document.querySelector('.emergency p')).fontSize)"
        assert page.evaluate(letters) >= 28
        page.evaluate("navkitPage.app.set('ui', 'zh-Hans'); navkitPage.app.set('theme', 'light')")
        page.go_back()
        page.wait_for_timeout(300)
        stopped(page)

        declare(region, "")
        pass_time(page, 61)

        assert page.locator(".now").inner_text() == before
        expect(page.locator(".news[role=alert]")).to_contain_text("医院已解除紧急通知")
        expect(page.locator("#live")).to_have_text("")
        shoot(page, "emergency-over")
        page.locator("#next").click()
        expect(page.locator(".news")).to_have_count(0)


def test_who_opens_the_page_for_the_first_time_sees_the_emergency_before_the_map_is_there(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    declare(region)
    with region.served() as url, browser(playwright, tmp_path / "phone") as context:
        page = context.pages[0]
        page.clock.install(time=NOW)
        page.route("**/bundle/*", lambda route: None)
        page.goto(url)

        stopped(page)
        assert page.evaluate("window.navkitPage === undefined")
        page.unroute("**/bundle/*")
        page.reload()
        until(page, "Boolean(window.navkitPage)")
        stopped(page)


def test_an_emergency_is_kept_without_a_network_and_lets_one_go_on_after_hours_with_a_warning(
    playwright: Playwright, region: Region, tmp_path: Path
) -> None:
    phone = tmp_path / "phone"
    with region.served() as url, opened(playwright, url, phone) as page:
        page.evaluate("navigator.serviceWorker.ready")
        page.evaluate(f"navkitPage.app.open('{BY_LIFT}')")
        declare(region)
        pass_time(page, 61)
        stopped(page)

    with browser(playwright, phone, offline=True) as context:
        page = context.pages[0]
        page.clock.set_fixed_time(NOW + timedelta(minutes=63))
        page.goto(url)
        until(page, "Boolean(window.navkitPage)")
        stopped(page)
        expect(page.locator(".unheard")).to_contain_text("1小时没有收到新消息")
        expect(page.locator("main button")).to_have_count(0)
        shoot(page, "emergency-unheard")

        page.clock.set_fixed_time(NOW + timedelta(hours=4, minutes=3))
        page.reload()
        until(page, "Boolean(window.navkitPage)")
        stopped(page)
        expect(page.locator(".unheard")).to_contain_text("4小时没有收到新消息")
        shoot(page, "emergency-go-on")
        page.locator("#go-on").click()
        expect(page.locator(".news.unsure")).to_contain_text("还没有收到解除的消息")
        assert page.evaluate("navkitPage.app.view().screen") == "route"
        shoot(page, "emergency-unsure")
        page.reload()
        until(page, "Boolean(window.navkitPage)")
        expect(page.locator(".news.unsure")).to_have_count(1)

    region.now = NOW + timedelta(hours=5)
    region.do(trust.tick)
    with region.served() as url2, opened(playwright, url2, phone, region.now) as page:
        stopped(page)
    assert OWN["staff"] == "请听从工作人员安排。"
