"""SVG: groups are layers, ids are numbers of rooms, and what is drawn is moved to where it is seen.

Programs differ in all but the shapes: a person's names of groups and elements decide, and where
nobody has named anything, colours do.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from floorplans import looks, unread
from floorplans.cad import Arc, Drawing, Shape, Words, Xy
from floorplans.curves import Pen, Segment, Subpath, drawn
from floorplans.labels import is_door_number
from floorplans.lettering import Piece, labels, width_of
from floorplans.mapping import proposed, proposed_of
from floorplans.sheet import Sheet, legible
from floorplans.svg_tree import Node, Style, Styles, tree
from navkit.words.findings import Finding, PlanError

if TYPE_CHECKING:
    from svgelements import Matrix

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_INCH_M = 0.0254
_UNITS_M = {
    "mm": 0.001, "cm": 0.01, "in": _INCH_M, "pt": _INCH_M / 72, "pc": _INCH_M / 6, "q": 0.00025,
}  # fmt: skip
_PIXEL_M = _INCH_M / 96
_DEEPEST = 200
"""Elements in elements, those of symbols that are used included."""
_BLOCK = 50
"""What is used and has fewer shapes is a thing, such as a door; else it is a part of the sheet."""
_SIZE = 16.0
_ROUND_CORNERS = 24
_OBJECTS = ("room", "door", "stairs", "lift")
_UNSEEN = frozenset(
    {
        "defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient",
        "radialGradient", "filter", "metadata", "title", "desc", "script", "style", "font",
        "sodipodi:namedview", "animate", "cursor", "view",
    }
)  # fmt: skip
_LEFT_OUT = frozenset({"image", "foreignObject"})
_GROUPS = frozenset({"svg", "g", "a", "switch"})


def is_svg(content: bytes) -> bool:
    """Whether a file begins as SVG does, whatever it is called."""
    return unread.root_of(content[: unread.HEAD_BYTES]) == "svg"


def drawing_of(sheet: Sheet) -> Drawing:
    """What one file draws; a `PlanError` if it cannot be read."""
    if not sheet.content.strip():
        raise PlanError("file-empty", sheet.name)
    try:
        import svgelements
    except ImportError as error:
        raise PlanError("cad-not-installed", sheet.name) from error
    root = tree(sheet)
    if root.tag != "svg":
        raise PlanError("svg-broken", sheet.name, root=root.tag[:40] or "-")
    reader = _Reader(sheet, root, svgelements)
    reader.read()
    return Drawing(
        sheet.name,
        tuple(reader.shapes),
        tuple(reader.arcs),
        tuple(reader.words),
        _unit_m(root),
        tuple(reader.findings()),
        on_paper=True,
        is_down=True,
    )


def _unit_m(root: Node) -> float | None:
    """Metres on paper of a unit of the root, by its width and height; None if these are pixels."""
    box = [float(one) for one in _NUMBER.findall(root.said("viewBox"))]
    found = []
    for number, side in enumerate(("width", "height")):
        length = re.fullmatch(rf"\s*({_NUMBER.pattern})\s*([A-Za-z]+)\s*", root.said(side))
        metres = _UNITS_M.get(length[2].lower()) if length else None
        if length is None or metres is None:
            continue
        if len(box) != 4:
            return _PIXEL_M
        if box[2 + number] > 0 and float(length[1]) > 0:
            found.append(float(length[1]) * metres / box[2 + number])
    return min(found, default=None)


_PLACED: Mapping[str, Mapping[str, bool]] = {
    "rect": {"x": False, "y": False, "width": True, "height": True},
    "line": dict.fromkeys(("x1", "y1", "x2", "y2"), False),
    "circle": {"cx": False, "cy": False, "r": True},
    "ellipse": {"cx": False, "cy": False, "rx": True, "ry": True},
    "polygon": {"points": True},
    "polyline": {"points": True},
    "path": {"d": True},
}
"""What places shapes, and whether it must be there."""
_LENGTH = re.compile(
    rf"{_NUMBER.pattern}\s*(%|px|mm|cm|in|pt|pc|q|r?em|ex|ch|v[wh])?", re.IGNORECASE
)
_WHOLE = {
    "points": re.compile(rf"(?>{_NUMBER.pattern}|[\s,])*+"),
    "d": re.compile(rf"(?>[MmZzLlHhVvCcSsQqTtAa]|{_NUMBER.pattern}|[\s,])*+"),
}


@dataclass(frozen=True)
class _Place:
    """What holds for all in an element."""

    matrix: "Matrix"
    style: Style
    layers: tuple[str, ...] = ()
    name: str = ""
    block: int = 0
    depth: int = 0
    used: tuple[str, ...] = ()
    """The ids of the elements that are being used around it."""

    @property
    def scale(self) -> float:
        """How much larger its units are than those of the root."""
        m = self.matrix
        return float(abs(m.a * m.d - m.b * m.c) ** 0.5)


@dataclass
class _Reader:
    sheet: Sheet
    root: Node
    library: Any
    shapes: list[Shape] = field(default_factory=list)
    arcs: list[Arc] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._styles = Styles(self.root)
        self._by_id = {one.said("id"): one for one in self.root.every() if one.said("id")}
        self._left: Counter[str] = Counter()
        self._hidden: list[str] = []
        self._blocks = 0
        self._seen = 0
        # What the library raises where a path, a number or a matrix is none.
        self._unreadable = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

    def read(self) -> None:
        """All that is seen; y grows upwards."""
        flipped = self.library.Matrix(1, 0, 0, -1, 0, 0)
        place = _Place(flipped, self._styles.of(self.root, {}))
        for node in self.root.nodes:
            self._add(node, place)

    def findings(self) -> Iterator[Finding]:
        """What is left out, and whether nothing is written."""
        left = [f"{what} ({count})" for what, count in sorted(self._left.items())]
        left += [f"display:none {name}".strip() for name in self._hidden[:12]]
        if left:
            yield Finding("svg-left-out", self.sheet.name, {"what": ", ".join(left)})
        if self.shapes and not self.words:
            yield Finding("drawing-without-text", self.sheet.name)

    def _count(self, more: int = 1) -> None:
        self._seen += more
        if self._seen > self.sheet.limits.vertices:
            limit = str(self.sheet.limits.vertices)
            raise PlanError("too-many-points", self.sheet.name, limit=limit)

    def _add(self, node: Node, above: _Place) -> None:
        self._count()
        if above.depth > _DEEPEST:
            raise PlanError("xml-too-deep", self.sheet.name, limit=str(_DEEPEST))
        if node.tag in _UNSEEN:
            return
        if node.tag in _LEFT_OUT:
            self._left[node.tag] += 1
            return
        style = self._styles.of(node, above.style)
        if style.get("display") == "none":
            if node.drawn(1):
                self._hidden.append(node.called)
            return
        try:
            matrix = self.library.Matrix(node.said("transform")) * above.matrix
        except self._unreadable:
            self._left[node.tag] += 1
            return
        place = replace(above, matrix=matrix, style=style, depth=above.depth + 1)
        if node.tag in _GROUPS:
            self._group(node, place)
        elif node.tag == "use":
            self._use(node, place)
        elif node.tag == "text":
            self._text(node, place)
        elif style.get("visibility") not in ("hidden", "collapse"):
            # What cannot be drawn, such as a path that begins with no number, is said.
            try:
                self._shape(node, place)
            except self._unreadable:
                self._left[node.tag] += 1

    def _group(self, node: Node, place: _Place) -> None:
        name = node.called
        if node.tag == "svg":
            with suppress(*self._unreadable):
                place = replace(place, matrix=self._framed(node, node, place))
        if name and self._is_thing(node, name, place):
            place = replace(place, name=name)
        elif name:
            place = replace(place, layers=(*place.layers, name))
        for one in node.nodes:
            self._add(one, place)

    def _is_thing(self, node: Node, name: str, place: _Place) -> bool:
        """Whether a named group is one room or one door, and no layer."""
        if node.said("inkscape:groupmode") == "layer":
            return False
        layer = "/".join(place.layers)
        return is_door_number(name) or (proposed_of(layer) in _OBJECTS and node.drawn(2) < 2)

    def _framed(self, node: Node, size: Node, place: _Place) -> "Matrix":
        """Where the inside of an `svg` or a symbol is, in the frame that `size` gives it."""
        matrix = (
            self.library.Matrix(f"translate({_number(size, 'x')} {_number(size, 'y')})")
            * place.matrix
        )
        box = [float(one) for one in _NUMBER.findall(node.said("viewBox"))]
        width, height = _number(size, "width"), _number(size, "height")
        if len(box) == 4 and min(box[2:]) > 0 and min(width, height) > 0:
            aspect = node.said("preserveAspectRatio") or "xMidYMid meet"
            moved = self.library.Viewbox.viewbox_transform(0, 0, width, height, *box, aspect)
            matrix = self.library.Matrix(moved) * matrix
        return matrix

    def _use(self, node: Node, place: _Place) -> None:
        key = node.said("href", "xlink:href").strip().removeprefix("#")
        used = self._by_id.get(key)
        if used is None or key in place.used:
            self._left["use"] += 1
            return
        moved = self.library.Matrix(f"translate({_number(node, 'x')} {_number(node, 'y')})")
        place = replace(place, matrix=moved * place.matrix, used=(*place.used, key))
        place = replace(place, name=node.called or place.name)
        if not place.block and _is_one(used):
            self._blocks += 1
            place = replace(place, block=self._blocks)
        if used.tag != "symbol":
            self._add(used, place)
            return
        place = replace(place, style=self._styles.of(used, place.style), depth=place.depth + 1)
        with suppress(*self._unreadable):
            size = Node("", {k: node.said(k) for k in ("width", "height")})
            place = replace(place, matrix=self._framed(used, size, place))
        for one in used.nodes:
            self._add(one, place)

    def _shape(self, node: Node, place: _Place) -> None:
        for attribute in _unreadable(node):
            self._left[f"{node.tag} {attribute}=?"] += 1
        subpaths = list(self._subpaths(node, place))
        self._count(sum(len(one.segments) for one in subpaths))
        name = node.called or place.name
        layers = place.layers
        if not proposed_of("/".join(layers)) and (role := _role_word(name)):
            layers = (*layers, role)
        filled = _colour(place.style.get("fill", "black")) != ""
        layer = looks.layer_of(layers, _look(place.style, filled))
        pen = Pen(layer, place.block, name)
        fills = filled and node.tag in ("path", "polyline")
        shapes, arcs = drawn(pen, subpaths, filled=fills)
        self.shapes += shapes
        self.arcs += arcs

    def _subpaths(self, node: Node, place: _Place) -> Iterator[Subpath]:
        """In the root's units."""
        number = [0.0, *(_number(node, one) for one in ("x", "y", "width", "height"))]
        match node.tag:
            case "rect":
                x, y, w, h = number[1:]
                yield _polygon(place, [(x, y), (x + w, y), (x + w, y + h), (x, y + h)], True)
            case "line":
                x1, y1, x2, y2 = (_number(node, one) for one in ("x1", "y1", "x2", "y2"))
                yield _polygon(place, [(x1, y1), (x2, y2)], False)
            case "polygon" | "polyline":
                found = [float(one) for one in _NUMBER.findall(node.said("points"))]
                points = list(zip(found[::2], found[1::2], strict=False))
                yield _polygon(place, points, node.tag == "polygon")
            case "circle" | "ellipse" | "path":
                path = self._path(node) * place.matrix
                path.reify()
                yield from _joined(path)
            case _:
                self._left[node.tag.partition(":")[0][:30]] += 1

    def _path(self, node: Node) -> Any:
        if node.tag == "path":
            return self.library.Path(node.said("d"))
        rx = _number(node, "r") or _number(node, "rx")
        ry = _number(node, "r") or _number(node, "ry")
        x, y = _number(node, "cx"), _number(node, "cy")
        return self.library.Path(self.library.Ellipse(x, y, rx, ry))

    def _text(self, node: Node, place: _Place) -> None:
        runs = _Runs(self._styles)
        runs.add(node, place.style)
        layer = _text_layer(place)
        for text, at in labels(runs.pieces):
            self._count()
            x, y = _moved(place, (at[0], -at[1]))
            if legible(text) and abs(x) < 1e15 and abs(y) < 1e15:
                self.words.append(Words(layer, (x, y), text))


