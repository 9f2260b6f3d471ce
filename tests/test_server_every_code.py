"""Every finding that a build gives is made by an upload, answered where it is seen, and gone from
the next build. Pages are read and sent as they are: what they do not offer cannot be done.

Builds run in this process, within the limits of the bad files: tests/test_server_building.py and
tests/test_apart.py are about the processes in which they run.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, Link, Page
from clinic import House, deed, new_house
from every_code import CASES, GOOD_DRAWING, REFUSED, Case
from test_bad_input import SMALL

from floorplans import reading
from server.builds import answers, building, jobs, mending
from server.data.files import Files
from server.data.rows import Rows
from server.machine.worker import Worker, now_ms
from server.pages import sources
from server.press import publishing
from server.words.saying import say

WHY = "somebody has looked at it"
TAG = "zh-Hans"
SMALLER = replace(SMALL, file_bytes=2**18)
"""Longer uploads are kept on disk, which is none of this."""


class InThisProcess(Worker):
    """Builds without a child."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder)
        self._files = Files(folder)

    def _build(self, rows: Rows, job: jobs.Job, folder: Path) -> None:
        made = building.outcome(
            lambda: building.build(self._files, folder, job.request, lambda text: None), 2**32
        )
        state = "done" if "made" in made else "failed"
        (said,) = made.values()
        jobs.end(rows, now_ms(), self._name, job.id, state, said)


@dataclass
class Desk:
    """Somebody at the console of one hospital."""

    house: House
    browser: Browser
    hospital: str
    job: int = 0
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        who = deed(self.house.rows, now_ms(), "admin", self.hospital)
        publishing.add_hospital(who, {"en": "A clinic"}, "Asia/Shanghai", "")
        settings = self.house.settings
        self.worker = InThisProcess(settings.address, settings.folder)

    @property
    def path(self) -> str:
        return f"/hospitals/{self.hospital}"

    def upload(self, kind: str, *files: tuple[str, bytes]) -> None:
        page = self.browser.get(self.path)
        self.browser.send(page.form(ends="/sources", kind=kind), files=files)

    def build(self) -> jobs.Job:
        """By the button of the worklist, or of the hospital's page."""
        page = self.browser.get(self.path)
        shown = self.browser.send(page.form(ends="/builds"))
        while self.worker.work_once(self.house.rows):
            pass
        self.job = int(shown.path.rpartition("/")[2])
        found = jobs.job(self.house.rows, self.hospital, self.job)
        assert found
        return found

    def built(self) -> jobs.Job:
        found = self.build()
        assert found.state == "done", found.result
        return found

    def page(self, more: str = "") -> Page:
        return self.browser.get(f"{self.path}/builds/{self.job}{more}")

    def work(self) -> dict[str, Any]:
        """The worklist as the build has stored it."""
        found = jobs.job(self.house.rows, self.hospital, self.job)
        assert found
        kept = Files(self.house.settings.folder).read(found.result["worklist"])
        work: dict[str, Any] = json.loads(kept)
        return work

    def codes(self) -> set[str]:
        return {key.partition("|")[0] for key in self.work()["keys"]}

    def cards(self) -> Iterator[Page]:
        """The pages of the worklist."""
        for number in range(1, 2 + self.work()["count"] // 40):
            yield self.page(f"/worklist?page={number}")

    def card(self, cause: str) -> Page:
        """The page of the worklist that has a card."""
        return next(page for page in self.cards() if f'id="{cause}"' in page.html)


@pytest.fixture(scope="module")
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Desk]]:
    house = new_house(tmp_path_factory.mktemp("codes") / "data").hire()
    browser, numbers = Browser(house.clerk("editor")), count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "read_apart", lambda paths: reading.read(paths, SMALLER))
        patch.setattr(sources, "upload_limit", lambda: None)
        yield lambda: Desk(house, browser, f"clinic-{next(numbers)}")


