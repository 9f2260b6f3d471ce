"""PDF that was plotted and not scanned: each page is a drawing of lines, areas and texts.

Layers are those that the program which plotted it has kept, else colours and widths of lines.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from floorplans import looks
from floorplans.cad import Arc, Drawing, Shape, Words, Xy
from floorplans.curves import Pen, Segment, Subpath, drawn
from floorplans.lettering import Piece, labels
from floorplans.picture_file import Dots
from floorplans.sheet import Sheet, legible
from navkit.plan.storeys import is_title, label_in_name
from navkit.words.findings import Finding, PlanError

_POINT_M = 0.0254 / 72
_LARGEST = 14_400.0
"""Points of a side: no larger page is in the standard, and A0 has 3,370."""
_MOST_PAGES = 100
_DEEPEST = 12
"""Forms in forms."""
_SCAN = 0.5
"""A picture over this share of a page is the page. A guess."""
_FEW_LINES = 12
_MOST_DOTS_A_POINT = 300 / 72
"""A page is painted no finer than this: 300 dots an inch."""
_LETTER = 0.8
"""The size of letters as a share of the height of their box. A guess."""

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def is_pdf(content: bytes) -> bool:
    """Whether a file begins as PDF does, whatever it is called."""
    head = content[:1024]
    return b"%PDF-" in head and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        (b"{", b"[", b"<")
    )


def drawings_of(sheet: Sheet) -> list[Drawing]:
    """What each page draws that draws anything; a `PlanError` if none does, or if the file cannot
    be read. Of several pages each is called after the file and its number: ``plan#2.pdf``."""
    if not sheet.content.strip():
        raise PlanError("file-empty", sheet.name)
    try:
        import pypdfium2.raw as library
    except ImportError as error:
        raise PlanError("cad-not-installed", sheet.name) from error
    with _opened(sheet, library) as document:
        count = int(library.FPDF_GetPageCount(document))
        if count > _MOST_PAGES:
            raise PlanError(
                "pdf-too-many-pages", sheet.name, count=str(count), limit=str(_MOST_PAGES)
            )
        pages = []
        for number in range(count):
            name = _page_name(sheet.name, number + 1) if count > 1 else sheet.name
            pages.append(_Page(sheet, library, name))
            pages[-1].read(document, number)
    return _worth(sheet, pages)


def dots_of(sheet: Sheet, page: int, longest: int) -> tuple[Dots, int]:
    """A page, counted from 1, as a picture whose longer side has at most so many dots, and how many
    pages there are. A `PlanError` if it cannot be opened, or has no such page."""
    try:
        import pypdfium2.raw as library
    except ImportError as error:
        raise PlanError("cad-not-installed", sheet.name) from error
    with _opened(sheet, library) as document:
        count = int(library.FPDF_GetPageCount(document))
        if not 1 <= page <= count:
            raise PlanError("pdf-no-such-page", sheet.name, page=str(page), count=str(count))
        loaded = library.FPDF_LoadPage(document, page - 1)
        if not loaded:
            raise PlanError("pdf-broken", sheet.name)
        try:
            return _painted(loaded, library, longest), count
        finally:
            library.FPDF_ClosePage(loaded)


def _painted(page: Any, library: Any, longest: int) -> Dots:
    """A page on white."""
    wide = float(library.FPDF_GetPageWidthF(page))
    high = float(library.FPDF_GetPageHeightF(page))
    scale = min(longest / max(wide, high, 1.0), _MOST_DOTS_A_POINT)
    width, height = (max(1, round(side * scale)) for side in (wide, high))
    bitmap = library.FPDFBitmap_Create(width, height, 0)
    try:
        library.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        library.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, library.FPDF_ANNOT)
        stride = int(library.FPDFBitmap_GetStride(bitmap))
        size = ctypes.c_ubyte * (stride * height)
        buffer = size.from_address(_address(library.FPDFBitmap_GetBuffer(bitmap)))
        rows = np.frombuffer(bytes(buffer), dtype=np.uint8).reshape(height, stride)
        # Blue, green and red of each, and one that nobody reads.
        return np.ascontiguousarray(rows[:, : width * 4].reshape(height, width, 4)[:, :, 2::-1])
    finally:
        library.FPDFBitmap_Destroy(bitmap)


