"""From pictures of floors to a plan; everything in it is guessed, and said to be.

What is painted is turned into drawn things of a file without words, which are then read by the
rules for any drawing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING

import shapely
from shapely import LineString, Point
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from floorplans import foreign
from floorplans.collection import Collection, Feature
from floorplans.limits import Limits
from floorplans.picture_file import is_picture
from floorplans.sheet import Json, Sheet
from navkit.plan.plan import Plan
from navkit.plan.storeys import label_in_name, ordinals_of
from navkit.words.findings import Finding, PlanError

if TYPE_CHECKING:
    from floorplans.picture_reading import Floor

__all__ = ["is_picture", "read"]

_NEEDED = ("PIL", "cv2", "onnxruntime", "rapidocr")
_USUAL_DOOR_M = 1.2
"""What the gap of a door on a wall picture is taken to be wide: of double doors there are many."""
_MOST_NAMED = 8


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """Pictures of the floors of one building, one for each, as one plan."""
    if not all(map(find_spec, _NEEDED)):
        raise PlanError("pictures-not-installed", sheets[0].name)
    try:
        from floorplans.picture_reading import floor_of
    except ImportError as error:
        raise PlanError("pictures-not-installed", sheets[0].name) from error
    floors = [floor_of(sheet) for sheet in sheets]
    return plan_of(floors, source, sheets[0].limits)


def plan_of(floors: Sequence["Floor"], source: str, limits: Limits) -> Plan:
    """One plan of all floors that were read."""
    unit_m, findings = _scale(floors)
    collections = []
    for floor in floors:
        page = _Page(floor, unit_m)
        features = tuple(page.features())
        points = sum(int(shapely.get_num_coordinates(f.drawn)) for f in features)
        found = tuple(page.findings())
        collections.append(Collection(floor.sheet, {"units": "m"}, features, found, points))
    plan = foreign.read(collections, source, limits)
    doors = tuple(replace(door, guessed=True) for door in plan.doors)
    return replace(plan, doors=doors, findings=(*findings, *plan.findings))


def _scale(floors: Sequence["Floor"]) -> tuple[float, list[Finding]]:
    """Metres of a dot, by the widths of doors."""
    widths = [gap.line.length for floor in floors for gap in floor.gaps if gap.is_door]
    if not widths:
        raise PlanError("picture-no-scale", floors[0].sheet)
    unit_m = _USUAL_DOOR_M / median(widths)
    wide = max(floor.width for floor in floors) * unit_m
    slots = {"door": f"{_USUAL_DOOR_M:g}", "wide": f"{wide:.0f}"}
    return unit_m, [Finding("picture-scale-guessed", floors[0].sheet, slots)]


@dataclass
class _Page:
    """One floor, in metres, with y upwards."""

    floor: "Floor"
    unit_m: float

    def __post_init__(self) -> None:
        self._number = 0
        label = label_in_name(self.floor.sheet)
        self.is_ground = bool(label) and ordinals_of([label])[label] == 0

    def _metres(self, drawn: BaseGeometry) -> BaseGeometry:
        m = self.unit_m
        return affine_transform(drawn, (m, 0.0, 0.0, -m, 0.0, self.floor.height * m))

    def features(self) -> Iterator[Feature]:
        """What is painted, each with what it is."""
        floor = self.floor
        for number, place in enumerate(floor.places.places, start=1):
            told: dict[str, Json] = {"class": place.kind} if place.kind else {}
            told |= {"name": place.name} if place.name else {}
            yield self._feature(place.outline, told, self._id(number))
        for word in floor.places.points:
            yield self._feature(Point(word.middle), {"name": word.text})
        for part in shapely.get_parts(floor.walls):
            yield self._feature(part, {"class": "wall"})
        for gap in floor.gaps:
            yield from self._passage(gap.places, gap.line, is_door=gap.is_door)

    def _passage(
        self, places: tuple[int, int], line: LineString, *, is_door: bool
    ) -> Iterator[Feature]:
        """Doors and openings; the outer wall has them only where people walk."""
        kinds = [self.floor.places.places[n - 1].kind for n in places if n]
        leads_out = len(kinds) == 1
        if leads_out and kinds != ["corridor"]:
            return
        told: dict[str, Json] = {"class": "door" if is_door else "opening"}
        told |= {"entrance": "yes"} if leads_out and self.is_ground else {}
        told["spaces"] = [self._id(n) for n in places if n]
        yield self._feature(line, told)

    def _id(self, number: int) -> str:
        return f"{self.floor.sheet.rpartition('.')[0]}/{number}"

    def _feature(self, drawn: BaseGeometry, told: dict[str, Json], id: str = "") -> Feature:
        self._number += 1
        return Feature(id, told, self._metres(drawn), self.floor.sheet, self._number)

    def findings(self) -> Iterator[Finding]:
        """What staff must look at on this floor."""
        sheet, places = self.floor.sheet, self.floor.places
        slots = {
            "places": str(sum(bool(place.name) for place in places.places)),
            "doors": str(len(self.floor.gaps)),
        }
        yield Finding("picture-read", sheet, slots)
        if places.doubtful:
            yield Finding("picture-words-unsure", sheet, _listed([w.text for w in places.doubtful]))
        if places.odd:
            yield Finding("picture-colour-differs", sheet, _listed([w.text for w in places.odd]))
        by_colour = sum(place.by_colour for place in places.places)
        if by_colour:
            yield Finding("picture-kind-by-colour", sheet, {"count": str(by_colour)})


def _listed(names: Sequence[str]) -> dict[str, str]:
    more = " …" if len(names) > _MOST_NAMED else ""
    return {"count": str(len(names)), "which": ", ".join(names[:_MOST_NAMED]) + more}
