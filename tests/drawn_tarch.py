"""Floors as drawing offices hand them in: TArch (天正), exported as T3 to lines on its layers.

Each floor has, beside its entities, what a person counts on it: rooms with their areas, and which
two rooms each door joins ("" is outside). All of that was written down before any was read.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import shapely
from drawn_dxf import Entity, Xy, arc, block, box, insert, line, polyline, words
from shapely import LineString

MM = 1000.0
Span = tuple[float, float, float, float]
"""From x, y to x, y, in metres."""


@dataclass
class Floor:
    """In metres until it is drawn, in millimetres, `right` of the origin and turned to the left by
    `lean_deg`."""

    walls: list[tuple[Span, float]] = field(default_factory=list)
    gaps: list[tuple[Span, float]] = field(default_factory=list)
    drawn: list[Entity] = field(default_factory=list)
    blocks: list[Entity] = field(default_factory=list)
    rooms: dict[str, float] = field(default_factory=dict)
    doors: list[tuple[str, str]] = field(default_factory=list)
    shafts: dict[str, int] = field(default_factory=dict)
    right: float = 0.0
    lean_deg: float = 0.0

    def at(self, x: float, y: float) -> Xy:
        turn = math.radians(self.lean_deg)
        across, up = (
            x * math.cos(turn) - y * math.sin(turn),
            x * math.sin(turn) + y * math.cos(turn),
        )
        return (across + self.right) * MM, up * MM

    def wall(self, *corners: tuple[float, float], thick: float = 0.2) -> None:
        for (x, y), (u, v) in pairwise(corners):
            self.walls.append(((x, y, u, v), thick))

    def frame(self, left: float, low: float, right: float, top: float, thick: float = 0.24) -> None:
        corners = [(left, low), (right, low), (right, top), (left, top), (left, low)]
        self.wall(*corners, thick=thick)

    def gap(self, x: float, y: float, wide: float, turned: bool = False) -> None:
        """A hole in a wall, whose left or lower end is at x, y."""
        self.gaps.append(((x, y, x, y + wide) if turned else (x, y, x + wide, y), 0.5))

    def swing(
        self, x: float, y: float, wide: float, turn: int, back: bool = False, layer: str = "WINDOW"
    ) -> None:
        """A leaf with its hinge at x, y: closed it lies along `turn` quarter turns from the x axis,
        open a quarter further, or back."""
        start = 90 * (turn - 1 if back else turn) + self.lean_deg
        opened = 90 * (turn - 1 if back else turn + 1)
        self.drawn.append(
            arc(layer, self.at(x, y), wide * MM, start % 360, (start + 90) % 360 or 360)
        )
        dx, dy = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[opened % 360]
        self.drawn.append(line(layer, self.at(x, y), self.at(x + dx * wide, y + dy * wide)))

    def leaf(self, name: str, x: float, y: float, across: float = 1.0, turned: float = 0) -> None:
        """A door from the library of blocks."""
        self.drawn.append(insert("WINDOW", name, self.at(x, y), across, turned + self.lean_deg))

    def pane(self, x: float, y: float, wide: float, turned: bool = False) -> None:
        """A window: a hole in the wall with four lines."""
        self.gap(x, y, wide, turned)
        for off in (-0.1, -0.03, 0.03, 0.1):
            ends = (
                ((x + off, y), (x + off, y + wide))
                if turned
                else ((x, y + off), (x + wide, y + off))
            )
            self.drawn.append(line("WINDOW", self.at(*ends[0]), self.at(*ends[1])))

    def room(self, name: str, area: float, x: float, y: float, style: str = "PUB_TEXT") -> None:
        """Its name with the area below; `area` in square metres is what a person computes."""
        self.rooms[name] = area
        said = f"{area:.2f}"
        if style == "SPACE":
            self.drawn.append(words("SPACE", self.at(x, y), name))
            self.drawn.append(words("SPACE", self.at(x, y - 0.6), said + "m2"))
        elif style == "MTEXT":
            left, low = self.at(x, y)
            text = rf"{{\fSimSun|b0|i0;{name}}}\P{said}㎡"
            marked = [(100, "AcDbEntity"), (8, "PUB_TEXT"), (100, "AcDbMText")]
            placed = [(10, left), (20, low), (40, 300.0), (71, 5)]
            self.drawn.append([(0, "MTEXT"), *marked, *placed, (1, text)])
        else:
            self.drawn.append(words("PUB_TEXT", self.at(x, y), name))
            self.drawn.append(words("PUB_TEXT", self.at(x, y - 0.6), f"面积：{said}m²"))

    def column(self, x: float, y: float, half: float = 0.25) -> None:
        left, low = self.at(x - half, y - half)
        right, top = self.at(x + half, y + half)
        self.drawn.append(box("COLUMN", left, low, right, top))

    def lift(self, left: float, low: float, right: float, top: float, layer: str = "EVTR") -> None:
        """A cabin as a rectangle with both diagonals."""
        self.drawn.append(box(layer, *self.at(left, low), *self.at(right, top)))
        self.drawn.append(line(layer, self.at(left, low), self.at(right, top)))
        self.drawn.append(line(layer, self.at(left, top), self.at(right, low)))

    def flight(self, left: float, low: float, right: float, top: float, says: str = "上下") -> None:
        """Two flights of treads with their arrows."""
        middle = (left + right) / 2
        count = int((top - low) / 0.28)
        for number in range(count + 1):
            y = low + 0.28 * number
            for a, b in ((left, middle - 0.06), (middle + 0.06, right)):
                self.drawn.append(line("STAIR", self.at(a, y), self.at(b, y)))
        for n, word in enumerate(says):
            x = left + (right - left) * (0.25 if n == 0 else 0.75)
            self.drawn.append(words("STAIR", self.at(x, low - 0.35), word))
            self.drawn.append(line("STAIR", self.at(x, low - 0.1), self.at(x, top)))

    def axes(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Grid lines with their bubbles, and a chain of dimensions: none of the building."""
        low, top, left, right = min(ys) - 3, max(ys) + 3, min(xs) - 3, max(xs) + 3
        for number, x in enumerate(xs, start=1):
            self.drawn.append(line("DOTE", self.at(x, low), self.at(x, top)))
            self.drawn.append([(0, "CIRCLE"), (8, "AXIS"), (10, self.at(x, low)[0]),
                               (20, self.at(x, low)[1]), (40, 400.0)])  # fmt: skip
            self.drawn.append(words("AXIS_TEXT", self.at(x, low), str(number)))
        for letter, y in zip("ABCDEFG", ys, strict=False):
            self.drawn.append(line("DOTE", self.at(left, y), self.at(right, y)))
            self.drawn.append(words("AXIS_TEXT", self.at(left, y), letter))
        for a, b in pairwise(xs):
            self.drawn.append(line("PUB_DIM", self.at(a, low + 1), self.at(b, low + 1)))
            self.drawn.append(
                words("PUB_DIM", self.at((a + b) / 2, low + 1.2), f"{1000 * (b - a):.0f}")
            )

    def title(self, text: str, x: float, y: float) -> None:
        self.drawn.append(words("PUB_TITLE", self.at(x, y), text))
        self.drawn.append(words("PUB_TITLE", self.at(x + 5, y), "1:100"))
        self.drawn.append(line("PUB_TITLE", self.at(x - 3, y - 0.3), self.at(x + 6, y - 0.3)))

    def sheet(self, left: float, low: float, right: float, top: float) -> None:
        """The frame of the sheet and its title block."""
        for grow in (0.0, 0.5):
            self.drawn.append(
                box(
                    "PUB_TAB", *self.at(left - grow, low - grow), *self.at(right + grow, top + grow)
                )
            )
        self.drawn.append(box("PUB_TAB", *self.at(right - 6, low), *self.at(right, low + 3)))
        self.drawn.append(words("PUB_TAB", self.at(right - 5, low + 1), "某某建筑设计院"))

    def entities(self) -> list[Entity]:
        """Walls trimmed where they meet and where a door or window is, as T3 has them."""
        solid = shapely.union_all([_strip(span, thick) for span, thick in self.walls])
        holes = shapely.union_all([_strip(span, thick, "flat") for span, thick in self.gaps])
        found: list[Entity] = []
        for ring in shapely.get_parts(shapely.boundary(solid.difference(holes))):
            corners = list(ring.coords)
            for (x, y), (u, v) in pairwise(corners):
                found.append(line("WALL", self.at(x, y), self.at(u, v)))
        return [*found, *self.drawn]


