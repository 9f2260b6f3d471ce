"""Browsers that need room evict files without notice: missing files are restored automatically."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clinic import drawing
from hosting import Host
from playwright.sync_api import Page, Playwright, sync_playwright
from test_page import CHROMIUM, READY, browser, until

from exporter.bundle.bundle import make_bundle
from exporter.site.site import site, write_site
from exporter.words.screen_words import screen_words
from floorplans.reading import read
from navkit.guide import Guide
from navkit.venue.join import join
from navkit.words.languages import languages

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

KEPT = "navigator.serviceWorker.ready.then((one) => Boolean(one.active))"
NAMES = """async () => {
  const [key] = await caches.keys();
  const cache = await caches.open(key);
  return (await cache.keys()).map((one) => new URL(one.url).pathname.slice(1)).sort();
}"""
EVICT = """async (names) => {
  const [key] = await caches.keys();
  const cache = await caches.open(key);
  for (const name of names) if (!(await cache.delete(name))) throw new Error(name);
}"""
STORED = """async (names) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('navkit /');
  asked.onerror = reject;
  asked.onsuccess = () => {
    const work = asked.result.transaction('files', 'readwrite');
    const all = work.objectStore('files').getAllKeys();
    names.forEach((name) => work.objectStore('files').delete(name));
    work.oncomplete = () => { asked.result.close(); resolve(all.result); };
  };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("evicted")
    (place / "plan.geojson").write_bytes(drawing())
    guide = Guide(join(read([place / "plan.geojson"]), None, ()))
    write_site(site(make_bundle(guide, languages()), date(2026, 3, 2)), place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture
def visited(playwright: Playwright, folder: Path, tmp_path: Path) -> Iterator[tuple[Page, Host]]:
    """A page that was installed whole, and its host."""
    host = Host(folder)
    with browser(playwright, tmp_path / "profile") as context:
        page = context.pages[0]
        page.goto(host.url)
        until(page, READY)
        page.evaluate(KEPT)
        page.reload()
        until(page, READY)
        yield page, host
    host.stop()


def until_kept(page: Page, names: Sequence[str]) -> None:
    for _ in range(100):
        if page.evaluate(NAMES) == names:
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.evaluate(NAMES))


@pytest.mark.parametrize(
    "evicted", [["vendor/jsQR.js"], ["page.js", "vendor/qrcode.js"], ["index.html"], []]
)
def test_what_was_evicted_is_back_after_one_visit(
    visited: tuple[Page, Host], evicted: list[str]
) -> None:
    """An empty list is everything."""
    page, host = visited
    whole = page.evaluate(NAMES)
    page.evaluate(EVICT, evicted or whole)
    page.goto("about:blank")

    page.goto(host.url)
    until(page, READY)
    until_kept(page, whole)
    host.stop()
    page.reload()

    until(page, READY)
    assert page.locator("#search").count() == 1


def test_a_page_that_lost_a_part_and_has_no_network_says_so(visited: tuple[Page, Host]) -> None:
    page, host = visited
    whole = page.evaluate(NAMES)
    page.evaluate(EVICT, ["page.js"])
    # A browser's other cache may have it by chance, and is as likely to be emptied.
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    host.stop()

    page.goto(host.url)

    for words in screen_words().values():
        assert words["gone"] in page.inner_text("body")
    host.start()
    page.goto(host.url)
    until(page, READY)
    until_kept(page, whole)


def test_what_is_not_needed_to_start_keeps_nobody_out(visited: tuple[Page, Host]) -> None:
    page, host = visited
    page.evaluate(EVICT, ["vendor/jsQR.js"])
    host.stop()

    page.reload()

    until(page, READY)


def test_files_of_the_map_that_are_gone_come_back(visited: tuple[Page, Host]) -> None:
    page, host = visited
    whole: list[Any] = page.evaluate(STORED, [])
    gone = [name for name in whole if name.startswith(("search", "level"))]
    page.evaluate(STORED, gone)
    page.goto("about:blank")

    page.goto(host.url)
    until(page, READY)

    assert page.evaluate(STORED, []) == whole
