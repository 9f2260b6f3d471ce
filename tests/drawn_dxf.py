"""Small drawings in DXF of R12, written by hand: pairs of a group code and a value."""

from collections.abc import Iterable, Sequence

Pair = tuple[int, object]
Entity = Sequence[Pair]
Xy = tuple[float, float]


def line(layer: str, start: Xy, end: Xy) -> Entity:
    return [(0, "LINE"), (8, layer), (10, start[0]), (20, start[1]), (11, end[0]), (21, end[1])]


def polyline(layer: str, points: Sequence[Xy], closed: bool = True) -> Entity:
    corners = [pair for x, y in points for pair in ((0, "VERTEX"), (8, layer), (10, x), (20, y))]
    return [(0, "POLYLINE"), (8, layer), (66, 1), (70, int(closed)), *corners, (0, "SEQEND")]


def box(layer: str, left: float, low: float, right: float, high: float) -> Entity:
    return polyline(layer, [(left, low), (right, low), (right, high), (left, high)])


def arc(layer: str, centre: Xy, radius: float, start_deg: float, end_deg: float) -> Entity:
    at = [(10, centre[0]), (20, centre[1]), (40, radius)]
    return [(0, "ARC"), (8, layer), *at, (50, start_deg), (51, end_deg)]


def words(layer: str, at: Xy, text: str) -> Entity:
    return [(0, "TEXT"), (8, layer), (10, at[0]), (20, at[1]), (40, 1.0), (1, text)]


def insert(layer: str, block: str, at: Xy, across: float = 1.0, turned_deg: float = 0.0) -> Entity:
    turned = [(41, across), (42, 1.0), (50, turned_deg)]
    return [(0, "INSERT"), (8, layer), (2, block), (10, at[0]), (20, at[1]), *turned]


def block(name: str, *entities: Entity) -> Entity:
    head = [(0, "BLOCK"), (8, "0"), (2, name), (70, 0), (10, 0.0), (20, 0.0)]
    return [*head, *(pair for entity in entities for pair in entity), (0, "ENDBLK"), (8, "0")]


def dxf(
    *entities: Entity,
    blocks: Iterable[Entity] = (),
    unit: int | None = 4,
    version: str = "AC1009",
) -> bytes:
    """A drawing whose header names the unit by `$INSUNITS`: 4 are millimetres."""
    said = [] if unit is None else [(9, "$INSUNITS"), (70, unit)]
    pairs: list[Pair] = [
        *section("HEADER", [(9, "$ACADVER"), (1, version), *said]),
        *section("BLOCKS", (pair for one in blocks for pair in one)),
        *section("ENTITIES", (pair for one in entities for pair in one)),
        (0, "EOF"),
    ]
    return "".join(f"{code:3}\n{value}\n" for code, value in pairs).encode()


def section(name: str, pairs: Iterable[Pair]) -> list[Pair]:
    return [(0, "SECTION"), (2, name), *pairs, (0, "ENDSEC")]


def ward(unit: float = 1.0) -> list[Entity]:
    """Four rooms along a corridor, 20 m long, walls drawn as lines, a door with its swing into
    each room; `unit` is how many of the drawing's units are a metre."""
    drawn: list[Entity] = [box("OUTLINE", 0, 0, 20 * unit, 8 * unit)]
    drawn.append(box("ROOMS", 0, 5 * unit, 20 * unit, 8 * unit))
    drawn.append(words("LABELS", (9 * unit, 6.5 * unit), "Corridor"))
    for number in range(4):
        left = 5 * unit * number
        drawn.append(box("ROOMS", left, 0, left + 5 * unit, 5 * unit))
        drawn.append(words("LABELS", (left + 2 * unit, 2 * unit), f"10{number + 1}"))
        drawn.append(line("WALLS", (left, 0), (left, 5 * unit)))
        drawn.append(line("WALLS", (left, 5 * unit), (left + 2 * unit, 5 * unit)))
        drawn.append(line("WALLS", (left + 2.9 * unit, 5 * unit), (left + 5 * unit, 5 * unit)))
        drawn.append(arc("DOORS", (left + 2 * unit, 5 * unit), 0.9 * unit, 270, 360))
    return drawn


def flat(thick: float = 0.2) -> list[Entity]:
    """The same four rooms as a drawing office of TArch has them, in millimetres: walls as two
    lines, doors and windows as blocks on one layer, no outline of any room. Blocks:
    `flat_blocks`."""
    drawn: list[Entity] = []
    half = 500 * thick
    for low, gaps in ((0, ()), (5000, (2000, 7000, 12000, 17000)), (8000, (9000,))):
        for side in (low - half, low + half):
            start = -half
            for gap in (*gaps, None):
                end = 20000 + half if gap is None else gap
                drawn.append(line("WALL", (start, side), (end, side)))
                start = end + 900
        for gap in gaps:
            drawn += [line("WALL", (x, low - half), (x, low + half)) for x in (gap, gap + 900)]
    for left in range(0, 20001, 5000):
        top = 8000 - half if left in (0, 20000) else 5000 - half
        for side in (left - half, left + half):
            drawn.append(line("WALL", (side, half), (side, top)))
    for number in range(4):
        drawn.append(insert("WINDOW", "LEAF", (2000 + 5000 * number, 5000)))
        drawn.append(words("SPACE", (1500 + 5000 * number, 2500), f"10{number + 1}"))
        drawn.append(words("SPACE", (1500 + 5000 * number, 2000), "23.04m2"))
    drawn.append(insert("WINDOW", "PANE", (9000, 8000)))
    drawn.append(words("SPACE", (9000, 6500), "走廊"))
    return drawn


def flat_blocks() -> list[Entity]:
    """A leaf that opens downwards, with the leaf drawn open, and a window of 0.9 m."""
    leaf = [arc("0", (0, 0), 900, 270, 360), line("0", (0, 0), (0, -900))]
    pane = [line("0", (0, y), (900, y)) for y in (-100, 0, 100)]
    return [block("LEAF", *leaf), block("PANE", *pane)]
