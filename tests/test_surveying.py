"""The picture of what a drawing's layers are taken for: all that is drawn is on it, once."""

from pathlib import Path
from typing import get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import drawn_dxf as dxf
import drawn_pdf as pdf
import drawn_svg as svg
import pytest
from click.testing import CliRunner

from floorplans.mapping import UNKNOWN, Role
from floorplans.survey import WIDE, survey_drawn
from tools.cli import main
from tools.surveying import PAINT

IN = "{http://www.w3.org/2000/svg}"


def drawn(folder: Path, name: str, content: bytes) -> Element:
    (folder / name).write_bytes(content)
    said = CliRunner().invoke(
        main, ["mapping", str(folder), "--svg", str(folder / "a.svg~")], env={"NAVKIT_LANG": "en"}
    )
    assert said.exit_code == 0, said.output
    return ElementTree.fromstring((folder / "a.svg~").read_bytes())


def texts(whole: Element) -> list[str]:
    return [one.text or "" for one in whole.iter(f"{IN}text")]


def strokes(whole: Element) -> dict[str, int]:
    """How many lines there are of each colour."""
    return {
        str(path.get("stroke")): str(path.get("d")).count("M") for path in whole.iter(f"{IN}path")
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [("1F.dxf", dxf.dxf(*dxf.ward(1000))), ("1F.svg", svg.svg(*svg.ward(swings=True)))],
)
def test_all_that_is_drawn_is_in_the_colour_of_its_role(
    name: str, content: bytes, tmp_path: Path
) -> None:
    whole = drawn(tmp_path, name, content)
    (tmp_path / "a.svg~").unlink()
    (plan,) = survey_drawn([tmp_path])
    counted: dict[str, int] = {}
    for finding in plan.findings:
        if finding.code == "layer-seen":
            colour, _ = PAINT[str(finding.slots["role"])]
            lines = sum(int(str(finding.slots[kind])) for kind in ("lines", "areas", "arcs"))
            counted[colour] = counted.get(colour, 0) + lines

    assert strokes(whole) == {colour: count for colour, count in counted.items() if count}
    assert {"Corridor", name} <= set(texts(whole))


def test_what_nobody_knows_is_dashed_and_named(tmp_path: Path) -> None:
    whole = drawn(tmp_path, "1F.pdf", pdf.pdf(pdf.ward()))
    (path,) = whole.iter(f"{IN}path")

    assert path.get("stroke") == PAINT[UNKNOWN][0]
    assert path.get("stroke-dasharray")
    assert any("nobody knows" in one and "5 areas" in one for one in texts(whole))
    assert any("fill #ffe6bf" in one for one in texts(whole))
    assert "rooms: no layer" in texts(whole)


def test_numbers_of_a_country_and_notes_far_away_are_no_hindrance(tmp_path: Path) -> None:
    far = [dxf.line("WALLS", (9e12, 0), (9e12, 5)), dxf.words("LABELS", (-9e12, 0), "note")]
    (tmp_path / "1F.dxf").write_bytes(dxf.dxf(*dxf.ward(1000), *far))
    (plan,) = survey_drawn([tmp_path])
    left, low, right, high = (max(abs(line.bounds[n]) for _, line in plan.walls) for n in range(4))

    assert max(left, low, right, high) <= WIDE / 2 + 1
    assert right > 0.4 * WIDE
    assert "note" not in {point.names[""] for point in plan.points}


def test_names_are_only_shown(tmp_path: Path) -> None:
    nasty = dxf.words("LABELS", (2000, 3000), "<script>alert(1)</script>")
    whole = drawn(tmp_path, "1F.dxf", dxf.dxf(*dxf.ward(1000), nasty))

    assert not [one for one in whole.iter() if "script" in one.tag]
    assert any("<script>" in one for one in texts(whole))


def test_every_role_has_a_colour() -> None:
    assert set(PAINT) == {role or UNKNOWN for role in get_args(Role)}
    assert len({colour for colour, _ in PAINT.values()}) == len(PAINT)
