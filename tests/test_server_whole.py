"""From an empty machine to a patient who is guided around a closed lift, using only the screens."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytest.importorskip("tuf", reason="navkit[server] is not installed")

from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright
from test_page import READY, steps, until, words

from navkit.words.languages import languages
from server.words.saying import language_named, say

CHROMIUM = shutil.which("chromium") or ""
SCREENS = Path(__file__).parents[1] / "out" / "screens" / "whole"
NAVKIT = [sys.executable, "-m", "tools.cli"]
HOSPITAL = "renmin"
PASSWORD = "correct horse 7"
PHRASE = "correct horse battery"
PATIENCE_MS = 240_000
CLOSED_WITHIN_S = 60

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]


@dataclass
class Machine:
    """A computer on which nothing of navkit was ever started."""

    data: Path
    port: int
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        said = {"NAVKIT_ADMIN_PASSWORD": PASSWORD}
        said |= {f"NAVKIT_{kind}_PASSPHRASE": PHRASE for kind in ("SAFE", "PUBLISHING")}
        self.environment = {**os.environ, **said}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: object) -> str:
        """A command that ends; what it says."""
        return subprocess.run(
            [*NAVKIT, *map(str, arguments)],
            env=self.environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout

    @contextmanager
    def served(self) -> Iterator[None]:
        # The passphrase of those who publish is typed at the console, and is not the server's.
        environment = {k: v for k, v in self.environment.items() if "PASSPHRASE" not in k}
        process = subprocess.Popen(
            [*NAVKIT, "serve", "--data", str(self.data), "--port", str(self.port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _until_it_answers(f"{self.url}/healthz")
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _until_it_answers(url: str) -> None:
    for _ in range(600):
        try:
            with urlopen(url, timeout=5):
                return
        except URLError:
            time.sleep(0.1)
    raise AssertionError(url)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return Machine(tmp_path / "data", free.getsockname()[1])


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def shoot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def word(key: str, **slots: object) -> str:
    return say("zh-Hans", key, **slots)


def button(within: Page | Locator, key: str, **slots: object) -> Locator:
    return within.get_by_role("button", name=word(key, **slots), exact=True)


def label(within: Page | Locator, key: str, **slots: object) -> Locator:
    return within.get_by_label(word(key, **slots), exact=True)


def signed_in(browser: Browser, machine: Machine, name: str, **said: object) -> Page:
    """Somebody of the staff at a computer of their own."""
    page = browser.new_context(locale="zh-CN", **said).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(60_000)
    page.goto(f"{machine.url}/sign-in")
    label(page, "name").fill(name)
    label(page, "password").fill(PASSWORD)
    button(page.locator("main"), "sign-in").click()
    expect(page.locator("h1")).not_to_have_text(word("sign-in"))
    return page


def until_said(page: Page, address: str, text: str) -> None:
    """Looks again and again, as somebody does who waits for a phone."""
    began_s = time.monotonic()
    while text not in page.goto(address).text():  # type: ignore[union-attr]
        assert time.monotonic() - began_s <= CLOSED_WITHIN_S


def add_hospital_and_people(admin: Page, machine: Machine) -> None:
    label(admin, "hospital-id").fill(HOSPITAL)
    for tag, name in zip(
        languages(), ("人民医院", "人民醫院", "人民醫院", "Renmin Hospital"), strict=True
    ):
        label(admin, "name-in", language=language_named(tag, "zh-Hans")).fill(name)
    button(admin, "add").click()
    expect(admin.locator("h1")).to_have_text("人民医院")
    expect(admin.locator("main .note")).to_contain_text("navkit keys new")
    shoot(admin, "1-empty-hospital")
    for name, role in (("li", "editor"), ("wang", "editor"), ("desk", "duty-desk")):
        admin.goto(f"{machine.url}/people")
        form = admin.locator("form.narrow")
        label(form, "name").fill(name)
        form.locator("[name=role]").select_option(role)
        label(form, "password").fill(PASSWORD)
        button(form, "add").click()
        expect(admin.get_by_role("heading", name=name).first).to_be_visible()


def upload(page: Page, kind: str, *files: Path) -> None:
    form = page.locator("form", has=page.locator(f"input[name=kind][value={kind}]"))
    form.locator("input[type=file]").set_input_files(list(files))
    button(form, "upload").click()
    for name in (file.name for file in files):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def agree(page: Page, key: str) -> None:
    """Tick whatever there is to tick, and say yes."""
    for box in page.locator("input[name=seen]").all():
        box.check()
    button(page, key).click()


@pytest.mark.rest
@pytest.mark.parametrize("without", ["住院楼", ""], ids=["half", "whole"])
def test_from_an_empty_machine_to_a_patient_led_round_a_closed_lift(
    playwright: Playwright, machine: Machine, example_drawings: Path, without: str
) -> None:
    """Nobody goes to the wards here, which are half of the storeys."""
    plans = sorted((example_drawings / "plans").iterdir())
    plans = [plan for plan in plans if not without or not plan.name.startswith(without)]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    with machine.served():
        admin = signed_in(browser, machine, "admin")
        add_hospital_and_people(admin, machine)
        machine.run("keys", "new", machine.data, "--hospital", HOSPITAL)
        li = signed_in(browser, machine, "li")
        build(li, machine, example_drawings, plans)
        publish(signed_in(browser, machine, "wang"), machine)

        # A patient's phone, which has nothing to do with the staff's computers.
        phone = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = phone.new_context(locale="zh-CN", viewport={"width": 375, "height": 667})
        patient = context.new_page()
        lift = find_a_way_offline(patient, machine)
        before = steps(patient)
        report_a_fault(patient)
        assert steps(patient) == before
        desk = signed_in(browser, machine, "desk", viewport={"width": 375, "height": 667})
        close(desk, machine, lift)
        assert steps(patient) == before, "no network, no news"

        context.set_offline(False)
        patient.clock.fast_forward(1_000 * CLOSED_WITHIN_S)
        notice = f"{lift}暂停使用：{word('because-maintenance')}"
        expect(patient.locator("main")).to_contain_text(notice, timeout=10_000)
        after = steps(patient)
        assert after and not any(f"乘{lift}" in text for text in after)
        shoot(patient, "7-led-round")

        until_said(li, f"{machine.url}/hospitals/{HOSPITAL}/reports", before[0])
        shoot(li, "8-reports")
        phone.close()
    browser.close()


def build(li: Page, machine: Machine, drawings: Path, plans: list[Path]) -> None:
    """Upload everything, build, and propose what was built."""
    li.goto(f"{machine.url}/hospitals/{HOSPITAL}")
    expect(li.get_by_text("navkit keys new")).to_have_count(0)
    upload(li, "drawing", *plans)
    upload(li, "directory", drawings / "directory.csv")
    upload(li, "corrections", drawings / "corrections.json")
    shoot(li, "2-uploaded")
    button(li, "build").click()
    review = word("review-of", number=1)
    expect(li.locator("h1")).to_have_text(review, timeout=PATIENCE_MS)
    shoot(li, "3-review")
    expect(li.get_by_role("heading", name=word("golden"))).to_be_visible()
    agree(li, "propose")
    expect(li.locator(".note").last).to_contain_text(word("waits-for-second"))


def publish(wang: Page, machine: Machine) -> None:
    """The second person says yes."""
    wang.goto(f"{machine.url}/hospitals/{HOSPITAL}")
    wang.get_by_role("link", name=word("look-and-decide")).click()
    label(wang, "passphrase").fill(PHRASE)
    agree(wang, "yes-publish")
    expect(wang.get_by_text(word("published-now", version=1))).to_be_visible()
    shoot(wang, "4-published")


def find_a_way_offline(patient: Page, machine: Machine) -> str:
    """A way by wheelchair; the lift that it takes."""
    patient.clock.install()
    patient.goto(f"{machine.url}/h/{HOSPITAL}/")
    until(patient, READY)
    patient.evaluate("navigator.serviceWorker.ready")
    patient.context.set_offline(True)
    patient.reload()
    until(patient, READY)
    expect(patient.locator("#state")).to_contain_text(words()["settings"]["ready"])
    patient.fill("#search", "fsk")
    expect(patient.locator(".list button").first).to_contain_text("放射科")
    patient.evaluate("location.hash = '#from=mz-1F-D-main&to=r-mz-6F-605&p=wheelchair'")
    patient.wait_for_selector(".steps button")
    [lift] = re.findall("乘(\\w+?电梯)", "\n".join(steps(patient)))
    shoot(patient, "5-offline-route")
    return str(lift)


def report_a_fault(patient: Page) -> None:
    """Something is wrong on the way: it is reported once there is a network again."""
    said = words()
    patient.get_by_role("button", name=said["route"]["go"], exact=True).click()
    patient.get_by_role("button", name=said["walk"]["wrong"], exact=True).click()
    expect(patient.get_by_text(said["walk"]["reported"])).to_be_visible()
    patient.locator("header button").first.click()


def close(desk: Page, machine: Machine, lift: str) -> None:
    """The duty desk closes it."""
    desk.goto(f"{machine.url}/hospitals/{HOSPITAL}/desk")
    desk.locator("a.button", has_text=lift).first.click()
    button(desk, "because-maintenance").click()
    expect(desk.locator(".shut")).to_contain_text(lift)
    shoot(desk, "6-closed")
