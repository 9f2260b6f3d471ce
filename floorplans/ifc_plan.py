"""From building models (IFC) to a plan: spaces of each storey, doors, stairs, lifts, and walls.

The result is read like any GeoJSON by strangers, so kinds, names and doors are understood by the
same rules.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans import foreign, scale
from floorplans.classify import classify
from floorplans.collection import Collection, Feature
from floorplans.control import on_earth, read_control
from floorplans.ifc import Model
from floorplans.ifc_parts import Door, Parts, Room, Storey, Way, parts_of
from floorplans.labels import is_code, is_door_number, words
from floorplans.sheet import Json, Sheet
from floorplans.storeys import level_key, ordinals_of
from navkit.plan.plan import CIRCULATION, SHAFTS, Plan
from navkit.words.findings import Finding, PlanError

_SAME_M = 0.1
"""Storeys of a building that are nearer in height are one."""
_AT_DOOR_M = 0.6
"""A room this near to the middle of a wall has the doors in it. A guess."""
_STEP_M = 0.6
"""What begins this near to a floor is on it: thresholds, and a last step."""
_BODY_M = (0.3, 0.9)
"""A wall that is there between these heights above the floor cannot be walked through."""
_EYES_M = 1.013
"""At this height walls are cut: above sills of most windows, and at no round number."""
_REACHES_M = 1.5
"""A shaft that goes so far above a floor is on it, too."""
_BESIDE_M = 1.0
"""A floor of which no room is this near to a shaft is another part of the building: a half floor
beside it. A guess."""
_COVERED = 0.6
"""Stairs of which this part is in a room stand in it; a guess."""
_FILLED = 0.35
"""A room of which stairs cover this part is a stairwell; a guess."""
_TREAD_M = 0.25
"""Corners this near to a floor are where stairs begin or end there."""
_MOUTH_M = 1.2
_AWAY_M = 2.5
"""Stairs meet the edge of their shaft no farther from their ends. A guess: a landing."""
_SIDE_M = 0.6
"""A shorter side of a shaft is no way into it. A guess: narrow stairs."""
_LEAST_PASSAGE_M = 0.5
_ACROSS_M = 0.35
"""A room this near to an open boundary is behind it."""
_MEND_M = 0.15
"""Gaps between treads of half this are closed."""
_MOST_NAMED = 8


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """One file as one plan."""
    sheet = sheets[0]
    model = Model(sheet)
    parts = parts_of(model)
    if not parts.rooms:
        code = "ifc-rooms-undrawn" if parts.undrawn or parts.outside else "ifc-no-rooms"
        raise PlanError(code, sheet.name, count=str(len(parts.undrawn)))
    said = model.unit_m or 1.0
    unit_m, findings = scale.decide(_measures(parts, said), model.unit_m, source)
    building = _Building(parts.scaled(unit_m / said) if unit_m != said else parts, sheet)
    if not building.rooms:
        raise PlanError("ifc-rooms-undrawn", sheet.name, count=str(len(parts.undrawn)))
    features = tuple(building.features())
    points = sum(int(shapely.get_num_coordinates(feature.drawn)) for feature in features)
    control = read_control(sheet.beside)
    place = () if control else _place(model)
    found = (*model.findings(), *findings, *building.findings(), *place)
    collection = Collection(sheet.name, {"units": "m"}, features, found, points)
    plan = foreign.read([collection], source, sheet.limits)
    labels = {(floor.building, floor.ordinal): floor for floor in building.floors}
    levels = [
        replace(level, label=floor.label, elevation_m=round(floor.elevation_m, 2))
        for level in plan.levels
        for floor in [labels[level.building, level.ordinal]]
    ]
    plan = replace(plan, levels=tuple(levels), walls_are_whole=True)
    return on_earth(plan, control, lambda _, at: (at[0] * unit_m, at[1] * unit_m))


def _measures(parts: Parts, unit_m: float) -> scale.Measures:
    """In the file's own unit. Of the doors the narrower half: many in hospitals have two leaves."""
    box = shapely.total_bounds([room.outline for room in parts.rooms])
    widths = sorted(door.line.length / unit_m for door in parts.doors)
    return scale.Measures(
        float(max(box[2] - box[0], box[3] - box[1])) / unit_m,
        widths[: (len(widths) + 1) // 2],
        [room.outline.area / unit_m**2 for room in parts.rooms],
    )


def _place(model: Model) -> Iterator[Finding]:
    """Where the model says that it is. It may be the city that its program begins with."""
    said = [
        *model.made(_on_earth, model.every("IfcSite")),
        *model.made(
            lambda one: f"{one.Eastings}, {one.Northings}", model.every("IfcMapConversion")
        ),
        *dict.fromkeys(model.made(_north, model.every("IfcGeometricRepresentationContext"))),
    ]
    if said:
        yield Finding("ifc-place-unused", model.sheet.name, {"place": "; ".join(said)[:80]})


def _on_earth(site: Any) -> str | None:
    """Latitude and longitude."""
    lat_deg, lon_deg = _degrees(site.RefLatitude), _degrees(site.RefLongitude)
    return None if lat_deg is None or lon_deg is None else f"{lat_deg:.4f}, {lon_deg:.4f}"


def _north(context: Any) -> str | None:
    """By how much true north is turned, clockwise; None if it is along the y axis."""
    if context.is_a("IfcGeometricRepresentationSubContext") or not context.TrueNorth:
        return None
    x, y = context.TrueNorth.DirectionRatios[:2]
    turned_deg = math.degrees(math.atan2(x, y))
    return f"N {turned_deg:+.0f}°" if abs(turned_deg) >= 0.5 else None


def _degrees(parts: Any) -> float | None:
    """Degrees, minutes, seconds and millionths of a second, all with one sign."""
    if not isinstance(parts, tuple) or not 3 <= len(parts) <= 4:
        return None
    if not all(isinstance(part, int) for part in parts):
        return None
    sizes = (1, 60, 3600, 3600e6)
    return float(sum(part / size for part, size in zip(parts, sizes, strict=False)))


@dataclass(frozen=True)
class _Floor:
    """A storey that people walk on, or several at one height."""

    numbers: frozenset[int]
    label: str
    building: str
    ordinal: float
    elevation_m: float
    floor_m: float
    """How high its rooms begin, in the model."""

    @property
    def level(self) -> str:
        return level_key(self.ordinal)


@dataclass(frozen=True)
class _Shaft:
    """A stairwell, or stairs or a lift without a room of their own."""

    plan: BaseGeometry
    floors: Sequence[_Floor]
    ways: Sequence[Way]
    """What stands in it."""

    def has_door(self, doors: Iterable[LineString]) -> bool:
        """Whether more than half of a door is at its edge."""
        edge = self.plan.boundary.buffer(_ACROSS_M)
        return any(door.intersection(edge).length > door.length / 2 for door in doors)

    def mouths(self, floor: _Floor) -> Iterator[LineString]:
        """Pieces of its edge where its stairs may meet a floor, the nearest first."""
        ring = self.plan.exterior if isinstance(self.plan, Polygon) else self.plan.convex_hull
        corners = [Point(xy) for xy in shapely.get_coordinates(ring)]
        sides = [LineString(pair) for pair in pairwise(corners)]
        for way in self.ways:
            at = way.mesh.top_near(floor.floor_m, _TREAD_M)
            if at is None or way.kind == "elevator":
                continue
            near = [s for s in sides if s.length >= _SIDE_M and s.dwithin(at, _AWAY_M)]
            for side in sorted(near, key=lambda one: one.distance(at)):
                middle = side.project(at)
                start = max(0.0, middle - _MOUTH_M / 2)
                end = min(side.length, middle + _MOUTH_M / 2)
                yield LineString([side.interpolate(start), side.interpolate(end)])


@dataclass
class _Free:
    """Where on one floor a passage may be."""

    shut: BaseGeometry
    """Walls."""
    taken: BaseGeometry
    """Doors, and passages that are already there."""
    rooms: Sequence[BaseGeometry]

    def parts(self, line: LineString, *, in_wall: bool = False) -> Iterator[LineString]:
        """The free parts of a line that have rooms on both sides; they are taken then."""
        free = (line if in_wall else line.difference(self.shut)).difference(self.taken)
        for part in shapely.get_parts(shapely.line_merge(free)):
            if part.length >= _LEAST_PASSAGE_M and self._joins(part):
                self.taken = self.taken.union(part.buffer(_ACROSS_M, cap_style="flat"))
                yield part

    def _joins(self, line: LineString) -> bool:
        middle = line.interpolate(0.5, normalized=True)
        return sum(middle.dwithin(outline, _ACROSS_M) for outline in self.rooms) > 1


class _Building:
    """What is in the model, storey by storey."""

    def __init__(self, parts: Parts, sheet: Sheet) -> None:
        self.parts = parts
        self.sheet = sheet
        self._number = 0
        on: dict[int, list[Room]] = {}
        for room in parts.rooms:
            on.setdefault(room.storey, []).append(room)
        walked = {
            number for number, rooms in on.items() if any(_kind(r) != "closed" for r in rooms)
        }
        storeys = [one for one in parts.storeys if one.number in walked]
        if not storeys:
            # Spaces belong to no storey, or none of them can be walked on.
            storeys = [Storey(0, "", min(r.low_m for r in parts.rooms), "")]
        self.floors = _floors(storeys, on, len({one.building for one in storeys}) > 1)
        self.left_out = [r for r in parts.rooms if self.floor_of_room(r) is None]
        self.rooms = [(r, f) for r in parts.rooms if (f := self.floor_of_room(r)) is not None]

    def floor_of_room(self, room: Room) -> _Floor | None:
        """None if its storey is one that nobody walks on."""
        found = next((one for one in self.floors if room.storey in one.numbers), None)
        known = any(one.number == room.storey for one in self.parts.storeys)
        return found if found or known else self.floor_at(room.low_m)

    def floor_at(self, low_m: float, near: Iterable[_Floor] = ()) -> _Floor:
        """The highest floor that is not above a height; else the lowest."""
        floors = list(near) or self.floors
        below = [one for one in floors if one.floor_m <= low_m + _STEP_M]
        if below:
            return max(below, key=lambda one: one.floor_m)
        return min(floors, key=lambda one: one.floor_m)

    @cached_property
    def entrances(self) -> list[Door]:
        """Outer doors of the ground floor that lead into one corridor or hall: others are those of
        terraces and balconies."""
        found = []
        for door in self.parts.doors:
            floor = self.floor_of_door(door)
            if door.is_outer and floor.ordinal == 0:
                here = [r for r, on in self.rooms if on is floor]
                near = [r for r in here if r.outline.dwithin(door.line, _AT_DOOR_M)]
                named = [r for r in here if r.number in door.of_rooms] or near
                if len(named) == 1 and _kind(named[0]) in CIRCULATION:
                    found.append(door)
        return found

    def floor_of_door(self, door: Door) -> _Floor:
        """That of the storey that it is in, if its height is right."""
        found = next((one for one in self.floors if door.storey in one.numbers), None)
        if found and abs(found.floor_m - door.low_m) <= _REACHES_M:
            return found
        return self.floor_at(door.low_m)

    @cached_property
    def wells(self) -> Mapping[int, list[Way]]:
        """By room: the stairs and lifts that stand in it and make it a shaft. What its name calls
        something else, such as a hall, is none."""
        found: dict[int, list[Way]] = {}
        for way in self.parts.ways:
            plan = _plan_of(way)
            for room, floor in self.rooms:
                low_m, high_m = way.mesh.low_m - _STEP_M, way.mesh.high_m + _STEP_M
                if not low_m <= floor.floor_m <= high_m:
                    continue
                shared = room.outline.intersection(plan).area
                is_filled = shared >= _FILLED * room.outline.area
                is_well = _kind(room) in SHAFTS or (is_filled and not _says_use(room))
                if is_well and shared >= _COVERED * plan.area:
                    found.setdefault(room.number, []).append(way)
        return found

    def features(self) -> Iterator[Feature]:
        for floor in self.floors:
            for wall in self.walls[floor]:
                yield self._feature(wall, {"class": "wall"}, floor)
        shafts: list[_Shaft] = []
        for room, floor in self.rooms:
            told = _told(room)
            floors = [floor]
            if room.number in self.wells or _kind(room) in SHAFTS:
                ways = self.wells.get(room.number, [])
                if ways and _kind(room) not in SHAFTS:
                    told["class"] = ways[0].kind
                floors = self._reached(room, floor, ways)
                shafts.append(_Shaft(room.outline, floors, ways))
            yield self._feature(room.outline, told, *floors, id=room.id)
        for way in self.parts.ways:
            wells = [one for one in shafts if any(other is way for other in one.ways)]
            held = {floor for one in wells for floor in one.floors}
            floors = [floor for floor in self._served(way) if floor not in held]
            if floors:
                plan = _plan_of(way)
                shafts.append(_Shaft(plan, floors, [way]))
                yield self._feature(plan, {"class": way.kind}, *floors, id=way.id)
        for door in self.parts.doors:
            told = {"class": "door"} | ({"width": door.clear_m} if door.clear_m else {})
            rooms: list[Json] = [r.id for r, _ in self.rooms if r.number in door.of_rooms]
            told |= {"spaces": rooms} if rooms else {}
            told |= {"entrance": True} if door in self.entrances else {}
            yield self._feature(door.line, told, self.floor_of_door(door), id=door.id)
        for line, floor in self._passages(shafts):
            yield self._feature(line, {"class": foreign.OPEN_PASSAGE}, floor)

    def _feature(
        self, drawn: BaseGeometry, told: dict[str, Json], *floors: _Floor, id: str = ""
    ) -> Feature:
        self._number += 1
        told |= {"level": ";".join(dict.fromkeys(floor.level for floor in floors))}
        if floors[0].building:
            told["building"] = floors[0].building
        return Feature(id, told, drawn, self.sheet.name, self._number)

    def _reached(self, room: Room, floor: _Floor, ways: Iterable[Way]) -> list[_Floor]:
        """The floors that a shaft is on: its own, those into which its body rises, and those to
        which the stairs in it lead, if no other shaft is drawn there."""
        tops = [way.mesh.high_m + _STEP_M for way in ways]
        found = [floor]
        for other in self.floors:
            if other.building != floor.building or other.floor_m <= floor.floor_m + _SAME_M:
                continue
            rises = room.high_m >= other.floor_m + _REACHES_M
            here = [r for r, f in self.rooms if f is other]
            if (
                (rises or any(top >= other.floor_m for top in tops))
                and any(r.outline.dwithin(room.outline, _BESIDE_M) for r in here)
                and not any(
                    _kind(r) in SHAFTS and r.outline.intersection(room.outline).area > 0.3
                    for r in here
                )
            ):
                found.append(other)
        return found

    def _served(self, way: Way) -> list[_Floor]:
        """The floors between the foot and the head of stairs."""
        low_m, high_m = way.mesh.low_m - _STEP_M, way.mesh.high_m + _STEP_M
        if way.kind == "elevator":
            high_m -= _REACHES_M
        over = _plan_of(way)
        near = [f for f in self.floors if low_m <= f.floor_m <= high_m]
        return [f for f in near if any(r.outline.intersects(over) for r, g in self.rooms if g is f)]

    @cached_property
    def walls(self) -> Mapping[_Floor, list[BaseGeometry]]:
        found: dict[_Floor, list[BaseGeometry]] = {floor: [] for floor in self.floors}
        least_m, most_m = _BODY_M
        for floor in self.floors:
            for wall in self.parts.walls:
                if wall.low_m <= floor.floor_m + least_m and wall.high_m >= floor.floor_m + most_m:
                    cut = wall.section(floor.floor_m + _EYES_M)
                    cut = wall.shadow() if cut.is_empty else cut
                    found[floor] += [part for part in shapely.get_parts(cut) if not part.is_empty]
        return found

    def _passages(self, shafts: Sequence[_Shaft]) -> Iterator[tuple[LineString, _Floor]]:
        """Open boundaries between two rooms, and where stairs begin and end."""
        for floor in self.floors:
            here: list[BaseGeometry] = [room.outline for room, on in self.rooms if on is floor]
            mine = [one for one in shafts if floor in one.floors]
            here += [one.plan for one in mine if all(one.plan is not other for other in here)]
            doors = [one.line for one in self.parts.doors if self.floor_of_door(one) is floor]
            free = _Free(
                shapely.union_all(self.walls[floor]),
                shapely.union_all(shapely.buffer(doors, _ACROSS_M)),
                here,
            )
            stairs = [one.plan for one in mine if one.ways]
            for passage in self.parts.passages:
                is_here = abs(passage.low_m - floor.floor_m) <= _STEP_M
                if is_here and not _is_along(passage.line, stairs):
                    for part in free.parts(passage.line, in_wall=passage.in_wall):
                        yield part, floor
            for one in mine:
                # A shaft with a door is entered by that.
                if not one.has_door(doors):
                    for mouth in one.mouths(floor):
                        if parts := list(free.parts(mouth)):
                            yield parts[0], floor
                            break

    def findings(self) -> Iterator[Finding]:
        """Which spaces are left out."""
        where, roofs = self.sheet.name, [_called(room) for room in self.left_out]
        if roofs:
            yield Finding("ifc-storey-left-out", where, _slots(roofs))
        if self.entrances:
            called = [door.id for door in self.entrances]
            yield Finding("entrance-by-model", where, _slots(called))
        if self.parts.undrawn:
            yield Finding("ifc-space-undrawn", where, _slots(self.parts.undrawn))
        if self.parts.outside:
            yield Finding("ifc-space-left-out", where, _slots(self.parts.outside))


def _slots(called: Sequence[str]) -> dict[str, str]:
    more = " …" if len(called) > _MOST_NAMED else ""
    return {"count": str(len(called)), "which": ", ".join(called[:_MOST_NAMED]) + more}


def _floors(
    storeys: Sequence[Storey], on: Mapping[int, Sequence[Room]], several: bool
) -> list[_Floor]:
    """By building and height. What their names say of their order holds if all agree; else the one
    whose height is nearest to zero is the ground floor."""
    floors: list[_Floor] = []
    for building in sorted({one.building for one in storeys}):
        mine = sorted((s for s in storeys if s.building == building), key=lambda s: s.elevation_m)
        groups: list[list[Storey]] = []
        for one in mine:
            if groups and one.elevation_m - groups[-1][0].elevation_m < _SAME_M:
                groups[-1].append(one)
            else:
                groups.append([one])
        labels = [_label(group[0].name) for group in groups]
        ordinals = _ordinals(labels, [group[0].elevation_m for group in groups])
        for group, label, ordinal in zip(groups, labels, ordinals, strict=True):
            rooms = [room for one in group for room in on.get(one.number, ())]
            low_m = median(room.low_m for room in rooms) if rooms else group[0].elevation_m
            numbers = frozenset(one.number for one in group)
            floors.append(
                _Floor(
                    numbers,
                    label,
                    building if several else "",
                    ordinal,
                    group[0].elevation_m,
                    low_m,
                )
            )
    return floors


def _ordinals(labels: Sequence[str], heights_m: Sequence[float]) -> list[float]:
    said = ordinals_of(set(labels) - {""})
    known = [said.get(label) for label in labels]
    whole = [one for one in known if one is not None]
    if len(whole) == len(known) and sorted(set(whole)) == whole:
        return whole
    moves = {one - number for number, one in enumerate(known) if one is not None}
    if len(moves) == 1:
        move = moves.pop()
    else:
        move = -float(min(range(len(labels)), key=lambda n: abs(heights_m[n])))
    return [number + move for number in range(len(labels))]


def _label(name: str) -> str:
    return "" if is_code(name) else name


def _kind(room: Room) -> str:
    found = classify(room.name or room.ref)
    return found.kind if found else "room"


def _says_use(room: Room) -> bool:
    return classify(room.name or room.ref) is not None


def _called(room: Room) -> str:
    return " ".join(filter(None, (room.ref, room.name)))


def _told(room: Room) -> dict[str, Json]:
    """Number and name. A `Name` that is no number is the name if there is no other."""
    told: dict[str, Json] = {}
    name = "" if room.name.casefold() in words()["unnamed_rooms"] else room.name
    if is_door_number(room.ref):
        told["number"] = room.ref
    elif not name:
        name = room.ref
    if name:
        told["name"] = name
    return told


def _plan_of(way: Way) -> BaseGeometry:
    """Without gaps between treads."""
    closed = way.mesh.shadow().buffer(_MEND_M).buffer(-_MEND_M)
    parts = list(shapely.get_parts(closed))
    plan = parts[0] if len(parts) == 1 else closed.convex_hull
    return plan.simplify(0.02) if isinstance(plan, Polygon) else closed.convex_hull


def _is_along(line: LineString, stairs: Sequence[BaseGeometry]) -> bool:
    """Whether a boundary is one of stairs, which are entered at their ends."""
    return any(line.interpolate(0.5, normalized=True).dwithin(one, _ACROSS_M) for one in stairs)
