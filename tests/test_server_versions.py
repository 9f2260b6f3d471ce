"""Losses are confirmed first; every version is kept; conflicts of two people are resolved."""

import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, Clerk, House, deed, drawing, new_house
from hypothesis import given
from hypothesis import strategies as st
from test_server_typed import forms, stored

from server.builds import drafts, merging
from server.press import publishing
from server.staff import audit

BASE = f"/hospitals/{HOSPITAL}"
CHANGES = [
    {"do": "rename", "id": f"1F-{n:02}", "names": {"zh-Hans": f"诊室{n}"}} for n in range(1, 24)
]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return new_house(tmp_path / "data").hire()


def content(house: House, kind: str, name: str) -> bytes:
    found = drafts.latest(house.rows, HOSPITAL, kind, name)
    return house.settings.press.files.read(found.sha256) if found.sha256 else b""


def changes(house: House) -> list[dict[str, Any]]:
    return drafts.changes_of(content(house, "corrections", drafts.CORRECTIONS))


def form(page: str, action: str) -> dict[str, Any]:
    """What the first form of a page that goes there sends."""
    return next(f for a, f in forms(page) if a.endswith(action)).to_dict(flat=False)


# ------------------------------------------------------------------- silent replacement


def test_uploaded_corrections_replace_nothing_until_somebody_has_answered(house: House) -> None:
    """23 corrections made on the map, and a file with one of them changed and a new one."""
    editor = house.clerk("editor")
    editor.upload("corrections", "c.json", drafts.corrections_file(CHANGES))
    mine = [
        {"do": "rename", "id": "1F-01", "names": {"zh-Hans": "超声"}},
        {"do": "restrict", "id": "1F-40", "access": "staff"},
    ]

    asked = editor.upload("corrections", "mine.json", drafts.corrections_file(mine))

    assert asked.status_code == 200
    assert changes(house) == CHANGES
    page = html.unescape(asked.text)
    for said in ("失去 22 条", "改变 1 条", "新增 1 条", "诊室1 → 超声", "1F-40"):
        assert said in page, said

    sent = form(asked.text, "/replace")
    assert editor.post(f"{BASE}/sources/corrections/corrections.json/replace", **sent,
                       how="both").status_code == 303  # fmt: skip
    assert changes(house) == [mine[0], *CHANGES[1:], mine[1]]


def test_the_file_alone_is_used_where_somebody_says_so(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("corrections", "c.json", drafts.corrections_file(CHANGES))
    asked = editor.upload("corrections", "c.json", drafts.corrections_file(CHANGES[:2]))

    editor.post(f"{BASE}/sources/corrections/corrections.json/replace",
                **form(asked.text, "/replace"), how="mine")  # fmt: skip

    assert changes(house) == CHANGES[:2]


def test_what_only_adds_is_put_in_at_once(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY)

    assert (
        editor.upload("directory", "d.csv", DIRECTORY + "骨科,,102,,\n".encode()).status_code == 303
    )


def test_a_directory_is_merged_by_its_rows_whatever_its_columns(house: House) -> None:
    """An export from elsewhere, with other headings in another order, and a row edited by hand."""
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY)
    export = "房间,名称,电话\n101,心内科,5550\n103,骨科,5551\n".encode()

    asked = editor.upload("directory", "his.csv", export)
    editor.post(f"{BASE}/sources/directory/directory.csv/replace",
                **form(asked.text, "/replace"), how="both")  # fmt: skip

    rows = merging.items("directory", content(house, "directory", drafts.DIRECTORY))
    assert rows == [
        {"name": "心内科", "rooms": "101", "phone": "5550"},
        {"name": "眼科", "name_en": "Ophthalmology", "rooms": "205"},
        {"name": "骨科", "rooms": "103", "phone": "5551"},
    ]


def test_a_file_with_wrong_rows_is_told_with_their_lines_before_it_is_put_in(house: House) -> None:
    editor = house.clerk("editor")
    table = "name,rooms,access\nA,101,\nB,102,随便\n,103,\n".encode()

    asked = editor.upload("directory", "d.csv", table)

    assert asked.status_code == 200 and house.sources() == []
    assert "directory.csv:3" in asked.text and "directory.csv:4" in asked.text
    editor.post(f"{BASE}/sources/directory/directory.csv/replace", **form(asked.text, "/replace"))
    assert content(house, "directory", drafts.DIRECTORY) == table


ROWS = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("abcdef"), "name": st.sampled_from(("甲", "乙", "丙"))}
    ),
    max_size=8,
    unique_by=lambda row: row["id"],
)


