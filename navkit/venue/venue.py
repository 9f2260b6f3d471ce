"""The venue: plans joined into one building or campus. Frozen, written to `venue.json`.

Coordinates are metres in the venue's frame (the drawing's own, if it has one), x to the
right and y up. Ids are durable: importing the same drawing again gives the same ids.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_type_hints

from shapely import Polygon

from navkit.plan import typed_json
from navkit.plan.calendar import calendar_of, default_region, regions
from navkit.plan.frame import Frame
from navkit.plan.hours import ALWAYS, Calendar, Hours, day_rule, day_since_1970, local_minute
from navkit.plan.plan import (
    Access,
    Arrow,
    ConnectorKind,
    DoorFacts,
    Limits,
    Names,
    PathKind,
    SpaceKind,
)
from navkit.plan.typed_json import MisfitError
from navkit.venue.periods import end_of, start_of
from navkit.words.findings import Finding, NavkitError
from navkit.words.folders import named
from navkit.words.languages import language_of
from navkit.words.speech import Speaker, Wording

FORMAT = "navkit-venue"
VERSION = 1

Point = tuple[float, float]
"""x, y in metres."""


def name_in(names: Names, language: str) -> str:
    """The name a reader of `language` is shown: the nearest language there is, else empty."""
    return named(names, language_of(language))


@dataclass(frozen=True)
class Level:
    """A storey: `ordinal` to compute with, `label` as posted on the wall."""

    id: str
    ordinal: float
    label: str
    building: str = ""
    elevation_m: float | None = None


@dataclass(frozen=True)
class Space(Limits):
    """A walkable or closed area on one level."""

    id: str
    level: str
    outline: Polygon
    kind: SpaceKind = "room"
    category: str = ""
    names: Names = field(default_factory=dict)
    ref: str = ""
    access: Access = "public"
    connector: str = ""
    step_free: bool | None = None
    slope: float | None = None
    oneway: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Guess:
    """Why a door was guessed where the drawing shows none."""

    likelihood: float
    """How likely a door joins these two spaces: between 0 and 1, calibrated on drawings that have
    their doors (`docs/guessed-doors.md`)."""
    evidence: tuple[str, ...] = ()
    """What speaks for it, the strongest first: codes of `words/<tag>/evidence.json`."""
    alternatives: Mapping[str, float] = field(default_factory=dict)
    """The other spaces that the door may lead to, by id, with their likelihood."""


def called(space: Space) -> Names:
    """The name of a space for readers who do not know ids, unless it is its id."""
    names = {tag: name for tag, name in space.names.items() if name} or {"": space.ref}
    return {tag: name for tag, name in names.items() if name and name != space.id}


@dataclass(frozen=True)
class Door(DoorFacts):
    """An opening between two spaces, or between a space and the outside."""

    id: str
    spaces: tuple[str, str]
    """Ids; the second is empty if the door leads outside."""
    line: tuple[Point, Point]
    """The opening on the wall, end to end."""
    guessed: bool = False
    """Whether navkit guessed it because the drawing shows no door."""
    guess: Guess | None = None
    """How sure that is, if it is a door; an open passage that is assumed has none."""
    path: str = ""
    """Id of the drawn path it leads to, if a drawing has lines instead of areas."""

    @property
    def middle(self) -> Point:
        """The point halfway along the opening."""
        (ax, ay), (bx, by) = self.line
        return ((ax + bx) / 2, (ay + by) / 2)


@dataclass(frozen=True)
class Connector(Limits):
    """A shaft that joins levels, with its stops in order of height."""

    id: str
    kind: ConnectorKind
    stops: tuple[str, ...]
    """Ids of spaces, one or more per level, lowest first."""
    names: Names = field(default_factory=dict)
    bank: str = ""
    direction: Literal["both", "up", "down"] = "both"
    access: Access = "public"
    step_free: bool | None = None
    wait_s: tuple[float, ...] | None = None
    floor_s: float | None = None
    cabin_m: tuple[float, float] | None = None
    guessed: bool = False
    """Whether its stops were joined by footprint and name, not by the drawing."""


@dataclass(frozen=True)
class DrawnPath(Limits):
    """A drawn line that people walk, if a drawing has lines instead of areas."""

    id: str
    points: tuple[Point, ...]
    levels: tuple[str, ...]
    """One level id, or those of the first and the last point."""
    kind: PathKind = "footway"
    oneway: bool = False
    names: Names = field(default_factory=dict)
    step_free: bool | None = None
    slope: float | None = None
    access: Access = "public"
    width_m: float | None = None
    step_count: int = 0
    """How many steps it has; 0 if nobody has counted them."""
    climbs: int = 0
    """1 if its steps lead up from the first point to the last, -1 down; 0 if that is unknown."""


def _whole_minutes(dated: "Place | Closure", code: str, where: str) -> None:
    """Its start and its end in the one form of `navkit.venue.periods`; `NavkitError` with that code
    if one cannot be read."""
    for name, read in (("start", start_of), ("end", end_of)):
        if text := getattr(dated, name):
            try:
                object.__setattr__(dated, name, read(text))
            except ValueError:
                raise NavkitError(code, f"{where} {text}"[:100]) from None


@dataclass(frozen=True)
class Place:
    """What people ask for. It is at spaces, at an entrance door or at a point."""

    id: str
    names: Names
    spaces: tuple[str, ...] = ()
    door: str = ""
    point: tuple[str, float, float] | None = None
    """Space id, x, y in metres."""
    category: str = ""
    aliases: tuple[str, ...] = ()
    ref: str = ""
    access: Access = "public"
    hours: Hours = ALWAYS
    phone: str = ""
    on_door: Names = field(default_factory=dict)
    entry: Names = field(default_factory=dict)
    """What a visitor does at the last public door, if the place is behind one that is not public:
    ring the bell, show a pass. Empty: ask there."""
    landmark: bool = False
    """Whether staff chose it as a landmark for guidance."""
    unsaid: bool = False
    """Whether staff want it never named on the way to something else."""
    start: str = ""
    """Since when it is there: local time ``YYYY-MM-DDTHH:MM``, included; empty: already."""
    end: str = ""
    """Until when, not included; empty: until further notice."""
    of: str = ""
    """The id by which it is known wherever it is, if it has dates; places of one id take turns."""

    def __post_init__(self) -> None:
        _whole_minutes(self, "bad-time", self.id)

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)

    def holds(self, minute: int | None) -> bool:
        """Whether it is there at a local minute since 1970. If the time is unknown (None), what is
        there already is, and what is planned is not."""
        if minute is None:
            return not self.start
        return (not self.start or local_minute(self.start) <= minute) and (
            not self.end or minute < local_minute(self.end)
        )


@dataclass(frozen=True)
class Anchor:
    """A known point with a printed code."""

    id: str
    code: str
    space: str
    point: Point
    bearing_deg: float | None = None
    """The direction in which its reader looks, clockwise from the frame's y axis."""
    names: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Photo:
    """A picture of what a walker sees: at a point on the way, or on arrival at a place."""

    file: str
    """Its path in the folder of the hospital's photos, with forward slashes."""
    names: Names
    """A description for people who cannot see the picture."""
    place: str = ""
    """Id of the place in the picture; empty if it was taken on the way, at `point`."""
    space: str = ""
    point: Point | None = None
    bearing_deg: float | None = None
    """The direction in which the photographer looked, clockwise from the frame's y axis."""


