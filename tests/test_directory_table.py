"""The directory as a table: rows and cells changed, pasted, taken over and taken back."""

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from clinic import DIRECTORY, HOSPITAL, Clerk, House, new_house
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from test_server_typed import forms

from navkit.plan.hours import Hours, is_readable
from navkit.venue import directory, edits
from navkit.venue.written_hours import read_words
from navkit.words.languages import languages
from server.builds import drafts, listed, week
from server.builds.drafts import Table

BASE = f"/hospitals/{HOSPITAL}"
ROW = ["心内科", "Cardiology", "101", "Mo-Fr 08:00-17:00", "看心脏"]


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = new_house(tmp_path / "data").hire()
    assert made.clerk("editor").upload("directory", "d.csv", DIRECTORY).status_code == 303
    return made


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = new_house(tmp_path_factory.mktemp("table") / "data").hire()
    made.build()
    return made


def table(house: House) -> Table:
    now = drafts.latest(house.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    return drafts.table_of(house.settings.press.files.read(now.sha256))


def form(page: str, having: str) -> dict[str, Any]:
    """What the form of a page with that field sends."""
    return next(f for _, f in forms(page) if having in f).to_dict(flat=False)


def json_post(clerk: Clerk, path: str, said: object) -> Any:
    return clerk.client.post(path, json=said, headers={"X-CSRFToken": clerk.token()})


# ------------------------------------------------------------------- rows


def test_the_first_place_begins_a_directory(tmp_path: Path) -> None:
    editor = new_house(tmp_path / "data").hire().clerk("editor")
    page = editor.get(f"{BASE}/directory/new").text
    sent = form(page, "cell")
    cells = sent["cell"]
    assert len(cells) == len(listed.FIELDS)
    cells[listed.FIELDS.index("name")], cells[listed.FIELDS.index("rooms")] = "心内科", "101"

    assert editor.post(f"{BASE}/directory/new", **{**sent, "cell": cells}).status_code == 303

    content = editor.get(f"{BASE}/sources/directory/directory.csv").data
    (entry,) = directory.read_content(content, "d.csv").entries
    assert (entry.names["zh-Hans"], entry.rooms) == ("心内科", ("101",))


@pytest.mark.parametrize("language", languages())
def test_headings_of_a_new_directory_are_read(language: str) -> None:
    assert directory.fields_of(listed.headings(language)) == list(listed.FIELDS)


def test_a_row_is_removed_once_somebody_has_seen_it_and_comes_back(house: House) -> None:
    editor = house.clerk("editor")
    asked = editor.get(f"{BASE}/directory/0/remove").text
    assert "心内科" in asked and "眼科" not in asked
    before = table(house)
    done = editor.post(f"{BASE}/directory/0/remove", **form(asked, "seen"))
    assert done.status_code == 303 and [row[0] for row in table(house).rows] == ["眼科"]

    history = editor.get(done.location).text
    sent = next(f for a, f in forms(history) if a.endswith("/take-back"))
    assert editor.client.post(f"{BASE}/directory/take-back", data=sent).status_code == 303

    assert table(house) == before


def test_a_row_that_somebody_is_changing_is_not_removed(house: House) -> None:
    editor = house.clerk("editor")
    sent = form(editor.get(f"{BASE}/directory/0/remove").text, "seen")
    changed = ["心血管内科", *ROW[1:]]
    house.clerk("second").post(f"{BASE}/directory/0", seen=ROW, cell=changed)

    asked = editor.post(f"{BASE}/directory/0/remove", **sent)

    assert asked.status_code == 409 and "心血管内科" in asked.text
    assert form(asked.text, "seen")["seen"] == changed
    assert table(house).rows[0] == tuple(changed)


def test_a_move_is_prepared_by_a_form_and_takes_nothing_from_the_row(house: House) -> None:
    """The id is that of the room today, so links to it go on."""
    editor = house.clerk("editor")
    (sent,) = (f for a, f in forms(editor.get(f"{BASE}/directory/0").text) if a.endswith("/0/move"))
    typed = {"at": "2097-03-01T08:00", "rooms": "205", "floor": "2F"}

    refused = editor.post(f"{BASE}/directory/0/move", **{**sent.to_dict(flat=False), "at": "soon"})
    done = editor.post(f"{BASE}/directory/0/move", **{**sent.to_dict(flat=False), **typed})

    assert (refused.status_code, done.status_code) == (400, 303)
    content = drafts.table_file(table(house))
    before, after, other = directory.read_content(content, "d.csv").entries
    assert (before.rooms, before.start, before.end) == (("101",), "", "2097-03-01T08:00")
    assert (after.rooms, after.start, after.end) == (("205",), "2097-03-01T08:00", "")
    assert before.id == after.id and other.start == other.end == ""
    assert (before.names, before.hours, before.aliases) == (after.names, after.hours, after.aliases)
    gone = editor.post(f"{BASE}/directory/0/move", **{**sent.to_dict(flat=False), **typed})
    assert gone.status_code in (400, 404, 409) and len(table(house).rows) == 3


def test_line_breaks_in_a_cell_come_through_a_form(house: House) -> None:
    """A browser writes each as two characters, and a text field for one line drops them."""
    editor = house.clerk("editor")
    rooms = "101\n102"
    content = f'name,rooms,phone\n心内科,"{rooms}",\n'.encode()
    asked = editor.upload("directory", "d.csv", content).text
    editor.post(f"{BASE}/sources/directory/directory.csv/replace", **form(asked, "mine"))
    page = editor.get(f"{BASE}/directory/0").text
    assert f">{rooms}</textarea>" in page
    sent = [cell.replace("\n", "\r\n") for cell in ("心内科", rooms, "")]

    answer = editor.post(f"{BASE}/directory/0", seen=sent, cell=[*sent[:2], "5550"])

    assert answer.status_code == 303
    assert table(house).rows == (("心内科", rooms, "5550"),)


def test_a_column_is_added_once(house: House) -> None:
    editor = house.clerk("editor")
    for _ in range(2):
        editor.post(f"{BASE}/directory/columns", field="phone")
    assert directory.fields_of(table(house).headings).count("phone") == 1
    assert {len(row) for row in table(house).rows} == {6}
    assert editor.post(f"{BASE}/directory/columns", field="nonsense").status_code == 400


def test_a_cell_is_saved_from_the_table_and_refused_in_words(house: House) -> None:
    editor = house.clerk("editor")
    address = f"{BASE}/directory/cells.json"
    cells = [*ROW[:3], "周一至周五 8:00-12:00", ROW[4]]

    said = json_post(editor, address, {"number": 0, "seen": ROW, "cells": cells})

    assert said.status_code == 200 and said.json["cells"] == cells
    assert table(house).rows[0] == tuple(cells)
    told = "已保存：心内科。 开放时间：周一至周五 08:00–12:00。"
    assert said.json["told"] == told and not said.json["findings"]
    wrong = json_post(editor, address, {"number": 0, "seen": cells, "cells": ["", *cells[1:]]})
    assert wrong.status_code == 400 and wrong.json["code"] == "directory-row-incomplete"
    assert json_post(editor, address, {"number": 0, "seen": ROW, "cells": ROW}).status_code == 409
    for odd in ({}, [], {"number": True}, {"number": 0, "seen": [1], "cells": []}, None):
        assert json_post(editor, address, odd).status_code == 400
    assert json_post(house.clerk("viewer"), address, {}).status_code == 403


def test_hours_that_are_saved_are_echoed_in_words_and_are_no_trouble(house: House) -> None:
    editor = house.clerk("editor")
    address = f"{BASE}/directory/cells.json"
    seen = list(table(house).rows[1])
    noted = [*seen[:3], "周一至周五 8:00-12:00；周一至周五 14:00-17:30", seen[4]]

    said = json_post(editor, address, {"number": 1, "seen": seen, "cells": noted}).json

    assert "已保存：眼科。" in said["told"] and "周一至周五 08:00–12:00" in said["told"]
    assert not re.search(r"directory|\b(Mo|Fr)\b", said["told"]) and not said["findings"]
    echo = editor.client.get(f"{BASE}/directory/meaning", query_string={"cell": noted}).text
    assert 'class="hint"' in echo and 'class="trouble"' not in echo
    vague = [*seen[:3], "周一上午", seen[4]]
    refused = json_post(editor, address, {"number": 1, "seen": noted, "cells": vague})
    assert refused.status_code == 400 and refused.json["code"] == "hours-without-times"


# ------------------------------------------------------------------- pasted


def paste(clerk: Clerk, text: str) -> Any:
    return clerk.post(f"{BASE}/directory/paste", pasted=text)


def test_rows_copied_from_excel_are_added_in_the_order_of_the_table(house: House) -> None:
    """As Excel puts them on the clipboard: tabs, and quotes around a cell with a line break."""
    answer = paste(house.clerk("editor"), '骨科\tOrthopaedics\t"102\n103"\t\t\n口腔科\t\t104\n')

    assert answer.status_code == 303
    assert table(house).rows[2:] == (
        ("骨科", "Orthopaedics", "102\n103", "", ""),
        ("口腔科", "", "104", "", ""),
    )


def test_pasted_rows_with_headings_fill_in_the_rows_that_they_mean(house: House) -> None:
    editor = house.clerk("editor")
    text = "科室\t房间\t电话\n心内科\t101\t5550\n骨科\t102\t5551\n"

    asked = paste(editor, text)

    assert asked.status_code == 200, "an existing row would change"
    assert html.unescape(form_text(asked.text)) == text
    assert table(house) == drafts.table_of(DIRECTORY)
    sent = next(f for a, f in forms(asked.text) if a.endswith("/replace"))
    editor.post(
        f"{BASE}/sources/directory/directory.csv/replace", **{**sent.to_dict(), "how": "both"}
    )
    rows = [listed.by_field(table(house).headings, row) for row in table(house).rows]
    fields = ("name", "name_en", "rooms", "hours", "aliases", "phone")
    assert rows[0] == dict(zip(fields, [*ROW, "5550"], strict=True))
    assert [row["name"] for row in rows] == ["心内科", "眼科", "骨科"]


def test_a_pasted_column_that_nobody_reads_is_told_as_such(house: House) -> None:
    asked = paste(house.clerk("editor"), "科室\t房间\t主任\n心内科\t101\t老李\n骨科\t102\t老王\n")

    text = html.unescape(asked.text)
    assert asked.status_code == 200 and "主任（不读取）: 老王" in text
    assert "加进目录以后会这样" in text and "用它代替现在的" not in text


def form_text(page: str) -> str:
    return page.partition('name="pasted"')[2].partition(">")[2].partition("</textarea>")[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" \n ", "form-empty"),
        ("a\tb\tc\td\te\tf\tg\n", "pasted-too-wide"),
        ("眼科\tOphthalmology\t205\n", "nothing-new"),
        ('a\t"b', ""),
    ],
)
def test_what_cannot_be_pasted_is_refused_with_what_was_typed(
    house: House, text: str, code: str
) -> None:
    before = table(house)
    editor = house.clerk("editor")
    page = f"{BASE}/directory"

    answer = editor.post(f"{BASE}/directory/paste", pasted=text, page=page)

    if code:
        assert answer.status_code == 400 and 'id="refused"' in answer.text
        assert html.unescape(form_text(answer.text)) == text
    assert answer.status_code < 500
    assert table(house) == before


