"""Which layers drawings by CAD have, and what each is taken for: before they are imported."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from floorplans import cad_plan, reading
from floorplans.cad import Drawing
from floorplans.control import read_control
from floorplans.limits import LIMITS, Limits
from floorplans.mapping import UNKNOWN, LayerMap
from navkit.plan.plan import Plan, PlanLevel, PlanPoint
from navkit.words.findings import Finding, PlanError

WIDE = 1000.0
"""How wide a drawing is when it is shown: its own numbers may be anything."""
_STRAY_PERCENT = 5.0
"""So many of all corners at each end do not count for where a drawing begins and ends."""
_AROUND = 0.6
"""What is this near to the others is shown too, as a share of how wide they are."""
_MOST_LETTERS = 24
_RIM = 4.0
"""Beyond the outermost line of a picture."""


def survey(paths: Sequence[Path], limits: Limits = LIMITS) -> tuple[Plan, ...]:
    """A plan without anything drawn, with a finding `layer-seen` for each layer, the most used
    first, and `file-surveyed` for each file. It has the form of every answer of the child."""
    return (_surveyed(*_opened(paths, limits)),)


def survey_drawn(paths: Sequence[Path], limits: Limits = LIMITS) -> tuple[Plan, ...]:
    """The same with what is drawn: lines as walls, texts as points. Each file has a level for each
    role of its layers, with the file's name as label, the role as building and the file's number
    as ordinal. The middle of a file is at 0, 0, it is `WIDE` wide, and y grows upwards."""
    drawings, layers, plan = _opened(paths, limits)
    plan = _surveyed(drawings, layers, plan)
    levels: dict[str, PlanLevel] = {}
    walls: list[tuple[str, LineString]] = []
    points: list[PlanPoint] = []
    for number, drawing in enumerate(drawings):
        lines = [*_lines(drawing)]
        used = [line for layer, line in lines if layers.role_of(layer) != "ignored"]
        x, y, scale = _frame(used or [line for _, line in lines])
        for role in dict.fromkeys(layers.role_of(one) for one in _layers_of(drawing)):
            key = f"{number} {role}"
            levels[key] = PlanLevel(key, float(number), _title(drawing), role or UNKNOWN)
        for layer, line in lines:
            drawn = shapely.transform(line, lambda xy: ((xy - (x, y)) * scale).round(1))  # noqa: B023
            walls.append((f"{number} {layers.role_of(layer)}", drawn))
        for word in drawing.words:
            at = Point((word.at[0] - x) * scale, (word.at[1] - y) * scale)
            said = {"": " ".join(word.text.split())[:_MOST_LETTERS]}
            points.append(PlanPoint("", f"{number} {layers.role_of(word.layer)}", at, names=said))
    near = [(level, line) for level, line in walls if _is_near(line)]
    return (
        replace(
            plan,
            levels=tuple(levels.values()),
            walls=tuple(near),
            points=tuple(point for point in points if _is_near(point.point)),
        ),
    )


@dataclass(frozen=True)
class Drawn:
    """What one file draws, around 0, 0, y downwards: of each role the data of an SVG path."""

    paths: Mapping[str, str]
    words: Sequence[tuple[float, float, str, str]]
    """Where each is, what it says, and its role."""
    high: float
    is_part: bool
    """Whether there is more than fits."""


def paths_of(plan: Plan, number: float, most_bytes: float = math.inf) -> Drawn:
    """One file of a plan by `survey_drawn`, its number counted from 0; the lines of at most so
    many bytes, and words that are not left out."""
    role_of = {one.key: one.building for one in plan.levels if one.ordinal == number}
    lines: dict[str, list[str]] = defaultdict(list)
    used, half, is_part = 0, 0.0, False
    for level, line in plan.walls:
        if level not in role_of:
            continue
        (x, y), *rest = shapely.get_coordinates(line).tolist()
        path = f"M{x:g} {-y:g}" + "".join(f"L{a:g} {-b:g}" for a, b in rest)
        is_part = is_part or used + len(path) > most_bytes
        if not is_part:
            used += len(path)
            lines[role_of[level]].append(path)
            half = max([half, *(abs(b) for _, b in ((x, y), *rest) if abs(b) <= WIDE / 2)])
    words = [
        (one.point.x, -one.point.y, one.names[""], role_of[one.level])
        for one in plan.points
        if role_of.get(one.level, "ignored") != "ignored"
    ]
    paths = {role: "".join(found) for role, found in lines.items()}
    return Drawn(paths, words, 2 * (half + _RIM), is_part)


def _opened(paths: Sequence[Path], limits: Limits) -> tuple[list[Drawing], LayerMap, Plan]:
    """The drawings, what is said of their layers, and a plan with what is said of their place."""
    sheets = [one for one in reading.sheets_of(paths, limits) if reading.is_cad(one)]
    if not sheets:
        raise PlanError("no-cad-inside", reading.spelt(paths[0].name) if paths else "")
    drawings = [drawing for sheet in sheets for drawing in cad_plan.drawings_of(sheet)]
    known = cad_plan.control_of(drawings, read_control(sheets[0].beside))
    placed = known.control.findings(known.fit()) if known else ()
    plan = Plan("survey", None, findings=tuple(placed))
    return drawings, cad_plan.layers_beside(sheets), plan


def _surveyed(drawings: Sequence[Drawing], layers: LayerMap, plan: Plan) -> Plan:
    counts: dict[str, Counter[str]] = {}
    for drawing in drawings:
        for shape in drawing.shapes:
            kind = "areas" if isinstance(shape.drawn, Polygon) else "lines"
            counts.setdefault(shape.layer, Counter())[kind] += 1
        for arc in drawing.arcs:
            counts.setdefault(arc.layer, Counter())["arcs"] += 1
        for words in drawing.words:
            counts.setdefault(words.layer, Counter())["texts"] += 1
    found = [
        Finding("layer-seen", layer, {"role": layers.role_of(layer) or UNKNOWN, **_said(count)})
        for layer, count in sorted(counts.items(), key=lambda item: -item[1].total())
    ]
    files = [Finding("file-surveyed", one.sheet) for one in drawings]
    return replace(plan, findings=(*found, *files, *plan.findings))


def _said(count: Counter[str]) -> dict[str, str]:
    return {kind: str(count[kind]) for kind in ("lines", "areas", "arcs", "texts")}


def _title(drawing: Drawing) -> str:
    return f"{drawing.sheet} {drawing.storey}".strip()


def _layers_of(drawing: Drawing) -> Iterator[str]:
    yield from (shape.layer for shape in drawing.shapes)
    yield from (arc.layer for arc in drawing.arcs)
    yield from (words.layer for words in drawing.words)


def _lines(drawing: Drawing) -> Iterator[tuple[str, LineString]]:
    """What is drawn, areas as closed lines, each with its layer."""
    for shape in drawing.shapes:
        drawn = shape.drawn
        yield shape.layer, LineString(drawn.exterior) if isinstance(drawn, Polygon) else drawn
    for arc in drawing.arcs:
        yield arc.layer, LineString(arc.points())


def _frame(lines: Sequence[LineString]) -> tuple[float, float, float]:
    """The middle of a drawing, and how much larger it is shown."""
    if not lines:
        return 0.0, 0.0, 1.0
    corners = shapely.get_coordinates(lines)
    low, high = np.percentile(corners, [_STRAY_PERCENT, 100 - _STRAY_PERCENT], axis=0)
    around = _AROUND * max(high - low)
    near = corners[((corners >= low - around) & (corners <= high + around)).all(axis=1)]
    corners = near if len(near) else corners
    low, high = corners.min(axis=0), corners.max(axis=0)
    x, y = (low + high) / 2
    wide = float(max(high - low)) or 1.0
    return float(x), float(y), WIDE / wide


def _is_near(drawn: LineString | Point) -> bool:
    """Whether it is on the picture: what is kilometres away is not shown."""
    return bool(np.abs(drawn.bounds).max() <= 2 * WIDE)
