"""Drawing floors: the one place where SVG is made.

A sheet is measured in its own unit, millimetres on paper or pixels on a screen, y down; a
venue in metres, y up. A `View` maps one to the other. Sizes, colours and words are data in
`drawing.json`, icons are those of the phone. Same input, same bytes.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal
from xml.etree.ElementTree import Element

import shapely
import svgwrite
from shapely import LineString, Polygon
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from exporter.bundle.rules_file import icons
from exporter.paper.lettering import FONTS, width_em
from navkit.guidance.guidance import phrases
from navkit.plan.categories import categories
from navkit.plan.colours import colours
from navkit.venue.venue import Point, Space, Venue, name_in
from navkit.words import languages

A4_MM = (210.0, 297.0)

Box = tuple[float, float, float, float]
"""Left, top, right and bottom on a sheet, in its unit."""

ASCENT_EM = 0.9
DESCENT_EM = 0.25
"""Height above and depth below the base line that a line of text gets, in ems."""


@cache
def _book() -> dict[str, Any]:
    text = resources.files("exporter.paper").joinpath("drawing.json").read_text(encoding="utf-8")
    book: dict[str, Any] = json.loads(text)
    return book


def words(language: str) -> Mapping[str, str]:
    """The words printed around a map, by language."""
    return languages.words(language, "paper")


def icon(kind: str) -> Mapping[str, Sequence[Sequence[float]]]:
    """The icon for a kind of shaft, as `icons.json` has it; an empty one for other kinds."""
    shape: Mapping[str, Sequence[Sequence[float]]]
    shape = icons().get(categories().get(kind, {}).get("icon", ""), {})
    return shape


@dataclass(frozen=True)
class Look:
    """Sizes in points and colours of one kind of sheet."""

    title_pt: float
    head_pt: float
    step_pt: float
    sign_pt: float
    label_pt: float
    foot_pt: float
    route_pt: float
    wall_pt: float
    paints: Mapping[str, str]


@cache
def look(name: str) -> Look:
    """A look of `drawing.json`: ``card``, ``large``, ``screen`` or ``picture``."""
    sizes = _book()["looks"][name]
    return Look(**{**sizes, "paints": _book()["paints"][sizes["paints"]]})


def level_name(venue: Venue, level: int, language: str) -> str:
    """The posted label, with the building's name if the venue has several."""
    there = venue.levels[level]
    if len({one.building for one in venue.levels}) == 1:
        return there.label
    building = name_in(venue.building_names.get(there.building, {}), language)
    return f"{building}{phrases(language)['gap'] if building else ''}{there.label}"