@dataclass
class _Runs:
    """The texts of a `text` element, each where it begins, in the element's own units with y
    growing upwards."""

    styles: Styles
    pieces: list[Piece] = field(default_factory=list)
    _x: float = 0.0
    _y: float = 0.0

    def add(self, node: Node, style: Style) -> None:
        if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
            return
        size = _length(style.get("font-size", "")) or _SIZE
        xs, ys = _numbers(node, "x"), _numbers(node, "y")
        self._x = xs[0] if xs else self._x
        self._y = ys[0] if ys else self._y
        for key, axis in (("dx", "_x"), ("dy", "_y")):
            moved = _NUMBER.match(node.said(key).strip())
            if moved:
                in_ems = size if node.said(key).strip().endswith("em") else 1.0
                setattr(self, axis, getattr(self, axis) + float(moved[0]) * in_ems)
        for one in node.inside:
            if isinstance(one, Node):
                if one.tag in ("tspan", "a", "textPath"):
                    self.add(one, self.styles.of(one, style))
            elif one.strip() or (one and "\n" not in one):
                text = re.sub(r"\s+", " ", one)
                text = text.lstrip() if xs or not self.pieces else text
                self._run(text, xs, ys, size, style.get("text-anchor", ""))

    def _run(
        self, text: str, xs: Sequence[float], ys: Sequence[float], size: float, anchor: str
    ) -> None:
        """With a place for each letter, each is a piece."""
        if len(xs) < 2 and len(ys) < 2:
            self._piece(text, size, {"middle": 0.5, "end": 1.0}.get(anchor, 0.0))
            return
        for number, letter in enumerate(text):
            self._x = xs[number] if number < len(xs) else self._x
            self._y = ys[number] if number < len(ys) else self._y
            self._piece(letter, size, 0.0)

    def _piece(self, text: str, size: float, before: float) -> None:
        left = self._x - before * width_of(text, size)
        right = left + width_of(text, size)
        self.pieces.append(Piece(text, left, right, -self._y, size))
        self._x = right