# ------------------------------------------------------------------- what is read


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_answered_on_its_card_and_gone(
    name: str, new_desk: Callable[[], Desk]
) -> None:
    case, desk = CASES[name], new_desk()
    for kind, *file in case.sources:
        desk.upload(kind, *file)
    desk.built()
    assert case.codes - desk.codes() == set()
    _every_card_leads_on(desk)

    accepted = _accepts(desk, case)
    if accepted:
        desk.built()
        assert accepted & desk.codes() == set()
        _what_is_so_is_told(desk, accepted)

    rest = case.codes - accepted
    if rest:
        cause = next(one for one in desk.work()["causes"] if _codes(one) & rest)
        _replaces(desk, desk.card(cause["id"]).on_card(cause["id"]))
        desk.built()
    assert case.codes & desk.codes() == set()


def _every_card_leads_on(desk: Desk) -> None:
    """Each card has an answer, and each link of it opens what it promises."""
    causes = {one["id"]: one for one in desk.work()["causes"]}
    opened: dict[str, Page] = {}
    for page in desk.cards():
        for card in re.findall(r'<article class="cause \w+" id="(\w+)"', page.html):
            cause, links = causes[card], page.on_card(card)
            forms = [one for one in page.forms if one.within == card]
            assert forms or links, cause
            for kind in set(cause["answers"]) - {"propose", "accept"}:
                called = say(TAG, answers.called(cause["code"], kind))
                link = next((one for one in links if one.text == called), None)
                if link is None or link.to in opened:
                    continue
                opened[link.to] = _opens(desk, cause, kind, link.to)


def _opens(desk: Desk, cause: dict[str, Any], kind: str, to: str) -> Page:
    page = desk.browser.get(html.unescape(to))
    if kind in mending.FORMS:
        assert any(form.shows(do=kind) for form in page.forms), (cause, kind, to)
    if kind == "file":
        assert any(form.files for form in page.forms), (cause, to)
    return page


def _codes(cause: dict[str, Any]) -> set[str]:
    return {key.partition("|")[0] for key in cause["keys"]}


def _accepts(desk: Desk, case: Case) -> set[str]:
    """Says of what may be so that it is so, each on its card; returns the codes."""
    found: set[str] = set()
    mended: set[str] = set()
    for cause in desk.work()["causes"]:
        if not _codes(cause) & case.codes:
            continue
        page, card = desk.card(cause["id"]), cause["id"]
        forms = [f for f in page.forms if f.within == card and f.action.endswith("/accept")]
        if forms:
            desk.browser.send(forms[0], why=WHY)
            found |= _codes(cause)
        else:
            mended |= _codes(cause)
    return (found & case.codes) - mended


def _replaces(desk: Desk, links: Sequence[Link]) -> None:
    """Another file, by the form to which a link leads."""
    called = say(TAG, "answer-file")
    (link,) = [one for one in links if one.text == called]
    page = desk.browser.get(link.to)
    form = next(one for one in page.forms if one.files and one.shows(kind="drawing"))
    desk.browser.send(form, files=[GOOD_DRAWING])


def _what_is_so_is_told(desk: Desk, codes: set[str]) -> None:
    """On the page of the build, with who, when and why, and a button that takes it back."""
    accepted = desk.work()["accepted"]
    assert {one["code"] for one in accepted} >= codes
    page = desk.page()
    back = [form for form in page.forms if form.action.endswith("/worklist/back")]
    assert len(back) == len(accepted)
    assert page.words[""].count(f"“{WHY}” （editor，20") == len(accepted)


# ------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("code", REFUSED)
def test_a_file_that_cannot_be_read_is_replaced_where_that_is_told(
    code: str, new_desk: Callable[[], Desk]
) -> None:
    desk = new_desk()
    desk.upload("drawing", REFUSED[code])
    found = desk.build()
    assert (found.state, found.result["code"]) == ("failed", code)
    page = desk.page()
    assert 'role="alert"' in page.html

    _replaces(desk, page.links)

    desk.built()
    assert code not in desk.codes()
