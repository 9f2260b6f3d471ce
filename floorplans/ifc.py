"""IFC files (2x3 to 4x3), read by ifcopenshell: what is in them, and the shapes that are asked for.

Shapes are made only of what a plan needs. The parser may crash on a damaged file, which ends the
child and nothing else.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from floorplans.ifc_shapes import Mesh, inside_of
from floorplans.sheet import Sheet, legible
from navkit.plan import encodings
from navkit.words.findings import Finding, PlanError

_BEGINS = b"ISO-10303-21"
_ENDS = re.compile(rb"END-ISO-10303-21\s*;\s*\Z")
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)'", re.IGNORECASE)
_SCHEMAS = {"IFC2X3": "IFC2X3", "IFC4X3": "IFC4X3_ADD2", "IFC4X": "", "IFC4": "IFC4"}
"""By how the name of a schema begins: what the parser calls it, nothing if it does not know it."""
_RECORD = re.compile(rb";\s*#\d+\s*=")
_KEPT = 0.9
"""Of a file of which fewer records can be read, nothing is believed. A guess."""
_LOGGED = re.compile(r"^\[error\] *(?:\[[^\]]*\] *)*(.*)$", re.MULTILINE)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_FARTHEST_M = 1e8
_ZIP = b"PK\3\4"
_SELDOM = (AttributeError, IndexError, KeyError, RuntimeError, TypeError, ValueError)
"""What ifcopenshell raises for things that are not as the schema says."""


Made = TypeVar("Made")


class Model:
    """One file. Lengths are in the file's own unit unless they are called metres, by which the unit
    that the file says is meant."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._corners = 0
        self._places: dict[int, NDArray[np.float64] | None] = {}
        content = _unzipped(sheet) if sheet.content.startswith(_ZIP) else sheet.content
        self.wrong: list[str] = []
        """What could not be read, in the parser's words."""
        self.file = self._parsed(content)
        self.unit_m = self._unit_m()

    def _parsed(self, content: bytes) -> Any:
        try:
            import ifcopenshell
        except ImportError as error:
            raise PlanError("ifc-not-installed", self.sheet.name) from error
        text = _plain(content, self.sheet)
        # What it has logged of earlier files is no news.
        ifcopenshell.get_log()
        try:
            file = ifcopenshell.file.from_string(text)
            read = sum(1 for _ in file)
        except (*_SELDOM, ifcopenshell.Error) as error:
            raise PlanError("ifc-broken", self.sheet.name) from error
        if read < _KEPT * len(_RECORD.findall(content)):
            raise PlanError("ifc-broken", self.sheet.name)
        self.wrong = [legible(one)[:120] for one in _LOGGED.findall(ifcopenshell.get_log())]
        return file

    def findings(self) -> Iterator[Finding]:
        """What of it could not be read."""
        if self.wrong:
            slots = {"count": str(len(self.wrong)), "first": self.wrong[0]}
            yield Finding("ifc-damaged", self.sheet.name, slots)

    def made(self, make: Callable[[Any], Made | None], things: Iterable[Any]) -> Iterator[Made]:
        """What is made of things, without those of which nothing can be: they are not as the
        schema says."""
        for thing in things:
            try:
                found = make(thing)
            except _SELDOM:
                self.wrong.append(legible(f"#{thing.id()} {thing.is_a()}"))
            else:
                if found is not None:
                    yield found

    def _unit_m(self) -> float | None:
        """Metres of the unit of length that the file says; None if it says none."""
        from ifcopenshell.util.unit import calculate_unit_scale

        if not any(True for _ in self.every("IfcUnitAssignment")):
            return None
        with suppress(*_SELDOM):
            return float(calculate_unit_scale(self.file))
        return None

    def every(self, kind: str) -> Iterator[Any]:
        """All things of a class and of those below it; none if the schema does not have it."""
        with suppress(RuntimeError):
            yield from self.file.by_type(kind)

    def placement(self, thing: Any) -> NDArray[np.float64] | None:
        """Where a thing is: a 4 × 4 matrix into metres of the model; None if that is nowhere."""
        placement = getattr(thing, "ObjectPlacement", None)
        if placement is None:
            return None
        if placement.id() not in self._places:
            self._places[placement.id()] = self._placed(placement)
        return self._places[placement.id()]

    def _placed(self, placement: Any) -> NDArray[np.float64] | None:
        from ifcopenshell.util.placement import get_local_placement

        if _is_endless(placement):
            return None
        try:
            found = np.array(get_local_placement(placement), dtype=float)
        except _SELDOM:
            return None
        found[:3, 3] *= self.unit_m or 1.0
        return found if np.isfinite(found).all() else None

    def axes(self, position: Any) -> NDArray[np.float64] | None:
        """A position in another system: a 4 × 4 matrix into metres of that; None without one."""
        from ifcopenshell.util.placement import get_axis2placement

        if position is None:
            return None
        found = np.array(get_axis2placement(position), dtype=float)
        found[:3, 3] *= self.unit_m or 1.0
        return found

    def meshes(self, things: Sequence[Any]) -> dict[int, Mesh]:
        """The bodies of things, by their numbers, without the openings in them."""
        from ifcopenshell import geom

        drawn = list(self.made(self._drawn, things))
        found: dict[int, Mesh] = {}
        if not drawn:
            return found
        settings = self._settings()
        shapes = geom.iterator(settings, self.file, 1, include=drawn)
        if shapes.initialize():
            while True:
                shape = shapes.get()
                self._keep(found, int(shape.id), shape.geometry)
                if not shapes.next():
                    break
        for one in drawn:
            if one.id() not in found:
                # A representation in a context that has no type.
                with suppress(*_SELDOM):
                    shape = geom.create_shape(settings, one)
                    self._keep(found, one.id(), shape.geometry)
        return found

    def _drawn(self, thing: Any) -> Any:
        """The same if it has a shape and a place, else None."""
        return thing if thing.Representation and self.placement(thing) is not None else None

    def _settings(self) -> Any:
        from ifcopenshell import geom

        settings = geom.settings()
        settings.set("use-world-coords", True)
        settings.set("disable-opening-subtractions", True)
        return settings

    def _keep(self, found: dict[int, Mesh], number: int, shape: Any) -> None:
        points = np.array(shape.verts, dtype=float).reshape(-1, 3)
        triangles = np.array(shape.faces, dtype=int).reshape(-1, 3)
        self._count(len(triangles))
        if len(triangles) and np.abs(points).max() <= _FARTHEST_M:
            found[number] = Mesh(points, triangles)

    def _count(self, corners: int) -> None:
        self._corners += corners
        if self._corners > self.sheet.limits.vertices:
            limit = str(self.sheet.limits.vertices)
            raise PlanError("too-many-points", self.sheet.name, limit=limit)

    def corners(self, item: Any) -> tuple[NDArray[np.float64], NDArray[np.int_]] | None:
        """Points and edges of a curve or surface, in metres of its own system."""
        from ifcopenshell import geom, ifcopenshell_wrapper

        settings = geom.settings()
        settings.set("dimensionality", ifcopenshell_wrapper.CURVES_SURFACES_AND_SOLIDS)
        with suppress(*_SELDOM):
            shape = geom.create_shape(settings, item)
            points = np.array(shape.verts, dtype=float).reshape(-1, 3)
            edges = np.array(shape.edges, dtype=int).reshape(-1, 2)
            self._count(len(points))
            if len(points) and np.abs(points).max() <= _FARTHEST_M:
                return points, edges
        return None

    def footprint(self, thing: Any) -> BaseGeometry | None:
        """The area that lines of a representation called FootPrint enclose."""
        at = self.placement(thing)
        for one in _representations(thing):
            if one.RepresentationIdentifier == "FootPrint" and at is not None:
                found = self.corners(one)
                if found is not None and len(found[1]):
                    placed = moved(found[0], at)[:, :2]
                    return inside_of(list(map(shapely.LineString, placed[found[1]])))
        return None