def _is_one(used: Node) -> bool:
    """Whether what is used is one thing, such as a door, and no part of the sheet with layers."""
    groups = (one for one in used.every() if one.tag in _GROUPS)
    return used.drawn(_BLOCK) < _BLOCK and not any(proposed(one.called) for one in groups)


def _text_layer(place: _Place) -> str:
    size = (_length(place.style.get("font-size", "")) or _SIZE) * place.scale
    return looks.text_layer_of(place.layers, _colour(place.style.get("fill", "black")), size)


def _look(style: Style, filled: bool) -> str:
    if filled:
        return looks.fill(_colour(style.get("fill", "black")))
    width = _length(style.get("stroke-width", "")) or 1.0
    return looks.stroke(_colour(style.get("stroke", "none")), width)


@lru_cache(maxsize=4096)
def _colour(said: str) -> str:
    """``#rrggbb``, ``pattern``, or "" for none."""
    from svgelements import Color

    said = said.strip()
    if said in ("", "none", "transparent"):
        return ""
    if said.startswith("url("):
        return "pattern"
    with suppress(ValueError, TypeError, AttributeError, LookupError):
        return str(Color(said).hexrgb)
    return ""


def _role_word(name: str) -> str:
    """The word of an element's own name that says what it is: Room of ``Room_101``."""
    word = re.sub(r"[\s_.-]*\d[\w.-]*$", "", name)
    return word if word and proposed(word) else ""


