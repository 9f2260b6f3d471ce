"""Every floor in words: which doors are in which wall, in the order in which people pass them."""

from collections import defaultdict
from pathlib import Path

from layout import CIRCULATION, Door, Hospital, Space
from shapely import Point

SIDES = {(0, 1): "north", (0, -1): "south", (1, 0): "east", (-1, 0): "west"}
DIAGONAL_SIDES = {(1, 1): "north-east", (-1, -1): "south-west", (1, -1): "south-east"}
DIAGONAL_SIDES |= {(-1, 1): "north-west"}

STEP_M = 0.05

Wall = tuple[str, str, float]
"""Its line (`y = 21.6`), what is behind it, and where the line is, for sorting."""


def write_floors(hospital: Hospital, path: Path) -> None:
    parts = ["# Floor by floor", _INTRODUCTION]
    for level in hospital.levels:
        building = hospital.buildings[level.building]["zh-Hans"]
        parts.append(f"## {building} {level.label} (`{level.id}`, {level.elevation_m:g} m)")
        parts += _walked(hospital, level.id)
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")


_INTRODUCTION = """Written by `draw.py`; coordinates in metres, x east, y north. Each line is one
wall of a corridor or hall and the doors in it, from west to east or from south to north: where
the middle of the door is, what is behind it. `=` is a passage without a door, `*` is for staff
only, `**` is closed to everybody else. A wall that runs at 45° counts its doors by x."""


def _walked(hospital: Hospital, level_id: str) -> list[str]:
    spaces = {space.id: space for space in hospital.spaces}
    found = []
    for space in hospital.spaces:
        if space.level != level_id or space.kind not in CIRCULATION:
            continue
        walls: dict[Wall, list[tuple[float, str]]] = defaultdict(list)
        for door in hospital.doors:
            if space.id in door.spaces:
                behind = [spaces[key] for key in door.spaces if key != space.id]
                wall, at = _wall(space, door)
                walls[wall].append((at, _behind(door, behind[0] if behind else None, level_id)))
        west, south, east, north = (f"{value:g}" for value in space.outline.bounds)
        name = f" {space.names['zh-Hans']}" if space.names else ""
        kind = "" if space.access == "public" else f", {space.access}"
        head = (
            f"**`{space.id}`**{name} ({space.kind}{kind}; x {west} to {east}, y {south} to {north})"
        )
        lines = [
            f"- {wall[0]}, to the {wall[1]}: "
            + " · ".join(f"{at:g} {text}" for at, text in _together(sorted(doors)))
            for wall, doors in sorted(walls.items(), key=lambda item: (item[0][1], item[0][2]))
        ]
        found.append("\n".join([head, "", *lines]) if lines else head)
    return found


def _together(doors: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Bays of one passage as one, in their middle."""
    merged: list[tuple[float, str]] = []
    for at, text in doors:
        same = [i for i, (_, other) in enumerate(merged) if other == text and "=" in text]
        if same and same[-1] == len(merged) - 1:
            continue
        bays = [other_at for other_at, other in doors if other == text]
        merged.append((round(sum(bays) / len(bays), 2) if "=" in text else at, text))
    return merged


def _wall(space: Space, door: Door) -> tuple[Wall, float]:
    (ax, ay), (bx, by) = door.line.coords[0], door.line.coords[-1]
    x, y = round((ax + bx) / 2, 2), round((ay + by) / 2, 2)
    # The middle of the door, not rounded to the grid: half a step beside it is inside.
    mx, my = (ax + bx) / 2, (ay + by) / 2
    dx, dy = next(
        (dx, dy)
        for dx, dy in (SIDES if ax == bx or ay == by else DIAGONAL_SIDES)
        if space.outline.contains(Point(mx + dx * STEP_M, my + dy * STEP_M))
        and abs((bx - ax) * dx + (by - ay) * dy) < 1e-6
    )
    if ay == by:
        return (f"wall y = {y:g}", SIDES[-dx, -dy], y), x
    if ax == bx:
        return (f"wall x = {x:g}", SIDES[-dx, -dy], x), y
    side = DIAGONAL_SIDES[-dx, -dy]
    total = round(ax + ay if side in ("north-east", "south-west") else ay - ax, 1) + 0.0
    line = "x + y" if side in ("north-east", "south-west") else "y − x"
    return (f"wall {line} = {total:g}", side, total), x


def _behind(door: Door, space: Space | None, level_id: str) -> str:
    staff = {"public": "", "staff": "*", "restricted": "**"}[door.access]
    passage = "= " if door.kind == "open" else ""
    if space is None:
        text = "outside"
    else:
        name = space.names.get("zh-Hans", "")
        short = space.ref or (f"`{space.id}`" if not name or space.level != level_id else "")
        text = f"{short} {name}".strip()
    called = f" ({door.names['zh-Hans']})" if door.names else ""
    return f"{passage}{text}{staff}{called}"
