"""The hospital in OGC IndoorGML 1.0: a file of every building, in metres.

Cells are solids, a boundary is where a door is, and a graph of states and transitions joins the
cells: through doors, and from storey to storey in shafts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from layout import Door, Hospital, Level, Space
from shown import TALL_M, texts_of

LANGUAGE = "en"
DOOR_TALL_M = 2.1
PASSED = frozenset({"corridor", "hall", "stairs", "elevator", "escalator", "ramp", "outdoor"})
CODES = {"elevator": "1110", "stairs": "1120"}
"""Functions of spaces. Source: annex of the standard, after OmniClass."""
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<core:IndoorFeatures gml:id="hospital" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:core="http://www.opengis.net/indoorgml/1.0/core" '
    'xmlns:navi="http://www.opengis.net/indoorgml/1.0/navigation">'
)

Xyz = tuple[float, float, float]


def write_indoorgml(hospital: Hospital, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for key, names in hospital.buildings.items():
        text = "\n".join(_House(hospital, key).lines()) + "\n"
        (folder / f"{names['zh-Hans']}.gml").write_text(text, encoding="utf-8", newline="\n")


class _House:
    """One building."""

    def __init__(self, hospital: Hospital, key: str) -> None:
        self.levels = {one.id: one for one in hospital.levels if one.building == key}
        self.cells = {
            one.id: one
            for one in hospital.spaces
            if one.level in self.levels and one.kind != "closed"
        }
        self.doors = [one for one in hospital.doors if one.level in self.levels]

    def lines(self) -> Iterator[str]:
        yield HEAD
        yield '<core:primalSpaceFeatures><core:PrimalSpaceFeatures gml:id="primal">'
        for cell in self.cells.values():
            yield _cell(cell, self.levels[cell.level])
        for door in self._joining():
            yield _boundary(door, self.levels[door.level].elevation_m)
        yield "</core:PrimalSpaceFeatures></core:primalSpaceFeatures>"
        yield '<core:multiLayeredGraph><core:MultiLayeredGraph gml:id="graph">'
        yield '<core:spaceLayers gml:id="layers"><core:spaceLayerMember>'
        yield '<core:SpaceLayer gml:id="layer"><core:nodes gml:id="nodes">'
        for cell in self.cells.values():
            yield (
                f'<core:stateMember><core:State gml:id="S-{cell.id}"><core:duality '
                f'xlink:href="#{cell.id}"/><core:geometry><gml:Point gml:id="P-{cell.id}">'
                f"{_pos([self._middle(cell)])}</gml:Point></core:geometry>"
                "</core:State></core:stateMember>"
            )
        yield '</core:nodes><core:edges gml:id="edges">'
        for door in self._joining():
            one, other = (self.cells[key] for key in door.spaces)
            (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
            through = ((ax + bx) / 2, (ay + by) / 2, self.levels[door.level].elevation_m)
            yield self._transition(door.id, one, other, through)
        for number, (low, high) in enumerate(self._rising()):
            yield self._transition(f"up-{number}", low, high)
        yield "</core:edges></core:SpaceLayer></core:spaceLayerMember></core:spaceLayers>"
        yield "</core:MultiLayeredGraph></core:multiLayeredGraph></core:IndoorFeatures>"

    def _joining(self) -> list[Door]:
        return [
            one
            for one in self.doors
            if len(one.spaces) == 2 and all(key in self.cells for key in one.spaces)
        ]

    def _rising(self) -> Iterator[tuple[Space, Space]]:
        """A shaft on one level and on the next at which it stops."""
        stops: dict[str, list[Space]] = defaultdict(list)
        for cell in self.cells.values():
            if cell.connector:
                stops[cell.connector].append(cell)
        for some in stops.values():
            yield from pairwise(sorted(some, key=lambda one: self.levels[one.level].elevation_m))

    def _middle(self, cell: Space) -> Xyz:
        x, y = cell.outline.representative_point().coords[0]
        return x, y, self.levels[cell.level].elevation_m

    def _transition(self, key: str, one: Space, other: Space, *through: Xyz) -> str:
        line = _pos([self._middle(one), *through, self._middle(other)])
        return (
            f'<core:transitionMember><core:Transition gml:id="T-{key}"><core:weight>1</core:weight>'
            f'<core:connects xlink:href="#S-{one.id}"/><core:connects xlink:href="#S-{other.id}"/>'
            f'<core:geometry><gml:LineString gml:id="L-{key}">{line}</gml:LineString>'
            "</core:geometry></core:Transition></core:transitionMember>"
        )


def _cell(space: Space, level: Level) -> str:
    kind = "navi:TransitionSpace" if space.kind in PASSED else "navi:GeneralSpace"
    code = CODES.get(space.kind, "")
    function = f"<navi:function>{code}</navi:function>" if code else ""
    name = escape(" ".join(texts_of(space, LANGUAGE)))
    return (
        f'<core:cellSpaceMember><{kind} gml:id="{space.id}">'
        f'<gml:description>storey="{level.label}"</gml:description><gml:name>{name}</gml:name>'
        f"<core:cellSpaceGeometry><core:Geometry3D>{_solid(space, level.elevation_m)}"
        f'</core:Geometry3D></core:cellSpaceGeometry><core:duality xlink:href="#S-{space.id}"/>'
        f"{function}</{kind}></core:cellSpaceMember>"
    )


def _solid(space: Space, low_m: float) -> str:
    """Floor, ceiling and walls."""
    rings = [list(ring.coords) for ring in (space.outline.exterior, *space.outline.interiors)]
    faces = [_face(rings, low_m), _face(rings, low_m + TALL_M)]
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            faces.append(_upright((ax, ay), (bx, by), low_m, TALL_M))
    members = "".join(f"<gml:surfaceMember>{face}</gml:surfaceMember>" for face in faces)
    return (
        f'<gml:Solid gml:id="G-{space.id}"><gml:exterior><gml:Shell>{members}'
        "</gml:Shell></gml:exterior></gml:Solid>"
    )


def _face(rings: Sequence[Sequence[Sequence[float]]], z: float) -> str:
    outer, *inner = (_ring([(x, y, z) for x, y in ring]) for ring in rings)
    holes = "".join(f"<gml:interior>{ring}</gml:interior>" for ring in inner)
    return f"<gml:Polygon><gml:exterior>{outer}</gml:exterior>{holes}</gml:Polygon>"


def _upright(
    start: tuple[float, float], end: tuple[float, float], low_m: float, tall_m: float
) -> str:
    (ax, ay), (bx, by), top = start, end, low_m + tall_m
    ring = _ring([(ax, ay, low_m), (bx, by, low_m), (bx, by, top), (ax, ay, top), (ax, ay, low_m)])
    return f"<gml:Polygon><gml:exterior>{ring}</gml:exterior></gml:Polygon>"


def _boundary(door: Door, low_m: float) -> str:
    (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
    return (
        f'<core:cellSpaceBoundaryMember><navi:ConnectionBoundary gml:id="B-{door.id}">'
        f'<core:duality xlink:href="#T-{door.id}"/><core:cellSpaceBoundaryGeometry>'
        f"<core:geometry3D>{_upright((ax, ay), (bx, by), low_m, DOOR_TALL_M)}</core:geometry3D>"
        "</core:cellSpaceBoundaryGeometry></navi:ConnectionBoundary>"
        "</core:cellSpaceBoundaryMember>"
    )


def _ring(corners: Iterable[Xyz]) -> str:
    return f"<gml:LinearRing>{_pos(corners)}</gml:LinearRing>"


def _pos(points: Iterable[Xyz]) -> str:
    return "".join(f"<gml:pos>{x:g} {y:g} {z:g}</gml:pos>" for x, y, z in points)