def _joined(path: Any) -> Iterator[Subpath]:
    """Segments of the library's path as lines and cubic curves."""
    found: list[Segment] = []
    for one in path:
        match type(one).__name__:
            case "Move":
                if found:
                    yield Subpath(found, False)
                found = []
            case "Close":
                if found:
                    yield Subpath(found, True)
                found = []
            case "Arc":
                found += [_segment(curve) for curve in one.as_cubic_curves()]
            case "QuadraticBezier":
                found.append(_raised(one))
            case _:
                found.append(_segment(one))
    if found:
        yield Subpath(found, False)


def _segment(one: Any) -> Segment:
    if type(one).__name__ == "CubicBezier":
        return _xy(one.start), _xy(one.control1), _xy(one.control2), _xy(one.end)
    return _xy(one.start), _xy(one.end)


def _raised(one: Any) -> Segment:
    """A quadratic curve as a cubic one."""
    start, middle, end = _xy(one.start), _xy(one.control), _xy(one.end)

    def towards(a: Xy) -> Xy:
        return a[0] + 2 / 3 * (middle[0] - a[0]), a[1] + 2 / 3 * (middle[1] - a[1])

    return start, towards(start), towards(end), end


def _xy(point: Any) -> Xy:
    return float(point.x), float(point.y)


def _polygon(place: _Place, points: Sequence[Xy], is_closed: bool) -> Subpath:
    moved = [_moved(place, one) for one in points]
    return Subpath(list(pairwise(moved)), is_closed)


def _moved(place: _Place, at: Xy) -> Xy:
    m = place.matrix
    return m.a * at[0] + m.c * at[1] + m.e, m.b * at[0] + m.d * at[1] + m.f


def _unreadable(node: Node) -> Iterator[str]:
    """Attributes without which a shape is not where it was drawn, if what they say is no number, or
    if they are missing and have no default."""
    for attribute, is_needed in _PLACED.get(node.tag, {}).items():
        said = node.said(attribute).strip()
        readable = _WHOLE.get(attribute, _LENGTH)
        if (is_needed or said) and not readable.fullmatch(said):
            yield attribute


def _number(node: Node, attribute: str) -> float:
    return _length(node.said(attribute)) or 0.0


def _numbers(node: Node, attribute: str) -> list[float]:
    return [float(one) for one in _NUMBER.findall(node.said(attribute))]


def _length(text: str) -> float | None:
    """A number or a length in units of the screen; None if it is none or a share."""
    found = re.fullmatch(rf"\s*({_NUMBER.pattern})\s*([A-Za-z]*)\s*", text)
    if not found or found[2].lower() not in ("", "px", *_UNITS_M):
        return None
    metres = _UNITS_M.get(found[2].lower())
    return float(found[1]) * (metres / _PIXEL_M if metres else 1.0)