class Sheet:
    """A picture under construction: shapes and text at positions on it, in its unit."""

    def __init__(
        self,
        width: float,
        height: float,
        unit: Literal["mm", "px"],
        page: str,
        title: str,
        language: str,
    ) -> None:
        self.width = width
        self.height = height
        self.pt = {"mm": 25.4 / 72, "px": 96 / 72}[unit]
        """Length of a point in the sheet's unit."""
        size = tuple(f"{_short(side)}{unit if unit == 'mm' else ''}" for side in (width, height))
        self._drawing = svgwrite.Drawing(
            size=size,
            viewBox=f"0 0 {_short(width)} {_short(height)}",
            font_family=FONTS,
            debug=False,
        )
        # Fonts draw some characters differently for each language, and screen readers need it.
        self._drawing["xml:lang"] = language
        self._into = self._drawing
        self._clips = 0
        self._drawing.set_desc(title=title)
        self.rect((0, 0, width, height), fill=page)

    def group(self, clip: Box | None = None, title: str = "", **facts: str) -> Callable[[], None]:
        """Draw into a group from now on, until the returned function is called.

        With `clip`, nothing of it shows outside that box. `title` says what the group is to whoever
        points at it or has it read aloud. `facts` become attributes.
        """
        outer = self._into
        if clip:
            self._clips += 1
            path = self._drawing.clipPath(id=f"clip-{self._clips}")
            path.add(self._drawing.rect(*_corner(clip)))
            self._drawing.defs.add(path)
            facts["clip_path"] = f"url(#clip-{self._clips})"
        group = self._drawing.g(**facts)
        if title:
            group.set_desc(title=title)
        outer.add(group)
        self._into = group

        def leave() -> None:
            self._into = outer

        return leave

    def rect(self, box: Box, round_by: float = 0.0, **paint: object) -> None:
        extra = {"rx": _short(round_by)} if round_by else {}
        self._into.add(self._drawing.rect(*_corner(box), **extra, **_painted(paint)))

    def circle(self, centre: Point, radius: float, **paint: object) -> None:
        self._into.add(
            self._drawing.circle(
                (_short(centre[0]), _short(centre[1])), _short(radius), **_painted(paint)
            )
        )

    def line(self, points: Iterable[Point], **paint: object) -> None:
        """An open line; `fill` is none by default."""
        self._into.add(
            self._drawing.polyline(
                [(_short(x), _short(y)) for x, y in points], **_painted({"fill": "none"} | paint)
            )
        )

    def lines(self, lines: Iterable[Iterable[Point]], **paint: object) -> None:
        """Open lines as one shape; `fill` is none by default."""
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)
        self._into.add(self._drawing.path(path, **_painted({"fill": "none"} | paint)))

    def area(self, rings: Iterable[Iterable[Point]], **paint: object) -> None:
        """Filled rings; a ring inside another is a hole."""
        path = "".join(
            "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in ring) + "Z" for ring in rings
        )
        self._into.add(self._drawing.path(path, fill_rule="evenodd", **_painted(paint)))

    def text(
        self,
        line: str,
        at: Point,
        size_pt: float,
        anchor: Literal["start", "middle", "end"] = "start",
        **paint: object,
    ) -> None:
        """One line of text; `at` is on its base line."""
        self._into.add(
            self._drawing.text(
                line,
                insert=(_short(at[0]), _short(at[1])),
                font_size=_short(size_pt * self.pt),
                text_anchor=anchor,
                **_painted(paint),
            )
        )

    def text_box(
        self, lines: Sequence[str], middle: Point, size_pt: float, leading: float = 1.15
    ) -> Box:
        """The box of lines of text that are centred on a point."""
        em = size_pt * self.pt
        half = max(map(width_em, lines)) * em / 2
        tall = ((len(lines) - 1) * leading + ASCENT_EM + DESCENT_EM) * em / 2
        return (middle[0] - half, middle[1] - tall, middle[0] + half, middle[1] + tall)

    def text_in(
        self,
        lines: Sequence[str],
        middle: Point,
        size_pt: float,
        leading: float = 1.15,
        **paint: object,
    ) -> None:
        """Lines centred on a point, as `text_box` measured them."""
        em = size_pt * self.pt
        top = self.text_box(lines, middle, size_pt, leading)[1] + ASCENT_EM * em
        for number, line in enumerate(lines):
            y = top + number * leading * em
            self.text(line, (middle[0], y), size_pt, "middle", **paint)

    def element(self) -> Element:
        """The drawing as a part of a page."""
        drawn: Element = self._drawing.get_xml()
        return drawn

    def svg(self) -> str:
        text: str = self._drawing.tostring()
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _short(value: float) -> float | int:
    """To the thousandth; whole numbers without a decimal point."""
    near = round(value, 3)
    return int(near) if near == int(near) else near


def _corner(box: Box) -> tuple[tuple[float, float], tuple[float, float]]:
    """A box in svgwrite's form: corner and size."""
    left, top, right, bottom = box
    return (_short(left), _short(top)), (_short(right - left), _short(bottom - top))


def _painted(paint: Mapping[str, object]) -> dict[str, object]:
    return {
        key: _short(value) if isinstance(value, float) else value for key, value in paint.items()
    }


@dataclass(frozen=True)
class View:
    """Maps metres to a sheet."""

    scale: float
    """Sheet units per metre."""
    origin: Point
    """Where the venue's (0, 0) is on the sheet."""
    box: Box
    """The part of the sheet that the view fills."""

    turned_deg: float = 0.0
    """Anticlockwise; 0 keeps the drawing upright."""
    squash: float = 1.0
    """Height over width of a square on the floor: 1 is a view from straight above."""

    def _matrix(self) -> tuple[float, float, float, float, float, float]:
        """What x and y in metres add to x and y on the sheet, and their offset."""
        turn, down = math.radians(self.turned_deg), -self.scale * self.squash
        return (
            math.cos(turn) * self.scale,
            -math.sin(turn) * self.scale,
            math.sin(turn) * down,
            math.cos(turn) * down,
            *self.origin,
        )

    def point(self, metres: Point) -> Point:
        """A point of the venue on the sheet."""
        a, b, d, e, left, top = self._matrix()
        return (a * metres[0] + b * metres[1] + left, d * metres[0] + e * metres[1] + top)

    def shape(self, outline: BaseGeometry) -> BaseGeometry:
        """A shape of the venue on the sheet."""
        return affine_transform(outline, self._matrix())


