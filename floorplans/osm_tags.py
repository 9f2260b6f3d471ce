"""The meaning of OpenStreetMap tags, object by object: no geometry, no neighbours."""

import re
from collections.abc import Mapping

from floorplans.classify import Class, classify_names, osm_class, sign
from floorplans.labels import is_code, tagged_names
from floorplans.osmfile import Tags
from floorplans.restrictions import restricted
from floorplans.storeys import parse_levels
from navkit.plan.plan import SHAFTS, DoorKind, PathKind

PLACE_KEYS = ("amenity", "shop", "healthcare", "tourism", "emergency", "office", "information")
"""Keys that make something a place people ask for."""
_NAMES = ("name",)
_NAMES_OF_PLACES = ("description", "alt_name", "brand", "operator")
"""What a place is called by, if it has no name."""
_PHONES = ("phone", "contact:phone", "mobile", "contact:mobile")
AREAS = ("room", "corridor", "area")
_LINES = frozenset({"footway", "pedestrian", "path", "corridor", "steps", "service", "cycleway"})
_DOOR_KINDS: Mapping[str, DoorKind] = {
    "hinged": "hinged",
    "swinging": "hinged",
    "folding": "hinged",
    "sliding": "sliding",
    "overhead": "sliding",
    "revolving": "revolving",
    "automatic": "automatic",
    "no": "open",
}
_MADE_AUTOMATIC = ("unknown", "hinged", "sliding")
_ENTRANCES_FOR_OTHERS = ("emergency", "exit", "service", "staff")
"""Entrances that visitors do not use."""
_STREETS = frozenset({"residential", "living_street", "unclassified", "track", "tertiary"})
"""Streets along which people walk too."""
_ONE_LEVEL = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
RAMP_SLOPE = 1 / 20
"""A floor that rises less is walked like a level one. Source: 2010 ADA Standards, 403.3."""


def indoors(tags: Tags) -> bool:
    """Whether the object is indoors, and not the outline of a whole level."""
    return tags.get("indoor", "no") not in ("no", "level")


def own_levels(tags: Tags) -> tuple[float, ...]:
    """What `level` lists, empty if it is missing; a `StoreyError` if it is not a list."""
    return parse_levels(tags["level"]) if tags.get("level") else ()


def repeats(tags: Tags) -> tuple[float, ...]:
    """What `repeat_on` lists: storeys that repeat the first of the object's own."""
    return parse_levels(tags["repeat_on"]) if tags.get("repeat_on") else ()


def all_levels(tags: Tags) -> tuple[float, ...]:
    """Own storeys and those on which `repeat_on` repeats the whole object."""
    own = own_levels(tags)
    if not own:
        return repeats(tags)
    moved = (level + repeat - own[0] for repeat in repeats(tags) for level in own)
    return tuple(dict.fromkeys([*own, *moved]))


def is_area(tags: Tags) -> bool:
    """Whether a closed way or a multipolygon with these tags is a space."""
    indoor, highway = tags.get("indoor", "no"), tags.get("highway")
    if indoor in AREAS or is_platform(tags):
        return True
    if highway == "elevator" or tags.get("building:part") == "elevator":
        return True
    if highway is not None and highway in _LINES:
        return tags.get("area") == "yes" and highway != "service"
    if indoor == "yes":
        return any(key in tags for key in (*PLACE_KEYS, "name", "room", "area", "stairwell"))
    # A shop on a storey is a room, also where nobody wrote that it is indoors.
    known = (is_place(tags) or "room" in tags) and indoor != "level" and "building" not in tags
    return bool(tags.get("level")) and known


def is_platform(tags: Tags) -> bool:
    return tags.get("railway") == "platform" or tags.get("public_transport") == "platform"


def is_line(tags: Tags) -> bool:
    """Whether people walk along a way with these tags. `indoor=yes` on a way is a footway."""
    ways = _LINES | _STREETS
    return tags.get("highway") in ways or tags.get("indoor") in ("yes", "pathway", "corridor")


def is_doorway(tags: Tags) -> bool:
    """Whether a way with these tags is a door, drawn as a line or as its outline."""
    indoor = tags.get("indoor", "no")
    drawn = tags.get("door", "no") != "no" or tags.get("entrance", "no") != "no"
    return indoor == "door" or (drawn and indoor in ("no", "yes") and "highway" not in tags)


def is_gate(tags: Tags) -> bool:
    """Whether a node with these tags may stop people on a line through it."""
    return not is_lift(tags) and any(key in tags for key in ("barrier", "kerb", "door", "entrance"))


def is_lift(tags: Tags) -> bool:
    """Whether an open way with these tags is a lift, which may slope."""
    return tags.get("highway") == "elevator" or tags.get("building:part") == "elevator"


