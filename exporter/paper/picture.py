"""The picture of a venue with one route through its floors, for a README or a poster.

The floors that are walked are stacked and seen at an angle; a few instructions
are beside them in two languages.
"""

from collections.abc import Sequence
from itertools import pairwise

import shapely
import shapely.affinity
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from exporter.paper.cards import heading, stretches, whole
from exporter.paper.drawing import (
    Box,
    Sheet,
    Taken,
    View,
    draw_floor,
    draw_icon,
    draw_pin,
    draw_route,
    draw_start,
    level_name,
    look,
    nearest_on,
)
from exporter.paper.lettering import width_em, wrapped
from navkit.guidance.guidance import Guidance
from navkit.guide import Guide
from navkit.network.network import STOREY_M
from navkit.route.profiles import profile
from navkit.route.routing import Route
from navkit.venue.venue import Point, Venue, name_in

EXAMPLE = ("A104", "w-geri", "elderly")
"""Start, goal and profile in the example hospital: through all three of its buildings."""

LANGUAGES = ("zh-Hans", "en")

WIDTH_PX = 1200.0
MARGIN_PX = 36.0
TURNED_DEG = 14.0
SQUASH = 0.5
THICK_PX = 7.0
"""How thick a floor looks."""
GAP_PX = 64.0
"""Between the back of one floor and the front of the next above."""

HEAD_PX = 70.0
FOOT_PX = 84.0
CAPTION_PX = 316.0
GRID_PX = 12
"""Captions are tried at positions this far apart."""


def venue_picture(guide: Guide, trip: tuple[str, str, str] = EXAMPLE) -> str:
    """SVG, 1200 px wide: the floors of a trip (start, goal, profile) above each other."""
    start, goal, by = trip
    route = guide.route(start, goal, profile(by))
    told = {language: guide.tell(route, language) for language in LANGUAGES}
    return _Picture(route, told).svg()


def _elevations_m(venue: Venue) -> list[float]:
    """Height of each level; if none is given, counted in storeys from a neighbour's."""
    known: dict[str, tuple[float, float]] = {}
    for level in venue.levels:
        if level.elevation_m is not None:
            known.setdefault(level.building, (level.ordinal, level.elevation_m))
    heights = []
    for level in venue.levels:
        ordinal, height_m = known.get(level.building, (0.0, 0.0))
        counted_m = height_m + (level.ordinal - ordinal) * STOREY_M
        heights.append(counted_m if level.elevation_m is None else level.elevation_m)
    return heights


SAME_PLANE_M = 1.5
"""Floors of neighbouring buildings that differ by less are drawn as one. A guess."""


