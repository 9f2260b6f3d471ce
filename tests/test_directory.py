"""The directory in any shape a hospital keeps it: what is read is right, the rest is asked."""

import datetime
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clinic import HOSPITAL, deed, new_house
from openpyxl import Workbook
from shapely import box

from floorplans.reading import read
from navkit.plan.plan import Plan, PlanLevel, PlanSpace
from navkit.venue import directory, workbook
from navkit.venue.directory import Directory
from navkit.venue.echo import COLUMNS, echo
from navkit.venue.join import join
from navkit.venue.spreadsheet import as_csv
from navkit.venue.venue import Venue
from navkit.words.findings import NavkitError, count_by_code
from server.builds import drafts

CASES = Path(__file__).parents[1].parent / "shared" / "cases" / "reports"


def house(*rooms: str) -> Plan:
    """Rooms ``"门诊楼 2F 101"`` (or ``"2F 101"``), each beside a corridor of its storey."""
    said = [room.rsplit(" ", 2) if room.count(" ") == 2 else ["", *room.split()] for room in rooms]
    order = ["B1", "G", "1F", "2F", "3F", "5F"]
    levels = {
        (building, label): PlanLevel(f"{building}{label}", order.index(label) - 2, label, building)
        for building, label, _ in said
    }
    spaces = [
        PlanSpace(room, levels[building, label].key, box(i * 5, 2, i * 5 + 4, 6), "room", ref=ref)
        for i, (room, (building, label, ref)) in enumerate(zip(rooms, said, strict=True))
    ]
    halls = [
        PlanSpace(f"hall {v.key}", v.key, box(0, 0, len(rooms) * 5, 2), "corridor")
        for v in levels.values()
    ]
    names = {building: {"zh-Hans": building} for building, _ in levels if building}
    return Plan(
        "house",
        None,
        levels=tuple(levels.values()),
        spaces=(*spaces, *halls),
        building_names=names,
    )


def listed(table: str, *rooms: str) -> Venue:
    return join([house(*rooms)], directory.parse(table, "d.csv"))


def rooms_of(venue: Venue, place: str) -> list[str]:
    return list(venue.place_by_id[place].spaces) if place in venue.place_by_id else []


def codes(venue: Venue) -> set[str]:
    return {code for code in count_by_code(venue.findings) if code.startswith("directory-")}


def case(name: str, table: str = "d.csv") -> Venue:
    if not (CASES / name).is_dir():
        pytest.skip(f"needs ../shared/cases/reports/{name}")
    return join(read([CASES / name / "plan.geojson"]), directory.read(CASES / name / table))


def test_zeros_that_excel_cut_off_are_found_where_one_room_fits() -> None:
    venue = case("22-csv-leading-zero")

    assert [venue.place_by_id[key].ref for key in "abc"] == ["001", "002", "010"]
    assert count_by_code(venue.findings)["directory-room-read-as"] == 3


def test_a_sheet_in_big5_is_read_as_big5() -> None:
    venue = case("23-csv-big5")

    assert [venue.place_by_id[key].names["zh-Hans"] for key in "ab"] == ["內科", "放射科"]


@pytest.mark.parametrize("table", ["u16.csv", "sep.csv", "title.csv"])
def test_hints_titles_and_wide_characters_are_no_obstacle(table: str) -> None:
    venue = case("24-csv-utf16-sep", table)

    assert venue.place_by_id["a"].names == {"zh-Hans": "内科"}


def test_a_sheet_in_a_western_encoding_is_refused() -> None:
    with pytest.raises(NavkitError) as refused:
        case("24-csv-utf16-sep", "cp1252.csv")

    assert refused.value.finding.code == "directory-encoding"


def test_a_line_break_in_a_cell_separates_rooms_and_never_splits_a_name() -> None:
    venue = case("26-csv-newline-in-cell")

    a, b, c = (venue.place_by_id[key] for key in "abc")
    assert (a.names["zh-Hans"], a.aliases) == ("内科门诊", ("看肚子", "胃病"))
    assert [venue.space_by_id[s].ref for s in a.spaces] == ["101", "102"]
    assert (b.ref, c.ref, c.names["zh-Hans"]) == ("103", "102", "儿科")