@dataclass(frozen=True)
class Board:
    """A direction sign that hangs: a text and one arrow; one with several arrows is several."""

    id: str
    text: str
    """As it stands there: quoted in every language."""
    space: str
    point: Point
    bearing_deg: float
    """The direction in which its reader looks, clockwise from the frame's y axis."""
    arrow: Arrow
    """Where it points, for its reader."""
    leads: tuple[str, ...]
    """Ids of the places, spaces or connectors that it leads to."""


@dataclass(frozen=True)
class Stripe:
    """A coloured line on the floor of one level."""

    id: str
    colour: str
    """A key of `navkit.plan.colours`."""
    level: str
    course: tuple[Point, ...]
    leads: tuple[str, ...]
    """Ids of the places, spaces or connectors that it leads to."""


@dataclass(frozen=True)
class Closure:
    """Something that must not be used, from `start` to `end`: times are read as
    `navkit.venue.periods` does, and stored in its one form.
    `NavkitError` if one cannot be read."""

    target: str
    """Id of a door, connector, space or path, or ``edge:N``."""
    start: str = ""
    """Local time ``YYYY-MM-DDTHH:MM``; an empty start means already closed."""
    end: str = ""
    """Local time, not included; an empty end means until withdrawn."""
    reason: Names = field(default_factory=dict)

    def __post_init__(self) -> None:
        _whole_minutes(self, "bad-closure-time", self.target)


