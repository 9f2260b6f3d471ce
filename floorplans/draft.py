"""A plan while a reader fills it: keys made unique, outlines repaired, findings collected."""

from dataclasses import dataclass, field, replace

import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.classify import is_for_staff
from floorplans.georeference import Georeference
from floorplans.limits import LIMITS, MAX_EXTENT_M, Limits
from floorplans.outlines import mend
from navkit.plan.encodings import is_garbled
from navkit.plan.plan import (
    Names,
    Plan,
    PlanAnchor,
    PlanConnector,
    PlanDoor,
    PlanLevel,
    PlanPath,
    PlanPoint,
    PlanSpace,
)
from navkit.words.findings import LOG_LANGUAGE, Finding, PlanError

TOUCHING_M = 0.05
"""Parts of one door are drawn this near to each other, and a line this straight is straight."""

UNDRAWN = Polygon()
"""Placeholder for a space's outline until `Draft.add_space` has repaired it."""


@dataclass
class Draft:
    """Geometry goes in as drawn and is stored in the frame of `georeference`."""

    source: str
    georeference: Georeference
    limits: Limits = LIMITS
    findings: list[Finding] = field(default_factory=list)
    levels: dict[str, PlanLevel] = field(default_factory=dict)
    spaces: list[PlanSpace] = field(default_factory=list)
    doors: list[PlanDoor] = field(default_factory=list)
    paths: list[PlanPath] = field(default_factory=list)
    walls: list[tuple[str, LineString]] = field(default_factory=list)
    floors: list[tuple[str, Polygon]] = field(default_factory=list)
    connectors: list[PlanConnector] = field(default_factory=list)
    points: list[PlanPoint] = field(default_factory=list)
    anchors: list[PlanAnchor] = field(default_factory=list)
    names: Names = field(default_factory=dict)
    building_names: dict[str, Names] = field(default_factory=dict)
    says_access: bool = False
    """Whether the format says itself who may go where; else the names of spaces may say it."""
    _used: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _counted: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = field(default_factory=dict)

    def say(self, code: str, where: str = "", **slots: str) -> None:
        self.findings.append(Finding(code, where, slots))

    def tally(self, code: str, which: str, **slots: str) -> None:
        """Count one more of what is reported once for the whole drawing, with examples.

        Other values of `slots` are another finding.
        """
        self._counted.setdefault((code, tuple(slots.items())), []).append(which)

    def metres(self, drawn: BaseGeometry) -> BaseGeometry:
        return self.georeference.to_metres(drawn)

    def unique(self, kind: str, level: str, key: str, where: str) -> str:
        """`key`, or `key` with a suffix and a finding if it is taken on this level."""
        if not key:
            return key
        used = self._used.get((kind, level, key), 0)
        self._used[kind, level, key] = used + 1
        if not used:
            return key
        self.say("id-used-twice", where, id=key)
        return self.unique(kind, level, f"{key}~{used + 1}", where)

    def add_space(self, space: PlanSpace, drawn: BaseGeometry, where: str) -> None:
        self.add_outline(space, self.metres(drawn), where)

    def add_outline(self, space: PlanSpace, outline: BaseGeometry, where: str) -> None:
        """Like `add_space`, for an outline in metres, once for each of its parts.

        Parts after the largest get ``#2``, ``#3`` … after the key.
        """
        outlines = mend(outline, where, self.limits)
        if outlines.finding:
            self.findings.append(outlines.finding)
        if not outlines.parts:
            return
        if not self.says_access and space.access == "public" and is_for_staff(space.names):
            self.tally("staff-by-name", next(iter(space.names.values())))
            space = replace(space, access="staff")
        key = self.unique("space", space.level, space.key, where)
        for number, part in enumerate(outlines.parts, start=1):
            suffix = f"#{number}" if key and number > 1 else ""
            self.spaces.append(replace(space, key=key + suffix, outline=part))

    def add_door(self, door: PlanDoor, drawn: BaseGeometry, where: str) -> None:
        """A door in any shape; one for each of several shapes that are apart."""
        if not self.says_access and door.access == "public" and is_for_staff(door.names):
            self.tally("staff-by-name", next(iter(door.names.values())))
            door = replace(door, access="staff")
        key = self.unique("door", door.level, door.key, where)
        shapes = door_shapes(self.metres(drawn))
        if not shapes:
            self.say("geometry-not-fitting", where, what="door", kind=drawn.geom_type)
        for number, shape in enumerate(shapes, start=1):
            suffix = f"#{number}" if key and number > 1 else ""
            self.doors.append(replace(door, key=key + suffix, line=shape))

    def add_wall(self, level: str, drawn: BaseGeometry) -> None:
        parts = shapely.get_parts(self.metres(drawn))
        for part in parts:
            line = part.exterior if isinstance(part, Polygon) else part
            if isinstance(line, LineString):
                self.walls.append((level, LineString(line)))

    def add_floor(self, level: str, drawn: BaseGeometry, where: str) -> None:
        """The outline of a whole floor or building."""
        outlines = mend(self.metres(drawn), where, self.limits)
        self.floors.extend((level, part) for part in outlines.parts)

    def plan(self) -> Plan:
        """The plan that was collected; a PlanError if there is nothing to walk on."""
        named: list[PlanSpace | PlanDoor | PlanPoint] = [*self.spaces, *self.doors, *self.points]
        for thing in named:
            if any(map(is_garbled, thing.names.values())):
                self.tally("name-garbled", thing.key or next(iter(thing.names.values())))
        findings = [*self.georeference.findings, *self.findings]
        for (code, said), which in sorted(self._counted.items()):
            shown = (", ".join(dict.fromkeys(w for w in which[:5] if w)) or "–") + (
                " …" if len(which) > 5 else ""
            )
            slots = {**dict(said), "count": str(len(which)), "which": shown}
            findings.append(Finding(code, self.source, slots))
        if not self.spaces and not self.paths:
            reason = next((f for f in findings if f.severity != "note"), None)
            detail = reason.text(LOG_LANGUAGE) if reason else "-"
            raise PlanError("nothing-to-walk-on", self.source, first=detail)
        if len(self.levels) > self.limits.storeys:
            raise PlanError("too-many-storeys", self.source, limit=str(self.limits.storeys))
        return Plan(
            source=self.source,
            frame=self.georeference.frame,
            levels=tuple(
                sorted(self.levels.values(), key=lambda v: (v.building, v.ordinal, v.key))
            ),
            spaces=tuple(self.spaces),
            doors=tuple(self.doors),
            paths=tuple(self.paths),
            walls=tuple(self.walls),
            floors=tuple(self.floors),
            connectors=tuple(self.connectors),
            points=tuple(self.points),
            anchors=tuple(self.anchors),
            names=self.names,
            building_names=self.building_names,
            findings=tuple(findings),
        )