def test_a_room_of_two_storeys_is_asked() -> None:
    venue = case("27-csv-merged-cells")

    assert "b" not in venue.place_by_id
    (asked,) = [f for f in venue.findings if f.code == "directory-room-several"]
    assert "1F 102; 2F 102" in asked.text("en")


def test_one_storey_in_every_writing_is_one_storey() -> None:
    venue = case("60-csv-floor-words")

    label = {level.id: level.label for level in venue.levels}
    rows = [place for place in venue.places if place.id.startswith("r") and place.id[1:].isdigit()]
    assert len(rows) == 14
    assert {label[venue.space_by_id[s].level] for place in rows for s in place.spaces} == {"2F"}


TWO = ("门诊楼 1F 101", "门诊楼 2F 101", "住院楼 1F 101", "住院楼 2F 205")


@pytest.mark.parametrize(
    ("where", "rooms", "expected", "code"),
    [
        ("门诊楼,2楼", "101", ["门诊楼 2F 101"], ""),
        (",门诊楼二楼", "101", ["门诊楼 2F 101"], ""),
        ("住院楼,", "101", ["住院楼 1F 101"], ""),
        ("门诊楼,1F～2F", "101", ["门诊楼 1F 101", "门诊楼 2F 101"], ""),
        ("门诊楼,", "101", [], "directory-room-several"),
        (",1F", "101", [], "directory-room-several"),
        (",", "205", ["住院楼 2F 205"], ""),
        ("门诊楼,2F", "205", [], "directory-room-elsewhere"),
        ("医技楼,1F", "101", [], "directory-building-unknown"),
        ("门诊楼,9F", "101", [], "directory-floor-unknown"),
        (",", "999", [], "directory-room-nowhere"),
        ("门诊楼,1F", "999", [], "directory-room-unknown"),
    ],
)
def test_a_number_of_two_houses_is_asked_unless_the_row_says_which(
    where: str, rooms: str, expected: list[str], code: str
) -> None:
    venue = listed(f"编号,名称,楼栋,楼层,房间\na,内科,{where},{rooms}\n", *TWO)

    assert rooms_of(venue, "a") == expected
    assert codes(venue) == ({code} if code else set())


@pytest.mark.parametrize(
    ("written", "room"),
    [
        ("3月12日", "3-12"),
        ("12-Mar", "3-12"),
        ("2026/3/12", "3-12"),
        ("2026-03-12 00:00:00", "3/12"),
        ("Mar-32", "3-32"),
        ("2003-01-02", "1-2-3"),
        ("1.00E+05", "1E05"),
        ("100000", "1E05"),
        ("7", "007"),
        ("A107", "A-107"),
        ("a－107室", "A107"),
    ],
)
def test_what_excel_or_an_office_made_of_a_number_is_matched_and_said(
    written: str, room: str
) -> None:
    venue = listed(f"id,name,rooms\na,内科,{written}\n", f"1F {room}", "1F 9-9")

    assert [venue.space_by_id[s].ref for s in rooms_of(venue, "a")] == [room]
    assert codes(venue) == {"directory-room-read-as"}


@pytest.mark.parametrize("written", ["107诊室", "107室", "１０７号", "Room 107", " 107"])
def test_words_for_a_room_are_no_part_of_its_number(written: str) -> None:
    venue = listed(f"id,name,rooms\na,内科,{written}\n", "1F 107", "1F 1070")

    assert rooms_of(venue, "a") == ["1F 107"]
    assert codes(venue) == set()


def test_a_date_that_fits_no_room_or_two_is_asked() -> None:
    none = listed("id,name,rooms\na,内科,3月12日\n", "1F 101")
    two = listed("id,name,rooms\na,内科,3月12日\n", "1F 3-12", "1F 12-3")

    assert (codes(none), rooms_of(none, "a")) == ({"directory-room-date"}, [])
    assert (codes(two), rooms_of(two, "a")) == ({"directory-room-several"}, [])