def fit(
    points: Sequence[Point], around: Sequence[float], box: Box, margin: float, most: float
) -> View:
    """The view of a box that shows `points` as large as possible, at most `most` units per metre.

    `margin` units of the box stay free around the points. `around` is left, bottom, right
    and top of the level in metres: the view is moved towards it, so that any spare room
    shows the building and not the void.
    """
    left, top, right, bottom = box
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    wide, tall = right - left - 2 * margin, bottom - top - 2 * margin
    scale = min(most, wide / max(max(xs) - min(xs), 0.01), tall / max(max(ys) - min(ys), 0.01))
    x_m = _towards(min(xs), max(xs), around[0], around[2], wide / scale, margin / scale)
    y_m = _towards(min(ys), max(ys), around[1], around[3], tall / scale, margin / scale)
    middle = ((left + right) / 2, (top + bottom) / 2)
    return View(scale, (middle[0] - x_m * scale, middle[1] + y_m * scale), box)


def _towards(
    low: float, high: float, first: float, last: float, inner: float, margin: float
) -> float:
    """Middle of a window of `inner` and two margins that contains low to high and, if
    possible, does not extend beyond first and last."""
    least, most = high - inner / 2, low + inner / 2
    half = inner / 2 + margin
    wanted = (low + high) / 2
    if last - first <= 2 * half:
        wanted = (first + last) / 2
    else:
        wanted = min(max(wanted, first + half), last - half)
    return min(max(wanted, least), most)


def nearest_on(box: Box, at: Point) -> Point:
    """The point of a box nearest to another point."""
    return (min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3]))


