"""Floors drawn in characters, for tests that anybody can read: `parse(text)` makes a `Plan`.

    level 1F 0
    +-------+-------+---+
    |   A   |   B   | L |
    +---d---+---a---+-a-+
    |^      C           e
    +-------------------+

    level 2F 1
    +-------+-------+---+
    |   D   |   #   | L |
    +---d---+-------+-a-+
    |       E           |
    +-------------------+

    A: room 诊室 | Consulting room
    B: room/pharmacy 药房 | Pharmacy
    C: corridor
    D: staff room 库房 | Store
    E: corridor
    L: elevator 1号电梯 | Lift 1
    e: 正门 | Main entrance
    ^: 大厅 | Lobby

A character is a metre wide and a row a metre high, or as `column_m` and `row_m` say: the same
drawing, stretched, is the same house with other lengths and angles. Walls are `-`, `|`, `/`, `\\`;
they meet at `+` and have no thickness.

- In a wall: `d` a door, `a` an automatic one, `s` one for staff, `o` an opening without a leaf, `e`
  an entrance from outside, `?` one that nobody has drawn. Neighbours are one wide door. A figure
  stands twice, on two levels: the bridge between two buildings leads from one into the other.
- In a room: its capital letter, once, or `#` where nobody walks. `^`, `v`, `<` and `>` are codes
  on a wall whose reader looks there, `*` is one whose direction nobody knows; `i` is a desk.
- A level is `level LABEL ORDINAL`, and `@BUILDING` where there are several. Without any, all is 1F.
- Below the floors stands what marks mean: `staff` or `restricted` where not everybody may go, the
  kind, `/category`, `up` or `down` of what leads one way only, names in Chinese and in English. A
  letter on several levels is one shaft.

Keys are letters (of shafts, letter and label: `L1F`), of codes `code1` and on as one reads. What
cannot be understood is refused with its row and column.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from textwrap import dedent
from typing import Any, get_args

import shapely
from shapely import LineString, Point, Polygon
from shapely.affinity import scale

from navkit.plan.plan import (
    Plan,
    PlanAnchor,
    PlanConnector,
    PlanDoor,
    PlanLevel,
    PlanPoint,
    PlanSpace,
    SpaceKind,
)

WALLS = {
    "-": ((1, 0), (-1, 0)),
    "|": ((0, -1), (0, 1)),
    "/": ((1, -1), (-1, 1)),
    "\\": ((-1, -1), (1, 1)),
}
"""Of each wall, where it leads on: (columns to the right, rows down)."""
DOORS: dict[str, dict[str, Any]] = {
    "d": {"kind": "hinged"},
    "a": {"kind": "automatic"},
    "s": {"kind": "hinged", "access": "staff"},
    "o": {"kind": "open"},
    "e": {"kind": "automatic", "entrance": True},
    "?": {},
    **{figure: {"kind": "open"} for figure in "123456789"},
}
READERS = {"^": 0.0, ">": 90.0, "v": 180.0, "<": 270.0, "*": None}
"""Codes on walls, and where their readers look, clockwise from up."""
SHAFTS = ("stairs", "elevator", "escalator", "ramp")

HEADING = re.compile(r"level (\S+) (-?\d+(?:\.\d+)?)(?: @(\w+))?")
MEANING = re.compile(
    r"(?P<key>[A-Zei^v<>*]):(?: (?P<access>staff|restricted))?(?: (?P<kind>[a-z]+))?"
    r"(?:/(?P<category>[a-z-]+))?(?: (?P<way>up|down))?(?: (?P<zh>[^|]+) \| (?P<en>[^|]+))?"
)
MARKS = frozenset((*WALLS, *DOORS, *READERS, *" +#i", *map(chr, range(ord("A"), ord("Z") + 1))))

Cell = tuple[int, int]
"""Column and row in a floor's drawing, from its upper left."""


class DrawingError(ValueError):
    """What cannot be understood, with its row and column in the text."""

    def __init__(self, row: int, column: int, message: str) -> None:
        super().__init__(f"row {row + 1}, column {column + 1}: {message}")