def test_a_range_of_rooms_is_the_rooms_that_there_are() -> None:
    venue = listed("id,name,rooms\na,内科,101-104\n", "1F 101", "1F 103", "1F 104", "2F 102")

    assert rooms_of(venue, "a") == ["1F 101", "1F 103", "1F 104"]
    assert codes(venue) == {"directory-room-range"}


def test_a_number_on_a_door_comes_before_the_number_that_a_drawing_gave_a_room() -> None:
    plan = house("1F 007", "1F 12")
    seven, twelve, hall = plan.spaces
    counted = (replace(seven, key="12"), replace(twelve, key="7"), hall)
    table = directory.parse("id,name,rooms\na,内科,12\nb,外科,7\n", "d.csv")

    venue = join([replace(plan, spaces=counted)], table)

    assert [venue.place_by_id[key].ref for key in "ab"] == ["12", "007"]


@pytest.mark.parametrize("place", ["门诊楼2楼101室", "门诊楼 二楼 101", "门诊楼（2F）101"])
def test_a_location_in_one_cell_is_taken_apart(place: str) -> None:
    venue = listed(f"编号,科室,位置\na,内科,{place}\n", *TWO)

    assert rooms_of(venue, "a") == ["门诊楼 2F 101"]


def test_the_title_of_a_sheet_is_the_building_or_the_floor_of_its_rows() -> None:
    rows = [["编号", "科室", "房号", "楼层"]]
    content = packed(
        ("门诊楼", [*rows, ["a", "内科", "101", "1F"]]),
        ("住院楼", [*rows, ["b", "外科", "101", "1F"]]),
        ("二楼", [*rows, ["c", "儿科", "205", ""]]),
        ("三楼", [*rows, ["d", "眼科", "205", ""]]),
    )

    venue = join([house(*TWO)], read_book(content))

    assert [rooms_of(venue, key) for key in "abcd"] == [
        ["门诊楼 1F 101"],
        ["住院楼 1F 101"],
        ["住院楼 2F 205"],
        [],
    ]


def test_one_room_of_a_row_that_is_unknown_is_said() -> None:
    venue = listed("id,name,rooms\na,内科,101；999\n", "1F 101")

    assert rooms_of(venue, "a") == ["1F 101"]
    assert codes(venue) == {"directory-room-nowhere"}


@pytest.mark.parametrize(
    ("wanted", "drawn", "is_alike"),
    [
        ("犬伤门诊", "大伤门诊", True),
        ("Ophthalmology", "Opthalmology", True),
        ("眼科门诊", "肛肠科门诊", False),
        ("内科", "外科", False),
        ("A101", "A102", False),
    ],
)
def test_a_room_that_is_called_nearly_so_is_proposed_and_not_taken(
    wanted: str, drawn: str, is_alike: bool
) -> None:
    venue = listed(f"id,name,rooms\na,科室,{wanted}\n", f"1F {drawn}")

    assert rooms_of(venue, "a") == []
    assert codes(venue) == {"directory-room-alike" if is_alike else "directory-room-nowhere"}
    [said] = [one for one in venue.findings if one.code in codes(venue)]
    assert (drawn in str(said.slots.get("there", ""))) == is_alike


def test_headings_are_known_in_both_scripts_and_with_what_offices_add() -> None:
    for headings in (
        "科室名称,房号,所在楼层",
        "科室*,門牌號（必填）,樓層：",
        "Department,Room No.,Floor",
        "名 称,诊室号,层",
    ):
        found = directory.parse(f"{headings}\n内科,101,2楼\n", "d.csv")
        assert [(e.names["zh-Hans"], e.rooms, e.floor) for e in found.entries] == [
            ("内科", ("101",), "2楼")
        ]
        assert found.findings == ()


def test_columns_that_are_not_read_are_said() -> None:
    found = directory.parse("科室,房间,名称,负责人\n内科,101,消化,王\n", "d.csv")

    assert found.entries[0].names == {"zh-Hans": "内科"}
    assert [f.code for f in found.findings] == [
        "directory-heading-twice",
        "directory-columns-unread",
    ]
    assert [("名称" in f.text("en"), "负责人" in f.text("en")) for f in found.findings] == [
        (True, False),
        (False, True),
    ]