def as_file(rows: list[dict[str, str]]) -> bytes:
    cells = tuple((row["id"], row["name"], "101") for row in rows)
    return drafts.table_file(drafts.Table(("id", "name", "rooms"), cells))


@given(ROWS, ROWS)
def test_what_is_put_together_has_everything_and_mine_goes_before(
    now: list[dict[str, str]], new: list[dict[str, str]]
) -> None:
    """The law of merging; and of comparing: lost, changed, added and the same are all there is."""
    both = merging.items("directory", merging.merged("directory", as_file(now), as_file(new)))

    of_id = {row["id"]: row["name"] for row in both}
    assert of_id == {**{r["id"]: r["name"] for r in now}, **{r["id"]: r["name"] for r in new}}
    assert len(both) == len(of_id)
    found = merging.difference("directory", as_file(now), as_file(new))
    assert {row["id"] for row in found.lost} == {r["id"] for r in now} - {r["id"] for r in new}
    assert {row["id"] for row in found.added} == {r["id"] for r in new} - {r["id"] for r in now}
    assert len(now) - len(found.lost) == len(new) - len(found.added)


@given(*(st.lists(st.sampled_from("xyz"), min_size=4, max_size=4) for _ in range(3)))
def test_a_row_of_two_has_what_each_has_changed(
    seen: list[str], theirs: list[str], mine: list[str]
) -> None:
    both = merging.three_way(seen, theirs, mine)
    clash = any(a != s and b != s and a != b for s, a, b in zip(seen, theirs, mine, strict=True))

    assert (both is None) == clash
    if both:
        for s, a, b, c in zip(seen, theirs, mine, both, strict=True):
            assert c == (b if b != s else a)


# ------------------------------------------------------------------- between hospitals


def test_only_what_the_same_person_has_uploaded_here_is_taken(house: House) -> None:
    """By the hash of another hospital's file, by somebody else's word, by one for another name."""
    publishing.add_hospital(
        deed(house.rows, 1, "admin", "other"), {"en": "Other"}, "Asia/Shanghai", ""
    )
    secret = b"name,rooms\nSecret,1\n"
    elsewhere = Clerk(house.clerk("editor").client, "other")
    elsewhere.upload("directory", "d.csv", secret)
    elsewhere.upload("directory", "d.csv", b"name,rooms\nPublic,1\n")
    word_there = elsewhere.upload("directory", "d.csv", b"name,rooms\nX,1\n").text
    editor, second = house.clerk("editor"), house.clerk("second")
    editor.upload("directory", "d.csv", DIRECTORY)
    own = form(editor.upload("directory", "d.csv", b"name,rooms\nA,1\n").text, "/replace")
    sha256 = house.settings.press.files.keep(secret)
    before = stored(house)
    address = f"{BASE}/sources/directory/directory.csv/replace"
    elsewhere_word = form(word_there, "/replace")["mine"]
    for clerk, where, mine in (
        (editor, address, sha256),
        (editor, address, ""),
        (editor, address, elsewhere_word),
        (editor, address, own["mine"][0][:-9] + "x" * 9),
        (second, address, own["mine"]),
        (editor, f"{BASE}/sources/photo/a.png/replace", own["mine"]),
    ):
        assert clerk.post(where, mine=mine, version=1).status_code == 400, where
    assert stored(house) == before
    assert editor.post(address, **own).status_code == 303


# ------------------------------------------------------------------- removing, versions


@pytest.mark.process
def test_a_drawing_is_removed_by_nobody_who_has_not_seen_what_hangs_on_it(house: House) -> None:
    job = house.build()
    editor = house.clerk("editor")
    editor.upload("corrections", "c.json", drafts.corrections_file(CHANGES[:3]))
    page = editor.get(BASE).text
    # No form of the hospital's page removes anything: it leads to a page that asks.
    assert not any(action.endswith("/remove") for action, _ in forms(page))
    link = re.search(r'href="([^"]+/drawing/plan.geojson/remove)"', page)
    assert link

    asked = html.unescape(editor.get(link[1]).text)

    assert f"据第 {job} 次生成" in asked and "1F 2F" in asked and "28 个房间" in asked
    assert "3 条更正" in asked
    done = editor.post(link[1], **form(asked, "/remove"))
    assert done.location.endswith("/drawing/plan.geojson/versions")
    assert "plan.geojson" in editor.get(BASE).text, "it stands among what was removed"


