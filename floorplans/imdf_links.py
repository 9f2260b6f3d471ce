"""IMDF's relationships: units of stairs and lifts that are one, and ways that are limited."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from floorplans.collection import Feature
from floorplans.draft import Draft
from floorplans.restrictions import Restricted, restricted, terms
from floorplans.sheet import Json, as_text
from navkit.plan.plan import SHAFTS


@dataclass(frozen=True)
class Links:
    """What relationships say, by the ids of what they link."""

    shafts: Mapping[str, str]
    """By unit, the key of the stairs, lift … to which it belongs."""
    doors: Mapping[str, Restricted]

    @classmethod
    def of(cls, relationships: Iterable[Feature]) -> "Links":
        import networkx

        joined: networkx.Graph[str] = networkx.Graph()
        doors: dict[str, Restricted] = {}
        for feature in relationships:
            linked = list(_linked(feature.properties))
            if as_text(feature.properties.get("category")) in SHAFTS:
                networkx.add_path(joined, (key for kind, key in linked if kind == "unit"))
            limits = Restricted()
            for key, value in terms(feature.properties):
                limits = limits.with_(restricted({key: value}, "path", "imdf"))
            for kind, key in linked:
                if kind == "opening":
                    doors[key] = doors.get(key, Restricted()).with_(limits)
        shafts = {
            unit: f"linked:{min(units)}"
            for units in networkx.connected_components(joined)
            for unit in units
        }
        return cls(shafts, doors)

    def shaft(self, unit: str) -> str:
        return self.shafts.get(unit, "")

    def of_door(self, opening: str) -> Restricted:
        return self.doors.get(opening, Restricted())

    def say(self, draft: Draft) -> None:
        for shaft in sorted(set(self.shafts.values())):
            draft.tally("relationship-shaft", shaft)


def _linked(properties: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """(feature type, id) of all that a relationship links, in its order."""
    for member in ("origin", "intermediary", "destination"):
        said = properties.get(member)
        for one in said if isinstance(said, list) else [said]:
            if isinstance(one, dict) and as_text(one.get("id")):
                yield as_text(one.get("feature_type")), as_text(one.get("id"))