# Workbooks


def packed(*sheets: tuple[str, Sequence[Sequence[Any]]], merged: str = "") -> bytes:
    book = Workbook()
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if merged:
            sheet.merge_cells(merged)
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADINGS = ["编号", "名称", "楼层", "房间", "开放时间"]


def read_book(content: bytes) -> Directory:
    return directory.read_content(content, "d.xlsx")


def test_a_workbook_is_read_as_excel_shows_it() -> None:
    content = packed(
        (
            "一览表",
            [
                ["江城市第一医院科室一览表"],
                HEADINGS,
                ["a", "内科", "2F", 101, "8:00-12:00"],
                ["b", "外科", None, 102.0, "周一至周五 8:00-17:00"],
                ["c", "儿科", "1F", datetime.datetime(2026, 3, 12), None],
            ],
        ),
        merged="C3:C4",
    )

    found = read_book(content)

    assert [(e.id, e.floor, e.rooms, e.hours.text) for e in found.entries] == [
        ("a", "2F", ("101",), "8:00-12:00"),
        ("b", "2F", ("102",), "Mo-Fr 08:00-17:00"),
        ("c", "1F", ("2026-03-12",), ""),
    ]
    assert [(f.code, f.slots["count"]) for f in found.findings] == [("directory-merged", "1")]
    assert found.entries[0].where == "d.xlsx:3"


def test_figures_keep_the_zeros_that_their_format_shows() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["name", "rooms"])
    sheet.append(["内科", 7])
    sheet["B2"].number_format = "000"
    out = io.BytesIO()
    book.save(out)

    assert read_book(out.getvalue()).entries[0].rooms == ("007",)


def test_every_sheet_with_the_headings_is_read_and_the_others_are_named() -> None:
    book = Workbook()
    for title, state, rows in (
        ("门诊楼", "visible", [["名称", "房间"], ["内科", "101"]]),
        ("住院楼", "visible", [["科室", "房号"], ["外科", "102"]]),
        ("说明", "visible", [["请每月更新"]]),
        ("旧", "hidden", [["名称", "房间"], ["旧科", "103"]]),
    ):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)

    found = read_book(out.getvalue())

    assert [(e.names["zh-Hans"], e.where) for e in found.entries] == [
        ("内科", "d.xlsx, 门诊楼:2"),
        ("外科", "d.xlsx, 住院楼:2"),
    ]
    assert {f.code: next(iter(f.slots.values())) for f in found.findings} == {
        "directory-sheet-hidden": "旧",
        "directory-sheet-unread": "说明",
        "directory-sheets": "门诊楼, 住院楼",
    }


def test_a_formula_without_a_result_and_an_error_are_said() -> None:
    content = packed(
        ("a", [["name", "rooms", "phone"], ["内科", "101", "=1+1"], ["外科", "102", "#N/A"]])
    )

    (finding,) = read_book(content).findings

    assert (finding.code, finding.slots["cells"]) == ("directory-cells-unread", "C3, C2")