def _strip(span: Span, thick: float, ends: str = "square") -> shapely.Geometry:
    x, y, u, v = span
    return LineString([(x, y), (u, v)]).buffer(thick / 2, cap_style=ends)


def library() -> list[Entity]:
    """Doors of TArch's library: one leaf to the upper right, and two."""
    one = [arc("0", (0, 0), 1000, 0, 90), line("0", (0, 0), (0, 1000))]
    two = [
        arc("0", (0, 0), 750, 0, 90), line("0", (0, 0), (0, 750)),
        arc("0", (1500, 0), 750, 90, 180), line("0", (1500, 0), (1500, 750)),
    ]  # fmt: skip
    return [block("$DorLib2D$00000001", *one), block("$DorLib2D$00000002", *two)]


def clinic(right: float = 0.0) -> Floor:
    """Six rooms along a corridor, doors as blocks, columns in the walls, axes and dimensions."""
    floor = Floor(right=right)
    floor.axes([0, 6, 12, 18], [0, 5, 8, 13])
    floor.frame(0, 0, 18, 13)
    floor.wall((0, 5), (18, 5))
    floor.wall((0, 8), (18, 8))
    for x in (6, 12):
        floor.wall((x, 0), (x, 5))
        floor.wall((x, 8), (x, 13))
        floor.column(x, 5)
        floor.column(x, 8)
    for number, (name, x) in enumerate((("内科诊室", 0), ("外科诊室", 6), ("换药室", 12))):
        floor.room(name, 27.63 if number != 1 else 27.72, x + 2, 2.5)
        floor.gap(x + 2, 5, 1.0)
        floor.leaf("$DorLib2D$00000001", x + 2, 5, -1.0, 180)
        floor.doors.append((name, "走廊"))
        floor.pane(x + 2, 0, 1.8)
    for number, (name, x) in enumerate((("药房", 0), ("收费处", 6), ("检验科", 12))):
        floor.room(name, 27.63 if number != 1 else 27.72, x + 2, 11)
        floor.gap(x + 3, 8, 1.0)
        floor.leaf("$DorLib2D$00000001", x + 3, 8)
        floor.doors.append((name, "走廊"))
        floor.pane(x + 2, 13, 1.8)
    floor.room("走廊", 49.73, 9, 6.8)
    floor.gap(0, 5.75, 1.5, turned=True)
    floor.leaf("$DorLib2D$00000002", 0, 5.75, 1.0, 90)
    floor.doors.append(("走廊", ""))
    floor.pane(18, 6, 1.0, turned=True)
    return floor


