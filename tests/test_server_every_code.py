"""Every finding that a build gives is made by an upload, answered where it is seen, and gone from
the next build. Pages are read and sent as they are: what they do not offer cannot be done.

Builds run in this process, within the limits of the bad files: tests/test_server_building.py and
tests/test_apart.py are about the processes in which they run.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from browsing import Browser, Link, Page
from clinic import House, deed, new_house
from conftest import REST
from every_code import (
    AT_ONCE,
    CASES,
    GOOD_DRAWING,
    MACHINE,
    PAINTED,
    REFUSED,
    SMALLER,
    UNREADABLE_PICTURES,
    Case,
    File,
)

from floorplans import reading
from floorplans.limits import LIMITS, Limits
from navkit.plan.plan import Plan
from navkit.words.findings import Finding, PlanError
from navkit.words.languages import words
from server.builds import answers, building, jobs, mending
from server.data.files import Files
from server.data.rows import Rows
from server.machine.worker import Worker, now_ms
from server.pages import sources
from server.press import publishing
from server.words.saying import say

WHY = "somebody has looked at it"
TAG = "zh-Hans"


class InThisProcess(Worker):
    """Builds without a child."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder)
        self._files = Files(folder)

    def _build(self, rows: Rows, job: jobs.Job, folder: Path) -> None:
        asked = json.dumps(job.request, sort_keys=True)
        if asked not in _built:
            made = building.outcome(
                lambda: building.build(self._files, folder, job.request, lambda text: None), 2**32
            )
            if "refused" in made:
                jobs.end(rows, now_ms(), self._name, job.id, "failed", made["refused"])
                return
            _built[asked] = made["made"]
        jobs.end(rows, now_ms(), self._name, job.id, "done", _built[asked])


_built: dict[str, Any] = {}
"""By request what was made: what is uploaded in its place is the same in most tests."""


def _trouble(page: str) -> list[str]:
    """What a page says that did not work."""
    return [
        " ".join(one.split()) for one in re.findall(r'class="trouble[^>]*>(.*?)</p>', page, re.S)
    ]


@dataclass
class Desk:
    """Somebody at the console of one hospital."""

    house: House
    browser: Browser
    hospital: str
    job: int = 0
    worker: Worker = field(init=False)
    sent: list[tuple[Any, ...]] = field(default_factory=list)
    """What was uploaded."""

    def __post_init__(self) -> None:
        who = deed(self.house.rows, now_ms(), "admin", self.hospital)
        publishing.add_hospital(who, {"en": "A clinic"}, "Asia/Shanghai", "")
        settings = self.house.settings
        self.worker = InThisProcess(settings.address, settings.folder)

    @property
    def path(self) -> str:
        return f"/hospitals/{self.hospital}"

    def upload(self, kind: str, *files: tuple[str, bytes]) -> None:
        """By the form of the hospital's page; what is asked before it is put in is answered."""
        self.sent.append((kind, *files))
        page = self.browser.get(self.path)
        answer = self.browser.sent(page.form(ends="/sources", kind=kind), files=files)
        if answer.status_code == 200:
            asked = Page(answer.text, page.path).form(ends="/replace")
            answer = self.browser.sent(asked, ("how", "mine"))
        assert answer.status_code == 303, _trouble(answer.text)

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


NewDesk = Callable[[Limits], Desk]


@pytest.fixture(scope="module")
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDesk]:
    house = new_house(tmp_path_factory.mktemp("codes") / "data").hire()
    browser, numbers = Browser(house.clerk("editor")), count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "upload_limit", lambda: None)

        def sit_down(limits: Limits) -> Desk:
            patch.setattr(building, "read_apart", lambda paths: reading.read(paths, limits))
            return Desk(house, browser, f"clinic-{next(numbers)}")

        yield sit_down


SAMPLED = 3
"""Of so many cases one is tried in every run."""


def sampled(cases: Iterable[str]) -> list[Any]:
    return [
        pytest.param(case, marks=REST if number % SAMPLED or case in PICTURES else ())
        for number, case in enumerate(cases)
    ]


PICTURES = frozenset([*PAINTED, *UNREADABLE_PICTURES])
"""They are read in seconds, by what not every installation has."""


