"""What one drawing says, in metres, before anything is joined or guessed.

Readers fill these; `navkit.venue.join` makes a venue of them. Everything that drawings may leave
out is optional, and nothing here can be routed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from shapely import LineString, Point, Polygon

from navkit.plan.frame import Frame
from navkit.plan.groups import Group
from navkit.plan.hours import ALWAYS, Hours
from navkit.plan.kinds import marked
from navkit.words.findings import Finding

SpaceKind = Literal[
    "room",  # people go in and come out; crossing one is disliked
    "corridor",  # circulation: long and narrow
    "hall",  # circulation: lobby, waiting area, open bay, atrium floor
    "stairs",
    "elevator",
    "escalator",
    "ramp",
    "outdoor",  # forecourt, yard, roof garden: walkable, outside
    "closed",  # drawn but not walked: roof, void, "open to below", shaft, plant
]
CIRCULATION = marked("circulation")
SHAFTS = marked("shaft")

DoorKind = Literal["hinged", "automatic", "sliding", "revolving", "open", "unknown"]
"""`open` is a passage with no door leaf."""

ConnectorKind = Literal["elevator", "stairs", "escalator", "ramp"]
PathKind = Literal["footway", "stairs", "escalator", "ramp"]

Passage = Literal["both", "in", "out"]

Arrow = Literal["ahead", "left", "right", "back"]
"""Where a direction sign points, for its reader."""

GroupHours = Mapping[Group, Hours]

Access = Literal["public", "staff", "restricted"]
"""`staff`: not for visitors, bed transports may pass. `restricted`: nobody is guided there."""


def strictest(accesses: Iterable[Access]) -> Access:
    """Who may pass if all of these have to be passed."""
    return max(accesses, key=get_args(Access).index)


Names = Mapping[str, str]
"""Text by language: BCP 47 tag, or ``""`` if the drawing does not say which language."""


@dataclass(frozen=True)
class PlanLevel:
    """A storey of one building. Other parts of this plan refer to it by `key`."""

    key: str
    ordinal: float
    """0 is the ground floor of its building, 1 the next above; half levels are halves."""
    label: str = ""
    """As posted on the wall ("B1", "3F"); empty if the drawing does not say."""
    building: str = ""
    elevation_m: float | None = None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When something may be used, and by whom: from a drawing, staff, then the venue."""

    hours: Hours = ALWAYS
    unverified: bool = False
    """Whether a restriction of it could not be read: it may be closed, or not for everybody."""
    only: GroupHours = field(default_factory=dict)
    """The groups for whom alone it is, each with the hours in which they may enter; none: all."""
    barred: GroupHours = field(default_factory=dict)
    """The groups who may not enter, each with the hours in which that holds."""
    oneway_hours: Hours = ALWAYS
    """When the direction holds, if it may be walked in one direction only."""

    def limits(self) -> dict[str, Any]:
        """All of them by name, for another object for the same thing."""
        return {fact.name: getattr(self, fact.name) for fact in fields(Limits)}


@dataclass(frozen=True)
class PlanSpace(Limits):
    """A walkable or closed area on one level. One that spans levels is given once per level."""

    key: str
    """The drawing's own identifier, else empty; unique within (plan, level) if given."""
    level: str
    outline: Polygon
    kind: SpaceKind = "room"
    category: str = ""
    """What it is for, one word: `toilet`, `pharmacy`, `ward` …; see `floorplans/classes.json`."""
    names: Names = field(default_factory=dict)
    ref: str = ""
    """The number on the door, such as ``"1AC1"`` or ``"302"``."""
    access: Access = "public"
    connector: str = ""
    """Spaces of a shaft that the drawing itself joins across levels share this key."""
    step_free: bool | None = None
    """Whether a wheelchair can use it; None if the drawing does not say."""
    slope: float | None = None
    """Rise over run of a ramp, unsigned."""
    oneway: tuple[tuple[float, float], ...] = ()
    """A line through it along which it is walked forwards only; none: in any direction."""
    service_hours: Hours = ALWAYS
    """When the place in it serves people; they may come at other times, and are told."""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class DoorFacts(Limits):
    """What is known about a door besides its position: from a drawing, staff, then the venue."""

    kind: DoorKind = "unknown"
    width_m: float | None = None
    access: Access = "public"
    entrance: bool = False
    """Whether it is an entrance of the building."""
    names: Names = field(default_factory=dict)
    step_free: bool | None = None
    passage: Passage = "both"
    """Whether it is passed only into a space (`in`) or only out of it (`out`)."""
    passage_of: str = ""
    """The key of the space that `passage` means; empty: that of an outer door, else the room."""

    def facts(self) -> dict[str, Any]:
        """All of them by name, for another object for the same door."""
        return {fact.name: getattr(self, fact.name) for fact in fields(DoorFacts)}