def _worth(sheet: Sheet, pages: Sequence["_Page"]) -> list[Drawing]:
    """The pages that draw something; others, such as covers and lists, are said."""
    if found := [one for one in pages if len(one.shapes) >= _FEW_LINES]:
        passed = [one.name for one in pages if one not in found]
        notes = [Finding("pdf-page-passed-over", name) for name in passed]
        drawings = [one.drawing(len(found) > 1) for one in found]
        first = drawings[0]
        findings = (*notes, *first.findings)
        return [replace(first, findings=findings), *drawings[1:]]
    if any(one.picture >= _SCAN for one in pages):
        raise PlanError("pdf-scan", sheet.name)
    raise PlanError("pdf-empty", sheet.name)


def _page_name(name: str, number: int) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}#{number}.{suffix}"


@contextmanager
def _opened(sheet: Sheet, library: Any) -> Iterator[Any]:
    library.FPDF_InitLibrary()
    content = ctypes.create_string_buffer(sheet.content, len(sheet.content))
    document = library.FPDF_LoadMemDocument64(content, len(sheet.content), None)
    if not document:
        locked = library.FPDF_GetLastError() in (
            library.FPDF_ERR_PASSWORD,
            library.FPDF_ERR_SECURITY,
        )
        raise PlanError("pdf-locked" if locked else "pdf-broken", sheet.name)
    try:
        yield document
    finally:
        library.FPDF_CloseDocument(document)


@dataclass(frozen=True)
class _Letter:
    """`piece` in axes along the direction in which the text runs, `turn` degrees
    counterclockwise."""

    piece: Piece
    turn: int
    layer: str
    painted_with: int
    """Alike for what is painted at once."""


