"""Codes on the wall can be scanned, read, typed and cut out."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import segno
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from exporter.paper.anchors import anchor_sheet, content
from exporter.paper.lettering import width_em
from navkit.venue.venue import Anchor, Level, Space, Venue, save
from navkit.words.findings import NavkitError
from tools.cli import main

SVG = "{http://www.w3.org/2000/svg}"


def venue(*anchors: Anchor) -> Venue:
    """A corridor on each of two floors of two buildings."""
    levels = (Level("a1", 0, "1F", "a"), Level("b2", 1, "2F", "b"))
    return Venue(
        names={"zh-Hans": "医院", "en": "Hospital"},
        frame=None,
        levels=levels,
        spaces=tuple(Space(f"{one.id}-c", one.id, box(0, 0, 50, 4), "corridor") for one in levels),
        doors=(),
        connectors=(),
        paths=(),
        places=(),
        anchors=anchors,
        building_names={
            "a": {"zh-Hans": "门诊楼", "en": "Outpatients"},
            "b": {"zh-Hans": "医技楼"},
        },
    )


def anchor(code: str, level: str = "a1", name: str = "电梯厅") -> Anchor:
    return Anchor(f"{level}-{code}", code, f"{level}-c", (1.0, 2.0), names={"zh-Hans": name})


MANY = venue(*(anchor(f"A{n:03}", "b2" if n % 3 else "a1") for n in range(20)))


def pages(of: Venue = MANY, base_url: str | None = None) -> list[ET.Element]:
    return [ET.fromstring(svg) for _, svg in anchor_sheet(of, "zh-Hans", base_url)]


def labels(roots: list[ET.Element]) -> list[ET.Element]:
    return [g for root in roots for g in root.iter(f"{SVG}g") if g.get("class") == "anchor"]


def texts(element: ET.Element) -> list[str]:
    return [text.text or "" for text in element.iter(f"{SVG}text")]


def dark(label: ET.Element) -> set[tuple[int, int]]:
    """Row and column of the modules that a label's bars cover, with the quiet zone counted."""
    path = next(p for p in label.iter(f"{SVG}path") if p.get("class") == "qr")
    bars = []
    for bar in (path.get("d") or "").strip("MZ").split("ZM"):
        corners = [tuple(map(float, corner.split())) for corner in bar.split("L")]
        bars.append((*corners[0], *corners[2]))
    tall = bars[0][3] - bars[0][1]
    left, top = min(b[0] for b in bars), min(b[1] for b in bars)
    return {
        (round((b[1] - top) / tall), column)
        for b in bars
        for column in range(round((b[0] - left) / tall), round((b[2] - left) / tall))
    }


@pytest.mark.parametrize("base_url", [None, "https://nav.example.org/h/"])
def test_the_drawn_modules_are_those_of_the_code(base_url: str | None) -> None:
    for label in labels(pages(base_url=base_url)):
        text = label.get("data-content") or ""
        matrix = segno.make(text, error="q", micro=False, boost_error=False).matrix

        assert dark(label) == {
            (y, x) for y, row in enumerate(matrix) for x, module in enumerate(row) if module
        }


def test_a_code_says_which_anchor_it_is() -> None:
    assert content(anchor("A101"), None) == "navkit:A101"
    assert content(anchor("A101"), "https://x.org/v/") == "https://x.org/v/#a=A101"
    assert content(anchor("A 1#2"), "https://x.org/") == "https://x.org/#a=A%201%232"


def test_every_anchor_is_printed_once_floor_by_floor() -> None:
    found = [label.get("data-code") for label in labels(pages())]

    ground = [f"A{n:03}" for n in range(20) if n % 3 == 0]
    assert found == ground + [f"A{n:03}" for n in range(20) if n % 3]


def test_a_label_says_code_floor_and_name() -> None:
    label = labels(pages())[0]

    assert texts(label)[:3] == ["A000", "门诊楼1F", "电梯厅"]


def test_pages_are_a4_with_six_codes_at_most() -> None:
    for root in pages():
        assert (root.get("width"), root.get("height")) == ("210mm", "297mm")
        assert root.get("viewBox") == "0 0 210 297"
        assert 1 <= len(labels([root])) <= 6


@given(st.text("电梯大厅A b-é（）", min_size=1, max_size=60))
def test_long_names_stay_in_their_frame(name: str) -> None:
    (root,) = pages(venue(anchor("A101", name=name)))
    (frame,) = [r for r in root.iter(f"{SVG}rect") if r.get("class") == "cut"]
    left, top = float(frame.get("x", 0)), float(frame.get("y", 0))
    right = left + float(frame.get("width", 0))
    bottom = top + float(frame.get("height", 0))

    for text in root.iter(f"{SVG}text"):
        em, x, y = (float(text.get(key, 0)) for key in ("font-size", "x", "y"))
        half = width_em(text.text or "") * em / 2
        assert left <= x - half and x + half <= right
        assert top <= y - em and y + 0.25 * em <= bottom


def test_the_same_venue_gives_the_same_bytes() -> None:
    assert anchor_sheet(MANY, "en", None) == anchor_sheet(MANY, "en", None)


def test_a_venue_without_anchors_says_what_to_do() -> None:
    with pytest.raises(NavkitError, match="corrections file"):
        anchor_sheet(venue(), "en", None)


def test_the_command_writes_the_pages(tmp_path: Path) -> None:
    save(MANY, tmp_path / "venue.json")
    done = CliRunner().invoke(
        main, ["anchors", str(tmp_path / "venue.json"), "-o", str(tmp_path / "out")]
    )

    assert done.exit_code == 0, done.output
    assert {f.name: f.read_text("utf-8") for f in (tmp_path / "out").iterdir()} == dict(
        anchor_sheet(MANY, "zh-Hans", None)
    )