def _needs_eyes(name: str) -> None:
    if name in PICTURES:
        pytest.importorskip("rapidocr", reason="navkit[pictures] is not installed")


# ------------------------------------------------------------------- the table


def test_every_code_that_a_build_gives_has_a_case() -> None:
    tried = {
        *REFUSED,
        *UNREADABLE_PICTURES,
        *AT_ONCE,
        *MACHINE,
        *(code for case in CASES.values() for code in case.codes),
    }

    assert tried == set(answers.known())


# ------------------------------------------------------------------- what is read


@pytest.mark.parametrize("name", sampled(CASES))
def test_a_finding_is_answered_on_its_card_and_gone(
    name: str, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _needs_eyes(name)
    case = CASES[name]
    desk = new_desk(case.limits)
    _found_in_one_build(case, desk, monkeypatch)
    assert case.codes - desk.codes() == set()
    _every_card_leads_on(desk)

    for code, (kind, said) in case.answers.items():
        _answers(desk, code, kind, said)
    accepted = _accepts(desk, case)
    if accepted or case.answers:
        desk.built()
        assert (accepted | case.answers.keys()) & desk.codes() == set()
        _what_is_so_is_told(desk, accepted)

    rest = case.codes - accepted - case.answers.keys()
    if rest:
        left = [one for one in desk.work()["causes"] if _codes(one) & rest]
        cause = next((one for one in left if "file" in one["answers"]), None)
        assert cause, [(one["keys"], one["answers"]) for one in left]
        _replaces(desk, desk.card(cause["id"]).on_card(cause["id"]), case.better)
        desk.built()
    assert case.codes & desk.codes() == set()


def _found_in_one_build(case: Case, desk: Desk, patch: pytest.MonkeyPatch) -> None:
    """What a case uploads is built; what no small file says is added to it."""
    for kind, *file in case.before:
        desk.upload(kind, *file)
    if case.before:
        desk.built()
    for kind, *file in case.sources:
        desk.upload(kind, *file)

    file = case.sources[0][1][0]

    def found(paths: Sequence[Path]) -> tuple[Plan, ...]:
        first, *others = reading.read(paths, case.limits)
        here = case.found if file in {path.name for path in paths} else ()
        told = (Finding(one, file, _slot_words(one)) for one in here)
        return replace(first, findings=(*first.findings, *told)), *others

    if case.found:
        patch.setattr(building, "read_apart", found)
    desk.built()


def _slot_words(code: str) -> dict[str, str]:
    return dict.fromkeys(_slots(code), "1")


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


def _answers(desk: Desk, code: str, kind: str, said: Mapping[str, Any]) -> None:
    """Every cause with a code, by the link or the button of its card."""
    for cause in desk.work()["causes"]:
        if code not in _codes(cause):
            continue
        page, card = desk.card(cause["id"]), cause["id"]
        if kind == "offer":
            desk.browser.send(page.form(within=card, ends="/answer"))
            continue
        called = say(TAG, answers.called(code, kind))
        (link,) = [one for one in page.on_card(card) if one.text == called]
        shown, typed = desk.browser.get(link.to), dict(said)
        if kind == "row":
            _writes_row(desk, shown)
        elif kind == "correction":
            desk.browser.send(shown.form(ends="/remove"))
        else:
            if "thing" in typed:
                chooser = next(f for f in shown.forms if f.shows(do=kind) and f.method == "get")
                shown = desk.browser.choose(chooser, thing=typed.pop("thing"))
            desk.browser.send(shown.form(ends="/corrections", do=kind), **typed)


def _writes_row(desk: Desk, page: Page) -> None:
    """A row in which nothing is wrong, by its form."""
    form = next(one for one in page.forms if "cell" in one.fields)
    number = re.findall(r"\d+", page.path)[-1]
    said = {"名称": f"科室{number}", "房间": "114", "编号": f"d{number}"}
    table = next(file for kind, *files in desk.sent if kind == "directory" for _, file in files)
    headings = table.decode().partition("\n")[0].split(",")
    desk.browser.send(form, cell=[said.get(name, "") for name in headings])


def _accepts(desk: Desk, case: Case) -> set[str]:
    """Says of what may be so that it is so, each on its card; returns the codes."""
    found: set[str] = set()
    mended: set[str] = set()
    for cause in desk.work()["causes"]:
        if not _codes(cause) & case.codes - case.answers.keys():
            continue
        page, card = desk.card(cause["id"]), cause["id"]
        forms = [f for f in page.forms if f.within == card and f.action.endswith("/accept")]
        if forms:
            desk.browser.send(forms[0], why=WHY)
            found |= _codes(cause)
        else:
            mended |= _codes(cause)
    return (found & case.codes) - mended


def _replaces(desk: Desk, links: Sequence[Link], better: File = GOOD_DRAWING) -> None:
    """Another file, by the form to which a link leads."""
    called = say(TAG, "answer-file")
    link = next((one for one in links if one.text == called), None)
    assert link, [one.text for one in links]
    page = desk.browser.get(link.to)
    form = next(one for one in page.forms if one.files and one.shows(kind="drawing"))
    desk.browser.send(form, files=[better])


def _what_is_so_is_told(desk: Desk, codes: set[str]) -> None:
    """On the page of the build, with who, when and why, and a button that takes it back."""
    accepted = desk.work()["accepted"]
    assert {one["code"] for one in accepted} >= codes
    page = desk.page()
    back = [form for form in page.forms if form.action.endswith("/worklist/back")]
    assert len(back) == len(accepted)
    assert page.words[""].count(f"“{WHY}” （editor，20") == len(accepted)


# ------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("code", sampled([*REFUSED, *UNREADABLE_PICTURES]))
def test_a_file_that_cannot_be_read_is_replaced_where_that_is_told(
    code: str, new_desk: NewDesk
) -> None:
    _needs_eyes(code)
    desk = new_desk(SMALLER if code in REFUSED else LIMITS)
    desk.upload("drawing", *(REFUSED.get(code) or UNREADABLE_PICTURES[code]()))
    found = desk.build()
    assert (found.state, found.result["code"]) == ("failed", code)
    page = desk.page()
    assert 'role="alert"' in page.html

    _replaces(desk, page.links)

    desk.built()
    assert code not in desk.codes()


@pytest.mark.parametrize("code", sampled(sorted(MACHINE)))
def test_a_build_that_a_machine_ends_says_so_and_leads_on(
    code: str, new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end itself is made here: which fault brings it about, tests/test_apart.py and
    tests/test_server_faults.py tell."""
    desk = new_desk(SMALLER)
    desk.upload("drawing", (f"{code}.geojson", GOOD_DRAWING[1]))

    def end(paths: Sequence[Path]) -> None:
        raise PlanError(code, paths[0].name, **_slot_words(code))

    with monkeypatch.context() as patch:
        patch.setattr(building, "read_apart", end)
        found = desk.build()
    assert (found.state, found.result["code"]) == ("failed", code)
    assert 'role="alert"' in desk.page().html

    _replaces(desk, desk.page().links)

    assert desk.built().state == "done"


def _slots(code: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", words(TAG, "findings")[code])


@pytest.mark.parametrize("code", AT_ONCE)
def test_what_is_told_of_an_upload_at_once_says_what_to_do_next(
    code: str, new_desk: NewDesk
) -> None:
    desk = new_desk(SMALLER)
    kind, file = AT_ONCE[code]
    page = desk.browser.get(desk.path)

    answer = desk.browser.sent(page.form(ends="/sources", kind=kind), files=[file])

    sentence = re.split(r"\{\w+\}", words(TAG, "findings")[code])
    shown = html.unescape(desk.browser.followed(answer).html)
    assert all(part in shown for part in sentence), (sentence, _trouble(shown))


def test_a_build_of_no_drawing_is_refused_where_it_is_pressed(new_desk: NewDesk) -> None:
    desk = new_desk(SMALLER)
    kind, file = AT_ONCE["directory-sheets"]
    desk.upload(kind, file)

    page = desk.browser.get(desk.path)
    answer = desk.browser.sent(page.form(ends="/builds"))

    shown = Page(answer.text, page.path)
    assert words(TAG, "findings")["nothing-given"] in html.unescape(shown.html)
    assert any(form.shows(kind="drawing") and form.files for form in shown.forms)
