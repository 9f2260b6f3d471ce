"""Exported sheets run nothing, and are read back unchanged."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic import HOSPITAL, new_house
from hypothesis import given
from hypothesis import strategies as st

from exporter.voice import recorded, sheet
from navkit.venue import directory
from navkit.venue.spreadsheet import as_text, from_text
from server.builds import drafts

SIGNS = "=+-@\t\r\n＝＋－＠"
CELLS = st.text(alphabet=SIGNS + "'\"a1,;( 中", max_size=12)


@given(st.one_of(st.text(), CELLS))
def test_a_cell_is_read_back_as_it_was_and_begins_like_no_formula(cell: str) -> None:
    written = as_text(cell)

    assert from_text(written) == cell
    assert written[:1] not in set(SIGNS)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5))
def test_a_directory_is_read_back_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    table = drafts.Table(("name", "rooms"), tuple(rows))
    content = drafts.table_file(table)

    assert drafts.table_of(content) == table
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        assert not any(cell[:1] in set(SIGNS) for cell in row if cell)
    assert drafts.opened_by_people("directory", content) == content


@given(st.lists(CELLS.map(str.strip).filter(bool), min_size=1, max_size=4, unique=True))
def test_a_review_sheet_is_read_back_row_by_row(names: list[str]) -> None:
    rows = [sheet.Row("zh-Hans", name, name, "", "", name) for name in names]
    with TemporaryDirectory() as folder:
        sheet.write(rows, Path(folder) / "names.csv")
        again = sheet.read(Path(folder) / "names.csv")

    assert again == rows


def test_what_is_to_be_recorded_runs_nothing(tmp_path: Path) -> None:
    recorded.write_list(tmp_path, "en", [("c1", '=HYPERLINK("http://x")', "@x")])

    text = (tmp_path / "en" / "to-record.csv").read_text(encoding="utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert row[1:3] == ['\'=HYPERLINK("http://x")', "'@x"]


def test_a_phone_number_with_a_plus_is_dialled_as_it_was_written() -> None:
    text = "name,rooms,phone\nCT,101,'+86 27 5550\nDR,102,+86 27 5551\n"

    assert [e.phone for e in directory.parse(text, "d.csv").entries] == [
        "+86 27 5550",
        "+86 27 5551",
    ]


def test_a_formula_that_somebody_uploads_is_text_to_whoever_downloads_it(tmp_path: Path) -> None:
    house = new_house(tmp_path / "data").hire()
    given = b"name,rooms\n\"=cmd|'/c calc'!A1\",101\nCT,102\n"
    house.clerk("editor").upload("directory", "d.csv", given)

    downloaded = (
        house.clerk("admin")
        .get(f"/hospitals/{HOSPITAL}/sources/directory/directory.csv?version=1")
        .data
    )

    (_, row, _) = csv.reader(io.StringIO(downloaded.decode("utf-8-sig")))
    assert row[0] == "'=cmd|'/c calc'!A1"
    assert drafts.table_of(downloaded) == drafts.table_of(given)
