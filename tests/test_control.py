"""Control points: a drawing that was turned, scaled and moved is put back where it is on Earth."""

import json
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import drawn_dxf as dxf
import drawn_ifc as ifc
import drawn_pdf as pdf
import drawn_svg as svg
import numpy as np
import pytest
import test_tables as tables
from click.testing import CliRunner
from conftest import real_plan
from drawn_pictures import FLOOR, file_of, painted
from hypothesis import given
from hypothesis import strategies as st

from floorplans.control import Control, Point
from floorplans.reading import read
from navkit.plan.frame import Frame
from navkit.plan.plan import Plan
from navkit.venue.join import join
from navkit.words.findings import PlanError
from tools.cli import main

FRAME = Frame.near(116.37, 39.91)
TURN = complex(math.cos(math.radians(37)), math.sin(math.radians(37)))
SHIFT = complex(210.5, -84.25)
CORNERS = [(0.0, 0.0), (20.0, 0.0), (20.0, 8.0), (3.0, 7.0)]
"""Of the ward, in metres, and a spot inside."""

Xy = tuple[float, float]
Put = Callable[[Xy], complex]


def there(at: Xy) -> complex:
    """Where a spot, in metres of the ward, is in the frame."""
    return complex(*at) * TURN + SHIFT


def lonlat(at: complex) -> list[float]:
    (found,) = FRAME.to_degrees(np.array([[at.real, at.imag]]))
    return [float(one) for one in found]


def mapping(points: Sequence[tuple[Xy, Sequence[float]]], head: str = "", **more: str) -> str:
    """A `mapping.toml` with control points."""
    said = [head, "[georeference]", *(f"{k} = {json.dumps(v)}" for k, v in more.items())]
    for drawn, world in points:
        said += ["[[georeference.points]]", f"drawing = {list(drawn)}", f"world = {list(world)}"]
    return "\n".join(said) + "\n"


def plan_of(folder: Path, name: str, content: bytes, said: str = "") -> Plan:
    (folder / name).write_bytes(content)
    (folder / "mapping.toml").write_text(said, encoding="utf-8")
    (plan,) = read([folder])
    return plan


def refusal(folder: Path, said: str) -> str:
    with pytest.raises(PlanError) as refused:
        plan_of(folder, "1F.dxf", dxf.dxf(*dxf.ward(1000)), said)
    return refused.value.finding.code


def corners(plan: Plan) -> list[complex]:
    found = [complex(x, y) for one in plan.spaces for x, y in one.outline.exterior.coords]
    return found + [complex(x, y) for _, wall in plan.walls for x, y in wall.coords]


def of_dxf(at: Xy) -> Xy:
    return at[0] / 0.37, at[1] / 0.37


def of_svg(at: Xy) -> Xy:
    return at[0] * 20, (8 - at[1]) * 20


def of_pdf(at: Xy) -> Xy:
    return 60 + at[0] * 10 * pdf.POINTS, 100 + at[1] * 10 * pdf.POINTS


def of_ifc(at: Xy) -> Xy:
    return at[0] * 1000, at[1] * 1000


DRAWN = {
    # In a unit that nobody uses: the points alone tell it.
    "1F.dxf": (dxf.dxf(*dxf.ward(1 / 0.37), unit=None), "", of_dxf),
    "1F.svg": (svg.svg(*svg.ward()), "", of_svg),
    "1F.pdf": (pdf.pdf(pdf.ward()), pdf.MAPPING, of_pdf),
    "1F.ifc": (ifc.ward(1000.0).bytes(), "", of_ifc),
}
"""By name a ward, what a mapping has to say of its layers, and where metres are in its numbers."""


@pytest.mark.parametrize("name", DRAWN)
def test_it_is_put_back_within_a_centimetre(name: str, tmp_path: Path) -> None:
    content, head, drawn_at = DRAWN[name]
    points = [(drawn_at(at), lonlat(there(at))) for at in CORNERS]
    plan = plan_of(tmp_path, name, content, mapping(points, head))

    assert plan.frame == FRAME
    (room,) = [space for space in plan.spaces if space.ref == "103"]
    middle = complex(room.outline.centroid.x, room.outline.centroid.y)
    # In the model and the SVG the corridor is below, in the others above the rooms.
    at = {"1F.ifc": (12.5, 5.5), "1F.svg": (12.5, 2.5)}.get(name, (12.5, 2.5))
    assert abs(middle - there(at)) < 0.01
    assert {"georeferenced"} <= {f.code for f in plan.findings}
    assert {"georeference-off", "georeference-scale"} & {f.code for f in plan.findings} == set()


def test_nothing_but_its_place_changes(tmp_path: Path) -> None:
    content = dxf.dxf(*dxf.ward(1000))
    local = plan_of(tmp_path, "1F.dxf", content)
    points = [((x * 1000, y * 1000), lonlat(there((x, y)))) for x, y in CORNERS[:2]]
    placed = plan_of(tmp_path, "1F.dxf", content, mapping(points))

    was = [at * TURN + SHIFT for at in corners(local)]
    assert max(abs(a - b) for a, b in zip(was, corners(placed), strict=True)) < 0.01
    assert [d.width_m for d in placed.doors] == [d.width_m for d in local.doors]
    assert len(join([placed]).doors) == len(join([local]).doors)


