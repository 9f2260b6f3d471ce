"""What all parts of the reader of OpenStreetMap share while a plan is filled."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast, get_args

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from floorplans.draft import Draft
from floorplans.osm_landings import Landings
from floorplans.osm_shapes import Corner, join_rings, polygon
from floorplans.osm_tags import all_levels
from floorplans.osmfile import Node, OsmData, Relation, Tags
from floorplans.remarks import remarked
from floorplans.restrictions import Restricted, Thing, remark_words, restricted
from floorplans.storeys import StoreyError, level_key
from navkit.plan.plan import ConnectorKind, PlanConnector, PlanLevel, SpaceKind

NEARBY_M = 60.0
"""Outdoor lines further than this from everything indoors are streets. A guess."""


class OsmDraft:
    """A draft, the elements that it is filled from, and what is known of their storeys."""

    def __init__(self, draft: Draft, data: OsmData, inside: Sequence[int]) -> None:
        self.draft = draft
        self.data = data
        drawn = shapely.multipoints([(n.lon_deg, n.lat_deg) for n in data.nodes.values()])
        metres = shapely.get_coordinates(draft.metres(drawn)).tolist()
        self.xy = {node: (x, y) for node, (x, y) in zip(data.nodes, metres, strict=True)}
        self.tagged_at: dict[Corner, list[Node]] = {}
        """By spot: the nodes with tags, which need not be the ones that lines have there."""
        for node in data.nodes.values():
            if node.tags:
                self.tagged_at.setdefault(self.xy[node.id], []).append(node)
        hull = shapely.convex_hull(shapely.multipoints([self.xy[node] for node in inside]))
        self.near = shapely.buffer(hull, NEARBY_M)
        """The area in which an outdoor line still belongs to the building."""
        self.landings = Landings()
        self.waiting: list[tuple[str, Tags, BaseGeometry, list[int]]] = []
        """Shafts that do not say their storeys: asked once all floors are known."""
        self.limits: dict[str, Restricted] = {}

    def restricted(self, key: str, tags: Tags, thing: Thing) -> Restricted:
        """What the tags of a thing restrict; what cannot be obeyed is counted once."""
        if key not in self.limits:
            remarks = {tag: tags[tag] for tag in remark_words()["osm"] if tag in tags}
            self.limits[key] = restricted(tags, thing, "osm").with_(remarked(remarks, thing))
            self.limits[key].say(self.draft, key)
        return self.limits[key]

    def where(self, what: str) -> str:
        return f"{self.draft.source}, {what}"

    def corners(self, nodes: Iterable[int]) -> list[tuple[float, float]]:
        return [self.xy[node] for node in nodes]

    def levels(self, tags: Tags) -> tuple[float, ...]:
        """Empty if no storey is given or the value cannot be read."""
        try:
            return all_levels(tags)
        except StoreyError:
            return ()

    def say_no_level(self, what: str, tags: Tags) -> None:
        said = tags.get("level") or tags.get("repeat_on")
        if said:
            self.draft.say("level-not-understood", self.where(what), level=said[:40])
        else:
            self.draft.say("level-missing", self.where(what))

    def ask_storeys(self, key: str, storeys: Sequence[float]) -> None:
        if storeys:
            near = ", ".join(map(level_key, storeys))
            self.draft.say("shaft-storeys-unclear", self.where(key), near=near)
        else:
            self.draft.say("level-missing", self.where(key))

    def use(self, ordinal: float) -> str:
        key = level_key(ordinal)
        self.draft.levels.setdefault(key, PlanLevel(key, ordinal))
        return key

    def add_connector(
        self, key: str, kind: SpaceKind, names: Mapping[str, str], ref: str, limits: Restricted
    ) -> str:
        """The key that the spaces of a shaft share, ``""`` if it is not a shaft."""
        if kind not in get_args(ConnectorKind):
            return ""
        called = names or ({"": ref} if ref else {})
        self.draft.connectors.append(
            PlanConnector(
                key, cast(ConnectorKind, kind), called, cabin_m=limits.cabin_m, **limits.use
            )
        )
        return key

    def multipolygon(self, relation: Relation) -> tuple[BaseGeometry | None, list[int]]:
        """The outline, None if no outer ring closes, and the nodes on it."""
        rings: dict[str, list[list[int]]] = {}
        for role in ("outer", "inner"):
            rings[role] = join_rings(
                [
                    self.data.ways[ref].nodes
                    # A way that is in a relation twice counts once.
                    for kind, ref, given in dict.fromkeys(relation.members)
                    if kind == "way" and ref in self.data.ways and (given or "outer") == role
                ]
            )
        outer = [p for ring in rings["outer"] if (p := polygon(self.corners(ring)))]
        inner = [p for ring in rings["inner"] if (p := polygon(self.corners(ring)))]
        nodes = [node for ring in [*rings["outer"], *rings["inner"]] for node in ring]
        parts = []
        for shell in outer:
            around = shapely.buffer(shell, 1e-3)
            holes = [hole.exterior for hole in inner if around.covers(hole)]
            parts.append(Polygon(shell.exterior, holes))
        if not parts:
            return None, nodes
        return (parts[0] if len(parts) == 1 else MultiPolygon(parts)), nodes
