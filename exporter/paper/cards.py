"""Route cards: a route as printable pictures, with its steps in words.

`cards` makes a page of A4 for each level walked, `route_svg` one picture of the whole route.
Both draw the same map, and both print the sentences of the same `Guidance`.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from exporter.paper.drawing import (
    A4_MM,
    Box,
    Look,
    Sheet,
    Taken,
    View,
    draw_floor,
    draw_icon,
    draw_pin,
    draw_route,
    draw_start,
    fit,
    icon,
    level_name,
    look,
    middle_of,
    nearest_on,
    words,
)
from exporter.paper.glance import Glance
from exporter.paper.lettering import LEADING, breaks, evenly, width_em, wrapped
from navkit.guidance.guidance import Guidance, phrases
from navkit.guidance.measure import rounded_m, rounded_min
from navkit.network.network import CONNECTOR_EDGE, Kind
from navkit.plan.categories import category_names
from navkit.plan.plan import SHAFTS
from navkit.route.routing import Route
from navkit.venue.naming import anchor_called, place_called
from navkit.venue.venue import Point, Space, name_in

MARGIN_MM = 12.0
LEAST_MAP_MM = 95.0
"""A lower map shows no route: another sheet for the steps is better. A guess."""
LEAST_MAP_PX = 300.0
MOST_MAP_PX = 620.0
LEAST_LABEL_EM = 2.2
"""Narrower labels read as a column of characters."""
MOST_MM_PER_M = 6.0
"""A larger scale makes a few steps look like a long walk. A guess."""

_SHAFTS = {edge: kind for kind, edge in CONNECTOR_EDGE.items()}


_UNNAMED = SHAFTS | {"closed"}


@dataclass(frozen=True)
class Stretch:
    """A continuous walk on one level, and the steps given there."""

    level: int
    first: int
    last: int
    """Index of the route's node."""
    points: tuple[Point, ...]
    """The line walked, in metres."""
    steps: tuple[int, ...]
    """Numbers of instructions, from 0. One that leads to another level is on both."""
    before: int
    """The level walkers come from, -1 at the start."""
    after: int
    """The level walkers go to, -1 at the goal."""
    by: str
    """Kind of the shaft that leads there; empty for a bridge and at the goal."""


def stretches(route: Route, told: Guidance) -> tuple[Stretch, ...]:
    """A route cut where it changes level; levels only passed by lift or stairs are left out."""
    network = route.network
    runs: list[tuple[int, int]] = []
    for _, group in groupby(range(len(route.nodes)), lambda i: network.level[route.nodes[i]]):
        numbers = list(group)
        runs.append((numbers[0], numbers[-1]))
    lines = [_line(route, first, last) for first, last in runs]
    kept = [i for i in range(len(runs)) if len(lines[i]) > 1 or i in (0, len(runs) - 1)]
    levels = [network.level[route.nodes[first]] for first, _ in runs]
    found = []
    for place, i in enumerate(kept):
        first, last = runs[i]
        by = ""
        if i < len(runs) - 1:
            by = _SHAFTS.get(Kind(network.kind[route.darts[last] >> 1]), "")
        steps = tuple(
            number
            for number, step in enumerate(told.instructions)
            if step.first <= last and step.last >= first and (step.last > first or i == 0)
        )
        before = levels[kept[place - 1]] if place else -1
        after = levels[kept[place + 1]] if place < len(kept) - 1 else -1
        found.append(Stretch(levels[i], first, last, lines[i], steps, before, after, by))
    return tuple(found)


def _line(route: Route, first: int, last: int) -> tuple[Point, ...]:
    """The points of some of a route's nodes, without repeated points."""
    network = route.network
    points = [
        (network.x_cm[node] / 100, network.y_cm[node] / 100)
        for node in route.nodes[first : last + 1]
    ]
    return tuple(p for i, p in enumerate(points) if i == 0 or p != points[i - 1])