def test_points_may_be_in_the_grid_of_a_map(tmp_path: Path) -> None:
    """Both orders of its axes are met with."""
    from pyproj import Transformer

    grid = Transformer.from_crs("OGC:CRS84", "EPSG:4547", always_xy=True)
    east = [grid.transform(*lonlat(there(at))) for at in CORNERS]
    for world in (east, [(y, x) for x, y in east]):
        points = [((x * 1000, y * 1000), w) for (x, y), w in zip(CORNERS, world, strict=True)]
        said = mapping(points, crs="EPSG:4547")
        plan = plan_of(tmp_path, "1F.dxf", dxf.dxf(*dxf.ward(1000)), said)

        (room,) = [space for space in plan.spaces if space.ref == "101"]
        middle = complex(room.outline.centroid.x, room.outline.centroid.y)
        assert abs(middle - there((2.5, 2.5))) < 0.05


def test_a_point_that_is_off_is_named(tmp_path: Path) -> None:
    points = [((x * 1000, y * 1000), lonlat(there((x, y)))) for x, y in CORNERS]
    drawn, (lon, lat) = points[2]
    points[2] = (drawn, [lon + 0.0001, lat])
    plan = plan_of(tmp_path, "1F.dxf", dxf.dxf(*dxf.ward(1000)), mapping(points))

    (off,) = [f for f in plan.findings if f.code == "georeference-off"]
    assert off.slots["number"] == "3"
    assert "20000, 8000" in off.text("en")


def test_a_scale_that_contradicts_the_unit_is_told(tmp_path: Path) -> None:
    points = [((x * 1000, y * 1000), lonlat(there((1.2 * x, 1.2 * y)))) for x, y in CORNERS]
    said = mapping(points, 'unit = "mm"')
    plan = plan_of(tmp_path, "1F.dxf", dxf.dxf(*dxf.ward(1000)), said)

    (told,) = [f for f in plan.findings if f.code == "georeference-scale"]
    assert told.slots["factor"] == "1.200"
    assert sum(s.outline.area for s in plan.spaces) == pytest.approx(160 * 1.44, rel=1e-3)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (mapping([]), "georeference-points-few"),
        (mapping([((0, 0), (116.37, 39.91))]), "georeference-points-few"),
        (mapping([((0, 0), (116.37, 39.91))] * 2), "georeference-points-equal"),
        (
            mapping([((0, 0), (116.37, 39.91)), ((0, 0), (116.38, 39.91))]),
            "georeference-points-equal",
        ),
        (
            mapping([((0, 0), (116.37, 39.91)), ((9, 0), (116.37, 39.91))]),
            "georeference-points-equal",
        ),
        (
            mapping([((math.nan, 0), (116.37, 39.91)), ((9, 0), (116.38, 39.91))]),
            "georeference-point-unread",
        ),
        (
            mapping([((math.inf, 0), (116.37, 39.91)), ((9, 0), (116.38, 39.91))]),
            "georeference-point-unread",
        ),
        (mapping([((0, 0), (116.37, 99)), ((9, 0), (116.3, 39.9))]), "georeference-point-unread"),
        (mapping([((0, 0), (116.37,)), ((9, 0), (116.38, 39.91))]), "georeference-point-unread"),
        (
            mapping([((0, 0), (116.37, 39.91)), ((9, 0), (116.38, 39.91))], crs="EPSG:none"),
            "georeference-crs-unknown",
        ),
        (
            mapping([((0, 0), (116.37, 39.91)), ((9, 0), (116.38, 39.91))], crs="EPSG:4547"),
            "georeference-point-unread",
        ),
        (
            mapping([((0, 0), (116.37, 39.91)), ((20000, 0), (119.37, 39.91))]),
            "building-too-large",
        ),
        ("georeference = 3\n", "georeference-points-few"),
    ],
)  # fmt: skip
def test_points_that_say_nothing_are_refused(said: str, code: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, said) == code


def test_a_mirrored_drawing_is_refused(tmp_path: Path) -> None:
    points = [((x * 1000, y * 1000), lonlat(there((x, -y)))) for x, y in CORNERS]

    assert refusal(tmp_path, mapping(points)) == "georeference-mirrored"


def test_of_several_sheets_one_has_to_be_named(tmp_path: Path) -> None:
    points = [(of_svg(at), lonlat(there(at))) for at in CORNERS]
    (tmp_path / "2F.svg").write_bytes(svg.svg(*svg.ward()))
    with pytest.raises(PlanError) as refused:
        plan_of(tmp_path, "1F.svg", svg.svg(*svg.ward()), mapping(points))
    named = mapping(points).replace("drawing =", 'file = "1F.svg"\ndrawing =')
    plan = plan_of(tmp_path, "1F.svg", svg.svg(*svg.ward()), named)

    assert refused.value.finding.code == "georeference-file"
    rooms = [space.outline.centroid for space in plan.spaces if space.ref == "103"]
    assert len(rooms) == 2
    assert all(abs(complex(at.x, at.y) - there((12.5, 2.5))) < 0.01 for at in rooms)


