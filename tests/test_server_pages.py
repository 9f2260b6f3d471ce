"""The console in a browser: every page at a phone's and a desk's width, accessible."""

import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from clinic import DIRECTORY, HOSPITAL, PASSWORD, House, drawing, new_house
from conftest import REST
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from served import beside

from server.builds import drafts
from server.machine.worker import Worker, now_ms
from server.press import reports
from server.words.saying import say

CHROMIUM = shutil.which("chromium") or ""
ROOT = Path(__file__).parents[1]
SCREENS = ROOT / "out" / "screens" / "console"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = {375: 667, 1280: 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MEASURED = ["color-contrast", "scrollable-region-focusable", "target-size"]
"""Rules of axe that ask where things are. The others see the same at every width, since no style of
the console depends on it."""

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]

BASE = f"/hospitals/{HOSPITAL}"
PAGES = {
    "overview": "/",
    "hospital": BASE,
    "directory": f"{BASE}/directory",
    "directory-understood": f"{BASE}/directory/understood",
    "directory-row": f"{BASE}/directory/0",
    "directory-new": f"{BASE}/directory/new?place=1F-04",
    "directory-row-removing": f"{BASE}/directory/0/remove",
    "directory-history": f"{BASE}/directory/history",
    "directory-drawn": f"{BASE}/directory/drawn",
    "corrections": f"{BASE}/corrections",
    "build": f"{BASE}/builds/2",
    "failed": f"{BASE}/builds/3",
    "waiting": f"{BASE}/builds/4",
    "level": f"{BASE}/builds/2/levels/1F?thing=1F-03",
    "level-door": f"{BASE}/builds/2/levels/2F?thing=2F-03-D",
    "worklist": f"{BASE}/builds/2/worklist",
    "mapping": f"{BASE}/mapping",
    "replacing": f"{BASE}/sources/drawing/plan.geojson/replacing",
    "draw": f"{BASE}/builds/2/levels/2F/draw",
    "floors": f"{BASE}/floors",
    "codes": f"{BASE}/codes",
    "walks": f"{BASE}/walks",
    "walk": f"{BASE}/walk?goal=2F-03&step=1",
    "slips": f"{BASE}/slips",
    "slip": f"{BASE}/slips/1F-03",
    "reports": f"{BASE}/reports",
    "description": f"{BASE}/description",
    "history": f"{BASE}/history",
    "versions": f"{BASE}/sources/drawing/plan.geojson/versions",
    "version": f"{BASE}/sources/drawing/plan.geojson/versions/1",
    "on-map": f"{BASE}/sources/drawing/plan.geojson/versions/1/map",
    "removing": f"{BASE}/sources/drawing/plan.geojson/remove",
    "draft": f"{BASE}/history/1/draft",
    "desk": f"{BASE}/desk?q=101",
    "closing": f"{BASE}/desk/S",
    "closing-again": f"{BASE}/desk/L",
    "closing-several": f"{BASE}/close?target=L&target=S",
    "effects": f"{BASE}/close/effects?target=S",
    "desk-map": f"{BASE}/desk-map/1F?target=L",
    "people": "/people",
    "log": "/log",
    "account": "/account",
    "password": "/account/password",
    "trouble": "/nowhere",
}
"""Every page that is asked for by its address; signing in and a conflict come apart."""

SMALL = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
  e.tagName !== 'OPTION' && e.tagName !== 'OPTGROUP' && !e.closest('svg') &&
  parseFloat(getComputedStyle(e).fontSize) < 14).map(e => 'small: ' + e.outerHTML.slice(0, 80))"""
TARGETS = """() => [...document.querySelectorAll('button, select, summary, input')]
  .filter(e => e.type !== 'hidden').filter(e => e.checkVisibility()).filter(e => {
    const isTick = ['checkbox', 'radio'].includes(e.type);
    const box = (isTick ? e.closest('label') : e).getBoundingClientRect();
    return box.height < 44 || box.width < 44; }).map(e => 'target: ' + e.outerHTML.slice(0, 80))"""
QUERIES = re.compile(r"@(?:media|container)[^{]*\b")
WIDER = "() => document.documentElement.scrollWidth > innerWidth ? ['wider than the screen'] : []"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic in the middle of everything: published, a second build, a proposal, a closure."""
    made = new_house(tmp_path_factory.mktemp("pages") / "data").hire()
    code = {"do": "add-anchor", "id": "code", "code": "H1-7", "space": "1F-C", "point": [20, 6.5]}
    made.clerk("editor").upload("corrections", "c.json", drafts.corrections_file([code]))
    made.publish(made.build())
    made.clerk("desk").post(f"{BASE}/desk/L", because="out-of-order")
    found_wrong(made)
    changes = [code, {"do": "rename", "id": "1F-03", "names": {"en": "X-ray"}, "why": "asked for"}]
    made.clerk("editor").upload("corrections", "c.json", drafts.corrections_file(changes))
    second = made.build(plan=drawing(whole=False, staff=["1F-02"]))
    assert second == 2
    made.build(plan=b'{"type": "FeatureCollection", "features": [NaN]}')
    editor = made.clerk("editor")
    page = editor.get(f"{BASE}/builds/2").text
    seen = [d for d in ("errors", "lost-places", "lost-ways", "opened") if f'value="{d}"' in page]
    editor.post(f"{BASE}/builds/2/propose", seen=seen, note="please look at the lift")
    editor.upload("drawing", "plan.geojson", drawing(staff=["1F-09"]))
    editor.post(f"{BASE}/builds")
    index = made.job(1).result["parts"][0][2]
    for number, told in enumerate(["右转。", "往前走约20米，1号电梯在您左手边。"]):
        reports.add(made.rows, now_ms(), HOSPITAL, {
            "id": f"{number:032x}", "bundle": index[:8], "level": "1F", "from": [14, 10],
            "to": [20, 6], "text": told, "language": "zh-Hans", "profile": "wheelchair",
        })  # fmt: skip
    return made