def route_svg(route: Route, told: Guidance) -> str:
    """One picture of a whole route: a panel for each level walked, its steps beside it."""
    style, wide, gap = look("screen"), 1200.0, 24.0
    said, paints = words(told.language), style.paints
    pt = 96 / 72
    steps_left, steps_right = 790.0, wide - gap
    parts = stretches(route, told)
    rows = []
    for part in parts:
        box_wide, box_tall = _extent_m(part.points)
        tall = min(MOST_MAP_PX, max(LEAST_MAP_PX, 1.5 * 700 * box_tall / max(box_wide, 20.0)))
        steps_tall = sum(_step_heights(told, part, steps_right - steps_left, style, pt))
        rows.append(max(tall, steps_tall))
    head = 2 * gap + 2 * LEADING * style.title_pt * pt
    title_tall = 1.6 * style.title_pt * pt
    notices = [said["notice"].format(notice=notice.text) for notice in told.notices]
    foot = gap + len(notices) * LEADING * style.head_pt * pt
    tall = head + sum(rows) + len(rows) * (title_tall + gap) + foot
    sheet = Sheet(wide, math.ceil(tall), "px", paints["page"], heading(route, told), told.language)
    y = gap + style.title_pt * pt
    sheet.text(
        heading(route, told), (gap, y), style.title_pt, fill=paints["ink"], font_weight="bold"
    )
    y += LEADING * style.title_pt * pt
    sheet.text(whole(route, told), (gap, y), style.head_pt, fill=paints["quiet"])
    y = head
    for part, row in zip(parts, rows, strict=True):
        name = level_name(route.network.venue, part.level, told.language)
        sheet.text(
            name,
            (gap, y + style.title_pt * pt),
            style.title_pt,
            fill=paints["ink"],
            font_weight="bold",
        )
        y += title_tall
        _draw_map(sheet, route, told, part, (gap, y, steps_left - gap, y + row), style)
        _draw_steps(sheet, told, part.steps, (steps_left, y), steps_right - steps_left, style)
        y += row + gap
    for line in notices:
        sheet.text(line, (gap, y + style.head_pt * pt), style.head_pt, fill=paints["ink"])
        y += LEADING * style.head_pt * pt
    return sheet.svg()


def _extent_m(points: Sequence[Point]) -> tuple[float, float]:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return max(xs) - min(xs), max(ys) - min(ys)


def heading(route: Route, told: Guidance) -> str:
    """The heading: from where to where."""
    return words(told.language)["title"].format(
        start=_spot_name(route, told.language, route.start.anchor, route.start.places, 0),
        goal=_spot_name(route, told.language, route.goal.anchor, route.goal.places, -1),
    )


def _spot_name(route: Route, language: str, anchor: int, places: Sequence[int], end: int) -> str:
    """The name of an end of the route; of several places the one at that end."""
    venue = route.network.venue
    if anchor >= 0:
        return anchor_called(venue.anchors[anchor], venue.speaker(language)).text
    node = route.nodes[end]
    place = next((p for p in places if node in route.network.place_nodes[p]), places[0])
    named = venue.places[place]
    return place_called(named, venue.speaker(language)).text or named.ref


def whole(route: Route, told: Guidance) -> str:
    """Metres and minutes of the whole route."""
    said, minutes = words(told.language), rounded_min(route.duration_ms)
    template = said["whole" if minutes else "whole-short"]
    return template.format(metres=rounded_m(route.length_cm), minutes=minutes)


def cards(route: Route, told: Guidance, *, large_print: bool) -> list[tuple[str, str]]:
    """Pages of A4, (file name, SVG), in walking order.

    Each level walked has one with a map; if its steps do not fit under the map, further
    pages follow with the rest.
    """
    style = look("large" if large_print else "card")
    parts = stretches(route, told)
    repeated = [*(part.steps for part in parts[1:]), ()]
    plans = [
        (part, run, number == 0)
        for part, later in zip(parts, repeated, strict=True)
        for number, run in enumerate(_paged(route, told, part, style, later))
    ]
    pages = []
    for number, (part, steps, mapped) in enumerate(plans, start=1):
        more = number < len(plans) and plans[number][0] is part
        page = _Page(route, told, part, style, number, len(plans))
        level = route.network.venue.levels[part.level]
        name = re.sub(r"[^\w-]+", "-", level.label)
        pages.append((f"{number:02}-{name}.svg", page.svg(steps, mapped=mapped, more=more)))
    return pages