def test_wrong_pasted_rows_are_told_beside_what_was_pasted(house: House) -> None:
    text = "骨科\t\t\n皮肤科\t\t108\t看情况\n"
    asked = paste(house.clerk("editor"), text)

    assert asked.status_code == 200 and html.unescape(form_text(asked.text)) == text
    assert "directory.csv:2" in asked.text and "看情况" in asked.text
    assert table(house) == drafts.table_of(DIRECTORY)


# ------------------------------------------------------------------- in and out


def test_a_workbook_goes_out_as_text_and_comes_in_again(house: House) -> None:
    editor = house.clerk("editor")
    json_post(
        editor,
        f"{BASE}/directory/cells.json",
        {"number": 1, "seen": ["眼科", "Ophthalmology", "205", "", ""],
         "cells": ["眼科", "Ophthalmology", "205", "", "=1+1"]},
    )  # fmt: skip
    content = editor.get(f"{BASE}/directory.xlsx").data
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert [[cell.value or "" for cell in row] for row in sheet.iter_rows()] == [
        list(row) for row in (table(house).headings, *table(house).rows)
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}

    again, _ = drafts.check_content("directory", "d.xlsx", content)
    assert drafts.table_of(again) == table(house)


# ------------------------------------------------------------------- hours


WRITTEN = ["", "24/7", "Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00", "周一至周六",
           "Mo-Fr unknown", "22:00-06:00", "Sa,Su 09:00-17:00; PH off",
           "周一至周五 8:00-17:00，节假日 9:00-12:00"]  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_the_grid_is_open_when_the_hours_are(written: str) -> None:
    """Minute by minute, by the rule that a phone asks."""
    hours = read_words(written, {}).hours
    assert is_readable(hours.text)
    monday = 4 * 24 * 60
    for number, day in enumerate(week.days(hours, "zh-Hans")[:7]):
        for minute in range(0, 24 * 60, 7):
            is_open = any(start <= minute < start + long for start, long in day.bars)
            assert is_open == hours.is_open(monday + number * 24 * 60 + minute), (day, minute)


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("", "24小时"),
        ("Mo-Fr 08:00-12:00,14:00-17:30; Sa 08:00-12:00",
         "周一至周五 08:00–12:00、14:00–17:30；周六 08:00–12:00"),
        ("Mo-Su 08:00-17:00; PH off", "每天 08:00–17:00；节假日 不开放"),
        ("Sa,Su unknown", "周六、周日 时间未核实"),
    ],
)  # fmt: skip
def test_hours_are_said_as_a_phone_says_them(hours: str, said: str) -> None:
    assert week.in_words(Hours(hours), "zh-Hans") == said


