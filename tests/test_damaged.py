"""Drawings whose files were damaged by lot: each is refused with a code, read as it was, or read
with a finding that says what is missing; nothing hangs, and no shape changes in silence, but for a
small share of some formats."""

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import drawn_ifc
import pytest
from bad_files import Bad, mutated, pbf, write
from conftest import real_plan
from drawn_dxf import dxf, ward
from drawn_pdf import LAYERS, layered_ward, pdf
from drawn_pictures import file_of, painted
from drawn_svg import svg
from drawn_svg import ward as vector_ward
from planted import read_alike
from test_bad_input import GOOD, NATIVE_LINE, foreign, imdf, native, osm, ring, room, text
from test_indoorgml import HOUSE

from floorplans.child import read_apart
from floorplans.limits import LIMITS
from navkit.words.findings import PlanError

pytestmark = [pytest.mark.process, pytest.mark.slow]

WHOLE: Mapping[str, Callable[[], bytes]] = {
    "a.geojson": lambda: text(native(*GOOD, NATIVE_LINE)).encode(),
    "b.geojson": lambda: text(foreign(room(ring(0, 0)), room(ring(20, 0), name="Hall"))).encode(),
    "c.osm": lambda: osm("").encode(),
    "d.osm.pbf": pbf,
    "e.zip": imdf,
    "f.dxf": lambda: dxf(*ward(1000)),
    "g.dwg": lambda: (real_plan("office-revit-dxf") / "Ground.dwg").read_bytes(),
    "h.svg": lambda: svg(*vector_ward(swings=True)),
    "i.pdf": lambda: pdf(layered_ward(), layers=LAYERS),
    "j.ifc": lambda: drawn_ifc.ward().bytes(),
    "k.gml": lambda: HOUSE,
    "l.png": lambda: file_of(painted().resize((500, 500)), "PNG"),
}
"""A drawing of every format."""

MANY, FEW = 2000, 30
SLOW = {"g.dwg": 100, "l.png": 100}
"""Those of which reading one takes seconds."""
SILENT = {
    "a.geojson": 0.001, "c.osm": 0.002, "d.osm.pbf": 0.02, "f.dxf": 0.04, "h.svg": 0.04,
    "i.pdf": 0.08, "k.gml": 0.01,
}  # fmt: skip
"""The most that changes in silence, as a share, as it was measured; the goal is none. Not told
yet: an entity of a kind that does not exist, a layer whose name says nothing any more, a point
that has lost one coordinate, and what is cut out of the page of a PDF."""
AT_ONCE = 100
"""Files that one child reads."""
PLAIN = re.compile(rb"[\w.+-]*")


def damaged(name: str, count: int) -> list[bytes]:
    whole = WHOLE[name]()
    other = WHOLE["f.dxf" if name == "h.svg" else "h.svg"]()
    lots = (random.Random(f"{name} {number}") for number in range(count))
    return [mutated(lot, whole, other) for lot in lots]


def is_another_drawing(whole: bytes, other: bytes) -> bool:
    """Whether they differ within one number or one name only: so somebody may have drawn it."""
    start = next((i for i, (a, b) in enumerate(zip(whole, other, strict=False)) if a != b), 0)
    tail = next(
        (i for i, (a, b) in enumerate(zip(whole[::-1], other[::-1], strict=False)) if a != b), 0
    )
    tail = min(tail, len(whole) - start, len(other) - start)
    pieces = (whole[start : len(whole) - tail], other[start : len(other) - tail])
    return all(PLAIN.fullmatch(piece) for piece in pieces)


def verdicts(name: str, count: int, folder: Path) -> tuple[Counter[str], list[bytes]]:
    """How often each, and what changed in silence."""
    first = write(Bad(name, WHOLE[name](), ""), folder / "whole")
    files = damaged(name, count)
    paths = [write(Bad(name, one, ""), folder / f"{n}") for n, one in enumerate(files)]
    found: Counter[str] = Counter()
    silent = []
    for start in range(0, count, AT_ONCE):
        some = paths[start : start + AT_ONCE]
        for path, said in zip(some, _said(first, some), strict=True):
            content = path.read_bytes()
            if said == "silence" and is_another_drawing(first.read_bytes(), content):
                said = "another drawing"
            found[said] += 1
            if said == "silence":
                silent.append(content)
    return found, silent


def _said(whole: Path, paths: list[Path]) -> list[str]:
    """One by one if a parser crashes on any."""
    try:
        return [one.names["said"] for one in read_apart([whole, *paths], LIMITS, read_alike)]
    except PlanError as error:
        if len(paths) == 1:
            assert error.finding.code in (
                "reading-crashed",
                "reading-out-of-memory",
                "reading-took-too-long",
            )
            return ["crashed in the child"]
    return [said for path in paths for said in _said(whole, [path])]


def check(name: str, count: int, folder: Path) -> None:
    found, silent = verdicts(name, count, folder)
    print(f"{name}: {count} damaged files, {dict(found)}")

    assert found.total() == count
    # Of few files one may be among them.
    assert len(silent) <= max(SILENT.get(name, 0.0) * count, name in SILENT), silent


@pytest.mark.parametrize("name", [name for name in WHOLE if name not in SLOW])
def test_no_damage_changes_a_shape_in_silence(name: str, tmp_path: Path) -> None:
    check(name, FEW, tmp_path)


@pytest.mark.mutations
@pytest.mark.parametrize("name", WHOLE)
def test_no_damage_changes_a_shape_in_silence_in_2000_cases(name: str, tmp_path: Path) -> None:
    check(name, SLOW.get(name, MANY), tmp_path)
