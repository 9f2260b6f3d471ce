"""Corrections by staff, applied to the parts of a venue: the verbs of `navkit.venue.corrections`.

Each part is passed in and comes back corrected; a change that finds no part with its id
is reported, because something was renamed or redrawn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shapely import Point, Polygon

from navkit.plan.plan import PlanConnector, PlanDoor
from navkit.venue import matching
from navkit.venue.corrections import DOOR_FACTS, Change
from navkit.venue.venue import Anchor, Closure, Connector, Door, Level, Photo, Place, Space
from navkit.venue.written_hours import read_hours
from navkit.words.findings import Finding
from navkit.words.speech import Wording

NEAR_WALL_M = 1.5
"""A door that staff add is at most this far from the walls of both its spaces. A guess."""


@dataclass
class Changes:
    """The corrections, by what they change; each records whether it found its target."""

    changes: Sequence[Change]

    def __post_init__(self) -> None:
        self.changes = tuple(map(_with_hours_read, self.changes))
        self._used: set[int] = set()
        self._by_id: dict[str, list[tuple[int, Change]]] = defaultdict(list)
        for number, change in enumerate(self.changes):
            for target in [change.fields.get("id", ""), *_shaft_spaces(change)]:
                self._by_id[target].append((number, change))

    def _for(self, target: str, *verbs: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        for number, change in self._by_id.get(target, ()):
            if change.do in verbs:
                self._used.add(number)
                yield change.do, change.fields

    def to_space(self, space: Space) -> Space:
        for do, fields in self._for(space.id, "rename", "restrict", "set-kind", "join-shaft"):
            match do:
                case "rename":
                    space = replace(space, names={**space.names, **fields["names"]})
                    space = replace(space, ref=fields.get("ref", space.ref))
                case "restrict":
                    space = replace(space, access=fields["access"])
                case "set-kind":
                    category = fields.get("category", space.category)
                    space = replace(space, kind=fields["kind"], category=category)
                case "join-shaft":
                    kind = fields.get("kind", space.kind)
                    key = fields.get("connector") or f"shaft:{fields['spaces'][0]}"
                    space = replace(space, connector=key, kind=kind)
        return space

    def to_door(self, door: Door) -> Door:
        for do, fields in self._for(door.id, "rename", "restrict", "set-door"):
            match do:
                case "rename":
                    door = replace(door, names={**door.names, **fields["names"]})
                case "restrict":
                    door = replace(door, access=fields["access"])
                case "set-door":
                    door = replace(door, **_facts(fields))
        return door

    def to_connector(self, connector: Connector) -> Connector:
        for do, fields in self._for(connector.id, "rename", "restrict", "set-connector"):
            match do:
                case "rename":
                    connector = replace(connector, names={**connector.names, **fields["names"]})
                case "restrict":
                    connector = replace(connector, access=fields["access"])
                case "set-connector":
                    said = {k: fields[k] for k in ("bank", "direction", "floor_s") if k in fields}
                    for name in ("wait_s", "cabin_m"):
                        if name in fields:
                            value = fields[name]
                            said[name] = tuple(value) if isinstance(value, list) else (value,)
                    connector = replace(connector, **said)
        return connector

    def to_place(self, place: Place) -> Place:
        for do, fields in self._for(place.id, "rename", "landmark", "set-entry"):
            if do == "landmark":
                place = replace(place, landmark=fields.get("landmark", True))
            elif do == "set-entry":
                place = replace(place, entry=fields["names"])
            else:
                place = replace(place, names={**place.names, **fields["names"]})
        return place

    def to_level(self, level: Level) -> Level:
        for _, fields in self._for(level.id, "set-level"):
            said = ("label", "ordinal", "building", "elevation_m")
            level = replace(level, **{k: fields[k] for k in said if k in fields})
        return level

    def _all(self, verb: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
        return ((n, c.fields) for n, c in enumerate(self.changes) if c.do == verb)

    def new_spaces(self, spaces: Sequence[Space], levels: Mapping[str, int]) -> list[Space]:
        """Spaces that a drawing leaves out: copied from another, or within a given outline."""
        by_id = {space.id: space for space in spaces}
        added = []
        for number, fields in self._all("add-space"):
            like = by_id.get(fields.get("like", ""))
            outline = Polygon(fields["outline"]) if "outline" in fields else None
            if fields["level"] not in levels or not (outline or like):
                continue
            self._used.add(number)
            space = like or Space(fields["id"], fields["level"], outline or Polygon())
            said = ("kind", "category", "names", "ref", "access", "connector", "step_free")
            added.append(
                replace(
                    space,
                    id=fields["id"],
                    level=fields["level"],
                    outline=outline or space.outline,
                    **{name: fields[name] for name in said if name in fields},
                )
            )
        return added

    def new_doors(
        self, spaces: Sequence[Space], levels: Mapping[str, Level], findings: list[Finding]
    ) -> Iterable[Door]:
        """Doors that staff add: drawn across the shared wall, or the nearest wall."""
        by_id = {space.id: space for space in spaces}
        for number, fields in self._all("add-door"):
            joins = [by_id[s] for s in fields["spaces"] if s in by_id]
            if len(joins) != len(fields["spaces"]) or not 1 <= len(joins) <= 2:
                continue
            self._used.add(number)
            spot = Point(fields["point"])
            # A bridge may join floors of two buildings; nothing else joins two levels by a door.
            if any(space.outline.boundary.distance(spot) > NEAR_WALL_M for space in joins) or (
                len({space.level for space in joins}) > 1
                and len({levels[space.level].building for space in joins}) == 1
            ):
                where = self.changes[number].where
                findings.append(Finding("correction-door-nowhere", where))
                continue
            door = PlanDoor(
                key="",
                level=joins[0].level,
                line=Point(fields["point"]),
                **_facts(fields),
            )
            (line,) = matching.as_lines([door], joins)
            yield Door(
                id=fields.get("id") or f"added:{'~'.join(fields['spaces'])}",
                spaces=(joins[0].id, joins[1].id if len(joins) == 2 else ""),
                line=(matching.mm(line.coords[0]), matching.mm(line.coords[-1])),
                **door.facts(),
            )

    def new_connectors(self) -> dict[str, PlanConnector]:
        """What staff say about shafts they join."""
        return {
            fields["connector"]: PlanConnector(
                fields["connector"], fields["kind"], fields.get("names", {})
            )
            for _, fields in self._all("join-shaft")
            if "connector" in fields and "kind" in fields and "names" in fields
        }

    def new_anchors(self, spaces: Sequence[Space]) -> Iterable[Anchor]:
        known = {space.id for space in spaces if space.kind != "closed"}
        for number, fields in self._all("add-anchor"):
            if fields["space"] not in known:
                continue
            self._used.add(number)
            x, y = fields["point"]
            yield Anchor(
                fields["id"],
                fields.get("code", fields["id"]),
                fields["space"],
                (x, y),
                fields.get("bearing_deg"),
                fields.get("names", {}),
            )

    def photos(self, spaces: Sequence[Space], places: Sequence[Place]) -> Iterable[Photo]:
        """Photos by staff: on the way, or of a place."""
        known = {space.id for space in spaces if space.kind != "closed"}
        for number, fields in self._all("add-photo"):
            if fields["space"] in known:
                self._used.add(number)
                x, y = fields["point"]
                yield Photo(
                    fields["file"],
                    fields["names"],
                    space=fields["space"],
                    point=(x, y),
                    bearing_deg=fields.get("bearing_deg"),
                )
        for place in places:
            for _, fields in self._for(place.id, "set-photo"):
                yield Photo(fields["file"], fields["names"], place=place.id)

    def closures(self, known: set[str]) -> tuple[Closure, ...]:
        """What staff close; `known` are the ids of everything that can be closed."""
        closures = []
        for number, fields in self._all("close"):
            if fields["id"] not in known:
                continue
            self._used.add(number)
            said = {k: fields[k] for k in ("start", "end", "reason") if k in fields}
            closures.append(Closure(fields["id"], **said))
        return tuple(closures)

    def speech(self) -> dict[str, Wording]:
        """How the hospital wants things said; a later choice overrides an earlier one."""
        chosen: dict[str, Wording] = {}
        for number, fields in self._all("set-speech"):
            self._used.add(number)
            earlier = chosen.get(fields["language"], Wording())
            choices = {**earlier.choices, **fields["choices"]}
            chosen[fields["language"]] = replace(earlier, choices=choices)
        return chosen

    def answers(self, finding: Finding) -> bool:
        """Whether staff have answered what a finding asks for."""
        return finding.code == "level-without-label" and any(
            "label" in fields for _, fields in self._for(finding.where, "set-level")
        )

    def unused(self) -> list[Finding]:
        """Corrections whose target is not in any drawing: something was renamed or redrawn."""
        return [
            Finding(
                "correction-without-target",
                change.where,
                {"id": str(change.fields.get("id") or change.fields.get("spaces"))},
            )
            for number, change in enumerate(self.changes)
            if number not in self._used
        ]


def _facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a change says about a door."""
    return {name: fields[name] for name in DOOR_FACTS if name in fields}


def _with_hours_read(change: Change) -> Change:
    """The change with its hours as a value."""
    if "hours" not in change.fields:
        return change
    hours = read_hours(change.fields["hours"]).hours
    return replace(change, fields={**change.fields, "hours": hours})


def _shaft_spaces(change: Change) -> list[str]:
    return list(change.fields["spaces"]) if change.do == "join-shaft" else []
