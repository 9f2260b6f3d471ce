"""Which spaces each door joins, and which openings a drawing leaves out.

Geometry decides; what the drawing says about a door (`PlanDoor.spaces`) breaks ties and joins
levels. Nothing is guessed if two readings are possible.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiLineString, Point, Polygon, STRtree

from navkit.plan.plan import CIRCULATION, SHAFTS, Names, PlanDoor
from navkit.venue.venue import Door, Level, Space, name_in
from navkit.words.findings import Finding, Slot
from navkit.words.languages import languages

REACH_M = (0.1, 0.25, 0.45, 0.7)
"""How far from a door its spaces are searched: half a wall, from none to 1.4 m thick."""

TOUCH_M = 0.06
"""Spaces closer than this share an edge: drawings round to centimetres, and walls are thicker."""

MIN_OPENING_M = 0.8
"""Shortest shared edge taken for an opening: the clear width of a narrow door."""

OPENING_PART_M = 4.0
"""A longer opening can be walked through at several points. A guess."""

MOST_OPENINGS = 8
"""Two spaces that share very long edges, or overlap, are joined at about this many points."""

DEFAULT_DOOR_M = 0.9
"""Width drawn for a door that is given only as a point."""


@dataclass(frozen=True)
class Matched:
    """Doors with their spaces, and findings."""

    doors: tuple[Door, ...]
    findings: tuple[Finding, ...]


def match_doors(
    spaces: Sequence[Space],
    doors: Sequence[tuple[str, PlanDoor]],
    space_of_key: Mapping[str, str],
    levels: Mapping[str, Level],
) -> Matched:
    """Join every drawn door to its spaces.

    `doors` are (id, door) with levels already the venue's; `space_of_key` maps the keys that
    doors mention to ids of spaces.
    """
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    found: dict[str, tuple[str, str]] = {}
    lines: dict[str, LineString] = {}
    for level in sorted({door.level for _, door in doors}):
        here = [(door_id, door) for door_id, door in doors if door.level == level]
        level_lines = as_lines([door for _, door in here], by_level[level])
        sides = _sides(level_lines, by_level[level], [_hints(d, space_of_key) for _, d in here])
        for (door_id, _), line, pair in zip(here, level_lines, sides, strict=True):
            found[door_id], lines[door_id] = pair, line
    by_id = {space.id: space for space in spaces}
    matched: list[Door] = []
    findings: list[Finding] = []
    for door_id, door in doors:
        first, second = found[door_id]
        if first and not second:
            second = _bridged(lines[door_id], by_id[first], door, space_of_key, by_id, levels)
        if not first or first == second:
            code = "door-inside-space" if first else "door-touches-no-space"
            findings.append(Finding(code, f"{door.level}, {door_id}"))
            continue
        start, *_, end = lines[door_id].coords
        matched.append(
            Door(
                id=door_id,
                spaces=(first, second),
                line=(mm(start), mm(end)),
                **door.facts(),
            )
        )
    return Matched(tuple(matched), tuple(findings))


def _bridged(
    line: LineString,
    near: Space,
    door: PlanDoor,
    space_of_key: Mapping[str, str],
    by_id: Mapping[str, Space],
    levels: Mapping[str, Level],
) -> str:
    """The space of another building's floor that the drawing says a door leads to.

    The geometry of one level does not show it; it must at least be next to the door.
    """
    building = levels[near.level].building
    for hint in _hints(door, space_of_key):
        beyond = by_id.get(hint)
        if (
            beyond
            and levels[beyond.level].building != building
            and beyond.outline.distance(line.centroid) <= REACH_M[-1]
        ):
            return hint
    return ""


def mm(point: tuple[float, ...]) -> tuple[float, float]:
    return (round(float(point[0]), 3), round(float(point[1]), 3))


def _hints(door: PlanDoor, space_of_key: Mapping[str, str]) -> list[str]:
    return [space_of_key.get(key, key) for key in door.spaces]


def as_lines(doors: Sequence[PlanDoor], spaces: Sequence[Space]) -> list[LineString]:
    """Doors drawn as points become lines along the nearest wall."""
    tree = STRtree([space.outline.boundary for space in spaces])
    lines = []
    for door in doors:
        if isinstance(door.line, LineString) and door.line.length > 0.05:
            lines.append(LineString([door.line.coords[0], door.line.coords[-1]]))
            continue
        middle, width_m = door.line.centroid, door.width_m or DEFAULT_DOOR_M
        wall = spaces[int(tree.nearest(middle))].outline.boundary if spaces else LineString()
        lines.append(along_wall(wall, middle, width_m))
    return lines


def along_wall(wall: LineString | MultiLineString, at: Point, width_m: float) -> LineString:
    """A straight opening of `width_m` centred on `at`, along the piece of `wall` next to it."""
    along = _tangent(wall, at)
    half = width_m / 2
    return LineString(
        [
            (at.x - along[0] * half, at.y - along[1] * half),
            (at.x + along[0] * half, at.y + along[1] * half),
        ]
    )


def _tangent(wall: LineString | MultiLineString, at: Point) -> tuple[float, float]:
    """Unit direction of the straight piece of `wall` nearest to `at`."""
    pieces = [
        LineString(pair)
        for part in getattr(wall, "geoms", [wall])
        for pair in zip(part.coords[:-1], part.coords[1:], strict=True)
    ]
    if not pieces:
        return (1.0, 0.0)
    nearest = min(pieces, key=lambda piece: (round(piece.distance(at), 3), -piece.length))
    (ax, ay), (bx, by) = nearest.coords[0][:2], nearest.coords[1][:2]
    length = math.hypot(bx - ax, by - ay)
    return ((bx - ax) / length, (by - ay) / length) if length else (1.0, 0.0)


def _sides(
    lines: Sequence[LineString], spaces: Sequence[Space], hints: Sequence[Sequence[str]]
) -> list[tuple[str, str]]:
    """The space on either side of each line, by probing outwards along its normal."""
    if not spaces or not lines:
        return [("", "") for _ in lines]
    ends = np.array([[line.coords[0][:2], line.coords[-1][:2]] for line in lines], dtype=float)
    middle = ends.mean(axis=1)
    along = ends[:, 1] - ends[:, 0]
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    tree = STRtree([space.outline for space in spaces])
    left = _probe(tree, spaces, middle, normal, hints)
    right = _probe(tree, spaces, middle, -normal, hints)
    return [(a, b) if a else (b, a) for a, b in zip(left, right, strict=True)]


def _probe(
    tree: STRtree,
    spaces: Sequence[Space],
    middle: NDArray[np.float64],
    normal: NDArray[np.float64],
    hints: Sequence[Sequence[str]],
) -> list[str]:
    """The first space met along `normal`; of several, a hinted one, then the smallest."""
    found = [""] * len(middle)
    for reach_m in REACH_M:
        probes = shapely.points(middle + normal * reach_m)
        hits: dict[int, list[Space]] = defaultdict(list)
        for door, space in tree.query(probes, predicate="intersects").T:
            hits[int(door)].append(spaces[int(space)])
        for door, candidates in hits.items():
            if not found[door]:
                best = min(
                    candidates, key=lambda s: (s.id not in hints[door], s.outline.area, s.id)
                )
                found[door] = best.id
    return found


def shared_edges(
    spaces: Sequence[Space], walls: Mapping[str, Sequence[LineString]]
) -> dict[tuple[str, str], list[LineString]]:
    """Straight-enough pieces of edge that two spaces of a level share, without a drawn wall.

    Keys are pairs of ids in the order of `spaces`; pieces shorter than a door are left out.
    """
    edges: dict[tuple[str, str], list[LineString]] = {}
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    for level, here in by_level.items():
        outlines = [space.outline for space in here]
        tree = STRtree(outlines)
        drawn = shapely.union_all([w.buffer(0.1) for w in walls.get(level, ())])
        for i, j in tree.query(outlines, predicate="dwithin", distance=TOUCH_M).T:
            # By id, not by position in the file: the same edge gives the same openings.
            if here[i].id >= here[j].id:
                continue
            shared = outlines[i].boundary.intersection(outlines[j].buffer(TOUCH_M))
            pieces = [
                piece for piece in _lines(shared.difference(drawn)) if piece.length >= MIN_OPENING_M
            ]
            if pieces:
                edges[here[i].id, here[j].id] = pieces
    return edges


def _lines(geometry: shapely.Geometry) -> Iterator[LineString]:
    """The separate straight-enough lines in a geometry: bent ones are cut at their corners."""
    lines = [
        part
        for part in getattr(geometry, "geoms", [geometry])
        if isinstance(part, LineString) and not part.is_empty
    ]
    merged = shapely.line_merge(MultiLineString(lines))
    for part in getattr(merged, "geoms", [merged]):
        if part.is_empty:
            continue
        start = 0
        coords = list(part.simplify(TOUCH_M).coords)
        for i in range(1, len(coords) - 1):
            if abs(_bend(coords[i - 1], coords[i], coords[i + 1])) > math.radians(20):
                yield LineString(coords[start : i + 1])
                start = i
        yield LineString(coords[start:])


def _bend(a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...]) -> float:
    before = math.atan2(b[1] - a[1], b[0] - a[0])
    after = math.atan2(c[1] - b[1], c[0] - b[0])
    return (after - before + math.pi) % (2 * math.pi) - math.pi


def assume_openings(
    spaces: Sequence[Space],
    doors: Iterable[Door],
    walls: Mapping[str, Sequence[LineString]],
) -> Matched:
    """Openings between circulation spaces, and doors for spaces that were drawn without any.

    Circulation spaces that share an edge with no wall and no door on it are open to each other.
    Any other space without a door gets one if exactly one neighbour can be meant.
    """
    by_id = {space.id: space for space in spaces}
    joined: dict[str, set[str]] = defaultdict(set)
    for door in doors:
        for space_id in door.spaces:
            if space_id:
                joined[space_id].update(s or "outside" for s in door.spaces if s != space_id)
    openings: list[Door] = []
    neighbours: Neighbours = defaultdict(dict)
    for (a, b), pieces in shared_edges(spaces, walls).items():
        neighbours[a][b] = neighbours[b][a] = pieces
        if {by_id[a].kind, by_id[b].kind} <= CIRCULATION and b not in joined[a]:
            openings += _openings(a, b, pieces)
    findings: list[Finding] = []
    for opening in openings:
        a, b = opening.spaces
        joined[a].add(b)
        joined[b].add(a)
        findings.append(
            Finding("opening-assumed", by_id[a].level, {"a": a, "b": b}),
        )
    guessed = _guess_doors(spaces, neighbours, by_id, joined)
    findings += guessed.findings
    without = [s for s in spaces if s.kind != "closed" and not joined[s.id]]
    findings += _doorless(without, neighbours, by_id)
    return Matched((*openings, *guessed.doors), tuple(findings))


Neighbours = dict[str, dict[str, list[LineString]]]
"""For each space, the spaces it shares edges with, and the pieces of edge."""


def _guess_doors(
    spaces: Iterable[Space],
    neighbours: Neighbours,
    by_id: Mapping[str, Space],
    joined: dict[str, set[str]],
) -> Matched:
    """Doors for spaces without one if one neighbour can be meant; they are added to `joined`."""
    guessed: list[Door] = []
    findings: list[Finding] = []
    # Rooms inside rooms may need a second pass once their only way out has a door.
    pending = [s for s in spaces if s.kind != "closed" and not joined[s.id]]
    while True:
        settled = {}
        for space in pending:
            near = _one_reading(space, neighbours[space.id], by_id, joined)
            if near:
                settled[space.id] = near
        for space_id, near in settled.items():
            piece = max(neighbours[space_id][near], key=lambda line: line.length)
            guessed.append(_guessed_door(space_id, near, piece))
            joined[space_id].add(near)
            joined[near].add(space_id)
            findings.append(
                Finding(
                    "door-guessed",
                    f"{by_id[space_id].level}, {space_id}",
                    {
                        "id": space_id,
                        "called": _name(by_id[space_id]),
                        "near": _listed([by_id[near]]),
                    },
                )
            )
        pending = [s for s in pending if not joined[s.id]]
        if not settled:
            return Matched(tuple(guessed), tuple(findings))


def _doorless(
    spaces: Iterable[Space], neighbours: Neighbours, by_id: Mapping[str, Space]
) -> Iterator[Finding]:
    """Findings for spaces that still have no door."""
    for space in spaces:
        candidates = [by_id[near] for near in sorted(neighbours[space.id])]
        code = "space-without-door" if candidates else "space-stands-alone"
        yield Finding(
            code,
            f"{space.level}, {space.id}",
            {
                "id": space.id,
                "called": _name(space),
                "near": _listed(candidates[:6]),
            },
        )


def _one_reading(
    space: Space,
    near: Mapping[str, list[LineString]],
    by_id: Mapping[str, Space],
    joined: Mapping[str, set[str]],
) -> str:
    """The only neighbour that a door of `space` can lead to, else empty.

    Circulation has priority over rooms, and rooms with a way out over those without.
    """
    # A floor drawn as one large area lies under rooms and corridors alike: it is no neighbour.
    walkable = [
        s for s in near if by_id[s].kind not in SHAFTS and not _lies_under(by_id[s], space)
    ] or [s for s in near if by_id[s].kind not in SHAFTS]
    for group in (
        [s for s in walkable if by_id[s].kind in CIRCULATION],
        [s for s in walkable if joined[s]],
    ):
        if group:
            return group[0] if len(group) == 1 else ""
    return ""


def _name(space: Space) -> Names:
    """The name of a space for readers who do not know ids, unless it is its id."""
    names = {tag: name for tag, name in space.names.items() if name} or {"": space.ref}
    return {tag: name for tag, name in names.items() if name and name != space.id}


def _listed(spaces: Sequence[Space]) -> Slot:
    """Ids and names, by language; empty if there are none."""
    if not spaces:
        return ""
    return {tag: ", ".join(_told(space, tag) for space in spaces) for tag in languages()}


def _told(space: Space, language: str) -> str:
    name = name_in(_name(space), language)
    return f"{space.id} ({name})" if name else space.id


def _lies_under(floor: Space, space: Space) -> bool:
    return floor.outline.intersection(space.outline).area > 0.5 * space.outline.area


def _openings(a: str, b: str, pieces: Sequence[LineString]) -> list[Door]:
    parts = []
    pieces = sorted(pieces, key=lambda piece: piece.bounds)
    part_m = max(OPENING_PART_M, sum(piece.length for piece in pieces) / MOST_OPENINGS)
    for piece in pieces:
        count = math.ceil(piece.length / part_m)
        for i in range(count):
            parts.append(
                LineString(
                    [
                        piece.interpolate(i / count, normalized=True),
                        piece.interpolate((i + 1) / count, normalized=True),
                    ]
                )
            )
    return [
        Door(
            id=f"open:{a}~{b}" + (f"#{number}" if number > 1 else ""),
            spaces=(a, b),
            line=(mm(part.coords[0]), mm(part.coords[-1])),
            kind="open",
            width_m=round(part.length, 2),
            guessed=True,
        )
        for number, part in enumerate(parts, start=1)
    ]


def _guessed_door(a: str, b: str, piece: LineString) -> Door:
    """A door of ordinary width in the middle of the shared edge; its true width is unknown."""
    half = min(DEFAULT_DOOR_M, piece.length) / 2
    middle = piece.length / 2
    line = (piece.interpolate(middle - half), piece.interpolate(middle + half))
    return Door(
        id=f"guess:{a}~{b}",
        spaces=(a, b),
        line=(mm(line[0].coords[0]), mm(line[1].coords[0])),
        guessed=True,
    )


def overlaps(spaces: Sequence[Space], min_m2: float = 0.5) -> list[tuple[str, str, float]]:
    """Pairs of walkable spaces of a level that overlap by more than `min_m2`, with the area.

    A space inside another (a booth in a hall) is reported too.
    """
    found = []
    by_level: dict[str, list[Space]] = defaultdict(list)
    for space in spaces:
        if space.kind != "closed":
            by_level[space.level].append(space)
    for here in by_level.values():
        outlines: list[Polygon] = [space.outline for space in here]
        for i, j in STRtree(outlines).query(outlines, predicate="intersects").T:
            if i < j:
                area = outlines[i].intersection(outlines[j]).area
                if area > min_m2:
                    found.append((here[i].id, here[j].id, round(area, 2)))
    return found