def line_kind(tags: Tags) -> PathKind:
    """An `indoor=pathway` over several storeys has steps; a slope without them is a ramp.

    A moving walk is a footway, or an escalator if it leads to another storey.
    """
    if is_moving_walk(tags):
        return "footway"
    moves = tags.get("conveying", "no") != "no"
    climbs = bool(re.search(r"\d\s*[-;]", tags.get("level", "")))
    if tags.get("highway") == "steps" or tags.get("step_count", "0") != "0":
        return "escalator" if moves else "stairs"
    if moves and climbs:
        return "escalator"
    incline = restricted({"incline": tags.get("incline", "")}, "path", "osm")
    steep = incline_sign(tags) != 0 if incline.slope is None else incline.slope >= RAMP_SLOPE
    if steep or tags.get("ramp") == "yes":
        return "ramp"
    return "stairs" if tags.get("indoor") == "pathway" and climbs else "footway"


def is_moving_walk(tags: Tags) -> bool:
    """Whether it moves people along on one storey."""
    moves = tags.get("conveying", "no") != "no" and tags.get("highway") != "steps"
    return moves and not tags.get("repeat_on") and bool(_ONE_LEVEL.fullmatch(tags.get("level", "")))


def has_ramp(tags: Tags) -> bool:
    """Whether steps have a ramp beside them that a wheelchair can use."""
    return tags.get("ramp:wheelchair") == "yes"


def step_count(tags: Tags) -> int:
    """How many steps it has; 0 if that is not said as a whole number."""
    said = tags.get("step_count", "").strip()
    return int(said) if re.fullmatch(r"[0-9]{1,4}", said) else 0


def incline_sign(tags: Tags) -> int:
    """1 if `incline` climbs along the drawn direction, -1 if it falls, else 0."""
    incline = tags.get("incline", "").strip()
    if incline == "down" or re.match(r"-.*[1-9]", incline):
        return -1
    return 1 if incline == "up" or re.match(r"\+?\d*[.,:]?\d*[1-9]", incline) else 0


def class_of(tags: Tags, names: Mapping[str, str]) -> Class:
    """Tags before names; `indoor=area` is open floor whatever its name, unless it is a shaft."""
    indoor = tags.get("indoor", "")
    if is_moving_walk(tags):
        return Class("corridor")
    tagged, named = osm_class(tags), classify_names(names)
    if tagged and tagged.kind != "room":
        return tagged
    if indoor == "corridor":
        return Class("corridor")
    if named and named.kind in (*SHAFTS, "closed") and indoor != "area":
        return named
    category = (tagged.category if tagged else "") or (named.category if named else "")
    if category == "toilet":
        finer = named.category if named and named.category.startswith("toilet-") else category
        category = one_sex(tags) or finer
    if tags.get("highway") in _LINES:
        return Class("hall" if indoor in ("yes", "area") else "outdoor", category)
    unroomed = indoor == "yes" and not category and "room" not in tags
    if named and named.kind != "closed":
        return Class(named.kind, category)
    return Class("hall" if indoor == "area" or unroomed else "room", category)


def one_sex(tags: Tags) -> str:
    """The category of a toilet for men or for women only; empty for any other."""
    men, women = tags.get("male") == "yes", tags.get("female") == "yes"
    return "" if men == women else "toilet-men" if men else "toilet-women"


def names_of_tags(tags: Tags) -> dict[str, str]:
    """The name; for a place without one its brand or operator; for a toilet whom it is for."""
    names = tagged_names(dict(tags), _NAMES)
    if not names and is_place(tags):
        names = tagged_names(dict(tags), _NAMES_OF_PLACES)
    toilets = tags.get("amenity") == "toilets" or tags.get("room", "").startswith("toilet")
    if not names and toilets:
        return dict(sign(one_sex(tags)))
    return names


def codes_as_names(tags: Tags) -> list[str]:
    """What stands where a name would, but is written for programs: it is not said."""
    keys = (*_NAMES, *(_NAMES_OF_PLACES if is_place(tags) else ()))
    return sorted({tags[key] for key in keys if is_code(tags.get(key, ""))})


def is_place(tags: Tags) -> bool:
    """Whether it is something that people ask for."""
    return any(tags.get(key, "no") != "no" for key in PLACE_KEYS)


def ref_of(tags: Tags) -> str:
    return (tags.get("ref") or tags.get("local_ref") or tags.get("loc_ref") or "").strip()[:40]


def phone_of(tags: Tags) -> str:
    return next((tags[key].strip()[:40] for key in _PHONES if tags.get(key)), "")


def door_kind(tags: Tags) -> DoorKind:
    kind = _DOOR_KINDS.get(tags.get("door", ""), "unknown")
    automatic = tags.get("automatic_door", "no") not in ("no", "")
    return "automatic" if automatic and kind in _MADE_AUTOMATIC else kind


def is_entrance(tags: Tags) -> bool:
    """Whether visitors enter here."""
    entrance = tags.get("entrance", "no")
    return entrance != "no" and entrance not in _ENTRANCES_FOR_OTHERS
