"""From the building data to spaces, doors and walls, in metres.

A floor is described by areas (corridors, halls), by strips (rows of rooms cut
from a box, their doors on one side) and by shafts. `data/*.json` has them all;
`README.md` says how to read those files.
"""

import csv
import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geometry import (
    TOUCH_M,
    Xy,
    beside,
    cut_evenly,
    longest_m,
    segments,
    shared_edges,
    side_of,
    snap,
    snapped,
)
from shapely import LineString, Point, Polygon, unary_union
from shapely.geometry.polygon import orient

DATA = Path(__file__).parent / "data"
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
CIRCULATION = frozenset({"corridor", "hall", "ramp", "outdoor"})
BAY_M = 4.0
"""Widest opening between two columns: a longer one is drawn as several."""
JAMB_M = 0.3
"""From the corner of a room to its door."""

Names = Mapping[str, str]


@dataclass(frozen=True)
class Space:
    id: str
    level: str
    kind: str
    outline: Polygon
    names: Names = field(default_factory=dict)
    ref: str = ""
    category: str = ""
    access: str = "public"
    connector: str = ""
    step_free: bool | None = None
    slope: float | None = None
    room: str = ""
    """Row of `rooms.csv`, empty for areas and shafts."""
    department: str = ""
    """Row of `departments.csv`."""


@dataclass(frozen=True)
class Door:
    id: str
    level: str
    line: LineString
    kind: str
    width_m: float
    spaces: tuple[str, ...]
    access: str = "public"
    entrance: bool = False
    names: Names = field(default_factory=dict)
    hours: str = ""


@dataclass(frozen=True)
class Level:
    id: str
    building: str
    label: str
    ordinal: float
    elevation_m: float


@dataclass(frozen=True)
class Connector:
    id: str
    kind: str
    names: Names
    facts: Mapping[str, Any]
    """`bank`, `wait_s` and so on, as the native dialect writes them."""


@dataclass(frozen=True)
class Mark:
    """A desk (`point`) or a printed code (`anchor`)."""

    id: str
    type: str
    level: str
    at: Xy
    names: Names
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Hospital:
    names: Names
    buildings: Mapping[str, Names]
    levels: tuple[Level, ...]
    spaces: tuple[Space, ...]
    doors: tuple[Door, ...]
    walls: tuple[tuple[str, LineString], ...]
    connectors: tuple[Connector, ...]
    marks: tuple[Mark, ...]

    def space(self, space_id: str) -> Space:
        return next(space for space in self.spaces if space.id == space_id)


Row = Mapping[str, str]