def test_every_version_is_listed_looked_at_downloaded_and_restored(house: House) -> None:
    editor, viewer = house.clerk("editor"), house.clerk("viewer")
    versions = [
        DIRECTORY,
        DIRECTORY + "骨科,,102,,\n".encode(),
        DIRECTORY + "骨科,,102,,\n口腔科,,103,,\n".encode(),
    ]
    for version in versions:
        assert editor.upload("directory", "d.csv", version).status_code == 303
    one = f"{BASE}/sources/directory/directory.csv"
    editor.post(f"{one}/remove", version=3)

    listed = viewer.get(f"{one}/versions").text
    for number, version in enumerate(versions, start=1):
        assert f'href="{one}/versions/{number}"' in listed
        assert viewer.get(f"{one}?version={number}").data == version
        assert viewer.get(f"{one}/versions/{number}").status_code == 200
    assert "editor" in listed and "已删除" in listed
    assert viewer.post(f"{one}/restore", version=1, now=4).status_code == 403

    page = editor.get(f"{one}/versions/1").text
    assert editor.post(f"{one}/restore", **form(page, "/restore")).status_code == 303
    assert content(house, "directory", drafts.DIRECTORY) == DIRECTORY
    page = html.unescape(editor.get(f"{one}/versions/3").text)
    assert "新增 2 条" in page and "口腔科" in page
    # Somebody else has changed it meanwhile.
    sent = form(page, "/restore")
    house.clerk("second").upload("directory", "d.csv", versions[1])
    assert editor.post(f"{one}/restore", **sent).status_code == 409
    assert content(house, "directory", drafts.DIRECTORY) == versions[1]


@pytest.mark.parametrize("path", ["versions", "versions/1", "remove"])
def test_what_never_was_has_no_pages(house: House, path: str) -> None:
    editor = house.clerk("editor")
    for name in ("drawing/no.geojson", "nothing/x", "directory/directory.csv"):
        assert editor.get(f"{BASE}/sources/{name}/{path}").status_code == 404
    editor.upload("directory", "d.csv", DIRECTORY)
    assert editor.get(f"{BASE}/sources/directory/directory.csv/versions/99").status_code == 404


@pytest.mark.process
def test_the_draft_goes_back_with_the_publication_where_somebody_wants_it(house: House) -> None:
    house.publish(house.build())
    editor = house.clerk("editor")
    editor.upload("drawing", "plan.geojson", drawing(lift=False))
    editor.upload("drawing", "new.geojson", b"{}")
    editor.post(f"{BASE}/sources/directory/directory.csv/remove", version=1)
    history = editor.get(f"{BASE}/history").text
    assert f'href="{BASE}/history/1/draft"' in history

    page = editor.get(f"{BASE}/history/1/draft").text
    for said in ("plan.geojson", "new.geojson", "directory.csv"):
        assert said in page
    editor.post(f"{BASE}/history/1/draft", **form(page, "/draft"))

    now = [[s.kind, s.name, s.sha256] for s in drafts.current(house.rows, HOSPITAL)]
    assert now == house.job(1).request["sources"]
    assert audit.check(house.rows) == 0
    assert editor.get(f"{BASE}/history/9/draft").status_code == 404
    assert house.clerk("viewer").get(f"{BASE}/history/1/draft").status_code == 403


@pytest.mark.process
def test_a_draft_that_somebody_is_changing_is_not_taken_back(house: House) -> None:
    house.publish(house.build())
    editor = house.clerk("editor")
    editor.upload("drawing", "plan.geojson", drawing(lift=False))
    sent = form(editor.get(f"{BASE}/history/1/draft").text, "/draft")
    house.clerk("second").upload("drawing", "plan.geojson", drawing(staff=["1F-02"]))
    before = stored(house)["sources"]

    assert editor.post(f"{BASE}/history/1/draft", **sent).status_code == 409
    assert stored(house)["sources"] == before


# ------------------------------------------------------------------- two people


ROW = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]


def test_two_people_on_one_row_are_asked_about_that_row_and_both_may_stay(house: House) -> None:
    li, wang = house.clerk("editor"), house.clerk("second")
    li.upload("directory", "d.csv", DIRECTORY)
    li.post(f"{BASE}/directory/0", seen=ROW, cell=["心血管内科", *ROW[1:]])

    asked = wang.post(f"{BASE}/directory/0", seen=ROW, cell=[*ROW[:2], "102", *ROW[3:]])

    assert asked.status_code == 409
    assert "眼科" not in asked.text, "a row is compared with the row"
    mine, both = (f for a, f in forms(asked.text) if a.endswith("/directory/0"))
    assert both.getlist("cell") == ["心血管内科", "Cardiology", "102", *ROW[3:]]
    assert wang.client.post(f"{BASE}/directory/0", data=both).status_code == 303
    table = drafts.table_of(content(house, "directory", drafts.DIRECTORY))
    assert table.rows[0] == ("心血管内科", "Cardiology", "102", *ROW[3:])
    # The choice is looked at again: what was seen is no longer there.
    assert wang.client.post(f"{BASE}/directory/0", data=mine).status_code == 409


