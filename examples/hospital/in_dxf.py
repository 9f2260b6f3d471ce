"""The hospital as a drawing office hands it in: a DXF of every storey, in millimetres.

Walls are loose lines, two for each wall; doors are blocks with their leaves drawn open; an area
line runs between the faces of the walls of each room, with its number and name.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING

from geometry import segments
from layout import Door, Hospital, Space, read_json
from shapely import Point, Polygon, get_parts
from shown import Storey, storeys, texts_of

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from ezdxf.layouts import BlockLayout, Modelspace

LANGUAGE = "zh-Hans"
TWO_LEAVES_M = 1.15
"""Doors from this width on have two leaves."""
LETTER_MM = 250


def write_dxf(hospital: Hospital, folder: Path) -> None:
    for storey in storeys(hospital):
        path = folder / storey.building / f"{storey.level.label}.dxf"
        path.parent.mkdir(parents=True, exist_ok=True)
        _drawing(storey).saveas(path)


def _drawing(storey: Storey) -> "Drawing":
    import ezdxf
    from ezdxf import units

    ezdxf.options.write_fixed_meta_data_for_testing = True
    document = ezdxf.new("R2010", units=units.MM)
    layers = read_json("drawn.json")["layers"]
    for number, name in enumerate(layers.values(), 1):
        document.layers.add(name, color=number)
    sheet = document.modelspace()
    for part in get_parts(storey.walls):
        for start, end in segments(part):
            sheet.add_line(_mm(start), _mm(end), {"layer": layers["wall"]})
    for door in storey.doors:
        if door.kind != "open":
            _insert(document, sheet, door, storey, layers["door"])
    for space in storey.rooms:
        inside = storey.inside(space)
        for ring in (inside.exterior, *inside.interiors):
            corners = [_mm(xy) for xy in ring.coords[:-1]]
            sheet.add_lwpolyline(corners, close=True, dxfattribs={"layer": layers["room"]})
        _write(sheet, space, inside, layers["label"])
        if space.kind == "room":
            _furnish(sheet, inside, layers["furniture"])
    return document


def _mm(xy: tuple[float, ...]) -> tuple[float, float]:
    return round(xy[0] * 1000, 1), round(xy[1] * 1000, 1)


def _write(sheet: "Modelspace", space: Space, inside: Polygon, layer: str) -> None:
    x, y = _mm(inside.representative_point().coords[0])
    for row, text in enumerate(texts_of(space, LANGUAGE)):
        about = {"layer": layer, "height": LETTER_MM, "insert": (x, y - 1.5 * LETTER_MM * row)}
        sheet.add_text(text, dxfattribs=about)


def _furnish(sheet: "Modelspace", inside: Polygon, layer: str) -> None:
    """A table in the middle of it."""
    x, y = _mm(inside.centroid.coords[0])
    corners = [(x - 600, y - 300), (x + 600, y - 300), (x + 600, y + 300), (x - 600, y + 300)]
    sheet.add_lwpolyline(corners, close=True, dxfattribs={"layer": layer})


def _insert(
    document: "Drawing", sheet: "Modelspace", door: Door, storey: Storey, layer: str
) -> None:
    """Its block, from jamb to jamb, opening into its first space."""
    (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
    turned = math.atan2(by - ay, bx - ax)
    left = Point((ax + bx) / 2 - 0.2 * math.sin(turned), (ay + by) / 2 + 0.2 * math.cos(turned))
    first = next(one for one in storey.spaces if one.id == door.spaces[0])
    start, turn = (
        ((ax, ay), turned) if first.outline.contains(left) else ((bx, by), turned + math.pi)
    )
    about = {"layer": layer, "rotation": math.degrees(turn)}
    sheet.add_blockref(_block(document, door).name, _mm(start), about)


def _block(document: "Drawing", door: Door) -> "BlockLayout":
    """The block of its kind and width: M0921 is a door 0.9 m wide and 2.1 m high."""
    width = round(door.line.length * 1000)
    swings = door.kind == "hinged"
    name = f"{'M' if swings else 'TM'}{width:05d}"
    if name in document.blocks:
        return document.blocks.get(name)
    block = document.blocks.new(name)
    if not swings:
        for low, left, right in ((-60, 0, 0.55), (0, 0.45, 1)):
            x, end = left * width, right * width
            corners = [(x, low), (end, low), (end, low + 60), (x, low + 60)]
            block.add_lwpolyline(corners, close=True)
    elif width < TWO_LEAVES_M * 1000:
        block.add_line((0, 0), (0, width))
        block.add_arc((0, 0), width, 0, 90)
    else:
        leaf = width / 2
        block.add_line((0, 0), (0, leaf))
        block.add_arc((0, 0), leaf, 0, 90)
        block.add_line((width, 0), (width, leaf))
        block.add_arc((width, 0), leaf, 90, 180)
    return block