def test_hours_are_echoed_while_somebody_types_and_by_a_button(house: House) -> None:
    editor = house.clerk("editor")
    cells = [*ROW[:3], "周一至周五 8：00–12：00", ROW[4]]
    echo = editor.client.get(f"{BASE}/directory/meaning", query_string={"cell": cells}).text
    assert "周一至周五 08:00–12:00" in echo and "<html" not in echo
    assert echo.count('class="open"') == 5

    page = editor.post(f"{BASE}/directory/0", seen=ROW, cell=cells, look="1")

    assert page.status_code == 200 and "周一至周五 08:00–12:00" in page.text
    assert form(page.text, "cell")["cell"] == cells and form(page.text, "seen")["seen"] == ROW
    assert table(house).rows[0] == tuple(ROW), "nothing is saved"
    unread = [*ROW[:3], "看情况", ROW[4]]
    echo = editor.client.get(f"{BASE}/directory/meaning", query_string={"cell": unread}).text
    assert 'class="trouble"' in echo and 'class="open"' not in echo


# ------------------------------------------------------------------- from the drawing


@pytest.mark.process
def test_places_of_the_drawing_are_taken_over_one_by_one_or_all(built: House) -> None:
    """28 rooms less the two that the directory names; what is taken means the same rooms."""
    editor = built.clerk("editor")
    assert "图纸上有 26 个地点不在名录里" in editor.get(f"{BASE}/directory").text
    filled = form(editor.get(f"{BASE}/directory/new?place=1F-03").text, "cell")["cell"]
    assert filled[0] == "1层诊室3" and filled[2] == "103"

    editor.post(f"{BASE}/directory/drawn", place="1F-03")
    assert table(built).rows[-1] == ("1层诊室3", "Room 103", "103", "", "")
    assert editor.post(f"{BASE}/directory/drawn", place="1F-03").status_code == 404
    editor.post(f"{BASE}/directory/drawn", all="1")

    assert len(table(built).rows) == 28
    job = built.job(1)
    rooms = listed.rooms_of(built.settings.press.files, job.result["venue"])
    now = drafts.latest(built.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    content = built.settings.press.files.read(now.sha256)
    found = [rooms.find(one) for one in directory.read_content(content, "d.csv").entries]
    assert len({space.id for one in found for space in one.spaces}) == 28
    assert not any(one.findings for one in found)
    assert "名录里了" in editor.get(f"{BASE}/directory/drawn").text


@pytest.mark.process
def test_a_row_says_which_rooms_of_the_drawing_it_means(built: House) -> None:
    editor = built.clerk("editor")
    for rooms, said in (("205", "2F 205"), ("999", 'class="trouble"')):
        cells = ["X", "", rooms, "", ""]
        echo = editor.client.get(f"{BASE}/directory/meaning", query_string={"cell": cells}).text
        assert said in echo


# ------------------------------------------------------------------- by cell


def test_who_changed_which_cell_is_told_and_one_is_taken_back(house: House) -> None:
    editor = house.clerk("editor")
    first = [*ROW[:2], "102", *ROW[3:]]
    editor.post(f"{BASE}/directory/0", seen=ROW, cell=first)
    last = ["心血管内科", *first[1:]]
    house.clerk("second").post(f"{BASE}/directory/0", seen=first, cell=last)

    page = html.unescape(editor.get(f"{BASE}/directory/0").text)

    assert page.index("second") < page.index("<del>心内科</del> → <ins>心血管内科</ins>")
    assert "<del>101</del> → <ins>102</ins>" in page
    taken = [f for a, f in forms(page) if a.endswith("/take-back")]
    # Of the older version: the newer one of another cell stays.
    assert editor.client.post(f"{BASE}/directory/take-back", data=taken[1]).status_code == 303
    assert table(house).rows[0] == ("心血管内科", *ROW[1:])
    # What has been taken back already cannot be again.
    assert editor.client.post(f"{BASE}/directory/take-back", data=taken[1]).status_code == 409
    told = html.unescape(house.clerk("auditor").get("/log").text)
    assert "心内科，房间：101 → 102" in told and "心血管内科，房间：102 → 101" in told


CELL = st.sampled_from(("", "a", "b", "c"))
SHEETS = st.lists(st.tuples(st.sampled_from("abcdef"), CELL, CELL), max_size=6).map(
    lambda rows: Table(("id", "name", "rooms"), tuple(rows))
)


@given(SHEETS, SHEETS)
def test_edits_are_all_that_differs_and_can_be_taken_back_to_the_last(
    old: Table, new: Table
) -> None:
    """The law: taken back from the newest on, every edit of a version gives the rows before it."""
    found = edits.edits(old, new)
    assert bool(found) == (sorted(old.rows) != sorted(new.rows))
    now = new
    for edit in found:
        # Of several changed cells of a row, each is found by the row as it was left.
        rows = edits.taken_back(now, new.headings, _as_left(edit, found, now))
        if rows is None:
            assert edit.how == "removed" and edit.row in now.rows, "it is there twice"
            rows = [*now.rows, edit.row]
        now = Table(now.headings, tuple(rows))

    assert sorted(now.rows) == sorted(old.rows)


def _as_left(edit: edits.Edit, found: list[edits.Edit], now: Table) -> edits.Edit:
    """The edit with its row as it is after earlier cells of it were taken back."""
    if edit.how != "changed":
        return edit
    row = list(edit.row)
    for other in found:
        if other is edit:
            break
        if other.how == "changed" and other.number == edit.number:
            row[other.column] = other.before
    return edits.Edit(**{**vars(edit), "row": tuple(row)})


def test_a_row_is_known_again_by_its_id_its_name_or_its_place() -> None:
    old = Table(("id", "name", "rooms"), (("1", "a", "x"), ("", "b", "y"), ("", "c", "z")))
    new = Table(("name", "id", "rooms"), (("b", "", "w"), ("q", "1", "x"), ("d", "", "z")))
    told = {(e.how, e.column, e.before, e.after) for e in edits.edits(old, new)}

    assert told == {("changed", 2, "y", "w"), ("changed", 0, "a", "q"), ("changed", 0, "c", "d")}


def test_what_the_log_says_of_a_cell_fits_a_page(house: House) -> None:
    """A thousand changed cells are counted."""
    editor = house.clerk("editor")
    rows = "".join(f"科室{n},r{n}\n" for n in range(300))
    asked = editor.upload("directory", "d.csv", f"name,rooms\n{rows}".encode()).text
    editor.post(f"{BASE}/sources/directory/directory.csv/replace", **form(asked, "mine"))
    (entry,) = house.rows.all("SELECT said FROM audit WHERE action = 'put' ORDER BY number DESC"
                              " LIMIT 1")  # fmt: skip
    said = json.loads(entry["said"])

    assert len(said["added"]) == drafts.MOST_TOLD and said["more"] == 280