def swollen(part: str, text: bytes) -> bytes:
    """A workbook with one part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed(("a", [["name", "rooms"], ["内科", "101"]])))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
END = b"</row></sheetData></worksheet>"
XML = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (swollen(SHEET, b" " * 80_000_000), "workbook-too-large"),
        (swollen(SHEET, b'<!DOCTYPE a [<!ENTITY b "c">]>' + XML), "workbook-broken"),
        (swollen(SHEET, XML + b"<row><c"), "workbook-broken"),
        (
            swollen(SHEET, XML + b'<row r="1"><c r="ZZ1"><v>1</v></c>' + END),
            "workbook-too-large",
        ),
        (
            swollen(SHEET, XML + b'<row r="900000"><c r="A900000"><v>1</v></c>' + END),
            "workbook-too-large",
        ),
        (packed(("a", [["name", "rooms"]]))[:900], "workbook-broken"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "directory-old-workbook"),
        (packed(("a", [["hello"]])), "directory-without-columns"),
    ],
    ids=["bomb", "entities", "cut", "wide", "tall", "half", "old", "other"],
)  # fmt: skip
def test_a_workbook_that_is_none_or_swells_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(NavkitError) as refused:
        read_book(content)

    assert refused.value.finding.code == code


def test_merged_cells_without_end_fill_what_there_is() -> None:
    merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'

    sheets, findings = workbook.read_workbook(swollen(SHEET, XML + row + merged), "d.xlsx")

    assert len(sheets[0].rows) == 1
    assert set(sheets[0].rows[0]) == {"name"}
    assert [f.code for f in findings] == ["directory-merged"]


def test_the_echo_says_for_each_row_what_was_understood_and_what_not() -> None:
    table = (
        "编号,名称,楼层,房间,开放时间,权限\n"
        "a,内科,2楼,101,周一至周五 8:00-17:00,\n"
        "b,外科,,7,看情况,员工\n"
        "c,儿科,,101,,\n"
        "d,,,101,,\n"
        "e,=1+1,1F,101,,\n"
    )
    listed = directory.parse(table, "d.csv")
    venue = join([house("门诊楼 1F 101", "门诊楼 2F 101", "门诊楼 2F 007")], listed)

    rows = echo(listed, venue, "zh-Hans")

    cells = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows}
    assert [cells[f"d.csv:{n}"]["state"] for n in range(2, 7)] == [
        "已读懂",
        "请核对",
        "未采用",
        "未采用",
        "已读懂",
    ]
    assert cells["d.csv:2"]["found"] == "门诊楼 2F 101 [门诊楼 2F 101]"
    assert cells["d.csv:2"]["read"] == "Mo-Fr 08:00-17:00"
    assert "007" in cells["d.csv:3"]["why"] and "看情况" in cells["d.csv:3"]["why"]
    assert cells["d.csv:3"]["access"] == "仅员工"
    assert cells["d.csv:3"]["read"] == "没读懂，按未核实处理"
    assert "门诊楼 1F 101; 门诊楼 2F 101" in cells["d.csv:4"]["why"]
    assert cells["d.csv:5"]["name"] == "d | 101"
    assert b"'=1+1" in as_csv(rows)


@pytest.mark.process
def test_a_workbook_at_the_console_is_kept_as_one_sheet_and_what_was_not_read_is_said(
    tmp_path: Path,
) -> None:
    made = new_house(tmp_path / "data").hire()
    editor = made.clerk("editor")
    content = packed(
        ("门诊楼", [["科室一览表"], ["名称", "房间"], ["内科", 101]]),
        ("住院楼", [["科室", "房号", "电话"], ["外科", "102", "=1+1"]]),
    )

    editor.upload("directory", "名录.xlsx", content)
    page = editor.get(f"/hospitals/{HOSPITAL}").text

    now = drafts.latest(made.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    table = drafts.table_of(made.settings.press.files.read(now.sha256))
    assert table.headings == ("名称", "房间", "sheet", "电话")
    assert table.rows == (("内科", "101", "门诊楼", ""), ("外科", "102", "住院楼", ""))
    assert "门诊楼, 住院楼" in page
    assert "C2" in page


@pytest.mark.process
def test_the_console_shows_what_was_understood_rows_to_look_at_first(tmp_path: Path) -> None:
    made = new_house(tmp_path / "data").hire()
    made.build()
    editor = made.clerk("editor")
    table = "编号,名称,房间\na,内科,101\nb,=外科,00102\n".encode()
    now = drafts.latest(made.rows, HOSPITAL, "directory", drafts.DIRECTORY)
    store = made.settings.press.files
    drafts.put(deed(made.rows, 1, "editor"), store, "directory", now.name, table, now.version)

    page = editor.get(f"/hospitals/{HOSPITAL}/directory/understood").text
    sheet = editor.get(f"/hospitals/{HOSPITAL}/directory/understood.csv").data.decode("utf-8-sig")

    assert page.index("00102") < page.index("内科")
    assert "'=外科" in sheet
    assert "1F 101 [1F-01]" in sheet
