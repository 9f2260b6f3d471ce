"""Corrections by staff, applied to the parts of a venue: the verbs of `navkit.venue.corrections`.

Each part is passed in and comes back corrected; a change that finds no part with its id
is reported, because something was renamed or redrawn.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from navkit.plan.hours import day_rule
from navkit.plan.plan import Names, PlanConnector, PlanDoor
from navkit.venue import matching, pieces
from navkit.venue.accepted import are_accepted
from navkit.venue.corrections import ADDING, DOOR_FACTS, USE_FACTS, Change
from navkit.venue.earlier import Thing, nearest
from navkit.venue.venue import (
    Anchor,
    Board,
    Closure,
    Connector,
    Door,
    DrawnPath,
    Level,
    Photo,
    Place,
    Space,
    Stripe,
)
from navkit.venue.written_hours import read_hours
from navkit.words.findings import Finding, Slot
from navkit.words.speech import Wording

T = TypeVar("T", Space, Door, Anchor, Board, Stripe)

_ANSWERS = {
    "level-without-label": ("set-level", "label"),
    "picture-read": ("set-level", "checked"),
    "door-touches-one-space": ("set-door", "entrance"),
    "door-gap": ("set-door", "entrance"),
}
"""Of findings, the correction of the same thing and its field that answer them."""
_ANSWER_KINDS = {"space-taken-for-corridor": "corridor"}
"""Of findings, the kind by which staff say that it is so."""

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
        self._into: dict[str, str] = {}
        self._parts: dict[str, list[Space]] = defaultdict(list)
        self.cuts: list[tuple[str, LineString]] = []
        """Walls that staff say there are, by level."""
        self.seams: list[tuple[str, BaseGeometry]] = []
        """Where staff say that there are no walls, nor doors in them, by level."""
        for number, change in enumerate(self.changes):
            for target in [change.fields.get("id", ""), *_shaft_spaces(change)]:
                self._by_id[target].append((number, change))

    @property
    def added(self) -> frozenset[str]:
        """Ids of things that no drawing shows."""
        return frozenset(
            c.fields[field] for c in self.changes if (field := ADDING.get(c.do, "")) in c.fields
        )

    def _for(self, target: str, *verbs: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        for number, change in self._by_id.get(target, ()):
            if change.do in verbs:
                self._used.add(number)
                yield change.do, change.fields

    def to_space(self, space: Space) -> Space:
        for do, fields in self._for(
            space.id, "rename", "restrict", "set-kind", "join-shaft", "set-use"
        ):
            match do:
                case "rename":
                    space = replace(space, names={**space.names, **fields["names"]})
                    space = replace(space, ref=fields.get("ref", space.ref))
                case "restrict":
                    space = replace(space, access=fields["access"])
                case "set-use":
                    line = fields.get("oneway", space.oneway)
                    space = replace(space, oneway=tuple(map(tuple, line)), **_use(fields))
                case "set-kind":
                    said = {k: fields[k] for k in ("kind", "category", "slope") if k in fields}
                    space = replace(space, **said)
                case "join-shaft":
                    kind = fields.get("kind", space.kind)
                    key = fields.get("connector") or f"shaft:{fields['spaces'][0]}"
                    space = replace(space, connector=key, kind=kind)
        return space

    def to_door(self, door: Door) -> Door:
        for do, fields in self._for(door.id, "rename", "restrict", "set-door", "set-use"):
            match do:
                case "rename":
                    door = replace(door, names={**door.names, **fields["names"]})
                case "restrict":
                    door = replace(door, access=fields["access"])
                case "set-door":
                    door = replace(door, **_facts(fields))
                case "set-use":
                    door = replace(door, **_use(fields))
        return door

    def in_walls(self, doors: Iterable[tuple[str, PlanDoor]]) -> list[tuple[str, PlanDoor]]:
        """Drawn doors by id, without those in walls of which staff say that they are not there."""
        return [
            (key, door)
            for key, door in doors
            if not any(
                level == door.level and seam.contains(door.line.centroid)
                for level, seam in self.seams
            )
        ]

    def kept(self, things: Iterable[T]) -> Iterator[T]:
        """Things without those that staff remove."""
        return (thing for thing in things if not list(self._for(thing.id, "remove")))

    def refused(self, spaces: Iterable[Space]) -> frozenset[frozenset[str]]:
        """Pairs of spaces of which staff say that nothing leads from one to the other: no door and
        no opening is guessed between them."""
        known = {space.id for space in spaces}
        pairs = []
        for number, fields in self._all("no-door"):
            both = frozenset(self._into.get(one, one) for one in fields["spaces"])
            if known >= both:
                self._used.add(number)
                pairs.append(both)
        return frozenset(pairs)

    def to_connector(self, connector: Connector) -> Connector:
        for do, fields in self._for(connector.id, "rename", "restrict", "set-connector", "set-use"):
            match do:
                case "rename":
                    connector = replace(connector, names={**connector.names, **fields["names"]})
                case "restrict":
                    connector = replace(connector, access=fields["access"])
                case "set-use":
                    connector = replace(connector, **_use(fields))
                case "set-connector":
                    said = {k: fields[k] for k in ("bank", "direction", "floor_s") if k in fields}
                    for name in ("wait_s", "cabin_m"):
                        if name in fields:
                            value = fields[name]
                            said[name] = tuple(value) if isinstance(value, list) else (value,)
                    connector = replace(connector, **said)
        return connector

    def to_path(self, path: DrawnPath) -> DrawnPath:
        for do, fields in self._for(path.id, "restrict", "set-use"):
            said = {"access": fields["access"]} if do == "restrict" else _use(fields)
            path = replace(path, **said)
        return path

    def to_place(self, place: Place) -> Place:
        for do, fields in self._for(place.id, "rename", "landmark", "set-entry"):
            if do == "landmark":
                is_said = fields.get("landmark", True)
                place = replace(place, landmark=is_said, unsaid=not is_said)
            elif do == "set-entry":
                place = replace(place, entry=fields["names"])
            else:
                place = replace(place, names={**place.names, **fields["names"]})
        return place

    def _to_level(self, level: Level) -> Level:
        for _, fields in self._for(level.id, "set-level"):
            said = ("label", "ordinal", "building", "elevation_m")
            level = replace(level, **{k: fields[k] for k in said if k in fields})
        return level

    def levels(self, levels: Sequence[Level]) -> list[Level]:
        """The levels as staff correct them, and floors that no drawing shows. One that a drawing
        shows by now, under the same id, stays as it is drawn."""
        drawn = {level.id for level in levels}
        said = ("label", "ordinal", "building", "elevation_m")
        added = [
            Level(id=fields["id"], **{name: fields[name] for name in said if name in fields})
            for fields in self._those("add-level")
            if fields["id"] not in drawn
        ]
        return [*map(self._to_level, (*levels, *added))]

    def buildings(self) -> dict[str, Names]:
        """Names of buildings that no drawing shows, by id."""
        return {fields["id"]: fields["names"] for fields in self._those("add-building")}

    def _all(self, verb: str) -> Iterable[tuple[int, Mapping[str, Any]]]:
        return ((n, c.fields) for n, c in enumerate(self.changes) if c.do == verb)

    def redrawn(self, spaces: Sequence[Space], levels: Collection[str]) -> list[Space]:
        """The spaces as staff draw them, with those of `levels` that a drawing leaves out, each
        stroke upon what those before it have left."""
        by_id = {space.id: space for space in spaces}
        for number, change in enumerate(self.changes):
            draw = _STROKES.get(change.do)
            found = draw(by_id, change.fields, levels) if draw else None
            if found is None:
                continue
            self._used.add(number)
            if change.do == "split":
                kept, new = found
                self._parts[kept.id].append(new)
                wall = kept.outline.boundary.intersection(new.outline.boundary)
                self.cuts += [(new.level, line) for line in pieces.lines_of(wall)]
            elif change.do == "merge":
                self._put_together(by_id, _meant(by_id, change.fields), found[0])
            by_id |= {space.id: space for space in found}
        return list(by_id.values())

    def _put_together(self, by_id: dict[str, Space], meant: Sequence[Space], whole: Space) -> None:
        """What was one of several spaces is the whole now."""
        outlines = [one.outline for one in meant]
        self.seams.append((whole.level, pieces.seam(outlines, whole.outline)))
        for space in meant[1:]:
            del by_id[space.id]
            self._into[space.id] = whole.id
            self._used |= {number for number, _ in self._by_id.get(space.id, ())}

    def _space_of(self, named: str, spot: Point, by_id: Mapping[str, Space]) -> str:
        """The space at a point that a correction has named before it was put together with another
        or cut in two."""
        while named in self._into:
            named = self._into[named]
        parts = [by_id[one.id] for one in self._parts.get(named, ()) if one.id in by_id]
        if not parts or named not in by_id:
            return named
        return min(
            (by_id[named], *parts),
            key=lambda one: (
                round(one.outline.boundary.distance(spot), 3),
                round(one.outline.distance(spot), 3),
            ),
        ).id

    def new_doors(
        self,
        spaces: Sequence[Space],
        levels: Mapping[str, Level],
        findings: list[Finding],
        *,
        across: bool = False,
    ) -> Iterable[Door]:
        """Doors that staff add: drawn across the shared wall, or the nearest wall. With `across`
        only those that lead to another level, of another building."""
        by_id = {space.id: space for space in spaces}
        for number, fields in self._all("add-door"):
            spot = Point(fields["point"])
            named = [self._space_of(one, spot, by_id) for one in fields["spaces"]]
            if len({*named}) < len(named):
                # Between two that are one now.
                self._used.add(number)
                continue
            joins = [by_id[s] for s in named if s in by_id]
            if len(joins) != len(fields["spaces"]) or not 1 <= len(joins) <= 2:
                continue
            if across and len({space.level for space in joins}) == 1:
                continue
            self._used.add(number)
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
            (line,) = matching.as_lines([door], matching.Walls(joins))
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
        for fields, space in self._hung("add-anchor", spaces):
            x, y = fields["point"]
            yield Anchor(
                fields["id"],
                fields.get("code", fields["id"]),
                space,
                (x, y),
                fields.get("bearing_deg"),
                fields.get("names", {}),
            )

    def to_anchor(self, anchor: Anchor, spaces: Collection[str]) -> Anchor:
        """A code as it hangs; if it is said to be in none of the `spaces`, where it was."""
        for do, fields in self._for(anchor.id, "rename", "set-anchor"):
            if do == "rename":
                anchor = replace(anchor, names={**anchor.names, **fields["names"]})
                continue
            said = {name: fields[name] for name in ("code", "bearing_deg") if name in fields}
            if fields.get("space", anchor.space) in spaces:
                x, y = fields.get("point", anchor.point)
                said |= {"space": fields.get("space", anchor.space), "point": (x, y)}
            anchor = replace(anchor, **said)
        return anchor

    def photos(self, spaces: Sequence[Space], places: Sequence[Place]) -> Iterable[Photo]:
        """Photos by staff: on the way, or of a place."""
        for fields, space in self._hung("add-photo", spaces):
            x, y = fields["point"]
            yield Photo(
                fields["file"],
                fields["names"],
                space=space,
                point=(x, y),
                bearing_deg=fields.get("bearing_deg"),
            )
        for place in places:
            for _, fields in self._for(place.id, "set-photo"):
                yield Photo(fields["file"], fields["names"], place=place.id)

    def boards(self, spaces: Sequence[Space]) -> Iterable[Board]:
        """Direction signs that staff enter."""
        for fields, space in self._hung("add-board", spaces):
            x, y = fields["point"]
            said = {name: fields[name] for name in ("id", "text", "bearing_deg", "arrow")}
            yield Board(**said, space=space, point=(x, y), leads=tuple(fields["leads"]))

    def _hung(self, verb: str, spaces: Sequence[Space]) -> Iterable[tuple[Mapping[str, Any], str]]:
        """What staff hang in spaces that are walked on, and in which each is now."""
        by_id = {space.id: space for space in spaces}
        for number, fields in self._all(verb):
            here = self._standing(fields["space"], Point(fields["point"]), by_id)
            if here in by_id and by_id[here].kind != "closed":
                self._used.add(number)
                yield fields, here

    def _standing(self, named: str, spot: Point, by_id: Mapping[str, Space]) -> str:
        """As `_space_of`, for what stands in a space, and not on its walls."""
        while named in self._into:
            named = self._into[named]
        inside = (one.id for one in self._parts.get(named, ()) if one.outline.contains(spot))
        return next((one for one in inside if one in by_id), named)

    def stripes(self, levels: Sequence[Level]) -> Iterable[Stripe]:
        """Coloured lines on the floor that staff enter."""
        known = {level.id for level in levels}
        for number, fields in self._all("add-stripe"):
            if fields["level"] not in known:
                continue
            self._used.add(number)
            said = {name: fields[name] for name in ("id", "colour", "level")}
            course = tuple((x, y) for x, y in fields["course"])
            yield Stripe(**said, course=course, leads=tuple(fields["leads"]))

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
        for fields in self._those("set-speech"):
            earlier = chosen.get(fields["language"], Wording())
            choices = {**earlier.choices, **fields["choices"]}
            chosen[fields["language"]] = replace(earlier, choices=choices)
        return chosen

    def region(self) -> str:
        """The region whose holidays count; empty if nobody says."""
        return "".join([fields["region"] for fields in self._those("set-venue")][-1:])

    def parts_of_day(self) -> dict[str, str]:
        """The hospital's own times of parts of the day; a later change overrides an earlier one."""
        those = self._those("set-part-of-day")
        return {fields["part"]: day_rule(fields["times"]) for fields in those}

    def dates(self) -> dict[str, str]:
        """The hospital's own dates; a later change overrides an earlier one."""
        rules: dict[date, str] = {}
        for fields in self._those("set-day"):
            day, last = (
                date.fromisoformat(text)
                for text in (fields["date"], fields.get("until", fields["date"]))
            )
            while day <= last:
                rules[day] = day_rule(fields["as"])
                day += timedelta(days=1)
        return {day.isoformat(): rules[day] for day in sorted(rules)}

    def _those(self, verb: str) -> Iterable[Mapping[str, Any]]:
        """The changes that need no target."""
        for number, fields in self._all(verb):
            self._used.add(number)
            yield fields

    def answers(self, finding: Finding) -> bool:
        """Whether staff have answered what a finding asks for."""
        verb, field = _ANSWERS.get(finding.code, ("", ""))
        target = finding.where.rpartition(", ")[2]
        if kind := _ANSWER_KINDS.get(finding.code):
            return any(fields["kind"] == kind for _, fields in self._for(target, "set-kind"))
        return any(fields.get(field, False) is not False for _, fields in self._for(target, verb))

    def not_accepted(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings of which staff do not say that it is so."""
        said = [change.fields for change in self.changes]
        return [found for found, so in are_accepted(findings, said) if so is None]

    def compared(self, doors: Iterable[Door], spaces: Iterable[Space]) -> Iterator[Door]:
        """The doors; none of those is guessed that are on levels which staff have compared with
        the house."""
        level_of = {space.id: space.level for space in spaces}
        checked = {fields["id"] for _, fields in self._all("set-level") if fields.get("checked")}
        for door in doors:
            is_checked = level_of.get(door.spaces[0]) in checked
            yield replace(door, guessed=False) if door.guessed and is_checked else door

    def unused(self, things: Mapping[str, Thing], before: Mapping[str, Thing]) -> list[Finding]:
        """Corrections whose target is not in any drawing: something was renamed or redrawn.

        `things` are those of the venue, `before` those of earlier ones, by id: what the target was
        and what is nearest to it are named.
        """
        return [
            _without_target(self.changes[number], things, before)
            for number in range(len(self.changes))
            if number not in self._used and self.changes[number].do != "accept"
        ]


def _meant(by_id: Mapping[str, Space], fields: Mapping[str, Any]) -> list[Space]:
    """The spaces that are to be one, the one that stays first; one whose id is gone is known by the
    point that was in it. Empty if any is nowhere."""
    points = dict(zip(fields["spaces"], fields.get("points", ()), strict=False))
    first = by_id.get(fields["spaces"][0]) if fields["spaces"] else None
    found = []
    for named in fields["spaces"]:
        here = (
            one
            for one in by_id.values()
            if first
            and named in points
            and one.level == first.level
            and one.outline.contains(Point(points[named]))
        )
        found.append(by_id.get(named) or next(here, None))
    each = {one.id: one for one in found if one}
    return list(each.values()) if first and all(found) else []


def _add_space(
    by_id: Mapping[str, Space], fields: Mapping[str, Any], levels: Collection[str]
) -> list[Space] | None:
    """Copied from another, or within a given outline."""
    like = by_id.get(fields.get("like", ""))
    outline = Polygon(fields["outline"]) if "outline" in fields else None
    if fields["level"] not in levels or not (outline or like):
        return None
    space = like or Space(fields["id"], fields["level"], outline or Polygon())
    said = ("kind", "category", "names", "ref", "access", "connector", "step_free", "slope")
    return [
        replace(
            space,
            id=fields["id"],
            level=fields["level"],
            outline=outline or space.outline,
            **{name: fields[name] for name in said if name in fields},
        )
    ]


def _reshape(
    by_id: Mapping[str, Space], fields: Mapping[str, Any], _: Collection[str]
) -> list[Space] | None:
    space = by_id.get(fields["id"])
    if space is None:
        return None
    return [replace(space, outline=pieces.around(space.outline, fields["outline"]))]


def _split(
    by_id: Mapping[str, Space], fields: Mapping[str, Any], _: Collection[str]
) -> list[Space] | None:
    """The part that stays what it is, and a new one of the same kind without a name."""
    space = by_id.get(fields["id"])
    line = [(x, y) for x, y in fields["line"]]
    x, y = fields["point"]
    parts = pieces.halves(space.outline, line, (x, y)) if space else None
    if space is None or parts is None or fields["new"] in by_id:
        return None
    said = ("kind", "category", "names", "ref", "access")
    told: dict[str, Any] = {"names": {}, "ref": "", "connector": ""}
    told |= {name: fields[name] for name in said if name in fields}
    return [
        replace(space, outline=parts[0]),
        replace(space, id=fields["new"], outline=parts[1], **told),
    ]


def _merge(
    by_id: Mapping[str, Space], fields: Mapping[str, Any], _: Collection[str]
) -> list[Space] | None:
    """The first of them takes the place of all."""
    meant = _meant(by_id, fields)
    if len(meant) < 2 or len({one.level for one in meant}) > 1:
        return None
    whole = pieces.together([one.outline for one in meant])
    return [replace(meant[0], outline=whole)] if whole else None


def _cut_out(
    by_id: Mapping[str, Space], fields: Mapping[str, Any], _: Collection[str]
) -> list[Space] | None:
    space = by_id.get(fields["id"])
    left = pieces.without(space.outline, fields["outline"]) if space else None
    return [replace(space, outline=left)] if space and left else None


_STROKES: Mapping[
    str,
    Callable[[Mapping[str, Space], Mapping[str, Any], Collection[str]], list[Space] | None],
] = {
    "add-space": _add_space,
    "reshape": _reshape,
    "split": _split,
    "merge": _merge,
    "cut-out": _cut_out,
}
"""What each stroke makes of the spaces by id: those that are new or other now, the one that was
named first; None if it cannot be done."""


def _without_target(
    change: Change, things: Mapping[str, Thing], before: Mapping[str, Thing]
) -> Finding:
    fields = change.fields
    named = [fields.get("id", ""), fields.get("space", ""), *fields.get("spaces", ())]
    levels = {thing.level for thing in things.values()}
    named += [level for level in (fields.get("level", ""),) if level not in levels]
    asked = [one for one in named[ADDING.get(change.do) == "id" :] if one]
    lost = [one for one in asked if one not in things] or asked
    key = lost[0] if lost else ""
    was = before.get(key)
    slots: dict[str, Slot] = {
        "id": ", ".join(lost),
        "near": nearest(things, key, was) or "-",
    }
    if was is None:
        return Finding("correction-without-target", change.where, slots)
    called = {tag: f"{name} {was.ref}".strip() for tag, name in was.names.items()}
    slots |= {"was": called or was.ref or key, "level": was.level}
    return Finding("correction-target-gone", change.where, slots)


def _facts(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a change says about a door."""
    return {name: fields[name] for name in DOOR_FACTS if name in fields}


def _with_hours_read(change: Change) -> Change:
    """The change with its hours as a value."""
    read: dict[str, Any] = {}
    for name, value in change.fields.items():
        if name in ("hours", "oneway_hours"):
            read[name] = read_hours(value).hours
        elif name in ("only", "barred"):
            read[name] = {group: read_hours(hours).hours for group, hours in value.items()}
    return replace(change, fields={**change.fields, **read})


def _use(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a change says about when something may be used, and by whom."""
    return {name: fields[name] for name in USE_FACTS if name in fields}


def _shaft_spaces(change: Change) -> list[str]:
    return list(change.fields["spaces"]) if change.do == "join-shaft" else []
