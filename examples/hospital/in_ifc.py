"""The hospital as a building model hands it in: IFC4 in millimetres, with its rooms.

Walls stand around the rooms, with an opening for each door and each passage; lifts, stairs and
escalators are rooms, as in most models of hospitals.
"""

import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layout import Door, Hospital, Space
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shown import TALL_M, WALL_M, Storey, name_of, storeys

if TYPE_CHECKING:
    from ifcopenshell import entity_instance, file

LANGUAGE = "en"
NAMESPACE = uuid.UUID("6f3c1f0e-52a3-5f0e-9d1c-0a6b5f4e7d22")
DOOR_TALL_M = 2.1

Xy = tuple[float, float]


def write_ifc(hospital: Hospital, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    model = _Model()
    houses = {
        key: model.part(model.site, "IfcBuilding", key, Name=names["zh-Hans"])
        for key, names in hospital.buildings.items()
    }
    for storey in storeys(hospital):
        model.add_storey(storey, houses[storey.level.building])
    (folder / "hospital.ifc").write_text(model.text(), encoding="utf-8", newline="\n")


class _Model:
    """The model while it is written."""

    def __init__(self) -> None:
        import ifcopenshell

        self.file: file = ifcopenshell.file(schema="IFC4")
        self._guid = ifcopenshell.guid
        unit = self.file.create_entity("IfcSIUnit", None, "LENGTHUNIT", "MILLI", "METRE")
        units = self.file.create_entity("IfcUnitAssignment", [unit])
        self.up = self.file.create_entity("IfcDirection", (0.0, 0.0, 1.0))
        self.context = self.file.create_entity(
            "IfcGeometricRepresentationContext", None, "Model", 3, 1e-5, self._at(0, 0, 0)
        )
        self.project = self.file.create_entity(
            "IfcProject",
            self._id("project"),
            Name="Hospital",
            RepresentationContexts=[self.context],
            UnitsInContext=units,
        )
        self.site = self.part(self.project, "IfcSite", "site", Name="Site")

    def text(self) -> str:
        """The file, without the moment at which it was written."""
        self.file.header.file_name.time_stamp = "2026-01-01T00:00:00"
        return self.file.to_string()

    def add_storey(self, storey: Storey, house: "entity_instance") -> None:
        level = storey.level
        high_m = level.elevation_m
        floor = self.part(
            house, "IfcBuildingStorey", level.id, z_m=high_m,
            Name=level.label, Elevation=_mm(high_m),
        )  # fmt: skip
        rooms = {
            space.id: self.add_room(floor, space, storey.inside(space)) for space in storey.rooms
        }
        for door in storey.doors:
            if door.kind == "open":
                for beside in (one for one in door.spaces if one in rooms):
                    self._bound(rooms[beside], door, f"{door.id} of {beside}")
        openings = [
            (door, door.line.buffer(WALL_M, cap_style="flat"))
            for door in storey.doors
            if door.kind != "open"
        ]
        parts: list[entity_instance] = []
        for number, wall in enumerate(storey.whole_walls):
            made = self._product("IfcWall", f"{level.id} {number}", floor, wall, TALL_M)
            parts.append(made)
            for door, hole in openings:
                if hole.intersects(wall) and hole.intersection(wall).area > WALL_M**2:
                    parts.append(self._open(floor, made, door, hole.intersection(wall)))
        self.file.create_entity(
            "IfcRelContainedInSpatialStructure",
            self._id(f"{level.id} contains"),
            RelatedElements=parts,
            RelatingStructure=floor,
        )

    def add_room(
        self, floor: "entity_instance", space: Space, inside: Polygon
    ) -> "entity_instance":
        room = self._product("IfcSpace", space.id, floor, inside, TALL_M)
        name = name_of(space, LANGUAGE)
        room.Name, room.LongName = space.ref or name, name
        room.CompositionType, room.PredefinedType = "ELEMENT", "SPACE"
        self._aggregate(floor, room)
        return room

    def _open(
        self, floor: "entity_instance", wall: "entity_instance", door: Door, hole: BaseGeometry
    ) -> "entity_instance":
        """An opening in a wall, and the door in it."""
        called = f"{door.id} in {wall.GlobalId}"
        box = hole.minimum_rotated_rectangle
        opening = self._product("IfcOpeningElement", f"{called} hole", floor, box, DOOR_TALL_M)
        self.file.create_entity(
            "IfcRelVoidsElement", self._id(f"{called} voids"),
            RelatingBuildingElement=wall, RelatedOpeningElement=opening,
        )  # fmt: skip
        leaf = self._product("IfcDoor", called, floor, _leaf(door), DOOR_TALL_M)
        leaf.OverallWidth, leaf.OverallHeight = _mm(door.line.length), _mm(DOOR_TALL_M)
        leaf.Name = f"M_Door-{door.kind}:{round(_mm(door.line.length))} x 2100mm"
        self.file.create_entity(
            "IfcRelFillsElement", self._id(f"{called} fills"),
            RelatingOpeningElement=opening, RelatedBuildingElement=leaf,
        )  # fmt: skip
        return leaf

    def _bound(self, room: "entity_instance", passage: Door, called: str) -> None:
        """A virtual boundary of a room: nothing is built there."""
        curve = self._ring(passage.line.coords)
        profile = self.file.create_entity("IfcArbitraryOpenProfileDef", "CURVE", None, curve)
        surface = self.file.create_entity(
            "IfcSurfaceOfLinearExtrusion", profile, self._at(0, 0, 0), self.up, _mm(TALL_M)
        )
        self.file.create_entity(
            "IfcRelSpaceBoundary",
            self._id(called),
            RelatingSpace=room,
            ConnectionGeometry=self.file.create_entity("IfcConnectionSurfaceGeometry", surface),
            PhysicalOrVirtualBoundary="VIRTUAL",
            InternalOrExternalBoundary="INTERNAL",
        )

    def part(
        self, whole: "entity_instance", kind: str, called: str, z_m: float = 0.0, **facts: Any
    ) -> "entity_instance":
        """A site, a house or a storey."""
        above = getattr(whole, "ObjectPlacement", None)
        made = self.file.create_entity(
            kind, self._id(called), ObjectPlacement=self._placed(above, z_m), **facts
        )
        made.CompositionType = "ELEMENT"
        self._aggregate(whole, made)
        return made

    def _aggregate(self, whole: "entity_instance", part: "entity_instance") -> None:
        self.file.create_entity(
            "IfcRelAggregates", self._id(f"{part.GlobalId} part"),
            RelatingObject=whole, RelatedObjects=[part],
        )  # fmt: skip

    def _product(
        self, kind: str, called: str, floor: "entity_instance", plan: Polygon, tall_m: float
    ) -> "entity_instance":
        """A thing that stands on a floor, drawn as a prism."""
        outer, *inner = (self._ring(ring.coords) for ring in (plan.exterior, *plan.interiors))
        profile_kind = (
            "IfcArbitraryProfileDefWithVoids" if inner else "IfcArbitraryClosedProfileDef"
        )
        profile = self.file.create_entity(
            profile_kind, "AREA", None, outer, *([inner] if inner else [])
        )
        solid = self.file.create_entity(
            "IfcExtrudedAreaSolid", profile, self._at(0, 0, 0), self.up, _mm(tall_m)
        )
        drawn = self.file.create_entity(
            "IfcShapeRepresentation", self.context, "Body", "SweptSolid", [solid]
        )
        return self.file.create_entity(
            kind,
            self._id(f"{kind} {called}"),
            ObjectPlacement=self._placed(floor.ObjectPlacement, 0.0),
            Representation=self.file.create_entity(
                "IfcProductDefinitionShape", Representations=[drawn]
            ),
        )

    def _ring(self, corners: Iterable[Sequence[float]]) -> "entity_instance":
        points = [
            self.file.create_entity("IfcCartesianPoint", (_mm(x), _mm(y))) for x, y in corners
        ]
        return self.file.create_entity("IfcPolyline", points)

    def _at(self, x: float, y: float, z: float) -> "entity_instance":
        point = self.file.create_entity("IfcCartesianPoint", (_mm(x), _mm(y), _mm(z)))
        return self.file.create_entity("IfcAxis2Placement3D", point)

    def _placed(self, above: "entity_instance | None", z_m: float) -> "entity_instance":
        return self.file.create_entity("IfcLocalPlacement", above, self._at(0, 0, z_m))

    def _id(self, called: str) -> str:
        return str(self._guid.compress(uuid.uuid5(NAMESPACE, called).hex))


def _leaf(door: Door) -> Polygon:
    return LineString(door.line.coords).buffer(0.02, cap_style="flat")


def _mm(metres: float) -> float:
    return round(metres * 1000, 3)