@dataclass
class Floor:
    """One level as it is drawn."""

    level: PlanLevel
    top: int
    """The row of the text that its drawing begins with."""
    cells: dict[Cell, str] = field(default_factory=dict)

    def refuse(self, cell: Sequence[float], message: str) -> DrawingError:
        return DrawingError(self.top + int(cell[1]), int(cell[0]), message)

    def arms(self, cell: Cell) -> list[tuple[int, int]]:
        """Where the wall at a cell continues; empty if there is none."""
        mark = self.cells.get(cell, " ")
        if mark in DOORS:
            return [*WALLS[self._wall_of_door(cell)]]
        if mark != "+":
            return [*WALLS.get(mark, ())]
        return [arm for wall, pair in WALLS.items() for arm in pair if self._meets(cell, arm, wall)]

    def _wall_of_door(self, cell: Cell) -> str:
        for wall, pair in WALLS.items():
            if all(self._meets(cell, arm, wall) for arm in pair):
                return wall
        raise self.refuse(cell, "this door is in no wall")

    def _meets(self, cell: Cell, arm: tuple[int, int], wall: str) -> bool:
        """Whether a wall of that direction comes from the neighbour."""
        mark = self.cells.get((cell[0] + arm[0], cell[1] + arm[1]), " ")
        return mark == wall or (mark in {"+", *DOORS} and wall in "-|")

    def walls(self, cell: Cell) -> list[LineString]:
        x, y = cell
        return [LineString([(x, y), (x + dx / 2, y + dy / 2)]) for dx, dy in self.arms(cell)]

    @cached_property
    def faces(self) -> dict[str, Polygon]:
        """The rooms by their letters; those where nobody walks are left out."""
        lines = [line for cell in self.cells for line in self.walls(cell)]
        ends = Counter(end for line in lines for end in line.coords)
        for y, x in sorted((y, x) for (x, y), count in ends.items() if count == 1):
            raise self.refuse((x, y), "this wall leads nowhere")
        polygons = shapely.polygonize([shapely.union_all(lines)])
        found: dict[str, Polygon] = {}
        marks = {c: m for c, m in self.cells.items() if m == "#" or m.isupper()}
        for face in polygons.geoms:
            inside = [(c, m) for c, m in marks.items() if face.contains(Point(c))]
            if len(inside) != 1:
                at = inside[1][0] if inside else face.representative_point().coords[0]
                raise self.refuse(at, "a room has one letter")
            del marks[inside[0][0]]
            if inside[0][1] in found:
                raise self.refuse(inside[0][0], "this letter stands in another room already")
            if inside[0][1] != "#":
                found[inside[0][1]] = face  # type: ignore[assignment]
        for cell, mark in marks.items():
            raise self.refuse(cell, f"{mark} stands in no room")
        return found

    def doors(self) -> Iterator[tuple[Cell, str, LineString]]:
        """Each door once, wherever it begins: its mark and its line."""
        for (x, y), mark in self.cells.items():
            if mark not in DOORS or mark == "?":
                continue
            dx, dy = min(self.arms((x, y)), key=lambda arm: (-arm[0], -arm[1]))
            if self.cells.get((x - dx, y - dy)) == mark:
                continue
            wide = 1
            while self.cells.get((x + wide * dx, y + wide * dy)) == mark:
                wide += 1
            ends = [(x + k * dx, y + k * dy) for k in (-0.5, wide - 0.5)]
            yield (x, y), mark, LineString(ends)


