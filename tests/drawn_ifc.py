"""Small building models in IFC, written by hand: one line a thing, numbered as they come."""

import math
from collections.abc import Sequence

Xy = tuple[float, float]
PREFIXES = {1000.0: ".MILLI.", 100.0: ".CENTI.", 1.0: "$"}


class Ifc:
    """A model; lengths are given in metres and written in the unit of which `per_m` are a metre."""

    def __init__(self, per_m: float = 1000.0, schema: str = "IFC4", said: bool = True) -> None:
        self.lines: list[str] = []
        self.per_m = per_m
        self.schema = schema
        self._names = 0
        self.context = self.add(
            "GEOMETRICREPRESENTATIONCONTEXT", "$,'Model',3,1.E-5,{},$", self.at()
        )
        self.units = self._units() if said else 0
        self.project = self.thing("PROJECT", "'P',$,$,$,$,({}),{}", self.context, self.units)
        self.site = self.thing("SITE", "'S',$,$,{},$,$,.ELEMENT.,$,$,$,$,$", self.place())
        self.building = self.house("House")

    def add(self, kind: str, told: str, *refs: int) -> int:
        """A line; each ``{}`` is the number of a thing, or nothing for 0."""
        filled = told.format(*(f"#{ref}" if ref else "$" for ref in refs))
        self.lines.append(f"#{len(self.lines) + 1}=IFC{kind}({filled});")
        return len(self.lines)

    def thing(self, kind: str, told: str, *refs: int) -> int:
        """A line that begins with an identifier of its own."""
        self._names += 1
        return self.add(kind, f"'{self._names:022d}',$," + told, *refs)

    def _units(self) -> int:
        if self.per_m in PREFIXES:
            metre = self.add("SIUNIT", f"*,.LENGTHUNIT.,{PREFIXES[self.per_m]},.METRE.")
        else:
            one = self.add("SIUNIT", "*,.LENGTHUNIT.,$,.METRE.")
            power = self.add("DIMENSIONALEXPONENTS", "1,0,0,0,0,0,0")
            value = self.add("MEASUREWITHUNIT", f"IFCLENGTHMEASURE({1 / self.per_m!r}),{{}}", one)
            metre = self.add("CONVERSIONBASEDUNIT", "{},.LENGTHUNIT.,'FOOT',{}", power, value)
        return self.add("UNITASSIGNMENT", "({})", metre)

    def point(self, *metres: float) -> int:
        return self.add("CARTESIANPOINT", f"({self.numbers(metres)})")

    def numbers(self, metres: Sequence[float]) -> str:
        return ",".join(repr(float(one * self.per_m)) for one in metres)

    def at(self, x: float = 0, y: float = 0, z: float = 0, turned_deg: float = 0) -> int:
        """A position, turned around the vertical."""
        way = (math.cos(math.radians(turned_deg)), math.sin(math.radians(turned_deg)))
        up = self.add("DIRECTION", "(0.,0.,1.)")
        along = self.add("DIRECTION", f"({way[0]!r},{way[1]!r},0.)")
        return self.add("AXIS2PLACEMENT3D", "{},{},{}", self.point(x, y, z), up, along)

    def place(
        self, inside: int = 0, x: float = 0, y: float = 0, z: float = 0, turned_deg: float = 0
    ) -> int:
        return self.add("LOCALPLACEMENT", "{},{}", inside, self.at(x, y, z, turned_deg))

    def placed(self, thing: int) -> int:
        """The number of the placement of a thing."""
        line = self.lines[thing - 1]
        found = [int(one.strip("#")) for one in line.split("(", 1)[1].split(",") if one[:1] == "#"]
        return next(n for n in found if self.lines[n - 1].split("=")[1][:17] == "IFCLOCALPLACEMENT")

    def body(self, corners: Sequence[Xy], height: float) -> int:
        """The shape of a prism that stands on its place."""
        points = [self.point(*xy) for xy in (*corners, corners[0])]
        ring = self.add("POLYLINE", f"({','.join('{}' for _ in points)})", *points)
        profile = self.add("ARBITRARYCLOSEDPROFILEDEF", ".AREA.,$,{}", ring)
        up = self.add("DIRECTION", "(0.,0.,1.)")
        tall = self.numbers([height])
        solid = self.add("EXTRUDEDAREASOLID", f"{{}},{{}},{{}},{tall}", profile, self.at(), up)
        return self.shape("Body", "SweptSolid", solid)

    def shape(self, called: str, kind: str, *items: int) -> int:
        told = f"{{}},'{called}','{kind}',({','.join('{}' for _ in items)})"
        drawn = self.add("SHAPEREPRESENTATION", told, self.context, *items)
        return self.add("PRODUCTDEFINITIONSHAPE", "$,$,({})", drawn)

    def holds(self, whole: int, *parts: int) -> None:
        told = f"$,$,{{}},({','.join('{}' for _ in parts)})"
        self.thing("RELAGGREGATES", told, whole, *parts)

    def is_in(self, storey: int, *things: int) -> None:
        told = f"$,$,({','.join('{}' for _ in things)}),{{}}"
        self.thing("RELCONTAINEDINSPATIALSTRUCTURE", told, *things, storey)

    def house(self, name: str) -> int:
        house = self.thing("BUILDING", f"'{name}',$,$,{{}},$,$,.ELEMENT.,$,$,$", self.place())
        self.holds(self.site, house)
        return house

    def storey(self, name: str, height: float, house: int = 0) -> int:
        told = f"'{name}',$,$,{{}},$,$,.ELEMENT.,{self.numbers([height])}"
        storey = self.thing("BUILDINGSTOREY", told, self.place(0, 0, 0, height))
        self.holds(house or self.building, storey)
        return storey

    def space(
        self, storey: int, ref: str, name: str, box: Sequence[float],
        tall: float = 2.7, turned_deg: float = 0, kind: str = ".INTERNAL.", drawn: bool = True,
    ) -> int:  # fmt: skip
        """A room over (left, low, right, high), measured from its corner, which it is turned by."""
        left, low, right, high = box
        wide, deep = right - left, high - low
        shape = self.body([(0, 0), (wide, 0), (wide, deep), (0, deep)], tall) if drawn else 0
        at = self.place(self.placed(storey), left, low, 0, turned_deg)
        told = f"'{ref}',$,$,{{}},{{}},'{name}',.ELEMENT.,{kind},$"
        space = self.thing("SPACE", told, at, shape)
        self.holds(storey, space)
        return space

    def wall(self, storey: int, box: Sequence[float], tall: float = 2.7) -> int:
        left, low, right, high = box
        corners = [(left, low), (right, low), (right, high), (left, high)]
        at = self.place(self.placed(storey))
        kind = ",$" if self.schema != "IFC2X3" else ""
        told = "$,$,$,{},{},$" + kind
        wall = self.thing("WALL", told, at, self.body(corners, tall))
        self.is_in(storey, wall)
        return wall

    def opening(self, wall: int, x: float, y: float, wide: float, thick: float) -> int:
        """A hole whose corner is at (x, y), along the x axis."""
        at = self.place(self.placed(wall), x, y)
        body = self.body([(0, 0), (wide, 0), (wide, thick), (0, thick)], 2.1)
        kind = ",$" if self.schema != "IFC2X3" else ""
        hole = self.thing("OPENINGELEMENT", "$,$,$,{},{},$" + kind, at, body)
        self.thing("RELVOIDSELEMENT", "$,$,{},{}", wall, hole)
        return hole

    def door(
        self, storey: int, x: float, y: float, wide: float = 0.9, hole: int = 0,
        name: str = "M_Single-Flush:900mm:1", turned_deg: float = 0,
    ) -> int:  # fmt: skip
        at = self.place(self.placed(storey), x, y, 0, turned_deg)
        kind = ",$,$,$" if self.schema != "IFC2X3" else ""
        size = f"{self.numbers([2.1])},{self.numbers([wide])}"
        door = self.thing("DOOR", f"'{name}',$,$,{{}},$,$,{size}" + kind, at)
        if hole:
            self.thing("RELFILLSELEMENT", "$,$,{},{}", hole, door)
        self.is_in(storey, door)
        return door

    def steps(self, storey: int, start: Xy, end: Xy, wide: float, rise: float, many: int) -> int:
        """Stairs along the y axis, each tread a block."""
        (x, y), deep = start, (end[1] - start[1]) / many
        blocks = []
        for number in range(many):
            low = y + number * deep
            corners = [(x, low), (x + wide, low), (x + wide, low + deep), (x, low + deep)]
            self.body(corners, rise * (number + 1) / many)
            blocks.append(len(self.lines) - 2)
        shape = self.shape("Body", "SweptSolid", *blocks)
        at = self.place(self.placed(storey))
        kind = ",$" if self.schema != "IFC2X3" else ",.NOTDEFINED."
        stairs = self.thing("STAIR", "'Stair:1',$,$,{},{},$" + kind, at, shape)
        self.is_in(storey, stairs)
        return stairs

    def lift(self, storey: int, box: Sequence[float], tall: float) -> int:
        left, low, right, high = box
        body = self.body([(left, low), (right, low), (right, high), (left, high)], tall)
        more = ".ELEVATOR." if self.schema != "IFC2X3" else ".ELEVATOR.,$,$"
        lift = self.thing(
            "TRANSPORTELEMENT",
            "'Lift:1',$,$,{},{},$," + more,
            self.place(self.placed(storey)),
            body,
        )
        self.is_in(storey, lift)
        return lift

    def open_between(self, space: int, start: Xy, end: Xy) -> None:
        """An open boundary of a room, from the one point to the other, in the room's own system."""
        points = [self.point(*start), self.point(*end)]
        curve = self.add("POLYLINE", "({},{})", *points)
        profile = self.add("ARBITRARYOPENPROFILEDEF", ".CURVE.,$,{}", curve)
        up = self.add("DIRECTION", "(0.,0.,1.)")
        surface = self.add(
            "SURFACEOFLINEAREXTRUSION",
            f"{{}},{{}},{{}},{self.numbers([2.7])}",
            profile,
            self.at(),
            up,
        )
        drawn = self.add("CONNECTIONSURFACEGEOMETRY", "{},$", surface)
        self.thing("RELSPACEBOUNDARY", "$,$,{},$,{},.VIRTUAL.,.INTERNAL.", space, drawn)

    def text(self) -> str:
        head = (
            "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\n"
            "FILE_NAME('','',(''),(''),'','','');\n"
            f"FILE_SCHEMA(('{self.schema}'));\nENDSEC;\nDATA;\n"
        )
        return head + "\n".join(self.lines) + "\nENDSEC;\nEND-ISO-10303-21;\n"

    def bytes(self) -> bytes:
        return self.text().encode()


def ward(per_m: float = 1000.0, schema: str = "IFC4", said: bool = True) -> Ifc:
    """Four rooms along a corridor of 20 m on one floor, a door with its opening into each, and
    the walls between; a roof with a space above."""
    model = Ifc(per_m, schema, said)
    floor, roof = model.storey("1F", 0), model.storey("Roof", 3)
    model.storey("T/FDN", -1.25)
    model.space(floor, "100", "Corridor", (0.1, 0.1, 19.9, 2.9))
    wall = model.wall(floor, (0, 2.9, 20, 3.1))
    for number in range(4):
        left = 5.0 * number
        model.space(floor, f"10{number + 1}", "Ward", (left + 0.1, 3.1, left + 4.9, 7.9))
        model.wall(floor, (left - 0.1, 3.1, left + 0.1, 7.9))
        hole = model.opening(wall, left + 2, 2.9, 0.9, 0.2)
        model.door(floor, left + 2, 3.0, 0.9, hole)
    model.space(roof, "R1", "Roof", (0, 0, 20, 8))
    return model
