"""What IMDF's occupants and amenities add to units, and how its labels are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from floorplans.classify import Class, classify_names, imdf_class, sign
from floorplans.collection import Feature
from floorplans.labels import is_door_number, names_of
from navkit.plan.categories import for_some
from navkit.plan.hours import Hours
from navkit.plan.plan import PlanSpace
from navkit.words.languages import default_language, language_of


@dataclass(frozen=True)
class Named:
    """What an occupant or amenity adds to the unit it is in."""

    key: str
    is_occupant: bool
    names: dict[str, str]
    ref: str
    category: str
    where: str
    point: BaseGeometry | None
    aliases: tuple[str, ...]
    hours: Hours
    phone: str

    @property
    def known(self) -> Class | None:
        """By its category, unless its name says another."""
        known = imdf_class(self.category)
        return by_name(known, self.names) or known if known else None


def label_of(level: Feature) -> str:
    """As a level is posted; empty if it has no label."""
    short, name = (names_of(level.properties.get(key)) for key in ("short_name", "name"))
    return posted(short) or posted(name)


def posted(names: Mapping[str, str]) -> str:
    """Picks, from a short name in several languages, the one that is posted on the wall."""
    for language in ("", *language_of(default_language()).chain):
        if language in names:
            return names[language]
    return next((names[language] for language in sorted(names)), "")


def same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two names are alike in any language."""
    return any(one.get(language) == text for language, text in other.items())


def by_name(known: Class, names: Mapping[str, str]) -> Class | None:
    """What names say a room is, if that is another thing than `known`."""
    found = classify_names(names)
    if known.kind != "room" or not known.category or not found or not found.category:
        return None
    same = found.category in (known.category, for_some().get(known.category))
    return None if same else Class(known.kind, found.category)


def adds(space: PlanSpace, named: Named, category: str) -> bool:
    """Whether an occupant or amenity says more than the unit it is in."""
    if not named.names:
        return bool(category) and category != space.category
    knows = bool(named.aliases or named.hours.text or named.phone)
    return knows or not same(space.names, named.names)


def aliases_of(names: Mapping[str, str]) -> tuple[str, ...]:
    """Another name, in all its languages."""
    return tuple(dict.fromkeys(names.values()))


def number_in(names: Mapping[str, str]) -> str:
    """The number that ends a name in all languages alike ("Classroom 104"), else ``""``."""
    last = {name.rpartition(" ")[2] for name in names.values()}
    number = next(iter(last)) if len(last) == 1 else ""
    return number if is_door_number(number) else ""


def sign_of(category: str) -> Mapping[str, str]:
    """What the sign at a restroom says; nothing for other units."""
    parts = category.split(".")
    if parts[0] != "restroom":
        return {}
    return (
        sign("toilet-women")
        if "female" in parts
        else (sign("toilet-men") if "male" in parts else {})
    )