def test_a_row_that_has_moved_is_changed_where_it_stands_now(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY)
    head, *rest = DIRECTORY.decode().splitlines(keepends=True)
    moved = "".join([head, "骨科,,103,,\n", *rest]).encode()
    assert house.clerk("second").upload("directory", "d.csv", moved).status_code == 303

    assert editor.post(f"{BASE}/directory/0", seen=ROW, cell=["心脏", *ROW[1:]]).status_code == 303

    table = drafts.table_of(content(house, "directory", drafts.DIRECTORY))
    assert [row[0] for row in table.rows] == ["骨科", "心脏", "眼科"]


def test_a_row_that_is_gone_is_added_again_and_takes_no_other_rows_place(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("directory", "d.csv", DIRECTORY)
    asked = editor.upload(
        "directory", "d.csv", "name,name_en,rooms,hours,aliases\n骨科,,103,,\n".encode()
    )
    editor.post(f"{BASE}/sources/directory/directory.csv/replace", **form(asked.text, "/replace"))

    asked = editor.post(f"{BASE}/directory/0", seen=ROW, cell=["心脏", *ROW[1:]])

    assert asked.status_code == 409 and "骨科" not in asked.text
    (mine,) = (f for a, f in forms(asked.text) if "/directory/" in a)
    assert editor.client.post(f"{BASE}/directory/1", data=mine).status_code == 303
    table = drafts.table_of(content(house, "directory", drafts.DIRECTORY))
    assert [row[0] for row in table.rows] == ["骨科", "心脏"]


@pytest.mark.process
def test_two_people_on_one_room_are_asked_change_by_change(house: House) -> None:
    house.build()
    li, wang = house.clerk("editor"), house.clerk("second")
    said = {"job": "1", "version": "0", "thing": "1F-03"}
    li.post(f"{BASE}/corrections", **said, do="rename", **{"name-en": "X-ray"})

    same = wang.post(f"{BASE}/corrections", **said, do="rename", **{"name-en": "CT"})
    other = wang.post(f"{BASE}/corrections", **said, do="restrict", access="staff")

    assert (same.status_code, other.status_code) == (409, 409)
    assert "X-ray" in same.text and "CT" in same.text
    (mine,) = (f for a, f in forms(same.text) if a.endswith("/corrections"))
    of_other = [f for a, f in forms(other.text) if a.endswith("/corrections")]
    assert len(of_other) == 2, "mine, and both: they say different things"
    assert wang.client.post(f"{BASE}/corrections", data=of_other[1]).status_code == 303
    assert [c["do"] for c in changes(house)] == ["rename", "restrict"]
    # Version 1 was compared; 2 says nothing else of the name, so mine is put in its place.
    assert wang.client.post(f"{BASE}/corrections", data=mine).status_code == 409
    mine["version"] = "2"
    assert wang.client.post(f"{BASE}/corrections", data=mine).status_code == 303
    assert [c.get("names", {}).get("en") for c in changes(house)] == [None, "CT"]


def test_taking_a_correction_back_takes_that_one_whatever_was_added(house: House) -> None:
    editor = house.clerk("editor")
    editor.upload("corrections", "c.json", drafts.corrections_file(CHANGES[:3]))
    more = [CHANGES[9], *CHANGES[:3]]
    assert (
        house.clerk("second")
        .upload("corrections", "c.json", drafts.corrections_file(more))
        .status_code
        == 303
    )

    for _ in range(2):  # The second finds it gone, and that is what was wanted.
        answer = editor.post(f"{BASE}/corrections/1/remove", version=1)
        assert answer.status_code == 303
        assert changes(house) == [CHANGES[9], CHANGES[0], CHANGES[2]]


@pytest.mark.process
def test_two_who_remove_and_upload_a_drawing_are_asked(house: House) -> None:
    house.build()
    editor = house.clerk("editor")
    one = f"{BASE}/sources/drawing/plan.geojson/remove"
    sent = form(editor.get(one).text, "/remove")
    house.clerk("second").upload("drawing", "plan.geojson", drawing(lift=False))

    asked = editor.post(one, **sent)

    assert asked.status_code == 409 and "second" in asked.text
    assert json.loads(content(house, "drawing", "plan.geojson"))