@dataclass(frozen=True)
class Drawing:
    """All floors, what their letters mean, and how large a character is."""

    floors: list[Floor]
    said: dict[str, dict[str, Any]]
    column_m: float
    row_m: float

    def metres(self, shape: Any) -> Any:
        return scale(shape, self.column_m, -self.row_m, origin=(0, 0))

    def key(self, letter: str, level: str) -> str:
        return f"{letter}{level}" if self.said[letter]["kind"] in SHAFTS else letter

    def spaces(self) -> Iterator[PlanSpace]:
        seen = set()
        for floor in self.floors:
            level = floor.level.key
            for letter, face in floor.faces.items():
                corner = face.exterior.coords[0]
                if letter not in self.said:
                    raise floor.refuse(corner, f"nothing tells what {letter} is")
                means, key = self.said[letter], self.key(letter, level)
                if key in seen:
                    raise floor.refuse(corner, f"{letter} is on another level already")
                seen.add(key)
                yield PlanSpace(
                    key, level, self.metres(face), means["kind"], means["category"],
                    means["names"], access=means["access"],
                    connector=letter if key != letter else "",
                )  # fmt: skip

    def doors(self) -> Iterator[PlanDoor]:
        ends: dict[str, PlanDoor] = {}
        for floor in self.floors:
            for (x, y), mark, line in floor.doors():
                sides = [s for s, face in floor.faces.items() if face.distance(line.centroid) < 0.1]
                if not sides:
                    raise floor.refuse((x, y), "this door leads from nowhere to nowhere")
                at, level = self.metres(line), floor.level.key
                door = PlanDoor(
                    f"{mark}{level}x{x}y{y}", level, at, width_m=at.length,
                    spaces=tuple(self.key(side, level) for side in sides),
                    **DOORS[mark] | {"names": self.said.get(mark, {}).get("names", {})},
                )  # fmt: skip
                if mark in ends:
                    door = ends.pop(mark)
                    yield replace(door, spaces=(*door.spaces, *sides))
                elif mark.isdigit():
                    ends[mark] = door
                else:
                    yield door
        for mark in ends:
            raise DrawingError(0, 0, f"the bridge {mark} has one end")

    def anchors(self) -> Iterator[PlanAnchor]:
        marked = [(f, cell, mark) for f in self.floors for cell, mark in f.cells.items()]
        codes = [one for one in marked if one[2] in READERS]
        for number, (floor, cell, mark) in enumerate(codes, start=1):
            code, names = f"code{number}", self.said.get(mark, {}).get("names", {})
            at = self.metres(Point(cell))
            yield PlanAnchor(code, floor.level.key, at, code, READERS[mark], names)

    def points(self) -> Iterator[PlanPoint]:
        for floor in self.floors:
            for (x, y), mark in floor.cells.items():
                if mark == "i":
                    names, at = self.said.get("i", {}).get("names", {}), self.metres(Point(x, y))
                    yield PlanPoint(f"i{x}", floor.level.key, at, "information", names)

    def walls(self) -> Iterator[tuple[str, LineString]]:
        for floor in self.floors:
            for cell, mark in floor.cells.items():
                if mark != "?" and DOORS.get(mark, {}).get("kind") != "open":
                    yield from ((floor.level.key, self.metres(one)) for one in floor.walls(cell))

    def connectors(self) -> Iterator[PlanConnector]:
        for letter, means in self.said.items():
            if means["kind"] in SHAFTS:
                yield PlanConnector(
                    letter, means["kind"], means["names"],
                    direction=means["way"], access=means["access"],
                )  # fmt: skip


def parse(text: str, *, column_m: float = 1.0, row_m: float = 1.0) -> Plan:
    """The plan of a drawing. `DrawingError` where it cannot be understood."""
    drawing = Drawing(*_read(dedent(text).splitlines()), column_m, row_m)
    buildings = {floor.level.building for floor in drawing.floors} - {""}
    return Plan(
        "drawn",
        None,
        levels=tuple(floor.level for floor in drawing.floors),
        spaces=tuple(drawing.spaces()),
        doors=tuple(drawing.doors()),
        walls=tuple(drawing.walls()),
        connectors=tuple(drawing.connectors()),
        points=tuple(drawing.points()),
        anchors=tuple(drawing.anchors()),
        building_names={key: {"": key} for key in sorted(buildings)},
    )


def _read(lines: list[str]) -> tuple[list[Floor], dict[str, dict[str, Any]]]:
    """The floors, and what the letters mean."""
    floors: list[Floor] = []
    said: dict[str, dict[str, Any]] = {}
    for row, line in enumerate(lines):
        if heading := HEADING.fullmatch(line):
            label, ordinal, building = heading.groups("")
            floors.append(Floor(PlanLevel(label, float(ordinal), label, building), row + 1))
        elif meaning := MEANING.fullmatch(line):
            said[meaning["key"]] = _means(row, meaning)
        elif line[1:2] == ":":
            raise DrawingError(row, 0, "this does not say what a letter means")
        elif line.strip():
            if not floors:
                floors.append(Floor(PlanLevel("1F", 0.0, "1F"), row))
            for column, mark in enumerate(line):
                if mark not in MARKS:
                    raise DrawingError(row, column, f"{mark} means nothing")
                if mark != " ":
                    floors[-1].cells[column, row - floors[-1].top] = mark
    return floors, said


def _means(row: int, meaning: re.Match[str]) -> dict[str, Any]:
    kind = meaning["kind"] or ""
    if meaning["key"].isupper() != (kind in get_args(SpaceKind)):
        raise DrawingError(row, 3, f"{kind or 'nothing'} is no kind of space")
    names = {"zh-Hans": meaning["zh"], "en": meaning["en"]} if meaning["zh"] else {}
    return {
        "kind": kind,
        "access": meaning["access"] or "public",
        "way": meaning["way"] or "both",
        "category": meaning["category"] or "",
        "names": names,
    }