def _paged(
    route: Route, told: Guidance, part: Stretch, style: Look, later: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The steps of a stretch, page by page.

    A step that leads to the next level and goes on there is among its steps, `later`: if it does
    not fit here, it is left to that page.
    """
    page = _Page(route, told, part, style, 1, 1)
    room = page.bottom - page.top - LEAST_MAP_MM - MARGIN_MM / 2
    run: list[int] = []
    used = 0.0
    heights = _step_heights(told, part, page.wide, style, page.pt)
    for number, tall in zip(part.steps, heights, strict=True):
        if run and used + tall > room:
            if number in later:
                break
            yield tuple(run)
            run, used = [], 0.0
            room = page.bottom - page.top
        run.append(number)
        used += tall
    yield tuple(run)


class _Page:
    """One card: the header and footer are measured first, the map gets the rest."""

    def __init__(
        self, route: Route, told: Guidance, part: Stretch, style: Look, number: int, count: int
    ) -> None:
        self.route, self.told, self.part, self.style = route, told, part, style
        self.pt = 25.4 / 72
        self.wide = A4_MM[0] - 2 * MARGIN_MM
        said = words(told.language)
        venue = route.network.venue
        sheet = said["sheet"].format(number=number, count=count)
        self.header = [
            *self._lines(level_name(venue, part.level, told.language), style.title_pt),
            *self._lines(heading(route, told), style.head_pt),
            *self._lines(f"{sheet} · {whole(route, told)}", style.foot_pt),
        ]
        self.footer: list[tuple[str, float]] = []
        self.glance: Glance | None = None
        if part.before < 0:
            self.header += self._lines(told.overview.text, style.foot_pt)
            em = style.foot_pt * self.pt
            self.glance = Glance(route, told.language, self.wide / em)
            for notice in told.notices:
                self.footer += self._lines(said["notice"].format(notice=notice.text), style.foot_pt)
        follows = said["end"]
        if part.after >= 0:
            follows = said["next"].format(level=level_name(venue, part.after, told.language))
        self.follows = self._lines(follows, style.head_pt)
        self.same = self._lines(said["same"], style.head_pt)
        self.footer += self._lines(said["lost"], style.foot_pt)
        self.top = MARGIN_MM + self._height(self.header) + 2.0
        if self.glance:
            self.top += self.glance.tall * style.foot_pt * self.pt
        foot = self._height(self.footer) + max(self._height(self.follows), self._height(self.same))
        self.bottom = A4_MM[1] - MARGIN_MM - foot - 4.0

    def _lines(self, text: str, size_pt: float) -> list[tuple[str, float]]:
        return [(line, size_pt) for line in wrapped(text, self.wide / (size_pt * self.pt))]

    def _height(self, lines: Sequence[tuple[str, float]]) -> float:
        return sum(LEADING * size_pt * self.pt for _, size_pt in lines)

    def svg(self, steps: tuple[int, ...], *, mapped: bool, more: bool) -> str:
        """The page with some of the stretch's steps, with or without the map."""
        style, paints = self.style, self.style.paints
        sheet = Sheet(
            *A4_MM, "mm", paints["page"], heading(self.route, self.told), self.told.language
        )
        self._flow(sheet, self.header, MARGIN_MM)
        if self.glance:
            self.glance.draw(sheet, (MARGIN_MM, MARGIN_MM + self._height(self.header)), style)
        y = self.top
        if mapped:
            tall = sum(
                tall
                for number, tall in zip(
                    self.part.steps,
                    _step_heights(self.told, self.part, self.wide, style, self.pt),
                    strict=True,
                )
                if number in steps
            )
            box = (MARGIN_MM, y, MARGIN_MM + self.wide, self.bottom - tall - MARGIN_MM / 2)
            _draw_map(sheet, self.route, self.told, self.part, box, style)
            y = box[3] + MARGIN_MM / 2
        _draw_steps(sheet, self.told, steps, (MARGIN_MM, y), self.wide, style)
        y = self.bottom + 2.0
        rule = [(MARGIN_MM, y), (MARGIN_MM + self.wide, y)]
        sheet.line(rule, stroke=paints["rule"], stroke_width=style.wall_pt * sheet.pt)
        self._flow(sheet, (self.same if more else self.follows) + self.footer, y + 2.0)
        return sheet.svg()

    def _flow(self, sheet: Sheet, lines: Sequence[tuple[str, float]], top: float) -> None:
        for line, size_pt in lines:
            bold = "bold" if size_pt != self.style.foot_pt else "normal"
            at = (MARGIN_MM, top + 1.05 * size_pt * sheet.pt)
            sheet.text(line, at, size_pt, fill=self.style.paints["ink"], font_weight=bold)
            top += LEADING * size_pt * sheet.pt


_NUMBER_EM = 2.3
"""Width of the column with the number of a step, in ems of its text."""
_STEP_GAP_EM = 0.6


def _step_lines(text: str, wide: float, em: float) -> list[str]:
    return wrapped(text, wide / em - _NUMBER_EM)


def _step_heights(
    told: Guidance, part: Stretch, wide: float, style: Look, pt: float
) -> list[float]:
    """The height of each step of a stretch in a column, in the sheet's unit."""
    em = style.step_pt * pt
    return [
        (len(_step_lines(told.instructions[i].text, wide, em)) * LEADING + _STEP_GAP_EM) * em
        for i in part.steps
    ]


def _draw_steps(
    sheet: Sheet, told: Guidance, steps: Iterable[int], corner: Point, wide: float, style: Look
) -> None:
    """Numbered steps in words under each other."""
    em = style.step_pt * sheet.pt
    left, y = corner
    for number in steps:
        lines = _step_lines(told.instructions[number].text, wide, em)
        _draw_number(sheet, number + 1, (left + 0.85 * em, y + 0.7 * em), style.step_pt, style)
        for line in lines:
            at = (left + _NUMBER_EM * em, y + 1.05 * em)
            sheet.text(line, at, style.step_pt, fill=style.paints["ink"], class_="step")
            y += LEADING * em
        y += _STEP_GAP_EM * em


def _draw_number(sheet: Sheet, number: int, at: Point, size_pt: float, style: Look) -> None:
    """A number in a ring: on the map, and before its step in the text."""
    em = size_pt * sheet.pt
    sheet.circle(
        at,
        _ring(em),
        fill=style.paints["mark"],
        stroke=style.paints["ink"],
        stroke_width=0.12 * em,
        class_="number",
    )
    sheet.text(
        str(number),
        (at[0], at[1] + 0.36 * em),
        size_pt,
        "middle",
        fill=style.paints["ink"],
        font_weight="bold",
    )


def _ring(em: float) -> float:
    """Radius of the ring around a number of that size."""
    return 0.8 * em


def _draw_map(
    sheet: Sheet, route: Route, told: Guidance, part: Stretch, box: Box, style: Look
) -> None:
    """The level around a stretch, its line, signs at the ends, numbered turns, and labels."""
    venue, paints = route.network.venue, style.paints
    level = venue.levels[part.level].id
    outlines = [s.outline.bounds for s in venue.spaces if s.level == level]
    outlines += [LineString(p.points).bounds for p in venue.paths if level in p.levels]
    lefts, bottoms, rights, tops = zip(*outlines, strict=True)
    around = (min(lefts), min(bottoms), max(rights), max(tops))
    most = MOST_MM_PER_M * sheet.pt / (25.4 / 72)
    sign = style.sign_pt * sheet.pt
    margin = min(3.2 * sign, (box[3] - box[1]) / 4)
    view = fit(part.points, around, box, margin, most)
    goal = _goal_spaces(route) if part.after < 0 else frozenset()
    leave = sheet.group(
        clip=box,
        class_="map",
        data_level=level,
        data_scale=f"{view.scale:.6f}",
        data_origin=f"{view.origin[0]:.6f} {view.origin[1]:.6f}",
    )
    sheet.rect(box, fill=paints["ground"])
    icons = draw_floor(sheet, venue, level, view, style, goal)
    line = [view.point(p) for p in part.points]
    draw_route(sheet, line, style)
    _Marks(sheet, route, told, part, view, line, style).draw(icons)
    leave()
    sheet.rect(box, fill="none", stroke=paints["rule"], stroke_width=style.wall_pt * sheet.pt)


def _goal_spaces(route: Route) -> frozenset[str]:
    """The goal's room, if the goal is a room: a department may have others too."""
    network = route.network
    number = network.space_of_node[route.nodes[-1]]
    if number < 0:
        return frozenset()
    reached = network.venue.spaces[number].id
    places = (network.venue.places[place] for place in route.goal.places)
    return frozenset({reached}) if any(reached in p.spaces for p in places) else frozenset()


@dataclass(frozen=True)
class _Sign:
    """The sign at an end of a stretch; `colour` names a paint."""

    text: str
    at: Point
    colour: str
    solid: bool


class _Marks:
    """The texts on a map: signs at both ends, then numbers, then names, by rank."""

    def __init__(
        self,
        sheet: Sheet,
        route: Route,
        told: Guidance,
        part: Stretch,
        view: View,
        line: Sequence[Point],
        style: Look,
    ) -> None:
        self.sheet, self.route, self.told, self.part = sheet, route, told, part
        self.view, self.line, self.style = view, line, style
        self.venue = route.network.venue
        self.ties: list[LineString] = []
        """Lines from signs to the points they belong to."""
        self.signed: set[str] = set()
        """Names that are already on a sign."""
        inset = 0.3 * style.sign_pt * sheet.pt
        left, top, right, bottom = view.box
        self.taken = Taken((left + inset, top + inset, right - inset, bottom - inset))
        width = style.route_pt * sheet.pt
        self.walked: BaseGeometry = (
            LineString(line) if len(line) > 1 else shapely.Point(line[0])
        ).buffer(width * 0.8)

    def draw(self, icons: Iterable[Box]) -> None:
        self._end_marks()
        self._signs()
        self._numbers()
        for box in icons:
            self.taken.add_box(box)
        for tie in self.ties:
            self.taken.add(tie)
        self._names()

    def _end_marks(self) -> None:
        """A ring at the start, a pin or the icon of a shaft where the stretch ends."""
        sheet, paints = self.sheet, self.style.paints
        radius = 1.15 * self.style.route_pt * sheet.pt
        start, end = self.line[0], self.line[-1]
        draw_start(sheet, start, radius, self.style)
        self._take_round(start, radius * 1.3)
        if self.part.after < 0:
            self.taken.add_box(draw_pin(sheet, end, radius, self.style))
            return
        side = 2.6 * radius
        box = (end[0] - side / 2, end[1] - side / 2, end[0] + side / 2, end[1] + side / 2)
        sheet.rect(
            box, radius * 0.4, fill=paints["sign"], stroke=paints["mark"], stroke_width=radius * 0.2
        )
        if icon(self.part.by):
            draw_icon(sheet, self.part.by, end, side * 0.85, paints["on-sign"])
        else:
            self._arrow(end, radius)
        self.taken.add_box(box)

    def _arrow(self, at: Point, radius: float) -> None:
        """The route continues: an arrowhead in the walking direction."""
        dx, dy = 1.0, 0.0
        if len(self.line) > 1:
            (ax, ay), (bx, by) = self.line[-2:]
            length = math.hypot(bx - ax, by - ay)
            dx, dy = (bx - ax) / length, (by - ay) / length
        size = 0.8 * radius
        wings = [
            (at[0] - dx * size * 0.4 + s * dy * size, at[1] - dy * size * 0.4 - s * dx * size)
            for s in (1, -1)
        ]
        self.sheet.line(
            [wings[0], (at[0] + dx * size, at[1] + dy * size), wings[1]],
            stroke=self.style.paints["on-sign"],
            stroke_width=radius * 0.35,
            stroke_linecap="round",
            stroke_linejoin="round",
        )

    def _take_round(self, at: Point, radius: float) -> None:
        self.taken.add_box((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius))

    def _signs(self) -> None:
        """Start or where walkers come from; goal or where they go."""
        said, language = words(self.told.language), self.told.language
        route, part = self.route, self.part
        if part.after < 0:
            name = _spot_name(route, language, route.goal.anchor, route.goal.places, -1)
            self.signed.add(name)
            end = _Sign(said["goal"].format(place=name), self.line[-1], "goal", solid=True)
        else:
            end = _Sign(self._onward(), self.line[-1], "sign", solid=True)
        if part.before < 0:
            name = _spot_name(route, language, route.start.anchor, route.start.places, 0)
            self.signed.add(name)
            start = _Sign(said["start"].format(place=name), self.line[0], "route", solid=False)
        else:
            name = level_name(self.venue, part.before, language)
            start = _Sign(said["from"].format(level=name), self.line[0], "route", solid=False)
        plans = [self._planned((end, start)), self._planned((start, end))]
        _, self.taken, plates = min(plans, key=lambda plan: plan[0])
        for sign, lines, box in plates:
            self._draw_sign(sign, lines, box)

    def _planned(
        self, signs: Iterable[_Sign]
    ) -> tuple[int, Taken, list[tuple[_Sign, list[str], Box]]]:
        """Where signs go if placed in this order; the lower the first number, the better."""
        taken, worse = self.taken.copy(), 0
        plates = []
        em = self.style.sign_pt * self.sheet.pt
        for sign in signs:
            tries = []
            for most_em in (14, 9, 6):
                lines = evenly(sign.text, most_em)
                box = self.sheet.text_box(lines, (0.0, 0.0), self.style.sign_pt)
                wide, tall = box[2] - box[0] + 0.8 * em, box[3] - box[1] + 0.4 * em
                distances = [i * em for i in (1.6, 2.6, 4, 6, 9, 13)]
                tries += [(b, lines) for b in _round_about(sign.at, wide, tall, distances)]
            boxes = [box for box, _ in tries]
            # Prefer a sign whose line crosses nothing, then one off the route, then one on it.
            tied = [b for b in boxes if self._may_tie(b, sign.at, 1.6 * em, taken)]
            for rank, (some, gap, off) in enumerate(
                ((tied, 0.25, self.walked), (boxes, 0.15, self.walked), (boxes, 0.05, None))
            ):
                found = taken.first_free(some, gap * em, off)
                if found:
                    worse += rank
                    plates.append((sign, dict(tries)[found], found))
                    break
            else:
                worse += 9
        return worse, taken, plates

    def _draw_sign(self, sign: _Sign, lines: Sequence[str], box: Box) -> None:
        """A plate with text near a point and a line to it."""
        style, sheet, paints = self.style, self.sheet, self.style.paints
        em, colour = style.sign_pt * sheet.pt, paints[sign.colour]
        tie = [nearest_on(box, sign.at), sign.at]
        self.ties.append(LineString(tie))
        sheet.line(tie, stroke=colour, stroke_width=0.14 * em)
        fill, ink = (colour, "on-sign") if sign.solid else (paints["mark"], "ink")
        sheet.rect(box, 0.35 * em, fill=fill, stroke=colour, stroke_width=0.14 * em)
        sheet.text_in(
            lines, _centre(box), style.sign_pt, fill=paints[ink], font_weight="bold", class_="sign"
        )

    def _onward(self) -> str:
        """How and where to the route continues: the shaft, up or down, and the floor."""
        levels, part = self.venue.levels, self.part
        language = self.told.language
        shaft = name_in(category_names(part.by), language)
        shaft = shaft or phrases(language)["shafts"].get(part.by, "")
        way = "across"
        if part.by:
            way = "up" if levels[part.after].ordinal > levels[part.level].ordinal else "down"
        # Within a building the building's name is known: the floor alone can be printed larger.
        same = levels[part.after].building == levels[part.level].building
        name = level_name(self.venue, part.after, language)
        return words(language)[way].format(
            shaft=shaft, level=levels[part.after].label if same else name
        )

    def _may_tie(self, box: Box, at: Point, near: float, taken: Taken) -> bool:
        """Whether a line from a box to a point crosses neither the route nor other text.

        Anything within `near` of the point does not count: the point is on the route.
        """
        line = LineString([nearest_on(box, at), at]).difference(shapely.Point(at).buffer(near))
        return not line.intersects(self.walked) and taken.is_free(line)

    def _numbers(self) -> None:
        """If a step ends with a turn, its number is on the turn; else on its stretch."""
        style, sheet = self.style, self.sheet
        em = style.sign_pt * sheet.pt
        radius = _ring(em) + 0.1 * em
        placed: list[tuple[int, Point]] = []
        for number in self.part.steps:
            spots = self._spots(number)
            if not spots:
                continue
            on_line = [_square(spot, radius) for spot in spots]
            found = self.taken.first_free(on_line, 0.1 * em)
            if found is None:
                distances = [i * em for i in (0.4, 1, 2, 3, 5)]
                beside = list(_round_about(spots[0], 2 * radius, 2 * radius, distances))
                tied = [b for b in beside if self._may_tie(b, spots[0], em, self.taken)]
                found = self.taken.first_free([*tied, *beside], 0.1 * em, self.walked)
                if found is None:
                    continue
                line = [_centre(found), spots[0]]
                sheet.line(line, stroke=style.paints["ink"], stroke_width=0.1 * em)
            placed.append((number, _centre(found)))
        for number, at in placed:
            _draw_number(sheet, number + 1, at, style.sign_pt, style)

    def _spots(self, number: int) -> list[Point]:
        """Where the number of a step may go; nowhere if a sign already covers the step."""
        part, network, nodes = self.part, self.route.network, self.route.nodes
        step = self.told.instructions[number]
        if step.first >= part.last > part.first and part.after >= 0:
            return []
        if part.first < step.last < part.last:
            node = nodes[step.last]
            return [self.view.point((network.x_cm[node] / 100, network.y_cm[node] / 100))]
        walk = _line(self.route, max(step.first, part.first), min(step.last, part.last))
        return _parts([self.view.point(p) for p in walk])

    def _names(self) -> None:
        """Names of places: first those in the steps, then the larger rooms."""
        named = list(self._named_spaces())
        said = self._said({name for _, name in named})
        window = shapely.box(*self.view.box)
        nearest: dict[str, tuple[float, int]] = {}
        ranked = []
        for number, (space, name) in enumerate(named):
            outline = self.view.shape(space.outline)
            if outline.intersects(window):
                ranked.append((number, space, name, outline))
                if name in said:
                    away = (outline.distance(self.walked), number)
                    nearest[name] = min(away, nearest.get(name, away))
        # If several have one name, the steps mean the one by the route.
        spoken_of = {number for _, number in nearest.values()}
        ranked.sort(key=lambda row: (row[0] not in spoken_of, -row[3].area, row[0]))
        for number, space, name, outline in ranked:
            middle = self.view.point(middle_of(space))
            self._name(name, middle, outline, said=number in spoken_of)

    def _said(self, names: Iterable[str]) -> set[str]:
        """The names that occur in the steps; a name within a longer one does not count."""
        text = "\n".join(self.told.instructions[i].text for i in self.part.steps)
        said = set()
        for name in sorted(names, key=lambda n: (-len(n), n)):
            if name in text:
                said.add(name)
                text = text.replace(name, "\n")
        return said

    def _name(self, name: str, middle: Point, outline: BaseGeometry, *, said: bool) -> None:
        """A name in its room; if it is in the steps, else beside it, with a line to it."""
        sheet, style = self.sheet, self.style
        em = style.label_pt * sheet.pt
        room = outline.buffer(0.1 * em)
        least = min(LEAST_LABEL_EM, width_em(name))
        for most_em in ((outline.bounds[2] - outline.bounds[0]) / em, 5.0, 3.2):
            if most_em < least or breaks(name, most_em):
                continue
            lines = evenly(name, most_em)
            boxes = _nudged(sheet.text_box(lines, middle, style.label_pt), em)
            inside = (box for box in boxes if room.contains(shapely.box(*box)))
            found = self.taken.first_free(inside, 0.2 * em, self.walked)
            if found:
                self._write(lines, found)
                return
        point = shapely.Point(middle)
        inside_map = shapely.box(*self.taken.box).contains(point)
        if not (said and inside_map and self.taken.is_free(point)):
            return
        for most_em in (6.0, 9.0, 14.0):
            if breaks(name, most_em):
                continue
            lines = evenly(name, most_em)
            left, top, right, bottom = sheet.text_box(lines, (0.0, 0.0), style.label_pt)
            around = _round_about(
                middle, right - left, bottom - top, [i * em for i in (0, 1, 2, 3)]
            )
            found = self.taken.first_free(around, 0.2 * em, self.walked)
            if found:
                foot = nearest_on(found, middle)
                if foot != middle:
                    ink = style.paints["ink"]
                    sheet.line([foot, middle], stroke=ink, stroke_width=0.1 * em)
                    sheet.circle(middle, 0.2 * em, fill=ink)
                self._write(lines, found)
                return

    def _write(self, lines: Sequence[str], box: Box) -> None:
        style = self.style
        self.sheet.text_in(
            lines,
            _centre(box),
            style.label_pt,
            class_="name",
            fill=style.paints["ink"],
            stroke=style.paints["page"],
            stroke_width=0.22 * style.label_pt * self.sheet.pt,
            stroke_linejoin="round",
            paint_order="stroke",
        )

    def _named_spaces(self) -> Iterator[tuple[Space, str]]:
        """Spaces of the level with the name of their first public place, or their own.

        Shafts have icons, and both ends of the route have signs.
        """
        venue, language = self.venue, self.told.language
        level = venue.levels[self.part.level].id
        names: dict[str, str] = {}
        for place in venue.places:
            if place.access == "public":
                for space_id in place.spaces:
                    names.setdefault(space_id, place_called(place, venue.speaker(language)).text)
        for space in venue.spaces:
            if space.level == level and space.access == "public" and space.kind not in _UNNAMED:
                name = names.get(space.id) or name_in(space.names, language)
                if name and name not in self.signed:
                    yield space, name


def _centre(box: Box) -> Point:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def _square(at: Point, radius: float) -> Box:
    return (at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius)


def _round_about(at: Point, wide: float, tall: float, distances: Iterable[float]) -> Iterator[Box]:
    """Boxes of a size around a point, nearest first; above and below before the sides."""
    for away in distances:
        for deg in (-90, 90, 0, 180, -45, -135, 45, 135, -67, -113, 67, 113, -22, -158, 22, 158):
            x = at[0] + math.cos(math.radians(deg)) * (away + wide / 2)
            y = at[1] + math.sin(math.radians(deg)) * (away + tall / 2)
            yield (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


def _nudged(box: Box, em: float) -> list[Box]:
    """A box, and the same box moved a little up, down, left and right."""
    ways = [(0.0, 0.0)]
    ways += [(dx * i, dy * i) for i in (1, 2, 3.5) for dx, dy in ((0, -1), (0, 1), (-1, 0), (1, 0))]
    return [
        (box[0] + dx * em, box[1] + dy * em, box[2] + dx * em, box[3] + dy * em) for dx, dy in ways
    ]


def _parts(line: Sequence[Point]) -> list[Point]:
    """Points on a line: its middle, then others away from the middle."""
    whole = sum(math.dist(a, b) for a, b in pairwise(line))
    if whole == 0:
        return [line[0]]
    along = LineString(line)
    points = [along.interpolate(whole * part) for part in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)]
    return [(p.x, p.y) for p in points]
