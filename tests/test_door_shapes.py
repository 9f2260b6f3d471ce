"""One door in every shape that draughtsmen use joins the same two spaces."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon, box, unary_union
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from floorplans.draft import door_shapes
from floorplans.reading import read
from navkit.plan.plan import Plan, PlanDoor, PlanLevel, PlanSpace
from navkit.venue.edges import straight_lines
from navkit.venue.join import join

WIDE_M = 0.9
Shape = Callable[[float, float], BaseGeometry]
"""A door `WIDE_M` wide from x on, in a wall of some thickness above y = 2."""


def arc(x: float, thick_m: float) -> LineString:
    """The swing of a leaf with its hinge at x, from shut to open, into the room above."""
    turns = [math.radians(step * 10) for step in range(10)]
    return LineString(
        [(x + WIDE_M * math.cos(t), 2 + thick_m + WIDE_M * math.sin(t)) for t in turns]
    )


def leaf(x: float, thick_m: float) -> LineString:
    """The leaf, standing open."""
    return LineString([(x, 2 + thick_m), (x, 2 + thick_m + WIDE_M)])


def opening(x: float, thick_m: float, over_m: float = 0.0) -> Polygon:
    return box(x, 2 - over_m, x + WIDE_M, 2 + max(thick_m, 0.02) + over_m)


SHAPES: dict[str, Shape] = {
    "point in the wall": lambda x, t: Point(x + WIDE_M / 2, 2 + t / 2),
    "point on the corridor's side": lambda x, t: Point(x + WIDE_M / 2, 2),
    "point in the room": lambda x, t: Point(x + WIDE_M / 2, 2 + t + 0.3),
    "line in the wall": lambda x, t: LineString([(x, 2 + t / 2), (x + WIDE_M, 2 + t / 2)]),
    "line on the room's side": lambda x, t: LineString([(x, 2 + t), (x + WIDE_M, 2 + t)]),
    "line in the room": lambda x, t: LineString([(x, 2.2 + t), (x + WIDE_M, 2.2 + t)]),
    "closed line": lambda x, t: LineString(opening(x, t).exterior.coords),
    "area": opening,
    "area thicker than the wall": lambda x, t: opening(x, t, 0.1),
    "leaf and swing as an area": lambda x, t: Polygon([(x, 2 + t), *arc(x, t).coords]),
    "leaf and swing as lines": lambda x, t: MultiLineString([leaf(x, t), arc(x, t)]),
    "swing alone": arc,
    "leaf standing open": leaf,
    "two leaves": lambda x, t: MultiLineString(
        [[(x, 2 + t), (x + 0.45, 2 + t)], [(x + 0.45, 2 + t), (x + WIDE_M, 2 + t)]]
    ),
    "leaf and frame": lambda x, t: unary_union([opening(x, t), box(x, 2, x + 0.05, 2.9 + t)]),
}


def joined(shape: BaseGeometry, thick_m: float, turn_deg: float) -> list[set[str]]:
    """What the door joins: rooms A and B of 4 m above a corridor C, all turned."""
    spaces = {
        "A": (box(0, 2 + thick_m, 4, 6), "room"),
        "B": (box(4 + thick_m, 2 + thick_m, 8 + thick_m, 6), "room"),
        "C": (box(0, 0, 8 + thick_m, 2), "corridor"),
    }
    turned = rotate(shape, turn_deg, origin=(0, 0))
    plan = Plan(
        "test",
        None,
        levels=(PlanLevel("0", 0, "1F"),),
        spaces=tuple(
            PlanSpace(key, "0", rotate(outline, turn_deg, origin=(0, 0)), kind)  # type: ignore[arg-type]
            for key, (outline, kind) in spaces.items()
        ),
        doors=tuple(
            PlanDoor(f"D{number}", "0", part) for number, part in enumerate(door_shapes(turned))
        ),
    )
    return [set(door.spaces) for door in join([plan]).doors if not door.guessed]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("thick_m", [0.0, 0.12, 0.24, 0.5])
def test_one_door_in_every_shape_joins_the_same_two_spaces(shape: str, thick_m: float) -> None:
    for x in (0.4, 1.5, 2.7):
        for turn_deg in (0.0, 37.0):
            assert joined(SHAPES[shape](x, thick_m), thick_m, turn_deg) == [{"A", "C"}], x


def test_a_wall_is_one_line_wherever_its_outline_begins() -> None:
    """Otherwise half of a wall competes with the leaf that stands open in the room."""
    corners = [(0, 0), (4, 0), (4, 3), (0, 3)]
    whole = {line.length for line in straight_lines(Polygon(corners).boundary)}
    for at, begin in enumerate([(2, 0), (4, 1), (1, 3), (0, 2)]):
        ring = Polygon([begin, *corners[at + 1 :], *corners[: at + 1]])
        assert {line.length for line in straight_lines(ring.boundary)} == whole == {3.0, 4.0}


def test_doors_drawn_as_one_feature_but_apart_are_several() -> None:
    assert len(door_shapes(MultiPoint([(0, 0), (3, 0)]))) == 2


DRAWINGS = Path(__file__).parents[1].parent / "shared" / "cases" / "drawings"


def drawn(name: str) -> list[tuple[str, set[str]]]:
    """The doors of a drawing that once failed, with what they join."""
    if not (DRAWINGS / name).exists():
        pytest.skip(f"needs {DRAWINGS / name}")
    return [(door.id, set(door.spaces)) for door in join(read([DRAWINGS / name])).doors]


@pytest.mark.parametrize("name", ["26-door-as-closed-line.geojson", "26c-door-as-line.geojson"])
def test_doors_as_closed_lines_and_as_lines_join_rooms_and_corridor(name: str) -> None:
    assert drawn(name) == [("d2", {"A", "C"}), ("d10", {"B", "C"})]


def test_areas_of_doors_walls_and_windows_are_no_rooms() -> None:
    """Door 4 is an area in the wall between office and corridor."""
    assert drawn("08-polygons.geojson") == [("4", {"1", "2"})]


def square(kind: str, side_m: float, x: float = 0.0) -> dict[str, Any]:
    outline = box(x, 0, x + side_m, side_m)
    return {
        "type": "Feature",
        "id": f"{kind}{x:g}",
        "properties": {"level": "0", "type": kind, "name": f"name of {kind}"},
        "geometry": {"type": "Polygon", "coordinates": [list(outline.exterior.coords)]},
    }


@pytest.mark.parametrize("kind", ["gate", "门诊", "窗口", "entrance"])
def test_rooms_whose_kind_only_sounds_like_a_door_or_a_window_stay_rooms(
    kind: str, tmp_path: Path
) -> None:
    features = [square("corridor", 5, 6), square(kind, 6)]
    file = tmp_path / "plan.geojson"
    said = {"type": "FeatureCollection", "units": "m", "features": features}
    file.write_text(json.dumps(said), encoding="utf-8")

    (plan,) = read([file])

    assert {space.key for space in plan.spaces} == {"corridor6", f"{kind}0"}