@dataclass(frozen=True)
class Venue:
    """Everything known about a building or campus. Independent of files, users and networks."""

    names: Names
    frame: Frame | None
    levels: tuple[Level, ...]
    spaces: tuple[Space, ...]
    doors: tuple[Door, ...]
    connectors: tuple[Connector, ...]
    paths: tuple[DrawnPath, ...]
    places: tuple[Place, ...]
    anchors: tuple[Anchor, ...]
    closures: tuple[Closure, ...] = ()
    photos: tuple[Photo, ...] = ()
    boards: tuple[Board, ...] = ()
    stripes: tuple[Stripe, ...] = ()
    building_names: Mapping[str, Names] = field(default_factory=dict)
    speech: Mapping[str, Wording] = field(default_factory=dict)
    """How the hospital wants things said, by language."""
    region: str = ""
    """Where national holidays are looked up, such as ``CN``; empty: the usual one."""
    dates: Mapping[str, str] = field(default_factory=dict)
    """The hospital's own dates, by ``YYYY-MM-DD``: a weekday to count as, `PH`, `SH`, ``off`` or
    hours."""
    findings: tuple[Finding, ...] = ()
    removed: tuple[Space, ...] = ()
    """What drawings show and staff have removed, or put together with another space: the next
    drawing shows it again, and it is known then by its id."""
    removed_doors: tuple[Door, ...] = ()
    """The same for doors."""

    @cached_property
    def calendar(self) -> Calendar:
        """National holidays, working weekends and the hospital's own dates."""
        return calendar_of(self.region or default_region(), self.dates)

    def speaker(self, language: str) -> Speaker:
        """The speaker for this venue's names in `language`."""
        if language not in self._speakers:
            self._speakers[language] = Speaker(language, self.speech.get(language))
        return self._speakers[language]

    @cached_property
    def _speakers(self) -> dict[str, Speaker]:
        return {}

    @cached_property
    def typed(self) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """What `navkit.venue.lookup` compares with what people type, by the languages there are."""
        return {}

    @cached_property
    def level_by_id(self) -> dict[str, Level]:
        return {level.id: level for level in self.levels}

    @cached_property
    def space_by_id(self) -> dict[str, Space]:
        return {space.id: space for space in self.spaces}

    @cached_property
    def door_by_id(self) -> dict[str, Door]:
        return {door.id: door for door in self.doors}

    @cached_property
    def place_by_id(self) -> dict[str, Place]:
        return {place.id: place for place in self.places}


_LIMITS = frozenset(fact.name for fact in fields(Limits))
"""Written after all other fields."""


def _slim(value: object, **renamed: Any) -> dict[str, Any]:
    """The non-empty fields of a dataclass, in order, with `renamed` ones replaced."""
    fields: dict[str, Any] = {}
    for name, item in sorted(vars(value).items(), key=lambda pair: pair[0] in _LIMITS):
        item = _listed(renamed.get(name, item))
        # By identity: 0.0 equals False, but a bearing or an elevation of 0 is a value.
        if not (item is None or item is False or item in ("", [], {})):
            fields[name] = item
    return fields


def _listed(item: Any) -> Any:
    """Tuples as lists and hours as text, all the way down."""
    if isinstance(item, Hours):
        return item.text
    if isinstance(item, dict):
        return {name: _listed(one) for name, one in item.items()}
    return [_listed(one) for one in item] if isinstance(item, tuple | list) else item


_FIRST_OF_DOOR = (
    "id",
    "spaces",
    "line",
    "kind",
    "width_m",
    "access",
    "entrance",
    "guessed",
    "guess",
    "path",
)
"""The first fields of a door, in this order, so that the same venue keeps giving the same bytes."""


