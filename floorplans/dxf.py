"""DXF, in text and binary, from R12 on: the model space, with its blocks taken apart."""

import io
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from shapely import LineString, Polygon

from floorplans.cad import Arc, Drawing, Shape, Words, own_layer
from floorplans.sheet import Sheet
from navkit.plan import encodings
from navkit.words.findings import Finding, PlanError

if TYPE_CHECKING:
    from ezdxf.document import Drawing as Document

_BEGINS = re.compile(
    rb"(\s*999\r?\n[^\n]{0,200}\n){0,50}\s*0\s*\r?\n\s*SECTION\b|AutoCAD Binary DXF"
)
_METRES: dict[int, float] = {
    1: 0.0254, 2: 0.3048, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 10: 0.9144, 14: 0.1,
}  # fmt: skip
"""Metres by `$INSUNITS`. Source: the DXF reference."""
_MOST_DEEP = 16
"""Blocks in blocks."""
_FLAT = 0.05
"""How far lines may be from curves that they replace, as a share of the curve's size."""
_ALIGNED = {"TEXT", "ATTRIB"}
_NO_PAGE = "cp1252"
"""What programs write, too, that name no code page."""
_TARCH = re.compile(rb"^ *0\r?\nTCH_\w+\r?$", re.MULTILINE)
"""Objects of TArch (天正), whose form only that program knows."""
_FARTHEST = 1e15
"""Numbers beyond it, and what is no number, are mistakes: ten times around the world in mm."""


def is_dxf(content: bytes) -> bool:
    """Whether a file begins as DXF does, whatever it is called."""
    return bool(_BEGINS.match(content))


def drawing_of(sheet: Sheet) -> Drawing:
    """What one file draws; a `PlanError` if it cannot be read."""
    if not sheet.content.strip():
        raise PlanError("file-empty", sheet.name)
    if closed := len(_TARCH.findall(sheet.content)):
        raise PlanError("tarch-objects", sheet.name, count=str(closed))
    document, findings = _document(sheet)
    reader = _Reader(sheet)
    reader.add(document.modelspace(), _Inside())
    said = int(document.header.get("$INSUNITS", 0))
    return Drawing(
        sheet.name,
        tuple(reader.shapes),
        tuple(reader.arcs),
        tuple(reader.words),
        _METRES.get(said),
        findings,
    )


def _document(sheet: Sheet) -> tuple["Document", tuple[Finding, ...]]:
    """Read strictly, else as far as it can be recovered."""
    try:
        from ezdxf import recover
        from ezdxf.filemanagement import read
    except ImportError as error:
        raise PlanError("cad-not-installed", sheet.name) from error
    broken = _broken()
    with suppress(*broken):
        return read(io.StringIO(_text(sheet.content))), ()
    try:
        document, audit = recover.read(io.BytesIO(sheet.content))
    except broken as error:
        raise PlanError("dxf-broken", sheet.name) from error
    wrong = [one.message for one in (*audit.errors, *audit.fixes)]
    slots = {"count": str(len(wrong)), "first": (wrong[0] if wrong else "-")[:120]}
    return document, (Finding("dxf-recovered", sheet.name, slots),)


def _broken() -> tuple[type[Exception], ...]:
    """What ezdxf raises where a file is not what it says."""
    from ezdxf.lldxf.const import DXFError

    return (
        DXFError, ArithmeticError, AttributeError, EOFError, LookupError, RecursionError,
        StopIteration, TypeError, ValueError, struct.error,
    )  # fmt: skip


def _text(content: bytes) -> str:
    """In UTF-8 if it can be that, else in the code page that the header names; where that is none
    of the texts' own, as guessed."""
    from ezdxf.lldxf.validator import dxf_info

    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        head = dxf_info(io.StringIO(content[: 2**16].decode("latin-1")))
        reading = encodings.read(content) if head.encoding == _NO_PAGE else None
        text = reading.text if reading else content.decode(head.encoding)
    return text.replace("\r\n", "\n")


class _Inside:
    """Where an entity of a block ends up: the insert's layer stands for layer 0."""

    def __init__(self, layer: str = "", block: int = 0, depth: int = 0) -> None:
        self.layer, self.block, self.depth = layer, block, depth

    def layer_of(self, own: str) -> str:
        return self.layer if own == "0" and self.layer else own_layer(own)