def text_of(value: Any) -> str:
    """Legible text; nothing for what is no text."""
    return legible(value) if isinstance(value, str) else ""


def moved(points: NDArray[np.float64], by: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points by a 4 × 4 matrix."""
    result: NDArray[np.float64] = points @ by[:3, :3].T + by[:3, 3]
    return result


def is_ifc(content: bytes) -> bool:
    """Whether a file begins as exchange files of building models do, whatever it is called."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_BEGINS)


def _representations(thing: Any) -> Iterable[Any]:
    return thing.Representation.Representations if thing.Representation else ()


def _is_endless(placement: Any) -> bool:
    """Whether a placement is relative to itself."""
    seen: set[int] = set()
    while placement is not None:
        if placement.id() in seen:
            return True
        seen.add(placement.id())
        placement = getattr(placement, "PlacementRelTo", None)
    return False


def _plain(content: bytes, sheet: Sheet) -> str:
    """In ASCII, as the format asks: other letters, which programs write all the same, as codes."""
    if not content.strip():
        raise PlanError("file-empty", sheet.name)
    if not is_ifc(content):
        raise PlanError("ifc-broken", sheet.name)
    said = _SCHEMA.search(content)
    schema = said[1].decode("latin-1").strip().upper() if said else "-"
    known = next((one for begin, one in _SCHEMAS.items() if schema.startswith(begin)), "")
    if said is None or not known:
        raise PlanError("ifc-schema", sheet.name, schema=legible(schema)[:40] or "-")
    if not _ENDS.search(content):
        raise PlanError("ifc-cut-off", sheet.name)
    content = content[: said.start(1)] + known.encode() + content[said.end(1) :]
    reading = encodings.read(content)
    text = reading.text if reading else content.decode("latin-1")
    # NUL would end the text for the parser.
    text = text.replace("\0", " ")
    return _BEYOND_ASCII.sub(lambda found: f"\\X2\\{_coded(found[0])}\\X0\\", text)


def _coded(letters: str) -> str:
    return letters.encode("utf-16-be", "replace").hex().upper()


def _unzipped(sheet: Sheet) -> bytes:
    """The one model in a zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(sheet.content)) as archive:
            inside = [one for one in archive.infolist() if one.filename.lower().endswith(".ifc")]
            if len(inside) != 1:
                raise PlanError("ifczip-not-one", sheet.name, count=str(len(inside)))
            if inside[0].file_size > sheet.limits.unpacked_bytes:
                limit = str(sheet.limits.unpacked_bytes // 2**20)
                raise PlanError("zip-too-large", sheet.name, limit=limit)
            with archive.open(inside[0]) as file:
                return file.read(sheet.limits.unpacked_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise PlanError("zip-broken", sheet.name) from error
    except (NotImplementedError, RuntimeError) as error:
        raise PlanError("zip-not-readable", sheet.name) from error
