"""The meaning of OpenStreetMap tags, object by object: no geometry, no neighbours."""

import re
from collections.abc import Mapping

from floorplans.classify import Class, classify_names, osm_class, sign
from floorplans.draft import slope_of, width_m
from floorplans.labels import tagged_names
from floorplans.osmfile import Tags
from floorplans.storeys import parse_levels
from navkit.plan.plan import SHAFTS, Access, DoorKind, PathKind

PLACE_KEYS = ("amenity", "shop", "healthcare", "tourism", "emergency", "office", "information")
"""Keys that make something a place people ask for."""
_AREAS = ("room", "corridor", "area")
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
_ACCESS: Mapping[str, Access] = {
    "private": "staff",
    "employees": "staff",
    "staff": "staff",
    "delivery": "staff",
    "no": "restricted",
}
_ENTRANCE_ACCESS: Mapping[str, Access] = {
    "emergency": "restricted",
    "exit": "restricted",
    "service": "staff",
    "staff": "staff",
}
"""Entrances that visitors do not use."""
_STEP_FREE: Mapping[str, bool] = {"yes": True, "designated": True, "no": False}


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
    if indoor in _AREAS or is_platform(tags):
        return True
    if highway == "elevator" or tags.get("building:part") == "elevator":
        return True
    if highway is not None and highway in _LINES:
        return tags.get("area") == "yes" and highway != "service"
    named = any(key in tags for key in (*PLACE_KEYS, "name", "room", "area", "stairwell"))
    return indoor == "yes" and named


def is_platform(tags: Tags) -> bool:
    return tags.get("railway") == "platform" or tags.get("public_transport") == "platform"


def is_line(tags: Tags) -> bool:
    """Whether people walk along a way with these tags. `indoor=yes` on a way is a footway."""
    return tags.get("highway") in _LINES or tags.get("indoor") in ("yes", "pathway", "corridor")


def line_kind(tags: Tags) -> PathKind:
    """An `indoor=pathway` over several storeys has steps; a slope without them is a ramp."""
    if tags.get("highway") == "steps":
        return "escalator" if tags.get("conveying", "no") != "no" else "stairs"
    if tags.get("incline") or tags.get("ramp") == "yes" or tags.get("conveying", "no") != "no":
        return "ramp"
    if tags.get("indoor") == "pathway" and re.search(r"\d\s*[-;]", tags.get("level", "")):
        return "stairs"
    return "footway"


def runs(tags: Tags) -> tuple[bool, bool]:
    """(whether it is one-way, whether the direction is against the drawn one)."""
    conveying, oneway = tags.get("conveying", "no"), tags.get("oneway", "no")
    against = conveying == "backward" or oneway == "-1"
    return against or conveying == "forward" or oneway == "yes", against


def incline_sign(tags: Tags) -> int:
    """1 if `incline` climbs along the drawn direction, -1 if it falls, else 0."""
    incline = tags.get("incline", "").strip()
    if incline == "up" or re.match(r"\+?\d", incline):
        return 1
    return -1 if incline == "down" or incline.startswith("-") else 0


def class_of(tags: Tags, names: Mapping[str, str]) -> Class:
    """Tags before names; `indoor=area` is open floor whatever its name, unless it is a shaft."""
    indoor = tags.get("indoor", "")
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
    names = tagged_names(dict(tags), ("name",))
    if not names and any(key in tags for key in PLACE_KEYS):
        names = tagged_names(dict(tags), ("description", "alt_name", "brand", "operator"))
    toilets = tags.get("amenity") == "toilets" or tags.get("room", "").startswith("toilet")
    if not names and toilets:
        return dict(sign(one_sex(tags)))
    return names


def ref_of(tags: Tags) -> str:
    return (tags.get("ref") or tags.get("local_ref") or tags.get("loc_ref") or "").strip()[:40]


def door_kind(tags: Tags) -> DoorKind:
    kind = _DOOR_KINDS.get(tags.get("door", ""), "unknown")
    automatic = tags.get("automatic_door", "no") not in ("no", "")
    return "automatic" if automatic and kind in _MADE_AUTOMATIC else kind


def is_entrance(tags: Tags) -> bool:
    """Whether visitors enter here."""
    entrance = tags.get("entrance", "no")
    return entrance != "no" and entrance not in _ENTRANCE_ACCESS


def access(tags: Tags) -> Access:
    """`foot` before `access`; an emergency exit is for nobody, a service door for staff."""
    said = _ACCESS.get(tags.get("foot") or tags.get("access") or "", "public")
    if said == "public":
        return _ENTRANCE_ACCESS.get(tags.get("entrance", ""), "public")
    return said


def step_free(tags: Tags) -> bool | None:
    """`wheelchair=limited` means that it depends, so it is unknown."""
    return _STEP_FREE.get(tags.get("wheelchair", ""))


def slope(tags: Tags) -> float | None:
    """From `incline` in percent; words and degrees give none."""
    match = re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?)\s*%", tags.get("incline", "").strip())
    return slope_of(float(match[1].replace(",", ".")) / 100) if match else None


def drawn_width_m(tags: Tags) -> float | None:
    """From `width`, metres unless it says centimetres."""
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(m|cm)?", tags.get("width", "").strip())
    if not match:
        return None
    return width_m(float(match[1].replace(",", ".")) * (0.01 if match[2] == "cm" else 1.0))
