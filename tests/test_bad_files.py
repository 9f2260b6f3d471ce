"""Bad files by the hundred are each answered with their own code, read in a separate process."""

import random
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import drawn_ifc
import pytest
from bad_files import CLASSES, READ, Bad, mutated, pbf, pbf_with_nul, write
from drawn_dxf import dxf, ward
from drawn_pdf import LAYERS, layered_ward, pdf
from drawn_svg import svg
from drawn_svg import ward as vector_ward
from planted import read_each
from test_bad_input import (
    BAD,
    GOOD,
    NATIVE_LINE,
    SMALL,
    foreign,
    imdf,
    native,
    osm,
    ring,
    room,
    text,
)

from floorplans.child import read_apart
from floorplans.limits import LIMITS, Limits
from navkit.words.findings import PlanError
from navkit.words.languages import languages

pytestmark = pytest.mark.process

MOST_S = 20.0
"""For any one file; nearly all take a hundredth of a second."""

BESIDE = ("directory", "corrections", "photos")
"""Classes of what is no drawing."""


@cache
def made(kind: str) -> Mapping[str, Bad]:
    """Of a class, or the drawings of `test_bad_input.py`."""
    return CLASSES[kind]() if kind in CLASSES else {t: Bad(*bad) for t, bad in BAD.items()}


def check(bads: Mapping[str, Bad], folder: Path, limits: Limits) -> None:
    """All in one child: starting one takes longer than reading a hundred bad files."""
    paths = [write(bad, folder / f"{number}") for number, bad in enumerate(bads.values())]

    verdicts = read_apart(paths, limits, read_each)

    assert len(verdicts) == len(bads)
    for (title, bad), verdict in zip(bads.items(), verdicts, strict=True):
        codes = [finding.code for finding in verdict.findings]
        if verdict.names["said"] == "refused":
            assert codes == [bad.code], title
        else:
            assert bad.code in (codes or [READ]), (title, codes)
        assert float(verdict.names["seconds"]) < MOST_S, title
        assert all(f.text(tag).isprintable() for f in verdict.findings for tag in languages()), (
            title
        )


@pytest.mark.parametrize("kind", ["drawings", *CLASSES])
def test_every_bad_file_is_answered_with_its_code(kind: str, tmp_path: Path) -> None:
    check({t: bad for t, bad in made(kind).items() if not bad.real_limits}, tmp_path, SMALL)


def test_words_with_nul_in_a_pbf_harm_nothing_but_their_own_reading(tmp_path: Path) -> None:
    bad = pbf_with_nul()

    with pytest.raises(PlanError) as refused:
        read_apart([write(bad, tmp_path / "a")], SMALL)

    assert refused.value.finding.code in (bad.code, "reading-crashed")


def test_bombs_are_told_within_the_limits_in_use(tmp_path: Path) -> None:
    every = {title: bad for kind in CLASSES for title, bad in made(kind).items()}

    check({t: bad for t, bad in every.items() if bad.real_limits}, tmp_path, LIMITS)


def test_one_by_one_they_are_answered_alike(tmp_path: Path) -> None:
    """A few, since each starts a child."""
    drawings = [bad for kind in CLASSES if kind not in BESIDE for bad in made(kind).values()]
    small = [bad for bad in drawings if not bad.real_limits]
    for number, bad in enumerate(random.Random(7).sample(small, 8)):
        path = write(bad, tmp_path / f"{number}")
        try:
            plans = read_apart([path], SMALL)
        except PlanError as error:
            codes = [error.finding.code]
        else:
            codes = [finding.code for plan in plans for finding in plan.findings] or [READ]

        assert bad.code in codes, bad.name


def test_there_are_many_and_they_are_always_the_same() -> None:
    drawings = {kind: len(made(kind)) for kind in (*CLASSES, "drawings") if kind not in BESIDE}
    print(f"{sum(drawings.values())} bad drawings: {drawings}")
    assert sum(drawings.values()) >= 800 and len(drawings) >= 14
    assert all(bad.code for kind in drawings for bad in made(kind).values())
    for kind, make in CLASSES.items():
        assert make() == made(kind), kind


WHOLE: Mapping[str, bytes] = {
    "a.geojson": text(native(*GOOD, NATIVE_LINE)).encode(),
    "b.geojson": text(foreign(room(ring(0, 0)), room(ring(20, 0), name="大厅"))).encode(),
    "c.osm": osm("").encode(),
    "d.osm.pbf": pbf(),
    "e.zip": imdf(),
    "f.dxf": dxf(*ward(1000)),
    "h.svg": svg(*vector_ward(swings=True)),
    "i.pdf": pdf(layered_ward(), layers=LAYERS),
    "g.ifc": drawn_ifc.ward().bytes(),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_spoilt_file_is_a_plan_or_a_code(name: str, tmp_path: Path) -> None:
    draw = random.Random(name)
    bads = [
        Bad(name, mutated(draw, WHOLE[name], draw.choice(list(WHOLE.values()))), "")
        for _ in range(150)
    ]
    paths = [write(bad, tmp_path / f"{number}") for number, bad in enumerate(bads)]

    verdicts = read_apart(paths, SMALL, read_each)

    assert len(verdicts) == len(bads)


def test_a_spoilt_drawing_of_the_example_is_a_plan_or_a_code(
    example_drawings: Path, tmp_path: Path
) -> None:
    draw = random.Random(1)
    drawings = sorted((example_drawings / "plans").glob("*.geojson"))
    paths = []
    for number in range(60):
        drawing, other = draw.sample(drawings, 2)
        spoilt = mutated(draw, drawing.read_bytes(), other.read_bytes())
        paths.append(write(Bad(drawing.name, spoilt, ""), tmp_path / f"{number}"))

    verdicts = read_apart(paths, LIMITS, read_each)

    assert len(verdicts) == len(paths)