def read_rows(name: str) -> dict[str, Row]:
    """The rows of a table in `data/` by their first column."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def read_json(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def names_of(texts: Sequence[str]) -> Names:
    return dict(zip(LANGUAGES, texts, strict=True))


def read_hospital() -> Hospital:
    """The whole hospital, as it truly is: without the flaws of its drawings."""
    site = read_json("site.json")
    rooms, departments = read_rows("rooms.csv"), read_rows("departments.csv")
    drawn = [_Building(read_json(name), rooms, departments) for name in site["files"]]
    for building in drawn:
        building.draw()
    spaces = {space.id: space for building in drawn for space in building.spaces}
    doors = [door for building in drawn for door in building.doors]
    for bridge in site["bridges"]:
        near, far = (spaces[space_id] for space_id in bridge["spaces"])
        doors.append(_door(near, far, bridge, f"{near.id}-D-far"))
    walls = [wall for building in drawn for wall in building.walls()]
    return Hospital(
        names=names_of(site["name"]),
        buildings={building.id: names_of(building.json["name"]) for building in drawn},
        levels=tuple(level for building in drawn for level in building.levels),
        spaces=tuple(spaces.values()),
        doors=tuple(doors),
        walls=tuple(walls),
        connectors=tuple(shaft for building in drawn for shaft in building.connectors),
        marks=tuple(mark for building in drawn for mark in building.marks),
    )


class _Building:
    """One building while it is being drawn."""

    def __init__(
        self, data: Mapping[str, Any], rooms: Mapping[str, Row], departments: Mapping[str, Row]
    ) -> None:
        self.json = data
        self.id: str = data["id"]
        self.rooms, self.departments = rooms, departments
        self.levels: list[Level] = []
        self.spaces: list[Space] = []
        self.doors: list[Door] = []
        self.marks: list[Mark] = []
        self.connectors = [self._connector(shaft) for shaft in data["shafts"]]
        self.opens: set[frozenset[str]] = set()

    def draw(self) -> None:
        for level in self.json["levels"]:
            self._draw_level(level)

    def _connector(self, shaft: Mapping[str, Any]) -> Connector:
        wanted = ("bank", "direction", "access", "step_free", "wait_s", "floor_s", "cabin_m")
        facts = {key: shaft[key] for key in wanted if key in shaft}
        # Lifts of one bank answer one button: the first gives the wait for all.
        for other in self.json["shafts"]:
            if "wait_s" in other and other["bank"] == shaft.get("bank"):
                facts.setdefault("wait_s", other["wait_s"])
        return Connector(f"{self.id}-{shaft['id']}", shaft["kind"], names_of(shaft["name"]), facts)

    # shapes

    def _point(self, x: float, y: float, frame: str = "") -> Xy:
        """A point of the building's own grid, or of a wing turned by 45°, on the site."""
        if frame:
            wing_x, wing_y = self.json["frames"][frame]
            x, y = wing_x - x + y, wing_y + x + y
        east, north = self.json["origin"]
        return snap(x + east), snap(y + north)

    def _shape(self, shape: Any, frame: str = "") -> Polygon:
        """A box, a list of corners, or a box or corners with its own frame."""
        if isinstance(shape, dict):
            return self._shape(shape["shape"], shape["frame"])
        if isinstance(shape[0], list):
            corners = shape
        else:
            x0, y0, x1, y1 = shape
            corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
        return orient(Polygon([self._point(x, y, frame) for x, y in corners]))

    def _outline(self, area: Mapping[str, Any]) -> Polygon:
        frame = area.get("frame", "")
        whole = unary_union([self._shape(shape, frame) for shape in area["shape"]])
        for shape in area.get("minus", []):
            whole = whole.difference(self._shape(shape, frame))
        outline = whole.simplify(0)
        if not isinstance(outline, Polygon):
            raise ValueError(f"{self.id}: area {area['id']} falls into pieces.")
        return snapped(outline)

    # a level

    def _draw_level(self, level: Mapping[str, Any]) -> None:
        level_id = f"{self.id}-{level['id']}"
        self.levels.append(
            Level(level_id, self.id, level["id"], level["ordinal"], level["elevation_m"])
        )
        plan = self.json["plans"].get(level.get("plan", ""), {})
        areas = {area["id"]: area for area in [*plan.get("areas", []), *level.get("areas", [])]}
        here = {area_id: self._area(level_id, area) for area_id, area in areas.items()}
        programme = {**plan.get("strips", {}), **level.get("strips", {})}
        cut = {
            name: list(self._cut(level_id, name, programme[name]))
            for name in self.json["strips"]
            if programme.get(name)
        }
        numbered = self._number(level_id, cut)
        for shaft in self.json["shafts"]:
            for space, onto, width, kind in self._shaft(level["id"], level_id, shaft):
                here[shaft["id"]] = space
                self.spaces.append(space)
                if onto:
                    host = here[onto["onto"]]
                    door = {"width_m": width, "kind": kind, **onto}
                    self.doors.append(_door(space, host, door, f"{space.id}-D"))
        self.spaces += [here[area_id] for area_id in areas]
        for name, spaces in numbered.items():
            strip = {**self.json["strips"][name], **level.get("onto", {}).get(name, {})}
            self._open_strip(strip, spaces, numbered, here)
        for entry in [*plan.get("doors", []), *level.get("doors", [])]:
            if all(part in here for part in entry["between"]):
                self._extra_door(level_id, entry, here)
        for pair in [*plan.get("open", []), *level.get("open", [])]:
            if all(part in here for part in pair):
                self.opens.add(frozenset(here[part].id for part in pair))
        self._draw_openings(level_id)
        for mark in level.get("marks", []):
            self.marks.append(self._mark(level_id, mark))

    def _area(self, level_id: str, area: Mapping[str, Any]) -> Space:
        row: Row = self.rooms.get(area.get("room", ""), {})
        return Space(
            id=f"{level_id}-{area['id']}",
            level=level_id,
            kind=area["kind"],
            outline=self._outline(area),
            names={tag: row[tag] for tag in LANGUAGES} if row else {},
            category=row.get("category", ""),
            access=area.get("access", "public"),
            room=area.get("room", ""),
            department=area.get("department", ""),
        )

    def _shaft(
        self, label: str, level_id: str, shaft: Mapping[str, Any]
    ) -> Iterator[tuple[Space, Mapping[str, Any] | None, float, str]]:
        """The shaft on this level, its way out there, and the width and kind of its door."""
        stops, drawn = shaft["stops"], shaft.get("drawn", shaft["stops"])
        if label not in drawn:
            return
        served = label in stops
        space = Space(
            id=f"{level_id}-{shaft['id']}",
            level=level_id,
            kind=shaft["kind"] if served else "closed",
            outline=self._outline(
                {"id": shaft["id"], "shape": [shaft["box"]], "frame": shaft.get("frame", "")}
            ),
            names=names_of(shaft["name"]) if served else {},
            category=shaft["kind"] if served else "shaft",
            access=shaft.get("access", "public"),
            connector=f"{self.id}-{shaft['id']}" if served else "",
            step_free=shaft.get("step_free") if served else None,
            slope=shaft.get("slope") if served else None,
        )
        onto = shaft.get("doors", {}).get(label, shaft.get("door")) if served else None
        kind = {"elevator": "sliding", "stairs": "hinged"}.get(shaft["kind"], "open")
        yield space, onto, shaft.get("width_m", 1.1), shaft.get("door_kind", kind)

    # strips: rows of rooms

    def _cut(self, level_id: str, name: str, programme: str) -> Iterator[Space]:
        """The rooms of one strip, in order: "key", "key*3", "key:4.5", "department/key"."""
        strip = self.json["strips"][name]
        x0, y0, x1, y1 = strip["box"]
        upright = strip["side"] in "EW"
        low, high = (y0, y1) if upright else (x0, x1)
        parts = list(_parts(programme))
        shared = [part for part in parts if part[2] is None]
        left = high - low - sum(width for _, _, width in parts if width is not None)
        at = low
        for index, (department, key, width) in enumerate(parts):
            wide = snap(left / len(shared)) if width is None else width
            end = high if index == len(parts) - 1 else snap(at + wide)
            shape = [x0, at, x1, end] if upright else [at, y0, end, y1]
            row = self.rooms[key]
            yield Space(
                id=name,
                level=level_id,
                kind=row["kind"] or "room",
                outline=self._shape(shape, strip.get("frame", "")),
                category=row["category"],
                access=row["access"] or "public",
                room=key,
                department=department,
            )
            at = end
        if abs(at - high) > TOUCH_M or left < -TOUCH_M:
            raise ValueError(f"{level_id}: strip {name} is not filled exactly.")

    def _number(self, level_id: str, cut: Mapping[str, Sequence[Space]]) -> dict[str, list[Space]]:
        """Rooms with their id, number on the door and names."""
        floor = level_id.split("-")[1]
        prefix = floor.removesuffix("F")
        number, same, repeated = 0, Counter[str](), Counter[str]()
        numbered: dict[str, list[Space]] = {}
        for strip, spaces in cut.items():
            numbered[strip] = []
            for space in spaces:
                row = self.rooms[space.room]
                ref = ""
                if row["numbered"]:
                    number += 1
                    ref = f"{prefix}{number:02d}"
                same[f"{space.department}/{space.room}"] += 1
                repeated[space.room] += 1
                count = repeated[space.room]
                plain = space.room if count == 1 else f"{space.room}-{count}"
                words = {
                    "n": str(same[f"{space.department}/{space.room}"]),
                    "ref": ref,
                    "floor": prefix,
                }
                named = replace(
                    space,
                    id=f"{level_id}-{ref or plain}",
                    ref=ref,
                    names=self._names(row, space.department, words),
                )
                numbered[strip].append(named)
        return numbered

    def _names(self, row: Row, department: str, words: Mapping[str, str]) -> Names:
        names = {}
        for tag in LANGUAGES:
            about = self.departments[department][tag] if department else ""
            names[tag] = row[tag].format(dept=about, **words).strip()
        return {tag: name for tag, name in names.items() if name}

    def _open_strip(
        self,
        strip: Mapping[str, Any],
        spaces: Sequence[Space],
        strips: Mapping[str, Sequence[Space]],
        here: dict[str, Space],
    ) -> None:
        """A door from every room of the strip to the space in front of it; halls are open to it."""
        onto = strip["onto"]
        hosts = strips.get(onto[1:], []) if onto.startswith("/") else [here[onto]]
        for space in spaces:
            self.spaces.append(space)
            here[space.id] = space
            if space.kind == "closed":
                continue
            host = max(hosts, key=lambda host: longest_m(shared_edges(space.outline, host.outline)))
            if space.kind == "hall":
                self.opens.add(frozenset((space.id, host.id)))
                continue
            row = self.rooms[space.room]
            door = {
                "width_m": float(row["width_m"] or 0.9),
                "kind": row["door"] or "hinged",
                "access": space.access,
                "side": "" if "frame" in strip else strip["side"],
            }
            self.doors.append(_door(space, host, door, f"{space.id}-D"))

    def _extra_door(
        self, level_id: str, entry: Mapping[str, Any], here: Mapping[str, Space]
    ) -> None:
        between = entry["between"]
        spaces = [here[part] for part in between]
        door_id = f"{level_id}-D-{entry['id']}"
        other = spaces[1] if len(spaces) > 1 else None
        facts = {**entry, "site_at": self._point(*entry["at"])}
        self.doors.append(_door(spaces[0], other, facts, door_id))

    def _mark(self, level_id: str, mark: Mapping[str, Any]) -> Mark:
        facts = {key: mark[key] for key in ("category", "code", "bearing_deg") if key in mark}
        name = mark.get("code") or mark["category"]
        at = self._point(mark["at"][0], mark["at"][1])
        return Mark(
            f"{level_id}-{name}{mark.get('n', '')}",
            "anchor" if "code" in mark else "point",
            level_id,
            at,
            names_of(mark["name"]),
            facts,
        )

    def _draw_openings(self, level_id: str) -> None:
        """Passages without a door where halls and corridors are open to each other."""
        by_id = {space.id: space for space in self.spaces if space.level == level_id}
        for pair in sorted(sorted(pair) for pair in self.opens if pair <= by_id.keys()):
            one, other = (by_id[space_id] for space_id in pair)
            bays = [
                bay
                for edge in shared_edges(one.outline, other.outline)
                for bay in cut_evenly(edge, BAY_M)
            ]
            for number, bay in enumerate(bays, 1):
                ends = (one.id, other.id)
                door_id = f"{one.id}-O-{other.id.removeprefix(f'{level_id}-')}-{number}"
                width_m = round(bay.length, 2)
                self.doors.append(Door(door_id, level_id, bay, "open", width_m, ends))

    def walls(self) -> Iterator[tuple[str, LineString]]:
        """Where corridors and halls touch without being open to each other."""
        for level in self.levels:
            walked = [s for s in self.spaces if s.level == level.id and s.kind in CIRCULATION]
            for index, one in enumerate(walked):
                for other in walked[index + 1 :]:
                    if frozenset((one.id, other.id)) in self.opens:
                        continue
                    doors = [d.line for d in self.doors if {one.id, other.id} <= set(d.spaces)]
                    for edge in shared_edges(one.outline, other.outline):
                        yield from ((level.id, wall) for wall in beside(edge, doors))