def door_shapes(drawn: BaseGeometry) -> list[LineString | Point | Polygon]:
    """What is drawn for doors: lines that are straight, points, and areas for everything else.

    A closed line is the area in it. Shapes that touch are one door: its leaf and the arc of its
    swing, or two leaves.
    """
    parts = [part for part in shapely.get_parts(drawn) if not part.is_empty]
    if not parts:
        return []
    together = shapely.union_all([part.buffer(TOUCHING_M) for part in parts])
    shapes: list[LineString | Point | Polygon] = []
    for group in shapely.get_parts(together):
        inside = [part for part in parts if group.intersects(part)]
        shape = inside[0] if len(inside) == 1 else shapely.union_all(inside).convex_hull
        if isinstance(shape, LineString) and not _is_straight(shape):
            shape = shape.convex_hull
        if isinstance(shape, LineString | Point | Polygon):
            shapes.append(shape)
    return shapes


def _is_straight(line: LineString) -> bool:
    ends = LineString([line.coords[0], line.coords[-1]])
    return ends.length > 0 and line.hausdorff_distance(ends) <= TOUCHING_M


def width_m(value: float | None) -> float | None:
    """A door's or path's width in metres, None if the number cannot be one."""
    return value if value is not None and 0.3 <= value <= MAX_EXTENT_M / 100 else None


def slope_of(value: float | None) -> float | None:
    """Rise over run without sign, None if it is not a ramp (steeper than 1 in 1)."""
    return abs(value) if value is not None and 0 < abs(value) <= 1 else None