def test_a_network_that_was_typed_is_placed(tmp_path: Path) -> None:
    """Its pixels are 5 cm, which nobody says."""
    files = tables.written(tmp_path, *tables.house())
    at_px = [(100.0, 500.0), (400.0, 500.0), (300.0, 400.0)]
    points = [((x, y), lonlat(there((x * 0.05, -y * 0.05)))) for x, y in at_px]
    (tmp_path / "mapping.toml").write_text(mapping(points), encoding="utf-8")
    (plan,) = read([*files, tmp_path / "mapping.toml"])

    assert plan.frame == FRAME
    assert "table-scale-guessed" not in {f.code for f in plan.findings}
    (clinic,) = [s for s in plan.spaces if "Clinic 101" in s.names.values()]
    assert (
        abs(complex(clinic.outline.centroid.x, clinic.outline.centroid.y) - there((5, -20))) < 0.01
    )


@pytest.mark.slow
def test_a_picture_is_placed(tmp_path: Path) -> None:
    """Its dots are 4 cm; what is seen on it is as exact as that."""
    called = Counter(one.name for one in FLOOR)
    room = next(one for one in FLOOR if called[one.name] == 1 and not one.inner)
    at_dots = [(100.0, 250.0), (900.0, 250.0), (900.0, 650.0)]
    points = [((x, y), lonlat(there((x * 0.04, -y * 0.04)))) for x, y in at_dots]
    plan = plan_of(tmp_path, "1F.png", file_of(painted(), "PNG"), mapping(points))
    left, top, right, low = room.box
    aim = there(((left + right) / 2 * 0.04, -(top + low) / 2 * 0.04))
    named = [s for s in plan.spaces if room.name in s.names.values()]
    found = max(named, key=lambda space: space.outline.area)

    assert abs(complex(found.outline.centroid.x, found.outline.centroid.y) - aim) < 0.2


def test_an_office_of_three_storeys_by_others_is_placed(tmp_path: Path) -> None:
    folder = real_plan("office-dxf")
    local, *_ = read([folder])
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    left, low, right, high = local.spaces[0].outline.bounds
    (tmp_path / "mapping.toml").write_text(
        mapping(
            [((x * 1000, y * 1000), lonlat(there((x, y)))) for x, y in [(left, low), (right, high)]]
        )
    )
    placed, *_ = read([tmp_path])
    moved = [there((one.x, one.y)) for one in (s.outline.centroid for s in local.spaces)]
    found = [complex(one.x, one.y) for one in (s.outline.centroid for s in placed.spaces)]

    assert len(local.spaces) == 189
    assert max(abs(a - b) for a, b in zip(moved, found, strict=True)) < 0.01


spots = st.lists(
    st.tuples(st.integers(-400, 400), st.integers(-400, 400)), min_size=3, max_size=9, unique=True
)


@given(spots, st.floats(0.01, 100), st.floats(0, 360), st.randoms(use_true_random=False))
def test_what_is_left_over_is_least(
    at: list[Xy], scale: float, turned: float, lot: random.Random
) -> None:
    """Nothing if the points agree; else no similarity leaves less, in squares, than the one that
    is found: least of all the true one."""
    turn = scale * complex(math.cos(math.radians(turned)), math.sin(math.radians(turned)))
    metres = [complex(x, y) for x, y in at]
    off = [complex(lot.uniform(-0.4, 0.4), lot.uniform(-0.4, 0.4)) for _ in at]

    def left(moved: Sequence[complex]) -> tuple[float, ...]:
        points = [
            Point(
                n,
                "",
                ((one / turn).real, (one / turn).imag),
                (lonlat(one + by)[0], lonlat(one + by)[1]),
            )
            for n, (one, by) in enumerate(zip(metres, moved, strict=True), start=1)
        ]
        return Control(tuple(points), "mapping.toml").fit(lambda _, spot: spot).left_m

    assert max(left([0j] * len(at))) < 0.001
    assert sum(m * m for m in left(off)) <= sum(abs(by) ** 2 for by in off) + 1e-3


def test_the_command_shows_what_is_left_over(tmp_path: Path) -> None:
    points = [((x * 1000, y * 1000), lonlat(there((x, y)))) for x, y in CORNERS]
    (tmp_path / "1F.dxf").write_bytes(dxf.dxf(*dxf.ward(1000)))
    (tmp_path / "mapping.toml").write_text(mapping(points), encoding="utf-8")
    said = CliRunner().invoke(main, ["mapping", str(tmp_path)], env={"NAVKIT_LANG": "en"})

    assert said.exit_code == 0, said.output
    assert "4 control points" in said.output
    assert "1: 0.00 m, 2: 0.00 m, 3: 0.00 m, 4: 0.00 m" in said.output