@dataclass
class _Page:
    sheet: Sheet
    library: Any
    name: str
    shapes: list[Shape] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    picture: float = 0.0
    """The share of the page that its largest picture covers."""

    def __post_init__(self) -> None:
        self._seen = 0
        self._left: Counter[str] = Counter()
        self._wide = self._high = 0.0
        self._turned = 0
        self._layers: dict[int, tuple[str, ...]] = {}
        """By the address of what a text is painted with."""
        self._painted: dict[int, int] = {}
        """Which of all texts it is, by that address, as they are painted."""

    def drawing(self, several: bool) -> Drawing:
        """`several`: whether other pages draw storeys too, so that a title says which this is."""
        left = [f"{what} ({count})" for what, count in sorted(self._left.items())]
        findings = [Finding("pdf-left-out", self.name, {"what": ", ".join(left)})] if left else []
        if not self.words:
            findings.append(Finding("drawing-without-text", self.name))
        return Drawing(
            self.name,
            tuple(self.shapes),
            tuple(self.arcs),
            tuple(self.words),
            _POINT_M,
            tuple(findings),
            on_paper=True,
            storey=self._titled() if several else "",
        )

    def _titled(self) -> str:
        """The storey that a title on the page names, if all titles name the same."""
        titles = (one.text for one in self.words if is_title(one.text))
        found = {label_in_name(" ".join(one.split())) for one in titles} - {""}
        return found.pop() if len(found) == 1 else ""

    def read(self, document: Any, number: int) -> None:
        page = self.library.FPDF_LoadPage(document, number)
        if not page:
            raise PlanError("pdf-broken", self.name)
        try:
            self._wide = float(self.library.FPDF_GetPageWidthF(page))
            self._high = float(self.library.FPDF_GetPageHeightF(page))
            if max(self._wide, self._high) > _LARGEST:
                side = f"{max(self._wide, self._high) * _POINT_M:.0f}"
                raise PlanError("pdf-page-too-large", self.name, side=side)
            self._turned = int(self.library.FPDFPage_GetRotation(page)) % 4
            for index in range(self.library.FPDFPage_CountObjects(page)):
                self._add(self.library.FPDFPage_GetObject(page, index), _IDENTITY, (), 0)
            self._texts(page)
        finally:
            self.library.FPDF_ClosePage(page)

    def _count(self, more: int = 1) -> None:
        self._seen += more
        if self._seen > self.sheet.limits.vertices:
            limit = str(self.sheet.limits.vertices)
            raise PlanError("too-many-points", self.sheet.name, limit=limit)

    def _add(self, thing: Any, around: Matrix, layers: tuple[str, ...], depth: int) -> None:
        self._count()
        library = self.library
        kind = library.FPDFPageObj_GetType(thing)
        if kind == library.FPDF_PAGEOBJ_PATH:
            self._path(thing, _times(self._matrix(thing), around), layers)
        elif kind == library.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, *_ = _times(self._matrix(thing), around)
            self._left["picture"] += 1
            area = abs(a * d - b * c) / max(self._wide * self._high, 1.0)
            self.picture = max(self.picture, area)
        elif kind == library.FPDF_PAGEOBJ_TEXT:
            self._painted.setdefault(_address(thing), len(self._painted))
        elif kind == library.FPDF_PAGEOBJ_SHADING:
            self._left["shading"] += 1
        elif kind == library.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            matrix = _times(self._matrix(thing), around)
            inner = (*layers, *self._layers_of(thing))
            for index in range(max(0, library.FPDFFormObj_CountObjects(thing))):
                self._add(library.FPDFFormObj_GetObject(thing, index), matrix, inner, depth + 1)

    def _matrix(self, thing: Any) -> Matrix:
        found = self.library.FS_MATRIX()
        if not self.library.FPDFPageObj_GetMatrix(thing, found):
            return _IDENTITY
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _layers_of(self, thing: Any) -> tuple[str, ...]:
        """The names of the layers that the program has kept; those of CAD have ``|`` in them."""
        library, names = self.library, []
        for index in range(max(0, library.FPDFPageObj_CountMarks(thing))):
            mark = library.FPDFPageObj_GetMark(thing, index)
            if self._told(library.FPDFPageObjMark_GetName, mark) != "OC":
                continue

            def named(mark: Any, buffer: Any, size: int, needed: Any) -> int:
                found = library.FPDFPageObjMark_GetParamStringValue(
                    mark, b"Name", buffer, size, needed
                )
                return int(found)

            if name := legible(self._told(named, mark)).rpartition("|")[2]:
                names.append(name.replace("/", "-"))
        return tuple(names)

    def _told(self, ask: Callable[..., int], of: Any) -> str:
        """A text of the library, which gives its length first, in bytes of UTF-16."""
        needed = ctypes.c_ulong(0)
        if not ask(of, None, 0, ctypes.byref(needed)) or not 2 < needed.value < 2000:
            return ""
        buffer = (ctypes.c_ushort * (needed.value // 2 + 1))()
        if not ask(of, buffer, needed.value, ctypes.byref(needed)):
            return ""
        return bytes(buffer)[: needed.value - 2].decode("utf-16-le", "ignore")

    def _path(self, thing: Any, matrix: Matrix, layers: tuple[str, ...]) -> None:
        library = self.library
        mode, has_stroke = ctypes.c_int(0), ctypes.c_int(0)
        library.FPDFPath_GetDrawMode(thing, ctypes.byref(mode), ctypes.byref(has_stroke))
        if not mode.value and not has_stroke.value:
            return
        count = max(0, library.FPDFPath_CountSegments(thing))
        self._count(count)
        subpaths = list(self._subpaths(thing, count, matrix))
        if mode.value:
            look = looks.fill(self._colour(library.FPDFPageObj_GetFillColor, thing))
        else:
            width = ctypes.c_float(0)
            library.FPDFPageObj_GetStrokeWidth(thing, ctypes.byref(width))
            size = width.value * _scale(matrix)
            look = looks.stroke(self._colour(library.FPDFPageObj_GetStrokeColor, thing), size)
        names = (*layers, *self._layers_of(thing))
        pen = Pen(looks.layer_of(names, look))
        shapes, arcs = drawn(pen, subpaths, filled=bool(mode.value))
        self.shapes += (one for one in shapes if self._is_on_page(one))
        self.arcs += arcs

    def _is_on_page(self, shape: Shape) -> bool:
        left, low, right, high = shape.drawn.bounds
        seen = right >= 0 and high >= 0 and left <= self._wide and low <= self._high
        if not seen:
            self._left["beside the page"] += 1
        return seen

    def _colour(self, ask: Callable[..., int], thing: Any) -> str:
        parts = [ctypes.c_uint(0) for _ in range(4)]
        if not ask(thing, *map(ctypes.byref, parts)):
            return "pattern"
        return "#" + "".join(f"{one.value & 255:02x}" for one in parts[:3])

    def _subpaths(self, thing: Any, count: int, matrix: Matrix) -> Iterator[Subpath]:
        library = self.library
        found: list[Segment] = []
        here: Xy = (0.0, 0.0)
        handles: list[Xy] = []
        x, y = ctypes.c_float(0), ctypes.c_float(0)
        for index in range(count):
            segment = library.FPDFPath_GetPathSegment(thing, index)
            library.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            at = self._upright(_moved(matrix, (x.value, y.value)))
            kind = library.FPDFPathSegment_GetType(segment)
            if kind == library.FPDF_SEGMENT_MOVETO:
                if found:
                    yield Subpath(found, False)
                found, handles = [], []
            elif kind == library.FPDF_SEGMENT_LINETO:
                found.append((here, at))
            elif kind == library.FPDF_SEGMENT_BEZIERTO:
                handles.append(at)
                if len(handles) < 3:
                    continue
                found.append((here, *handles))
                handles = []
            here = at
            if library.FPDFPathSegment_GetClose(segment) and found:
                yield Subpath(found, True)
                here, found = found[0][0], []
        if found:
            yield Subpath(found, False)

    def _upright(self, at: Xy) -> Xy:
        """As the page is looked at: some are plotted lying on their side."""
        x, y = at
        match self._turned:
            case 1:
                return y, self._high - x
            case 2:
                return self._wide - x, self._high - y
            case 3:
                return self._wide - y, x
        return at

    def _texts(self, page: Any) -> None:
        text = self.library.FPDFText_LoadPage(page)
        if not text:
            return
        try:
            painted: dict[int, list[_Letter]] = {}
            for index in range(max(0, self.library.FPDFText_CountChars(text))):
                self._count()
                if letter := self._letter(text, index):
                    painted.setdefault(letter.painted_with, []).append(letter)
        finally:
            self.library.FPDFText_ClosePage(text)
        groups: dict[tuple[int, str], list[Piece]] = {}
        # The library mixes letters of texts that overlap; what is painted at once belongs together.
        in_order = sorted(painted, key=lambda key: self._painted.get(key, len(self._painted)))
        for letter in (one for key in in_order for one in painted[key]):
            groups.setdefault((letter.turn, letter.layer), []).append(letter.piece)
        for (turn, layer), pieces in groups.items():
            cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
            for said, (x, y) in labels(pieces):
                if legible(said):
                    at = self._upright((x * cos - y * sin, x * sin + y * cos))
                    self.words.append(Words(layer, at, said))

    def _letter(self, text: Any, index: int) -> "_Letter | None":
        """None for blanks, which gaps tell."""
        library = self.library
        code = int(library.FPDFText_GetUnicode(text, index))
        if code < 32 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF or chr(code).isspace():
            return None
        box = library.FS_RECTF()
        x, y = ctypes.c_double(0), ctypes.c_double(0)
        if not library.FPDFText_GetLooseCharBox(text, index, box):
            return None
        library.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        angle = float(library.FPDFText_GetCharAngle(text, index))
        turn = round(math.degrees(angle)) % 360 if math.isfinite(angle) else 0
        turn = (360 - turn) % 360
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        corners = [(a, b) for a in (box.left, box.right) for b in (box.bottom, box.top)]
        along = [a * cos + b * sin for a, b in corners]
        across = [b * cos - a * sin for a, b in corners]
        base = y.value * cos - x.value * sin
        size = _LETTER * (max(across) - min(across))
        thing = library.FPDFText_GetTextObject(text, index)
        key = _address(thing)
        if key not in self._layers:
            self._layers[key] = self._layers_of(thing) if thing else ()
        layer = looks.text_layer_of(self._layers[key], "", float(round(size)))
        return _Letter(Piece(chr(code), min(along), max(along), base, size), turn, layer, key)


def _address(thing: Any) -> int:
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    A, B, C, D, E, F = outer  # noqa: N806
    return (
        a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E,
        e * B + f * D + F,
    )  # fmt: skip


def _moved(matrix: Matrix, at: Xy) -> Xy:
    a, b, c, d, e, f = matrix
    return a * at[0] + c * at[1] + e, b * at[0] + d * at[1] + f


def _scale(matrix: Matrix) -> float:
    a, b, c, d, *_ = matrix
    return math.sqrt(abs(a * d - b * c))