class Taken:
    """The occupied parts of a box on a sheet, so that text never covers text."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self._shapes: list[BaseGeometry] = []

    def add(self, shape: BaseGeometry) -> None:
        self._shapes.append(shape)

    def add_box(self, box: Box) -> None:
        self._shapes.append(shapely.box(*box))

    def copy(self) -> "Taken":
        other = Taken(self.box)
        other._shapes = list(self._shapes)
        return other

    def covered(self, line: BaseGeometry) -> float:
        """How much of a line is over occupied parts."""
        return sum(taken.intersection(line).length for taken in self._shapes)

    def is_free(self, shape: BaseGeometry) -> bool:
        return not any(taken.intersects(shape) for taken in self._shapes)

    def first_free(
        self, boxes: Iterable[Box], gap: float, clear_of: BaseGeometry | None = None
    ) -> Box | None:
        """The first box that is inside, at least `gap` from everything occupied and from
        `clear_of`; it is occupied from then on."""
        left, top, right, bottom = self.box
        for box in boxes:
            if box[0] < left or box[1] < top or box[2] > right or box[3] > bottom:
                continue
            shape = shapely.box(*box)
            if clear_of is not None and clear_of.distance(shape) < gap:
                continue
            if all(taken.distance(shape) >= gap for taken in self._shapes):
                self._shapes.append(shape)
                return box
        return None


def paint_of(space: Space) -> str:
    """The colour of a space: that of `staff` if visitors do not go there."""
    return "staff" if space.kind == "room" and space.access != "public" else space.kind


_ORDER = {"closed": 0, "outdoor": 1, "room": 2}
"""Painting order: what is painted first is below, so halls and shafts are over rooms."""


def draw_floor(
    sheet: Sheet,
    venue: Venue,
    level: str,
    view: View,
    style: Look,
    goal_spaces: frozenset[str] = frozenset(),
) -> list[Box]:
    """Spaces, walls, doors and shaft icons of a level, as far as the view shows them.

    Returns where the icons are.
    """
    seen = shapely.box(*view.box)
    wall = style.wall_pt * sheet.pt
    spaces = [s for s in venue.spaces if s.level == level]
    for space in sorted(spaces, key=lambda s: _ORDER.get(s.kind, 3)):
        shape = view.shape(space.outline)
        if not isinstance(shape, Polygon) or not shape.intersects(seen):
            continue
        rings = [ring.coords[:-1] for ring in (shape.exterior, *shape.interiors)]
        fill = style.paints["goal-room" if space.id in goal_spaces else paint_of(space)]
        sheet.area(
            rings,
            fill=fill,
            stroke=style.paints["wall"],
            stroke_width=wall,
            stroke_linejoin="round",
        )
    for path in venue.paths:
        if level in path.levels:
            for colour, more in (("wall", 2 * wall), ("path", 0.0)):
                sheet.line(
                    [view.point(p) for p in path.points],
                    stroke=style.paints[colour],
                    stroke_width=max(1.6 * view.scale, 4 * wall) + more,
                    stroke_linejoin="round",
                )
    _draw_stripes(sheet, venue, level, view, wall)
    for door in venue.doors:
        space_id = next(filter(None, door.spaces), "")
        if not space_id or venue.space_by_id[space_id].level != level:
            continue
        line = [view.point(p) for p in door.line]
        if LineString(line).intersects(seen):
            sheet.line(line, stroke=style.paints["door"], stroke_width=wall * 1.8)
    icons: list[Box] = []
    for space in spaces:
        box = view.shape(space.outline).bounds
        side = min(box[2] - box[0], box[3] - box[1], 14 * sheet.pt)
        if icon(space.kind) and space.access == "public" and side >= 5 * sheet.pt:
            middle = view.point(middle_of(space))
            draw_icon(sheet, space.kind, middle, side * 0.8, style.paints["quiet"])
            half = side * 0.4
            left, top = middle[0] - half, middle[1] - half
            icons.append((left, top, left + 2 * half, top + 2 * half))
    return icons


STRIPE_M, STRIPE_OPACITY = 0.15, 0.55
"""Width of a coloured line on the floor, and how much of its colour shows: it must not be taken for
the route. Guesses."""


def _draw_stripes(sheet: Sheet, venue: Venue, level: str, view: View, wall: float) -> None:
    for stripe in venue.stripes:
        if stripe.level == level:
            sheet.line(
                [view.point(p) for p in stripe.course],
                stroke=colours()[stripe.colour],
                stroke_width=max(STRIPE_M * view.scale, 1.5 * wall),
                stroke_opacity=STRIPE_OPACITY,
                stroke_linejoin="round",
            )


def middle_of(space: Space) -> Point:
    """The roomiest point of a space: where its label goes."""
    centre = shapely.maximum_inscribed_circle(space.outline, tolerance=0.1).coords[0]
    return (float(centre[0]), float(centre[1]))


def draw_icon(sheet: Sheet, kind: str, middle: Point, side: float, colour: str) -> None:
    """The icon for a kind of shaft, centred on a point."""
    left, top = middle[0] - side / 2, middle[1] - side / 2

    def placed(numbers: Sequence[float]) -> list[Point]:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return [(left + x * side, top + y * side) for x, y in pairs]

    shape = icon(kind)
    if "areas" in shape:
        sheet.area(map(placed, shape["areas"]), fill=colour)
    for line in shape.get("lines", ()):
        sheet.line(
            placed(line),
            stroke=colour,
            stroke_width=max(side / 12, 0.6 * sheet.pt),
            stroke_linejoin="round",
            stroke_linecap="round",
        )


def draw_route(sheet: Sheet, points: Sequence[Point], style: Look) -> None:
    """A line with arrowheads inside that show the direction, over a light edge."""
    width = style.route_pt * sheet.pt
    common = {"stroke_linejoin": "round", "stroke_linecap": "round"}
    sheet.line(points, stroke=style.paints["route-edge"], stroke_width=width * 1.7, **common)
    sheet.line(points, class_="route", stroke=style.paints["route"], stroke_width=width, **common)
    for at, (dx, dy) in _along(points, 4.5 * width):
        size = width * 0.32
        tip = (at[0] + dx * size, at[1] + dy * size)
        wings = [
            (at[0] - dx * size + side * dy * size, at[1] - dy * size - side * dx * size)
            for side in (1, -1)
        ]
        sheet.line(
            [wings[0], tip, wings[1]],
            stroke=style.paints["route-arrow"],
            stroke_width=width * 0.22,
            **common,
        )


def draw_start(sheet: Sheet, at: Point, radius: float, style: Look) -> None:
    """A ring at the start."""
    paints = style.paints
    sheet.circle(at, radius, fill=paints["mark"], stroke=paints["route"], stroke_width=radius * 0.5)


def draw_pin(sheet: Sheet, tip: Point, radius: float, style: Look) -> Box:
    """A pin whose tip is the goal; returns the box it occupies."""
    head = (tip[0], tip[1] - 3.1 * radius)
    rim = [
        (head[0] + 1.5 * radius * math.cos(a), head[1] + 1.5 * radius * math.sin(a))
        for a in map(math.radians, range(150, 391, 15))
    ]
    sheet.area(
        [[tip, *rim]],
        fill=style.paints["goal"],
        stroke=style.paints["mark"],
        stroke_width=radius * 0.25,
        stroke_linejoin="round",
    )
    sheet.circle(head, radius * 0.6, fill=style.paints["mark"])
    return (tip[0] - 1.6 * radius, tip[1] - 4.7 * radius, tip[0] + 1.6 * radius, tip[1])


def _along(points: Sequence[Point], every: float) -> list[tuple[Point, Point]]:
    """Points and directions along a line, evenly on each straight piece, without its ends."""
    found: list[tuple[Point, Point]] = []
    for (ax, ay), (bx, by) in pairwise(points):
        length = math.hypot(bx - ax, by - ay)
        count = int(length / every)
        for i in range(count):
            part = (i + 0.5) / count
            found.append(
                (
                    (ax + (bx - ax) * part, ay + (by - ay) * part),
                    ((bx - ax) / length, (by - ay) / length),
                )
            )
    return found
