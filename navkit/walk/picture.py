"""A picture of one step: the floor, the line walked, and where the readers went."""

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from shapely import Polygon, box
from shapely.geometry.base import BaseGeometry

from navkit.venue.venue import name_in
from navkit.walk.floor import Floors
from navkit.walk.said import Account, Point, Told
from navkit.walk.stroll import State
from navkit.walk.verdict import Verdict

AROUND_M = 12.0
"""How much of the floor is shown around the line."""

SCALE = 16
"""Units of the picture a metre."""

TEXT_UNITS = 20
LINE_OF_TEXT = 90
"""Characters a line."""

FLOOR, WALL, LEAF, SHAFT, NAME = "#f1f5f9", "#475569", "#92400e", "#7e22ce", "#334155"
WALKED, ONWARD, BY_LINES, BY_RAYS = "#16a34a", "#cbd5e1", "#c2410c", "#1d4ed8"
"""The line walked and how it goes on; where the two readers ended."""


def step_svg(
    floors: Floors, account: Account, step: Told, verdict: Verdict, sentence: str, language: str
) -> str:
    """One step as SVG, with its sentence below."""
    level = floors.network.level[account.nodes[step.last]]
    ids = range(step.first, step.last + 1)
    walked = [account.point(i) for i in ids if floors.network.level[account.nodes[i]] == level]
    sheet = _Sheet([*walked, account.ahead(step.last, 6.0)])
    drawn = [*_floor(floors, level, sheet), *_names(floors, level, sheet, language)]
    drawn.append(sheet.line([walked[-1], account.ahead(step.last, 6.0)], ONWARD, 6))
    drawn += [sheet.line(walked, WALKED, 3), sheet.dot(walked[0], WALKED, 6)]
    for outcome, colour in ((verdict.by_lines, BY_LINES), (verdict.by_rays, BY_RAYS)):
        for state in outcome.ends:
            if state.level == level:
                drawn += _arrow(state, sheet, colour)
    return sheet.svg(drawn, sentence)


class _Sheet:
    """The piece of a floor that is drawn."""

    def __init__(self, points: Sequence[Point]) -> None:
        xs, ys = zip(*points, strict=True)
        self.left, self.low = math.floor(min(xs) - AROUND_M), math.floor(min(ys) - AROUND_M)
        self.right, self.high = math.ceil(max(xs) + AROUND_M), math.ceil(max(ys) + AROUND_M)
        self.frame = box(self.left, self.low, self.right, self.high)

    def xy(self, point: Point) -> Point:
        return (point[0] - self.left) * SCALE, (self.high - point[1]) * SCALE

    def shows(self, point: Point) -> bool:
        x, y = point
        return bool(self.left < x < self.right and self.low < y < self.high)

    def path(self, points: Iterable[Point]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.xy, points))

    def line(self, points: Iterable[Point], colour: str, width: int) -> str:
        shape = f'<polyline points="{self.path(points)}" fill="none"'
        return f'{shape} stroke="{colour}" stroke-width="{width}"/>'

    def dot(self, point: Point, colour: str, radius: int) -> str:
        x, y = self.xy(point)
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>'

    def text(self, point: Point, said: str) -> str:
        x, y = self.xy(point)
        place = f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="middle"'
        return f'{place} fill="{NAME}">{escape(said)}</text>'

    def svg(self, drawn: Sequence[str], sentence: str) -> str:
        width, height = (self.right - self.left) * SCALE, (self.high - self.low) * SCALE
        pieces = range(0, len(sentence), LINE_OF_TEXT)
        lines = [sentence[i : i + LINE_OF_TEXT] for i in pieces]
        whole = height + TEXT_UNITS * (len(lines) + 1)
        size = f'viewBox="0 0 {width} {whole}" width="{width}" height="{whole}"'
        said = [
            f'<text x="8" y="{height + TEXT_UNITS * (i + 1)}" font-size="14">{escape(line)}</text>'
            for i, line in enumerate(lines)
        ]
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">'
        back = f'<rect width="{width}" height="{whole}" fill="#fff"/>'
        return "\n".join([head, back, *drawn, *said, "</svg>", ""])


def _floor(floors: Floors, level: int, sheet: _Sheet) -> Iterator[str]:
    for part in floors.parts(level):
        for ring in _rings(part.shape.intersection(sheet.frame)):
            yield f'<polygon points="{sheet.path(ring)}" fill="{FLOOR}" stroke="{WALL}"/>'
    for part in floors.parts(level):
        for leaf in part.leaves:
            if sheet.shows(leaf.front):
                colour = SHAFT if leaf.kind == "shaft" else LEAF
                yield sheet.line(floors.venue.doors[leaf.door].line, colour, 4)


def _rings(shape: BaseGeometry) -> Iterator[list[Point]]:
    for piece in getattr(shape, "geoms", [shape]):
        if isinstance(piece, Polygon) and not piece.is_empty:
            for ring in (piece.exterior, *piece.interiors):
                yield [(point[0], point[1]) for point in ring.coords]


def _names(floors: Floors, level: int, sheet: _Sheet, language: str) -> Iterator[str]:
    shown = floors.venue.levels[level].id
    for place in floors.venue.places:
        for space in (floors.venue.space_by_id[space] for space in place.spaces):
            if space.level == shown and sheet.frame.intersects(space.outline):
                inner = space.outline.intersection(sheet.frame).representative_point()
                yield sheet.text((inner.x, inner.y), name_in(place.names, language) or place.id)


def _arrow(state: State, sheet: _Sheet, colour: str) -> Iterator[str]:
    yield sheet.dot(state.here, colour, 5)
    if state.heading is not None:
        x, y = state.here
        tip = x + 1.5 * math.cos(state.heading), y + 1.5 * math.sin(state.heading)
        yield sheet.line([state.here, tip], colour, 3)