# tokens


def _parts(programme: str) -> Iterator[tuple[str, str, float | None]]:
    """ "cardio/consult*2:3.5" as two times ("cardio", "consult", 3.5)."""
    for token in programme.split():
        match = re.fullmatch(r"(?:([\w-]+)/)?([\w-]+?)(?:\*(\d+))?(?::([\d.]+))?", token)
        if not match:
            raise ValueError(f"What is {token!r}?")
        department, key, count, width = match.groups()
        for _ in range(int(count or 1)):
            yield department or "", key, float(width) if width else None


def _door(one: Space, other: Space | None, facts: Mapping[str, Any], door_id: str) -> Door:
    """A door on the edge that two spaces share, near a point if the facts name one (`at`).

    With no second space it is a door to the outside, on the edge nearest to `at`.
    """
    edges = shared_edges(one.outline, other.outline) if other else list(segments(one.outline))
    at: Xy | None = tuple(facts["site_at"]) if "site_at" in facts else None
    side = facts.get("side")
    if side:
        edges = [edge for edge in edges if side_of(edge) == side]
    if not edges:
        raise ValueError(f"{door_id}: nothing is shared by {one.id} and {other and other.id}.")
    if at is not None:
        edge = min(edges, key=lambda edge: LineString(edge).distance(Point(at)))
    else:
        edge = max(edges, key=lambda edge: (round(math.dist(*edge), 3), edge))
    (ax, ay), (bx, by) = sorted(edge)
    length = math.dist(*edge)
    step = max(abs(bx - ax), abs(by - ay)) / length
    width = min(facts["width_m"], length)
    if at is not None:
        ux, uy = (bx - ax) / length, (by - ay) / length
        start = (at[0] - ax) * ux + (at[1] - ay) * uy - width / 2
    elif facts.get("middle") or length < width + 2 * JAMB_M:
        start = (length - width) / 2
    else:
        start = JAMB_M
    start = min(max(start, 0.0), length - width)
    sign = ((bx > ax) - (bx < ax), (by > ay) - (by < ay))
    low, high = snap(start * step), snap((start + width) * step)
    line = LineString([(snap(ax + sign[0] * s), snap(ay + sign[1] * s)) for s in (low, high)])
    spaces = (one.id, other.id) if other else (one.id,)
    return Door(
        id=door_id,
        level=one.level,
        line=line,
        kind=facts["kind"],
        width_m=width,
        spaces=spaces,
        access=facts.get("access", "public"),
        entrance=facts.get("entrance", False),
        names=names_of(facts["name"]) if "name" in facts else {},
        hours=facts.get("hours", ""),
    )