def found_wrong(made: House) -> None:
    """Somebody walks a route and takes a photo of what is wrong."""
    desk, taken = made.clerk("desk"), io.BytesIO()
    fields = dict(
        re.findall(r'name="(goal|step|hash)" value="([^"]*)"', desk.get(PAGES["walk"]).text)
    )
    Image.effect_noise((640, 480), 80).convert("RGB").save(taken, "JPEG")
    photo = (io.BytesIO(taken.getvalue()), "photo.jpg")
    sent = {"verdict": "wrong", "remark": "a new wall", "file": photo, **fields}
    assert desk.post(f"{BASE}/walk", **sent).status_code == 303


@pytest.fixture(scope="module")
def url(house: House) -> Iterator[str]:
    with beside(house.app) as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield found
    found.close()


def opened(browser: Browser, width: int, **said: Any) -> Page:
    size = {"width": width, "height": WIDTHS[width]}
    page = browser.new_context(viewport=size, locale="zh-CN", **said).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")


def barriers(page: Page, name: str, rules: list[str] = TAGS) -> list[Any]:
    """What stands in somebody's way; every fold of the page is open while it is looked at."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    SCREENS.mkdir(parents=True, exist_ok=True)
    width = (page.viewport_size or {"width": 0})["width"]
    page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=True)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(rules)}}})")
    return [
        *((one["id"], [n["html"][:120] for n in one["nodes"]][:3]) for one in found["violations"]),
        *(told for check in (SMALL, TARGETS, WIDER) for told in page.evaluate(check)),
    ]


def at_both_widths(page: Page, name: str, rules_at_a_desk: list[str]) -> list[Any]:
    """What stands in somebody's way on a phone and, on the same page, at a desk."""
    found = []
    for rules, (width, height) in zip((TAGS, rules_at_a_desk), WIDTHS.items(), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        found += barriers(page, name, rules)
    return found


def conflict(page: Page, url: str, house: House) -> None:
    """Somebody else uploads a directory while this one looks for hers."""
    page.goto(url + BASE)
    house.app.extensions["navkit-limits"].reset()
    now = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    theirs = house.settings.press.files.read(now.sha256) + "骨科,,102,,\n".encode()
    assert house.clerk("editor").upload("directory", "directory.csv", theirs).status_code == 303
    form = page.locator("form", has=page.locator("input[name=kind][value=directory]"))
    mine = DIRECTORY + "皮肤科,Dermatology,108,,\n".encode()
    file = {"name": "directory.csv", "mimeType": "text/csv", "buffer": mine}
    form.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("皮肤科")
    expect(page.locator("main")).to_contain_text("骨科")


@pytest.mark.parametrize(
    "rules", [MEASURED, pytest.param(TAGS, marks=REST)], ids=["measured", "all"]
)
def test_nothing_stands_in_anybodys_way(
    browser: Browser, url: str, house: House, rules: list[str]
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    page = opened(browser, 375)
    page.goto(f"{url}/sign-in")
    found = {"sign-in": at_both_widths(page, "sign-in", rules)}
    sign_in(page, url, "admin")
    for name, path in PAGES.items():
        page.goto(url + path)
        found[name] = at_both_widths(page, name, rules)
    conflict(page, url, house)
    found["conflict"] = at_both_widths(page, "conflict", rules)

    assert {name: told for name, told in found.items() if told} == {}


def test_no_style_depends_on_a_width() -> None:
    """Else all rules of axe were to be asked at every width."""
    styles = (ROOT / "server" / "pages" / "static").glob("*.css")

    assert [found for file in styles for found in QUERIES.findall(file.read_text("utf-8"))] == [
        "@media print"
    ]


@pytest.mark.parametrize(("width", "name"), [(375, "auditor"), (1280, "second")])
def test_a_second_factor_is_set_up_and_shown_in_a_browser(
    browser: Browser, url: str, width: int, name: str
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci")
    page = opened(browser, width)
    sign_in(page, url, name)
    page.goto(f"{url}/account/factor")
    page.get_by_role("button", name=say("zh-Hans", "begin-factor")).click()
    found = {"factor": barriers(page, "factor")}
    secret = page.locator("main .code").inner_text()
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.fill("[name=old]", PASSWORD)
    page.get_by_role("button", name=say("zh-Hans", "factor-confirm")).click()
    expect(page.locator(".codes li")).to_have_count(10)
    found["recovery"] = barriers(page, "recovery")
    paper = page.locator(".codes li").first.inner_text()
    page.get_by_role("button", name=say("zh-Hans", "sign-out")).click()

    sign_in(page, url, name)
    expect(page.locator("h1")).to_have_text(say("zh-Hans", "code"))
    found["code"] = barriers(page, "code")
    page.fill("[name=code]", paper)
    page.click("main button")
    page.goto(f"{url}/account")
    expect(page.locator("main")).to_contain_text(say("zh-Hans", "factor-on", count=9))
    found["account-with-factor"] = barriers(page, "account-with-factor")

    assert {name: told for name, told in found.items() if told} == {}


def test_a_build_is_followed_as_it_goes(browser: Browser, url: str, house: House) -> None:
    """The page asks how far it has come, and turns into the review by itself."""
    page = opened(browser, 1280)
    sign_in(page, url, "editor")
    page.goto(f"{url}{BASE}/builds/4")
    expect(page.locator("#progress")).to_have_text(say("zh-Hans", "state-waiting"))
    worker = Worker(house.settings.address, house.settings.folder)
    worker.start()

    expect(page.locator("h1")).to_have_text(say("zh-Hans", "review-of", number=4), timeout=180_000)
    worker.stop()


def test_a_lift_is_closed_with_two_taps_on_a_phone_without_a_script(
    browser: Browser, url: str
) -> None:
    page = opened(browser, 375, java_script_enabled=False, has_touch=True)
    sign_in(page, url, "desk")
    page.goto(f"{url}{BASE}/desk")
    page.get_by_role("button", name=say("zh-Hans", "reopen")).first.tap()
    lift = page.locator("a.button").first
    expect(lift).to_contain_text("1号电梯")

    lift.tap()
    page.get_by_role("button", name=say("zh-Hans", "because-maintenance")).tap()

    expect(page.locator(".shut")).to_contain_text("1号电梯")
    expect(page.locator(".shut")).to_contain_text(say("zh-Hans", "because-maintenance"))


def test_a_cell_is_changed_in_the_table_and_hours_are_echoed_by_the_keyboard_alone(
    browser: Browser, url: str, house: House
) -> None:
    page = opened(browser, 1280)
    sign_in(page, url, "editor")
    page.goto(f"{url}{BASE}/directory")
    page.locator("#rows td[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("看情况")
    page.keyboard.press("Enter")
    # Refused: what was typed is still there, and the message.
    expect(page.locator("#cell-told")).to_contain_text("看情况")
    expect(page.locator("#rows td input")).to_have_value("看情况")
    page.keyboard.press("Control+A")
    page.keyboard.type("周一至周五 8:00-12:00")
    page.keyboard.press("Enter")
    # What was read is said in words, under the row's name.
    told = "已保存：眼科。 开放时间：周一至周五 08:00–12:00。"
    expect(page.locator("#cell-told")).to_have_text(told)
    assert barriers(page, "directory-grid") == []
    now = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    table = drafts.table_of(house.settings.press.files.read(now.sha256))
    assert table.rows[1][3] == "周一至周五 8:00-12:00"

    page.goto(f"{url}{BASE}/directory/0")
    hours = page.locator("[name=cell]").nth(3)
    hours.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("周六日 9：00–17：00")
    expect(page.locator("#meaning")).to_contain_text("周六、周日 09:00–17:00")
    expect(page.locator(".week .open")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.locator(".done").first).to_have_text(say("zh-Hans", "saved"))


def test_a_code_is_scanned_with_the_camera_where_the_browser_reads_it(
    browser: Browser, url: str, house: House
) -> None:
    reads = """(() => {
      window.BarcodeDetector = class {
        static async getSupportedFormats() { return ['qr_code']; }
        async detect() { return [{ rawValue: 'https://maps.example/#a=H1-7' }]; }
      };
      navigator.mediaDevices.getUserMedia = async () => {
        const canvas = document.createElement('canvas');
        const pen = canvas.getContext('2d');
        setInterval(() => { pen.fillRect(0, 0, 9, 9); }, 50);
        return canvas.captureStream(20);
      };
    })()"""
    plain = opened(browser, 375)
    plain.add_init_script("delete window.BarcodeDetector")
    sign_in(plain, url, "desk")
    plain.goto(f"{url}{BASE}/walks")
    expect(plain.locator("#scan-hint")).to_be_visible()
    expect(plain.locator("#scan-camera")).to_be_hidden()
    page = opened(browser, 375)
    page.add_init_script(reads)
    sign_in(page, url, "desk")
    page.goto(f"{url}{BASE}/walks")

    page.locator("#scan-camera").click()

    expect(page.locator("[role=status]").first).to_contain_text("H1-7")
    assert [row["code"] for row in house.rows.all("SELECT * FROM scans")] == ["code"]


def test_a_room_is_chosen_by_a_click_on_the_map(browser: Browser, url: str) -> None:
    page = opened(browser, 1280)
    sign_in(page, url, "editor")
    page.goto(f"{url}{BASE}/builds/2/levels/1F")
    page.locator("path.spot").filter(has=page.locator("title", has_text="103")).click()

    expect(page.locator("h3")).to_contain_text("103")
    assert page.locator("select[name=thing]").input_value() == "1F-03"
    # Its middle was clicked: the room is drawn from (12, 8) to (18, 13).
    clicked = [float(page.locator(f"[name={name}]").first.input_value()) for name in ("x", "y")]
    assert clicked == pytest.approx([15, 10.5], abs=0.2)


def test_the_preview_finds_a_way(browser: Browser, url: str) -> None:
    """The page itself runs on the draft's bundle, and nothing of it is refused by its rules."""
    page = opened(browser, 375)
    refused: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Policy" in line.text else None)
    sign_in(page, url, "viewer")
    page.goto(f"{url}{BASE}/builds/2/preview/")
    page.fill("#search", "205")
    expect(page.locator(".list button").first).to_contain_text("眼科")

    assert refused == []


def test_the_preview_at_a_date_shows_what_holds_and_is_closed_then(
    browser: Browser, url: str, house: House
) -> None:
    year = datetime.now().year + 1
    asked = {"because": "maintenance", "start": f"{year}-03-01T00:00", "end": f"{year}-04-01"}
    assert house.clerk("desk").post(f"{BASE}/desk/S", **asked).status_code == 303
    page = opened(browser, 375)
    sign_in(page, url, "viewer")
    for at, is_shut in ((f"{year}-02-28T23:59", False), (f"{year}-03-01T00:00", True)):
        page.goto(f"{url}{BASE}/builds/2/preview/?at={at}#from=E&to=2F-14")
        expect(page.locator("#draft")).to_contain_text(at.replace("T", " "))
        expect(page.locator("h1")).to_be_visible()
        # What is closed is fetched once the map is there.
        page.wait_for_load_state("networkidle")
        shown = expect(page.locator("main"))
        (shown.to_contain_text if is_shut else shown.not_to_contain_text)("东楼梯暂停使用")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_preview_says_on_every_screen_that_it_is_a_draft(
    browser: Browser, url: str, width: int
) -> None:
    """No service worker, nothing stored, no word about a date or working offline."""
    page = opened(browser, width)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    sign_in(page, url, "viewer")
    page.goto(f"{url}{BASE}/builds/2/preview/")
    seen = []

    def look() -> None:
        expect(page.locator("#draft")).to_have_text("草稿预览 · 未发布 · 第 2 次生成")
        expect(page.locator("#draft")).to_be_in_viewport()
        seen.append(page.locator("body").inner_text())
        page.screenshot(path=SCREENS / f"preview-{len(seen)}-{width}.png")

    page.fill("#search", "205")
    expect(page.locator(".list button").first).to_contain_text("眼科")
    look()
    page.locator(".list button").first.click()
    look()
    page.get_by_role("button", name="设置").first.click()
    expect(page.locator("#settings")).to_be_visible()
    seen.append(page.locator("#settings").inner_text())

    for text in seen:
        for said in ("离线使用", "今天发布", "下载", "版本"):
            assert said not in text.replace("离线使用时", ""), text
    assert not any(one.endswith("/sw.js") for one in asked)
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert page.evaluate("indexedDB.databases().then(all => all.length)") == 0
    page.reload()
    expect(page.locator("#draft")).to_be_visible()


def test_a_page_for_patients_says_nothing_of_drafts(browser: Browser, url: str) -> None:
    page = opened(browser, 375)
    page.goto(f"{url}/h/{HOSPITAL}/")
    page.fill("#search", "205")
    expect(page.locator(".list button").first).to_contain_text("眼科")

    assert page.locator("#draft").count() == 0