def _door(door: Door) -> dict[str, Any]:
    said = _slim(door) | ({"step_free": False} if door.step_free is False else {})
    if door.guess:
        said["guess"] = _slim(door.guess)
    return {name: said[name] for name in (*_FIRST_OF_DOOR, *said) if name in said}


def _space(space: Space) -> dict[str, Any]:
    rings = (space.outline.exterior, *space.outline.interiors)
    said = _slim(space, outline=[_ring(ring.coords) for ring in rings])
    return said | ({"step_free": False} if space.step_free is False else {})


def _ring(coordinates: Iterable[tuple[float, ...]]) -> list[list[float]]:
    """A ring without its closing point, to the millimetre."""
    return [[round(p[0], 3), round(p[1], 3)] for p in coordinates][:-1]


def to_json(venue: Venue) -> dict[str, Any]:
    """The content of `venue.json`; `from_json` reads it back unchanged."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "names": dict(venue.names),
        "frame": venue.frame
        and {"lon": venue.frame.origin_lon_deg, "lat": venue.frame.origin_lat_deg},
        "building_names": {key: dict(names) for key, names in venue.building_names.items()},
        # An ordinal of 0 is a value: the ground floor.
        "levels": [{**_slim(level), "ordinal": level.ordinal} for level in venue.levels],
        "spaces": [_space(space) for space in venue.spaces],
        "doors": [_door(door) for door in venue.doors],
        "connectors": [
            _slim(c) | ({"step_free": False} if c.step_free is False else {})
            for c in venue.connectors
        ],
        "paths": [
            _slim(path) | ({"step_free": False} if path.step_free is False else {})
            for path in venue.paths
        ],
        "places": [_slim(place) for place in venue.places],
        "anchors": [_slim(anchor) for anchor in venue.anchors],
        "closures": [_slim(closure) for closure in venue.closures],
        "photos": [_slim(photo) for photo in venue.photos],
        "boards": [_slim(board) for board in venue.boards],
        "stripes": [_slim(stripe) for stripe in venue.stripes],
        "speech": {language: _slim(wording) for language, wording in venue.speech.items()},
        "region": venue.region,
        "dates": dict(venue.dates),
        "findings": [
            {"code": f.code, "where": f.where, "slots": dict(f.slots)} for f in venue.findings
        ],
        **({"removed": [_space(space) for space in venue.removed]} if venue.removed else {}),
        **(
            {"removed_doors": [_door(door) for door in venue.removed_doors]}
            if venue.removed_doors
            else {}
        ),
    }


@dataclass(frozen=True)
class _Origin:
    """A frame, as the file has it."""

    lon: float
    lat: float


_LEFT_OUT: Mapping[str, Any] = {
    "photos": [],
    "boards": [],
    "stripes": [],
    "speech": {},
    "frame": None,
    "region": "",
    "dates": {},
    "removed": [],
    "removed_doors": [],
}
"""Fields that older files do not have, with their defaults."""


def from_json(data: Any) -> Venue:
    """A venue from the output of `to_json`. `NavkitError` if it is anything else, with the path to
    the mistake."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NavkitError("not-a-venue")
    if _read(int, data, "version") > VERSION:
        raise NavkitError("venue-too-new", version=str(data["version"]))
    parts = {**_LEFT_OUT, **data}
    for name in ("spaces", "removed"):
        parts[name] = [_with_shape(space) for space in _read_list(parts, name)]
    # An anchor whose code is empty is written without.
    parts["anchors"] = [
        {"code": "", **anchor} if isinstance(anchor, dict) else anchor
        for anchor in _read_list(parts, "anchors")
    ]
    origin = _read(_Origin | None, parts, "frame")
    kinds = {name: kind for name, kind in get_type_hints(Venue).items() if name != "frame"}
    venue = Venue(
        frame=Frame(origin.lon, origin.lat) if origin else None,
        **{name: _read(kind, parts, name) for name, kind in kinds.items()},
    )
    if lost := _lost(venue) or _misdated(venue):
        raise NavkitError("venue-damaged", lost)
    return venue