def ward(right: float = 0.0, says: str = "上下") -> Floor:
    """Doors as arcs and lines on two layers, names in MTEXT, stairs and a lift without a name."""
    floor = Floor(right=right)
    floor.frame(0, 0, 24, 12)
    floor.wall((0, 5), (24, 5), thick=0.12)
    floor.wall((0, 7.4), (24, 7.4), thick=0.12)
    for x in (4, 8, 12, 16, 20):
        floor.wall((x, 0), (x, 5), thick=0.12)
    for x in (4, 8, 11, 16, 20):
        floor.wall((x, 7.4), (x, 12), thick=0.12)
    below = ("护士站", "治疗室", "处置室", "医生办公室", "值班室", "库房")
    for number, name in enumerate(below):
        x = 4 * number
        floor.room(name, 18.6 if number not in (0, 5) else 18.3, x + 1.4, 2.5, "MTEXT")
        floor.gap(x + 1, 5, 0.9)
        floor.swing(x + 1, 5, 0.9, 0, back=True)
        floor.doors.append((name, "内走廊"))
    above = (("一病室", 0), ("二病室", 4), ("三病室", 16), ("四病室", 20))
    for name, left in above:
        floor.room(name, 17.0, left + 1.4, 10, "MTEXT")
        floor.gap(left + 1, 7.4, 1.2)
        floor.swing(left + 1, 7.4, 1.2, 0)
        floor.doors.append((name, "内走廊"))
        floor.pane(left + 1, 12, 2)
    floor.room("内走廊", 54.4, 12, 6.4, "MTEXT")
    # The stairs between 11 and 16 behind a fire door of two leaves; the lift between 8 and 11.
    floor.flight(11.3, 9, 15.7, 11.7, says)
    floor.gap(12.5, 7.4, 1.5)
    floor.swing(12.5, 7.4, 0.75, 0, layer="DOOR_FIRE")
    floor.swing(14.0, 7.4, 0.75, 2, back=True, layer="DOOR_FIRE")
    floor.doors.append(("stairs", "内走廊"))
    floor.lift(8.3, 9.0, 10.7, 11.6)
    floor.gap(9, 7.4, 1.1)
    floor.drawn.append(line("WINDOW", floor.at(9, 7.38), floor.at(9.6, 7.38)))
    floor.drawn.append(line("WINDOW", floor.at(9.5, 7.42), floor.at(10.1, 7.42)))
    floor.doors.append(("elevator", "内走廊"))
    floor.shafts = {"stairs": 1, "elevator": 1}
    return floor


