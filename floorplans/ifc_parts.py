"""What a building model says that a plan needs: storeys, spaces, doors, walls, stairs and lifts."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import shapely
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from floorplans.ifc import Model, moved, text_of
from floorplans.ifc_shapes import Mesh, together

_CUT_M = 0.1
"""Above its floor a space without a footprint is cut."""
_THIN_M = 0.05
"""A boundary of two spaces that is upright is no thicker, seen from above."""
_OUTSIDE = frozenset({"EXTERNAL", "EXTERNAL_EARTH", "EXTERNAL_FIRE", "EXTERNAL_WATER"})
_WHOLE = "GFA"
"""A space of this kind is the gross area of a storey, no room."""
_UPRIGHT = ("IfcWall", "IfcPlate", "IfcMember")
_PANES = ("IfcPlate", "IfcMember")
"""Parts of curtain walls, and of other things."""
_CLIMBING = (("IfcStair", "stairs"), ("IfcRamp", "ramp"))
_MOVING = {"ELEVATOR": "elevator", "ESCALATOR": "escalator"}


@dataclass(frozen=True)
class Storey:
    number: int
    name: str
    elevation_m: float
    building: str


@dataclass(frozen=True)
class Room:
    number: int
    id: str
    ref: str
    """`Name`, usually the number on the door."""
    name: str
    """`LongName`."""
    storey: int
    """0 if no storey has it."""
    outline: BaseGeometry
    low_m: float
    high_m: float


@dataclass(frozen=True)
class Door:
    id: str
    storey: int
    line: LineString
    """Along the wall."""
    low_m: float
    clear_m: float | None
    """Between the linings, if the model says how thick those are."""
    of_rooms: tuple[int, ...]
    """Rooms that name it as part of their boundary."""
    is_outer: bool = False
    """Whether the model says that it, or else its wall, is between indoors and outdoors; not for
    fire exits."""


@dataclass(frozen=True)
class Way:
    """Stairs, a ramp, a lift or an escalator."""

    id: str
    kind: str
    mesh: Mesh


@dataclass(frozen=True)
class Passage:
    """An open boundary of a room."""

    line: LineString
    low_m: float
    in_wall: bool = False
    """Whether it is a hole in a wall."""


@dataclass(frozen=True)
class Parts:
    """In metres of the unit that the file says."""

    storeys: Sequence[Storey] = ()
    rooms: Sequence[Room] = ()
    undrawn: Sequence[str] = ()
    """Spaces without a shape, by number or name."""
    outside: Sequence[str] = ()
    """Spaces in the open, gross areas, and parts of other spaces."""
    doors: Sequence[Door] = ()
    walls: Sequence[Mesh] = ()
    ways: Sequence[Way] = ()
    passages: Sequence[Passage] = ()

    def scaled(self, factor: float) -> "Parts":
        """The same in metres of another unit."""

        def drawn(shape: BaseGeometry) -> Any:
            return shapely.transform(shape, lambda xy: xy * factor)

        return replace(
            self,
            storeys=[replace(s, elevation_m=s.elevation_m * factor) for s in self.storeys],
            rooms=[
                replace(
                    r,
                    outline=drawn(r.outline),
                    low_m=r.low_m * factor,
                    high_m=r.high_m * factor,
                )
                for r in self.rooms
            ],
            doors=[
                replace(
                    d,
                    line=drawn(d.line),
                    low_m=d.low_m * factor,
                    clear_m=d.clear_m and d.clear_m * factor,
                )
                for d in self.doors
            ],
            walls=[wall.scaled(factor) for wall in self.walls],
            ways=[replace(way, mesh=way.mesh.scaled(factor)) for way in self.ways],
            passages=[
                replace(p, line=drawn(p.line), low_m=p.low_m * factor) for p in self.passages
            ],
        )


def parts_of(model: Model) -> Parts:
    """Everything in one file that a plan needs."""
    walls = list(model.made(_wall, (one for kind in _UPRIGHT for one in model.every(kind))))
    openings = list(model.made(_opening, model.every("IfcOpeningElement")))
    climbing = [
        way
        for kind, called in _CLIMBING
        for way in model.made(partial(_climbing, kind, called), model.every(kind))
    ]
    ways = [*climbing, *model.made(_moving, model.every("IfcTransportElement"))]
    doors = list(model.every("IfcDoor"))
    wanted = [*model.every("IfcSpace"), *walls, *openings, *doors]
    wanted += [thing for _, _, things in ways for thing in things]
    held = set(model.made(lambda door: door.id() if _fills(door) else None, doors))
    meshes = model.meshes([one for one in wanted if one.id() not in held])
    spaces = list(model.made(partial(_space, model, meshes), model.every("IfcSpace")))
    boundaries = model.made(partial(_open_boundary, model), model.every("IfcRelSpaceBoundary"))
    virtual = model.made(partial(_virtual, model), model.every("IfcVirtualElement"))
    return Parts(
        storeys=list(model.made(partial(_storey, model), model.every("IfcBuildingStorey"))),
        rooms=[one for one in spaces if isinstance(one, Room)],
        undrawn=[
            called for one in spaces if isinstance(one, tuple) for called, out in [one] if not out
        ],
        outside=[
            called for one in spaces if isinstance(one, tuple) for called, out in [one] if out
        ],
        doors=list(model.made(partial(_door, model, meshes), doors)),
        walls=[meshes[wall.id()] for wall in walls if wall.id() in meshes],
        ways=[
            Way(key, kind, together(found))
            for key, kind, things in ways
            if (found := [meshes[thing.id()] for thing in things if thing.id() in meshes])
        ],
        passages=[
            *(one for found in boundaries for one in found),
            *(one for found in virtual for one in found),
            *model.made(partial(_doorless, model, meshes), openings),
        ],
    )


def _storey(model: Model, one: Any) -> Storey:
    building = _above(one, "IfcBuilding")
    elevation = _length(one.Elevation)
    at = model.placement(one)
    if elevation is None:
        height_m = float(at[2, 3]) if at is not None else 0.0
    else:
        height_m = elevation * (model.unit_m or 1.0)
    name = text_of(building.Name) or text_of(building.LongName) if building else ""
    return Storey(one.id(), text_of(one.Name), height_m, name)


def _above(thing: Any, kind: str) -> Any:
    """The first thing of a class of which `thing` is a part."""
    seen: set[int] = set()
    while thing is not None and thing.id() not in seen:
        if thing.is_a(kind):
            return thing
        seen.add(thing.id())
        whole = next((r.RelatingObject for r in getattr(thing, "Decomposes", ())), None)
        inside = getattr(thing, "ContainedInStructure", ())
        thing = whole or next((r.RelatingStructure for r in inside), None)
    return None


def _space(model: Model, meshes: Mapping[int, Mesh], one: Any) -> Room | tuple[str, bool]:
    """A room; of a space that is none, what it is called, and whether that is on purpose."""
    ref, name = text_of(one.Name), text_of(one.LongName)
    called = " ".join(filter(None, (ref, name))) or text_of(one.GlobalId)
    if _is_no_room(one):
        return called, True
    mesh = meshes.get(one.id())
    outline = model.footprint(one)
    if mesh and (outline is None or outline.is_empty):
        outline = mesh.section(mesh.low_m + _CUT_M)
        outline = mesh.shadow() if outline.is_empty else outline
    at = model.placement(one)
    if outline is None or outline.is_empty or at is None:
        return called, False
    low_m, high_m = (mesh.low_m, mesh.high_m) if mesh else (float(at[2, 3]),) * 2
    storey = _above(one, "IfcBuildingStorey")
    number = storey.id() if storey else 0
    return Room(one.id(), text_of(one.GlobalId), ref, name, number, outline, low_m, high_m)


def _is_no_room(space: Any) -> bool:
    kinds = {
        getattr(space, "InteriorOrExteriorSpace", None),
        getattr(space, "PredefinedType", None),
    }
    inside = [part for r in space.IsDecomposedBy for part in r.RelatedObjects]
    return (
        bool(kinds & {*_OUTSIDE, _WHOLE})
        or space.CompositionType == "PARTIAL"
        or (space.CompositionType == "COMPLEX" and any(p.is_a("IfcSpace") for p in inside))
    )


def _wall(one: Any) -> Any:
    """The same if people cannot walk through it, else None."""
    whole = next((r.RelatingObject for r in one.Decomposes), None)
    is_wall = one.is_a("IfcWall") or (whole is not None and whole.is_a("IfcCurtainWall"))
    return one if is_wall else None


def _opening(one: Any) -> Any:
    """The same if it has a door in it, or is in a wall with nothing in it; else None."""
    filled = [r.RelatedBuildingElement for r in one.HasFillings]
    in_wall = any(r.RelatingBuildingElement.is_a("IfcWall") for r in one.VoidsElements)
    is_way = any(f.is_a("IfcDoor") for f in filled) or (in_wall and not filled)
    return one if is_way else None


def _fills(door: Any) -> Any:
    """The opening that a door is in."""
    return next((r.RelatingOpeningElement for r in door.FillsVoids), None)


def _climbing(kind: str, called: str, one: Any) -> tuple[str, str, Sequence[Any]]:
    """Stairs or a ramp: identifier, kind, and the things that give it its shape."""
    inside = [part for r in one.IsDecomposedBy for part in r.RelatedObjects]
    flights = [part for part in inside if part.is_a(f"{kind}Flight") or part.is_a("IfcSlab")]
    return text_of(one.GlobalId), called, flights or [one, *inside]


def _moving(one: Any) -> tuple[str, str, Sequence[Any]] | None:
    """A lift or an escalator, in the same way."""
    said = getattr(one, "OperationType", None) or getattr(one, "PredefinedType", None)
    return (text_of(one.GlobalId), _MOVING[said], [one]) if said in _MOVING else None


def _door(model: Model, meshes: Mapping[int, Mesh], door: Any) -> Door | None:
    """Its place is that of the opening that it fills, else its own. A door's x axis is along the
    wall."""
    at = model.placement(door)
    opening = _fills(door)
    mesh = meshes.get(opening.id() if opening else door.id())
    if at is None or (along := _level(at[:2, 0])) is None:
        return None
    said = _length(door.OverallWidth)
    width_m = said * (model.unit_m or 1.0) if said else None
    if mesh is not None:
        local = (mesh.points[:, :2] - at[:2, 3]) @ np.column_stack([along, (-along[1], along[0])])
        low, high = local.min(axis=0), local.max(axis=0)
        width_m = width_m or float(high[0] - low[0])
        middle = float((low[0] + high[0]) / 2)
        across = float((low[1] + high[1]) / 2) if opening else 0.0
        low_m = mesh.low_m
    elif width_m:
        middle, across, low_m = width_m / 2, 0.0, float(at[2, 3])
    else:
        return None
    centre = at[:2, 3] + along * middle + np.array((-along[1], along[0])) * across
    half = along * width_m / 2
    storey = _above(door, "IfcBuildingStorey")
    lining = _lining_m(door, model.unit_m or 1.0)
    return Door(
        door.GlobalId,
        storey.id() if storey else 0,
        LineString([centre - half, centre + half]),
        low_m,
        width_m - 2 * lining if lining else None,
        tuple(r.RelatingSpace.id() for r in _boundaries(model, door) if r.RelatingSpace),
        _is_outer(door, opening),
    )


def _is_outer(door: Any, opening: Any) -> bool:
    said = _property(door, "IsExternal")
    if said is None and opening is not None:
        walls = (r.RelatingBuildingElement for r in opening.VoidsElements)
        said = any(_property(wall, "IsExternal") for wall in walls)
    return bool(said) and not _property(door, "FireExit")


def _property(thing: Any, name: str) -> Any:
    """What a model says of a thing, or of its type; None if it says nothing."""
    for one in _property_sets(thing):
        for told in getattr(one, "HasProperties", ()):
            if told.Name == name and told.is_a("IfcPropertySingleValue") and told.NominalValue:
                return told.NominalValue.wrappedValue
    return None


def _property_sets(thing: Any) -> list[Any]:
    said = [r for r in thing.IsDefinedBy if r.is_a("IfcRelDefinesByProperties")]
    types = [r.RelatingType for r in getattr(thing, "IsTypedBy", ())]
    types += [r.RelatingType for r in thing.IsDefinedBy if r.is_a("IfcRelDefinesByType")]
    sets = [r.RelatingPropertyDefinition for r in said]
    return [*sets, *(one for kind in types for one in kind.HasPropertySets or ())]


def _boundaries(model: Model, thing: Any) -> Iterable[Any]:
    found = model.file.get_inverse(thing)
    return [one for one in found if one.is_a("IfcRelSpaceBoundary")]


def _lining_m(door: Any, unit_m: float) -> float | None:
    """How thick the frame is at each side."""
    for one in _property_sets(door):
        if one.is_a("IfcDoorLiningProperties") and _length(one.LiningThickness):
            return float(one.LiningThickness) * unit_m
    return None


def _open_boundary(model: Model, one: Any) -> Sequence[Passage]:
    """Where a boundary of a space is no thing, or a thing that is only a boundary."""
    thing = one.RelatedBuildingElement
    virtual = thing is not None and thing.is_a("IfcVirtualElement")
    surface = getattr(one.ConnectionGeometry, "SurfaceOnRelatingElement", None)
    at = model.placement(one.RelatingSpace) if one.RelatingSpace else None
    if surface is None or at is None or not (virtual or one.PhysicalOrVirtualBoundary == "VIRTUAL"):
        return ()
    points = _points_of(model, surface)
    return () if points is None else list(_passage(moved(points, at)))


def _virtual(model: Model, one: Any) -> Sequence[Passage]:
    """The same by the shape of the thing."""
    at = model.placement(one)
    if at is None or not one.Representation:
        return ()
    drawn = one.Representation.Representations
    found = [points for each in drawn if (points := model.corners(each)) is not None]
    return [line for points, _ in found for line in _passage(moved(points, at))]


def _points_of(model: Model, surface: Any) -> Any:
    """Corners of a surface, in metres of its own system."""
    if not surface.is_a("IfcSurfaceOfLinearExtrusion"):
        found = model.corners(surface)
        return None if found is None else found[0]
    curve = getattr(surface.SweptCurve, "Curve", None)
    found = model.corners(curve) if curve is not None else None
    if found is None:
        return None
    points = found[0]
    unit_m = model.unit_m or 1.0
    way = np.array(surface.ExtrudedDirection.DirectionRatios, dtype=float)
    points = np.concatenate([points, points + way * surface.Depth * unit_m])
    at = model.axes(surface.Position)
    return points if at is None else moved(points, at)


def _passage(points: Any) -> Iterator[Passage]:
    """The line that points stand upright on, if they do."""
    seen = shapely.MultiPoint(points[:, :2])
    box = shapely.minimum_rotated_rectangle(seen)
    if isinstance(box, LineString):
        yield Passage(box, float(points[:, 2].min()))
        return
    if not isinstance(box, shapely.Polygon):
        return
    corners = [shapely.Point(xy) for xy in box.exterior.coords]
    sides = sorted((LineString(corners[i : i + 2]) for i in (0, 1)), key=lambda side: side.length)
    if sides[0].length <= _THIN_M:
        yield Passage(sides[1], float(points[:, 2].min()))


def _doorless(model: Model, meshes: Mapping[int, Mesh], one: Any) -> Passage | None:
    """An opening in a wall with nothing in it."""
    mesh = meshes.get(one.id())
    if one.HasFillings or mesh is None:
        return None
    wall = next((r.RelatingBuildingElement for r in one.VoidsElements), None)
    at = model.placement(wall) if wall is not None else None
    if at is None or (along := _level(at[:2, 0])) is None:
        return None
    local = mesh.points[:, :2] @ np.column_stack([along, (-along[1], along[0])])
    low, high = local.min(axis=0), local.max(axis=0)
    across = np.array((-along[1], along[0])) * (low[1] + high[1]) / 2
    ends = [along * low[0] + across, along * high[0] + across]
    return Passage(LineString(ends), mesh.low_m, in_wall=True)


def _level(direction: Any) -> Any:
    """A direction of length 1; None if it leads up or down."""
    length = float(np.hypot(*direction))
    return direction / length if length > 0.1 else None


def _length(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