def _misdated(venue: Venue) -> str:
    """The region or date that nobody can read, by path; empty if there is none."""
    if venue.region and venue.region not in regions():
        return "region"
    for day, rule in venue.dates.items():
        try:
            day_since_1970(day)
            day_rule(rule)
        except ValueError:
            return f"dates.{day}"
    return ""


def _read(kind: Any, data: Mapping[str, Any], name: str) -> Any:
    try:
        return typed_json.from_json(kind, data[name], sparse=True)
    except KeyError:
        raise NavkitError("venue-damaged", name) from None
    except MisfitError as error:
        raise NavkitError("venue-damaged", f"{name}{error.path}") from None


def _read_list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    if not isinstance(found, list):
        raise NavkitError("venue-damaged", name)
    return found


def _with_shape(space: Any) -> Any:
    """A space whose rings are a polygon, as `typed_json` reads it."""
    if not isinstance(space, dict) or "outline" not in space:
        return space
    return {**space, "outline": {"type": "Polygon", "coordinates": space["outline"]}}


def _lost(venue: Venue) -> str:
    """The reference to a missing thing, by path; empty if there is none."""
    levels = {level.id for level in venue.levels}
    spaces, doors = venue.space_by_id.keys(), venue.door_by_id.keys()
    drawn = spaces | {space.id for space in venue.removed}
    named: Sequence[tuple[str, Iterable[Iterable[str]], AbstractSet[str]]] = (
        ("spaces", ([space.level] for space in venue.spaces), levels),
        ("doors", (filter(None, door.spaces) for door in venue.doors), spaces),
        ("doors", (d.guess.alternatives if d.guess else () for d in venue.doors), spaces),
        ("connectors", (connector.stops for connector in venue.connectors), spaces),
        ("paths", (path.levels for path in venue.paths), levels),
        ("places", (place.spaces for place in venue.places), spaces),
        ("places", (place.point[:1] if place.point else () for place in venue.places), spaces),
        ("places", (filter(None, [place.door]) for place in venue.places), doors),
        ("anchors", ([anchor.space] for anchor in venue.anchors), spaces),
        ("boards", ([board.space] for board in venue.boards), spaces),
        ("stripes", ([stripe.level] for stripe in venue.stripes), levels),
        ("removed", ([space.level] for space in venue.removed), levels),
        ("removed_doors", (filter(None, door.spaces) for door in venue.removed_doors), drawn),
    )
    for part, rows, known in named:
        for number, ids in enumerate(rows):
            if not known >= set(ids):
                return f"{part}[{number}]"
    return ""


def load(file: Path) -> Venue:
    """Read `venue.json`. `NavkitError` says what is wrong with any other file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NavkitError("no-such-file", str(file)) from None
    except PermissionError:
        raise NavkitError("unreadable-file", str(file)) from None
    except (OSError, ValueError, RecursionError):
        raise NavkitError("not-a-venue", str(file)) from None
    try:
        return from_json(data)
    except NavkitError as error:
        where = ", ".join(filter(None, (str(file), error.finding.where)))
        raise NavkitError(error.finding.code, where, **error.finding.slots) from None


def save(venue: Venue, file: Path) -> None:
    """Write `venue.json` completely or not at all: the same venue gives the same bytes."""
    write_whole(file, written(venue))


def written(venue: Venue) -> bytes:
    """The content of `venue.json`."""
    return (json.dumps(to_json(venue), ensure_ascii=False, indent=0) + "\n").encode("utf-8")


def write_whole(file: Path, content: bytes) -> None:
    """Write to a neighbour, then rename: a reader sees either the old file or the new one."""
    with about_to_write(file, content):
        pass


@contextmanager
def about_to_write(file: Path, content: bytes) -> Iterator[Path]:
    """The same in two steps: everything that a full disk can refuse is done on entry, and the
    rename on exit. Between them the neighbour can be read; if an exception is raised there, the
    file stays as it was."""
    with whole(file) as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
        yield Path(out.name)


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """A file to write to, which becomes `file` when complete; if writing fails, nothing is left."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            # HTTP dates resolve to a second; two versions would look identical.
            next_s = file.stat().st_mtime_ns // 10**9 + 1
            date_ns = max(beside.stat().st_mtime_ns, next_s * 10**9)
            os.utime(beside, ns=(date_ns, date_ns))
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