def suite() -> Floor:
    """Walls of three thicknesses around an L, a room behind a room, a hole without a leaf, number
    and name in two texts, doors turned and mirrored."""
    floor = Floor()
    for corners in ([(0, 0), (15, 0), (15, 6), (9, 6), (9, 15), (0, 15), (0, 0)],):
        floor.wall(*corners, thick=0.37)
    floor.wall((0, 6), (9, 6), thick=0.24)
    floor.wall((2.5, 6), (2.5, 15), thick=0.24)
    floor.wall((2.5, 10.5), (9, 10.5), thick=0.24)
    floor.wall((6, 10.5), (6, 15), thick=0.12)
    floor.wall((9, 0), (9, 6), thick=0.24)
    for number, name, area, x, y in (
        ("101", "门诊大厅", 49.4, 3, 3), ("102", "挂号收费", 33.0, 11, 3),
        ("103", "走廊", 19.5, 0.5, 12), ("104", "放射科", 27.1, 4.5, 8),
        ("105", "控制室", 14.1, 3.2, 13), ("106", "暗室", 12.1, 6.8, 13),
    ):  # fmt: skip
        floor.room(name, area, x, y, "SPACE")
        floor.drawn.append(words("PUB_TEXT", floor.at(x, y + 0.6), number))
    floor.gap(3, 0, 1.8)
    floor.swing(3, 0, 0.9, 0)
    floor.swing(4.8, 0, 0.9, 2, back=True)
    floor.doors.append(("门诊大厅", ""))
    floor.gap(9, 2, 0.9, turned=True)
    floor.swing(9, 2, 0.9, 1)
    floor.doors.append(("门诊大厅", "挂号收费"))
    floor.gap(0.5, 6, 1.6)  # a hole in the wall, between the hall and the corridor
    floor.doors.append(("门诊大厅", "走廊"))
    floor.gap(2.5, 8, 1.2, turned=True)
    floor.swing(2.5, 9.2, 1.2, 3)
    floor.doors.append(("放射科", "走廊"))
    floor.gap(2.5, 12, 0.9, turned=True)
    floor.swing(2.5, 12, 0.9, 1, back=True)
    floor.doors.append(("控制室", "走廊"))
    floor.gap(6, 11, 0.8, turned=True)
    floor.swing(6, 11, 0.8, 1)
    floor.doors.append(("控制室", "暗室"))
    floor.pane(11, 0, 2)
    floor.pane(4, 15, 1.2)
    return floor


def core() -> Floor:
    """An office around its core: two lifts beside each other, two stairs, toilets, a shaft for
    pipes; shear walls as filled areas."""
    floor = Floor()
    floor.frame(0, 0, 20, 16, thick=0.2)
    floor.frame(7, 6, 13, 10, thick=0.2)
    for x in (9, 11):
        floor.wall((x, 6), (x, 10))
    floor.wall((0, 12), (20, 12))
    floor.wall((4, 12), (4, 16))
    floor.wall((16, 12), (16, 16))
    floor.wall((8, 12), (8, 16))
    floor.wall((12, 12), (12, 16))
    for left in (7.2, 9.2):
        floor.lift(left, 6.3, left + 1.6, 9.7, layer="LIFT")
        floor.gap(left + 0.3, 6, 1.0)
        floor.drawn.append(line("DOOR", floor.at(left + 0.3, 6.0), floor.at(left + 1.3, 6.0)))
        floor.doors.append(("elevator", "候梯厅"))
    floor.room("管井", 6.8, 12, 8)
    floor.gap(11.5, 6, 0.8)
    floor.swing(11.5, 6, 0.8, 0)
    floor.doors.append(("管井", "候梯厅"))
    floor.room("候梯厅", 209.6, 4, 3)
    for name, left, area in (("男卫", 4, 14.4), ("女卫", 8, 14.4), ("清洁间", 12, 14.4)):
        floor.room(name, area, left + 1.4, 14.6)
        floor.gap(left + 1, 12, 0.9)
        floor.swing(left + 1.9, 12, 0.9, 2, back=True)
        floor.doors.append((name, "候梯厅"))
    for number, left in enumerate((0, 16)):
        floor.flight(left + 0.5, 13.4, left + 3.5, 15.7, "上")
        floor.drawn.append(words("PUB_TEXT", floor.at(left + 1.2, 12.6), f"{number + 1}#楼梯间"))
        floor.gap(left + 1.2, 12, 1.0)
        floor.swing(left + 1.2, 12, 1.0, 0, layer="DOOR_FIRE")
        floor.doors.append(("stairs", "候梯厅"))
    for x, y in ((0, 0), (20, 0), (20, 12), (0, 12)):
        left, low = floor.at(x - 0.4, y - 0.1)
        high = floor.at(x + 0.4, y + 0.1)
        floor.drawn.append(polyline("COLUMN", [(left, low), (high[0], low), high, (left, high[1])]))
    floor.gap(9, 0, 2.0)
    floor.swing(9, 0, 1.0, 0)
    floor.swing(11, 0, 1.0, 2, back=True)
    floor.doors.append(("候梯厅", ""))
    floor.shafts = {"stairs": 2, "elevator": 2}
    return floor


