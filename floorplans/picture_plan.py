"""From pictures of floors to a plan; everything in it is guessed, and said to be.

What is painted is turned into drawn things of a file without words, which are then read by the
rules for any drawing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

import shapely
from shapely import LineString, Point
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from floorplans import foreign
from floorplans.cad_plan import as_said, layers_beside, level_number
from floorplans.collection import Collection, Feature
from floorplans.control import Control, on_earth, one_file, read_control
from floorplans.limits import Limits
from floorplans.mapping import LayerMap
from floorplans.picture_file import is_picture
from floorplans.picture_said import Said, read_said, stem_of
from floorplans.sheet import Json, Sheet
from navkit.plan.plan import ConnectorKind, Plan, PlanConnector
from navkit.plan.storeys import label_in_name, ordinals_of, read_label
from navkit.words.findings import Finding, PlanError

if TYPE_CHECKING:
    from floorplans.picture_piles import Placed
    from floorplans.picture_reading import Floor

__all__ = ["is_picture", "read"]

_Drawn = TypeVar("_Drawn", bound=BaseGeometry)

_NEEDED = ("PIL", "cv2", "onnxruntime", "rapidocr")
_MOST_NAMED = 8


def read(sheets: Sequence[Sheet], source: str) -> Plan:
    """Pictures of the floors of one building, one for each, as one plan."""
    if not all(map(find_spec, _NEEDED)):
        raise PlanError("pictures-not-installed", sheets[0].name)
    try:
        from floorplans.picture_reading import floor_of
    except ImportError as error:
        raise PlanError("pictures-not-installed", sheets[0].name) from error
    layers = layers_beside(sheets)
    beside = next((sheet.beside for sheet in sheets if sheet.beside), None)
    said, control = read_said(beside), read_control(beside)
    floors = [floor_of(sheet) for sheet in sheets]
    return plan_of(floors, source, sheets[0].limits, layers, said, control)


def plan_of(
    floors: Sequence["Floor"],
    source: str,
    limits: Limits,
    layers: LayerMap | None = None,
    said: Mapping[str, Said] | None = None,
    control: Control | None = None,
) -> Plan:
    """One plan of all floors that were read, laid over each other where lifts and stairs agree."""
    from floorplans.picture_piles import placed

    layers, said = layers or LayerMap(), said or {}
    stack = placed(floors, [said.get(stem_of(floor.sheet), Said()) for floor in floors])
    pages = [_Page(one, layers) for one in stack.floors]
    collections = []
    for page in pages:
        features = tuple(page.features())
        points = sum(int(shapely.get_num_coordinates(f.drawn)) for f in features)
        found = tuple(page.findings())
        collections.append(Collection(page.floor.sheet, {"units": "m"}, features, found, points))
    plan = foreign.read(collections, source, limits)
    key_of = {
        pages[floor].id_of(place): f"shaft/{number}"
        for number, stops in enumerate(stack.shafts, start=1)
        for floor, place in stops
    }
    level_of = {space.key.partition("#")[0]: space.level for space in plan.spaces}
    read = [page.said_to_be_read(level_of) for page in pages]
    plan = replace(
        plan,
        levels=tuple(as_said(level, layers) for level in plan.levels),
        spaces=tuple(replace(s, connector=key_of.get(s.key, s.connector)) for s in plan.spaces),
        doors=tuple(replace(door, guessed=True) for door in plan.doors),
        connectors=(*plan.connectors, *_connectors(plan, key_of)),
        findings=(*read, *stack.findings, *plan.findings),
    )
    if control is None:
        return plan
    stems = [stem_of(page.floor.sheet) for page in pages]
    page = pages[stems.index(one_file(control, stems))]
    return on_earth(plan, control, lambda _, at: page.metres_of_file(at))


def _connectors(plan: Plan, key_of: Mapping[str, str]) -> Iterator[PlanConnector]:
    """Shafts with several stops, which nobody drew as one."""
    stops: dict[str, list[str]] = {}
    for space in plan.spaces:
        if space.key in key_of:
            stops.setdefault(key_of[space.key], []).append(space.kind)
    for key, kinds in stops.items():
        if len(kinds) > 1:
            kind: ConnectorKind = "elevator" if kinds[0] == "elevator" else "stairs"
            yield PlanConnector(key=key, kind=kind, guessed=True)


@dataclass
class _Page:
    """One floor, in metres, with y upwards."""

    placed: "Placed"
    layers: LayerMap

    def __post_init__(self) -> None:
        self.floor = self.placed.floor
        self._number = 0
        said = self.layers.level_of(self.floor.sheet)
        label = label_in_name(self.floor.sheet)
        self.level = level_number(said, self.layers) if said else ""
        if not self.level and not label:
            self.level = label = self._label_read()
        ordinal = said.ordinal if said else ordinals_of([label])[label] if label else None
        self.is_ground = ordinal == 0

    def _label_read(self) -> str:
        """The storey that the largest word beside the building names; "" if none does."""
        words = [word for word in self.floor.words if word not in self.floor.inside]
        for word in sorted(words, key=lambda one: -one.glyph):
            found = read_label(word.text)
            if found and found.says not in ("number", "unclear"):
                return word.text
        return ""

    def _metres(self, drawn: _Drawn) -> _Drawn:
        m, x, y = self.placed.dot_m, self.placed.left_m, self.placed.top_m
        return affine_transform(drawn, (m, 0.0, 0.0, -m, x, y))

    def metres_of_file(self, at: tuple[float, float]) -> tuple[float, float]:
        """Where a dot of the file is in the plan."""
        spot = self._metres(Point(self.floor.from_file(*at)))
        return spot.x, spot.y

    def features(self) -> Iterator[Feature]:
        """What is painted, each with what it is."""
        floor = self.floor
        for number, place in enumerate(floor.places.places, start=1):
            told: dict[str, Json] = {"class": place.kind} if place.kind else {}
            told |= {"name": place.name} if place.name else {}
            yield self._feature(place.outline, told, self.id_of(number))
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
        if leads_out and (kinds != ["corridor"] or not self.is_ground):
            return
        told: dict[str, Json] = {"class": "door" if is_door else "opening"}
        told |= {"entrance": "yes"} if leads_out else {}
        told["spaces"] = [self.id_of(n) for n in places if n]
        yield self._feature(line, told)

    def id_of(self, place: int) -> str:
        """The id of the space that is made of a place."""
        return f"{self.floor.sheet.rpartition('.')[0]}/{place}"

    def _feature(self, drawn: BaseGeometry, told: dict[str, Json], id: str = "") -> Feature:
        self._number += 1
        if self.level:
            told |= {"level": self.level}
        return Feature(id, told, self._metres(drawn), self.floor.sheet, self._number)

    def said_to_be_read(self, level_of: Mapping[str, str]) -> Finding:
        """What staff answer when they have compared the level with the house."""
        places = self.floor.places.places
        slots = {
            "file": self.floor.sheet,
            "places": str(sum(bool(place.name) for place in places)),
            "doors": str(len(self.floor.gaps)),
        }
        ids = map(self.id_of, range(1, len(places) + 1))
        level = next((level_of[one] for one in ids if one in level_of), self.floor.sheet)
        return Finding("picture-read", level, slots)

    def findings(self) -> Iterator[Finding]:
        """What staff must look at on this floor."""
        sheet, places = self.floor.sheet, self.floor.places
        if self.floor.is_blurred:
            yield Finding("picture-blurred", sheet)
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
