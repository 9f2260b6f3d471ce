"""What the console tells in words: corrections, findings, cells, waiting proposals, progress."""

import html
import json
import re
from typing import Any

import pytest
from browsing import Browser, Page
from clinic import HOSPITAL, House, new_house
from test_server_worklist import crooked

from navkit.venue import corrections
from server.builds import drafts, jobs
from server.pages import builds
from server.words.saying import book, say

BASE = f"/hospitals/{HOSPITAL}"
TAG = "zh-Hans"
ROWS = "名称,房间,类别,权限\n心内科,101,toilet,staff\n骨科,102,没有的类别,public\n"
CHANGES = [
    {"do": "rename", "id": "1F-03", "names": {"zh-Hans": "新诊室"}},
    {"do": "restrict", "id": "1F-04", "access": "staff"},
    {"do": "set-kind", "id": "1F-05", "kind": "corridor"},
    {"do": "reshape", "id": "1F-06", "outline": [[30, 8], [36, 8], [36, 12], [30, 12]]},
    {"do": "rename", "id": "gone", "names": {"zh-Hans": "旧诊室"}},
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A clinic that is not published, with a proposal that waits."""
    found = new_house(tmp_path_factory.mktemp("told") / "data").hire()
    clerk = found.clerk("editor")
    file = {"navkit-corrections": corrections.VERSION, "changes": CHANGES}
    clerk.upload("corrections", "corrections.json", json.dumps(file).encode())
    clerk.upload("directory", "directory.csv", ROWS.encode())
    job = found.build(plan=crooked())
    page = Browser(clerk).get(f"{BASE}/builds/{job}")
    form = page.form(ends="/propose")
    Browser(clerk).send(form, seen=form.choices.get("seen", []))
    return found


def seen(house: House, path: str, who: str = "editor") -> Page:
    return Browser(house.clerk(who)).get(path)


def text(page: Page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.html)).split())


def test_a_correction_is_told_by_what_it_is_about_and_in_words(house: House) -> None:
    told = text(seen(house, f"{BASE}/corrections"))

    assert "103 新诊室 · 1F" in told and "gone" in told
    assert say(TAG, "access-staff") in told and say(TAG, "space-corridor") in told
    assert say(TAG, "of-corners", count=4) in told


def test_every_field_and_verb_of_a_correction_has_a_word() -> None:
    fields = set().union(*corrections.REQUIRED.values(), *corrections.OPTIONAL.values())

    for tag in ("en", "zh-Hans", "zh-Hant"):
        assert {one for one in fields if f"field-{one}" not in book(tag)} == set()
        assert {one for one in corrections.REQUIRED if f"do-{one}" not in book(tag)} == set()


def test_findings_beside_a_build_name_rooms_and_no_ids(house: House) -> None:
    (job,) = jobs.last(house.rows, HOSPITAL, 1)

    page = seen(house, f"{BASE}/builds/{job.id}")

    told = " ".join(re.findall(r"<summary>(.*?)</summary>", page.html, re.S))
    assert told and not re.search(r"\b[12]F-\d\d\b(?!-)", told), told


def test_cells_of_the_directory_show_words_and_keep_what_is_in_the_file(house: House) -> None:
    page = seen(house, f"{BASE}/directory")

    assert '<td data-cell="toilet">卫生间</td>' in page.html
    assert f'<td data-cell="staff">{say(TAG, "access-staff")}</td>' in page.html
    assert '<td data-cell="没有的类别">没有的类别</td>' in page.html


@pytest.mark.parametrize("path", ["/", BASE, f"{BASE}/builds/1/worklist"])
def test_a_proposal_that_waits_is_told_wherever_one_comes_in(house: House, path: str) -> None:
    page = seen(house, path, "admin")

    assert any(link.to.endswith("/builds/1#decide") for link in page.links)


def test_the_desk_says_what_comes_first_where_nothing_is_published(house: House) -> None:
    page = seen(house, f"{BASE}/desk", "desk")

    assert say(TAG, "never-published-desk") in page.html
    assert any(link.text == say(TAG, "to-publishing") for link in page.links)


def test_the_preview_is_not_to_be_installed(house: House) -> None:
    page = house.clerk("editor").get(f"{BASE}/builds/1/preview/").text

    assert "navkit" in page and 'rel="manifest"' not in page


def test_a_build_says_how_many_corrections_it_has_tried() -> None:
    found = builds._STEP.search("trying 3 of 25")

    assert found and (found[1], found[2], found[3]) == ("trying", "3", "25")
    assert builds._STEP.search("clips zh-Hans 4 of 9")
    assert {*builds._STEPS} == {"start", "clips", "trying"}


def test_what_was_answered_together_is_taken_back_together(house: House) -> None:
    browser = Browser(house.clerk("editor"))
    path = f"{BASE}/builds/1/worklist"
    page = browser.get(path)
    many = next(
        form
        for form in page.forms
        if form.action.endswith("/accept") and len(form.fields.get("cause", ())) > 1
    )
    before = len(CHANGES)
    page = browser.send(many, why="it is so")
    assert len(kept(house)) > before + 1

    (back,) = [
        form
        for form in page.forms
        if not form.within
        and form.action.endswith("/worklist/back")
        and len(form.fields.get("key", ())) > 1
    ]
    browser.send(back)

    assert kept(house) == CHANGES


def kept(house: House) -> list[dict[str, Any]]:
    now = drafts.latest(house.rows, HOSPITAL, "corrections", drafts.CORRECTIONS)
    return drafts.changes_of(house.settings.press.files.read(now.sha256))