def wing() -> Floor:
    """At 35 degrees to the sheet, with a waiting hall that ends in half a circle, sliding doors of
    two panes, a unit door's number beside each leaf, and rooms behind a room that has two doors."""
    floor = Floor(lean_deg=35.0)
    floor.wall((20, 10), (0, 10), (0, 0), (20, 0))
    arc_of = [math.radians(-90 + 7.5 * n) for n in range(25)]
    floor.wall(*((20 + 5 * math.cos(a), 5 + 5 * math.sin(a)) for a in arc_of))
    floor.wall((0, 4), (15, 4))
    floor.wall((0, 6.4), (15, 6.4))
    floor.wall((15, 0), (15, 10))
    for x in (5, 10):
        floor.wall((x, 0), (x, 4))
    floor.wall((8, 6.4), (8, 10))
    for name, area, x in (("超声一室", 18.24, 0), ("超声二室", 18.24, 5), ("心电图室", 18.24, 10)):
        floor.room(name, area, x + 1.6, 2.2)
        floor.gap(x + 2, 4, 1.0)
        floor.swing(x + 3, 4, 1.0, 2, back=False)
        floor.drawn.append(words("WINDOW", floor.at(x + 2.1, 3.5), "M1021"))
        floor.doors.append((name, "检查走廊"))
    floor.room("登记室", 26.52, 3, 8.4)
    floor.room("更衣室", 23.12, 10.4, 8.4)
    for name, x in (("登记室", 2), ("更衣室", 12)):
        floor.gap(x, 6.4, 0.9)
        floor.swing(x, 6.4, 0.9, 0)
        floor.drawn.append(words("WINDOW", floor.at(x, 5.9), "M0921"))
        floor.doors.append((name, "检查走廊"))
    floor.gap(8, 8, 0.9, turned=True)
    floor.swing(8, 8, 0.9, 1)
    floor.doors.append(("登记室", "更衣室"))
    floor.room("检查走廊", 32.56, 7, 5.4)
    # Panes that slide: two rectangles beside each other in the wall.
    floor.gap(15, 4.5, 1.5, turned=True)
    for low, x in ((4.5, 14.96), (5.2, 15.04)):
        corners = [(x - 0.02, low), (x + 0.02, low), (x + 0.02, low + 0.8), (x - 0.02, low + 0.8)]
        floor.drawn.append(polyline("WINDOW", [floor.at(*one) for one in corners]))
    floor.doors.append(("检查走廊", "候诊大厅"))
    # Half a circle of radius 4.9, and 4.9 m of hall before it.
    floor.room("候诊大厅", 85.7, 19, 5)
    floor.gap(17, 0, 1.8)
    floor.swing(17, 0, 0.9, 0)
    floor.swing(18.8, 0, 0.9, 2, back=True)
    floor.doors.append(("候诊大厅", ""))
    floor.pane(17, 10, 2)
    return floor


def storeys(titles: Sequence[str]) -> list[Floor]:
    """One ward for each title, side by side, each in a frame of its own."""
    found = []
    for number, title in enumerate(titles):
        floor = ward(40.0 * number, says="上" if number == 0 else "上下")
        floor.sheet(-5, -8, 32, 18)
        floor.title(title, 9, -4)
        found.append(floor)
    return found


def entities(floors: Iterable[Floor]) -> list[Entity]:
    return [entity for floor in floors for entity in floor.entities()]