class _Reader:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._undrawable = _broken()
        self.shapes: list[Shape] = []
        self.arcs: list[Arc] = []
        self.words: list[Words] = []
        self._blocks = 0
        self._seen = 0

    def add(self, entities: Iterable[Any], inside: _Inside) -> None:
        """Entities of the model space or of a block, that block's inserts included."""
        for entity in entities:
            self._seen += 1
            if self._seen > self.sheet.limits.vertices:
                limit = str(self.sheet.limits.vertices)
                raise PlanError("too-many-points", self.sheet.name, limit=limit)
            # What cannot be drawn, such as an ellipse without axes, is not there.
            with suppress(*self._undrawable):
                layer = inside.layer_of(str(entity.dxf.get("layer", "0")))
                self._add(entity, layer, inside)

    def _add(self, entity: Any, layer: str, inside: _Inside) -> None:
        match entity.dxftype():
            case "INSERT":
                self._insert(entity, layer, inside)
            case "ARC":
                self._arc(entity, layer, inside.block)
            case "TEXT" | "ATTRIB" | "MTEXT":
                self._text(entity, layer)
            case "HATCH":
                for ring in _rings_of_hatch(entity):
                    self._shape(layer, ring, True, inside.block)
            case _:
                points, is_closed = _points_of(entity)
                self._shape(layer, points, is_closed, inside.block)

    def _insert(self, insert: Any, layer: str, inside: _Inside) -> None:
        if inside.depth >= _MOST_DEEP:
            return
        if not inside.block:
            self._blocks += 1
        within = _Inside(layer, inside.block or self._blocks, inside.depth + 1)
        self.add(insert.attribs, within)
        self.add(insert.virtual_entities(), within)

    def _arc(self, arc: Any, layer: str, block: int) -> None:
        x, y = arc.ocs().to_wcs(arc.dxf.center).vec2
        start, end = float(arc.dxf.start_angle), float(arc.dxf.end_angle)
        if arc.dxf.extrusion.z < 0:
            start, end = 180 - end, 180 - start
        self.arcs.append(Arc(layer, (x, y), float(arc.dxf.radius), start, end, block))

    def _text(self, entity: Any, layer: str) -> None:
        is_plain = entity.dxftype() in _ALIGNED
        text = _spelt(entity.dxf.text if is_plain else entity.plain_text())
        if not text:
            return
        at = entity.dxf.insert
        if is_plain:
            _, first, second = entity.get_placement()
            at = entity.ocs().to_wcs(second or first)
        self.words.append(Words(layer, (float(at.x), float(at.y)), text))

    def _shape(
        self, layer: str, points: list[tuple[float, float]], is_closed: bool, block: int
    ) -> None:
        if len(set(points)) < 2 or not all(abs(n) <= _FARTHEST for xy in points for n in xy):
            return
        if is_closed and len(set(points)) > 2:
            self.shapes.append(Shape(layer, Polygon(points), block))
        else:
            self.shapes.append(Shape(layer, LineString(points), block))


def _spelt(text: str) -> str:
    """Without codes of the format: ``%%u`` underlines, ``\\M+3xxxx`` is a character of Korean."""
    plain = re.sub(r"%%[uok]", "", text, flags=re.IGNORECASE)
    return "\n".join(line.strip() for line in plain.splitlines() if line.strip())


def _points_of(entity: Any) -> tuple[list[tuple[float, float]], bool]:
    """The corners of a line of any kind, and whether it is closed; none of what is no line."""
    from ezdxf.path import make_path

    if entity.dxftype() == "LINE":
        return [_xy(entity.dxf.start), _xy(entity.dxf.end)], False
    if entity.dxftype() not in _CURVES:
        return [], False
    path = make_path(entity)
    low, high = path.control_vertices()[0], path.control_vertices()[-1]
    size = max((low - one).magnitude for one in path.control_vertices()) or 1.0
    points = [_xy(one) for one in path.flattening(size * _FLAT)]
    is_closed = bool(getattr(entity, "is_closed", False)) or low.isclose(high)
    return points, is_closed


_CURVES = frozenset({"LWPOLYLINE", "POLYLINE", "CIRCLE", "ELLIPSE", "SPLINE", "SOLID", "TRACE"})


def _rings_of_hatch(hatch: Any) -> Iterator[list[tuple[float, float]]]:
    from ezdxf.path import from_hatch

    for path in from_hatch(hatch):
        yield [_xy(one) for one in path.flattening(0.01 * (path.end.magnitude or 1.0) + 1.0)]


def _xy(point: Any) -> tuple[float, float]:
    return float(point.x), float(point.y)