@dataclass(frozen=True)
class PlanDoor(DoorFacts):
    """An opening: a line along the wall, a point on it, or an area: the opening as thick as the
    wall is, or the leaf with its swing."""

    key: str
    level: str
    line: LineString | Point | Polygon
    spaces: tuple[str, ...] = ()
    """Keys of the spaces it joins, if the drawing says; a hint, geometry decides."""
    guessed: bool = False
    """Whether nobody drew it as a door: a gap in a wall of a picture."""


@dataclass(frozen=True)
class PlanPath(Limits):
    """A drawn line that people walk: a footway, steps or an escalator.

    Paths meet where their end or inner points coincide on one level.
    """

    key: str
    points: LineString
    levels: tuple[str, ...]
    """One level, or the first and the last in walking order of `points`."""
    kind: PathKind = "footway"
    oneway: bool = False
    """Whether it is walked only from the first point to the last."""
    names: Names = field(default_factory=dict)
    step_free: bool | None = None
    slope: float | None = None
    access: Access = "public"
    width_m: float | None = None
    step_count: int = 0
    """How many steps it has; 0 if nobody has counted them."""
    climbs: int = 0
    """1 if its steps lead up from the first point to the last, -1 down; 0 if that is unknown."""


@dataclass(frozen=True)
class PlanConnector(Limits):
    """What the drawing says about a shaft as a whole, by the key of its spaces."""

    key: str
    kind: ConnectorKind
    names: Names = field(default_factory=dict)
    bank: str = ""
    """Lifts called by one button share a bank; waiting is given by bank."""
    direction: Literal["both", "up", "down"] = "both"
    access: Access = "public"
    step_free: bool | None = None
    wait_s: tuple[float, ...] | None = None
    """Mean wait in seconds: one value, or 24 by hour of day."""
    floor_s: float | None = None
    """Seconds per floor."""
    cabin_m: tuple[float, float] | None = None
    """Width and depth of the cabin in metres."""
    guessed: bool = False
    """Whether nobody drew which spaces are one shaft: pictures of floors were laid over each
    other."""


@dataclass(frozen=True)
class PlanPoint:
    """A named point without an area: a desk, a kiosk, an amenity drawn as a node.

    One in a space of the same name adds what it knows to the place that is there.
    """

    key: str
    level: str
    point: Point
    category: str = ""
    names: Names = field(default_factory=dict)
    ref: str = ""
    aliases: tuple[str, ...] = ()
    service_hours: Hours = ALWAYS
    """When it serves people; they may come at other times, and are told."""
    phone: str = ""


@dataclass(frozen=True)
class PlanAnchor:
    """Where a printed code hangs."""

    key: str
    level: str
    point: Point
    code: str = ""
    bearing_deg: float | None = None
    """The direction in which its reader looks, clockwise from the frame's y axis."""
    names: Names = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """One drawing, or several that were drawn to be read together."""

    source: str
    """File or folder name, as findings quote it."""
    frame: Frame | None
    """None: the drawing has its own local metres, kept as they are."""
    levels: tuple[PlanLevel, ...] = ()
    spaces: tuple[PlanSpace, ...] = ()
    doors: tuple[PlanDoor, ...] = ()
    paths: tuple[PlanPath, ...] = ()
    walls: tuple[tuple[str, LineString], ...] = ()
    """Drawn walls as (level key, line): no opening is assumed on them."""
    walls_are_whole: bool = False
    """Whether who drew walls drew them all, as programs for building do: an edge without one is
    open then."""
    has_graph: bool = False
    """Whether the drawing says which space leads to which: two that its doors join, be it through
    others, are not open to each other beside them."""
    floors: tuple[tuple[str, Polygon], ...] = ()
    """Outlines of whole floors as (level key, outline): no spaces, but what the spaces leave of
    one may be a corridor."""
    connectors: tuple[PlanConnector, ...] = ()
    points: tuple[PlanPoint, ...] = ()
    anchors: tuple[PlanAnchor, ...] = ()
    names: Names = field(default_factory=dict)
    building_names: Mapping[str, Names] = field(default_factory=dict)
    """Names of buildings by the key that levels have."""
    findings: tuple[Finding, ...] = ()