class _Picture:
    """Floors are placed first, from the lowest up; then everything is drawn onto them."""

    def __init__(self, route: Route, told: dict[str, Guidance]) -> None:
        self.route, self.told = route, told
        self.venue = route.network.venue
        self.style = look("picture")
        self.parts = stretches(route, told[LANGUAGES[0]])
        heights = _elevations_m(self.venue)
        walked = sorted({part.level for part in self.parts}, key=lambda n: (heights[n], n))
        self.planes: list[list[int]] = []
        for level in walked:
            if self.planes and heights[level] - heights[self.planes[-1][0]] < SAME_PLANE_M:
                self.planes[-1].append(level)
            else:
                self.planes.append([level])
        self.outlines = {n: self._outline(n) for plane in self.planes for n in plane}
        self.views = self._views()

    def _outline(self, level: int) -> BaseGeometry:
        """The whole level as one shape, in metres."""
        key = self.venue.levels[level].id
        shapes = [s.outline for s in self.venue.spaces if s.level == key]
        return shapely.union_all(shapes).buffer(0.4, join_style="mitre").simplify(0.2)

    def _views(self) -> list[View]:
        """A view for each plane: each as low as possible without touching those below."""
        whole = shapely.union_all(list(self.outlines.values()))
        flat = View(1.0, (0.0, 0.0), (0, 0, 0, 0), TURNED_DEG, SQUASH)
        left, _, right, _ = flat.shape(whole).bounds
        scale = (WIDTH_PX - 2 * MARGIN_PX) / (right - left)
        views: list[View] = []
        below: BaseGeometry = Polygon()
        rise = 0.0
        for plane in self.planes:
            outline = shapely.union_all([self.outlines[n] for n in plane])
            while True:
                origin = (MARGIN_PX - left * scale, -rise)
                view = View(scale, origin, (0, 0, 0, 0), TURNED_DEG, SQUASH)
                shape = view.shape(outline)
                if below.is_empty or shape.distance(below) >= GAP_PX:
                    break
                rise += 8.0
            below = shapely.union_all([below, shape])
            views.append(view)
        _, top, _, bottom = below.bounds
        self.height = bottom - top + 2 * MARGIN_PX + HEAD_PX + FOOT_PX
        everywhere = (0.0, 0.0, WIDTH_PX, self.height)
        return [
            View(
                scale,
                (v.origin[0], v.origin[1] - top + MARGIN_PX + HEAD_PX),
                everywhere,
                TURNED_DEG,
                SQUASH,
            )
            for v in views
        ]

    def svg(self) -> str:
        paints = self.style.paints
        title = name_in(self.venue.names, LANGUAGES[0])
        sheet = Sheet(WIDTH_PX, round(self.height), "px", paints["page"], title, LANGUAGES[0])
        taken = Taken((MARGIN_PX / 2, MARGIN_PX / 2, WIDTH_PX - MARGIN_PX / 2, self.height - 12))
        for plane, view in zip(self.planes, self.views, strict=True):
            for level in plane:
                taken.add(self._draw_floor(sheet, level, view))
        lines = self._lines()
        self._draw_risers(sheet, lines, taken)
        for _, points in lines:
            draw_route(sheet, points, self.style)
        self._draw_title(sheet, taken)
        self._draw_captions(sheet, taken)
        self._draw_level_names(sheet, taken)
        self._draw_ends(sheet, lines)
        return sheet.svg()

    def _draw_floor(self, sheet: Sheet, level: int, view: View) -> BaseGeometry:
        """A level as a plate; returns the shape that it occupies."""
        paints = self.style.paints
        shape = view.shape(self.outlines[level])
        for depth in range(int(THICK_PX), 0, -1):
            _fill(sheet, shapely.affinity.translate(shape, 0, depth), paints["rule"])
        _fill(sheet, shape, paints["closed"])
        draw_floor(sheet, self.venue, self.venue.levels[level].id, view, self.style)
        return shapely.union_all([shape, shapely.affinity.translate(shape, 0, THICK_PX)])

    def _plane_of(self, level: int) -> int:
        return next(n for n, plane in enumerate(self.planes) if level in plane)

    def _lines(self) -> list[tuple[int, list[Point]]]:
        """The route on the sheet, a line for each stay on a plane: (plane, points)."""
        lines: list[tuple[int, list[Point]]] = []
        for part in self.parts:
            plane = self._plane_of(part.level)
            points = [self.views[plane].point(p) for p in part.points]
            if lines and lines[-1][0] == plane:
                lines[-1][1].extend(points)
            else:
                lines.append((plane, points))
        return lines

    def _draw_risers(
        self, sheet: Sheet, lines: Sequence[tuple[int, list[Point]]], taken: Taken
    ) -> None:
        """Lifts and stairs from plane to plane."""
        width = self.style.route_pt * sheet.pt
        for (_, before), (_, after) in pairwise(lines):
            ends = [before[-1], after[0]]
            taken.add(shapely.LineString(ends).buffer(width))
            sheet.line(ends, stroke=self.style.paints["route-edge"], stroke_width=width * 1.7)
            sheet.line(
                ends,
                stroke=self.style.paints["route"],
                stroke_width=width * 0.8,
                stroke_dasharray=f"{width * 1.3:.2f} {width * 0.8:.2f}",
            )

    def _draw_ends(self, sheet: Sheet, lines: Sequence[tuple[int, list[Point]]]) -> None:
        """A ring at the start, a pin at the goal, and the icon of each shaft that is used."""
        paints = self.style.paints
        radius = 1.5 * self.style.route_pt * sheet.pt
        for (_, before), (_, after), by in zip(lines, lines[1:], self._shafts(), strict=False):
            for x, y in (before[-1], after[0]):
                box = (x - 1.3 * radius, y - 1.3 * radius, x + 1.3 * radius, y + 1.3 * radius)
                sheet.rect(box, 3.0, fill=paints["sign"], stroke=paints["mark"], stroke_width=1.5)
                draw_icon(sheet, by, (x, y), 2.3 * radius, paints["on-sign"])
        draw_start(sheet, lines[0][1][0], radius, self.style)
        draw_pin(sheet, lines[-1][1][-1], radius, self.style)

    def _shafts(self) -> list[str]:
        """Kinds of the shafts that lead from plane to plane, in walking order."""
        planes = [self._plane_of(part.level) for part in self.parts]
        pairs = zip(self.parts, pairwise(planes), strict=False)
        return [part.by for part, (here, there) in pairs if here != there]

    def _draw_title(self, sheet: Sheet, taken: Taken) -> None:
        style, paints = self.style, self.style.paints
        y = MARGIN_PX + style.title_pt * sheet.pt
        for language, size_pt, weight in zip(
            LANGUAGES, (style.title_pt, style.head_pt), ("bold", "normal"), strict=True
        ):
            told = self.told[language]
            name = name_in(self.venue.names, language)
            title = f"{name} · {heading(self.route, told)} · {whole(self.route, told)}"
            sheet.text(title, (MARGIN_PX, y), size_pt, fill=paints["ink"], font_weight=weight)
            em = size_pt * sheet.pt
            taken.add_box((MARGIN_PX, y - em, MARGIN_PX + width_em(title) * em, y + 0.4 * em))
            y += 1.7 * style.head_pt * sheet.pt

    def _draw_captions(self, sheet: Sheet, taken: Taken) -> None:
        """The first instruction, the first that takes a shaft, and the last."""
        steps = self.told[LANGUAGES[0]].instructions
        chosen = [0, len(steps) - 1]
        chosen += [
            number
            for number, step in enumerate(steps)
            if any(c.kind.split("-")[0] in ("lift", "stairs", "escalator") for c in step.clauses)
        ][:1]
        for number in sorted(set(chosen)):
            at = self._place_of(number)
            self._caption(sheet, taken, number, at)

    def _place_of(self, number: int) -> Point:
        """Where on the sheet an instruction is given: where it starts, the last at the goal."""
        steps = self.told[LANGUAGES[0]].instructions
        network = self.route.network
        node = self.route.nodes[-1 if number == len(steps) - 1 else steps[number].first]
        view = self.views[self._plane_of(network.level[node])]
        return view.point((network.x_cm[node] / 100, network.y_cm[node] / 100))

    def _caption(self, sheet: Sheet, taken: Taken, number: int, at: Point) -> None:
        style, paints = self.style, self.style.paints
        rows: list[tuple[str, float, str]] = []
        for language, size_pt, weight in zip(
            LANGUAGES, (style.step_pt, style.foot_pt), ("bold", "normal"), strict=True
        ):
            text = self.told[language].instructions[number].text
            em = size_pt * sheet.pt
            rows += [(line, size_pt, weight) for line in wrapped(text, CAPTION_PX / em)]
        wide = max(width_em(line) * size_pt for line, size_pt, _ in rows) * sheet.pt + 28
        tall = sum(1.4 * size_pt * sheet.pt for _, size_pt, _ in rows) + 20
        boxes = [
            (float(x), float(y), x + wide, y + tall)
            for y in range(0, int(self.height), GRID_PX)
            for x in range(0, int(WIDTH_PX), GRID_PX)
        ]
        free = [box for box in boxes if taken.copy().first_free([box], 12.0)]
        if not free:
            return
        box = min(free, key=lambda b: _tie_cost(b, at, taken))
        taken.add_box(box)
        foot = nearest_on(box, at)
        sheet.line([foot, at], stroke=paints["ink"], stroke_width=1.5)
        sheet.circle(at, 4.0, fill=paints["ink"])
        taken.add(shapely.LineString([foot, at]))
        sheet.rect(box, 8.0, fill=paints["mark"], stroke=paints["ink"], stroke_width=1.5)
        y = box[1] + 8
        for line, size_pt, weight in rows:
            em = size_pt * sheet.pt
            sheet.text(
                line, (box[0] + 14, y + 1.05 * em), size_pt, fill=paints["ink"], font_weight=weight
            )
            y += 1.4 * em

    def _draw_level_names(self, sheet: Sheet, taken: Taken) -> None:
        """Building and floor beside each level walked."""
        style, paints = self.style, self.style.paints
        em = style.sign_pt * sheet.pt
        for level in dict.fromkeys(part.level for part in self.parts):
            lines = [level_name(self.venue, level, language) for language in LANGUAGES]
            foot_em = style.foot_pt * sheet.pt
            first = width_em(lines[0]) * em + em
            wide, tall = first + width_em(lines[1]) * foot_em, 1.4 * em
            shape = self.views[self._plane_of(level)].shape(self.outlines[level])
            front = shape.exterior if isinstance(shape, Polygon) else shape.boundary
            spots = [front.interpolate(front.length * i / 60) for i in range(60)]
            spots.sort(key=lambda p: (-round(p.y), round(p.x)))
            boxes: list[Box] = []
            for away in (10.0, 16.0, 30.0):
                for p in spots:
                    for x in (p.x, p.x - wide / 2, p.x - wide):
                        boxes.append((x, p.y + away, x + wide, p.y + away + tall))
            box = taken.first_free(boxes, 4.0)
            if box is None:
                continue
            y = box[1] + 1.1 * em
            at = (box[0], y)
            sheet.text(lines[0], at, style.sign_pt, fill=paints["sign"], font_weight="bold")
            sheet.text(lines[1], (box[0] + first, y), style.foot_pt, fill=paints["quiet"])


def _tie_cost(box: Box, at: Point, taken: Taken) -> float:
    """How far a caption is from its point; whatever its line crosses counts eightfold."""
    line = shapely.LineString([nearest_on(box, at), at])
    return line.length + 7 * taken.covered(line)


def _fill(sheet: Sheet, shape: BaseGeometry, colour: str) -> None:
    for part in getattr(shape, "geoms", [shape]):
        sheet.area([ring.coords[:-1] for ring in (part.exterior, *part.interiors)], fill=colour)
